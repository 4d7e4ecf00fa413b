import type { Outcome } from './setup';
import { busiest, House, paths, speedUp } from './setup';

const LIST = { resource: 'webhook', operation: 'getAll', limit: 1 };
const CREATE = {
	resource: 'webhook',
	operation: 'create',
	entityType: 'product',
	action: 'CREATE',
	url: 'https://example.com/moysklad',
};
const WINDOW_MS = 3000;
/** Requests of a user in the window: 45 units, 4 each. */
const PER_WINDOW = 11;
const PER_MINUTE_MS = 60_000;

const houses: House[] = [];

/** A house whose sandbox keeps MoySklad's budgets, and whose planners know nothing yet. */
async function open(latencyMs = 0): Promise<House> {
	const house = await House.open({
		assortmentRows: 10,
		limits: 'documented',
		latency: { baseMs: latencyMs },
	});
	houses.push(house);
	return house;
}

afterAll(async () => {
	for (const house of houses) await house.close();
});

const asMany = (count: number) => Array.from({ length: count }, (_unused, n) => ({ n }));
const arrivals = (requests: Outcome['requests']) => requests.map(({ at }) => at);

describe('the budget', () => {
	let house: House;
	let shared: House;
	let long: Promise<Outcome>;

	// The long wait for the budget is real; the shorter one goes on beside it, in an account of its own.
	beforeAll(async () => {
		// The node loads its catalogue with its first run; Jest lets nobody load anything between two tests.
		await (await open()).run(LIST, { credential: 'user' });
		house = await open(120);
		shared = await open(60);
		house.state.webhooks.create('webhook', { ...CREATE });
		long = house.run(LIST, { items: asMany(45), credential: 'user' });
	});

	test('two workflows at once share it', async () => {
		const started = Date.now();
		const runs = await Promise.all(
			['first', 'second'].map(
				async () => await shared.start(LIST, { items: asMany(8), credential: 'user' }).result,
			),
		);
		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(shared.requests.map(({ status }) => status)).toEqual(Array(16).fill(200));
		expect(busiest(arrivals(shared.requests), WINDOW_MS)).toBeLessThanOrEqual(PER_WINDOW);
		expect(Date.now() - started).toBeGreaterThanOrEqual(WINDOW_MS);
		const usage = shared.state.limits.usage()['user:admin'];
		expect(usage).toMatchObject({ refusedByRate: 0, refusedByParallel: 0 });
		expect(usage.peakInFlight).toBeLessThanOrEqual(5);
	});

	test('45 items send 45 requests, and none of them is refused', async () => {
		const { result, items, requests } = await long;
		expect(result.error?.message).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			asMany(45).map(({ n }) => ({ item: n })),
		);
		expect(requests.map(({ status, weight }) => [status, weight])).toEqual(
			Array(45).fill([200, 4]),
		);
		expect(busiest(arrivals(requests), WINDOW_MS)).toBeLessThanOrEqual(PER_WINDOW);
		const usage = house.state.limits.usage()['user:admin'];
		expect(usage).toMatchObject({ refusedByRate: 0, refusedByParallel: 0 });
		expect(usage.peakInFlight).toBeLessThanOrEqual(5);
		// Slow enough for MoySklad: 45 requests need four full windows and a bit. One window for each five would be eight.
		const took = Math.max(...arrivals(requests)) - Math.min(...arrivals(requests));
		expect(took).toBeGreaterThanOrEqual(4 * WINDOW_MS);
		expect(took).toBeLessThan(8 * WINDOW_MS);
	}, 30_000);

	test('a solution has all of it', async () => {
		const quick = await open();
		const { result, requests } = await quick.run(LIST, {
			items: asMany(40),
			credential: 'solution',
		});
		expect(result.status).toBe('success');
		expect(new Set(requests.map(({ weight }) => weight))).toEqual(new Set([1]));
		const took = Math.max(...arrivals(requests)) - Math.min(...arrivals(requests));
		// A user's budget makes them last three windows.
		expect(took).toBeLessThan(3 * WINDOW_MS);
		expect(quick.state.limits.usage()['solution:published'].refusedByRate).toBe(0);
	});
});

describe('a refusal', () => {
	const error = (code: number) => ({ errors: [{ error: `Refused with ${code}`, code }] });

	test('429 with X-Lognex-Retry-After is waited for, in milliseconds', async () => {
		const house = await open();
		house.sandbox.faults.add({
			vendor: 'moysklad',
			status: 429,
			body: error(1049),
			headers: { 'X-Lognex-Retry-After': '1200', 'X-Lognex-Reset': '1200' },
		});
		const { requests, items } = await house.good(LIST, { credential: 'user' });
		expect(items).toEqual([]);
		expect(requests.map(({ status }) => status)).toEqual([429, 200]);
		const waited = requests[1].at - requests[0].at;
		expect(waited).toBeGreaterThanOrEqual(1200);
		expect(waited).toBeLessThan(20_000);
	});

	test('1073, which names no time, is waited for as well', async () => {
		const house = await open();
		house.sandbox.faults.add({ vendor: 'moysklad', status: 429, body: error(1073) });
		const { requests } = await house.good(LIST, { items: asMany(3), credential: 'user' });
		expect(requests.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
		const refused = requests.find(({ status }) => status === 429);
		const later = requests.filter(({ at, status }) => status === 200 && at > (refused?.at ?? 0));
		expect(later.length).toBeGreaterThan(0);
	});

	test('a create is sent again: the refused one has done nothing', async () => {
		const house = await open();
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			status: 429,
			body: error(1049),
			headers: { 'X-Lognex-Retry-After': '100' },
		});
		const { requests, json } = await house.good(CREATE, { credential: 'user' });
		expect(requests.map(({ method, status }) => [method, status])).toEqual([
			['POST', 429],
			['POST', 200],
		]);
		expect(requests[1].body).toEqual(requests[0].body);
		expect(house.state.webhooks.list('webhook').map(({ id }) => id)).toEqual([json[0].id]);
	});

	test('a wait of more than five minutes is an error that says so', async () => {
		const house = await open();
		house.sandbox.faults.add({
			vendor: 'moysklad',
			status: 429,
			body: error(1049),
			headers: { 'X-Lognex-Retry-After': '600000' },
		});
		const { error: shown, requests } = await house.bad(LIST, { credential: 'user' });
		expect(requests).toHaveLength(1);
		expect(shown.message).toMatch(
			/^MoySklad: the limit of requests is used up for about 1[01] min$/,
		);
		expect(shown.failure).toMatchObject({ cause: 'rate-limited' });
		expect(shown.failure?.retryAfterMs).toBeGreaterThan(590_000);
	});

	describe('in minutes that pass quickly', () => {
		let slowDown: () => void;

		beforeAll(() => {
			slowDown = speedUp(250);
		});

		afterAll(() => slowDown());

		test('a storm of 20 ends well, with fewer than 20 refusals in any minute', async () => {
			const house = await open();
			// Five times four refusals, and three answers that pass after each.
			for (let burst = 0; burst < 5; burst++) {
				house.sandbox.faults.add({
					vendor: 'moysklad',
					status: 429,
					body: error(1049),
					headers: { 'X-Lognex-Retry-After': '1000' },
					times: 4,
					after: 3 * burst,
				});
			}
			const { result, requests } = await house.run(LIST, {
				items: asMany(16),
				credential: 'user',
			});
			expect(result.error?.message).toBeUndefined();
			expect(result.status).toBe('success');
			const refused = requests.filter(({ status }) => status === 429);
			expect(refused).toHaveLength(20);
			expect(requests).toHaveLength(36);
			expect(busiest(arrivals(refused), PER_MINUTE_MS)).toBeLessThan(20);
			expect(house.state.limits.usage()['user:admin'].blockedBecause).toBeUndefined();
		}, 60_000);

		test('an endless refusal ends as an error, without a storm', async () => {
			const house = await open();
			house.sandbox.faults.add({
				vendor: 'moysklad',
				status: 429,
				body: error(1049),
				times: 1000,
			});
			const { error: shown, requests } = await house.bad(LIST, {
				items: asMany(30),
				credential: 'user',
			});
			expect(requests.length).toBeGreaterThanOrEqual(5);
			expect(busiest(arrivals(requests), PER_MINUTE_MS)).toBeLessThan(20);
			const lasted = Math.max(...arrivals(requests)) - Math.min(...arrivals(requests));
			expect(lasted).toBeLessThan(15 * PER_MINUTE_MS);
			expect(paths(requests).every((path) => path === 'GET /entity/webhook')).toBe(true);
			expect(shown.message).toMatch(/^MoySklad: the limit of requests .+ \[item \d+\]$/);
			expect(shown.failure).toMatchObject({ cause: 'rate-limited' });
			expect(shown.description).toMatch(/again/);
		}, 60_000);
	});
});
