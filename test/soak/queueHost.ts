/**
 * n8n in queue mode for the soak run: main, webhook processors, workers with deploy/rerun-stalled.cjs, Redis and
 * PostgreSQL, a reverse proxy before them, and the sandbox whose MoySklad calls it with its real deadline.
 */
import { cpSync, rmSync } from 'fs';
import path from 'path';
import { startSandbox } from '../../sandbox';
import { projectFolder, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import type { ImportedWorkflow } from '../../sandbox/n8n/n8n';
import { waitFor } from '../../sandbox/n8n/n8n';
import type { QueueMode } from '../../sandbox/n8n/queue';
import { startQueueMode } from '../../sandbox/n8n/queue';
import { eventsOf, startedWith } from './count';
import { memorySettings } from './memory';
import { N8N_SETTINGS } from './types';
import type { Host, PassedOn, Stage } from './types';

/** A worker keeps a job so long (ms) after its last sign of life; n8n's default is 60 s. */
export const LOCK_MS = 15_000;
/** So often (ms) the workers look for jobs whose worker has died; n8n's default is 30 s. */
export const STALLED_INTERVAL_MS = 5000;

/** A host in queue mode, with what only queue mode has. */
export interface QueueHost extends Host {
	mode: 'queue';
	group: QueueMode;
}

/** What a queue host can be told. */
export interface QueueHostOptions {
	/** Imported before the first start; not published. */
	workflows?: ImportedWorkflow[];
	/** Where the logs of all processes go when the host stops. */
	logs?: string;
	/** Executions that a worker runs at a time, default 5. */
	concurrency?: number;
}

/** Starts everything; takes one to two minutes on two cores. n8n and our package must be there (sandbox/setup.mjs). */
export async function startQueueHost(
	stage: Stage,
	options: QueueHostOptions = {},
): Promise<QueueHost> {
	const sandbox = await startSandbox({ assortmentRows: 25_000 });
	let group: QueueMode | undefined;
	try {
		group = await startQueueMode({
			say: (line) => stage.say(line),
			concurrency: options.concurrency,
			env: {
				...N8N_SETTINGS,
				...memorySettings(),
				QUEUE_WORKER_LOCK_DURATION: String(LOCK_MS),
				QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
				QUEUE_WORKER_STALLED_INTERVAL: String(STALLED_INTERVAL_MS),
				// Only workers look into the part of the hook file that is there.
				EXTERNAL_HOOK_FILES: path.join(projectFolder, 'deploy', 'rerun-stalled.cjs'),
			},
			credentials: sandboxCredentialImports(sandbox.credentials),
			workflows: options.workflows,
		});
		await group.main.api.signIn();
		return new RunningQueueHost(sandbox, group, options.logs);
	} catch (error) {
		await group?.stop();
		await sandbox.close();
		throw error;
	}
}

class RunningQueueHost implements QueueHost {
	readonly mode = 'queue';

	readonly api: QueueHost['api'];

	constructor(
		readonly sandbox: QueueHost['sandbox'],
		readonly group: QueueMode,
		private readonly logs: string | undefined,
	) {
		this.api = group.main.api;
	}

	get url(): string {
		return this.group.url;
	}

	pids(): number[] {
		return this.group.parts().map(({ n8n }) => n8n.pid);
	}

	async isReady(): Promise<boolean> {
		const answers = await Promise.all(
			this.group.parts().map(async ({ n8n }) => {
				try {
					const response = await fetch(`${n8n.url}/healthz/readiness`);
					await response.text();
					return response.status === 200;
				} catch {
					return false;
				}
			}),
		);
		return answers.every(Boolean);
	}

	printed(): string {
		return this.group
			.parts()
			.map(({ n8n }) => n8n.printed())
			.join('\n');
	}

	async publish(workflowId: string): Promise<void> {
		await this.api.publish(workflowId);
	}

	async unpublish(workflowId: string): Promise<void> {
		await this.api.unpublish(workflowId);
	}

	async passedOn(workflowId: string): Promise<PassedOn[]> {
		const runs = await this.group.runs(workflowId);
		return runs.flatMap((run) => eventsOf(run, run.id, run.status));
	}

	async items(workflowId: string): Promise<Array<Record<string, unknown>>> {
		const runs = await this.group.runs(workflowId);
		return runs.filter(({ status }) => status === 'success').flatMap(startedWith);
	}

	async executions(workflowId: string): Promise<Record<string, number>> {
		const rows = await this.group.sql<{ status: string; count: number }>(
			`select status, count(*)::int as count from execution_entity
			where "workflowId" = $1 and "deletedAt" is null group by status`,
			[workflowId],
		);
		return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
	}

	async settled(timeoutMs: number): Promise<void> {
		await waitFor(
			'all executions to end',
			async () => {
				const [{ count }] = await this.group.sql<{ count: number }>(
					`select count(*)::int as count from execution_entity
					where status in ('new', 'running', 'waiting') and "deletedAt" is null`,
				);
				return count === 0;
			},
			timeoutMs,
		);
	}

	memoryMb(): number {
		return this.group.memory().reduce((sum, { mb }) => sum + mb, 0);
	}

	async stop(): Promise<void> {
		if (this.logs) {
			rmSync(this.logs, { recursive: true, force: true });
			cpSync(path.join(this.group.folder, 'logs'), this.logs, { recursive: true });
		}
		await this.group.stop();
		await this.sandbox.close();
	}
}
