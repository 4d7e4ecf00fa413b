import type { VendorReply, VendorRoute } from '../../shared/server';
import { UUID_PATTERN } from '../../shared/random';
import { PRODUCT_LIST } from '../assortmentList';
import { metaId, readArray, readObject, readObjects } from '../body';
import type { EntityEvent } from '../deliveries';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import { parseExpand } from '../query';
import type { MoySkladExchange } from '../reply';
import { bulkReply, callerOf, empty, json, language } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { goodsPage } from './assortment';

const PREFIX_HEADER = 'x-lognex-webhook-disablebyprefix';
const READ_ONLY = new Set([
	'meta',
	'id',
	'accountId',
	'updated',
	'pathName',
	'effectiveVat',
	'effectiveVatEnabled',
	'variantsCount',
	'stock',
	'reserve',
	'inTransit',
	'quantity',
]);

/** Types of the fields that are checked (2016); other fields are taken as they come. */
const FIELD_TYPES: Record<string, 'string' | 'boolean' | 'number'> = {
	name: 'string',
	code: 'string',
	description: 'string',
	externalCode: 'string',
	article: 'string',
	archived: 'boolean',
	shared: 'boolean',
	useParentVat: 'boolean',
	vatEnabled: 'boolean',
	discountProhibited: 'boolean',
	vat: 'number',
	weight: 'number',
	volume: 'number',
	minimumBalance: 'number',
};

/** Fields that no product can be without. */
const REQUIRED = ['name'];

/** Reads `X-Lognex-WebHook-DisableByPrefix`: one prefix per header line. Throws 3030. */
export function disabledPrefixes(exchange: MoySkladExchange): string[] {
	const lines = exchange.headerLines(PREFIX_HEADER);
	for (const line of lines) {
		if (!/^https?:\/\/[^\s/,]+/i.test(line) || /[\s]|,https?:/i.test(line)) {
			throw new MoySkladError(3030, [
				'X-Lognex-WebHook-DisableByPrefix',
				language(exchange) === 'en'
					? 'protocol and full domain are needed'
					: 'требуются протокол и полный домен',
			]);
		}
	}
	return lines;
}

function checkId(id: string): void {
	if (!UUID_PATTERN.test(id)) throw new MoySkladError(1000, [id]);
}

function requireRow(state: MoySkladState, type: string, id: string): number {
	checkId(id);
	const row = state.rows.find(type, id);
	if (row === undefined) throw new MoySkladError(1021, [type, id]);
	return row;
}

function checkFields(fields: Entity): void {
	for (const [field, value] of Object.entries(fields)) {
		const type = FIELD_TYPES[field];
		if (type === undefined || value === null || value === undefined) continue;
		if (typeof value !== type) {
			const name = type === 'string' ? 'String' : type === 'boolean' ? 'Boolean' : 'Float';
			throw new MoySkladError(2016, [field, name], { parameter: field });
		}
	}
	for (const field of REQUIRED) {
		if (field in fields && (fields[field] === null || fields[field] === '')) {
			throw new MoySkladError(3000, [field], { parameter: field });
		}
	}
}

function writable(fields: Entity): Entity {
	return Object.fromEntries(Object.entries(fields).filter(([field]) => !READ_ONLY.has(field)));
}

function show(state: MoySkladState, exchange: MoySkladExchange, row: number): Entity {
	const expand = parseExpand(exchange.value('expand'));
	return expandEntity(state.rows.entity(row), expand, state.expandSource);
}

function update(state: MoySkladState, row: number, fields: Entity): EntityEvent {
	const current = state.rows.entity(row);
	if ('syncId' in fields && fields.syncId !== current.syncId) throw new MoySkladError(1047);
	checkFields(fields);
	const patch: Entity = {};
	for (const [field, value] of Object.entries(writable(fields))) {
		if (JSON.stringify(value) !== JSON.stringify(current[field])) {
			// null empties an optional field: it is no longer returned.
			patch[field] = value === null ? undefined : value;
		}
	}
	state.rows.patch(row, patch, Date.now());
	return {
		type: 'product',
		id: state.rows.id(row),
		action: 'UPDATE',
		updatedFields: Object.keys(patch),
	};
}

/** Creates a product; the same `syncId` again gives the product that exists, and no event. */
function create(state: MoySkladState, fields: Entity): { row: number; event?: EntityEvent } {
	checkFields(fields);
	for (const field of REQUIRED) {
		if (fields[field] === undefined) throw new MoySkladError(3000, [field], { parameter: field });
	}
	if (typeof fields.syncId === 'string') {
		if (!UUID_PATTERN.test(fields.syncId)) throw new MoySkladError(2016, ['syncId', 'UUID']);
		const known = state.rows.bySyncId(fields.syncId);
		if (known !== undefined) return { row: known };
	}
	const row = state.rows.create('product', writable(fields), Date.now());
	return { row, event: { type: 'product', id: state.rows.id(row), action: 'CREATE' } };
}

function upsert(state: MoySkladState, fields: Entity): { row: number; event?: EntityEvent } {
	if (fields.meta === undefined) return create(state, fields);
	const row = requireRow(state, 'product', metaId(fields, 'product', state.world.base));
	return { row, event: update(state, row, fields) };
}

function remove(state: MoySkladState, type: string, row: number): EntityEvent {
	const id = state.rows.id(row);
	state.rows.remove(row);
	return { type, id, action: 'DELETE' };
}

function deletedInfo(exchange: MoySkladExchange, type: string, id: string): Entity {
	return {
		info:
			language(exchange) === 'en'
				? `Entity '${type}' with UUID: ${id} was deleted`
				: `Сущность '${type}' с UUID: ${id} успешно удалена`,
	};
}

function publish(
	state: MoySkladState,
	exchange: MoySkladExchange,
	prefixes: string[],
	events: Array<EntityEvent | undefined>,
): void {
	const real = events.filter((event) => event !== undefined);
	state.publish(real, callerOf(exchange).uid, prefixes);
}

function getProduct(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const { id } = exchange.params;
	checkId(id);
	if (state.rows.find('product', id) === undefined) {
		const row = state.rows.findByUiId(id);
		if (row !== undefined) {
			// MoySklad docs: an id of its own pages is redirected to the id of the API.
			const query = exchange.url.includes('?') ? exchange.url.slice(exchange.url.indexOf('?')) : '';
			const location = state.world.href('product', state.rows.id(row)) + query;
			return { status: 308, headers: { location } };
		}
	}
	return json(show(state, exchange, requireRow(state, 'product', id)));
}

/** Goods: objects of all types, and the writing operations of products. */
export function productRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const products = `${base}/entity/product`;
	const routes: Array<VendorRoute<MoySkladSession>> = [
		{
			method: 'GET',
			path: products,
			handler: (exchange) => goodsPage(state, exchange, PRODUCT_LIST, 'product'),
		},
		{
			method: 'POST',
			path: products,
			handler: (exchange) => {
				const prefixes = disabledPrefixes(exchange);
				const body = readObjects(exchange);
				const events: Array<EntityEvent | undefined> = [];
				const work = (fields: Entity): Entity => {
					const { row, event } = upsert(state, fields);
					events.push(event);
					return show(state, exchange, row);
				};
				const reply = Array.isArray(body)
					? bulkReply(state, exchange, body, work)
					: json(work(body));
				publish(state, exchange, prefixes, events);
				return reply;
			},
		},
		{
			method: 'POST',
			path: `${products}/delete`,
			handler: (exchange) => {
				const prefixes = disabledPrefixes(exchange);
				const events: EntityEvent[] = [];
				const reply = bulkReply(state, exchange, readArray(exchange), (element) => {
					const id = metaId(element, 'product', state.world.base);
					events.push(remove(state, 'product', requireRow(state, 'product', id)));
					return deletedInfo(exchange, 'product', id);
				});
				publish(state, exchange, prefixes, events);
				return reply;
			},
		},
		{
			method: 'GET',
			path: `${products}/metadata/attributes`,
			handler: () => {
				const rows = state.rows.attributeList();
				const href = `${state.world.base}/entity/product/metadata/attributes`;
				const { meta } = state.world.collection(href, 'attributemetadata', rows.length);
				return json({ meta, rows });
			},
		},
		{ method: 'GET', path: `${products}/:id`, handler: (exchange) => getProduct(state, exchange) },
		{
			method: 'PUT',
			path: `${products}/:id`,
			handler: (exchange) => {
				const row = requireRow(state, 'product', exchange.params.id);
				const prefixes = disabledPrefixes(exchange);
				const event = update(state, row, readObject(exchange));
				publish(state, exchange, prefixes, [event]);
				return json(show(state, exchange, row));
			},
		},
		{
			method: 'DELETE',
			path: `${products}/:id`,
			handler: (exchange) => {
				const row = requireRow(state, 'product', exchange.params.id);
				const prefixes = disabledPrefixes(exchange);
				publish(state, exchange, prefixes, [remove(state, 'product', row)]);
				return empty();
			},
		},
		{
			method: 'GET',
			path: `${products}/:id/images`,
			handler: (exchange) => {
				const row = requireRow(state, 'product', exchange.params.id);
				const rows = state.rows.images(row);
				const href = `${state.world.href('product', state.rows.id(row))}/images`;
				return json({ ...state.world.collection(href, 'image', rows.length), rows });
			},
		},
		{
			method: 'GET',
			path: `${base}/entity/bundle/:id/components`,
			handler: (exchange) => {
				const row = requireRow(state, 'bundle', exchange.params.id);
				const rows = state.rows.components(row);
				const href = `${state.world.href('bundle', state.rows.id(row))}/components`;
				return json({ ...state.world.collection(href, 'bundlecomponent', rows.length), rows });
			},
		},
	];
	for (const type of ['variant', 'service', 'bundle', 'consignment']) {
		routes.push({
			method: 'GET',
			path: `${base}/entity/${type}/:id`,
			handler: (exchange) =>
				json(show(state, exchange, requireRow(state, type, exchange.params.id))),
		});
	}
	return routes;
}
