/** Lists behind resource locators ("From List"): one page at a time, through the same road. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { ApiRequest, Vendor } from './catalogue';
import { toNodeError } from './errors';
import type { PageStyle } from './paging';
import { openRoad } from './road';

/** A list search as data. */
export interface ListSearch {
	request: (context: ILoadOptionsFunctions, filter: string | undefined) => ApiRequest;
	style: PageStyle;
	pageSize: number;
	/** Row → entry of the list; undefined leaves the row out. */
	entry: (row: IDataObject) => INodeListSearchItems | undefined;
	/** The vendor cannot search: rows that do not contain the text are left out here. */
	searchHere?: boolean;
}

/** n8n's listSearch method for a search; the pagination token is the next page's query, as JSON. */
export function listSearch(vendor: Vendor, search: ListSearch) {
	return async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		try {
			const road = await openRoad(this, vendor);
			const query = paginationToken
				? (JSON.parse(paginationToken) as IDataObject)
				: search.style.first(search.pageSize);
			const request = search.request(this, filter);
			const answer = await road.send({ ...request, query: { ...request.query, ...query } });
			const rows = search.style.rows(answer);
			const next = search.style.next(query, answer, rows, search.pageSize);
			const wanted = search.searchHere ? filter?.toLowerCase() : undefined;
			const results = rows
				.map(search.entry)
				.filter((entry): entry is INodeListSearchItems => entry !== undefined)
				.filter((entry) => !wanted || entry.name.toLowerCase().includes(wanted));
			return { results, ...(next ? { paginationToken: JSON.stringify(next) } : {}) };
		} catch (error) {
			throw toNodeError(this.getNode(), vendor.name, error);
		}
	};
}
