/**
 * `npm run facts -- FOLDER`: writes the committed facts of all vendors from the tables in the folder (the vendors'
 * OpenAPI documents, and tables read from their docs). With `--check` it writes nothing and says whether the files
 * are what the folder gives.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

import { factFiles, readAll } from './all';
import { ToolProblem } from './source';

const ROOT = resolve(__dirname, '..', '..');

function main([...args]: string[]): number {
	const check = args.includes('--check');
	const [folder] = args.filter((arg) => !arg.startsWith('--'));
	if (!folder) throw new ToolProblem('Usage: npm run facts -- FOLDER [--check]');
	let stale = 0;
	for (const [file, content] of factFiles(readAll(resolve(folder)))) {
		const path = join(ROOT, file);
		const same = existsSync(path) && readFileSync(path, 'utf8') === content;
		if (!same) stale += 1;
		if (!same && !check) {
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, content);
		}
		const kb = Math.round(content.length / 1024);
		console.log(`${same ? 'same   ' : check ? 'differs' : 'written'} ${file} (${kb} KB)`);
	}
	return check && stale > 0 ? 1 : 0;
}

try {
	process.exitCode = main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof ToolProblem)) throw error;
	console.error(error.message);
	process.exitCode = 2;
}
