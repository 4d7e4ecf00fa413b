/** The trigger's form, read once for registering, receiving and handling. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/errors/problems';
import { listOf, shown, yesNo } from '../../shared/form/readers';
import type { HandlingBasics } from '../../shared/trigger/handle';
import { locationOf, notForm } from '../catalogue/location';
import { EVENTS, type EventRule } from './events';

export interface Settings extends HandlingBasics {
	locationId: string;
	events: EventRule[];
	/** Altegio also tells what calls with the same partner token have changed. */
	ownChanges: boolean;
	/** Each object is read again before the workflow goes on. */
	fetchObject: boolean;
}

/** Reads the form. Throws `InputProblem` when there is nothing to watch. */
export function settingsOf(read: (name: string, fallback: unknown) => unknown): Settings {
	const locationId = locationOf((name) => read(name, ''));
	if (locationId === undefined) {
		throw new InputProblem('Location', 'is empty', 'Choose the location to watch.');
	}
	const chosen = new Set((listOf(read('events', [])) ?? []).map(shown));
	const unknown = [...chosen].find((name) => !EVENTS.some(({ value }) => value === name));
	if (unknown !== undefined) {
		throw new InputProblem('Events', `holds '${unknown}'`, 'Choose from the list of this node.');
	}
	if (chosen.size === 0) {
		throw new InputProblem('Events', 'is empty', 'Choose at least one event to watch.');
	}
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		locationId: notForm(locationId),
		events: EVENTS.filter(({ value }) => chosen.has(value)),
		ownChanges: yesNo('Include Own Changes', options.ownChanges) === true,
		fetchObject: yesNo('Fetch Whole Object', options.fetchObject) === true,
		deduplicate: yesNo('Drop Repeats', options.deduplicate) !== false,
		withPolling: yesNo('Share With Polling Trigger', options.withPolling) === true,
	};
}
