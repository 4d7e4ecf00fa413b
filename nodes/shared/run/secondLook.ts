/** A second look at what the vendor has refused: it may be so already, or there may be more to say. */
import type { Call, SecondLook, SendRequest } from '../catalogue';
import { CallFailed } from '../errors/errors';
import { Cancelled } from '../road/clock';

/**
 * What a second look gives for calls that were refused; nothing where the operation has none. What goes wrong while
 * looking does not stand before what the vendor has said.
 */
export async function lookAgain(calls: Call[], send: SendRequest): Promise<Map<Call, SecondLook>> {
	const look = calls[0]?.operation.refused;
	if (!look) return new Map();
	try {
		return await look(calls, { send });
	} catch (error) {
		if (error instanceof Cancelled) throw error as Error;
		return new Map();
	}
}

/** Statuses of a no to what was asked for; with 200, the body says it. */
const REFUSALS = new Set([200, 400, 409, 422]);

/** True for a refusal that says no to what was asked for, not to who asks or how often. */
export function isRefusal(error: unknown): error is CallFailed {
	if (!(error instanceof CallFailed)) return false;
	const { status, unsure, carriedOut } = error.details;
	return !unsure && !carriedOut && REFUSALS.has(status ?? 0);
}

/** The error with what the second look adds to its hint. */
export function withLook(error: CallFailed, look: SecondLook | undefined): CallFailed {
	if (look?.says === undefined) return error;
	return new CallFailed({ ...error.details, hint: `${look.says} ${error.details.hint}` });
}
