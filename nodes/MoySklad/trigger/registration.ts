/**
 * The trigger's webhooks at MoySklad: brought in line with what the node wants, whoever made them.
 * Facts: reference of the project §1.5, §3; n8n calls `delete` after a `create` that threw, and ignores what
 * both return, so every ID is written down at once.
 */
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { generateSecureToken } from 'n8n-workflow';

import type { ApiAnswer } from '../../shared/catalogue';
import { answerFailure, CallFailed, toNodeError } from '../../shared/errors';
import { pages } from '../../shared/paging';
import { InputProblem } from '../../shared/problems';
import { openRoad, type Road } from '../../shared/road';
import { MAX_URL } from '../catalogue/webhook';
import { rowsList } from '../lists';
import { moySklad } from '../vendor';

const PATH = '/entity/webhook';
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
}

interface Webhook extends IDataObject {
	id: string;
	entityType: string;
	action: string;
	url: string;
	enabled: boolean;
	diffType?: string;
}

type Wanted = Omit<Webhook, 'id'>;

/** True when MoySklad has every webhook that the node wants, enabled and as wanted. */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	return await guarded(this, async () => {
		const data = registration(this);
		if (!data.secret) return false;
		const wanted = wantedWebhooks(this, webhookUrl(this, data.secret));
		const existing = await listWebhooks(await openRoad(this, moySklad));
		const owned = new Set(data.ids ?? []);
		const found = wanted.map((one) => existing.find((other) => isSame(one, other)));
		if (found.some((one, index) => !one || !isAsWanted(wanted[index], one))) return false;
		// One that the form no longer asks for must go: that is the work of `create`.
		if (existing.some((other) => isOurs(this, other, owned) && !found.includes(other)))
			return false;
		data.ids = found.map((one) => (one as Webhook).id);
		return true;
	});
}

/** Creates what is missing, switches on and corrects what is there, removes what this node no longer wants. */
export async function register(this: IHookFunctions): Promise<boolean> {
	return await guarded(this, async () => {
		const data = registration(this);
		data.secret ??= generateSecureToken().slice(0, 32);
		const url = webhookUrl(this, data.secret);
		const wanted = wantedWebhooks(this, url);
		const road = await openRoad(this, moySklad);
		const existing = await listWebhooks(road);

		const owned = new Set(data.ids ?? []);
		data.url = url;
		const missing: Wanted[] = [];
		const kept = new Set<string>();
		for (const one of wanted) {
			const found = existing.find((other) => isSame(one, other));
			if (!found) {
				missing.push(one);
				continue;
			}
			kept.add(found.id);
			owned.add(found.id);
			data.ids = [...owned];
			if (!isAsWanted(one, found)) {
				await mend(road, one, found.id);
			}
		}
		const ours = existing.filter((other) => isOurs(this, other, owned) && !kept.has(other.id));
		await remove(
			road,
			ours.map(({ id }) => id),
		);
		for (const { id } of ours) owned.delete(id);
		for (const id of [...owned]) if (!existing.some((other) => other.id === id)) owned.delete(id);
		data.ids = [...owned];

		const created = await create(road, missing, existing);
		data.ids = [...owned, ...created.ids];
		if (created.failure) {
			await remove(road, created.ids);
			data.ids = [...owned];
			throw created.failure;
		}
		return true;
	});
}

/** Removes this node's webhooks at MoySklad, and only those. */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	return await guarded(this, async () => {
		const data = registration(this);
		const road = await openRoad(this, moySklad);
		const owned = new Set(data.ids ?? []);
		const existing = await listWebhooks(road);
		const ours = existing.filter((one) => isOurs(this, one, owned));
		await remove(
			road,
			ours.map(({ id }) => id),
		);
		delete data.ids;
		delete data.url;
		return true;
	});
}

/** The node's registration, as n8n stores it. */
export function registration(context: Pick<IHookFunctions, 'getWorkflowStaticData'>): Registration {
	return context.getWorkflowStaticData('node') as Registration;
}

async function guarded(context: IHookFunctions, work: () => Promise<boolean>): Promise<boolean> {
	try {
		return await work();
	} catch (error) {
		throw toNodeError(context.getNode(), moySklad.name, error);
	}
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

/** One webhook for each type and event that the node watches. */
function wantedWebhooks(context: IHookFunctions, url: string): Wanted[] {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const { entityTypes, actions } = watched(context);
	return entityTypes.flatMap((entityType) =>
		actions.map((action) => ({
			entityType,
			action,
			url,
			enabled: true,
			...(action === 'UPDATE'
				? { diffType: options.changedFields === true ? 'FIELDS' : 'NONE' }
				: {}),
		})),
	);
}

/** Types and events of the node's form. Throws `InputProblem` when one of them is empty. */
export function watched(context: Pick<IHookFunctions, 'getNodeParameter'>): {
	entityTypes: string[];
	actions: string[];
} {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const others = String(options.otherEntityTypes ?? '')
		.split(/[\s,;]+/)
		.filter(Boolean)
		.map((type) => type.toLowerCase());
	const chosen = context.getNodeParameter('entityTypes', []) as string[];
	const entityTypes = [...new Set([...chosen, ...others])];
	const actions = context.getNodeParameter('actions', []) as string[];
	if (entityTypes.length === 0) {
		throw new InputProblem('Entity Types', 'is empty', 'Choose at least one type to watch.');
	}
	if (actions.length === 0) {
		throw new InputProblem('Events', 'is empty', 'Choose at least one event to watch.');
	}
	return { entityTypes, actions };
}

async function listWebhooks(road: Road): Promise<Webhook[]> {
	const found: Webhook[] = [];
	const request = { method: 'GET' as const, path: PATH };
	for await (const rows of pages({ request, rule: rowsList, send: road.send, limit: Infinity })) {
		for (const row of rows) found.push(row as Webhook);
	}
	return found;
}

/** Creates the missing ones with one call. A webhook that appeared meanwhile (30003) is adopted. */
async function create(
	road: Road,
	missing: Wanted[],
	before: Webhook[],
): Promise<{ ids: string[]; failure?: CallFailed }> {
	if (missing.length === 0) return { ids: [] };
	const request = {
		method: 'POST' as const,
		path: PATH,
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
		else failure ??= elementFailure(answer, element, missing[index], before);
	}
	if (adopt.length > 0) {
		const now = await listWebhooks(road);
		for (const one of adopt) {
			const found = now.find((other) => isSame(one, other));
			if (found) ids.push(found.id);
			if (found && !isAsWanted(one, found)) await mend(road, one, found.id);
		}
	}
	return { ids, failure };
}

async function remove(road: Road, ids: string[]): Promise<void> {
	if (ids.length === 0) return;
	const answer = await road.send({
		method: 'POST',
		path: `${PATH}/delete`,
		body: ids.map((id) => ({
			meta: {
				href: `${road.connection.baseUrl}${PATH}/${id}`,
				type: 'webhook',
				mediaType: 'application/json',
			},
		})),
		mixed: true,
		idempotent: true,
	});
	for (const element of elementsOf(answer)) {
		const code = codeOf(element);
		if (code !== undefined && !GONE_CODES.includes(code)) throw elementFailure(answer, element);
	}
}

function elementsOf(answer: ApiAnswer): IDataObject[] {
	return (Array.isArray(answer.body) ? answer.body : [answer.body]) as IDataObject[];
}

function codeOf(element: IDataObject): number | undefined {
	return (element.errors as IDataObject[] | undefined)?.[0]?.code as number | undefined;
}

function elementFailure(
	answer: ApiAnswer,
	element: IDataObject,
	wanted?: Wanted,
	existing: Webhook[] = [],
): CallFailed {
	const status = answer.status >= 400 ? answer.status : 400;
	const failure = answerFailure(
		moySklad,
		{ method: 'POST', path: PATH },
		{ ...answer, status, body: element },
	);
	if (!wanted) return failure;
	const { details } = failure;
	const holders = existing.filter(
		(other) => other.entityType === wanted.entityType && other.action === wanted.action,
	);
	const taken =
		codeOf(element) === SLOTS_CODE && holders.length > 0
			? ` Taken by: ${holders.map(({ id, url }) => `${withoutQuery(url)} (${id})`).join(', ')}.`
			: '';
	return new CallFailed({
		...details,
		say: `${details.say}: ${wanted.entityType} ${wanted.action}`,
		hint: details.hint + taken,
	});
}

function isSame(one: Wanted, other: Webhook): boolean {
	return (
		one.entityType === other.entityType && one.action === other.action && one.url === other.url
	);
}

function isAsWanted(one: Wanted, other: Webhook): boolean {
	return other.enabled !== false && (one.diffType ?? 'NONE') === (other.diffType ?? 'NONE');
}

/** Switches a webhook on and sets what it tells of changed fields. */
async function mend(road: Road, one: Wanted, id: string): Promise<void> {
	const body = { enabled: true, ...(one.diffType ? { diffType: one.diffType } : {}) };
	await road.send({ method: 'PUT', path: `${PATH}/${id}`, body });
}

/** Ours are those that we made, and those whose address is this node's own, whatever their key. */
function isOurs(context: IHookFunctions, other: Webhook, owned: Set<string>): boolean {
	return owned.has(other.id) || withoutQuery(other.url) === context.getNodeWebhookUrl('default');
}

function withoutQuery(url: string): string {
	return url.split('?')[0];
}
