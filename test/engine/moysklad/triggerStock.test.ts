/** Stock webhooks: registered beside the others, and their reports as items. */
import type { IDataObject } from 'n8n-workflow';

import type { WebhookHooks, WebhookListener, WorkflowInput } from '../harness';
import type { ShownError } from './setup';
import { expectGoodHeaders, expectNoSecret, House, NOBODY, paths, TRIGGER } from './setup';

const NAME = 'MoySklad Trigger';
const LIST = 'GET /entity/webhook';
const LIST_STOCK = 'GET /entity/webhookstock';
const CREATE = 'POST /entity/webhook';
const CREATE_STOCK = 'POST /entity/webhookstock';
const REMOVE = 'POST /entity/webhook/delete';
const REMOVE_STOCK = 'POST /entity/webhookstock/delete';
const STRANGER = 'https://example.com/hook';

let house: House;
let listener: WebhookListener | undefined;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 300 });
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.webhooks.clear();
	house.state.tariff = 'paid';
	house.sandbox.faults.clear();
	house.sandbox.clearLog();
});

afterEach(async () => {
	await listener?.close();
	listener = undefined;
});

interface Form {
	alsoWatch?: string[];
	entityTypes?: string[];
	actions?: string[];
	stockReport?: 'all' | 'bystore';
	fetch?: string[];
	options?: object;
}

function workflow(form: Form = {}, credential = 'fast'): WorkflowInput {
	return {
		nodes: [
			{
				name: NAME,
				type: TRIGGER,
				parameters: { entityTypes: [], alsoWatch: ['stock'], ...form },
				credentials: { moySkladApi: { id: credential, name: credential } },
			},
		],
	};
}

const hooksOf = (form: Form = {}, options: object = {}, credential = 'fast') =>
	house.engine.hooks(workflow(form, credential), NAME, options);
const stored = (hooks: WebhookHooks) =>
	hooks.nodeStaticData as { secret: string; ids?: string[]; stockIds?: string[] };
const stockHooks = () => house.state.webhooks.list('webhookstock');
const objectHooks = () => house.state.webhooks.list('webhook');
const plant = (fields: IDataObject = {}) =>
	house.state.webhooks.create('webhookstock', {
		stockType: 'stock',
		reportType: 'all',
		url: STRANGER,
		...fields,
	});

function sent() {
	const { requests } = house;
	for (const request of requests) expectGoodHeaders(request);
	house.sandbox.clearLog();
	return requests;
}

async function failure(work: Promise<unknown>): Promise<ShownError> {
	const error = (await work.then(
		() => {
			throw new Error('It succeeded');
		},
		(thrown: unknown) => thrown,
	)) as ShownError;
	expectNoSecret(error);
	return error;
}

describe('publishing', () => {
	test('registers the report that is wanted, finds it again, and removes it', async () => {
		const hooks = hooksOf({ stockReport: 'bystore' });
		expect(await hooks.checkExists()).toBe(false);
		await hooks.activate();
		const requests = sent();
		expect(paths(requests)).toEqual([LIST_STOCK, CREATE_STOCK]);
		const url = `${hooks.url}?key=${stored(hooks).secret}`;
		expect(requests[1].body).toEqual([
			{ stockType: 'stock', reportType: 'bystore', url, enabled: true },
		]);
		expect(stockHooks().map(({ id }) => id)).toEqual(stored(hooks).stockIds);
		expect(await hooks.checkExists()).toBe(true);
		expect(paths(sent())).toEqual([LIST_STOCK]);
		await hooks.deactivate();
		expect(paths(sent())).toEqual([LIST_STOCK, REMOVE_STOCK]);
		expect(stockHooks()).toEqual([]);
		expect(hooks.nodeStaticData).toEqual({ secret: stored(hooks).secret });
	});

	test('registers both kinds side by side', async () => {
		const hooks = hooksOf({
			alsoWatch: ['stock', 'tasks'],
			entityTypes: ['product'],
			actions: ['UPDATE'],
			options: { onlyFields: 'name' },
		});
		await hooks.activate();
		// The node has no key yet: there is nothing to check, and the work begins.
		expect(paths(sent())).toEqual([LIST, CREATE, LIST_STOCK, CREATE_STOCK]);
		expect(objectHooks().map((one) => [one.entityType, one.action, one.diffType])).toEqual([
			['product', 'UPDATE', 'FIELDS'],
			['async', 'PROCESSED', 'NONE'],
		]);
		expect(stockHooks()).toHaveLength(1);
		expect(await hooks.checkExists()).toBe(true);
		await hooks.deactivate();
		expect([...objectHooks(), ...stockHooks()]).toEqual([]);
	});

	test('another form removes what it no longer wants, in both kinds, and nobody else’s', async () => {
		const foreign = plant();
		const both = hooksOf({ entityTypes: ['product'], actions: ['CREATE'] });
		await both.activate();
		const onlyStore = hooksOf({ stockReport: 'bystore' }, { staticData: both.staticData });
		expect(await onlyStore.checkExists()).toBe(false);
		await onlyStore.activate();
		expect(objectHooks()).toEqual([]);
		expect(stockHooks().map(({ reportType }) => reportType)).toEqual(['all', 'bystore']);
		const { staticData } = onlyStore;
		const onlyObjects = hooksOf({ entityTypes: ['product'], alsoWatch: [] }, { staticData });
		await onlyObjects.activate();
		expect(stockHooks()).toEqual([foreign]);
		expect(stored(onlyObjects)).not.toHaveProperty('stockIds');
		sent();
		await onlyObjects.deactivate();
		expect(paths(sent())).toEqual([LIST, REMOVE]);
		expect(stockHooks()).toEqual([foreign]);
	});

	test('adopts an equal one, switches a disabled one on, removes one with a lost key', async () => {
		const hooks = hooksOf();
		await hooks.activate();
		const [{ id }] = stockHooks();
		stockHooks()[0].enabled = false;
		plant({ url: `${hooks.url}?key=forgotten` });
		const { secret } = stored(hooks);
		const again = hooksOf({}, { staticData: { [`node:${NAME}`]: { secret } } });
		await again.activate();
		expect(stockHooks().map((one) => [one.id, one.enabled])).toEqual([[id, true]]);
		expect(stored(again).stockIds).toEqual([id]);
	});

	test('names who holds the places, and leaves nothing half made in either kind', async () => {
		const holders = [0, 1, 2, 3, 4].map((index) =>
			plant({ url: `${STRANGER}/${index}?token=private` }),
		);
		const hooks = hooksOf({ entityTypes: ['product'], actions: ['CREATE'] });
		const error = await failure(hooks.create());
		expect(error.message).toBe(
			'MoySklad: all places for webhooks of this type and action are taken: stock all (code 30007)',
		);
		for (const [index, { id }] of holders.entries()) {
			expect(error.description).toContain(`${STRANGER}/${index} (${id})`);
		}
		expect(error.description).not.toContain('private');
		expect(objectHooks()).toEqual([]);
		expect(stockHooks()).toEqual(holders);
		expect(stored(hooks).ids ?? []).toEqual([]);
		house.state.webhooks.delete(holders[0]);
		await hooks.activate();
		expect(objectHooks()).toHaveLength(1);
	});

	test.each<[string, string, () => void, RegExp]>([
		['without rights', 'nonAdmin', () => undefined, /only an administrator.*30004/],
		[
			'on the free tariff',
			'fast',
			() => {
				house.state.tariff = 'free';
			},
			/the free tariff has no webhooks.*30006/,
		],
	])('%s', async (_what, credential, prepare, message) => {
		prepare();
		const error = await failure(hooksOf({}, {}, credential).activate());
		expect(error.message).toMatch(message);
		expect(stockHooks()).toEqual([]);
	});

	test('with nothing to watch is refused', async () => {
		const error = await failure(hooksOf({ alsoWatch: [] }).create());
		expect(error.message).toContain("'Entity Types' is empty");
		expect(paths(sent())).toEqual([]);
	});
});

describe('a notification', () => {
	async function publish(form: Form = {}): Promise<WebhookListener> {
		listener = await house.engine.listen(workflow(form), NAME);
		await listener.activate();
		house.sandbox.clearLog();
		return listener;
	}

	/** A row with stock, and its first store. */
	function rowWithStock(skip = 0): { id: string; storeId: string } {
		const { rows, world } = house.state;
		let left = skip;
		for (let row = 0; row < rows.size; row++) {
			if (!rows.exists(row) || !rows.hasStock(row) || rows.type(row) === 'consignment') continue;
			if (left-- === 0) return { id: rows.id(row), storeId: world.id('store', 0) };
		}
		throw new Error('No such row');
	}

	test('becomes one item for each row that has changed', async () => {
		const given = await publish();
		const { id, storeId } = rowWithStock();
		const [delivery] = house.state.changeStock(id, storeId, { stock: 7 });
		const run = await given.nextRun();
		expect(run.status).toBe('success');
		const row = house.state.rows.findAny(id) as number;
		expect(run.json(NAME)).toEqual([
			{
				assortmentId: id,
				stock: house.state.rows.stock.total(row).stock,
				changedSince: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/),
				accountId: house.state.world.accountId,
				stockType: 'stock',
				reportType: 'all',
				requestId: delivery.requestId,
			},
		]);
		expect(run.items(NAME)[0].pairedItem).toEqual({ item: 0 });
		const requests = sent();
		expect(paths(requests)).toEqual(['GET /report/stock/all/current']);
		expect(requests[0].query.changedSince).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
		await house.state.deliveriesIdle();
		expect(delivery.outcome).toBe('delivered');
	});

	test('by store, and also of what has run out', async () => {
		const given = await publish({ stockReport: 'bystore' });
		const { id, storeId } = rowWithStock(1);
		house.state.changeStock(id, storeId, { stock: 0 });
		const run = await given.nextRun();
		const row = run.json(NAME).find((one) => one.assortmentId === id && one.storeId === storeId);
		expect(row).toMatchObject({ stock: 0, reportType: 'bystore' });
		expect(run.json(NAME).every((one) => typeof one.storeId === 'string')).toBe(true);
	});

	test('with the assortment of its rows, by one request for 100', async () => {
		const given = await publish({ fetch: ['goods'] });
		const ids: string[] = [];
		for (let index = 0; index < 120; index++) {
			const { id, storeId } = rowWithStock(index);
			house.state.rows.stock.set(
				house.state.rows.findAny(id) as number,
				house.state.world.space('store').index(storeId) as number,
				{ stock: index + 1 },
				Date.now(),
			);
			ids.push(id);
		}
		const archived = house.state.rows.findAny(ids[3]) as number;
		house.state.rows.patch(archived, { archived: true }, Date.now());
		house.state.changeStock(ids[0], house.state.world.id('store', 0), { stock: 1 });
		const run = await given.nextRun();
		const json = run.json(NAME);
		expect(json.length).toBeGreaterThanOrEqual(120);
		for (const row of json) {
			expect((row.assortment as IDataObject).id).toBe(row.assortmentId);
			expect(row.gone).toBe(false);
		}
		expect(json.map(({ assortmentId }) => assortmentId)).toContain(ids[3]);
		const requests = sent().filter(({ path }) => path.endsWith('/entity/assortment'));
		expect(requests).toHaveLength(
			Math.ceil(new Set(json.map((one) => one.assortmentId)).size / 100),
		);
	});

	/** Sends a notification that the sandbox would not send. */
	async function deliver(given: WebhookListener, body: object) {
		const response = await fetch(`${stockHooks()[0].url}&requestId=${Math.random()}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		expect(response.status).toBe(200);
		return await given.nextRun();
	}
	const notice = (reportUrl: string) => ({
		accountId: house.state.world.accountId,
		stockType: 'stock',
		reportType: 'all',
		reportUrl,
	});

	test.each([
		['https://evil.example/api/remap/1.2/report/stock/all/current', 'leads to another host'],
		['https://moysklad.ru.evil.example/report/stock/all/current', 'leads to another host'],
		['https://evilmoysklad.ru/report/stock/all/current', 'leads to another host'],
		['https://api.moysklad.ru/api/remap/1.2/security/token', 'not the address of a stock report'],
		['https://api.moysklad.ru/api/remap/1.2/report/stock/all', 'not the address of a stock'],
		['report/stock/all/current', 'is no address'],
	])('that names %s is refused, and nothing is sent anywhere', async (url, message) => {
		const run = await deliver(await publish(), notice(url));
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain(message);
		expect(sent()).toEqual([]);
	});

	test("with MoySklad's public address is asked for at the credential's", async () => {
		const path = '/api/remap/1.2/report/stock/all/current';
		const given = await publish();
		const run = await deliver(
			given,
			notice(`https://api.moysklad.ru${path}?filter=assortmentId=${NOBODY}`),
		);
		expect([run.status, run.json(NAME)]).toEqual(['success', []]);
		expect(sent().map(({ query }) => query)).toEqual([
			expect.objectContaining({ filter: `assortmentId=${NOBODY}`, include: 'zeroLines' }),
		]);
	});

	test('that is repeated runs once', async () => {
		const given = await publish();
		const { id, storeId } = rowWithStock(2);
		const [{ url, body }] = house.state.changeStock(id, storeId, { stock: 3 });
		await given.nextRun();
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		expect(response.status).toBe(200);
		expect((await given.nextRun()).json(NAME)).toEqual([]);
	});

	test('of the other report starts nothing', async () => {
		const given = await publish();
		const response = await fetch(`${stockHooks()[0].url}&requestId=x`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...notice('https://api.moysklad.ru'), reportType: 'bystore' }),
		});
		expect(response.status).toBe(200);
		expect(given.runs).toEqual([]);
	});
});
