/**
 * Phones as people write them → digits with the code of the country, as Altegio wants them (reference of the project:
 * altegio-api.md §1.7: never cut to ten digits).
 */
import { InputProblem } from '../shared/errors/problems';
import { keptWhole } from '../shared/form/readers';

/** The shortest number that surely has a country code when no plus says so; ITU E.164 allows 15 digits. */
const SURE = 11;
const LONGEST = 15;
const SHORTEST = 7;

/** What may stand between digits. */
const SPELLING = /^\+?[\d\s().\-–—/]+$/;
/** Words in front that say that it is a phone, and the mark by which sheets keep a text. */
const IN_FRONT = /^(?:'|(?:tel|phone|mob|mobile|whatsapp|тел|телефон|моб|мобильный)[.:]*)\s*/i;
/** Marks of the direction of writing, as address books copy them along; nobody sees them. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** A whole number as sheets and programs write those with decimals. */
const DECIMAL = /^(\d{7,15})[.,]0+$/;
/** Stands between two phones of one cell; a plus begins the next one. */
const BETWEEN = /[,;/\n|]|(?=\+)/;

/**
 * The digits of a phone. `00` in front is a plus. An 8 in front of ten digits is the trunk code of Russia and its
 * neighbours and becomes 7, except 84 outside YCLIENTS, which is Vietnam's. Throws `InputProblem` that names `label`.
 */
export function phoneOf(label: string, value: unknown, baseUrl: string): string {
	const { text, digits } = spelled(label, value);
	const hasPlus = text.startsWith('+');
	const isForeign = !hasPlus && digits.startsWith('00');
	const number = isForeign ? digits.slice(2) : digits;
	if (number.length > LONGEST || number.length < SHORTEST) {
		throw new InputProblem(
			label,
			`is '${text}', which has ${number.length} digits`,
			`A phone with the code of its country has ${SHORTEST} to ${LONGEST}.`,
		);
	}
	if (hasPlus || isForeign) return number;
	if (number.length < SURE || number.startsWith('0')) {
		throw new InputProblem(
			label,
			`is '${text}', which has no code of a country`,
			'Write it in front: +1 315 555-01-75. Altegio finds no client by a part of a phone for sure.',
		);
	}
	return withoutTrunk(number, baseUrl);
}

/**
 * The digits of a phone by which somebody is looked for. A number that is too short for a phone goes as it is: nobody has
 * it, or somebody for whom it was put in so.
 */
export function phoneToFind(label: string, value: unknown, baseUrl: string): string {
	const { digits } = spelled(label, value);
	return digits.length < SHORTEST ? digits : phoneOf(label, value, baseUrl);
}

/** A phone without what people write around it, and its digits. Throws `InputProblem` for what is none, or several. */
function spelled(label: string, value: unknown): { text: string; digits: string } {
	const given = keptWhole(label, String(value).replace(UNSEEN, '').trim());
	const text = given.replace(IN_FRONT, '').replace(DECIMAL, '$1');
	const digits = text.replace(/\D/g, '');
	const phones = text.split(BETWEEN).filter((part) => digitsOf(part).length >= SHORTEST);
	if (phones.length > 1) {
		throw new InputProblem(
			label,
			`is '${text}', which is more than one phone`,
			'Give one of them; a client has one phone.',
		);
	}
	// A point with a single digit behind it is that of a number, not one between the parts of a phone.
	if (!SPELLING.test(text) || digits === '' || /^\d+[.]\d$/.test(text)) {
		throw new InputProblem(
			label,
			`is '${given}', which is no phone`,
			'Give digits with the code of the country, such as +1 315 555-01-75, and nothing else.',
		);
	}
	return { text, digits };
}

/** `89991234567` → `79991234567`. */
function withoutTrunk(number: string, baseUrl: string): string {
	const isYclients = new URL(baseUrl).hostname.includes('yclients');
	const pattern = isYclients ? /^8[3-9]\d{9}$/ : /^8[389]\d{9}$/;
	return pattern.test(number) ? `7${number.slice(1)}` : number;
}

/** Digits of a phone as Altegio gives it back: a text with a plus, or a number. */
export function digitsOf(phone: unknown): string {
	return String(phone ?? '').replace(/\D/g, '');
}
