/**
 * The trigger's address in the webhook settings of a location, which all applications of the location share: what is
 * posted replaces the addresses and switches of everybody. So they are read, added to, written and read once more.
 * Reference of the project: altegio-api.md §3.1.
 */
import type { IDataObject } from 'n8n-workflow';

import { CallFailed } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import type { Road } from '../../shared/road/road';
import {
	hookParameters,
	isAddressOf,
	registrationOf,
	withoutQuery,
	type Registration as Shared,
	type RegistrationWork,
} from '../../shared/trigger/registration';
import { flagsOf, MAX_URLS, urlsOf } from '../catalogue/webhookSettings';
import { readHooks, writeHooks } from '../hookSettings';
import { isOn } from '../isOn';
import { altegio } from '../vendor';
import { settingsOf, type Settings } from './settings';

/** Not documented; addresses of 255 characters are common. */
const MAX_URL = 2048;
/** Somebody else may write between our reading and our writing: so often it is put right. */
const TRIES = 3;

/** What the node keeps in n8n's static data between activation and deactivation. */
export interface Registration extends Shared {
	/** Location that has the address. */
	locationId?: string;
}

type Work = RegistrationWork<Registration>;

export const { isRegistered, register, unregister } = registrationOf<Registration>({
	vendor: altegio,
	maxUrl: MAX_URL,
	async isInLine({ context, road, data, address }, url) {
		const settings = settingsOf(hookParameters(context));
		if (data.locationId !== undefined && data.locationId !== settings.locationId) return false;
		const current = await readHooks(road, settings.locationId);
		data.locationId = settings.locationId;
		return isThere(current, url, settings) && othersOfOurs(current, address, url).length === 0;
	},
	async bringInLine(work, url) {
		const settings = settingsOf(hookParameters(work.context));
		const { data, road } = work;
		if (data.locationId !== undefined && data.locationId !== settings.locationId) {
			await takeOut(work, data.locationId);
		}
		data.locationId = settings.locationId;
		await inTurn(road, settings.locationId, async () => await putIn(work, url, settings));
	},
	async remove(work) {
		const { data, context } = work;
		const locationId = data.locationId ?? locationOfForm(context);
		if (locationId !== undefined) {
			await inTurn(work.road, locationId, async () => await takeOut(work, locationId));
		}
		delete data.locationId;
	},
});

/** Removing must work with a form that is no longer good. */
function locationOfForm(context: Work['context']): string | undefined {
	try {
		return settingsOf(hookParameters(context)).locationId;
	} catch {
		return undefined;
	}
}

const turns = new Map<string, Promise<unknown>>();

/** Workflows of this n8n that are published together write the settings of a location one after another. */
async function inTurn<T>(road: Road, locationId: string, work: () => Promise<T>): Promise<T> {
	const name = `${road.connection.baseUrl} ${locationId}`;
	const before = turns.get(name) ?? Promise.resolve();
	const mine = before.then(work, work);
	const settled = mine.catch(() => undefined);
	turns.set(name, settled);
	try {
		return await mine;
	} finally {
		if (turns.get(name) === settled) turns.delete(name);
	}
}

async function putIn({ road, address }: Work, url: string, settings: Settings): Promise<void> {
	const { locationId } = settings;
	let current = await readHooks(road, locationId);
	// Addresses of others that were there when we began, or have come since.
	const others = new Set<string>();
	for (let turn = 0; turn < TRIES; turn++) {
		const gone = new Set(othersOfOurs(current, address, url));
		const now = urlsOf(current.urls).filter((one) => !gone.has(one) && one !== url);
		const isWhole = [...others].every((one) => now.includes(one));
		for (const one of now) others.add(one);
		if (turn > 0 && isWhole && isThere(current, url, settings)) return;
		const urls = [...others, url];
		if (urls.length > MAX_URLS) throw full(urls.length);
		await writeHooks(road, locationId, {
			...flagsOf(current),
			...wantedFlags(settings),
			active: 1,
			urls,
		});
		current = await readHooks(road, locationId);
	}
	if (!isThere(current, url, settings)) throw notKept(road);
}

/** Removes this node's address, and only that. The last one cannot go: webhooks are switched off. */
async function takeOut({ road, data, address }: Work, locationId: string): Promise<void> {
	const current = await readHooks(road, locationId);
	const urls = urlsOf(current.urls);
	const ours = (one: string) => one === data.url || withoutQuery(one) === address;
	if (!urls.some(ours)) return;
	const left = urls.filter((one) => !ours(one));
	const body = left.length > 0 ? { active: Number(isOn(current.active)), urls: left } : undefined;
	await writeHooks(road, locationId, {
		...flagsOf(current),
		...(body ?? { active: 0, urls: urls.slice(0, 1) }),
	});
}

/** Addresses of this node with another key. */
function othersOfOurs(current: IDataObject, address: string, url: string): string[] {
	return urlsOf(current.urls).filter((one) => one !== url && withoutQuery(one) === address);
}

function wantedFlags({ events, ownChanges }: Settings): IDataObject {
	const flags = Object.fromEntries(events.map(({ flag }) => [flag, 1]));
	return { ...flags, ...(ownChanges ? { self_sending: 1 } : {}) };
}

/** True when the address is told of everything that is wanted. Flags at the top are those of the first address. */
function isThere(current: IDataObject, url: string, settings: Settings): boolean {
	if (!isOn(current.active) || !urlsOf(current.urls).includes(url)) return false;
	const rows = Array.isArray(current.url_settings) ? (current.url_settings as IDataObject[]) : [];
	const own = rows.find((row) => row.url === url) ?? current;
	// Older back ends leave switches out, which says nothing (`good`, `self_sending`, `schedule`).
	return Object.keys(wantedFlags(settings)).every(
		(name) => own[name] === undefined || isOn(own[name]),
	);
}

function full(count: number): InputProblem {
	return new InputProblem(
		'Location',
		`would have ${count} addresses for webhooks, and Altegio allows ${MAX_URLS}`,
		'Remove one that is not used any more with Altegio: Webhook Settings: Remove URL.',
	);
}

function notKept({ vendor }: Road): CallFailed {
	return new CallFailed({
		say: `${vendor.name}: the webhook settings of the location did not keep the address of this workflow`,
		hint: 'Another application may write them at the same time. Publish the workflow again.',
		cause: 'temporarily-unavailable',
	});
}

/** True when the location has an address with this webhook ID of n8n and this key. */
export async function isRegisteredKey(
	road: Road,
	webhookId: string,
	key: string,
	{ locationId }: Settings,
): Promise<boolean> {
	const current = await readHooks(road, locationId);
	return urlsOf(current.urls).some((url) => isAddressOf(url, webhookId, key));
}
