import { getEventListeners } from 'events';

import fc from 'fast-check';

import { connect as connectMoySklad } from '../../nodes/MoySklad/connection';
import { connect as connectYandex } from '../../nodes/YandexMarket/connection';
import { connect as connectAltegio } from '../../nodes/Altegio/connection';
import type { ApiRequest } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import {
	Planner,
	plannerFor,
	WaitTooLong,
	type Policy,
	type Turn,
	type Verdict,
} from '../../nodes/shared/road/planner';
import { mix } from '../../sandbox/shared/random';
import { FakeClock, settle } from './fakeClock';

// Hours of simulated time take seconds on a busy machine.
jest.setTimeout(60_000);

const PASSED: Verdict = { kind: 'passed' };
const BY_RATE: Verdict = { kind: 'refused', by: 'rate' };

const get = (path = '/entity/product'): ApiRequest => ({ method: 'GET', path });

const userPolicy = connectMoySklad({ authentication: 'accessToken', accessToken: 'user' }).policy;
const solutionPolicy = connectMoySklad({
	authentication: 'accessToken',
	accessToken: 'solution',
	accessKind: 'solution',
}).policy;
/** MoySklad's window with the slack for requests that overtake each other. */
const WINDOW_MS = 3000 + (userPolicy.slackMs ?? 0);
const altegioPolicy = connectAltegio({ partnerToken: 'p', userToken: 'u' }).policy;
const yandexPolicy = connectYandex({ apiKey: 'k' }).policy;

const oneWindow = (units: number, perMs: number, parallel = 1000): Policy => ({
	windows: [{ units, perMs, weigh: ({ query }) => Number(query?.weight ?? 1) }],
	parallel,
	read: () => PASSED,
});
const weighing = (weight: number): ApiRequest => ({ method: 'GET', path: '/x', query: { weight } });

interface Start {
	at: number;
	request: ApiRequest;
	index: number;
}

/** A planner on a fake clock, with a log of what started when. */
function setUp(policy: Policy) {
	const clock = new FakeClock();
	const planner = new Planner(policy, clock);
	const starts: Start[] = [];
	let running = 0;
	let most = 0;
	let asked = 0;
	/** Asks for a turn, stays for `ms`, leaves with a verdict. */
	const go = async (
		request: ApiRequest = get(),
		{
			ms = 0,
			verdict = PASSED,
			signal,
			onStart,
		}: {
			ms?: number;
			onStart?: (at: number) => void;
			verdict?: Verdict | ((startedAt: number) => Verdict);
			signal?: AbortSignal;
		} = {},
	): Promise<Verdict> => {
		const index = asked++;
		const turn = await planner.enter(request, signal);
		const at = clock.now();
		starts.push({ at, request, index });
		onStart?.(at);
		running++;
		most = Math.max(most, running);
		if (ms > 0) await clock.sleep(ms);
		running--;
		const said = typeof verdict === 'function' ? verdict(at) : verdict;
		turn.leave(said);
		return said;
	};
	return { clock, planner, starts, go, mostAtOnce: () => most };
}

/** The most units started in any window of `perMs` that begins with a start. */
function mostUnitsIn(
	starts: Start[],
	perMs: number,
	weigh: (request: ApiRequest) => number,
): number {
	let most = 0;
	for (const first of starts) {
		let units = 0;
		for (const { at, request } of starts) {
			if (at >= first.at && at < first.at + perMs) units += weigh(request);
		}
		most = Math.max(most, units);
	}
	return most;
}

describe('windows', () => {
	it('start no more than 11 requests of a MoySklad user in any 3 s and its slack', async () => {
		const { clock, starts, go } = setUp(userPolicy);
		const all = Promise.all(Array.from({ length: 60 }, async () => await go(get(), { ms: 40 })));
		await clock.finish(all);
		expect(starts).toHaveLength(60);
		expect(mostUnitsIn(starts, WINDOW_MS, () => 1)).toBe(11);
	});

	it('let a MoySklad solution start 45 requests in 3 s', async () => {
		const { clock, starts, go } = setUp(solutionPolicy);
		const all = Promise.all(Array.from({ length: 100 }, async () => await go(get(), { ms: 10 })));
		await clock.finish(all);
		expect(mostUnitsIn(starts, WINDOW_MS, () => 1)).toBe(45);
	});

	it('use the budget up: 110 requests of a user take no more than 10 windows', async () => {
		const { clock, starts, go } = setUp(userPolicy);
		await clock.finish(Promise.all(Array.from({ length: 110 }, async () => await go())));
		expect(starts[109].at - starts[0].at).toBeLessThanOrEqual(9 * WINDOW_MS);
	});

	it('hold Altegio to 5 a second and 200 a minute at the same time', async () => {
		const { clock, starts, go } = setUp(altegioPolicy);
		await clock.finish(
			Promise.all(Array.from({ length: 420 }, async () => await go(get('/visits/1')))),
		);
		expect(mostUnitsIn(starts, 1000, () => 1)).toBe(5);
		expect(mostUnitsIn(starts, 60_000, () => 1)).toBe(200);
	});

	it('never exceed their capacity, whatever arrives when and how heavy', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 5, max: 60 }),
				fc.array(
					fc.record({
						after: fc.integer({ min: 0, max: 2500 }),
						weight: fc.integer({ min: 0, max: 5 }),
						ms: fc.integer({ min: 0, max: 1500 }),
					}),
					{ minLength: 1, maxLength: 60 },
				),
				async (capacity, arrivals) => {
					const { clock, starts, go } = setUp(oneWindow(capacity, 3000, 4));
					const under: Array<Promise<unknown>> = [];
					for (const { after, weight, ms } of arrivals) {
						await clock.advance(after);
						under.push(go(weighing(weight), { ms }));
					}
					await clock.finish(Promise.all(under));
					expect(starts).toHaveLength(arrivals.length);
					const units = mostUnitsIn(starts, 3000, ({ query }) => Number(query?.weight));
					expect(units).toBeLessThanOrEqual(capacity);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('let a single request through that weighs more than the whole window', async () => {
		const { clock, starts, go } = setUp(oneWindow(3, 1000));
		await clock.finish(Promise.all([go(weighing(5)), go(weighing(5))]));
		expect(starts[1].at - starts[0].at).toBe(1000);
	});

	it('do not hold back a request that they do not count', async () => {
		const { clock, starts, go } = setUp(oneWindow(1, 60_000));
		const heavy = Promise.all([go(weighing(1)), go(weighing(1))]);
		const free = go(weighing(0));
		await clock.advance(0);
		await free;
		expect(starts.map(({ index }) => index)).toEqual([0, 2]);
		await clock.finish(heavy);
	});
});

describe('order', () => {
	it('is first come, first served', async () => {
		const { clock, starts, go } = setUp(userPolicy);
		await clock.finish(
			Promise.all(Array.from({ length: 40 }, async () => await go(get(), { ms: 300 }))),
		);
		expect(starts.map(({ index }) => index)).toEqual([...Array(40).keys()]);
	});

	it('does not let light requests starve a heavy report', async () => {
		const { clock, starts, go } = setUp(oneWindow(45, 3000));
		// 41 units are spent: a light request would fit, the report does not.
		for (let i = 0; i < 9; i++) await go(weighing(4));
		await go(weighing(5));
		const heavy = go(weighing(5));
		const light = Array.from({ length: 200 }, async (_, i) => {
			await clock.sleep(i * 50);
			await go(weighing(4));
		});
		await clock.finish(heavy);
		const at = starts.findIndex(({ index }) => index === 10);
		expect(at).toBe(10);
		expect(starts[at].at - starts[0].at).toBe(3000);
		await clock.finish(Promise.all(light));
	});

	it('waits for a blocked report without looking every millisecond', async () => {
		const { clock, go } = setUp(oneWindow(45, 3000));
		for (let i = 0; i < 9; i++) await go(weighing(4));
		await go(weighing(5));
		const waiting = Promise.all([go(weighing(5)), go(weighing(4)), go(weighing(4))]);
		await clock.finish(waiting);
		expect(clock.sleeps).toBeLessThan(20);
	});
});

describe('requests that are slow on the way', () => {
	/** Requests of a user that take 120 ms, save some that a vendor gets `lateMs` later; when each got there. */
	async function arrivals(count: number, isLate: (index: number) => boolean, lateMs: number) {
		const { clock, go, starts } = setUp(userPolicy);
		const got: Start[] = [];
		const one = async (index: number) => {
			const late = isLate(index) ? lateMs : 0;
			await go(get(), {
				ms: 120 + late,
				onStart: (at) => got.push({ at: at + late, request: get(), index }),
			});
		};
		await clock.finish(
			Promise.all(Array.from({ length: count }, async (_none, n) => await one(n))),
		);
		const took = Math.max(...starts.map(({ at }) => at)) - starts[0].at;
		return { most: mostUnitsIn(got, 3000, () => 1), took };
	}

	it.each([200, 400, 700, 1000])(
		'count from when the vendor can have got them: %i ms late, and still no 12 in its 3 s',
		async (lateMs) => {
			for (let first = 0; first < 22; first++) {
				const { most } = await arrivals(55, (n) => n >= first && n < first + 5, lateMs);
				expect({ first, most }).toEqual({ first, most: 11 });
			}
		},
	);

	/** Ways of a busy machine: how late request `n` gets there, and how much later its answer is back (ms). */
	const ways: Array<[string, (n: number) => { there: number; back: number }]> = [
		['up to 80 ms at random', (n) => ({ there: mix(31, n) % 81, back: 0 })],
		[
			'up to 200 ms at random, and back',
			(n) => ({ there: mix(32, n) % 201, back: mix(33, n) % 201 }),
		],
		// An eighth of the answers tells how quick one can be no longer, when so few are.
		['150 ms, save one in 12', (n) => ({ there: n % 12 === 5 ? 0 : 150, back: 0 })],
	];
	it.each(ways)('Altegio gets no 6 in a second and no 201 in a minute: %s', async (_name, way) => {
		const { clock, go } = setUp(altegioPolicy);
		const got: Start[] = [];
		const one = async (index: number) => {
			const { there, back } = way(index);
			await go(get(`/records/${index}`), {
				ms: 350 + there + back,
				onStart: (at) => got.push({ at: at + there, request: get(), index }),
			});
		};
		await clock.finish(Promise.all(Array.from({ length: 320 }, async (_none, n) => await one(n))));
		got.sort((a, b) => a.at - b.at);
		// How quick one can be is known once one was.
		const known = got.filter(({ index }) => index > 12);
		expect(mostUnitsIn(known, 1000, () => 1)).toBeLessThanOrEqual(5);
		expect(mostUnitsIn(got, 60_000, () => 1)).toBeLessThanOrEqual(200);
	});

	it('cost nothing while all take equally long, and little when one in ten is late', async () => {
		const even = await arrivals(110, () => false, 0);
		expect(even.took).toBeLessThanOrEqual(9 * WINDOW_MS + 5 * 120);
		const some = await arrivals(110, (n) => n % 10 === 3, 400);
		expect(some.took).toBeLessThanOrEqual(9 * (WINDOW_MS + 400) + 5 * 120);
		expect(some.most).toBeLessThanOrEqual(11);
	});

	it('that are not answered count for a second longer, and no more', async () => {
		const { clock, planner } = setUp(userPolicy);
		for (let n = 0; n < 11; n++) {
			const turn = await planner.enter(get());
			if (n < 7) turn.leave(PASSED);
		}
		const next: number[] = [];
		const started = clock.now();
		const all = Array.from({ length: 11 }, async () => {
			const turn = await planner.enter(get());
			next.push(clock.now() - started);
			turn.leave(PASSED);
		});
		await clock.finish(Promise.all(all));
		// Four are still under way: seven may follow after the window, the rest a second later.
		expect(next).toEqual([
			...Array<number>(7).fill(WINDOW_MS),
			...Array<number>(4).fill(WINDOW_MS + 1000),
		]);
	});
});

describe('parallel limit', () => {
	it('keeps at most 5 MoySklad requests in flight, and as many while there is work', async () => {
		const { clock, go, mostAtOnce } = setUp(solutionPolicy);
		await clock.finish(
			Promise.all(Array.from({ length: 30 }, async () => await go(get(), { ms: 700 }))),
		);
		expect(mostAtOnce()).toBe(5);
	});

	it('counts a turn that is left twice once', async () => {
		const clock = new FakeClock();
		const planner = new Planner({ windows: [], parallel: 1, read: () => PASSED }, clock);
		const first = await planner.enter(get());
		first.leave(PASSED);
		first.leave(PASSED);
		const second = await planner.enter(get());
		let third: Turn | undefined;
		void planner.enter(get()).then((turn) => (third = turn));
		await clock.advance(0);
		expect(third).toBeUndefined();
		second.leave();
		await clock.advance(0);
		expect(third).toBeDefined();
	});

	it('never falls below one, however often it is refused', async () => {
		const { clock, go, starts } = setUp({ windows: [], parallel: 4, read: () => PASSED });
		const refused: Verdict = { kind: 'refused', by: 'parallel', retryAfterMs: 100 };
		for (let i = 0; i < 12; i++) await clock.finish(go(get(), { verdict: refused }), 120_000);
		await clock.finish(go(), 120_000);
		expect(starts).toHaveLength(13);
	});
});

describe('a lowered parallel limit', () => {
	/** Most requests at a time among `count` that are asked for together. */
	async function most(planner: Planner, clock: FakeClock, count: number): Promise<number> {
		let running = 0;
		let highest = 0;
		const one = async () => {
			const turn = await planner.enter(get());
			highest = Math.max(highest, ++running);
			await clock.sleep(50);
			running--;
			turn.leave(PASSED);
		};
		await clock.finish(Promise.all(Array.from({ length: count }, one)));
		return highest;
	}

	it('holds for the next requests and grows by a place for every 20 good answers', async () => {
		const clock = new FakeClock();
		const planner = new Planner({ windows: [], parallel: 4, read: () => PASSED }, clock);
		const turns = await Promise.all(
			Array.from({ length: 4 }, async () => await planner.enter(get())),
		);
		turns[0].leave({ kind: 'refused', by: 'parallel', retryAfterMs: 100 });
		for (const turn of turns.slice(1)) turn.leave(PASSED);
		await clock.advance(2000);
		// Three passed already, so 16 more stay below the 20 that bring a place back.
		expect(await most(planner, clock, 16)).toBe(3);
		expect(await most(planner, clock, 20)).toBe(4);
	});
});

describe('after a refusal by rate', () => {
	it("nothing starts before the vendor's time is over, and then one at a time until one passes", async () => {
		const { clock, planner, starts, go } = setUp(solutionPolicy);
		const turn = await planner.enter(get());
		turn.leave({ kind: 'refused', by: 'rate', retryAfterMs: 2500 });
		const refusedAt = clock.now();
		const waiting = Promise.all(
			Array.from({ length: 6 }, async () => await go(get(), { ms: 400 })),
		);
		await clock.advance(2499);
		expect(starts).toHaveLength(0);
		await clock.advance(301);
		expect(starts).toHaveLength(1);
		expect(starts[0].at).toBeGreaterThanOrEqual(refusedAt + 2500);
		await clock.advance(100);
		await clock.finish(waiting);
		expect(starts[1].at).toBeGreaterThanOrEqual(starts[0].at + 400);
		expect(starts[2].at).toBe(starts[1].at);
	});

	it('the wait doubles with every refusal in a row, to a minute at most', async () => {
		const { clock, starts, go } = setUp({ windows: [], parallel: 4, read: () => PASSED });
		for (let i = 0; i < 10; i++) await clock.finish(go(get(), { verdict: BY_RATE }));
		const gaps = starts.slice(1).map(({ at }, i) => at - starts[i].at);
		expect(gaps.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
		expect(Math.max(...gaps)).toBe(60_000);
	});

	it('jitter makes the wait longer, never shorter', async () => {
		const { clock, starts, go } = setUp({ windows: [], parallel: 4, read: () => PASSED });
		clock.chance = 0.999;
		await go(get(), { verdict: { kind: 'refused', by: 'rate', retryAfterMs: 3000 } });
		await clock.finish(go());
		expect(starts[1].at - starts[0].at).toBeGreaterThan(3000);
		expect(starts[1].at - starts[0].at).toBeLessThan(3200);
	});

	it('the budget is smaller at first and grows back to the whole', async () => {
		const { clock, starts, go } = setUp(oneWindow(40, 1000, 40));
		await go(weighing(1), { verdict: BY_RATE });
		const inOneSecond = async () => {
			await clock.advance(1500);
			const before = starts.length;
			const burst = Array.from({ length: 80 }, async () => await go(weighing(1)));
			await clock.advance(999);
			const started = starts.length - before;
			await clock.finish(Promise.all(burst));
			return started;
		};
		const first = await inOneSecond();
		expect(first).toBeLessThanOrEqual(30);
		expect(first).toBeGreaterThanOrEqual(28);
		for (let i = 0; i < 60; i++) {
			await clock.advance(1000);
			await go(weighing(1));
		}
		expect(await inOneSecond()).toBe(40);
	});

	it('a smaller budget is whole again after a long rest', async () => {
		const { clock, starts, go } = setUp(oneWindow(40, 1000, 40));
		await go(weighing(1), { verdict: BY_RATE });
		await clock.advance(600_000);
		const burst = Promise.all(Array.from({ length: 80 }, async () => await go(weighing(1))));
		await clock.advance(0);
		expect(starts).toHaveLength(41);
		await clock.finish(burst);
	});

	it('a time that is no number does not switch the waiting off', async () => {
		const { clock, starts, go } = setUp({ windows: [], parallel: 4, read: () => PASSED });
		await go(get(), { verdict: { kind: 'refused', by: 'rate', retryAfterMs: NaN } });
		const next = go();
		await clock.advance(400);
		expect(starts).toHaveLength(1);
		await clock.finish(next);
	});
});

/** Times of the refusals in which more than `most` fall into one minute; undefined when there are none. */
function storm(refusals: number[], most: number): number[] | undefined {
	return refusals
		.map((from) => refusals.filter((at) => at >= from && at < from + 60_000))
		.find((inAMinute) => inAMinute.length > most);
}

/** A caller that comes again a second after it was told that the wait is too long. */
async function insist(
	clock: FakeClock,
	go: ReturnType<typeof setUp>['go'],
	...request: Parameters<ReturnType<typeof setUp>['go']>
): Promise<void> {
	try {
		await go(...request);
	} catch (error) {
		expect(error).toBeInstanceOf(WaitTooLong);
		await clock.sleep(1000);
	}
}

describe('a vendor that goes on refusing', () => {
	it('gets at most 20 requests to refuse in any minute, in 3 hours with 50 that wait', async () => {
		const { clock, go } = setUp(userPolicy);
		const refusals: number[] = [];
		let over = false;
		const worker = async () => {
			while (!over) {
				await insist(clock, go, get(), {
					ms: 120,
					verdict: () => {
						refusals.push(clock.now());
						return { kind: 'refused', by: 'rate', retryAfterMs: 900 };
					},
				});
			}
		};
		const workers = Array.from({ length: 50 }, worker);
		await clock.advance(3 * 3_600_000);
		over = true;
		await clock.finish(Promise.all(workers));
		expect(refusals.length).toBeGreaterThan(100);
		expect(storm(refusals, 20)).toBeUndefined();
	});

	it('gets at most 20 to refuse in any minute even when some pass in between', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 99 }),
				fc.constantFrom<'rate' | 'parallel'>('rate', 'parallel'),
				fc.integer({ min: 0, max: 3000 }),
				fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
				async (percentPassed, by, retryAfterMs, dice) => {
					const { clock, go } = setUp(solutionPolicy);
					const refusals: number[] = [];
					let over = false;
					const worker = async () => {
						while (!over) {
							await insist(clock, go, get(), {
								ms: 150,
								verdict: () => {
									if (Number(dice.next().value) < percentPassed) return PASSED;
									refusals.push(clock.now());
									return { kind: 'refused', by, retryAfterMs };
								},
							});
						}
					};
					const workers = Array.from({ length: 50 }, worker);
					await clock.advance(8 * 60_000);
					over = true;
					await clock.finish(Promise.all(workers));
					expect(storm(refusals, 20)).toBeUndefined();
				},
			),
			{ numRuns: 12 },
		);
	});

	it('holds back the requests of one lane, too', async () => {
		const { clock, go } = setUp(yandexPolicy);
		const refusals: number[] = [];
		let over = false;
		const worker = async () => {
			while (!over) {
				await insist(clock, go, get('/v2/campaigns/1/outlets/2'), {
					ms: 50,
					verdict: () => {
						refusals.push(clock.now());
						return { kind: 'refused', by: 'lane', retryAfterMs: 1000 };
					},
				});
			}
		};
		const workers = Array.from({ length: 20 }, worker);
		await clock.advance(20 * 60_000);
		over = true;
		await clock.finish(Promise.all(workers));
		expect(storm(refusals, 20)).toBeUndefined();
	});
});

describe('lanes', () => {
	const outlets = get('/v2/campaigns/1/outlets/2');
	const campaigns = get('/v2/campaigns');

	it('a refused lane is held as long as the vendor says, the others go on', async () => {
		const { clock, starts, go } = setUp(yandexPolicy);
		await go(outlets, { verdict: { kind: 'refused', by: 'lane', retryAfterMs: 20_000 } });
		const held = go(outlets);
		await go(campaigns);
		await clock.advance(19_999);
		expect(starts.map(({ request }) => request.path)).toEqual([outlets.path, campaigns.path]);
		await clock.finish(held);
		expect(starts[2].at - starts[0].at).toBe(20_000);
	});

	it('the same method of another shop is the same lane', async () => {
		const { clock, starts, go } = setUp(yandexPolicy);
		await go(outlets, { verdict: { kind: 'refused', by: 'lane', retryAfterMs: 5000 } });
		const held = go(get('/v2/campaigns/77/outlets/99'));
		await clock.advance(4999);
		expect(starts).toHaveLength(1);
		await clock.finish(held);
	});

	it('a lane that the vendor calls empty with a good answer is held before it is refused', async () => {
		const { clock, starts, go } = setUp(yandexPolicy);
		await go(outlets, { verdict: { kind: 'passed', laneEmptyMs: 8000 } });
		const held = go(outlets);
		await clock.advance(7999);
		expect(starts).toHaveLength(1);
		await clock.finish(held);
	});

	it('a held request takes no place from the others', async () => {
		const { clock, go, mostAtOnce } = setUp(yandexPolicy);
		await go(outlets, { verdict: { kind: 'refused', by: 'lane', retryAfterMs: 60_000 } });
		const held = Array.from({ length: 10 }, async () => await go(outlets));
		const free = Promise.all(
			Array.from({ length: 8 }, async () => await go(campaigns, { ms: 100 })),
		);
		await clock.advance(250);
		await free;
		expect(mostAtOnce()).toBe(4);
		await clock.finish(Promise.all(held));
	});
});

describe('a wait that is too long', () => {
	it('fails at once instead, and tells how long it would be', async () => {
		const { clock, go } = setUp(yandexPolicy);
		const path = '/v2/campaigns/1/outlets/2';
		await go(get(path), { verdict: { kind: 'refused', by: 'lane', retryAfterMs: 1_800_000 } });
		const late = go(get(path));
		await expect(late).rejects.toMatchObject({ name: 'WaitTooLong', waitMs: 1_800_000 });
		await expect(late).rejects.toBeInstanceOf(WaitTooLong);
		await clock.finish(go(get('/v2/campaigns')));
	});

	it('also fails the requests that wait already when the vendor says so', async () => {
		const { clock, planner, go } = setUp({ windows: [], parallel: 1, read: () => PASSED });
		const turn = await planner.enter(get());
		const waiting = [go(), go()];
		turn.leave({ kind: 'refused', by: 'rate', retryAfterMs: 400_000 });
		for (const one of waiting) await expect(one).rejects.toBeInstanceOf(WaitTooLong);
		expect(clock.pending).toBe(0);
	});

	it('may be set by the policy', async () => {
		const { go } = setUp({ windows: [], parallel: 1, maxWaitMs: 1000, read: () => PASSED });
		await go(get(), { verdict: { kind: 'refused', by: 'rate', retryAfterMs: 1500 } });
		await expect(go()).rejects.toBeInstanceOf(WaitTooLong);
	});
});

describe('a cancelled wait', () => {
	it('ends at once with Cancelled', async () => {
		const { clock, planner, go } = setUp({ windows: [], parallel: 1, read: () => PASSED });
		await planner.enter(get());
		const controller = new AbortController();
		const waiting = go(get(), { signal: controller.signal });
		await clock.advance(10);
		controller.abort();
		await expect(waiting).rejects.toBeInstanceOf(Cancelled);
	});

	it('is refused before it begins when the signal has been aborted', async () => {
		const { go, starts } = setUp(userPolicy);
		await expect(go(get(), { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Cancelled);
		expect(starts).toHaveLength(0);
	});

	it('leaks neither its place in the queue nor a place in flight nor budget', async () => {
		const { clock, planner, go, starts } = setUp(oneWindow(2, 1000, 1));
		const turn = await planner.enter(weighing(1));
		const controller = new AbortController();
		const cancelled = Array.from({ length: 30 }, async () => {
			await expect(go(weighing(1), { signal: controller.signal })).rejects.toBeInstanceOf(
				Cancelled,
			);
		});
		const kept = go(weighing(1));
		await clock.advance(0);
		controller.abort();
		await Promise.all(cancelled);
		turn.leave(PASSED);
		await clock.advance(0);
		await kept;
		expect(starts).toHaveLength(1);
		expect(clock.now()).toBe(1_000_000);
	});

	it('lets the ones behind it go that it held back', async () => {
		const { clock, go, starts } = setUp(oneWindow(45, 3000));
		for (let i = 0; i < 9; i++) await go(weighing(4));
		await go(weighing(5));
		const controller = new AbortController();
		const heavy = go(weighing(5), { signal: controller.signal });
		const light = go(weighing(4));
		await clock.advance(100);
		expect(starts).toHaveLength(10);
		controller.abort();
		await expect(heavy).rejects.toBeInstanceOf(Cancelled);
		await settle();
		await light;
		expect(starts).toHaveLength(11);
		expect(starts[10].at - starts[9].at).toBe(100);
	});

	it('does not hang a listener for every waiting request on the signal of the execution', async () => {
		// Node warns of a leak from 11 on, and n8n's user finds that in the log.
		const { clock, go } = setUp({ windows: [], parallel: 1, read: () => PASSED });
		const { signal } = new AbortController();
		const all = Promise.all(
			Array.from({ length: 40 }, async () => await go(get(), { ms: 10, signal })),
		);
		await clock.advance(0);
		expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(10);
		await clock.finish(all);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('does not touch a turn that was given already', async () => {
		const clock = new FakeClock();
		const planner = new Planner({ windows: [], parallel: 1, read: () => PASSED }, clock);
		const controller = new AbortController();
		const turn = await planner.enter(get(), controller.signal);
		controller.abort();
		let next: Turn | undefined;
		void planner.enter(get()).then((given) => (next = given));
		await clock.advance(0);
		expect(next).toBeUndefined();
		turn.leave();
		await clock.advance(0);
		expect(next).toBeDefined();
	});
});

describe("the vendor's own count", () => {
	it('slows us down when somebody else spends from the budget', async () => {
		const { clock, starts, go } = setUp(userPolicy);
		await go(get(), { verdict: { kind: 'passed', left: 5 / 45, resetMs: 2000 } });
		const waiting = Promise.all(Array.from({ length: 4 }, async () => await go()));
		await clock.advance(1999);
		expect(starts).toHaveLength(2);
		await clock.finish(waiting);
		expect(starts[2].at - starts[0].at).toBe(2000);
	});

	it("does not take our own spending for somebody else's", async () => {
		const { clock, starts, go } = setUp(userPolicy);
		let spent = 0;
		const burst = Array.from(
			{ length: 11 },
			async () =>
				await go(get(), {
					ms: 50,
					verdict: () => {
						spent += 4;
						return { kind: 'passed', left: (45 - spent) / 45, resetMs: 2900 };
					},
				}),
		);
		await clock.advance(200);
		await Promise.all(burst);
		expect(starts).toHaveLength(11);
		await clock.finish(go());
		expect(starts[11].at - starts[0].at).toBe(WINDOW_MS);
	});

	it.each([
		['quick and steady', 20, 20],
		['slow and steady', 1200, 1200],
		['quick or slow', 20, 900],
		['slow or very slow', 300, 2500],
	])('does not slow us down when we are alone and answers are %s', async (_, shortest, longest) => {
		/** The vendor counts a request when it arrives, half of its time after its start. */
		const run = async (tells: boolean) => {
			const { clock, starts, go } = setUp(userPolicy);
			const arrivals: number[] = [];
			const one = async (__: unknown, index: number) => {
				const ms = Math.round(shortest + (longest - shortest) * ((index * 0.618) % 1));
				await go(get(), {
					ms,
					verdict: (startedAt) => {
						const now = startedAt + ms / 2;
						const used = 4 * arrivals.filter((at) => at > now - 3000 && at <= now).length;
						return tells ? { kind: 'passed', left: (45 - used) / 45, resetMs: 3000 } : PASSED;
					},
					onStart: (startedAt) => arrivals.push(startedAt + ms / 2),
				});
			};
			await clock.finish(Promise.all(Array.from({ length: 110 }, one)));
			return starts[109].at - starts[0].at;
		};
		expect(await run(true)).toBeLessThanOrEqual((await run(false)) * 1.02);
	});

	it('counts the foreign part only as long as the vendor remembers it', async () => {
		const { clock, starts, go } = setUp(userPolicy);
		await go(get(), { verdict: { kind: 'passed', left: 0, resetMs: 60_000 } });
		await clock.finish(go());
		expect(starts[1].at - starts[0].at).toBeLessThanOrEqual(WINDOW_MS);
	});
});

describe('a budget that several processes share', () => {
	const shared = (processes: number) =>
		connectMoySklad({ authentication: 'accessToken', accessToken: 'user', processes }).policy;

	it.each([
		[1, 11],
		[2, 5],
		[3, 3],
		[5, 2],
		[11, 1],
	])('by %i: each spends its part of 11 requests', async (processes, most) => {
		const policy = shared(processes);
		const { clock, starts, go } = setUp(policy);
		const many = Promise.all(Array.from({ length: 40 }, async () => await go()));
		await clock.finish(many);
		const [{ weigh }] = policy.windows;
		expect(mostUnitsIn(starts, 3000, weigh)).toBe(most * 4);
	});

	it.each([
		[1, 5],
		[2, 2],
		[3, 1],
		[8, 1],
	])('by %i: %i places in flight', async (processes, places) => {
		const { clock, go, mostAtOnce } = setUp(shared(processes));
		await clock.finish(
			Promise.all(Array.from({ length: 12 }, async () => await go(get(), { ms: 5000 }))),
		);
		expect(mostAtOnce()).toBe(places);
	});

	it('leaves to the others what is theirs, and counts what is spent beyond it', async () => {
		const startsIn = async (left: number) => {
			const { clock, starts, go } = setUp(shared(2));
			await go(get(), { verdict: { kind: 'passed', left, resetMs: 3000 } });
			const rest = Promise.all(Array.from({ length: 8 }, async () => await go()));
			await clock.advance(1000);
			const soon = starts.length;
			await clock.finish(rest);
			return soon;
		};
		// The other process has spent its whole half, 22 of 45.
		expect(await startsIn((45 - 4 - 22) / 45)).toBe(5);
		// Somebody else has spent 12 more.
		expect(await startsIn((45 - 4 - 22 - 12) / 45)).toBe(2);
	});

	it.each([undefined, '', 0, -3, 'many'])('%p processes are one', (processes) => {
		const policy = connectMoySklad({
			authentication: 'accessToken',
			accessToken: 'user',
			processes: processes as number,
		}).policy;
		expect(policy.sharedBy).toBe(1);
	});
});

describe('one planner for a budget', () => {
	let uninstall: () => void;
	let clock: FakeClock;
	beforeEach(() => {
		clock = new FakeClock();
		uninstall = clock.install();
	});
	afterEach(() => uninstall());

	it('is shared by everybody with the same key, and by nobody else', () => {
		const one = plannerFor('shared a', userPolicy);
		expect(plannerFor('shared a', userPolicy)).toBe(one);
		expect(plannerFor('shared b', userPolicy)).not.toBe(one);
	});

	it('is forgotten when it has been idle for long', async () => {
		const idle = plannerFor('idle', userPolicy);
		(await idle.enter(get())).leave(PASSED);
		await clock.advance(121_000);
		plannerFor('somebody else', userPolicy);
		expect(plannerFor('idle', userPolicy)).not.toBe(idle);
	});

	it('is kept while a request is in flight or somebody waits', async () => {
		const busy = plannerFor('busy', userPolicy);
		const turn = await busy.enter(get());
		await clock.advance(3_600_000);
		plannerFor('somebody else', userPolicy);
		expect(plannerFor('busy', userPolicy)).toBe(busy);
		turn.leave(PASSED);
	});

	it('is kept while one of its lanes is held', async () => {
		const held = plannerFor('held', yandexPolicy);
		const turn = await held.enter(get('/v2/campaigns'));
		turn.leave({ kind: 'refused', by: 'lane', retryAfterMs: 3_000_000 });
		await clock.advance(2_000_000);
		plannerFor('somebody else', userPolicy);
		expect(plannerFor('held', yandexPolicy)).toBe(held);
		await clock.advance(2_000_000);
		plannerFor('somebody else', userPolicy);
		expect(plannerFor('held', yandexPolicy)).not.toBe(held);
	});

	it('weighs by the policy of the latest connection, not of the first', async () => {
		const planner = plannerFor('changed', solutionPolicy);
		(await planner.enter(get())).leave(PASSED);
		const again = plannerFor('changed', userPolicy);
		const started: number[] = [];
		const all = Array.from({ length: 30 }, async () => {
			const turn = await again.enter(get());
			started.push(clock.now());
			turn.leave(PASSED);
		});
		await clock.advance(0);
		expect(started.length).toBeLessThanOrEqual(11);
		await clock.finish(Promise.all(all));
	});
});
