import type { Exchange, VendorReply } from '../shared/server';
import { languageOf, MoySkladError } from './errors';
import type { Language } from './errors';
import type { ListQuery } from './query';
import type { MoySkladSession, MoySkladState } from './state';
import type { Entity } from './world';
import { MEDIA_TYPE } from './world';

export type MoySkladExchange = Exchange<MoySkladSession>;

const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

/** A JSON answer. */
export function json(body: unknown, status = 200, rows = 1): VendorReply {
	return { status, headers: JSON_TYPE, body: JSON.stringify(body), rows };
}

/** The empty answer of DELETE. */
export function empty(): VendorReply {
	return { status: 200, rows: 1 };
}

/** Error language of a request. */
export function language(exchange: MoySkladExchange): Language {
	return languageOf(exchange.header('accept-language'));
}

/** The caller of a request that was let in. */
export function callerOf(exchange: MoySkladExchange): MoySkladSession['caller'] {
	if (!exchange.session) throw new MoySkladError(1056, ['no session']);
	return exchange.session.caller;
}

function pageHref(
	state: MoySkladState,
	exchange: MoySkladExchange,
	query: ListQuery,
	offset: number,
): string {
	const path = exchange.path.slice(
		exchange.path.indexOf('/api/remap/1.2') + '/api/remap/1.2'.length,
	);
	const parameters = exchange.query
		.filter(([name]) => name !== 'limit' && name !== 'offset')
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
	return `${state.world.base}${path}?${[`limit=${query.limit}`, `offset=${offset}`, ...parameters].join('&')}`;
}

/** A page of a list: context, meta with size and links, rows as objects or as JSON texts. */
export function listPage(
	state: MoySkladState,
	exchange: MoySkladExchange,
	query: ListQuery,
	page:
		| { type: string; total: number; rows: unknown[] }
		| { type: string; total: number; json: string[] },
): VendorReply {
	const { limit, offset } = query;
	const meta: Entity = {
		href: state.world.base + exchange.path.replace(/^.*\/api\/remap\/1\.2/, ''),
		type: page.type,
		mediaType: MEDIA_TYPE,
		size: page.total,
		limit,
		offset,
	};
	if (offset + limit < page.total) {
		meta.nextHref = pageHref(state, exchange, query, offset + limit);
	}
	if (offset > 0 && page.total > 0) {
		meta.previousHref = pageHref(state, exchange, query, Math.max(0, offset - limit));
	}
	const index = exchange.session?.caller.kind === 'user' ? exchange.session.caller.index : 0;
	const context = { employee: state.world.ref('employee', index) };
	if ('rows' in page) return json({ context, meta, rows: page.rows }, 200, page.rows.length);
	return {
		status: 200,
		headers: JSON_TYPE,
		body: `{"context":${JSON.stringify(context)},"meta":${JSON.stringify(meta)},"rows":[${page.json.join(',')}]}`,
		rows: page.json.length,
	};
}

/**
 * The answer to an array: results and `{errors}` mixed in the order of the request. With errors
 * inside, the status is the state's `bulkErrorStatus`.
 */
export function bulkReply(
	state: MoySkladState,
	exchange: MoySkladExchange,
	elements: Entity[],
	work: (element: Entity) => unknown,
): VendorReply {
	let failed = false;
	const results = elements.map((element) => {
		try {
			return work(element);
		} catch (error) {
			if (!(error instanceof MoySkladError)) throw error;
			failed = true;
			return { errors: [error.body(language(exchange))] };
		}
	});
	return json(results, failed ? state.bulkErrorStatus : 200, results.length);
}
