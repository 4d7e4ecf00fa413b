/** A ZIP archive with Node's own packer (PKWARE's APPNOTE 6.3.3: local headers, central directory, its end). */
import { crc32, deflateRawSync } from 'node:zlib';

export function zipOf(files: Record<string, Buffer | string>, packed: boolean): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const [name, file] of Object.entries(files)) {
		const bytes = Buffer.from(file);
		const content = packed ? deflateRawSync(bytes) : bytes;
		const label = Buffer.from(name);
		const facts = Buffer.alloc(26);
		// Version 2.0, names in UTF-8, deflated or stored, of midnight of 1 January 1980.
		[20, 0x0800, packed ? 8 : 0, 0, 0x21].forEach((value, at) =>
			facts.writeUInt16LE(value, at * 2),
		);
		facts.writeUInt32LE(crc32(bytes), 10);
		facts.writeUInt32LE(content.length, 14);
		facts.writeUInt32LE(bytes.length, 18);
		facts.writeUInt16LE(label.length, 22);
		const local = Buffer.concat([Buffer.from('504b0304', 'hex'), facts, label, content]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), facts, tail, label]));
		parts.push(local);
		at += local.length;
	}
	const central = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(directory.length, 8);
	end.writeUInt16LE(directory.length, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, central, end]);
}
