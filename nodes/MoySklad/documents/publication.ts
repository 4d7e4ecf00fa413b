/** Public links of documents. Reference of the project: moysklad-documents.md §5.8; MoySklad docs, Publication. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField, Work } from '../../shared/catalogue';
import { expandField, ownerIdOf, partLocator, rowId } from '../catalogue/nested';
import { rowsList } from '../lists';
import { asError } from '../lookup';
import { UUID } from '../references';
import { idOf } from '../simplify';
import { documentTypes, documentFields } from './places';
import { templateField, Templates } from './printing';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-publikaciq-dokumentow';

/** Types that cannot be published (MoySklad docs, Publication: list of types). */
const NOT_PUBLIC = [
	'counterpartyadjustment',
	'emissionorder',
	'payroll',
	'prepayment',
	'prepaymentreturn',
	'pricelist',
	'productionstage',
	'productionstagecompletion',
	'productiontask',
	'retireorder',
];

const types = documentTypes((keyword) => !NOT_PUBLIC.includes(keyword));
const place = documentFields(types, 'is public');
const COLLECTION = '/entity/{documentType}/{documentId}/publication' as const;

const publication: Field = {
	name: 'publicationId',
	label: 'Public Link',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`\\w+/${UUID}/publication`,
		'customerorder/7944ef04-f831-11e5-7a69-971500188b19/publication',
		'searchPublications',
	),
	help: 'One of the public links of the document',
};

const expand = expandField([{ name: 'Template', value: 'template' }]);

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	documentId: { type: 'string' },
	href: { type: 'string' },
	templateId: { type: 'string' },
	templateType: { type: 'string' },
};

const shared = {
	resource: 'publication',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, call: Call) => {
		const template = row.template as IDataObject | undefined;
		return {
			id: rowId(row) ?? null,
			documentId: ownerIdOf(row, '\\w+', call.path.documentId),
			href: row.href ?? null,
			templateId: idOf(template) ?? null,
			templateType: (template?.meta as IDataObject | undefined)?.type ?? null,
		};
	},
};

async function prepare(calls: Call[], work: Work): Promise<void> {
	const templates = new Templates(work);
	for (const call of calls) {
		if (call.problem) continue;
		const { control, path, baseUrl } = call;
		try {
			call.body = { template: await templates.of(control.template, path.documentType, baseUrl) };
		} catch (error) {
			call.problem = asError(error);
		}
	}
}

export const publications: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Create',
		action: 'Create public link of document',
		description: 'Make a page of a document that everybody with the link can see',
		route: `POST ${COLLECTION}`,
		// The link that there is comes again.
		idempotent: true,
		answer: { kind: 'object' },
		fields: [...place, templateField],
		prepare,
		notes: 'A document has one link per template: creating it again gives the same.',
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get public link of document',
		description: 'Retrieve one public link of a document',
		route: `GET ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...place, publication, expand],
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many public links of document',
		description: 'List the public links of a document',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [...place, expand],
	},
	{
		resource: 'publication',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete public link of document',
		description: 'Take a public page down: its link leads nowhere from then on',
		route: `DELETE ${COLLECTION}/{id}`,
		answer: { kind: 'deleted' },
		fields: [...place, publication],
		output: {
			deleted: { type: 'boolean' },
			documentType: { type: 'string' },
			documentId: { type: 'string' },
			id: { type: 'string' },
		},
	},
];
