/** Time in engine tests. */

/**
 * Lets the clock of this test file run `factor` times as fast, for waits that are minutes long: the
 * planner, the retries and the sandbox all read it. Returns the way back. Sockets keep real time, and so do
 * timers of `patience` ms or more: no wait sleeps so long at a time, but requests are given up after it.
 */
export function speedUp(factor: number, patience = Infinity): () => void {
	const real = { now: Date.now, setTimeout: globalThis.setTimeout };
	const start = real.now();
	Date.now = () => Math.floor(start + (real.now() - start) * factor);
	globalThis.setTimeout = ((work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
		real.setTimeout(work, ms < patience ? ms / factor : ms, ...args)) as typeof setTimeout;
	return () => {
		Date.now = real.now;
		globalThis.setTimeout = real.setTimeout;
	};
}
