/**
 * n8n in queue mode: main, two webhook processors and two workers on PostgreSQL and Redis, a reverse proxy before them,
 * the packed package in each, and the sandbox's MoySklad that calls and is called.
 *
 * MoySklad's deadline of 1500 ms is lifted here, since a machine that is busy with other things would decide these
 * tests; the answer times are told instead.
 */
import path from 'path';
import { projectFolder } from '../../sandbox/n8n/fixtures';
import { itemsOf, waitFor } from '../../sandbox/n8n/n8n';
import type { Delivery } from '../../sandbox';
import type { WorkflowNode } from '../../sandbox/n8n/nodes';
import type { House } from './harness';
import { workflowOf } from '../../sandbox/n8n/nodes';
import {
	changeProducts,
	moySkladNode,
	openHouse,
	setUpTimeoutMs,
	sharedCredential,
	tellLedger,
	untilSettled,
} from './harness';

jest.setTimeout(6 * 60_000);

const deliveries = 'queueDeliveries';
const reads = 'queueReads';
const sharedReads = 'queueSharedReads';
const webhookId = '3f0e7f1a-6f0e-4c7e-9a55-5f0c2f6c8f02';
/** A job whose worker has died is seen within about lock + 2 × interval. n8n's defaults: 60 s, 30 s. */
const lockMs = 15_000;
const stalledIntervalMs = 5000;
/** n8n waits so long before it believes that an execution has stalled. */
const n8nGraceMs = 30_000;
const rowsOfAssortment = 4000;

let house: House;

/** Starts an execution for each call: n8n's own Webhook node. */
const callMe = (path: string, id: string): WorkflowNode => ({
	id: 'node-call',
	name: 'Call',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: id,
	parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
});

const readAll = { resource: 'assortment', operation: 'getAll', returnAll: true };

beforeAll(async () => {
	house = await openHouse(
		(ledger) => [
			workflowOf(deliveries, [
				moySkladNode(
					'moySkladTrigger',
					{ entityTypes: ['product'], actions: ['UPDATE'], options: { changedFields: true } },
					{ webhookId },
				),
				tellLedger(ledger),
			]),
			workflowOf(reads, [
				callMe('reads', '3f0e7f1a-6f0e-4c7e-9a55-5f0c2f6c8f03'),
				moySkladNode('moySklad', readAll),
			]),
			workflowOf(sharedReads, [
				callMe('shared-reads', '3f0e7f1a-6f0e-4c7e-9a55-5f0c2f6c8f04'),
				moySkladNode('moySklad', readAll, { credentials: { moySkladApi: sharedCredential } }),
			]),
		],
		{
			queue: {
				env: {
					QUEUE_WORKER_LOCK_DURATION: String(lockMs),
					QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
					QUEUE_WORKER_STALLED_INTERVAL: String(stalledIntervalMs),
				},
			},
			sandbox: { assortmentRows: rowsOfAssortment, webhookDeadlineMs: 120_000 },
		},
	);
}, setUpTimeoutMs);

afterAll(async () => {
	await house?.close();
}, 60_000);

function tell(line: string): void {
	process.stderr.write(`   > ${line}\n`);
}

function registered() {
	return house.sandbox.moysklad.webhooks.list('webhook');
}

function startedBy(name: 'worker-1' | 'worker-2'): Set<number> {
	const started = house.group.jobs(name).filter(({ what }) => what === 'started');
	return new Set(started.map(({ executionId }) => executionId));
}

/** Executions that a worker has begun and not ended, by its log; `before` names those of an earlier life. */
function inHandsOf(name: 'worker-1' | 'worker-2', before = new Set<number>()): number[] {
	const jobs = house.group.jobs(name);
	const ended = new Set(
		jobs.filter(({ what }) => what === 'finished').map(({ executionId }) => executionId),
	);
	return [...startedBy(name)]
		.filter((id) => !ended.has(id) && !before.has(id))
		.sort((one, other) => one - other);
}

/** How often each of the deliveries reached the ledger: times done → number of deliveries. */
function timesDone(list: Delivery[]): Record<number, number> {
	const counts: Record<number, number> = {};
	const times = house.ledger.timesDone(list.map(({ requestId }) => requestId));
	for (const often of times.values()) counts[often] = (counts[often] ?? 0) + 1;
	return counts;
}

function answerTimes(list: Delivery[]): string {
	const ms = list.flatMap(({ attempts }) => attempts.map((attempt) => attempt.ms));
	ms.sort((one, other) => one - other);
	const at = (share: number) => ms[Math.min(ms.length - 1, Math.floor(ms.length * share))];
	return `answered within ${at(0.5)} ms (median), ${at(0.95)} ms (95 %), ${at(1)} ms (all)`;
}

async function settled(timeoutMs: number): Promise<number> {
	await house.sandbox.moysklad.deliveriesIdle();
	return await untilSettled(house.group, deliveries, timeoutMs);
}

describe('deliveries', () => {
	test('publishing registers the webhook with the address of the reverse proxy', async () => {
		await waitFor('the webhook', () => registered().length === 1);
		const [webhook] = registered();
		expect(webhook.url.startsWith(`${house.group.url}/webhook/${webhookId}/webhook?key=`)).toBe(
			true,
		);
		expect(webhook.enabled).toBe(true);
		tell(`start: ${house.group.steps.map(({ step, ms }) => `${step} ${ms} ms`).join(', ')}`);
		tell(
			`memory: ${house.group
				.memory()
				.map(({ name, mb }) => `${name} ${mb} MB`)
				.join(', ')}`,
		);
	});

	test('the first call of a webhook processor takes longer; main serves no production webhook', async () => {
		const [{ url }] = registered();
		const pathname = new URL(url).pathname;
		// Without the key the node answers 404 and starts nothing, but n8n has done all of its own work.
		const call = async (base: string): Promise<{ status: number; ms: number; text: string }> => {
			const started = Date.now();
			const response = await fetch(base + pathname, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: '{"events":[]}',
			});
			const text = await response.text();
			return { status: response.status, ms: Date.now() - started, text };
		};
		for (const { url: base } of house.group.webhooks) {
			const [first, second] = [await call(base), await call(base)];
			expect([first.status, second.status]).toEqual([404, 404]);
			// The node's own 404, not n8n's for addresses that it does not know.
			expect(first.text).not.toMatch(/registered|Cannot POST/);
			tell(`first call ${first.ms} ms, second ${second.ms} ms`);
		}
		const main = await call(house.group.main.url);
		expect(main.status).toBe(404);
		expect(main.text).toMatch(/registered|Cannot POST/);
		expect(await house.group.executions(deliveries)).toEqual([]);
	});

	test('a change arrives by a webhook processor, is run by a worker, and is one execution with one item', async () => {
		const change = house.sandbox.moysklad.change('product', 'UPDATE', undefined, ['name']);
		await settled(60_000);
		const [delivery] = change.deliveries;
		expect(delivery.outcome).toBe('delivered');
		const runs = await house.group.runs(deliveries);
		expect(runs.map(({ status, mode }) => ({ status, mode }))).toEqual([
			{ status: 'success', mode: 'webhook' },
		]);
		const items = itemsOf(runs[0], 'moySkladTrigger');
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({
			action: 'UPDATE',
			entityType: 'product',
			id: change.id,
			href: change.href,
			updatedFields: ['name'],
			requestId: delivery.requestId,
		});
		const enqueuedBy = (['main', 'webhook-1', 'webhook-2'] as const).filter(
			(name) => house.group.jobs(name).length > 0,
		);
		expect(enqueuedBy).toHaveLength(1);
		expect(enqueuedBy[0]).toMatch(/^webhook-/);
		expect(startedBy('worker-1').size + startedBy('worker-2').size).toBe(1);
		expect(house.ledger.effects).toHaveLength(1);
	});

	test('deliveries spread over both webhook processors and both workers, each is done once', async () => {
		const before = {
			passedOn: house.group.passedOn(),
			one: startedBy('worker-1').size,
			two: startedBy('worker-2').size,
		};
		const count = 60;
		const list = await changeProducts(house.sandbox, count, 10);
		const settledMs = await settled(180_000);
		expect(list.every(({ outcome }) => outcome === 'delivered')).toBe(true);
		expect(timesDone(list)).toEqual({ 1: count });
		const passedOn = house.group.passedOn().map(({ name, answered }, index) => ({
			name,
			answered: answered - before.passedOn[index].answered,
		}));
		expect(passedOn).toEqual([
			{ name: 'main', answered: 0 },
			{ name: 'webhook-1', answered: count / 2 },
			{ name: 'webhook-2', answered: count / 2 },
		]);
		const one = startedBy('worker-1').size - before.one;
		const two = startedBy('worker-2').size - before.two;
		expect(one + two).toBe(count);
		expect(Math.min(one, two)).toBeGreaterThanOrEqual(count / 10);
		tell(
			`${count} deliveries at 10 a second: ${answerTimes(list)}; worker-1 ran ${one}, worker-2 ${two}`,
		);
		tell(`the last execution ended ${settledMs} ms after the last answer`);
	});
});

describe("MoySklad's limits", () => {
	test.each([
		{ how: 'that does not know of them', workflow: reads, path: 'reads', mostRefused: 19 },
		{ how: 'that says so', workflow: sharedReads, path: 'shared-reads', mostRefused: 3 },
	])('two workers on one credential $how', async ({ workflow, path, mostRefused }) => {
		const { sandbox, group } = house;
		sandbox.clearLog();
		const pages = rowsOfAssortment / 1000;
		const executions = 70;
		const before = { one: startedBy('worker-1').size, two: startedBy('worker-2').size };
		const started = Date.now();
		for (let index = 0; index < executions; index++) {
			const response = await fetch(`${group.url}/webhook/${path}`, { method: 'POST', body: '{}' });
			expect(response.status).toBe(200);
		}
		await waitFor(
			'all reads',
			async () => {
				const rows = await group.executions(workflow);
				return (
					rows.length === executions &&
					rows.every(({ status }) => status !== 'new' && status !== 'running')
				);
			},
			330_000,
		);
		const asked = sandbox.log.filter(({ vendor }) => vendor === 'moysklad');
		const passed = asked.filter(({ status }) => status === 200);
		const refused = asked.filter(({ status }) => status === 429).map(({ at }) => at);
		const worstMinute = Math.max(
			0,
			...refused.map((from) => refused.filter((at) => at >= from && at < from + 60_000).length),
		);
		const seconds = ((passed.at(-1)?.at ?? 0) - passed[0].at) / 1000;
		const perSecond = passed.length / seconds;
		const statuses = (await group.executions(workflow)).map(({ status }) => status);
		tell(
			`${executions} executions, ${passed.length} answers in ${seconds.toFixed(0)} s: ${perSecond.toFixed(2)} a ` +
				`second (MoySklad allows 3.67); refused ${refused.length} in all, ${worstMinute} in the worst minute`,
		);
		tell(
			`worker-1 ran ${startedBy('worker-1').size - before.one}, worker-2 ` +
				`${startedBy('worker-2').size - before.two}; all in ${((Date.now() - started) / 1000).toFixed(0)} s`,
		);
		expect(new Set(statuses)).toEqual(new Set(['success']));
		expect(passed.length).toBeGreaterThanOrEqual(executions * pages);
		expect(worstMinute).toBeLessThanOrEqual(mostRefused);
		expect(sandbox.moysklad.limits.usage()).not.toMatchObject({
			blockedBecause: expect.anything(),
		});
	});
});

describe('faults', () => {
	beforeEach(() => {
		house.ledger.delayMs = 0;
	});

	test('a webhook processor is killed in a burst: MoySklad tries again, the other one takes over', async () => {
		const list = await changeProducts(house.sandbox, 40, 10, async (index) => {
			if (index === 15) await house.group.killWebhook(0);
		});
		await settled(120_000);
		expect(new Set(list.map(({ outcome }) => outcome))).toEqual(new Set(['delivered']));
		const counts = timesDone(list);
		const repeated = list.filter(({ attempts }) => attempts.length > 1).length;
		tell(`done by times: ${JSON.stringify(counts)}; ${repeated} deliveries needed a second try`);
		expect(counts[0]).toBeUndefined();
		await house.group.startWebhook(0);
	});

	test.each([
		{ how: 'stopped', kill: false },
		{ how: 'killed', kill: true },
	])('Redis is $how and comes back after 2 s: what was accepted is executed', async ({ kill }) => {
		house.ledger.delayMs = 300;
		let down: Promise<void> | undefined;
		const list = await changeProducts(house.sandbox, 60, 10, (index) => {
			if (index === 25) down = house.group.restartRedis({ kill, downMs: 2000 });
		});
		await down;
		const settledMs = await settled(240_000);
		expect(await house.group.startFallen()).toEqual([]);
		const outcomes = new Set(list.map(({ outcome }) => outcome));
		const counts = timesDone(list);
		tell(
			`done by times: ${JSON.stringify(counts)}; ${answerTimes(list)}; settled after ${settledMs} ms`,
		);
		expect(outcomes).toEqual(new Set(['delivered']));
		expect(counts[0]).toBeUndefined();
	});

	/**
	 * Kills worker 1 while it has executions in its hands, and starts it again at once if told so, as containers are.
	 * Returns these executions, how many of them had told the ledger by then, after how many ms nothing was left to do,
	 * and how many of these the new process took to start.
	 */
	async function killInTheMiddle({ startAgain = false } = {}) {
		const before = startedBy('worker-1');
		// Longer than it takes to kill it.
		house.ledger.delayMs = 8000;
		const told = house.ledger.effects.length;
		const list = await changeProducts(house.sandbox, 30, 10);
		const tellers = (ids: number[]) => {
			const effects = house.ledger.effects.slice(told);
			return ids.filter((id) => effects.some(({ executionId }) => executionId === id));
		};
		const isInTheMiddle = () => tellers(inHandsOf('worker-1', before)).length >= 3;
		await waitFor('worker-1 to be in the middle', isInTheMiddle, 60_000);
		await house.group.killWorker(0);
		const killed = Date.now();
		const held = inHandsOf('worker-1', before);
		const heldTold = tellers(held).length;
		house.ledger.delayMs = 0;
		if (startAgain) await house.group.startWorker(0);
		const bootMs = Date.now() - killed;
		await settled(200_000);
		return { list, held, heldTold, bootMs, endedMs: Date.now() - killed };
	}

	test('a worker is killed: n8n alone gives up what it was doing, the rest is done', async () => {
		const { list, held, endedMs } = await killInTheMiddle();
		const rows = (await house.group.executions(deliveries)).filter(
			({ status }) => status !== 'success',
		);
		tell(`${held.length} executions were with the worker; their end was known after ${endedMs} ms`);
		tell(`done by times: ${JSON.stringify(timesDone(list))}; failed executions: ${rows.length}`);
		// Whoever reads this because it fails: n8n has become better, and docs/scaling.md can be shorter.
		expect(rows.map(({ id }) => id)).toEqual(held);
		const runs = (await house.group.runs(deliveries)).filter(({ id }) => held.includes(id));
		for (const run of runs) {
			expect(run.status).toBe('error');
			expect(itemsOf(run, 'moySkladTrigger')).toEqual([]);
		}
		expect(endedMs).toBeLessThan(lockMs + 2 * stalledIntervalMs + n8nGraceMs + 20_000);
	});

	test('a worker is killed, with deploy/rerun-stalled.cjs: everything that was accepted is executed', async () => {
		const hook = path.join(projectFolder, 'deploy', 'rerun-stalled.cjs');
		for (const index of [0, 1]) {
			// The first one is dead already, unless this test runs alone.
			await house.group.workers[index].stop();
			await house.group.startWorker(index, { EXTERNAL_HOOK_FILES: hook });
		}
		const before = (await house.group.executions(deliveries)).length;
		const { list, held, heldTold, bootMs, endedMs } = await killInTheMiddle({ startAgain: true });
		const rows = (await house.group.executions(deliveries)).slice(before);
		tell(
			`${held.length} executions were with the worker; all was done ${endedMs} ms after its death, ${bootMs} of them for a new one to start`,
		);
		tell(`done by times: ${JSON.stringify(timesDone(list))}`);
		expect(rows).toHaveLength(list.length);
		expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['success']));
		const counts = timesDone(list);
		// What the dead worker had done already is done again, and nothing else.
		expect(counts).toEqual({ 1: list.length - heldTold, 2: heldTold });
		expect(endedMs).toBeLessThan(lockMs + 2 * stalledIntervalMs + 30_000);
	});
});
