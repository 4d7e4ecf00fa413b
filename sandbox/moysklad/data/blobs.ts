import { createHash } from 'node:crypto';

import type { World } from '../world';

/** Bytes that were uploaded. */
export interface Blob {
	bytes: Buffer;
	filename: string;
	/** MIME type that the storage host answers with. */
	mediaType: string;
}

/**
 * Uploaded files. The same name with the same content is the same file (MoySklad docs: Images),
 * and so has the same id.
 */
export class Blobs {
	private readonly blobs = new Map<string, Blob>();
	private readonly byHash = new Map<string, string>();

	constructor(private readonly world: World) {}

	/** Keeps bytes and returns their id. */
	put(filename: string, bytes: Buffer, mediaType: string): string {
		const hash = createHash('sha256').update(filename).update('\0').update(bytes).digest('hex');
		const known = this.byHash.get(hash);
		if (known !== undefined) return known;
		const id = this.world.id('blob', this.blobs.size);
		this.byHash.set(hash, id);
		this.blobs.set(id, { bytes, filename, mediaType });
		return id;
	}

	get(id: string): Blob | undefined {
		return this.blobs.get(id.toLowerCase());
	}
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decodes base64 strictly (line breaks are allowed); `undefined` when it is none or empty. */
export function decodeBase64(text: string): Buffer | undefined {
	const compact = text.replace(/[\r\n]/g, '');
	if (compact === '' || compact.length % 4 === 1 || !BASE64.test(compact)) return undefined;
	return Buffer.from(compact, 'base64');
}
