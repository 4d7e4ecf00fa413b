/** What a new document begins with. Reference of the project: moysklad-documents.md §4.1; MoySklad docs, Templates. */
import type { Operation } from '../../shared/catalogue';
import type { Dictionary } from '../catalogue/dictionary';
import { facts } from '../facts';
import { BASES } from './basis';

/** Get Defaults, for the types that have a template and no basis to make one from. */
export function defaultsOperation(document: Dictionary): Operation[] {
	const { keyword, resource, one, docs } = document;
	if (!facts[keyword].has.includes('template') || BASES[keyword]) return [];
	return [
		{
			resource,
			docs,
			operation: 'getDefaults',
			name: 'Get Defaults',
			action: `Get defaults of ${one}`,
			description: 'Retrieve what a new one would begin with; nothing is created',
			route: `PUT /entity/${keyword}/new`,
			answer: { kind: 'object' },
			fields: [],
			shape: (request) => {
				// Without a body MoySklad takes the settings of the user.
				request.body = {};
				// Nothing is saved by it.
				request.idempotent = true;
			},
			output: {
				applicable: { type: 'boolean' },
				organization: { type: 'object' },
				store: { type: 'object' },
				group: { type: 'object' },
				owner: { type: 'object' },
			},
			notes: 'Filled in by the settings of the user whose credential is used.',
		},
	];
}
