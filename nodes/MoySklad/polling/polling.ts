/**
 * One poll. n8n 2.41 stores the static data first and the execution after it, unless its durable cursors are on:
 * whoever kills it in between loses what was handed over. So the place where the last hand-over began stays in
 * the static data, and the first poll of a process hands it over once more, marked as a repetition; `execute()`
 * knows whether the first one has arrived (see `deliver.ts`).
 */
import { randomUUID } from 'crypto';
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { toNodeError } from '../../shared/errors/errors';
import { inParallel } from '../../shared/road/parallel';
import { openRoad, type Road } from '../../shared/road/road';
import { hrefOf } from '../simplify';
import { fetchObjects, nameOf, placeOf } from '../trigger/objects';
import { moySklad } from '../vendor';
import { forbidden, isForbidden, readAudit, type AuditEvent, type AuditRead } from './contexts';
import { itemOf, type Change, type PolledItem } from './items';
import { instantOfMoscow, Reader, serverNow, type Row } from './reader';
import { pollingSettings, type PollingSettings } from './settings';
import {
	creationStartOf,
	Seen,
	startOf,
	TOLERANCE_S,
	type PollingState,
	type Position,
	type Progress,
} from './state';
import type { PolledType } from './types';

/** n8n before 2.41 does not tell how long a poll may take. */
const USUAL_BUDGET_MS = 36_000;
/** Of the budget, so much is for the requests under way when it is noticed. */
const SHARE = 0.7;
/** Types that are read side by side; the planner decides how many requests are really under way. */
const SIDE_BY_SIDE = 4;
/** A change so shortly after the creation is part of it: MoySklad's own moments differ a little (inferred). */
const CREATION_MS = TOLERANCE_S * 1000;
/** So long (ms) after it a hand-over is still doubted. Later, `execute()` may have forgotten about it. */
export const DOUBT_MS = 6 * 3600 * 1000;
/** A refused audit is asked again after so long. */
const REFUSED_MS = 3600 * 1000;

/** Nodes that have polled in this process: what they handed over has arrived. */
const awake = new Set<string>();
/** Nodes whose credential may not read the audit, with the moment at which that was said. */
const refused = new Map<string, number>();

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		return await new Polling(this).run();
	} catch (error) {
		throw toNodeError(this.getNode(), moySklad.name, error);
	}
}

/** What one poll has gathered. */
interface Gathered {
	changes: Change[];
	position: Position;
}

/** What is known around a row. */
interface About {
	progress: Progress;
	seen: Seen;
	/** True for what was passed on already, where a hand-over is repeated. */
	isOld: (event: string, moment: number) => boolean;
	/** The audit tells of this type's creations. */
	isUndated: boolean;
	/** It has told of this one in this poll. */
	isCreated: boolean;
}

class Polling {
	private readonly settings: PollingSettings;
	private readonly name: string;
	private readonly started = Date.now();
	private readonly budgetMs: number;
	private road!: Road;

	constructor(private readonly context: IPollFunctions) {
		this.settings = pollingSettings(
			(name, fallback) => context.getNodeParameter(name, fallback),
			context.getTimezone(),
		);
		this.name = `${context.getWorkflow().id} ${context.getNode().id}`;
		// Older versions of n8n do not have it.
		const { getPollBudgetMs } = context as Partial<IPollFunctions>;
		this.budgetMs = SHARE * (getPollBudgetMs?.call(context) ?? USUAL_BUDGET_MS);
	}

	private readonly left = () => this.budgetMs - (Date.now() - this.started);

	async run(): Promise<INodeExecutionData[][] | null> {
		const data = this.context.getWorkflowStaticData('node');
		const state = clone(data.polling as PollingState | undefined) ?? {};
		this.road = await openRoad(this.context, moySklad);
		const known = await this.begin(state.position);
		const { handed } = state;
		const doubted =
			!awake.has(this.name) && handed?.before && Date.now() - handed.at < DOUBT_MS
				? handed
				: undefined;
		const from = doubted?.before ? together(known, doubted.before) : known;
		const { changes, position } = await this.gather(from, doubted ? known : undefined);
		awake.add(this.name);
		changes.sort((a, b) => a.moment - b.moment);
		if (changes.length === 0) {
			keep(data, { position, ...(handed && { handed: { id: handed.id, at: handed.at } }) });
			return null;
		}
		const batch = randomUUID();
		const after = doubted?.id;
		const streams = new Set(changes.map(({ stream }) => stream));
		const moved = Object.entries(from).filter(([name]) => streams.has(name));
		const before = Object.fromEntries(moved);
		keep(data, { position, handed: { id: batch, at: Date.now(), before } });
		const items = changes.map((change): PolledItem => {
			const polled = { batch, ...(change.repeat && after !== undefined ? { after } : {}) };
			return { json: itemOf(change, this.settings.output), polled };
		});
		return [items];
	}

	/** Where each type begins that has not been polled before, and only those that the form has. */
	private async begin(before: Position = {}): Promise<Position> {
		const position: Position = {};
		const { types, actions } = this.settings;
		const wanted = this.wantsLists() ? types.map(({ name }) => name) : [];
		if (this.undated().length > 0) wanted.push('audit created');
		if (actions.has('DELETE')) wanted.push('audit deleted');
		for (const name of wanted) if (before[name]) position[name] = before[name];
		const fresh = wanted.filter((name) => !position[name]);
		if (fresh.length === 0) return position;
		// MoySklad's clock, and whether the credential works at all: publishing fails when it does not.
		const [{ name }] = types;
		const path = `/entity/${name}`;
		const answer = await this.road.send({ method: 'GET', path, query: { limit: 1 } });
		const now = serverNow(answer) ?? Date.now();
		for (const one of fresh) position[one] = this.fresh(one, now);
		if (fresh.some((one) => one.startsWith('audit'))) {
			await this.checkAudit();
		}
		return position;
	}

	private fresh(name: string, now: number): Progress {
		const { firstRun, since } = this.settings;
		const isAudit = name.startsWith('audit');
		const everything = firstRun === 'everything' && !isAudit;
		const floor = everything ? 0 : firstRun === 'since' ? Math.min(since, now) : now;
		return {
			cursor: floor,
			readAt: now,
			floor,
			caughtUp: floor,
			...(everything ? { wholeUntil: now } : {}),
			seen: {},
		};
	}

	/** Deletions alone are the audit's. */
	private wantsLists(): boolean {
		const { actions } = this.settings;
		return actions.has('CREATE') || actions.has('UPDATE');
	}

	/** Types of which only the audit tells what was created. */
	private undated(): PolledType[] {
		return this.wantsLists() ? this.settings.types.filter(({ dated }) => !dated) : [];
	}

	/** True when nothing can be said without the audit. */
	private needsAudit(): boolean {
		const { actions } = this.settings;
		if (actions.has('DELETE')) return true;
		return actions.has('CREATE') && !actions.has('UPDATE') && this.undated().length > 0;
	}

	private async checkAudit(): Promise<void> {
		try {
			await this.road.send({ method: 'GET', path: '/audit', query: { limit: 1 } });
		} catch (error) {
			if (!isForbidden(error)) throw error as Error;
			if (this.needsAudit()) throw forbidden(error, this.wantedOfAudit());
			refused.set(this.name, Date.now());
		}
	}

	private wantedOfAudit(): string {
		return this.settings.actions.has('DELETE') ? 'deletions' : 'creations of these types';
	}

	/** Reads all types and the audit. `known`: what was passed on already, when a hand-over is repeated. */
	private async gather(from: Position, known?: Position): Promise<Gathered> {
		const { overlapMs, actions } = this.settings;
		const memory = new Map(Object.entries(from).map(([name, one]) => [name, new Seen(one.seen)]));
		const seenOf = (name: string) => {
			const seen = memory.get(name) ?? new Seen();
			memory.set(name, seen);
			return seen;
		};
		const polled = this.wantsLists() ? this.settings.types : [];
		const readers = polled.map((type) => {
			const isKnown = ({ id, updated }: Row) => seenOf(type.name).has(`updated ${id}`, updated);
			const start = startOf(from[type.name], overlapMs);
			return new Reader(type, this.road, this.settings, start, isKnown);
		});
		await this.readLists(readers);
		const created = await this.audit('created', from, seenOf('audit created'));
		const deleted = await this.audit('deleted', from, seenOf('audit deleted'));
		const before = new Map(
			Object.entries(known ?? {}).map(([name, one]) => [name, new Seen(one.seen)]),
		);
		const isOld = (stream: string, event: string, moment: number, age: number) =>
			known?.[stream] !== undefined &&
			(age < startOf(known[stream], overlapMs) || before.get(stream)?.has(event, moment) === true);
		const oldContext = (stream: string, { mark, moment }: AuditEvent) =>
			isOld(stream, mark, moment, moment);

		const creations = new Set<string>();
		for (const event of created?.events ?? []) {
			const { type, id, moment } = event;
			// Without a trace of it, the list would show the creation as a change.
			seenOf(type).addAbout(`created ${id}`, moment);
			const { wholeUntil } = from[type];
			if (wholeUntil !== undefined) seenOf(type).add(`first ${id}`, wholeUntil);
			creations.add(`${type} ${id}`);
		}
		const changes: Change[] = [];
		for (const reader of readers) {
			const { name, dated } = reader.type;
			const isUndated = !dated && created !== undefined;
			// What the audit has not told yet may be a creation.
			const limit = isUndated && !created.done ? created.reached : Infinity;
			if (limit < reader.reached) {
				reader.reached = limit;
				reader.done = false;
			}
			for (const row of reader.rows) {
				if (row.updated >= limit) break;
				const progress = from[name];
				changes.push(
					...this.changesOf(reader.type, row, {
						progress,
						seen: seenOf(name),
						isOld: (event, moment) => isOld(name, event, moment, row.updated),
						isUndated,
						isCreated: creations.has(`${name} ${row.id}`),
					}),
				);
			}
		}
		if (created && actions.has('CREATE')) {
			const objects = await this.objectsOf(created.events, readers);
			for (const event of created.events) {
				const object = objects.get(`${event.type} ${event.id}`);
				const repeat = oldContext('audit created', event);
				changes.push({
					...changeOf(event, 'CREATE'),
					...(object ? { object } : {}),
					repeat,
					stream: 'audit created',
				});
			}
		}
		for (const event of deleted?.events ?? []) {
			const seen = seenOf(event.type);
			// A list has shown it in the recycle bin already.
			if (seen.hasAbout(`gone ${event.id}`, event.moment)) continue;
			seen.addAbout(`gone ${event.id}`, event.moment);
			const repeat = oldContext('audit deleted', event);
			changes.push({ ...changeOf(event, 'DELETE'), repeat, stream: 'audit deleted' });
		}
		for (const read of [created, deleted]) {
			for (const { mark, moment, kind } of read?.events ?? []) {
				seenOf(`audit ${kind}`).add(mark, moment);
			}
		}

		const position: Position = { ...from, ...known };
		const reads: Array<[string, Pick<AuditRead, 'reached' | 'done' | 'readAt'> | undefined]> = [
			...readers.map((reader): [string, Reader] => [reader.type.name, reader]),
			['audit created', created],
			['audit deleted', deleted],
		];
		for (const [name, read] of reads) {
			// Time was up before it was its turn, or the audit is closed to us.
			if (!read || read.readAt === 0) continue;
			position[name] = this.moved(from[name], seenOf(name), read, known?.[name]);
		}
		return { changes: changes.filter((change) => this.isWanted(change)), position };
	}

	/** Page by page in turns, so that a type with a backlog does not keep the others waiting. */
	private async readLists(readers: Reader[]): Promise<void> {
		const total = () => readers.reduce((sum, { pages }) => sum + pages, 0);
		for (let round = 0; ; round++) {
			const open = readers.filter(({ done, stopped }) => !done && !stopped);
			if (open.length === 0) return;
			const pagesLeft = () => this.settings.maxPages - total();
			await inParallel(open, async (reader) => await reader.step(pagesLeft()), {
				atATime: SIDE_BY_SIDE,
				// Each type is read a little, however many there are.
				stop: () => (round > 0 && pagesLeft() <= 0) || this.left() <= 0,
			});
			if (this.settings.maxPages <= total() || this.left() <= 0) return;
		}
	}

	private async audit(
		kind: AuditEvent['kind'],
		from: Position,
		seen: Seen,
	): Promise<AuditRead | undefined> {
		const progress = from[`audit ${kind}`];
		const { overlapMs, settleMs } = this.settings;
		const types = kind === 'deleted' ? this.settings.types : this.undated();
		const said = refused.get(this.name) ?? -Infinity;
		if (!progress || Date.now() - said < REFUSED_MS) return undefined;
		const { left } = this;
		try {
			const wish = { kind, types, progress, seen, overlapMs, settleMs, left };
			const read = await readAudit(this.road, wish);
			refused.delete(this.name);
			return read;
		} catch (error) {
			if (!isForbidden(error)) throw error as Error;
			refused.set(this.name, Date.now());
			// Said once; after that, what needs no audit goes on.
			if (this.needsAudit() && said === -Infinity) throw forbidden(error, this.wantedOfAudit());
			return undefined;
		}
	}

	/** What one row of a list tells. */
	private changesOf(type: PolledType, row: Row, about: About): Change[] {
		const { json, id, updated } = row;
		const { progress, seen } = about;
		const { actions, overlapMs, withWebhook } = this.settings;
		const news = `updated ${id}`;
		if (seen.has(news, updated)) return [];
		seen.add(news, updated);
		const href = hrefOf(json) ?? '';
		const uid = this.author(json);
		const one = (action: Change['action'], moment: number, repeat: boolean): Change => ({
			action,
			type: type.name,
			id,
			href,
			moment,
			...(uid === undefined ? {} : { uid }),
			...(action === 'DELETE' ? {} : { object: json }),
			repeat,
			stream: type.name,
		});
		const isRepeat = about.isOld(news, updated);
		const update = () => one('UPDATE', updated, isRepeat);

		const deleted = instantOfMoscow(json.deleted);
		if (!Number.isNaN(deleted)) {
			if (seen.hasAbout(`gone ${id}`, deleted)) return [];
			seen.addAbout(`gone ${id}`, deleted);
			return [one('DELETE', deleted, isRepeat)];
		}
		if (about.isUndated && seen.hasAbout(`created ${id}`, updated)) return [];

		const birth = `created ${id}`;
		const created = instantOfMoscow(json.created);
		const { wholeUntil } = progress;
		const first = `first ${id}`;
		if (wholeUntil !== undefined && !seen.has(first, wholeUntil)) {
			if (!seen.isFull) seen.add(first, wholeUntil);
			if (created >= wholeUntil) seen.add(birth, created);
			return [one(actions.has('CREATE') ? 'CREATE' : 'UPDATE', updated, isRepeat)];
		}
		// Created and changed between two polls: two events for those who compare them with webhooks', else one.
		const folds = !withWebhook && actions.has('CREATE');
		if (about.isUndated) return folds && about.isCreated ? [] : [update()];
		const isNew =
			wholeUntil === undefined &&
			created >= creationStartOf(progress, overlapMs) &&
			!seen.has(birth, created);
		if (!isNew) return [update()];
		seen.add(birth, created);
		const creation = one('CREATE', created, about.isOld(birth, created));
		return updated - created > CREATION_MS && !folds ? [creation, update()] : [creation];
	}

	/** Who made the last change: known when only one can have. */
	private author(json: IDataObject): string | undefined {
		if (typeof json.updatedBy === 'string') return json.updatedBy;
		const { onlyUsers } = this.settings;
		return onlyUsers.length === 1 ? onlyUsers[0] : undefined;
	}

	private isWanted({ action, uid }: Change): boolean {
		const { actions, onlyUsers, notUsers } = this.settings;
		if (!actions.has(action)) return false;
		const user = uid?.toLowerCase();
		if (user === undefined) return true;
		return (onlyUsers.length === 0 || onlyUsers.includes(user)) && !notUsers.includes(user);
	}

	/** Objects that the audit names, from the lists read already or from MoySklad. */
	private async objectsOf(
		events: AuditEvent[],
		readers: Reader[],
	): Promise<Map<string, IDataObject>> {
		const byList = new Map(
			readers.flatMap(({ type, rows }) => rows.map((row) => [`${type.name} ${row.id}`, row.json])),
		);
		const objects = new Map<string, IDataObject>();
		const missing = new Map<string, NonNullable<ReturnType<typeof placeOf>>>();
		for (const { type, id, href } of events) {
			const key = `${type} ${id}`;
			const row = byList.get(key);
			const place = placeOf(type, href);
			if (row) objects.set(key, row);
			else if (place) missing.set(key, place);
		}
		if (missing.size === 0) return objects;
		const { expand } = this.settings;
		const found = await fetchObjects(this.road, [...missing.values()], { expand });
		for (const [key, place] of missing) {
			const object = found.get(nameOf(place));
			if (object) objects.set(key, object);
		}
		return objects;
	}

	/** The progress after a reading; never behind what was known before. */
	private moved(
		from: Progress,
		seen: Seen,
		now: { reached: number; done: boolean; readAt: number },
		known?: Progress,
	): Progress {
		const { overlapMs } = this.settings;
		if (known) seen.merge(known.seen);
		const next: Progress = {
			cursor: Math.max(now.reached, known?.cursor ?? from.cursor),
			readAt: Math.max(now.readAt, known?.readAt ?? from.readAt),
			floor: from.floor,
			caughtUp: known?.caughtUp ?? from.caughtUp,
			...(from.seenFrom === undefined ? {} : { seenFrom: from.seenFrom }),
			seen: {},
		};
		if (from.wholeUntil !== undefined && startOf(next, overlapMs) < from.wholeUntil) {
			next.wholeUntil = from.wholeUntil;
		}
		if (now.done) next.caughtUp = startOf(next, overlapMs);
		const start = creationStartOf(next, overlapMs);
		const remembered = seen.prune(start - CREATION_MS - 1000);
		if (remembered > start) next.seenFrom = remembered;
		next.seen = seen.toJSON();
		return next;
	}
}

function changeOf(event: AuditEvent, action: Change['action']): Omit<Change, 'repeat' | 'stream'> {
	const { type, id, href, moment, uid } = event;
	return { action, type, id, href, moment, ...(uid === undefined ? {} : { uid }) };
}

/** Writes the state when it is another: n8n stores static data whenever it was written to. */
function keep(data: IDataObject, state: PollingState): void {
	if (JSON.stringify(data.polling) === JSON.stringify(state)) return;
	data.polling = state as unknown as IDataObject;
}

/** A copy without n8n's observers. */
function clone<T>(value: T): T {
	return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** The later position with what the earlier one has of it. */
function together(later: Position, earlier: Position): Position {
	const position: Position = {};
	for (const name of Object.keys(later)) position[name] = earlier[name] ?? later[name];
	return position;
}
