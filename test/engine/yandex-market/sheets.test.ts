/**
 * Rows of Google Sheets, Excel, CSV files and models on their way to the Market: SKUs with blanks or cut short, prices and
 * stocks as people write them, order numbers, dates, statuses in the words of the cabinet, marking codes. Each goes out as
 * it was meant, or is an error that names field, item and the way out, while the others go on. Facts: specification of
 * ShopSku, BasePriceDTO, DiscountBase, SkuBidItemDTO; yandex-market-jobs.md §1.
 */
import type { IDataObject } from 'n8n-workflow';

import { YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS } from '../../../sandbox';
import { freshHouse } from '../freshHouse';
import { byId, walk } from './walk';

const CABINET = { businessId: byId(YANDEX_BUSINESS_ID) };
const FBS = { campaignId: byId(YANDEX_CAMPAIGNS.fbs) };
const DBS = { campaignId: byId(YANDEX_CAMPAIGNS.dbs) };
const NBSP = '\u00a0';
const MARK = '\ufeff';

const market = freshHouse(walk);

/** What came of a run: the requests that write, and the error of each item, empty for those that went. */
interface Outcome {
	bodies: IDataObject[];
	errors: string[];
	json: IDataObject[];
}

async function run(name: string, form: object, rows: object[]): Promise<Outcome> {
	market.sandbox.clearLog();
	const [resource, operation] = name.split('.');
	const result = await market.engine.runNode(walk.node, { resource, operation, ...form }, {
		items: rows,
		credentials: { yandexMarketApi: 'key' },
		onError: 'continueRegularOutput',
	} as Parameters<typeof market.engine.runNode>[2]);
	const json = result.json('Node');
	const asks = /\/warehouses$|\/settings$|\/v1\/businesses\/\d+\/orders$/;
	return {
		bodies: market.sandbox.log
			.filter(({ method, path }) => method !== 'GET' && !asks.test(path))
			.map(({ body }) => body as IDataObject),
		errors: json.map(({ error }) => String((error as string | undefined) ?? '')),
		json,
	};
}

/** The way out that an error tells, of an item that runs alone. */
async function wayOut(name: string, form: object, row: object): Promise<string> {
	const [resource, operation] = name.split('.');
	const { error } = await market.engine.runNode(walk.node, { resource, operation, ...form }, {
		items: [row],
		credentials: { yandexMarketApi: 'key' },
	} as Parameters<typeof market.engine.runNode>[2]);
	return String(error?.description);
}

const at = (body: IDataObject, list: string) => body[list] as IDataObject[];
const PRICE = {
	...CABINET,
	offerId: '={{ $json.sku }}',
	value: '={{ $json.price }}',
	currencyId: 'RUR',
};
const STOCK = { ...FBS, sku: '={{ $json.sku }}', count: '={{ $json.count }}' };

describe('SKUs', () => {
	/** Operations that name one product per item, and where its SKU goes. */
	const NAMED: Array<[string, object, (bodies: IDataObject[]) => unknown[]]> = [
		[
			'price.update',
			{ ...PRICE, value: '5' },
			(bodies) => bodies.flatMap((body) => at(body, 'offers').map(({ offerId }) => offerId)),
		],
		[
			'stock.update',
			{ ...STOCK, count: '5' },
			(bodies) => bodies.flatMap((body) => at(body, 'skus').map(({ sku }) => sku)),
		],
		[
			'stock.updateByWarehouse',
			{ ...CABINET, partnerWarehouseId: byId(7001), sku: '={{ $json.sku }}', count: '5' },
			(bodies) => bodies.flatMap((body) => at(body, 'skuItems').map(({ sku }) => sku)),
		],
		[
			'bid.set',
			{ ...CABINET, sku: '={{ $json.sku }}', bid: '500' },
			(bodies) => bodies.flatMap((body) => at(body, 'bids').map(({ sku }) => sku)),
		],
		[
			'product.archive',
			{ ...CABINET, offerId: '={{ $json.sku }}' },
			(bodies) => bodies.flatMap(({ offerIds }) => offerIds as string[]),
		],
		[
			'shopProduct.hide',
			{ ...FBS, offerId: '={{ $json.sku }}' },
			(bodies) => bodies.flatMap((body) => at(body, 'hiddenOffers').map(({ offerId }) => offerId)),
		],
	];

	test.each(NAMED)('%s: blanks at the ends are none of it', async (name, form, skus) => {
		const given = [
			'A-1 ',
			`${NBSP}A-2`,
			'A-3\n',
			`${MARK}A-4`,
			`A${NBSP}5`,
			7,
			'007',
			4600000000015,
		];
		const { bodies, errors } = await run(
			name,
			form,
			given.map((sku) => ({ sku })),
		);
		expect(errors.filter(Boolean)).toEqual([]);
		const wanted = ['A-1', 'A-2', 'A-3', 'A-4', `A${NBSP}5`, '7', '007', '4600000000015'];
		expect(skus(bodies)).toEqual(wanted);
	});

	test.each(NAMED)('%s: what a sheet has made of one is refused', async (name, form, skus) => {
		const given = ['A', '4.6E+12', '4,60E+12', '—', '-', '#N/A', '#Н/Д', '#REF!', '', null, 'B'];
		const { bodies, errors } = await run(
			name,
			form,
			given.map((sku) => ({ sku })),
		);
		expect(skus(bodies)).toEqual(['A', 'B']);
		for (const told of errors.slice(1, 3)) expect(told).toContain('as sheets shorten long numbers');
		for (const told of errors.slice(3, 8)) expect(told).toContain('as sheets write for nothing');
		for (const told of errors.slice(8, 10)) expect(told).toContain("'SKU' is empty");
		for (const [index, told] of errors.slice(1, 10).entries()) {
			expect(told).toContain(`[item ${index + 1}]`);
		}
	});

	test('two prices or stocks of one SKU are told, blanks aside; the same twice is sent once', async () => {
		const rows = [
			{ sku: 'A', price: 100, count: 1 },
			{ sku: 'A ', price: 110, count: 2 },
			{ sku: 'B', price: '5,0', count: '5,0' },
			{ sku: ` B${NBSP}`, price: 5, count: 5 },
			{ sku: 7, price: 1, count: 1 },
			{ sku: '7', price: 2, count: 2 },
		];
		for (const [name, form] of [
			['price.update', PRICE],
			['stock.update', STOCK],
		] as const) {
			const { bodies, errors } = await run(name, form, rows);
			expect(bodies).toHaveLength(1);
			expect(Object.values(bodies[0])[0]).toMatchObject([
				name === 'price.update' ? { offerId: 'B' } : { sku: 'B' },
			]);
			expect(Object.values(bodies[0])[0]).toHaveLength(1);
			expect(errors).toEqual([
				expect.stringContaining("'SKU' is 'A', which item 1 has as well"),
				expect.stringContaining("'SKU' is 'A', which item 0 has as well"),
				'',
				'',
				expect.stringContaining("'SKU' is '7', which item 5 has as well"),
				expect.stringContaining("'SKU' is '7', which item 4 has as well"),
			]);
		}
	});

	test('in a filter, too', async () => {
		const form = { ...CABINET, returnAll: true, filters: { offerIds: '={{ $json.skus }}' } };
		const { bodies, errors } = await run('product.getAll', form, [
			{ skus: `A-1 , ${NBSP}B${NBSP}` },
			{ skus: ['A ', 7] },
			{ skus: 'A, 4.6E+12' },
		]);
		expect(bodies).toMatchObject([{ offerIds: ['A-1', 'B'] }, { offerIds: ['A', '7'] }]);
		expect(errors.at(-1)).toContain("'SKUs' is '4.6E+12'");
	});
});

describe('prices', () => {
	const priced = async (prices: unknown[], more: object = {}) =>
		await run(
			'price.update',
			{ ...PRICE, ...more },
			prices.map((price, index) => ({ sku: `P-${index}`, price })),
		);

	test('as Russian sheets and computers write them', async () => {
		const given = ['1 234,50', `1${NBSP}234,50`, '1\u202f234,5', '1234.5', 1234.5, '12,0', '1e3'];
		const { bodies, errors } = await priced(given);
		expect(errors.filter(Boolean)).toEqual([]);
		const values = at(bodies[0], 'offers').map(({ price }) => (price as IDataObject).value);
		expect(values).toEqual([1234.5, 1234.5, 1234.5, 1234.5, 1234.5, 12, 1000]);
	});

	test.each<[unknown, string, string]>([
		['1,234.50', 'points and commas can be read in more than one way', '1250.50'],
		['1.234,50', 'points and commas can be read in more than one way', '1250.50'],
		['1,234', 'may mean 1234 or 1.234', 'without a separator'],
		['1234.5 ₽', "'Price' is '1234.5 ₽'", 'without a unit or currency'],
		['-5', "'Price' is '-5'", 'above 0'],
		[0, "'Price' is '0'", 'above 0'],
		['0,00', "'Price' is '0,00'", 'above 0'],
		['—', "'Price' is '—'", 'above 0'],
		['#N/A', "'Price' is '#N/A'", 'above 0'],
		['', "'Price' is empty", 'Fill in'],
		[null, "'Price' is empty", 'Fill in'],
		[true, "'Price' is 'true'", 'above 0'],
	])('%j is refused, the others go', async (price, message, hint) => {
		const { bodies, errors } = await priced([10, price, 20]);
		expect(errors).toEqual(['', expect.stringContaining(message), '']);
		expect(errors[1]).toContain('[item 1]');
		expect(bodies).toHaveLength(1);
		expect(at(bodies[0], 'offers').map(({ offerId }) => offerId)).toEqual(['P-0', 'P-2']);
		expect(await wayOut('price.update', PRICE, { sku: 'A', price })).toContain(hint);
	});

	test.each<[string, object, string]>([
		[
			'price.update',
			{ ...PRICE, value: '100', additionalFields: { discountBase: '={{ $json.base }}' } },
			'offers',
		],
		[
			'price.updateShop',
			{
				...FBS,
				offerId: '={{ $json.sku }}',
				value: '100',
				currencyId: 'RUR',
				additionalFields: { discountBase: '={{ $json.base }}' },
			},
			'offers',
		],
		[
			'product.upsert',
			{
				...CABINET,
				inputMode: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					matchingColumns: [],
					schema: [],
					value: {
						offerId: '={{ $json.sku }}',
						price: '100',
						currencyId: 'RUR',
						discountBase: '={{ $json.base }}',
					},
				},
			},
			'offerMappings',
		],
	])('%s: a struck-out price that is none is refused', async (name, form, list) => {
		const bases = ['1 500,00', '', null, 90, 100, 0, '—', 101];
		const rows = bases.map((base, index) => ({ sku: `D-${index}`, base }));
		const { bodies, errors } = await run(name, form, rows);
		const sent = at(bodies[0], list).map((one) => (one.offer ?? one) as IDataObject);
		expect(bodies).toHaveLength(1);
		expect(
			sent.map(({ offerId, price, basicPrice }) => [
				offerId,
				((price ?? basicPrice) as IDataObject).discountBase,
			]),
		).toEqual([
			['D-0', 1500],
			['D-1', undefined],
			['D-2', undefined],
			// The Market's to judge: it takes discounts from 5 %.
			['D-4', 100],
			['D-7', 101],
		]);
		expect(errors[3]).toContain("'Price Before Discount' is 90, which is below 'Price' (100)");
		expect(errors[4]).toBe('');
		expect(errors[5]).toContain("'Price Before Discount' is '0'");
		expect(errors[6]).toContain("'Price Before Discount' is '—'");
	});

	test('the ruble, however a sheet calls it', async () => {
		const names = ['RUR', 'rub', 'RUB ', '₽', 'руб', 'руб.', 'р.', 'Russian Ruble', 'тугрик'];
		const { bodies, errors } = await run(
			'price.update',
			{ ...PRICE, currencyId: '={{ $json.currency }}' },
			names.map((currency, index) => ({ sku: `C-${index}`, price: 5, currency })),
		);
		const codes = at(bodies[0], 'offers').map(({ price }) => (price as IDataObject).currencyId);
		expect(codes).toEqual(Array(8).fill('RUR'));
		expect(errors[8]).toContain("'Currency' is 'тугрик'");
	});
});

describe('stocks and bids', () => {
	test('counts as sheets write them; what is none is refused, and 0 is a count', async () => {
		const counts = ['12,0', '1e3', ` ${NBSP}5 `, `1${NBSP}000`, 0, '0'];
		const bad = ['-3', '12.5', '1,000', '10 шт', '>10', '', null, '—', true, 'нет'];
		const rows = [...counts, ...bad].map((count, index) => ({ sku: `S-${index}`, count }));
		const { bodies, errors } = await run('stock.update', STOCK, rows);
		expect(bodies).toHaveLength(1);
		expect(at(bodies[0], 'skus').map(({ items }) => (items as IDataObject[])[0].count)).toEqual([
			12, 1000, 5, 1000, 0, 0,
		]);
		expect(errors.slice(0, counts.length).filter(Boolean)).toEqual([]);
		for (const told of errors.slice(counts.length)) expect(told).toMatch(/^'Count' is/);
	});

	test('a stock counted at a time of a sheet, by the clock of the workflow', async () => {
		const today = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19);
		const rows = [
			{ sku: 'A', when: `${today}Z` },
			{ sku: 'B', when: '29/11/2026' },
			{ sku: 'C', when: '' },
		];
		const form = { ...STOCK, count: '1', additionalFields: { updatedAt: '={{ $json.when }}' } };
		const { bodies, errors } = await run('stock.update', form, rows);
		expect(at(bodies[0], 'skus')).toEqual([
			{ sku: 'A', items: [{ count: 1, updatedAt: `${today}.000Z` }] },
			{ sku: 'C', items: [{ count: 1 }] },
		]);
		expect(errors[1]).toContain('day and month can be read either way');
	});

	test.each<[unknown, number | string]>([
		[500, 500],
		['500,0', 500],
		[0, 0],
		[5, 'which is 0.05 %'],
		['5%', "'Bid' is '5%'"],
		['5,5', "'Bid' is '5,5'"],
		[10_000, "'Bid' is '10000'"],
		['', "'Bid' is empty"],
	])('a bid of %j', async (bid, wanted) => {
		const form = { ...CABINET, sku: 'A', bid: '={{ $json.bid }}' };
		const { bodies, errors } = await run('bid.set', form, [{ bid }]);
		if (typeof wanted === 'number') {
			expect(bodies).toEqual([{ bids: [{ sku: 'A', bid: wanted }] }]);
			return;
		}
		expect(bodies).toEqual([]);
		expect(errors[0]).toContain(wanted);
		if (bid !== '') expect(await wayOut('bid.set', form, { bid })).toContain('5 % is 500');
	});
});

describe('orders', () => {
	const placed = () =>
		market.sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs) as IDataObject;
	const ready = {
		...FBS,
		orderId: '={{ $json.order }}',
		status: 'PROCESSING',
		substatus: 'READY_TO_SHIP',
	};

	test('numbers with their sign, blanks, or from a table of decimal numbers', async () => {
		const id = String(placed().orderId);
		const spaced = id.replace(/\B(?=(\d{3})+$)/g, NBSP);
		for (const order of [
			Number(id),
			` ${id}${NBSP}`,
			`№${id}`,
			`№ ${id}`,
			`#${id}`,
			spaced,
			`${id}.0`,
		]) {
			const got = await run('order.get', { ...CABINET, orderId: '={{ $json.order }}' }, [
				{ order },
			]);
			expect(got.json).toMatchObject([{ orderId: Number(id) }]);
			await run('orderLabel.getData', { ...FBS, orderId: '={{ $json.order }}' }, [{ order }]);
			expect(market.sandbox.log[0].path).toContain(`/orders/${id}/`);
		}
	});

	test.each([
		['5.12E+10', 'as sheets shorten long numbers'],
		[12345678901234567890, 'more digits than a number can hold'],
		['51234567890-1', "'Order ID' is '51234567890-1'"],
		['51234567890, 51234567891', "'Order ID' is '51234567890, 51234567891'"],
		['', "'Order ID' is empty"],
	])('%p is no order', async (order, message) => {
		const good = String(placed().orderId);
		const { errors, json } = await run('order.updateStatus', ready, [{ order }, { order: good }]);
		expect(errors[0]).toContain(message);
		expect(json[1]).toMatchObject({ orderId: Number(good), substatus: 'READY_TO_SHIP' });
	});

	test('digits beyond what a number holds stay as they are', async () => {
		const form = { ...FBS, orderId: '={{ $json.order }}' };
		await run('orderLabel.getData', form, [{ order: '9007199254740993' }]);
		expect(market.sandbox.log[0].path).toContain('/orders/9007199254740993/');
	});

	test('words of the cabinet are no statuses: none of them spoils the request of the others', async () => {
		const rows = [
			['In Processing', 'Ready to Ship', ''],
			['processing ', 'ready_to_ship ', ''],
			['Готов к отгрузке', '', ''],
			['Отменён', '', 'SHOP_FAILED'],
			['READY_TO_SHIP', '', ''],
			['CANCELLED', '', 'Магазин не может'],
			['CANCELLED', '', ''],
			['', '', ''],
		].map(([status, stage, reason]) => ({
			status,
			stage,
			reason,
			order: String(placed().orderId),
		}));
		const form = {
			...ready,
			status: '={{ $json.status }}',
			substatus: '={{ $json.stage }}',
			reason: '={{ $json.reason }}',
		};
		const { bodies, errors } = await run('order.updateStatus', form, rows);
		expect(bodies).toHaveLength(1);
		expect(at(bodies[0], 'orders')).toMatchObject(
			[0, 1].map(() => ({ status: 'PROCESSING', substatus: 'READY_TO_SHIP' })),
		);
		expect(at(bodies[0], 'orders')).toHaveLength(2);
		expect(errors.slice(2)).toEqual([
			expect.stringContaining("'Status' is 'Готов к отгрузке'"),
			expect.stringContaining("'Status' is 'Отменён'"),
			expect.stringContaining("'Status' is 'READY_TO_SHIP', which is a stage of In Processing"),
			expect.stringContaining("'Reason' is 'Магазин не может'"),
			expect.stringContaining("'Reason' is empty"),
			expect.stringContaining("'Status' is empty"),
		]);
		expect(await wayOut('order.updateStatus', form, rows[2])).toContain(
			'In Processing (PROCESSING)',
		);
		expect(await wayOut('order.updateStatus', form, rows[5])).toContain('SHOP_FAILED');
	});

	test('as filters, words are read as codes where they can be', async () => {
		const filters = { statuses: '={{ $json.status }}', substatuses: '={{ $json.stage }}' };
		const { bodies, errors } = await run('order.getAll', { ...CABINET, limit: 1, filters }, [
			{ status: 'In Processing', stage: 'Ready to Ship, started' },
			{ status: 'Готов к отгрузке' },
			{ stage: 'Готов' },
		]);
		const asked = market.sandbox.log.map(({ body }) => body);
		expect(bodies).toEqual([]);
		expect(asked).toEqual([
			{ statuses: ['PROCESSING'], substatuses: ['READY_TO_SHIP', 'STARTED'] },
		]);
		expect(errors.slice(-2)).toEqual([
			expect.stringContaining("'Statuses' is 'Готов к отгрузке'"),
			expect.stringContaining("'Stages or Reasons' is 'ГОТОВ'"),
		]);
	});

	test('an external number is set once: blanks are none of it, what a sheet has cut is refused', async () => {
		const numbers = ['00042', 42, ` A-7${NBSP}`, '4.2E+12', '—', '', null];
		const rows = numbers.map((number) => ({ number, order: String(placed().orderId) }));
		const form = { ...FBS, orderId: '={{ $json.order }}', externalOrderId: '={{ $json.number }}' };
		const { bodies, errors } = await run('order.setExternalId', form, rows);
		expect(bodies.map(({ externalOrderId }) => externalOrderId)).toEqual(['00042', '42', 'A-7']);
		expect(errors.slice(3)).toEqual([
			expect.stringContaining("'External Number' is '4.2E+12', as sheets shorten"),
			expect.stringContaining("'External Number' is '—', as sheets write for nothing"),
			expect.stringContaining("'External Number' is empty"),
			expect.stringContaining("'External Number' is empty"),
		]);
	});

	test('marking codes keep their separators; a code that was cut, or is none, is refused', async () => {
		const code = (serial: string) => `0104600000000015215${serial}\u001d91EE06\u001d92abc=`;
		const given: Array<[unknown, unknown]> = [
			['1', code('a')],
			['2,0', ` ${code('b')}\r\n${code('c')}\r\n\r\n`],
			[2, [code('d'), code('e,f')]],
			[1, '1.04E+30'],
			[1, '—'],
			[2, `${code('g')}; ${code('h')}`],
			['1 шт', ''],
			[0, ''],
			['', ''],
		];
		const rows = given.map(([count, cis]) => {
			const order = placed();
			const [item] = order.items as IDataObject[];
			item.count = Number.parseInt(String(count), 10) || 1;
			return { order: String(order.orderId), item: String(item.id), count, cis };
		});
		const box = {
			box: '1',
			id: byId('={{ $json.item }}'),
			fullCount: '={{ $json.count }}',
			cis: '={{ $json.cis }}',
		};
		const form = { ...FBS, orderId: '={{ $json.order }}', boxes: { row: [box] } };
		const { bodies, errors } = await run('order.setBoxes', form, rows);
		const codes = bodies
			.flatMap((body) => at(body, 'boxes'))
			.flatMap((one) => at(one, 'items'))
			.map((item) => at(item, 'instances').map(({ cis }) => cis));
		expect(codes).toEqual([[code('a')], [code('b'), code('c')], [code('d'), code('e,f')]]);
		expect(errors).toEqual([
			'',
			'',
			'',
			expect.stringContaining("'Marking Codes' is '1.04E+30', as sheets shorten"),
			expect.stringContaining("'Marking Codes' is '—', as sheets write for nothing"),
			expect.stringContaining("'Marking Codes' hold 1 code for item"),
			expect.stringContaining("'Count' is '1 шт'"),
			expect.stringContaining("'Count' is '0'"),
			expect.stringContaining("'Boxes' have neither a count nor parts"),
		]);
	});

	test.each<[string, object, string, string]>([
		[
			'orderDelivery.setTrackCode',
			{ ...DBS, orderId: '5', deliveryServiceId: byId(1), trackCode: '={{ $json.code }}' },
			'trackCode',
			'Track Code',
		],
		[
			'order.sendDigitalCodes',
			{
				...DBS,
				orderId: '5',
				items: {
					row: [{ id: '1', codes: '={{ $json.code }}', slip: 'How', activateTill: '31.12.2027' }],
				},
			},
			'items',
			'Codes',
		],
	])('%s: a code that a sheet has cut goes to nobody', async (name, form, key, label) => {
		const codes = ['80088123456789', ' AB-1 ', '4.6E+12', '—', ''];
		const { bodies, errors } = await run(
			name,
			form,
			codes.map((code) => ({ code })),
		);
		const sent = bodies.map((body) =>
			key === 'items' ? (at(body, key)[0].codes as string[])[0] : body[key],
		);
		expect(sent).toEqual(['80088123456789', 'AB-1']);
		expect(errors.slice(2)).toEqual([
			expect.stringContaining(`'${label}' is '4.6E+12', as sheets shorten`),
			expect.stringContaining(`'${label}' is '—', as sheets write for nothing`),
			expect.stringContaining(`'${label}' is empty`),
		]);
	});

	test('days as sheets write them', async () => {
		const days = ['29.11.2026', 46355, '46355,5', '2026-11-29 23:30', '2026-11-29T10:30:00'];
		const form = {
			...DBS,
			orderId: '5',
			toDate: '={{ $json.day }}',
			reason: 'USER_MOVED_DELIVERY_DATES',
		};
		const rows = [...days, '11/29/2026', 'завтра', ''].map((day) => ({ day }));
		const { bodies, errors } = await run('orderDelivery.changeDate', form, rows);
		expect(bodies.map(({ dates }) => (dates as IDataObject).toDate)).toEqual(
			Array(days.length).fill('2026-11-29'),
		);
		expect(errors.slice(days.length)).toEqual([
			expect.stringContaining('day and month can be read either way'),
			expect.stringContaining("'Deliver On' holds 'завтра', which is no date"),
			expect.stringContaining("'Deliver On' is empty"),
		]);
	});
});

describe('products', () => {
	test('columns of a sheet: what a sheet has cut makes no product, empty cells are not sent', async () => {
		const fields = {
			mappingMode: 'autoMapInputData',
			value: null,
			matchingColumns: [],
			schema: [],
		};
		const rows = [
			{ SKU: 'A-1 ', Name: 'Tea', Price: '1 234,50', Currency: 'руб', Barcodes: 4600000000015 },
			{ SKU: 'A-2', Name: 'Tea', Price: '', Currency: '', Barcodes: '4600000000015.0, 46000017' },
			{ SKU: 'A-3', Name: 'Tea', Barcodes: '4.6E+12' },
			{ SKU: 'A-4', Name: 'Tea', Barcodes: '4600000000015; 46000017' },
			{ SKU: '—', Name: 'Tea' },
			{ SKU: 'A-5', Name: 'Tea', Price: 0, Currency: 'RUR' },
			{ SKU: '', Name: '', Price: null, Currency: '', Barcodes: '' },
		];
		const { bodies, errors } = await run(
			'product.upsert',
			{ ...CABINET, inputMode: 'fields', fields },
			rows,
		);
		expect(bodies).toEqual([
			{
				offerMappings: [
					{
						offer: {
							offerId: 'A-1',
							name: 'Tea',
							basicPrice: { value: 1234.5, currencyId: 'RUR' },
							barcodes: ['4600000000015'],
						},
					},
					{ offer: { offerId: 'A-2', name: 'Tea', barcodes: ['4600000000015', '46000017'] } },
				],
			},
		]);
		expect(errors.slice(2)).toEqual([
			expect.stringContaining("'Barcodes' is '4.6E+12', as sheets shorten"),
			expect.stringContaining("'Barcodes' holds '4600000000015; 46000017'"),
			expect.stringContaining("'SKU' is '—', as sheets write for nothing"),
			expect.stringContaining("'Price' is '0'"),
			expect.stringContaining("'SKU' is empty"),
		]);
	});
});

describe('shops and returns', () => {
	test.each([
		['21 621 656', "'Shop' is '21 621 656'"],
		['https://partner.market.yandex.ru/supplier/21621656/assortment', "'Shop' is 'https:"],
		['My shop', "'Shop' is 'My shop'"],
		['', "'Shop' is empty"],
	])('the shop %j is refused before anything is sent', async (shop, message) => {
		const form = { ...STOCK, campaignId: byId('={{ $json.shop }}') };
		const good = { sku: 'A', count: 1, shop: ` ${YANDEX_CAMPAIGNS.fbs}${NBSP}` };
		const { bodies, errors } = await run('stock.update', form, [
			{ sku: 'B', count: 1, shop },
			good,
		]);
		expect(errors).toEqual([expect.stringContaining(message), '']);
		expect(bodies).toEqual([{ skus: [{ sku: 'A', items: [{ count: 1 }] }] }]);
	});

	test('a phone as the Market takes it; one that a sheet has cut calls nobody', async () => {
		const phones = ['8 (999) 123-45-67', 79991234567, `+7${NBSP}999 1234567`, '+998901234567'];
		const { bodies, errors } = await run(
			'order.update',
			{
				...FBS,
				orderId: '5',
				additionalFields: { firstName: 'Anna', lastName: 'B', phone: '={{ $json.phone }}' },
			},
			[...phones, '7.9991E+10', '—'].map((phone) => ({ phone })),
		);
		expect(bodies.map((body) => JSON.stringify(body).match(/"phone":"([^"]+)"/)?.[1])).toEqual([
			'+79991234567',
			'+79991234567',
			'+79991234567',
			'+998901234567',
		]);
		expect(errors.slice(4)).toEqual([
			expect.stringContaining("'Phone' is '7.9991E+10', as sheets shorten"),
			expect.stringContaining("'Phone' is '—', as sheets write for nothing"),
		]);
	});

	test('a decision is one of the list, of an item that has its whole number', async () => {
		const row = { returnItemId: '={{ $json.item }}', decisionType: '={{ $json.decision }}' };
		const form = {
			...FBS,
			orderId: '5',
			returnId: '={{ $json.id }}',
			returnItemDecisions: { row: [row] },
		};
		const { bodies, errors } = await run('return.submitDecision', form, [
			{ id: '№ 12345678', item: '9', decision: 'Refund Money' },
			{ id: '1.2E+08', item: '9', decision: 'REFUND_MONEY' },
			{ id: '1', item: '5.1E+10', decision: 'REFUND_MONEY' },
			{ id: '1', item: 9, decision: 'Вернуть деньги' },
			{ id: '1', item: 9, decision: '' },
		]);
		expect(bodies).toEqual([
			{ returnItemDecisions: [{ returnItemId: 9, decisionType: 'REFUND_MONEY' }] },
		]);
		expect(errors).toEqual([
			'',
			expect.stringContaining("'Return ID' is '1.2E+08', as sheets shorten"),
			expect.stringContaining("'Return Item ID' is '5.1E+10', as sheets shorten"),
			expect.stringContaining("'Decision' is 'Вернуть деньги'"),
			expect.stringContaining("'Decision' is empty"),
		]);
	});
});
