/**
 * `npm run test:queue`: the tests of n8n in queue mode, with real Redis, PostgreSQL and n8n processes. Installs what is
 * missing (the servers only on Debian as root), keeps everything in a temporary folder, removes it at the end, and leaves
 * the logs in .run/queue-logs. The last line is `N passed, N failed`; the totals are in .run/queue-totals.json.
 */
import { spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

import { ensureServers, ServersMissing } from '../../sandbox/n8n/queue';
import {
	duration,
	ensureBuild,
	ensureHost,
	printSetupError,
	withProgress,
} from '../../sandbox/setup.mjs';

const ROOT = resolve(__dirname, '..', '..');
const REPORTS = join(ROOT, '.run');

/** The parts of jest's JSON report that count. */
interface Report {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
	/** Files that could not be run at all. */
	numRuntimeErrorTestSuites: number;
}

/** What n8n needs to end once its starter is gone: a second to see it, 5 s for itself. */
const END_MS = 7000;

const say = (text = '') => process.stdout.write(`${text}\n`);

let jest: ChildProcess | undefined;
let data = '';

/** Logs of the processes of every group that lived in the data folder. */
function keepLogs(): void {
	const target = join(REPORTS, 'queue-logs');
	rmSync(target, { recursive: true, force: true });
	for (const name of existsSync(data) ? readdirSync(data) : []) {
		const logs = join(data, name, 'logs');
		if (existsSync(logs)) cpSync(logs, join(target, name), { recursive: true });
	}
}

function tidy(): void {
	if (!data) return;
	keepLogs();
	rmSync(data, { recursive: true, force: true, maxRetries: 5 });
	data = '';
}

async function runJest(report: string): Promise<number> {
	const args = [
		require.resolve('jest/bin/jest'),
		...['-c', 'test/jest.config.js', '--selectProjects', 'queue', '--runInBand'],
		...['--json', `--outputFile=${report}`, ...process.argv.slice(2)],
	];
	return await new Promise<number>((done, broken) => {
		jest = spawn(process.execPath, args, {
			cwd: ROOT,
			// jest writes its report to stdout as well; people read stderr.
			stdio: ['ignore', 'ignore', 'inherit'],
			// The groups make their folders here.
			env: { ...process.env, TMPDIR: data },
		});
		jest.on('error', broken);
		jest.on('exit', (code) => done(code ?? 1));
	});
}

async function main(): Promise<void> {
	const started = Date.now();
	mkdirSync(REPORTS, { recursive: true });
	await ensureBuild();
	await ensureHost();
	await withProgress('Redis and PostgreSQL', async (detail) => void (await ensureServers(detail)));
	data = mkdtempSync(join(tmpdir(), 'retail-ops-queue-run-'));
	// PostgreSQL may run under another account and has to find its folder.
	chmodSync(data, 0o711);
	say('\n▶ n8n in queue mode: main, 2 webhook processors, 2 workers, Redis, PostgreSQL');
	const report = join(REPORTS, 'queue.json');
	rmSync(report, { force: true });
	const status = await runJest(report);
	if (isStopping) return await new Promise(() => undefined);
	const totals = { passed: 0, failed: 0, skipped: 0 };
	if (existsSync(report)) {
		const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
		totals.passed = result.numPassedTests;
		totals.failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
		totals.skipped = result.numPendingTests + result.numTodoTests;
	}
	// A runner that ends badly, or that ran nothing, must not look good.
	const ranNothing = totals.passed + totals.failed === 0;
	if ((status !== 0 && totals.failed === 0) || ranNothing) totals.failed += 1;
	writeFileSync(join(REPORTS, 'queue-totals.json'), `${JSON.stringify(totals)}\n`);
	const outcome = totals.failed === 0 ? '✔ Queue mode holds' : '✖ Some tests of queue mode failed';
	say(`\n${outcome} (${duration(Date.now() - started)}). Logs: .run/queue-logs`);
	const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
	say(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
	process.exitCode = totals.failed === 0 ? 0 : 1;
}

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		if (isStopping) return;
		isStopping = true;
		say(`\n${signal}: stopping.`);
		// Every process of the groups watches jest, and ends a few seconds after it.
		jest?.kill('SIGKILL');
		setTimeout(() => {
			tidy();
			process.exit(130);
		}, END_MS);
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
