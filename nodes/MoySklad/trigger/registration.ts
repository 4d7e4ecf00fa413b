/**
 * The trigger's webhooks at MoySklad, for `registrationOf` of the shared trigger. Facts: reference of the project §1.5, §3.
 */
import type { IHookFunctions } from 'n8n-workflow';

import { CallFailed } from '../../shared/errors/errors';
import { pages } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import {
	areInLine,
	bringAllInLine,
	isAbout,
	isSameHook,
	removeAll,
	type HookFamily,
	type Hook,
	type WantedHook,
	type WantedHooks,
} from '../../shared/trigger/families';
import {
	hookParameters,
	registrationOf,
	withoutQuery,
	type Registration as Shared,
} from '../../shared/trigger/registration';
import { MAX_URL } from '../catalogue/webhook';
import {
	createHooks,
	deleteHooks,
	hooksPath,
	listHooks,
	SLOTS_CODE,
	type HookAnswer,
} from '../hookCalls';
import { moySklad } from '../vendor';
import { settingsOf, type Settings } from './settings';
import { checkWatched } from './statuses';

/** What the node keeps in n8n's static data between activation and deactivation. */
export interface Registration extends Shared {
	/** IDs of the webhooks that belong to this node. */
	ids?: string[];
	/** IDs of its webhooks for stock. */
	stockIds?: string[];
}

/** Both kinds of webhook work alike; MoySklad has so many places for each thing that one is about. */
interface Kind {
	keyword: string;
	about: readonly string[];
}

function familyOf(kind: Kind, ids: keyof Registration, alwaysKept = false): HookFamily {
	return {
		ids,
		alwaysKept,
		about: kind.about,
		list: async (road) => await hooksOf(road, kind),
		create: async (road, missing, before) => await create(road, kind, missing, before),
		remove: async (road, gone) => await remove(road, kind, gone),
		isAsWanted,
		mend: async (road, wanted, id) => await mend(road, kind, wanted, id),
	};
}

const OBJECTS = familyOf({ keyword: 'webhook', about: ['entityType', 'action'] }, 'ids', true);
const STOCK = familyOf({ keyword: 'webhookstock', about: ['stockType', 'reportType'] }, 'stockIds');
const FAMILIES = [OBJECTS, STOCK];

export const { isRegistered, register, unregister } = registrationOf<Registration>({
	vendor: moySklad,
	maxUrl: MAX_URL,
	isInLine: async (work, url) => await areInLine(work, FAMILIES, wantedWebhooks(work.context, url)),
	bringInLine: async (work, url) =>
		await bringAllInLine(work, FAMILIES, wantedWebhooks(work.context, url)),
	remove: async (work) => await removeAll(work, FAMILIES, wantedFamilies(work.context)),
});

function settingsOfHook(context: IHookFunctions): Settings {
	return settingsOf(hookParameters(context));
}

/** The webhooks that the node wants, by family. */
function wantedWebhooks(context: IHookFunctions, url: string): WantedHooks {
	const { pairs, stockReport, changedFields, onlyStatuses } = settingsOfHook(context);
	const types = pairs.map(({ entityType }) => entityType);
	checkWatched(onlyStatuses, types, 'Only When Status Becomes');
	const wanted = new Map() as WantedHooks;
	const diffType = changedFields ? 'FIELDS' : 'NONE';
	if (pairs.length > 0) {
		wanted.set(
			OBJECTS,
			pairs.map(({ entityType, action }) => ({
				entityType,
				action,
				url,
				enabled: true,
				...(action === 'UPDATE' ? { diffType } : {}),
			})),
		);
	}
	if (stockReport) {
		wanted.set(STOCK, [{ stockType: 'stock', reportType: stockReport, url, enabled: true }]);
	}
	return wanted;
}

/** Removing must work with a form that is no longer good: what cannot be read may be there. */
function wantedFamilies(context: IHookFunctions): Set<HookFamily> {
	try {
		const { pairs, stockReport } = settingsOfHook(context);
		return new Set([...(pairs.length > 0 ? [OBJECTS] : []), ...(stockReport ? [STOCK] : [])]);
	} catch {
		return new Set(FAMILIES);
	}
}

function hooksOf({ send }: Road, { keyword }: Kind): Promise<Hook[]> {
	return listHooks((list) => pages({ ...list, send }), keyword);
}

/** Creates the missing ones with one call. A webhook that appeared meanwhile is adopted. */
async function create(
	road: Road,
	kind: Kind,
	missing: WantedHook[],
	before: Hook[],
): Promise<{ ids: string[]; failure?: CallFailed }> {
	const answers = await createHooks(road, kind.keyword, missing);
	const ids: string[] = [];
	let failure: CallFailed | undefined;
	const adopt: WantedHook[] = [];
	for (const [index, answer] of answers.entries()) {
		if (typeof answer.row.id === 'string') ids.push(answer.row.id);
		else if (answer.exists) adopt.push(missing[index]);
		else failure ??= placeFailure(answer, kind, missing[index], before);
	}
	if (adopt.length > 0) {
		const now = await hooksOf(road, kind);
		for (const one of adopt) {
			const found = now.find((other) => isSameHook(kind, one, other));
			if (found) ids.push(found.id);
			if (found && !isAsWanted(one, found)) await mend(road, kind, one, found.id);
		}
	}
	return { ids, failure };
}

async function remove(road: Road, { keyword }: Kind, ids: string[]): Promise<void> {
	const { baseUrl } = road.connection;
	for (const { failure } of await deleteHooks(road, keyword, { baseUrl, ids })) {
		if (failure) throw failure;
	}
}

/** Why a webhook could not be created, and who has the places. */
function placeFailure(
	{ code, failure }: HookAnswer,
	kind: Kind,
	wanted: WantedHook,
	existing: Hook[],
): CallFailed | undefined {
	if (!failure) return undefined;
	const { details } = failure;
	const holders = existing.filter((other) => isAbout(kind, wanted, other));
	const taken =
		code === SLOTS_CODE && holders.length > 0
			? ` Taken by: ${holders.map(({ id, url }) => `${withoutQuery(url)} (${id})`).join(', ')}.`
			: '';
	return new CallFailed({
		...details,
		say: `${details.say}: ${kind.about.map((name) => String(wanted[name])).join(' ')}`,
		hint: details.hint + taken,
	});
}

function isAsWanted(one: WantedHook, other: Hook): boolean {
	return other.enabled !== false && (one.diffType ?? 'NONE') === (other.diffType ?? 'NONE');
}

/** Switches a webhook on and sets what it tells of changed fields. */
async function mend(road: Road, kind: Kind, one: WantedHook, id: string): Promise<void> {
	const body = { enabled: true, ...(one.diffType ? { diffType: one.diffType } : {}) };
	const path = `${hooksPath(kind.keyword)}/${id}`;
	await road.send({ method: 'PUT', path, body });
}
