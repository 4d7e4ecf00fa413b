/** How MoySklad's lists are counted and written. Source: MoySklad docs, General information. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, ListRule, Locator } from '../shared/catalogue';
import { offsetStyle, rowsAt, RowsMissing, type PageStyle } from '../shared/road/paging';
import { searchOf } from './entities';
import { writeFilter, writeOrder } from './filter';
import { featuresOf, linkPattern, targetOf, UUID } from './references';

/** Rows a page: 1000, or 100 with `expand` (with more, MoySklad ignores `expand` and says nothing). */
const PAGE = 1000;
const PAGE_WITH_EXPAND = 100;

/** Rows that one request may ask for; `expand` and `fields` work on short pages only. */
export function pageSizeOf(query: IDataObject | undefined): number {
	return query?.expand || query?.fields ? PAGE_WITH_EXPAND : PAGE;
}

export const rowsStyle = offsetStyle({ rows: 'rows', next: 'meta.nextHref', total: 'meta.size' });

/** Lists for which no paging is documented: asked for as they are, and on along the link that an answer may have. */
export const linkedRows: PageStyle = {
	name: 'link to the next page',
	first: () => ({}),
	next: (_query, { body }) => {
		const { nextHref } = ((body as IDataObject).meta ?? {}) as IDataObject;
		if (typeof nextHref !== 'string') return undefined;
		const { searchParams } = new URL(nextHref);
		return Object.fromEntries(
			['limit', 'offset'].flatMap((name) => {
				const value = searchParams.get(name);
				return value === null ? [] : [[name, Number(value)]];
			}),
		);
	},
	rows: rowsAt('rows'),
};

/** All rows come in one answer, whatever is asked for. */
export function oneAnswer(rows: PageStyle['rows']): PageStyle {
	return { name: 'one answer', first: () => ({}), next: () => undefined, rows };
}

/** The answer is the array itself; one with `rows`, as MoySklad's other lists have, is read as well. */
export const bareStyle = oneAnswer((answer) =>
	rowsAt(Array.isArray(answer.body) ? '' : 'rows')(answer),
);

/** All states come with the metadata, in one answer. */
export const statesStyle = oneAnswer(({ body }) => {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw new RowsMissing('states');
	}
	const { states } = body as IDataObject;
	// A type without any state has no list of them either.
	return Array.isArray(states) ? (states as IDataObject[]) : [];
});

export const rowsList: ListRule = {
	style: rowsStyle,
	pageSize: (request) => pageSizeOf(request.query),
	parallel: true,
	rowKey: (row) => row.id as string | undefined,
};

/** The same, where no paging is documented. */
export const linkedList: ListRule = { ...rowsList, style: linkedRows, parallel: false };

/** The header that switches to the assortment's endpoint without stock. */
export const WITHOUT_STOCK = { 'X-Lognex-Remap-Beta-Feature': 'assortmentWithoutStock' };

/** Writes conditions and order into the query; `control.rawFilter` is added as it is. */
export function writeList(request: ApiRequest, call: Call): void {
	const filter = writeFilter(call, call.control.rawFilter as string | undefined);
	const order = writeOrder(call);
	if (filter) request.query = { ...request.query, filter };
	if (order) request.query = { ...request.query, order };
}

/**
 * A locator for one entity: from the list, by ID, or by a link – the API's or the web app's. n8n puts ^ and $
 * around the pattern and wants one group in it. `search` is needed for what `ENTITIES` does not have.
 */
export function entityLocator(entity: string, search = searchOf(entity)): Locator {
	const { plain, aliases } = featuresOf(entity);
	const { path } = targetOf(entity);
	return {
		search,
		linkAt: 'meta.href',
		id: {
			pattern: `^\\s*${UUID}\\s*$`,
			message: 'An ID looks like 7944ef04-f831-11e5-7a69-971500188b19',
			placeholder: 'e.g. 7944ef04-f831-11e5-7a69-971500188b19',
		},
		url: {
			pattern: linkPattern(`${path}/`, `(?:${[...plain, ...aliases].join('|')})`),
			placeholder: path.startsWith('/entity/')
				? `e.g. https://online.moysklad.ru/app/#${[...aliases, ...plain][0]}/edit?id=7944ef04-f831-11e5-7a69-971500188b19`
				: `e.g. https://api.moysklad.ru/api/remap/1.2${path}/7944ef04-f831-11e5-7a69-971500188b19`,
		},
		...(aliases.length > 0
			? {
					alias: `https?://[^/\\s]+/app/#(?:${aliases.join('|')})/edit\\?(?:[^\\s]*&)?id=(${UUID})`,
				}
			: {}),
	};
}

/** The same, for a reference: also by name, code or another key, which the field's `wire` leaves to be looked up. */
export function referenceLocator(entity: string): Locator {
	return { ...entityLocator(entity), words: BY_KEY };
}

export const BY_KEY = { label: 'By Name or Code', placeholder: 'e.g. Green tea' };

/** A locator for a saved filter of the web app, the same for all types, so that their forms fold. */
export function savedFilterLocator(): Locator {
	const { id } = entityLocator('any', '');
	return {
		search: 'searchSavedFilters',
		linkAt: 'meta.href',
		id,
		url: {
			pattern: linkPattern('/entity/[a-z]+/namedfilter/'),
			placeholder: `e.g. https://api.moysklad.ru/api/remap/1.2/entity/customerorder/namedfilter/7944ef04-f831-11e5-7a69-971500188b19`,
		},
	};
}
