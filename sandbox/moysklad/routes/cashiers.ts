import type { VendorReply, VendorRoute } from '../../shared/server';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { json, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import { checkId } from '../writing';

const EXPAND = ['employee', 'retailStore'];

function storeId(state: MoySkladState, exchange: MoySkladExchange): string {
	const { id } = exchange.params;
	checkId(id);
	const store = state.dictionary('retailstore').find(id);
	if (!store) throw new MoySkladError(1021, ['retailstore', id]);
	return String(store.id);
}

function list(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const query = parseListQuery(exchange);
	const all = state.cashiers.list(storeId(state, exchange));
	const expand = query.expand.filter(([first]) => EXPAND.includes(first));
	const rows = all
		.slice(query.offset, query.offset + query.limit)
		.map((one) => expandEntity(state.cashiers.entity(one), expand, state.expandSource));
	return listPage(state, exchange, query, { type: 'cashier', total: all.length, rows });
}

function one(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const { cashierId } = exchange.params;
	const store = storeId(state, exchange);
	checkId(cashierId);
	const cashier = state.cashiers.find(store, cashierId);
	if (!cashier) throw new MoySkladError(1021, ['cashier', cashierId]);
	const expand = parseExpand(exchange.value('expand')).filter(([first]) => EXPAND.includes(first));
	return json(expandEntity(state.cashiers.entity(cashier), expand, state.expandSource));
}

/** `/entity/retailstore/<id>/cashiers`: who works there; assigned by writing the retail store. */
export function cashierRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/retailstore/:id/cashiers`;
	return [
		{ method: 'GET', path, handler: (exchange) => list(state, exchange) },
		{ method: 'GET', path: `${path}/:cashierId`, handler: (exchange) => one(state, exchange) },
	];
}
