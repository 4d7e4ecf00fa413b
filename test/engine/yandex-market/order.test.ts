/**
 * Orders of Yandex Market in n8n's engine against the sandbox. Facts: specification of getBusinessOrders (a POST that
 * reads, ranges of 30 days, pages by token), updateOrderStatuses (30 orders, a verdict for each), updateOrderStatus.
 */
import type { IDataObject } from 'n8n-workflow';

import {
	startSandbox,
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_ORDERS,
} from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.yandexMarket';
const CREDENTIAL = 'yandexMarketApi';
const SEARCH = `POST /v1/businesses/${YANDEX_BUSINESS_ID}/orders`;
const ORDERS = 130;
const DAY_MS = 86_400_000;

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
});

beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['yandexMarket'], assortmentRows: 1 });
	useKey(YANDEX_KEYS.ordersOnly);
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

function useKey(apiKey: string): void {
	const data = { ...sandbox.credentials.yandexMarketApi, apiKey };
	engine.setCredential('key', { type: CREDENTIAL, data });
}

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const order = (index: number) => YANDEX_ORDERS.first + index;
/** FBS orders are every third one. */
const fbs = (index: number) => order(index * 3);

async function run(
	operation: string,
	parameters: object,
	options: RunNodeOptions = {},
): Promise<RunResult> {
	return await engine.runNode(
		NODE,
		{ resource: 'order', operation, ...parameters },
		{ credentials: { [CREDENTIAL]: 'key' }, ...options },
	);
}

const search = async (parameters: object, options?: RunNodeOptions) =>
	await run('getAll', { businessId: byId(YANDEX_BUSINESS_ID), ...parameters }, options);

const sent = () => sandbox.log.map(({ method, path }) => `${method} ${path}`);
const bodies = () => sandbox.log.map(({ body }) => body as IDataObject);
const numbers = (run: RunResult) => run.json('Node').map(({ orderId }) => Number(orderId));

describe('Order: Get Many', () => {
	test('asks for one page of the size that is wanted, with a body although nothing is filtered', async () => {
		const found = await search({ limit: 3 });
		expect(found.error).toBeUndefined();
		expect(numbers(found)).toEqual([1, 2, 3].map(order));
		expect(sandbox.log.map(({ method, url }) => `${method} ${url}`)).toEqual([`${SEARCH}?limit=3`]);
		expect(bodies()).toEqual([{}]);
		const [row] = found.items('Node');
		expect(row.pairedItem).toEqual({ item: 0 });
		expect(row.json).toMatchObject({ status: 'PROCESSING', substatus: 'STARTED' });
		expect(Object.keys(row.json)).toHaveLength(10);
	});

	test('cuts a range of more than 30 days into pieces and gives each order once', async () => {
		const found = await search({
			returnAll: true,
			filters: { creationDateFrom: `${day(100)}T00:00:00`, creationDateTo: `${day(-1)}T00:00:00` },
		});
		// The test order is no order.
		expect(numbers(found).sort()).toEqual(
			Array.from({ length: ORDERS - 1 }, (_, i) => order(i + 1)),
		);
		const ranges = new Set(bodies().map(({ dates }) => JSON.stringify(dates)));
		expect(ranges.size).toBe(4);
		for (const range of ranges) {
			const dates = JSON.parse(range) as Record<string, string>;
			const span = Date.parse(dates.creationDateTo) - Date.parse(dates.creationDateFrom);
			expect(span).toBeLessThanOrEqual(30 * DAY_MS);
		}
	});

	test('stops asking when there are enough', async () => {
		const found = await search({ limit: 5, filters: { creationDateFrom: day(100) } });
		expect(numbers(found)).toHaveLength(5);
		// The oldest piece has enough.
		expect(sent()).toEqual([SEARCH]);
	});

	test.each<[string, object, object]>([
		['one end that is near', { creationDateFrom: day(3) }, { dates: { creationDateFrom: day(3) } }],
		[
			'only the other end',
			{ creationDateTo: day(40) },
			{ dates: { creationDateFrom: day(70), creationDateTo: day(40) } },
		],
		[
			'a time with an offset, in Moscow',
			{ shipmentDateFrom: '2026-11-20T23:30:00Z', shipmentDateTo: '2026-11-25' },
			{ dates: { shipmentDateFrom: '2026-11-21', shipmentDateTo: '2026-11-25' } },
		],
		[
			'instants',
			{ updateDateFrom: '2026-11-21T12:00:00+03:00' },
			{ dates: { updateDateFrom: '2026-11-21T09:00:00.000Z' } },
		],
		[
			'shops, statuses and stages',
			{
				campaignIds: [String(YANDEX_CAMPAIGNS.fbs)],
				statuses: ['PROCESSING'],
				substatuses: 'STARTED, READY_TO_SHIP, STARTED',
				programTypes: ['FBS'],
				externalOrderIds: 'MS-4',
				sourcePlatforms: ['MARKET'],
				fake: false,
			},
			{
				campaignIds: [YANDEX_CAMPAIGNS.fbs],
				statuses: ['PROCESSING'],
				substatuses: ['STARTED', 'READY_TO_SHIP'],
				programTypes: ['FBS'],
				externalOrderIds: ['MS-4'],
				sourcePlatforms: ['MARKET'],
				fake: false,
			},
		],
	])('sends %s', async (_, filters, body) => {
		const found = await search({ limit: 1, filters });
		expect(found.error).toBeUndefined();
		expect(bodies()[0]).toEqual(body);
	});

	test('is a read: tried again after an outage, and nothing that was done', async () => {
		sandbox.faults.add({ vendor: 'yandexMarket', status: 503, times: 1 });
		const found = await search({ limit: 1 });
		expect(found.error).toBeUndefined();
		expect(sent()).toEqual([SEARCH, SEARCH]);
	});

	test.each<[string, object, string]>([
		[
			'a shop that is no number',
			{ filters: { campaignIds: ['x'] } },
			"'Shop Names or IDs' holds 'x'",
		],
		['a date that is none', { filters: { creationDateFrom: 'soon' } }, "'Created From'"],
		[
			'more than 50 numbers',
			{ filters: { externalOrderIds: Array.from({ length: 51 }, (_, i) => i).join() } },
			"'External Order Numbers' holds 51 entries",
		],
	])('refuses %s before anything is sent', async (_, parameters, message) => {
		const found = await search(parameters);
		expect(found.error?.message).toContain(message);
		expect(sent()).toEqual([]);
	});

	test('another cabinet and a key without the right say so', async () => {
		const foreign = await run('getAll', { businessId: byId(1), limit: 1 });
		expect(foreign.error?.message).toContain('access was denied');
		useKey(YANDEX_KEYS.settings);
		const scope = await search({ limit: 1 });
		expect(scope.error?.message).toContain('lacks the permission');
		expect(scope.error?.description).toContain('permission for orders');
	});
});

describe('Order: Get', () => {
	const get = async (ids: unknown[], options: RunNodeOptions = {}) =>
		await run(
			'get',
			{ businessId: byId(YANDEX_BUSINESS_ID), orderId: '={{ $json.order }}' },
			{ items: ids.map((id) => ({ order: id })) as IDataObject[], ...options },
		);

	test('reads 50 orders with one request and gives them to their items, doubled ones too', async () => {
		const ids = [...Array.from({ length: 60 }, (_, index) => order(index)), order(0)];
		const found = await get(ids);
		expect(numbers(found)).toEqual(ids);
		expect(found.items('Node').map(({ pairedItem }) => pairedItem)).toEqual(
			ids.map((_, item) => ({ item })),
		);
		const asked = bodies().map(({ orderIds }) => orderIds as number[]);
		expect(asked.map((list) => list.length).sort()).toEqual([10, 50]);
	});

	test('one that does not exist is the error of its item', async () => {
		const found = await get([order(1), YANDEX_ORDERS.missing], { onError: 'continueErrorOutput' });
		expect(numbers(found)).toEqual([order(1)]);
		expect(found.json('Node', 1)).toMatchObject([{ error: expect.stringContaining('not found') }]);
		expect(sent()).toHaveLength(1);
	});
});

describe('Order: Update Status', () => {
	const update = async (
		ids: unknown[],
		parameters: object = {},
		options: RunNodeOptions = {},
		shop: number = YANDEX_CAMPAIGNS.fbs,
	) =>
		await run(
			'updateStatus',
			{
				campaignId: byId(shop),
				orderId: '={{ $json.order }}',
				status: 'PROCESSING',
				substatus: 'READY_TO_SHIP',
				...parameters,
			},
			{ items: ids.map((id) => ({ order: id })) as IDataObject[], ...options },
		);
	const MANY = `POST /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/orders/status-update`;

	test('of many orders takes a request for 30, and each item gets its own verdict', async () => {
		const ids = Array.from({ length: 32 }, (_, index) => fbs(index));
		const done = await update(ids, {}, { onError: 'continueErrorOutput' });
		// Every tenth order is delivered already.
		const refused = ids.filter((id) => (id - YANDEX_ORDERS.first) % 10 === 9);
		expect(sent().filter((line) => line === MANY)).toEqual([MANY, MANY]);
		const shares = bodies().filter((body) => Array.isArray(body?.orders));
		expect(shares.map(({ orders }) => (orders as unknown[]).length)).toEqual([30, 2]);
		expect(numbers(done)).toEqual(ids.filter((id) => !refused.includes(id)));
		const errors = done.json('Node', 1);
		expect(errors.map(({ order: id }) => id)).toEqual(refused);
		for (const { error } of errors) expect(error).toContain('did not get the status');
		expect(done.json('Node')[0]).toEqual({
			orderId: fbs(0),
			campaignId: YANDEX_CAMPAIGNS.fbs,
			status: 'PROCESSING',
			substatus: 'READY_TO_SHIP',
			alreadySet: false,
		});
	});

	test('of one order goes by its own request, with the status inside', async () => {
		const done = await update([fbs(1)]);
		expect(sent()).toEqual([`PUT /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/orders/${fbs(1)}/status`]);
		expect(bodies()).toEqual([{ order: { status: 'PROCESSING', substatus: 'READY_TO_SHIP' } }]);
		expect(done.json('Node')).toEqual([
			{
				orderId: fbs(1),
				campaignId: YANDEX_CAMPAIGNS.fbs,
				status: 'PROCESSING',
				substatus: 'READY_TO_SHIP',
				alreadySet: false,
			},
		]);
	});

	test.each<[string, object, object | string]>([
		['Ready to Ship', {}, { status: 'PROCESSING', substatus: 'READY_TO_SHIP' }],
		['Started', { substatus: 'STARTED' }, { status: 'PROCESSING', substatus: 'STARTED' }],
		[
			'In Delivery, with nothing else touched',
			{ status: 'DELIVERY' },
			{ status: 'DELIVERY', substatus: 'DELIVERY_SERVICE_RECEIVED' },
		],
		[
			'Ready for Pickup',
			{ status: 'PICKUP' },
			{ status: 'PICKUP', substatus: 'PICKUP_SERVICE_RECEIVED' },
		],
		[
			'Delivered',
			{ status: 'DELIVERED' },
			{ status: 'DELIVERED', substatus: 'DELIVERY_SERVICE_DELIVERED' },
		],
		[
			'Cancelled with a reason, whatever the stage was before',
			{ status: 'CANCELLED', substatus: 'READY_TO_SHIP', reason: 'SHOP_FAILED' },
			{ status: 'CANCELLED', substatus: 'SHOP_FAILED' },
		],
		[
			'by its name',
			{ status: '={{ "cancelled" }}', reason: '={{ "Shop Cannot Fulfil It" }}' },
			{ status: 'CANCELLED', substatus: 'SHOP_FAILED' },
		],
		[
			'Cancelled for a reason that is new',
			{ status: 'CANCELLED', reason: '={{ "USER_IDENTIFICATION_MISMATCH" }}' },
			{ status: 'CANCELLED', substatus: 'USER_IDENTIFICATION_MISMATCH' },
		],
		['Cancelled with nothing else touched', { status: 'CANCELLED' }, "'Reason' is empty"],
		[
			'Cancelled for a reason that the item lacks',
			{ status: '={{ "CANCELLED" }}', reason: '={{ $json.why }}' },
			"'Reason' is empty",
		],
		[
			'Cancelled with a stage for its reason',
			{ status: 'CANCELLED', reason: '={{ "READY_TO_SHIP" }}' },
			"'Reason' is 'READY_TO_SHIP', which is no reason of a cancellation",
		],
		[
			'In Processing with a reason for its stage',
			{ substatus: '={{ "SHOP_FAILED" }}' },
			"'Stage' is 'SHOP_FAILED'",
		],
		['In Processing without a stage', { substatus: '={{ "" }}' }, "'Stage' is empty"],
	])('goes out with its own stage only: %s', async (_, form, wanted) => {
		const done = await update([fbs(1)], { substatus: undefined, ...form });
		const told = sent().filter((line) => line.startsWith('PUT'));
		if (typeof wanted === 'string') {
			expect(done.error?.message).toContain(wanted);
			expect(told).toEqual([]);
		} else {
			expect(told).toHaveLength(1);
			expect(bodies().filter((body) => body?.order)).toEqual([{ order: wanted }]);
		}
	});

	test('with a real delivery date goes order by order: many cannot carry it', async () => {
		const dbs = [1, 4].map(order);
		await update(dbs, { status: 'DELIVERY' }, {}, YANDEX_CAMPAIGNS.dbs);
		const before = sandbox.log.length;
		const date = { options: { realDeliveryDate: '2026-11-20T12:00:00' } };
		const done = await update(dbs, { status: 'DELIVERED', ...date }, {}, YANDEX_CAMPAIGNS.dbs);
		expect(done.error).toBeUndefined();
		expect(bodies().slice(before)).toEqual(
			dbs.map(() => ({
				order: {
					status: 'DELIVERED',
					substatus: 'DELIVERY_SERVICE_DELIVERED',
					delivery: { dates: { realDeliveryDate: '2026-11-20' } },
				},
			})),
		);
	});

	test('takes no real delivery date before the delivery', async () => {
		const date = { options: { realDeliveryDate: '2026-11-20T12:00:00' } };
		const done = await update(
			[order(1)],
			{ status: '={{ "DELIVERY" }}', ...date },
			{},
			YANDEX_CAMPAIGNS.dbs,
		);
		expect(done.error?.message).toContain(
			"'Real Delivery Date' is given, and the status is DELIVERY",
		);
		expect(sent()).toEqual([]);
	});

	test('stops at an order that is refused, and says what was done', async () => {
		const done = await update([fbs(0), fbs(3), fbs(1)]);
		expect(done.error?.message).toContain('did not get the status');
		expect(done.error?.message).toContain('[item 1]');
		expect(done.error?.description).toContain('is not allowed for status');
		expect(done.error?.description).toContain('Already done before this failure: items 0, 2.');
	});

	test('that may have been carried out is not sent again', async () => {
		sandbox.faults.add({ vendor: 'yandexMarket', status: 500, afterWork: true, times: 1 });
		const done = await update([fbs(0), fbs(1)]);
		expect(done.error?.description).toContain('may have carried out the request all the same');
		expect(sent()).toEqual([MANY]);
	});

	test('the same order twice is one request, and both items are done', async () => {
		const done = await update([fbs(0), fbs(1), fbs(0)], {}, { onError: 'continueErrorOutput' });
		expect(sent().filter((line) => line === MANY)).toEqual([MANY]);
		expect(numbers(done)).toEqual([fbs(0), fbs(1), fbs(0)]);
		expect(done.json('Node').map(({ alreadySet }) => alreadySet)).toEqual([false, false, false]);
		expect(done.json('Node', 1)).toEqual([]);
	});

	test('of one order to several steps goes one after the other', async () => {
		const steps = ['DELIVERY', 'PICKUP', 'DELIVERED'];
		const items = steps.map((status) => ({ order: order(1), status }));
		const form = { status: '={{ $json.status }}' };
		const done = await update([], form, { items }, YANDEX_CAMPAIGNS.dbs);
		expect(done.error).toBeUndefined();
		expect(done.json('Node').map(({ status }) => status)).toEqual(steps);
	});
});

describe('Order: Set External Number', () => {
	test('returns success and the IDs: the Market says nothing more', async () => {
		const parameters = { campaignId: byId(YANDEX_CAMPAIGNS.fbs), orderId: String(fbs(1)) };
		const done = await run('setExternalId', { ...parameters, externalOrderId: '00042' });
		expect(done.json('Node')).toEqual([
			{ success: true, campaignId: String(YANDEX_CAMPAIGNS.fbs), orderId: String(fbs(1)) },
		]);
		expect(bodies()).toEqual([{ externalOrderId: '00042' }]);
		const found = await run('get', {
			businessId: byId(YANDEX_BUSINESS_ID),
			orderId: String(fbs(1)),
		});
		expect(found.json('Node')[0].externalOrderId).toBe('00042');
	});

	test('an order that does not exist is told as an order', async () => {
		const parameters = { campaignId: byId(YANDEX_CAMPAIGNS.fbs), externalOrderId: '1' };
		const done = await run('setExternalId', {
			...parameters,
			orderId: String(YANDEX_ORDERS.missing),
		});
		expect(done.error?.message).toContain('the order was not found');
	});
});

describe('lists of the form', () => {
	const credentials = { [CREDENTIAL]: 'key' };

	test('cabinets come once however many shops they have', async () => {
		const { results } = await engine.listSearch(NODE, 'searchCabinets', { credentials });
		expect(results).toEqual([
			{ name: `Sandbox cabinet (${YANDEX_BUSINESS_ID})`, value: String(YANDEX_BUSINESS_ID) },
		]);
	});

	test('items of an order are listed once shop and order are there; the list says which is not', async () => {
		const shop = String(YANDEX_CAMPAIGNS.fbs);
		const items = async (campaign: string, orderId: unknown) =>
			await engine.listSearch(NODE, 'searchOrderItems', {
				credentials,
				parameters: {
					resource: 'order',
					operation: 'setBoxes',
					campaignId: byId(campaign),
					orderId: String(orderId),
				},
			});
		await expect(items('', fbs(0))).rejects.toMatchObject({
			message: "'Shop' is not chosen yet",
			description: 'Pick the shop first: this list depends on it.',
		});
		await expect(items(shop, '')).rejects.toMatchObject({ message: "'Order ID' is empty" });
		const { results } = await items(shop, fbs(0));
		expect(results.length).toBeGreaterThan(0);
	});

	test('shops whose orders the seller handles', async () => {
		const { results } = await engine.listSearch(NODE, 'searchOrderShops', { credentials });
		const values = results.map(({ value }) => Number(value));
		expect(values).toContain(YANDEX_CAMPAIGNS.fbs);
		expect(values).not.toContain(YANDEX_CAMPAIGNS.fby);
		const all = await engine.loadOptions(NODE, 'loadOrderShops', { credentials });
		expect(all.map(({ value }) => Number(value))).toContain(YANDEX_CAMPAIGNS.fby);
	});
});
