/** What else can be done with the assortment: deleting of mixed types, and its settings. Reference §1.1. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { linkPattern, referenceOf, targetOf, type Reference } from '../references';
import { resolveReferences } from '../resolve';
import { ID_OR_LINK, isGone, partLocator } from './nested';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/assortment#2-assortiment';

/** Types of the assortment that can be deleted. */
const TYPES = ['product', 'service', 'variant', 'bundle'];

const item: Field = {
	name: 'assortmentId',
	label: 'Item',
	kind: 'locator',
	to: 'body:item',
	required: true,
	locator: {
		...partLocator('[a-z]+', 'product', 'searchAssortment'),
		id: ID_OR_LINK,
		url: {
			pattern: linkPattern('/entity/[a-z]+/', '(?:good|feature|service)'),
			placeholder:
				'e.g. https://api.moysklad.ru/api/remap/1.2/entity/product/7944ef04-f831-11e5-7a69-971500188b19',
		},
	},
	help: "ID, or a link: it names the type itself, so that 'Type' does not count",
	wire: (_, { baseUrl, parameter }) => {
		const chosen = String(parameter('type') ?? '').trim();
		const types = [chosen, ...TYPES.filter((type) => type !== chosen)].filter(Boolean);
		return referenceOf(parameter('assortmentId'), types.map(targetOf), baseUrl, 'Item');
	},
};

/** ID and type of what is deleted, for the output. */
async function nameItems(calls: Call[]): Promise<void> {
	for (const call of calls) {
		if (call.problem) continue;
		const { meta } = call.body.item as Reference;
		call.path = { type: meta.type, id: meta.href.split('/').pop() ?? '' };
	}
}

export const deleteItems: Operation = {
	resource: 'assortment',
	docs: DOCS,
	operation: 'delete',
	name: 'Delete',
	action: 'Delete assortment item',
	description: 'Delete products, services, variants and bundles, of all types together',
	route: 'POST /entity/assortment/delete',
	answer: { kind: 'deleted' },
	fields: [
		{
			name: 'type',
			label: 'Type',
			kind: 'choice',
			to: 'control',
			default: 'product',
			choices: [
				{ name: 'Bundle', value: 'bundle' },
				{ name: 'Product', value: 'product' },
				{ name: 'Service', value: 'service' },
				{ name: 'Variant', value: 'variant' },
			],
			help: "Type of the item whose ID is given; by expression, the field 'type' of Get Many",
		},
		item,
	],
	prepare: async (calls, work) => {
		await resolveReferences(calls, work);
		await nameItems(calls);
	},
	bulk: {
		kind: 'delete',
		route: 'POST /entity/assortment/delete',
		always: true,
		element: (call) => ({ meta: (call.body.item as Reference).meta }),
		repeatable: () => true,
		gone: isGone,
	},
	output: {
		deleted: { type: 'boolean' },
		type: { type: 'string' },
		id: { type: 'string' },
	},
	notes:
		'Up to 1000 items a request, whatever their types. What documents use cannot be deleted (code 1028): archive it instead.',
};

/** Settings by the object that they stand in; the last ones stand at the top. */
const GROUPS: Record<string, string[]> = {
	uniqueCodeRules: ['checkUniqueCode', 'fillUniqueCode'],
	barcodeRules: ['fillEAN13Barcode', 'weightBarcode', 'weightBarcodePrefix'],
};

const output: Record<string, OutputField> = {
	checkUniqueCode: { type: 'boolean' },
	fillUniqueCode: { type: 'boolean' },
	fillEAN13Barcode: { type: 'boolean' },
	weightBarcode: { type: 'boolean' },
	weightBarcodePrefix: { type: 'number' },
	createdShared: { type: 'boolean' },
};

/** Nested settings → one flat row. */
function flat(row: IDataObject): IDataObject {
	const values: IDataObject = { createdShared: row.createdShared };
	for (const [group, names] of Object.entries(GROUPS)) {
		const inner = (row[group] ?? {}) as IDataObject;
		for (const name of names) values[name] = inner[name];
	}
	return values;
}

/** Flat settings → the body: only what was given. */
export function settingsBody(given: IDataObject): IDataObject {
	const body: IDataObject = {};
	for (const [name, value] of Object.entries(given)) {
		const group = Object.keys(GROUPS).find((key) => GROUPS[key].includes(name));
		if (group) body[group] = { ...(body[group] as IDataObject | undefined), [name]: value };
		else body[name] = value;
	}
	return body;
}

const shared = {
	resource: 'assortment',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/assortment#4-nastrojki-spravochnika',
	output,
	simplify: flat,
};

const settingToggle = (name: string, label: string, help: string): Field => ({
	name,
	label,
	kind: 'toggle',
	default: true,
	section: 'updateFields',
	to: `body:${name}`,
	help: `Whether ${help}`,
});

export const settings: Operation[] = [
	{
		...shared,
		operation: 'getSettings',
		name: 'Get Settings',
		action: 'Get assortment settings',
		description: 'Retrieve the rules for codes and barcodes of goods',
		route: 'GET /entity/assortment/settings',
		answer: { kind: 'object' },
		fields: [],
	},
	{
		...shared,
		operation: 'updateSettings',
		name: 'Update Settings',
		action: 'Update assortment settings',
		description: 'Change the rules for codes and barcodes of goods; the others stay as they are',
		route: 'PUT /entity/assortment/settings',
		answer: { kind: 'object' },
		fields: [
			settingToggle(
				'checkUniqueCode',
				'Check Unique Codes',
				'MoySklad refuses a code that exists already',
			),
			settingToggle('createdShared', 'Create As Shared', 'new items are shared with all employees'),
			settingToggle(
				'fillEAN13Barcode',
				'Fill EAN13 Barcodes',
				'new items get a barcode by themselves',
			),
			settingToggle('fillUniqueCode', 'Fill Unique Codes', 'new items get a code of their own'),
			settingToggle(
				'weightBarcode',
				'Weight Barcodes',
				'barcodes of weighed goods begin with a prefix',
			),
			{
				name: 'weightBarcodePrefix',
				label: 'Weight Barcode Prefix',
				kind: 'number',
				min: 0,
				max: 99,
				whole: true,
				section: 'updateFields',
				to: 'body:weightBarcodePrefix',
				help: 'One or two digits',
			},
		],
		prepare: async (calls) => {
			for (const call of calls) {
				call.body = settingsBody(call.body);
				if (Object.keys(call.body).length > 0) continue;
				call.problem ??= new InputProblem(
					'Update Fields',
					'is empty, so there is nothing to change',
					'Add at least one field.',
				);
			}
		},
		notes: 'They hold for the whole account. Administrators only.',
	},
];
