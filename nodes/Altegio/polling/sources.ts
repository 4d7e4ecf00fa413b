/**
 * Lists of Altegio that tell when their rows have changed, and the events that they can tell of. Reference of the
 * project: altegio-api.md §1.6, §1.7, §3.4.
 */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/errors/problems';
import { instantOf, timeAs } from '../../shared/form/times';
import { EVENTS, type EventRule } from '../trigger/events';
import { isOn } from '../isOn';
import { isoOf } from '../trigger/notification';

/** A list that is polled. */
export interface Source {
	/** Names the stream, and the change for the webhook trigger of the workflow. */
	name: 'appointment' | 'client' | 'product' | 'operation' | 'payment';
	path: (location: string) => string;
	query: IDataObject;
	/** Rows that one request may ask for. */
	size: number;
	/** The list is asked for what has changed; otherwise by the days of its rows. */
	by: 'change' | 'day';
	id: (row: IDataObject) => unknown;
	/** Name under which the webhooks tell of a row. */
	resource: (row: IDataObject) => string;
}

/** Webhooks by the type of a product transaction (altegio-api.md §4). */
const OPERATIONS: Record<string, string> = {
	'0': 'goods_operations_move',
	'1': 'goods_operations_sale',
	'2': 'goods_operations_consumable',
	'3': 'goods_operations_receipt',
	'4': 'goods_operations_stolen',
	'5': 'goods_operations_move',
	'8': 'goods_operations_consumable',
};

const byId = ({ id }: IDataObject) => id;

export const SOURCES: Source[] = [
	{
		name: 'appointment',
		path: (location) => `/records/${location}`,
		query: { with_deleted: 1 },
		size: 200,
		by: 'change',
		id: byId,
		resource: () => 'record',
	},
	{
		// The docs call it old, but no other list of clients tells what has changed.
		name: 'client',
		path: (location) => `/clients/${location}`,
		query: {},
		size: 200,
		by: 'change',
		id: byId,
		resource: () => 'client',
	},
	{
		name: 'product',
		path: (location) => `/goods/${location}`,
		query: {},
		size: 100,
		by: 'change',
		id: ({ good_id: id, id: other }) => id ?? other,
		resource: () => 'good',
	},
	{
		name: 'operation',
		path: (location) => `/storages/transactions/${location}`,
		query: {},
		size: 100,
		by: 'change',
		id: byId,
		resource: ({ type_id: type }) => OPERATIONS[String(type ?? 0)] ?? 'goods_operations_move',
	},
	{
		name: 'payment',
		path: (location) => `/transactions/${location}`,
		query: {},
		size: 100,
		by: 'day',
		id: byId,
		resource: () => 'finances_operation',
	},
];

/** The list that tells of what webhooks call so; undefined when there is none. */
export function sourceOf(resource: string): Source['name'] | undefined {
	if (resource.startsWith('goods_operations_')) return 'operation';
	const names: Record<string, Source['name']> = {
		record: 'appointment',
		client: 'client',
		good: 'product',
		finances_operation: 'payment',
	};
	return names[resource];
}

/** What lists cannot tell: they do not show what was deleted, and of some not when it was made. */
const UNTOLD = ['clientCreated', 'clientDeleted', 'productCreated', 'productDeleted'];
const OTHER_WORDS: Record<string, { name: string; description: string }> = {
	clientUpdated: {
		name: 'Client Created or Updated',
		description: 'Altegio does not tell when a client was made',
	},
	productUpdated: {
		name: 'Product Created or Updated',
		description: 'Altegio does not tell when a product was made',
	},
	payment: { name: 'Payment', description: 'One for each paid line, also when it is changed' },
};

/** Events that a poll can tell. */
export const POLLED_EVENTS: EventRule[] = EVENTS.filter(
	({ value, resources: [resource] }) =>
		sourceOf(resource) !== undefined && !UNTOLD.includes(String(value)),
)
	.map((rule) => ({ ...rule, ...OTHER_WORDS[String(rule.value)] }))
	// Anything that happens to a client or product is its change.
	.map((rule) =>
		/^(client|product)Updated$/.test(String(rule.value)) ? { ...rule, status: undefined } : rule,
	)
	.sort((one, other) => one.name.localeCompare(other.name));

/** Time on a location's clock: `2026-11-28T10:30:00`. `instant`: ms since 1970. */
export function wallOf(instant: number, zone: string): string {
	const text = new Date(instant).toISOString();
	return timeAs('wall', text, { timezone: zone, zone }, 'Time').replace(' ', 'T');
}

const HOUR_MS = 3_600_000;

/** True when the location's clock went back between two instants. */
function wentBack(from: number, to: number, zone: string): boolean {
	const shown = (ms: number) => Date.parse(`${wallOf(ms, zone)}Z`);
	return shown(to) - shown(from) < to - from - 1000;
}

/**
 * The earliest time that the location's clock has shown since an instant: when it went back shortly after, the hour
 * before is asked for once more.
 */
export function wallSince(instant: number, now: number, zone: string): string {
	const later = Math.max(instant, Math.min(now, instant + 3 * HOUR_MS));
	return wallOf(wentBack(instant, later, zone) ? instant - HOUR_MS : instant, zone);
}

/** The latest time that the clock has shown until an instant. */
export function wallUntil(instant: number, zone: string): string {
	const before = instant - 3 * HOUR_MS;
	return wallOf(wentBack(before, instant, zone) ? instant + HOUR_MS : instant, zone);
}

/**
 * Instant (ms since 1970) of a date in an answer; NaN for none. The clock of the location counts, as offsets are told
 * wrong at times (altegio-api.md §6, 1); the offset decides where it is one of the location's.
 */
export function instantIn(text: unknown, zone: string): number {
	const [, date, time] =
		/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/.exec(typeof text === 'string' ? text : '') ?? [];
	if (date === undefined || date.startsWith('0000')) return NaN;
	const local = `${date}T${time}`;
	try {
		const told = Date.parse(isoOf(text) ?? '');
		if (!Number.isNaN(told) && wallOf(told, zone) === local) return told;
		return instantOf(local, zone, 'Date');
	} catch (error) {
		if (error instanceof InputProblem) return NaN;
		throw error as Error;
	}
}

/** When a row has changed. */
export function changedIn(row: IDataObject, zone: string): { at: number; iso: string } {
	for (const text of [row.last_change_date, row.create_date, row.date]) {
		const at = instantIn(text, zone);
		if (!Number.isNaN(at)) return { at, iso: isoOf(text) ?? new Date(at).toISOString() };
	}
	return { at: NaN, iso: '' };
}

/** A row in the shape of the webhook trigger's items; the events are named in the execution. */
export function itemFrom(
	source: Source,
	location: string,
	row: { json: IDataObject; action: 'create' | 'update' | 'delete'; moment: string | null },
): IDataObject {
	const { json, action, moment } = row;
	return {
		event: null,
		events: [],
		action,
		resource: source.resource(json),
		id: Number(source.id(json)),
		locationId: Number(location),
		moment,
		object: json,
	};
}

/** True for an appointment that was cancelled. */
export const isCancelled = (row: IDataObject): boolean => isOn(row.deleted);
