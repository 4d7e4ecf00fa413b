/**
 * What people, sheets, models and expressions put into a form, read by one set of rules: whichever field takes a
 * value, the same value means the same. Each reader gives undefined for nothing (undefined, null, blank text) and
 * throws an `InputProblem` under the field's label for what it cannot read. Dates: `times.ts`.
 */
import type { Choice } from '../catalogue';
import { InputProblem } from '../errors/problems';
import { readExactJson, unmarked } from '../road/exact';

/** What a field says about the values that it takes. */
export interface Readable extends NumberRule {
	label: string;
	kind: 'text' | 'number' | 'toggle' | 'time' | 'choice' | 'choices';
	choices?: Choice[];
	/** Values that are none of the choices pass: the vendor may have added some. */
	open?: boolean;
}

/**
 * The value of a field, whichever part of a form it stands in. Dates are only told from nothing: what they become
 * is up to the field's own `wire`.
 */
export function valueOf(field: Readable, raw: unknown): unknown {
	const { label, kind, choices = [], open } = field;
	switch (kind) {
		case 'text':
			return textOf(label, raw);
		case 'number':
			return numberOf(label, raw, field);
		case 'toggle':
			return yesNo(label, raw);
		case 'choice':
			return choiceOf(label, choices, raw, open);
		case 'choices':
			return listOf(raw)?.map((entry) => choiceOf(label, choices, entry, open));
		case 'time':
			return isNothing(raw) ? undefined : raw;
	}
}

/** A value that must be there. */
export function needed<T>(label: string, value: T | undefined): T {
	if (value !== undefined) return value;
	throw new InputProblem(
		label,
		'is empty',
		`Fill in '${label}', or check the expression that fills it.`,
	);
}

/** As sheets (Russian ones write ИСТИНА), databases, models and people say it. */
const YES = ['true', '1', 'yes', 'y', 'on', 'да', 'истина', 'вкл'];
const NO = ['false', '0', 'no', 'n', 'off', 'нет', 'ложь', 'выкл'];

/** Names of choices that an error lists. */
const MOST_NAMES = 10;
/** Characters of a wrong value that an error repeats. */
const MOST_SHOWN = 100;

/** True for what an empty cell or field gives. */
export function isNothing(raw: unknown): raw is undefined | null | '' {
	return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** A value as an error repeats it: in one line, cut when long. */
export function shown(raw: unknown): string {
	const whole =
		typeof raw === 'object' || raw === undefined ? (JSON.stringify(raw) ?? 'nothing') : String(raw);
	return whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN)}…` : whole;
}

/** True or false, whatever the case: true, 1, yes, on, да; false, 0, no, off, нет. */
export function yesNo(label: string, raw: unknown): boolean | undefined {
	if (isNothing(raw)) return undefined;
	const word = typeof raw === 'object' ? '' : String(raw).trim().toLowerCase();
	if (YES.includes(word)) return true;
	if (NO.includes(word)) return false;
	throw new InputProblem(
		label,
		`is '${shown(raw)}'`,
		'Give true or false; yes, no, 1, 0, да and нет are understood, too.',
	);
}

export interface NumberRule {
	min?: number;
	/** `min` itself does not go. */
	above?: boolean;
	max?: number;
	whole?: boolean;
	/** It counts percents: "12%" is 12. */
	percent?: boolean;
	/** What to do instead of a number that does not go; else the range in words. */
	hint?: string;
}

/**
 * A number, or its text as a sheet shows it: blanks around it and between thousands ("1 250,50"), a decimal point
 * or comma. "1,250" may be 1.25 (Russian) or 1250 (English): it is refused, as is a text with point and comma.
 */
export function numberOf(label: string, raw: unknown, rule: NumberRule = {}): number | undefined {
	if (isNothing(raw)) return undefined;
	const { min = -Infinity, max = Infinity, whole } = rule;
	const read = unmarked(raw);
	const given = rule.percent && typeof read === 'string' ? read.replace(/%\s*$/, '') : read;
	const value = typeof given === 'string' ? numberOfText(label, given) : given;
	if (whole) keptDigits(label, value);
	const fits =
		typeof value === 'number' &&
		Number.isFinite(value) &&
		(rule.above ? value > min : value >= min) &&
		value <= max &&
		(!whole || Number.isInteger(value));
	if (fits) return value;
	throw new InputProblem(label, `is '${shown(raw)}'`, rule.hint ?? rangeWords(rule));
}

/** "Give a whole number from 1 to 300." */
function rangeWords({ min, above, max, whole }: NumberRule): string {
	const from =
		min === undefined
			? ''
			: above
				? ` above ${min}`
				: max === undefined
					? ` from ${min} up`
					: ` from ${min}`;
	const link = above ? ' and up to' : min === undefined ? ' up to' : ' to';
	const to = max === undefined ? '' : `${link} ${max}`;
	return `Give a ${whole ? 'whole ' : ''}number${from}${to}, without a unit or currency.`;
}

/** Digits with or without blanks between thousands, a decimal part, a power of ten. */
const NUMBER = /^[+-]?(?:\d{1,3}(?: \d{3})+|\d+|(?=[.,]\d))(?:[.,]\d*)?(?:e[+-]?\d+)?$/i;

/** NaN for what is no number. */
function numberOfText(label: string, raw: string): number {
	// Blanks that do not break, and the typographic minus.
	const text = raw.trim().replace(/\s/g, ' ').replace('\u2212', '-');
	if (/\d[.,].*[.,]/.test(text) && /^[+-]?[\d., ]+$/.test(text)) {
		throw new InputProblem(
			label,
			`is '${text}', in which points and commas can be read in more than one way`,
			'Write it without separators between thousands, such as 1250.50.',
		);
	}
	if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
		const [thousands, decimal] = [text.replace(',', ''), text.replace(',', '.')];
		throw new InputProblem(
			label,
			`is '${text}', which may mean ${thousands} or ${String(Number(decimal))}`,
			`Write ${decimal} with a point, or ${thousands} without a separator.`,
		);
	}
	if (!NUMBER.test(text)) return NaN;
	const plain = text.replace(/ /g, '').replace(',', '.');
	const value = Number(plain);
	if (/^[+-]?\d+$/.test(plain) && !Number.isSafeInteger(value)) {
		throw new InputProblem(
			label,
			`is '${text}', which has more digits than a number can hold`,
			'Numbers are exact up to 9007199254740991.',
		);
	}
	return value;
}

/** Refuses a whole number that is another one by now: it had more digits than JavaScript keeps, as IDs may have. */
export function keptDigits(label: string, value: unknown): void {
	if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return;
	throw new InputProblem(
		label,
		`is ${value}, which has more digits than a number can hold`,
		'Its last digits are lost already. Give it as text from where it comes: numbers are exact up to 9007199254740991.',
	);
}

/** `4.6E+12`: a sheet's way of showing a long number, with a point or comma; the other digits are gone. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d\d$/i;

/** Refuses a code, phone or barcode that a sheet has shortened: what is left of it is somebody else's, or nobody's. */
export function keptWhole(label: string, text: string): string {
	if (!SHORTENED.test(text.trim())) return text;
	throw new InputProblem(
		label,
		`is '${text.trim()}', as sheets shorten long numbers`,
		'Its other digits are lost: format the column of the sheet as plain text, and read it again.',
	);
}

/** Dashes, and the errors of formulas in English and Russian. */
const SHEETS_NOTHING = /^(?:[-\u2010-\u2015\u2212]+|#(?:N\/A|Н\/Д|[A-ZА-Я][A-ZА-Я\d/]*[!?]))$/;

/** True for what sheets write where nothing is. */
export const isSheetsNothing = (text: string): boolean => SHEETS_NOTHING.test(text);

/**
 * A text that names something, such as an SKU: blanks, line breaks and a byte order mark at its ends do not count. Throws
 * `InputProblem` for what a sheet has shortened, and for what it writes where nothing is.
 */
export function sheetKeyOf(label: string, raw: unknown): string | undefined {
	const text = textOf(label, raw)?.trim();
	if (text === undefined) return undefined;
	if (!isSheetsNothing(text)) return keptWhole(label, text);
	throw new InputProblem(
		label,
		`is '${text}', as sheets write for nothing`,
		`Give '${label}' a value, or leave this item out.`,
	);
}

/** What a sheet may have done to a key that nothing has, as a sentence to be added to a hint; else empty. */
export function lostInSheet(text: string): string {
	if (SHORTENED.test(text)) {
		return ' Sheets shorten long numbers so: format the column as plain text.';
	}
	if (!/^[1-9]\d*$/.test(text)) return '';
	return ' Sheets drop zeros in front of a number: if it has some, format the column as plain text.';
}

/**
 * A date as n8n writes it in a text, in ISO 8601: of a Date, and of Luxon's DateTime, which `$now` is where it is the whole
 * value of a parameter. Undefined for what is something else; one that is no date is refused.
 */
export function dateText(label: string, raw: unknown): string | undefined {
	const date = isoOf(raw);
	if (date !== null) return date;
	throw new InputProblem(
		label,
		'is a date that could not be read',
		'Check the expression that makes the date, and what it is given.',
	);
}

/** Null for a date that is none. */
function isoOf(raw: unknown): string | null | undefined {
	// n8n's text of a DateTime further down in a parameter.
	if (raw === 'Invalid DateTime') return null;
	if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? null : raw.toISOString();
	if (typeof raw !== 'object' || raw === null || !('isLuxonDateTime' in raw)) return undefined;
	return (raw as unknown as { toISO: () => string | null }).toISO();
}

/** A text; numbers, yes/no and dates become one. Objects and lists are refused. */
export function textOf(label: string, raw: unknown): string | undefined {
	if (isNothing(raw)) return undefined;
	const date = dateText(label, raw);
	if (date !== undefined) return date;
	keptDigits(label, raw);
	if (typeof raw !== 'object') return String(unmarked(raw));
	throw new InputProblem(
		label,
		`is ${Array.isArray(raw) ? 'a list' : 'an object'} (${shown(raw)}), not a text`,
		`Give a text, or one ${Array.isArray(raw) ? 'entry of the list' : 'field of the object'}.`,
	);
}

/**
 * The entries of a list: a list as such or as JSON text, or a text with `separator` between them. Empty entries
 * are left out; undefined when none is left.
 */
export function listOf(raw: unknown, separator = /[,\n]/): unknown[] | undefined {
	const entries = (entriesOf(raw, separator) ?? [])
		.map((entry) => (typeof entry === 'string' ? entry.trim() : entry))
		.filter((entry) => !isNothing(entry));
	return entries.length > 0 ? entries : undefined;
}

function entriesOf(raw: unknown, separator: RegExp): unknown[] | undefined {
	if (isNothing(raw)) return undefined;
	if (Array.isArray(raw)) return raw;
	if (typeof raw !== 'string') return [raw];
	if (raw.trimStart().startsWith('[')) {
		try {
			const parsed = readExactJson(raw);
			if (Array.isArray(parsed)) return parsed;
		} catch {
			// A text that only begins like JSON.
		}
	}
	return raw.split(separator);
}

/**
 * One of the choices: its value, or the name that the form shows, case and blanks around it aside. `open` lets
 * values pass that the vendor may know and the list does not.
 */
export function choiceOf(
	label: string,
	choices: Choice[],
	raw: unknown,
	open = false,
): string | undefined {
	const text = textOf(label, raw)?.trim();
	if (text === undefined) return undefined;
	const same = (other: string) => other.toLowerCase() === text.toLowerCase();
	const choice =
		choices.find(({ value }) => value === text) ??
		choices.find(({ value }) => same(value)) ??
		choices.find(({ name }) => same(name));
	// "Not Set" is a choice of the form only: whoever names it has given nothing.
	if (choice) return choice.value || undefined;
	if (open) return text;
	const names = choices.slice(0, MOST_NAMES).map(({ name }) => name);
	throw new InputProblem(
		label,
		`is '${shown(text)}'`,
		`Give one of: ${names.join(', ')}${choices.length > MOST_NAMES ? ' …' : ''}.`,
	);
}

/**
 * The digits of a long whole number, as people, sheets and tables of decimal numbers write them: `№ 51234567890`,
 * `51 234 567 890`, `51234567890.0`. What is none stays as it is.
 */
function plainDigits(text: string): string {
	const digits = text.replace(/^(?:№|#)\s*/, '').replace(/^(\d+)[.,]0$/, '$1');
	return /^\d{1,3}(?:\s\d{3})+$/.test(digits) ? digits.replace(/\s/g, '') : digits;
}

/** An ID from 1 up as digits, however long it is. Throws `InputProblem` with `hint` for what is none. */
export function longIdOf(label: string, raw: unknown, hint: string): string {
	keptDigits(label, raw);
	const text = keptWhole(label, String(raw).trim());
	const digits = plainDigits(text);
	if (/^[1-9]\d*$/.test(digits)) return digits;
	throw new InputProblem(label, `is '${shown(text)}'`, hint);
}

/** IDs of a list as digits, however long they are; undefined when it is empty. */
export function longIdsOf(label: string, raw: unknown): string[] | undefined {
	return listOf(raw)?.map((entry) => {
		keptDigits(label, entry);
		const digits = plainDigits(String(entry).trim());
		if (/^\d+$/.test(digits)) return digits.replace(/^0+(?=\d)/, '');
		throw new InputProblem(
			label,
			`holds '${shown(entry)}', which is no whole number`,
			'Give whole numbers, separated by commas.',
		);
	});
}

/** Whole numbers of a list; undefined when it is empty. */
export function wholeNumbersOf(label: string, raw: unknown): number[] | undefined {
	return listOf(raw)?.map((entry) => {
		const text = String(entry).trim();
		if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
		throw new InputProblem(
			label,
			`holds '${shown(entry)}', which is no whole number`,
			'Give whole numbers, separated by commas.',
		);
	});
}
