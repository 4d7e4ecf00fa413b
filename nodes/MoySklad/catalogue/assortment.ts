/** Assortment: products, variants, services, bundles and batches in one list. Reference of the project §1.1. */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiRequest,
	Call,
	Choice,
	Operation,
	SendRequest,
	WireContext,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { fieldChoices } from '../fieldLabels';
import { momentOf } from '../filter';
import { referenceLocator, rowsList, WITHOUT_STOCK } from '../lists';
import { MONEY_FIELD } from '../money';
import { referenceWire } from '../references';
import { pick, priceAndBarcode } from '../simplify';
import { deleteItems, settings } from './assortmentSettings';
import { filter } from './assortmentFilter';
import { joinStock } from './assortmentStock';
import { exportedRows } from './asyncExport';
import { ARCHIVED_FIELD, ATTRIBUTE_CONDITIONS, RAW_FILTER } from './dictionaryFields';
import { inChosenUnit, resolveConditions } from './dictionaryReads';

/** Filter fields that only the legacy endpoint knows (MoySklad docs: new assortment endpoint, 2026-04-07). */
const LEGACY_ONLY = new Set([
	'alcoholic.type',
	'article',
	'isSerialTrackable',
	'minimumBalance',
	'owner',
	'quantityMode',
	'salePrice',
	'shared',
	'stockMode',
	'stockMoment',
	'stockStore',
	'updatedBy',
	'weighed',
]);

const EXPAND_WITHOUT_STOCK = new Set(['components', 'images', 'product']);
const SORT_WITHOUT_STOCK = new Set(['article', 'code', 'name', 'pathName']);
const LIKE = new Set(['contains', 'startsWith', 'endsWith']);

const LEVELS: Choice[] = [
	{ name: 'Any', value: 'all' },
	{ name: 'Below Minimum', value: 'underMinimum' },
	{ name: 'Negative', value: 'negativeOnly' },
	{ name: 'Not Zero', value: 'nonEmpty' },
	{ name: 'Positive', value: 'positiveOnly' },
	{ name: 'Zero', value: 'empty' },
];

const getAll: Operation = {
	resource: 'assortment',
	operation: 'getAll',
	name: 'Get Many',
	action: 'Get many assortment items with stock',
	description: 'List products, variants, services, bundles and batches, with their stock',
	route: 'GET /entity/assortment',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-suschnosti-assortiment',
	answer: { kind: 'list', at: 'rows' },
	list: rowsList,
	filter,
	fields: [
		{
			name: 'search',
			label: 'Search',
			kind: 'text',
			formerly: 'filters',
			to: 'query:search',
			placeholder: 'e.g. green tea',
			help: 'Beginnings of words in the text fields; barcodes as a whole',
		},
		{
			name: 'productFolder',
			label: 'Product Folder',
			kind: 'locator',
			formerly: 'filters',
			to: 'filter:productFolder',
			locator: referenceLocator('productfolder'),
			help: 'Items that lie in this folder: its name, path, code, ID or link; all folders without',
			wire: (value, context) => {
				const folder = referenceWire({ label: 'Product Folder', entity: 'productfolder' });
				return folder(given('productFolder', value, context), context);
			},
		},
		{
			name: 'type',
			label: 'Type',
			kind: 'choices',
			formerly: 'filters',
			to: 'filter:type',
			help: 'Items of these types; all types without',
			choices: [
				{
					name: 'Batch',
					value: 'consignment',
					description: "Needs the option 'Group By' set to Batch",
				},
				{ name: 'Bundle', value: 'bundle' },
				{ name: 'Product', value: 'product' },
				{ name: 'Service', value: 'service' },
				{ name: 'Variant', value: 'variant' },
			],
		},
		{
			name: 'stock',
			label: 'Stock',
			kind: 'choice',
			to: 'control',
			default: 'rows',
			help: 'Whether each row tells stock, reserve, in transit and available quantity',
			choices: [
				{
					name: 'Include',
					value: 'rows',
					description: 'Stock comes with the rows: fewest requests, all filters',
				},
				{
					name: 'Include, From the Stock Report',
					value: 'report',
					description:
						'Rows from the new endpoint, joined with the short stock report: for the time when MoySklad switches the old endpoint off (announced for 2027)',
				},
				{
					name: 'Leave Out',
					value: 'none',
					description: 'Rows from the new endpoint alone, which does not compute stock',
				},
			],
		},
		ARCHIVED_FIELD,
		{
			name: 'availableQuantity',
			label: 'Available Quantity',
			kind: 'choice',
			section: 'filters',
			to: 'filter:quantityMode',
			default: 'positiveOnly',
			choices: LEVELS,
			help: 'Available is stock less reserve plus in transit. Services and bundles drop out unless it is Any.',
			wire: (value) => (value === 'all' ? undefined : value),
		},
		{
			name: 'stockLevel',
			label: 'Stock Level',
			kind: 'choice',
			section: 'filters',
			to: 'filter:stockMode',
			default: 'positiveOnly',
			choices: LEVELS,
			help: 'Stock is what lies in the warehouses. Services and bundles drop out unless it is Any.',
			wire: (value) => (value === 'all' ? undefined : value),
		},
		{
			name: 'stockMoment',
			label: 'Stock at Moment',
			kind: 'time',
			section: 'filters',
			to: 'filter:stockMoment',
			help: 'Stock as it was at this time',
			wire: (value, { timezone }) => momentOf(value, timezone, 'Stock at Moment'),
		},
		{
			name: 'warehouse',
			label: 'Warehouse',
			kind: 'locator',
			section: 'filters',
			to: 'filter:stockStore',
			locator: referenceLocator('store'),
			help: 'Stock of this warehouse only; the items listed stay the same. Several go by Conditions.',
			wire: referenceWire({ label: 'Warehouse', entity: 'store' }),
		},
		{
			name: 'withSubFolders',
			label: 'Include Subfolders',
			kind: 'toggle',
			section: 'filters',
			to: 'filter:withSubFolders',
			default: true,
			help: 'Whether items of the folders inside the Product Folder belong to it',
		},
		ATTRIBUTE_CONDITIONS,
		{
			name: 'asyncExport',
			label: 'Asynchronous Export',
			kind: 'toggle',
			section: 'options',
			to: 'control',
			default: true,
			help: 'Whether MoySklad prepares the whole list as one file: a handful of requests for any number of rows, in no certain order. Not with Expand.',
		},
		{
			name: 'expand',
			label: 'Expand',
			kind: 'choices',
			section: 'options',
			to: 'query:expand',
			choices: [
				{ name: 'Components of Bundles', value: 'components' },
				{ name: 'Country', value: 'country' },
				{ name: 'Department', value: 'group' },
				{ name: 'Images', value: 'images' },
				{ name: 'Owner', value: 'owner' },
				{ name: 'Product Folder', value: 'productFolder' },
				{ name: 'Product of Variants', value: 'product' },
				{ name: 'Supplier', value: 'supplier' },
				{ name: 'Unit of Measure', value: 'uom' },
			],
			open: true,
			help: "References to return as whole objects. Works with 'Output' set to Raw or Selected Fields; pages shrink from 1000 rows to 100, so it takes ten times as many requests.",
			wire: (value) => (value as string[]).join(','),
		},
		{
			name: 'groupBy',
			label: 'Group By',
			kind: 'choice',
			section: 'options',
			to: 'query:groupBy',
			default: 'variant',
			choices: [
				{ name: 'Batch', value: 'consignment', description: 'Products, variants and batches' },
				{ name: 'Product', value: 'product', description: 'Products only, without variants' },
				{
					name: 'Variant',
					value: 'variant',
					description: 'Products and variants, as without grouping',
				},
			],
		},
		MONEY_FIELD,
		RAW_FILTER,
	],
	sort: [
		{ name: 'Article (SKU)', value: 'article' },
		{ name: 'Code', value: 'code' },
		{ name: 'External Code', value: 'externalCode' },
		{ name: 'Folder Path', value: 'pathname' },
		{ name: 'In Transit', value: 'inTransit' },
		{ name: 'Minimum Balance', value: 'minimumBalance' },
		{ name: 'Name', value: 'name', first: true },
		{ name: 'Available Quantity', value: 'quantity' },
		{ name: 'Reserve', value: 'reserve' },
		{ name: 'Sale Price', value: 'salePrice' },
		{ name: 'Stock', value: 'stock' },
		{ name: 'Updated', value: 'updated' },
	],
	shape: shapeList,
	prepare: async (calls, work) => await resolveConditions(calls, work, 'product'),
	enrich: complete,
	simplify: simplifyItem,
	source: (call, request, limit, work) =>
		call.control.asyncExport ? exportedRows(request, limit, work) : undefined,
	rawFields: [
		...fieldChoices(['product', 'variant', 'bundle', 'service', 'consignment']),
		{ name: 'In Transit', value: 'inTransit' },
		{ name: 'Reserve', value: 'reserve' },
	],
	output: {
		id: { type: 'string' },
		type: { type: 'string' },
		name: { type: 'string' },
		code: { type: 'string' },
		article: { type: 'string' },
		barcode: { type: 'string' },
		pathName: { type: 'string' },
		salePrice: { type: 'number' },
		stock: { type: 'number' },
		quantity: { type: 'number' },
	},
	notes:
		"1000 rows a request (100 with Expand). Stock is absent for services and bundles. The right to see stock is needed for the report. 'Asynchronous Export' waits for MoySklad's task (4 at a time for an account) and reads its file; the limit is applied to the finished file, and MoySklad promises no order.",
};

/** Chooses the endpoint, and refuses what the chosen one cannot do before anything is sent. */
function shapeList(request: ApiRequest, call: Call): void {
	const folders = call.filter.some(({ field }) => field === 'productFolder');
	// Without a folder it means nothing, and MoySklad takes it only together with one.
	if (!folders) call.filter = call.filter.filter(({ field }) => field !== 'withSubFolders');
	if (call.control.asyncExport && request.query?.expand) {
		throw new InputProblem(
			'Asynchronous Export',
			"is on together with 'Expand', which MoySklad leaves out there",
			'Switch one of the two off.',
		);
	}
	if (call.control.stock === 'rows') {
		const part = call.filter.find(
			({ field, operator }) => field === 'barcode' && LIKE.has(operator),
		);
		if (!part) return;
		throw new InputProblem(
			'Stock',
			"is set to 'Include', with which barcodes are compared only as a whole",
			"Compare the barcode with 'Is', or set 'Stock' to another value.",
		);
	}
	const foreign = call.filter.find(({ field }) => LEGACY_ONLY.has(field));
	if (foreign) {
		throw new InputProblem(
			'Stock',
			`is not set to 'Include', and the filter '${labelOf(foreign.field)}' works only with it`,
			"Set 'Stock' to 'Include', or remove this filter.",
		);
	}
	const expand = String(request.query?.expand ?? '')
		.split(',')
		.filter(Boolean);
	const unknown = expand.find((field) => !EXPAND_WITHOUT_STOCK.has(field));
	if (unknown) {
		throw new InputProblem(
			'Expand',
			`names '${unknown}', which works only with 'Stock' set to 'Include'`,
			"Set 'Stock' to 'Include', or keep to images, components and product.",
		);
	}
	request.headers = { ...request.headers, ...WITHOUT_STOCK };
	// The new endpoint includes folders inside the folder unless told otherwise; the old one never does.
	if (folders && !call.filter.some(({ field }) => field === 'withSubFolders')) {
		call.filter.push({ field: 'withSubFolders', operator: 'equals', values: ['false'] });
	}
	// The same field has another spelling there.
	for (const term of call.filter) if (term.field === 'pathname') term.field = 'pathName';
	for (const by of call.sort) if (by[0] === 'pathname') by[0] = 'pathName';
	const unsorted = call.sort.find(([field]) => !SORT_WITHOUT_STOCK.has(field));
	if (unsorted) {
		throw new InputProblem(
			'Sort',
			`names '${unsorted[0]}', by which MoySklad sorts only with 'Stock' set to 'Include'`,
			"Set 'Stock' to 'Include', or sort by name, code, article or folder path.",
		);
	}
	checkLikes(call);
}

/** The endpoint without stock compares a field with one part of a text, or with a beginning and an end. */
function checkLikes({ filter: terms }: Call): void {
	const byField = new Map<string, string[]>();
	for (const { field, operator, values, of } of terms) {
		if (!of || !LIKE.has(operator)) continue;
		byField.set(field, [...(byField.get(field) ?? []), ...values.map(() => operator)]);
	}
	for (const [field, operators] of byField) {
		const pair = operators.length === 2 && new Set(operators).size === 2;
		if (operators.length === 1 || (pair && !operators.includes('contains'))) continue;
		throw new InputProblem(
			'Conditions',
			`compare '${labelOf(field)}' with several parts of texts, which works only with 'Stock' set to 'Include'`,
			"Set 'Stock' to 'Include', or keep one condition (or 'Starts With' and 'Ends With').",
		);
	}
}

/** What the user has given to a filter: of a link of the web app, the whole link. */
function given(name: string, value: unknown, { parameter }: WireContext): unknown {
	const held = (raw: unknown) =>
		typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
	const former = (parameter('filters') as IDataObject | undefined)?.[name];
	return held(parameter(name)) || held(former) || value;
}

/** The form's label of a filter, whether it stands among the filters or the conditions. */
function labelOf(name: string): string {
	const inForm = getAll.fields.find(({ to }) => to === `filter:${name}`);
	return (inForm ?? filter.find((field) => field.name === name))?.label ?? name;
}

/** Amounts of goods (kopecks). */
const MONEY = ['buyPrice.value', 'minPrice.value', 'salePrices.value'];

/** Completes one page of rows: stock where it is asked for, amounts in the chosen unit. */
async function complete(
	rows: IDataObject[],
	call: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	return inChosenUnit(await joinStock(rows, call, send), call, MONEY);
}

function simplifyItem(row: IDataObject): IDataObject {
	return {
		id: row.id,
		type: (row.meta as IDataObject | undefined)?.type,
		...priceAndBarcode(row),
		...pick(row, ['name', 'code', 'article', 'pathName', 'stock', 'quantity']),
	};
}

export const assortment: Operation[] = [getAll, deleteItems, ...settings];
