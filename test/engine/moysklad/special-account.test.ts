/** What dictionaries have beside lists of objects: settings, price types, custom lists, access, history, prices. */
import type { IDataObject } from 'n8n-workflow';

import { account } from '../../../nodes/MoySklad/catalogue/account';
import type { Operation } from '../../../nodes/shared/catalogue';
import { House, NOBODY, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const fields = (value: IDataObject) => ({
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
});
const locator = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });

describe('settings', () => {
	test.each([
		['companySettings', '/context/companysettings', { checkShippingStock: true }],
		['userSettings', '/context/usersettings', { locale: 'en_US' }],
		['counterpartySettings', '/entity/counterparty/settings', { createShared: false }],
	])('%s are read and changed', async (resource, path, value) => {
		const got = await house.good({ resource, operation: 'get' });
		expect(paths(got.requests)).toEqual([`GET ${path}`]);
		const changed = await house.good({
			resource,
			operation: 'update',
			...fields(value),
		});
		expect(paths(changed.requests)).toEqual([`PUT ${path}`]);
		expect(changed.requests[0].body).toEqual(value);
		expect(changed.json[0]).toMatchObject(value);
		const error = await house.refused({ resource, operation: 'update', ...fields({}) });
		expect(error.message).toContain("'Fields' hold nothing to write");
	});

	test.each([
		['JSON text', '{"checkUniqueCode": true, "fillUniqueCode": false}'],
		['an object', { checkUniqueCode: true, fillUniqueCode: false }],
	])('the rules for codes of counterparties are given as %s', async (_what, uniqueCodeRules) => {
		const resource = 'counterpartySettings';
		const of = { resource, operation: 'update' };
		const { requests } = await house.good({ ...of, ...fields({ uniqueCodeRules }) });
		expect(requests[0].body).toEqual({
			uniqueCodeRules: { checkUniqueCode: true, fillUniqueCode: false },
		});
		const error = await house.refused({ ...of, ...fields({ uniqueCodeRules: 'yes' }) });
		expect(error.message).toContain("'Unique Code Rules' is no");
	});

	test('references of user settings go by name, the footer of letters is text', async () => {
		const { requests } = await house.good({
			resource: 'userSettings',
			operation: 'update',
			...fields({ defaultPlace: 'Main store', mailFooter: 'Yours, Ivan' }),
		});
		const id = String(house.state.dictionary('store').all()[0].id);
		expect(requests.at(-1)?.body).toMatchObject({
			defaultPlace: { meta: { href: `${house.state.world.base}/entity/store/${id}` } },
			mailFooter: 'Yours, Ivan',
		});
	});

	test('the subscription tells the plan', async () => {
		const { json } = await house.good({ resource: 'subscription', operation: 'get' });
		expect(json[0].tariff).toBe('PROFESSIONAL');
	});
});

test('price types: all, one, the main one', async () => {
	const all = await house.good({ resource: 'pricetype', operation: 'getAll', returnAll: true });
	expect(all.json.map(({ name }) => name)).toEqual(['Цена продажи', 'Wholesale']);
	const { id } = all.json[1];
	const one = await house.good({
		resource: 'pricetype',
		operation: 'get',
		pricetypeId: locator(id),
	});
	expect(one.json[0].name).toBe('Wholesale');
	const main = await house.good({ resource: 'pricetype', operation: 'getDefault' });
	expect(main.json[0].id).toBe(all.json[0].id);
});

test('price types that come as rows are the same list, and anything else is refused', async () => {
	const read = { resource: 'pricetype', operation: 'getAll', returnAll: true };
	const play = (body: IDataObject) =>
		house.sandbox.faults.add({ vendor: 'moysklad', status: 200, body });
	play({ rows: [{ id: '672559f1-cbf3-11e1-9eb9-889ffa6f2222', name: 'Retail' }] });
	const { json } = await house.good(read);
	expect(json.map(({ name }) => name)).toEqual(['Retail']);
	play({ name: 'no list' });
	const { error } = await house.bad(read);
	expect(error.message).toContain('the answer is not what this operation returns');
});

test('characteristics: made, listed, read', async () => {
	const resource = 'characteristic';
	const { json } = await house.good({ resource, operation: 'create', name: 'Fabric' });
	const all = await house.good({ resource, operation: 'getAll', returnAll: true });
	expect(all.json.map(({ name }) => name)).toEqual(['Colour', 'Size', 'Fabric']);
	const one = await house.good({
		resource,
		operation: 'get',
		characteristicId: locator(json[0].id),
	});
	expect(one.json[0].name).toBe('Fabric');
});

test('a custom list and its entries, from the beginning to the end', async () => {
	const resource = 'customentity';
	const made = await house.good({ resource, operation: 'create', name: 'Colours' });
	const { id } = made.json[0];
	const customentityId = locator(id);
	await house.good({ resource, operation: 'update', customentityId, name: 'Paints' });
	const lists = await house.good({ resource, operation: 'getAll', returnAll: true });
	expect(lists.json.map(({ name }) => name)).toEqual(['Сезон', 'Paints']);
	const got = await house.good({ resource, operation: 'get', customentityId });
	expect(got.json[0]).toMatchObject({ id, name: 'Paints' });

	const of = { resource: 'customListEntry', customentityId };
	const entry = await house.good({
		...of,
		operation: 'create',
		...fields({ name: 'Red', code: '1' }),
	});
	const customListEntryId = locator(entry.json[0].id);
	expect(entry.requests[0].body).toEqual({ name: 'Red', code: '1' });
	await house.good({
		...of,
		operation: 'update',
		customListEntryId,
		...fields({ name: 'Dark red' }),
	});
	const one = await house.good({ ...of, operation: 'get', customListEntryId });
	expect(one.json[0]).toMatchObject({ name: 'Dark red', code: '1' });
	const entries = await house.good({ ...of, operation: 'getAll', returnAll: true });
	expect(entries.json).toHaveLength(1);
	// Their list has no paging (OpenAPI); a search is documented.
	expect(entries.requests[0].query).toEqual({});
	const found = await house.good({ ...of, operation: 'getAll', returnAll: true, search: 'red' });
	expect(found.requests[0].query).toEqual({ search: 'red' });
	const listed = await house.search('searchCustomListEntries', {
		parameters: { ...of, operation: 'get' },
	});
	expect(listed.requests[0].query).toEqual({});
	expect(listed.results).toHaveLength(1);
	await house.good({ ...of, operation: 'delete', customListEntryId });
	expect((await house.good({ ...of, operation: 'getAll' })).json).toEqual([]);
	await house.good({ resource, operation: 'delete', customentityId });
	const left = await house.good({ resource, operation: 'getAll', returnAll: true });
	expect(left.json.map(({ name }) => name)).toEqual(['Сезон']);
});

test('saved filters of a list', async () => {
	const of = { resource: 'namedfilter', filteredType: 'contract' };
	const all = await house.good({ ...of, operation: 'getAll', returnAll: true });
	expect(all.json.map(({ name }) => name)).toEqual(['Архивные договоры', 'Commented']);
	const one = await house.good({
		...of,
		operation: 'get',
		namedfilterId: locator(all.json[1].id),
	});
	expect(one.json[0].name).toBe('Commented');
});

test('access of an employee: read, changed, given, taken', async () => {
	const id = String(house.state.dictionary('employee').all()[1].id);
	const of = { resource: 'employeeAccess', employeeId: locator(id) };
	const got = await house.good({ ...of, operation: 'get' });
	expect(got.json[0]).toMatchObject({ login: 'second@sandbox', isActive: true });
	const changed = await house.good({
		...of,
		operation: 'update',
		...fields({ role: 'cashier' }),
	});
	const href = `${house.state.world.base}/entity/role/cashier`;
	expect(changed.requests[0].body).toMatchObject({ role: { meta: { href } } });
	const done = await house.good({ ...of, operation: 'deactivate' });
	expect(done.json).toEqual([{ success: true, id }]);
	const given = await house.good({
		...of,
		operation: 'activate',
		login: 'second@sandbox',
		...fields({ role: 'admin' }),
	});
	expect(given.json).toEqual([{ mailActivationRequired: true }]);
	await house.good({ ...of, operation: 'resetpassword' });
	const role = await house.good({
		resource: 'role',
		operation: 'getSystem',
		systemRole: 'cashier',
	});
	expect(role.json[0].name).toBe('cashier');
});

test('the history of an object', async () => {
	const [change] = [house.state.change('product', 'UPDATE', house.state.rows.id(0), ['name'])];
	const { json, requests } = await house.good({
		resource: 'objectHistory',
		operation: 'getAll',
		auditedType: 'product',
		auditedId: locator(change.id),
	});
	expect(paths(requests)).toEqual([`GET /entity/product/${change.id}/audit`]);
	expect(json[0]).toMatchObject({ entityType: 'product' });
});

describe('prices', () => {
	const update = (more: IDataObject) => ({
		resource: 'price',
		operation: 'update',
		findBy: 'code',
		key: '={{ $json.code }}',
		salePrices: {
			row: [
				{
					priceType: { __rl: true, mode: 'words', value: 'Wholesale' },
					value: '={{ $json.price }}',
				},
			],
		},
		options: { money: 'roubles' },
		...more,
	});
	const codeAt = (row: number) => String(house.state.rows.entity(row).code);

	test('of many goods in one request, the others stay', async () => {
		const { json, requests } = await house.good(update({}), {
			items: [0, 1, 2].map((row) => ({ json: { code: codeAt(row), price: 10.5 + row } })),
		});
		const writes = requests.filter(({ method }) => method === 'POST');
		expect(paths(writes)).toEqual(['POST /entity/product']);
		const type = house.state.world.id('pricetype', 1);
		expect(writes[0].body).toMatchObject(
			[0, 1, 2].map((row) => ({
				meta: { href: `${house.state.world.base}/entity/product/${house.state.rows.id(row)}` },
				salePrices: [
					{
						value: 1050 + 100 * row,
						priceType: {
							meta: { href: expect.stringContaining(type) as string },
						},
					},
				],
			})),
		);
		expect(requests.filter(({ method }) => method === 'GET').length).toBeLessThanOrEqual(2);
		expect(json).toHaveLength(3);
		const prices = house.state.rows.entity(0).salePrices as IDataObject[];
		expect(prices).toHaveLength(2);
	});

	test('only what changed is sent; what is the same comes back all the same', async () => {
		const items = [0, 1].map((row) => ({
			json: { code: codeAt(row), price: row === 0 ? 10.5 : 99 },
		}));
		const { json, requests } = await house.good(
			update({ options: { money: 'roubles', onlyChanged: true } }),
			{ items },
		);
		const writes = requests.filter(({ method }) => method === 'POST');
		expect(writes).toHaveLength(1);
		expect(writes[0].body).toHaveLength(1);
		expect(json.map(({ code }) => code)).toEqual(items.map((item) => item.json.code));
	});

	test('unknown and doubled keys are named, the others go on', async () => {
		const { json } = await house.good(update({}), {
			items: [{ json: { code: 'nothing', price: 1 } }, { json: { code: codeAt(0), price: 12 } }],
			onError: 'continueRegularOutput',
		});
		expect(json[0].error).toContain("'Value' is 'nothing', and there is no product with this Code");
		expect(json[1].code).toBe(codeAt(0));
	});

	test('an ID needs no look-up', async () => {
		const { requests } = await house.good(
			update({
				findBy: 'id',
				key: house.state.rows.id(3),
				salePrices: {},
				additionalFields: { minPrice: 5 },
			}),
		);
		expect(paths(requests)).toEqual(['POST /entity/product']);
		expect(requests[0].body).toMatchObject([{ minPrice: { value: 500 } }]);
	});

	test('without a price nothing is sent', async () => {
		const error = await house.refused(update({ salePrices: {}, key: NOBODY }));
		expect(error.message).toContain("'Sale Prices' are empty");
	});
});

describe('notifications', () => {
	const of = { resource: 'notification' };
	const ids = async () =>
		(await house.good({ ...of, operation: 'getAll', returnAll: true })).json.map(({ id }) => id);

	test('are listed, read, marked and deleted', async () => {
		const all = await house.good({ ...of, operation: 'getAll', returnAll: true });
		expect(paths(all.requests)).toEqual(['GET /notification']);
		expect(all.requests[0].query).toEqual({ limit: '1000', offset: '0' });
		expect(all.json.map(({ type, read }) => [type, read])).toEqual([
			['NotificationGoodCountTooLow', false],
			['NotificationImportCompleted', false],
			['NotificationTaskChanged', false],
		]);
		const [first, second] = all.json.map(({ id }) => String(id));
		const marked = await house.good({ ...of, operation: 'markAsRead', entryId: locator(first) });
		expect(paths(marked.requests)).toEqual([`PUT /notification/${first}/markasread`]);
		expect(marked.json).toEqual([{ success: true, id: first }]);
		const got = await house.good(
			{ ...of, operation: 'get', entryId: locator('={{ $json.id }}') },
			{ items: [{ json: { id: first } }, { json: { id: second } }] },
		);
		expect(got.json.map(({ read }) => read)).toEqual([true, false]);
		const allRead = await house.good({ ...of, operation: 'markAllAsRead' });
		expect(paths(allRead.requests)).toEqual(['PUT /notification/markasreadall']);
		const after = await house.good({ ...of, operation: 'get', entryId: locator(second) });
		expect(after.json[0].read).toBe(true);
		await house.good({ ...of, operation: 'delete', entryId: locator(second) });
		expect(await ids()).not.toContain(second);
		const gone = await house.bad({ ...of, operation: 'get', entryId: locator(second) });
		expect(gone.error.message).toContain('1021');
	});

	test('their settings: only the given groups and channels change', async () => {
		const resource = 'notificationSettings';
		const task = { channelsEnabled: { email: false } };
		const { requests, json } = await house.good({
			resource,
			operation: 'update',
			...fields({ task: JSON.stringify(task) }),
		});
		expect(paths(requests)).toEqual(['PUT /notification/settings']);
		expect(requests[0].body).toEqual({ task });
		expect(json[0]).toMatchObject({
			task: { enabled: true, channelsEnabled: { email: false, push: true } },
			stock: { channelsEnabled: { email: true } },
		});
		const got = await house.good({ resource, operation: 'get' });
		expect(got.json).toEqual(json);
		const error = await house.refused({
			resource,
			operation: 'update',
			...fields({ task: 'off' }),
		});
		expect(error.message).toContain("'Task'");
	});
});

test('history of the account: changes by time and kind, their events, what can be filtered', async () => {
	await house.good({ resource: 'customentity', operation: 'create', name: 'For the history' });
	const resource = 'accountHistory';
	const filtered = await house.good({
		resource,
		operation: 'getAll',
		returnAll: true,
		momentFrom: '2020-01-01T00:00:00Z',
		momentTo: '2040-01-01T00:00:00Z',
		filters: { eventType: 'create', source: 'jsonapi', changedType: 'product', uid: 'a@b' },
	});
	expect(paths(filtered.requests)).toEqual(['GET /audit']);
	expect(filtered.requests.map(({ query }) => [query.filter, query.limit])).toEqual([
		[
			'moment>=2020-01-01 03:00:00.000;moment<=2040-01-01 03:00:00.000;eventType=create;entityType=product;source=jsonapi;uid=a@b',
			'100',
		],
	]);
	const { id } = house.state.dictionary('project').all()[0];
	await house.good({
		resource: 'project',
		operation: 'update',
		projectId: locator(id),
		...fields({ description: 'A change' }),
	});
	const all = await house.good({ resource, operation: 'getAll', returnAll: true });
	const [change] = all.json;
	expect(change).toMatchObject({ entityType: 'project', eventType: 'update', objectCount: 1 });
	const events = await house.good({
		resource,
		operation: 'getEvents',
		entryId: locator(change.id),
		returnAll: true,
	});
	expect(paths(events.requests)).toEqual([`GET /audit/${String(change.id)}/events`]);
	expect(events.json).toMatchObject([{ entityType: 'project', entityId: id }]);
	const known = await house.good({ resource, operation: 'getFilters' });
	expect(paths(known.requests)).toEqual(['GET /audit/metadata/filters']);
	expect(known.json[0].source).toContain('jsonapi');
	const { output } = account.find(
		(one) => one.resource === resource && one.operation === 'getFilters',
	) as Operation;
	expect(Object.keys(output).sort()).toEqual(Object.keys(known.json[0]).sort());
	const found = await house.search('searchAccountEntries', {
		parameters: { resource, operation: 'getEvents' },
	});
	expect(found.results.map(({ value }) => value)).toContain(change.id);
});

test('asynchronous tasks: listed by state, read, cancelled', async () => {
	const resource = 'asyncTask';
	await house.good({
		resource: 'assortment',
		operation: 'getAll',
		returnAll: true,
		options: { asyncExport: true },
	});
	const done = await house.good({
		resource,
		operation: 'getAll',
		returnAll: true,
		filters: { taskState: 'DONE' },
	});
	expect(done.requests.at(-1)?.query.filter).toBe('state=DONE');
	const [task] = done.json;
	expect(task.state).toBe('DONE');
	const one = await house.good({ resource, operation: 'get', entryId: locator(task.id) });
	expect(one.json).toEqual([task]);
	const cancel = (id: unknown) => ({ resource, operation: 'cancel', entryId: locator(id) });
	const over = await house.bad(cancel(task.id));
	expect(over.error.message).toContain('61007');

	const tasks = house.state.asyncTasks;
	const { ms } = tasks;
	tasks.ms = 600_000;
	const waiting = tasks.start(
		'https://api.moysklad.ru/api/remap/1.2/entity/assortment?async=true',
		{},
		() => 'waiting',
		() => ['{}'],
	);
	tasks.ms = ms;
	const { requests, json } = await house.good(cancel(waiting.id));
	expect(paths(requests)).toEqual([`PUT /async/${waiting.id}/cancel`]);
	expect(json).toEqual([{ success: true, id: waiting.id }]);
	expect(waiting.state).toBe('CANCEL');
});

test('solutions: one by its ID; the current one wants the token of a solution', async () => {
	const resource = 'solution';
	const solutionId = 'b58a6312-f958-11e9-ac12-000a00000020';
	const { requests, json } = await house.good({ resource, operation: 'get', solutionId });
	expect(paths(requests)).toEqual([`GET /entity/application/${solutionId}`]);
	expect(json[0].id).toBe(solutionId);
	const bad = await house.bad({ resource, operation: 'get', solutionId: 'mine' });
	expect(bad.error.message).toContain("'Solution ID' is 'mine'");
	expect(bad.requests).toEqual([]);
	const { error } = await house.bad({ resource, operation: 'getCurrent' });
	expect(error.message).toContain('55005');
});

describe('price types as a whole', () => {
	const replace = (priceTypes: unknown) => ({
		resource: 'pricetype',
		operation: 'replaceAll',
		priceTypes: JSON.stringify(priceTypes),
	});

	test('with an ID one stays, without it is new', async () => {
		const all = await house.good({ resource: 'pricetype', operation: 'getAll', returnAll: true });
		const [main, other] = all.json;
		const list = [{ id: other.id }, { id: main.id, name: 'Retail' }, { name: 'Club' }];
		const { requests, json } = await house.good(replace(list));
		expect(paths(requests)).toEqual(['POST /context/companysettings/pricetype']);
		const meta = (id: unknown) => ({
			href: `${house.state.world.base}/context/companysettings/pricetype/${String(id)}`,
			type: 'pricetype',
			mediaType: 'application/json',
		});
		expect(requests[0].body).toEqual([
			{ meta: meta(other.id) },
			{ meta: meta(main.id), name: 'Retail' },
			{ name: 'Club' },
		]);
		expect(json.map(({ name }) => name)).toEqual(['Wholesale', 'Retail', 'Club']);
	});

	test.each([
		[[], 'are no list with entries'],
		[{ name: 'One' }, 'are no list with entries'],
		[Array.from({ length: 101 }, (_unused, n) => ({ name: `P${n}` })), 'are 101'],
		[[{ id: 'x' }], "'Price Types 1' has the ID 'x'"],
		[[{ name: 'A' }, {}], "'Price Types 2' has no name"],
		[[{ name: 'A' }, { name: 'A' }], "'Price Types 2' is called 'A'"],
	])('a list that must fail is not sent', async (given, message) => {
		const { error, requests } = await house.bad(replace(given));
		expect(error.message).toContain(message);
		expect(requests).toEqual([]);
	});
});
