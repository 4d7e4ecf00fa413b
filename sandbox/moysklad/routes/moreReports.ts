import type { VendorReply, VendorRoute } from '../../shared/server';
import { mix, UUID_PATTERN } from '../../shared/random';
import { readObject } from '../body';
import { STORE_COUNT } from '../data/dictionaries';
import { stockNumber } from '../data/stock';
import { MoySkladError } from '../errors';
import { parseFilter } from '../filter';
import { parseListQuery } from '../query';
import type { Conditions } from '../reports';
import {
	figures,
	goodsRows,
	idOf,
	periodOf,
	profit,
	reportFilter,
	seriesOf,
	shortItem,
} from '../reports';
import type { MoySkladExchange } from '../reply';
import { json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE } from '../world';
import { checkId } from '../writing';
import { contextOf, startTask, wantsAsync } from './async';

type Handler = (state: MoySkladState, exchange: MoySkladExchange) => VendorReply;

/** Documents that a report on one document knows (MoySklad docs: Stock by documents). */
const STOCK_DOCUMENTS = [
	'customerorder',
	'demand',
	'invoicein',
	'invoiceout',
	'purchaseorder',
	'purchasereturn',
	'retaildemand',
	'retailsalesreturn',
	'salesreturn',
	'supply',
];

/** A page of rows, or a task for all of them. */
export function reportPage(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: string,
	rows: Entity[],
	mayBeAsync = true,
): VendorReply {
	if (mayBeAsync && wantsAsync(exchange)) {
		return task(state, exchange, { meta: { type, size: rows.length }, rows });
	}
	const query = parseListQuery(exchange);
	const shown = rows.slice(query.offset, query.offset + query.limit);
	return listPage(state, exchange, query, { type, total: rows.length, rows: shown });
}

/** One answer with everything, or a task for it. */
function whole(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: string,
	body: Entity,
	mayBeAsync = true,
): VendorReply {
	if (mayBeAsync && wantsAsync(exchange)) return task(state, exchange, body);
	const href = state.world.base + exchange.path.replace(/^.*\/api\/remap\/1\.2/, '');
	const context = contextOf(state, exchange);
	return json({ context, meta: { href, type, mediaType: MEDIA_TYPE }, ...body });
}

function task(state: MoySkladState, exchange: MoySkladExchange, body: Entity): VendorReply {
	const text = JSON.stringify({ context: contextOf(state, exchange), ...body });
	return startTask(
		state,
		exchange,
		() => text,
		() => [text],
	);
}

// -------------------------------------------------------------------------------------- turnover

function turnoverAll(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const conditions = reportFilter(state, exchange, 'turnover', 'all', { attributes: true });
	periodOf(exchange);
	const grouped = exchange.value('groupBy') ?? 'product';
	if (grouped !== 'product' && grouped !== 'variant') {
		throw new MoySkladError(1084, [grouped, 'groupBy', 'product, variant']);
	}
	const types = grouped === 'product' ? ['product'] : ['product', 'variant'];
	const rows = goodsRows(state, conditions, (type) => types.includes(type)).map((row) => ({
		assortment: shortItem(state, row),
		...figures(state, row, 0),
	}));
	return reportPage(state, exchange, 'turnover', rows, false);
}

/** The one item that a report needs. Throws 1034 without it. */
function oneItem(state: MoySkladState, conditions: Conditions, fields: string[]): number {
	const id = fields.map((field) => idOf(conditions, field)).find((one) => one !== undefined);
	if (id === undefined) throw new MoySkladError(1034, [`${fields.join(' or ')} is needed`]);
	const row = state.rows.findAny(id);
	if (row === undefined) throw new MoySkladError(1021, ['assortment', id]);
	return row;
}

function turnoverByStore(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const conditions = reportFilter(state, exchange, 'turnover', 'bystore');
	periodOf(exchange);
	const row = oneItem(state, conditions, ['product', 'variant']);
	const stores = (state.dictionaries.get('store')?.all() ?? []).slice(0, STORE_COUNT);
	const rows = [
		{
			assortment: shortItem(state, row),
			stockByStore: stores.map(({ meta, name }, place) => ({
				store: { meta, name },
				...figures(state, row, place + 1),
			})),
		},
	];
	return whole(state, exchange, 'turnoverbystore', { rows }, false);
}

function turnoverByDocument(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const conditions = reportFilter(state, exchange, 'turnover', 'bystore');
	periodOf(exchange);
	const row = oneItem(state, conditions, ['product', 'variant']);
	const [store] = state.dictionary('store').all();
	const rows = state
		.dictionary('supply')
		.all()
		.map(({ meta, name, moment, agent }, index) => {
			const quantity = 1 + (mix(state.world.seed, 72, row + index) % 20);
			return {
				assortment: shortItem(state, row),
				store: { meta: store.meta, name: store.name },
				operation: { meta, name, moment, agent },
				quantity,
				cost: 1500,
				sum: quantity * 1500,
			};
		});
	return whole(state, exchange, 'turnoverbyoperation', { rows }, false);
}

// ---------------------------------------------------------------------------------------- profit

const profitOf =
	(endpoint: string, rowsOf: (state: MoySkladState, conditions: Conditions) => Entity[]): Handler =>
	(state, exchange) => {
		const conditions = reportFilter(state, exchange, 'profit', endpoint);
		if (conditions.has('product') && conditions.has('productFolder')) {
			throw new MoySkladError(1034, ['product and productFolder cannot be combined']);
		}
		periodOf(exchange);
		return reportPage(state, exchange, `salesby${endpoint.slice(2)}`, rowsOf(state, conditions));
	};

const byGoods =
	(...types: string[]) =>
	(state: MoySkladState, conditions: Conditions): Entity[] =>
		goodsRows(state, conditions, (type) => types.includes(type)).map((row) => ({
			assortment: shortItem(state, row),
			...profit(state, 73, row, true),
		}));

const byObjects =
	(keyword: string, field: string, more: string[] = []) =>
	(state: MoySkladState): Entity[] =>
		state
			.dictionary(keyword)
			.all()
			.slice(0, 50)
			.map((one, index) => ({
				[field]: Object.fromEntries(['meta', 'name', ...more].map((name) => [name, one[name]])),
				...profit(state, 74, index, false),
			}));

// ----------------------------------------------------------------------------------------- money

const chart =
	(keyword: 'money' | 'sales' | 'orders'): Handler =>
	(state, exchange) => {
		const conditions = reportFilter(state, exchange, keyword, 'plotseries', { several: true });
		const series = seriesOf(state, exchange, keyword, conditions);
		const total = (field: string) =>
			series.reduce((sum, point) => sum + Number(point[field] ?? 0), 0);
		const totals = keyword === 'money' ? { credit: total('credit'), debit: total('debit') } : {};
		return whole(state, exchange, `${keyword}plotseries`, { ...totals, series });
	};

function balances(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const rows = state
		.dictionary('organization')
		.all()
		.flatMap(({ meta, name, id }, index) => {
			const organization = { meta, name };
			const amount = mix(state.world.seed, 75, index) % 1_000_000;
			const account = {
				meta: {
					href: `${state.world.href('organization', String(id))}/accounts/${String(id)}`,
					type: 'account',
					mediaType: MEDIA_TYPE,
				},
				name: `4070281000000000000${index}`,
			};
			return [
				{ organization, balance: amount },
				{ organization, account, balance: amount * 2 },
			];
		});
	return whole(state, exchange, 'moneyreport', { rows });
}

const DAYS: Record<string, number> = { day: 1, week: 7, month: 30 };

function dashboard(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const days = DAYS[exchange.params.period];
	if (days === undefined) throw new MoySkladError(1002, [exchange.path]);
	const of = (salt: number) => (mix(state.world.seed, salt, days) % 1000) * days;
	const body = {
		sales: { count: of(76), amount: of(77) * 100, movementAmount: of(78) * 100 - 50_000 },
		orders: { count: of(79), amount: of(80) * 100, movementAmount: 0 },
		money: {
			income: of(81) * 100,
			outcome: of(82) * 100,
			balance: 69_700,
			todayMovement: 100,
			movement: 100 * days,
		},
	};
	if (wantsAsync(exchange)) return task(state, exchange, body);
	return json(body);
}

// -------------------------------------------------------------------------------- counterparties

function indicators(state: MoySkladState, counterparty: Entity, index: number): Entity {
	const h = mix(state.world.seed, 83, index);
	const [count, receipt] = [h % 20, 1000 + ((h >>> 5) % 9000)];
	const { meta, id, name, companyType, externalCode, updated } = counterparty;
	return {
		meta: {
			href: `${state.world.base}/report/counterparty/${String(id)}`,
			type: 'counterparty',
			mediaType: MEDIA_TYPE,
		},
		counterparty: { meta, id, name, companyType: companyType ?? 'legal', externalCode },
		firstDemandDate: count === 0 ? null : '2025-02-01 10:00:00.000',
		lastDemandDate: count === 0 ? null : '2026-11-01 10:00:00.000',
		demandsCount: count,
		demandsSum: count * receipt,
		averageReceipt: receipt,
		returnsCount: 0,
		returnsSum: 0,
		discountsSum: 0,
		balance: ((h >>> 8) % 2001) - 1000,
		bonusBalance: 0,
		profit: count * Math.floor(receipt * 0.3),
		lastEventDate: null,
		lastEventText: null,
		updated: typeof updated === 'string' ? updated.slice(0, 19) : null,
	};
}

const allIndicators = (state: MoySkladState): Entity[] =>
	state
		.dictionary('counterparty')
		.all()
		.map((one, index) => indicators(state, one, index));

function counterparties(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const conditions = reportFilter(state, exchange, 'report.counterparty', 'counterparty', {
		several: true,
	});
	const filter = parseFilter(
		[...conditions]
			.flatMap(([field, own]) => own.map(({ operator, value }) => `${field}${operator}${value}`))
			.join(';'),
		{
			rule: (field) => ({
				kind: /Date|updated/.test(field)
					? 'date'
					: /counterparty\.|Text|id/.test(field)
						? 'string'
						: 'number',
				operators: ['=', '!=', '<', '>', '<=', '>=', '~', '~=', '=~'],
			}),
			like: 'first',
			base: state.world.base,
		},
	);
	const rows = allIndicators(state).filter((row) => {
		const { id, name, companyType } = row.counterparty as Entity;
		const held: Entity = {
			...row,
			id,
			'counterparty.name': name,
			'counterparty.companyType': companyType,
		};
		return filter.matches((field) => {
			const value = held[field];
			return /Date|updated/.test(field) && typeof value === 'string'
				? Date.parse(`${value.replace(' ', 'T')}Z`)
				: value;
		});
	});
	return reportPage(state, exchange, 'counterparty', rows);
}

function oneCounterparty(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	checkId(exchange.params.id);
	const found = allIndicators(state).find(
		({ counterparty }) => (counterparty as Entity).id === exchange.params.id.toLowerCase(),
	);
	if (!found) throw new MoySkladError(1021, ['counterparty', exchange.params.id]);
	return json(found);
}

/** The chosen ones; those that do not exist are left out (the docs do not say). */
function chosenCounterparties(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const { counterparties: chosen } = readObject(exchange);
	if (!Array.isArray(chosen)) throw new MoySkladError(3000, ['counterparties']);
	const ids = chosen.map((one: Entity) => {
		const { counterparty } = one as { counterparty?: { meta?: { href?: string } } };
		const href = counterparty?.meta?.href;
		if (href === undefined) throw new MoySkladError(2010, ['counterparty']);
		return href.split('/').pop()?.toLowerCase();
	});
	const rows = allIndicators(state).filter(({ counterparty }) =>
		ids.includes(String((counterparty as Entity).id)),
	);
	const meta = { type: 'counterparty', size: rows.length, limit: 1000, offset: 0 };
	return json({ context: contextOf(state, exchange), meta, rows }, 200, rows.length);
}

// ----------------------------------------------------------------------------- documents of items

const DOCUMENTS_OF: Record<string, { type: string; figure: (row: number) => Entity }> = {
	stock: {
		type: 'supply',
		figure: (row) => ({
			stock: 1 + (row % 9),
			avgStockDays: 9.5,
			costPerUnit: 1500,
			sumCost: 1500 * (1 + (row % 9)),
		}),
	},
	reserve: { type: 'customerorder', figure: (row) => ({ reserve: 1 + (row % 3) }) },
	intransit: { type: 'purchaseorder', figure: (row) => ({ inTransit: 2 + (row % 5) }) },
};

const documentsOf =
	(endpoint: string): Handler =>
	(state, exchange) => {
		const conditions = reportFilter(state, exchange, 'byoperations', endpoint);
		const row = oneItem(state, conditions, ['assortment']);
		const { type, figure } = DOCUMENTS_OF[endpoint];
		const rows = state
			.dictionary(type)
			.all()
			.filter(({ deleted }) => deleted === undefined)
			.map(({ meta, moment }, index) => ({
				assortment: { meta: state.world.meta(state.rows.type(row), state.rows.id(row)) },
				operation: { meta },
				moment,
				// What is reserved may belong to no warehouse.
				...(endpoint === 'reserve' && index === 0
					? {}
					: { store: { meta: state.dictionary('store').all()[index % STORE_COUNT].meta } }),
				...figure(row + index),
			}));
		return reportPage(state, exchange, 'byoperations', rows, false);
	};

function ofDocument(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const id = exchange.value('operation.id');
	if (id === undefined || id === '') throw new MoySkladError(13000);
	if (!UUID_PATTERN.test(id)) throw new MoySkladError(13001);
	const types = [...state.dictionaries.keys()].filter((type) => state.dictionary(type).find(id));
	if (types.length === 0) throw new MoySkladError(13001);
	if (!STOCK_DOCUMENTS.includes(types[0])) throw new MoySkladError(13002, [types[0]]);
	const items = state.orderPositions.list(id, 'positions');
	const positions = (items.length > 0 ? items : [{}, {}]).map(({ assortment }, index) => {
		const known = (assortment as { meta?: { href: string } } | undefined)?.meta?.href;
		const row = (known && state.rows.findAny(known.split('/').pop() ?? '')) || index;
		const stock = state.rows.stock.at(row, 0);
		return {
			meta: state.world.meta(state.rows.type(row), state.rows.id(row)),
			name: state.rows.value(row, 'name'),
			...stock,
			cost: 1500,
			quantity: stockNumber(stock, 'quantity'),
		};
	});
	const rows = [{ meta: state.world.meta(types[0], id), positions }];
	return whole(state, exchange, 'stockbyoperation', { rows }, false);
}

/** Every report but those on stock of goods (MoySklad docs: Reports). */
export function moreReportRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const goods = ['product', 'service', 'bundle'];
	const handlers: Record<string, Handler> = {
		'stock/byoperation': ofDocument,
		'turnover/all': turnoverAll,
		'turnover/bystore': turnoverByStore,
		'turnover/byoperations': turnoverByDocument,
		'profit/byproduct': profitOf('byproduct', byGoods(...goods)),
		'profit/byvariant': profitOf('byvariant', byGoods('variant', 'service', 'bundle')),
		'profit/byemployee': profitOf('byemployee', byObjects('employee', 'employee')),
		'profit/bycounterparty': profitOf('bycounterparty', byObjects('counterparty', 'counterparty')),
		'profit/bysaleschannel': profitOf(
			'bysaleschannel',
			byObjects('saleschannel', 'salesChannel', ['type']),
		),
		'money/plotseries': chart('money'),
		'money/byaccount': balances,
		'sales/plotseries': chart('sales'),
		'orders/plotseries': chart('orders'),
		'dashboard/:period': dashboard,
		counterparty: counterparties,
		'counterparty/:id': oneCounterparty,
		'byoperations/stock': documentsOf('stock'),
		'byoperations/reserve': documentsOf('reserve'),
		'byoperations/intransit': documentsOf('intransit'),
	};
	return [
		...Object.entries(handlers).map(([path, handle]): VendorRoute<MoySkladSession> => ({
			method: 'GET',
			path: `${base}/report/${path}`,
			handler: (exchange) => handle(state, exchange),
		})),
		{
			method: 'POST',
			path: `${base}/report/counterparty`,
			handler: (exchange) => chosenCounterparties(state, exchange),
		},
	];
}
