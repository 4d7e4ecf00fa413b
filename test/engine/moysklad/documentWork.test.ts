/** What is done with documents: statuses, documents from documents, payments, chains, prints, public links, files. */
import type { IDataObject } from 'n8n-workflow';

import { BASES } from '../../../nodes/MoySklad/documents/basis';
import { facts } from '../../../nodes/MoySklad/facts';
import { idOf } from '../../../nodes/MoySklad/simplify';
import { plainProducts } from './samples';
import {
	byHand,
	DOCUMENTS,
	House,
	inJson,
	locator,
	NOBODY,
	NODE,
	paths,
	type RunSetup,
} from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const node: RunSetup = { type: DOCUMENTS };
const idAt = (keyword: string, index = 0) =>
	String(house.state.dictionary(keyword).all()[index].id);
const head = () => ({
	organization: idAt('organization'),
	agent: `${house.state.world.base}/entity/counterparty/${idAt('counterparty')}`,
});
const words = (value: unknown) => ({ __rl: true, mode: 'words', value: value as string });
const find = (keyword: string, id: unknown) => house.state.dictionary(keyword).find(String(id));
const writes = (requests: Array<{ method: string; path: string; body?: unknown }>) =>
	requests.filter(({ method }) => method !== 'GET');
const byId = (resource: string, id: unknown) => ({ [`${resource}Id`]: locator(id) });

/** A new order of two items that cost 300 roubles together. */
async function newOrder(): Promise<string> {
	const [one, two] = plainProducts(house, 2);
	const positions = [
		{ assortment: one, quantity: 2, price: 10_000 },
		{ assortment: two, quantity: 1, price: 10_000 },
	];
	const { json } = await house.good(
		{
			resource: 'customerorder',
			operation: 'create',
			...inJson({ ...head(), store: idAt('store'), positions }),
		},
		node,
	);
	return String(json[0].id);
}

describe('statuses', () => {
	const change = (status: IDataObject, resource = 'customerorder') => ({
		resource,
		operation: 'changeStatus',
		...byId(resource, '={{ $json.id }}'),
		status,
	});
	const nameOf = (id: string) => house.state.states.nameOf(find('customerorder', id)?.state);

	test('of many documents change in one request, by name', async () => {
		const ids = [0, 1, 2].map((index) => idAt('customerorder', index));
		const { requests } = await house.good(change(words('Paid')), {
			...node,
			items: ids.map((id) => ({ json: { id } })),
		});
		expect(paths(requests)).toEqual([
			'GET /entity/customerorder/metadata',
			'POST /entity/customerorder',
		]);
		expect(ids.map(nameOf)).toEqual(['Paid', 'Paid', 'Paid']);
	});

	test('are names on request, like counterparty and warehouse; a whole object is not asked for again', async () => {
		const id = await newOrder();
		await house.good(change(words('Отгружен')), { ...node, items: [{ json: { id } }] });
		const get = { resource: 'customerorder', operation: 'get', ...byId('customerorder', id) };
		const { json, requests } = await house.good({ ...get, options: { lookUpNames: true } }, node);
		expect(json[0].stateName).toBe('Отгружен');
		expect(json[0].storeName).toBe(house.state.dictionary('store').all()[0].name);
		for (const name of [json[0].agentName, json[0].organizationName]) {
			expect(name).toMatch(/\p{L}{3}/u);
		}
		expect(paths(requests).sort()).toEqual(
			[
				'GET /entity/counterparty',
				`GET /entity/customerorder/${id}`,
				'GET /entity/customerorder/metadata',
				'GET /entity/organization',
				'GET /entity/store',
			].sort(),
		);
		const picked = await house.good(
			{
				...get,
				output: 'selectedFields',
				outputFields: ['agentId', 'agentName'],
				options: { lookUpNames: true },
			},
			node,
		);
		const agent = find('customerorder', id)?.agent as IDataObject;
		expect(picked.json).toEqual([{ id, agentId: idOf(agent), agentName: json[0].agentName }]);
		const options = { lookUpNames: true, expand: ['agent'] };
		const expanded = await house.good({ ...get, options }, node);
		expect(expanded.json).toEqual(json);
		expect(paths(expanded.requests)).not.toContain('GET /entity/counterparty');
	});

	test('an unknown one is told with those that there are; one of another type is refused', async () => {
		const id = idAt('customerorder');
		const items = [{ json: { id } }];
		const unknown = await house.bad(change(words('Nobody')), { ...node, items });
		expect(unknown.error.message).toContain("'New Status' is 'Nobody', which is no status");
		expect(unknown.error.description).toContain("'Новый', 'Paid', 'Отгружен', 'Cancelled'");
		const [other] = house.state.states.list('demand');
		const link = (other.meta as { href: string }).href;
		const foreign = await house.bad(change(locator(link, 'list')), { ...node, items });
		expect(foreign.error.message).toContain('which is not the link of');
		expect(foreign.error.description).toContain('It is a status of the type Shipment');
		expect(writes([...unknown.requests, ...foreign.requests])).toEqual([]);
	});

	test('are conditions of Get Many, by name or ID', async () => {
		const [, paid] = house.state.states.list('customerorder');
		await house.good(change(words('Cancelled')), {
			...node,
			items: [{ json: { id: idAt('customerorder', 3) } }],
		});
		const list = { resource: 'customerorder', operation: 'getAll', returnAll: true };
		const { json, requests } = await house.good(
			{ ...list, statuses: [String(paid.id), 'cancelled'] },
			node,
		);
		expect(requests[requests.length - 1].query.filter).toContain(`states/${String(paid.id)}`);
		expect(json).toHaveLength(4);
		const { error } = await house.bad({ ...list, statuses: ['Nobody'] }, node);
		expect(error.description).toContain("Give one of: 'Новый'");
	});

	test('the lists of the form show those of the type', async () => {
		const { results } = await house.search('searchStatuses', {
			type: DOCUMENTS,
			parameters: { resource: 'demand', operation: 'changeStatus' },
		});
		expect(results.map(({ name }) => name)).toEqual(['Новый', 'Paid', 'Отгружен', 'Cancelled']);
	});
});

describe('documents from documents', () => {
	/** Every basis of every type. */
	const all = Object.entries(BASES).flatMap(([target, bases]) =>
		bases.map((basis): [string, string, string] => [target, basis.type, basis.field]),
	);

	test('they are all that the docs have templates of', () => {
		const sold = ['customerorder', 'demand', 'invoiceout', 'purchasereturn', 'commissionreportin'];
		const bought = ['purchaseorder', 'supply', 'invoicein', 'salesreturn', 'commissionreportout'];
		// The docs' page on templates of documents, and the pages of the types.
		const known: Record<string, string[]> = {
			cashin: sold,
			cashout: bought,
			demand: ['customerorder', 'invoiceout'],
			enter: ['inventory'],
			facturein: ['supply', 'paymentout'],
			factureout: ['demand', 'paymentin', 'purchasereturn'],
			invoicein: ['purchaseorder', 'supply'],
			invoiceout: ['customerorder', 'demand'],
			loss: ['salesreturn', 'inventory'],
			move: ['internalorder', 'customerorder'],
			paymentin: sold,
			paymentout: bought,
			processing: ['processingplan', 'processingorder'],
			processingorder: ['processingplan'],
			purchaseorder: ['internalorder', 'customerorder'],
			purchasereturn: ['supply'],
			retaildemand: ['retailshift', 'customerorder'],
			retaildrawercashin: ['retailshift'],
			retaildrawercashout: ['retailshift'],
			retailsalesreturn: ['retailshift', 'retaildemand'],
			salesreturn: ['demand', 'retaildemand'],
			supply: ['purchaseorder', 'invoicein'],
		};
		const pairs = Object.entries(known).flatMap(([target, types]) =>
			types.map((type) => [target, type]),
		);
		expect(pairs).toHaveLength(52);
		expect(all.map(([target, type]) => [target, type]).sort()).toEqual(pairs.sort());
	});

	test.each(all)('%s from %s', async (target, type, field) => {
		const basis = house.state.dictionary(type).all()[0];
		const needed = Object.entries(facts[target].fields)
			.filter(([, { required }]) => required)
			.map(([name, { kind, ref = [] }]) => {
				if (kind === 'positions') {
					return [name, [{ assortment: plainProducts(house, 1)[0], quantity: 1 }]];
				}
				const keyword = house.state.dictionaries.has(ref[0]) ? ref[0] : undefined;
				return [name, keyword ? idAt(keyword) : ref.length > 0 ? NOBODY : '2026-11-20T12:00:00Z'];
			});
		const given = Object.fromEntries(needed) as IDataObject;
		const { requests, json } = await house.good(
			{
				resource: target,
				operation: 'createFrom',
				basisType: type,
				basisId: locator(basis.id),
				...byHand(given),
			},
			node,
		);
		const [template, create] = writes(requests);
		expect(paths([template, create] as typeof requests)).toEqual([
			`PUT /entity/${target}/new`,
			`POST /entity/${target}`,
		]);
		const ref = { meta: expect.objectContaining({ type }) as object };
		const { many, beside } = BASES[target].find(
			(one) => one.field === field && one.type === type,
		) as (typeof BASES)[string][number];
		expect(template.body).toEqual({
			...(beside
				? { [beside]: { meta: expect.objectContaining({ type: beside.toLowerCase() }) as object } }
				: {}),
			[field]: many ? [ref] : ref,
		});
		const body = create.body as IDataObject;
		expect(body.applicable).toBe(facts[target].fields.applicable ? true : undefined);
		expect(body.meta).toBeUndefined();
		// A template shows what MoySklad alone sets, too: none of it is written.
		const { fields } = facts[target];
		const added = Object.keys(body).filter((name) => given[name] === undefined);
		expect(added.filter((name) => !fields[name] || fields[name].readOnly)).toEqual([]);
		expect(find(target, json[0].id)).toBeDefined();
	});

	test('an order is shipped and paid; its chain shows both, and what is paid', async () => {
		const order = await newOrder();
		const from = (resource: string, more: IDataObject = {}, options: IDataObject = {}) => ({
			resource,
			operation: 'createFrom',
			basisType: 'customerorder',
			basisId: locator(order),
			...byHand(more),
			options,
		});
		const shipped = await house.good(from('demand', { description: 'First' }), node);
		const demand = find('demand', shipped.json[0].id) as IDataObject;
		expect(demand).toMatchObject({ applicable: true, sum: 30_000, description: 'First' });
		const paid = await house.good(from('paymentin', { sum: 100 }, { money: 'roubles' }), node);
		expect(find('paymentin', paid.json[0].id)).toMatchObject({
			sum: 10_000,
			operations: [{ linkedSum: 10_000 }],
		});
		const { json, requests } = await house.good(
			{
				resource: 'customerorder',
				operation: 'getChain',
				...byId('customerorder', order),
				options: { money: 'roubles' },
			},
			node,
		);
		expect(json.map((row) => [row.level, row.documentType, row.sum, row.fromType])).toEqual([
			[0, 'customerorder', 300, null],
			[1, 'demand', 300, 'customerorder'],
			[1, 'paymentin', 100, 'customerorder'],
		]);
		expect(json[0].payedSum).toBe(100);
		expect(requests).toHaveLength(3);
	});

	test('a document of nothing is made, as MoySklad does, and told beside the output', async () => {
		const from = (resource: string, order: string, given: IDataObject = {}) => ({
			resource,
			operation: 'createFrom',
			basisType: 'customerorder',
			basisId: locator(order),
			...byHand(given),
		});
		const told = async (parameters: object) => {
			const { result } = await house.good(parameters, node);
			return (result.runData[NODE]?.at(-1)?.hints ?? []).map(({ message }) => message);
		};
		const order = await newOrder();
		expect(await told(from('demand', order))).toEqual([]);
		expect(await told(from('paymentin', order))).toEqual([]);
		expect(await told(from('paymentin', order))).toEqual([
			expect.stringMatching(/^A new Incoming Payment has the amount 0: .* Delete it if it is not/),
		]);
		const { json } = await house.good(
			{ resource: 'customerorder', operation: 'create', ...byHand(head()) },
			node,
		);
		expect(await told(from('demand', String(json[0].id), { store: idAt('store') }))).toEqual([
			expect.stringMatching(/^A new Shipment has no items: /),
		]);
	});

	describe('rows that are given take their price from the basis', () => {
		const [ONE, TWO] = [0, 1];
		const basis = [
			{ goods: ONE, quantity: 5, price: 990, discount: 10, vat: 20, vatEnabled: true },
			{ goods: TWO, quantity: 3, price: 450.5 },
		];
		const ofOne = { price: 99_000, discount: 10, vat: 20, vatEnabled: true };

		test.each([
			['a part of it', basis, { goods: ONE, quantity: 2 }, { quantity: 2, ...ofOne }],
			['an empty price', basis, { goods: ONE, quantity: 2, price: '' }, { quantity: 2, ...ofOne }],
			['no price', basis, { goods: ONE, quantity: 2, price: null }, { quantity: 2, ...ofOne }],
			[
				'a discount of its own',
				basis,
				{ goods: ONE, quantity: 2, discount: 0 },
				{ quantity: 2, ...ofOne, discount: 0 },
			],
			[
				'a price of its own',
				basis,
				{ goods: ONE, quantity: 1, price: 500 },
				{ quantity: 1, price: 50_000 },
			],
			['a price of 0', basis, { goods: ONE, quantity: 1, price: 0 }, { quantity: 1, price: 0 }],
			[
				'goods that the basis does not have',
				[basis[1]],
				{ goods: ONE, quantity: 1 },
				{ quantity: 1 },
			],
			[
				'goods that stand there twice, at one price',
				[basis[0], { ...basis[0], quantity: 1 }],
				{ goods: ONE, quantity: 2 },
				{ quantity: 2, ...ofOne },
			],
			[
				'goods that stand there at two prices',
				[basis[0], { ...basis[0], price: 890 }],
				{ goods: ONE, quantity: 2 },
				{ quantity: 2 },
			],
		])('%s', async (_, shipped, returned, expected) => {
			const goods = plainProducts(house, 2);
			const withGoods = ({ goods: index, ...row }: { goods: number }) => ({
				assortment: goods[index],
				...row,
			});
			const options = { money: 'roubles' };
			const { json } = await house.good(
				{
					resource: 'demand',
					operation: 'create',
					...inJson({ ...head(), store: idAt('store'), positions: shipped.map(withGoods) }),
					options,
				},
				node,
			);
			const { requests, result } = await house.good(
				{
					resource: 'salesreturn',
					operation: 'createFrom',
					basisType: 'demand',
					basisId: locator(json[0].id),
					...inJson({ positions: [withGoods(returned)] }),
					options,
				},
				node,
			);
			const { positions } = writes(requests)[1].body as { positions: IDataObject[] };
			expect(positions).toEqual([{ assortment: expect.anything() as object, ...expected }]);
			const hints = (result.runData[NODE]?.at(-1)?.hints ?? []).map(({ message }) => message);
			expect(hints).toEqual(
				'price' in expected ? [] : [expect.stringMatching(/without a 'Price'/)],
			);
		});
	});

	test('a retail sale of an order needs its shift', async () => {
		const { error, requests } = await house.bad(
			{
				resource: 'retaildemand',
				operation: 'createFrom',
				basisType: 'customerorder',
				basisId: locator(await newOrder()),
				...byHand({}),
			},
			node,
		);
		expect(error.message).toContain(
			"'Retail Shift' is empty, but needed to make a Retail Sale from",
		);
		expect(requests).toEqual([]);
	});

	test('many items: one template each, then one request for all documents', async () => {
		const orders = [await newOrder(), await newOrder()];
		const { requests } = await house.good(
			{
				resource: 'invoiceout',
				operation: 'createFrom',
				basisType: 'customerorder',
				basisId: locator('={{ $json.id }}'),
				...byHand({}),
			},
			{ ...node, items: orders.map((id) => ({ json: { id } })) },
		);
		expect(paths(requests)).toEqual([
			'PUT /entity/invoiceout/new',
			'PUT /entity/invoiceout/new',
			'POST /entity/invoiceout',
		]);
	});

	test('several documents become one; what cannot be a basis is refused', async () => {
		const demands = [0, 1].map((index) => idAt('demand', index));
		const invoice = {
			resource: 'invoiceout',
			operation: 'createFrom',
			basisId: locator(demands[0]),
			...byHand(head()),
			options: { moreBases: demands[1] },
		};
		const { requests } = await house.good({ ...invoice, basisType: 'demand' }, node);
		expect((writes(requests)[0].body as { demands: unknown[] }).demands).toHaveLength(2);
		const { error } = await house.bad({ ...invoice, basisType: 'customerorder' }, node);
		expect(error.message).toContain("'More Basis Documents' are given, and one Sales Order alone");
		const nobody = await house.bad(
			{ ...invoice, basisType: 'demand', basisId: locator(NOBODY), options: {} },
			node,
		);
		expect(writes(nobody.requests).map(({ method }) => method)).toEqual(['PUT']);
	});
});

describe('payments', () => {
	const link = (payment: string, order: string, more: IDataObject = {}) => ({
		resource: 'paymentin',
		operation: 'linkDocument',
		...byId('paymentin', payment),
		basisType: 'customerorder',
		basisId: locator(order),
		...more,
	});
	const newPayment = async (sum: number) => {
		const { json } = await house.good(
			{ resource: 'paymentin', operation: 'create', ...byHand({ ...head(), sum }) },
			node,
		);
		return String(json[0].id);
	};

	const payWith = (operations: IDataObject | IDataObject[] | string | string[]) => ({
		resource: 'paymentin',
		operation: 'create',
		...byHand({ ...head(), sum: '150,50', operations }),
		options: { money: 'roubles' },
	});

	test('link what a new payment names, in the unit that its total has', async () => {
		const order = await newOrder();
		const { meta } = find('customerorder', order) as IDataObject;
		const linked = [{ meta, linkedSum: '150,50' }];
		const { requests } = await house.good(payWith(linked), node);
		expect(writes(requests)[0].body).toMatchObject({
			sum: 15_050,
			operations: [{ meta: { type: 'customerorder' }, linkedSum: 15_050 }],
		});
		expect(find('customerorder', order)?.payedSum).toBe(15_050);
	});

	test.each([
		'00005',
		['00005'],
		'["00005"]',
		[{ linkedSum: 1 }],
		[{ name: '00005', linkedSum: 1 }],
	])(
		'the number of a document (%j) does not tell which one is paid, and which operation does',
		async (given) => {
			const { error, requests } = await house.bad(payWith(given), node);
			expect(error.message).toContain("'Linked Documents'");
			expect(error.description).toMatch(/\{"meta": .*"linkedSum": .*'Create From Document'/);
			expect(writes(requests)).toEqual([]);
		},
	);

	test('pay what is open, beside what they pay already', async () => {
		const [one, two, payment] = [await newOrder(), await newOrder(), await newPayment(50_000)];
		const { requests } = await house.good(link(payment, '={{ $json.order }}'), {
			...node,
			items: [{ json: { order: one } }, { json: { order: two } }],
		});
		expect(find('customerorder', one)?.payedSum).toBe(30_000);
		expect(find('customerorder', two)?.payedSum).toBe(20_000);
		expect(paths(requests)).toEqual([
			'GET /entity/paymentin',
			'GET /entity/customerorder',
			'POST /entity/paymentin',
			'POST /entity/paymentin',
		]);
		await house.good(link(payment, one, { linkedSum: '100', options: { money: 'roubles' } }), node);
		expect(find('customerorder', one)?.payedSum).toBe(10_000);
		expect(find('customerorder', two)?.payedSum).toBe(20_000);
	});

	test('more than there is, and what is paid, is told before anything is sent', async () => {
		const [order, payment] = [await newOrder(), await newPayment(10_000)];
		const much = await house.bad(link(payment, order, { linkedSum: 10_001 }), node);
		expect(much.error.message).toContain(
			"'Amount' is 10001 kopecks, and 10000 kopecks of the payment are left",
		);
		const roubles = { linkedSum: 100.01, options: { money: 'roubles' } };
		const inRoubles = await house.bad(link(payment, order, roubles), node);
		expect(inRoubles.error.message).toContain(
			"'Amount' is 100.01, and 100 of the payment are left",
		);
		await house.good(link(await newPayment(30_000), order), node);
		const paid = await house.bad(link(payment, order), node);
		expect(paid.error.message).toContain('is paid already');
		const nobody = await house.bad(link(payment, NOBODY), node);
		expect(nobody.error.message).toContain("'Paid Document' has the ID");
		expect(writes([...much.requests, ...paid.requests, ...nobody.requests])).toEqual([]);
	});
});

describe('prints', () => {
	afterEach(() => house.sandbox.faults.clear());
	const print = (template: unknown, more: IDataObject = {}) => ({
		resource: 'invoiceout',
		operation: 'print',
		...byId('invoiceout', idAt('invoiceout')),
		template,
		...more,
	});
	const templates = async () =>
		(
			await house.search('searchTemplates', {
				type: DOCUMENTS,
				parameters: { resource: 'invoiceout', operation: 'print' },
			})
		).results;

	test('by a template of the list, fetched from the storage without credentials', async () => {
		const [own, standard] = await templates();
		expect([own.name, standard.name]).toEqual(['Свой бланк', 'Standard form (standard)']);
		const before = house.sandbox.log.length;
		const { items, requests } = await house.good(print(locator(own.value, 'list')), node);
		expect(paths(requests)).toEqual([`POST /entity/invoiceout/${idAt('invoiceout')}/export`]);
		expect(requests[0].body).toEqual({
			template: { meta: expect.objectContaining({ type: 'customtemplate' }) as object },
			extension: 'pdf',
		});
		const file = house.sandbox.log.slice(before).find(({ vendor }) => vendor === 'storage');
		expect(file?.headers.authorization).toBeUndefined();
		expect(items[0].binary?.data).toMatchObject({
			mimeType: 'application/pdf',
			fileName: 'invoiceout.pdf',
		});
		const bytes = Buffer.from(items[0].binary?.data.data ?? '', 'base64').toString('latin1');
		expect(bytes.startsWith('%PDF')).toBe(true);
		expect(bytes.trimEnd().endsWith('%%EOF')).toBe(true);
	});

	test.each([
		['xls', 'application/vnd.ms-excel'],
		['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
		['html', 'text/html'],
	])('as %s', async (format, mimeType) => {
		const { items } = await house.good(print(words('Standard form'), { format }), node);
		expect(items[0].binary?.data).toMatchObject({ mimeType, fileName: `invoiceout.${format}` });
	});

	test('several forms are one PDF, which is waited for', async () => {
		const form = { template: words('Standard form'), count: 2 };
		const { requests, items } = await house.good(
			print(words('Свой бланк'), { options: { moreForms: { row: [form] } } }),
			node,
		);
		const [post] = writes(requests);
		const { templates: forms, ...rest } = post.body as IDataObject;
		expect(rest).toEqual({});
		expect((forms as IDataObject[]).map(({ count }) => count)).toEqual([1, 2]);
		expect(requests.some(({ path }) => path.includes('/printing/'))).toBe(true);
		expect(items[0].binary?.data.mimeType).toBe('application/pdf');
	});

	test('an ID is that of one template, whatever others are called', async () => {
		const [own] = await templates();
		const id = String(own.value).split('/').pop();
		const { requests } = await house.good(print(words(id)), node);
		const [post] = writes(requests);
		expect(post.body).toMatchObject({ template: { meta: { type: 'customtemplate' } } });
		const none = await house.bad(print(words(NOBODY)), node);
		expect(none.error.description).toContain("'Свой бланк', 'Standard form'");
		expect(none.error.message).toContain(`'Template' is '${NOBODY}', and the type has no such`);
		expect(writes(none.requests)).toEqual([]);
	});

	test('a hidden template, which no list shows, is printed by its ID', async () => {
		const [, standard] = await templates();
		const id = String(standard.value).split('/').pop();
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/invoiceout/metadata/(custom|embedded)template$',
			times: 10,
			status: 200,
			body: { meta: { size: 0 }, rows: [] },
		});
		const both = [idAt('invoiceout'), idAt('invoiceout', 1)];
		const { requests, items } = await house.good(
			{ ...print(words(id)), ...byId('invoiceout', '={{ $json.id }}') },
			{ ...node, items: both.map((one) => ({ json: { id: one } })) },
		);
		const metadata = '/entity/invoiceout/metadata';
		expect(paths(requests)).toEqual([
			`GET ${metadata}/customtemplate/${id}`,
			`GET ${metadata}/embeddedtemplate/${id}`,
			...both.map((one) => `POST /entity/invoiceout/${one}/export`),
		]);
		expect(items).toHaveLength(2);
	});

	test('without such a template, or as a table of several forms, nothing is printed', async () => {
		const unknown = await house.bad(print(words('Nobody')), node);
		expect(unknown.error.description).toContain("'Свой бланк', 'Standard form'");
		const table = await house.bad(
			print(words('Свой бланк'), { format: 'xls', options: { copies: 2 } }),
			node,
		);
		expect(table.error.message).toContain("'Format' is XLS");
		const none = await house.bad(print(locator('', 'list')), node);
		expect(none.error.message).toContain('Template');
		expect(writes([...unknown.requests, ...table.requests, ...none.requests])).toEqual([]);
	});
});

describe('what belongs to a document of any type', () => {
	const place = (resource: string, operation: string, more: IDataObject = {}) => ({
		resource,
		operation,
		documentType: 'customerorder',
		documentId: locator(idAt('customerorder', 4)),
		...more,
	});

	test('public links: made once per template, listed, taken down', async () => {
		const template = { template: words('Свой бланк') };
		const made = await house.good(place('publication', 'create', template), node);
		expect(made.json[0].href).toContain('https://online.moysklad.ru/public/');
		const again = await house.good(place('publication', 'create', template), node);
		expect(again.json[0].id).toBe(made.json[0].id);
		const listed = await house.good(place('publication', 'getAll'), node);
		expect(listed.json).toEqual(made.json);
		const publicationId = locator(made.json[0].id);
		const one = await house.good(place('publication', 'get', { publicationId }), node);
		expect(one.json).toEqual(made.json);
		await house.good(place('publication', 'delete', { publicationId }), node);
		expect((await house.good(place('publication', 'getAll'), node)).json).toEqual([]);
	});

	test.each(['product', 'service', 'bundle', 'counterparty', 'task'])(
		'files of a %s: added, listed, downloaded, deleted',
		async (documentType) => {
			const { rows } = house.state;
			const documentId = ['product', 'service', 'bundle'].includes(documentType)
				? rows.id([...Array(300).keys()].find((row) => rows.type(row) === documentType) ?? 0)
				: idAt(documentType);
			const of = { documentType, documentId: locator(documentId) };
			const path = `/entity/${documentType}/${documentId}/files`;
			const content = Buffer.from('%PDF-1.4 a sheet').toString('base64');
			const added = await house.good(
				place('file', 'add', {
					...of,
					fileSource: 'base64',
					fileContent: content,
					options: { fileName: 'sheet.pdf' },
				}),
				node,
			);
			expect(paths(added.requests)).toEqual([`POST ${path}`]);
			expect(added.requests[0].body).toEqual([{ filename: 'sheet.pdf', content }]);
			const fileId = locator(added.json[0].id);
			const { items } = await house.good(place('file', 'download', { ...of, fileId }), node);
			expect(items[0].binary?.data.data).toBe(content);
			await house.good(place('file', 'delete', { ...of, fileId }), node);
			const left = await house.good(place('file', 'getAll', of), node);
			expect(paths(left.requests)).toEqual([`GET ${path}`]);
			expect(left.json).toEqual([]);
			const found = await house.search('searchDocuments', {
				type: DOCUMENTS,
				parameters: { resource: 'file', operation: 'getAll', documentType },
			});
			expect(found.results.length).toBeGreaterThan(0);
		},
	);

	test('templates of labels stand with those of documents', async () => {
		for (const templateKind of ['customtemplate', 'embeddedtemplate']) {
			const of = { documentType: 'assortment', templateKind };
			const { json, requests } = await house.good(
				{ resource: 'printTemplate', operation: 'getAll', returnAll: true, ...of },
				node,
			);
			expect(paths(requests)).toEqual([`GET /entity/assortment/metadata/${templateKind}`]);
			const one = await house.good(
				{ resource: 'printTemplate', operation: 'get', templateId: locator(json[0].id), ...of },
				node,
			);
			expect(one.json).toEqual(json);
			expect(json[0]).toMatchObject({ type: 'mxtemplate', documentType: 'assortment' });
		}
	});

	describe('Calculate', () => {
		const ref = (type: string, id: string): IDataObject => ({
			meta: {
				href: `${house.state.world.base}/entity/${type}/${id}`,
				type,
				mediaType: 'application/json',
			},
		});
		const calculate = (documentType: string, fillIn: string[], document: unknown) => ({
			resource: 'item',
			operation: 'calculate',
			documentType,
			fillIn,
			document: JSON.stringify(document),
		});

		test('fills in what was not given, in one request, and saves nothing', async () => {
			const agent = ref('counterparty', idAt('counterparty'));
			const organization = ref('organization', idAt('organization'));
			const assortment = ref('product', house.state.rows.id(0));
			const document = {
				agent,
				organization,
				positions: [
					{ assortment, quantity: 1 },
					{ assortment, quantity: 2, price: 5 },
				],
			};
			const { json, requests } = await house.good(
				calculate('customerorder', ['evaluate_price', 'evaluate_vat'], document),
				node,
			);
			expect(paths(requests)).toEqual(['POST /wizard/customerorder']);
			expect(requests[0].query).toEqual({ action: 'evaluate_price,evaluate_vat' });
			expect(requests[0].body).toEqual(document);
			const positions = json[0].positions as IDataObject[];
			expect(positions.map(({ price }) => price)).toEqual([1000, 5]);
		});

		test('of a type without a counterparty needs the legal entity only', async () => {
			const organization = ref('organization', idAt('organization'));
			const positions = [{ assortment: ref('product', house.state.rows.id(0)), quantity: 1 }];
			const document = { organization, positions };
			const { json, requests } = await house.good(
				calculate('move', ['evaluate_price'], document),
				node,
			);
			expect(requests[0].body).toEqual(document);
			expect(json[0].positions).toMatchObject([{ price: 1000 }]);
		});

		test.each([
			['inventory', ['evaluate_price'], { positions: [] }, "'Fill In' has 'Prices'"],
			['demand', ['evaluate_cost'], { positions: [] }, "'Fill In' has 'Cost'"],
			['move', ['evaluate_discount'], { positions: [] }, "'Fill In' has 'Discounts'"],
			['demand', ['evaluate_price'], { positions: [] }, "has no 'agent'"],
			['move', ['evaluate_price'], { positions: [] }, "has no 'organization'"],
			['salesreturn', ['evaluate_cost'], { positions: [] }, "has no 'store'"],
			['demand', ['evaluate_vat'], {}, "has no list 'positions'"],
			['demand', [], { positions: [] }, 'Fill In'],
		])('%s, %s: what must fail is not sent', async (type, fillIn, document, message) => {
			const { error, requests } = await house.bad(calculate(type, fillIn, document), node);
			expect(error.message).toContain(message);
			expect(requests).toEqual([]);
		});
	});

	test.each(['customerorder', 'internalorder', 'inventory'])(
		'%s: defaults of a new one are told, and nothing is created',
		async (resource) => {
			const before = house.state.dictionary(resource).all().length;
			const { json, requests } = await house.good({ resource, operation: 'getDefaults' }, node);
			expect(paths(requests)).toEqual([`PUT /entity/${resource}/new`]);
			expect(requests[0].body).toEqual({});
			expect(json[0].organization).toBeDefined();
			expect(house.state.dictionary(resource).all()).toHaveLength(before);
		},
	);

	test('files: added, listed, downloaded without credentials, deleted; of some types told one by one', async () => {
		const content = Buffer.from('PK\u0003\u0004 a table').toString('base64');
		const given = {
			fileSource: 'base64',
			fileContent: content,
			options: { fileName: 'plan.xlsx' },
		};
		const added = await house.good(place('file', 'add', given), node);
		expect(added.json[0]).toMatchObject({ filename: 'plan.xlsx', title: 'plan' });
		const fileId = locator(added.json[0].id);
		const none = await house.bad(place('file', 'get', { fileId }), node);
		expect(none.requests).toEqual([]);
		const invoice = {
			documentType: 'invoiceout',
			documentId: locator(idAt('invoiceout')),
		};
		const other = await house.good(place('file', 'add', { ...given, ...invoice }), node);
		const one = { fileId: locator(other.json[0].id), ...invoice };
		const known = await house.good(place('file', 'get', one), node);
		expect(known.json).toEqual(other.json);
		await house.good(place('file', 'delete', one), node);
		const { items } = await house.good(place('file', 'download', { fileId }), node);
		expect(items[0].json).toMatchObject({ id: added.json[0].id, filename: 'plan.xlsx' });
		expect(items[0].binary?.data.data).toBe(content);
		await house.good(place('file', 'delete', { fileId }), node);
		expect((await house.good(place('file', 'getAll'), node)).json).toEqual([]);
		const { error } = await house.bad(
			place('file', 'add', { fileSource: 'base64', fileContent: content }),
			node,
		);
		expect(error.message).toContain("'File Name' is empty");
	});

	test('comments: one a request, as the docs have it; changed, deleted', async () => {
		const { json, requests } = await house.good(
			place('comment', 'create', { description: '={{ $json.text }}' }),
			{ ...node, items: [{ json: { text: 'One' } }, { json: { text: 'Two' } }] },
		);
		expect(requests.map(({ body }) => body)).toEqual([
			{ description: 'One' },
			{ description: 'Two' },
		]);
		const commentId = locator(json[0].id);
		await house.good(place('comment', 'update', { commentId, description: 'Other' }), node);
		const listed = await house.good(place('comment', 'getAll'), node);
		expect(listed.json.map(({ description }) => description)).toEqual(['Other', 'Two']);
		const one = await house.good(place('comment', 'get', { commentId }), node);
		expect(one.json[0]).toMatchObject({ id: json[0].id, description: 'Other' });
		const gone = await house.good(
			place('comment', 'delete', { commentId: locator('={{ $json.id }}') }),
			{ ...node, items: json.map(({ id }) => ({ json: { id } })) },
		);
		expect(gone.requests).toHaveLength(1);
		expect(gone.requests[0].path).toMatch(/\/notes\/delete$/);
		expect((await house.good(place('comment', 'getAll'), node)).json).toEqual([]);
	});

	test('marking codes of a row: added together, listed in either format, deleted together', async () => {
		const { json: made } = await house.good(
			{
				resource: 'demand',
				operation: 'create',
				...inJson({
					...head(),
					store: idAt('store'),
					positions: [{ assortment: plainProducts(house, 1)[0], quantity: 2, price: 100 }],
				}),
			},
			node,
		);
		const documentId = String(made[0].id);
		const [row] = house.state.orderPositions.list(documentId);
		const codes = (operation: string, more: IDataObject = {}) => ({
			resource: 'markingCode',
			operation,
			documentType: 'demand',
			documentId: locator(documentId),
			itemId: locator(row.id),
			...more,
		});
		const added = await house.good(
			codes('add', {
				cis: '={{ $json.cis }}',
				codeType: '={{ $json.type }}',
				additionalFields: { codesInside: '={{ $json.inside }}' },
			}),
			{
				...node,
				items: [
					{ json: { cis: '0104600000000012ABC', type: 'trackingcode' } },
					{ json: { cis: '0104600000000099XYZ', type: 'transportpack', inside: 'A1\nB2' } },
					{ json: { cis: '0104600000000098XYZ', type: 'transportpack', inside: ['C,3', 'D4'] } },
				],
			},
		);
		expect(added.requests.map(({ body }) => body)).toEqual([
			[
				{ cis: '0104600000000012ABC', type: 'trackingcode' },
				{
					cis: '0104600000000099XYZ',
					type: 'transportpack',
					trackingCodes: [
						{ cis: 'A1', type: 'trackingcode' },
						{ cis: 'B2', type: 'trackingcode' },
					],
				},
				{
					cis: '0104600000000098XYZ',
					type: 'transportpack',
					trackingCodes: [
						{ cis: 'C,3', type: 'trackingcode' },
						{ cis: 'D4', type: 'trackingcode' },
					],
				},
			],
		]);
		expect(added.json.map(({ codes: inside }) => inside)).toEqual([0, 2, 2]);
		const twice = await house.bad(codes('add', { cis: '0104600000000012ABC' }), node);
		expect(twice.error.description).toMatch(/17103|mark/i);
		const listed = await house.good(
			codes('getAll', { returnAll: true, options: { codeFormat: 'tag_1162' } }),
			node,
		);
		expect(listed.requests.map(({ query }) => [query.limit, query.codetype])).toEqual([
			['100', 'tag_1162'],
		]);
		expect(listed.json.map(({ cis, cis_1162 }) => [cis, typeof cis_1162])).toEqual([
			[null, 'string'],
			[null, 'string'],
			[null, 'string'],
		]);
		const gone = await house.good(codes('delete', { codeId: locator('={{ $json.id }}') }), {
			...node,
			items: added.json.map(({ id }) => ({ json: { id } })),
		});
		expect(gone.requests).toHaveLength(1);
		expect(gone.json.map(({ deleted, itemId }) => [deleted, itemId])).toEqual([
			[true, row.id],
			[true, row.id],
			[true, row.id],
		]);
		expect((await house.good(codes('getAll'), node)).json).toEqual([]);
		const choices = await house.search('searchMarkingCodes', {
			type: DOCUMENTS,
			parameters: codes('delete'),
		});
		expect(choices.results).toEqual([]);
	});

	test.each(['invoiceout', 'demand'])(
		'templates of a %s are listed by their kind, and read',
		async (documentType) => {
			const forms = (operation: string, more: IDataObject = {}) => ({
				resource: 'printTemplate',
				operation,
				documentType,
				templateKind: 'embeddedtemplate',
				...more,
			});
			const listed = await house.good(forms('getAll'), node);
			expect(paths(listed.requests)).toEqual([
				`GET /entity/${documentType}/metadata/embeddedtemplate`,
			]);
			expect(listed.json.map(({ name }) => name)).toEqual(['Standard form']);
			const templateId = locator(listed.json[0].id);
			const read = await house.good(forms('get', { templateId }), node);
			expect(read.json).toEqual(listed.json);
			const own = await house.bad(
				forms('get', { templateId, templateKind: 'customtemplate' }),
				node,
			);
			expect(own.error.message).toContain('was not found');
		},
	);

	const create = async (resource: string, value: IDataObject) =>
		await house.good({ resource, operation: 'create', ...byHand(value) }, node);
	/** A count of these quantities beside what the book says: stock + difference. */
	const counted = async (differences: number[]) => {
		const goods = plainProducts(house, differences.length);
		const storeId = house.state.world.id('store', 0);
		goods.forEach((product) => house.state.changeStock(product, storeId, { stock: 10 }));
		const { json } = await create('inventory', {
			organization: idAt('organization'),
			store: storeId,
			positions: goods.map((id, at) => ({ id, quantity: 10 + differences[at], price: 100 })),
		});
		const id = String(json[0].id);
		await house.good(
			{ resource: 'inventory', operation: 'recalculate', ...byId('inventory', id) },
			node,
		);
		return { id };
	};
	const fromCount = (resource: string, id: string) => ({
		resource,
		operation: 'createFrom',
		basisType: 'inventory',
		basisId: { __rl: true, mode: 'id', value: id },
		...byHand({}),
	});
	const amountsOf = (requests: Array<{ method: string; path: string; body?: unknown }>) =>
		requests
			.filter(({ path, method }) => method === 'POST' && /(enter|loss)$/.test(path))
			.flatMap(({ body }) => body as IDataObject[])
			.map(({ positions, applicable }) => [
				applicable,
				(positions as IDataObject[]).map(({ quantity }) => quantity),
			]);

	test('a count becomes what was found and what is missing; once more, nothing is doubled', async () => {
		const { id } = await counted([3, -4, 0]);
		const found = await house.good(fromCount('enter', id), node);
		expect(amountsOf(found.requests)).toEqual([[true, [3]]]);
		const missing = await house.good(fromCount('loss', id), node);
		expect(amountsOf(missing.requests)).toEqual([[true, [4]]]);
		for (const [resource, code] of [
			['enter', 24002],
			['loss', 24001],
		] as const) {
			const again = await house.bad(fromCount(resource, id), node);
			expect(again.error.message).toContain('the count shows nothing to write off or to add');
			expect(again.error.context.data).toMatchObject({ code });
			expect(amountsOf(again.requests)).toEqual([]);
		}
	});

	test.each([
		['inventory', { store: true }, 'an Inventory Count'],
		['pricelist', { columns: [{ name: 'Retail' }] }, 'a Price List'],
	])('an item that stands twice in a %s is told with its rows', async (resource, more, one) => {
		const [product, other] = plainProducts(house, 2);
		const positions = [product, other, product].map((id) => ({ id, quantity: 1 }));
		const { error, requests } = await house.bad(
			{
				resource,
				operation: 'create',
				...byHand({
					organization: idAt('organization'),
					...more,
					...('store' in more ? { store: idAt('store') } : {}),
					positions: positions.map(({ id, quantity }) =>
						resource === 'inventory' ? { id, quantity } : { id },
					),
				}),
			},
			node,
		);
		expect(error.message).toBe("'Items 3' is the same as 'Items 1'");
		expect(error.description).toContain(`once into ${one}`);
		expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	test('a count of more than 500 differences: what MoySklad leaves out is told', async () => {
		const { id } = await counted([1]);
		const row = house.state.orderPositions.list(id)[0];
		const { assortment } = row;
		for (let at = 1; at <= 500; at++) {
			const more = { assortment, quantity: 1, calculatedQuantity: 0 };
			house.state.orderPositions.add(id, more, 'inventory', 'positions');
		}
		expect(row.correctionAmount).toBe(1);
		const { requests, result } = await house.good(fromCount('enter', id), node);
		const [[, quantities]] = amountsOf(requests) as Array<[boolean, number[]]>;
		expect(quantities).toHaveLength(500);
		const [[{ hints = [] }]] = Object.values(result.runData).slice(-1);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('MoySklad fills in the first 500 items of an Inventory Count'),
		]);
	});

	test('an inventory count reads its book quantities anew', async () => {
		const id = idAt('inventory');
		const { json, requests } = await house.good(
			{ resource: 'inventory', operation: 'recalculate', ...byId('inventory', id) },
			node,
		);
		expect(paths(requests)).toEqual([`PUT /rpc/inventory/${id}/recalcCalculatedQuantity`]);
		expect(json).toEqual([{ success: true, id }]);
	});

	test('its history tells who changed what', async () => {
		const id = idAt('customerorder', 4);
		await house.good(
			{
				resource: 'customerorder',
				operation: 'update',
				...byId('customerorder', id),
				...byHand({ description: 'Changed' }),
			},
			node,
		);
		const { json } = await house.good(place('history', 'getAll', { returnAll: true }), node);
		expect(json[0]).toMatchObject({ eventType: 'update' });
		expect(json[0].changedFields).toContain('description');
	});
});
