/**
 * Workflows between the vendors: what they do, and that a kill of n8n loses and doubles nothing. An execution that is killed
 * behind a node is one that ends there: the next one knows of it only what the vendors know.
 */
import { messages, registerStandIns, sentDocuments } from '../../examples/standIns';
import {
	INSPECTOR_OUT_OF_STOCK,
	INSPECTOR_VISITS,
	startSandbox,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { credentialReferences, readExampleWorkflows } from '../../sandbox/n8n/fixtures';
import type { CredentialType } from '../../sandbox/n8n/fixtures';
import { createEngine } from './harness';
import type { Engine, RunResult } from './harness';

jest.setTimeout(30_000);

interface Example {
	id: string;
	nodes: Array<{ retryOnFail?: boolean }>;
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
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

/** A product that the sandbox's MoySklad has. */
function article(): string {
	const { rows } = sandbox.moysklad;
	for (let row = 0; row < rows.size; row++) {
		const text = rows.type(row) === 'product' ? rows.entity(row).article : undefined;
		if (typeof text === 'string' && text !== '') return text;
	}
	throw new Error('No product has an article');
}

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
});
