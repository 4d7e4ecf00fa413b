/**
 * Any request of an API, through the same planner, retries and errors as its operations. A vendor supplies a small
 * table: where its addresses lie, how its lists go on, and the examples of the form.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	ApiRequest,
	Call,
	Choice,
	Field,
	HttpMethod,
	Operation,
	Output,
	VendorProblem,
	Work,
} from '../catalogue';
import { answerFailure, CallFailed, notTheApi } from '../errors/errors';
import { bytesOf, fileKind, nameInDisposition } from '../files/files';
import { isRecord } from '../record';
import { readExactJson, unmarked } from '../road/exact';
import { valueAt, type ListRule } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { operationName } from '../run/request';
import { tidied } from '../road/tidy';
import { addressOf, addTo, headersOf, type AddressRules } from './address';

export type { AddressRules } from './address';

/** What a vendor says of its API for free requests. */
export interface ApiRequestRules extends AddressRules {
	/** The vendor's name. */
	vendor: string;
	docs: string;
	methods: HttpMethod[];
	/** Methods with which lists are read; GET unless said. */
	listMethods?: HttpMethod[];
	/** Where the rows of a list stand, unless the user says otherwise. */
	rowsAt: string;
	/** The same for an answer, where lists stand in several places. */
	findRows?: (body: unknown) => string | undefined;
	/** How all pages of a list are read: the rule, and the request without what the rule sets. */
	list: (request: ApiRequest, rows: (answer: ApiAnswer) => IDataObject[], at: string) => ListPlan;
	/** Lists that come whole in one answer. */
	unpaged?: RegExp;
	/** Addresses that lead to the vendor's file storage, on another host and without credentials. */
	storage?: RegExp;
	/** Numbers of the elements that an answer to an array says were refused. */
	refused?: (body: unknown) => number[];
	/** What the vendor may work on a request, in seconds. */
	longestS: number;
	/** Examples and sentences of the form. */
	words: {
		path: string;
		pathHelp: string;
		allRows: string;
		methods: string;
		body: string;
		query: [string, string];
		queryJson: string;
		header: [string, string];
		safeToRepeat: string;
		timeout: string;
		storage?: string;
	};
	notes: string;
}

/** How all pages of a list are read. */
export interface ListPlan {
	request: ApiRequest;
	rule: ListRule;
}

const DEFAULT_S = 60;

/** The request of an item, without paging. */
function requestFor(call: Call, rules: ApiRequestRules): ApiRequest {
	const { control } = call;
	const { path, query } = addressOf(call.path.path, call.baseUrl, rules);
	const method = String(control.method) as HttpMethod;
	const all: IDataObject = { ...query };
	for (const row of (control.queryParameters ?? []) as IDataObject[]) {
		if (row.name !== undefined) addTo(all, String(row.name), row.value ?? '');
	}
	for (const [name, value] of Object.entries((control.queryJson ?? {}) as IDataObject)) {
		all[name] = (
			Array.isArray(value) ? value.map(unmarked) : unmarked(value)
		) as IDataObject[string];
	}
	const request: ApiRequest = {
		method,
		path,
		of: operationName(call.operation),
		query: all,
		headers: headersOf((control.headers ?? []) as IDataObject[]),
		timeoutMs: Number(control.timeout ?? DEFAULT_S) * 1000,
		// Redirects into the storage are followed without credentials, wherever the vendor answers with them.
		...(rules.storage
			? { followToStorage: rules.storage.test(path) || control.followToStorage === true }
			: {}),
	};
	if (method !== 'GET' && control.body !== undefined) {
		request.body = control.body as IDataObject | IDataObject[];
		if (rules.refused && Array.isArray(control.body)) request.mixed = true;
	}
	if (control.safeToRepeat === true) request.idempotent = true;
	return request;
}

async function send(call: Call, work: Work, rules: ApiRequestRules): Promise<Output[]> {
	const request = requestFor(call, rules);
	const isGet = request.method === 'GET';
	const isList = listMethodsOf(rules).includes(request.method);
	if (isList && call.control.allRows === true && !rules.unpaged?.test(request.path)) {
		return await allRows(call, request, work, rules);
	}
	// As bytes: whether it is JSON or a file shows in the answer.
	const answer = await work.send({ ...request, expects: 'bytes' });
	const wanted = String(call.control.responseFormat ?? 'auto');
	const bytes = Array.isArray(answer.body) ? undefined : bytesOf(answer.body);
	if (bytes?.length === 0) return [{ json: withoutBody(answer) }];
	if (wanted !== 'file') {
		const read = bytes ? parsed(bytes, answer, work.vendor.longIds) : answer.body;
		if (read !== undefined) {
			const body = soundBody(read, request, answer, work);
			checkElements(call, request, body, work, answer.status, rules);
			const rows = isGet && wanted !== 'whole' ? rowsIn(call, body, rules) : undefined;
			return jsonOutputs(Array.isArray(rows) ? rows : body);
		}
		if (
			wanted === 'json' ||
			wanted === 'whole' ||
			(isPage(answer) && rules.storage?.test(request.path) !== true)
		) {
			const what = isPage(answer) ? 'a web page' : 'broken or no JSON';
			throw notTheApi(work.vendor, request, answer, what);
		}
	}
	return [await fileAnswer(call, bytes as Buffer, answer, work)];
}

const listMethodsOf = ({ listMethods = ['GET'] }: ApiRequestRules) => listMethods;

/** The body as it should be. Throws `CallFailed` when it says that the call failed, whatever the status. */
function soundBody(body: unknown, request: ApiRequest, answer: ApiAnswer, work: Work): unknown {
	const { vendor } = work;
	const read = { ...answer, body };
	if (vendor.isFailure?.(read)) throw answerFailure(vendor, request, read);
	return vendor.tidy ? tidied(body, vendor.tidy) : body;
}

/** JSON of an answer; undefined when it is none. `exact`: numbers that are too long come as texts. */
function parsed(bytes: Buffer, answer: ApiAnswer, exact?: boolean): unknown {
	const type = answer.headers['content-type'] ?? '';
	const [first] = bytes.toString('latin1', 0, 64).trimStart();
	// Files of the storage may be large: only what can be JSON is read as text.
	if (!/json/i.test(type) && first !== '{' && first !== '[') return undefined;
	try {
		const text = bytes.toString('utf8');
		return exact ? readExactJson(text) : JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isPage(answer: ApiAnswer): boolean {
	return /text\/html/i.test(answer.headers['content-type'] ?? '');
}

/** What is left to say when the body is empty: for tasks, where to look. */
function withoutBody({ status, headers }: ApiAnswer): IDataObject {
	const { location } = headers;
	const contentLocation = headers['content-location'];
	return {
		success: true,
		status,
		...(location ? { location } : {}),
		...(contentLocation ? { contentLocation } : {}),
	};
}

/** One item for an object, one for each element of an array. */
export function jsonOutputs(body: unknown): Output[] {
	const json = (value: unknown): IDataObject =>
		isRecord(value) ? value : ({ value } as IDataObject);
	return Array.isArray(body)
		? body.map((element) => ({ json: json(element) }))
		: [{ json: json(body) }];
}

async function fileAnswer(
	call: Call,
	bytes: Buffer,
	answer: ApiAnswer,
	work: Work,
): Promise<Output> {
	const kind = fileKind(bytes);
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

/** An array may be answered with a mixture of objects and errors: a part that failed fails the item. */
function checkElements(
	call: Call,
	request: ApiRequest,
	body: unknown,
	work: Work,
	status: number,
	{ refused: refusedIn }: ApiRequestRules,
): void {
	if (!refusedIn || request.method === 'GET' || call.control.elementErrors === 'return') return;
	const refused = refusedIn(body);
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
function rowsPath(call: Call, body: unknown, rules: ApiRequestRules): string {
	if (call.control.rowsAt !== undefined) return String(call.control.rowsAt);
	return rules.findRows?.(body) ?? rules.rowsAt;
}

const rowsIn = (call: Call, body: unknown, rules: ApiRequestRules) =>
	valueAt(body, rowsPath(call, body, rules));

/** All pages of a list, one item per row, in the way that the vendor's table says. */
async function allRows(
	call: Call,
	request: ApiRequest,
	work: Work,
	rules: ApiRequestRules,
): Promise<Output[]> {
	const rows = ({ body }: ApiAnswer) => {
		const at = rowsPath(call, body, rules);
		return rowsIfList(body, Array.isArray(body) ? '' : at);
	};
	const plan = rules.list(request, rows, String(call.control.rowsAt ?? rules.rowsAt));
	const outputs: Output[] = [];
	for await (const page of work.pages({ ...plan, limit: Infinity }))
		outputs.push(...jsonOutputs(page));
	return outputs;
}

/** The rows of an answer; some lists are bare arrays. */
function rowsIfList(body: unknown, path: string): IDataObject[] {
	const rows = valueAt(body, path);
	if (Array.isArray(rows)) return rows as IDataObject[];
	throw new InputProblem(
		'Return All',
		`is on, and the answer holds no list${path === '' ? '' : ` at '${path}'`}`,
		"Turn it off to get a single object. Where a list stands elsewhere in the answer, give its place in the option 'Rows At'.",
	);
}

const pair = (name: string, value: string): Field[] => [
	{ name: 'name', label: 'Name', kind: 'text', to: 'control', placeholder: `e.g. ${name}` },
	{ name: 'value', label: 'Value', kind: 'text', to: 'control', placeholder: `e.g. ${value}` },
];

const ELEMENT_ERRORS = (vendor: string): Field => ({
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
	help: `What to do when ${vendor} refuses some elements of an array that is written`,
});

/** The operation for free requests, from a vendor's table. */
export function apiRequestOperation(rules: ApiRequestRules): Operation {
	const { vendor } = rules;
	return {
		resource: 'apiRequest',
		operation: 'send',
		name: 'Send',
		action: `Send any request to ${vendor} API`,
		description: 'Make any request of the API that has no operation here yet',
		route: 'POST /{path}',
		docs: rules.docs,
		answer: { kind: 'object' },
		fields: fieldsOf(rules),
		perform: async (call, work) => await send(call, work, rules),
		output: {
			id: { type: 'string' },
			name: { type: 'string' },
			success: { type: 'boolean' },
			status: { type: 'number' },
		},
		notes: rules.notes,
	};
}

/** The resource that holds it. */
export const API_REQUEST: Choice = {
	name: 'API Request',
	value: 'apiRequest',
	local: 'Запрос к API',
	description: 'Anything else that the API can do',
};

function fieldsOf(rules: ApiRequestRules): Field[] {
	const { methods, words } = rules;
	const writing = methods.filter((method) => method !== 'GET');
	return [
		{
			name: 'method',
			label: 'Method',
			help: words.methods,
			kind: 'choice',
			to: 'control',
			default: 'GET',
			choices: [...methods].sort().map((value) => ({ name: value, value })),
		},
		{
			name: 'path',
			label: 'Path',
			kind: 'text',
			to: 'path:path',
			required: true,
			placeholder: `e.g. ${words.path}`,
			help: words.pathHelp,
			wire: (value, { baseUrl }) => {
				addressOf(value, baseUrl, rules);
				return String(value).trim();
			},
		},
		{
			name: 'allRows',
			label: 'Return All',
			kind: 'toggle',
			to: 'control',
			when: { method: listMethodsOf(rules) },
			help: words.allRows,
		},
		{
			name: 'body',
			label: 'Body',
			kind: 'json',
			to: 'control',
			when: { method: writing },
			placeholder: `e.g. ${words.body}`,
			help: 'JSON object or array',
		},
		{
			name: 'queryParameters',
			label: 'Query Parameters',
			kind: 'rows',
			to: 'control',
			button: 'Add Parameter',
			rowLabel: 'Parameter',
			columns: pair(...words.query),
		},
		...(rules.refused ? [ELEMENT_ERRORS(rules.vendor)] : []),
		...(rules.storage
			? [
					{
						name: 'followToStorage',
						label: 'Follow to File Storage',
						kind: 'toggle',
						default: true,
						section: 'options',
						to: 'control',
						help: words.storage,
					} satisfies Field,
				]
			: []),
		{
			name: 'headers',
			label: 'Headers',
			kind: 'rows',
			section: 'options',
			to: 'control',
			button: 'Add Header',
			rowLabel: 'Header',
			columns: pair(...words.header),
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
			placeholder: `e.g. ${words.queryJson}`,
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
					description: 'A list as one item, with what stands around it; not with Return All',
				},
			],
		},
		{
			name: 'rowsAt',
			label: 'Rows At',
			kind: 'text',
			section: 'options',
			to: 'control',
			default: rules.rowsAt,
			when: { method: listMethodsOf(rules) },
			help: rules.findRows
				? 'Property of the answer that holds the rows of a list, where the node does not find them by itself; dots go deeper'
				: 'Property of the answer that holds the rows of a list; dots go deeper',
		},
		{
			name: 'safeToRepeat',
			label: 'Safe to Repeat',
			kind: 'toggle',
			section: 'options',
			to: 'control',
			when: { method: ['POST'] },
			help: words.safeToRepeat,
		},
		{
			name: 'timeout',
			label: 'Timeout (Seconds)',
			kind: 'number',
			section: 'options',
			to: 'control',
			default: DEFAULT_S,
			min: 1,
			max: rules.longestS,
			whole: true,
			help: words.timeout,
		},
	];
}
