/**
 * Metadata of types: custom attributes and states. Reference of the project §2.6, §2.8, §4; MoySklad docs,
 * General information (Custom attributes), States.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { rowsList } from '../lists';
import { linkPattern, UUID } from '../references';
import { deletePart, partLocator, partRef, rowId } from './nested';
import { ADMIN, refuseEmpty, typeFields } from './metadataFields';
import { states } from './metadataStates';
import { ATTRIBUTE_TYPES } from './metadataTypes';

const GENERAL =
	'https://dev.moysklad.ru/doc/api/remap/1.2/#/general#3-rabota-s-dopolnitelnymi-polyami';

const attribute: Field = {
	name: 'attributeId',
	label: 'Attribute',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		'[a-z]+/metadata/attributes',
		'product/metadata/attributes',
		'searchAttributes',
	),
};

const attributeOutput: Record<string, OutputField> = {
	id: { type: 'string' },
	name: { type: 'string' },
	type: { type: 'string' },
	required: { type: 'boolean' },
	show: { type: 'boolean' },
	description: { type: 'string' },
	entityType: { type: 'string' },
	customEntityId: { type: 'string' },
};

const CUSTOM_ENTITY = new RegExp(`/(?:customentity|customEntities)/(${UUID})`);

const ofAttributes = {
	resource: 'metadata',
	docs: GENERAL,
	output: attributeOutput,
	simplify: (row: IDataObject, call: Call) => {
		const custom = (row.customEntityMeta as IDataObject | undefined)?.href;
		return {
			id: rowId(row),
			name: row.name,
			type: row.type,
			required: row.required,
			show: row.show,
			description: row.description,
			entityType: call.path.entityType,
			customEntityId: CUSTOM_ENTITY.exec(String(custom ?? ''))?.[1],
		};
	},
};

const attributesOf = (call: Call) => `/entity/${call.path.entityType}/metadata/attributes`;

/** MoySklad docs: files and check boxes cannot be required, nor can what is hidden. */
async function checkAttributes(calls: Call[]): Promise<void> {
	for (const call of calls) {
		const { required, show, type } = call.body;
		if (type === 'customentity' && call.body.customEntityMeta === undefined) {
			call.problem ??= new InputProblem(
				'Custom Dictionary',
				'is empty',
				"Fill in 'Custom Dictionary', or check the expression that fills it.",
			);
		}
		if (required !== true) continue;
		if (type === 'file' || type === 'boolean') {
			call.problem ??= new InputProblem(
				'Required',
				`is on for an attribute of the type '${type}'`,
				'Attributes of the types File and Check Box cannot be required.',
			);
		} else if (show === false) {
			call.problem ??= new InputProblem(
				'Required',
				"is on, and 'Show' is off",
				'A hidden attribute cannot be required: change one of the two.',
			);
		}
	}
}

const attributeFlags = (section: 'additionalFields' | 'updateFields'): Field[] => [
	{
		name: 'description',
		label: 'Description',
		kind: 'text',
		rows: 2,
		section,
		to: 'body:description',
	},
	{
		name: 'required',
		label: 'Required',
		kind: 'toggle',
		section,
		to: 'body:required',
		help: 'Whether every object must have a value',
	},
	{
		name: 'show',
		label: 'Show',
		kind: 'toggle',
		default: true,
		section,
		to: 'body:show',
		help: 'Whether the web app shows the attribute; for documents only',
	},
];

const SHARED =
	'Products, variants, services and bundles share the attributes of products, which are taken for all four.';

export const metadata: Operation[] = [
	{
		resource: 'metadata',
		docs: GENERAL,
		operation: 'getTypes',
		name: 'Get Types',
		action: 'Get object types with metadata',
		description: 'Retrieve which types of objects have metadata, with the links to them',
		route: 'GET /entity/metadata',
		answer: { kind: 'object' },
		fields: [],
		output: { product: { type: 'object' }, customerorder: { type: 'object' } },
	},
	{
		resource: 'metadata',
		docs: GENERAL,
		operation: 'get',
		name: 'Get',
		action: 'Get metadata of object type',
		description: 'Retrieve what the account has set up for a type of object',
		route: 'GET /entity/{entityType}/metadata',
		answer: { kind: 'object' },
		fields: typeFields('metadata'),
		simplify: (row, call) => {
			const names = (list: unknown) =>
				Array.isArray(list)
					? (list as IDataObject[]).map(({ name }) => String(name)).join(', ')
					: undefined;
			const attributes = (row.attributes as IDataObject | undefined)?.meta;
			return {
				entityType: call.path.entityType,
				createShared: row.createShared,
				attributes: Array.isArray(row.attributes)
					? row.attributes.length
					: (attributes as IDataObject | undefined)?.size,
				states: names(row.states),
				priceTypes: names(row.priceTypes),
				characteristics: names(row.characteristics),
			};
		},
		output: {
			entityType: { type: 'string' },
			createShared: { type: 'boolean' },
			attributes: { type: 'number' },
			states: { type: 'string' },
			priceTypes: { type: 'string' },
			characteristics: { type: 'string' },
		},
		notes:
			'Simplified: the number of custom attributes, and the names of states, price types and characteristics. Product folders have no metadata any more.',
	},
	{
		...ofAttributes,
		operation: 'getAttributes',
		name: 'Get Many Attributes',
		action: 'Get many custom attributes of object type',
		description: 'List the custom attributes of a type',
		route: 'GET /entity/{entityType}/metadata/attributes',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: typeFields('attributes'),
		notes: SHARED,
	},
	{
		...ofAttributes,
		operation: 'getAttribute',
		name: 'Get Attribute',
		action: 'Get custom attribute of object type',
		description: 'Retrieve one custom attribute of a type',
		route: 'GET /entity/{entityType}/metadata/attributes/{id}',
		answer: { kind: 'object' },
		fields: [...typeFields('attributes'), attribute],
		notes: SHARED,
	},
	{
		...ofAttributes,
		operation: 'createAttribute',
		name: 'Create Attribute',
		action: 'Create custom attribute of object type',
		description: 'Add a custom attribute to a type',
		route: 'POST /entity/{entityType}/metadata/attributes',
		answer: { kind: 'object' },
		fields: [
			...typeFields('attributes'),
			{
				name: 'name',
				label: 'Name',
				kind: 'text',
				to: 'body:name',
				required: true,
				help: 'Name of the custom attribute',
			},
			{
				name: 'attributeType',
				label: 'Attribute Type',
				kind: 'choice',
				to: 'body:type',
				required: true,
				default: 'string',
				choices: ATTRIBUTE_TYPES,
				help: 'Kind of the values; it cannot be changed later',
			},
			{
				// Not required in the form: n8n shows it, and asks for it, wherever the type is an expression.
				name: 'customEntityId',
				label: 'Custom Dictionary',
				kind: 'locator',
				to: 'body:customEntityMeta',
				when: { attributeType: ['customentity'] },
				locator: {
					...partLocator('customentity', 'customentity', 'searchCustomEntities'),
					url: {
						pattern: linkPattern('/(?:customentity|customEntities)/'),
						placeholder:
							'e.g. https://api.moysklad.ru/api/remap/1.2/entity/customentity/7944ef04-f831-11e5-7a69-971500188b19',
					},
				},
				help: 'Dictionary whose entries are the values',
				wire: (value, { baseUrl }) => ({
					href: `${baseUrl}/entity/customentity/${String(value)}/metadata`,
					type: 'customentitymetadata',
					mediaType: 'application/json',
				}),
			},
			...attributeFlags('additionalFields'),
		],
		prepare: checkAttributes,
		bulk: {
			kind: 'write',
			route: 'POST /entity/{entityType}/metadata/attributes',
			element: (call) => call.body,
			repeatable: () => false,
			lookFor: 'attributes with the same name',
		},
		notes: `${ADMIN} ${SHARED}`,
	},
	{
		...ofAttributes,
		operation: 'updateAttribute',
		name: 'Update Attribute',
		action: 'Update custom attribute of object type',
		description: 'Change a custom attribute; its type stays as it is',
		route: 'PUT /entity/{entityType}/metadata/attributes/{id}',
		answer: { kind: 'object' },
		fields: [
			...typeFields('attributes'),
			attribute,
			{ name: 'name', label: 'Name', kind: 'text', section: 'updateFields', to: 'body:name' },
			...attributeFlags('updateFields'),
		],
		prepare: async (calls) => {
			await refuseEmpty(calls);
			await checkAttributes(calls);
		},
		bulk: {
			kind: 'write',
			route: 'POST /entity/{entityType}/metadata/attributes',
			element: (call) => ({
				...partRef(call, attributesOf(call), 'attributemetadata'),
				...call.body,
			}),
			repeatable: () => true,
			key: (call) => call.path.id,
		},
		notes: `${ADMIN} ${SHARED}`,
	},
	deletePart({
		resource: 'metadata',
		docs: GENERAL,
		operation: 'deleteAttribute',
		name: 'Delete Attribute',
		action: 'Delete custom attribute of object type',
		description: 'Delete a custom attribute with all its values',
		collection: '/entity/{entityType}/metadata/attributes',
		type: 'attributemetadata',
		fields: [...typeFields('attributes'), attribute],
		output: {
			deleted: { type: 'boolean' },
			entityType: { type: 'string' },
			id: { type: 'string' },
		},
		notes: `${ADMIN} ${SHARED}`,
	}),
	...states,
];
