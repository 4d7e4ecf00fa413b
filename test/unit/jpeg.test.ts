/** Pictures that come as PNG and go as JPEG. Read back by a reader of its own, after the standards and not after the code. */
import { deflateSync } from 'node:zlib';

import { jpegOf } from '../../nodes/shared/files/jpeg';
import { NotReadable, pixelsOf } from '../../nodes/shared/files/png';

type Colour = [number, number, number];

/** A PNG of lines that are filtered already. */
function png(
	width: number,
	lines: number[][],
	{ depth = 8, colours = 2, interlaced = 0, more = [] as Array<[string, Buffer]> } = {},
): Buffer {
	const chunk = (kind: string, content: Buffer) => {
		const head = Buffer.alloc(8);
		head.writeUInt32BE(content.length);
		head.write(kind, 4, 'latin1');
		return Buffer.concat([head, content, Buffer.alloc(4)]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(lines.length, 4);
	header.set([depth, colours, 0, 0, interlaced], 8);
	const data = deflateSync(Buffer.from(lines.flat()));
	return Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		chunk('IHDR', header),
		...more.map(([kind, content]) => chunk(kind, content)),
		// Data in two pieces, as programs write it.
		chunk('IDAT', data.subarray(0, 5)),
		chunk('IDAT', data.subarray(5)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** Colours of a baseline JPEG without subsampling, by the plain sums of the standard. */
function read(bytes: Buffer): {
	width: number;
	height: number;
	at: (x: number, y: number) => Colour;
} {
	const steps: number[] = [];
	const codes = new Map<string, number>();
	let [width, height, at] = [0, 0, 2];
	for (;;) {
		const [, mark] = bytes.subarray(at, at + 2);
		const length = bytes.readUInt16BE(at + 2);
		const content = bytes.subarray(at + 4, at + 2 + length);
		at += 2 + length;
		if (mark === 0xdb) steps.push(...content.subarray(1, 65));
		if (mark === 0xc0) [height, width] = [content.readUInt16BE(1), content.readUInt16BE(3)];
		if (mark === 0xc4) {
			let code = 0;
			let value = 17;
			content.subarray(1, 17).forEach((count, bits) => {
				for (let one = 0; one < count; one++) {
					const text = (code++).toString(2).padStart(bits + 1, '0');
					codes.set(`${content[0] >> 4} ${text}`, content[value++]);
				}
				code <<= 1;
			});
		}
		if (mark === 0xda) break;
	}
	let bits = '';
	for (let one = at; one < bytes.length - 2; one++) {
		bits += bytes[one].toString(2).padStart(8, '0');
		if (bytes[one] === 0xff) one++;
	}
	let place = 0;
	const value = (kind: number) => {
		for (let length = 1; length <= 16; length++) {
			const found = codes.get(`${kind} ${bits.slice(place, place + length)}`);
			if (found === undefined) continue;
			place += length;
			return found;
		}
		throw new Error('no code');
	};
	const figure = (length: number) => {
		if (length === 0) return 0;
		const text = bits.slice(place, (place += length));
		return text.startsWith('1') ? parseInt(text, 2) : parseInt(text, 2) - 2 ** length + 1;
	};
	const across = Math.ceil(width / 8);
	const before = [0, 0, 0];
	// The way through a block, walked instead of listed.
	const way: number[] = [];
	for (let sum = 0; sum < 15; sum++) {
		const diagonal = Array.from({ length: 8 }, (_, row) => [row, sum - row]).filter(
			([, column]) => column >= 0 && column < 8,
		);
		for (const [row, column] of sum % 2 === 0 ? diagonal.reverse() : diagonal)
			way.push(row * 8 + column);
	}
	const half = (index: number) => (index === 0 ? Math.SQRT1_2 : 1);
	const wave = (position: number, index: number) =>
		half(index) * Math.cos(((2 * position + 1) * index * Math.PI) / 16);
	const blocks: number[][][] = [];
	for (let block = 0; block < across * Math.ceil(height / 8); block++) {
		blocks.push(
			before.map((_, part) => {
				const waves = new Array<number>(64).fill(0);
				before[part] += figure(value(0));
				waves[0] = before[part] * steps[0];
				for (let index = 1; index < 64; index++) {
					const found = value(1);
					if (found === 0) break;
					index += found >> 4;
					if (found !== 0xf0) waves[way[index]] = figure(found & 15) * steps[index];
				}
				return Array.from({ length: 64 }, (_unused, pixel) => {
					let sum = 0;
					for (let index = 0; index < 64; index++)
						sum += waves[index] * wave(pixel >> 3, index >> 3) * wave(pixel & 7, index & 7);
					return sum / 4;
				});
			}),
		);
	}
	return {
		width,
		height,
		at: (x, y) => {
			const [light, blue, red] = blocks[(y >> 3) * across + (x >> 3)].map(
				(part) => part[(y & 7) * 8 + (x & 7)],
			);
			return [
				light + 128 + 1.402 * red,
				light + 128 - 0.344136 * blue - 0.714136 * red,
				light + 128 + 1.772 * blue,
			];
		},
	};
}

/** Soft colours over a picture whose sides are no multiples of eight. */
const COLOURS: Colour[][] = Array.from({ length: 21 }, (_, y) =>
	Array.from({ length: 19 }, (_unused, x): Colour => [x * 13, y * 12, (x + y) * 6]),
);

test('a picture stays the same to the eye, in all its corners', async () => {
	const lines = COLOURS.map((row) => [0, ...row.flat()]);
	const found = read(await jpegOf(pixelsOf(png(19, lines))));
	expect([found.width, found.height]).toEqual([19, 21]);
	COLOURS.forEach((row, y) =>
		row.forEach((colour, x) => {
			const seen = found.at(x, y);
			for (let part = 0; part < 3; part++)
				expect(Math.abs(seen[part] - colour[part])).toBeLessThan(16);
		}),
	);
});

test('edges of black and white, whose figures are the greatest there are', async () => {
	const lines = Array.from({ length: 16 }, (_, y) => [
		0,
		...Array.from({ length: 16 }, (_unused, x) => ((x ^ y) & 1 ? 255 : 0)),
	]);
	const found = read(await jpegOf(pixelsOf(png(16, lines, { colours: 0 }))));
	for (let x = 0; x < 16; x++) expect(found.at(x, 3)[0] > 128).toBe(((x ^ 3) & 1) === 1);
});

const first = (bytes: Buffer) => [...pixelsOf(bytes).rgb];
const palette: Array<[string, Buffer]> = [
	['PLTE', Buffer.from([1, 2, 3, 40, 50, 60])],
	['tRNS', Buffer.from([255, 0])],
];

test.each<[string, Buffer, number[]]>([
	['grey', png(2, [[0, 7, 200]], { colours: 0 }), [7, 7, 7, 200, 200, 200]],
	[
		'grey of one bit',
		png(3, [[0, 0b10100000]], { depth: 1, colours: 0 }),
		[255, 255, 255, 0, 0, 0, 255, 255, 255],
	],
	['sixteen bits', png(1, [[0, 10, 99, 20, 99, 30, 99]], { depth: 16 }), [10, 20, 30]],
	[
		'clear pixels on white',
		png(2, [[0, 9, 9, 9, 0, 0, 0, 0, 255]], { colours: 6 }),
		[255, 255, 255, 0, 0, 0],
	],
	['grey that is half clear', png(1, [[0, 0, 128]], { colours: 4 }), [127, 127, 127]],
	[
		'a palette',
		png(2, [[0, 0b01000000]], { depth: 2, colours: 3, more: palette }),
		[255, 255, 255, 1, 2, 3],
	],
	[
		'told by its neighbours',
		png(2, [
			[1, 5, 5, 5, 1, 1, 1],
			[2, 1, 1, 1, 1, 1, 1],
			[3, 1, 1, 1, 1, 1, 1],
			[4, 1, 1, 1, 1, 1, 1],
		]),
		[5, 5, 5, 6, 6, 6, 6, 6, 6, 7, 7, 7, 4, 4, 4, 6, 6, 6, 5, 5, 5, 7, 7, 7],
	],
])('%s is read', (_name, bytes, colours) => {
	expect(first(bytes)).toEqual(colours);
});

test.each<[string, Buffer]>([
	['no PNG', Buffer.from('hello')],
	['only a beginning', png(2, [[0, 1, 2]], { colours: 0 }).subarray(0, 50)],
	['less data than its header says', png(3, [[0, 1, 2]], { colours: 0 })],
	['interlaced lines', png(2, [[0, 1, 2]], { colours: 0, interlaced: 1 })],
	['a filter that there is not', png(2, [[9, 1, 2]], { colours: 0 })],
	['a colour that is in no palette', png(2, [[0, 200, 2]], { colours: 3, more: palette })],
	['no pixel', png(0, [[0]])],
])('%s is told', (_name, bytes) => {
	expect(() => pixelsOf(bytes)).toThrow(NotReadable);
});
