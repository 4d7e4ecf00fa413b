/** Webhook: Check Health, against the sandbox's list of webhooks. */
import type { IDataObject } from 'n8n-workflow';

import { expectNoSecret, House, paths } from './setup';

const BASE = 'https://n8n.example.com/webhook/1a2b/webhook';
const OURS = `${BASE}?key=0123456789abcdef`;

let house: House;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 10 });
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.webhooks.clear();
	house.state.tariff = 'paid';
	house.sandbox.faults.clear();
});

const check = (more: IDataObject = {}) => ({
	resource: 'webhook',
	operation: 'checkHealth',
	expectedTypes: ['customerorder', 'product'],
	expectedActions: ['CREATE', 'UPDATE'],
	expectedUrl: BASE,
	match: 'prefix',
	...more,
});
const repair = (more: IDataObject = {}) =>
	check({ expectedUrl: OURS, match: 'whole', repair: true, ...more });

function plant(fields: IDataObject = {}) {
	return house.state.webhooks.create('webhook', {
		entityType: 'customerorder',
		action: 'CREATE',
		url: OURS,
		...fields,
	});
}

/** Everything that `check()` expects. */
function plantAll(url = OURS, diffType = 'NONE') {
	return ['customerorder', 'product'].flatMap((entityType) => [
		plant({ entityType, url }),
		plant({ entityType, url, action: 'UPDATE', diffType }),
	]);
}

const registered = () =>
	house.state.webhooks
		.list('webhook')
		.map(({ entityType, action, url }) => `${entityType} ${action} ${url}`);
const pairsOf = (list: unknown) =>
	(list as IDataObject[]).map(({ entityType, action }) => `${entityType} ${action}`);

async function health(parameters: object, credential?: string) {
	const outcome = await house.good(parameters, credential ? { credential } : {});
	expect(outcome.json).toHaveLength(1);
	return { ...outcome, health: outcome.json[0] };
}

describe('a look', () => {
	test('finds everything in order, and writes nothing', async () => {
		plantAll();
		const { health: found, requests } = await health(check());
		expect(found).toEqual({
			healthy: true,
			url: BASE,
			expected: 4,
			missing: [],
			disabled: [],
			wrongDiffType: [],
			duplicates: [],
			stale: [],
			slots: [
				{ entityType: 'customerorder', action: 'CREATE', used: 1, limit: 5, free: 4 },
				{ entityType: 'customerorder', action: 'UPDATE', used: 1, limit: 5, free: 4 },
				{ entityType: 'product', action: 'CREATE', used: 1, limit: 5, free: 4 },
				{ entityType: 'product', action: 'UPDATE', used: 1, limit: 5, free: 4 },
			],
			repairs: { created: [], changed: [], removed: [], failed: [] },
		});
		expect(paths(requests)).toEqual(['GET /entity/webhook', 'GET /context/employee']);
	});

	test('names what is missing, off, wrong, doubled and stale', async () => {
		const off = plant();
		off.enabled = false;
		plant({ action: 'UPDATE', diffType: 'NONE' });
		plant({ entityType: 'product' });
		plant({ entityType: 'product', url: `${BASE}?key=another` });
		plant({
			entityType: 'product',
			url: 'https://n8n.example.com/webhook-test/1a2b/webhook?key=x',
		});
		plant({ entityType: 'product', url: 'https://elsewhere.example.com/hook' });
		plant({ entityType: 'demand', url: 'https://n8n.example.com/webhook/other' });
		const { health: found } = await health(check({ options: { expectedDiffType: 'FIELDS' } }));
		expect(found.healthy).toBe(false);
		expect(found.missing).toEqual([{ entityType: 'product', action: 'UPDATE' }]);
		expect(pairsOf(found.disabled)).toEqual(['customerorder CREATE']);
		expect(pairsOf(found.wrongDiffType)).toEqual(['customerorder UPDATE']);
		expect(pairsOf(found.duplicates)).toEqual(['product CREATE', 'product CREATE']);
		expect((found.stale as IDataObject[]).map(({ url, because }) => [url, because])).toEqual([
			['https://n8n.example.com/webhook-test/1a2b/webhook?key=x', 'otherPath'],
		]);
		expect(found.slots).toContainEqual({
			entityType: 'product',
			action: 'CREATE',
			used: 4,
			limit: 5,
			free: 1,
		});
		expect(registered()).toHaveLength(7);
	});

	test('with the whole URL, takes another key for stale', async () => {
		plantAll(`${BASE}?key=forgotten`);
		const { health: found } = await health(check({ expectedUrl: OURS, match: 'whole' }));
		expect(found).toMatchObject({ healthy: false });
		expect(found.stale).toHaveLength(4);
		expect((found.stale as IDataObject[]).every(({ because }) => because === 'otherKey')).toBe(
			true,
		);
	});

	test('knows that a solution has one place for each', async () => {
		const { health: found } = await health(check(), 'solution');
		expect((found.slots as IDataObject[]).map(({ limit }) => limit)).toEqual([1, 1, 1, 1]);
	});

	test('of many items reads the list once', async () => {
		plantAll();
		const { json, requests } = await house.good(check({ expectedTypes: '={{ [$json.type] }}' }), {
			items: [{ type: 'product' }, { type: 'demand' }, { type: 'customerorder' }],
		});
		expect(json.map(({ healthy }) => healthy)).toEqual([true, false, true]);
		expect(paths(requests)).toEqual(['GET /entity/webhook', 'GET /context/employee']);
	});

	test('refuses to compare with nothing', async () => {
		const error = await house.refused(check({ expectedActions: [] }));
		expect(error.message).toContain('is empty');
		expect((await house.refused(check({ expectedUrl: 'n8n' }))).message).toContain("is 'n8n'");
	});
});

describe('a repair', () => {
	test('creates, switches on and corrects with few requests', async () => {
		const off = plant();
		off.enabled = false;
		plant({ action: 'UPDATE', diffType: 'NONE' });
		const { health: found, requests } = await health(
			repair({ options: { expectedDiffType: 'FIELDS' } }),
		);
		expect(found).toMatchObject({ healthy: true, missing: [], disabled: [] });
		const { created, changed, removed, failed } = found.repairs as Record<string, unknown>;
		expect(pairsOf(created)).toEqual(['product CREATE', 'product UPDATE']);
		expect(pairsOf(changed)).toEqual(['customerorder CREATE', 'customerorder UPDATE']);
		expect([removed, failed]).toEqual([[], []]);
		expect(paths(requests)).toEqual([
			'GET /entity/webhook',
			'GET /context/employee',
			`PUT /entity/webhook/${off.id}`,
			expect.stringMatching(/^PUT \/entity\/webhook\//),
			'POST /entity/webhook',
		]);
		const now = house.state.webhooks.list('webhook');
		expect(now.every(({ enabled }) => enabled)).toBe(true);
		expect(now.filter(({ action }) => action === 'UPDATE').map(({ diffType }) => diffType)).toEqual(
			['FIELDS', 'FIELDS'],
		);
		// The second time there is nothing left to do.
		const again = await health(repair({ options: { expectedDiffType: 'FIELDS' } }));
		expect(again.health).toMatchObject({ healthy: true });
		expect(again.requests.every(({ method }) => method === 'GET')).toBe(true);
	});

	test('leaves what is stale alone, unless it is told otherwise', async () => {
		plantAll();
		plant({ url: `${BASE}?key=old` });
		plant({ url: 'https://n8n.example.com/webhook/neighbour' });
		plant({ entityType: 'demand', url: 'https://n8n.example.com/webhook/demand' });
		plant({ url: 'https://elsewhere.example.com/hook' });
		const kept = await health(repair());
		expect(kept.health.stale).toHaveLength(2);
		expect(registered()).toHaveLength(8);
		const key = await health(repair({ removeStale: 'otherKey' }));
		expect((key.health.repairs as { removed: IDataObject[] }).removed).toEqual([
			expect.objectContaining({ url: `${BASE}?key=old` }),
		]);
		expect(registered()).toHaveLength(7);
		const all = await health(repair({ removeStale: 'all' }));
		expect(all.health.stale).toEqual([]);
		// Other types and other hosts are nobody's business here.
		expect(registered()).toHaveLength(6);
		expect(
			registered().filter((one) => one.includes('elsewhere') || one.includes('demand')),
		).toHaveLength(2);
	});

	test('makes room before it takes it', async () => {
		for (let index = 0; index < 5; index++) plant({ url: `${BASE}?key=old-${index}` });
		const only = { expectedTypes: ['customerorder'], expectedActions: ['CREATE'] };
		const full = await health(repair(only));
		expect(full.health.healthy).toBe(false);
		expect((full.health.repairs as { failed: IDataObject[] }).failed).toEqual([
			expect.objectContaining({ entityType: 'customerorder', action: 'CREATE', code: 30007 }),
		]);
		const room = await health(repair({ ...only, removeStale: 'otherKey' }));
		expect(room.health).toMatchObject({ healthy: true });
		expect(registered()).toEqual([`customerorder CREATE ${OURS}`]);
	});

	test('with a prefix cannot create, and says so', async () => {
		const { health: found } = await health(check({ repair: true }));
		expect(found.healthy).toBe(false);
		const { failed } = found.repairs as { failed: IDataObject[] };
		expect(failed).toHaveLength(4);
		expect(failed[0].hint).toContain('publish the workflow');
		expect(registered()).toEqual([]);
	});

	test('of two items that expect the same creates it once', async () => {
		const { json } = await house.good(repair(), { items: [{}, {}] });
		expect(json.map(({ healthy }) => healthy)).toEqual([true, true]);
		expect(registered()).toHaveLength(4);
		expect((json[1].repairs as { created: unknown[] }).created).toEqual([]);
	});

	test('that MoySklad refuses as a whole fails with its reason', async () => {
		const { error } = await house.bad(repair(), { credential: 'nonAdmin' });
		expect(error.name).toBe('NodeApiError');
		expectNoSecret(error);
	});
});
