import { operations } from '../../nodes/InspectorCloud/facts.generated';
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import { INSPECTOR_TOKENS } from '../credentials';
import type {
	Exchange,
	RunningServer,
	ServerContext,
	VendorReply,
	VendorRoute,
} from '../shared/server';
import { startVendorServer } from '../shared/server';
import { StandIn } from '../shared/standIn';
import {
	CATEGORIES,
	DATA_API_VERSIONS,
	createdAt,
	visitBody,
	visitIds,
	visitItem,
	visitSummary,
} from './data';
import type { InspectorState } from './state';
import { JPEG } from './state';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

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

function authenticate(exchange: InspectorExchange, state: InspectorState): void {
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
	const isKeyCall = exchange.path.startsWith('/api/auth/');
	if (isKeyCall ? match[1] !== INSPECTOR_TOKENS.masterKey : !state.isValid(match[1])) {
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

function visits(
	exchange: InspectorExchange,
	origin: string,
	seed: number,
	state: InspectorState,
): VendorReply {
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
		const summary = visitSummary(seed, id, state);
		return (
			summary.isNew === isNew &&
			(cid === undefined || summary.cid === cid) &&
			(route === undefined || summary.route === route) &&
			(agent === undefined || summary.agent === agent) &&
			(sinceMs === undefined || (state.visits.get(id)?.created ?? createdAt(id)) >= sinceMs)
		);
	});
	return paginate(exchange, origin, ids, (id) => visitItem(seed, id, state));
}

/** ID of a visit that exists. */
function visitIdOf(exchange: InspectorExchange): number {
	const { id } = exchange.params;
	if (!visitIds().includes(Number(id))) throw new InspectorError(404, { detail: 'Not found.' });
	return Number(id);
}

function visit(
	exchange: InspectorExchange,
	seed: number,
	version: string,
	state: InspectorState,
): VendorReply {
	const { id } = exchange.params;
	// A path converter takes digits only: anything else is an unknown address.
	if (!/^\d{1,12}$/.test(id)) return page(404, 'Not Found');
	return json(visitBody(seed, visitIdOf(exchange), version, state));
}

/** Paths of an operation, or of a route of the catalogue, on the instance. */
export function inspectorPaths({ path }: Pick<OperationFacts, 'path'>): string[] {
	if (!path.startsWith('/')) return [];
	if (!path.startsWith('/api/'))
		return DATA_API_VERSIONS.map((version) => `/api/data/${version}${path}`);
	return path.includes('{version}')
		? DATA_API_VERSIONS.map((version) => path.replace('{version}', version))
		: [path];
}

/** One call may be documented twice: the list of SKUs, and the same with a client ID. */
export const inspectorFacts: OperationFacts[] = operations
	.filter(({ id }) => id !== 'sku.getByCid')
	.map((facts) => {
		if (facts.id !== 'sku.getMany' || !facts.path.startsWith('/api/v1.5/')) return facts;
		return { ...facts, query: [...(facts.query ?? []), { name: 'cid', kind: 'string' }] };
	});

const STAND_IN_STATUS: Record<string, number> = { POST: 201, DELETE: 204 };

function standInFor(): StandIn<undefined> {
	return new StandIn<undefined>({
		// Only these two have the master key in their header, and answers of their own.
		facts: inspectorFacts.filter(({ group }) => group !== 'callback' && group !== 'auth'),
		paths: inspectorPaths,
		loose: true,
		refuse: (problems) => {
			const fields = problems.map(({ at, what }) => [at.replace(/^(body|query)\./, ''), [what]]);
			throw new InspectorError(400, Object.fromEntries(fields));
		},
		missing: () => {
			throw new InspectorError(404, { detail: 'Not found.' });
		},
		status: ({ method }) => STAND_IN_STATUS[method],
		blank: ({ method }) => (method === 'DELETE' ? undefined : {}),
		finish: (body, { facts }, exchange) => {
			const cid = exchange.value('cid');
			if (facts.id === 'sku.getMany' && cid !== undefined) {
				const results = (body as { results: Json[] }).results.filter((one) => one.cid === cid);
				return { count: results.length, next: null, previous: null, results };
			}
			// The facts tell nothing of a task.
			if (facts.id !== 'task.getMany') return body;
			return { count: 1, next: null, previous: null, results: [{ id: 48, name: 'Shelf' }] };
		},
	});
}

function bodyOf(exchange: InspectorExchange): Json {
	try {
		const body = exchange.body === '' ? {} : (JSON.parse(exchange.body) as unknown);
		if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
	} catch {
		// Answered below.
	}
	throw new InspectorError(400, { detail: 'JSON parse error' });
}

/** Refuses an upload or a recognition beyond the documented limit; how, is not documented. */
function room(state: InspectorState, what: 'uploads' | 'recognize'): void {
	const ms = state.enter(what);
	if (ms === 0) return;
	const seconds = Math.ceil(ms / 1000);
	throw new InspectorError(
		429,
		{ detail: `Request was throttled. Expected available in ${seconds} seconds.` },
		{ 'Retry-After': String(seconds) },
	);
}

/** A form with one JPEG in the field `datafile`. */
function upload(exchange: InspectorExchange, state: InspectorState): VendorReply {
	room(state, 'uploads');
	if (!/^multipart\/form-data; *boundary=/.test(exchange.header('content-type') ?? '')) {
		throw new InspectorError(415, { detail: 'Unsupported media type in request.' });
	}
	const head = exchange.bytes.indexOf('\r\n\r\n');
	const named = exchange.bytes.subarray(0, Math.max(head, 0)).toString('utf8');
	if (!/name="datafile"; filename="[^"]+"/.test(named)) {
		throw new InspectorError(400, { datafile: ['No file was submitted.'] });
	}
	const content = exchange.bytes.subarray(head + 4);
	if (content.subarray(0, 3).toString('hex') !== 'ffd8ff') {
		throw new InspectorError(400, { datafile: ['Upload a valid image: JPEG only.'] });
	}
	return json(state.upload(content.length), 201);
}

/** Where reports are to be sent when they are ready. */
function webhookIn(body: Json): string | undefined {
	return typeof body.webhook === 'string' && body.webhook !== '' ? body.webhook : undefined;
}

function recognise(exchange: InspectorExchange, state: InspectorState): VendorReply {
	room(state, 'recognize');
	const body = bodyOf(exchange);
	const { images, report_types: types, visit } = body;
	if (!Array.isArray(images) || images.length === 0) {
		throw new InspectorError(400, { images: ['This field is required.'] });
	}
	const unknown = images.filter((id) => !state.uploads.has(Number(id)));
	if (unknown.length > 0) {
		throw new InspectorError(400, { images: [`Invalid pk "${String(unknown[0])}".`] });
	}
	const wanted = Array.isArray(types) && types.length > 0 ? types.map(String) : ['FACING_COUNT'];
	return json(state.recognise(images, wanted, visit, webhookIn(body)), 201);
}

function report(exchange: InspectorExchange, state: InspectorState): VendorReply {
	const found = state.look(Number(exchange.params.id));
	if (!found) throw new InspectorError(404, { detail: 'Not found.' });
	return json(found);
}

function forceUpdate(exchange: InspectorExchange, state: InspectorState): VendorReply {
	const body = bodyOf(exchange);
	const { reports } = body;
	if (!Array.isArray(reports)) {
		throw new InspectorError(400, { reports: ['This field is required.'] });
	}
	state.recalculate(reports.map(Number), webhookIn(body));
	return json({ reports });
}

/** Starts the Inspector Cloud listener. */
export async function startInspectorCloud(
	context: ServerContext,
	seed: number,
	state: InspectorState,
	port: number,
): Promise<RunningServer> {
	const standIn = standInFor();
	let origin = '';
	const routes = DATA_API_VERSIONS.flatMap((version) => [
		{
			method: 'GET' as const,
			path: `/api/data/${version}/visits/`,
			handler: (exchange: InspectorExchange) => visits(exchange, origin, seed, state),
		},
		{
			method: 'GET' as const,
			path: `/api/data/${version}/visits/:id/`,
			handler: (exchange: InspectorExchange) => visit(exchange, seed, version, state),
		},
	]) as Array<VendorRoute<undefined>>;
	routes.push(
		...DATA_API_VERSIONS.flatMap((version): Array<VendorRoute<undefined>> => [
			{
				method: 'POST',
				path: `/api/data/${version}/visits/:id/ack/`,
				handler: (exchange) => {
					const { cid } = bodyOf(exchange);
					state.acknowledge(visitIdOf(exchange), cid as string | undefined);
					return json({});
				},
			},
			{
				method: 'POST',
				path: `/api/data/${version}/visits/:id/kpivalue/`,
				handler: (exchange) => {
					const id = visitIdOf(exchange);
					const body = bodyOf(exchange);
					for (const name of ['kpi', 'value']) {
						if (typeof body[name] !== 'number') {
							throw new InspectorError(400, { [name]: ['A valid number is required.'] });
						}
					}
					state.kpiValues.push({ visit: id, ...body });
					state.change(id);
					return json({});
				},
			},
		]),
		{
			method: 'POST',
			path: '/api/auth/v1.0/get_token/',
			handler: () => json(state.makeToken(), 201),
		},
		{
			method: 'POST',
			path: '/api/auth/v1.0/revoke_token/',
			handler: (exchange) => {
				const done = state.tokens.delete(String(bodyOf(exchange).token));
				return json({ SUCCESS: done }, done ? 200 : 404);
			},
		},
		{
			method: 'POST',
			path: '/api/v1.5/uploads/',
			handler: (exchange) => upload(exchange, state),
		},
		{
			method: 'POST',
			path: '/api/v1.5/uploads/uploads_by_url/',
			handler: (exchange) => json(state.upload(JPEG.length, String(bodyOf(exchange).url))),
		},
		{
			method: 'GET',
			path: '/api/v1.5/uploads/:id/',
			handler: (exchange) => {
				const found = state.uploads.get(Number(exchange.params.id));
				if (!found) throw new InspectorError(404, { detail: 'Not found.' });
				return json(found);
			},
		},
		{
			method: 'POST',
			path: '/api/v1.5/recognize/',
			handler: (exchange) => recognise(exchange, state),
		},
		{
			method: 'GET',
			path: '/api/v1.5/reports/:id/',
			handler: (exchange) => report(exchange, state),
		},
		{
			method: 'POST',
			path: '/api/v1.5/reports/force_update/',
			handler: (exchange) => forceUpdate(exchange, state),
		},
	);
	routes.push({
		method: 'GET',
		path: '/api/v1.5/categories/',
		handler: (exchange) => paginate(exchange, origin, CATEGORIES, (one) => one),
	});
	const known = [
		...routes.map(({ path }) => path.replace(/:\w+/g, '[^/]+')),
		...operations.flatMap(inspectorPaths).map((path) => path.replace(/\{\w+\}/g, '[^/]+')),
	].map((source) => new RegExp(`^${source}$`));
	const server = await startVendorServer<undefined>(
		context,
		{
			vendor: 'inspectorCloud',
			routes,
			guard: (exchange) => {
				// Django resolves the address before it looks at the token.
				if (known.some((pattern) => pattern.test(exchange.path))) authenticate(exchange, state);
				return undefined;
			},
			failed: (error) => {
				if (!(error instanceof InspectorError)) throw error;
				const reply = json(error.body, error.status);
				return { ...reply, headers: { ...reply.headers, ...error.headers } };
			},
			notFound: (exchange, methods) => {
				// Without its slash, an address is none.
				const served = exchange.path.endsWith('/') ? standIn.serve(exchange) : undefined;
				if (served) return served;
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
