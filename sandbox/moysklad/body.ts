import type { Exchange } from '../shared/server';
import { MoySkladError } from './errors';
import type { Entity } from './world';

/** Objects per array of a body (MoySklad docs: Restrictions). */
const MAX_OBJECTS = 1000;
const MAX_DEPTH = 10;

function depth(value: unknown): number {
	if (value === null || typeof value !== 'object') return 0;
	let deepest = 0;
	for (const inner of Object.values(value)) deepest = Math.max(deepest, depth(inner));
	return deepest + 1;
}

function isObject(value: unknown): value is Entity {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function syntaxError(text: string, error: unknown): MoySkladError {
	const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
	const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
	return new MoySkladError(2001, [], {
		line: before.length,
		column: before[before.length - 1].length + 1,
	});
}

function parse(exchange: Exchange<unknown>): unknown {
	if (exchange.body.trim() === '') throw new MoySkladError(1027);
	const contentType = exchange.header('content-type') ?? '';
	if (!/^application\/json\s*(;|$)/i.test(contentType)) throw new MoySkladError(2001);
	let value: unknown;
	try {
		value = JSON.parse(exchange.body);
	} catch (error) {
		throw syntaxError(exchange.body, error);
	}
	if (value === null || typeof value !== 'object') throw new MoySkladError(2005);
	if (depth(value) > MAX_DEPTH) throw new MoySkladError(2006);
	return value;
}

/** A body that must be one object. Throws 1027, 2001, 2005, 2006, 2009. */
export function readObject(exchange: Exchange<unknown>): Entity {
	const value = parse(exchange);
	if (!isObject(value)) throw new MoySkladError(2009);
	return value;
}

/** A body that may be an object or an array of at most 1000 objects. */
export function readObjects(exchange: Exchange<unknown>): Entity | Entity[] {
	const value = parse(exchange);
	if (isObject(value)) return value;
	return checkArray(value as unknown[]);
}

/** A body that must be an array of at most 1000 objects. */
export function readArray(exchange: Exchange<unknown>): Entity[] {
	const value = parse(exchange);
	return checkArray(Array.isArray(value) ? value : [value]);
}

function checkArray(values: unknown[]): Entity[] {
	if (values.length === 0) throw new MoySkladError(1027);
	if (values.length > MAX_OBJECTS) throw new MoySkladError(2007);
	for (const value of values) {
		if (Array.isArray(value)) throw new MoySkladError(2004);
		if (!isObject(value)) throw new MoySkladError(2005);
	}
	return values as Entity[];
}

/**
 * Id out of an object's `meta`, whose href must lie below the address of a collection. Throws 2014
 * (no meta), 2010, 2011, 2018 (incomplete), 1060 (other type), 2013 (address of another server or
 * of no object).
 */
export function metaIdIn(
	entity: Entity,
	type: string,
	collection: string,
	field: string = type,
): string {
	const meta = entity.meta;
	if (!isObject(meta)) throw new MoySkladError(2014, [field]);
	if (typeof meta.href !== 'string') throw new MoySkladError(2010, [field]);
	if (typeof meta.type !== 'string') throw new MoySkladError(2011, [field]);
	if (typeof meta.mediaType !== 'string') throw new MoySkladError(2018, ['mediaType', field]);
	if (meta.type !== type) throw new MoySkladError(1060);
	if (!meta.href.startsWith(`${collection}/`)) throw new MoySkladError(2013, [field]);
	return meta.href.slice(collection.length + 1).split('?')[0];
}

/** The same for an object of a top-level collection, `<base>/entity/<type>/<id>`. */
export function metaId(entity: Entity, type: string, base: string, field = type): string {
	return metaIdIn(entity, type, `${base}/entity/${type}`, field);
}
