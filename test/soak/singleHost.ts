/** n8n in one process with SQLite, the packed package in it, and the sandbox that calls it. */
import { execFile } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import path from 'path';
import { promisify } from 'util';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { projectFolder, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import type { N8n, N8nApi, StoredRun } from '../../sandbox/n8n/n8n';
import {
	hostFolder,
	importByCli,
	launchN8n,
	resolveHostNode,
	waitFor,
} from '../../sandbox/n8n/n8n';
import { eventsOf, startedWith } from './count';
import { memorySettings } from './memory';
import { N8N_SETTINGS } from './types';
import type { Host, PassedOn, Stage } from './types';

const run = promisify(execFile);

/** An execution of n8n, without its data. */
export interface Execution {
	id: number;
	status: string;
	mode: string;
	startedAt: string | null;
	stoppedAt: string | null;
}

interface Row {
	[column: string]: unknown;
}

/** The driver that n8n brings with it, as far as it is used. */
interface Sqlite {
	OPEN_READONLY: number;
	Database: new (file: string, mode: number, done: (error: Error | null) => void) => Database;
}

interface Database {
	configure(name: 'busyTimeout', ms: number): void;
	all(sql: string, values: unknown[], done: (error: Error | null, rows: Row[]) => void): void;
	close(done: () => void): void;
}

const hostRequire = createRequire(path.join(hostFolder, 'package.json'));

/** Running. Made by {@link startSingleHost}. */
export class SingleHost implements Host {
	readonly mode = 'single';

	private isStopped = false;

	constructor(
		readonly sandbox: Sandbox,
		readonly n8n: N8n,
		private readonly folder: string,
		private readonly logs: string,
		/** The environment of the next start; may be changed. */
		readonly env: Record<string, string>,
	) {}

	get url(): string {
		return this.n8n.url;
	}

	get api(): N8nApi {
		return this.n8n.api;
	}

	pids(): number[] {
		return [this.n8n.pid];
	}

	async isReady(): Promise<boolean> {
		try {
			const answer = await fetch(`${this.n8n.url}/healthz/readiness`);
			await answer.text();
			return answer.status === 200;
		} catch {
			return false;
		}
	}

	async publish(workflowId: string): Promise<void> {
		await this.api.publish(workflowId);
	}

	async unpublish(workflowId: string): Promise<void> {
		await this.api.unpublish(workflowId);
	}

	async passedOn(workflowId: string): Promise<PassedOn[]> {
		const passed: PassedOn[] = [];
		for await (const { id, status, run } of this.runs(workflowId)) {
			passed.push(...eventsOf(run, id, status));
		}
		return passed;
	}

	async items(workflowId: string): Promise<Array<Record<string, unknown>>> {
		const items: Array<Record<string, unknown>> = [];
		for await (const { status, run } of this.runs(workflowId)) {
			if (status === 'success') items.push(...startedWith(run));
		}
		return items;
	}

	/** The executions of a workflow with their data, oldest first. */
	private async *runs(
		workflowId: string,
	): AsyncGenerator<{ id: number; status: string; run: StoredRun }> {
		const { parse } = hostRequire('flatted') as { parse: (text: string) => StoredRun['data'] };
		// Some at a time: the data of a long run do not fit into one array of texts.
		for (let after = 0; ;) {
			const rows = (await this.sql(
				`select e.id, e.status, d.data from execution_entity e
				join execution_data d on d.executionId = e.id
				where e.workflowId = ? and e.id > ? order by e.id limit 200`,
				[workflowId, after],
			)) as Array<{ id: number; status: string; data: string }>;
			if (rows.length === 0) return;
			for (const { id, status, data } of rows) {
				yield { id, status, run: { data: parse(data) } };
				after = id;
			}
		}
	}

	async executions(workflowId: string): Promise<Record<string, number>> {
		const rows = (await this.sql(
			'select status, count(*) as many from execution_entity where workflowId = ? group by status',
			[workflowId],
		)) as Array<{ status: string; many: number }>;
		return Object.fromEntries(rows.map(({ status, many }) => [status, many]));
	}

	/** The executions of a workflow, oldest first. */
	async executionList(workflowId: string): Promise<Execution[]> {
		const rows = await this.sql(
			`select id, status, mode, startedAt, stoppedAt from execution_entity
			where workflowId = ? order by id`,
			[workflowId],
		);
		return rows as unknown as Execution[];
	}

	async settled(timeoutMs: number): Promise<void> {
		await waitFor(
			'all executions to end',
			async () => {
				const [row] = (await this.sql(
					`select count(*) as many from execution_entity
					where status in ('new', 'waiting', 'running')`,
				)) as Array<{ many: number }>;
				return row.many === 0;
			},
			timeoutMs,
		);
	}

	printed(): string {
		return this.n8n.printed();
	}

	memoryMb(): number {
		const file = `/proc/${this.n8n.pid}/status`;
		const kb = existsSync(file) ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] : '0';
		return Math.round(Number(kb ?? 0) / 1024);
	}

	/** Asks n8n's database, which n8n may have open. */
	async sql(query: string, values: unknown[] = []): Promise<Row[]> {
		const sqlite = hostRequire('sqlite3') as Sqlite;
		const file = path.join(this.folder, '.n8n', 'database.sqlite');
		return await new Promise<Row[]>((resolve, reject) => {
			const database = new sqlite.Database(file, sqlite.OPEN_READONLY, (broken) => {
				if (broken) return reject(broken);
				database.configure('busyTimeout', 10_000);
				database.all(query, values, (error, rows) =>
					database.close(() => (error ? reject(error) : resolve(rows))),
				);
			});
		});
	}

	/** Ends n8n as the out-of-memory killer does. */
	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	/** Starts n8n on its data again, with what `env` has become. */
	async start(): Promise<void> {
		await this.n8n.start();
	}

	async stop(): Promise<void> {
		if (this.isStopped) return;
		this.isStopped = true;
		await this.n8n.stop(15_000);
		await this.sandbox.close();
		const { log } = this.n8n.options;
		if (existsSync(log)) cpSync(log, path.join(this.logs, 'n8n.log'));
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** How a host is opened. */
export interface HostOptions {
	/** Added to n8n's environment. */
	env?: Record<string, string>;
	/** Folder that gets n8n's log when the host stops. */
	logs: string;
	say: Stage['say'];
}

/**
 * Starts the sandbox, packs the package (dist must be built), imports the sandbox's credentials, starts n8n, signs in.
 * Takes half a minute.
 *
 * @throws Error with the end of n8n's log when it does not start; nothing is left running then
 */
export async function startSingleHost({ env = {}, logs, say }: HostOptions): Promise<SingleHost> {
	mkdirSync(logs, { recursive: true });
	const folder = mkdtempSync(path.join(tmpdir(), 'retail-ops-soak-'));
	let sandbox: Sandbox | undefined;
	let n8n: N8n | undefined;
	try {
		say('Sandbox');
		sandbox = await startSandbox();
		say('Package');
		const setup = path.join(projectFolder, 'sandbox', 'setup.mjs');
		await run(process.execPath, [setup, '--json', `pack=${folder}`]);
		const node = resolveHostNode();
		const environment = { ...N8N_SETTINGS, ...memorySettings(), ...env };
		say('Credentials');
		const credentials = sandboxCredentialImports(sandbox.credentials);
		await importByCli('credentials', credentials, { userFolder: folder, node, env: environment });
		say('n8n');
		n8n = await launchN8n({ userFolder: folder, node, env: environment });
		await n8n.api.signIn();
		return new SingleHost(sandbox, n8n, folder, logs, environment);
	} catch (error) {
		await n8n?.kill();
		await sandbox?.close();
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
		throw error;
	}
}
