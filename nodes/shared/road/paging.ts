/**
 * Lists, page by page. A style knows how one kind of API counts its pages; `pages()` walks them as an
 * iterator that the caller can stop, guards against an API that repeats a page, and asks for several pages
 * side by side where the total is known.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, SendRequest } from './wire';

/** Where the next page is: query parameters to set on the request. */
export type PageQuery = IDataObject;

export interface PageStyle {
	name: string;
	/** Query of the first page, or of the page that starts at row `offset` where a style can jump. */
	first: (size: number) => PageQuery;
	/** Query of the page after this one; undefined at the end. */
	next: (
		query: PageQuery,
		answer: ApiAnswer,
		rows: IDataObject[],
		size: number,
	) => PageQuery | undefined;
	rows: (answer: ApiAnswer) => IDataObject[];
	/** Total number of rows, when the answer tells it and the style can jump to any row. */
	total?: (answer: ApiAnswer) => number | undefined;
	/** Query of the page that starts at this row. */
	at?: (offset: number, size: number) => PageQuery;
}

/** Rules of a list operation. */
export interface ListRule {
	style: PageStyle;
	/** Rows per request that the vendor allows; may depend on the request (MoySklad: 100 with expand). */
	pageSize: (request: ApiRequest) => number;
	/** Further pages may be asked for side by side once the first has told the total. */
	parallel?: boolean;
	/**
	 * Pages asked for in advance where no total is told: a full page promises another. One more after each full page, up to so
	 * many, so that a short list costs no request in vain.
	 */
	guess?: number;
	/** A handful of rows that belong together, such as a chart's: the form has no Return All and no Limit. */
	whole?: boolean;
	/** Where the page goes; the query unless said. */
	in?: 'query' | 'body';
	/** Ranges of dates that are too long for one request are read piece by piece, the oldest first. */
	windows?: DateWindow[];
	/** What makes a row this row. With it, a list that moves while it is read loses and doubles nothing. */
	rowKey?: (row: IDataObject) => string | undefined;
}

/** A range of dates that may span so many days in one request. */
export interface DateWindow {
	/** Where its ends stand: dates (`2026-11-21`) or instants (ISO 8601). */
	from: RequestPlace;
	to: RequestPlace;
	days: number;
	/** The range holds its last day (instant); otherwise it ends before it. */
	withEnd?: boolean;
}

/** A place in a request; dots go deeper into the body. */
export type RequestPlace = `query:${string}` | `body:${string}`;

/** The API gave the same page twice: going on would never end, or would double rows. */
export class PageRepeats extends Error {
	constructor(readonly query: PageQuery) {
		super(`The list does not move on from page ${JSON.stringify(query)}`);
		this.name = 'PageRepeats';
	}
}

/** A good answer without the list: another service at the same address would look like an empty result. */
export class RowsMissing extends Error {
	constructor(readonly path: string) {
		super(`The answer holds no list at '${path}'`);
		this.name = 'RowsMissing';
	}
}

/** Pages asked for in advance; the planner decides how many of them are really under way. */
const READ_AHEAD = 8;

export interface ListRequest {
	request: ApiRequest;
	rule: ListRule;
	send: SendRequest;
	/** Rows wanted; Infinity for all. */
	limit: number;
	/** Told when the list kept moving however often it was read, so that rows may be missing. */
	unsettled?: () => void;
}

/** So often a list that moves is read from its start; each time only rows that are new are handed over. */
const PASSES = 3;

/**
 * Yields the rows of one page after another, in the list's order, at most `limit` rows in all. A range of dates that
 * is too long for the vendor is read window by window, each row once. Throws what `send` throws, and `PageRepeats`.
 */
export async function* pages(list: ListRequest): AsyncGenerator<IDataObject[], void, undefined> {
	const { rowKey, windows = [] } = list.rule;
	const requests = windows.reduce<ApiRequest[]>(
		(cut, window) => cut.flatMap((request) => cutInto(request, window)),
		[list.request],
	);
	if (requests.length === 1) {
		yield* readAll({ ...list, request: requests[0] });
		return;
	}
	const known = new Set<string>();
	let left = list.limit;
	for (const request of requests) {
		for await (const rows of readAll({ ...list, request, limit: Infinity })) {
			// The end of one window may be the beginning of the next.
			const fresh = rows.filter((row) => {
				const key = rowKey?.(row);
				return key === undefined || (!known.has(key) && known.add(key));
			});
			const wanted = fresh.slice(0, left);
			left -= wanted.length;
			if (wanted.length > 0) yield wanted;
			if (left <= 0) return;
		}
	}
}

const DAY_MS = 86_400_000;
/** Nowhere on earth is it later than this after UTC. */
const LATEST_ZONE_MS = 14 * 3_600_000;

/** The request once for each window of its range, the oldest first. */
function cutInto(request: ApiRequest, { from, to, days, withEnd }: DateWindow): ApiRequest[] {
	const first = readPlace(request, from);
	const last = readPlace(request, to);
	if (first === undefined && last === undefined) return [request];
	const isDate = /^\d{4}-\d{2}-\d{2}$/.test(String(first ?? last));
	const written = (ms: number) => new Date(ms).toISOString().slice(0, isDate ? 10 : undefined);
	const inner = isDate && withEnd ? DAY_MS : 0;
	const span = days * DAY_MS - inner;
	const end =
		last === undefined
			? Date.parse(written(Date.now() + LATEST_ZONE_MS)) + (isDate ? DAY_MS : 0)
			: Date.parse(String(last));
	const start = first === undefined ? end - span : Date.parse(String(first));
	// Ends that are no dates or lie the wrong way round are the vendor's to refuse.
	if (!(end - start > span) && first !== undefined) return [request];
	const cut: ApiRequest[] = [];
	for (let at = start; at < end + inner; at += span + inner) {
		const piece = structuredClone(request);
		setPlace(piece, from, written(at));
		setPlace(piece, to, written(Math.min(at + span, end)));
		cut.push(piece);
	}
	return cut;
}

function readPlace(request: ApiRequest, place: RequestPlace): unknown {
	const [part, path] = place.split(':');
	return part === 'body' ? valueAt(request.body, path) : request.query?.[path];
}

function setPlace(request: ApiRequest, place: RequestPlace, value: string): void {
	const [part, path] = place.split(':');
	if (part === 'body') setAt((request.body ??= {}) as IDataObject, path, value);
	else request.query = { ...request.query, [path]: value };
}

/**
 * Yields the rows of one page after another, in the list's order, at most `limit` rows in all. When rows came
 * twice or the list became shorter on the way, others have slipped to pages that were read already: the list is
 * read again, and what was missed comes last.
 */
async function* readAll(list: ListRequest): AsyncGenerator<IDataObject[], void, undefined> {
	const { rowKey } = list.rule;
	if (!rowKey) {
		yield* walk(list);
		return;
	}
	const known = new Set<string>();
	let keyless = false;
	let left = list.limit;
	for (let pass = 1; pass <= PASSES; pass++) {
		const motion: Motion = { moved: false };
		for await (const rows of walk({ ...list, limit: Infinity, wanted: left }, motion)) {
			const fresh: IDataObject[] = [];
			for (const row of rows) {
				const key = rowKey(row);
				if (key !== undefined && known.has(key)) {
					if (pass === 1) motion.moved = true;
					continue;
				}
				if (key === undefined) keyless = true;
				else known.add(key);
				fresh.push(row);
			}
			const wanted = fresh.length > left ? fresh.slice(0, left) : fresh;
			left -= wanted.length;
			if (wanted.length > 0) yield wanted;
			if (left <= 0) return;
		}
		if (!motion.moved) return;
		// Rows that cannot be told apart would all come again.
		if (keyless) break;
	}
	list.unsettled?.();
}

/** Whether the list moved while it was read. */
interface Motion {
	moved: boolean;
	total?: number;
}

/** One reading of the list. */
async function* walk(
	list: ListRequest & { wanted?: number },
	motion?: Motion,
): AsyncGenerator<IDataObject[], void, undefined> {
	const { rule } = list;
	const size = Math.min(rule.pageSize(list.request), list.wanted ?? list.limit);
	if (size <= 0) return;
	// Pages asked for in advance are not sent any more once one has failed or the caller has enough.
	const stop = new AbortController();
	const fetch = async (query: PageQuery) =>
		await list.send(pageOf(list.request, query, rule.in), stop.signal);
	const seen = new Set<string>();
	const ahead: Array<{ query: PageQuery; answer: Promise<ApiAnswer> }> = [];
	let upcoming: PageQuery[] | undefined;
	let before: IDataObject[] = [];
	let left = list.limit;
	let full = 0;
	let read = 0;
	const ask = (coming: PageQuery) => {
		const answer = fetch(coming);
		// Awaited in order later; a failure of a later page must not go unhandled meanwhile.
		answer.catch(() => undefined);
		ahead.push({ query: coming, answer });
	};
	let query: PageQuery | undefined = rule.style.first(size);
	try {
		while (query && left > 0) {
			const key = JSON.stringify(query);
			if (seen.has(key)) throw new PageRepeats(query);
			seen.add(key);
			const answer: ApiAnswer = await (ahead.shift()?.answer ?? fetch(query));
			const rows = rule.style.rows(answer);
			if (isSamePage(rows, before)) throw new PageRepeats(query);
			before = rows;
			if (motion) note(motion, rule.style.total?.(answer));
			upcoming ??= rule.parallel
				? planPages(rule.style, answer, size, list.wanted ?? list.limit)
				: [];
			const next: PageQuery | undefined = rule.style.next(query, answer, rows, size);
			const wanted = rows.length > left ? rows.slice(0, left) : rows;
			left -= rows.length;
			// The next pages are under way while the caller works on this one. When the list became shorter while
			// we read it (no next page), what was planned behind its end is not asked for.
			while (next && ahead.length < READ_AHEAD && upcoming.length > 0) {
				ask(upcoming.shift() as PageQuery);
			}
			if (next) full++;
			read += rows.length;
			const missing = Math.ceil(((list.wanted ?? list.limit) - read) / size);
			const guessed = Math.min(rule.guess ?? 0, full, missing);
			while (next && guessed > 1 && ahead.length < guessed) {
				const last: PageQuery | undefined = ahead.at(-1)?.query;
				const coming = last ? rule.style.next(last, answer, rows, size) : next;
				if (!coming) break;
				ask(coming);
			}
			if (wanted.length > 0) yield wanted;
			query = next && ahead.length > 0 ? ahead[0].query : next;
		}
	} finally {
		stop.abort();
	}
}

/** The request of one page. */
function pageOf(request: ApiRequest, page: PageQuery, where: ListRule['in']): ApiRequest {
	if (where === 'body') return { ...request, body: { ...(request.body as IDataObject), ...page } };
	return { ...request, query: { ...request.query, ...page } };
}

/** A list that became shorter has moved rows to pages that were read already. */
function note(motion: Motion, total: number | undefined): void {
	if (total === undefined) return;
	if (motion.total !== undefined && total < motion.total) motion.moved = true;
	motion.total = total;
}

/** The pages after the first one, when the first tells the total. */
function planPages(style: PageStyle, first: ApiAnswer, size: number, limit: number): PageQuery[] {
	const total = style.total?.(first);
	if (total === undefined || !style.at) return [];
	const plan: PageQuery[] = [];
	for (let offset = size; offset < Math.min(total, limit); offset += size) {
		plan.push(style.at(offset, size));
	}
	return plan;
}

/** The value at a dotted path, or undefined. */
export function valueAt(body: unknown, path: string | undefined): unknown {
	if (!path) return body;
	let value: unknown = body;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = (value as IDataObject)[key];
	}
	return value;
}

/** Puts a value at a dotted path of an object, making the objects on the way. */
export function setAt(target: IDataObject, path: string, value: unknown): void {
	const keys = path.split('.');
	const last = keys.pop() as string;
	let at = target;
	for (const key of keys) {
		if (typeof at[key] !== 'object' || at[key] === null) at[key] = {};
		at = at[key] as IDataObject;
	}
	at[last] = value as IDataObject[string];
}

/** Rows at a path. Throws `RowsMissing` when there is no list. */
export function rowsAt(path: string): (answer: ApiAnswer) => IDataObject[] {
	return (answer) => {
		const rows = valueAt(answer.body, path);
		if (!Array.isArray(rows)) throw new RowsMissing(path);
		return rows as IDataObject[];
	};
}

/** True when two pages are the same to the letter; the ends are compared first, because pages are large. */
function isSamePage(one: IDataObject[], other: IDataObject[]): boolean {
	if (one.length === 0 || one.length !== other.length) return false;
	const same = (at: number) => JSON.stringify(one[at]) === JSON.stringify(other[at]);
	return same(0) && same(one.length - 1) && JSON.stringify(one) === JSON.stringify(other);
}

/**
 * `limit` and `offset`, ended by a missing link to the next page. The link itself is never followed: it could
 * name another host, version or scheme (seen in Inspector Cloud's documentation).
 */
export function offsetStyle(options: {
	rows: string;
	/** Path of the link to the next page. */
	next: string;
	/** Path of the number of all rows. */
	total: string;
}): PageStyle {
	const at = (offset: number, size: number) => ({ limit: size, offset });
	return {
		name: 'limit/offset',
		first: (size) => at(0, size),
		next: (query, answer, rows, size) => {
			const more = valueAt(answer.body, options.next);
			if (!more || rows.length === 0) return undefined;
			return at(Number(query.offset) + size, size);
		},
		rows: rowsAt(options.rows),
		total: (answer) => {
			const total = valueAt(answer.body, options.total);
			return typeof total === 'number' ? total : undefined;
		},
		at,
	};
}

/** A token for the next page, as Yandex Market has it. */
export function tokenStyle(options: { rows: string; token: string; parameter: string }): PageStyle {
	return {
		name: 'page token',
		first: (size) => ({ limit: size }),
		next: (_query, answer, _rows, size) => {
			const token = valueAt(answer.body, options.token);
			if (typeof token !== 'string' || token === '') return undefined;
			return { limit: size, [options.parameter]: token };
		},
		rows: rowsAt(options.rows),
	};
}

/** Page number and count, as Altegio has it: ended by the total when told, else by a short page. */
export function pageStyle(options: { rows: string; total: string; count?: string }): PageStyle {
	const count = options.count ?? 'count';
	return {
		name: 'page/count',
		total: (answer) => {
			const total = valueAt(answer.body, options.total);
			return typeof total === 'number' ? total : undefined;
		},
		at: (offset, size) => ({ page: Math.floor(offset / size) + 1, [count]: size }),
		first: (size) => ({ page: 1, [count]: size }),
		next: (query, answer, rows, size) => {
			const page = Number(query.page);
			const total = valueAt(answer.body, options.total);
			const more = typeof total === 'number' ? page * size < total : rows.length >= size;
			return more && rows.length > 0 ? { page: page + 1, [count]: size } : undefined;
		},
		rows: rowsAt(options.rows),
	};
}

/** A list that comes as a whole: one request, without a page. */
export function wholeStyle(options: { rows: string }): PageStyle {
	return { name: 'whole', first: () => ({}), next: () => undefined, rows: rowsAt(options.rows) };
}
