/** Which of the wanted events an item is. */
import type { IDataObject } from 'n8n-workflow';

import type { SeenContext } from '../../shared/trigger/seen';
import {
	changedSince,
	fulfilled,
	rulesOf,
	appointmentStates,
	statusOf,
	teaches,
	type Changed,
} from './appointment';
import type { EventRule } from './events';
import type { Notification } from './notification';

/** What decides about the events of an item. */
export interface Naming {
	/** Those that are wanted. */
	events: EventRule[];
	/** Webhook trigger and polling trigger of the workflow have one memory of the appointments. */
	isShared: boolean;
	/** A test run shows everything that a change may mean, and keeps nothing. */
	isTest: boolean;
}

/** What came of it; the item's `event`, `events` and `action` are set when it is wanted. */
export interface Named {
	isWanted: boolean;
	/** What the memory has told of an appointment. */
	changed?: Changed;
	/** To be told to the user, when the memory failed. */
	hint?: string;
}

const toldOf = ({ resource, action, object }: IDataObject) => ({
	resource: String(resource),
	status: action as Notification['status'],
	data: (object ?? {}) as IDataObject,
});

/** Names the events of an item. The memory learns from each, wanted or not. Never throws. */
export async function nameEvents(
	context: SeenContext,
	json: IDataObject,
	{ events, isShared, isTest }: Naming,
): Promise<Named> {
	const told = toldOf(json);
	let changed: Changed | undefined;
	if (!isTest && teaches(told, events)) {
		const owner = isShared ? 'pair' : context.getNode().id;
		const name = [owner, 'record', json.locationId, json.id].join(' ');
		changed = await changedSince(context, name, appointmentStates(told.data));
	}
	const names = fulfilled(rulesOf(told, events), changed).map(({ value }) => value);
	// The most telling one comes first; that anything was updated says least.
	names.sort((a, b) => Number(a === 'appointmentUpdated') - Number(b === 'appointmentUpdated'));
	const isWanted = names.length > 0;
	if (isWanted) Object.assign(json, { event: names[0], events: names, action: statusOf(told) });
	const trouble = changed?.trouble;
	const hint =
		trouble &&
		`n8n's memory of what has been seen could not be used (${trouble}). Whether an appointment was moved may be told wrong.`;
	return { isWanted, changed, hint };
}
