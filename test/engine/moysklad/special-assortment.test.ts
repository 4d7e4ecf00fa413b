import type { IDataObject } from 'n8n-workflow';

import { expectShown, House, locator, NOBODY, paths, speedUp, until } from './setup';

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	expect(house.state.storageAuthorizationLeaks).toBe(0);
	await house.close();
});

beforeEach(() => {
	house.sandbox.faults.clear();
	house.state.asyncTasks.outcome = 'DONE';
	house.state.asyncTasks.ms = 300;
	house.state.bulkErrorStatus = 200;
});

const base = () => house.sandbox.urls.moysklad;
const run = (operation: string, more: object = {}) => ({
	resource: 'assortment',
	operation,
	...more,
});
/** IDs of live goods of a type, the last ones first. */
const goods = (type: string) =>
	Array.from({ length: house.state.rows.size }, (_, row) => row)
		.filter((row) => house.state.rows.exists(row) && house.state.rows.type(row) === type)
		.map((row) => house.state.rows.id(row))
		.reverse();
const meta = (type: string, id: string) => ({
	meta: { href: `${base()}/entity/${type}/${id}`, type, mediaType: 'application/json' },
});

/** Parameters of the form, options among them. */
type Form = IDataObject & { options?: IDataObject };

describe('asynchronous export', () => {
	const list = (more: object = {}) => run('getAll', { returnAll: true, ...more });
	const exported = (more: Form = {}) =>
		list({ ...more, options: { ...more.options, asyncExport: true } });
	let slowDown: () => void;

	beforeAll(() => {
		slowDown = speedUp(10);
	});
	afterAll(() => slowDown());

	test.each<[string, Form]>([
		['whole', { simplify: false }],
		['flat', {}],
		['from the new endpoint', { stock: 'none', simplify: false }],
		['with stock from the report', { stock: 'report', simplify: false }],
		['in roubles', { simplify: false, options: { money: 'roubles' } }],
		[
			'filtered and sorted',
			{
				filters: { type: ['product', 'variant'], archived: 'both' },
				sort: { by: [{ field: 'name', direction: 'desc' }] },
			},
		],
	])('rows are those of the ordinary list: %s', async (_what, more) => {
		const ordinary = await house.good(list(more));
		const { json, requests } = await house.good(exported(more));
		expect(json.length).toBeGreaterThan(50);
		expect(json).toEqual(ordinary.json);
		const [start, ...rest] = requests;
		expect(start.query).toMatchObject({ async: 'true' });
		expect(start.query).not.toHaveProperty('limit');
		expect(start.query).not.toHaveProperty('offset');
		expect(start.query.filter).toBe(ordinary.requests[0].query.filter);
		const report = rest.filter(({ path }) => path.includes('/report/'));
		expect(rest.length - report.length).toBeLessThan(6);
	});

	test('looks at the task ever less often, then reads the file from the storage', async () => {
		house.state.asyncTasks.ms = 4000;
		const before = house.sandbox.log.length;
		const { json, requests } = await house.good(exported({ returnAll: false, limit: 7 }));
		expect(json).toHaveLength(7);
		const task = requests[1].path.split('/').pop();
		expect(paths(requests)).toEqual([
			'GET /entity/assortment',
			`GET /async/${task}`,
			`GET /async/${task}`,
			`GET /async/${task}`,
			`GET /async/${task}/result`,
		]);
		const storage = house.sandbox.log.slice(before).filter(({ vendor }) => vendor === 'storage');
		expect(storage.map(({ method, path }) => [method, path])).toEqual([
			['GET', `/async/${task}.json`],
		]);
		expect(storage[0].headers).not.toHaveProperty('authorization');
	});

	test.each([
		[
			'ERROR' as const,
			'MoySklad: the asynchronous export ended with an error inside MoySklad',
			'Run it again.',
			undefined,
		],
		[
			'CANCEL' as const,
			'MoySklad: the asynchronous export was cancelled',
			'has cancelled the task',
			undefined,
		],
		['API_ERROR' as const, 'MoySklad: the right for this is missing', 'grant it', 1016],
	])('a task that ends as %s', async (outcome, message, hint, code) => {
		house.state.asyncTasks.outcome = outcome;
		const { error, requests } = await house.bad(exported());
		expectShown(error, { message, hint, ...(code === undefined ? {} : { code }) });
		// Nothing is cancelled that is over.
		expect(requests.every(({ method }) => method === 'GET')).toBe(true);
	});

	test('a filter that MoySklad refuses fails before there is a task', async () => {
		const before = house.state.asyncTasks.list().length;
		const { error } = await house.bad(exported({ options: { rawFilter: 'nonsense=1' } }));
		expect(error.context.itemIndex).toBe(0);
		expect(house.state.asyncTasks.list().length - before).toBeLessThanOrEqual(1);
	});

	test('Expand is refused, because MoySklad would leave it out', async () => {
		const error = await house.refused(exported({ options: { expand: ['images'] } }));
		expectShown(error, {
			message:
				"'Asynchronous Export' is on together with 'Expand', which MoySklad leaves out there",
			hint: 'Switch one of the two off.',
		});
	});

	test('a proxy that drops the headers of the answer', async () => {
		house.sandbox.faults.add({ vendor: 'moysklad', status: 202, body: '' });
		const { error } = await house.bad(exported());
		expectShown(error, {
			message: 'MoySklad: the answer names no task of the asynchronous export',
			hint: "Switch the option 'Asynchronous Export' off",
		});
	});

	test('when four tasks are under way, it waits for a place', async () => {
		house.state.asyncTasks.ms = 30_000;
		const owner = house.state.world.ref('employee', 0);
		const others = [1, 2, 3, 4].map((number) =>
			house.state.asyncTasks.start(
				`other ${number}`,
				owner,
				() => `other ${number}`,
				() => ['{}'],
			),
		);
		house.state.asyncTasks.ms = 300;
		const { json, requests } = await house.good(exported());
		expect(json.length).toBeGreaterThan(50);
		expect(requests[0].status).toBeGreaterThanOrEqual(400);
		expect(others.every(({ state }) => state === 'DONE')).toBe(true);
	});

	test('a stopped execution looks no more', async () => {
		house.state.asyncTasks.ms = 60_000;
		const before = house.requests.length;
		const running = house.start(exported());
		await until(() => house.requests.slice(before).some(({ path }) => path.includes('/async/')));
		running.cancel();
		const result = await running.result;
		expect(result.status).toBe('canceled');
		const sent = house.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 3000));
		expect(house.requests).toHaveLength(sent);
		for (const task of house.state.asyncTasks.list()) {
			if (task.state === 'PENDING' || task.state === 'PROCESSING') {
				house.state.asyncTasks.cancel(task);
			}
		}
	});
});

describe('get many', () => {
	test('amounts in roubles, conditions on custom attributes, folders below, one warehouse', async () => {
		const material = house.state.attributes.list('product')[0];
		const valueOf = (row: IDataObject) =>
			((row.attributes ?? []) as IDataObject[]).find(({ id }) => id === material.id)?.value;
		const folders = house.state.dictionary('productfolder');
		const idOf = (reference: unknown) =>
			(reference as { meta: IDataObject } | undefined)?.meta.href?.toString().split('/').pop() ??
			'';
		// A folder inside another one, with a product of steel.
		const inner = Array.from({ length: house.state.rows.size }, (_, row) => row)
			.map((row) => house.state.rows.entity(row) as IDataObject)
			.filter((row) => valueOf(row) === 'steel')
			.map(({ productFolder }) => folders.find(idOf(productFolder)))
			.find((folder) => folder?.productFolder !== undefined);
		const parent = folders.find(idOf(inner?.productFolder));
		expect(parent).toBeDefined();
		const common = {
			returnAll: true,
			simplify: false,
			filters: {
				productFolder: locator(parent?.id),
				withSubFolders: true,
				warehouse: locator(house.state.world.id('store', 1)),
			},
		};
		const all = await house.good(run('getAll', common));
		const some = await house.good(
			run('getAll', {
				...common,
				filters: {
					...common.filters,
					attributeConditions: {
						row: [{ attribute: material.id, operator: 'equals', value: 'steel' }],
					},
				},
				options: { money: 'roubles' },
			}),
		);
		const wire = String(some.requests.at(-1)?.query.filter);
		expect(wire).toContain(`${base()}/entity/product/metadata/attributes/${material.id}=steel`);
		expect(wire).toContain('withSubFolders=true');
		expect(wire).toContain(`stockStore=${base()}/entity/store/`);
		const steel = all.json.filter((row) => valueOf(row) === 'steel');
		expect(steel.length).toBeGreaterThan(0);
		expect(some.json.map(({ id }) => id)).toEqual(steel.map(({ id }) => id));
		const prices = (row: IDataObject) =>
			((row.salePrices ?? []) as IDataObject[]).map(({ value }) => Number(value));
		expect(some.json.map(prices)).toEqual(
			steel.map((row) => prices(row).map((value) => value / 100)),
		);
	});
});

describe('delete', () => {
	const byItem = { type: '={{ $json.type }}', assortmentId: locator('={{ $json.item }}') };

	test('types mixed, by ID, by link, by link in the web app: one request', async () => {
		const [product] = goods('product');
		const [service] = goods('service');
		const [bundle] = goods('bundle');
		const row = house.state.rows.findAny(bundle) ?? 0;
		const { uuidHref } = house.state.rows.entity(row).meta as IDataObject;
		const { items, requests } = await house.good(run('delete', byItem), {
			items: [
				{ type: 'product', item: product },
				{ type: 'product', item: `${base()}/entity/service/${service}` },
				{ type: 'bundle', item: uuidHref as string },
			],
		});
		const posts = requests.filter(({ method }) => method === 'POST');
		expect(paths(posts)).toEqual(['POST /entity/assortment/delete']);
		expect(posts[0].body).toEqual([
			meta('product', product),
			meta('service', service),
			meta('bundle', bundle),
		]);
		expect(items).toEqual([
			{ json: { deleted: true, type: 'product', id: product }, pairedItem: { item: 0 } },
			{ json: { deleted: true, type: 'service', id: service }, pairedItem: { item: 1 } },
			{ json: { deleted: true, type: 'bundle', id: bundle }, pairedItem: { item: 2 } },
		]);
		expect(goods('service')).not.toContain(service);
	});

	test('one alone goes by the bulk call as well', async () => {
		const [service] = goods('service');
		const { json, requests } = await house.good(
			run('delete', { type: 'service', assortmentId: locator(service) }),
		);
		expect(paths(requests)).toEqual(['POST /entity/assortment/delete']);
		expect(json).toEqual([{ deleted: true, type: 'service', id: service }]);
	});

	test.each([200, 400] as const)('a missing one is its own error (answer %i)', async (status) => {
		house.state.bulkErrorStatus = status;
		const [first, second] = goods('service');
		const { items, requests } = await house.run(run('delete', byItem), {
			items: [first, NOBODY, second].map((item) => ({ type: 'service', item })),
			onError: 'continueRegularOutput',
		});
		expect(requests).toHaveLength(1);
		expect(items.map(({ json }) => json.id ?? json.error)).toEqual([
			first,
			'MoySklad: the object was not found (code 1021) [item 1]',
			second,
		]);
	});

	test('done by a try whose answer got lost is no error', async () => {
		const [service] = goods('service');
		house.sandbox.faults.add({ vendor: 'moysklad', afterWork: true, closeConnection: 'before' });
		const { json, requests } = await house.good(
			run('delete', { type: 'service', assortmentId: locator(service) }),
		);
		expect(requests).toHaveLength(2);
		expect(json).toEqual([{ deleted: true, type: 'service', id: service }]);
	});

	test('what must fail is not sent', async () => {
		const before = goods('service').length;
		const error = await house.refused(run('delete', byItem), {
			items: [
				{ type: 'service', item: goods('service')[0] },
				{ type: 'service', item: 'tea' },
			],
		});
		expect(error.message).toBe("'Item' is 'tea' [item 1]");
		expect(goods('service')).toHaveLength(before);
	});

	test('the list behind the locator gives links, which name the type', async () => {
		const { results, requests } = await house.search('searchAssortment', { filter: 'a' });
		expect(requests[0].query).toEqual({ limit: '100', offset: '0', search: 'a' });
		expect(results.length).toBeGreaterThan(0);
		for (const { name, value } of results) {
			const [, type] = /\/entity\/(\w+)\//.exec(String(value)) ?? [];
			expect(name.endsWith(`(${type})`)).toBe(true);
		}
		const [picked] = results.filter(({ name }) => name.endsWith('(service)'));
		if (!picked) return;
		const { json } = await house.good(
			run('delete', { type: 'product', assortmentId: locator(picked.value, 'list') }),
		);
		expect(json[0]).toMatchObject({ deleted: true, type: 'service' });
	});
});

describe('settings', () => {
	const shown = () => house.state.assortmentSettings.show() as IDataObject;

	test('get: flat and whole', async () => {
		const flat = await house.good(run('getSettings'));
		expect(paths(flat.requests)).toEqual(['GET /entity/assortment/settings']);
		expect(flat.json).toEqual([
			{
				checkUniqueCode: false,
				fillUniqueCode: true,
				fillEAN13Barcode: true,
				weightBarcode: false,
				weightBarcodePrefix: 20,
				createdShared: true,
			},
		]);
		const raw = await house.good(run('getSettings', { simplify: false }));
		expect(raw.json).toEqual([shown()]);
	});

	test('update: just what is given, each in its place', async () => {
		const { json, requests } = await house.good(
			run('updateSettings', {
				updateFields: { checkUniqueCode: true, weightBarcodePrefix: 21, createdShared: false },
			}),
		);
		expect(paths(requests)).toEqual(['PUT /entity/assortment/settings']);
		expect(requests[0].body).toEqual({
			uniqueCodeRules: { checkUniqueCode: true },
			barcodeRules: { weightBarcodePrefix: 21 },
			createdShared: false,
		});
		expect(json).toEqual([
			{
				checkUniqueCode: true,
				fillUniqueCode: true,
				fillEAN13Barcode: true,
				weightBarcode: false,
				weightBarcodePrefix: 21,
				createdShared: false,
			},
		]);
		const back = await house.good(
			run('updateSettings', {
				updateFields: { checkUniqueCode: false, weightBarcodePrefix: 20, createdShared: true },
				simplify: false,
			}),
		);
		expect(back.json).toEqual([shown()]);
	});

	test('what must fail is not sent, and what MoySklad refuses is said', async () => {
		const nothing = await house.refused(run('updateSettings', { updateFields: {} }));
		expectShown(nothing, { message: "'Update Fields' is empty, so there is nothing to change" });
		const half = await house.refused(
			run('updateSettings', { updateFields: { weightBarcodePrefix: 2.5 } }),
		);
		expectShown(half, { message: "'Weight Barcode Prefix' is '2.5'", hint: 'whole number' });
		house.sandbox.faults.add({
			vendor: 'moysklad',
			status: 403,
			body: { errors: [{ error: 'No right', code: 1017 }] },
		});
		const { error } = await house.bad(
			run('updateSettings', { updateFields: { checkUniqueCode: true } }),
		);
		expectShown(error, { message: 'MoySklad: the right for this is missing', code: 1017 });
	});
});
