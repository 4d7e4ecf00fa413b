/** All vendors' facts: which tables they come from, and which files they become. */
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import { readMoySklad, writeMoySklad, type MoySkladTables } from './moysklad';
import { readOpenApi, readOperations, writeOperations } from './operations';

/** What the folder says. */
export interface AllFacts {
	moySklad: MoySkladTables;
	/** By the vendor's folder in nodes/. */
	operations: Record<'YandexMarket' | 'Altegio' | 'InspectorCloud', OperationFacts[]>;
}

/** Reads every table. Throws `ToolProblem`. */
export function readAll(folder: string): AllFacts {
	return {
		moySklad: readMoySklad(folder),
		operations: {
			YandexMarket: readOpenApi(folder, 'yandex-market-openapi.json'),
			Altegio: readOperations(folder, 'altegio-operations.json'),
			InspectorCloud: readOperations(folder, 'inspector-cloud-operations.json'),
		},
	};
}

/** Every file that is made of the facts: path from the root → content. */
export function factFiles({ moySklad, operations }: AllFacts): Map<string, string> {
	return new Map([
		['nodes/MoySklad/facts.generated.ts', writeMoySklad(moySklad)],
		['tools/known/moysklad-routes.json', `${JSON.stringify(moySklad.routes, null, 1)}\n`],
		...Object.entries(operations).map(([vendor, list]): [string, string] => [
			`nodes/${vendor}/facts.generated.ts`,
			writeOperations(vendor, list),
		]),
	]);
}
