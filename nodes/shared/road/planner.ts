/**
 * Decides when a request may go. One planner per credential and process: every node, list search and
 * trigger that uses the credential shares its budget. It keeps to the vendor's windows and parallel limit,
 * believes the vendor's answers over its own count, and slows down before an account gets blocked.
 */
import type { Clock } from './clock';
import { Cancelled, realClock, SLICE_MS } from './clock';
import { Spending, type Spent } from './spending';
import type { ApiAnswer, ApiRequest } from './wire';

/** So many units in any span of `perMs`. */
export interface Window {
	units: number;
	perMs: number;
	/** Units that a request takes from this window; 0 when it is not counted here. */
	weigh: (request: ApiRequest) => number;
}

/** A vendor's budget. */
export interface Policy {
	windows: Window[];
	/** Requests in flight at most. */
	parallel: number;
	/**
	 * Processes that share this budget, 1 when not given: each takes one part of so many of the windows, the places
	 * and the refusals, and leaves the others alone.
	 */
	sharedBy?: number;
	/** Requests with the same lane are held together when the vendor names one exhausted resource. */
	lane?: (request: ApiRequest) => string;
	/** Reads what an answer says about the budget. */
	read: (answer: ApiAnswer, request: ApiRequest) => Verdict;
	/**
	 * Requests of one kind (method and path without IDs) take about equally long: the quickest of the latest tells which
	 * were late on their way. Otherwise the quickest eighth of all does, which on a busy machine may be late as well.
	 */
	evenAnswers?: boolean;
	/** Added to each window, for requests that overtake each other on the way (ms). */
	slackMs?: number;
	/** A request that would wait longer fails instead (ms). Default 5 minutes. */
	maxWaitMs?: number;
}

/** What an answer says about the budget. */
export type Verdict =
	| {
			kind: 'passed';
			/** Share of the first window that the vendor says is left, 0…1, and ms until it is whole again. */
			left?: number;
			resetMs?: number;
			/** The request's lane is used up for so long (ms). */
			laneEmptyMs?: number;
	  }
	| { kind: 'refused'; by: 'rate' | 'parallel' | 'lane'; retryAfterMs?: number };

/** A place on the road; give it back with the vendor's verdict, or with nothing when no answer came. */
export interface Turn {
	leave: (verdict?: Verdict) => void;
}

/** The wait for the vendor's budget would be longer than is sensible. */
export class WaitTooLong extends Error {
	/** Whose budget it is, as the user knows the vendor. */
	vendorName?: string;

	constructor(readonly waitMs: number) {
		super(`The budget is used up for ${Math.ceil(waitMs / 1000)} s`);
		this.name = 'WaitTooLong';
	}
}

const DEFAULT_MAX_WAIT_MS = 300_000;
const MINUTE_MS = 60_000;
/** Refusals in any minute at most, those of requests in flight included: MoySklad blocks at 200. */
const REFUSALS_PER_MINUTE = 19;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** After a refusal the budget shrinks to this share, and grows back step by step. */
const SHRINK = 0.75;
const SMALLEST_SHARE = 0.25;
const GROW = 1.1;
const GROW_EVERY_MS = 10_000;
/** Good answers after which one parallel place comes back. */
const PASSES_PER_PLACE = 20;
/**
 * The vendor counts a request when it gets there, which for one that is slow on the way (a new connection, a lost
 * packet, a busy machine) is later than we sent it: up to so much (ms).
 */
const LATEST_ARRIVAL_MS = 1000;
/** Answers by which we tell how long one takes that is not slow on the way. */
const RECENT_ANSWERS = 20;

/** What a request has spent, per window, and how long it took from its start to its answer (ms). */
interface Sent {
	spent: Array<Spent | undefined>;
	at: number;
	tookMs: number;
	/** Method and path without IDs: what takes about as long as the others of its kind. */
	kind: string;
}

/** IDs in a path: numbers, and UUIDs. */
const IDS = /[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gi;
const kindOf = ({ method, path }: ApiRequest): string => `${method} ${path.replace(IDS, '')}`;

interface Waiting {
	request: ApiRequest;
	units: number[];
	since: number;
	lane: string;
	signal?: AbortSignal;
	/** The most that we had spent from the first window while it was under way. */
	peak: number;
	sent: Sent;
	start: () => void;
	fail: (error: Error) => void;
}

/** Requests that the vendor counts together, while it refuses them or has run out. */
interface Lane {
	heldUntil: number;
	refusalsInRow: number;
	inFlight: number;
}

export class Planner {
	private queue: Waiting[] = [];
	private readonly spending: Spending[];
	private readonly lanes = new Map<string, Lane>();
	private readonly underWay = new Set<Waiting>();
	/** The latest to be answered, oldest first. */
	private recent: Sent[] = [];
	private readonly aborts = new Map<AbortSignal, { waiting: Set<Waiting>; stop: () => void }>();
	private parallel: number;
	private passes = 0;
	private pausedUntil = 0;
	/** Refusals in a row; until an answer passes, requests go one by one. */
	private refusalsInRow = 0;
	private refusedAt: number[] = [];
	private share = 1;
	private shareChangedAt = 0;
	private wakeAt: number | undefined;
	private lastUse: number;

	constructor(
		private policy: Policy,
		private readonly clock: Clock = realClock,
	) {
		this.spending = policy.windows.map((window) => new Spending(window.perMs + this.slack));
		this.parallel = this.mostPlaces;
		this.lastUse = clock.now();
	}

	/** Goes on by another policy: the credential's kind or the vendor's calendar has changed. */
	adopt(policy: Policy): void {
		if (policy.windows.length !== this.policy.windows.length) return;
		const before = this.mostPlaces;
		this.policy = policy;
		if (this.mostPlaces !== before) this.parallel = this.mostPlaces;
	}

	/** True when nothing waits or runs and nothing is remembered that a new planner would have to know. */
	isIdle(now: number): boolean {
		const memory = Math.max(MINUTE_MS, ...this.policy.windows.map((window) => window.perMs));
		const busy = this.queue.length > 0 || this.underWay.size > 0;
		const held = Math.max(
			this.pausedUntil,
			...[...this.lanes.values()].map(({ heldUntil }) => heldUntil),
		);
		return !busy && held <= now && now - this.lastUse > 2 * memory;
	}

	/**
	 * Waits until the request may go. Rejects with `Cancelled` as soon as the signal aborts, and with
	 * `WaitTooLong` when the vendor asks for more patience than the policy allows.
	 */
	async enter(request: ApiRequest, signal?: AbortSignal): Promise<Turn> {
		if (signal?.aborted) throw new Cancelled();
		return await new Promise<Turn>((resolve, reject) => {
			const waiting: Waiting = {
				request,
				units: this.policy.windows.map((window) => window.weigh(request)),
				since: this.clock.now(),
				lane: this.policy.lane?.(request) ?? '',
				signal,
				peak: 0,
				sent: { spent: [], at: 0, tookMs: 0, kind: kindOf(request) },
				start: () => {
					this.forgetAbort(waiting);
					resolve(this.turn(waiting));
				},
				fail: (error) => {
					this.forgetAbort(waiting);
					reject(error);
				},
			};
			this.watchAbort(waiting);
			this.queue.push(waiting);
			this.pump();
		});
	}

	/** One listener for all waiting requests of an execution: Node warns of a leak from eleven on. */
	private watchAbort(waiting: Waiting): void {
		const { signal } = waiting;
		if (!signal) return;
		let watch = this.aborts.get(signal);
		if (!watch) {
			const watched = new Set<Waiting>();
			const stop = () => {
				this.queue = this.queue.filter((one) => !watched.has(one));
				for (const one of [...watched]) one.fail(new Cancelled());
				this.pump();
			};
			watch = { waiting: watched, stop };
			this.aborts.set(signal, watch);
			signal.addEventListener('abort', stop, { once: true });
		}
		watch.waiting.add(waiting);
	}

	private forgetAbort(waiting: Waiting): void {
		const { signal } = waiting;
		const watch = signal && this.aborts.get(signal);
		if (!watch) return;
		watch.waiting.delete(waiting);
		if (watch.waiting.size > 0) return;
		signal.removeEventListener('abort', watch.stop);
		this.aborts.delete(signal);
	}

	private get processes(): number {
		return Math.max(1, Math.floor(this.policy.sharedBy ?? 1));
	}

	/** Places in flight of this process while nothing is refused. */
	private get mostPlaces(): number {
		return Math.max(1, Math.floor(this.policy.parallel / this.processes));
	}

	private get slack(): number {
		return this.policy.slackMs ?? 0;
	}

	private turn(waiting: Waiting): Turn {
		return {
			leave: (verdict) => {
				if (!this.underWay.delete(waiting)) return;
				this.lastUse = this.clock.now();
				const lane = this.lanes.get(waiting.lane);
				if (lane) lane.inFlight--;
				this.dateArrivals(waiting.sent);
				if (verdict?.kind === 'refused') this.refused(verdict, waiting);
				else if (verdict) this.passed(verdict, waiting);
				this.pump();
			},
		};
	}

	/** Starts every waiting request that may go now, oldest first, and arranges the next look. */
	private pump(): void {
		const now = this.clock.now();
		this.recover(now);
		const exhausted = new Set<number>();
		let nextLook = Infinity;
		for (let at = 0; at < this.queue.length;) {
			const waiting = this.queue[at];
			const lane = this.lanes.get(waiting.lane);
			const heldMs = Math.max(this.pausedUntil, lane?.heldUntil ?? 0) - now;
			const { patienceMs = Infinity } = waiting.request;
			const maxWaitMs = Math.min(patienceMs, this.policy.maxWaitMs ?? DEFAULT_MAX_WAIT_MS);
			// Behind others in a queue is no reason to give up; behind a vendor that refuses everybody is.
			const inVain = heldMs > 0 && now - waiting.since > maxWaitMs;
			if (heldMs > maxWaitMs || inVain) {
				this.queue.splice(at, 1);
				waiting.fail(new WaitTooLong(heldMs));
				continue;
			}
			// A place that comes free looks again by itself.
			if (heldMs <= 0 && this.underWay.size >= this.places()) break;
			const probed = lane !== undefined && lane.refusalsInRow > 0 && lane.inFlight > 0;
			const wait =
				heldMs > 0 ? heldMs : probed ? Infinity : this.windowDelay(waiting, exhausted, now);
			if (wait > 0) {
				nextLook = Math.min(nextLook, wait);
				at++;
				continue;
			}
			this.queue.splice(at, 1);
			this.begin(waiting, now);
		}
		if (this.queue.length > 0 && nextLook < Infinity) this.lookIn(nextLook, now);
	}

	private begin(waiting: Waiting, now: number): void {
		this.lastUse = now;
		this.underWay.add(waiting);
		const lane = this.lanes.get(waiting.lane);
		if (lane) lane.inFlight++;
		waiting.sent.at = now;
		waiting.sent.spent = waiting.units.map((units, index) =>
			units > 0 ? this.spending[index].add(units, now + LATEST_ARRIVAL_MS) : undefined,
		);
		if (this.spending.length > 0) {
			const used = this.spending[0].used(now);
			for (const one of this.underWay) one.peak = Math.max(one.peak, used);
		}
		waiting.start();
	}

	/**
	 * Dates what the latest requests have spent by when the vendor can have got them: one that took longer than
	 * quick ones do may have lost the difference on its way there.
	 */
	private dateArrivals(answered: Sent): void {
		answered.tookMs = this.clock.now() - answered.at;
		this.recent.push(answered);
		if (this.recent.length > RECENT_ANSWERS) this.recent.shift();
		const quick = this.quickest();
		for (const { spent, at, tookMs, kind } of this.recent) {
			const lateMs = Math.min(LATEST_ARRIVAL_MS, Math.max(0, tookMs - quick(kind)));
			spent.forEach((entry, index) => {
				if (entry) this.spending[index].redate(entry, at + lateMs);
			});
		}
	}

	/** How long a request of a kind takes that is not slow on the way (ms). */
	private quickest(): (kind: string) => number {
		const times = this.recent.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
		// Not the quickest of all: a list search between the pages of an export says nothing about those.
		const usual = times[Math.floor(times.length / 8)];
		const known = new Map<string, number>();
		if (this.policy.evenAnswers) {
			for (const { kind, tookMs } of this.recent) {
				known.set(kind, Math.min(tookMs, known.get(kind) ?? Infinity));
			}
		}
		return (kind) => Math.min(usual, known.get(kind) ?? Infinity);
	}

	/**
	 * Ms until the windows let the request go, 0 for now, Infinity when it stands behind a request that they
	 * hold back: otherwise light requests would starve a heavy one.
	 */
	private windowDelay(waiting: Waiting, exhausted: Set<number>, now: number): number {
		let wait = 0;
		waiting.units.forEach((units, index) => {
			if (units <= 0) return;
			if (exhausted.has(index)) {
				wait = Infinity;
				return;
			}
			const ours = this.policy.windows[index].units / this.processes;
			const capacity = Math.max(units, ours * this.share);
			const delay = this.spending[index].delay(units, capacity, now);
			if (delay > 0) exhausted.add(index);
			wait = Math.max(wait, delay);
		});
		return wait;
	}

	/** Places in flight now: one at a time while the vendor refuses, else the (adapted) parallel limit. */
	private places(): number {
		return this.refusalsInRow > 0 ? 1 : this.parallel;
	}

	private passed(verdict: Verdict & { kind: 'passed' }, waiting: Waiting): void {
		const now = this.clock.now();
		this.refusalsInRow = 0;
		this.passes++;
		if (this.passes >= PASSES_PER_PLACE && this.parallel < this.mostPlaces) {
			this.parallel++;
			this.passes = 0;
		}
		const lane = this.lanes.get(waiting.lane);
		if (lane) lane.refusalsInRow = 0;
		if (verdict.laneEmptyMs) this.holdLane(waiting.lane, now + verdict.laneEmptyMs);
		if (verdict.left === undefined || this.policy.windows.length === 0) return;
		// Somebody else (another process, another program) spends from the same budget: count it as spent.
		// A difference of one request is only the time that requests are on their way.
		const window = this.policy.windows[0];
		// What is left to the other processes of ours is theirs to spend.
		const theirs = window.units * (1 - 1 / this.processes);
		const foreign = window.units * (1 - verdict.left) - waiting.peak - theirs;
		if (foreign <= waiting.units[0]) return;
		const known = this.spending[0].used(now) - waiting.peak;
		const more = foreign - Math.max(0, known);
		if (more <= 0) return;
		const forMs = verdict.resetMs && verdict.resetMs > 0 ? verdict.resetMs : window.perMs;
		this.spending[0].add(more, now, Math.min(forMs, window.perMs));
	}

	private refused(verdict: Verdict & { kind: 'refused' }, waiting: Waiting): void {
		const now = this.clock.now();
		const asked = Number.isFinite(verdict.retryAfterMs) ? (verdict.retryAfterMs as number) : 0;
		this.passes = 0;
		this.refusedAt = this.refusedAt.filter((at) => at > now - MINUTE_MS);
		this.refusedAt.push(now);
		// As many as are still under way may be refused as well.
		const refusals = (REFUSALS_PER_MINUTE + 1) / this.processes;
		const most = Math.max(4 / this.processes, refusals - this.mostPlaces);
		const enough = (this.refusedAt.at(-Math.max(1, Math.floor(most))) ?? -MINUTE_MS) + MINUTE_MS;
		if (verdict.by === 'lane') {
			const lane = this.lane(waiting.lane);
			this.holdLane(waiting.lane, Math.max(now + this.backoff(lane.refusalsInRow, asked), enough));
			lane.refusalsInRow++;
			return;
		}
		if (verdict.by === 'parallel') {
			this.parallel = Math.max(1, Math.min(this.parallel, this.underWay.size));
		} else if (this.refusalsInRow === 0) {
			this.share = Math.max(SMALLEST_SHARE, this.share * SHRINK);
			this.shareChangedAt = now;
		}
		this.holdUntil(Math.max(now + this.backoff(this.refusalsInRow, asked), enough));
		this.refusalsInRow++;
	}

	private holdLane(name: string, until: number): void {
		const lane = this.lane(name);
		lane.heldUntil = Math.max(lane.heldUntil, until);
	}

	/** A lane that is held or watched; it is made when the vendor first says something about it. */
	private lane(name: string): Lane {
		let lane = this.lanes.get(name);
		if (!lane) {
			const inFlight = [...this.underWay].filter((one) => one.lane === name).length;
			lane = { heldUntil: 0, refusalsInRow: 0, inFlight };
			this.lanes.set(name, lane);
		}
		return lane;
	}

	/**
	 * What the vendor asks for, at least a time that doubles with every refusal in a row; and a fifth of the
	 * latter by chance, so that several processes do not come back together.
	 */
	private backoff(refusalsInRow: number, asked: number): number {
		const ms = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** refusalsInRow);
		return Math.max(asked, ms) + 0.2 * ms * this.clock.random();
	}

	private holdUntil(at: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, at);
	}

	private recover(now: number): void {
		const steps = Math.floor((now - this.shareChangedAt) / GROW_EVERY_MS);
		if (this.share < 1 && steps > 0) {
			this.share = Math.min(1, this.share * GROW ** steps);
			this.shareChangedAt += steps * GROW_EVERY_MS;
		}
		for (const [name, lane] of this.lanes) {
			const quiet = lane.heldUntil <= now && lane.inFlight <= 0 && lane.refusalsInRow === 0;
			if (quiet) this.lanes.delete(name);
		}
	}

	private lookIn(ms: number, now: number): void {
		const at = now + Math.min(ms, SLICE_MS);
		if (this.wakeAt !== undefined && this.wakeAt <= at) return;
		this.wakeAt = at;
		void this.clock.sleep(at - now).then(() => {
			if (this.wakeAt === at) this.wakeAt = undefined;
			this.pump();
		});
	}
}

const planners = new Map<string, Planner>();

/** The process's planner for a budget key, going on by the given policy. */
export function plannerFor(key: string, policy: Policy, clock: Clock = realClock): Planner {
	const now = clock.now();
	for (const [other, planner] of planners) {
		if (other !== key && planner.isIdle(now)) planners.delete(other);
	}
	let planner = planners.get(key);
	if (planner) planner.adopt(policy);
	else {
		planner = new Planner(policy, clock);
		planners.set(key, planner);
	}
	return planner;
}
