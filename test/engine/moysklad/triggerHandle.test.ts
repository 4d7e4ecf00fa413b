/** What becomes of a delivery once it has been taken: repetitions, filters that ask MoySklad, enrichment. */
import type { IDataObject } from 'n8n-workflow';

import { MOYSKLAD_TOKENS } from '../../../sandbox';
import type { RunResult, WebhookListener, WorkflowInput } from '../harness';
import {
	expectGoodHeaders,
	expectNoSecret,
	House,
	NOBODY,
	paths,
	speedUp,
	TRIGGER,
	until,
} from './setup';
import type { ShownError } from './setup';

const NAME = 'MoySklad Trigger';
const NODE_ID = 'the-trigger';
/** Another one for each test: what a process has written it writes again for a while. */
let workflowId = '';
let tests = 0;

let house: House;
let listener: WebhookListener | undefined;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 600 });
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.webhooks.clear();
	house.sandbox.faults.clear();
	workflowId = `workflow-${++tests}`;
	house.sandbox.clearLog();
});

afterEach(async () => {
	await listener?.close();
	listener = undefined;
});

interface Form extends Partial<WorkflowInput['nodes'][number]> {
	entityTypes?: string[];
	actions?: string[];
	alsoWatch?: string[];
	fetch?: string[];
	options?: object;
	credential?: string;
	workflowId?: string;
}

function workflow({
	credential = 'user',
	workflowId: id = workflowId,
	...form
}: Form): WorkflowInput {
	const { entityTypes = ['product'], actions = ['CREATE', 'UPDATE', 'DELETE'], ...rest } = form;
	const { alsoWatch = [], fetch = [], options = {}, ...node } = rest;
	return {
		id,
		nodes: [
			{
				name: NAME,
				id: NODE_ID,
				type: TRIGGER,
				parameters: { alsoWatch, entityTypes, actions, fetch, options },
				credentials: { moySkladApi: { id: credential, name: credential } },
				...node,
			},
		],
	};
}

/** A published workflow; its address is registered at MoySklad. */
async function publish(form: Form = {}, options: object = {}): Promise<WebhookListener> {
	listener = await house.engine.listen(workflow(form), NAME, options);
	await listener.activate();
	house.sandbox.clearLog();
	return listener;
}

/** The address with its key, as MoySklad knows it. */
const addressOf = () => house.state.webhooks.list('webhook')[0].url;

async function post(url: string, body: unknown): Promise<number> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	await response.arrayBuffer();
	return response.status;
}

const href = (type: string, id: string) => house.state.world.href(type, id);
let requestIds = 0;

/** A notification as MoySklad sends it. */
function notification(
	events: Array<{ type?: string; id: string; action?: string; updatedFields?: string[] }>,
	auditContext: object = { uid: 'somebody@sandbox', moment: '2026-11-21 15:51:16' },
) {
	return {
		auditContext,
		events: events.map(({ type = 'product', id, action = 'UPDATE', updatedFields }) => ({
			meta: { type, href: href(type, id) },
			action,
			accountId: house.state.world.accountId,
			...(updatedFields ? { updatedFields } : {}),
		})),
	};
}

/** Sends a notification to the published workflow and waits for its execution. */
async function deliver(body: object): Promise<RunResult> {
	const given = listener as WebhookListener;
	const url = `${addressOf()}&requestId=delivery-${++requestIds}`;
	const [status, run] = await Promise.all([post(url, body), given.nextRun(20_000)]);
	expect(status).toBe(200);
	expectNoSecret(run.data(NAME));
	return run;
}

const hintsOf = (run: RunResult) =>
	(run.runData[NAME]?.at(-1)?.hints ?? []).map(({ message }) => message);

function requests() {
	for (const request of house.requests) expectGoodHeaders(request);
	return house.requests;
}

/** IDs of goods of a type that exist. */
function goods(type: string, count: number): string[] {
	const { rows } = house.state;
	const found: string[] = [];
	for (let row = 0; found.length < count && row < rows.size; row++) {
		if (rows.exists(row) && rows.type(row) === type) found.push(rows.id(row));
	}
	expect(found).toHaveLength(count);
	return found;
}

describe('only when the status becomes …', () => {
	const orders = () => house.state.dictionary('customerorder');
	const statuses = () => house.state.states.list('customerorder');
	const ids = (count: number) =>
		orders()
			.all()
			.slice(0, count)
			.map(({ id }) => String(id));
	const put = (id: string, index: number) => {
		const order = orders().find(id);
		if (!order) throw new Error('No such order');
		orders().change(order, { state: { meta: statuses()[index].meta } });
	};
	const form = (chosen: unknown, more: Form = {}): Form => ({
		entityTypes: ['customerorder', 'product'],
		options: { statuses: chosen },
		...more,
	});
	const about = (id: string, action = 'UPDATE', updatedFields?: string[]) => ({
		type: 'customerorder',
		id,
		action,
		...(updatedFields ? { updatedFields } : {}),
	});

	test.each([
		['from the list', () => [`customerorder/${String(statuses()[1].id)}`], []],
		['by name', () => ['paid'], ['GET /entity/customerorder/metadata']],
		['by ID', () => String(statuses()[1].id), ['GET /entity/customerorder/metadata']],
	])('%s: that status alone, of all others what has none', async (_how, chosen, lookUps) => {
		const [one, two, three, four] = ids(4);
		put(one, 1);
		put(two, 2);
		put(three, 1);
		put(four, 1);
		await publish(form(chosen()));
		expect(
			house.state.webhooks.list('webhook').find(({ action }) => action === 'UPDATE'),
		).toMatchObject({
			diffType: 'FIELDS',
		});
		house.sandbox.clearLog();
		const [product] = goods('product', 1);
		const run = await deliver(
			notification([
				about(one, 'UPDATE', ['state', 'description']),
				about(two, 'UPDATE', ['state']),
				about(three, 'UPDATE', ['description']),
				about(four, 'CREATE'),
				about(NOBODY, 'CREATE'),
				about(one, 'DELETE'),
				{ id: product, updatedFields: ['name'] },
			]),
		);
		expect(run.json(NAME).map(({ id, action }) => [id, action])).toEqual([
			[one, 'UPDATE'],
			[four, 'CREATE'],
			[product, 'UPDATE'],
		]);
		expect(paths(requests())).toEqual([...lookUps, 'GET /entity/customerorder']);
	});

	test('a name that only another of the watched types has: what came is of a type without a choice', async () => {
		const [task] = house.state.dictionary('task').all();
		const meeting = house.state.states.list('task')[1];
		house.state.dictionary('task').change(task, { state: { meta: meeting.meta } });
		await publish({
			entityTypes: ['customerorder', 'task'],
			options: { statuses: ['meeting'] },
		});
		const [order] = ids(1);
		const alone = await deliver(notification([about(order)]));
		expect(alone.json(NAME).map(({ id }) => id)).toEqual([order]);
		const both = await deliver(notification([about(order), { type: 'task', id: String(task.id) }]));
		expect(both.json(NAME).map(({ id }) => id)).toEqual([order, task.id]);
	});

	test('the objects that are fetched are those that were looked at: no further request', async () => {
		const [one, two] = ids(2);
		put(one, 1);
		put(two, 2);
		const chosen = [`customerorder/${String(statuses()[1].id)}`];
		await publish(
			form(chosen, { fetch: ['objects'], options: { statuses: chosen, expand: 'agent' } }),
		);
		const run = await deliver(notification([about(one), about(two)]));
		expect(run.json(NAME)).toMatchObject([
			{ id: one, gone: false, object: { agent: { name: expect.any(String) as string } } },
		]);
		expect(paths(requests())).toEqual(['GET /entity/customerorder']);
	});

	test('an unknown name is told with those that there are, and the events can be had again', async () => {
		const given = await publish(form(['Nobody']));
		const body = notification([about(ids(1)[0])]);
		const run = await deliver(body);
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain("'Only When Status Becomes' holds 'Nobody'");
		expect((run.error as unknown as ShownError).description).toContain(
			"'Новый', 'Paid', 'Отгружен'",
		);
		expect(house.engine.deduplication.entries(workflowId)).toEqual([]);
		expect(given.runs).toHaveLength(1);
	});

	test('the list of the form has the statuses of the types that are watched', async () => {
		const load = async (entityTypes: string[]) =>
			await house.engine.loadOptions(TRIGGER, 'getWatchedStatuses', {
				parameters: { entityTypes },
				credentials: { moySkladApi: 'user' },
			});
		expect(await load(['product'])).toEqual([]);
		const [first] = await load(['customerorder', 'product']);
		expect(first).toEqual({ name: 'Новый', value: `customerorder/${String(statuses()[0].id)}` });
		const names = (await load(['customerorder', 'demand'])).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['Sales Order: Paid', 'Shipment: Paid']));
	});
});

describe('a repetition', () => {
	/** Sends the same delivery several times at the same moment. */
	async function repeat(times: number): Promise<RunResult[]> {
		const given = listener as WebhookListener;
		const before = given.runs.length;
		const url = `${addressOf()}&requestId=same-${++requestIds}`;
		const body = notification([{ id: NOBODY }, { id: NOBODY, action: 'CREATE' }]);
		await Promise.all(Array.from({ length: times }, async () => await post(url, body)));
		for (let count = 0; count < times; count++) await given.nextRun();
		return given.runs.slice(before);
	}
	const passed = (runs: RunResult[]) => runs.filter((run) => run.json(NAME).length > 0);

	test('ends at the trigger: the workflow goes on once', async () => {
		await publish();
		for (const times of [1, 4, 8]) {
			const runs = await repeat(times);
			expect(runs.map(({ status }) => status)).toEqual(new Array(times).fill('success'));
			expect(passed(runs).map((run) => run.json(NAME).length)).toEqual([2]);
		}
		expect(requests()).toEqual([]);
		expect(house.engine.deduplication.entries(workflowId, NODE_ID)).toEqual([]);
		expect(house.engine.deduplication.entries(workflowId)).toHaveLength(6);
	});

	test("goes on every time without 'Drop Repeats'", async () => {
		await publish({ options: { deduplicate: false } });
		expect(passed(await repeat(3))).toHaveLength(3);
		expect(house.engine.deduplication.statements).toBeGreaterThanOrEqual(0);
		expect(house.engine.deduplication.entries(workflowId)).toEqual([]);
	});

	test('in a test run uses nothing up', async () => {
		await publish({}, { test: true });
		expect(passed(await repeat(3))).toHaveLength(3);
		expect(house.engine.deduplication.entries(workflowId)).toEqual([]);
	});

	test('with the same request ID and other events is none', async () => {
		const given = await publish();
		const url = `${addressOf()}&requestId=shared`;
		for (const action of ['CREATE', 'UPDATE']) {
			await post(url, notification([{ id: NOBODY, action }]));
			expect((await given.nextRun()).json(NAME)).toHaveLength(1);
		}
	});

	test('in another workflow with the same node is none', async () => {
		const body = notification([{ id: NOBODY }]);
		for (const name of ['one', 'other']) {
			const given = await publish({ workflowId: name });
			await post(`${addressOf()}&requestId=same`, body);
			expect((await given.nextRun()).json(NAME)).toHaveLength(1);
			await given.deactivate();
			await given.close();
		}
	});

	test("when n8n's table does not work: nothing is lost, and the user is told", async () => {
		await publish();
		const { mood } = house.engine.deduplication;
		mood.fault = new Error('database is locked');
		try {
			const run = await deliver(notification([{ id: NOBODY }]));
			expect(run.status).toBe('success');
			expect(run.json(NAME)).toHaveLength(1);
			expect(hintsOf(run)).toEqual([expect.stringContaining('database is locked')]);
			expect(hintsOf(run)[0]).toContain('No event is lost');
		} finally {
			delete mood.fault;
		}
	});

	test('after an execution that failed gets another chance', async () => {
		const given = await publish({ fetch: ['objects'] });
		const url = `${addressOf()}&requestId=chance`;
		const [id] = goods('product', 1);
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/entity/product$',
			status: 403,
			body: { errors: [{ error: 'No', code: 1016 }] },
		});
		const body = notification([{ id }]);
		await post(url, body);
		const failed = await given.nextRun();
		expect(failed.status).toBe('error');
		expect(failed.error?.message).toContain('the right for this is missing (code 1016)');
		expect(house.engine.deduplication.entries(workflowId)).toEqual([]);
		await post(url, body);
		expect((await given.nextRun()).json(NAME)).toHaveLength(1);
		await post(url, body);
		expect((await given.nextRun()).json(NAME)).toHaveLength(0);
	});

	test("keeps nothing from n8n's own second try of the node", async () => {
		await publish({
			fetch: ['objects'],
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		} as Form);
		const [id] = goods('product', 1);
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/entity/product$',
			status: 403,
			body: { errors: [{ error: 'No', code: 1016 }] },
		});
		const run = await deliver(notification([{ id }]));
		expect(run.status).toBe('success');
		expect(run.json(NAME)).toHaveLength(1);
	});
});

describe('changed objects', () => {
	test('come with their events, by one request for each type, in order', async () => {
		await publish({ entityTypes: ['product', 'counterparty', 'task'], fetch: ['objects'] });
		const [first, second, archived, gone] = goods('product', 4);
		const { rows } = house.state;
		rows.patch(rows.find('product', archived) as number, { archived: true }, Date.now());
		rows.remove(rows.find('product', gone) as number);
		const agent = String(house.state.dictionary('counterparty').all()[0].id);
		const done = house.state
			.dictionary('task')
			.all()
			.find((task) => task.done === true);
		const events = [
			{ id: second },
			{ type: 'counterparty', id: agent, action: 'CREATE' },
			{ id: archived },
			{ id: gone },
			{ id: first, action: 'DELETE' },
			{ id: first },
			{ type: 'task', id: String(done?.id) },
			{ id: second },
		];
		const run = await deliver(notification(events));
		const json = run.json(NAME);
		expect(json.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
		expect(json.map(({ gone: isGone }) => isGone)).toEqual([
			false,
			false,
			false,
			true,
			true,
			false,
			false,
			false,
		]);
		const objects = json.map(({ object }) => (object as IDataObject | null)?.id ?? null);
		expect(objects).toEqual([second, agent, archived, null, null, first, done?.id, second]);
		expect((json[2].object as IDataObject).archived).toBe(true);
		expect(paths(requests()).sort()).toEqual([
			'GET /entity/counterparty',
			'GET /entity/product',
			'GET /entity/task',
		]);
		const filters = requests().map(({ query }) => String(query.filter));
		expect(filters).toContain(
			[second, archived, gone, first].map((id) => `id=${id};`).join('') +
				'archived=true;archived=false',
		);
		expect(filters).toContain(`id=${String(done?.id)};done=true;done=false`);
		expect(run.items(NAME).map(({ pairedItem }) => pairedItem)).toEqual(
			// One call, one item of input.
			events.map(() => ({ item: 0 })),
		);
	});

	test('250 of a type need three requests', async () => {
		await publish({ fetch: ['objects'] });
		const ids = goods('product', 250);
		const run = await deliver(notification(ids.map((id) => ({ id }))));
		expect(run.json(NAME).map(({ object }) => (object as IDataObject).id)).toEqual(ids);
		expect(paths(requests())).toEqual(new Array(3).fill('GET /entity/product'));
	});

	test('with references as whole objects, or some fields only', async () => {
		const [id] = goods('product', 1);
		await publish({
			fetch: ['objects'],
			options: { expand: 'productFolder, uom', objectFields: 'name, uom' },
		});
		const run = await deliver(notification([{ id }]));
		const object = run.json(NAME)[0].object as IDataObject;
		expect(Object.keys(object)).toEqual(['name', 'uom']);
		expect((object.uom as IDataObject).name).toBeDefined();
		expect(requests()[0].query.expand).toBe('productFolder,uom');
	});

	test('of a type whose list cannot be asked for IDs come one by one', async () => {
		await publish({ fetch: ['objects'], options: { otherEntityTypes: 'bonusprogram' } });
		const programs = house.state.dictionary('bonusprogram').all();
		const ids = programs.slice(0, 2).map(({ id }) => String(id));
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/entity/bonusprogram$',
			status: 400,
			body: { errors: [{ error: 'id', code: 1034 }] },
		});
		const run = await deliver(
			notification([...ids, NOBODY].map((id) => ({ type: 'bonusprogram', id }))),
		);
		expect(run.json(NAME).map(({ gone }) => gone)).toEqual([false, false, true]);
		expect(paths(requests())).toEqual([
			'GET /entity/bonusprogram',
			...[...ids, NOBODY].map((id) => `GET /entity/bonusprogram/${id}`),
		]);
	});

	test('whose link is none are not asked for', async () => {
		await publish({ fetch: ['objects'] });
		const body = notification([{ id: NOBODY }]);
		for (const link of [
			'https://evil.example/entity/product/../../security/token',
			'file:///entity/product/x',
			`https://evil.example/entity/counterparty/${NOBODY}`,
			'/entity/product/',
		]) {
			body.events[0].meta.href = link;
			const run = await deliver(body);
			expect(run.json(NAME)).toEqual([expect.objectContaining({ gone: true, object: null })]);
		}
		expect(requests()).toEqual([]);
	});

	test('of a foreign host are asked for at the own one', async () => {
		await publish({ fetch: ['objects'] });
		const [id] = goods('product', 1);
		const body = notification([{ id }]);
		body.events[0].meta.href = `https://evil.example/api/remap/1.2/entity/product/${id}`;
		const run = await deliver(body);
		expect((run.json(NAME)[0].object as IDataObject).id).toBe(id);
		expect(requests()).toHaveLength(1);
	});

	test('MoySklad is down: the execution fails, and says so', async () => {
		await publish({ fetch: ['objects'] });
		const back = speedUp(30);
		try {
			house.sandbox.faults.add({ vendor: 'moysklad', status: 503, times: 20 });
			const run = await deliver(notification([{ id: NOBODY }]));
			expect(run.status).toBe('error');
			expect(run.error?.message).toContain('MoySklad: the service cannot be reached now');
		} finally {
			back();
		}
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'])(
		'MoySklad refuses: with %s the events go on as they are',
		async (onError) => {
			await publish({ fetch: ['objects'], onError } as Form);
			house.sandbox.faults.add({
				vendor: 'moysklad',
				status: 403,
				body: { errors: [{ error: 'No', code: 1016 }] },
			});
			const run = await deliver(notification([{ id: NOBODY }]));
			expect(run.status).toBe('success');
			const error = expect.stringContaining('(code 1016)') as string;
			const event = { id: NOBODY, action: 'UPDATE' };
			const toErrors = onError === 'continueErrorOutput';
			expect(run.json(NAME, toErrors ? 1 : 0)).toEqual([
				toErrors
					? { error, message: expect.objectContaining(event) as object }
					: expect.objectContaining({ ...event, error }),
			]);
		},
	);
});

describe('old and new values', () => {
	test('come from the audit, by one request for a delivery', async () => {
		const given = await publish({ fetch: ['values'] });
		const change = house.state.change('product', 'UPDATE', undefined, ['name', 'code']);
		const run = await given.nextRun();
		const [{ changes }] = run.json(NAME);
		const now = house.state.rows.entity(
			house.state.rows.find('product', change.id) as number,
		) as IDataObject;
		expect(changes).toEqual({
			name: { old: expect.any(String), new: now.name },
			code: { old: expect.anything(), new: now.code },
		});
		expect((changes as { name: IDataObject }).name.old).not.toBe(now.name);
		expect(paths(requests())).toEqual([
			expect.stringMatching(/^GET \/audit\/[0-9a-f-]{36}\/events$/),
		]);
	});

	test('of many objects come page by page', async () => {
		const given = await publish({ fetch: ['values'] });
		const ids = goods('product', 150);
		house.state.publish(
			ids.map((id, index) => ({
				type: 'product',
				id,
				action: 'UPDATE',
				updatedFields: ['weight'],
				diff: { weight: { oldValue: index, newValue: index + 1 } },
			})),
			'somebody@sandbox',
		);
		const run = await given.nextRun();
		expect(run.json(NAME).map(({ id, changes }) => [id, changes])).toEqual(
			ids.map((id, index) => [id, { weight: { old: index, new: index + 1 } }]),
		);
		expect(requests().map(({ query }) => query.offset)).toEqual(['0', '100']);
	});

	test('creations have none, deletions have old ones', async () => {
		const given = await publish({ fetch: ['values'] });
		house.state.change('product', 'CREATE');
		expect((await given.nextRun()).json(NAME)[0].changes).toEqual({});
		house.state.change('product', 'DELETE');
		expect((await given.nextRun()).json(NAME)[0].changes).toEqual({
			name: { old: expect.any(String), new: null },
		});
	});

	test('are null where MoySklad does not know the context', async () => {
		await publish({ fetch: ['values'] });
		const meta = { type: 'audit', href: `${house.state.world.base}/audit/${NOBODY}` };
		const run = await deliver(notification([{ id: NOBODY }], { meta }));
		expect(run.json(NAME)[0].changes).toBeNull();
		expect((await deliver(notification([{ id: NOBODY }]))).json(NAME)[0].changes).toBeNull();
		expect(requests()).toHaveLength(1);
	});

	test('need the rights of an administrator; an event that met none can be had again', async () => {
		// Registering needs the same right: it was there, and was taken away later.
		house.setCredential('demoted', {});
		const given = await publish({ fetch: ['values'], credential: 'demoted' });
		house.setCredential('demoted', { accessToken: MOYSKLAD_TOKENS.nonAdmin });
		const url = `${addressOf()}&requestId=without-rights`;
		const context = house.state.audit.record(
			[{ type: 'product', id: goods('product', 1)[0], action: 'UPDATE' }],
			'somebody@sandbox',
			'app',
		);
		const meta = { type: 'audit', href: `${house.state.world.base}/audit/${context.id}` };
		const body = notification([{ id: goods('product', 1)[0] }], { meta });
		expect(await post(url, body)).toBe(200);
		const run = await given.nextRun();
		expect(run.status).toBe('error');
		const error = run.error as unknown as ShownError;
		expect(error.message).toBe('MoySklad: only administrators may read the audit (code 38000)');
		expect(error.description).toContain('role of administrator');
		expect(error.description).toContain("'Old and New Values'");
		expect(error.failure?.cause).toBe('configuration-invalid');
		expectNoSecret(run);
		house.setCredential('demoted', {});
		expect(await post(url, body)).toBe(200);
		expect((await given.nextRun()).json(NAME)).toMatchObject([{ changes: expect.anything() }]);
	});
});

describe("'Ignore My Own Changes'", () => {
	const by = (uid: string | undefined) =>
		notification([{ id: NOBODY }], { moment: '2026-11-21 15:51:16', ...(uid ? { uid } : {}) });

	test("drops what the credential's employee has changed; asks once who that is", async () => {
		await publish({ credential: 'second', options: { ignoreOwn: true } });
		for (const [uid, count] of [
			['second@sandbox', 0],
			['Second@Sandbox', 0],
			['admin@sandbox', 1],
			[undefined, 1],
		] as const) {
			const run = await deliver(by(uid));
			expect([uid, run.status, run.json(NAME).length]).toEqual([uid, 'success', count]);
		}
		expect(paths(requests())).toEqual(['GET /context/employee']);
	});

	test('drops the echo of a write by the same credential, and no other write', async () => {
		const given = await publish({ credential: 'login', options: { ignoreOwn: true } });
		const [id] = goods('product', 1);
		const write = async (credential: string) => {
			const token = credential === 'user' ? MOYSKLAD_TOKENS.user : MOYSKLAD_TOKENS.secondUser;
			await fetch(`${house.sandbox.urls.moysklad}/entity/product/${id}`, {
				method: 'PUT',
				headers: {
					authorization: `Bearer ${token}`,
					'accept-encoding': 'gzip',
					'content-type': 'application/json',
				},
				body: JSON.stringify({ description: `by ${credential} ${Date.now()}` }),
			});
			return (await given.nextRun()).json(NAME);
		};
		expect(await write('user')).toEqual([]);
		expect(await write('second')).toHaveLength(1);
	});

	test('a solution has no employee: that is said, and nothing is dropped silently', async () => {
		await publish({ credential: 'solution', options: { ignoreOwn: true } });
		const run = await deliver(by('admin@sandbox'));
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain('(code 55006)');
	});
});

describe('a call before n8n has stored the key', () => {
	test('goes on when MoySklad has that key for this node, and ends when it has not', async () => {
		const published = await publish();
		const url = new URL(addressOf());
		const early = await house.engine.listen(workflow({}), NAME, { staticData: {} });
		const address = new URL(early.url);
		// The registration, for the address at which the test listens.
		const [registered] = house.state.webhooks.list('webhook');
		registered.url = `${early.url}?key=${url.searchParams.get('key') ?? ''}`;
		house.sandbox.clearLog();
		const good = `${address.href}?key=${url.searchParams.get('key') ?? ''}&requestId=early`;
		expect(await post(good, notification([{ id: NOBODY }]))).toBe(200);
		expect((await early.nextRun()).json(NAME)).toHaveLength(1);
		expect(paths(requests())).toEqual(['GET /entity/webhook']);
		const bad = `${address.href}?key=${'x'.repeat(32)}&requestId=bad`;
		expect(await post(bad, notification([{ id: NOBODY }]))).toBe(200);
		const run = await early.nextRun();
		expect([run.status, run.json(NAME)]).toEqual(['success', []]);
		expect(hintsOf(run)).toEqual([expect.stringContaining('was not from MoySklad')]);
		for (const query of ['', '?key=', '?key=short']) {
			expect(await post(address.href + query, notification([{ id: NOBODY }]))).toBe(404);
		}
		expect(early.runs).toHaveLength(2);
		expect(published.runs).toEqual([]);
		await early.close();
	});
});

describe("the answer 'At Once'", () => {
	test('comes before the execution, which runs all the same', async () => {
		await publish({ options: { answer: 'atOnce' }, fetch: ['objects'] });
		const [id] = goods('product', 1);
		const run = await deliver(notification([{ id }]));
		expect((run.json(NAME)[0].object as IDataObject).id).toBe(id);
	});
});

describe('tasks of the asynchronous exchange', () => {
	test('come with their result when wanted', async () => {
		await publish({
			entityTypes: [],
			alsoWatch: ['tasks'],
			fetch: ['results'],
			credential: 'fast',
		});
		expect(house.state.webhooks.list('webhook').map((one) => [one.entityType, one.action])).toEqual(
			[['async', 'PROCESSED']],
		);
		const { world, asyncTasks } = house.state;
		const accepted = await fetch(`${house.sandbox.urls.moysklad}/entity/assortment?async=true`, {
			headers: {
				authorization: `Bearer ${house.credential().accessToken}`,
				'accept-encoding': 'gzip',
			},
		});
		const id = String(accepted.headers.get('content-location')).split('/').pop() ?? '';
		await until(() => asyncTasks.find(id).state === 'DONE', 20_000);
		house.sandbox.clearLog();
		const body = (task: string) => ({
			events: [
				{
					meta: { type: 'async', href: `${world.base}/async/${task}` },
					action: 'PROCESSED',
					accountId: world.accountId,
				},
			],
		});
		const [json] = (await deliver(body(id))).json(NAME);
		expect(json).toMatchObject({
			entityType: 'async',
			id,
			task: { state: 'DONE' },
		});
		const { rows } = json.result as { rows: IDataObject[] };
		expect(rows.length).toBeGreaterThan(500);
		expect(house.state.storageAuthorizationLeaks).toBe(0);
		const [unknown] = (await deliver(body(NOBODY))).json(NAME);
		expect(unknown).toMatchObject({ task: null, result: null });
	});
});

describe('together with a polling trigger', () => {
	test('each event is written down for it', async () => {
		const given = await publish({ options: { withPolling: true } });
		house.state.change('product', 'UPDATE');
		expect((await given.nextRun()).json(NAME)).toHaveLength(1);
		// The delivery and its owner, and the name of the change.
		expect(house.engine.deduplication.entries(workflowId)).toEqual([
			expect.any(String),
			expect.any(String),
			expect.stringMatching(/^change 1 product [0-9a-f-]{36} there \d+$/),
		]);
	});
});
