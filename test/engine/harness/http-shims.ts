import './environment';

import { EventEmitter } from 'node:events';
import { gunzipSync, inflateSync } from 'node:zlib';

/** An HTTP request as a webhook receives it. */
export interface WebhookRequest {
	method?: string;
	/** Names in any case. */
	headers?: Record<string, string>;
	query?: Record<string, string | string[]>;
	/** A string is sent as it is, anything else as JSON. */
	body?: unknown;
	/** The exact bytes; wins over `body`. */
	rawBody?: Buffer | string;
}

/** An HTTP response as the caller of a webhook gets it. */
export interface WebhookHttpResponse {
	/** Undefined if nobody has answered: the caller would wait for ever. */
	status?: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** What was sent: a string, an object that is sent as JSON, or undefined for an empty body. */
	body?: unknown;
	/** Who answered. */
	sentBy: 'node' | 'n8n' | 'nobody';
}

/** The part of Express's request that n8n offers to a webhook node. */
export interface RequestShim {
	method: string;
	url: string;
	originalUrl: string;
	path: string;
	headers: Record<string, string>;
	query: Record<string, string | string[]>;
	params: Record<string, string>;
	cookies: Record<string, string>;
	ip: string;
	body: unknown;
	rawBody: Buffer | undefined;
	contentType: string | undefined;
	encoding: BufferEncoding;
	get(name: string): string | undefined;
	header(name: string): string | undefined;
}

/** The body is not what its content type says. n8n answers 422 before the node sees the call. */
export class UnparsableBodyError extends Error {
	/** @param hint the parser's message */
	constructor(readonly hint: string) {
		super('Failed to parse request body');
	}
}

function parseContentType(header: string | undefined) {
	const [contentType, ...parameters] = (header ?? '').toLowerCase().split(';');
	const charset = parameters
		.map((parameter) => parameter.trim().split('='))
		.find(([name]) => name === 'charset')?.[1];
	const name = charset?.replaceAll('"', '').replace('iso-8859-1', 'latin1') ?? 'utf-8';
	return {
		contentType: contentType.trim() || undefined,
		encoding: Buffer.isEncoding(name) ? name : ('utf-8' as const),
	};
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer {
	if (encoding === 'gzip') return gunzipSync(bytes);
	if (encoding === 'deflate') return inflateSync(bytes);
	return bytes;
}

/**
 * Builds the request object of a webhook call, with the body parsed as n8n does: JSON, form and
 * plain text by content type; with any other or no content type, and where it is empty, `body`
 * stays undefined. (n8n also parses XML and multipart bodies; those stay undefined here.)
 * @throws UnparsableBodyError
 */
export function createRequestShim(
	path: string,
	request: WebhookRequest,
	typeVersion: number,
): RequestShim {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		headers[name.toLowerCase()] = value;
	}
	let sent: Buffer | string | undefined = request.rawBody;
	if (sent === undefined && request.body !== undefined) {
		const isText = typeof request.body === 'string';
		sent = isText ? (request.body as string) : JSON.stringify(request.body);
		headers['content-type'] ??= isText ? 'text/plain' : 'application/json';
	}
	const { contentType, encoding } = parseContentType(headers['content-type']);
	const search = new URLSearchParams(
		Object.entries(request.query ?? {}).flatMap(([name, value]) =>
			[value].flat().map((single): [string, string] => [name, single]),
		),
	).toString();
	const url = search === '' ? path : `${path}?${search}`;
	const get = (name: string) => headers[name.toLowerCase()];
	const shim: RequestShim = {
		method: (request.method ?? 'POST').toUpperCase(),
		url,
		originalUrl: url,
		path,
		headers,
		query: request.query ?? {},
		params: {},
		cookies: {},
		ip: '127.0.0.1',
		body: undefined,
		rawBody: undefined,
		contentType,
		encoding,
		get,
		header: get,
	};

	const isJson = contentType === 'application/json';
	const isForm = contentType === 'application/x-www-form-urlencoded';
	const isText = contentType === 'text/plain';
	// From type version 2 on n8n leaves bodies of other types in the stream for the node.
	if (typeVersion > 1 && !isJson && !isForm && !isText) return shim;
	const bytes = decompress(Buffer.from(sent ?? ''), headers['content-encoding']);
	shim.rawBody = bytes;
	if (bytes.length === 0) return shim;
	const text = bytes.toString(encoding).replace(/^\uFEFF/, '');
	if (isText) shim.body = text;
	if (isForm) {
		const form: Record<string, string | string[]> = {};
		for (const [name, value] of new URLSearchParams(text)) {
			const earlier = form[name];
			form[name] = earlier === undefined ? value : [earlier, value].flat();
		}
		shim.body = form;
	}
	if (isJson) {
		try {
			shim.body = JSON.parse(text);
		} catch (error) {
			throw new UnparsableBodyError((error as Error).message);
		}
	}
	return shim;
}

/**
 * The part of Express's response that a webhook node can use, without a socket. Resolves
 * {@link ended} the moment that the response is complete, which may be before `webhook()` returns.
 */
export class ResponseShim extends EventEmitter {
	statusCode = 200;
	headersSent = false;
	writableEnded = false;
	readonly locals: Record<string, unknown> = {};
	readonly ended: Promise<WebhookHttpResponse>;
	private readonly headerMap = new Map<string, string>();
	private readonly chunks: Buffer[] = [];
	private payload: unknown;
	private sentBy: 'node' | 'n8n' = 'node';
	private resolveEnded: (response: WebhookHttpResponse) => void = () => {};

	constructor() {
		super();
		this.ended = new Promise((resolve) => {
			this.resolveEnded = resolve;
		});
	}

	get finished(): boolean {
		return this.writableEnded;
	}

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	setHeader(name: string, value: string | number | readonly string[]): this {
		this.headerMap.set(name.toLowerCase(), [value].flat().join(', '));
		return this;
	}

	setHeaders(headers: Map<string, string> | Headers): this {
		headers.forEach((value, name) => this.setHeader(name, value));
		return this;
	}

	header(name: string | Record<string, string>, value?: string): this {
		const entries = typeof name === 'string' ? [[name, value ?? '']] : Object.entries(name);
		for (const [key, single] of entries) this.setHeader(key, single);
		return this;
	}

	set(name: string | Record<string, string>, value?: string): this {
		return this.header(name, value);
	}

	type(contentType: string): this {
		return this.setHeader('content-type', contentType);
	}

	get(name: string): string | undefined {
		return this.headerMap.get(name.toLowerCase());
	}

	getHeader(name: string): string | undefined {
		return this.get(name);
	}

	removeHeader(name: string): void {
		this.headerMap.delete(name.toLowerCase());
	}

	writeHead(code: number, headers: Record<string, string> = {}): this {
		this.headersSent = true;
		return this.status(code).header(headers);
	}

	write(chunk: string | Buffer): boolean {
		this.headersSent = true;
		this.chunks.push(Buffer.from(chunk));
		return true;
	}

	sendStatus(code: number): this {
		return this.status(code).send(String(code));
	}

	json(body: unknown): this {
		if (!this.headerMap.has('content-type')) this.type('application/json; charset=utf-8');
		this.payload = body;
		return this.end();
	}

	send(body?: unknown): this {
		if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) return this.json(body);
		if (typeof body === 'string' && !this.headerMap.has('content-type')) {
			this.type('text/html; charset=utf-8');
		}
		this.payload = Buffer.isBuffer(body) ? body.toString() : body;
		return this.end();
	}

	end(chunk?: string | Buffer): this {
		if (this.writableEnded) return this;
		if (chunk !== undefined) this.chunks.push(Buffer.from(chunk));
		if (this.chunks.length > 0) this.payload = Buffer.concat(this.chunks).toString();
		this.headersSent = true;
		this.writableEnded = true;
		this.resolveEnded(this.snapshot());
		this.emit('finish');
		this.emit('close');
		return this;
	}

	/** An answer that n8n gives itself. A string is sent as text, anything else as JSON. */
	answer(status: number, body: unknown): void {
		if (this.writableEnded) return;
		this.sentBy = 'n8n';
		this.status(status);
		if (typeof body === 'string') this.send(body);
		else this.json(body);
	}

	/** The response as it is now. */
	snapshot(): WebhookHttpResponse {
		const headers = Object.fromEntries(this.headerMap);
		if (!this.writableEnded) return { headers, sentBy: 'nobody' };
		return { status: this.statusCode, headers, body: this.payload, sentBy: this.sentBy };
	}
}
