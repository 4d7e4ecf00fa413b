/**
 * Rows of a JSON file that comes piece by piece: a report may have hundreds of thousands of them, and file, text and
 * objects at once would take many times its size. Each row is parsed by itself, and equal texts of a column are kept
 * once.
 */
import type { IDataObject } from 'n8n-workflow';

import { readExactJson } from '../road/exact';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Different texts of a column that are remembered; a column with more of them has few that are equal. */
const MOST_TEXTS = 5000;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Reads the objects of a list, or of the first list in an object. Anything else has no rows. */
export class JsonRows {
	private readonly rows: IDataObject[] = [];
	/** What the file holds beside the rows, which must be JSON too. */
	private readonly around: Buffer[] = [];
	/** The row that is being read, as far as it has come. */
	private readonly row: Buffer[] = [];
	private readonly texts = new Map<string, Map<string, string> | undefined>();
	private depth = 0;
	private inText = false;
	private escaped = false;
	/** Depth of the rows; 0 before the list has begun, -1 behind its end. */
	private listDepth = 0;
	private inRow = false;
	/** Rows are divided by one comma. */
	private needsComma = false;
	private failed = false;

	/** `first`: what each row begins with, unless it has that itself. */
	constructor(private readonly first: IDataObject) {}

	/** Takes the next bytes, which may change afterwards. */
	write(piece: Buffer): void {
		if (this.failed) return;
		/** Beginning of what is not put aside yet. */
		let from = 0;
		for (let at = 0; at < piece.length; at++) {
			const byte = piece[at];
			if (this.inText) {
				if (this.escaped) this.escaped = false;
				else if (byte === BACKSLASH) this.escaped = true;
				else if (byte === QUOTE) this.inText = false;
				continue;
			}
			const inList = this.depth === this.listDepth && this.listDepth > 0;
			if (inList && !isSpace(byte)) {
				if (byte === COMMA) {
					if (!this.needsComma) return this.fail();
					this.needsComma = false;
					continue;
				}
				if (byte === CLOSE_LIST) {
					// A comma at the end is no JSON.
					if (!this.needsComma && this.rows.length > 0) return this.fail();
					this.listDepth = -1;
					this.depth--;
					from = at;
					continue;
				}
				const isRow = byte === OPEN_OBJECT || byte === OPEN_LIST;
				if (!isRow || (this.needsComma && this.rows.length > 0)) return this.fail();
				this.inRow = true;
				from = at;
			}
			if (byte === QUOTE) this.inText = true;
			else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
				this.depth++;
				const begins = byte === OPEN_LIST && this.depth <= 2 && this.listDepth === 0;
				if (begins) {
					this.listDepth = this.depth;
					this.around.push(Buffer.from(piece.subarray(from, at + 1)));
				}
			} else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
				this.depth--;
				if (this.inRow && this.depth === this.listDepth) {
					this.row.push(piece.subarray(from, at + 1));
					if (!this.add()) return this.fail();
					from = at + 1;
				}
			}
		}
		const rest = piece.subarray(from);
		if (this.inRow) this.row.push(Buffer.from(rest));
		else if (this.listDepth <= 0) this.around.push(Buffer.from(rest));
	}

	/** The rows of a file that has come as a whole; undefined when it is no JSON with a list of objects. */
	end(): IDataObject[] | undefined {
		if (this.failed || this.listDepth !== -1) return undefined;
		return parsed(Buffer.concat(this.around).toString('utf8')) === undefined
			? undefined
			: this.rows;
	}

	private fail(): void {
		this.failed = true;
		this.rows.length = 0;
	}

	private add(): boolean {
		const [whole] = this.row;
		const text = (this.row.length === 1 ? whole : Buffer.concat(this.row)).toString('utf8');
		this.row.length = 0;
		this.inRow = false;
		this.needsComma = true;
		const row = this.parsed(text);
		if (row === undefined) return false;
		for (const name of Object.keys(row)) {
			const value = row[name];
			if (typeof value === 'string') row[name] = this.once(name, value);
		}
		this.rows.push(row);
		return true;
	}

	/** The row, made in one go: an object that is copied, or grows, takes more room. */
	private parsed(text: string): IDataObject | undefined {
		const names = Object.keys(this.first);
		const plain = text[0] === '{' && !/^\{\s*\}$/.test(text);
		if (names.length > 0 && plain) {
			return parsed(`${JSON.stringify(this.first).slice(0, -1)},${text.slice(1)}`);
		}
		const row = parsed(text);
		return row && { ...this.first, ...row };
	}

	/** The text that came first of those that are equal. */
	private once(column: string, text: string): string {
		if (!this.texts.has(column)) this.texts.set(column, new Map());
		const known = this.texts.get(column);
		if (!known) return text;
		const before = known.get(text);
		if (before !== undefined) return before;
		known.set(text, text);
		// Not worth while: nearly every row has another one.
		if (known.size > MOST_TEXTS) this.texts.set(column, undefined);
		return text;
	}
}

function parsed(text: string): IDataObject | undefined {
	try {
		return readExactJson(text) as IDataObject;
	} catch {
		return undefined;
	}
}
