/**
 * Yandex Market: orders read to their end, stocks, prices and statuses of many goods and orders in few requests, and a
 * large report taken apart into rows; at the limits of a cabinet without subscription. Measured like MoySklad's works.
 */
import { withProgress } from '../sandbox/setup.mjs';
import { YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS, YANDEX_ORDERS } from '../sandbox';
import { bulkChain, floorMs, latencyOf, type Budget } from './floor';
import { figuresOf, type Figures } from './measure';
import type { MeasuredWorkflow, SandboxSetup, SeenRequest } from './messages';
import { measureJob, SandboxHandle } from './processes';

const TYPE = 'yandexMarketApi';
const CREDENTIALS = { [TYPE]: { id: 'bench', name: 'bench' } };
const byId = (value: number) => ({ __rl: true, mode: 'id', value: String(value) });
const CABINET = byId(YANDEX_BUSINESS_ID);
const { fbs } = YANDEX_CAMPAIGNS;

/** Writes go one after another, so that a later one counts and a failed one stops what comes after it. */
const IN_TURN = 1;
const MINUTE_MS = 60_000;

/** Items that n8n's HTTP Request node is measured on. */
export const SAMPLE = 100;

export interface MarketFigures extends Figures {
	/** How often each address was asked for. */
	calls: string[];
	/** Requests to the address that does the work: the others look something up. */
	main: number;
	/** Of the report, in MB. */
	unpackedMb?: number;
}

/** A work, by our node and by n8n's HTTP Request node. */
export interface MarketWork {
	name: string;
	title: string;
	setup: SandboxSetup['market'];
	/** Items that come out. */
	count: number;
	/** How the address of the requests that count ends, and how many there may be of them. */
	main: { path: RegExp; most: number };
	floorMs: number;
	timesFloor?: number;
	note?: string;
	ours: () => MeasuredWorkflow;
	/** (b) once per item, or (a) with pagination; none where the node has no way to do it. */
	http?: { by: 'a' | 'b'; workflow: (api: string) => MeasuredWorkflow };
}

const node = (parameters: object) => ({
	name: 'Yandex Market',
	type: 'n8n-nodes-retail-ops.yandexMarket',
	parameters,
	credentials: CREDENTIALS,
});

const httpNode = (parameters: object) => ({
	name: 'HTTP Request',
	type: 'n8n-nodes-base.httpRequest',
	parameters: {
		authentication: 'predefinedCredentialType',
		nodeCredentialType: TYPE,
		...parameters,
	},
	credentials: CREDENTIALS,
});

/** One request for each item, four a second. */
function perItem(items: object[], request: (api: string) => object) {
	return (api: string): MeasuredWorkflow => ({
		items,
		nodes: [
			httpNode({
				sendBody: true,
				contentType: 'json',
				specifyBody: 'json',
				...request(api),
				options: { batching: { batch: { batchSize: 1, batchInterval: 250 } } },
			}),
		],
	});
}

const ORDERS = 10_000;
const ORDER_PAGE = 50;
/** A page is asked for by a token of the one before. */
const ordersFloorMs = (ORDERS / ORDER_PAGE) * latencyOf(ORDER_PAGE);

const GOODS = 20_000;
const STOCKS = 2000;
const PRICES = 500;
const PRICES_A_MINUTE = 10_000;
const goods = (count: number) =>
	Array.from({ length: count }, (_, at) => ({ sku: `SKU-${at}`, count: at % 90, price: 100 + at }));

const STATUSES = 1000;
const STATUSES_A_REQUEST = 30;
/** Orders of the sandbox that its FBS shop has begun to pack: every third, and of ten one is delivered. */
const MADE = 4000;
const openOrders = Array.from({ length: MADE }, (_, at) => at)
	.filter((at) => at % 3 === 0 && at % 10 !== 9 && at > 0)
	.map((at) => ({ orderId: YANDEX_ORDERS.first + at }));

export const REPORT_ROWS = 100_000;

const writing: Budget = { requests: Infinity, perMs: 1, parallel: IN_TURN };

/** The least time for prices: so many of them in any minute. */
function pricesFloorMs(): number {
	const perMinute = PRICES_A_MINUTE / PRICES;
	const requests = GOODS / PRICES;
	const rounds = Math.ceil(requests / perMinute) - 1;
	const last = requests - rounds * perMinute;
	return rounds * MINUTE_MS + floorMs([bulkChain(last * PRICES, PRICES)], writing);
}

export const MARKET_WORKS: MarketWork[] = [
	{
		name: 'market-orders',
		title: 'Export 10,000 orders',
		setup: { orders: ORDERS + 1, days: 29 },
		count: ORDERS,
		main: { path: /\/orders$/, most: ORDERS / ORDER_PAGE },
		floorMs: ordersFloorMs,
		timesFloor: 1.2,
		note: 'each page is asked for by a token of the one before',
		ours: () => ({
			nodes: [
				node({
					resource: 'order',
					operation: 'getAll',
					businessId: CABINET,
					returnAll: true,
					output: 'raw',
				}),
			],
		}),
		http: {
			by: 'a',
			workflow: (api) => {
				const pagination = {
					paginationMode: 'updateAParameterInEachRequest',
					parameters: {
						parameters: [
							{
								type: 'qs',
								name: 'pageToken',
								value: '={{ $response?.body?.paging?.nextPageToken ?? "" }}',
							},
						],
					},
					paginationCompleteWhen: 'other',
					completeExpression: '={{ !$response.body.paging.nextPageToken }}',
					limitPagesFetched: false,
				};
				const parameters = { fieldToSplitOut: 'orders' };
				return {
					nodes: [
						httpNode({
							method: 'POST',
							url: `${api}/v1/businesses/${YANDEX_BUSINESS_ID}/orders?limit=${ORDER_PAGE}`,
							sendBody: true,
							contentType: 'json',
							specifyBody: 'json',
							jsonBody: '{}',
							options: { pagination: { pagination } },
						}),
						{ name: 'Split Out', type: 'n8n-nodes-base.splitOut', parameters },
					],
				};
			},
		},
	},
	{
		name: 'market-stocks',
		title: 'Set the stock of 20,000 SKUs',
		setup: {},
		count: GOODS,
		main: { path: /\/stocks$/, most: GOODS / STOCKS },
		floorMs: floorMs([bulkChain(GOODS, STOCKS)], writing),
		ours: () => ({
			items: goods(GOODS),
			nodes: [
				node({
					resource: 'stock',
					operation: 'update',
					campaignId: byId(fbs),
					sku: '={{ $json.sku }}',
					count: '={{ $json.count }}',
				}),
			],
		}),
		http: {
			by: 'b',
			workflow: perItem(goods(SAMPLE), (api) => ({
				method: 'PUT',
				url: `${api}/v2/campaigns/${fbs}/offers/stocks`,
				jsonBody: '={{ { skus: [{ sku: $json.sku, items: [{ count: $json.count }] }] } }}',
			})),
		},
	},
	{
		name: 'market-prices',
		title: 'Set the prices of 20,000 products',
		setup: {},
		count: GOODS,
		main: { path: /\/offer-prices\/updates$/, most: GOODS / PRICES },
		floorMs: pricesFloorMs(),
		note: '10,000 a minute',
		ours: () => ({
			items: goods(GOODS),
			nodes: [
				node({
					resource: 'price',
					operation: 'update',
					businessId: CABINET,
					offerId: '={{ $json.sku }}',
					value: '={{ $json.price }}',
					currencyId: 'RUR',
				}),
			],
		}),
		http: {
			by: 'b',
			workflow: perItem(goods(SAMPLE), (api) => ({
				method: 'POST',
				url: `${api}/v2/businesses/${YANDEX_BUSINESS_ID}/offer-prices/updates`,
				jsonBody:
					'={{ { offers: [{ offerId: $json.sku, price: { value: $json.price, currencyId: "RUR" } }] } }}',
			})),
		},
	},
	{
		name: 'market-statuses',
		title: 'Set the status of 1,000 orders',
		setup: { orders: MADE },
		count: STATUSES,
		main: { path: /\/status-update$/, most: Math.ceil(STATUSES / STATUSES_A_REQUEST) },
		floorMs: floorMs([bulkChain(STATUSES, STATUSES_A_REQUEST)], writing),
		ours: () => ({
			items: openOrders.slice(0, STATUSES),
			nodes: [
				node({
					resource: 'order',
					operation: 'updateStatus',
					campaignId: byId(fbs),
					orderId: '={{ $json.orderId }}',
					status: 'PROCESSING',
					substatus: 'READY_TO_SHIP',
				}),
			],
		}),
		http: {
			by: 'b',
			workflow: perItem(openOrders.slice(0, SAMPLE), (api) => ({
				method: 'PUT',
				url: `=${api}/v2/campaigns/${fbs}/orders/{{ $json.orderId }}/status`,
				jsonBody: '{ "order": { "status": "PROCESSING", "substatus": "READY_TO_SHIP" } }',
			})),
		},
	},
	{
		name: 'market-report',
		title: 'A report of 100,000 rows to items',
		setup: { reportRows: REPORT_ROWS },
		count: REPORT_ROWS,
		main: { path: /\/generate$/, most: 1 },
		// Started, looked at twice (the first look comes after a second, the next 1.5 s later), downloaded.
		floorMs: 4 * latencyOf(1) + 2500,
		ours: () => ({
			nodes: [
				node({
					resource: 'report',
					operation: 'orders',
					businessId: CABINET,
					dateFrom: '2026-11-01',
					dateTo: '2026-11-28',
					options: { format: 'JSON', unpack: true },
				}),
			],
		}),
	},
];

/** `POST /v2/campaigns/21000201/…` → `POST …`, with how many there were. */
function callsOf(seen: SeenRequest[]): string[] {
	const counts = new Map<string, number>();
	for (const { method, url } of seen) {
		const call = `${method} ${url
			.split('?')[0]
			.replace(/report-\d+/, '…')
			.replace(/\/\d{5,}/g, '/…')}`;
		counts.set(call, (counts.get(call) ?? 0) + 1);
	}
	return [...counts].map(([call, count]) => `${count} × ${call}`);
}

/** Runs a work in a process and against a sandbox of its own. */
export async function measureMarket(
	work: MarketWork,
	by: 'ours' | 'http',
	profileAs?: string,
): Promise<MarketFigures> {
	const label = by === 'ours' ? work.title : `(${work.http?.by}) HTTP Request: ${work.title}`;
	return await withProgress(`${label} (Yandex Market)`, async () => {
		const vendors = ['yandexMarket'] as const;
		const setup = { vendors: [...vendors], assortmentRows: 1, market: work.setup };
		const sandbox = await SandboxHandle.open(setup);
		try {
			const { credentials, reportBytes } = sandbox.ready;
			const data = credentials.yandexMarketApi;
			const api = data.customUrl;
			const workflow = by === 'ours' ? work.ours() : work.http?.workflow(api);
			if (!workflow) throw new Error(`${work.name} has no other way`);
			const job = { credential: { type: TYPE, data, origin: api }, workflows: [workflow] };
			const measured = await measureJob(sandbox, job, profileAs);
			const seen = await sandbox.requests();
			return {
				...figuresOf(measured, seen),
				calls: callsOf(seen),
				main: seen.filter(({ url }) => work.main.path.test(url.split('?')[0])).length,
				...(reportBytes === undefined ? {} : { unpackedMb: reportBytes / 1024 / 1024 }),
			};
		} finally {
			await sandbox.close();
		}
	});
}
