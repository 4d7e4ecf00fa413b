/** MoySklad's filter and order syntax. Source: MoySklad docs, Filtering; reference of the project §2.4–2.5. */
import type { Call, FilterField, FilterOperator, FilterTerm } from '../shared/catalogue';
import { valueAt } from '../shared/road/paging';
import { InputProblem } from '../shared/errors/problems';
import { choiceOf, numberOf, shown, textOf, yesNo } from '../shared/form/readers';
import { instantOf } from '../shared/form/times';
import { toKopecks } from './money';
import {
	ID_LOOKS,
	isUuid,
	notUnderstood,
	readLink,
	type Reference,
	referenceOf,
	targetOf,
} from './references';

/** The sign of each operator; the empty ones compare with nothing. */
const SIGNS: Record<FilterOperator, string> = {
	equals: '=',
	notEquals: '!=',
	contains: '~',
	notContains: '!~',
	startsWith: '~=',
	endsWith: '=~',
	greater: '>',
	greaterOrEqual: '>=',
	less: '<',
	lessOrEqual: '<=',
	isEmpty: '=',
	isNotEmpty: '!=',
};

/** MoySklad's clock: Moscow time, the whole year three hours ahead of UTC. */
const MOSCOW_MS = 3 * 3600 * 1000;

/** `YYYY-MM-DD HH:mm:ss.SSS` in Moscow time, of an instant in ms. */
export function moscowTime(instant: number): string {
	return new Date(instant + MOSCOW_MS).toISOString().replace('T', ' ').replace('Z', '');
}

/** A moment as MoySklad's answers have it. */
const OWN_FORM = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;

/**
 * A moment that the user gives, in Moscow time. What comes from MoySklad's own answers is Moscow time already and
 * stays as it is; anything else without an offset is in the workflow's zone. Throws `InputProblem`.
 */
export function momentOf(value: unknown, timezone: string, label: string): string {
	const own = typeof value === 'string' && OWN_FORM.test(value.trim());
	return moscowTime(instantOf(value, own ? 'Europe/Moscow' : timezone, label));
}

/**
 * The reference (`href`) of an object, from its ID, href or web link. `entity` is a keyword, several with commas,
 * or `*` for any. Throws `InputProblem`.
 */
export function conditionLink(
	baseUrl: string,
	entity: string,
	value: unknown,
	label: string,
): string {
	const targets = entityTargets(entity);
	const { meta } = referenceOf(value, targets, baseUrl, label) as Partial<Reference>;
	if (meta?.href) return meta.href;
	if (meta && ('wanted' in meta || 'unsure' in meta)) {
		throw notUnderstood(label, shown(value), targets, false);
	}
	throw new InputProblem(
		label,
		`is '${shown(value)}', a link whose ID only the web app understands`,
		'Give the ID or the API link, or pick the object from the list.',
	);
}

/**
 * What conditions compare references with, as references; names, codes and IDs of an open type stay pending. Throws `InputProblem`.
 */
export function readReferences(call: Call): void {
	for (const term of call.filter) {
		const { of } = term;
		if (of?.kind !== 'reference' && !(of?.kind === 'uuid' && of.entity)) continue;
		const targets = entityTargets(of.entity ?? of.name);
		term.values = term.values.map((given) => referenceOf(given, targets, call.baseUrl, of.label));
	}
}

const entityTargets = (entity: string) => (entity === '*' ? [] : entity.split(',').map(targetOf));

/** One value inside a filter: a semicolon would end the condition. */
export function escapeValue(value: string): string {
	return value.replace(/;/g, '\\;');
}

/**
 * A condition on a part of a text. Signs at the beginning and backslashes at the end would be taken for syntax.
 */
export function containing(field: string, text: string): string {
	return `${field}~${escapeValue(text.replace(/^[=~]+|(?<!\\)\\+$/g, ''))}`;
}

/**
 * MoySklad has no way to write some values: behind `=`, a leading `~` makes the operator `=~`; a backslash
 * before a semicolon, or at the end, is taken for an escape. Asking for something else in silence is worse
 * than saying so.
 */
export function checkValue(sign: string, value: string, label: string): void {
	const longer = Object.values(SIGNS).find((other) => other === sign + value[0]);
	if (longer) {
		throw new InputProblem(
			label,
			`is compared with '${value}', whose first character MoySklad would read as part of the operator`,
			"Leave the first character out and use 'Contains' or 'Ends With', or filter the rows after this node.",
		);
	}
	if (/\\(;|$)/.test(value)) {
		throw new InputProblem(
			label,
			`is compared with '${value}', in which MoySklad would not see the backslash`,
			"Leave the backslash out and use 'Contains' or 'Starts With', or filter the rows after this node.",
		);
	}
}

/** The `filter` parameter of a list, or undefined when nothing is filtered. Throws `InputProblem`. */
export function writeFilter(call: Call, raw?: string): string | undefined {
	const parts = call.filter.flatMap((term) => writeTerm(term, call));
	checkRepeats(call.filter);
	if (raw?.trim()) parts.push(raw.trim());
	return parts.length > 0 ? parts.join(';') : undefined;
}

function writeTerm({ field, operator, values, of }: FilterTerm, call: Call): string[] {
	const sign = SIGNS[operator];
	if (operator === 'isEmpty' || operator === 'isNotEmpty') return [`${field}${sign}`];
	return values.map((given) => {
		const value = of
			? conditionValue(given, of, call)
			: String(valueAt(given, 'meta.href') ?? given);
		checkValue(sign, value, of?.label ?? field);
		return `${field}${sign}${escapeValue(value)}`;
	});
}

/** A value that the user gave as the filter has it. Throws `InputProblem` with the field's label. */
function conditionValue(given: unknown, field: FilterField, call: Call): string {
	const { label } = field;
	switch (field.kind) {
		case 'time':
			return momentOf(given, call.timezone, label);
		case 'reference':
			return conditionLink(call.baseUrl, field.entity ?? field.name, given, label);
		case 'uuid':
			return givenId(given, label);
		case 'toggle':
			return String(yesNo(label, given));
		case 'number': {
			const number = numberOf(label, given) as number;
			return String(field.money && call.control.money === 'roubles' ? toKopecks(number) : number);
		}
		case 'choice':
			return String(choiceOf(label, field.choices ?? [], given, true));
		default:
			return typeof given === 'string' ? given : String(textOf(label, given));
	}
}

/** An ID as such, in an API link, or in an object. Throws `InputProblem`. */
function givenId(given: unknown, label: string): string {
	const held =
		typeof given === 'object' && given !== null
			? (valueAt(given, 'id') ?? valueAt(given, 'meta.href') ?? given)
			: given;
	const text = String(held).trim();
	if (isUuid(text)) return text;
	const link = readLink(text);
	if (link?.path) return link.id;
	throw new InputProblem(label, `is '${shown(given)}'`, ID_LOOKS);
}

/** MoySklad refuses `=` together with another operator on one field, and silently drops a second `>`. */
function checkRepeats(terms: FilterTerm[]): void {
	const byField = new Map<string, string[]>();
	for (const { field, operator, values } of terms) {
		const signs = Array.from({ length: Math.max(1, values.length) }, () => SIGNS[operator]);
		byField.set(field, [...(byField.get(field) ?? []), ...signs]);
	}
	for (const [field, signs] of byField) {
		if (signs.includes('=') && signs.some((sign) => sign !== '=')) {
			throw new InputProblem(
				'Conditions',
				`compare '${field}' with 'Is' or 'Is Empty' and with another operator, which MoySklad refuses`,
				"Keep one of the two; several values of 'Is' are alternatives.",
			);
		}
		const twice = ['>', '>=', '<', '<='].find(
			(bound) => signs.filter((sign) => sign === bound).length > 1,
		);
		if (twice) {
			throw new InputProblem(
				'Conditions',
				`compare '${field}' twice with the same operator, of which MoySklad would use the first only`,
				'Keep the narrower of the two.',
			);
		}
	}
}

/** The `order` parameter (`name,asc;code,desc`), or undefined. */
export function writeOrder(call: Call): string | undefined {
	if (call.sort.length === 0) return undefined;
	return call.sort.map(([field, direction]) => `${field},${direction}`).join(';');
}
