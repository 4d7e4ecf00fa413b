import { IdSpace } from '../shared/random';

/** A JSON object of the API. */
export type Entity = Record<string, unknown>;

/** MoySklad's reference to an object. */
export interface Meta {
	href: string;
	metadataHref?: string;
	type: string;
	mediaType: string;
	uuidHref?: string;
	downloadHref?: string;
	size?: number;
	limit?: number;
	offset?: number;
}

export const MEDIA_TYPE = 'application/json';

/** Ids, links and constants of the sandbox's account. Everything follows from the seed. */
export class World {
	/** Base URL of the API without a trailing slash; set once the listener is up. */
	base = '';
	/** Origin of the storage listener. */
	storage = '';
	readonly accountId: string;
	private readonly spaces = new Map<string, IdSpace>();

	constructor(readonly seed: number) {
		this.accountId = this.space('account').uuid(0);
	}

	/** The id space of a kind of object. */
	space(kind: string): IdSpace {
		let space = this.spaces.get(kind);
		if (!space) {
			space = new IdSpace(this.seed, kind);
			this.spaces.set(kind, space);
		}
		return space;
	}

	/** UUID of the object of a type at an index. */
	id(type: string, index: number): string {
		return this.space(type).uuid(index);
	}

	/** Address of an entity. */
	href(type: string, id: string): string {
		return `${this.base}/entity/${type}/${id}`;
	}

	/** `meta` of an entity, as references carry it. */
	meta(type: string, id: string): Meta {
		return { href: this.href(type, id), type, mediaType: MEDIA_TYPE };
	}

	/** A reference value: `{meta}`. */
	ref(type: string, index: number): { meta: Meta } {
		return { meta: this.meta(type, this.id(type, index)) };
	}

	/** `meta` of a nested collection that is not expanded. */
	collection(href: string, type: string, size: number): { meta: Meta } {
		return { meta: { href, type, mediaType: MEDIA_TYPE, size, limit: 1000, offset: 0 } };
	}
}

/** Id at the end of a reference's href, lower case; `undefined` when it is no reference. */
export function refId(value: unknown): string | undefined {
	const href = (value as { meta?: { href?: unknown } } | null | undefined)?.meta?.href;
	if (typeof href !== 'string') return undefined;
	return href.split('?')[0].split('/').pop()?.toLowerCase();
}
