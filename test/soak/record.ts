/**
 * What docs/soak.md shows: test/soak/record.json, written by `npm run soak -- --record` and turned into the page by
 * `npm run docs`. Each row keeps the day and the machine of its last run, so that one row can be run again.
 */
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

import type { Finding } from './types';

const FILE = join(__dirname, 'record.json');

export interface Machine {
	cores: number;
	cpu: string;
	memoryGb: number;
	kernel: string;
	/** Of the last minute when the row had ended. */
	loadAverage: number;
}

export interface Versions {
	n8n: string;
	nodeOfN8n: string;
	node: string;
}

/** The last run of a row in one mode. */
export interface RecordedRow {
	/** Its name, as `--only` takes it. */
	row: string;
	mode: Finding['mode'];
	/** When it began, ISO, UTC. */
	at: string;
	/** With fewer events and faults. */
	short: boolean;
	machine: Machine;
	versions: Versions;
	findings: Told[];
}

/** A finding without everything that was measured, which is in .run/soak.json. */
type Told = Omit<Finding, 'figures'>;

/** Reads the record; empty before the first run. */
export function readRecord(): RecordedRow[] {
	return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as RecordedRow[]) : [];
}

/** Puts a run in the place of the row's last one in the same mode, and writes the file. */
export function writeRecord(run: RecordedRow): void {
	const others = readRecord().filter(({ row, mode }) => row !== run.row || mode !== run.mode);
	const findings = run.findings.map(({ mode, run: name, must, shown, met }): Told => {
		return { mode, run: name, must, shown, met };
	});
	const all = [...others, { ...run, findings }];
	all.sort((one, other) => place(one).localeCompare(place(other)));
	writeFileSync(FILE, `${JSON.stringify(all, null, '\t')}\n`);
}

const place = ({ row, mode }: RecordedRow) => `${row} ${mode}`;
