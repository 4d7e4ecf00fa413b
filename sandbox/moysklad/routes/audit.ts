import type { VendorReply, VendorRoute } from '../../shared/server';
import type { AuditContext } from '../auditLog';
import { MoySkladError } from '../errors';
import { EQUAL, parseFilter } from '../filter';
import type { FieldRule } from '../filter';
import { parseListQuery } from '../query';
import type { ListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import { checkId } from '../writing';

/** Rows per page: without `limit`, and at most (MoySklad docs: Audit). */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

const TEXT: FieldRule = { kind: 'string', operators: EQUAL };
const FIELDS: Record<string, FieldRule> = {
	// MoySklad docs: Audit, filters. `uid` is not on that page, but seen in use.
	moment: { kind: 'date', operators: ['>=', '<='] },
	employee: { kind: 'reference', operators: EQUAL, types: ['employee'] },
	entityType: TEXT,
	eventType: TEXT,
	source: TEXT,
	uid: TEXT,
};

/** Reads paging by the audit's own limits. Throws 1084. */
function pageOf(exchange: MoySkladExchange): ListQuery {
	const query = parseListQuery(exchange);
	const limit = exchange.value('limit') === undefined ? DEFAULT_LIMIT : query.limit;
	if (limit > MAX_LIMIT) {
		throw new MoySkladError(1084, [String(limit), 'limit', `1…${MAX_LIMIT}`], {
			parameter: 'limit',
		});
	}
	return { ...query, limit };
}

/** MoySklad docs: error 38000, although the page speaks of the right to see the object. */
function checkAdmin(exchange: MoySkladExchange): void {
	if (!callerOf(exchange).admin) throw new MoySkladError(38000);
}

function pageReply(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: string,
	all: unknown[],
): VendorReply {
	const query = pageOf(exchange);
	const rows = all.slice(query.offset, query.offset + query.limit);
	return listPage(state, exchange, query, { type, total: all.length, rows });
}

function contexts(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	checkAdmin(exchange);
	const { filter: text } = pageOf(exchange);
	const filter = parseFilter(text, {
		rule: (field) => (Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined),
		like: 'first',
		base: state.world.base,
	});
	const employees = state.dictionaries.get('employee')?.all() ?? [];
	const valueOf = (context: AuditContext, field: string): unknown => {
		// Compared to the second, as it is shown.
		if (field === 'moment') return Math.floor(context.at / 1000) * 1000;
		if (field === 'employee') return employees.find(({ uid }) => uid === context.uid)?.id;
		return state.audit.show(context)[field];
	};
	const rows = state.audit
		.list()
		.filter((context) => filter.matches((field) => valueOf(context, field)))
		.map((context) => state.audit.show(context));
	return pageReply(state, exchange, 'audit', rows);
}

function eventsOfContext(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	checkAdmin(exchange);
	const { id } = exchange.params;
	checkId(id);
	const context = state.audit.find(id);
	if (!context) throw new MoySkladError(1021, ['audit', id]);
	const rows = context.events.map((event) => state.audit.showEvent(context, event));
	return pageReply(state, exchange, 'auditevent', rows);
}

function eventsOfEntity(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	checkAdmin(exchange);
	const { type, id } = exchange.params;
	checkId(id);
	const rows = state.audit
		.of(type, id)
		.map(({ context, event }) => state.audit.showEvent(context, event));
	return pageReply(state, exchange, 'auditevent', rows);
}

/** `/audit`, the events of a context, the events of an object (MoySklad docs: Audit). */
export function auditRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [
		{
			method: 'GET',
			path: `${base}/audit/metadata/filters`,
			handler: (exchange) => {
				checkAdmin(exchange);
				const source = ['copy', 'import', 'jsonapi', 'retail', 'loginlogout'];
				return json({
					source,
					entitytype: ['customerorder', 'product'],
					eventtype: ['create', 'update'],
				});
			},
		},
		{ method: 'GET', path: `${base}/audit`, handler: (exchange) => contexts(state, exchange) },
		{
			method: 'GET',
			path: `${base}/audit/:id/events`,
			handler: (exchange) => eventsOfContext(state, exchange),
		},
		{
			method: 'GET',
			path: `${base}/entity/:type/:id/audit`,
			handler: (exchange) => eventsOfEntity(state, exchange),
		},
	];
}
