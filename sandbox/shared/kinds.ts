/**
 * The vendors' words for types, as their facts have them (`array<number>`, `number|null[ 0 .. 3600 ]`, `string/integer id`):
 * what they allow, and a sample of each.
 */
import type { FieldFacts } from '../../nodes/shared/facts/facts';

type Simple = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** What a word for a type allows; no type at all: anything. */
export interface Kind {
	types: Simple[];
	nullable: boolean;
	/** Of numbers, where the word tells a range. */
	min?: number;
	max?: number;
	format?: 'date' | 'date-time';
}

const kinds = new Map<string, Kind>();

/** Reads a word for a type. */
export function kindOf(word: string): Kind {
	const known = kinds.get(word);
	if (known) return known;
	const text = word.toLowerCase().replace(/\('.*?' in doc\)/, '');
	const types: Simple[] = [];
	if (/^(array|list)/.test(text)) types.push('array');
	else {
		if (/string|text|date|iso|url|uuid|html/.test(text)) types.push('string');
		if (/\bint|bigint/.test(text)) types.push('integer');
		if (/number|float|double|decimal/.test(text)) types.push('number');
		if (/bool/.test(text)) types.push('boolean');
		if (/object|^map/.test(text)) types.push('object');
		if (/\|\s*array/.test(text)) types.push('array');
	}
	const range = /\[\s*(\d+)\s*\.\.\s*(\d+)\s*\](?! items)/.exec(text);
	const most = /<=\s*(\d+)/.exec(text);
	const kind: Kind = {
		types,
		nullable: /null/.test(text),
		...(range ? { min: Number(range[1]), max: Number(range[2]) } : {}),
		...(most ? { max: Number(most[1]) } : {}),
		...(/date-time|datetime|iso/.test(text)
			? { format: 'date-time' as const }
			: /\bdate/.test(text)
				? { format: 'date' as const }
				: {}),
	};
	kinds.set(word, kind);
	return kind;
}

/** What is wrong with a request, at a place such as `body.services[].id`. */
export interface Problem {
	at: string;
	what: 'unknown' | 'missing' | 'type' | 'value' | 'range' | 'length';
}

/** How strictly values are taken. */
export interface Strictness {
	/**
	 * The vendor tells no number from its digits, no flag from 0 and 1, and takes an object without properties where its
	 * docs name some.
	 */
	loose?: boolean;
}

const plain = (name: string) => name.replace(/\[\d*\]$/, '');

/** What is wrong with an object, by the facts of its fields. */
export function fieldProblems(
	given: Record<string, unknown>,
	fields: FieldFacts[],
	at: string,
	how: Strictness,
): Problem[] {
	const found: Problem[] = [];
	const names = new Set(fields.map(({ name }) => plain(name)));
	for (const name of Object.keys(given)) {
		if (!names.has(plain(name))) found.push({ at: `${at}${name}`, what: 'unknown' });
	}
	for (const field of fields) {
		const value = given[field.name] ?? given[plain(field.name)];
		if (value === undefined || (value === null && !(field.name in given))) {
			if (field.required) found.push({ at: `${at}${field.name}`, what: 'missing' });
		} else found.push(...valueProblems(value, field, `${at}${field.name}`, how));
	}
	return found;
}

/** What is wrong with one value. */
export function valueProblems(
	value: unknown,
	field: FieldFacts,
	at: string,
	how: Strictness,
): Problem[] {
	const kind = kindOf(field.kind);
	if (value === null) return kind.nullable ? [] : [{ at, what: 'type' }];
	if (!fits(value, kind.types, how)) return [{ at, what: 'type' }];
	if (Array.isArray(value)) return listProblems(value, field, at, how);
	if (typeof value === 'object') {
		const isEmpty = Object.keys(value).length === 0;
		if (!field.fields || (how.loose && isEmpty)) return [];
		return fieldProblems(value as Record<string, unknown>, field.fields, `${at}.`, how);
	}
	return simpleProblems(value, { ...field, ...rangeOf(field) }, at);
}

function rangeOf({ kind, min, max }: FieldFacts): Pick<FieldFacts, 'min' | 'max'> {
	const told = kindOf(kind);
	return { min: min ?? told.min, max: max ?? told.max };
}

function simpleProblems(value: unknown, field: FieldFacts, at: string): Problem[] {
	const { values, min, above, max, maxLength } = field;
	// A flag may be known by its number.
	const texts = typeof value === 'boolean' ? [String(value), value ? '1' : '0'] : [String(value)];
	if (values && !values.some((one) => texts.includes(String(one)))) return [{ at, what: 'value' }];
	const isNumber = typeof value === 'number' || kindOf(field.kind).types[0] !== 'string';
	const tooSmall = min !== undefined && (above ? Number(value) <= min : Number(value) < min);
	if (isNumber && (tooSmall || Number(value) > (max ?? Infinity))) return [{ at, what: 'range' }];
	if (typeof value === 'string' && value.length > (maxLength ?? Infinity)) {
		return [{ at, what: 'length' }];
	}
	return [];
}

function listProblems(list: unknown[], field: FieldFacts, at: string, how: Strictness): Problem[] {
	if (list.length > (field.maxItems ?? Infinity)) return [{ at, what: 'length' }];
	const element = elementOf(field);
	return list.flatMap((one) => valueProblems(one, element, `${at}[]`, how));
}

/** The facts of a list's elements. */
function elementOf(field: FieldFacts): FieldFacts {
	const inner = /^array\s*(?:<|of )\s*([a-z]+)/i.exec(field.kind)?.[1];
	const known = inner && kindOf(inner).types.length > 0 ? inner : undefined;
	const kind = field.fields ? 'object' : (field.of ?? known ?? 'any');
	// IDs are numbers in one place and texts in another.
	return {
		name: '',
		kind: / id\b/.test(field.kind) ? 'string/integer' : kind,
		...(field.values ? { values: field.values } : {}),
		...(field.fields ? { fields: field.fields } : {}),
	};
}

function fits(value: unknown, types: Simple[], { loose }: Strictness): boolean {
	if (types.length === 0) return true;
	const has = (...wanted: Simple[]) => wanted.some((one) => types.includes(one));
	if (Array.isArray(value)) return has('array');
	switch (typeof value) {
		case 'object':
			return has('object');
		case 'boolean':
			return has('boolean') || (loose === true && has('number', 'integer'));
		case 'number':
			if (has('number') || (loose === true && has('string'))) return true;
			if (has('integer')) return Number.isInteger(value);
			return loose === true && has('boolean') && (value === 0 || value === 1);
		case 'string':
			if (has('string')) return true;
			if (loose === true && has('boolean') && /^[01]$/.test(value)) return true;
			return loose === true && has('number', 'integer') && /^-?\d+(\.\d+)?$/.test(value);
		default:
			return false;
	}
}

/** A number that is the same for the same text, below `most`. */
export function numberFor(text: string, most = 1000): number {
	let hash = 7;
	for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003;
	return hash % most;
}

/** A value that the facts of a field allow; `variant` picks among the known values. */
export function sampleOf(field: FieldFacts, variant = 0): unknown {
	const kind = kindOf(field.kind);
	const { min: limit = 1, max } = rangeOf(field);
	const min = field.above ? limit + 1 : limit;
	const isList = kind.types[0] === 'array';
	if (isList) return [sampleOf(elementOf({ ...field, maxItems: undefined }), variant)];
	if (field.values && field.values.length > 0) {
		const value = field.values[variant % field.values.length];
		return kind.types.includes('string') ? String(value) : asTyped(value, kind);
	}
	if (kind.types.includes('object')) {
		return Object.fromEntries(
			(field.fields ?? []).map((one) => [plain(one.name), sampleOf(one, variant)]),
		);
	}
	if (kind.types[0] === 'string') return textFor(field, kind);
	if (kind.types.length === 0) return 'any';
	if (kind.types[0] === 'boolean') return variant % 2 === 0;
	return Math.min(Math.max(min, 1 + variant), max ?? Infinity);
}

function asTyped(value: string | number | boolean, kind: Kind): unknown {
	if (kind.types[0] === 'boolean') return value === true || value === 'true' || value === '1';
	return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function textFor({ name, format, maxLength }: FieldFacts, kind: Kind): string {
	const form = format ?? kind.format;
	if (form === 'date-time') return '2026-11-28T10:00:00Z';
	if (form === 'date') return '2026-11-28';
	const known = KNOWN_TEXTS.find(([pattern]) => pattern.test(name))?.[1];
	return (known ?? `Sample ${name}`).slice(0, maxLength);
}

/** Texts that other programs read. */
const KNOWN_TEXTS: Array<[RegExp, string]> = [
	[/e-?mail/i, 'sample@example.com'],
	[/(^|_)url|link$/i, 'https://example.com/sample'],
	[/phone/i, '79001234567'],
	[/timezone_name/i, 'Europe/Moscow'],
	[/date/i, '2026-11-28'],
];
