/**
 * What the audit tells and the lists do not: deletions, and creations of objects without a date of creation.
 * Source: MoySklad docs, Audit (contexts, events, filters); reference of the project §3.4. Not documented, and
 * inferred: that a context with several types or kinds of events is found by each of them.
 */
import type { IDataObject } from 'n8n-workflow';

import { CallFailed } from '../../shared/errors/errors';
import { serverNow } from '../../shared/road/headers';
import { pages, rowsAt, valueAt } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { AUDIT_CODE } from '../errors';
import { moscowTime } from '../filter';
import { rowsStyle } from '../lists';
import { idOf } from '../simplify';
import { instantOfMoscow } from './reader';
import { Seen, startOf, type Progress } from '../../shared/trigger/position';
import type { PolledType } from './types';

/** Rows of a page (MoySklad docs: Audit, at most 100). */
const PAGE = 100;
/** Contexts that are listed in one poll. */
const MOST_CONTEXTS = 1000;
/** Requests for events of contexts in one poll, beside those of one context that must go through. */
const MOST_REQUESTS = 100;
const SECOND_MS = 1000;

export interface AuditEvent {
	kind: 'created' | 'deleted';
	type: string;
	id: string;
	href: string;
	/** Whole seconds, in ms since 1970. */
	moment: number;
	uid?: string;
	/** Name of the context among what was seen. */
	mark: string;
}

export interface AuditRead {
	events: AuditEvent[];
	/** Everything before this has been read. */
	reached: number;
	/** When, by MoySklad's clock. */
	readAt: number;
	done: boolean;
}

export interface AuditWish {
	kind: AuditEvent['kind'];
	types: PolledType[];
	progress: Progress;
	seen: Seen;
	overlapMs: number;
	settleMs: number;
	/** Ms that are left. */
	left: () => number;
}

/** True when the credential may not read the audit. */
export function isForbidden(error: unknown): boolean {
	if (!(error instanceof CallFailed)) return false;
	const { status, problem } = error.details;
	return status === 403 || Number(problem?.code) === AUDIT_CODE;
}

/** The same failure in the words of somebody who polls. */
export function forbidden(error: unknown, what: string): unknown {
	if (!(error instanceof CallFailed) || !isForbidden(error)) return error;
	return new CallFailed({
		...error.details,
		say: `MoySklad: only administrators may read the audit, which alone tells of ${what}`,
		hint: "Use an administrator's token, or choose events and types that need no audit: of deletions it always has to tell, of creations for types without a date of creation, such as goods.",
		cause: 'configuration-invalid',
	});
}

function queryOf({ kind, types }: AuditWish, from: number, upper?: number): string {
	const kinds =
		kind === 'created'
			? ['create']
			: ['delete', ...(types.some(({ bin }) => bin) ? ['puttorecyclebin'] : [])];
	const seconds = (moment: number) => moscowTime(moment).slice(0, 19);
	return [
		...types.map(({ name }) => `entityType=${name}`),
		...kinds.map((one) => `eventType=${one}`),
		`moment>=${seconds(from)}`,
		...(upper === undefined ? [] : [`moment<=${seconds(upper)}`]),
	].join(';');
}

/** What happened since the last poll, oldest first. Throws what the road throws. */
export async function readAudit(road: Road, wish: AuditWish): Promise<AuditRead> {
	const { progress, seen, overlapMs, settleMs } = wish;
	const from = startOf(progress, overlapMs);
	let upper: number | undefined;
	let answer;
	for (;;) {
		const filter = queryOf(wish, from, upper);
		answer = await road.send({ method: 'GET', path: '/audit', query: { filter, limit: PAGE } });
		const until: number = upper ?? serverNow(answer) ?? Date.now();
		const size = Number(valueAt(answer.body, 'meta.size') ?? 0);
		if (size <= MOST_CONTEXTS || until - from < 2 * SECOND_MS) break;
		upper = Math.floor((from + until) / 2);
	}
	const now = serverNow(answer);
	const limit = settleMs === 0 ? Infinity : (now ?? Date.now()) - settleMs;
	const listed = await contextsOf(road, queryOf(wish, from, upper), rowsAt('rows')(answer));
	// The audit begins with the newest (MoySklad docs), which would be the last to be missed.
	const contexts = listed.sort((a, b) => a.moment - b.moment);
	const readAt = now ?? Date.now();
	const read: AuditRead = { events: [], reached: progress.cursor, readAt, done: true };
	let requests = 0;
	for (const context of contexts) {
		const mark = `context ${context.id}`;
		if (seen.has(mark, context.moment)) continue;
		const cost = Math.max(1, Math.ceil(context.objects / PAGE));
		const tooMuch = requests > 0 && (requests + cost > MOST_REQUESTS || wish.left() <= 0);
		if (context.moment > limit || tooMuch) {
			read.done = !tooMuch;
			read.reached = Math.max(read.reached, Math.min(context.moment, limit));
			return read;
		}
		requests += cost;
		read.events.push(...(await eventsOfContext(road, wish, context, mark)));
	}
	const end = upper ?? (now === undefined ? 0 : now - settleMs);
	read.done = upper === undefined;
	read.reached = Math.max(read.reached, end, contexts[contexts.length - 1]?.moment ?? 0);
	return read;
}

interface Context {
	id: string;
	moment: number;
	uid?: string;
	objects: number;
}

async function contextsOf(road: Road, filter: string, first: IDataObject[]): Promise<Context[]> {
	const rows: IDataObject[] = [];
	if (first.length < PAGE) rows.push(...first);
	else {
		const request = { method: 'GET' as const, path: '/audit', query: { filter } };
		const rule = {
			style: rowsStyle,
			pageSize: () => PAGE,
			rowKey: (row: IDataObject) => row.id as string | undefined,
		};
		for await (const page of pages({ request, rule, send: road.send, limit: Infinity })) {
			rows.push(...page);
		}
	}
	return rows.map((row) => ({
		id: String(row.id),
		moment: instantOfMoscow(row.moment),
		...(typeof row.uid === 'string' ? { uid: row.uid } : {}),
		objects: Number(row.objectCount ?? 1),
	}));
}

const KINDS: Record<string, AuditEvent['kind'] | undefined> = {
	create: 'created',
	delete: 'deleted',
	puttorecyclebin: 'deleted',
};

async function eventsOfContext(
	road: Road,
	wish: AuditWish,
	context: Context,
	mark: string,
): Promise<AuditEvent[]> {
	const request = { method: 'GET' as const, path: `/audit/${context.id}/events` };
	const rule = { style: rowsStyle, pageSize: () => PAGE };
	const names = new Set(wish.types.map(({ name }) => name));
	const events: AuditEvent[] = [];
	for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
		for (const row of rows) {
			const type = String(row.entityType);
			const id = idOf(row.entity)?.toLowerCase();
			if (KINDS[String(row.eventType)] !== wish.kind || !names.has(type) || !id) continue;
			const href = (row.entity as { meta: { href: string } }).meta.href;
			const moment = instantOfMoscow(row.moment);
			const uid = typeof row.uid === 'string' ? row.uid : context.uid;
			events.push({
				kind: wish.kind,
				type,
				id,
				href,
				moment: Number.isNaN(moment) ? context.moment : moment,
				...(uid === undefined ? {} : { uid }),
				mark,
			});
		}
	}
	return events;
}
