/**
 * Any request of the API, through the same planner, retries and errors. Reference of the project §2.2–2.10;
 * MoySklad docs, General information.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	ApiRequest,
	Call,
	Field,
	HttpMethod,
	Operation,
	Output,
	VendorProblem,
	Work,
} from '../../shared/catalogue';
import { CallFailed, notTheApi } from '../../shared/errors';
import { offsetStyle, valueAt, type ListRule, type PageStyle } from '../../shared/paging';
import { InputProblem } from '../../shared/problems';
import { nameOf } from '../../shared/request';
import { bytesOf, kindOf, nameInDisposition } from '../../shared/files';
import { addressOf, addTo, headersOf } from './apiAddress';
import { filled } from './nested';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/general#2-obshie-svedeniya';

/** MoySklad's figures: rows a page, less with whole references, least for notes and the audit. */
const PAGE = 1000;
const PAGE_WITH_EXPAND = 100;
const SMALL_LISTS = /\/notes$|^\/audit(\/|$)|\/trackingCodes$/;
/** Bare arrays, whole in one answer (MoySklad docs, Reports: current stock). */
const UNPAGED = /^\/report\/stock\/(all|bystore)\/current$/;
/** What MoySklad may work on a request, in seconds (MoySklad docs: Restrictions). */
const LONGEST_S = 300;
const DEFAULT_S = 60;

/** Addresses that lead to MoySklad's file storage, on another host and without credentials. */
const TO_STORAGE = /^\/download\/|^\/async\/[^/]+\/result$|\/export$/;

/** The request of an item, without paging. */
function requestFor(call: Call): ApiRequest {
	const { control } = call;
	const { path, query } = addressOf(call.path.path, call.baseUrl);
	const method = String(control.method) as HttpMethod;
	const all: IDataObject = { ...query };
	for (const row of (control.queryParameters ?? []) as IDataObject[]) {
		if (row.name !== undefined) addTo(all, String(row.name), row.value ?? '');
	}
	for (const [name, value] of Object.entries((control.queryJson ?? {}) as IDataObject)) {
		all[name] = value;
	}
	const request: ApiRequest = {
		method,
		path,
		of: nameOf(call.operation),
		query: all,
		headers: headersOf((control.headers ?? []) as IDataObject[]),
		timeoutMs: Number(control.timeout ?? DEFAULT_S) * 1000,
		// Redirects into the storage are followed without credentials, wherever MoySklad answers with them.
		followToStorage: TO_STORAGE.test(path) || control.followToStorage === true,
	};
	if (method !== 'GET' && control.body !== undefined) {
		request.body = control.body as IDataObject | IDataObject[];
		if (Array.isArray(control.body)) request.mixed = true;
	}
	if (control.safeToRepeat === true) request.idempotent = true;
	return request;
}

async function send(call: Call, work: Work): Promise<Output[]> {
	const request = requestFor(call);
	const isGet = request.method === 'GET';
	if (isGet && call.control.allRows === true && !UNPAGED.test(request.path)) {
		return await allRows(call, request, work);
	}
	// As bytes: whether it is JSON or a file shows in the answer.
	const answer = await work.send({ ...request, expects: 'bytes' });
	const wanted = String(call.control.responseFormat ?? 'auto');
	const bytes = Array.isArray(answer.body) ? undefined : bytesOf(answer.body);
	if (bytes?.length === 0) return [{ json: withoutBody(answer) }];
	if (wanted !== 'file') {
		const body = bytes ? parsed(bytes, answer) : answer.body;
		if (body !== undefined) {
			checkElements(call, request, body, work, answer.status);
			const rows = isGet && wanted !== 'whole' ? valueAt(body, rowsPath(call)) : undefined;
			return outputsOf(Array.isArray(rows) ? rows : body);
		}
		if (
			wanted === 'json' ||
			wanted === 'whole' ||
			(isPage(answer) && !TO_STORAGE.test(request.path))
		) {
			const what = isPage(answer) ? 'a web page' : 'broken or no JSON';
			throw notTheApi(work.vendor, request, answer, what);
		}
	}
	return [await fileOutput(call, bytes as Buffer, answer, work)];
}

/** JSON of an answer; undefined when it is none. */
function parsed(bytes: Buffer, answer: ApiAnswer): unknown {
	const type = answer.headers['content-type'] ?? '';
	const [first] = bytes.toString('latin1', 0, 64).trimStart();
	// Files of the storage may be large: only what can be JSON is read as text.
	if (!/json/i.test(type) && first !== '{' && first !== '[') return undefined;
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch {
		return undefined;
	}
}

function isPage(answer: ApiAnswer): boolean {
	return /text\/html/i.test(answer.headers['content-type'] ?? '');
}

/** What is left to say when the body is empty: for tasks, where to look. */
function withoutBody({ status, headers }: ApiAnswer): IDataObject {
	return filled({
		success: true,
		status,
		location: headers.location,
		contentLocation: headers['content-location'],
	});
}

/** One item for an object, one for each element of an array. */
export function outputsOf(body: unknown): Output[] {
	const json = (value: unknown): IDataObject =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? (value as IDataObject)
			: ({ value } as IDataObject);
	return Array.isArray(body)
		? body.map((element) => ({ json: json(element) }))
		: [{ json: json(body) }];
}

async function fileOutput(
	call: Call,
	bytes: Buffer,
	answer: ApiAnswer,
	work: Work,
): Promise<Output> {
	const kind = kindOf(bytes);
	const told = answer.headers['content-type']?.split(';')[0].trim();
	const mimeType = told ?? kind?.mimeType ?? 'application/octet-stream';
	const fileName =
		nameInDisposition(answer.headers['content-disposition']) ??
		`file${kind ? `.${kind.extension}` : ''}`;
	const property = String(call.control.outputField ?? 'data');
	return {
		json: { success: true, status: answer.status, fileName, mimeType, size: bytes.length },
		binary: { [property]: await work.makeBinary(bytes, fileName, mimeType) },
	};
}

/** Numbers of the elements of an answer that MoySklad refused. */
export function refusedElements(body: unknown): number[] {
	if (!Array.isArray(body)) return [];
	return body.flatMap((element, index) => {
		const errors = (element as IDataObject | null)?.errors;
		return Array.isArray(errors) && errors.length > 0 ? [index] : [];
	});
}

/** An array may be answered with a mixture of objects and errors: a part that failed fails the item. */
function checkElements(
	call: Call,
	request: ApiRequest,
	body: unknown,
	work: Work,
	status: number,
): void {
	if (request.method === 'GET' || call.control.elementErrors === 'return') return;
	const refused = refusedElements(body);
	if (refused.length === 0) return;
	const count = (body as unknown[]).length;
	const shown = refused.slice(0, 20).join(', ') + (refused.length > 20 ? ' and others' : '');
	const problem: VendorProblem & { answer: unknown } = {
		...work.vendor.readProblem({ status, headers: {}, body }),
		// The whole answer goes along in the error's data: the other elements were carried out.
		answer: body,
	};
	throw new CallFailed({
		say: `${work.vendor.name}: ${refused.length} of ${count} elements of the array were refused (${shown}, counted from 0)`,
		hint: "The others were carried out. Correct and send these alone, or set the option 'Errors of Elements' to return them as items.",
		status,
		problem,
		request: `${request.method} ${request.path}`,
	});
}

/** Where the rows of a list stand in its answer. */
function rowsPath(call: Call): string {
	return String(call.control.rowsAt ?? 'rows');
}

/**
 * All pages of a list, one item per row, the largest pages that MoySklad allows whatever `limit` says. An `offset`
 * is where the rows begin.
 */
async function allRows(call: Call, request: ApiRequest, work: Work): Promise<Output[]> {
	const { offset, ...query } = request.query ?? {};
	delete query.limit;
	const rows = rowsPath(call);
	const outer = rows.includes('.') ? rows.slice(0, rows.lastIndexOf('.') + 1) : '';
	const style = offsetStyle({ rows, next: `${outer}meta.nextHref`, total: `${outer}meta.size` });
	const rule: ListRule = {
		style: { ...startingAt(startOf(offset), style), rows: (answer) => listOf(answer, rows) },
		pageSize,
		...(isCollection(request.path)
			? { parallel: true, rowKey: (row: IDataObject) => row.id as string | undefined }
			: {}),
	};
	const outputs: Output[] = [];
	const pages = work.pages({ request: { ...request, query }, rule, limit: Infinity });
	for await (const page of pages) outputs.push(...outputsOf(page));
	return outputs;
}

function startOf(offset: unknown): number {
	const start = Number(offset ?? 0);
	if (Number.isInteger(start) && start >= 0) return start;
	throw new InputProblem(
		'Path',
		`has the offset '${String(offset)}'`,
		"Give a whole number from 0 up, or leave 'offset' out of the query.",
	);
}

/** The style of a list that is read from a later row on. */
function startingAt(start: number, style: PageStyle): PageStyle {
	const at = (offset: number, size: number) => ({ limit: size, offset: start + offset });
	return {
		...style,
		at,
		first: (size) => at(0, size),
		total: (answer) => {
			const total = style.total?.(answer);
			return total === undefined ? undefined : Math.max(0, total - start);
		},
	};
}

/** The rows of an answer; some lists are bare arrays. */
function listOf({ body }: ApiAnswer, path: string): IDataObject[] {
	const rows = Array.isArray(body) ? body : valueAt(body, path);
	if (Array.isArray(rows)) return rows as IDataObject[];
	throw new InputProblem(
		'Return All',
		`is on, and the answer holds no list at '${path}'`,
		"Turn it off to get a single object. Where a list stands elsewhere in the answer, give its place in the option 'Rows At'.",
	);
}

/** Objects with IDs of their own, each once; two equal images share one ID. */
function isCollection(path: string): boolean {
	return path.startsWith('/entity/') && !path.endsWith('/images');
}

function pageSize({ path, query = {} }: ApiRequest): number {
	if (query.expand || query.fields || SMALL_LISTS.test(path)) return PAGE_WITH_EXPAND;
	return PAGE;
}

const pair = (name: string, value: string): Field[] => [
	{ name: 'name', label: 'Name', kind: 'text', to: 'control', placeholder: name },
	{ name: 'value', label: 'Value', kind: 'text', to: 'control', placeholder: value },
];

const METHODS = ['DELETE', 'GET', 'POST', 'PUT'];

export const apiRequests: Operation[] = [
	{
		resource: 'apiRequest',
		operation: 'send',
		name: 'Send',
		action: 'Send any request to MoySklad API',
		description: 'Make any request of the API that has no operation here yet',
		route: 'POST /{path}',
		docs: DOCS,
		answer: { kind: 'object' },
		fields: [
			{
				name: 'method',
				label: 'Method',
				help: 'GET reads, POST creates, PUT changes, DELETE deletes',
				kind: 'choice',
				to: 'control',
				default: 'GET',
				choices: METHODS.map((value) => ({ name: value, value })),
			},
			{
				name: 'path',
				label: 'Path',
				kind: 'text',
				to: 'path:path',
				required: true,
				placeholder: 'e.g. /entity/customerorder',
				help: "Path below the API Base URL, or a link from MoySklad's docs or answers; a query in it is taken over",
				wire: (value, { baseUrl }) => {
					addressOf(value, baseUrl);
					return String(value).trim();
				},
			},
			{
				name: 'allRows',
				label: 'Return All',
				kind: 'toggle',
				to: 'control',
				when: { method: ['GET'] },
				help: "Whether to read all pages of a list, each as large as possible, from 'offset' on. Off: one request; the rows of a list are items, too, as many as 'limit' in the query says.",
			},
			{
				name: 'body',
				label: 'Body',
				kind: 'json',
				to: 'control',
				when: { method: ['POST', 'PUT', 'DELETE'] },
				placeholder: 'e.g. { "name": "Tea" }',
				help: 'JSON object or array',
			},
			{
				name: 'queryParameters',
				label: 'Query Parameters',
				kind: 'rows',
				to: 'control',
				button: 'Add Parameter',
				rowLabel: 'Parameter',
				columns: pair('e.g. filter', 'e.g. moment>2026-11-01 00:00:00'),
			},
			{
				name: 'elementErrors',
				label: 'Errors of Elements',
				kind: 'choice',
				section: 'options',
				to: 'control',
				default: 'fail',
				choices: [
					{ name: 'Fail the Item', value: 'fail', description: 'The error names the elements' },
					{ name: 'Return As Items', value: 'return', description: 'The answer as it is' },
				],
				help: 'What to do when MoySklad refuses some elements of an array that is written',
			},
			{
				name: 'followToStorage',
				label: 'Follow to File Storage',
				kind: 'toggle',
				default: true,
				section: 'options',
				to: 'control',
				help: 'Whether to follow a redirect to another host, without credentials. Downloads, printed forms and results of asynchronous tasks always do.',
			},
			{
				name: 'headers',
				label: 'Headers',
				kind: 'rows',
				section: 'options',
				to: 'control',
				button: 'Add Header',
				rowLabel: 'Header',
				columns: pair('e.g. X-Lognex-WebHook-DisableByPrefix', 'e.g. https://example.com/moysklad'),
				help: 'Further headers; credentials, host and compression are set by the node',
				wire: (value) => {
					headersOf(value as IDataObject[]);
					return value;
				},
			},
			{
				name: 'outputField',
				label: 'Put Output File in Field',
				kind: 'text',
				section: 'options',
				to: 'control',
				default: 'data',
				help: 'Name of the binary field for an answer that is a file',
			},
			{
				name: 'queryJson',
				label: 'Query Parameters (JSON)',
				kind: 'json',
				section: 'options',
				to: 'control',
				placeholder: 'e.g. { "expand": "agent", "limit": 100 }',
				help: 'Object with further parameters; a list as a value sends its parameter several times',
			},
			{
				name: 'responseFormat',
				label: 'Response Format',
				kind: 'choice',
				section: 'options',
				to: 'control',
				default: 'auto',
				choices: [
					{
						name: 'Detect',
						value: 'auto',
						description: 'JSON becomes items, anything else a file',
					},
					{ name: 'File', value: 'file', description: 'Binary field, also when it holds JSON' },
					{ name: 'JSON', value: 'json', description: 'An error when it is none' },
					{
						name: 'JSON, Whole Answer',
						value: 'whole',
						description: 'A list as one item, with meta and size; not with Return All',
					},
				],
			},
			{
				name: 'rowsAt',
				label: 'Rows At',
				kind: 'text',
				section: 'options',
				to: 'control',
				default: 'rows',
				when: { method: ['GET'] },
				help: 'Property of the answer that holds the rows of a list; dots go deeper',
			},
			{
				name: 'safeToRepeat',
				label: 'Safe to Repeat',
				kind: 'toggle',
				section: 'options',
				to: 'control',
				when: { method: ['POST'] },
				help: 'Whether the node may send this POST again when nobody knows whether it was carried out (a report, a write with syncId). Off: it says so and stops.',
			},
			{
				name: 'timeout',
				label: 'Timeout (Seconds)',
				kind: 'number',
				section: 'options',
				to: 'control',
				default: DEFAULT_S,
				min: 1,
				max: LONGEST_S,
				whole: true,
				help: 'How long to wait for the answer; MoySklad works at most 300 seconds on a request',
			},
		],
		perform: send,
		output: {
			id: { type: 'string' },
			name: { type: 'string' },
			success: { type: 'boolean' },
			status: { type: 'number' },
		},
		notes:
			"Returns an item for an object, one per element for an array, one per row for a list; a file becomes binary data; an empty answer gives success. Pages hold 1000 rows (100 with expand or fields, and of notes and audits). GET, PUT and DELETE are tried again after a fault of the connection, POST only when it is 'Safe to Repeat'. When MoySklad refuses some elements of an array, the item fails, names them (from 0) and carries the whole answer in the error's data.",
	},
];
