/**
 * The floor of a work: the least time in which anybody could do it under MoySklad's budget. What the client
 * itself needs (parsing, its own code) counts as nothing.
 */

/** What MoySklad allows one user. */
export interface Budget {
	/** Requests that may start within any span of `perMs`. */
	requests: number;
	perMs: number;
	/** Requests under way at a time. */
	parallel: number;
}

/**
 * A user's token from December 2026 on: 45 units per 3 s at 4 units a request, 5 at a time (MoySklad docs:
 * Restrictions).
 */
export const USER_BUDGET: Budget = { requests: 11, perMs: 3000, parallel: 5 };

/** Time that the sandbox takes for an answer (ms): so much for each, and for every row returned or written. */
export const LATENCY = { baseMs: 150, perRowMs: 1 };

/** Rows per page, and elements per bulk call (MoySklad docs: Restrictions). */
export const PAGE_ROWS = 1000;

/** Requests that belong together, by their duration in ms. */
export interface Chain {
	/** Has to be answered before the others can be asked for: the first page, which tells the total. */
	first?: number;
	rest: number[];
}

/** Milliseconds that a request with so many rows takes. */
export function latencyOf(rows: number): number {
	return LATENCY.baseMs + LATENCY.perRowMs * rows;
}

/** Durations of the fewest requests that move so many rows, `size` at most in each. */
function durations(rows: number, size: number): number[] {
	const list: number[] = [];
	for (let left = rows; left > 0; left -= size) list.push(latencyOf(Math.min(left, size)));
	return list;
}

/** A list read to its end: the total is known only once the first page is there. */
export function listChain(rows: number, size = PAGE_ROWS): Chain {
	const [first, ...rest] = durations(rows, size);
	return { first, rest };
}

/** Calls that do not wait for each other: writes, deletes, look-ups of known IDs. */
export function bulkChain(elements: number, size = PAGE_ROWS): Chain {
	return { rest: durations(elements, size) };
}

interface Waiting {
	ms: number;
	readyAt: number;
	/** Requests that may be asked for once this one is answered. */
	rest: number[];
}

/** Duration of a request and of all that wait for it (ms). */
function workOf({ ms, rest }: Waiting): number {
	return rest.reduce((sum, one) => sum + one, ms);
}

/**
 * The least time (ms) for all chains together, begun at once with the whole budget at hand.
 *
 * Simulated: each request starts as soon as (1) it may be asked for, (2) fewer than `parallel` are under way
 * and (3) the `requests`-th start before it is `perMs` ago; of several, the one with the most
 * work behind it goes first. With requests
 * of equal length no schedule is faster: the k-th start can be no earlier than the latest of the (k−1)-th, the
 * end of the (k−parallel)-th and the (k−requests)-th plus `perMs`; all three grow with the starts before, and
 * here each is as early as it can be. A short last page belongs at the end for the same reason; the unit test
 * compares with every order there is.
 *
 * The requests are the fewest that can move the rows. More and smaller ones would let the last answers come a
 * second sooner, at the price of budget that others need.
 */
export function floorMs(chains: Chain[], budget: Budget = USER_BUDGET): number {
	const waiting: Waiting[] = chains.flatMap(({ first, rest }) =>
		first === undefined
			? rest.map((ms) => ({ ms, readyAt: 0, rest: [] }))
			: [{ ms: first, readyAt: 0, rest }],
	);
	const starts: number[] = [];
	/** Ascending. */
	const ends: number[] = [];
	while (waiting.length > 0) {
		const placeFree = ends.at(-budget.parallel) ?? 0;
		const budgetFree = (starts.at(-budget.requests) ?? -budget.perMs) + budget.perMs;
		const soonest = Math.min(...waiting.map(({ readyAt }) => readyAt));
		const now = Math.max(placeFree, budgetFree, soonest);
		const ready = waiting.filter(({ readyAt }) => readyAt <= now);
		const next = ready.reduce((most, one) => (workOf(one) > workOf(most) ? one : most));
		waiting.splice(waiting.indexOf(next), 1);
		starts.push(now);
		const end = now + next.ms;
		const behind = ends.findIndex((other) => other > end);
		ends.splice(behind < 0 ? ends.length : behind, 0, end);
		for (const ms of next.rest) waiting.push({ ms, readyAt: end, rest: [] });
	}
	return ends.at(-1) ?? 0;
}
