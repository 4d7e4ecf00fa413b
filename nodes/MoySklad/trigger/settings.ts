/** The trigger's form, read once for registering, receiving and handling. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../shared/errors/problems';
import { choiceOf, listOf, shown, yesNo } from '../../shared/form/readers';

/** Reads a parameter of the node; the fallback is for workflows that were saved before it existed. */
export type ReadParameter = (name: string, fallback: unknown) => unknown;

/** A kind of webhook that MoySklad has, and what the node wants of it. */
export interface Watched {
	/** Type and action of each webhook of the family `webhook`. */
	pairs: Array<{ entityType: string; action: string }>;
	/** Report of the webhook of the family `webhookstock`. */
	stockReport?: 'all' | 'bystore';
}

/** A status of one type by its ID, or the name (or ID) of statuses of any type. */
export interface WantedStatus {
	type?: string;
	text: string;
}

/** What decides whether an event goes on; empty lists and absent values let everything pass. */
export interface Filters {
	/** Names of changed fields, in lower case. */
	onlyFields: string[];
	/** Statuses that an object must get. */
	onlyStatuses: WantedStatus[];
	/** Logins of employees (`uid`), in lower case. */
	onlyUsers: string[];
	notUsers: string[];
	accountId?: string;
}

export type Settings = Watched & HandlingSettings;

/** What is done with a delivery. */
export interface HandlingSettings extends Filters {
	/** Whether updates name their fields: wanted in the items, or needed by a filter. */
	changedFields: boolean;
	ignoreOwn: boolean;
	deduplicate: boolean;
	withPolling: boolean;
	answer: 'stored' | 'atOnce';
	/** What is asked of MoySklad before the workflow goes on. */
	fetch: { objects: boolean; values: boolean; goods: boolean; results: boolean };
	/** All types that are watched; read only where a wanted status does not tell its own. */
	statusTypes: string[];
	expand: string;
	/** Fields of the fetched objects to keep; all when empty. */
	objectFields: string[];
}

const ASYNC = { entityType: 'async', action: 'PROCESSED' };

/** Reads the form. Throws `InputProblem` when there is nothing to watch. */
export function settingsOf(read: ReadParameter): Settings {
	const options = optionsOf(read);
	return { ...watchedOf(read, options), ...handlingOf(read, options) };
}

/** Reads what is needed once a delivery has come: each parameter costs n8n time, in every execution. */
export function handlingOf(
	read: ReadParameter,
	options: IDataObject = optionsOf(read),
): HandlingSettings {
	const fetch = chosen(read('fetch', []));
	// Picked from the list, and written as text (all that there was in version 0.1.0).
	const onlyFields = [...lower(options.changedFieldNames), ...lower(options.onlyFields)];
	const onlyStatuses = statusesOf(options.statuses);
	return {
		changedFields:
			onlyFields.length + onlyStatuses.length > 0 ||
			yesNo('Include Changed Fields', options.changedFields) === true,
		onlyFields,
		onlyStatuses,
		onlyUsers: lower(options.onlyUsers),
		notUsers: lower(options.notUsers),
		accountId:
			String(options.accountId ?? '')
				.trim()
				.toLowerCase() || undefined,
		ignoreOwn: yesNo('Ignore My Own Changes', options.ignoreOwn) === true,
		deduplicate: yesNo('Drop Repeats', options.deduplicate) !== false,
		withPolling: yesNo('Share With Polling Trigger', options.withPolling) === true,
		answer: oneOf('Answer', ['stored', 'atOnce'], options.answer) ?? 'stored',
		fetch: {
			objects: fetch.includes('objects'),
			values: fetch.includes('values'),
			goods: fetch.includes('goods'),
			results: fetch.includes('results'),
		},
		statusTypes: onlyStatuses.some(({ type }) => type === undefined) ? typesOf(read, options) : [],
		expand: words(options.expand).join(','),
		objectFields: words(options.objectFields),
	};
}

const ACTIONS = ['CREATE', 'UPDATE', 'DELETE'];

/** What is to be watched. Throws `InputProblem` when one of the lists is empty. */
function watchedOf(read: ReadParameter, options: IDataObject): Watched {
	const others = chosen(read('alsoWatch', []));
	const entityTypes = typesOf(read, options);
	const actions = chosen(read('actions', [])).flatMap((one) => oneOf('Events', ACTIONS, one) ?? []);
	if (entityTypes.length === 0 && others.length === 0) {
		throw new InputProblem('Entity Types', 'is empty', 'Choose at least one type to watch.');
	}
	if (entityTypes.length > 0 && actions.length === 0) {
		throw new InputProblem('Events', 'is empty', 'Choose at least one event to watch.');
	}
	const pairs = entityTypes.flatMap((entityType) =>
		actions.map((action) => ({ entityType, action })),
	);
	if (others.includes('tasks')) pairs.push(ASYNC);
	if (!others.includes('stock')) return { pairs };
	const stockReport = oneOf('Stock Report', ['all', 'bystore'], read('stockReport', 'all'));
	return { pairs, stockReport: stockReport ?? 'all' };
}

function typesOf(read: ReadParameter, options: IDataObject): string[] {
	const types = chosen(read('entityTypes', []));
	return [...new Set([...types, ...lower(options.otherEntityTypes)])];
}

function optionsOf(read: ReadParameter): IDataObject {
	return (read('options', {}) ?? {}) as IDataObject;
}

/** One of a few values. Throws `InputProblem` for another. */
function oneOf<T extends string>(label: string, values: T[], raw: unknown): T | undefined {
	const choices = values.map((value) => ({ name: value, value }));
	return choiceOf(label, choices, raw) as T | undefined;
}

/** Chosen values of a list of the form. */
export function chosen(value: unknown): string[] {
	return (listOf(value) ?? []).map(shown);
}

/** Chosen statuses: `type/id` from the list, names or IDs by an expression. */
export function statusesOf(value: unknown): WantedStatus[] {
	return (listOf(value) ?? []).map((one) => {
		const text = String(one).trim();
		const chosen = /^([a-z]+)\/([0-9a-f-]{36})$/i.exec(text);
		return chosen ? { type: chosen[1].toLowerCase(), text: chosen[2].toLowerCase() } : { text };
	});
}

/** Words between commas, semicolons, spaces or line breaks; lists from expressions are taken as they are. */
export function words(value: unknown): string[] {
	return (listOf(value, /[\s,;]+/) ?? []).map(String);
}

/** The same in lower case. */
export function lower(value: unknown): string[] {
	return words(value).map((word) => word.toLowerCase());
}
