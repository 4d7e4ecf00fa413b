/**
 * n8n in one process is killed and started again and again in the midst of traffic. The workflow has the gapless pair of
 * triggers, as in examples/moysklad-gapless.json, and work that takes a while, so that executions are under way when n8n
 * dies. deploy/rerun-crashed.cjs runs those again; how it would be without it is measured afterwards.
 */
import path from 'path';
import type { Delivery } from '../../../sandbox';
import { projectFolder } from '../../../sandbox/n8n/fixtures';
import { delay, waitFor } from '../../../sandbox/n8n/n8n';
import { Ledger, moySkladNode, tellLedger } from '../../queue/harness';
import type { Effect } from '../../queue/harness';
import { count, sentIn } from '../count';
import type { Count } from '../count';
import { drive, outcomeOf, realChanges } from '../load';
import type { Traffic } from '../load';
import type { SingleHost } from '../singleHost';
import type { Finding, Stage } from '../types';
import { addWorkflow, pollingNode, publishTrigger } from '../workflows';

const KILLS = { long: 10, short: 2 };
/** Deliveries a second, and events of each. */
const RATE = 3;
const SIZE = { least: 1, most: 8 };
/** So long (ms) n8n lives between two kills. A check that was under way keeps the next one waiting for 5 s. */
const ALIVE = { least: 9000, most: 15_000 };
/** Changes go on for so long (ms) after a kill: how long n8n takes to start must not decide how many are missed. */
const MISSED_MS = 5000;
/** What the work of an execution takes, ms. */
const WORK_MS = 400;
/** A poll passes on what is a minute old and did not come by webhook; n8n polls once a minute at most. */
const POLLED_MS = 5 * 60_000;
const POLL_TIMES = { item: [{ mode: 'everyMinute' }] };
const SETTLE_MS = 5 * 60_000;

const webhookId = '5a1d6c0e-2b4f-4f7e-9d1a-0c5e7b9f1a03';
const hookFile = path.join(projectFolder, 'deploy', 'rerun-crashed.cjs');

/** Each object is changed once, and a poll knows no delivery. */
const byObject = ({ id }: { id: string }) => id;

/** The row `kills`. */
export async function kills(host: SingleHost, stage: Stage): Promise<Finding[]> {
	const ledger = new Ledger();
	await ledger.listen();
	ledger.delayMs = WORK_MS;
	const change = realChanges(host.sandbox);
	const workflowId = await addGapless(host, ledger);
	try {
		stage.say('n8n with rerun-crashed.cjs');
		await restartWith(host, { EXTERNAL_HOOK_FILES: hookFile });
		const before = pollsOf(host);
		await publishTrigger(host, workflowId, webhookId);
		// The first poll only marks the place to begin at.
		await waitFor('the first poll', () => pollsOf(host) > before, 60_000);
		await delay(2000);
		const times = KILLS[stage.short ? 'short' : 'long'];
		const faulty = await trafficWithKills(host, stage, change, times);
		await untilThere(host, stage, workflowId, faulty.deliveries);
		const effects = [...ledger.effects];
		const again = await rerunIn(host, workflowId);
		stage.say('Once more without rerun-crashed.cjs');
		const withoutHook = await killWithoutHook(host, stage, workflowId, change);
		// n8n polls when it starts: what would come twice has come by now.
		const counted = await countNow(host, workflowId, faulty.deliveries);
		const finding = await findingOf(host, workflowId, { ...faulty, counted, effects, again });
		return [{ ...finding, figures: { ...finding.figures, withoutHook } }];
	} finally {
		delete host.env.EXTERNAL_HOOK_FILES;
		await restartWith(host, {});
		await host.unpublish(workflowId);
		await ledger.close();
	}
}

async function addGapless(host: SingleHost, ledger: Ledger): Promise<string> {
	const trigger = moySkladNode(
		'moySkladTrigger',
		{ entityTypes: ['product'], actions: ['UPDATE'], options: { withPolling: true } },
		{ webhookId },
	);
	const polling = pollingNode({
		pollTimes: POLL_TIMES,
		entityTypes: ['product'],
		actions: ['UPDATE'],
		firstRun: 'now',
		options: { withWebhook: true },
	});
	const work = tellLedger(ledger);
	const toWork = { main: [[{ node: work.name, type: 'main', index: 0 }]] };
	return await addWorkflow(host, {
		id: '',
		name: 'Soak: kills',
		nodes: [trigger, polling, work],
		connections: { [trigger.name]: toWork, [polling.name]: toWork },
		settings: { executionOrder: 'v1' },
	});
}

async function restartWith(host: SingleHost, env: Record<string, string>): Promise<void> {
	await host.n8n.stop(15_000);
	Object.assign(host.env, env);
	await host.start();
}

function pollsOf({ sandbox }: SingleHost): number {
	return sandbox.log.filter(({ path: asked }) => asked.endsWith('/entity/product')).length;
}

interface Faulty {
	deliveries: Delivery[];
	/** How long n8n was away each time, ms. */
	downMs: number[];
}

/** Traffic that goes on while n8n is killed and started. */
async function trafficWithKills(
	host: SingleHost,
	stage: Stage,
	change: Traffic['change'],
	times: number,
): Promise<Faulty> {
	let isOver = false;
	let quietFrom = Infinity;
	const traffic = drive({
		events: 1_000_000,
		rate: RATE,
		seed: 31,
		size: SIZE,
		change: (events) => (Date.now() < quietFrom ? change(events) : []),
		isOver: () => isOver,
	});
	const downMs: number[] = [];
	try {
		for (let turn = 1; turn <= times; turn++) {
			const span = (ALIVE.most - ALIVE.least) / Math.max(1, times - 1);
			await delay(ALIVE.least + (turn - 1) * span);
			const killed = Date.now();
			quietFrom = killed + MISSED_MS;
			await host.kill();
			await host.start();
			quietFrom = Infinity;
			downMs.push(Date.now() - killed);
			stage.say(`Kill ${turn} of ${times}: ready again after ${downMs[turn - 1]} ms`);
		}
		await delay(ALIVE.least);
	} finally {
		isOver = true;
	}
	const deliveries = await traffic;
	await host.sandbox.moysklad.sender.idle();
	return { deliveries, downMs };
}

/** Waits for the polls to bring what the webhooks could not. */
async function untilThere(
	host: SingleHost,
	stage: Stage,
	workflowId: string,
	deliveries: Delivery[],
): Promise<void> {
	const { delivered, deliveries: all } = outcomeOf(deliveries);
	stage.say(`${all} deliveries, ${all - delivered} of them not taken: those come by the polls`);
	const deadline = Date.now() + POLLED_MS;
	while (Date.now() < deadline) {
		const { lost } = await countNow(host, workflowId, deliveries);
		if (lost.length === 0) break;
		await delay(3000);
	}
	await host.settled(SETTLE_MS);
}

/** Counts over the executions that have succeeded. */
async function countNow(
	host: SingleHost,
	workflowId: string,
	deliveries: Delivery[],
): Promise<Counted> {
	const events = await host.passedOn(workflowId);
	const passed = events.filter(({ status }) => status === 'success');
	const sent = new Set(deliveries.flatMap(idsIn));
	const byPoll = passed.filter(({ requestId, id }) => requestId === null && sent.has(id));
	return { ...count(deliveries, passed, byObject), byPoll: byPoll.length };
}

interface Counted extends Count {
	/** Events that a poll brought. */
	byPoll: number;
}

async function findingOf(
	host: SingleHost,
	workflowId: string,
	{ deliveries, downMs, counted, effects, again }: Faulty & Seen,
): Promise<Finding> {
	const { lost, doubled, sent, byPoll } = counted;
	const outcome = outcomeOf(deliveries);
	const unanswered = new Set(
		deliveries.filter((one) => one.outcome !== 'delivered').flatMap(idsIn),
	);
	const lostAnswered = lost.filter((id) => !unanswered.has(id)).length;
	const times = new Map<string, number>();
	for (const { json } of effects) times.set(String(json.id), (times.get(String(json.id)) ?? 0) + 1);
	const doneTwice = [...times.values()].filter((many) => many > 1).length;
	return {
		mode: host.mode,
		run: `n8n killed and restarted ${downMs.length} times`,
		must: 'all answered deliveries are executed, the others come by the polling trigger: 0 lost, 0 doubled',
		shown:
			`${sent} events in ${outcome.deliveries} deliveries, ${outcome.delivered} of them answered: ` +
			`${lost.length} lost, ${doubled.length} doubled; ${byPoll} events by the polls, ` +
			`${again} executions run again by rerun-crashed.cjs, the work of ${doneTwice} events done twice by that`,
		met: lost.length === 0 && doubled.length === 0 && downMs.length > 0 && again > 0,
		figures: {
			...outcome,
			lost: lost.length,
			lostAnswered,
			doubled: doubled.length,
			eventsNotTaken: unanswered.size,
			eventsByPoll: byPoll,
			executions: await host.executions(workflowId),
			executionsRunAgain: again,
			workDoneTwice: doneTwice,
			downMs,
		},
	};
}

/** What was seen of a run with kills. */
interface Seen {
	counted: Counted;
	effects: Effect[];
	/** Executions that rerun-crashed.cjs has given back. */
	again: number;
}

const idsIn = (delivery: Delivery) => sentIn(delivery).map(({ id }) => id);

/** Executions that rerun-crashed.cjs has given back: it leaves a number in their custom data. */
async function rerunIn(host: SingleHost, workflowId: string): Promise<number> {
	const [row] = (await host.sql(
		`select count(*) as many from execution_metadata m
		join execution_entity e on e.id = m.executionId
		where m.key = 'rerunAfterCrash' and e.workflowId = ?`,
		[workflowId],
	)) as Array<{ many: number }>;
	return row.many;
}

/** One kill of an n8n as it comes: what happens to the executions that were under way. */
async function killWithoutHook(
	host: SingleHost,
	stage: Stage,
	workflowId: string,
	change: Traffic['change'],
): Promise<Record<string, unknown>> {
	delete host.env.EXTERNAL_HOOK_FILES;
	await host.n8n.restart();
	const before = await host.executions(workflowId);
	const { deliveries } = await trafficWithKills(host, stage, change, 1);
	// n8n leaves some of them "running" for good, so that there is no end to be waited for.
	await delay(20 * WORK_MS);
	const after = await host.executions(workflowId);
	const passed = (await host.passedOn(workflowId)).filter(({ status }) => status === 'success');
	const answered = deliveries.filter(({ outcome }) => outcome === 'delivered');
	const { lost } = count(answered, passed, byObject);
	const crashed = (after.crashed ?? 0) - (before.crashed ?? 0);
	const leftRunning = after.running ?? 0;
	stage.say(
		`Without it: ${crashed} executions crashed, ${leftRunning} left running for good, ` +
			`${lost.length} events of answered deliveries not done`,
	);
	// Those that are left running come to an end now.
	await restartWith(host, { EXTERNAL_HOOK_FILES: hookFile });
	await host.settled(SETTLE_MS);
	return { crashed, leftRunning, answeredEventsLost: lost.length, deliveries: deliveries.length };
}
