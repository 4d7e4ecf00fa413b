import { parseMoscow } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import type { GoodsList, GoodsRequest } from '../assortmentList';
import { sortIndexes } from '../assortmentList';
import type { AsyncTask } from '../asyncTasks';
import { ASYNC_STATES } from '../asyncTasks';
import { MoySkladError } from '../errors';
import { EQUALITY, ORDERED, parseFilter } from '../filter';
import type { FieldRule } from '../filter';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, json, language, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { MEDIA_TYPE } from '../world';
import { checkId } from '../writing';

const SLICE_ROWS = 200;

const FIELDS: Record<string, FieldRule> = {
	deletionDate: { kind: 'date', operators: ORDERED },
	request: { kind: 'string', operators: EQUALITY },
	state: { kind: 'enum', operators: EQUALITY, values: ASYNC_STATES },
};
const SORT = ['deletionDate', 'request'];

/** What the asynchronous export of a list needs of it. */
export interface ExportedList {
	list: GoodsList;
	/** Type of the collection. */
	type: string;
	request: GoodsRequest;
	/** JSON of the row at a position of the selection. */
	json(selection: ReturnType<MoySkladState['lists']['select']>, position: number): string;
}

/** True when a request wants to be done asynchronously. Throws 1084 for values other than true and false. */
export function wantsAsync(exchange: MoySkladExchange): boolean {
	const text = exchange.value('async');
	if (text === undefined || text === 'false') return false;
	if (text === 'true') return true;
	throw new MoySkladError(1084, [text, 'async', 'true, false'], { parameter: 'async' });
}

/** `{meta}` of who sent a request. */
function ownerOf(state: MoySkladState, exchange: MoySkladExchange): Entity {
	const caller = callerOf(exchange);
	const type = caller.kind === 'user' ? 'employee' : 'application';
	return { meta: state.world.meta(type, state.world.id(type, caller.index)) };
}

function* fileOf(
	state: MoySkladState,
	href: string,
	context: Entity,
	exported: ExportedList,
): Generator<string> {
	const { list, type, request } = exported;
	const selection = state.lists.select(list, request);
	const meta = { href, type, mediaType: MEDIA_TYPE, size: selection.total };
	yield `{"context":${JSON.stringify(context)},"meta":${JSON.stringify(meta)},"rows":[`;
	for (let from = 0; from < selection.total; from += SLICE_ROWS) {
		const rows: string[] = [];
		const end = Math.min(selection.total, from + SLICE_ROWS);
		for (let position = from; position < end; position++) {
			rows.push(exported.json(selection, position));
		}
		yield (from === 0 ? '' : ',') + rows.join(',');
	}
	yield ']}';
}

/**
 * Queues the export of a whole list: 202 without a body, with the addresses of task and result.
 * Throws 61001 with limit or offset, 61002 (MoySklad docs: Asynchronous exchange).
 */
export function startExport(
	state: MoySkladState,
	exchange: MoySkladExchange,
	exported: ExportedList,
): VendorReply {
	const href = hrefOf(state, exchange);
	const context = contextOf(state, exchange);
	const list = JSON.stringify([exported.list.stock, context, href]);
	return startTask(
		state,
		exchange,
		() => `${state.rows.version} ${list}`,
		() => fileOf(state, href, context, exported),
	);
}

/** The same for anything: `make` gives the text of the result in pieces. */
export function startTask(
	state: MoySkladState,
	exchange: MoySkladExchange,
	key: () => string,
	make: () => Iterable<string>,
): VendorReply {
	for (const name of ['limit', 'offset']) {
		if (exchange.value(name) !== undefined) throw new MoySkladError(61001, [], { parameter: name });
	}
	const task = state.asyncTasks.start(hrefOf(state, exchange), ownerOf(state, exchange), key, make);
	const location = `${state.world.base}/async/${task.id}`;
	return {
		status: 202,
		headers: { location: `${location}/result`, 'content-location': location },
	};
}

const hrefOf = (state: MoySkladState, exchange: MoySkladExchange) =>
	state.world.base + exchange.url.replace(/^.*?\/api\/remap\/1\.2/, '');

/** `context` of an answer: who asked. */
export function contextOf(state: MoySkladState, exchange: MoySkladExchange): Entity {
	const caller = callerOf(exchange);
	return { employee: state.world.ref('employee', caller.kind === 'user' ? caller.index : 0) };
}

function find(state: MoySkladState, exchange: MoySkladExchange): AsyncTask {
	checkId(exchange.params.id);
	return state.asyncTasks.find(exchange.params.id);
}

function list(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = parseListQuery(exchange);
	const filter = parseFilter(query.filter, {
		rule: (field) => (Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined),
		like: 'first',
		base: state.world.base,
	});
	for (const { field } of query.order) {
		if (!SORT.includes(field)) throw new MoySkladError(1063, [field]);
	}
	const all = state.asyncTasks
		.list()
		.map((task) => state.asyncTasks.show(task, language(exchange)));
	const value = (index: number, field: string): unknown => {
		const shown = all[index][field];
		if (field !== 'deletionDate') return shown;
		return typeof shown === 'string' ? parseMoscow(shown)?.ms : undefined;
	};
	let indexes = [...all.keys()].filter((index) => filter.matches((field) => value(index, field)));
	if (query.order.length > 0) indexes = sortIndexes(indexes, query.order, value);
	const rows = indexes.slice(query.offset, query.offset + query.limit).map((index) => all[index]);
	return listPage(state, exchange, query, { type: 'async', total: indexes.length, rows });
}

/** `/async`: tasks, their results, cancelling (MoySklad docs: Asynchronous exchange). */
export function asyncRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/async`;
	return [
		{ method: 'GET', path, handler: (exchange) => list(state, exchange) },
		{
			method: 'GET',
			path: `${path}/:id`,
			handler: (exchange) => json(state.asyncTasks.show(find(state, exchange), language(exchange))),
		},
		{
			method: 'GET',
			path: `${path}/:id/result`,
			handler: (exchange) => {
				const task = find(state, exchange);
				state.asyncTasks.result(task);
				const expires = Date.now() + state.asyncTasks.linkMs;
				const location = `${state.world.storage}/async/${task.id}.json?expires=${expires}`;
				return { status: 302, headers: { location } };
			},
		},
		{
			method: 'PUT',
			path: `${path}/:id/cancel`,
			handler: (exchange) => {
				state.asyncTasks.cancel(find(state, exchange));
				return { status: 204 };
			},
		},
	];
}
