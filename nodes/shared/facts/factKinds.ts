/** What the vendors' words for types mean, and names as people read them. */
import type { Choice } from '../catalogue';
import { labelFrom, partsOfName } from '../form/labels';
import type { FieldFacts } from './facts';

export type PlainType = 'text' | 'whole' | 'number' | 'toggle' | 'date' | 'dateTime';

/** A field's kind, whatever word the vendor has for it. */
export interface Kind {
	type: PlainType | 'object' | 'list' | 'file' | 'any';
	/** Of a list: what its elements are; `any` where nobody says it. */
	of?: PlainType | 'object' | 'any';
	min?: number;
	/** The value must be above `min`. */
	above?: true;
	max?: number;
	/** Characters. */
	maxLength?: number;
	/** May have more digits than a number of JavaScript holds exactly. */
	long?: true;
}

/** Names of IDs, which are whole numbers where a vendor says `number`. */
const IS_ID = /(^|_)ids?$|Ids?$/;

/** The kind of a field by its facts: `integer`, `number(float)`, `array<string>`, `string ISO 8601`, `number[ 1 .. 7 ]`. */
export function kindFromFacts(field: FieldFacts): Kind {
	const word = field.kind.toLowerCase();
	const long = field.format === 'int64' ? { long: true as const } : {};
	if (word.startsWith('array')) return { type: 'list', of: elementOf(field, word), ...long };
	const type = field.fields ? 'object' : typeOf(word, field);
	return { type, ...rangeOf(field, word, type), ...long };
}

/** True for a name that means an ID. */
export function meansId(name: string): boolean {
	return IS_ID.test(name);
}

function elementOf(field: FieldFacts, word: string): Kind['of'] {
	if (field.fields) return 'object';
	const of = field.of?.toLowerCase() ?? /^array\s*(?:<|of\s+)([\w\s]+)/.exec(word)?.[1]?.trim();
	if (of === undefined || /^(arrays?|items?|object)$/.test(of)) return 'any';
	// Such as "array of image id", of which nobody knows whether they are numbers.
	if (/\bid$/.test(of)) return 'text';
	const type = typeOf(of, { ...field, kind: of });
	return type === 'object' || type === 'file' || type === 'list' ? 'any' : type;
}

function typeOf(word: string, { name, format }: FieldFacts): Kind['type'] {
	if (word.startsWith('object')) return 'object';
	if (word.startsWith('bool')) return 'toggle';
	if (format === 'binary' || /^(binary|file)/.test(word)) return 'file';
	if (format === 'date-time' || /date-time|iso 8601/.test(word)) return 'dateTime';
	if (format === 'date' || /^(string\()?date\b/.test(word)) return 'date';
	// "string in doc, integer in sample": a text is true of both.
	if (word.includes('string')) return 'text';
	if (/^int/.test(word) || /\(int\d+\)/.test(word)) return 'whole';
	if (/^(number|float|double)/.test(word)) return meansId(name) ? 'whole' : 'number';
	return 'text';
}

/** Limits, from the facts or from the word: `integer[ 1 .. 255 ]`, `number<= 1000`, `string ≤255`. */
function rangeOf(field: FieldFacts, word: string, type: Kind['type']): Omit<Kind, 'type' | 'of'> {
	const both = /\[\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*\]/.exec(word);
	const most = /(?:<=|≤)\s*(\d+)/.exec(word)?.[1];
	const told =
		type === 'text'
			? { maxLength: most === undefined ? undefined : Number(most) }
			: {
					min: both ? Number(both[1]) : undefined,
					max: both ? Number(both[2]) : most === undefined ? undefined : Number(most),
				};
	const { min, above, max, maxLength } = field;
	return defined({ ...told, ...defined({ min, above, max, maxLength }) });
}

function defined<T extends object>(values: T): T {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** How lists are sorted, in n8n's words. */
const ORDERS = { asc: 'Ascending', desc: 'Descending' };

/** `READY_TO_SHIP`, `masculine` or `inSale` → `Ready to Ship`, `Masculine`, `In Sale`. */
function choiceName(value: string | number | boolean, more?: Record<string, string>): string {
	const text = String(value);
	const words = { ...ORDERS, ...more };
	return labelFrom(/^[A-Z0-9_]+$/.test(text) ? text.toLowerCase() : text, words);
}

/** Names with an order that everybody knows; all others go by the alphabet, as n8n wants it. */
const IN_ORDER = [
	...['Hour', 'Day', 'Week', 'Month', 'Year'],
	...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
];

/** Choices as people look for them: sorted in place; "Not Set" and "Not Chosen Yet" before days and units of time. */
export function choicesInOrder(choices: Choice[]): Choice[] {
	const place = ({ name }: Choice) => IN_ORDER.indexOf(name);
	const haveOrder = choices.every((one) => place(one) >= 0 || one.name.startsWith('Not '));
	return choices.sort(
		(one, other) =>
			(haveOrder ? place(one) - place(other) : 0) || one.name.localeCompare(other.name, 'en'),
	);
}

/** The values of an enumeration as choices, by name. Two values never share a name. */
export function choicesFrom(
	values: NonNullable<FieldFacts['values']>,
	more?: Record<string, string>,
	names: Record<string, string> = {},
): Choice[] {
	const choices = values.map((value) => ({
		name: names[String(value)] ?? choiceName(value, more),
		value: String(value),
	}));
	const count = new Map<string, number>();
	for (const { name } of choices) count.set(name, (count.get(name) ?? 0) + 1);
	return choicesInOrder(
		choices.map((choice) =>
			count.get(choice.name) === 1
				? choice
				: { ...choice, name: `${choice.name} (${choice.value})` },
		),
	);
}

/** `region_id` or `order.delivery.dates` → `regionId`, `orderDeliveryDates`. */
export function camel(path: string): string {
	const [first, ...rest] = partsOfName(path);
	const tail = rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
	return [first.charAt(0).toLowerCase() + first.slice(1), ...tail].join('');
}
