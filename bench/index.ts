/**
 * `npm run bench`: how fast the MoySklad node is, in n8n's engine, against the sandbox with MoySklad's documented
 * limits (a user's token: 11 requests per 3 s, 5 at a time) and a latency of 150 ms + 1 ms per row; compared with
 * n8n's own HTTP Request node and with the floor. Prints a table, writes .run/bench.json.
 * The figures of the other vendors are taken in the same way, with their limits.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import {
	ensureBuild,
	ensureHost,
	printSetupError,
	projectFolder,
	SetupError,
} from '../sandbox/setup.mjs';
import { floorMs, listChain, LATENCY, USER_BUDGET } from './floor';
import { Measurements } from './measure';
import { writeRecord, type RecordedWork } from './record';
import { endAll } from './processes';
import { printTable } from './table';
import { WORKS, type Kit, type Line, type Work } from './works';

const HELP = `Usage: npm run bench -- [works] [options]

Works (all of them without a name):
${WORKS.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

  --no-baselines  leave out (a) and (b), which take most of the time
  --profile       write CPU profiles of the measured processes into .run/profiles
  --strict        end with status 1 when a bound is missed
  --record        also put the figures into bench/record.json, from which \`npm run docs\` makes docs/bench.md
  --help
`;

interface Choice {
	works: Work[];
	baselines: boolean;
	profile: boolean;
	strict: boolean;
	record: boolean;
}

/** Reads the command line. Throws RangeError or TypeError for what it does not know. */
function readChoice(args: string[]): Choice | undefined {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			'no-baselines': { type: 'boolean', default: false },
			profile: { type: 'boolean', default: false },
			strict: { type: 'boolean', default: false },
			record: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	const unknown = positionals.find((name) => !WORKS.some((work) => work.name === name));
	if (unknown !== undefined) throw new RangeError(`There is no work '${unknown}'.`);
	return {
		works: WORKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
		baselines: !values['no-baselines'],
		profile: values.profile,
		strict: values.strict,
		record: values.record,
	};
}

/** Runs a work; what fails becomes a line that says so. */
async function runWork(work: Work, kit: Kit): Promise<Line[]> {
	try {
		return await work.run(kit);
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		return [{ work: work.name, title: work.title, ratios: {}, bounds: [], notes: [], error: text }];
	}
}

async function main(): Promise<void> {
	let choice: Choice | undefined;
	try {
		choice = readChoice(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
		process.exitCode = 2;
		return;
	}
	if (!choice) {
		process.stdout.write(HELP);
		return;
	}
	await ensureBuild();
	const { n8nVersion } = await ensureHost();
	const kit = {
		measurements: new Measurements({ profile: choice.profile }),
		baselines: choice.baselines,
	};
	const machine = {
		cpus: os.cpus().length,
		model: os.cpus()[0]?.model,
		memoryGb: Math.round(os.totalmem() / 2 ** 30),
		loadAverage: os.loadavg()[0],
		node: process.versions.node,
		n8n: n8nVersion,
	};
	const runs: RecordedWork[] = [];
	// The three sources of stock have no figures in the record: decision 4 tells of them.
	for (const work of choice.record
		? choice.works.filter(({ name }) => name !== 'stock')
		: choice.works) {
		const at = new Date().toISOString();
		const started = performance.now();
		const lines = await runWork(work, kit);
		const seconds = Math.round((performance.now() - started) / 1000);
		if (lines.length === 0) continue;
		const run = { name: work.name, at, machine, seconds, lines };
		runs.push(run);
		// At once: what is measured is not lost when a later work is interrupted.
		if (choice.record) writeRecord(run, WORKS);
	}
	const lines = runs.flatMap((run) => run.lines);
	if (lines.length === 0) return;
	printTable(lines);
	const file = path.join(projectFolder, '.run', 'bench.json');
	mkdirSync(path.dirname(file), { recursive: true });
	const conditions = {
		budget: USER_BUDGET,
		latency: LATENCY,
		floorSecondsOf100000Rows: floorMs([listChain(100_000)]) / 1000,
	};
	const report = { at: new Date().toISOString(), machine, conditions, lines };
	writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
	process.stdout.write(`All figures: ${path.relative(projectFolder, file)}\n`);
	if (choice.record) {
		process.stdout.write(
			'bench/record.json is written; `npm run docs` makes docs/bench.md of it\n',
		);
	}
	const missed = lines.some(
		({ error, bounds }) => error !== undefined || bounds.some(({ met }) => met === false),
	);
	if (choice.strict && missed) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.on(signal, () => {
		endAll();
		process.exit(128 + os.constants.signals[signal]);
	});
}

main().catch((error: unknown) => {
	if (error instanceof SetupError) printSetupError(error);
	else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exitCode = 1;
});
