/** Components of a bundle. Reference of the project §1.12; MoySklad docs, Bundle. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	Locator,
	Operation,
	OutputField,
	WireContext,
} from '../../shared/catalogue';
import { rowsAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { BY_KEY, entityLocator, rowsList } from '../lists';
import { linkPattern, referenceOf, targetOf, UUID } from '../references';
import { resolveReferences } from '../resolve';
import { idOf } from '../simplify';
import { deletePart, expandField, GONE, ID_OR_LINK, ownerIdOf, partLocator, rowId } from './nested';

const DOCS =
	'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/bundle#3-poluchit-komponenty-komplekta';

/** A bundle has at most 50 components (code 29000), so one page holds them all, also with `expand`. */
const PAGE = 100;

/** What can be a component (code 29003: no bundles, no batches). */
export const COMPONENT_TYPES = ['product', 'variant', 'service'];

const bundle: Field = {
	name: 'bundleId',
	label: 'Bundle',
	kind: 'locator',
	to: 'path:bundleId',
	required: true,
	locator: entityLocator('bundle'),
};

const component: Field = {
	name: 'bundleComponentId',
	label: 'Component',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`bundle/${UUID}/components`,
		'bundle/7944ef04-f831-11e5-7a69-971500188b19/components',
		'searchBundleComponents',
	),
};

/** Goods of several types: by a link that names the type, by name or code, or by ID. */
export const componentLocator: Locator = {
	...partLocator(`(?:${COMPONENT_TYPES.join('|')})`, 'product', 'searchComponentGoods'),
	id: ID_OR_LINK,
	url: {
		pattern: linkPattern(`/entity/(?:${COMPONENT_TYPES.join('|')})/`, '(?:good|feature|service)'),
		placeholder:
			'e.g. https://online.moysklad.ru/app/#good/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
	},
	words: BY_KEY,
};

/** More than nothing. Throws `InputProblem`. */
export function checkQuantity(value: unknown): unknown {
	if (Number(value) > 0) return value;
	throw new InputProblem('Quantity', `is ${String(value)}`, 'Give a number above zero.');
}

/** Reference to what is packed into the bundle; a link names its own type, an ID is of the type chosen. */
function assortmentOf(raw: unknown, type: unknown, { baseUrl }: WireContext): IDataObject {
	const chosen = typeof type === 'string' && type !== '' ? type : COMPONENT_TYPES[0];
	const targets = [chosen, ...COMPONENT_TYPES.filter((other) => other !== chosen)].map(targetOf);
	return referenceOf(raw, targets, baseUrl, 'Item');
}

const typeField = (place: Partial<Field>): Field =>
	({
		...place,
		name: 'assortmentType',
		label: 'Item Type',
		kind: 'choice',
		to: 'control',
		default: 'product',
		choices: [
			{ name: 'Product', value: 'product' },
			{ name: 'Service', value: 'service' },
			{ name: 'Variant', value: 'variant' },
		],
		help: 'Type of the item that is given by its ID; whatever is picked, linked or named tells its type itself',
	}) as Field;

const quantityField = (place: Partial<Field>): Field =>
	({
		...place,
		name: 'quantity',
		label: 'Quantity',
		kind: 'number',
		to: 'body:quantity',
		default: 1,
		help: 'How many of the item are in one bundle',
		wire: checkQuantity,
	}) as Field;

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	bundleId: { type: 'string' },
	assortmentId: { type: 'string' },
	assortmentType: { type: 'string' },
	assortmentName: { type: 'string' },
	quantity: { type: 'number' },
};

const expand = expandField([{ name: 'Item', value: 'assortment' }]);

const shared = {
	resource: 'bundleComponent',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, call: Call) => {
		const assortment = row.assortment as IDataObject | undefined;
		return {
			id: rowId(row),
			bundleId: ownerIdOf(row, 'bundle', call.path.bundleId),
			assortmentId: idOf(assortment),
			assortmentType: (assortment?.meta as IDataObject | undefined)?.type,
			assortmentName: assortment?.name,
			quantity: row.quantity,
		};
	},
};

const UNUSED =
	'The composition cannot be changed any more once a document uses the bundle (code 29001).';

export const bundleComponents: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Create',
		action: 'Create bundle component',
		description: 'Add an item to a bundle',
		route: 'POST /entity/bundle/{bundleId}/components',
		answer: { kind: 'object' },
		fields: [
			bundle,
			typeField({}),
			{
				name: 'assortmentId',
				label: 'Item',
				kind: 'locator',
				to: 'body:assortment',
				required: true,
				locator: componentLocator,
				help: 'Product, variant or service to pack into the bundle',
				wire: (value, context) => assortmentOf(value, context.parameter('assortmentType'), context),
			},
			quantityField({ required: true }),
		],
		prepare: resolveReferences,
		bulk: {
			kind: 'write',
			route: 'POST /entity/bundle/{bundleId}/components',
			element: (call) => call.body,
			repeatable: () => false,
			lookFor: 'components of the bundle with the same item',
		},
		notes: `Components of one bundle share a request; at most 50, none of them twice. ${UNUSED}`,
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get bundle component',
		description: 'Retrieve one component of a bundle',
		route: 'GET /entity/bundle/{bundleId}/components/{id}',
		answer: { kind: 'object' },
		fields: [bundle, component, expand],
		bulk: {
			kind: 'get',
			route: 'GET /entity/bundle/{bundleId}/components',
			id: (call) => call.path.id,
			query: () => ({ limit: PAGE }),
			rows: rowsAt('rows'),
			rowId: (row) => rowId(row) ?? '',
			most: () => PAGE,
			missingCode: GONE,
		},
		notes: 'Several components of one bundle are read with one request.',
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many bundle components',
		description: 'List the components of a bundle',
		route: 'GET /entity/bundle/{bundleId}/components',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [bundle, expand],
	},
	{
		...shared,
		operation: 'update',
		name: 'Update',
		action: 'Update bundle component',
		description: 'Change the quantity or the item of a component',
		route: 'PUT /entity/bundle/{bundleId}/components/{id}',
		answer: { kind: 'object' },
		fields: [
			bundle,
			component,
			quantityField({ section: 'updateFields' }),
			typeField({ section: 'updateFields' }),
			{
				name: 'assortment',
				label: 'Item',
				kind: 'locator',
				section: 'updateFields',
				to: 'body:assortment',
				locator: componentLocator,
				help: 'Another product, variant or service',
				wire: (value, context) => {
					const fields = context.parameter('updateFields') as IDataObject | undefined;
					return assortmentOf(value, fields?.assortmentType, context);
				},
			},
		],
		prepare: async (calls, work) => {
			for (const call of calls) {
				if (Object.keys(call.body).length > 0) continue;
				call.problem ??= new InputProblem(
					'Update Fields',
					'holds nothing to change',
					"Add 'Quantity' or 'Item'.",
				);
			}
			await resolveReferences(calls, work);
		},
		notes: UNUSED,
	},
	deletePart({
		resource: 'bundleComponent',
		docs: DOCS,
		action: 'Delete bundle component',
		description: 'Take a component out of a bundle',
		collection: '/entity/bundle/{bundleId}/components',
		type: 'bundlecomponent',
		fields: [bundle, component],
		output: {
			deleted: { type: 'boolean' },
			id: { type: 'string' },
			bundleId: { type: 'string' },
		},
		notes: `Components of one bundle share a request. ${UNUSED}`,
	}),
];
