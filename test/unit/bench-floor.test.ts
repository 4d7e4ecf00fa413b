import fc from 'fast-check';

import type { Budget, Chain } from '../../bench/floor';
import { bulkChain, floorMs, latencyOf, listChain } from '../../bench/floor';

/** The best of all orders of starts; every request starts as early as its order allows. */
function bestOfAllOrders(chains: Chain[], budget: Budget): number {
	interface Step {
		ms: number;
		chain: number;
		isFirst: boolean;
	}
	const steps: Step[] = chains.flatMap(({ first, rest }, chain) => [
		...(first === undefined ? [] : [{ ms: first, chain, isFirst: true }]),
		...rest.map((ms) => ({ ms, chain, isFirst: false })),
	]);
	let best = Infinity;
	const visit = (left: Step[], starts: number[], ends: number[], firstEnds: number[]): void => {
		if (left.length === 0) {
			best = Math.min(best, Math.max(0, ...ends));
			return;
		}
		const tried = new Set<string>();
		left.forEach((step, index) => {
			const after = step.isFirst || chains[step.chain].first === undefined;
			if (!after && firstEnds[step.chain] === undefined) return;
			const key = `${step.ms} ${step.chain} ${step.isFirst}`;
			if (tried.has(key)) return;
			tried.add(key);
			const sorted = [...ends].sort((one, other) => other - one);
			const start = Math.max(
				starts.at(-1) ?? 0,
				sorted[budget.parallel - 1] ?? 0,
				starts.length < budget.requests
					? 0
					: starts[starts.length - budget.requests] + budget.perMs,
				after ? 0 : firstEnds[step.chain],
			);
			const end = start + step.ms;
			const known = [...firstEnds];
			if (step.isFirst) known[step.chain] = end;
			visit(
				left.filter((_, at) => at !== index),
				[...starts, start],
				[...ends, end],
				known,
			);
		});
	};
	visit(steps, [], [], []);
	return best;
}

describe('the floor of a work', () => {
	it('takes a request with its rows for 150 ms and one for each row', () => {
		expect(latencyOf(1000)).toBe(1150);
		expect(floorMs([listChain(1000)])).toBe(1150);
		expect(floorMs([listChain(20)])).toBe(170);
		expect(floorMs([])).toBe(0);
	});

	it('asks for the other pages once the first has told the total, five at a time', () => {
		// 1 page, then 5, then 4 side by side.
		expect(floorMs([listChain(10_000)])).toBe(3 * 1150);
		expect(floorMs([listChain(6001)])).toBe(2 * 1150 + 151);
	});

	it('needs no first page for what is known before', () => {
		expect(floorMs([bulkChain(10_000)])).toBe(2 * 1150);
		expect(floorMs([bulkChain(1000, 180)])).toBe(330 + 250);
	});

	it('starts eleven requests in any three seconds', () => {
		// Alone the budget counts: 0, 3000, 6000 … for every eleventh of the short requests.
		expect(floorMs([bulkChain(100, 1)], { requests: 11, perMs: 3000, parallel: 100 })).toBe(
			27_000 + 151,
		);
		// Starts of the 1st, 12th, 23rd … page: 0, 3450, 6450 … 27,450 for the 100th.
		expect(floorMs([listChain(100_000)])).toBe(27_450 + 1150);
	});

	it('shares one budget between lists that are read at once', () => {
		const two = floorMs([listChain(50_000), listChain(50_000)]);
		expect(two).toBeGreaterThan(floorMs([listChain(50_000)]));
		expect(two).toBeLessThanOrEqual(floorMs([listChain(100_000)]));
	});

	it('is reached by no order of the requests in less time', () => {
		const budgets = fc.record({
			requests: fc.integer({ min: 1, max: 4 }),
			perMs: fc.integer({ min: 5, max: 40 }),
			parallel: fc.integer({ min: 1, max: 4 }),
		});
		const rows = fc.integer({ min: 1, max: 45 });
		const size = 10;
		const chains = fc.oneof(
			rows.map((count) => [listChain(count, size)]),
			fc.integer({ min: 1, max: 60 }).map((count) => [bulkChain(count, size)]),
			fc
				.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
				.map((pages) => pages.map((count) => listChain(count * size, size))),
		);
		// Scaled down, so that lengths and windows are of one order, as in reality.
		const small = (list: Chain[]): Chain[] =>
			list.map(({ first, rest }) => ({
				...(first === undefined ? {} : { first: first - 140 }),
				rest: rest.map((ms) => ms - 140),
			}));
		fc.assert(
			fc.property(chains, budgets, (list, budget) => {
				expect(floorMs(small(list), budget)).toBe(bestOfAllOrders(small(list), budget));
			}),
			{ numRuns: 500 },
		);
	});
});
