/**
 * What people do wrong with documents. In each row the second of three items is wrong: it gets an error that names
 * the field and the way out, the two others are done, and nothing is there twice.
 */
import type { IDataObject } from 'n8n-workflow';

import { plainProducts } from './samples';
import { DOCUMENTS, House, inJson, locator, NOBODY } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());
afterEach(() => {
	house.state.closedUntil = '';
});

const all = (keyword: string) => house.state.dictionary(keyword).all();
const first = (keyword: string) => String(all(keyword)[0].id);
const stateOf = (type: string) => (house.state.states.list(type)[1].meta as { href: string }).href;
const words = (value: string) => ({ __rl: true, mode: 'words', value });
const attributeOf = (owner: string) =>
	house.state.attributes.list(owner as 'product')[0].name as string;

/** Code of the first goods of a kind. */
function codeOf(type: string): string {
	const { rows } = house.state;
	const row = [...Array(300).keys()].find((index) => rows.type(index) === type);
	return String(rows.entity(row ?? 0).code);
}

/** An order as a shop sends it, with one item. */
function order(more: IDataObject = {}, item: IDataObject = {}): IDataObject {
	const [assortment] = plainProducts(house, 1);
	const positions = [{ assortment, quantity: 1, price: 100, ...item }];
	return {
		organization: first('organization'),
		agent: `${house.state.world.base}/entity/counterparty/${first('counterparty')}`,
		positions,
		...more,
	};
}

/** Creates orders from the items. */
const create = {
	resource: 'customerorder',
	operation: 'create',
	...inJson('={{ $json.order }}'),
};
const withOrder = (one: IDataObject) => ({ order: one });

interface Row {
	/** What the node is set to. */
	parameters: IDataObject;
	/** The items in order: the wrong one stands in the middle. */
	good: (index: number) => IDataObject;
	bad: () => IDataObject;
	/** Parts of the message, and of the description. */
	message: string;
	hint: string;
	/** Type of which each good item makes one more document; none when the row creates nothing. */
	makes?: string;
	before?: () => void;
}

const rows: Array<[string, () => Row]> = [
	...(
		[
			['a position that is a number', [5], "'Items 1'", 'an object in curly brackets'],
			['positions that are a word', 'two teapots', "'Items", 'an expression that yields one'],
			[
				'a position that tells of no goods',
				[{ quantity: 1 }],
				"'Items 1' does not tell of which item it is",
				"Give 'assortment'",
			],
			[
				'a quantity under another name',
				[{ article: 'A-1', count: 2, price: 100 }],
				"'Items 1: Quantity' is empty",
				"in 'quantity'; this one has 'count'",
			],
			[
				'a price under another name, which MoySklad would take for 0',
				[{ article: 'A-1', quantity: 2, cena: '1 290,50' }],
				"'Items 1: Price' is empty",
				"in 'price', or 0 there; this one has 'cena'",
			],
		] as const
	).map(([what, positions, message, hint]): [string, () => Row] => [
		what,
		() => ({
			parameters: create,
			good: () => withOrder(order()),
			bad: () => withOrder(order({ positions: positions as never })),
			message,
			hint,
			makes: 'customerorder',
		}),
	]),
	[
		'items by an expression that gives nothing, which would be an order of nothing',
		() => ({
			parameters: {
				resource: 'customerorder',
				operation: 'create',
				fields: {
					mappingMode: 'defineBelow',
					value: {
						organization: first('organization'),
						agent: '={{ $json.order.agent }}',
						positions: '={{ $json.order.positions }}',
					},
					matchingColumns: [],
					schema: [],
				},
			},
			good: () => withOrder(order()),
			bad: () => withOrder({ agent: order().agent as string }),
			message: "'Items' is an expression that gives nothing here",
			hint: 'An empty list, [], means none.',
			makes: 'customerorder',
		}),
	],
	...(
		[
			['a quantity in words', { quantity: 'two' }, "'Items 1: Quantity' is 'two'", 'Give a number'],
			['a negative quantity', { quantity: -1 }, "'Items 1: Quantity' is -1", 'above 0'],
			['no quantity', { quantity: 0 }, "'Items 1: Quantity' is 0", 'above 0'],
			[
				'a price with three decimals',
				{ price: 10.125 },
				"'Items 1: Price' is 10.125, which has more than two decimals",
				'round it',
			],
			['a negative price', { price: -5 }, "'Items 1: Price'", 'from 0 up'],
			['a reserve above the quantity', { reserve: 2 }, "'Items 1: Reserve' is 2", 'Give less'],
			['a discount above 100', { discount: 101 }, "'Items 1: Discount' is 101", 'a markup'],
			[
				'an article that nobody has',
				{ assortment: 'no-such-article' },
				"'no-such-article'",
				'as it stands in MoySklad',
			],
		] as const
	).map(([what, item, message, hint]): [string, () => Row] => [
		what,
		() => ({
			parameters: create,
			good: () => withOrder(order()),
			bad: () => withOrder(order({}, item)),
			message,
			hint,
			makes: 'customerorder',
		}),
	]),
	[
		'goods of a kind that the type does not take',
		() => {
			const receiving = (type: string) =>
				withOrder(order({ store: first('store') }, { assortment: undefined, code: codeOf(type) }));
			return {
				parameters: { ...create, resource: 'supply' },
				good: () => receiving('product'),
				bad: () => receiving('bundle'),
				message: "'Items 1' is a bundle, which a Receiving does not take",
				hint: "Give the bundle's components",
				makes: 'supply',
			};
		},
	],
	[
		'the last of 1,001 positions',
		() => ({
			parameters: create,
			good: () => withOrder(order()),
			bad: () => {
				const { positions } = order() as { positions: IDataObject[] };
				const many = Array.from({ length: 1000 }, () => positions[0]);
				return withOrder(order({ positions: [...many, { ...positions[0], quantity: -1 }] }));
			},
			message: "'Items 1001: Quantity' is -1",
			hint: 'above 0',
			makes: 'customerorder',
		}),
	],
	[
		'an unknown status',
		() => ({
			parameters: create,
			good: () => withOrder(order({ state: 'Paid' })),
			bad: () => withOrder(order({ state: 'Nobody' })),
			message: "'Status' is 'Nobody', which is no status",
			hint: "'Новый', 'Paid', 'Отгружен', 'Cancelled'",
			makes: 'customerorder',
		}),
	],
	[
		'the status of another type',
		() => ({
			parameters: create,
			good: () => withOrder(order({ state: stateOf('customerorder') })),
			bad: () => withOrder(order({ state: stateOf('demand') })),
			message: "'Status' is",
			hint: 'It is a status of the type Shipment, and each type has its own',
			makes: 'customerorder',
		}),
	],
	[
		'an attribute of another type',
		() => ({
			parameters: create,
			good: () => withOrder(order()),
			bad: () => withOrder(order({ attributes: { [attributeOf('product')]: 'x' } })),
			message: `'${attributeOf('product')}' does not exist`,
			hint: 'The account has:',
			makes: 'customerorder',
		}),
	],
	[
		'a date in a closed period',
		() => ({
			parameters: create,
			before: () => {
				house.state.closedUntil = '2026-06-01 00:00:00.000';
			},
			good: () => withOrder(order({ moment: '2026-11-20 12:00:00' })),
			bad: () => withOrder(order({ moment: '2026-05-20 12:00:00' })),
			message: 'the date lies in a closed period (code 17009)',
			hint: "Give a later 'Date'",
			makes: 'customerorder',
		}),
	],
	[
		'an unknown status for many documents',
		() => ({
			parameters: {
				resource: 'customerorder',
				operation: 'changeStatus',
				customerorderId: locator('={{ $json.id }}'),
				status: words('={{ $json.status }}'),
			},
			good: (index) => ({ id: String(all('customerorder')[index].id), status: 'Paid' }),
			bad: () => ({ id: String(all('customerorder')[3].id), status: 'Payed' }),
			message: "'New Status' is 'Payed', which is no status",
			hint: "'Новый', 'Paid'",
		}),
	],
	[
		'a basis that the target does not take',
		() => ({
			parameters: {
				resource: 'demand',
				operation: 'createFrom',
				basisType: '={{ $json.type }}',
				basisId: locator('={{ $json.id }}'),
				...inJson('={{ $json.fields }}'),
			},
			good: () => ({
				type: 'customerorder',
				id: first('customerorder'),
				fields: { store: first('store') },
			}),
			bad: () => ({ type: 'supply', id: first('supply'), fields: { store: first('store') } }),
			message: "'Basis' is 'supply'",
			hint: 'Give one of: Sales Invoice, Sales Order.',
			makes: 'demand',
		}),
	],
	[
		'a document by the number that people see',
		() => ({
			parameters: {
				resource: 'customerorder',
				operation: 'changeStatus',
				customerorderId: locator('={{ $json.order }}'),
				status: words('Paid'),
			},
			good: (index) => ({ order: String(all('customerorder')[index].id) }),
			bad: () => ({ order: String(all('customerorder')[3].name) }),
			message: `'Sales Order' is '${String(all('customerorder')[3].name)}'`,
			hint: "read the ID with 'Get Many' first",
		}),
	],
	[
		'a basis that there is not',
		() => ({
			parameters: {
				resource: 'paymentin',
				operation: 'createFrom',
				basisType: 'invoiceout',
				basisId: locator('={{ $json.id }}'),
				...inJson({}),
			},
			good: () => ({ id: first('invoiceout') }),
			bad: () => ({ id: NOBODY }),
			message: '(code 1021)',
			hint: 'Check the ID',
			makes: 'paymentin',
		}),
	],
	...(
		[
			['printing without a template', '', "'Template' is empty", "Fill in 'Template'"],
			[
				'printing by a template that there is not',
				'Nobody',
				"'Template' is 'Nobody'",
				'Give one of',
			],
		] as const
	).map(([what, template, message, hint]): [string, () => Row] => [
		what,
		() => ({
			parameters: {
				resource: 'invoiceout',
				operation: 'print',
				invoiceoutId: locator('={{ $json.id }}'),
				template: words('={{ $json.template }}'),
			},
			good: (index) => ({ id: String(all('invoiceout')[index].id), template: 'Standard form' }),
			bad: () => ({ id: first('invoiceout'), template }),
			message,
			hint,
		}),
	]),
];

test.each(rows)('%s', async (_what, make) => {
	const { parameters, good, bad, message, hint, makes, before } = make();
	before?.();
	const count = () => (makes ? all(makes).length : 0);
	const had = count();
	const input = [good(0), bad(), good(1)].map((json) => ({ json }));
	const { items } = await house.run(parameters, {
		type: DOCUMENTS,
		items: input,
		onError: 'continueRegularOutput',
	});
	expect(items).toHaveLength(3);
	expect(items.map(({ json }) => json.error !== undefined)).toEqual([false, true, false]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	expect(String(items[1].json.error)).toContain(message);
	expect(count() - had).toBe(makes ? 2 : 0);
	const alone = await house.bad(parameters, { type: DOCUMENTS, items: [input[1]] });
	expect(alone.error.message).toContain(message);
	expect(String(alone.error.description ?? '')).toContain(hint);
	expect(count() - had).toBe(makes ? 2 : 0);
});

test('more than 1,000 positions are no mistake: all of them are there, once, beside the other documents', async () => {
	const { positions } = order() as { positions: IDataObject[] };
	const many = Array.from({ length: 1001 }, () => positions[0]);
	const had = all('customerorder').length;
	const { json } = await house.good(create, {
		type: DOCUMENTS,
		items: [order(), order({ positions: many }), order()].map((one) => ({ json: withOrder(one) })),
	});
	expect(json.map(({ sum }) => sum)).toEqual([100, 100_100, 100]);
	expect(all('customerorder')).toHaveLength(had + 3);
});
