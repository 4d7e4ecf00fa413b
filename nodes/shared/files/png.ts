/** Reads the pixels of a PNG (W3C, PNG specification). Nothing of Node's image tools is open to community nodes. */
import { inflate } from './inflate';

/** Pixels row by row, three bytes each: red, green, blue. */
export interface Pixels {
	width: number;
	height: number;
	rgb: Buffer;
}

/** No PNG that can be read: broken, interlaced, or larger than what is taken. */
export class NotReadable extends Error {}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Memory: four bytes of each pixel are held at a time. */
const MOST_PIXELS = 50_000_000;
/** Samples of a pixel, by the kind of colours. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const WHITE = 255;

interface Header {
	width: number;
	height: number;
	depth: number;
	colours: number;
}

/** The pixels on white, as a photo has no transparency. Throws `NotReadable`. */
export function pixelsOf(bytes: Buffer): Pixels {
	const parts = partsOf(bytes);
	const { width, height, depth, colours } = parts.header;
	const samples = SAMPLES[colours];
	const bitsPerPixel = depth * samples;
	const perRow = Math.ceil((width * bitsPerPixel) / 8);
	const lines = unpacked(parts.data, (perRow + 1) * height);
	const distance = Math.max(1, bitsPerPixel >> 3);
	const rgb = Buffer.allocUnsafe(width * height * 3);
	let before: Buffer = Buffer.alloc(perRow);
	for (let y = 0; y < height; y++) {
		const start = y * (perRow + 1);
		const line = lines.subarray(start + 1, start + 1 + perRow);
		unfilter(lines[start], line, before, distance);
		before = line;
		const row = rgb.subarray(y * width * 3, (y + 1) * width * 3);
		if (depth === 8 && colours === 2) line.copy(row);
		else colour(row, samplesOf(line, depth, width * samples), parts);
	}
	return { width, height, rgb };
}

/** The samples of a line, a byte each: of sixteen bits the first eight, of fewer their number. */
function samplesOf(line: Buffer, depth: number, count: number): Uint8Array {
	if (depth === 8) return line;
	const found = new Uint8Array(count);
	const most = 2 ** depth - 1;
	for (let at = 0; at < count; at++) {
		const bit = at * depth;
		found[at] = depth === 16 ? line[at * 2] : (line[bit >> 3] >> (8 - depth - (bit & 7))) & most;
	}
	return found;
}

/** Puts the colours of a line where they belong. */
function colour(row: Buffer, found: Uint8Array, { header, palette, clear }: Parts): void {
	const { width, depth, colours } = header;
	const samples = SAMPLES[colours];
	const spread = colours === 0 && depth < 8 ? WHITE / (2 ** depth - 1) : 1;
	for (let x = 0; x < width; x++) {
		const at = x * samples;
		const from = colours === 3 ? found[at] * 3 : at;
		const source = colours === 3 ? palette : found;
		if (from >= source.length) throw new NotReadable();
		const next = colours === 0 || colours === 4 ? 0 : 1;
		const has = samples === 4 || samples === 2;
		const opaque =
			colours === 3 ? (clear[found[at]] ?? WHITE) : has ? found[at + samples - 1] : WHITE;
		for (let one = 0; one < 3; one++) {
			const value = source[from + one * next] * spread;
			row[x * 3 + one] = Math.round((value * opaque + WHITE * (WHITE - opaque)) / WHITE);
		}
	}
}

interface Parts {
	header: Header;
	data: Buffer;
	palette: Buffer;
	/** How opaque each colour of the palette is. */
	clear: Buffer;
}

function partsOf(bytes: Buffer): Parts {
	if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new NotReadable();
	let header: Header | undefined;
	let palette: Buffer = Buffer.alloc(0);
	let clear: Buffer = Buffer.alloc(0);
	const data: Buffer[] = [];
	for (let at = 8; at + 8 <= bytes.length;) {
		const length = bytes.readUInt32BE(at);
		const kind = bytes.toString('latin1', at + 4, at + 8);
		const content = bytes.subarray(at + 8, at + 8 + length);
		if (content.length < length) throw new NotReadable();
		if (kind === 'IHDR') header = headerOf(content);
		else if (kind === 'PLTE') palette = content;
		else if (kind === 'tRNS') clear = content;
		else if (kind === 'IDAT') data.push(content);
		else if (kind === 'IEND') break;
		at += length + 12;
	}
	if (!header || data.length === 0) throw new NotReadable();
	// Only of a palette: one colour of the others that is clear is rare, and no photo's.
	return { header, palette, clear, data: Buffer.concat(data) };
}

function headerOf(content: Buffer): Header {
	if (content.length < 13) throw new NotReadable();
	const width = content.readUInt32BE(0);
	const height = content.readUInt32BE(4);
	const [depth, colours, , , interlaced] = content.subarray(8, 13);
	const isKnown = colours in SAMPLES && [1, 2, 4, 8, 16].includes(depth);
	const isSmall = width > 0 && height > 0 && width * height <= MOST_PIXELS;
	// Neither progressive pictures nor packed colours of several samples come from cameras or screens.
	if (!isKnown || !isSmall || interlaced !== 0) throw new NotReadable();
	if (depth < 8 && SAMPLES[colours] > 1) throw new NotReadable();
	return { width, height, depth, colours };
}

function unpacked(data: Buffer, size: number): Buffer {
	try {
		// Two bytes of zlib's header; its checksum is behind the end.
		const bytes = inflate(data.subarray(2), size, size);
		if (bytes.length === size) return bytes;
	} catch {
		// Told below.
	}
	throw new NotReadable();
}

/** Puts the bytes of a line back, of which each tells its difference from others (PNG specification, 9.2). */
function unfilter(kind: number, line: Buffer, before: Buffer, distance: number): void {
	if (kind > 4) throw new NotReadable();
	if (kind === 0) return;
	for (let at = 0; at < line.length; at++) {
		const left = at >= distance ? line[at - distance] : 0;
		const up = before[at];
		const corner = at >= distance ? before[at - distance] : 0;
		if (kind === 1) line[at] += left;
		else if (kind === 2) line[at] += up;
		else if (kind === 3) line[at] += (left + up) >> 1;
		else line[at] += nearest(left, up, corner);
	}
}

/** The one of three that is closest to left + up − corner. */
function nearest(left: number, up: number, corner: number): number {
	const toLeft = Math.abs(up - corner);
	const toUp = Math.abs(left - corner);
	const toCorner = Math.abs(left + up - 2 * corner);
	if (toLeft <= toUp && toLeft <= toCorner) return left;
	return toUp <= toCorner ? up : corner;
}
