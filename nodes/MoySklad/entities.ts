/**
 * What references point to: the lists in which people look for objects, and the fields by which they name them.
 * Source: MoySklad docs, field tables (column "filtering") and search; reference of the project §1, documents §7.
 */
import type { IDataObject } from 'n8n-workflow';

import { facts, typesThat } from './facts';

/** Fields whose exact value names an object; `lookup.ts` says how each is compared. */
export type KeyName =
	| 'name'
	| 'path'
	| 'code'
	| 'externalCode'
	| 'article'
	| 'barcode'
	| 'isoCode'
	| 'fullName'
	| 'legalTitle'
	| 'login'
	| 'phone'
	| 'email'
	| 'inn';

/** A collection of objects that references point to. */
export interface Entity {
	/** Title Case, for forms. */
	label: string;
	/** Collection below the API root. */
	path: string;
	/** How its list is searched: by MoySklad's `search`, by a part of the name, or here, row by row. */
	finds: 'search' | 'name' | 'here';
	/** What names an object of it, the most telling first. */
	keys: KeyName[];
	/** Short lists, and those that MoySklad cannot filter, are read once and compared here. */
	whole?: boolean;
	/** The answer is the array itself. */
	bare?: boolean;
	/** What an entry of its list shows; the name and a code without. */
	shows?: (row: IDataObject) => string;
}

const joined = (parts: unknown[], by: string) => parts.filter(Boolean).join(by);

const withCode = (row: IDataObject) => joined([row.name, row.code ?? row.article], ' – ');
const withPath = (row: IDataObject) => joined([row.pathName, row.name], '/');
const byName = (row: IDataObject) => String(row.name);

const CODES: KeyName[] = ['name', 'code', 'externalCode'];
const ARTICLES: KeyName[] = [...CODES, 'article'];
const DOCUMENT_KEYS: KeyName[] = ['name', 'externalCode'];

const entity = (
	keyword: string,
	label: string,
	finds: Entity['finds'],
	keys: KeyName[],
	more: Partial<Pick<Entity, 'path' | 'whole' | 'bare' | 'shows'>> = {},
): [string, Entity] => [
	keyword,
	{ label, path: `/entity/${keyword}`, finds, keys, shows: withCode, ...more },
];

/** Types whose locators show more than a name (`searches.ts`). */
const SEARCHED_ELSEWHERE = new Set([
	'assortment',
	'bonustransaction',
	'task',
	'webhook',
	'webhookstock',
]);

/** Collections of which something is known beyond the facts. */
const BY_HAND: ReadonlyMap<string, Entity> = new Map([
	entity('bonusprogram', 'Bonus Program', 'here', ['name'], { whole: true }),
	entity('bundle', 'Bundle', 'name', ARTICLES),
	entity('contract', 'Contract', 'search', CODES, {
		shows: (row) => joined([row.name, dayOf(row.moment)], ' · '),
	}),
	entity('counterparty', 'Counterparty', 'search', [...CODES, 'phone', 'email', 'inn'], {
		shows: (row) => joined([row.name, row.inn ?? row.phone ?? row.email ?? row.code], ' – '),
	}),
	entity('country', 'Country', 'search', CODES, { whole: true }),
	entity('currency', 'Currency', 'search', ['isoCode', 'name', 'code', 'fullName'], {
		whole: true,
		shows: (row) => joined([row.name, row.isoCode], ' – '),
	}),
	entity('employee', 'Employee', 'search', ['name', 'externalCode', 'login', 'email', 'phone'], {
		shows: (row) => joined([row.name, row.email], ' – '),
	}),
	entity('expenseitem', 'Expense Item', 'search', CODES, { whole: true }),
	entity('group', 'Department', 'search', ['name'], { whole: true, shows: byName }),
	entity(
		'organization',
		'Organization',
		'search',
		[...CODES, 'legalTitle', 'phone', 'email', 'inn'],
		{ whole: true, shows: (row) => joined([row.name, row.inn ?? row.code], ' – ') },
	),
	entity('pricetype', 'Price Type', 'here', ['name', 'externalCode'], {
		path: '/context/companysettings/pricetype',
		whole: true,
		bare: true,
		shows: byName,
	}),
	entity('product', 'Product', 'search', ARTICLES),
	entity('productfolder', 'Product Folder', 'search', ['path', ...CODES], { shows: withPath }),
	entity('project', 'Project', 'search', CODES),
	entity('region', 'Region', 'name', CODES, { whole: true }),
	entity('retailstore', 'Retail Store', 'search', ['name', 'externalCode'], {
		whole: true,
		shows: byName,
	}),
	entity('saleschannel', 'Sales Channel', 'search', CODES, { whole: true }),
	entity('service', 'Service', 'search', CODES),
	entity('store', 'Warehouse', 'search', ['path', ...CODES], { shows: withPath }),
	entity('uom', 'Unit of Measure', 'search', CODES, { whole: true, shows: byName }),
	entity('variant', 'Variant', 'search', ARTICLES),
	entity('taxrate', 'VAT Rate', 'here', [], {
		whole: true,
		shows: ({ rate, comment }) => joined([`${String(rate)} %`, comment], ' – '),
	}),
	entity('contentcard', 'Content Card', 'here', ['name'], {
		whole: true,
		shows: ({ name, cardContentName, id }) => String(name ?? cardContentName ?? id),
	}),
]);

/** The keys by which the list of a type can be filtered. */
const keysOf = (keyword: string): KeyName[] =>
	ARTICLES.filter((name) => facts[keyword].fields[name]?.filter);

/** Every collection that the forms can look into, by `meta.type`. */
export const ENTITIES: ReadonlyMap<string, Entity> = new Map([
	...BY_HAND,
	...typesThat(
		({ kind, path, does }, keyword) =>
			kind === 'dictionary' &&
			path === `/entity/${keyword}` &&
			does.includes('l') &&
			!BY_HAND.has(keyword) &&
			!SEARCHED_ELSEWHERE.has(keyword),
	).map((keyword) => {
		const { one, search } = facts[keyword];
		const keys = keysOf(keyword);
		const finds = search ? 'search' : keys.includes('name') ? 'name' : 'here';
		// A list without filters is read as a whole.
		return entity(
			keyword,
			one,
			finds,
			keys.length > 0 ? keys : ['name'],
			keys.length > 0 ? {} : { whole: true },
		);
	}),
	...typesThat(({ kind }) => kind === 'document').map((keyword) =>
		entity(
			keyword,
			facts[keyword].one,
			facts[keyword].search ? 'search' : 'here',
			// A list that cannot be filtered knows nobody by name: its objects go by ID or link.
			DOCUMENT_KEYS.filter((name) => facts[keyword].fields[name]?.filter),
			{ shows: (row) => joined([row.name, dayOf(row.moment)], ' · ') },
		),
	),
]);

/** The day of a moment in MoySklad's form. */
export function dayOf(moment: unknown): string | undefined {
	return typeof moment === 'string' ? moment.slice(0, 10) : undefined;
}

/** Name of the list search method behind the locators of an entity, or of several: `searchCounterpartyOrOrganization`. */
export function searchOf(...keywords: string[]): string {
	return `search${keywords.map((keyword) => keyword[0].toUpperCase() + keyword.slice(1)).join('Or')}`;
}

/** Goods, which have a list of their own together. */
export const GOODS: ReadonlySet<string> = new Set([
	'product',
	'variant',
	'service',
	'bundle',
	'consignment',
]);
