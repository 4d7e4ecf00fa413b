/**
 * Decides when a request may go. One planner per credential and process: every node, list search and
 * trigger that uses the credential shares its budget. It keeps to the vendor's windows and parallel limit,
 * believes the vendor's answers over its own count, and slows down before an account gets blocked.
 */
import type { ApiAnswer, ApiRequest } from './catalogue';
import type { Clock } from './clock';
import { Cancelled, realClock, SLICE_MS } from './clock';

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
	/** Requests with the same lane are held together when the vendor names one exhausted resource. */
	lane?: (request: ApiRequest) => string;
	/** Reads what an answer says about the budget. */
	read: (answer: ApiAnswer, request: ApiRequest) => Verdict;
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
	constructor(readonly waitMs: number) {
		super(`The budget is used up for ${Math.ceil(waitMs / 1000)} s`);
		this.name = 'WaitTooLong';
	}
}

const DEFAULT_MAX_WAIT_MS = 300_000;
const MINUTE_MS = 60_000;
/** Refusals that we let happen in any minute, 4 more may be in flight then: MoySklad blocks at 200. */
const REFUSALS_PER_MINUTE = 15;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** After a refusal the budget shrinks to this share, and grows back step by step. */
const SHRINK = 0.75;
const SMALLEST_SHARE = 0.25;
const GROW = 1.1;
const GROW_EVERY_MS = 10_000;
/** Good answers after which one parallel place comes back. */
const PASSES_PER_PLACE = 20;

interface Waiting {
	request: ApiRequest;
	units: number[];
	lane: string;
	since: number;
	start: () => void;
	fail: (error: Error) => void;
}

/** Units spent in a sliding window, oldest first. */
class Spending {
	private entries: Array<{ until: number; units: number }> = [];
	private spent = 0;

	constructor(private readonly perMs: number) {}

	used(now: number): number {
		let gone = 0;
		while (gone < this.entries.length && this.entries[gone].until <= now) {
			this.spent -= this.entries[gone].units;
			gone++;
		}
		if (gone > 0) this.entries.splice(0, gone);
		return this.spent;
	}

	add(units: number, now: number, forMs = this.perMs): void {
		const until = now + forMs;
		let at = this.entries.length;
		while (at > 0 && this.entries[at - 1].until > until) at--;
		this.entries.splice(at, 0, { until, units });
		this.spent += units;
	}

	/** Milliseconds until `units` more fit under `capacity`; 0 when they fit now. */
	delay(units: number, capacity: number, now: number): number {
		let over = this.used(now) + units - capacity;
		if (over <= 0 || this.entries.length === 0) return 0;
		for (const entry of this.entries) {
			over -= entry.units;
			if (over <= 0) return entry.until - now;
		}
		return this.entries[this.entries.length - 1].until - now;
	}
}

export class Planner {
	private readonly queue: Waiting[] = [];
	private readonly spending: Spending[];
	private readonly lanes = new Map<string, number>();
	private inFlight = 0;
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
		private readonly policy: Policy,
		private readonly clock: Clock = realClock,
	) {
		this.spending = policy.windows.map((window) => new Spending(window.perMs + this.slack));
		this.parallel = policy.parallel;
		this.lastUse = clock.now();
	}

	/** True when nothing waits or runs and nothing is remembered that a new planner would have to know. */
	isIdle(now: number): boolean {
		const memory = Math.max(MINUTE_MS, ...this.policy.windows.map((window) => window.perMs));
		const busy = this.queue.length > 0 || this.inFlight > 0;
		const held = Math.max(this.pausedUntil, ...this.lanes.values());
		return !busy && held <= now && now - this.lastUse > 2 * memory;
	}

	/**
	 * Waits until the request may go. Rejects with `Cancelled` as soon as the signal aborts, and with
	 * `WaitTooLong` when the vendor asks for more patience than the policy allows.
	 */
	async enter(request: ApiRequest, signal?: AbortSignal): Promise<Turn> {
		if (signal?.aborted) throw new Cancelled();
		return await new Promise<Turn>((resolve, reject) => {
			const forget = () => signal?.removeEventListener('abort', onAbort);
			const waiting: Waiting = {
				request,
				units: this.policy.windows.map((window) => window.weigh(request)),
				lane: this.policy.lane?.(request) ?? '',
				since: this.clock.now(),
				start: () => {
					forget();
					resolve(this.turn(waiting));
				},
				fail: (error) => {
					forget();
					reject(error);
				},
			};
			const onAbort = () => {
				const at = this.queue.indexOf(waiting);
				if (at >= 0) this.queue.splice(at, 1);
				waiting.fail(new Cancelled());
				this.pump();
			};
			signal?.addEventListener('abort', onAbort, { once: true });
			this.queue.push(waiting);
			this.pump();
		});
	}

	private get slack(): number {
		return this.policy.slackMs ?? 0;
	}

	private turn(waiting: Waiting): Turn {
		let left = false;
		return {
			leave: (verdict) => {
				if (left) return;
				left = true;
				this.inFlight--;
				this.lastUse = this.clock.now();
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
			const heldMs = Math.max(this.pausedUntil, this.lanes.get(waiting.lane) ?? 0) - now;
			const wait = heldMs > 0 ? heldMs : this.windowDelay(waiting, exhausted, now);
			if (wait > (this.policy.maxWaitMs ?? DEFAULT_MAX_WAIT_MS)) {
				this.queue.splice(at, 1);
				waiting.fail(new WaitTooLong(wait));
				continue;
			}
			if (wait > 0) {
				nextLook = Math.min(nextLook, wait);
				at++;
				continue;
			}
			// A place that comes free looks again by itself.
			if (this.inFlight >= this.places()) break;
			this.queue.splice(at, 1);
			this.inFlight++;
			this.lastUse = now;
			waiting.units.forEach((units, index) => {
				if (units > 0) this.spending[index].add(units, now);
			});
			waiting.start();
		}
		if (this.queue.length > 0 && nextLook < Infinity) this.lookIn(nextLook, now);
	}

	/**
	 * Ms until the windows let the request go. A window that holds back one request holds back all later ones
	 * too: otherwise light requests would starve a heavy one.
	 */
	private windowDelay(waiting: Waiting, exhausted: Set<number>, now: number): number {
		let wait = 0;
		waiting.units.forEach((units, index) => {
			if (units <= 0) return;
			const window = this.policy.windows[index];
			const capacity = Math.max(units, window.units * this.share);
			const delay = this.spending[index].delay(units, capacity, now);
			if (delay > 0) exhausted.add(index);
			if (exhausted.has(index)) wait = Math.max(wait, delay, 1);
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
		if (this.passes >= PASSES_PER_PLACE && this.parallel < this.policy.parallel) {
			this.parallel++;
			this.passes = 0;
		}
		if (verdict.laneEmptyMs) this.lanes.set(waiting.lane, now + verdict.laneEmptyMs);
		if (verdict.left === undefined || this.policy.windows.length === 0) return;
		// Somebody else (another process, another program) spends from the same budget: count it as spent.
		// A difference of one request is only the time that requests are on their way.
		const window = this.policy.windows[0];
		const used = this.spending[0].used(now);
		const usedAtVendor = window.units * (1 - verdict.left);
		const foreign = usedAtVendor - used;
		if (foreign > waiting.units[0]) {
			const forMs = verdict.resetMs && verdict.resetMs > 0 ? verdict.resetMs : window.perMs;
			this.spending[0].add(foreign, now, Math.min(forMs, window.perMs));
		}
	}

	private refused(verdict: Verdict & { kind: 'refused' }, waiting: Waiting): void {
		const now = this.clock.now();
		this.passes = 0;
		this.refusedAt.push(now);
		if (verdict.by === 'lane') {
			this.lanes.set(waiting.lane, now + (verdict.retryAfterMs ?? FIRST_BACKOFF_MS));
			return;
		}
		if (verdict.by === 'parallel')
			this.parallel = Math.max(1, Math.min(this.parallel, this.inFlight));
		else if (this.refusalsInRow === 0) {
			this.share = Math.max(SMALLEST_SHARE, this.share * SHRINK);
			this.shareChangedAt = now;
		}
		const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.refusalsInRow);
		this.refusalsInRow++;
		const jitter = this.clock.random() * 0.2 * backoff;
		this.holdUntil(now + Math.max(verdict.retryAfterMs ?? 0, backoff) + jitter);
		this.refusedAt = this.refusedAt.filter((at) => at > now - MINUTE_MS);
		if (this.refusedAt.length >= REFUSALS_PER_MINUTE) this.holdUntil(this.refusedAt[0] + MINUTE_MS);
	}

	private holdUntil(at: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, at);
	}

	private recover(now: number): void {
		if (this.share < 1 && now - this.shareChangedAt >= GROW_EVERY_MS) {
			this.share = Math.min(1, this.share * GROW);
			this.shareChangedAt = now;
		}
		for (const [lane, until] of this.lanes) if (until <= now) this.lanes.delete(lane);
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

/** The process's planner for a budget key; the policy counts only when the key is new. */
export function plannerFor(key: string, policy: Policy): Planner {
	const now = realClock.now();
	for (const [other, planner] of planners) {
		if (other !== key && planner.isIdle(now)) planners.delete(other);
	}
	let planner = planners.get(key);
	if (!planner) {
		planner = new Planner(policy);
		planners.set(key, planner);
	}
	return planner;
}
