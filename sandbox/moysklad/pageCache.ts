/** A compressed page. */
export interface CachedPage {
	body: Buffer;
	rows: number;
}

/**
 * Compressed pages of goods, so that reading the whole assortment again measures the reader and not
 * the sandbox. Keys contain the version of the data; the least recently used page goes first.
 */
export class PageCache {
	private readonly pages = new Map<string, CachedPage>();

	constructor(private readonly capacity = 128) {}

	get(key: string): CachedPage | undefined {
		const page = this.pages.get(key);
		if (page) {
			this.pages.delete(key);
			this.pages.set(key, page);
		}
		return page;
	}

	set(key: string, page: CachedPage): void {
		this.pages.set(key, page);
		if (this.pages.size <= this.capacity) return;
		const oldest = this.pages.keys().next();
		if (oldest.done !== true) this.pages.delete(oldest.value);
	}
}
