/**
 * The Altegio Trigger in n8n's engine against the sandbox: settings that belong to others too, deliveries that get lost,
 * come twice or come from a stranger, events in words. Facts: reference of the project, altegio-api.md §3.
 */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { speedUp } from '../clock';
import { createEngine } from '../harness';
import type { Engine, WebhookListener, WorkflowInput } from '../harness';

const TRIGGER = 'n8n-nodes-retail-ops.altegioTrigger';
const NAME = 'Altegio Trigger';
const LOCATION = ALTEGIO_LOCATIONS.first;
const OTHER = 'https://crm.example.com/hook';
const APPOINTMENTS = [
	'appointmentCreated',
	'appointmentUpdated',
	'appointmentMoved',
	'appointmentCancelled',
	'appointmentConfirmed',
	'appointmentPaid',
	'clientArrived',
	'noShow',
];

let engine: Engine;
let sandbox: Sandbox;
let listeners: WebhookListener[] = [];
let workflows = 0;
let slowDown: () => void;

beforeAll(async () => {
	// The budget is kept; its seconds pass quickly, but not the four and eight in which the vendor must have answered.
	slowDown = speedUp(20, 4000);
	engine = await createEngine();
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('tokens', { type: 'altegioApi', data: sandbox.credentials.altegioApi });
});

beforeEach(() => {
	const { hooks } = sandbox.altegio;
	hooks.plant(LOCATION, { [OTHER]: { client: 1, self_sending: 0 } });
	hooks.fates.length = 0;
	hooks.deliveries.length = 0;
	hooks.onWrite = () => undefined;
	sandbox.clearLog();
	sandbox.faults.clear();
});

afterEach(async () => {
	await Promise.all(listeners.map(async (listener) => await listener.close()));
	listeners = [];
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
	slowDown();
});

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

function workflow(parameters: object = {}, id = `altegio-${++workflows}`): WorkflowInput {
	return {
		id,
		nodes: [
			{
				name: NAME,
				type: TRIGGER,
				parameters: { locationId: byId(LOCATION), events: APPOINTMENTS, ...parameters },
				credentials: { altegioApi: { id: 'tokens', name: 'tokens' } },
			},
		],
	};
}

async function published(parameters: object = {}): Promise<WebhookListener> {
	const listener = await engine.listen(workflow(parameters), NAME);
	listeners.push(listener);
	await listener.activate();
	return listener;
}

const shown = (location: number = LOCATION) => sandbox.altegio.hooks.show(location) as IDataObject;
const urls = () => shown().urls as string[];
const writes = () => sandbox.log.filter(({ method }) => method === 'POST');

/** What came of everything that was told so far: items of the executions, in the order of arrival. */
async function arrived(listener: WebhookListener, executions: number): Promise<IDataObject[]> {
	await sandbox.altegio.hooks.idle();
	const items: IDataObject[] = [];
	for (let run = 0; run < executions; run++) {
		items.push(...(await listener.nextRun(30_000)).json(NAME));
	}
	return items;
}

async function failure(work: Promise<unknown>): Promise<{ message: string; detail?: string }> {
	return await work.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: { message: string; detail?: string }) => error,
	);
}

describe('publishing', () => {
	test('adds the address and keeps addresses and events of others', async () => {
		const listener = await published({ events: ['appointmentMoved', 'productSale'] });
		expect(urls()).toEqual([OTHER, expect.stringMatching(/^http:.*\?key=[\w-]{32}$/)]);
		expect(urls()[1].startsWith(listener.url)).toBe(true);
		expect(shown()).toMatchObject({
			active: 1,
			record: 1,
			goods_operations_sale: 1,
			client: 1,
			finances_operation: 0,
			self_sending: 0,
		});
		expect(writes()).toHaveLength(1);
	});

	test('events of an application behind the first address stay as well', async () => {
		const second = 'https://pos.example.com/hook';
		sandbox.altegio.hooks.plant(LOCATION, {
			[OTHER]: { client: 1 },
			[second]: { finances_operation: 1, good: 1 },
		});
		await published();
		expect(urls()).toEqual([OTHER, second, expect.any(String)]);
		expect(shown()).toMatchObject({ client: 1, finances_operation: 1, good: 1, record: 1 });
	});

	test('once more writes nothing; a missing event is switched on', async () => {
		const listener = await published();
		sandbox.clearLog();
		await listener.activate();
		expect(writes()).toEqual([]);
		const [, own] = urls();
		sandbox.altegio.hooks.plant(LOCATION, { [OTHER]: { client: 1 }, [own]: { client: 1 } });
		await listener.activate();
		expect(shown()).toMatchObject({ record: 1, client: 1 });
		expect(urls()).toEqual([OTHER, own]);
	});

	test('own changes come only when they are asked for', async () => {
		await published({ options: { ownChanges: true } });
		expect(shown()).toMatchObject({ self_sending: 1 });
	});

	test('what another application writes between reading and writing is not lost', async () => {
		const late = 'https://late.example.com/hook';
		const { hooks } = sandbox.altegio;
		hooks.onWrite = () => {
			hooks.onWrite = () => undefined;
			// Somebody else's write comes just after ours and knows nothing of it.
			queueMicrotask(() => hooks.plant(LOCATION, { [OTHER]: { client: 1 }, [late]: { good: 1 } }));
		};
		await published();
		expect(urls()).toEqual([OTHER, late, expect.stringContaining('key=')]);
		expect(shown()).toMatchObject({ client: 1, good: 1, record: 1 });
	});

	test('several workflows at once all get their place', async () => {
		const all = await Promise.all([published(), published(), published()]);
		expect(urls()).toHaveLength(4);
		await Promise.all(all.map(async (one) => await one.deactivate()));
		expect(urls()).toEqual([OTHER]);
	});

	test('ten addresses are all: the error says what to do, and nothing is written', async () => {
		const full = Array.from({ length: 10 }, (_, at) => `https://a${at}.example.com`);
		sandbox.altegio.hooks.plant(LOCATION, Object.fromEntries(full.map((url) => [url, {}])));
		const { detail } = await failure(published());
		expect(detail).toMatch(/Location.*11 addresses.*allows 10.*Remove URL/);
		expect(writes()).toEqual([]);
		expect(urls()).toEqual(full);
	});

	test('a location that is not the user’s is named as such', async () => {
		const { detail } = await failure(published({ locationId: byId(ALTEGIO_LOCATIONS.foreign) }));
		expect(detail).toMatch(/access was denied/);
	});

	test.each([
		['no location', { locationId: byId('') }, /Location/],
		['no event', { events: [] }, /Events.*is empty/],
		['an unknown event', { events: ['appointmentEaten'] }, /Events.*appointmentEaten/],
	])('with %s nothing is sent', async (_, parameters, text) => {
		const { detail } = await failure(published(parameters));
		expect(detail).toMatch(text);
		expect(sandbox.log).toEqual([]);
	});
});

describe('unpublishing', () => {
	test('takes the own address away, and nothing else', async () => {
		const listener = await published({ events: ['payment'] });
		await listener.deactivate();
		expect(urls()).toEqual([OTHER]);
		expect(shown()).toMatchObject({ active: 1, client: 1 });
	});

	test('the last address is switched off', async () => {
		sandbox.altegio.hooks.plant(LOCATION, {}, false);
		const listener = await published();
		expect(shown()).toMatchObject({ active: 1 });
		await listener.deactivate();
		expect(shown()).toMatchObject({ active: 0, urls: [expect.stringContaining(listener.url)] });
		await listener.activate();
		expect(shown()).toMatchObject({ active: 1, urls: [expect.stringContaining(listener.url)] });
	});
});

describe('events in words', () => {
	const steps: Array<[string, (id: number) => void, string[]]> = [
		[
			'another comment',
			(id) => sandbox.altegio.records.touch(id, { comment: 'Hello' }),
			['appointmentUpdated'],
		],
		[
			'another time',
			(id) => sandbox.altegio.records.touch(id, { date: '2026-12-02 11:00:00' }),
			['appointmentMoved', 'appointmentUpdated'],
		],
		[
			'back to the first time',
			(id) => sandbox.altegio.records.touch(id, { date: '2026-12-01 10:00:00' }),
			['appointmentMoved', 'appointmentUpdated'],
		],
		[
			'another team member',
			(id) => sandbox.altegio.records.touch(id, { staff_id: 77 }),
			['appointmentMoved', 'appointmentUpdated'],
		],
		[
			'confirmed',
			(id) => sandbox.altegio.records.touch(id, { attendance: 2 }),
			['appointmentConfirmed', 'appointmentUpdated'],
		],
		[
			'arrived',
			(id) => sandbox.altegio.records.touch(id, { attendance: 1 }),
			['clientArrived', 'appointmentUpdated'],
		],
		[
			'paid, the client being there already',
			(id) => sandbox.altegio.records.touch(id, { paid_full: 1 }),
			['appointmentPaid', 'appointmentUpdated'],
		],
		[
			'not there after all',
			(id) => sandbox.altegio.records.touch(id, { attendance: -1 }),
			['noShow', 'appointmentUpdated'],
		],
		['cancelled', (id) => sandbox.altegio.records.remove(id), ['appointmentCancelled']],
	];

	test('a day of an appointment', async () => {
		const listener = await published();
		const { records } = sandbox.altegio;
		const { id } = records.add(LOCATION) as { id: number };
		const told = [['created', ...((await arrived(listener, 1))[0].events as string[])]];
		for (const [what, step] of steps) {
			step(id);
			const [item] = await arrived(listener, 1);
			expect(item.event).toBe((item.events as string[])[0]);
			told.push([what, ...(item.events as string[])]);
		}
		expect(told).toEqual([
			['created', 'appointmentCreated'],
			...steps.map(([what, , events]) => [what, ...events]),
		]);
	});

	test('only those that were chosen start the workflow', async () => {
		const listener = await published({ events: ['appointmentMoved'] });
		const { records } = sandbox.altegio;
		const { id } = records.add(LOCATION) as { id: number };
		records.touch(id, { comment: 'later' });
		// The memory learns from both; neither passes anything on.
		expect(await arrived(listener, 2)).toEqual([]);
		records.touch(id, { date: '2026-12-03 12:00:00' });
		expect(await arrived(listener, 1)).toEqual([
			{
				event: 'appointmentMoved',
				events: ['appointmentMoved'],
				action: 'update',
				resource: 'record',
				id,
				locationId: LOCATION,
				moment: expect.stringMatching(/^2026-11-28T10:\d\d:\d\d-06:00$/),
				object: expect.objectContaining({ id, date: '2026-12-03 12:00:00' }),
			},
		]);
	});

	test.each([
		['client', 'create', ['clientCreated']],
		['client', 'delete', ['clientDeleted']],
		['goods_operations_sale', 'create', ['productSale']],
		['goods_operations_move', 'update', ['productTransfer']],
		['finances_operation', 'create', ['payment']],
		['staff', 'update', ['teamMemberChanged']],
		['company', 'update', ['locationChanged']],
		['schedule', 'update', ['scheduleChanged']],
	])('%s %s is %j', async (resource, status, events) => {
		const flag = { staff: 'master', company: 'salon' }[resource] ?? resource;
		const listener = await published({
			events: [
				'clientCreated',
				'clientDeleted',
				'productSale',
				'productTransfer',
				'payment',
				'teamMemberChanged',
				'locationChanged',
				'scheduleChanged',
			],
		});
		const { hooks } = sandbox.altegio;
		// Objects without content come as empty arrays.
		const data = resource === 'schedule' ? [] : { id: 7 };
		hooks.tell(LOCATION, flag, { resource, resource_id: 7, status, data });
		const [item] = await arrived(listener, 1);
		expect(item).toMatchObject({ events, resource, action: status, id: 7 });
	});

	test('the whole object can be fetched, and one that is gone meanwhile says so', async () => {
		const listener = await published({ options: { fetchObject: true } });
		const { records, hooks } = sandbox.altegio;
		const id = ALTEGIO_RECORDS.sample;
		const partial = { resource_id: id, status: 'update', data: { id } };
		hooks.tell(LOCATION, 'record', partial);
		expect(await arrived(listener, 1)).toMatchObject([
			{ gone: false, object: { id, services: expect.any(Array), visit_id: expect.any(Number) } },
		]);
		hooks.tell(LOCATION, 'record', { ...partial, resource_id: ALTEGIO_RECORDS.missing });
		expect(await arrived(listener, 1)).toMatchObject([{ gone: true }]);
		records.touch(id, { comment: 'once more' });
		expect(await arrived(listener, 1)).toMatchObject([{ object: { comment: 'once more' } }]);
	});

	test('own changes of the node do not come back, unless they are asked for', async () => {
		const quiet = await published();
		const update = async () =>
			await engine.runNode(
				'n8n-nodes-retail-ops.altegio',
				{
					resource: 'appointment',
					operation: 'update',
					locationId: byId(LOCATION),
					recordId: String(ALTEGIO_RECORDS.rich),
					fields: { mappingMode: 'defineBelow', value: { comment: 'by the node' } },
				},
				{ credentials: { altegioApi: 'tokens' } },
			);
		await update();
		await sandbox.altegio.hooks.idle();
		expect(quiet.deliveries).toEqual([]);
		await quiet.deactivate();
		const loud = await published({ options: { ownChanges: true } });
		await update();
		const items = await arrived(loud, 1);
		expect(items).toMatchObject([
			{ id: ALTEGIO_RECORDS.rich, events: expect.arrayContaining(['appointmentUpdated']) },
		]);
	});
});

describe('deliveries', () => {
	test('that come twice run the workflow once', async () => {
		const listener = await published();
		const { hooks, records } = sandbox.altegio;
		hooks.fates.push('doubled', 'doubled');
		const { id } = records.add(LOCATION) as { id: number };
		await hooks.idle();
		records.touch(id, { attendance: 1 });
		const items = await arrived(listener, 4);
		expect(items.map(({ event }) => event)).toEqual(['appointmentCreated', 'clientArrived']);
		expect(hooks.deliveries.map(({ statuses }) => statuses)).toEqual([
			[200, 200],
			[200, 200],
		]);
	});

	test('that get lost leave the next one whole: what was missed is part of it', async () => {
		const listener = await published();
		const { hooks, records } = sandbox.altegio;
		const { id } = records.add(LOCATION) as { id: number };
		await arrived(listener, 1);
		hooks.fates.push('lost');
		records.touch(id, { date: '2026-12-04 09:00:00' });
		records.touch(id, { attendance: 2 });
		const [item] = await arrived(listener, 1);
		expect(item.events).toEqual(['appointmentConfirmed', 'appointmentMoved', 'appointmentUpdated']);
	});

	const call = async (listener: WebhookListener, body: unknown, query: string) =>
		await fetch(`${listener.url}${query}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
	const body = { company_id: LOCATION, resource: 'record', resource_id: 5, status: 'create' };

	test('of strangers start nothing', async () => {
		const listener = await published();
		for (const query of ['', '?key=', `?key=${'x'.repeat(32)}`]) {
			const answer = await call(listener, body, query);
			expect([answer.status, await answer.text()]).toEqual([404, '']);
		}
		expect(listener.runs).toEqual([]);
	});

	test.each([
		['no object', [1, 2]],
		['another envelope', { events: [] }],
		['no ID', { ...body, resource_id: 'x' }],
		['a path in the ID', { ...body, resource_id: '5/../../users' }],
		['an unknown status', { ...body, status: 'eaten' }],
		['a strange resource', { ...body, resource: '../x' }],
	])('with %s are refused', async (_, sent) => {
		const listener = await published();
		const query = urls()[1].slice(listener.url.length);
		const answer = await call(listener, sent, query);
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({
			code: 400,
			message: expect.stringContaining('Altegio'),
		});
		expect(listener.runs).toEqual([]);
	});

	test('of 10 MB are refused, and those of another location taken without a run', async () => {
		const listener = await published();
		const query = urls()[1].slice(listener.url.length);
		const big = { ...body, data: { comment: 'x'.repeat(10 * 1024 * 1024) } };
		expect((await call(listener, big, query)).status).toBe(413);
		const foreign = { ...body, company_id: ALTEGIO_LOCATIONS.second };
		expect((await call(listener, foreign, query)).status).toBe(200);
		expect(listener.runs).toEqual([]);
	});
});
