import { MoySkladError } from './errors';

/** Units per window (MoySklad docs: Restrictions). */
const BUCKET_UNITS = 45;
/** Length of the window, milliseconds. */
const BUCKET_WINDOW_MS = 3000;
/** Requests in flight per user or solution. */
const PARALLEL_PER_CALLER = 5;
/** Requests in flight per account. */
const PARALLEL_PER_ACCOUNT = 20;
/** More 429s, identical failures or … in one minute switch the API off for the user. */
const REFUSALS_PER_MINUTE = 200;
/** More PUTs to one entity in one minute do the same. */
const PUTS_PER_MINUTE = 100;

const MINUTE_MS = 60_000;

/** Moments within the last minute, per reason. */
class MinuteCounter {
	private readonly moments = new Map<string, number[]>();

	/** Counts one occurrence and returns how many fell into the last minute. */
	count(key: string, now: number): number {
		const list = (this.moments.get(key) ?? []).filter((at) => at > now - MINUTE_MS);
		list.push(now);
		if (this.moments.size > 5000) this.moments.clear();
		this.moments.set(key, list);
		return list.length;
	}
}

/** The book of one user or solution. */
class CallerBook {
	readonly charges: Array<{ at: number; units: number }> = [];
	readonly counter = new MinuteCounter();
	inFlight = 0;
	peakInFlight = 0;
	refusedByRate = 0;
	refusedByParallel = 0;
	blockedBecause: string | undefined;

	used(now: number): number {
		while (this.charges.length > 0 && this.charges[0].at <= now - BUCKET_WINDOW_MS) {
			this.charges.shift();
		}
		return this.charges.reduce((sum, charge) => sum + charge.units, 0);
	}

	/** Milliseconds until `units` more fit. */
	waitFor(units: number, now: number): number {
		let excess = this.used(now) + units - BUCKET_UNITS;
		for (const charge of this.charges) {
			if (excess <= 0) break;
			excess -= charge.units;
			if (excess <= 0) return Math.max(1, charge.at + BUCKET_WINDOW_MS - now);
		}
		return excess > 0 ? BUCKET_WINDOW_MS : 0;
	}
}

/** Numbers of one caller, for tests and `GET /state`. */
export interface CallerUsage {
	inFlight: number;
	peakInFlight: number;
	refusedByRate: number;
	refusedByParallel: number;
	/** Set when the API was switched off for the caller. */
	blockedBecause?: string;
}

/**
 * MoySklad's budgets. The window slides (the strictest reading of "45 units per 3 seconds"), refused
 * requests cost nothing, and too many refusals switch the API off until `reset`.
 */
export class Limits {
	private readonly books = new Map<string, CallerBook>();
	private inFlight = 0;

	/** `enabled` false lets everything through, but still reports the headers of a full bucket. */
	constructor(
		public enabled: boolean,
		private readonly now: () => number = Date.now,
	) {}

	private book(caller: string): CallerBook {
		const book = this.books.get(caller) ?? new CallerBook();
		this.books.set(caller, book);
		return book;
	}

	/**
	 * Charges `units` to a caller and takes a parallel slot. Returns the function that frees the
	 * slot. Throws 1073 or 1049 (429), or 1061 (403) once the caller is blocked.
	 */
	enter(caller: string, units: number): () => void {
		const book = this.book(caller);
		const now = this.now();
		if (this.enabled) {
			if (book.blockedBecause !== undefined) throw new MoySkladError(1061, [], { status: 403 });
			if (book.inFlight >= PARALLEL_PER_CALLER || this.inFlight >= PARALLEL_PER_ACCOUNT) {
				book.refusedByParallel++;
				this.refusal(book, now);
				throw new MoySkladError(1073, [], {
					headers: {
						'X-Lognex-Auth': '429005',
						'X-Lognex-Auth-Message': 'Too many parallel requests',
						...this.headers(caller, 0),
					},
				});
			}
			const wait = book.waitFor(units, now);
			if (wait > 0) {
				book.refusedByRate++;
				this.refusal(book, now);
				throw new MoySkladError(1049, [], {
					headers: {
						'X-Lognex-Auth': '429002',
						'X-Lognex-Auth-Message': 'Too many requests',
						...this.headers(caller, wait),
						'X-Lognex-Retry-After': String(wait),
					},
				});
			}
			book.charges.push({ at: now, units });
		}
		book.inFlight++;
		this.inFlight++;
		book.peakInFlight = Math.max(book.peakInFlight, book.inFlight);
		let entered = true;
		return () => {
			if (!entered) return;
			entered = false;
			book.inFlight--;
			this.inFlight--;
		};
	}

	private refusal(book: CallerBook, now: number): void {
		if (book.counter.count('429', now) > REFUSALS_PER_MINUTE) {
			book.blockedBecause = `more than ${REFUSALS_PER_MINUTE} answers 429 within a minute`;
		}
	}

	/** Counts what MoySklad also punishes: identical failing requests and floods of PUTs. */
	observe(caller: string, method: string, url: string, status: number): void {
		if (!this.enabled || status === 429) return;
		const book = this.book(caller);
		const now = this.now();
		if (status >= 400 && book.counter.count(`${method} ${url}`, now) > REFUSALS_PER_MINUTE) {
			book.blockedBecause = `more than ${REFUSALS_PER_MINUTE} identical failing requests a minute`;
		}
		if (method !== 'PUT') return;
		if (book.counter.count(`PUTS ${url.split('?')[0]}`, now) > PUTS_PER_MINUTE) {
			book.blockedBecause = `more than ${PUTS_PER_MINUTE} PUTs to one entity within a minute`;
		}
	}

	/** The budget headers; numbers are units, times milliseconds. `resetMs` is 0 when none is due. */
	headers(caller: string, resetMs = 0): Record<string, string> {
		const left = this.enabled ? BUCKET_UNITS - this.book(caller).used(this.now()) : BUCKET_UNITS;
		return {
			'X-RateLimit-Limit': String(BUCKET_UNITS),
			'X-RateLimit-Remaining': String(left),
			'X-Lognex-Retry-TimeInterval': String(BUCKET_WINDOW_MS),
			'X-Lognex-Reset': String(resetMs),
		};
	}

	/** Usage per caller. */
	usage(): Record<string, CallerUsage> {
		const result: Record<string, CallerUsage> = {};
		for (const [caller, book] of this.books) {
			const { inFlight, peakInFlight, refusedByRate, refusedByParallel, blockedBecause } = book;
			result[caller] = {
				inFlight,
				peakInFlight,
				refusedByRate,
				refusedByParallel,
				...(blockedBecause === undefined ? {} : { blockedBecause }),
			};
		}
		return result;
	}

	/** Forgets all charges, counters and blocks (slots in use stay in use). */
	reset(): void {
		for (const book of this.books.values()) {
			book.charges.length = 0;
			book.blockedBecause = undefined;
			book.refusedByRate = 0;
			book.refusedByParallel = 0;
			book.peakInFlight = book.inFlight;
			Object.assign(book, { counter: new MinuteCounter() });
		}
	}
}
