import type { IDataObject } from 'n8n-workflow';

import { moySklad } from '../../nodes/MoySklad/vendor';
import type { Call, FilterOperator, FilterTerm } from '../../nodes/shared/catalogue';
import { encodedSize } from '../../nodes/shared/run/request';
import { rowsOfAll, listRequests } from '../../nodes/shared/run/split';
import { callOf, everyOperation, operationOf, UUID_A } from './samples';

const assortment = operationOf(moySklad, 'assortment', 'getAll');
const ROOM = moySklad.bulkLimits?.urlBytes as number;

const term = (
	field: string,
	operator: FilterOperator,
	values: unknown[],
	operation = assortment,
): FilterTerm => ({
	field,
	operator,
	values,
	of: operation.filter?.find(({ name }) => name === field),
});
const many = (count: number, name = 'Артикул') =>
	Array.from({ length: count }, (_, index) => `${name} ${index}`);
const requestsOf = (filter: FilterTerm[], changes: Partial<Call> = {}) =>
	listRequests(moySklad, callOf(assortment, { filter, control: { stock: 'rows' }, ...changes }));
const conditionsOf = (query: IDataObject | undefined) => String(query?.filter).split(';');

describe('a list with very many values', () => {
	it('is one request while they fit', () => {
		expect(requestsOf([term('article', 'equals', many(20))])).toHaveLength(1);
	});

	it.each([600, 5000])(
		'%i: several requests below the bound, each value in one of them',
		(count) => {
			const requests = requestsOf([
				term('article', 'equals', many(count)),
				term('weighed', 'equals', [false]),
			]);
			expect(requests.length).toBeGreaterThan(1);
			const asked = requests.flatMap(({ path, query }) => {
				expect(path.length + encodedSize(query ?? {})).toBeLessThanOrEqual(ROOM);
				// No more requests than twice the least.
				const parts = conditionsOf(query);
				expect(parts).toContain('weighed=false');
				return parts.filter((part) => part.startsWith('article='));
			});
			expect(asked).toEqual(many(count).map((value) => `article=${value}`));
			const bytes = encodedSize({ filter: asked.join(';') });
			expect(requests.length).toBeLessThanOrEqual(2 * Math.ceil(bytes / ROOM));
		},
	);

	it('in two conditions asks for every pair', () => {
		const requests = requestsOf([
			term('article', 'equals', many(200)),
			term('code', 'equals', many(300, 'Код')),
		]);
		const pairs = new Set<string>();
		for (const { path, query } of requests) {
			expect(path.length + encodedSize(query ?? {})).toBeLessThanOrEqual(ROOM);
			const parts = conditionsOf(query);
			for (const one of parts.filter((part) => part.startsWith('article='))) {
				for (const other of parts.filter((part) => part.startsWith('code='))) {
					pairs.add(`${one} ${other}`);
				}
			}
		}
		expect(pairs.size).toBe(200 * 300);
	});

	it.each([
		['Is Not', term('article', 'notEquals', many(600))],
		['Contains', term('article', 'contains', many(600))],
		['warehouses whose stock is counted', term('stockStore', 'equals', Array(200).fill(UUID_A))],
	])('of %s is refused, with the way out', (_, one) => {
		expect(() => requestsOf([one])).toThrow(/'Conditions' make an address of \d+ characters/);
	});

	it('of Is beside a long Is Not is refused, too', () => {
		expect(() =>
			requestsOf([term('code', 'notEquals', many(600)), term('article', 'equals', many(600))]),
		).toThrow('make an address of');
	});

	it('of an operator that cannot be split goes out while the vendor may take it', () => {
		const request = requestsOf([term('article', 'notEquals', many(320, 'a'))]);
		const size = encodedSize(request[0].query ?? {});
		expect(size).toBeGreaterThan(ROOM);
		expect(request).toHaveLength(1);
	});

	it('is not ordered, and says so', () => {
		expect(() =>
			requestsOf([term('article', 'equals', many(600))], { sort: [['name', 'asc']] }),
		).toThrow(/'Sort' is given together with so many values .* take \d+ requests/);
	});

	it.each(
		everyOperation
			.filter(([, , operation]) => operation.filter)
			.map(([name, , operation]) => [name, operation] as const),
	)('%s', (_, operation) => {
		const ids = Array.from({ length: 600 }, (_value, index) =>
			UUID_A.replace(/^.{4}/, String(1000 + index)),
		);
		const call = callOf(operation, { filter: [term('id', 'equals', ids, operation)] });
		const requests = listRequests(moySklad, call);
		expect(requests.length).toBeGreaterThan(1);
		const asked = requests.flatMap(({ query }) => conditionsOf(query));
		expect(asked.filter((part) => part.startsWith('id='))).toEqual(ids.map((id) => `id=${id}`));
	});
});

describe('the rows of several requests', () => {
	const rule = { ...(assortment.list as NonNullable<typeof assortment.list>) };
	const requests = [1, 2, 3].map((page) => ({ method: 'GET' as const, path: `/${page}` }));
	const pages: Record<string, number[]> = { '/1': [1, 2, 3], '/2': [3, 2, 4, 5], '/3': [5, 6, 7] };

	async function rows(limit: number) {
		const asked: Array<[string, number]> = [];
		const found: number[] = [];
		const all = rowsOfAll(requests, rule, limit, async function* ({ path }, most) {
			asked.push([path, most]);
			await Promise.resolve();
			yield pages[path].slice(0, most).map((id) => ({ id: String(id) }));
		});
		for await (const page of all) found.push(...page.map(({ id }) => Number(id)));
		return { found, asked };
	}

	it('come once each, in the order of the requests', async () => {
		expect((await rows(Infinity)).found).toEqual([1, 2, 3, 4, 5, 6, 7]);
	});

	it.each([1, 3, 4, 5, 6, 7, 9])('are %i at most, and as many as there are', async (limit) => {
		const { found } = await rows(limit);
		expect(found).toEqual([1, 2, 3, 4, 5, 6, 7].slice(0, limit));
	});

	it('are not asked for beyond the limit', async () => {
		expect((await rows(3)).asked).toEqual([['/1', 3]]);
	});
});
