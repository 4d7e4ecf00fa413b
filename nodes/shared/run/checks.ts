/** Looking at what is to be sent before any of it is. */
import type { Call } from '../catalogue';

/** Looks at each call; what is wrong with one becomes its problem, and the others go on. */
export async function checkEach(calls: Call[], check: (call: Call) => unknown): Promise<void> {
	for (const call of calls) {
		try {
			await check(call);
		} catch (error) {
			call.problem = error instanceof Error ? error : new Error(String(error));
		}
	}
}
