/** The event feed of documents. Reference of the project: moysklad-documents.md §5.4; MoySklad docs, Event feed. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { deletePart, ownerIdOf, partLocator, rowId } from '../catalogue/nested';
import { facts } from '../facts';
import { rowsStyle } from '../lists';
import { UUID } from '../references';
import { idOf } from '../simplify';
import { documentTypes, documentFields } from './places';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/notes#2-lenta-sobytij';

const types = documentTypes((keyword) => facts[keyword].has.includes('notes'));
const place = documentFields(types, 'has the comment');
const COLLECTION = '/entity/{documentType}/{documentId}/notes' as const;
const MOST = 4096;
const PAGE = 100;

const comment: Field = {
	name: 'commentId',
	label: 'Comment',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`\\w+/${UUID}/notes`,
		'customerorder/7944ef04-f831-11e5-7a69-971500188b19/notes',
		'searchComments',
	),
	help: 'One entry of the event feed',
};

const text: Field = {
	name: 'description',
	label: 'Text',
	kind: 'text',
	rows: 3,
	to: 'body:description',
	required: true,
	help: 'At most 4096 characters; {{employee;ID}} mentions an employee',
	wire: (value) => {
		const given = String(value);
		if (given.length <= MOST) return given;
		throw new InputProblem('Text', `has ${given.length} characters`, `MoySklad allows ${MOST}.`);
	},
};

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	documentId: { type: 'string' },
	description: { type: 'string' },
	created: { type: 'string' },
	authorId: { type: 'string' },
	authorApplicationId: { type: 'string' },
};

const shared = {
	resource: 'comment',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, call: Call) => ({
		id: rowId(row) ?? null,
		documentId: ownerIdOf(row, '\\w+', call.path.documentId),
		description: row.description ?? null,
		created: row.created ?? null,
		authorId: idOf(row.author) ?? null,
		authorApplicationId: idOf(row.authorApplication) ?? null,
	}),
};

export const comments: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Create',
		action: 'Create comment on document',
		description: 'Write a comment into the event feed of a document',
		route: `POST ${COLLECTION}`,
		// The docs' example answers with a list of one, the specification with the object.
		answer: { kind: 'object' },
		fields: [...place, text],
		notes: 'One request per comment; 5000 for a document at most.',
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get comment on document',
		description: 'Retrieve one entry of the event feed of a document',
		route: `GET ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...place, comment],
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many comments on document',
		description: 'List the event feed of a document',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => PAGE, parallel: true },
		fields: [...place],
	},
	{
		...shared,
		operation: 'update',
		name: 'Update',
		action: 'Update comment on document',
		description: 'Change the text of a comment',
		route: `PUT ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...place, comment, text],
		notes: 'By its author or an administrator.',
	},
	deletePart({
		resource: 'comment',
		docs: DOCS,
		action: 'Delete comment on document',
		description: 'Delete a comment for good',
		collection: COLLECTION,
		type: 'eventnote',
		fields: [...place, comment],
		output: {
			deleted: { type: 'boolean' },
			documentType: { type: 'string' },
			documentId: { type: 'string' },
			id: { type: 'string' },
		},
		notes: 'By its author or an administrator. Comments on one document go together.',
	}),
];
