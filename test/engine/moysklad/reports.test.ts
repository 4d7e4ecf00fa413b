/** Every report: what is asked, what comes back, which conditions and orders it takes, names, money, tasks. */
import type { IDataObject } from 'n8n-workflow';

import { reportOperations } from '../../../nodes/MoySklad/reports';
import { reports } from '../../../nodes/MoySklad/reports/table';
import type { Report } from '../../../nodes/MoySklad/reports/report';
import { operatorsOf } from '../../../nodes/shared/form/operators';
import type { FilterField, Operation } from '../../../nodes/shared/catalogue';
import type { RequestLogEntry } from '../../../sandbox';
import { House, NOBODY, paths, speedUp } from './setup';

jest.setTimeout(60_000);

let house: House;
let slowDown: () => void;
beforeAll(async () => {
	// The budget is kept; its seconds pass quickly.
	slowDown = speedUp(20, 10_000);
	house = await House.open({ asyncMs: 1 });
});
afterAll(async () => {
	await house.close();
	slowDown();
});

const operationOf = ({ resource, operation }: Report) =>
	reportOperations.find(
		(entry) => entry.resource === resource && entry.operation === operation,
	) as Operation;

const locator = (value: string) => ({ __rl: true, mode: 'id', value });
const idOf = (type: string) => {
	for (let row = 0; row < house.state.rows.size; row++) {
		if (house.state.rows.type(row) === type) return house.state.rows.id(row);
	}
	return String(house.state.dictionaries.get(type)?.all()[0]?.id ?? NOBODY);
};

/** What the form needs at least. */
function needed(operation: Operation): IDataObject {
	const given: IDataObject = {};
	for (const { name, kind, to, required, when } of operation.fields) {
		if (!required || (when && !(when.itemType as string[] | undefined)?.includes('product')))
			continue;
		if (kind === 'time') given[name] = name === 'momentFrom' ? '2026-11-01' : '2026-11-10';
		else if (kind === 'locator')
			given[name] = locator(idOf(to === 'query:operation.id' ? 'customerorder' : 'product'));
	}
	if (operation.operation === 'currentByBin') given.conditions = bins();
	return given;
}

const bins = () => ({
	condition: [{ field: 'storeId', operator: 'equals', value: idOf('store') }],
});

const isReport = ({ path }: RequestLogEntry) => path.includes('/report/');

function valueOf({ kind, entity = '', choices }: FilterField): unknown {
	switch (kind) {
		case 'reference':
			return idOf(entity.split(',')[0]);
		case 'uuid':
			return idOf('store');
		case 'toggle':
			return true;
		case 'time':
			return '2026-11-20T12:00:00+03:00';
		case 'number':
			return 5;
		case 'choice':
			return choices?.[0].value;
		default:
			return 'Tea';
	}
}

test('there are all 27 addresses of the docs', () => {
	const routes = reportOperations.flatMap(({ route, bulk, fields }) => [
		...(route.includes('{period}')
			? fields
					.flatMap((field) =>
						field.name === 'period' && field.kind === 'choice' ? field.choices : [],
					)
					.map(({ value }) => route.replace('{period}', value))
			: [route]),
		...(bulk ? [bulk.route] : []),
	]);
	expect(new Set(routes).size).toBe(27);
});

describe.each(
	reports.map((report): [string, Report] => [`${report.resource}.${report.operation}`, report]),
)('%s', (_, report) => {
	const operation = operationOf(report);
	const { resource } = report;
	const at = { resource, operation: report.operation };
	const path = (given: IDataObject) =>
		operation.route.replace('{period}', String(given.period ?? 'day'));

	test('rows in their columns, and names for what comes without', async () => {
		const given = needed(operation);
		const { json, requests } = await house.good({ ...at, ...given, limit: 3 });
		const asked = requests.filter(isReport);
		expect(paths(asked)).toEqual([path(given)]);
		expect(json.length).toBeGreaterThan(0);
		if (!operation.list?.whole) expect(json.length).toBeLessThanOrEqual(3);
		for (const row of json) {
			expect(Object.keys(row)).toEqual(Object.keys(operation.output));
			for (const [name, value] of Object.entries(row)) {
				expect([name, value === null ? 'null' : typeof value]).toEqual([
					name,
					value === null ? 'null' : operation.output[name].type,
				]);
			}
		}
		const [first] = json;
		for (const name of ['id', 'name']) {
			if (name in operation.output) expect([name, typeof first[name]]).toEqual([name, 'string']);
		}
		if (report.nameless?.warehouse) expect(json.some(({ warehouse }) => warehouse)).toBe(true);
		if (report.nameless?.document) expect(json.every(({ document }) => document)).toBe(true);
		if (report.nameless?.bin) expect(first.bin).toMatch(/^A-/);
		// No paging is documented for the bins of a warehouse.
		const bins = requests.filter((request) => request.path.endsWith('/slots'));
		expect(bins.length > 0).toBe(report.nameless?.bin !== undefined);
		for (const { query } of bins) expect(query).toEqual({});
	});

	if (report.nameless)
		test('without names it is one request', async () => {
			const { requests, json } = await house.good({
				...at,
				...needed(operation),
				limit: 3,
				options: { lookUpNames: false },
			});
			expect(requests).toHaveLength(1);
			expect(json[0].name ?? null).toBeNull();
		});

	test('raw is what the API says', async () => {
		const { json, requests } = await house.good({
			...at,
			...needed(operation),
			limit: 2,
			output: 'raw',
		});
		expect(requests).toHaveLength(1);
		if (report.chart)
			expect(json).toEqual([expect.objectContaining({ series: expect.any(Array) })]);
		else if (report.whole === '.') expect(json[0]).toHaveProperty('sales.count');
		else expect(Object.keys(json[0])).not.toContain('names');
	});

	for (const field of operation.filter ?? []) {
		test(`a condition on ${field.name}`, async () => {
			const operator = operatorsOf(field)[0].value;
			const condition: IDataObject[] = [
				{ field: field.name, operator, value: valueOf(field) as string },
			];
			if (field.name === 'withSubFolders') {
				condition.push({
					field: 'productFolder',
					operator: 'equals',
					value: idOf('productfolder'),
				});
			}
			const { requests } = await house.good({
				...at,
				...needed(operation),
				conditions: { condition },
				limit: 1,
				options: { lookUpNames: false },
			});
			const filter = String(requests[requests.length - 1].query.filter);
			const sign = field.name === 'search' ? '=' : undefined;
			expect(filter).toContain(`${field.name}${sign ?? ''}`);
			if (field.kind === 'reference') expect(filter).toMatch(/=https?:\/\/\S+\/entity\//);
		});
	}

	if (report.sort)
		test('every order', async () => {
			const by = report.sort?.map(({ value }) => ({ field: value, direction: 'desc' }));
			const { requests } = await house.good({
				...at,
				limit: 1,
				sort: { by },
				options: { lookUpNames: false },
			});
			expect(requests[0].query.order).toBe(by?.map(({ field }) => `${field},desc`).join(';'));
		});

	if (report.money?.length)
		test('amounts in roubles', async () => {
			const given = { ...at, ...needed(operation), limit: 5, output: 'raw' };
			const kopecks = await house.good(given);
			const roubles = await house.good({ ...given, options: { money: 'roubles' } });
			const amounts = (rows: IDataObject[]) =>
				(report.money ?? []).flatMap((one) =>
					rows.flatMap((row) => numbersAt(row, one.split('.'))),
				);
			expect(amounts(kopecks.json).some((amount) => amount !== 0)).toBe(true);
			expect(amounts(roubles.json)).toEqual(amounts(kopecks.json).map((amount) => amount / 100));
		});

	if (report.async)
		test('as a task', async () => {
			const given = {
				...at,
				...needed(operation),
				returnAll: true,
				options: { lookUpNames: false },
			};
			const plain = await house.good(given);
			const task = await house.good({
				...given,
				options: { lookUpNames: false, asyncExport: true },
			});
			expect(task.requests[0].query.async).toBe('true');
			expect(task.requests[0].query).not.toHaveProperty('limit');
			expect(task.json).toEqual(plain.json);
		});
});

function numbersAt(value: unknown, path: string[]): number[] {
	if (Array.isArray(value)) return value.flatMap((one) => numbersAt(one, path));
	if (path.length === 0) return typeof value === 'number' ? [value] : [];
	if (typeof value !== 'object' || value === null) return [];
	return numbersAt((value as IDataObject)[path[0]], path.slice(1));
}

describe('what a report cannot take is said before anything is sent', () => {
	const product = { field: 'product', operator: 'equals' };
	test.each<[string, string, IDataObject, RegExp]>([
		['stockReport', 'currentByBin', {}, /'Conditions' are empty/],
		[
			'stockReport',
			'current',
			{ filters: { changedSince: '2020-01-01' } },
			/'Changed Since' is more than 24 hours ago/,
		],
		[
			'stockReport',
			'current',
			{ filters: { changedSince: '2100-01-01' } },
			/'Changed Since' is in the future/,
		],
		[
			'stockReport',
			'getAll',
			{ options: { includeRelated: true } },
			/'Include Related' is on without/,
		],
		[
			'stockReport',
			'getAll',
			{
				conditions: {
					condition: [
						{ ...product, value: NOBODY },
						{ field: 'variant', operator: 'notEquals', value: NOBODY },
					],
				},
			},
			/some with and some without 'Not'/,
		],
		[
			'stockReport',
			'byStore',
			{
				conditions: {
					condition: [
						{ ...product, value: NOBODY },
						{ field: 'search', operator: 'contains', value: 'tea' },
					],
				},
			},
			/takes one of them/,
		],
		[
			'profitReport',
			'byEmployee',
			{
				conditions: {
					condition: [
						{ field: 'store', operator: 'equals', value: `${NOBODY}\n${NOBODY.replace('0', '1')}` },
					],
				},
			},
			/'Warehouse' with 2 values, and this report takes one/,
		],
		[
			'moneyReport',
			'chart',
			{ momentFrom: '2026-11-10', momentTo: '2026-11-01', interval: 'day' },
			/'Period To' is before 'Period From'/,
		],
		[
			'salesChart',
			'chart',
			{ momentFrom: '2026-01-01', momentTo: '2026-11-01', interval: 'hour' },
			/'Interval' is 'hour', and the period is longer than the 30 days/,
		],
		[
			'ordersChart',
			'chart',
			{ interval: 'day', momentTo: '2026-11-01' },
			/"Period From" is required/,
		],
		['turnoverReport', 'byStore', { itemType: 'product' }, /"Product" is required/],
		['itemDocumentsReport', 'stock', { itemType: 'consignment' }, /"Batch" is required/],
		['stockReport', 'ofDocument', {}, /"Document" is required/],
	])('%s.%s', async (resource, operation, given, message) => {
		const error = await house.refused({ resource, operation, ...given });
		expect(error.message).toMatch(message);
		// n8n itself says what is required.
		if (!error.message.includes('is required')) expect(error.description).toBeTruthy();
	});

	test("MoySklad's own refusal reaches the user", async () => {
		const { error } = await house.bad({
			resource: 'stockReport',
			operation: 'ofDocument',
			reportDocumentId: locator(idOf('move')),
		});
		expect(error.message).toMatch(/no such document, or its type has no stock report/);
	});
});

test('search finds parts of names, and leaves them out', async () => {
	const find = async (operator: string) =>
		(
			await house.good({
				resource: 'stockReport',
				operation: 'getAll',
				returnAll: true,
				conditions: {
					condition: [
						{ field: 'search', operator, value: 'a' },
						{ field: 'quantityMode', operator: 'equals', value: 'all' },
					],
				},
			})
		).json.map(({ name }) => String(name).toLowerCase().includes('a'));
	const [found, others] = [await find('contains'), await find('notContains')];
	expect(found.length).toBeGreaterThan(0);
	expect(found).not.toContain(false);
	expect(others).not.toContain(true);
});

test("days of the workflow's zone: the header as the docs have it, and Moscow time for the period", async () => {
	const { json, requests } = await house.good(
		{
			resource: 'ordersChart',
			operation: 'chart',
			momentFrom: '2026-11-01',
			momentTo: '2026-11-03',
			interval: 'day',
			options: { ownZone: true },
		},
		{ timezone: 'Asia/Yekaterinburg' },
	);
	expect(requests[0].query).toMatchObject({
		momentFrom: '2026-10-31 22:00:00',
		momentTo: '2026-11-02 22:00:00',
	});
	expect(requests[0].headers['x-lognex-accept-timezone']).toMatch(
		/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0500$/,
	);
	expect(json.map(({ date }) => date)).toEqual([
		'2026-11-01 00:00:00',
		'2026-11-02 00:00:00',
		'2026-11-03 00:00:00',
	]);
});

test('several counterparties take one request, one takes its own; who does not exist fails alone', async () => {
	const ids = house.state
		.dictionary('counterparty')
		.all()
		.slice(0, 3)
		.map(({ id }) => String(id));
	const one = await house.good({
		resource: 'counterpartyReport',
		operation: 'get',
		counterpartyId: locator(ids[0]),
	});
	expect(paths(one.requests)).toEqual([`GET /report/counterparty/${ids[0]}`]);
	const { json, requests } = await house.good(
		{
			resource: 'counterpartyReport',
			operation: 'get',
			counterpartyId: locator('={{ $json.id }}'),
		},
		{ items: [...ids, NOBODY].map((id) => ({ id })), onError: 'continueRegularOutput' },
	);
	expect(paths(requests)).toEqual(['POST /report/counterparty']);
	expect(json.slice(0, 3).map(({ id }) => id)).toEqual(ids);
	expect(json[3].error).toMatch(/not found|does not exist|no longer/i);
});

describe('stock of these items', () => {
	const goods = () => {
		const found: Array<{ row: number; id: string; type: string }> = [];
		for (let row = 0; row < house.state.rows.size; row++) {
			const type = house.state.rows.type(row);
			if (house.state.rows.exists(row) && ['product', 'variant'].includes(type)) {
				found.push({ row, id: house.state.rows.id(row), type });
			}
		}
		return found;
	};
	const stockOf = (row: number) => {
		const { stock, reserve, inTransit } = house.state.rows.stock.total(row);
		return {
			stock,
			reserve,
			inTransit,
			freeStock: stock - reserve,
			quantity: stock - reserve + inTransit,
		};
	};
	const value = (row: number, field: string) => {
		if (field !== 'barcode') return String(house.state.rows.value(row, field));
		const [code] = (house.state.rows.entity(row).barcodes ?? []) as IDataObject[];
		return String(code && Object.values(code)[0]);
	};
	const ask = (findBy: string, more: IDataObject = {}) => ({
		resource: 'stockReport',
		operation: 'ofItems',
		findBy,
		item: '={{ $json.key }}',
		...more,
	});

	test.each(['id', 'code', 'externalCode', 'name', 'barcode', 'article'])('by %s', async (by) => {
		const unique = (rows: ReturnType<typeof goods>) => {
			const texts = rows.map(({ row }) => value(row, by));
			return rows.filter(
				(_one, at) =>
					texts[at] !== 'undefined' &&
					texts[at] !== '' &&
					texts.indexOf(texts[at]) === texts.lastIndexOf(texts[at]),
			);
		};
		const chosen = unique(goods()).slice(0, 20);
		expect(chosen.length).toBeGreaterThan(5);
		const items = chosen.map(({ row, id }) => ({ key: by === 'id' ? id : value(row, by) }));
		const { json, requests } = await house.good(ask(by), { items: [...items, items[0]] });
		expect(json).toEqual(
			[...chosen, chosen[0]].map(({ row, id, type }) =>
				expect.objectContaining({ id, type, ...stockOf(row) }),
			),
		);
		expect(requests.length).toBeLessThanOrEqual(5);
		expect(requests.filter(isReport)).toHaveLength(3);
	});

	test('who is not found, or several times, fails alone and says so', async () => {
		const [first] = goods();
		const { json } = await house.good(ask('code'), {
			items: [{ key: value(first.row, 'code') }, { key: 'nothing like it' }],
			onError: 'continueRegularOutput',
		});
		expect(json[0]).toMatchObject({ id: first.id });
		expect(json[1].error).toMatch(/'nothing like it', and no product or variant has this code/);
	});

	test('by warehouse: one item for each that has any, paired with its input', async () => {
		const chosen = goods().slice(0, 5);
		const stores = house.state.dictionary('store').all();
		const { items, json } = await house.good(ask('id', { operation: 'ofItemsByStore' }), {
			items: chosen.map(({ id }) => ({ key: id })),
		});
		for (const [index, { row, id }] of chosen.entries()) {
			const own = items.filter(({ pairedItem }) => (pairedItem as { item: number }).item === index);
			expect(own.length).toBeGreaterThan(0);
			const total = own.reduce((sum, { json: line }) => sum + Number(line.stock), 0);
			expect([id, total]).toEqual([id, stockOf(row).stock]);
		}
		const names = stores.map(({ name }) => name);
		for (const { warehouse } of json) expect([null, ...names]).toContain(warehouse);
	});

	test('in one warehouse, by its name', async () => {
		const [{ row, id }] = goods();
		const [store] = house.state.dictionary('store').all();
		const { json, requests } = await house.good(
			ask('id', { filters: { warehouses: String(store.name) } }),
			{ items: [{ key: id }] },
		);
		expect(json[0].stock).toBe(house.state.rows.stock.at(row, 0).stock);
		expect(
			requests.filter(isReport).every(({ query }) => String(query.filter).includes('storeId=')),
		).toBe(true);
		const error = await house.bad(ask('id', { filters: { warehouses: 'No such' } }), {
			items: [{ key: id }],
		});
		expect(error.error.message).toMatch(
			/'Warehouses' name 'No such', and no warehouse has this name/,
		);
	});
});
