import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

let sandbox: Sandbox;
const path = '/entity/webhook';
const hook = { url: 'https://example.com/hook', action: 'CREATE', entityType: 'product' };

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 50, limits: 'off' });
});
afterAll(async () => await sandbox.close());
beforeEach(() => {
	sandbox.moysklad.webhooks.clear();
	sandbox.moysklad.tariff = 'paid';
});

async function post(body: unknown, token?: string, address = path): Promise<Answer> {
	return await moysklad(sandbox, address, { method: 'POST', body, token });
}

async function made(body: unknown): Promise<Json & { id: string; meta: Json }> {
	const answer = await post(body);
	expect(answer.status).toBe(200);
	return answer.json();
}

describe('life of a webhook', () => {
	test('create, get, list, disable, enable, change, delete', async () => {
		const webhook = await made({ ...hook, action: 'UPDATE', diffType: 'FIELDS' });
		expect(webhook).toEqual({
			meta: {
				href: `${sandbox.urls.moysklad}${path}/${webhook.id}`,
				type: 'webhook',
				mediaType: 'application/json',
			},
			id: webhook.id,
			accountId: sandbox.moysklad.world.accountId,
			entityType: 'product',
			url: hook.url,
			method: 'POST',
			enabled: true,
			action: 'UPDATE',
			diffType: 'FIELDS',
		});
		const one = `${path}/${webhook.id}`;
		expect((await moysklad(sandbox, one)).json()).toEqual(webhook);
		expect(rowsOf(await moysklad(sandbox, path))).toEqual([webhook]);
		const put = async (body: unknown): Promise<Json> =>
			(await moysklad(sandbox, one, { method: 'PUT', body })).json();
		expect(await put({ enabled: false })).toEqual({ ...webhook, enabled: false });
		expect(await put({ enabled: true })).toEqual(webhook);
		expect(await put({ url: 'https://example.com/other' })).toMatchObject({
			url: 'https://example.com/other',
			diffType: 'FIELDS',
		});
		const removed = await moysklad(sandbox, one, { method: 'DELETE' });
		expect([removed.status, removed.text]).toEqual([200, '']);
		expect(errorCode(await moysklad(sandbox, one))).toBe(1021);
	});

	test('the list has pages', async () => {
		for (const entityType of ['store', 'uom', 'task']) await made({ ...hook, entityType });
		const answer = await moysklad(sandbox, `${path}?limit=2&offset=2`);
		expect(rowsOf(answer)).toHaveLength(1);
		expect(metaOf(answer)).toMatchObject({ size: 3, limit: 2, offset: 2 });
	});

	test('an array answers element by element', async () => {
		const first = await made(hook);
		const answer = await post([
			{ ...hook, action: 'DELETE' },
			hook,
			{ meta: first.meta, enabled: false },
			{ ...hook, action: 'NEVER' },
		]);
		expect(answer.json()).toMatchObject([
			{ action: 'DELETE', enabled: true },
			{ errors: [{ code: 30003 }] },
			{ id: first.id, enabled: false },
			{ errors: [{ code: 30002 }] },
		]);
	});

	test('bulk deletion reports in order', async () => {
		const first = await made(hook);
		const meta = sandbox.moysklad.world.meta('webhook', sandbox.moysklad.world.id('webhook', 999));
		const answer = await post([{ meta }, { meta: first.meta }], undefined, `${path}/delete`);
		expect(answer.json()).toEqual([
			{ errors: [expect.objectContaining({ code: 1021 })] },
			{ info: `Сущность 'webhook' с UUID: ${first.id} успешно удалена` },
		]);
		expect(sandbox.moysklad.webhooks.size).toBe(0);
	});

	test('malformed id', async () => {
		expect(errorCode(await moysklad(sandbox, `${path}/nonsense`))).toBe(1000);
	});
});

describe('rules', () => {
	test.each<[string, Json, number]>([
		['nested types', { entityType: 'customerorderposition' }, 30000],
		['webhook itself', { entityType: 'webhook' }, 30000],
		['discounts', { entityType: 'discount' }, 30000],
		['other methods', { method: 'GET' }, 30001],
		['unknown actions', { action: 'CHANGED' }, 30002],
		['no http address', { url: 'ftp://example.com/hook' }, 30005],
		['no address at all', { url: 'example.com/hook' }, 30005],
		['PROCESSED of an entity', { action: 'PROCESSED' }, 30008],
		['CREATE of async', { entityType: 'async' }, 30008],
		['diffType of CREATE', { diffType: 'FIELDS' }, 30009],
		['diffType NONE of CREATE', { diffType: 'NONE' }, 30009],
		['an unknown diffType', { action: 'UPDATE', diffType: 'ALL' }, 3005],
		['a missing url', { url: undefined }, 3000],
		['a missing action', { action: undefined }, 3000],
		['a missing entityType', { entityType: '' }, 3000],
		['a flag that is none', { enabled: 'yes' }, 2016],
		['256 characters', { url: `https://example.com/${'a'.repeat(236)}` }, 30010],
	])('%s', async (_name, change, code) => {
		const answer = await post({ ...hook, ...change });
		expect(errorCode(answer)).toBe(code);
		expect(sandbox.moysklad.webhooks.size).toBe(0);
	});

	test('255 characters are allowed, and so is PROCESSED of async', async () => {
		await made({ ...hook, url: `https://example.com/${'a'.repeat(235)}` });
		await made({ ...hook, entityType: 'async', action: 'PROCESSED' });
	});

	test('entityType, action and url are unique together', async () => {
		const first = await made(hook);
		expect(errorCode(await post(hook))).toBe(30003);
		await made({ ...hook, action: 'DELETE' });
		const second = await made({ ...hook, url: 'https://example.com/second' });
		const put = async (id: string, url: string) =>
			await moysklad(sandbox, `${path}/${id}`, { method: 'PUT', body: { url } });
		expect(errorCode(await put(second.id, hook.url))).toBe(30003);
		expect((await put(first.id, hook.url)).status).toBe(200);
	});

	test('users have five slots per pair, a solution one', async () => {
		for (let i = 0; i < 5; i++) await made({ ...hook, url: `https://example.com/${i}` });
		const sixth = await post({ ...hook, url: 'https://example.com/5' });
		expect([sixth.status, errorCode(sixth)]).toEqual([412, 30007]);
		await made({ ...hook, action: 'UPDATE' });
		const token = MOYSKLAD_TOKENS.solution;
		expect((await post(hook, token)).json()).toMatchObject({
			authorApplication: { meta: { type: 'application' } },
		});
		const second = await post({ ...hook, url: 'https://example.com/9' }, token);
		expect(second.json()).toMatchObject({
			errors: [{ code: 30007, error: expect.stringContaining("'1'") }],
		});
		expect(metaOf(await moysklad(sandbox, path, { token })).size).toBe(1);
		expect(metaOf(await moysklad(sandbox, path)).size).toBe(7);
	});

	test('changing the pair needs a free slot, too', async () => {
		for (let i = 0; i < 5; i++) await made({ ...hook, url: `https://example.com/${i}` });
		const other = await made({ ...hook, action: 'DELETE' });
		const body = { action: 'CREATE' };
		const answer = await moysklad(sandbox, `${path}/${other.id}`, { method: 'PUT', body });
		expect(errorCode(answer)).toBe(30007);
	});

	test('only administrators', async () => {
		const token = MOYSKLAD_TOKENS.nonAdmin;
		const refused = await moysklad(sandbox, path, { token });
		expect([refused.status, errorCode(refused)]).toEqual([403, 30004]);
		expect(errorCode(await post(hook, token))).toBe(30004);
	});

	test('the free tariff may read and delete', async () => {
		const { id } = await made(hook);
		sandbox.moysklad.tariff = 'free';
		const one = `${path}/${id}`;
		expect(errorCode(await post({ ...hook, action: 'DELETE' }))).toBe(30006);
		const put = await moysklad(sandbox, one, { method: 'PUT', body: { enabled: false } });
		expect(errorCode(put)).toBe(30006);
		expect((await moysklad(sandbox, one)).status).toBe(200);
		expect((await moysklad(sandbox, one, { method: 'DELETE' })).status).toBe(200);
	});
});

describe('stock webhooks', () => {
	const stock = { url: hook.url, stockType: 'stock', reportType: 'all' };
	const address = '/entity/webhookstock';

	test('have their own list and fields', async () => {
		const webhook = (await post(stock, undefined, address)).json();
		expect(webhook).toMatchObject({ ...stock, enabled: true, meta: { type: 'webhookstock' } });
		expect(rowsOf(await moysklad(sandbox, address))).toEqual([webhook]);
		expect(metaOf(await moysklad(sandbox, path)).size).toBe(0);
	});

	test.each<[Json, number]>([
		[{ stockType: 'reserve' }, 3005],
		[{ reportType: 'byslot' }, 3005],
		[{ reportType: undefined }, 3000],
		[{ url: 'x' }, 30005],
	])('refuse %j', async (change, code) => {
		expect(errorCode(await post({ ...stock, ...change }, undefined, address))).toBe(code);
	});

	test('are unique and limited as well', async () => {
		await post(stock, undefined, address);
		expect(errorCode(await post(stock, undefined, address))).toBe(30003);
		for (let i = 0; i < 4; i++) {
			await post({ ...stock, url: `https://example.com/${i}` }, undefined, address);
		}
		const sixth = await post({ ...stock, url: 'https://example.com/6' }, undefined, address);
		expect(errorCode(sixth)).toBe(30007);
	});
});
