/** Files of documents, goods, counterparties and tasks. Reference of the project: moysklad-documents.md §5.8; MoySklad docs, Files. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	FileRule,
	Operation,
	Output,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { missingFailure } from '../../shared/errors/errors';
import { namedFile, outputField } from '../../shared/files/files';
import { InputProblem } from '../../shared/errors/problems';
import { UPLOAD_MS } from '../catalogue/imageSet';
import { filled, GONE, ownerIdOf, partLocator, rowId } from '../catalogue/nested';
import { facts, typesThat } from '../facts';
import { bytesOfBase64, MAX_FILE_BYTES } from '../files';
import { rowsList } from '../lists';
import { asError } from '../lookup';
import { UUID } from '../references';
import { idOf } from '../simplify';
import { documentTypes, filesOwner, documentFields } from './places';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/files#2-fajly';

/** Documents first; goods, counterparties and tasks have files, too, by the same addresses. */
const types = [
	...documentTypes((keyword) => facts[keyword].has.includes('files')),
	...typesThat(({ kind, has }) => kind === 'dictionary' && has.includes('files')),
].sort((one, other) => facts[one].one.localeCompare(facts[other].one, 'en'));
const place = documentFields(types, 'has the file', 'path', filesOwner);
/** Those of which MoySklad tells a single file. */
const single = documentTypes((keyword) => facts[keyword].has.includes('file'));
const COLLECTION = '/entity/{documentType}/{documentId}/files' as const;

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	documentId: { type: 'string' },
	title: { type: 'string' },
	filename: { type: 'string' },
	size: { type: 'number' },
	created: { type: 'string' },
	createdById: { type: 'string' },
	downloadHref: { type: 'string' },
};

const shared = {
	resource: 'file',
	docs: DOCS,
	output,
	simplify: (row: IDataObject, call: Call) => ({
		id: rowId(row) ?? null,
		documentId: ownerIdOf(row, '\\w+', call.path.documentId),
		title: row.title ?? null,
		filename: row.filename ?? null,
		size: row.size ?? null,
		created: row.created ?? null,
		createdById: idOf(row.createdBy) ?? null,
		downloadHref: (row.meta as IDataObject | undefined)?.downloadHref ?? null,
	}),
};

const file = (to: Field['to']): Field => ({
	name: 'fileId',
	label: 'File',
	kind: 'locator',
	to,
	required: true,
	locator: partLocator(
		`\\w+/${UUID}/files`,
		'customerorder/7944ef04-f831-11e5-7a69-971500188b19/files',
		'searchDocumentFiles',
	),
	help: 'One of the files that it has',
});

const source: Field[] = [
	{
		name: 'fileSource',
		label: 'File Source',
		kind: 'choice',
		to: 'control',
		default: 'binary',
		choices: [
			{ name: 'Base64', value: 'base64', description: 'Text, as a field of the JSON' },
			{ name: 'Binary', value: 'binary', description: 'File of the input item' },
		],
		help: 'Where the bytes of the file come from',
	},
	{
		name: 'binaryPropertyName',
		label: 'Input Binary Field',
		kind: 'text',
		to: 'control',
		required: true,
		default: 'data',
		when: { fileSource: ['binary'] },
		help: 'Name of the binary field that holds the file, at most 10 MB',
	},
	{
		name: 'fileContent',
		label: 'File Content',
		kind: 'text',
		to: 'control',
		when: { fileSource: ['base64'] },
		placeholder: 'e.g. JVBERi0xLjQ…',
		help: 'The file in base64; a data URL works, too',
	},
	{
		name: 'fileName',
		label: 'File Name',
		kind: 'text',
		section: 'options',
		to: 'control',
		placeholder: 'e.g. invoice.pdf',
		help: 'By default, the name of the binary file',
	},
];

/** The file that an item brings. Throws `InputProblem`. */
async function uploadOf(call: Call, work: Work): Promise<IDataObject> {
	const { fileSource, fileContent, binaryPropertyName, fileName } = call.control;
	let bytes: Buffer;
	let name = fileName === undefined ? '' : String(fileName);
	if (fileSource === 'base64') bytes = bytesOfBase64(String(fileContent ?? ''), 'File Content');
	else {
		const given = await work.readBinary(call, String(binaryPropertyName));
		bytes = given.bytes;
		name ||= given.fileName ?? '';
	}
	const problem = (what: string, hint: string) => new InputProblem('File', what, hint);
	if (bytes.length === 0) throw problem('is empty', 'Check the node that reads or downloads it.');
	if (bytes.length > MAX_FILE_BYTES) {
		throw problem(
			`has ${(bytes.length / 1024 / 1024).toFixed(1)} MB`,
			'MoySklad takes 10 MB at most.',
		);
	}
	// A browser's or a file node's path is no part of the name.
	const filename = name.trim().split(/[\\/]/).pop() ?? '';
	if (filename === '') {
		throw new InputProblem(
			'File Name',
			'is empty',
			"Add the option 'File Name', such as invoice.pdf.",
		);
	}
	return { filename: filename.slice(-255), content: bytes.toString('base64') };
}

/** Adds a file. The answer shows files of the document: the new one is the last of its name. */
async function add(call: Call, work: Work): Promise<Output[]> {
	const upload = await uploadOf(call, work);
	const { documentType, documentId } = call.path;
	const { body } = await work.send({
		method: 'POST',
		path: `/entity/${documentType}/${documentId}/files`,
		body: [upload],
		timeoutMs: UPLOAD_MS,
	});
	const rows = (Array.isArray(body) ? body : [body]) as IDataObject[];
	const named = rows.filter(({ filename }) => filename === upload.filename);
	return [{ json: named[named.length - 1] ?? rows[rows.length - 1] ?? {} }];
}

/** Finds the files that are to be downloaded in the lists of their documents, each list read once. */
async function findFiles(calls: Call[], work: Work): Promise<void> {
	const lists = new Map<string, Promise<IDataObject[]>>();
	for (const call of calls) {
		if (call.problem) continue;
		const path = `/entity/${String(call.control.documentType)}/${String(call.control.documentId)}/files`;
		const list = lists.get(path) ?? allRowsAt(path, work);
		lists.set(path, list);
		try {
			const rows = await list;
			const row = rows.find((one) => rowId(one)?.toLowerCase() === call.path.id.toLowerCase());
			const link = String((row?.meta as IDataObject | undefined)?.downloadHref ?? '');
			const id = new RegExp(`/download/(${UUID})`).exec(link)?.[1];
			if (!id) throw missingFailure(work.vendor, { method: 'GET', path }, GONE, call.path.id);
			call.control.file = row;
			call.path.id = id;
		} catch (error) {
			call.problem = asError(error);
		}
	}
}

async function allRowsAt(path: string, work: Work): Promise<IDataObject[]> {
	const rows: IDataObject[] = [];
	const request = { method: 'GET' as const, path };
	// Two equal files have one ID, so IDs do not tell rows apart.
	const rule = { ...rowsList, rowKey: undefined };
	for await (const page of work.pages({ request, rule, limit: Infinity })) rows.push(...page);
	return rows;
}

const downloaded: FileRule = {
	kind: 'file',
	json: (told, { control }) => {
		const row = (control.file ?? {}) as IDataObject;
		return filled({
			id: rowId(row),
			documentId: control.documentId,
			...told,
			created: row.created,
		});
	},
	name: (told, extension, { control }) => {
		const named = (control.file as IDataObject | undefined)?.filename;
		// Its own name, whatever the bytes say: a table is a ZIP file inside.
		return named === undefined ? namedFile(told, extension) : String(named);
	},
};

export const documentFiles: Operation[] = [
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get file of document',
		description: 'Retrieve what MoySklad knows of one file; Download gets its contents',
		route: `GET ${COLLECTION}/{id}`,
		answer: { kind: 'object' },
		fields: [...documentFields(single, 'has the file'), file('path:id')],
		notes: 'Other types of documents tell of their files by Get Many only.',
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many files of document or other object',
		description: 'List the files of a document, product, counterparty or task',
		route: `GET ${COLLECTION}`,
		answer: { kind: 'list', at: 'rows' },
		list: { ...rowsList, rowKey: undefined },
		fields: [...place],
	},
	{
		...shared,
		operation: 'add',
		name: 'Add',
		action: 'Add file to document or other object',
		description: 'Attach a file to a document, product, counterparty or task',
		route: `POST ${COLLECTION}`,
		answer: { kind: 'object' },
		fields: [...place, ...source],
		perform: add,
		notes: 'At most 10 MB each, 100 for an object. One request per file.',
	},
	{
		resource: 'file',
		docs: DOCS,
		operation: 'download',
		name: 'Download',
		action: 'Download file of document or other object',
		description: 'Get a file of a document, product, counterparty or task',
		route: 'GET /download/{id}',
		answer: downloaded,
		fields: [
			...documentFields(types, 'has the file', 'control', filesOwner),
			file('path:id'),
			outputField,
		],
		prepare: findFiles,
		output: {
			id: { type: 'string' },
			documentId: { type: 'string' },
			filename: { type: 'string' },
			mimeType: { type: 'string' },
			size: { type: 'number' },
			created: { type: 'string' },
		},
		notes:
			'The list of the files is read first. MoySklad redirects to its file storage, which is asked without credentials.',
	},
	{
		resource: 'file',
		docs: DOCS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete file of document or other object',
		description: 'Take a file away from a document, product, counterparty or task',
		route: `DELETE ${COLLECTION}/{id}`,
		answer: { kind: 'deleted' },
		fields: [...place, file('path:id')],
		output: {
			deleted: { type: 'boolean' },
			documentType: { type: 'string' },
			documentId: { type: 'string' },
			id: { type: 'string' },
		},
	},
];
