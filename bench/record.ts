/**
 * The figures that docs/bench.md shows: bench/record.json, written by `npm run bench -- --record` and turned into the page
 * by `npm run docs`. Each work keeps the day and the machine of its last run, so that one work can be measured again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Line } from './works';

const FILE = path.join(__dirname, 'record.json');

/** Where and on what a run was made. */
export interface Machine {
	cpus: number;
	model?: string;
	memoryGb: number;
	/** Of the last minute when the run began: what else was going on. */
	loadAverage: number;
	node: string;
	n8n: string;
}

/** The last run of a work. */
export interface RecordedWork {
	name: string;
	/** ISO, UTC. */
	at: string;
	machine: Machine;
	/** What it took as a whole, s. */
	seconds: number;
	lines: Line[];
}

/** Reads the record; empty before the first run. */
export function readRecord(): RecordedWork[] {
	return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as RecordedWork[]) : [];
}

/**
 * Puts a run in the place of the work's last one, and writes the file in the order of `works`; those that are not among them
 * any more go.
 */
export function writeRecord(run: RecordedWork, works: Array<{ name: string }>): void {
	const all = new Map([...readRecord(), run].map((one) => [one.name, one]));
	const kept = works.flatMap(({ name }) => all.get(name) ?? []);
	writeFileSync(FILE, `${JSON.stringify(kept.map(withoutHashes), null, '\t')}\n`);
}

/** Hashes compare runs with each other and tell people nothing. */
function withoutHashes(run: RecordedWork): RecordedWork {
	const lines = run.lines.map((line) =>
		line.figures ? { ...line, figures: { ...line.figures, hashes: [], idsHashes: [] } } : line,
	);
	return { ...run, lines };
}
