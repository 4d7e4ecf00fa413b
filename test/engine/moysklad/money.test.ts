/** Amounts: kopecks as the API has them, or roubles. */
import type { IDataObject } from 'n8n-workflow';

import { idAt, plainProducts } from './samples';
import {
	byHand,
	DOCUMENTS,
	House,
	inJson,
	NODE,
	paths,
	type Outcome,
	type RunSetup,
} from './setup';

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const base = () => ({
	ownAgent: idAt(house, 'organization'),
	agent: `${house.state.world.base}/entity/counterparty/${idAt(house, 'counterparty')}`,
});
const roubles = { options: { money: 'roubles' } };
const contract = { resource: 'contract', operation: 'create' };

test.each<[unknown, number]>([
	[10.5, 1050],
	['10.5', 1050],
	[0.1 + 0.2, 30],
	[1.005 * 1000, 100_500],
	[19.99, 1999],
	[0, 0],
	[90_071_992_547.41, 9_007_199_254_741],
])('a sum of %p roubles is %p kopecks, there and back', async (sum, kopecks) => {
	const { requests, json } = await house.good({
		...contract,
		...byHand({ ...base(), sum: sum as number }),
		...roubles,
	});
	expect((requests[0].body as IDataObject).sum).toBe(kopecks);
	expect(json[0].sum).toBe(kopecks / 100);
	const raw = await house.good({
		resource: 'contract',
		operation: 'get',
		contractId: { __rl: true, mode: 'id', value: String(json[0].id) },
	});
	expect(raw.json[0].sum).toBe(kopecks);
});

test('kopecks unless the option says otherwise', async () => {
	const { requests, json } = await house.good({ ...contract, ...byHand({ ...base(), sum: 1050 }) });
	expect((requests[0].body as IDataObject).sum).toBe(1050);
	expect(json[0].sum).toBe(1050);
});

test('parts of a kopeck are refused for a sum', async () => {
	const error = await house.refused({
		...contract,
		...byHand({ ...base(), sum: 10.505 }),
		...roubles,
	});
	expect(error.message).toBe("'Sum' is 10.505 roubles, which has parts of a kopeck");
});

test('nor without the option, when what looks like roubles comes for a sum of whole kopecks', async () => {
	const error = await house.refused({ ...contract, ...byHand({ ...base(), sum: '1 200,50' }) });
	expect(error.message).toBe("'Sum' is 1200.5 kopecks, which has parts of a kopeck");
	expect(error.description).toContain("set the option 'Money' to In Roubles");
});

describe('parts of a kopeck in what is given in kopecks', () => {
	const hintsOf = ({ result }: Outcome) => result.runData[NODE]?.at(-1)?.hints ?? [];
	const price = (value: unknown) =>
		inJson({ name: 'parts of a kopeck', article: 'P-1', salePrices: [{ value }] });

	test('are written, since MoySklad has such prices, and told once', async () => {
		const outcome = await house.good(
			{ resource: 'product', operation: 'create', ...price('1 200,50') },
			{ items: [{}, {}] },
		);
		const bodies = outcome.requests.at(-1)?.body as IDataObject[];
		expect(bodies.map(({ salePrices }) => salePrices)).toMatchObject([
			[{ value: 1200.5 }],
			[{ value: 1200.5 }],
		]);
		expect(hintsOf(outcome)).toEqual([
			expect.objectContaining({
				type: 'warning',
				message:
					"'Sale Prices' was taken as 1200.5 kopecks, which are 12.005 roubles. If 1200.5 roubles are meant, set the option 'Money' to In Roubles and correct what was created; running the node again would create it twice.",
			}),
		]);
	});

	test('a change may be run again, a creation may not', async () => {
		const [id] = plainProducts(house, 1);
		const { result } = await house.good({
			resource: 'product',
			operation: 'update',
			productId: { __rl: true, mode: 'id', value: id },
			...inJson({ minPrice: { value: 1200.5 } }),
		});
		expect(result.runData[NODE]?.at(-1)?.hints).toMatchObject([
			{
				message: expect.stringMatching(
					/^'Minimum Price' was .* set the option 'Money' to In Roubles and run the node again\.$/,
				),
			},
		]);
	});

	test('are no matter in roubles, nor are whole kopecks', async () => {
		const create = { resource: 'product', operation: 'create' };
		const inRoubles = await house.good({ ...create, ...price('1 200,50'), ...roubles });
		expect(hintsOf(inRoubles)).toEqual([]);
		expect(hintsOf(await house.good({ ...create, ...price('120050') }))).toEqual([]);
	});

	test('of an item of a document', async () => {
		const node: RunSetup = { type: DOCUMENTS };
		const [product] = plainProducts(house, 1);
		const outcome = await house.good(
			{
				resource: 'customerorder',
				operation: 'create',
				...inJson({
					organization: idAt(house, 'organization'),
					agent: idAt(house, 'counterparty'),
					positions: [{ assortment: product, quantity: 1, price: '1290,5' }],
				}),
			},
			node,
		);
		expect(hintsOf(outcome)).toMatchObject([
			{
				message: expect.stringContaining(
					"'Items: Price' was taken as 1290.5 kopecks, which are 12.905 roubles",
				),
			},
		]);
	});
});

test('lists, many by ID, updates and upserts use the same unit', async () => {
	const list = { resource: 'contract', operation: 'getAll', returnAll: true };
	const kopecks = await house.good(list);
	const inRoubles = await house.good({ ...list, ...roubles });
	expect(inRoubles.json.map(({ sum }) => sum)).toEqual(
		kopecks.json.map(({ sum }) => Number(sum) / 100),
	);
	const items = kopecks.json.slice(0, 3).map(({ id }) => ({ id: String(id) }));
	const contractId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	const got = await house.good(
		{ resource: 'contract', operation: 'get', contractId, ...roubles },
		{ items },
	);
	expect(got.json.map(({ sum }) => sum)).toEqual(inRoubles.json.slice(0, 3).map(({ sum }) => sum));
	const changed = await house.good(
		{
			resource: 'contract',
			operation: 'update',
			contractId,
			...byHand({ sum: 12.34 }),
			...roubles,
		},
		{ items },
	);
	expect((changed.requests[0].body as IDataObject[]).map(({ sum }) => sum)).toEqual([
		1234, 1234, 1234,
	]);
	expect(changed.json.map(({ sum }) => sum)).toEqual([12.34, 12.34, 12.34]);
	const upserted = await house.good({
		resource: 'contract',
		operation: 'upsert',
		...inJson({ ...base(), name: 'money', sum: 5.5 }, 'name'),
		...roubles,
	});
	const [sent] = upserted.requests[1].body as IDataObject[];
	expect(sent.sum).toBe(550);
	expect(upserted.json[0].sum).toBe(5.5);
});

test('prices of goods: each of them, with parts of a kopeck, nothing else', async () => {
	const [product] = plainProducts(house, 1);
	const { requests, json } = await house.good({
		resource: 'bundle',
		operation: 'create',
		...inJson({
			name: 'priced',
			components: [{ assortment: product, quantity: 2 }],
			salePrices: [{ value: 99.99 }],
			minPrice: 50.005,
			overhead: { value: '0,5' },
			weight: 1.5,
		}),
		...roubles,
		simplify: false,
	});
	// A price without a type is of the main one, which MoySklad has to be asked for.
	expect(paths(requests)).toEqual([
		'GET /context/companysettings/pricetype/default',
		'POST /entity/bundle',
	]);
	expect(requests[1].body).toMatchObject({
		salePrices: [{ value: 9999, priceType: { meta: { type: 'pricetype' } } }],
		minPrice: { value: 5000.5 },
		overhead: { value: 50 },
		weight: 1.5,
		components: [{ quantity: 2 }],
	});
	const [row] = json;
	const value = (price: unknown) => (price as IDataObject).value;
	expect(value((row.salePrices as IDataObject[])[0])).toBe(99.99);
	expect(value(row.minPrice)).toBe(50.005);
	expect(value(row.overhead)).toBe(0.5);
	expect(row.weight).toBe(1.5);
	const flat = await house.good({
		resource: 'bundle',
		operation: 'get',
		bundleId: { __rl: true, mode: 'id', value: String(row.id) },
		...roubles,
	});
	expect(flat.json[0].salePrice).toBe(99.99);
});
