import { partType } from './data/documents';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

/** The items of documents; a document may have several lists of them. */
export class OrderPositions {
	private readonly byOrder = new Map<string, Entity[]>();
	private made = 0;

	constructor(private readonly world: World) {}

	/** The items of a document, as the API shows them. */
	list(documentId: string, list = 'positions'): Entity[] {
		return this.byOrder.get(`${documentId}/${list}`) ?? [];
	}

	/** Makes these the items of a document. Returns the document's field. */
	assign(
		documentId: string,
		rows: readonly Entity[],
		keyword = 'customerorder',
		list = 'positions',
	): Entity {
		this.byOrder.set(`${documentId}/${list}`, []);
		for (const row of rows) this.add(documentId, row, keyword, list);
		return this.collection(documentId, keyword, list);
	}

	/** One more item. */
	add(documentId: string, row: Entity, keyword: string, list: string): Entity {
		const type = partType(keyword, list);
		// What is kept keeps its ID.
		const id = typeof row.id === 'string' ? row.id : this.world.id(type, this.made++);
		const href = `${this.world.href(keyword, documentId)}/${list}/${id}`;
		const item = {
			meta: { href, type, mediaType: MEDIA_TYPE },
			id,
			accountId: this.world.accountId,
			...(keyword === 'customerorder' ? { shipped: 0 } : {}),
			...row,
		};
		const known = this.byOrder.get(`${documentId}/${list}`);
		if (known) known.push(item);
		else this.byOrder.set(`${documentId}/${list}`, [item]);
		return item;
	}

	/** Takes an item out. */
	remove(documentId: string, id: string, list: string): void {
		const rest = this.list(documentId, list).filter((item) => item.id !== id);
		this.byOrder.set(`${documentId}/${list}`, rest);
	}

	/** The document's field: a collection that is not expanded. */
	collection(documentId: string, keyword: string, list: string): Entity {
		const href = `${this.world.href(keyword, documentId)}/${list}`;
		return this.world.collection(href, partType(keyword, list), this.list(documentId, list).length);
	}

	/** Drops the items of a deleted document. */
	forget(documentId: string): void {
		for (const key of this.byOrder.keys()) {
			if (key.startsWith(`${documentId}/`)) this.byOrder.delete(key);
		}
	}
}
