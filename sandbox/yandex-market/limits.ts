import type { LimitsMode } from '../shared/types';

/** A resource whose use is counted. */
export type Resource =
	| 'campaigns'
	| 'outlets'
	| 'outlet'
	| 'stocks'
	| 'prices'
	| 'token'
	| 'orders'
	| 'orderStatus'
	| 'orderStatuses'
	| 'externalId';

/** How much of a resource may be used in a window. */
export interface ResourceLimit {
	amount: number;
	windowMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Limits of a cabinet without subscription (Yandex Market API specification, resource limits). */
const DEFAULT_LIMITS: Readonly<Record<Resource, ResourceLimit>> = {
	campaigns: { amount: 1000, windowMs: HOUR_MS },
	outlets: { amount: 100_000, windowMs: HOUR_MS },
	outlet: { amount: 10_000, windowMs: HOUR_MS },
	/** SKUs of the requests. */
	stocks: { amount: 100_000, windowMs: MINUTE_MS },
	/** Products of the requests. */
	prices: { amount: 10_000, windowMs: MINUTE_MS },
	token: { amount: 100, windowMs: HOUR_MS },
	orders: { amount: 10_000, windowMs: HOUR_MS },
	orderStatus: { amount: 10_000, windowMs: HOUR_MS },
	/** Orders of the requests. */
	orderStatuses: { amount: 10_000, windowMs: HOUR_MS },
	externalId: { amount: 1000, windowMs: HOUR_MS },
};

/** Simultaneous requests per shop, or per token where there is no shop. */
export const PARALLEL_LIMIT = 4;

interface Window {
	used: number;
	until: number;
}

/** Resource windows and parallel slots of all keys. */
export class YandexLimits {
	readonly limits: Record<Resource, ResourceLimit>;
	readonly enabled: boolean;
	private readonly windows = new Map<string, Window>();
	private readonly inFlight = new Map<string, number>();
	/** 420 answers so far. */
	refused = 0;

	constructor(
		mode: LimitsMode,
		overrides: Partial<Record<Resource, ResourceLimit>> = {},
		private readonly now: () => number = Date.now,
	) {
		this.enabled = mode === 'documented';
		this.limits = { ...DEFAULT_LIMITS, ...overrides };
	}

	private window(key: string, resource: Resource): Window {
		const name = `${key} ${resource}`;
		const now = this.now();
		let window = this.windows.get(name);
		if (!window || window.until <= now) {
			// `Until` has the precision of a second: the window ends on a full one.
			const until = Math.ceil((now + this.limits[resource].windowMs) / 1000) * 1000;
			window = { used: 0, until };
			this.windows.set(name, window);
		}
		return window;
	}

	/** True when `units` more fit into the window; then they are charged. */
	charge(key: string, resource: Resource, units: number): boolean {
		const window = this.window(key, resource);
		if (this.enabled && window.used + units > this.limits[resource].amount) {
			this.refused++;
			return false;
		}
		window.used += units;
		return true;
	}

	/** The three headers of every answer; `Until` is an HTTP date. */
	headers(key: string, resource: Resource): Record<string, string> {
		const window = this.window(key, resource);
		const { amount } = this.limits[resource];
		return {
			'X-RateLimit-Resource-Limit': String(amount),
			'X-RateLimit-Resource-Remaining': String(Math.max(0, amount - window.used)),
			'X-RateLimit-Resource-Until': new Date(window.until).toUTCString(),
		};
	}

	/** Takes a parallel slot; `undefined` when all are taken. */
	enter(group: string): (() => void) | undefined {
		const count = this.inFlight.get(group) ?? 0;
		if (this.enabled && count >= PARALLEL_LIMIT) {
			this.refused++;
			return undefined;
		}
		this.inFlight.set(group, count + 1);
		return () => {
			this.inFlight.set(group, (this.inFlight.get(group) ?? 1) - 1);
		};
	}
}
