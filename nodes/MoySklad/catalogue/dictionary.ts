/**
 * MoySklad's plain dictionaries: their lists and objects all work alike, so a table of fields is enough to
 * make the operations. Reference of the project §1; MoySklad docs, Entities.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Choice,
	Field,
	FilterField,
	FilterOperator,
	Operation,
	OutputField,
} from '../../shared/catalogue';
import { entityLocator, rowsList } from '../lists';
import { idOf, pick } from '../simplify';

/** A dictionary as data. */
export interface Dictionary {
	/** n8n's name of the resource. */
	resource: string;
	/** MoySklad's keyword, as in `/entity/<keyword>`. */
	keyword: string;
	/** In sentences: "currency", "currencies". */
	one: string;
	many: string;
	/** Label of the locator (Title Case). */
	label: string;
	/** List search behind the locator. */
	search: string;
	docs: string;
	/** Fields that conditions may compare. */
	filter: FilterField[];
	sort: Choice[];
	/** What `search` looks into; none when the list has no search. */
	searches?: string;
	/** References that can be returned as whole objects. */
	expand?: Choice[];
	/** Fields of a simplified row, at most ten; `productFolder: 'parentId'` turns a reference into its ID. */
	simple: Record<string, OutputField['type']>;
	references?: Record<string, string>;
	notes?: string;
}

/** Operators by the kind of a field, as the column "filtering" of the docs' field tables has them. */
export const TEXT: FilterOperator[] = [
	'equals',
	'notEquals',
	'contains',
	'startsWith',
	'endsWith',
	'isEmpty',
	'isNotEmpty',
];
export const EQUAL: FilterOperator[] = ['equals', 'notEquals'];
export const EQUAL_OR_EMPTY: FilterOperator[] = [...EQUAL, 'isEmpty', 'isNotEmpty'];
export const ORDERED: FilterOperator[] = [
	...EQUAL,
	'greater',
	'greaterOrEqual',
	'less',
	'lessOrEqual',
];

const text = (name: string, label: string): FilterField => ({
	name,
	label,
	kind: 'text',
	operators: TEXT,
});

/** Fields that most dictionaries share. */
export const common = {
	archived: { name: 'archived', label: 'Is Archived', kind: 'toggle', operators: EQUAL },
	code: text('code', 'Code'),
	description: text('description', 'Description'),
	externalCode: text('externalCode', 'External Code'),
	group: {
		name: 'group',
		label: 'Department',
		kind: 'reference',
		entity: 'group',
		operators: EQUAL,
	},
	id: { name: 'id', label: 'ID', kind: 'uuid', operators: EQUAL },
	name: text('name', 'Name'),
	owner: {
		name: 'owner',
		label: 'Owner (Employee)',
		kind: 'reference',
		entity: 'employee',
		operators: EQUAL_OR_EMPTY,
	},
	shared: { name: 'shared', label: 'Is Shared', kind: 'toggle', operators: EQUAL },
	updated: {
		name: 'updated',
		label: 'Updated',
		kind: 'time',
		operators: ORDERED,
		help: 'When the object was changed last',
	},
} satisfies Record<string, FilterField>;

/** Get and Get Many of a dictionary. */
export function readOperations(dictionary: Dictionary): Operation[] {
	const { resource, keyword, one, many, docs, notes } = dictionary;
	const shared = {
		resource,
		docs,
		notes,
		simplify: (row: IDataObject) => simplifyRow(dictionary, row),
		output: outputOf(dictionary),
	};
	const expand: Field[] = dictionary.expand
		? [
				{
					name: 'expand',
					label: 'Expand',
					kind: 'choices',
					section: 'options',
					to: 'query:expand',
					choices: dictionary.expand,
					help: "References to return as whole objects. Works with 'Simplify' off; a list then takes ten times as many requests.",
					wire: (value) => (value as string[]).join(','),
				},
			]
		: [];
	return [
		{
			...shared,
			operation: 'get',
			name: 'Get',
			action: `Get ${one}`,
			description: `Retrieve one ${one}`,
			route: `GET /entity/${keyword}/{id}`,
			answer: { kind: 'object' },
			fields: [
				{
					name: `${resource}Id`,
					label: dictionary.label,
					kind: 'locator',
					to: 'path:id',
					required: true,
					locator: entityLocator(keyword, dictionary.search),
				},
				...expand,
			],
		},
		{
			...shared,
			operation: 'getAll',
			name: 'Get Many',
			action: `Get many ${many}`,
			description: `List ${many}`,
			route: `GET /entity/${keyword}`,
			answer: { kind: 'list', at: 'rows' },
			list: rowsList,
			filter: dictionary.filter,
			sort: dictionary.sort,
			fields: [
				...(dictionary.searches ? [searchField(dictionary.searches)] : []),
				...expand,
				RAW_FILTER,
			],
		},
	];
}

function searchField(searches: string): Field {
	return {
		name: 'search',
		label: 'Search',
		kind: 'text',
		section: 'filters',
		to: 'query:search',
		help: `Looks into ${searches}`,
	};
}

/** MoySklad's own filter syntax, for what the conditions do not offer. */
export const RAW_FILTER: Field = {
	name: 'rawFilter',
	label: 'Raw Filter',
	kind: 'text',
	section: 'options',
	to: 'control',
	placeholder: 'e.g. name~=Tea;minimumBalance>0',
	help: "Added to the filter as it is, in MoySklad's own syntax. Write \\; for a semicolon inside a value.",
};

function simplifyRow(dictionary: Dictionary, row: IDataObject): IDataObject {
	const references = dictionary.references ?? {};
	const flat: IDataObject = {};
	for (const [field, name] of Object.entries(references)) {
		const id = idOf(row[field]);
		if (id !== undefined) flat[name] = id;
	}
	const all: IDataObject = { ...row, ...flat };
	return pick(all, Object.keys(dictionary.simple));
}

function outputOf(dictionary: Dictionary): Record<string, OutputField> {
	return Object.fromEntries(
		Object.entries(dictionary.simple).map(([name, type]) => [name, { type }]),
	);
}
