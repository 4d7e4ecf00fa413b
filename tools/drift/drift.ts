/** The committed facts of all vendors beside those of newer tables, with the nodes whose operations they are for. */
import { operations as altegioFacts } from '../../nodes/Altegio/facts.generated';
import { altegio } from '../../nodes/Altegio/vendor';
import { operations as inspectorFacts } from '../../nodes/InspectorCloud/facts.generated';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { facts } from '../../nodes/MoySklad/facts';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { operations as yandexFacts } from '../../nodes/YandexMarket/facts.generated';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { AllFacts } from '../facts/all';
import { operationDrift, routeDrift, typeDrift, type Drift } from './compare';

/** MoySklad has two nodes. */
const moySkladNodes = { operations: [...moySklad.operations, ...moySkladDocuments.operations] };

/**
 * What newer tables change, by vendor.
 *
 * @param routes those of MoySklad that were known
 */
export function driftOf(newer: AllFacts, routes: string[]): Array<[string, Drift[]]> {
	const { YandexMarket, Altegio, InspectorCloud } = newer.operations;
	return [
		[
			'MoySklad',
			[
				...typeDrift(facts, newer.moySklad.types, moySkladNodes),
				...routeDrift(routes, newer.moySklad.routes, moySkladNodes),
			],
		],
		['Yandex Market', operationDrift(yandexFacts, YandexMarket, yandexMarket)],
		['Altegio', operationDrift(altegioFacts, Altegio, altegio)],
		['Inspector Cloud', operationDrift(inspectorFacts, InspectorCloud, inspectorCloud)],
	];
}
