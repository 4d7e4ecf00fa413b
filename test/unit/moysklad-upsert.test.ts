import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { parseFilter, splitConditions, TEXT, EQUALITY } from '../../sandbox/moysklad/filter';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { matchKey } from '../../nodes/MoySklad/upsert';
import type { BulkWrite, Call, Work } from '../../nodes/shared/catalogue';
import { CallFailed } from '../../nodes/shared/errors/errors';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { callOf, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const upsert = operationOf(moySklad, 'productFolder', 'upsert');
const bundles = operationOf(moySklad, 'bundle', 'upsert');
const bulk = upsert.bulk as BulkWrite;

/** A work whose lists hold these objects, filtered as the sandbox filters. */
function workWith(objects: IDataObject[], filters: string[], fails?: (filter: string) => Error) {
	const work = {
		send: async () => await Promise.reject(new Error('nothing else is asked for')),
		turn: ({ itemIndex }: Call) => `turn ${itemIndex}`,
		async *pages({ request }: { request: { query: { filter: string } } }) {
			const { filter } = request.query;
			filters.push(filter);
			const failure = fails?.(filter);
			if (failure) throw failure;
			const parsed = parseFilter(filter, {
				rule: (field) =>
					field === 'archived'
						? { kind: 'boolean', operators: EQUALITY }
						: { kind: 'string', operators: TEXT },
				like: 'first',
				base: ROOT,
			});
			const rows = objects.filter((row) =>
				parsed.matches((field) => (field === 'archived' ? false : (row[field] as string))),
			);
			for (const row of rows) yield await Promise.resolve([row]);
		},
	};
	return work as unknown as Work;
}

function callWith(value: string, body: IDataObject = {}, field = 'externalCode', index = 0): Call {
	return callOf(upsert, {
		itemIndex: index,
		body: { ...(field === 'id' ? {} : { [field]: value }), ...body },
		match: { field, value },
	});
}

async function prepared(calls: Call[], objects: IDataObject[], filters: string[] = []) {
	await calls[0].operation.prepare?.(calls, workWith(objects, filters));
	return calls;
}

describe('Create or Update', () => {
	it('finds what exists, and creates the rest', async () => {
		const calls = [callWith('a', { name: 'A' }), callWith('b', { name: 'B' })];
		const filters: string[] = [];
		await prepared(calls, [{ id: UUID_A, externalCode: 'a' }], filters);
		expect(filters).toEqual(['externalCode=a;externalCode=b;archived=true;archived=false']);
		expect(bulk.element(calls[0])).toEqual({
			meta: {
				href: `${ROOT}/entity/productfolder/${UUID_A}`,
				type: 'productfolder',
				mediaType: 'application/json',
			},
			externalCode: 'a',
			name: 'A',
		});
		expect(bulk.element(calls[1])).toEqual({ externalCode: 'b', name: 'B' });
		expect(calls.map(bulk.repeatable)).toEqual([true, false]);
	});

	it('names both objects that have one key', async () => {
		const objects = [
			{ id: UUID_A, externalCode: 'a' },
			{ id: UUID_B, externalCode: 'a' },
		];
		const [call] = await prepared([callWith('a', { name: 'A' })], objects);
		expect(call.problem).toBeInstanceOf(InputProblem);
		expect(call.problem?.message).toContain(UUID_A);
		expect(call.problem?.message).toContain(UUID_B);
	});

	it('takes an object that two pages show for one', async () => {
		const twice = { id: UUID_A, externalCode: 'a' };
		const [call] = await prepared([callWith('a')], [twice, { ...twice }]);
		expect(call.problem).toBeUndefined();
		expect(call.control.foundId).toBe(UUID_A);
	});

	it('needs no look-up for an ID, given as such or as a link', async () => {
		const filters: string[] = [];
		const link = `${ROOT}/entity/productfolder/${UUID_A}`;
		const calls = [
			callWith(UUID_A, { code: '1' }, 'id'),
			callWith(link, { code: '1' }, 'id'),
			callWith('', { name: 'New' }, 'id'),
			callWith('nonsense', {}, 'id'),
		];
		await prepared(calls, [], filters);
		expect(filters).toEqual([]);
		expect(calls.map(({ control }) => control.foundId)).toEqual([
			UUID_A,
			UUID_A,
			undefined,
			undefined,
		]);
		expect(calls[2].problem).toBeUndefined();
		expect(calls[3].problem?.message).toContain("'ID' is 'nonsense'");
	});

	it('asks for the required fields of what it creates, not of what it changes', async () => {
		const calls = [callWith('a', { code: '1' }), callWith('b', { code: '2' })];
		await prepared(calls, [{ id: UUID_A, externalCode: 'a' }]);
		expect(calls[0].problem).toBeUndefined();
		expect(calls[1].problem?.message).toContain("'Name' is empty");
	});

	it('two items with one key make one object', async () => {
		const calls = [
			callWith('a', { name: 'A' }),
			callWith('a', { code: '2' }, 'externalCode', 1),
			callWith('b', { code: '3' }, 'externalCode', 2),
			callWith('b', { name: 'B' }, 'externalCode', 3),
		];
		await prepared(calls, []);
		expect(calls.map(({ problem }) => problem?.message)).toEqual([
			undefined,
			undefined,
			"'Name' is empty, but needed to create the object",
			undefined,
		]);
		expect(matchKey(calls[0])).toBe(matchKey(calls[1]));
		bulk.follow?.(calls[1], { id: UUID_B });
		expect(bulk.element(calls[1])).toMatchObject({ code: '2', meta: { type: 'productfolder' } });
	});

	it('keys that the filter cannot express are a problem of their item', async () => {
		const calls = ['~a', 'a\\', 'a\\;b', 'fine'].map((value, index) =>
			callWith(value, { name: 'x' }, 'externalCode', index),
		);
		await prepared(calls, []);
		expect(calls.map(({ problem }) => problem instanceof InputProblem)).toEqual([
			true,
			true,
			true,
			false,
		]);
	});

	it('any other key is looked up and found, in requests that fit', async () => {
		const keys = fc.uniqueArray(
			fc
				.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
				.map((text) => text.trim())
				.filter((text) => text !== '' && !/^[~=]|\\(;|$)/.test(text))
				// Refused, as the next tests say: what sheets write for nothing.
				.filter((text) => !/^[-\u2010-\u2015\u2212_.?\s]+$/.test(text)),
			{ minLength: 1, maxLength: 60 },
		);
		await fc.assert(
			fc.asyncProperty(keys, async (values) => {
				const objects = values.map((externalCode, index) => ({ id: `id ${index}`, externalCode }));
				const calls = values.map((value, index) => callWith(value, {}, 'externalCode', index));
				const filters: string[] = [];
				await prepared(calls, objects, filters);
				expect(calls.map(({ control }) => control.foundId)).toEqual(objects.map(({ id }) => id));
				for (const filter of filters) {
					expect(splitConditions(filter).length).toBeGreaterThan(2);
					const size = encodeURIComponent(filter).length;
					expect(size).toBeLessThan(splitConditions(filter).length === 3 ? 20_000 : 6200);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it.each(['-', '--', '\u2014', '_', '...', '? ?', '\u2212', '#N/A', '#Н/Д'])(
		"a key of '%s', as sheets write for nothing, finds and makes nothing",
		async (value) => {
			const filters: string[] = [];
			const [call] = await prepared(
				[callWith(value)],
				[{ id: UUID_A, externalCode: value }],
				filters,
			);
			expect(call.problem?.message).toContain(`is '${value}', as sheets write for nothing`);
			expect(filters).toEqual([]);
		},
	);

	it('a failed look-up is the failure of its items only', async () => {
		const long = (index: number) => `${index}`.padEnd(3000, 'x');
		const calls = [0, 1, 2].map((index) =>
			callWith(long(index), { name: 'x' }, 'externalCode', index),
		);
		const failure = new CallFailed({ say: 'no right', hint: '' });
		const work = workWith([], [], (filter) =>
			filter.startsWith(`externalCode=${long(2)}`) ? failure : (undefined as unknown as Error),
		);
		await upsert.prepare?.(calls, work);
		expect(calls.map(({ problem }) => problem)).toEqual([undefined, undefined, failure]);
	});
});

describe('fields that only a creation takes', () => {
	const components = [{ assortment: { meta: { href: 'x' } }, quantity: 1 }];

	it('a bundle is created with a syncId of its turn, or with the given one', async () => {
		const call = (body: IDataObject) =>
			callOf(bundles, {
				body: { name: 'B', components, ...body },
				match: { field: 'name', value: 'B' },
			});
		const calls = [call({}), call({ syncId: UUID_B })];
		await prepared(calls, []);
		expect(calls[0].body.syncId).toMatch(/^[0-9a-f-]{36}$/);
		expect(calls[1].body.syncId).toBe(UUID_B);
		expect((bundles.bulk as BulkWrite).repeatable(calls[0])).toBe(true);
	});

	it('a bundle that exists is changed without it', async () => {
		const call = callOf(bundles, { body: { name: 'B' }, match: { field: 'name', value: 'B' } });
		await prepared([call], [{ id: UUID_A, name: 'B' }]);
		expect((bundles.bulk as BulkWrite).element(call)).not.toHaveProperty('syncId');
	});

	it('the type of a bonus transaction leaves a change unless it differs', async () => {
		const operation = operationOf(moySklad, 'bonusTransaction', 'upsert');
		const element = async (transactionType: string) => {
			const body = { name: '1', transactionType };
			const call = callOf(operation, { body, match: { field: 'name', value: '1' } });
			await prepared([call], [{ id: UUID_A, name: '1', transactionType: 'EARNING' }]);
			return (operation.bulk as BulkWrite).element(call);
		};
		expect(await element('EARNING')).not.toHaveProperty('transactionType');
		expect(await element('SPENDING')).toHaveProperty('transactionType', 'SPENDING');
	});
});

describe('bodies', () => {
	const create = operationOf(moySklad, 'bundle', 'create');

	it('of copies lose what names the original', async () => {
		const call = callOf(create, {
			body: {
				meta: { href: 'x' },
				id: UUID_A,
				accountId: UUID_B,
				name: 'Copy',
				components: [{ id: UUID_B, assortment: { meta: { href: 'x' } }, quantity: 1 }],
			},
		});
		await prepared([call], []);
		expect(Object.keys(call.body).sort()).toEqual(['components', 'name', 'syncId']);
		expect(call.body.components).toEqual([{ assortment: { meta: { href: 'x' } }, quantity: 1 }]);
	});

	it('with nothing to change are a problem', async () => {
		const update = operationOf(moySklad, 'bundle', 'update');
		const call = callOf(update, { path: { id: UUID_A }, body: { id: UUID_A } });
		await prepared([call], []);
		expect(call.problem?.message).toContain('nothing to change');
	});

	it('of bonus programs get what MoySklad wants to be told', async () => {
		const operation = operationOf(moySklad, 'bonusProgram', 'create');
		const body = {
			name: 'P',
			active: true,
			allAgents: true,
			earnRateRoublesToPoint: 1,
			spendRatePointsToRouble: 1,
			maxPaidRatePercents: 50,
		};
		const call = callOf(operation, { body: { ...body } });
		await prepared([call], []);
		expect(call.body).toEqual({ ...body, allProducts: true });
	});
});
