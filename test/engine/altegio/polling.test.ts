/**
 * The Altegio Polling Trigger in n8n's engine against the sandbox: what has changed comes once, whatever happens between,
 * from one or many locations, alone and beside the webhook trigger. Facts: reference of the project, altegio-api.md §3.4.
 */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { stampOf } from '../../../sandbox/altegio/records';
import { createEngine } from '../harness';
import type { Engine, NodeInput, WebhookListener, WorkflowInput } from '../harness';
import type { EngineParts } from '../harness/execution';
import { Poller, pollingParts, type PolledNode } from '../harness/poller';

const HOOK = 'Altegio Trigger';
const POLLED: PolledNode = {
	type: 'n8n-nodes-retail-ops.altegioPollingTrigger',
	name: 'Altegio Polling Trigger',
	file: 'dist/nodes/Altegio/polling/polling.js',
};
const LOCATION = ALTEGIO_LOCATIONS.first;
const APPOINTMENTS = [
	'appointmentCreated',
	'appointmentUpdated',
	'appointmentMoved',
	'appointmentCancelled',
	'clientArrived',
	'noShow',
];

let engine: Engine;
let sandbox: Sandbox;
let parts: EngineParts;
let workflows = 0;
let ahead = 0;

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	const tokens = { type: 'altegioApi', data: sandbox.credentials.altegioApi };
	engine.setCredential('tokens', tokens);
	parts = await pollingParts(engine, { tokens });
	const { records, salon } = sandbox.altegio;
	records.clock = () => Date.now() + ahead;
	salon.clock = () => Date.now() + ahead;
});

beforeEach(() => {
	ahead = 0;
	sandbox.altegio.records.clear();
	sandbox.clearLog();
	sandbox.faults.clear();
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const credentials = { altegioApi: { id: 'tokens', name: 'tokens' } };

const polling = (parameters: IDataObject): NodeInput => ({
	name: POLLED.name,
	type: POLLED.type,
	parameters: {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		events: APPOINTMENTS,
		locationIds: [LOCATION],
		options: { settle: 0 },
		...parameters,
	},
	credentials,
});

const poller = (parameters: IDataObject = {}) =>
	new Poller(parts, { id: `altegio-polling-${++workflows}`, nodes: [polling(parameters)] }, POLLED);

const brief = ({ events, id }: IDataObject) => [id, ...(events as string[])];
const asked = () =>
	sandbox.log.filter(({ path }) => !path.includes('/companies')).map(({ path }) => path);
const add = (fields: Record<string, unknown> = {}, location: number = LOCATION) =>
	(sandbox.altegio.records.add(location, fields) as { id: number }).id;
const touch = (id: number, fields: object) => sandbox.altegio.records.touch(id, { ...fields });
/** A second between changes: Altegio tells no less. The clock of the sandbox goes on, not the test's. */
const later = () => {
	ahead += 1000;
};

describe('alone', () => {
	test('passes on nothing of before, then each change once, in words', async () => {
		add();
		const one = poller();
		one.skewMs = 2000;
		expect(await one.publish()).toBeNull();
		one.skewMs = 60_000;
		later();
		later();
		later();
		const id = add({ date: '2026-12-01 10:00:00' });
		expect((await one.tick()).map(brief)).toEqual([[id, 'appointmentCreated']]);
		expect(await one.tick()).toEqual([]);
		for (const [fields, ...events] of [
			[{ date: '2026-12-02 11:00:00' }, 'appointmentMoved', 'appointmentUpdated'],
			[{ attendance: 1 }, 'clientArrived', 'appointmentUpdated'],
			[{ attendance: -1 }, 'noShow', 'appointmentUpdated'],
			[{ comment: 'Late' }, 'appointmentUpdated'],
		] as Array<[object, ...string[]]>) {
			later();
			touch(id, fields);
			expect((await one.tick()).map(brief)).toEqual([[id, ...events]]);
			expect(await one.tick()).toEqual([]);
		}
		later();
		sandbox.altegio.records.remove(id);
		expect(await one.tick()).toMatchObject([
			{
				event: 'appointmentCancelled',
				action: 'delete',
				resource: 'record',
				id,
				locationId: LOCATION,
				moment: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[56]:00$/),
				object: { id, deleted: true },
			},
		]);
		expect(await one.tick()).toEqual([]);
	});

	test('only events that were chosen; the memory learns from all', async () => {
		const one = poller({ events: ['appointmentMoved'] });
		await one.publish();
		one.skewMs = 60_000;
		later();
		const id = add();
		expect(await one.tick()).toEqual([]);
		later();
		touch(id, { date: '2026-12-05 12:00:00' });
		expect((await one.tick()).map(brief)).toEqual([[id, 'appointmentMoved']]);
	});

	test('begins at a date, and reads a day at a time', async () => {
		const days = [5, 4, 3, 2, 1];
		const ids = days.map((day) => {
			ahead = -day * 86_400_000;
			return add();
		});
		ahead = 0;
		const since = new Date(Date.now() - 4.5 * 86_400_000).toISOString();
		const one = poller({ firstRun: 'since', since });
		const found = await one.tick();
		expect(found.map(brief)).toEqual(ids.slice(1).map((id) => [id, 'appointmentCreated']));
		// A day, and then two days and more, as there is little in them.
		expect(asked()).toHaveLength(3);
		expect(await one.tick()).toEqual([]);
	});

	test('what was handed over when n8n was killed comes once more, and only then', async () => {
		const one = poller();
		await one.publish();
		one.skewMs = 60_000;
		later();
		const id = add();
		// The static data are stored, the execution is not begun.
		expect(await one.poll()).toHaveLength(1);
		one.restart();
		expect((await one.tick()).map(brief)).toEqual([[id, 'appointmentCreated']]);
		one.restart();
		expect(await one.tick()).toEqual([]);
		later();
		touch(id, { comment: 'x' });
		// This time the execution has begun.
		expect((await one.tick()).map(brief)).toEqual([[id, 'appointmentUpdated']]);
		one.restart();
		expect(await one.tick()).toEqual([]);
	});

	test('clients, by the list that tells what has changed', async () => {
		const one = poller({ events: ['clientUpdated'] });
		await one.publish();
		one.skewMs = 60_000;
		later();
		const { salon } = sandbox.altegio;
		const { id } = salon.create(LOCATION, { name: 'New', phone: '+13150000001' }) as IDataObject;
		expect(await one.tick()).toMatchObject([
			{ event: 'clientUpdated', resource: 'client', id, object: { name: 'New' } },
		]);
		expect(await one.tick()).toEqual([]);
	});

	test.each([
		['productSale', 'storages/transactions', { type_id: 1 }, 'goods_operations_sale'],
		['productTransfer', 'storages/transactions', { type_id: 5 }, 'goods_operations_move'],
		['payment', '/transactions/\\d+$', { amount: 100 }, 'finances_operation'],
		['productUpdated', '/goods/\\d+$', { good_id: 7 }, 'good'],
	])('%s, each change once', async (event, path, fields, resource) => {
		const one = poller({ events: [event] });
		const answer = (rows: object[]) => {
			sandbox.faults.clear();
			const body = { success: true, data: rows, meta: [] };
			sandbox.faults.add({ vendor: 'altegio', path, status: 200, body, times: 50 });
		};
		const row = (seconds: number) => ({
			id: 7,
			...fields,
			...stampOf(Date.now() + seconds * 1000),
		});
		const old = row(-600);
		answer([old]);
		expect(await one.tick()).toEqual([]);
		one.skewMs = 60_000;
		answer([row(5)]);
		expect(await one.tick()).toMatchObject([{ event, resource, id: 7 }]);
		expect(await one.tick()).toEqual([]);
		answer([row(20)]);
		expect(await one.tick()).toMatchObject([{ event, resource, id: 7 }]);
		expect(await one.tick()).toEqual([]);
	});

	test('a run by hand shows the newest change and keeps nothing', async () => {
		later();
		const id = add();
		const run = await poller().execute([{ json: {} }], 'manual');
		expect(run.json(POLLED.name)).toMatchObject([
			{ id, events: expect.arrayContaining(['appointmentUpdated']) },
		]);
	});

	test.each([
		['no event', { events: [] }, /Events.*is empty/],
		['an event that no list tells', { events: ['scheduleChanged'] }, /Events.*scheduleChanged/],
		['a location that is no number', { locationIds: ['Center'] }, /Locations.*Center/],
		['no date to begin at', { firstRun: 'since' }, /Changes Since/],
	])('with %s nothing is asked', async (_, parameters, text) => {
		await expect(poller(parameters).tick()).rejects.toThrow(text);
		expect(sandbox.log).toEqual([]);
	});

	test('a location of others is named', async () => {
		const foreign = poller({ locationIds: [ALTEGIO_LOCATIONS.foreign] });
		await expect(foreign.tick()).rejects.toThrow(/Locations.*9001/);
	});
});

describe('many locations', () => {
	test('all of the user’s, one request for each, and none for their clocks after the first', async () => {
		const one = poller({ locationIds: [] });
		await one.publish();
		one.skewMs = 60_000;
		sandbox.clearLog();
		later();
		const ids = [add(), add({}, ALTEGIO_LOCATIONS.second)];
		const found = await one.tick();
		expect(found.map(({ id, locationId }) => [id, locationId]).sort()).toEqual([
			[ids[0], LOCATION],
			[ids[1], ALTEGIO_LOCATIONS.second],
		]);
		expect(sandbox.log.map(({ path }) => path).sort()).toEqual([
			`/api/v1/records/${LOCATION}`,
			`/api/v1/records/${ALTEGIO_LOCATIONS.second}`,
		]);
	});

	test('one without a licence keeps nobody waiting, is told of, and loses nothing', async () => {
		const one = poller({ locationIds: [] });
		await one.publish();
		one.skewMs = 60_000;
		later();
		const [here, there] = [add(), add({}, ALTEGIO_LOCATIONS.second)];
		const path = `/records/${ALTEGIO_LOCATIONS.second}$`;
		sandbox.faults.add({ vendor: 'altegio', path, status: 402, times: 3 });
		expect((await one.tick()).map(({ id }) => id)).toEqual([here]);
		await expect(one.tick()).rejects.toThrow(new RegExp(`location ${ALTEGIO_LOCATIONS.second}`));
		// Said once an hour.
		expect(await one.tick()).toEqual([]);
		expect((await one.tick()).map(({ id }) => id)).toEqual([there]);
	});
});

describe('beside the webhook trigger', () => {
	const pair = (): WorkflowInput => ({
		id: `altegio-pair-${++workflows}`,
		nodes: [
			{
				name: HOOK,
				type: 'n8n-nodes-retail-ops.altegioTrigger',
				parameters: {
					locationId: { __rl: true, mode: 'id', value: LOCATION },
					events: APPOINTMENTS,
					options: { withPolling: true },
				},
				credentials,
			},
			polling({ options: { withWebhook: true } }),
		],
	});

	test('what got lost in an outage comes once after it, and everything else once', async () => {
		const { hooks } = sandbox.altegio;
		hooks.plant(LOCATION, {});
		const workflow = pair();
		const arrived: unknown[][] = [];
		let listener: WebhookListener = await engine.listen(workflow, HOOK);
		await listener.activate();
		const { port } = listener;
		const one = new Poller(parts, workflow, POLLED);
		await one.publish();
		const collect = async (runs: number) => {
			await hooks.idle();
			for (let run = 0; run < runs; run++) {
				arrived.push(...(await listener.nextRun(30_000)).json(HOOK).map(brief));
			}
		};

		// As usual: the webhooks bring everything, and the poll nothing.
		const id = add();
		await collect(1);
		later();
		touch(id, { attendance: 2 });
		await collect(1);
		one.skewMs = 120_000;
		expect(await one.tick()).toEqual([]);
		expect(arrived).toEqual([
			[id, 'appointmentCreated'],
			[id, 'appointmentUpdated'],
		]);

		// n8n is down: nobody answers, and Altegio gives up.
		const { staticData } = listener;
		await listener.close();
		later();
		touch(id, { date: '2026-12-09 15:00:00' });
		const other = add();
		const third = add();
		later();
		sandbox.altegio.records.remove(third);
		await hooks.idle();

		// n8n is up again, and so are the webhooks.
		listener = await engine.listen(workflow, HOOK, { port, staticData });
		one.restart();
		later();
		const last = add();
		arrived.splice(0);
		await collect(1);
		expect(arrived).toEqual([[last, 'appointmentCreated']]);
		const polled = (await one.tick()).map(brief);
		expect(polled.sort()).toEqual(
			[
				[id, 'appointmentMoved', 'appointmentUpdated'],
				[other, 'appointmentCreated'],
				[third, 'appointmentCancelled'],
			].sort(),
		);
		expect(await one.tick()).toEqual([]);
		await listener.deactivate();
		await listener.close();
	});

	test.each([1, 2])(
		'a move %i s after the creation, whose webhook alone got lost',
		async (seconds) => {
			const { hooks, records } = sandbox.altegio;
			hooks.plant(LOCATION, {});
			const workflow = pair();
			const listener = await engine.listen(workflow, HOOK);
			await listener.activate();
			const one = new Poller(parts, workflow, POLLED);
			await one.publish();
			const usual = records.clock;
			const created = Date.now() + 1000;
			try {
				records.clock = () => created;
				const id = add();
				await hooks.idle();
				expect((await listener.nextRun(30_000)).json(HOOK).map(brief)).toEqual([
					[id, 'appointmentCreated'],
				]);
				records.clock = () => created + seconds * 1000;
				hooks.fates.push('lost');
				touch(id, { date: '2026-12-09 15:00:00' });
				await hooks.idle();
				one.skewMs = 120_000;
				expect((await one.tick()).map(brief)).toEqual([
					[id, 'appointmentMoved', 'appointmentUpdated'],
				]);
			} finally {
				records.clock = usual;
			}
			await listener.deactivate();
			await listener.close();
		},
	);

	test('a webhook that comes after the poll has passed its change on is dropped', async () => {
		const { hooks } = sandbox.altegio;
		hooks.plant(LOCATION, {});
		const workflow = pair();
		const listener = await engine.listen(workflow, HOOK);
		await listener.activate();
		const one = new Poller(parts, workflow, POLLED);
		await one.publish();
		one.skewMs = 120_000;
		later();
		hooks.fates.push('lost');
		const id = add();
		await hooks.idle();
		expect((await one.tick()).map(brief)).toEqual([[id, 'appointmentCreated']]);
		const [{ url, body }] = hooks.deliveries.slice(-1);
		// Late: more than half a minute after the change.
		const text = JSON.stringify(body);
		jest.spyOn(Date, 'now').mockImplementation(() => new Date().getTime() + 45_000);
		try {
			const answer = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: text,
			});
			expect(answer.status).toBe(200);
			expect((await listener.nextRun(30_000)).json(HOOK)).toEqual([]);
		} finally {
			jest.restoreAllMocks();
		}
		await listener.deactivate();
		await listener.close();
	});
});
