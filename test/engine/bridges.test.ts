/**
 * Workflows between the vendors: what they do, and that a kill of n8n loses and doubles nothing. An execution that is killed
 * behind a node is one that ends there: the next one knows of it only what the vendors know.
 */
import { messages, registerStandIns, sentDocuments } from '../../examples/standIns';
import {
	ALTEGIO_LOCATIONS,
	INSPECTOR_OUT_OF_STOCK,
	INSPECTOR_VISITS,
	startSandbox,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { credentialReferences, readExampleWorkflows } from '../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import { speedUp } from './clock';
import { createEngine } from './harness';
import type { Engine, RunResult } from './harness';

jest.setTimeout(30_000);

interface Example {
	id: string;
	nodes: Array<{ type: string; parameters: Record<string, unknown>; retryOnFail?: boolean }>;
	settings?: { executionTimeout?: number };
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

let sandbox: Sandbox;
let engine: Engine;
let slowDown: (() => void) | undefined;

beforeAll(async () => {
	// Budgets and retries are waited for, faster; what is given up after 10 s or more keeps its time.
	slowDown = speedUp(10, 10_000);
	sandbox = await startSandbox({ assortmentRows: 200, limits: 'off' });
	const credentials = Object.fromEntries(
		(Object.keys(credentialReferences) as CredentialType[]).map((type) => [
			credentialReferences[type].id,
			{
				name: credentialReferences[type].name,
				type,
				// Of those that MoySklad answers fastest.
				data: {
					...sandbox.credentials[type],
					...(type === 'moySkladApi' ? { accessKind: 'solution' } : {}),
				},
			},
		]),
	);
	// Two of the sandbox's own orders are left to do: MoySklad does not have their SKUs.
	const waiting = sandbox.yandexMarket.orders.search('{"substatuses":["STARTED"]}');
	for (const order of waiting.slice(6)) order.substatus = 'READY_TO_SHIP';
	registerStandIns();
	engine = await createEngine({ credentials: credentials as never });
});
beforeEach(() => {
	messages.length = 0;
	sentDocuments.length = 0;
	sandbox.faults.clear();
});
afterAll(async () => {
	slowDown?.();
	await engine.close();
	await sandbox.close();
});

function example(id: string): Example {
	const found = readExampleWorkflows().find(({ workflow }) => workflow.id === id);
	if (!found) throw new Error(`There is no example ${id}`);
	const workflow = structuredClone(found.workflow) as unknown as Example;
	// Nobody waits for n8n's own retries here.
	for (const node of workflow.nodes) delete node.retryOnFail;
	return workflow;
}

/** Runs an example; `until`: n8n is killed when this node has ended. */
async function run(id: string, until?: string): Promise<RunResult> {
	const workflow = example(id);
	if (until !== undefined) delete workflow.connections[until];
	return await engine.run(workflow as never);
}

/**
 * Runs an example whose branches run one after another; n8n is killed when the last one of `steps`, the nodes in the order
 * in which they run, has ended.
 */
async function runUntil(id: string, steps: string[]): Promise<RunResult> {
	const workflow = example(id);
	for (const { main } of Object.values(workflow.connections)) {
		for (const [output, targets] of main.entries()) {
			main[output] = targets.filter(({ node }) => steps.includes(node));
		}
	}
	return await engine.run(workflow as never);
}

/** Each place where a kill may come: the nodes that have ended by then. */
const killsOf = (steps: string[]) =>
	steps.map((step, index) => [step, steps.slice(0, index + 1)] as const);

/** A product that the sandbox's MoySklad has. */
function article(): string {
	const { rows } = sandbox.moysklad;
	for (let row = 0; row < rows.size; row++) {
		const text = rows.type(row) === 'product' ? rows.entity(row).article : undefined;
		if (typeof text === 'string' && text !== '') return text;
	}
	throw new Error('No product has an article');
}

/** Lets MoySklad take its time for writes, so that another run looks for their objects before they are there. */
function hold(path: string, times = 2): void {
	sandbox.faults.add({ vendor: 'moysklad', method: 'POST', path, delayMs: 3000, times });
}

test('a bridge that writes by a schedule ends before its next run begins', () => {
	const bridges = readExampleWorkflows().filter(({ file }) => file.startsWith('bridge-'));
	const intervals = bridges.flatMap(({ file, workflow }) => {
		const { nodes, settings } = workflow as unknown as Example;
		const [{ parameters }] = nodes.filter(({ type }) => type.endsWith('.scheduleTrigger'));
		const [rule] = (parameters.rule as { interval: Array<Record<string, number>> }).interval;
		const seconds = (rule.minutesInterval ?? 0) * 60 + (rule.hoursInterval ?? 0) * 3600;
		return seconds > 0 ? [{ file, seconds, limit: settings?.executionTimeout }] : [];
	});
	expect(intervals).toHaveLength(4);
	for (const { file, seconds, limit } of intervals) {
		expect([file, limit]).toEqual([file, seconds - 60]);
	}
});

describe('Yandex Market order → MoySklad order', () => {
	const ORDER = 'exampleBridgeOrder01';
	const STEPS = [
		...['Orders to ship', 'Order in MoySklad', 'Has no number yet?', 'Number on the Market'],
		...['Label', 'To the packer', 'Ready to ship'],
	];

	/** An order of the shop that waits to be packed, of two units of a product that MoySklad has. */
	function place(): Record<string, unknown> {
		const order = sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
		delete order.externalOrderId;
		const [item] = order.items as Array<Record<string, unknown>>;
		Object.assign(item, {
			offerId: article(),
			count: 2,
			prices: { payment: { value: 990.5, currencyId: 'RUR' } },
		});
		return order;
	}

	const ordersOf = (order: Record<string, unknown>) =>
		sandbox.moysklad
			.dictionary('customerorder')
			.all()
			.filter(({ externalCode }) => externalCode === `yandex-market-${String(order.orderId)}`);
	const labelsOf = (order: Record<string, unknown>) =>
		sentDocuments.filter(({ caption }) => caption.includes(`Order ${String(order.orderId)},`));

	/** One order with its number on both sides, a label at the packer, and the Market knows that it is ready. */
	function expectDone(order: Record<string, unknown>): void {
		const [written, ...others] = ordersOf(order);
		expect(others).toEqual([]);
		expect(written).toMatchObject({ sum: 198_100 });
		expect(order).toMatchObject({
			substatus: 'READY_TO_SHIP',
			externalOrderId: written.name,
		});
		expect(labelsOf(order).length).toBeGreaterThan(0);
	}

	test('an order is written with its items, its label goes to the packer, its status back', async () => {
		const order = place();
		const result = await run(ORDER);
		expect(result.status).toBe('success');
		expectDone(order);
		expect(labelsOf(order)).toHaveLength(1);
		// One message tells of the orders that cannot be written.
		expect(messages).toHaveLength(1);
		expect(messages[0].text).toMatch(/orders wait\nOrder \d+: .*'SKU-[ABC]'/);
		expect(messages[0].text).not.toContain(String(order.orderId));
	});

	test.each(STEPS)(
		'killed behind %s: the next run does the rest, and nothing twice',
		async (step) => {
			const order = place();
			await run(ORDER, step);
			await run(ORDER);
			expectDone(order);
			expect(labelsOf(order)).toHaveLength(step === 'To the packer' ? 2 : 1);
			await run(ORDER);
			expect(ordersOf(order)).toHaveLength(1);
			expect(labelsOf(order)).toHaveLength(step === 'To the packer' ? 2 : 1);
		},
	);

	test('killed after MoySklad has written the order, before its answer came', async () => {
		const order = place();
		sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			path: '/entity/customerorder$',
			closeConnection: 'before',
			afterWork: true,
			times: 20,
		});
		await run(ORDER, 'Order in MoySklad');
		sandbox.faults.clear();
		expect(ordersOf(order)).toHaveLength(1);
		await run(ORDER);
		expectDone(order);
	});

	test('two runs at the same time write one order', async () => {
		const order = place();
		hold('/entity/customerorder$');
		await Promise.all([run(ORDER), run(ORDER)]);
		expectDone(order);
	});

	test('what Telegram takes for markup is told all the same, and a long order goes on', async () => {
		const [strange, long] = [place(), place()];
		const [item] = strange.items as Array<Record<string, unknown>>;
		Object.assign(item, { offerId: 'blue_shirt <XL> & *[' });
		const [one] = long.items as Array<Record<string, unknown>>;
		long.items = Array.from({ length: 120 }, (_, index) => ({ ...one, id: index + 1 }));
		expect((await run(ORDER)).status).toBe('success');
		expect(messages).toHaveLength(1);
		expect(messages[0].text).toContain(
			`Order ${String(strange.orderId)}: 'Items 1: Item' is 'blue_shirt &lt;XL> &amp; *['`,
		);
		expect(long).toMatchObject({ substatus: 'READY_TO_SHIP' });
		expect(labelsOf(long)).toHaveLength(1);
		Object.assign(item, { offerId: article() });
		await run(ORDER);
		expect(strange).toMatchObject({ substatus: 'READY_TO_SHIP' });
	});

	test('MoySklad is down: the orders wait at the Market, and go on when it is back', async () => {
		const order = place();
		sandbox.faults.add({ vendor: 'moysklad', status: 403, body: {}, times: 1000 });
		await run(ORDER);
		expect(ordersOf(order)).toEqual([]);
		expect(order).toMatchObject({ substatus: 'STARTED' });
		expect(messages[0].text).toContain('orders wait');
		sandbox.faults.clear();
		await run(ORDER);
		expectDone(order);
	});
});

describe('Out-of-stock at Inspector Cloud → task with photo in MoySklad', () => {
	const SHELF = 'exampleBridgeShelf01';
	const STEPS = [
		...['What is missing', 'Tasks that are there', 'What is to be done', 'Has a task?'],
		...['Task for the merchandiser', 'Photo of the shelf', 'The first photo', 'Photo to the task'],
	];
	const VISITS = INSPECTOR_OUT_OF_STOCK;
	const { expiredPhotos } = INSPECTOR_VISITS;

	const dictionary = () => sandbox.moysklad.dictionary('task');
	const tasks = (visit: number) =>
		dictionary()
			.all()
			.filter(({ description }) => String(description).includes(`[shelf ${visit}-`));
	const filesOf = ({ id }: Record<string, unknown>) =>
		sandbox.moysklad.documentParts.list('files', String(id));
	const happenToday = (...ids: number[]) => {
		for (const id of ids) sandbox.inspectorCloud.visits.set(id, { created: Date.now() });
	};

	beforeEach(() => {
		sandbox.inspectorCloud.visits.clear();
		for (const id of [...VISITS, expiredPhotos]) {
			for (const task of tasks(id)) dictionary().remove(task);
		}
	});

	/** One task for each shelf, with its photo. */
	function expectDone(): void {
		for (const visit of VISITS) {
			const [task, ...others] = tasks(visit);
			expect(others).toEqual([]);
			expect(filesOf(task).map(({ filename }) => filename)).toEqual([
				expect.stringMatching(new RegExp(`^${visit}-\\d+-\\d+\\.jpg$`)),
			]);
		}
	}

	test('a shelf becomes a task with text and photo; what cannot be had is told', async () => {
		happenToday(...VISITS, expiredPhotos);
		expect((await run(SHELF)).status).toBe('success');
		expectDone();
		expect(tasks(VISITS[0])[0].description).toMatch(
			/^Not on the shelf, store STORE-\d+ \(.+\)\n7613036868983: .+\nhttps:.+\n\[shelf 324001-9000\]$/,
		);
		expect(tasks(expiredPhotos)).toHaveLength(1);
		expect(messages).toHaveLength(1);
		expect(messages[0].text).toMatch(
			new RegExp(`1 shelves wait\\nVisit ${expiredPhotos}, scene \\d+: .`),
		);
	});

	test.each(STEPS)(
		'killed behind %s: the next run does the rest, and nothing twice',
		async (step) => {
			happenToday(...VISITS);
			await run(SHELF, step);
			await run(SHELF);
			expectDone();
			const before = sandbox.log.length;
			expect((await run(SHELF)).status).toBe('success');
			const sent = sandbox.log.slice(before).filter(({ vendor }) => vendor === 'moysklad');
			expect(sent.map(({ method }) => method)).toEqual(['GET']);
		},
	);

	test.each([
		['the task', '/entity/task$'],
		['its photo', '/files$'],
	])('killed after MoySklad has written %s, before its answer came', async (_what, path) => {
		happenToday(...VISITS);
		sandbox.faults.add({
			...{ vendor: 'moysklad', method: 'POST', path, closeConnection: 'before' },
			...{ afterWork: true, times: 20 },
		});
		const [first, second] = [await run(SHELF, 'Task for the merchandiser'), await run(SHELF)];
		const unsure = [
			...first.items('Task for the merchandiser', 1),
			...second.items('Photo to the task', 1),
		];
		expect(unsure).toHaveLength(VISITS.length);
		sandbox.faults.clear();
		await run(SHELF);
		expectDone();
	});

	test('two runs at the same time both add the photo, and both write the task: a task has no key at MoySklad', async () => {
		happenToday(...VISITS);
		await run(SHELF, 'Task for the merchandiser');
		hold('/files$');
		await Promise.all([run(SHELF), run(SHELF)]);
		for (const visit of VISITS) {
			expect(tasks(visit)).toHaveLength(1);
			expect(filesOf(tasks(visit)[0])).toHaveLength(2);
			dictionary().remove(tasks(visit)[0]);
		}
		hold('/entity/task$');
		await Promise.all([run(SHELF), run(SHELF)]);
		for (const visit of VISITS) expect(tasks(visit)).toHaveLength(2);
	});

	test('a task that is ticked off is not written again', async () => {
		happenToday(...VISITS);
		await run(SHELF);
		dictionary().change(tasks(VISITS[0])[0], { done: true });
		await run(SHELF);
		expectDone();
	});

	test('MoySklad is down: nothing is written, and the shelves come when it is back', async () => {
		happenToday(...VISITS);
		sandbox.faults.add({ vendor: 'moysklad', status: 403, body: {}, times: 1000 });
		expect((await run(SHELF)).status).toBe('error');
		sandbox.faults.clear();
		await run(SHELF);
		expectDone();
	});
});

describe('MoySklad stock and prices → Yandex Market', () => {
	const GOODS = 'exampleBridgeGoods01';
	const STEPS = [
		...['Prices that wait', 'Products of the shop', 'Stock on the Market', 'Goods in MoySklad'],
		...['What differs', 'Stock differs?', 'Stock to the Market', 'Price differs?'],
		...['Price to the Market', 'Tasks that are there', 'Those without a task'],
		'Task for the manager',
	];
	const UNKNOWN = 'not-in-moysklad';

	const market = () => sandbox.yandexMarket;
	const dictionary = () => sandbox.moysklad.dictionary('task');
	const tasks = () =>
		dictionary()
			.all()
			.filter(({ description }) => String(description).includes('[price '));
	const writes = (from: number) =>
		sandbox.log
			.slice(from)
			.filter(({ vendor, method, path }) => vendor === 'yandexMarket' && /^PUT/.test(method + path))
			.length +
		sandbox.log.slice(from).filter(({ path }) => path.includes('offer-prices/updates')).length;

	/** Three products of MoySklad with what the Market should have of them. */
	interface Wanted {
		sku: string;
		price: number;
		stock: number;
	}
	let wanted: Wanted[];

	function threeGoods(): Wanted[] {
		const { rows } = sandbox.moysklad;
		const found: Wanted[] = [];
		for (let row = 0; row < rows.size && found.length < 3; row++) {
			if (!rows.exists(row) || rows.type(row) !== 'product' || !rows.hasStock(row)) continue;
			const { article: sku, salePrices } = rows.entity(row) as {
				article?: string;
				salePrices: Array<{ value: number }>;
			};
			const { stock, reserve } = rows.stock.total(row);
			if (!sku || salePrices[0].value < 1000 || stock <= reserve) continue;
			found.push({ sku, price: salePrices[0].value / 100, stock: Math.floor(stock - reserve) });
		}
		return found;
	}

	/** The Market has the right price of the first one, an old one of the second, and a far too high one of the third. */
	beforeEach(() => {
		const { goods, stocks } = market();
		goods.prices.clear();
		goods.waiting.clear();
		stocks.clear();
		for (const task of tasks()) dictionary().remove(task);
		wanted = threeGoods();
		const [same, old, far] = wanted;
		goods.sell(same.sku, same.price);
		goods.sell(old.sku, Math.round(old.price * 1.1));
		goods.sell(far.sku, far.price * 4);
		goods.sell(UNKNOWN, 100);
	});
	afterAll(() => market().goods.prices.clear());

	const stockOf = (sku: string) => market().stocks.get(YANDEX_CAMPAIGNS.fbs)?.get(sku)?.count;

	/** Stock and prices are those of MoySklad, the price that changed much waits, and one task tells of it. */
	function expectDone(): void {
		const [same, old, far] = wanted;
		const { prices, waiting } = market().goods;
		expect(wanted.map(({ sku }) => stockOf(sku))).toEqual(wanted.map(({ stock }) => stock));
		expect([prices.get(same.sku), prices.get(old.sku)]).toEqual([same.price, old.price]);
		expect([...waiting]).toEqual([[far.sku, far.price]]);
		expect(tasks().map(({ description }) => description)).toEqual([
			expect.stringMatching(new RegExp(`\\n\\[price ${far.sku} ${far.price}\\]$`)),
		]);
		expect([prices.get(UNKNOWN), stockOf(UNKNOWN)]).toEqual([100, undefined]);
	}

	test('only what differs is sent; a price that waits becomes one task', async () => {
		const first = await run(GOODS);
		expect(first.status).toBe('success');
		expect(first.items('What differs')).toHaveLength(3);
		expect(first.items('Price to the Market')).toHaveLength(2);
		expect(tasks()).toEqual([]);
		const from = sandbox.log.length;
		const second = await run(GOODS);
		expectDone();
		expect([second.items('What differs').length, writes(from)]).toEqual([0, 0]);
		await run(GOODS);
		expectDone();
		expect(messages).toEqual([]);
	});

	test('the nodes run in the order in which they are killed here', async () => {
		market().goods.waiting.set(wanted[0].sku, 1);
		const { nodes } = await run(GOODS);
		expect(nodes.map(({ name }) => name).slice(1)).toEqual(STEPS);
	});

	test.each(killsOf(STEPS))(
		'killed behind %s: the next runs do the rest, and nothing twice',
		async (_step, until) => {
			// A price of the run before waits, so that there is something for each node to do.
			const [, , far] = wanted;
			market().goods.waiting.set(far.sku, far.price);
			await runUntil(GOODS, until);
			await run(GOODS);
			expectDone();
			const from = sandbox.log.length;
			await run(GOODS);
			expectDone();
			expect(writes(from)).toBe(0);
		},
	);

	test('killed after MoySklad has written the task, before its answer came', async () => {
		await run(GOODS);
		sandbox.faults.add({
			...{ vendor: 'moysklad', method: 'POST', path: '/entity/task$' },
			...{ closeConnection: 'before', afterWork: true, times: 20 },
		});
		await run(GOODS);
		sandbox.faults.clear();
		await run(GOODS);
		expectDone();
	});

	test('what the Market refuses is told, and sent again with the next run', async () => {
		sandbox.faults.add({
			...{ vendor: 'yandexMarket', method: 'PUT', path: '/offers/stocks$' },
			...{ status: 403, body: {}, times: 20 },
		});
		expect((await run(GOODS)).status).toBe('success');
		expect(messages).toHaveLength(1);
		expect(messages[0].text).toContain('3 products wait');
		expect(messages[0].text).toContain(`${wanted[0].sku}: `);
		sandbox.faults.clear();
		await run(GOODS);
		expectDone();
	});

	test('MoySklad is down: nothing is sent, and all goes on when it is back', async () => {
		sandbox.faults.add({ vendor: 'moysklad', status: 403, body: {}, times: 1000 });
		const from = sandbox.log.length;
		expect((await run(GOODS)).status).toBe('error');
		expect(writes(from)).toBe(0);
		sandbox.faults.clear();
		await run(GOODS);
		await run(GOODS);
		expectDone();
	});
});

describe('Altegio visit done → bonus points and shipment in MoySklad', () => {
	const VISIT = 'exampleBridgeVisit01';
	const STEPS = [
		...['Visits that are done', 'Points so far', 'Shipments so far'],
		...['What is to be done', 'Has a phone?', 'Client by phone', 'Points to give?'],
		...['Bonus points', 'Consumables to ship?', 'Shipment'],
	];

	/** An appointment of today for a haircut of 1500; a number says who, nothing is somebody without a phone. */
	function visit(phone?: string, attendance = 1): string {
		const { id } = sandbox.altegio.salon.book(ALTEGIO_LOCATIONS.first, {
			staff_id: 55_436,
			services: [{ id: 220_000, cost: 1500, amount: 1 }],
			client: phone ? { name: 'Kate', phone } : {},
			datetime: `${new Date().toISOString().slice(0, 10)} 15:00:00`,
			seance_length: 3600,
			attendance,
			save_if_busy: true,
		});
		return `altegio-appointment-${String(id)}`;
	}

	const withCode = (type: string, code: string) =>
		sandbox.moysklad
			.dictionary(type)
			.all()
			.filter(({ externalCode }) => externalCode === code);
	const clients = (phone: string) =>
		sandbox.moysklad
			.dictionary('counterparty')
			.all()
			.filter((one) => String(one.phone ?? '').replace(/\D/g, '') === phone.replace(/\D/g, ''));
	const positions = (code: string) =>
		withCode('demand', code).map(({ id }) =>
			sandbox.moysklad.orderPositions.list(String(id)).map(({ quantity }) => quantity),
		);

	let phones = 1000;
	const phone = () => `+7 (912) 555-${++phones}`;

	function expectDone(code: string, who: string): void {
		expect(clients(who)).toHaveLength(1);
		expect(withCode('bonustransaction', code)).toMatchObject([
			{ bonusValue: 75, transactionType: 'EARNING' },
		]);
		expect(positions(code)).toEqual([[1]]);
	}

	test('a client who came gets points, and what was used leaves the warehouse', async () => {
		const who = phone();
		const [code, walkIn, waiting] = [visit(who), visit(), visit(phone(), 0)];
		const result = await run(VISIT);
		expect(result.status).toBe('success');
		expectDone(code, who);
		expect([withCode('bonustransaction', walkIn), positions(walkIn)]).toEqual([[], [[1]]]);
		expect([withCode('bonustransaction', waiting), positions(waiting)]).toEqual([[], []]);
		expect(messages).toEqual([]);
	});

	test('what is there stays as people have corrected it', async () => {
		const who = phone();
		const code = visit(who);
		await run(VISIT);
		const [points] = withCode('bonustransaction', code);
		sandbox.moysklad.dictionary('bonustransaction').change(points, { bonusValue: 80 });
		const from = sandbox.log.length;
		await run(VISIT);
		expect(withCode('bonustransaction', code)).toMatchObject([{ bonusValue: 80 }]);
		const sent = sandbox.log.slice(from).filter(({ vendor }) => vendor === 'moysklad');
		expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(['GET']));
	});

	test('the nodes run in the order in which they are killed here', async () => {
		visit(phone());
		const { nodes } = await run(VISIT);
		expect(nodes.map(({ name }) => name).slice(1)).toEqual(STEPS);
	});

	test.each(killsOf(STEPS))(
		'killed behind %s: the next run does the rest, and nothing twice',
		async (_step, until) => {
			const who = phone();
			const code = visit(who);
			await runUntil(VISIT, until);
			await run(VISIT);
			expectDone(code, who);
		},
	);

	test.each([
		['the client', '/entity/counterparty$'],
		['the points', '/entity/bonustransaction$'],
		['the shipment', '/entity/demand$'],
	])('killed after MoySklad has written %s, before its answer came', async (_what, path) => {
		const who = phone();
		const code = visit(who);
		sandbox.faults.add({
			...{ vendor: 'moysklad', method: 'POST', path, closeConnection: 'before' },
			...{ afterWork: true, times: 20 },
		});
		await run(VISIT);
		sandbox.faults.clear();
		await run(VISIT);
		expectDone(code, who);
	});

	test('two runs at the same time write one client and ship once; both give the points, which have no key at MoySklad', async () => {
		const who = phone();
		const code = visit(who);
		hold('/entity/(counterparty|bonustransaction|demand)$', 6);
		await Promise.all([run(VISIT), run(VISIT)]);
		expect([clients(who).length, positions(code)]).toEqual([1, [[1]]]);
		expect(withCode('bonustransaction', code)).toHaveLength(2);
	});

	test.each(['moysklad', 'altegio'] as const)(
		'%s is down: nothing is lost, and all goes on when it is back',
		async (vendor) => {
			const who = phone();
			const code = visit(who);
			sandbox.faults.add({ vendor, status: 403, body: {}, times: 1000 });
			expect((await run(VISIT)).status).toBe('error');
			sandbox.faults.clear();
			await run(VISIT);
			expectDone(code, who);
		},
	);

	test('a shipment that is refused is told, and comes with the next run', async () => {
		const who = phone();
		const code = visit(who);
		sandbox.faults.add({
			...{ vendor: 'moysklad', method: 'POST', path: '/entity/demand$' },
			...{ status: 403, body: {}, times: 20 },
		});
		expect((await run(VISIT)).status).toBe('success');
		expect(messages[0].text).toMatch(/1 visits wait\nAltegio, appointment \d+ of .+: ./);
		sandbox.faults.clear();
		await run(VISIT);
		expectDone(code, who);
	});
});

describe('Evening report', () => {
	const REPORT = 'exampleBridgeReport1';

	test('tells of all four in one message', async () => {
		sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
		expect((await run(REPORT)).status).toBe('success');
		expect(messages).toHaveLength(1);
		const lines = String(messages[0].text).split('\n');
		expect(lines[1]).toMatch(/^Yandex Market: [1-9]\d* orders, \d+\.\d\d RUB$/);
		expect(lines[2]).toMatch(/^MoySklad: \d+ shipments, \d+\.\d\d RUB$/);
		expect(lines[3]).toMatch(/^Altegio: \d+ appointments, of which \d+ confirmed or done$/);
		expect(lines[4]).toMatch(/^Inspector Cloud: \d+ products missing in \d+ stores$/);
	});

	test.each([
		['yandexMarket', 1],
		['moysklad', 2],
		['altegio', 3],
		['inspectorCloud', 4],
	] as const)('%s is down: its line says so, the others come', async (vendor, line) => {
		sandbox.faults.add({ vendor, status: 403, body: {}, times: 1000 });
		expect((await run(REPORT)).status).toBe('success');
		const lines = String(messages[0].text).split('\n');
		expect(lines).toHaveLength(5);
		for (const at of [1, 2, 3, 4]) {
			expect(lines[at].includes('not known')).toBe(at === line);
		}
	});

	const STEPS = [
		...['Orders of the Market', 'Shipments of MoySklad', 'Appointments of Altegio'],
		...['Missing on shelves', 'One message', 'Send it'],
	];
	const SENT = 'Send it';

	test('the nodes run in the order in which they are killed here', async () => {
		const { nodes } = await run(REPORT);
		expect(nodes.map(({ name }) => name).slice(1)).toEqual(STEPS);
	});

	test.each(STEPS)(
		'killed behind %s: nothing is written anywhere, and run again it tells of all',
		async (step) => {
			const from = sandbox.log.length;
			await run(REPORT, step);
			expect(messages).toHaveLength(step === SENT ? 1 : 0);
			messages.length = 0;
			expect((await run(REPORT)).status).toBe('success');
			expect(messages).toHaveLength(1);
			expect(String(messages[0].text).split('\n')).toHaveLength(5);
			expect(messages[0].text).not.toContain('not known');
			const writes = sandbox.log
				.slice(from)
				.filter(({ method, path }) => method !== 'GET' && !READS.test(path));
			expect(writes).toEqual([]);
		},
	);
	/** Yandex Market searches orders by POST. */
	const READS = /\/businesses\/\d+\/orders$/;
});

describe('Figures of the day at Altegio', () => {
	const DAY = 'exampleAltegioDay01';
	const lines = () => String(messages[0].text).split('\n');

	test('tells what was paid, and who is still to be marked, whatever the names hold', async () => {
		const name = `Tom & <Ann> ${'x'.repeat(200)}`;
		for (let hour = 0; hour < 24; hour++) {
			sandbox.altegio.salon.book(ALTEGIO_LOCATIONS.first, {
				staff_id: 55_436,
				services: [{ id: 220_000 }],
				client: { name, phone: '+13155550095' },
				datetime: `${new Date().toLocaleDateString('sv-SE', { timeZone: 'America/New_York' })} ${String(hour).padStart(2, '0')}:00:00`,
				seance_length: 3600,
				attendance: hour === 0 ? 1 : hour === 1 ? -1 : 0,
				save_if_busy: true,
			});
		}
		const from = sandbox.log.length;
		expect((await run(DAY)).status).toBe('success');
		expect(messages).toHaveLength(1);
		expect(lines()).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^Paid: \d+\.\d\d /),
				expect.stringMatching(/^Clients: \d+$/),
				expect.stringMatching(/^Appointments: \d+, arrived [1-9]\d*, no-show 1$/),
				expect.stringMatching(/^Still to be marked: \d\d$/),
			]),
		);
		// Twenty of them by name, each cut.
		const named = lines().filter((line) => /^ {2}\d\d:\d\d /.test(line));
		expect(named).toHaveLength(20);
		expect(named.filter((line) => /Tom &amp; &lt;Ann> x{48}, /.test(line))).not.toEqual([]);
		expect(sandbox.log.slice(from).map(({ method }) => method)).not.toContain('POST');
	});

	test.each([
		['/reports/z_report', 'Report of the day', /^Appointments: /],
		['/records/', 'Appointments of the day', /^Paid: /],
	])('without a right to %s it says so and tells the rest', async (path, question, rest) => {
		sandbox.faults.add({ vendor: 'altegio', path, status: 403, body: {}, times: 1000 });
		expect((await run(DAY)).status).toBe('success');
		expect(lines()).toContainEqual(
			expect.stringMatching(new RegExp(`^${question}: not known \\(`)),
		);
		expect(lines()).toContainEqual(expect.stringMatching(rest));
	});
});
