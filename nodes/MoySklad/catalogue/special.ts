/**
 * What dictionaries have beside lists of objects: settings of the account, price types, characteristics, custom lists,
 * saved filters, access of employees, change history. Reference of the project: moysklad-documents.md §7.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	Locator,
	Mapper,
	Operation,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { parsedJson } from '../../shared/form/values';
import { facts, typesThat, type TypeField } from '../facts';
import { bareStyle, entityLocator, linkedList, oneAnswer, rowsList, rowsStyle } from '../lists';
import { ID_LOOKS, isUuid, linkPattern, metaAt, metaRef, UUID } from '../references';
import { resolveReferences } from '../resolve';
import { idOf } from '../simplify';
import { list, object, objectEntry, text, toggle, type WriteField } from '../writeFields';
import { DOCS } from './dictionaries/shared';
import { searchField } from './dictionaryFields';
import { guard } from './dictionaryReads';
import { partFields } from './fromFacts';
import { partLocator, rowId } from './nested';

const ADMIN = 'Administrators only.';
/** MoySklad docs: Price types. */
const MOST_PRICE_TYPES = 100;

/** Columns of an output, by names with `:` and the type where it is no text. */
export const outputs = (names: string): Record<string, OutputField> =>
	Object.fromEntries(
		names.split(/\s+/).map((name): [string, OutputField] => {
			const [of, type = 'string'] = name.split(':');
			return [of, { type: type as OutputField['type'] }];
		}),
	);

/** Flat rows: references become their ID. */
export const flatRow =
	(output: Record<string, OutputField>) =>
	(row: IDataObject): IDataObject =>
		Object.fromEntries(
			Object.keys(output).map((name) => {
				const of = name.endsWith('Id') ? name.slice(0, -2) : name;
				if (name === 'id') return [name, rowId(row)];
				return [name, of !== name && row[of] !== undefined ? idOf(row[of]) : row[name]];
			}),
		);

/** Fields of a write as n8n's mapper; `fields` of a table of facts, those in front first. */
function mapperOf(mode: Mapper['mode'], fields: WriteField[], output: string[]): Field {
	const names = new Set(fields.flatMap(({ name, also = [] }) => [name, ...also]));
	return {
		name: 'fields',
		label: 'Fields',
		kind: 'mapper',
		to: 'control',
		mapper: {
			mode,
			fields: mode === 'update' ? fields.map((one) => ({ ...one, required: false })) : fields,
			readOnly: ['meta', 'id', 'accountId', ...output].filter((name) => !names.has(name)),
		},
	};
}

async function finish(calls: Call[], work: Work): Promise<void> {
	for (const call of calls) {
		guard(call, () => {
			for (const name of ['meta', 'id', 'accountId']) delete call.body[name];
			if (Object.keys(call.body).length > 0) return;
			throw new InputProblem(
				'Fields',
				'hold nothing to write',
				'Give at least one field a value, or check the expressions that fill them.',
			);
		});
	}
	await resolveReferences(calls, work);
}

// ------------------------------------------------------------------------------------- settings

interface Settings {
	resource: string;
	label: string;
	path: `/${string}`;
	fields: WriteField[];
	output: Record<string, OutputField>;
	docs?: string;
	/** The answer is short enough as it is. */
	plain?: true;
	notes?: string;
}

/** Get and Update of settings that exist once. */
export function settingsOperations(rule: Settings): Operation[] {
	const { resource, label, path, fields, output, notes } = rule;
	const shared = {
		resource,
		docs: rule.docs ?? DOCS,
		output,
		...(rule.plain ? {} : { simplify: flatRow(output) }),
	};
	return [
		{
			...shared,
			operation: 'get',
			name: 'Get',
			action: `Get ${label}`,
			description: `Retrieve the ${label}`,
			route: `GET ${path}`,
			answer: { kind: 'object' },
			fields: [],
		},
		{
			...shared,
			operation: 'update',
			name: 'Update',
			action: `Update ${label}`,
			description: `Change the ${label}; those that are not given stay as they are`,
			route: `PUT ${path}`,
			answer: { kind: 'object' },
			fields: [mapperOf('update', fields, Object.keys(output))],
			prepare: finish,
			notes: notes ?? ADMIN,
		},
	];
}

/** Fields of settings from the facts; `kinds` where their table is wrong. */
const settingFields = (
	keyword: string,
	front: string[],
	without: string[] = [],
	kinds: Record<string, TypeField['kind']> = {},
) => {
	const table = Object.fromEntries(
		Object.entries(facts[keyword].fields)
			.filter(([name]) => !without.includes(name))
			.map(([name, field]): [string, TypeField] => [
				name,
				{ ...field, required: false, kind: kinds[name] ?? field.kind },
			]),
	);
	return partFields(table, front);
};

const settings: Operation[] = [
	...settingsOperations({
		resource: 'companySettings',
		label: 'company settings',
		path: '/context/companysettings',
		// Price types have operations of their own.
		fields: settingFields(
			'companysettings',
			[
				'checkShippingStock',
				'checkMinPrice',
				'useRecycleBin',
				'discountStrategy',
				'companyAddress',
			],
			['priceTypes', 'currency'],
		),
		output: outputs(
			'checkShippingStock:boolean checkMinPrice:boolean useRecycleBin:boolean globalOperationNumbering:boolean discountStrategy useCompanyAddress:boolean companyAddress currencyId accountCountry',
		),
	}),
	...settingsOperations({
		resource: 'userSettings',
		label: 'user settings',
		path: '/context/usersettings',
		// The table calls the footer a flag, and says that it is put under letters: it is their text.
		fields: settingFields('usersettings', ['defaultCompany', 'defaultPlace', 'locale'], [], {
			mailFooter: 'text',
		}),
		output: outputs(
			'defaultCompanyId defaultPlaceId defaultProjectId defaultCustomerCounterpartyId defaultPurchaseCounterpartyId locale printFormat fieldsPerRow:number',
		),
		notes: 'They are those of the employee whose credential is used.',
	}),
	...settingsOperations({
		resource: 'counterpartySettings',
		label: 'counterparty settings',
		path: '/entity/counterparty/settings',
		fields: [
			toggle('createShared', 'Create As Shared'),
			object(
				'uniqueCodeRules',
				'Unique Code Rules',
				(value) => objectEntry('Unique Code Rules', parsedJson('Unique Code Rules', value)),
				{ looks: '{checkUniqueCode, fillUniqueCode}' },
			),
		],
		output: outputs('createShared:boolean uniqueCodeRules:object'),
	}),
	{
		resource: 'subscription',
		docs: DOCS,
		operation: 'get',
		name: 'Get',
		action: 'Get subscription of company',
		description: 'Retrieve the plan of the account and when it ends',
		route: 'GET /accountSettings/subscription',
		answer: { kind: 'object' },
		fields: [],
		simplify: flatRow(
			outputs('tariff role isSubscriptionChangeAvailable:boolean subscriptionEndDate:number'),
		),
		output: outputs('tariff role isSubscriptionChangeAvailable:boolean subscriptionEndDate:number'),
		notes: 'subscriptionEndDate is in milliseconds since 1970.',
	},
];

// ---------------------------------------------------------------------------------- price types

const ofPriceTypes = {
	resource: 'pricetype',
	docs: DOCS,
	output: outputs('id name externalCode'),
	simplify: flatRow(outputs('id name externalCode')),
};

const priceTypes: Operation[] = [
	{
		...ofPriceTypes,
		operation: 'get',
		name: 'Get',
		action: 'Get price type',
		description: 'Retrieve one price type',
		route: 'GET /context/companysettings/pricetype/{id}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'pricetypeId',
				label: 'Price Type',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: entityLocator('pricetype'),
			},
		],
	},
	{
		...ofPriceTypes,
		operation: 'getDefault',
		name: 'Get Default',
		action: 'Get default price type',
		description: 'Retrieve the main price type, the first of the list',
		route: 'GET /context/companysettings/pricetype/default',
		answer: { kind: 'object' },
		fields: [],
	},
	{
		...ofPriceTypes,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many price types',
		description: 'List the price types in their order',
		route: 'GET /context/companysettings/pricetype',
		answer: { kind: 'list' },
		list: { style: bareStyle, pageSize: () => 1000 },
		fields: [],
	},
	{
		...ofPriceTypes,
		operation: 'replaceAll',
		name: 'Replace All',
		action: 'Replace all price types',
		description:
			'Make the given price types the only ones, in their order: the first is the main one',
		route: 'POST /context/companysettings/pricetype',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'priceTypes',
				label: 'Price Types',
				kind: 'json',
				to: 'control',
				required: true,
				placeholder:
					'e.g. [{ "id": "672559f1-cbf3-11e1-9eb9-889ffa6f2222", "name": "Retail" }, { "name": "Wholesale" }]',
				help: 'The whole list: with the ID, a price type stays; without one, it is new; those that are left out are deleted with their prices',
			},
		],
		perform: async (call, work) => {
			const body = priceTypesOf(call);
			const path = '/context/companysettings/pricetype';
			const answer = await work.send({ method: 'POST', path, body });
			return bareStyle.rows(answer).map((json) => ({ json }));
		},
		notes: `${ADMIN} At most 100 price types.`,
	},
];

/** Reads the new list of price types. Throws `InputProblem`. */
function priceTypesOf({ control, baseUrl }: Call): IDataObject[] {
	const given = control.priceTypes;
	const problem = (what: string, hint: string) => new InputProblem('Price Types', what, hint);
	if (!Array.isArray(given) || given.length === 0) {
		throw problem(
			'are no list with entries',
			'Give all price types in square brackets; one at least must stay.',
		);
	}
	if (given.length > MOST_PRICE_TYPES) {
		throw problem(`are ${given.length}`, `MoySklad has ${MOST_PRICE_TYPES} at most.`);
	}
	const names = new Set<string>();
	return given.map((value, index) => {
		const label = `Price Types ${index + 1}`;
		const { id, name, externalCode, meta } = objectEntry(label, value);
		const text = typeof name === 'string' ? name.trim() : '';
		const known = id ?? (meta ? idOf({ meta }) : undefined);
		if (known !== undefined && !isUuid(String(known))) {
			throw new InputProblem(label, `has the ID '${String(known)}'`, ID_LOOKS);
		}
		if (text === '' && known === undefined) {
			throw new InputProblem(label, 'has no name', 'A new price type needs a name.');
		}
		if (text !== '' && names.has(text)) {
			throw new InputProblem(label, `is called '${text}', as another one`, 'Names are unique.');
		}
		names.add(text);
		return {
			...(known === undefined
				? {}
				: metaAt(baseUrl, `/context/companysettings/pricetype/${String(known)}`, 'pricetype')),
			...(text === '' ? {} : { name: text }),
			...(externalCode === undefined ? {} : { externalCode }),
		};
	});
}

// ----------------------------------------------------------------------------- characteristics

const characteristicOutput = outputs('id name type required:boolean');
const ofCharacteristics = {
	resource: 'characteristic',
	docs: DOCS,
	output: characteristicOutput,
	simplify: flatRow(characteristicOutput),
};

const characteristics: Operation[] = [
	{
		...ofCharacteristics,
		operation: 'create',
		name: 'Create',
		action: 'Create characteristic of variants',
		description: 'Add a characteristic that variants may have, such as a colour',
		route: 'POST /entity/variant/metadata/characteristics',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'name',
				label: 'Name',
				kind: 'text',
				to: 'body:name',
				required: true,
				placeholder: 'e.g. Colour',
				help: 'Name of the characteristic',
			},
		],
		notes: 'A characteristic cannot be changed or deleted by the API.',
	},
	{
		...ofCharacteristics,
		operation: 'get',
		name: 'Get',
		action: 'Get characteristic of variants',
		description: 'Retrieve one characteristic',
		route: 'GET /entity/variant/metadata/characteristics/{id}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'characteristicId',
				label: 'Characteristic',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: partLocator(
					'variant/metadata/characteristics',
					'variant/metadata/characteristics',
					'searchCharacteristics',
				),
			},
		],
	},
	{
		...ofCharacteristics,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many characteristics of variants',
		description: 'List the characteristics that variants may have',
		route: 'GET /entity/variant/metadata/characteristics',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [],
	},
];

// --------------------------------------------------------------------------------- custom lists

const LIST_URL = linkPattern('/(?:customentity|customEntities)/');

/** A custom list, also by the link that the metadata of the company's settings have. */
export const customListLocator: Locator = {
	...partLocator('customentity', 'customentity', 'searchCustomEntities'),
	url: {
		pattern: LIST_URL,
		placeholder:
			'e.g. https://api.moysklad.ru/api/remap/1.2/entity/customentity/7944ef04-f831-11e5-7a69-971500188b19',
	},
};

const customList: Field = {
	name: 'customentityId',
	label: 'Custom List',
	kind: 'locator',
	to: 'path:listId',
	required: true,
	locator: customListLocator,
};

const listName: Field = {
	name: 'name',
	label: 'Name',
	kind: 'text',
	to: 'body:name',
	required: true,
	help: 'Name of the list',
};

const listOutput = outputs('id name createShared:boolean');
const ofLists = {
	resource: 'customentity',
	docs: DOCS,
	output: listOutput,
	simplify: flatRow(listOutput),
};

/** Custom lists stand in the metadata of the company's settings, all in one answer. */
const customLists = oneAnswer(({ body }) => {
	const { customEntities } = body as IDataObject;
	return Array.isArray(customEntities) ? (customEntities as IDataObject[]) : [];
});

const entryFields = partFields(
	facts.customentity.parts?.elements ?? {},
	['name', 'code', 'description', 'externalCode'],
	{ name: { required: true } },
);
const entryOutput = outputs('id name code description externalCode updated');
const ofEntries = {
	resource: 'customListEntry',
	docs: DOCS,
	output: entryOutput,
	simplify: flatRow(entryOutput),
};
const entry: Field = {
	name: 'customListEntryId',
	label: 'Entry',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`customentity/${UUID}`,
		'customentity/7944ef04-f831-11e5-7a69-971500188b19',
		'searchCustomListEntries',
	),
};

const lists: Operation[] = [
	{
		...ofLists,
		operation: 'create',
		name: 'Create',
		action: 'Create custom list',
		description: 'Create a list of your own',
		route: 'POST /entity/customentity',
		answer: { kind: 'object' },
		fields: [listName],
		notes: ADMIN,
	},
	{
		...ofLists,
		operation: 'get',
		name: 'Get',
		action: 'Get custom list',
		description: 'Retrieve the name and metadata of a list',
		route: 'GET /entity/customentity/{listId}/metadata',
		answer: { kind: 'object' },
		fields: [customList],
	},
	{
		...ofLists,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many custom lists',
		description: 'List the custom lists of the account',
		route: 'GET /context/companysettings/metadata',
		answer: { kind: 'list', at: 'customEntities' },
		list: { style: customLists, pageSize: () => 1000 },
		fields: [],
	},
	{
		...ofLists,
		operation: 'update',
		name: 'Update',
		action: 'Update custom list',
		description: 'Rename a list',
		route: 'PUT /entity/customentity/{listId}',
		answer: { kind: 'object' },
		fields: [customList, listName],
		notes: ADMIN,
	},
	{
		resource: 'customentity',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete custom list',
		description: 'Delete a list with all its entries',
		route: 'DELETE /entity/customentity/{listId}',
		answer: { kind: 'deleted' },
		fields: [customList],
		output: outputs('deleted:boolean listId'),
		notes: `${ADMIN} A list that a custom attribute uses cannot be deleted.`,
	},
	{
		...ofEntries,
		operation: 'create',
		name: 'Create',
		action: 'Create entry of custom list',
		description: 'Add an entry to a list',
		route: 'POST /entity/customentity/{listId}',
		answer: { kind: 'object' },
		fields: [customList, mapperOf('create', entryFields, Object.keys(entryOutput))],
		prepare: finish,
	},
	{
		...ofEntries,
		operation: 'get',
		name: 'Get',
		action: 'Get entry of custom list',
		description: 'Retrieve one entry of a list',
		route: 'GET /entity/customentity/{listId}/{id}',
		answer: { kind: 'object' },
		fields: [customList, entry],
	},
	{
		...ofEntries,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many entries of custom list',
		description: 'List the entries of a list',
		route: 'GET /entity/customentity/{listId}',
		answer: { kind: 'list', at: 'rows' },
		list: linkedList,
		fields: [customList, { ...searchField('name and description'), formerly: undefined }],
	},
	{
		...ofEntries,
		operation: 'update',
		name: 'Update',
		action: 'Update entry of custom list',
		description: 'Change an entry of a list; fields that are not given stay as they are',
		route: 'PUT /entity/customentity/{listId}/{id}',
		answer: { kind: 'object' },
		fields: [customList, entry, mapperOf('update', entryFields, Object.keys(entryOutput))],
		prepare: finish,
	},
	{
		resource: 'customListEntry',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete entry of custom list',
		description: 'Take an entry out of a list for good',
		route: 'DELETE /entity/customentity/{listId}/{id}',
		answer: { kind: 'deleted' },
		fields: [customList, entry],
		output: outputs('deleted:boolean listId id'),
	},
];

// -------------------------------------------------------------------------------- saved filters

/** Types whose lists are shown in the web app, where filters are saved. */
const FILTERED = typesThat(({ kind, path }, keyword) =>
	['dictionary', 'document'].includes(kind) && path === `/entity/${keyword}`
		? keyword !== 'assortment'
		: false,
);

const filteredType: Field = {
	name: 'filteredType',
	label: 'List',
	kind: 'choice',
	to: 'path:filteredType',
	required: true,
	default: 'customerorder',
	choices: FILTERED.map((value) => ({ name: facts[value].many, value })).sort((one, other) =>
		one.name.localeCompare(other.name, 'en'),
	),
	help: 'The list of the web app for which the filters were saved',
};

const filterOutput = outputs('id name ownerId');
const ofFilters = {
	resource: 'namedfilter',
	docs: DOCS,
	output: filterOutput,
	simplify: flatRow(filterOutput),
};

const savedFilters: Operation[] = [
	{
		...ofFilters,
		operation: 'get',
		name: 'Get',
		action: 'Get saved filter',
		description: 'Retrieve one saved filter',
		route: 'GET /entity/{filteredType}/namedfilter/{id}',
		answer: { kind: 'object' },
		fields: [
			filteredType,
			{
				name: 'namedfilterId',
				label: 'Saved Filter',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: partLocator(
					'[a-z]+/namedfilter',
					'customerorder/namedfilter',
					'searchFiltersOfList',
				),
			},
		],
	},
	{
		...ofFilters,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many saved filters',
		description: 'List the filters that were saved for a list in the web app',
		route: 'GET /entity/{filteredType}/namedfilter',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [filteredType],
		notes: 'Those of the employee whose credential is used.',
	},
];

// ---------------------------------------------------------------------------- access of employees

const employee: Field = {
	name: 'employeeId',
	label: 'Employee',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: entityLocator('employee'),
};

const roleOf = (name: string, label: string): WriteField =>
	object(
		name,
		label,
		(value, { baseUrl }) => {
			const word = typeof value === 'string' ? value.trim() : undefined;
			if (word === undefined) return objectEntry(label, value);
			return /^(admin|owner|individual|cashier|worker)$/.test(word)
				? metaOfSystemRole(baseUrl, word)
				: metaRef(baseUrl, 'role', word);
		},
		{ looks: 'admin, cashier, worker, an ID, or {meta, permissions}' },
	);

function metaOfSystemRole(baseUrl: string, word: string): IDataObject {
	const href = `${baseUrl}/entity/role/${word}`;
	return { meta: { href, type: 'systemrole', mediaType: 'application/json' } };
}

const [department] = partFields({ group: { label: 'Department', kind: 'ref', ref: ['group'] } }, [
	'group',
]);

const securityOutput = outputs('login email isActive:boolean groupId roleId');
const givenOut = [...Object.keys(securityOutput), 'mailActivationRequired', 'success'];
const ofSecurity = {
	resource: 'employeeAccess',
	docs: DOCS,
	output: securityOutput,
	simplify: flatRow(securityOutput),
	notes: ADMIN,
};

const access: Operation[] = [
	{
		...ofSecurity,
		operation: 'get',
		name: 'Get',
		action: 'Get access of employee',
		description: 'Retrieve login, role and department of an employee',
		route: 'GET /entity/employee/{id}/security',
		answer: { kind: 'object' },
		fields: [employee],
	},
	{
		...ofSecurity,
		operation: 'update',
		name: 'Update',
		action: 'Update access of employee',
		description: 'Change role, department or allowed addresses of an employee',
		route: 'PUT /entity/employee/{id}/security',
		answer: { kind: 'object' },
		fields: [
			employee,
			mapperOf(
				'update',
				[
					roleOf('role', 'Role'),
					department,
					text('email', 'Email'),
					list('authorizedHosts', 'Allowed IP Addresses', String, {
						looks: 'separated by commas',
						split: /[,;\n]/,
						rare: true,
					}),
					text('authorizedIpNetwork', 'Allowed Network', { rare: true }),
					text('authorizedIpNetmask', 'Mask of Allowed Network', { rare: true }),
				],
				givenOut,
			),
		],
		prepare: finish,
	},
	{
		...ofSecurity,
		operation: 'activate',
		name: 'Activate',
		action: 'Activate employee',
		description: 'Give an employee access to MoySklad',
		route: 'PUT /entity/employee/{id}/access/activate',
		answer: { kind: 'object' },
		fields: [
			employee,
			{
				name: 'login',
				label: 'Login',
				kind: 'text',
				to: 'body:login',
				required: true,
				placeholder: 'e.g. ivan@company',
				help: 'Name and account, as the employee will sign in',
			},
			mapperOf('create', [roleOf('role', 'Role'), department], givenOut),
		],
		output: outputs('mailActivationRequired:boolean'),
		simplify: (row) => ({ mailActivationRequired: row.mailActivationRequired }),
		prepare: async (calls, work) => {
			await resolveReferences(calls, work);
		},
		notes: `${ADMIN} The login ends with @ and the name of the account.`,
	},
	...(['deactivate', 'resetpassword'] as const).map((word): Operation => ({
		resource: 'employeeAccess',
		docs: DOCS,
		operation: word,
		name: word === 'deactivate' ? 'Deactivate' : 'Reset Password',
		action: word === 'deactivate' ? 'Deactivate employee' : 'Reset password of employee',
		description:
			word === 'deactivate'
				? 'Take the access to MoySklad away from an employee'
				: 'Send an employee a letter with a link for a new password',
		route: `PUT /entity/employee/{id}/access/${word}`,
		answer: { kind: 'done' },
		fields: [employee],
		output: outputs('success:boolean id'),
		notes: ADMIN,
	})),
	{
		resource: 'role',
		docs: DOCS,
		operation: 'getSystem',
		name: 'Get System Role',
		action: 'Get system role',
		description: "Retrieve one of MoySklad's own roles with its permissions",
		route: 'GET /entity/role/{systemRole}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'systemRole',
				label: 'Role',
				kind: 'choice',
				to: 'path:systemRole',
				required: true,
				default: 'admin',
				choices: [
					{ name: 'Administrator', value: 'admin' },
					{ name: 'Cashier', value: 'cashier' },
					{ name: 'Individual', value: 'individual' },
					{ name: 'Owner', value: 'owner' },
					{ name: 'Worker', value: 'worker' },
				],
				help: 'Which of the roles that every account has',
			},
		],
		output: outputs('id name permissions:object'),
		simplify: (row) => ({ id: rowId(row), name: row.name, permissions: row.permissions }),
		notes: ADMIN,
	},
];

// ------------------------------------------------------------------------------------- history

const auditedType: Field = {
	name: 'auditedType',
	label: 'Object Type',
	kind: 'choice',
	to: 'path:auditedType',
	required: true,
	default: 'product',
	choices: typesThat(
		({ kind, path, does }, keyword) =>
			['dictionary', 'document'].includes(kind) &&
			path === `/entity/${keyword}` &&
			/r/.test(does) &&
			/[cu]/.test(does) &&
			!['webhook', 'webhookstock', 'role', 'group'].includes(keyword),
	)
		.map((value) => ({ name: facts[value].one, value }))
		.sort((one, other) => one.name.localeCompare(other.name, 'en')),
	help: 'Type of the object whose history is read',
};

const historyOutput = outputs(
	'moment eventType uid source entityType objectCount:number diff:object',
);

/** The audit's own limits: 25 rows without a limit, 100 at most. */
const AUDIT_PAGE = 100;

const history: Operation[] = [
	{
		resource: 'objectHistory',
		docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-audit',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get history of object',
		description: 'List who changed an object when, and what',
		route: 'GET /entity/{auditedType}/{id}/audit',
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => AUDIT_PAGE, parallel: true },
		fields: [
			auditedType,
			{
				name: 'auditedId',
				label: 'Object',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: partLocator('[a-z]+', 'product', 'searchAudited'),
			},
		],
		output: historyOutput,
		simplify: flatRow(historyOutput),
		notes: '100 rows a request at most.',
	},
];

export const specialResources: Choice[] = [
	{
		name: 'Company Settings',
		value: 'companySettings',
		local: 'Настройки компании',
		description: 'Rules of the account: stock, prices, recycle bin, numbering',
	},
	{
		name: 'Counterparty Settings',
		value: 'counterpartySettings',
		local: 'Настройки контрагентов',
		description: 'Rules for codes of counterparties',
	},
	{
		name: 'Custom List',
		value: 'customentity',
		local: 'Пользовательский справочник',
		description: 'Lists of your own',
	},
	{
		name: 'Custom List Entry',
		value: 'customListEntry',
		local: 'Элемент справочника',
		description: 'Entries of your own lists',
	},
	{
		name: 'Employee Access',
		value: 'employeeAccess',
		local: 'Доступ сотрудника',
		description: 'Login, role and department of an employee',
	},
	{
		name: 'Object History',
		value: 'objectHistory',
		local: 'Аудит',
		description: 'Who changed an object when, and what',
	},
	{
		name: 'Price Type',
		value: 'pricetype',
		local: 'Тип цены',
		description: 'Kinds of sale prices',
	},
	{
		name: 'Saved Filter',
		value: 'namedfilter',
		local: 'Сохранённый фильтр',
		description: 'Filters that were saved in the web app',
	},
	{
		name: 'Subscription',
		value: 'subscription',
		local: 'Подписка',
		description: 'The plan of the account',
	},
	{
		name: 'User Settings',
		value: 'userSettings',
		local: 'Настройки пользователя',
		description: 'What new documents of the employee begin with',
	},
	{
		name: 'Variant Characteristic',
		value: 'characteristic',
		local: 'Характеристика модификаций',
		description: 'What variants differ in',
	},
];

export const specials: Operation[] = [
	...settings,
	...priceTypes,
	...characteristics,
	...lists,
	...savedFilters,
	...access,
	...history,
];
