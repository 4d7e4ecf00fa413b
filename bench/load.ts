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

/** What the form of the MoySklad node weighs, and how long `new Workflow` takes for ten such nodes (median of 15). */
export interface FormFigures {
	ms: number;
	properties: number;
	kilobytes: number;
}

const FORM_PROGRAM = `
	const { Workflow } = require('n8n-workflow');
	const { MoySklad } = require(${JSON.stringify(path.join(projectFolder, 'dist/nodes/MoySklad/MoySklad.node.js'))});
	const { moySklad } = require(${JSON.stringify(path.join(projectFolder, 'dist/nodes/MoySklad/vendor.js'))});
	const type = new MoySklad();
	const { operations } = moySklad;
	const nodes = Array.from({ length: 10 }, (_, index) => {
		const { resource, operation } = operations[Math.floor((index * operations.length) / 10)];
		const name = 'Node ' + index;
		return { id: name, name, type: 'moySklad', typeVersion: 1, position: [0, 0], parameters: { resource, operation } };
	});
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const times = [];
	for (let run = 0; run < 17; run++) {
		const started = process.hrtime.bigint();
		new Workflow({ id: '1', name: 'Ten', active: false, connections: {}, nodes: structuredClone(nodes), nodeTypes });
		times.push(Number(process.hrtime.bigint() - started) / 1e6);
	}
	const { description } = type;
	console.log(JSON.stringify({
		ms: times.slice(2).sort((one, other) => one - other)[7],
		properties: description.properties.length,
		kilobytes: JSON.stringify(description).length / 1024,
	}));
`;

/** Measures the form of the built MoySklad node. */
export async function measureForm(): Promise<FormFigures> {
	return JSON.parse(await nodeEval(FORM_PROGRAM, [])) as FormFigures;
}
