/**
 * What rarely changes and is asked for again and again, in execution after execution and at every letter that somebody
 * types into a list: answers that this process keeps for a while. Keys name the account, and hold no secret in clear.
 */

/** A process that many accounts share keeps no more than this. */
const MOST = 200;

const answers = new Map<string, { until: number; answer: Promise<unknown> }>();

/** What `ask` gave for this key in the last `forMs` ms, or gives now. A failure is not kept. */
export async function kept<T>(key: string, forMs: number, ask: () => Promise<T>): Promise<T> {
	const now = Date.now();
	const known = answers.get(key);
	if (known && known.until > now) return (await known.answer) as T;
	const answer = ask();
	answers.delete(key);
	answers.set(key, { until: now + forMs, answer });
	for (const [old, { until }] of answers) {
		if (until <= now || answers.size > MOST) answers.delete(old);
	}
	answer.catch(() => {
		if (answers.get(key)?.answer === answer) answers.delete(key);
	});
	return await answer;
}
