/** Takes visits out of the list of new ones. */
import type { Logger } from 'n8n-workflow';

import { inParallel } from '../../shared/road/parallel';
import type { Road } from '../../shared/road/road';

/** What cannot be acknowledged stays in the list of new visits, and is passed on all the same. Returns how many. */
export async function acknowledge(
	{ send }: Road,
	ids: unknown[],
	logger: Pick<Logger, 'warn'>,
): Promise<number> {
	let refused = 0;
	await inParallel(ids, async (id) => {
		const path = `/visits/${encodeURIComponent(String(id))}/ack/`;
		const request = { method: 'POST' as const, path, body: {}, idempotent: true };
		try {
			await send({ ...request, expects: 'nothing' });
		} catch (error) {
			refused++;
			const why = error instanceof Error ? error.message : String(error);
			logger.warn(`Visit ${String(id)} was not acknowledged: ${why}`);
		}
	});
	return refused;
}
