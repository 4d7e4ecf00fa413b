/** What one execution asks for once: every execution has its own `send`. */
import type { SendRequest } from './wire';

const answers = new WeakMap<SendRequest, Map<string, Promise<unknown>>>();

/** What `ask` gave for this key in this execution, or gives now. A failure is not kept. */
export async function once<T>(send: SendRequest, key: string, ask: () => Promise<T>): Promise<T> {
	const known = answers.get(send) ?? new Map<string, Promise<unknown>>();
	answers.set(send, known);
	const before = known.get(key);
	if (before) return (await before) as T;
	const asked = ask();
	known.set(key, asked);
	// The next item may have more luck.
	asked.catch(() => known.delete(key));
	return await asked;
}
