/**
 * What the queue-mode tests share: the group of processes, the sandbox, and a shop beside them that takes down what the
 * workflows do to the world.
 */
import { spawn } from 'child_process';
import path from 'path';
import { startSandbox } from '../../sandbox';
import type { Delivery, Sandbox, SandboxOptions } from '../../sandbox';
import { projectFolder, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import type { ImportedWorkflow } from '../../sandbox/n8n/n8n';
import { waitFor } from '../../sandbox/n8n/n8n';
import { ourNode } from '../../sandbox/n8n/nodes';
import type { WorkflowNode } from '../../sandbox/n8n/nodes';
import type { QueueMode, QueueModeOptions } from '../../sandbox/n8n/queue';
import { startQueueMode } from '../../sandbox/n8n/queue';
import { listenOnLoopback } from '../loopback';
import type { Loopback } from '../loopback';

/** Time for a whole set-up in beforeAll: on a fresh clone it installs n8n, Redis and PostgreSQL. */
export const setUpTimeoutMs = 25 * 60_000;

/** One call of a workflow to the outer world. */
export interface Effect {
	/** Epoch ms. */
	at: number;
	/** The execution that made it. */
	executionId: number;
	/** The item that it was made for. */
	json: Record<string, unknown>;
}

/** The outer world of the workflows: takes POSTs, answers after a while, and keeps all of them. */
export class Ledger {
	readonly effects: Effect[] = [];

	/** How long an answer takes, in ms: what a workflow's own work takes. */
	delayMs = 0;

	private server: Loopback | undefined;

	url = '';

	async listen(): Promise<void> {
		this.server = await listenOnLoopback((body, _request, response) => {
			const { executionId, ...json } = JSON.parse(body.toString('utf8')) as {
				executionId: string;
			};
			this.effects.push({ at: Date.now(), executionId: Number(executionId), json });
			setTimeout(() => {
				response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
			}, this.delayMs);
		});
		this.url = `${this.server.url}/`;
	}

	/** How often something was done for each of the events, by the events' `requestId`. */
	timesDone(requestIds: string[]): Map<string, number> {
		const times = new Map(requestIds.map((id) => [id, 0]));
		for (const { json } of this.effects) {
			const id = String(json.requestId);
			if (times.has(id)) times.set(id, (times.get(id) ?? 0) + 1);
		}
		return times;
	}

	async close(): Promise<void> {
		await this.server?.close();
	}
}

/** A node of ours with the sandbox's MoySklad credential. */
export function moySkladNode(
	type: 'moySklad' | 'moySkladTrigger',
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return ourNode(type, 'moySkladApi', parameters, { position: [0, 0], ...settings });
}

/** The sandbox's MoySklad credential, told that two workers share its limit. */
export const sharedCredential = { id: 'sandboxMoySklad02', name: 'MoySklad (two workers)' };

/** A node that tells the ledger of each item. */
export function tellLedger(ledger: Ledger): WorkflowNode {
	return {
		id: 'node-tell',
		name: 'Tell',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [220, 0],
		parameters: {
			method: 'POST',
			url: ledger.url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify({ ...$json, executionId: $execution.id }) }}',
			options: {},
		},
	};
}

/** Everything that a test file needs, running. */
export interface House {
	sandbox: Sandbox;
	group: QueueMode;
	ledger: Ledger;
	close(): Promise<void>;
}

/** Builds the nodes and installs n8n where that is still to be done. In a process of its own: it is an ES module. */
async function setUp(): Promise<void> {
	const script = path.join(projectFolder, 'sandbox', 'setup.mjs');
	await new Promise<void>((resolve, reject) => {
		const child = spawn(process.execPath, [script, '--json', 'build', 'host'], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		child.on('error', reject);
		child.on('close', (status) => {
			if (status === 0) resolve();
			else reject(new Error(`sandbox/setup.mjs build host ended with status ${status}`));
		});
	});
}

/**
 * Starts sandbox, ledger and the group, imports the sandbox's credentials and the workflows that `declare` makes, signs
 * in and publishes those workflows that begin with a trigger.
 */
export async function openHouse(
	declare: (ledger: Ledger) => ImportedWorkflow[],
	options: { queue?: QueueModeOptions; sandbox?: SandboxOptions } = {},
): Promise<House> {
	await setUp();
	const ledger = new Ledger();
	await ledger.listen();
	const sandbox = await startSandbox({ assortmentRows: 5000, ...options.sandbox });
	const close = async (group?: QueueMode): Promise<void> => {
		await group?.stop();
		await sandbox.close();
		await ledger.close();
	};
	let group: QueueMode | undefined;
	try {
		const workflows = declare(ledger);
		group = await startQueueMode({
			say: (line) => process.stderr.write(`   ${line}\n`),
			...options.queue,
			credentials: [
				...sandboxCredentialImports(sandbox.credentials),
				{
					...sharedCredential,
					type: 'moySkladApi',
					data: { ...sandbox.credentials.moySkladApi, processes: 2 },
				},
			],
			workflows,
		});
		const { api } = group.main;
		await api.signIn();
		for (const { id } of workflows) await api.publish(id);
		const running = group;
		return { sandbox, group, ledger, close: async () => await close(running) };
	} catch (error) {
		await close(group);
		throw error;
	}
}

/** Changes products at the sandbox's MoySklad, `perSecond` of them, and returns the notifications of all. */
export async function changeProducts(
	sandbox: Sandbox,
	count: number,
	perSecond: number,
	eachTime?: (index: number) => Promise<void> | void,
): Promise<Delivery[]> {
	const started = Date.now();
	const deliveries: Delivery[] = [];
	for (let index = 0; index < count; index++) {
		const wait = started + (index * 1000) / perSecond - Date.now();
		if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
		deliveries.push(...sandbox.moysklad.change('product', 'UPDATE').deliveries);
		await eachTime?.(index);
	}
	return deliveries;
}

/** Waits until no execution of the workflow is new or running any more; returns how long that took, in ms. */
export async function untilSettled(
	group: QueueMode,
	workflowId: string,
	timeoutMs: number,
): Promise<number> {
	const started = Date.now();
	await waitFor(
		'all executions to end',
		async () => {
			const rows = await group.executions(workflowId);
			return rows.every(({ status }) => status !== 'new' && status !== 'running');
		},
		timeoutMs,
	);
	return Date.now() - started;
}
