/**
 * Both triggers of Yandex Market in n8n's engine against the sandbox: the answers that the Market demands, filters,
 * repetitions, fetched objects; polling; and the two together over an outage.
 */
import type { IDataObject } from 'n8n-workflow';

import type { PollingState } from '../../../nodes/shared/trigger/position';
import { EVENTS } from '../../../nodes/YandexMarket/trigger/notification';
import { startSandbox, YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { notify } from '../../../sandbox/yandex-market/notifications';
import { createEngine } from '../harness';
import type { Engine, RunResult, WebhookListener, WorkflowInput } from '../harness';
import type { EngineParts } from '../harness/execution';
import { Poller, pollingParts, type PolledNode } from '../harness/poller';
import { byId } from './walk';

const HOOK = 'Yandex Market Trigger';
const POLL = 'Yandex Market Polling Trigger';
const PACKAGE = 'n8n-nodes-retail-ops';
const POLLED: PolledNode = {
	type: `${PACKAGE}.yandexMarketPollingTrigger`,
	name: POLL,
	file: 'dist/nodes/YandexMarket/trigger/polling.js',
};
const { fbs, dbs } = YANDEX_CAMPAIGNS;

let engine: Engine;
let sandbox: Sandbox;
let parts: EngineParts;
let listener: WebhookListener | undefined;

beforeAll(async () => {
	engine = await createEngine();
});

beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['yandexMarket'], assortmentRows: 1, limits: 'off' });
	const key = { type: 'yandexMarketApi', data: sandbox.credentials.yandexMarketApi };
	engine.setCredential('key', key);
	parts = await pollingParts(engine, { key });
});

afterEach(async () => {
	await listener?.close();
	listener = undefined;
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const credentials = { yandexMarketApi: { id: 'key', name: 'key' } };

let workflows = 0;

/** A published trigger, and the address that is pasted in the cabinet. */
async function publish(
	parameters: object,
	id = `market-${++workflows}`,
	settings: object = {},
): Promise<string> {
	const workflow: WorkflowInput = {
		id,
		nodes: [
			{
				name: HOOK,
				type: `${PACKAGE}.yandexMarketTrigger`,
				webhookId: '7b0c5c1e-33c6-4c0a-9f2b-4dbb1b6a1b11',
				parameters: { events: EVENTS.map(({ value }) => value), ...parameters },
				credentials,
				...settings,
			},
		],
	};
	listener = await engine.listen(workflow, HOOK);
	return listener.url.replace(/\/notification$/, '');
}

const nextRun = async (): Promise<RunResult> => await (listener as WebhookListener).nextRun();
const AT = '2026-11-28T09:15:49.759084017Z';
const CREATED = {
	notificationType: 'ORDER_CREATED',
	orderId: 51_000_000_004,
	campaignId: fbs,
	items: [{ offerId: '00042', count: 1 }],
	createdAt: AT,
};

describe('the answer', () => {
	test('a PING is answered to the letter and starts nothing', async () => {
		const address = await publish({});
		const [ping] = await notify(address, { notificationType: 'PING', time: AT });
		expect(ping).toMatchObject({ status: 200, verdict: 'done' });
		expect(Object.keys(ping.body as object).sort()).toEqual(['name', 'time', 'version']);
		expect(listener?.runs).toEqual([]);
		expect(sandbox.log).toEqual([]);
	});

	test('an event is answered in the same way and comes as an item', async () => {
		const address = await publish({});
		expect(await notify(address, CREATED)).toMatchObject([{ status: 200, verdict: 'done' }]);
		const run = await nextRun();
		expect(run.json(HOOK)).toEqual([{ ...CREATED, eventTime: '2026-11-28T09:15:49.759Z' }]);
		expect(sandbox.log).toEqual([]);
	});

	test.each([
		['a foreign body', { hello: 'world' }, /notificationType is missing/],
		['a list', [CREATED], /no JSON object|notificationType/],
		['an order without its ID', { ...CREATED, orderId: undefined }, /orderId is missing/],
		['2 MB', { ...CREATED, pad: 'x'.repeat(2 * 1024 * 1024) }, /larger than 1 MB/],
		['10 MB', { ...CREATED, pad: 'x'.repeat(10 * 1024 * 1024) }, /larger than 1 MB/],
		['a text', '"hello"', /no JSON object/],
		['a type that is none', { ...CREATED, notificationType: 7 }, /notificationType is missing/],
	])('%s is refused for good', async (_what, body, says) => {
		const address = await publish({});
		const [refused] = await notify(address, body, 3);
		expect(refused).toMatchObject({ status: 400, verdict: 'refused' });
		expect(refused.body).toMatchObject({
			error: { type: 'WRONG_EVENT_FORMAT', message: expect.stringMatching(says) as string },
		});
		expect(listener?.runs).toEqual([]);
	});

	test('settings that cannot be read are told with their type, and tried again until they are mended', async () => {
		const address = await publish({ options: { shops: 'the red one' } });
		expect(await notify(address, { notificationType: 'PING', time: AT })).toMatchObject([
			{ status: 200, verdict: 'done' },
		]);
		const [attempt] = await notify(address, CREATED);
		expect(attempt).toMatchObject({
			status: 500,
			verdict: 'again',
			body: { error: { type: 'UNKNOWN', message: expect.stringContaining("'Shops'") as string } },
		});
		// The user sees it in n8n.
		expect((await nextRun()).error?.message).toContain("'Shops' holds 'the red one'");
		await listener?.close();
		const mended = await publish({ options: { shops: String(fbs) } }, `market-${workflows}`);
		expect(await notify(mended, CREATED)).toMatchObject([{ verdict: 'done' }]);
		expect((await nextRun()).json(HOOK)).toHaveLength(1);
	});

	test('a wrong secret in the address finds nothing', async () => {
		const address = await publish({});
		const wrong = address.replace('7b0c5c1e', '00000000');
		expect(await notify(wrong, CREATED)).toMatchObject([{ status: 404, verdict: 'again' }]);
		expect(listener?.runs).toEqual([]);
	});
});

/** What each type must have (official schema of the notifications), beside `notificationType` and its moment. */
const ABOUT_ORDER = { orderId: 51_000_000_004, campaignId: fbs };
const ABOUT_RETURN = { ...ABOUT_ORDER, returnId: 6 };
const IN_CABINET = { businessId: YANDEX_BUSINESS_ID };
const TYPES: Record<string, [at: string, fields: object]> = {
	CHAT_ARBITRAGE_FINISHED: ['finishedAt', { ...IN_CABINET, chatId: 77 }],
	CHAT_ARBITRAGE_STARTED: ['startedAt', { ...IN_CABINET, chatId: 77 }],
	CHAT_CREATED: ['createdAt', { ...IN_CABINET, chatId: 77 }],
	CHAT_MESSAGE_SENT: ['sentAt', { ...IN_CABINET, chatId: 77, messageId: '900719925474099312' }],
	GOODS_FEEDBACK_COMMENT_CREATED: ['createdAt', { ...IN_CABINET, commentId: 8 }],
	GOODS_FEEDBACK_CREATED: ['createdAt', { ...IN_CABINET, feedbackId: 9 }],
	ORDER_CANCELLATION_REQUEST: ['requestedAt', ABOUT_ORDER],
	ORDER_CANCELLED: ['cancelledAt', { ...ABOUT_ORDER, items: [] }],
	ORDER_CREATED: ['createdAt', { ...ABOUT_ORDER, items: [] }],
	ORDER_RETURN_CREATED: ['createdAt', { ...ABOUT_RETURN, returnType: 'RETURN', items: [] }],
	ORDER_RETURN_STATUS_UPDATED: [
		'updatedAt',
		{ ...ABOUT_RETURN, statuses: { refundStatus: 'REFUNDED' } },
	],
	ORDER_STATUS_UPDATED: ['updatedAt', { ...ABOUT_ORDER, status: 'DELIVERY', substatus: 'X' }],
	ORDER_UPDATED: ['updatedAt', { ...ABOUT_ORDER, updateType: 'UNKNOWN' }],
	QUESTION_ANSWER_CREATED: ['createdAt', { ...IN_CABINET, answerId: 4 }],
	QUESTION_COMMENT_CREATED: ['createdAt', { ...IN_CABINET, answerId: 4, commentId: 8 }],
	QUESTION_CREATED: ['createdAt', { ...IN_CABINET, questionId: 3 }],
};

test('each of the 16 types is offered, answered, and comes with its moment; the 17th is PING', async () => {
	expect(EVENTS.map(({ value }) => String(value)).sort()).toEqual(Object.keys(TYPES).sort());
	const address = await publish({});
	for (const [notificationType, [at, fields]] of Object.entries(TYPES)) {
		const notification = { notificationType, ...fields, [at]: AT };
		expect(await notify(address, notification)).toMatchObject([{ status: 200, verdict: 'done' }]);
		const [item] = (await nextRun()).json(HOOK);
		expect(item).toMatchObject({ ...notification, eventTime: '2026-11-28T09:15:49.759Z' });
	}
});

test('a notification that a later one of its order has overtaken says so', async () => {
	const address = await publish({});
	const at = async (updatedAt: string, orderId = 5) => {
		const fields = { orderId, campaignId: fbs, status: 'DELIVERY', substatus: 'X', updatedAt };
		await notify(address, { notificationType: 'ORDER_STATUS_UPDATED', ...fields });
		return (await nextRun()).json(HOOK)[0].outOfOrder;
	};
	expect(await at('2026-11-28T09:00:02.5Z')).toBeUndefined();
	expect(await at('2026-11-28T09:00:01.759084017Z')).toBe(true);
	expect(await at('2026-11-28T09:00:01Z', 6)).toBeUndefined();
	expect(await at('2026-11-28T09:00:03Z')).toBeUndefined();
});

describe('what starts the workflow', () => {
	const STATUS = {
		notificationType: 'ORDER_STATUS_UPDATED',
		orderId: 5,
		campaignId: fbs,
		status: 'PROCESSING',
		substatus: 'STARTED',
		updatedAt: AT,
	};
	test.each<[string, object, object, boolean]>([
		['a type that is not chosen', { events: ['CHAT_CREATED'] }, CREATED, false],
		['a shop that is not wanted', { options: { shops: String(dbs) } }, CREATED, false],
		['a wanted shop', { options: { shops: `${dbs}, ${fbs}` } }, CREATED, true],
		['a status that is not wanted', { options: { statuses: 'DELIVERED' } }, STATUS, false],
		['a wanted stage', { options: { statuses: 'started' } }, STATUS, true],
		[
			'a type that is not known yet',
			{ options: { otherTypes: 'ORDER_SHIPPED' } },
			{ notificationType: 'ORDER_SHIPPED', orderId: 5, campaignId: fbs },
			true,
		],
	])('%s', async (_what, form, notification, starts) => {
		const address = await publish(form);
		expect(await notify(address, notification)).toMatchObject([{ verdict: 'done' }]);
		if (starts) expect((await nextRun()).json(HOOK)).toHaveLength(1);
		else expect(listener?.runs).toEqual([]);
	});

	test('a repetition of the Market is dropped, another event of the order is not', async () => {
		const address = await publish({});
		const run = async (notification: object): Promise<number> => {
			await notify(address, notification);
			return (await nextRun()).json(HOOK).length;
		};
		expect(await run(CREATED)).toBe(1);
		expect(await run(CREATED)).toBe(0);
		expect(await run({ ...CREATED, createdAt: '2026-11-28T10:00:00Z' })).toBe(1);
	});
});

describe('Fetch Object', () => {
	test('an order, by the cabinet of its shop, which is asked once', async () => {
		const address = await publish({ fetch: true });
		for (const orderId of [51_000_000_004, 51_000_000_007]) {
			await notify(address, { ...CREATED, orderId });
			const [item] = (await nextRun()).json(HOOK);
			expect(item.object).toMatchObject({ orderId, status: 'PROCESSING' });
		}
		expect(sandbox.log.map(({ method, path }) => `${method} ${path}`)).toEqual([
			`GET /v2/campaigns/${fbs}`,
			`POST /v1/businesses/${YANDEX_BUSINESS_ID}/orders`,
			`POST /v1/businesses/${YANDEX_BUSINESS_ID}/orders`,
		]);
	});

	const about = (notificationType: string, ids: object) => ({
		notificationType,
		businessId: YANDEX_BUSINESS_ID,
		createdAt: AT,
		...ids,
	});
	const BUSINESS = `/v2/businesses/${YANDEX_BUSINESS_ID}`;
	const QUESTIONS = `/v1/businesses/${YANDEX_BUSINESS_ID}/goods-questions`;
	const ORDERS = `/v1/businesses/${YANDEX_BUSINESS_ID}/orders`;
	const cabinet = { businessId: YANDEX_BUSINESS_ID };
	const context = { type: 'RETURN', campaignId: fbs, orderId: 5, returnId: 6 };
	const list = (name: string, row: object) => ({ status: 'OK', result: { [name]: [row] } });
	const one = (row: object) => ({ status: 'OK', result: row });
	const anOrder = {
		request: `POST ${ORDERS}`,
		body: { orderIds: [ABOUT_ORDER.orderId] },
		adds: cabinet,
	};
	const aReturn = {
		request: `GET /v2/campaigns/${fbs}/orders/${ABOUT_RETURN.orderId}/returns/6`,
		answer: one({ id: 6, orderId: ABOUT_RETURN.orderId }),
	};
	const aChat = {
		request: `GET ${BUSINESS}/chat?chatId=77`,
		answer: one({ chatId: 77, context }),
		adds: { campaignId: fbs, orderId: 5, returnId: 6 },
	};
	const anAnswer = {
		request: `POST ${QUESTIONS}/answers`,
		body: { answerIds: [4] },
		answer: list('answers', { id: 4, questionId: 3 }),
		adds: { questionId: 3 },
	};
	/** What is asked, what the Market answers where the sandbox's own answer is not meant, and the IDs that the item gains. */
	const FETCHED: Record<
		string,
		{ request: string; body?: object; answer?: object; adds?: object }
	> = {
		CHAT_ARBITRAGE_FINISHED: aChat,
		CHAT_ARBITRAGE_STARTED: aChat,
		CHAT_CREATED: aChat,
		CHAT_MESSAGE_SENT: {
			request: `GET ${BUSINESS}/chats/message?chatId=77&messageId=900719925474099312`,
			answer: one({ messageId: 1, sender: 'CUSTOMER', message: 'Hello' }),
		},
		GOODS_FEEDBACK_COMMENT_CREATED: {
			request: `POST ${BUSINESS}/goods-feedback/comments`,
			body: { commentIds: [8] },
			answer: list('comments', { id: 8, feedbackId: 9 }),
			adds: { feedbackId: 9 },
		},
		GOODS_FEEDBACK_CREATED: {
			request: `POST ${BUSINESS}/goods-feedback`,
			body: { feedbackIds: [9] },
			answer: list('feedbacks', { feedbackId: 9 }),
		},
		ORDER_CANCELLATION_REQUEST: anOrder,
		ORDER_CANCELLED: anOrder,
		ORDER_CREATED: anOrder,
		ORDER_RETURN_CREATED: aReturn,
		ORDER_RETURN_STATUS_UPDATED: aReturn,
		ORDER_STATUS_UPDATED: anOrder,
		ORDER_UPDATED: anOrder,
		QUESTION_ANSWER_CREATED: anAnswer,
		QUESTION_COMMENT_CREATED: anAnswer,
		QUESTION_CREATED: {
			request: `POST ${QUESTIONS}`,
			body: { questionIds: [3] },
			answer: list('questions', { questionIdentifiers: { id: 3 } }),
		},
	};

	test('has an object and an answer for each type', () => {
		expect(Object.keys(FETCHED).sort()).toEqual(Object.keys(TYPES).sort());
	});

	test.each(Object.entries(FETCHED))(
		'%s brings its object, and the IDs that the next node asks for',
		async (notificationType, { request, body, answer, adds = {} }) => {
			const address = await publish({ fetch: true });
			if (answer) sandbox.faults.add({ vendor: 'yandexMarket', status: 200, body: answer });
			const [at, fields] = TYPES[notificationType];
			const notification = { notificationType, ...fields, [at]: AT };
			await notify(address, notification);
			const run = await nextRun();
			expect(run.error).toBeUndefined();
			const [{ object, ...item }] = run.json(HOOK);
			expect(object).toBeInstanceOf(Object);
			expect(item).toEqual({ ...notification, ...adds, eventTime: '2026-11-28T09:15:49.759Z' });
			const sent = sandbox.log[sandbox.log.length - 1];
			expect(`${sent.method} ${sent.url}`).toBe(request);
			if (body !== undefined) expect(sent.body).toEqual(body);
		},
	);

	test('own messages are told apart from those of buyers', async () => {
		const address = await publish({ fetch: true, options: { ignoreOwn: true } });
		for (const [sender, count] of [
			['PARTNER', 0],
			['CUSTOMER', 1],
		] as const) {
			sandbox.faults.add({
				vendor: 'yandexMarket',
				status: 200,
				body: { status: 'OK', result: { messageId: count + 1, sender, message: 'Hello' } },
			});
			await notify(address, about('CHAT_MESSAGE_SENT', { chatId: 77, messageId: count + 1 }));
			expect((await nextRun()).json(HOOK)).toHaveLength(count);
		}
	});

	test('what is gone is null; what fails leaves the event for another run', async () => {
		const address = await publish({ fetch: true });
		const gone = { ...CREATED, orderId: 51_999_999_999 };
		await notify(address, gone);
		expect((await nextRun()).json(HOOK)[0].object).toBeNull();
		sandbox.faults.add({ vendor: 'yandexMarket', status: 401, path: '/orders$' });
		await notify(address, CREATED);
		expect((await nextRun()).error?.message).toContain('API key was not accepted');
		await notify(address, CREATED);
		expect((await nextRun()).json(HOOK)).toHaveLength(1);
	});
});

describe('what fails with', () => {
	test.each([
		['continueRegularOutput', 0, { ...CREATED }],
		['continueErrorOutput', 1, { message: CREATED }],
	] as const)('%s keeps the event', async (onError, output, holds) => {
		const address = await publish({ fetch: true }, undefined, { onError });
		sandbox.faults.add({ vendor: 'yandexMarket', status: 401, path: '/campaigns' });
		await notify(address, CREATED);
		const [item] = (await nextRun()).json(HOOK, output);
		expect(item).toMatchObject({
			...holds,
			error: expect.stringContaining('API key was not accepted') as string,
		});
	});

	test('a setting that cannot work keeps the event, too', async () => {
		const options = { dropRepeats: '={{ "perhaps" }}' };
		const address = await publish({ options }, undefined, { onError: 'continueRegularOutput' });
		await notify(address, CREATED);
		const [item] = (await nextRun()).json(HOOK);
		expect(item).toMatchObject({ ...CREATED, error: "'Drop Repeats' is 'perhaps'" });
	});
});

/** A published workflow that polls. */
class MarketPoller extends Poller {
	constructor(parameters: object, id = `market-${++workflows}`) {
		const node = {
			name: POLL,
			type: POLLED.type,
			parameters: {
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				businessId: byId(YANDEX_BUSINESS_ID),
				...parameters,
			},
			credentials,
		};
		super(parts, { id, nodes: [node] }, POLLED);
	}
}

const campaign = { id: fbs, placementType: 'FBS' } as Parameters<
	Sandbox['yandexMarket']['orders']['move']
>[0];
const brief = (rows: IDataObject[]) =>
	rows.map(({ event, orderId, substatus }) => [event, orderId, substatus]);

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe('polling', () => {
	test('passes on nothing of before, then each change once', async () => {
		const { orders } = sandbox.yandexMarket;
		const poller = new MarketPoller({});
		expect(await poller.tick()).toEqual([]);
		const { orderId } = orders.place(fbs);
		expect(brief(await poller.tick())).toEqual([['order.created', orderId, 'STARTED']]);
		expect(await poller.tick()).toEqual([]);
		orders.move(campaign, orderId, { status: 'PROCESSING', substatus: 'READY_TO_SHIP' });
		expect(brief(await poller.tick())).toEqual([['order.updated', orderId, 'READY_TO_SHIP']]);
		expect(await poller.tick()).toEqual([]);
	});

	test('an order that comes without its dates is passed on once for each status', async () => {
		const poller = new MarketPoller({});
		const path = '/v1/businesses/\\d+/orders';
		const answer = (substatus: string) => {
			sandbox.faults.clear();
			const body = { orders: [{ orderId: 5, status: 'PROCESSING', substatus }], paging: {} };
			sandbox.faults.add({ vendor: 'yandexMarket', path, body, times: 100 });
		};
		answer('STARTED');
		expect(brief(await poller.tick())).toEqual([['order.updated', 5, 'STARTED']]);
		expect(await poller.tick()).toEqual([]);
		answer('READY_TO_SHIP');
		expect(brief(await poller.tick())).toEqual([['order.updated', 5, 'READY_TO_SHIP']]);
		expect(await poller.tick()).toEqual([]);
		sandbox.faults.clear();
	});

	test('begins at a date, and reads what an outage left, piece by piece', async () => {
		const since = daysAgo(3);
		const poller = new MarketPoller({ firstRun: 'since', since });
		const found = await poller.tick();
		expect(found.length).toBeGreaterThan(2);
		expect(new Set(found.map(({ orderId }) => orderId)).size).toBe(found.length);
		for (const { eventTime } of found) {
			expect(Date.parse(String(eventTime))).toBeGreaterThanOrEqual(Date.parse(since));
		}
		const asked = sandbox.log.map(({ body }) => (body as { dates: IDataObject }).dates);
		// Three days in quarters, and the moment since they were counted.
		const pieces = asked.filter(({ creationDateFrom }) => creationDateFrom === undefined);
		expect([12, 13]).toContain(pieces.length);
	});

	test('only wanted shops and stages', async () => {
		const { orders } = sandbox.yandexMarket;
		const poller = new MarketPoller({ options: { shops: String(fbs), statuses: 'READY_TO_SHIP' } });
		await poller.tick();
		orders.place(dbs);
		const { orderId } = orders.place(fbs);
		expect(await poller.tick()).toEqual([]);
		orders.move(campaign, orderId, { status: 'PROCESSING', substatus: 'READY_TO_SHIP' });
		expect(brief(await poller.tick())).toHaveLength(1);
	});

	test('returns, of all shops that the API may use', async () => {
		const poller = new MarketPoller({ watch: ['returns'], firstRun: 'since', since: daysAgo(20) });
		const at = new Date(Date.now() - 60_000).toISOString();
		const body = {
			status: 'OK',
			result: { returns: [{ id: 6, orderId: 5, creationDate: at, updateDate: at }] },
		};
		sandbox.faults.add({
			vendor: 'yandexMarket',
			path: `${fbs}/returns`,
			status: 200,
			body,
			times: 500,
		});
		const empty = { status: 'OK', result: { returns: [] } };
		sandbox.faults.add({
			vendor: 'yandexMarket',
			path: '/returns$',
			status: 200,
			body: empty,
			times: 5000,
		});
		const rows = await poller.tick();
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({ id: 6, orderId: 5 });
	});

	test('the ID of a shop is taken to its last digit', async () => {
		const shops = '9007199254740993';
		const poller = new MarketPoller({ watch: ['returns'], options: { shops } });
		const empty = { status: 'OK', result: { returns: [] } };
		sandbox.faults.add({ vendor: 'yandexMarket', path: '/returns$', body: empty });
		expect(await poller.tick()).toEqual([]);
		expect(sandbox.log.map(({ path }) => path)).toEqual([`/v2/campaigns/${shops}/returns`]);
	});

	test('a run by hand shows the newest change', async () => {
		const run = await new MarketPoller({}).execute([{ json: {} }], 'manual');
		expect(run.json(POLL)).toHaveLength(1);
		expect(run.json(POLL)[0]).toMatchObject({ event: 'order.updated' });
	});

	test('without a cabinet nothing is asked', async () => {
		await expect(new MarketPoller({ businessId: byId('') }).tick()).rejects.toThrow(
			/'Cabinet' is empty/,
		);
		expect(sandbox.log).toEqual([]);
	});
});

interface Statuses {
	states: Record<string, string>;
}

describe('n8n is killed', () => {
	const step = { status: 'PROCESSING', substatus: 'READY_TO_SHIP' };

	/** Two new orders, handed over by a poll. */
	async function handedOver(options: object = {}) {
		const { orders } = sandbox.yandexMarket;
		const poller = new MarketPoller({ options });
		await poller.tick();
		const placed = [orders.place(fbs), orders.place(fbs)].map(({ orderId }) => orderId);
		const items = (await poller.poll()) ?? [];
		expect(items).toHaveLength(2);
		return { orders, poller, items, placed };
	}

	const both = (placed: unknown[]) => placed.map((id) => ['order.created', id, 'STARTED']);

	test('before the execution is stored: its changes come once more', async () => {
		const { poller, placed } = await handedOver();
		poller.restart();
		expect(brief(await poller.tick()).sort()).toEqual(both(placed).sort());
		expect(await poller.tick()).toEqual([]);
	});

	test('after the execution has begun: they do not', async () => {
		const { poller, items, orders, placed } = await handedOver();
		expect((await poller.execute(items)).json(POLL)).toHaveLength(2);
		poller.restart();
		expect(await poller.tick()).toEqual([]);
		orders.move(campaign, placed[0], step);
		expect(brief(await poller.tick())).toEqual([['order.updated', placed[0], 'READY_TO_SHIP']]);
	});

	test.each([
		['lost, and the order has moved on: its creation and its step', false],
		['there, and the order has moved on: its step', true],
	])('the hand-over is %s', async (_what, arrives) => {
		const { poller, items, orders, placed } = await handedOver();
		if (arrives) await poller.execute(items);
		orders.move(campaign, placed[0], step);
		const late = orders.place(fbs);
		poller.restart();
		const found = brief(await poller.tick());
		expect(found.sort()).toEqual(
			[
				['order.updated', placed[0], 'READY_TO_SHIP'],
				['order.created', late.orderId, 'STARTED'],
				...(arrives
					? []
					: [
							['order.created', placed[0], 'READY_TO_SHIP'],
							['order.created', placed[1], 'STARTED'],
						]),
			].sort(),
		);
		expect(await poller.tick()).toEqual([]);
	});

	test('what may be lost is read to its end, however little time is left', async () => {
		const poller = new MarketPoller({ firstRun: 'since', since: daysAgo(3) });
		const lost = (await poller.poll()) ?? [];
		expect(lost.length).toBeGreaterThan(2);
		poller.restart();
		poller.budgetMs = 1;
		expect(await poller.tick()).toHaveLength(lost.length);
		expect(await poller.tick()).toEqual([]);
	});

	test('what is kept for it is the statuses that the hand-over has changed, not all of them', async () => {
		const { orders } = sandbox.yandexMarket;
		const poller = new MarketPoller({ firstRun: 'since', since: daysAgo(3) });
		const { orderId: moved } = orders.place(fbs);
		await poller.tick();
		orders.move(campaign, moved, step);
		const { orderId } = orders.place(fbs);
		await poller.poll();
		const { handed, position } = poller.state as PollingState<Record<string, Statuses>>;
		const { states } = position?.orders ?? {};
		expect(Object.keys(states ?? {}).length).toBeGreaterThan(2);
		expect(Object.keys(handed?.before?.orders.states ?? {}).sort()).toEqual(
			[`_${String(moved)}`, `_${String(orderId)}`].sort(),
		);
		poller.restart();
		expect(brief(await poller.tick()).sort()).toEqual(
			[
				['order.updated', moved, 'READY_TO_SHIP'],
				['order.created', orderId, 'STARTED'],
			].sort(),
		);
		expect(await poller.tick()).toEqual([]);
	});

	test('beside the webhook trigger: a lost hand-over has used up no change', async () => {
		const { orders } = sandbox.yandexMarket;
		const since = new Date(Date.now() - 600_000).toISOString();
		const poller = new MarketPoller({ firstRun: 'since', since, options: { withWebhook: true } });
		const { orderId } = orders.place(fbs, 120_000);
		expect(await poller.poll()).toHaveLength(1);
		poller.restart();
		expect(brief(await poller.tick())).toEqual([['order.created', orderId, 'STARTED']]);
		expect(await poller.tick()).toEqual([]);
	});

	test('a workflow that was published before goes on where it was', async () => {
		const { poller, orders } = await handedOver();
		const { position } = poller.state;
		poller.leave({ polling: position as IDataObject });
		const { orderId } = orders.place(fbs);
		expect(brief(await poller.tick())).toEqual([['order.created', orderId, 'STARTED']]);
		expect(Object.keys(poller.state).sort()).toEqual(['handed', 'position']);
	});
});

test('the two triggers of a workflow pass each change on once, over an outage', async () => {
	const { orders } = sandbox.yandexMarket;
	const id = `market-${++workflows}`;
	// Orders of minutes ago: young changes are left to the notifications.
	const minutes = 120_000;
	const since = new Date(Date.now() - 10 * minutes).toISOString();
	const poller = new MarketPoller({ firstRun: 'since', since, options: { withWebhook: true } }, id);
	const address = await publish({ options: { withPolling: true } }, id);

	const told = orders.place(fbs, 2 * minutes);
	const missed = orders.place(fbs, minutes);
	const notice = (order: IDataObject) => ({
		notificationType: 'ORDER_CREATED',
		orderId: order.orderId,
		campaignId: fbs,
		items: [],
		createdAt: order.creationDate,
	});
	const step = (order: IDataObject) => ({
		notificationType: 'ORDER_STATUS_UPDATED',
		orderId: order.orderId,
		campaignId: fbs,
		status: order.status,
		substatus: order.substatus,
		updatedAt: order.updateDate,
	});
	await notify(address, notice(told as IDataObject));
	expect((await nextRun()).json(HOOK)).toHaveLength(1);
	await notify(address, step(told as IDataObject));
	expect((await nextRun()).json(HOOK)).toHaveLength(1);
	// n8n was away when the other one came: only the poll finds it.
	expect(brief(await poller.tick())).toEqual([['order.created', missed.orderId, 'STARTED']]);
	// The Market tries again later: the poll has had it.
	await notify(address, notice(missed as IDataObject));
	expect((await nextRun()).json(HOOK)).toEqual([]);
	expect(await poller.tick()).toEqual([]);
});
