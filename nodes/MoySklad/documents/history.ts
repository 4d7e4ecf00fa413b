/** What happened to a document. Reference of the project: moysklad-documents.md §5.8; MoySklad docs, Audit. */
import type { IDataObject } from 'n8n-workflow';

import type { Operation, OutputField } from '../../shared/catalogue';
import { rowsStyle } from '../lists';
import { documentTypes, documentFields } from './places';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/audit/audit#2-audit';

/** The audit's pages hold 100 at most (MoySklad docs: Audit). */
const PAGE = 100;

const output: Record<string, OutputField> = {
	moment: { type: 'string' },
	eventType: { type: 'string' },
	uid: { type: 'string' },
	source: { type: 'string' },
	changedFields: { type: 'string' },
	name: { type: 'string' },
};

export const history: Operation[] = [
	{
		resource: 'history',
		docs: DOCS,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many changes of document',
		description: 'List who changed a document, when, and what',
		route: 'GET /entity/{documentType}/{documentId}/audit',
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => PAGE },
		fields: documentFields(documentTypes(), 'was changed'),
		output,
		simplify: (row: IDataObject) => ({
			moment: row.moment ?? null,
			eventType: row.eventType ?? null,
			uid: row.uid ?? null,
			source: row.source ?? null,
			changedFields: Object.keys((row.diff ?? {}) as IDataObject).join(', ') || null,
			name: row.name ?? null,
		}),
		notes:
			"Administrators only. Values before and after stand in 'diff' with 'Output' set to Raw. Pages of 100 rows.",
	},
];
