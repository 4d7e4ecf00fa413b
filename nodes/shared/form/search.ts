/** Lists behind resource locators ("From List"): one page at a time, through the same road. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, Vendor } from '../catalogue';
import { CallFailed, plainText, toNodeError } from '../errors/errors';
import { kept } from '../road/kept';
import type { PageStyle } from '../road/paging';
import { openRoad, type Road } from '../road/road';

/** Pages that one look into the list may take. */
const PAGES_AT_A_TIME = 10;

/** A list search as data. */
export interface ListSearch {
	request: (
		context: ILoadOptionsFunctions,
		filter: string | undefined,
		road: Road,
	) => ApiRequest | Promise<ApiRequest>;
	/** Ms for which an answer is kept: lists that are long, rarely change, or may be read now and then only. */
	keptMs?: number;
	/** What to ask in place of a request that was refused in this way; undefined: nothing, the refusal is told. */
	instead?: (error: CallFailed, request: ApiRequest) => ApiRequest | undefined;
	style: PageStyle;
	pageSize: number;
	/** Rows of a page while a text is searched here, where completing them takes long. */
	searchSize?: number;
	/** Completes the rows that are shown, with further requests. */
	complete?: (rows: IDataObject[], road: Road) => Promise<IDataObject[]>;
	/** Row → entry of the list; undefined leaves the row out. */
	entry: (row: IDataObject, context: ILoadOptionsFunctions) => INodeListSearchItems | undefined;
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
			const request = await search.request(this, filter, road);
			const ask = async (query: IDataObject) => {
				const whole = { ...request, query: { ...request.query, ...query } };
				if (!search.keptMs) return await sendOrInstead(search, road, whole);
				const key = `${road.connection.budgetKey} ${JSON.stringify(whole)}`;
				return await kept(key, search.keptMs, async () => await road.send(whole));
			};
			const wanted = search.searchHere ? filter?.toLowerCase() : undefined;
			const size = wanted && search.searchSize ? search.searchSize : search.pageSize;
			const fits = (entry: INodeListSearchItems) =>
				!wanted || entry.name.toLowerCase().includes(wanted);
			let next: IDataObject | undefined = paginationToken
				? (JSON.parse(paginationToken) as IDataObject)
				: search.style.first(size);
			let results: INodeListSearchItems[] = [];
			// An empty page would look like the end of the list: go on until something fits.
			for (let page = 0; next && results.length === 0 && page < PAGES_AT_A_TIME; page++) {
				const query: IDataObject = next;
				const answer = await ask(query);
				const rows = search.style.rows(answer);
				next = search.style.next(query, answer, rows, size);
				const found = rows.filter((row) => {
					const entry = search.entry(row, this);
					return entry !== undefined && fits(entry);
				});
				const shown = search.complete ? await search.complete(found, road) : found;
				results = shown
					.map((row) => search.entry(row, this))
					.filter((entry): entry is INodeListSearchItems => entry !== undefined)
					.filter(({ value }, at, all) => all.findIndex((one) => one.value === value) === at);
			}
			return { results, ...(next ? { paginationToken: JSON.stringify(next) } : {}) };
		} catch (error) {
			throw inList(toNodeError(this.getNode(), vendor.name, error));
		}
	};
}

/** A list shows what an error says as text. */
function inList<T extends { description: string | null | undefined }>(error: T): T {
	error.description = plainText(error.description);
	return error;
}

async function sendOrInstead(
	{ instead }: ListSearch,
	road: Road,
	request: ApiRequest,
): Promise<ApiAnswer> {
	try {
		return await road.send(request);
	} catch (error) {
		const other = error instanceof CallFailed ? instead?.(error, request) : undefined;
		if (!other) throw error as Error;
		return await road.send(other);
	}
}

/** n8n's loadOptions method: the choices of a dropdown, read through the same road. */
export function loadChoices(
	vendor: Vendor,
	read: (context: ILoadOptionsFunctions, road: Road) => Promise<INodePropertyOptions[]>,
) {
	return async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		try {
			return await read(this, await openRoad(this, vendor));
		} catch (error) {
			throw inList(toNodeError(this.getNode(), vendor.name, error));
		}
	};
}
