import type { VendorReply, VendorRoute } from '../../shared/server';
import type { GoodsList, GoodsRequest, GoodsSelection } from '../assortmentList';
import { LEGACY_ASSORTMENT, NEW_ASSORTMENT } from '../assortmentList';
import { stockNumber } from '../data/stock';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';

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

function rowJson(state: MoySkladState, row: number, extra: Entity, expand: string[][]): string {
	if (expand.length > 0) {
		const entity = Object.assign(state.rows.entity(row), extra);
		return JSON.stringify(expandEntity(entity, expand, state.expandSource));
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
		exchange.url,
	].join(' ');
	const cached = state.pages.get(cacheKey);
	if (cached) return { status: 200, headers: GZIPPED, ...cached };
	const query = parseListQuery(exchange);
	const request: GoodsRequest = {
		filter: query.filter,
		search: query.search,
		order: query.order,
		groupBy: list.type === undefined ? groupBy(exchange) : 'consignment',
	};
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
		json.push(rowJson(state, row, extra, expand));
	}
	const page = listPage(state, exchange, query, { type, total: selection.total, json });
	return { ...page, cacheKey };
}

/** `GET /entity/assortment`, both endpoints. */
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
	];
}
