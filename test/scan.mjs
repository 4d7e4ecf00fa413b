/**
 * The scan that n8n runs on a published community package, without the network: n8n's own analyser
 * on the source that the provenance would point at, and on what `npm pack` would publish.
 * The registry half of n8n's scan (a provenance attestation must exist) has no offline counterpart.
 *
 * Needs a built dist/. Exit status 1 on any finding that n8n counts as an error.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import {
	analyzePackage,
	findPackageRoot,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import glob from 'fast-glob';

const CHECKOUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** The package: the checkout, or the folder that is named (one of `npm run packages`). */
const ROOT = process.argv[2] ? path.resolve(process.argv[2]) : CHECKOUT;

/** What n8n's scanner looks at in a downloaded tarball (its `analyzePackageByName`). */
const TARBALL_FILE_PATTERNS = ['**/*.js', 'package.json'];

/**
 * Turns the analyser's only output, ESLint's `stylish` text, into `file:line:column rule message`.
 * A line that does not look like a finding is left out only if it is blank, a heading or the sum.
 */
function findings(details, dir) {
	const lines = [];
	let file = '';
	for (const line of details.split('\n')) {
		const hit = /^\s+(\d+):(\d+)\s+(error|warning)\s+(.*?)(?:\s{2,}(\S+))?\s*$/.exec(line);
		if (hit) {
			const [, row, column, severity, message, rule = '(parser)'] = hit;
			lines.push(`${file}:${row}:${column} ${severity} ${rule} ${message}`);
		} else if (path.isAbsolute(line.trim())) {
			file = path.relative(dir, line.trim());
		} else if (line.trim() !== '' && !/^\s*(✖|\d+ errors?\b)|potentially fixable/.test(line)) {
			// The rest of a message of several lines.
			lines.push(`    ${line.trim()}`);
		}
	}
	return lines;
}

/** Scans one directory, prints what was found, and tells whether n8n would let it pass. */
async function scan(label, dir, patterns) {
	const files = await glob(patterns, { cwd: dir, ignore: ['node_modules/**'] });
	// The analyser calls an empty package passed; here it means that something is amiss.
	if (!files.some((file) => /\.node\.(ts|js)$/.test(file))) {
		console.error(`${label}: no node among ${files.length} files in ${dir}`);
		return false;
	}
	const result = await analyzePackage(dir, patterns);
	if (result.passed) {
		console.log(`${label}: ${files.length} files, nothing found`);
		return true;
	}
	console.error(`${label}: ${result.message}`);
	const list = findings(result.details ?? '', dir);
	for (const line of list) console.error(`  ${line}`);
	if (list.length === 0 && result.details) console.error(result.details);
	return false;
}

/** Packs the package into `dir`, unpacks it there, and returns the unpacked folder. */
function packInto(dir) {
	execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', dir], {
		cwd: ROOT,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error('npm pack wrote no tarball');
	const target = path.join(dir, 'package');
	mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', 'package', '--strip-components=1'], { cwd: dir });
	return target;
}

async function main() {
	if (!existsSync(path.join(ROOT, 'dist'))) {
		console.error('Scan: there is no dist/. Run `npm run build` first.');
		return false;
	}
	const dir = mkdtempSync(path.join(tmpdir(), 'n8n-scan-'));
	try {
		const sourcePassed = await scan('Source', ROOT, SOURCE_FILE_PATTERNS);
		const { name } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
		// A package that is derived is looked for in the commit that its provenance names, by its name.
		const committed = findPackageRoot(CHECKOUT, name);
		if (committed === null) {
			console.error(`Commit: no package.json is named ${name}: n8n's scan would not find its source`);
			return false;
		}
		const isDerived = path.resolve(committed) !== ROOT;
		if (isDerived && !(await scan('Commit', committed, SOURCE_FILE_PATTERNS))) return false;
		const packPassed = await scan('Package', packInto(dir), TARBALL_FILE_PATTERNS);
		return sourcePassed && packPassed;
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

if (await main()) {
	console.log('Scan passed: n8n would find no fault in the source or in the package.');
} else {
	console.error('Scan FAILED.');
	process.exitCode = 1;
}
