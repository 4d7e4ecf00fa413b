/**
 * Printed forms of documents, by standard templates and own ones. Reference of the project: moysklad-documents.md
 * §5.8; MoySklad docs, Print of documents.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Job, Locator, Operation, Work } from '../../shared/catalogue';
import { namedFile, outputField } from '../../shared/files/files';
import { isNotFound } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import type { Dictionary } from '../catalogue/dictionary';
import { locatorField } from '../catalogue/dictionaryFields';
import { asError } from '../lookup';
import { guard } from '../catalogue/dictionaryReads';
import { ID_OR_LINK, partLocator } from '../catalogue/nested';
import { print } from '../catalogue/label';
import { facts } from '../facts';
import { rowsList } from '../lists';
import { isUuid, metaAt, UUID } from '../references';

/** Kinds of templates, as addresses name them. */
export const TEMPLATE_KINDS = ['customtemplate', 'embeddedtemplate'];

/** Their pattern in an address. */
export const KIND_PATH = `(?:${TEMPLATE_KINDS.join('|')})`;
const TEMPLATE_LINK = new RegExp(`/entity/(\\w+)/metadata/(${KIND_PATH})/(${UUID})`, 'i');

const templateLocator: Locator = {
	...partLocator(
		`\\w+/metadata/${KIND_PATH}`,
		'customerorder/metadata/customtemplate',
		'searchTemplates',
	),
	id: ID_OR_LINK,
	words: { label: 'By Name', placeholder: 'e.g. Invoice' },
};

export const templateField: Field = {
	name: 'template',
	label: 'Template',
	kind: 'locator',
	to: 'control',
	required: true,
	locator: templateLocator,
	help: 'What the form looks like: an own template or a standard one, from the list, by name, link or ID',
};

const FORMATS: Record<string, { extension: string; mimeType: string }> = {
	html: { extension: 'html', mimeType: 'text/html' },
	ods: { extension: 'ods', mimeType: 'application/vnd.oasis.opendocument.spreadsheet' },
	pdf: { extension: 'pdf', mimeType: 'application/pdf' },
	xls: { extension: 'xls', mimeType: 'application/vnd.ms-excel' },
};

const format: Field = {
	name: 'format',
	label: 'Format',
	kind: 'choice',
	to: 'control',
	default: 'pdf',
	choices: [
		{ name: 'HTML', value: 'html' },
		{ name: 'ODS', value: 'ods' },
		{ name: 'PDF', value: 'pdf' },
		{ name: 'XLS', value: 'xls' },
	],
	help: 'Kind of the file; several forms in one file are a PDF',
};

const moreForms: Field = {
	name: 'moreForms',
	label: 'More Forms',
	kind: 'rows',
	section: 'options',
	to: 'control',
	button: 'Add Form',
	rowLabel: 'Form',
	help: 'Further forms behind the first one, in the same PDF; those of related documents are allowed, too',
	columns: [
		// A new row is not red at once; one that stays without a template is refused below.
		{ ...templateField, required: false, help: 'Template of this form' },
		{
			name: 'count',
			label: 'Copies',
			kind: 'number',
			to: 'control',
			default: 1,
			min: 1,
			max: 10,
			whole: true,
			help: 'How many copies of it, 10 at most',
		},
	],
};

const copies: Field = {
	name: 'copies',
	label: 'Copies',
	kind: 'number',
	section: 'options',
	to: 'control',
	default: 1,
	min: 1,
	max: 10,
	whole: true,
	help: 'How many copies of the first form are in the PDF, 10 at most',
};

const job: Job = { ...print, instead: 'Try it again, or print fewer forms at a time.' };

/** Templates lie in the metadata of a type, which two types of documents do not have. */
export const hasTemplates = (keyword: string) => facts[keyword].has.includes('metadata');

/** Templates of a type, of both kinds. */
async function templatesOf(keyword: string, work: Work): Promise<IDataObject[]> {
	const rows: IDataObject[] = [];
	for (const kind of TEMPLATE_KINDS) {
		const request = { method: 'GET' as const, path: `/entity/${keyword}/metadata/${kind}` };
		for await (const page of work.pages({ request, rule: rowsList, limit: Infinity })) {
			for (const row of page) {
				// A list that changes while it is read shows a row twice.
				if (!rows.some((one) => one.kind === kind && one.id === row.id))
					rows.push({ ...row, kind });
			}
		}
	}
	return rows;
}

/** References to templates of a type, those given by name or ID asked for once. */
export class Templates {
	private readonly lists = new Map<string, Promise<IDataObject[]>>();
	private readonly kinds = new Map<string, Promise<string | undefined>>();

	constructor(private readonly work: Work) {}

	/** Kind of the template with this ID, which needs no list to be found: hidden templates stand in none. */
	private kindOf(id: string, keyword: string): Promise<string | undefined> {
		const ask = async () => {
			for (const kind of TEMPLATE_KINDS) {
				try {
					await this.work.send({
						method: 'GET',
						path: `/entity/${keyword}/metadata/${kind}/${id}`,
					});
					return kind;
				} catch (error) {
					if (!isNotFound(error)) throw error as Error;
				}
			}
			return undefined;
		};
		const key = `${keyword} ${id}`;
		const asked = this.kinds.get(key) ?? ask();
		this.kinds.set(key, asked);
		return asked;
	}

	/** Throws `InputProblem` for a template that there is not. */
	async of(value: unknown, keyword: string, baseUrl: string): Promise<IDataObject> {
		const text = String(value).trim();
		const at = (kind: string, id: string) =>
			metaAt(baseUrl, `/entity/${keyword}/metadata/${kind}/${id}`, kind);
		const link = TEMPLATE_LINK.exec(text);
		if (link) {
			const [, type, kind, id] = link;
			return metaAt(baseUrl, `/entity/${type}/metadata/${kind}/${id}`, kind);
		}
		// An ID says more than a name: templates may be called anything.
		if (isUuid(text)) {
			const own = await this.kindOf(text.toLowerCase(), keyword);
			if (own) return at(own, text.toLowerCase());
		}
		const list = this.lists.get(keyword) ?? templatesOf(keyword, this.work);
		this.lists.set(keyword, list);
		const all = await list;
		const found = all.filter(({ name }) => String(name).trim() === text);
		if (found.length === 1) {
			const [{ id, kind }] = found;
			return at(String(kind), String(id));
		}
		const names = all.map(({ name }) => `'${String(name)}'`).slice(0, 30);
		throw new InputProblem(
			'Template',
			found.length > 1
				? `is '${text}', which is the name of ${found.length} templates`
				: `is '${text}', and the type has no such template`,
			found.length > 1
				? 'Choose it from the list, or give its link.'
				: names.length > 0
					? `Give one of: ${names.join(', ')}.`
					: 'Nobody has made templates for this type: see the print settings in MoySklad.',
		);
	}
}

async function prepare(calls: Call[], work: Work, keyword: string): Promise<void> {
	const templates = new Templates(work);
	for (const call of calls) {
		if (call.problem) continue;
		const { control, baseUrl } = call;
		const more = (control.moreForms ?? []) as IDataObject[];
		const count = Number(control.copies ?? 1);
		try {
			const template = await templates.of(control.template, keyword, baseUrl);
			if (more.length === 0 && count === 1) {
				call.body = { template, extension: control.format };
				continue;
			}
			const forms: IDataObject[] = [{ template, count }];
			for (const form of more) {
				if (form.template === undefined || form.template === '') {
					throw new InputProblem(
						'More Forms',
						'has a row without a template',
						'Choose its template, or remove the row.',
					);
				}
				const next = await templates.of(form.template, keyword, baseUrl);
				forms.push({ template: next, count: form.count ?? 1 });
			}
			// One template in the one way, several in the other, never both (code 33005).
			call.body = { templates: forms };
		} catch (error) {
			call.problem = asError(error);
		}
		guard(call, () => {
			if (control.format === 'pdf') return;
			throw new InputProblem(
				'Format',
				`is ${String(control.format).toUpperCase()}, and several forms or copies go into one PDF only`,
				"Choose PDF, or print one form without 'More Forms' and 'Copies'.",
			);
		});
	}
}

/** Print: one document as a file, in one or several forms. */
export function printOperation(document: Dictionary): Operation[] {
	const { resource, keyword, one, docs } = document;
	if (!(document.does ?? '').includes('r') || !hasTemplates(keyword)) return [];
	return [
		{
			resource,
			docs,
			operation: 'print',
			name: 'Print',
			action: `Print ${one}`,
			description: 'Get its printed form as a file',
			route: `POST /entity/${keyword}/{id}/export`,
			does: 'reads',
			answer: {
				kind: 'file',
				name: (told, _extension, { control }) =>
					namedFile(told ?? keyword, FORMATS[String(control.format)]?.extension),
				as: ({ control }) => FORMATS[String(control.format)],
			},
			job,
			fields: [locatorField(document), templateField, format, outputField, moreForms, copies],
			prepare: async (calls, work) => await prepare(calls, work, keyword),
			output: {
				id: { type: 'string' },
				filename: { type: 'string' },
				mimeType: { type: 'string' },
				size: { type: 'number' },
			},
			notes:
				'One request per document: the API prints no set of documents. The file is waited for.',
		},
	];
}
