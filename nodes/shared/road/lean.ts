/** JSON that is cut down before it is parsed: an object of several megabytes takes many times as much as a text. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NULL = Buffer.from('null');

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The place behind a text that begins with the quotation mark at `from`. */
function endOfText(json: Buffer, from: number): number {
	let at = from + 1;
	while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
	return at + 1;
}

const isWord = (byte: number) =>
	(byte >= 0x30 && byte <= 0x39) ||
	(byte >= 0x41 && byte <= 0x5a) ||
	(byte >= 0x61 && byte <= 0x7a);

/**
 * The place behind the list that begins at `from` when its end is the first bracket that closes, which Node finds much
 * faster than a loop does; undefined where that is not sure: for a list in the list, or a bracket that may be in a text.
 */
function endOfPlainList(json: Buffer, from: number): number | undefined {
	const end = json.indexOf(CLOSE_LIST, from);
	if (end === -1 || json.subarray(from + 1, end).includes(OPEN_LIST)) return undefined;
	const quote = json.lastIndexOf(QUOTE, end);
	// No text begins behind a letter or a figure: the last text before the bracket is over.
	return quote < from || isWord(json[quote - 1]) ? end + 1 : undefined;
}

/** The place behind the value that begins at `from`. */
function endOfValue(json: Buffer, from: number): number {
	const quick = json[from] === OPEN_LIST ? endOfPlainList(json, from) : undefined;
	if (quick !== undefined) return quick;
	let depth = 0;
	let at = from;
	while (at < json.length) {
		const byte = json[at];
		if (byte === QUOTE) {
			at = endOfText(json, at);
			if (depth === 0) return at;
			continue;
		}
		if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
		else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
			if (depth === 0) return at;
			depth--;
			if (depth === 0) return at + 1;
		} else if (depth === 0 && byte === COMMA) return at;
		at++;
	}
	return at;
}

/**
 * The bytes of a JSON object with null for the values at some places, such as `scenes[].images[].annotations`. Whatever is no
 * JSON stays what it is.
 */
export function leanJson(json: Buffer, places: ReadonlySet<string>): Buffer {
	const kept: Buffer[] = [];
	/** Where each object and list that is open stands. */
	const open: string[] = [];
	let place = '';
	let from = 0;
	let at = 0;
	while (at < json.length) {
		const byte = json[at];
		if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
			open.push(place);
			if (byte === OPEN_LIST) place += '[]';
		} else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
			place = open.pop() ?? '';
		} else if (byte === QUOTE) {
			const end = endOfText(json, at);
			let next = end;
			while (isSpace(json[next])) next++;
			if (json[next] === COLON) {
				const name = json.toString('utf8', at + 1, end - 1);
				const around = open[open.length - 1] ?? '';
				place = around === '' ? name : `${around}.${name}`;
				next++;
				while (isSpace(json[next])) next++;
				if (places.has(place)) {
					kept.push(json.subarray(from, next), NULL);
					next = endOfValue(json, next);
					from = next;
				}
				at = next;
			} else at = end;
			continue;
		}
		at++;
	}
	if (from === 0) return json;
	kept.push(json.subarray(from));
	return Buffer.concat(kept);
}
