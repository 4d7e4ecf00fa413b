/**
 * What references point to: the lists in which people look for objects, and the fields by which they name them.
 * Source: MoySklad docs, field tables (column "filtering") and search; reference of the project §1, documents §7.
 */
import type { IDataObject } from 'n8n-workflow';

import { facts, typeName, typesThat } from './facts';

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

/** What people decide about a collection; all else is a fact. */
type Decided = Partial<Pick<Entity, 'keys' | 'whole' | 'bare' | 'shows'>>;

const joined = (parts: unknown[], by: string) => parts.filter(Boolean).join(by);

const withCode = (row: IDataObject) => joined([row.name, row.code ?? row.article], ' – ');
const withPath = (row: IDataObject) => joined([row.pathName, row.name], '/');
const withDay = (row: IDataObject) => joined([row.name, dayOf(row.moment)], ' · ');

const CODES: KeyName[] = ['name', 'code', 'externalCode'];
/** What names an object wherever its list can be filtered by it, in this order. */
const KEYS: KeyName[] = [...CODES, 'article'];
const DOCUMENT_KEYS: KeyName[] = ['name', 'externalCode'];

/** Types whose locators show more than a name (`searches.ts`). */
const SEARCHED_ELSEWHERE = new Set([
	'assortment',
	'bonustransaction',
	'task',
	'webhook',
	'webhookstock',
]);

/** Types outside of /entity/ whose objects references name. */
const ELSEWHERE = new Set(['pricetype']);

/** Keys that lists cannot be filtered by (INN, login) are found by the list's search (`lookup.ts`). */
const DECIDED: Readonly<Record<string, Decided>> = {
	contentcard: {
		shows: ({ name, cardContentName, id }) => String(name ?? cardContentName ?? id),
	},
	contract: { shows: withDay },
	counterparty: {
		keys: [...CODES, 'phone', 'email', 'inn'],
		shows: (row) => joined([row.name, row.inn ?? row.phone ?? row.email ?? row.code], ' – '),
	},
	country: { whole: true },
	currency: {
		keys: ['isoCode', 'name', 'code', 'fullName'],
		whole: true,
		shows: (row) => joined([row.name, row.isoCode], ' – '),
	},
	employee: {
		keys: ['name', 'externalCode', 'login', 'email', 'phone'],
		shows: (row) => joined([row.name, row.email], ' – '),
	},
	expenseitem: { whole: true },
	organization: {
		keys: [...CODES, 'legalTitle', 'phone', 'email', 'inn'],
		whole: true,
		shows: (row) => joined([row.name, row.inn ?? row.code], ' – '),
	},
	pricetype: { keys: ['name', 'externalCode'], bare: true },
	productfolder: { keys: ['path', ...CODES], shows: withPath },
	region: { whole: true },
	retailstore: { whole: true },
	saleschannel: { whole: true },
	store: { keys: ['path', ...CODES], shows: withPath },
	taxrate: {
		keys: [],
		shows: ({ rate, comment }) => joined([`${String(rate)} %`, comment], ' – '),
	},
	uom: { whole: true, shows: (row) => String(row.name) },
};

/** Every collection that the forms can look into, by `meta.type`. */
export const ENTITIES: ReadonlyMap<string, Entity> = new Map([
	...typesThat(
		({ kind, path, does }, keyword) =>
			kind === 'dictionary' &&
			does.includes('l') &&
			(path === `/entity/${keyword}` || ELSEWHERE.has(keyword)) &&
			!SEARCHED_ELSEWHERE.has(keyword),
	).map((keyword): [string, Entity] => {
		const found = filteredBy(keyword, KEYS);
		const inList = found.includes('name') ? 'name' : 'here';
		return [
			keyword,
			{
				label: typeName(keyword),
				path: String(facts[keyword].path),
				finds: facts[keyword].search ? 'search' : inList,
				keys: found.length > 0 ? found : ['name'],
				shows: withCode,
				// A list without filters is read as a whole.
				...(found.length > 0 ? {} : { whole: true }),
				...DECIDED[keyword],
			},
		];
	}),
	...typesThat(({ kind }) => kind === 'document').map((keyword): [string, Entity] => [
		keyword,
		{
			label: typeName(keyword),
			path: `/entity/${keyword}`,
			finds: facts[keyword].search ? 'search' : 'here',
			// A list that cannot be filtered knows nobody by name: its objects go by ID or link.
			keys: filteredBy(keyword, DOCUMENT_KEYS),
			shows: withDay,
		},
	]),
]);

/** Those of the keys by which the list of a type can be filtered. */
function filteredBy(keyword: string, keys: KeyName[]): KeyName[] {
	return keys.filter((name) => facts[keyword].fields[name]?.filter);
}

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
