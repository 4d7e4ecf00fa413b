/** Move to Recycle Bin. Reference of the project: moysklad-documents.md §5.7; MoySklad docs, Recycle bin. */
import type { Operation } from '../../shared/catalogue';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';
import { facts, hasBin } from '../facts';

/** The operation of a type that has a recycle bin; none for others. */
export function trashOperation(document: Dictionary): Operation[] {
	const { resource, keyword, one, docs } = document;
	if (!hasBin(facts[keyword]) || !facts[keyword].fields.deleted) return [];
	return [
		{
			resource,
			docs,
			operation: 'trash',
			name: 'Move to Recycle Bin',
			action: `Move ${one} to recycle bin`,
			description: `Put a ${one} into the recycle bin, from which the web app can restore it`,
			route: `POST /entity/${keyword}/{id}/trash`,
			idempotent: true,
			answer: { kind: 'done' },
			fields: [locatorField(document)],
			output: { success: { type: 'boolean' }, id: { type: 'string' } },
			notes: 'Needs the recycle bin to be switched on in the company settings.',
		},
	];
}
