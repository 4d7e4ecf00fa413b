import type { IDataObject } from 'n8n-workflow';

import { MOYSKLAD_TOKENS } from '../../../sandbox';
import { House, NOBODY, paths } from './setup';

const GET_MANY = { resource: 'assortment', operation: 'getAll' };
const ALL = { ...GET_MANY, returnAll: true };
const LIST = 'GET /entity/assortment';
const REPORT = 'GET /report/stock/all/current';
const BETA = 'x-lognex-remap-beta-feature';
const STOCK_TYPES = ['stock', 'reserve', 'inTransit', 'quantity'];
/** Rows with `;`, quotes and a backslash in their names. */
const TRICKY = [1, 2, 3];

/** A row as the sandbox keeps it, and its stock in some warehouses. */
interface Expected {
	index: number;
	id: string;
	type: string;
	row: IDataObject;
	value: (field: string) => unknown;
}

let house: House;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await house.close();
});

/** Rows by house: nothing changes them in this file. */
const known = new Map<House, Expected[]>();

/** Every row of the sandbox, archived ones and batches included. */
function everyRow(of: House = house): Expected[] {
	const { rows } = of.state;
	const found = known.get(of);
	if (found) return found;
	const all = Array.from({ length: rows.size }, (_unused, index) => ({
		index,
		id: rows.id(index),
		type: rows.type(index),
		row: rows.entity(index) as IDataObject,
		value: (field: string) => rows.value(index, field),
	}));
	known.set(of, all);
	return all;
}

/** What the list shows unless asked for more: no archived rows, no batches. */
function listed(of: House = house): Expected[] {
	return everyRow(of).filter(({ type, row }) => type !== 'consignment' && row.archived !== true);
}

function figures(index: number, stores?: number[], moment?: number): IDataObject {
	const { stock, reserve, inTransit } = house.state.rows.stock.total(index, stores, moment);
	return { stock, reserve, inTransit, quantity: stock - reserve + inTransit };
}

const hasStock = ({ type }: Expected) => type !== 'service' && type !== 'bundle';
const ids = (rows: Expected[]) => rows.map(({ id }) => id);
const folderHref = (id: string) => `${house.sandbox.urls.moysklad}/entity/productfolder/${id}`;
const condition = (field: string, operator: string, value?: unknown) => ({
	field,
	operator,
	value,
});
const conditions = (...all: object[]) => ({ conditions: { condition: all } });

/** The rows exactly as the API sends them. */
async function rawRows(query: string): Promise<IDataObject[]> {
	const response = await fetch(`${house.sandbox.urls.moysklad}/entity/assortment?${query}`, {
		headers: { Authorization: `Bearer ${MOYSKLAD_TOKENS.user}`, 'Accept-Encoding': 'gzip' },
	});
	return ((await response.json()) as { rows: IDataObject[] }).rows;
}

describe('the form as it opens', () => {
	test('gives the first 50 rows with ten fields each', async () => {
		const { json, requests } = await house.good(GET_MANY);
		expect(paths(requests)).toEqual([LIST]);
		expect(requests[0].query).toEqual({ limit: '50', offset: '0' });
		expect(requests[0].body).toBeUndefined();
		expect(requests[0].headers[BETA]).toBeUndefined();
		const expected = listed().slice(0, 50);
		expect(json).toEqual(
			expected.map((one) => {
				const { id, type, row } = one;
				const { name, code, article = null, pathName = null } = row;
				const [price] = (row.salePrices ?? []) as IDataObject[];
				const barcodes = ((row.barcodes ?? []) as IDataObject[]).flatMap(Object.values);
				const { stock, quantity } = hasStock(one)
					? figures(one.index)
					: { stock: null, quantity: null };
				return {
					...{ id, type, name, code, article, pathName, stock, quantity },
					barcode: barcodes.length > 0 ? barcodes.join(', ') : null,
					salePrice: price?.value ?? null,
				};
			}),
		);
		expect(json.some(({ barcode }) => barcode !== null)).toBe(true);
		for (const row of json) {
			expect(Object.keys(row)).toEqual(
				'id type name code article barcode pathName salePrice stock quantity'.split(' '),
			);
		}
		expect(new Set(json.map(({ type }) => type))).toEqual(
			new Set(['product', 'variant', 'service', 'bundle']),
		);
	});

	test('gives the fields that were picked, in their order, for every type of row', async () => {
		const { json } = await house.good({
			...GET_MANY,
			output: 'selectedFields',
			outputFields: ['reserve', 'salePrice', 'salePrices.0.priceType.name', 'name'],
		});
		const raw = await rawRows('limit=50');
		expect(json).toHaveLength(50);
		for (const [index, row] of json.entries()) {
			const { id, reserve = null, salePrices, name } = raw[index];
			const [price] = (salePrices ?? []) as Array<{ value: number; priceType: IDataObject }>;
			expect(Object.entries(row)).toEqual([
				['id', id],
				['reserve', reserve],
				['salePrice', price?.value ?? null],
				['salePrices.0.priceType.name', price?.priceType.name ?? null],
				['name', name],
			]);
		}
	});

	test('with Simplify off gives the rows of the API untouched', async () => {
		const { json } = await house.good({ ...GET_MANY, simplify: false, limit: 20 });
		expect(json).toEqual(await rawRows('limit=20'));
		expect(json[0].meta).toMatchObject({ type: 'product' });
	});
});

describe('filters', () => {
	const filtered = async (filters: object, more: object = {}) =>
		await house.good({ ...ALL, filters, ...more });

	test.each([
		['false', 'archived=false', (one: Expected) => one.row.archived !== true],
		['true', 'archived=true', (one: Expected) => one.row.archived === true],
		['both', 'archived=true;archived=false', () => true],
	])('archived: %s', async (archived, wire, fits) => {
		const { json, requests } = await filtered({ archived });
		expect(requests[0].query.filter).toBe(wire);
		const expected = everyRow().filter((one) => one.type !== 'consignment' && fits(one));
		expect(json.map(({ id }) => id)).toEqual(ids(expected));
		expect(json.length).toBeGreaterThan(0);
	});

	type Level = [string, (amount: number, minimum: number | undefined) => boolean];
	const levels: Level[] = [
		['positiveOnly', (amount) => amount > 0],
		['negativeOnly', (amount) => amount < 0],
		['empty', (amount) => amount === 0],
		['nonEmpty', (amount) => amount !== 0],
		['underMinimum', (amount, minimum) => minimum !== undefined && amount < minimum],
	];
	test.each(levels)('stock level and available quantity: %s', async (level, fits) => {
		for (const [name, mode, figure] of [
			['stockLevel', 'stockMode', 'stock'],
			['availableQuantity', 'quantityMode', 'quantity'],
		]) {
			const { json, requests } = await filtered({ [name]: level });
			expect(requests[0].query.filter).toBe(`${mode}=${level}`);
			const expected = listed().filter(
				(one) =>
					hasStock(one) &&
					fits(
						Number(figures(one.index)[figure]),
						one.value('minimumBalance') as number | undefined,
					),
			);
			expect(json.map(({ id }) => id)).toEqual(ids(expected));
		}
	});

	test('stock level and available quantity: any, which filters nothing', async () => {
		const { json, requests } = await filtered({ stockLevel: 'all', availableQuantity: 'all' });
		expect(requests[0].query.filter).toBeUndefined();
		expect(json).toHaveLength(120);
	});

	test('product folder, by ID, by link and by link in an ID field', async () => {
		const [first] = listed();
		const folder = String(first.value('productFolder'));
		const expected = ids(listed().filter((one) => one.value('productFolder') === folder));
		expect(expected.length).toBeGreaterThan(0);
		for (const locator of [
			{ mode: 'id', value: folder },
			{ mode: 'list', value: folder },
			{ mode: 'url', value: `${folderHref(folder)}?expand=owner` },
			{ mode: 'id', value: `={{ ${JSON.stringify(folderHref(folder))} }}` },
			{
				mode: 'url',
				value: `https://api.moysklad.ru/api/remap/1.2/entity/productfolder/${folder}`,
			},
		]) {
			const { json, requests } = await filtered({ productFolder: { __rl: true, ...locator } });
			expect(String(requests[0].query.filter).split(';')).toContain(
				`productFolder=${folderHref(folder)}`,
			);
			expect(json.map(({ id }) => id)).toEqual(expected);
		}
	});

	test('a folder that does not exist gives no items', async () => {
		const { json, requests } = await filtered({
			productFolder: { __rl: true, mode: 'id', value: NOBODY },
		});
		expect(requests[0].query.filter).toContain(`productFolder=${folderHref(NOBODY)}`);
		expect(json).toEqual([]);
	});

	test('warehouse: the same items with its figures only', async () => {
		const store = String(house.state.dictionaries.get('store')?.all()[1].id);
		const { json, requests } = await filtered(
			{
				warehouse: { __rl: true, mode: 'id', value: store },
			},
			{ output: 'raw' },
		);
		const href = `${house.sandbox.urls.moysklad}/entity/store/${store}`;
		expect(requests[0].query.filter).toBe(`stockStore=${href}`);
		expect(json.map(({ id }) => id)).toEqual(ids(listed()));
		for (const [index, row] of json.entries()) {
			if (row.stock !== undefined) expect(row).toMatchObject(figures(index, [1]));
		}
		expect(json.some((row, index) => row.stock !== figures(index).stock)).toBe(true);
	});

	test.each([
		['Asia/Tashkent', '2026-10-20T12:00:00', '2026-10-20 10:00:00.000'],
		['America/New_York', '2026-10-20T12:00:00', '2026-10-20 19:00:00.000'],
		['America/New_York', '2026-10-20T12:00:00+05:00', '2026-10-20 10:00:00.000'],
	])('stock at a moment in %s: %s is %s in Moscow', async (timezone, stockMoment, moscow) => {
		const { json, requests } = await house.good(
			{ ...ALL, output: 'raw', filters: { stockMoment } },
			{ timezone },
		);
		expect(requests[0].query.filter).toBe(`stockMoment=${moscow}`);
		const moment = Date.parse(`${moscow.replace(' ', 'T')}+03:00`);
		expect(json[0]).toMatchObject(figures(0, undefined, moment));
		expect(json[0].stock).not.toBe(figures(0).stock);
	});

	test('a moment that is no date is refused before anything is sent', async () => {
		const error = await house.refused({ ...ALL, filters: { stockMoment: 'tomorrow' } });
		expect(error.message).toBe("'Stock at Moment' holds 'tomorrow', which is no date");
	});

	test('types, search and everything together', async () => {
		const types = await filtered({ type: ['service', 'bundle'] });
		expect(types.requests[0].query.filter).toBe('type=service;type=bundle');
		expect(types.json.map(({ id }) => id)).toEqual(ids(listed().filter((one) => !hasStock(one))));

		const search = await filtered({ search: 'sunrise 330' });
		expect(search.requests[0].query).toEqual({ limit: '1000', offset: '0', search: 'sunrise 330' });
		// The mug itself; its name begins with none of the words.
		expect(search.json.map(({ name }) => name)).toEqual(['Mug "Sunrise"; 330 ml']);

		const both = await filtered(
			{ type: ['product'], stockLevel: 'positiveOnly', archived: 'false' },
			conditions(condition('code', 'startsWith', ['00001'])),
		);
		expect(String(both.requests[0].query.filter).split(';').sort()).toEqual(
			['archived=false', 'code~=00001', 'stockMode=positiveOnly', 'type=product'].sort(),
		);
		expect(both.json.map(({ id }) => id)).toEqual(
			ids(
				listed().filter(
					(one) =>
						one.type === 'product' &&
						Number(figures(one.index).stock) > 0 &&
						String(one.row.code).startsWith('00001'),
				),
			),
		);
	});

	test('the raw filter is added as it is', async () => {
		const { json, requests } = await filtered(
			{ type: ['product'] },
			{ options: { rawFilter: ' minimumBalance>=50;name~=Mug "Sunrise"\\; ' } },
		);
		expect(requests[0].query.filter).toBe('type=product;minimumBalance>=50;name~=Mug "Sunrise"\\;');
		const minimum = listed()[1].value('minimumBalance');
		expect(json).toHaveLength(typeof minimum === 'number' && minimum >= 50 ? 1 : 0);

		const bad = await house.bad({ ...ALL, options: { rawFilter: 'nonsense=1' } });
		expect(bad.error.message).toBe('MoySklad: the filter was not accepted (code 1034)');
		expect(bad.error.description).toContain(
			"The vendor says: Filter error: unknown field 'nonsense'<br>\nParameter: nonsense<br>\nMore: https://",
		);
	});

	test('an empty result gives no items', async () => {
		const { items, requests } = await filtered({ search: 'no such thing anywhere' });
		expect(items).toEqual([]);
		expect(requests).toHaveLength(1);
	});

	test('malformed IDs are refused before anything is sent', async () => {
		const value = '={{ "7944ef04-f831" }}';
		// Half an ID may be a name, as people give them.
		const folder = await house.notFound(
			{ ...ALL, filters: { productFolder: { __rl: true, mode: 'id', value } } },
			'productfolder',
		);
		expect(folder.message).toContain("'Product Folder' is '7944ef04-f831', and there is no");
		const warehouse = await house.refused({
			...ALL,
			filters: { warehouse: { __rl: true, mode: 'url', value: `${folderHref(NOBODY)}` } },
		});
		expect(warehouse.message).toContain("'Warehouse' is");
		for (const [field, label, wrong, why = ''] of [
			['id', 'ID', 'not-an-id'],
			[
				'owner',
				'Owner (Employee)',
				folderHref(NOBODY),
				', which is not the link of an object of the type employee',
			],
		]) {
			const error = await house.refused({
				...ALL,
				...conditions(condition(field, 'equals', [wrong])),
			});
			expect(error.name).toBe('NodeOperationError');
			expect(error.message).toBe(`'${label}' is '${wrong}'${why}`);
			expect(error.context.itemIndex).toBe(0);
		}
	});
});

describe('conditions', () => {
	const nameOf = ({ row }: Expected) => String(row.name).toLowerCase();

	interface Case {
		what: string;
		terms: object[];
		wire: string;
		fits: (one: Expected) => boolean;
	}

	const text: Case[] = [
		{
			what: 'is, with two values',
			terms: [condition('code', 'equals', ['000003', '000017'])],
			wire: 'code=000003;code=000017',
			fits: ({ row }) => row.code === '000003' || row.code === '000017',
		},
		{
			what: 'is not, with two values',
			terms: [condition('code', 'notEquals', ['000003', '000017'])],
			wire: 'code!=000003;code!=000017',
			fits: ({ row }) => row.code !== '000003' && row.code !== '000017',
		},
		{
			what: 'contains, with two values',
			terms: [condition('name', 'contains', ['sunrise', "o'neil"])],
			wire: "name~sunrise;name~o'neil",
			fits: (one) => nameOf(one).includes('sunrise') || nameOf(one).includes("o'neil"),
		},
		{
			what: 'starts with',
			terms: [condition('name', 'startsWith', ['Set: '])],
			wire: 'name~=Set: ',
			fits: (one) => nameOf(one).startsWith('set: '),
		},
		{
			what: 'ends with',
			terms: [condition('name', 'endsWith', ['#10'])],
			wire: 'name=~#10',
			fits: (one) => nameOf(one).endsWith('#10'),
		},
		{
			what: 'is empty',
			terms: [condition('description', 'isEmpty')],
			wire: 'description=',
			fits: ({ row }) => row.description === undefined,
		},
		{
			what: 'is not empty',
			terms: [condition('description', 'isNotEmpty')],
			wire: 'description!=',
			fits: ({ row }) => row.description !== undefined,
		},
		{
			what: 'two fields',
			terms: [
				condition('name', 'startsWith', ['Set: ']),
				condition('externalCode', 'contains', ['ext-']),
				condition('article', 'startsWith', ['A-']),
			],
			wire: 'name~=Set: ;externalCode~ext-;article~=A-',
			fits: (one) => nameOf(one).startsWith('set: '),
		},
		{
			what: 'starts with and ends with on one field',
			terms: [condition('code', 'startsWith', ['0000']), condition('code', 'endsWith', ['7'])],
			wire: 'code~=0000;code=~7',
			fits: ({ row }) => /^0000.*7$/.test(String(row.code)),
		},
		{
			what: 'true and false',
			terms: [condition('isSerialTrackable', 'equals', false), condition('shared', 'equals', true)],
			wire: 'isSerialTrackable=false;shared=true',
			fits: (one) => one.value('isSerialTrackable') === false && one.value('shared') === true,
		},
		{
			what: 'a number, empty or not',
			terms: [condition('alcoholic.type', 'isNotEmpty')],
			wire: 'alcoholic.type!=',
			fits: (one) => one.value('alcoholic.type') !== undefined,
		},
		{
			what: 'the login of an employee',
			terms: [condition('updatedBy', 'notEquals', ['admin@sandbox'])],
			wire: 'updatedBy!=admin@sandbox',
			fits: (one) => one.value('updatedBy') !== 'admin@sandbox',
		},
		{
			what: 'a flag that drops services',
			terms: [condition('weighed', 'equals', true)],
			wire: 'weighed=true',
			fits: (one) => one.value('weighed') === true,
		},
		{
			what: 'the path of the folder',
			terms: [condition('pathname', 'contains', ['/'])],
			wire: 'pathname~/',
			fits: (one) => String(one.value('pathName')).includes('/'),
		},
	];
	test.each(text)('$what', async ({ terms, wire, fits }) => {
		const { json, requests } = await house.good({ ...ALL, ...conditions(...terms) });
		expect(requests).toHaveLength(1);
		expect(requests[0].query.filter).toBe(wire);
		expect(json.map(({ id }) => id)).toEqual(ids(listed().filter(fits)));
	});

	test.each(TRICKY)('finds just the row with the awkward name of row %i', async (index) => {
		const { id, row } = listed()[index];
		for (const operator of ['equals', 'startsWith', 'endsWith', 'contains']) {
			const { json, requests } = await house.good({
				...ALL,
				filters: { type: ['product'] },
				...conditions(condition('name', operator, [String(row.name)])),
			});
			expect(json.map((found) => found.id)).toEqual([id]);
			expect(json[0].name).toBe(row.name);
			// Nothing of the value may have become a condition of its own.
			expect(String(requests[0].query.filter).split(/(?<!\\);/)).toHaveLength(2);
		}
	});

	test('a barcode as a whole', async () => {
		const { id, row } = listed()[5];
		const [{ ean13 }] = row.barcodes as Array<{ ean13: string }>;
		const { json } = await house.good({
			...ALL,
			...conditions(condition('barcode', 'equals', [ean13])),
		});
		expect(json.map((found) => found.id)).toEqual([id]);
	});

	test('IDs, and references by ID and by link', async () => {
		const [one, two] = listed();
		const byId = await house.good({
			...ALL,
			...conditions(condition('id', 'equals', [one.id, ` ${two.id} `])),
		});
		expect(byId.requests[0].query.filter).toBe(`id=${one.id};id=${two.id}`);
		expect(byId.json.map(({ id }) => id)).toEqual([one.id, two.id]);

		const withSupplier = listed().filter((row) => row.value('supplier') !== undefined);
		const supplier = String(withSupplier[0].value('supplier'));
		const href = `${house.sandbox.urls.moysklad}/entity/counterparty/${supplier}`;
		for (const value of [supplier, href]) {
			const found = await house.good({
				...ALL,
				...conditions(condition('supplier', 'equals', [value])),
			});
			expect(found.requests[0].query.filter).toBe(`supplier=${href}`);
			expect(found.json.map(({ id }) => id)).toEqual(
				ids(listed().filter((row) => row.value('supplier') === supplier)),
			);
		}
		const none = await house.good({ ...ALL, ...conditions(condition('supplier', 'isEmpty')) });
		expect(none.json.map(({ id }) => id)).toEqual(
			ids(listed().filter((row) => row.value('supplier') === undefined)),
		);
	});

	test.each([
		[
			'a Date',
			{ field: 'updated', valueMoment: '={{ new Date(1767225600000) }}' },
			'updated>=2026-01-01 03:00:00.000',
		],
		[
			'a DateTime',
			{
				field: 'updated',
				operatorMomentEqualsGreaterGreaterOrEqualLessLessOrEqual: 'less',
				valueMoment: '={{ DateTime.fromMillis(1767225600000) }}',
			},
			'updated<2026-01-01 03:00:00.000',
		],
		[
			'ms',
			{ field: 'updated', valueMoment: '={{ 1767225600000 }}' },
			'updated>=2026-01-01 03:00:00.000',
		],
		['yes', { field: 'weighed', valueFlag: '={{ "TRUE" }}' }, 'weighed=true'],
		['no', { field: 'weighed', valueFlag: '={{ 0 }}' }, 'weighed=false'],
		['a number', { field: 'article', valueText: '={{ 10500 }}' }, 'article=10500'],
		['lines', { field: 'article', valueText: '10500\n 10501' }, 'article=10500;article=10501'],
		[
			'a list',
			{ field: 'article', valueText: '={{ ["10500", 10501] }}' },
			'article=10500;article=10501',
		],
		['nothing touched', { field: 'minimumBalance', operatorNumber: 'greater' }, 'minimumBalance>0'],
	])('values of expressions: %s', async (_, row, wire) => {
		const { requests } = await house.good({ ...ALL, ...conditions(row) });
		expect(requests[0].query.filter).toBe(wire);
	});

	test('references by expression: an object with meta, one picked, several', async () => {
		const supplier = String(
			listed()
				.find((row) => row.value('supplier') !== undefined)
				?.value('supplier'),
		);
		const href = `${house.sandbox.urls.moysklad}/entity/counterparty/${supplier}`;
		const object = `={{ ({ meta: { href: "${href}", type: "counterparty" }, name: "Tea" }) }}`;
		for (const value of [
			object,
			{ __rl: true, mode: 'id', value: object },
			{ __rl: true, mode: 'list', value: supplier },
			{ __rl: true, mode: 'id', value: `={{ ["${supplier}"] }}` },
			{ __rl: true, mode: 'id', value: `${supplier}, ` },
		]) {
			const { requests } = await house.good({
				...ALL,
				...conditions({ field: 'supplier', valueCounterparty: value }),
			});
			expect(requests[0].query.filter).toBe(`supplier=${href}`);
		}
	});

	test.each([
		[
			{ field: 'name', valueText: '={{ $json.absent }}' },
			"'Conditions' has no value to compare 'Name' with",
		],
		[{ field: 'weighed', valueFlag: '={{ "maybe" }}' }, "'Is Weighed' is 'maybe'"],
		[{ field: 'updated', valueMoment: 'soon' }, "'Updated' holds 'soon'"],
		[{ field: 'minimumBalance', valueNumber: '={{ "many" }}' }, "'Minimum Balance' is 'many'"],
	])(
		'a value that cannot be compared is refused by the name of the field: %j',
		async (row, text) => {
			const { message } = await house.refused({ ...ALL, ...conditions(row) });
			expect(message).toContain(text);
		},
	);

	test('a name that nothing has is told after it was looked up', async () => {
		const row = { field: 'supplier', valueCounterparty: { __rl: true, mode: 'id', value: 'Tea' } };
		for (const one of [row, condition('supplier', 'equals', ['Tea'])]) {
			const { message } = await house.notFound({ ...ALL, ...conditions(one) }, 'counterparty');
			expect(message).toContain("'Supplier' is 'Tea', and there is no");
		}
	});

	test('an Is with 600 values takes several requests, each row comes once', async () => {
		const codes = listed().map((one) => String(one.value('code')));
		const values = Array.from({ length: 600 }, (_, at) => codes[at % codes.length]);
		const { json, requests } = await house.good({
			...ALL,
			...conditions({ field: 'code', valueText: `={{ ${JSON.stringify(values)} }}` }),
		});
		expect(requests.length).toBeGreaterThan(1);
		expect(json.map(({ id }) => String(id)).sort()).toEqual(ids(listed()).sort());
		for (const operator of ['notEquals', 'contains']) {
			const { message } = await house.refused({
				...ALL,
				...conditions({
					field: 'code',
					operatorText: operator,
					valueText: `={{ ${JSON.stringify(values)} }}`,
				}),
			});
			expect(message).toContain("'Conditions' make an address of");
		}
	});

	test('amounts go by the option Money', async () => {
		const price = { field: 'salePrice', operatorAmount: 'greater', valueAmount: 10.5 };
		const { requests } = await house.good({
			...ALL,
			...conditions(price),
			options: { money: 'roubles' },
		});
		expect(requests[0].query.filter).toBe('salePrice>1050');
	});

	test('times, in the time zone of the workflow', async () => {
		const updated = listed()
			.map((one) => Number(one.value('updated')))
			.sort((a, b) => a - b);
		const [from, to] = [updated[20], updated[90]];
		const tashkent = (ms: number) => new Date(ms + 5 * 3_600_000).toISOString().slice(0, 19);
		const moscow = (ms: number) =>
			`${new Date(ms + 3 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}.000`;
		const { json, requests } = await house.good(
			{
				...ALL,
				...conditions(
					condition('updated', 'greaterOrEqual', tashkent(from)),
					condition('updated', 'lessOrEqual', tashkent(to)),
				),
			},
			{ timezone: 'Asia/Tashkent' },
		);
		expect(requests[0].query.filter).toBe(`updated>=${moscow(from)};updated<=${moscow(to)}`);
		expect(json.map(({ id }) => id)).toEqual(
			ids(
				listed().filter((one) => {
					const at = Number(one.value('updated'));
					return at >= from && at <= to;
				}),
			),
		);
		expect(json.length).toBeGreaterThan(60);
	});

	test('what MoySklad would refuse or misread is refused at once', async () => {
		const nothing = await house.refused({
			...ALL,
			...conditions(condition('name', 'equals', [''])),
		});
		expect(nothing.message).toBe("'Conditions' has no value to compare 'Name' with");
		const mixed = await house.refused({
			...ALL,
			...conditions(condition('name', 'equals', ['a']), condition('name', 'contains', ['b'])),
		});
		expect(mixed.message).toContain(
			"compare 'name' with 'Is' or 'Is Empty' and with another operator",
		);
		const twice = await house.refused({
			...ALL,
			...conditions(
				condition('updated', 'greaterOrEqual', '2026-01-01'),
				condition('updated', 'greaterOrEqual', '2026-02-01'),
			),
		});
		expect(twice.message).toContain("compare 'updated' twice with the same operator");
		for (const [operator, value] of [
			['equals', '~tea'],
			['contains', '=tea'],
			['equals', 'tea\\'],
			['equals', 'green\\;tea'],
		]) {
			const unwritable = await house.refused({
				...ALL,
				...conditions(condition('name', operator, [`={{ ${JSON.stringify(value)} }}`])),
			});
			expect(unwritable.message).toContain(`'Name' is compared with '${value}'`);
		}
		const foreign = await house.refused({
			...ALL,
			...conditions(condition('nonsense', 'equals', ['1'])),
		});
		expect(foreign.message).toContain("names the unknown field 'nonsense'");
		const odd = await house.refused({
			...ALL,
			...conditions(condition('barcode', 'contains', ['1'])),
		});
		expect(odd.message).toContain(
			"'Stock' is set to 'Include', with which barcodes are compared only as a whole",
		);
	});

	test('a value or nothing: both are alternatives, which MoySklad allows', async () => {
		const description = String(listed()[0].row.description);
		const { json } = await house.good({
			...ALL,
			...conditions(
				condition('description', 'equals', [description]),
				condition('description', 'isEmpty'),
			),
		});
		expect(json.map(({ id }) => id)).toEqual(
			ids(
				listed().filter(
					({ row }) => row.description === undefined || row.description === description,
				),
			),
		);
	});
});

describe('order and grouping', () => {
	const sorted = (rows: Expected[], field: string, sign: number) =>
		[...rows].sort((a, b) => {
			const [left, right] = [a, b].map(({ value }) => String(value(field) ?? '').toLowerCase());
			return left === right ? a.index - b.index : (left < right ? -1 : 1) * sign;
		});

	test.each([
		['name', 'asc', 'name'],
		['name', 'desc', 'name'],
		['article', 'asc', 'article'],
		['code', 'desc', 'code'],
		['pathname', 'asc', 'pathName'],
	])('by %s %s', async (field, direction, kept) => {
		const { json, requests } = await house.good({ ...ALL, sort: { by: [{ field, direction }] } });
		expect(requests[0].query.order).toBe(`${field},${direction}`);
		expect(json.map(({ id }) => id)).toEqual(
			ids(sorted(listed(), kept, direction === 'asc' ? 1 : -1)),
		);
	});

	test('by two fields, across pages', async () => {
		const by = [
			{ field: 'pathname', direction: 'desc' },
			{ field: 'code', direction: 'asc' },
		];
		const { json, requests } = await house.good({
			...ALL,
			sort: { by },
			options: { expand: ['images'] },
		});
		expect(requests.map(({ query }) => query.order)).toEqual([
			'pathname,desc;code,asc',
			'pathname,desc;code,asc',
		]);
		expect(json.map(({ id }) => id)).toEqual(ids(sorted(listed(), 'pathName', -1)));
	});

	test.each([
		['product', ['product', 'service', 'bundle']],
		['variant', ['product', 'variant', 'service', 'bundle']],
		['consignment', ['product', 'variant', 'service', 'bundle', 'consignment']],
	])('group by %s', async (groupBy, types) => {
		const { json, requests } = await house.good({ ...ALL, options: { groupBy } });
		expect(requests[0].query.groupBy).toBe(groupBy);
		const expected = everyRow().filter(
			({ type, row }) => types.includes(type) && row.archived !== true,
		);
		expect(json.map(({ id }) => id)).toEqual(ids(expected));
		expect(new Set(json.map(({ type }) => type))).toEqual(new Set(types));
	});

	test('expand: pages of 100, and rows that carry the objects', async () => {
		const { json, requests } = await house.good({
			...ALL,
			simplify: false,
			options: { expand: ['productFolder', 'product', 'components', 'images', 'supplier'] },
		});
		expect(requests.map(({ query }) => [query.limit, query.offset, query.expand])).toEqual([
			['100', '0', 'productFolder,product,components,images,supplier'],
			['100', '100', 'productFolder,product,components,images,supplier'],
		]);
		expect(json.map(({ id }) => id)).toEqual(ids(listed()));
		const [first] = listed();
		expect(json[0].productFolder).toMatchObject({
			id: first.value('productFolder'),
			name: expect.any(String),
		});
		const variant = json.find(({ meta }) => (meta as IDataObject).type === 'variant');
		expect(variant?.product).toMatchObject({ id: first.id, name: first.row.name });
		const bundle = json.find(({ meta }) => (meta as IDataObject).type === 'bundle');
		expect((bundle?.components as IDataObject).rows).toHaveLength(2);
		expect((json[0].images as { rows: unknown[] }).rows).toHaveLength(1);
		const supplied = json.find(({ supplier }) => supplier !== undefined);
		expect(supplied?.supplier).toMatchObject({ companyType: expect.any(String) });
	});

	test('expand with a limit below 100 asks for no more than that', async () => {
		const { json, requests } = await house.good({
			...GET_MANY,
			limit: 7,
			options: { expand: ['productFolder'] },
		});
		expect(requests.map(({ query }) => query.limit)).toEqual(['7']);
		expect(json).toHaveLength(7);
	});
});

describe('limit', () => {
	test.each([
		[0, '0'],
		[-1, '-1'],
		['abc', 'abc'],
		[1.5, '1.5'],
	])('%p is refused before anything is sent', async (limit, shown) => {
		const error = await house.refused({ ...GET_MANY, limit });
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toBe(`'Limit' is '${shown}'`);
		expect(error.description).toBe("Give a whole number from 1 up, or turn on 'Return All'.");
		expect(error.context.itemIndex).toBe(0);
	});

	test('the item with the bad limit is named', async () => {
		const { error } = await house.bad(
			{ ...GET_MANY, limit: '={{ $json.limit }}' },
			{ items: [{ limit: 2 }, { limit: 3 }, { limit: 0 }] },
		);
		expect(error.message).toBe("'Limit' is '0' [item 2]");
		expect(error.context.itemIndex).toBe(2);
	});

	test('5000 of a list of 120 takes one request', async () => {
		const { json, requests } = await house.good({ ...GET_MANY, limit: 5000 });
		expect(requests.map(({ query }) => query)).toEqual([{ limit: '1000', offset: '0' }]);
		expect(json.map(({ id }) => id)).toEqual(ids(listed()));
	});

	describe('on 2300 rows', () => {
		let big: House;

		beforeAll(async () => {
			big = await House.open({ assortmentRows: 2300 });
		});

		afterAll(async () => {
			await big.close();
		});

		test('Return All reads every page once and keeps the order', async () => {
			const { json, requests } = await big.good(ALL);
			expect(requests.map(({ query }) => query.offset).sort()).toEqual(['0', '1000', '2000']);
			expect(requests.every(({ query }) => query.limit === '1000')).toBe(true);
			expect(json.map(({ id }) => id)).toEqual(ids(listed(big)));
		});

		test('1500 takes two pages, and three items get their own lists', async () => {
			const { json, requests } = await big.good({ ...GET_MANY, limit: 1500 });
			expect(requests).toHaveLength(2);
			expect(json.map(({ id }) => id)).toEqual(ids(listed(big)).slice(0, 1500));

			const many = await big.good(
				{ ...GET_MANY, limit: '={{ $json.n }}' },
				{ items: [{ n: 1001 }, { n: 1 }, { n: 1100 }] },
			);
			const expected = [1001, 1, 1100].flatMap((n, item) =>
				ids(listed(big))
					.slice(0, n)
					.map((id) => ({ id, pairedItem: { item } })),
			);
			expect(many.items.map(({ json: { id }, pairedItem }) => ({ id, pairedItem }))).toEqual(
				expected,
			);
		});

		test('a page that fails ends the list, and no more is sent than was under way', async () => {
			big.sandbox.latency.baseMs = 100;
			big.sandbox.faults.add({
				vendor: 'moysklad',
				after: 1,
				status: 400,
				body: { errors: [{ error: 'Refused', code: 1034 }] },
			});
			const before = big.requests.length;
			const { error, items } = await big.bad({ ...ALL, options: { expand: ['images'] } });
			expect(error.message).toContain('(code 1034)');
			expect(items).toEqual([]);
			await new Promise((resolve) => setTimeout(resolve, 600));
			big.sandbox.latency.baseMs = 0;
			// The first page, five at a time after it, and one that took the refused page's place; the list has 23.
			expect(big.requests.length - before).toBeLessThanOrEqual(7);
		});

		test('figures from the stock report are those of the rows', async () => {
			const rows = await big.good({ ...ALL, stock: 'rows' });
			const report = await big.good({ ...ALL, stock: 'report' });
			expect(report.json).toEqual(rows.json);
			expect(paths(report.requests).sort()).toEqual(
				[LIST, LIST, LIST, ...Array(4).fill(REPORT)].sort(),
			);
			const reports = report.requests.filter(({ path }) => path.includes('/report/'));
			expect(reports.map(({ query }) => query.stockType).sort()).toEqual([...STOCK_TYPES].sort());
			expect(reports.every(({ query }) => query.filter === undefined)).toBe(true);
		});
	});
});

describe('stock', () => {
	test('a short list asks the report for its own rows only', async () => {
		const rows = await house.good({ ...GET_MANY, limit: 100, stock: 'rows' });
		const report = await house.good({ ...GET_MANY, limit: 100, stock: 'report' });
		expect(report.json).toEqual(rows.json);
		const [list, ...reports] = report.requests;
		expect(list.headers[BETA]).toBe('assortmentWithoutStock');
		const stocked = ids(listed().slice(0, 100).filter(hasStock));
		expect(reports).toHaveLength(4);
		for (const { query, path, headers } of reports) {
			expect(path).toMatch(/\/report\/stock\/all\/current$/);
			expect(query.filter).toBe(`assortmentId=${stocked.join(',')}`);
			expect(headers[BETA]).toBeUndefined();
		}
	});

	test('a list of services alone needs no report', async () => {
		const { json, requests } = await house.good({
			...GET_MANY,
			stock: 'report',
			filters: { type: ['service'] },
		});
		expect(paths(requests)).toEqual([LIST]);
		expect(json.length).toBeGreaterThan(0);
		expect(json.every((row) => row.stock === null)).toBe(true);
	});

	test('left out: the new endpoint alone, and no stock', async () => {
		for (const simplify of [true, false]) {
			const { json, requests } = await house.good({ ...ALL, stock: 'none', simplify });
			expect(paths(requests)).toEqual([LIST]);
			expect(requests[0].headers[BETA]).toBe('assortmentWithoutStock');
			expect(json.map(({ id }) => id)).toEqual(ids(listed()));
			for (const row of json) {
				expect(STOCK_TYPES.filter((name) => (row[name] ?? null) !== null)).toEqual([]);
			}
		}
	});

	test('the folder path goes by its new name there', async () => {
		const { json, requests } = await house.good({
			...ALL,
			stock: 'none',
			...conditions(condition('pathname', 'contains', ['/'])),
			sort: { by: [{ field: 'pathname', direction: 'asc' }] },
		});
		expect(requests[0].query).toMatchObject({ filter: 'pathName~/', order: 'pathName,asc' });
		expect(new Set(json.map(({ id }) => id))).toEqual(
			new Set(ids(listed().filter((one) => String(one.value('pathName')).includes('/')))),
		);
	});

	test('a folder holds the same items whichever way the stock comes', async () => {
		// A folder with folders below it: the two endpoints differ in what they take for granted.
		const folder = house.state.world.id('productfolder', 0);
		const filters = { productFolder: { __rl: true, mode: 'id', value: folder } };
		const rows = await house.good({ ...ALL, stock: 'rows', filters });
		const report = await house.good({ ...ALL, stock: 'report', filters });
		expect(report.json).toEqual(rows.json);
	});

	test('batches, which the report leaves out, get no false zeros', async () => {
		const rows = await house.good({ ...ALL, options: { groupBy: 'consignment' } });
		const report = await house.good({
			...ALL,
			stock: 'report',
			options: { groupBy: 'consignment' },
		});
		const figure = new Map(rows.json.map(({ id, stock }) => [id, stock]));
		for (const row of report.json) {
			if (row.stock !== null) expect([row.id, row.stock]).toEqual([row.id, figure.get(row.id)]);
		}
	});

	test.each(['none', 'report'])('%s refuses what only the old endpoint can do', async (stock) => {
		const store = house.state.world.id('store', 0);
		for (const [filters, field] of [
			[{ stockLevel: 'positiveOnly' }, 'Stock Level'],
			[{ availableQuantity: 'empty' }, 'Available Quantity'],
			[{ stockMoment: '2026-10-01' }, 'Stock at Moment'],
			[{ warehouse: { __rl: true, mode: 'id', value: store } }, 'Warehouse'],
		] as const) {
			const error = await house.refused({ ...ALL, stock, filters });
			expect(error.message).toBe(
				`'Stock' is not set to 'Include', and the filter '${field}' works only with it`,
			);
			expect(error.description).toBe("Set 'Stock' to 'Include', or remove this filter.");
		}
		for (const [term, label] of [
			[condition('article', 'equals', ['A']), 'Article (SKU)'],
			[condition('owner', 'isEmpty'), 'Owner (Employee)'],
			[condition('weighed', 'equals', true), 'Is Weighed'],
			[condition('shared', 'equals', true), 'Is Shared'],
			[condition('updatedBy', 'equals', ['admin@sandbox']), 'Updated By'],
			[condition('isSerialTrackable', 'equals', true), 'Has Serial Numbers'],
			[condition('alcoholic.type', 'equals', 420), 'Alcohol Type Code'],
		] as const) {
			const error = await house.refused({ ...ALL, stock, ...conditions(term) });
			expect(error.message).toContain(`the filter '${label}' works only with it`);
		}
		const expand = await house.refused({ ...ALL, stock, options: { expand: ['images', 'owner'] } });
		expect(expand.message).toBe(
			"'Expand' names 'owner', which works only with 'Stock' set to 'Include'",
		);
	});

	test('none allows to expand what the new endpoint can', async () => {
		const { json, requests } = await house.good({
			...ALL,
			stock: 'none',
			simplify: false,
			options: { expand: ['images', 'components', 'product'] },
		});
		expect(requests).toHaveLength(2);
		expect((json[0].images as { rows: unknown[] }).rows).toHaveLength(1);
	});
});

describe('several items', () => {
	test('each has its own parameters, read through expressions', async () => {
		const { items, requests } = await house.good(
			{
				...GET_MANY,
				limit: '={{ $json.limit }}',
				filters: { type: '={{ [$json.type] }}' },
				conditions: {
					condition: [condition('code', 'startsWith', ['={{ $json.code }}'])],
				},
			},
			{
				items: [
					{ limit: 2, type: 'product', code: '0000' },
					{ limit: 3, type: 'service', code: '0000' },
					{ limit: 1, type: 'bundle', code: '0001' },
				],
			},
		);
		expect(requests).toHaveLength(3);
		expect(new Set(requests.map(({ query }) => query.filter))).toEqual(
			new Set(['code~=0000;type=product', 'code~=0000;type=service', 'code~=0001;type=bundle']),
		);
		expect(items.map(({ json, pairedItem }) => [json.type, pairedItem])).toEqual([
			['product', { item: 0 }],
			['product', { item: 0 }],
			['service', { item: 1 }],
			['service', { item: 1 }],
			['service', { item: 1 }],
			['bundle', { item: 2 }],
		]);
	});

	test('one that fails leaves the others alone when the workflow goes on', async () => {
		const parameters = {
			...GET_MANY,
			limit: 2,
			filters: { productFolder: { __rl: true, mode: 'id', value: '={{ $json.folder }}' } },
		};
		const folder = String(listed()[0].value('productFolder'));
		const items = [{ folder }, { folder: 'nonsense' }, { folder }];
		const regular = await house.run(parameters, { items, onError: 'continueRegularOutput' });
		expect(regular.result.status).toBe('success');
		const count = regular.items.filter(
			({ pairedItem }) => (pairedItem as { item: number }).item === 0,
		).length;
		expect(count).toBeGreaterThan(0);
		expect(regular.items).toHaveLength(2 * count + 1);
		const error =
			"'Product Folder' is 'nonsense', and there is no product folder with this path, name, code or external code [item 1]";
		expect(regular.items[count].json).toEqual({ error });
		expect(regular.items[count].pairedItem).toEqual({ item: 1 });

		const split = await house.run(parameters, { items, onError: 'continueErrorOutput' });
		const [good, failed] = split.result.data('MoySklad');
		expect(good.map(({ pairedItem }) => pairedItem)).toEqual([
			...Array<object>(count).fill({ item: 0 }),
			...Array<object>(count).fill({ item: 2 }),
		]);
		expect(failed).toHaveLength(1);
		expect(failed[0].pairedItem).toEqual({ item: 1 });
		expect(failed[0].json).toMatchObject({ error });
	});
});
