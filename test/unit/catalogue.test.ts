import type { IDataObject } from 'n8n-workflow';

import { searches as altegioSearches } from '../../nodes/Altegio/searches';
import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { entityTypes } from '../../nodes/MoySklad/entityTypes';
import { documentSearches } from '../../nodes/MoySklad/documents/searches';
import { searches as moySkladSearches } from '../../nodes/MoySklad/searches';
import { idOf, pick } from '../../nodes/MoySklad/simplify';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { searches as inspectorSearches } from '../../nodes/InspectorCloud/searches';
import { searches as yandexSearches } from '../../nodes/YandexMarket/searches';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { pickable, present } from '../../nodes/shared/form/output';
import { isRead } from '../../nodes/shared/run/request';
import type { ApiRequest, Call, Operation } from '../../nodes/shared/catalogue';
import { answerOf, callOf, everyOperation, operationOf, UUID_A, UUID_B, vendors } from './samples';

const searchesOf = new Map<string, Record<string, unknown>>([
	[moySklad.name, { ...moySkladSearches, ...documentSearches }],
	[yandexMarket.name, yandexSearches],
	[altegio.name, altegioSearches],
	[inspectorCloud.name, inspectorSearches],
]);

describe.each(everyOperation)('%s', (_, vendor, operation) => {
	it('belongs to a resource of the vendor', () => {
		expect(vendor.resources.map(({ value }) => value)).toContain(operation.resource);
	});

	it('has a field that must be filled in for every place of its route', () => {
		const places = [...operation.route.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path:${name}`);
		const fields = operation.fields.filter(({ to }) => to.startsWith('path:'));
		// One place may have several fields, of which the form shows one.
		expect([...new Set(fields.map(({ to }) => to))].sort()).toEqual(places.sort());
		for (const field of fields) expect(field.required).toBe(true);
	});

	it('has a route with a method and a path without a query', () => {
		expect(operation.route).toMatch(/^(GET|POST|PUT|PATCH|DELETE) \/[\w/{}.-]+$/);
	});

	it('says at changes alone what becomes of what an object has', () => {
		// A deletion gives nothing, and a creation finds nothing to replace.
		if (!['create', 'delete', 'trash'].includes(operation.operation)) return;
		expect(operation.notes ?? '').not.toMatch(/that (are|is) given replaces? all/);
	});

	it('calls no two fields of a form alike that are seen together', () => {
		const shown = operation.fields.map(({ section = '', label, when }) => ({
			name: `${section} ${label}`,
			when,
		}));
		const together = (one: (typeof shown)[number], other: (typeof shown)[number]) =>
			Object.entries(one.when ?? {}).every(([name, values]) => {
				const others = (other.when ?? {})[name] as unknown[] | undefined;
				return (
					others === undefined || (values as unknown[]).some((value) => others.includes(value))
				);
			});
		const doubled = shown.filter((one, index) =>
			shown.slice(0, index).some((other) => other.name === one.name && together(one, other)),
		);
		expect(doubled.map(({ name }) => name)).toEqual([]);
	});

	it('puts at most ten fields into a simplified row', () => {
		const { kind } = operation.answer;
		// The vendor's own object has what it has, and the docs of a few calls do not tell what.
		if (!operation.simplify && (kind === 'object' || kind === 'list')) return;
		const fields = Object.keys(operation.output);
		expect(fields.length).toBeGreaterThan(0);
		expect(fields.length).toBeLessThanOrEqual(10);
	});

	it('says in the nodes panel what it does, without articles and without a full stop', () => {
		expect(operation.action).toMatch(/^[A-Z][a-z]/);
		expect(operation.action).not.toMatch(/\b(a|an|the)\b/i);
		expect(operation.action).not.toMatch(/\.$/);
		expect(operation.name).toMatch(/^[A-Z]/);
	});

	it("has a description and a link to the vendor's docs", () => {
		expect(operation.description.length).toBeGreaterThan(10);
		expect(operation.description).not.toMatch(/\.$/);
		expect(new URL(operation.docs).protocol).toBe('https:');
	});

	it('describes its fields without a full stop after one sentence, and with one between two', () => {
		for (const { help = '' } of operation.fields) {
			expect(/[.!?] /.test(help) || !help.endsWith('.')).toBe(true);
		}
	});

	it('is a read when it gives a list', () => {
		expect(operation.answer.kind === 'list').toBe(operation.list !== undefined);
		if (operation.list) expect(isRead(operation)).toBe(true);
	});

	it('has patterns that can be used, and whose example fits', () => {
		for (const field of operation.fields) {
			if (field.kind !== 'locator') continue;
			const { id, url } = field.locator;
			expect(id.placeholder.replace(/^e\.g\. /, '')).toMatch(new RegExp(id.pattern));
			if (url) {
				const [, found] =
					new RegExp(url.pattern).exec(url.placeholder.replace(/^e\.g\. /, '')) ?? [];
				expect(found).toMatch(new RegExp(id.pattern));
			}
		}
	});

	it('can search the lists that its form offers', () => {
		for (const field of operation.fields) {
			if (field.kind !== 'locator') continue;
			expect(typeof searchesOf.get(vendor.name)?.[field.locator.search]).toBe('function');
		}
	});

	it('has defaults that are among the choices', () => {
		for (const field of operation.fields) {
			if (field.kind === 'choice')
				expect(field.choices.map(({ value }) => value)).toContain(field.default);
			if (field.kind === 'choices') {
				const values = field.choices.map(({ value }) => value);
				for (const value of field.default ?? []) expect(values).toContain(value);
			}
		}
	});
});

describe('every vendor', () => {
	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s has an operation for each resource',
		(_, vendor) => {
			for (const { value } of vendor.resources) {
				expect(vendor.operations.some(({ resource }) => resource === value)).toBe(true);
			}
		},
	);
});

/** Rows as the vendors' docs show them, and poor ones. */
const samples: Array<[string, Operation, IDataObject[]]> = [
	[
		'assortment',
		operationOf(moySklad, 'assortment', 'getAll'),
		[
			{
				id: UUID_A,
				meta: { type: 'product', href: 'x' },
				name: 'Tea',
				code: '1',
				article: 'T-1',
				externalCode: 'e',
				stock: 5,
				reserve: 1,
				inTransit: 2,
				quantity: 6,
				salePrices: [{ value: 100 }, { value: 90 }],
				description: 'x',
				barcodes: [{ ean13: '2000000000015' }, { code128: 'A-1' }],
				pathName: 'Drinks/Tea',
				archived: false,
			},
			{ id: UUID_B, meta: { type: 'service' }, name: 'Delivery' },
			{},
		],
	],
	[
		'webhook',
		operationOf(moySklad, 'webhook', 'get'),
		[
			{
				id: UUID_A,
				meta: {},
				accountId: 'a',
				entityType: 'product',
				url: 'https://a.example',
				method: 'POST',
				enabled: true,
				action: 'UPDATE',
				diffType: 'FIELDS',
				authorApplication: {},
			},
			{},
		],
	],
	[
		'outlet',
		operationOf(yandexMarket, 'outlet', 'get'),
		[
			{
				id: 1,
				name: 'Shop',
				type: 'DEPOT',
				status: 'MODERATED',
				visibility: 'VISIBLE',
				shopOutletCode: 'c',
				coords: '1,2',
				isMain: true,
				phones: ['+7 (999) 1', '+7 (999) 2'],
				region: { id: 2, name: 'Moscow', parent: {} },
				address: { regionId: 2, city: 'Moscow', street: 'Main', number: '5', km: 12 },
				workingSchedule: {},
				deliveryRules: [],
			},
			{ id: 2, address: null, phones: null, region: null },
			{},
		],
	],
	[
		'visit of Altegio',
		operationOf(altegio, 'visit', 'get'),
		[
			{
				attendance: 1,
				datetime: '2026-11-21T10:00:00+03:00',
				comment: '',
				records: [
					{
						company_id: 7,
						client: { id: 5, name: 'Ann', phone: '+7' },
						staff: { name: 'Bob' },
						services: [{ title: 'Cut' }, { title: 'Wash' }],
					},
					{ company_id: 7, client: [], staff: { name: 'Bob' }, services: [{ title: 'Cut' }] },
				],
			},
			{ attendance: 9, records: [{ client: [], staff: null, services: null }] },
			{ records: [] },
			{},
		],
	],
	[
		'visit of Inspector Cloud',
		operationOf(inspectorCloud, 'visit', 'get'),
		[
			{
				id: 1,
				cid: 'c',
				portal_url: 'https://x',
				store_id: 2,
				customer_id: 'u-7',
				current_agent_name: 'Ann',
				is_closed: true,
				closed_at: '2026-11-21T10:00:00',
				updated_at: '2026-11-21T10:05:00',
				scenes: [{ images: [{ id: 1 }, { id: 2, is_deleted: true }] }, { images: null }, {}],
				kpi_values: [],
				prices: [],
			},
			{ scenes: null },
			{},
		],
	],
];

describe.each(samples)('a simplified row: %s', (_, operation, rows) => {
	const call = callOf(operation, { path: { visitId: '5' }, output: 'simplified' });
	const simple = rows.map((row) => present(row, call));

	it('has at most ten fields, all of them announced in the output', () => {
		for (const row of rows.map((row) => operation.simplify?.(row, call) ?? {})) {
			expect(Object.keys(row).length).toBeLessThanOrEqual(10);
			for (const name of Object.keys(row)) expect(Object.keys(operation.output)).toContain(name);
		}
	});

	it('of a whole object has every announced field, in its announced type', () => {
		const [row] = simple;
		for (const [name, { type }] of Object.entries(operation.output)) {
			expect({ name, type: typeof row[name] }).toEqual({ name, type });
		}
	});

	it('is flat', () => {
		for (const value of simple.flatMap((row) => Object.values(row))) {
			expect(typeof value === 'object' && value !== null).toBe(false);
		}
	});

	it('does not change the row that it comes from', () => {
		const copy = structuredClone(rows);
		rows.forEach((row) => operation.simplify?.(row, call));
		expect(rows).toEqual(copy);
	});
});

describe.each(everyOperation.filter(([, , { simplify }]) => simplify))(
	'rows of %s',
	(_, __, operation) => {
		const names = Object.keys(operation.output);
		const rowOf = (output: Call['output'], row: IDataObject) =>
			present(row, callOf(operation, { output, path: { visitId: '5', entityType: 'product' } }));

		it('have the same fields in the same order, whatever the vendor leaves out', () => {
			const poor = rowOf('simplified', {});
			const other = rowOf('simplified', { [names[names.length - 1]]: null, [names[0]]: null });
			expect(Object.keys(poor)).toEqual(names);
			expect(Object.keys(other)).toEqual(names);
			expect(Object.values(poor)).not.toContain(undefined);
		});

		it('have the picked fields in their order behind the ID', () => {
			const picked = [...names.filter((name) => name !== 'id')].reverse();
			const row = rowOf([...picked, 'owner.name', 'nothing'], {
				id: 'i',
				meta: {},
				owner: { name: 'Ann' },
			});
			const id = 'id' in row ? ['id'] : [];
			expect(Object.keys(row)).toEqual([...id, ...picked, 'owner.name', 'nothing']);
			expect(row).toMatchObject({ 'owner.name': 'Ann', nothing: null });
			expect('id' in row).toBe(true);
		});

		it('are untouched when they go out raw', () => {
			const row = { meta: {}, x: 1 };
			expect(rowOf('raw', row)).toBe(row);
		});

		it('offer no field twice, each under a label of its own', () => {
			const fields = pickable(operation);
			for (const texts of [fields.map(({ value }) => value), fields.map(({ name }) => name)]) {
				expect(texts).toEqual([...new Set(texts)]);
			}
		});
	},
);

describe('simplified values', () => {
	it('goods have the first price and all barcodes', () => {
		const [row] = samples[0][2];
		const call = callOf(operationOf(moySklad, 'assortment', 'getAll'), { output: 'simplified' });
		expect(present(row, call)).toMatchObject({
			salePrice: 100,
			barcode: '2000000000015, A-1',
			pathName: 'Drinks/Tea',
		});
	});

	it('an address is one line, which names a city once that is a region, too', () => {
		const { simplify } = operationOf(yandexMarket, 'outlet', 'get');
		const [outlet] = samples[2][2];
		const row = simplify?.(outlet, callOf(operationOf(yandexMarket, 'outlet', 'get')));
		expect(row).toMatchObject({
			address: 'Moscow, Main, 5, km 12',
			phones: '+7 (999) 1, +7 (999) 2',
		});
	});

	it('a visit names each service and person once, and its status in words', () => {
		const operation = operationOf(altegio, 'visit', 'get');
		const row = operation.simplify?.(
			samples[3][2][0],
			callOf(operation, { path: { visitId: '8260852' } }),
		);
		expect(row).toMatchObject({
			id: 8260852,
			status: 'Arrived',
			locationId: 7,
			clientName: 'Ann',
			staff: 'Bob',
			services: 'Cut, Wash',
		});
	});

	it('deleted photos do not count', () => {
		const operation = operationOf(inspectorCloud, 'visit', 'get');
		expect(operation.simplify?.(samples[4][2][0], callOf(operation))).toMatchObject({ photos: 1 });
	});

	it("a reference's ID is the end of its link", () => {
		expect(idOf({ meta: { href: `https://x/entity/store/${UUID_A}?expand=y` } })).toBe(UUID_A);
		expect(idOf(undefined)).toBeUndefined();
		expect(idOf({ meta: {} })).toBeUndefined();
	});

	it('only fields that a row has are picked, in the order asked for', () => {
		expect(Object.entries(pick({ a: 1, b: null, c: 3 }, ['c', 'x', 'b']))).toEqual([
			['c', 3],
			['b', null],
		]);
	});
});

describe('a visit without annotations', () => {
	const operation = operationOf(inspectorCloud, 'visit', 'get');
	const visit = {
		id: 1,
		scenes: [
			{
				id: 2,
				images: [{ id: 3, annotations: [1], shelf_annotations: [2], price_annotations: [3] }],
			},
		],
	};
	const send = async () => await Promise.reject(new Error('No request is needed'));

	it('keeps everything else, and the answer itself', async () => {
		const call = callOf(operation, { control: { leaveOutAnnotations: true } });
		expect(await operation.enrich?.([visit], call, send)).toEqual([
			{ id: 1, scenes: [{ id: 2, images: [{ id: 3 }] }] },
		]);
		expect(visit.scenes[0].images[0].annotations).toEqual([1]);
	});

	it('is made only when the user asks for it', async () => {
		expect(await operation.enrich?.([visit], callOf(operation), send)).toEqual([visit]);
	});
});

describe('the join with the stock report', () => {
	const operation = operationOf(moySklad, 'assortment', 'getAll');
	const rows = [
		{ id: UUID_A, meta: { type: 'product' } },
		{ id: UUID_B, meta: { type: 'variant' } },
		{ id: 's', meta: { type: 'service' } },
	];
	const setUp = (limit: number, stock = 'report') => {
		const asked: ApiRequest[] = [];
		const send = async (request: ApiRequest) => {
			asked.push(request);
			const stockType = String(request.query?.stockType);
			return answerOf(
				200,
				stockType === 'reserve' ? [] : [{ assortmentId: UUID_A, [stockType]: 7 }],
			);
		};
		const call = callOf(operation, { control: { stock }, limit });
		return { asked, join: async () => await operation.enrich?.(rows, call, send) };
	};

	it('tells the four figures, zero where the report is silent, and none for services', async () => {
		const { join } = setUp(50);
		const none = { stock: 0, reserve: 0, inTransit: 0, quantity: 0 };
		expect(await join()).toEqual([
			{ ...rows[0], ...none, stock: 7, inTransit: 7, quantity: 7 },
			{ ...rows[1], ...none },
			rows[2],
		]);
	});

	it('asks for the IDs of a short list, with four requests', async () => {
		const { join, asked } = setUp(50);
		await join();
		expect(asked.map(({ query }) => query?.stockType).sort()).toEqual([
			'inTransit',
			'quantity',
			'reserve',
			'stock',
		]);
		for (const { path, query } of asked) {
			expect(path).toBe('/report/stock/all/current');
			expect(query?.filter).toBe(`assortmentId=${UUID_A},${UUID_B}`);
		}
	});

	it('asks for the whole report once for all pages of a long list', async () => {
		const { join, asked } = setUp(Infinity);
		await join();
		await join();
		expect(asked).toHaveLength(4);
		for (const { query } of asked) expect(query).not.toHaveProperty('filter');
	});

	it.each(['rows', 'none'])('is not made with Stock "%s"', async (stock) => {
		const { join, asked } = setUp(50, stock);
		expect(await join()).toEqual(rows);
		expect(asked).toHaveLength(0);
	});

	it('keeps the address within the 8 KB that MoySklad allows', async () => {
		const many = Array.from({ length: 150 }, () => ({ id: UUID_A, meta: { type: 'product' } }));
		const asked: ApiRequest[] = [];
		await operation.enrich?.(
			many,
			callOf(operation, { control: { stock: 'report' }, limit: 150 }),
			async (request) => {
				asked.push(request);
				return answerOf(200, []);
			},
		);
		for (const { query } of asked)
			expect(encodeURIComponent(String(query?.filter)).length).toBeLessThan(7000);
	});
});

describe("types that MoySklad's webhooks can watch", () => {
	it('are lower-case keywords, each once, without those that have no webhooks', () => {
		const values = entityTypes.map(({ value }) => value);
		expect(values).toEqual([...new Set(values)]);
		for (const value of values) expect(value).toMatch(/^[a-z]+$/);
		for (const excluded of ['webhook', 'discount', 'notes']) expect(values).not.toContain(excluded);
	});
});

describe('writes of MoySklad', () => {
	it.each(moySklad.operations.map((one) => [`${one.resource}.${one.operation}`, one] as const))(
		'%s: the option that silences webhooks is where something is written, and only there',
		(_, operation) => {
			const field = operation.fields.find(({ name }) => name === 'silentWebhooks');
			expect(field !== undefined).toBe(!isRead(operation));
			if (!field) return;
			expect(field).toMatchObject({ section: 'options', label: 'Do Not Call Webhooks Of' });
			const read = (value: unknown) =>
				field.wire?.(value, { baseUrl: '', timezone: 'UTC', parameter: () => undefined });
			expect(read('https://b.example\nhttps://a.example/x; https://b.example')).toEqual([
				'https://a.example/x',
				'https://b.example',
			]);
		},
	);
});
