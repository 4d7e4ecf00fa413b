/** MoySklad's documents as a node of their own: the same connection, limits and errors. */
import type { Choice, Vendor } from '../../shared/catalogue';
import { operationsOf } from '../catalogue/dictionaries';
import { facts } from '../facts';
import { withSilence } from '../silence';
import { moySklad } from '../vendor';
import { documents } from './decisions';
import { items } from './items';
import { trashOperation } from './trash';

/** Named in MoySklad's own English, with the Russian term that people know from the web app. */
const resources: Choice[] = documents.map(({ resource, keyword, many }) => ({
	name: facts[keyword].one,
	value: resource,
	local: facts[keyword].local,
	description: `Work with ${many} (${keyword})`,
}));

export const moySkladDocuments: Vendor = {
	...moySklad,
	resources: [
		...resources,
		{
			name: 'Item',
			value: 'item',
			local: 'Позиция документа',
			description: 'The rows of a document: add, change, delete, list beyond 1000',
		},
	],
	operations: [
		...documents.flatMap((document) => [...operationsOf(document), ...trashOperation(document)]),
		...items,
	].map(withSilence),
};
