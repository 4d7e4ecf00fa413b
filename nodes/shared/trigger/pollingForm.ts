/** What the forms of polling triggers have in common: what the first poll begins with, and how old a change must be. */
import type { Choice } from '../catalogue';
import { OUTPUTS } from '../form/output';
import { choiceOf } from '../form/readers';
import { instantOf } from '../form/times';
import { SETTLED_MS } from './pair';
import type { Beginning } from './polling';

const SINCE: Choice = {
	name: 'Changes Since…',
	value: 'since',
	description: 'What changed since a date, and everything from then on',
};

const NOW: Choice = {
	name: 'From Now',
	value: 'now',
	description: 'Only what changes after the workflow is published',
};

/** Beginnings of a vendor whose lists tell of changes only. */
export const FIRST_RUNS = [SINCE, NOW];

/** Beginnings of a vendor whose lists have everything, in its own words. */
export const allFirstRuns = (since: string, everything: string): Choice[] => [
	{ ...SINCE, description: since },
	{ name: 'Everything', value: 'everything', description: everything },
	NOW,
];

/** Outputs of a trigger that offers no single fields. */
export const WHOLE_OUTPUTS = OUTPUTS.filter(({ value }) => value !== 'selectedFields');

/** Reads `firstRun`, and `since` where it is needed. Throws `InputProblem`. */
export function readBeginning(
	read: (name: string, fallback: unknown) => unknown,
	timezone: string,
	choices: Choice[] = FIRST_RUNS,
): Beginning {
	const chosen = choiceOf('First Run', choices, read('firstRun', 'now')) ?? 'now';
	const firstRun = chosen as Beginning['firstRun'];
	const since = firstRun === 'since' ? instantOf(read('since', ''), timezone, 'Changes Since') : 0;
	return { firstRun, since };
}

/** Age (ms) at which a change is passed on, where the user wants so many seconds. */
export function settledAfter(seconds: number, withWebhook: boolean): number {
	return withWebhook ? Math.max(seconds * 1000, SETTLED_MS) : seconds * 1000;
}
