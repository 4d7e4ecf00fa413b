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
import { InputProblem } from '../../shared/errors/problems';
import { locatorId } from '../../shared/form/parameters';
import { choiceOf, longIdsOf, listOf, numberOf, yesNo } from '../../shared/form/readers';
import { wholeNumber } from '../../shared/road/exact';
import { pages, tokenStyle } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { deliver as sharedDeliver } from '../../shared/trigger/deliver';
import {
	beginningOf,
	poll as sharedPoll,
	positionOf,
	type Beginning,
	type Gathered,
	type PolledChange,
	type PollWork,
} from '../../shared/trigger/polling';
import { readBeginning, settledAfter, WHOLE_OUTPUTS } from '../../shared/trigger/pollingForm';
import { simplifyOrder } from '../catalogue/order';
import { idLocator } from '../catalogue/outlet';
import { yandexMarket } from '../vendor';
import { created, KEEP_MS, moved } from './pair';

export const WATCHED = [
	{ name: 'Orders', value: 'orders' },
	{ name: 'Returns', value: 'returns', description: 'And orders that were not picked up' },
];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOSCOW_MS = 3 * 3_600_000;
/** What is read at a time after an outage. Returns are listed by whole days and are few: a month of them at a time. */
const PIECE_MS: Record<string, number> = { orders: DAY_MS / 4, returns: 30 * DAY_MS };
/** The Market lists orders that were created in so many days, unless asked for others. */
const CREATED_DAYS = 30;

const token = (rows: string, at: string) => tokenStyle({ rows, token: at, parameter: 'pageToken' });

const returnRow = yandexMarket.operations.find(
	({ resource, operation }) => resource === 'return' && operation === 'getAll',
) as Operation;

interface Settings extends Beginning {
	cabinet: string;
	watched: string[];
	shops: string[];
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
	const watched = (listOf(read('watch', ['orders'])) ?? []).map(
		(one) => choiceOf('Watch', WATCHED, one) as string,
	);
	if (watched.length === 0) throw new InputProblem('Watch', 'is empty', 'Choose what to watch.');
	const withWebhook = yesNo('Share With Webhook Trigger', options.withWebhook) === true;
	const minutes = numberOf('Look Back (Minutes)', options.overlap, { min: 0, max: 1440 }) ?? 5;
	return {
		cabinet,
		watched,
		...readBeginning(read, zone),
		shops: longIdsOf('Shops', options.shops) ?? [],
		statuses: (listOf(options.statuses) ?? []).map((one) => String(one).toUpperCase()),
		overlapMs: minutes * MINUTE_MS,
		settleMs: settledAfter(0, withWebhook),
		createdDays:
			numberOf('Created in the Last (Days)', options.createdDays, { min: 30, max: 360 }) ?? 60,
		isRaw: choiceOf('Output', WHOLE_OUTPUTS, options.output ?? 'simplified') === 'raw',
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
interface Change extends PolledChange {
	stream: 'orders' | 'returns';
	id: string;
	isNew: boolean;
	/** The status is another one than before, or was not known before. */
	isMoved: boolean;
	row: IDataObject;
}

/** By name of the stream. */
type Position = Record<string, Kept>;

/** A row of a list, before it is known whether it is news. */
type Listed = Pick<Change, 'id' | 'moment' | 'isNew' | 'row'>;

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	takeOver(this.getWorkflowStaticData('node'));
	return await sharedPoll<Settings, Change, Position>(this, {
		vendor: yandexMarket,
		settings: settingsOf,
		begin: async (before, { settings }) => await Promise.resolve(begin(before, settings)),
		gather,
		itemOf,
		namesOf,
	});
}

/** Workflows that were published before kept the streams without what is handed over. */
function takeOver(data: IDataObject): void {
	const kept = data.polling as IDataObject | undefined;
	if (kept === undefined || WATCHED.every(({ value }) => kept[value] === undefined)) return;
	data.polling = { position: { ...kept } };
}

function begin(before: Position, { watched, firstRun, since, settleMs }: Settings): Position {
	const { floor, cursor } = beginningOf({ firstRun, since }, Date.now() - settleMs);
	return positionOf(before, watched, () => ({ floor, cursor, seen: {}, states: {} }));
}

/** `known`: what was passed on already, when a hand-over is repeated. */
async function gather(
	from: Position,
	known: Position | undefined,
	work: PollWork<Settings>,
): Promise<Gathered<Change, Position>> {
	const position: Position = {};
	const before: Position = {};
	const changes: Change[] = [];
	for (const stream of Object.keys(from) as Array<Change['stream']>) {
		const begun = known ? wholeOf(from[stream], known[stream]) : from[stream];
		const reading = new Reading(stream, begun, known?.[stream], work.settings);
		await reading.all(work);
		position[stream] = reading.after;
		before[stream] = lessOf(begun, reading.after);
		changes.push(...reading.changes);
	}
	return { changes, position, before };
}

/** Of an ID whose status was not known. */
const NONE = '';

/** Where a hand-over began, with the statuses that it has changed only: thousands of them would be kept twice. */
function lessOf(begun: Kept, after: Kept): Kept {
	const ids = new Set([...Object.keys(begun.states), ...Object.keys(after.states)]);
	const changed = [...ids].filter((id) => begun.states[id] !== after.states[id]);
	return {
		...begun,
		states: Object.fromEntries(changed.map((id) => [id, begun.states[id] ?? NONE])),
	};
}

/** The contrary of `lessOf`. */
function wholeOf(begun: Kept, after: Kept): Kept {
	const states = Object.entries({ ...after.states, ...begun.states });
	return { ...begun, states: Object.fromEntries(states.filter(([, state]) => state !== NONE)) };
}

/** What is forgotten of a stream that was read up to its cursor. */
const oldestOf = ({ cursor }: Kept, { overlapMs }: Settings) => cursor - overlapMs - MINUTE_MS;

/** The reading of one stream in one poll. */
class Reading {
	readonly changes: Change[] = [];
	readonly after: Kept;
	private readonly before: Kept;

	constructor(
		private readonly stream: Change['stream'],
		from: Kept,
		private readonly known: Kept | undefined,
		private readonly settings: Settings,
	) {
		this.before = { ...from, seen: { ...from.seen }, states: { ...from.states } };
		const after = known ?? from;
		this.after = { ...after, seen: { ...after.seen }, states: { ...after.states } };
	}

	async all({ road, left }: PollWork<Settings>): Promise<void> {
		const { before, after, known, settings, stream } = this;
		const now = Date.now() - settings.settleMs;
		const rowsIn = stream === 'orders' ? ordersIn : returnsIn;
		// What may have been lost is read in any case: the next poll does not doubt any more.
		const mustGoOn = () => known !== undefined && before.cursor < known.cursor;
		do {
			const from = Math.max(before.floor, before.cursor - settings.overlapMs);
			const to = Math.min(now, before.cursor + PIECE_MS[stream]);
			if (to < from) break;
			for (const row of await rowsIn(from, to, settings, road)) this.add(row, to);
			before.cursor = Math.max(before.cursor, to);
		} while (before.cursor < now && (left() > 0 || mustGoOn()));
		after.cursor = Math.max(after.cursor, before.cursor);
		const oldest = oldestOf(after, settings);
		for (const [key, at] of Object.entries(after.seen)) if (at < oldest) delete after.seen[key];
		const surplus = Object.keys(after.states).length - MOST_STATES;
		for (const id of Object.keys(after.states).slice(0, Math.max(0, surplus))) {
			delete after.states[id];
		}
	}

	/** Takes a row for a change, unless it is known. `to`: end of what is being read. */
	private add(row: Listed, to: number): void {
		const { before, after, known, stream } = this;
		const state = stateOf(row);
		// A row without a date is known by its status, and forgotten with the others of this poll.
		const key = `${row.id}@${row.moment || state}`;
		if (before.seen[key] !== undefined) return;
		before.seen[key] = row.moment || to;
		const repeat = known !== undefined && this.isKnown(known, key, row, state);
		const name = `_${row.id}`;
		const was = before.states[name];
		const isCreation = row.isNew && was === undefined;
		const shown = known && !repeat ? known.states[name] : was;
		// Its creation may have been lost, and a change has come since: both are passed on.
		if (isCreation && shown !== undefined) {
			this.changes.push({ ...row, stream, isMoved: false, repeat: true });
		}
		const isNew = row.isNew && shown === undefined;
		this.changes.push({ ...row, stream, isNew, isMoved: shown !== state, repeat });
		after.seen[key] = row.moment || to;
		for (const { states } of [before, after]) {
			delete states[name];
			states[name] = state;
		}
	}

	/** Whether a row was passed on with the hand-over that is repeated, or before it. */
	private isKnown(known: Kept, key: string, { moment, id }: Listed, state: string): boolean {
		if (known.seen[key] !== undefined) return true;
		return moment === 0
			? known.states[`_${id}`] === state
			: moment < oldestOf(known, this.settings);
	}
}

function stateOf({ row }: Listed): string {
	const { status, substatus, refundStatus, shipmentStatus } = row;
	return [status ?? refundStatus ?? '', substatus ?? shipmentStatus ?? ''].join('/');
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

async function ordersIn(
	from: number,
	to: number,
	settings: Settings,
	road: Road,
): Promise<Listed[]> {
	const { cabinet, shops, statuses, createdDays } = settings;
	const found: Listed[] = [];
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
				...(shops.length > 0 ? { campaignIds: shops.map(wholeNumber) } : {}),
			},
			idempotent: true,
		};
		const rule = { style: token('orders', 'paging.nextPageToken'), pageSize: () => 50 };
		for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
			for (const row of rows) {
				const moment = msOf(row.updateDate ?? row.creationDate);
				const fits = [row.status, row.substatus].some((one) => statuses.includes(String(one)));
				if (statuses.length > 0 && !fits) continue;
				const isNew = msOf(row.creationDate) >= from - 2 * MINUTE_MS;
				found.push({ id: String(row.orderId), moment, isNew, row });
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
): Promise<Listed[]> {
	const found: Listed[] = [];
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
				const moment = msOf(row.updateDate ?? row.creationDate);
				if (moment < from || moment > to) continue;
				const isNew = msOf(row.creationDate) >= from - 2 * MINUTE_MS;
				found.push({ id: String(row.id), moment, isNew, row });
			}
		}
	}
	return found;
}

async function shopsOf({ shops, cabinet }: Settings, road: Road): Promise<string[]> {
	if (shops.length > 0) return shops;
	const rule = { style: token('campaigns', 'paging.nextPageToken'), pageSize: () => 100 };
	const request: ApiRequest = { method: 'GET', path: '/v2/campaigns' };
	const found: string[] = [];
	for await (const rows of pages({ request, rule, send: road.send, limit: Infinity })) {
		for (const { id, business, apiAvailability } of rows) {
			const isOurs = String((business as IDataObject | undefined)?.id) === cabinet;
			if (isOurs && (apiAvailability ?? 'AVAILABLE') === 'AVAILABLE') found.push(String(id));
		}
	}
	return found;
}

function msOf(value: unknown): number {
	const ms = Date.parse(String(value).replace(/(\.\d{3})\d+/, '$1'));
	return Number.isNaN(ms) ? 0 : ms;
}

const WHAT = { orders: 'order', returns: 'return' } as const;

/**
 * Creations and steps of orders are known to both triggers. What else changes in an order is passed on by each of them,
 * and so are steps of returns, of which a notification tells a part only.
 */
function namesOf({ stream, id, isNew, isMoved, row }: Change): string[] {
	const what = WHAT[stream];
	const steps = what === 'order' && isMoved ? [moved(what, id, row.status, row.substatus)] : [];
	return [...(isNew ? [created(what, id)] : []), ...steps];
}

function itemOf({ stream, isNew, row, moment }: Change, { isRaw }: Settings): IDataObject {
	const what = WHAT[stream];
	const simple = () =>
		what === 'order' ? simplifyOrder(row) : (returnRow.simplify?.(row, {} as never) ?? row);
	const event = `${what}.${isNew ? 'created' : 'updated'}`;
	const eventTime = moment === 0 ? null : new Date(moment).toISOString();
	return { event, eventTime, ...(isRaw ? row : simple()) };
}

/** `execute()`: shares changes with the webhook trigger; by hand it shows the newest one. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await sharedDeliver<Settings>(this, {
		vendor: yandexMarket,
		settings: settingsOf,
		preview,
		nothing: 'Nothing has changed in the last seven days, so there is nothing to show.',
		pair: {
			isWanted: ({ withWebhook }) => withWebhook,
			keepMs: KEEP_MS,
			// A new order whose notification came, and which has moved on since, comes as a change.
			rest: (json) => ({ ...json, event: String(json.event).replace('.created', '.updated') }),
		},
	});
}

async function preview(road: Road, settings: Settings): Promise<IDataObject[]> {
	const now = Date.now();
	const stream = settings.watched.includes('orders') ? 'orders' : 'returns';
	const read = stream === 'orders' ? ordersIn : returnsIn;
	const found = await read(now - 7 * DAY_MS, now, { ...settings, createdDays: 30 }, road);
	found.sort((one, other) => other.moment - one.moment);
	const about = { stream, isNew: false, isMoved: true, repeat: false } as const;
	return found.slice(0, 1).map((row) => itemOf({ ...row, ...about }, settings));
}
