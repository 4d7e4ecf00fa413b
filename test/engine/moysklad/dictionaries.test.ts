/** The plain dictionaries, each from its own table: lists, every condition, sorting, search, single objects. */
import type { IDataObject } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import type { FilterField, FilterOperator } from '../../../nodes/shared/catalogue';
import { ACTION, House, NOBODY, paths, speedUp } from './setup';

jest.setTimeout(60_000);

let house: House;
let slowDown: () => void;
beforeAll(async () => {
	// The budget is kept; its seconds pass quickly.
	slowDown = speedUp(20, 10_000);
	house = await House.open();
});
afterAll(async () => {
	await house.close();
	slowDown();
});

const MOSCOW_MS = 3 * 3_600_000;

/** What a condition looks at; some of it is not in the row under the same name. */
function valueIn(row: IDataObject, name: string): unknown {
	switch (name) {
		case 'barcode':
			return ((row.barcodes ?? []) as IDataObject[]).map((entry) => Object.values(entry)[0])[0];
		case 'state.name':
			return house.state.states.nameOf(row.state);
		case 'updatedBy':
			// Nobody else has changed anything in this account.
			return 'admin@sandbox';
		default:
			return row[name];
	}
}

/** What a field of a raw row compares as: text, or a number for ordered kinds. */
function comparable(row: IDataObject, field: FilterField): string | number | undefined {
	const value = valueIn(row, field.name);
	if (value === undefined || value === null) return undefined;
	switch (field.kind) {
		case 'reference':
			return String((value as { meta: { href: string } }).meta.href.split('/').pop());
		case 'time':
			return Date.parse(`${String(value).replace(' ', 'T')}Z`) - MOSCOW_MS;
		case 'number':
			return Number(value);
		default:
			return String(value);
	}
}

const TESTS: Record<
	FilterOperator,
	(found: string | number | undefined, wanted: string | number) => boolean
> = {
	equals: (found, wanted) => found === wanted,
	notEquals: (found, wanted) => found !== wanted,
	contains: (found, wanted) => lower(found).includes(lower(wanted)),
	notContains: (found, wanted) => !lower(found).includes(lower(wanted)),
	startsWith: (found, wanted) => lower(found).startsWith(lower(wanted)),
	endsWith: (found, wanted) => lower(found).endsWith(lower(wanted)),
	greater: (found, wanted) => found !== undefined && found > wanted,
	greaterOrEqual: (found, wanted) => found !== undefined && found >= wanted,
	less: (found, wanted) => found !== undefined && found < wanted,
	lessOrEqual: (found, wanted) => found !== undefined && found <= wanted,
	isEmpty: (found) => found === undefined || found === '',
	isNotEmpty: (found) => found !== undefined && found !== '',
};

function lower(value: unknown): string {
	return value === undefined ? '' : String(value).toLowerCase();
}

/** The value of the form for what a row compares as. */
function formValue(field: FilterField, wanted: string | number): unknown {
	switch (field.kind) {
		case 'time':
			return new Date(wanted as number).toISOString();
		case 'toggle':
			return wanted === 'true';
		case 'number':
			return wanted;
		case 'reference':
			// An object of any type goes by its link, one of two without a look-up, too.
			if (field.entity === '*') return [`${house.state.world.base}/entity/demand/${wanted}`];
			return [
				field.entity?.startsWith('counterparty,')
					? `${house.state.world.base}/entity/counterparty/${wanted}`
					: wanted,
			];
		default:
			return [String(wanted)];
	}
}

const conditionsOf = (dictionary: Dictionary) =>
	dictionary.filter.flatMap((field) =>
		field.operators.map((operator): [string, FilterOperator, FilterField] => [
			field.label,
			operator,
			field,
		]),
	);

/** Part of a text that some rows have and others may not. */
function partOf(operator: FilterOperator, value: string | number): string | number {
	const text = String(value);
	if (operator === 'contains') return text.slice(1, 4) || text;
	if (operator === 'startsWith') return text.slice(0, 2);
	if (operator === 'endsWith') return text.slice(-2);
	return value;
}

describe.each(
	plainDictionaries.map((dictionary): [string, Dictionary] => [dictionary.resource, dictionary]),
)('%s', (resource, dictionary) => {
	const list = { resource, operation: 'getAll', returnAll: true };
	const path = `/entity/${dictionary.keyword}`;
	/** What the list shows by itself, and everything there is. */
	let raw: IDataObject[];
	let whole: IDataObject[];

	beforeAll(async () => {
		raw = (await house.good({ ...list, simplify: false })).json;
		expect(raw.length).toBeGreaterThan(1);
		const shown = { archived: 'archived', done: 'status', isDeleted: 'recycleBin' }[
			dictionary.hides ?? 'archived'
		];
		const both = dictionary.hides ? { filters: { [shown]: 'both' } } : {};
		whole = (await house.good({ ...list, ...both, simplify: false })).json;
	});

	test('is listed as flat rows, with the right request', async () => {
		const { json, requests } = await house.good({ resource, operation: 'getAll', limit: 2 });
		expect(paths(requests)).toEqual([`GET ${path}`]);
		expect(requests[0].query).toEqual({ limit: '2', offset: '0' });
		expect(json.map(({ id }) => id)).toEqual(raw.slice(0, 2).map(({ id }) => id));
		for (const row of json) {
			expect(Object.keys(row)).toEqual(Object.keys(dictionary.simple));
			for (const [name, value] of Object.entries(row)) {
				if (value !== null) expect([name, typeof value]).toEqual([name, dictionary.simple[name]]);
			}
		}
	});

	test('comes whole with Simplify off', () => {
		for (const row of raw) {
			expect((row.meta as IDataObject).type).toBe(dictionary.keyword);
			expect(String((row.meta as IDataObject).href)).toContain(String(row.id));
		}
	});

	const conditions = conditionsOf(dictionary);
	if (conditions.length > 0)
		test.each(conditions)('condition: %s, %s', async (_label, operator, field) => {
			// A condition on what the list hides shows it.
			const rows = field.name === dictionary.hides ? whole : raw;
			const sample = rows
				.map((row) => comparable(row, field))
				.find((value) => value !== undefined && value !== '');
			// The sandbox's objects may lack a field altogether: any text will do then.
			const wanted = partOf(operator, sample ?? 'nothing');
			const isReference = field.kind === 'reference' || field.kind === 'uuid';
			const condition = {
				field: field.name,
				operator,
				...(operator === 'isEmpty' || operator === 'isNotEmpty'
					? {}
					: { value: formValue(field, isReference && sample === undefined ? NOBODY : wanted) }),
			};
			const { json, requests } = await house.good({
				...list,
				simplify: false,
				conditions: { condition: [condition] },
			});
			const expected = rows.filter((row) => TESTS[operator](comparable(row, field), wanted));
			expect(json.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
			expect(requests).toHaveLength(1);
			expect(String(requests[0].query.filter).startsWith(field.name)).toBe(true);
		});

	const sorts = dictionary.sort.map(({ value }) => value);
	if (sorts.length > 0)
		test.each(sorts)('sorts by %s, both ways', async (field) => {
			const sorted = async (direction: string) =>
				await house.good({ ...list, sort: { by: [{ field, direction }] } });
			const up = await sorted('asc');
			const down = await sorted('desc');
			expect(up.requests[0].query.order).toBe(`${field},asc`);
			expect(down.requests[0].query.order).toBe(`${field},desc`);
			const ids = (outcome: typeof up) => outcome.json.map(({ id }) => String(id)).sort();
			expect(ids(up)).toEqual(raw.map(({ id }) => String(id)).sort());
			expect(ids(down)).toEqual(ids(up));
			const values = (outcome: typeof up) =>
				outcome.json.map(({ id }) => {
					const row = raw.find((one) => one.id === id) as IDataObject;
					return row[field === 'fullname' ? 'fullName' : field];
				});
			expect(values(down)[0]).toEqual(values(up)[values(up).length - 1]);
		});

	if (dictionary.searches) {
		test('is searched', async () => {
			const name = String(raw[1].name);
			const { json, requests } = await house.good({ ...list, filters: { search: name } });
			expect(requests[0].query.search).toBe(name);
			expect(json.map(({ id }) => id)).toContain(raw[1].id);
			expect(json.length).toBeLessThan(raw.length);
		});
	}

	if (dictionary.filter.length > 0) {
		test('is asked for 600 values in several requests, and gives each row once', async () => {
			const ids = Array.from({ length: 600 }, (_, index) =>
				index % 7 === 0
					? String(raw[index % raw.length].id)
					: NOBODY.replace(/.{4}$/, String(1000 + index)),
			);
			const condition = { field: 'id', valueId: `={{ ${JSON.stringify(ids)} }}` };
			const form = { ...list, simplify: false, conditions: { condition: [condition] } };
			const { json, requests } = await house.good(form);
			expect(requests.length).toBeGreaterThan(1);
			for (const { url } of requests) expect(url.length).toBeLessThan(8000);
			const wanted = new Set(ids.filter((id) => raw.some((row) => row.id === id)));
			expect(json.map(({ id }) => String(id)).sort()).toEqual([...wanted].sort());
			const two = await house.good({ ...form, returnAll: false, limit: 2 });
			expect(two.json.map(({ id }) => id)).toEqual(json.slice(0, 2).map(({ id }) => id));
		});

		test('takes a raw filter as it is', async () => {
			const { json, requests } = await house.good({
				...list,
				options: { rawFilter: `id=${String(raw[0].id)}` },
			});
			expect(requests[0].query.filter).toBe(`id=${String(raw[0].id)}`);
			expect(json.map(({ id }) => id)).toEqual([raw[0].id]);
		});
	}

	const { hides } = dictionary;
	if (hides) {
		test(`shows what is ${hides}, what is not, or both`, async () => {
			const name = hides === 'done' ? 'status' : 'archived';
			const hidden = whole.filter((row) => row[hides] === true);
			const expected = { true: hidden, false: raw, both: whole };
			for (const [value, rows] of Object.entries(expected)) {
				const { json, requests } = await house.good({ ...list, filters: { [name]: value } });
				expect(json.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
				expect(requests[0].query.filter).toBe(
					value === 'both' ? `${hides}=true;${hides}=false` : `${hides}=${value}`,
				);
			}
		});
	}

	if (dictionary.savedFilters) {
		test('lists by a saved filter, which goes alone', async () => {
			const [saved] = house.state.namedFilters.list(dictionary.keyword, 0);
			const savedFilter = { __rl: true, mode: 'list', value: saved.id };
			const { requests, json } = await house.good({ ...list, filters: { savedFilter } });
			const { base } = house.state.world;
			expect(requests[0].query).toEqual({
				limit: '1000',
				offset: '0',
				namedfilter: `${base}/entity/${dictionary.keyword}/namedfilter/${String(saved.id)}`,
			});
			expect(json.length).toBeGreaterThan(0);
			const others: Array<[string, object]> = [
				[
					'filters',
					{ conditions: { condition: [{ field: 'id', operator: 'equals', value: [NOBODY] }] } },
				],
				['filters', { options: { rawFilter: `id=${NOBODY}` } }],
				['a sort order', { sort: { by: [{ field: 'id', direction: 'asc' }] } }],
				...(dictionary.searches
					? [['a search', { filters: { savedFilter, search: 'x' } }] as [string, object]]
					: []),
				...(hides
					? [
							[
								'filters',
								{ filters: { savedFilter, [hides === 'done' ? 'status' : 'archived']: 'both' } },
							] as [string, object],
						]
					: []),
			];
			for (const [what, more] of others) {
				const error = await house.refused({ ...list, filters: { savedFilter }, ...more });
				expect(error.message).toBe(
					`'Saved Filter' is given together with ${what}, which MoySklad refuses`,
				);
			}
			const { results } = await house.engine.listSearch(ACTION, 'searchSavedFilters', {
				credentials: { moySkladApi: 'fast' },
				parameters: { resource },
			});
			expect(results.map(({ value }) => value)).toContain(saved.id);
		});
	}

	test('gives one object by ID and by link, for each item', async () => {
		const links = [String(raw[0].id), String((raw[1].meta as IDataObject).href)];
		const { json, items, requests } = await house.good(
			{
				resource,
				operation: 'get',
				[`${resource}Id`]: { __rl: true, mode: 'id', value: '={{ $json.link }}' },
			},
			{ items: links.map((link) => ({ link })) },
		);
		expect(json.map(({ id }) => id)).toEqual([raw[0].id, raw[1].id]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		// A list that cannot be filtered cannot be asked for certain objects.
		expect(paths(requests).sort()).toEqual(
			(dictionary.filter.length > 0
				? [`GET ${path}`]
				: [`GET ${path}/${String(raw[0].id)}`, `GET ${path}/${String(raw[1].id)}`]
			).sort(),
		);
	});

	test('says that an object does not exist, and with what code', async () => {
		const { error } = await house.bad({
			resource,
			operation: 'get',
			[`${resource}Id`]: { __rl: true, mode: 'id', value: NOBODY },
		});
		expect(error.message).toBe('MoySklad: the object was not found (code 1021)');
		expect(error.httpCode).toBe('404');
	});

	if (dictionary.expand) {
		test('returns references as whole objects, 100 rows a page', async () => {
			const fields = dictionary.expand?.map(({ value }) => value) ?? [];
			const { json, requests } = await house.good({
				...list,
				simplify: false,
				options: { expand: fields },
			});
			expect(requests[0].query).toMatchObject({ expand: fields.join(','), limit: '100' });
			// Built-in objects belong to no department: then there is nothing to expand.
			for (const [at, row] of raw.entries()) {
				if (!row.group) continue;
				expect(typeof (json[at].group as IDataObject).name).toBe('string');
			}
		});
	}

	test('can be picked from a list', async () => {
		const { results } = await house.engine.listSearch(ACTION, dictionary.search, {
			credentials: { moySkladApi: 'fast' },
		});
		// Done tasks can be picked too.
		const rows = hides === 'done' ? whole : raw;
		expect(results.map(({ value }) => value)).toEqual(rows.slice(0, 100).map(({ id }) => id));
		for (const { name } of results) expect(name.length).toBeGreaterThan(0);
	});
});
