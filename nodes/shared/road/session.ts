/**
 * Tokens that n8n makes from a permanent key and keeps in the credential. n8n itself makes one when the kept one is
 * empty: side by side, requests would each make their own. So the first request that finds the token missing, near
 * its end or refused (401) goes alone, and the others wait for it.
 */
import type { Session } from '../catalogue';
import type { Clock } from './clock';

/** A key whose new token is refused as well is not asked for one with each request. */
const AT_MOST_EVERY_MS = 60_000;

interface Renewal {
	startedAt: number;
	/** Settles when the request that renews has its answer. */
	done: Promise<unknown>;
	isOver: boolean;
}

/** By the key of the budget: accounts of this process. */
const known = new Map<string, Renewal>();

/** The renewals of one account, as a road sees them. */
export interface Renewals {
	/** Sends a request, with a new token where one is needed. `again` gives the answer with its status. */
	send: <T extends { statusCode: number }>(again: (anew: boolean) => Promise<T>) => Promise<T>;
}

export function renewalsOf(key: string, { isDue }: Session, clock: Clock): Renewals {
	const openedAt = clock.now();
	const renew = async <T>(again: (anew: boolean) => Promise<T>, since: number): Promise<T> => {
		const other = known.get(key);
		if (other && (!other.isOver || other.startedAt >= since)) {
			await other.done.catch(() => undefined);
			return await again(false);
		}
		const answer = again(true);
		const renewal: Renewal = { startedAt: clock.now(), done: answer, isOver: false };
		known.set(key, renewal);
		try {
			return await answer;
		} catch (error) {
			known.delete(key);
			throw error as Error;
		} finally {
			renewal.isOver = true;
		}
	};
	return {
		send: async (again) => {
			const last = known.get(key);
			if (isDue && !(last?.isOver && last.startedAt >= openedAt)) {
				return await renew(again, openedAt);
			}
			const sentAt = clock.now();
			const answer = await again(false);
			if (answer.statusCode !== 401) return answer;
			const now = known.get(key);
			const isRecent = now?.isOver === true && clock.now() - now.startedAt < AT_MOST_EVERY_MS;
			// Somebody else's new token may have come while this request was under way.
			if (isRecent && now.startedAt < sentAt) return answer;
			return await renew(again, sentAt);
		},
	};
}
