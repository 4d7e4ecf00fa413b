/** Example workflows of triggers, and of photos, in a real n8n, with n8n's own nodes beside ours. */
import {
	ALTEGIO_LOCATIONS,
	INSPECTOR_OUT_OF_STOCK,
	MOYSKLAD_TOKENS,
	startSandbox,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { exampleWorkflowsAt, sandboxCredentialImports } from '../../sandbox/n8n/fixtures';
import { delay, importByCli, itemsOf, launchN8n, waitFor } from '../../sandbox/n8n/n8n';
import type { ImportedWorkflow, N8n, StoredExecution } from '../../sandbox/n8n/n8n';
import { prepareUserFolder, setUpTimeoutMs } from './harness';
import type { PreparedFolder } from './harness';

const productId = 'exampleTrigger00001';
const stockId = 'exampleStock0000001';
const orderId = 'exampleOrder0000001';
const outOfStockId = 'exampleOutOfStock01';
const pricesId = 'examplePrices000001';
const recogniseId = 'exampleRecognise001';
const paidId = 'exampleOrderPaid001';
const shopId = 'exampleShopOrder001';
const priceFileId = 'examplePriceFile001';
const bankId = 'exampleBankFile0001';
const printId = 'exampleShipPrint001';
const shelfId = 'exampleBridgeShelf01';
const bridgeOrderId = 'exampleBridgeOrder01';
const reportId = 'exampleBridgeReport1';
const goodsId = 'exampleBridgeGoods01';
const visitId = 'exampleBridgeVisit01';

let folder: PreparedFolder;
let sandbox: Sandbox;
let n8n: N8n;
let examples: ImportedWorkflow[];

beforeAll(async () => {
	folder = await prepareUserFolder();
	sandbox = await startSandbox({ assortmentRows: 200 });
	examples = exampleWorkflowsAt(sandbox.urls);
	// There is no Telegram to send to: what would be sent is looked at.
	const bridges = [shelfId, bridgeOrderId, reportId, goodsId, visitId];
	for (const one of [orderId, outOfStockId, paidId, ...bridges]) {
		const example = examples.find(({ id }) => id === one);
		const nodes = example?.nodes as Array<{ type: string; disabled?: boolean }> | undefined;
		const sending = nodes?.filter(({ type }) => type.endsWith('.telegram')) ?? [];
		if (sending.length === 0) throw new Error('The example sends nothing');
		for (const node of sending) node.disabled = true;
	}
	await importByCli('credentials', sandboxCredentialImports(sandbox.credentials), folder);
	await importByCli('workflow', examples, folder);
	n8n = await launchN8n(folder);
	await n8n.api.signIn();
}, setUpTimeoutMs);

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	folder?.remove();
});

/** Publishes a workflow and waits until MoySklad knows it. */
async function publish(id: string): Promise<void> {
	await n8n.api.publish(id);
	await waitFor('its webhook', () => registered().length > 0);
}

function registered() {
	const { webhooks } = sandbox.moysklad;
	return [...webhooks.list('webhook'), ...webhooks.list('webhookstock')];
}

/** Runs a workflow from one of its triggers, as a person does in the editor. */
async function runByHand(
	id: string,
	trigger = 'When clicking ‘Execute workflow’',
	runs = 1,
): Promise<StoredExecution> {
	const workflowData = await n8n.api.request('GET', `/rest/workflows/${id}`);
	await n8n.api.request('POST', `/rest/workflows/${id}/run`, {
		workflowData,
		triggerToStartFrom: { name: trigger },
	});
	const all = await ended(id, runs, 'manual');
	const newest = all.reduce((one, other) => (Number(other.id) > Number(one.id) ? other : one));
	expect(newest.status).toBe('success');
	return newest;
}

async function ended(id: string, count: number, how = 'webhook'): Promise<StoredExecution[]> {
	return await waitFor(`${count} executions of ${id}`, async () => {
		const all = (await n8n.api.executions(id)).filter(({ mode }) => mode === how);
		return all.length >= count && all.every(({ stoppedAt }) => stoppedAt !== null)
			? all
			: undefined;
	});
}

/** The first product that has stock. */
function product() {
	const { rows } = sandbox.moysklad;
	for (let row = 0; row < rows.size; row++) {
		if (rows.type(row) === 'product' && rows.hasStock(row)) return { row, id: rows.id(row) };
	}
	throw new Error('No product has stock');
}

async function write(
	method: 'POST' | 'PUT',
	path: string,
	body: object,
	token: string = MOYSKLAD_TOKENS.secondUser,
): Promise<{ id: string; meta: object }> {
	const send = async () =>
		await fetch(`${sandbox.urls.moysklad}/entity/${path}`, {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				'accept-encoding': 'gzip',
				'content-type': 'application/json',
			},
			body: JSON.stringify(body),
		});
	// The account's requests of these 3 s may be used up by the workflow: it comes again, as any program does.
	const response = await waitFor('a place in the budget', async () => {
		const answer = await send();
		if (answer.status !== 429) return answer;
		await delay(1000);
		return undefined;
	});
	const written = (await response.json()) as { id: string; meta: object };
	expect(response.status).toBe(200);
	await sandbox.moysklad.deliveriesIdle();
	return written;
}

test('n8n has every node of every example, in the version that it names', async () => {
	const types = await n8n.api.request<Array<{ name: string; version: number | number[] }>>(
		'GET',
		'/types/nodes.json',
	);
	const known = types.flatMap(({ name, version }) =>
		[version].flat().map((one) => `${name} ${one}`),
	);
	for (const { name, nodes } of examples) {
		for (const { type, typeVersion } of nodes as Array<{ type: string; typeVersion: number }>) {
			expect([name, known]).toEqual([name, expect.arrayContaining([`${type} ${typeVersion}`])]);
		}
	}
});

test('a new order becomes the text of a message', async () => {
	await publish(orderId);
	const agent = await write('POST', 'counterparty', { name: 'Smith & Sons <wholesale>' });
	const { world } = sandbox.moysklad;
	const { id } = await write('POST', 'customerorder', {
		organization: world.ref('organization', 0),
		agent: { meta: agent.meta },
		positions: [
			{ quantity: 3, price: 129_950, assortment: { meta: world.meta('product', product().id) } },
		],
	});
	const [execution] = await ended(orderId, 1);
	expect(execution.status).toBe('success');
	const lines = String(itemsOf(execution, 'Text of the message')[0].json.text).split('\n');
	expect(lines).toEqual([
		expect.stringMatching(/^New order <b>\d{5}<\/b>$/),
		'From: Smith &amp; Sons &lt;wholesale>',
		'Sum: 3898.50 RUB',
		expect.stringContaining(`?id=${id}">Open in MoySklad</a>`),
	]);
	await n8n.api.unpublish(orderId);
	await waitFor('no webhook', () => registered().length === 0);
});

test('a changed product goes to the other system, and no write comes back', async () => {
	await runByHand(productId, 'Set up, once');
	await publish(productId);
	const { row, id } = product();
	await write('PUT', `product/${id}`, { name: 'Renamed by a colleague' });
	const [execution] = await ended(productId, 1);
	expect(execution.status).toBe('success');
	const [shop] = itemsOf(execution, 'Write to the shop');
	expect(shop.json).toMatchObject({ moySkladId: id, name: 'Renamed by a colleague' });
	expect(sandbox.moysklad.rows.entity(row).externalCode).toBe(`shop-${String(shop.json.id)}`);
	// Of the write by the workflow MoySklad says nothing, as its header asks.
	await sandbox.moysklad.deliveriesIdle();
	const told = sandbox.moysklad.deliveries.filter(({ body }) => JSON.stringify(body).includes(id));
	expect(told).toHaveLength(1);
	// A write without the header is told, and ends at the trigger.
	await write('PUT', `product/${id}`, { name: 'By the workflow' }, MOYSKLAD_TOKENS.user);
	const [echo] = await ended(productId, 2);
	expect(echo.status).toBe('success');
	expect(echo.data.resultData.runData['Still there?']).toBeUndefined();
	await n8n.api.unpublish(productId);
	await waitFor('no webhook', () => registered().length === 0);
});

test('changed stock goes to Yandex Market by the HTTP Request node and our credential', async () => {
	await publish(stockId);
	const { row, id } = product();
	const [store] = sandbox.moysklad.dictionary('store').all();
	sandbox.moysklad.changeStock(id, String(store.id), { stock: 54_321 });
	const [execution] = await ended(stockId, 1);
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Stock to Yandex Market').map(({ json }) => json)).toEqual([
		{ status: 'OK' },
	]);
	const { article } = sandbox.moysklad.rows.entity(row);
	const shop = sandbox.yandexMarket.stocks.get(YANDEX_CAMPAIGNS.dbs);
	expect([...(shop?.values() ?? [])]).toMatchObject([
		{ sku: article, count: sandbox.moysklad.rows.stock.total(row).stock },
	]);
	await n8n.api.unpublish(stockId);
	await waitFor('no webhook', () => registered().length === 0);
});

test('what is not on the shelf becomes a message with a photo, and a task in MoySklad', async () => {
	const tasks = () => sandbox.moysklad.dictionary('task').all();
	const before = tasks().length;
	await runByHand(outOfStockId, 'What is missing');
	const [execution] = await ended(outOfStockId, 1, 'manual');
	const missing = itemsOf(execution, 'What is missing');
	expect(missing.length).toBeGreaterThan(0);
	const photos = itemsOf(execution, 'Send photo').map(({ binary }) => binary?.data?.fileName);
	expect(photos.length).toBeGreaterThan(0);
	for (const name of photos) expect(name).toMatch(/^\d+-\d+-\d+\.jpg$/);
	const made = tasks().slice(before);
	expect(made.map(({ description }) => description)).toEqual(
		missing.map(({ json }) => expect.stringContaining(String(json.portal_url))),
	);
});

describe('bridges', () => {
	test('out-of-stock becomes one task with its photo, and nothing more the second time', async () => {
		const tasks = () =>
			sandbox.moysklad
				.dictionary('task')
				.all()
				.filter(({ description }) => String(description).includes('[shelf '));
		for (const id of INSPECTOR_OUT_OF_STOCK) {
			sandbox.inspectorCloud.visits.set(id, { created: Date.now() });
		}
		for (const runs of [1, 2]) {
			await runByHand(shelfId, 'Every hour', runs);
			expect(tasks()).toHaveLength(INSPECTOR_OUT_OF_STOCK.length);
			for (const { id } of tasks()) {
				expect(sandbox.moysklad.documentParts.list('files', String(id))).toHaveLength(1);
			}
		}
	});

	test('an order of the Market becomes one of MoySklad, with its number on both sides', async () => {
		const order = sandbox.yandexMarket.orders.place(YANDEX_CAMPAIGNS.fbs);
		delete order.externalOrderId;
		const { article } = sandbox.moysklad.rows.entity(product().row);
		Object.assign((order.items as object[])[0], { offerId: article, count: 2 });
		const execution = await runByHand(bridgeOrderId, 'Every ten minutes');
		const [written] = sandbox.moysklad
			.dictionary('customerorder')
			.all()
			.filter(({ externalCode }) => externalCode === `yandex-market-${String(order.orderId)}`);
		expect(order).toMatchObject({ substatus: 'READY_TO_SHIP', externalOrderId: written.name });
		const [{ json }] = itemsOf(execution, 'What went wrong');
		expect(json.text).toMatch(/orders wait\nOrder \d+: /);
	});

	test('only what differs goes to the Market, and a price that waits becomes one task', async () => {
		const { goods, stocks } = sandbox.yandexMarket;
		const { rows } = sandbox.moysklad;
		const { row } = product();
		const { article, salePrices } = rows.entity(row) as {
			article: string;
			salePrices: Array<{ value: number }>;
		};
		const price = salePrices[0].value / 100;
		goods.sell(article, price * 4);
		for (const [runs, sent] of [
			[1, 1],
			[2, 0],
		]) {
			const execution = await runByHand(goodsId, 'Every fifteen minutes', runs);
			const ran = execution.data.resultData.runData['Price to the Market'];
			expect(ran ? itemsOf(execution, 'Price to the Market') : []).toHaveLength(sent);
		}
		expect([...goods.waiting]).toEqual([[article, price]]);
		const { stock, reserve } = rows.stock.total(row);
		expect(stocks.get(YANDEX_CAMPAIGNS.fbs)?.get(article)?.count).toBe(Math.floor(stock - reserve));
		const tasks = sandbox.moysklad.dictionary('task').all();
		expect(
			tasks.filter(({ description }) =>
				String(description).endsWith(`[price ${article} ${price}]`),
			),
		).toHaveLength(1);
		goods.prices.clear();
	});

	test('a visit that is done gives points and ships what was used, once', async () => {
		const booked = sandbox.altegio.salon.book(ALTEGIO_LOCATIONS.first, {
			staff_id: 55_436,
			services: [{ id: 220_000, cost: 1500, amount: 1 }],
			client: { name: 'Olga', phone: '+1 (315) 555-0097' },
			datetime: `${new Date().toISOString().slice(0, 10)} 15:00:00`,
			seance_length: 3600,
			attendance: 1,
			save_if_busy: true,
		});
		for (const runs of [1, 2]) await runByHand(visitId, 'Every fifteen minutes', runs);
		const code = `altegio-appointment-${String(booked.id)}`;
		const withCode = (type: string) =>
			sandbox.moysklad
				.dictionary(type)
				.all()
				.filter(({ externalCode }) => externalCode === code);
		expect(withCode('bonustransaction')).toMatchObject([{ bonusValue: 75 }]);
		const [shipment, ...others] = withCode('demand');
		expect(others).toEqual([]);
		expect(sandbox.moysklad.orderPositions.list(String(shipment.id))).toMatchObject([
			{ quantity: 1 },
		]);
		// Other examples look at the shipments of the day.
		sandbox.moysklad.dictionary('demand').remove(shipment);
	});

	test('the evening report tells of all four', async () => {
		const execution = await runByHand(reportId, 'Every evening');
		const [{ json }] = itemsOf(execution, 'One message');
		expect(String(json.text).split('\n')).toHaveLength(5);
		expect(json.text).not.toContain('not known');
	});
});

test('shelf prices of a published workflow become rows of a table, with their deviation', async () => {
	await runByHand(pricesId, 'Set up, once');
	// n8n polls for the first time when the workflow is published.
	await n8n.api.publish(pricesId);
	const [execution] = await ended(pricesId, 1, 'trigger');
	await n8n.api.unpublish(pricesId);
	expect(execution.status).toBe('success');
	const prices = itemsOf(execution, 'Prices of visits');
	const rows = itemsOf(execution, 'Table of prices').map(({ json }) => json);
	expect(rows).toHaveLength(prices.length);
	expect(rows[0]).toMatchObject({
		key: `${String(prices[0].json.visit_id)}-${String(prices[0].json.id)}`,
		store: prices[0].json.customer_id,
		price: prices[0].json.price,
	});
	const withTarget = rows.filter(({ target }) => target !== null);
	expect(withTarget.length).toBeGreaterThan(0);
	for (const { price, target, deviation } of withTarget) {
		const exact = ((Number(price) - Number(target)) / Number(target)) * 100;
		expect(Number(deviation)).toBeCloseTo(exact, 0);
	}
});

describe('jobs of a shop with MoySklad', () => {
	const jsonOf = (execution: StoredExecution, node: string) =>
		itemsOf(execution, node).map(({ json }) => json);
	const orders = () => sandbox.moysklad.dictionary('customerorder').all();

	test('orders of the shop: one counterparty per phone, items by article, what is wrong beside', async () => {
		const before = orders().length;
		const first = await runByHand(shopId);
		const customers = jsonOf(first, 'Customer by phone').map(({ id }) => id);
		expect([customers.length, new Set(customers).size]).toEqual([3, 2]);
		expect(jsonOf(first, 'Not written')).toEqual([
			{ number: 'shop-1002', reason: expect.stringContaining("'no-such-article'") as string },
		]);
		const again = await runByHand(shopId, undefined, 2);
		expect(jsonOf(again, 'Written').map(({ id }) => id)).toEqual(
			jsonOf(first, 'Written').map(({ id }) => id),
		);
		expect(orders()).toHaveLength(before + 2);
	});

	test('prices of a spreadsheet: what is in it, and nothing the second time', async () => {
		const first = await runByHand(priceFileId);
		expect(jsonOf(first, 'As in the file').map(({ salePrice }) => salePrice)).toEqual([
			1290.5, 349,
		]);
		expect(jsonOf(first, 'To look at').map(({ article }) => article)).toEqual([
			'no-such-article',
			'A-9599-2',
		]);
		const before = sandbox.log.length;
		await runByHand(priceFileId, undefined, 2);
		const sent = sandbox.log.slice(before).filter(({ vendor }) => vendor === 'moysklad');
		expect(sent.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	test('payments of a bank file pay their invoices, once', async () => {
		await runByHand(bankId, 'Set up, once');
		const first = await runByHand(bankId, undefined, 2);
		expect(jsonOf(first, 'Booked').map(({ sum }) => sum)).toEqual([1500, 400.5]);
		expect(jsonOf(first, 'To look at')).toMatchObject([
			{ number: '79', sum: 999, reason: 'There is no invoice DEMO-404' },
		]);
		const invoices = sandbox.moysklad.dictionary('invoiceout').all();
		const paid = invoices.filter(({ name }) => String(name).startsWith('DEMO-'));
		expect(paid.map(({ payedSum }) => payedSum)).toEqual([150_000, 40_050]);
		const again = await runByHand(bankId, undefined, 3);
		expect(again.data.resultData.runData.Booked).toBeUndefined();
	});

	test('papers of the shipments of the day are PDFs in one archive', async () => {
		await runByHand(printId, 'Set up, once');
		const run = await runByHand(printId, undefined, 2);
		const [{ json, binary }] = itemsOf(run, 'One archive');
		expect(json).toEqual({ shipments: 2 });
		expect(binary?.data).toMatchObject({ mimeType: 'application/zip', fileExtension: 'zip' });
	});

	test('an order that is paid gets its status; a part of the sum does nothing', async () => {
		await publish(paidId);
		const { world, states } = sandbox.moysklad;
		const agent = { meta: (await write('POST', 'counterparty', { name: 'A & B' })).meta };
		const organization = world.ref('organization', 0);
		const assortment = { meta: world.meta('product', product().id) };
		const positions = [{ quantity: 1, price: 100_000, assortment }];
		const order = await write('POST', 'customerorder', { organization, agent, positions });
		const pay = async (sum: number) => {
			const operations = [{ meta: order.meta, linkedSum: sum }];
			await write('POST', 'paymentin', { organization, agent, sum, operations });
		};
		const status = () => states.nameOf(orders().find(({ id }) => id === order.id)?.state);
		await pay(40_000);
		const [part] = await ended(paidId, 1);
		expect(part.data.resultData.runData['Status: Paid']).toBeUndefined();
		expect(status()).not.toBe('Paid');
		await pay(60_000);
		const whole = (await ended(paidId, 2)).find(({ id }) => id !== part.id);
		expect(status()).toBe('Paid');
		expect(String(jsonOf(whole as StoredExecution, 'It is paid')[0].text)).toMatch(
			/is paid\nFrom: A &amp; B\nSum: 1000\.00\n/,
		);
		await n8n.api.unpublish(paidId);
		await waitFor('no webhook', () => registered().length === 0);
	});
});

test('photos of a folder are recognised and become rows', async () => {
	await runByHand(recogniseId, 'When clicking ‘Execute workflow’');
	const [execution] = await ended(recogniseId, 1, 'manual');
	expect(itemsOf(execution, 'Rows').map(({ json }) => json)).toEqual([
		{ report: 'FACING_COUNT', product: 155_279, facings: 4, share: null, status: 'READY' },
		{ report: 'FACING_COUNT', product: 155_282, facings: 1, share: null, status: 'READY' },
		{ report: 'SHARE_OF_SPACE', product: 155_279, facings: null, share: 0.75, status: 'READY' },
	]);
});
