/** Lists behind references that may be of several types: one list after the other, each object with its link. */
import { NodeApiError } from 'n8n-workflow';
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { ENTITIES, searchOf, type Entity } from './entities';
import { entityList } from './entityList';
import { facts, newestFirst, typesThat } from './facts';

/** Where the next page begins: the list, and what its own search needs. */
interface Position {
	list: number;
	page?: string;
}

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** One list, with links as values: they tell the type. */
function linked(keyword: string, isFirst: boolean): Search {
	const entity = ENTITIES.get(keyword) as Entity;
	const { label, shows } = entity;
	const isDocument = facts[keyword].kind === 'document';
	const named = (row: IDataObject) => shows?.(row) ?? String(row.name);
	const entry = (row: IDataObject) => {
		const { href } = (row.meta ?? {}) as IDataObject;
		const name = isDocument
			? `${label} ${named(row)}`
			: `${named(row)}${isFirst ? '' : ` (${label.toLowerCase()})`}`;
		return typeof href === 'string' ? { name, value: href.split('?')[0] } : undefined;
	};
	return entityList(entity, entry, newestFirst(keyword));
}

/** True for what concerns one type alone: an employee may have no right to it. */
function isOneTypeRefused(error: unknown): boolean {
	const status = error instanceof NodeApiError ? Number(error.httpCode) : NaN;
	return status >= 400 && status < 500 && status !== 401 && status !== 429;
}

/** n8n goes on below the last entry; an empty page would look like the end, so the next list is asked at once. */
function among(keywords: string[]): Search {
	const searches = keywords.map((keyword, at) => linked(keyword, at === 0));
	return async function (filter, paginationToken) {
		const position: Position = paginationToken
			? (JSON.parse(paginationToken) as Position)
			: { list: 0 };
		let failure: unknown;
		let refused: unknown;
		let answered = position.list > 0;
		while (position.list < searches.length) {
			let results: INodeListSearchResult['results'] = [];
			let page: string | undefined;
			try {
				const found = await searches[position.list].call(this, filter, position.page);
				({ results } = found);
				page = found.paginationToken as string | undefined;
				answered = true;
			} catch (error) {
				if (!isOneTypeRefused(error)) {
					failure = error;
					break;
				}
				refused ??= error;
			}
			if (page === undefined) position.list += 1;
			position.page = page;
			if (results.length === 0) continue;
			const isLast = position.list >= searches.length;
			return { results, ...(isLast ? {} : { paginationToken: JSON.stringify(position) }) };
		}
		if (failure !== undefined || !answered) throw failure ?? refused;
		return { results: [] };
	};
}

const together = (...keywords: string[]) => ({ [searchOf(...keywords)]: among(keywords) });

/** What conditions on several types are about (`withSearches`), in dictionaries and documents. */
export const agentSearches = together('counterparty', 'organization');

/** The same of payments. */
export const payeeSearches = together('counterparty', 'organization', 'employee');

/** Documents that people look for most, before all others. */
const FIRST = ['customerorder', 'demand', 'invoiceout', 'purchaseorder', 'supply', 'invoicein'];

export const anyDocumentSearches = {
	searchAnyDocument: among([
		...FIRST,
		...typesThat(({ kind, does }) => kind === 'document' && does.includes('l')).filter(
			(keyword) => ENTITIES.has(keyword) && !FIRST.includes(keyword),
		),
	]),
};
