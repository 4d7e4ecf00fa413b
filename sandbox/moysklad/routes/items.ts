/** Items of documents, and the recycle bin (MoySklad docs: positions of each document; Recycle bin). */
import { moscowMillis } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import {
	ITEM_LISTS,
	itemListsOf,
	itemTable,
	partType,
	readItem,
	sumOfItems,
} from '../data/documents';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { requireRow } from '../goods';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import type { Collection } from '../writing';
import { checkId, disabledPrefixes, writingRoutes } from '../writing';

/** The document of a request. Throws 1000, 1021. */
function documentOf(state: MoySkladState, exchange: MoySkladExchange, keyword: string): Entity {
	const { owner } = exchange.params;
	checkId(owner);
	// Goods are no dictionary; their parts belong to the row.
	if (keyword === 'product') return state.rows.entity(requireRow(state, keyword, owner));
	const found = state.dictionary(keyword).find(owner);
	if (!found) throw new MoySkladError(1021, [keyword, owner]);
	return found;
}

function itemCollection(state: MoySkladState, keyword: string, list: string): Collection<Entity> {
	const { orderPositions: items } = state;
	const type = partType(keyword, list);
	const { field } = itemTable(keyword, list) as { field: string };
	/** The document has other items now: its field and its sum follow. */
	const changed = (document: Entity): void => {
		const id = String(document.id);
		if (keyword === 'product') return;
		const sum = 'sum' in document ? { sum: sumOfItems(items.list(id, list)) } : {};
		state
			.dictionary(keyword)
			.change(document, { [field]: items.collection(id, keyword, list), ...sum });
	};
	return {
		type,
		idParameter: 'item',
		answersArray: true,
		href: (exchange) => `${state.world.href(keyword, exchange.params.owner)}/${list}`,
		find: (id, exchange) => {
			const document = documentOf(state, exchange, keyword);
			const found = items.list(String(document.id), list).find((item) => item.id === id);
			if (!found) throw new MoySkladError(1021, [type, id]);
			return found;
		},
		show: (item, exchange) =>
			expandEntity(item, parseExpand(exchange.value('expand')), state.expandSource),
		create: (fields, exchange) => {
			const document = documentOf(state, exchange, keyword);
			const row = readItem(keyword, list, fields, state, true);
			const handle = items.add(String(document.id), row, keyword, list);
			changed(document);
			const event = { type: keyword, id: String(document.id), action: 'UPDATE' as const };
			return { handle, event: { ...event, updatedFields: [field] } };
		},
		update: (item, fields, exchange) => {
			const document = documentOf(state, exchange, keyword);
			Object.assign(item, readItem(keyword, list, fields, state, false));
			changed(document);
			const id = String(document.id);
			return { type: keyword, id, action: 'UPDATE', updatedFields: [field] };
		},
		remove: (item, exchange) => {
			const document = documentOf(state, exchange, keyword);
			items.remove(String(document.id), String(item.id), list);
			changed(document);
			const id = String(document.id);
			return { type: keyword, id, action: 'UPDATE', updatedFields: [field] };
		},
	};
}

function listItems(
	state: MoySkladState,
	exchange: MoySkladExchange,
	keyword: string,
	list: string,
): VendorReply {
	const document = documentOf(state, exchange, keyword);
	const query = parseListQuery(exchange);
	const all = state.orderPositions.list(String(document.id), list);
	const rows = all
		.slice(query.offset, query.offset + query.limit)
		.map((item) => expandEntity(item, query.expand, state.expandSource));
	return listPage(state, exchange, query, {
		type: partType(keyword, list),
		total: all.length,
		rows,
	});
}

/** `POST /entity/<type>/<id>/trash`. */
function trash(state: MoySkladState, exchange: MoySkladExchange, keyword: string): VendorReply {
	const document = documentOf(state, exchange, keyword);
	const prefixes = disabledPrefixes(exchange);
	const { uid } = callerOf(exchange);
	state.dictionary(keyword).change(document, { deleted: moscowMillis(Date.now()) }, uid);
	state.publish([{ type: keyword, id: String(document.id), action: 'DELETE' }], uid, prefixes);
	return json({});
}

/** The routes of all types of documents. */
export function itemRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const routes: Array<VendorRoute<MoySkladSession>> = [];
	for (const keyword of ['product', ...state.dictionaries.keys()]) {
		const lists = itemListsOf(keyword).filter((list) => ITEM_LISTS.includes(list));
		for (const list of lists) {
			const path = `${base}/entity/${keyword}/:owner/${list}`;
			routes.push(
				{ method: 'GET', path, handler: (exchange) => listItems(state, exchange, keyword, list) },
				...writingRoutes(path, state, itemCollection(state, keyword, list)),
			);
		}
		if (state.dictionaries.get(keyword)?.definition.hides === 'isDeleted') {
			const path = `${base}/entity/${keyword}/:owner/trash`;
			routes.push({ method: 'POST', path, handler: (exchange) => trash(state, exchange, keyword) });
		}
	}
	return routes;
}
