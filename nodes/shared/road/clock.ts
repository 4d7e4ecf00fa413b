import { sleep } from 'n8n-workflow';

/** Time as the planner and the retries see it; tests put a fake one in its place. All values in ms. */
export interface Clock {
	now: () => number;
	sleep: (ms: number) => Promise<void>;
	/** 0 ≤ x < 1, for jitter. */
	random: () => number;
}

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await sleep(ms),
	random: () => Math.random(),
};

/** Longest single sleep: a cancelled wait leaves no timer behind for longer than this. */
export const SLICE_MS = 500;

/** The execution was stopped while a request or a wait was under way. */
export class Cancelled extends Error {
	constructor() {
		super('The execution was cancelled');
		this.name = 'Cancelled';
	}
}

/**
 * Waits `ms`, or throws `Cancelled` as soon as `signal` aborts. n8n's own `sleep` cannot be interrupted, so
 * the wait goes in slices and the abort event ends it at once.
 */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
	const end = clock.now() + ms;
	for (;;) {
		if (signal?.aborted) throw new Cancelled();
		const left = end - clock.now();
		if (left <= 0) return;
		await orAbort(clock.sleep(Math.min(left, SLICE_MS)), signal);
	}
}

/** The promise's value, or `Cancelled` when the signal aborts first. */
export async function orAbort<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await promise;
	if (signal.aborted) {
		// Nobody waits for it any more: its failure must not go unhandled.
		promise.catch(() => undefined);
		throw new Cancelled();
	}
	let stop: (() => void) | undefined;
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(new Cancelled());
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		if (stop) signal.removeEventListener('abort', stop);
	}
}
