/** Operations made from facts: the form, the request and the row, for the words that the vendors have for types. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Vendor, Work } from '../../nodes/shared/catalogue';
import { choicesFrom, kindFromFacts } from '../../nodes/shared/facts/factKinds';
import { labelFrom } from '../../nodes/shared/form/labels';
import { singular, sketch } from '../../nodes/shared/facts/factFields';
import type { OperationFacts } from '../../nodes/shared/facts/facts';
import { formOf } from '../../nodes/shared/form/form';
import { maker, type OperationDecisions, type Dialect } from '../../nodes/shared/facts/fromFacts';
import { present } from '../../nodes/shared/form/output';
import { readCall } from '../../nodes/shared/form/parameters';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { requestOf } from '../../nodes/shared/run/request';
import { Form, type FormContext } from '../../nodes/shared/form/values';
import { n8nContext } from './n8nContext';

const FACTS: OperationFacts[] = [
	{
		id: 'findOrders',
		method: 'POST',
		path: '/shops/{shop_id}/orders',
		pathFields: [{ name: 'shop_id', kind: 'number', required: true }],
		query: [
			{ name: 'pageToken', kind: 'string' },
			{ name: 'region_id', kind: 'integer', format: 'int64' },
		],
		body: [
			{ name: 'ids', kind: 'array<number>', maxItems: 3 },
			{ name: 'states', kind: 'array', of: 'string', values: ['NEW', 'READY_TO_SHIP'] },
			{
				name: 'dates',
				kind: 'object',
				fields: [
					{ name: 'from', kind: 'string', format: 'date', required: true },
					{ name: 'to', kind: 'string', format: 'date', required: true },
				],
			},
			{ name: 'is_test', kind: 'boolean' },
			{ name: 'former', kind: 'string', deprecated: true },
		],
		answer: {
			status: 'string',
			result: 'object',
			'result.orders[]': 'object',
			'result.orders[].id': 'integer',
			'result.orders[].buyer': 'object',
			'result.orders[].buyer.name': 'string',
			'result.orders[].tags[]': 'string',
			'result.orders[].items[].sku': 'string',
			'result.orders[].paid': 'boolean',
			'result.paging': 'object',
			'result.paging.next': 'string',
		},
	},
	{
		id: 'setBoxes',
		method: 'PUT',
		path: '/orders/{orderId}/boxes',
		pathFields: [{ name: 'orderId', kind: 'integer', required: true, format: 'int64', min: 1 }],
		body: [
			{
				name: 'boxes',
				kind: 'array',
				required: true,
				maxItems: 2,
				fields: [
					{ name: 'barcode', kind: 'string', required: true, maxLength: 5 },
					{ name: 'size', kind: 'object', fields: [{ name: 'width', kind: 'integer[ 1 .. 99 ]' }] },
					{ name: 'fragile', kind: 'boolean' },
					{ name: 'codes', kind: 'array', fields: [{ name: 'cis', kind: 'string' }] },
				],
			},
			{ name: 'notify', kind: 'boolean' },
		],
		answer: { status: 'string' },
	},
	{
		id: 'setPrices',
		method: 'POST',
		path: '/shops/{shop_id}/prices',
		pathFields: [{ name: 'shop_id', kind: 'number', required: true }],
		body: [
			{ name: 'campaign', kind: 'integer', format: 'int64' },
			{
				name: 'offers',
				kind: 'array',
				required: true,
				maxItems: 500,
				fields: [
					{ name: 'offerId', kind: 'string', required: true },
					{
						name: 'price',
						kind: 'object',
						required: true,
						fields: [
							{ name: 'value', kind: 'number', required: true, min: 0 },
							{ name: 'currency', kind: 'string', values: ['RUR', 'UZS'] },
						],
					},
					{
						name: 'term',
						kind: 'object',
						fields: [
							{ name: 'days', kind: 'integer', required: true },
							{ name: 'note', kind: 'string' },
						],
					},
				],
			},
		],
		answer: { status: 'string' },
	},
	{
		id: 'archive',
		method: 'POST',
		path: '/archive',
		body: [{ name: 'offerIds', kind: 'array', of: 'string', required: true, maxItems: 200 }],
		answer: { status: 'string', 'result.refused[]': 'string' },
	},
	{ id: 'label', method: 'GET', path: '/label', answer: { '': 'string(binary)' } },
	{
		id: 'remove',
		method: 'DELETE',
		path: '/things/{id}',
		pathFields: [{ name: 'id', kind: 'string' }],
	},
	{
		id: 'getShop',
		method: 'GET',
		path: '/shop',
		answer: { success: 'boolean', data: 'object', 'data.id': 'integer', 'data.title': 'string' },
		deprecated: { since: '2027-01-18', off: '2027-04-12', instead: 'other' },
	},
	{
		id: 'getShops',
		method: 'GET',
		path: '/shops',
		answer: { success: 'boolean', data: 'array', 'data[].id': 'integer', 'data[].title': 'string' },
	},
];

const dialect: Dialect = {
	facts: FACTS,
	docs: ({ id }) => `https://docs.example/${id}`,
	own: ['pageToken'],
	common: {
		shop_id: {
			name: 'shopId',
			label: 'Shop',
			kind: 'locator',
			required: true,
			locator: {
				search: 'searchShops',
				id: { pattern: '\\d+', message: 'A whole number', placeholder: 'e.g. 5' },
			},
		} as Omit<Field, 'to'>,
	},
	words: { cis: 'CIS' },
	reads: ({ id }) => id.startsWith('find'),
	notes: ({ id }) => `Notes of ${id}.`,
};

const make = maker(dialect);
const of = (facts: string, more: Partial<OperationDecisions> = {}): Operation =>
	make({
		facts,
		resource: 'thing',
		operation: 'act',
		name: 'Act',
		action: 'Act on thing',
		description: 'Acts on a thing',
		...more,
	});

function read(operation: Operation, parameters: IDataObject): Call {
	const resources = [{ name: 'Thing', value: 'thing' }];
	const properties = formOf({ resources, operations: [operation] } as unknown as Vendor);
	const given = { resource: 'thing', operation: 'act', ...parameters };
	return readCall(new Form(n8nContext(properties, given)), operation, 0, 'https://a.example');
}

const vendor = {} as Vendor;
const named = (operation: Operation, name: string) =>
	operation.fields.find((field) => field.name === name) as Field;

describe('words of types', () => {
	it.each([
		['integer', { type: 'whole' }],
		['number(int32)', { type: 'whole' }],
		['integer[ 1 .. 255 ]', { type: 'whole', min: 1, max: 255 }],
		['number<= 1000', { type: 'number', max: 1000 }],
		['float', { type: 'number' }],
		['boolean', { type: 'toggle' }],
		['string(date)', { type: 'date' }],
		['string(date-time)', { type: 'dateTime' }],
		['string ISO 8601', { type: 'dateTime' }],
		['string ≤255 (Integer on Eyrene page)', { type: 'text', maxLength: 255 }],
		['string in doc, integer in sample', { type: 'text' }],
		['array<string>', { type: 'list', of: 'text' }],
		['array<number>[ 1 .. 7 ] items', { type: 'list', of: 'number' }],
		['array of image id', { type: 'list', of: 'text' }],
		['array of arrays', { type: 'list', of: 'any' }],
		['object', { type: 'object' }],
		['binary JPEG', { type: 'file' }],
	])('%s', (kind, expected) => {
		expect(kindFromFacts({ name: 'x', kind })).toEqual(expected);
	});

	it('takes a number whose name is that of an ID for a whole one', () => {
		expect(kindFromFacts({ name: 'staff_id', kind: 'number' }).type).toBe('whole');
		expect(kindFromFacts({ name: 'paid', kind: 'number' }).type).toBe('number');
	});

	it('makes labels and names of values', () => {
		expect(labelFrom('warehouseIds')).toBe('Warehouse IDs');
		expect(labelFrom('short_descr')).toBe('Short Descr');
		expect(labelFrom('cis_codes', { cis: 'CIS' })).toBe('CIS Codes');
		expect(labelFrom('notify_by_sms')).toBe('Notify by SMS');
		expect(labelFrom('kpiValues')).toBe('KPI Values');
		expect(choicesFrom(['CREATED_AT_DESC', 'ASC']).map(({ name }) => name)).toEqual([
			'Ascending',
			'Created at Descending',
		]);
		expect(choicesFrom(['READY_TO_SHIP', 'NEW', 'new'])).toEqual([
			{ name: 'New (new)', value: 'new' },
			{ name: 'New (NEW)', value: 'NEW' },
			{ name: 'Ready to Ship', value: 'READY_TO_SHIP' },
		]);
		expect(['Boxes', 'Entries', 'Offers', 'Address', 'Addresses'].map(singular)).toEqual([
			'Box',
			'Entry',
			'Offer',
			'Address',
			'Address',
		]);
		expect(sketch(FACTS[1].body ?? [])).toBe(
			'{ boxes: [{ barcode, size: { width }, fragile, codes: [{ cis }] }], notify }',
		);
	});
});

describe('a list that is asked for by POST', () => {
	const operation = of('findOrders', { operation: 'act' });

	it('is a read with filters, without what the node fills in and without what is deprecated', () => {
		expect(operation.does).toBe('reads');
		expect(operation.route).toBe('POST /shops/{shopId}/orders');
		expect(operation.answer).toEqual({ kind: 'list', at: 'result.orders' });
		expect(operation.fields.map(({ name, section, to }) => [name, section, to])).toEqual([
			['shopId', undefined, 'path:shopId'],
			['regionId', 'filters', 'query:region_id'],
			['ids', 'filters', 'body:ids'],
			['states', 'filters', 'body:states'],
			['from', 'filters', 'body:dates.from'],
			['to', 'filters', 'body:dates.to'],
			['isTest', 'filters', 'body:is_test'],
		]);
		expect(operation.notes).toBe('Notes of findOrders.');
	});

	it('sends nothing that nobody touched, and what was given in its form', () => {
		const shopId = { __rl: true, mode: 'id', value: '7' };
		expect(requestOf(vendor, read(operation, { shopId }))).toMatchObject({
			path: '/shops/7/orders',
			query: {},
			body: {},
		});
		const filters = {
			regionId: '9007199254740993',
			ids: '5, 6',
			states: ['READY_TO_SHIP'],
			from: '2026-11-21',
			to: '2026-11-22',
			isTest: true,
		};
		expect(requestOf(vendor, read(operation, { shopId, filters }))).toMatchObject({
			query: { region_id: '9007199254740993' },
			body: {
				ids: [5, 6],
				states: ['READY_TO_SHIP'],
				dates: { from: '2026-11-21', to: '2026-11-22' },
				is_test: true,
			},
		});
	});

	it.each([
		[{ ids: '1,2,3,4' }, 'holds 4 entries'],
		[{ ids: '9007199254740993' }, 'more digits than a number can hold'],
		[{ regionId: 'Moscow' }, "is 'Moscow'"],
		[{ from: '2026-11-21' }, "'To' is empty"],
	])('refuses %j', (filters, text) => {
		const shopId = { __rl: true, mode: 'id', value: '7' };
		expect(() => requestOf(vendor, read(operation, { shopId, filters }))).toThrow(InputProblem);
		expect(() => requestOf(vendor, read(operation, { shopId, filters }))).toThrow(text);
	});

	it('has a flat row of its plain fields, or of the columns that were decided', () => {
		expect(operation.output).toEqual({
			id: { type: 'number' },
			tags: { type: 'string' },
			paid: { type: 'boolean' },
		});
		const row = { id: 5, buyer: { name: 'Ann' }, tags: ['a', 'b'], items: [{}, {}], paid: false };
		const call = { operation, output: 'simplified' } as unknown as Call;
		expect(present(row, call)).toEqual({ id: 5, tags: 'a, b', paid: false });
		const decided = of('findOrders', { columns: ['id', 'buyer.name', 'count=items'] });
		expect(present(row, { operation: decided, output: 'simplified' } as unknown as Call)).toEqual({
			id: 5,
			buyerName: 'Ann',
			count: 2,
		});
		expect(operation.rawFields?.map(({ value }) => value)).toEqual(['buyer', 'items']);
	});
});

describe('rows', () => {
	const operation = of('setBoxes');

	it('have columns for what is in their objects, and JSON for deeper lists', () => {
		const boxes = named(operation, 'boxes');
		expect(boxes).toMatchObject({ kind: 'rows', button: 'Add Box', required: true });
		const { columns } = boxes as Field & { kind: 'rows' };
		expect(columns.map(({ name, kind, at }) => [name, kind, at])).toEqual([
			['barcode', 'text', undefined],
			['width', 'text', 'size.width'],
			['fragile', 'choice', undefined],
			['codes', 'json', undefined],
		]);
	});

	it('send what was given, as rows of the form or in the form of the API', () => {
		const row = { barcode: 'A', width: '7', fragile: '', codes: '' };
		const given = (boxes: unknown) =>
			read(operation, { orderId: '5', boxes: boxes as IDataObject });
		expect(given({ row: [row] }).body).toEqual({ boxes: [{ barcode: 'A', size: { width: 7 } }] });
		const own = [{ barcode: 'A', size: { width: 7 }, codes: [{ cis: 'x' }], fragile: false }];
		const context = {
			getNodeParameter: (name: string) => ({ orderId: '5', boxes: own })[name as 'boxes'],
			getTimezone: () => 'Europe/Moscow',
		} as unknown as FormContext;
		expect(readCall(context, operation, 0, 'https://a.example').body).toEqual({ boxes: own });
		expect(() => given({ row: [{ barcode: 'ABCDEF' }] })).toThrow('has 6 characters');
		expect(() => given({ row: [{ ...row, width: '100' }] })).toThrow(InputProblem);
		expect(() => given({ row: [row, row, row] })).toThrow('holds 3 entries');
	});

	it('leaves an unset switch out', () => {
		const call = read(operation, { orderId: '5', boxes: { row: [{ barcode: 'A' }] } });
		expect(call.body).not.toHaveProperty('notify');
		expect(named(operation, 'notify').section).toBe('additionalFields');
	});
});

describe('items that are elements of one array', () => {
	const operation = of('setPrices', { each: { at: 'offers', id: 'offerId' } });
	const given = { shopId: { __rl: true, mode: 'id', value: '7' }, offerId: 'A', value: '12.5' };

	it('have the form of one element', () => {
		expect(operation.bulk).toMatchObject({ kind: 'write', always: true, elements: 500 });
		const call = read(operation, {
			...given,
			additionalFields: { currency: 'UZS', campaign: '9' },
		});
		const { bulk } = operation;
		if (bulk?.kind !== 'write') throw new Error('no bulk write');
		expect(bulk.element(call)).toEqual({ offerId: 'A', price: { value: 12.5, currency: 'UZS' } });
		expect(bulk.wrap?.beside?.(call)).toEqual({ campaign: 9 });
	});

	it('are told when they are not whole, before anything is sent', async () => {
		const good = read(operation, { ...given });
		const bad = read(operation, { ...given, additionalFields: { note: 'x' } });
		await operation.prepare?.([good, bad], {} as Work);
		expect(good.problem).toBeUndefined();
		expect(String(bad.problem?.message)).toContain("'Days' is empty");
	});

	it('may be plain, and may come by columns', async () => {
		const plain = of('archive', { each: { at: 'offerIds', results: 'result.refused' } });
		const { bulk } = plain;
		if (bulk?.kind !== 'write') throw new Error('no bulk write');
		expect(bulk.element(read(plain, { offerId: 'A' }))).toBe('A');
		const mapped = of('setPrices', {
			each: { at: 'offers', id: 'offerId' },
			mapper: { mode: 'create', front: ['offerId'] },
		});
		const call = read(mapped, {
			shopId: given.shopId,
			inputMode: 'fields',
			fields: { mappingMode: 'defineBelow', value: { offerId: 'A', value: 5 } },
		});
		await mapped.prepare?.([call], {} as Work);
		expect(call.problem).toBeUndefined();
		const write = mapped.bulk;
		if (write?.kind !== 'write') throw new Error('no bulk write');
		expect(write.element(call)).toEqual({ offerId: 'A', price: { value: 5 } });
		const json = (text: string) =>
			read(mapped, { shopId: given.shopId, inputMode: 'json', json: text });
		const whole = json('{"offerId":"A","price":{"value":7}}');
		expect(write.element(whole)).toEqual({ offerId: 'A', price: { value: 7 } });
		expect(() => json('{"offerId":"A","price":{"currency":"RUR"}}')).toThrow("'Value'");
	});
});

describe('answers', () => {
	it('are files, objects, lists, or nothing', () => {
		expect(of('label').answer).toEqual({ kind: 'file' });
		expect(named(of('label'), 'binaryPropertyName')).toBeDefined();
		expect(of('remove').answer).toEqual({ kind: 'deleted' });
		expect(of('getShop').answer).toEqual({ kind: 'object', at: 'data' });
		expect(of('getShops').answer).toEqual({ kind: 'list', at: 'data' });
		expect(of('setBoxes').answer).toEqual({ kind: 'done' });
	});

	it('a list without pages comes as a whole', () => {
		const { list } = of('getShops');
		expect(list?.style.name).toBe('whole');
		expect(list?.style.first(50)).toEqual({});
	});
});

describe('decisions', () => {
	it('win over the facts', () => {
		const operation = of('findOrders', {
			top: ['ids'],
			without: ['is_test'],
			tune: { ids: { label: 'Order IDs', help: 'Numbers' }, 'dates.from': { name: 'begin' } },
			own: [
				{
					name: 'region',
					label: 'Region',
					kind: 'text',
					to: 'query:region_id',
					section: 'filters',
				},
			],
			notes: 'First.',
		});
		expect(operation.fields.map(({ name }) => name)).toEqual([
			'shopId',
			'ids',
			'states',
			'begin',
			'to',
			'region',
		]);
		expect(named(operation, 'ids')).toMatchObject({ label: 'Order IDs', help: 'Numbers' });
		expect(operation.notes).toBe('First. Notes of findOrders.');
	});

	it("an end of life is the facts' own, under the name of the replacement", () => {
		expect(of('getShop').deprecated).toEqual({ since: '2027-01-18', off: '2027-04-12' });
		expect(of('getShop', { deprecated: { instead: 'Get' } }).deprecated?.instead).toBe('Get');
		expect(of('getShop', { deprecated: false }).deprecated).toBeUndefined();
	});

	it('about facts that do not exist are an error', () => {
		expect(() => of('nothing')).toThrow("no facts of 'nothing'");
	});
});
