/** Many items, few requests: what is sent, which answer belongs to which item, and what a failure leaves behind. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { BulkErrorStatus } from '../../../sandbox/moysklad/state';
import type { RequestLogEntry } from '../../../sandbox';
import { leastObject, plainProducts } from './samples';
import { byHand, House, inJson, NOBODY, NODE, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());
afterEach(() => {
	house.state.bulkErrorStatus = 200;
	house.sandbox.faults.clear();
});

const sizes = (requests: RequestLogEntry[]) =>
	requests.map(({ body }) => (body as unknown[]).length);
const locator = (resource: string, value = '={{ $json.id }}') => ({
	[`${resource}Id`]: { __rl: true, mode: 'id', value },
});
const createUnit = { resource: 'unitOfMeasure', operation: 'create', ...inJson('={{ $json }}') };
const units = () => house.state.dictionary('uom');

test('2,500 creations, updates, look-ups by ID and deletions', async () => {
	const { given } = leastObject(house, 'bonusTransaction', 'many');
	const items = Array.from({ length: 2500 }, (_, index) => ({
		...given,
		externalCode: `many-${index}`,
	}));
	const resource = 'bonusTransaction';
	const made = await house.good(
		{ resource, operation: 'create', ...inJson('={{ $json }}') },
		{ items },
	);
	expect(paths(made.requests)).toEqual(new Array(3).fill('POST /entity/bonustransaction'));
	expect(sizes(made.requests)).toEqual([1000, 1000, 500]);
	expect(made.json.map(({ externalCode }) => externalCode)).toEqual(
		items.map(({ externalCode }) => externalCode),
	);
	expect(
		made.items.every(({ pairedItem }, item) => (pairedItem as { item: number }).item === item),
	).toBe(true);

	const ids = made.json.map(({ id }) => ({ id: String(id) }));
	const some = ids.slice(0, 1500);
	const changed = await house.good(
		{
			resource,
			operation: 'update',
			...locator(resource),
			...byHand({ code: '={{ "c" + $itemIndex }}' }),
			simplify: false,
		},
		{ items: some },
	);
	expect(sizes(changed.requests)).toEqual([1000, 500]);
	expect(changed.json.map(({ code }) => code)).toEqual(some.map((_, index) => `c${index}`));

	const asked = ids.slice(0, 1000).reverse();
	const found = await house.good(
		{ resource, operation: 'get', ...locator(resource) },
		{ items: asked },
	);
	expect(found.requests.length).toBeLessThanOrEqual(12);
	expect(found.json.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
	for (const { headers, query } of found.requests) {
		const size = encodeURIComponent(String(query.filter)).length + JSON.stringify(headers).length;
		expect(size).toBeLessThan(8192);
	}

	const gone = await house.good(
		{ resource, operation: 'delete', ...locator(resource) },
		{ items: ids },
	);
	expect(paths(gone.requests)).toEqual(new Array(3).fill('POST /entity/bonustransaction/delete'));
	expect(sizes(gone.requests)).toEqual([1000, 1000, 500]);
	expect(gone.json).toEqual(ids.map(({ id }) => ({ deleted: true, id })));
});

test('bodies stay below 20 MB, images counted as they travel', async () => {
	const [product] = plainProducts(house, 1);
	const png = (bytes: number) =>
		Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(bytes, 7)]).toString(
			'base64',
		);
	const bundle = (name: string, bytes: number) => ({
		name,
		components: [{ assortment: product, quantity: 1 }],
		images: [{ filename: 'big.png', content: png(bytes) }],
	});
	const parameters = { resource: 'bundle', operation: 'create', ...inJson('={{ $json }}') };
	const mega = 1024 * 1024;
	const items = [3, 3, 3, 3, 3, 3, 3].map((size, index) => bundle(`set ${index}`, size * mega));
	const { requests, json } = await house.good(parameters, { items });
	expect(paths(requests)).toEqual(['POST /entity/bundle', 'POST /entity/bundle']);
	expect(json.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
	for (const { headers } of requests) {
		expect(Number(headers['content-length'])).toBeLessThanOrEqual(20 * mega);
	}

	const large = [bundle('small', 10), bundle('huge', 16 * mega)];
	const refused = await house.refused(parameters, { items: large });
	expect(refused.message).toMatch(/^'Fields' make an object of 21\.\d MB \[item 1\]$/);
	const { items: out, requests: sent } = await house.run(parameters, {
		items: large,
		onError: 'continueRegularOutput',
	});
	expect(sent.map(({ method }) => method)).toEqual(['POST']);
	expect(out.map(({ json: row }) => row.name ?? row.error)).toEqual(['small', refused.message]);
});

describe.each<[BulkErrorStatus]>([[200], [400], [412]])(
	'mixed answers with status %i',
	(status) => {
		beforeEach(() => {
			house.state.bulkErrorStatus = status;
		});
		const message = /^MoySklad: .+ \(code \d+\) \[item (\d+)\]$/;

		test('any mixture: each answer belongs to its item', async () => {
			await fc.assert(
				fc.asyncProperty(
					fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }),
					async (mixture) => {
						const items = mixture.map((good, index) => ({
							name: `unit ${index}`,
							...(good ? {} : { owner: NOBODY }),
						}));
						const { items: out, requests } = await house.run(createUnit, {
							items,
							onError: 'continueRegularOutput',
						});
						expect(sizes(requests)).toEqual([items.length]);
						expect(out).toHaveLength(items.length);
						for (const [index, { json, pairedItem, error }] of out.entries()) {
							expect(pairedItem).toEqual({ item: index });
							if (mixture[index]) expect(json.name).toBe(`unit ${index}`);
							else {
								expect(message.exec(String(json.error))?.[1]).toBe(String(index));
								expect(error?.name).toBe('NodeApiError');
							}
						}
					},
				),
				{ numRuns: 8 },
			);
		});

		test('the error output gets the failed items', async () => {
			const items = [{ name: 'a' }, { name: 'b', owner: NOBODY }, { name: 'c' }];
			const { result } = await house.run(createUnit, { items, onError: 'continueErrorOutput' });
			const [good, failed] = result.data(NODE);
			expect(good.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
				['a', { item: 0 }],
				['c', { item: 2 }],
			]);
			expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
			expect(String(failed[0].json.error)).toMatch(message);
		});

		test('the stopped node names what is written, and sends nothing more', async () => {
			const items = Array.from({ length: 1500 }, (_, index) => ({
				name: `u${index}`,
				...(index === 400 || index === 700 ? { owner: NOBODY } : {}),
			}));
			const before = units().size;
			const { error, requests } = await house.bad(createUnit, { items });
			expect(sizes(requests)).toEqual([1000]);
			expect(units().size).toBe(before + 998);
			expect(error.message).toMatch(/\[item 400\]$/);
			expect(error.description).toContain(
				'Already done before this failure: items 0–399, 401–699, 701–999.',
			);
		});

		test('deletions: what is not there is an error of its item', async () => {
			const made = await house.good(createUnit, { items: [{ name: 'x' }, { name: 'y' }] });
			const items = [
				{ id: made.json[0].id },
				{ id: NOBODY },
				{ id: made.json[1].id },
			] as IDataObject[];
			const { items: out, requests } = await house.run(
				{ resource: 'unitOfMeasure', operation: 'delete', ...locator('unitOfMeasure') },
				{ items, onError: 'continueRegularOutput' },
			);
			expect(paths(requests)).toEqual(['POST /entity/uom/delete']);
			expect(out.map(({ json }) => json.deleted ?? json.error)).toEqual([
				true,
				'MoySklad: the object was not found (code 1021) [item 1]',
				true,
			]);
		});
	},
);

test('without batching, each item has a request of its own, in order', async () => {
	const options = { batching: false };
	const items = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];
	const made = await house.good({ ...createUnit, options }, { items });
	expect(paths(made.requests)).toEqual(new Array(3).fill('POST /entity/uom'));
	expect(made.requests.map(({ body }) => body)).toEqual(items);
	const ids = made.json.map(({ id }) => ({ id: String(id) }));
	const resource = 'unitOfMeasure';
	const changed = await house.good(
		{ resource, operation: 'update', ...locator(resource), ...byHand({ code: 'x' }), options },
		{ items: ids },
	);
	expect(paths(changed.requests)).toEqual(ids.map(({ id }) => `PUT /entity/uom/${id}`));
	const found = await house.good(
		{ resource, operation: 'get', ...locator(resource), options },
		{ items: ids },
	);
	expect(paths(found.requests).sort()).toEqual(ids.map(({ id }) => `GET /entity/uom/${id}`).sort());
	const gone = await house.good(
		{ resource, operation: 'delete', ...locator(resource), options },
		{ items: ids },
	);
	expect(paths(gone.requests)).toEqual(ids.map(({ id }) => `DELETE /entity/uom/${id}`));
});

test('two changes of one object take effect in the order of the items', async () => {
	const made = await house.good(createUnit, { items: [{ name: 'twice' }] });
	const id = String(made.json[0].id);
	const { json, requests } = await house.good(
		{
			resource: 'unitOfMeasure',
			operation: 'update',
			...locator('unitOfMeasure'),
			...byHand({ name: '={{ $json.name }}' }),
		},
		{
			items: [
				{ id, name: 'first' },
				{ id: id.toUpperCase(), name: 'second' },
			],
		},
	);
	expect(sizes(requests)).toEqual([1, 1]);
	expect(json.map(({ name }) => name)).toEqual(['first', 'second']);
	expect(units().find(id)?.name).toBe('second');
});

describe('get of many', () => {
	test.each([
		['contract', 'archived'],
		['task', 'done'],
	])(
		'%s: in the order of the items, hidden ones, doubles and missing ones',
		async (resource, hides) => {
			const all = house.state.dictionary(resource).all();
			const hidden = all.filter((row) => row[hides] === true);
			expect(hidden.length).toBeGreaterThan(0);
			const ids = [all[5], hidden[0], all[0], all[5], hidden[1]].map(({ id }) => String(id));
			const items = [...ids.slice(0, 2), NOBODY, ids[2].toUpperCase(), ...ids.slice(3)].map(
				(id) => ({ id }),
			);
			const parameters = { resource, operation: 'get', ...locator(resource) };
			const { items: out, requests } = await house.run(parameters, {
				items,
				onError: 'continueRegularOutput',
			});
			expect(paths(requests)).toEqual([`GET /entity/${resource}`]);
			expect(requests[0].query.filter).toContain(`;${hides}=true;${hides}=false`);
			expect(out.map(({ json }) => json.id ?? json.error)).toEqual([
				ids[0],
				ids[1],
				'MoySklad: the object was not found (code 1021) [item 2]',
				ids[2],
				ids[3],
				ids[4],
			]);
			const { error } = await house.bad(parameters, { items });
			expect(error.message).toBe('MoySklad: the object was not found (code 1021) [item 2]');
			expect(error.description).toContain(NOBODY);
		},
	);

	test("a link whose ID is the web app's goes alone", async () => {
		const { rows } = house.state;
		const found = (await house.good({ resource: 'bundle', operation: 'getAll', limit: 3 })).json;
		const ids = found.map(({ id }) => String(id));
		const row = rows.find('bundle', ids[1]) ?? 0;
		const link = `https://online.moysklad.ru/app/#good/edit?id=${rows.uiId(row)}`;
		const { json, requests } = await house.good(
			{ resource: 'bundle', operation: 'get', ...locator('bundle') },
			{ items: [{ id: ids[0] }, { id: link }, { id: ids[2] }] },
		);
		expect(json.map(({ id }) => id)).toEqual(ids);
		expect(requests.map(({ status }) => status)).toEqual([200, 308, 200]);
		expect(requests[0].query.filter).toContain(`id=${ids[0]};id=${ids[2]}`);
		expect(requests[1].path.endsWith(`/bundle/${rows.uiId(row)}`)).toBe(true);
	});

	test('items that want different references expanded do not share a request', async () => {
		const all = house.state.dictionary('contract').all();
		const items = [['agent'], ['owner'], ['agent'], []].map((expand, index) => ({
			id: String(all[index].id),
			expand,
		}));
		const { json, requests } = await house.good(
			{
				resource: 'contract',
				operation: 'get',
				...locator('contract'),
				options: { expand: '={{ $json.expand }}' },
				simplify: false,
			},
			{ items },
		);
		expect(json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
		const asked = requests.map(({ query }) => [
			query.expand,
			String(query.filter).match(/id=/g)?.length,
		]);
		expect(asked.sort()).toEqual(
			[
				[undefined, 1],
				['agent', 2],
				['owner', 1],
			].sort(),
		);
		for (const [index, name] of [
			[0, 'agent'],
			[1, 'owner'],
			[2, 'agent'],
		] as const) {
			expect((json[index][name] as IDataObject).name).toBeDefined();
		}
		expect((json[3].agent as IDataObject).name).toBeUndefined();
	});
});
