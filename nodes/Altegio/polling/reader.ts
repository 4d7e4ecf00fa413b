/** What has changed in one list of one location since a moment. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../../shared/catalogue';
import { serverNow } from '../../shared/road/headers';
import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import type { StreamReader } from '../../shared/trigger/polling';
import { numberedPages } from '../catalogue/fields';
import type { PollingSettings } from './settings';
import { changedIn, wallOf, wallSince, wallUntil, type Source } from './sources';

const DAY_MS = 86_400_000;
/** Pages of a piece of time: of what has more, half is read. */
const MOST_PAGES = 10;
/** A piece is not cut any smaller (ms). */
const LEAST_PIECE_MS = 60_000;

/** One object as its list has it. */
export interface Row {
	json: IDataObject;
	id: string;
	/** When it changed, in ms since 1970 and as Altegio writes it. */
	at: number;
	iso: string;
}

/** Where a reader is. */
export interface StreamPlace {
	/** Name of the stream. */
	stream: string;
	source: Source;
	location: string;
	zone: string;
}

/** The window of one list in one poll, a piece of time after the other. The lists have no order that could be asked for. */
export class Reader implements StreamReader {
	/** Each object as it was when it was read last. */
	readonly rows: Row[] = [];
	reached: number;
	done = false;
	stopped = false;
	readAt = 0;
	pages = 0;
	/** What Altegio said when it refused the location. */
	refusal?: unknown;
	private pieceMs: number;

	constructor(
		readonly place: StreamPlace,
		private readonly road: Road,
		private readonly settings: PollingSettings,
		from: number,
		private readonly isRefusal: (error: unknown) => boolean,
	) {
		this.reached = from;
		// After an outage, a day at a time.
		this.pieceMs = Date.now() - from > DAY_MS ? DAY_MS : Infinity;
	}

	async step(): Promise<void> {
		try {
			await this.piece();
		} catch (error) {
			if (!this.isRefusal(error)) throw error as Error;
			// A location without a licence or rights does not keep the others waiting.
			this.refusal = error;
			this.stopped = true;
			this.readAt = 0;
		}
	}

	private async piece(): Promise<void> {
		const { source, zone } = this.place;
		const now = Date.now();
		// Days cannot be cut.
		const until = source.by === 'day' ? Infinity : this.reached + this.pieceMs;
		const isLast = until >= now - this.settings.settleMs;
		let readAt = 0;
		let count = 0;
		const found: IDataObject[] = [];
		const list = pages({
			request: this.request(isLast ? undefined : until, now),
			rule: {
				style: numberedPages('data', 'count'),
				pageSize: () => source.size,
				rowKey: (row) => String(source.id(row)),
			},
			send: async (request, stop) => {
				const answer = await this.road.send(request, stop);
				// Changes that are made while the pages are read are for the next poll.
				readAt ||= serverNow(answer) ?? Date.now();
				return answer;
			},
			limit: Infinity,
		});
		const span = (isLast ? now : until) - this.reached;
		for await (const rows of list) {
			found.push(...rows);
			if (++count < MOST_PAGES || source.by === 'day' || span <= LEAST_PIECE_MS) continue;
			this.pieceMs = Math.max(LEAST_PIECE_MS, span / 2);
			this.pages += count;
			return;
		}
		this.pages += count;
		this.readAt ||= readAt;
		const settled = readAt - this.settings.settleMs;
		for (const json of found) {
			const { at, iso } = changedIn(json, zone);
			// Younger ones are for a later poll: more may happen in their second.
			if (!Number.isNaN(at) && at <= settled) {
				this.rows.push({ json, id: String(source.id(json)), at, iso });
			}
		}
		this.reached = Math.max(this.reached, isLast ? settled : Math.min(until, settled));
		this.done = isLast;
		// What is nearly empty is read in larger pieces.
		if (count <= 1) this.pieceMs *= 2;
	}

	private request(until: number | undefined, now: number): ApiRequest {
		const { source, location, zone } = this.place;
		const path = source.path(encodeURIComponent(location));
		if (source.by === 'day') {
			const first = Math.min(this.reached, now) - this.settings.paymentDays * DAY_MS;
			const days = {
				start_date: wallOf(first, zone).slice(0, 10),
				end_date: wallOf(now + DAY_MS, zone).slice(0, 10),
			};
			return { method: 'GET', path, query: { ...source.query, ...days } };
		}
		const window = {
			changed_after: wallSince(this.reached, now, zone),
			...(until === undefined ? {} : { changed_before: wallUntil(until + 1000, zone) }),
		};
		return { method: 'GET', path, query: { ...source.query, ...window } };
	}
}
