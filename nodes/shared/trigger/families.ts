/**
 * Webhooks of which a vendor keeps a list: brought in line with what the node wants, whoever made them. Every ID is
 * written down as soon as it is known.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Road } from '../road/road';
import { withoutQuery, type Registration, type RegistrationWork } from './registration';

/** One webhook as the vendor tells it. */
export interface Hook extends IDataObject {
	id: string;
	url: string;
}

export type WantedHook = Omit<Hook, 'id'>;

/** A kind of webhook, and how the vendor handles it. */
export interface HookFamily<H extends Hook = Hook> {
	/** Where the IDs are kept in the registration. */
	ids: string;
	/** An empty list of IDs is kept as well. */
	alwaysKept?: boolean;
	/** What a webhook is about: no two with the same URL. */
	about: readonly string[];
	/** All webhooks of the account. */
	list: (road: Road) => Promise<H[]>;
	/** Creates the missing ones. Returns the IDs of those that are there now, and why the others are not. */
	create: (
		road: Road,
		missing: WantedHook[],
		before: H[],
	) => Promise<{ ids: string[]; failure?: Error }>;
	/** One that is gone already is no failure. */
	remove: (road: Road, ids: string[]) => Promise<void>;
	/** True when a webhook of the same kind and URL is on and tells what is wanted. */
	isAsWanted: (wanted: WantedHook, found: H) => boolean;
	/** Makes it so. */
	mend: (road: Road, wanted: WantedHook, id: string) => Promise<void>;
}

/** What the form wants, by family. */
export type WantedHooks = Map<HookFamily, WantedHook[]>;

type Work = RegistrationWork<Registration>;

/** True when the vendor has every webhook that is wanted, as wanted, and none of this node that is not. */
export async function areInLine(
	work: Work,
	families: readonly HookFamily[],
	wanted: WantedHooks,
): Promise<boolean> {
	for (const family of familiesOf(work, families, wanted)) {
		if (!(await isInLine(work, family, wanted.get(family) ?? []))) return false;
	}
	return true;
}

/** Creates what is missing, switches on and corrects what is there, removes what this node no longer wants. */
export async function bringAllInLine(
	work: Work,
	families: readonly HookFamily[],
	wanted: WantedHooks,
): Promise<void> {
	const made: Array<{ family: HookFamily; ids: string[] }> = [];
	try {
		for (const family of familiesOf(work, families, wanted)) {
			const ids = await bringInLine(work, family, wanted.get(family) ?? []);
			made.push({ family, ids });
		}
	} catch (error) {
		// Half of a registration is none: what was made for one family goes when the other finds no place.
		for (const { family, ids } of made) {
			await remove(work, family, ids);
			const left = idsOf(work, family).filter((id) => !ids.includes(id));
			keepIds(work, family, left);
		}
		throw error as Error;
	}
}

/** Removes this node's webhooks, and only those. `wanted`: families that may have some that were not written down. */
export async function removeAll(
	work: Work,
	families: readonly HookFamily[],
	wanted: { has: (family: HookFamily) => boolean },
): Promise<void> {
	for (const family of familiesOf(work, families, wanted)) {
		const owned = new Set(idsOf(work, family));
		const existing = await family.list(work.road);
		const ours = existing.filter((one) => isOurs(work, one, owned));
		await remove(
			work,
			family,
			ours.map(({ id }) => id),
		);
		delete recordOf(work)[family.ids];
	}
}

async function isInLine(work: Work, family: HookFamily, wanted: WantedHook[]): Promise<boolean> {
	const existing = await family.list(work.road);
	const owned = new Set(idsOf(work, family));
	const found = wanted.map((one) => existing.find((other) => isSameHook(family, one, other)));
	if (found.some((one, index) => !one || !family.isAsWanted(wanted[index], one))) return false;
	// One that the form no longer asks for must go: that is the work of `create`.
	if (existing.some((other) => isOurs(work, other, owned) && !found.includes(other))) return false;
	keepIds(
		work,
		family,
		found.map((one) => (one as Hook).id),
	);
	return true;
}

/** Reconciles one family, writing down each ID at once. Returns the IDs of those it has created. */
async function bringInLine(
	work: Work,
	family: HookFamily,
	wanted: WantedHook[],
): Promise<string[]> {
	const { road } = work;
	const existing = await family.list(road);
	const owned = new Set(idsOf(work, family));
	const missing: WantedHook[] = [];
	const kept = new Set<string>();
	for (const one of wanted) {
		const found = existing.find((other) => isSameHook(family, one, other));
		if (!found) {
			missing.push(one);
			continue;
		}
		kept.add(found.id);
		owned.add(found.id);
		keepIds(work, family, [...owned]);
		if (!family.isAsWanted(one, found)) await family.mend(road, one, found.id);
	}
	const ours = existing.filter((other) => isOurs(work, other, owned) && !kept.has(other.id));
	await remove(
		work,
		family,
		ours.map(({ id }) => id),
	);
	for (const { id } of ours) owned.delete(id);
	for (const id of [...owned]) if (!existing.some((other) => other.id === id)) owned.delete(id);
	keepIds(work, family, [...owned]);
	if (missing.length === 0) return [];

	const created = await family.create(road, missing, existing);
	keepIds(work, family, [...owned, ...created.ids]);
	if (!created.failure) return created.ids;
	await remove(work, family, created.ids);
	keepIds(work, family, [...owned]);
	throw created.failure;
}

async function remove({ road }: Work, family: HookFamily, ids: string[]): Promise<void> {
	if (ids.length > 0) await family.remove(road, ids);
}

/** Families that the node wants or has webhooks of; the others cost no request. */
function familiesOf(
	work: Work,
	families: readonly HookFamily[],
	wanted: { has: (family: HookFamily) => boolean },
): HookFamily[] {
	return families.filter((family) => wanted.has(family) || idsOf(work, family).length > 0);
}

function recordOf({ data }: Work): Record<string, unknown> {
	return data as unknown as Record<string, unknown>;
}

function idsOf(work: Work, { ids }: HookFamily): string[] {
	return (recordOf(work)[ids] as string[] | undefined) ?? [];
}

function keepIds(work: Work, { ids: name, alwaysKept }: HookFamily, ids: string[]): void {
	const record = recordOf(work);
	if (ids.length > 0 || alwaysKept) record[name] = ids;
	else delete record[name];
}

/** True when both are about the same. */
export function isAbout(
	{ about }: Pick<HookFamily, 'about'>,
	one: WantedHook,
	other: Hook,
): boolean {
	return about.every((name) => one[name] === other[name]);
}

/** True when both are about the same, at the same URL. */
export function isSameHook(
	family: Pick<HookFamily, 'about'>,
	one: WantedHook,
	other: Hook,
): boolean {
	return isAbout(family, one, other) && one.url === other.url;
}

/** Ours are those that we made, and those whose address is this node's own, whatever their key. */
function isOurs({ address }: Work, other: Hook, owned: Set<string>): boolean {
	return owned.has(other.id) || withoutQuery(other.url) === address;
}
