/**
 * As many events as n8n can take: through n8n's own Webhook node, which sets the pace, and through the MoySklad Trigger
 * at the same pace, in turns, in the same n8n.
 */
import { existsSync, readFileSync } from 'fs';
import type { Delivery } from '../../../sandbox';
import { workflowOf } from '../../../sandbox/n8n/nodes';
import { moySkladNode } from '../../queue/harness';
import { count } from '../count';
import type { Count } from '../count';
import { drive, madeUpChanges, outcomeOf } from '../load';
import type { Outcome } from '../load';
import type { Finding, Host, Stage } from '../types';
import { addWorkflow, noOp, publishTrigger, publishWebhook, webhookNode } from '../workflows';
import { findRate } from './rate';

const EVENTS = { long: 20_000, short: 2000 };
/**
 * So often each side gets that many. At the edge of what the machine can do, the worst hundredth of 800 deliveries is
 * another one each time: sixteen of them decide.
 */
const ROUNDS = { long: 4, short: 1 };
const SECONDS_PER_RATE = { long: 10, short: 6 };
/** Answer times of the trigger against those of the Webhook node, at the 99th percentile. */
const BOUND = 1.3;
/** When the Webhook node does not keep the deadline for so long after all, the next try is slower by this factor. */
const SLOWER = 0.85;
const TRIES = 4;
/**
 * Share of the machine's time that others may take (a virtual machine's `steal`); a turn in which they took more says
 * nothing about either node, and is done once more. So often at most.
 */
const STOLEN = { atMost: 0.03, again: 12 };
/** Events with which each side is warmed up, and at which share of the rate. */
const WARM_UP = { long: 40_000, short: 1000, rate: 0.7 };
/** Events of a mass change that come at the same moment, in about forty deliveries; and how often each side gets them. */
const AT_ONCE = { events: 1000, long: 12, short: 2 };
const SETTLE_MS = 10 * 60_000;

const webhookPath = 'soak-burst';
const webhookId = '5a1d6c0e-2b4f-4f7e-9d1a-0c5e7b9f1a01';

type Side = 'webhook' | 'trigger';
/** Neither side is always first; drift within the run hits both. */
const TURNS: Side[] = ['webhook', 'trigger', 'trigger', 'webhook'];

interface Measured {
	rate: number;
	webhook: Outcome;
	trigger: Outcome;
	deliveries: Record<Side, Delivery[]>;
	/** What the trigger was sent in turns that were done once more: not timed, but none of it may be lost or doubled. */
	disturbed: Delivery[];
	/** Turns that count although others took too much of the machine: it had been tried often enough. */
	disturbedTurns: number;
	/** Processor time of all n8n processes per delivery, ms, execution included. */
	cpuMs: Record<Side, number>;
}

/** The row `20,000 events`. */
export async function burst(host: Host, stage: Stage): Promise<Finding[]> {
	const { sandbox } = host;
	const length = stage.short ? 'short' : 'long';
	const ids = {
		webhook: await addWorkflow(
			host,
			workflowOf('Soak: Webhook node', [webhookNode(webhookPath), noOp]),
		),
		trigger: await addWorkflow(
			host,
			workflowOf('Soak: MoySklad Trigger', [
				moySkladNode(
					'moySkladTrigger',
					{ entityTypes: ['product'], actions: ['UPDATE'], options: { changedFields: true } },
					{ webhookId },
				),
				noOp,
			]),
		),
	};
	const [trigger] = await publishTrigger(host, ids.trigger, webhookId);
	const webhook = await publishWebhook(host, ids.webhook, webhookPath);
	const change = madeUpChanges(sandbox, 17);
	const listen = (side: Side | 'none') => {
		webhook.enabled = side === 'webhook';
		trigger.enabled = side === 'trigger';
	};
	const send = async (side: Side, events: number, rate: number, seed: number) => {
		listen(side);
		const deliveries = await drive({ events, rate, seed, change });
		await sandbox.moysklad.sender.idle();
		await host.settled(SETTLE_MS);
		return deliveries;
	};
	try {
		// The first calls after a start are slow for both.
		for (const side of ['webhook', 'trigger'] as const) await send(side, 250, 4, 1);
		listen('webhook');
		const found = await findRate(host, stage, change, SECONDS_PER_RATE[length]);
		// The search has called the Webhook node thousands of times: the code of both sides is to be as warm.
		for (const side of ['trigger', 'webhook'] as const) {
			await send(side, WARM_UP[length], found.rate * WARM_UP.rate, 3);
		}
		let measured: Measured | undefined;
		for (let attempt = 0; attempt < TRIES; attempt++) {
			const rate = found.rate * SLOWER ** attempt;
			const size = { events: EVENTS[length], rounds: ROUNDS[length], rate };
			measured = await measure(host, send, stage, size);
			if (measured.webhook.dropped + measured.webhook.failed === 0) break;
			stage.say('The Webhook node has not kept the deadline for so long: once more, slower');
		}
		if (!measured) throw new Error('Nothing was measured');
		const sudden = await measureAtOnce(send, stage, AT_ONCE[length]);
		return [
			await findingOf(host, ids, measured, { found: found.steps, memoryMb: host.memoryMb() }),
			await findingAtOnce(host, ids.trigger, sudden),
		];
	} finally {
		listen('none');
		sandbox.moysklad.webhooks.delete(webhook);
		await host.unpublish(ids.webhook);
		await host.unpublish(ids.trigger);
	}
}

async function measure(
	host: Host,
	send: (side: Side, events: number, rate: number, seed: number) => Promise<Delivery[]>,
	stage: Stage,
	{ events, rounds, rate }: { events: number; rounds: number; rate: number },
): Promise<Measured> {
	const deliveries: Record<Side, Delivery[]> = { webhook: [], trigger: [] };
	const cpu: Record<Side, number> = { webhook: 0, trigger: 0 };
	// Both sides get the same sizes.
	const seeds: Record<Side, number> = { webhook: 2, trigger: 2 };
	const turns = Array.from({ length: rounds }, () => TURNS).flat();
	const disturbed: Delivery[] = [];
	let again = 0;
	let disturbedTurns = 0;
	for (let turn = 0; turn < turns.length;) {
		const side = turns[turn];
		const machine = machineTime();
		const before = cpuMsOf(host);
		const sent = await send(side, events / 2, rate, seeds[side]);
		const spent = cpuMsOf(host) - before;
		const stolen = stolenSince(machine);
		const { answers, dropped, failed } = outcomeOf(sent);
		stage.say(
			`${turn + 1}. ${side}: ${sent.length} deliveries at ${rate.toFixed(1)} a second, ` +
				`p50 ${answers.p50}, p99 ${answers.p99}, longest ${answers.max} ms, ${dropped + failed} not taken, ` +
				`${(spent / sent.length).toFixed(0)} ms of processor time each, ` +
				`${(100 * stolen).toFixed(1)} % of the machine taken by others`,
		);
		if (stolen > STOLEN.atMost) {
			if (again++ < STOLEN.again) {
				if (side === 'trigger') disturbed.push(...sent);
				continue;
			}
			disturbedTurns++;
		}
		seeds[side]++;
		turn++;
		cpu[side] += spent;
		deliveries[side].push(...sent);
		// Too fast after all: the next try is slower.
		if (side === 'webhook' && dropped + failed > 0) break;
	}
	return {
		rate,
		webhook: outcomeOf(deliveries.webhook),
		trigger: outcomeOf(deliveries.trigger),
		deliveries,
		disturbed,
		disturbedTurns,
		cpuMs: {
			webhook: cpu.webhook / deliveries.webhook.length,
			trigger: cpu.trigger / deliveries.trigger.length,
		},
	};
}

/** A mass change in the shop: all its deliveries at the same moment, in turns. */
async function measureAtOnce(
	send: (side: Side, events: number, rate: number, seed: number) => Promise<Delivery[]>,
	stage: Stage,
	times: number,
): Promise<Record<Side, Delivery[]>> {
	const deliveries: Record<Side, Delivery[]> = { webhook: [], trigger: [] };
	for (let time = 0; time < times; time++) {
		const sides: Side[] = time % 2 ? ['trigger', 'webhook'] : ['webhook', 'trigger'];
		for (const side of sides) {
			deliveries[side].push(...(await send(side, AT_ONCE.events, Infinity, 100 + time)));
		}
	}
	for (const side of ['webhook', 'trigger'] as const) {
		const { answers, dropped, failed } = outcomeOf(deliveries[side]);
		stage.say(
			`${side}: ${deliveries[side].length} deliveries in ${times} heaps, p50 ${answers.p50}, ` +
				`p99 ${answers.p99}, longest ${answers.max} ms, ${dropped + failed} not taken`,
		);
	}
	return deliveries;
}

/** Time that the machine's processors have had, and how much of it others took; zeros where nobody counts it. */
function machineTime(): { all: number; stolen: number } {
	if (!existsSync('/proc/stat')) return { all: 0, stolen: 0 };
	// user, nice, system, idle, iowait, irq, softirq, steal; guests are in user.
	const times = readFileSync('/proc/stat', 'utf8')
		.split('\n')[0]
		.split(/\s+/)
		.slice(1, 9)
		.map(Number);
	return { all: times.reduce((sum, time) => sum + time, 0), stolen: times[7] };
}

function stolenSince(before: { all: number; stolen: number }): number {
	const now = machineTime();
	return (now.stolen - before.stolen) / Math.max(1, now.all - before.all);
}

/** Processor time that n8n's processes have taken so far, ms (Linux: in ticks of 10 ms). */
function cpuMsOf(host: Host): number {
	return host
		.pids()
		.filter((pid) => pid > 0)
		.reduce((sum, pid) => {
			// After the name in brackets: state is field 3, user and system time are fields 14 and 15.
			const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
			return sum + (Number(fields[11]) + Number(fields[12])) * 10;
		}, 0);
}

async function findingOf(
	host: Host,
	ids: Record<Side, string>,
	measured: Measured,
	more: Record<string, unknown>,
): Promise<Finding> {
	const { rate, webhook, trigger, deliveries, disturbed, disturbedTurns } = measured;
	const answered = disturbed.filter(({ outcome }) => outcome === 'delivered');
	const counted = await countOf(host, ids.trigger, [...deliveries.trigger, ...answered]);
	const ratio = trigger.answers.p99 / webhook.answers.p99;
	const { lost, doubled } = counted;
	// When the Webhook node has kept no rate at all, nothing is compared.
	const compared = trigger.deliveries > 0 && webhook.dropped + webhook.failed === 0;
	const met = compared && lost.length === 0 && doubled.length === 0 && ratio <= BOUND;
	return {
		mode: host.mode,
		run: `${trigger.events.toLocaleString('en')} events in ${trigger.deliveries} deliveries of 1–50`,
		must: `at the highest rate that n8n's Webhook node keeps: 0 lost, 0 doubled, p99 ≤ ${BOUND} × the Webhook node's`,
		shown:
			(compared ? '' : 'the Webhook node kept no rate that was tried; ') +
			`${rate.toFixed(1)} deliveries a second: ${lost.length} lost, ${doubled.length} doubled, ` +
			`p99 ${ratio.toFixed(2)} × (Trigger: ${times(trigger)}; Webhook node: ${times(webhook)})` +
			(disturbedTurns > 0 ? `; others took the machine in ${disturbedTurns} turns` : ''),
		met,
		figures: {
			rate,
			ratio,
			disturbedTurns,
			cpuMs: measured.cpuMs,
			webhook,
			trigger,
			lost: lost.length,
			doubled: doubled.length,
			foreign: counted.foreign.length,
			executions: await host.executions(ids.trigger),
			...more,
		},
	};
}

/** The row of what came at the same moment. */
async function findingAtOnce(
	host: Host,
	workflowId: string,
	deliveries: Record<Side, Delivery[]>,
): Promise<Finding> {
	const webhook = outcomeOf(deliveries.webhook);
	const trigger = outcomeOf(deliveries.trigger);
	const { lost, doubled } = await countOf(host, workflowId, deliveries.trigger);
	const notTaken = trigger.dropped + trigger.failed + trigger.retries;
	const ratio = trigger.answers.p99 / webhook.answers.p99;
	return {
		mode: host.mode,
		run: `${AT_ONCE.events.toLocaleString('en')} events at the same moment, again and again: ${trigger.deliveries} deliveries`,
		must: 'all taken by the first call; 0 lost, 0 doubled',
		shown:
			`${notTaken} not taken, ${lost.length} lost, ${doubled.length} doubled, p99 ${ratio.toFixed(2)} × ` +
			`(Trigger: ${times(trigger)}; Webhook node: ${times(webhook)})`,
		met: notTaken + lost.length + doubled.length === 0,
		figures: { ratio, webhook, trigger, lost: lost.length, doubled: doubled.length },
	};
}

/** What became of the events of these deliveries. */
async function countOf(host: Host, workflowId: string, deliveries: Delivery[]): Promise<Count> {
	const passed = (await host.passedOn(workflowId)).filter(({ status }) => status === 'success');
	const sent = new Set(deliveries.map(({ requestId }) => requestId));
	return count(
		deliveries,
		passed.filter(({ requestId }) => requestId !== null && sent.has(requestId)),
	);
}

function times({ answers }: Outcome): string {
	return `p50 ${answers.p50}, p99 ${answers.p99}, longest ${answers.max} ms`;
}
