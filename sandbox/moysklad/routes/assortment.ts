import type { VendorReply, VendorRoute } from '../../shared/server';
import type { GoodsList, GoodsRequest, GoodsSelection } from '../assortmentList';
import { LEGACY_ASSORTMENT, NEW_ASSORTMENT } from '../assortmentList';
import { metaId, readArray } from '../body';
import { stockNumber } from '../data/stock';
import type { EntityEvent } from '../events';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { isEntity } from '../fields';
import { expansion, requireRow, wantsPermanentLinks } from '../goods';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { bulkReply, callerOf, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { deletedInfo, disabledPrefixes } from '../writing';
import { startExport, wantsAsync } from './async';

const GROUPS = ['product', 'variant', 'consignment'] as const;
const BETA_HEADER = 'x-lognex-remap-beta-feature';
const BETA_FEATURE = 'assortmentWithoutStock';
const GZIPPED = {
	'content-type': 'application/json;charset=utf-8',
	'content-encoding': 'gzip',
};

function groupBy(exchange: MoySkladExchange): GoodsRequest['groupBy'] {
	const text = exchange.value('groupBy');
	if (text === undefined) return 'variant';
	const group = GROUPS.find((name) => name === text);
	if (!group) {
		throw new MoySkladError(1084, [text, 'groupBy', GROUPS.join(', ')], { parameter: 'groupBy' });
	}
	return group;
}

/** The stock fields of a row; none for bundles and services (MoySklad docs: Assortment). */
function stockOf(state: MoySkladState, row: number, selection: GoodsSelection): Entity {
	if (!state.rows.hasStock(row)) return {};
	const total = state.rows.stock.total(row, selection.stores, selection.moment);
	const { stock, reserve, inTransit } = total;
	return { stock, reserve, inTransit, quantity: stockNumber(total, 'quantity') };
}

function rowJson(
	state: MoySkladState,
	row: number,
	extra: Entity,
	expand: string[][] = [],
	permanent = false,
): string {
	if (expand.length > 0) {
		const entity = Object.assign(state.rows.entity(row), extra);
		return JSON.stringify(expandEntity(entity, expand, expansion(state, permanent)));
	}
	const text = state.rows.json(row);
	const more = JSON.stringify(extra);
	return more === '{}' ? text : `${text.slice(0, -1)},${more.slice(1)}`;
}

/** Serves a list of goods. */
export function goodsPage(
	state: MoySkladState,
	exchange: MoySkladExchange,
	list: GoodsList,
	type: string,
): VendorReply {
	const cacheKey = [
		callerOf(exchange).key,
		exchange.header(BETA_HEADER) ?? '',
		state.rows.version,
		state.tariff,
		exchange.url,
	].join(' ');
	const cached = state.pages.get(cacheKey);
	if (cached) return { status: 200, headers: GZIPPED, ...cached };
	const parsed = parseListQuery(exchange);
	if (list.type === undefined && exchange.value('namedfilter') !== undefined) {
		// MoySklad docs: saved filters work on all lists but the assortment.
		throw new MoySkladError(63001, [], { parameter: 'namedfilter' });
	}
	const query = state.namedFilters.apply(exchange, type, parsed);
	const permanent = wantsPermanentLinks(state, exchange, query.limit);
	const request: GoodsRequest = {
		filter: query.filter,
		search: query.search,
		order: query.order,
		groupBy: list.type === undefined ? groupBy(exchange) : 'consignment',
	};
	if (wantsAsync(exchange)) {
		if (list.type !== undefined) throw new MoySkladError(61000);
		return startExport(state, exchange, {
			list,
			type,
			request,
			json: (selection, position) => {
				const row = selection.at(position);
				return rowJson(state, row, list.stock ? stockOf(state, row, selection) : {});
			},
		});
	}
	const selection = state.lists.select(list, request);
	const unknown = query.expand.find(([first]) => !list.expand.has(first));
	if (list.strictExpand) {
		const tooDeep = query.expand.find((path) => path.length > 1);
		const refused = unknown ?? tooDeep;
		if (refused) throw new MoySkladError(1089, [refused.join('.')], { parameter: 'expand' });
	}
	const expand = query.expand.filter(([first]) => list.expand.has(first));
	const json: string[] = [];
	const end = Math.min(selection.total, query.offset + query.limit);
	for (let position = query.offset; position < end; position++) {
		const row = selection.at(position);
		const extra = list.stock ? stockOf(state, row, selection) : {};
		json.push(rowJson(state, row, extra, expand, permanent));
	}
	const page = listPage(state, exchange, query, { type, total: selection.total, json });
	return { ...page, cacheKey };
}

const DELETABLE = ['product', 'service', 'variant', 'bundle'];

/** Deletes the object that a meta of any type of goods names. */
function remove(
	state: MoySkladState,
	exchange: MoySkladExchange,
	element: Entity,
): { event: EntityEvent; info: Entity } {
	const wanted = isEntity(element.meta) ? element.meta.type : undefined;
	// Any other type, and an incomplete meta, is refused as that of a wrong product.
	const type = DELETABLE.find((one) => one === wanted) ?? 'product';
	const id = metaId(element, type, state.world.base, 'assortment');
	state.rows.remove(requireRow(state, type, id));
	return { event: { type, id, action: 'DELETE' }, info: deletedInfo(exchange, type, id) };
}

/** `GET /entity/assortment`, both endpoints, and the deletion of goods of all types. */
export function assortmentRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [
		{
			method: 'GET',
			path: `${base}/entity/assortment`,
			handler: (exchange) => {
				const list =
					exchange.header(BETA_HEADER) === BETA_FEATURE ? NEW_ASSORTMENT : LEGACY_ASSORTMENT;
				return goodsPage(state, exchange, list, 'assortment');
			},
		},
		{
			method: 'POST',
			path: `${base}/entity/assortment/delete`,
			handler: (exchange) => {
				const prefixes = disabledPrefixes(exchange);
				const events: EntityEvent[] = [];
				const reply = bulkReply(state, exchange, readArray(exchange), (element) => {
					const { event, info } = remove(state, exchange, element);
					events.push(event);
					return info;
				});
				state.publish(events, callerOf(exchange).uid, prefixes);
				return reply;
			},
		},
	];
}
