/** One poll of the locations' lists; the course of it is `poll` of the shared trigger. */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { CallFailed } from '../../shared/errors/errors';
import {
	beginningOf,
	Memories,
	poll as sharedPoll,
	positionOf,
	readInTurns,
	type Gathered,
	type PolledChange,
	type PollWork,
} from '../../shared/trigger/polling';
import { creationStartOf, startOf, type Position } from '../../shared/trigger/position';
import { isoOf } from '../trigger/notification';
import { altegio } from '../vendor';
import { forgetLocations, locationsOf, type Zones } from './locations';
import { Reader, type StreamPlace, type Row } from './reader';
import { pollingSettings, type PollingSettings } from './settings';
import { instantIn, isCancelled, itemFrom } from './sources';

/** Pages of all lists in one poll. */
const MAX_PAGES = 60;
/** A location that is refused is told of again after so long (ms). */
const REFUSED_MS = 3600 * 1000;
const REFUSALS = [402, 403, 404];

/** Locations that were refused, and when that was said. */
const refused = new Map<string, number>();

/** One change of one object, before it is an item. */
interface Change extends PolledChange {
	status: 'create' | 'update' | 'delete';
	iso: string;
	row: Row;
	/** Where it was read. */
	reader: { place: StreamPlace };
}

type Work = PollWork<PollingSettings>;

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	return await sharedPoll(this, {
		vendor: altegio,
		settings: pollingSettings,
		begin,
		gather,
		itemOf,
	});
}

const streamOf = (location: string, source: string) => `${location} ${source}`;

/** Where each list of each location begins that has not been polled before. */
async function begin(before: Position, { settings, road, name }: Work): Promise<Position> {
	// Publishing tells whether the credential works at all.
	if (Object.keys(before).length === 0) forgetLocations(name);
	const { zones, now } = await locationsOf(road, name, settings.locations);
	const wanted = [...zones.keys()].flatMap((location) =>
		settings.sources.map((source) => streamOf(location, source.name)),
	);
	return positionOf(before, wanted, () => beginningOf(settings, now - settings.settleMs));
}

async function gather(
	from: Position,
	known: Position | undefined,
	work: Work,
): Promise<Gathered<Change>> {
	const { settings, road, name, left } = work;
	const { zones } = await locationsOf(road, name, settings.locations);
	const memories = new Memories(from, known, settings.overlapMs);
	const readers = readersOf(from, zones, work);
	await readInTurns(readers, MAX_PAGES, left);
	const changes: Change[] = [];
	const position: Position = { ...from, ...known };
	for (const reader of readers) {
		const { stream } = reader.place;
		if (reader.readAt === 0) continue;
		for (const row of reader.rows) changes.push(...changesOf(row, reader, from, memories, work));
		position[stream] = memories.moved(stream, from[stream], reader);
	}
	// Said when nothing else is to be passed on, and then nothing of it is lost.
	if (changes.length === 0) tellRefusal(readers, name);
	return { changes, position };
}

/** Lists that were not read for longest come first. */
function readersOf(from: Position, zones: Zones, { settings, road }: Work): Reader[] {
	const isRefusal = (error: unknown) =>
		error instanceof CallFailed && REFUSALS.includes(error.details.status ?? 0);
	return [...zones]
		.flatMap(([location, zone]) =>
			settings.sources.map((source) => {
				const stream = streamOf(location, source.name);
				const start = startOf(from[stream], settings.overlapMs);
				return new Reader({ stream, source, location, zone }, road, settings, start, isRefusal);
			}),
		)
		.sort((a, b) => from[a.place.stream].readAt - from[b.place.stream].readAt);
}

/** Throws what Altegio said of a location, once an hour; always when there is no other. */
function tellRefusal(readers: Reader[], name: string): void {
	const isAll = readers.every(({ refusal }) => refusal !== undefined);
	for (const { place, refusal } of readers) {
		const key = `${name} ${place.stream}`;
		if (refusal === undefined) {
			refused.delete(key);
			continue;
		}
		const said = refused.get(key) ?? -Infinity;
		if (!isAll && Date.now() - said < REFUSED_MS) continue;
		refused.set(key, Date.now());
		const { details } = refusal as CallFailed;
		throw new CallFailed({ ...details, say: `${details.say} (location ${place.location})` });
	}
}

/** What one row of a list tells. */
function changesOf(
	row: Row,
	reader: Reader,
	from: Position,
	memories: Memories,
	{ settings }: Work,
): Change[] {
	const { stream, source, zone } = reader.place;
	const { overlapMs, withWebhook } = settings;
	const progress = from[stream];
	const { id, at, json } = row;
	const seen = memories.of(stream);
	const news = `updated ${id}`;
	if (at < startOf(progress, overlapMs) || seen.has(news, at)) return [];
	seen.add(news, at);
	const one = (
		status: Change['status'],
		moment: number,
		iso: string,
		repeat = memories.isOld(stream, news, at),
	): Change => ({ status, iso, row, reader, moment, stream, repeat });
	const update = () => one('update', at, row.iso);
	if (source.name !== 'appointment') return [update()];
	if (isCancelled(json)) return [one('delete', at, row.iso)];
	const birth = `created ${id}`;
	const created = instantIn(json.create_date, zone);
	const isNew = created >= creationStartOf(progress, overlapMs) && !seen.has(birth, created);
	if (!isNew) return [update()];
	seen.add(birth, created);
	const iso = isoOf(json.create_date) ?? new Date(created).toISOString();
	const creation = one('create', created, iso, memories.isOld(stream, birth, created, at));
	// Created and changed between two polls: two events for those who compare them with webhooks', else one. Altegio
	// writes whole seconds; a change in the next one may be a move of which the webhook got lost.
	return at > created && withWebhook ? [creation, update()] : [creation];
}

function itemOf({ status: action, iso, row: { json }, reader }: Change): IDataObject {
	const { source, location } = reader.place;
	return itemFrom(source, location, { json, action, moment: iso });
}
