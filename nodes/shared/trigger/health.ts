/** What Check Health operations share: the address that a vendor should call, and what stands there in its place. */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../catalogue';

/** Why an address at the same host is not the one that is meant. */
export type Because = 'otherKey' | 'otherPath';

/** The address that is meant: the whole one, or the beginning of it, as n8n shows it for a trigger. */
export class Address {
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
}

/** Whether the user wants a stale address removed; reads the field `removeStale`. */
export function isLeaving({ removeStale }: IDataObject, because: Because): boolean {
	return removeStale === 'all' || (removeStale === 'otherKey' && because === 'otherKey');
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
