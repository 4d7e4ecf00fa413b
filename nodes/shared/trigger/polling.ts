/**
 * One poll. n8n 2.41 stores the static data first and the execution after it, unless its durable cursors are on:
 * whoever kills it in between loses what was handed over. So the place where the last hand-over began stays in
 * the static data, and the first poll of a process hands it over once more, marked as a repetition; `execute()`
 * knows whether the first one has arrived (see `deliver.ts`).
 */
import { randomUUID } from 'crypto';
import type {
	IDataObject,
	INodeExecutionData,
	IPollFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';

import type { Vendor } from '../catalogue';
import { toNodeError } from '../errors/errors';
import { inParallel } from '../road/parallel';
import { openRoad, type Road } from '../road/road';
import {
	creationStartOf,
	Seen,
	startOf,
	TOLERANCE_S,
	type PollingState,
	type Position,
	type Progress,
} from './position';

/** n8n before 2.41 does not tell how long a poll may take. */
const USUAL_BUDGET_MS = 36_000;
/** Of the budget, so much is for the requests under way when it is noticed. */
const SHARE = 0.7;
/** Streams that are read side by side; the planner decides how many requests are really under way. */
const SIDE_BY_SIDE = 4;
/** A change so shortly after the creation is part of it: a vendor's own moments may differ a little (inferred). */
export const CREATION_MS = TOLERANCE_S * 1000;
/** So long (ms) after it a hand-over is still doubted. Later, `execute()` may have forgotten about it. */
export const DOUBT_MS = 6 * 3600 * 1000;

/** n8n itself begins to poll: it starts, or this process takes over as the leader of several. */
const BY_N8N = new Set<WorkflowActivateMode>(['init', 'leadershipChange']);

/** Nodes that have polled in this process: what they handed over has arrived. */
const awake = new Set<string>();

/** Nodes whose first poll in this process has failed, and was told to nobody. */
const excused = new Set<string>();

/** What `poll()` knows of an item and `execute()` needs; travels beside its JSON. */
export interface Polled extends IDataObject {
	/** The hand-over that the item belongs to. */
	batch: string;
	/** An earlier hand-over that may have been lost: the item is a repetition unless it was. */
	after?: string;
	/** Names by which the webhook trigger of the workflow knows the change. */
	names?: string[];
}

export type PolledItem = INodeExecutionData & { polled?: Polled };

/** What the engine needs to know of a change. */
export interface PolledChange {
	/** Ms since 1970. */
	moment: number;
	/** Was passed on before, as far as is known. */
	repeat: boolean;
	/** Name of the progress that it belongs to. */
	stream: string;
}

/** What one poll has gathered. */
export interface Gathered<C extends PolledChange, P = Position> {
	changes: C[];
	position: P;
	/** What is kept to begin here once more, where that is less than `from`; `from` itself without. */
	before?: P;
}

/** What a step has at hand. */
export interface PollWork<S> {
	settings: S;
	road: Road;
	/** Names the node in this process. */
	name: string;
	/** Ms that are left of the poll's time. */
	left: () => number;
}

/** Progress of each stream, in whatever form a vendor keeps it. */
export type Streams = Record<string, object>;

/** What a vendor's polling trigger does. `P`: what it keeps, by name of the stream. */
export interface PollingRules<S, C extends PolledChange, P extends Streams = Position> {
	vendor: Vendor;
	/** Reads the form. Throws `InputProblem` for what cannot be polled. */
	settings: (read: (name: string, fallback: unknown) => unknown, timezone: string) => S;
	/** Where each stream begins that has not been polled before; streams that the form has no more are left out. */
	begin: (before: P, work: PollWork<S>) => Promise<P>;
	/** Reads all streams. `known`: what was passed on already, when a hand-over is repeated. */
	gather: (from: P, known: P | undefined, work: PollWork<S>) => Promise<Gathered<C, P>>;
	itemOf: (change: C, settings: S) => IDataObject;
	/** For a vendor whose changes have names: those by which the webhook trigger knows this one. */
	namesOf?: (change: C) => string[];
}

/** `poll()` of a polling trigger. Returns null when nothing has happened. */
export async function poll<S, C extends PolledChange, P extends Streams = Position>(
	context: IPollFunctions,
	rules: PollingRules<S, C, P>,
): Promise<INodeExecutionData[][] | null> {
	try {
		return await run(context, rules);
	} catch (error) {
		const failure = toNodeError(context.getNode(), rules.vendor.name, error);
		if (!isExcused(context)) throw failure;
		context.logger.warn(`${failure.message}: the next poll goes on where the last one ended`);
		return null;
	}
}

/**
 * n8n polls once when it starts, and n8n 2.41 leaves a trigger out for good if that fails: a vendor that was down for a
 * minute just then would not be polled any more. So a trigger that has polled before n8n was started may fail once. If
 * it goes on, the next poll tells it. A person who publishes is told at once.
 */
function isExcused(context: IPollFunctions): boolean {
	const name = nameOf(context);
	const { polling } = context.getWorkflowStaticData('node') as { polling?: PollingState<object> };
	if (!BY_N8N.has(context.getActivationMode()) || awake.has(name) || excused.has(name))
		return false;
	if (polling?.position === undefined) return false;
	excused.add(name);
	return true;
}

/** Names the node in this process. */
const nameOf = (context: IPollFunctions): string =>
	`${context.getWorkflow().id} ${context.getNode().id}`;

/** Function that tells how many ms are left of a poll that begins now. `share`: of the time that n8n gives. */
function pollTime(context: IPollFunctions, share = SHARE): () => number {
	const started = Date.now();
	// Older versions of n8n do not have it.
	const { getPollBudgetMs } = context as Partial<IPollFunctions>;
	const budgetMs = share * (getPollBudgetMs?.call(context) ?? USUAL_BUDGET_MS);
	return () => budgetMs - (Date.now() - started);
}

async function run<S, C extends PolledChange, P extends Streams>(
	context: IPollFunctions,
	rules: PollingRules<S, C, P>,
): Promise<INodeExecutionData[][] | null> {
	const settings = rules.settings(
		(parameter, fallback) => context.getNodeParameter(parameter, fallback),
		context.getTimezone(),
	);
	const left = pollTime(context);
	const name = nameOf(context);
	const data = context.getWorkflowStaticData('node');
	const state = clone(data.polling as PollingState<P> | undefined) ?? {};
	const road = await openRoad(context, rules.vendor);
	const work: PollWork<S> = { settings, road, name, left };
	const known = await rules.begin(state.position ?? ({} as P), work);
	const { handed } = state;
	const doubted =
		!awake.has(name) && handed?.before && Date.now() - handed.at < DOUBT_MS ? handed : undefined;
	const from = doubted?.before ? together(known, doubted.before) : known;
	const gathered = await rules.gather(from, doubted ? known : undefined, work);
	const { changes, position } = gathered;
	awake.add(name);
	changes.sort((a, b) => a.moment - b.moment);
	if (changes.length === 0) {
		keep(data, { position, ...(handed && { handed: { id: handed.id, at: handed.at } }) });
		return null;
	}
	const batch = randomUUID();
	const after = doubted?.id;
	const streams = new Set(changes.map(({ stream }) => stream));
	const moved = Object.entries(gathered.before ?? from).filter(([stream]) => streams.has(stream));
	const before = Object.fromEntries(moved) as P;
	keep(data, { position, handed: { id: batch, at: Date.now(), before } });
	const items = changes.map((change): PolledItem => {
		const names = rules.namesOf?.(change) ?? [];
		const polled = {
			batch,
			...(change.repeat && after !== undefined ? { after } : {}),
			...(names.length > 0 ? { names } : {}),
		};
		return { json: rules.itemOf(change, settings), polled };
	});
	return [items];
}

/** What the first poll of a stream begins with. */
export interface Beginning {
	firstRun: 'now' | 'since' | 'everything';
	/** Ms since 1970; with `since`. */
	since: number;
}

/** Progress of a stream that was not polled before. `now` by the vendor's clock. */
export function beginningOf({ firstRun, since }: Beginning, now: number): Progress {
	const everything = firstRun === 'everything';
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

/** Progress by name, for the wanted names only; `fresh` makes those that are new. */
export function positionOf<K>(
	before: Record<string, K>,
	wanted: string[],
	fresh: (name: string) => K,
): Record<string, K> {
	return Object.fromEntries(wanted.map((name) => [name, before[name] ?? fresh(name)]));
}

/** What was seen of each stream. */
export class Memories {
	private readonly memories: Map<string, Seen>;
	private readonly before: Map<string, Seen>;

	/** `known`: what was passed on already, when a hand-over is repeated. */
	constructor(
		from: Position,
		private readonly known: Position | undefined,
		private readonly overlapMs: number,
	) {
		this.memories = seenOf(from);
		this.before = seenOf(known ?? {});
	}

	of(stream: string): Seen {
		const seen = this.memories.get(stream) ?? new Seen();
		this.memories.set(stream, seen);
		return seen;
	}

	/** True for what was passed on already. `moment`: with which it was marked; `age`: by which the stream is read. */
	isOld(stream: string, event: string, moment: number, age = moment): boolean {
		const known = this.known?.[stream];
		if (known === undefined) return false;
		return (
			age < startOf(known, this.overlapMs) || this.before.get(stream)?.has(event, moment) === true
		);
	}

	/** The progress after a reading; never behind what was known before. */
	moved(stream: string, from: Progress, now: Reached): Progress {
		const { overlapMs } = this;
		const known = this.known?.[stream];
		const seen = this.of(stream);
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

function seenOf(position: Position): Map<string, Seen> {
	return new Map(Object.entries(position).map(([name, one]) => [name, new Seen(one.seen)]));
}

/** How far a stream was read. Moments: ms since 1970. */
export interface Reached {
	/** Everything before this has been read. */
	reached: number;
	/** When, by the vendor's clock; 0 when it was not its turn. */
	readAt: number;
	/** The stream is at its end. */
	done: boolean;
}

/** The window of one stream in one poll. */
export interface StreamReader extends Reached {
	/** Nothing more can be read in this poll, although the window goes on. */
	stopped?: boolean;
	/** Pages read that had something new: a poll may have so many. */
	pages: number;
	/** Reads one page, or the whole window of a list that has no order. */
	step: (pagesLeft: number) => Promise<void>;
}

/** Page by page in turns, so that a stream with a backlog does not keep the others waiting. */
export async function readInTurns(
	readers: StreamReader[],
	maxPages: number,
	left: () => number,
): Promise<void> {
	const total = () => readers.reduce((sum, { pages }) => sum + pages, 0);
	const pagesLeft = () => maxPages - total();
	for (let round = 0; ; round++) {
		const open = readers.filter(({ done, stopped }) => !done && !stopped);
		if (open.length === 0) return;
		await inParallel(open, async (reader) => await reader.step(pagesLeft()), {
			atATime: SIDE_BY_SIDE,
			// Each stream is read a little, however many there are.
			stop: () => (round > 0 && pagesLeft() <= 0) || left() <= 0,
		});
		if (pagesLeft() <= 0 || left() <= 0) return;
	}
}

/** Writes the state when it is another: n8n stores static data whenever it was written to. */
function keep<P>(data: IDataObject, state: PollingState<P>): void {
	if (JSON.stringify(data.polling) === JSON.stringify(state)) return;
	data.polling = state as unknown as IDataObject;
}

/** A copy without n8n's observers. */
function clone<T>(value: T): T {
	return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** The later position with what the earlier one has of it. */
function together<P extends Streams>(later: P, earlier: P): P {
	const names = Object.keys(later);
	return Object.fromEntries(names.map((name) => [name, earlier[name] ?? later[name]])) as P;
}
