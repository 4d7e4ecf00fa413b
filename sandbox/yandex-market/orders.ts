import { YANDEX_CAMPAIGNS, YANDEX_ORDERS } from '../credentials';
import { mix, pick } from '../shared/random';
import type { Campaign } from './data';
import { CAMPAIGNS } from './data';
import { YandexError } from './errors';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

const DAY_MS = 86_400_000;
/** Moscow has no summer time. */
const MOSCOW_MS = 3 * 3_600_000;
const COUNT = 130;
const DAYS = 90;
const SHOPS = [YANDEX_CAMPAIGNS.fbs, YANDEX_CAMPAIGNS.dbs, YANDEX_CAMPAIGNS.fby];

/** Steps that a seller may set, by model: status/substatus → the next ones (specification of updateOrderStatus). */
const STEPS: Record<Campaign['placementType'], Record<string, string[]>> = {
	FBS: {
		'PROCESSING/STARTED': ['PROCESSING/READY_TO_SHIP', 'CANCELLED/SHOP_FAILED'],
		'PROCESSING/READY_TO_SHIP': ['CANCELLED/SHOP_FAILED'],
	},
	DBS: {
		'PROCESSING/STARTED': ['DELIVERY/DELIVERY_SERVICE_RECEIVED', 'CANCELLED/SHOP_FAILED'],
		'DELIVERY/DELIVERY_SERVICE_RECEIVED': [
			'PICKUP/PICKUP_SERVICE_RECEIVED',
			'DELIVERED/DELIVERY_SERVICE_DELIVERED',
			'CANCELLED/SHOP_FAILED',
		],
		'PICKUP/PICKUP_SERVICE_RECEIVED': ['DELIVERED/DELIVERY_SERVICE_DELIVERED'],
	},
	FBY: {},
};

const LISTS: Array<[name: string, most: number, property: string]> = [
	['orderIds', 50, 'orderId'],
	['externalOrderIds', 50, 'externalOrderId'],
	['programTypes', Infinity, 'programType'],
	['campaignIds', 50, 'campaignId'],
	['statuses', Infinity, 'status'],
	['substatuses', Infinity, 'substatus'],
	['sourcePlatforms', Infinity, 'sourcePlatform'],
];
const FLAGS = ['fake', 'waitingForCancellationApprove'];
const DATES = ['creationDate', 'shipmentDate', 'updateDate'];

/** Day in Moscow of an instant. */
const dayOf = (ms: number) => new Date(ms + MOSCOW_MS).toISOString().slice(0, 10);
const bad = (message: string) => new YandexError(400, 'BAD_REQUEST', message);

/** The orders of the sandbox's cabinet, of the last 90 days. */
export class YandexOrders {
	/** Boxes by the order's ID. */
	private readonly boxes = new Map<unknown, Array<{ items: Json[] }>>();
	/** Looks at the check of its codes. */
	private readonly looks = new Map<unknown, number>();
	private all: Json[] = [];
	/** Whether a search of which all pages are asked for is done once: its own work must not count in a measurement. */
	keepsFound = false;
	private readonly found = new Map<string, Json[]>();
	/** When changes happen: now, unless a test lets them be as old at once as a poll wants them. */
	clock: () => number = Date.now;

	constructor(
		private readonly seed: number,
		now = Date.now(),
	) {
		this.fill(COUNT, DAYS, now);
	}

	/** Takes so many orders of the last days in the place of those that are there. */
	fill(count: number, days: number, now = Date.now()): void {
		const eachMs = (days * DAY_MS) / count;
		this.found.clear();
		this.all = Array.from({ length: count }, (_, index) =>
			orderBody(this.seed, index, now - Math.floor(index * eachMs) - 60_000),
		);
	}

	/** The orders that a search finds. Throws for a body that the specification does not allow. */
	search(body: string): Json[] {
		const known = this.keepsFound ? this.found.get(body) : undefined;
		if (known) return known;
		const found = this.searched(body);
		if (this.keepsFound) this.found.set(body, found);
		return found;
	}

	private searched(body: string): Json[] {
		const filter = jsonObject(body);
		const known = [...LISTS.map(([name]) => name), ...FLAGS, 'dates'];
		for (const name of Object.keys(filter)) {
			if (!known.includes(name)) throw bad(`Unknown property ${name}`);
		}
		for (const [name, most] of LISTS) checkList(name, filter[name], most);
		for (const name of FLAGS) {
			if (filter[name] !== undefined && typeof filter[name] !== 'boolean') {
				throw bad(`${name} must be a boolean`);
			}
		}
		if (filter.orderIds !== undefined && Object.keys(filter).length > 1) {
			throw bad('orderIds cannot be used with other filters');
		}
		const inDates = filter.orderIds === undefined ? dateFilter(filter.dates) : () => true;
		return this.all.filter(
			(order) =>
				(filter.orderIds !== undefined || order.fake === (filter.fake ?? false)) &&
				LISTS.every(([name, , property]) => {
					const wanted = filter[name] as unknown[] | null | undefined;
					return !wanted || wanted.includes(order[property]);
				}) &&
				inDates(order),
		);
	}

	find(campaign: Campaign, id: unknown): Json | undefined {
		return this.all.find((order) => order.orderId === id && order.campaignId === campaign.id);
	}

	/** A new order of a shop, made `agoMs` ago. */
	place(campaignId: number, agoMs = 0): Json {
		const placed = this.clock() - agoMs;
		const order = orderBody(1, SHOPS.indexOf(campaignId as (typeof SHOPS)[number]), placed);
		const at = new Date(placed).toISOString();
		Object.assign(order, {
			orderId: YANDEX_ORDERS.first + this.all.length,
			fake: false,
			status: 'PROCESSING',
			substatus: 'STARTED',
			creationDate: at,
			updateDate: at,
		});
		this.all.unshift(order);
		return order;
	}

	/** Lets units of an order need marking codes, one for each. */
	mark(order: Json): void {
		for (const item of order.items as Json[]) item.requiredInstanceTypes = ['CIS'];
	}

	/** Boxes of an order, each call in place of those before. Throws for what the Market refuses. */
	pack(order: Json, { boxes, allowRemove }: Json): Json[] {
		const place = `${String(order.status)}/${String(order.substatus)}`;
		if (place !== 'PROCESSING/STARTED') {
			throw new YandexError(400, 'STATUS_NOT_ALLOWED', `Boxes cannot be set: order is ${place}`);
		}
		const given = boxes as Array<{ items: Json[] }>;
		if (!Array.isArray(given) || given.length === 0) throw bad('boxes must hold 1 box or more');
		const items = order.items as Json[];
		const packed = new Map<unknown, number>();
		for (const { id, fullCount, partialCount } of given.flatMap((box) => box.items)) {
			if (!items.some((item) => item.id === id)) throw bad(`No item ${String(id)} in the order`);
			const { current, total } = (partialCount ?? {}) as { current?: number; total?: number };
			const units = fullCount ?? (current === total ? 1 : 0);
			packed.set(id, (packed.get(id) ?? 0) + Number(units));
		}
		for (const { id, count } of items) {
			const units = packed.get(id) ?? 0;
			if (units > Number(count)) throw bad(`More units of item ${String(id)} than ordered`);
			if (units < Number(count) && allowRemove !== true) {
				throw bad(`Items are missing in boxes: ${String(id)}`);
			}
		}
		if (allowRemove === true) {
			order.items = items
				.map((item) => ({ ...item, count: packed.get(item.id) ?? 0 }))
				.filter(({ count }) => count > 0);
		}
		this.boxes.set(order.orderId, given);
		this.looks.set(order.orderId, 0);
		return given.map((box, at) => ({ boxId: 700_000 + at, ...box }));
	}

	boxesOf({ orderId }: Json): number {
		return this.boxes.get(orderId)?.length ?? 1;
	}

	/** How the check of an order's codes stands: under way at the first look, over at the next. */
	checkCodes(order: Json): Json[] {
		const looks = (this.looks.get(order.orderId) ?? 0) + 1;
		this.looks.set(order.orderId, looks);
		const items = this.boxes.get(order.orderId)?.flatMap((box) => box.items) ?? [];
		return items.map(({ id, instances }) => ({
			id,
			cis: ((instances ?? []) as Json[]).map(({ cis }) => ({
				value: cis,
				...(looks < 2 ? { status: 'IN_PROGRESS' } : verdictOn(String(cis))),
			})),
		}));
	}

	/** True when each unit that needs a code has a good one. */
	private isChecked(order: Json): boolean {
		const codes = (this.boxes.get(order.orderId) ?? []).flatMap((box) => box.items);
		return (order.items as Json[])
			.filter(({ requiredInstanceTypes }) => requiredInstanceTypes !== undefined)
			.every(({ id, count }) => {
				const own = codes.filter((item) => item.id === id);
				const good = own
					.flatMap(({ instances }) => (instances ?? []) as Json[])
					.filter(({ cis }) => verdictOn(String(cis)).status === 'OK');
				return good.length >= Number(count) && (this.looks.get(order.orderId) ?? 0) >= 2;
			});
	}

	/** Moves an order to its next step; what is wrong otherwise. */
	move(campaign: Campaign, id: unknown, { status, substatus }: Json): string | undefined {
		const order = this.find(campaign, id);
		if (!order) return `Order ${String(id)} not found`;
		const from = `${String(order.status)}/${String(order.substatus)}`;
		const allowed = STEPS[campaign.placementType][from] ?? [];
		const to = allowed.find((step) =>
			substatus === undefined
				? step.startsWith(`${String(status)}/`)
				: step === `${String(status)}/${String(substatus)}`,
		);
		if (!to) {
			return `Order ${String(id)} with status ${from} is not allowed for status ${String(status)}/${String(substatus)}`;
		}
		if (to === 'PROCESSING/READY_TO_SHIP' && !this.isChecked(order)) {
			return `Order requires valid identifiers of its items: ${String(id)}`;
		}
		[order.status, order.substatus] = to.split('/');
		order.updateDate = new Date(this.clock()).toISOString();
		return undefined;
	}
}

/** A code that says so was sold already. */
function verdictOn(code: string): Json {
	return code.includes('SOLD') ? { status: 'INVALID', substatus: 'ITEM_SOLD' } : { status: 'OK' };
}

/** The JSON object in a body. */
export function jsonObject(body: string): Json {
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		throw bad('The body is no JSON');
	}
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
		return parsed as Json;
	throw bad('The body must be an object');
}

function checkList(name: string, value: unknown, most: number): void {
	if (value === undefined || value === null) return;
	if (!Array.isArray(value) || value.length === 0 || value.length > most) {
		throw bad(`${name} must hold 1 to ${most} values`);
	}
	if (new Set(value).size !== value.length) throw bad(`${name} must be unique`);
	const isId = name === 'orderIds' || name === 'campaignIds';
	if (value.some((one) => (isId ? !Number.isInteger(one) : typeof one !== 'string'))) {
		throw bad(`${name} holds a value of a wrong type`);
	}
}

/** Ranges of days, the end not included, at most 30 days apart; without them the last 30 days. */
function dateFilter(dates: unknown): (order: Json) => boolean {
	const given = (dates ?? {}) as Record<string, string | undefined>;
	for (const [name, value] of Object.entries(given)) {
		const isDay = /^\d{4}-\d{2}-\d{2}$/.test(String(value));
		const isTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(String(value));
		if (!DATES.some((date) => name === `${date}From` || name === `${date}To`)) {
			throw bad(`Unknown property dates.${name}`);
		}
		if (name.startsWith('updateDate') ? !isTime : !isDay) throw bad(`dates.${name} is no date`);
	}
	const today = Date.parse(dayOf(Date.now()));
	const ranges = DATES.map((date) => {
		const [first, last] = [given[`${date}From`], given[`${date}To`]];
		if (first === undefined && last === undefined && date !== 'creationDate') return undefined;
		const isUpdate = date === 'updateDate';
		const to = last === undefined ? (isUpdate ? Infinity : today + DAY_MS) : Date.parse(last);
		const from =
			first === undefined ? (isUpdate ? -Infinity : today - 30 * DAY_MS) : Date.parse(first);
		if (from > to) throw bad(`dates.${date}From is after dates.${date}To`);
		// One day more when the range reaches to the end of today.
		if (!isUpdate && to - from > (last === undefined ? 31 : 30) * DAY_MS) {
			throw bad(`The range of ${date} must not exceed 30 days`);
		}
		return { date, from, to: Math.max(to, from + (isUpdate ? 0 : DAY_MS)) };
	});
	return (order) =>
		ranges.every((range) => {
			if (!range) return true;
			const value = valueOf(order, range.date);
			return value !== undefined && value >= range.from && value < range.to;
		});
}

/** Days as the midnight in UTC that their name means, instants as they are. */
function valueOf(order: Json, date: string): number | undefined {
	if (date === 'updateDate') return Date.parse(String(order.updateDate));
	if (date === 'creationDate') return Date.parse(dayOf(Date.parse(String(order.creationDate))));
	const shipment = (order.delivery as Json).shipment as Json | undefined;
	return shipment && Date.parse(String(shipment.shipmentDate));
}

/** An order with the fields of BusinessOrderDTO. `created`: ms since 1970. */
function orderBody(seed: number, index: number, created: number): Json {
	const h = mix(seed, 71, index);
	const campaignId = SHOPS[index % SHOPS.length];
	const campaign = CAMPAIGNS.find(({ id }) => id === campaignId) as Campaign;
	const count = 1 + (h % 3);
	const price = 100 + (h % 5000);
	const money = (value: number) => ({ value, currencyId: 'RUR' });
	const isOpen = index % 10 !== 9;
	return {
		orderId: YANDEX_ORDERS.first + index,
		campaignId,
		programType: campaign.placementType,
		...(index % 4 === 0 ? { externalOrderId: `MS-${index}` } : {}),
		status: isOpen ? 'PROCESSING' : 'DELIVERED',
		substatus: isOpen ? 'STARTED' : 'DELIVERY_SERVICE_DELIVERED',
		creationDate: new Date(created).toISOString(),
		updateDate: new Date(created + 3_600_000).toISOString(),
		paymentType: 'PREPAID',
		paymentMethod: 'YANDEX',
		// The youngest order is a test order.
		fake: index === 0,
		items: [
			{
				id: 900_000 + index,
				offerId: `SKU-${pick(['A', 'B', 'C'], h)}`,
				offerName: 'Чай чёрный',
				count,
				prices: { payment: money(price), vat: 'VAT_20' },
			},
		],
		prices: { payment: money(price * count) },
		delivery: {
			type: 'DELIVERY',
			serviceName: 'Доставка',
			deliveryServiceId: 99,
			deliveryPartnerType: campaign.placementType === 'DBS' ? 'SHOP' : 'YANDEX_MARKET',
			dates: { fromDate: dayOf(created + 2 * DAY_MS) },
			shipment: { id: 5000 + index, shipmentDate: dayOf(created + DAY_MS) },
		},
		buyerType: 'PERSON',
		cancelRequested: false,
		sourcePlatform: 'MARKET',
	};
}
