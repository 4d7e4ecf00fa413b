/** Whether to send a request once more: one function of what happened, so that the rule can be read and tested. */
import type { ApiRequest } from './wire';

/** How a try ended when it did not end well. */
export type Fault =
	/** The vendor refused it unprocessed (429, 420): the planner has already taken note. */
	| { kind: 'refused' }
	/** The vendor asks to come again with the same request (somebody else edits the object now). */
	| { kind: 'postponed' }
	/** No connection was made: the vendor has seen nothing. */
	| { kind: 'unreached' }
	/** The connection broke or the time ran out: the vendor may or may not have done the work. */
	| { kind: 'unknown' }
	/** The vendor says that it stumbled (5xx, or a code that its table marks as passing). */
	| { kind: 'stumbled' }
	/** The vendor's answer is final. */
	| { kind: 'final' };

export interface RetryDecision {
	again: boolean;
	waitMs: number;
}

export const TRIES = 4;
/** A refused request costs nobody anything; the planner spaces these out, so many are fine. */
export const REFUSED_TRIES = 10;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** True when sending the request twice leaves the vendor as sending it once does. */
export function isIdempotent(request: ApiRequest): boolean {
	return request.idempotent ?? ['GET', 'PUT', 'DELETE'].includes(request.method);
}

/**
 * Stripe's rule, for vendors with fewer keys: retry when the vendor cannot have acted, or when acting twice is
 * acting once. `tries` counts the tries made so far; `random` is 0…1.
 */
export function decideRetry(
	fault: Fault,
	request: ApiRequest,
	tries: number,
	random: number,
): RetryDecision {
	const no = { again: false, waitMs: 0 };
	// Exponential, half of it jitter, so that parallel requests do not come back together.
	const grown = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
	const waitMs = Math.round(grown / 2 + (grown / 2) * random);
	switch (fault.kind) {
		case 'final':
			return no;
		case 'refused':
			// The planner holds the next try back as long as the vendor asked.
			return tries < REFUSED_TRIES ? { again: true, waitMs: 0 } : no;
		case 'unreached':
		case 'postponed':
			return tries < TRIES ? { again: true, waitMs } : no;
		case 'unknown':
		case 'stumbled':
			// A create without an idempotency key may have been carried out: a second one would double it.
			return tries < TRIES && isIdempotent(request) ? { again: true, waitMs } : no;
	}
}
