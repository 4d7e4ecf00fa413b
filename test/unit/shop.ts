/**
 * A vendor for tests of the shared core: MoySklad's error table and error bodies, no budget, and a server that is
 * a function in the test. What went over the wire is kept as it was sent.
 */
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { readProblem } from '../../nodes/MoySklad/connection';
import { errors } from '../../nodes/MoySklad/errors';
import type { Call, Operation, Vendor } from '../../nodes/shared/catalogue';
import { openRoad, type Road, type RoadContext } from '../../nodes/shared/road/road';
import { callOf, node } from './calls';
import type { FakeClock } from './fakeClock';

export const ROOT = 'https://shop.example/api';

export type Limits = NonNullable<Vendor['bulkLimits']>;

export const LIMITS: Limits = {
	elements: 1000,
	bytes: 20 * 1024 * 1024,
	urlBytes: 6500,
	timeoutMs: 300_000,
};

/** A request as the server sees it. */
export interface Sent {
	method: string;
	url: string;
	path: string;
	query: IDataObject;
	/** The body's JSON, parsed; undefined without one. */
	body: unknown;
	/** The body as it was sent. */
	text?: string;
	/** Bytes of the body. */
	bytes: number;
	timeout?: number;
	withCredentials: boolean;
}

export interface Reply {
	status?: number;
	body?: unknown;
	headers?: Record<string, string>;
}

export type Server = (sent: Sent) => Reply | Error | Promise<Reply | Error>;

let account = 0;

/** The vendor, with a budget of its own each time. */
export function shopOf(operations: Operation[] = [], limits: Partial<Limits> = {}): Vendor {
	const budgetKey = `shop-${++account}`;
	return {
		name: 'Shop',
		credentialType: 'moySkladApi',
		resources: [{ name: 'Thing', value: 'thing' }],
		operations,
		connect: () => ({
			baseUrl: ROOT,
			budgetKey,
			headers: { Accept: 'application/json' },
			policy: {
				windows: [],
				parallel: 4,
				read: ({ status }) =>
					status === 429 ? { kind: 'refused', by: 'rate' } : { kind: 'passed' },
			},
		}),
		readProblem,
		errors,
		bulkLimits: { ...LIMITS, ...limits },
	};
}

/** n8n's request helpers in front of the server, and what arrived there. */
export function wiresTo(server: Server): {
	sent: Sent[];
	helpers: RoadContext['helpers'];
} {
	const sent: Sent[] = [];
	const play = async (options: IHttpRequestOptions, withCredentials: boolean) => {
		const url = new URL(options.url);
		const text = options.body as string | undefined;
		const request: Sent = {
			method: String(options.method),
			url: options.url,
			path: url.pathname.replace('/api', ''),
			query: { ...(options.qs as IDataObject | undefined) },
			body: text === undefined ? undefined : JSON.parse(text),
			text,
			bytes: Buffer.byteLength(text ?? ''),
			timeout: options.timeout,
			withCredentials,
		};
		sent.push(request);
		const reply = await server(request);
		if (reply instanceof Error) throw reply;
		return {
			statusCode: reply.status ?? 200,
			body: reply.body ?? {},
			headers: reply.headers ?? {},
		};
	};
	return {
		sent,
		helpers: {
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions) =>
				await play(options, true),
			httpRequest: async (options: IHttpRequestOptions) => await play(options, false),
		} as unknown as RoadContext['helpers'],
	};
}

/** A road to the server. */
export async function shopRoad(
	server: Server,
	clock: FakeClock,
	{ limits, signal }: { limits?: Partial<Limits>; signal?: AbortSignal } = {},
): Promise<{ road: Road; sent: Sent[] }> {
	const { sent, helpers } = wiresTo(server);
	const context = {
		getNode: () => node,
		getCredentials: async () => ({}),
		getExecutionCancelSignal: () => signal,
		helpers,
	} as unknown as RoadContext;
	return { road: await openRoad(context, shopOf([], limits), clock), sent };
}

export const thingOperation: Operation = {
	resource: 'thing',
	operation: 'create',
	name: 'Create',
	action: 'Create thing',
	description: 'Make a thing',
	route: 'POST /thing',
	docs: 'https://shop.example/docs',
	fields: [],
	answer: { kind: 'object' },
	output: { id: { type: 'string' } },
};

/** Calls that write `{n: 0}`, `{n: 1}`, … unless the bodies are given. */
export function thingCalls(count: number, changes: (index: number) => Partial<Call> = () => ({})) {
	return Array.from({ length: count }, (_, itemIndex) =>
		callOf(thingOperation, { itemIndex, body: { n: itemIndex }, ...changes(itemIndex) }),
	);
}

/** MoySklad's error object. */
export function problem(code: number, text = `problem ${code}`, parameter?: string): IDataObject {
	return { errors: [{ code, error: text, ...(parameter ? { parameter } : {}) }] };
}

/** A fault of the connection as it comes out of n8n's helper. */
export function brokenWire(code: string): Error {
	const axiosError = Object.assign(new Error(code), { isAxiosError: true, code });
	return new NodeApiError(node, axiosError as never);
}
