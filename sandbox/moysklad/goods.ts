import type { VendorReply, VendorRoute } from '../shared/server';
import { UUID_PATTERN } from '../shared/random';
import { priceTypes } from './data/assortment';
import type { RowType } from './data/assortment';
import { MoySkladError } from './errors';
import type { ExpandSource } from './expand';
import { expandEntity } from './expand';
import { isEntity, readReference, readValue, SHORT, wrongType } from './fields';
import { MAX_EXPAND_LIMIT, parseExpand } from './query';
import type { MoySkladExchange } from './reply';
import type { MoySkladSession, MoySkladState } from './state';
import type { Entity } from './world';
import { refId } from './world';
import { checkId } from './writing';

const BARCODES = ['ean13', 'ean8', 'code128', 'gtin', 'upc'] as const;
const GTIN_LENGTHS = new Set([8, 12, 13, 14]);

/** The row of an object. Throws 1000, 1021. */
export function requireRow(state: MoySkladState, type: string, id: string): number {
	checkId(id);
	const row = state.rows.find(type, id);
	if (row === undefined) throw new MoySkladError(1021, [type, id]);
	return row;
}

/**
 * Lets a type's routes redirect an id of MoySklad's own pages (`meta.uuidHref`) to the id of the
 * API with 308, path and query kept (MoySklad docs: Product).
 */
export function redirecting(
	state: MoySkladState,
	type: string,
	routes: Array<VendorRoute<MoySkladSession>>,
): Array<VendorRoute<MoySkladSession>> {
	return routes.map((route) => ({
		...route,
		handler: (exchange) => uiRedirect(state, exchange, type) ?? route.handler(exchange),
	}));
}

function uiRedirect(
	state: MoySkladState,
	exchange: MoySkladExchange,
	type: string,
): VendorReply | undefined {
	const { id } = exchange.params as { id?: string };
	if (id === undefined || state.rows.find(type, id) !== undefined) return undefined;
	const row = state.rows.findByUiId(type, id);
	if (row === undefined) return undefined;
	const rest = exchange.url.slice(exchange.url.indexOf(`/entity/${type}/`));
	return {
		status: 308,
		headers: { location: state.world.base + rest.replace(id, state.rows.id(row)) },
	};
}

/**
 * True when a request asks for permanent links to images and may have them. Throws 3042 (several
 * values), 3043 (another value), 1070 (free tariff); above a limit of 100 the parameter is ignored
 * (MoySklad docs: fields).
 */
export function wantsPermanentLinks(
	state: MoySkladState,
	exchange: MoySkladExchange,
	limit = 1,
): boolean {
	const values = exchange.query.filter(([name]) => name === 'fields').map(([, value]) => value);
	if (values.length === 0) return false;
	const parameter = { parameter: 'fields' };
	if (values.length > 1 || values[0].includes(',') || values[0] === '') {
		throw new MoySkladError(3042, [], parameter);
	}
	if (values[0] !== 'downloadPermanentHref') {
		throw new MoySkladError(3043, [values[0]], parameter);
	}
	if (state.tariff === 'free') throw new MoySkladError(1070);
	return limit <= MAX_EXPAND_LIMIT;
}

/** How references are expanded, with permanent links to images where they are wanted. */
export function expansion(state: MoySkladState, permanent: boolean): ExpandSource {
	if (!permanent) return state.expandSource;
	return {
		entity: (type, id) => state.expandSource.entity(type, id),
		rows: (owner, field) => {
			const { type } = owner.meta as { type: string };
			const row = field === 'images' ? state.rows.find(type, String(owner.id)) : undefined;
			return row === undefined
				? state.expandSource.rows(owner, field)
				: state.rows.images(row, true);
		},
	};
}

/** A row as an answer shows it, expanded as the request asks, and along `always`. */
export function showGoods(
	state: MoySkladState,
	exchange: MoySkladExchange,
	row: number,
	always: string[][] = [],
): Entity {
	const paths = [...parseExpand(exchange.value('expand')), ...always];
	const source = expansion(state, wantsPermanentLinks(state, exchange));
	return expandEntity(state.rows.entity(row), paths, source);
}

/**
 * Row that was created with the `syncId` of a body. Throws 2016 when that is no UUID.
 */
export function findBySyncId(
	state: MoySkladState,
	type: RowType,
	fields: Entity,
): number | undefined {
	const { syncId } = fields;
	if (syncId === undefined || syncId === null) return undefined;
	if (typeof syncId !== 'string' || !UUID_PATTERN.test(syncId)) throw wrongType('syncId', 'UUID');
	return state.rows.bySyncId(type, syncId);
}

function checkGtin(value: string): void {
	const fail = (reason: string): MoySkladError =>
		new MoySkladError(3014, [reason], { parameter: 'gtin' });
	if (!/^\d+$/.test(value)) throw fail('digits only');
	if (!GTIN_LENGTHS.has(value.length)) throw fail('8, 12, 13 or 14 digits');
	const digits = [...value.slice(0, -1)].reverse().map(Number);
	const sum = digits.reduce((total, digit, place) => total + digit * (place % 2 === 0 ? 3 : 1), 0);
	if ((10 - (sum % 10)) % 10 !== Number(value.at(-1))) throw fail('wrong check digit');
}

/**
 * Barcodes of a body: the whole list is replaced, empty values are left out, values that are new
 * are checked. Throws 2016, 3011, 3014 (MoySklad docs: barcodes).
 */
export function readBarcodes(given: unknown, current: readonly Entity[]): Entity[] {
	if (!Array.isArray(given)) throw wrongType('barcodes', 'Array(Object)');
	const known = new Set(current.map((barcode) => JSON.stringify(barcode)));
	return (given as unknown[]).flatMap((barcode) => {
		if (!isEntity(barcode)) throw wrongType('barcodes', 'Array(Object)');
		const kind = BARCODES.find((name) => name in barcode);
		if (kind === undefined) throw wrongType('barcodes', 'Object');
		const value = barcode[kind];
		if (value === null || value === '') return [];
		if (typeof value !== 'string') throw wrongType(kind, 'String');
		const kept = { [kind]: value };
		if (!known.has(JSON.stringify(kept))) {
			if (value.length > SHORT) throw new MoySkladError(3011, [], { parameter: 'barcodes' });
			if (kind === 'gtin') checkGtin(value);
		}
		return [kept];
	});
}

/** `{value, currency}` of a body; kopecks, the accounting currency without one. Throws 2016, 3000, 3002. */
export function readPrice(state: MoySkladState, field: string, given: unknown): Entity {
	if (!isEntity(given)) throw wrongType(field, 'Object');
	const { references, world } = state;
	if (given.value === undefined || given.value === null) {
		throw new MoySkladError(3000, [`${field}.value`], { parameter: field });
	}
	const value = readValue(field, 'value', given.value, { kind: 'number', min: 0 }, references);
	const currency =
		given.currency === undefined || given.currency === null
			? world.ref('currency', 0)
			: readReference(field, 'currency', given.currency, ['currency'], references);
	return { value, currency };
}

/**
 * Sale prices after a body: prices of the same type are overwritten, those of other types stay
 * (MoySklad docs: Bundle, update). The type is required (specification: salePrice).
 */
export function readSalePrices(
	state: MoySkladState,
	given: unknown,
	current: readonly Entity[],
): Entity[] {
	if (!Array.isArray(given)) throw wrongType('salePrices', 'Array(Object)');
	const types = priceTypes(state.world);
	const byType = new Map(current.map((price) => [refId(price.priceType), price]));
	for (const price of given as unknown[]) {
		if (!isEntity(price)) throw wrongType('salePrices', 'Array(Object)');
		const amount = readPrice(state, 'salePrices', price);
		if (price.priceType === undefined || price.priceType === null) {
			throw new MoySkladError(3000, ['priceType'], { parameter: 'salePrices' });
		}
		const wanted = refId(price.priceType);
		const priceType = types.find((type) => type.id === wanted);
		if (!priceType) throw new MoySkladError(2013, ['priceType'], { parameter: 'salePrices' });
		byType.set(wanted, { ...amount, priceType });
	}
	return [...byType.values()];
}

/** Refuses a code that another row has, when the account's settings want codes to be unique (3006). */
export function checkCode(state: MoySkladState, code: unknown, own?: number): void {
	if (!state.assortmentSettings.values.uniqueCodeRules.checkUniqueCode) return;
	if (typeof code !== 'string' || code === '') return;
	const { rows } = state;
	for (let row = 0; row < rows.size; row++) {
		if (row !== own && rows.exists(row) && rows.value(row, 'code') === code) {
			throw new MoySkladError(3006, ['code'], { parameter: 'code' });
		}
	}
}

/** Code and barcode that a new row gets by itself, as far as the account's settings fill them in. */
export function automatic(state: MoySkladState, fields: Entity): Entity {
	const { uniqueCodeRules, barcodeRules } = state.assortmentSettings.values;
	const empty = Array.isArray(fields.barcodes) && fields.barcodes.length === 0;
	const patch: Entity = {};
	if (!uniqueCodeRules.fillUniqueCode && fields.code === undefined) patch.code = undefined;
	// MoySklad docs: without barcodes or with an empty list an EAN13 is made.
	if (fields.barcodes !== undefined && !empty) patch.barcodes = readBarcodes(fields.barcodes, []);
	else if (!barcodeRules.fillEAN13Barcode) patch.barcodes = [];
	return patch;
}
