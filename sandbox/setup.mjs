/**
 * Set-up steps that a fresh clone needs before anything of it can run: the checkout's own
 * packages, its build, the folder with a whole n8n, a Chromium.
 *
 * Plain Node built-ins only, since it runs before the first `npm ci`. Every step is idempotent and
 * cheap when there is nothing to do, says what it is doing while it works, and throws a
 * {@link SetupError} with what to do about it when it cannot.
 *
 * As a command: `node sandbox/setup.mjs [--json] project|build|host|host-node|chromium|pack=<folder> …`
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The checkout. */
export const projectFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The folder whose package.json asks for n8n itself. */
export const hostFolder = path.join(projectFolder, 'sandbox', 'n8n');

const runFolder = path.join(projectFolder, '.run');
const packageName = 'n8n-nodes-retail-ops';
const isWindows = process.platform === 'win32';

/** A step that cannot be done here. `advice` says what a person can do about it. */
export class SetupError extends Error {
	constructor(message, advice) {
		super(message);
		this.name = 'SetupError';
		this.advice = advice;
	}
}

// ------------------------------------------------------------------------------------- progress

let progressStream = process.stdout;

/** Where progress goes from now on (default: stdout). */
export function setProgressStream(stream) {
	progressStream = stream;
}

/** `4.2 s`, `1 min 05 s` from milliseconds. */
export function duration(ms) {
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Runs `work` under a live progress line.
 *
 * On a terminal one line is rewritten every 200 ms; elsewhere (CI logs) a line is added when the
 * step begins, every 10 s with what it is doing, and when it ends.
 *
 * @param {string} label what is being done, e.g. "Installing the packages"
 * @param {(say: (detail: string | (() => string)) => void) => Promise<T>} work calls `say` with a
 *   text, or with a function that is asked for one whenever the line is drawn
 * @returns {Promise<T>} what `work` returns
 * @template T
 */
export async function withProgress(label, work) {
	const started = Date.now();
	const live = Boolean(progressStream.isTTY);
	let detail = '';
	const text = () => {
		const now = typeof detail === 'function' ? detail() : detail;
		return `${label}${now ? `: ${now}` : ''}`;
	};
	const clear = () => live && progressStream.write('\r\u001b[2K');
	const draw = () => {
		if (!live) {
			progressStream.write(`   ${duration(Date.now() - started)} ${text()}\n`);
			return;
		}
		const line = `.. ${duration(Date.now() - started)} ${text()}`;
		clear();
		progressStream.write(line.slice(0, Math.max(20, (progressStream.columns || 80) - 1)));
	};
	if (!live) progressStream.write(`.. ${label}\n`);
	const timer = setInterval(draw, live ? 200 : 10_000);
	try {
		const result = await work((next) => {
			detail = next;
		});
		clear();
		progressStream.write(`ok ${label} (${duration(Date.now() - started)})\n`);
		return result;
	} catch (error) {
		clear();
		progressStream.write(`!! ${label}: not done after ${duration(Date.now() - started)}\n`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}

// ------------------------------------------------------------------------------------ processes

// What `npm run` (or `npx`, or `npm pack --dry-run`) hands down that would change a nested npm.
const inheritedNpmSettings = new Set(
	(
		'global location prefix local_prefix global_prefix workspace workspaces ' +
		'include_workspace_root omit include only also production dev optional dry_run json ' +
		'ignore_scripts package_lock package_lock_only save save_dev silent loglevel ' +
		'pack_destination foreground_scripts user_agent init_module call package parseable long'
	)
		.split(' ')
		.map((name) => `npm_config_${name}`),
);

/** The environment for a nested npm: without what an outer `npm run` added for itself. */
function npmEnvironment(extra = {}) {
	const env = {};
	for (const [name, value] of Object.entries(process.env)) {
		const lower = name.toLowerCase();
		if (lower.startsWith('npm_package_') || lower.startsWith('npm_lifecycle_')) continue;
		if (lower === 'npm_command' || lower === 'init_cwd' || lower === 'node_env') continue;
		if (inheritedNpmSettings.has(lower.replaceAll('-', '_'))) continue;
		env[name] = value;
	}
	return { ...env, ...extra };
}

/** The npm that started us when there is one, else the one on the PATH. */
function npmCommand() {
	const script = process.env.npm_execpath;
	if (script && /npm-cli\.c?js$/.test(script) && existsSync(script)) {
		return [process.execPath, [script]];
	}
	return [isWindows ? 'npm.cmd' : 'npm', []];
}

// A step that is given up takes its commands with it.
const running = new Set();
process.on('exit', () => {
	for (const child of running) child.kill('SIGTERM');
});

/** Runs a command and collects what it prints; resolves with its status, never rejects. */
function collect(command, args, options = {}) {
	return new Promise((resolve) => {
		let output = '';
		let stdout = '';
		const child = spawn(command, args, {
			cwd: options.cwd ?? projectFolder,
			env: options.env ?? process.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: isWindows && command.endsWith('.cmd'),
		});
		running.add(child);
		child.on('exit', () => running.delete(child));
		const keep = (chunk, isStdout) => {
			const text = chunk.toString();
			output += text;
			if (isStdout) stdout += text;
			options.onOutput?.(text);
		};
		child.stdout.on('data', (chunk) => keep(chunk, true));
		child.stderr.on('data', (chunk) => keep(chunk, false));
		child.on('error', (error) => {
			running.delete(child);
			resolve({ status: -1, stdout, output: `${output}${error}\n` });
		});
		child.on('close', (status, signal) =>
			resolve({ status: status ?? -1, signal, stdout, output }),
		);
	});
}

function failed(what, result, advice) {
	const end = result.signal
		? `was stopped by ${result.signal}`
		: `ended with status ${result.status}`;
	return new SetupError(`${what} ${end}. All that it printed:\n\n${result.output.trim()}`, advice);
}

async function npm(args, { cwd = projectFolder, advice, env, onOutput } = {}) {
	const [command, prefix] = npmCommand();
	const result = await collect(command, [...prefix, ...args], {
		cwd,
		env: npmEnvironment(env),
		onOutput,
	});
	if (result.status !== 0) {
		throw failed(`\`npm ${args.join(' ')}\` in ${cwd}`, result, advice ?? 'See the lines above.');
	}
	return result;
}

function findOnPath(names) {
	for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
		for (const name of names) {
			const file = path.join(folder, isWindows ? `${name}.exe` : name);
			try {
				accessSync(file, constants.X_OK);
				if (statSync(file).isFile()) return file;
			} catch {
				continue;
			}
		}
	}
	return null;
}

/**
 * One process of this checkout at a time does `work`; the others wait. A lock whose owner is no
 * longer alive is taken over.
 */
async function exclusively(name, work) {
	const folder = path.join(runFolder, `${name}.lock`);
	const owner = path.join(folder, 'pid');
	mkdirSync(runFolder, { recursive: true });
	for (let waited = 0; ; waited += 1) {
		try {
			mkdirSync(folder);
			writeFileSync(owner, String(process.pid));
			break;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
		// A lock without a pid is one being made right now; give it two seconds.
		if (pid > 0 ? !isAlive(pid) : waited > 8) {
			rmSync(folder, { recursive: true, force: true });
			continue;
		}
		if (waited % 40 === 8) {
			progressStream.write(`.. waiting for process ${pid}, which is doing "${name}"\n`);
		}
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	try {
		return await work();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

// --------------------------------------------------------------------------------- npm packages

const stampName = '.retail-ops-installed.json';

function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

function sha256(...parts) {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest('hex');
}

function lockHash(folder) {
	return sha256(readFileSync(path.join(folder, 'package-lock.json')));
}

/** True when npm's own record of what it installed agrees with package-lock.json. */
function installedAsLocked(folder) {
	const wanted = readJson(path.join(folder, 'package-lock.json'))?.packages;
	const present = readJson(path.join(folder, 'node_modules', '.package-lock.json'))?.packages;
	if (!wanted || !present) return false;
	return Object.entries(wanted).every(([where, entry]) => {
		if (where === '' || entry.link) return true;
		const found = present[where];
		return found ? found.version === entry.version : Boolean(entry.optional);
	});
}

const installAdvice =
	'If it could not reach the registry, check the network (`npm ping`) and run the same command ' +
	'again: it continues from npm’s cache. If it names a full disk, the whole set-up needs about ' +
	'5 GB. Nothing half-installed is ever used.';

/** `npm ci` in `folder` unless what is there already matches its lock. Returns whether it ran. */
async function install(folder, label) {
	const modules = path.join(folder, 'node_modules');
	const stampFile = path.join(modules, stampName);
	const lock = lockHash(folder);
	if (readJson(stampFile)?.lock === lock) return false;
	if (installedAsLocked(folder)) {
		writeFileSync(stampFile, `${JSON.stringify({ lock })}\n`);
		return false;
	}
	const wanted = Object.entries(readJson(path.join(folder, 'package-lock.json'))?.packages ?? {})
		.filter(([where, entry]) => where !== '' && !entry.optional && !entry.link)
		.map(([where]) => path.join(folder, where, 'package.json'));
	await withProgress(label, async (say) => {
		say(() => {
			const count = wanted.filter((file) => existsSync(file)).length;
			if (count === 0) return `npm is fetching ${wanted.length} packages`;
			return `${count} of ${wanted.length} packages are in node_modules`;
		});
		await npm(['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'], {
			cwd: folder,
			advice: installAdvice,
		});
	});
	writeFileSync(stampFile, `${JSON.stringify({ lock })}\n`);
	return true;
}

/**
 * The checkout's own packages: `npm ci` when node_modules is missing or does not match
 * package-lock.json.
 *
 * @returns {Promise<{installed: boolean}>} whether anything had to be installed
 */
export async function ensureProject() {
	return await exclusively('project', async () => ({
		installed: await install(projectFolder, 'Installing the packages of this checkout (npm ci)'),
	}));
}

// ---------------------------------------------------------------------------------------- build

function filesBelow(folder) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
		.sort();
}

/** What the build is made from; a change of any of it asks for a new build. */
function sourceFingerprint() {
	const files = ['nodes', 'credentials'].flatMap((name) =>
		filesBelow(path.join(projectFolder, name)),
	);
	for (const name of ['package.json', 'tsconfig.json', 'gulpfile.js', 'package-lock.json']) {
		const file = path.join(projectFolder, name);
		if (existsSync(file)) files.push(file);
	}
	return sha256(
		...files.flatMap((file) => [path.relative(projectFolder, file), '\0', readFileSync(file)]),
	);
}

/** Changes whenever a file under dist is written, added or removed. */
export function distFingerprint() {
	return sha256(
		...filesBelow(path.join(projectFolder, 'dist')).map((file) => {
			const { size, mtimeMs } = statSync(file);
			return `${path.relative(projectFolder, file)}\0${size}\0${mtimeMs}\n`;
		}),
	);
}

/**
 * `npm run build` unless dist is what the last build made from these very sources.
 *
 * @returns {Promise<{built: boolean}>} whether a build was needed
 */
export async function ensureBuild() {
	return await exclusively('build', async () => {
		const stampFile = path.join(runFolder, 'build.json');
		const sources = sourceFingerprint();
		const stamp = readJson(stampFile);
		const dist = path.join(projectFolder, 'dist');
		if (existsSync(dist) && stamp?.sources === sources && stamp?.dist === distFingerprint()) {
			return { built: false };
		}
		await withProgress('Building the nodes (npm run build)', async () => {
			await npm(['run', 'build'], {
				advice: 'The sources do not build: correct what the compiler names, then run this again.',
			});
		});
		writeFileSync(stampFile, `${JSON.stringify({ sources, dist: distFingerprint() })}\n`);
		return { built: true };
	});
}

/**
 * Puts the package, as `npm pack` makes it from the checkout, where n8n looks for community
 * packages: `<userFolder>/.n8n/nodes/node_modules/n8n-nodes-retail-ops`. A copy, not a link: a
 * link would make n8n resolve our `n8n-workflow` instead of its own. Does not build.
 *
 * @param {{userFolder: string}} options n8n's N8N_USER_FOLDER
 * @returns {Promise<{folder: string, tarball: string, version: string, files: string[]}>} where it
 *   is now, the tarball's name, the version, and the paths in the tarball
 */
export async function installPackedTarball({ userFolder }) {
	const temporary = mkdtempSync(path.join(tmpdir(), 'retail-ops-pack-'));
	try {
		const { stdout } = await npm(
			['pack', '--json', '--ignore-scripts', '--pack-destination', temporary],
			{ advice: '`npm pack` must work in the checkout; run `npm run build` first.' },
		);
		const parsed = JSON.parse(stdout.slice(stdout.search(/[[{]/)));
		const packed = Array.isArray(parsed) ? parsed[0] : Object.values(parsed)[0];
		const tarball = readdirSync(temporary).find((name) => name.endsWith('.tgz'));
		const unpack = await collect('tar', ['-xzf', path.join(temporary, tarball), '-C', temporary]);
		if (unpack.status !== 0) throw failed('`tar`', unpack, 'The `tar` command must be installed.');
		const modules = path.join(userFolder, '.n8n', 'nodes', 'node_modules');
		const folder = path.join(modules, packageName);
		mkdirSync(modules, { recursive: true });
		rmSync(folder, { recursive: true, force: true });
		// Not rename(): the temporary folder may be on another file system.
		const move = await collect('cp', ['-R', path.join(temporary, 'package'), folder]);
		if (move.status !== 0) throw failed('`cp`', move, `${folder} must be writable.`);
		const files = filesBelow(folder).map((file) =>
			path.relative(folder, file).split(path.sep).join('/'),
		);
		return { folder, tarball, version: packed.version, files };
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}

// ------------------------------------------------------------------------------- the host's n8n

function nodeMajorOf(binary) {
	try {
		const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
		return { version, major: Number(/^v(\d+)\./.exec(version)?.[1] ?? 0) };
	} catch {
		return { version: '', major: 0 };
	}
}

/** Whether the prebuilt binaries of n8n's isolated-vm include one for the Node that runs us. */
function hasIsolateBinary() {
	const folder = path.join(hostFolder, 'node_modules', 'isolated-vm', 'prebuilds');
	return filesBelow(folder).some(
		(file) =>
			path.basename(path.dirname(file)) === `${process.platform}-${process.arch}` &&
			path.basename(file).includes(`.abi${process.versions.modules}.`),
	);
}

/**
 * The Node that runs n8n: the one that runs us when n8n accepts it (24 or newer, and one that
 * isolated-vm ships a binary for), else the host folder's own from the npm package `node`.
 * Meaningful after {@link ensureHost}.
 *
 * @returns {string} path of the binary
 */
export function hostNode() {
	const own = Number(process.versions.node.split('.')[0]);
	if (own >= 24 && hasIsolateBinary()) return process.execPath;
	const name = isWindows ? 'node.exe' : 'node';
	return path.join(hostFolder, 'node_modules', 'node', 'bin', name);
}

function isDebianRoot() {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
	if (!existsSync('/etc/os-release')) return false;
	return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

async function aptInstall(packages, label) {
	await withProgress(label, async (say) => {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		const onOutput = (text) => {
			const line = text.trim().split('\n').at(-1)?.trim();
			if (line) say(line.slice(0, 100));
		};
		for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
			const result = await collect('apt-get', args, { env, onOutput });
			if (result.status !== 0) {
				throw failed(
					`\`apt-get ${args.join(' ')}\``,
					result,
					`Install ${packages.join(', ')} by hand, then run this again.`,
				);
			}
		}
	});
}

/** Names the tools that a native build needs and that are not here. */
function missingBuildTools() {
	const tools = [
		['python3', ['python3', 'python']],
		['make', ['make', 'gmake']],
		['g++', ['g++', 'c++', 'clang++']],
	];
	return tools.filter(([, names]) => !findOnPath(names)).map(([name]) => name);
}

/** How to compile: where Node's headers are, and how hard to optimise. */
function compileEnvironment() {
	// -O1 halves the time that compiling SQLite takes; the suites do not feel the difference.
	const env = { CFLAGS: `${process.env.CFLAGS ?? ''} -O1`.trim() };
	// Headers that lie beside the running Node spare node-gyp a download from nodejs.org.
	const prefix = path.dirname(path.dirname(process.execPath));
	const headers = path.join(prefix, 'include', 'node', 'node_api.h');
	if (!process.env.npm_config_nodedir && existsSync(headers)) env.npm_config_nodedir = prefix;
	return env;
}

async function rebuild(name, label, advice, env = {}) {
	await withProgress(label, async (say) => {
		let last = '';
		say(() => last);
		await npm(['rebuild', name, '--ignore-scripts=false', '--foreground-scripts'], {
			cwd: hostFolder,
			advice,
			env,
			onOutput: (text) => {
				const lines = text.split('\n').map((line) => line.trim());
				const step = lines.filter((line) => /^(> |gyp info|[A-Z]+\([^)]*\) |prebuild)/.test(line));
				if (step.length > 0) last = step.at(-1).slice(0, 100);
			},
		});
	});
}

async function rebuildSqlite() {
	const label = 'Getting the SQLite driver: a prebuilt one, else compiled here (about a minute)';
	const advice =
		'The SQLite driver could be neither downloaded prebuilt from GitHub nor compiled. Compiling ' +
		'needs python3, make and a C++ compiler (Debian: apt-get install python3 make g++; macOS: ' +
		'xcode-select --install).';
	const missing = missingBuildTools();
	if (missing.length === 0) {
		await rebuild('sqlite3', label, advice, compileEnvironment());
		return;
	}
	try {
		await rebuild('sqlite3', label, advice, compileEnvironment());
	} catch (error) {
		if (!isDebianRoot()) {
			throw new SetupError(
				error.message,
				`The SQLite driver has to be compiled here, and these are missing: ${missing.join(', ')}. ` +
					'Install them, then run this again.',
			);
		}
		await aptInstall(missing, `Installing ${missing.join(', ')} (apt-get), to compile with`);
		await rebuild('sqlite3', label, advice, compileEnvironment());
	}
}

function sqliteBinary() {
	return path.join(hostFolder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');
}

/**
 * A whole n8n in sandbox/n8n, ready to be started: `npm ci`, then the install steps of the two
 * packages that need theirs. The first time takes minutes (2400 packages, 3 GB); a second call
 * less than a second.
 *
 * @returns {Promise<{installed: boolean, node: string, nodeVersion: string, n8n: string,
 *   n8nVersion: string, folder: string}>} `node` is the binary to run `n8n` (a script) with
 */
export async function ensureHost() {
	return await exclusively('host', async () => {
		const stampFile = path.join(hostFolder, 'node_modules', stampName);
		const lock = lockHash(hostFolder);
		const node = hostNode();
		const stamp = readJson(stampFile);
		let installed = false;
		if (stamp?.lock !== lock || stamp?.ready !== true || !existsSync(node)) {
			installed = await install(
				hostFolder,
				'Installing n8n 2.41.1 into sandbox/n8n (npm ci; once, some minutes)',
			);
		}
		if (!existsSync(hostNode())) {
			await rebuild(
				'node',
				'Getting Node 24 for n8n (npm package `node`)',
				'n8n 2.41 needs Node 24: run this under Node 24, or see to it that npm can install the ' +
					'package `node` for this platform.',
			);
			installed = true;
		}
		if (!existsSync(sqliteBinary())) {
			await rebuildSqlite();
			installed = true;
		}
		const n8n = path.join(hostFolder, 'node_modules', 'n8n', 'bin', 'n8n');
		const n8nVersion = readJson(
			path.join(hostFolder, 'node_modules', 'n8n', 'package.json'),
		)?.version;
		let nodeVersion = stamp?.node === hostNode() ? stamp.nodeVersion : undefined;
		if (installed || !nodeVersion || stamp?.ready !== true) {
			const found = nodeMajorOf(hostNode());
			if (found.major < 24) {
				throw new SetupError(
					`The Node for n8n at ${hostNode()} does not run (or is older than 24).`,
					'Delete sandbox/n8n/node_modules and run this again, or run it under Node 24.',
				);
			}
			nodeVersion = found.version;
			const loads = await collect(hostNode(), ['-e', "require('sqlite3')"], { cwd: hostFolder });
			if (loads.status !== 0) {
				rmSync(sqliteBinary(), { force: true });
				throw failed(
					'Loading the SQLite driver',
					loads,
					'Run this again: the driver will be built anew.',
				);
			}
			writeFileSync(
				stampFile,
				`${JSON.stringify({ lock, ready: true, node: hostNode(), nodeVersion })}\n`,
			);
		}
		return { installed, node: hostNode(), nodeVersion, n8n, n8nVersion, folder: hostFolder };
	});
}

// ------------------------------------------------------------------------------------- Chromium

function findChromium() {
	const named = process.env.CHROMIUM_PATH;
	if (named) return existsSync(named) ? named : null;
	const onPath = findOnPath([
		'chromium',
		'chromium-browser',
		'google-chrome',
		'google-chrome-stable',
		'chrome',
	]);
	if (onPath) return onPath;
	const elsewhere = [
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
		'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
	];
	return elsewhere.find((file) => existsSync(file)) ?? null;
}

/**
 * A Chromium or Chrome for the browser test: `CHROMIUM_PATH`, the PATH, the usual places; on
 * Debian as root the package `chromium` is installed. Never throws.
 *
 * @param {{mayInstall?: boolean}} [options] `mayInstall: false` only looks
 * @returns {Promise<{path: string | null, reason: string}>} `reason` says why there is none
 */
export async function ensureChromium({ mayInstall = true } = {}) {
	const found = findChromium();
	if (found) return { path: found, reason: '' };
	if (process.env.CHROMIUM_PATH) {
		return { path: null, reason: `CHROMIUM_PATH names no file: ${process.env.CHROMIUM_PATH}` };
	}
	if (!mayInstall || !isDebianRoot()) {
		return {
			path: null,
			reason:
				'no Chromium or Chrome was found, and only on Debian as root one is installed; ' +
				'install one, or name it in CHROMIUM_PATH',
		};
	}
	try {
		await exclusively('chromium', async () => {
			if (findChromium()) return;
			await aptInstall(['chromium'], 'Installing Chromium for the browser test (apt-get)');
		});
	} catch (error) {
		return { path: null, reason: `Chromium could not be installed. ${error.message}` };
	}
	const now = findChromium();
	return { path: now, reason: now ? '' : 'apt-get installed chromium, but it is not on the PATH' };
}

// ---------------------------------------------------------------------------------- as a command

/** Prints what went wrong, and what to do, for a person. */
export function printSetupError(error) {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	if (error?.advice) process.stderr.write(`\nWhat to do: ${error.advice}\n`);
	else if (error?.stack) process.stderr.write(`${error.stack}\n`);
}

async function main(words) {
	const json = words.includes('--json');
	if (json) setProgressStream(process.stderr);
	const results = {};
	for (const word of words.filter((each) => each !== '--json')) {
		const [step, value] = word.split(/=(.*)/s);
		if (step === 'project') results.project = await ensureProject();
		else if (step === 'build') results.build = await ensureBuild();
		else if (step === 'host') results.host = await ensureHost();
		else if (step === 'host-node') results.hostNode = hostNode();
		else if (step === 'chromium') results.chromium = await ensureChromium();
		else if (step === 'pack' && value) {
			results.pack = await installPackedTarball({ userFolder: path.resolve(value) });
		} else {
			throw new SetupError(
				`"${word}" is not a step.`,
				'The steps are: project, build, host, host-node, chromium, pack=<user folder>.',
			);
		}
	}
	process.stdout.write(json ? `${JSON.stringify(results)}\n` : 'Ready.\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	main(process.argv.slice(2)).catch((error) => {
		printSetupError(error);
		process.exitCode = 1;
	});
}
