/** What has changed in the list of one type since a moment, page by page, oldest change first. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { serverNow } from '../../shared/road/headers';
import { pages, rowsAt, valueAt } from '../../shared/road/paging';
import { once } from '../../shared/road/once';
import type { Road } from '../../shared/road/road';
import { escapeValue, moscowTime } from '../filter';
import { pageSizeOf, rowsStyle } from '../lists';
import { statusIds } from '../trigger/statuses';
import type { PollingSettings } from './settings';
import type { PolledType } from './types';

/** One object as its list has it. */
export interface Row {
	json: IDataObject;
	id: string;
	/** Ms since 1970. */
	updated: number;
}

/** Moscow time without an offset, as MoySklad's answers have it, in ms since 1970; NaN for anything else. */
export function instantOfMoscow(text: unknown): number {
	return typeof text === 'string' ? Date.parse(`${text.trim().replace(' ', 'T')}+03:00`) : NaN;
}

/** What MoySklad says of a filter that it does not take (MoySklad docs: Errors). */
const FILTER_CODES = new Set([1014, 1034, 1041]);
/** Lists that have refused the conditions that make them hide nothing; asked without them from then on. */
const plain = new Set<string>();

/** The statuses of which a type's objects must have one; undefined when any will do. Throws `InputProblem`. */
export async function wantedStates(
	road: Road,
	{ name }: PolledType,
	settings: PollingSettings,
): Promise<Set<string> | undefined> {
	const { onlyStatuses, types } = settings;
	if (onlyStatuses.length === 0) return undefined;
	const names = types.map((type) => type.name);
	const label = 'Only in These Statuses';
	// Looked up once per poll.
	const ask = async () => await statusIds(onlyStatuses, names, road.send, { label });
	return (await once(road.send, label, ask)).get(name);
}

/** Conditions that are the same for all pages. */
function listConditions(
	type: PolledType,
	settings: PollingSettings,
	baseUrl: string,
	states: Set<string> | undefined,
): string[] {
	const { onlyUsers, notUsers } = settings;
	const only = onlyUsers.filter((user) => !notUsers.includes(user));
	// MoySklad refuses `=` beside `!=` on one field, and nobody else can be meant.
	const users =
		onlyUsers.length > 0
			? (only.length > 0 ? only : onlyUsers).map((user) => `updatedBy=${escapeValue(user)}`)
			: notUsers.map((user) => `updatedBy!=${escapeValue(user)}`);
	const hidden = type.hidden && !plain.has(`${baseUrl} ${type.name}`) ? [type.hidden] : [];
	const at = `${baseUrl}/entity/${type.name}/metadata/states`;
	const wanted = type.stated ? [...(states ?? [])].map((id) => `state=${at}/${id}`) : [];
	return [...hidden, ...wanted, ...users];
}

/** Sends a list request; without the conditions for hidden objects when the list does not know them. */
export async function sendList(
	road: Road,
	type: PolledType,
	settings: PollingSettings,
	query: { updated: string[] } & IDataObject,
): Promise<ApiAnswer> {
	const { baseUrl } = road.connection;
	const { updated, ...more } = query;
	const states = await wantedStates(road, type, settings);
	const request = (): ApiRequest => {
		const filter = [...updated, ...listConditions(type, settings, baseUrl, states)].join(';');
		const expand = settings.expand ? { expand: settings.expand } : {};
		const path = `/entity/${type.name}`;
		return { method: 'GET', path, query: { ...(filter ? { filter } : {}), ...expand, ...more } };
	};
	try {
		return await road.send(request());
	} catch (error) {
		const name = `${baseUrl} ${type.name}`;
		const code = error instanceof CallFailed ? Number(error.details.problem?.code) : NaN;
		if (!FILTER_CODES.has(code) || !type.hidden || plain.has(name)) throw error as Error;
		plain.add(name);
		try {
			return await road.send(request());
		} catch (again) {
			// It was not that.
			plain.delete(name);
			throw again as Error;
		}
	}
}

/** Rows that one request may ask for. */
const pageOf = ({ expand }: PollingSettings): number => pageSizeOf({ expand });

function rowsOf(answer: ApiAnswer): Row[] {
	const rows = rowsAt('rows')(answer).map((json) => ({
		json,
		id: String(json.id).toLowerCase(),
		updated: instantOfMoscow(json.updated),
	}));
	// Without the moment of its change, a row cannot be told from itself.
	return rows.filter(({ updated }) => !Number.isNaN(updated));
}

/** The window of one type in one poll. */
export class Reader {
	/** Read so far, oldest change first, each object as it was when it was read last. */
	readonly rows: Row[] = [];
	/** Everything before this has been read (ms since 1970). */
	reached: number;
	/** The window is at its end. */
	done = false;
	/** Nothing more can be read in this poll, although the window goes on. */
	stopped = false;
	/** When the first page was read, by MoySklad's clock. */
	readAt = 0;
	/** Pages read that had something new: a poll may have so many. */
	pages = 0;
	private readonly known = new Set<string>();
	/** Rows of one and the same instant that were read already. */
	private offset = 0;

	constructor(
		readonly type: PolledType,
		private readonly road: Road,
		private readonly settings: PollingSettings,
		private readonly from: number,
		/** True for what earlier polls have passed on. */
		private readonly isKnown: (row: Row) => boolean = () => false,
	) {
		this.reached = from;
	}

	/** Reads one page, or the whole window of a list that has no order. */
	async step(pagesLeft: number): Promise<void> {
		if (this.type.sorted) await this.next();
		else await this.all(Math.max(1, pagesLeft));
	}

	/**
	 * Each page begins where the last one ended, by the moment and not by a number: an object that changes
	 * meanwhile moves to the end, and one behind it would slip through between numbered pages.
	 */
	private async next(): Promise<void> {
		const limit = pageOf(this.settings);
		const { offset, reached } = this;
		const answer = await sendList(this.road, this.type, this.settings, {
			updated: [`updated>=${moscowTime(reached)}`],
			order: 'updated,asc;id,asc',
			limit,
			offset,
		});
		const rows = rowsOf(answer);
		// What is read again, so far as it fills whole pages, must not use up the poll.
		if (rows.length === 0 || !rows.every(this.isKnown)) this.pages++;
		const count = rowsAt('rows')(answer).length;
		this.take(rows, answer);
		if (this.done) return;
		if (count < limit) {
			this.end(answer);
			return;
		}
		const last = rows[rows.length - 1]?.updated ?? reached;
		this.offset = last === reached ? offset + count : 0;
		this.reached = last;
	}

	private async all(pagesLeft: number): Promise<void> {
		const limit = pageOf(this.settings);
		const lower = `updated>=${moscowTime(this.from)}`;
		let upper: number | undefined;
		let answer: ApiAnswer;
		// Too much for one poll: half of the time, until it is little enough.
		for (;;) {
			const updated = upper === undefined ? [lower] : [lower, `updated<=${moscowTime(upper)}`];
			answer = await sendList(this.road, this.type, this.settings, { updated, limit, offset: 0 });
			this.pages++;
			const size = Number(valueAt(answer.body, 'meta.size') ?? 0);
			const until: number = upper ?? serverNow(answer) ?? Date.now();
			if (size <= limit * pagesLeft || until - this.from < 1000) break;
			upper = Math.floor((this.from + until) / 2);
		}
		const rows = rowsOf(answer);
		if (rowsAt('rows')(answer).length >= limit) rows.push(...(await this.rest(upper, limit)));
		rows.sort((a, b) => a.updated - b.updated);
		this.take(rows, answer);
		if (this.done) return;
		if (upper === undefined) this.end(answer);
		else {
			this.reached = upper;
			// The rest of the time is for the next poll.
			this.stopped = true;
		}
	}

	private async rest(upper: number | undefined, limit: number): Promise<Row[]> {
		const bounds = upper === undefined ? [] : [`updated<=${moscowTime(upper)}`];
		const updated = [`updated>=${moscowTime(this.from)}`, ...bounds];
		const found: Row[] = [];
		const list = pages({
			request: { method: 'GET', path: `/entity/${this.type.name}` },
			rule: { style: rowsStyle, pageSize: () => limit, rowKey: (row) => String(row.id) },
			send: async ({ query }) => {
				this.pages++;
				const answer = await sendList(this.road, this.type, this.settings, { ...query, updated });
				return answer;
			},
			limit: Infinity,
		});
		for await (const rows of list) {
			const headers = {};
			found.push(...rowsOf({ status: 200, headers, body: { rows } }));
		}
		return found;
	}

	/** Takes rows over, but those that are too young yet. */
	private take(rows: Row[], answer: ApiAnswer): void {
		this.readAt ||= serverNow(answer) ?? Date.now();
		const limit = this.youngest(answer);
		for (const row of rows) {
			if (row.updated > limit) {
				this.done = true;
				this.reached = Math.max(this.reached, Math.min(limit, row.updated));
				return;
			}
			const key = `${row.id} ${row.updated}`;
			if (this.known.has(key)) continue;
			this.known.add(key);
			this.rows.push(row);
		}
	}

	private youngest(answer: ApiAnswer): number {
		const { settleMs } = this.settings;
		return settleMs === 0 ? Infinity : (serverNow(answer) ?? Date.now()) - settleMs;
	}

	private end(answer: ApiAnswer): void {
		this.done = true;
		const now = (serverNow(answer) ?? 0) - this.settings.settleMs;
		this.reached = Math.max(this.reached, this.rows[this.rows.length - 1]?.updated ?? 0, now);
	}
}
