/**
 * The triggers of Altegio, Yandex Market and Inspector Cloud, published together: repeated calls, hostile bodies, a
 * vendor that is down, and n8n killed in the midst. What a webhook trigger has answered is executed once; what it could
 * not take comes by the polling trigger beside it; what only a polling trigger can see comes once in any case.
 */
import { randomUUID } from 'crypto';
import path from 'path';
import { ALTEGIO_LOCATIONS, YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { projectFolder } from '../../../sandbox/n8n/fixtures';
import { delay, waitFor } from '../../../sandbox/n8n/n8n';
import { byId, ourNode } from '../../../sandbox/n8n/nodes';
import type { WorkflowNode } from '../../../sandbox/n8n/nodes';
import type { Fate } from '../../../sandbox/altegio/hooks';
import { notify } from '../../../sandbox/yandex-market/notifications';
import { publicationDone, wordsOf } from '../publication';
import type { QueueHost } from '../queueHost';
import type { SingleHost } from '../singleHost';
import type { Finding, Host, Stage } from '../types';
import { addWorkflow, noOp } from '../workflows';

/** Changes of each vendor before the kill, and after it. */
const CHANGES = { long: { before: 40, after: 25 }, short: { before: 8, after: 4 } };
/** Between two changes of a vendor, ms. */
const EVERY_MS = 500;
/** Changes go on for so long (ms) after the kill. */
const MISSED_MS = 5000;
/** So long a vendor does not answer to polls, ms: longer than the time between two. */
const DOWN_MS = 75_000;
/** n8n polls once a minute at most; a polling trigger beside a webhook leaves a minute to that. */
const POLL_MS = 60_000;
const POLLED_MS = 5 * POLL_MS;
const SETTLE_MS = 5 * POLL_MS;
const ALWAYS = 1_000_000;
const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };
const LOCATION = ALTEGIO_LOCATIONS.first;

/** A change at a vendor. */
interface Change {
	key: string;
	/** Whether a call about it got a good answer; undefined where nobody calls. */
	isAnswered: Promise<boolean> | undefined;
}

/** The triggers of a vendor in one workflow. */
interface Pair {
	name: string;
	/** Without one, all changes come by polls. */
	webhookId?: string;
	/** Not there where no poll brings what a call did not. */
	polls?: string;
	nodes: WorkflowNode[];
	/** Makes a change; `repeats`: the vendor calls twice. */
	change(repeats: boolean): Change;
	keysOf(item: Record<string, unknown>): string[];
	/** Address of the webhook, and bodies that its vendor never sends. */
	hostile?: { at: (webhook: string) => string; bodies: string[] };
	workflowId: string;
	changes: Change[];
}

const failed = () => false;

/** Bodies that are no notification of anybody. */
const BODIES = [
	'',
	'[]',
	'"text"',
	'7',
	'null',
	'{"a":',
	`[${'['.repeat(20_000)}${']'.repeat(20_000)}]`,
	'[{"__proto__":{"polluted":true}}]',
	'<xml/>',
	`["${'x'.repeat(3 * 1024 * 1024)}"]`,
];
/** Objects: of Inspector Cloud's calls the IDs alone are taken, so that any object may name a report. */
const OBJECTS = [
	'{}',
	'{"events":[{"meta":{"type":"product"}}]}',
	'{"notificationType":7,"orderId":{}}',
	'{"resource":"record","resource_id":{"a":1},"status":[]}',
	'{"company_id":"x","resource":"record","resource_id":1,"status":"create","data":null}',
	'{"constructor":{"prototype":{"polluted":true}}}',
];

function altegio({ altegio: { records, hooks } }: Sandbox, webhookId: string): Pair {
	const events = ['appointmentCreated'];
	records.clock = () => Date.now();
	return {
		name: 'Altegio Trigger and Polling Trigger',
		webhookId,
		polls: '/records/',
		nodes: [
			ourNode(
				'altegioTrigger',
				'altegioApi',
				{ locationId: byId(LOCATION), events, options: { withPolling: true } },
				{ webhookId },
			),
			ourNode('altegioPollingTrigger', 'altegioApi', {
				pollTimes: EVERY_MINUTE,
				locationIds: [LOCATION],
				events,
				options: { withWebhook: true },
			}),
		],
		change: (repeats) => {
			hooks.fates.push((repeats ? 'doubled' : 'delivered') as Fate);
			const { id } = records.add(LOCATION);
			const delivery = hooks.deliveries.find(({ body }) => body.resource_id === id);
			const told = hooks.idle().then(() => delivery?.statuses.includes(200) ?? false);
			return { key: String(id), isAnswered: told };
		},
		keysOf: ({ id }) => [String(id)],
		hostile: {
			at: () =>
				String((hooks.show(LOCATION).urls as string[]).find((url) => url.includes(webhookId))),
			bodies: [...BODIES, ...OBJECTS],
		},
		workflowId: '',
		changes: [],
	};
}

function yandex({ yandexMarket: { orders } }: Sandbox, webhookId: string, url: () => string): Pair {
	const credential = 'yandexMarketApi';
	const campaignId = YANDEX_CAMPAIGNS.fbs;
	return {
		name: 'Yandex Market Trigger and Polling Trigger',
		webhookId,
		polls: '/orders',
		nodes: [
			ourNode(
				'yandexMarketTrigger',
				credential,
				{ events: ['ORDER_CREATED'], options: { withPolling: true } },
				{ webhookId },
			),
			ourNode('yandexMarketPollingTrigger', credential, {
				pollTimes: EVERY_MINUTE,
				businessId: byId(YANDEX_BUSINESS_ID),
				options: { withWebhook: true },
			}),
		],
		change: (repeats) => {
			const { orderId, creationDate } = orders.place(campaignId);
			const type = 'ORDER_CREATED';
			const told = {
				notificationType: type,
				orderId,
				campaignId,
				items: [],
				createdAt: creationDate,
			};
			const call = async () => {
				const [last] = (await notify(`${url()}/webhook/${webhookId}`, told)).slice(-1);
				return last.verdict === 'done';
			};
			// The same at the same moment.
			const calls = [call(), ...(repeats ? [call()] : [])].map(
				async (one) => await one.catch(failed),
			);
			return {
				key: String(orderId),
				isAnswered: Promise.all(calls).then((answers) => answers.includes(true)),
			};
		},
		// Nobody tells of the first status here, so that the poll brings it as a change of its own (`order.updated`).
		keysOf: ({ orderId, event }) => (event === 'order.updated' ? [] : [String(orderId)]),
		hostile: { at: (webhook) => `${webhook}/notification`, bodies: [...BODIES, ...OBJECTS] },
		workflowId: '',
		changes: [],
	};
}

function inspectorVisits({ inspectorCloud }: Sandbox): Pair {
	let next = 324_001;
	return {
		name: 'Inspector Cloud Polling Trigger',
		polls: '/visits/',
		nodes: [
			// The sandbox's visits lie in autumn, whenever this runs.
			ourNode('inspectorCloudPollingTrigger', 'inspectorCloudApi', {
				pollTimes: EVERY_MINUTE,
				options: { lookBack: 3660 },
			}),
		],
		change: () => {
			const id = next++;
			inspectorCloud.change(id, { isClosed: true });
			return { key: String(id), isAnswered: undefined };
		},
		keysOf: ({ id }) => [String(id)],
		workflowId: '',
		changes: [],
	};
}

function inspectorReports({ inspectorCloud }: Sandbox, webhookId: string, url: () => string): Pair {
	return {
		name: 'Inspector Cloud Report Ready Trigger',
		webhookId,
		nodes: [
			ourNode(
				'inspectorCloudReportReadyTrigger',
				'inspectorCloudApi',
				{ return: 'report' },
				{ webhookId },
			),
		],
		// Inspector Cloud calls once.
		change: () => {
			const webhook = `${url()}/webhook/${webhookId}/report-ready`;
			const { reports } = inspectorCloud.recognise(
				[5_000_001],
				['SHARE_OF_SPACE'],
				undefined,
				webhook,
			);
			const { SHARE_OF_SPACE: id } = reports as Record<string, number>;
			const told = inspectorCloud.finish(id).then((status) => status === 200, failed);
			return { key: String(id), isAnswered: told };
		},
		keysOf: (item) => [String(item.report_id ?? item.id)],
		hostile: { at: (webhook) => `${webhook}/report-ready`, bodies: [...BODIES, '{}'] },
		workflowId: '',
		changes: [],
	};
}

/** How a host is killed, and comes back. */
interface Kill {
	words: string;
	kill: () => Promise<void>;
	back: () => Promise<void>;
}

/** The row `other vendors` of n8n in one process, with rerun-crashed.cjs. */
export async function otherVendorsSingle(host: SingleHost, stage: Stage): Promise<Finding[]> {
	const restart = async (hook: string | undefined) => {
		await host.n8n.stop(15_000);
		delete host.env.EXTERNAL_HOOK_FILES;
		if (hook) host.env.EXTERNAL_HOOK_FILES = hook;
		await host.start();
	};
	await restart(path.join(projectFolder, 'deploy', 'rerun-crashed.cjs'));
	try {
		return await watch(host, stage, {
			words: 'n8n killed',
			kill: async () => await host.kill(),
			back: async () => await host.start(),
		});
	} finally {
		await restart(undefined);
	}
}

/** The row `other vendors` in queue mode. */
export async function otherVendorsQueue(host: QueueHost, stage: Stage): Promise<Finding[]> {
	const { group } = host;
	return await watch(host, stage, {
		words: 'a worker and both webhook processors killed',
		kill: async () => {
			await Promise.all([group.killWorker(0), group.killWebhook(0), group.killWebhook(1)]);
		},
		back: async () => {
			await Promise.all([group.startWorker(0), group.startWebhook(0), group.startWebhook(1)]);
			await group.startFallen();
		},
	});
}

async function watch(host: Host, stage: Stage, { words, kill, back }: Kill): Promise<Finding[]> {
	const { sandbox } = host;
	const url = () => host.url;
	const pairs = [
		altegio(sandbox, randomUUID()),
		yandex(sandbox, randomUUID(), url),
		inspectorVisits(sandbox),
		inspectorReports(sandbox, randomUUID(), url),
	];
	const { before, after } = CHANGES[stage.short ? 'short' : 'long'];
	for (const pair of pairs) pair.workflowId = await addPair(host, pair);
	try {
		const refusal = stage.short ? undefined : await publishWithout(host, pairs[0]);
		if (refusal) stage.say(`Published while Altegio is down: ${refusal}`);
		for (const pair of pairs) await publishPair(host, pair);
		stage.say('Changes, every third told twice');
		await traffic(pairs, before);
		const hostile = await attack(host, pairs);
		stage.say(words);
		await kill();
		const away = Date.now();
		await Promise.all([
			traffic(pairs, Math.floor(MISSED_MS / EVERY_MS)),
			delay(MISSED_MS).then(back),
		]);
		stage.say(`back after ${Math.round((Date.now() - away) / 1000)} s`);
		if (!stage.short) await silence(host, pairs);
		await traffic(pairs, after);
		await untilThere(host, stage, pairs);
		const findings: Finding[] = [];
		for (const pair of pairs) {
			findings.push(await findingOf(host, pair, { words, hostile, refusal }));
		}
		return findings;
	} finally {
		sandbox.faults.clear();
		for (const { workflowId } of pairs) await host.unpublish(workflowId).catch(() => undefined);
		sandbox.altegio.records.clock = undefined;
	}
}

async function addPair(host: Host, { name, nodes }: Pick<Pair, 'name' | 'nodes'>): Promise<string> {
	const to = { main: [[{ node: noOp.name, type: 'main', index: 0 }]] };
	return await addWorkflow(host, {
		id: '',
		name: `Soak: ${name}`,
		nodes: [...nodes, noOp],
		connections: Object.fromEntries(nodes.map(({ name: from }) => [from, to])),
		settings: { executionOrder: 'v1' },
	});
}

/**
 * Publishes the Altegio Trigger by itself while Altegio does not work. Returns what n8n says. (Beside a polling trigger,
 * n8n 2.41 forgets what was wrong: its second try says "No bridge acquired for this context".)
 */
async function publishWithout(host: Host, { nodes, name }: Pair): Promise<string> {
	const { faults, altegio: salon } = host.sandbox;
	const [trigger] = nodes;
	const alone = {
		...trigger,
		webhookId: randomUUID(),
		parameters: { ...trigger.parameters, options: {} },
	};
	const id = await addPair(host, { name: `${name}, alone`, nodes: [alone] });
	const before = (salon.hooks.show(LOCATION).urls as string[]).length;
	faults.add({ vendor: 'altegio', path: '/hooks_settings/', status: 503, times: ALWAYS });
	await host.publish(id);
	const publication = await publicationDone(host, id).finally(() => faults.clear());
	await host.unpublish(id);
	await publicationDone(host, id);
	const more = (salon.hooks.show(LOCATION).urls as string[]).length - before;
	return `${publication.status}: ${wordsOf(publication)}${more > 0 ? ` (${more} addresses left behind)` : ''}`;
}

async function publishPair(
	host: Host,
	{ workflowId, polls, webhookId, hostile }: Pair,
): Promise<void> {
	const asked = () => host.sandbox.log.filter((one) => one.path.includes(polls ?? '?')).length;
	const known = asked();
	await host.publish(workflowId);
	const publication = await publicationDone(host, workflowId);
	if (publication.status !== 'published') throw new Error(wordsOf(publication));
	// The first poll only marks the place to begin at.
	if (polls) await waitFor('the first poll', () => asked() > known, 2 * POLL_MS);
	if (webhookId && hostile) {
		await waitFor(
			'the webhook',
			async () => {
				const answer = await fetch(hostile.at(`${host.url}/webhook/${webhookId}`), {
					method: 'POST',
					body: '[]',
					headers: { 'content-type': 'application/json' },
				});
				return !(await answer.text()).includes('is not registered');
			},
			POLL_MS,
		);
	}
	await delay(2000);
}

/** So many changes of each vendor, every third told twice. */
async function traffic(pairs: Pair[], many: number): Promise<void> {
	for (let turn = 0; turn < many; turn++) {
		for (const pair of pairs) pair.changes.push(pair.change(turn % 3 === 1));
		await delay(EVERY_MS);
	}
}

/** Nobody answers to polls for a while; webhooks go on. */
async function silence(host: Host, pairs: Pair[]): Promise<void> {
	const { faults } = host.sandbox;
	for (const vendor of ['altegio', 'yandexMarket', 'inspectorCloud'] as const) {
		faults.add({ vendor, status: 503, times: ALWAYS });
	}
	await traffic(
		pairs.filter(({ name }) => !name.includes('Report Ready')),
		10,
	);
	await delay(DOWN_MS);
	faults.clear();
}

/** What hostile calls did. */
interface Attacked {
	calls: number;
	/** Executions that they started. */
	started: number;
	/** Calls that had no answer, or one of the 5xx kind. */
	broken: string[];
	sameProcesses: boolean;
}

async function attack(host: Host, pairs: Pair[]): Promise<Attacked> {
	await Promise.all(pairs.flatMap(({ changes }) => changes.map(({ isAnswered }) => isAnswered)));
	await host.settled(SETTLE_MS);
	const executions = async () => {
		let all = 0;
		for (const { workflowId, webhookId } of pairs) {
			// Polls start executions of their own, with what they have found.
			if (!webhookId) continue;
			const statuses = await host.executions(workflowId);
			all += Object.values(statuses).reduce((sum, one) => sum + one, 0);
		}
		return all;
	};
	const pids = host.pids().join();
	const before = await executions();
	let calls = 0;
	const broken: string[] = [];
	for (const { name, webhookId, hostile } of pairs) {
		if (!webhookId || !hostile) continue;
		const good = hostile.at(`${host.url}/webhook/${webhookId}`);
		const wrong = good.replace(webhookId, randomUUID());
		for (const address of [good, wrong]) {
			for (const body of hostile.bodies) {
				calls++;
				const answer = await fetch(address, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body,
				}).catch((error: unknown) => String(error));
				const status = typeof answer === 'string' ? answer : answer.status;
				if (typeof answer !== 'string') await answer.text();
				if (typeof status === 'string' || status >= 500) {
					broken.push(`${name}: ${status} to ${body.slice(0, 40)}`);
				}
			}
		}
	}
	await host.settled(SETTLE_MS);
	const started = (await executions()) - before;
	return { calls, started, broken, sameProcesses: host.pids().join() === pids };
}

/** Times each change came. */
async function timesOf(host: Host, { workflowId, keysOf }: Pair): Promise<Map<string, number>> {
	const times = new Map<string, number>();
	for (const item of await host.items(workflowId)) {
		for (const key of keysOf(item)) times.set(key, (times.get(key) ?? 0) + 1);
	}
	return times;
}

/** Changes that must come: where nothing polls, those whose call was answered. */
async function wantedOf({ changes, polls }: Pair): Promise<string[]> {
	const answers = await Promise.all(changes.map(async ({ isAnswered }) => await isAnswered));
	return changes.filter((_one, at) => polls !== undefined || answers[at]).map(({ key }) => key);
}

async function untilThere(host: Host, stage: Stage, pairs: Pair[]): Promise<void> {
	stage.say('Waiting for the polls that bring what no call did');
	const deadline = Date.now() + POLLED_MS;
	for (const pair of pairs) {
		const wanted = await wantedOf(pair);
		while (Date.now() < deadline) {
			const times = await timesOf(host, pair);
			if (wanted.every((key) => times.has(key))) break;
			await delay(3000);
		}
	}
	// Whatever comes twice comes by the first poll for which the last changes are old enough.
	await delay(2 * POLL_MS + 5000);
	await host.settled(SETTLE_MS);
}

async function findingOf(
	host: Host,
	pair: Pair,
	{ words, hostile, refusal }: { words: string; hostile: Attacked; refusal?: string },
): Promise<Finding> {
	const { changes, polls, webhookId, name } = pair;
	const wanted = await wantedOf(pair);
	const answers = await Promise.all(changes.map(async ({ isAnswered }) => await isAnswered));
	const answered = answers.filter((one) => one === true).length;
	const times = await timesOf(host, pair);
	const lost = wanted.filter((key) => !times.has(key));
	const doubled = wanted.filter((key) => (times.get(key) ?? 0) > 1);
	const told = webhookId ? `, ${answered} of them taken by the webhook` : '';
	const attacked = webhookId
		? `; ${hostile.calls} hostile calls to all triggers: ${hostile.started} executions, ${hostile.broken.length} without a clear answer`
		: '';
	const isClear =
		refusal === undefined || name.startsWith('Altegio') === false
			? true
			: refusal.startsWith('failed: Altegio: ') && !refusal.includes('left behind');
	return {
		mode: host.mode,
		run: `${name}: ${words}`,
		must: polls
			? 'each change once: 0 lost, 0 doubled'
			: 'each call that was answered is executed once',
		shown:
			`${changes.length} changes${told}: ${lost.length} lost, ${doubled.length} doubled${attacked}` +
			(name.startsWith('Altegio') && refusal
				? `; publishing without Altegio: ${refusal.slice(0, 160)}`
				: ''),
		met:
			lost.length === 0 &&
			doubled.length === 0 &&
			wanted.length > 0 &&
			isClear &&
			(!webhookId ||
				(hostile.started === 0 && hostile.broken.length === 0 && hostile.sameProcesses)),
		figures: {
			changes: changes.length,
			answered,
			lost,
			doubled,
			hostile,
			refusal,
			executions: await host.executions(pair.workflowId),
		},
	};
}
