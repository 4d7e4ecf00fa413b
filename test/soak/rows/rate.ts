/** The highest rate at which n8n's own Webhook node answers MoySklad in time. */
import type { Delivery } from '../../../sandbox';
import { drive, outcomeOf, timesOf } from '../load';
import type { Outcome, Traffic } from '../load';
import type { Host, Stage } from '../types';

/** MoySklad's deadline, ms. */
const DEADLINE_MS = 1500;
/** Deliveries a second that are tried, until one is too many. */
const RATES = [4, 8, 12, 16, 24, 32, 48, 64, 96];
/** Steps between the last rate that was kept and the first that was not. */
const FINER = 3;
const SETTLE_MS = 120_000;

/** One rate that was tried. */
export interface Step extends Outcome {
	/** Deliveries a second that were asked for. */
	asked: number;
	kept: boolean;
}

/** A step is kept when all are delivered by the first call, and when n8n is not falling behind. */
function isKept(deliveries: Delivery[], { delivered, retries, sinceChange }: Outcome): boolean {
	if (delivered < deliveries.length || retries > 0 || sinceChange.max > DEADLINE_MS) return false;
	// A rate that n8n cannot hold makes answers slower and slower; in a few seconds they need not run out of time.
	const third = Math.floor(deliveries.length / 3);
	const middleOf = (some: Delivery[]) => timesOf(some.map(({ attempts }) => attempts[0].ms)).p50;
	return (
		middleOf(deliveries.slice(-third)) < Math.max(200, 3 * middleOf(deliveries.slice(0, third)))
	);
}

/**
 * Looks for the highest rate, in deliveries a second, that whatever is registered at the sandbox keeps. Each rate is
 * tried for `seconds`, and n8n may finish its work before the next one.
 */
export async function findRate(
	host: Host,
	stage: Stage,
	change: Traffic['change'],
	seconds: number,
): Promise<{ rate: number; steps: Step[] }> {
	const steps: Step[] = [];
	const attempt = async (asked: number): Promise<boolean> => {
		const step = await tryRate(host, change, asked, seconds, steps.length);
		steps.push(step);
		const { answers, dropped, kept } = step;
		stage.say(
			`${asked.toFixed(1)} deliveries a second: ${kept ? 'kept' : 'too many'} ` +
				`(p50 ${answers.p50}, p99 ${answers.p99} ms, ${dropped} dropped)`,
		);
		return kept;
	};
	let good = 0;
	let bad = RATES[RATES.length - 1] * 2;
	for (const rate of RATES) {
		if (await attempt(rate)) good = rate;
		else {
			bad = rate;
			break;
		}
	}
	for (let finer = 0; finer < FINER; finer++) {
		const middle = (good + bad) / 2;
		if (await attempt(middle)) good = middle;
		else bad = middle;
	}
	if (good === 0) throw new Error('n8n does not answer in time at any rate that was tried');
	return { rate: good, steps };
}

async function tryRate(
	host: Host,
	change: Traffic['change'],
	asked: number,
	seconds: number,
	turn: number,
): Promise<Step> {
	const wanted = Math.ceil(asked * seconds);
	const deliveries: Delivery[] = [];
	const isOver = () => deliveries.length >= wanted || deliveries.some(hasRunOut);
	const counted: Traffic['change'] = (events) => {
		const made = change(events);
		deliveries.push(...made);
		return made;
	};
	await drive({ events: wanted * 50, rate: asked, seed: 1000 + turn, change: counted, isOver });
	await host.sandbox.moysklad.sender.idle();
	await host.settled(SETTLE_MS);
	const outcome = outcomeOf(deliveries);
	return { asked, ...outcome, kept: isKept(deliveries, outcome) };
}

const hasRunOut = ({ outcome }: Delivery) => outcome === 'dropped';
