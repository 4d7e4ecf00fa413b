/**
 * Changed objects, many in one list request. Source: MoySklad docs, Filtering (repeated `=` of one field are
 * alternatives) and the field tables; reference of the project §2.4, §2.5, §4.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../../shared/catalogue';
import { CallFailed, isNotFound } from '../../shared/errors/errors';
import { rowsAt } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import type { Road } from '../../shared/road/road';
import { hiddenConditionsOf } from '../facts';
import { isUuid } from '../references';

/** IDs per request: their conditions stay below 8 KB of address, and `expand` works on pages of 100. */
const IDS_AT_A_TIME = 100;

/** Refusals that concern the caller or the moment, not the way of asking. */
const NOT_THE_WAY = new Set([401, 403, 429]);

/** Where an object is: its collection below the API root, and its ID. */
export interface ObjectPlace {
	/** E.g. `/entity/product`; elements of custom dictionaries have the dictionary's ID in it. */
	collection: string;
	id: string;
}

/** The place that an event's link names. The host of the link is not used: the API root of the credential is. */
export function placeOf(type: string, href: string): ObjectPlace | undefined {
	const path = /\/entity\/([a-z]+(?:\/[0-9a-f-]{36})?)\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(href);
	if (!path || !isUuid(path[2])) return undefined;
	const [keyword] = path[1].split('/');
	if (keyword.toLowerCase() !== type.toLowerCase()) return undefined;
	return { collection: `/entity/${path[1]}`, id: path[2].toLowerCase() };
}

/** Name of a place in the result of `fetchObjects`. */
export const placeName = ({ collection, id }: ObjectPlace): string => `${collection}/${id}`;

/**
 * The objects at these places, by `placeName`; those that do not exist (any more) are missing. One list request per
 * collection and 100 objects. Throws what the road throws.
 */
export async function fetchObjects(
	road: Road,
	places: ObjectPlace[],
	options: { expand?: string; headers?: Record<string, string> } = {},
): Promise<Map<string, IDataObject>> {
	const byCollection = new Map<string, Set<string>>();
	for (const { collection, id } of places) {
		const ids = byCollection.get(collection) ?? new Set();
		byCollection.set(collection, ids.add(id));
	}
	const found = new Map<string, IDataObject>();
	const shares: Array<{ collection: string; ids: string[] }> = [];
	for (const [collection, ids] of byCollection) {
		const all = [...ids];
		for (let from = 0; from < all.length; from += IDS_AT_A_TIME) {
			shares.push({ collection, ids: all.slice(from, from + IDS_AT_A_TIME) });
		}
	}
	await inParallel(shares, async ({ collection, ids }) => {
		for (const [id, row] of await fetchShare(road, collection, ids, options)) {
			found.set(placeName({ collection, id }), row);
		}
	});
	return found;
}

type Found = Map<string, IDataObject>;

async function fetchShare(
	road: Road,
	collection: string,
	ids: string[],
	options: { expand?: string; headers?: Record<string, string> },
): Promise<Found> {
	const hidden = hiddenConditionsOf(
		collection === ASSORTMENT ? 'product' : collectionType(collection),
	);
	const list = async (conditions: string | undefined): Promise<Found | undefined> => {
		const filter = [...ids.map((id) => `id=${id}`), ...(conditions ? [conditions] : [])].join(';');
		const { expand, headers } = options;
		const query = { filter, limit: IDS_AT_A_TIME, ...(expand ? { expand } : {}) };
		const request: ApiRequest = { method: 'GET', path: collection, query, headers };
		try {
			const rows = rowsAt('rows')(await road.send(request));
			return new Map(rows.map((row) => [String(row.id).toLowerCase(), row]));
		} catch (error) {
			if (isAboutTheWay(error)) return undefined;
			throw error as Error;
		}
	};
	if (hidden) {
		const rows = await list(hidden);
		if (rows) return rows;
	}
	// A list of which nobody knows what it hides, or that cannot be filtered: what it lacks is asked for singly.
	const rows: Found = (await list(undefined)) ?? new Map();
	const missing = ids.filter((id) => !rows.has(id));
	await inParallel(missing, async (id) => {
		const row = await fetchOne(road, collection, id, options.expand);
		if (row) rows.set(id, row);
	});
	return rows;
}

/** Goods of all types. */
export const ASSORTMENT = '/entity/assortment';

function collectionType(collection: string): string {
	return collection.split('/')[2];
}

async function fetchOne(
	road: Road,
	collection: string,
	id: string,
	expand: string | undefined,
): Promise<IDataObject | undefined> {
	try {
		const path = `${collection}/${id}`;
		const answer = await road.send({ method: 'GET', path, query: expand ? { expand } : {} });
		return answer.body as IDataObject;
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error as Error;
	}
}

/** True when MoySklad refused the filter or knows no such list, so that another way may work. */
function isAboutTheWay(error: unknown): boolean {
	if (!(error instanceof CallFailed)) return false;
	const { status, tooMuch } = error.details;
	return (
		status !== undefined &&
		status >= 400 &&
		status < 500 &&
		!NOT_THE_WAY.has(status) &&
		tooMuch !== true
	);
}
