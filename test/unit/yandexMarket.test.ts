/** What the Market's operations do beyond one request: boxes, reports, outlets, SKUs that exist, verdicts, rights. */
import type { IDataObject } from 'n8n-workflow';

import { boxesOf } from '../../nodes/YandexMarket/catalogue/boxes';
import { allFacts } from '../../nodes/YandexMarket/catalogue/dialect';
import { factsOf } from '../../nodes/YandexMarket/rights';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { formOf } from '../../nodes/shared/form/form';
import { wholeNumber } from '../../nodes/shared/road/exact';
import { operationName } from '../../nodes/shared/run/request';
import type { Reply, Sent } from './shop';
import { OK, operationOf, run } from './yandexRun';
import { zipOf } from '../../sandbox/shared/zipOf';

jest.setTimeout(60_000);

const lines = (sent: Sent[]) => sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`);

describe('the node', () => {
	it('has every documented call, once or more', () => {
		const known = new Set(yandexMarket.operations.map((operation) => factsOf(operation)?.id));
		const bulk = yandexMarket.operations.map(({ bulk: one }) => one?.route ?? '');
		const missing = allFacts.filter(
			({ id, path }) => !known.has(id) && !bulk.some((route) => route.endsWith(path)),
		);
		expect(missing.map(({ id }) => id)).toEqual([]);
		const undocumented = yandexMarket.operations.filter((operation) => !factsOf(operation));
		// It sends whatever path the user gives.
		expect(undocumented.map(operationName)).toEqual(['apiRequest.send']);
	});

	it('hides what will be switched off, and says until when', () => {
		const ends = yandexMarket.operations.filter(({ deprecated }) => deprecated);
		expect(ends.map(operationName).sort()).toEqual([
			'category.getMaxQuantum',
			'order.getAllLegacy',
			'order.getLegacy',
			'order.setBoxesLegacy',
			'price.getShopLegacy',
			'return.submitDecisionLegacy',
			'warehouse.getAllLegacy',
			'warehouse.setStatus',
		]);
		const texts = formOf(yandexMarket).filter(({ type }) => type === 'notice');
		expect(
			texts.some(({ displayName }) => displayName.includes('switched off on 2027-04-12')),
		).toBe(true);
	});
});

describe('boxes', () => {
	it('are put together from rows', () => {
		const rows = [
			{ box: '1', id: 5, fullCount: 2, cis: ['a,1', 'b'] },
			{ box: '1', id: 6, current: 1, total: 2 },
			{ id: 6, current: 2, total: 2 },
			{ box: '9', items: [{ id: 7, fullCount: 1 }] },
		];
		expect(boxesOf(rows)).toEqual([
			{
				items: [
					{ id: 5, fullCount: 2, instances: [{ cis: 'a,1' }, { cis: 'b' }] },
					{ id: 6, partialCount: { current: 1, total: 2 } },
				],
			},
			{ items: [{ id: 6, partialCount: { current: 2, total: 2 } }] },
			{ items: [{ id: 7, fullCount: 1 }] },
		]);
	});

	it.each([
		[[{ box: '1', fullCount: 1 }], "'Item' is empty"],
		[[{ id: 5 }], 'neither a count nor parts'],
		[[{ id: 5, fullCount: 1, current: 1 }], 'a count as well as parts'],
		[[{ id: 5, current: 3, total: 2 }], 'not one of its parts'],
		[
			[
				{ box: '1', id: 5, fullCount: 1 },
				{ box: '1', id: 5, fullCount: 1 },
			],
			'twice in one box',
		],
		[
			[{ id: 5, fullCount: 2, cis: ['a'] }],
			"'Marking Codes' hold 1 code for item 5, of which 2 units lie in the box",
		],
		[
			[{ id: 5, fullCount: 1, instances: [{ uin: '1' }, { uin: '2' }] }],
			"'Marking Codes' hold 2 codes for item 5, of which 1 unit lies in the box",
		],
		[[{ items: [{ id: 5, fullCount: 2, instances: [{ cis: 'a' }] }] }], 'hold 1 code for item 5'],
		[[{ id: 5, current: 1, total: 2, cis: ['a', 'b'] }], 'hold 2 codes for a part of item 5'],
		[
			[
				{ id: 5, fullCount: 1, cis: ['a'] },
				{ id: 6, fullCount: 1, cis: ['a'] },
			],
			"hold 'a' twice, the second time for item 6",
		],
		[[{ id: wholeNumber('9007199254740993') }], 'parts for item 9007199254740993'],
	])('%j are refused', (rows, text) => {
		expect(() => boxesOf(rows)).toThrow(text);
	});

	it.each(['cis', 'uin', 'rnpt', 'gtd'])('hold codes as %s', (codeType) => {
		const [{ items }] = boxesOf([{ id: 5, fullCount: 1, codeType, cis: ['a'] }]);
		expect(items).toEqual([{ id: 5, fullCount: 1, instances: [{ [codeType]: 'a' }] }]);
	});

	it('hold a unit in several parts, each with its code', () => {
		const parts = [1, 2].map((current) => ({ id: 5, current, total: 2, cis: ['a'] }));
		expect(boxesOf(parts)).toHaveLength(2);
	});
});

describe('stocks and prices', () => {
	const stock = (sku: string, more: IDataObject = {}) => ({ sku, count: '5', ...more });
	/** One key, which asks once where the stocks of the shop go. */
	const update = async (items: IDataObject[], server: (sent: Sent) => Reply, goesOn = false) =>
		await run('stock.update', items, server, goesOn, { apiKey: 'ACMA:stocks' });
	beforeAll(async () => {
		await update([stock('A')], () => OK);
	});

	it('of many items share a request, 2,000 at most', async () => {
		const items = Array.from({ length: 2001 }, (_, index) => stock(`S-${index}`));
		const { items: out, sent: all, error } = await update(items, () => OK);
		const sent = all.filter(({ method }) => method === 'PUT');
		expect(error).toBeUndefined();
		expect(sent.map(({ body }) => (body as { skus: unknown[] }).skus.length)).toEqual([2000, 1]);
		expect((sent[0].body as { skus: unknown[] }).skus[0]).toEqual({
			sku: 'S-0',
			items: [{ count: 5 }],
		});
		expect(out[2000].json).toEqual({ success: true, campaignId: '21', sku: 'S-2000' });
		expect(out[2000].pairedItem).toEqual({ item: 2000 });
	});

	it('a time that the Market refuses is moved to the nearest that it takes', async () => {
		const old = stock('A', { additionalFields: { updatedAt: '2020-01-01T00:00:00Z' } });
		const { sent } = await update([old], () => OK);
		const [{ updatedAt }] = (
			sent[0].body as { skus: Array<{ items: Array<{ updatedAt: string }> }> }
		).skus[0].items;
		const hours = (Date.now() - Date.parse(updatedAt)) / 3_600_000;
		expect(hours).toBeGreaterThan(22.9);
		expect(hours).toBeLessThan(24);
	});

	it.each(['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])(
		'the same one twice, counted at %s, is one, however long the reading takes',
		async (updatedAt) => {
			let now = Date.now();
			jest.spyOn(Date, 'now').mockImplementation(() => (now += 1));
			const twice = [stock('A'), stock('A')].map((one) => ({
				...one,
				additionalFields: { updatedAt },
			}));
			const { items, sent, error } = await update(twice, () => OK);
			jest.restoreAllMocks();
			expect(error).toBeUndefined();
			expect(items).toHaveLength(2);
			expect((sent[0].body as { skus: unknown[] }).skus).toHaveLength(1);
		},
	);

	it('unknown SKUs are found when that is wanted', async () => {
		const items = ['A', 'B'].map((sku) => stock(sku, { options: { checkSkus: true } }));
		const server = ({ path }: Sent) =>
			path.endsWith('/offers')
				? { body: { status: 'OK', result: { offers: [{ offerId: 'A' }] } } }
				: OK;
		const { items: out, sent } = await update(items, server, true);
		expect(lines(sent)).toEqual([
			'POST /v2/campaigns/21/offers',
			'PUT /v2/campaigns/21/offers/stocks',
		]);
		expect((sent[1].body as { skus: unknown[] }).skus).toHaveLength(1);
		expect(out[0].json.success).toBe(true);
		expect(String(out[1].json.error)).toContain("'B', which the catalogue does not have");
	});

	it('roubles are RUR, whatever they are called, and unknown currencies are refused', async () => {
		const price = { offerId: 'A', value: '990', currencyId: 'RUB' };
		const { sent } = await run('price.update', [price], () => OK);
		expect(sent[0].body).toEqual({
			offers: [{ offerId: 'A', price: { value: 990, currencyId: 'RUR' } }],
		});
		const { error } = await run('price.update', [{ ...price, currencyId: 'XXY' }], () => OK);
		expect(error?.message).toContain("'Currency' is 'XXY'");
	});

	it('a cabinet with one price for all says which operation to use', async () => {
		const locked = {
			status: 423,
			body: {
				status: 'ERROR',
				errors: [{ code: 'LOCKED', message: 'Partner use only default price' }],
			},
		};
		const { error } = await run(
			'price.updateShop',
			[{ offerId: 'A', value: '1', currencyId: 'RUR' }],
			() => locked,
		);
		expect(error?.description).toContain('Use Price, Update');
	});
});

describe('verdicts', () => {
	it('refused SKUs are errors, the others are done', async () => {
		const { items } = await run(
			'product.delete',
			['A', 'B'].map((offerId) => ({ offerId })),
			() => ({ body: { status: 'OK', result: { notDeletedOfferIds: ['B'] } } }),
			true,
		);
		expect(items[0].json).toEqual({ success: true, businessId: '7', offerId: 'A' });
		expect(String(items[1].json.error)).toContain('NOT_DELETED');
	});

	it('one bad product does not keep the others from being saved when that is wanted', async () => {
		const product = (offerId: string) => ({
			inputMode: 'json',
			json: JSON.stringify({ offer: { offerId, name: offerId } }),
			options: { leaveOutRefused: true },
		});
		const server = ({ body }: Sent): Reply => {
			const { offerMappings } = body as { offerMappings: Array<{ offer: { offerId: string } }> };
			const bad = offerMappings.filter(({ offer }) => offer.offerId === 'B');
			const results = bad.map(({ offer }) => ({
				offerId: offer.offerId,
				errors: [{ type: 'UNKNOWN_CATEGORY', message: 'No such category' }],
			}));
			return { body: { status: bad.length > 0 ? 'ERROR' : 'OK', results } };
		};
		const { items, sent } = await run('product.upsert', ['A', 'B', 'C'].map(product), server, true);
		expect(sent).toHaveLength(2);
		expect(items[0].json).toMatchObject({ success: true, offerId: 'A' });
		expect(String(items[1].json.error)).toContain('UNKNOWN_CATEGORY');
		expect(items[2].json).toMatchObject({ success: true, offerId: 'C' });
	});
});

describe('rights', () => {
	const denied = (message: string) => () => ({
		status: 403,
		body: { status: 'ERROR', errors: [{ code: 'FORBIDDEN', message }] },
	});

	it.each([
		['bid.getAll', 'for prices, for promotion, or full access'],
		['chat.getAll', 'for communication with buyers or full access'],
		['outlet.getAll', 'for store settings or full access'],
	])('a 403 of %s names the permission', async (name, text) => {
		const scope = 'Token does not have any of the scopes to access the API method';
		const { error } = await run(name, [{ limit: 5 }], denied(scope));
		expect(error?.description).toContain(text);
	});

	it('a call that is being switched off is tried again', async () => {
		let calls = 0;
		const { error } = await run('order.getLegacy', [{ orderId: '5' }], (sent) =>
			calls++ === 0
				? denied('The method is deprecated and is occasionally forbidden')()
				: sent.path === ''
					? OK
					: { body: { order: { id: 5 } } },
		);
		expect(error).toBeUndefined();
		expect(calls).toBe(2);
	});
});

describe('reports', () => {
	const LINK = 'https://storage.example/reports/stocks.zip?sign=1';
	const zip = zipOf(
		{ 'Sheet 1.json': Buffer.from('[{"sku":"A","count":5},{"sku":"B","count":0}]') },
		true,
	);
	/** Started, not ready, ready (or what `end` says), downloaded. */
	const server = (end: IDataObject, file: Buffer = zip) => {
		let looks = 0;
		return ({ url }: Sent): Reply => {
			if (url.startsWith('https://storage.example')) {
				return { body: file, headers: { 'content-type': 'application/zip' } };
			}
			if (url.includes('/generate')) return { body: { status: 'OK', result: { reportId: 'r-1' } } };
			const result = looks++ === 0 ? { status: 'PROCESSING' } : end;
			return { body: { status: 'OK', result } };
		};
	};
	const form = { options: { format: 'JSON' }, binaryPropertyName: 'data' };
	const done = { status: 'DONE', file: LINK };

	it('are started, waited for, and downloaded without the key', async () => {
		const { items, sent, error } = await run('report.stocks', [form], server(done));
		expect(error).toBeUndefined();
		expect(lines(sent)).toEqual([
			'POST /v2/reports/stocks-on-warehouses/generate',
			'GET /v2/reports/info/r-1',
			'GET /v2/reports/info/r-1',
			'GET /reports/stocks.zip',
		]);
		expect(sent.map(({ withCredentials }) => withCredentials)).toEqual([true, true, true, false]);
		expect(sent[0].query).toEqual({ format: 'JSON' });
		expect(items[0].json).toMatchObject({ filename: 'stocks.zip', size: zip.length });
		expect(items[0].binary?.data).toBeDefined();
	});

	it('are unpacked into items', async () => {
		const unpack = { ...form, options: { ...form.options, unpack: true } };
		const { items, hints } = await run('report.stocks', [unpack], server(done));
		expect(hints).toEqual([]);
		expect(items.map(({ json }) => json)).toEqual([
			{ sheet: 'Sheet 1', sku: 'A', count: 5 },
			{ sheet: 'Sheet 1', sku: 'B', count: 0 },
		]);
	});

	it('as a table of an office program are no archive to unpack', async () => {
		const table = zipOf(
			{
				'[Content_Types].xml': Buffer.from('<Types/>'),
				'xl/workbook.xml': Buffer.from('<workbook/>'),
			},
			true,
		);
		const link = { ...done, file: 'https://storage.example/reports/stocks' };
		const unpack = { ...form, options: { unpack: true } };
		const { items, hints } = await run('report.stocks', [unpack], server(link, table));
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/'Unpack' leaves as it is.*'Format' set to JSON/),
		]);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				filename: 'stocks.xlsx',
				mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			}),
		]);
	});

	it('give their ID when they are only started, and are downloaded by it', async () => {
		const start = await run(
			'report.stocks',
			[{ ...form, options: { onlyStart: true } }],
			server(done),
		);
		expect(start.items[0].json).toEqual({ reportId: 'r-1' });
		const later = await run('report.download', [{ ...form, reportId: 'r-1' }], server(done));
		expect(later.error).toBeUndefined();
		expect(later.items[0].json).toMatchObject({ reportId: 'r-1', filename: 'stocks.zip' });
	});

	it.each([
		['NO_DATA', 'holds no data'],
		['TOO_LARGE', 'is too large'],
	])('that fail for %s say why', async (subStatus, text) => {
		const { error } = await run('report.stocks', [form], server({ status: 'FAILED', subStatus }));
		expect(error?.message).toContain(text);
	});
});

describe('files', () => {
	const PDF = Buffer.from('%PDF-1.4');
	const link = { status: 'DONE', file: 'https://storage.example/a1b2c3' };
	const server = ({ url }: Sent): Reply => {
		if (url.includes('/generate')) return { body: { status: 'OK', result: { reportId: 'r-1' } } };
		if (url.includes('/reports/info/')) return { body: { status: 'OK', result: link } };
		return { body: PDF, headers: { 'content-type': 'application/pdf' } };
	};
	/** What each is of: ten files of ten orders must be told apart. */
	const NAMES: Record<string, [form: IDataObject, name: string]> = {
		'orderLabel.download': [{ orderId: '51' }, 'labels-51.pdf'],
		'orderLabel.downloadBox': [{ orderId: '51', boxId: '7' }, 'label-51-7.pdf'],
		'orderLabel.downloadBulk': [{ orderIds: '51, 52' }, 'labels-51-52.pdf'],
		'return.downloadApplication': [{ orderId: '51', returnId: '6' }, 'application-6.pdf'],
		'return.downloadPhoto': [
			{ orderId: '51', returnId: '6', itemId: '9', imageHash: 'a/b' },
			'photo-6-9-a_b.pdf',
		],
		'shipment.downloadPalletLabels': [{ shipmentId: '8' }, 'pallet-labels-8.pdf'],
		'shipment.downloadAct': [{ shipmentId: '8' }, 'act-8.pdf'],
		'shipment.downloadInboundAct': [{ shipmentId: '8' }, 'inbound-act-8.pdf'],
		'shipment.downloadDiscrepancyAct': [{ shipmentId: '8' }, 'discrepancy-act-8.pdf'],
		'shipment.downloadWaybill': [{ shipmentId: '8' }, 'waybill-8.pdf'],
		'shipment.downloadPickList': [{ options: { shipmentId: '8' } }, 'pick-list-8.pdf'],
		'shipment.confirmNearestAndDownloadAct': [{}, 'act-of-shop-21.pdf'],
	};
	it.each(Object.entries(NAMES))(
		'of %s are named by what they are of',
		async (name, [form, told]) => {
			const { items, error } = await run(name, [{ binaryPropertyName: 'data', ...form }], server);
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ filename: told });
			expect(items[0].binary?.data).toMatchObject({ fileName: told });
		},
	);

	it('of many orders say how many', async () => {
		const orderIds = Array.from({ length: 9 }, (_, at) => 51 + at).join();
		const form = { binaryPropertyName: 'data', orderIds };
		const { items } = await run('orderLabel.downloadBulk', [form], server);
		expect(items[0].json.filename).toBe('labels-51-and-8-others.pdf');
	});

	it('are all named, but for reports, which the Market names', () => {
		const files = yandexMarket.operations.filter(({ answer }) => answer.kind === 'file');
		const others = files.map(operationName).filter((name) => !name.startsWith('report.'));
		expect(others.sort()).toEqual(Object.keys(NAMES).sort());
	});
});

describe('what a decision needs', () => {
	const answer = (result: IDataObject) => () => ({ body: { status: 'OK', result } });

	it('about a price in quarantine stands in its row', async () => {
		const verdicts = [
			{
				type: 'PRICE_CHANGE',
				params: [
					{ name: 'CURRENT_PRICE', value: '99' },
					{ name: 'LAST_VALID_PRICE', value: '990' },
					{ name: 'CURRENCY', value: 'RUR' },
				],
			},
			{ type: 'LOW_PRICE', params: [{ name: 'MIN_PRICE', value: '500.5' }] },
		];
		const offers = [
			{ offerId: 'A', verdicts },
			{ offerId: 'B', verdicts: null },
		];
		for (const name of ['priceQuarantine.getAll', 'priceQuarantine.getShop']) {
			const { items } = await run(name, [{ limit: 5 }], answer({ offers, paging: {} }));
			expect(items.map(({ json }) => json)).toEqual([
				{
					offerId: 'A',
					reasons: 'PRICE_CHANGE, LOW_PRICE',
					newPrice: 99,
					lastPrice: 990,
					lowestPrice: 500.5,
					currency: 'RUR',
				},
				{
					offerId: 'B',
					reasons: '',
					newPrice: null,
					lastPrice: null,
					lowestPrice: null,
					currency: null,
				},
			]);
		}
	});

	it('about a return stands in its row: the number of each item, and its photos', async () => {
		const decisions = [{ returnItemId: 9, images: ['a1'], reasonType: 'BAD_QUALITY' }];
		const back = { id: 6, orderId: 5, items: [{ shopSku: 'A', count: 1, decisions }] };
		const form = { orderId: '5', returnId: '6' };
		const one = await run('return.get', [form], answer(back));
		expect(one.items[0].json.items).toEqual(back.items);
		const all = await run('return.getAll', [{ limit: 5 }], answer({ returns: [back], paging: {} }));
		expect(all.items[0].json.items).toEqual(back.items);
	});

	it('about a partial refund are the bounds of its amount', async () => {
		const amount = (value: number) => ({ value, currencyId: 'RUR' });
		const bounds = { minAmount: amount(10), maxAmount: amount(500), maxPercent: 50 };
		const availableDecisions = [
			{ decisionType: 'PARTIAL_MONEY_REFUND', partialCompensationBounds: bounds },
		];
		const form = { returnId: '6', limit: 5 };
		const { items } = await run('return.getDecisions', [form], answer({ availableDecisions }));
		expect(items[0].json).toMatchObject({
			decisionType: 'PARTIAL_MONEY_REFUND',
			minAmount: 10,
			maxAmount: 500,
			maxPercent: 50,
			currency: 'RUR',
		});
	});
});

describe('a deadline that is over', () => {
	const refused: Reply = {
		status: 400,
		body: { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'Status does not fit' }] },
	};
	const decisions = { row: [{ returnItemId: 9, decisionType: 'REFUND_MONEY' }] };
	const items = { row: [{ id: 9, codes: 'K-1', slip: 'How to', activate_till: '2027-01-01' }] };
	it.each([
		['return.submitDecision', { returnId: '6', returnItemDecisions: decisions }, 'within 48 hours'],
		['order.answerCancellation', { accepted: true }, 'within 48 hours'],
		['order.sendDigitalCodes', { items }, 'within 30 minutes'],
	])('of %s is told with the time there was, and where to look', async (name, form, time) => {
		const { error, sent } = await run(name, [{ orderId: '5', ...form }], () => refused);
		expect(sent).toHaveLength(1);
		expect(error?.message).toContain('not accepted');
		expect(error?.description).toContain(time);
		expect(error?.description).toContain('Status does not fit');
	});
});

describe('outlets', () => {
	const outlet = {
		id: 5,
		name: 'Shop',
		type: 'RETAIL',
		phones: ['+7 (999) 111-22-33'],
		region: { id: 213, name: 'Москва' },
		address: { street: 'Main', number: '5', city: 'Москва' },
		workingSchedule: {
			scheduleItems: [
				{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '09:00', endTime: '18:00' },
			],
		},
		status: 'MODERATED',
		deliveryRules: null,
	};
	const server = ({ method }: Sent): Reply => (method === 'GET' ? { body: { outlet } } : OK);

	it('keep what an update does not name', async () => {
		const change = {
			outletId: '5',
			updateFields: { name: 'New', street: 'Side', phones: '8 999 000 11 22' },
		};
		const { sent, error } = await run('outlet.update', [change], server);
		expect(error).toBeUndefined();
		expect(sent[sent.length - 1]).toMatchObject({
			method: 'PUT',
			body: {
				name: 'New',
				type: 'RETAIL',
				phones: ['+7 (999) 000-11-22'],
				address: { regionId: 213, street: 'Side', number: '5' },
				workingSchedule: outlet.workingSchedule,
			},
		});
		expect(sent[sent.length - 1].body).not.toHaveProperty('status');
	});

	it('keep rules and hours that the Market took once, whatever the form would say of them', async () => {
		const deliveryRules = [{ minDeliveryDays: 1, maxDeliveryDays: 40 }];
		const old = { ...outlet, type: 'DEPOT', deliveryRules };
		const change = { outletId: '5', updateFields: { name: 'New' } };
		const { sent, error } = await run('outlet.update', [change], ({ method }) =>
			method === 'GET' ? { body: { outlet: old } } : OK,
		);
		expect(error).toBeUndefined();
		expect(sent[sent.length - 1].body).toMatchObject({ name: 'New', deliveryRules });
	});

	it.each([
		[{}, "'Update Fields' are empty"],
		[{ phones: '12' }, "holds '12'"],
		[{ coords: 'Moscow' }, "'Coordinates' is 'Moscow'"],
		[{ type: 'DEPOT' }, "'Delivery Rules' are missing"],
		[{ type: 'MIXED', deliveryRules: { row: [{ orderBefore: '12' }] } }, "'Min Delivery Days'"],
		[
			{ type: 'DEPOT', deliveryRules: { row: [{ minDeliveryDays: '1' }] } },
			"'Max Delivery Days' is missing",
		],
		[
			{ deliveryRules: { row: [{ minDeliveryDays: '1', maxDeliveryDays: '9' }] } },
			'Max Delivery Days',
		],
		[
			{
				scheduleItems: {
					row: [{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '9', endTime: '24:00' }],
				},
			},
			"'Start Time' is '9'",
		],
	])('%j is refused before anything is written', async (updateFields, text) => {
		const { sent, error } = await run('outlet.update', [{ outletId: '5', updateFields }], server);
		expect(error?.message).toContain(text);
		expect(sent.filter(({ method }) => method === 'PUT')).toEqual([]);
	});

	it('of an hour, a sheet leaves out the first zero; of coordinates, the comma', async () => {
		const scheduleItems = {
			row: [{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '9:00', endTime: '18:30' }],
		};
		const updateFields = { scheduleItems, coords: '20.4522144 54.7104264' };
		const { sent, error } = await run('outlet.update', [{ outletId: '5', updateFields }], server);
		expect(error).toBeUndefined();
		expect(sent[sent.length - 1].body).toMatchObject({
			coords: '20.4522144, 54.7104264',
			workingSchedule: { scheduleItems: [{ startTime: '09:00', endTime: '18:30' }] },
		});
	});

	it('tell where the rules of a pick-up point are, which is what a new one is', async () => {
		const made = {
			name: 'New',
			type: 'DEPOT',
			regionId: '213',
			phones: '8 999 000 11 22',
			scheduleItems: {
				row: [{ startDay: 'MONDAY', endDay: 'SUNDAY', startTime: '09:00', endTime: '18:00' }],
			},
		};
		const none = await run('outlet.create', [made], () => OK);
		expect(none.error?.message).toBe("'Delivery Rules' are missing");
		expect(none.sent).toEqual([]);
		const rule = { unspecifiedDeliveryInterval: 'true', deliveryServiceId: '99' };
		const { sent } = await run(
			'outlet.create',
			[{ ...made, deliveryRules: { row: [rule] } }],
			() => OK,
		);
		expect(sent[0].body).toMatchObject({
			type: 'DEPOT',
			deliveryRules: [{ unspecifiedDeliveryInterval: true, deliveryServiceId: 99 }],
		});
		const floor = { ...made, type: 'RETAIL', deliveryRules: { row: [rule] } };
		const sold = await run('outlet.create', [floor], () => OK);
		expect(sold.sent[0].body).not.toHaveProperty('deliveryRules');
	});
});

describe('lists of stocks', () => {
	it('have a row for each product and warehouse', async () => {
		const warehouses = [
			{
				warehouseId: 1,
				offers: [
					{
						offerId: 'A',
						stocks: [
							{ type: 'FIT', count: 5 },
							{ type: 'AVAILABLE', count: 3 },
						],
					},
				],
			},
			{
				warehouseId: 2,
				offers: [
					{ offerId: 'A', stocks: [] },
					{ offerId: 'B', stocks: [{ type: 'FIT', count: 1 }] },
				],
			},
		];
		const { items } = await run('stock.getAll', [{ limit: 2 }], () => ({
			body: { status: 'OK', result: { warehouses, paging: {} } },
		}));
		expect(
			items.map(({ json }) => [json.offerId, json.warehouseId, json.fit, json.available]),
		).toEqual([
			['A', 1, 5, 3],
			['A', 2, null, null],
		]);
	});
});

it('what is required is one of several fields: it is said', async () => {
	const offers = {
		row: [{ categoryId: '1', value: '9', length: '1', width: '1', height: '1', weight: '1' }],
	};
	const { error, sent } = await run('tariff.calculate', [{ offers, returnAll: true }], () => OK);
	expect(error?.message).toContain("'Parameters' is empty");
	expect(sent).toEqual([]);
});

describe('stock by shop or by warehouse', () => {
	/** Groups of the cabinet's warehouses decide; each shop has answers of its own, which are kept for a while. */
	const cabinet =
		(warehouses: object[], newer: object[] = []) =>
		({ method, url }: Sent): Reply => {
			const path = new URL(url).pathname;
			if (method === 'GET') return { body: { campaign: { business: { id: 7 } } } };
			if (path === '/v2/businesses/7/warehouses') return { body: { result: { warehouses } } };
			if (path === '/v3/businesses/7/warehouses') {
				return { body: { result: { warehouses: newer } } };
			}
			return OK;
		};
	const stock = (campaignId: string, more: object = {}) => ({
		campaignId,
		sku: 'A',
		count: '5',
		...more,
	});
	const written = (sent: Sent[]) =>
		sent.filter(({ url }) => new URL(url).pathname.includes('stocks')).map(({ body }) => body);

	it('a cabinet with groups gets it by shop, and is asked once for many runs of a key', async () => {
		const server = cabinet([{ id: 3, name: 'Main', groupInfo: { id: 1, name: 'G' } }]);
		const two = [stock('31'), stock('31', { sku: 'B' })];
		const first = await run('stock.update', two, server, false, { apiKey: 'ACMA:stock' });
		expect(lines(first.sent)).toEqual([
			'GET /v2/campaigns/31',
			'POST /v2/businesses/7/warehouses',
			'PUT /v2/campaigns/31/offers/stocks',
		]);
		const again = await run('stock.update', [stock('31')], server, false, { apiKey: 'ACMA:stock' });
		expect(lines(again.sent)).toEqual(['PUT /v2/campaigns/31/offers/stocks']);
		const other = await run('stock.update', [stock('31')], server);
		expect(lines(other.sent)[0]).toBe('GET /v2/campaigns/31');
	});

	it('one without gets it by the one warehouse of the shop', async () => {
		const items = [stock('32'), stock('32', { sku: 'B' })];
		const main = { id: 3, name: 'Main' };
		const other = { id: 9, name: 'That of another shop' };
		const done = await run('stock.update', items, cabinet([main], [main, other]));
		expect(done.error).toBeUndefined();
		expect(written(done.sent)).toEqual([
			{
				skuItems: [
					{ sku: 'A', count: 5, partnerWarehouseId: 3 },
					{ sku: 'B', count: 5, partnerWarehouseId: 3 },
				],
			},
		]);
		expect(done.items.map(({ json }) => json.sku)).toEqual(['A', 'B']);
	});

	it('where the newer call knows no warehouse, it goes by shop as before', async () => {
		const done = await run('stock.update', [stock('35')], cabinet([{ id: 3, name: 'Main' }]));
		expect(lines(done.sent).at(-1)).toBe('PUT /v2/campaigns/35/offers/stocks');
	});

	it('of several warehouses the user chooses one; nothing is sent before', async () => {
		const newer = [
			{ id: 3, name: 'North' },
			{ id: 4, name: 'South' },
		];
		const lost = await run('stock.update', [stock('33')], cabinet([], newer));
		expect(String(lost.error?.message)).toMatch(/'Warehouse' is empty.*North \(3\), South \(4\)/);
		expect(written(lost.sent)).toEqual([]);
		const items = [stock('33', { additionalFields: { partnerWarehouseId: '4' } })];
		const done = await run('stock.update', items, cabinet([], newer));
		expect(written(done.sent)).toEqual([
			{ skuItems: [{ sku: 'A', count: 5, partnerWarehouseId: 4 }] },
		]);
	});

	it('a warehouse that the cabinet does not have, or does not need, is refused', async () => {
		const chosen = (shop: string) => [
			stock(shop, { additionalFields: { partnerWarehouseId: '5' } }),
		];
		const newer = [{ id: 3, name: 'North' }];
		const other = await run('stock.update', chosen('36'), cabinet([], newer));
		expect(other.error?.message).toContain("'Warehouse' is 5, which is none of the cabinet's");
		expect(other.error?.message).toContain('North (3)');
		const grouped = cabinet([{ id: 5, name: 'Main', groupInfo: { id: 1, name: 'G' } }]);
		const needless = await run('stock.update', chosen('37'), grouped);
		expect(needless.error?.message).toContain('the cabinet tells stocks by shop');
		expect([...written(other.sent), ...written(needless.sent)]).toEqual([]);
	});

	it('a warehouse that is chosen counts where the key may not look', async () => {
		const denied: Reply = { status: 403, body: { errors: [{ code: 'FORBIDDEN' }] } };
		const chosen = stock('38', { additionalFields: { partnerWarehouseId: '5' } });
		const done = await run('stock.update', [chosen], (sent) =>
			sent.url.endsWith('/warehouses') ? denied : cabinet([])(sent),
		);
		expect(written(done.sent)).toEqual([
			{ skuItems: [{ sku: 'A', count: 5, partnerWarehouseId: 5 }] },
		]);
	});

	it('where nobody can be asked, it goes by shop as before', async () => {
		const denied: Reply = { status: 403, body: { errors: [{ code: 'FORBIDDEN' }] } };
		const done = await run('stock.update', [stock('34')], ({ method }) =>
			method === 'PUT' ? OK : denied,
		);
		expect(done.error).toBeUndefined();
		expect(lines(done.sent).at(-1)).toBe('PUT /v2/campaigns/34/offers/stocks');
	});

	const UNTIL = new Date(Date.now() + 5 * 3_600_000).toUTCString();
	const later = { 'x-ratelimit-resource-until': UNTIL, 'x-ratelimit-resource-remaining': '0' };
	const ERROR = (text: string) => ({ status: 'ERROR', errors: [{ code: 'X', message: text }] });
	/** What the Market may say when it is asked how the cabinet is set up, and whether that is an answer. */
	const ANSWERS: Array<[string, Reply, boolean]> = [
		['a key without the right', { status: 403, body: ERROR('no scope') }, true],
		['a wrong key', { status: 401, body: ERROR('Token is invalid') }, true],
		['a cabinet that is not there', { status: 404, body: ERROR('not found') }, true],
		[
			'a cabinet that is being moved',
			{ status: 423, body: ERROR('Business is in migration') },
			true,
		],
		[
			'a limit that is used up',
			{ status: 420, body: ERROR('Hit rate limit'), headers: later },
			false,
		],
		['a call that was cut off', { status: 499, body: ERROR('closed') }, false],
		[
			'a call that is being switched off',
			{ status: 403, body: ERROR('The method is deprecated and is occasionally forbidden') },
			false,
		],
		['an outage', { status: 503, body: ERROR('later') }, false],
	];
	it.each(ANSWERS)('%s is judged alike for stock and for price', async (_what, reply, isAnswer) => {
		const price = {
			businessId: '7',
			offerId: 'A',
			value: '90',
			currencyId: 'RUR',
			additionalFields: { campaignId: '39' },
		};
		for (const [name, form, asked, sentTo] of [
			['stock.update', stock('39'), '/v2/businesses/7/warehouses', '/offers/stocks'],
			['price.update', price, '/v2/businesses/7/settings', '/offer-prices/updates'],
		] as const) {
			const done = await run(name, [form as IDataObject], (sent) =>
				new URL(sent.url).pathname === asked ? reply : cabinet([])(sent),
			);
			const went = lines(done.sent).filter((line) => line.endsWith(sentTo));
			// A guess would put it in the wrong place: what nobody told stays an error.
			expect(went.map((line) => line.replace(/^\w+ /, ''))).toEqual(
				isAnswer ? [`/v2/campaigns/39${sentTo}`] : [],
			);
			expect(done.error === undefined).toBe(isAnswer);
		}
	});

	it('what one key may not see is not what another one sees, and is looked at again after a minute', async () => {
		const denied: Reply = { status: 403, body: { errors: [{ code: 'FORBIDDEN' }] } };
		const open = cabinet([{ id: 3, name: 'Main' }], [{ id: 3, name: 'Main' }]);
		const may = { first: false, second: true };
		const update = async (key: keyof typeof may) => {
			const server = (sent: Sent) => (sent.method === 'PUT' || may[key] ? open(sent) : denied);
			const items = [stock('36'), stock('36', { sku: 'B' })];
			const { sent } = await run('stock.update', items, server, false, { apiKey: `ACMA:${key}` });
			return [sent.length, new URL(sent[sent.length - 1].url).pathname];
		};
		const byShop = '/v2/campaigns/36/offers/stocks';
		const byWarehouse = '/v3/businesses/7/offers/stocks/update';
		// Both items share the look.
		expect(await update('first')).toEqual([2, byShop]);
		expect(await update('second')).toEqual([4, byWarehouse]);
		may.first = true;
		expect(await update('first')).toEqual([1, byShop]);
		const later = Date.now() + 61_000;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
		try {
			expect(await update('first')).toEqual([4, byWarehouse]);
			expect(await update('second')).toEqual([1, byWarehouse]);
		} finally {
			clock.mockRestore();
		}
	});
});

describe('what cannot be taken back is chosen by somebody', () => {
	const DECISION = { orderId: '5', returnId: '6' };
	const row = { row: [{ returnItemId: '9' }] };
	it.each<[string, IDataObject, string]>([
		[
			'return.submitDecision',
			{ ...DECISION, returnItemDecisions: row },
			"'Decision' is 'Not Chosen Yet'",
		],
	])('%s', async (name, form, says) => {
		const operation = operationOf(name);
		const inside = operation.fields.flatMap((one) => (one.kind === 'rows' ? one.columns : [one]));
		const preset = Object.fromEntries(
			inside.flatMap((one) => (one.kind === 'choice' ? [[one.name, one.default]] : [])),
		);
		// A row, or the form, as n8n begins it.
		const begun = JSON.parse(JSON.stringify({ ...preset, ...form }), (_, value: unknown) =>
			Array.isArray(value) ? value.map((one) => ({ ...preset, ...(one as object) })) : value,
		) as IDataObject;
		const { error, sent } = await run(name, [begun], () => OK);
		expect(error?.message).toContain(says);
		expect(sent).toEqual([]);
	});
});

describe('a refused status', () => {
	const READY = { status: 'PROCESSING', substatus: 'READY_TO_SHIP' };
	const server =
		(order: object) =>
		({ method, url }: Sent): Reply => {
			if (method === 'GET') return { body: { campaign: { business: { id: 7 } } } };
			if (new URL(url).pathname === '/v1/businesses/7/orders') {
				return { body: { orders: [{ orderId: 5, ...order }] } };
			}
			if (method === 'POST') {
				const orders = [
					{ id: 5, updateStatus: 'ERROR', errorDetails: 'No transition found' },
					{ id: 6, updateStatus: 'OK', ...READY },
				];
				return { body: { status: 'OK', result: { orders } } };
			}
			return {
				status: 400,
				body: { errors: [{ code: 'STATUS_NOT_ALLOWED', message: 'No transition found' }] },
			};
		};
	const form = (orderId: string) => ({ orderId, ...READY });

	it('is done when the order has it already, alone and among others', async () => {
		const alone = await run('order.updateStatus', [form('5')], server(READY));
		expect(alone.error).toBeUndefined();
		expect(alone.items[0].json).toMatchObject({ orderId: 5, ...READY, alreadySet: true });
		const both = await run('order.updateStatus', [form('5'), form('6')], server(READY));
		expect(both.error).toBeUndefined();
		expect(both.items.map(({ json }) => json.alreadySet)).toEqual([true, false]);
	});

	it.each([
		['FBS', 'PROCESSING', 'STARTED', /may become 'In Processing' with 'Ready to Ship'/],
		['EXPRESS', 'PROCESSING', 'STARTED', /may become 'In Processing' with 'Ready to Ship'/],
		['DBS', 'PROCESSING', 'STARTED', /may become 'In Delivery', or 'Cancelled' with a reason/],
		[
			'DBS',
			'DELIVERY',
			'DELIVERY_SERVICE_RECEIVED',
			/may become 'Ready for Pickup', or 'Delivered', or/,
		],
		['DIGITAL', 'PROCESSING', 'STARTED', /'Order, Send Digital Codes'/],
		['FBY', 'PROCESSING', 'STARTED', /not the seller's/],
		['DBS', 'CANCELLED', 'SHOP_FAILED', /no other status can be set/],
	])('of a %s order that is %s/%s tells the next steps', async (model, status, substatus, says) => {
		const digital = model === 'DIGITAL';
		const order = {
			status,
			substatus,
			programType: digital ? 'DBS' : model,
			delivery: { type: digital ? 'DIGITAL' : 'DELIVERY' },
		};
		const done = await run('order.updateStatus', [form('5')], server(order));
		expect(String(done.error?.description)).toMatch(says);
		expect(String(done.error?.description)).toContain('No transition found');
	});
});

describe('shop and cabinet of the credential', () => {
	const connect = (more: object) => yandexMarket.connect({ apiKey: 'ACMA:x', host: 'ru', ...more });

	it('are what fields fall back to', () => {
		expect(connect({ defaultShop: ' 21 ', defaultCabinet: '7' }).defaults).toEqual({
			campaignId: '21',
			businessId: '7',
		});
		expect(connect({}).defaults).toEqual({});
	});

	it('that are no IDs are told', () => {
		expect(() => connect({ defaultShop: 'My shop' })).toThrow(/'Default Shop' in the credential/);
	});
});

describe('items of an order that the Market delivers', () => {
	const days = { fromDate: '2026-12-01', toDate: '2026-12-03' };
	const row = (offerId: string, more: object = {}) => ({
		warehouseId: '7',
		offerId,
		count: '2',
		value: '990',
		currencyId: 'RUB',
		...days,
		...more,
	});
	const form = (rows: object[]) => ({
		externalOrderId: '42',
		itemsDelivery: { row: rows },
		firstName: 'Anna',
		lastName: 'Ivanova',
		phone: '+79991234567',
		paymentType: 'PREPAID',
		additionalFields: { logisticPointId: '15' },
	});
	const create = async (rows: object[]) =>
		await run('order.create', [form(rows)], () => ({
			body: { status: 'OK', result: { orders: [{ id: 5 }] } },
		}));

	it('of the same warehouse, days and hours are one delivery', async () => {
		const { sent, error } = await create([row('A'), row('B', { warehouseId: '8' }), row('C')]);
		expect(error).toBeUndefined();
		const { order } = sent[0].body as { order: { itemsDelivery: IDataObject[] } };
		const item = (offerId: string) => ({
			offerId,
			count: 2,
			price: { value: 990, currencyId: 'RUR' },
		});
		expect(order.itemsDelivery).toEqual([
			{ warehouseId: 7, deliveryDateInterval: days, items: [item('A'), item('C')] },
			{ warehouseId: 8, deliveryDateInterval: days, items: [item('B')] },
		]);
	});

	it.each([
		[[row('A'), row('A')], "'Items Delivery' names SKU 'A' twice"],
		[[row('')], "'Items Delivery 1: SKU' is empty"],
		[[row('A'), row('B', { value: '' })], "'Items Delivery 2: Price' is empty"],
		[[row('A', { fromTime: '10:00' })], "'Items Delivery 1: To Time' is empty"],
		[[row('', { items: '[{"offerId":"A","count":1}]' })], "'Items Delivery 1: Price' is empty"],
	])('%j are refused before anything is sent', async (rows, text) => {
		const { sent, error } = await create(rows);
		expect(error?.message).toContain(text);
		expect(sent).toEqual([]);
	});
});

describe('decisions on returns', () => {
	const submit = async (row: object) =>
		await run(
			'return.submitDecision',
			[{ orderId: '5', returnId: '6', returnItemDecisions: { row: [row] } }],
			() => OK,
		);
	const decided = ({ sent }: { sent: Sent[] }) =>
		(sent[0].body as { returnItemDecisions: unknown }).returnItemDecisions;

	it('an amount goes with a partial refund, in rubles unless said', async () => {
		const partial = { returnItemId: '9', decisionType: 'PARTIAL_MONEY_REFUND' };
		expect(decided(await submit({ ...partial, value: '100' }))).toEqual([
			{
				returnItemId: 9,
				decisionType: 'PARTIAL_MONEY_REFUND',
				compensation: { value: 100, currencyId: 'RUR' },
			},
		]);
		const empty = await submit(partial);
		expect(empty.error?.message).toContain("'Amount' is empty");
		expect(empty.sent).toEqual([]);
	});

	it('and with no other one', async () => {
		const refund = { returnItemId: '9', decisionType: 'REFUND_MONEY' };
		expect(decided(await submit(refund))).toEqual([
			{ returnItemId: 9, decisionType: 'REFUND_MONEY' },
		]);
		const both = await submit({ ...refund, value: '100' });
		expect(both.error?.message).toContain("'Amount' is given for REFUND_MONEY");
		expect(both.sent).toEqual([]);
	});

	it('a refusal says why: by a reason, by a comment, or by both', async () => {
		const refusal = { returnItemId: '9', decisionType: 'DECLINE_REFUND' };
		const why = await submit(refusal);
		expect(why.error?.message).toContain("'Reason of Refusal' is empty");
		expect(why.error?.description).toMatch(/'Comment'/);
		expect(why.sent).toEqual([]);
		for (const told of [
			{ decisionReasonType: 'MECHANICAL_DAMAGE' },
			{ comment: 'The seal is broken' },
			{ decisionReasonType: 'MECHANICAL_DAMAGE', comment: 'The seal is broken' },
		]) {
			expect(decided(await submit({ ...refusal, ...told }))).toEqual([
				{ returnItemId: 9, decisionType: 'DECLINE_REFUND', ...told },
			]);
		}
	});

	it.each(['REFUND_MONEY_INCLUDING_SHIPMENT', 'REPAIR', 'OTHER_DECISION'])(
		'%s says the rest in its comment',
		async (decisionType) => {
			const bare = await submit({ returnItemId: '9', decisionType });
			expect(bare.error?.message).toContain("'Comment' is empty");
			expect(bare.sent).toEqual([]);
			const told = await submit({ returnItemId: '9', decisionType, comment: 'In a week' });
			expect(decided(told)).toEqual([{ returnItemId: 9, decisionType, comment: 'In a week' }]);
		},
	);

	it.each(['Refund Without Return', 'FAST_REFUND_MONEY'])('%s leaves the goods', async (given) => {
		const sent = decided(await submit({ returnItemId: '9', decisionType: given }));
		expect(sent).toEqual([{ returnItemId: 9, decisionType: 'FAST_REFUND_MONEY' }]);
	});
});

describe('a product as the API has it', () => {
	const form = (json: object) => ({ inputMode: 'json', json: JSON.stringify(json) });
	const offer = { offerId: 'A', name: 'Tea' };

	it('is taken out of a whole body, with what stands beside it', async () => {
		const body = { offerMappings: [{ offer }], onlyPartnerMediaContent: true };
		const { sent, error } = await run('product.upsert', [form(body)], () => OK);
		expect(error).toBeUndefined();
		expect(sent[0].body).toEqual(body);
	});

	it.each([
		[{ offerMappings: [{ offer }, { offer }] }, "holds 2 objects in 'offerMappings'"],
		[{ offerMappings: [{ offer }], more: 1 }, "has 'more' beside 'offerMappings'"],
	])('%j is refused', async (json, text) => {
		const { sent, error } = await run('product.upsert', [form(json)], () => OK);
		expect(error?.message).toContain(text);
		expect(sent).toEqual([]);
	});
});

describe('boxes with marking codes', () => {
	const row = { id: '5', fullCount: '1', cis: '0104600000000000215abc' };
	const form = (more: object = {}) => ({
		orderId: '51',
		boxes: { row: [row] },
		options: { waitUntilChecked: true, ...more },
	});
	/** Each look finds the next status; the last one stays. */
	const server = (...statuses: Array<[status: string, substatus?: string]>) => {
		let looks = 0;
		return ({ method }: Sent): Reply => {
			if (method === 'PUT') return { body: { status: 'OK', result: { boxes: [{ boxId: 1 }] } } };
			const [status, substatus] = statuses[Math.min(looks++, statuses.length - 1)];
			const cis = [{ value: row.cis, status, substatus }];
			return { body: { status: 'OK', result: { items: [{ id: 5, cis }] } } };
		};
	};
	const setBoxes = async (answers: (sent: Sent) => Reply, more?: object) =>
		await run('order.setBoxes', [form(more)], answers);

	it('are waited for', async () => {
		const { items, sent, error } = await setBoxes(
			server(['NOT_ON_VALIDATION'], ['IN_PROGRESS'], ['OK']),
		);
		expect(error).toBeUndefined();
		expect(items[0].json).toEqual({
			orderId: 51,
			campaignId: 21,
			boxes: [{ boxId: 1 }],
			codesChecked: 1,
		});
		const look = 'POST /v2/campaigns/21/orders/51/identifiers/status';
		expect(lines(sent)).toEqual(['PUT /v2/campaigns/21/orders/51/boxes', look, look, look]);
	});

	it.each([
		['INVALID', 'ITEM_SOLD'],
		['FAILED', undefined],
	])('one that is %s is an error which names it', async (status, substatus) => {
		const { sent, error } = await setBoxes(server([status, substatus]));
		expect(error?.message).toContain('marking codes were not accepted');
		expect(error?.description).toContain('The boxes are set.');
		expect(error?.description).toContain(`${row.cis} of item 5: ${status}`);
		if (substatus) expect(error?.description).toContain(substatus);
		expect(sent).toHaveLength(2);
	});

	it('are not waited for longer than the user wants', async () => {
		const { error } = await setBoxes(server(['IN_PROGRESS']), { waitMinutes: 1 });
		expect(error?.message).toContain('were not checked after 1 min');
		expect(error?.description).toContain('Get Marking Status');
	});

	it('without the option, or without codes, nobody waits', async () => {
		const off = await setBoxes(server(['OK']), { waitUntilChecked: false });
		expect(off.sent).toHaveLength(1);
		expect(off.items[0].json).toEqual({ orderId: 51, campaignId: 21, boxes: [{ boxId: 1 }] });
		const plain = { ...form(), boxes: { row: [{ id: '5', fullCount: '1' }] } };
		const none = await run('order.setBoxes', [plain], server(['OK']));
		expect(none.sent).toHaveLength(1);
	});
});

describe('IDs beyond 2^53', () => {
	const LONG = '9007199254740993';

	it('go out and come in with all their digits', async () => {
		const answers: string[] = [];
		const server = (sent: Sent): Reply => {
			answers.push(sent.text ?? '');
			const body = Buffer.from(`{"orders":[{"orderId":${LONG},"status":"PROCESSING"}]}`);
			return { body };
		};
		const { items, error } = await run('order.get', [{ orderId: LONG }], server);
		expect(error).toBeUndefined();
		expect(answers).toEqual([`{"orderIds":[${LONG}]}`]);
		expect(items[0].json.orderId).toBe(LONG);
	});

	it('are matched with their verdicts', async () => {
		const orders = [LONG, '5'].map((id) => `{"id":${id},"updateStatus":"OK"}`);
		const { items, sent } = await run(
			'order.updateStatus',
			[LONG, '5'].map((orderId) => ({ orderId, status: 'PROCESSING', substatus: 'READY_TO_SHIP' })),
			() => ({ body: Buffer.from(`{"status":"OK","result":{"orders":[${orders.join()}]}}`) }),
		);
		expect(sent[0].text).toContain(`"id":${LONG},`);
		expect(items.map(({ json }) => json.orderId)).toEqual([LONG, 5]);
	});

	it.each([
		[
			'a list',
			'review.getAll',
			{ filters: { feedbackIds: `${LONG}, 7` } },
			`"feedbackIds":[${LONG},7]`,
		],
		['an element', 'review.skip', { feedbackId: LONG }, `"feedbackIds":[${LONG}]`],
		['a field', 'chat.create', { about: 'ORDER', contextId: LONG }, `"id":${LONG}`],
		[
			'a row',
			'order.setBoxes',
			{ orderId: '5', boxes: { row: [{ id: LONG, fullCount: 1 }] } },
			`"id":${LONG}`,
		],
	])('stay so in %s', async (_where, name, form, text) => {
		const { sent } = await run(name, [{ limit: 1, ...form }], () => OK);
		expect(sent[0].text).toContain(text);
		expect(sent[0].text).not.toContain('u0001');
	});

	it.each([
		[
			'a list given as JSON',
			'review.getAll',
			{ filters: { feedbackIds: `[${LONG}]` } },
			`[${LONG}]`,
		],
		['the shops of a list', 'order.getAll', { filters: { campaignIds: [LONG] } }, `[${LONG}]`],
		[
			'JSON of the user',
			'order.setBoxes',
			{ orderId: '5', boxes: { row: [{ items: `[{"id":${LONG},"fullCount":1}]` }] } },
			`"id":${LONG}`,
		],
		[
			'a body of API Request',
			'apiRequest.send',
			{ method: 'POST', path: '/v2/x', body: `{"id":${LONG}}` },
			`{"id":${LONG}}`,
		],
	])('stay so in %s', async (_where, name, form, text) => {
		const { sent } = await run(name, [{ limit: 1, ...form }], () => OK);
		expect(sent[0].text).toContain(text);
		expect(sent[0].text).not.toContain('u0001');
	});

	it('stay so in the row of an order whose status was set', async () => {
		const form = { campaignId: LONG, orderId: '5', status: 'PROCESSING', substatus: 'STARTED' };
		const { items } = await run('order.updateStatus', [form], () => OK);
		expect(items[0].json.campaignId).toBe(LONG);
	});

	it.each([
		['found', undefined],
		['chosen', LONG],
	])('stay so for a warehouse that was %s, and for its shop', async (_how, chosen) => {
		const server = ({ path }: Sent): Reply => {
			const json = path.includes('/campaigns/')
				? '{"campaign":{"business":{"id":7}}}'
				: path.startsWith('/v3/') && path.endsWith('/warehouses')
					? `{"result":{"warehouses":[{"id":${LONG},"name":"North"}]}}`
					: '{"status":"OK","result":{"warehouses":[]}}';
			return { body: Buffer.from(json) };
		};
		const more = chosen ? { additionalFields: { partnerWarehouseId: chosen } } : {};
		const form = { campaignId: LONG, sku: 'A', count: 1, ...more };
		const { sent, error } = await run('stock.update', [form], server);
		expect(error).toBeUndefined();
		const bodies = sent.map(({ text }) => text ?? '');
		expect(bodies).toContain(`{"campaignIds":[${LONG}]}`);
		expect(bodies[bodies.length - 1]).toContain(`"partnerWarehouseId":${LONG}`);
	});

	it('stay so in the answer to a free request, and in its query', async () => {
		const server = () => ({
			body: Buffer.from(`{"id":${LONG}}`),
			headers: { 'content-type': 'application/json' },
		});
		const options = { queryJson: `{"id":${LONG},"ids":[${LONG},5]}` };
		const form = { method: 'GET', path: '/v2/x', options };
		const { items, sent } = await run('apiRequest.send', [form], server);
		expect(items[0].json).toEqual({ id: LONG });
		expect(sent[0].query).toEqual({ id: LONG, ids: [LONG, 5] });
	});

	it.each([
		['in the path', 'order.get', { orderId: 2 ** 53 + 2 }],
		['in a list', 'review.getAll', { filters: { feedbackIds: [2 ** 53 + 2] } }],
		['in a locator', 'shop.get', { campaignId: 2 ** 53 + 2 }],
		['in a row', 'order.setBoxes', { orderId: '5', boxes: { row: [{ id: 2 ** 53 + 2 }] } }],
	])(
		'that came as numbers %s have lost their digits already: this is told',
		async (_where, name, form) => {
			const { error, sent } = await run(name, [form], () => OK);
			expect(error?.message).toContain('more digits than a number can hold');
			expect(error?.description).toContain('as text');
			expect(sent).toEqual([]);
		},
	);
});
