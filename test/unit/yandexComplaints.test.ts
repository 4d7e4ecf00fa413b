/**
 * What users of other programs have complained about in public, a test each, by the number of the list in
 * docs/yandex-market.md. Source: reference of the project, yandex-market-jobs.md §3.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { YandexMarketApi } from '../../credentials/YandexMarketApi.credentials';
import { factsOf } from '../../nodes/YandexMarket/rights';
import {
	answer,
	deliveryKey,
	readNotification,
} from '../../nodes/YandexMarket/trigger/notification';
import { handle } from '../../nodes/YandexMarket/trigger/trigger';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { YandexMarket } from '../../nodes/YandexMarket/YandexMarket.node';
import { realClock } from '../../nodes/shared/road/clock';
import { operationName } from '../../nodes/shared/run/request';
import { readExampleWorkflows } from '../../sandbox/n8n/fixtures';
import { contextOf, type RunOutcome } from './shopRun';
import { OK, operationOf, run } from './yandexRun';

jest.setTimeout(60_000);

const refused = (status: number, code: string, message: string) => ({
	status,
	body: { status: 'ERROR', errors: [{ code, message }] },
});
const pathsOf = ({ sent }: RunOutcome) => sent.map(({ method, url }) => `${method} ${url}`);
const said = ({ error }: RunOutcome) => `${error?.message} ${error?.description}`;
const STATUS = { orderId: '5', status: 'PROCESSING', substatus: 'READY_TO_SHIP' };
const PRICE = { offerId: 'A', value: '1', currencyId: 'RUR' };

/** Whether each field of this name has a list that searches. */
const searchesIn = (name: string) =>
	new YandexMarket().description.properties
		.filter((one) => one.name === name)
		.every(({ modes }) => modes?.some(({ typeOptions }) => typeOptions?.searchable));

/** IDs of the messages that a trigger with Ignore Own Messages passes on, told of one after the other. */
async function passedOn(ids: string[], senders: Record<string, string>): Promise<unknown[]> {
	const known = new Set<string>();
	const passed: unknown[] = [];
	for (const messageId of ids) {
		const told = { notificationType: 'CHAT_MESSAGE_SENT', businessId: 7, chatId: 77, messageId };
		const { context } = contextOf({
			operations: [operationOf('chat.getMessage')],
			items: [{ fetch: true, options: { ignoreOwn: true } }],
			server: () => ({ body: { status: 'OK', result: { messageId, sender: senders[messageId] } } }),
		});
		const delivery = { told: JSON.stringify(told), key: deliveryKey(told) };
		Object.assign(context, {
			getMode: () => 'webhook',
			getInputData: () => [{ json: {}, delivery }],
			getCredentials: async () => await Promise.resolve({ apiKey: 'ACMA:own', host: 'ru' }),
		});
		Object.assign(context.helpers, {
			checkProcessedAndRecord: async (entries: string[], scope: string) => {
				const fresh = entries.filter((one) => scope === 'node' || !known.has(one));
				for (const one of entries) known.add(one);
				return await Promise.resolve({ new: fresh, processed: [] });
			},
			removeProcessed: async () => await Promise.resolve(),
			clearAllProcessedItems: async () => await Promise.resolve(),
		});
		const [items] = await handle.call(context);
		passed.push(...items.map(({ json }) => json.messageId));
	}
	return passed;
}

/** Number of the complaint → what shows that it does not hold here. */
const COMPLAINTS: Record<number, () => Promise<void> | void> = {
	1: async () => {
		const text = 'Order 5 with status CANCELLED is not allowed for status PROCESSING';
		const done = await run('order.updateStatus', [STATUS], () =>
			refused(400, 'STATUS_NOT_ALLOWED', text),
		);
		expect(said(done)).toContain(text);
		expect(said(done)).toContain('STATUS_NOT_ALLOWED');
	},
	2: async () => {
		const filters = { fromDate: '2026-11-21T10:00:00Z', creationDateFrom: '2026-11-21T10:00:00Z' };
		const old = await run('order.getAllLegacy', [{ limit: 1, filters }], () => ({
			body: { orders: [] },
		}));
		expect(old.sent[0].query.fromDate).toBe('21-11-2026');
		const now = await run('order.getAll', [{ limit: 1, filters }], () => ({
			body: { orders: [], paging: {} },
		}));
		expect(JSON.stringify(now.sent[0].body)).toContain('"creationDateFrom":"2026-11-21"');
	},
	3: async () => {
		const form = { orderId: '5', boxId: '9', binaryPropertyName: 'data' };
		const done = await run('orderLabel.downloadBox', [form], () => OK);
		expect(new URL(done.sent[0].url).pathname).toBe(
			'/v2/campaigns/21/orders/5/delivery/shipments/1/boxes/9/label',
		);
		const unknown = yandexMarket.operations.filter((operation) => !factsOf(operation));
		expect(unknown.map(operationName)).toEqual(['apiRequest.send']);
	},
	4: async () => {
		const form = { method: 'POST', path: '/v2/campaigns/21/not-known-yet', body: '{"a":1}' };
		const done = await run('apiRequest.send', [form], () => ({ body: { status: 'OK', b: 2 } }));
		expect(pathsOf(done)).toEqual([
			'POST https://api.partner.market.yandex.ru/v2/campaigns/21/not-known-yet',
		]);
		expect(done.sent[0].body).toEqual({ a: 1 });
	},
	5: () => {
		const ours = readExampleWorkflows()
			.flatMap(({ workflow }) => workflow.nodes as Array<{ type: string; parameters: IDataObject }>)
			.filter(({ type }) => type.endsWith('.yandexMarket'));
		expect(ours.length).toBeGreaterThan(4);
		const fields = new Set(new YandexMarket().description.properties.map(({ name }) => name));
		for (const { parameters } of ours) {
			operationOf(`${String(parameters.resource)}.${String(parameters.operation)}`);
			expect(Object.keys(parameters).filter((name) => !fields.has(name))).toEqual([]);
		}
	},
	6: async () => {
		const done = await run('bid.getAll', [{ limit: 1 }], () =>
			refused(403, 'FORBIDDEN', 'Token is invalid'),
		);
		expect(said(done)).toMatch(/key was not accepted[^]*10 minutes/);
		expect(done.sent).toHaveLength(1);
	},
	7: () => {
		const sent = answer(new Date('2026-11-28T09:00:00Z'));
		expect(JSON.stringify(sent)).toBe(
			'{"version":"1.0.0","name":"n8n-nodes-retail-ops","time":"2026-11-28T09:00:00.000Z"}',
		);
	},
	8: () => {
		for (const name of [
			'stock.getAll',
			'orderFinance.getAll',
			'product.getStatistics',
			'shopQuality.getDetails',
		]) {
			expect([name, factsOf(operationOf(name))?.method]).toEqual([name, 'POST']);
			expect([name, operationOf(name).route.split(' ')[0]]).toEqual([name, 'POST']);
		}
	},
	9: () => {
		const resources = new Set(yandexMarket.operations.map(({ resource }) => resource));
		expect(resources.size).toBeLessThan(40);
		for (const name of ['campaignId', 'businessId', 'outletId', 'regionId', 'categoryId'])
			expect([name, searchesIn(name)]).toEqual([name, true]);
		const { properties, usableAsTool } = new YandexMarket().description;
		expect(usableAsTool).toBe(true);
		// A model chooses by what an operation says of itself: each says something of its own.
		const operations = properties.filter(({ name }) => name === 'operation');
		const told = operations.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
		expect(told.length).toBeGreaterThan(160);
		const words = told.map(({ action, description }) => [action, description].join(': '));
		expect(new Set(words).size).toBe(words.length);
		expect(told.filter(({ description }) => !description)).toEqual([]);
	},
	10: async () => {
		const form = { chatId: '77', messageId: '9', message: 'Hello' };
		for (const name of ['chat.sendMessage', 'chat.getMessages', 'chat.getMessage', 'chat.get']) {
			const done = await run(name, [{ ...form, limit: 1 }], () => ({
				body: { status: 'OK', result: { messages: [] } },
			}));
			expect([name, String(done.sent[0].query.chatId)]).toEqual([name, '77']);
			expect(JSON.stringify(done.sent[0].body ?? {})).not.toContain('chatId');
		}
	},
	11: async () => {
		const messages = ['PARTNER', 'CUSTOMER', 'MARKET', 'SUPPORT'].map((sender, messageId) => ({
			messageId,
			sender,
			message: 'Hello',
		}));
		const done = await run('chat.getMessages', [{ chatId: '77', returnAll: true }], () => ({
			body: { status: 'OK', result: { messages, paging: {} } },
		}));
		expect(done.items.map(({ json }) => json.sender)).toEqual(messages.map(({ sender }) => sender));
	},
	12: async () => {
		const told = { notificationType: 'CHAT_MESSAGE_SENT', chatId: 77, messageId: '9' };
		const again = { messageId: '9', chatId: 77, notificationType: 'CHAT_MESSAGE_SENT' };
		expect(deliveryKey(again)).toBe(deliveryKey(told));
		expect(deliveryKey({ ...told, messageId: '10' })).not.toBe(deliveryKey(told));
		const senders: Record<string, string> = { 9: 'CUSTOMER', 10: 'PARTNER', 11: 'CUSTOMER' };
		const passed = await passedOn(['9', '9', '10', '11'], senders);
		expect(passed).toEqual(['9', '11']);
	},
	13: async () => {
		const payload = [{ name: 'photo', size: 5, url: 'https://files.messenger.yandex.net/5' }];
		const done = await run('chat.getMessages', [{ chatId: '77', returnAll: true }], () => ({
			body: {
				status: 'OK',
				result: { messages: [{ messageId: 1, sender: 'CUSTOMER', payload }], paging: {} },
			},
		}));
		// The link stays; the key goes nowhere but to the Market.
		expect(JSON.stringify(done.items[0].json)).toContain(payload[0].url);
		expect(done.items[0].json.links).toBe(payload[0].url);
		expect(new Set(done.sent.map(({ url }) => new URL(url).host)).size).toBe(1);
	},
	14: async () => {
		const refusal = (text: string) => () => refused(400, 'STATUS_NOT_ALLOWED', text);
		const waits = await run('order.updateStatus', [STATUS], refusal('Order requires valid cis'));
		expect(said(waits)).toContain('marking codes of the order are not checked yet');
		expect(said(waits)).toContain('Try again in a minute');
		expect(said(waits)).toContain('Order requires valid cis');
		const never = await run('order.updateStatus', [STATUS], refusal('No transition found'));
		expect(said(never)).toContain('cannot get this status now');
		expect(said(never)).not.toContain('in a minute');
		// What is so already is done: nothing is to be cancelled a second time.
		const wanted = { status: 'CANCELLED', reason: 'SHOP_FAILED' };
		const cancelled = { status: 'CANCELLED', substatus: 'SHOP_FAILED' };
		const again = await run('order.updateStatus', [{ orderId: '5', ...wanted }], (sent) => {
			if (sent.method === 'GET') return { body: { campaign: { business: { id: 7 } } } };
			if (sent.method === 'POST') return { body: { orders: [{ orderId: 5, ...cancelled }] } };
			return refusal('Order is CANCELLED_IN_PROCESSING')();
		});
		expect(again.error).toBeUndefined();
		expect(again.items[0].json).toMatchObject({ ...cancelled, alreadySet: true });
		for (const { sent } of [waits, never, again]) {
			expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
		}
	},
	15: async () => {
		const page = { orders: [{ orderId: 5 }], paging: { nextPageToken: 'same' } };
		const done = await run('order.getAll', [{ returnAll: true }], () => ({ body: page }));
		expect(done.error).toBeDefined();
		expect(done.sent.length).toBeLessThan(4);
	},
	16: async () => {
		let prints = 0;
		const server = () => ({
			body: Buffer.from(`%PDF-1.4 print ${++prints}`),
			headers: { 'content-type': 'application/pdf' },
		});
		const form = { orderId: '5', binaryPropertyName: 'data' };
		const done = await run('orderLabel.download', [form, form], server);
		// Each time anew, and as it came: no page is picked out.
		const files = done.items.map(({ binary }) => String(binary?.data.data));
		expect(files.sort()).toEqual(['%PDF-1.4 print 1', '%PDF-1.4 print 2']);
		expect(done.items[0].binary?.data.mimeType).toBe('application/pdf');
	},
	17: async () => {
		const done = await run('price.updateShop', [PRICE], () =>
			refused(423, 'LOCKED', 'Partner use only default price'),
		);
		expect(said(done)).toContain('Use Price, Update');
	},
	18: async () => {
		const times = ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
		const items = times.map((updatedAt, at) => ({
			sku: `S-${at}`,
			count: '1',
			additionalFields: { updatedAt },
		}));
		const done = await run('stock.update', [...items, { sku: 'S-2', count: '1' }], () => OK);
		const { skus } = done.sent.find(({ method }) => method === 'PUT')?.body as {
			skus: Array<{ items: IDataObject[] }>;
		};
		const hours = skus.map(
			({ items: [{ updatedAt }] }) => (Date.now() - Date.parse(String(updatedAt))) / 3_600_000,
		);
		expect(hours[0]).toBeGreaterThan(22);
		expect(hours[0]).toBeLessThan(24);
		expect(hours[1]).toBeGreaterThanOrEqual(0);
		expect(skus[2].items).toEqual([{ count: 1 }]);
	},
	19: async () => {
		const form = { sku: 'B', count: '1', options: { checkSkus: true } };
		const done = await run('stock.update', [form], () => ({
			body: { status: 'OK', result: { offers: [] } },
		}));
		expect(said(done)).toContain("'B', which the catalogue does not have");
		expect(pathsOf(done).some((line) => line.startsWith('PUT'))).toBe(false);
	},
	20: async () => {
		/** Refused once; `ms`: from now until the date that the answer names. */
		const limited = async (ms: number) => {
			let calls = 0;
			const at: number[] = [];
			const done = await run('bid.getAll', [{ limit: 1 }], () => {
				at.push(realClock.now());
				if (calls++ > 0) return { body: { status: 'OK', result: { bids: [] } } };
				const until = new Date(realClock.now() + ms).toUTCString();
				return {
					...refused(420, 'METHOD_FAILURE', 'Hit rate limit'),
					headers: { 'x-ratelimit-resource-until': until },
				};
			});
			return { ...done, waited: (at[1] ?? NaN) - at[0] };
		};
		const past = await limited(-60_000);
		expect(past.error).toBeUndefined();
		expect(past.waited).toBeGreaterThanOrEqual(1000);
		expect(past.waited).toBeLessThan(5000);
		const soon = await limited(30_000);
		expect(soon.error).toBeUndefined();
		expect(soon.waited).toBeGreaterThanOrEqual(29_000);
		expect(soon.waited).toBeLessThan(40_000);
		const late = await limited(3 * 3_600_000);
		expect(said(late)).toMatch(/limit of requests is/);
		expect(late.sent).toHaveLength(1);
	},
	21: async () => {
		const filters = { updatedAtFrom: '2026-11-21T10:00:00Z' };
		const done = await run('order.getAllLegacy', [{ limit: 1, filters }], () => ({
			body: { orders: [] },
		}));
		// The former API, too, takes moments in ISO 8601, and only days the other way round.
		expect(done.sent[0].query.updatedAtFrom).toMatch(/^2026-11-21T/);
	},
	22: async () => {
		const { properties } = new YandexMarket().description;
		for (const name of ['campaignId', 'businessId']) {
			const types = properties.filter((one) => one.name === name).map(({ type }) => type);
			expect(new Set(types)).toEqual(new Set(['resourceLocator']));
			expect(searchesIn(name)).toBe(true);
		}
		// The credential has defaults, and no more: what the form says counts.
		const kept = new YandexMarketApi().properties.map(({ name }) => name);
		expect(kept).toEqual(expect.arrayContaining(['defaultShop', 'defaultCabinet']));
		const defaults = { defaultShop: '31', defaultCabinet: '9' };
		const shops = [{ campaignId: '' }, { campaignId: '21' }];
		const read = await run('shop.get', shops, () => ({ body: { campaign: { id: 5 } } }), false, {
			...defaults,
		});
		expect(read.sent.map(({ url }) => new URL(url).pathname).sort()).toEqual([
			'/v2/campaigns/21',
			'/v2/campaigns/31',
		]);
		const cabinet = await run('bid.getAll', [{ businessId: '', limit: 1 }], () => OK, false, {
			...defaults,
		});
		expect(cabinet.sent[0].url).toContain('/businesses/9/');
	},
	23: async () => {
		const orderId = '9007199254740993';
		const form = { ...STATUS, orderId };
		const done = await run('order.updateStatus', [form], () => OK);
		expect(done.sent[0].url).toContain(`/orders/${orderId}/status`);
		const long = { notificationType: 'ORDER_CREATED', orderId };
		expect(readNotification(long)).toEqual({ told: long });
	},
	24: async () => {
		const items = ['A', 'B', 'C'].map((offerId) => ({ promoId: 'cf_1', offerId }));
		const done = await run('promotion.addProducts', items, () => OK);
		expect(done.sent).toHaveLength(1);
	},
	25: async () => {
		const prices = ['A', 'B', 'C'].map((offerId) => ({ ...PRICE, offerId }));
		const moving = () => refused(423, 'LOCKED', 'Business is in migration');
		for (const goesOn of [false, true]) {
			const done = await run('price.update', prices, moving, goesOn);
			const told = goesOn ? JSON.stringify(done.items.map(({ json }) => json)) : said(done);
			expect(told).toContain('is being moved and takes no changes');
			// One refusal is enough: neither again nor in parts.
			expect(done.sent).toHaveLength(1);
		}
	},
};

test.each(Object.entries(COMPLAINTS))('complaint %s', async (_number, shown) => {
	await shown();
});

test('the docs list each of them', () => {
	const docs = readFileSync(path.resolve(__dirname, '../../docs/yandex-market.md'), 'utf8');
	const section = docs.split('## What others have complained about')[1] ?? '';
	const numbers = [...section.matchAll(/^\|\s*(\d+)\s*\|/gm)].map(([, number]) => number);
	expect(numbers).toEqual(Object.keys(COMPLAINTS));
});
