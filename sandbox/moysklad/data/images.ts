import type { Entity, World } from '../world';
import { MEDIA_TYPE } from '../world';
import type { Blobs } from './blobs';

/** Types of objects that have images, and how many each may have (MoySklad docs: Images). */
export const IMAGE_LIMITS = { product: 10, bundle: 10, variant: 10, contentcard: 15 } as const;
export type ImageOwnerType = keyof typeof IMAGE_LIMITS;

/** An image of an object. */
export interface StoredImage {
	/** Id of the bytes; equal images have equal ids. */
	id: string;
	filename: string;
	/** Bytes. */
	size: number;
	/** `YYYY-MM-DD HH:mm:ss.SSS`, Moscow time. */
	updated: string;
	/** Generated images have their miniatures from the start. */
	generated?: boolean;
}

/** True for the types whose objects have images. */
export function hasImages(type: string): type is ImageOwnerType {
	return Object.hasOwn(IMAGE_LIMITS, type);
}

/** The images that were changed by requests; all others are the generated ones. */
export class ImageShelf {
	/** Grows with every change. */
	version = 0;
	private readonly lists = new Map<string, StoredImage[]>();
	private readonly miniatures = new Set<string>();

	constructor(
		private readonly world: World,
		private readonly blobs: Blobs,
	) {}

	/** The images of an object; `undefined` when they were never changed. */
	get(type: string, owner: string): StoredImage[] | undefined {
		return this.lists.size === 0 ? undefined : this.lists.get(`${type}/${owner}`);
	}

	/** Replaces the images of an object. */
	set(type: ImageOwnerType, owner: string, images: StoredImage[]): void {
		this.lists.set(`${type}/${owner}`, images);
		this.version++;
	}

	/** True when some object has an uploaded image with this id. */
	holds(id: string): boolean {
		if (!this.blobs.get(id)) return false;
		return [...this.lists.values()].some((images) => images.some((image) => image.id === id));
	}

	/** Notes that the miniature of an image was asked for: from now on it exists. */
	makeMiniature(id: string): void {
		if (this.miniatures.has(id)) return;
		this.miniatures.add(id);
		this.version++;
	}

	/**
	 * An object's images as answers show them. A miniature that nobody asked for yet has no
	 * `downloadHref` (MoySklad docs: meta). `permanent` adds links that never expire.
	 */
	entities(
		type: string,
		owner: string,
		images: readonly StoredImage[] = this.get(type, owner) ?? [],
		permanent = false,
	): Entity[] {
		return images.map((image) => {
			const { id, filename, size, updated } = image;
			const download = `${this.world.base}/download/${id}`;
			const extension = filename.includes('.') ? filename.split('.').pop() : 'png';
			const miniature = `${download}?miniature=true`;
			const made = image.generated === true || this.miniatures.has(id);
			const mini = {
				href: miniature,
				type: 'image',
				mediaType: 'image/png',
				downloadHref: made ? miniature : null,
			};
			return {
				meta: {
					href: `${this.world.href(type, owner)}/images/${id}`,
					type: 'image',
					mediaType: MEDIA_TYPE,
					downloadHref: download,
					...(permanent
						? { downloadPermanentHref: `${this.world.storage}/permanent/${id}.${extension}` }
						: {}),
				},
				title: filename.replace(/\.[^.]*$/, ''),
				filename,
				size,
				updated,
				miniature: mini,
				tiny: mini,
			};
		});
	}
}
