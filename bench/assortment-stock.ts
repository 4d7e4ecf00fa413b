/**
 * Where stock figures should come from: the legacy assortment endpoint, or the new one joined with the short
 * stock report. `npm run bench -- stock` runs both on the same work, in n8n's engine, against the sandbox with
 * MoySklad's documented limits (a user's token) and a latency of 150 ms + 1 ms per row; prints a table with
 * ratios and writes .run/bench-assortment-stock.json.
 */
import { mkdirSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';

import Table from 'cli-table3';

import { startSandbox, type Sandbox } from '../sandbox';
import { ensureBuild } from '../sandbox/setup.mjs';
import { createEngine, type Engine } from '../test/engine/harness';

const NODE = 'n8n-nodes-retail-ops.moySklad';
const RUNS = 3;

interface Work {
	name: string;
	parameters: Record<string, unknown>;
}

const WORKS: Work[] = [
	{ name: 'first 50 rows', parameters: { returnAll: false, limit: 50 } },
	{ name: '1,000 rows', parameters: { returnAll: false, limit: 1000 } },
	{ name: 'all 25,000 rows', parameters: { returnAll: true } },
];
const SOURCES = ['rows', 'report', 'none'] as const;

interface Figure {
	work: string;
	stock: (typeof SOURCES)[number];
	rows: number;
	requests: number;
	refused: number;
	/** Seconds, the median of the runs. */
	seconds: number;
}

async function measure(
	engine: Engine,
	sandbox: Sandbox,
	work: Work,
	stock: Figure['stock'],
): Promise<Figure> {
	const times: number[] = [];
	let rows = 0;
	sandbox.clearLog();
	for (let run = 0; run < RUNS; run++) {
		// The budget of the run before must not count here.
		await new Promise((done) => setTimeout(done, 3200));
		const started = Date.now();
		const result = await engine.runNode(
			NODE,
			{ resource: 'assortment', operation: 'getAll', simplify: true, ...work.parameters, stock },
			{ items: [{}], credentials: { moySkladApi: 'moysklad' } },
		);
		times.push((Date.now() - started) / 1000);
		if (result.status !== 'success')
			throw new Error(`${work.name}, ${stock}: ${result.error?.message}`);
		rows = result.items('Node').length;
	}
	times.sort((a, b) => a - b);
	return {
		work: work.name,
		stock,
		rows,
		requests: sandbox.log.length / RUNS,
		refused: sandbox.log.filter(({ status }) => status === 429).length,
		seconds: times[Math.floor(times.length / 2)],
	};
}

async function main(): Promise<void> {
	await ensureBuild();
	const sandbox = await startSandbox({ latency: { baseMs: 150, perRowMs: 1 } });
	const engine = await createEngine({
		credentials: {
			moysklad: {
				name: 'moysklad',
				type: 'moySkladApi',
				data: { ...sandbox.credentials.moySkladApi },
			},
		},
	});
	const figures: Figure[] = [];
	try {
		for (const work of WORKS) {
			for (const stock of SOURCES) {
				process.stdout.write(`  ${work.name}, stock '${stock}' …\n`);
				figures.push(await measure(engine, sandbox, work, stock));
			}
		}
	} finally {
		await engine.close();
		await sandbox.close();
	}
	const table = new Table({
		head: ['work', 'stock', 'rows', 'requests', '429s', 'seconds', 'ratio to rows'],
		style: { head: [], border: [], compact: true },
	});
	for (const figure of figures) {
		const base = figures.find(
			({ work, stock }) => work === figure.work && stock === 'rows',
		) as Figure;
		table.push([
			figure.work,
			figure.stock,
			figure.rows,
			figure.requests,
			figure.refused,
			figure.seconds.toFixed(2),
			(figure.seconds / base.seconds).toFixed(2),
		]);
	}
	process.stdout.write(`${table.toString()}\n`);
	const folder = join(resolve(__dirname, '..'), '.run');
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		join(folder, 'bench-assortment-stock.json'),
		`${JSON.stringify(figures, null, 2)}\n`,
	);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exitCode = 1;
});
