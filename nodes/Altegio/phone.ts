/**
 * Phones as people write them → digits with the code of the country, as Altegio wants them (reference of the project:
 * altegio-api.md §1.7: never cut to ten digits).
 */
import { InputProblem } from '../shared/errors/problems';

/** The shortest number that surely has a country code when no plus says so; ITU E.164 allows 15 digits. */
const SURE = 11;
const LONGEST = 15;
const SHORTEST = 7;

/** What may stand between digits. */
const SPELLING = /^(?:tel:)?(?:\s*\+)?[\d\s().\-–—/\u00a0]+$/i;

/**
 * The digits of a phone. `00` in front is a plus. An 8 in front of ten digits is the trunk code of Russia and its
 * neighbours and becomes 7, except 84 outside YCLIENTS, which is Vietnam's. Throws `InputProblem` that names `label`.
 */
export function phoneOf(label: string, value: unknown, baseUrl: string): string {
	const text = String(value).trim();
	const digits = text.replace(/\D/g, '');
	if (!SPELLING.test(text) || digits === '') {
		throw new InputProblem(
			label,
			`is '${text}', which is no phone`,
			'Give digits with the code of the country, such as +1 315 555-01-75.',
		);
	}
	const hasPlus = text.replace(/^tel:\s*/i, '').startsWith('+');
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
