/**
 * `npm run drift -- FOLDER`: compares newer tables of the vendors with the committed facts and prints what appeared,
 * vanished, changed or was deprecated, and which operations of the nodes it touches. Ends with 1 when something
 * touches one of them, else with 0.
 */
import { readFileSync } from 'fs';
import { join, resolve } from 'path';

import { operations as altegioFacts } from '../../nodes/Altegio/facts.generated';
import { altegio } from '../../nodes/Altegio/vendor';
import { operations as inspectorFacts } from '../../nodes/InspectorCloud/facts.generated';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { facts } from '../../nodes/MoySklad/facts';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { operations as yandexFacts } from '../../nodes/YandexMarket/facts.generated';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { readAll } from '../facts/all';
import { ToolProblem } from '../facts/source';
import { operationDrift, routeDrift, typeDrift, type Drift } from './compare';

const ROUTES = join(resolve(__dirname, '..'), 'known', 'moysklad-routes.json');

function main([folder]: string[]): number {
	if (!folder) throw new ToolProblem('Usage: npm run drift -- FOLDER');
	const newer = readAll(resolve(folder));
	const routes = JSON.parse(readFileSync(ROUTES, 'utf8')) as string[];
	const { YandexMarket, Altegio, InspectorCloud } = newer.operations;
	const found: Array<[string, Drift[]]> = [
		[
			'MoySklad',
			[
				...typeDrift(facts, newer.moySklad.types, moySklad),
				...routeDrift(routes, newer.moySklad.routes, moySklad),
			],
		],
		['Yandex Market', operationDrift(yandexFacts, YandexMarket, yandexMarket)],
		['Altegio', operationDrift(altegioFacts, Altegio, altegio)],
		['Inspector Cloud', operationDrift(inspectorFacts, InspectorCloud, inspectorCloud)],
	];
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
