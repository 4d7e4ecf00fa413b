/**
 * Bad input and the cabinet's own rules, in n8n's engine against the sandbox: a clear error, the other items go on,
 * nothing is doubled. Facts: yandex-market-jobs.md §0, §3–6.
 */
import type { IDataObject } from 'n8n-workflow';

import { YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS } from '../../../sandbox';
import { freshHouse } from '../freshHouse';
import type { RunResult } from '../harness';
import { byId, walk } from './walk';

const CABINET = byId(YANDEX_BUSINESS_ID);
const FBS = byId(YANDEX_CAMPAIGNS.fbs);
const NORTH = { id: 7001, name: 'North', campaignId: YANDEX_CAMPAIGNS.fbs };
const SOUTH = { id: 7002, name: 'South', campaignId: YANDEX_CAMPAIGNS.dbs };
const MOST_BYTES = 512 * 1024;

const market = freshHouse(walk);
/** What fails leaves by the error output, unless it is told to stop. */
const run = async (name: string, form: object, items?: object[], goesOn = true) =>
	await market.run(name, form, items, goesOn);

const sent = (part: string) => market.sandbox.log.filter(({ path }) => path.endsWith(part));
const errors = (result: RunResult) => result.json('Node', 1).map(({ error }) => String(error));
const skus = (result: RunResult) => result.json('Node').map(({ sku, offerId }) => sku ?? offerId);

/** The cabinet's catalogue has these, and no others. */
function sells(...known: string[]): void {
	for (const sku of known) market.sandbox.yandexMarket.goods.sell(sku, 100);
}

const PRICE = {
	businessId: CABINET,
	offerId: '={{ $json.sku }}',
	value: '={{ $json.price }}',
	currencyId: "={{ $json.currency ?? 'RUB' }}",
};
const STOCK = { campaignId: FBS, sku: '={{ $json.sku }}', count: '={{ $json.count }}' };

interface Bad {
	/** What the cabinet is like. */
	given?: () => void;
	operation: string;
	form: object;
	items: object[];
	/** Errors of the items that fail, in part. */
	fails: RegExp[];
	/** SKUs of the items that go on. */
	done: string[];
	/** Requests that do the work, by the end of their path. */
	requests: [path: string, count: number];
}

const CASES: Record<string, Bad> = {
	'a SKU that the catalogue does not have': {
		given: () => sells('A', 'C'),
		operation: 'price.update',
		form: { ...PRICE, options: { checkSkus: true } },
		items: ['A', 'B', 'C'].map((sku) => ({ sku, price: 100 })),
		fails: [/'SKU' is 'B', which the catalogue does not have/],
		done: ['A', 'C'],
		requests: ['/offer-prices/updates', 1],
	},
	"a currency that is not the cabinet's": {
		operation: 'price.update',
		form: PRICE,
		items: [
			{ sku: 'A', price: 100 },
			{ sku: 'B', price: 100, currency: 'USD' },
		],
		fails: [/the currency is not that of the cabinet/],
		done: ['A'],
		// The whole is refused, then its halves tell which of them it was.
		requests: ['/offer-prices/updates', 3],
	},
	'a currency that there is not': {
		operation: 'price.update',
		form: PRICE,
		items: [
			{ sku: 'A', price: 100 },
			{ sku: 'B', price: 100, currency: 'XXY' },
		],
		fails: [/'Currency' is 'XXY'/],
		done: ['A'],
		requests: ['/offer-prices/updates', 1],
	},
	'a shop that has no prices of its own': {
		given: () => (market.sandbox.yandexMarket.cabinet.onlyDefaultPrice = true),
		operation: 'price.updateShop',
		form: { ...PRICE, campaignId: FBS },
		items: [
			{ sku: 'A', price: 100 },
			{ sku: 'B', price: 100 },
		],
		fails: [/one price for all its shops/, /one price for all its shops/],
		done: [],
		requests: ['/offer-prices/updates', 1],
	},
	'a cabinet that is being moved': {
		given: () => (market.sandbox.yandexMarket.cabinet.migrating = true),
		operation: 'price.update',
		form: PRICE,
		items: [
			{ sku: 'A', price: 100 },
			{ sku: 'B', price: 100 },
		],
		fails: [/is being moved and takes no changes/, /is being moved and takes no changes/],
		done: [],
		requests: ['/offer-prices/updates', 1],
	},
	'the same SKU twice': {
		operation: 'stock.update',
		form: STOCK,
		items: [
			{ sku: 'A', count: 1 },
			{ sku: 'B', count: 1 },
			{ sku: 'A', count: 2 },
		],
		fails: [/'SKU' is 'A', which item 2 has as well/, /which item 0 has as well/],
		done: ['B'],
		requests: ['/offers/stocks', 1],
	},
	'the same SKU twice with the same stock': {
		operation: 'stock.update',
		form: STOCK,
		items: [
			{ sku: 'A', count: 1 },
			{ sku: 'B', count: 1 },
			{ sku: 'A', count: 1 },
		],
		fails: [],
		done: ['A', 'B', 'A'],
		requests: ['/offers/stocks', 1],
	},
	'the same SKU twice among prices': {
		given: () => sells('A', 'B'),
		operation: 'price.update',
		form: PRICE,
		items: [
			{ sku: 'A', price: 99 },
			{ sku: 'B', price: 99 },
			{ sku: 'A', price: 98 },
		],
		fails: [/'SKU' is 'A', which item 2 has as well/, /which item 0 has as well/],
		done: ['B'],
		requests: ['/offer-prices/updates', 1],
	},
	'nothing that can be sent': {
		operation: 'stock.update',
		form: STOCK,
		items: [{ sku: '' }, { sku: 'B', count: 'many' }],
		fails: [/'SKU' is empty/, /'Count' is 'many'/],
		done: [],
		requests: ['/offers/stocks', 0],
	},
	'a return whose 48 hours are over': {
		given: () => void market.sandbox.yandexMarket.cabinet.decided.add('6'),
		operation: 'return.submitDecision',
		form: {
			campaignId: FBS,
			orderId: '5',
			returnId: '={{ $json.id }}',
			returnItemDecisions: { row: [{ returnItemId: 9, decisionType: 'REFUND_MONEY' }] },
		},
		items: [{ id: '6' }, { id: '7' }],
		fails: [/the decision was not accepted/],
		done: [undefined as unknown as string],
		requests: ['/decision/submit', 2],
	},
	'a document that was registered before': {
		given: () => void market.sandbox.yandexMarket.cabinet.documents.set('D-1', {}),
		operation: 'productDocument.create',
		form: { businessId: CABINET, number: '={{ $json.number }}', type: 'CONFORMITY_DECLARATION' },
		items: [{ number: 'D-1' }, { number: 'D-2' }],
		fails: [/DOCUMENT_ALREADY_EXISTS/],
		done: [undefined as unknown as string],
		requests: ['/documents/create', 1],
	},
};

test.each(Object.entries(CASES))('%s', async (_name, { given, ...bad }) => {
	given?.();
	const result = await run(bad.operation, bad.form, bad.items);
	const told = errors(result);
	expect(told).toHaveLength(bad.fails.length);
	for (const [at, text] of bad.fails.entries()) expect(told[at]).toMatch(text);
	expect(skus(result)).toEqual(bad.done);
	const [path, count] = bad.requests;
	expect(sent(path)).toHaveLength(count);
});

test.each([
	['product.archive', { businessId: CABINET }],
	['shopProduct.hide', { campaignId: FBS }],
	['priceQuarantine.confirm', { businessId: CABINET }],
])('a cabinet that is being moved: one refusal is enough for %s', async (operation, form) => {
	market.sandbox.yandexMarket.cabinet.migrating = true;
	const items = Array.from({ length: 300 }, (_, at) => ({ sku: `S-${at}` }));
	const done = await run(operation, { ...form, offerId: '={{ $json.sku }}' }, items);
	const told = errors(done);
	expect(told).toHaveLength(items.length);
	for (const one of told) expect(one).toContain('is being moved and takes no changes');
	// 300 are two requests: what is locked for one is locked for the other, which is not split up.
	expect(market.sandbox.log.length).toBeLessThanOrEqual(2);
});

test('roubles are sent as RUR; of two stocks of a SKU, none is sent', async () => {
	const { goods } = market.sandbox.yandexMarket;
	goods.sell('A', 1000);
	await run('price.update', PRICE, [{ sku: 'A', price: 990 }]);
	expect(goods.prices.get('A')).toBe(990);
	const counted = () =>
		market.sandbox.yandexMarket.stocks.get(YANDEX_CAMPAIGNS.fbs)?.get('A')?.count;
	const before = counted();
	await run('stock.update', STOCK, [
		{ sku: 'A', count: 1 },
		{ sku: 'A', count: 2 },
	]);
	expect(counted()).toBe(before);
	await run('stock.update', STOCK, [{ sku: 'A', count: 3 }]);
	expect(counted()).toBe(3);
});

describe('Price, Update with a shop', () => {
	const ofShop = (campaignId: unknown, more: object = {}) => ({
		...PRICE,
		additionalFields: { campaignId: byId(campaignId as number), ...more },
	});
	const { fbs, dbs } = YANDEX_CAMPAIGNS;
	const items = ['A', 'B'].map((sku) => ({ sku, price: 90 }));

	test('sets the price of the shop where shops have their own; the settings are read once', async () => {
		sells('A', 'B');
		const done = await run('price.update', ofShop(fbs), items);
		expect(done.json('Node')).toEqual(
			['A', 'B'].map((offerId) => ({ success: true, campaignId: String(fbs), offerId })),
		);
		const { goods } = market.sandbox.yandexMarket;
		expect([...(goods.ofShops.get(fbs) ?? [])]).toEqual([
			['A', 90],
			['B', 90],
		]);
		expect(goods.prices.get('A')).toBe(100);
		await run('price.update', ofShop(dbs), items);
		expect(sent('/settings')).toHaveLength(1);
		expect(sent('/offer-prices/updates').map(({ path }) => path)).toEqual([
			`/v2/campaigns/${fbs}/offer-prices/updates`,
			`/v2/campaigns/${dbs}/offer-prices/updates`,
		]);
	});

	test('sets the price of the cabinet where all shops have one', async () => {
		const { cabinet, goods } = market.sandbox.yandexMarket;
		cabinet.onlyDefaultPrice = true;
		sells('A', 'B');
		const done = await run('price.update', ofShop(fbs), items);
		expect(done.json('Node')).toMatchObject([
			{ success: true, businessId: String(YANDEX_BUSINESS_ID), offerId: 'A' },
			{ offerId: 'B' },
		]);
		expect(goods.prices.get('A')).toBe(90);
		expect(goods.ofShops.size).toBe(0);
	});

	test('without one asks for nothing and sets that of the cabinet', async () => {
		sells('A', 'B');
		expect(errors(await run('price.update', PRICE, items))).toEqual([]);
		expect(sent('/settings')).toEqual([]);
		expect(sent(`/v2/businesses/${YANDEX_BUSINESS_ID}/offer-prices/updates`)).toHaveLength(1);
	});

	test('one price for all cannot be two: both shops are told, the others go on', async () => {
		market.sandbox.yandexMarket.cabinet.onlyDefaultPrice = true;
		const form = ofShop('={{ $json.shop }}');
		const done = await run('price.update', form, [
			{ sku: 'A', price: 90, shop: fbs },
			{ sku: 'A', price: 95, shop: dbs },
			{ sku: 'B', price: 90, shop: fbs },
			{ sku: 'B', price: 90, shop: dbs },
		]);
		expect(errors(done)).toEqual([
			expect.stringContaining(`item 1 has another price of 'A' for shop ${dbs}`),
			expect.stringContaining(`item 0 has another price of 'A' for shop ${fbs}`),
		]);
		expect(skus(done)).toEqual(['B', 'B']);
	});

	test('one price for all: a shop and the cabinet cannot have two, whichever comes first', async () => {
		market.sandbox.yandexMarket.cabinet.onlyDefaultPrice = true;
		const form = { ...PRICE, additionalFields: { campaignId: byId('={{ $json.shop }}') } };
		const done = await run('price.update', form, [
			{ sku: 'A', price: 90, shop: fbs },
			{ sku: 'A', price: 95, shop: '' },
			{ sku: 'B', price: 90, shop: '' },
			{ sku: 'B', price: 95, shop: dbs },
			{ sku: 'C', price: 90, shop: '' },
			{ sku: 'C', price: 90, shop: fbs },
		]);
		expect(errors(done)).toEqual([
			expect.stringContaining(`'Shop' is ${fbs}, item 1 has another price of 'A' for the cabinet`),
			expect.stringContaining(`'Shop' is empty, item 0 has another price of 'A' for shop ${fbs}`),
			expect.stringContaining(`'Shop' is empty, item 3 has another price of 'B' for shop ${dbs}`),
			expect.stringContaining(`'Shop' is ${dbs}, item 2 has another price of 'B' for the cabinet`),
		]);
		expect(skus(done)).toEqual(['C', 'C']);
	});

	test.each([
		['VAT', true, { vat: 14 }, 'the price of a cabinet has none'],
		[
			'Minimum for Bestsellers',
			false,
			{ minimumForBestseller: 80 },
			'the price of a shop has none',
		],
	])('%s is not left out without a word', async (label, one, more, why) => {
		market.sandbox.yandexMarket.cabinet.onlyDefaultPrice = one;
		const done = await run('price.update', ofShop(fbs, more), [items[0]]);
		expect(errors(done)).toEqual([expect.stringContaining(`'${label}' is given, and ${why}`)]);
		expect(sent('/offer-prices/updates')).toEqual([]);
	});

	test('goes to the shop where the key may not see the settings, and the Market decides', async () => {
		const { cabinet } = market.sandbox.yandexMarket;
		cabinet.onlyDefaultPrice = true;
		market.sandbox.faults.add({ vendor: 'yandexMarket', path: '/settings$', status: 403 });
		const done = await run('price.update', ofShop(fbs), [items[0]]);
		expect(errors(done)).toEqual([expect.stringContaining('one price for all its shops')]);
	});
});

test('a price that falls much waits in quarantine until it is confirmed', async () => {
	const { goods } = market.sandbox.yandexMarket;
	goods.sell('A', 1000);
	const done = await run('price.update', PRICE, [{ sku: 'A', price: 100 }]);
	expect(done.json('Node')).toMatchObject([{ success: true, offerId: 'A' }]);
	expect(goods.prices.get('A')).toBe(1000);
	const waiting = await run('priceQuarantine.getAll', { businessId: CABINET, returnAll: true });
	expect(waiting.json('Node').map(({ offerId }) => offerId)).toEqual(['A']);
	await run('priceQuarantine.confirm', { businessId: CABINET, offerId: 'A' });
	expect(goods.prices.get('A')).toBe(100);
});

test('more than 512 KB go in several requests, and every item has its row', async () => {
	const long = (index: number) => `${String(index).padStart(4, '0')}${'ж'.repeat(250)}`;
	const items = Array.from({ length: 1200 }, (_, index) => ({ sku: long(index), count: 1 }));
	const result = await run('stock.update', STOCK, items);
	expect(errors(result)).toEqual([]);
	expect(skus(result)).toEqual(items.map(({ sku }) => sku));
	const bodies = sent('/offers/stocks').map(({ body }) => Buffer.byteLength(JSON.stringify(body)));
	expect(bodies.length).toBeGreaterThan(1);
	for (const bytes of bodies) expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
	expect(market.sandbox.yandexMarket.stocks.get(YANDEX_CAMPAIGNS.fbs)?.size).toBe(items.length);
});

test.each([
	['exactly 512 KB', 0],
	['a byte more', 1],
])('%s: everything arrives, and no body is too large', async (_what, more) => {
	const count = 2000;
	const empty = JSON.stringify({ skus: Array(count).fill({ sku: '', items: [{ count: 1 }] }) });
	const letters = MOST_BYTES - empty.length + more;
	const items = Array.from({ length: count }, (_, index) => {
		const long = Math.floor(letters / count) + (index < letters % count ? 1 : 0);
		return { sku: String(index).padEnd(long, '-'), count: 1 };
	});
	expect(empty.length + items.reduce((sum, { sku }) => sum + sku.length, 0)).toBe(
		MOST_BYTES + more,
	);
	const result = await run('stock.update', STOCK, items);
	expect(errors(result)).toEqual([]);
	expect(skus(result)).toEqual(items.map(({ sku }) => sku));
	for (const { body } of sent('/offers/stocks')) {
		expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(MOST_BYTES);
	}
	expect(market.sandbox.yandexMarket.stocks.get(YANDEX_CAMPAIGNS.fbs)?.size).toBe(count);
});

test('an item that is larger than 512 KB by itself says so; the others go on', async () => {
	const form = {
		businessId: CABINET,
		offerId: '={{ $json.sku }}',
		categoryId: byId('5'),
		parameterValues: { row: [{ parameterId: '7', value: '={{ $json.text }}' }] },
	};
	const done = await run('productCard.updateContent', form, [
		{ sku: 'A', text: 'ж'.repeat(300_000) },
		{ sku: 'B', text: 'short' },
	]);
	expect(errors(done)).toEqual([expect.stringMatching(/object of 0\.6 MB/)]);
	expect(skus(done)).toEqual(['B']);
	expect(sent('/offer-cards/update')).toHaveLength(1);
});

describe('stocks by warehouse (v3)', () => {
	const rows = async (warehouse: number, more: object = {}) =>
		(
			await run('stock.getAllByWarehouse', {
				businessId: CABINET,
				partnerWarehouseId: byId(warehouse),
				returnAll: true,
				...more,
			})
		).json('Node');

	test('Update finds the one warehouse of the shop, and the list has what was known', async () => {
		market.sandbox.yandexMarket.cabinet.warehouses = [NORTH, SOUTH];
		sells('A', 'B');
		const items = ['A', 'B', 'X'].map((sku, count) => ({ sku, count }));
		const done = await run('stock.update', STOCK, items);
		expect(errors(done)).toEqual([]);
		expect(sent('/v3/businesses/9100001/offers/stocks/update')).toHaveLength(1);
		expect((await rows(NORTH.id)).map(({ offerId, fit }) => [offerId, fit])).toEqual([
			['A', 0],
			['B', 1],
		]);
		expect(await rows(SOUTH.id)).toEqual([]);
		// What vanished without a word is found when that is wanted.
		const checked = await run('stock.update', { ...STOCK, options: { checkSkus: true } }, items);
		expect(errors(checked)).toEqual([expect.stringContaining("'X', which the catalogue")]);
		expect(skus(checked)).toEqual(['A', 'B']);
	});

	test('one SKU in two warehouses; a list of several pages', async () => {
		const { cabinet } = market.sandbox.yandexMarket;
		cabinet.warehouses = [NORTH, SOUTH];
		const form = {
			businessId: CABINET,
			sku: '={{ $json.sku }}',
			count: '={{ $json.count }}',
			partnerWarehouseId: byId('={{ $json.warehouse }}'),
		};
		const both = [NORTH, SOUTH].map(({ id }, at) => ({ sku: 'A', count: at + 1, warehouse: id }));
		expect(errors(await run('stock.updateByWarehouse', form, both))).toEqual([]);
		const fits = [(await rows(NORTH.id))[0].fit, (await rows(SOUTH.id))[0].fit];
		expect(fits).toEqual([1, 2]);
		for (let at = 0; at < 150; at++) {
			cabinet.stocks.set(`${NORTH.id} S-${at}`, { offerId: `S-${at}`, stocks: [] });
		}
		market.sandbox.clearLog();
		expect(await rows(NORTH.id)).toHaveLength(151);
		expect(market.sandbox.log).toHaveLength(2);
	});

	test('warehouses are listed, in the node and in the form', async () => {
		market.sandbox.yandexMarket.cabinet.warehouses = [NORTH, SOUTH];
		const listed = await run('warehouse.getAllModels', { businessId: CABINET, returnAll: true });
		expect(listed.json('Node').map(({ name }) => name)).toEqual(['North', 'South']);
		const { results } = await market.engine.listSearch(walk.node, 'searchWarehouses', {
			credentials: { yandexMarketApi: 'key' },
			parameters: { businessId: CABINET },
		});
		expect(results).toEqual([
			{ name: 'North (7001)', value: '7001' },
			{ name: 'South (7002)', value: '7002' },
		]);
	});
});

describe('an order with marked goods', () => {
	const CODE = '0104600000000000215';
	let order: IDataObject;
	let item: number;
	const ids = () => ({ campaignId: FBS, orderId: String(order.orderId) });
	const pack = async (cis: string[], options: object = {}, codes: unknown = cis.join('\n')) =>
		await run(
			'order.setBoxes',
			{
				...ids(),
				boxes: { row: [{ box: '1', id: item, fullCount: cis.length, cis: codes }] },
				options,
			},
			[{ cis } as IDataObject],
			false,
		);
	const ready = async () =>
		await run(
			'order.updateStatus',
			{ ...ids(), status: 'PROCESSING', substatus: 'READY_TO_SHIP' },
			[{}],
			false,
		);

	beforeEach(() => {
		const { orders } = market.sandbox.yandexMarket;
		order = orders.place(YANDEX_CAMPAIGNS.fbs) as IDataObject;
		const [only] = order.items as IDataObject[];
		only.count = 2;
		item = Number(only.id);
		orders.mark(order);
	});

	test('is packed, waited for, made ready and labelled', async () => {
		const early = await ready();
		expect(early.error?.message).toContain('marking codes of the order are not checked yet');
		const packed = await pack([`${CODE}a`, `${CODE}b`], { waitUntilChecked: true });
		expect(packed.error).toBeUndefined();
		expect(packed.json('Node')).toMatchObject([{ boxes: [{}], codesChecked: 2 }]);
		const done = await ready();
		expect(done.json('Node')).toMatchObject([{ substatus: 'READY_TO_SHIP', alreadySet: false }]);
		const label = await run('orderLabel.download', ids(), [{}], false);
		const { data = '' } = label.items('Node')[0].binary?.data ?? {};
		const text = Buffer.from(data, 'base64').toString();
		expect(text).toContain(`order ${String(order.orderId)}, box 1`);
		// Boxes are final by then.
		const late = await pack([`${CODE}a`, `${CODE}b`]);
		expect(late.error?.description).toContain('PROCESSING/READY_TO_SHIP');
	});

	test('has its codes as a list as well, each with the commas that it holds', async () => {
		const cis = [`${CODE}a,1`, `${CODE}b`];
		const packed = await pack(cis, {}, '={{ $json.cis }}');
		expect(packed.error).toBeUndefined();
		const [{ body }] = sent('/boxes');
		expect(body).toMatchObject({
			boxes: [{ items: [{ instances: cis.map((code) => ({ cis: code })) }] }],
		});
	});

	test('whose code was sold is told', async () => {
		const packed = await pack([`${CODE}a`, `${CODE}SOLD`], { waitUntilChecked: true });
		expect(packed.error?.message).toContain('marking codes were not accepted');
		expect(packed.error?.description).toContain(`${CODE}SOLD of item ${item}: INVALID ITEM_SOLD`);
	});

	test('loses units only where that is wanted', async () => {
		const short = await pack([`${CODE}a`]);
		expect(short.error?.description).toContain('Items are missing in boxes');
		expect((order.items as IDataObject[])[0].count).toBe(2);
		expect(sent('/boxes').map(({ body }) => body)).not.toContainEqual(
			expect.objectContaining({ allowRemove: true }),
		);
		const wanted = await pack([`${CODE}a`], { allowRemove: true });
		expect(wanted.error).toBeUndefined();
		expect((order.items as IDataObject[])[0].count).toBe(1);
	});
});

test('a step that the way of working does not allow names those that it does', async () => {
	const order = market.sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
	const form = { campaignId: FBS, orderId: String(order.orderId) };
	const step = { status: 'DELIVERY', substatus: 'DELIVERY_SERVICE_RECEIVED' };
	const done = await run('order.updateStatus', { ...form, ...step }, [{}], false);
	expect(done.error?.message).toContain('cannot get this status now');
	expect(done.error?.description).toContain("It may become 'In Processing' with 'Ready to Ship'");
	expect(order.status).toBe('PROCESSING');
});
