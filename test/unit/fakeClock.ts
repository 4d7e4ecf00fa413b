import type { Clock } from '../../nodes/shared/road/clock';
import { realClock } from '../../nodes/shared/road/clock';

interface Sleeper {
	at: number;
	order: number;
	wake: () => void;
}

/** Lets every promise that is ready run to its next wait. */
export async function settle(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Time that stands still until a test moves it. `advance` wakes the sleepers one by one in the order of their
 * time, and lets the code run in between. `random` always gives `chance` (0 unless set).
 */
export class FakeClock implements Clock {
	chance = 0;
	/** How often somebody began to sleep. */
	sleeps = 0;
	private time: number;
	private sleepers: Sleeper[] = [];

	constructor(start = 1_000_000) {
		this.time = start;
	}

	now = (): number => this.time;

	random = (): number => this.chance;

	sleep = async (ms: number): Promise<void> => {
		this.sleeps++;
		await new Promise<void>((wake) => {
			this.sleepers.push({ at: this.time + Math.max(0, ms), order: this.sleeps, wake });
		});
	};

	/** Number of sleeps that have not ended. */
	get pending(): number {
		return this.sleepers.length;
	}

	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await settle();
		for (;;) {
			const next = this.earliest();
			if (!next || next.at > end) break;
			await this.wake(next);
		}
		this.time = end;
		await settle();
	}

	/** Moves on until `done`, at most `maxMs`. Returns the ms that passed. */
	async runUntil(done: () => boolean, maxMs: number): Promise<number> {
		const start = this.time;
		await settle();
		for (let quiet = 0; !done() && quiet < 20;) {
			const next = this.earliest();
			if (next && next.at > start + maxMs) break;
			if (next) await this.wake(next);
			else await settle();
			quiet = next ? 0 : quiet + 1;
		}
		return this.time - start;
	}

	/** Runs until the promise is settled and gives its value or throws its error; fails after `maxMs`. */
	async finish<T>(promise: Promise<T>, maxMs = 3_600_000): Promise<T> {
		let over = false;
		promise.then(
			() => (over = true),
			() => (over = true),
		);
		await this.runUntil(() => over, maxMs);
		if (!over) throw new Error(`Not done after ${maxMs} ms of simulated time`);
		return await promise;
	}

	/** Takes the place of the process's clock until the returned function is called. */
	install(): () => void {
		const original = { ...realClock };
		Object.assign(realClock, { now: this.now, sleep: this.sleep, random: this.random });
		return () => Object.assign(realClock, original);
	}

	private earliest(): Sleeper | undefined {
		let first: Sleeper | undefined;
		for (const sleeper of this.sleepers) {
			if (
				!first ||
				sleeper.at < first.at ||
				(sleeper.at === first.at && sleeper.order < first.order)
			) {
				first = sleeper;
			}
		}
		return first;
	}

	private async wake(sleeper: Sleeper): Promise<void> {
		this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
		this.time = Math.max(this.time, sleeper.at);
		sleeper.wake();
		await settle();
	}
}
