/** Side by side within the node; how many requests are really under way is the planner's matter. */

/** Calls or lists that are worked on at a time; more would only wait for the planner. */
export const AT_A_TIME = 8;

/**
 * Works on the entries in order, `atATime` of them at once, and starts no more once `stop` says so. Rejects with
 * the first error of `work`.
 */
export async function inParallel<T>(
	entries: T[],
	atATime: number,
	work: (entry: T) => Promise<void>,
	stop: () => boolean,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < entries.length && !stop()) await work(entries[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(atATime, entries.length) }, worker));
}
