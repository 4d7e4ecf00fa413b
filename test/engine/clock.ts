/** Time in engine tests. */

/**
 * Lets the clock of this test file run `factor` times as fast, for waits that are minutes long: the
 * planner, the retries and the sandbox all read it. Returns the way back. Sockets keep real time.
 */
export function speedUp(factor: number): () => void {
	const real = { now: Date.now, setTimeout: globalThis.setTimeout };
	const start = real.now();
	Date.now = () => Math.floor(start + (real.now() - start) * factor);
	globalThis.setTimeout = ((work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
		real.setTimeout(work, ms / factor, ...args)) as typeof setTimeout;
	return () => {
		Date.now = real.now;
		globalThis.setTimeout = real.setTimeout;
	};
}
