/**
 * A process that is measured: loads n8n's engine with the built package and n8n's own HTTP Request node, says
 * so, runs its job when it is told to, and reports what that took.
 */
import { JPEG } from '../sandbox';
import { createEngine } from '../test/engine/harness';
import type { Engine, NodeInput, RunResult } from '../test/engine/harness';
import { Poller, pollingParts } from '../test/engine/harness/poller';

import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { loadHttpNodes } from './httpNodes';
import type { Job, Measured, MeasuredWorkflow, Usage } from './messages';

const MB = 1024 * 1024;
const START = 'Start';

function round(value: number, digits = 3): number {
	return Number(value.toFixed(digits));
}

function collectGarbage(): void {
	if (global.gc === undefined) throw new Error('The measured process needs --expose-gc');
	global.gc();
}

/** Seconds and CPU since the watch was started. */
class Watch {
	private readonly started = process.hrtime.bigint();
	private readonly cpu = process.cpuUsage();

	read(): Usage {
		const { user, system } = process.cpuUsage(this.cpu);
		return {
			seconds: round(Number(process.hrtime.bigint() - this.started) / 1e9),
			cpuSeconds: round((user + system) / 1e6),
			peakRssMb: round(process.resourceUsage().maxRSS / 1024, 1),
		};
	}
}

/** Items with a JPEG each; the bytes behind its end make each another one. */
function photosOf(count: number): object[] {
	return Array.from({ length: count }, (_, at) => ({
		json: {},
		binary: {
			data: {
				data: Buffer.concat([JPEG, Buffer.alloc(at + 1)]).toString('base64'),
				mimeType: 'image/jpeg',
				fileName: `photo-${at + 1}.jpg`,
			},
		},
	}));
}

/** The trigger and the nodes behind it, in a row. */
async function run(engine: Engine, workflow: MeasuredWorkflow): Promise<RunResult> {
	const { nodes, items, photos } = workflow;
	const given = photos === undefined ? items : photosOf(photos);
	const row: NodeInput[] = [{ name: START, type: 'n8n-nodes-base.manualTrigger' }, ...nodes];
	const connections = row
		.slice(1)
		.map(({ name }, index) => [
			row[index].name,
			{ main: [[{ node: name, type: 'main', index: 0 }]] },
		]);
	return await engine.run(
		{ nodes: row, connections: Object.fromEntries(connections) as object },
		// As an active workflow runs: a manual run also keeps data for the editor.
		{ startNode: START, items: given as Array<Record<string, never>> | undefined, mode: 'trigger' },
	);
}

/** What a published workflow passes on whose trigger polls. */
async function poll(
	engine: Engine,
	{ nodes, polls = 0 }: MeasuredWorkflow,
	{ credential }: Job,
): Promise<Pick<RunResult, 'timeMs' | 'json' | 'status' | 'error'>> {
	const [{ name, type }] = nodes;
	const parts = await pollingParts(engine, { bench: credential });
	const poller = new Poller(parts, { id: 'bench', nodes }, { name, type, file: '' });
	const begun = Date.now();
	await poller.publish();
	const rows: IDataObject[] = [];
	for (let times = 0; times < polls; times++) rows.push(...(await poller.tick()));
	return { timeMs: Date.now() - begun, json: () => rows as never, status: 'success' };
}

/** A fingerprint of the rows; the port of the sandbox differs from process to process. */
function hashOf(rows: unknown[], origin: string): string {
	const hash = createHash('sha256');
	for (const row of rows) hash.update(JSON.stringify(row).replaceAll(origin, ''));
	return hash.digest('hex');
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

async function measure(engine: Engine, job: Job, nodes: HttpNodes): Promise<Measured> {
	collectGarbage();
	const { heapUsed, rss } = process.memoryUsage();
	const watch = new Watch();
	let beforeSplitOut: Usage | undefined;
	nodes.onSplitOut = () => {
		beforeSplitOut ??= watch.read();
	};
	const results = await Promise.all(
		job.workflows.map(async (one) =>
			one.polls === undefined ? await run(engine, one) : await poll(engine, one, job),
		),
	);
	const usage = watch.read();
	collectGarbage();
	const retained = process.memoryUsage().heapUsed - heapUsed;
	return {
		usage,
		baselineRssMb: round(rss / MB, 1),
		retainedHeapMb: round(retained / MB, 1),
		beforeSplitOut,
		workflows: results.map((result, index) => {
			const last = job.workflows[index].nodes.at(-1)?.name ?? START;
			const rows = result.json(last);
			const description = result.error?.description;
			return {
				seconds: result.timeMs / 1000,
				items: rows.length,
				hash: hashOf(rows, job.credential.origin),
				idsHash: sha256(rows.map(({ id }) => id).join(',')),
				...(result.status === 'success'
					? {}
					: { error: [result.error?.message, description].filter(Boolean).join(' – ') }),
			};
		}),
	};
}

type HttpNodes = ReturnType<typeof loadHttpNodes>;

async function main(): Promise<void> {
	const nodes = loadHttpNodes();
	const engine = await createEngine();
	process.once('message', (message) => {
		const job = message as Job;
		const { type, data } = job.credential;
		engine.setCredential('bench', { type, data });
		measure(engine, job, nodes).then(
			(measured) => process.send?.(measured, () => process.disconnect()),
			fail,
		);
	});
	process.send?.('ready');
}

function fail(error: unknown): void {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exit(1);
}

// The runner is gone, or has all that it wanted.
process.on('disconnect', () => process.exit(0));
main().catch(fail);
