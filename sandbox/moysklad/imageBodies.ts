import { moscowMillis } from '../shared/clock';
import { metaIdIn } from './body';
import { decodeBase64 } from './data/blobs';
import { IMAGE_LIMITS } from './data/images';
import type { ImageOwnerType, StoredImage } from './data/images';
import { MoySkladError } from './errors';
import { isEntity, wrongType } from './fields';
import type { MoySkladState } from './state';
import type { Entity } from './world';

/** Greatest image, megabytes; 51004 names it. */
const MAX_IMAGE_MB = 10;
const MAX_IMAGE_BYTES = MAX_IMAGE_MB * 1024 * 1024;

/** An object whose images a request changes. */
export interface ImageOwner {
	type: ImageOwnerType;
	id: string;
	images: readonly StoredImage[];
}

/** MIME type by the first bytes; `undefined` for anything but PNG and JPEG. */
function imageType(bytes: Buffer): string | undefined {
	if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
	if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
	return undefined;
}

interface Upload {
	filename: string;
	bytes: Buffer;
	mediaType: string;
}

/** A kept image, or the bytes of a new one. */
type Part = StoredImage | Upload;

function readUpload(state: MoySkladState, element: Entity): Upload {
	const { filename, content } = element;
	if (typeof filename !== 'string' || filename.trim() === '') throw new MoySkladError(51005);
	if (content === undefined || content === null || content === '') throw new MoySkladError(51001);
	const bytes = typeof content === 'string' ? decodeBase64(content) : undefined;
	const mediaType = bytes && imageType(bytes);
	const extension = /\.([^.]+)$/.exec(filename)?.[1].toLowerCase();
	if (!bytes || !mediaType || !['jpg', 'jpeg', 'png', undefined].includes(extension)) {
		throw new MoySkladError(51002);
	}
	if (bytes.length > MAX_IMAGE_BYTES) throw new MoySkladError(51004, [String(MAX_IMAGE_MB)]);
	if (state.imageStorage === 'down') throw new MoySkladError(51007);
	if (state.imageStorage === 'full') throw new MoySkladError(51003);
	return { filename, bytes, mediaType };
}

/** The image of an owner that an element's meta names. Throws 2014, 2010 …, 2013, 1021. */
export function imageOfMeta(state: MoySkladState, owner: ImageOwner, element: Entity): StoredImage {
	const href = `${state.world.href(owner.type, owner.id)}/images`;
	const id = metaIdIn(element, 'image', href);
	const image = owner.images.find((one) => one.id === id.toLowerCase());
	if (!image) throw new MoySkladError(1021, ['image', id]);
	return image;
}

function readPart(state: MoySkladState, owner: ImageOwner, element: unknown): Part {
	if (!isEntity(element)) throw wrongType('images', 'Array(Object)');
	return element.meta === undefined
		? readUpload(state, element)
		: imageOfMeta(state, owner, element);
}

function store(state: MoySkladState, parts: Part[]): StoredImage[] {
	const updated = moscowMillis(Date.now());
	return parts.map((part) => {
		if (!('bytes' in part)) return part;
		const { filename, bytes, mediaType } = part;
		const id = state.blobs.put(filename, bytes, mediaType);
		return { id, filename, size: bytes.length, updated };
	});
}

function checkCount(owner: ImageOwner, count: number): void {
	const limit = IMAGE_LIMITS[owner.type];
	if (count > limit) throw new MoySkladError(51006, [String(limit)]);
}

/**
 * Checks one new image `{filename, content}` and returns the owner's images with it. Nothing is
 * kept by the owner yet. Throws 51001–51007.
 */
export function addedImage(
	state: MoySkladState,
	owner: ImageOwner,
	element: Entity,
): StoredImage[] {
	checkCount(owner, owner.images.length + 1);
	return [...owner.images, ...store(state, [readUpload(state, element)])];
}

/**
 * Checks a whole set of images – `{meta}` keeps one, `{filename, content}` adds one – and returns
 * it. Throws 51001–51007, 2016, 1021 and what is wrong with a meta.
 */
export function replacedImages(
	state: MoySkladState,
	owner: ImageOwner,
	given: unknown,
): StoredImage[] {
	if (!Array.isArray(given)) throw wrongType('images', 'Array(Object)');
	checkCount(owner, given.length);
	const parts = (given as unknown[]).map((element) => readPart(state, owner, element));
	return store(state, parts);
}

/** `images` of the body of a product or bundle; `undefined` when the body leaves them as they are. */
export function inlineImages(
	state: MoySkladState,
	owner: ImageOwner,
	fields: Entity,
): StoredImage[] | undefined {
	const { images } = fields;
	// What was read – the collection's own meta – may come back unchanged.
	if (images === undefined || (isEntity(images) && isEntity(images.meta))) return undefined;
	return replacedImages(state, owner, images ?? []);
}
