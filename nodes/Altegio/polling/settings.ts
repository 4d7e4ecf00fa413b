/** The form of the polling trigger. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/errors/problems';
import { listOf, numberOf, shown, wholeNumbersOf, yesNo } from '../../shared/form/readers';
import type { Beginning } from '../../shared/trigger/polling';
import { readBeginning, settledAfter } from '../../shared/trigger/pollingForm';
import type { EventRule } from '../trigger/events';
import { POLLED_EVENTS, SOURCES, sourceOf, type Source } from './sources';

export interface PollingSettings extends Beginning {
	/** IDs of the locations; none: all of the user's. */
	locations: string[];
	events: EventRule[];
	/** Lists that tell of the events. */
	sources: Source[];
	/** Ms that each poll looks back over, for changes that Altegio shows late. */
	overlapMs: number;
	/** Ms that a change must be old before it is passed on: all that happened in its second is known then. */
	settleMs: number;
	/** Payments are listed by their day: so many days back. */
	paymentDays: number;
	withWebhook: boolean;
}

const MINUTE_MS = 60_000;

/** Reads the form. Throws `InputProblem` for what cannot be polled. */
export function pollingSettings(
	read: (name: string, fallback: unknown) => unknown,
	timezone: string,
): PollingSettings {
	const options = (read('options', {}) ?? {}) as IDataObject;
	const chosen = new Set((listOf(read('events', [])) ?? []).map(shown));
	const unknown = [...chosen].find((name) => !POLLED_EVENTS.some(({ value }) => value === name));
	if (unknown !== undefined) {
		throw new InputProblem(
			'Events',
			`holds '${unknown}', which no list of Altegio tells`,
			'Choose from the list of this node, or use the Altegio Trigger.',
		);
	}
	if (chosen.size === 0) {
		throw new InputProblem('Events', 'is empty', 'Choose at least one event to watch.');
	}
	const events = POLLED_EVENTS.filter(({ value }) => chosen.has(String(value)));
	const names = new Set(events.map(({ resources: [resource] }) => sourceOf(resource)));
	const withWebhook = yesNo('Share With Webhook Trigger', options.withWebhook) === true;
	const settle = numberOf('Minimum Age (Seconds)', options.settle, { min: 0, max: 3600 }) ?? 10;
	const overlap = numberOf('Look Back (Minutes)', options.overlap, { min: 0, max: 1440 }) ?? 5;
	const ids = wholeNumbersOf('Locations', read('locationIds', [])) ?? [];
	return {
		locations: [...new Set(ids.map(String))],
		events,
		sources: SOURCES.filter(({ name }) => names.has(name)),
		...readBeginning(read, timezone),
		overlapMs: overlap * MINUTE_MS,
		settleMs: settledAfter(settle, withWebhook),
		paymentDays:
			numberOf('Payments of the Last (Days)', options.paymentDays, { min: 1, max: 90 }) ?? 2,
		withWebhook,
	};
}
