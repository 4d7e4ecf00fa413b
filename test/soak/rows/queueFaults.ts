/**
 * Queue mode loses parts in the middle of traffic: a worker is killed, Redis is stopped or killed, and
 * so are the webhook processors. The workflow
 * has both triggers, so that what MoySklad saw answered is executed, and what it did not comes by the poll.
 */
import { randomUUID } from 'crypto';
import type { Delivery } from '../../../sandbox';
import { delay, waitFor } from '../../../sandbox/n8n/n8n';
import { Ledger, moySkladNode, tellLedger } from '../../queue/harness';
import { count } from '../count';
import { drive, outcomeOf, realChanges } from '../load';
import { publicationDone, wordsOf } from '../publication';
import type { QueueHost } from '../queueHost';
import { LOCK_MS, STALLED_INTERVAL_MS } from '../queueHost';
import type { Finding, PassedOn, Stage } from '../types';
import { addWorkflow, pollingNode, publishTrigger } from '../workflows';

const EVENTS = { long: 2000, short: 500 };
/** Deliveries a second: what two busy cores bear with time for the faults. */
const RATE = 3;
/** Into so many parts the traffic is cut; the fault comes after the first. */
const FAULT_AFTER_SHARE = 0.4;
/** How long (ms) the outer world takes for a call, so that executions are under way when the fault comes. */
const WORK_MS = 2500;
const DOWN_MS = 2000;
/** n8n 2.41 polls once a minute at most. */
const POLL_MS = 60_000;
/** The polling trigger passes on what is a minute old; then come its turn, two seconds of its own, and the queue. */
const POLLED_MS = 60_000 + 2 * POLL_MS;
const SETTLE_MS = 5 * 60_000;

/** What happens to the group while calls come. */
interface Trouble {
	name: string;
	strike: (host: QueueHost, ledger: Ledger) => Promise<void>;
	/** Puts everything back that is not back by itself. */
	mend?: (host: QueueHost) => Promise<void>;
}

const TROUBLES: Trouble[] = [
	{
		name: 'a worker killed',
		strike: async ({ group }, ledger) => {
			await waitFor('the worker to be in the middle', () => isBusy(group, ledger), 60_000);
			await group.killWorker(0);
		},
		mend: async ({ group }) => await group.startWorker(0),
	},
	{
		name: 'Redis stopped, 2 s',
		strike: async ({ group }) => await group.restartRedis({ downMs: DOWN_MS }),
	},
	{
		name: 'Redis killed, 2 s',
		strike: async ({ group }) => await group.restartRedis({ kill: true, downMs: DOWN_MS }),
	},
	{
		// Nobody answers: what MoySklad gives up meanwhile is the poll's.
		name: 'both webhook processors killed',
		strike: async ({ group }) => {
			await Promise.all([group.killWebhook(0), group.killWebhook(1)]);
			await delay(DOWN_MS);
			await Promise.all([group.startWebhook(0), group.startWebhook(1)]);
		},
	},
];

/** Whether the first worker has executions in its hands that have told the outer world already. */
function isBusy(group: QueueHost['group'], ledger: Ledger): boolean {
	const jobs = group.jobs('worker-1');
	const ended = new Set(
		jobs.filter(({ what }) => what === 'finished').map(({ executionId }) => executionId),
	);
	const told = new Set(ledger.effects.map(({ executionId }) => executionId));
	return jobs.some(
		({ what, executionId }) =>
			what === 'started' && !ended.has(executionId) && told.has(executionId),
	);
}

/** Deliveries during one kind of trouble. */
interface Struck {
	name: string;
	deliveries: Delivery[];
	/** Processes that had ended by themselves and were started again. */
	fallen: string[];
	settledMs: number;
}

const byObject = ({ id }: { id: string }): string => id;

/** The rows `a worker killed` and `Redis restarted`. */
export async function queueFaults(host: QueueHost, stage: Stage): Promise<Finding[]> {
	const { sandbox, group } = host;
	const ledger = new Ledger();
	await ledger.listen();
	ledger.delayMs = WORK_MS;
	const webhookId = randomUUID();
	const webhookTrigger = moySkladNode(
		'moySkladTrigger',
		{ entityTypes: ['product'], actions: ['UPDATE'], options: { withPolling: true } },
		{ webhookId },
	);
	const polling = pollingNode({
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		entityTypes: ['product'],
		actions: ['UPDATE'],
		firstRun: 'now',
		options: { withWebhook: true },
	});
	// One call for each execution, however many events it has.
	const work = { ...tellLedger(ledger), executeOnce: true };
	const toWork = { main: [[{ node: work.name, type: 'main', index: 0 }]] };
	const workflowId = await addWorkflow(host, {
		id: 'soak-queue-faults',
		name: 'Soak: faults of queue mode',
		nodes: [webhookTrigger, polling, work],
		connections: { [webhookTrigger.name]: toWork, [polling.name]: toWork },
		settings: { executionOrder: 'v1' },
	});
	try {
		const polls = () => sandbox.log.filter(({ path }) => path.endsWith('/entity/product')).length;
		const before = polls();
		await publishTrigger(host, workflowId, webhookId);
		const publication = await publicationDone(host, workflowId);
		if (publication.status !== 'published') throw new Error(wordsOf(publication));
		// The first poll only marks the place to begin at.
		await waitFor('the first poll', () => polls() > before, 2 * POLL_MS);
		const change = realChanges(sandbox);
		// Both webhook processors and both workers are slow at their first call.
		await drive({ events: 8, rate: 1, seed: 1, size: { least: 1, most: 1 }, change });
		await sandbox.moysklad.deliveriesIdle();
		await host.settled(SETTLE_MS);

		const struck: Struck[] = [];
		for (const [index, trouble] of TROUBLES.entries()) {
			struck.push(await strike(host, stage, trouble, { ledger, change, seed: 11 + index }));
		}
		const all = struck.flatMap(({ deliveries }) => deliveries);
		const passedOn = async () => {
			const events = await host.passedOn(workflowId);
			return events.filter(({ status }) => status === 'success');
		};
		stage.say('waiting for the polls that bring what MoySklad gave up');
		await waitFor(
			'all events',
			async () => {
				await delay(3000);
				return count(all, await passedOn(), byObject).lost.length === 0;
			},
			POLLED_MS,
		).catch(() => undefined);
		// Whatever comes twice comes by the next polls.
		await delay(POLL_MS + 5000);
		await host.settled(SETTLE_MS);
		const passed = await passedOn();
		const statuses = await host.executions(workflowId);
		const times = new Map<number, number>();
		for (const { executionId } of ledger.effects) {
			times.set(executionId, (times.get(executionId) ?? 0) + 1);
		}
		return struck.map((one) => findingOf(one, { passed, statuses, times }));
	} finally {
		await host.unpublish(workflowId);
		await group.startFallen();
		await ledger.close();
	}
}

/** Sends traffic, strikes in the middle of it, and waits until everything is done that can be done. */
async function strike(
	host: QueueHost,
	stage: Stage,
	trouble: Trouble,
	{
		ledger,
		change,
		seed,
	}: { ledger: Ledger; change: (events: number) => Delivery[]; seed: number },
): Promise<Struck> {
	const { sandbox, group } = host;
	const events = stage.short ? EVENTS.short : EVENTS.long;
	const traffic = { rate: RATE, change };
	const early = Math.round(events * FAULT_AFTER_SHARE);
	const deliveries = await drive({ ...traffic, events: early, seed });
	const striking = trouble.strike(host, ledger);
	deliveries.push(...(await drive({ ...traffic, events: events - early, seed: seed + 100 })));
	await striking;
	await sandbox.moysklad.deliveriesIdle();
	await trouble.mend?.(host);
	const fallen = await group.startFallen();
	const ended = Date.now();
	await host.settled(SETTLE_MS);
	const settledMs = Date.now() - ended;
	const { delivered, dropped, failed } = outcomeOf(deliveries);
	stage.say(
		`${trouble.name}: ${delivered} of ${deliveries.length} deliveries answered in time, ${dropped} too late, ` +
			`${failed} not at all; all executions ended ${Math.round(settledMs / 1000)} s later`,
	);
	return { name: trouble.name, deliveries, fallen, settledMs };
}

function findingOf(
	{ name, deliveries, fallen, settledMs }: Struck,
	{
		passed,
		statuses,
		times,
	}: { passed: PassedOn[]; statuses: Record<string, number>; times: Map<number, number> },
): Finding {
	const outcome = outcomeOf(deliveries);
	const answered = deliveries.filter((one) => one.outcome === 'delivered');
	const counted = count(deliveries, passed, byObject);
	const { lost, doubled } = counted;
	const sent = new Set(deliveries.flatMap(({ body }) => idsIn(body)));
	const ours = passed.filter(({ id }) => sent.has(id));
	const byPoll = ours.filter(({ requestId }) => requestId === null).length;
	// A delivery that was answered must have been executed itself: the poll is for the others.
	const executed = new Set(ours.map(({ requestId }) => requestId));
	const unexecuted = answered.filter(({ requestId }) => !executed.has(requestId));
	const twice = new Set(
		ours.map(({ executionId }) => executionId).filter((id) => (times.get(id) ?? 0) > 1),
	);
	return {
		mode: 'queue',
		run: `${name}, in the middle of ${outcome.events.toLocaleString('en')} events`,
		must: 'all that was answered 2xx is executed, the rest comes by the poll; 0 lost, 0 doubled',
		shown:
			`${outcome.delivered} of ${outcome.deliveries} deliveries answered 2xx, ${unexecuted.length} of them not executed; ` +
			`${byPoll} events by the poll; ${lost.length} lost, ${doubled.length} doubled; ` +
			`${twice.size} executions ran a second time`,
		met: lost.length === 0 && doubled.length === 0 && unexecuted.length === 0,
		figures: {
			outcome,
			lost: lost.length,
			doubled: doubled.length,
			unexecuted: unexecuted.length,
			byPoll,
			ranTwice: twice.size,
			fallen,
			settledMs,
			executionsOfAllFaults: statuses,
			lockMs: LOCK_MS,
			stalledIntervalMs: STALLED_INTERVAL_MS,
		},
	};
}

/** IDs of the objects that a notification tells of. */
function idsIn(body: Delivery['body']): string[] {
	const events = body.events as Array<{ meta: { href: string } }>;
	return events.map(({ meta }) => meta.href.split('/').pop() ?? '');
}
