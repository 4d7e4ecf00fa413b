/**
 * Whole numbers beyond 2^53, which JavaScript cannot hold: such IDs stay exact. In a call they are texts with a mark
 * before the digits, on the wire JSON numbers again; in what a vendor answers they become texts of digits.
 */
const MARK = '\u0001';
/** The mark as `JSON.stringify` writes it. */
const WRITTEN = /"\\u0001(-?\d+)"/g;
/** A number in JSON that may be too long. */
const LONG = /(?<![\d.])-?\d{16,}(?![\d.eE])/g;
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
	return readWith(text, '');
}

/** The same for JSON that a vendor gets as it is: numbers that are too long are marked, and are numbers on the wire. */
export function readMarkedJson(text: string): unknown {
	return readWith(text, '\\u0001');
}

/** `mark`: what stands before the digits of a number that is too long, as JSON writes it. */
function readWith(text: string, mark: string): unknown {
	if (!MAY_BE_LONG.test(text)) return JSON.parse(text);
	const quote = (found: string) =>
		Number.isSafeInteger(Number(found)) ? found : `"${mark}${found}"`;
	// Text by text, as a pattern for them overflows the stack on a long one.
	const parts: string[] = [];
	for (let at = 0; at < text.length;) {
		const from = text.indexOf('"', at);
		parts.push(text.slice(at, from < 0 ? undefined : from).replace(LONG, quote));
		if (from < 0) break;
		at = endOfText(text, from);
		parts.push(text.slice(from, at));
	}
	return JSON.parse(parts.join(''));
}

/** Behind the text in JSON that begins at `from`. */
function endOfText(json: string, from: number): number {
	for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
		let before = end;
		while (json[before - 1] === '\\') before--;
		if ((end - before) % 2 === 0) return end + 1;
	}
	return json.length;
}
