/**
 * A real n8n as a child process: for `npm start` and for the end-to-end tests.
 *
 * The environment is the one in which n8n 2.41 makes no call to the outside: telemetry, version
 * notes, templates and the modules that poll n8n's own services are off.
 */
import { execFileSync, spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import {
	closeSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'fs';
import { createServer } from 'net';
import { setPriority, tmpdir } from 'os';
import path from 'path';

/** Where n8n is installed (its own package.json and lock). */
export const hostFolder = __dirname;

const script = path.join(hostFolder, 'node_modules', 'n8n', 'bin', 'n8n');

/** The person whom {@link N8nApi.signIn} makes the owner of a fresh n8n. */
export interface Owner {
	email: string;
	/** At least 8 characters with a digit and an upper-case letter. */
	password: string;
	firstName: string;
	lastName: string;
}

export const defaultOwner: Owner = {
	email: 'owner@example.com',
	password: 'RetailOps2026',
	firstName: 'Retail',
	lastName: 'Owner',
};

/** What {@link launchN8n} can be told. */
export interface LaunchOptions {
	/** N8N_USER_FOLDER: database, settings and community packages live in `<userFolder>/.n8n`. */
	userFolder: string;
	/** Command of n8n's CLI with its arguments; default `['start']`. See queue/ for the others. */
	command?: string[];
	/** Port of editor, REST API and webhooks; default: any free one. */
	port?: number;
	/** Added to n8n's environment last. */
	env?: Record<string, string>;
	/** File that takes what n8n prints; default `<userFolder>/n8n.log`. Appended to. */
	log?: string;
	/** Node 24 binary; default: what sandbox/setup.mjs chooses. */
	node?: string;
	/** How long n8n may take to be ready, in ms; default 90 s. */
	readyTimeoutMs?: number;
	/** How far the process gives way to others, 0 (not at all) to 19, as `nice` does it. */
	niceness?: number;
}

/** What a command of n8n's CLI did. */
export interface CliResult {
	status: number;
	stdout: string;
	stderr: string;
	durationMs: number;
}

/** One item as n8n stores it. */
export interface StoredItem {
	json: Record<string, unknown>;
	binary?: Record<string, { fileName?: string }>;
	pairedItem?: unknown;
	error?: unknown;
}

/** What one node did in one execution. */
export interface StoredNodeRun {
	executionStatus?: string;
	executionTime?: number;
	error?: { message?: string; description?: string };
	data?: { main?: Array<StoredItem[] | null> };
}

/** n8n's IRun, as far as the tests read it. */
export interface StoredRun {
	status?: string;
	finished?: boolean;
	mode?: string;
	data: {
		resultData: {
			runData: Record<string, StoredNodeRun[]>;
			error?: { message?: string; description?: string };
			lastNodeExecuted?: string;
		};
	};
}

/** One execution as the public API of n8n tells it. */
export interface StoredExecution extends StoredRun {
	id: string | number;
	workflowId: string;
	startedAt: string;
	stoppedAt: string | null;
}

/** A request that n8n refused. */
export class N8nApiError extends Error {
	constructor(
		readonly method: string,
		readonly url: string,
		readonly status: number,
		readonly body: unknown,
	) {
		super(`n8n answered ${status} to ${method} ${url}: ${JSON.stringify(body)?.slice(0, 500)}`);
		this.name = 'N8nApiError';
	}
}

/** Waits `ms` milliseconds. */
export async function delay(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Asks `probe` every 100 ms until it returns something other than undefined, null or false.
 *
 * @throws Error naming `what` (and the last throw of `probe`) after `timeoutMs`
 */
export async function waitFor<T>(
	what: string,
	probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
	timeoutMs = 30_000,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	let last: unknown;
	for (;;) {
		try {
			const value = await probe();
			if (value !== undefined && value !== null && value !== false) return value;
			last = undefined;
		} catch (error) {
			last = error;
		}
		if (Date.now() > deadline) {
			const why = last instanceof Error ? ` (${last.message})` : '';
			throw new Error(`Waited ${timeoutMs / 1000} s for ${what}${why}`);
		}
		await delay(100);
	}
}

/** A port on 127.0.0.1 that nothing listens on now; `preferred` when it is free. */
export async function freePort(preferred?: number): Promise<number> {
	const tryPort = async (port: number) =>
		await new Promise<number | undefined>((resolve) => {
			const server = createServer();
			server.once('error', () => resolve(undefined));
			server.listen(port, '127.0.0.1', () => {
				const address = server.address();
				server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
			});
		});
	const found = (preferred ? await tryPort(preferred) : undefined) ?? (await tryPort(0));
	if (!found) throw new Error('No free port on 127.0.0.1');
	return found;
}

/** The Node binary that n8n runs on; ask sandbox/setup.mjs, which knows the rules. */
export function resolveHostNode(): string {
	const setup = path.join(path.dirname(hostFolder), 'setup.mjs');
	const answer = execFileSync(process.execPath, [setup, '--json', 'host-node'], {
		encoding: 'utf8',
	});
	const { hostNode } = JSON.parse(answer) as { hostNode: string };
	return hostNode;
}

// n8n must not see the settings of whoever runs us: NODE_ENV=test of jest, npm_config_* of
// `npm run`, an N8N_* or DB_* of the person's own n8n.
const inherited = ['HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

/** The whole environment of an n8n that keeps to itself. */
function n8nEnvironment(options: {
	userFolder: string;
	node: string;
	port: number;
	brokerPort: number;
	env?: Record<string, string>;
}): Record<string, string> {
	const env: Record<string, string> = {};
	for (const name of inherited) {
		const value = process.env[name];
		if (value !== undefined) env[name] = value;
	}
	return {
		...env,
		// n8n starts its task runner with the `node` that it finds on the PATH.
		PATH: [path.dirname(options.node), process.env.PATH ?? ''].join(path.delimiter),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: options.userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(options.port),
		N8N_WEBHOOK_URL: `http://127.0.0.1:${options.port}/`,
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${options.port}/`,
		N8N_RUNNERS_BROKER_PORT: String(options.brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_DISABLED_MODULES: 'mcp-registry,insights,instance-ai',
		NO_COLOR: '1',
		...options.env,
	};
}

/**
 * Runs one command of n8n's CLI to its end, e.g. `['import:workflow', '--input=wf.json']`. Works
 * beside a running n8n too: each call takes its own port for the task broker.
 */
export async function runN8nCli(
	args: string[],
	options: {
		userFolder: string;
		node?: string;
		env?: Record<string, string>;
		timeoutMs?: number;
	},
): Promise<CliResult> {
	const started = Date.now();
	const node = options.node ?? resolveHostNode();
	const env = n8nEnvironment({
		...options,
		node,
		port: await freePort(),
		brokerPort: await freePort(),
	});
	// Into files: n8n ends its process right after printing, and a pipe loses what is not read by then.
	const folder = mkdtempSync(path.join(tmpdir(), 'retail-ops-cli-'));
	const files = { stdout: path.join(folder, 'stdout'), stderr: path.join(folder, 'stderr') };
	const out = openSync(files.stdout, 'w');
	const err = openSync(files.stderr, 'w');
	try {
		const child = spawn(node, [script, ...args], {
			cwd: options.userFolder,
			env,
			stdio: ['ignore', out, err],
			detached: true,
		});
		const timer = setTimeout(() => killTree(child, 'SIGKILL'), options.timeoutMs ?? 120_000);
		const status = await new Promise<number>((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (code) => resolve(code ?? -1));
		}).finally(() => clearTimeout(timer));
		return {
			status,
			stdout: readFileSync(files.stdout, 'utf8'),
			stderr: readFileSync(files.stderr, 'utf8'),
			durationMs: Date.now() - started,
		};
	} finally {
		closeSync(out);
		closeSync(err);
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The run that `n8n execute --rawOutput` prints after its log lines. */
export function parseRawOutput(result: CliResult): StoredRun {
	// Indented JSON: it begins and ends with a line that is one brace. A failed run has text after it.
	for (const [text] of result.stdout.matchAll(/^\{$[^]*?^\}$/gm)) {
		try {
			const run = JSON.parse(text) as Partial<StoredRun>;
			if (run.data?.resultData) return run as StoredRun;
		} catch {
			continue;
		}
	}
	throw new Error(
		`n8n printed no run (status ${result.status}):\n${result.stdout}\n${result.stderr}`,
	);
}

/** The items that `node` put out (its first run, output 0 unless told). */
export function itemsOf(run: StoredRun, node: string, output = 0): StoredItem[] {
	return run.data.resultData.runData[node]?.[0]?.data?.main?.[output] ?? [];
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		// Its own process group: n8n and the task runner that it starts.
		process.kill(-child.pid, signal);
	} catch {
		child.kill(signal);
	}
}

/** n8n's REST API as its editor uses it (session cookie), and its public API. */
export class N8nApi {
	private cookie = '';

	private apiKey = '';

	constructor(readonly url: string) {}

	/**
	 * One request of the editor's API.
	 *
	 * @param pathname below the server, e.g. `/rest/workflows`
	 * @returns the answer's `data` when it has one, else the whole answer
	 * @throws N8nApiError for a status of 400 and above
	 */
	async request<T = unknown>(
		method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
		pathname: string,
		body?: unknown,
	): Promise<T> {
		const headers: Record<string, string> = { accept: 'application/json' };
		if (this.cookie) headers.cookie = this.cookie;
		if (pathname.startsWith('/api/') && this.apiKey) headers['x-n8n-api-key'] = this.apiKey;
		if (body !== undefined) headers['content-type'] = 'application/json';
		const response = await fetch(this.url + pathname, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		for (const entry of response.headers.getSetCookie()) {
			if (entry.startsWith('n8n-auth=')) this.cookie = entry.split(';')[0] ?? '';
		}
		const text = await response.text();
		let answer: unknown = text;
		try {
			answer = JSON.parse(text);
		} catch {
			answer = text;
		}
		if (response.status >= 400) throw new N8nApiError(method, pathname, response.status, answer);
		const isWrapped = typeof answer === 'object' && answer !== null && 'data' in answer;
		if (isWrapped && pathname.startsWith('/rest/')) return (answer as { data: T }).data;
		return answer as T;
	}

	/** The session, for a browser that is to be signed in already. */
	sessionCookie(): { name: string; value: string } {
		const [name, ...value] = this.cookie.split('=');
		return { name, value: value.join('=') };
	}

	/** Signs in; on a fresh n8n makes `owner` its owner first. Returns whether that was needed. */
	async signIn(owner: Owner = defaultOwner): Promise<{ created: boolean }> {
		const settings = await this.request<{
			userManagement: { showSetupOnFirstLoad?: boolean };
		}>('GET', '/rest/settings');
		if (settings.userManagement.showSetupOnFirstLoad) {
			await this.request('POST', '/rest/owner/setup', owner);
			return { created: true };
		}
		await this.request('POST', '/rest/login', {
			emailOrLdapLoginId: owner.email,
			password: owner.password,
		});
		return { created: false };
	}

	/** Publishes the newest version of a workflow; n8n registers its triggers shortly after. */
	async publish(workflowId: string): Promise<void> {
		const { versionId } = await this.request<{ versionId: string }>(
			'GET',
			`/rest/workflows/${workflowId}`,
		);
		await this.request('POST', `/rest/workflows/${workflowId}/activate`, { versionId });
	}

	/** Takes a workflow offline; n8n removes its triggers shortly after. */
	async unpublish(workflowId: string): Promise<void> {
		await this.request('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	}

	/** Executions of a workflow, newest first, with their data. */
	async executions(workflowId: string): Promise<StoredExecution[]> {
		await this.needApiKey();
		const answer = await this.request<{ data: StoredExecution[] }>(
			'GET',
			`/api/v1/executions?workflowId=${workflowId}&includeData=true&limit=100`,
		);
		return answer.data;
	}

	private async needApiKey(): Promise<void> {
		if (this.apiKey) return;
		const scopes = await this.request<string[]>('GET', '/rest/api-keys/scopes');
		const key = await this.request<{ rawApiKey: string }>('POST', '/rest/api-keys', {
			label: `harness ${Date.now()}`,
			expiresAt: null,
			scopes,
		});
		this.apiKey = key.rawApiKey;
	}
}

/** Lets a process give way to others, as `nice` does; `pid` leads a session of its own. */
function giveWay(pid: number, niceness: number): void {
	setPriority(pid, niceness);
	// Linux weighs sessions first, and niceness only within one, unless that is switched off.
	const session = `/proc/${pid}/autogroup`;
	if (existsSync(session)) writeFileSync(session, String(niceness));
}

/** A running n8n. Made by {@link launchN8n}. */
export class N8n {
	readonly url: string;

	readonly api: N8nApi;

	/** From spawn to ready, in ms, of the last start. */
	readyAfterMs = 0;

	private child: ChildProcess | undefined;

	/** Called when n8n ends without having been asked to. */
	onUnexpectedEnd: (why: string) => void = () => undefined;

	private isEnding = false;

	private readonly onExit = () => {
		if (this.child) killTree(this.child, 'SIGKILL');
	};

	constructor(
		readonly options: Required<Pick<LaunchOptions, 'userFolder' | 'port' | 'log' | 'node'>> &
			LaunchOptions,
	) {
		this.url = `http://127.0.0.1:${options.port}`;
		this.api = new N8nApi(this.url);
	}

	/** Its process; 0 while there is none. */
	get pid(): number {
		return this.child?.pid ?? 0;
	}

	/** Starts the process and waits until /healthz/readiness answers 200. */
	async start(): Promise<void> {
		if (this.child) throw new Error('This n8n runs already');
		const { userFolder, node, port, log, command = ['start'] } = this.options;
		const started = Date.now();
		const env = n8nEnvironment({ ...this.options, brokerPort: await freePort() });
		const offset = existsSync(log) ? statSync(log).size : 0;
		const output = openSync(log, 'a');
		const preload = path.join(hostFolder, 'parentWatch.cjs');
		const child = spawn(node, ['--require', preload, script, ...command], {
			cwd: userFolder,
			env,
			stdio: ['ignore', output, output],
			detached: true,
		});
		closeSync(output);
		const { niceness } = this.options;
		// Before node has made its threads, which inherit it.
		if (niceness !== undefined && child.pid !== undefined) giveWay(child.pid, niceness);
		this.child = child;
		this.isEnding = false;
		process.once('exit', this.onExit);
		let failure = '';
		child.once('error', (error) => (failure = error.message));
		child.once('exit', (code, signal) => {
			failure ||= `it ended by itself (${signal ?? code})`;
			process.removeListener('exit', this.onExit);
			if (this.child === child) this.child = undefined;
			if (this.readyAfterMs > 0 && !this.isEnding) this.onUnexpectedEnd(failure);
		});
		const deadline = started + (this.options.readyTimeoutMs ?? 90_000);
		while (!(await this.isReady())) {
			if (!failure && Date.now() > deadline) failure = 'it was not ready in time';
			if (failure) {
				const printed = readFileSync(log, 'utf8').slice(offset).slice(-4000);
				await this.kill();
				throw new Error(`n8n did not start on port ${port}: ${failure}. It printed:\n${printed}`);
			}
			await delay(100);
		}
		this.readyAfterMs = Date.now() - started;
	}

	private async isReady(): Promise<boolean> {
		try {
			const response = await fetch(`${this.url}/healthz/readiness`);
			await response.text();
			return response.status === 200;
		} catch {
			return false;
		}
	}

	/** Asks n8n to end, and its task runner with it; ends it by force after `timeoutMs`. */
	async stop(timeoutMs = 8000): Promise<void> {
		await this.end('SIGTERM', timeoutMs);
	}

	/** Ends it at once, as a crash would. */
	async kill(): Promise<void> {
		await this.end('SIGKILL', 5000);
	}

	/** Stops it and starts it again on the same port and user folder. */
	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	/** Runs a command of the CLI on this n8n's user folder. */
	async cli(args: string[]): Promise<CliResult> {
		const { userFolder, node, env } = this.options;
		return await runN8nCli(args, { userFolder, node, env });
	}

	/** What it has printed so far. */
	printed(): string {
		return existsSync(this.options.log) ? readFileSync(this.options.log, 'utf8') : '';
	}

	private async end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
		const { child } = this;
		if (!child) return;
		this.isEnding = true;
		const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		if (signal === 'SIGKILL') killTree(child, signal);
		else child.kill(signal);
		const timer = setTimeout(() => killTree(child, 'SIGKILL'), timeoutMs);
		await gone;
		clearTimeout(timer);
		// The leader is gone; what it may have left in its group goes too.
		try {
			if (child.pid) process.kill(-child.pid, 'SIGKILL');
		} catch {
			// Nothing was left.
		}
	}
}

/**
 * Starts a real n8n 2.41 and waits until it is ready.
 *
 * @throws Error with the end of its log when it ends early or is not ready in time
 */
export async function launchN8n(options: LaunchOptions): Promise<N8n> {
	mkdirSync(options.userFolder, { recursive: true });
	const n8n = new N8n({
		...options,
		port: options.port ?? (await freePort()),
		log: options.log ?? path.join(options.userFolder, 'n8n.log'),
		node: options.node ?? resolveHostNode(),
	});
	await n8n.start();
	return n8n;
}

/** What `import:credentials` takes: plain data, which n8n encrypts while it imports. */
export interface ImportedCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** What `import:workflow` takes, as far as the import needs it. */
export interface ImportedWorkflow {
	id: string;
	name: string;
	nodes: unknown[];
	connections: Record<string, unknown>;
	[other: string]: unknown;
}

/**
 * Imports credentials or workflows by n8n's CLI; those with the same id are replaced.
 *
 * @throws Error with what the CLI printed when it did not import
 */
export async function importByCli(
	kind: 'credentials' | 'workflow',
	things: ImportedCredential[] | ImportedWorkflow[],
	options: { userFolder: string; node?: string; env?: Record<string, string> },
): Promise<CliResult> {
	const folder = mkdtempSync(path.join(tmpdir(), 'retail-ops-import-'));
	try {
		const file = path.join(folder, `${kind}.json`);
		writeFileSync(file, JSON.stringify(things), { mode: 0o600 });
		const result = await runN8nCli([`import:${kind}`, `--input=${file}`], options);
		if (result.status !== 0) {
			throw new Error(`n8n did not import the ${kind}:\n${result.stdout}\n${result.stderr}`);
		}
		return result;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
