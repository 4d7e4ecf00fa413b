import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

/** The positions of customer orders. */
export class OrderPositions {
	private readonly byOrder = new Map<string, Entity[]>();
	private made = 0;

	constructor(private readonly world: World) {}

	/** The positions of an order, as the API shows them. */
	list(orderId: string): readonly Entity[] {
		return this.byOrder.get(orderId) ?? [];
	}

	/** Makes these the positions of an order. Returns the field `positions` of the order. */
	assign(orderId: string, rows: readonly Entity[]): Entity {
		const href = `${this.world.href('customerorder', orderId)}/positions`;
		const type = 'customerorderposition';
		const positions = rows.map((row) => {
			const id = this.world.id(type, this.made++);
			return {
				meta: { href: `${href}/${id}`, type, mediaType: MEDIA_TYPE },
				id,
				accountId: this.world.accountId,
				shipped: 0,
				...row,
			};
		});
		this.byOrder.set(orderId, positions);
		return this.world.collection(href, type, positions.length);
	}

	/** Drops the positions of a deleted order. */
	forget(orderId: string): void {
		this.byOrder.delete(orderId);
	}
}
