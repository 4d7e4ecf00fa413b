/**
 * `npm start`: a real n8n with its editor, our packed nodes, and the vendor sandbox beside it.
 *
 * Everything lives in `.n8n-host/` in the checkout; delete that folder to begin anew. What has not
 * changed since the last start is not done again.
 */
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import path from 'path';
import { startSandbox } from '../index';
import type { Sandbox } from '../index';
import {
	distFingerprint,
	duration,
	ensureBuild,
	ensureHost,
	installPackedTarball,
	printSetupError,
	SetupError,
	withProgress,
} from '../setup.mjs';
import {
	projectFolder,
	readExampleWorkflows,
	registersWebhooks,
	sandboxCredentialImports,
	sandboxPorts,
} from './fixtures';
import { defaultOwner, freePort, importByCli, launchN8n, N8nApiError } from './n8n';
import type { N8n } from './n8n';
import { FIRST_START, welcome } from './welcome';

const userFolder = path.join(projectFolder, '.n8n-host');
const stateFile = path.join(userFolder, 'state.json');
const pidFile = path.join(userFolder, 'start.pid');
const editorPort = 5678;

/** What earlier starts have put into the user folder, as hashes. */
interface State {
	package?: string;
	credentials?: string;
	workflows: Record<string, string>;
}

function hash(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function readState(): State {
	if (!existsSync(stateFile)) return { workflows: {} };
	return JSON.parse(readFileSync(stateFile, 'utf8')) as State;
}

function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** Two n8n on one SQLite file would spoil it. */
function refuseSecondStart(): void {
	if (!existsSync(pidFile)) return;
	const pid = Number(readFileSync(pidFile, 'utf8'));
	try {
		process.kill(pid, 0);
	} catch {
		rmSync(pidFile, { force: true });
		return;
	}
	throw new SetupError(
		`\`npm start\` of this checkout runs already (process ${pid}).`,
		`Stop that one first (Ctrl-C there). If process ${pid} is another program, delete ` +
			`${path.relative(projectFolder, pidFile)}.`,
	);
}

async function installPackage(state: State): Promise<void> {
	const manifest = readFileSync(path.join(projectFolder, 'package.json'), 'utf8');
	const fingerprint = hash([distFingerprint(), manifest]);
	const target = path.join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-retail-ops');
	if (state.package === fingerprint && existsSync(target)) return;
	await withProgress('Packing the nodes and installing them in n8n', async () => {
		await installPackedTarball({ userFolder });
	});
	state.package = fingerprint;
}

async function startVendors(): Promise<Sandbox> {
	const ports = { ...sandboxPorts };
	for (const name of Object.keys(ports) as Array<keyof typeof ports>) {
		ports[name] = await freePort(sandboxPorts[name]);
		if (ports[name] === sandboxPorts[name]) continue;
		say(`-- Port ${sandboxPorts[name]} is taken: the sandbox's ${name} will be on ${ports[name]}.`);
	}
	return await withProgress('Starting the vendor sandbox', async () => {
		const started = await startSandbox({ ports });
		// Polling triggers look for what changes from now on.
		started.altegio.records.clock = Date.now;
		started.altegio.salon.clock = Date.now;
		return started;
	});
}

async function importEverything(state: State, sandbox: Sandbox, node: string): Promise<void> {
	const credentials = sandboxCredentialImports(sandbox.credentials);
	if (state.credentials !== hash(credentials)) {
		await withProgress('Importing the credentials for the sandbox', async () => {
			await importByCli('credentials', credentials, { userFolder, node });
		});
		state.credentials = hash(credentials);
	}
	const changed = readExampleWorkflows().filter(
		({ workflow }) => state.workflows[workflow.id] !== hash(workflow),
	);
	if (changed.length === 0) return;
	const files = changed.map(({ file }) => file).join(', ');
	await withProgress(`Importing example workflows (${files})`, async () => {
		const workflows = changed.map(({ workflow }) => workflow);
		await importByCli('workflow', workflows, { userFolder, node });
	});
	for (const { workflow } of changed) state.workflows[workflow.id] = hash(workflow);
}

interface WorkflowSummary {
	id: string;
	name: string;
	active?: boolean;
}

/**
 * n8n does not register webhooks anew when it starts, and the sandbox forgets them when it ends:
 * published workflows with a trigger that registers them are taken offline and published again.
 */
async function republishTriggers(n8n: N8n): Promise<string[]> {
	const names: string[] = [];
	const workflows = await n8n.api.request<WorkflowSummary[]>('GET', '/rest/workflows');
	for (const summary of workflows.filter(({ active }) => active)) {
		const workflow = await n8n.api.request<{ nodes: Array<{ type: string }> }>(
			'GET',
			`/rest/workflows/${summary.id}`,
		);
		if (!workflow.nodes.some(({ type }) => registersWebhooks(type))) continue;
		await n8n.api.unpublish(summary.id);
		await n8n.api.publish(summary.id);
		names.push(summary.name);
	}
	return names;
}

async function signIn(n8n: N8n): Promise<boolean> {
	try {
		await n8n.api.signIn();
		return true;
	} catch (error) {
		if (!(error instanceof N8nApiError)) throw error;
		say(`-- The owner of this n8n is another one now (${error.status}); its login is yours.`);
		return false;
	}
}

function readPort(): number {
	const argument = process.argv.find((word) => word.startsWith('--port='));
	const port = Number(argument?.slice('--port='.length) ?? editorPort);
	if (!Number.isInteger(port) || port < 1 || port > 65535) {
		throw new SetupError(`${argument} is not a port.`, 'Use e.g. `npm start -- --port=5680`.');
	}
	return port;
}

async function nextFreePort(wanted: number): Promise<number> {
	for (let port = wanted; port < Math.min(wanted + 50, 65536); port += 1) {
		if ((await freePort(port)) !== port) continue;
		if (port !== wanted) say(`-- Port ${wanted} is taken: n8n will be on ${port}.`);
		return port;
	}
	return await freePort();
}

const open: { n8n?: N8n; sandbox?: Sandbox; pidFile?: string; stoppingSince?: number } = {};

async function stop(reason: string, status: number): Promise<void> {
	if (open.stoppingSince !== undefined) {
		// A terminal and npm may both pass the same Ctrl-C on; one a second later is another one.
		if (Date.now() - open.stoppingSince > 1000) process.exit(130);
		return;
	}
	open.stoppingSince = Date.now();
	say();
	say(`${reason}: stopping.`);
	await open.n8n?.stop();
	await open.sandbox?.close();
	if (open.pidFile) rmSync(open.pidFile, { force: true });
	say(`Stopped after ${duration(Date.now() - open.stoppingSince)}.`);
	process.exit(status);
}

async function main(): Promise<void> {
	const started = Date.now();
	const wanted = readPort();
	refuseSecondStart();
	mkdirSync(userFolder, { recursive: true });
	writeFileSync(pidFile, String(process.pid));
	open.pidFile = pidFile;

	if (!existsSync(path.join(projectFolder, 'sandbox', 'n8n', 'node_modules', 'n8n'))) {
		for (const line of FIRST_START) say(line);
	}
	await ensureBuild();
	const host = await ensureHost();
	const state = readState();
	await installPackage(state);
	open.sandbox = await startVendors();
	await importEverything(state, open.sandbox, host.node);
	writeFileSync(stateFile, `${JSON.stringify(state, null, '\t')}\n`);

	const port = await nextFreePort(wanted);
	const log = path.join(userFolder, 'n8n.log');
	rmSync(log, { force: true });
	open.n8n = await withProgress(
		`Starting n8n ${host.n8nVersion} on Node ${host.nodeVersion}`,
		async () => await launchN8n({ userFolder, port, node: host.node, log }),
	);
	open.n8n.onUnexpectedEnd = (why) => {
		say(`n8n ended: ${why}. The end of its log:\n${open.n8n?.printed().slice(-2000)}`);
		void stop('n8n is gone', 1);
	};
	const isOurOwner = await signIn(open.n8n);
	if (isOurOwner) {
		for (const name of await republishTriggers(open.n8n)) {
			say(`-- Published "${name}" again: the sandbox begins without webhooks.`);
		}
	}
	say(`ok Started in ${duration(Date.now() - started)}`);
	say();
	const owner = isOurOwner ? defaultOwner : undefined;
	for (const line of welcome(open.n8n.url, open.sandbox.urls, owner)) say(line);
	say();
	say(`n8n's log is in ${path.relative(projectFolder, log)}. Stop with Ctrl-C.`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => void stop(signal, 0));
}
main().catch(async (error: unknown) => {
	printSetupError(error);
	await stop('Not started', 1);
});
