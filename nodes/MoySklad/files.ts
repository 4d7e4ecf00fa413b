/** Images on their way to MoySklad (base64 in JSON). Reference of the project §1.10, §2.3. */
import { fileKind } from '../shared/files/files';
import { InputProblem } from '../shared/errors/problems';

/** MoySklad docs, Restrictions: a file has at most 10 MB (codes 1079, 51004). */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Length of `filename`, a String(255). */
const MAX_NAME = 255;

/**
 * Bytes of a base64 text, with or without `data:image/png;base64,` in front and line breaks inside. Throws
 * `InputProblem`.
 */
export function bytesOfBase64(text: string, label: string): Buffer {
	const plain = text.replace(/^data:[^,]*,/, '').replace(/\s+/g, '');
	if (plain !== '' && /^[A-Za-z0-9+/_-]+={0,2}$/.test(plain) && plain.length % 4 !== 1) {
		return Buffer.from(plain, 'base64');
	}
	throw new InputProblem(
		label,
		plain === '' ? 'is empty' : 'is no base64 text',
		'Give the content of the file in base64, as the node Extract From File makes it.',
	);
}

/** An image that MoySklad would take. Throws `InputProblem` (instead of codes 51002, 51004). */
export function checkImage(bytes: Buffer, label: string): { extension: string } {
	if (bytes.length > MAX_FILE_BYTES) {
		throw new InputProblem(
			label,
			`holds an image of ${(bytes.length / 1024 / 1024).toFixed(1)} MB`,
			'MoySklad takes 10 MB at most: make the image smaller (node Edit Image).',
		);
	}
	const kind = fileKind(bytes);
	if (kind && ['jpg', 'png'].includes(kind.extension)) return kind;
	throw new InputProblem(
		label,
		bytes.length === 0 ? 'is empty' : `holds ${kind ? `a ${kind.extension} file` : 'no image'}`,
		'MoySklad takes JPEG and PNG only: convert the image (node Edit Image), or check what was downloaded.',
	);
}

/** A name with the right extension, as MoySklad wants it: `photo` becomes `photo.png`. */
export function imageName(given: string | undefined, extension: string): string {
	// A browser's or a file node's path is no part of the name.
	const name = (given ?? '').trim().split(/[\\/]/).pop() ?? '';
	const dot = name.lastIndexOf('.');
	const known = /\.(jpe?g|png)$/i.test(name);
	const base = (known ? name.slice(0, dot) : name) || 'image';
	const suffix = known ? name.slice(dot) : `.${extension}`;
	return base.slice(0, MAX_NAME - suffix.length) + suffix;
}
