import type { LimitsMode } from '../shared/types';

/** Requests per second and per minute and IP address (Altegio docs: rate limits). */
const PER_SECOND = 5;
const PER_MINUTE = 200;

/** Sliding windows per address; refused requests do not count. */
export class AltegioLimits {
	private readonly moments = new Map<string, number[]>();
	readonly enabled: boolean;
	/** 429 answers so far. */
	refused = 0;

	constructor(
		mode: LimitsMode,
		private readonly now: () => number = Date.now,
	) {
		this.enabled = mode === 'documented';
	}

	/** Counts a request; false when it exceeds a limit. */
	enter(address: string): boolean {
		if (!this.enabled) return true;
		const now = this.now();
		const recent = (this.moments.get(address) ?? []).filter((at) => at > now - 60_000);
		this.moments.set(address, recent);
		const lastSecond = recent.filter((at) => at > now - 1000).length;
		if (lastSecond >= PER_SECOND || recent.length >= PER_MINUTE) {
			this.refused++;
			return false;
		}
		recent.push(now);
		return true;
	}
}
