/** What only an Inventory Count can do. MoySklad docs, Inventory: recalculation of the book quantities. */
import type { Operation } from '../../shared/catalogue';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';

/** Recalculate Book Quantities; none for other types. */
export function inventoryOperation(document: Dictionary): Operation[] {
	const { resource, keyword, one, docs } = document;
	if (keyword !== 'inventory') return [];
	return [
		{
			resource,
			docs,
			operation: 'recalculate',
			name: 'Recalculate Book Quantities',
			action: `Recalculate book quantities of ${one}`,
			description: `Read the stock of the items of a ${one} anew, for the difference to what was counted`,
			route: 'PUT /rpc/inventory/{id}/recalcCalculatedQuantity',
			idempotent: true,
			answer: { kind: 'done' },
			fields: [locatorField(document)],
			output: { success: { type: 'boolean' }, id: { type: 'string' } },
			notes: 'MoySklad saves the document again. One request per document.',
		},
	];
}
