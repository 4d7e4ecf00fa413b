/** Yandex Market Trigger without n8n: what answering takes, and objects that many executions fetch at once. */
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import type { ApiRequest } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import { exactJson } from '../../nodes/shared/road/exact';
import { gathered } from '../../nodes/shared/road/gathered';
import { kept } from '../../nodes/shared/road/kept';
import type { Road } from '../../nodes/shared/road/road';
import { objectOf } from '../../nodes/YandexMarket/trigger/objects';

const loaded: string[] = [];
jest.mock('../../nodes/YandexMarket/facts.generated', () => {
	loaded.push('facts');
	return jest.requireActual<object>('../../nodes/YandexMarket/facts.generated');
});

test('a PING is answered without the catalogue', async () => {
	await jest.isolateModulesAsync(async () => {
		loaded.length = 0;
		const { receive } = await import('../../nodes/YandexMarket/trigger/receiving');
		const context = {
			getQueryData: () => ({}),
			getBodyData: () => ({ notificationType: 'PING', time: '2026-11-28T09:15:49Z' }),
			getRequestObject: () => ({ headers: {} }),
			getNodeParameter: () => {
				throw new Error('No setting is read');
			},
		} as unknown as IWebhookFunctions;
		const { webhookResponse, workflowData } = await receive.call(context);
		expect(Object.keys(webhookResponse as object).sort()).toEqual(['name', 'time', 'version']);
		expect(workflowData).toBeUndefined();
		expect(loaded).toEqual([]);
	});
});

/** A road whose answers come when they are let go. */
function slowRoad(answer: (ids: number[]) => IDataObject[]) {
	const asked: number[][] = [];
	const held: Array<() => void> = [];
	const send = async ({ path, body }: ApiRequest) => {
		if (path.startsWith('/v2/campaigns/')) {
			return { status: 200, headers: {}, body: { campaign: { business: { id: 7 } } } };
		}
		const { orderIds } = body as { orderIds: number[] };
		asked.push(orderIds);
		await new Promise<void>((resolve) => held.push(resolve));
		return { status: 200, headers: {}, body: { orders: answer(orderIds) } };
	};
	const road = { send, connection: { budgetKey: `gathered ${Math.random()}` } } as unknown as Road;
	const settle = async () => await new Promise((resolve) => setImmediate(resolve));
	/** Lets answers go until nothing waits. */
	const letGo = async () => {
		for (await settle(); held.length > 0; await settle()) held.shift()?.();
	};
	return { road, asked, letGo };
}

const notice = (orderId: number) => ({
	notificationType: 'ORDER_CREATED',
	orderId,
	campaignId: 21,
});
const ids = Array.from({ length: 61 }, (_, at) => 100 + at);

test('objects that are fetched at the same time share requests, 50 in each', async () => {
	const { road, asked, letGo } = slowRoad((some) =>
		some.filter((id) => id !== 130).map((orderId) => ({ orderId, status: 'DELIVERY' })),
	);
	const all = Promise.all(ids.map(async (id) => await objectOf(notice(id), road)));
	await letGo();
	const found = await all;
	expect(asked.map(({ length }) => length)).toEqual([1, 50, 10]);
	expect(found.map((order) => order?.orderId ?? null)).toEqual(
		ids.map((id) => (id === 130 ? null : id)),
	);
});

test('what makes a shared request fail is the failure of its own execution only', async () => {
	const { road, asked, letGo } = slowRoad((some) => {
		if (some.includes(130)) throw new Error('130 is refused');
		return some.map((orderId) => ({ orderId }));
	});
	const all = Promise.allSettled(ids.slice(0, 35).map((id) => objectOf(notice(id), road)));
	await letGo();
	const found = await all;
	expect(found.filter(({ status }) => status === 'rejected')).toHaveLength(1);
	expect(found[30]).toMatchObject({ status: 'rejected' });
	// The first, all others together, and then each of these by itself.
	expect(asked).toHaveLength(1 + 1 + 34);
});

test('two accounts do not share', async () => {
	const asked: string[][] = [];
	const ask = async (some: string[]) => {
		asked.push(some);
		return await Promise.resolve(new Map(some.map((id) => [id, id])));
	};
	expect(await Promise.all(['a', 'b'].map((key) => gathered(key, '1', 50, ask)))).toEqual([
		'1',
		'1',
	]);
	expect(asked).toHaveLength(2);
});

test('an object whose ID is beyond 2^53 is asked for by that very ID', async () => {
	const bodies: string[] = [];
	const send = async ({ body }: ApiRequest) => {
		bodies.push(exactJson(body));
		return await Promise.resolve({ status: 200, headers: {}, body: { result: { comments: [] } } });
	};
	const road = { send, connection: { budgetKey: 'long IDs' } } as unknown as Road;
	const told = {
		notificationType: 'GOODS_FEEDBACK_COMMENT_CREATED',
		businessId: 7,
		commentId: '900719925474099312',
	};
	expect(await objectOf(told, road)).toBeNull();
	expect(bodies).toEqual(['{"commentIds":[900719925474099312]}']);
});

test('IDs beyond 2^53 in a notification keep their digits, and shops are told apart by them', async () => {
	const { receive } = await import('../../nodes/YandexMarket/trigger/receiving');
	const orderId = '9007199254740993';
	const text = `{"notificationType":"ORDER_CREATED","orderId":${orderId},"campaignId":9007199254740995,"createdAt":"2026-11-28T09:15:49Z"}`;
	const arrived = async (shops: string) => {
		const context = {
			getQueryData: () => ({}),
			// As n8n reads it: the digits are lost by then.
			getBodyData: () => JSON.parse(text) as IDataObject,
			getRequestObject: () => ({ headers: {}, rawBody: Buffer.from(text) }),
			getNodeParameter: (name: string) => (name === 'events' ? ['ORDER_CREATED'] : { shops }),
		} as unknown as IWebhookFunctions;
		return (await receive.call(context)).workflowData?.[0] as unknown as Array<{
			delivery: { told: string };
		}>;
	};
	const [{ delivery }] = await arrived('9007199254740995');
	expect(JSON.parse(delivery.told)).toMatchObject({ orderId, campaignId: '9007199254740995' });
	expect(await arrived('9007199254740996')).toBeUndefined();
});

test('what is kept is asked for again where the execution that asked was stopped, and fails otherwise', async () => {
	let stop: (error: Error) => void = () => undefined;
	const stopped = async () => await new Promise<string>((_, reject) => (stop = reject));
	const asked: number[] = [];
	const ask = async () => await Promise.resolve(String(asked.push(1)));

	const first = kept('stopped', 60_000, stopped);
	const others = Promise.all([kept('stopped', 60_000, ask), kept('stopped', 60_000, ask)]);
	stop(new Cancelled());
	await expect(first).rejects.toThrow(Cancelled);
	expect(await others).toEqual(['1', '1']);

	const failing = kept('refused', 60_000, stopped);
	const waiting = kept('refused', 60_000, ask);
	stop(new Error('refused'));
	const both = await Promise.allSettled([failing, waiting]);
	expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	expect(asked).toHaveLength(1);
});
