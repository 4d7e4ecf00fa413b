/** Looking at what is to be sent before any of it is. */
import type { Call } from '../catalogue';
import { Cancelled } from '../road/clock';
import { inParallel } from '../road/parallel';

/**
 * Looks at each call that has no problem yet, several at a time; what is wrong with one becomes its problem, and the others
 * go on. Throws `Cancelled` alone. `atATime`: fewer, as where each holds a file.
 */
export async function checkEach(
	calls: Call[],
	check: (call: Call) => unknown,
	atATime?: number,
): Promise<void> {
	const open = calls.filter(({ problem }) => !problem);
	await inParallel(
		open,
		async (call) => {
			const look = async () => void (await check(call));
			const failed: unknown = await look().catch((error: unknown) => error);
			if (failed instanceof Cancelled) throw failed;
			if (failed !== undefined) {
				call.problem = failed instanceof Error ? failed : new Error(String(failed));
			}
		},
		atATime === undefined ? {} : { atATime },
	);
}
