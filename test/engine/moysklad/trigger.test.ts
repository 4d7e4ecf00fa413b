import type { IDataObject } from 'n8n-workflow';

import { eventsOfDelivery, type Arrived } from '../../../nodes/MoySklad/trigger/receive';
import type { WebhookHooks, WebhookOutcome, WorkflowInput } from '../harness';
import type { ShownError } from './setup';
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

const NAME = 'MoySklad Trigger';
const KEY = 'k'.repeat(32);
const LIST = 'GET /entity/webhook';
const CREATE = 'POST /entity/webhook';
const REMOVE = 'POST /entity/webhook/delete';
const STRANGER = 'https://example.com/hook';

let house: House;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 20 });
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.webhooks.clear();
	house.state.tariff = 'paid';
	house.state.bulkErrorStatus = 200;
	house.sandbox.faults.clear();
	house.sandbox.clearLog();
});

interface Form {
	entityTypes?: string[];
	actions?: string[];
	options?: object;
}

function workflow(form: Form = {}, credential = 'fast'): WorkflowInput {
	return {
		nodes: [
			{
				name: NAME,
				type: TRIGGER,
				parameters: { entityTypes: ['customerorder'], actions: ['CREATE'], ...form },
				credentials: { moySkladApi: { id: credential, name: credential } },
			},
		],
	};
}

const hooksOf = (form: Form = {}, options: object = {}, credential = 'fast') =>
	house.engine.hooks(workflow(form, credential), NAME, options);

/** Registrations at MoySklad, in the order of their creation. */
const registered = () => house.state.webhooks.list('webhook');
const pairs = () => registered().map(({ entityType, action }) => `${entityType} ${action}`);
const plant = (fields: IDataObject) =>
	house.state.webhooks.create('webhook', {
		entityType: 'customerorder',
		action: 'CREATE',
		url: STRANGER,
		...fields,
	});
const idsOf = (hooks: WebhookHooks) => hooks.nodeStaticData.ids as string[];
const stored = (hooks: WebhookHooks) =>
	hooks.nodeStaticData as { secret: string; url: string; ids: string[] };

/** What a hook throws; it must hold no secret, not even the key of the webhook. */
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

/** Requests since the last call of this function. */
function sent() {
	const requests = house.requests;
	for (const request of requests) expectGoodHeaders(request);
	house.sandbox.clearLog();
	return requests;
}

describe('publishing', () => {
	test('registers types × events by one call, and remembers them', async () => {
		const hooks = hooksOf({
			entityTypes: ['product', 'customerorder'],
			actions: ['CREATE', 'UPDATE', 'DELETE'],
		});
		expect(await hooks.checkExists()).toBe(false);
		await hooks.activate();
		const requests = sent();
		expect(paths(requests)).toEqual([LIST, CREATE]);
		const { secret, url, ids } = stored(hooks);
		expect(secret).toMatch(/^[\w-]{32}$/);
		expect(url).toBe(`${hooks.url}?key=${secret}`);
		const body = ['product', 'customerorder'].flatMap((entityType) =>
			['CREATE', 'UPDATE', 'DELETE'].map((action) => ({
				entityType,
				action,
				url,
				enabled: true,
				...(action === 'UPDATE' ? { diffType: 'NONE' } : {}),
			})),
		);
		expect(requests[1].body).toEqual(body);
		expect(registered().map(({ id }) => id)).toEqual(ids);
		expect(registered()).toEqual(
			body.map((one) => expect.objectContaining({ ...one, diffType: 'NONE' })),
		);
		expect(await hooks.checkExists()).toBe(true);
		expect(paths(sent())).toEqual([LIST]);

		await hooks.deactivate();
		const removal = sent();
		expect(paths(removal)).toEqual([LIST, REMOVE]);
		expect(removal[1].body).toEqual(
			ids.map((id) => ({
				meta: {
					href: `${house.sandbox.urls.moysklad}/entity/webhook/${id}`,
					type: 'webhook',
					mediaType: 'application/json',
				},
			})),
		);
		expect(registered()).toEqual([]);
		expect(hooks.nodeStaticData).toEqual({ secret });
	});

	test('asks for changed fields where the event has them', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'], options: { changedFields: true } });
		await hooks.activate();
		expect(registered().map(({ action, diffType }) => [action, diffType])).toEqual([
			['CREATE', 'NONE'],
			['UPDATE', 'FIELDS'],
		]);
		const [, post] = sent();
		expect((post.body as IDataObject[])[0]).not.toHaveProperty('diffType');
	});

	test('other types, in any spelling, once each', async () => {
		const hooks = hooksOf({
			options: { otherEntityTypes: ' RetailDrawerCashIn, customerorder;\nretaildrawercashout ' },
		});
		await hooks.activate();
		expect(pairs()).toEqual([
			'customerorder CREATE',
			'retaildrawercashin CREATE',
			'retaildrawercashout CREATE',
		]);
	});

	test('adopts an equal webhook that is there already', async () => {
		const first = hooksOf();
		await first.activate();
		const [{ id, url }] = registered();
		// n8n was restored from a backup that knows the key, not the ID.
		const { secret } = stored(first);
		const again = hooksOf({}, { staticData: { [`node:${NAME}`]: { secret } } });
		sent();
		await again.activate();
		expect(paths(sent())).toEqual([LIST]);
		expect(idsOf(again)).toEqual([id]);
		await again.create();
		expect(paths(sent())).toEqual([LIST]);
		expect(registered().map((one) => [one.id, one.url])).toEqual([[id, url]]);
	});

	test('switches a disabled one on, and corrects the changed fields', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		await hooks.activate();
		const [create, update] = registered();
		create.enabled = false;
		update.diffType = 'FIELDS';
		sent();
		expect(await hooks.checkExists()).toBe(false);
		await hooks.activate();
		const requests = sent().slice(1);
		expect(paths(requests)).toEqual([
			LIST,
			LIST,
			`PUT /entity/webhook/${create.id}`,
			`PUT /entity/webhook/${update.id}`,
		]);
		expect(requests.slice(2).map(({ body }) => body)).toEqual([
			{ enabled: true },
			{ enabled: true, diffType: 'NONE' },
		]);
		expect(registered().map(({ id, enabled, diffType }) => [id, enabled, diffType])).toEqual([
			[create.id, true, 'NONE'],
			[update.id, true, 'NONE'],
		]);
	});

	test("removes its own of an earlier form, and nobody else's", async () => {
		const foreign = [
			plant({}),
			plant({ url: 'https://n8n.example.com/webhook/another/webhook?key=1' }),
			plant({ entityType: 'demand', action: 'UPDATE' }),
		];
		const before = hooksOf({ entityTypes: ['product', 'demand'], actions: ['CREATE', 'UPDATE'] });
		await before.activate();
		const { staticData } = before;
		sent();
		const after = hooksOf(
			{ entityTypes: ['demand'], actions: ['UPDATE', 'DELETE'] },
			{ staticData },
		);
		await after.activate();
		expect(paths(sent())).toEqual([LIST, LIST, REMOVE, CREATE]);
		expect(pairs().slice(foreign.length)).toEqual(['demand UPDATE', 'demand DELETE']);
		expect(idsOf(after)).toEqual(
			registered()
				.slice(foreign.length)
				.map(({ id }) => id),
		);
		expect(stored(after).secret).toBe(stored(before).secret);
		await after.deactivate();
		expect(registered()).toEqual(foreign);
	});

	test('removes its own also when the new form is a part of the old one', async () => {
		const before = hooksOf({ actions: ['CREATE', 'DELETE'] });
		await before.activate();
		const { staticData } = before;
		const after = hooksOf({ actions: ['CREATE'] }, { staticData });
		await after.activate();
		expect(pairs()).toEqual(['customerorder CREATE']);
		expect(idsOf(after)).toEqual(registered().map(({ id }) => id));
	});

	test('cleans up webhooks of this address with a key that is lost', async () => {
		const hooks = hooksOf();
		plant({ url: `${hooks.url}?key=forgotten` });
		await hooks.activate();
		expect(registered().map(({ url }) => url)).toEqual([stored(hooks).url]);
	});

	test('a webhook that appears between list and creation is adopted', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'DELETE'] });
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			path: 'webhook$',
			delayMs: 300,
		});
		const publishing = hooks.activate();
		await until(() => house.requests.some(({ method }) => method === 'POST'));
		const post = house.requests.find(({ method }) => method === 'POST');
		const [{ url }] = post?.body as IDataObject[];
		const raced = plant({ url });
		await publishing;
		expect(paths(sent())).toEqual([LIST, CREATE, LIST]);
		expect(pairs()).toEqual(['customerorder CREATE', 'customerorder DELETE']);
		expect(idsOf(hooks).sort()).toEqual(
			registered()
				.map(({ id }) => id)
				.sort(),
		);
		expect(idsOf(hooks)).toContain(raced.id);
	});

	test('a create whose answer got lost is repeated, and what it had made is adopted', async () => {
		const hooks = hooksOf();
		await hooks.create();
		const { secret, url } = stored(hooks);
		// The list is of a moment before the first create was carried out.
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'GET',
			body: { meta: { size: 0 }, rows: [] },
		});
		house.sandbox.faults.add({ vendor: 'moysklad', method: 'POST', closeConnection: 'midBody' });
		const again = hooksOf({}, { staticData: { [`node:${NAME}`]: { secret } } });
		sent();
		await again.create();
		expect(paths(sent())).toEqual([LIST, CREATE, CREATE, LIST]);
		expect(registered().map((one) => one.url)).toEqual([url]);
		expect(idsOf(again)).toEqual(registered().map(({ id }) => id));
	});

	test.each([200, 400, 412] as const)(
		'names who holds the places, and leaves nothing half made (bulk status %i)',
		async (status) => {
			house.state.bulkErrorStatus = status;
			const holders = [0, 1, 2, 3, 4].map((index) =>
				plant({ entityType: 'demand', url: `${STRANGER}/${index}?token=private` }),
			);
			const hooks = hooksOf({ entityTypes: ['customerorder', 'demand', 'supply'] });
			const error = await failure(hooks.activate());
			expect(error.name).toBe('NodeApiError');
			expect(error.message).toBe(
				'MoySklad: all places for webhooks of this type and action are taken: demand CREATE (code 30007)',
			);
			expect(error.description).toContain('MoySklad allows 5 per type and action');
			for (const [index, { id }] of holders.entries()) {
				expect(error.description).toContain(`${STRANGER}/${index} (${id})`);
			}
			expect(error.description).not.toContain('private');
			expect(registered()).toEqual(holders);
			expect(idsOf(hooks) ?? []).toEqual([]);
		},
	);

	test('what the node already had is kept when a new one finds no place', async () => {
		for (let index = 0; index < 5; index++)
			plant({ entityType: 'demand', url: `${STRANGER}/${index}` });
		const before = hooksOf();
		await before.activate();
		const kept = idsOf(before);
		const after = hooksOf(
			{ entityTypes: ['customerorder', 'demand'] },
			{ staticData: before.staticData },
		);
		await failure(after.create());
		expect(idsOf(after)).toEqual(kept);
		expect(pairs().filter((pair) => pair === 'customerorder CREATE')).toHaveLength(1);
	});

	test('without the rights of an administrator', async () => {
		const error = await failure(hooksOf({}, {}, 'nonAdmin').activate());
		expect(error.message).toBe('MoySklad: only an administrator may manage webhooks (code 30004)');
		expect(error.description).toContain('the role of administrator');
	});

	test('on the free tariff', async () => {
		house.state.tariff = 'free';
		const error = await failure(hooksOf().activate());
		expect(error.message).toContain('the free tariff has no webhooks');
		expect(error.message).toContain('(code 30006)');
		expect(error.description).toContain('need a paid tariff or a trial');
		expect(registered()).toEqual([]);
	});

	test('with a wrong token', async () => {
		const error = await failure(hooksOf({}, {}, 'wrong').activate());
		expect(error.message).toContain('were not accepted (code 1056)');
	});

	test('a type that MoySklad does not know', async () => {
		const error = await failure(hooksOf({ options: { otherEntityTypes: 'positions' } }).activate());
		expect(error.message).toBe(
			'MoySklad: webhooks cannot watch this type: positions CREATE (code 30000)',
		);
		expect(registered()).toEqual([]);
	});

	test('an address of n8n that is too long is refused before anything is sent', async () => {
		const webhookBaseUrl = `https://n8n.example.com/${'x'.repeat(200)}`;
		const error = await failure(hooksOf({}, { webhookBaseUrl }).create());
		expect(error.message).toMatch(/^'Webhook URL' has \d{3} characters, and MoySklad allows 255$/);
		expect(error.description).toContain('N8N_WEBHOOK_URL');
		expect(sent()).toEqual([]);
	});

	test.each([
		[{ entityTypes: [] }, "'Entity Types' is empty"],
		[{ actions: [] }, "'Events' is empty"],
		[
			{ entityTypes: ['demand'], options: { statuses: [`customerorder/${NOBODY}`] } },
			"'Only When Status Becomes' holds a status of Sales Order, which is not watched",
		],
		[
			{ options: { otherEntityTypes: 'task', statuses: [`task/${NOBODY}`, `demand/${NOBODY}`] } },
			"'Only When Status Becomes' holds a status of Shipment, which is not watched",
		],
	])('%p is refused', async (form, message) => {
		const error = await failure(hooksOf(form).create());
		expect(error.message).toContain(message);
		expect(paths(sent())).not.toContain(CREATE);
	});
});

describe('unpublishing', () => {
	test('takes no offence at webhooks that are gone', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE', 'DELETE'] });
		await hooks.activate();
		house.state.webhooks.delete(registered()[1]);
		await hooks.deactivate();
		expect(registered()).toEqual([]);
		await hooks.deactivate();
		expect(paths(sent()).slice(2)).toEqual([LIST, REMOVE, LIST]);
	});

	test('nor at one that goes between list and removal', async () => {
		const hooks = hooksOf();
		await hooks.activate();
		house.sandbox.faults.add({ vendor: 'moysklad', path: 'webhook/delete$', delayMs: 200 });
		const removal = hooks.delete();
		await until(() => house.requests.some(({ path }) => path.endsWith('/delete')));
		house.state.webhooks.clear();
		await removal;
		expect(hooks.nodeStaticData).not.toHaveProperty('ids');
	});

	test('keeps the IDs when it fails, so that the next try finds them', async () => {
		const hooks = hooksOf();
		await hooks.activate();
		const ids = idsOf(hooks);
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: 'webhook/delete$',
			status: 403,
			body: { errors: [{ error: 'No', code: 1017 }] },
		});
		const error = await failure(hooks.deactivate());
		expect(error.message).toContain('(code 1017)');
		expect(idsOf(hooks)).toEqual(ids);
		await hooks.deactivate();
		expect(registered()).toEqual([]);
	});

	test('works on the free tariff', async () => {
		const hooks = hooksOf();
		await hooks.activate();
		house.state.tariff = 'free';
		await hooks.deactivate();
		expect(registered()).toEqual([]);
	});
});

describe('while MoySklad is down', () => {
	/** Runs with a clock that makes the waits between tries short. */
	async function quickly<T>(work: () => Promise<T>): Promise<T> {
		const back = speedUp(40);
		try {
			return await work();
		} finally {
			back();
		}
	}
	const down = (fault: object = { status: 503 }) =>
		house.sandbox.faults.add({ vendor: 'moysklad', times: 100, ...fault });
	const up = () => {
		house.sandbox.faults.clear();
		sent();
	};

	test.each<[string, object, RegExp]>([
		['with 503', { status: 503 }, /MoySklad: the service cannot be reached now/],
		['without an answer', { closeConnection: 'before' }, /the connection broke/],
		['with a web page', { status: 200, body: '<html>Maintenance</html>' }, /a web page/],
	])('publishing says so, and the next try heals: %s', async (_what, fault, message) => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		down(fault);
		const error = await quickly(async () => await failure(hooks.activate()));
		expect(error.message).toMatch(message);
		up();
		expect(registered()).toEqual([]);
		await hooks.activate();
		expect(pairs()).toEqual(['customerorder CREATE', 'customerorder UPDATE']);
		await hooks.deactivate();
		expect(registered()).toEqual([]);
	});

	test('webhooks that were made before the answer was lost take no second place', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		// MoySklad makes them, and nothing of what it says comes through from then on.
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			path: 'webhook$',
			status: 504,
			afterWork: true,
			times: 100,
		});
		house.sandbox.faults.add({ vendor: 'moysklad', status: 503, times: 100, after: 1 });
		await quickly(async () => await failure(hooks.activate()));
		expect(registered()).toHaveLength(2);
		const made = registered().map(({ id }) => id);
		up();
		await hooks.activate();
		expect(registered().map(({ id }) => id)).toEqual(made);
		expect(idsOf(hooks).sort()).toEqual([...made].sort());
		await hooks.deactivate();
		expect(registered()).toEqual([]);
	});

	test('unpublishing says so, forgets nothing, and the next try heals', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		await hooks.activate();
		const ids = idsOf(hooks);
		down();
		const error = await quickly(async () => await failure(hooks.deactivate()));
		expect(error.message).toContain('MoySklad: the service cannot be reached now');
		expect(error.description).toContain('Try again in a few minutes');
		expect(idsOf(hooks)).toEqual(ids);
		up();
		await hooks.deactivate();
		expect(registered()).toEqual([]);
	});

	test('removing after a failed try to publish never fails itself, and forgets nothing', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		await hooks.activate();
		const ids = idsOf(hooks);
		down();
		await quickly(async () => {
			await failure(hooks.checkExists());
			// n8n keeps the address as registered when this throws, and the next try to publish does nothing.
			await hooks.delete();
		});
		expect(idsOf(hooks)).toEqual(ids);
		// The next one is the user's again.
		await quickly(async () => await failure(hooks.delete()));
		up();
		await hooks.activate();
		expect(registered().map(({ id }) => id)).toEqual(ids);
	});

	test('the advice is part of what n8n shows of a failed try to publish', async () => {
		const hooks = hooksOf();
		down();
		const error = await quickly(async () => await failure(hooks.create()));
		expect((error as ShownError & { detail?: string }).detail).toBe(
			`${error.message}. ${error.description?.replaceAll('<br>', '')}`,
		);
		expect(error.description).toContain('Try again in a few minutes');
	});

	test('what was left behind goes when the workflow is published again', async () => {
		const hooks = hooksOf({ actions: ['CREATE', 'UPDATE'] });
		await hooks.activate();
		down();
		await quickly(async () => await failure(hooks.deactivate()));
		up();
		// n8n has given up on removing them; the static data may be gone with a restored backup.
		const again = hooksOf({ actions: ['CREATE'] }, { staticData: {} });
		await again.activate();
		expect(registered().map(({ id }) => id)).toEqual(idsOf(again));
		expect(pairs()).toEqual(['customerorder CREATE']);
	});
});

describe('a test listener beside the published workflow', () => {
	test('has webhooks of its own, which go without the others', async () => {
		const production = hooksOf();
		await production.activate();
		const [published] = registered();
		const test = hooksOf({}, { test: true });
		expect(test.url).not.toBe(production.url);
		await test.activate();
		expect(registered().map(({ url }) => url.split('?')[0])).toEqual([production.url, test.url]);
		expect(stored(test).secret).not.toBe(stored(production).secret);
		await test.deactivate();
		expect(registered()).toEqual([published]);
		expect(await production.checkExists()).toBe(true);
	});
});

describe('a call', () => {
	const EVENT = {
		meta: {
			type: 'customerorder',
			href: 'https://api.moysklad.ru/api/remap/1.2/entity/customerorder/7944ef04-f831-11e5-7a69-971500188b19',
		},
		action: 'CREATE',
		accountId: 'b2c8ff7c-0001-11ef-0a80-000000000001',
	};
	const BODY = {
		auditContext: {
			meta: { type: 'audit', href: 'https://api.moysklad.ru/api/remap/1.2/audit/1' },
			uid: 'admin@sandbox',
			moment: '2026-11-21 15:51:16',
		},
		events: [EVENT],
	};
	const REQUEST_ID = '11111111-2222-4333-8444-555555555555';
	const QUERY = { key: KEY, requestId: REQUEST_ID };
	const ITEM = {
		action: 'CREATE',
		entityType: 'customerorder',
		id: '7944ef04-f831-11e5-7a69-971500188b19',
		href: EVENT.meta.href,
		accountId: EVENT.accountId,
		uid: 'admin@sandbox',
		moment: '2026-11-21T15:51:16+03:00',
		requestId: REQUEST_ID,
	};

	const call = async (request: object, form: Form = {}): Promise<WebhookOutcome> => {
		const outcome = await house.engine.webhook(workflow(form), NAME, {
			query: QUERY,
			body: BODY,
			staticData: { [`node:${NAME}`]: { secret: KEY, ids: [] } },
			...request,
		});
		// MoySklad waits 1500 ms: nothing may be asked of it before it has its answer.
		expect(sent()).toEqual([]);
		return outcome;
	};
	const itemsOf = ({ workflowData }: WebhookOutcome) =>
		workflowData?.[0].flatMap((item) => eventsOfDelivery(item as Arrived));

	test('becomes an item, and is answered with 200', async () => {
		const outcome = await call({});
		expect(outcome.response).toMatchObject({ status: 200, sentBy: 'n8n' });
		expect(itemsOf(outcome)).toEqual([ITEM]);
	});

	test('with several events becomes several items, in order', async () => {
		const events = ['a', 'b', 'c', 'd'].map((id) => ({
			...EVENT,
			meta: {
				...EVENT.meta,
				href: `https://api.moysklad.ru/api/remap/1.2/entity/customerorder/${id}`,
			},
		}));
		const outcome = await call({ body: { ...BODY, events } });
		expect(itemsOf(outcome)?.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
	});

	test('DELETE, and UPDATE with the fields that changed', async () => {
		const form = { actions: ['UPDATE', 'DELETE'] };
		const events = [
			{ meta: EVENT.meta, action: 'DELETE' },
			{ ...EVENT, action: 'UPDATE', updatedFields: ['name', 'description'] },
			{ ...EVENT, action: 'UPDATE', updatedFields: [] },
		];
		const outcome = await call({ body: { events } }, form);
		const bare = { ...ITEM, uid: null, moment: null };
		expect(itemsOf(outcome)).toEqual([
			{ ...bare, action: 'DELETE', accountId: null },
			{ ...bare, action: 'UPDATE', updatedFields: ['name', 'description'] },
			{ ...bare, action: 'UPDATE', updatedFields: [] },
		]);
	});

	test.each<[string, object]>([
		['a wrong key', { query: { ...QUERY, key: 'x'.repeat(32) } }],
		['a key that is too short', { query: { ...QUERY, key: KEY.slice(1) } }],
		['no key', { query: { requestId: REQUEST_ID } }],
		['two keys', { query: { ...QUERY, key: [KEY, 'x'] } }],
		['a wrong key and a bad body', { query: { key: '' }, body: 'x' }],
	])('with %s is answered with 404, and nothing runs', async (_what, request) => {
		const { response, workflowData } = await call(request);
		expect(response).toMatchObject({ status: 404, sentBy: 'node' });
		expect(workflowData).toBeUndefined();
	});

	test.each<[string, unknown]>([
		['text', 'hello'],
		['nothing', undefined],
		['null', null],
		['a list', [EVENT]],
		['no events', { auditContext: {} }],
		['events that are no list', { events: EVENT }],
		['an event that is null', { events: [null] }],
		['an event without meta', { events: [{ action: 'CREATE' }] }],
		['an event without link', { events: [{ meta: { type: 'product' }, action: 'CREATE' }] }],
		['an action that is a number', { events: [{ ...EVENT, action: 1 }] }],
		['changed fields that are a text', { events: [{ ...EVENT, updatedFields: 'name' }] }],
		['one good event and one bad', { events: [EVENT, {}] }],
	])('with %s for a body is answered with 400, and nothing runs', async (_what, body) => {
		const request =
			body === null
				? { rawBody: 'null', headers: { 'content-type': 'application/json' } }
				: { body };
		const { response, workflowData } = await call(request);
		expect(response).toMatchObject({ status: 400, sentBy: 'node' });
		expect(JSON.stringify(response.body)).toContain('This is no notification of MoySklad');
		expect(workflowData).toBeUndefined();
	});

	test.each<[string, object]>([
		['another type', { ...EVENT, meta: { ...EVENT.meta, type: 'product' } }],
		['another event', { ...EVENT, action: 'DELETE' }],
	])('about %s is taken, and nothing runs', async (_what, event) => {
		const { response, workflowData } = await call({ body: { events: [event] } });
		expect(response.status).toBe(200);
		expect(workflowData).toBeUndefined();
		const mixed = await call({ body: { events: [event, EVENT, event] } });
		expect(itemsOf(mixed)).toHaveLength(1);
	});

	test('without any event is taken, and nothing runs', async () => {
		const { response, workflowData } = await call({ body: { events: [] } });
		expect(response.status).toBe(200);
		expect(workflowData).toBeUndefined();
	});

	test('with a second question mark in its address', async () => {
		const outcome = await call({ query: { key: `${KEY}?requestId=${REQUEST_ID}` } });
		expect(itemsOf(outcome)).toEqual([ITEM]);
		const wrong = await call({ query: { key: `nonsense?requestId=${REQUEST_ID}` } });
		expect(wrong.response.status).toBe(404);
	});
});

describe('the whole way', () => {
	test('publish, change, deliver, unpublish', async () => {
		const listener = await house.engine.listen(
			workflow({
				entityTypes: ['product', 'customerorder'],
				actions: ['CREATE', 'UPDATE', 'DELETE'],
				options: { changedFields: true },
			}),
			NAME,
		);
		await listener.activate();
		expect(registered()).toHaveLength(6);
		for (const [type, action, fields] of [
			['customerorder', 'CREATE', undefined],
			['product', 'UPDATE', ['name', 'code']],
			['product', 'DELETE', undefined],
		] as const) {
			const before = house.requests.length;
			const change = house.state.change(type, action, undefined, fields ? [...fields] : undefined);
			expect(change.deliveries).toHaveLength(1);
			const run = await listener.nextRun();
			expect(run.status).toBe('success');
			const [delivery] = change.deliveries;
			expect(run.json(NAME)).toEqual([
				{
					action,
					entityType: type,
					id: change.id,
					href: change.href,
					...(fields ? { updatedFields: fields } : {}),
					accountId: house.state.world.accountId,
					uid: 'admin@sandbox',
					moment: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/),
					requestId: delivery.requestId,
				},
			]);
			// MoySklad waits 1500 ms for an answer: nothing is asked before it.
			expect(house.requests).toHaveLength(before);
			const age = Date.now() - Date.parse(String(run.json(NAME)[0].moment));
			expect(Math.abs(age)).toBeLessThan(600_000);
		}
		await house.state.deliveriesIdle();
		for (const delivery of house.state.deliveries) {
			expect(delivery.outcome).toBe('delivered');
			expect(delivery.attempts).toHaveLength(1);
		}
		await listener.deactivate();
		expect(registered()).toEqual([]);
		expect(house.state.change('product', 'UPDATE').deliveries).toEqual([]);
		expect(listener.runs).toHaveLength(3);
		await listener.close();
	});

	test('a stranger who calls the address starts nothing', async () => {
		const listener = await house.engine.listen(workflow(), NAME);
		await listener.activate();
		const post = async (url: string, body: string, type = 'application/json') =>
			await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
		const { url } = stored({ nodeStaticData: listener.staticData[`node:${NAME}`] } as WebhookHooks);
		expect((await post(listener.url, '{"events":[]}')).status).toBe(404);
		expect((await post(url, '{"broken')).status).toBe(422);
		expect((await post(url, 'a=1', 'application/x-www-form-urlencoded')).status).toBe(400);
		expect((await fetch(url)).status).toBe(404);
		expect(listener.runs).toEqual([]);
		await listener.deactivate();
		await listener.close();
	});
});
