/**
 * n8n in queue mode with real components: PostgreSQL, Redis, n8n's main process, webhook processors and workers, and a
 * reverse proxy before them. Everything lies in one folder, listens on free ports of loopback, and ends with the
 * process that started it.
 */
import { execFile } from 'child_process';
import { randomBytes } from 'crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { createRequire } from 'module';
import { availableParallelism, tmpdir } from 'os';
import path from 'path';
import { promisify } from 'util';
import type { ImportedCredential, ImportedWorkflow, StoredRun } from '../n8n';
import {
	freePort,
	hostFolder,
	importByCli,
	launchN8n,
	N8n,
	resolveHostNode,
	waitFor,
} from '../n8n';
import type { UpstreamCount } from './front';
import { Front } from './front';
import { ensureServers } from './packages';
import type { RedisPersistence } from './servers';
import { Postgres, Redis } from './servers';

export { Front } from './front';
export type { UpstreamCount } from './front';
export { ensureServers, ServersMissing, serverPackages } from './packages';
export type { RedisPersistence } from './servers';
export { Postgres, Redis, Server } from './servers';

const run = promisify(execFile);

/**
 * A worker gets a quarter of what a webhook processor gets when both want the processor, as with `cpu_shares: 256` in
 * deploy/docker-compose.yml: who calls waits for an answer, an execution can wait itself.
 */
const WORKER_NICENESS = 6;

/** What {@link startQueueMode} can be told. */
export interface QueueModeOptions {
	/** Where everything lies. Default: a new temporary folder, which `stop` removes. Must be empty. */
	folder?: string;
	/** Processes of `n8n webhook`, default 2. */
	webhookProcessors?: number;
	/** Processes of `n8n worker`, default 2. */
	workers?: number;
	/** Executions that a worker runs at a time, default 5. */
	concurrency?: number;
	/** Added to the environment of every n8n process, last. */
	env?: Record<string, string>;
	/** How much of Redis survives a crash. */
	redis?: RedisPersistence;
	/** Imported before the first start; those with a trigger are not published yet. */
	credentials?: ImportedCredential[];
	workflows?: ImportedWorkflow[];
	/** Our package, unpacked as `npm pack` makes it. Default: packed from the checkout's dist, which must be built. */
	packageFolder?: string;
	/** Hears what is being done, a line at a time. */
	say?: (line: string) => void;
}

/** How long one step of the start took. */
export interface StartStep {
	step: string;
	ms: number;
}

/** An execution as PostgreSQL holds it. */
export interface ExecutionRow {
	id: number;
	status: string;
	mode: string;
	retryOf: string | null;
	createdAt: Date;
	startedAt: Date | null;
	stoppedAt: Date | null;
}

/** One line of a process's log that tells of an execution. */
export interface JobLine {
	/** `enqueued` by a webhook processor or main, the others by a worker. */
	what: 'enqueued' | 'started' | 'finished';
	executionId: number;
	jobId: string;
}

/** Names of the processes, as in the logs' file names. */
export type PartName = 'main' | `webhook-${number}` | `worker-${number}`;

const packageName = 'n8n-nodes-retail-ops';

/** The environment that makes an n8n a part of the group; n8n docs: Queue mode, Environment variables. */
function queueEnvironment(parts: {
	redis: Redis;
	postgres: Postgres;
	front: string;
	encryptionKey: string;
}): Record<string, string> {
	const { redis, postgres, front, encryptionKey } = parts;
	return {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: encryptionKey,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_BULL_REDIS_PASSWORD: redis.password,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_DATABASE: postgres.database,
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_PASSWORD: postgres.password,
		N8N_WEBHOOK_URL: `${front}/`,
		N8N_PROXY_HOPS: '1',
		// Webhooks are the business of the webhook processors.
		N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		// Workers answer /healthz/readiness only when they are told to.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
}

/** The group, running. Made by {@link startQueueMode}. */
export class QueueMode {
	/** From nothing to ready, step by step. */
	readonly steps: StartStep[] = [];

	main!: N8n;

	webhooks: N8n[] = [];

	workers: N8n[] = [];

	private isStopped = false;

	constructor(
		readonly folder: string,
		private readonly isOurFolder: boolean,
		readonly redis: Redis,
		readonly postgres: Postgres,
		readonly front: Front,
		/** What all n8n processes share. */
		readonly env: Record<string, string>,
	) {}

	/** Address that the world (here: the sandbox's MoySklad) calls; no trailing slash. */
	get url(): string {
		return this.front.url;
	}

	/** All n8n processes by name. */
	parts(): Array<{ name: PartName; n8n: N8n }> {
		return [
			{ name: 'main', n8n: this.main },
			...this.webhooks.map((n8n, index) => ({ name: `webhook-${index + 1}` as const, n8n })),
			...this.workers.map((n8n, index) => ({ name: `worker-${index + 1}` as const, n8n })),
		];
	}

	/** Ends a worker at once, as the out-of-memory killer does. `index` from 0. */
	async killWorker(index: number): Promise<void> {
		await this.part(this.workers, index).kill();
	}

	/** Starts a worker that was killed or stopped; `env` is added to its environment, for later starts as well. */
	async startWorker(index: number, env: Record<string, string> = {}): Promise<void> {
		const worker = this.part(this.workers, index);
		Object.assign(worker.options.env ?? {}, env);
		await worker.start();
	}

	/** Ends a webhook processor at once. `index` from 0. */
	async killWebhook(index: number): Promise<void> {
		await this.part(this.webhooks, index).kill();
	}

	/** Starts a webhook processor that was killed or stopped. */
	async startWebhook(index: number): Promise<void> {
		await this.part(this.webhooks, index).start();
	}

	/** Stops Redis as an administrator does, or kills it, and starts it again on its data after `downMs`. */
	async restartRedis(options: { kill?: boolean; downMs?: number } = {}): Promise<void> {
		await this.redis.restart(options);
	}

	/** The same for PostgreSQL. */
	async restartPostgres(options: { kill?: boolean; downMs?: number } = {}): Promise<void> {
		await this.postgres.restart(options);
	}

	/** Starts every n8n process that has ended: n8n leaves when Redis is away for over 10 s. */
	async startFallen(): Promise<PartName[]> {
		const fallen = this.parts().filter(({ n8n }) => n8n.pid === 0);
		for (const { n8n } of fallen) await n8n.start();
		return fallen.map(({ name }) => name);
	}

	/** Asks PostgreSQL; parameters are $1, $2, … */
	async sql<T>(query: string, parameters: unknown[] = []): Promise<T[]> {
		const { Client } = hostRequire('pg') as { Client: new (config: object) => PgClient };
		const { port, user, password, database } = this.postgres;
		const client = new Client({ host: '127.0.0.1', port, user, password, database });
		await client.connect();
		try {
			const { rows } = await client.query(query, parameters);
			return rows as T[];
		} finally {
			await client.end();
		}
	}

	/** Executions of a workflow, oldest first, without their data. */
	async executions(workflowId: string): Promise<ExecutionRow[]> {
		return await this.sql<ExecutionRow>(
			`select id::int, status, mode, "retryOf", "createdAt", "startedAt", "stoppedAt"
			from execution_entity where "workflowId" = $1 and "deletedAt" is null order by id`,
			[workflowId],
		);
	}

	/** Executions of a workflow with what every node put out, oldest first. */
	async runs(workflowId: string): Promise<Array<ExecutionRow & StoredRun>> {
		const rows = await this.sql<ExecutionRow & { data: string }>(
			`select e.id::int, e.status, e.mode, e."retryOf", e."createdAt", e."startedAt", e."stoppedAt", d.data
			from execution_entity e join execution_data d on d."executionId" = e.id
			where e."workflowId" = $1 and e."deletedAt" is null order by e.id`,
			[workflowId],
		);
		const { parse } = hostRequire('flatted') as { parse: (text: string) => StoredRun['data'] };
		return rows.map(({ data, ...row }) => ({ ...row, data: parse(data) }));
	}

	/** What a process's log tells of executions, in order. n8n writes these lines at its level `info`. */
	jobs(name: PartName): JobLine[] {
		const { n8n } = this.parts().find((part) => part.name === name) as { n8n: N8n };
		const pattern = /(Enqueued|Worker started|Worker finished) execution (\d+) \(job (\w+)\)/g;
		return [...n8n.printed().matchAll(pattern)].map(([, verb, executionId, jobId]) => ({
			what: verb === 'Enqueued' ? 'enqueued' : verb === 'Worker started' ? 'started' : 'finished',
			executionId: Number(executionId),
			jobId,
		}));
	}

	/** How many jobs wait for a worker and how many are with one, by Redis. */
	async queue(): Promise<{ waiting: number; active: number }> {
		const [waiting, prioritised, active] = await Promise.all([
			this.redis.cli('llen', 'bull:jobs:wait'),
			this.redis.cli('zcard', 'bull:jobs:priority'),
			this.redis.cli('llen', 'bull:jobs:active'),
		]);
		return { waiting: Math.max(Number(waiting), Number(prioritised)), active: Number(active) };
	}

	/** What the reverse proxy has passed on, by process. */
	passedOn(): UpstreamCount[] {
		return this.front.counts();
	}

	/** Resident memory of the n8n processes in MB (Linux). */
	memory(): Array<{ name: PartName; mb: number }> {
		return this.parts().map(({ name, n8n }) => {
			const file = `/proc/${n8n.pid}/status`;
			const kb = existsSync(file) ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] : '0';
			return { name, mb: Math.round(Number(kb ?? 0) / 1024) };
		});
	}

	/** Ends everything, n8n first, and removes the folder when it was ours. */
	async stop(): Promise<void> {
		if (this.isStopped) return;
		this.isStopped = true;
		await this.front.close();
		const processes = [this.main, ...this.webhooks, ...this.workers].filter(Boolean);
		await Promise.all(processes.map(async (n8n) => await n8n.stop(15_000)));
		await Promise.all([this.redis.stop(), this.postgres.stop()]);
		if (this.isOurFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	private part(list: N8n[], index: number): N8n {
		const part = list[index];
		if (!part)
			throw new RangeError(`There are ${list.length} of these processes, none is ${index}`);
		return part;
	}
}

interface PgClient {
	connect(): Promise<void>;
	query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
	end(): Promise<void>;
}

/** A package of the n8n that is installed in sandbox/n8n. */
function hostRequire(name: string): unknown {
	return createRequire(path.join(hostFolder, 'package.json'))(name);
}

async function packInto(userFolder: string): Promise<string> {
	const setup = path.join(path.dirname(hostFolder), 'setup.mjs');
	await run(process.execPath, [setup, '--json', `pack=${userFolder}`]);
	return packageIn(userFolder);
}

function packageIn(userFolder: string): string {
	return path.join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);
}

/**
 * Starts n8n in queue mode and waits until every process is ready. Takes one to two minutes on two cores.
 *
 * @throws ServersMissing when Redis or PostgreSQL is missing and cannot be installed
 * @throws Error with the end of a log when a process does not start; nothing is left running then
 */
export async function startQueueMode(options: QueueModeOptions = {}): Promise<QueueMode> {
	const say = options.say ?? (() => undefined);
	const isOurFolder = options.folder === undefined;
	const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'retail-ops-queue-'));
	const logs = path.join(folder, 'logs');
	mkdirSync(logs, { recursive: true });
	chmodSync(folder, 0o711);
	const logOf = (name: string) => path.join(logs, `${name}.log`);
	const userFolderOf = (name: string) => path.join(folder, name);
	const secret = () => randomBytes(16).toString('hex');

	const servers = await ensureServers(say);
	const node = resolveHostNode();
	const steps: StartStep[] = [];
	const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
		say(step);
		const started = Date.now();
		const result = await work();
		steps.push({ step, ms: Date.now() - started });
		return result;
	};

	const redis = await Redis.make(servers, secret(), options.redis ?? {}, {
		folder: path.join(folder, 'redis'),
		log: logOf('redis'),
	});
	const postgres = await timed('PostgreSQL: new cluster', async () => {
		return await Postgres.make(servers, secret(), {
			folder: path.join(folder, 'postgres'),
			log: logOf('postgres'),
		});
	});
	const front = new Front();
	await front.listen();
	const env = {
		...queueEnvironment({ redis, postgres, front: front.url, encryptionKey: secret() }),
		...options.env,
	};
	const group = new QueueMode(folder, isOurFolder, redis, postgres, front, env);
	try {
		await timed('Redis', async () => await redis.start());
		await timed('PostgreSQL', async () => {
			await postgres.start();
			await postgres.createDatabase();
		});
		const mainFolder = userFolderOf('main');
		mkdirSync(mainFolder, { recursive: true });
		await timed('Package', async () => {
			if (options.packageFolder) {
				cpSync(options.packageFolder, packageIn(mainFolder), { recursive: true });
			} else await packInto(mainFolder);
		});
		const cli = { userFolder: mainFolder, node, env };
		for (const kind of ['credentials', 'workflows'] as const) {
			const things = options[kind] ?? [];
			if (things.length === 0) continue;
			await timed(`Import of ${kind}`, async () => {
				await importByCli(kind === 'workflows' ? 'workflow' : kind, things, cli);
			});
		}
		const launch = async (name: PartName, command: string[]): Promise<N8n> =>
			await timed(name, async () => {
				const userFolder = userFolderOf(name);
				if (name !== 'main') {
					mkdirSync(userFolder, { recursive: true });
					cpSync(packageIn(mainFolder), packageIn(userFolder), { recursive: true });
				}
				const port = await freePort();
				return await launchN8n({
					userFolder,
					command,
					port,
					node,
					log: logOf(name),
					env: {
						...env,
						N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}/`,
						QUEUE_HEALTH_CHECK_PORT: String(port),
					},
					readyTimeoutMs: 180_000,
					niceness: command[0] === 'worker' ? WORKER_NICENESS : undefined,
				});
			});
		// Main alone first: it may have to migrate the database. A start takes all of one core.
		group.main = await launch('main', ['start']);
		const concurrency = `--concurrency=${options.concurrency ?? 5}`;
		const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
		const others = [
			...numbers(options.webhookProcessors ?? 2).map((number) => ({
				name: `webhook-${number}` as const,
				command: ['webhook'],
				list: group.webhooks,
			})),
			...numbers(options.workers ?? 2).map((number) => ({
				name: `worker-${number}` as const,
				command: ['worker', concurrency],
				list: group.workers,
			})),
		];
		const atOnce = Math.max(1, availableParallelism());
		for (let begin = 0; begin < others.length; begin += atOnce) {
			const some = others.slice(begin, begin + atOnce);
			const started = await Promise.allSettled(
				some.map(async ({ name, command }) => await launch(name, command)),
			);
			started.forEach((result, index) => {
				if (result.status === 'fulfilled') some[index].list.push(result.value);
			});
			const failed = started.find((result) => result.status === 'rejected');
			if (failed) throw failed.reason;
		}
		front.route(
			group.main.url,
			group.webhooks.map(({ url }) => url),
		);
		await waitFor('the reverse proxy', async () => {
			const response = await fetch(`${front.url}/healthz`);
			await response.text();
			return response.status === 200;
		});
		group.steps.push(...steps);
		return group;
	} catch (error) {
		await group.stop();
		throw error;
	}
}
