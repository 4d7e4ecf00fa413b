/**
 * What a notification about an appointment means in words. Altegio tells only how the appointment is now, so whether it
 * was moved, or whether the client has arrived just now, is told by what was seen before: n8n's memory of the workflow
 * has the states of each appointment, and the process has the last one, so that an appointment can come back to an
 * earlier time.
 */
import type { IDataObject } from 'n8n-workflow';

import { Latest } from '../../shared/road/latest';
import { claim, type SeenContext } from '../../shared/trigger/seen';
import type { EventRule } from './events';
import { isOn } from '../isOn';
import type { Notification } from './notification';

/** So long (ms) states are kept, unless the memory is full before: appointments are rarely made longer ahead. */
const STATES_KEEP_MS = 90 * 24 * 3600 * 1000;

const ATTENDANCES: Record<string, EventRule['derived']> = {
	'-1': 'noShow',
	'1': 'arrived',
	'2': 'confirmed',
};

type Told = Pick<Notification, 'resource' | 'status' | 'data'>;

/** A deletion is told as such, or as an update of what is deleted now. */
export function statusOf({ resource, status, data }: Told): Notification['status'] {
	return resource === 'record' && status === 'update' && isOn(data.deleted) ? 'delete' : status;
}

/** Rules that a notification may fulfil, as far as it tells by itself. */
export function rulesOf(told: Told, events: EventRule[]): EventRule[] {
	const status = statusOf(told);
	return events.filter((rule) => {
		if (!rule.resources.includes(told.resource)) return false;
		if (rule.derived) return status !== 'delete' && derivedMay(rule.derived, status, told.data);
		return rule.status === undefined || rule.status === status;
	});
}

function derivedMay(
	derived: NonNullable<EventRule['derived']>,
	status: Notification['status'],
	data: IDataObject,
): boolean {
	if (derived === 'moved') return status === 'update';
	if (derived === 'paid') return isOn(data.paid_full);
	return ATTENDANCES[String(data.attendance ?? data.visit_attendance ?? 0)] === derived;
}

/**
 * True when the memory must learn from a notification, whether or not it is wanted: who waits for appointments that are
 * moved must know where they were.
 */
export function teaches(told: Told, events: EventRule[]): boolean {
	const isHere = told.resource === 'record' && statusOf(told) !== 'delete';
	return isHere && events.some(({ derived }) => derived !== undefined);
}

/** States of an appointment that events tell of, by name. */
export interface States {
	place: string;
	attendance: string;
	paid: string;
}

/** The states of an appointment. */
export function appointmentStates({
	date,
	datetime,
	staff_id: staff,
	...data
}: IDataObject): States {
	const attendance = String(data.attendance ?? data.visit_attendance ?? 0);
	return {
		place: `${String(date ?? datetime ?? '')} ${String(staff ?? '')}`,
		attendance,
		paid: isOn(data.paid_full) ? 'yes' : 'no',
	};
}

/** What the process remembers of an appointment. */
interface Last {
	states: States;
	/** Changes of states that the process has seen. */
	changes: number;
}

/** Last states by appointment, of so many appointments. */
const last = new Latest<Last>(10_000);

/** What has changed since the appointment was seen last. */
export interface Changed {
	/** False when it was not seen before, so that nothing can be said of its time. */
	known: boolean;
	states: Record<keyof States, boolean>;
	/** To give back when the event cannot be passed on. */
	keys: string[];
	/** The process remembers it: to be called when the event has been passed on, or is none. */
	remember: () => void;
	trouble?: string;
}

/** Compares with what was seen and writes it down. `name` names the appointment and the node; never throws. */
export async function changedSince(
	context: SeenContext,
	name: string,
	states: States,
): Promise<Changed> {
	const place = `${String(context.getWorkflow().id)} ${name}`;
	const before = last.get(place);
	const parts = Object.keys(states) as Array<keyof States>;
	const stateOf = (part: keyof States) => `${name} ${part} ${states[part]}`;
	// What the process has seen itself is compared with that: an earlier state can come back. Two processes that see
	// the same change name it alike.
	const newsOf = (part: keyof States) =>
		before && before.states[part] !== states[part]
			? `${stateOf(part)} after ${before.states[part]} ${before.changes}`
			: undefined;
	const known = `${name} known`;
	const news = parts.map(newsOf).filter((key) => key !== undefined);
	const take = [known, ...parts.map(stateOf), ...news];
	const { repeats, trouble } = await claim(context, { take, keepMs: STATES_KEEP_MS });
	const isChanged = (part: keyof States) => {
		const key = newsOf(part);
		if (key !== undefined) return !repeats.has(key);
		return before === undefined && !repeats.has(stateOf(part));
	};
	const changed = Object.fromEntries(parts.map((part) => [part, isChanged(part)]));
	return {
		known: repeats.has(known) || before !== undefined,
		states: changed as Changed['states'],
		keys: take.filter((key) => !repeats.has(key)),
		remember: () =>
			last.set(place, { states, changes: (before?.changes ?? 0) + Number(news.length > 0) }),
		trouble,
	};
}

/** Rules of those that are fulfilled by what has changed. */
export function fulfilled(rules: EventRule[], changed: Changed | undefined): EventRule[] {
	return rules.filter(({ derived }) => {
		// A test run shows what may be meant: the memory belongs to the published workflow.
		if (derived === undefined || changed === undefined) return true;
		if (derived === 'moved') return changed.known && changed.states.place;
		return derived === 'paid' ? changed.states.paid : changed.states.attendance;
	});
}
