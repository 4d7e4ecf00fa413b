import type { VendorRoute } from '../../shared/server';
import { CONSIGNMENT_LIST, PRODUCT_LIST, SERVICE_LIST, VARIANT_LIST } from '../assortmentList';
import type { GoodsList } from '../assortmentList';
import { applyAttributes } from '../attributes';
import type { RowType } from '../data/assortment';
import { checkBatch } from '../data/fromFacts';
import { hasImages } from '../data/images';
import type { EntityEvent } from '../events';
import { MoySkladError } from '../errors';
import {
	automatic,
	checkCode,
	findBySyncId,
	readBarcodes,
	readSalePrices,
	redirecting,
	requireRow,
	showGoods,
} from '../goods';
import { inlineImages } from '../imageBodies';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { refId } from '../world';
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

/** Types of goods that are written here. */
type Kind = Exclude<RowType, 'bundle'>;

/** Fields that no object of a type can be without (MoySklad docs: field tables). */
const REQUIRED: Readonly<Record<Kind, readonly string[]>> = {
	product: ['name'],
	service: ['name'],
	variant: ['product', 'characteristics'],
	consignment: ['assortment'],
};

function checkFields(kind: Kind, fields: Entity): void {
	for (const [field, value] of Object.entries(fields)) {
		const type = FIELD_TYPES[field];
		if (type === undefined || value === null || value === undefined) continue;
		if (typeof value !== type) {
			const name = type === 'string' ? 'String' : type === 'boolean' ? 'Boolean' : 'Float';
			throw new MoySkladError(2016, [field, name], { parameter: field });
		}
	}
	for (const field of REQUIRED[kind]) {
		if (field in fields && (fields[field] === null || fields[field] === '')) {
			throw new MoySkladError(3000, [field], { parameter: field });
		}
	}
}

function writable(fields: Entity): Entity {
	return Object.fromEntries(Object.entries(fields).filter(([field]) => !READ_ONLY.has(field)));
}

/** Custom fields, barcodes and prices after a body. */
function readOwn(
	state: MoySkladState,
	kind: Kind,
	fields: Entity,
	before: Entity | undefined,
): Entity {
	const patch: Entity = {};
	const hasAttributes = kind === 'product' || kind === 'service';
	if (hasAttributes && (before === undefined || fields.attributes !== undefined)) {
		const current = before === undefined ? undefined : (before.attributes ?? []);
		patch.attributes = applyAttributes(state, 'product', current, fields.attributes);
	}
	if (before !== undefined && fields.barcodes !== undefined) {
		patch.barcodes = readBarcodes(fields.barcodes ?? [], (before.barcodes ?? []) as Entity[]);
	}
	if (fields.salePrices !== undefined && fields.salePrices !== null) {
		const current = (before?.salePrices ?? []) as Entity[];
		patch.salePrices = readSalePrices(state, fields.salePrices, current);
	}
	if (Array.isArray(fields.packs)) {
		// The whole list is replaced; packages that are named by their ID keep it (docs: Product).
		const packs = fields.packs as Entity[];
		patch.packs = packs.map((pack) => ({ id: pack.id ?? newPackId(state), ...pack }));
	}
	return patch;
}

const packsMade = new WeakMap<MoySkladState, number>();

function newPackId(state: MoySkladState): string {
	const made = packsMade.get(state) ?? 0;
	packsMade.set(state, made + 1);
	return state.world.id('pack', made);
}

function ownImages(
	state: MoySkladState,
	kind: Kind,
	id: string,
	row: number | undefined,
	fields: Entity,
): ReturnType<typeof inlineImages> {
	if (!hasImages(kind)) return undefined;
	const images = row === undefined ? [] : state.rows.imageList(row);
	return inlineImages(state, { type: kind, id, images }, fields);
}

function update(state: MoySkladState, kind: Kind, row: number, fields: Entity): EntityEvent {
	const current = state.rows.entity(row);
	const id = state.rows.id(row);
	if ('syncId' in fields && fields.syncId !== current.syncId) throw new MoySkladError(1047);
	checkFields(kind, fields);
	if (fields.code !== current.code) checkCode(state, fields.code, row);
	const wanted = { ...writable(fields), ...readOwn(state, kind, fields, current) };
	const images = ownImages(state, kind, id, row, fields);
	const patch: Entity = {};
	for (const [field, value] of Object.entries(wanted)) {
		if (JSON.stringify(value) !== JSON.stringify(current[field])) {
			// null empties an optional field: it is no longer returned.
			patch[field] = value === null ? undefined : value;
		}
	}
	state.rows.patch(row, patch, Date.now());
	if (images && hasImages(kind)) state.images.set(kind, id, images);
	const updatedFields = [...Object.keys(patch), ...(images ? ['images'] : [])];
	return { type: kind, id, action: 'UPDATE', updatedFields };
}

/** What MoySklad computes of a new object: the names of variants and batches. */
function computed(state: MoySkladState, kind: Kind, fields: Entity): Entity {
	if (kind !== 'variant' && kind !== 'consignment') return {};
	const owner = kind === 'variant' ? 'product' : 'assortment';
	const type = ((fields[owner] as Entity | undefined)?.meta as Entity | undefined)?.type;
	const row = state.rows.find(String(type), refId(fields[owner]) ?? '');
	if (row === undefined) throw new MoySkladError(1021, [owner, ''], { parameter: owner });
	const name = String(state.rows.entity(row).name);
	if (kind === 'consignment') {
		checkBatch(fields);
		return { name: `${name} / ${String(fields.label ?? fields.expiryDate)}` };
	}
	const values = (fields.characteristics as Entity[]).map(({ value }) => String(value));
	return { name: `${name} (${values.join(', ')})` };
}

/** Creates an object; the same `syncId` again gives the one that exists, and no event. */
function create(state: MoySkladState, kind: Kind, fields: Entity): Written<number> {
	checkFields(kind, fields);
	for (const field of REQUIRED[kind]) {
		if (fields[field] === undefined) throw new MoySkladError(3000, [field], { parameter: field });
	}
	const known = findBySyncId(state, kind, fields);
	if (known !== undefined) return { handle: known };
	checkCode(state, fields.code);
	const images = ownImages(state, kind, '', undefined, fields);
	const patch = {
		...computed(state, kind, fields),
		...writable(fields),
		...readOwn(state, kind, fields, undefined),
	};
	delete patch.barcodes;
	Object.assign(patch, automatic(state, fields));
	const row = state.rows.create(kind, patch, Date.now());
	const id = state.rows.id(row);
	if (images && hasImages(kind)) state.images.set(kind, id, images);
	return { handle: row, event: { type: kind, id, action: 'CREATE' } };
}

/** Goods of a type as a writable collection; the handle is the row. */
function goodsCollection(state: MoySkladState, kind: Kind): Collection<number> {
	return {
		type: kind,
		find: (id) => requireRow(state, kind, id),
		show: (row, exchange) => showGoods(state, exchange, row),
		create: (fields) => create(state, kind, fields),
		update: (row, fields) => update(state, kind, row, fields),
		remove: (row) => {
			const id = state.rows.id(row);
			state.rows.remove(row);
			return { type: kind, id, action: 'DELETE' };
		},
	};
}

const LISTS: Readonly<Record<Kind, GoodsList>> = {
	product: PRODUCT_LIST,
	service: SERVICE_LIST,
	variant: VARIANT_LIST,
	consignment: CONSIGNMENT_LIST,
};

/** Goods of all types but bundles: their lists and objects. */
export function productRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return (Object.keys(LISTS) as Kind[]).flatMap((kind) => {
		const path = `${base}/entity/${kind}`;
		const routes = writingRoutes(path, state, goodsCollection(state, kind));
		const list: VendorRoute<MoySkladSession> = {
			method: 'GET',
			path,
			handler: (exchange) => goodsPage(state, exchange, LISTS[kind], kind),
		};
		return [list, ...(kind === 'product' ? redirecting(state, kind, routes) : routes)];
	});
}
