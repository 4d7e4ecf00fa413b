import { DATA_EPOCH } from '../../shared/clock';
import { mix } from '../../shared/random';
import { STORE_COUNT } from './dictionaries';

/** Stock of a row: what is there, what is promised, what is on its way. Units of goods. */
export interface Stock {
	stock: number;
	reserve: number;
	inTransit: number;
}

/** What the short report calls a kind of stock. */
export type StockType = 'stock' | 'freeStock' | 'quantity' | 'reserve' | 'inTransit';
export const STOCK_TYPES: readonly StockType[] = [
	'stock',
	'freeStock',
	'quantity',
	'reserve',
	'inTransit',
];

const DAY_MS = 86_400_000;

/** The number that a stock type stands for (MoySklad docs: short stock report). */
export function stockNumber(stock: Stock, type: StockType): number {
	switch (type) {
		case 'freeStock':
			return stock.stock - stock.reserve;
		case 'quantity':
			return stock.stock - stock.reserve + stock.inTransit;
		default:
			return stock[type];
	}
}

/** Stock per row and store: generated from the seed, with the changes made since. */
export class StockLedger {
	private readonly changes = new Map<number, Stock & { at: number }>();
	/** Grows with every change. */
	version = 0;

	/** Rows from `generatedRows` on were added later and have no stock until it is set. */
	constructor(
		private readonly seed: number,
		private readonly generatedRows: number,
	) {}

	/** Stock of a row in a store. */
	at(row: number, store: number): Stock {
		const changed = this.changes.get(row * STORE_COUNT + store);
		if (changed) return changed;
		if (row >= this.generatedRows || mix(this.seed, 21, row) % 7 === 0) {
			return { stock: 0, reserve: 0, inTransit: 0 };
		}
		const h = mix(this.seed, 22, row * STORE_COUNT + store);
		const bucket = h % 16;
		let stock = 0;
		if (bucket === 4) stock = -1 - ((h >>> 8) % 5);
		else if (bucket > 4) stock = (h >>> 8) % 200;
		const reserve = stock > 0 && h >>> 30 === 0 ? (h >>> 12) % Math.min(stock, 10) : 0;
		const inTransit = (h >>> 4) % 8 === 0 ? (h >>> 16) % 50 : 0;
		return { stock, reserve, inTransit };
	}

	/**
	 * Stock of a row, summed over stores. `stores` limits the stores, `moment` (epoch ms) goes back
	 * in time: the further, the more there was of goods that sell.
	 */
	total(row: number, stores?: readonly number[], moment?: number): Stock {
		const sum: Stock = { stock: 0, reserve: 0, inTransit: 0 };
		for (let store = 0; store < STORE_COUNT; store++) {
			if (stores && !stores.includes(store)) continue;
			const { stock, reserve, inTransit } = this.at(row, store);
			sum.stock += stock;
			sum.reserve += reserve;
			sum.inTransit += inTransit;
			if (moment !== undefined && moment < DATA_EPOCH && row < this.generatedRows) {
				const days = Math.ceil((DATA_EPOCH - moment) / DAY_MS);
				sum.stock += (mix(this.seed, 23, row * STORE_COUNT + store) % 3) * days;
			}
		}
		return sum;
	}

	/** Replaces parts of a row's stock in a store; `at` is epoch ms. */
	set(row: number, store: number, change: Partial<Stock>, at: number): Stock {
		const { stock, reserve, inTransit } = { ...this.at(row, store), ...change };
		const next = { stock, reserve, inTransit, at };
		this.changes.set(row * STORE_COUNT + store, next);
		this.version++;
		return next;
	}

	/** Rows whose stock changed at or after a moment (epoch ms). */
	changedSince(moment: number): Set<number> {
		const rows = new Set<number>();
		for (const [key, change] of this.changes) {
			if (change.at >= moment) rows.add(Math.floor(key / STORE_COUNT));
		}
		return rows;
	}
}
