/** Assortment: products, variants, services, bundles and batches in one list. Reference of the project §1.1. */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiRequest,
	Call,
	Choice,
	FilterField,
	Operation,
	SendRequest,
} from '../../shared/catalogue';
import { rowsAt } from '../../shared/paging';
import { InputProblem } from '../../shared/problems';
import { hrefOf, moscowTime } from '../filter';
import { entityLocator, rowsList } from '../lists';
import { pick } from '../simplify';
import { EQUAL, EQUAL_OR_EMPTY, RAW_FILTER, TEXT } from './dictionary';
import { instantOf } from '../../shared/times';

const filter: FilterField[] = [
	{
		name: 'alcoholic.type',
		label: 'Alcohol Type Code',
		kind: 'number',
		operators: EQUAL_OR_EMPTY,
		help: 'Services and bundles drop out',
	},
	{ name: 'article', label: 'Article (SKU)', kind: 'text', operators: TEXT },
	{
		name: 'barcode',
		label: 'Barcode',
		kind: 'text',
		operators: ['equals', 'isEmpty'],
		help: 'Barcodes are compared as a whole',
	},
	{ name: 'code', label: 'Code', kind: 'text', operators: TEXT },
	{ name: 'description', label: 'Description', kind: 'text', operators: TEXT },
	{ name: 'externalCode', label: 'External Code', kind: 'text', operators: TEXT },
	{ name: 'group', label: 'Department', kind: 'reference', entity: 'group', operators: EQUAL },
	{ name: 'id', label: 'ID', kind: 'uuid', operators: EQUAL },
	{
		name: 'isSerialTrackable',
		label: 'Has Serial Numbers',
		kind: 'toggle',
		operators: ['equals'],
	},
	{
		name: 'name',
		label: 'Name',
		kind: 'text',
		operators: ['equals', 'notEquals', 'contains', 'startsWith', 'endsWith'],
	},
	{
		name: 'owner',
		label: 'Owner (Employee)',
		kind: 'reference',
		entity: 'employee',
		operators: EQUAL_OR_EMPTY,
	},
	{
		name: 'pathname',
		label: 'Folder Path',
		kind: 'text',
		operators: TEXT,
		help: 'Names of the folders above, joined by slashes',
	},
	{ name: 'shared', label: 'Is Shared', kind: 'toggle', operators: ['equals'] },
	{
		name: 'supplier',
		label: 'Supplier',
		kind: 'reference',
		entity: 'counterparty',
		operators: EQUAL_OR_EMPTY,
	},
	{
		name: 'updated',
		label: 'Updated',
		kind: 'time',
		operators: ['greaterOrEqual', 'lessOrEqual', 'equals'],
		help: 'When the item was changed last',
	},
	{
		name: 'updatedBy',
		label: 'Updated By',
		kind: 'text',
		operators: EQUAL,
		help: 'Login of the employee, such as admin@company',
	},
	{ name: 'weighed', label: 'Is Weighed', kind: 'toggle', operators: ['equals'] },
];

/** Filter fields that only the legacy endpoint knows (MoySklad docs: new assortment endpoint, 2026-04-07). */
const LEGACY_ONLY = new Set([
	'alcoholic.type',
	'article',
	'isSerialTrackable',
	'owner',
	'quantityMode',
	'shared',
	'stockMode',
	'stockMoment',
	'stockStore',
	'updatedBy',
	'weighed',
]);

/** The header that switches to the endpoint without stock. */
const WITHOUT_STOCK = { 'X-Lognex-Remap-Beta-Feature': 'assortmentWithoutStock' };
const EXPAND_WITHOUT_STOCK = new Set(['components', 'images', 'product']);

const LEVELS: Choice[] = [
	{ name: 'Any', value: 'all' },
	{ name: 'Below Minimum', value: 'underMinimum' },
	{ name: 'Negative', value: 'negativeOnly' },
	{ name: 'Not Zero', value: 'nonEmpty' },
	{ name: 'Positive', value: 'positiveOnly' },
	{ name: 'Zero', value: 'empty' },
];

const STOCK_FIELDS = ['stock', 'reserve', 'inTransit', 'quantity'] as const;
/** IDs that fit into the 8 KB that MoySklad allows for address and headers. */
const IDS_PER_REPORT = 150;

const getAll: Operation = {
	resource: 'assortment',
	operation: 'getAll',
	name: 'Get Many',
	action: 'Get many assortment items',
	description: 'List products, variants, services, bundles and batches, with their stock',
	route: 'GET /entity/assortment',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-suschnosti-assortiment',
	answer: { kind: 'list', at: 'rows' },
	list: rowsList,
	filter,
	fields: [
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
		{
			name: 'archived',
			label: 'Archived',
			kind: 'choice',
			section: 'filters',
			to: 'filter:archived',
			default: 'false',
			choices: [
				{ name: 'Only Archived', value: 'true' },
				{ name: 'Only Not Archived', value: 'false' },
				{ name: 'Both', value: 'both' },
			],
			wire: (value) => (value === 'both' ? ['true', 'false'] : value),
		},
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
			name: 'productFolder',
			label: 'Product Folder',
			kind: 'locator',
			section: 'filters',
			to: 'filter:productFolder',
			locator: entityLocator('productfolder', 'searchProductFolders'),
			help: 'Items that lie in this folder',
			wire: (value, { baseUrl }) =>
				hrefOf(baseUrl, 'productfolder', String(value), 'Product Folder'),
		},
		{
			name: 'search',
			label: 'Search',
			kind: 'text',
			section: 'filters',
			to: 'query:search',
			placeholder: 'e.g. green tea',
			help: 'Beginnings of words in the text fields; barcodes as a whole',
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
			wire: (value, { timezone }) => moscowTime(instantOf(value, timezone, 'Stock at Moment')),
		},
		{
			name: 'type',
			label: 'Type',
			kind: 'choices',
			section: 'filters',
			to: 'filter:type',
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
			name: 'warehouse',
			label: 'Warehouse',
			kind: 'locator',
			section: 'filters',
			to: 'filter:stockStore',
			locator: entityLocator('store', 'searchStores'),
			help: 'Stock of this warehouse only. The items listed stay the same.',
			wire: (value, { baseUrl }) => hrefOf(baseUrl, 'store', String(value), 'Warehouse'),
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
			help: "References to return as whole objects. Works with 'Simplify' off; pages shrink from 1000 rows to 100, so it takes ten times as many requests.",
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
		RAW_FILTER,
	],
	sort: [
		{ name: 'Article (SKU)', value: 'article' },
		{ name: 'Code', value: 'code' },
		{ name: 'Folder Path', value: 'pathname' },
		{ name: 'Name', value: 'name' },
		{ name: 'Updated', value: 'updated' },
	],
	shape: shapeList,
	enrich: joinStock,
	simplify: (row) => ({
		id: row.id,
		type: (row.meta as IDataObject | undefined)?.type,
		...pick(row, ['name', 'code', 'article', 'externalCode', ...STOCK_FIELDS]),
	}),
	output: {
		id: { type: 'string' },
		type: { type: 'string' },
		name: { type: 'string' },
		code: { type: 'string' },
		article: { type: 'string' },
		externalCode: { type: 'string' },
		stock: { type: 'number' },
		reserve: { type: 'number' },
		inTransit: { type: 'number' },
		quantity: { type: 'number' },
	},
	notes:
		'1000 rows a request (100 with Expand). Stock is absent for services and bundles. The right to see stock is needed for the report.',
};

/** Chooses the endpoint, and refuses what the chosen one cannot do before anything is sent. */
function shapeList(request: ApiRequest, call: Call): void {
	if (call.control.stock === 'rows') return;
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
	if (call.filter.some(({ field }) => field === 'productFolder')) {
		call.filter.push({ field: 'withSubFolders', operator: 'equals', values: ['false'] });
	}
	// The same field has another spelling there.
	for (const term of call.filter) if (term.field === 'pathname') term.field = 'pathName';
	for (const by of call.sort) if (by[0] === 'pathname') by[0] = 'pathName';
}

/** The form's label of a filter, whether it stands among the filters or the conditions. */
function labelOf(name: string): string {
	const inForm = getAll.fields.find(({ to }) => to === `filter:${name}`);
	return (inForm ?? filter.find((field) => field.name === name))?.label ?? name;
}

/** Stock figures by item ID. */
type Figures = Map<string, IDataObject>;

/** The whole report, once for all pages of a call. */
const wholeReports = new WeakMap<Call, Promise<Figures>>();

/**
 * Joins one page of rows with the short stock report: four requests (one per figure) for a short list, or the
 * whole report, once, for a long one. The report leaves out items whose figure is zero.
 */
async function joinStock(
	rows: IDataObject[],
	call: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	if (call.control.stock !== 'report') return rows;
	const ids = rows.filter(hasStock).map((row) => String(row.id));
	let figures: Figures;
	if (call.limit > IDS_PER_REPORT) {
		if (!wholeReports.has(call)) wholeReports.set(call, readReport(send));
		figures = await (wholeReports.get(call) as Promise<Figures>);
	} else {
		figures = ids.length > 0 ? await readReport(send, ids) : new Map();
	}
	const none = Object.fromEntries(STOCK_FIELDS.map((name) => [name, 0]));
	return rows.map((row) =>
		hasStock(row) ? { ...row, ...none, ...figures.get(String(row.id)) } : row,
	);
}

/** The short report is a bare array. */
const reportRows = rowsAt('');

async function readReport(send: SendRequest, ids?: string[]): Promise<Figures> {
	const figures: Figures = new Map();
	await Promise.all(
		STOCK_FIELDS.map(async (stockType) => {
			const answer = await send({
				method: 'GET',
				path: '/report/stock/all/current',
				query: { stockType, ...(ids ? { filter: `assortmentId=${ids.join(',')}` } : {}) },
			});
			for (const row of reportRows(answer)) {
				const id = String(row.assortmentId);
				figures.set(id, { ...figures.get(id), [stockType]: row[stockType] });
			}
		}),
	);
	return figures;
}

function hasStock(row: IDataObject): boolean {
	const type = (row.meta as IDataObject | undefined)?.type;
	// The report knows batches only as part of their product.
	return type !== 'service' && type !== 'bundle' && type !== 'consignment';
}

export const assortment: Operation[] = [getAll];
