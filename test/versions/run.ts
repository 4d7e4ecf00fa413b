/**
 * `npm run versions`: tests of every vendor in the engines of other versions of n8n, on several versions of Node, and a
 * table of what passed. Installs what it needs into .run/versions; `npm run versions -- 2.0.2` takes one row. Not part
 * of `npm test`: each pair takes some minutes.
 */
import { spawn } from 'child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';

import { duration, ensureBuild, printSetupError, withProgress } from '../../sandbox/setup.mjs';
import { FILES, NEWER_ONLY, ROWS, type Row } from './matrix';

const ROOT = resolve(__dirname, '../..');
const HOME = join(ROOT, '.run', 'versions');

/** The parts of jest's JSON report that count. */
interface Report {
	numPassedTests: number;
	numRuntimeErrorTestSuites: number;
	testResults: Array<{
		/** Path of the file. */
		name: string;
		assertionResults: Array<{ status: string; fullName: string }>;
	}>;
}

interface Outcome {
	row: Row;
	node: number;
	passed: number;
	/** Names of the tests of what only newer versions of n8n have. */
	newer: string[];
	failed: string[];
	ms: number;
}

const say = (text = '') => process.stdout.write(`${text}\n`);

async function run(command: string, args: string[], cwd: string, env = {}): Promise<number> {
	return await new Promise<number>((done, broken) => {
		const child = spawn(command, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let last = '';
		child.stderr.on('data', (chunk: Buffer) => (last = (last + String(chunk)).slice(-4000)));
		child.on('error', broken);
		child.on('exit', (code) => {
			if (code === null) process.stderr.write(last);
			done(code ?? 1);
		});
	});
}

/** Installs exact versions into a folder of their own; returns it. */
async function installed(name: string, dependencies: Record<string, string>): Promise<string> {
	const folder = join(HOME, name);
	// Node comes by an install script of its package, which npm runs for those that are named; n8n's engine needs none.
	const allowScripts = name.startsWith('node-') ? { node: true } : {};
	const manifest = JSON.stringify({ private: true, dependencies, allowScripts });
	const file = join(folder, 'package.json');
	const done = join(folder, 'installed');
	if (existsSync(done) && readFileSync(file, 'utf8') === manifest) return folder;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	writeFileSync(file, manifest);
	await withProgress(`Installing ${name}`, async () => {
		// npm hands its setting down to the npm that it starts: both ways are said.
		const scripts = `--ignore-scripts=${String(!name.startsWith('node-'))}`;
		const args = ['install', '--no-audit', '--no-fund', scripts];
		const status = await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, folder);
		if (status !== 0) throw new Error(`npm could not install ${manifest} (status ${status}).`);
		writeFileSync(done, '');
	});
	return folder;
}

async function nodeOf(major: number): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
	const folder = await installed(`node-${major}`, { node: String(major) });
	const binary = join(folder, 'node_modules', 'node', 'bin', 'node');
	if (!existsSync(binary)) throw new Error(`npm's package node@${major} brought no Node here.`);
	return binary;
}

async function tried(row: Row, node: number): Promise<Outcome> {
	const folder = await installed(`n8n-core-${row.core}`, {
		'n8n-core': row.core,
		'n8n-workflow': row.workflow,
	});
	const binary = await nodeOf(node);
	const started = Date.now();
	const report = join(HOME, `report-${row.core}-node-${node}.json`);
	rmSync(report, { force: true });
	const args = [
		require.resolve('jest/bin/jest'),
		...['-c', join(__dirname, 'jest.config.cjs'), '--json', `--outputFile=${report}`],
		...['--maxWorkers=2', '--testPathPatterns', ...FILES.map((file) => `engine/${file}.test`)],
	];
	await withProgress(`n8n-core ${row.core} on Node ${node}`, async () => {
		await run(binary, args, ROOT, { N8N_VERSION_FOLDER: folder });
	});
	const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
	const failed = result.testResults
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status === 'failed')
		.map(({ fullName }) => fullName);
	const isNewer = (name: string) =>
		row !== ROWS.at(-1) && NEWER_ONLY.some(([pattern]) => pattern.test(name));
	// jest says nothing of a file that is not there any more.
	const hasRun = (file: string) =>
		result.testResults.some(({ name }) =>
			name.replaceAll('\\', '/').endsWith(`engine/${file}.test.ts`),
		);
	for (const file of FILES.filter((one) => !hasRun(one))) failed.push(`${file} has not run`);
	for (let broken = 0; broken < result.numRuntimeErrorTestSuites; broken++) {
		failed.push('a file that could not be run');
	}
	return {
		row,
		node,
		passed: result.numPassedTests,
		newer: failed.filter(isNewer),
		failed: failed.filter((name) => !isNewer(name)),
		ms: Date.now() - started,
	};
}

async function main(): Promise<void> {
	const wanted = process.argv.slice(2);
	const known = ROWS.map(({ core }) => core);
	const strange = wanted.filter((version) => !known.includes(version));
	if (strange.length > 0) {
		process.stderr.write(`There is no row ${strange.join(', ')}. Rows: ${known.join(', ')}\n`);
		process.exitCode = 2;
		return;
	}
	mkdirSync(HOME, { recursive: true });
	await ensureBuild();
	const outcomes: Outcome[] = [];
	for (const row of ROWS) {
		if (wanted.length > 0 && !wanted.includes(row.core)) continue;
		for (const node of row.nodes) {
			const outcome = await tried(row, node);
			outcomes.push(outcome);
			for (const name of outcome.failed) say(`  ✖ ${name}`);
		}
	}
	say('\n| n8n-core | Node | passed | failed | not in that n8n | time |');
	say('| --- | --- | --- | --- | --- | --- |');
	for (const { row, node, passed, failed, newer, ms } of outcomes) {
		say(
			`| ${row.core} | ${node} | ${passed} | ${failed.length} | ${newer.length} | ${duration(ms)} |`,
		);
	}
	const total = (of: (outcome: Outcome) => number) =>
		outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
	const failures = total(({ failed }) => failed.length);
	say(`\n${total(({ passed }) => passed)} passed, ${failures} failed`);
	process.exitCode = failures === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
	printSetupError(error);
	process.exitCode = 1;
});
