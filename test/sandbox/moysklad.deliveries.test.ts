import type { ServerResponse } from 'node:http';

import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Json, Receiver } from './client';
import { call, errorCode, moysklad, startReceiver } from './client';

let sandbox: Sandbox;
let receiver: Receiver;
let reply: (response: ServerResponse, index: number) => void;
/** Sandbox and receiver share a busy process: an answer may take long, and only who asks for a deadline is to meet it. */
const PATIENCE = 60_000;
const DEADLINE = 1000;
const accept = (response: ServerResponse): void => {
	response.writeHead(204).end();
};

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 50, limits: 'off', webhookDeadlineMs: PATIENCE });
	receiver = await startReceiver((response, index) => reply(response, index));
});
afterAll(async () => {
	await receiver.close();
	await sandbox.close();
});
beforeEach(() => {
	reply = accept;
	receiver.requests.length = 0;
	sandbox.moysklad.webhooks.clear();
	sandbox.moysklad.sender.clear();
	sandbox.moysklad.tariff = 'paid';
});

async function subscribe(action: string, fields: Json = {}, at = sandbox): Promise<Json> {
	const body = { url: `${receiver.url}/hook`, entityType: 'product', action, ...fields };
	return (await moysklad(at, '/entity/webhook', { method: 'POST', body })).json();
}

async function delivered(at = sandbox): Promise<Receiver['requests']> {
	await at.moysklad.deliveriesIdle();
	return receiver.requests;
}

test('a change arrives with requestId, user agent, audit context and events', async () => {
	await subscribe('UPDATE', { url: `${receiver.url}/hook?secret=1`, diffType: 'FIELDS' });
	const change = sandbox.moysklad.change('product', 'UPDATE', undefined, ['name', 'salePrices']);
	const [request] = await delivered();
	expect(request.url).toMatch(/^\/hook\?secret=1&requestId=[0-9a-f-]{36}$/);
	expect(request.headers['user-agent']).toBe(
		'MoySklad webhook touch agent 2.0 (/https://www.moysklad.ru)',
	);
	expect(request.body).toEqual({
		auditContext: {
			meta: expect.objectContaining({
				type: 'audit',
				href: expect.stringContaining(`${sandbox.urls.moysklad}/audit/`),
			}),
			uid: 'admin@sandbox',
			moment: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
		},
		events: [
			{
				meta: { type: 'product', href: change.href },
				action: 'UPDATE',
				accountId: sandbox.moysklad.world.accountId,
				updatedFields: ['name', 'salePrices'],
			},
		],
	});
	const product = (await moysklad(sandbox, `/entity/product/${change.id}`)).json();
	expect(product.name).toMatch(/\(changed \d+\)$/);
});

test('without diffType FIELDS there are no updatedFields; CREATE and DELETE have none either', async () => {
	for (const action of ['CREATE', 'UPDATE', 'DELETE']) await subscribe(action);
	for (const action of ['CREATE', 'UPDATE', 'DELETE']) sandbox.moysklad.change('product', action);
	const requests = await delivered();
	const events = requests.flatMap(({ body }) => body.events as Json[]);
	expect(events.map(({ action }) => action).sort()).toEqual(['CREATE', 'DELETE', 'UPDATE']);
	expect(events.some((event) => 'updatedFields' in event)).toBe(false);
});

test('only matching, enabled webhooks are called', async () => {
	await subscribe('UPDATE', { entityType: 'variant' });
	const webhook = await subscribe('UPDATE');
	const path = `/entity/webhook/${String(webhook.id)}`;
	await moysklad(sandbox, path, { method: 'PUT', body: { enabled: false } });
	sandbox.moysklad.change('product', 'UPDATE');
	expect(await delivered()).toHaveLength(0);
	await moysklad(sandbox, path, { method: 'PUT', body: { enabled: true } });
	sandbox.moysklad.change('product', 'UPDATE');
	expect(await delivered()).toHaveLength(1);
});

test('a write through the API fires, with the fields that differ', async () => {
	await subscribe('UPDATE', { diffType: 'FIELDS' });
	const { world } = sandbox.moysklad;
	const path = `/entity/product/${world.id('product', 2)}`;
	const before = (await moysklad(sandbox, path)).json();
	const body = { name: 'Other name', code: before.code, vat: 10 };
	await moysklad(sandbox, path, { method: 'PUT', body });
	const [request] = await delivered();
	expect(request.body.events).toMatchObject([{ updatedFields: ['name', 'vat'] }]);
});

test('a bulk write is one call with several events', async () => {
	await subscribe('CREATE');
	const body = [{ name: 'One' }, { name: 'Two' }, {}];
	await moysklad(sandbox, '/entity/product', { method: 'POST', body });
	const requests = await delivered();
	expect(requests).toHaveLength(1);
	expect(requests[0].body.events).toHaveLength(2);
});

describe('X-Lognex-WebHook-DisableByPrefix', () => {
	const header = 'X-Lognex-WebHook-DisableByPrefix';
	const write = async (value: string | string[]) =>
		await moysklad(sandbox, `/entity/product/${sandbox.moysklad.world.id('product', 3)}`, {
			method: 'PUT',
			body: { description: String(Math.random()) },
			headers: { [header]: value },
		});

	test('keeps webhooks silent whose url starts with it', async () => {
		await subscribe('UPDATE');
		await write(`${receiver.url}/hook`);
		expect(await delivered()).toHaveLength(0);
		await write(`${receiver.url}/other`);
		expect(await delivered()).toHaveLength(1);
		await write(['https://example.com/', `${receiver.url}/`]);
		expect(await delivered()).toHaveLength(1);
	});

	test.each(['example.com', 'https://', 'https://a.com/, https://b.com/'])(
		'%s is refused',
		async (value) => {
			expect(errorCode(await write(value))).toBe(3030);
		},
	);
});

describe('retries', () => {
	test('a bad answer is retried three times at once with the same requestId', async () => {
		await subscribe('UPDATE');
		reply = (response) => response.writeHead(500).end();
		sandbox.moysklad.change('product', 'UPDATE');
		const requests = await delivered();
		expect(requests).toHaveLength(4);
		expect(new Set(requests.map(({ url }) => url)).size).toBe(1);
		const [delivery] = sandbox.moysklad.deliveries;
		expect(delivery).toMatchObject({ outcome: 'failed' });
		expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
	});

	test.each([201, 301, 404])('%i is a bad answer', async (status) => {
		await subscribe('UPDATE');
		reply = (response, index) => {
			response.writeHead(index === 0 ? status : 200, { location: '/elsewhere' }).end();
		};
		sandbox.moysklad.change('product', 'UPDATE');
		expect(await delivered()).toHaveLength(2);
		expect(sandbox.moysklad.deliveries[0].outcome).toBe('delivered');
	});

	test('a connection that breaks is a bad answer', async () => {
		await subscribe('UPDATE');
		reply = (response, index) => (index < 3 ? response.destroy() : accept(response));
		sandbox.moysklad.change('product', 'UPDATE');
		await delivered();
		const [{ attempts, outcome }] = sandbox.moysklad.deliveries;
		expect(attempts.map((attempt) => attempt.outcome)).toEqual([
			'connectionError',
			'connectionError',
			'connectionError',
			'accepted',
		]);
		expect(outcome).toBe('delivered');
	});

	test('no answer in time drops the notification', async () => {
		const other = await startSandbox({
			assortmentRows: 10,
			limits: 'off',
			webhookDeadlineMs: DEADLINE,
		});
		await subscribe('UPDATE', {}, other);
		reply = () => undefined;
		other.moysklad.change('product', 'UPDATE');
		expect(await delivered(other)).toHaveLength(1);
		const [{ attempts, outcome }] = other.moysklad.deliveries;
		expect([outcome, attempts[0].outcome]).toEqual(['dropped', 'timeout']);
		expect(attempts[0].ms).toBeGreaterThanOrEqual(DEADLINE - 10);
		await other.close();
	});

	test('the default deadline is 1500 ms', async () => {
		const other = await startSandbox({ assortmentRows: 10, limits: 'off' });
		await subscribe('UPDATE', { url: `${receiver.url}/slow` }, other);
		reply = (response) => accept(response);
		other.moysklad.change('product', 'UPDATE');
		await delivered(other);
		expect(other.moysklad.deliveries[0].outcome).toBe('delivered');
		reply = () => undefined;
		const before = Date.now();
		other.moysklad.change('product', 'UPDATE');
		await delivered(other);
		expect(Date.now() - before).toBeGreaterThanOrEqual(1490);
		expect(other.moysklad.deliveries[1].outcome).toBe('dropped');
		await other.close();
	});
});

test('the free tariff gets nothing', async () => {
	await subscribe('UPDATE');
	sandbox.moysklad.tariff = 'free';
	expect(sandbox.moysklad.change('product', 'UPDATE').deliveries).toEqual([]);
	expect(await delivered()).toHaveLength(0);
});

test('documents, dictionaries and unknown types', async () => {
	await subscribe('CREATE', { entityType: 'customerorder' });
	sandbox.moysklad.change('customerorder', 'CREATE');
	const [request] = await delivered();
	expect(request.body.events).toMatchObject([{ meta: { type: 'customerorder' } }]);
	expect(() => sandbox.moysklad.change('nonsense', 'CREATE')).toThrow(RangeError);
	expect(() => sandbox.moysklad.change('product', 'PROCESSED')).toThrow(RangeError);
	expect(() => sandbox.moysklad.change('product', 'UPDATE', 'x')).toThrow(RangeError);
});

test('a stock change calls the stock webhook, whose report has the change', async () => {
	const body = { url: `${receiver.url}/stock`, stockType: 'stock', reportType: 'all' };
	await moysklad(sandbox, '/entity/webhookstock', { method: 'POST', body });
	const { world } = sandbox.moysklad;
	const id = world.id('product', 1);
	sandbox.moysklad.changeStock(id, world.id('store', 0), { stock: 777 });
	const [request] = await delivered();
	expect(request.body).toMatchObject({
		accountId: world.accountId,
		stockType: 'stock',
		reportType: 'all',
	});
	const { reportUrl } = request.body as { reportUrl: string };
	const report = await moysklad(sandbox, encodeURI(reportUrl.slice(sandbox.urls.moysklad.length)));
	const total = sandbox.moysklad.rows.stock.total(1).stock;
	expect(report.json()).toEqual([{ assortmentId: id, stock: total }]);
	expect(total).toBeGreaterThanOrEqual(700);
});

test('the control listener changes things and shows deliveries', async () => {
	await subscribe('DELETE');
	const change = await call(`${sandbox.urls.control}/moysklad/change`, {
		method: 'POST',
		body: { entityType: 'product', action: 'DELETE' },
	});
	expect(change.status).toBe(200);
	await delivered();
	const log = await call(`${sandbox.urls.control}/moysklad/deliveries`);
	expect(log.json()).toMatchObject([{ outcome: 'delivered', attempts: [{ status: 204 }] }]);
	const wrong = await call(`${sandbox.urls.control}/moysklad/change`, {
		method: 'POST',
		body: { entityType: 'product', action: 'VANISH' },
	});
	expect(wrong.status).toBe(400);
});
