'use strict';

const { dest, src } = require('gulp');

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

exports['build:assets'] = buildAssets;
exports.default = buildAssets;
