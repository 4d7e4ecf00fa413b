/** The memory of what was seen, with several processes at n8n's table at the same moment. */
import type { Clock } from '../../../nodes/shared/road/clock';
import type * as Seen from '../../../nodes/shared/trigger/seen';
import type * as Pair from '../../../nodes/shared/trigger/pair';
import { deduplicationHelpers, DeduplicationStore } from '../harness/deduplication';

const WORKFLOW = 'workflow';
const NODE = 'node';

/** n8n's processes: each loads the module anew, and shares nothing with the others but the table. */
function processes(count: number): Array<typeof Seen & typeof Pair> {
	// A library without a memory of ours, and slow to load.
	const library = jest.requireActual<object>('n8n-workflow');
	return Array.from({ length: count }, () => {
		let loaded: (typeof Seen & typeof Pair) | undefined;
		jest.isolateModules(() => {
			jest.doMock('n8n-workflow', () => library);
			loaded = {
				...jest.requireActual<typeof Seen>('../../../nodes/shared/trigger/seen'),
				...jest.requireActual<typeof Pair>('../../../nodes/shared/trigger/pair'),
			};
		});
		return loaded as typeof Seen & typeof Pair;
	});
}

/** Waits are real here, and machines are slow. */
jest.setTimeout(60_000);

/** n8n's table of one installation, and executions that use it. */
class World {
	readonly store = new DeduplicationStore();

	/** An execution of a node. */
	execution = (
		options: { id?: string; node?: string; workflow?: string } = {},
	): Seen.SeenContext => {
		const { id = `e${++executions}`, node = NODE, workflow = WORKFLOW } = options;
		return {
			getExecutionId: () => id,
			getNode: () => ({ id: node }),
			getWorkflow: () => ({ id: workflow }),
			helpers: deduplicationHelpers(this.store, workflow, node),
		} as unknown as Seen.SeenContext;
	};

	webhook = () => this.execution({ node: 'webhook' });
	poll = () => this.execution({ node: 'poll' });

	busyDatabase = () => {
		this.store.mood.latencyMs = () => Math.random() * 4;
	};

	rowOf = (node?: string) => this.store.entries(WORKFLOW, node);
}

let executions = 0;

/** Of the tests that run one after the other; those that wait for long run side by side, each in its own. */
let store: DeduplicationStore;
let execution: World['execution'];
let busyDatabase: World['busyDatabase'];
let rowOf: World['rowOf'];

beforeEach(() => {
	({ store, execution, busyDatabase, rowOf } = new World());
});

/** A clock that runs so many times as fast as the real one. */
function fastClock(factor: number): Clock {
	return {
		now: () => Date.now() * factor,
		sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms / factor)),
		random: Math.random,
	};
}

/**
 * A clock that goes only while somebody sleeps: a busy machine is not slower by it. With a factor under 1 it goes
 * slower than they sleep, as when many come at the same moment.
 */
function sleepingClock(factor = 1): Clock {
	let now = Date.now();
	return {
		now: () => now,
		sleep: async (ms) => {
			now += ms * factor;
			await new Promise(setImmediate);
		},
		random: Math.random,
	};
}

describe('concurrent repeats in several processes', () => {
	const DELIVERIES = 50;
	const COPIES = 5;
	const REPEATS = DELIVERIES * (COPIES - 1);
	const PROCESSES = 4;

	/** 50 deliveries five times each, at the same moment, spread over the processes: how often each ran. */
	async function runs(pass: (process: number, key: string) => Promise<boolean>): Promise<number[]> {
		const arrivals = Array.from({ length: DELIVERIES * COPIES }, (_, index) => index);
		arrivals.sort(() => Math.random() - 0.5);
		const counts = new Array<number>(DELIVERIES).fill(0);
		await Promise.all(
			arrivals.map(async (index, at) => {
				const delivery = index % DELIVERIES;
				if (await pass(at % PROCESSES, `delivery ${delivery}`)) counts[delivery] += 1;
			}),
		);
		return counts;
	}

	const slipped = (counts: number[]) =>
		counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0);

	test("n8n's helper alone lets many of 200 through", async () => {
		busyDatabase();
		const counts = await runs(async (_process, key) => {
			try {
				const { helpers } = execution();
				const answer = await helpers.checkProcessedAndRecord([key], 'workflow', {
					mode: 'entries',
				});
				return answer.new.length > 0;
			} catch {
				// The first ones: two created the row at the same moment.
				return true;
			}
		});
		expect(slipped(counts)).toBeGreaterThan(REPEATS / 4);
	});

	test.each([0, 1, 2, 3, 4])('the lock lets none through, and loses none (round %i)', async () => {
		busyDatabase();
		const seen = processes(PROCESSES);
		const troubles: string[] = [];
		const counts = await runs(async (process, key) => {
			const { repeats, trouble } = await seen[process].claim(execution(), { take: [key] });
			if (trouble !== undefined) troubles.push(trouble);
			return !repeats.has(key);
		});
		expect(troubles).toEqual([]);
		expect(counts).toEqual(new Array(DELIVERIES).fill(1));
		// The lock is given back, and each delivery has its entry and that of its owner.
		expect(rowOf(NODE)).toEqual([]);
		expect(rowOf()).toHaveLength(2 * DELIVERIES);
	});

	test('those who wait in one process are served together', async () => {
		const [seen] = processes(1);
		const verdicts = await Promise.all(
			Array.from({ length: 100 }, async (_, index) =>
				seen.claim(execution(), { take: [`key ${index % 50}`] }),
			),
		);
		expect(verdicts.filter(({ repeats }) => repeats.size === 0)).toHaveLength(50);
		// Twice (the first one alone, then the rest): look, insert – look, write – look again, write – remove.
		expect(store.statements).toBeLessThanOrEqual(14);
	});

	test.concurrent(
		'two triggers of one workflow write the same row under locks of their own',
		async () => {
			const { busyDatabase, execution } = new World();
			busyDatabase();
			const seen = processes(3);
			const nodes = ['one', 'other'];
			const rounds = 30;
			const keyOf = (node: string, round: number) => `${node} ${round}`;
			for (let round = 0; round < rounds; round++) {
				const verdicts = await Promise.all(
					nodes.map((node, index) =>
						seen[(round + index) % 3].claim(execution({ node }), { take: [keyOf(node, round)] }),
					),
				);
				expect(verdicts).toMatchObject([{ repeats: new Set() }, { repeats: new Set() }]);
			}
			// What one has overwritten of the other's is there again a second later.
			await new Promise((resolve) => setTimeout(resolve, 1500));
			const [late] = processes(1);
			const lost: string[] = [];
			for (const node of nodes) {
				const keys = Array.from({ length: rounds }, (_, round) => keyOf(node, round));
				const { repeats } = await late.claim(execution({ node }), { take: keys });
				lost.push(...keys.filter((key) => !repeats.has(key)));
			}
			expect(lost).toEqual([]);
		},
	);
});

describe('a webhook trigger and a polling trigger of one workflow', () => {
	/** A change that happened so many seconds ago. */
	const change = (id: string, secondsAgo: number, action = 'UPDATE'): Pair.Change => ({
		entityType: 'product',
		id,
		action,
		moment: new Date(Math.floor(Date.now() / 1000 - secondsAgo) * 1000).toISOString(),
	});
	const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
	const idsOf = ({ pass }: Pair.Passing<Pair.Change>) => pass.map(({ id }) => id);

	test.concurrent('in two processes pass each change on once, whoever comes first', async () => {
		const { busyDatabase, poll, webhook } = new World();
		busyDatabase();
		// Older than a minute: the webhooks are late, and race with the polls.
		const changes = Array.from({ length: 60 }, (_, index) => change(`id-${index}`, 90));
		const [webhooks, polls] = processes(2);
		const passed: string[] = [];
		const byWebhook = async (one: Pair.Change) => {
			await pause(Math.random() * 4500);
			const result = await webhooks.passByWebhook(webhook(), [one]);
			passed.push(...idsOf(result).map((id) => `${id} webhook`));
		};
		const byPoll = async (round: number) => {
			await pause(round * 900);
			const result = await polls.passByPolling(poll(), changes);
			passed.push(...idsOf(result).map((id) => `${id} poll`));
		};
		await Promise.all([...changes.map(byWebhook), byPoll(1), byPoll(2), byPoll(3)]);
		const ids = passed.map((one) => one.split(' ')[0]);
		expect(ids.sort()).toEqual(changes.map(({ id }) => id).sort());
		// Both had their share, or the test would show nothing.
		const sides = new Set(passed.map((one) => one.split(' ')[1]));
		expect(sides).toEqual(new Set(['webhook', 'poll']));
	});

	test.concurrent('the poll passes on what no webhook told, once', async () => {
		const { poll, webhook } = new World();
		const [webhooks, polls, others] = processes(3);
		const [known, lost] = [change('known', 70), change('lost', 70)];
		await webhooks.passByWebhook(webhook(), [known]);
		expect(idsOf(await polls.passByPolling(poll(), [known, lost]))).toEqual(['lost']);
		for (const process of [polls, others]) {
			expect(idsOf(await process.passByPolling(poll(), [known, lost]))).toEqual([]);
		}
		// Its webhook came after all.
		expect(idsOf(await webhooks.passByWebhook(webhook(), [lost]))).toEqual([]);
	});

	test.concurrent(
		'webhooks pass on several changes of one object within a second, also late ones',
		async () => {
			const { poll, webhook } = new World();
			const [one, other] = processes(2);
			for (const ago of [0, 90]) {
				const same = change(`id-${ago}`, ago);
				for (const process of [one, other, one]) {
					expect(idsOf(await process.passByWebhook(webhook(), [same]))).toEqual([same.id]);
				}
				expect(idsOf(await other.passByPolling(poll(), [same]))).toEqual([]);
			}
		},
	);

	test.concurrent(
		'the moment of the audit may be the second after that of the object',
		async () => {
			const { poll, webhook } = new World();
			const [webhooks, polls] = processes(2);
			const later = (one: Pair.Change, seconds: number): Pair.Change => ({
				...one,
				moment: new Date(Date.parse(one.moment) + seconds * 1000).toISOString(),
			});
			for (const [seconds, passes] of [
				[-1, true],
				[0, false],
				[1, false],
				[2, true],
			] as const) {
				const one = change(`id ${seconds}`, 70);
				await webhooks.passByWebhook(webhook(), [later(one, seconds)]);
				const found = await polls.passByPolling(poll(), [one]);
				expect([seconds, found.pass.length > 0]).toEqual([seconds, passes]);
			}
			const gone = change('gone', 70, 'DELETE');
			await webhooks.passByWebhook(webhook(), [{ ...gone, action: 'UPDATE' }]);
			expect(idsOf(await polls.passByPolling(poll(), [gone]))).toEqual(['gone']);
		},
	);

	test.concurrent(
		'a change takes one entry when its webhook came, and the poll adds none',
		async () => {
			const { poll, rowOf, webhook } = new World();
			const [webhooks, polls] = processes(2);
			const changes = Array.from({ length: 30 }, (_, index) => change(`id-${index}`, 20));
			const [told, missed] = [changes.slice(0, 20), changes.slice(20)];
			await webhooks.passByWebhook(webhook(), told);
			expect(rowOf()).toHaveLength(20);
			expect(idsOf(await polls.passByPolling(poll(), told))).toEqual([]);
			expect(rowOf()).toHaveLength(20);
			const polled = await polls.passByPolling(poll(), missed);
			expect(idsOf(polled)).toEqual(missed.map(({ id }) => id));
			expect(rowOf()).toHaveLength(20 + 16 * missed.length);
		},
	);

	test.concurrent(
		'a webhook that became late while it was written down gives way to the poll',
		async () => {
			const { poll, webhook } = new World();
			const [webhooks, polls] = processes(2);
			const one = change('one', 70);
			expect(idsOf(await polls.passByPolling(poll(), [one]))).toEqual(['one']);
			// It was young when it came; then the machine stood still.
			const start = Date.parse(one.moment);
			let asked = 0;
			const clock: Clock = { ...fastClock(1), now: () => start + (asked++ === 0 ? 1000 : 70_000) };
			expect(idsOf(await webhooks.passByWebhook(webhook(), [one], clock))).toEqual([]);
			const other = change('other', 70);
			asked = 0;
			expect(idsOf(await webhooks.passByWebhook(webhook(), [other], clock))).toEqual(['other']);
			expect(idsOf(await polls.passByPolling(poll(), [other]))).toEqual([]);
		},
	);

	test.concurrent('compare thousands of changes, of which some are missing', async () => {
		const { poll, webhook } = new World();
		const [webhooks, polls] = processes(2);
		const all = Array.from({ length: 9000 }, (_, index) => change(`id-${index}`, 25));
		const isMissed = (index: number) => index % 9 === 0;
		// The right time, but short naps.
		const quick: Clock = { ...fastClock(50), now: () => Date.now() };
		const told = all.filter((_one, index) => !isMissed(index));
		for (let from = 0; from < told.length; from += 50) {
			const delivery = webhook();
			await webhooks.claim(delivery, { take: [`delivery ${from}`] }, quick);
			const some = told.slice(from, from + 50);
			const { pass } = await webhooks.passByWebhook(delivery, some, quick);
			expect(pass).toHaveLength(50);
		}
		const passed: string[] = [];
		for (let from = 0; from < all.length; from += 3000) {
			const polled = await polls.passByPolling(poll(), all.slice(from, from + 3000), quick);
			passed.push(...idsOf(polled));
		}
		const missed = all.filter((_one, index) => isMissed(index));
		expect(passed).toEqual(missed.map(({ id }) => id));
	});

	test.concurrent(
		'a poll that died before it ended, and runs once more, passes on the same',
		async () => {
			const { execution, poll } = new World();
			const [polls, others] = processes(2);
			const one = change('one', 70);
			const again = execution({ node: 'poll', id: 'the same' });
			expect(idsOf(await polls.passByPolling(again, [one]))).toEqual(['one']);
			expect(idsOf(await others.passByPolling(again, [one]))).toEqual(['one']);
			expect(idsOf(await polls.passByPolling(poll(), [one]))).toEqual([]);
		},
	);

	test.concurrent('what was given back can be passed on by the other one', async () => {
		const { poll, webhook } = new World();
		const [webhooks, polls] = processes(2);
		const one = change('one', 70);
		const failed = webhook();
		const { keys } = await webhooks.passByWebhook(failed, [one]);
		await webhooks.release(failed, keys);
		const again = poll();
		const polled = await polls.passByPolling(again, [one]);
		expect(idsOf(polled)).toEqual(['one']);
		await polls.release(again, polled.keys);
		expect(idsOf(await polls.passByPolling(poll(), [one]))).toEqual(['one']);
	});
});

describe('a claim', () => {
	test('holds for another process, another time', async () => {
		const [one, other] = processes(2);
		expect((await one.claim(execution(), { take: ['a', 'b'] })).repeats).toEqual(new Set());
		expect((await other.claim(execution(), { take: ['b', 'c'] })).repeats).toEqual(new Set(['b']));
	});

	test('is kept by the same execution when n8n runs it once more, also in another process', async () => {
		const [one, other] = processes(2);
		const again = execution({ id: 'same' });
		await one.claim(again, { take: ['a'] });
		expect((await one.claim(again, { take: ['a'] })).repeats).toEqual(new Set());
		expect((await other.claim(again, { take: ['a'] })).repeats).toEqual(new Set());
		expect((await other.claim(execution(), { take: ['a'] })).repeats).toEqual(new Set(['a']));
	});

	test('that was a repeat stays one when its execution runs once more', async () => {
		const [one, other] = processes(2);
		await one.claim(execution(), { take: ['a'] });
		const repeat = execution({ id: 'repeat' });
		for (const process of [other, other, one]) {
			expect((await process.claim(repeat, { take: ['a'] })).repeats).toEqual(new Set(['a']));
		}
		expect(rowOf()).toHaveLength(2);
	});

	test('that was given back can be had by another execution', async () => {
		const [one, other] = processes(2);
		const failed = execution();
		await one.claim(failed, { take: ['a'], tell: ['n'] });
		await one.release(failed, ['a', 'n']);
		expect(rowOf()).toEqual([]);
		expect((await other.claim(execution(), { take: ['a'] })).repeats).toEqual(new Set());
		expect((await one.claim(execution(), { take: ['a'] })).repeats).toEqual(new Set(['a']));
	});

	test('in another workflow is another one', async () => {
		const [one, other] = processes(2);
		await one.claim(execution(), { take: ['a'] });
		const { repeats } = await other.claim(execution({ workflow: 'other' }), { take: ['a'] });
		expect(repeats.size).toBe(0);
		expect((await one.claim(execution({ workflow: 'third' }), { take: ['a'] })).repeats.size).toBe(
			0,
		);
	});

	test('of nothing asks nobody', async () => {
		const [one] = processes(1);
		expect(await one.claim(execution(), {})).toEqual({ repeats: new Set() });
		expect(store.statements).toBe(0);
	});

	test('takes entries out again that are of no use any more', async () => {
		const [seen] = processes(1);
		// Eleven minutes take a fifth of a second.
		const clock = fastClock(3000);
		const day = 24 * 3600 * 1000;
		await seen.claim(execution(), { take: ['kept long'], keepMs: day }, clock);
		await seen.claim(execution(), { tell: ['told'] }, clock);
		const many = Array.from({ length: 150 }, (_, index) => `old ${index}`);
		await seen.claim(execution(), { take: many }, clock);
		expect(rowOf()).toHaveLength(2 + 1 + 300);
		await clock.sleep(11 * 60_000);
		await seen.claim(execution(), { take: ['new'] }, clock);
		expect(rowOf()).toHaveLength(2 + 1 + 2);
		const { repeats } = await seen.claim(execution(), { take: ['told', 'kept long', 'new'] });
		expect(repeats).toEqual(new Set(['told', 'kept long', 'new']));
		// What was told stays until somebody has asked for it.
		const told = Array.from({ length: 200 }, (_, index) => `told ${index}`);
		await seen.claim(execution(), { tell: told }, clock);
		const before = rowOf().length;
		expect((await seen.claim(execution(), { take: told }, clock)).repeats.size).toBe(200);
		expect(rowOf()).toHaveLength(before);
		await clock.sleep(11 * 60_000);
		await seen.claim(execution(), { tell: ['another'] }, clock);
		expect(rowOf().length).toBeLessThanOrEqual(before - 200 + 1);
	});

	test('of one of very many deliveries leaves the row when six hundred newer ones have come', async () => {
		const [one, other] = processes(2);
		// All of them within the seconds in which a process writes its entries again.
		const clock = sleepingClock(0.05);
		const keys = Array.from({ length: 3000 }, (_, index) => `delivery ${index}`);
		for (let from = 0; from < keys.length; from += 50) {
			await one.claim(execution(), { take: keys.slice(from, from + 50) }, clock);
		}
		expect(rowOf().length).toBeGreaterThanOrEqual(1200);
		// Those that are taken out at once, and those of the last check.
		expect(rowOf().length).toBeLessThanOrEqual(1200 + 200 + 100);
		const { repeats } = await other.claim(execution(), { take: keys.slice(-600) });
		expect(repeats.size).toBe(600);
		expect((await other.claim(execution(), { take: keys.slice(0, 1000) })).repeats.size).toBe(0);
	});

	test('forgets the oldest when the row is full', async () => {
		const [one, other, third] = processes(3);
		// A process that ends before it has looked once more whether its entries are there.
		const ended: Clock = { ...fastClock(1), sleep: async () => await new Promise(() => undefined) };
		await one.claim(execution(), { take: ['old'] }, ended);
		const many = Array.from({ length: one.ENTRIES / 2 }, (_, index) => `new ${index}`);
		await other.claim(execution(), { take: many });
		expect(rowOf()).toHaveLength(one.ENTRIES);
		expect((await third.claim(execution(), { take: ['old'] })).repeats).toEqual(new Set());
		expect((await third.claim(execution(), { take: [many[9]] })).repeats.size).toBe(1);
	});
});

describe('a lock that was left behind', () => {
	const leaveLock = async () =>
		await execution().helpers.checkProcessedAndRecord(['moysklad lock', 'dead'], 'node', {
			mode: 'entries',
		});

	test('is broken after five seconds', async () => {
		const [one] = processes(1);
		await leaveLock();
		const clock = sleepingClock();
		const start = clock.now();
		const { repeats, trouble } = await one.claim(execution(), { take: ['a'] }, clock);
		const waited = clock.now() - start;
		expect([repeats.size, trouble]).toEqual([0, undefined]);
		expect(waited).toBeGreaterThan(one.STALE_MS);
		expect(waited).toBeLessThan(2 * one.STALE_MS);
		expect(rowOf(NODE)).toEqual([]);
		expect(rowOf()).toHaveLength(2);
	});

	test.each([0, 1, 2])(
		'by several at the same moment: one of them gets it (round %i)',
		async () => {
			busyDatabase();
			await leaveLock();
			const clock = fastClock(4);
			const verdicts = await Promise.all(
				processes(6).map(async ({ claim }) => await claim(execution(), { take: ['a'] }, clock)),
			);
			expect(verdicts.map(({ trouble }) => trouble)).toEqual(new Array(6).fill(undefined));
			expect(verdicts.filter(({ repeats }) => repeats.size === 0)).toHaveLength(1);
			expect(rowOf(NODE)).toEqual([]);
		},
		20_000,
	);

	test('is not taken for one that changes hands all the time', async () => {
		// Others hold the lock again and again, each of them for a moment, for longer than five seconds.
		const [one] = processes(1);
		const clock = fastClock(20);
		const { helpers } = execution();
		const end = clock.now() + 1.5 * one.STALE_MS;
		let held = 0;
		const others = (async () => {
			while (clock.now() < end) {
				const mark = `other ${held}`;
				const fresh = await helpers
					.checkProcessedAndRecord(['moysklad lock', mark], 'node', { mode: 'entries' })
					// The row appeared meanwhile.
					.catch(() => ({ new: [] as unknown[] }));
				if (!fresh.new.includes('moysklad lock')) continue;
				held += 1;
				await clock.sleep(100);
				// A lock that was broken would have lost its mark.
				expect(rowOf(NODE)).toContain(mark);
				await helpers.clearAllProcessedItems('node', { mode: 'entries' });
			}
		})();
		const { trouble } = await one.claim(execution(), { take: ['a'] }, clock);
		expect(trouble).toBeUndefined();
		await others;
		expect(held).toBeGreaterThan(10);
	});
});

describe("when n8n's memory does not work", () => {
	test('no event is held back, and repeats in the same process are still dropped', async () => {
		store.mood.fault = new Error('SQLITE_IOERR: disk I/O error');
		const [one, other] = processes(2);
		const clock = fastClock(20);
		const first = await one.claim(execution(), { take: ['a'] }, clock);
		expect(first.repeats.size).toBe(0);
		expect(first.trouble).toContain('disk I/O error');
		expect((await one.claim(execution(), { take: ['a'] }, clock)).repeats.size).toBe(1);
		expect((await other.claim(execution(), { take: ['a'] }, clock)).repeats.size).toBe(0);
		store.mood.fault = undefined;
		expect((await one.claim(execution(), { take: ['b'] }, clock)).trouble).toBeUndefined();
		expect(rowOf(NODE)).toEqual([]);
	});

	test('because a node keeps the row in another way: that node keeps it, and the user is told', async () => {
		const { helpers } = execution({ node: 'Remove Duplicates' });
		const latest = { mode: 'latestIncrementalKey' } as const;
		await helpers.checkProcessedAndRecord([7], 'workflow', latest);
		const [one] = processes(1);
		const first = await one.claim(execution(), { take: ['a'] });
		expect(first.repeats.size).toBe(0);
		expect(first.trouble).toContain("Remove Duplicates with the scope 'Workflow'");
		expect((await one.claim(execution(), { take: ['a'] })).repeats.size).toBe(1);
		// Untouched: 7 is known, 8 is new.
		const answer = await helpers.checkProcessedAndRecord([7, 8], 'workflow', latest);
		expect(answer).toEqual({ new: [8], processed: [7] });
		expect(rowOf(NODE)).toEqual([]);
	});

	test('for a moment, the lock it left is broken by the next one', async () => {
		const [one, other] = processes(2);
		const clock = fastClock(20);
		const context = execution();
		const { clearAllProcessedItems } = context.helpers;
		let broken = true;
		context.helpers.clearAllProcessedItems = async (...given) => {
			if (broken) throw new Error('Connection terminated');
			return await clearAllProcessedItems(...given);
		};
		await one.claim(context, { take: ['a'] }, clock);
		// The same process may look again before the other one does, and give the lock back then.
		broken = false;
		expect(rowOf(NODE)).not.toEqual([]);
		const { repeats, trouble } = await other.claim(execution(), { take: ['a'] }, clock);
		expect([repeats.size, trouble]).toEqual([1, undefined]);
	});
});
