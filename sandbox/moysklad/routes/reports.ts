import { parseMoscow } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import type { GoodsRequest, GoodsSelection } from '../assortmentList';
import { LEGACY_ASSORTMENT } from '../assortmentList';
import { STORE_COUNT } from '../data/dictionaries';
import type { StockType } from '../data/stock';
import { STOCK_TYPES, stockNumber } from '../data/stock';
import { MoySkladError } from '../errors';
import { splitConditions } from '../filter';
import { parseListQuery } from '../query';
import { UUID_PATTERN } from '../../shared/random';
import type { MoySkladExchange } from '../reply';
import { json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';

const DAY_MS = 86_400_000;

interface CurrentQuery {
	stockType: StockType;
	zeroLines: boolean;
	rows?: number[];
	stores?: number[];
	changed?: Set<number>;
}

/** Reads `filter=assortmentId=a,b;storeId=c`, the only filter of the short report. */
function currentFilter(state: MoySkladState, text: string): Pick<CurrentQuery, 'rows' | 'stores'> {
	const result: Pick<CurrentQuery, 'rows' | 'stores'> = {};
	for (const condition of splitConditions(text)) {
		const match = /^(assortmentId|storeId)=(.*)$/.exec(condition);
		if (!match) throw new MoySkladError(1034, [`unknown condition '${condition}'`]);
		const ids = match[2].split(',').map((id) => id.trim());
		for (const id of ids) {
			if (!UUID_PATTERN.test(id)) throw new MoySkladError(1014, [id, match[1]]);
		}
		if (match[1] === 'assortmentId') {
			const rows = ids.map((id) => state.rows.findAny(id)).filter((row) => row !== undefined);
			result.rows = [...(result.rows ?? []), ...rows];
		} else {
			const stores = ids
				.map((id) => state.world.space('store').index(id))
				.filter((store) => store !== undefined && store < STORE_COUNT) as number[];
			result.stores = [...(result.stores ?? []), ...stores];
		}
	}
	return result;
}

function currentQuery(state: MoySkladState, exchange: MoySkladExchange): CurrentQuery {
	const stockType = exchange.value('stockType') ?? 'stock';
	const known = STOCK_TYPES.find((type) => type === stockType);
	if (!known) {
		throw new MoySkladError(1084, [stockType, 'stockType', STOCK_TYPES.join(', ')]);
	}
	const include = exchange.value('include');
	if (include !== undefined && include !== 'zeroLines') {
		throw new MoySkladError(1084, [include, 'include', 'zeroLines']);
	}
	const query: CurrentQuery = {
		stockType: known,
		zeroLines: include === 'zeroLines',
		...currentFilter(state, exchange.value('filter') ?? ''),
	};
	const since = exchange.value('changedSince');
	if (since !== undefined) {
		const moment = parseMoscow(since);
		if (!moment) throw new MoySkladError(1035, [], { parameter: 'changedSince' });
		if (moment.ms < Date.now() - DAY_MS) {
			throw new MoySkladError(1084, [since, 'changedSince', 'not more than 24 hours ago']);
		}
		query.changed = state.rows.stock.changedSince(moment.ms);
	}
	return query;
}

function* reportRows(state: MoySkladState, query: CurrentQuery): Generator<number> {
	const { rows } = state;
	const candidates = query.rows ?? query.changed;
	const accept = (row: number): boolean =>
		rows.exists(row) &&
		rows.hasStock(row) &&
		rows.type(row) !== 'consignment' &&
		(!query.changed || query.changed.has(row));
	if (candidates) {
		for (const row of candidates) if (accept(row)) yield row;
		return;
	}
	for (let row = 0; row < rows.size; row++) if (accept(row)) yield row;
}

function currentAll(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = currentQuery(state, exchange);
	const lines: Entity[] = [];
	for (const row of reportRows(state, query)) {
		const amount = stockNumber(state.rows.stock.total(row, query.stores), query.stockType);
		if (amount === 0 && !query.zeroLines) continue;
		lines.push({ assortmentId: state.rows.id(row), [query.stockType]: amount });
	}
	return json(lines, 200, lines.length);
}

function currentByStore(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = currentQuery(state, exchange);
	const lines: Entity[] = [];
	for (const row of reportRows(state, query)) {
		for (let store = 0; store < STORE_COUNT; store++) {
			if (query.stores && !query.stores.includes(store)) continue;
			const amount = stockNumber(state.rows.stock.at(row, store), query.stockType);
			if (amount === 0 && !query.zeroLines) continue;
			lines.push({
				assortmentId: state.rows.id(row),
				storeId: state.world.id('store', store),
				[query.stockType]: amount,
			});
		}
	}
	return json(lines, 200, lines.length);
}

/** The full reports: goods with stock, filtered as the legacy assortment filters them. */
function selection(state: MoySkladState, filter: string): GoodsSelection {
	const request: GoodsRequest = { filter, search: '', order: [], groupBy: 'variant' };
	const withMode = /(^|;)(stockMode|quantityMode)=/.test(filter)
		? filter
		: [...(filter === '' ? [] : [filter]), 'stockMode=nonEmpty'].join(';');
	return state.lists.select(LEGACY_ASSORTMENT, { ...request, filter: withMode });
}

function fullAll(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = parseListQuery(exchange);
	const chosen = selection(state, query.filter);
	const rows: Entity[] = [];
	const end = Math.min(chosen.total, query.offset + query.limit);
	for (let position = query.offset; position < end; position++) {
		const row = chosen.at(position);
		const stock = state.rows.stock.total(row, chosen.stores, chosen.moment);
		const salePrice = state.rows.value(row, 'salePrice');
		rows.push({
			meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
			stock: stock.stock,
			inTransit: stock.inTransit,
			reserve: stock.reserve,
			quantity: stockNumber(stock, 'quantity'),
			name: state.rows.value(row, 'name'),
			code: state.rows.value(row, 'code'),
			article: state.rows.value(row, 'article') ?? '',
			price: typeof salePrice === 'number' ? Math.floor(salePrice * 0.6) : 0,
			salePrice,
			externalCode: state.rows.value(row, 'externalCode'),
			stockDays: row % 90,
		});
	}
	return listPage(state, exchange, query, { type: 'stock', total: chosen.total, rows });
}

function fullByStore(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = parseListQuery(exchange);
	const chosen = selection(state, query.filter);
	const stores = state.dictionaries.get('store')?.all() ?? [];
	const rows: Entity[] = [];
	const end = Math.min(chosen.total, query.offset + query.limit);
	for (let position = query.offset; position < end; position++) {
		const row = chosen.at(position);
		const stockByStore = stores
			.map((store, index) => ({
				meta: store.meta,
				name: store.name,
				...state.rows.stock.total(row, [index], chosen.moment),
			}))
			.filter((_line, index) => !chosen.stores || chosen.stores.includes(index));
		rows.push({
			meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
			stockByStore,
		});
	}
	return listPage(state, exchange, query, { type: 'stockbystore', total: chosen.total, rows });
}

/** Stock reports: `…/current` are short arrays, the other two are full lists that cost 5 units. */
export function reportRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/report/stock`;
	return [
		{
			method: 'GET',
			path: `${path}/all/current`,
			handler: (exchange) => currentAll(state, exchange),
		},
		{
			method: 'GET',
			path: `${path}/bystore/current`,
			handler: (exchange) => currentByStore(state, exchange),
		},
		{ method: 'GET', path: `${path}/all`, handler: (exchange) => fullAll(state, exchange) },
		{ method: 'GET', path: `${path}/bystore`, handler: (exchange) => fullByStore(state, exchange) },
	];
}
