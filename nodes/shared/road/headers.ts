/**
 * Numbers and dates in an answer's headers. What makes no sense (a proxy's NaN, nothing, a minus, a time in years) is
 * as good as absent: nobody is slowed down by it.
 */
import type { ApiAnswer } from './wire';

/** No vendor lets its caller wait longer. */
export const LONGEST_WAIT_MS = 24 * 3600_000;

/** A `Date` further from our own is no clock that is wrong, but nonsense. */
const WRONG_CLOCK_MS = 3650 * 24 * 3600_000;

/** A number from 0 to `most` in a header; undefined for anything else. */
export function numberIn({ headers }: ApiAnswer, name: string, most: number): number | undefined {
	const text = headers[name]?.trim() ?? '';
	if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
	const value = Number(text);
	return value <= most ? value : undefined;
}

/**
 * Ms until the date in a header, 0 when it is over. The answer's own `Date` is the clock to compare it with, so that
 * a wrong clock on n8n's machine does no harm.
 */
export function untilDateIn({ headers }: ApiAnswer, name: string): number | undefined {
	const until = dateOf(headers[name]);
	if (until === undefined) return undefined;
	const waitMs = until - (serverNow({ headers }) ?? Date.now());
	return waitMs <= LONGEST_WAIT_MS ? Math.max(0, waitMs) : undefined;
}

/** The vendor's clock in an answer (ms since 1970), which need not be that of n8n's machine; undefined without one. */
export function serverNow({ headers }: Pick<ApiAnswer, 'headers'>): number | undefined {
	const told = dateOf(headers.date);
	const isClock = told !== undefined && Math.abs(told - Date.now()) < WRONG_CLOCK_MS;
	return isClock ? told : undefined;
}

/** A date as HTTP writes it; JavaScript reads one into almost any text with a digit. */
function dateOf(text: string | undefined): number | undefined {
	if (!/^\s*[a-z]{3,9},? .*\d\d:\d\d:\d\d|^\s*\d{4}-\d\d-\d\dT/i.test(text ?? '')) return undefined;
	const at = Date.parse(text as string);
	return Number.isNaN(at) ? undefined : at;
}

/** Ms that a `Retry-After` header (seconds, or a date) asks for; undefined when it says nothing sensible. */
export function retryAfterMs(answer: ApiAnswer): number | undefined {
	const seconds = numberIn(answer, 'retry-after', LONGEST_WAIT_MS / 1000);
	return seconds === undefined ? untilDateIn(answer, 'retry-after') : seconds * 1000;
}
