/**
 * Checks what `npm publish` would send: only dist/, README.md, LICENSE and package.json; every file
 * that n8n will look for (nodes, credentials, codex files, icons) is there, and nothing else is.
 *
 * Needs a built dist/. Exit status 1 and one line per fault otherwise.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** The package: the checkout, or the folder that is named (one of `npm run packages`). */
const ROOT = process.argv[2] ? path.resolve(process.argv[2]) : CHECKOUT;
const require = createRequire(import.meta.url);

/** npm adds these whatever `files` says; they must be in the package. */
const TOP_LEVEL = ['README.md', 'LICENSE', 'package.json'];

/** Everything that may lie in dist/: compiled code, declarations, maps, and the copied assets. */
const DIST_FILE = /\.(js|d\.ts|js\.map|svg|png)$|\.node\.json$|\/__schema__\/.+\.json$/;

const TEST_FILE = /(^|\/)(tests?|__tests__|__mocks__)\/|\.(test|spec)\.[^/]*$/;

/** The file list of `npm pack --dry-run`, paths relative to the package, with sizes in bytes. */
function listPack() {
	const stdout = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
		shell: process.platform === 'win32',
	});
	return JSON.parse(stdout)[0];
}

/** Instantiates the one class of a compiled node or credential, as n8n's loader does. */
function load(file) {
	const exported = require(path.join(ROOT, file));
	const name = path.basename(file).split('.')[0];
	if (typeof exported[name] !== 'function') throw new Error(`exports no class ${name}`);
	return new exported[name]();
}

/** Every icon value of a node (each of its versions) or a credential: a string, or light and dark. */
function iconsOf(instance) {
	const holders = [instance, instance.description, ...Object.values(instance.nodeVersions ?? {})];
	const icons = holders.map((holder) => holder?.description?.icon ?? holder?.icon);
	const files = icons
		.filter((icon) => icon !== undefined)
		.flatMap((icon) => (typeof icon === 'string' ? [icon] : [icon.light, icon.dark]));
	return [...new Set(files)];
}

/** All faults of the package, as sentences; empty if it is fit to publish. */
function check(pack, manifest) {
	const faults = [];
	const packed = new Set(pack.files.map((file) => file.path));

	for (const file of TOP_LEVEL) {
		if (!packed.has(file)) faults.push(`${file} is missing`);
	}
	for (const file of packed) {
		if (TOP_LEVEL.includes(file)) continue;
		if (!file.startsWith('dist/')) faults.push(`${file} does not belong in the package`);
		else if (TEST_FILE.test(file)) faults.push(`${file} is a test`);
		else if (!DIST_FILE.test(file)) faults.push(`${file} is of a kind that is not published`);
		// tsc does not empty dist/: a source that was renamed or removed leaves its output behind.
		const source = /^dist\/(.+?)\.(?:js|js\.map|d\.ts)$/.exec(file)?.[1];
		if (source && !existsSync(path.join(ROOT, `${source}.ts`))) {
			faults.push(`${file} is left over: ${source}.ts does not exist`);
		}
	}

	for (const field of ['dependencies', 'optionalDependencies', 'bundleDependencies']) {
		const names = Object.keys(manifest[field] ?? {});
		if (names.length > 0) faults.push(`package.json has ${field}: ${names.join(', ')}`);
	}

	const { nodes = [], credentials = [] } = manifest.n8n ?? {};
	if (nodes.length === 0) faults.push('package.json registers no node');
	let icons = 0;
	for (const file of [...nodes, ...credentials]) {
		if (!packed.has(file)) {
			faults.push(`${file} is registered in package.json and missing from the package`);
			continue;
		}
		const codex = file.replace(/\.js$/, '.json');
		if (nodes.includes(file) && !packed.has(codex)) faults.push(`${codex} (codex) is missing`);
		try {
			const found = iconsOf(load(file));
			if (found.length === 0) faults.push(`${file} has no icon`);
			for (const icon of found) {
				icons++;
				const target = path.posix.join(
					path.posix.dirname(file),
					String(icon).replace(/^file:/, ''),
				);
				if (!String(icon).startsWith('file:')) faults.push(`${file}: icon ${icon} is not a file:`);
				else if (!packed.has(target)) faults.push(`${file}: icon ${target} is missing`);
			}
		} catch (error) {
			faults.push(`${file} does not load: ${error instanceof Error ? error.message : error}`);
		}
	}

	const summary =
		`${pack.name}@${pack.version}: ${packed.size} files, ` +
		`${Math.ceil(pack.size / 1024)} KiB packed, ${Math.ceil(pack.unpackedSize / 1024)} KiB unpacked, ` +
		`${nodes.length} nodes, ${credentials.length} credentials, ${icons} icons`;
	return { faults, summary };
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const { faults, summary } = check(listPack(), manifest);
if (faults.length === 0) {
	console.log(`Pack passed: ${summary}`);
} else {
	for (const fault of faults) console.error(`- ${fault}`);
	console.error(`Pack FAILED: ${faults.length} faults; ${summary}`);
	process.exitCode = 1;
}
