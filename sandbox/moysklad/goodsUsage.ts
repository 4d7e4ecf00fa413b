import type { Assortment } from './data/assortment';
import type { Entity } from './world';
import { refId } from './world';

/** Field of goods that points to an object of a dictionary. */
const FIELDS: Readonly<Record<string, string>> = {
	productfolder: 'productFolder',
	counterparty: 'supplier',
	uom: 'uom',
};
/** As many users are named in an error. */
const NAMED = 10;

/** Which goods use an object of a dictionary; looked up once until the goods change. */
export class GoodsUsage {
	private readonly known = new Map<string, { version: number; users: Map<string, number[]> }>();

	constructor(private readonly goods: Assortment) {}

	/** Metas of goods that use an object, ten at most. */
	usersOf(keyword: string, id: string): unknown[] {
		const field = FIELDS[keyword] as string | undefined;
		if (field === undefined) return [];
		const rows = this.of(field).get(id) ?? [];
		return rows.map((row) => (this.goods.entity(row) as Entity).meta);
	}

	private of(field: string): Map<string, number[]> {
		const known = this.known.get(field);
		if (known?.version === this.goods.version) return known.users;
		const users = new Map<string, number[]>();
		for (let row = 0; row < this.goods.size; row++) {
			if (!this.goods.exists(row)) continue;
			const value = this.goods.value(row, field);
			const id = typeof value === 'string' ? value : refId(value);
			if (id === undefined) continue;
			const rows = users.get(id);
			if (!rows) users.set(id, [row]);
			else if (rows.length < NAMED) rows.push(row);
		}
		this.known.set(field, { version: this.goods.version, users });
		return users;
	}
}
