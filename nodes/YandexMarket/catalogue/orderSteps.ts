/**
 * A refused status looked at once more: whether the order has it already, and else which steps it may take. Reference of
 * the project: yandex-market-jobs.md §1 (job 4), §4.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, SecondLook, Work } from '../../shared/catalogue';
import { exactId, wholeNumber } from '../../shared/road/exact';
import { valueAt } from '../../shared/road/paging';
import { accountOf, cabinetOfShop } from './shopCabinet';

/** IDs that one search takes. */
const MOST_IDS = 50;

const READY = "'In Processing' with 'Ready to Ship' (after boxes and marking codes)";
const CANCELLED_BY_SHOP = "'Cancelled' with 'Shop Cannot Fulfil It'";
const CANCELLED = "'Cancelled' with a reason";
const HANDED = "'In Delivery'";
const AT_POINT = "'Ready for Pickup'";
const DELIVERED = "'Delivered'";

/** What a seller may set next, by way of working; by status, or by status and stage. */
const FBS: Record<string, string[]> = {
	'PROCESSING/STARTED': [READY, CANCELLED_BY_SHOP],
	'PROCESSING/READY_TO_SHIP': [CANCELLED_BY_SHOP],
};
const NEXT: Record<string, Record<string, string[]>> = {
	FBS,
	EXPRESS: FBS,
	DBS: {
		PROCESSING: [HANDED, CANCELLED],
		DELIVERY: [AT_POINT, DELIVERED, CANCELLED],
		PICKUP: [DELIVERED, CANCELLED],
	},
	DIGITAL: {
		PROCESSING: ["no status, but 'Order, Send Digital Codes': the Market sets 'Delivered' then"],
	},
	LAAS: {
		RESERVED: ["'In Processing' with 'Started'", CANCELLED_BY_SHOP],
		PROCESSING: [CANCELLED_BY_SHOP],
	},
};
const ENDS = ['CANCELLED', 'DELIVERED', 'PARTIALLY_RETURNED', 'RETURNED'];

/** In a sentence, what may be set in an order now. */
function nextSteps(order: IDataObject): string {
	const { status, substatus, programType } = order;
	const place = [status, substatus].filter(Boolean).map(String).join('/');
	const digital = valueAt(order, 'delivery.type') === 'DIGITAL';
	const model = digital ? 'DIGITAL' : String(programType);
	const steps = NEXT[model]?.[place] ?? NEXT[model]?.[String(status)];
	const kind = digital ? 'digital' : model;
	const now = `The order (${kind}) is ${place} now.`;
	if (steps) return `${now} It may become ${steps.join(', or ')}.`;
	if (ENDS.includes(String(status))) return `${now} That is its end: no other status can be set.`;
	return `${now} The next step is not the seller's, but the Market's.`;
}

/** True when the order is what the call wants it to be. */
function hasIt({ body }: Call, order: IDataObject): boolean {
	const { status, substatus } = body.order as IDataObject;
	return order.status === status && (substatus === undefined || order.substatus === substatus);
}

/** Looks up the orders of refused calls, 50 at a time. */
export async function lookAtOrders(
	calls: Call[],
	{ send }: Pick<Work, 'send'>,
): Promise<Map<Call, SecondLook>> {
	const looks = new Map<Call, SecondLook>();
	const shops = new Map<string, Call[]>();
	for (const call of calls) {
		shops.set(call.path.campaignId, [...(shops.get(call.path.campaignId) ?? []), call]);
	}
	for (const [campaignId, those] of shops) {
		const businessId = await cabinetOfShop(campaignId, accountOf(those[0]), { send });
		if (businessId === '') continue;
		const ids = [...new Set(those.map(({ path }) => path.orderId))];
		for (let at = 0; at < ids.length; at += MOST_IDS) {
			const { body } = await send({
				method: 'POST',
				path: `/v1/businesses/${businessId}/orders`,
				body: { orderIds: ids.slice(at, at + MOST_IDS).map(wholeNumber) },
				idempotent: true,
			});
			const orders = (valueAt(body, 'orders') ?? []) as IDataObject[];
			const found = new Map(orders.map((order) => [String(order.orderId), order]));
			for (const call of those) {
				const order = found.get(call.path.orderId);
				if (!order) continue;
				const { status, substatus } = order;
				looks.set(
					call,
					hasIt(call, order)
						? { row: { id: exactId(call.path.orderId), status, substatus, alreadySet: true } }
						: { says: nextSteps(order) },
				);
			}
		}
	}
	return looks;
}
