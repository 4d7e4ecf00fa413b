/** What goes wrong on the way of large work: nothing lost, nothing doubled, and the 429s stay few. */
import { ClientRequest } from 'node:http';

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Fault, RequestLogEntry } from '../../../sandbox';
import { parseFilter } from '../../../sandbox/moysklad/filter';
import { plainProducts } from './samples';
import { busiest, byHand, House, inJson, NODE, speedUp, until } from './setup';

jest.setTimeout(60_000);

/** The clock of this file runs so many times as fast, to the end: a clock that went back would confuse the planner. */
const SPEED = 20;
let slowDown: () => void;
let house: House;
beforeAll(async () => {
	house = await House.open();
	slowDown = speedUp(SPEED);
});
afterAll(async () => {
	await house.close();
	slowDown();
});
beforeEach(() => house.sandbox.faults.clear());

const play = (fault: Omit<Fault, 'vendor'>) =>
	house.sandbox.faults.add({ vendor: 'moysklad', ...fault });
const vendorError = (code: number) => ({ errors: [{ error: `Error ${code}`, code }] });
const sizes = (requests: RequestLogEntry[]) =>
	requests.filter(({ method }) => method === 'POST').map(({ body }) => (body as unknown[]).length);
const units = () => house.state.dictionary('uom');
const named = (prefix: string) =>
	units()
		.all()
		.filter(({ name }) => String(name).startsWith(prefix));
const createUnits = { resource: 'unitOfMeasure', operation: 'create', ...inJson('={{ $json }}') };
const unitId = { unitOfMeasureId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };
const list = (prefix: string, count: number) =>
	Array.from({ length: count }, (_, index) => ({ name: `${prefix} ${index}` }));

const createBundles = { resource: 'bundle', operation: 'create', ...inJson('={{ $json }}') };
const bundles = (prefix: string, count: number) => {
	const [product] = plainProducts(house, 1);
	return list(prefix, count).map((one) => ({
		...one,
		components: [{ assortment: product, quantity: 1 }],
	}));
};
const bundlesNamed = async (prefix: string) =>
	(
		await house.good({
			resource: 'bundle',
			operation: 'getAll',
			returnAll: true,
			conditions: { condition: [{ field: 'name', operator: 'startsWith', value: [prefix] }] },
		})
	).json;
const syncIds = (requests: RequestLogEntry[]) =>
	requests
		.filter(({ method }) => method === 'POST')
		.map(({ body }) => (Array.isArray(body) ? body : [body]).map(({ syncId }) => String(syncId)));
const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

describe('bundles have a syncId', () => {
	test.each<[string, Omit<Fault, 'vendor'>]>([
		['the answer is cut off', { closeConnection: 'midBody' }],
		['no answer comes', { closeConnection: 'before' }],
		['500', { status: 500 }],
		['502', { status: 502, body: '<html>' }],
		['503', { status: 503 }],
		['504', { status: 504, body: '' }],
		['1088', { status: 400, body: vendorError(1088) }],
	])('%s after the work: repeated, and still one of each', async (what, fault) => {
		const prefix = `sync ${what}`;
		play({ method: 'POST', afterWork: true, ...fault });
		const { json, requests } = await house.good(createBundles, { items: bundles(prefix, 4) });
		expect(sizes(requests).length).toBeGreaterThan(1);
		const [first, ...others] = syncIds(requests);
		expect(new Set(first).size).toBe(4);
		expect(new Set(others.flat())).toEqual(new Set(first));
		house.sandbox.faults.clear();
		const there = await bundlesNamed(prefix);
		expect(there.map(({ id }) => id).sort()).toEqual(json.map(({ id }) => id).sort());
		expect(json.map(({ name }) => name)).toEqual(list(prefix, 4).map(({ name }) => name));
	});

	test.each([
		['together', {}],
		['one by one', { options: { batching: false } }],
	])("Retry On Fail (%s) makes no second object: the syncId is the turn's", async (what, more) => {
		// Four tries of the first round are carried out, and their answers lost.
		play({ method: 'POST', closeConnection: 'before', afterWork: true, times: 4 });
		const prefix = `retry ${what}`;
		const { json, requests } = await house.good(
			{ ...createBundles, ...more },
			{ items: bundles(prefix, 2), node: retry },
		);
		expect(sizes(requests).length).toBeGreaterThan(4);
		expect(new Set(syncIds(requests).flat()).size).toBe(2);
		expect((await bundlesNamed(prefix)).map(({ id }) => id).sort()).toEqual(
			json.map(({ id }) => id).sort(),
		);
	});

	test('in a loop, every round makes its own', async () => {
		const items = bundles('loop', 2);
		const { requests, result } = await house.good(createBundles, { items, more: [items, items] });
		const ids = syncIds(requests);
		expect(ids.map(({ length }) => length)).toEqual([2, 2, 2]);
		expect(new Set(ids.flat()).size).toBe(6);
		expect(await bundlesNamed('loop')).toHaveLength(6);
		expect(result.runData[NODE]).toHaveLength(3);
		const again = await house.good(createBundles, { items });
		expect(ids.flat()).not.toContain(syncIds(again.requests)[0][0]);
	});

	test('one that the user gives is kept', async () => {
		const syncId = '5d2f8c1e-0001-4000-8000-000000000001';
		const [item] = bundles('own', 1);
		const made = await house.good(createBundles, { items: [{ ...item, syncId }] });
		expect(syncIds(made.requests)).toEqual([[syncId]]);
		const again = await house.good(createBundles, { items: [{ ...item, syncId }] });
		expect(again.json[0].id).toBe(made.json[0].id);
	});
});

describe('without a syncId', () => {
	test.each<[string, Omit<Fault, 'vendor'>]>([
		['the answer is cut off', { closeConnection: 'midBody' }],
		['504', { status: 504, body: '' }],
		['1088', { status: 400, body: vendorError(1088) }],
		['500', { status: 500 }],
	])(
		'%s after the work: not sent again, and the error says what to look for',
		async (what, fault) => {
			const prefix = `unsure ${what}`;
			play({ method: 'POST', afterWork: true, ...fault });
			const { error, requests } = await house.bad(createUnits, { items: list(prefix, 3) });
			expect(sizes(requests)).toEqual([3]);
			expect(named(prefix)).toHaveLength(3);
			expect(error.description).toContain('MoySklad may have carried out the request all the same');
			expect(error.description).toContain('Look for units of measure with the same name.');
		},
	);

	test('Retry On Fail sends nothing of it again', async () => {
		play({ method: 'POST', afterWork: true, closeConnection: 'before', after: 1 });
		// 1000 are written, of 200 nobody knows.
		const items = list('not again', 1200);
		const { error, requests } = await house.bad(createUnits, { items, node: retry });
		expect(sizes(requests)).toEqual([1000, 200]);
		expect(named('not again')).toHaveLength(1200);
		expect(error.message).toMatch(/\[item 1000\]$/);
		expect(error.description).toContain('Already done before this failure: items 0–999.');
	});

	test('Retry On Fail goes on with what is known not to be written', async () => {
		play({ method: 'POST', status: 403, body: vendorError(1016), after: 1 });
		const items = list('goes on', 3);
		const { json, requests } = await house.good(
			{ ...createUnits, options: { batching: false } },
			{ items, node: retry },
		);
		expect(requests.map(({ body }) => (body as IDataObject).name)).toEqual([
			'goes on 0',
			'goes on 1',
			'goes on 1',
			'goes on 2',
		]);
		expect(json.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
		expect(named('goes on')).toHaveLength(3);
	});

	test('with Continue On Fail, the other requests go on', async () => {
		play({ method: 'POST', afterWork: true, status: 504 });
		const { items, requests } = await house.run(createUnits, {
			items: list('others', 1100),
			onError: 'continueRegularOutput',
		});
		expect(sizes(requests)).toEqual([1000, 100]);
		expect(items.filter(({ json }) => json.error !== undefined)).toHaveLength(1000);
		expect(items.slice(1000).map(({ json }) => json.name)).toEqual(
			list('others', 1100)
				.slice(1000)
				.map(({ name }) => name),
		);
		expect(named('others')).toHaveLength(1100);
	});

	test('an upsert repeats what it changes, not what it creates', async () => {
		const made = await house.good(createUnits, { items: list('mixed up', 2) });
		play({ method: 'POST', afterWork: true, status: 504 });
		const upsert = {
			resource: 'unitOfMeasure',
			operation: 'upsert',
			...inJson('={{ $json }}', 'name'),
		};
		const changes = await house.good(upsert, { items: list('mixed up', 2) });
		expect(changes.json.map(({ id }) => id)).toEqual(made.json.map(({ id }) => id));
		play({ method: 'POST', afterWork: true, status: 504 });
		await house.bad(upsert, { items: list('mixed up', 3) });
		expect(named('mixed up')).toHaveLength(3);
	});
});

describe('too much at a time', () => {
	const tooMuch: Array<[string, Omit<Fault, 'vendor'>]> = [
		['1088', { status: 400, body: vendorError(1088) }],
		['504', { status: 504, body: '' }],
	];

	test.each(tooMuch)('%s: updates and deletions are halved', async (what, fault) => {
		const prefix = `half ${what}`;
		const made = await house.good(createUnits, { items: list(prefix, 8) });
		const items = made.json.map(({ id }, index) => ({ id: String(id), code: `h${index}` }));
		play({ method: 'POST', afterWork: true, ...fault });
		const update = { resource: 'unitOfMeasure', operation: 'update', ...unitId };
		const changed = await house.good(
			{ ...update, ...byHand({ code: '={{ $json.code }}' }) },
			{ items },
		);
		expect(sizes(changed.requests)).toEqual([8, 4, 4]);
		expect(changed.json.map(({ code }) => code)).toEqual(items.map(({ code }) => code));

		// The first try has deleted them all: their second one finds nothing, which is what was wanted.
		play({ method: 'POST', afterWork: true, ...fault });
		const gone = await house.good(
			{ resource: 'unitOfMeasure', operation: 'delete', ...unitId },
			{ items },
		);
		expect(sizes(gone.requests)).toEqual([8, 4, 4]);
		expect(gone.json).toEqual(items.map(({ id }) => ({ deleted: true, id })));
		expect(named(prefix)).toEqual([]);
	});

	test('no answer in time: the same', async () => {
		const made = await house.good(createUnits, { items: list('late', 4) });
		const items = made.json.map(({ id }) => ({ id: String(id) }));
		const asked: number[] = [];
		const real = ClientRequest.prototype.setTimeout;
		const spy = jest.spyOn(ClientRequest.prototype, 'setTimeout').mockImplementation(function (
			this: ClientRequest,
			ms: number,
			done?: () => void,
		) {
			asked.push(ms);
			return real.call(this, 400, done);
		});
		try {
			play({ delayMs: 900 * SPEED, method: 'POST' });
			const { requests, json } = await house.good(
				{ resource: 'unitOfMeasure', operation: 'update', ...unitId, ...byHand({ code: 'late' }) },
				{ items },
			);
			expect(sizes(requests)).toEqual([4, 2, 2]);
			expect(json.map(({ code }) => code)).toEqual(new Array(4).fill('late'));
			// MoySklad works on a mass request for five minutes at most.
			expect(asked).toContain(300_000);
		} finally {
			spy.mockRestore();
		}
	});

	test('when even one is too much, it stops trying', async () => {
		const made = await house.good(createUnits, { items: list('never', 64) });
		const items = made.json.map(({ id }) => ({ id: String(id) }));
		play({ method: 'POST', status: 504, times: 1000 });
		const { items: out, requests } = await house.run(
			{ resource: 'unitOfMeasure', operation: 'update', ...unitId, ...byHand({ code: 'x' }) },
			{ items, onError: 'continueRegularOutput' },
		);
		expect(requests.length).toBeLessThan(60);
		expect(out.filter(({ json }) => json.error !== undefined)).toHaveLength(64);
	});

	test('a look-up by ID is halved too', async () => {
		const made = await house.good(createUnits, { items: list('look', 6) });
		const items = made.json.map(({ id }) => ({ id: String(id) }));
		play({ method: 'GET', status: 400, body: vendorError(1088) });
		const { json, requests } = await house.good(
			{ resource: 'unitOfMeasure', operation: 'get', ...unitId },
			{ items },
		);
		expect(requests).toHaveLength(3);
		expect(json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
	});
});

test('elements that another edits now are sent again, they alone', async () => {
	const made = await house.good(createUnits, { items: list('busy', 4) });
	const items = made.json.map(({ id }) => ({ id: String(id) }));
	const rows = made.json.map(({ id }) => ({ id, name: 'whatever' }));
	const error = { errors: [{ code: 1065, error: 'Somebody edits it' }] };
	play({ method: 'POST', status: 200, body: [rows[0], error, rows[2], error] });
	const { requests, json } = await house.good(
		{ resource: 'unitOfMeasure', operation: 'update', ...unitId, ...byHand({ code: 'b' }) },
		{ items },
	);
	expect(sizes(requests)).toEqual([4, 2]);
	expect(json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
});

test('one element that makes the whole request fail is found, the others are written', async () => {
	// A text in the place of an object breaks the body for MoySklad's parser.
	const items = list('poison', 20);
	play({ method: 'POST', status: 400, body: vendorError(2001) });
	const { json, requests } = await house.good(createUnits, { items });
	expect(sizes(requests)).toEqual([20, 10, 10]);
	expect(json.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
});

test('an answer with fewer elements is nobody’s answer', async () => {
	play({ method: 'POST', status: 200, body: [{ id: 'x' }] });
	const { error, requests } = await house.bad(createUnits, { items: list('fewer', 2) });
	expect(sizes(requests)).toEqual([2]);
	expect(error.description).toContain('Look for units of measure with the same name.');
});

describe('429', () => {
	test('a storm: everything gets through, with less than 20 in any minute', async () => {
		const storm: Omit<Fault, 'vendor'> = {
			status: 429,
			body: vendorError(1049),
			headers: { 'X-Lognex-Retry-After': '3000', 'X-Lognex-Retry-TimeInterval': '3000' },
		};
		play({ ...storm, times: 5 });
		play({ ...storm, times: 5, after: 2 });
		const made = await house.good(createUnits, { items: list('storm', 1500) });
		expect(made.json).toHaveLength(1500);
		expect(named('storm')).toHaveLength(1500);
		play({ ...storm, times: 6 });
		const ids = made.json.slice(0, 300).map(({ id }) => ({ id: String(id) }));
		const got = await house.good(
			{ resource: 'unitOfMeasure', operation: 'get', ...unitId },
			{ items: ids },
		);
		expect(got.json.map(({ id }) => id)).toEqual(ids.map(({ id }) => id));
		const refused = house.requests.filter(({ status }) => status === 429).map(({ at }) => at);
		expect(refused.length).toBeGreaterThanOrEqual(11);
		expect(busiest(refused, 60_000)).toBeLessThanOrEqual(19);
		for (const row of named('storm')) units().remove(row);
	});
});

describe('lists of several pages', () => {
	const parameters = {
		resource: 'unitOfMeasure',
		operation: 'getAll',
		returnAll: true,
		// Pages of 100.
		options: { expand: ['owner'] },
		conditions: { condition: [{ field: 'name', operator: 'startsWith', value: ['page'] }] },
		sort: { by: [{ field: 'name', direction: 'asc' }] },
	};
	const COUNT = 430;
	const name = (index: number) => `page ${String(index).padStart(4, '0')}`;
	const names = (rows: Array<Record<string, unknown>>) => rows.map((row) => String(row.name));
	const everything = () => names(named('page')).sort();

	beforeEach(async () => {
		for (const row of named('page')) units().remove(row);
		await house.good(createUnits, {
			items: Array.from({ length: COUNT }, (_, index) => ({ name: name(index) })),
		});
	});

	/** Lists while `change` happens between the first page and the others. */
	async function listDuring(change: () => Promise<void> | void, more: object = {}) {
		play({ method: 'GET', path: '/entity/uom$', delayMs: 400 * SPEED, after: 1, times: 8 });
		const before = house.requests.length;
		const running = house.good({ ...parameters, ...more });
		await until(() => house.requests.length > before + 1);
		await change();
		return await running;
	}

	test.each<[string, Omit<Fault, 'vendor'>]>([
		['500', { status: 500 }],
		['502', { status: 502, body: '<html>' }],
		['503', { status: 503 }],
		['504', { status: 504, body: '' }],
		['429', { status: 429, body: vendorError(1049), headers: { 'X-Lognex-Retry-After': '200' } }],
		['a reset in the middle of a body', { closeConnection: 'midBody', afterWork: true }],
		['a reset before it', { closeConnection: 'before' }],
	])('%s on some pages: every row once, in order', async (_what, fault) => {
		for (const after of [0, 1, 1]) play({ method: 'GET', ...fault, after });
		const { json } = await house.good(parameters);
		expect(names(json)).toEqual(everything());
	});

	test('rows that are deleted on the way make nothing else disappear', async () => {
		const gone = new Set<string>();
		const { json } = await listDuring(() => {
			for (const row of named('page').slice(0, 30)) {
				gone.add(String(row.name));
				units().remove(row);
			}
		});
		const got = names(json);
		expect(new Set(got).size).toBe(got.length);
		const missing = everything().filter((one) => !got.includes(one));
		expect(missing).toEqual([]);
		// Rows that had been read before they were deleted may be there.
		expect(got.filter((one) => !gone.has(one))).toHaveLength(COUNT - 30);
	});

	test('rows that are added in front on the way double nothing', async () => {
		const caller = 'admin@sandbox';
		const { json } = await listDuring(() => {
			for (let index = 0; index < 25; index++) {
				units().create(
					(id) => ({
						...units().all()[0],
						...house.state.world.ref('uom', 0),
						id,
						name: `page -${index}`,
						meta: house.state.world.meta('uom', id),
					}),
					caller,
				);
			}
		});
		const got = names(json);
		expect(new Set(got).size).toBe(got.length);
		const old = Array.from({ length: COUNT }, (_, index) => name(index));
		expect(old.filter((one) => !got.includes(one))).toEqual([]);
	});

	test('a list that becomes empty ends well', async () => {
		const { json } = await listDuring(() => {
			for (const row of named('page')) units().remove(row);
		});
		expect(names(json)).toEqual(Array.from({ length: 100 }, (_, index) => name(index)));
	});

	test('in whatever order the pages arrive, the rows are in theirs', async () => {
		const expected = everything();
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 5, maxLength: 5 }),
				async (delays) => {
					house.sandbox.faults.clear();
					for (const delayMs of delays) play({ method: 'GET', delayMs: delayMs * SPEED });
					const { json, requests } = await house.good(parameters);
					expect(requests).toHaveLength(5);
					expect(names(json)).toEqual(expected);
				},
			),
			{ numRuns: 12 },
		);
	});

	test('a limit in the middle of a page', async () => {
		const { json, requests } = await house.good({ ...parameters, returnAll: false, limit: 250 });
		expect(names(json)).toEqual(everything().slice(0, 250));
		expect(requests).toHaveLength(3);
	});
});

test('any value of a condition survives the way to MoySklad and its parser', async () => {
	const value = fc.oneof(
		fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
		fc.string({ unit: fc.constantFrom(...';\\"\'=~<>!&+%#?:/ аЯё'), minLength: 1, maxLength: 8 }),
		fc.constantFrom('a;b', ';', ';;', '\\', '\\;', 'x\\', '~=a', '%3B', '&filter=', '{{ 1 }}', ' '),
	);
	const operators = {
		equals: '=',
		notEquals: '!=',
		contains: '~',
		startsWith: '~=',
		endsWith: '=~',
	};
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(...(Object.keys(operators) as Array<keyof typeof operators>)),
			fc.array(value, { minLength: 20, maxLength: 40 }),
			async (operator, values) => {
				const { items, requests } = await house.run(
					{
						resource: 'unitOfMeasure',
						operation: 'getAll',
						limit: 1,
						conditions: {
							condition: [
								{ field: 'name', operator, value: '={{ [$json.value] }}' },
								{ field: 'code', operator: 'equals', value: ['guard'] },
							],
						},
					},
					{ items: values.map((one) => ({ value: one })), onError: 'continueRegularOutput' },
				);
				const refused = new Map(
					items
						.filter(({ json }) => json.error !== undefined)
						.map(({ json, pairedItem }) => [
							(pairedItem as { item: number }).item,
							String(json.error),
						]),
				);
				for (const [item, said] of refused) {
					// Only what MoySklad cannot be told in any way; blanks alone are no value, and said to be none.
					if (values[item].trim() === '') expect(said).toContain('has no value to compare');
					else expect(values[item]).toMatch(/^[=~]|\\(;|$)/);
				}
				const rule = { kind: 'string', operators: Object.values(operators) } as never;
				const arrived = requests.map(({ query, status }) => {
					expect(status).toBe(200);
					const filter = parseFilter(String(query.filter), {
						rule: () => rule,
						like: 'first',
						base: '',
					});
					expect(filter.take('code').map((one) => [one.operator, one.texts])).toEqual([
						['=', ['guard']],
					]);
					const [condition, ...others] = filter.take('name');
					expect(others).toEqual([]);
					expect(condition.operator).toBe(operators[operator]);
					return condition.texts[0];
				});
				const sent = values.filter((_, index) => !refused.has(index));
				expect(arrived.sort()).toEqual(sent.sort());
			},
		),
		{ numRuns: 15 },
	);
});

test('what is stored under any name is found by it', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
				minLength: 5,
				maxLength: 25,
			}),
			async (given) => {
				const values = given.filter((one) => one.trim() === one && !/^[=~]|\\(;|$)/.test(one));
				fc.pre(values.length > 0);
				const items = values.map((one) => ({ name: one }));
				const made = await house.good(createUnits, { items });
				const { json } = await house.good(
					{
						resource: 'unitOfMeasure',
						operation: 'getAll',
						returnAll: true,
						conditions: {
							condition: [{ field: 'name', operator: 'equals', value: '={{ [$json.name] }}' }],
						},
					},
					{ items },
				);
				const ids = made.json.map(({ id }) => id);
				expect(json.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
				for (const id of ids) units().remove(units().find(String(id)) ?? {});
			},
		),
		{ numRuns: 8 },
	);
});
