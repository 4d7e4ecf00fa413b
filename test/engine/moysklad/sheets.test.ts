/**
 * Rows of Google Sheets, Excel and CSV files on their way into documents, prices, stock and counterparties: numbers as
 * text, long numbers that a sheet has shortened, empty cells and rows, headers, doubled rows. No amount changes without
 * a word, nothing is lost or doubled, and errors name the row and the way out.
 */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { plainProducts } from './samples';
import {
	automatic,
	byHand,
	DOCUMENTS,
	House,
	inJson,
	locator,
	type Outcome,
	type RunSetup,
} from './setup';

jest.setTimeout(120_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());

const NBSP = '\u00a0';
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
const article = (index: number) => String(product(index).article);
const words = (value: unknown) => ({ __rl: true, mode: 'words', value: value as string });
const roubles = { options: { money: 'roubles' } };

type Row = Record<string, unknown>;
const asItems = (rows: Row[]) => rows.map((json) => ({ json: json as IDataObject }));

/** The bodies that were written, one for each object. */
const written = ({ requests }: Outcome) =>
	requests.filter(({ method }) => method !== 'GET').flatMap(({ body }) => body as IDataObject[]);
const hintsOf = ({ result }: Outcome) => {
	const [[run]] = Object.values(result.runData).slice(-1);
	return (run.hints ?? []).map(({ message }) => message);
};
/** The rows of an item list that was written, without what they are of. */
const figures = (body: IDataObject) =>
	(body.positions as IDataObject[]).map(({ assortment, ...rest }) => (void assortment, rest));

/** Each row is an input item; those that fail go on as errors. */
const run = async (parameters: object, rows: Row[], setup: RunSetup = {}) =>
	await house.run(parameters, {
		...setup,
		items: asItems(rows),
		onError: 'continueRegularOutput',
	});

const order = { resource: 'customerorder', operation: 'create' };
/** A sales order whose items are a list of the input. */
const ofList = async (items: unknown, more: object = roubles) =>
	await run(
		{ ...order, ...byHand({ ...head(), positions: '={{ $json.items }}' }), ...more },
		[{ items }],
		node,
	);

describe('a list of rows', () => {
	test('as a Russian sheet writes it keeps its figures', async () => {
		const outcome = await ofList([
			{
				article: ` ${article(0)}${NBSP}`,
				quantity: '2 ',
				price: `1${NBSP}200,50`,
				discount: '12%',
				vat: '20%',
			},
			{ article: article(1), quantity: '1e3', price: 0, discount: '-5 %', vat: null },
		]);
		const [body] = written(outcome);
		expect(figures(body)).toEqual([
			{ quantity: 2, price: 120050, discount: 12, vat: 20 },
			{ quantity: 1000, price: 0, discount: -5 },
		]);
	});

	const header = () => ({
		Article: article(0),
		'Quantity ': '2',
		PRICE: '1,5',
		Discount: '10%',
		'VAT Rate': 20,
		Comment: 'mine',
	});
	const told = { quantity: 2, price: 150, discount: 10, vat: 20 };

	test("columns go by a header's case, blanks and labels: no discount is lost", async () => {
		expect(figures(written(await ofList([header()]))[0])).toEqual([{ ...told, Comment: 'mine' }]);
		const both = { article: article(0), quantity: 1, price: 2, Price: 3 };
		expect(figures(written(await ofList([both]))[0])).toMatchObject([{ quantity: 1, price: 200 }]);
	});

	test.each<[string, Row, Row]>([
		[
			'Russian words',
			{ Артикул: 0, 'Кол-во': '3', Цена: '1 290,50', Скидка: 5, НДС: '20%' },
			{ quantity: 3, price: 129050, discount: 5, vat: 20 },
		],
		[
			'units behind a comma, in brackets, and as a sign',
			{ Article: 0, 'Qty, pcs': 3, 'Price, RUB': '12,5', 'Discount, %': 5, 'VAT Rate (%)': 20 },
			{ quantity: 3, price: 1250, discount: 5, vat: 20 },
		],
		[
			'units of Russian sheets',
			{ Артикул: 0, 'Количество (шт.)': 3, 'Цена, руб.': 12.5, 'Скидка %': 5 },
			{ quantity: 3, price: 1250, discount: 5 },
		],
	])('headers in %s are understood', async (_what, cells, figured) => {
		const [key] = Object.keys(cells);
		const outcome = await ofList([{ ...cells, [key]: article(0) }]);
		expect(outcome.json[0].error).toBeUndefined();
		expect(figures(written(outcome)[0])).toEqual([figured]);
		expect(hintsOf(outcome)).toEqual([]);
	});

	test.each<[string, Row, string, string]>([
		['a typo', { Prise: 5 }, "'Items 2: Price' may be meant by 'Prise'", "Name the column 'price'"],
		[
			'a typo of a discount',
			{ price: 5, Discuont: '5%' },
			"'Items 2: Discount' may be meant by 'Discuont'",
			"Name the column 'discount'",
		],
		[
			'a price of another kind',
			{ 'Price (wholesale)': '1 200,50' },
			"'Items 2: Price' may be meant by 'Price (wholesale)'",
			"Name the column 'price'",
		],
		[
			'a discount that is an amount',
			{ price: 5, 'Скидка, руб': 100 },
			"'Items 2: Discount' may be meant by 'Скидка, руб', which is no percentage",
			"in percent in a column 'discount'",
		],
		[
			'two columns of one meaning',
			{ 'Цена, руб': 5, 'Price, RUB': 6 },
			"'Items 2: Price' is given twice",
			'Leave out one',
		],
	])('%s is refused, not lost', async (_what, cells, message, hint) => {
		const rows = [
			{ article: article(0), quantity: 1, price: 1 },
			{ article: article(1), quantity: 1, ...cells },
		];
		const outcome = await ofList(rows);
		expect(outcome.json[0].error).toContain(message);
		expect(written(outcome)).toEqual([]);
		const { result } = await house.bad(
			{ ...order, ...byHand({ ...head(), positions: '={{ $json.items }}' }), ...roubles },
			{ ...node, items: asItems([{ items: rows }]) },
		);
		expect(result.error?.description).toContain(hint);
	});

	test.each<[string, object, string, string]>([
		['kopecks', {}, 'Price, RUB', 'In Roubles'],
		['kopecks', {}, 'Цена (руб.)', 'In Roubles'],
		['roubles', roubles, 'Цена, коп.', 'In Kopecks'],
	])(
		'amounts are taken as %s: another unit in the header is refused',
		async (_unit, more, column, way) => {
			const rows = [{ article: article(0), quantity: 1, [column]: 5 }];
			const outcome = await ofList(rows, more);
			expect(outcome.json[0].error).toContain(`'Items 1: Price' is given by '${column}'`);
			expect(written(outcome)).toEqual([]);
			const { result } = await house.bad(
				{ ...order, ...byHand({ ...head(), positions: '={{ $json.items }}' }), ...more },
				{ ...node, items: asItems([{ items: rows }]) },
			);
			expect(result.error?.description).toContain(`set the option 'Money' to ${way}`);
		},
	);

	test('columns that no item has are told, and those of the document by name', async () => {
		const row = { article: article(0), quantity: 1, price: 1 };
		const outcome = await ofList([
			{ ...row, Warehouse: 'North', Comment: 'mine', Empty: '', meta: {} },
			{ ...row, Sum: 5, Prise: '' },
		]);
		expect(hintsOf(outcome)).toEqual([
			expect.stringMatching(
				/^MoySklad's docs do not have these names, which it may pass over: 'Warehouse', 'Comment', 'Sum' in 'Items'\. Of these, the whole object has 'Warehouse', 'Comment', not its rows: fill in 'Warehouse', 'Comment' beside them\./,
			),
		]);
		// Rows of another document have what MoySklad computed, which nobody misses.
		const read = { ...row, shipped: 1, accountId: first('organization'), overhead: 0 };
		expect(hintsOf(await ofList([read]))).toEqual([]);
	});

	test('a quantity is the planned one, where items have no other', async () => {
		const outcome = await run(
			{
				resource: 'item',
				operation: 'replaceAll',
				documentType: 'productiontask',
				documentId: locator(first('productiontask')),
				itemList: 'products',
				newItems: '={{ $json.items }}',
			},
			[{ items: [{ article: article(0), Quantity: '3' }] }],
			node,
		);
		expect(written(outcome)).toMatchObject([{ products: [{ planQuantity: 3 }] }]);
		expect((written(outcome)[0].products as IDataObject[])[0]).not.toHaveProperty('Quantity');
	});

	test('so they do in Replace All', async () => {
		const outcome = await run(
			{
				resource: 'item',
				operation: 'replaceAll',
				documentType: 'customerorder',
				documentId: locator(first('customerorder')),
				newItems: '={{ $json.items }}',
				...roubles,
			},
			[{ items: [header()] }],
			node,
		);
		expect(figures(written(outcome)[0])).toMatchObject([told]);
		expect(hintsOf(outcome)).toEqual([expect.stringContaining("'Comment' in 'New Items'")]);
	});

	test('empty cells are not sent: a new item has nothing to clear', async () => {
		const cells = { price: null, discount: null, reserve: null, vat: '' };
		const outcome = await ofList([{ article: article(0), quantity: 1, ...cells }]);
		expect(figures(written(outcome)[0])).toEqual([{ quantity: 1 }]);
		expect(hintsOf(outcome)[0]).toContain("1 of 1 item came without a 'Price'");
	});

	test('a row that stands twice stays twice', async () => {
		const row = { article: article(0), quantity: 1, price: 1 };
		expect(figures(written(await ofList([row, row]))[0])).toHaveLength(2);
	});

	const good = () => ({ article: article(0), quantity: 1, price: 1 });
	test.each<[string, Row | null, string, string]>([
		[
			'no quantity',
			{ quantity: null },
			"'Items 2: Quantity' is empty",
			'Give each item its quantity',
		],
		[
			'none as text',
			{ quantity: '' },
			"'Items 2: Quantity' is empty",
			'Give each item its quantity',
		],
		['quantity 0', { quantity: 0 }, "'Items 2: Quantity' is 0", 'above 0'],
		['a dash', { price: '—' }, "'Items 2: Price' is '—'", 'Give a number'],
		[
			'1,200',
			{ quantity: '1,200' },
			"'Items 2: Quantity' is '1,200', which may mean 1200 or 1.2",
			'1200',
		],
		['1,200.50', { price: '1,200.50' }, "'Items 2: Price' is '1,200.50'", '1250.50'],
		['true', { quantity: true }, "'Items 2: Quantity' is 'true'", 'Give a number'],
		['VAT of a percent cell', { vat: 0.2 }, "'Items 2: VAT Rate' is '0.2'", 'whole number'],
		[
			'the header once more',
			{ article: 'article', quantity: 'quantity', price: 'price' },
			"'Items 2: Quantity' is 'quantity'",
			'Give a number',
		],
		[
			'an empty row',
			{ article: '', quantity: null, price: '' },
			"'Items 2' is an empty row",
			'end of a sheet',
		],
		['no row', null, "'Items 2' holds null", 'object'],
		[
			'an article that was 007',
			{ article: 7 },
			"'Items 2: Article' is '7', and there is no product",
			'Sheets drop zeros in front of a number',
		],
		[
			'a barcode that was shortened',
			{ article: undefined, barcode: '4.6E+12' },
			"'Items 2: Barcode' is '4.6E+12', and there is no product",
			'Sheets shorten long numbers so',
		],
	])('%s: the row is named, and nothing is written', async (_what, cells, message, hint) => {
		const row = cells === null ? null : { ...good(), ...cells };
		const outcome = await ofList([good(), row]);
		expect(outcome.json[0].error).toContain(message);
		const { result } = await house.bad(
			{ ...order, ...byHand({ ...head(), positions: '={{ $json.items }}' }), ...roubles },
			{ ...node, items: asItems([{ items: [good(), row] }]) },
		);
		expect(result.error?.description).toContain(hint);
		expect(written(outcome)).toEqual([]);
	});

	test.each([undefined, null, '', ' '])(
		'%j in place of a list is no order without items',
		async (items) => {
			const outcome = await ofList(items);
			expect(outcome.json[0].error).toContain("'Items' is an expression that gives nothing here");
			expect(written(outcome)).toEqual([]);
		},
	);

	test('a discount of 0.12 is told: a cell of percents holds it for 12 %', async () => {
		const outcome = await ofList([{ ...good(), discount: 0.12 }]);
		expect(figures(written(outcome)[0])).toMatchObject([{ discount: 0.12 }]);
		expect(hintsOf(outcome)).toEqual([
			expect.stringContaining("'Discount' was taken as 0.12 %. If 12 % are meant"),
		]);
		expect(hintsOf(await ofList([{ ...good(), discount: 12 }]))).toEqual([]);
	});

	test('whatever chance writes: amounts arrive as they were, or the run says why not', async () => {
		const cell = fc.oneof(
			fc.integer({ min: 1, max: 5000 }),
			fc.constantFrom(
				null,
				'',
				'—',
				'1,200',
				'1 200,5',
				`3${NBSP}000`,
				'2.50',
				true,
				0,
				-1,
				'12%',
				'1e3',
			),
		);
		const row = fc.record({ article: fc.nat(4), quantity: cell, price: cell });
		const meant = (value: unknown): number | undefined =>
			typeof value === 'number'
				? value
				: (
						{ '1 200,5': 1200.5, [`3${NBSP}000`]: 3000, '2.50': 2.5, '1e3': 1000 } as Record<
							string,
							number
						>
					)[String(value)];
		await fc.assert(
			fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
				const outcome = await ofList(
					rows.map((one) => ({ ...one, article: article(one.article) })),
				);
				const isGood = rows.every(({ quantity, price }) => {
					const [count, amount] = [meant(quantity), meant(price)];
					const free = price === null || price === '';
					return (
						count !== undefined && count > 0 && (free || (amount !== undefined && amount >= 0))
					);
				});
				if (!isGood) {
					expect(outcome.json[0].error).toMatch(/'Items \d+: (Quantity|Price)' is/);
					expect(written(outcome)).toEqual([]);
					return;
				}
				expect(figures(written(outcome)[0])).toEqual(
					rows.map(({ quantity, price }) => ({
						quantity: meant(quantity),
						...(meant(price) === undefined ? {} : { price: (meant(price) as number) * 100 }),
					})),
				);
			}),
			{ numRuns: 25 },
		);
	});
});

describe('one input item per row', () => {
	const parameters = {
		...order,
		...byHand({
			organization: '={{ $json.organization }}',
			agent: '={{ $json.agent }}',
			externalCode: '={{ $json.order }}',
		}),
		positions: {
			row: [
				{
					assortment: words('={{ $json.article }}'),
					quantity: '={{ $json.quantity }}',
					price: '={{ $json.price }}',
				},
			],
		},
		options: { money: 'roubles', objectKey: '={{ $json.order }}' },
	};
	const row = (key: unknown, index: number, more: Row = {}): Row => ({
		...head(),
		order: key,
		article: article(index),
		quantity: index + 1,
		price: '1,5',
		...more,
	});

	test('keys that differ in blanks at the ends, or are numbers and text, are one order', async () => {
		const outcome = await run(
			parameters,
			[row('M-1', 0), row(`M-1${NBSP}`, 1), row(' M-1 ', 2), row(7, 3), row('7', 4)],
			node,
		);
		const bodies = written(outcome);
		expect(bodies.map((body) => figures(body).map(({ quantity }) => quantity))).toEqual([
			[1, 2, 3],
			[4, 5],
		]);
		expect(figures(bodies[0])[0].price).toBe(150);
	});

	test('rows below the number of their order, as in merged cells, are no orders of their own', async () => {
		const outcome = await run(
			parameters,
			[row('N-1', 0), row('', 1), row('N-2', 2), row('N-3', 3), row(null, 4)],
			node,
		);
		expect(written(outcome).map(({ externalCode }) => externalCode)).toEqual(['N-2']);
		const { json } = outcome;
		expect(json[0].error).toContain(
			"'One Document per Key' is an expression that gives nothing in item 1, which may be part of this object",
		);
		expect(json[1].error).toContain(
			"'One Document per Key' is an expression that gives nothing here",
		);
		expect(json[2].id).toBeDefined();
		expect([json[3].error, json[4].error]).toEqual([expect.any(String), expect.any(String)]);
	});

	test('whatever order they come in: each row is in its order, once', async () => {
		const rowOf = fc.record({ key: fc.constantFrom('S-1', 'S-2', 'S-3', 'S-4'), index: fc.nat(6) });
		let turn = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 12 }), async (given) => {
				turn++;
				const name = (key: string) => `${key}/${turn}`;
				const outcome = await run(
					parameters,
					given.map(({ key, index }) => row(name(key), index)),
					node,
				);
				const keys = [...new Set(given.map(({ key }) => key))];
				expect(written(outcome).map(({ externalCode }) => externalCode)).toEqual(keys.map(name));
				for (const [at, key] of keys.entries()) {
					const own = given.filter((one) => one.key === key);
					expect(figures(written(outcome)[at])).toEqual(
						own.map(({ index }) => ({ quantity: index + 1, price: 150 })),
					);
				}
			}),
			{ numRuns: 15 },
		);
	});

	test('without the option, and with it left empty, each item is an order', async () => {
		for (const options of [{}, { objectKey: '' }]) {
			const rows = [row('P', 0), row('Q', 1)];
			expect(written(await run({ ...parameters, options }, rows, node))).toHaveLength(2);
		}
	});

	test('an empty row keeps no other order back', async () => {
		const blank = { organization: '', order: '', article: '', quantity: '', price: '' };
		const outcome = await run(parameters, [row('R-1', 0), blank], node);
		expect(written(outcome).map(({ externalCode }) => externalCode)).toEqual(['R-1']);
		expect(outcome.json[1].error).toContain("'Legal Entity' is empty");
	});
});

describe('items of a document', () => {
	const place = () => ({
		resource: 'item',
		documentType: 'customerorder',
		documentId: locator(first('customerorder')),
	});

	test('Add: empty cells are not sent, and a quantity is needed', async () => {
		const outcome = await run(
			{ ...place(), operation: 'create', itemList: 'positions', ...inJson('={{ $json }}') },
			[
				{ assortment: article(0), quantity: null, price: null },
				{ assortment: article(0), quantity: '3', price: null, discount: null },
			],
			node,
		);
		expect(outcome.json[0].error).toContain("'Item: Quantity' is empty");
		expect(written(outcome)).toEqual([{ assortment: expect.anything() as object, quantity: 3 }]);
	});

	test('Add: a row without its goods is told before anything is sent', async () => {
		const fields = byHand({
			assortment: '={{ $json.article }}',
			quantity: '={{ $json.quantity }}',
		});
		const outcome = await run(
			{ ...place(), operation: 'create', itemList: 'positions', ...fields },
			[
				{ article: '', quantity: 1 },
				{ article: null, quantity: 2 },
				{ article: article(0), quantity: 3 },
			],
			node,
		);
		for (const { error } of outcome.json.slice(0, 2)) {
			expect(error).toMatch(/^'Item: [^']+' is empty/);
		}
		expect(written(outcome).map(({ quantity }) => quantity)).toEqual([3]);
	});

	test('Add: percents with their sign', async () => {
		const cells = { assortment: article(0), quantity: 1, discount: '12,5 %', vat: '20%' };
		const outcome = await run(
			{ ...place(), operation: 'create', itemList: 'positions', ...byHand(cells) },
			[{}],
			node,
		);
		expect(written(outcome)).toMatchObject([{ discount: 12.5, vat: 20 }]);
		const goods = { name: 'VAT', vat: '20%' };
		const made = await run({ resource: 'product', operation: 'create', ...byHand(goods) }, [{}]);
		expect(written(made)).toMatchObject([{ vat: 20 }]);
	});

	test('Add and Update: a discount below one percent is told', async () => {
		const fields = byHand({
			assortment: article(0),
			quantity: 1,
			price: 1,
			discount: '={{ $json.d }}',
		});
		const added = await run(
			{ ...place(), operation: 'create', itemList: 'positions', ...fields },
			[{ d: 0.15 }],
			node,
		);
		expect(hintsOf(added)).toEqual([expect.stringContaining('If 15 % are meant')]);
		const itemId = locator(String(added.json[0].id));
		const changed = await run(
			{
				...place(),
				operation: 'update',
				itemList: 'positions',
				itemId,
				...byHand({ discount: 0.2 }),
			},
			[{}],
			node,
		);
		expect(hintsOf(changed)).toEqual([expect.stringContaining('If 20 % are meant')]);
	});

	test('Replace All: rows are read alike, and an empty one takes nothing out', async () => {
		const parameters = {
			...place(),
			operation: 'replaceAll',
			newItems: '={{ $json.items }}',
			...roubles,
		};
		const row = { article: article(0), quantity: '2 ', price: '1 200,50', discount: '10%' };
		const outcome = await run(
			parameters,
			[
				{ items: [{ ...row, vat: null }] },
				{ items: [row, { article: '', quantity: null }] },
				{ items: [{ ...row, quantity: null }] },
				{ items: [{ ...row, discount: 0.1 }] },
				{ items: '' },
				{ items: null },
			],
			node,
		);
		expect(written(outcome).map(figures)).toEqual([
			[{ quantity: 2, price: 120050, discount: 10 }],
			[{ quantity: 2, price: 120050, discount: 0.1 }],
		]);
		const { json } = outcome;
		expect(json[1].error).toContain("'New Items 2' is an empty row");
		expect(json[2].error).toContain("'New Items 1: Quantity' is empty");
		expect(json[4].error).toContain("'New Items' is empty");
		expect(json[5].error).toContain("'New Items' is empty");
		expect(hintsOf(outcome)).toEqual([expect.stringContaining('0.1 %. If 10 % are meant')]);
	});
});

describe('items of documents that are written less often', () => {
	const org = () => ({ organization: first('organization') });
	const store = () => first('store');
	const row = () => ({ Артикул: article(0), 'Кол-во': '2', 'Цена, руб': '12,50' });

	test.each<[string, () => IDataObject, () => Row, IDataObject]>([
		[
			'purchasereturn',
			() => ({ ...head(), store: store() }),
			row,
			{ positions: [{ quantity: 2, price: 1250 }] },
		],
		[
			'move',
			() => ({ ...org(), sourceStore: store(), targetStore: store() }),
			row,
			{ positions: [{ quantity: 2, price: 1250 }] },
		],
		[
			'inventory',
			() => ({ ...org(), store: store() }),
			() => ({ Код: product(0).code, 'Количество, шт': 0 }),
			{ positions: [{ quantity: 0 }] },
		],
		[
			'pricelist',
			() => ({ ...org(), columns: [{ name: 'Retail', percentageDiscount: '10' }] }),
			() => ({ article: article(0), cells: [{ column: 'Retail', sum: '12,50' }] }),
			{
				positions: [{ cells: [{ column: 'Retail', sum: 1250 }] }],
				columns: [{ percentageDiscount: 10 }],
			},
		],
		[
			'commissionreportin',
			() => ({
				...head(),
				contract: first('contract'),
				commissionPeriodStart: '01.11.2026',
				commissionPeriodEnd: '30.11.2026',
			}),
			() => ({ ...row(), reward: '1,25' }),
			{ positions: [{ quantity: 2, price: 1250, reward: 125 }] },
		],
	])('%s: a row of a sheet', async (resource, fields, cells, body) => {
		const outcome = await run(
			{
				resource,
				operation: 'create',
				...byHand({ ...fields(), positions: '={{ $json.items }}' }),
				...roubles,
			},
			[{ items: [cells()] }],
			node,
		);
		expect(outcome.json[0].error).toBeUndefined();
		expect(written(outcome)).toMatchObject([body]);
		expect(hintsOf(outcome)).toEqual([]);
	});

	test('Item: Add to a price list counts its prices as Money says', async () => {
		const parameters = {
			resource: 'item',
			operation: 'create',
			documentType: 'pricelist',
			documentId: locator(first('pricelist')),
			itemList: 'positions',
			...byHand({ assortment: article(0), cells: '={{ $json.cells }}' }),
			...roubles,
		};
		const cells = (sum: unknown) => ({ cells: [{ column: 'Retail', sum }] });
		const outcome = await run(parameters, [cells('0,5'), cells('—'), { cells: 'Retail' }], node);
		expect(written(outcome)).toMatchObject([{ cells: [{ column: 'Retail', sum: 50 }] }]);
		expect(outcome.json[1].error).toContain("'Prices 1: Total' is '—'");
		expect(outcome.json[2].error).toContain("'Prices' is");
	});

	test.each<[string, object, string, string]>([
		['Price (RUB)', {}, 'is given by', "set the option 'Money' to In Roubles"],
		['Price (kopecks)', roubles, 'is given by', "set the option 'Money' to In Kopecks"],
		['Discount (RUB)', roubles, 'which is in another unit', 'Give it in percent'],
	])('Map Automatically: a unit in the header %s counts', async (column, more, message, hint) => {
		const item = {
			resource: 'item',
			operation: 'create',
			documentType: 'customerorder',
			documentId: locator(first('customerorder')),
			itemList: 'positions',
			...automatic(),
			...more,
		};
		const row = { assortment: article(0), 'Quantity (pcs)': 2, [column]: 5 };
		const outcome = await run(item, [row], node);
		expect(outcome.json[0].error).toContain(message);
		expect(outcome.json[0].error).toContain(column);
		expect(written(outcome)).toEqual([]);
		const { error } = await house.bad(item, { ...node, items: asItems([row]) });
		expect(error.description).toContain(hint);
		const good = {
			assortment: article(0),
			'Quantity (pcs)': 2,
			'Price (RUB)': 5,
			'Discount (%)': 5,
		};
		expect(written(await run({ ...item, ...roubles }, [good], node))).toMatchObject([
			{ quantity: 2, price: 500, discount: 5 },
		]);
	});

	test('so it does for amounts of other objects', async () => {
		const contract = { resource: 'contract', operation: 'create', ...automatic() };
		const row = { ownAgent: first('organization'), agent: head().agent, 'Sum (RUB)': 5 };
		const outcome = await run(contract, [row]);
		expect(outcome.json[0].error).toContain(
			"is given by 'Sum (RUB)', and amounts are taken in kopecks",
		);
		expect(written(await run({ ...contract, ...roubles }, [row]))).toMatchObject([{ sum: 500 }]);
	});

	test('what the items of another type have is told', async () => {
		const outcome = await run(
			{
				resource: 'internalorder',
				operation: 'create',
				...byHand({ ...org(), store: store(), positions: '={{ $json.items }}' }),
			},
			[{ items: [{ article: article(0), quantity: 1, price: 1, discount: 5 }] }],
			node,
		);
		expect(hintsOf(outcome)).toEqual([expect.stringContaining("'discount' in 'Items'")]);
		const task = await run(
			{
				resource: 'productiontask',
				operation: 'create',
				...byHand({
					...org(),
					materialsStore: store(),
					productsStore: store(),
					productionRows: '={{ $json.rows }}',
				}),
			},
			[{ rows: [{ processingPlan: first('processingplan'), quantity: 5 }] }],
			node,
		);
		expect(hintsOf(task)).toEqual([
			expect.stringContaining("'quantity' in 'Production Task Rows'"),
		]);
	});
});

describe('keys of goods', () => {
	const price = (findBy: string) => ({
		resource: 'price',
		operation: 'update',
		findBy,
		key: '={{ $json.key }}',
		salePrices: { row: [{ priceType: words('Wholesale'), value: '={{ $json.price }}' }] },
		...roubles,
	});
	const stock = (findBy: string) => ({
		resource: 'stockReport',
		operation: 'ofItems',
		findBy,
		item: '={{ $json.key }}',
	});

	test.each<[string, (findBy: string) => IDataObject]>([
		['Price: Update', price],
		['Stock of These Items', stock],
	])('%s: the way out is told of what a sheet has done to them', async (_what, form) => {
		const told = async (findBy: string, key: unknown) => {
			const { error } = await house.bad(form(findBy), { items: asItems([{ key, price: 1 }]) });
			return `${error.message} ${error.description}`;
		};
		expect(await told('article', 7)).toContain('Sheets drop zeros in front of a number');
		expect(await told('article', '—')).not.toContain('Sheets');
		expect(await told('barcode', '4,60E+12')).toContain('Sheets shorten long numbers so');
	});

	test('blanks that do not break fit those that do', async () => {
		const row = house.state.rows.create(
			'product',
			{ name: 'Blank', article: 'A 100 B' },
			Date.now(),
		);
		const key = `A${NBSP}100\u202fB `;
		expect((await run(stock('article'), [{ key }])).json).toMatchObject([{ name: 'Blank' }]);
		expect(written(await run(price('article'), [{ key, price: 5 }]))).toHaveLength(1);
		const ordered = await ofList([{ article: key, quantity: 1, price: 1 }]);
		expect(ordered.json[0].error).toBeUndefined();
		house.state.rows.remove(row);
	});

	test('a barcode that an object has as two kinds is of one object', async () => {
		const barcodes = [{ ean13: '4600000000015' }, { code128: '4600000000015' }];
		const row = house.state.rows.create('product', { name: 'Twice', barcodes }, Date.now());
		const outcome = await run(price('barcode'), [{ key: 4600000000015, price: 5 }]);
		expect(outcome.json).toMatchObject([{ name: 'Twice' }]);
		house.state.rows.remove(row);
	});

	test('two prices for one object: the last stands, and it is told', async () => {
		const key = article(0);
		const outcome = await run(price('article'), [
			{ key, price: 5 },
			{ key: article(1), price: 5 },
			{ key: ` ${key}`, price: 7 },
		]);
		expect(outcome.json.every(({ error }) => error === undefined)).toBe(true);
		const values = written(outcome).map(({ salePrices }) => (salePrices as IDataObject[])[0].value);
		expect(values).toEqual([500, 500, 700]);
		expect(hintsOf(outcome)).toEqual([
			expect.stringContaining(
				`The items 0 and 2 give one price of one object ('${key}') differently`,
			),
		]);
		const same = await run(price('article'), [
			{ key, price: 5 },
			{ key, price: '5,0' },
		]);
		expect(hintsOf(same)).toEqual([]);
	});

	test('a price that is none is named as the form has it; an empty one changes nothing', async () => {
		const key = article(0);
		const outcome = await run(price('article'), [
			{ key, price: '—' },
			{ key, price: null },
			{ key, price: '1,200' },
			{ key: '', price: 1 },
		]);
		expect(outcome.json.map(({ error }) => error)).toEqual([
			expect.stringContaining("'Value (Kopecks, or as Money Says)' is '—'"),
			expect.stringContaining("'Value (Kopecks, or as Money Says)' is empty"),
			expect.stringContaining("'Value (Kopecks, or as Money Says)' is '1,200'"),
			expect.stringContaining("'Value' is empty"),
		]);
		expect(written(outcome)).toEqual([]);
	});

	test('barcodes as rows: the kind that a row begins with is for 13 digits alone', async () => {
		const codes = ['4600000000008', '46000017', '036000291452', 'TEA-1', '4.6E+12'];
		const outcome = await run(
			{
				resource: 'product',
				operation: 'create',
				...byHand({ name: 'Barcode' }),
				barcodes: {
					row: [
						{ kind: 'ean13', value: '={{ $json.code }}' },
						{ kind: 'code128', value: 'KEPT' },
					],
				},
			},
			codes.map((code) => ({ code })),
		);
		expect(written(outcome).map(({ barcodes }) => (barcodes as unknown[])[0])).toEqual([
			{ ean13: '4600000000008' },
			{ ean8: '46000017' },
			{ upc: '036000291452' },
			{ code128: 'TEA-1' },
		]);
		expect(written(outcome)[0].barcodes).toContainEqual({ code128: 'KEPT' });
		expect(outcome.json[4].error).toContain("'Barcodes' is '4.6E+12', as sheets shorten");
	});

	test('barcodes of a product: a number is one, what a sheet has shortened is none', async () => {
		const outcome = await run(
			{ resource: 'product', operation: 'upsert', ...automatic('article') },
			[4600000000008, '4600000000008.0', '4600000000008; 46000017', '4.6E+12', '4,60E+12'].map(
				(barcodes, index) => ({ name: `Sheet ${index}`, article: `S-${index}`, barcodes }),
			),
		);
		expect(written(outcome).map(({ barcodes }) => barcodes)).toEqual([
			[{ ean13: '4600000000008' }],
			[{ ean13: '4600000000008' }],
			[{ ean13: '4600000000008' }, { ean8: '46000017' }],
		]);
		for (const { error } of outcome.json.slice(3)) {
			expect(error).toContain("'Barcodes' is '4");
			expect(error).toContain('as sheets shorten long numbers');
		}
	});
});

describe('Counterparty: Create or Update', () => {
	const form = (matchOn: string) => ({
		resource: 'counterparty',
		operation: 'upsert',
		...byHand(
			{
				name: '={{ $json.name }}',
				phone: '={{ $json.phone }}',
				inn: '={{ $json.inn }}',
				code: '={{ $json.code }}',
			},
			matchOn,
		),
	});

	test('phones and INNs that a sheet has shortened make nobody', async () => {
		const byPhone = await run(form('phone'), [{ name: 'A', phone: '7.9991E+10' }]);
		expect(byPhone.json[0].error).toContain(
			"'Phone' is '7.9991E+10', as sheets shorten long numbers",
		);
		const byInn = await run(form('inn'), [{ name: 'B', inn: '7.70708E+09' }]);
		expect(byInn.json[0].error).toContain("'Tax ID (INN)' is '7.70708E+09'");
		const beside = await run(form('code'), [{ name: 'C', code: 'C-1', phone: '7.9991E+10' }]);
		expect(beside.json[0].error).toContain("'Phone' is '7.9991E+10'");
		expect([byPhone, byInn, beside].flatMap(written)).toEqual([]);
	});

	test('an INN without its first zero is told, and makes no double; foreign ones have nine digits', async () => {
		await run(form('inn'), [{ name: 'Ufa', inn: '0274062111' }]);
		const outcome = await run(form('inn'), [
			{ name: 'Ufa', inn: 274062111 },
			{ name: 'Ufa, too', inn: '0274062111' },
			{ name: 'Minsk', inn: 190275968 },
		]);
		expect(outcome.json[0].error).toContain(
			"'Tax ID (INN)' is '274062111', and MoySklad has '0274062111', which differs by a zero at the beginning",
		);
		expect(written(outcome).map(({ inn, meta }) => [inn, meta !== undefined])).toEqual([
			['0274062111', true],
			['190275968', false],
		]);
	});

	test('a code with blanks that do not break finds who has it with others, and leaves it', async () => {
		await run(form('code'), [{ name: 'Blank', code: 'A 1' }]);
		const outcome = await run(form('code'), [{ name: 'Changed', code: `A${NBSP}1` }]);
		expect(written(outcome)).toMatchObject([{ name: 'Changed', code: 'A 1' }]);
		expect(written(outcome)[0].meta).toBeDefined();
	});

	test.each(['inn', 'code', 'name'])(
		'a dash as %s is nobody: rows with it would be one',
		async (key) => {
			const rows = ['—', '-', ' – '].map((dash) => ({
				name: 'Dash',
				code: 'E-1',
				inn: '1',
				[key]: dash,
			}));
			const outcome = await run(form(key), rows);
			for (const { error } of outcome.json) expect(error).toContain('as sheets write for nothing');
			expect(written(outcome)).toEqual([]);
		},
	);

	test('two rows of one new counterparty make one', async () => {
		const outcome = await run(form('code'), [
			{ name: 'One', code: 'D 1' },
			{ name: 'One again', code: `D${NBSP}1` },
		]);
		expect(written(outcome).map(({ meta }) => meta !== undefined)).toEqual([false, true]);
	});
});
