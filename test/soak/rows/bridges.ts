/**
 * The five bridges of examples/, published with a schedule of seconds, in an n8n that is killed again and again: each time
 * while every one of them waits for the answer to a certain request (before the vendor has done it, or behind that), then at
 * moments spread over a run. What is at the vendors afterwards is counted: lost 0, doubled 0. What n8n cannot give is
 * counted, too: messages of Telegram that came twice.
 */
import { randomUUID } from 'crypto';

import { startSandbox } from '../../../sandbox';
import type { ArmedFault, Sandbox } from '../../../sandbox';
import {
	credentialTypes,
	exampleWorkflowsAt,
	credentialReferences,
} from '../../../sandbox/n8n/fixtures';
import { delay, waitFor } from '../../../sandbox/n8n/n8n';
import type { ImportedWorkflow } from '../../../sandbox/n8n/n8n';
import type { WorkflowNode } from '../../../sandbox/n8n/nodes';
import { bridgesWith } from '../bridgeWork';
import type { Tally, Work } from '../bridgeWork';
import type { SingleHost } from '../singleHost';
import { Telegram } from '../telegram';
import type { Finding, Stage } from '../types';
import { addWorkflow } from '../workflows';

/** Kills at a request that is held, and kills at moments of a run. */
const KILLS = { long: { held: 9, free: 3 }, short: { held: 2, free: 1 } };
/** Between two runs of a bridge, s: longer than one takes here, since two at a time are not what is looked at. */
const EVERY_S = 30;
/** Time for a bridge to come to the request that is held, ms. */
const REACH_MS = 3 * EVERY_S * 1000;
/** A kill at no certain request comes so long (ms) after the first request of a run, and later each time. */
const FREE_MS = { least: 150, step: 900 };
const RUN_MS = 120_000;
/** Enough products for the work of all kills. */
const ROWS = 400;

/** A bridge in n8n. */
interface Bridge extends Work {
	workflowId: string;
	/** How often it was in the midst of a run when n8n was killed. */
	cut: number;
}

/** The row `bridges`. */
export async function bridges(host: SingleHost, stage: Stage): Promise<Finding[]> {
	const sandbox = await startSandbox({ assortmentRows: ROWS });
	const telegram = new Telegram();
	await telegram.listen();
	const all: Bridge[] = [];
	try {
		const credentials = await addCredentials(host, sandbox, telegram);
		for (const work of bridgesWith(sandbox, telegram.sent)) {
			const workflowId = await addBridge(host, sandbox, work, credentials);
			all.push({ ...work, workflowId, cut: 0 });
		}
		for (const { workflowId } of all) await host.publish(workflowId);
		const { held, free } = KILLS[stage.short ? 'short' : 'long'];
		for (let turn = 0; turn < held + free; turn++) {
			for (const one of all) one.begin();
			const words =
				turn < held
					? await killAtRequests(host, { sandbox, telegram, all, turn })
					: await killAtMoment(host, sandbox, turn - held);
			const lastIds = await lastExecutions(host, all);
			for (const one of all) one.cut += (await isCut(host, one)) ? 1 : 0;
			sandbox.faults.clear();
			telegram.holds.clear();
			await host.start();
			await untilRun(host, all, lastIds);
			for (const one of all) one.settle();
			stage.say(`Kill ${turn + 1} of ${held + free}: ${words}; ${inShort(all)}`);
		}
		// Once more, with nothing to do: what would be written twice is written now.
		await untilRun(host, all, await lastExecutions(host, all));
		const executions = await Promise.all(
			all.map(async ({ workflowId }) => await host.executions(workflowId)),
		);
		const overlaps = await Promise.all(all.map(async (one) => await overlapsOf(host, one)));
		return all.map((one, index) =>
			findingOf(host, one, {
				turns: held + free,
				telegram,
				executions: executions[index],
				overlaps: overlaps[index],
			}),
		);
	} finally {
		for (const { workflowId } of all) await host.unpublish(workflowId).catch(() => undefined);
		await telegram.close();
		await sandbox.close();
	}
}

/** Credentials of n8n by type, as nodes refer to them. */
type References = Record<string, { id: string; name: string }>;

/** The four services of a sandbox of its own, and Telegram. */
async function addCredentials(
	host: SingleHost,
	sandbox: Sandbox,
	telegram: Telegram,
): Promise<References> {
	const data: Record<string, object> = {
		...Object.fromEntries(credentialTypes.map((type) => [type, sandbox.credentials[type]])),
		telegramApi: { accessToken: '1:soak', baseUrl: telegram.url },
	};
	const references: References = {};
	for (const [type, values] of Object.entries(data)) {
		const name = `Soak: ${type}`;
		const { id } = await host.api.request<{ id: string }>('POST', '/rest/credentials', {
			name,
			type,
			data: values,
		});
		references[type] = { id, name };
	}
	return references;
}

/** An example as a person sets it up: credentials, chat, and a schedule, which is of seconds here. */
async function addBridge(
	host: SingleHost,
	{ urls }: Sandbox,
	{ example, chat }: Work,
	credentials: References,
): Promise<string> {
	const found = exampleWorkflowsAt(urls).find(({ id }) => id === example);
	if (!found) throw new Error(`There is no example ${example}`);
	for (const node of found.nodes as WorkflowNode[]) {
		for (const type of Object.keys(node.credentials ?? {})) {
			if (!(type in credentialReferences)) throw new Error(`Nobody made a credential ${type}`);
			(node.credentials as References)[type] = credentials[type];
		}
		if (node.type.endsWith('.telegram')) {
			node.credentials = { telegramApi: credentials.telegramApi };
			node.parameters.chatId = chat;
		} else if (node.type.endsWith('.scheduleTrigger')) {
			node.parameters = {
				rule: { interval: [{ field: 'seconds', secondsInterval: EVERY_S }] },
			};
		}
	}
	return await addWorkflow(host, {
		...found,
		name: `Soak: ${found.name} ${randomUUID()}`,
	} as ImportedWorkflow);
}

interface Scene {
	sandbox: Sandbox;
	telegram: Telegram;
	all: Bridge[];
	turn: number;
}

/** Kills n8n when each bridge waits for the answer to a request, another one with each turn. Returns which, in words. */
async function killAtRequests(
	host: SingleHost,
	{ sandbox, telegram, all, turn }: Scene,
): Promise<string> {
	const held = all.map(({ chat, moments }) => ({ chat, ...moments[turn % moments.length] }));
	const faults = new Map<string, ArmedFault>();
	const before = telegram.held.length;
	for (const { chat, fault, telegram: side } of held) {
		// Two bridges that write the same kind of object share what holds them.
		const key = JSON.stringify(fault);
		if (fault && !faults.has(key)) faults.set(key, sandbox.faults.add(fault));
		if (side) telegram.holds.set(chat, side);
	}
	const missing = () =>
		held.filter(({ chat, fault }) =>
			fault
				? (faults.get(JSON.stringify(fault))?.played ?? 0) === 0
				: !telegram.held.slice(before).includes(chat),
		);
	try {
		await waitFor('the requests that are held', () => missing().length === 0, REACH_MS);
	} catch (error) {
		const which = missing().map(({ chat, words }) => `${chat} ${words}`);
		throw new Error(`${(error as Error).message}: ${which.join(', ')} did not come`);
	}
	// What is held behind its work is done by now, at the vendor.
	await delay(1000);
	await host.kill();
	return held.map(({ chat, words }) => `${chat} ${words}`).join(', ');
}

/** Kills n8n at a moment of a run, a later one with each turn. */
async function killAtMoment(host: SingleHost, sandbox: Sandbox, turn: number): Promise<string> {
	const before = sandbox.log.length;
	await waitFor('the next run', () => sandbox.log.length > before, REACH_MS);
	const ms = FREE_MS.least + turn * FREE_MS.step;
	await delay(ms);
	await host.kill();
	return `${ms} ms after the first request`;
}

/** The newest execution of each bridge, by workflow ID. */
async function lastExecutions(host: SingleHost, all: Bridge[]): Promise<Map<string, number>> {
	const ids = new Map<string, number>();
	for (const { workflowId } of all) {
		const list = await host.executionList(workflowId);
		ids.set(workflowId, list.at(-1)?.id ?? 0);
	}
	return ids;
}

/** Whether the newest execution has no end. */
async function isCut(host: SingleHost, { workflowId }: Bridge): Promise<boolean> {
	const newest = (await host.executionList(workflowId)).at(-1);
	return newest !== undefined && newest.stoppedAt === null;
}

/** Runs that began while the last one was under way: on a machine that is too busy, and not what is looked at here. */
async function overlapsOf(host: SingleHost, { workflowId }: Bridge): Promise<number> {
	const list = (await host.executionList(workflowId)).filter(({ status }) => status === 'success');
	return list.filter(({ startedAt }, index) => {
		const before = list[index - 1]?.stoppedAt;
		return startedAt !== null && before && startedAt < before;
	}).length;
}

/** Waits until each bridge has run to its end after an execution. */
async function untilRun(
	host: SingleHost,
	all: Bridge[],
	lastIds: Map<string, number>,
): Promise<void> {
	for (const { workflowId, name } of all) {
		await waitFor(
			`a run of ${name}`,
			async () =>
				(await host.executionList(workflowId)).some(
					({ id, status }) => id > (lastIds.get(workflowId) ?? 0) && status === 'success',
				),
			RUN_MS,
		);
	}
}

const inShort = (all: Bridge[]) =>
	all
		.map(({ chat, tally }) => {
			const { wanted, lost, doubled } = tally();
			return `${chat} ${wanted}/${lost.length}/${doubled.length}`;
		})
		.join(', ');

/** What was seen of one bridge. */
interface Seen {
	turns: number;
	telegram: Telegram;
	executions: Record<string, number>;
	overlaps: number;
}

function findingOf(
	host: SingleHost,
	bridge: Bridge,
	{ turns, telegram, executions, overlaps }: Seen,
): Finding {
	const { name, chat, cut, tally } = bridge;
	const { wanted, lost, doubled }: Tally = tally();
	const captions = telegram.sent.filter((one) => one.chat === chat && chat === 'orders');
	const labels = captions.filter(({ text }) => /^Order \d+, MoySklad/.test(text));
	const twice = labels.length - new Set(labels.map(({ text }) => text)).size;
	const refused = telegram.refusals.length;
	return {
		mode: host.mode,
		run: `Bridge ${name}: n8n killed ${turns} times, ${cut} of them in the midst of a run`,
		must: 'each thing is there once: 0 lost, 0 doubled',
		shown:
			`${wanted} things to be written: ${lost.length} lost, ${doubled.length} doubled` +
			(chat === 'orders' ? `; ${twice} labels sent to the packer twice` : '') +
			(overlaps > 0 ? `; ${overlaps} runs began while another one was under way` : '') +
			(refused > 0 ? `; Telegram refused ${refused} messages` : ''),
		met: wanted > 0 && cut > 0 && lost.length + doubled.length + refused === 0,
		figures: {
			wanted,
			lost,
			doubled,
			cut,
			labelsTwice: twice,
			overlaps,
			executions,
			refusals: telegram.refusals,
		},
	};
}
