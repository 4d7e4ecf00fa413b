/** The form of the polling trigger. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/errors/problems';
import { choiceOf, listOf, numberOf, wholeNumbersOf, yesNo } from '../../shared/form/readers';
import { instantOf } from '../../shared/form/times';
import { SETTLED_MS } from '../../shared/trigger/pair';
import type { EventRule } from '../trigger/events';
import { POLLED_EVENTS, SOURCES, sourceOf, type Source } from './sources';

export const FIRST_RUNS = [
	{
		name: 'Changes Since…',
		value: 'since',
		description: 'What changed since a date, and everything from then on',
	},
	{
		name: 'From Now',
		value: 'now',
		description: 'Only what changes after the workflow is published',
	},
];

export interface PollingSettings {
	/** IDs of the locations; none: all of the user's. */
	locations: string[];
	events: EventRule[];
	/** Lists that tell of the events. */
	sources: Source[];
	firstRun: 'now' | 'since';
	/** Ms since 1970; with `since`. */
	since: number;
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
	const chosen = new Set((listOf(read('events', [])) ?? []).map(String));
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
	const firstRun = choiceOf('First Run', FIRST_RUNS, read('firstRun', 'now')) ?? 'now';
	const withWebhook = yesNo('Share With Webhook Trigger', options.withWebhook) === true;
	const settle = numberOf('Minimum Age (Seconds)', options.settle, { min: 0, max: 3600 }) ?? 10;
	const overlap = numberOf('Look Back (Minutes)', options.overlap, { min: 0, max: 1440 }) ?? 5;
	const ids = wholeNumbersOf('Locations', read('locationIds', [])) ?? [];
	return {
		locations: [...new Set(ids.map(String))],
		events,
		sources: SOURCES.filter(({ name }) => names.has(name)),
		firstRun: firstRun === 'since' ? 'since' : 'now',
		since: firstRun === 'since' ? instantOf(read('since', ''), timezone, 'Changes Since') : 0,
		overlapMs: overlap * MINUTE_MS,
		settleMs: withWebhook ? Math.max(settle * 1000, SETTLED_MS) : settle * 1000,
		paymentDays:
			numberOf('Payments of the Last (Days)', options.paymentDays, { min: 1, max: 90 }) ?? 2,
		withWebhook,
	};
}
