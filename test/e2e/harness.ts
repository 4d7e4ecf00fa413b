/**
 * What the end-to-end tests share: a user folder with the packed package in it, a real n8n on it,
 * and the workflow that a person starts.
 */
import { execFileSync, spawn } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { projectFolder } from '../../sandbox/n8n/fixtures';
import type { ImportedWorkflow } from '../../sandbox/n8n/n8n';
import { workflowOf } from '../../sandbox/n8n/nodes';
import type { WorkflowNode } from '../../sandbox/n8n/nodes';

// A node takes milliseconds, but every command of n8n's CLI takes seconds, and CI is slow.
jest.setTimeout(180_000);

/** Time for a whole set-up in beforeAll: on a fresh clone it installs n8n. */
export const setUpTimeoutMs = 20 * 60_000;

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
