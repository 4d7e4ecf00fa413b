/**
 * One poll: new and changed visits. The vendor has no webhooks for visits and advises to ask on a timer. All IDs are
 * collected first, because acknowledging moves the list; the details of what is news are read several at a time, the
 * oldest change first; what there is no time for comes with the next poll. Visits are acknowledged when the execution
 * that has them runs: see `deliver.ts`. Reference of the project: inspector-cloud-api.md §5.1, traps 2, 4, 5, 13.
 */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { isNotFound } from '../../shared/errors/errors';
import { pages } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import type { Road } from '../../shared/road/road';
import {
	poll as sharedPoll,
	type Gathered,
	type PolledChange,
	type PollWork,
} from '../../shared/trigger/polling';
import { resultsList } from '../catalogue/lists';
import { simpleVisit } from '../catalogue/visit';
import { utc } from '../values';
import { inspectorCloud } from '../vendor';
import { cutVisit, isWanted, needsNoAnnotations, readVisit } from '../visitDetails';
import { simplePart } from '../visitParts';
import { acknowledge } from './acknowledge';
import { Memory, type Kept } from './memory';
import { pollingSettings, type PollingSettings } from './settings';

/** Of the poll's time, so much is for starting requests; those under way then must come to their end. */
const FOR_STARTING = 0.85;
const AT_A_TIME = 4;
/** Visits that a run by hand looks at for one that fits the filters. */
const MOST_SHOWN = 5;
/** Name of what is kept: there is one list. */
const STREAM = 'visits';

type Position = Record<string, Kept>;

/** A visit of the list. */
interface Listed {
	id: string;
	/** Ms since 1970. */
	updated: number;
	created: number;
	/** Others have acknowledged it, so that it is no news by itself. */
	acknowledged: boolean;
}

/** A visit, or a part of it, that is passed on. */
interface Change extends PolledChange {
	json: IDataObject;
}

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	takeOver(this.getWorkflowStaticData('node'));
	let polling: Polling | undefined;
	const of = (work: PollWork<PollingSettings>) => (polling ??= new Polling(work, this.logger));
	return await sharedPoll<PollingSettings, Change, Position>(this, {
		vendor: inspectorCloud,
		settings: pollingSettings,
		begin: async (before, work) => await of(work).begin(before),
		gather: async (from, known, work) => await of(work).gather(from, known),
		itemOf: ({ json }) => json,
	});
}

/** Workflows that were published before kept the same elsewhere. */
function takeOver(data: IDataObject): void {
	if (data.visits === undefined) return;
	data.polling ??= { position: { [STREAM]: data.visits as IDataObject } };
	delete data.visits;
}

class Polling {
	private readonly settings: PollingSettings;
	private readonly road: Road;
	private readonly left: () => number;
	/** Read once in a poll. */
	private listed?: Listed[];

	constructor(
		{ settings, road, left }: PollWork<PollingSettings>,
		private readonly logger: IPollFunctions['logger'],
	) {
		this.settings = settings;
		this.road = road;
		const all = left();
		this.left = () => left() - (1 - FOR_STARTING) * all;
	}

	/** Where the first poll begins: a new workflow is not flooded with what there was before. */
	async begin({ [STREAM]: before }: Position): Promise<Position> {
		const kept = before as Kept | undefined;
		if (kept) return { [STREAM]: kept };
		const { firstRun, since } = this.settings;
		const listed = await listVisits(this.road, this.settings);
		this.listed = listed;
		const newest = listed.reduce((latest, { updated }) => Math.max(latest, updated), 0);
		const floor = { everything: 0, since, now: newest }[firstRun];
		return { [STREAM]: Memory.begin(floor).toJSON() };
	}

	/** `known`: what was passed on already, where the last hand-over is repeated. */
	async gather(from: Position, known?: Position): Promise<Gathered<Change, Position>> {
		const before = new Memory(from[STREAM]);
		const memory = known ? new Memory(known[STREAM]) : before;
		const isRepeat = ({ id, updated }: Listed) => !memory.isNews(id, updated);
		// A hand-over that did not arrive may have been acknowledged by others since.
		const listed =
			this.listed ??
			(await listVisits(this.road, this.settings, from[STREAM], known !== undefined));
		const news = listed
			.filter(({ id, updated }) => before.isNews(id, updated))
			.map((one) => ({ ...one, repeat: isRepeat(one) }))
			.filter(({ acknowledged, repeat }) => repeat || !acknowledged)
			.sort(
				(one, other) => Number(other.repeat) - Number(one.repeat) || one.updated - other.updated,
			);
		const { changes, looked } = await this.read(news, memory);
		if (looked === news.length) memory.caughtUp = true;
		return { changes, position: { [STREAM]: memory.toJSON() } };
	}

	/** Reads what is news, as far as the time goes, and remembers what was looked at. Repetitions are read in any case. */
	private async read(
		news: Array<Listed & { repeat: boolean }>,
		memory: Memory,
	): Promise<{ changes: Change[]; looked: number }> {
		const { mostVisits, rules } = this.settings;
		const wanted = news.slice(0, mostVisits);
		const repeats = wanted.filter(({ repeat }) => repeat).length;
		const changes: Change[][] = wanted.map(() => []);
		const empty: string[] = [];
		let looked = 0;
		await inParallel(
			[...wanted.entries()],
			async ([at, one]) => {
				const visit = await visitOf(one, this.road, this.settings);
				looked++;
				if (visit === undefined) {
					memory.add(one.id, one.updated, one.updated, false);
					return;
				}
				const { updated, created } = listedOf(visit, one);
				const isPassed = isWanted(visit, rules);
				if (isPassed) {
					const isNew = created > memory.begun && (one.repeat || !memory.wasPassed(one.id));
					const about = { moment: one.updated, repeat: one.repeat, stream: STREAM };
					const event = isNew ? 'created' : 'updated';
					// The visit itself, of several megabytes, is let go.
					changes[at] = rowsOf(visit, event, this.settings).map((json) => ({ ...about, json }));
					if (changes[at].length === 0) empty.push(one.id);
				}
				memory.add(one.id, one.updated, updated, isPassed);
			},
			{ atATime: AT_A_TIME, stop: () => looked > 0 && looked >= repeats && this.left() <= 0 },
		);
		// Nothing of them is passed on that could get lost.
		if (this.settings.acknowledges) await acknowledge(this.road, empty, this.logger);
		return { changes: changes.flat(), looked };
	}
}

/** All visits that may be news, each once. The list tells IDs and times only. `again`: with those of a repetition. */
async function listVisits(
	road: Road,
	{ firstRun, since, lookBackMs, alsoAcknowledged }: PollingSettings,
	kept?: Kept,
	again = false,
): Promise<Listed[]> {
	let from: number | undefined = Date.now() - lookBackMs;
	if (!kept?.caughtUp && firstRun === 'everything') from = undefined;
	if (!kept?.caughtUp && firstRun === 'since') from = Math.min(from as number, since);
	const found = new Map<string, Listed>();
	for (const isNew of again || alsoAcknowledged ? [true, false] : [true]) {
		const query: IDataObject = {
			is_new: isNew,
			...(from === undefined ? {} : { datetime_gte: new Date(from).toISOString() }),
		};
		const request = { method: 'GET' as const, path: '/visits/', query };
		const list = { request, rule: resultsList, send: road.send, limit: Infinity };
		for await (const rows of pages(list)) {
			for (const row of rows) {
				const one = { ...listedOf(row), acknowledged: !isNew && !alsoAcknowledged };
				const before = found.get(one.id);
				if (before) one.acknowledged &&= before.acknowledged;
				if (!before || before.updated < one.updated) found.set(one.id, one);
			}
		}
	}
	return [...found.values()];
}

/** Undefined for one that is gone. */
async function visitOf(
	{ id }: Listed,
	{ send }: Road,
	{ cut }: PollingSettings,
): Promise<IDataObject | undefined> {
	try {
		return await readVisit(id, send, needsNoAnnotations(cut));
	} catch (error) {
		if (isNotFound(error)) return undefined;
		throw error as Error;
	}
}

/** The visit as the form wants it, or its parts. */
function rowsOf(
	visit: IDataObject,
	event: 'created' | 'updated',
	{ cut, isRaw }: PollingSettings,
): IDataObject[] {
	return cutVisit(visit, cut).map((row) => {
		if (isRaw) return { event, ...row };
		return { event, ...(cut.split === 'visit' ? simpleVisit(row) : simplePart(row, cut.split)) };
	});
}

/** What a run by hand shows: the newest visit that fits. Nothing is acknowledged or remembered. */
export async function preview(road: Road, settings: PollingSettings): Promise<IDataObject[]> {
	const listed = await listVisits(road, settings);
	const newest = listed.sort((one, other) => other.updated - one.updated).slice(0, MOST_SHOWN);
	for (const one of newest) {
		const visit = await visitOf(one, road, settings);
		if (!visit || !isWanted(visit, settings.rules)) continue;
		const rows = rowsOf(visit, 'updated', settings);
		if (rows.length > 0) return rows;
	}
	return [];
}

/** ID and times of a row; times that cannot be read are the other's. */
function listedOf(
	row: IDataObject,
	other?: Omit<Listed, 'acknowledged'>,
): Omit<Listed, 'acknowledged'> {
	const msOf = (value: unknown, fallback = 0) => {
		const ms = Date.parse(String(utc(value)));
		return Number.isNaN(ms) ? fallback : ms;
	};
	return {
		id: String(row.id),
		updated: msOf(row.updated_at, other?.updated),
		created: msOf(row.created_at, other?.created),
	};
}
