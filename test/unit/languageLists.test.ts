/** What the catalogue can say of lists and of many items: pages in the body, windows, wrapped arrays, verdicts. */
import type { IDataObject } from 'n8n-workflow';

import type { BulkWrite, Field, Operation } from '../../nodes/shared/catalogue';
import { pages, pageStyle, tokenStyle, type DateWindow } from '../../nodes/shared/road/paging';
import type { ApiRequest } from '../../nodes/shared/road/wire';
import { answerOf } from './calls';
import { thingOperation, type Sent, type Server } from './shop';
import { runShop, type RunSetup } from './shopRun';

jest.setTimeout(60_000);

const run = async (operation: Operation, server: Server, changes: Partial<RunSetup> = {}) =>
	await runShop({ operations: [operation], items: [{}], server, ...changes });
const field = (name: string, to: Field['to'], more: Partial<Field> = {}): Field =>
	({ name, label: name, kind: 'text', to, ...more }) as Field;

/** All rows of a list, and the requests that it took. */
async function read(
	request: ApiRequest,
	rule: Parameters<typeof pages>[0]['rule'],
	answer: (request: ApiRequest) => IDataObject,
	limit = Infinity,
) {
	const sent: ApiRequest[] = [];
	const rows: IDataObject[] = [];
	const send = async (one: ApiRequest) => {
		sent.push(structuredClone(one));
		return await Promise.resolve(answerOf(200, answer(one)));
	};
	for await (const page of pages({ request, rule, send, limit })) rows.push(...page);
	return { rows, sent };
}

describe('a page in the body', () => {
	const style = pageStyle({ rows: 'rows', total: 'total', count: 'page_size' });
	const answer = ({ body }: ApiRequest) => {
		const { page } = body as { page: number };
		const ids = [1, 2, 3, 4, 5].slice((page - 1) * 2, page * 2);
		return { rows: ids.map((id) => ({ id })), total: 5 };
	};

	it('stands beside what the body says, and the query stays as it is', async () => {
		const request: ApiRequest = { method: 'POST', path: '/s', query: { a: 1 }, body: { f: 'x' } };
		const { rows, sent } = await read(request, { style, in: 'body', pageSize: () => 2 }, answer);
		expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
		expect(sent.map(({ body }) => body)).toEqual([
			{ f: 'x', page: 1, page_size: 2 },
			{ f: 'x', page: 2, page_size: 2 },
			{ f: 'x', page: 3, page_size: 2 },
		]);
		for (const { query } of sent) expect(query).toEqual({ a: 1 });
		expect(request.body).toEqual({ f: 'x' });
	});
});

describe('windows of dates', () => {
	const style = tokenStyle({ rows: 'rows', token: 'next', parameter: 'token' });
	const rowKey = ({ id }: IDataObject) => String(id);
	const window: DateWindow = { from: 'body:dates.from', to: 'body:dates.to', days: 30 };
	/** The ranges that a list is read in. */
	const ranges = async (dates: IDataObject, rule: Partial<DateWindow> = {}) => {
		const { sent } = await read(
			{ method: 'POST', path: '/s', body: { dates } },
			{ style, rowKey, pageSize: () => 50, windows: [{ ...window, ...rule }] },
			() => ({ rows: [] }),
		);
		return sent.map(({ body }) => {
			const { from, to } = (body as IDataObject).dates as IDataObject;
			return [from, to];
		});
	};

	it.each<[string, IDataObject, Partial<DateWindow>, unknown[]]>([
		[
			'that fit stay as they are',
			{ from: '2026-01-01', to: '2026-01-31' },
			{},
			[['2026-01-01', '2026-01-31']],
		],
		[
			'that do not fit are cut, the oldest first',
			{ from: '2026-01-01', to: '2026-03-05' },
			{},
			[
				['2026-01-01', '2026-01-31'],
				['2026-01-31', '2026-03-02'],
				['2026-03-02', '2026-03-05'],
			],
		],
		[
			'that hold their last day have no day twice and leave none out',
			{ from: '2026-01-01', to: '2026-01-31' },
			{ withEnd: true },
			[
				['2026-01-01', '2026-01-30'],
				['2026-01-31', '2026-01-31'],
			],
		],
		[
			'that hold their last day may fit',
			{ from: '2026-01-01', to: '2026-01-30' },
			{ withEnd: true },
			[['2026-01-01', '2026-01-30']],
		],
		[
			'of instants are cut as well',
			{ from: '2026-01-01T10:00:00.000Z', to: '2026-02-05T10:00:00.000Z' },
			{},
			[
				['2026-01-01T10:00:00.000Z', '2026-01-31T10:00:00.000Z'],
				['2026-01-31T10:00:00.000Z', '2026-02-05T10:00:00.000Z'],
			],
		],
		[
			'with an end only begin as early as they may',
			{ to: '2026-03-01' },
			{},
			[['2026-01-30', '2026-03-01']],
		],
		['without any end stay open', {}, {}, [[undefined, undefined]]],
		[
			'the wrong way round are the vendor’s to refuse',
			{ from: '2026-03-01', to: '2026-01-01' },
			{},
			[['2026-03-01', '2026-01-01']],
		],
	])('%s', async (_, dates, rule, expected) => {
		expect(await ranges(dates, rule)).toEqual(expected);
	});

	it('without an end reach past today in every zone', async () => {
		const from = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
		const found = await ranges({ from });
		expect(found).toHaveLength(2);
		expect(Date.parse(String(found[1][1]))).toBeGreaterThan(Date.now());
	});

	it('give each row once, and no more than wanted', async () => {
		const request: ApiRequest = {
			method: 'POST',
			path: '/s',
			body: { dates: { from: '2026-01-01', to: '2026-06-01' } },
		};
		const rule = { style, rowKey, pageSize: () => 50, windows: [window] };
		// Neighbouring windows share a row.
		const answer = ({ body }: ApiRequest) => {
			const { from, to } = (body as IDataObject).dates as IDataObject;
			return { rows: [{ id: from }, { id: to }] };
		};
		const all = await read(request, rule, answer);
		expect(all.rows).toHaveLength(7);
		expect(new Set(all.rows.map(({ id }) => id)).size).toBe(7);
		const some = await read(request, rule, answer, 3);
		expect(some.rows).toEqual(all.rows.slice(0, 3));
		expect(some.sent).toHaveLength(2);
	});

	it('of two ranges are combined, in query and body', async () => {
		const { sent } = await read(
			{
				method: 'POST',
				path: '/s',
				query: { from: '2026-01-01', to: '2026-02-15' },
				body: { dates: { from: '2026-01-01', to: '2026-02-15' } },
			},
			{
				style,
				rowKey,
				pageSize: () => 50,
				windows: [window, { from: 'query:from', to: 'query:to', days: 30 }],
			},
			() => ({ rows: [] }),
		);
		expect(sent).toHaveLength(4);
	});
});

describe('a wrapped array', () => {
	const wrapped = (more: Partial<BulkWrite> = {}, rest: Partial<Operation> = {}): Operation => ({
		...thingOperation,
		route: 'PUT /thing/{id}',
		fields: [
			field('id', 'path:id'),
			field('n', 'body:thing.n'),
			field('day', 'body:thing.day', { alone: true }),
		],
		bulk: {
			kind: 'write',
			route: 'POST /things',
			elements: 3,
			element: ({ path, body }) => ({ id: path.id, ...(body.thing as IDataObject) }),
			repeatable: () => false,
			wrap: {
				at: 'list.things',
				results: 'result.things',
				id: 'id',
				failed: ({ ok, why }) => (ok === false ? { text: String(why) } : undefined),
			},
			...more,
		},
		...rest,
	});
	const elements = ({ body }: Sent) =>
		((body as IDataObject).list as IDataObject).things as IDataObject[];
	const judge =
		(bad: string[]): Server =>
		(sent) => ({
			body: {
				status: 'OK',
				result: {
					things: elements(sent)
						.map(({ id }) =>
							bad.includes(String(id))
								? { id, ok: false, why: `not ${String(id)}` }
								: { id, ok: true },
						)
						.reverse(),
				},
			},
		});
	const things = (...ids: string[]) => ids.map((id) => ({ id, n: `n${id}` }));

	it('goes where the API has it, in shares of its own size, and verdicts find their items by ID', async () => {
		const { items, sent } = await run(wrapped(), judge(['b']), {
			items: things('a', 'b', 'c', 'd'),
			goesOn: true,
		});
		expect(sent.map(({ body }) => body)).toEqual([
			{
				list: {
					things: [
						{ id: 'a', n: 'na' },
						{ id: 'b', n: 'nb' },
						{ id: 'c', n: 'nc' },
					],
				},
			},
			{ list: { things: [{ id: 'd', n: 'nd' }] } },
		]);
		expect(items.map(({ json }) => json.error ?? json.id)).toEqual([
			'a',
			expect.stringContaining('not accepted'),
			'c',
			'd',
		]);
		expect(items[1].error?.description ?? items[1].json.message).toContain('not b');
	});

	it('a value that many cannot carry goes by itself', async () => {
		const items = ['', '', '2026-11-21'].map((day, at) => ({ ...things('a', 'b', 'c')[at], day }));
		const { sent } = await run(
			wrapped(),
			(one) => (one.method === 'PUT' ? { body: { id: 'c' } } : judge([])(one)),
			{ items },
		);
		expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /things',
			'PUT /thing/c',
		]);
		expect(sent[1].body).toEqual({ thing: { n: 'nc', day: '2026-11-21' } });
	});

	it('one object in two items is sent once, unless the items contradict each other', async () => {
		const same = await run(wrapped(), judge([]), { items: things('a', 'a', 'b') });
		expect(same.sent.map((one) => elements(one).map(({ id }) => id))).toEqual([['a', 'b']]);
		expect(same.items.map(({ json }) => json.id)).toEqual(['a', 'a', 'b']);
		const [first, second, ...others] = things('a', 'a', 'b', 'c');
		const items = [first, { ...second, n: 'other' }, ...others];
		const two = await run(wrapped(), judge([]), { items, goesOn: true });
		expect(two.items.map(({ json }) => json.error ?? json.id)).toEqual([
			expect.stringContaining("is 'a', which item 1 has as well"),
			expect.stringContaining("is 'a', which item 0 has as well"),
			'b',
			'c',
		]);
		const { wrap } = wrapped().bulk as BulkWrite;
		const inTurn = { ...(wrap as NonNullable<typeof wrap>), inTurn: true as const };
		const turns = await run(wrapped({ wrap: inTurn }), judge([]), { items });
		expect(turns.sent.map((one) => elements(one).map(({ id }) => id))).toEqual([
			['a', 'b', 'c'],
			['a'],
		]);
	});

	it('a missing verdict is no verdict', async () => {
		const { error } = await run(
			wrapped(),
			() => ({ body: { result: { things: [{ id: 'a', ok: true }] } } }),
			{ items: things('a', 'b') },
		);
		expect(error?.message).toContain('holds 1 results for 2 objects');
	});

	it('that answers with refused elements only means that the others are done', async () => {
		const operation = wrapped(
			{
				element: ({ path }) => path.id,
				wrap: {
					at: 'ids',
					results: 'notDone',
					id: 'id',
					refusedOnly: true,
					failed: ({ why }) => (why ? { text: String(why) } : undefined),
				},
			},
			{ answer: { kind: 'done' } },
		);
		for (const body of [{ notDone: [{ id: 'b', why: 'stock' }] }, { status: 'OK' }]) {
			const { items, sent } = await run(operation, () => ({ body }), {
				items: things('a', 'b'),
				goesOn: true,
			});
			expect(sent[0].body).toEqual({ ids: ['a', 'b'] });
			expect(items[0].json).toEqual({ success: true, id: 'a' });
			expect('error' in items[1].json).toBe('notDone' in body);
		}
	});

	describe('of which all are saved or none', () => {
		/** Saves nothing when one of them is bad. */
		const saved: string[] = [];
		const strict: Server = (sent) => {
			const ids = elements(sent).map(({ id }) => String(id));
			const bad: string[] = ids.filter((id) => id === 'b');
			if (bad.length === 0) saved.push(...ids);
			return {
				body: {
					result: {
						things: ids.map((id) =>
							bad.includes(id) ? { id, ok: false, why: 'bad' } : { id, ok: true },
						),
					},
				},
			};
		};
		beforeEach(() => saved.splice(0));
		const setup = (leaveOutRefused: boolean) => ({
			items: things('a', 'b', 'c').map((item) => ({ ...item, options: { leaveOutRefused } })),
			goesOn: true,
		});

		it('are told why nothing was saved, each with its own reason', async () => {
			const { items, sent } = await run(wrapped({ allOrNothing: true }), strict, setup(false));
			expect(sent).toHaveLength(1);
			expect(saved).toEqual([]);
			const said = items.map(({ json }) => String(json.error));
			expect(said[0]).toContain('another item of the same request was refused');
			expect(said[1]).toContain('not accepted');
			expect(said[2]).toContain('another item of the same request was refused');
		});

		it('are sent once more without the refused one, when that is wanted', async () => {
			const { items, sent } = await run(wrapped({ allOrNothing: true }), strict, setup(true));
			expect(sent.map((one) => elements(one).map(({ id }) => id))).toEqual([
				['a', 'b', 'c'],
				['a', 'c'],
			]);
			expect(saved).toEqual(['a', 'c']);
			expect(items.map(({ json }) => 'error' in json)).toEqual([false, true, false]);
		});
	});
});

describe('many IDs by a body', () => {
	const get: Operation = {
		...thingOperation,
		route: 'POST /things/find',
		does: 'reads',
		fields: [field('id', 'control')],
		bulk: {
			kind: 'get',
			always: true,
			route: 'POST /things/find',
			id: ({ control }) => String(control.id),
			body: (ids) => ({ ids }),
			rows: ({ body }) => (body as { rows: IDataObject[] }).rows,
			rowId: ({ id }) => String(id),
			most: () => 2,
			missingCode: 1021,
		},
	};
	const server: Server = ({ body }) => ({
		body: {
			rows: (body as { ids: string[] }).ids.filter((id) => id !== 'x').map((id) => ({ id })),
		},
	});

	it('are asked for that way, one alone too', async () => {
		const { items, sent } = await run(get, server, {
			items: ['a', 'b', 'c'].map((id) => ({ id })),
		});
		expect(items.map(({ json }) => json.id)).toEqual(['a', 'b', 'c']);
		expect(sent.map(({ body }) => body)).toEqual([{ ids: ['a', 'b'] }, { ids: ['c'] }]);
		const one = await run(get, server, { items: [{ id: 'a' }] });
		expect(one.sent.map(({ method, path, body }) => [method, path, body])).toEqual([
			['POST', '/things/find', { ids: ['a'] }],
		]);
	});

	it('one that is missing fails', async () => {
		const { error } = await run(get, server, { items: [{ id: 'x' }] });
		expect(error?.message).toContain('not found');
	});

	it('are cut by the bytes of the body', async () => {
		const { sent } = await run(get, server, {
			items: ['a'.repeat(40), 'b'.repeat(40)].map((id) => ({ id })),
			limits: { bytes: 60 },
		});
		expect(sent).toHaveLength(2);
	});
});
