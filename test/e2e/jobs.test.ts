/**
 * Whole jobs as people do them: found in the nodes panel, set by clicks and keys only, executed, and compared with
 * what the sandbox received. The pictures of docs/jobs.md are taken on the way.
 */
import { mkdirSync, readFileSync } from 'fs';
import path from 'path';
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_VISITS, YANDEX_CAMPAIGNS } from '../../sandbox';
import type { RequestLogEntry } from '../../sandbox';
import { notify } from '../../sandbox/yandex-market/notifications';
import { projectFolder } from '../../sandbox/n8n/fixtures';
import { itemsOf, waitFor } from '../../sandbox/n8n/n8n';
import { executablePath, reason, startDesk } from './forms/editor';
import type { Desk, Editor } from './forms/editor';
import { setUpTimeoutMs } from './harness';

if (!executablePath) process.stderr.write(`SKIPPED: jobs in the browser, since ${reason}\n`);
const whereThereIsABrowser = executablePath ? test : test.skip;

const images = path.join(projectFolder, 'docs', 'images');

let desk: Desk;
let editor: Editor;

beforeAll(async () => {
	if (!executablePath) return;
	desk = await startDesk();
	({ editor } = desk);
	mkdirSync(images, { recursive: true });
}, setUpTimeoutMs);

afterAll(async () => {
	await desk?.close();
});

function job(name: string, run: () => Promise<void>): void {
	whereThereIsABrowser(name, async () => {
		try {
			await editor.openNewCanvas();
			await run();
			expect(editor.takeTrouble()).toEqual([]);
		} catch (error) {
			const picture = path.join(projectFolder, '.run', `job-${name.replace(/\W+/g, '-')}.png`);
			await desk.page.screenshot({ path: picture });
			process.stderr.write(`What the browser showed last: ${picture}\n`);
			throw error;
		}
	});
}

/** A picture for the docs, with a part of the form in sight. */
async function take(name: string, shown?: string): Promise<void> {
	await editor.noticesGone();
	if (shown) await editor.control(shown).scrollIntoViewIfNeeded();
	await desk.page.mouse.move(0, 0);
	await desk.page.screenshot({ path: path.join(images, `${name}.png`) });
}

async function add(search: string, action: string): Promise<void> {
	await editor.addNode({ search, entry: 'MoySklad', section: 'Actions', action });
}

async function addDocument(search: string, action: string): Promise<void> {
	await editor.addNode({ search, entry: 'MoySklad Documents', section: 'Actions', action });
}

/** Rows as a sheet has them, typed into Code. */
async function addRows(rows: object[]): Promise<void> {
	await editor.addNode({
		search: 'Code',
		entry: 'Code',
		section: 'Actions',
		action: 'Code in JavaScript',
	});
	await editor.write('jsCode', `return ${JSON.stringify(rows)};`);
	expect(await editor.execute()).toMatchObject({ ok: true });
}

/** What somebody does at MoySklad. */
async function atMoySklad(method: string, path: string, body: object): Promise<IDataObject> {
	const { sandbox } = desk;
	const response = await fetch(`${sandbox.urls.moysklad}/entity/${path}`, {
		method,
		headers: {
			authorization: `Bearer ${String(sandbox.credentials.moySkladApi.accessToken)}`,
			'accept-encoding': 'gzip',
			'content-type': 'application/json',
		},
		body: JSON.stringify(body),
	});
	expect(response.status).toBe(200);
	return (await response.json()) as IDataObject;
}

/** A document of two goods that somebody has made at MoySklad. */
async function someDocument(type: 'customerorder' | 'invoiceout' | 'demand'): Promise<IDataObject> {
	const { sandbox } = desk;
	const { rows } = sandbox.moysklad;
	const ref = (kind: string, id: unknown) => ({
		meta: {
			href: `${sandbox.urls.moysklad}/entity/${kind}/${String(id)}`,
			type: kind,
			mediaType: 'application/json',
		},
	});
	const first = (kind: string) => ref(kind, sandbox.moysklad.dictionary(kind).all()[0].id);
	return await atMoySklad('POST', type, {
		organization: first('organization'),
		agent: first('counterparty'),
		store: first('store'),
		positions: [
			{ assortment: ref('product', rows.id(4)), quantity: 5, price: 99_000 },
			{ assortment: ref('product', rows.id(5)), quantity: 3, price: 45_050 },
		],
	});
}

/** Waits until the output has these values, in whichever view n8n shows it: it keeps the one that was used last. */
async function showsOutput(...values: string[]): Promise<void> {
	const panel = editor.byTestId('output-panel');
	for (const value of values) await panel.getByText(value, { exact: true }).first().waitFor();
}

const field = (name: string) => `fields.value["${name}"]`;

const writes = (asked: RequestLogEntry[]) => asked.filter(({ method }) => method !== 'GET');

job('a price list: filtered by a condition, sorted, exported', async () => {
	await add('ассортимент', 'Get many assortment items with stock');
	await editor.flip('returnAll');
	await editor.choose('output', 'Selected Fields');
	for (const name of ['Name', 'SKU', 'Sale Price', 'Stock']) {
		await editor.choose('outputFields', name);
	}
	await editor.addOption('options', 'money', 'Money');
	await editor.choose('options.money', 'In Roubles');
	await editor.addRow('conditions');
	await editor.choose('conditions.condition[0].field', 'Sale Price');
	await editor.choose('conditions.condition[0].operatorAmount', 'Is Greater Than or Equal To');
	await editor.type('conditions.condition[0].valueAmount', '500');
	await editor.addRow('sort');
	await editor.choose('sort.by[0].field', 'Name');
	await editor.choose('sort.by[0].direction', 'Descending');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: expect.stringMatching(/^\d+ items$/) });
	expect(asked.map(({ query }) => query)).toEqual([
		{ filter: 'salePrice>=50000', order: 'name,desc', limit: '1000', offset: '0' },
	]);
	await take('moySklad-conditions', 'conditions.condition[0].valueAmount');
	await editor.addNode({
		search: 'Convert to File',
		entry: 'Convert to File',
		section: 'Actions',
		action: 'Convert to CSV',
	});
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item', asked: [] });
	await take('moySklad-export');
});

job('tasks of an order: the order is picked from the documents of all types', async () => {
	await add('задачи', 'Get many tasks');
	await editor.addRow('conditions');
	await editor.choose('conditions.condition[0].field', 'Document');
	const value = 'conditions.condition[0].valueOperation';
	expect(await editor.pick(value, '00001')).toMatch(/^Sales Order 00001/);
	const { ok, asked } = await editor.execute();
	expect(ok).toBe(true);
	expect(asked.map(({ query }) => query.filter)).toEqual([
		expect.stringMatching(/^operation=http:\S+\/entity\/customerorder\/[0-9a-f-]{36}$/),
	]);
});

job('three bonus transactions in one request, through the mapper', async () => {
	await add('контрагенты', 'Get many counterparties');
	await editor.type('limit', '3');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '3 items' });
	await add('бонус', 'Create bonus transaction');
	await editor.useExpression(field('agent'), '{{ $json.id }}');
	await editor.type(field('bonusProgram'), 'Loyal');
	await editor.choose(field('transactionType'), 'Earning');
	await editor.type(field('bonusValue'), '100');
	const refused = await editor.execute();
	expect(refused.ok).toBe(false);
	expect(refused.text).toMatch(/^'Bonus Program' is 'Loyal', and there is no bonus program/);
	expect(writes(refused.asked)).toEqual([]);
	await editor.type(field('bonusProgram'), 'Loyal customers');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '3 items' });
	expect(writes(asked)).toHaveLength(1);
	const sent = writes(asked)[0].body as object[];
	// The touched fields and no other.
	const names = ['agent', 'bonusProgram', 'bonusValue', 'transactionType'];
	expect(sent.map((one) => Object.keys(one).sort())).toEqual([names, names, names]);
	await take('moySklad-bonus', field('agent'));
});

job('folders kept in step with a list: the second run updates what the first made', async () => {
	await editor.addNode({
		search: 'Code',
		entry: 'Code',
		section: 'Actions',
		action: 'Code in JavaScript',
	});
	await editor.write(
		'jsCode',
		[
			'return [',
			"  { 'External Code': 'web-1', Name: 'Tea' },",
			"  { 'External Code': 'web-2', Name: 'Coffee' },",
			"  { 'External Code': 'web-3', Name: 'Cups', Description: 'Ours' },",
			'];',
		].join('\n'),
	);
	expect(await editor.execute()).toMatchObject({ ok: true, text: '3 items' });
	await add('группа товаров', 'Create or update product folder');
	await editor.chooseMapping('Map Automatically');
	const folders = [
		{ externalCode: 'web-1', name: 'Tea' },
		{ externalCode: 'web-2', name: 'Coffee' },
		{ externalCode: 'web-3', name: 'Cups', description: 'Ours' },
	];
	const first = await editor.execute();
	expect(first).toMatchObject({ ok: true, text: '3 items' });
	expect(writes(first.asked).map(({ body }) => body)).toEqual([folders]);
	const second = await editor.execute();
	expect(second).toMatchObject({ ok: true, text: '3 items' });
	expect(writes(second.asked).map(({ body }) => body)).toEqual([
		folders.map((folder) => ({
			...folder,
			meta: expect.objectContaining({ type: 'productfolder' }),
		})),
	]);
	await take('moySklad-folders');
});

job('a bundle of two components, from a list that searches', async () => {
	const { rows } = desk.sandbox.moysklad;
	await add('комплект', 'Create bundle');
	await editor.type(field('name'), 'Breakfast set');
	await editor.addRow('components');
	await editor.pick('components.row[0].assortment', '000005');
	await editor.type('components.row[0].quantity', '2');
	await editor.addRow('components');
	await editor.pick('components.row[1].assortment', '000006');
	// The account wants this attribute of its own for every product.
	const [attribute] = (await editor.shownPaths()).filter((where) => where.includes('attribute:'));
	await editor.type(attribute, '2.5');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
	const [{ body }] = writes(asked);
	expect(body).toEqual({
		name: 'Breakfast set',
		components: [
			{ quantity: 2, assortment: expect.anything() },
			{ quantity: 1, assortment: expect.anything() },
		],
		attributes: [expect.objectContaining({ value: 2.5 })],
		syncId: expect.any(String),
	});
	const goods = JSON.stringify(body);
	expect(goods).toContain(`/entity/product/${rows.id(4)}"`);
	expect(goods).toContain(`/entity/product/${rows.id(5)}"`);
	await take('moySklad-bundle', 'components.row[1].quantity');
});

job("a product's picture goes to a bundle", async () => {
	await add('изображение', 'Download image of product or bundle');
	await editor.pick('ownerId');
	await editor.pick('imageId');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	await add('изображение', 'Add image to product or bundle');
	await editor.choose('ownerType', 'Bundle');
	await editor.pick('ownerId');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
	expect(asked.map(({ method, path: at, body }) => [method, at, body])).toEqual([
		[
			'POST',
			expect.stringMatching(/\/entity\/bundle\/[^/]+\/images$/),
			{ filename: 'image-1.png', content: expect.stringMatching(/^iVBOR/) },
		],
	]);
	await take('moySklad-image');
});

job('an order of two items, its status, its PDF', async () => {
	const { moysklad } = desk.sandbox;
	await addDocument('заказ покупателя', 'Create sales order');
	await editor.type(field('organization'), 'Sandbox Trade LLC');
	await editor.type(field('agent'), '+7 495 972-10-72');
	for (const [row, goods, quantity, price] of [
		[0, '000005', '2', '990'],
		[1, '000006', '1', '450.50'],
	] as const) {
		await editor.addRow('positions');
		await editor.pick(`positions.row[${row}].assortment`, goods);
		await editor.type(`positions.row[${row}].quantity`, quantity);
		await editor.type(`positions.row[${row}].price`, price);
	}
	await editor.addOption('options', 'money', 'Money');
	await editor.choose('options.money', 'In Roubles');
	const made = await editor.execute();
	expect(made).toMatchObject({ ok: true, text: '1 item' });
	const [{ body }] = writes(made.asked);
	// The touched fields and columns, and no other.
	expect(body).toEqual({
		organization: expect.anything(),
		agent: expect.anything(),
		positions: [
			{ assortment: expect.anything(), quantity: 2, price: 99_000 },
			{ assortment: expect.anything(), quantity: 1, price: 45_050 },
		],
		syncId: expect.any(String),
	});
	await take('moySkladDocuments-order', 'positions.row[0].vat');
	const order = moysklad.dictionary('customerorder').all().at(-1);
	const number = String(order?.name);
	expect(order?.sum).toBe(243_050);

	await addDocument('заказ покупателя', 'Change status of sales order');
	await editor.pick('customerorderId', number);
	await editor.pick('status', 'Paid');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	expect(
		moysklad.states.nameOf(moysklad.dictionary('customerorder').find(String(order?.id))?.state),
	).toBe('Paid');
	await take('moySkladDocuments-status');

	await addDocument('заказ покупателя', 'Print sales order');
	await editor.pick('customerorderId', number);
	await editor.pick('template', 'Standard form');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	await take('moySkladDocuments-print');
	const downloaded = desk.page.waitForEvent('download');
	await editor.byTestId('ndv-download-binary-data').first().click();
	const file = await downloaded;
	expect(file.suggestedFilename()).toBe('customerorder.pdf');
	const text = readFileSync(await file.path(), 'latin1');
	expect(text.startsWith('%PDF-')).toBe(true);
	expect(text).toContain(`customerorder ${number}`);
});

job('an order is shipped in part: made from it, a quantity changed, the PDF', async () => {
	const order = await someDocument('customerorder');
	await addDocument('отгрузка', 'Create shipment from document');
	await editor.pick('basisId', String(order.name));
	const shipped = await editor.execute();
	expect(shipped).toMatchObject({ ok: true, text: '1 item' });
	const [, { body }] = writes(shipped.asked);
	expect(body).toMatchObject({ applicable: true, positions: [{ quantity: 5 }, { quantity: 3 }] });
	const shipment = desk.sandbox.moysklad.dictionary('demand').all().at(-1);

	await addDocument('позиция', 'Update item of document');
	await editor.choose('documentType', 'Shipment (Отгрузка)');
	await editor.drag('id', 'documentId');
	await editor.closePreview();
	expect(await editor.pick('itemId', '5 ×')).toMatch(/^5 × \S/);
	await editor.type(field('quantity'), '2');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
	expect(writes(asked).map((one) => [one.method, one.body])).toEqual([['PUT', { quantity: 2 }]]);
	await take('moySkladDocuments-shipment', 'itemId');

	await addDocument('отгрузка', 'Print shipment');
	await editor.drag('documentId', 'demandId');
	await editor.closePreview();
	await editor.pick('template', 'Standard form');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	const downloaded = desk.page.waitForEvent('download');
	await editor.byTestId('ndv-download-binary-data').first().click();
	const pdf = readFileSync(await (await downloaded).path(), 'latin1');
	expect(pdf).toContain(`demand ${String(shipment?.name)}`);
});

job(
	'a part of a shipment comes back, at its price; the return goes to the recycle bin',
	async () => {
		const shipment = await someDocument('demand');
		await addDocument('возврат покупателя', 'Create sales return from document');
		await editor.pick('basisId', String(shipment.name));
		await editor.addRow('positions');
		await editor.pick('positions.row[0].assortment', '000005');
		await editor.type('positions.row[0].quantity', '2');
		const returned = await editor.execute();
		expect(returned).toMatchObject({ ok: true, text: '1 item' });
		const [, { body }] = writes(returned.asked);
		expect(body).toMatchObject({
			applicable: true,
			demand: { meta: { href: (shipment.meta as IDataObject).href } },
			positions: [{ quantity: 2, price: 99_000 }],
		});
		await take('moySkladDocuments-return', 'positions.row[0].quantity');
		const made = desk.sandbox.moysklad.dictionary('salesreturn').all().at(-1);
		expect(made?.sum).toBe(198_000);

		await addDocument('корзина', 'Move sales return to recycle bin');
		await editor.drag('id', 'salesreturnId');
		await editor.closePreview();
		expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
		await addDocument('корзина', 'Get many sales returns');
		await editor.addOption('filters', 'recycleBin', 'Recycle Bin');
		await editor.choose('filters.recycleBin', 'Only in the Recycle Bin');
		expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
		await showsOutput(String(made?.id));
	},
);

job('a count from a sheet: what was found is added, what is missing is written off', async () => {
	const { moysklad } = desk.sandbox;
	const { rows, world } = moysklad;
	for (const row of [4, 5]) {
		moysklad.changeStock(rows.id(row), world.id('store', 0), { stock: 10 });
	}
	const [tea, coffee] = [4, 5].map((index) => String(rows.entity(index).article));
	await addRows([
		{ Article: tea, Counted: '12' },
		{ Article: coffee, Counted: 7 },
	]);
	await addDocument('инвентаризация', 'Create inventory count');
	await editor.type(field('organization'), 'Sandbox Trade LLC');
	await editor.type(field('store'), String(moysklad.dictionary('store').all()[0].name));
	await editor.addRow('positions');
	await editor.chooseMode('positions.row[0].assortment', 'words');
	await editor.drag('Article', 'positions.row[0].assortment');
	await editor.closePreview();
	await editor.drag('Counted', 'positions.row[0].quantity');
	await editor.closePreview();
	await editor.addOption('options', 'objectKey', 'One Document per Key');
	await editor.type('options.objectKey', 'one count');
	const counted = await editor.execute();
	expect(counted).toMatchObject({ ok: true, text: '1 item' });
	expect(writes(counted.asked).map(({ body }) => body)).toEqual([
		expect.objectContaining({
			positions: [
				{ assortment: expect.anything(), quantity: 12 },
				{ assortment: expect.anything(), quantity: 7 },
			],
		}),
	]);
	await take('moySkladDocuments-count', 'positions.row[0].quantity');
	const number = String(moysklad.dictionary('inventory').all().at(-1)?.name);

	await addDocument('инвентаризация', 'Recalculate book quantities of inventory count');
	await editor.drag('id', 'inventoryId');
	await editor.closePreview();
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });

	for (const [search, action, quantity] of [
		['оприходование', 'Create stock adjustment from document', 2],
		['списание', 'Create write-off from document', 3],
	] as const) {
		await addDocument(search, action);
		if (search === 'списание') await editor.choose('basisType', 'Inventory Count');
		await editor.pick('basisId', number);
		const made = await editor.execute();
		expect(made).toMatchObject({ ok: true, text: '1 item' });
		expect(writes(made.asked).at(-1)?.body).toMatchObject({
			applicable: true,
			inventory: expect.anything() as object,
			positions: [{ quantity }],
		});
	}
	// Once more: nothing is left, and nothing is doubled.
	const again = await editor.execute();
	expect(again.ok).toBe(false);
	expect(again.text).toContain('the count shows nothing to write off or to add');
	expect(writes(again.asked).map(({ method }) => method)).toEqual(['PUT']);
});

job('a part of an invoice is paid', async () => {
	const invoice = await someDocument('invoiceout');
	await addDocument('входящий платеж', 'Create incoming payment from document');
	await editor.choose('basisType', 'Sales Invoice');
	await editor.pick('basisId', String(invoice.name));
	await editor.type(field('sum'), '500.25');
	await editor.addOption('options', 'money', 'Money');
	await editor.choose('options.money', 'In Roubles');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
	const [, { body }] = writes(asked);
	expect(body).toMatchObject({ sum: 50_025, operations: [{ linkedSum: 50_025 }] });
	await take('moySkladDocuments-payment', field('sum'));
	const found = desk.sandbox.moysklad.dictionary('invoiceout').find(String(invoice.id));
	expect([invoice.sum, found?.payedSum]).toEqual([630_150, 50_025]);
});

job('a price list from a sheet: two price types of goods found by article', async () => {
	const { rows } = desk.sandbox.moysklad;
	const [tea, coffee] = [4, 5].map((index) => String(rows.entity(index).article));
	await addRows([
		{ Article: tea, Retail: '1 250,50', Wholesale: 990 },
		{ Article: coffee, Retail: '700', Wholesale: '650,00' },
	]);
	await add('цены', 'Update prices of goods');
	await editor.drag('Article', 'key');
	for (const [row, type, column] of [
		[0, 'Цена продажи', 'Retail'],
		[1, 'Wholesale', 'Wholesale'],
	] as const) {
		await editor.addRow('salePrices');
		await editor.pick(`salePrices.row[${row}].priceType`, type);
		await editor.drag(column, `salePrices.row[${row}].value`);
	}
	await editor.addOption('options', 'money', 'Money');
	await editor.choose('options.money', 'In Roubles');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '2 items' });
	expect(writes(asked)).toHaveLength(1);
	const sent = writes(asked)[0].body as unknown as Array<{ salePrices: IDataObject[] }>;
	expect(sent.map(({ salePrices }) => salePrices.map(({ value }) => value))).toEqual([
		[125_050, 99_000],
		[70_000, 65_000],
	]);
	await take('moySklad-prices', 'salePrices.row[0].value');
});

job('stock by warehouse of three articles', async () => {
	const { rows } = desk.sandbox.moysklad;
	await addRows([4, 5, 1].map((index) => ({ article: rows.entity(index).article })));
	await add('остатки', 'Get stock of these items by article, code or barcode, by warehouse');
	await editor.drag('article', 'item');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: expect.stringMatching(/^\d+ items$/) });
	// Goods, warehouses, and stock, reserve and in transit of all three at once.
	expect(asked.map(({ path: at }) => at.replace(/^.*\/1\.2/, '')).sort()).toEqual([
		'/entity/product',
		'/entity/store',
		...Array<string>(3).fill('/report/stock/bystore/current'),
	]);
});

job(
	'the status of three orders; one that does not exist is told before any is changed',
	async () => {
		const { moysklad } = desk.sandbox;
		await addDocument('статус заказа', 'Get many sales orders');
		await editor.type('limit', '3');
		expect(await editor.execute()).toMatchObject({ ok: true, text: '3 items' });
		await addDocument('статус заказа', 'Change status of sales order');
		await editor.drag('id', 'customerorderId');
		await editor.closePreview();
		await editor.useExpression('status', "{{ $itemIndex === 1 ? 'Payed' : 'Paid' }}");
		const refused = await editor.execute();
		expect(refused.ok).toBe(false);
		expect(refused.text).toMatch(
			/^'New Status' is 'Payed', which is no status of this type \[item 1\]\nGive one of: .*'Paid'/,
		);
		expect(writes(refused.asked)).toEqual([]);
		await editor.useExpression('status', "{{ 'Paid' }}");
		const { ok, text, asked } = await editor.execute();
		expect({ ok, text }).toEqual({ ok: true, text: '3 items' });
		expect(writes(asked)).toHaveLength(1);
		const sent = writes(asked)[0].body as unknown as IDataObject[];
		const ids = sent.map(({ meta }) =>
			String((meta as IDataObject).href)
				.split('/')
				.pop(),
		);
		for (const id of ids) {
			const { state } = moysklad.dictionary('customerorder').find(String(id)) as IDataObject;
			expect(moysklad.states.nameOf(state)).toBe('Paid');
		}
		expect(new Set(ids).size).toBe(3);
	},
);

job('boxes of a Market order with marking codes, and its labels', async () => {
	const { orders } = desk.sandbox.yandexMarket;
	const order = orders.place(YANDEX_CAMPAIGNS.fbs) as { orderId: number; items: IDataObject[] };
	const CODES = ['0104607428671234215Y7p1QWERTYUI', '0104607428671234215Y7p2QWERTYUI'];
	const [goods] = order.items;
	goods.count = 2;
	orders.mark(order as unknown as IDataObject);
	const addMarket = async (search: string, action: string) =>
		await editor.addNode({ search, entry: 'Yandex Market', section: 'Actions', action });
	await addMarket('заказ', 'Get many orders');
	await editor.pick('businessId', 'Sandbox cabinet');
	await editor.choose('statuses', 'In Processing');
	await editor.type('limit', '1');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });

	await addMarket('короб', 'Set boxes of order');
	await editor.pick('campaignId', 'FBS');
	await editor.useExpression('orderId', '{{ $json.orderId }}');
	for (const [row, code] of CODES.entries()) {
		await editor.addRow('boxes');
		await editor.type(`boxes.row[${row}].box`, String(row + 1));
		expect(await editor.pick(`boxes.row[${row}].id`)).toContain(`× 2 (${String(goods.id)})`);
		// A code too few is told before anything is sent.
		await editor.type(`boxes.row[${row}].fullCount`, row === 0 ? '2' : '1');
		await editor.type(`boxes.row[${row}].cis`, code);
	}
	await editor.addOption('options', 'waitUntilChecked', 'Wait Until Checked');
	await editor.flip('options.waitUntilChecked');
	const refused = await editor.execute();
	expect(refused.ok).toBe(false);
	expect(refused.text).toContain(`'Marking Codes' hold 1 code for item ${String(goods.id)}`);
	expect(writes(refused.asked).filter(({ method }) => method === 'PUT')).toEqual([]);
	await editor.type('boxes.row[0].fullCount', '1');
	const packed = await editor.execute();
	expect(packed).toMatchObject({ ok: true, text: '1 item' });
	const [put] = packed.asked.filter(({ method }) => method === 'PUT');
	// The touched fields and no other.
	expect(put.body).toEqual({
		boxes: CODES.map((cis) => ({ items: [{ id: goods.id, fullCount: 1, instances: [{ cis }] }] })),
	});
	await take('yandexMarket-boxes', 'boxes.row[1].id');

	await addMarket('ярлык', 'Download labels of order');
	await editor.pick('campaignId', 'FBS');
	await editor.useExpression('orderId', '{{ $json.orderId }}');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	await take('yandexMarket-labels');
	const downloaded = desk.page.waitForEvent('download');
	await editor.byTestId('ndv-download-binary-data').first().click();
	const text = readFileSync(await (await downloaded).path(), 'latin1');
	expect(text.startsWith('%PDF-')).toBe(true);
	for (const box of [1, 2]) expect(text).toContain(`order ${order.orderId}, box ${box}`);
});

job('a pick-up point of the Market: made, its phone changed, deleted', async () => {
	const addMarket = async (action: string) => {
		await editor.addNode({ search: 'точка', entry: 'Yandex Market', section: 'Actions', action });
		await editor.pick('campaignId', 'sandbox-dbs');
	};
	await addMarket('Create outlet of shop');
	await editor.type('name', 'Пункт у метро');
	expect(await editor.pick('regionId', 'Балашиха')).toMatch(/^Балашиха, Москва и Московская/);
	await editor.type('phones', '8 495 123-45-67');
	await editor.addRow('scheduleItems');
	await editor.type('scheduleItems.row[0].startTime', '9:00');
	await editor.type('scheduleItems.row[0].endTime', '21:00');
	const refused = await editor.execute();
	expect(refused).toMatchObject({ ok: false, asked: [] });
	expect(refused.text).toMatch(/^'Delivery Rules' are missing/);
	await editor.addRow('deliveryRules');
	await editor.pick('deliveryRules.row[0].deliveryServiceId');
	await editor.type('deliveryRules.row[0].minDeliveryDays', '1');
	await editor.type('deliveryRules.row[0].maxDeliveryDays', '3');
	const made = await editor.execute();
	expect(made).toMatchObject({ ok: true, text: '1 item' });
	// The touched fields and no other.
	const outlet = {
		name: 'Пункт у метро',
		type: 'DEPOT',
		address: { regionId: 10_716 },
		phones: ['+7 (495) 123-45-67'],
		workingSchedule: {
			scheduleItems: [
				{ startDay: 'MONDAY', endDay: 'SUNDAY', startTime: '09:00', endTime: '21:00' },
			],
		},
		deliveryRules: [
			{ minDeliveryDays: 1, maxDeliveryDays: 3, deliveryServiceId: expect.any(Number) as number },
		],
	};
	expect(writes(made.asked).map(({ body }) => body)).toEqual([outlet]);

	await addMarket('Update outlet of shop');
	await editor.pick('outletId', 'Пункт у метро');
	const untouched = await editor.execute();
	expect(untouched).toMatchObject({ ok: false, asked: [] });
	expect(untouched.text).toMatch(/^'Update Fields' are empty/);
	await editor.addOption('updateFields', 'phones', 'Phones');
	await editor.type('updateFields.phones', '+7 495 765 43 21');
	const changed = await editor.execute();
	expect(changed).toMatchObject({ ok: true, text: '1 item' });
	expect(writes(changed.asked).map(({ body }) => body)).toEqual([
		{ ...outlet, phones: ['+7 (495) 765-43-21'] },
	]);

	await addMarket('Delete outlet of shop');
	await editor.pick('outletId', 'Пункт у метро');
	const deleted = await editor.execute();
	expect(deleted).toMatchObject({ ok: true, text: '1 item' });
	expect(writes(deleted.asked).map(({ method }) => method)).toEqual(['DELETE']);
});

job('Market prices from a sheet: one waits in quarantine, is looked at and confirmed', async () => {
	const { goods } = desk.sandbox.yandexMarket;
	goods.sell('00042', 990);
	goods.sell('TEA-1', 450);
	const addMarket = async (search: string, action: string) => {
		await editor.addNode({ search, entry: 'Yandex Market', section: 'Actions', action });
		await editor.pick('businessId', 'Sandbox cabinet');
	};
	const drag = async (where: string, column: string) => {
		await editor.useExpression(where, `{{ $json.${column} }}`);
		await editor.closePreview();
	};
	await editor.addNode({
		search: 'Code',
		entry: 'Code',
		section: 'Actions',
		action: 'Code in JavaScript',
	});
	const sheet = "[{ SKU: '00042', Price: '99,00' }, { SKU: 'TEA-1', Price: '440' }]";
	await editor.write('jsCode', `return ${sheet};`);
	expect(await editor.execute()).toMatchObject({ ok: true, text: '2 items' });

	await addMarket('цена', 'Update price');
	await drag('offerId', 'SKU');
	await drag('value', 'Price');
	const sent = await editor.execute();
	expect(sent).toMatchObject({ ok: true, text: '2 items' });
	const price = (offerId: string, value: number) => ({
		offerId,
		price: { value, currencyId: 'RUR' },
	});
	expect(writes(sent.asked).map(({ body }) => body)).toEqual([
		{ offers: [price('00042', 99), price('TEA-1', 440)] },
	]);
	// The Market says OK for both.
	expect([...goods.prices]).toEqual(
		expect.arrayContaining([
			['00042', 990],
			['TEA-1', 440],
		]),
	);

	await addMarket('карантин', 'Get many prices in quarantine');
	// Each of the two is looked for: without it, the whole list would come for each.
	await drag('offerIds', 'offerId');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	await showsOutput('PRICE_CHANGE', '99', '990');
	await take('yandexMarket-quarantine');

	await addMarket('карантин', 'Confirm price');
	await drag('offerId', 'offerId');
	const confirmed = await editor.execute();
	expect(confirmed).toMatchObject({ ok: true, text: '1 item' });
	expect(writes(confirmed.asked).map(({ body }) => body)).toEqual([{ offerIds: ['00042'] }]);
	expect(goods.prices.get('00042')).toBe(99);
});

job('a notification of the Market: its address from the form, a PING, a new order', async () => {
	await editor.addNode({
		search: 'яндекс маркет',
		entry: 'Yandex Market',
		section: 'Triggers',
		action: 'On order created',
	});
	const form = editor.byTestId('ndv');
	await form.getByText('Webhook URLs').first().click();
	const shown = form.getByText(/\/webhook-test\/[\w-]+\/notification/).first();
	const [url = ''] = /http\S+\/webhook-test\/\S+/.exec(await shown.innerText()) ?? [];
	await form.getByRole('button', { name: 'Execute step' }).first().click();
	const listening = form.getByText('Listening for test event').first();
	await listening.waitFor();
	// The Market adds the end of the address itself.
	const address = url.replace(/\/notification$/, '');
	const ping = { notificationType: 'PING', time: new Date().toISOString() };
	expect(await notify(address, ping)).toMatchObject([{ status: 200, verdict: 'done' }]);
	expect(await listening.isVisible()).toBe(true);
	// As a text: JavaScript would lose the last digit of the number.
	const order = `{"notificationType":"ORDER_CREATED","orderId":9007199254740993,"campaignId":${YANDEX_CAMPAIGNS.fbs},"items":[],"createdAt":"2026-11-29T09:15:49.759084017Z"}`;
	expect(await notify(address, order)).toMatchObject([{ status: 200, verdict: 'done' }]);
	await editor.byTestId('node-run-status-success').first().waitFor();
	await showsOutput('ORDER_CREATED', '9007199254740993', '2026-11-29T09:15:49.759Z');
	await take('yandexMarketTrigger');
});

job('a trigger for orders that are paid: published, and what it let pass looked at', async () => {
	const { moysklad } = desk.sandbox;
	await editor.addNode({
		search: 'мойсклад',
		entry: 'MoySklad',
		section: 'Triggers',
		action: 'On order, product or other object updated',
	});
	const [orders, shipments] = ['Sales Order (Заказ покупателя)', 'Shipment (Отгрузка)'];
	await editor.addOption('options', 'statuses', 'Only When Status Becomes');
	await editor.choose('options.statuses', 'Paid');
	// A status that is left over when the types are changed would let everything pass.
	await editor.toggleOption('entityTypes', shipments);
	await editor.toggleOption('entityTypes', orders);
	expect(await editor.publish()).toContain(
		"'Only When Status Becomes' holds a status of Sales Order, which is not watched",
	);
	expect(moysklad.webhooks.list('webhook')).toEqual([]);
	await editor.openNode('MoySklad Trigger');
	await editor.toggleOption('entityTypes', orders);
	await editor.toggleOption('entityTypes', shipments);
	await take('moySkladTrigger-status', 'options.statuses');
	expect(await editor.publish()).toBeUndefined();
	expect(
		moysklad.webhooks.list('webhook').map(({ entityType, action }) => [entityType, action]),
	).toEqual([['customerorder', 'UPDATE']]);

	const [paid, cancelled] = [
		await someDocument('customerorder'),
		await someDocument('customerorder'),
	];
	const become = async (order: IDataObject, name: string) => {
		const state = moysklad.states.list('customerorder').find((one) => one.name === name);
		await atMoySklad('PUT', `customerorder/${String(order.id)}`, { state: { meta: state?.meta } });
		await moysklad.deliveriesIdle();
	};
	await become(cancelled, 'Cancelled');
	await become(paid, 'Paid');
	await atMoySklad('PUT', `customerorder/${String(paid.id)}`, { description: 'Later' });
	await moysklad.deliveriesIdle();
	const { id } = await editor.savedWorkflow();
	// The later change touched no status: nothing of it is stored.
	const runs = await waitFor('two executions', async () => {
		const all = await desk.n8n.api.executions(id);
		return all.length === 2 && all.every(({ stoppedAt }) => stoppedAt !== null) ? all : undefined;
	});
	expect(runs.map((run) => itemsOf(run, 'MoySklad Trigger').map(({ json }) => json.id))).toEqual([
		[paid.id],
		[],
	]);
	await desk.n8n.api.unpublish(id);
	await waitFor('its webhook to be gone', () => moysklad.webhooks.list('webhook').length === 0);
});

job('the newest visit to a store, from the list, split into prices', async () => {
	await editor.addNode({
		search: 'визит',
		entry: 'Inspector Cloud',
		section: 'Actions',
		action: 'Get store visit with photos and KPIs',
	});
	const picked = await editor.pick('visitId', 'Visit 324119');
	expect(picked).toMatch(/Store STORE-\d+ – \S+ – /);
	await editor.choose('splitInto', 'Prices');
	const { ok, text, asked } = await editor.execute();
	expect({ ok, text }).toEqual({ ok: true, text: '2 items' });
	// The list that it was picked from may still be among them.
	expect(asked.at(-1)?.path).toBe('/api/data/v1.3/visits/324119/');
	await take('inspectorCloud-prices', 'splitInto');
});

job('the photos of a visit: downloaded, uploaded, recognised together', async () => {
	const { inspectorCloud } = desk.sandbox;
	const addInspector = async (search: string, action: string) =>
		await editor.addNode({ search, entry: 'Inspector Cloud', section: 'Actions', action });
	await addInspector('фото', 'Download photos of store visit');
	// There and back: only the visit is asked for.
	await editor.choose('downloadBy', 'Link');
	expect(await editor.shows('visitId')).toBe(false);
	await editor.choose('downloadBy', 'Visit');
	await editor.pick('visitId', 'Visit 324119');
	const got = await editor.execute();
	expect(got).toMatchObject({ ok: true, text: '3 items' });
	expect(got.asked.filter(({ vendor }) => vendor === 'storage')).toHaveLength(3);

	await addInspector('фото', 'Upload photo');
	const sent = await editor.execute();
	expect(sent).toMatchObject({ ok: true, text: '3 items' });
	expect(writes(sent.asked).map(({ path: at, body }) => [at, String(body)])).toEqual(
		Array(3).fill([
			'/api/v1.5/uploads/',
			expect.stringMatching(/name="datafile"; filename="324119-\d+-\d+\.jpg"/),
		]),
	);

	// Each input item would be a recognition, and a visit, of its own.
	await editor.addNode({ search: 'Aggregate', entry: 'Aggregate', section: 'Actions' });
	await editor.type('fieldsToAggregate.fieldToAggregate[0].fieldToAggregate', 'id');
	expect(await editor.execute()).toMatchObject({ ok: true, text: '1 item' });
	await addInspector('распознавание', 'Recognise photos and wait for reports');
	await editor.useExpression('images', '{{ $json.id }}');
	await editor.closePreview();
	await editor.choose('reportTypes', 'Share of Space');
	inspectorCloud.failing.add('SHARE_OF_SPACE');
	const failed = await editor.execute();
	inspectorCloud.failing.clear();
	expect(failed.ok).toBe(false);
	expect(failed.text).toMatch(/^Inspector Cloud: the report SHARE_OF_SPACE \d+ failed\n.*display/);
	const recognised = await editor.execute();
	expect(recognised).toMatchObject({ ok: true, text: '1 item' });
	// The touched fields and no other. The pictures are alike, have one ID, and a photo goes once.
	const photos = [...inspectorCloud.uploads.keys()];
	expect(writes(recognised.asked).map(({ body }) => body)).toEqual([
		{ images: [photos.at(-1)], report_types: ['SHARE_OF_SPACE'] },
	]);
	await showsOutput('SHARE_OF_SPACE', 'READY', '0.75');
});

job('a wrong token is told in words, and how to mend it', async () => {
	const { moySkladApi } = desk.sandbox.credentials;
	await add('единицы измерения', 'Get many units of measure');
	const test = await editor.pasteToken('0123456789abcdef0123456789abcdef01234567');
	expect(test).toMatch(/did not accept the token.*Make a new token/s);
	await take('moySklad-token');
	await editor.closeCredential();
	const refused = await editor.execute();
	expect(refused.ok).toBe(false);
	expect(refused.text).toMatch(
		/^MoySklad: the token .* not accepted \(code 1056\)\nOpen the credential/,
	);
	await take('moySklad-refused');
	const again = await editor.pasteToken(String(moySkladApi.accessToken));
	expect(again).toMatch(/tested successfully/);
	await editor.closeCredential();
	expect(await editor.execute()).toMatchObject({ ok: true });
});

/** A day from now on, as YYYY-MM-DD. */
const inDays = (days: number) =>
	new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);

job('an appointment at Altegio, with everything picked from lists, and moved', async () => {
	const [day, later] = [inDays(11), inDays(12)];
	await withSalonLists(async () => {
		await editor.addNode({
			search: 'запись клиента',
			entry: 'Altegio / YCLIENTS',
			section: 'Actions',
			action: 'Book appointment',
		});
		await editor.pick('locationId', 'Sandbox salon');
		await editor.pick('teamMemberId', 'John');
		await editor.pick('serviceId', 'Haircut');
		await editor.typeMoment('day', `${day} 00:00:00`);
		expect(await editor.pick('slot', '11:00')).toContain('60 min');
		await editor.type('clientPhone', '+1 (315) 555-00-97');
		await editor.type('clientName', 'Kate');
		const { ok, text, asked } = await editor.execute();
		expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
		expect(writes(asked).map(({ method, body }) => [method, body])).toEqual([
			[
				'POST',
				expect.objectContaining({
					staff_id: 55_436,
					services: [expect.objectContaining({ id: 220_000 })],
					client: expect.objectContaining({ phone: '13155550097', name: 'Kate' }),
					datetime: expect.stringMatching(new RegExp(`^${day}.11:00:00`)),
					seance_length: 3600,
				}),
			],
		]);
		expect(desk.sandbox.altegio.salon.bookings).toHaveLength(1);
		await take('altegio-booking', 'slot');

		await editor.addNode({
			search: 'перенести запись',
			entry: 'Altegio / YCLIENTS',
			section: 'Actions',
			action: 'Reschedule appointment',
		});
		await editor.pick('locationId', 'Sandbox salon');
		expect(await editor.pick('recordId', 'Kate')).toContain(`${day} 11:00, Kate, 13155550097`);
		await editor.pick('teamMemberId', 'John');
		await editor.pick('serviceId', 'Haircut');
		await editor.typeMoment('day', `${later} 00:00:00`);
		await editor.pick('slot', '12:00');
		const moved = await editor.execute();
		expect(moved).toMatchObject({ ok: true, text: '1 item' });
		const [{ body, path: where }] = writes(moved.asked);
		expect(where).toMatch(/\/record\/4564\/\d+$/);
		expect(body).toMatchObject({
			staff_id: 55_436,
			services: [{ id: 220_000 }],
			client: { phone: '13155550097', name: 'Kate' },
			datetime: `${later} 12:00:00`,
			seance_length: 3600,
			save_if_busy: false,
			send_sms: false,
		});
	});
});

job(
	'a salon: two services in rows, one that the team member does not do, a no-show and a message',
	async () => {
		const { altegio } = desk.sandbox;
		const before = altegio.salon.bookings.length;
		const addSalon = async (search: string, action: string) => {
			await editor.addNode({ search, entry: 'Altegio / YCLIENTS', section: 'Actions', action });
			await editor.pick('locationId', 'Sandbox salon');
		};
		await withSalonLists(async () => {
			await addSalon('запись клиента', 'Create appointment');
			await editor.pick('teamMemberId', 'John');
			await editor.typeMoment('datetime', '2026-12-14 11:00:00');
			await editor.type('seanceLength', '5400');
			await editor.type('clientPhone', '+1 (315) 555-00-98');
			await editor.type('clientName', 'Ann');
			await editor.addRow('services');
			await editor.pick('services.row[0].serviceId', 'Haircut');
			await editor.type('services.row[0].cost', '1350');
			await editor.addRow('services');
			await editor.pick('services.row[1].serviceId', 'Colouring');
			const refused = await editor.execute();
			expect(refused.ok).toBe(false);
			expect(refused.text).toContain("'Colouring' is none that the team member 55436 does");
			expect(altegio.salon.bookings).toHaveLength(before);
			await editor.pick('services.row[1].serviceId', 'Massage');
			const made = await editor.execute();
			expect(made).toMatchObject({ ok: true, text: '1 item' });
			// The touched fields and columns, and no other.
			expect(writes(made.asked).map(({ body }) => body)).toEqual([
				{
					staff_id: 55_436,
					services: [{ id: 220_000, cost: 1350 }, { id: 220_002 }],
					client: { phone: '13155550098', name: 'Ann' },
					datetime: '2026-12-14 11:00:00',
					seance_length: 5400,
					save_if_busy: false,
					send_sms: false,
				},
			]);
			await take('altegio-services', 'services.row[1].serviceId');

			await addSalon('no-show', 'Mark appointment as no-show');
			await editor.useExpression('recordId', '{{ $json.id }}');
			const marked = await editor.execute();
			expect(marked).toMatchObject({ ok: true, text: '1 item' });
			expect(writes(marked.asked)[0].body).toMatchObject({ attendance: -1, staff_id: 55_436 });
			await addSalon('сообщение', 'Send SMS to clients');
			await editor.type('clientIds', '4240005');
			await editor.type('text', 'We have missed you today');
			const told = await editor.execute();
			expect(told).toMatchObject({ ok: true, text: '1 item' });
			expect(writes(told.asked).map(({ body }) => body)).toEqual([
				{ client_ids: [4_240_005], text: 'We have missed you today' },
			]);
		});
	},
);

job('a discount on one service of a visit: all other lines stay', async () => {
	await editor.addNode({
		search: 'визит клиента',
		entry: 'Altegio / YCLIENTS',
		section: 'Actions',
		action: 'Update visit',
	});
	await editor.type('visitId', String(ALTEGIO_VISITS.rich));
	await editor.type('recordId', '30000000');
	await editor.addRow('services');
	await editor.type('services.row[0].serviceId', '220001');
	await editor.type('services.row[0].discount', '10');
	const refused = await editor.execute();
	expect(refused).toMatchObject({ ok: false, text: expect.stringMatching(/^'Sum' is empty/) });
	expect(writes(refused.asked)).toEqual([]);
	await editor.type('services.row[0].cost', '3150');
	const { ok, asked } = await editor.execute();
	expect(ok).toBe(true);
	const [{ body }] = writes(asked);
	expect(body).toMatchObject({
		services: [
			{ id: 220_000, cost: 1500, discount: 0 },
			{ id: 220_001, first_cost: 3500, cost: 3150, discount: 10 },
		],
		goods_transactions: [{ title: 'Shampoo' }, { title: 'Shampoo' }],
	});
});

job('a salon: the week of a team member, with a break and a day off', async () => {
	await withSalonLists(async () => {
		await editor.addNode({
			search: 'график работы',
			entry: 'Altegio / YCLIENTS',
			section: 'Actions',
			action: 'Set schedule',
		});
		await editor.pick('locationId', 'Sandbox salon');
		const days = async (row: string) => {
			await editor.pick(`${row}.teamMemberId`, 'John');
			await editor.typeMoment(`${row}.from`, '2026-12-14 00:00:00');
		};
		for (const [index, [begins, ends]] of [
			['10:00', '14:00'],
			['15:00', '19:00'],
		].entries()) {
			const row = `schedulesToSet.row[${index}]`;
			await editor.addRow('schedulesToSet');
			await days(row);
			await editor.typeMoment(`${row}.until`, '2026-12-20 00:00:00');
			for (const day of ['Monday', 'Wednesday', 'Friday']) {
				await editor.toggleOption(`${row}.weekdays`, day);
			}
			await editor.type(`${row}.begins`, begins);
			await editor.type(`${row}.ends`, ends);
		}
		await editor.addRow('schedulesToDelete');
		await editor.pick('schedulesToDelete.row[0].teamMemberId', 'John');
		await editor.typeMoment('schedulesToDelete.row[0].from', '2026-12-15 00:00:00');
		const { ok, text, asked } = await editor.execute();
		expect({ ok, text }).toEqual({ ok: true, text: '1 item' });
		expect(writes(asked).map(({ method, body }) => [method, body])).toEqual([
			[
				'PUT',
				{
					schedules_to_set: [
						{
							staff_id: 55_436,
							dates: ['2026-12-14', '2026-12-16', '2026-12-18'],
							slots: [
								{ from: '10:00', to: '14:00' },
								{ from: '15:00', to: '19:00' },
							],
						},
					],
					schedules_to_delete: [{ staff_id: 55_436, dates: ['2026-12-15'] }],
				},
			],
		]);
		await take('altegio-week', 'schedulesToSet.row[1].begins');
	});
});

/** Lists that the stand-in makes up by itself hold as many rows as its docs show. */
async function withSalonLists(run: () => Promise<void>): Promise<void> {
	const { faults } = desk.sandbox;
	const rows = (data: object[]) => ({ status: 200, body: { success: true, data, meta: [] } });
	const member = { id: 55_436, name: 'John Doe', specialization: 'Hairdresser', fired: 0 };
	const services = [
		{ id: 220_000, title: 'Haircut', price_min: 1500 },
		{ id: 220_001, title: 'Colouring', price_min: 3500 },
		{ id: 220_002, title: 'Massage', price_min: 900 },
	];
	faults.add({ vendor: 'altegio', path: '/staff/\\d+$', times: 1000, ...rows([member]) });
	faults.add({ vendor: 'altegio', path: '/services/4564$', times: 1000, ...rows(services) });
	try {
		await run();
	} finally {
		faults.clear();
	}
}
