import { moscowMillis, parseMoscow } from '../shared/clock';
import { UUID_PATTERN } from '../shared/random';
import { MoySkladError } from './errors';
import type { Entity } from './world';

/** Greatest number of elements of a nested collection (MoySklad docs: Restrictions). */
const MAX_ELEMENTS = 1000;
/** Characters of `String(255)` fields (MoySklad docs: Data types). */
export const SHORT = 255;
/** Characters of `String(4096)` fields. */
export const LONG = 4096;

/** What a body may put into a field. Fields without a rule are left out of the object. */
export type FieldType =
	| { kind: 'string'; max: number }
	| { kind: 'uuid' }
	| { kind: 'boolean' }
	| { kind: 'int'; min?: number; max?: number }
	| { kind: 'number'; min?: number; max?: number }
	/** `YYYY-MM-DD HH:mm:ss[.SSS]`, Moscow time. */
	| { kind: 'date'; wholeMinutes?: boolean }
	| { kind: 'enum'; values: readonly string[] }
	/** `{meta}` of an object of one of these types. */
	| { kind: 'reference'; types: readonly string[] }
	| { kind: 'strings' }
	| { kind: 'object' }
	| { kind: 'objects' };

/** A writable field. */
export type WritableField = FieldType & {
	/** Must be given on creation, and can never be emptied (3000). */
	required?: boolean;
	/** May be left out, but not be emptied: null is taken for this value. */
	fallback?: unknown;
	/** Cannot differ from what creation gave (3001). */
	immutable?: boolean;
};

export type FieldTable = Record<string, WritableField>;

/** What checks ask about the account. */
export interface References {
	/** `https://host/api/remap/1.2`. */
	base: string;
	/** True when an object of a type exists; types that the account has no list of always do. */
	exists(type: string, id: string): boolean;
}

const TYPE_NAMES: Record<FieldType['kind'], string> = {
	string: 'String',
	uuid: 'UUID',
	boolean: 'Boolean',
	int: 'Int',
	number: 'Double',
	date: 'DateTime',
	enum: 'Enum',
	reference: 'Meta',
	strings: 'Array(String)',
	object: 'Object',
	objects: 'Array(Object)',
};

/** True for `{…}`, false for arrays and null. */
export function isEntity(value: unknown): value is Entity {
	return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The refusal of a value of a wrong type (2016). */
export function wrongType(field: string, type: string): MoySkladError {
	return new MoySkladError(2016, [field, type], { parameter: field });
}

/** The refusal of an absent or empty field (3000). */
export function missing(field: string): MoySkladError {
	return new MoySkladError(3000, [field], { parameter: field });
}

/**
 * Checks a reference `{meta:{href,type,mediaType}}` of a field and gives it back without what does
 * not belong to it. Throws 2016 (no object), 2014 (no meta), 2010, 2011, 2018 (incomplete), 2021
 * (a type that the field cannot hold), 2013 (another server), 2024, 2027 (the href points to
 * another type), 1021 (no such object).
 */
export function readReference(
	owner: string,
	field: string,
	value: unknown,
	types: readonly string[],
	references: References,
): Entity {
	const parameter = { parameter: field };
	if (!isEntity(value)) throw wrongType(field, 'Meta');
	const { meta } = value;
	if (!isEntity(meta)) throw new MoySkladError(2014, [field], parameter);
	const { href, type, mediaType } = meta;
	if (typeof href !== 'string') throw new MoySkladError(2010, [field], parameter);
	if (typeof type !== 'string') throw new MoySkladError(2011, [field], parameter);
	if (typeof mediaType !== 'string') {
		throw new MoySkladError(2018, ['mediaType', field], parameter);
	}
	if (!types.includes(type)) throw new MoySkladError(2021, [owner, field, type], parameter);
	const prefix = `${references.base}/entity/`;
	const address = href.split('?')[0];
	const path = address.startsWith(prefix) ? address.slice(prefix.length).split('/') : [];
	const id = path[path.length - 1];
	if (path.length < 2 || !UUID_PATTERN.test(id)) {
		throw new MoySkladError(2013, [field], parameter);
	}
	// Only top-level addresses name their type: `counterparty/<id>/accounts/<id>` is an account.
	if (path.length === 2) {
		if (path[0] !== type) {
			throw types.length === 1
				? new MoySkladError(2024, [path[0], types[0]], parameter)
				: new MoySkladError(2027, [path[0], types.join(', ')], parameter);
		}
		if (!references.exists(type, id)) throw new MoySkladError(1021, [type, id], parameter);
	}
	return { meta: { href: address, type, mediaType } };
}

function readNumber(
	field: string,
	value: unknown,
	type: { kind: 'int' | 'number'; min?: number; max?: number },
): number {
	if (typeof value !== 'number' || (type.kind === 'int' && !Number.isInteger(value))) {
		throw wrongType(field, TYPE_NAMES[type.kind]);
	}
	const parameter = { parameter: field };
	if (type.min !== undefined && value < type.min) {
		throw new MoySkladError(type.min === 0 ? 3002 : 3003, [field], parameter);
	}
	if (type.max !== undefined && value > type.max) {
		throw new MoySkladError(3008, [field], parameter);
	}
	return value;
}

function readDate(field: string, value: unknown, wholeMinutes: boolean): string {
	// Filters may leave the seconds out, bodies may not.
	const moment = typeof value === 'string' && value.length >= 19 ? parseMoscow(value) : undefined;
	if (!moment) throw wrongType(field, TYPE_NAMES.date);
	return moscowMillis(wholeMinutes ? moment.ms - (moment.ms % 60_000) : moment.ms);
}

function readList(field: string, value: unknown, kind: 'strings' | 'objects'): unknown[] {
	const fits = kind === 'strings' ? (one: unknown) => typeof one === 'string' : isEntity;
	if (!Array.isArray(value) || !value.every(fits)) throw wrongType(field, TYPE_NAMES[kind]);
	if (value.length > MAX_ELEMENTS) throw new MoySkladError(2022, [], { parameter: field });
	return value;
}

/**
 * Checks one value that is not null. Throws 2016, 3002, 3003, 3005, 3008, 3040, 2022 and what
 * `readReference` throws.
 */
export function readValue(
	owner: string,
	field: string,
	value: unknown,
	type: FieldType,
	references: References,
): unknown {
	switch (type.kind) {
		case 'string':
			if (typeof value !== 'string') throw wrongType(field, 'String');
			if (value.length > type.max) {
				throw new MoySkladError(3040, [field, String(type.max)], { parameter: field });
			}
			return value;
		case 'uuid':
			if (typeof value !== 'string' || !UUID_PATTERN.test(value)) throw wrongType(field, 'UUID');
			return value.toLowerCase();
		case 'boolean':
			if (typeof value !== 'boolean') throw wrongType(field, 'Boolean');
			return value;
		case 'int':
		case 'number':
			return readNumber(field, value, type);
		case 'date':
			return readDate(field, value, type.wholeMinutes === true);
		case 'enum':
			if (typeof value !== 'string') throw wrongType(field, 'Enum');
			if (!type.values.includes(value)) {
				throw new MoySkladError(3005, [value, field, type.values.join(', ')], {
					parameter: field,
				});
			}
			return value;
		case 'reference':
			return readReference(owner, field, value, type.types, references);
		case 'strings':
		case 'objects':
			return readList(field, value, type.kind);
		default:
			if (!isEntity(value)) throw wrongType(field, 'Object');
			return value;
	}
}

function isEmpty(value: unknown): boolean {
	return value === null || value === '';
}

/**
 * Reads the fields of a body that the table knows; all others (unknown and read-only ones) are left
 * out. null empties a field: its value in the result is `undefined`. With `before` only what is
 * passed is looked at, without it every required field must be there.
 */
export function readFields(
	owner: string,
	fields: Entity,
	table: FieldTable,
	references: References,
	before?: Entity,
): Entity {
	const patch: Entity = {};
	for (const [field, rule] of Object.entries(table)) {
		const value = fields[field];
		if (value === undefined) {
			if (rule.required === true && before === undefined) throw missing(field);
			continue;
		}
		if (rule.required === true && isEmpty(value)) throw missing(field);
		if (value === null) patch[field] = rule.fallback;
		else patch[field] = readValue(owner, field, value, rule, references);
		if (rule.immutable === true && before !== undefined && patch[field] !== before[field]) {
			throw new MoySkladError(3001, [field], { parameter: field });
		}
	}
	return patch;
}

/** The fields of a patch whose values differ from those of an object. */
export function changedFields(before: Entity, patch: Entity): string[] {
	return Object.keys(patch).filter(
		(field) => JSON.stringify(patch[field]) !== JSON.stringify(before[field]),
	);
}
