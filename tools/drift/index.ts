/**
 * `npm run drift -- FOLDER`: compares newer tables of the vendors with the committed facts and prints what appeared,
 * vanished, changed or was deprecated, and which operations of the nodes it touches. Ends with 1 when something
 * touches one of them, else with 0.
 */
import { readFileSync } from 'fs';
import { join, resolve } from 'path';

import { readAll } from '../facts/all';
import { ToolProblem } from '../facts/source';
import { driftOf } from './drift';

const ROUTES = join(resolve(__dirname, '..'), 'known', 'moysklad-routes.json');

function main([folder]: string[]): number {
	if (!folder) throw new ToolProblem('Usage: npm run drift -- FOLDER');
	const newer = readAll(resolve(folder));
	const routes = JSON.parse(readFileSync(ROUTES, 'utf8')) as string[];
	const found = driftOf(newer, routes);
	let touched = 0;
	for (const [vendor, drift] of found) {
		console.log(
			`${vendor}: ${drift.length === 0 ? 'nothing has changed' : `${drift.length} differences`}`,
		);
		for (const { at, what, detail, touches } of drift) {
			if (touches.length > 0) touched += 1;
			const whom = touches.length > 0 ? `  ! ${touches.join(', ')}` : '';
			console.log(`  ${what.padEnd(10)} ${at}: ${detail}${whom}`);
		}
	}
	console.log(`${touched} differences touch operations of the nodes`);
	return touched > 0 ? 1 : 0;
}

try {
	process.exitCode = main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof ToolProblem)) throw error;
	console.error(error.message);
	process.exitCode = 2;
}
