/** The form of the polling trigger. */
import type { IDataObject } from 'n8n-workflow';

import type { OutputRule } from '../../shared/catalogue';
import { OUTPUTS } from '../../shared/form/output';
import { InputProblem } from '../../shared/errors/problems';
import { choiceOf, numberOf, yesNo } from '../../shared/form/readers';
import type { Beginning } from '../../shared/trigger/polling';
import { allFirstRuns, readBeginning, settledAfter } from '../../shared/trigger/pollingForm';
import { chosen, lower, statusesOf, words, type WantedStatus } from '../trigger/settings';
import { checkWatched } from '../trigger/statuses';
import { polledType, polledTypes, type PolledType } from './types';

export type Action = 'CREATE' | 'UPDATE' | 'DELETE';

export const FIRST_RUNS = allFirstRuns(
	'What has changed since a date, and everything from then on',
	'Each object once, as created, and everything from then on',
);

export interface PollingSettings extends Beginning {
	types: PolledType[];
	actions: Set<Action>;
	expand: string;
	maxPages: number;
	/** Ms that each poll looks back over, for changes that MoySklad shows late. */
	overlapMs: number;
	/** Ms that a change must be old before it is passed on. */
	settleMs: number;
	output: OutputRule;
	withWebhook: boolean;
	/** Statuses that objects must be in. */
	onlyStatuses: WantedStatus[];
	/** Logins in lower case. */
	onlyUsers: string[];
	notUsers: string[];
}

/** Reads the form. Throws `InputProblem` for what cannot be polled. */
export function pollingSettings(
	read: (name: string, fallback: unknown) => unknown,
	timezone: string,
): PollingSettings {
	const options = (read('options', {}) ?? {}) as IDataObject;
	const names = [...new Set(chosen(read('entityTypes', [])))];
	if (names.length === 0) {
		throw new InputProblem('Entity Types', 'is empty', 'Choose at least one type to watch.');
	}
	const unknown = names.find((name) => !polledTypes.some(({ value }) => value === name));
	if (unknown !== undefined) {
		throw new InputProblem(
			'Entity Types',
			`holds '${unknown}', whose list does not tell what has changed`,
			'Choose from the list of this node, or use the MoySklad Trigger.',
		);
	}
	const actions = new Set(chosen(read('actions', [])) as Action[]);
	if (actions.size === 0) {
		throw new InputProblem('Events', 'is empty', 'Choose at least one event to watch.');
	}
	const types = names.map(polledType);
	const onlyStatuses = statusesOf(options.statuses);
	checkWatched(onlyStatuses, names, 'Only in These Statuses');
	const onlyUsers = lower(options.onlyUsers);
	const notUsers = lower(options.notUsers);
	const anonymous = types.filter(({ signed }) => !signed).map(({ name }) => name);
	if (onlyUsers.length + notUsers.length > 0 && anonymous.length > 0) {
		throw new InputProblem(
			'Only These Users',
			`or 'Not These Users' is given, and MoySklad does not tell who changed objects of the type ${anonymous.join(', ')}`,
			'Take the users out, or watch these types with another MoySklad Polling Trigger.',
		);
	}
	const withWebhook = yesNo('Share With Webhook Trigger', options.withWebhook) === true;
	const settle = withinRange('Minimum Age (Seconds)', options.settle, 10, 0, 86_400);
	return {
		types,
		actions,
		...readBeginning(read, timezone, FIRST_RUNS),
		expand: words(options.expand).join(','),
		maxPages: Math.floor(withinRange('Max Pages per Poll', options.maxPages, 10, 1, 1000)),
		overlapMs: withinRange('Look Back (Minutes)', options.overlap, 2, 0, 1440) * 60_000,
		settleMs: settledAfter(settle, withWebhook),
		output: outputOf(options),
		withWebhook,
		onlyStatuses,
		onlyUsers,
		notUsers,
	};
}

/** Workflows that were made before Output have a switch Simplify, and everything without it. */
function outputOf(options: IDataObject): OutputRule {
	const former = yesNo('Simplify', options.simplify) === true ? 'simplified' : 'raw';
	const chosen = choiceOf('Output', OUTPUTS, options.output) ?? former;
	if (chosen !== 'selectedFields') return chosen === 'simplified' ? 'simplified' : 'raw';
	const names = words(options.outputFields);
	if (names.length > 0) return names;
	const hint = "Pick at least one field, or set 'Output' to Simplified.";
	throw new InputProblem('Fields to Return', 'is empty', hint);
}

/** Kept within the form's range; `usual` where nothing is given. */
function withinRange(
	label: string,
	value: unknown,
	usual: number,
	least: number,
	most: number,
): number {
	return Math.min(most, Math.max(least, numberOf(label, value) ?? usual));
}
