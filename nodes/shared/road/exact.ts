/**
 * Whole numbers beyond 2^53, which JavaScript cannot hold: such IDs stay exact. In a call they are texts with a mark
 * before the digits, on the wire JSON numbers again; in what a vendor answers they become texts of digits.
 */
const MARK = '\u0001';
/** The mark as `JSON.stringify` writes it. */
const WRITTEN = /"\\u0001(-?\d+)"/g;
/** A number in JSON that may be too long, or a text, which is skipped whatever it holds. */
const TEXT_OR_LONG = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g;
const MAY_BE_LONG = /\d{16}/;

/** Digits as a body holds them: a number, or a marked text where a number would become another one. */
export function wholeNumber(digits: string): number | string {
	const id = exactId(digits);
	return typeof id === 'number' ? id : `${MARK}${digits}`;
}

/** A value as people read it: without the mark. */
export function unmarked(value: unknown): unknown {
	return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : value;
}

/** An ID in an item: a number, or a text where a number would be another one. */
export function exactId(digits: string): number | string {
	const value = Number(digits);
	return Number.isSafeInteger(value) ? value : digits;
}

/** JSON in which marked texts are numbers. */
export function exactJson(value: unknown): string {
	const text = JSON.stringify(value);
	return text.includes('\\u0001') ? text.replace(WRITTEN, '$1') : text;
}

/** What a JSON text holds; numbers that are too long come as texts. Throws `SyntaxError`. */
export function readExactJson(text: string): unknown {
	if (!MAY_BE_LONG.test(text)) return JSON.parse(text);
	const quoted = text.replace(TEXT_OR_LONG, (found) =>
		found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`,
	);
	return JSON.parse(quoted);
}
