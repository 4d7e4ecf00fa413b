import { parseMoscow } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { LEGACY_ASSORTMENT, sortIndexes } from '../assortmentList';
import { STORE_COUNT } from '../data/dictionaries';
import type { StockType } from '../data/stock';
import { STOCK_TYPES, stockNumber } from '../data/stock';
import { MoySkladError } from '../errors';
import { splitConditions } from '../filter';
import { parseListQuery } from '../query';
import { UUID_PATTERN } from '../../shared/random';
import type { Conditions } from '../reports';
import { reportFilter } from '../reports';
import type { MoySkladExchange } from '../reply';
import { json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { reportPage } from './moreReports';

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

/** Filters of the full reports → those of the assortment, which mean the same. */
const SAME: Record<string, string> = {
	archived: 'archived',
	moment: 'stockMoment',
	productFolder: 'productFolder',
	quantityMode: 'quantityMode',
	stockMode: 'stockMode',
	store: 'stockStore',
	supplier: 'supplier',
	withSubFolders: 'withSubFolders',
};
const GOODS = ['product', 'variant', 'consignment', 'productFolder', 'search'];
const GROUPS = ['product', 'variant', 'consignment'];

/** What the full reports can be ordered by → the value of a row (MoySklad docs: Stock report, sorting). */
const SORTS: Record<'all' | 'bystore', string[]> = {
	all: [
		'avgStockDays',
		'code',
		'inTransit',
		'minimumBalance',
		'name',
		'pathName',
		'price',
		'productCode',
		'quantity',
		'reserve',
		'salePrice',
		'stock',
		'sumTotal',
	],
	bystore: ['code', 'name', 'pathName', 'productCode', 'stockOnAllStores'],
};

/** What is to be told of which rows. */
interface Chosen {
	rows: number[];
	stores?: number[];
	moment?: number;
}

/** The rows of a full report, filtered and ordered. Throws 1034, 1063, 1084 and what `reportFilter` throws. */
function chosenRows(
	state: MoySkladState,
	exchange: MoySkladExchange,
	endpoint: 'all' | 'bystore',
): Chosen {
	const conditions = reportFilter(state, exchange, 'stock', endpoint, { attributes: true });
	const compared = GOODS.filter((field) => conditions.has(field));
	const signs = new Set(
		compared.flatMap((field) => (conditions.get(field) ?? []).map(({ operator }) => operator[0])),
	);
	if (signs.size > 1) throw new MoySkladError(1034, ['goods are compared in one way only']);
	if (endpoint === 'bystore' && compared.length > 1) {
		throw new MoySkladError(1034, [`${compared.join(' and ')} cannot be combined`]);
	}
	const groupBy = exchange.value('groupBy') ?? 'variant';
	if (!GROUPS.includes(groupBy))
		throw new MoySkladError(1084, [groupBy, 'groupBy', GROUPS.join(', ')]);
	if (
		exchange.value('includeRelated') === 'true' &&
		!conditions.has('product') &&
		!conditions.has('variant')
	) {
		throw new MoySkladError(1034, ['includeRelated needs a product or a variant']);
	}
	const parts: string[] = [];
	for (const [field, own] of conditions) {
		const name = field.includes('/') ? field : SAME[field];
		if (name !== undefined)
			parts.push(...own.map(({ operator, value }) => `${name}${operator}${value}`));
	}
	// Defaults of the docs; the report by warehouse has no other mode.
	const mode = endpoint === 'all' ? 'quantityMode' : 'stockMode';
	if (!conditions.has(mode)) parts.push(`${mode}=nonEmpty`);
	const selection = state.lists.select(LEGACY_ASSORTMENT, {
		filter: parts.join(';'),
		search: '',
		order: [],
		groupBy: groupBy as 'product' | 'variant' | 'consignment',
	});
	let rows = Array.from({ length: selection.total }, (_one, at) => selection.at(at));
	rows = narrowed(state, conditions, rows);
	const { order } = parseListQuery(exchange);
	for (const { field } of order) {
		if (!SORTS[endpoint].includes(field)) throw new MoySkladError(1063, [field]);
	}
	if (order.length > 0) {
		rows = sortIndexes(rows, order, (row, field) => sortValue(state, row, field));
	}
	return { rows, stores: selection.stores, moment: selection.moment };
}

/** Rows that name goods, or a part of a name, as the conditions want it. */
function narrowed(state: MoySkladState, conditions: Conditions, rows: number[]): number[] {
	const ids = ['product', 'variant', 'consignment'].flatMap((field) => conditions.get(field) ?? []);
	const wanted = new Set(ids.map(({ value }) => value.split('/').pop()?.toLowerCase()));
	const not = ids[0]?.operator === '!=';
	const search = conditions.get('search')?.[0];
	const flag = (field: string): boolean => conditions.get(field)?.[0].value === 'true';
	return rows.filter((row) => {
		if (ids.length > 0 && wanted.has(state.rows.id(row)) === not) return false;
		const name = String(state.rows.value(row, 'name')).toLowerCase();
		if (search && name.includes(search.value.toLowerCase()) !== (search.operator === '='))
			return false;
		const stock = state.rows.stock.total(row);
		if (flag('reserveOnly') && stock.reserve === 0) return false;
		if (flag('inTransitOnly') && stock.inTransit === 0) return false;
		const days = row % 90;
		return (
			days >= Number(conditions.get('stockDaysFrom')?.[0].value ?? 0) &&
			days <= Number(conditions.get('stockDaysTo')?.[0].value ?? 90)
		);
	});
}

function sortValue(state: MoySkladState, row: number, field: string): unknown {
	const stock = state.rows.stock.total(row);
	switch (field) {
		case 'avgStockDays':
			return row % 90;
		case 'productCode':
			return state.rows.value(row, 'article');
		case 'stockOnAllStores':
			return stock.stock;
		case 'quantity':
			return stockNumber(stock, 'quantity');
		case 'stock':
		case 'reserve':
		case 'inTransit':
			return stock[field];
		case 'price':
		case 'sumTotal':
			return costOf(state, row) * (field === 'price' ? 1 : stock.stock);
		default:
			return state.rows.value(row, field);
	}
}

function costOf(state: MoySkladState, row: number): number {
	const salePrice = state.rows.value(row, 'salePrice');
	return typeof salePrice === 'number' ? Math.floor(salePrice * 0.6) : 0;
}

function fullAll(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const { rows, stores, moment } = chosenRows(state, exchange, 'all');
	const shown = rows.map((row) => {
		const stock = state.rows.stock.total(row, stores, moment);
		return {
			meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
			stock: stock.stock,
			inTransit: stock.inTransit,
			reserve: stock.reserve,
			quantity: stockNumber(stock, 'quantity'),
			name: state.rows.value(row, 'name'),
			code: state.rows.value(row, 'code'),
			article: state.rows.value(row, 'article') ?? '',
			price: costOf(state, row),
			salePrice: state.rows.value(row, 'salePrice'),
			externalCode: state.rows.value(row, 'externalCode'),
			stockDays: row % 90,
		};
	});
	return reportPage(state, exchange, 'stock', shown);
}

function fullByStore(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const { rows, stores, moment } = chosenRows(state, exchange, 'bystore');
	const all = state.dictionaries.get('store')?.all() ?? [];
	const shown = rows.map((row) => ({
		meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
		stockByStore: all
			.map((store, index) => ({
				meta: store.meta,
				name: store.name,
				...state.rows.stock.total(row, [index], moment),
			}))
			.filter((_line, index) => !stores || stores.includes(index)),
	}));
	return reportPage(state, exchange, 'stockbystore', shown);
}

/** Bins: each warehouse has two, and what lies in it lies in the first. */
function currentByBin(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = currentQuery(state, exchange);
	if (!query.rows && !query.stores) {
		throw new MoySkladError(1034, ['assortmentId or storeId is needed']);
	}
	const lines: Entity[] = [];
	for (const row of reportRows(state, query)) {
		for (let store = 0; store < STORE_COUNT; store++) {
			if (query.stores && !query.stores.includes(store)) continue;
			const amount = stockNumber(state.rows.stock.at(row, store), query.stockType);
			if (amount === 0 && !query.zeroLines) continue;
			lines.push({
				assortmentId: state.rows.id(row),
				storeId: state.world.id('store', store),
				slotId: binId(state, store, 0),
				[query.stockType]: amount,
			});
		}
	}
	return json(lines, 200, lines.length);
}

/** Bins of each warehouse, which are read and written as other parts of objects are; away from the IDs of new ones. */
function fillBins(state: MoySkladState): void {
	for (let store = 0; store < STORE_COUNT; store++) {
		const bins = [0, 1].map((at) => ({ id: binId(state, store, at), name: `A-${at + 1}` }));
		state.orderPositions.assign(state.world.id('store', store), bins, 'store', 'slots');
	}
}

const binId = (state: MoySkladState, store: number, at: number) =>
	state.world.id('slot', 1000 + store * 2 + at);

/** Stock reports: `…/current` are short arrays, the other two are full lists that cost 5 units. */
export function reportRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/report/stock`;
	fillBins(state);
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
		{
			method: 'GET',
			path: `${path}/byslot/current`,
			handler: (exchange) => currentByBin(state, exchange),
		},
		{ method: 'GET', path: `${path}/all`, handler: (exchange) => fullAll(state, exchange) },
		{ method: 'GET', path: `${path}/bystore`, handler: (exchange) => fullByStore(state, exchange) },
	];
}
