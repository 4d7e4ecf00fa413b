/** Webhook Settings: Check Health, Repair and Remove URL, with addresses of others beside ours. */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine } from '../harness';

const LOCATION = ALTEGIO_LOCATIONS.first;
const OTHER = 'https://crm.example.com/hook';
const OWN = 'https://n8n.example.com/webhook/1/webhook';
const KEYED = `${OWN}?key=abc`;

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('tokens', { type: 'altegioApi', data: sandbox.credentials.altegioApi });
});

beforeEach(() => {
	sandbox.altegio.hooks.onWrite = () => undefined;
	sandbox.clearLog();
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const plant = (urls: Record<string, IDataObject>, active = true) =>
	sandbox.altegio.hooks.plant(LOCATION, urls, active);
const shown = () => sandbox.altegio.hooks.show(LOCATION) as IDataObject;
const writes = () => sandbox.log.filter(({ method }) => method === 'POST');

const run = async (operation: string, parameters: IDataObject, items: IDataObject[] = [{}]) =>
	await engine.runNode(
		'n8n-nodes-retail-ops.altegio',
		{
			resource: 'webhookSettings',
			operation,
			locationId: { __rl: true, mode: 'id', value: LOCATION },
			...parameters,
		},
		{ credentials: { altegioApi: 'tokens' }, items },
	);

const check = async (parameters: IDataObject = {}) => {
	const events = ['appointmentCreated', 'productSale'];
	const given = { expectedUrl: OWN, expectedEvents: events, ...parameters };
	return await run('checkHealth', given);
};

describe('Check Health', () => {
	test.each([
		['all is well', { [OTHER]: {}, [KEYED]: { record: 1, goods_operations_sale: 1 } }, true, []],
		['an event is off', { [KEYED]: { record: 1 } }, false, ['goods_operations_sale']],
		[
			'an event is on for the first address only',
			{ [OTHER]: { record: 1, goods_operations_sale: 1 }, [KEYED]: { record: 1 } },
			false,
			['goods_operations_sale'],
		],
		['the address is gone', { [OTHER]: {} }, false, ['record', 'goods_operations_sale']],
	])('%s', async (_, urls, healthy, missing) => {
		plant(urls as Record<string, IDataObject>);
		const [row] = (await check()).json('Node');
		expect(row).toMatchObject({ healthy, missing, active: true, repaired: false });
		expect(writes()).toEqual([]);
	});

	test('webhooks that are switched off, and addresses of former days', async () => {
		const flags = { record: 1, goods_operations_sale: 1 };
		plant({ [KEYED]: flags, 'https://n8n.example.com/webhook/9/webhook?key=x': flags }, false);
		const [row] = (await check({ expectedUrl: KEYED, match: 'whole' })).json('Node');
		expect(row).toMatchObject({
			healthy: false,
			active: false,
			registered: [KEYED],
			stale: [{ because: 'otherPath' }],
			places: { used: 2, of: 10 },
		});
	});

	test('an address that is none is named', async () => {
		const { error } = await check({ expectedUrl: 'n8n' });
		expect(error?.message).toContain("'URL' is 'n8n'");
		expect(sandbox.log).toEqual([]);
	});
});

describe('Repair', () => {
	const repair = async (parameters: IDataObject = {}) =>
		await check({ expectedUrl: KEYED, match: 'whole', repair: true, ...parameters });

	test('adds what is missing and keeps what others have', async () => {
		plant({ [OTHER]: { client: 1, self_sending: 1 } }, false);
		const [row] = (await repair()).json('Node');
		expect(row).toMatchObject({ healthy: true, repaired: true, missing: [] });
		expect(shown()).toMatchObject({
			urls: [OTHER, KEYED],
			active: 1,
			client: 1,
			self_sending: 1,
			record: 1,
			goods_operations_sale: 1,
		});
		sandbox.clearLog();
		expect((await repair()).json('Node')).toMatchObject([{ healthy: true, repaired: false }]);
		expect(writes()).toEqual([]);
	});

	test('of a workflow whose key is not known says what to do, and switches on its events', async () => {
		plant({ [OTHER]: {} });
		const { error } = await check({ repair: true });
		expect(error?.description).toContain('Publish the workflow');
		expect(writes()).toEqual([]);
		plant({ [OTHER]: {}, [KEYED]: {} });
		expect((await check({ repair: true })).json('Node')).toMatchObject([{ healthy: true }]);
		expect(shown().urls).toEqual([OTHER, KEYED]);
	});

	test('takes stale addresses out, and only those', async () => {
		const former = `${OWN}?key=former`;
		const elsewhere = 'https://n8n.example.com/webhook/9/webhook?key=x';
		plant({ [OTHER]: {}, [former]: {}, [elsewhere]: {} });
		await repair({ removeStale: 'otherKey' });
		expect(shown().urls).toEqual([OTHER, elsewhere, KEYED]);
		await repair({ removeStale: 'all' });
		expect(shown().urls).toEqual([OTHER, KEYED]);
	});

	test('what another application writes meanwhile is not lost', async () => {
		const late = 'https://late.example.com/hook';
		const { hooks } = sandbox.altegio;
		plant({ [OTHER]: { client: 1 } });
		hooks.onWrite = () => {
			hooks.onWrite = () => undefined;
			queueMicrotask(() => plant({ [OTHER]: { client: 1 }, [late]: { good: 1 } }));
		};
		expect((await repair()).json('Node')).toMatchObject([{ healthy: true }]);
		expect(shown()).toMatchObject({ urls: [OTHER, late, KEYED], client: 1, good: 1, record: 1 });
	});

	test('ten addresses are all', async () => {
		const all = Array.from({ length: 10 }, (_, at) => [`https://a${at}.example.com/hook`, {}]);
		plant(Object.fromEntries(all) as Record<string, IDataObject>);
		const { error } = await repair();
		expect(error?.message).toMatch(/URL.*11 addresses.*10 at most/);
		expect(writes()).toEqual([]);
	});
});

describe('Remove URL', () => {
	const third = 'https://pos.example.com/hook';

	test('of several addresses takes the named ones away, one after another', async () => {
		plant({ [OTHER]: { client: 1 }, [KEYED]: { record: 1 }, [third]: { good: 1 } });
		const items = [{ url: KEYED }, { url: third }];
		const result = await run('removeUrl', { url: '={{ $json.url }}' }, items);
		expect(result.error).toBeUndefined();
		expect(shown()).toMatchObject({ urls: [OTHER], active: 1, client: 1 });
	});

	test('one that is not there is an error, and the others go on', async () => {
		plant({ [OTHER]: {}, [KEYED]: {}, [third]: {} });
		const items = [{ url: KEYED }, { url: 'https://typo.example.com' }, { url: third }];
		const node = { onError: 'continueRegularOutput' };
		const result = await engine.runNode(
			'n8n-nodes-retail-ops.altegio',
			{
				resource: 'webhookSettings',
				operation: 'removeUrl',
				locationId: { __rl: true, mode: 'id', value: LOCATION },
				url: '={{ $json.url }}',
			},
			{ credentials: { altegioApi: 'tokens' }, items, ...node } as never,
		);
		const rows = result.json('Node');
		expect(String(rows[1].error)).toContain('typo.example.com');
		expect(shown().urls).toEqual([OTHER]);
	});

	test('the last one cannot go: webhooks are switched off', async () => {
		plant({ [KEYED]: { record: 1 } });
		await run('removeUrl', { url: KEYED });
		expect(shown()).toMatchObject({ urls: [KEYED], active: 0, record: 1 });
	});
});
