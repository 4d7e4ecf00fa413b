/**
 * Traffic: changes in MoySklad at a given pace, whether or not n8n keeps up with it. What n8n answers, how long it takes
 * and what is sent again is the sandbox's deliverer's business, with MoySklad's deadline of 1500 ms and its retries.
 */
import type { Delivery, Sandbox } from '../../sandbox';
import { MOYSKLAD_LOGIN } from '../../sandbox';
import { IdSpace, mix } from '../../sandbox/shared/random';
import { delay } from '../../sandbox/n8n/n8n';

/** Events of one delivery, MoySklad's bulk changes: from one to fifty. */
export const EVENTS_PER_DELIVERY = { least: 1, most: 50 };

/** What {@link drive} is to send. */
export interface Traffic {
	/** Events altogether. */
	events: number;
	/** Deliveries a second. */
	rate: number;
	/** Equal seeds give equal sizes. */
	seed: number;
	size?: { least: number; most: number };
	/** Makes a change of so many objects, and returns the notifications of it. */
	change: (events: number) => Delivery[];
	/** Asked before each change; true ends the traffic early. */
	isOver?: () => boolean;
}

/** Times in ms. */
export interface Times {
	count: number;
	p50: number;
	p95: number;
	p99: number;
	max: number;
}

/** What became of deliveries. */
export interface Outcome {
	deliveries: number;
	events: number;
	/** Answered with 200 or 204 in time. */
	delivered: number;
	/** No answer in time: MoySklad gives the notification up. */
	dropped: number;
	/** Four bad answers or broken connections. */
	failed: number;
	/** Calls after the first one. */
	retries: number;
	/** How long n8n took to answer; those who ran out of time count with the deadline. */
	answers: Times;
	/** From the change to the answer, with the time that the deliverer waited for one of its 64 connections. */
	sinceChange: Times;
	/** Deliveries a second that were really sent. */
	rate: number;
}

/** Sizes of deliveries with this sum, at random between the bounds; the last one is what is left. */
export function sizesOf(
	events: number,
	seed: number,
	{ least, most } = EVENTS_PER_DELIVERY,
): number[] {
	const sizes: number[] = [];
	for (let left = events; left > 0;) {
		const size = Math.min(left, least + (mix(seed, sizes.length) % (most - least + 1)));
		sizes.push(size);
		left -= size;
	}
	return sizes;
}

/** Changes made up for products that nobody asks for: the audit and the notifications have them, the lists do not. */
export function madeUpChanges(sandbox: Sandbox, seed: number): Traffic['change'] {
	const ids = new IdSpace(seed, 'soak');
	let next = 0;
	return (events) =>
		sandbox.moysklad.publish(
			Array.from({ length: events }, () => ({
				type: 'product',
				id: ids.uuid(next++),
				action: 'UPDATE',
				updatedFields: ['name', 'salePrices'],
			})),
			MOYSKLAD_LOGIN.login,
			[],
			'app',
		);
}

/** Changes of products that are there, each product once. Throws RangeError when there are no more. */
export function realChanges(sandbox: Sandbox): Traffic['change'] {
	const { rows } = sandbox.moysklad;
	let row = 0;
	const nextProduct = (): number => {
		while (row < rows.size) {
			const one = row++;
			if (rows.exists(one) && rows.type(one) === 'product') return one;
		}
		throw new RangeError('Every product of the sandbox has been changed');
	};
	return (events) => {
		const now = Date.now();
		const changed = Array.from({ length: events }, () => {
			const one = nextProduct();
			rows.patch(one, { description: `Changed at ${now}` }, now);
			return rows.id(one);
		});
		return sandbox.moysklad.publish(
			changed.map((id) => ({
				type: 'product',
				id,
				action: 'UPDATE',
				updatedFields: ['description'],
			})),
			MOYSKLAD_LOGIN.login,
			[],
			'app',
		);
	};
}

/**
 * Makes changes at the pace that is asked for. Returns their deliveries, which may still be on their way: wait for
 * `sandbox.moysklad.sender.idle()`.
 */
export async function drive(traffic: Traffic): Promise<Delivery[]> {
	const { rate, change, isOver = () => false } = traffic;
	const deliveries: Delivery[] = [];
	const started = performance.now();
	const sizes = sizesOf(traffic.events, traffic.seed, traffic.size);
	for (const [index, size] of sizes.entries()) {
		const wait = started + (index * 1000) / rate - performance.now();
		if (wait > 0) await delay(wait);
		if (isOver()) break;
		deliveries.push(...change(size));
	}
	return deliveries;
}

/** Number of events that a delivery carries. */
export function eventsIn({ body }: Delivery): number {
	return Array.isArray(body.events) ? body.events.length : 0;
}

/** Percentiles of times in ms (nearest rank). */
export function timesOf(values: number[]): Times {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
	return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** What became of deliveries that have all come to their end. */
export function outcomeOf(deliveries: Delivery[]): Outcome {
	const attempts = deliveries.flatMap((one) => one.attempts);
	const ended = (outcome: Delivery['outcome']) =>
		deliveries.filter((one) => one.outcome === outcome).length;
	const sinceChange = deliveries.map(({ at, attempts: tries }) => {
		const last = tries[tries.length - 1];
		return last ? last.at + last.ms - at : 0;
	});
	const first = deliveries[0]?.at ?? 0;
	const last = deliveries[deliveries.length - 1]?.at ?? 0;
	return {
		deliveries: deliveries.length,
		events: deliveries.reduce((sum, one) => sum + eventsIn(one), 0),
		delivered: ended('delivered'),
		dropped: ended('dropped'),
		failed: ended('failed'),
		retries: attempts.length - deliveries.length,
		answers: timesOf(attempts.map(({ ms }) => ms)),
		sinceChange: timesOf(sinceChange),
		rate: last > first ? ((deliveries.length - 1) * 1000) / (last - first) : 0,
	};
}
