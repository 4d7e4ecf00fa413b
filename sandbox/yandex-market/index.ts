import { randomBytes } from 'node:crypto';

import { allFacts } from '../../nodes/YandexMarket/catalogue/dialect';
import { YANDEX_BUSINESS_ID } from '../credentials';
import type {
	Exchange,
	RunningServer,
	ServerContext,
	VendorReply,
	VendorRoute,
} from '../shared/server';
import { startVendorServer } from '../shared/server';
import type { Match } from '../shared/standIn';
import { StandIn } from '../shared/standIn';
import type { YandexCabinet } from './cabinet';
import type { Campaign } from './data';
import { CAMPAIGNS, KEYS, campaignBody, regionsNamed } from './data';
import { YandexError } from './errors';
import type { YandexGoods } from './goods';
import type { Resource, YandexLimits } from './limits';
import { PARALLEL_LIMIT } from './limits';
import { YandexOrders, jsonObject } from './orders';
import type { YandexOutlets } from './outlets';
import type { YandexReports } from './reports';
import type { StockUpdate } from './stocks';
import { StockProblem, readStocks } from './stocks';

interface YandexSession {
	key: string;
	resource: Resource;
}

type YandexExchange = Exchange<YandexSession>;

const MAX_OUTLETS = 50;
const DEFAULT_OUTLETS = 25;
const MAX_CAMPAIGNS = 100;
const MAX_ORDERS = 50;
const MAX_STATUSES = 30;
const READERS = ['ALL_METHODS', 'ALL_METHODS_READ_ONLY', 'SETTINGS_MANAGEMENT'];
/** Specification of updateStocks: x-auth-scopes. */
const STOCK_WRITERS = ['ALL_METHODS', 'OFFERS_AND_CARDS_MANAGEMENT'];
/** Specification of the orders: x-auth-scopes. */
const ORDER_WRITERS = ['ALL_METHODS', 'INVENTORY_AND_ORDER_PROCESSING'];
const ORDER_READERS = [
	...ORDER_WRITERS,
	'ALL_METHODS_READ_ONLY',
	'INVENTORY_AND_ORDER_PROCESSING_READ_ONLY',
	'FINANCE_AND_ACCOUNTING',
];
const TOKEN_PREFIX = 'ACMA:';

/** Who may use a resource; everybody where there is no entry. */
const SCOPES: Partial<Record<Resource, readonly string[]>> = {
	outlet: READERS,
	outlets: READERS,
	stocks: STOCK_WRITERS,
	orders: ORDER_READERS,
	orderStatus: ORDER_WRITERS,
	orderStatuses: ORDER_WRITERS,
	externalId: ORDER_WRITERS,
};

function json(body: unknown, rows = 1): VendorReply {
	return {
		status: 200,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify(body),
		rows,
	};
}

function errorBody(code: string, message: string): string {
	return JSON.stringify({ status: 'ERROR', errors: [{ code, message }] });
}

function resourceOf(path: string): Resource | undefined {
	if (path === '/v2/auth/token') return 'token';
	if (path === '/v2/campaigns') return 'campaigns';
	if (/^\/v1\/businesses\/[^/]+\/orders$/.test(path)) return 'orders';
	if (/^\/v2\/campaigns\/[^/]+\/orders\/status-update$/.test(path)) return 'orderStatuses';
	if (/^\/v2\/campaigns\/[^/]+\/orders\/[^/]+\/status$/.test(path)) return 'orderStatus';
	if (/^\/v2\/campaigns\/[^/]+\/orders\/[^/]+\/external-id$/.test(path)) return 'externalId';
	if (/^\/v2\/campaigns\/[^/]+\/outlets$/.test(path)) return 'outlets';
	if (/^\/v2\/campaigns\/[^/]+\/offers\/stocks$/.test(path)) return 'stocks';
	if (/^\/v2\/(businesses|campaigns)\/[^/]+\/offer-prices\/updates$/.test(path)) return 'prices';
	return /^\/v2\/campaigns\/[^/]+\/outlets\/[^/]+$/.test(path) ? 'outlet' : undefined;
}

function authorize(exchange: YandexExchange, resource: Resource): string {
	const key = exchange.header('api-key');
	if (key === undefined || key === '') {
		throw new YandexError(401, 'UNAUTHORIZED', 'Api-Key token is missing');
	}
	if (!key.startsWith(TOKEN_PREFIX)) {
		throw new YandexError(401, 'UNAUTHORIZED', 'Api-Key token prefix invalid');
	}
	const known = KEYS.get(key);
	if (!known) throw new YandexError(401, 'UNAUTHORIZED', 'Api-Key token is invalid');
	const accepted = SCOPES[resource];
	if (accepted && !known.scopes.some((scope) => accepted.includes(scope))) {
		throw new YandexError(
			403,
			'FORBIDDEN',
			'Token does not have any of the scopes to access the API method',
		);
	}
	return key;
}

function positiveInteger(text: string, name: string): number {
	if (!/^\d{1,15}$/.test(text) || Number(text) < 1) {
		throw new YandexError(400, 'BAD_REQUEST', `${name} must be an integer of at least 1`);
	}
	return Number(text);
}

function campaignOf(text: string, types: ReadonlyArray<Campaign['placementType']>): Campaign {
	const id = positiveInteger(text, 'campaignId');
	const campaign = CAMPAIGNS.find((one) => one.id === id);
	if (!campaign) throw new YandexError(403, 'FORBIDDEN', `Access denied to campaign ${id}`);
	if (campaign.apiAvailability !== 'AVAILABLE') {
		throw new YandexError(403, 'API_DISABLED', `API is disabled for campaign ${id}`);
	}
	if (!types.includes(campaign.placementType)) {
		throw new YandexError(400, 'CAMPAIGN_TYPE_NOT_SUPPORTED', 'Campaign type is not allowed');
	}
	return campaign;
}

function pageLimit(text: string | undefined, fallback: number, max: number): number {
	if (text === undefined) return fallback;
	if (!/^-?\d{1,9}$/.test(text)) {
		throw new YandexError(400, 'INVALID_QUERY_PARAMETER', `Invalid value '${text}' of limit`);
	}
	const limit = Number(text);
	if (limit < 1) throw new YandexError(400, 'NON_POSITIVE_LIMIT', 'Limit must be positive');
	if (limit > max)
		throw new YandexError(400, 'LIMIT_EXCEEDED', `Limit exceeded, maximum is ${max}`);
	return limit;
}

/** Page tokens hide an offset and the list that they belong to. */
function encodeToken(list: string, offset: number): string {
	return Buffer.from(`${list}|${offset}`).toString('base64url');
}

function tokenOffset(exchange: YandexExchange, list: string): number {
	const token = exchange.value('pageToken') ?? exchange.value('page_token');
	if (token === undefined || token === '') return 0;
	const match = /^(.*)\|(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
	if (!match || match[1] !== list) {
		throw new YandexError(400, 'INVALID_QUERY_PARAMETER', 'Invalid page token');
	}
	return Number(match[2]);
}

function campaigns(exchange: YandexExchange): VendorReply {
	const total = CAMPAIGNS.length;
	const pageSize = exchange.value('pageSize');
	const limit = pageLimit(exchange.value('limit') ?? pageSize, total, MAX_CAMPAIGNS);
	const page = positiveInteger(exchange.value('page') ?? '1', 'page');
	const byToken = exchange.value('page') === undefined;
	const offset = byToken ? tokenOffset(exchange, 'campaigns') : (page - 1) * limit;
	const rows = CAMPAIGNS.slice(offset, offset + limit);
	const end = offset + rows.length;
	return json(
		{
			campaigns: rows.map(campaignBody),
			pager: {
				total,
				from: rows.length === 0 ? 0 : offset + 1,
				to: end,
				currentPage: Math.floor(offset / limit) + 1,
				pagesCount: Math.ceil(total / limit),
				pageSize: limit,
			},
			paging: end < total ? { nextPageToken: encodeToken('campaigns', end) } : {},
		},
		rows.length,
	);
}

/** Outlets are counted one by one, so the window is charged when their number is known. */
function listOutlets(
	exchange: YandexExchange,
	outlets: YandexOutlets,
	limits: YandexLimits,
): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['DBS']);
	const limit = pageLimit(exchange.value('limit'), DEFAULT_OUTLETS, MAX_OUTLETS);
	const region = exchange.value('region_id') ?? exchange.value('regionId');
	const regionId = region === undefined ? undefined : positiveInteger(region, 'region_id');
	const code = exchange.value('shop_outlet_code');
	const list = `outlets ${campaign.id} ${regionId ?? ''} ${code ?? ''}`;
	const offset = tokenOffset(exchange, list);
	const ids = outlets.ids(campaign, { regionId, code });
	const page = ids.slice(offset, offset + limit);
	if (exchange.session && !limits.charge(exchange.session.key, 'outlets', page.length)) {
		throw new YandexError(
			420,
			'METHOD_FAILURE',
			`Hit rate limit of ${limits.limits.outlets.amount} outlets`,
		);
	}
	const end = offset + page.length;
	return json(
		{
			outlets: page.map((id) => outlets.find(campaign, id)),
			paging: end < ids.length ? { nextPageToken: encodeToken(list, end) } : {},
		},
		page.length,
	);
}

function getOutlet(exchange: YandexExchange, outlets: YandexOutlets): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['DBS']);
	const id = positiveInteger(exchange.params.outletId, 'outletId');
	const outlet = outlets.find(campaign, id);
	if (!outlet) throw new YandexError(404, 'NOT_FOUND', `Outlet ${id} not found`);
	return json({ outlet });
}

function searchOrders(exchange: YandexExchange, orders: YandexOrders): VendorReply {
	if (positiveInteger(exchange.params.businessId, 'businessId') !== YANDEX_BUSINESS_ID) {
		throw new YandexError(
			403,
			'FORBIDDEN',
			`Access denied to business ${exchange.params.businessId}`,
		);
	}
	// PageLimit50Truncate: a larger limit is cut.
	const limit = Math.min(
		MAX_ORDERS,
		pageLimit(exchange.value('limit'), MAX_ORDERS, Number.MAX_SAFE_INTEGER),
	);
	const found = orders.search(exchange.body);
	const list = `orders ${exchange.body}`;
	const offset = tokenOffset(exchange, list);
	const page = found.slice(offset, offset + limit);
	const end = offset + page.length;
	return json(
		{
			orders: page,
			paging: end < found.length ? { nextPageToken: encodeToken(list, end) } : {},
		},
		page.length,
	);
}

/** Up to 30 orders, each with a verdict of its own (specification of updateOrderStatuses). */
function updateStatuses(
	exchange: YandexExchange,
	limits: YandexLimits,
	orders: YandexOrders,
): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['FBS', 'DBS']);
	const given = jsonObject(exchange.body).orders;
	if (!Array.isArray(given) || given.length === 0 || given.length > MAX_STATUSES) {
		throw new YandexError(400, 'BAD_REQUEST', `orders must hold 1 to ${MAX_STATUSES} orders`);
	}
	if (exchange.session && !limits.charge(exchange.session.key, 'orderStatuses', given.length)) {
		throw new YandexError(420, 'METHOD_FAILURE', 'Hit rate limit of orders');
	}
	const verdicts = (given as Array<Record<string, unknown>>).map((one) => {
		if (!Number.isInteger(one.id) || typeof one.status !== 'string') {
			throw new YandexError(400, 'BAD_REQUEST', 'An order needs id and status');
		}
		const errorDetails = orders.move(campaign, one.id, one);
		const { status, substatus } = orders.find(campaign, one.id) ?? {};
		return errorDetails
			? { id: one.id, status, substatus, updateStatus: 'ERROR', errorDetails }
			: { id: one.id, status, substatus, updateStatus: 'OK' };
	});
	// The specification does not say in which order they come.
	return json({ status: 'OK', result: { orders: verdicts.reverse() } }, verdicts.length);
}

function updateStatus(exchange: YandexExchange, orders: YandexOrders): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['FBS', 'DBS']);
	const id = positiveInteger(exchange.params.orderId, 'orderId');
	const { order } = jsonObject(exchange.body) as { order?: Record<string, unknown> };
	if (typeof order?.status !== 'string') throw new YandexError(400, 'BAD_REQUEST', 'No status');
	if (!orders.find(campaign, id)) throw new YandexError(404, 'NOT_FOUND', `Order ${id} not found`);
	const wrong = orders.move(campaign, id, order);
	if (wrong) throw new YandexError(400, 'STATUS_NOT_ALLOWED', wrong);
	const { orderId, status, substatus } = orders.find(campaign, id) as Record<string, unknown>;
	return json({ order: { id: orderId, status, substatus } });
}

function setExternalId(exchange: YandexExchange, orders: YandexOrders): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['FBS', 'DBS']);
	const id = positiveInteger(exchange.params.orderId, 'orderId');
	const { externalOrderId } = jsonObject(exchange.body);
	if (typeof externalOrderId !== 'string' || externalOrderId === '') {
		throw new YandexError(400, 'BAD_REQUEST', 'externalOrderId must not be empty');
	}
	const order = orders.find(campaign, id);
	if (!order) throw new YandexError(404, 'NOT_FOUND', `Order ${id} not found`);
	order.externalOrderId = externalOrderId;
	return json({ status: 'OK' });
}

/** The order that a path names, for those whose key may work with orders; undefined for one that is not here. */
function orderAt(exchange: YandexExchange, orders: YandexOrders) {
	const key = authorize(exchange, 'orderStatus');
	exchange.session = { key, resource: 'orderStatus' };
	const campaign = campaignOf(exchange.params.campaignId, ['FBS', 'DBS']);
	const order = orders.find(campaign, Number(exchange.params.orderId));
	return order && { campaign, order };
}

function setBoxes(exchange: YandexExchange, orders: YandexOrders): VendorReply | undefined {
	const found = orderAt(exchange, orders);
	if (!found) return undefined;
	const boxes = orders.pack(found.order, jsonObject(exchange.body));
	return json({ status: 'OK', result: { boxes } });
}

function codesOf(exchange: YandexExchange, orders: YandexOrders): VendorReply | undefined {
	const found = orderAt(exchange, orders);
	return found && json({ status: 'OK', result: { items: orders.checkCodes(found.order) } });
}

/** A page for each box. */
function labelsOf(exchange: YandexExchange, orders: YandexOrders): VendorReply | undefined {
	const found = orderAt(exchange, orders);
	if (!found) return undefined;
	const { orderId } = found.order;
	const count = orders.boxesOf(found.order);
	const labels = Array.from(
		{ length: count },
		(_, at) => `% order ${String(orderId)}, box ${at + 1}`,
	);
	const text = ['%PDF-1.4', ...labels, '%%EOF'].join('\n');
	return { status: 200, headers: { 'content-type': 'application/pdf' }, body: Buffer.from(text) };
}

/** Stock of goods at a shop, by campaign id and SKU. */
export type YandexStocks = Map<number, Map<string, StockUpdate>>;

/**
 * Takes the stock of up to 2000 SKUs (specification of updateStocks). The shop's catalogue is not
 * part of the sandbox: every SKU is taken for one of it.
 */
function updateStocks(
	exchange: YandexExchange,
	limits: YandexLimits,
	stocks: YandexStocks,
): VendorReply {
	const campaign = campaignOf(exchange.params.campaignId, ['FBS', 'DBS']);
	let updates: StockUpdate[];
	try {
		updates = readStocks(exchange.body, new Date().toISOString());
	} catch (error) {
		if (!(error instanceof StockProblem)) throw error;
		throw new YandexError(400, error.code, error.message);
	}
	if (exchange.session && !limits.charge(exchange.session.key, 'stocks', updates.length)) {
		throw new YandexError(
			420,
			'METHOD_FAILURE',
			`Hit rate limit of ${limits.limits.stocks.amount} skus`,
		);
	}
	const shop = stocks.get(campaign.id) ?? new Map<string, StockUpdate>();
	for (const update of updates) shop.set(update.sku, update);
	stocks.set(campaign.id, shop);
	return json({ status: 'OK' }, updates.length);
}

/** Prices are counted by product; what else is wrong with them, the stand-in says. */
function chargePrices({ body, session }: YandexExchange, limits: YandexLimits): number {
	const { offers } = jsonObject(body);
	const count = Array.isArray(offers) ? offers.length : 0;
	if (session && !limits.charge(session.key, 'prices', count)) {
		throw new YandexError(
			420,
			'METHOD_FAILURE',
			`Hit rate limit of ${limits.limits.prices.amount} offers`,
		);
	}
	return count;
}

function guard(exchange: YandexExchange, limits: YandexLimits): VendorReply | undefined {
	const resource = resourceOf(exchange.path);
	if (!resource) return undefined;
	const key = authorize(exchange, resource);
	exchange.session = { key, resource };
	const campaign = /^\/v2\/campaigns\/([^/]+)/.exec(exchange.path)?.[1];
	const release = limits.enter(campaign === undefined ? `key ${key}` : `campaign ${campaign}`);
	if (!release) {
		const target = campaign === undefined ? 'this token' : `campaignId ${campaign}`;
		throw new YandexError(
			420,
			'METHOD_FAILURE',
			`Hit rate limit of ${PARALLEL_LIMIT} parallel requests for ${target}`,
		);
	}
	exchange.onClose(release);
	const byAmount = ['outlets', 'stocks', 'prices', 'orderStatuses'].includes(resource);
	if (!byAmount && !limits.charge(key, resource, 1)) {
		throw new YandexError(
			420,
			'METHOD_FAILURE',
			`Hit rate limit of ${limits.limits[resource].amount} requests`,
		);
	}
	return undefined;
}

/** Rights as the specification tells them (x-auth-scopes), and the cabinet's own shops. */
function enterOperation({ facts, params }: Match, exchange: YandexExchange): void {
	const key = authorize(exchange, 'token');
	const own = KEYS.get(key)?.scopes ?? [];
	const accepted = facts.scopes?.map((scope) => scope.toUpperCase().replace(/[-:]/g, '_'));
	if (accepted && !own.some((scope) => accepted.includes(scope))) {
		throw new YandexError(
			403,
			'FORBIDDEN',
			'Token does not have any of the scopes to access the API method',
		);
	}
	if (params.campaignId !== undefined) campaignOf(params.campaignId, ['DBS', 'FBS', 'FBY']);
	if (params.businessId !== undefined && Number(params.businessId) !== YANDEX_BUSINESS_ID) {
		throw new YandexError(403, 'FORBIDDEN', `Access denied to business ${params.businessId}`);
	}
}

/** Every documented operation that has no route of its own. */
function standInFor(
	reports: YandexReports,
	goods: YandexGoods,
	cabinet: YandexCabinet,
	outlets: YandexOutlets,
): StandIn<YandexSession> {
	return new StandIn<YandexSession>({
		facts: allFacts,
		paths: ({ path }) => [path],
		enter: enterOperation,
		refuse: ([{ at, what }]) => {
			throw new YandexError(400, 'BAD_REQUEST', `${at}: ${what}`);
		},
		missing: ({ path }) => {
			throw new YandexError(404, 'NOT_FOUND', `${path} not found`);
		},
		blank: () => ({ status: 'OK' }),
		finish: (body, { facts, params }, exchange) => {
			if (typeof body !== 'object' || body === null) return body;
			const given = exchange.body === '' ? {} : readBody(exchange.body);
			const own =
				cabinet.answer(facts.id, params, given, new Map(exchange.query)) ??
				goods.answer(facts.id, params, exchange.body) ??
				outletAnswer(facts.id, params, given, outlets);
			if (own) return own;
			const answer = accepted(body as Reply);
			if (answer.result && 'reportId' in answer.result) {
				answer.result = reports.start(facts.id, exchange.value('format'));
			}
			if (facts.id === 'searchRegionsByName') {
				return { regions: regionsNamed(exchange.value('name') ?? ''), paging: {} };
			}
			if (facts.id === 'getCampaign') {
				return { campaign: campaignBody(campaignOf(params.campaignId, ['DBS', 'FBS', 'FBY'])) };
			}
			if (facts.id === 'getReportInfo') {
				answer.result = reports.info(params.reportId);
				if (!answer.result) throw new YandexError(404, 'NOT_FOUND', 'Report not found');
			}
			return answer;
		},
	});
}

/** What is written of an outlet; undefined for any other operation. Throws `YandexError`. */
function outletAnswer(
	id: string,
	{ campaignId, outletId }: Record<string, string>,
	body: Record<string, unknown>,
	outlets: YandexOutlets,
): Record<string, unknown> | undefined {
	if (!/^(create|update|delete)Outlet$/.test(id)) return undefined;
	return outlets.answer(id, campaignOf(campaignId, ['DBS']), outletId, body);
}

/** A body that was judged already; files are no JSON. */
function readBody(body: string): Record<string, unknown> {
	return body.startsWith('{') ? jsonObject(body) : {};
}

interface Reply {
	status?: unknown;
	result?: Record<string, unknown>;
	results?: unknown;
	paging?: { nextPageToken?: unknown };
}

const REFUSALS = /^(not(Deleted|Archived|Unarchived)|unprocessed|rejected|warning|errors)/;

/** An answer in which all that was asked for is done: nothing was refused. */
function accepted(body: Reply): Reply {
	if (body.status !== undefined) body.status = 'OK';
	const result = body.result ?? {};
	for (const name of Object.keys(result)) if (REFUSALS.test(name)) delete result[name];
	const list = Array.isArray(body.results) ? (body.results as Array<Record<string, unknown>>) : [];
	for (const one of list) delete one.errors;
	return body;
}

/** What the listener shares with the tests and with the storage host. */
export interface YandexState {
	limits: YandexLimits;
	stocks: YandexStocks;
	reports: YandexReports;
	orders: YandexOrders;
	goods: YandexGoods;
	cabinet: YandexCabinet;
	outlets: YandexOutlets;
}

/** Starts the Yandex Market listener. */
export async function startYandexMarket(
	context: ServerContext,
	{ limits, stocks, reports, orders, goods, cabinet, outlets }: YandexState,
	port: number,
): Promise<RunningServer> {
	const standIn = standInFor(reports, goods, cabinet, outlets);
	const prices = ['businesses', 'campaigns'].map((place): VendorRoute<YandexSession> => ({
		method: 'POST',
		path: `/v2/${place}/:id/offer-prices/updates`,
		handler: (exchange) => {
			const rows = chargePrices(exchange, limits);
			return { ...(standIn.serve(exchange) as VendorReply), rows };
		},
	}));
	return await startVendorServer<YandexSession>(
		context,
		{
			vendor: 'yandexMarket',
			// The docs allow bodies of 512 KB.
			bodyLimit: 512 * 1024,
			routes: [
				...prices,
				{ method: 'GET', path: '/v2/campaigns', handler: campaigns },
				{
					method: 'GET',
					path: '/v2/campaigns/:campaignId/outlets',
					handler: (exchange) => listOutlets(exchange, outlets, limits),
				},
				{
					method: 'GET',
					path: '/v2/campaigns/:campaignId/outlets/:outletId',
					handler: (exchange) =>
						exchange.params.outletId === 'licenses'
							? (standIn.serve(exchange) as VendorReply)
							: getOutlet(exchange, outlets),
				},
				{
					method: 'PUT',
					path: '/v2/campaigns/:campaignId/offers/stocks',
					handler: (exchange) => updateStocks(exchange, limits, stocks),
				},
				{
					method: 'POST',
					path: '/v1/businesses/:businessId/orders',
					handler: (exchange) => searchOrders(exchange, orders),
				},
				{
					method: 'POST',
					path: '/v2/campaigns/:campaignId/orders/status-update',
					handler: (exchange) => updateStatuses(exchange, limits, orders),
				},
				{
					method: 'PUT',
					path: '/v2/campaigns/:campaignId/orders/:orderId/status',
					handler: (exchange) => updateStatus(exchange, orders),
				},
				{
					method: 'POST',
					path: '/v2/campaigns/:campaignId/orders/:orderId/external-id',
					handler: (exchange) => setExternalId(exchange, orders),
				},
				{
					method: 'PUT',
					path: '/v2/campaigns/:campaignId/orders/:orderId/boxes',
					handler: (exchange) =>
						setBoxes(exchange, orders) ?? (standIn.serve(exchange) as VendorReply),
				},
				{
					method: 'POST',
					path: '/v2/campaigns/:campaignId/orders/:orderId/identifiers/status',
					handler: (exchange) =>
						codesOf(exchange, orders) ?? (standIn.serve(exchange) as VendorReply),
				},
				{
					method: 'GET',
					path: '/v2/campaigns/:campaignId/orders/:orderId/delivery/labels',
					handler: (exchange) =>
						labelsOf(exchange, orders) ?? (standIn.serve(exchange) as VendorReply),
				},
				{
					method: 'POST',
					path: '/v2/auth/token',
					handler: (exchange) => {
						const known = KEYS.get(exchange.session?.key ?? '');
						return json({
							status: 'OK',
							result: { apiKey: { name: known?.name, authScopes: known?.scopes } },
						});
					},
				},
			],
			guard: (exchange) => guard(exchange, limits),
			failed: (error, exchange) => {
				if (!(error instanceof YandexError)) {
					const code = (error as { code?: string }).code;
					if (code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
					return {
						status: 400,
						headers: { 'content-type': 'application/json; charset=utf-8' },
						body: errorBody('BAD_REQUEST', 'The request is too big'),
					};
				}
				if (error.status === 420) exchange.log.note = error.message;
				return {
					status: error.status,
					...(error.status === 420 ? { statusMessage: 'Enhance Your Calm' } : {}),
					headers: { 'content-type': 'application/json; charset=utf-8' },
					body: errorBody(error.code, error.message),
				};
			},
			notFound: (exchange, methods) => {
				const served = standIn.serve(exchange);
				if (served) return served;
				if (methods.length > 0) {
					throw new YandexError(405, 'METHOD_NOT_ALLOWED', `Method ${exchange.method} not allowed`);
				}
				throw new YandexError(404, 'NOT_FOUND', `Resource ${exchange.path} not found`);
			},
			finish: (reply, { session }) => ({
				...reply,
				headers: {
					...reply.headers,
					...(session ? limits.headers(session.key, session.resource) : {}),
					// Keep-alive is not supported (Yandex Market docs: connection).
					connection: 'close',
					traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
				},
			}),
			faultBody: (status) => ({
				status: 'ERROR',
				errors: [{ code: 'INTERNAL_ERROR', message: `Sandbox fault ${status}` }],
			}),
		},
		port,
	);
}
