/**
 * Several workers, each with a planner of its own, on one MoySklad user: five minutes of full load against the sandbox's
 * limits, in virtual time, for vendors that answer fast and slowly. What the tests with real workers can show only once,
 * this shows for every number of them.
 */
import { connect } from '../../nodes/MoySklad/connection';
import { Planner } from '../../nodes/shared/road/planner';
import type { ApiRequest } from '../../nodes/shared/road/wire';
import { MoySkladError } from '../../sandbox/moysklad/errors';
import { Limits } from '../../sandbox/moysklad/limits';
import { FakeClock } from './fakeClock';

// Five minutes of simulated time take seconds on a busy machine.
jest.setTimeout(60_000);

const minutes = 5;
/** Requests that each worker wants to make at any time: its concurrency. */
const wishes = 5;
/** Units of one request with a user's token. */
const weight = 4;
const request: ApiRequest = { method: 'GET', path: '/entity/assortment', expects: 'json' };

interface Result {
	workers: number;
	latencyMs: number;
	perSecond: number;
	refused: number;
	worstMinute: number;
}

/** Equal seeds give equal runs. */
function chances(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
		return state / 0x8000_0000;
	};
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

/** `processes`: what the credential says of their number. */
async function load(workers: number, latencyMs: number, processes = 1): Promise<Result> {
	const clock = new FakeClock();
	clock.random = chances(42);
	const limits = new Limits(true, clock.now);
	const { policy } = connect({
		authentication: 'accessToken',
		accessToken: 'a-token',
		accessKind: 'user',
		rateLimit: 'strict',
		processes,
	});
	const refusedAt: number[] = [];
	const end = clock.now() + minutes * 60_000;
	let passed = 0;
	const ask = async (planner: Planner): Promise<void> => {
		while (clock.now() < end) {
			const turn = await planner.enter(request);
			// A third of the time there, the rest at MoySklad and back.
			await clock.sleep(latencyMs * (0.2 + 0.2 * clock.random()));
			let leave: (() => void) | undefined;
			try {
				leave = limits.enter('user', weight);
			} catch (error) {
				if (!(error instanceof MoySkladError)) throw error;
				refusedAt.push(clock.now());
				const body = { errors: [{ code: error.code }] };
				const headers = lowerCase(error.details.headers ?? {});
				await clock.sleep(latencyMs * 0.3);
				turn.leave(policy.read({ status: 429, headers, body }, request));
				continue;
			}
			await clock.sleep(latencyMs * 0.4);
			const headers = lowerCase(limits.headers('user'));
			leave();
			await clock.sleep(latencyMs * 0.3);
			passed++;
			turn.leave(policy.read({ status: 200, headers, body: {} }, request));
		}
	};
	for (let worker = 0; worker < workers; worker++) {
		const planner = new Planner(policy, clock);
		for (let wish = 0; wish < wishes; wish++) void ask(planner);
	}
	await clock.advance(minutes * 60_000);
	const inTheMinuteFrom = (from: number) =>
		refusedAt.filter((at) => at >= from && at < from + 60_000).length;
	return {
		workers,
		latencyMs,
		perSecond: passed / minutes / 60,
		refused: refusedAt.length,
		worstMinute: Math.max(0, ...refusedAt.map(inTheMinuteFrom)),
	};
}

/** MoySklad switches the API off for a user above this (MoySklad docs: Restrictions); ten times below is our aim. */
const blockedAbove = 200;
const aim = 20;

describe.each([100, 400, 1500])('MoySklad answers within about %i ms', (latencyMs) => {
	test.each([
		{ workers: 1, under: aim },
		{ workers: 2, under: aim },
		// From three on nothing but the answers' headers keeps them apart; they must stay far from the block.
		{ workers: 3, under: blockedAbove / 2 },
		{ workers: 4, under: blockedAbove / 2 },
		{ workers: 8, under: blockedAbove / 2 },
	])('$workers workers: under $under refusals a minute', async ({ workers, under }) => {
		const result = await load(workers, latencyMs);
		process.stderr.write(
			`   > ${workers} workers, ${latencyMs} ms: ${result.perSecond.toFixed(2)} requests a second, ` +
				`refused ${result.refused} in ${minutes} minutes, ${result.worstMinute} in the worst\n`,
		);
		expect(result.worstMinute).toBeLessThan(under);
		expect(result.perSecond).toBeGreaterThan(2);
	});
});

describe.each([100, 400, 1500])(
	'the same, when the credential says how many they are, %i ms',
	(latencyMs) => {
		test.each([2, 3, 4, 5, 8])('%i workers', async (workers) => {
			const result = await load(workers, latencyMs, workers);
			process.stderr.write(
				`   > ${workers} workers that share, ${latencyMs} ms: ${result.perSecond.toFixed(2)} requests a second, ` +
					`refused ${result.refused} in ${minutes} minutes, ${result.worstMinute} in the worst\n`,
			);
			expect(result.worstMinute).toBeLessThan(aim);
			expect(result.perSecond).toBeGreaterThan(1);
		});
	},
);
