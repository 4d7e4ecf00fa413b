/**
 * One poll: orders and returns by the time of their last change. The Market's list takes a range of such times, so each
 * poll asks from where the last one ended, less an overlap for what is shown late; after an outage the time that was
 * missed is read a quarter of a day at a time, as far as a poll may take. Reference of the project:
 * yandex-market-jobs.md §1 (jobs 1, 5, 9).
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IPollFunctions,
} from 'n8n-workflow';

import type { ApiRequest, Operation } from '../../shared/catalogue';
import { toNodeError } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { locatorId } from '../../shared/form/parameters';
import { choiceOf, listOf, numberOf, wholeNumbersOf, yesNo } from '../../shared/form/readers';
import { instantOf } from '../../shared/form/times';
import { pages, tokenStyle } from '../../shared/road/paging';
import { openRoad, type Road } from '../../shared/road/road';
import { pollTime } from '../../shared/trigger/polling';
import { claim } from '../../shared/trigger/seen';
import { simplifyOrder } from '../catalogue/order';
import { idLocator } from '../catalogue/outlet';
import { yandexMarket } from '../vendor';
import { created, KEEP_MS, moved } from './pair';

export const WATCHED = [
	{ name: 'Orders', value: 'orders' },
	{ name: 'Returns', value: 'returns', description: 'And orders that were not picked up' },
];

export const FIRST_RUNS = [
	{
		name: 'Changes Since…',
		value: 'since',
		description: 'What changed since a date, and everything from then on',
	},
	{
		name: 'From Now',
		value: 'now',
		description: 'Only what changes after the workflow is published',
	},
];

export const OUTPUTS = [
	{ name: 'Raw', value: 'raw', description: "Everything, in the API's own form" },
	{ name: 'Simplified', value: 'simplified', description: 'The most useful fields in a flat row' },
];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOSCOW_MS = 3 * 3_600_000;
/** What is read at a time after an outage. Returns are listed by whole days and are few: a month of them at a time. */
const PIECE_MS: Record<string, number> = { orders: DAY_MS / 4, returns: 30 * DAY_MS };
/** The Market lists orders that were created in so many days, unless asked for others. */
const CREATED_DAYS = 30;
const SHARE = 0.6;
/** Changes younger than this (ms) are the notifications' where the two triggers share. */
const SETTLED_MS = MINUTE_MS;

const token = (rows: string, at: string) => tokenStyle({ rows, token: at, parameter: 'pageToken' });

const returnRow = yandexMarket.operations.find(
	({ resource, operation }) => resource === 'return' && operation === 'getAll',
) as Operation;

interface Settings {
	cabinet: string;
	watched: string[];
	firstRun: string;
	since: number;
	shops: number[];
	statuses: string[];
	overlapMs: number;
	settleMs: number;
	createdDays: number;
	isRaw: boolean;
	withWebhook: boolean;
}

/** Reads the form. Throws `InputProblem` for what cannot be polled. */
function settingsOf(read: (name: string, fallback: unknown) => unknown, zone: string): Settings {
	const options = (read('options', {}) ?? {}) as IDataObject;
	const locator = idLocator('searchCabinets', 'A cabinet ID');
	const cabinet = locatorId('Cabinet', locator, read('businessId', ''));
	if (!cabinet) throw new InputProblem('Cabinet', 'is empty', 'Choose the cabinet.');
	const watched = (read('watch', ['orders']) ?? []) as string[];
	if (watched.length === 0) throw new InputProblem('Watch', 'is empty', 'Choose what to watch.');
	const firstRun = choiceOf('First Run', FIRST_RUNS, read('firstRun', 'now')) ?? 'now';
	const withWebhook = yesNo('Share With Webhook Trigger', options.withWebhook) === true;
	const minutes = numberOf('Look Back (Minutes)', options.overlap, { min: 0, max: 1440 }) ?? 5;
	return {
		cabinet,
		watched,
		firstRun,
		since: firstRun === 'since' ? instantOf(read('since', ''), zone, 'Changes Since') : 0,
		shops: wholeNumbersOf('Shops', options.shops) ?? [],
		statuses: (listOf(options.statuses) ?? []).map((one) => String(one).toUpperCase()),
		overlapMs: minutes * MINUTE_MS,
		settleMs: withWebhook ? SETTLED_MS : 0,
		createdDays:
			numberOf('Created in the Last (Days)', options.createdDays, { min: 30, max: 360 }) ?? 60,
		isRaw: choiceOf('Output', OUTPUTS, options.output ?? 'simplified') === 'raw',
		withWebhook,
	};
}

/** What n8n keeps of a stream between polls. All moments: ms since 1970. */
interface Kept {
	/** Nothing that changed before the workflow began is passed on. */
	floor: number;
	/** All changes before it were read. */
	cursor: number;
	/** Changes that were passed on and may be read again: `id@change`, and when. */
	seen: Record<string, number>;
	/** Status of the orders and returns that changed last, by ID; the oldest first. */
	states: Record<string, string>;
}

/** IDs whose status is remembered. */
const MOST_STATES = 5000;

/** A change of an order or a return. */
interface Change {
	what: 'order' | 'return';
	id: string;
	at: number;
	isNew: boolean;
	/** The status is another one than before, or was not known before. */
	isMoved: boolean;
	row: IDataObject;
}

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		const settings = settingsOf(
			(name, fallback) => this.getNodeParameter(name, fallback),
			this.getTimezone(),
		);
		const left = pollTime(this, SHARE);
		const road = await openRoad(this, yandexMarket);
		const data = this.getWorkflowStaticData('node');
		const before = (data.polling ?? {}) as unknown as Record<string, Kept>;
		const after: Record<string, Kept> = {};
		const changes: Change[] = [];
		for (const stream of settings.watched) {
			const read = await readStream(stream, before[stream], settings, road, left);
			after[stream] = read.kept;
			changes.push(...read.changes);
		}
		data.polling = after as unknown as IDataObject;
		if (changes.length === 0) return null;
		changes.sort((one, other) => one.at - other.at);
		return [
			changes.map((change): PolledItem => ({
				json: itemOf(change, settings),
				shared: { names: namesOf(change) },
			})),
		];
	} catch (error) {
		throw toNodeError(this.getNode(), yandexMarket.name, error);
	}
}

async function readStream(
	stream: string,
	before: Kept | undefined,
	settings: Settings,
	road: Road,
	left: () => number,
): Promise<{ kept: Kept; changes: Change[] }> {
	const now = Date.now() - settings.settleMs;
	const floor =
		before?.floor ?? (settings.firstRun === 'since' ? Math.min(settings.since, now) : now);
	const kept: Kept = before
		? { floor, cursor: before.cursor, seen: { ...before.seen }, states: { ...before.states } }
		: { floor, cursor: floor, seen: {}, states: {} };
	const changes: Change[] = [];
	do {
		const from = Math.max(kept.floor, kept.cursor - settings.overlapMs);
		const to = Math.min(now, kept.cursor + PIECE_MS[stream]);
		if (to < from) break;
		const rows =
			stream === 'orders'
				? await ordersIn(from, to, settings, road)
				: await returnsIn(from, to, settings, road);
		for (const change of rows) {
			const state = stateOf(change);
			// A row without a date is known by its status, and forgotten with the others of this poll.
			const key = `${change.id}@${change.at || state}`;
			if (kept.seen[key] !== undefined) continue;
			kept.seen[key] = change.at || to;
			const known = kept.states[`_${change.id}`];
			delete kept.states[`_${change.id}`];
			kept.states[`_${change.id}`] = state;
			changes.push({
				...change,
				isNew: change.isNew && known === undefined,
				isMoved: known !== state,
			});
		}
		kept.cursor = Math.max(kept.cursor, to);
	} while (kept.cursor < now && left() > 0);
	const oldest = kept.cursor - settings.overlapMs - MINUTE_MS;
	for (const [key, at] of Object.entries(kept.seen)) if (at < oldest) delete kept.seen[key];
	const surplus = Object.keys(kept.states).length - MOST_STATES;
	for (const id of Object.keys(kept.states).slice(0, Math.max(0, surplus))) delete kept.states[id];
	return { kept, changes };
}

function stateOf({ row }: Change): string {
	const { status, substatus, refundStatus, shipmentStatus } = row;
	return [status ?? refundStatus ?? '', substatus ?? shipmentStatus ?? ''].join('/');
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

async function ordersIn(
	from: number,
	to: number,
	settings: Settings,
	road: Road,
): Promise<Change[]> {
	const { cabinet, shops, statuses, createdDays } = settings;
	const found: Change[] = [];
	// Days of Moscow: the last 30 of them are what the Market lists by itself.
	const today = Date.now() + MOSCOW_MS;
	for (let ago = 0; ago < createdDays; ago += CREATED_DAYS) {
		const created =
			ago === 0
				? {}
				: {
						creationDateFrom: dayOf(today - Math.min(createdDays, ago + CREATED_DAYS) * DAY_MS),
						creationDateTo: dayOf(today - ago * DAY_MS),
					};
		const request: ApiRequest = {
			method: 'POST',
			path: `/v1/businesses/${cabinet}/orders`,
			body: {
				dates: {
					...created,
					updateDateFrom: new Date(from).toISOString(),
					updateDateTo: new Date(to + 1).toISOString(),
				},
				...(shops.length > 0 ? { campaignIds: shops } : {}),
			},
			idempotent: true,
		};
		const rule = { style: token('orders', 'paging.nextPageToken'), pageSize: () => 50 };
		for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
			for (const row of rows) {
				const at = msOf(row.updateDate ?? row.creationDate);
				const fits = [row.status, row.substatus].some((one) => statuses.includes(String(one)));
				if (statuses.length > 0 && !fits) continue;
				const isNew = msOf(row.creationDate) >= from - 2 * MINUTE_MS;
				found.push({ what: 'order', id: String(row.orderId), at, isNew, isMoved: true, row });
			}
		}
	}
	return found;
}

/** Returns are listed by shop, and by days: those of other hours are left out here. */
async function returnsIn(
	from: number,
	to: number,
	settings: Settings,
	road: Road,
): Promise<Change[]> {
	const found: Change[] = [];
	for (const shop of await shopsOf(settings, road)) {
		const request: ApiRequest = {
			method: 'GET',
			path: `/v2/campaigns/${shop}/returns`,
			// Days of Moscow, of which the last may be left out.
			query: { fromDate: dayOf(from - DAY_MS / 8), toDate: dayOf(to + DAY_MS + DAY_MS / 8) },
		};
		const rule = {
			style: token('result.returns', 'result.paging.nextPageToken'),
			pageSize: () => 100,
		};
		for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
			for (const row of rows) {
				const at = msOf(row.updateDate ?? row.creationDate);
				if (at < from || at > to) continue;
				const isNew = msOf(row.creationDate) >= from - 2 * MINUTE_MS;
				found.push({ what: 'return', id: String(row.id), at, isNew, isMoved: true, row });
			}
		}
	}
	return found;
}

async function shopsOf({ shops, cabinet }: Settings, road: Road): Promise<number[]> {
	if (shops.length > 0) return shops;
	const rule = { style: token('campaigns', 'paging.nextPageToken'), pageSize: () => 100 };
	const request: ApiRequest = { method: 'GET', path: '/v2/campaigns' };
	const found: number[] = [];
	for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
		for (const { id, business, apiAvailability } of rows) {
			const isOurs = String((business as IDataObject | undefined)?.id) === cabinet;
			if (isOurs && (apiAvailability ?? 'AVAILABLE') === 'AVAILABLE') found.push(Number(id));
		}
	}
	return found;
}

function msOf(value: unknown): number {
	const ms = Date.parse(String(value).replace(/(\.\d{3})\d+/, '$1'));
	return Number.isNaN(ms) ? 0 : ms;
}

/** An item on its way from `poll()` to `execute()`. */
type PolledItem = INodeExecutionData & {
	/** Names by which the webhook trigger knows the change; none for what it tells otherwise. */
	shared?: { names: string[] };
};

/**
 * Creations and steps of orders are known to both triggers. What else changes in an order is passed on by each of them,
 * and so are steps of returns, of which a notification tells a part only.
 */
function namesOf({ what, id, isNew, isMoved, row }: Change): string[] {
	const steps = what === 'order' && isMoved ? [moved(what, id, row.status, row.substatus)] : [];
	return [...(isNew ? [created(what, id)] : []), ...steps];
}

function itemOf({ what, isNew, row, at }: Change, { isRaw }: Settings): IDataObject {
	const simple = () =>
		what === 'order' ? simplifyOrder(row) : (returnRow.simplify?.(row, {} as never) ?? row);
	const event = `${what}.${isNew ? 'created' : 'updated'}`;
	return { event, eventTime: new Date(at).toISOString(), ...(isRaw ? row : simple()) };
}

/** `execute()`: shares changes with the webhook trigger; by hand it shows the newest order. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	try {
		const settings = settingsOf(
			(name, fallback) => this.getNodeParameter(name, 0, fallback),
			this.getTimezone(),
		);
		const items = this.getInputData() as PolledItem[];
		if (!items.some(({ json }) => json.event !== undefined)) {
			return [await preview(this, settings)];
		}
		const paired = items.map(({ json, shared }, item) => ({
			json,
			names: shared?.names ?? [],
			item,
		}));
		const shares = settings.withWebhook && this.getMode() !== 'retry';
		const take = shares ? [...new Set(paired.flatMap(({ names }) => names))] : [];
		const { repeats } = await claim(this, { take, keepMs: KEEP_MS });
		return [
			paired
				// A new order whose notification came, and which has moved on since, comes as a change.
				.filter(({ names }) => names.length === 0 || names.some((name) => !repeats.has(name)))
				.map(({ json, names, item }) => ({
					json: names.some((name) => repeats.has(name))
						? { ...json, event: String(json.event).replace('.created', '.updated') }
						: json,
					pairedItem: { item },
				})),
		];
	} catch (error) {
		throw toNodeError(this.getNode(), yandexMarket.name, error);
	}
}

async function preview(
	context: IExecuteFunctions,
	settings: Settings,
): Promise<INodeExecutionData[]> {
	const road = await openRoad(context, yandexMarket);
	const now = Date.now();
	const read = settings.watched.includes('orders') ? ordersIn : returnsIn;
	const found = await read(now - 7 * DAY_MS, now, { ...settings, createdDays: 30 }, road);
	found.sort((one, other) => other.at - one.at);
	return found.slice(0, 1).map((change) => ({
		json: itemOf({ ...change, isNew: false }, settings),
		pairedItem: { item: 0 },
	}));
}
