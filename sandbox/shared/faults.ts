import type { VendorName } from './types';

/**
 * A disturbance that the sandbox plays before the vendor's own logic sees the request, or after it
 * has done its work.
 */
export interface Fault {
	vendor: VendorName;
	/** HTTP method; any when absent. */
	method?: string;
	/** Source of a regular expression for the path without query; any path when absent. */
	path?: string;
	/** Answer with this status (200 when only `body` is given). */
	status?: number;
	/** Wait before anything else, milliseconds. Alone it only delays the genuine answer. */
	delayMs?: number;
	/** A string is sent as it is, anything else as JSON. */
	body?: unknown;
	headers?: Record<string, string>;
	/** Close the connection before any byte of the answer, or in the middle of the body. */
	closeConnection?: 'before' | 'midBody';
	/**
	 * True lets the vendor carry the request out and disturbs only its answer, as when a gateway gives
	 * up waiting: what was to be written is written. Requests that the vendor does not let in (401,
	 * 429) are answered as they are, the fault waits on. With `closeConnection: 'midBody'` and no
	 * `body`, half of the genuine answer is sent.
	 */
	afterWork?: boolean;
	/** Redirect to this address (302 unless `status` is given). */
	redirectTo?: string;
	/** How many requests are disturbed (1 when absent). */
	times?: number;
	/** How many matching requests pass undisturbed before that (0 when absent). */
	after?: number;
}

/** A fault with its counters. */
export interface ArmedFault extends Fault {
	times: number;
	after: number;
	/** How often it has been played. */
	played: number;
}

/** The faults that wait for their requests. */
export class Faults {
	private armed: Array<{ fault: ArmedFault; pattern?: RegExp }> = [];

	/** Arms a fault. Throws a SyntaxError when `path` is no regular expression. */
	add(fault: Fault): ArmedFault {
		const armed: ArmedFault = {
			...fault,
			times: fault.times ?? 1,
			after: fault.after ?? 0,
			played: 0,
		};
		const pattern = fault.path === undefined ? undefined : new RegExp(fault.path);
		this.armed.push({ fault: armed, pattern });
		return armed;
	}

	/** Disarms all faults. */
	clear(): void {
		this.armed = [];
	}

	/** The faults that still wait. */
	list(): ArmedFault[] {
		return this.armed.map(({ fault }) => fault);
	}

	/** Arms a fault again that was taken in vain. */
	giveBack(fault: ArmedFault): void {
		fault.times++;
		fault.played--;
		if (this.armed.some((other) => other.fault === fault)) return;
		const pattern = fault.path === undefined ? undefined : new RegExp(fault.path);
		this.armed.unshift({ fault, pattern });
	}

	/** Takes the first fault that matches a request, and counts it. */
	take(vendor: VendorName, method: string, path: string): ArmedFault | undefined {
		for (const { fault, pattern } of this.armed) {
			if (fault.vendor !== vendor) continue;
			if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
			if (pattern && !pattern.test(path)) continue;
			if (fault.after > 0) {
				fault.after--;
				continue;
			}
			fault.times--;
			fault.played++;
			if (fault.times <= 0) this.armed = this.armed.filter((other) => other.fault !== fault);
			return fault;
		}
		return undefined;
	}
}
