/** Inspector Cloud's polling trigger, polled as n8n polls it, against the sandbox. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { MOST_VISITS, Memory } from '../../../nodes/InspectorCloud/polling/memory';
import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { DeduplicationStore } from '../harness/deduplication';
import type { EngineParts } from '../harness/execution';
import { Poller, pollingParts, type PolledNode } from '../harness/poller';

const POLLED: PolledNode = {
	type: 'n8n-nodes-retail-ops.inspectorCloudPollingTrigger',
	name: 'Inspector Cloud Polling Trigger',
	file: 'dist/nodes/InspectorCloud/polling/polling.js',
};
const CREDENTIAL = 'inspectorCloudApi';
const FIRST = 324_001;
// Dozens of visits are read in some of them.
jest.setTimeout(30_000);

/** The sandbox's visits lie in autumn, whenever the test runs. */
const FAR = { lookBack: 3660 };

let parts: EngineParts;
let sandbox: Sandbox;

beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['inspectorCloud'], assortmentRows: 1, limits: 'off' });
	const token = { type: CREDENTIAL, data: sandbox.credentials.inspectorCloudApi };
	parts = await pollingParts({ deduplication: new DeduplicationStore() }, { token });
});
afterAll(async () => await sandbox.close());

/** A published workflow with the trigger. */
function poller(parameters: object = {}) {
	const node = {
		name: POLLED.name,
		type: POLLED.type,
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, options: FAR, ...parameters },
		credentials: { [CREDENTIAL]: { id: 'token', name: 'token' } },
	};
	const made = new Poller(parts, { nodes: [node] }, POLLED);
	const once = async (): Promise<INodeExecutionData[]> => (await made.poll()) ?? [];
	/** The execution that n8n starts with the items of a poll, or by hand. */
	const execute = async (
		items: INodeExecutionData[],
		mode: 'trigger' | 'manual' = 'trigger',
	): Promise<IDataObject[]> => {
		const ended = await made.execute(items, mode);
		if (ended.error) throw ended.error;
		return ended.json(POLLED.name);
	};
	return {
		once,
		execute,
		/** Polls and executes. Returns what the trigger passes on. */
		tick: async (budgetMs = 60_000): Promise<IDataObject[]> => {
			made.budgetMs = budgetMs;
			const items = await once();
			return items.length === 0 ? [] : await execute(items);
		},
		byHand: async () => await execute([{ json: {} }], 'manual'),
		/** What is told beside the output of a run by hand. */
		hintsByHand: async () => {
			const { runData } = await made.execute([{ json: {} }], 'manual');
			return (runData[POLLED.name].at(-1)?.hints ?? []).map(({ message }) => message);
		},
		restart: () => made.restart(),
		kept: () => made.staticData,
		keep: (other: IDataObject) => made.leave(other),
	};
}

const paths = () => sandbox.log.map(({ method, path: at }) => `${method} ${at}`);
const ids = (items: IDataObject[]) => items.map(({ id }) => id);

test('the first poll passes nothing on; a change comes once, and again when it changes again', async () => {
	const { tick } = poller();
	expect(await tick()).toEqual([]);
	expect(paths().filter((one) => !one.endsWith('/visits/'))).toEqual([]);
	sandbox.inspectorCloud.change(FIRST);
	const [item, ...others] = await tick();
	expect(others).toEqual([]);
	expect(item).toMatchObject({ event: 'updated', id: FIRST, is_closed: true });
	expect(await tick()).toEqual([]);
	sandbox.inspectorCloud.change(FIRST);
	expect(ids(await tick())).toEqual([FIRST]);
	expect(paths().filter((one) => one.startsWith('POST'))).toEqual([]);
});

test('a service that is down when n8n starts does not end the polling; if it stays down, the next poll says so', async () => {
	const { tick, once, restart } = poller();
	await tick();
	sandbox.inspectorCloud.change(FIRST);
	expect(ids(await tick())).toEqual([FIRST]);
	sandbox.inspectorCloud.change(FIRST);
	restart();
	// n8n polls once when it starts, and leaves out a trigger that fails then.
	sandbox.faults.add({ vendor: 'inspectorCloud', status: 403, body: {}, times: 1000 });
	expect(await once()).toEqual([]);
	await expect(once()).rejects.toThrow('Inspector Cloud: ');
	sandbox.faults.clear();
	expect(ids(await tick())).toEqual([FIRST]);
});

test('a trigger that has never polled tells what is wrong at once', async () => {
	sandbox.faults.add({ vendor: 'inspectorCloud', status: 403, body: {}, times: 1000 });
	await expect(poller().once()).rejects.toThrow('Inspector Cloud: ');
});

test('everything comes once, the oldest change first, so many a poll', async () => {
	const { tick } = poller({ firstRun: 'everything', options: { ...FAR, maxVisits: 40 } });
	const seen: IDataObject[] = [];
	for (let polls = 0; polls < 4; polls++) {
		const items = await tick();
		expect(items.length).toBeLessThanOrEqual(40);
		seen.push(...items);
	}
	const numbers = ids(seen) as number[];
	expect(new Set(numbers).size).toBe(numbers.length);
	expect(numbers.length).toBeGreaterThan(60);
	expect(new Set(seen.map(({ event }) => event))).toEqual(new Set(['created']));
	expect(new Set(seen.map((one) => one.is_closed))).toEqual(new Set([true]));
	expect(await tick()).toEqual([]);
});

test('changes since a date', async () => {
	const since = '2026-10-15T00:00:00Z';
	const items = await poller({ firstRun: 'since', since }).tick();
	expect(items.length).toBeGreaterThan(5);
	for (const { updated_at: at } of items) {
		expect(Date.parse(String(at))).toBeGreaterThan(Date.parse(since));
	}
});

test('only closed visits, not deleted, by store, agent and route', async () => {
	const { tick } = poller();
	await tick();
	sandbox.inspectorCloud.change(FIRST, { isClosed: false });
	sandbox.inspectorCloud.change(FIRST + 1, { isDeleted: true });
	sandbox.inspectorCloud.change(FIRST + 2);
	expect(ids(await tick())).toEqual([FIRST + 2]);
	sandbox.inspectorCloud.change(FIRST, { isClosed: true });
	expect(ids(await tick())).toEqual([FIRST]);

	const some = { firstRun: 'everything', options: { ...FAR, maxVisits: 40 } };
	const everything = await poller(some).tick();
	const { store_id: store, current_agent_name: agent } = everything[0];
	const filtered = async (filters: object) => await poller({ ...some, filters }).tick();
	const byStore = await filtered({ stores: String(store) });
	expect(new Set(byStore.map((one) => one.store_id))).toEqual(new Set([store]));
	const byAgent = await filtered({ agents: String(agent).toUpperCase() });
	expect(new Set(byAgent.map((one) => one.current_agent_name))).toEqual(new Set([agent]));
	const byRoute = await filtered({ routes: '164780' });
	expect(byRoute.length).toBeGreaterThan(0);
	expect(byRoute.length).toBeLessThan(everything.length);
});

test('all IDs are collected before anything is acknowledged, and only what is passed on is', async () => {
	const { tick, once, execute } = poller({ acknowledge: 'afterFetching' });
	await tick();
	for (let at = 0; at < 12; at++) sandbox.inspectorCloud.change(FIRST + at, { isClosed: at !== 5 });
	sandbox.clearLog();
	const items = await once();
	const acks = () => paths().filter((one) => one.endsWith('/ack/'));
	// Only an execution that n8n has stored acknowledges what it has.
	expect(acks()).toEqual([]);
	expect(await execute(items)).toHaveLength(11);
	expect(acks()).toHaveLength(11);
	expect(paths().findIndex((one) => one.endsWith('/ack/'))).toBe(paths().length - 11);
	sandbox.clearLog();
	expect(await tick()).toEqual([]);
	// The one that is open was looked at, and is neither read again nor acknowledged.
	expect(paths().filter((one) => !one.endsWith('/visits/'))).toEqual([]);
});

test('a visit without a row is acknowledged, and one in rows once', async () => {
	const { tick } = poller({ acknowledge: 'afterFetching', splitInto: 'oosReasons' });
	await tick();
	for (let at = 0; at < 12; at++) sandbox.inspectorCloud.change(FIRST + at, { isClosed: true });
	const items = await tick();
	const withRows = new Set(items.map(({ visit_id: id }) => id));
	expect(withRows.size).toBeGreaterThan(0);
	expect(withRows.size).toBeLessThan(12);
	expect(paths().filter((one) => one.endsWith('/ack/'))).toHaveLength(12);
});

test('one that cannot be acknowledged is passed on once all the same', async () => {
	const { tick } = poller({ acknowledge: 'afterFetching' });
	await tick();
	sandbox.inspectorCloud.change(FIRST);
	sandbox.faults.add({ vendor: 'inspectorCloud', path: '/ack/$', status: 400, body: {} });
	expect(ids(await tick())).toEqual([FIRST]);
	expect(await tick()).toEqual([]);
});

test('what there is no time for comes with the next poll', async () => {
	const { tick } = poller({ firstRun: 'everything' });
	const first = await tick(1);
	expect(first.length).toBeLessThan(10);
	const rest = await tick();
	const both = [...first, ...rest].map(({ id }) => id);
	expect(new Set(both).size).toBe(both.length);
	expect(await tick()).toEqual([]);
});

test('a failure in the midst of a poll loses nothing', async () => {
	const { tick } = poller();
	await tick();
	for (let at = 0; at < 6; at++) sandbox.inspectorCloud.change(FIRST + at, { isClosed: true });
	sandbox.faults.add({ vendor: 'inspectorCloud', path: '/visits/324004/$', status: 403, body: {} });
	await expect(tick()).rejects.toThrow(/access was denied/);
	expect(await tick()).toHaveLength(6);
});

test('rows of parts say what happened, and raw ones are untouched', async () => {
	const { tick } = poller({ splitInto: 'prices' });
	await tick();
	sandbox.inspectorCloud.change(FIRST);
	const items = await tick();
	expect(items).toHaveLength(2);
	expect(items[0]).toMatchObject({ event: 'updated', visit_id: FIRST, sku_id: 155_279 });
	const raw = poller({ output: 'raw' });
	await raw.tick();
	sandbox.inspectorCloud.change(FIRST);
	const [visit] = await raw.tick();
	expect(visit.created_at).toMatch(/\+03:00$/);
	expect(JSON.stringify(visit)).not.toContain('price_annotations');
});

test('a run by hand shows the newest visit, and remembers and acknowledges nothing', async () => {
	sandbox.inspectorCloud.change(FIRST);
	const { byHand, kept } = poller({ acknowledge: 'afterFetching' });
	expect(ids(await byHand())).toEqual([FIRST]);
	expect(ids(await byHand())).toEqual([FIRST]);
	expect(kept()).toEqual({});
	expect(paths().filter((one) => one.startsWith('POST'))).toEqual([]);
});

test('a run by hand that has nothing to show says where it looked', async () => {
	const { hintsByHand } = poller({ options: { lookBack: 7 } });
	const [said, ...others] = await hintsByHand();
	expect(others).toEqual([]);
	expect(said).toMatch(/^None of the five visits that changed last fits/);
	expect(said).toContain("begun in the last 7 days (option 'Look Back (Days)')");
	expect(said).toContain("open ones only with the filter 'Include Open Visits'");
});

test('a run by hand with a setting that cannot work says how to get on', async () => {
	const { byHand } = poller({ options: { lookBack: 0 } });
	await expect(byHand()).rejects.toMatchObject({
		name: 'NodeOperationError',
		description: expect.stringContaining('from 1 to 3660') as string,
	});
});

describe('n8n is killed', () => {
	/** Three visits that have changed, handed over by a poll. */
	async function handedOver(parameters: object = {}) {
		const workflow = poller(parameters);
		await workflow.tick();
		for (let at = 0; at < 3; at++) sandbox.inspectorCloud.change(FIRST + at, { isClosed: true });
		return { ...workflow, items: await workflow.once() };
	}

	const THREE = [FIRST, FIRST + 1, FIRST + 2];

	for (const acknowledge of ['never', 'afterFetching']) {
		test(`before the execution is stored: the visits come once more (Acknowledge: ${acknowledge})`, async () => {
			const { items, restart, tick } = await handedOver({ acknowledge });
			expect(items).toHaveLength(3);
			restart();
			expect(ids(await tick())).toEqual(THREE);
			expect(await tick()).toEqual([]);
		});

		test(`after the execution has begun: they do not (Acknowledge: ${acknowledge})`, async () => {
			const { items, execute, restart, tick } = await handedOver({ acknowledge });
			expect(ids(await execute(items))).toEqual(THREE);
			restart();
			expect(await tick()).toEqual([]);
			sandbox.inspectorCloud.change(FIRST + 1);
			expect(ids(await tick())).toEqual([FIRST + 1]);
		});
	}

	test('the first poll afterwards has what changed meanwhile, too, each visit once', async () => {
		const { restart, tick } = await handedOver();
		sandbox.inspectorCloud.change(FIRST + 1);
		sandbox.inspectorCloud.change(FIRST + 7, { isClosed: true });
		restart();
		const items = await tick();
		expect((ids(items) as number[]).sort()).toEqual([...THREE, FIRST + 7]);
		expect(await tick()).toEqual([]);
	});

	test('others have acknowledged the visits meanwhile: they come all the same, and no other', async () => {
		const { restart, tick } = await handedOver();
		for (const id of [...THREE, FIRST + 9]) sandbox.inspectorCloud.acknowledge(id, undefined);
		restart();
		expect(ids(await tick())).toEqual(THREE);
	});

	test('the rows of a visit come together, however little time is left', async () => {
		const { items, restart, tick } = await handedOver({ splitInto: 'prices' });
		restart();
		const again = await tick(1);
		expect(again.map(({ visit_id: visit, id }) => [visit, id])).toEqual(
			items.map(({ json }) => [json.visit_id, json.id]),
		);
	});
});

test('a workflow that was published before goes on where it was', async () => {
	const { tick, kept, keep } = poller();
	await tick();
	const [now] = Object.values(kept()) as Array<{ polling: { position: IDataObject } }>;
	keep({ visits: now.polling.position.visits });
	sandbox.inspectorCloud.change(FIRST);
	expect(ids(await tick())).toEqual([FIRST]);
	expect(JSON.stringify(kept())).toContain('"polling"');
	expect(Object.values(kept())[0]).not.toHaveProperty('visits');
});

test('visits that others have acknowledged are watched when wanted', async () => {
	const { tick } = poller({ options: { ...FAR, alsoAcknowledged: true } });
	await tick();
	sandbox.inspectorCloud.change(FIRST);
	sandbox.inspectorCloud.acknowledge(FIRST, undefined);
	expect(ids(await tick())).toEqual([FIRST]);
});

test('the memory is bounded, and what it forgets does not come again', () => {
	const memory = Memory.begin(1000);
	for (let at = 1; at <= MOST_VISITS + 500; at++)
		memory.add(String(at), 1000 + at, 1000 + at, at % 2 === 0);
	const text = JSON.stringify(memory);
	expect(text.length).toBeLessThan(100_000);
	const again = new Memory(JSON.parse(text) as ReturnType<Memory['toJSON']>);
	for (let at = 1; at <= MOST_VISITS + 500; at++)
		expect(again.isNews(String(at), 1000 + at)).toBe(false);
	expect(again.isNews('7', 9_000_000)).toBe(true);
	expect([again.wasPassed('1000'), again.wasPassed('1001')]).toEqual([true, false]);
});
