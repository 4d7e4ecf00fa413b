import { parseMoscow } from '../shared/clock';
import { UUID_PATTERN } from '../shared/random';
import { MoySkladError } from './errors';

/** Operators of `filter` (MoySklad docs: filtering). `~` contains, `~=` begins, `=~` ends with. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '~=' | '=~';

/** Operator sets of the field tables. */
export const EQUAL: readonly Operator[] = ['='];
export const EQUALITY: readonly Operator[] = ['=', '!='];
export const TEXT: readonly Operator[] = ['=', '!=', '~', '~=', '=~'];
export const ORDERED: readonly Operator[] = ['=', '!=', '<', '>', '<=', '>='];

export type FieldKind =
	| 'string'
	| 'uuid'
	| 'boolean'
	| 'number'
	| 'date'
	| 'enum'
	/** A link to another object, compared by id. */
	| 'reference'
	/** A link to a state, `/entity/<type>/metadata/states/<id>`, compared by id. */
	| 'state';

/** What may be asked of a field. */
export interface FieldRule {
	kind: FieldKind;
	operators: readonly Operator[];
	/** Allowed values of an enum. */
	values?: readonly string[];
	/** Entity types that a reference may point to. */
	types?: readonly string[];
	/** Strict comparisons mean the same as non-strict ones (assortment, `updated`). */
	looseOrder?: boolean;
}

/** What a list does with several LIKE conditions on one field. */
export type LikePolicy =
	/** The first counts (most entities). */
	| 'first'
	/** All are allowed (legacy assortment). */
	| 'many'
	/** Only `~=` together with `=~` (new assortment endpoint). */
	| 'pair';

type ParsedValue = string | number | boolean | null | { from: number; to: number };

/** The conditions on one field that share an operator. */
export interface Condition {
	field: string;
	operator: Operator;
	rule: FieldRule;
	values: ParsedValue[];
	/** The values as written, after unescaping. */
	texts: string[];
}

/** What a list knows about its fields. */
export interface FilterSpec {
	/** The rule of a field; `undefined` when it cannot be filtered by. */
	rule(field: string): FieldRule | undefined;
	like: LikePolicy;
	/** Base URL of references, without a trailing slash. */
	base: string;
}

const LIKE: ReadonlySet<Operator> = new Set<Operator>(['~', '~=', '=~']);
const COMPARE: ReadonlySet<Operator> = new Set<Operator>(['<', '>', '<=', '>=']);
const CONDITION = /^([^=!<>~]*)(=~|~=|!=|>=|<=|=|>|<|~)([\s\S]*)$/;

/** Splits at `;` unless it is written `\;`, and resolves that escape. */
export function splitConditions(text: string): string[] {
	const parts: string[] = [];
	let current = '';
	for (let i = 0; i < text.length; i++) {
		if (text[i] === '\\' && text[i + 1] === ';') {
			current += ';';
			i++;
		} else if (text[i] === ';') {
			parts.push(current);
			current = '';
		} else current += text[i];
	}
	parts.push(current);
	return parts.filter((part) => part !== '');
}

function reference(text: string, field: string, rule: FieldRule, base: string): string {
	// Elements of custom dictionaries have the dictionary's id before their own.
	const link = text.replace(/(\/entity\/customentity\/)[^/]+\/(?=[^/]+$)/i, '$1');
	const match = /^(https?:\/\/[^/]+.*?)\/entity\/([a-z]+)\/([^/?]+)/i.exec(link);
	if (!match || !UUID_PATTERN.test(match[3])) throw new MoySkladError(1014, [text, field]);
	if (match[1] !== base) throw new MoySkladError(1059, [text]);
	if (rule.types && !rule.types.includes(match[2])) throw new MoySkladError(1014, [text, field]);
	return match[3].toLowerCase();
}

function stateReference(text: string, field: string, base: string): string {
	const match = /^(https?:\/\/[^/]+.*?)\/entity\/[a-z]+\/metadata\/states\/([^/?]+)$/i.exec(text);
	if (!match || !UUID_PATTERN.test(match[2])) throw new MoySkladError(1014, [text, field]);
	if (match[1] !== base) throw new MoySkladError(1059, [text]);
	return match[2].toLowerCase();
}

function parseValue(text: string, field: string, rule: FieldRule, base: string): ParsedValue {
	if (text === '') return null;
	switch (rule.kind) {
		case 'boolean':
			if (text !== 'true' && text !== 'false') throw new MoySkladError(1014, [text, field]);
			return text === 'true';
		case 'number': {
			if (!/^-?\d+(\.\d+)?$/.test(text)) throw new MoySkladError(1014, [text, field]);
			return Number(text);
		}
		case 'uuid':
			if (!UUID_PATTERN.test(text)) throw new MoySkladError(1014, [text, field]);
			return text.toLowerCase();
		case 'enum':
			if (!rule.values?.includes(text)) {
				throw new MoySkladError(1041, [text, field, (rule.values ?? []).join(', ')]);
			}
			return text;
		case 'date': {
			const moment = parseMoscow(text);
			if (!moment) throw new MoySkladError(1035, [], { parameter: field });
			return { from: moment.ms, to: moment.ms + moment.precisionMs };
		}
		case 'reference':
			return reference(text, field, rule, base);
		case 'state':
			return stateReference(text, field, base);
		default:
			return text;
	}
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

function equals(value: unknown, wanted: ParsedValue): boolean {
	if (wanted === null) return isEmpty(value);
	if (typeof wanted === 'object') {
		return typeof value === 'number' && value >= wanted.from && value < wanted.to;
	}
	return value === wanted;
}

function like(value: unknown, wanted: ParsedValue, operator: Operator): boolean {
	if (typeof value !== 'string' || typeof wanted !== 'string') return false;
	const text = value.toLowerCase();
	const part = wanted.toLowerCase();
	if (operator === '~') return text.includes(part);
	return operator === '~=' ? text.startsWith(part) : text.endsWith(part);
}

function compare(value: unknown, wanted: ParsedValue, operator: Operator, loose: boolean): boolean {
	if (typeof value !== 'number') return false;
	const bound = wanted !== null && typeof wanted === 'object' ? wanted.from : wanted;
	if (typeof bound !== 'number') return false;
	switch (operator) {
		case '>':
			return loose ? value >= bound : value > bound;
		case '<':
			return loose ? value <= bound : value < bound;
		case '>=':
			return value >= bound;
		default:
			return value <= bound;
	}
}

function holds(condition: Condition, value: unknown): boolean {
	const list: unknown[] = Array.isArray(value) ? (value.length > 0 ? value : [undefined]) : [value];
	const { operator, values, rule } = condition;
	if (operator === '=') return values.some((wanted) => list.some((one) => equals(one, wanted)));
	if (operator === '!=') {
		return values.every((wanted) => list.every((one) => !equals(one, wanted)));
	}
	if (LIKE.has(operator)) {
		return values.some((wanted) => list.some((one) => like(one, wanted, operator)));
	}
	return list.some((one) => compare(one, values[0], operator, rule.looseOrder === true));
}

/** A checked filter. */
export class Filter {
	constructor(private readonly conditions: Condition[]) {}

	get empty(): boolean {
		return this.conditions.length === 0;
	}

	has(field: string): boolean {
		return this.conditions.some((condition) => condition.field === field);
	}

	/** Removes and returns the conditions on a field, for parameters that only look like fields. */
	take(field: string): Condition[] {
		const taken = this.conditions.filter((condition) => condition.field === field);
		for (const condition of taken) this.conditions.splice(this.conditions.indexOf(condition), 1);
		return taken;
	}

	/** True when an object fulfils all conditions; `valueOf` gives strings, numbers (dates: epoch ms), booleans or arrays of them. */
	matches(valueOf: (field: string) => unknown): boolean {
		return this.conditions.every((condition) => holds(condition, valueOf(condition.field)));
	}
}

function checkCombination(conditions: Condition[], policy: LikePolicy): void {
	const byField = new Map<string, Set<Operator>>();
	for (const { field, operator } of conditions) {
		byField.set(field, (byField.get(field) ?? new Set<Operator>()).add(operator));
	}
	for (const [field, operators] of byField) {
		if (operators.has('=') && operators.size > 1) {
			throw new MoySkladError(1034, [`'${field}': = cannot be combined with other operators`]);
		}
	}
	if (policy !== 'pair') return;
	for (const [field, operators] of byField) {
		const likes = [...operators].filter((operator) => LIKE.has(operator));
		const repeated = conditions.some(
			(condition) =>
				condition.field === field && LIKE.has(condition.operator) && condition.values.length > 1,
		);
		if (repeated || (likes.length > 1 && operators.has('~'))) {
			throw new MoySkladError(1034, [`'${field}': only ~= together with =~ may be combined`]);
		}
	}
}

/**
 * Parses and checks a filter. Repeated `=` mean OR, repeated `!=` AND, of repeated comparisons the
 * first counts; conditions on different fields are joined by AND. Throws 1034 (unknown field,
 * operator or combination), 1035 (date), 1014, 1041 (value), 1059 (reference to another server).
 */
export function parseFilter(text: string, spec: FilterSpec): Filter {
	const conditions: Condition[] = [];
	for (const part of splitConditions(text)) {
		const match = CONDITION.exec(part);
		if (!match || match[1] === '') {
			throw new MoySkladError(1034, [`'${part}' is not a condition`], { parameter: 'filter' });
		}
		const field = match[1].trim();
		const operator = match[2] as Operator;
		const rule = spec.rule(field);
		if (!rule) {
			throw new MoySkladError(1034, [`unknown field '${field}'`], { parameter: field });
		}
		if (!rule.operators.includes(operator)) {
			throw new MoySkladError(1034, [`field '${field}' does not support ${operator}`], {
				parameter: field,
			});
		}
		const value = parseValue(match[3], field, rule, spec.base);
		const same = conditions.find(
			(condition) => condition.field === field && condition.operator === operator,
		);
		if (!same) conditions.push({ field, operator, rule, values: [value], texts: [match[3]] });
		else if (!COMPARE.has(operator) && !(LIKE.has(operator) && spec.like === 'first')) {
			same.values.push(value);
			same.texts.push(match[3]);
		}
	}
	checkCombination(conditions, spec.like);
	return new Filter(conditions);
}
