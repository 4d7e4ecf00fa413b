/** Parts of a bundle as rows of the form, and references given as objects outside of the mapper. */
import type { IDataObject } from 'n8n-workflow';

import { idAt, metaOf, plainProducts } from './samples';
import { byHand, House, inJson, locator } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const PRICE_TYPES = '/context/companysettings/pricetype';
const product = (index: number): IDataObject => {
	const id = plainProducts(house, index + 1)[index];
	return { ...house.state.rows.entity(house.state.rows.find('product', id) as number), id };
};
const link = (id: unknown) => `${house.state.world.base}/entity/product/${String(id)}`;
const rows = (...row: IDataObject[]) => ({ row }) as unknown as IDataObject;
const words = (value: unknown) => ({ __rl: true, mode: 'words', value: value as string });
const priceType = (index: number) =>
	metaOf(house, 'pricetype', house.state.world.id('pricetype', index), PRICE_TYPES);

const create = { resource: 'bundle', operation: 'create', simplify: false };
const posted = (requests: Array<{ method: string; body?: unknown }>) =>
	requests.filter(({ method }) => method !== 'GET').map(({ body }) => body as IDataObject);

/** An expression that yields nothing: n8n itself asks for what is left empty. */
const NONE = '={{ $json.none }}';

/** Nothing filled in: what the editor saves of a new mapper. */
const UNTOUCHED = {
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value: null, matchingColumns: [], schema: [] },
};

describe('a bundle by rows', () => {
	test('has components, prices and barcodes, each found in its own way', async () => {
		const euro = house.state.dictionary('currency').all()[1];
		const { requests, json } = await house.good({
			...create,
			...byHand({ name: 'Tea set' }),
			components: rows(
				{ assortment: locator(link(product(0).id), 'list'), quantity: 2 },
				{ assortment: words(product(1).code), quantity: 1.5 },
				{ assortment: locator(product(2).id), quantity: 1 },
			),
			salePrices: rows(
				{ priceType: locator(house.state.world.id('pricetype', 0), 'list'), value: '10,50' },
				{ priceType: words('Wholesale'), value: 9.5, currency: words(euro.isoCode) },
			),
			barcodes: rows(
				{ kind: 'ean13', value: '4600000000008' },
				{ kind: 'code128', value: ' AB-1 ' },
			),
			options: { money: 'roubles' },
		});
		expect(posted(requests)).toEqual([
			{
				name: 'Tea set',
				syncId: expect.any(String) as string,
				components: [
					{ assortment: metaOf(house, 'product', String(product(0).id)), quantity: 2 },
					{ assortment: metaOf(house, 'product', String(product(1).id)), quantity: 1.5 },
					{ assortment: metaOf(house, 'product', String(product(2).id)), quantity: 1 },
				],
				salePrices: [
					{ value: 1050, priceType: priceType(0) },
					{
						value: 950,
						priceType: priceType(1),
						currency: metaOf(house, 'currency', String(euro.id)),
					},
				],
				barcodes: [{ ean13: '4600000000008' }, { code128: 'AB-1' }],
			},
		]);
		expect((json[0].salePrices as IDataObject[])[1].value).toBe(9.5);
	});

	test('is created without the mapper, by rows and JSON', async () => {
		const { requests } = await house.good({
			...create,
			...inJson({ name: 'By JSON' }),
			components: rows({ assortment: words(product(0).article), quantity: '3' }),
		});
		expect(posted(requests)[0].components).toEqual([
			{ assortment: metaOf(house, 'product', String(product(0).id)), quantity: 3 },
		]);
	});

	test('takes the values of each item from expressions', async () => {
		const items = [0, 1].map((index) => ({
			name: `Set ${index}`,
			part: metaOf(house, 'product', String(product(index).id)),
			count: `${index + 1},5`,
		}));
		const { requests } = await house.good(
			{
				...create,
				...byHand({ name: '={{ $json.name }}' }),
				components: rows({ assortment: '={{ $json.part }}', quantity: 1 }),
				salePrices: rows({ priceType: words('Wholesale'), value: '={{ $json.count }}' }),
			},
			{ items },
		);
		const [bodies] = posted(requests) as unknown as IDataObject[][];
		expect(bodies.map(({ components }) => components)).toEqual(
			items.map(({ part }) => [{ assortment: part, quantity: 1 }]),
		);
		expect(bodies.map(({ salePrices }) => (salePrices as IDataObject[])[0].value)).toEqual([
			1.5, 2.5,
		]);
	});

	test('is updated by them alone; what is not touched is not sent', async () => {
		const made = await house.good({
			...create,
			...byHand({ name: 'To change' }),
			components: rows({ assortment: locator(product(0).id), quantity: 1 }),
		});
		const bundleId = locator(made.json[0].id);
		const change = { resource: 'bundle', operation: 'update', bundleId, ...UNTOUCHED };
		const priced = await house.good({
			...change,
			salePrices: rows({ priceType: words('Wholesale'), value: '77' }),
			components: {},
		});
		expect(posted(priced.requests)).toEqual([
			{ salePrices: [{ value: 77, priceType: priceType(1) }] },
		]);
		const error = await house.refused({ ...change, components: {}, barcodes: {} });
		expect(error.message).toContain("'Fields' hold nothing to change");
	});

	test('is created or updated by them', async () => {
		const upsert = {
			resource: 'bundle',
			operation: 'upsert',
			...byHand({ name: 'Kept', externalCode: 'rows-1' }, 'externalCode'),
		};
		const error = await house.bad(upsert);
		expect(error.error.message).toContain("'Components' is empty");
		const { requests } = await house.good({
			...upsert,
			components: rows({ assortment: words(product(0).code), quantity: 1 }),
		});
		expect(posted(requests)).toHaveLength(1);
	});

	test.each<[string, () => object, string, string]>([
		[
			'no components at all',
			() => ({}),
			"'Components' is empty, but needed",
			"Add rows to 'Components', or fill in 'Components' (components) among the fields or in JSON",
		],
		[
			'a row without an item',
			() => ({
				components: rows(
					{ assortment: words(product(0).code), quantity: 1 },
					{ assortment: locator(NONE), quantity: 1 },
				),
			}),
			"'Components 2: Item' is empty",
			'Fill in',
		],
		[
			'a quantity of nothing',
			() => ({
				components: rows(
					{ assortment: words(product(0).code), quantity: 0 },
					{ assortment: words(product(1).code), quantity: 1 },
				),
			}),
			"'Components 1: Quantity' is 0",
			'above zero',
		],
		[
			'a price without a value',
			() => ({ salePrices: rows({ priceType: words('Wholesale'), value: NONE }) }),
			"'Value (Kopecks",
			'Fill in',
		],
		[
			'a price that is no number',
			() => ({ salePrices: rows({ priceType: words('Wholesale'), value: 'much' }) }),
			"'Value (Kopecks, or as Money Says)' is 'much'",
			'number',
		],
		[
			'an empty barcode',
			() => ({ barcodes: rows({ kind: 'ean13', value: NONE }) }),
			"'Value' is empty",
			'Fill in',
		],
		[
			'components given twice',
			() => ({
				...byHand({ name: 'x', components: JSON.stringify([{ assortment: 'x', quantity: 1 }]) }),
				components: rows({ assortment: words('x'), quantity: 1 }),
			}),
			"'Components' are given twice",
			'Keep one of the two',
		],
	])('refuses %s, and sends nothing', async (_what, more, message, hint) => {
		const error = await house.refused({ ...create, ...byHand({ name: 'Wrong' }), ...more() });
		expect(error.message).toContain(message);
		expect(error.description).toContain(hint);
	});

	test('a name in a row that fits nothing is named with its field', async () => {
		const { error, requests } = await house.bad({
			...create,
			...byHand({ name: 'Wrong' }),
			components: rows({ assortment: words('No such tea'), quantity: 1 }),
		});
		expect(error.message).toContain(
			"'Components: assortment' is 'No such tea', and there is no product or product variant or service",
		);
		expect(posted(requests)).toEqual([]);
	});
});

describe('a component of a bundle', () => {
	const component = { resource: 'bundleComponent', simplify: false };

	test('is added and changed by list, name, object and ID, also as old workflows have it', async () => {
		const made = await house.good({
			...create,
			...byHand({ name: 'Parts' }),
			components: rows({ assortment: locator(product(0).id), quantity: 1 }),
		});
		const bundleId = locator(made.json[0].id);
		const added = await house.good({
			...component,
			operation: 'create',
			bundleId,
			assortmentId: words(product(1).code),
			quantity: 2,
		});
		expect(added.json[0].assortment).toMatchObject(metaOf(house, 'product', String(product(1).id)));
		const change = async (assortment: unknown, item: IDataObject = {}) => {
			const { requests } = await house.good(
				{
					...component,
					operation: 'update',
					bundleId,
					bundleComponentId: locator(added.json[0].id),
					updateFields: { assortment },
				},
				{ items: [item] },
			);
			return posted(requests)[0];
		};
		const wanted = (index: number) => ({
			assortment: metaOf(house, 'product', String(product(index).id)),
		});
		expect(await change(locator(link(product(2).id), 'list'))).toEqual(wanted(2));
		expect(await change(words(product(3).code))).toEqual(wanted(3));
		// Version 0.1.0 kept a text.
		expect(await change(product(2).id)).toEqual(wanted(2));
		expect(await change(link(product(3).id))).toEqual(wanted(3));
		expect(await change('={{ $json }}', wanted(2).assortment)).toEqual(wanted(2));
	});

	test('is looked for among all that can be one', async () => {
		const { results, requests } = await house.search('searchComponentGoods');
		expect(requests[0].query.filter).toBe('type=product;type=variant;type=service');
		expect(results.some(({ name }) => name.endsWith('(variant)'))).toBe(true);
	});
});

describe('an object with meta, given for a locator by an expression', () => {
	const folder = () => house.state.dictionary('productfolder').all()[0] as IDataObject;

	test.each<[string, object, () => IDataObject, (id: string) => string]>([
		[
			'the object of an operation',
			{ resource: 'productFolder', operation: 'get', productFolderId: '={{ $json }}' },
			() => folder(),
			(id) => `/entity/productfolder/${id}`,
		],
		[
			'the same by its ID alone',
			{ resource: 'productFolder', operation: 'get', productFolderId: '={{ $json }}' },
			() => ({ id: folder().id, name: 'x' }),
			(id) => `/entity/productfolder/${id}`,
		],
		[
			'the value of a locator',
			{
				resource: 'productFolder',
				operation: 'get',
				productFolderId: { __rl: true, mode: 'id', value: '={{ $json }}' },
			},
			() => folder(),
			(id) => `/entity/productfolder/${id}`,
		],
	])('%s', async (_what, parameters, item, path) => {
		const { requests } = await house.good({ ...parameters }, { items: [item()] });
		expect(requests.map((request) => request.path)).toEqual([
			`/api/remap/1.2${path(String(folder().id))}`,
		]);
	});

	test('a filter', async () => {
		const { requests } = await house.good(
			{
				resource: 'assortment',
				operation: 'getAll',
				filters: {
					productFolder: '={{ $json.folder }}',
					warehouse: '={{ $json.store }}',
				},
			},
			{ items: [{ folder: folder(), store: house.state.dictionary('store').all()[0] }] },
		);
		const id = idAt(house, 'store');
		expect(requests[0].query.filter).toContain(
			`productFolder=${house.state.world.base}/entity/productfolder/${String(folder().id)}`,
		);
		expect(requests[0].query.filter).toContain(`/entity/store/${id}`);
	});

	test('the owner of images, with its type', async () => {
		const card = house.state.dictionary('contentcard').all()[0];
		const { requests } = await house.good(
			{ resource: 'image', operation: 'getAll', ownerType: 'product', ownerId: '={{ $json }}' },
			{ items: [card as IDataObject] },
		);
		expect(requests[0].path).toContain(`/entity/contentcard/${String(card.id)}/images`);
	});

	test('what is no object of MoySklad is refused in words', async () => {
		const error = await house.refused(
			{ resource: 'productFolder', operation: 'get', productFolderId: '={{ $json }}' },
			{ items: [{ colour: 'green' }] },
		);
		expect(error.message).toContain(`'Product Folder' is '{"colour":"green"}'`);
	});
});
