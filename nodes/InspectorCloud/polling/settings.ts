/** The form of the polling trigger. */
import type { IDataObject } from 'n8n-workflow';

import { choiceOf, numberOf, yesNo } from '../../shared/form/readers';
import type { Beginning } from '../../shared/trigger/polling';
import { allFirstRuns, readBeginning, WHOLE_OUTPUTS } from '../../shared/trigger/pollingForm';
import { cutOf } from '../catalogue/visit';
import { wantedSet, type Cut, type VisitRules } from '../visitDetails';
import { SPLITS } from '../visitParts';

export const FIRST_RUNS = allFirstRuns(
	'Visits that changed since a date, and everything from then on',
	'Each visit once, and everything from then on',
);

export const ACKNOWLEDGEMENTS = [
	{
		name: 'After Fetching',
		value: 'afterFetching',
		description: 'Before the workflow runs: a run that fails does not see the visit again',
	},
	{
		name: 'Never',
		value: 'never',
		description: 'Use Visit: Acknowledge at the end of the workflow, or not at all',
	},
];

export interface PollingSettings extends Beginning {
	acknowledges: boolean;
	/** Visits that others have acknowledged are watched as well. */
	alsoAcknowledged: boolean;
	rules: VisitRules;
	cut: Cut;
	isRaw: boolean;
	/** Visits begun longer ago are not looked at. */
	lookBackMs: number;
	mostVisits: number;
}

export const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const USUAL_MOST = 100;

/** Reads the form. Throws `InputProblem` for what cannot be polled. */
export function pollingSettings(
	read: (name: string, fallback: unknown) => unknown,
	timezone: string,
): PollingSettings {
	const filters = (read('filters', {}) ?? {}) as IDataObject;
	const options = (read('options', {}) ?? {}) as IDataObject;
	const flag = (label: string, value: unknown) => yesNo(label, value) === true;
	const splitInto = choiceOf('Split Into', SPLITS, read('splitInto', 'visit')) ?? 'visit';
	const days = numberOf('Look Back (Days)', options.lookBack, { min: 1, max: 3660 }) ?? USUAL_DAYS;
	return {
		...readBeginning(read, timezone, FIRST_RUNS),
		acknowledges:
			choiceOf('Acknowledge', ACKNOWLEDGEMENTS, read('acknowledge', 'never')) === 'afterFetching',
		alsoAcknowledged: flag('Also Acknowledged Visits', options.alsoAcknowledged),
		rules: {
			onlyClosed: !flag('Include Open Visits', filters.withOpen),
			withDeleted: flag('Include Deleted Visits', filters.withDeleted),
			stores: wantedSet(filters.stores),
			agents: wantedSet(filters.agents),
			routes: wantedSet(filters.routes),
		},
		cut: cutOf(
			{
				splitInto,
				allOutOfStock: flag('Include What Is Not Out-of-Stock', options.allOutOfStock),
				...(options.notOutOfStock ? { notOutOfStock: options.notOutOfStock } : {}),
			},
			yesNo('Leave Out Annotations', options.leaveOutAnnotations) !== false,
		),
		isRaw: choiceOf('Output', WHOLE_OUTPUTS, read('output', 'simplified')) === 'raw',
		lookBackMs: days * DAY_MS,
		mostVisits:
			numberOf('Max Visits per Poll', options.maxVisits, { min: 1, max: 1000, whole: true }) ??
			USUAL_MOST,
	};
}
