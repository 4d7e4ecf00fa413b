/**
 * Operations of Yandex Market that the walk through the facts cannot run, in n8n's engine against the sandbox; and the
 * proof that together with the walk they are all.
 */
import {
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_ORDERS,
	YANDEX_OUTLETS,
} from '../../../sandbox';
import { freshHouse } from '../freshHouse';
import type { OwnCase } from '../ownOperations';
import { testOwnOperations } from '../ownOperations';
import { byId, walk } from './walk';

const CABINET = byId(YANDEX_BUSINESS_ID);
const DBS = byId(YANDEX_CAMPAIGNS.dbs);
const FBS = byId(YANDEX_CAMPAIGNS.fbs);
const ORDER = YANDEX_ORDERS.first + 3;

const market = freshHouse(walk);
const { run } = market;

const HOURS = {
	row: [{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '09:00', endTime: '18:00' }],
};
const SCHEDULE = { scheduleItems: HOURS.row };

const CASES: Record<string, OwnCase> = {
	'order.getAll': {
		form: { businessId: CABINET, limit: 1 },
		request: `POST /v1/businesses/${YANDEX_BUSINESS_ID}/orders`,
		body: {},
		out: [{ orderId: YANDEX_ORDERS.first + 1 }],
	},
	'order.get': {
		form: { businessId: CABINET, orderId: String(ORDER) },
		request: `POST /v1/businesses/${YANDEX_BUSINESS_ID}/orders`,
		body: { orderIds: [ORDER] },
		out: [{ orderId: ORDER, status: 'PROCESSING' }],
	},
	'order.updateStatus': {
		form: {
			campaignId: FBS,
			orderId: String(ORDER),
			status: 'PROCESSING',
			substatus: 'READY_TO_SHIP',
		},
		request: `PUT /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/orders/${ORDER}/status`,
		body: { order: { status: 'PROCESSING', substatus: 'READY_TO_SHIP' } },
		out: [{ orderId: ORDER, substatus: 'READY_TO_SHIP' }],
	},
	'order.setExternalId': {
		form: { campaignId: FBS, orderId: String(ORDER), externalOrderId: '00042' },
		request: `POST /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/orders/${ORDER}/external-id`,
		body: { externalOrderId: '00042' },
		out: [{ success: true, orderId: String(ORDER) }],
	},
	'order.create': {
		form: {
			campaignId: DBS,
			externalOrderId: '00042',
			itemsDelivery: {
				row: [
					{
						warehouseId: 7,
						items: '[{"offerId":"A-7","count":1,"price":{"value":100,"currencyId":"RUR"}}]',
						fromDate: '2026-12-01',
						toDate: '2026-12-03',
					},
				],
			},
			firstName: 'Anna',
			lastName: 'Ivanova',
			phone: '+79991234567',
			paymentType: 'PREPAID',
			additionalFields: { logisticPointId: '15' },
		},
		request: `POST /v1/campaigns/${YANDEX_CAMPAIGNS.dbs}/orders/create`,
		body: {
			order: {
				externalOrderId: '00042',
				itemsDelivery: [
					{
						warehouseId: 7,
						items: [{ offerId: 'A-7', count: 1, price: { value: 100, currencyId: 'RUR' } }],
						deliveryDateInterval: { fromDate: '2026-12-01', toDate: '2026-12-03' },
					},
				],
				destination: { pickupDelivery: { logisticPointId: 15 } },
				packaging: {},
				customer: { firstName: 'Anna', lastName: 'Ivanova', phone: '+79991234567' },
				paymentType: 'PREPAID',
			},
		},
		out: [{ orders: [{ id: expect.any(Number) as number }] }],
	},
	'tariff.calculate': {
		form: {
			offers: {
				row: [{ categoryId: 5, value: 990, length: 10, width: 20, height: 3, weight: 0.5 }],
			},
			filters: { sellingProgram: 'FBS' },
		},
		request: 'POST /v2/tariffs/calculate',
		body: {
			parameters: { sellingProgram: 'FBS' },
			offers: [{ categoryId: 5, price: 990, length: 10, width: 20, height: 3, weight: 0.5 }],
		},
		answer: {
			status: 'OK',
			result: { offers: [{ offer: { categoryId: 5, price: 990 }, tariffs: [{ type: 'FEE' }] }] },
		},
		out: [{ categoryId: 5, price: 990, tariffs: 1 }],
	},
	'stock.getAll': {
		form: { campaignId: FBS, limit: 10, filters: { hasStocks: true } },
		request: `POST /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/offers/stocks`,
		body: { hasStocks: true },
		answer: {
			status: 'OK',
			result: {
				warehouses: [
					{ warehouseId: 7, offers: [{ offerId: 'A-7', stocks: [{ type: 'FIT', count: 4 }] }] },
				],
			},
		},
		out: [{ offerId: 'A-7', warehouseId: 7, fit: 4, freeze: null }],
	},
	'region.getChildren': {
		form: { regionId: byId(225), limit: 5 },
		request: 'GET /v2/regions/225/children',
		answer: { regions: { id: 225, children: [{ id: 1, name: 'Москва', type: 'REPUBLIC' }] } },
		out: [{ id: 1, name: 'Москва', type: 'REPUBLIC' }],
	},
	'outlet.create': {
		form: {
			campaignId: DBS,
			name: 'Second',
			type: 'RETAIL',
			regionId: byId(213),
			phones: '8 (999) 123-45-67',
			scheduleItems: HOURS,
		},
		request: `POST /v2/campaigns/${YANDEX_CAMPAIGNS.dbs}/outlets`,
		body: {
			name: 'Second',
			type: 'RETAIL',
			address: { regionId: 213 },
			phones: ['+7 (999) 123-45-67'],
			workingSchedule: SCHEDULE,
		},
		out: [{ id: expect.any(Number) as number }],
	},
	'outlet.update': {
		form: {
			campaignId: DBS,
			outletId: byId(YANDEX_OUTLETS.sparse),
			updateFields: { name: 'Renamed' },
		},
		request: `PUT /v2/campaigns/${YANDEX_CAMPAIGNS.dbs}/outlets/${YANDEX_OUTLETS.sparse}`,
		body: expect.objectContaining({
			name: 'Renamed',
			type: 'RETAIL',
			phones: expect.any(Array) as unknown[],
		}),
		out: [{ success: true, outletId: String(YANDEX_OUTLETS.sparse) }],
	},
	'outlet.delete': {
		form: { campaignId: DBS, outletId: byId(YANDEX_OUTLETS.complete) },
		request: `DELETE /v2/campaigns/${YANDEX_CAMPAIGNS.dbs}/outlets/${YANDEX_OUTLETS.complete}`,
		out: [{ deleted: true, outletId: String(YANDEX_OUTLETS.complete) }],
	},
	'chat.sendFile': {
		form: { businessId: CABINET, chatId: '77', inputBinaryField: 'data' },
		items: [
			{
				json: {},
				binary: {
					data: { data: 'JVBERi0=', mimeType: 'application/pdf', fileName: 'invoice.pdf' },
				},
			},
		],
		request: `POST /v2/businesses/${YANDEX_BUSINESS_ID}/chats/file/send`,
		body: expect.stringContaining('filename="invoice.pdf"'),
		out: [{ success: true, chatId: '77' }],
	},
	'apiRequest.send': {
		form: { method: 'GET', path: '/v2/campaigns' },
		request: 'GET /v2/campaigns',
		out: [21000101, 21000102, 21000201, 21000202, 21000301].map((id) => ({ id })),
	},
};

testOwnOperations(walk, market, CASES);

describe('reports', () => {
	const REPORT = {
		businessId: String(YANDEX_BUSINESS_ID),
		dateFrom: '2026-11-01',
		dateTo: '2026-11-20',
	};

	test('waits, downloads without the key, and unpacks rows', async () => {
		const result = await run('report.orders', {
			...REPORT,
			businessId: CABINET,
			options: { format: 'JSON', unpack: true },
		});
		expect(result.error).toBeUndefined();
		expect(result.json('Node')).toEqual(
			market.sandbox.yandexMarket.reports.rows.map((row) => ({ sheet: 'orders', ...row })),
		);
		const paths = market.sandbox.log.map(({ path }) => path.replace(/report-\d+/, '#'));
		expect(paths).toEqual([
			'/v2/reports/united-orders/generate',
			'/v2/reports/info/#',
			'/v2/reports/info/#',
			'/market/#.zip',
		]);
		expect(market.sandbox.log.map(({ headers }) => 'api-key' in headers)).toEqual([
			true,
			true,
			true,
			false,
		]);
	});

	test.each([
		['report.orders', { ...REPORT, dateTo: '2026-10-31' }, /'Date To' is before 'Date From'/],
		[
			'report.services',
			{ options: { yearFrom: 2026, monthFrom: 3, yearTo: 2026, monthTo: 2 } },
			/'Month To' is before 'Month From'/,
		],
		[
			'order.getAllLegacy',
			{ campaignId: FBS, filters: { fromDate: '2026-11-05', toDate: '2026-10-30' } },
			/'To Date' is before 'From Date'/,
		],
	])('a period that ends before it begins is refused: %s', async (name, form, text) => {
		const result = await run(name, { businessId: CABINET, ...form }, [{}], false);
		expect(String(result.error?.message)).toMatch(text);
		expect(market.sandbox.log).toEqual([]);
	});

	test('days of the former API are compared as days', async () => {
		const filters = { fromDate: '2026-11-05', toDate: '2026-12-03' };
		const result = await run('order.getAllLegacy', { campaignId: FBS, filters });
		expect(result.error).toBeUndefined();
		expect(market.sandbox.log[0].query).toMatchObject({
			fromDate: '05-11-2026',
			toDate: '03-12-2026',
		});
	});

	test.each([
		['NO_DATA', /holds no data/],
		['TOO_LARGE', /is too large/],
		['RESOURCE_NOT_FOUND', /some of the objects do not exist/],
	])('one that ends with %s says so', async (reason, says) => {
		market.sandbox.yandexMarket.reports.failsWith = reason;
		const result = await run('report.orders', { ...REPORT, businessId: CABINET });
		expect(result.error?.message).toMatch(says);
	});

	test('only started, and downloaded by its ID', async () => {
		const started = await run('report.orders', {
			...REPORT,
			businessId: CABINET,
			options: { onlyStart: true },
		});
		const [{ reportId }] = started.json('Node');
		const status = await run('report.getStatus', { reportId });
		expect(status.json('Node')[0]).toMatchObject({ status: 'PENDING' });
		const file = await run('report.download', { reportId });
		expect(file.items('Node')[0].binary?.data).toMatchObject({ fileExtension: 'xlsx' });
	});
});
