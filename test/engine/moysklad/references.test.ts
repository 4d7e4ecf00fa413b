/** References by what people have: names, codes, phones, e-mails, INNs – in every place of a write. */
import type { IDataObject } from 'n8n-workflow';

import { idAt, metaOf, plainProducts } from './samples';
import { automatic, byHand, House, inJson, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
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
