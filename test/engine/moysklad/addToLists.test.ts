/** Barcodes and packages, which a write replaces whole: added to on request, replaced otherwise. */
import type { IDataObject } from 'n8n-workflow';

import { plainProducts } from './samples';
import { House, inJson, locator, NOBODY, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const update = (lists?: string, operation = 'update') => ({
	resource: 'product',
	operation,
	...(operation === 'update' ? { productId: locator('={{ $json.id }}') } : {}),
	...inJson('={{ $json.body }}', operation === 'update' ? undefined : 'externalCode'),
	output: 'raw',
	options: { ...(lists ? { lists } : {}) },
});
const sent = (requests: Array<{ method: string; body?: unknown }>): IDataObject[] =>
	requests.filter(({ method }) => method !== 'GET').flatMap(({ body }) => body as IDataObject[]);
const uom = (index: number) => {
	const { meta } = house.state.dictionary('uom').all()[index];
	return { meta };
};

/** A product with a barcode, a unit, a package and an external code. */
async function newProduct(key: string): Promise<string> {
	const { json } = await house.good({
		resource: 'product',
		operation: 'create',
		...inJson({
			name: `With lists ${key}`,
			externalCode: key,
			uom: uom(0),
			barcodes: [{ code128: `FIRST-${key}` }],
			packs: [{ uom: uom(1), quantity: 6, barcodes: [{ code128: `BOX-${key}` }] }],
		}),
	});
	return String(json[0].id);
}
const found = (id: string) => house.state.rows.find('product', id) as unknown;

test('replaced, unless the user says otherwise: nothing is read for it', async () => {
	const id = await newProduct('replaced');
	const items = [{ json: { id, body: { barcodes: ['4600000000008'] } } }];
	for (const lists of [undefined, 'replace']) {
		const { requests } = await house.good(update(lists), { items });
		expect(paths(requests)).toEqual([`PUT /entity/product/${id}`]);
		expect(sent(requests)[0].barcodes).toEqual([{ ean13: '4600000000008' }]);
	}
});

test('added: the object is read, each barcode and package is there once, nothing else is sent', async () => {
	const id = await newProduct('added');
	const barcodes = [{ code128: 'FIRST-added' }, { ean13: '4600000000008' }];
	const packs = [
		{ uom: uom(1), quantity: 6, barcodes: [{ code128: 'NEW-BOX' }] },
		{ uom: uom(1), quantity: 12 },
	];
	const { requests, json } = await house.good(update('add'), {
		items: [{ json: { id, body: { barcodes, packs } } }],
	});
	expect(paths(requests)).toEqual(['GET /entity/product', `PUT /entity/product/${id}`]);
	const [body] = sent(requests);
	expect(Object.keys(body).sort()).toEqual(['barcodes', 'packs']);
	expect(body.barcodes).toEqual([{ code128: 'FIRST-added' }, { ean13: '4600000000008' }]);
	const [box, dozen, ...more] = body.packs as IDataObject[];
	expect(more).toEqual([]);
	expect(box).toMatchObject({ id: expect.any(String) as string, quantity: 6 });
	expect(box.barcodes).toEqual([{ code128: 'NEW-BOX' }]);
	expect(dozen).toMatchObject({ quantity: 12 });
	expect(json[0].barcodes).toHaveLength(2);
	expect(found(id)).toBeDefined();
});

test('many items share the reading; two about one object keep what both give', async () => {
	const [one, two] = [await newProduct('one'), await newProduct('two')];
	const item = (id: string, barcode: string) => ({
		json: { id, body: { barcodes: [{ code128: barcode }] } },
	});
	const { requests } = await house.good(update('add'), {
		items: [item(one, 'A'), item(two, 'B'), item(one, 'C')],
	});
	expect(paths(requests)).toEqual([
		'GET /entity/product',
		'POST /entity/product',
		'POST /entity/product',
	]);
	const [, , last] = sent(requests);
	expect(last.barcodes).toEqual([{ code128: 'FIRST-one' }, { code128: 'A' }, { code128: 'C' }]);
});

test('Create or Update: a new object gets what is given, one that is there keeps what it has', async () => {
	await newProduct('there');
	const item = (key: string, barcode: string) => ({
		json: { body: { externalCode: key, name: key, barcodes: [{ code128: barcode }] } },
	});
	const { requests } = await house.good(update('add', 'upsert'), {
		items: [item('there', 'T'), item('brand new', 'N'), item('brand new', 'M')],
	});
	// What looking for the key has read is not read again.
	expect(paths(requests.filter(({ method }) => method === 'GET'))).toEqual(['GET /entity/product']);
	const codes = sent(requests).map(({ barcodes }) =>
		(barcodes as IDataObject[]).map(({ code128 }) => code128),
	);
	expect(codes).toEqual([['FIRST-there', 'T'], ['N'], ['N', 'M']]);
});

test('of an object that there is not nothing is sent, the others are changed', async () => {
	const id = await newProduct('beside');
	const { items, requests } = await house.run(update('add'), {
		items: [
			{ json: { id: NOBODY, body: { barcodes: [{ code128: 'X' }] } } },
			{ json: { id, body: { barcodes: [{ code128: 'Y' }] } } },
			{ json: { id: plainProducts(house, 1)[0], body: { description: 'No list' } } },
		],
		onError: 'continueRegularOutput',
	});
	expect(items[0].json.error).toContain("'Barcodes and Packages' should be added to an object");
	expect(items.slice(1).map(({ json }) => json.error)).toEqual([undefined, undefined]);
	expect(sent(requests)).toHaveLength(2);
});
