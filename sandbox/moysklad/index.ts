import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

import type { Exchange, RunningServer, ServerContext, VendorReply } from '../shared/server';
import { startVendorServer } from '../shared/server';
import { authenticate } from './auth';
import { errorReply, languageOf, MoySkladError } from './errors';
import { assortmentRoutes } from './routes/assortment';
import { assortmentSettingsRoutes } from './routes/assortmentSettings';
import { asyncRoutes } from './routes/async';
import { auditRoutes } from './routes/audit';
import { bundleRoutes } from './routes/bundles';
import { cashierRoutes } from './routes/cashiers';
import { contextRoutes } from './routes/context';
import { dictionaryRoutes } from './routes/dictionaries';
import { documentRoutes } from './routes/documents';
import { downloadRoutes } from './routes/download';
import { imageRoutes } from './routes/images';
import { labelRoutes } from './routes/labels';
import { metadataRoutes } from './routes/metadata';
import { moreReportRoutes } from './routes/moreReports';
import { notificationRoutes } from './routes/notifications';
import { productRoutes } from './routes/products';
import { reportRoutes } from './routes/reports';
import { itemRoutes } from './routes/items';
import { specialRoutes } from './routes/specials';
import { taskNoteRoutes } from './routes/taskNotes';
import { webhookRoutes } from './routes/webhooks';
import type { MoySkladSession, MoySkladState } from './state';
import { requestWeight } from './weights';

/** Path of the API on its host. */
export const API_PATH = '/api/remap/1.2';

/** Types of goods and of what belongs to them; dictionaries know their own. */
const GOODS = new Set(['assortment', 'product', 'variant', 'service', 'bundle', 'consignment']);
const compress = promisify(gzip);
const MAX_HEAD_BYTES = 8 * 1024;
const ACCEPTED = new Set(['*/*', 'application/json', 'application/json;charset=utf-8']);

/** True when gzip is among the encodings and not refused by `q=0`. */
function acceptsGzip(header: string | undefined): boolean {
	return (header ?? '').split(',').some((part) => {
		const [name, ...parameters] = part
			.trim()
			.toLowerCase()
			.split(/\s*;\s*/);
		return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
	});
}

/** The checks that every request passes, in the order of the real service's front door. */
function guard(state: MoySkladState, exchange: Exchange<MoySkladSession>): VendorReply | undefined {
	// MoySklad docs: without gzip the answer is 415 with an empty body.
	if (!acceptsGzip(exchange.header('accept-encoding'))) return { status: 415 };
	if (exchange.headBytes() > MAX_HEAD_BYTES) {
		return { status: exchange.url.length > MAX_HEAD_BYTES / 2 ? 414 : 400 };
	}
	const accept = exchange.header('accept');
	if (accept !== undefined && accept !== '' && !ACCEPTED.has(accept.toLowerCase())) {
		throw new MoySkladError(1062);
	}
	const caller = authenticate(exchange.header('authorization'));
	exchange.session = { caller };
	const weight = requestWeight(caller.kind, exchange.path, state.weightDate);
	exchange.log.weight = weight;
	try {
		exchange.onClose(state.limits.enter(caller.key, weight));
	} catch (error) {
		exchange.log.weight = 0;
		if (error instanceof MoySkladError) exchange.log.note = `refused ${error.code}`;
		throw error;
	}
	if (exchange.queryMalformed) throw new MoySkladError(1058);
	return undefined;
}

function toError(error: unknown): MoySkladError {
	if (error instanceof MoySkladError) return error;
	const code = (error as { code?: string }).code;
	if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new MoySkladError(1044);
	throw error;
}

/** Starts the MoySklad listener. */
export async function startMoySklad(
	context: ServerContext,
	state: MoySkladState,
	port: number,
): Promise<RunningServer> {
	const server = await startVendorServer<MoySkladSession>(
		context,
		{
			vendor: 'moysklad',
			routes: [
				...assortmentRoutes(API_PATH, state),
				...assortmentSettingsRoutes(API_PATH, state),
				...asyncRoutes(API_PATH, state),
				...notificationRoutes(API_PATH, state),
				...auditRoutes(API_PATH, state),
				...bundleRoutes(API_PATH, state),
				...imageRoutes(API_PATH, state),
				...specialRoutes(API_PATH, state),
				...metadataRoutes(API_PATH, state),
				...productRoutes(API_PATH, state),
				...dictionaryRoutes(API_PATH, state),
				...itemRoutes(API_PATH, state),
				...taskNoteRoutes(API_PATH, state),
				...cashierRoutes(API_PATH, state),
				...webhookRoutes(API_PATH, state),
				...reportRoutes(API_PATH, state),
				...moreReportRoutes(API_PATH, state),
				...contextRoutes(API_PATH, state),
				...downloadRoutes(API_PATH, state),
				...labelRoutes(API_PATH, state),
				...documentRoutes(API_PATH, state),
			],
			guard: (exchange) => guard(state, exchange),
			failed: (error, exchange) =>
				errorReply(toError(error), languageOf(exchange.header('accept-language'))),
			notFound: (exchange, methods) => {
				if (methods.length > 0) throw new MoySkladError(1039, [exchange.method]);
				const unknown = /\/entity\/([^/]+)/.exec(exchange.path);
				const known = unknown && (state.dictionaries.has(unknown[1]) || GOODS.has(unknown[1]));
				if (unknown && known !== true && exchange.path.startsWith(`${API_PATH}/entity/`)) {
					throw new MoySkladError(1005, [unknown[1]]);
				}
				throw new MoySkladError(1002, [exchange.path]);
			},
			finish: async (reply, exchange) => {
				const headers: Record<string, string> = { ...reply.headers };
				const { session } = exchange;
				if (session) {
					const budget = state.limits.headers(session.caller.key);
					for (const [name, value] of Object.entries(budget)) headers[name] ??= value;
					state.limits.observe(session.caller.key, exchange.method, exchange.url, reply.status);
				}
				if (reply.body === undefined || headers['content-encoding'] !== undefined) {
					return { ...reply, headers };
				}
				// Level 1: the reader's speed is measured against this sandbox, not zlib.
				const body = await compress(reply.body, { level: constants.Z_BEST_SPEED });
				headers['content-encoding'] = 'gzip';
				if (reply.cacheKey !== undefined) {
					state.pages.set(reply.cacheKey, { body, rows: reply.rows ?? 0 });
				}
				return { ...reply, headers, body };
			},
			faultBody: (status) => ({
				errors: [
					{
						error: `Sandbox fault ${status}`,
						code: status,
						moreInfo: `https://dev.moysklad.ru/doc/api/remap/1.2/#error_${status}`,
					},
				],
			}),
		},
		port,
	);
	state.world.base = server.origin + API_PATH;
	const close = async (): Promise<void> => {
		state.asyncTasks.close();
		await server.close();
	};
	return { origin: server.origin, close };
}
