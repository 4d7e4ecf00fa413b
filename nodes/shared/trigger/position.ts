/** What the polling trigger keeps in n8n's static data: how far it has read, and what it has seen there. */
import { createHash } from 'crypto';

/** Minute (base 36) → marks of ten characters, one after another. */
export type Marks = Record<string, string>;

/** How far one stream (a list, a log) has been read. All moments: ms since 1970. */
export interface Progress {
	/** Everything up to here was read. */
	cursor: number;
	/** When that was, by the vendor's clock. */
	readAt: number;
	/** Nothing before this is ever passed on. */
	floor: number;
	/** Where the last poll that came to the end began; earlier than this one's start in a backlog. */
	caughtUp: number;
	/** What lies before this was forgotten, as there was too much of it. */
	seenFrom?: number;
	/** Objects whose last change is older come as created: the first run wants them all. */
	wholeUntil?: number;
	seen: Marks;
}

/** By name of the stream. */
export type Position = Record<string, Progress>;

export interface PollingState<P = Position> {
	position?: P;
	/** The last items that n8n got, and where they began: see `Polling`. */
	handed?: { id: string; at: number; before?: P };
}

const MARK = 10;
const MINUTE_MS = 60_000;
/** Marks per type; in a busier window, the overlap becomes shorter instead. */
export const MOST_MARKS = 20_000;

const bucketOf = (moment: number) => Math.floor(moment / MINUTE_MS).toString(36);

const secondOf = (moment: number) => Math.floor(moment / 1000) * 1000;
/** Seconds by which two lists may differ about one change (inferred). */
export const TOLERANCE_S = 2;
const AROUND = Array.from({ length: 2 * TOLERANCE_S + 1 }, (_, at) => (at - TOLERANCE_S) * 1000);

function markOf(event: string, moment: number): string {
	// 60 bits: with 20,000 marks, one in 10^13 events is taken for another.
	const text = `${event} ${moment}`;
	return createHash('sha256').update(text).digest('base64url').slice(0, MARK);
}

/** Events with their moments, forgotten by age. */
export class Seen {
	private readonly buckets = new Map<string, Set<string>>();
	private size = 0;

	constructor(marks: Marks = {}) {
		this.merge(marks);
	}

	merge(marks: Marks): void {
		for (const [bucket, text] of Object.entries(marks)) {
			for (let at = 0; at < text.length; at += MARK) this.put(bucket, text.slice(at, at + MARK));
		}
	}

	get isFull(): boolean {
		return this.size > MOST_MARKS;
	}

	/** Whether something is known of about this moment: a vendor's parts may tell a moment a little differently. */
	hasAbout(event: string, moment: number): boolean {
		const second = secondOf(moment);
		return AROUND.some((offset) => this.has(event, second + offset));
	}

	addAbout(event: string, moment: number): void {
		this.add(event, secondOf(moment));
	}

	has(event: string, moment: number): boolean {
		return this.buckets.get(bucketOf(moment))?.has(markOf(event, moment)) ?? false;
	}

	add(event: string, moment: number): void {
		this.put(bucketOf(moment), markOf(event, moment));
	}

	private put(bucket: string, mark: string): void {
		const marks = this.buckets.get(bucket) ?? new Set();
		this.buckets.set(bucket, marks);
		this.size -= marks.size;
		marks.add(mark);
		this.size += marks.size;
	}

	/**
	 * Forgets what happened before a moment, and the oldest minutes when there is too much. Returns the moment
	 * from which on everything is remembered.
	 */
	prune(before: number): number {
		let from = before;
		const minutes = [...this.buckets.keys()].sort((a, b) => parseInt(a, 36) - parseInt(b, 36));
		for (const [index, bucket] of minutes.entries()) {
			const end = (parseInt(bucket, 36) + 1) * MINUTE_MS;
			const tooMuch = this.size > MOST_MARKS && index < minutes.length - 1;
			if (end > before && !tooMuch) break;
			this.size -= this.buckets.get(bucket)?.size ?? 0;
			this.buckets.delete(bucket);
			from = Math.max(from, end);
		}
		return from;
	}

	toJSON(): Marks {
		const marks: Marks = {};
		for (const [bucket, all] of this.buckets) marks[bucket] = [...all].join('');
		return marks;
	}
}

/**
 * Where a reading begins. What the vendor shows late was younger than the overlap when the last poll read, so the
 * look back is from that moment; in a backlog the cursor is older anyway, and nothing is read twice.
 */
export function startOf({ cursor, readAt, floor, seenFrom }: Progress, overlapMs: number): number {
	return Math.max(Math.min(cursor, readAt - overlapMs), floor, Math.min(seenFrom ?? 0, cursor));
}

/** From where on creations are news: a row can be read long after its creation when there is a backlog. */
export function creationStartOf(progress: Progress, overlapMs: number): number {
	return Math.max(Math.min(startOf(progress, overlapMs), progress.caughtUp), progress.floor);
}
