/** Columns of the input fill the fields of a write; what the node gives out, it takes in again. */
import type { IDataObject, NodeExecutionHint } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import { idAt, leastObject, metaOf, plainProducts } from './samples';
import { automatic, byHand, House, inJson, locator, NODE, paths, type Outcome } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const hintsOf = ({ result }: Outcome): NodeExecutionHint[] =>
	result.runData[NODE]?.at(-1)?.hints ?? [];
const warnings = (outcome: Outcome) => hintsOf(outcome).filter(({ type }) => type === 'warning');

const byIdOf = (resource: string) => ({ [`${resource}Id`]: '={{ $json.id }}' });

async function create(resource: string, json: unknown): Promise<IDataObject> {
	const made = await house.good({
		resource,
		operation: 'create',
		...inJson(json),
		simplify: false,
	});
	return made.json[0];
}

async function get(resource: string, id: unknown, simplify: boolean): Promise<IDataObject> {
	const { json } = await house.good({
		resource,
		operation: 'get',
		[`${resource}Id`]: locator(id),
		simplify,
	});
	return json[0];
}

const update = async (resource: string, row: IDataObject, more: object = {}) =>
	await house.good(
		{
			resource,
			operation: 'update',
			...byIdOf(resource),
			...automatic(),
			simplify: false,
			...more,
		},
		{ items: [row] },
	);

const priceType = (index: number) => {
	const id = house.state.world.id('pricetype', index);
	return metaOf(house, 'pricetype', id, '/context/companysettings/pricetype');
};

const bundleOf = (more: object = {}) => ({
	name: `set ${Math.random()}`,
	components: [{ assortment: plainProducts(house, 1)[0], quantity: 2 }],
	salePrices: [
		{ value: 100, priceType: priceType(0) },
		{ value: 90, priceType: priceType(1) },
	],
	...more,
});

describe.each(
	plainDictionaries.map((dictionary): [string, Dictionary] => [dictionary.resource, dictionary]),
)('rows of %s', (resource, dictionary) => {
	test.each([
		['simplified', true],
		['as they come', false],
	])('%s, given back to Update, are understood and change nothing', async (_, simplify) => {
		const { given } = leastObject(house, resource, `back ${simplify}`);
		// MoySklad drops the seconds of a date that is written.
		const dated = dictionary.fields.some(({ name }) => name === 'moment');
		const made = await create(resource, {
			...given,
			...(dated ? { moment: '2026-03-01T10:00:00Z' } : {}),
		});
		const row = await get(resource, made.id, simplify);
		const before = await get(resource, made.id, false);
		const outcome = await update(resource, row);
		expect(warnings(outcome)).toEqual([]);
		const after = await get(resource, made.id, false);
		expect({ ...after, updated: '' }).toEqual({ ...before, updated: '' });
	});
});

describe('what a simplified row says of another object', () => {
	test('salePrice changes the price of the main type and leaves the others', async () => {
		const made = await create('bundle', bundleOf());
		const row = await get('bundle', made.id, true);
		const { requests, json } = await update('bundle', { ...row, salePrice: 250 });
		expect(paths(requests).slice(0, 1)).toEqual(['GET /context/companysettings/pricetype/default']);
		expect(requests[1].body).toMatchObject({
			salePrices: [{ value: 250, ...{ priceType: priceType(0) } }],
		});
		expect(requests[1].body).not.toHaveProperty('salePrice');
		expect(json[0].salePrices).toMatchObject([{ value: 250 }, { value: 90 }]);
	});

	test('in roubles where the option says so, for many items with one question', async () => {
		const made = [await create('bundle', bundleOf()), await create('bundle', bundleOf())];
		const items = made.map(({ id }, index) => ({ id, salePrice: 2.5 + index }) as IDataObject);
		const { requests } = await house.good(
			{
				resource: 'bundle',
				operation: 'update',
				...byIdOf('bundle'),
				...automatic(),
				options: { money: 'roubles' },
			},
			{ items },
		);
		expect(requests).toHaveLength(2);
		expect(requests[1].body).toMatchObject([
			{ salePrices: [{ value: 250 }] },
			{ salePrices: [{ value: 350 }] },
		]);
	});

	test('salePrice by hand, in JSON and beside the same in salePrices', async () => {
		const [made] = [await create('bundle', bundleOf())];
		const at = { resource: 'bundle', operation: 'update', bundleId: locator(made.id) };
		for (const way of [
			byHand({ salePrice: 300 }),
			inJson({ salePrice: '300' }),
			inJson({ salePrice: 300, salePrices: [{ value: 300, priceType: priceType(0) }] }),
			inJson({ salePrices: [{ value: 300 }] }),
		]) {
			const { requests } = await house.good({ ...at, ...way });
			expect(requests[1].body).toEqual({
				salePrices: [{ value: 300, priceType: priceType(0) }],
			});
		}
		const { error } = await house.bad({
			...at,
			...inJson({ salePrice: 1, salePrices: [{ value: 2, priceType: priceType(0) }] }),
		});
		expect(error.message).toContain("'Sale Price' is 1, and 2 in 'Sale Prices'");
		const cleared = await house.good({ ...at, ...inJson({ salePrice: null }), simplify: false });
		expect(cleared.json[0].salePrices).toMatchObject([{ value: 0 }, { value: 90 }]);
	});

	test('agentId, ownAgentId, productFolderId and parentId are the references', async () => {
		const agent = idAt(house, 'counterparty', 4);
		const contract = await create('contract', {
			ownAgent: idAt(house, 'organization'),
			agent: idAt(house, 'counterparty'),
		});
		const row = await get('contract', contract.id, true);
		const changed = await update('contract', { ...row, agentId: agent });
		expect(changed.requests.at(-1)?.body).toMatchObject({
			agent: metaOf(house, 'counterparty', agent),
			ownAgent: metaOf(house, 'organization', idAt(house, 'organization')),
		});
		expect(changed.requests.at(-1)?.body).not.toHaveProperty('agentId');

		const [one, other] = [0, 1].map((index) => idAt(house, 'productfolder', index));
		const made = await create('bundle', bundleOf({ productFolder: one }));
		const moved = await update('bundle', {
			...(await get('bundle', made.id, true)),
			productFolderId: other,
		});
		expect(moved.json[0].productFolder).toMatchObject(metaOf(house, 'productfolder', other));
		const folder = await create('productFolder', { name: 'below', productFolder: one });
		const lifted = await update('productFolder', {
			...(await get('productFolder', folder.id, true)),
			parentId: other,
		});
		expect(lifted.json[0].productFolder).toMatchObject(metaOf(house, 'productfolder', other));
	});

	test('a new object is made of it', async () => {
		const made = await create('bundle', bundleOf({ code: 'from a row' }));
		const row = await get('bundle', made.id, true);
		const { json } = await house.good(
			{ resource: 'bundle', operation: 'create', ...automatic(), simplify: false },
			{ items: [{ ...row, name: 'copy', components: bundleOf().components }] },
		);
		expect(json[0]).toMatchObject({ name: 'copy', salePrices: [{ value: 100 }] });
		expect(json[0].id).not.toBe(made.id);
	});
});

describe('columns', () => {
	const contract = () => ({
		Counterparty: `${house.state.world.base}/entity/counterparty/${idAt(house, 'counterparty')}`,
		organization: idAt(house, 'organization'),
		Number: `n ${Math.random()}`,
	});

	test('by label, custom attributes by name, with a saved form that knows nothing', async () => {
		const attribute = house.state.attributes.list('contract').find(({ type }) => type === 'string');
		const row = { ...contract(), [` ${attribute?.name.toUpperCase()} `]: 'red' };
		const outcome = await house.good(
			{ resource: 'contract', operation: 'create', ...automatic(), simplify: false },
			{ items: [row, row].map((one) => ({ ...one, Number: `n ${Math.random()}` })) },
		);
		expect(hintsOf(outcome)).toEqual([]);
		expect(paths(outcome.requests)).toEqual([
			'GET /entity/contract/metadata/attributes',
			'POST /entity/contract',
		]);
		expect(outcome.json[0].attributes).toMatchObject([{ id: attribute?.id, value: 'red' }]);
		expect(outcome.json[0].agent).toMatchObject({ meta: { href: row.Counterparty } });
	});

	test('that nobody knows are named once, and what is given out only more quietly', async () => {
		const items = [1, 2, 3].map((n) => ({ ...contract(), Цена: n, updated: 'x', printed: true }));
		const outcome = await house.good(
			{ resource: 'contract', operation: 'create', ...automatic() },
			{ items },
		);
		expect(hintsOf(outcome)).toMatchObject([
			{ type: 'warning', message: expect.stringContaining("not used: 'Цена'. ") },
			{ type: 'info', message: expect.stringContaining("written: 'updated', 'printed'.") },
		]);
		expect(hintsOf(outcome)[0].message).toContain('Counterparty (agent)');
	});

	test('with a required one missing, or none known, are named in the error; nothing is written', async () => {
		const { error, requests } = await house.bad(
			{ resource: 'contract', operation: 'create', ...automatic() },
			{ items: [{ Organization: idAt(house, 'organization'), Клиент: 'Иванов' }] },
		);
		expect(error.message).toContain("'Counterparty' is empty, but needed");
		expect(error.description).toContain("'Клиент'");
		expect(error.description).toContain('Counterparty (agent)');
		const none = await house.bad(
			{
				resource: 'contract',
				operation: 'update',
				contractId: locator(idAt(house, 'contract')),
				...automatic(),
			},
			{ items: [{ Клиент: 'Иванов' }] },
		);
		expect(none.error.message).toContain("'Fields' have the name of no column of the input");
		expect(none.error.description).toContain("'Клиент'");
		for (const request of [...requests, ...none.requests]) expect(request.method).toBe('GET');
	});

	test('of a new object by Create or Update are named as well', async () => {
		const { error } = await house.bad(
			{ resource: 'contract', operation: 'upsert', ...automatic('externalCode') },
			{ items: [{ ...contract(), Counterparty: '', externalCode: 'none', Клиент: 'Иванов' }] },
		);
		expect(error.message).toContain("'Counterparty' is empty, but needed");
		expect(error.description).toContain("'Клиент'");
	});
});
