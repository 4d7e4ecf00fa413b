/**
 * `npm run packages`: derives the packages of a single service into `.run/packages/<name>`, compiles and packs each,
 * and puts it through n8n's lint and scan. `--no-checks` leaves lint and scan out.
 */
import { execFileSync } from 'child_process';
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

import { filesOf, SINGLES } from './derive';

const CHECKOUT = resolve(__dirname, '../..');
const TARGET = join(CHECKOUT, '.run', 'packages');

/** A command of the checkout's own packages; what it prints is shown when it fails. */
function run(label: string, script: string, args: string[], cwd: string): string {
	try {
		return execFileSync(process.execPath, [script, ...args], {
			cwd,
			encoding: 'utf8',
			stdio: 'pipe',
		});
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new Error(`${label} failed:\n${stdout}${stderr}`);
	}
}

const ours = (path: string) => join(CHECKOUT, path);
const [flag] = process.argv.slice(2);
if (flag !== undefined && flag !== '--no-checks') {
	console.error('Usage: npm run packages [-- --no-checks]');
	process.exit(2);
}
const checks = flag === undefined;

try {
	rmSync(TARGET, { recursive: true, force: true });
	for (const [index, single] of SINGLES.entries()) {
		const started = Date.now();
		const folder = join(TARGET, single.name);
		const say = (text: string) =>
			console.log(`[${index + 1}/${SINGLES.length}] ${single.name}: ${text}`);
		const files = filesOf(single, CHECKOUT);
		for (const [path, content] of files) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), content);
		}
		say(`${files.size} files, compiling`);
		run('The compiler', ours('node_modules/typescript/bin/tsc'), ['-p', folder], CHECKOUT);
		run(
			'gulp',
			ours('node_modules/gulp/bin/gulp.js'),
			['--gulpfile', ours('gulpfile.js'), '--cwd', folder, 'build:assets', '--silent'],
			CHECKOUT,
		);
		if (checks) {
			say("n8n's lint and scan");
			run('Lint', ours('test/lintPackage.mjs'), [folder], CHECKOUT);
			run('Scan', ours('test/scan.mjs'), [folder], CHECKOUT);
		}
		say(run('The check of the package', ours('test/pack.mjs'), [folder], CHECKOUT).trim());
		execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', TARGET], {
			cwd: folder,
			stdio: ['ignore', 'ignore', 'inherit'],
			shell: process.platform === 'win32',
		});
		say(`packed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
	}
	console.log(
		`${SINGLES.length} packages are in ${TARGET}${checks ? '; lint and scan found nothing' : ''}`,
	);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
