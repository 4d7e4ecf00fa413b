/**
 * What MoySklad's polling trigger reads: a list per type, and the audit for what no list tells. The course of a poll is
 * `poll` of the shared trigger.
 */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { serverNow } from '../../shared/road/headers';
import type { Road } from '../../shared/road/road';
import {
	beginningOf,
	CREATION_MS,
	Memories,
	poll as sharedPoll,
	positionOf,
	readInTurns,
	type Gathered,
	type PollWork,
	type Reached,
} from '../../shared/trigger/polling';
import {
	creationStartOf,
	startOf,
	type Position,
	type Progress,
	type Seen,
} from '../../shared/trigger/position';
import { hrefOf, idOf } from '../simplify';
import { fetchObjects, placeName, placeOf } from '../trigger/objects';
import { moySklad } from '../vendor';
import { forbidden, isForbidden, readAudit, type AuditEvent, type AuditRead } from './contexts';
import { itemOf, type ObjectChange } from './items';
import { instantOfMoscow, Reader, wantedStates, type Row } from './reader';
import { pollingSettings, type PollingSettings } from './settings';
import type { PolledType } from './types';

/** A refused audit is asked again after so long. */
const REFUSED_MS = 3600 * 1000;

/** Nodes whose credential may not read the audit, with the moment at which that was said. */
const refused = new Map<string, number>();

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	return await sharedPoll(this, {
		vendor: moySklad,
		settings: pollingSettings,
		begin: async (before, work) => await new Polling(work).begin(before),
		gather: async (from, known, work) => await new Polling(work).gather(from, known),
		itemOf: (change: ObjectChange, { output }) => itemOf(change, output),
	});
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

/** What is known around a list. */
interface AroundList {
	/** What the audit told of creations; undefined when it was not read. */
	created: AuditRead | undefined;
	/** `type id` of each of them. */
	creations: Set<string>;
	progress: Progress;
	memories: Memories;
}

class Polling {
	private readonly settings: PollingSettings;
	private readonly name: string;
	private readonly road: Road;
	private readonly left: () => number;

	constructor({ settings, name, road, left }: PollWork<PollingSettings>) {
		this.settings = settings;
		this.name = name;
		this.road = road;
		this.left = left;
	}

	/** Where each type begins that has not been polled before, and only those that the form has. */
	async begin(before: Position): Promise<Position> {
		const { types, actions } = this.settings;
		const wanted = this.wantsLists() ? types.map(({ name }) => name) : [];
		if (this.undated().length > 0) wanted.push('audit created');
		if (actions.has('DELETE')) wanted.push('audit deleted');
		const fresh = wanted.filter((name) => !before[name]);
		if (fresh.length === 0) return positionOf(before, wanted, () => beginningOf(this.settings, 0));
		// MoySklad's clock, and whether the credential works at all: publishing fails when it does not.
		const [{ name }] = types;
		const path = `/entity/${name}`;
		const answer = await this.road.send({ method: 'GET', path, query: { limit: 1 } });
		const now = serverNow(answer) ?? Date.now();
		// A status that nobody has is told now, not when a change is missed.
		await wantedStates(this.road, types[0], this.settings);
		const position = positionOf(before, wanted, (one) => this.fresh(one, now));
		if (fresh.some((one) => one.startsWith('audit'))) {
			await this.checkAudit();
		}
		return position;
	}

	private fresh(name: string, now: number): Progress {
		const { firstRun, since } = this.settings;
		// The audit is no list of what there is.
		const isLog = firstRun === 'everything' && name.startsWith('audit');
		return beginningOf({ firstRun: isLog ? 'now' : firstRun, since }, now);
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
	async gather(from: Position, known?: Position): Promise<Gathered<ObjectChange>> {
		const { overlapMs, maxPages } = this.settings;
		const memories = new Memories(from, known, overlapMs);
		const seenOf = (name: string) => memories.of(name);
		const polled = this.wantsLists() ? this.settings.types : [];
		const readers = polled.map((type) => {
			const isKnown = ({ id, updated }: Row) => seenOf(type.name).has(`updated ${id}`, updated);
			const start = startOf(from[type.name], overlapMs);
			return new Reader(type, this.road, this.settings, start, isKnown);
		});
		await readInTurns(readers, maxPages, this.left);
		const created = await this.audit('created', from, seenOf('audit created'));
		const deleted = await this.audit('deleted', from, seenOf('audit deleted'));

		const creations = creationsTold(created, from, memories);
		const changes = readers.flatMap((reader) =>
			this.changesInList(reader, {
				created,
				creations,
				progress: from[reader.type.name],
				memories,
			}),
		);
		changes.push(...(await this.creationsOf(created, readers, memories)));
		changes.push(...deletionsOf(deleted, memories));
		for (const read of [created, deleted]) {
			for (const { mark, moment, kind } of read?.events ?? []) {
				seenOf(`audit ${kind}`).add(mark, moment);
			}
		}

		const position: Position = { ...from, ...known };
		const reads: Array<[string, Reached | undefined]> = [
			...readers.map((reader): [string, Reader] => [reader.type.name, reader]),
			['audit created', created],
			['audit deleted', deleted],
		];
		for (const [name, read] of reads) {
			// Time was up before it was its turn, or the audit is closed to us.
			if (!read || read.readAt === 0) continue;
			position[name] = memories.moved(name, from[name], read);
		}
		const states = new Map<string, Set<string> | undefined>();
		for (const type of this.settings.types) {
			states.set(type.name, await wantedStates(this.road, type, this.settings));
		}
		const isWanted = (change: ObjectChange) =>
			this.isWanted(change) && isIn(states.get(change.type), change);
		return { changes: changes.filter(isWanted), position };
	}

	/** What a list tells, up to where the audit has been read. */
	private changesInList(
		reader: Reader,
		{ created, creations, progress, memories }: AroundList,
	): ObjectChange[] {
		const { name, dated } = reader.type;
		const isUndated = !dated && created !== undefined;
		// What the audit has not told yet may be a creation.
		const limit = isUndated && !created.done ? created.reached : Infinity;
		if (limit < reader.reached) {
			reader.reached = limit;
			reader.done = false;
		}
		const changes: ObjectChange[] = [];
		for (const row of reader.rows) {
			if (row.updated >= limit) break;
			changes.push(
				...this.changesOf(reader.type, row, {
					progress,
					seen: memories.of(name),
					isOld: (event, moment) => memories.isOld(name, event, moment, row.updated),
					isUndated,
					isCreated: creations.has(`${name} ${row.id}`),
				}),
			);
		}
		return changes;
	}

	/** The creations of which only the audit tells, with their objects. */
	private async creationsOf(
		created: AuditRead | undefined,
		readers: Reader[],
		memories: Memories,
	): Promise<ObjectChange[]> {
		if (!created || !this.settings.actions.has('CREATE')) return [];
		const objects = await this.objectsOf(created.events, readers);
		return created.events.map((event) => {
			const object = objects.get(`${event.type} ${event.id}`);
			return {
				...changeOf(event, 'CREATE'),
				...(object ? { object } : {}),
				repeat: memories.isOld('audit created', event.mark, event.moment),
				stream: 'audit created',
			};
		});
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
	private changesOf(type: PolledType, row: Row, about: About): ObjectChange[] {
		const { json, id, updated } = row;
		const { progress, seen } = about;
		const { actions, overlapMs, withWebhook } = this.settings;
		const news = `updated ${id}`;
		if (seen.has(news, updated)) return [];
		seen.add(news, updated);
		const href = hrefOf(json) ?? '';
		const uid = this.author(json);
		const one = (
			action: ObjectChange['action'],
			moment: number,
			repeat: boolean,
		): ObjectChange => ({
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

	private isWanted({ action, uid }: ObjectChange): boolean {
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
			const object = found.get(placeName(place));
			if (object) objects.set(key, object);
		}
		return objects;
	}
}

/** True for an object in one of the statuses: the lists of some types, and the audit, cannot be asked for them. */
function isIn(states: Set<string> | undefined, { object, action }: ObjectChange): boolean {
	if (!states) return true;
	const state = idOf(object?.state)?.toLowerCase();
	return action !== 'DELETE' && state !== undefined && states.has(state);
}

/** `type id` of what the audit tells was created; the lists' memories are told, too. */
function creationsTold(
	created: AuditRead | undefined,
	from: Position,
	memories: Memories,
): Set<string> {
	const creations = new Set<string>();
	for (const { type, id, moment } of created?.events ?? []) {
		const seen = memories.of(type);
		// Without a trace of it, the list would show the creation as a change.
		seen.addAbout(`created ${id}`, moment);
		const { wholeUntil } = from[type];
		if (wholeUntil !== undefined) seen.add(`first ${id}`, wholeUntil);
		creations.add(`${type} ${id}`);
	}
	return creations;
}

/** The deletions that the audit tells, but for those that a list has shown. */
function deletionsOf(deleted: AuditRead | undefined, memories: Memories): ObjectChange[] {
	const changes: ObjectChange[] = [];
	for (const event of deleted?.events ?? []) {
		const { type, id, mark, moment } = event;
		const seen = memories.of(type);
		// A list has shown it in the recycle bin already.
		if (seen.hasAbout(`gone ${id}`, moment)) continue;
		seen.addAbout(`gone ${id}`, moment);
		const repeat = memories.isOld('audit deleted', mark, moment);
		changes.push({ ...changeOf(event, 'DELETE'), repeat, stream: 'audit deleted' });
	}
	return changes;
}

function changeOf(
	event: AuditEvent,
	action: ObjectChange['action'],
): Omit<ObjectChange, 'repeat' | 'stream'> {
	const { type, id, href, moment, uid } = event;
	return { action, type, id, href, moment, ...(uid === undefined ? {} : { uid }) };
}
