/**
 * Writes pixels as a JPEG: baseline, colours as exact as brightness (ITU T.81; the tables are those of its annex K). For
 * vendors that take photos in this form only.
 */
import { sleep } from 'n8n-workflow';

import type { Pixels } from './png';

/** 1 to 100 as everybody counts: at 92 nobody sees a difference. */
const QUALITY = 92;
/** The greatest side that the format knows. */
const LONGEST = 65_535;
/** Rows of blocks between two pauses, in which others get their turn. */
const AT_A_TIME = 32;

/** Order in which the 64 figures of a block are written. */
const ZIGZAG = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48]
	.concat([41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23])
	.concat([30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]);
const COARSENESS = [16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24]
	.concat([40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24])
	.concat([35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112])
	.concat([100, 103, 99]);
/** Factors that the quick transformation leaves in its figures. */
const LEFT = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];

/** How many codes have 1, 2 … 16 bits, and what they stand for. */
interface Codes {
	counts: number[];
	values: Buffer;
}
const FLAT: Codes = {
	counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
	values: Buffer.from('000102030405060708090a0b', 'hex'),
};
const DETAIL: Codes = {
	counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
	values: Buffer.from(
		'01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a' +
			'3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a' +
			'92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da' +
			'e1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
		'hex',
	),
};

/** Codes of the values, and how many bits they have. */
interface Table {
	codes: Uint16Array;
	lengths: Uint8Array;
}

function tableOf({ counts, values }: Codes): Table {
	const table = { codes: new Uint16Array(256), lengths: new Uint8Array(256) };
	let code = 0;
	let at = 0;
	counts.forEach((count, index) => {
		for (let one = 0; one < count; one++) {
			table.codes[values[at]] = code++;
			table.lengths[values[at++]] = index + 1;
		}
		code <<= 1;
	});
	return table;
}

const STEPS = COARSENESS.map((step) =>
	Math.min(255, Math.max(1, Math.floor((step * (200 - QUALITY * 2) + 50) / 100))),
);
const FACTORS = Float64Array.from(
	STEPS,
	(step, at) => 1 / (step * LEFT[at >> 3] * LEFT[at & 7] * 8),
);
const ORDER = Uint8Array.from(ZIGZAG);
const FLAT_BITS = tableOf(FLAT);
const DETAIL_BITS = tableOf(DETAIL);

/** The JPEG of a picture. Rejects with a RangeError for a side that is longer than the format knows. */
export async function jpegOf(pixels: Pixels): Promise<Buffer> {
	const { width, height } = pixels;
	if (Math.max(width, height) > LONGEST) throw new RangeError('The picture is too large');
	const writer = new Writer(width * height);
	const parts = [new Float64Array(64), new Float64Array(64), new Float64Array(64)];
	const before = [0, 0, 0];
	for (let y = 0; y < height; y += 8) {
		for (let x = 0; x < width; x += 8) {
			fill(parts, pixels, x, y);
			for (let part = 0; part < 3; part++) before[part] = writer.block(parts[part], before[part]);
		}
		if ((y >> 3) % AT_A_TIME === AT_A_TIME - 1) await sleep(0);
	}
	return Buffer.concat([headOf(width, height), writer.end(), Buffer.from([0xff, 0xd9])]);
}

/** Brightness, and how blue and how red, of eight by eight pixels; the last ones go on over the edge. */
function fill(parts: Float64Array[], pixels: Pixels, left: number, top: number): void {
	const { width, height, rgb } = pixels;
	const [light, blueness, redness] = parts;
	for (let at = 0; at < 64; at++) {
		const x = Math.min(width - 1, left + (at & 7));
		const y = Math.min(height - 1, top + (at >> 3));
		const from = (y * width + x) * 3;
		const red = rgb[from];
		const green = rgb[from + 1];
		const blue = rgb[from + 2];
		light[at] = 0.299 * red + 0.587 * green + 0.114 * blue - 128;
		blueness[at] = -0.168736 * red - 0.331264 * green + 0.5 * blue;
		redness[at] = 0.5 * red - 0.418688 * green - 0.081312 * blue;
	}
}

/** Eight figures become as many waves, in place (Arai, Agui, Nakajima). */
function waves(block: Float64Array, at: number, step: number): void {
	const [p1, p2, p3, p4] = [at + step, at + 2 * step, at + 3 * step, at + 4 * step];
	const [p5, p6, p7] = [at + 5 * step, at + 6 * step, at + 7 * step];
	const sum0 = block[at] + block[p7];
	const sum1 = block[p1] + block[p6];
	const sum2 = block[p2] + block[p5];
	const sum3 = block[p3] + block[p4];
	const less0 = block[at] - block[p7];
	const less1 = block[p1] - block[p6];
	const less2 = block[p2] - block[p5];
	const less3 = block[p3] - block[p4];
	const even0 = sum0 + sum3;
	const even1 = sum1 + sum2;
	const even3 = sum0 - sum3;
	const turned = (sum1 - sum2 + even3) * Math.SQRT1_2;
	block[at] = even0 + even1;
	block[p4] = even0 - even1;
	block[p2] = even3 + turned;
	block[p6] = even3 - turned;
	const odd0 = less3 + less2;
	const odd2 = less1 + less0;
	const shared = (odd0 - odd2) * 0.382683433;
	const low = 0.5411961 * odd0 + shared;
	const high = 1.306562965 * odd2 + shared;
	const middle = (less2 + less1) * Math.SQRT1_2;
	block[p1] = less0 + middle + high;
	block[p7] = less0 + middle - high;
	block[p5] = less0 - middle + low;
	block[p3] = less0 - middle - low;
}

class Writer {
	private out: Buffer;
	private size = 0;
	private held = 0;
	private count = 0;
	private readonly figures = new Int32Array(64);

	constructor(pixels: number) {
		this.out = Buffer.allocUnsafe(Math.max(1024, pixels));
	}

	/** Writes a block. Returns its brightness, from which that of the next one is told. */
	block(block: Float64Array, before: number): number {
		for (let row = 0; row < 64; row += 8) waves(block, row, 1);
		for (let column = 0; column < 8; column++) waves(block, column, 8);
		const { figures } = this;
		for (let at = 0; at < 64; at++) {
			const from = ORDER[at];
			figures[at] = Math.round(block[from] * FACTORS[from]);
		}
		this.figure(FLAT_BITS, 0, figures[0] - before);
		let zeros = 0;
		for (let at = 1; at < 64; at++) {
			if (figures[at] === 0) {
				zeros++;
				continue;
			}
			for (; zeros > 15; zeros -= 16) this.code(DETAIL_BITS, 0xf0);
			this.figure(DETAIL_BITS, zeros, figures[at]);
			zeros = 0;
		}
		if (zeros > 0) this.code(DETAIL_BITS, 0);
		return figures[0];
	}

	/** The zeros before it and its length as one code, then the figure itself. */
	private figure(table: Table, zeros: number, value: number): void {
		const length = 32 - Math.clz32(Math.abs(value));
		this.code(table, (zeros << 4) | length);
		if (length > 0) this.bits(value < 0 ? value + (1 << length) - 1 : value, length);
	}

	private code({ codes, lengths }: Table, value: number): void {
		this.bits(codes[value], lengths[value]);
	}

	private bits(value: number, length: number): void {
		this.held = (this.held << length) | value;
		this.count += length;
		while (this.count >= 8) {
			this.count -= 8;
			this.byte((this.held >> this.count) & 0xff);
		}
		this.held &= (1 << this.count) - 1;
	}

	private byte(value: number): void {
		if (this.size + 2 > this.out.length) {
			const larger = Buffer.allocUnsafe(this.out.length * 2);
			this.out.copy(larger, 0, 0, this.size);
			this.out = larger;
		}
		this.out[this.size++] = value;
		// A byte of ones would look like a mark.
		if (value === 0xff) this.out[this.size++] = 0;
	}

	end(): Buffer {
		if (this.count > 0) this.bits((1 << (8 - this.count)) - 1, 8 - this.count);
		return this.out.subarray(0, this.size);
	}
}

/** All that stands before the blocks. */
function headOf(width: number, height: number): Buffer {
	const two = (value: number) => [value >> 8, value & 0xff];
	const part = (mark: number, content: number[]) => [
		0xff,
		mark,
		...two(content.length + 2),
		...content,
	];
	const parts = [1, 2, 3];
	return Buffer.from([
		...[0xff, 0xd8],
		...part(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
		...part(0xdb, [0, ...ZIGZAG.map((at) => STEPS[at])]),
		...part(0xc0, [
			...[8, ...two(height), ...two(width), 3],
			...parts.flatMap((id) => [id, 0x11, 0]),
		]),
		...part(0xc4, [0x00, ...FLAT.counts, ...FLAT.values]),
		...part(0xc4, [0x10, ...DETAIL.counts, ...DETAIL.values]),
		...part(0xda, [3, ...parts.flatMap((id) => [id, 0]), 0, 63, 0]),
	]);
}
