/** What MoySklad's docs and specification say of its types. The table itself is generated (`npm run facts`). */
import { types } from './facts.generated';
import type { TypeFacts } from './typeFacts';

export type { TypeFacts, TypeField } from './typeFacts';

/** Facts of all types, by MoySklad's keyword. */
export const facts: Readonly<Record<string, TypeFacts>> = types;

/** Names that people decided; all other types are called as the facts call them. */
const CALLED: Readonly<Record<string, string>> = {
	bonustransaction: 'Bonus Transaction',
	productfolder: 'Product Folder',
};

/** What a type is called wherever it is one of several, in Title Case: `Sales Order`. */
export function typeName(keyword: string): string {
	return CALLED[keyword] ?? facts[keyword].one;
}

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

/** Query of a list that is to begin with the newest documents; empty where MoySklad cannot sort so, or for no document. */
export function newestFirst(keyword: string): { order?: string } {
	return facts[keyword]?.fields.moment?.sort ? { order: 'moment,desc' } : {};
}
