/**
 * `npm run soak`: load and faults, with real n8n processes and the sandbox's MoySklad, which calls with its real deadline
 * and retries. Prints a table of what each run must show and what it showed, and writes .run/soak.json. Installs what is
 * missing (Redis and PostgreSQL only on Debian as root), keeps everything in temporary folders, removes them at the end,
 * and leaves n8n's logs in .run/soak-logs.
 *
 * Arguments: `--short` (fewer events and faults), `--mode single|queue|both`, `--only <words>` (rows whose name has one
 * of the words), `--record` (also puts what was shown into test/soak/record.json, of which `npm run docs` makes docs/soak.md). The last line is `N met, N not met`; the status is 1 when one is not met, or when nothing ran.
 */
import Table from 'cli-table3';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'os';
import { join, resolve } from 'path';
import { inspect } from 'util';

import { ensureServers, ServersMissing } from '../../sandbox/n8n/queue';
import {
	duration,
	ensureBuild,
	ensureHost,
	printSetupError,
	SetupError,
	withProgress,
} from '../../sandbox/setup.mjs';
import type { OpenedPart, Part } from './part';
import { writeRecord } from './record';
import type { Machine, Versions } from './record';
import type { Finding, Host, Stage } from './types';

const ROOT = resolve(__dirname, '..', '..');
const REPORTS = join(ROOT, '.run');
const LOGS = join(REPORTS, 'soak-logs');

type Mode = Host['mode'];

interface Arguments {
	short: boolean;
	modes: Mode[];
	only: string[];
	record: boolean;
}

const say = (text = '') => process.stdout.write(`${text}\n`);

function readArguments(words: string[]): Arguments {
	const read: Arguments = { short: false, modes: ['single', 'queue'], only: [], record: false };
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (word === '--short') read.short = true;
		else if (word === '--record') read.record = true;
		else if (word === '--mode') {
			const mode = words[++index];
			if (mode !== 'single' && mode !== 'queue' && mode !== 'both') throw usage(`--mode ${mode}`);
			if (mode !== 'both') read.modes = [mode];
		} else if (word === '--only') {
			while (words[index + 1] !== undefined && !words[index + 1].startsWith('--')) {
				read.only.push(words[++index].toLowerCase());
			}
			if (read.only.length === 0) throw usage('--only without a word');
		} else throw usage(word);
	}
	return read;
}

function usage(word: string): SetupError {
	return new SetupError(
		`"${word}" is not understood.`,
		'The arguments are: --short, --mode single|queue|both, --only <words of rows>, --record.',
	);
}

/** Loaded when it is its turn. */
async function loadPart(mode: Mode): Promise<Part> {
	if (mode === 'single') {
		const { singlePart } = await import('./single');
		return singlePart;
	}
	const { queuePart } = await import('./queue');
	return queuePart;
}

let running: OpenedPart | undefined;

/** Runs the chosen rows of one mode on one host. A row that throws is a row that is not met. */
async function runPart(
	part: Part,
	{ short, only, record }: Arguments,
	versions: Versions,
): Promise<Finding[]> {
	const { mode, title } = part;
	const isChosen = (name: string) =>
		only.length === 0 || only.some((word) => name.toLowerCase().includes(word));
	const names = part.names.filter(isChosen);
	if (names.length === 0) return [];
	if (mode === 'queue') {
		await withProgress(
			'Redis and PostgreSQL',
			async (detail) => void (await ensureServers(detail)),
		);
	}
	say(`\n▶ ${title}`);
	const findings: Finding[] = [];
	const stage: Stage = { short, say: (line) => say(`   ${line}`) };
	const opened = await part.open(stage, join(LOGS, mode));
	running = opened;
	try {
		for (const name of names) {
			if (isStopping) break;
			const started = Date.now();
			say(`\n ● ${name}`);
			let found: Finding[];
			try {
				found = await opened.run(name, stage);
			} catch (error) {
				const shown = error instanceof Error ? error.message : String(error);
				found = [{ mode, run: name, must: 'run to its end', shown, met: false, figures: {} }];
				// With its cause: "fetch failed" alone tells nothing.
				if (!isStopping) say(`   ${inspect(error)}`);
			}
			for (const { run, shown, met } of found) say(`   ${met ? '✔' : '✖'} ${run}: ${shown}`);
			say(`   ${duration(Date.now() - started)}`);
			findings.push(...found);
			// At once: what was seen is not lost when a later row is interrupted.
			if (record && !isStopping) {
				const at = new Date(started).toISOString();
				writeRecord({ row: name, mode, at, short, machine: machine(), versions, findings: found });
			}
		}
	} finally {
		await opened.stop();
		running = undefined;
	}
	return findings;
}

function tableOf(findings: Finding[]): string {
	const table = new Table({
		head: ['', 'n8n', 'run', 'must show', 'shown'],
		colWidths: [3, 8, 26, 36, 60],
		wordWrap: true,
		style: { head: [], border: [] },
	});
	for (const { met, mode, run, must, shown } of findings) {
		table.push([met ? '✔' : '✖', mode, run, must, shown]);
	}
	return table.toString();
}

function n8nVersion(folder: string): string {
	const file = join(folder, 'node_modules', 'n8n', 'package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function machine(): Machine {
	const [cpu] = cpus();
	return {
		cores: cpus().length,
		cpu: cpu?.model ?? '',
		memoryGb: Math.round(totalmem() / 2 ** 30),
		kernel: release(),
		loadAverage: loadavg()[0],
	};
}

let data = '';

async function main(): Promise<void> {
	const started = Date.now();
	const chosen = readArguments(process.argv.slice(2));
	mkdirSync(REPORTS, { recursive: true });
	await ensureBuild();
	const { folder, nodeVersion } = await ensureHost();
	rmSync(LOGS, { recursive: true, force: true });
	data = mkdtempSync(join(tmpdir(), 'retail-ops-soak-run-'));
	// PostgreSQL may run under another account and has to find its folder.
	chmodSync(data, 0o711);
	// Whatever a host leaves behind when it is interrupted lies in here.
	process.env.TMPDIR = data;
	const versions = { n8n: n8nVersion(folder), nodeOfN8n: nodeVersion, node: process.versions.node };
	const findings: Finding[] = [];
	for (const mode of chosen.modes) {
		if (isStopping) break;
		findings.push(...(await runPart(await loadPart(mode), chosen, versions)));
	}
	if (isStopping) return await new Promise(() => undefined);
	const report = {
		start: new Date(started).toISOString(),
		seconds: Math.round((Date.now() - started) / 1000),
		short: chosen.short,
		machine: machine(),
		versions,
		findings,
	};
	writeFileSync(join(REPORTS, 'soak.json'), `${JSON.stringify(report, null, '\t')}\n`);
	const met = findings.filter((finding) => finding.met).length;
	if (findings.length > 0) say(`\n${tableOf(findings)}`);
	else say('\nNo row has such a name.');
	say(`\n${duration(Date.now() - started)}. Figures: .run/soak.json. Logs: .run/soak-logs`);
	say(`${met} met, ${findings.length - met} not met`);
	process.exitCode = met > 0 && met === findings.length ? 0 : 1;
}

function tidy(): void {
	if (data) rmSync(data, { recursive: true, force: true, maxRetries: 5 });
	data = '';
}

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		if (isStopping) return;
		isStopping = true;
		say(`\n${signal}: stopping.`);
		// The processes of n8n watch this one, and end after it in any case.
		const giveUp = new Promise((done) => setTimeout(done, 15_000));
		void Promise.race([running?.stop().catch(() => undefined), giveUp]).then(() => {
			tidy();
			process.exit(130);
		});
	});
}
main()
	.catch((error: unknown) => {
		if (error instanceof ServersMissing) {
			process.stderr.write(`\n${error.message}\n\nWhat to do: ${error.advice}\n`);
		} else printSetupError(error);
		process.exitCode = 1;
	})
	.finally(tidy);
