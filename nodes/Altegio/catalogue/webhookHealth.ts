/**
 * Whether Altegio calls what a workflow expects: a look at the webhook settings of a location, and repair on demand.
 * What others have there stays. Reference of the project: altegio-api.md §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { EVENTS } from '../trigger/events';
import { isOn } from '../trigger/notification';
import { DOCS } from '../dialect';
import { location } from './location';
import { flagsOf, MAX_URLS, urlsOf } from './webhookSettings';

/** Somebody else may write between our reading and our writing: so often it is put right. */
const TRIES = 3;

/** What is expected of the settings. */
interface Expected {
	/** The address, or its beginning. */
	url: string;
	isWhole: boolean;
	/** Switches that must be on. */
	flags: string[];
}

/** What a look at the settings tells. */
interface Look {
	/** Addresses that are ours. */
	own: string[];
	/** Addresses of the same webhook with another key, and others of the same host. */
	stale: IDataObject[];
	active: boolean;
	missing: string[];
	/** Switches that the answer leaves out: older back ends do not tell all. */
	unknown: string[];
}

const pathOf = ({ path }: Call) => `/hooks_settings/${encodeURIComponent(String(path.locationId))}`;

async function read(call: Call, work: Work): Promise<IDataObject> {
	const answer = await work.send({ method: 'GET', path: pathOf(call) });
	return ((answer.body as IDataObject).data ?? {}) as IDataObject;
}

const withoutQuery = (url: string) => url.split('?')[0];

function lookAt(current: IDataObject, { url, isWhole, flags }: Expected): Look {
	const urls = urlsOf(current.urls);
	const isOwn = (one: string) =>
		isWhole ? one === url : one === url || one.startsWith(`${url}?`) || one.startsWith(`${url}/`);
	const own = urls.filter(isOwn);
	const host = new URL(url).host;
	const stale = urls
		.filter((one) => !own.includes(one) && URL.canParse(one) && new URL(one).host === host)
		.map((one) => ({
			url: one,
			because: withoutQuery(one) === withoutQuery(url) ? 'otherKey' : 'otherPath',
		}));
	const rows = Array.isArray(current.url_settings) ? (current.url_settings as IDataObject[]) : [];
	// Switches at the top are those of the first address.
	const settings = own.map((one) => rows.find((row) => row.url === one) ?? current);
	const isMissing = (flag: string) =>
		settings.some((row) => row[flag] !== undefined && !isOn(row[flag]));
	return {
		own,
		stale,
		active: isOn(current.active),
		missing: own.length === 0 ? flags : flags.filter(isMissing),
		unknown: flags.filter((flag) => settings.some((row) => row[flag] === undefined)),
	};
}

const isHealthy = ({ own, active, missing }: Look) =>
	own.length > 0 && active && missing.length === 0;

/** Writes until it holds. Returns how often it wrote. */
async function mend(call: Call, work: Work, expected: Expected): Promise<number> {
	const removed = String(call.control.removeStale ?? 'none');
	const isLeaving = ({ because }: IDataObject) =>
		removed === 'all' || (removed === 'otherKey' && because === 'otherKey');
	const others = new Set<string>();
	for (let writes = 0; writes <= TRIES; writes++) {
		const current = await read(call, work);
		const look = lookAt(current, expected);
		const leaving = look.stale.filter(isLeaving).map(({ url }) => String(url));
		const urls = urlsOf(current.urls).filter((one) => !leaving.includes(one));
		const isWhole = [...others].every((one) => urls.includes(one));
		for (const one of urls) others.add(one);
		if (isHealthy(look) && leaving.length === 0 && isWhole) return writes;
		if (writes === TRIES) break;
		if (look.own.length === 0 && !expected.isWhole) throw unpublished();
		const all = [...new Set([...others, ...(look.own.length > 0 ? [] : [expected.url])])];
		if (all.length > MAX_URLS) throw full(all.length);
		const wanted = Object.fromEntries(expected.flags.map((flag) => [flag, 1]));
		const body = { ...flagsOf(current), ...wanted, active: 1, urls: all };
		// Twice is once.
		const request = { method: 'POST' as const, path: pathOf(call), body, idempotent: true };
		await work.send({ ...request, expects: 'nothing' });
	}
	throw new CallFailed({
		say: 'Altegio: the webhook settings of the location did not keep what was written',
		hint: 'Another application may write them at the same time. Run it again.',
		cause: 'temporarily-unavailable',
	});
}

function unpublished(): InputProblem {
	return new InputProblem(
		'URL',
		'is the beginning of an address that the location does not have, and the key behind it is not known here',
		"Publish the workflow with the Altegio Trigger again, or give the whole address and set 'URL Is' to The Whole URL.",
	);
}

function full(count: number): InputProblem {
	return new InputProblem(
		'URL',
		`would be one of ${count} addresses, and a location has ${MAX_URLS} at most`,
		"Remove one that is not used any more with 'Remove URL', or let 'Remove Stale' do it.",
	);
}

async function check(call: Call, work: Work): Promise<IDataObject> {
	const { control } = call;
	const chosen = (control.expectedEvents ?? []) as string[];
	const expected: Expected = {
		url: String(control.expectedUrl),
		isWhole: control.match === 'whole',
		flags: [
			...new Set(EVENTS.filter(({ value }) => chosen.includes(value)).map(({ flag }) => flag)),
		],
	};
	const writes = control.repair === true ? await mend(call, work, expected) : 0;
	const current = await read(call, work);
	const look = lookAt(current, expected);
	return {
		healthy: isHealthy(look),
		url: expected.url,
		registered: look.own,
		active: look.active,
		missing: look.missing,
		unknown: look.unknown,
		stale: look.stale,
		places: { used: urlsOf(current.urls).length, of: MAX_URLS },
		repaired: writes > 0,
	};
}

function expectedUrl(value: unknown): string {
	const text = String(value).trim();
	if (/^https?:\/\/\S+$/.test(text) && URL.canParse(text)) return text;
	throw new InputProblem(
		'URL',
		`is '${text}'`,
		'Give an address such as https://n8n.example.com/webhook/1a2b/webhook.',
	);
}

const fields: Field[] = [
	location,
	{
		name: 'expectedUrl',
		label: 'URL',
		kind: 'text',
		to: 'control',
		required: true,
		placeholder: 'e.g. https://n8n.example.com/webhook/1a2b/webhook',
		help: 'Where Altegio is to call: the Production URL of an Altegio Trigger, or any other address',
		wire: expectedUrl,
	},
	{
		name: 'match',
		label: 'URL Is',
		help: 'How the URL is compared',
		kind: 'choice',
		to: 'control',
		default: 'prefix',
		choices: [
			{
				name: 'The Beginning',
				value: 'prefix',
				description: "For an Altegio Trigger: its Production URL; the key behind it is the node's",
			},
			{ name: 'The Whole URL', value: 'whole' },
		],
	},
	{
		name: 'expectedEvents',
		label: 'Events',
		kind: 'choices',
		to: 'control',
		choices: EVENTS.map(({ name, value, description }) => ({ name, value, description })),
		default: ['appointmentCreated'],
		help: 'What the workflow expects to be told of',
	},
	{
		name: 'repair',
		label: 'Repair',
		kind: 'toggle',
		to: 'control',
		default: false,
		help: 'Whether to add what is missing (with the whole URL) and to switch on what is off; addresses and events of others stay',
	},
	{
		name: 'removeStale',
		label: 'Remove Stale',
		kind: 'choice',
		to: 'control',
		when: { repair: [true] },
		default: 'none',
		choices: [
			{ name: 'None', value: 'none', description: 'They are only named' },
			{
				name: 'With Another Key',
				value: 'otherKey',
				description: 'The same address with another query behind it',
			},
			{
				name: 'With Another Path Too',
				value: 'all',
				description: 'All addresses at this host, also those of other workflows',
			},
		],
		help: 'Which addresses of this host to take out of the settings',
	},
];

export const webhookHealth: Operation[] = [
	{
		resource: 'webhookSettings',
		operation: 'checkHealth',
		name: 'Check Health',
		action: 'Check health of webhook settings',
		description: 'Compare the settings of a location with what a workflow expects, and repair them',
		docs: DOCS,
		// It only reads unless it is asked to repair; repairs of several items must not meet.
		route: 'POST /hooks_settings/{locationId}',
		answer: { kind: 'object' },
		fields,
		perform: async (call, work) => [{ json: await check(call, work) }],
		output: {
			healthy: { type: 'boolean' },
			url: { type: 'string' },
			registered: { type: 'array' },
			active: { type: 'boolean' },
			missing: { type: 'array' },
			unknown: { type: 'array' },
			stale: { type: 'array' },
			places: { type: 'object' },
			repaired: { type: 'boolean' },
		},
		notes:
			"Reads the settings; writes only with 'Repair' on, and reads once more what was kept. Flags are those of all addresses of the location.",
	},
];
