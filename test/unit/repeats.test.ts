/**
 * The same object in several input items: of every operation of Yandex Market that puts many items into a request. The
 * specification wants the IDs of a request to differ (`UpdateStocksRequest`, `UpdateBusinessPricesRequest`, …), and of two
 * requests the later one would win.
 */
import type { IDataObject } from 'n8n-workflow';

import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { operationName } from '../../nodes/shared/run/request';
import type { Reply, Sent } from './shop';
import { OK, run } from './yandexRun';

const json = (fields: object) => ({ inputMode: 'json', json: JSON.stringify(fields) });

/** A form, and what makes another one about the same object; without it, an element is its ID alone. */
const FORMS: Record<string, [form: IDataObject, other?: IDataObject]> = {
	'bid.set': [{ sku: 'A', bid: '500' }, { bid: '600' }],
	'bid.setShop': [{ sku: 'A', bid: '500' }, { bid: '600' }],
	'order.updateStatus': [{ orderId: '5', status: 'DELIVERY' }, { status: 'DELIVERED' }],
	'outletLicence.upsert': [
		{
			number: 'L-1',
			outletId: '4',
			licenseType: 'ALCOHOL',
			dateOfIssue: '2026-01-01',
			dateOfExpiry: '2027-01-01',
		},
		{ dateOfExpiry: '2028-01-01' },
	],
	'price.update': [{ offerId: 'A', value: '100', currencyId: 'RUR' }, { value: '200' }],
	'price.updateShop': [{ offerId: 'A', value: '100', currencyId: 'RUR' }, { value: '200' }],
	'priceQuarantine.confirm': [{ offerId: 'A' }],
	'priceQuarantine.confirmShop': [{ offerId: 'A' }],
	'product.archive': [{ offerId: 'A' }],
	'product.delete': [{ offerId: 'A' }],
	'product.generateBarcodes': [{ offerId: 'A' }],
	'product.unarchive': [{ offerId: 'A' }],
	'product.upsert': [
		json({ offer: { offerId: 'A', name: 'Tea' } }),
		json({ offer: { offerId: 'A', vendor: 'B' } }),
	],
	'productCard.updateContent': [
		{ offerId: 'A', categoryId: '9', parameterValues: { row: [{ parameterId: '1', value: 'a' }] } },
		{ parameterValues: { row: [{ parameterId: '2', value: 'b' }] } },
	],
	'productDocument.create': [
		{ number: 'D-1', type: 'CONFORMITY_DECLARATION' },
		{ type: 'CONFORMITY_CERTIFICATE' },
	],
	'promotion.addProducts': [{ promoId: 'P', offerId: 'A', promoPrice: '90' }, { promoPrice: '80' }],
	'promotion.removeProducts': [{ promoId: 'P', offerId: 'A' }],
	'review.skip': [{ feedbackId: '7' }],
	'shipment.moveOrders': [{ shipmentId: '3', orderId: '5' }],
	'shopProduct.delete': [{ offerId: 'A' }],
	'shopProduct.hide': [{ offerId: 'A' }],
	'shopProduct.show': [{ offerId: 'A' }],
	'shopProduct.update': [{ offerId: 'A', vat: '2' }, { vat: '5' }],
	'stock.update': [{ sku: 'A', count: '5' }, { count: '7' }],
	'stock.updateByWarehouse': [{ partnerWarehouseId: '12', sku: 'A', count: '5' }, { count: '7' }],
};

/** Changes that follow each other: steps of an order, and calls that change only what they name. */
const IN_TURN = ['order.updateStatus', 'product.upsert', 'productCard.updateContent'];

const isShared = ({ path }: Sent) =>
	/status-update|licenses|updates?$|bids|confirm|archive|delete|barcodes|create$|skip|transfer|hidden|stocks/.test(
		path,
	) || path.endsWith('/status');
const works = (sent: Sent[]) =>
	sent.filter(
		(one) => one.method !== 'GET' && isShared(one) && !/settings|warehouses$/.test(one.path),
	);

/** Says yes to everything, by order where a verdict is wanted. */
function server({ body, path }: Sent): Reply {
	if (path.endsWith('/status'))
		return { body: { order: { id: 5, ...(body as { order: object }).order } } };
	if (!path.endsWith('/status-update')) return OK;
	const { orders } = body as { orders: object[] };
	return {
		body: {
			status: 'OK',
			result: { orders: orders.map((one) => ({ ...one, updateStatus: 'OK' })) },
		},
	};
}

it('each operation that shares requests is in the table', () => {
	const shared = yandexMarket.operations.filter(({ bulk }) => bulk && bulk.kind !== 'get');
	expect(Object.keys(FORMS)).toEqual(shared.map(operationName).sort());
});

describe.each(Object.entries(FORMS))('%s', (name, [form, other]) => {
	it('of the same thing twice is sent once, and both items are done', async () => {
		const { items, error, sent } = await run(name, [form, form], server);
		expect(error).toBeUndefined();
		expect(works(sent)).toHaveLength(1);
		expect(items).toHaveLength(2);
		expect(items[1].json).toEqual(items[0].json);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const [one] = works(sent);
		const lists = Object.values(one.body as object).filter(Array.isArray);
		for (const list of lists) expect(list).toHaveLength(1);
	});

	it('of the same thing twice that fails, fails for both', async () => {
		const refusal = {
			status: 400,
			body: { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'No' }] },
		};
		const { items, sent } = await run(name, [form, form], () => refusal, true);
		expect(items.map(({ json: { error } }) => typeof error)).toEqual(['string', 'string']);
		expect(works(sent)).toHaveLength(1);
	});

	if (!other) return;
	const differing = [form, { ...form, ...other }];

	if (IN_TURN.includes(name)) {
		it('with other values goes one after the other, in the order of the items', async () => {
			const { items, error, sent } = await run(name, differing, server);
			expect(error).toBeUndefined();
			expect(works(sent)).toHaveLength(2);
			expect(items).toHaveLength(2);
		});
		return;
	}

	it('with other values is an error of both, and nothing is sent for them', async () => {
		const { items, sent } = await run(name, differing, server, true);
		expect(works(sent)).toEqual([]);
		const told = items.map(({ json: { error } }) => String(error));
		expect(told[0]).toMatch(
			/is '[A-Z]?-?\w+', which item 1 has as well, with other values \[item 0\]/,
		);
		expect(told[1]).toMatch(/which item 0 has as well, with other values \[item 1\]/);
		const stopped = await run(name, differing, server);
		expect(stopped.error?.message).toContain('which item 1 has as well');
		expect(works(stopped.sent)).toEqual([]);
	});
});

describe('what is another object', () => {
	it.each<[string, IDataObject[]]>([
		[
			'stock.updateByWarehouse',
			[
				{ partnerWarehouseId: '12', sku: 'A', count: '5' },
				{ partnerWarehouseId: '13', sku: 'A', count: '7' },
			],
		],
		[
			'stock.update',
			[
				{ sku: 'a', count: '5' },
				{ sku: 'A', count: '7' },
			],
		],
	])('%s goes in one request', async (name, forms) => {
		const { error, sent } = await run(name, forms, server);
		expect(error).toBeUndefined();
		expect(works(sent)).toHaveLength(1);
	});

	it('the same SKU in two shops is two prices, and none waits for the other', async () => {
		const price = (campaignId: string, value: string) => ({
			offerId: 'A',
			campaignId,
			value,
			currencyId: 'RUR',
		});
		const { error, sent } = await run(
			'price.updateShop',
			[price('21', '100'), price('22', '200')],
			server,
		);
		expect(error).toBeUndefined();
		expect(works(sent).map(({ path }) => path)).toEqual([
			'/v2/campaigns/21/offer-prices/updates',
			'/v2/campaigns/22/offer-prices/updates',
		]);
	});
});

it('three items with one SKU name each other, and the rest goes on', async () => {
	const items = ['1', '2', '3'].map((value) => ({ offerId: 'A', value, currencyId: 'RUR' }));
	const done = await run(
		'price.update',
		[...items, { offerId: 'B', value: '4', currencyId: 'RUR' }],
		server,
		true,
	);
	expect(String(done.items[1].json.error)).toContain("'SKU' is 'A', which items 0, 2 have as well");
	expect(done.items[3].json).toMatchObject({ success: true, offerId: 'B' });
	expect(works(done.sent)).toHaveLength(1);
});

it('steps of an order that are not neighbours are sent each', async () => {
	const step = (status: string) => ({ orderId: '5', status });
	const { sent } = await run(
		'order.updateStatus',
		['DELIVERY', 'PICKUP', 'DELIVERY'].map(step),
		server,
	);
	expect(works(sent)).toHaveLength(3);
});
