import type { IDataObject } from 'n8n-workflow';

import type { ShownError } from './setup';
import { expectNoSecret, House, NOBODY, paths } from './setup';

const URL_OF_OURS = 'https://example.com/moysklad';
const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#error_';

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.state.webhooks.clear();
	house.state.tariff = 'paid';
	house.sandbox.faults.clear();
});

const operation = (name: string, more: object = {}) => ({
	resource: 'webhook',
	operation: name,
	...more,
});
const create = (more: object = {}) =>
	operation('create', { entityType: 'product', action: 'CREATE', url: URL_OF_OURS, ...more });
const byId = (value: string) => ({ webhookId: { __rl: true, mode: 'id', value } });

/** A webhook made behind the node's back. */
function plant(fields: Partial<Record<'entityType' | 'action' | 'url' | 'diffType', string>> = {}) {
	return house.state.webhooks.create('webhook', {
		entityType: 'product',
		action: 'CREATE',
		url: URL_OF_OURS,
		...fields,
	});
}

const shown = () =>
	house.state.webhooks.list('webhook').map((one) => house.state.webhooks.entity(one));

/** Our sentence, the vendor's code, its text, its link and the way out, all in one error. */
function expectVendorError(
	error: ShownError,
	expected: { code: number; say: string; status: string; hint: string; text: string },
): void {
	expect(error.name).toBe('NodeApiError');
	expect(error.message).toBe(`MoySklad: ${expected.say} (code ${expected.code})`);
	expect(error.httpCode).toBe(expected.status);
	expect(error.context.itemIndex).toBe(0);
	expect(error.context.data).toMatchObject({ code: expected.code });
	expect(error.description).toContain(expected.hint);
	expect(error.description).toContain(`The vendor says: ${expected.text}`);
	expect(error.description).toContain(`More: ${DOCS}${expected.code}`);
}

describe('create', () => {
	test('sends type, event and URL, and returns the webhook', async () => {
		const { items, requests } = await house.good(create());
		expect(paths(requests)).toEqual(['POST /entity/webhook']);
		expect(requests[0].query).toEqual({});
		expect(requests[0].body).toEqual({
			entityType: 'product',
			action: 'CREATE',
			url: URL_OF_OURS,
		});
		const [{ id }] = house.state.webhooks.list('webhook');
		expect(items).toEqual([
			{
				json: {
					id,
					entityType: 'product',
					action: 'CREATE',
					url: URL_OF_OURS,
					enabled: true,
					method: 'POST',
					accountId: house.state.world.accountId,
					diffType: null,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('with every field, and Simplify off', async () => {
		const { json, requests } = await house.good(
			create({
				entityType: 'other',
				otherEntityType: 'retaildrawercashin',
				action: 'UPDATE',
				url: `  ${URL_OF_OURS}?key=1&b=ü  `,
				additionalFields: { diffType: 'FIELDS', enabled: false },
				simplify: false,
			}),
		);
		expect(requests[0].body).toEqual({
			entityType: 'retaildrawercashin',
			action: 'UPDATE',
			url: `${URL_OF_OURS}?key=1&b=ü`,
			diffType: 'FIELDS',
			enabled: false,
		});
		expect(json).toEqual(shown());
		expect(json[0]).toMatchObject({
			meta: { type: 'webhook' },
			enabled: false,
			diffType: 'FIELDS',
		});
	});

	test('Other… needs a type', async () => {
		const { error, requests } = await house.bad(
			create({ entityType: 'other', otherEntityType: '={{ "" }}' }),
		);
		expect(requests).toEqual([]);
		expect(error.message).toContain("'Other Entity Type' is empty");
	});

	test.each([
		[{ entityType: '={{ "customerOrder" }}' }, 'customerorder'],
		[{ entityType: 'other', otherEntityType: 'RetailShift' }, 'retailshift'],
	])('a type as people write it: %j', async (fields, type) => {
		const { json } = await house.good(create(fields));
		expect(json[0].entityType).toBe(type);
	});

	test('an unknown type with capitals: types are written in lower case', async () => {
		const { error, requests } = await house.bad(
			create({ entityType: 'other', otherEntityType: 'spaceShip' }),
		);
		expect(requests).toEqual([]);
		expect(error.message).toBe("'Other Entity Type' is 'spaceShip'");
		expect(error.description).toContain('Types are written in lower case, such as customerorder');
	});

	test('a type that has no webhooks', async () => {
		const { error } = await house.bad(
			create({ entityType: 'other', otherEntityType: 'positions' }),
		);
		expectVendorError(error, {
			code: 30000,
			say: 'webhooks cannot watch this type',
			status: '412',
			hint: 'watch the object that holds them',
			text: "Error saving the webhook: unsupported entity type 'positions'<br>\nParameter: entityType",
		});
	});

	test.each([
		[`https://example.com/${'x'.repeat(236)}`, "'URL' has 256 characters", '255'],
		['example.com/hook', "'URL' is 'example.com/hook'", 'https://'],
		['ftp://example.com', "'URL' is 'ftp://example.com'", 'https://'],
		['={{ "" }}', "'URL' is empty", "Fill in 'URL'"],
		['={{ "   " }}', "'URL' is empty", "Fill in 'URL'"],
	])('the URL %s is refused before anything is sent', async (url, message, hint) => {
		const error = await house.refused(create({ url }));
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toBe(message);
		expect(error.description).toContain(hint);
	});

	test('an empty URL in the form does not even start', async () => {
		const error = await house.refused(create({ url: '' }));
		expect(error.message).toContain('Parameter "URL" is required');
	});

	test('255 characters are enough', async () => {
		const url = `https://example.com/${'x'.repeat(235)}`;
		const { json } = await house.good(create({ url }));
		expect(json[0].url).toBe(url);
	});

	test('changed fields are refused for other events than Updated', async () => {
		const error = await house.refused(create({ additionalFields: { diffType: 'FIELDS' } }));
		expect(error.message).toBe(
			"'Changed Fields' lists names, which MoySklad does for the event 'Updated' only",
		);
		expect(error.description).toBe("Set 'Event' to Updated, or 'Changed Fields' to None.");
	});

	test('and the way out that the message names works', async () => {
		const { requests, json } = await house.good(create({ additionalFields: { diffType: 'NONE' } }));
		// MoySklad refuses any diffType with another action (30009), so none may be sent.
		expect(requests[0].body).not.toHaveProperty('diffType');
		expect(json).toHaveLength(1);
	});

	test('PROCESSED belongs to async alone', async () => {
		const good = await house.good(
			create({ entityType: 'other', otherEntityType: 'async', action: 'PROCESSED' }),
		);
		expect(good.json[0]).toMatchObject({ entityType: 'async', action: 'PROCESSED' });
		const { error } = await house.bad(create({ action: 'PROCESSED' }));
		expectVendorError(error, {
			code: 30008,
			say: 'this type has no such webhook action',
			status: '412',
			hint: "PROCESSED belongs to the type 'async' alone",
			text: "Error saving the webhook: entity type 'product' does not support action 'PROCESSED'",
		});
	});

	test('the same type, event and URL again', async () => {
		plant();
		const { error, requests } = await house.bad(create());
		expect(requests).toHaveLength(1);
		expectVendorError(error, {
			code: 30003,
			say: 'there is such a webhook already',
			status: '412',
			hint: 'use the existing webhook (Get Many), or another URL',
			text: 'Error saving the webhook: a webhook with this set of parameters already exists',
		});
		expect(shown()).toHaveLength(1);
	});

	test('without the rights of an administrator', async () => {
		const { error } = await house.bad(create(), { credential: 'nonAdmin' });
		expectVendorError(error, {
			code: 30004,
			say: 'only an administrator may manage webhooks',
			status: '403',
			hint: 'the role of administrator',
			text: 'Administrator rights are needed to work with webhooks',
		});
		expect(error.failure).toEqual({ cause: 'configuration-invalid' });
	});

	test('on the free tariff', async () => {
		house.state.tariff = 'free';
		const { error } = await house.bad(create());
		expectVendorError(error, {
			code: 30006,
			say: 'the free tariff has no webhooks',
			status: '403',
			hint: 'Webhooks need a paid tariff or a trial',
			text: 'Your tariff does not allow creating or updating webhooks',
		});
	});

	test('when all places are taken', async () => {
		for (let index = 0; index < 5; index++) plant({ url: `${URL_OF_OURS}/${index}` });
		const { error } = await house.bad(create());
		expectVendorError(error, {
			code: 30007,
			say: 'all places for webhooks of this type and action are taken',
			status: '412',
			hint: 'Delete one that is no longer needed',
			text: "No more than '5' webhooks of one kind can be created for one entity",
		});
		expect(shown()).toHaveLength(5);
	});

	const three = { items: [0, 1, 2].map((index) => ({ url: `${URL_OF_OURS}/${index}` })) };
	const pairs = [0, 1, 2].map((item) => [`${URL_OF_OURS}/${item}`, { item }]);

	test('items go together, in order', async () => {
		const { items, requests } = await house.good(create({ url: '={{ $json.url }}' }), three);
		expect(paths(requests)).toEqual(['POST /entity/webhook']);
		expect(requests[0].body).toEqual(
			three.items.map(({ url }) => ({ entityType: 'product', action: 'CREATE', url })),
		);
		expect(items.map(({ json, pairedItem }) => [json.url, pairedItem])).toEqual(pairs);
	});

	test('items go one after another without batching', async () => {
		const { items, requests } = await house.good(
			create({ url: '={{ $json.url }}', options: { batching: false } }),
			three,
		);
		expect(requests.map(({ body }) => (body as IDataObject).url)).toEqual(
			three.items.map(({ url }) => url),
		);
		for (const [index, request] of requests.entries()) {
			const previous = requests[index - 1];
			if (previous)
				expect(request.at).toBeGreaterThanOrEqual(previous.at + previous.durationMs - 1);
		}
		expect(items.map(({ json, pairedItem }) => [json.url, pairedItem])).toEqual(pairs);
	});
});

describe('get', () => {
	test('by link, by ID, from the list and by an expression', async () => {
		const { id } = plant();
		const link = `https://api.moysklad.ru/api/remap/1.2/entity/webhook/${id}`;
		for (const webhookId of [
			{ __rl: true, mode: 'url', value: link },
			{ __rl: true, mode: 'id', value: id },
			{ __rl: true, mode: 'list', value: id },
			{ __rl: true, mode: 'id', value: '={{ $json.webhook }}' },
			'={{ $json.link }}',
		]) {
			const { items, requests } = await house.good(operation('get', { webhookId }), {
				items: [{ webhook: id, link }],
			});
			expect(paths(requests)).toEqual([`GET /entity/webhook/${id}`]);
			expect(items).toHaveLength(1);
			expect(items[0].json).toMatchObject({ id, url: URL_OF_OURS });
		}
	});

	test('an unknown ID', async () => {
		const { error } = await house.bad(operation('get', byId(NOBODY)));
		expectVendorError(error, {
			code: 1021,
			say: 'the object was not found',
			status: '404',
			hint: 'Check the ID: it may belong to another account or type, or the object was deleted.',
			text: `Object of type 'webhook' with identifier '${NOBODY}' not found`,
		});
	});

	test.each(['xyz', '', '../product', `${NOBODY}/x`])(
		'an ID that is none is refused before anything is sent: %p',
		async (value) => {
			const error = await house.refused(operation('get', byId(`={{ ${JSON.stringify(value)} }}`)));
			expect(error.message).toBe(value === '' ? "'Webhook' is empty" : `'Webhook' is '${value}'`);
		},
	);
});

describe('get many', () => {
	test('50 by default, all with Return All, in the order of the API', async () => {
		for (const entityType of ['product', 'variant', 'bundle', 'service']) {
			for (const action of ['CREATE', 'UPDATE', 'DELETE']) {
				for (let index = 0; index < 5; index++) {
					plant({ entityType, action, url: `${URL_OF_OURS}/${index}` });
				}
			}
		}
		const some = await house.good(operation('getAll'));
		expect(some.requests.map(({ path, query }) => [path, query])).toEqual([
			['/api/remap/1.2/entity/webhook', { limit: '50', offset: '0' }],
		]);
		expect(some.json.map(({ id }) => id)).toEqual(
			shown()
				.slice(0, 50)
				.map(({ id }) => id),
		);
		const all = await house.good(operation('getAll', { returnAll: true, simplify: false }));
		expect(all.requests[0].query).toEqual({ limit: '1000', offset: '0' });
		expect(all.json).toEqual(shown());
	});

	test('none gives no items', async () => {
		const { items } = await house.good(operation('getAll'));
		expect(items).toEqual([]);
	});
});

describe('update, enable, disable', () => {
	test('changes just the given fields', async () => {
		const { id } = plant();
		const url = `${URL_OF_OURS}/new`;
		const { json, requests } = await house.good(
			operation('update', { ...byId(id), updateFields: { url, enabled: false } }),
		);
		expect(paths(requests)).toEqual([`PUT /entity/webhook/${id}`]);
		expect(requests[0].body).toEqual({ url, enabled: false });
		expect(json).toEqual([
			expect.objectContaining({ id, url, enabled: false, entityType: 'product', action: 'CREATE' }),
		]);
	});

	test('type, event and changed fields', async () => {
		const { id } = plant();
		const updateFields = { entityType: 'variant', action: 'UPDATE', diffType: 'FIELDS' };
		const { json, requests } = await house.good(operation('update', { ...byId(id), updateFields }));
		expect(requests[0].body).toEqual(updateFields);
		expect(json[0]).toMatchObject({ id, ...updateFields });
	});

	test('without a field is refused before anything is sent', async () => {
		const error = await house.refused(operation('update', { ...byId(NOBODY), updateFields: {} }));
		expect(error.message).toBe("'Update Fields' is empty, so there is nothing to change");
		expect(error.description).toBe('Add at least one field.');
	});

	test('refuses a bad URL before anything is sent, and says when changed fields do not fit', async () => {
		const url = await house.refused(
			operation('update', { ...byId(NOBODY), updateFields: { url: 'nowhere' } }),
		);
		expect(url.message).toBe("'URL' is 'nowhere'");
		const { id } = plant();
		const { error } = await house.bad(
			operation('update', { ...byId(id), updateFields: { diffType: 'FIELDS' } }),
		);
		expectVendorError(error, {
			code: 30009,
			say: 'changed fields can be sent for UPDATE only',
			status: '412',
			hint: 'Choose the action UPDATE',
			text: "Error saving the webhook: field 'diffType' is not supported for action 'CREATE'",
		});
	});

	test('disable and enable', async () => {
		const { id } = plant();
		const off = await house.good(operation('disable', byId(id)));
		expect(off.requests.map(({ method, body }) => [method, body])).toEqual([
			['PUT', { enabled: false }],
		]);
		expect(off.json).toEqual([expect.objectContaining({ id, enabled: false })]);
		const on = await house.good(operation('enable', byId(id)));
		expect(on.requests.map(({ method, body }) => [method, body])).toEqual([
			['PUT', { enabled: true }],
		]);
		expect(on.json).toEqual([expect.objectContaining({ id, enabled: true })]);
	});

	test.each(['update', 'enable', 'disable', 'delete'])('%s an unknown webhook', async (name) => {
		const { error } = await house.bad(
			operation(name, { ...byId(NOBODY), updateFields: { enabled: true } }),
		);
		expect(error.message).toBe('MoySklad: the object was not found (code 1021)');
	});
});

describe('delete', () => {
	test('says what it deleted', async () => {
		const { id } = plant();
		const other = plant({ url: `${URL_OF_OURS}/other` });
		const { items, requests } = await house.good(operation('delete', byId(id)));
		expect(paths(requests)).toEqual([`DELETE /entity/webhook/${id}`]);
		expect(requests[0].body).toBeUndefined();
		expect(items).toEqual([{ json: { deleted: true, id }, pairedItem: { item: 0 } }]);
		expect(shown().map((one) => one.id)).toEqual([other.id]);
	});

	test('is still possible on the free tariff', async () => {
		const { id } = plant();
		house.state.tariff = 'free';
		const { json } = await house.good(operation('delete', byId(id)));
		expect(json).toEqual([{ deleted: true, id }]);
	});

	test('a delete whose answer got lost is done, not an error', async () => {
		const { id } = plant();
		house.sandbox.faults.add({ vendor: 'moysklad', method: 'DELETE', closeConnection: 'before' });
		house.state.webhooks.clear();
		const { json, requests } = await house.good(operation('delete', byId(id)));
		expect(requests.map(({ status }) => status)).toEqual([0, 404]);
		expect(json).toEqual([{ deleted: true, id }]);
	});
});

describe('one bad item among good ones', () => {
	const items = () => {
		const [first, last] = [plant(), plant({ url: `${URL_OF_OURS}/last` })];
		return [{ id: first.id }, { id: NOBODY }, { id: last.id }];
	};
	const get = operation('get', byId('={{ $json.id }}'));
	const disable = operation('disable', byId('={{ $json.id }}'));
	const message = 'MoySklad: the object was not found (code 1021) [item 1]';

	test.each([
		['a read', get],
		['a write', disable],
	])('%s: the workflow stops with the index of the item', async (_what, parameters) => {
		const { error, items: out } = await house.bad(parameters, { items: items() });
		expect(error.message).toBe(message);
		expect(error.context.itemIndex).toBe(1);
		expect(out).toEqual([]);
	});

	test('a write that fails stops the writes after it, one by one', async () => {
		const given = items();
		const { requests } = await house.bad(
			{ ...disable, options: { batching: false } },
			{ items: given },
		);
		expect(requests.map(({ path }) => path.split('/').pop())).toEqual([given[0].id, NOBODY]);
	});

	test('writes of one request: the error names the items that are done', async () => {
		const given = items();
		const { error, requests } = await house.bad(disable, { items: given });
		expect(paths(requests)).toEqual(['POST /entity/webhook']);
		expect((requests[0].body as IDataObject[]).map(({ enabled }) => enabled)).toEqual([
			false,
			false,
			false,
		]);
		expect(error.description).toContain('Already done before this failure: items 0, 2.');
	});

	test.each([
		['a read', get],
		['a write', disable],
	])('%s: continue with an item in its place', async (_what, parameters) => {
		const given = items();
		const { items: out, result } = await house.run(parameters, {
			items: given,
			onError: 'continueRegularOutput',
		});
		expect(result.status).toBe('success');
		expect(out.map(({ json, pairedItem }) => [json.id ?? json.error, pairedItem])).toEqual([
			[given[0].id, { item: 0 }],
			[message, { item: 1 }],
			[given[2].id, { item: 2 }],
		]);
		const thrown = out[1].error;
		expect(thrown?.name).toBe('NodeApiError');
		expect(thrown?.description).toContain('Check the ID: it may belong to another account or type');
		expectNoSecret(thrown);
	});

	test.each([
		['a read', get],
		['a write', disable],
	])('%s: the error output', async (_what, parameters) => {
		const given = items();
		const { result } = await house.run(parameters, {
			items: given,
			onError: 'continueErrorOutput',
		});
		const [good, failed] = result.data('MoySklad');
		expect(good.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[given[0].id, { item: 0 }],
			[given[2].id, { item: 2 }],
		]);
		expect(failed).toHaveLength(1);
		expect(failed[0].pairedItem).toEqual({ item: 1 });
		expect(failed[0].json.error).toBe(message);
		expectNoSecret(failed);
	});
});

describe('lists to choose from', () => {
	const search = async (method: string, more: object = {}) => {
		const before = house.sandbox.log.length;
		const found = await house.engine.listSearch('n8n-nodes-retail-ops.moySklad', method, {
			credentials: { moySkladApi: 'fast' },
			...more,
		});
		return { ...found, requests: house.sandbox.log.slice(before) };
	};

	test('product folders with their paths, and by words', async () => {
		const all = await search('searchProductfolder');
		expect(all.requests.map(({ path, query }) => [path, query])).toEqual([
			['/api/remap/1.2/entity/productfolder', { limit: '100', offset: '0' }],
		]);
		expect(all.requests[0].headers['accept-encoding']).toBe('gzip');
		const folders = house.state.dictionaries.get('productfolder')?.all() ?? [];
		expect(all.results).toEqual(
			folders.map(({ id, name, pathName }) => ({
				value: id,
				name: pathName === '' ? name : `${String(pathName)}/${String(name)}`,
			})),
		);
		expect(all.paginationToken).toBeUndefined();

		const word = String(folders[12].name);
		const some = await search('searchProductfolder', { filter: word });
		expect(some.requests[0].query).toEqual({ limit: '100', offset: '0', search: word });
		expect(some.results.length).toBeGreaterThan(0);
		expect(some.results.length).toBeLessThan(all.results.length);
		expect(some.results.map(({ value }) => value)).toContain(folders[12].id);
	});

	test('warehouses', async () => {
		const { results, requests } = await search('searchStore', { filter: 'main' });
		expect(requests.map(({ path, query }) => [path, query.search])).toEqual([
			['/api/remap/1.2/entity/store', 'main'],
		]);
		expect(results).toEqual([{ name: 'Main store', value: house.state.world.id('store', 0) }]);
		expect((await search('searchStore')).results).toHaveLength(4);
	});

	test('webhooks, page by page, and filtered here', async () => {
		for (const entityType of [
			'product',
			'variant',
			'bundle',
			'service',
			'demand',
			'supply',
			'task',
		]) {
			for (const action of ['CREATE', 'UPDATE', 'DELETE']) {
				for (let index = 0; index < 5; index++) {
					plant({ entityType, action, url: `${URL_OF_OURS}/${index}` });
				}
			}
		}
		const all = house.state.webhooks.list('webhook');
		all[0].enabled = false;
		const first = await search('searchWebhooks');
		expect(first.results).toHaveLength(100);
		expect(first.results[0]).toEqual({
			name: `product CREATE → ${URL_OF_OURS}/0 (disabled)`,
			value: all[0].id,
		});
		expect(typeof first.paginationToken).toBe('string');
		const second = await search('searchWebhooks', { paginationToken: first.paginationToken });
		expect(second.requests[0].query).toEqual({ limit: '100', offset: '100' });
		expect(second.paginationToken).toBeUndefined();
		expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(
			all.map(({ id }) => id),
		);
		const filtered = await search('searchWebhooks', { filter: 'Variant upd' });
		expect(filtered.results.map(({ name }) => name)).toEqual(
			[0, 1, 2, 3, 4].map((index) => `variant UPDATE → ${URL_OF_OURS}/${index}`),
		);
	});

	test.each(['searchProductfolder', 'searchStore', 'searchWebhooks'])(
		'%s says what is wrong with the credential',
		async (method) => {
			const error = (await search(method, { credentials: { moySkladApi: 'wrong' } }).catch(
				(thrown: unknown) => thrown,
			)) as ShownError;
			expect(error.name).toBe('NodeApiError');
			expect(error.message).toBe(
				'MoySklad: the token or the login and password were not accepted (code 1056)',
			);
			expect(error.description).toContain('paste a current token');
			expectNoSecret(error);
		},
	);

	test('searchWebhooks needs an administrator', async () => {
		await expect(
			search('searchWebhooks', { credentials: { moySkladApi: 'nonAdmin' } }),
		).rejects.toThrow('MoySklad: only an administrator may manage webhooks (code 30004)');
	});

	test('nothing to choose without a token', async () => {
		house.setCredential('empty', { accessToken: '' });
		const before = house.sandbox.log.length;
		await expect(search('searchStore', { credentials: { moySkladApi: 'empty' } })).rejects.toThrow(
			"'Access Token' is missing in the credential",
		);
		expect(house.sandbox.log).toHaveLength(before);
	});
});

test('a solution sees its own webhooks only, and has one place', async () => {
	plant();
	const mine = await house.good(create(), { credential: 'solution' });
	expect(mine.json).toHaveLength(1);
	const list = await house.good(operation('getAll'), { credential: 'solution' });
	expect(list.json.map(({ id }) => id)).toEqual([mine.json[0].id]);
	const { error } = await house.bad(create({ url: `${URL_OF_OURS}/2` }), {
		credential: 'solution',
	});
	expect(error.message).toContain('(code 30007)');
});
