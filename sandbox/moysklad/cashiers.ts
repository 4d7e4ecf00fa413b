import { CASHIERS_PER_STORE, RETAIL_STORE_COUNT } from './data/agreements';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

/** An employee at the till of a retail store. */
export interface Cashier {
	id: string;
	storeId: string;
	employeeId: string;
}

/** Who works in which retail store. */
export class Cashiers {
	private readonly byStore = new Map<string, Cashier[]>();
	private made = RETAIL_STORE_COUNT * CASHIERS_PER_STORE;

	constructor(private readonly world: World) {}

	/** The cashiers of a store. */
	list(storeId: string): readonly Cashier[] {
		let cashiers = this.byStore.get(storeId);
		if (!cashiers) {
			const store = this.world.space('retailstore').index(storeId) ?? RETAIL_STORE_COUNT;
			const count = store < RETAIL_STORE_COUNT ? CASHIERS_PER_STORE : 0;
			cashiers = Array.from({ length: count }, (_unused, index) => ({
				id: this.world.id('cashier', store * CASHIERS_PER_STORE + index),
				storeId,
				employeeId: this.world.id('employee', index),
			}));
			this.byStore.set(storeId, cashiers);
		}
		return cashiers;
	}

	find(storeId: string, id: string): Cashier | undefined {
		return this.list(storeId).find((cashier) => cashier.id === id.toLowerCase());
	}

	/**
	 * Makes these employees (ids) the cashiers of a store; who was one keeps the cashier's id. Returns
	 * the field `cashiers` of the store.
	 */
	assign(storeId: string, employees: readonly string[]): Entity {
		const before = this.list(storeId);
		const cashiers = [...new Set(employees)].map(
			(employeeId) =>
				before.find((cashier) => cashier.employeeId === employeeId) ?? {
					id: this.world.id('cashier', this.made++),
					storeId,
					employeeId,
				},
		);
		this.byStore.set(storeId, cashiers);
		const href = `${this.world.href('retailstore', storeId)}/cashiers`;
		return this.world.collection(href, 'cashier', cashiers.length);
	}

	/** Drops the cashiers of a deleted store. */
	forget(storeId: string): void {
		this.byStore.set(storeId, []);
	}

	/** A cashier as the API shows it. */
	entity({ id, storeId, employeeId }: Cashier): Entity {
		const href = `${this.world.href('retailstore', storeId)}/cashiers/${id}`;
		return {
			meta: { href, type: 'cashier', mediaType: MEDIA_TYPE },
			id,
			accountId: this.world.accountId,
			employee: { meta: this.world.meta('employee', employeeId) },
			retailStore: { meta: this.world.meta('retailstore', storeId) },
		};
	}
}
