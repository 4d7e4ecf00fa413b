/** Work for each bridge of examples/, and what of it is done at the vendors: nothing, once, or more than once. */
import { ALTEGIO_LOCATIONS, INSPECTOR_OUT_OF_STOCK, YANDEX_CAMPAIGNS } from '../../sandbox';
import type { Fault, Sandbox } from '../../sandbox';
import type { Sent } from './telegram';

type Json = Record<string, unknown>;

/** Where a run is cut off: the request whose answer never comes. */
export interface Moment {
	/** In words, for the log. */
	words: string;
	/** At the vendor; `afterWork`: it has done what it was asked for. */
	fault?: Fault;
	/** At Telegram. */
	telegram?: 'before' | 'after';
}

/** How much of the work is done. */
export interface Tally {
	/** Things that must be there once. */
	wanted: number;
	/** Of these, those that are not there, or not in the state that they must have. */
	lost: string[];
	/** Those that are there more than once. */
	doubled: string[];
}

/** One bridge with its work. */
export interface Work {
	/** In words, as the table has it. */
	name: string;
	/** ID of the example. */
	example: string;
	/** Name of its Telegram chat. */
	chat: string;
	moments: Moment[];
	/** Gives it new work. */
	begin(): void;
	/** What of the work is done; called when a run after the kill has ended. */
	settle(): void;
	/** Of all work so far. */
	tally(): Tally;
}

/** Requests that are held: none passes, so that no node's own retry does either. */
const HELD: Pick<Fault, 'delayMs' | 'closeConnection' | 'times'> = {
	// Longer than any run lives here; then nothing is carried out any more.
	delayMs: 90_000,
	closeConnection: 'before',
	times: 1000,
};

/** Before the vendor carries a write out, and behind that. `after`: so many of them pass. */
function write(
	words: string,
	vendor: Fault['vendor'],
	[method, path]: [method: string | undefined, path: string],
	after = 0,
): Moment[] {
	const fault: Fault = { ...HELD, vendor, method, path, after };
	return [
		{ words: `before ${words}`, fault },
		{ words: `behind ${words}`, fault: { ...fault, afterWork: true } },
	];
}

/** Moments of more than one bridge: what holds one of them holds the other. */
const TASK = write('the task', 'moysklad', ['POST', '/entity/task$']);
const FILE = write('its file', 'moysklad', ['POST', '/files$']);
const DETAILS: Moment = {
	words: "before a visit's details",
	fault: { ...HELD, vendor: 'inspectorCloud', method: 'GET', path: '/visits/\\d+/$' },
};
const MESSAGE: Moment[] = [
	{ words: 'before the message', telegram: 'before' },
	{ words: 'behind the message', telegram: 'after' },
];

const tally = (keys: Iterable<string>, timesOf: (key: string) => number): Tally => {
	const all = [...keys].map((key) => [key, timesOf(key)] as const);
	return {
		wanted: all.length,
		lost: all.filter(([, times]) => times < 1).map(([key]) => key),
		doubled: all.filter(([, times]) => times > 1).map(([key]) => key),
	};
};

/** How often values stand there; made once, since there are many keys. */
function timesIn(values: unknown[]): (key: string) => number {
	const times = new Map<string, number>();
	for (const value of values) times.set(String(value), (times.get(String(value)) ?? 0) + 1);
	return (key) => times.get(key) ?? 0;
}

/** What the visits use up: its stock changes while it is looked at. */
const USED_UP = ['A-5276-0', 'A-1885-1'];

/** Products of MoySklad with stock and a price, each asked for once. */
function* productsOf({ moysklad: { rows } }: Sandbox) {
	for (let row = 0; row < rows.size; row++) {
		if (!rows.exists(row) || rows.type(row) !== 'product' || !rows.hasStock(row)) continue;
		const { article, salePrices } = rows.entity(row) as {
			article?: string;
			salePrices: Array<{ value: number }>;
		};
		const { stock, reserve } = rows.stock.total(row);
		if (!article || USED_UP.includes(article)) continue;
		if (salePrices[0].value < 1000 || stock <= reserve) continue;
		yield { sku: article, price: salePrices[0].value / 100, count: Math.floor(stock - reserve) };
	}
}

/** Orders of a cycle: so many that a run can be cut off between two of them. */
const MANY = 3;

function orders(sandbox: Sandbox, sent: Sent[]): Work {
	const placed = new Map<string, Json>();
	const [{ sku }] = productsOf(sandbox);
	const inMoySklad = () => sandbox.moysklad.dictionary('customerorder').all();
	const codeOf = (id: string) => `yandex-market-${id}`;
	const isDone = ({ orderId, substatus, externalOrderId }: Json) =>
		substatus === 'READY_TO_SHIP' &&
		inMoySklad().some(
			({ externalCode, name }) =>
				externalCode === codeOf(String(orderId)) && name === externalOrderId,
		) &&
		sent.some(({ text }) => text.startsWith(`Order ${String(orderId)},`));
	return {
		name: 'Yandex Market order → MoySklad',
		example: 'exampleBridgeOrder01',
		chat: 'orders',
		moments: [
			...write('the order', 'moysklad', ['POST', '/entity/customerorder$']),
			...write('its number', 'yandexMarket', ['POST', '/external-id$'], 1),
			{
				words: 'before the label',
				fault: {
					...HELD,
					vendor: 'yandexMarket',
					method: 'GET',
					path: '/delivery/labels',
					after: 1,
				},
			},
			{ words: 'before the packer', telegram: 'before' },
			{ words: 'behind the packer', telegram: 'after' },
			// One order goes by a request of its own, many by one.
			...write('its status', 'yandexMarket', [undefined, '/orders/(\\d+/status|status-update)$']),
		],
		begin: () => {
			for (let one = 0; one < MANY; one++) {
				const order = sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
				delete order.externalOrderId;
				Object.assign((order.items as Json[])[0], { offerId: sku, count: 2 });
				placed.set(String(order.orderId), order);
			}
		},
		settle: () => undefined,
		tally: () => {
			const timesOf = timesIn(inMoySklad().map(({ externalCode }) => externalCode));
			return tally(placed.keys(), (id) => {
				return isDone(placed.get(id) as Json) ? timesOf(codeOf(id)) : 0;
			});
		},
	};
}

function goods(sandbox: Sandbox): Work {
	const { goods: market, stocks } = sandbox.yandexMarket;
	const products = productsOf(sandbox);
	const keys = new Map<string, () => number>();
	const tasks = () => sandbox.moysklad.dictionary('task').all();
	const next = () => {
		const { value } = products.next();
		if (!value) throw new Error('The sandbox has too few products for so many kills');
		return value;
	};
	/** Its stock is that of MoySklad, and so is its price, or that waits. */
	const isRight = ({ sku, price, count }: ReturnType<typeof next>) =>
		stocks.get(YANDEX_CAMPAIGNS.fbs)?.get(sku)?.count === count &&
		(market.prices.get(sku) === price || market.waiting.get(sku) === price);
	// The first one is that of the orders, whose stock they reserve.
	next();
	return {
		name: 'MoySklad stock and prices → Yandex Market',
		example: 'exampleBridgeGoods01',
		chat: 'goods',
		moments: [
			...write('stocks', 'yandexMarket', ['PUT', '/offers/stocks$']),
			...write('prices', 'yandexMarket', ['POST', '/offer-prices/updates$']),
			...TASK,
		],
		begin: () => {
			const [old, far] = [next(), next()];
			market.sell(old.sku, Math.round(old.price * 1.1));
			// One that the last run has sent and that waits, so that there is a task to write.
			market.sell(far.sku, far.price * 4);
			market.waiting.set(far.sku, far.price);
			for (const one of [old, far]) keys.set(one.sku, () => (isRight(one) ? 1 : 0));
			const key = `[price ${far.sku} ${far.price}]`;
			keys.set(
				key,
				() => tasks().filter(({ description }) => String(description).includes(key)).length,
			);
		},
		settle: () => undefined,
		tally: () => tally(keys.keys(), (key) => keys.get(key)?.() ?? 0),
	};
}

function visits(sandbox: Sandbox): Work {
	const booked: Array<{ code: string; digits: string }> = [];
	const all = (type: string) => sandbox.moysklad.dictionary(type).all();
	let phones = 100;
	return {
		name: 'Altegio visit done → MoySklad',
		example: 'exampleBridgeVisit01',
		chat: 'visits',
		moments: [
			...write('the client', 'moysklad', ['POST', '/entity/counterparty$']),
			...write('the points', 'moysklad', ['POST', '/entity/bonustransaction$']),
			...write('the shipment', 'moysklad', ['POST', '/entity/demand$']),
		],
		begin: () => {
			for (let one = 0; one < MANY; one++) {
				const phone = `+7 (912) 555-0${++phones}`;
				const { id } = sandbox.altegio.salon.book(ALTEGIO_LOCATIONS.first, {
					staff_id: 55_436,
					services: [{ id: 220_000, cost: 1500, amount: 1 }],
					client: { name: 'Kate', phone },
					datetime: `${new Date().toISOString().slice(0, 10)} 15:00:00`,
					seance_length: 3600,
					attendance: 1,
					save_if_busy: true,
				});
				const code = `altegio-appointment-${String(id)}`;
				booked.push({ code, digits: phone.replace(/\D/g, '') });
			}
		},
		settle: () => undefined,
		tally: () => {
			const codes = (type: string) => timesIn(all(type).map(({ externalCode }) => externalCode));
			const times: Record<string, (key: string) => number> = {
				points: codes('bonustransaction'),
				shipment: codes('demand'),
				client: timesIn(all('counterparty').map(({ phone }) => String(phone).replace(/\D/g, ''))),
			};
			const keys = booked.flatMap(({ code, digits }) => [
				`points ${code}`,
				`shipment ${code}`,
				`client ${digits}`,
			]);
			return tally(keys, (key) => {
				const [kind, value] = key.split(' ');
				return times[kind](value);
			});
		},
	};
}

function shelves(sandbox: Sandbox): Work {
	const dictionary = () => sandbox.moysklad.dictionary('task');
	const tasks = () =>
		dictionary()
			.all()
			.filter(({ description }) => String(description).includes('[shelf '));
	const settled: Tally[] = [];
	/** Of the shelves as they are: task and photo of each. */
	const now = (): Tally => {
		const keys = INSPECTOR_OUT_OF_STOCK.flatMap((id) => [`task ${id}`, `photo ${id}`]);
		return tally(keys, (key) => {
			const [kind, id] = key.split(' ');
			const found = tasks().filter(({ description }) =>
				String(description).includes(`[shelf ${id}-`),
			);
			if (kind === 'task') return found.length;
			const files = found.flatMap((task) =>
				sandbox.moysklad.documentParts.list('files', String(task.id)),
			);
			return files.length;
		});
	};
	return {
		name: 'Out-of-stock → task in MoySklad',
		example: 'exampleBridgeShelf01',
		chat: 'shelves',
		// Goods write tasks in the fifth and the sixth turn: who is held there does not come further.
		moments: [...TASK, DETAILS, FILE[0], ...TASK, FILE[1], DETAILS, FILE[0]],
		// The sandbox has two visits with empty shelves: their tasks go, and they are to be written anew.
		begin: () => {
			for (const task of tasks()) dictionary().remove(task);
			for (const id of INSPECTOR_OUT_OF_STOCK) {
				sandbox.inspectorCloud.visits.set(id, { created: Date.now() });
			}
		},
		settle: () => void settled.push(now()),
		tally: () => {
			// The last one is looked at again: it must not have been doubled since.
			const tallies = [...settled.slice(0, -1), now()];
			return {
				wanted: tallies.reduce((sum, { wanted }) => sum + wanted, 0),
				lost: tallies.flatMap(({ lost }) => lost),
				doubled: tallies.flatMap(({ doubled }) => doubled),
			};
		},
	};
}

function report(sandbox: Sandbox, sent: Sent[]): Work {
	let from = 0;
	const settled: boolean[] = [];
	/** A whole message of the day, in which nothing is unknown. */
	const isWhole = ({ chat, text }: Sent) =>
		chat === 'report' && text.split('\n').length === 5 && !text.includes('not known');
	return {
		name: 'Evening report',
		example: 'exampleBridgeReport1',
		chat: 'report',
		// The shelves' details are its own, too: it is held there whenever they are.
		moments: [...MESSAGE, DETAILS, ...MESSAGE, ...MESSAGE, DETAILS, MESSAGE[0]],
		begin: () => {
			from = sent.length;
		},
		settle: () => void settled.push(sent.slice(from).some(isWhole)),
		tally: () => {
			const lost = settled.flatMap((isThere, index) => (isThere ? [] : [`report ${index + 1}`]));
			// It comes with each run; nothing of it is written anywhere.
			return { wanted: settled.length, lost, doubled: [] };
		},
	};
}

/** The five bridges with their work in a sandbox; `sent`: what Telegram has taken. */
export function bridgesWith(sandbox: Sandbox, sent: Sent[]): Work[] {
	// The sandbox's own orders whose SKUs MoySklad does not have wait for ever: two of them are enough.
	const waiting = sandbox.yandexMarket.orders.search('{"substatuses":["STARTED"]}');
	for (const order of waiting.slice(2)) order.substatus = 'READY_TO_SHIP';
	return [
		orders(sandbox, sent),
		goods(sandbox),
		visits(sandbox),
		shelves(sandbox),
		report(sandbox, sent),
	];
}
