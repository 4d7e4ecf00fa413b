import { INSPECTOR_TOKENS } from '../credentials';
import type { Exchange, RunningServer, ServerContext, VendorReply } from '../shared/server';
import { startVendorServer } from '../shared/server';
import {
	CATEGORIES,
	DATA_API_VERSIONS,
	createdAt,
	visitBody,
	visitIds,
	visitItem,
	visitSummary,
} from './data';

type InspectorExchange = Exchange<undefined>;

const DEFAULT_LIMIT = 30;

/** A refusal in the form of Django REST framework. */
class InspectorError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: Record<string, string> = {},
	) {
		super(`Inspector Cloud answer ${status}`);
	}
}

function json(body: unknown, status = 200, rows = 1): VendorReply {
	return {
		status,
		headers: { 'content-type': 'application/json', vary: 'Accept', allow: 'GET, HEAD, OPTIONS' },
		body: JSON.stringify(body),
		rows,
	};
}

/** Django's pages for what is not handled by the REST framework. */
function page(status: number, title: string, headers: Record<string, string> = {}): VendorReply {
	return {
		status,
		headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
		body: `<!doctype html>\n<html lang="en">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`,
	};
}

function authenticate(exchange: InspectorExchange): void {
	const header = exchange.header('authorization');
	const challenge = { 'WWW-Authenticate': 'Token' };
	const match = /^Token (\S+)$/.exec(header ?? '');
	if (!match) {
		const detail =
			header !== undefined && /^Token\b/.test(header)
				? 'Invalid token header.'
				: 'Authentication credentials were not provided.';
		throw new InspectorError(401, { detail }, challenge);
	}
	if (match[1] === INSPECTOR_TOKENS.noDataApi) {
		if (!exchange.path.startsWith('/api/data/')) return;
		throw new InspectorError(403, {
			detail: 'You do not have permission to perform this action.',
		});
	}
	if (match[1] !== INSPECTOR_TOKENS.default) {
		throw new InspectorError(401, { detail: 'Invalid token.' }, challenge);
	}
}

/** Page numbers as Django REST framework reads them: a bad value means the default. */
function pageNumber(text: string | undefined, fallback: number, min: number): number {
	return text !== undefined && /^\d{1,9}$/.test(text) && Number(text) >= min
		? Number(text)
		: fallback;
}

function paginate<T>(
	exchange: InspectorExchange,
	origin: string,
	all: readonly T[],
	show: (one: T) => unknown,
): VendorReply {
	const limit = pageNumber(exchange.value('limit'), DEFAULT_LIMIT, 1);
	const offset = pageNumber(exchange.value('offset'), 0, 0);
	const link = (at: number): string => {
		const parameters = exchange.query
			.filter(([name]) => name !== 'limit' && name !== 'offset')
			.map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
		const from = at > 0 ? `&offset=${at}` : '';
		return `${origin}${exchange.path}?limit=${limit}${from}${parameters.join('')}`;
	};
	const rows = all.slice(offset, offset + limit);
	return json(
		{
			count: all.length,
			next: offset + limit < all.length ? link(offset + limit) : null,
			previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
			results: rows.map(show),
		},
		200,
		rows.length,
	);
}

function boolean(text: string | undefined, name: string): boolean | undefined {
	if (text === undefined || text === '') return undefined;
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new InspectorError(400, { [name]: ['Must be a valid boolean.'] });
}

function visits(exchange: InspectorExchange, origin: string, seed: number): VendorReply {
	// Without `is_new` only visits that nobody has acknowledged are listed.
	const isNew = boolean(exchange.value('is_new'), 'is_new') ?? true;
	const since = exchange.value('datetime_gte');
	const sinceMs = since === undefined ? undefined : Date.parse(since);
	if (sinceMs !== undefined && Number.isNaN(sinceMs)) {
		throw new InspectorError(400, { datetime_gte: ['Enter a valid date/time.'] });
	}
	const cid = exchange.value('cid');
	const route = exchange.value('route');
	const agent = exchange.value('agent');
	const ids = visitIds().filter((id) => {
		const summary = visitSummary(seed, id);
		return (
			summary.isNew === isNew &&
			(cid === undefined || summary.cid === cid) &&
			(route === undefined || summary.route === route) &&
			(agent === undefined || summary.agent === agent) &&
			(sinceMs === undefined || createdAt(id) >= sinceMs)
		);
	});
	return paginate(exchange, origin, ids, (id) => visitItem(seed, id));
}

function visit(exchange: InspectorExchange, seed: number, version: string): VendorReply {
	const { id } = exchange.params;
	// A path converter takes digits only: anything else is an unknown address.
	if (!/^\d{1,12}$/.test(id)) return page(404, 'Not Found');
	if (!visitIds().includes(Number(id))) throw new InspectorError(404, { detail: 'Not found.' });
	return json(visitBody(seed, Number(id), version));
}

/** Starts the Inspector Cloud listener. */
export async function startInspectorCloud(
	context: ServerContext,
	seed: number,
	port: number,
): Promise<RunningServer> {
	let origin = '';
	const routes = DATA_API_VERSIONS.flatMap((version) => [
		{
			method: 'GET' as const,
			path: `/api/data/${version}/visits/`,
			handler: (exchange: InspectorExchange) => visits(exchange, origin, seed),
		},
		{
			method: 'GET' as const,
			path: `/api/data/${version}/visits/:id/`,
			handler: (exchange: InspectorExchange) => visit(exchange, seed, version),
		},
	]);
	routes.push({
		method: 'GET',
		path: '/api/v1.5/categories/',
		handler: (exchange) => paginate(exchange, origin, CATEGORIES, (one) => one),
	});
	const known = routes.map(({ path }) => new RegExp(`^${path.replace(':id', '[^/]+')}$`));
	const server = await startVendorServer<undefined>(
		context,
		{
			vendor: 'inspectorCloud',
			routes,
			guard: (exchange) => {
				// Django resolves the address before it looks at the token.
				if (known.some((pattern) => pattern.test(exchange.path))) authenticate(exchange);
				return undefined;
			},
			failed: (error) => {
				if (!(error instanceof InspectorError)) throw error;
				const reply = json(error.body, error.status);
				return { ...reply, headers: { ...reply.headers, ...error.headers } };
			},
			notFound: (exchange, methods) => {
				if (methods.length > 0) {
					throw new InspectorError(405, { detail: `Method "${exchange.method}" not allowed.` });
				}
				const slashed = `${exchange.path}/`;
				if (exchange.path.endsWith('/') || !known.some((pattern) => pattern.test(slashed))) {
					return page(404, 'Not Found');
				}
				// APPEND_SLASH: a read is redirected, anything with a body cannot be.
				if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
					return page(500, 'Server Error (500)');
				}
				const query = exchange.url.slice(exchange.path.length);
				return page(301, 'Moved', { location: `${slashed}${query}` });
			},
			faultBody: (status) => ({ detail: `Sandbox fault ${status}` }),
		},
		port,
	);
	({ origin } = server);
	return server;
}
