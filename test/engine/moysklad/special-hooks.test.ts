import type { IDataObject } from 'n8n-workflow';

import { expectShown, House, locator, NOBODY, paths } from './setup';

const URL = 'https://example.com/hooks';

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

const kinds = [
	{
		resource: 'webhook',
		keyword: 'webhook' as const,
		form: { entityType: 'product', action: 'UPDATE' },
		body: { entityType: 'product', action: 'UPDATE' },
		shown: { entityType: 'product', action: 'UPDATE', diffType: 'NONE', method: 'POST' },
		further: { diffType: 'FIELDS', enabled: false },
		search: 'searchWebhooks',
		entry: 'product UPDATE',
	},
	{
		resource: 'stockWebhook',
		keyword: 'webhookstock' as const,
		form: { reportType: 'bystore', stockType: 'stock' },
		body: { reportType: 'bystore', stockType: 'stock' },
		shown: { reportType: 'bystore', stockType: 'stock' },
		further: { enabled: false },
		search: 'searchStockWebhooks',
		entry: 'bystore stock',
	},
];

describe.each(kinds)('$resource', (kind) => {
	const { resource, keyword, form, body, further } = kind;
	const base = `/entity/${keyword}`;
	const run = (operation: string, more: object = {}) => ({ resource, operation, ...more });
	const byId = (value: string) => ({ [`${resource}Id`]: locator(value) });
	const plant = (url: string, enabled = true) => {
		const made = house.state.webhooks.create(keyword, { ...body, url });
		made.enabled = enabled;
		return made;
	};
	const all = () =>
		house.state.webhooks.list(keyword).map((one) => house.state.webhooks.entity(one));
	const meta = (id: string) => ({
		href: `${house.sandbox.urls.moysklad}${base}/${id}`,
		type: keyword,
		mediaType: 'application/json',
	});
	const ofItems = (...urls: string[]) => ({ items: urls.map((url) => ({ url })) });

	test('create: one object, several as one array', async () => {
		const one = await house.good(run('create', { ...form, url: `${URL}/1` }));
		expect(paths(one.requests)).toEqual([`POST ${base}`]);
		expect(one.requests[0].body).toEqual({ ...body, url: `${URL}/1` });
		const [{ id }] = all();
		expect(one.json).toEqual([
			expect.objectContaining({ id, ...body, url: `${URL}/1`, enabled: true }),
		]);
		expect(one.json[0]).not.toHaveProperty('meta');
		const parameters = { ...form, url: '={{ $json.url }}', additionalFields: further };
		const more = await house.good(
			run('create', { ...parameters, simplify: false }),
			ofItems(`${URL}/2`, `${URL}/3`),
		);
		expect(paths(more.requests)).toEqual([`POST ${base}`]);
		expect(more.requests[0].body).toEqual(
			[2, 3].map((number) => ({ ...body, url: `${URL}/${number}`, ...further })),
		);
		expect(more.json).toEqual(all().slice(1));
		expect(more.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test('create: one that exists already fails alone', async () => {
		plant(`${URL}/1`);
		const parameters = run('create', { ...form, url: '={{ $json.url }}' });
		const { items, requests } = await house.run(parameters, {
			...ofItems(`${URL}/0`, `${URL}/1`, `${URL}/2`),
			onError: 'continueRegularOutput',
		});
		expect(requests).toHaveLength(1);
		expect(items.map(({ json, pairedItem }) => [json.url ?? json.error, pairedItem])).toEqual([
			[`${URL}/0`, { item: 0 }],
			['MoySklad: there is such a webhook already (code 30003) [item 1]', { item: 1 }],
			[`${URL}/2`, { item: 2 }],
		]);
	});

	test('create: a bad address is refused before anything is sent', async () => {
		const long = await house.refused(run('create', { ...form, url: `${URL}/${'x'.repeat(255)}` }));
		expectShown(long, {
			message: `'URL' has ${URL.length + 256} characters`,
			hint: 'MoySklad allows 255.',
		});
		const scheme = await house.refused(run('create', { ...form, url: 'ftp://example.com' }));
		expectShown(scheme, { message: "'URL' is 'ftp://example.com'", hint: 'starts with https://' });
	});

	test('errors of the account: rights, tariff, places', async () => {
		const parameters = run('create', { ...form, url: URL });
		const rights = await house.bad(parameters, { credential: 'nonAdmin' });
		expectShown(rights.error, {
			message: 'MoySklad: only an administrator may manage webhooks',
			hint: 'role of administrator',
			code: 30004,
		});
		house.state.tariff = 'free';
		const tariff = await house.bad(parameters);
		expectShown(tariff.error, {
			message: 'MoySklad: the free tariff has no webhooks',
			hint: 'paid tariff or a trial',
			code: 30006,
		});
		house.state.tariff = 'paid';
		for (const number of [1, 2, 3, 4, 5]) plant(`${URL}/${number}`);
		const places = await house.bad(parameters);
		expect(places.error.message).toContain('(code 30007)');
		expect(places.error.context.data).toMatchObject({ code: 30007 });
	});

	test('create or update: takes over what is there, makes the rest, one of each', async () => {
		const there = plant(`${URL}/there`, false);
		const parameters = run('upsert', {
			...form,
			url: '={{ $json.url }}',
			additionalFields: { enabled: true },
		});
		const { items, requests } = await house.good(
			parameters,
			ofItems(`${URL}/new`, `${URL}/there`, `${URL}/new`),
		);
		expect(paths(requests)).toEqual([`GET ${base}`, `POST ${base}`, `POST ${base}`]);
		expect(requests[0].query).toEqual({ limit: '1000', offset: '0' });
		const [first, last] = requests.slice(1).map((request) => request.body as IDataObject[]);
		expect(first).toEqual([
			{ ...body, url: `${URL}/new`, enabled: true },
			{ meta: meta(there.id), ...body, url: `${URL}/there`, enabled: true },
		]);
		const made = all().find(({ url }) => url === `${URL}/new`);
		expect(last).toEqual([
			{ meta: meta(String(made?.id)), ...body, url: `${URL}/new`, enabled: true },
		]);
		expect(all()).toHaveLength(2);
		expect(all().map(({ enabled }) => enabled)).toEqual([true, true]);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[made?.id, { item: 0 }],
			[there.id, { item: 1 }],
			[made?.id, { item: 2 }],
		]);
	});

	test('create or update alone goes as an array, and one that is refused sends nothing', async () => {
		const { json } = await house.good(run('upsert', { ...form, url: URL }));
		expect(json).toEqual([expect.objectContaining({ ...body, url: URL, enabled: true })]);
		const again = await house.good(run('upsert', { ...form, url: URL, simplify: false }));
		expect(again.json).toEqual(all());
		await house.refused(run('upsert', { ...form, url: 'nowhere' }));
		const denied = await house.bad(run('upsert', { ...form, url: URL }), {
			credential: 'nonAdmin',
		});
		expect(denied.error.message).toContain('(code 30004)');
		expect(all()).toHaveLength(1);
	});

	test('get: alone by its path, several by one look at the list', async () => {
		const planted = [1, 2, 3].map((number) => plant(`${URL}/${number}`));
		const one = await house.good(run('get', { ...byId(planted[1].id), simplify: false }));
		expect(paths(one.requests)).toEqual([`GET ${base}/${planted[1].id}`]);
		expect(one.json).toEqual([all()[1]]);
		const ids = [planted[2].id, NOBODY, planted[0].id, planted[2].id.toUpperCase()];
		const { items, requests } = await house.run(run('get', byId('={{ $json.id }}')), {
			items: ids.map((id) => ({ id })),
			onError: 'continueRegularOutput',
		});
		expect(requests.map(({ path, query }) => [path, query])).toEqual([
			[`/api/remap/1.2${base}`, { limit: '1000' }],
		]);
		expect(items.map(({ json, pairedItem }) => [json.id ?? json.error, pairedItem])).toEqual([
			[planted[2].id, { item: 0 }],
			['MoySklad: the object was not found (code 1021) [item 1]', { item: 1 }],
			[planted[0].id, { item: 2 }],
			[planted[2].id, { item: 3 }],
		]);
	});

	test('get many: a limit, all, and none', async () => {
		expect((await house.good(run('getAll'))).json).toEqual([]);
		for (const number of [1, 2, 3]) plant(`${URL}/${number}`);
		const some = await house.good(run('getAll', { limit: 2 }));
		expect(some.requests[0].query).toEqual({ limit: '2', offset: '0' });
		expect(some.json.map(({ url }) => url)).toEqual([`${URL}/1`, `${URL}/2`]);
		const every = await house.good(run('getAll', { returnAll: true, simplify: false }));
		expect(every.json).toEqual(all());
	});

	test.each([
		['enable', {}, { enabled: true }],
		['disable', {}, { enabled: false }],
		['update', { updateFields: { enabled: false } }, { enabled: false }],
	])('%s: alone by PUT, several by one POST', async (operation, more, change) => {
		const planted = [1, 2, 3].map((number) => plant(`${URL}/${number}`, !change.enabled));
		const one = await house.good(run(operation, { ...byId(planted[0].id), ...more }));
		expect(paths(one.requests)).toEqual([`PUT ${base}/${planted[0].id}`]);
		expect(one.requests[0].body).toEqual(change);
		expect(one.json).toEqual([expect.objectContaining({ id: planted[0].id, ...change })]);
		const { items, requests } = await house.run(
			run(operation, { ...byId('={{ $json.id }}'), ...more }),
			{
				items: [planted[1].id, NOBODY, planted[2].id].map((id) => ({ id })),
				onError: 'continueRegularOutput',
			},
		);
		expect(paths(requests)).toEqual([`POST ${base}`]);
		expect(requests[0].body).toEqual(
			[planted[1].id, NOBODY, planted[2].id].map((id) => ({ meta: meta(id), ...change })),
		);
		expect(items.map(({ json }) => json.id ?? json.error)).toEqual([
			planted[1].id,
			'MoySklad: the object was not found (code 1021) [item 1]',
			planted[2].id,
		]);
		expect(all().map(({ enabled }) => enabled)).toEqual([
			change.enabled,
			change.enabled,
			change.enabled,
		]);
	});

	test('update without a field is refused before anything is sent', async () => {
		const error = await house.refused(run('update', { ...byId(NOBODY), updateFields: {} }));
		expectShown(error, {
			message: "'Update Fields' is empty, so there is nothing to change",
			hint: 'Add at least one field.',
		});
	});

	test('delete: several by one POST, a missing one is its own error', async () => {
		const planted = [1, 2, 3].map((number) => plant(`${URL}/${number}`));
		const ids = [planted[0].id, NOBODY, planted[2].id];
		const { items, requests } = await house.run(run('delete', byId('={{ $json.id }}')), {
			items: ids.map((id) => ({ id })),
			onError: 'continueRegularOutput',
		});
		expect(paths(requests)).toEqual([`POST ${base}/delete`]);
		expect(requests[0].body).toEqual(ids.map((id) => ({ meta: meta(id) })));
		expect(items.map(({ json }) => json)).toEqual([
			{ deleted: true, id: planted[0].id },
			{ error: 'MoySklad: the object was not found (code 1021) [item 1]' },
			{ deleted: true, id: planted[2].id },
		]);
		expect(all().map(({ id }) => id)).toEqual([planted[1].id]);
	});

	test('delete: done by a try whose answer got lost is no error', async () => {
		const planted = [1, 2].map((number) => plant(`${URL}/${number}`));
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			path: '/delete$',
			afterWork: true,
			closeConnection: 'before',
		});
		const { json, requests } = await house.good(run('delete', byId('={{ $json.id }}')), {
			items: planted.map(({ id }) => ({ id })),
		});
		expect(requests).toHaveLength(2);
		expect(json).toEqual(planted.map(({ id }) => ({ deleted: true, id })));
	});

	test('the list behind the locator', async () => {
		const made = plant(`${URL}/1`);
		const off = plant(`${URL}/2`, false);
		const { results, requests } = await house.search(kind.search);
		expect(paths(requests)).toEqual([`GET ${base}`]);
		expect(results).toEqual([
			{ name: `${kind.entry} → ${URL}/1`, value: made.id },
			{ name: `${kind.entry} → ${URL}/2 (disabled)`, value: off.id },
		]);
		expect((await house.search(kind.search, { filter: 'DISABLED' })).results).toEqual([results[1]]);
		await expect(house.search(kind.search, { credential: 'nonAdmin' })).rejects.toThrow(
			'MoySklad: only an administrator may manage webhooks (code 30004)',
		);
	});
});

test('changed fields: for updates only, and none means nothing is said of them', async () => {
	const create = (more: object) => ({
		resource: 'webhook',
		operation: 'create',
		entityType: 'product',
		url: URL,
		...more,
	});
	const error = await house.refused(
		create({ action: 'DELETE', additionalFields: { diffType: 'FIELDS' } }),
	);
	expectShown(error, {
		message: "'Changed Fields' lists names, which MoySklad does for the event 'Updated' only",
		hint: "Set 'Event' to Updated",
	});
	const { requests } = await house.good(
		create({ action: 'DELETE', additionalFields: { diffType: 'NONE' } }),
	);
	expect(requests[0].body).toEqual({ entityType: 'product', action: 'DELETE', url: URL });
});

test('a processed task of the asynchronous exchange can be watched', async () => {
	const { json } = await house.good({
		resource: 'webhook',
		operation: 'create',
		entityType: 'other',
		otherEntityType: 'async',
		action: 'PROCESSED',
		url: URL,
	});
	expect(json).toEqual([expect.objectContaining({ entityType: 'async', action: 'PROCESSED' })]);
});

test('the type by an expression, for which n8n must not ask for another one', async () => {
	const { json, requests } = await house.good(
		{
			resource: 'webhook',
			operation: 'create',
			entityType: '={{ $json.type }}',
			action: 'CREATE',
			url: URL,
		},
		{ items: [{ type: 'demand' }, { type: 'supply' }] },
	);
	expect(requests).toHaveLength(1);
	expect(json.map(({ entityType }) => entityType)).toEqual(['demand', 'supply']);
	const error = await house.refused({
		resource: 'webhook',
		operation: 'create',
		entityType: '={{ "other" }}',
		action: 'CREATE',
		url: URL,
	});
	expectShown(error, { message: "'Other Entity Type' is empty", hint: 'Fill in' });
});
