/** Which lists of items documents have: most have one, production documents others or several. */
import { facts, type TypeField } from '../facts';

/** Lists of items as the address names them → as people do. */
export const LISTS: Record<string, string> = {
	products: 'Finished Goods',
	positions: 'Items',
	returntocommissionerpositions: 'Items Returned to the Consignor',
	productionrows: 'Production Rows',
	materials: 'Raw Materials',
};

/** The table of the items in a list of a type; the tables spell the names of lists in their own way. */
export function tableOf(keyword: string, list: string): Record<string, TypeField> | undefined {
	const name = fieldOf(keyword, list);
	return name === undefined ? undefined : facts[keyword].parts?.[name];
}

/** The field of a document that holds a list. */
export function fieldOf(keyword: string, list: string): string | undefined {
	const parts = facts[keyword]?.parts ?? {};
	const name = Object.keys(parts).find((key) => key.toLowerCase() === list);
	return facts[keyword]?.has.includes(list) ? name : undefined;
}

/** The lists of items that documents of a type have. */
export const listsOf = (keyword: string) =>
	Object.keys(LISTS).filter((list) => tableOf(keyword, list));

/** What the form holds at first. */
export const USUAL_LIST = 'positions';

/** The list that is meant: of a document with one list, for which the form does not ask, that one. */
export function listMeant(keyword: string, given: unknown): string {
	const lists = facts[keyword] ? listsOf(keyword) : [];
	return lists.length === 1 ? lists[0] : String(given ?? USUAL_LIST);
}
