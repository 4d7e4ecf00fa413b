/** References by what people have: names, codes, phones, e-mails, INNs – in every place of a write. */
import type { IDataObject } from 'n8n-workflow';

import { searchOf } from '../../../nodes/MoySklad/entities';
import { facts } from '../../../nodes/MoySklad/facts';
import { idAt, metaOf, plainProducts } from './samples';
import { automatic, byHand, DOCUMENTS, House, inJson, paths, speedUp } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());

const lookUps = (requests: Array<{ method: string; path: string }>) =>
	requests.filter(({ method }) => method === 'GET');
const lastBody = (requests: Array<{ body?: unknown }>) =>
	requests[requests.length - 1].body as IDataObject;
const object = (keyword: string, index = 0) => house.state.dictionary(keyword).all()[index];
const name = (keyword: string, index = 0) => String(object(keyword, index).name);

const transaction = { resource: 'bonusTransaction', operation: 'create', simplify: false };

describe('a bonus transaction', () => {
	const given = (agent: unknown): IDataObject => ({
		agent: agent as string,
		bonusProgram: name('bonusprogram'),
		transactionType: 'EARNING',
		bonusValue: 10,
	});

	test.each([
		['by hand', (fields: IDataObject) => byHand(fields)],
		['automatically', () => automatic()],
		['in JSON', (fields: IDataObject) => inJson(JSON.stringify(fields))],
	])('names its counterparty and program, %s', async (_way, form) => {
		for (const key of ['name', 'code', 'externalCode', 'phone', 'email', 'inn']) {
			const fields = given(object('counterparty', 3)[key]);
			const { requests } = await house.good(
				{ ...transaction, ...form(fields) },
				{ items: [fields] },
			);
			expect(lastBody(requests)).toMatchObject({
				agent: metaOf(house, 'counterparty', idAt(house, 'counterparty', 3)),
				bonusProgram: metaOf(house, 'bonusprogram', idAt(house, 'bonusprogram')),
			});
		}
	});

	test('of 200 items are looked up in a handful of requests', async () => {
		const items = Array.from({ length: 200 }, (_, index) => given(name('counterparty', index)));
		const wanted = items.filter((_, index) => object('counterparty', index).archived !== true);
		const { json, requests } = await house.good(
			{ ...transaction, ...byHand('={{ $json }}') },
			{ items: wanted },
		);
		expect(json).toHaveLength(wanted.length);
		const ids = json.map(({ agent }) => (agent as { meta: { href: string } }).meta.href.slice(-36));
		const expected = house.state
			.dictionary('counterparty')
			.all()
			.slice(0, 200)
			.filter(({ archived }) => archived !== true)
			.map(({ id }) => id);
		expect(ids).toEqual(expected);
		// name, code and external code, two shares each, and the list of programs.
		expect(lookUps(requests).length).toBeLessThanOrEqual(7);
		expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	test('costs no look-up by ID, link or object', async () => {
		const id = idAt(house, 'counterparty');
		const program = idAt(house, 'bonusprogram');
		for (const agent of [
			id,
			`https://online.moysklad.ru/app/#company/edit?id=${id}`,
			metaOf(house, 'counterparty', id),
			{ id, name: 'x' },
		]) {
			const fields = { ...given(agent), bonusProgram: program };
			const { requests } = await house.good({ ...transaction, ...inJson(fields) });
			expect(paths(requests)).toEqual(['POST /entity/bonustransaction']);
		}
	});

	test('names the field, the item and the candidates when it cannot tell; nothing is written', async () => {
		const { counterparty } = { counterparty: house.state.dictionary('counterparty') };
		const twins = [900, 901].map((index) => counterparty.all()[index]);
		for (const twin of twins) counterparty.change(twin, { name: 'Иванов', archived: false });
		for (const [agent, message, hint] of [
			['Иванов', `fits 2 objects: 'Иванов', code ${String(twins[0].code)}`, 'Give the ID'],
			['Nobody & Sons', 'there is no counterparty with this name, code, external code', 'Archived'],
		]) {
			const items = [given(name('counterparty', 5)), given(agent)];
			const { error, requests } = await house.bad(
				{ ...transaction, ...byHand('={{ $json }}') },
				{ items },
			);
			expect(error.message).toContain(`'Counterparty' is '${agent}'`);
			expect(error.message).toContain(message);
			expect(error.message).toContain('[item 1]');
			expect(error.description).toContain(hint);
			expect(requests.filter(({ method }) => method === 'POST')).toEqual([]);
		}
	});
});

test('a contract takes names of its parties, status, owner, department, currency and account', async () => {
	const contract = object('contract');
	const accountId = (contract.organizationAccount as { meta: { href: string } }).meta.href.slice(
		-36,
	);
	const ownId = (contract.ownAgent as { meta: { href: string } }).meta.href.slice(-36);
	const own = house.state.dictionary('organization').find(ownId) as IDataObject;
	const [state] = house.state.states.list('contract');
	const { requests } = await house.good({
		resource: 'contract',
		operation: 'create',
		...byHand({
			ownAgent: own.inn,
			agent: name('organization', 1),
			state: state.name as string,
			owner: 'second@sandbox',
			group: name('group'),
			rate: { currency: String(object('currency', 1).isoCode), value: 92 },
			organizationAccount: accountId,
		}),
	});
	expect(lastBody(requests)).toEqual({
		ownAgent: metaOf(house, 'organization', ownId),
		agent: metaOf(house, 'organization', idAt(house, 'organization', 1)),
		state: metaOf(house, 'state', String(state.id), '/entity/contract/metadata/states'),
		owner: metaOf(house, 'employee', idAt(house, 'employee', 1)),
		group: metaOf(house, 'group', idAt(house, 'group')),
		rate: { currency: metaOf(house, 'currency', idAt(house, 'currency', 1)), value: 92 },
		organizationAccount: metaOf(
			house,
			'account',
			accountId,
			`/entity/organization/${ownId}/accounts`,
		),
	});
});

test('a bundle takes names of components, price types, currencies, folders and attributes', async () => {
	const [first, second] = plainProducts(house, 2).map((id) => {
		const row = house.state.rows.find('product', id) as number;
		return { id, ...house.state.rows.entity(row) } as IDataObject;
	});
	const { requests } = await house.good({
		resource: 'bundle',
		operation: 'create',
		options: { money: 'roubles' },
		...byHand({
			name: 'Gift',
			components: [
				{ assortment: first.code, quantity: 2 },
				{ assortment: second.article, quantity: 1 },
			] as unknown as string,
			salePrices: [
				{ value: 15.5, priceType: 'Wholesale', currency: String(object('currency', 1).isoCode) },
			] as unknown as string,
			uom: 'шт',
			country: object('country').code as string,
			'attribute:Производитель': name('counterparty', 7),
		}),
	});
	expect(lastBody(requests)).toMatchObject({
		components: [
			{ assortment: metaOf(house, 'product', String(first.id)), quantity: 2 },
			{ assortment: metaOf(house, 'product', String(second.id)), quantity: 1 },
		],
		salePrices: [
			{
				value: 1550,
				priceType: metaOf(
					house,
					'pricetype',
					house.state.world.id('pricetype', 1),
					'/context/companysettings/pricetype',
				),
				currency: metaOf(house, 'currency', idAt(house, 'currency', 1)),
			},
		],
		uom: metaOf(house, 'uom', idAt(house, 'uom')),
		country: metaOf(house, 'country', idAt(house, 'country')),
	});
	const [attribute] = lastBody(requests).attributes as IDataObject[];
	expect(attribute.value).toEqual(metaOf(house, 'counterparty', idAt(house, 'counterparty', 7)));
});

test('one product by two of its keys is one component too many', async () => {
	const [id] = plainProducts(house, 1);
	const product = house.state.rows.entity(house.state.rows.find('product', id) as number);
	const { error, requests } = await house.bad({
		resource: 'bundle',
		operation: 'create',
		...byHand({
			name: 'Twice',
			components: [
				{ assortment: product.code, quantity: 2 },
				{ assortment: id, quantity: 1 },
			] as unknown as string,
		}),
	});
	expect(error.message).toContain("'Components' name");
	expect(error.message).toContain('twice');
	expect(requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

describe('a condition', () => {
	const contracts = { resource: 'contract', operation: 'getAll', returnAll: true };
	const condition = (row: IDataObject) => ({ conditions: { condition: [row] } });
	const filterOf = (requests: Array<{ query: IDataObject }>) =>
		String(requests[requests.length - 1].query.filter).split(';');
	const href = (keyword: string, id: unknown) =>
		`${house.state.world.base}/entity/${keyword}/${String(id)}`;
	const agentOf = (contract: object) =>
		(contract as { agent: { meta: { href: string } } }).agent.meta.href;
	/** A counterparty that has contracts. */
	const agent = () => {
		const [contract] = house.state.dictionary('contract').all();
		const id = agentOf(contract).slice(-36);
		return house.state.dictionary('counterparty').find(id) as IDataObject;
	};

	test.each(['name', 'code', 'externalCode', 'phone', 'email', 'inn'])(
		'names a counterparty by its %s',
		async (key) => {
			const counterparty = agent();
			const { json, requests } = await house.good({
				...contracts,
				output: 'raw',
				...condition({ field: 'agent', valueCounterparty: counterparty[key] as string }),
			});
			expect(filterOf(requests)).toEqual([`agent=${href('counterparty', counterparty.id)}`]);
			expect(json.length).toBeGreaterThan(0);
			for (const row of json) expect(agentOf(row)).toContain(String(counterparty.id));
		},
	);

	test('takes names line by line, with commas and blanks of their own, beside IDs', async () => {
		const counterparties = house.state.dictionary('counterparty');
		const [one, other] = [910, 911].map((index) => counterparties.all()[index]);
		counterparties.change(one, { name: 'Ромашка, ООО (Москва)', archived: false });
		const ids = [idAt(house, 'counterparty', 1), idAt(house, 'counterparty', 2)];
		counterparties.change(other, { name: 'Ex; Ltd', archived: false });
		const { requests } = await house.good({
			...contracts,
			...condition({
				field: 'agent',
				valueCounterparty: `Ромашка, ООО (Москва)\nEx; Ltd\n${ids.join(', ')}`,
			}),
		});
		expect(filterOf(requests).sort()).toEqual(
			[one.id, other.id, ...ids].map((id) => `agent=${href('counterparty', id)}`).sort(),
		);
	});

	test('finds an organization among the agents, a status by its name, a department', async () => {
		const [state] = house.state.states.list('contract');
		for (const [row, wanted] of [
			[
				{ field: 'agent', valueCounterparty: name('organization', 1) },
				`agent=${href('organization', idAt(house, 'organization', 1))}`,
			],
			[
				{ field: 'state', valueState: state.name },
				`state=${href('contract/metadata/states', state.id)}`,
			],
			// As rows were saved when a status was typed.
			[
				{ field: 'state', valueReference: state.id },
				`state=${href('contract/metadata/states', state.id)}`,
			],
			[
				{ field: 'group', valueGroup: name('group') },
				`group=${href('group', idAt(house, 'group'))}`,
			],
		] as Array<[IDataObject, string]>) {
			const { requests } = await house.good({ ...contracts, ...condition(row) });
			expect(filterOf(requests)).toEqual([wanted]);
		}
	});

	test.each([
		['counterparty', () => name('counterparty', 7), () => idAt(house, 'counterparty', 7)],
		[
			'customentity',
			() => String(house.state.customDictionaries.elements()[1].name),
			() => String(house.state.customDictionaries.elements()[1].id),
		],
		[
			'customentity',
			() => String(house.state.customDictionaries.elements()[2].code),
			() => String(house.state.customDictionaries.elements()[2].id),
		],
	])('on a custom attribute of the type %s names its object', async (type, given, id) => {
		const attribute = house.state.attributes
			.list('product')
			.find((one) => one.type === type) as unknown as IDataObject;
		const row = { attribute: attribute.name, operator: 'equals', value: given() } as IDataObject;
		const { requests } = await house.good({
			resource: 'assortment',
			operation: 'getAll',
			filters: { attributeConditions: { row: [row] } },
		});
		const [condition] = filterOf(requests);
		expect(condition.split('=')[0]).toBe(href('product/metadata/attributes', attribute.id));
		expect(condition.split('/').pop()).toBe(id());
	});

	test('of many items is looked up for all of them together', async () => {
		const items = [3, 4, 5].map((index) => ({ agent: name('counterparty', index) }));
		const { requests } = await house.good(
			{
				...contracts,
				...condition({ field: 'agent', valueCounterparty: '={{ $json.agent }}' }),
			},
			{ items },
		);
		const asked = paths(requests).filter((path) => !path.endsWith('/entity/contract'));
		expect(asked.length).toBeLessThanOrEqual(4);
		expect(paths(requests).length - asked.length).toBe(3);
	});

	test('costs no look-up by link or object', async () => {
		const id = idAt(house, 'counterparty');
		for (const value of [href('counterparty', id), metaOf(house, 'counterparty', id)]) {
			const { requests } = await house.good({
				...contracts,
				...condition({ field: 'agent', valueCounterparty: value as string }),
			});
			expect(paths(requests)).toEqual(['GET /entity/contract']);
		}
	});

	test('that names none or several lists nothing, and says which there are', async () => {
		const counterparties = house.state.dictionary('counterparty');
		const twins = [920, 921].map((index) => counterparties.all()[index]);
		for (const twin of twins) counterparties.change(twin, { name: 'Петров', archived: false });
		for (const [value, message] of [
			['Петров', `fits 2 objects: 'Петров', code ${String(twins[0].code)}`],
			['Nobody & Sons', 'there is no counterparty or legal entity with this name'],
		]) {
			const { error, requests } = await house.bad({
				...contracts,
				...condition({ field: 'agent', valueCounterparty: value }),
			});
			expect(error.message).toContain(`'Counterparty' is '${value}'`);
			expect(error.message).toContain(message);
			expect(paths(requests)).not.toContain('GET /entity/contract');
		}
	});
});

describe('an ID alone, where a counterparty may be an organization', () => {
	const filter = (id: string) => ({
		resource: 'contract',
		operation: 'getAll',
		conditions: { condition: [{ field: 'agent', valueCounterparty: id }] },
	});

	test('is looked for in both lists: archived ones, too, in any case of its letters', async () => {
		const counterparty = idAt(house, 'counterparty', 930);
		const organization = idAt(house, 'organization', 1);
		const counterparties = house.state.dictionary('counterparty');
		counterparties.change(counterparties.all()[930], { archived: true });
		for (const [id, type, lists] of [
			[counterparty, 'counterparty', ['counterparty']],
			[organization, 'organization', ['counterparty', 'organization']],
			[organization.toUpperCase(), 'organization', ['counterparty', 'organization']],
		] as Array<[string, string, string[]]>) {
			const { requests } = await house.good(filter(id));
			expect(paths(requests)).toEqual([...lists, 'contract'].map((one) => `GET /entity/${one}`));
			expect(requests[requests.length - 1].query.filter).toBe(
				`agent=${house.state.world.base}/entity/${type}/${id}`,
			);
		}
	});

	test('that is in none lists nothing and writes nothing, and names the field and the item', async () => {
		const nobody = '00000000-0000-0000-0000-000000000001';
		const { error, requests } = await house.bad(filter(nobody));
		expect(error.message).toContain(
			`'Counterparty' is '${nobody}', and there is no counterparty or legal entity with this ID`,
		);
		expect(paths(requests)).not.toContain('GET /entity/contract');
		const items = [idAt(house, 'counterparty', 1), nobody].map((agent) => ({
			agent,
			ownAgent: idAt(house, 'organization'),
		}));
		const write = await house.bad(
			{ resource: 'contract', operation: 'create', ...byHand('={{ $json }}') },
			{ items },
		);
		expect(write.error.message).toContain(`'Counterparty' is '${nobody}'`);
		expect(write.error.message).toContain('[item 1]');
		expect(write.requests.filter(({ method }) => method === 'POST')).toEqual([]);
	});

	test('of many documents are told apart in two requests', async () => {
		const agents = [
			...[1, 2, 3].map((index) =>
				metaOf(house, 'counterparty', idAt(house, 'counterparty', index)),
			),
			...[0, 1].map((index) => metaOf(house, 'organization', idAt(house, 'organization', index))),
		] as Array<{ meta: { href: string } }>;
		const { requests } = await house.good(
			{
				resource: 'customerorder',
				operation: 'create',
				...byHand('={{ $json }}'),
			},
			{
				type: DOCUMENTS,
				items: agents.map(({ meta }) => ({
					agent: meta.href.slice(-36),
					organization: idAt(house, 'organization'),
				})),
			},
		);
		expect(paths(requests)).toEqual([
			'GET /entity/counterparty',
			'GET /entity/organization',
			'POST /entity/customerorder',
		]);
		const written = (requests[2].body as unknown as IDataObject[]).map(({ agent }) => agent);
		expect(written).toEqual(agents);
	});
});

describe('lists of several types', () => {
	test('show counterparties and organizations, with links that conditions understand', async () => {
		const both = await house.search('searchCounterpartyOrOrganization', {
			filter: name('organization', 1),
		});
		expect(both.results).toContainEqual({
			name: expect.stringMatching(/ \(legal entity\)$/) as string,
			value: `${house.state.world.base}/entity/organization/${idAt(house, 'organization', 1)}`,
		});
		const first = await house.search('searchCounterpartyOrOrganization');
		expect(paths(first.requests)).toEqual(['GET /entity/counterparty']);
		const { requests } = await house.good({
			resource: 'contract',
			operation: 'getAll',
			conditions: {
				condition: [
					{
						field: 'agent',
						valueCounterparty: { __rl: true, mode: 'list', value: both.results[0].value as string },
					},
				],
			},
		});
		expect(paths(requests)).toEqual(['GET /entity/contract']);
	});

	test("a task's document is picked from those of all types, and is compared by its link", async () => {
		for (const type of ['demand', 'customerorder']) {
			const [document] = house.state.dictionary(type).all();
			const { results } = await house.search('searchAnyDocument', {
				filter: String(document.name),
			});
			const value = `${house.state.world.base}/entity/${type}/${String(document.id)}`;
			if (type === 'customerorder') {
				expect(results).toContainEqual({
					name: expect.stringContaining(`Sales Order ${String(document.name)}`) as string,
					value,
				});
			}
			for (const valueOperation of [{ __rl: true, mode: 'list', value }, value]) {
				const { requests } = await house.good({
					resource: 'task',
					operation: 'getAll',
					conditions: { condition: [{ field: 'operation', valueOperation }] },
				} as IDataObject);
				expect(requests[0].query.filter).toContain(`operation=${value}`);
			}
			// As rows were saved when it was typed.
			const saved = await house.good({
				resource: 'task',
				operation: 'getAll',
				conditions: { condition: [{ field: 'operation', valueReference: value }] },
			});
			expect(saved.requests[0].query.filter).toContain(`operation=${value}`);
		}
	});

	test('without a text documents of all types come, newest first where MoySklad can sort so', async () => {
		const types = new Set<string>();
		let paginationToken: string | undefined;
		do {
			const { requests, next } = await house.search('searchAnyDocument', { paginationToken });
			for (const { path, query } of requests) {
				const type = String(path.split('/').pop());
				types.add(type);
				const sorts = facts[type].fields.moment?.sort === true;
				expect([type, query.order]).toEqual([type, sorts ? 'moment,desc' : undefined]);
			}
			paginationToken = next;
		} while (paginationToken);
		expect(types).toContain('payroll');
		expect(types.size).toBeGreaterThan(20);
	});

	test.each(['customerorder', 'demand', 'loss', 'invoiceout', 'paymentin'])(
		'the list of %s begins with the newest: an old account has thousands',
		async (type) => {
			const { requests } = await house.search(searchOf(type));
			expect(requests.map(({ query }) => query.order)).toEqual(['moment,desc']);
			const found = await house.search(searchOf(type), { filter: '00001' });
			expect(found.requests.map(({ query }) => query.order)).toEqual([undefined]);
		},
	);

	test('a type without the right is left out; a service that is down is told', async () => {
		const { faults } = house.sandbox;
		const path = '/entity/counterparty$';
		const method = 'searchCounterpartyOrOrganization';
		const body = { errors: [{ error: 'No', code: 1016 }] };
		faults.add({ vendor: 'moysklad', path, status: 403, body });
		const { results } = await house.search(method);
		expect(results.map(({ value }) => value)).toContain(
			`${house.state.world.base}/entity/organization/${idAt(house, 'organization')}`,
		);
		const back = speedUp(30);
		try {
			faults.add({ vendor: 'moysklad', path, status: 503, times: 20 });
			await expect(house.search(method)).rejects.toThrow('the service cannot be reached now');
		} finally {
			back();
			faults.clear();
		}
	});

	test('what no list has ends the search, type after type', async () => {
		const { results, requests } = await house.search('searchAnyDocument', { filter: 'Nothing#1' });
		expect(results).toEqual([]);
		expect(new Set(paths(requests)).size).toBeGreaterThan(20);
		expect(requests.length).toBeLessThan(45);
	});
});

test('current stock is asked for by names of goods and warehouses, and sent as IDs', async () => {
	const [id] = plainProducts(house, 1);
	const product = house.state.rows.entity(house.state.rows.find('product', id) as number);
	const ask = async (rows: IDataObject[]) => {
		const { requests } = await house.good({
			resource: 'stockReport',
			operation: 'current',
			output: 'raw',
			conditions: { condition: rows },
		});
		return requests[requests.length - 1].query.filter;
	};
	const wanted = `assortmentId=${id};storeId=${idAt(house, 'store')}`;
	expect(
		await ask([
			{ field: 'assortmentId', valueAssortmentId: product.code as string },
			{ field: 'storeId', valueStoreId: name('store') },
		]),
	).toBe(wanted);
	const links = [`/entity/product/${id}`, `/entity/store/${idAt(house, 'store')}`];
	const [item, store] = links.map((path) => ({
		__rl: true,
		mode: 'list',
		value: `${house.state.world.base}${path}`,
	}));
	expect(
		await ask([
			{ field: 'assortmentId', valueAssortmentId: item as IDataObject },
			{ field: 'storeId', valueStoreId: store as IDataObject },
		]),
	).toBe(wanted);
	// As rows were saved when IDs were typed.
	expect(
		await ask([
			{ field: 'assortmentId', valueId: id },
			{ field: 'storeId', valueId: idAt(house, 'store') },
		]),
	).toBe(wanted);
});

test('the folder of the assortment goes by name and path, the warehouse by name', async () => {
	const folders = house.state.dictionary('productfolder').all();
	const inner = folders.find(({ pathName }) => pathName) as IDataObject;
	const names = folders.map((folder) => folder.name);
	const alone = folders.find(
		(folder) => names.filter((one) => one === folder.name).length === 1,
	) as IDataObject;
	const words = (value: unknown) => ({ __rl: true, mode: 'words', value }) as IDataObject;
	const base = `${house.state.world.base}/entity`;
	for (const [form, wanted] of [
		[
			{ productFolder: words(`${String(inner.pathName)}/${String(inner.name)}`) },
			`productFolder=${base}/productfolder/${String(inner.id)}`,
		],
		[
			{ productFolder: words(alone.name) },
			`productFolder=${base}/productfolder/${String(alone.id)}`,
		],
		[
			{ filters: { warehouse: words(name('store')) } },
			`stockStore=${base}/store/${idAt(house, 'store')}`,
		],
	] as Array<[IDataObject, string]>) {
		const { requests } = await house.good({ resource: 'assortment', operation: 'getAll', ...form });
		expect(String(requests[requests.length - 1].query.filter).split(';')).toContain(wanted);
	}
});
