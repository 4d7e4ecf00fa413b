/**
 * n8n's own lint, every rule as it is, over the sources and the package.json of a package that holds nothing but
 * nodes: `node test/lintPackage.mjs FOLDER`. Exit status 1 on any finding.
 */
import path from 'node:path';

import { config as n8nConfig } from '@n8n/node-cli/eslint';
import { ESLint } from 'eslint';

const [folder] = process.argv.slice(2);
const eslint = new ESLint({
	cwd: path.resolve(folder),
	overrideConfigFile: true,
	overrideConfig: [
		{ ignores: ['dist/'] },
		...n8nConfig,
		{ linterOptions: { noInlineConfig: true } },
	],
});
const results = await eslint.lintFiles(['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json']);
const found = results.filter(({ errorCount, warningCount }) => errorCount + warningCount > 0);
for (const { filePath, messages } of found) {
	for (const { line, column, ruleId, message } of messages) {
		console.error(`${path.relative(folder, filePath)}:${line}:${column} ${ruleId} ${message}`);
	}
}
console.log(`Lint: ${results.length} files, ${found.length === 0 ? 'nothing found' : `faults in ${found.length}`}`);
if (found.length > 0) process.exitCode = 1;
