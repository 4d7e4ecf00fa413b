/**
 * Entry of the npm scripts that must work in a fresh clone: `node sandbox/run.mjs <name> [args]`.
 * Installs the checkout's packages when they are missing, then runs the TypeScript behind the name
 * and ends with its status.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureProject, printSetupError, projectFolder } from './setup.mjs';

const scripts = {
	demo: 'examples/demo.ts',
	test: 'test/run.ts',
	'test:queue': 'test/queue/run.ts',
	soak: 'test/soak/run.ts',
	start: 'sandbox/n8n/start.ts',
	sandbox: 'sandbox/main.ts',
	bench: 'bench/index.ts',
	docs: 'docs/generate.ts',
	facts: 'tools/facts/index.ts',
	drift: 'tools/drift/index.ts',
	packages: 'tools/packages/index.ts',
	versions: 'test/versions/run.ts',
	fixtures: 'test/releases/write.ts',
};

function refuse(message) {
	process.stderr.write(`${message}\n`);
	process.exit(2);
}

const [name, ...args] = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	refuse(`Node ${process.versions.node} is too old: Node 20.19 or newer is needed.`);
}
if (!Object.hasOwn(scripts, name ?? '')) {
	refuse(`Usage: node sandbox/run.mjs ${Object.keys(scripts).join('|')} [arguments]`);
}
const script = path.join(projectFolder, scripts[name]);
if (!existsSync(script)) refuse(`${scripts[name]} is not in this checkout.`);

let child;
// A terminal sends Ctrl-C to both processes; everyone else only to this one.
process.on('SIGINT', () => {
	if (!child) process.exit(130);
	if (!process.stdin.isTTY) child.kill('SIGINT');
});
for (const signal of ['SIGTERM', 'SIGHUP']) {
	process.on(signal, () => {
		if (!child) process.exit(128 + constants.signals[signal]);
		child.kill(signal);
	});
}

// Asked to end, npm ends, and its shell, but neither passes it on to us.
if (process.env.npm_lifecycle_event) {
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
	}, 500).unref();
}

try {
	await ensureProject();
} catch (error) {
	printSetupError(error);
	process.exit(1);
}

const tsx = createRequire(path.join(projectFolder, 'package.json')).resolve('tsx');
// One process, not tsx's launcher and its child: signals arrive once.
child = spawn(process.execPath, ['--import', pathToFileURL(tsx).href, script, ...args], {
	cwd: projectFolder,
	stdio: 'inherit',
});
child.on('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
child.on('close', (status, signal) => {
	process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (status ?? 1));
});
