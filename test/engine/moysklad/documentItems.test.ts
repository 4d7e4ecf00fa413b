/** Items of documents: rows of the form, lists of the input, one input item per row, and more than one request takes. */
import type { IDataObject } from 'n8n-workflow';

import { plainProducts } from './samples';
import { byHand, DOCUMENTS, House, inJson, locator, paths, type RunSetup } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());

const node: RunSetup = { type: DOCUMENTS };
const first = (keyword: string) => String(house.state.dictionary(keyword).all()[0].id);
const head = () => ({
	organization: first('organization'),
	agent: `${house.state.world.base}/entity/counterparty/${first('counterparty')}`,
});
const product = (index: number): IDataObject => {
	const id = plainProducts(house, index + 1)[index];
	return { ...house.state.rows.entity(house.state.rows.find('product', id) as number), id };
};
const barcodeOf = (goods: IDataObject) => (goods.barcodes as Array<{ ean13: string }>)[0].ean13;
const href = (type: string, id: unknown) =>
	`${house.state.world.base}/entity/${type}/${String(id)}`;
const words = (value: unknown) => ({ __rl: true, mode: 'words', value: value as string });
const rows = (...row: IDataObject[]) => ({ row }) as unknown as IDataObject;
const create = { resource: 'customerorder', operation: 'create' };

/** The bodies that were written; lists are looked up first. */
const written = (requests: Array<{ method: string; body?: unknown }>) =>
	requests.filter(({ method }) => method !== 'GET').map(({ body }) => body);
const positionsOf = (body: unknown) => (body as { positions: IDataObject[] }).positions;
const goodsIn = (body: unknown) =>
	positionsOf(body).map(({ assortment }) => (assortment as { meta: { href: string } }).meta.href);

describe('rows of the form', () => {
	test('are found by link, key, barcode and ID; empty columns are not sent', async () => {
		const all = [0, 1, 2, 3].map(product);
		const { requests, json } = await house.good(
			{
				...create,
				...byHand(head()),
				positions: rows(
					{ assortment: locator(href('product', all[0].id), 'list'), quantity: '2', price: '10,5' },
					{ assortment: words(all[1].article), quantity: 1, price: 3, discount: '-10', vat: '20%' },
					{ assortment: words(barcodeOf(all[2])), quantity: '1.5', price: '', vat: 'none' },
					{ assortment: locator(all[3].id), quantity: 5, price: 1, reserve: 4 },
				),
				options: { money: 'roubles' },
			},
			node,
		);
		const [body] = written(requests);
		expect(goodsIn(body)).toEqual(all.map(({ id }) => href('product', id)));
		expect(positionsOf(body).map(({ assortment, ...rest }) => (void assortment, rest))).toEqual([
			{ quantity: 2, price: 1050 },
			{ quantity: 1, price: 300, discount: -10, vat: 20, vatEnabled: true },
			{ quantity: 1.5, vat: 0, vatEnabled: false },
			{ quantity: 5, price: 100, reserve: 4 },
		]);
		expect(json[0].sum).toBe(2 * 10.5 + 3.3 + 5);
	});

	test('other types have other columns; what a type does not have is not sent', async () => {
		const { requests } = await house.good(
			{
				resource: 'enter',
				operation: 'create',
				...byHand({ organization: first('organization'), store: first('store') }),
				positions: rows({
					assortment: locator(product(0).id),
					quantity: 2,
					reason: 'Found',
					things: 'A1, A2',
					gtd: '10130010/220624/0001',
					country: words('Россия'),
				}),
			},
			node,
		);
		const [item] = positionsOf(written(requests)[0]);
		expect(item).toMatchObject({
			reason: 'Found',
			things: ['A1', 'A2'],
			gtd: { name: '10130010/220624/0001' },
			country: { meta: { type: 'country' } },
		});
	});

	test('the list behind the item shows what the type takes', async () => {
		const search = async (resource: string) =>
			await house.search('searchItemGoods', {
				type: DOCUMENTS,
				parameters: { resource, operation: 'create' },
			});
		expect((await search('customerorder')).requests[0].query.filter).toContain('type=bundle');
		expect((await search('supply')).requests[0].query.filter).not.toContain('type=bundle');
	});
});

describe('a list of the input', () => {
	test('names goods in five ways, and each is looked for with few requests', async () => {
		const all = [0, 1, 2, 3, 4, 5, 6].map(product);
		const items = [
			{ article: all[0].article, quantity: 1, name: 'Whatever the shop calls it', id: 1001 },
			{ code: all[1].code, quantity: '2', price: '1 250,50' },
			{ barcode: barcodeOf(all[2]), quantity: 3 },
			{ externalCode: all[3].externalCode, quantity: 4 },
			{ name: all[4].name, quantity: 5 },
			{ id: all[5].id, quantity: 6 },
			{ assortmentId: all[6].id, assortmentType: 'product', assortmentName: 'x', quantity: 7 },
		];
		const { requests } = await house.good(
			{ ...create, ...byHand({ ...head(), positions: '={{ $json.items }}' }) },
			{ ...node, items: Array.from({ length: 3 }, () => ({ json: { items } })) },
		);
		const posts = requests.filter(({ method }) => method === 'POST');
		expect(paths(posts)).toEqual(['POST /entity/customerorder']);
		for (const body of posts[0].body as unknown[]) {
			expect(goodsIn(body)).toEqual(all.map(({ id }) => href('product', id)));
			expect(positionsOf(body)[0]).toEqual({
				assortment: expect.anything() as object,
				quantity: 1,
			});
			expect(positionsOf(body)[1]).toMatchObject({ quantity: 2, price: 1250.5 });
		}
		// Articles stand in three lists, the other keys in one.
		expect(requests.length - posts.length).toBeLessThanOrEqual(7);
	});

	test('without prices: how many are taken for 0 is told once', async () => {
		const [one, other] = [product(0).id, product(1).id];
		const hints = async (parameters: IDataObject, lists: IDataObject[][]) => {
			const { result } = await house.good(
				{ ...parameters, ...byHand({ ...head(), positions: '={{ $json.items }}' }) },
				{ ...node, items: lists.map((items) => ({ json: { items } })) },
			);
			const [[run]] = Object.values(result.runData).slice(-1);
			return (run.hints ?? []).map(({ message }) => message);
		};
		const priced = { assortment: one, quantity: 1, price: 0 };
		const free = { assortment: other, quantity: 2 };
		expect(await hints(create, [[priced, free], [free]])).toEqual([
			"2 of 3 items came without a 'Price': MoySklad takes 0, and not the price of the product. The resource Item has 'Calculate', which finds MoySklad's own.",
		]);
		expect(await hints(create, [[priced], []])).toEqual([]);
	});

	test.each<[string, IDataObject, string, string]>([
		['unknown article', { article: 'Nobody', quantity: 1 }, "'Items 2: Article' is 'Nobody'", ''],
		['no goods', { quantity: 1 }, "'Items 2' does not tell of which item it is", 'barcode'],
		['no quantity', { article: 'A' }, "'Items 2: Quantity' is empty", ''],
		['negative quantity', { article: 'A', quantity: -1 }, "'Items 2: Quantity' is -1", 'above 0'],
		['a word', { article: 'A', quantity: 'two' }, "'Items 2: Quantity' is 'two'", ''],
		[
			'parts of a kopeck',
			{ article: 'A', quantity: 1, price: 10.555 },
			"'Items 2: Price' is 10.555, which has more than two decimals",
			'In Kopecks',
		],
		['negative price', { article: 'A', quantity: 1, price: -5 }, "'Items 2: Price' is '-5'", ''],
		['discount', { article: 'A', quantity: 1, discount: 101 }, 'Discount', '100 at most'],
		[
			'reserve',
			{ article: 'A', quantity: 1, reserve: 2 },
			"Reserve' is 2, which is more than the quantity of 1",
			'',
		],
		['vat', { article: 'A', quantity: 1, vat: 120 }, "VAT Rate' is '120'", '0 to 100'],
	])('%s: the item is named, nothing is written', async (_what, item, message, hint) => {
		const { error, requests } = await house.bad(
			{
				...create,
				...byHand({
					...head(),
					positions: JSON.stringify([{ assortment: product(0).id, quantity: 1 }, item]),
				}),
				options: { money: 'roubles' },
			},
			node,
		);
		expect(error.message).toContain(message);
		expect(error.description ?? '').toContain(hint);
		expect(written(requests)).toEqual([]);
	});

	test('a kind of goods that the type does not take is told, the others are written', async () => {
		const bundle = house.state.rows.entity(
			[...Array(120).keys()].find((row) => house.state.rows.type(row) === 'bundle') as number,
		);
		const { json, requests } = await house.good(
			{
				resource: 'supply',
				operation: 'create',
				...byHand({ ...head(), store: first('store'), positions: '={{ $json.items }}' }),
			},
			{
				...node,
				onError: 'continueRegularOutput',
				items: [
					{ json: { items: [{ code: bundle.code, quantity: 1 }] } },
					{ json: { items: [{ code: product(0).code, quantity: 1 }] } },
				],
			},
		);
		expect(json[0].error).toContain("'Items 1' is a bundle, which a Receiving does not take");
		expect(json[1].id).toBeDefined();
		expect(written(requests)).toHaveLength(1);
	});

	test('two goods with one article: both are named', async () => {
		const article = String(product(0).article);
		const twin = house.state.rows.create('product', { name: 'Twin', article }, Date.now());
		const { error } = await house.bad(
			{ ...create, ...inJson({ ...head(), positions: [{ article, quantity: 1 }] }) },
			node,
		);
		expect(error.message).toContain(`'Items 1: Article' is '${article}', which fits 2 objects`);
		expect(error.message).toContain("'Twin'");
		house.state.rows.remove(twin);
	});
});

describe('one input item per row', () => {
	const order = (n: string, index: number, more: IDataObject = {}) => ({
		json: { order: n, article: product(index).article, quantity: index + 1, ...more },
	});
	const parameters = {
		...create,
		...byHand({
			organization: '={{ $json.organization }}',
			agent: '={{ $json.agent }}',
			externalCode: '={{ $json.order }}',
			description: '={{ $json.comment }}',
		}),
		positions: rows({
			assortment: words('={{ $json.article }}'),
			quantity: '={{ $json.quantity }}',
		}),
		options: { objectKey: '={{ $json.order }}' },
	};

	test('input items with the same key become one document, paired to all of them', async () => {
		const items = [order('A', 0), order('B', 1), order('A', 2), order('A', 3)].map(({ json }) => ({
			json: { ...json, ...head() },
		}));
		const { requests, items: out } = await house.good(parameters, { ...node, items });
		const [bodies] = written(requests) as [IDataObject[]];
		expect(bodies.map(({ externalCode }) => externalCode)).toEqual(['A', 'B']);
		expect(bodies.map((body) => positionsOf(body).map(({ quantity }) => quantity))).toEqual([
			[1, 3, 4],
			[2],
		]);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }, { item: 3 }],
			{ item: 1 },
		]);
	});

	test('a row that cannot be written keeps its document from being written, not the others', async () => {
		const items = [
			order('A', 0),
			order('A', 1, { quantity: -1 }),
			order('B', 2),
			order('C', 3, { article: 'Nobody' }),
			order('C', 4),
			order('D', 0, { comment: 'One' }),
			order('D', 1, { comment: 'Other' }),
		].map(({ json }) => ({ json: { ...json, ...head() } }));
		const { requests, json } = await house.good(parameters, {
			...node,
			items,
			onError: 'continueRegularOutput',
		});
		const orders = written(requests) as IDataObject[];
		expect(orders.map(({ externalCode }) => externalCode)).toEqual(['B']);
		expect(json).toHaveLength(7);
		expect(json[0].error).toContain('in item 1, which is part of the same document');
		expect(json[1].error).toContain("Quantity' is -1");
		expect(json[2].id).toBeDefined();
		for (const index of [3, 4]) expect(json[index].error).toContain("is 'Nobody'");
		for (const index of [5, 6]) expect(json[index].error).toContain("'description' differs");
	});
});

describe('more items than one request takes', () => {
	const many = (count: number) =>
		Array.from({ length: count }, (_, index) => ({
			assortment: product(index % 3).id,
			quantity: index + 1,
		}));

	test('a document is written with 1000 of them, the others are added, none twice', async () => {
		const { requests, json } = await house.good(
			{
				...create,
				...inJson({ ...head(), positions: many(2300) }),
				options: { silentWebhooks: 'https://n8n.example.com/' },
			},
			node,
		);
		const id = String(json[0].id);
		expect(paths(requests)).toEqual([
			'POST /entity/customerorder',
			`POST /entity/customerorder/${id}/positions`,
			`POST /entity/customerorder/${id}/positions`,
			`GET /entity/customerorder/${id}`,
		]);
		const quantities = house.state.orderPositions.list(id).map(({ quantity }) => quantity);
		expect(quantities).toEqual(Array.from({ length: 2300 }, (_, index) => index + 1));
		for (const request of requests.slice(0, 3)) {
			expect(request.headers['x-lognex-webhook-disablebyprefix']).toBeDefined();
		}
		// The same sync ID once more gives the document that exists: nothing is added to it.
		const syncId = '7944ef04-f831-41e5-8a69-971500188b19';
		const again = { ...create, ...inJson({ ...head(), syncId, positions: many(1001) }) };
		const one = await house.good(again, node);
		const two = await house.good(again, node);
		expect(two.json[0].id).toBe(one.json[0].id);
		expect(house.state.orderPositions.list(String(one.json[0].id))).toHaveLength(1001);
	});

	test('Replace All: a list of the input takes the place of all rows, beyond 1000 too', async () => {
		const id = first('customerorder');
		const place = { resource: 'item', documentType: 'customerorder', documentId: locator(id) };
		const { requests } = await house.good(
			{ ...place, operation: 'replaceAll', newItems: '={{ $json.items }}' },
			{ ...node, items: [{ json: { items: many(1500) } }] },
		);
		expect(paths(requests)).toEqual([
			`PUT /entity/customerorder/${id}`,
			`POST /entity/customerorder/${id}/positions`,
			`GET /entity/customerorder/${id}`,
		]);
		expect(house.state.orderPositions.list(id)).toHaveLength(1500);
		const { json } = await house.good(
			{
				...place,
				operation: 'replaceAll',
				newItems: JSON.stringify([{ code: product(0).code, quantity: 2, price: 10.5 }]),
				options: { money: 'roubles' },
			},
			node,
		);
		expect(json[0].sum).toBe(21);
		expect(house.state.orderPositions.list(id)).toMatchObject([{ quantity: 2, price: 1050 }]);
	});
});

describe('storage bins', () => {
	const bin = (store: number, at: number) => {
		const id = house.state.world.id('slot', 1000 + store * 2 + at);
		const at_ = `/entity/store/${house.state.world.id('store', store)}/slots/${id}`;
		return {
			meta: {
				href: `${house.state.world.base}${at_}`,
				type: 'slot',
				mediaType: 'application/json',
			},
		};
	};
	const storeId = (store: number) => house.state.world.id('store', store);
	const supply = (more: IDataObject) => ({
		resource: 'supply',
		operation: 'create',
		...byHand({ ...head(), store: storeId(1) }),
		...more,
	});
	const reads = (requests: Array<{ method: string; path: string }>) =>
		paths(requests.filter(({ path }) => path.includes('/slots')) as never);

	test('go by name, ID or link, each warehouse is looked into once', async () => {
		const row = (slot: unknown) => ({ assortment: product(0).id, quantity: 1, slot });
		const positions = [
			row('A-1'),
			row(house.state.world.id('slot', 1003)),
			row(bin(1, 0).meta.href),
			row(bin(1, 1)),
		];
		const { requests } = await house.good(
			supply({ ...byHand({ ...head(), store: storeId(1), positions: '={{ $json.positions }}' }) }),
			{ ...node, items: [{ json: { positions } }, { json: { positions } }] as never },
		);
		expect(reads(requests)).toEqual([`GET /entity/store/${storeId(1)}/slots`]);
		const [bodies] = written(requests) as [unknown[]];
		for (const body of bodies) {
			expect(positionsOf(body).map(({ slot }) => slot)).toEqual([
				bin(1, 0),
				bin(1, 1),
				bin(1, 0),
				bin(1, 1),
			]);
		}
	});

	test('are columns of the rows; a transfer has one for each side', async () => {
		const { requests } = await house.good(
			{
				resource: 'move',
				operation: 'create',
				...byHand({
					organization: first('organization'),
					sourceStore: storeId(0),
					targetStore: storeId(1),
				}),
				positions: rows({
					assortment: locator(product(0).id),
					quantity: 1,
					sourceSlot: 'A-2',
					targetSlot: 'A-1',
				}),
			},
			node,
		);
		expect(positionsOf(written(requests)[0])[0]).toMatchObject({
			sourceSlot: bin(0, 1),
			targetSlot: bin(1, 0),
		});
	});

	test('of a document that exists lie in its warehouse, also for one item of it', async () => {
		const made = await house.good(
			supply({ positions: rows({ assortment: locator(product(0).id), quantity: 1 }) }),
			node,
		);
		const id = String(made.json[0].id);
		const added = await house.good(
			{
				resource: 'item',
				operation: 'create',
				documentType: 'supply',
				itemList: 'positions',
				documentId: locator(id),
				...byHand({ assortment: product(0).id, quantity: 1, slot: 'A-2' }),
			},
			node,
		);
		expect((written(added.requests) as IDataObject[][])[0][0]).toMatchObject({ slot: bin(1, 1) });
		const changed = await house.good(
			{
				resource: 'supply',
				operation: 'update',
				supplyId: locator(id),
				...byHand({}),
				positions: rows({ assortment: locator(product(0).id), quantity: 1, slot: 'A-1' }),
			},
			node,
		);
		expect(positionsOf(written(changed.requests)[0])[0]).toMatchObject({ slot: bin(1, 0) });
	});

	test('that the warehouse does not have are told with those that it has', async () => {
		const unknown = await house.bad(
			supply({ positions: rows({ assortment: locator(product(0).id), quantity: 1, slot: 'Z-9' }) }),
			node,
		);
		expect(unknown.error.message).toContain(
			"'Items 1: Storage Bin' is 'Z-9', and the warehouse has no such bin",
		);
		expect(unknown.error.description).toContain("Give one of: 'A-1', 'A-2'.");
		expect(written(unknown.requests)).toEqual([]);
	});
});
