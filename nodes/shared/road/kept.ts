/**
 * What rarely changes and is asked for again and again, in execution after execution and at every letter that somebody
 * types into a list: answers that this process keeps for a while. Keys name the account, and hold no secret in clear.
 */
import { Cancelled } from './clock';

/** A process that many accounts share keeps no more than this. */
const MOST = 200;

const answers = new Map<string, { until: number; answer: Promise<unknown> }>();

/**
 * What `ask` gave for this key in the last `forMs` ms, or gives now; how long, the answer itself may tell. A failure is not
 * kept.
 */
export async function kept<T>(
	key: string,
	forMs: number | ((answer: T) => number),
	ask: () => Promise<T>,
): Promise<T> {
	const now = Date.now();
	const known = answers.get(key);
	if (known && known.until > now) {
		try {
			return (await known.answer) as T;
		} catch (error) {
			// The execution that asked was stopped, not this one.
			if (error instanceof Cancelled) return await kept(key, forMs, ask);
			throw error as Error;
		}
	}
	const answer = ask();
	answers.delete(key);
	const entry = { until: typeof forMs === 'number' ? now + forMs : Infinity, answer };
	answers.set(key, entry);
	for (const [old, { until }] of answers) {
		if (until <= now || answers.size > MOST) answers.delete(old);
	}
	answer.then(
		(given) => {
			if (typeof forMs === 'function') entry.until = Date.now() + forMs(given);
		},
		() => {
			if (answers.get(key) === entry) answers.delete(key);
		},
	);
	return await answer;
}
