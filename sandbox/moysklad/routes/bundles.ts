import type { VendorRoute } from '../../shared/server';
import { BUNDLE_LIST } from '../assortmentList';
import { applyAttributes } from '../attributes';
import { metaIdIn, readArray } from '../body';
import type { Component } from '../data/assortment';
import type { EntityEvent } from '../events';
import { MoySkladError } from '../errors';
import { expandEntity } from '../expand';
import type { FieldTable } from '../fields';
import {
	LONG,
	SHORT,
	changedFields,
	isEntity,
	missing,
	readFields,
	readReference,
	readValue,
	wrongType,
} from '../fields';
import {
	automatic,
	checkCode,
	findBySyncId,
	readBarcodes,
	readPrice,
	readSalePrices,
	redirecting,
	requireRow,
	showGoods,
} from '../goods';
import { inlineImages } from '../imageBodies';
import { parseExpand, parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, empty, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { Entity } from '../world';
import { refId } from '../world';
import type { Collection, Written } from '../writing';
import { checkId, disabledPrefixes, writingRoutes } from '../writing';
import { goodsPage } from './assortment';

/** Components of a bundle (MoySklad docs: Bundle, errors 29000 …). */
const MAX_COMPONENTS = 50;

const PAYMENT_ITEMS = [
	'GOOD',
	'EXCISABLE_GOOD',
	'COMPOUND_PAYMENT_ITEM',
	'ANOTHER_PAYMENT_ITEM',
] as const;

/** Tax systems of goods and folders (MoySklad docs: Bundle). */
const TAX_SYSTEMS = [
	'GENERAL_TAX_SYSTEM',
	'PATENT_BASED',
	'PRESUMPTIVE_TAX_SYSTEM',
	'SIMPLIFIED_TAX_SYSTEM_INCOME',
	'SIMPLIFIED_TAX_SYSTEM_INCOME_OUTCOME',
	'TAX_SYSTEM_SAME_AS_GROUP',
	'UNIFIED_AGRICULTURAL_TAX',
] as const;

/** Kinds of marked goods (MoySklad docs: Bundle). */
const TRACKING_TYPES = [
	'AUTO_FLUIDS',
	'BEER_ALCOHOL',
	'BICYCLE',
	'CHEMISTRY',
	'CONSERVE',
	'CONSTRUCTION',
	'ELECTRONICS',
	'FOOD_SUPPLEMENT',
	'FURSLP',
	'GADGETS',
	'GROCERY',
	'LP_CLOTHES',
	'LP_LINENS',
	'MEDICAL_DEVICES',
	'MILK',
	'NABEER',
	'NCP',
	'NOT_TRACKED',
	'OTP',
	'PERFUMERY',
	'PET_FOOD',
	'RADIO',
	'SANITIZER',
	'SEAFOOD',
	'SHOES',
	'SOFT_DRINKS',
	'TIRES',
	'TOBACCO',
	'TOYS',
	'VEGETABLE_OIL',
	'VETPHARMA',
	'WATER',
] as const;

/** Fields that are checked one by one; collections and prices have rules of their own. */
const FIELDS: FieldTable = {
	name: { kind: 'string', max: SHORT, required: true },
	code: { kind: 'string', max: SHORT },
	externalCode: { kind: 'string', max: SHORT, fallback: '' },
	article: { kind: 'string', max: SHORT },
	description: { kind: 'string', max: LONG },
	archived: { kind: 'boolean', fallback: false },
	shared: { kind: 'boolean', fallback: true },
	discountProhibited: { kind: 'boolean', fallback: false },
	partialDisposal: { kind: 'boolean' },
	paymentItemType: { kind: 'enum', values: PAYMENT_ITEMS, fallback: 'GOOD' },
	taxSystem: { kind: 'enum', values: TAX_SYSTEMS },
	tnved: { kind: 'string', max: SHORT },
	trackingType: { kind: 'enum', values: TRACKING_TYPES, fallback: 'NOT_TRACKED' },
	useParentVat: { kind: 'boolean', fallback: true },
	vat: { kind: 'int', min: 0 },
	vatEnabled: { kind: 'boolean' },
	weight: { kind: 'number', min: 0 },
	volume: { kind: 'number', min: 0 },
	country: { kind: 'reference', types: ['country'] },
	uom: { kind: 'reference', types: ['uom'] },
	productFolder: { kind: 'reference', types: ['productfolder'] },
	group: { kind: 'reference', types: ['group'] },
	owner: { kind: 'reference', types: ['employee'] },
};

const COMPONENT_TYPES = ['product', 'variant', 'service', 'bundle', 'consignment'];

/** Refuses goods that no bundle may consist of (29003, 29009). */
function checkComponent(state: MoySkladState, assortment: Entity): void {
	const { type } = assortment.meta as { type: string };
	const parameter = { parameter: 'components' };
	if (type === 'bundle' || type === 'consignment') throw new MoySkladError(29003, [], parameter);
	const row = state.rows.find(type, refId(assortment) ?? '');
	if (row === undefined || type === 'service') return;
	const goods = state.rows.entity(type === 'variant' ? state.rows.parent(row) : row);
	if (goods.alcoholic !== undefined || goods.isSerialTrackable === true) {
		throw new MoySkladError(29003, [], parameter);
	}
	if (goods.isTraceable === true) throw new MoySkladError(29009, [], parameter);
}

/** One component of a body. `before` is what the component was until now. */
function readComponent(state: MoySkladState, element: Entity, before?: Component): Component {
	const { references } = state;
	if (element.assortment === undefined && !before) throw missing('assortment');
	if (element.quantity === undefined && !before) throw missing('quantity');
	let assortment = before?.assortment ?? {};
	if (element.assortment !== undefined) {
		const owner = 'bundlecomponent';
		const given = readReference(
			owner,
			'assortment',
			element.assortment,
			COMPONENT_TYPES,
			references,
		);
		const { type } = given.meta as { type: string };
		assortment = { meta: state.world.meta(type, refId(given) ?? '') };
		// What is there already may stay, even if it could not be added any more.
		if (refId(assortment) !== refId(before?.assortment)) checkComponent(state, assortment);
	}
	let quantity = before?.quantity ?? 0;
	if (element.quantity !== undefined) {
		const value = readValue('', 'quantity', element.quantity, { kind: 'number' }, references);
		quantity = Number(value);
		if (quantity <= 0) throw new MoySkladError(3003, ['quantity'], { parameter: 'quantity' });
	}
	return { id: before?.id ?? '', quantity, assortment };
}

function checkComponents(components: readonly Component[]): void {
	const parameter = { parameter: 'components' };
	if (components.length === 0 || components.length > MAX_COMPONENTS) {
		throw new MoySkladError(29000, [], parameter);
	}
	const goods = new Set(components.map(({ assortment }) => refId(assortment)));
	if (goods.size < components.length) throw new MoySkladError(29002, [], parameter);
}

function componentId(element: Entity): string | undefined {
	if (typeof element.id === 'string') return element.id.toLowerCase();
	return element.meta === undefined ? undefined : refId(element);
}

/**
 * The components after a body: elements with an id, or with goods that are in the bundle already,
 * overwrite, others are added; what is not listed stays (MoySklad docs: Bundle, update).
 */
function mergedComponents(
	state: MoySkladState,
	current: readonly Component[],
	given: unknown,
): Component[] {
	if (!Array.isArray(given)) throw wrongType('components', 'Array(Object)');
	if (given.length > MAX_COMPONENTS) {
		throw new MoySkladError(29000, [], { parameter: 'components' });
	}
	const merged = [...current];
	for (const element of given as unknown[]) {
		if (!isEntity(element)) throw wrongType('components', 'Array(Object)');
		const id = componentId(element);
		const place = merged.findIndex((one, index) =>
			id === undefined
				? index < current.length && refId(one.assortment) === refId(element.assortment)
				: one.id === id,
		);
		if (id !== undefined && place < 0) throw new MoySkladError(1021, ['bundlecomponent', id]);
		const before = place < 0 ? undefined : merged[place];
		const component = readComponent(state, element, before);
		if (place < 0) merged.push(component);
		else merged[place] = component;
	}
	checkComponents(merged);
	return merged;
}

function keepComponents(state: MoySkladState, row: number, components: Component[]): void {
	state.rows.setComponents(
		row,
		components.map((one) => (one.id === '' ? { ...one, id: state.rows.newComponentId() } : one)),
	);
}

function refuseIfUsed(state: MoySkladState, row: number): void {
	if (state.rows.usedInDocuments(row)) {
		throw new MoySkladError(29001, [], { parameter: 'components' });
	}
}

/** Prices, barcodes and custom fields of a body. */
function readOwn(state: MoySkladState, fields: Entity, before: Entity | undefined): Entity {
	const patch: Entity = {};
	for (const field of ['minPrice', 'overhead']) {
		const value = fields[field];
		if (value === undefined) continue;
		patch[field] = value === null ? undefined : readPrice(state, field, value);
	}
	if (fields.salePrices !== undefined && fields.salePrices !== null) {
		const current = (before?.salePrices ?? []) as Entity[];
		patch.salePrices = readSalePrices(state, fields.salePrices, current);
	}
	if (before !== undefined && fields.barcodes !== undefined) {
		patch.barcodes = readBarcodes(fields.barcodes ?? [], (before.barcodes ?? []) as Entity[]);
	}
	if (before === undefined || fields.attributes !== undefined) {
		const current = before === undefined ? undefined : (before.attributes ?? []);
		patch.attributes = applyAttributes(state, 'bundle', current, fields.attributes);
	}
	return patch;
}

function create(state: MoySkladState, fields: Entity): Written<number> {
	const known = findBySyncId(state, 'bundle', fields);
	if (known !== undefined) return { handle: known };
	const patch = readFields('bundle', fields, FIELDS, state.references);
	if (fields.components === undefined || fields.components === null) throw missing('components');
	const components = mergedComponents(state, [], fields.components);
	Object.assign(patch, readOwn(state, fields, undefined), automatic(state, fields));
	checkCode(state, patch.code);
	const images = inlineImages(state, { type: 'bundle', id: '', images: [] }, fields);
	if (typeof fields.syncId === 'string') patch.syncId = fields.syncId.toLowerCase();
	const row = state.rows.create('bundle', patch, Date.now());
	const id = state.rows.id(row);
	keepComponents(state, row, components);
	if (images) state.images.set('bundle', id, images);
	return { handle: row, event: { type: 'bundle', id, action: 'CREATE' } };
}

function update(state: MoySkladState, row: number, fields: Entity): EntityEvent {
	const before = state.rows.entity(row);
	const id = state.rows.id(row);
	const { syncId } = fields;
	if (syncId !== undefined && String(syncId).toLowerCase() !== before.syncId) {
		throw new MoySkladError(1047, [], { parameter: 'syncId' });
	}
	const patch = readFields('bundle', fields, FIELDS, state.references, before);
	Object.assign(patch, readOwn(state, fields, before));
	if (patch.code !== before.code) checkCode(state, patch.code, row);
	const changed = changedFields(before, patch);
	const current = state.rows.componentList(row);
	const given = fields.components;
	const components =
		given === undefined || (isEntity(given) && isEntity(given.meta))
			? current
			: mergedComponents(state, current, given);
	if (JSON.stringify(components) !== JSON.stringify(current)) changed.push('components');
	if (changed.includes('components') || changed.includes('overhead')) refuseIfUsed(state, row);
	const images = inlineImages(
		state,
		{ type: 'bundle', id, images: state.rows.imageList(row) },
		fields,
	);
	state.rows.patch(row, patch, Date.now());
	if (changed.includes('components')) keepComponents(state, row, components);
	if (images) {
		state.images.set('bundle', id, images);
		changed.push('images');
	}
	return { type: 'bundle', id, action: 'UPDATE', updatedFields: changed };
}

function remove(state: MoySkladState, row: number): EntityEvent {
	const id = state.rows.id(row);
	state.rows.remove(row);
	return { type: 'bundle', id, action: 'DELETE' };
}

/** Bundles as a writable collection; the handle is the row. */
function bundleCollection(state: MoySkladState): Collection<number> {
	return {
		type: 'bundle',
		find: (id) => requireRow(state, 'bundle', id),
		// MoySklad docs: answers to writing show the components, answers to reading their meta.
		show: (row, exchange) =>
			showGoods(state, exchange, row, exchange.method === 'GET' ? [] : [['components']]),
		create: (fields) => create(state, fields),
		update: (row, fields) => update(state, row, fields),
		remove: (row) => remove(state, row),
	};
}

function componentsHref(state: MoySkladState, exchange: MoySkladExchange): string {
	return `${state.world.href('bundle', exchange.params.id)}/components`;
}

/** Components of the bundle of a path as a writable collection; the handle is the id. */
function componentCollection(state: MoySkladState): Collection<string> {
	const bundle = (exchange: MoySkladExchange): number =>
		requireRow(state, 'bundle', exchange.params.id);
	const changed = (row: number): EntityEvent => {
		state.rows.patch(row, {}, Date.now());
		const id = state.rows.id(row);
		return { type: 'bundle', id, action: 'UPDATE', updatedFields: ['components'] };
	};
	const find = (exchange: MoySkladExchange, id: string): Component => {
		const list = state.rows.componentList(bundle(exchange));
		const found = list.find((one) => one.id === id.toLowerCase());
		if (!found) throw new MoySkladError(1021, ['bundlecomponent', id]);
		return found;
	};
	return {
		type: 'bundlecomponent',
		href: (exchange) => componentsHref(state, exchange),
		idParameter: 'componentId',
		find: (id, exchange) => find(exchange, id).id,
		show: (id, exchange) => {
			const shown = state.rows.components(bundle(exchange)).find((one) => one.id === id) ?? {};
			return expandEntity(shown, parseExpand(exchange.value('expand')), state.expandSource);
		},
		create: (fields, exchange) => {
			const row = bundle(exchange);
			const components = [...state.rows.componentList(row), readComponent(state, fields)];
			checkComponents(components);
			refuseIfUsed(state, row);
			keepComponents(state, row, components);
			const handle = state.rows.componentList(row)[components.length - 1].id;
			return { handle, event: changed(row) };
		},
		update: (id, fields, exchange) => {
			const row = bundle(exchange);
			const before = find(exchange, id);
			const after = readComponent(state, fields, before);
			const components = state.rows.componentList(row).map((one) => (one.id === id ? after : one));
			checkComponents(components);
			if (JSON.stringify(after) !== JSON.stringify(before)) refuseIfUsed(state, row);
			keepComponents(state, row, components);
			return changed(row);
		},
		remove: (id, exchange) => {
			const row = bundle(exchange);
			removeComponents(state, row, new Set([id]));
			return changed(row);
		},
	};
}

function removeComponents(state: MoySkladState, row: number, ids: ReadonlySet<string>): void {
	const components = state.rows.componentList(row).filter(({ id }) => !ids.has(id));
	checkComponents(components);
	refuseIfUsed(state, row);
	keepComponents(state, row, components);
}

function componentRoutes(path: string, state: MoySkladState): Array<VendorRoute<MoySkladSession>> {
	const collection = componentCollection(state);
	return [
		{
			method: 'GET',
			path,
			handler: (exchange) => {
				const row = requireRow(state, 'bundle', exchange.params.id);
				const query = parseListQuery(exchange);
				const all = state.rows.components(row);
				const rows = all
					.slice(query.offset, query.offset + query.limit)
					.map((one) => expandEntity(one, query.expand, state.expandSource));
				const page = { type: 'bundlecomponent', total: all.length, rows };
				return listPage(state, exchange, query, page);
			},
		},
		{
			method: 'POST',
			path: `${path}/delete`,
			// MoySklad docs: the answer is empty, unlike that of other bulk deletions.
			handler: (exchange) => {
				const row = requireRow(state, 'bundle', exchange.params.id);
				const prefixes = disabledPrefixes(exchange);
				const href = componentsHref(state, exchange);
				const ids = readArray(exchange).map((element) => {
					const id = metaIdIn(element, 'bundlecomponent', href);
					checkId(id);
					return collection.find(id, exchange);
				});
				removeComponents(state, row, new Set(ids));
				state.rows.patch(row, {}, Date.now());
				const event: EntityEvent = {
					type: 'bundle',
					id: state.rows.id(row),
					action: 'UPDATE',
					updatedFields: ['components'],
				};
				state.publish([event], callerOf(exchange).uid, prefixes);
				return empty();
			},
		},
		...writingRoutes(path, state, collection).filter((route) => route.path !== `${path}/delete`),
	];
}

/** `/entity/bundle`, its objects and their components (MoySklad docs: Bundle). */
export function bundleRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/bundle`;
	return [
		{
			method: 'GET',
			path,
			handler: (exchange) => goodsPage(state, exchange, BUNDLE_LIST, 'bundle'),
		},
		{
			method: 'DELETE',
			path: `${path}/syncid/:syncId`,
			handler: (exchange) => {
				const { syncId } = exchange.params;
				checkId(syncId);
				const prefixes = disabledPrefixes(exchange);
				const row = state.rows.bySyncId('bundle', syncId);
				if (row === undefined) throw new MoySkladError(1021, ['bundle', syncId]);
				state.publish([remove(state, row)], callerOf(exchange).uid, prefixes);
				return empty();
			},
		},
		...redirecting(state, 'bundle', [
			...writingRoutes(path, state, bundleCollection(state)),
			...componentRoutes(`${path}/:id/components`, state),
		]),
	];
}
