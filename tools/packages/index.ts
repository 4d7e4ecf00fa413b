/**
 * `npm run packages`: derives the packages of a single service into `.run/packages/<name>`, compiles and packs each,
 * and puts it through n8n's lint and scan; then does the same with the whole package. Five tarballs lie in `.run/packages`
 * in the end. `--no-checks` leaves lint and scan out.
 */
import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

import { ensureBuild, printSetupError } from '../../sandbox/setup.mjs';
import { filesOf, SINGLES } from './derive';
import type { Single } from './derive';

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

/** Writes the sources of a package of a single service into its folder, and compiles them. Returns the folder. */
function derive(single: Single, say: (text: string) => void): string {
	const folder = join(TARGET, single.name);
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
	return folder;
}

/** Puts a built package through n8n's lint and scan, checks what would be published, and packs it into TARGET. */
function checkAndPack(folder: string, say: (text: string) => void): void {
	if (checks) {
		say("n8n's lint and scan");
		say(run('Lint', ours('test/lintPackage.mjs'), [folder], CHECKOUT).trim());
		for (const line of run('Scan', ours('test/scan.mjs'), [folder], CHECKOUT).trim().split('\n')) {
			say(line);
		}
	}
	say(run('The check of the package', ours('test/pack.mjs'), [folder], CHECKOUT).trim());
	execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', TARGET], {
		cwd: folder,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
}

async function main(): Promise<void> {
	const { name: whole } = JSON.parse(readFileSync(ours('package.json'), 'utf8')) as {
		name: string;
	};
	rmSync(TARGET, { recursive: true, force: true });
	mkdirSync(TARGET, { recursive: true });
	const all: Array<Single | undefined> = [...SINGLES, undefined];
	for (const [index, single] of all.entries()) {
		const started = Date.now();
		const name = single?.name ?? whole;
		const say = (text: string) => console.log(`[${index + 1}/${all.length}] ${name}: ${text}`);
		if (!single) await ensureBuild();
		checkAndPack(single ? derive(single, say) : CHECKOUT, say);
		say(`packed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
	}
	console.log(
		`${all.length} packages are in ${TARGET}${checks ? '; lint and scan found nothing' : ''}`,
	);
}

main().catch((error: unknown) => {
	printSetupError(error);
	process.exitCode = 1;
});
