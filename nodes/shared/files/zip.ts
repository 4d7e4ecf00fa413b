/** Files out of a ZIP archive, by its central directory (APPNOTE.TXT 4.3): stored and deflated ones. */
import { inflate, inflatePieces, NotDeflated } from './inflate';
import { InputProblem } from '../errors/problems';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** The end record with the longest comment. */
const LONGEST_END = 22 + 0xffff;

export interface ZipFile {
	name: string;
	bytes: Buffer;
}

/** A file that is not unpacked yet. */
export interface ZipEntry {
	name: string;
	/** The whole file. */
	bytes: () => Buffer;
	/** The file piece by piece; each piece is good until `take` returns. */
	pieces: (take: (piece: Buffer) => void) => void;
}

/** True for bytes that begin as an archive does. */
export function isZip(bytes: Buffer): boolean {
	return bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
}

/** Bytes that a file may have unpacked. */
const MOST = 1024 ** 3;

/** The files of an archive, folders left out, one at a time. `most`: bytes that one may have unpacked. */
export function* unzip(archive: Buffer, most = MOST): Generator<ZipFile> {
	for (const { name, bytes } of zipEntries(archive, most)) yield { name, bytes: bytes() };
}

/** The same, each to be unpacked as the caller likes. Throws `InputProblem` for what is no archive. */
export function* zipEntries(bytes: Buffer, most = MOST): Generator<ZipEntry> {
	const end = endOf(bytes);
	const count = bytes.readUInt16LE(end + 10);
	let at = bytes.readUInt32LE(end + 16);
	for (let index = 0; index < count; index++) {
		if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw broken();
		const method = bytes.readUInt16LE(at + 10);
		const packed = bytes.readUInt32LE(at + 20);
		const size = bytes.readUInt32LE(at + 24);
		const [nameSize, extraSize, commentSize] = [28, 30, 32].map((one) =>
			bytes.readUInt16LE(at + one),
		);
		const local = bytes.readUInt32LE(at + 42);
		const name = bytes.toString('utf8', at + 46, at + 46 + nameSize);
		at += 46 + nameSize + extraSize + commentSize;
		if (name.endsWith('/')) continue;
		if (local + 30 > bytes.length) throw broken();
		const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
		const content = bytes.subarray(from, from + packed);
		if (content.length !== packed) throw broken();
		yield {
			name,
			bytes: () => unpacked(content, method, size, most),
			pieces: (take) => unpackPieces(content, method, most, take),
		};
	}
}

function unpackPieces(
	content: Buffer,
	method: number,
	most: number,
	take: (piece: Buffer) => void,
): void {
	if (method === 0) return take(content);
	if (method !== 8) throw broken();
	try {
		inflatePieces(content, most, take);
	} catch (error) {
		if (error instanceof NotDeflated) throw broken();
		throw error as Error;
	}
}

function unpacked(content: Buffer, method: number, size: number, most: number): Buffer {
	if (method === 0) return content;
	if (method !== 8) throw broken();
	try {
		return inflate(content, size, most);
	} catch {
		throw broken();
	}
}

function endOf(bytes: Buffer): number {
	for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - LONGEST_END); at--) {
		if (bytes.readUInt32LE(at) === END) return at;
	}
	throw broken();
}

function broken(): InputProblem {
	return new InputProblem(
		'The file',
		'is a ZIP archive that cannot be read',
		"Switch off 'Unpack' and look at the file.",
	);
}
