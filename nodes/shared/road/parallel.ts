/** Side by side within a node; how many requests are really under way is the planner's matter. */

/** Entries that are worked on at a time; more would only wait for the planner. */
const AT_A_TIME = 8;

/**
 * Works on the entries in order, so many of them at once, and starts no more once `stop` says so. Rejects with the
 * first error of `work`.
 */
export async function inParallel<T>(
	entries: T[],
	work: (entry: T) => Promise<void>,
	{ atATime = AT_A_TIME, stop = () => false }: { atATime?: number; stop?: () => boolean } = {},
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < entries.length && !stop()) await work(entries[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(atATime, entries.length) }, worker));
}
