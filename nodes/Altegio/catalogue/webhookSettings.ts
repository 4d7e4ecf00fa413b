/**
 * Addresses that Altegio tells of changes. What is posted replaces the settings of all applications of the location, so
 * that they are read first and nothing of others is lost. Reference of the project: altegio-api.md §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Replaces } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { listOf } from '../../shared/form/readers';
import { family } from '../dialect';
import { factsOf } from '../facts';
import { isOn } from '../isOn';

const settings = family({
	value: 'webhookSettings',
	one: 'webhook settings',
	many: 'webhook settings',
});

/** Switches of the settings; `active` is that of the whole. */
const FLAGS = (factsOf('webhookSettings.set').body ?? [])
	.map(({ name }) => name)
	.filter((name) => name !== 'urls' && name !== 'active');

/** Addresses that a location has at most. */
export const MAX_URLS = 10;

/** Addresses of the settings. */
export const urlsOf = (value: unknown): string[] =>
	Array.isArray(value) ? value.map(String).filter((url) => url !== '') : [];

/** Flags as they really are: those at the top are of the first URL only, each URL may have its own. */
export function flagsOf(current: IDataObject): IDataObject {
	const own = Array.isArray(current.url_settings) ? (current.url_settings as IDataObject[]) : [];
	const all = [current, ...own];
	const known = FLAGS.filter((name) => all.some((row) => row[name] !== undefined));
	return Object.fromEntries(
		known.map((name) => [name, all.some((row) => isOn(row[name])) ? 1 : 0]),
	);
}

/** Everything stays, and more addresses are told. */
function withUrls(current: IDataObject, { control }: Call): IDataObject {
	const added = (control.addUrls ?? []) as string[];
	const urls = [...new Set([...urlsOf(current.urls), ...added])];
	if (urls.length > MAX_URLS) {
		throw new InputProblem(
			'URLs to Add',
			`would make ${urls.length} addresses, of which a location has ${MAX_URLS} at most`,
			'Remove one that is not used any more first.',
		);
	}
	return { ...flagsOf(current), active: added.length > 0 ? 1 : Number(current.active ?? 0), urls };
}

/** The same without one address. The last one cannot go: it is switched off. */
function withoutUrl(current: IDataObject, { control }: Call): IDataObject {
	const urls = urlsOf(current.urls);
	const left = urls.filter((url) => url !== control.url);
	if (left.length === urls.length) {
		throw new InputProblem(
			'URL',
			`'${String(control.url)}' is not among those of the location`,
			"See them with 'Get'; the address must be the same to the letter.",
		);
	}
	return left.length > 0
		? { ...flagsOf(current), active: Number(current.active ?? 1), urls: left }
		: { ...flagsOf(current), active: 0, urls };
}

const merging = (keep: Replaces['keep']): Replaces => ({
	read: 'GET /hooks_settings/{locationId}',
	at: 'data',
	keep,
});

/** What is sent as given has the addresses that are named, and no others. */
async function urlsAsGiven(calls: Call[]): Promise<void> {
	for (const call of calls) {
		if (call.control.sendAsGiven !== true) continue;
		const urls = call.control.addUrls as string[] | undefined;
		if (urls) call.body.urls = urls;
		else {
			call.problem = new InputProblem(
				'URLs to Add',
				'is empty, but Altegio takes whole settings only',
				"Name all addresses of the location, or switch off the option 'Send As Given'.",
			);
		}
	}
	await Promise.resolve();
}

/** One address cannot be taken out of a list that is not read. */
async function neverAsGiven(calls: Call[]): Promise<void> {
	for (const call of calls) call.control.sendAsGiven = false;
	await Promise.resolve();
}

const addUrls: Field = {
	name: 'addUrls',
	label: 'URLs to Add',
	kind: 'text',
	also: 'list',
	section: 'options',
	to: 'control',
	placeholder: 'e.g. https://n8n.example.com/webhook/1',
	help: 'Addresses that are told as well, separated by commas',
	wire: (value) => listOf(value)?.map((one) => String(one).trim()),
};

const url: Field = {
	name: 'url',
	label: 'URL',
	kind: 'text',
	required: true,
	to: 'control',
	placeholder: 'e.g. https://n8n.example.com/webhook/1',
	help: 'The address as Get shows it',
	wire: (value) => String(value).trim(),
};

export const webhookSettings: Operation[] = [
	settings('webhookSettings.get', 'get', 'Get', 'Retrieve the addresses and what they are told', {
		answer: { kind: 'object', at: 'data' },
		notes: 'Flags at the top are those of the first address.',
	}),
	settings(
		'webhookSettings.set',
		'update',
		'Update',
		'Add addresses or switch events; addresses and events of others stay',
		{
			facts: 'webhookSettings.set~',
			mapper: { mode: 'update', front: ['record', 'client', 'finances_operation'] },
			without: ['urls'],
			own: [addUrls],
			answer: { kind: 'done' },
			replaces: merging(withUrls),
			prepare: urlsAsGiven,
			notes: 'Flags are those of all addresses of the location.',
		},
	),
	settings(
		'webhookSettings.set',
		'removeUrl',
		'Remove URL',
		'Remove one address; all others stay',
		{
			facts: 'webhookSettings.set~',
			without: ['urls', 'active', ...FLAGS],
			own: [url],
			answer: { kind: 'done' },
			replaces: merging(withoutUrl),
			prepare: neverAsGiven,
			notes: 'The last address cannot be removed: webhooks are switched off instead.',
		},
	),
];
