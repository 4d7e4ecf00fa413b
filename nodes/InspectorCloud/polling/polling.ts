/**
 * One poll: new and changed visits. The vendor has no webhooks for visits and advises to ask on a timer. All IDs are
 * collected before anything is acknowledged, because that moves the list; the details of what is news are read several
 * at a time, the oldest change first; what there is no time for comes with the next poll. Reference of the project:
 * inspector-cloud-api.md §5.1, traps 2, 4, 5, 13.
 */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { isNotFound, toNodeError } from '../../shared/errors/errors';
import { pages } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import { openRoad, type Road } from '../../shared/road/road';
import { pollTime } from '../../shared/trigger/polling';
import { resultsList } from '../catalogue/lists';
import { simpleVisit } from '../catalogue/visit';
import { utc } from '../values';
import { inspectorCloud } from '../vendor';
import { cutVisit, isWanted, readVisit } from '../visitDetails';
import { simplePart } from '../visitParts';
import { Memory, type Kept } from './memory';
import { pollingSettings, type PollingSettings } from './settings';

/** Of the budget, so much is for starting requests; those under way then must come to their end. */
const SHARE = 0.6;
const AT_A_TIME = 4;
/** Visits that a run by hand looks at for one that fits the filters. */
const MOST_SHOWN = 5;

/** A visit of the list. */
interface Listed {
	id: string;
	/** Ms since 1970. */
	updated: number;
	created: number;
}

/** A visit that was read, and whether it comes for the first time. */
interface Passed {
	visit: IDataObject;
	event: 'created' | 'updated';
}

/** `poll()` of the trigger. Returns null when nothing has happened. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		return await new Polling(this).run();
	} catch (error) {
		throw toNodeError(this.getNode(), inspectorCloud.name, error);
	}
}

class Polling {
	private readonly settings: PollingSettings;
	private readonly left: () => number;
	private road!: Road;

	constructor(private readonly context: IPollFunctions) {
		this.settings = pollingSettings(
			(name, fallback) => context.getNodeParameter(name, fallback),
			context.getTimezone(),
		);
		this.left = pollTime(context, SHARE);
	}

	async run(): Promise<INodeExecutionData[][] | null> {
		this.road = await openRoad(this.context, inspectorCloud);
		if (this.context.getMode() === 'manual') return await this.preview();
		const data = this.context.getWorkflowStaticData('node');
		const kept = data.visits as Kept | undefined;
		const listed = await this.list(kept);
		const memory = kept ? new Memory(kept) : this.begin(listed);
		const news = listed
			.filter(({ id, updated }) => memory.isNews(id, updated))
			.sort((one, other) => one.updated - other.updated);
		const { passed, looked } = await this.read(news, memory);
		if (looked === news.length) memory.caughtUp = true;
		if (this.settings.acknowledges) await this.acknowledge(passed);
		data.visits = memory.toJSON() as unknown as IDataObject;
		const items = passed.flatMap((one) => this.itemsOf(one));
		return items.length > 0 ? [items] : null;
	}

	/** Where the first poll begins: a new workflow is not flooded with what there was before. */
	private begin(listed: Listed[]): Memory {
		const { firstRun, since } = this.settings;
		if (firstRun === 'everything') return Memory.begin(0);
		if (firstRun === 'since') return Memory.begin(since);
		return Memory.begin(Math.max(0, ...listed.map(({ updated }) => updated)));
	}

	/** All visits that may be news, each once. The list tells IDs and times only. */
	private async list(kept: Kept | undefined): Promise<Listed[]> {
		const { firstRun, since, lookBackMs, alsoAcknowledged } = this.settings;
		let from: number | undefined = Date.now() - lookBackMs;
		if (!kept?.caughtUp && firstRun === 'everything') from = undefined;
		if (!kept?.caughtUp && firstRun === 'since') from = Math.min(from as number, since);
		const found = new Map<string, Listed>();
		for (const isNew of alsoAcknowledged ? [true, false] : [true]) {
			const query: IDataObject = {
				is_new: isNew,
				...(from === undefined ? {} : { datetime_gte: new Date(from).toISOString() }),
			};
			const request = { method: 'GET' as const, path: '/visits/', query };
			const list = { request, rule: resultsList, send: this.road.send, limit: Infinity };
			for await (const rows of pages(list)) {
				for (const row of rows) {
					const one = listedOf(row);
					const before = found.get(one.id);
					if (!before || before.updated < one.updated) found.set(one.id, one);
				}
			}
		}
		return [...found.values()];
	}

	/** Reads what is news, as far as the time goes, and remembers what was looked at. */
	private async read(
		news: Listed[],
		memory: Memory,
	): Promise<{ passed: Passed[]; looked: number }> {
		const { mostVisits, rules } = this.settings;
		const wanted = news.slice(0, mostVisits);
		const passed: Array<Passed | undefined> = new Array<undefined>(wanted.length);
		let looked = 0;
		await inParallel(
			[...wanted.entries()],
			async ([at, one]) => {
				const visit = await this.visitOf(one);
				looked++;
				if (visit === undefined) {
					memory.add(one.id, one.updated, one.updated, false);
					return;
				}
				const { updated, created } = listedOf(visit, one);
				const isPassed = isWanted(visit, rules);
				if (isPassed) {
					const isNew = created > memory.begun && !memory.wasPassed(one.id);
					passed[at] = { visit, event: isNew ? 'created' : 'updated' };
				}
				memory.add(one.id, one.updated, updated, isPassed);
			},
			{ atATime: AT_A_TIME, stop: () => looked > 0 && this.left() <= 0 },
		);
		return { passed: passed.filter((one): one is Passed => one !== undefined), looked };
	}

	/** Undefined for one that is gone. */
	private async visitOf({ id }: Listed): Promise<IDataObject | undefined> {
		try {
			return await readVisit(id, this.road.send);
		} catch (error) {
			if (isNotFound(error)) return undefined;
			throw error as Error;
		}
	}

	/** What cannot be acknowledged stays in the list of new visits, and is passed on all the same. */
	private async acknowledge(passed: Passed[]): Promise<void> {
		await inParallel(passed, async ({ visit }) => {
			const path = `/visits/${encodeURIComponent(String(visit.id))}/ack/`;
			const request = { method: 'POST' as const, path, body: {}, idempotent: true };
			try {
				await this.road.send({ ...request, expects: 'nothing' });
			} catch (error) {
				const why = error instanceof Error ? error.message : String(error);
				this.context.logger.warn(`Visit ${String(visit.id)} was not acknowledged: ${why}`);
			}
		});
	}

	private itemsOf({ visit, event }: Passed): INodeExecutionData[] {
		const { cut, isRaw } = this.settings;
		return cutVisit(visit, cut).map((row) => {
			if (isRaw) return { json: { event, ...row } };
			return {
				json: { event, ...(cut.split === 'visit' ? simpleVisit(row) : simplePart(row, cut.split)) },
			};
		});
	}

	/** A run by hand shows the newest visit that fits, and neither acknowledges nor remembers anything. */
	private async preview(): Promise<INodeExecutionData[][] | null> {
		const listed = await this.list(undefined);
		const newest = listed.sort((one, other) => other.updated - one.updated).slice(0, MOST_SHOWN);
		for (const one of newest) {
			const visit = await this.visitOf(one);
			if (!visit || !isWanted(visit, this.settings.rules)) continue;
			const items = this.itemsOf({ visit, event: 'updated' });
			if (items.length > 0) return [items];
		}
		return null;
	}
}

/** ID and times of a row; times that cannot be read are the other's. */
function listedOf(row: IDataObject, other?: Listed): Listed {
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
