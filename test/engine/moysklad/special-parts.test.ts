import type { IDataObject } from 'n8n-workflow';

import type { ShownError } from './setup';
import { expectShown, House, locator, NOBODY, paths } from './setup';

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.noteField = 'text';
	house.state.crm = true;
	house.sandbox.faults.clear();
});

const base = () => house.sandbox.urls.moysklad;
const NOT_FOUND = 'MoySklad: the object was not found (code 1021)';
const metaOf = (path: string, type: string) => ({
	meta: { href: `${base()}${path}`, type, mediaType: 'application/json' },
});

describe('task notes', () => {
	const task = (index: number) => house.state.world.id('task', index);
	const notesOf = (index: number) =>
		house.state.taskNotes
			.list(task(index))
			.map((note) => house.state.taskNotes.entity(note, house.state.noteField));
	const run = (operation: string, index: number, more: object = {}) => ({
		resource: 'taskNote',
		operation,
		taskId: locator(task(index)),
		...more,
	});
	const byId = (id: unknown) => ({ taskNoteId: locator(id) });

	test('get many: 120 notes in pages of 100, all of them in their order', async () => {
		const some = await house.good(run('getAll', 0));
		expect(some.requests.map(({ query }) => query)).toEqual([{ limit: '50', offset: '0' }]);
		expect(some.json).toHaveLength(50);
		const all = await house.good(run('getAll', 0, { returnAll: true }));
		expect(all.requests.map(({ query }) => query)).toEqual([
			{ limit: '100', offset: '0' },
			{ limit: '100', offset: '100' },
		]);
		expect(all.json).toEqual(
			notesOf(0).map(({ id, text, moment, author }) => ({
				id,
				taskId: task(0),
				text,
				moment,
				authorId: String((author as { meta: IDataObject }).meta.href)
					.split('/')
					.pop(),
				authorApplicationId: null,
			})),
		);
		const raw = await house.good(run('getAll', 0, { limit: 110, simplify: false }));
		expect(raw.requests.map(({ query }) => query)).toEqual([
			{ limit: '100', offset: '0' },
			{ limit: '100', offset: '100' },
		]);
		expect(raw.json).toEqual(notesOf(0).slice(0, 110));
	});

	test('get many: by login and time, in Moscow time', async () => {
		const moments = notesOf(0).map(({ moment }) => String(moment));
		// The workflow is an hour behind Moscow's time in winter.
		const local = (moment: string) => {
			const at = new Date(`${moment.replace(' ', 'T')}+03:00`);
			return at.toISOString();
		};
		const { json, requests } = await house.good(
			run('getAll', 0, {
				returnAll: true,
				filters: {
					updatedBy: 'second@sandbox',
					updatedFrom: local(moments[10]),
					updatedTo: local(moments[20]),
				},
			}),
		);
		expect(requests[0].query).toEqual({
			limit: '100',
			offset: '0',
			updatedBy: 'second@sandbox',
			updatedFrom: moments[10],
			updatedTo: moments[20],
		});
		expect(json.map(({ text }) => text)).toEqual(
			[11, 13, 15, 17, 19].map((number) => `Note ${number + 1}`),
		);
		const wrong = await house.refused(run('getAll', 0, { filters: { updatedFrom: 'soon' } }));
		expect(wrong.message).toContain("'Updated From'");
	});

	test('get: the text under either name, and whole with Simplify off', async () => {
		const [{ id }] = notesOf(4);
		for (const field of ['text', 'description'] as const) {
			house.state.noteField = field;
			const { json, requests } = await house.good(run('get', 4, byId(id)));
			expect(paths(requests)).toEqual([`GET /entity/task/${task(4)}/notes/${String(id)}`]);
			expect(json[0]).toMatchObject({ id, taskId: task(4), text: 'Note 1' });
			const raw = await house.good(run('get', 4, { ...byId(id), simplify: false }));
			expect(raw.json).toEqual([{ ...notesOf(4)[0], text: 'Note 1' }]);
			const list = await house.good(run('getAll', 4));
			expect(list.json).toEqual([expect.objectContaining({ id, text: 'Note 1' })]);
		}
		const link = `${base()}/entity/task/${task(4)}/notes/${String(id)}`;
		const byLink = await house.good(
			run('get', 4, {
				taskId: locator(`https://online.moysklad.ru/app/#task/edit?id=${task(4)}`, 'url'),
				taskNoteId: locator(link, 'url'),
			}),
		);
		expect(byLink.json).toEqual([expect.objectContaining({ id })]);
		expectShown((await house.bad(run('get', 4, byId(NOBODY)))).error, {
			message: 'MoySklad: the object was not found',
			hint: 'Check the ID',
			text: `Object of type 'tasknote' with identifier '${NOBODY}' not found`,
			code: 1021,
		});
		const none = await house.refused(run('get', 4, { ...byId(id), taskId: locator('={{ "" }}') }));
		expect(none.message).toBe("'Task' is empty");
	});

	test('create: alone and together, one request for each task', async () => {
		const one = await house.good(
			run('create', 5, { text: 'Hello {{employee;x}}, "quoted"; and more' }),
		);
		expect(paths(one.requests)).toEqual([`POST /entity/task/${task(5)}/notes`]);
		expect(one.requests[0].body).toEqual([{ text: 'Hello {{employee;x}}, "quoted"; and more' }]);
		const made = notesOf(5).at(-1);
		expect(one.json).toEqual([
			expect.objectContaining({
				id: made?.id,
				taskId: task(5),
				text: 'Hello {{employee;x}}, "quoted"; and more',
				moment: made?.moment,
			}),
		]);
		house.state.noteField = 'description';
		const rows = [
			{ task: task(6), text: 'a' },
			{ task: task(7), text: 'b' },
			{ task: task(6), text: 'c' },
		];
		const more = await house.good(
			run('create', 0, { taskId: locator('={{ $json.task }}'), text: '={{ $json.text }}' }),
			{ items: rows },
		);
		expect(more.requests.map(({ path, body }) => [path.split('/')[6], body])).toEqual([
			[task(6), [{ text: 'a' }, { text: 'c' }]],
			[task(7), [{ text: 'b' }]],
		]);
		expect(more.items.map(({ json, pairedItem }) => [json.taskId, json.text, pairedItem])).toEqual(
			rows.map(({ task: id, text }, item) => [id, text, { item }]),
		);
		const alone = await house.good(
			run('create', 8, { text: '={{ $json.text }}', options: { batching: false } }),
			{ items: [{ text: 'd' }, { text: 'e' }] },
		);
		expect(alone.requests.map(({ body }) => body)).toEqual([[{ text: 'd' }], [{ text: 'e' }]]);
	});

	test('create: what must fail is not sent, and a missing task is said', async () => {
		const long = await house.refused(run('create', 5, { text: 'x'.repeat(4097) }));
		expectShown(long, { message: "'Text' has 4097 characters", hint: 'MoySklad allows 4096' });
		const empty = await house.refused(run('create', 5, { text: '={{ "" }}' }));
		expect(empty.message).toBe("'Text' is empty");
		const missing = await house.bad(run('create', 5, { taskId: locator(NOBODY), text: 'x' }));
		expectShown(missing.error, { message: 'MoySklad: the object was not found', code: 1021 });
		house.state.crm = false;
		const tariff = await house.bad(run('create', 5, { text: 'x' }));
		expectShown(tariff.error, {
			message: 'MoySklad: the tariff of the account does not include tasks',
			hint: 'CRM option',
			code: 37000,
		});
	});

	test('create: a lost answer is not tried again, and says what to look for', async () => {
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			afterWork: true,
			closeConnection: 'before',
		});
		const before = notesOf(9).length;
		const { error, requests } = await house.bad(run('create', 9, { text: 'Once' }));
		expect(requests).toHaveLength(1);
		expect(notesOf(9)).toHaveLength(before + 1);
		expect(error.description).toContain('may have carried out the request all the same');
		expect(error.description).toContain('Look for notes of the task with the same text.');
	});

	test('update', async () => {
		const [{ id }] = notesOf(10);
		house.state.noteField = 'description';
		const { json, requests } = await house.good(run('update', 10, { ...byId(id), text: 'New' }));
		expect(paths(requests)).toEqual([`PUT /entity/task/${task(10)}/notes/${String(id)}`]);
		expect(requests[0].body).toEqual({ text: 'New' });
		expect(json).toEqual([expect.objectContaining({ id, text: 'New' })]);
		expect(house.state.taskNotes.list(task(10))[0].text).toBe('New');
		const { error } = await house.bad(run('update', 10, { ...byId(NOBODY), text: 'x' }));
		expect(error.message).toBe(NOT_FOUND);
	});

	test('delete: alone, and together with an answer that says nothing', async () => {
		const alone = notesOf(11)[0].id;
		const one = await house.good(run('delete', 11, byId(alone)));
		expect(paths(one.requests)).toEqual([`DELETE /entity/task/${task(11)}/notes/${String(alone)}`]);
		expect(one.json).toEqual([{ deleted: true, taskId: task(11), id: alone }]);
		const ids = notesOf(14).map(({ id }) => String(id));
		const { json, requests } = await house.good(run('delete', 14, byId('={{ $json.id }}')), {
			items: ids.map((id) => ({ id })),
		});
		expect(paths(requests)).toEqual([`POST /entity/task/${task(14)}/notes/delete`]);
		expect(requests[0].body).toEqual(
			ids.map((id) => metaOf(`/entity/task/${task(14)}/notes/${String(id)}`, 'tasknote')),
		);
		expect(json).toEqual(ids.map((id) => ({ deleted: true, taskId: task(14), id })));
		expect(notesOf(14)).toEqual([]);
	});

	test('delete: a missing note among others is the error of its own item only', async () => {
		const ids = notesOf(17).map(({ id }) => String(id));
		const { items } = await house.run(run('delete', 17, byId('={{ $json.id }}')), {
			items: [ids[0], NOBODY, ids[1]].map((id) => ({ id })),
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json)).toEqual([
			{ deleted: true, taskId: task(17), id: ids[0] },
			{ error: `${NOT_FOUND} [item 1]` },
			{ deleted: true, taskId: task(17), id: ids[1] },
		]);
		expect(notesOf(17)).toEqual([]);
	});

	test('delete: done by a try whose answer got lost is no error', async () => {
		for (const count of [1, 2]) {
			const index = count === 1 ? 20 : 23;
			const ids = notesOf(index)
				.map(({ id }) => String(id))
				.slice(0, count);
			house.sandbox.faults.add({ vendor: 'moysklad', afterWork: true, closeConnection: 'before' });
			const { json } = await house.good(run('delete', index, byId('={{ $json.id }}')), {
				items: ids.map((id) => ({ id })),
			});
			expect(json).toEqual(ids.map((id) => ({ deleted: true, taskId: task(index), id })));
		}
	});

	test('the lists behind the locators', async () => {
		const { results, requests } = await house.search('searchTaskNotes', {
			parameters: { taskId: locator(task(2)) },
		});
		expect(requests.map(({ path, query }) => [path.split('/').pop(), query])).toEqual([
			['notes', { limit: '100', offset: '0' }],
		]);
		expect(results).toEqual(
			notesOf(2).map(({ id, moment, text }) => ({
				name: `${String(moment).slice(0, 16)} · ${String(text)}`,
				value: id,
			})),
		);
		await expect(house.search('searchTaskNotes', { parameters: {} })).rejects.toThrow(
			"'Task' is not chosen yet",
		);
		const tasks = await house.search('searchTasks');
		expect(tasks.results.map(({ value }) => value)).toContain(task(2));
	});
});

describe('cashiers', () => {
	const store = (index: number) => house.state.world.id('retailstore', index);
	const all = (index: number) =>
		house.state.cashiers.list(store(index)).map((one) => house.state.cashiers.entity(one));
	const run = (operation: string, more: object = {}) => ({
		resource: 'cashier',
		operation,
		retailStoreId: locator(store(0)),
		...more,
	});
	const employee = (index: number) => house.state.dictionary('employee').all()[index];

	test('get many', async () => {
		const { json, requests } = await house.good(run('getAll'));
		expect(requests.map(({ path, query }) => [path.slice(14), query])).toEqual([
			[`/entity/retailstore/${store(0)}/cashiers`, { limit: '50', offset: '0' }],
		]);
		expect(json).toEqual(
			house.state.cashiers.list(store(0)).map(({ id, employeeId }) => ({
				id,
				employeeId,
				employeeName: null,
				retailStoreId: store(0),
				retailStoreName: null,
				accountId: house.state.world.accountId,
			})),
		);
		const raw = await house.good(run('getAll', { returnAll: true, simplify: false }));
		expect(raw.requests[0].query).toEqual({ limit: '1000', offset: '0' });
		expect(raw.json).toEqual(all(0));
	});

	test('expand: names, in pages of 100', async () => {
		const options = { expand: ['employee', 'retailStore'] };
		const { json, requests } = await house.good(run('getAll', { returnAll: true, options }));
		expect(requests[0].query).toEqual({
			limit: '100',
			offset: '0',
			expand: 'employee,retailStore',
		});
		expect(json.map(({ employeeName }) => employeeName)).toEqual(
			[0, 1, 2].map((index) => employee(index).name),
		);
		expect(json[0].retailStoreName).toBe(house.state.dictionary('retailstore').all()[0].name);
		const raw = await house.good(run('getAll', { options, simplify: false }));
		expect(raw.json[1].employee).toMatchObject({ id: employee(1).id, name: employee(1).name });
	});

	test('get, with and without names, for each item', async () => {
		const [first, second] = house.state.cashiers.list(store(0));
		const cashierId = locator('={{ $json.id }}');
		const { items, requests } = await house.good(
			run('get', { cashierId, options: { expand: ['employee'] } }),
			{ items: [{ id: second.id }, { id: first.id }] },
		);
		expect(requests.map(({ query }) => query)).toEqual([
			{ expand: 'employee' },
			{ expand: 'employee' },
		]);
		expect(items.map(({ json, pairedItem }) => [json.id, json.employeeName, pairedItem])).toEqual([
			[second.id, employee(1).name, { item: 0 }],
			[first.id, employee(0).name, { item: 1 }],
		]);
		const raw = await house.good(run('get', { cashierId: locator(first.id), simplify: false }));
		expect(raw.json).toEqual([all(0)[0]]);
	});

	test('a cashier of another store, and a store that is none', async () => {
		const [other] = house.state.cashiers.list(store(1));
		const { error } = await house.bad(run('get', { cashierId: locator(other.id) }));
		expectShown(error, { message: 'MoySklad: the object was not found', code: 1021 });
		const missing = await house.bad(run('getAll', { retailStoreId: locator(NOBODY) }));
		expectShown(missing.error, { message: 'MoySklad: the object was not found', code: 1021 });
		const wrong = await house.refused(run('get', { cashierId: locator('={{ "Ivanova" }}') }));
		expect(wrong.message).toBe("'Cashier' is 'Ivanova'");
	});

	test('the lists behind the locators', async () => {
		const cashiers = await house.search('searchCashiers', {
			parameters: { retailStoreId: locator(store(1)) },
		});
		expect(cashiers.requests[0].query).toEqual({
			limit: '100',
			offset: '0',
			expand: 'employee',
		});
		expect(cashiers.results).toEqual(
			house.state.cashiers
				.list(store(1))
				.map(({ id }, index) => ({ name: employee(index).name, value: id })),
		);
		const stores = await house.search('searchRetailstore');
		expect(stores.results.map(({ value }) => value)).toEqual([store(0), store(1)]);
	});
});

describe('bundle components', () => {
	/** Rows of bundles that no document uses. */
	const bundles = () =>
		Array.from({ length: house.state.rows.size }, (_, row) => row).filter(
			(row) => house.state.rows.type(row) === 'bundle' && !house.state.rows.usedInDocuments(row),
		);
	const bundle = (index: number) => house.state.rows.id(bundles()[index]);
	const shown = (index: number) => house.state.rows.components(bundles()[index]);
	const goods = (type: string, count = 1) =>
		Array.from({ length: house.state.rows.size }, (_, row) => row)
			.filter((row) => house.state.rows.type(row) === type)
			.slice(-count)
			.map((row) => house.state.rows.id(row));
	const run = (operation: string, index: number, more: object = {}) => ({
		resource: 'bundleComponent',
		operation,
		bundleId: locator(bundle(index)),
		...more,
	});
	const byId = (id: unknown) => ({ bundleComponentId: locator(id) });
	const path = (index: number) => `/entity/bundle/${bundle(index)}/components`;

	test('get many, whole or flat, with the items inside', async () => {
		const flat = await house.good(run('getAll', 0));
		expect(paths(flat.requests)).toEqual([`GET ${path(0)}`]);
		expect(flat.json).toEqual(
			shown(0).map(({ id, quantity, assortment }) => ({
				id,
				bundleId: bundle(0),
				assortmentId: String((assortment as { meta: IDataObject }).meta.href)
					.split('/')
					.pop(),
				assortmentType: 'product',
				assortmentName: null,
				quantity,
			})),
		);
		const raw = await house.good(run('getAll', 0, { simplify: false }));
		expect(raw.json).toEqual(shown(0));
		const names = await house.good(run('getAll', 0, { options: { expand: ['assortment'] } }));
		expect(names.requests[0].query).toEqual({ limit: '50', offset: '0', expand: 'assortment' });
		expect(names.json.every(({ assortmentName }) => typeof assortmentName === 'string')).toBe(true);
	});

	test('a bundle by its link in the web app', async () => {
		const { uuidHref } = house.state.rows.entity(bundles()[0]).meta as IDataObject;
		const { json, requests } = await house.good(
			run('getAll', 0, { bundleId: locator(uuidHref, 'url') }),
		);
		expect(requests[0].status).toBe(308);
		expect(json.map(({ bundleId }) => bundleId)).toEqual([bundle(0), bundle(0)]);
	});

	test('get: alone by its path, several of a bundle by one list', async () => {
		const [first, second] = shown(0);
		const [third] = shown(1);
		const one = await house.good(run('get', 0, byId(first.id)));
		expect(paths(one.requests)).toEqual([`GET ${path(0)}/${String(first.id)}`]);
		expect(one.json).toEqual([expect.objectContaining({ id: first.id, quantity: 1 })]);
		const rows = [
			{ bundle: bundle(0), id: second.id },
			{ bundle: bundle(1), id: third.id },
			{ bundle: bundle(0), id: NOBODY },
			{ bundle: bundle(0), id: first.id },
		] as IDataObject[];
		const { items, requests } = await house.run(
			run('get', 0, { bundleId: locator('={{ $json.bundle }}'), ...byId('={{ $json.id }}') }),
			{ items: rows, onError: 'continueRegularOutput' },
		);
		expect(paths(requests).sort()).toEqual([`GET ${path(0)}`, `GET ${path(1)}`].sort());
		expect(items.map(({ json }) => json.id ?? json.error)).toEqual([
			second.id,
			third.id,
			`${NOT_FOUND} [item 2]`,
			first.id,
		]);
	});

	test('create: by ID of the type, by link, by link in the web app; one request for a bundle', async () => {
		const [product] = goods('product');
		const [variant] = goods('variant');
		const [service] = goods('service');
		const row = house.state.rows.findAny(variant) ?? 0;
		const { uuidHref } = house.state.rows.entity(row).meta as IDataObject;
		const rows = [
			{ type: 'service', item: service },
			{ type: 'variant', item: `${base()}/entity/product/${product}` },
			{ type: 'product', item: uuidHref },
		];
		const { items, requests } = await house.good(
			run('create', 1, {
				assortmentType: '={{ $json.type }}',
				assortmentId: locator('={{ $json.item }}', 'url'),
				quantity: '={{ $itemIndex + 1.5 }}',
			}),
			{ items: rows as IDataObject[] },
		);
		const posts = requests.filter(({ method }) => method === 'POST');
		expect(paths(posts)).toEqual([`POST ${path(1)}`]);
		expect(posts[0].body).toEqual([
			{ assortment: metaOf(`/entity/service/${service}`, 'service'), quantity: 1.5 },
			{ assortment: metaOf(`/entity/product/${product}`, 'product'), quantity: 2.5 },
			{ assortment: metaOf(`/entity/variant/${variant}`, 'variant'), quantity: 3.5 },
		]);
		const made = shown(1).slice(-3);
		expect(items.map(({ json, pairedItem }) => [json.id, json.assortmentId, pairedItem])).toEqual([
			[made[0].id, service, { item: 0 }],
			[made[1].id, product, { item: 1 }],
			[made[2].id, variant, { item: 2 }],
		]);
		const single = await house.good(
			run('create', 2, { assortmentId: locator(product), simplify: false }),
		);
		expect(single.requests[0].body).toEqual({
			assortment: metaOf(`/entity/product/${product}`, 'product'),
			quantity: 1,
		});
		expect(single.json).toEqual([shown(2).at(-1)]);
	});

	test('create: what MoySklad refuses is shown item by item', async () => {
		const [product, other] = goods('product', 2);
		const { items } = await house.run(
			run('create', 3, { assortmentId: locator('={{ $json.item }}') }),
			{
				items: [{ item: product }, { item: product }, { item: NOBODY }, { item: other }],
				onError: 'continueRegularOutput',
			},
		);
		expect(items.map(({ json }) => json.assortmentId ?? json.error)).toEqual([
			product,
			'MoySklad: the bundle names a component twice (code 29002) [item 1]',
			expect.stringMatching(/^MoySklad: .* \[item 2\]$/),
			other,
		]);
		const inside = await house.refused(
			run('create', 3, {
				assortmentId: locator(`={{ "${base()}/entity/bundle/${bundle(0)}" }}`),
			}),
		);
		expect(inside.message).toContain("'Item' is");
		const zero = await house.refused(
			run('create', 3, { assortmentId: locator(product), quantity: 0 }),
		);
		expectShown(zero, { message: "'Quantity' is 0", hint: 'Give a number above zero.' });
	});

	test('update: quantity, another item, nothing', async () => {
		const [component] = shown(3);
		const [variant] = goods('variant');
		const { json, requests } = await house.good(
			run('update', 3, { ...byId(component.id), updateFields: { quantity: 7 } }),
		);
		expect(paths(requests)).toEqual([`PUT ${path(3)}/${String(component.id)}`]);
		expect(requests[0].body).toEqual({ quantity: 7 });
		expect(json).toEqual([expect.objectContaining({ id: component.id, quantity: 7 })]);
		const item = await house.good(
			run('update', 3, {
				...byId(component.id),
				updateFields: { assortmentType: 'variant', assortment: variant },
			}),
		);
		expect(item.requests[0].body).toEqual({
			assortment: metaOf(`/entity/variant/${variant}`, 'variant'),
		});
		expect(item.json).toEqual([
			expect.objectContaining({ assortmentId: variant, assortmentType: 'variant', quantity: 7 }),
		]);
		const none = await house.refused(
			run('update', 3, { ...byId(component.id), updateFields: { assortmentType: 'variant' } }),
		);
		expectShown(none, {
			message: "'Update Fields' holds nothing to change",
			hint: "Add 'Quantity' or 'Item'.",
		});
		const { error } = await house.bad(
			run('update', 3, { ...byId(NOBODY), updateFields: { quantity: 2 } }),
		);
		expect(error.message).toBe(NOT_FOUND);
	});

	test('delete: together with an answer that says nothing, a missing one alone is an error', async () => {
		const [product, other, third] = goods('product', 3);
		for (const id of [product, other, third]) {
			await house.good(run('create', 4, { assortmentId: locator(id) }));
		}
		const ids = shown(4).map(({ id }) => String(id));
		const some = ids.slice(0, 2);
		const both = await house.good(run('delete', 4, byId('={{ $json.id }}')), {
			items: some.map((id) => ({ id })),
		});
		expect(paths(both.requests)).toEqual([`POST ${path(4)}/delete`]);
		expect(both.requests[0].body).toEqual(
			some.map((id) => metaOf(`${path(4)}/${id}`, 'bundlecomponent')),
		);
		expect(both.json).toEqual(some.map((id) => ({ deleted: true, bundleId: bundle(4), id })));
		const { items } = await house.run(run('delete', 4, byId('={{ $json.id }}')), {
			items: [NOBODY, ids[2], ids[3]].map((id) => ({ id })),
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json)).toEqual([
			{ error: `${NOT_FOUND} [item 0]` },
			{ deleted: true, bundleId: bundle(4), id: ids[2] },
			{ deleted: true, bundleId: bundle(4), id: ids[3] },
		]);
		expect(shown(4).map(({ id }) => id)).toEqual([ids[4]]);
		const last = await house.bad(run('delete', 4, byId(ids[4])));
		expectShown(last.error, {
			message: 'MoySklad: a bundle has 1 to 50 components',
			code: 29000,
		});
	});

	test('the composition of a bundle that documents use is fixed', async () => {
		const used = Array.from({ length: house.state.rows.size }, (_, row) => row).find(
			(row) => house.state.rows.type(row) === 'bundle' && house.state.rows.usedInDocuments(row),
		);
		if (used === undefined) return;
		const { error } = await house.bad(
			run('create', 0, {
				bundleId: locator(house.state.rows.id(used)),
				assortmentId: locator(goods('product')[0]),
			}),
		);
		expectShown(error, {
			message:
				'MoySklad: the bundle is used in documents, so its components and overhead are fixed',
			code: 29001,
		});
	});

	test('the lists behind the locators', async () => {
		const parts = await house.search('searchBundleComponents', {
			parameters: { bundleId: locator(bundle(0)) },
		});
		expect(parts.requests[0].query).toEqual({
			limit: '100',
			offset: '0',
			expand: 'assortment',
		});
		expect(parts.results.map(({ value }) => value)).toEqual(shown(0).map(({ id }) => id));
		expect(parts.results[1].name).toMatch(/^2 × .+/);
		// Of all types that can be a component: each entry tells its own.
		const items = await house.search('searchComponentGoods', {
			parameters: { assortmentType: 'variant' },
		});
		expect(items.requests[0].query.filter).toBe('type=product;type=variant;type=service');
		expect(items.requests[0].headers['x-lognex-remap-beta-feature']).toBe('assortmentWithoutStock');
		expect(items.results.length).toBeGreaterThan(0);
		for (const { name, value } of items.results) {
			const [, type] = / \((product|variant|service)\)$/.exec(name) ?? [];
			expect(value).toMatch(new RegExp(`^${base()}/entity/${type}/`));
		}
		const wrong = (await house
			.search('searchBundleComponents', { parameters: { bundleId: locator('x') } })
			.catch((error: unknown) => error)) as ShownError;
		expect(wrong.message).toBe("'Bundle' is 'x'");
	});
});
