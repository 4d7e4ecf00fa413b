import type { VendorRoute } from '../../shared/server';
import { PRODUCT_LIST, SERVICE_LIST, VARIANT_LIST } from '../assortmentList';
import { applyAttributes } from '../attributes';
import type { EntityEvent } from '../deliveries';
import { MoySkladError } from '../errors';
import {
	automatic,
	checkCode,
	findBySyncId,
	readBarcodes,
	redirecting,
	requireRow,
	showGoods,
} from '../goods';
import { inlineImages } from '../imageBodies';
import { json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import type { Collection, Written } from '../writing';
import { writingRoutes } from '../writing';
import { goodsPage } from './assortment';

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
	// These have rules of their own.
	'attributes',
	'images',
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

/** Custom fields and barcodes after a body. */
function readOwn(state: MoySkladState, fields: Entity, before: Entity | undefined): Entity {
	const patch: Entity = {};
	if (before === undefined || fields.attributes !== undefined) {
		const current = before === undefined ? undefined : (before.attributes ?? []);
		patch.attributes = applyAttributes(state, 'product', current, fields.attributes);
	}
	if (before !== undefined && fields.barcodes !== undefined) {
		patch.barcodes = readBarcodes(fields.barcodes ?? [], (before.barcodes ?? []) as Entity[]);
	}
	return patch;
}

function update(state: MoySkladState, row: number, fields: Entity): EntityEvent {
	const current = state.rows.entity(row);
	const id = state.rows.id(row);
	if ('syncId' in fields && fields.syncId !== current.syncId) throw new MoySkladError(1047);
	checkFields(fields);
	if (fields.code !== current.code) checkCode(state, fields.code, row);
	const wanted = { ...writable(fields), ...readOwn(state, fields, current) };
	const images = inlineImages(
		state,
		{ type: 'product', id, images: state.rows.imageList(row) },
		fields,
	);
	const patch: Entity = {};
	for (const [field, value] of Object.entries(wanted)) {
		if (JSON.stringify(value) !== JSON.stringify(current[field])) {
			// null empties an optional field: it is no longer returned.
			patch[field] = value === null ? undefined : value;
		}
	}
	state.rows.patch(row, patch, Date.now());
	if (images) state.images.set('product', id, images);
	const updatedFields = [...Object.keys(patch), ...(images ? ['images'] : [])];
	return { type: 'product', id, action: 'UPDATE', updatedFields };
}

/** Creates a product; the same `syncId` again gives the product that exists, and no event. */
function create(state: MoySkladState, fields: Entity): Written<number> {
	checkFields(fields);
	for (const field of REQUIRED) {
		if (fields[field] === undefined) throw new MoySkladError(3000, [field], { parameter: field });
	}
	const known = findBySyncId(state, 'product', fields);
	if (known !== undefined) return { handle: known };
	checkCode(state, fields.code);
	const images = inlineImages(state, { type: 'product', id: '', images: [] }, fields);
	const patch = { ...writable(fields), ...readOwn(state, fields, undefined) };
	delete patch.barcodes;
	Object.assign(patch, automatic(state, fields));
	const row = state.rows.create('product', patch, Date.now());
	const id = state.rows.id(row);
	if (images) state.images.set('product', id, images);
	return { handle: row, event: { type: 'product', id, action: 'CREATE' } };
}

/** Products as a writable collection; the handle is the row. */
function productCollection(state: MoySkladState): Collection<number> {
	return {
		type: 'product',
		find: (id) => requireRow(state, 'product', id),
		show: (row, exchange) => showGoods(state, exchange, row),
		create: (fields) => create(state, fields),
		update: (row, fields) => update(state, row, fields),
		remove: (row) => {
			const id = state.rows.id(row);
			state.rows.remove(row);
			return { type: 'product', id, action: 'DELETE' };
		},
	};
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
			method: 'GET',
			path: `${base}/entity/service`,
			handler: (exchange) => goodsPage(state, exchange, SERVICE_LIST, 'service'),
		},
		{
			method: 'GET',
			path: `${base}/entity/variant`,
			handler: (exchange) => goodsPage(state, exchange, VARIANT_LIST, 'variant'),
		},
		...redirecting(state, 'product', writingRoutes(products, state, productCollection(state))),
	];
	for (const type of ['variant', 'service', 'consignment']) {
		routes.push({
			method: 'GET',
			path: `${base}/entity/${type}/:id`,
			handler: (exchange) =>
				json(showGoods(state, exchange, requireRow(state, type, exchange.params.id))),
		});
	}
	return routes;
}
