'use strict';

const { globSync } = require('fast-glob');
const { rmSync, writeFileSync } = require('fs');
const { resolve } = require('path');
const { isDeepStrictEqual } = require('util');

const { dest, series, src } = require('gulp');

/**
 * What the compiler does not emit and n8n reads at run time: icons, codex files (`*.node.json`,
 * read by n8n beside each compiled node) and output schemas (`__schema__`).
 */
const ASSETS = [
	'nodes/**/*.{svg,png}',
	'nodes/**/*.node.json',
	'nodes/**/__schema__/**/*.json',
	'credentials/**/*.{svg,png}',
];

/** Copies the assets into dist/ with the same tree (`npm run build`, after tsc). */
function buildAssets() {
	// base keeps nodes/ and credentials/ in the target path; encoding: false because gulp 5 would
	// decode every file as UTF-8, which ruins a PNG.
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

/**
 * Puts what each `*.form.js` exports in the place of the code that makes it: n8n reads every form at its start, and
 * nothing else of what these files import (docs/decisions/0012-forms-are-built.md).
 */
async function buildForms() {
	for (const file of globSync('dist/nodes/*/*.form.js')) {
		const path = resolve(file);
		const lines = Object.entries(require(path)).map(([name, value]) => {
			const json = JSON.stringify(value);
			if (!isDeepStrictEqual(plain(value), JSON.parse(json))) {
				throw new Error(`${file}: '${name}' is more than data`);
			}
			return `exports.${name} = JSON.parse(${literal(json)});`;
		});
		writeFileSync(
			path,
			[
				'"use strict";',
				'Object.defineProperty(exports, "__esModule", { value: true });',
				...lines,
				'',
			].join('\n'),
		);
		// It told of the code.
		rmSync(`${path}.map`, { force: true });
	}
}

/** The value without what is undefined, which JSON leaves out. */
function plain(value) {
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, one]) => one !== undefined)
			.map(([name, one]) => [name, plain(one)]),
	);
}

/** A string literal of ASCII, of which V8 keeps one byte per character. */
function literal(text) {
	const ascii = text.replace(
		/[^\x20-\x7e]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return `'${ascii.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

exports['build:assets'] = series(buildAssets, buildForms);
exports.default = exports['build:assets'];
