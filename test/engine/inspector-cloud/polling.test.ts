/** Inspector Cloud's polling trigger, polled as n8n polls it, against the sandbox. */
import path from 'node:path';

import { PollContext } from 'n8n-core';
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { MOST_VISITS, Memory } from '../../../nodes/InspectorCloud/polling/memory';
import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { HarnessCredentials } from '../harness/credentials';
import type { EngineParts } from '../harness/execution';
import { createAdditionalData } from '../harness/execution';
import { DeduplicationStore } from '../harness/deduplication';
import { TypeRegistry } from '../harness/type-registry';
import { completeWorkflow, instantiate, plainStaticData } from '../harness/workflow';

const POLLING = 'n8n-nodes-retail-ops.inspectorCloudPollingTrigger';
const NAME = 'Inspector Cloud Polling Trigger';
const CREDENTIAL = 'inspectorCloudApi';
const FIRST = 324_001;
// Dozens of visits are read in some of them.
jest.setTimeout(30_000);

/** The sandbox's visits lie in autumn, whenever the test runs. */
const FAR = { lookBack: 3660 };

let types: TypeRegistry;
let sandbox: Sandbox;

beforeAll(async () => {
	types = await TypeRegistry.load(path.resolve(__dirname, '..', '..', '..'));
});
beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['inspectorCloud'], assortmentRows: 1, limits: 'off' });
});
afterAll(async () => await sandbox.close());

/** A published workflow with the trigger; each call is one poll. */
function poller(parameters: object = {}, mode: 'trigger' | 'manual' = 'trigger') {
	const credentials = new HarnessCredentials(types);
	credentials.set('token', { type: CREDENTIAL, data: sandbox.credentials.inspectorCloudApi });
	const parts: EngineParts = {
		types,
		credentials,
		deduplication: new DeduplicationStore(),
		webhookBaseUrl: 'http://127.0.0.1:5678',
		running: new Set(),
		nextExecutionId: () => '1',
	};
	const node = {
		name: NAME,
		type: POLLING,
		parameters: {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			options: FAR,
			...parameters,
		},
		credentials: { [CREDENTIAL]: { id: 'token', name: 'token' } },
	};
	const data = completeWorkflow({ nodes: [node] }, types);
	const { poll } = types.getByNameAndVersion(POLLING);
	let kept: IDataObject = {};
	const tick = async (budgetMs = 60_000): Promise<IDataObject[]> => {
		const workflow = instantiate(data, types, { staticData: kept });
		const additionalData = createAdditionalData(parts, { workflowId: workflow.id });
		const active = workflow.getNode(NAME);
		if (!poll || !active) throw new Error('The node does not poll');
		const context = new PollContext(workflow, active, additionalData, mode, 'activate');
		Object.assign(context, { getPollBudgetMs: () => budgetMs });
		const found: INodeExecutionData[][] | null = await workflow.expression.withIsolate(
			async () => await poll.call(context as unknown as IPollFunctions),
		);
		// As n8n's database has it.
		kept = JSON.parse(JSON.stringify(plainStaticData(workflow.staticData))) as IDataObject;
		return (found?.[0] ?? []).map(({ json }) => json);
	};
	return { tick, kept: () => kept };
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
	const { tick } = poller({ acknowledge: 'afterFetching' });
	await tick();
	for (let at = 0; at < 12; at++) sandbox.inspectorCloud.change(FIRST + at, { isClosed: at !== 5 });
	sandbox.clearLog();
	const items = await tick();
	expect(items).toHaveLength(11);
	const all = paths();
	const acks = all.filter((one) => one.endsWith('/ack/'));
	expect(acks).toHaveLength(11);
	expect(all.findIndex((one) => one.endsWith('/ack/'))).toBe(all.length - 11);
	sandbox.clearLog();
	expect(await tick()).toEqual([]);
	// The one that is open was looked at, and is neither read again nor acknowledged.
	expect(paths().filter((one) => !one.endsWith('/visits/'))).toEqual([]);
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
	const { tick, kept } = poller({ acknowledge: 'afterFetching' }, 'manual');
	expect(ids(await tick())).toEqual([FIRST]);
	expect(ids(await tick())).toEqual([FIRST]);
	expect(JSON.stringify(kept())).not.toContain('seen');
	expect(paths().filter((one) => one.startsWith('POST'))).toEqual([]);
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
