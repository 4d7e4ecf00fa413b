/** What it costs n8n to load the package: a fresh Node requires the five nodes and reads their descriptions. */
import path from 'node:path';

import { projectFolder } from '../sandbox/setup.mjs';
import packageJson from '../package.json';
import { nodeEval } from './processes';

const RUNS = 5;

/** Medians of five fresh processes. */
export interface LoadFigures {
	ms: number;
	/** More heap after a garbage collection than before. */
	heapMb: number;
	/** The same where `n8n-workflow`, which every n8n has loaded long before, is not there yet. */
	alone: { ms: number; heapMb: number };
}

function program(withWorkflow: boolean): string {
	const files = packageJson.n8n.nodes.map((file) => path.join(projectFolder, file));
	return `
		${withWorkflow ? "require('n8n-workflow');" : ''}
		gc();
		const before = process.memoryUsage().heapUsed;
		const started = process.hrtime.bigint();
		const nodes = [];
		let read = 0;
		for (const file of ${JSON.stringify(files)}) {
			const { [require('path').basename(file, '.node.js')]: Node } = require(file);
			const node = new Node();
			read += JSON.stringify(node.description).length;
			nodes.push(node);
		}
		const ms = Number(process.hrtime.bigint() - started) / 1e6;
		gc();
		const heapMb = (process.memoryUsage().heapUsed - before) / 1048576;
		if (nodes.length !== ${files.length} || read === 0) throw new Error('Not all nodes were loaded');
		console.log(JSON.stringify({ ms, heapMb }));
	`;
}

function median(values: number[]): number {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

async function medians(withWorkflow: boolean): Promise<{ ms: number; heapMb: number }> {
	const runs: Array<{ ms: number; heapMb: number }> = [];
	for (let run = 0; run < RUNS; run++) {
		const printed = await nodeEval(program(withWorkflow), ['--expose-gc']);
		runs.push(JSON.parse(printed) as { ms: number; heapMb: number });
	}
	return { ms: median(runs.map(({ ms }) => ms)), heapMb: median(runs.map(({ heapMb }) => heapMb)) };
}

/** Measures the loading of the built package. */
export async function measureLoad(): Promise<LoadFigures> {
	return { ...(await medians(true)), alone: await medians(false) };
}
