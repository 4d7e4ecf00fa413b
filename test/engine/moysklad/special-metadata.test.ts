import type { IDataObject } from 'n8n-workflow';

import { expectShown, House, locator, NOBODY, paths } from './setup';

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.sandbox.faults.clear();
});

const NOT_FOUND = 'MoySklad: the object was not found (code 1021)';
const run = (operation: string, entityType: string, more: object = {}) => ({
	resource: 'metadata',
	operation,
	entityType,
	...more,
});
const other = (operation: string, otherEntityType: string, more: object = {}) =>
	run(operation, 'other', { otherEntityType, ...more });
const base = () => house.sandbox.urls.moysklad;
const shownAttributes = (owner: 'product' | 'contract') =>
	house.state.attributes.list(owner).map((one) => house.state.attributes.entity(one));
const byId = (id: unknown) => ({ attributeId: locator(id) });

describe('get', () => {
	test('of products: numbers and names, or the whole object', async () => {
		const flat = await house.good(run('get', 'product'));
		expect(paths(flat.requests)).toEqual(['GET /entity/product/metadata']);
		expect(flat.json).toEqual([
			{
				entityType: 'product',
				createShared: true,
				attributes: house.state.attributes.list('product').length,
				states: null,
				priceTypes: expect.stringMatching(/\w/),
				characteristics: null,
			},
		]);
		const raw = await house.good(run('get', 'product', { simplify: false }));
		expect(raw.json[0]).toMatchObject({
			meta: { href: `${base()}/entity/product/metadata` },
			attributes: { meta: { type: 'attributemetadata' } },
		});
	});

	test('states of contracts, characteristics of variants, goods by those of products', async () => {
		const { items, requests } = await house.good(run('get', '={{ $json.type }}'), {
			items: ['contract', 'task', 'variant', 'bundle', 'service'].map((type) => ({ type })),
		});
		expect(paths(requests).sort()).toEqual(
			['contract', 'product', 'product', 'task', 'variant'].map(
				(type) => `GET /entity/${type}/metadata`,
			),
		);
		expect(items.map(({ json, pairedItem }) => [json.entityType, pairedItem])).toEqual([
			['contract', { item: 0 }],
			['task', { item: 1 }],
			['variant', { item: 2 }],
			['product', { item: 3 }],
			['product', { item: 4 }],
		]);
		expect(items[0].json.states).toBe('Новый, On approval, Подписан, Rejected');
		expect(items[1].json.states).toBe('Звонок, Meeting, Письмо');
		expect(items[2].json.characteristics).toBe('Colour, Size');
	});

	test.each(['get', 'getAttributes', 'createAttribute', 'getStates'])(
		'%s of product folders, which the API has no longer, says so before anything is sent',
		async (operation) => {
			const error = await house.refused(other(operation, 'productFolder', { name: 'x' }));
			expectShown(error, {
				message: "'Entity Type' is Product Folder, whose metadata the API has no longer",
				hint: 'MoySklad removed the metadata and the custom attributes of product folders.',
			});
		},
	);

	test.each([
		['get', 'currency', 'metadata'],
		['getAttributes', 'task', 'custom attributes'],
		['getStates', 'product', 'states'],
	])('%s of %s: there are none', async (operation, type, what) => {
		const error = await house.refused(other(operation, type));
		expectShown(error, { message: `'Entity Type' is '${type}', which has no ${what} in the API` });
	});

	test('a type that MoySklad does not know, and no type at all', async () => {
		const { error } = await house.bad(other('get', 'spaceship'));
		expectShown(error, {
			message: 'MoySklad: there is no such address or type',
			hint: 'the type of the object',
			code: 1005,
		});
		const none = await house.refused(other('get', '={{ "" }}'));
		expect(none.message).toBe("'Other Entity Type' is empty");
		const path = await house.refused(other('get', '={{ "../context" }}'));
		expect(path.message).toBe("'Entity Type' is '../context'");
	});
});

describe('attributes', () => {
	test('get many: those of products for all goods', async () => {
		const { json, requests } = await house.good(
			other('getAttributes', 'bundle', { returnAll: true }),
		);
		expect(requests.map(({ path, query }) => [path, query])).toEqual([
			['/api/remap/1.2/entity/product/metadata/attributes', { limit: '1000', offset: '0' }],
		]);
		const dictionary = house.state.customDictionaries.id;
		expect(json).toEqual(
			house.state.attributes.list('product').map((one) => ({
				id: one.id,
				name: one.name,
				type: one.type,
				required: one.required,
				show: one.show,
				description: one.description ?? null,
				entityType: 'product',
				customEntityId: one.type === 'customentity' ? dictionary : null,
			})),
		);
		const raw = await house.good(run('getAttributes', 'contract', { simplify: false }));
		expect(raw.json).toEqual(shownAttributes('contract'));
		const some = await house.good(run('getAttributes', 'contract', { limit: 3 }));
		expect(some.json).toHaveLength(3);
	});

	test('one of every type: made together, read, changed, deleted together', async () => {
		const types = [
			...['boolean', 'contract', 'counterparty', 'customentity', 'double', 'employee', 'file'],
			...['link', 'long', 'product', 'project', 'store', 'string', 'text', 'time'],
		];
		const items = types.map((type) => ({ type, name: `New ${type}` }));
		const dictionary = house.state.customDictionaries.id;
		const before = house.state.attributes.list('contract').length;
		const made = await house.good(
			run('createAttribute', 'contract', {
				name: '={{ $json.name }}',
				attributeType: '={{ $json.type }}',
				customEntityId: locator(`={{ $json.type === 'customentity' ? '${dictionary}' : '' }}`),
				additionalFields: { description: 'Made by n8n', required: false },
			}),
			{ items },
		);
		expect(paths(made.requests)).toEqual(['POST /entity/contract/metadata/attributes']);
		expect(made.requests[0].body).toEqual(
			items.map(({ type, name }) => ({
				name,
				type,
				description: 'Made by n8n',
				required: false,
				...(type === 'customentity'
					? {
							customEntityMeta: {
								href: `${base()}/entity/customentity/${dictionary}/metadata`,
								type: 'customentitymetadata',
								mediaType: 'application/json',
							},
						}
					: {}),
			})),
		);
		expect(made.items.map(({ json, pairedItem }) => [json.type, json.name, pairedItem])).toEqual(
			items.map(({ type, name }, item) => [type, name, { item }]),
		);
		expect(made.json.find(({ type }) => type === 'customentity')?.customEntityId).toBe(dictionary);
		const ids = made.json.map(({ id }) => ({ id }));

		const read = await house.good(run('getAttribute', 'contract', byId('={{ $json.id }}')), {
			items: ids,
		});
		expect(read.json).toEqual(made.json);

		const changed = await house.good(
			run('updateAttribute', 'contract', {
				...byId('={{ $json.id }}'),
				updateFields: { name: '={{ "Changed " + $itemIndex }}', show: false },
			}),
			{ items: ids },
		);
		expect(paths(changed.requests)).toEqual(['POST /entity/contract/metadata/attributes']);
		expect((changed.requests[0].body as IDataObject[])[1]).toEqual({
			meta: {
				href: `${base()}/entity/contract/metadata/attributes/${String(ids[1].id)}`,
				type: 'attributemetadata',
				mediaType: 'application/json',
			},
			name: 'Changed 1',
			show: false,
		});
		expect(changed.json.map(({ name, type, show }) => [name, type, show])).toEqual(
			types.map((type, index) => [`Changed ${index}`, type, false]),
		);

		const gone = await house.good(run('deleteAttribute', 'contract', byId('={{ $json.id }}')), {
			items: ids,
		});
		expect(paths(gone.requests)).toEqual(['POST /entity/contract/metadata/attributes/delete']);
		expect(gone.json).toEqual(ids.map(({ id }) => ({ deleted: true, entityType: 'contract', id })));
		expect(house.state.attributes.list('contract')).toHaveLength(before);
	});

	test('alone: POST, PUT and DELETE of one object', async () => {
		const made = await house.good(
			run('createAttribute', 'product', {
				name: 'Alone',
				attributeType: 'string',
				simplify: false,
			}),
		);
		expect(made.requests[0].body).toEqual({ name: 'Alone', type: 'string' });
		expect(made.json).toEqual([shownAttributes('product').at(-1)]);
		const [{ id }] = made.json;
		const changed = await house.good(
			run('updateAttribute', 'product', {
				attributeId: locator(`${base()}/entity/product/metadata/attributes/${String(id)}`, 'url'),
				updateFields: { required: true },
			}),
		);
		expect(paths(changed.requests)).toEqual([
			`PUT /entity/product/metadata/attributes/${String(id)}`,
		]);
		expect(changed.json).toEqual([expect.objectContaining({ id, name: 'Alone', required: true })]);
		const gone = await house.good(run('deleteAttribute', 'product', byId(id)));
		expect(paths(gone.requests)).toEqual([
			`DELETE /entity/product/metadata/attributes/${String(id)}`,
		]);
		expect(gone.json).toEqual([{ deleted: true, entityType: 'product', id }]);
	});

	test('what must fail is not sent', async () => {
		for (const attributeType of ['file', 'boolean']) {
			const error = await house.refused(
				run('createAttribute', 'product', {
					name: 'x',
					attributeType,
					additionalFields: { required: true },
				}),
			);
			expectShown(error, {
				message: `'Required' is on for an attribute of the type '${attributeType}'`,
			});
		}
		const hidden = await house.refused(
			run('updateAttribute', 'product', {
				...byId(NOBODY),
				updateFields: { required: true, show: false },
			}),
		);
		expectShown(hidden, { message: "'Required' is on, and 'Show' is off" });
		const nothing = await house.refused(
			run('updateAttribute', 'product', { ...byId(NOBODY), updateFields: {} }),
		);
		expectShown(nothing, { message: "'Update Fields' is empty, so there is nothing to change" });
		const dictionary = await house.refused(
			run('createAttribute', 'product', {
				name: 'x',
				attributeType: 'customentity',
				customEntityId: locator('={{ "" }}'),
			}),
		);
		expect(dictionary.message).toBe("'Custom Dictionary' is empty");
		// n8n asks for required fields that an expression might show: it must not do so here.
		const plain = await house.good(
			run('createAttribute', '={{ "product" }}', {
				name: 'Plain',
				attributeType: '={{ "string" }}',
			}),
		);
		expect(plain.requests[0].body).toEqual({ name: 'Plain', type: 'string' });
		await house.good(run('deleteAttribute', 'product', byId(plain.json[0].id)));
	});

	test('only administrators may, and a missing one is said', async () => {
		const rights = await house.bad(
			run('createAttribute', 'product', { name: 'x', attributeType: 'string' }),
			{ credential: 'nonAdmin' },
		);
		expectShown(rights.error, {
			message: 'MoySklad: only an administrator may manage custom attributes',
			hint: 'role of administrator',
			code: 14010,
		});
		const missing = await house.bad(run('getAttribute', 'product', byId(NOBODY)));
		expectShown(missing.error, { message: 'MoySklad: the object was not found', code: 1021 });
	});

	test('a missing one among others, deleted by an answer that says nothing', async () => {
		const make = () => house.state.attributes.create('product', { name: 'x', type: 'long' }).id;
		const ids = [make(), NOBODY, make()];
		const { items } = await house.run(run('deleteAttribute', 'product', byId('={{ $json.id }}')), {
			items: ids.map((id) => ({ id })),
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json.id ?? json.error)).toEqual([
			ids[0],
			`${NOT_FOUND} [item 1]`,
			ids[2],
		]);
		expect(house.state.attributes.find('product', ids[0])).toBeUndefined();
		expect(house.state.attributes.find('product', ids[2])).toBeUndefined();
	});
});

describe('states', () => {
	test.each(['contract', 'task'] as const)(
		'of a %s: made, read, changed, deleted',
		async (type) => {
			const before = house.state.states.list(type);
			const list = await house.good(run('getStates', type));
			expect(paths(list.requests)).toEqual([`GET /entity/${type}/metadata`]);
			expect(list.json).toEqual(
				before.map(({ id, name, stateType, color }) => ({
					id,
					name,
					stateType,
					color,
					colorHex: `#${Number(color).toString(16).toUpperCase().padStart(6, '0')}`,
					entityType: type,
				})),
			);
			const id = String(list.json[1].id);
			const single = await house.good(run('getState', type, { stateId: locator(id) }));
			expect(single.json).toEqual([list.json[1]]);
			// Types of tasks have no address of their own.
			expect(paths(single.requests)).toEqual([
				type === 'task'
					? 'GET /entity/task/metadata'
					: `GET /entity/contract/metadata/states/${id}`,
			]);
			const none = await house.bad(run('getState', type, { stateId: locator(NOBODY) }));
			expect(none.error.message).toContain('was not found');
			const raw = await house.good(run('getStates', type, { simplify: false, limit: 2 }));
			expect(raw.json).toEqual(before.slice(0, 2));

			const stateType = type === 'task' ? {} : { stateType: 'Regular' };
			const made = await house.good(
				run('createState', type, { name: '={{ $json.name }}', color: '={{ $json.color }}' }),
				{
					items: [
						{ name: 'One', color: '#A2C617' },
						{ name: 'Two', color: 'rgb(162, 198, 23)' },
						{ name: 'Three', color: 10667543 },
					],
				},
			);
			expect(paths(made.requests)).toEqual([`POST /entity/${type}/metadata/states`]);
			expect(made.requests[0].body).toEqual(
				['One', 'Two', 'Three'].map((name) => ({ name, color: 10667543, ...stateType })),
			);
			expect(
				made.json.map(({ name, colorHex, entityType }) => [name, colorHex, entityType]),
			).toEqual(['One', 'Two', 'Three'].map((name) => [name, '#A2C617', type]));
			const stateId = locator('={{ $json.id }}');
			const ids = made.json.map(({ id }) => ({ id }));
			const changed = await house.good(
				run('updateState', type, { stateId, updateFields: { color: '#fff' } }),
				{ items: ids },
			);
			expect(paths(changed.requests)).toEqual([`POST /entity/${type}/metadata/states`]);
			expect(changed.json.map(({ id, color }) => [id, color])).toEqual(
				ids.map(({ id }) => [id, 0xffffff]),
			);
			const one = await house.good(
				run('updateState', type, {
					stateId: locator(ids[0].id),
					updateFields: { name: 'First' },
				}),
			);
			expect(paths(one.requests)).toEqual([
				`PUT /entity/${type}/metadata/states/${String(ids[0].id)}`,
			]);
			const gone = await house.good(run('deleteState', type, { stateId }), { items: ids });
			expect(paths(gone.requests)).toEqual(
				ids.map(({ id }) => `DELETE /entity/${type}/metadata/states/${String(id)}`),
			);
			expect(gone.json).toEqual(ids.map(({ id }) => ({ deleted: true, entityType: type, id })));
			expect(house.state.states.list(type)).toEqual(before);
		},
	);

	test('what must fail is not sent; rights and use are said', async () => {
		const color = await house.refused(
			run('createState', 'contract', { name: 'x', color: 'green' }),
		);
		expectShown(color, { message: "'Color' is 'green'", hint: '#A2C617' });
		const nothing = await house.refused(
			run('updateState', 'contract', { stateId: locator(NOBODY), updateFields: {} }),
		);
		expectShown(nothing, { message: "'Update Fields' is empty, so there is nothing to change" });
		const rights = await house.bad(run('createState', 'contract', { name: 'x' }), {
			credential: 'nonAdmin',
		});
		expectShown(rights.error, {
			message: 'MoySklad: the right for this is missing',
			code: 1045,
		});
		const used = house.state.dictionary('contract').all()[0].state as { meta: { href: string } };
		const stateId = used.meta.href.split('/').pop();
		const { error } = await house.bad(
			run('deleteState', 'contract', { stateId: locator(stateId) }),
		);
		expectShown(error, {
			message: 'MoySklad: the object is in use and cannot be deleted',
			code: 1028,
		});
	});
});

describe('the lists behind the locators', () => {
	test('attributes and states of the type', async () => {
		const attributes = await house.search('searchAttributes', {
			parameters: { entityType: 'contract' },
			filter: 'scan',
		});
		expect(attributes.requests.map(({ path, query }) => [path, query])).toEqual([
			['/api/remap/1.2/entity/contract/metadata/attributes', { limit: '100', offset: '0' }],
		]);
		expect(attributes.results.map(({ name }) => name)).toEqual(['Scan link (link)']);
		const goods = await house.search('searchAttributes', {
			parameters: { entityType: 'other', otherEntityType: 'variant' },
		});
		expect(paths(goods.requests)).toEqual(['GET /entity/product/metadata/attributes']);
		const states = await house.search('searchStates', { parameters: { entityType: 'task' } });
		expect(states.results).toEqual(
			house.state.states.list('task').map(({ id, name }) => ({ name, value: id })),
		);
		await expect(
			house.search('searchStates', {
				parameters: { entityType: 'other', otherEntityType: 'productfolder' },
			}),
		).rejects.toThrow('whose metadata the API has no longer');
	});

	test('custom dictionaries', async () => {
		const { results, requests } = await house.search('searchCustomEntities');
		expect(paths(requests)).toEqual(['GET /context/companysettings/metadata']);
		expect(results).toEqual([{ name: 'Сезон', value: house.state.customDictionaries.id }]);
		house.sandbox.faults.add({
			vendor: 'moysklad',
			body: { meta: { href: `${base()}/context/companysettings` } },
		});
		expect((await house.search('searchCustomEntities')).results).toEqual([]);
	});
});
