import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';

import { MOYSKLAD_TOKENS } from '../../sandbox';
import type { Sandbox } from '../../sandbox';

/** An answer, decompressed. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	text: string;
	/** The body as JSON; throws when it is none. */
	json<T = Json>(): T;
}

/** Any JSON object of a vendor. */
export interface Json {
	[key: string]: unknown;
}

/** A request without any header that is not given; redirects are not followed. */
export async function call(
	url: string,
	options: {
		method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
		headers?: Record<string, string | string[]>;
		body?: unknown;
	} = {},
): Promise<Answer> {
	const { method = 'GET', headers = {}, body } = options;
	const response = await request(url, {
		method,
		headers,
		body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
	});
	const raw = Buffer.from(await response.body.arrayBuffer());
	const received: Record<string, string> = {};
	for (const [name, value] of Object.entries(response.headers)) received[name] = String(value);
	const gzipped = received['content-encoding'] === 'gzip';
	const text = (gzipped ? gunzipSync(raw) : raw).toString('utf8');
	return {
		status: response.statusCode,
		headers: received,
		text,
		json: <T>() => JSON.parse(text) as T,
	};
}

/** Calls MoySklad as a well-behaved client of the administrator, or with another token. */
export async function moysklad(
	sandbox: Sandbox,
	path: string,
	options: {
		method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
		body?: unknown;
		token?: string;
		headers?: Record<string, string | string[]>;
	} = {},
): Promise<Answer> {
	const { method, body, token = MOYSKLAD_TOKENS.user, headers = {} } = options;
	return await call(sandbox.urls.moysklad + path, {
		method,
		body,
		headers: {
			'accept-encoding': 'gzip',
			accept: 'application/json;charset=utf-8',
			authorization: `Bearer ${token}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
	});
}

/** First error code of a MoySklad answer. */
export function errorCode(answer: Answer): number {
	return answer.json<{ errors: Array<{ code: number }> }>().errors[0].code;
}

/** Rows of a MoySklad list. */
export function rowsOf<T = Json>(answer: Answer): T[] {
	return answer.json<{ rows: T[] }>().rows;
}

/** `meta` of a MoySklad list. */
export function metaOf(answer: Answer): {
	size: number;
	limit: number;
	offset: number;
	href: string;
	nextHref?: string;
	previousHref?: string;
} {
	return answer.json<{ meta: ReturnType<typeof metaOf> }>().meta;
}

/** A receiver of webhooks. */
export interface Receiver {
	url: string;
	requests: Array<{ url: string; headers: IncomingMessage['headers']; body: Json }>;
	close(): Promise<void>;
}

/** Starts a receiver; `answer` decides about each request by its number, from 0. */
export async function startReceiver(
	answer: (response: ServerResponse, index: number) => void,
): Promise<Receiver> {
	const requests: Receiver['requests'] = [];
	const server = createServer((incoming, response) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			const index = requests.length;
			requests.push({
				url: incoming.url ?? '',
				headers: incoming.headers,
				body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json,
			});
			answer(response, index);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
