/**
 * What Check Health operations share: the address that a vendor should call, what stands there in its place, the look at
 * a list of webhooks, and the order of repairs. What a webhook is about, and the calls, are the vendor's.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../catalogue';
import { InputProblem } from '../errors/problems';

/** Why an address at the same host is not the one that is meant. */
export type Because = 'otherKey' | 'otherPath';

/** The address that is meant: the whole one, or the beginning of it, as n8n shows it for a trigger. */
export class HookAddress {
	readonly url: string;
	readonly isWhole: boolean;

	/** Reads the fields `expectedUrl` and `match`. */
	constructor({ expectedUrl, match }: IDataObject) {
		this.url = String(expectedUrl);
		this.isWhole = match === 'whole';
	}

	/** A beginning ends where a part of the path does. */
	fits(url: string): boolean {
		if (url === this.url) return true;
		if (this.isWhole || !url.startsWith(this.url)) return false;
		return this.url.endsWith('/') || /^[/?]/.test(url.slice(this.url.length));
	}

	/** Why another address is stale; undefined for this one and for other hosts. */
	stale(url: string): Because | undefined {
		if (this.fits(url) || !URL.canParse(url)) return undefined;
		const [ours, theirs] = [new URL(this.url), new URL(url)];
		if (ours.host !== theirs.host) return undefined;
		return ours.pathname === theirs.pathname ? 'otherKey' : 'otherPath';
	}

	/** The stale ones of many. */
	staleAmong<T>(all: T[], urlOf: (one: T) => string): Array<Stale<T>> {
		return all.flatMap((one) => {
			const because = this.stale(urlOf(one));
			return because ? [{ one, because }] : [];
		});
	}
}

/** What stands at an address of the same host that is not the one that is meant. */
export interface Stale<T> {
	one: T;
	because: Because;
}

/** Whether the user wants a stale address removed; reads the field `removeStale`. */
export function isLeaving({ removeStale }: IDataObject, because: Because): boolean {
	return removeStale === 'all' || (removeStale === 'otherKey' && because === 'otherKey');
}

/** The stale ones that the user wants removed. */
export function leavingOf<T>(control: IDataObject, stale: Array<Stale<T>>): T[] {
	return stale.filter(({ because }) => isLeaving(control, because)).map(({ one }) => one);
}

/** A webhook of a vendor that keeps a list of them. */
interface ListedHook {
	url: string;
	enabled?: unknown;
}

/** How webhooks of a list are compared with what is expected: each thing that is expected has one of its own. */
export interface HookComparison<H, E> {
	address: HookAddress;
	/** Names what a webhook, or what is expected of one, is about. */
	about: (one: H | E) => string;
	/** False for one that does not tell what is wanted. */
	isAsWanted: (hook: H) => boolean;
}

/** What a look at a list of webhooks finds. */
export interface HookLook<H, E> {
	missing: E[];
	disabled: H[];
	wrong: H[];
	duplicates: H[];
	stale: Array<Stale<H>>;
	/** Webhooks at any address that are about the same. */
	used: (expected: E) => number;
}

/** Compares the webhooks of an account with what is expected. */
export function lookAtHooks<H extends ListedHook, E>(
	hooks: H[],
	expected: E[],
	{ address, about, isAsWanted }: HookComparison<H, E>,
): HookLook<H, E> {
	const names = new Set(expected.map(about));
	const concerned = hooks.filter((hook) => names.has(about(hook)));
	const fitting = concerned.filter(({ url }) => address.fits(url));
	const isSame = (one: H | E) => (other: H) => other !== one && about(other) === about(one);
	return {
		missing: expected.filter((one) => !fitting.some(isSame(one))),
		disabled: fitting.filter(({ enabled }) => enabled === false),
		wrong: fitting.filter((hook) => !isAsWanted(hook)),
		duplicates: fitting.filter((hook) => fitting.some(isSame(hook))),
		stale: address.staleAmong(concerned, ({ url }) => url),
		used: (one) => concerned.filter(isSame(one)).length,
	};
}

/** True when every call that is expected comes, once. */
export function isHealthy<H, E>({ missing, disabled, wrong, duplicates }: HookLook<H, E>): boolean {
	return [missing, disabled, wrong, duplicates].every((found) => found.length === 0);
}

/** What was done, and what could not be, as the item tells it. */
export interface HookRepairs {
	created: IDataObject[];
	changed: IDataObject[];
	removed: IDataObject[];
	failed: IDataObject[];
}

/** What a vendor does for a repair. Each step writes down what came of it. */
export interface HookSteps<H, E> {
	remove: (hooks: H[], repairs: HookRepairs) => Promise<void>;
	change: (hooks: H[], repairs: HookRepairs) => Promise<void>;
	create: (missing: E[], repairs: HookRepairs) => Promise<void>;
}

/** Mends what a look has found, if the user wants it so: first what frees places, then what takes them. */
export async function repairHooks<H, E extends IDataObject>(
	{ stale, disabled, wrong, missing }: HookLook<H, E>,
	control: IDataObject,
	address: HookAddress,
	steps: HookSteps<H, E>,
): Promise<HookRepairs> {
	const repairs: HookRepairs = { created: [], changed: [], removed: [], failed: [] };
	if (control.repair !== true) return repairs;
	const leaving = leavingOf(control, stale);
	if (leaving.length > 0) await steps.remove(leaving, repairs);
	await steps.change([...new Set([...disabled, ...wrong])], repairs);
	if (missing.length === 0) return repairs;
	if (address.isWhole) await steps.create(missing, repairs);
	else repairs.failed.push(...missing.map((one) => ({ ...one, ...UNKNOWN_KEY })));
	return repairs;
}

const UNKNOWN_KEY = {
	error: 'The whole URL is not known',
	hint: "Set 'URL Is' to The Whole URL, or publish the workflow of the trigger once more.",
};

/** The address that is expected. `check` reads it, where the vendor's own rules are stricter. */
export function addressField(help: string, check: Field['wire'] = addressGiven): Field {
	return {
		name: 'expectedUrl',
		label: 'URL',
		kind: 'text',
		to: 'control',
		required: true,
		placeholder: 'e.g. https://n8n.example.com/webhook/1a2b/webhook',
		help,
		wire: check,
	};
}

function addressGiven(value: unknown): string {
	const text = String(value).trim();
	if (/^https?:\/\/\S+$/.test(text) && URL.canParse(text)) return text;
	throw new InputProblem(
		'URL',
		`is '${text}'`,
		'Give an address such as https://n8n.example.com/webhook/1a2b/webhook.',
	);
}

/** How the URL is compared. `trigger`: name of the vendor's trigger node. */
export function matchField(trigger: string): Field {
	return {
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
				description: `For ${trigger}: its Production URL; the key behind it is the node's`,
			},
			{ name: 'The Whole URL', value: 'whole' },
		],
	};
}

/** The fields of a repair: `repair` and `all` say what they do there, `removes` what Remove Stale takes away. */
export function repairFields(told: { repair: string; all: string; removes: string }): Field[] {
	return [
		{
			name: 'repair',
			label: 'Repair',
			kind: 'toggle',
			to: 'control',
			default: false,
			help: told.repair,
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
				{ name: 'With Another Path Too', value: 'all', description: told.all },
			],
			help: told.removes,
		},
	];
}
