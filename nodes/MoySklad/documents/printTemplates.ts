/** Templates of printed forms. Reference of the project: moysklad-documents.md §5.8; MoySklad docs, Print templates. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { partLocator, rowId } from '../catalogue/nested';
import { rowsList } from '../lists';
import { documentTypes, typeChoices } from './places';
import { hasTemplates, KIND_PATH } from './printing';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/print-template';

const place: Field[] = [
	{
		name: 'documentType',
		label: 'Document Type',
		kind: 'choice',
		to: 'path:documentType',
		required: true,
		default: 'customerorder',
		// Labels and price tags of all goods have one list of templates.
		choices: typeChoices(['assortment', ...documentTypes(hasTemplates)]),
		help: 'Type of what is printed with the template',
	},
	{
		name: 'templateKind',
		label: 'Template Kind',
		kind: 'choice',
		to: 'path:templateKind',
		required: true,
		default: 'customtemplate',
		choices: [
			{ name: 'Own', value: 'customtemplate' },
			{ name: 'Standard', value: 'embeddedtemplate' },
		],
		help: 'Whether the template is yours or comes with MoySklad',
	},
];

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	name: { type: 'string' },
	type: { type: 'string' },
	documentType: { type: 'string' },
	templateKind: { type: 'string' },
	content: { type: 'string' },
};

const shared = {
	resource: 'printTemplate',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, { path }: Call) => ({
		id: rowId(row) ?? null,
		name: row.name ?? null,
		type: row.type ?? null,
		documentType: path.documentType,
		templateKind: path.templateKind,
		content: row.content ?? null,
	}),
};

const COLLECTION = '/entity/{documentType}/metadata/{templateKind}' as const;

export const printTemplates: Operation[] = [
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get print template',
		description: 'Retrieve one template of the printed forms of a type of document',
		route: `GET ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [
			...place,
			{
				name: 'templateId',
				label: 'Template',
				kind: 'locator',
				to: 'path:id',
				required: true,
				locator: partLocator(
					`\\w+/metadata/${KIND_PATH}`,
					'customerorder/metadata/customtemplate',
					'searchTemplatesOfKind',
				),
				help: 'One of the templates of this kind',
			},
		],
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many print templates',
		description: 'List the templates of the printed forms of a type of document',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: place,
		notes: 'Templates that are hidden in MoySklad do not come.',
	},
];
