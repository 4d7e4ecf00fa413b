/** Values as sheets, people and models have them, by expression, in every place that a form has. */
import type { IDataObject } from 'n8n-workflow';

import { entityTypes } from '../../../nodes/MoySklad/entityTypes';
import { idAt, leastObject } from './samples';
import { automatic, byHand, House, inJson, NOBODY } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const MOSCOW = 'Europe/Moscow';
const BY_EXPRESSION = '={{ $json.v }}';

type Value = string | number | boolean | null;

/** Queries and bodies that one item with this value made. */
async function sent(parameters: IDataObject, v: Value) {
	const { requests } = await house.good(parameters, { items: [{ v }], timezone: MOSCOW });
	return requests.map(({ query, body }) => ({ query, body: body as IDataObject }));
}

const YES: Value[] = [true, 'TRUE', 'True', 1, '1', 'yes', 'да'];
const NO: Value[] = [false, 'FALSE', 'False', 0, '0', 'no', 'нет'];
const MAYBE: Value[] = ['maybe', 2];

const inRow = (row: IDataObject) => ({ condition: [{ field: 'done', ...row }] });

/** A place for yes or no: its label, the form with the value by expression, and what of the requests tells. */
const PLACES: Array<
	[
		string,
		string,
		(turn: number) => IDataObject,
		(requests: Awaited<ReturnType<typeof sent>>) => unknown,
	]
> = [
	[
		'a condition',
		'Is Done',
		() => ({
			resource: 'task',
			operation: 'getAll',
			conditions: inRow({ operatorFlag: 'equals', valueFlag: BY_EXPRESSION }),
		}),
		([{ query }]) => ({ 'done=true': true, 'done=false': false })[String(query.filter)],
	],
	[
		'a condition of a workflow of version 0.1.0',
		'Is Done',
		() => ({
			resource: 'task',
			operation: 'getAll',
			conditions: inRow({ operator: 'equals', value: BY_EXPRESSION }),
		}),
		([{ query }]) => ({ 'done=true': true, 'done=false': false })[String(query.filter)],
	],
	[
		'a field that is written',
		'Enabled',
		(turn) => ({
			resource: 'webhook',
			operation: 'create',
			// One type has five places.
			entityType: entityTypes[turn].value,
			action: 'CREATE',
			url: 'https://a.example/values',
			additionalFields: { enabled: BY_EXPRESSION },
		}),
		([{ body }]) => body.enabled,
	],
	[
		"a rule of the account's",
		'Check Unique Codes',
		() => ({
			resource: 'assortment',
			operation: 'updateSettings',
			updateFields: { checkUniqueCode: BY_EXPRESSION },
		}),
		([{ body }]) => (body.uniqueCodeRules as IDataObject).checkUniqueCode,
	],
	[
		'a filter',
		'Include Subfolders',
		() => ({
			resource: 'assortment',
			operation: 'getAll',
			filters: { productFolder: idAt(house, 'productfolder'), withSubFolders: BY_EXPRESSION },
		}),
		([{ query }]) => /withSubFolders=true/.test(String(query.filter)),
	],
	[
		'Return All',
		'Return All',
		() => ({ resource: 'assortment', operation: 'getAll', returnAll: BY_EXPRESSION, limit: 1 }),
		([{ query }]) => Number(query.limit) > 1,
	],
];

describe.each(PLACES)('yes or no in %s', (_place, label, form, told) => {
	test.each([
		...YES.map((value): [Value, boolean] => [value, true]),
		...NO.map((value): [Value, boolean] => [value, false]),
	])('%j means %s', async (value, meant) => {
		const turn = [...YES, ...NO].indexOf(value);
		expect(told(await sent(form(turn), value))).toBe(meant);
	});

	test.each(MAYBE)('%j is refused by name', async (value) => {
		const error = await house.refused(form(0), { items: [{ v: value }] });
		expect(error.message).toBe(`'${label}' is '${String(value)}'`);
		expect(error.description).toContain('Give true or false');
	});
});

/** Writes one object in every way that there is, and gives the value that arrived. */
async function written(resource: string, name: string, value: Value, more: object = {}) {
	const arrived: unknown[] = [];
	const ways: Record<string, (given: IDataObject) => IDataObject> = {
		hand: byHand,
		automatic: () => automatic(),
		json: () => inJson('={{ $json }}'),
	};
	for (const [turn, way] of Object.entries(ways)) {
		const given = {
			...leastObject(house, resource, `${turn} ${String(value)}`).given,
			[name]: value,
		};
		const { requests } = await house.good(
			{ resource, operation: 'create', ...way(given), ...more },
			{ items: [given], timezone: MOSCOW },
		);
		const body = requests[requests.length - 1].body as IDataObject;
		arrived.push(body[name]);
	}
	expect(new Set(arrived.map(String)).size).toBe(1);
	return arrived[0];
}

describe('dates', () => {
	test.each<[string, string, Value, string]>([
		['contract', 'moment', 46205, '2026-07-02 00:00:00.000'],
		['contract', 'moment', '46205', '2026-07-02 00:00:00.000'],
		['contract', 'moment', '46205,5', '2026-07-02 12:00:00.000'],
		['contract', 'moment', '02.07.2026', '2026-07-02 00:00:00.000'],
		['contract', 'moment', '02.07.2026 09:30', '2026-07-02 09:30:00.000'],
		['task', 'dueToDate', 1782950400, '2026-07-02 03:00:00.000'],
		['task', 'dueToDate', '1782950400', '2026-07-02 03:00:00.000'],
		['task', 'dueToDate', 1782950400000, '2026-07-02 03:00:00.000'],
	])('%s.%s %j is written as %s', async (resource, name, value, moscow) => {
		expect(await written(resource, name, value)).toBe(moscow);
	});

	test.each<[string, string, Value, string]>([
		['contract', 'moment', 2026, "'Date' holds the number 2026, which is no date"],
		['task', 'dueToDate', '07/02/2026', 'day and month can be read either way'],
		['task', 'dueToDate', '31/02/2026', 'day and month can be read either way'],
		['task', 'dueToDate', '31.02.2026', "'Due Date' holds '31.02.2026', which is no date"],
	])('%s.%s %j is refused', async (resource, name, value, message) => {
		const given = { ...leastObject(house, resource, 'no date').given, [name]: value };
		for (const way of [byHand(given), automatic(), inJson('={{ $json }}')]) {
			const error = await house.refused(
				{ resource, operation: 'create', ...way },
				{ items: [given] },
			);
			expect(error.message).toContain(message);
			expect(error.description).toContain('2026-11-21');
		}
	});

	test.each<[Value, string]>([
		[46205, 'updated>=2026-07-02 00:00:00.000'],
		['02.07.2026', 'updated>=2026-07-02 00:00:00.000'],
		[1782950400, 'updated>=2026-07-02 03:00:00.000'],
	])('a condition on %j', async (value, filter) => {
		const conditions = {
			condition: [
				{ field: 'updated', operatorMoment: 'greaterOrEqual', valueMoment: BY_EXPRESSION },
			],
		};
		const [{ query }] = await sent({ resource: 'task', operation: 'getAll', conditions }, value);
		expect(query.filter).toBe(filter);
	});

	test('a filter of the form', async () => {
		const [{ query }] = await sent(
			{
				resource: 'taskNote',
				operation: 'getAll',
				taskId: { __rl: true, mode: 'id', value: idAt(house, 'task') },
				filters: { updatedFrom: BY_EXPRESSION },
			},
			46205.5,
		);
		expect(query.updatedFrom).toBe('2026-07-02 12:00:00.000');
	});
});

describe('numbers', () => {
	test.each<[string, string, Value, number, object]>([
		['bundle', 'weight', '1250,50', 1250.5, {}],
		['bundle', 'weight', '1 250,50', 1250.5, {}],
		['bundle', 'weight', '1\u00a0250.5', 1250.5, {}],
		['contract', 'sum', '1250,50', 125050, { options: { money: 'roubles' } }],
		['contract', 'sum', ' 125050 ', 125050, { options: { money: 'In Kopecks' } }],
	])('%s.%s %j is written as %d', async (resource, name, value, number, more) => {
		expect(await written(resource, name, value, more)).toBe(number);
	});

	test.each<[string, string, string, Value, string]>([
		['bundle', 'weight', 'Weight', '1,250', 'which may mean 1250 or 1.25'],
		['bundle', 'weight', 'Weight', '1,250.50', 'in more than one way'],
		['contract', 'sum', 'Sum', '1250 ₽', "is '1250 ₽'"],
		['contract', 'sum', 'Sum', true, "is 'true'"],
	])('%s.%s %s %j is refused', async (resource, name, label, value, message) => {
		const given = { ...leastObject(house, resource, 'no number').given, [name]: value };
		for (const way of [byHand(given), automatic(), inJson('={{ $json }}')]) {
			const error = await house.refused(
				{ resource, operation: 'create', ...way },
				{ items: [given] },
			);
			expect(error.message).toContain(`'${label}' `);
			expect(error.message).toContain(message);
		}
	});

	test.each<[Value, string]>([
		['10', '10'],
		[' 10 ', '10'],
		['10,0', '10'],
	])("a model's Limit %j asks for %s rows", async (value, limit) => {
		const [{ query }] = await sent(
			{ resource: 'task', operation: 'getAll', limit: BY_EXPRESSION },
			value,
		);
		expect(String(query.limit)).toBe(limit);
	});
});

describe('choices and lists', () => {
	test('go by value or by the name that the form shows', async () => {
		for (const archived of ['Only Archived', 'true', 'TRUE']) {
			const [{ query }] = await sent(
				{ resource: 'currency', operation: 'getAll', filters: { archived: BY_EXPRESSION } },
				archived,
			);
			expect(query.filter).toBe('archived=true');
		}
		const [{ query }] = await sent(
			{ resource: 'assortment', operation: 'getAll', filters: { type: BY_EXPRESSION } },
			'Product, bundle',
		);
		expect(query.filter).toBe('type=product;type=bundle');
	});

	test.each<[string, IDataObject, string, string]>([
		['currency', { filters: { archived: BY_EXPRESSION } }, 'Archived', 'Only Archived'],
		['assortment', { filters: { type: BY_EXPRESSION } }, 'Type', 'Variant'],
		[
			'contract',
			{ sort: { by: [{ field: BY_EXPRESSION, direction: 'asc' }] } },
			'Sort',
			'External Code',
		],
		[
			'contract',
			{ sort: { by: [{ field: 'name', direction: BY_EXPRESSION }] } },
			'Sort',
			'Descending',
		],
		['contract', { options: { money: BY_EXPRESSION } }, 'Money', 'In Roubles'],
	])('%s %j: an unknown one is refused with the names', async (resource, form, label, name) => {
		const error = await house.refused(
			{ resource, operation: 'getAll', ...form },
			{ items: [{ v: 'sideways' }] },
		);
		expect(error.message).toBe(`'${label}' is 'sideways'`);
		expect(error.description).toContain(name);
	});

	test('an object where a text is wanted is refused, not sent as [object Object]', async () => {
		const error = await house.refused(
			{ resource: 'contract', operation: 'getAll', filters: { search: '={{ $json }}' } },
			{ items: [{ id: NOBODY }] },
		);
		expect(error.message).toContain("'Search' is an object");
	});
});
