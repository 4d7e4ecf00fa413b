/**
 * Whether Altegio calls what a workflow expects: a look at the webhook settings of a location, and repair on demand.
 * What others have there stays. Reference of the project: altegio-api.md §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Work } from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import {
	HookAddress,
	addressField,
	leavingOf,
	matchField,
	repairFields,
	type Stale,
} from '../../shared/trigger/health';
import { EVENTS } from '../trigger/events';
import { DOCS } from '../dialect';
import { readHooks, writeHooks } from '../hookSettings';
import { isOn } from '../isOn';
import { location } from './location';
import { flagsOf, MAX_URLS, urlsOf } from './webhookSettings';

/** Somebody else may write between our reading and our writing: so often it is put right. */
const TRIES = 3;

/** What is expected of the settings. */
interface Expected {
	address: HookAddress;
	/** Switches that must be on. */
	flags: string[];
}

/** What a look at the settings tells. */
interface Look {
	/** Addresses that are ours. */
	own: string[];
	/** Addresses of the same webhook with another key, and others of the same host. */
	stale: Array<Stale<string>>;
	active: boolean;
	missing: string[];
	/** Switches that the answer leaves out: older back ends do not tell all. */
	unknown: string[];
}

function lookAtSettings(current: IDataObject, { address, flags }: Expected): Look {
	const urls = urlsOf(current.urls);
	const own = urls.filter((url) => address.fits(url));
	const rows = Array.isArray(current.url_settings) ? (current.url_settings as IDataObject[]) : [];
	// Switches at the top are those of the first address.
	const settings = own.map((one) => rows.find((row) => row.url === one) ?? current);
	const isMissing = (flag: string) =>
		settings.some((row) => row[flag] !== undefined && !isOn(row[flag]));
	return {
		own,
		stale: address.staleAmong(urls, (url) => url),
		active: isOn(current.active),
		missing: own.length === 0 ? flags : flags.filter(isMissing),
		unknown: flags.filter((flag) => settings.some((row) => row[flag] === undefined)),
	};
}

const isAsExpected = ({ own, active, missing }: Look) =>
	own.length > 0 && active && missing.length === 0;

/** Writes until it holds. Returns how often it wrote. */
async function mend(call: Call, work: Work, expected: Expected): Promise<number> {
	const { address, flags } = expected;
	const others = new Set<string>();
	for (let writes = 0; writes <= TRIES; writes++) {
		const current = await readHooks(work, call.path.locationId);
		const look = lookAtSettings(current, expected);
		const leaving = leavingOf(call.control, look.stale);
		const urls = urlsOf(current.urls).filter((one) => !leaving.includes(one));
		const isWhole = [...others].every((one) => urls.includes(one));
		for (const one of urls) others.add(one);
		if (isAsExpected(look) && leaving.length === 0 && isWhole) return writes;
		if (writes === TRIES) break;
		if (look.own.length === 0 && !address.isWhole) throw unpublished();
		const all = [...new Set([...others, ...(look.own.length > 0 ? [] : [address.url])])];
		if (all.length > MAX_URLS) throw full(all.length);
		const wanted = Object.fromEntries(flags.map((flag) => [flag, 1]));
		const body = { ...flagsOf(current), ...wanted, active: 1, urls: all };
		await writeHooks(work, call.path.locationId, body);
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
		address: new HookAddress(control),
		flags: [
			...new Set(EVENTS.filter(({ value }) => chosen.includes(value)).map(({ flag }) => flag)),
		],
	};
	const writes = control.repair === true ? await mend(call, work, expected) : 0;
	const current = await readHooks(work, call.path.locationId);
	const look = lookAtSettings(current, expected);
	return {
		healthy: isAsExpected(look),
		url: expected.address.url,
		registered: look.own,
		active: look.active,
		missing: look.missing,
		unknown: look.unknown,
		stale: look.stale.map(({ one, because }) => ({ url: one, because })),
		places: { used: urlsOf(current.urls).length, of: MAX_URLS },
		repaired: writes > 0,
	};
}

const fields: Field[] = [
	location,
	addressField(
		'Where Altegio is to call: the Production URL of an Altegio Trigger, or any other address',
	),
	matchField('an Altegio Trigger'),
	{
		name: 'expectedEvents',
		label: 'Events',
		kind: 'choices',
		to: 'control',
		choices: EVENTS.map(({ name, value, description }) => ({ name, value, description })),
		default: ['appointmentCreated'],
		help: 'What the workflow expects to be told of',
	},
	...repairFields({
		repair:
			'Whether to add what is missing (with the whole URL) and to switch on what is off; addresses and events of others stay',
		all: 'All addresses at this host, also those of other workflows',
		removes: 'Which addresses of this host to take out of the settings',
	}),
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
