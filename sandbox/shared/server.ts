import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

import { sleep } from './clock';
import type { ArmedFault, Faults } from './faults';
import type { RequestLog, RequestLogEntry } from './log';
import { maskHeaders } from './log';
import type { Latency, VendorName } from './types';

/** An answer of a vendor, before transport concerns such as gzip and latency. */
export interface VendorReply {
	status: number;
	headers?: Record<string, string>;
	body?: string | Buffer;
	/** Rows read or written, for `latency.perRowMs`. */
	rows?: number;
	statusMessage?: string;
	/** Under which name `finish` may keep the encoded answer. */
	cacheKey?: string;
}

/** A request on its way through a vendor's rules. `S` is what the vendor knows about the caller. */
export interface Exchange<S> {
	readonly method: string;
	readonly path: string;
	/** Path and query as sent. */
	readonly url: string;
	/** Decoded query in order of appearance. */
	readonly query: ReadonlyArray<readonly [string, string]>;
	/** True when a part of the query cannot be percent-decoded. */
	readonly queryMalformed: boolean;
	readonly params: Readonly<Record<string, string>>;
	/** Body text, empty when none was sent. */
	readonly body: string;
	/** The body as it came, for files. */
	readonly bytes: Buffer;
	readonly remoteAddress: string;
	readonly log: RequestLogEntry;
	session?: S;
	/** First value of a query parameter. */
	value(name: string): string | undefined;
	/** A header, by its lower-case name; repeated headers are joined by Node's rules. */
	header(name: string): string | undefined;
	/** All values of a header, one per header line. */
	headerLines(name: string): string[];
	/** Bytes of the request line's target and the header lines. */
	headBytes(): number;
	/** Registers work for the moment when the connection has finished with this request. */
	onClose(work: () => void): void;
}

export type VendorHandler<S> = (exchange: Exchange<S>) => VendorReply | Promise<VendorReply>;

/** One operation: `METHOD /path/:parameter`. */
export interface VendorRoute<S> {
	method: HTTPMethods;
	path: string;
	handler: VendorHandler<S>;
}

/** What a vendor contributes to its listener. */
export interface VendorDefinition<S> {
	vendor: VendorName;
	routes: Array<VendorRoute<S>>;
	/** Checks made before the operation (auth, limits). A reply refuses the request. */
	guard?: (exchange: Exchange<S>) => VendorReply | undefined;
	/** Turns a thrown error into an answer. */
	failed: (error: unknown, exchange: Exchange<S>) => VendorReply;
	/** Answer for an address without operation; `methods` lists those that exist at the path. */
	notFound: (exchange: Exchange<S>, methods: string[]) => VendorReply;
	/** Last touch on every genuine answer: common headers, gzip. */
	finish?: (reply: VendorReply, exchange: Exchange<S>) => VendorReply | Promise<VendorReply>;
	/** Body for a fault that has a status and no body. */
	faultBody: (status: number) => unknown;
	/** Greatest body in bytes. */
	bodyLimit?: number;
}

/** What the listeners of one sandbox share. */
export interface ServerContext {
	host: string;
	log: RequestLog;
	faults: Faults;
	latency: Latency;
}

/** A listener that is up. */
export interface RunningServer {
	/** `http://host:port`, without a trailing slash. */
	origin: string;
	close(): Promise<void>;
}

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];
const MAX_HEADER_BYTES = 64 * 1024;
/** Statuses of requests that a vendor has not let in. */
const UNSERVED: ReadonlySet<number> = new Set([401, 415, 429]);
const DEFAULT_BODY_LIMIT = 20 * 1024 * 1024;

function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text.replace(/\+/g, ' '));
	} catch {
		return undefined;
	}
}

function parseQuery(search: string): { pairs: Array<[string, string]>; malformed: boolean } {
	const pairs: Array<[string, string]> = [];
	let malformed = false;
	for (const part of search.split('&')) {
		if (part === '') continue;
		const equals = part.indexOf('=');
		const name = decode(equals < 0 ? part : part.slice(0, equals));
		const value = decode(equals < 0 ? '' : part.slice(equals + 1));
		if (name === undefined || value === undefined) malformed = true;
		else pairs.push([name, value]);
	}
	return { pairs, malformed };
}

function queryRecord(pairs: Array<[string, string]>): Record<string, string | string[]> {
	const record: Record<string, string | string[]> = {};
	for (const [name, value] of pairs) {
		const earlier = record[name];
		if (earlier === undefined) record[name] = value;
		else record[name] = Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
	}
	return record;
}

function bodyForLog(body: string): unknown {
	if (body === '') return undefined;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}

function createExchange<S>(
	vendor: VendorName,
	request: FastifyRequest,
	reply: FastifyReply,
): Exchange<S> {
	const url = request.raw.url ?? '/';
	const mark = url.indexOf('?');
	const path = mark < 0 ? url : url.slice(0, mark);
	const { pairs, malformed } = parseQuery(mark < 0 ? '' : url.slice(mark + 1));
	const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
	const body = bytes.toString('utf8');
	const log: RequestLogEntry = {
		vendor,
		method: request.method,
		path,
		url,
		query: queryRecord(pairs),
		headers: maskHeaders(request.headers),
		status: 0,
		at: Date.now(),
		durationMs: 0,
	};
	const logged = bodyForLog(body);
	if (logged !== undefined) log.body = logged;
	return {
		method: request.method,
		path,
		url,
		query: pairs,
		queryMalformed: malformed,
		params: (request.params ?? {}) as Record<string, string>,
		body,
		bytes,
		remoteAddress: request.ip,
		log,
		value: (name) => pairs.find(([key]) => key === name)?.[1],
		header: (name) => {
			const value = request.headers[name];
			return Array.isArray(value) ? value.join(', ') : value;
		},
		headerLines: (name) => {
			const raw = request.raw.rawHeaders;
			const lines: string[] = [];
			for (let i = 0; i < raw.length; i += 2) {
				if (raw[i].toLowerCase() === name) lines.push(raw[i + 1]);
			}
			return lines;
		},
		headBytes: () =>
			request.raw.rawHeaders.reduce((sum, part) => sum + part.length + 2, url.length),
		onClose: (work) => {
			reply.raw.once('close', work);
		},
	};
}

function faultPayload(fault: ArmedFault, fallback: unknown): { text: string; contentType: string } {
	const body = fault.body === undefined ? fallback : fault.body;
	if (typeof body === 'string') {
		const html = body.trimStart().startsWith('<');
		return { text: body, contentType: html ? 'text/html' : 'application/json' };
	}
	return { text: JSON.stringify(body ?? {}), contentType: 'application/json' };
}

/** What a fault that closes the connection in the middle of a body had begun to send. */
function cutAnswer(
	fault: ArmedFault,
	genuine: VendorReply | undefined,
): { status: number; headers: Record<string, string>; bytes: Buffer } {
	const headers = fault.headers ?? {};
	if (genuine?.body !== undefined && fault.body === undefined) {
		const { body, status } = genuine;
		return {
			status: fault.status ?? status,
			headers: { ...genuine.headers, ...headers },
			bytes: typeof body === 'string' ? Buffer.from(body) : body,
		};
	}
	const { text, contentType } = faultPayload(fault, { rows: [{ id: 'cut off' }] });
	return {
		status: fault.status ?? 200,
		headers: { 'content-type': contentType, ...headers },
		bytes: Buffer.from(text),
	};
}

/**
 * Plays a fault; returns false when it only delayed the genuine answer. `genuine` is the answer of a
 * vendor that has done its work already.
 */
async function playFault(
	fault: ArmedFault,
	entry: RequestLogEntry,
	reply: FastifyReply,
	faultBody: (status: number) => unknown,
	genuine?: VendorReply,
): Promise<boolean> {
	entry.note = genuine === undefined ? 'fault' : 'fault after work';
	await sleep(fault.delayMs ?? 0);
	const headers = fault.headers ?? {};
	if (fault.closeConnection === 'before') {
		reply.hijack();
		reply.raw.destroy();
		return true;
	}
	if (fault.closeConnection === 'midBody') {
		const cut = cutAnswer(fault, genuine);
		const { bytes } = cut;
		reply.hijack();
		entry.status = cut.status;
		reply.raw.writeHead(cut.status, { ...cut.headers, 'content-length': String(bytes.length) });
		reply.raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => reply.raw.destroy());
		return true;
	}
	if (fault.redirectTo !== undefined) {
		entry.status = fault.status ?? 302;
		await reply
			.code(entry.status)
			.headers({ ...headers, location: fault.redirectTo })
			.send();
		return true;
	}
	if (fault.status === undefined && fault.body === undefined) return false;
	entry.status = fault.status ?? 200;
	const { text, contentType } = faultPayload(fault, faultBody(entry.status));
	await reply
		.code(entry.status)
		.headers({ 'content-type': contentType, ...headers })
		.send(text);
	return true;
}

async function answer<S>(
	definition: VendorDefinition<S>,
	handler: VendorHandler<S>,
	exchange: Exchange<S>,
): Promise<VendorReply> {
	let reply: VendorReply;
	try {
		reply = definition.guard?.(exchange) ?? (await handler(exchange));
	} catch (error) {
		reply = definition.failed(error, exchange);
	}
	return reply;
}

function pathMatcher(path: string): RegExp {
	const source = path
		.split('/')
		.map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
		.join('/');
	return new RegExp(`^${source}$`);
}

/** Starts one vendor's listener. `port` 0 takes any free one. */
export async function startVendorServer<S>(
	context: ServerContext,
	definition: VendorDefinition<S>,
	port: number,
): Promise<RunningServer> {
	const matchers = definition.routes.map((route) => ({
		method: String(route.method),
		pattern: pathMatcher(route.path),
	}));
	const serve =
		(handler: VendorHandler<S>) =>
		async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
			const exchange = createExchange<S>(definition.vendor, request, reply);
			const entry = exchange.log;
			context.log.add(entry);
			reply.raw.once('close', () => {
				entry.durationMs = Date.now() - entry.at;
			});
			const fault = context.faults.take(definition.vendor, request.method, exchange.path);
			const late = fault?.afterWork === true;
			if (fault && !late && (await playFault(fault, entry, reply, definition.faultBody))) {
				return reply;
			}
			const result = await answer(definition, handler, exchange);
			const { baseMs, perRowMs } = context.latency;
			await sleep(baseMs + perRowMs * (result.rows ?? 0));
			const finished = definition.finish ? await definition.finish(result, exchange) : result;
			if (fault && late) {
				if (UNSERVED.has(finished.status)) context.faults.giveBack(fault);
				else if (await playFault(fault, entry, reply, definition.faultBody, finished)) return reply;
			}
			entry.status = finished.status;
			if (finished.statusMessage !== undefined) {
				reply.raw.statusMessage = finished.statusMessage;
			}
			return await reply
				.code(finished.status)
				.headers(finished.headers ?? {})
				.send(finished.body);
		};
	const notFound = serve((exchange) =>
		definition.notFound(
			exchange,
			matchers.filter(({ pattern }) => pattern.test(exchange.path)).map(({ method }) => method),
		),
	);
	const app = Fastify({
		bodyLimit: definition.bodyLimit ?? DEFAULT_BODY_LIMIT,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		http: { maxHeaderSize: MAX_HEADER_BYTES },
		frameworkErrors: (_error, request, reply) => {
			// The address cannot be decoded, so no route can match it.
			void notFound(request as FastifyRequest, reply as FastifyReply);
		},
	});
	acceptAnyBody(app, 'buffer');
	app.setErrorHandler(async (error, request, reply) => {
		// Only the reading of the body fails here: operations have their own error answers.
		const exchange = createExchange<S>(definition.vendor, request, reply);
		context.log.add(exchange.log);
		const result = definition.failed(error, exchange);
		const finished = definition.finish ? await definition.finish(result, exchange) : result;
		exchange.log.status = finished.status;
		return await reply
			.code(finished.status)
			.headers(finished.headers ?? {})
			.send(finished.body);
	});
	for (const route of definition.routes) {
		app.route({ method: route.method, url: route.path, handler: serve(route.handler) });
	}
	app.route({ method: METHODS, url: '*', handler: notFound });
	const origin = await listen(app, context.host, port);
	return { origin, close: async () => await app.close() };
}

/** Lets every content type through as text: the vendors judge it themselves. */
export function acceptAnyBody(app: FastifyInstance, parseAs: 'string' | 'buffer' = 'string'): void {
	app.removeAllContentTypeParsers();
	const take = (
		_request: unknown,
		body: string | Buffer,
		done: (error: null, body: unknown) => void,
	) => done(null, body);
	if (parseAs === 'string') app.addContentTypeParser('*', { parseAs }, take);
	else app.addContentTypeParser('*', { parseAs }, take);
}

/** Listens and returns the origin, `http://host:port`. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
	await app.listen({ host, port });
	const address = app.server.address();
	if (address === null || typeof address === 'string') throw new Error('The listener has no port');
	return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
