/**
 * What Altegio sends: only the known envelope is taken out of a body (why: `body.ts` of the shared trigger). Shape:
 * reference of the project, altegio-api.md §3.2.
 */
import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../shared/record';
import { digest } from '../../shared/trigger/body';
import type { Delivery, Refusal } from '../../shared/trigger/receive';
import { isOn } from '../isOn';

/** One change of one object. */
export interface Notification {
	locationId: string;
	/** `record`, `client`, `goods_operations_sale` … */
	resource: string;
	id: string;
	status: 'create' | 'update' | 'delete';
	/** The object, as far as Altegio tells it. */
	data: IDataObject;
}

/** Bytes of a body. Appointments have a few thousand. */
export const MAX_BYTES = 2 * 1024 * 1024;
const ID = /^[1-9]\d{0,18}$/;
const RESOURCE = /^[a-z_]{1,64}$/;
const STATUSES: readonly unknown[] = ['create', 'update', 'delete'];
/**
 * A delivery without a date of change is taken for a repetition for so long (ms) at least, and twice as long at most:
 * retries come within seconds, and the same content told later is another change.
 */
const REPEATED_MS = 3 * 60_000;
/** Longer ago (ms) than this no delivery was repeated. */
export const REPEATS_END_MS = 2 * REPEATED_MS;

const FOREIGN: Refusal = {
	status: 400,
	message:
		'This is no notification of Altegio: {"company_id","resource","resource_id","status","data"} is expected',
};

/** Reads a body, whatever it is; never throws. */
export function readNotification(body: unknown): Notification | Refusal {
	if (!isRecord(body)) return FOREIGN;
	const { company_id: location, resource, resource_id: id, status, data } = body;
	const locationId = idText(location);
	const objectId = idText(id);
	if (locationId === undefined || objectId === undefined) return FOREIGN;
	if (typeof resource !== 'string' || !RESOURCE.test(resource)) return FOREIGN;
	if (!STATUSES.includes(status)) return FOREIGN;
	return {
		locationId,
		resource,
		id: objectId,
		status: status as Notification['status'],
		// An empty object comes as an empty array, and may be left out.
		data: isRecord(data) ? data : {},
	};
}

function idText(value: unknown): string | undefined {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
	return ID.test(text) ? text : undefined;
}

/** `2026-04-20T12:36:27+0500`, with or without a colon, as ISO 8601; undefined for a time of no known zone. */
export function isoOf(text: unknown): string | undefined {
	const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)$/.exec(
		String(text ?? ''),
	);
	if (!parts) return undefined;
	const [, date, time, zone] = parts;
	return `${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`;
}

/**
 * Keys that are the same for each repetition of a delivery, and others for every other one: location, object, what
 * happened and when it changed, and what the events in words tell of an appointment, since several changes can fall in
 * one second. Without a date of change the content decides for a while: `earlier` is the key that a delivery of the time
 * before had, so that the while does not end with the clock's minutes. `now`: ms since 1970.
 */
export function deliveryKeys(
	notification: Notification,
	now: number,
): Pick<Delivery, 'key' | 'earlier'> {
	const { locationId, resource, id, status, data } = notification;
	const { last_change_date: changed, date, staff_id: staff, attendance, paid_full: paid } = data;
	const names = [locationId, resource, id, status];
	if (typeof changed === 'string' && changed !== '') {
		const told = [date ?? null, staff ?? null, attendance ?? null, isOn(paid)];
		return { key: digest([...names, changed, ...(resource === 'record' ? told : [])]) };
	}
	if (Object.keys(data).length === 0) return {};
	const [key, earlier] = [0, 1].map((ago) =>
		digest([...names, data, Math.floor(now / REPEATED_MS) - ago]),
	);
	return { key, earlier };
}

/** A notification as an item, before its events are known. */
export function notificationItem({
	locationId,
	resource,
	id,
	status,
	data,
}: Notification): IDataObject {
	return {
		event: null,
		events: [],
		action: status,
		resource,
		id: Number(id),
		locationId: Number(locationId),
		moment: isoOf(data.last_change_date) ?? null,
		object: data,
	};
}
