/**
 * `npm test`: everything. Builds the package, runs unit and engine tests, sets up a real n8n and a browser, runs
 * the end-to-end tests, and adds up what the runner itself reported. The last line is `N passed, N failed`.
 */
import { spawn } from 'child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { availableParallelism } from 'os';
import { join, relative, resolve } from 'path';
import { stripVTControlCharacters } from 'util';

import {
	duration,
	ensureBuild,
	ensureChromium,
	ensureHost,
	printSetupError,
} from '../sandbox/setup.mjs';

const ROOT = resolve(__dirname, '..');
const REPORTS = join(ROOT, '.run');

/** The parts of jest's JSON report that count. */
interface Report {
	success: boolean;
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
	/** Files that could not be run at all. */
	numRuntimeErrorTestSuites: number;
	testResults: FileReport[];
}

/** One file of tests; times in ms since 1970. */
interface FileReport {
	name: string;
	startTime: number;
	endTime: number;
	status: string;
	/** Why the file could not be run; of its tests' failures otherwise. */
	message: string;
	assertionResults: Array<{ status: string; fullName: string; failureMessages: string[] }>;
}

interface Totals {
	passed: number;
	failed: number;
	skipped: number;
	/** What failed, each in a few lines: a long log may be cut where it happened. */
	failures: string[];
}

/** Lines of a failure that are repeated at the end. */
const FAILURE_LINES = 12;

/** Files whose times are printed: where to look when the tests become slow. */
const SLOWEST = 10;

const say = (text = '') => process.stdout.write(`${text}\n`);

/** The end-to-end test with two browsers: it keeps two cores busy by itself. */
const FORMS = 'test/e2e/forms/';

/** The one that clicks for minutes in a single browser; all others run beside it. */
const JOBS = 'test/e2e/jobs';

/**
 * Runs some of jest's projects and adds what it reports.
 *
 * @param beside name of the report of a run that is not alone
 */
async function runJest(
	projects: string[],
	totals: Totals,
	extra: string[] = [],
	beside?: string,
): Promise<void> {
	const report = join(REPORTS, `${beside ?? projects.join('-')}.json`);
	rmSync(report, { force: true });
	const args = [
		require.resolve('jest/bin/jest'),
		'-c',
		'test/jest.config.js',
		'--selectProjects',
		...projects,
		'--json',
		`--outputFile=${report}`,
		...extra,
	];
	const status = await new Promise<number>((done, broken) => {
		const child = spawn(process.execPath, args, {
			cwd: ROOT,
			// jest writes its report to stdout as well; people read stderr.
			stdio: ['ignore', 'ignore', beside ? 'pipe' : 'inherit'],
		});
		// Two that draw on one terminal would overwrite each other: without a terminal of their own they write lines.
		child.stderr?.on('data', (text: Buffer) => process.stderr.write(text));
		child.on('error', broken);
		child.on('exit', (code) => done(code ?? 1));
	});
	let result: Report;
	try {
		result = JSON.parse(readFileSync(report, 'utf8')) as Report;
	} catch {
		say(`✖ jest left no report for ${projects.join(', ')} (status ${status})`);
		totals.failed += 1;
		totals.failures.push(`✖ ${projects.join(', ')}: jest left no report (status ${status})`);
		return;
	}
	totals.passed += result.numPassedTests;
	totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
	totals.skipped += result.numPendingTests + result.numTodoTests;
	// A runner that ends badly without a failed test must not look good.
	if (status !== 0 && result.numFailedTests + result.numRuntimeErrorTestSuites === 0)
		totals.failed += 1;
	if (result.numPassedTests + result.numFailedTests === 0) totals.failed += 1;
	totals.failures.push(...result.testResults.flatMap(failuresOf));
	saySlowest(result);
}

function failuresOf({ name, status, message, assertionResults }: FileReport): string[] {
	const failed = assertionResults.filter((test) => test.status === 'failed');
	const file = relative(ROOT, name);
	if (failed.length === 0) return status === 'failed' ? [failureText(file, message)] : [];
	return failed.map(({ fullName, failureMessages }) =>
		failureText(`${file} › ${fullName}`, failureMessages.join('\n')),
	);
}

function failureText(where: string, message: string): string {
	const lines = stripVTControlCharacters(message)
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(0, FAILURE_LINES);
	return [`✖ ${where}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

function saySlowest({ testResults }: Report): void {
	const files = testResults
		.map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime }))
		.sort((one, other) => other.ms - one.ms)
		.slice(0, SLOWEST);
	say('\n  The slowest files:');
	for (const { name, ms } of files) say(`  ${duration(ms).padStart(12)}  ${relative(ROOT, name)}`);
}

async function main(): Promise<void> {
	const started = Date.now();
	const totals: Totals = { passed: 0, failed: 0, skipped: 0, failures: [] };
	mkdirSync(REPORTS, { recursive: true });
	await ensureBuild();
	say('\n▶ Unit and engine tests');
	// Many tests wait for real seconds: a worker more than jest takes by itself keeps two cores busy.
	await runJest(['unit', 'engine'], totals, [
		`--maxWorkers=${Math.max(2, availableParallelism())}`,
	]);
	say('\n▶ A real n8n and a browser for the end-to-end tests');
	await ensureHost();
	const browser = await ensureChromium();
	if (!browser.path) say(`  No browser: the editor test is skipped (${browser.reason}).`);
	say('\n▶ End-to-end tests in a real n8n, from the packed tarball');
	await runJest(['e2e'], totals, ['--runInBand', `--testPathPatterns=${FORMS}`]);
	// A real n8n and a browser wait for each other most of the time: one of each kind keeps two cores busy.
	const others = `--testPathIgnorePatterns=${FORMS}|${JOBS}`;
	await Promise.all([
		runJest(['e2e'], totals, ['--runInBand', `--testPathPatterns=${JOBS}`], 'e2e-jobs'),
		runJest(['e2e'], totals, ['--runInBand', others], 'e2e-others'),
	]);
	writeFileSync(join(REPORTS, 'totals.json'), `${JSON.stringify(totals)}\n`);
	for (const failure of totals.failures) say(`\n${failure}`);
	say(
		`\n${totals.failed === 0 ? '✔ All tests passed' : '✖ Some tests failed'} (${duration(Date.now() - started)}).`,
	);
	const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
	say(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
	process.exitCode = totals.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
	printSetupError(error);
	process.exitCode = 1;
});
