/**
 * The trigger's webhooks at MoySklad: brought in line with what the node wants, whoever made them.
 * Facts: reference of the project §1.5, §3; n8n calls `delete` after a `create` that threw, and ignores what
 * both return, so every ID is written down at once.
 */
import type {
	IDataObject,
	IHookFunctions,
	NodeApiError,
	NodeOperationError,
	NodeParameterValueType,
} from 'n8n-workflow';
import { generateSecureToken } from 'n8n-workflow';

import type { ApiAnswer } from '../../shared/catalogue';
import { answerFailure, CallFailed, plainText, toNodeError } from '../../shared/errors/errors';
import { pages } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { openRoad, type Road } from '../../shared/road/road';
import { MAX_URL } from '../catalogue/webhook';
import { rowsList } from '../lists';
import { metaRef } from '../references';
import { moySklad } from '../vendor';
import { settingsOf, type Settings } from './settings';

const EXISTS_CODE = 30003;
const SLOTS_CODE = 30007;
const GONE_CODES = [1021, 1000];

/** What the node keeps in n8n's static data between activation and deactivation. */
export interface Registration {
	/** Made once per node; part of the URL, so that nobody else can call it. */
	secret?: string;
	url?: string;
	/** IDs of the webhooks that belong to this node. */
	ids?: string[];
	/** IDs of its webhooks for stock. */
	stockIds?: string[];
	/** Publishing has begun, and has not come to its end. */
	publishing?: boolean;
}

interface Webhook extends IDataObject {
	id: string;
	url: string;
	enabled: boolean;
	/** Of the family `webhook`. */
	entityType?: string;
	action?: string;
	diffType?: string;
	/** Of the family `webhookstock`. */
	stockType?: string;
	reportType?: string;
}

type Wanted = Omit<Webhook, 'id'>;

/** A kind of webhook; both work alike. */
interface Family {
	keyword: string;
	/** Where the IDs are kept. */
	ids: 'ids' | 'stockIds';
	/** What a webhook is about: no two with the same URL, and so many places for each. */
	about: readonly string[];
}

const OBJECTS: Family = { keyword: 'webhook', ids: 'ids', about: ['entityType', 'action'] };
const STOCK: Family = {
	keyword: 'webhookstock',
	ids: 'stockIds',
	about: ['stockType', 'reportType'],
};
const FAMILIES = [OBJECTS, STOCK];

/**
 * So long (ms) each step waits for MoySklad. n8n 2.41 tries to publish five times with 15 s of pauses, has us remove
 * after each try, and ends it all after 84 s with words of its own: by then ours must have been said. Removing is
 * shorter, since a second try goes on where MoySklad has come to.
 */
const PUBLISH_MS = 8000;
const REMOVE_MS = 4000;

/** True when MoySklad has every webhook that the node wants, enabled and as wanted, and none that it does not. */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	return await guarded(this, async () => {
		const data = registration(this);
		if (!data.secret) return false;
		data.publishing = true;
		const wanted = wantedWebhooks(this, webhookUrl(this, data.secret));
		const road = await openRoadFor(this, PUBLISH_MS);
		for (const family of familiesOf(data, wanted)) {
			if (!(await isInLine(this, road, family, wanted.get(family) ?? []))) return false;
		}
		delete data.publishing;
		return true;
	});
}

async function isInLine(
	context: IHookFunctions,
	road: Road,
	family: Family,
	wanted: Wanted[],
): Promise<boolean> {
	const data = registration(context);
	const existing = await listWebhooks(road, family);
	const owned = new Set(data[family.ids] ?? []);
	const found = wanted.map((one) => existing.find((other) => isSame(family, one, other)));
	if (found.some((one, index) => !one || !isAsWanted(wanted[index], one))) return false;
	// One that the form no longer asks for must go: that is the work of `create`.
	if (existing.some((other) => isOurs(context, other, owned) && !found.includes(other))) {
		return false;
	}
	keepIds(
		data,
		family,
		found.map((one) => (one as Webhook).id),
	);
	return true;
}

/** Creates what is missing, switches on and corrects what is there, removes what this node no longer wants. */
export async function register(this: IHookFunctions): Promise<boolean> {
	return await guarded(this, async () => {
		const data = registration(this);
		data.secret ??= generateSecureToken().slice(0, 32);
		data.publishing = true;
		const url = webhookUrl(this, data.secret);
		const wanted = wantedWebhooks(this, url);
		const road = await openRoadFor(this, PUBLISH_MS);
		const made: Array<{ family: Family; ids: string[] }> = [];
		data.url = url;
		try {
			for (const family of familiesOf(data, wanted)) {
				const ids = await bringInLine(this, road, family, wanted.get(family) ?? []);
				made.push({ family, ids });
			}
		} catch (error) {
			// Half of a registration is none: what was made for one family goes when the other finds no place.
			for (const { family, ids } of made) {
				await remove(road, family, ids);
				keepIds(
					data,
					family,
					(data[family.ids] ?? []).filter((id) => !ids.includes(id)),
				);
			}
			throw error as Error;
		}
		delete data.publishing;
		return true;
	});
}

/** Reconciles one family, writing down each ID at once. Returns the IDs of those it has created. */
async function bringInLine(
	context: IHookFunctions,
	road: Road,
	family: Family,
	wanted: Wanted[],
): Promise<string[]> {
	const data = registration(context);
	const existing = await listWebhooks(road, family);
	const owned = new Set(data[family.ids] ?? []);
	const missing: Wanted[] = [];
	const kept = new Set<string>();
	for (const one of wanted) {
		const found = existing.find((other) => isSame(family, one, other));
		if (!found) {
			missing.push(one);
			continue;
		}
		kept.add(found.id);
		owned.add(found.id);
		keepIds(data, family, [...owned]);
		if (!isAsWanted(one, found)) await mend(road, family, one, found.id);
	}
	const ours = existing.filter((other) => isOurs(context, other, owned) && !kept.has(other.id));
	await remove(
		road,
		family,
		ours.map(({ id }) => id),
	);
	for (const { id } of ours) owned.delete(id);
	for (const id of [...owned]) if (!existing.some((other) => other.id === id)) owned.delete(id);
	keepIds(data, family, [...owned]);

	const created = await create(road, family, missing, existing);
	keepIds(data, family, [...owned, ...created.ids]);
	if (!created.failure) return created.ids;
	await remove(road, family, created.ids);
	keepIds(data, family, [...owned]);
	throw created.failure;
}

/**
 * Removes this node's webhooks at MoySklad, and only those. n8n calls it after a failed try to publish as well: when it
 * throws then, n8n 2.41 keeps the address as registered, and the user's next try does nothing. What could not be removed
 * is still known, and the next try takes it over.
 */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	const data = registration(this);
	const isCleaningUp = data.publishing === true;
	delete data.publishing;
	try {
		return await guarded(this, async () => await removeAll(this, data));
	} catch (error) {
		if (isCleaningUp) return true;
		throw error as Error;
	}
}

async function removeAll(context: IHookFunctions, data: Registration): Promise<boolean> {
	const road = await openRoadFor(context, REMOVE_MS);
	for (const family of familiesOf(data, wantedFamilies(context))) {
		const owned = new Set(data[family.ids] ?? []);
		const existing = await listWebhooks(road, family);
		const ours = existing.filter((one) => isOurs(context, one, owned));
		await remove(
			road,
			family,
			ours.map(({ id }) => id),
		);
		delete data[family.ids];
	}
	delete data.url;
	return true;
}

/** Families that the node wants or has webhooks of; the other one costs no request. */
function familiesOf(data: Registration, wanted: { has: (family: Family) => boolean }): Family[] {
	return FAMILIES.filter((family) => wanted.has(family) || (data[family.ids] ?? []).length > 0);
}

function keepIds(data: Registration, family: Family, ids: string[]): void {
	if (ids.length > 0 || family === OBJECTS) data[family.ids] = ids;
	else delete data[family.ids];
}

/** The node's registration, as n8n stores it. */
export function registration(context: Pick<IHookFunctions, 'getWorkflowStaticData'>): Registration {
	return context.getWorkflowStaticData('node') as Registration;
}

async function guarded(context: IHookFunctions, work: () => Promise<boolean>): Promise<boolean> {
	try {
		return await work();
	} catch (error) {
		throw withDetail(toNodeError(context.getNode(), moySklad.name, error));
	}
}

/** When publishing fails, n8n 2.41 shows the property `detail` in place of the message, and no description. */
function withDetail<T extends NodeApiError | NodeOperationError>(error: T): T {
	const { message } = error;
	const description = plainText(error.description);
	return Object.assign(error, { detail: description ? `${message}. ${description}` : message });
}

/** The road for a step that waits so long (ms) in all. */
async function openRoadFor(context: IHookFunctions, ms: number): Promise<Road> {
	const road = await openRoad(context, moySklad);
	const until = Date.now() + ms;
	return {
		...road,
		send: async (request, stop) =>
			await road.send({ ...request, patienceMs: Math.max(0, until - Date.now()) }, stop),
	};
}

function webhookUrl(context: IHookFunctions, secret: string): string {
	const base = context.getNodeWebhookUrl('default');
	if (!base) {
		throw new InputProblem(
			'Webhook URL',
			'is not known to n8n',
			'Save the workflow and publish it again.',
		);
	}
	const url = `${base}?key=${secret}`;
	if (url.length > MAX_URL) {
		throw new InputProblem(
			'Webhook URL',
			`has ${url.length} characters, and MoySklad allows ${MAX_URL}`,
			'Use a shorter address for n8n (N8N_WEBHOOK_URL).',
		);
	}
	return url;
}

function settingsOfHook(context: IHookFunctions): Settings {
	return settingsOf(
		(name, fallback) =>
			context.getNodeParameter(name, fallback as NodeParameterValueType) as unknown,
	);
}

/** The webhooks that the node wants, by family. */
function wantedWebhooks(context: IHookFunctions, url: string): Map<Family, Wanted[]> {
	const { pairs, stockReport, changedFields } = settingsOfHook(context);
	const wanted = new Map<Family, Wanted[]>();
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
function wantedFamilies(context: IHookFunctions): Set<Family> {
	try {
		const { pairs, stockReport } = settingsOfHook(context);
		return new Set([...(pairs.length > 0 ? [OBJECTS] : []), ...(stockReport ? [STOCK] : [])]);
	} catch {
		return new Set(FAMILIES);
	}
}

async function listWebhooks(road: Road, family: Family): Promise<Webhook[]> {
	const found: Webhook[] = [];
	const request = { method: 'GET' as const, path: pathOf(family) };
	for await (const rows of pages({ request, rule: rowsList, send: road.send, limit: Infinity })) {
		for (const row of rows) found.push(row as Webhook);
	}
	return found;
}

/** Creates the missing ones with one call. A webhook that appeared meanwhile (30003) is adopted. */
async function create(
	road: Road,
	family: Family,
	missing: Wanted[],
	before: Webhook[],
): Promise<{ ids: string[]; failure?: CallFailed }> {
	if (missing.length === 0) return { ids: [] };
	const request = {
		method: 'POST' as const,
		path: pathOf(family),
		body: missing,
		mixed: true,
		// Twice is once: the second answer is 30003, and what exists is adopted.
		idempotent: true,
	};
	const answer = await road.send(request);
	const ids: string[] = [];
	let failure: CallFailed | undefined;
	const adopt: Wanted[] = [];
	for (const [index, element] of elementsOf(answer).entries()) {
		const code = codeOf(element);
		if (typeof element.id === 'string') ids.push(element.id);
		else if (code === EXISTS_CODE) adopt.push(missing[index]);
		else failure ??= elementFailure(answer, family, element, missing[index], before);
	}
	if (adopt.length > 0) {
		const now = await listWebhooks(road, family);
		for (const one of adopt) {
			const found = now.find((other) => isSame(family, one, other));
			if (found) ids.push(found.id);
			if (found && !isAsWanted(one, found)) await mend(road, family, one, found.id);
		}
	}
	return { ids, failure };
}

async function remove(road: Road, family: Family, ids: string[]): Promise<void> {
	if (ids.length === 0) return;
	const { keyword } = family;
	const answer = await road.send({
		method: 'POST',
		path: `${pathOf(family)}/delete`,
		body: ids.map((id) => metaRef(road.connection.baseUrl, keyword, id)),
		mixed: true,
		idempotent: true,
	});
	for (const element of elementsOf(answer)) {
		const code = codeOf(element);
		if (code !== undefined && !GONE_CODES.includes(code)) {
			throw elementFailure(answer, family, element);
		}
	}
}

function pathOf({ keyword }: Family): string {
	return `/entity/${keyword}`;
}

function elementsOf(answer: ApiAnswer): IDataObject[] {
	return (Array.isArray(answer.body) ? answer.body : [answer.body]) as IDataObject[];
}

function codeOf(element: IDataObject): number | undefined {
	return (element.errors as IDataObject[] | undefined)?.[0]?.code as number | undefined;
}

function elementFailure(
	answer: ApiAnswer,
	family: Family,
	element: IDataObject,
	wanted?: Wanted,
	existing: Webhook[] = [],
): CallFailed {
	const status = answer.status >= 400 ? answer.status : 400;
	const failure = answerFailure(
		moySklad,
		{ method: 'POST', path: pathOf(family) },
		{ ...answer, status, body: element },
	);
	if (!wanted) return failure;
	const { details } = failure;
	const holders = existing.filter((other) => isAbout(family, wanted, other));
	const taken =
		codeOf(element) === SLOTS_CODE && holders.length > 0
			? ` Taken by: ${holders.map(({ id, url }) => `${withoutQuery(url)} (${id})`).join(', ')}.`
			: '';
	return new CallFailed({
		...details,
		say: `${details.say}: ${family.about.map((name) => String(wanted[name])).join(' ')}`,
		hint: details.hint + taken,
	});
}

function isAbout({ about }: Family, one: Wanted, other: Webhook): boolean {
	return about.every((name) => one[name] === other[name]);
}

function isSame(family: Family, one: Wanted, other: Webhook): boolean {
	return isAbout(family, one, other) && one.url === other.url;
}

function isAsWanted(one: Wanted, other: Webhook): boolean {
	return other.enabled !== false && (one.diffType ?? 'NONE') === (other.diffType ?? 'NONE');
}

/** Switches a webhook on and sets what it tells of changed fields. */
async function mend(road: Road, family: Family, one: Wanted, id: string): Promise<void> {
	const body = { enabled: true, ...(one.diffType ? { diffType: one.diffType } : {}) };
	const path = `${pathOf(family)}/${id}`;
	await road.send({ method: 'PUT', path, body });
}

/** Ours are those that we made, and those whose address is this node's own, whatever their key. */
function isOurs(context: IHookFunctions, other: Webhook, owned: Set<string>): boolean {
	return owned.has(other.id) || withoutQuery(other.url) === context.getNodeWebhookUrl('default');
}

function withoutQuery(url: string): string {
	return url.split('?')[0];
}
