/**
 * What a workflow has seen already, and nobody else may pass on again. Kept by n8n (table `processed_data`), so
 * that it holds for all processes of an installation and over restarts.
 *
 * n8n's helper reads a row, adds to it and writes it back: two processes that do so at the same moment both see
 * "new" (n8n 2.41, deduplication-helper). What is atomic is the creation of a row, which fails for the second of
 * two. So the row of the node is a lock – it exists while somebody works – and the row of the workflow is the
 * memory. Inside a process, those who wait for the same node are served together: one lock, one check.
 *
 * Bounds. A lock whose holder does not come forward for 5 s is taken to be left behind by a dead process; a
 * process that stands still for so long in the midst of a check can let a repeat through. Two different nodes of
 * one workflow write the same row under different locks, so that one can overwrite what the other has just
 * written. Each writes it once more with its next check, or shortly after, and again a second later; only a writer
 * who stands still for longer than that between reading and writing undoes anything.
 *
 * A memory that fails never holds an event back: the process's own memory decides then, and `trouble` says so.
 */
import { randomUUID } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { realClock, type Clock } from '../road/clock';
import { Latest } from '../road/latest';

/** What n8n offers to `execute()` and nowhere else; polling triggers have it in `execute()` too. */
export type SeenContext = Pick<IExecuteFunctions, 'getExecutionId' | 'getNode' | 'getWorkflow'> & {
	helpers: Pick<
		IExecuteFunctions['helpers'],
		'checkProcessedAndRecord' | 'removeProcessed' | 'clearAllProcessedItems'
	>;
};

/** Keys are any texts; they are shared by all nodes of a workflow, so one's own begin with the node's ID. */
export interface Question {
	/** Keys that only one execution may have. */
	take?: string[];
	/** Keys that are written down so that no other execution may take them any more. */
	tell?: string[];
	/**
	 * What is asked here may be forgotten after so long (ms), by default two minutes; what is told only when this is
	 * given.
	 */
	keepMs?: number;
}

export interface SeenVerdict {
	/** Those of `take` that another execution has. A repetition of the same execution keeps what it took. */
	repeats: Set<string>;
	/** Why n8n's memory could not be asked; the process's own has decided. */
	trouble?: string;
}

/**
 * Entries of the row (27 bytes each in JSON); beyond that the oldest are forgotten. The whole row is read and written
 * with each check (figures: docs/moysklad-trigger.md), so that who wrote an entry takes it out again when it is of
 * no use any more; what a process leaves behind when it ends stays until the row is full. A delivery takes two entries.
 * With a polling trigger beside it each event takes one more, or sixteen when its webhook did not come.
 */
export const ENTRIES = 40_000;
/**
 * Entries are kept for so long (ms) when the question does not say otherwise, but not when this process has written so
 * many newer ones: 600 deliveries. A delivery is repeated within seconds, and n8n begins executions in the order of
 * arrival, so that a repetition is further behind only when each worker gets over 100 deliveries a second. (A job whose
 * worker has died runs once more within one and a half minutes, but that worker takes nothing out any more.)
 */
const KEEP = { ms: 2 * 60_000, newest: 1200 };
/** Entries that are out of date are taken out so many at a time: it costs as much as a check. */
const OUTDATED = { atLeast: 200, atMost: 1000 };
/** A lock that nobody has renewed for so long (ms) was left behind. */
export const STALE_MS = 5000;
/** So long (ms) a check waits for the lock before it goes on without n8n's memory. */
const PATIENCE_MS = 30_000;
/** A holder who was slower than this (ms) looks whether the lock is still its own before it gives it back. */
const SLOW_MS = 4000;
/** After a lock was broken, its new holder waits (ms) whether another one has broken it too. */
const SETTLE_MS = 150;
const FIRST_NAP_MS = 8;
const LONGEST_NAP_MS = 120;
/** Faults in a row, other than "somebody has just created the row", after which the memory counts as broken. */
const FAULTS = 3;
/** Checks that are served together at most. */
const GROUP = 200;
/**
 * Under load, those who come within so long (ms) are served together. A check costs n8n five queries; the first one
 * after a pause does not wait.
 */
const GATHER_MS = 200;
/** So long (ms) a process writes along what it has written: other nodes may have overwritten it. */
const RECENT_MS = 3000;
/**
 * After these times (ms), more or less, it looks whether all of it is there, unless a check has done so meanwhile; and
 * again and again until it is.
 */
const CONFIRM_MS = [300, 1000];
/** Names the lock's entry. Processes of every version share it, so that its text stays that of the first trigger. */
const LOCK = 'moysklad lock';
const ROW = { mode: 'entries' as const };
const MEMORY = { ...ROW, maxEntries: ENTRIES };

type Store = SeenContext['helpers'];

interface Parts {
	node: string;
	owner: string;
	store: Store;
	clock: Clock;
}

interface Claim extends Parts {
	kind: 'claim';
	take: string[];
	tell: string[];
	keepMs?: number;
	done: (verdict: SeenVerdict) => void;
}

interface Release extends Parts {
	kind: 'release';
	keys: string[];
	done: (verdict?: SeenVerdict) => void;
}

interface Confirm extends Parts {
	kind: 'confirm';
	done: (verdict?: SeenVerdict) => void;
}

type Job = Claim | Release | Confirm;

/** Takes keys for this execution; never throws. Executions of one workflow are served in the order of arrival. */
export async function claim(
	context: SeenContext,
	question: Question,
	clock: Clock = realClock,
): Promise<SeenVerdict> {
	const { take = [], tell = [], keepMs } = question;
	if (take.length + tell.length === 0) return nothing();
	return await new Promise<SeenVerdict>((done) => {
		const parts = partsOf(context, clock);
		lineOf(context).join({ ...parts, kind: 'claim', take, tell, keepMs, done });
	});
}

/** Gives keys back that this execution took or told, because it could not pass the events on; never throws. */
export async function release(
	context: SeenContext,
	keys: string[],
	clock: Clock = realClock,
): Promise<void> {
	if (keys.length === 0) return;
	await new Promise<void>((resolve) => {
		const done = () => resolve();
		lineOf(context).join({ ...partsOf(context, clock), kind: 'release', keys, done });
	});
}

function partsOf(context: SeenContext, clock: Clock): Parts {
	return {
		node: context.getNode().id,
		owner: context.getExecutionId() || randomUUID(),
		store: context.helpers,
		clock,
	};
}

function nothing(): SeenVerdict {
	return { repeats: new Set() };
}

function firstOf(names: Iterable<string>): string {
	for (const name of names) return name;
	return '';
}

const lines = new Map<string, Line>();

function lineOf(context: SeenContext): Line {
	const workflow = String(context.getWorkflow().id);
	let line = lines.get(workflow);
	if (!line) {
		line = new Line(workflow);
		lines.set(workflow, line);
	}
	return line;
}

/** The executions of one workflow in this process: one check at a time. */
class Line {
	private readonly jobs: Job[] = [];
	private busy = false;
	/** Entries that this process has written, and when: other nodes may overwrite them. */
	private readonly recent = new Map<string, number>();
	/** How long entries are of use → those entries, and until when; the earliest first. */
	private readonly outdated = new Map<number, Map<string, number>>();
	private confirming = false;
	/** When the last check of the row began. */
	private checkedAt = -Infinity;
	/** When something was last written, or found missing. */
	private writtenAt = -Infinity;

	constructor(private readonly workflow: string) {}

	join(job: Job): void {
		this.jobs.push(job);
		if (!this.busy) void this.serve();
	}

	private async serve(): Promise<void> {
		this.busy = true;
		while (this.jobs.length > 0) {
			const [{ clock }] = this.jobs;
			const early = this.checkedAt + GATHER_MS - clock.now();
			if (early > 0) await clock.sleep(Math.min(early, GATHER_MS));
			this.checkedAt = clock.now();
			const [{ node, kind }] = this.jobs;
			const group: Job[] = [];
			// Those before another node or kind wait their turn: the order of arrival holds.
			while (group.length < GROUP && this.jobs[0]?.node === node && this.jobs[0].kind === kind) {
				group.push(this.jobs.shift() as Job);
			}
			try {
				if (kind === 'claim') await this.serveClaims(group as Claim[]);
				else if (kind === 'release') await this.serveReleases(group as Release[]);
				else await this.serveConfirm(group as Confirm[]);
			} catch (error) {
				const trouble = wordsOf(error);
				for (const job of group) job.done({ ...nothing(), trouble });
			}
		}
		this.busy = false;
	}

	private async serveClaims(claims: Claim[]): Promise<void> {
		const verdicts = new Map<Claim, SeenVerdict>(claims.map((one) => [one, nothing()]));
		// What this process knows itself needs no look at the row; within a group, the first comes first.
		const asking = new Map<Claim, string[]>();
		const first = new Map<string, Claim>();
		for (const one of claims) {
			const unknown: string[] = [];
			for (const key of new Set(one.take)) {
				const owner = taken.get(this.placeOf(key)) ?? first.get(key)?.owner;
				if (owner === undefined) {
					first.set(key, one);
					unknown.push(key);
				} else if (owner !== one.owner) {
					verdictOf(verdicts, one).repeats.add(key);
				}
			}
			if (unknown.length + one.tell.length > 0) asking.set(one, unknown);
		}
		if (asking.size > 0) {
			const [{ store, clock }] = claims;
			const trouble = await locked(
				store,
				clock,
				async () => await this.ask(claims[0], asking, verdicts),
			);
			for (const one of asking.keys()) {
				if (trouble !== undefined) verdictOf(verdicts, one).trouble = trouble;
			}
		}
		for (const [key, one] of first) {
			if (!verdictOf(verdicts, one).repeats.has(key)) taken.set(this.placeOf(key), one.owner);
		}
		for (const one of claims) one.done(verdictOf(verdicts, one));
	}

	/** One check of the row for a whole group. The lock is held. */
	private async ask(
		parts: Parts,
		asking: Map<Claim, string[]>,
		verdicts: Map<Claim, SeenVerdict>,
	): Promise<void> {
		const { store, clock } = parts;
		const recent = this.recentEntries(clock);
		const entries = new Set(recent);
		for (const [{ owner, tell }, keys] of asking) {
			for (const key of keys) entries.add(key).add(ownEntry(key, owner));
			for (const key of tell) entries.add(key);
		}
		const fresh = await record(store, [...entries]);
		// What was written a moment ago is known, even when another node has just overwritten it.
		for (const entry of recent) fresh.delete(entry);
		const now = clock.now();
		const written = new Set<string>();
		const drop = new Set<string>();
		for (const [one, keys] of asking) {
			const { repeats } = verdictOf(verdicts, one);
			const { tell, keepMs = KEEP.ms } = one;
			for (const key of tell) written.add(key);
			if (one.keepMs !== undefined) this.keep(tell, keepMs, now);
			for (const key of keys) {
				const own = ownEntry(key, one.owner);
				this.keep([key], keepMs, now);
				// Both known: n8n runs this very execution once more.
				if (fresh.has(key) || !fresh.has(own)) {
					written.add(key).add(own);
					this.keep([own], keepMs, now);
				} else {
					repeats.add(key);
					drop.add(own);
				}
			}
		}
		for (const entry of written) this.recent.set(entry, now);
		const remove = [...drop, ...this.takeOutdated(now)];
		if (remove.length > 0) await store.removeProcessed(remove, 'workflow', MEMORY);
		if (written.size === 0) return;
		this.writtenAt = clock.now();
		void this.confirmLater(parts);
	}

	/** Marks entries as useless from `keepMs` later on. */
	private keep(entries: string[], keepMs: number, now: number): void {
		const queue = this.outdated.get(keepMs) ?? new Map<string, number>();
		this.outdated.set(keepMs, queue);
		for (const entry of entries) {
			queue.delete(entry);
			queue.set(entry, now + keepMs);
			// The row has forgotten the oldest as well.
			if (queue.size > ENTRIES) queue.delete(firstOf(queue.keys()));
		}
	}

	/** Entries that have become useless, when there are enough of them. */
	private takeOutdated(now: number): string[] {
		const gone: string[] = [];
		for (const [keepMs, queue] of this.outdated) {
			const tooMany = keepMs === KEEP.ms ? queue.size - KEEP.newest : 0;
			const entries: string[] = [];
			for (const [entry, until] of queue) {
				// What this very check has written stays.
				if (entries.length === OUTDATED.atMost || until === now + keepMs) break;
				if (until > now && entries.length >= tooMany) break;
				entries.push(entry);
			}
			if (entries.length < OUTDATED.atLeast) continue;
			for (const entry of entries) {
				queue.delete(entry);
				// Or the next check would write it again, and nobody would take it out any more.
				this.recent.delete(entry);
			}
			gone.push(...entries);
		}
		return gone;
	}

	/** Entries of the last seconds; older ones are forgotten. */
	private recentEntries(clock: Clock): string[] {
		const from = clock.now() - RECENT_MS;
		for (const [entry, at] of this.recent) if (at < from) this.recent.delete(entry);
		return [...this.recent.keys()];
	}

	/** Looks after a while whether everything is there. */
	private async confirmLater({ node, owner, store, clock }: Parts): Promise<void> {
		if (this.confirming) return;
		this.confirming = true;
		for (let round = 0; round < CONFIRM_MS.length;) {
			const from = clock.now();
			// Two processes that look at the same moment could overwrite each other once more.
			await clock.sleep(CONFIRM_MS[round] * (0.5 + clock.random()));
			round++;
			// A check has looked at all that was there before it, and has written something itself.
			if (this.writtenAt > from) round = 0;
			else await this.confirm({ node, owner, store, clock });
			if (this.writtenAt > from) round = 0;
		}
		this.confirming = false;
	}

	private async confirm(parts: Parts): Promise<void> {
		await new Promise<void>((resolve) => {
			this.join({ ...parts, kind: 'confirm', done: () => resolve() });
		});
	}

	private async serveConfirm([{ store, clock, done }]: Confirm[]): Promise<void> {
		const entries = this.recentEntries(clock);
		if (entries.length > 0) {
			await locked(store, clock, async () => {
				const missing = await record(store, entries);
				for (const entry of missing) this.recent.set(entry, clock.now());
				if (missing.size > 0) this.writtenAt = clock.now();
			});
		}
		done();
	}

	private async serveReleases(releases: Release[]): Promise<void> {
		const [{ store, clock }] = releases;
		const entries = releases.flatMap(({ keys, owner }) =>
			keys.flatMap((key) => [key, ownEntry(key, owner)]),
		);
		for (const entry of entries) this.recent.delete(entry);
		await locked(store, clock, async () => {
			await store.removeProcessed(entries, 'workflow', ROW);
		});
		for (const { keys, owner, done } of releases) {
			for (const key of keys) {
				const place = this.placeOf(key);
				if (taken.get(place) === owner) taken.delete(place);
			}
			done();
		}
	}

	private placeOf(key: string): string {
		return JSON.stringify([this.workflow, key]);
	}
}

/** Who took a key, in this process: workflow and key → execution, of so many keys. */
const taken = new Latest<string>(5000);

/** The entry that tells who took a key. */
const ownEntry = (key: string, owner: string) => `${key} ${owner}`;

/** Writes entries into the row of the workflow; returns those that were not there. */
async function record(store: Store, entries: string[]): Promise<Set<string>> {
	const write = async () => await store.checkProcessedAndRecord(entries, 'workflow', MEMORY);
	try {
		return new Set((await write()).new.map(String));
	} catch (error) {
		// Another node of the workflow has created the row at this moment: it is there now.
		if (!isConflict(error)) throw error as Error;
		return new Set((await write()).new.map(String));
	}
}

function verdictOf(verdicts: Map<Claim, SeenVerdict>, one: Claim): SeenVerdict {
	return verdicts.get(one) as SeenVerdict;
}

/** Works under the lock. Returns why it could not, in words for the user; undefined when it could. */
async function locked(
	store: Store,
	clock: Clock,
	work: () => Promise<void>,
): Promise<string | undefined> {
	const lock = new Lock(store, clock);
	try {
		await lock.acquire();
	} catch (error) {
		return wordsOf(error);
	}
	try {
		await work();
		return undefined;
	} catch (error) {
		return wordsOf(error);
	} finally {
		await lock.giveBack();
	}
}

function wordsOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	// n8n's DeduplicationError, when the row of the workflow was made by a node with another way of comparing.
	if (/incompatible/i.test(message)) {
		return "another node of this workflow (Remove Duplicates with the scope 'Workflow') uses n8n's memory of the workflow in another way";
	}
	return message;
}

/** The row of the node: it exists while somebody works. */
class Lock {
	/** Written into the row, so that its owner and those who wait can tell this row from the next one. */
	private readonly mark = randomUUID();
	private since = 0;

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
	) {}

	/** Waits for the lock. Throws when n8n's memory does not work, or when the wait is too long. */
	async acquire(): Promise<void> {
		const { clock } = this;
		const start = clock.now();
		let sameSince = start;
		let faults = 0;
		let broke = false;
		for (let tries = 0; ; tries++) {
			let state: 'ours' | 'same' | 'another' | undefined;
			try {
				state = await this.look();
				faults = 0;
			} catch (error) {
				// The row appeared between n8n's look and its insert: somebody else has the lock.
				if (!isConflict(error) && ++faults >= FAULTS) throw error as Error;
			}
			if (state === 'same' && clock.now() - sameSince > STALE_MS) {
				state = await this.break();
				broke = true;
			}
			if (state === 'ours' && (!broke || (await this.isSettled()))) {
				this.since = clock.now();
				return;
			}
			// A row that changes has holders who are alive.
			if (state !== 'same') sameSince = clock.now();
			if (clock.now() - start > PATIENCE_MS) {
				throw new Error('other executions of this workflow kept it busy for too long');
			}
			const grown = Math.min(LONGEST_NAP_MS, FIRST_NAP_MS * 1.5 ** tries);
			await clock.sleep(grown * (0.5 + clock.random()));
		}
	}

	/** Ours when the row did not exist; `same` when it is the row in which we left our mark. */
	private async look(): Promise<'ours' | 'same' | 'another'> {
		const { new: fresh } = await this.store.checkProcessedAndRecord([LOCK, this.mark], 'node', ROW);
		if (fresh.includes(LOCK)) return 'ours';
		return fresh.includes(this.mark) ? 'another' : 'same';
	}

	/** Several may break a lock at the same moment: the one whose row stays has it. */
	private async isSettled(): Promise<boolean> {
		await this.clock.sleep(SETTLE_MS);
		return (await this.lookAgain()) !== 'another';
	}

	/** Removes a lock that was left behind, unless somebody else has just done so, and asks for it. */
	private async break(): Promise<'ours' | 'same' | 'another'> {
		await this.clock.sleep(SETTLE_MS * this.clock.random());
		const state = await this.lookAgain();
		if (state !== 'same') return state;
		await this.clear();
		return await this.lookAgain();
	}

	async giveBack(): Promise<void> {
		// Whoever was that slow may have been taken for dead, and the lock may be another's now.
		const slow = this.clock.now() - this.since > SLOW_MS;
		if (slow && (await this.lookAgain()) === 'another') return;
		await this.clear();
	}

	private async lookAgain(): Promise<'ours' | 'same' | 'another'> {
		try {
			return await this.look();
		} catch {
			return 'another';
		}
	}

	private async clear(): Promise<void> {
		for (let tries = 0; tries < FAULTS; tries++) {
			try {
				await this.store.clearAllProcessedItems('node', ROW);
				return;
			} catch {
				// A lock that stays is broken by the next one after a while.
			}
		}
	}
}

/** SQLite: UNIQUE constraint failed; PostgreSQL: duplicate key value violates unique constraint. */
function isConflict(error: unknown): boolean {
	return error instanceof Error && /unique|duplicate key/i.test(error.message);
}
