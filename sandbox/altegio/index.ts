import { ALTEGIO_TOKENS, ALTEGIO_VISITS } from '../credentials';
import { documented } from '../../nodes/Altegio/facts';
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import type { Exchange, RunningServer, ServerContext, VendorReply } from '../shared/server';
import { startVendorServer } from '../shared/server';
import type { Match } from '../shared/standIn';
import { StandIn } from '../shared/standIn';
import { COMPANIES, FOREIGN_COMPANY, altegioVisitBody, visitExists } from './data';
import type { AltegioHooks } from './hooks';
import { HookProblem } from './hooks';
import type { AltegioLimits } from './limits';
import { AltegioRecords, RecordProblem, customFieldsOf, searchClients } from './records';
import { SALON_SERVICES, clientFieldsOf, type AltegioSalon } from './salon';

/** Path of the API on its host. */
export const ALTEGIO_PATH = '/api/v1';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

interface AltegioSession {
	user: boolean;
}

type AltegioExchange = Exchange<AltegioSession>;

/** A refusal; `meta` is what the envelope carries. */
class AltegioError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly meta: unknown = { message },
	) {
		super(message);
	}
}

const ACCEPT = /application\/vnd\.(api|yclients)\.v2\+json/;
const DEFAULT_COUNT = 25;

/** Without the platform's Accept header V1 answers without its envelope. */
function enveloped(exchange: AltegioExchange): boolean {
	return ACCEPT.test(exchange.header('accept') ?? '');
}

function reply(exchange: AltegioExchange, status: number, body: unknown, rows = 1): VendorReply {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify(body),
		rows,
	};
}

function success(exchange: AltegioExchange, data: unknown, meta: unknown, rows = 1): VendorReply {
	return reply(exchange, 200, enveloped(exchange) ? { success: true, data, meta } : data, rows);
}

function authenticate(exchange: AltegioExchange): AltegioSession {
	// One header, comma and space, literally `User` (Altegio docs: authorization).
	const header = exchange.header('authorization') ?? '';
	const match = /^Bearer ([^\s,]+)(?:, User ([^\s,]+))?$/.exec(header);
	if (match?.[1] !== ALTEGIO_TOKENS.partner) throw new AltegioError(401, 'Authentication needed.');
	return { user: match[2] === ALTEGIO_TOKENS.user };
}

function requireUser(exchange: AltegioExchange): void {
	if (exchange.session?.user !== true) throw new AltegioError(401, 'Authentication needed.');
}

function visit(exchange: AltegioExchange, seed: number): VendorReply {
	requireUser(exchange);
	const text = exchange.params.id;
	const id = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
	if (id === ALTEGIO_VISITS.licenceExpired) {
		throw new AltegioError(402, 'It is necessary to renew the license of the location.');
	}
	if (id === ALTEGIO_VISITS.forbidden) throw new AltegioError(403, 'Access denied.');
	if (Number.isNaN(id) || !visitExists(id)) throw new AltegioError(404, 'Not found.', []);
	return success(exchange, altegioVisitBody(seed, id), []);
}

function companies(exchange: AltegioExchange): VendorReply {
	const mine = exchange.value('my') === '1';
	if (mine) requireUser(exchange);
	// Without `my` the list is the public one, even for a wrong user.
	const all = mine ? COMPANIES : [...COMPANIES, FOREIGN_COMPANY];
	const count = Number(exchange.value('count') ?? DEFAULT_COUNT);
	const page = Number(exchange.value('page') ?? 1);
	if (!Number.isInteger(count) || count < 1 || !Number.isInteger(page) || page < 1) {
		throw new AltegioError(400, 'Bad request.');
	}
	const rows = all.slice((page - 1) * count, page * count);
	return success(exchange, rows, { total_count: all.length }, rows.length);
}

/** The location in the path, which must be one of the user's. */
function locationOf(exchange: AltegioExchange): Json {
	requireUser(exchange);
	const id = Number(exchange.params.location);
	const mine = COMPANIES.find((company) => company.id === id);
	if (mine) return mine;
	if (id === FOREIGN_COMPANY.id) throw new AltegioError(403, 'Access denied.');
	throw new AltegioError(404, 'Not found.', []);
}

function recordAt(exchange: AltegioExchange, records: AltegioRecords): Json {
	const location = locationOf(exchange);
	const record = records.find(Number(location.id), Number(exchange.params.record));
	if (!record) throw new AltegioError(404, 'Not found.', []);
	return record;
}

function bodyOf(exchange: AltegioExchange): Json {
	try {
		const body: unknown = JSON.parse(exchange.body);
		if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
	} catch {
		// Refused below.
	}
	throw new AltegioError(400, 'Invalid request format.');
}

/** Work on appointments and clients, with its refusals in the envelope. */
function refusing<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof RecordProblem)) throw error;
		const { message, errors, status } = error;
		throw new AltegioError(status, message, { message, ...(errors ? { errors } : {}) });
	}
}

function putRecord(exchange: AltegioExchange, records: AltegioRecords): VendorReply {
	const record = recordAt(exchange, records);
	const next = refusing(() => records.replace(record, bodyOf(exchange)));
	const answer = success(exchange, next, []);
	return { ...answer, status: 201 };
}

function searchedClients(exchange: AltegioExchange, salon: AltegioSalon): VendorReply {
	const { id } = locationOf(exchange);
	const { rows, total } = refusing(() => searchClients(salon.of(Number(id)), bodyOf(exchange)));
	salon.onSearch();
	return success(exchange, rows, { total_count: total }, rows.length);
}

type Serve = (exchange: AltegioExchange) => VendorReply | undefined;

/** Routes of what is kept; `others` answers for objects that are not. */
function salonRoutes(salon: AltegioSalon, records: AltegioRecords, others: Serve) {
	const placeOf = (exchange: AltegioExchange) => Number(locationOf(exchange).id);
	const sample = (exchange: AltegioExchange): VendorReply => {
		const served = others(exchange);
		if (served) return served;
		throw new AltegioError(404, 'Not found.', []);
	};
	const route = (
		method: 'GET' | 'POST' | 'PUT',
		path: string,
		handler: (exchange: AltegioExchange) => VendorReply,
	) => ({ method, path: `${ALTEGIO_PATH}${path}`, handler });
	const clientAt = (exchange: AltegioExchange) =>
		salon.find(placeOf(exchange), Number(exchange.params.client));
	return [
		route('GET', '/custom_fields/client/:location', (exchange) =>
			success(exchange, clientFieldsOf(placeOf(exchange)), []),
		),
		route('GET', '/client/:location/:client', (exchange) => {
			const client = clientAt(exchange);
			return client ? success(exchange, client, []) : sample(exchange);
		}),
		route('PUT', '/client/:location/:client', (exchange) => {
			const client = clientAt(exchange);
			if (!client) return sample(exchange);
			const body = bodyOf(exchange);
			const place = placeOf(exchange);
			return success(
				exchange,
				refusing(() => salon.replace(place, client, body)),
				[],
			);
		}),
		route('POST', '/clients/:location', (exchange) => {
			const place = placeOf(exchange);
			const made = refusing(() => salon.create(place, bodyOf(exchange)));
			return { ...success(exchange, made, []), status: 201 };
		}),
		route('POST', '/clients/:location/bulk', (exchange) => {
			const rows: unknown = JSON.parse(exchange.body);
			if (!Array.isArray(rows)) throw new AltegioError(400, 'Invalid request format.');
			return success(exchange, salon.createMany(placeOf(exchange), rows as Json[]), []);
		}),
		route('GET', '/company/:location/services/:service', (exchange) => {
			locationOf(exchange);
			const found = SALON_SERVICES.find(({ id }) => id === Number(exchange.params.service));
			return found ? success(exchange, [found], []) : sample(exchange);
		}),
		route('GET', '/book_times/:location/:staff/:day', (exchange) => {
			const { staff, day } = exchange.params;
			return success(exchange, salon.times(Number(staff), day), []);
		}),
		route('POST', '/records/:location', (exchange) => {
			const place = placeOf(exchange);
			const body = bodyOf(exchange);
			// Bookings of events have rules of their own.
			if ('activity_id' in body) return sample(exchange);
			const booked = refusing(() => salon.book(place, body));
			records.book(booked);
			return { ...success(exchange, [booked], []), status: 201 };
		}),
		route('GET', '/clients/:location', (exchange) => {
			if (exchange.value('changed_after') === undefined) return sample(exchange);
			const place = placeOf(exchange);
			const rows = refusing(() => salon.listChanges(place, (name) => exchange.value(name)));
			return success(exchange, rows, { total_count: rows.length }, rows.length);
		}),
		route('GET', '/records/:location', (exchange) => {
			// What changes is told where changes have their real time.
			if (records.clock && exchange.value('changed_after') !== undefined) {
				const place = placeOf(exchange);
				const rows = refusing(() => records.listChanges(place, (name) => exchange.value(name)));
				return success(exchange, rows, { total_count: rows.length }, rows.length);
			}
			if (salon.bookings.length === 0) return sample(exchange);
			const rows = salon.list(placeOf(exchange), (name) => exchange.value(name));
			return success(exchange, rows, { total_count: rows.length }, rows.length);
		}),
	];
}

function writeHooks(exchange: AltegioExchange, hooks: AltegioHooks): VendorReply {
	const location = Number(locationOf(exchange).id);
	try {
		hooks.write(location, bodyOf(exchange));
	} catch (error) {
		if (!(error instanceof HookProblem)) throw error;
		const { message, errors } = error;
		throw new AltegioError(422, message, { message, errors });
	}
	return { ...success(exchange, hooks.show(location), []), status: 202 };
}

/** Paths of an operation; the parts of the API that only others call have none. */
export function altegioPaths({ path }: Pick<OperationFacts, 'path'>): string[] {
	if (path === '/' || path.startsWith('/https:') || path === '/marketplace_webhook') return [];
	if (path.startsWith('/api/')) return [path];
	return [path.startsWith('/v2/') ? `/api${path}` : `${ALTEGIO_PATH}${path}`];
}

/** Rights as the hand-written routes have them: the user's own locations. */
function enterOperation({ facts, params }: Match, exchange: AltegioExchange): void {
	if (/^\/(book_|bookform|i18n|countries|cities|references|booking|user\/auth)/.test(facts.path)) {
		return;
	}
	const location = params.location_id ?? params.salonId ?? params.company_id;
	if (location === undefined) requireUser(exchange);
	else locationOf({ ...exchange, params: { location } });
}

/** Objects that come in a list of one. */
const SINGLE = new Set([
	'onlineBooking.getUserAppointments',
	'product.get',
	'service.getMany',
	'serviceCategory.getMany',
	'settings.getTimeslots',
	'teamMember.getLegacy',
	'teamMember.getMany',
	'transaction.get',
]);

/** Every documented operation that has no route of its own. */
function standInFor(): StandIn<AltegioSession> {
	return new StandIn<AltegioSession>({
		facts: documented,
		paths: altegioPaths,
		loose: true,
		enter: enterOperation,
		refuse: (problems) => {
			const errors = Object.fromEntries(
				problems.map(({ at, what }) => [`[${at.replace(/^(body|query)\./, '')}]`, [what]]),
			);
			const inQuery = problems.every(({ at }) => at.startsWith('query.'));
			throw new AltegioError(inQuery ? 400 : 422, 'An error occurred', {
				message: 'An error occurred',
				errors,
			});
		},
		missing: () => {
			throw new AltegioError(404, 'Not found.', []);
		},
		status: ({ status }) => status,
		blank: ({ method, path, status }) => {
			if (method === 'DELETE' || status === 204) return undefined;
			const row = { type: 'sample', id: '1', attributes: { title: 'Sample' } };
			const isOne = /\}$/.test(path);
			return { success: true, data: isOne ? row : [row], meta: [] };
		},
		single: ({ id }) => SINGLE.has(id),
		// Team members of the list can be booked.
		finish: (body, { facts }) => {
			if (facts.id !== 'teamMember.getAllFlat') return body;
			const answer = body as { data: object[] };
			return { ...answer, data: answer.data.map((member) => ({ ...member, fired: 0 })) };
		},
		file: ({ path }) => (path.includes('receipt_print') ? 'application/pdf' : undefined),
	});
}

/** Starts the Altegio listener. */
export async function startAltegio(
	context: ServerContext,
	seed: number,
	limits: AltegioLimits,
	{ records, salon, hooks }: { records: AltegioRecords; salon: AltegioSalon; hooks: AltegioHooks },
	port: number,
): Promise<RunningServer> {
	const standIn = standInFor();
	return await startVendorServer<AltegioSession>(
		context,
		{
			vendor: 'altegio',
			routes: [
				{
					method: 'GET',
					path: `${ALTEGIO_PATH}/visits/:id`,
					handler: (exchange) => visit(exchange, seed),
				},
				{ method: 'GET', path: `${ALTEGIO_PATH}/companies`, handler: companies },
				{
					method: 'GET',
					path: `${ALTEGIO_PATH}/company/:location`,
					handler: (exchange) => success(exchange, locationOf(exchange), []),
				},
				{
					method: 'GET',
					path: `${ALTEGIO_PATH}/record/:location/:record`,
					handler: (exchange) => {
						const record = recordAt(exchange, records);
						records.onRead(Number(record.id));
						return success(exchange, record, []);
					},
				},
				{
					method: 'PUT',
					path: `${ALTEGIO_PATH}/record/:location/:record`,
					handler: (exchange) => putRecord(exchange, records),
				},
				{
					method: 'GET',
					path: `${ALTEGIO_PATH}/custom_fields/record/:location`,
					handler: (exchange) =>
						success(exchange, customFieldsOf(Number(locationOf(exchange).id)), []),
				},
				{
					method: 'GET',
					path: `${ALTEGIO_PATH}/hooks_settings/:location`,
					handler: (exchange) => success(exchange, hooks.show(Number(locationOf(exchange).id)), []),
				},
				{
					method: 'POST',
					path: `${ALTEGIO_PATH}/hooks_settings/:location`,
					handler: (exchange) => writeHooks(exchange, hooks),
				},
				{
					method: 'POST',
					path: `${ALTEGIO_PATH}/company/:location/clients/search`,
					handler: (exchange) => searchedClients(exchange, salon),
				},
				...salonRoutes(salon, records, (exchange) => standIn.serve(exchange)),
			],
			guard: (exchange) => {
				if (!limits.enter(exchange.remoteAddress)) {
					exchange.log.note = 'refused by rate';
					throw new AltegioError(429, 'Too many requests.');
				}
				exchange.session = authenticate(exchange);
				return undefined;
			},
			failed: (error, exchange) => {
				if (!(error instanceof AltegioError)) throw error;
				const { status, message, meta } = error;
				const body = enveloped(exchange)
					? { success: false, data: null, meta }
					: { errors: { code: status, message } };
				return reply(exchange, status, body);
			},
			notFound: (exchange, methods) => {
				const served = standIn.serve(exchange);
				if (served) return served;
				throw methods.length > 0
					? new AltegioError(405, 'Method not allowed.')
					: new AltegioError(404, 'Not found.', []);
			},
			faultBody: (status) => ({
				success: false,
				data: null,
				meta: { message: `Sandbox fault ${status}` },
			}),
		},
		port,
	);
}
