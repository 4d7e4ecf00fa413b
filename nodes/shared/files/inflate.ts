/**
 * Unpacks deflated bytes (RFC 1951). Node's own unpacker is closed to community nodes in n8n's cloud; names follow the
 * standard.
 */

/** Bits of a literal or length code (288 values) and of a distance code, or of the code for code lengths. */
const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;
const LENGTH_BASE = [
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59,
].concat([67, 83, 99, 115, 131, 163, 195, 227, 258]);
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3].concat([
	4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385].concat([
	513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = DISTANCE_BASE.map((_, at) => Math.max(0, (at >> 1) - 1));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** How many codes have each length, and the values in the order of their codes (RFC 1951, 3.2.2). */
interface Code {
	counts: Uint16Array;
	values: Uint16Array;
}

function codeOf(lengths: ArrayLike<number>): Code {
	const counts = new Uint16Array(LONGEST_CODE + 1);
	for (let at = 0; at < lengths.length; at++) counts[lengths[at]]++;
	counts[0] = 0;
	const next = new Uint16Array(LONGEST_CODE + 2);
	for (let length = 1; length <= LONGEST_CODE; length++) {
		next[length + 1] = next[length] + counts[length];
	}
	const values = new Uint16Array(lengths.length);
	for (let at = 0; at < lengths.length; at++) if (lengths[at]) values[next[lengths[at]]++] = at;
	return { counts, values };
}

const FIXED_LITERALS = codeOf(
	Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = codeOf(new Array<number>(30).fill(5));

/** What is unpacked may be copied from so far back (RFC 1951, 2). */
const WINDOW = 32 * 1024;
/** Bytes that are handed over at a time, at most. */
const PIECE = 128 * 1024;

/** The bytes are no deflated data, or more than were announced. */
export class NotDeflated extends Error {}

class Reader {
	private at = 0;
	private held = 0;
	private count = 0;
	private size = 0;
	private out: Buffer;
	/** Where in `out` that begins which was not handed over, and what was. */
	private from = 0;
	private given = 0;

	constructor(
		private readonly bytes: Buffer,
		size: number,
		private readonly most: number,
		private readonly take?: (piece: Buffer) => void,
	) {
		const room = take ? WINDOW + PIECE : Math.max(64, Math.min(size, most));
		this.out = Buffer.allocUnsafe(room);
	}

	all(): Buffer {
		this.blocks();
		return this.out.subarray(0, this.size);
	}

	pieces(): void {
		this.blocks();
		this.give();
	}

	private blocks(): void {
		let last = 0;
		while (!last) {
			last = this.bits(1);
			const type = this.bits(2);
			if (type === 0) this.stored();
			else if (type === 1) this.block(FIXED_LITERALS, FIXED_DISTANCES);
			else if (type === 2) this.dynamic();
			else throw new NotDeflated();
		}
	}

	/** Hands over what is new, and keeps what may be copied from. */
	private give(): void {
		if (this.size > this.from) this.take?.(this.out.subarray(this.from, this.size));
		this.given += this.size - this.from;
		const kept = Math.min(WINDOW, this.size);
		this.out.copyWithin(0, this.size - kept, this.size);
		this.size = kept;
		this.from = kept;
	}

	private bits(wanted: number): number {
		while (this.count < wanted) {
			if (this.at >= this.bytes.length) throw new NotDeflated();
			this.held |= this.bytes[this.at++] << this.count;
			this.count += 8;
		}
		const value = this.held & ((1 << wanted) - 1);
		this.held >>>= wanted;
		this.count -= wanted;
		return value;
	}

	private value({ counts, values }: Code): number {
		let code = 0;
		let first = 0;
		let index = 0;
		for (let length = 1; length <= LONGEST_CODE; length++) {
			code |= this.bits(1);
			const count = counts[length];
			if (code - count < first) return values[index + (code - first)];
			index += count;
			first = (first + count) << 1;
			code <<= 1;
		}
		throw new NotDeflated();
	}

	/** Room for so many bytes more. */
	private room(bytes: number): void {
		const needed = this.size + bytes;
		if (this.given + needed - this.from > this.most) throw new NotDeflated();
		if (needed <= this.out.length) return;
		if (this.take) return this.give();
		const larger = Buffer.allocUnsafe(Math.min(this.most, Math.max(needed, this.out.length * 2)));
		this.out.copy(larger, 0, 0, this.size);
		this.out = larger;
	}

	private stored(): void {
		this.held = 0;
		this.count = 0;
		if (this.at + 4 > this.bytes.length) throw new NotDeflated();
		const length = this.bytes.readUInt16LE(this.at);
		if ((length ^ 0xffff) !== this.bytes.readUInt16LE(this.at + 2)) throw new NotDeflated();
		this.at += 4;
		if (this.at + length > this.bytes.length) throw new NotDeflated();
		this.room(length);
		this.bytes.copy(this.out, this.size, this.at, this.at + length);
		this.at += length;
		this.size += length;
	}

	private dynamic(): void {
		const literals = this.bits(5) + 257;
		const distances = this.bits(5) + 1;
		const known = this.bits(4) + 4;
		const lengths = new Uint8Array(19);
		for (let at = 0; at < known; at++) lengths[ORDER[at]] = this.bits(3);
		const code = codeOf(lengths);
		const all = new Uint8Array(literals + distances);
		for (let at = 0; at < all.length;) {
			const value = this.value(code);
			if (value < 16) {
				all[at++] = value;
				continue;
			}
			if (value === 16 && at === 0) throw new NotDeflated();
			const repeated = value === 16 ? all[at - 1] : 0;
			const times =
				value === 16 ? 3 + this.bits(2) : value === 17 ? 3 + this.bits(3) : 11 + this.bits(7);
			if (at + times > all.length) throw new NotDeflated();
			all.fill(repeated, at, at + times);
			at += times;
		}
		this.block(codeOf(all.subarray(0, literals)), codeOf(all.subarray(literals)));
	}

	private block(literals: Code, distances: Code): void {
		for (;;) {
			const value = this.value(literals);
			if (value === END_OF_BLOCK) return;
			if (value < END_OF_BLOCK) {
				this.room(1);
				this.out[this.size++] = value;
				continue;
			}
			const at = value - 257;
			if (at >= LENGTH_BASE.length) throw new NotDeflated();
			const length = LENGTH_BASE[at] + this.bits(LENGTH_EXTRA[at]);
			const far = this.value(distances);
			if (far >= DISTANCE_BASE.length) throw new NotDeflated();
			const distance = DISTANCE_BASE[far] + this.bits(DISTANCE_EXTRA[far]);
			if (distance > this.size) throw new NotDeflated();
			this.room(length);
			// Byte by byte: what is copied may be what was just written.
			for (let one = 0; one < length; one++) {
				this.out[this.size] = this.out[this.size - distance];
				this.size++;
			}
		}
	}
}

/**
 * The bytes that were deflated. `size`: as many as they are said to be. Throws `NotDeflated` for what is none, and for
 * more than `most` bytes.
 */
export function inflate(bytes: Buffer, size: number, most: number): Buffer {
	return new Reader(bytes, size, most).all();
}

/**
 * The same piece by piece, for what is too large to be held as a whole. Each piece is good until `take` returns. What was
 * handed over before the data turned out to be none must be thrown away.
 */
export function inflatePieces(bytes: Buffer, most: number, take: (piece: Buffer) => void): void {
	new Reader(bytes, 0, most, take).pieces();
}
