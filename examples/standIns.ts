/**
 * Stand-ins for those of n8n's own nodes that the example workflows use, for the engine of `npm run demo` and of
 * the tests: n8n-nodes-base comes with a whole n8n only. Each does what the examples ask of it, with the same
 * parameters; in n8n itself its own nodes run.
 */
import { runInNewContext } from 'node:vm';

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { unzip } from '../nodes/shared/files/zip';
import { telegramRefusal } from '../sandbox/shared/telegram';
import { zipOf } from '../sandbox/shared/zipOf';
import { registerNodeType } from '../test/engine/harness/builtin-nodes';

type Execute = (context: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** A parameter as n8n has to know it: what the description does not have is dropped from a workflow. */
function parameter(
	name: string,
	type: INodeProperties['type'],
	preset: INodeProperties['default'],
	more: Partial<INodeProperties> = {},
): INodeProperties {
	return { displayName: name, name, type, default: preset, ...more };
}

function register(
	name: string,
	version: number,
	properties: INodeProperties[],
	execute: Execute,
	more: Partial<INodeTypeDescription> = {},
): void {
	const description: INodeTypeDescription = {
		displayName: name,
		name: `n8n-nodes-base.${name}`,
		group: ['transform'],
		version,
		description: `Stand-in for n8n's ${name}`,
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
		...more,
	};
	const nodeType: INodeType = {
		description,
		async execute(this: IExecuteFunctions) {
			return await execute(this);
		},
	};
	registerNodeType(description.name, nodeType);
}

/** Rows of the Data Tables, by the tables' names: what people and other programs change between two runs. */
export const dataTables = new Map<string, IDataObject[]>();

/** Messages that were sent to a chat. */
export const messages: IDataObject[] = [];

/** Photos that were sent to a chat, with their captions. */
export const sentPhotos: Array<{ fileName?: string; caption: string }> = [];

/** Other files that were sent to a chat, with their captions. */
export const sentDocuments: Array<{ mimeType: string; caption: string }> = [];

/** Puts the stand-ins into the engines that this process creates from now on. */
export function registerStandIns(): void {
	register(
		'scheduleTrigger',
		1.2,
		[parameter('rule', 'fixedCollection', {}, { options: [] })],
		async (context) => [context.getInputData()],
		{ group: ['trigger'], inputs: [] },
	);
	register('formTrigger', 2.2, FORM, answerForm, { group: ['trigger'], inputs: [] });
	register('code', 2, CODE, runCode);
	register('if', 2.2, IF, split, {
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
	});
	register('convertToFile', 1.1, CONVERT, convert);
	register('extractFromFile', 1.1, EXTRACT, extract);
	register('compression', 1.1, COMPRESS, compress);
	register('dataTable', 1.1, TABLE, useTable);
	register('httpRequest', 4.2, HTTP, request);
	register('set', 3.4, SET, assign);
	register('telegram', 1.2, TELEGRAM, sendMessage);
	registerAgent();
}

/** What somebody asks in a chat. */
const QUESTION = 'Have we candle';

/** An AI Agent with what hangs on it. The model asks each tool once, and searches for the last word of the question. */
function registerAgent(): void {
	const { AiLanguageModel, AiMemory, AiTool, Main } = NodeConnectionTypes;
	const options = parameter(
		'options',
		'collection',
		{},
		{ options: [parameter('systemMessage', 'string', '')] },
	);
	const part = (
		name: string,
		version: number,
		properties: INodeProperties[],
		output: typeof AiMemory | typeof AiLanguageModel,
	) =>
		register(
			name,
			version,
			properties,
			() => Promise.reject(new Error('Runs for an agent alone')),
			{
				name: `@n8n/n8n-nodes-langchain.${name}`,
				inputs: [],
				outputs: [output],
			},
		);
	register(
		'chatTrigger',
		1.1,
		[options],
		async () => await Promise.resolve([[{ json: { chatInput: QUESTION } }]]),
		{
			name: '@n8n/n8n-nodes-langchain.chatTrigger',
			group: ['trigger'],
			inputs: [],
		},
	);
	part('lmChatOpenAi', 1.2, [parameter('model', 'resourceLocator', {}), options], AiLanguageModel);
	part('memoryBufferWindow', 1.3, [parameter('contextWindowLength', 'number', 5)], AiMemory);
	register('agent', 3.1, [options], askTools, {
		name: '@n8n/n8n-nodes-langchain.agent',
		inputs: [Main, AiLanguageModel, AiMemory, AiTool],
	});
}

/** What of a tool is used here; n8n makes LangChain's tools of nodes. */
interface Tool {
	name: string;
	schema: { shape: Record<string, unknown> };
	invoke(given: IDataObject): Promise<string>;
}

async function askTools(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const [question] = context.getInputData();
	const word = String(question.json.chatInput).split(' ').at(-1) ?? '';
	const tools = (await context.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
	const told: IDataObject[] = [];
	for (const tool of tools) {
		const names = Object.keys(tool.schema.shape);
		const given = Object.fromEntries(names.map((one) => [one, one === 'Search' ? word : '']));
		// n8n tells the model of an error, too.
		const answer = await tool.invoke(given).catch(({ message }: Error) => message);
		told.push({ tool: tool.name, answer });
	}
	return [told.map((json) => ({ json }))];
}

const FORM = [
	parameter('formTitle', 'string', ''),
	parameter('formDescription', 'string', ''),
	parameter('formFields', 'json', {}),
	parameter('options', 'collection', {}, { options: [] }),
];

/** Somebody fills in the form: with the examples in its fields, and tomorrow for a date. */
async function answerForm(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { values } = context.getNodeParameter('formFields', 0) as { values: IDataObject[] };
	const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
	const answers = values.map(({ fieldLabel, fieldType, placeholder }) => [
		fieldLabel,
		fieldType === 'date' ? tomorrow : placeholder,
	]);
	return [[{ json: Object.fromEntries(answers) as IDataObject }]];
}

const CODE = [
	parameter('mode', 'string', 'runOnceForAllItems'),
	parameter('language', 'string', 'javaScript'),
	parameter('jsCode', 'string', '', { noDataExpression: true }),
];

/** Runs the code once, with the names that n8n gives it. */
async function runCode(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const code = context.getNodeParameter('jsCode', 0) as string;
	const proxy = context.getWorkflowDataProxy(0) as unknown as Record<string, unknown>;
	const names = ['$', '$input', '$now', 'DateTime'];
	const globals = Object.fromEntries(names.map((name) => [name, proxy[name]]));
	const items: unknown = await runInNewContext(`(async () => {${code}\n})()`, globals);
	// Objects of the other context become our own.
	return [structuredClone(items) as INodeExecutionData[]];
}

const IF = [
	parameter('conditions', 'filter', {}, { typeOptions: { filter: { version: 2 } } }),
	parameter('options', 'collection', {}, { options: [] }),
];

async function split(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = [[], []];
	for (const [index, item] of context.getInputData().entries()) {
		const pass = context.getNodeParameter('conditions', index, false, { extractValue: true });
		outputs[pass === true ? 0 : 1].push({ ...item, pairedItem: { item: index } });
	}
	return outputs;
}

const CONVERT = [
	parameter('operation', 'string', 'csv'),
	parameter('binaryPropertyName', 'string', 'data'),
	parameter(
		'options',
		'collection',
		{},
		{
			options: [
				parameter('compression', 'boolean', false),
				parameter('fileName', 'string', ''),
				parameter('sheetName', 'string', 'Sheet'),
			],
		},
	),
];

/** All items become one XLSX file. */
async function convert(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = context.getNodeParameter('operation', 0) as string;
	if (operation !== 'xlsx') throw new Error(`This stand-in makes XLSX files, not ${operation}`);
	const property = context.getNodeParameter('binaryPropertyName', 0) as string;
	const options = context.getNodeParameter('options', 0) as IDataObject;
	const items = context.getInputData();
	const file = await context.helpers.prepareBinaryData(
		spreadsheet(
			items.map(({ json }) => json),
			String(options.sheetName ?? 'Sheet'),
		),
		String(options.fileName ?? 'file.xlsx'),
		'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	);
	const pairedItem = items.map((_, item) => ({ item }));
	return [[{ json: {}, binary: { [property]: file }, pairedItem }]];
}

const EXTRACT = [
	parameter('operation', 'string', 'csv'),
	parameter('binaryPropertyName', 'string', 'data'),
	parameter('options', 'collection', {}, { options: [] }),
];

/** Rows of the XLSX files that {@link spreadsheet} makes. */
async function extract(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = context.getNodeParameter('operation', 0) as string;
	if (operation !== 'xlsx') throw new Error(`This stand-in reads XLSX files, not ${operation}`);
	const property = context.getNodeParameter('binaryPropertyName', 0) as string;
	const rows: INodeExecutionData[] = [];
	for (const item of context.getInputData().keys()) {
		const file = await context.helpers.getBinaryDataBuffer(item, property);
		for (const json of rowsIn(file)) rows.push({ json, pairedItem: { item } });
	}
	return [rows];
}

const COMPRESS = [
	parameter('operation', 'string', 'decompress'),
	parameter('binaryPropertyName', 'string', 'data'),
	parameter('outputFormat', 'string', ''),
	parameter('fileName', 'string', ''),
	parameter('binaryPropertyOutput', 'string', 'data'),
];

/** One ZIP archive of the files of each item. */
async function compress(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const done: INodeExecutionData[] = [];
	for (const [index, { json }] of context.getInputData().entries()) {
		const read = (name: string) => context.getNodeParameter(name, index) as string;
		const asked = ['operation', 'outputFormat'].map(read).join(' ');
		if (asked !== 'compress zip') throw new Error(`This stand-in knows no '${asked}'`);
		const files: Record<string, Buffer> = {};
		for (const name of read('binaryPropertyName').split(',')) {
			const { fileName = name } = context.helpers.assertBinaryData(index, name);
			files[fileName] = await context.helpers.getBinaryDataBuffer(index, name);
		}
		const archive = await context.helpers.prepareBinaryData(zipOf(files, true), read('fileName'));
		const binary = { [read('binaryPropertyOutput')]: archive };
		done.push({ json, binary, pairedItem: { item: index } });
	}
	return [done];
}

const TABLE = [
	parameter('resource', 'string', 'row'),
	parameter('operation', 'string', 'insert'),
	parameter('tableName', 'string', ''),
	parameter('dataTableId', 'resourceLocator', { mode: 'name', value: '' }),
	parameter('returnAll', 'boolean', false),
	parameter('matchType', 'string', 'anyCondition'),
	parameter(
		'filters',
		'fixedCollection',
		{},
		{
			typeOptions: { multipleValues: true },
			options: [
				{
					displayName: 'Conditions',
					name: 'conditions',
					values: ['keyName', 'condition', 'keyValue'].map((name) => parameter(name, 'string', '')),
				},
			],
		},
	),
	// Columns of a new table, or values of a row.
	parameter('columns', 'json', {}),
	parameter('options', 'collection', {}, { options: [] }),
];

/** A table in this process: create it if it is not there, read all rows, write rows by one column. */
async function useTable(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const asked = ['resource', 'operation'].map((name) => context.getNodeParameter(name, 0));
	switch (asked.join(' ')) {
		case 'table create': {
			const name = context.getNodeParameter('tableName', 0) as string;
			if (!dataTables.has(name)) dataTables.set(name, []);
			return [[{ json: { name } }]];
		}
		case 'row get':
			return [rowsOf(context).map((row) => ({ json: { ...row }, pairedItem: { item: 0 } }))];
		case 'row upsert':
			return [context.getInputData().map((_, index) => upsertRow(context, index))];
		default:
			throw new Error(`This stand-in knows no operation '${asked.join(' ')}'`);
	}
}

function rowsOf(context: IExecuteFunctions): IDataObject[] {
	const { value } = context.getNodeParameter('dataTableId', 0) as { value: string };
	const rows = dataTables.get(value);
	if (!rows) throw new Error(`There is no data table '${value}'`);
	return rows;
}

function upsertRow(context: IExecuteFunctions, index: number): INodeExecutionData {
	const rows = rowsOf(context);
	const [condition] = context.getNodeParameter('filters.conditions', index) as IDataObject[];
	const values = context.getNodeParameter('columns.value', index) as IDataObject;
	const key = String(condition.keyName);
	let row = rows.find((one) => one[key] === condition.keyValue);
	if (!row) rows.push((row = { id: rows.length + 1 }));
	Object.assign(row, values);
	return { json: { ...row }, pairedItem: { item: index } };
}

const HTTP = [
	parameter('method', 'string', 'GET'),
	parameter('url', 'string', ''),
	parameter('authentication', 'string', 'none'),
	parameter('nodeCredentialType', 'string', ''),
	parameter('sendBody', 'boolean', false),
	parameter('specifyBody', 'string', 'keypair'),
	parameter('jsonBody', 'json', ''),
	parameter('options', 'json', {}),
];

/** One request for each item: a download, or JSON that is sent with a credential. */
async function request(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const one = async (index: number): Promise<INodeExecutionData> => {
		const pairedItem = { item: index };
		try {
			const isDownload = context.getNodeParameter('method', index) === 'GET';
			const done = isDownload ? download(context, index) : sendJson(context, index);
			return { ...(await done), pairedItem };
		} catch (error) {
			if (!context.continueOnFail()) throw error;
			return { json: { error: (error as Error).message }, pairedItem };
		}
	};
	return [await Promise.all(items.map(async (_, index) => await one(index)))];
}

async function download(context: IExecuteFunctions, index: number): Promise<INodeExecutionData> {
	const url = context.getNodeParameter('url', index) as string;
	const bytes = (await context.helpers.httpRequest({ url, encoding: 'arraybuffer' })) as Buffer;
	const file = await context.helpers.prepareBinaryData(bytes, url.split('/').pop());
	return { json: context.getInputData()[index].json, binary: { data: file } };
}

async function sendJson(context: IExecuteFunctions, index: number): Promise<INodeExecutionData> {
	const read = (name: string) => context.getNodeParameter(name, index) as string;
	const asked = ['authentication', 'specifyBody'].map(read).join(' ');
	if (asked !== 'predefinedCredentialType json') {
		throw new Error(`This stand-in knows no request with '${asked}'`);
	}
	const type = read('nodeCredentialType');
	const answer = (await context.helpers.httpRequestWithAuthentication.call(context, type, {
		method: read('method') as IHttpRequestMethods,
		url: read('url'),
		body: JSON.parse(read('jsonBody')) as IDataObject,
		json: true,
	})) as IDataObject;
	return { json: answer };
}

const SET = [
	parameter('mode', 'string', 'manual'),
	parameter('assignments', 'assignmentCollection', {}),
	parameter('includeOtherFields', 'boolean', false),
	parameter('options', 'collection', {}, { options: [] }),
];

/** Items with the fields of the assignments alone. */
async function assign(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return [
		context.getInputData().map((_, index) => {
			const { assignments } = context.getNodeParameter('assignments', index) as {
				assignments: Array<{ name: string; value: string }>;
			};
			const json = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
			return { json, pairedItem: { item: index } };
		}),
	];
}

const TELEGRAM = [
	parameter('resource', 'string', 'message'),
	parameter('operation', 'string', 'sendMessage'),
	parameter('chatId', 'string', ''),
	parameter('text', 'string', ''),
	parameter('binaryPropertyName', 'string', 'data'),
	parameter('additionalFields', 'json', {}),
];

/** Keeps the messages and files, one for each item, and refuses what Telegram refuses. */
async function sendMessage(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const sent = context.getInputData().map(({ binary }, index): INodeExecutionData => {
		const pairedItem = { item: index };
		const fields = context.getNodeParameter('additionalFields', index) as IDataObject;
		const operation = context.getNodeParameter('operation', index) as string;
		const isText = operation === 'sendMessage';
		const text = isText ? (context.getNodeParameter('text', index) as string) : '';
		const refusal = isText
			? // What n8n's node sends where no parse mode was chosen.
				telegramRefusal('text', text, String(fields.parse_mode ?? 'Markdown'))
			: telegramRefusal('caption', String(fields.caption ?? ''), fields.parse_mode as string);
		if (refusal !== undefined) {
			if (!context.continueOnFail()) throw new Error(refusal);
			return { json: { error: refusal }, pairedItem };
		}
		if (isText) {
			messages.push({ text, ...fields });
			const result = { message_id: messages.length, text };
			return { json: { ok: true, result }, pairedItem };
		}
		const file = binary?.[context.getNodeParameter('binaryPropertyName', index) as string];
		if (!file) throw new Error(`There is no file for ${operation}`);
		const { fileName = null, mimeType } = file;
		const caption = String(fields.caption);
		if (operation === 'sendDocument') {
			sentDocuments.push({ mimeType, caption });
			const result = { message_id: sentDocuments.length, document: fileName };
			return { json: { ok: true, result }, pairedItem };
		}
		sentPhotos.push({ fileName: file.fileName, caption });
		const result = { message_id: sentPhotos.length, photo: fileName };
		return { json: { ok: true, result }, pairedItem };
	});
	return [sent];
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** An XLSX file with one sheet: a row of names, then the rows. */
export function spreadsheet(rows: IDataObject[], sheetName: string): Buffer {
	const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const cell = (value: unknown): string => {
		if (typeof value === 'number') return `<c><v>${value}</v></c>`;
		if (value === undefined || value === null) return '<c/>';
		return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(String(value))}</t></is></c>`;
	};
	const line = (values: unknown[]) => `<row>${values.map(cell).join('')}</row>`;
	const lines = [line(names), ...rows.map((row) => line(names.map((name) => row[name])))];
	const relation = (type: string, target: string) =>
		`${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/relationships/${type}" Target="${target}"/></Relationships>`;
	const part = (name: string, type: string) =>
		`<Override PartName="/xl/${name}.xml" ContentType="${CONTENT}.${type}+xml"/>`;
	const files = {
		'[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('workbook', 'sheet.main')}${part('worksheets/sheet1', 'worksheet')}</Types>`,
		'_rels/.rels': relation('officeDocument', 'xl/workbook.xml'),
		'xl/_rels/workbook.xml.rels': relation('worksheet', 'worksheets/sheet1.xml'),
		'xl/workbook.xml': `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}/relationships"><sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${SHEET}"><sheetData>${lines.join('')}</sheetData></worksheet>`,
	};
	return zipOf(files, true);
}

function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What a file of {@link spreadsheet} holds. */
function rowsIn(file: Buffer): IDataObject[] {
	const found = [...unzip(file)].find(({ name }) => name === 'xl/worksheets/sheet1.xml');
	const sheet = found?.bytes.toString() ?? '';
	const [names = [], ...lines] = [...sheet.matchAll(/<row>(.*?)<\/row>/gs)].map(([, line]) =>
		[...line.matchAll(/<c(?: [^>]*)?(?:\/>|>(.*?)<\/c>)/gs)].map(([, cell = '']) => {
			const number = /<v>(.*)<\/v>/.exec(cell);
			if (number) return Number(number[1]);
			const text = /<t [^>]*>(.*)<\/t>/s.exec(cell)?.[1];
			return text?.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
		}),
	);
	return lines.map((cells) =>
		Object.fromEntries(names.map((name, index) => [String(name), cells[index]])),
	);
}
