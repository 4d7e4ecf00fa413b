/** Marking codes of an item. Reference of the project: moysklad-documents.md §3.3; MoySklad docs, Marking codes. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { listOf } from '../../shared/form/readers';
import { routePath } from '../../shared/run/request';
import { isGone, partLocator, partRef, rowId } from '../catalogue/nested';
import { facts } from '../facts';
import { rowsStyle } from '../lists';
import { UUID } from '../references';
import { documentTypes, documentFields } from './places';

const DOCS =
	'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/tracking_code#2-kody-markirovki';

/** Pages hold 100 codes at most (MoySklad docs: Marking codes). */
const PAGE = 100;

const types = documentTypes(
	(keyword) => facts[keyword].parts?.positions?.trackingCodes !== undefined,
);
const OWNER = `\\w+/${UUID}/positions`;
const EXAMPLE = 'demand/7944ef04-f831-11e5-7a69-971500188b19/positions';
const COLLECTION = '/entity/{documentType}/{documentId}/positions/{itemId}/trackingCodes' as const;

/** An item of a document. */
export const anyItem = partLocator(OWNER, EXAMPLE, 'searchItems');

/** The item that is marked. */
const place: Field[] = [
	...documentFields(types, 'has the item'),
	{
		name: 'itemId',
		label: 'Item',
		kind: 'locator',
		to: 'path:itemId',
		required: true,
		locator: anyItem,
		help: 'The row of the document that is marked',
	},
];

/** Kinds of codes (MoySklad docs: Marking codes of items). */
const KINDS = [
	{
		name: 'Consumer Pack',
		value: 'consumerpack',
		description: 'A pack of marked goods that is sold',
	},
	{ name: 'Item', value: 'trackingcode', description: 'One piece' },
	{ name: 'Transport Pack', value: 'transportpack', description: 'A box or pallet' },
];

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	documentId: { type: 'string' },
	itemId: { type: 'string' },
	cis: { type: 'string' },
	cis_1162: { type: 'string' },
	type: { type: 'string' },
	codes: { type: 'number' },
};

const shared = {
	resource: 'markingCode',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, { path }: Call) => ({
		id: rowId(row) ?? null,
		documentId: path.documentId,
		itemId: path.itemId,
		cis: row.cis ?? null,
		cis_1162: row.cis_1162 ?? null,
		type: row.type ?? null,
		codes: Array.isArray(row.trackingCodes) ? row.trackingCodes.length : 0,
	}),
};

export const markingCodes: Operation[] = [
	{
		...shared,
		operation: 'add',
		name: 'Add',
		action: 'Add marking code to item',
		description: 'Mark a row of a document with one more code; the others stay',
		route: `POST ${COLLECTION}`,
		answer: { kind: 'object', at: '0' },
		fields: [
			...place,
			{
				name: 'cis',
				label: 'Marking Code',
				kind: 'text',
				to: 'body:cis',
				required: true,
				placeholder: 'e.g. 010463003759026521LjJfNII5aXL-B',
				help: 'The code as it was scanned, in the standard format',
			},
			{
				name: 'codeType',
				label: 'Code Type',
				kind: 'choice',
				to: 'body:type',
				required: true,
				default: 'trackingcode',
				choices: KINDS,
				help: 'What the code stands on',
			},
			{
				name: 'codesInside',
				label: 'Codes Inside',
				kind: 'text',
				also: 'list',
				section: 'additionalFields',
				to: 'body:trackingCodes',
				placeholder: 'e.g. 010463003759026521LjJfNII5aXL-B',
				help: 'Codes of the pieces in a pack, one per line, or an expression that gives a list',
				wire: codesInside,
			},
		],
		bulk: {
			kind: 'write',
			route: `POST ${COLLECTION}`,
			always: true,
			element: (call) => call.body,
			repeatable: () => false,
			lookFor: 'the same codes at the item',
		},
		notes: 'Codes of one item go together, up to 1000 in one request.',
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many marking codes of item',
		description: 'List the marking codes of a row of a document',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => PAGE, parallel: true },
		fields: [
			...place,
			{
				name: 'codeFormat',
				label: 'Code Format',
				kind: 'choice',
				section: 'options',
				to: 'query:codetype',
				default: 'gs1',
				choices: [
					{ name: 'All', value: 'all' },
					{ name: 'Standard', value: 'gs1' },
					{ name: 'Tag 1162', value: 'tag_1162' },
				],
				help: 'In which format the codes come; that of tag 1162 stands in a column of its own',
			},
		],
		notes: 'Pages of 100 rows.',
	},
	{
		resource: 'markingCode',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete marking code of item',
		description: 'Take a code away from a row, with the codes inside it',
		route: `DELETE ${COLLECTION}/{id}`,
		answer: { kind: 'deleted' },
		fields: [
			...place,
			{
				name: 'codeId',
				label: 'Marking Code',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: partLocator(
					`${OWNER}/${UUID}/trackingCodes`,
					`${EXAMPLE}/7944ef04-f831-11e5-7a69-971500188b19/trackingCodes`,
					'searchMarkingCodes',
				),
				help: 'One of the codes of the item',
			},
		],
		bulk: {
			kind: 'delete',
			route: `POST ${COLLECTION}/delete`,
			// There is no address of a single code.
			always: true,
			element: (call) => partRef(call, routePath(`POST ${COLLECTION}`, call), 'trackingcode'),
			repeatable: () => true,
			gone: isGone,
		},
		output: {
			deleted: { type: 'boolean' },
			documentType: { type: 'string' },
			documentId: { type: 'string' },
			itemId: { type: 'string' },
			id: { type: 'string' },
		},
		notes:
			'Sent as a list, even for one code (POST …/trackingCodes/delete): codes of one item go together.',
	},
];

/** Codes of the pieces in a pack. */
function codesInside(value: unknown): IDataObject[] {
	return (listOf(value, /\n/) ?? []).map((code) => ({
		cis: String(code).trim(),
		type: 'trackingcode',
	}));
}
