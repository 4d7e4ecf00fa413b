/** Archives, against Node's own packer. */
import { deflateRawSync, constants } from 'node:zlib';

import { inflate, inflatePieces, NotDeflated } from '../../nodes/shared/files/inflate';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { zipEntries, isZip, unzip } from '../../nodes/shared/files/zip';
import { zipOf } from '../../sandbox/shared/zipOf';

const MOST = 1 << 20;

/** Numbers that look random and are the same each time. */
function noise(length: number): Buffer {
	let state = 7;
	return Buffer.from(
		Array.from({ length }, () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16),
	);
}

const TEXTS: Array<[string, Buffer]> = [
	['nothing', Buffer.alloc(0)],
	['one letter', Buffer.from('a')],
	['a run that copies itself', Buffer.from('ab'.repeat(5000))],
	['text', Buffer.from('Отчёт: 12 345,67 ₽; заказ №51234567890\n'.repeat(700))],
	['noise', noise(70_000)],
	['more than a piece', Buffer.concat([noise(150_000), Buffer.from('далеко'.repeat(40_000))])],
];

describe.each(TEXTS)('%s', (_, bytes) => {
	it.each([0, 1, 6, 9])('comes back from level %i', (level) => {
		expect(inflate(deflateRawSync(bytes, { level }), bytes.length, MOST).equals(bytes)).toBe(true);
	});

	it.each([0, 6])('comes back in pieces from level %i', (level) => {
		const pieces: Buffer[] = [];
		inflatePieces(deflateRawSync(bytes, { level }), MOST, (piece) => {
			pieces.push(Buffer.from(piece));
			// What is copied from later on is not what the taker was given.
			expect(piece.length).toBeGreaterThan(0);
		});
		expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
	});

	it('comes back from fixed codes, whatever size was told', () => {
		const packed = deflateRawSync(bytes, { strategy: constants.Z_FIXED });
		expect(inflate(packed, 0, MOST).equals(bytes)).toBe(true);
	});
});

it.each([
	['is cut off', deflateRawSync(noise(500)).subarray(0, 200)],
	['is none', Buffer.from([0x07, 0xff, 0xff])],
	['would be too much', deflateRawSync(Buffer.alloc(MOST + 1))],
])('deflated data that %s is refused', (_, packed) => {
	expect(() => inflate(packed, 10, MOST)).toThrow(NotDeflated);
	expect(() => inflatePieces(packed, MOST, () => {})).toThrow(NotDeflated);
});

describe('an archive', () => {
	const files = {
		'a/report.json': Buffer.from('[{"x":1}]'),
		'b.csv': Buffer.from('x;y\n'.repeat(50)),
	};

	it.each([true, false])('gives its files, packed: %s', (packed) => {
		const found = [...unzip(zipOf(files, packed))];
		expect(found.map(({ name, bytes }) => [name, bytes.toString()])).toEqual(
			Object.entries(files).map(([name, bytes]) => [name, bytes.toString()]),
		);
		expect(isZip(zipOf(files, packed))).toBe(true);
	});

	it.each([true, false])('gives each file in pieces, packed: %s', (packed) => {
		const found = [...zipEntries(zipOf(files, packed))].map(({ name, pieces }) => {
			const parts: Buffer[] = [];
			pieces((piece) => parts.push(Buffer.from(piece)));
			return [name, Buffer.concat(parts).toString()];
		});
		expect(found).toEqual(Object.entries(files).map(([name, bytes]) => [name, bytes.toString()]));
	});

	it('that is broken is told so', () => {
		const whole = zipOf(files, true);
		expect(() => [...unzip(whole.subarray(0, whole.length - 30))]).toThrow(InputProblem);
		expect(() => [...unzip(Buffer.from('no archive at all, only a longer text'))]).toThrow(
			InputProblem,
		);
		const wrong = Buffer.from(whole);
		wrong.fill(0x07, 43, 46);
		expect(() => [...unzip(wrong)]).toThrow(InputProblem);
		const [first] = zipEntries(wrong);
		expect(() => first.pieces(() => {})).toThrow(InputProblem);
	});
});
