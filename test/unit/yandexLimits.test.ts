/** Limits of Yandex Market: what the planner keeps to, and what it learns from answers. */
import { Planner } from '../../nodes/shared/road/planner';
import type { ApiAnswer, ApiRequest } from '../../nodes/shared/catalogue';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { FakeClock, settle } from './fakeClock';

let keys = 0;

/** A planner of a key of its own; when requests are let go, in ms from now on. */
function plan() {
	const clock = new FakeClock();
	const connection = yandexMarket.connect({ apiKey: `ACMA:limits-${++keys}`, host: 'ru' });
	const planner = new Planner(connection.policy, clock);
	const start = clock.now();
	return async (requests: ApiRequest[], answer?: Partial<ApiAnswer>): Promise<number[]> => {
		const times: number[] = [];
		for (const request of requests) {
			let isIn = false;
			const entering = planner.enter(request).finally(() => (isIn = true));
			await settle();
			while (!isIn) await clock.advance(1000);
			const turn = await entering;
			times.push(Math.round((clock.now() - start) / 1000));
			const full = { status: 200, headers: {}, body: {}, ...answer };
			turn.leave(connection.policy.read(full, request));
		}
		return times;
	};
}

const report = (kind: string): ApiRequest => ({
	method: 'POST',
	path: `/v2/reports/${kind}/generate`,
	body: { businessId: 7 },
});
const prices = (count: number): ApiRequest => ({
	method: 'POST',
	path: '/v2/businesses/7/offer-prices/updates',
	body: { offers: Array.from({ length: count }, (_, index) => ({ offerId: String(index) })) },
});
const stocks = (count: number): ApiRequest => ({
	method: 'PUT',
	path: '/v2/campaigns/21/offers/stocks',
	body: { skus: Array.from({ length: count }, (_, index) => ({ sku: String(index) })) },
});

test('reports, one of a kind in two minutes, are left to the answers: nothing waits for minutes by our own count', async () => {
	const times = await plan()([report('united-orders'), report('united-orders')]);
	expect(times).toEqual([0, 0]);
});

test('prices are counted by product: 10,000 a minute', async () => {
	const times = await plan()(Array.from({ length: 21 }, () => prices(500)));
	expect(times[19]).toBe(0);
	expect(times[20]).toBeGreaterThanOrEqual(60);
});

test('stocks are counted by SKU: ten requests of 2,000 go at once', async () => {
	expect(await plan()(Array.from({ length: 10 }, () => stocks(2000)))).toEqual(
		Array.from({ length: 10 }, () => 0),
	);
});

test('rows of an answer are counted by the page that was asked for', async () => {
	const page: ApiRequest = {
		method: 'POST',
		path: '/v2/businesses/7/offer-prices',
		query: { limit: 500 },
		body: {},
	};
	// 5,000 rows a minute without a subscription.
	const times = await plan()(Array.from({ length: 11 }, () => page));
	expect(times[9]).toBe(0);
	expect(times[10]).toBeGreaterThanOrEqual(60);
});

test('what an answer tells of a limit counts from then on: subscriptions raise it', async () => {
	const headers = { 'x-ratelimit-resource-limit': '100000' };
	const times = await plan()(
		Array.from({ length: 21 }, () => prices(500)),
		{ headers },
	);
	expect(times[20]).toBe(0);
});

test('limits of an hour are left to the answers', async () => {
	const request: ApiRequest = { method: 'POST', path: '/v2/campaigns/21/orders/5/external-id' };
	const times = await plan()(Array.from({ length: 1100 }, () => request));
	expect(times[1099]).toBe(0);
});

describe('420', () => {
	const connection = yandexMarket.connect({ apiKey: 'ACMA:limits-420', host: 'ru' });
	const read = (message: string, until?: Date) =>
		connection.policy.read(
			{
				status: 420,
				headers: until ? { 'x-ratelimit-resource-until': until.toUTCString() } : {},
				body: { status: 'ERROR', errors: [{ code: 'METHOD_FAILURE', message }] },
			},
			report('united-orders'),
		);

	test('a date that lies ahead holds back that method alone', () => {
		const verdict = read('Hit rate limit', new Date(Date.now() + 30_000));
		expect(verdict).toMatchObject({ kind: 'refused', by: 'lane' });
		expect((verdict as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(28_000);
	});

	test('a date that has passed means a second', () => {
		const verdict = read('Hit rate limit', new Date(Date.now() - 3_600_000));
		expect(verdict).toEqual({ kind: 'refused', by: 'lane', retryAfterMs: 1000 });
	});

	test('the parallel limit tells no date', () => {
		expect(read('Hit rate limit of 4 parallel requests')).toMatchObject({ by: 'parallel' });
	});

	test('too many reports hold back reports, not everything', () => {
		expect(read('Active reports limit exceeded')).toEqual({
			kind: 'refused',
			by: 'lane',
			retryAfterMs: 20_000,
		});
	});
});
