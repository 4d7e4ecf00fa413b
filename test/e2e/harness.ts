/**
 * What the end-to-end tests share: a user folder with the packed package in it, a real n8n on it,
 * the sandbox, and builders for the workflows that they import.
 */
import { execFileSync, spawn } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { credentialReferences, projectFolder } from '../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import type { ImportedWorkflow } from '../../sandbox/n8n/n8n';

// A node takes milliseconds, but every command of n8n's CLI takes seconds, and CI is slow.
jest.setTimeout(180_000);

/** Time for a whole set-up in beforeAll: on a fresh clone it installs n8n. */
export const setUpTimeoutMs = 20 * 60_000;

/** The package's name and the prefix of its node types. */
export const packageName = 'n8n-nodes-retail-ops';

export const nodeTypes = [
	'moySklad',
	'moySkladDocuments',
	'moySkladTrigger',
	'moySkladPollingTrigger',
	'yandexMarket',
	'altegio',
	'altegioTrigger',
	'altegioPollingTrigger',
	'inspectorCloud',
	'inspectorCloudPollingTrigger',
	'inspectorCloudReportReadyTrigger',
	'yandexMarketTrigger',
	'yandexMarketPollingTrigger',
] as const;

export type NodeTypeName = (typeof nodeTypes)[number];

/** What the steps of sandbox/setup.mjs answer, by step. */
export interface SetUp {
	host?: { node: string; nodeVersion: string; n8nVersion: string };
	chromium?: { path: string | null; reason: string };
	pack?: { folder: string; tarball: string; version: string; files: string[] };
}

/**
 * Runs steps of sandbox/setup.mjs. In a process of its own, since jest cannot load an ES module;
 * its progress goes to stderr.
 */
export async function setUp(...steps: string[]): Promise<SetUp> {
	const script = path.join(projectFolder, 'sandbox', 'setup.mjs');
	return await new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [script, '--json', ...steps], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let answer = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (answer += text));
		child.on('error', reject);
		child.on('close', (status) => {
			if (status === 0) resolve(JSON.parse(answer) as SetUp);
			else reject(new Error(`sandbox/setup.mjs ${steps.join(' ')} ended with status ${status}`));
		});
	});
}

/**
 * The browser of this machine; on Debian as root it is installed first. Synchronous, since whether a
 * test is skipped must be known before any runs.
 */
export function findBrowser(): { path: string | null; reason: string } {
	const script = path.join(projectFolder, 'sandbox', 'setup.mjs');
	const answer = execFileSync(process.execPath, [script, '--json', 'chromium'], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const { chromium } = JSON.parse(answer) as SetUp;
	return chromium ?? { path: null, reason: 'sandbox/setup.mjs did not answer for "chromium"' };
}

/** A user folder of n8n with the package in it, exactly as `npm pack` makes it. */
export interface PreparedFolder {
	userFolder: string;
	/** Node 24 binary. */
	node: string;
	/** Paths inside the tarball. */
	files: string[];
	/** Where the package lies in the user folder. */
	packageFolder: string;
	remove(): void;
}

/** Builds the nodes, installs n8n where that is still to be done, and packs into a new folder. */
export async function prepareUserFolder(): Promise<PreparedFolder> {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'retail-ops-e2e-'));
	const { host, pack } = await setUp('build', 'host', `pack=${userFolder}`);
	if (!host || !pack) throw new Error('sandbox/setup.mjs did not answer for "host" and "pack"');
	return {
		userFolder,
		node: host.node,
		files: pack.files,
		packageFolder: pack.folder,
		remove: () => rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 }),
	};
}

/** One node of a workflow that is to be imported. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** A node of ours with the sandbox's credential. */
export function ourNode(
	type: NodeTypeName,
	credential: CredentialType,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return {
		id: `node-${type}`,
		name: type,
		type: `${packageName}.${type}`,
		typeVersion: type === 'moySkladTrigger' ? 2 : 1,
		position: [220, 0],
		parameters,
		credentials: { [credential]: credentialReferences[credential] },
		...settings,
	};
}

/** A workflow of nodes in a row, each connected to the next. */
export function workflowOf(id: string, nodes: WorkflowNode[]): ImportedWorkflow {
	const connections: Record<string, unknown> = {};
	nodes.slice(1).forEach((node, index) => {
		connections[nodes[index].name] = { main: [[{ node: node.name, type: 'main', index: 0 }]] };
	});
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' }, active: false };
}

/** A workflow that a person starts: Manual Trigger, then `node`. */
export function manualWorkflow(id: string, node: WorkflowNode): ImportedWorkflow {
	const start: WorkflowNode = {
		id: 'node-start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return workflowOf(id, [start, node]);
}

/** Value of a resource locator, given by ID. */
export function byId(value: string | number): Record<string, unknown> {
	return { __rl: true, mode: 'id', value: String(value) };
}
