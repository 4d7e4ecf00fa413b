/**
 * What MoySklad sends: only known fields are taken out of a body (why: `body.ts` of the shared trigger). Shapes: MoySklad docs, Webhooks and Webhooks for stock; reference of the project §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../shared/record';
import { digest, isAbsent, isText, isTexts } from '../../shared/trigger/body';
import type { Refusal } from '../../shared/trigger/receive';
import type { Filters } from './settings';

/** One change of one object. */
export interface ChangeEvent {
	type: string;
	href: string;
	action: string;
	accountId?: string;
	updatedFields?: string[];
}

/** Who changed something, and when. */
export interface AuditContext {
	/** ID of the context in MoySklad's audit. */
	id?: string;
	uid?: string;
	/** ISO 8601 with Moscow's offset. */
	moment?: string;
}

/** Stock has changed since a moment; the report at the URL tells where. */
export interface StockNotice {
	accountId?: string;
	stockType: string;
	reportType: string;
	reportUrl: string;
}

export type Notification =
	| { kind: 'events'; events: ChangeEvent[]; audit: AuditContext }
	| { kind: 'stock'; stock: StockNotice };

/** MoySklad's bulk requests end at 1000 objects; its own mass changes are not documented, so ten times that. */
export const MAX_EVENTS = 10_000;
/** Bytes of a body. An event has about 350. */
export const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TEXT = 255;
const FIELDS = { most: 1000, longest: MAX_TEXT };
const MAX_URL = 2048;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOMENT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)$/;

const FOREIGN: Refusal = {
	status: 400,
	message:
		'This is no notification of MoySklad: {"events":[{"meta":{"type","href"},"action"}]} is expected',
};

/** Reads a body, whatever it is; never throws. */
export function readNotification(body: unknown): Notification | Refusal {
	if (!isRecord(body)) return FOREIGN;
	if (body.events === undefined && body.reportUrl !== undefined) return readStock(body);
	const { events } = body;
	if (!Array.isArray(events)) return FOREIGN;
	if (events.length > MAX_EVENTS) {
		return { status: 413, message: `More than ${MAX_EVENTS} events at a time are not taken` };
	}
	const read: ChangeEvent[] = [];
	for (const event of events) {
		const one = readEvent(event);
		if (!one) return FOREIGN;
		read.push(one);
	}
	return { kind: 'events', events: read, audit: readAuditContext(body.auditContext) };
}

function readEvent(event: unknown): ChangeEvent | undefined {
	if (!isRecord(event) || !isRecord(event.meta)) return undefined;
	const { action, accountId, updatedFields } = event;
	const { type, href } = event.meta;
	if (!isText(action, 32) || !isText(type, 64) || !isText(href, MAX_URL)) return undefined;
	if (!isAbsent(accountId) && !isText(accountId, MAX_TEXT)) return undefined;
	if (!isAbsent(updatedFields) && !isTexts(updatedFields, FIELDS)) return undefined;
	return {
		type,
		href,
		action,
		...(isAbsent(accountId) ? {} : { accountId }),
		...(isAbsent(updatedFields) ? {} : { updatedFields }),
	};
}

function readAuditContext(context: unknown): AuditContext {
	if (!isRecord(context)) return {};
	const { uid, moment, meta } = context;
	const time = isText(moment, 32) ? MOMENT.exec(moment) : undefined;
	const href = isRecord(meta) && isText(meta.href, MAX_URL) ? meta.href : '';
	const id = lastPart(href);
	return {
		...(UUID.test(id) ? { id: id.toLowerCase() } : {}),
		...(isText(uid, MAX_TEXT) ? { uid } : {}),
		...(time ? { moment: `${time[1]}T${time[2]}+03:00` } : {}),
	};
}

function readStock(body: IDataObject): Notification | Refusal {
	const { accountId, stockType, reportType, reportUrl } = body;
	const fits =
		isText(stockType, 32) &&
		isText(reportType, 32) &&
		isText(reportUrl, MAX_URL) &&
		(isAbsent(accountId) || isText(accountId, MAX_TEXT));
	if (!fits) return FOREIGN;
	return {
		kind: 'stock',
		stock: { ...(isAbsent(accountId) ? {} : { accountId }), stockType, reportType, reportUrl },
	};
}

/** What comes after the last slash of a link, without its query. */
export function lastPart(href: string): string {
	return href.split('?')[0].split('/').pop() ?? '';
}

/** False for an event that gave its object no other status, as far as it tells. */
export function mayGetStatus({
	action,
	updatedFields,
}: {
	action?: unknown;
	updatedFields?: unknown;
}): boolean {
	if (action !== 'UPDATE') return action !== 'DELETE';
	return !Array.isArray(updatedFields) || updatedFields.includes('state');
}

/** True when an event has the wanted properties. What MoySklad does not tell of it is never held against it. */
export function passes(event: ChangeEvent, audit: AuditContext, filters: Filters): boolean {
	const { onlyFields, onlyStatuses, onlyUsers, notUsers } = filters;
	const { action, updatedFields } = event;
	if (!isFromAccount(event, filters)) return false;
	if (onlyFields.length > 0 && action === 'UPDATE' && updatedFields) {
		if (!updatedFields.some((field) => onlyFields.includes(field.toLowerCase()))) return false;
	}
	// Which status it is, is asked later: MoySklad's call does not tell.
	const isStated = onlyStatuses.some(({ type }) => type === event.type.toLowerCase());
	if (isStated && !mayGetStatus(event)) return false;
	const uid = audit.uid?.toLowerCase();
	if (uid === undefined) return true;
	return (onlyUsers.length === 0 || onlyUsers.includes(uid)) && !notUsers.includes(uid);
}

export function isFromAccount(event: { accountId?: string }, { accountId }: Filters): boolean {
	return (
		accountId === undefined ||
		event.accountId === undefined ||
		event.accountId.toLowerCase() === accountId
	);
}

/** One event as an item. */
export function eventItem(
	event: ChangeEvent,
	audit: AuditContext,
	requestId: string | undefined,
): IDataObject {
	return {
		action: event.action,
		entityType: event.type,
		id: lastPart(event.href) || null,
		href: event.href,
		...(event.updatedFields ? { updatedFields: [...event.updatedFields] } : {}),
		accountId: event.accountId ?? null,
		uid: audit.uid ?? null,
		moment: audit.moment ?? null,
		requestId: requestId ?? null,
	};
}

/** A stock notification as an item. */
export function stockItem(stock: StockNotice, requestId: string | undefined): IDataObject {
	return {
		stockType: stock.stockType,
		reportType: stock.reportType,
		reportUrl: stock.reportUrl,
		accountId: stock.accountId ?? null,
		requestId: requestId ?? null,
	};
}

/**
 * Text that is the same for each repetition of a delivery, and another for every other delivery. The request ID
 * alone might be shared by the webhooks of one node (not documented), so the content is part of it. Undefined
 * when nothing tells a repetition from a second event of the same kind: such a delivery is never held back.
 */
export function deliveryKey(
	notification: Notification,
	requestId: string | undefined,
): string | undefined {
	if (notification.kind === 'stock') {
		const { stock } = notification;
		if (requestId === undefined) return undefined;
		return digest([requestId, stock.stockType, stock.reportType, stock.reportUrl]);
	}
	const { events, audit } = notification;
	if (requestId === undefined && audit.id === undefined) return undefined;
	return digest([
		requestId ?? null,
		audit.id ?? null,
		...events.map(({ type, href, action, updatedFields }) => [
			type,
			href,
			action,
			updatedFields ?? null,
		]),
	]);
}
