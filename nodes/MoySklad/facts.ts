/** What MoySklad's docs and specification say of its types. The table itself is generated (`npm run facts`). */
import { types } from './facts.generated';

/** One field of a type. */
export interface TypeField {
	/** Label in English (ours), after MoySklad's own interface. */
	label: string;
	/** `string`, `text`, `boolean`, `integer`, `number`, `dateTime`, `uuid`, `enum`, `ref`, `refs`, `object`, … */
	kind: string;
	/** Types that a reference may point to. */
	ref?: string[];
	/** `kopecks`, `percent`, `bytes`, `MSK` (Moscow time). */
	unit?: string;
	/** Known values of an enumeration. */
	values?: string[];
	/** Characters of a text. */
	max?: number;
	required?: boolean;
	readOnly?: boolean;
	/** Signs with which lists can be filtered by it, with blanks between them. */
	filter?: string;
	/** The same at the older of two endpoints (assortment). */
	olderFilter?: string;
	sort?: boolean;
	expand?: boolean;
	/** Only a filter or an order of the list: objects do not have it. */
	listOnly?: boolean;
	/** A link to other documents. */
	link?: boolean;
	/** Of a report's filter: several values may be given, and none (which finds what is empty). */
	several?: boolean;
	orEmpty?: boolean;
}

/** One type of MoySklad's API. */
export interface TypeFacts {
	kind: 'dictionary' | 'document' | 'subresource' | 'report' | 'system';
	one: string;
	many: string;
	/** The term of the web app, in Russian. */
	local?: string;
	/** Collection below the API root. */
	path?: string;
	/** l list, c create, r read, u update, d delete, D delete many, t recycle bin. */
	does: string;
	/** `metadata`, `attributes`, `states`, `syncId`, `template`, and parts such as `files`, `notes`, `positions`. */
	has: string[];
	/** Where the list's `search` looks; empty when it has none. */
	search?: string[];
	fields: Record<string, TypeField>;
	/** Fields of the objects inside, by the name of their list: `positions`, … */
	parts?: Record<string, Record<string, TypeField>>;
	/** What reports can be filtered by, by the end of their address: `all`, `bystore`, … */
	filters?: Record<string, Record<string, TypeField>>;
}

/** Facts of all types, by MoySklad's keyword. */
export const facts: Readonly<Record<string, TypeFacts>> = types;

/** The keywords of the types for which `test` holds, in the order of the table. */
export function typesThat(test: (type: TypeFacts, keyword: string) => boolean): string[] {
	return Object.keys(facts).filter((keyword) => test(facts[keyword], keyword));
}

/**
 * Conditions with which the list of a type hides nothing: lists leave out archived objects, done tasks and
 * documents in the recycle bin. Undefined where nothing is hidden. Source: MoySklad docs, field tables; Documents,
 * common information.
 */
export function hiddenConditionsOf(keyword: string): string | undefined {
	const field = hiddenBy(keyword);
	return field && `${field}=true;${field}=false`;
}

/** The field by which the list of a type leaves objects out unless it is asked for them. */
export function hiddenBy(keyword: string): 'archived' | 'done' | 'isDeleted' | undefined {
	const type = facts[keyword];
	if (!type) return undefined;
	if (keyword === 'task') return 'done';
	const { archived } = type.fields;
	if (archived?.filter && !archived.listOnly) return 'archived';
	return hasBin(type) ? 'isDeleted' : undefined;
}

/** Goods keep their custom attributes with the products (MoySklad docs, Custom attributes). */
const GOODS = new Set(['bundle', 'service', 'variant']);

/** The type in whose metadata the custom attributes of a type are defined. */
export function attributeOwner(keyword: string): string {
	return GOODS.has(keyword) ? 'product' : keyword;
}

/** A document that goes to the recycle bin first. Stages of production are no lists of documents of their own. */
export function hasBin({ kind, does }: TypeFacts): boolean {
	return kind === 'document' && does.includes('t') && does.includes('r');
}
