import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { MAX_BYTES, MAX_EVENTS } from '../../nodes/MoySklad/trigger/notification';
import { eventsOfDelivery, receive, type Arrived } from '../../nodes/MoySklad/trigger/receive';
import { UUID_A } from './samples';

const SECRET = 'a-key-of-this-node-0123456789abc';
const HREF = `https://api.moysklad.ru/api/remap/1.2/entity/customerorder/${UUID_A}`;

const event = (changes: IDataObject = {}): IDataObject => ({
	meta: { type: 'customerorder', href: HREF },
	action: 'CREATE',
	accountId: 'account',
	...changes,
});

interface Delivery {
	query?: IDataObject;
	body?: unknown;
	secret?: string | undefined;
	parameters?: IDataObject;
	/** Bytes of the body as it came. */
	bytes?: number;
}

/** Delivers a call; `status` and `reply` are what was answered by hand. */
async function deliver({
	query = { key: SECRET },
	parameters = {},
	bytes = 100,
	...rest
}: Delivery) {
	const secret = 'secret' in rest ? rest.secret : SECRET;
	const body = 'body' in rest ? rest.body : { events: [event()] };
	const answered: { status?: number; reply?: unknown; ended?: boolean } = {};
	const response = {
		status(code: number) {
			answered.status = code;
			return response;
		},
		json(reply: unknown) {
			answered.reply = reply;
		},
		end() {
			answered.ended = true;
		},
	};
	const form: IDataObject = {
		entityTypes: ['customerorder'],
		actions: ['CREATE', 'UPDATE'],
		options: {},
		...parameters,
	};
	const context = {
		getQueryData: () => query,
		getBodyData: () => body,
		getWorkflowStaticData: () => (secret === undefined ? {} : { secret }),
		getNodeParameter: (name: string, fallback: unknown) => form[name] ?? fallback,
		getResponseObject: () => response,
		getRequestObject: () => ({ rawBody: { length: bytes }, headers: {} }),
	} as unknown as IWebhookFunctions;
	const result: IWebhookResponseData = await receive.call(context);
	const arrived = result.workflowData?.[0] as Arrived[] | undefined;
	return { result, arrived, items: arrived?.flatMap(eventsOfDelivery), ...answered };
}

describe('the key in the URL', () => {
	it('that is right starts the workflow', async () => {
		expect((await deliver({})).items).toHaveLength(1);
	});

	it.each([
		['is wrong', { key: SECRET.replace('0', '1') }],
		['is shorter', { key: SECRET.slice(1) }],
		['is longer', { key: `${SECRET}x` }],
		['is missing', {}],
		['is empty', { key: '' }],
		['is a list', { key: [SECRET, SECRET] }],
		['is an object', { key: { [SECRET]: SECRET } }],
	])('that %s is answered with 404, and starts nothing', async (_, query) => {
		const { status, reply, ended, result, items } = await deliver({ query: query as IDataObject });
		expect([status, reply, ended]).toEqual([404, undefined, true]);
		expect(result).toEqual({ noWebhookResponse: true });
		expect(items).toBeUndefined();
	});

	it('may be followed by a second question mark, as MoySklad may write it', async () => {
		const { items } = await deliver({ query: { key: `${SECRET}?requestId=r-1` } });
		expect(items?.[0].requestId).toBe('r-1');
	});

	it('that n8n has not stored yet is handed on for MoySklad to confirm: no event is lost', async () => {
		const { arrived } = await deliver({ secret: undefined });
		expect(arrived?.map(({ delivery }) => delivery?.unproven)).toEqual([SECRET]);
		expect((await deliver({})).arrived?.[0].delivery?.unproven).toBeUndefined();
	});

	it.each([{}, { key: '' }, { key: 'short' }, { key: `${SECRET} or 1=1` }])(
		'must have the form of one even then: %j',
		async (query) => {
			const { status, items } = await deliver({ secret: undefined, query: query as IDataObject });
			expect([status, items]).toEqual([404, undefined]);
		},
	);

	it('never comes back in an answer or an item', async () => {
		const good = await deliver({});
		const bad = await deliver({ query: { key: 'x' } });
		expect(JSON.stringify([good, bad])).not.toContain(SECRET);
	});
});

describe('an event', () => {
	it('becomes a flat item', async () => {
		const { items } = await deliver({
			query: { key: SECRET, requestId: 'r-2' },
			body: {
				auditContext: { moment: '2026-11-21 15:51:16', uid: 'admin@shop' },
				events: [event({ action: 'UPDATE', updatedFields: ['name'] })],
			},
		});
		expect(items).toEqual([
			{
				action: 'UPDATE',
				entityType: 'customerorder',
				id: UUID_A,
				href: HREF,
				updatedFields: ['name'],
				accountId: 'account',
				uid: 'admin@shop',
				moment: '2026-11-21T15:51:16+03:00',
				requestId: 'r-2',
			},
		]);
	});

	it('without audit and request ID has null there', async () => {
		const { items } = await deliver({
			body: { events: [{ meta: { type: 'customerorder', href: HREF }, action: 'CREATE' }] },
		});
		expect(items?.[0]).toMatchObject({ accountId: null, uid: null, moment: null, requestId: null });
		expect(items?.[0]).not.toHaveProperty('updatedFields');
	});

	it('gives its ID also when the link has a query', async () => {
		const { items } = await deliver({
			body: { events: [event({ meta: { type: 'customerorder', href: `${HREF}?expand=agent` } })] },
		});
		expect(items?.[0].id).toBe(UUID_A);
	});

	it('is one of several: one item each, in order', async () => {
		const events = Array.from({ length: 3 }, (_, n) => event({ accountId: `a${n}` }));
		const { items } = await deliver({ body: { events } });
		expect(items?.map(({ accountId }) => accountId)).toEqual(['a0', 'a1', 'a2']);
	});

	it('that the node does not watch is answered well and starts nothing', async () => {
		for (const other of [{ action: 'DELETE' }, { meta: { type: 'product', href: HREF } }]) {
			expect((await deliver({ body: { events: [event(other)] } })).result).toEqual({});
		}
	});

	it('that is watched is taken out of those that are not', async () => {
		const { items } = await deliver({ body: { events: [event({ action: 'DELETE' }), event()] } });
		expect(items).toHaveLength(1);
	});

	it('of a type that the user named by hand is taken, in whatever case', async () => {
		const { items } = await deliver({
			parameters: { options: { otherEntityTypes: ' Thing, customentity' } },
			body: { events: [event({ meta: { type: 'thing', href: HREF } })] },
		});
		expect(items).toHaveLength(1);
	});

	it('list that is empty starts nothing', async () => {
		expect((await deliver({ body: { events: [] } })).result).toEqual({});
	});
});

describe('a body that is not of MoySklad', () => {
	it.each([
		['nothing', undefined],
		['null', null],
		['text', 'hello'],
		['a list', [event()]],
		['an empty object', {}],
		['events that are no list', { events: event() }],
		['an event that is null', { events: [null] }],
		['an event without meta', { events: [{ action: 'CREATE' }] }],
		['an event without an action', { events: [{ meta: { type: 'x', href: HREF } }] }],
		['a link that is no text', { events: [event({ meta: { type: 'customerorder', href: 5 } })] }],
		['changed fields that are no list', { events: [event({ updatedFields: 'name' })] }],
		['a good event and a bad one', { events: [event(), { action: 'CREATE' }] }],
	])('%s is answered with 400, and starts nothing', async (_, body) => {
		const { status, reply, result } = await deliver({ body });
		expect(status).toBe(400);
		expect(reply).toMatchObject({ code: 400 });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	it.each([
		['an array in an event', { events: [[event()]] }],
		['a type that is a list', { events: [event({ meta: { type: ['product'], href: HREF } })] }],
		['an empty type', { events: [event({ meta: { type: '', href: HREF } })] }],
		['an endless type', { events: [event({ meta: { type: 'x'.repeat(65), href: HREF } })] }],
		['an endless link', { events: [event({ meta: { type: 'x', href: 'x'.repeat(3000) } })] }],
		['changed fields that are objects', { events: [event({ updatedFields: [{}] })] }],
		['endless changed fields', { events: [event({ updatedFields: new Array(1001).fill('a') })] }],
		['an account that is an object', { events: [event({ accountId: { $ne: 1 } })] }],
		['a report that is no text', { stockType: 'stock', reportType: 'all', reportUrl: 5 }],
		['a report without its type', { stockType: 'stock', reportUrl: 'https://api.moysklad.ru' }],
		["another service's notification", { object: 'page', entry: [{ changes: [] }] }],
	])('%s is answered with 400 too', async (_, body) => {
		const { status, result } = await deliver({ body });
		expect([status, result]).toEqual([400, { noWebhookResponse: true }]);
	});

	it('with too many events is answered with 413', async () => {
		const events = new Array(MAX_EVENTS + 1).fill(event());
		expect((await deliver({ body: { events } })).status).toBe(413);
		expect((await deliver({ body: { events: events.slice(1) } })).items).toHaveLength(MAX_EVENTS);
	});

	it('that is huge is answered with 413 before it is looked at', async () => {
		expect((await deliver({ bytes: MAX_BYTES + 1 })).status).toBe(413);
		expect((await deliver({ bytes: MAX_BYTES })).items).toHaveLength(1);
	});

	it('that is deep is no trouble: nothing goes down into it', async () => {
		let deep: unknown = 1;
		for (let level = 0; level < 200_000; level++) deep = [deep];
		const { items } = await deliver({
			body: { deep, events: [event({ deep: deep as IDataObject })] },
		});
		expect(items).toHaveLength(1);
		expect(items?.[0]).not.toHaveProperty('deep');
		expect((await deliver({ body: { events: deep } })).status).toBe(400);
	});

	it('cannot smuggle properties into items', async () => {
		const body: unknown = JSON.parse(
			`{"__proto__":{"uid":"x"},"events":[{"__proto__":{"action":"CREATE"},"constructor":1,"action":"CREATE","meta":{"type":"customerorder","href":"${HREF}"}}]}`,
		);
		const { items } = await deliver({ body });
		expect(Object.keys(items?.[0] ?? {}).sort()).toEqual(
			'accountId action entityType href id moment requestId uid'.split(' '),
		);
		expect(({} as IDataObject).uid).toBeUndefined();
	});

	it.each([{ moment: 5, uid: {} }, 'text', null])(
		'an audit of %j is left out',
		async (auditContext) => {
			const { items } = await deliver({ body: { auditContext, events: [event()] } });
			expect(items?.[0]).toMatchObject({ uid: null, moment: null });
		},
	);

	it('is not looked at when the key is wrong', async () => {
		expect((await deliver({ query: {}, body: null })).status).toBe(404);
	});
});

describe('a repetition', () => {
	const keyOf = async (delivery: Delivery) => (await deliver(delivery)).arrived?.[0].delivery?.key;
	const query = { key: SECRET, requestId: 'r-1' };
	const audit = (id: string) => ({
		meta: { type: 'audit', href: `https://api.moysklad.ru/api/remap/1.2/audit/${id}` },
	});

	it('has the key of the first one, and no other delivery has it', async () => {
		const first = await keyOf({ query });
		expect(first).toMatch(/^[\w-]{32}$/);
		expect(await keyOf({ query })).toBe(first);
		const others = [
			{ query: { ...query, requestId: 'r-2' } },
			{ query, body: { events: [event(), event()] } },
			{ query, body: { events: [event({ action: 'UPDATE' })] } },
			{ query, body: { events: [event({ action: 'UPDATE', updatedFields: [] })] } },
			{ query, body: { auditContext: audit(UUID_A), events: [event()] } },
		];
		const keys = await Promise.all(others.map(keyOf));
		expect(new Set([first, ...keys]).size).toBe(others.length + 1);
	});

	it('without a request ID is known by its audit', async () => {
		const body = { auditContext: audit(UUID_A), events: [event()] };
		const key = await keyOf({ body });
		expect(key).toBeDefined();
		expect(await keyOf({ body: { ...body } })).toBe(key);
	});

	it('without both cannot be told from a second change, and is never held back', async () => {
		expect(await keyOf({})).toBeUndefined();
	});

	it('also of a part of the events: those that nobody waits for do not matter to the key', async () => {
		const { arrived } = await deliver({
			query,
			body: { auditContext: audit(UUID_A), events: [event({ action: 'DELETE' }), event()] },
		});
		expect(arrived).toHaveLength(1);
		expect(arrived?.[0].delivery).toMatchObject({ auditId: UUID_A.toLowerCase() });
	});
});

describe('a filter', () => {
	const update = (updatedFields?: string[]) =>
		event({ action: 'UPDATE', ...(updatedFields ? { updatedFields } : {}) });
	const passes = async (options: IDataObject, one: IDataObject, auditContext?: IDataObject) =>
		(await deliver({ parameters: { options }, body: { auditContext, events: [one] } })).items !==
		undefined;

	it.each([
		['one of the fields', ['name', 'salePrices'], true],
		['in another case', ['saleprices'], true],
		['others', ['name'], false],
		['none that the API knows', [], false],
		['unknown ones', undefined, true],
	])('by changed fields: %s', async (_, fields, expected) => {
		expect(await passes({ onlyFields: 'salePrices, code' }, update(fields))).toBe(expected);
	});

	it.each([
		['from the list', { changedFieldNames: ['salePrices'] }, true],
		['by an expression', { changedFieldNames: 'name, salePrices' }, true],
		['from the list and as text', { changedFieldNames: ['name'], onlyFields: 'salePrices' }, true],
		['others from the list', { changedFieldNames: ['name'] }, false],
	])('by changed fields %s', async (_, options, expected) => {
		expect(await passes(options, update(['salePrices']))).toBe(expected);
	});

	it('by changed fields is for updates only', async () => {
		expect(await passes({ onlyFields: 'code' }, event())).toBe(true);
	});

	it.each([
		[{ onlyUsers: 'Admin@Shop; other@shop' }, 'admin@shop', true],
		[{ onlyUsers: 'other@shop' }, 'admin@shop', false],
		[{ notUsers: 'robot@shop' }, 'admin@shop', true],
		[{ notUsers: 'robot@shop, ADMIN@shop' }, 'admin@shop', false],
		[{ onlyUsers: 'admin@shop', notUsers: 'admin@shop' }, 'admin@shop', false],
		[{ onlyUsers: 'admin@shop' }, undefined, true],
		[{ onlyUsers: ['admin@shop'] }, 'admin@shop', true],
	])('by users: %j, changed by %s: %s', async (options, uid, expected) => {
		const audit = uid === undefined ? undefined : { uid };
		expect(await passes(options, event(), audit)).toBe(expected);
	});

	it.each([
		['Account', true],
		[' account ', true],
		['other', false],
		['', true],
	])('by account %j: %s', async (accountId, expected) => {
		expect(await passes({ accountId }, event())).toBe(expected);
	});

	it('that lets nothing through starts nothing, and is answered well', async () => {
		const { result } = await deliver({ parameters: { options: { accountId: 'other' } } });
		expect(result).toEqual({});
	});
});

describe('stock and tasks', () => {
	const stock = {
		accountId: 'account',
		stockType: 'stock',
		reportType: 'bystore',
		reportUrl:
			'https://api.moysklad.ru/api/remap/1.2/report/stock/bystore/current?changedSince=2026-11-21 15:51:16',
	};
	const watching = (alsoWatch: string[], stockReport = 'bystore') => ({
		entityTypes: [],
		alsoWatch,
		stockReport,
	});

	it('a stock notification becomes one item', async () => {
		const query = { key: SECRET, requestId: 'r-3' };
		const { arrived } = await deliver({ query, body: stock, parameters: watching(['stock']) });
		expect(arrived?.flatMap(eventsOfDelivery)).toEqual([{ ...stock, requestId: 'r-3' }]);
		expect(arrived).toEqual([
			{
				json: {},
				delivery: expect.objectContaining({ key: expect.stringMatching(/^[\w-]{32}$/) }),
			},
		]);
	});

	it.each([
		['nobody watches stock', watching(['tasks'])],
		['the other report is watched', watching(['stock'], 'all')],
		['it is of another account', { ...watching(['stock']), options: { accountId: 'other' } }],
	])('starts nothing when %s', async (_, parameters) => {
		expect((await deliver({ body: stock, parameters })).result).toEqual({});
	});

	it('a task that is done becomes an item when tasks are watched, and objects do not', async () => {
		const task = {
			meta: { type: 'async', href: `https://api.moysklad.ru/api/remap/1.2/async/${UUID_A}` },
			action: 'PROCESSED',
			accountId: 'account',
		};
		const body = { events: [task, event()] };
		const { items } = await deliver({ body, parameters: watching(['tasks']) });
		expect(items).toEqual([
			expect.objectContaining({ entityType: 'async', action: 'PROCESSED', id: UUID_A }),
		]);
		expect((await deliver({ body })).items?.map(({ entityType }) => entityType)).toEqual([
			'customerorder',
		]);
	});
});

describe('the answer', () => {
	it("is n8n's after it has stored the execution, unless it is wanted at once", async () => {
		const stored = await deliver({});
		expect(stored.result.noWebhookResponse).toBeUndefined();
		expect(stored.ended).toBeUndefined();
		const atOnce = await deliver({ parameters: { options: { answer: 'atOnce' } } });
		expect([atOnce.status, atOnce.ended]).toEqual([200, true]);
		expect(atOnce.result).toMatchObject({ noWebhookResponse: true });
		expect(atOnce.items).toEqual(stored.items);
	});
});
