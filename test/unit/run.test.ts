import type { IDataObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import * as fc from 'fast-check';

import type { Call, Operation } from '../../nodes/shared/catalogue';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { itemRanges } from '../../nodes/shared/run/run';
import { brokenWire, problem, thingOperation, type Sent, type Server } from './shop';
import { runShop, type RunSetup } from './shopRun';

jest.setTimeout(60_000);

const number: Operation['fields'][number] = {
	name: 'n',
	label: 'Number',
	kind: 'number',
	to: 'body:n',
	required: true,
};
const create: Operation = {
	...thingOperation,
	fields: [number, { name: 'owner', label: 'Owner', kind: 'text', to: 'path:owner' }],
	bulk: {
		kind: 'write',
		route: 'POST /thing',
		element: ({ body }) => body,
		repeatable: () => false,
		lookFor: 'things with the same number',
	},
};
/** The same, without bulk requests. */
const createOne: Operation = { ...create, operation: 'createOne', bulk: undefined };
const get: Operation = {
	...thingOperation,
	operation: 'get',
	route: 'GET /thing/{id}',
	fields: [{ name: 'id', label: 'ID', kind: 'text', to: 'path:id', required: true }],
	bulk: {
		kind: 'get',
		route: 'GET /thing',
		id: ({ path }) => path.id,
		query: (ids) => ({ ids: ids.join() }),
		rows: ({ body }) => (body as { rows: IDataObject[] }).rows,
		rowId: ({ id }) => String(id),
		most: () => 3,
		missingCode: 1021,
	},
};

const listOf = ({ body }: Sent) => (Array.isArray(body) ? body : [body]) as IDataObject[];
const numbersOf = (sent: Sent) => listOf(sent).map(({ n }) => Number(n));
/** Makes what it is sent; numbers in `bad` are refused. */
const maker =
	(bad: number[] = [], code = 3006): Server =>
	(sent) => {
		const rows = listOf(sent).map(({ n }) =>
			bad.includes(Number(n)) ? problem(code) : { id: `id-${Number(n)}`, n },
		);
		const failed = rows.some((row) => 'errors' in row);
		return { status: failed ? 412 : 200, body: Array.isArray(sent.body) ? rows : rows[0] };
	};
const things = (...numbers: unknown[]) => numbers.map((n) => ({ n }) as IDataObject);
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const setupOf = (changes: Partial<RunSetup>): RunSetup => ({
	operations: [create],
	items: things(0, 1, 2),
	server: maker(),
	...changes,
});
const run = async (changes: Partial<RunSetup>) => await runShop(setupOf(changes));

describe('the ranges of items', () => {
	it.each([
		[[0], 'item 0'],
		[[0, 1], 'items 0–1'],
		[[4, 2, 3, 0, 9], 'items 0, 2–4, 9'],
		[[7, 5], 'items 5, 7'],
	])('%j are "%s"', (indexes, text) => {
		expect(itemRanges(indexes)).toBe(text);
	});

	it('name all items, and no others, as long as they are few', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1 }), (indexes) => {
				const before = [...indexes];
				const text = itemRanges(indexes);
				expect(indexes).toEqual(before);
				const parts = text
					.replace(/^items? /, '')
					.replace(/ and others$/, '')
					.split(', ');
				expect(parts.length).toBeLessThanOrEqual(20);
				const named = parts.flatMap((part) => {
					const [from, to = from] = part.split('–').map(Number);
					return range(to - from + 1).map((step) => from + step);
				});
				const sorted = [...indexes].sort((one, other) => one - other);
				expect(named).toEqual(text.endsWith('others') ? sorted.slice(0, named.length) : sorted);
			}),
		);
	});
});

describe('items', () => {
	it('share requests and come back paired, in order', async () => {
		const { items, sent } = await run({ items: things(...range(2500)) });
		expect(sent.map((request) => listOf(request).length)).toEqual([1000, 1000, 500]);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			range(2500).map((n) => [`id-${n}`, { item: n }]),
		);
	});

	it('alone take the ordinary request', async () => {
		const { items, sent } = await run({ items: things(5) });
		expect(sent.map(({ path, body }) => [path, body])).toEqual([['/thing', { n: 5 }]]);
		expect(items).toEqual([{ json: { id: 'id-5', n: 5 }, pairedItem: { item: 0 } }]);
	});

	it('that switch batching off are sent by themselves, and keep their places', async () => {
		const form = (item: IDataObject) => ({ ...item, options: { batching: item.n !== 1 } });
		const { items, sent } = await run({ items: things(0, 1, 2), form });
		expect(sent.map(numbersOf)).toEqual([[0, 2], [1]]);
		expect(items.map(({ json }) => json.n)).toEqual([0, 1, 2]);
	});

	it('with another operation begin a new share', async () => {
		const items = [{ n: 0 }, { n: 1 }, { operation: 'createOne', n: 2 }, { n: 3 }, { n: 4 }];
		const { items: made, sent } = await run({ operations: [create, createOne], items });
		expect(sent.map(numbersOf)).toEqual([[0, 1], [2], [3, 4]]);
		expect(made.map(({ json }) => json.n)).toEqual(range(5));
	});

	it('are read by ID in lists, and come back in order, doubled ones too', async () => {
		const ids = ['c', 'a', 'b', 'a', 'd', 'c'];
		const { items, sent } = await run({
			operations: [get],
			items: ids.map((id) => ({ id })),
			server: ({ query }) => ({
				body: {
					rows: String(query.ids)
						.split(',')
						.reverse()
						.map((id) => ({ id })),
				},
			}),
		});
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			ids.map((id, item) => [id, { item }]),
		);
		expect(sent).toHaveLength(2);
	});

	it('none is no request', async () => {
		expect(await run({ items: [] })).toMatchObject({ items: [], sent: [] });
	});
});

describe('bad input', () => {
	it('in the last item: nothing is sent at all', async () => {
		const { error, sent } = await run({ items: things(...range(1500), 'many') });
		expect(sent).toEqual([]);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({ message: "'Number' is 'many' [item 1500]" });
		expect(error?.context?.itemIndex).toBe(1500);
	});

	it('fails its own item only when the others go on', async () => {
		const { items, sent } = await run({ items: things(0, 'x', 2), goesOn: true });
		expect(sent.map(numbersOf)).toEqual([[0, 2]]);
		expect(items.map(({ json }) => json.error ?? json.n)).toEqual([
			0,
			"'Number' is 'x' [item 1]",
			2,
		]);
		expect(items[1]).toMatchObject({ pairedItem: { item: 1 } });
		expect(items[1].error).toBeInstanceOf(NodeOperationError);
	});

	it('an object that is too large for a request: nothing is sent either', async () => {
		const items = things(...range(1500), 1e300);
		const limits = { bytes: 100 };
		const long: Operation = {
			...create,
			bulk: {
				...(create.bulk as NonNullable<Operation['bulk']> & { kind: 'write' }),
				element: ({ body }) => (body.n === 1e300 ? { n: 'x'.repeat(200) } : body),
			},
		};
		const { error, sent } = await run({ operations: [long], items, limits });
		expect(sent).toEqual([]);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error?.context?.itemIndex).toBe(1500);
	});

	it('an unknown operation is told by name', async () => {
		const { error } = await run({ items: [{ operation: 'paint' }] });
		expect(error?.message).toContain("'Operation' is 'paint', which Shop does not have");
	});
});

describe('what is prepared', () => {
	const prepared = (prepare: Operation['prepare']): Operation => ({ ...create, prepare });

	it('is prepared for all items together, once, and changes what is sent', async () => {
		const seen: number[][] = [];
		const operation = prepared(async (calls, work) => {
			seen.push(calls.map(({ itemIndex }) => itemIndex));
			await work.send({ method: 'GET', path: '/look' });
			for (const call of calls) call.body.n = Number(call.body.n) + 10;
		});
		const { sent } = await run({
			operations: [operation],
			server: (request) => (request.path === '/look' ? {} : maker()(request)),
		});
		expect(seen).toEqual([[0, 1, 2]]);
		expect(sent.slice(1).map(numbersOf)).toEqual([[10, 11, 12]]);
	});

	it('a call that cannot be sent stops everything before anything is sent, unless others go on', async () => {
		const operation = prepared(async (calls) => {
			calls[1].problem = new InputProblem('Owner', 'is nobody', 'Choose another.');
		});
		const stopped = await run({ operations: [operation] });
		expect(stopped.sent).toEqual([]);
		expect(stopped.error?.message).toBe("'Owner' is nobody [item 1]");
		const going = await run({ operations: [operation], goesOn: true });
		expect(going.sent.map(numbersOf)).toEqual([[0, 2]]);
		expect(going.items[1].json.error).toBe("'Owner' is nobody [item 1]");
	});

	it('a failure of it is every item’s, and nothing is sent', async () => {
		const operation = prepared(async (_calls, { send }) => {
			await send({ method: 'GET', path: '/look' });
		});
		const server: Server = () => ({ status: 403, body: problem(1016) });
		const { items, sent } = await run({ operations: [operation], server, goesOn: true });
		expect(sent).toHaveLength(1);
		expect(items.map(({ json }) => String(json.error).slice(-8))).toEqual([
			'[item 0]',
			'[item 1]',
			'[item 2]',
		]);
	});

	it('is not asked when an item cannot be read', async () => {
		const prepare = jest.fn(async () => undefined);
		await run({ operations: [prepared(prepare)], items: things(0, 'x') });
		expect(prepare).not.toHaveBeenCalled();
	});
});

describe('a failure', () => {
	it('names what was written before it, and ends the node', async () => {
		const { error, sent } = await run({
			items: things(...range(8)),
			server: maker([5, 7]),
			limits: { elements: 6 },
		});
		expect(sent.map(numbersOf)).toEqual([range(6)]);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error?.message).toMatch(/\(code 3006\) \[item 5\]$/);
		expect(error?.description).toContain('Already done before this failure: items 0–4.');
	});

	it('names the writes of earlier operations as well, and of single requests', async () => {
		const items = [
			{ n: 0 },
			{ n: 1 },
			...range(3).map((n) => ({ operation: 'createOne', n: n + 2 })),
		];
		const { error } = await run({ operations: [create, createOne], items, server: maker([4]) });
		expect(error?.description).toContain('Already done before this failure: items 0–3.');
	});

	it('says nothing of it when nothing was written, or only read', async () => {
		const first = await run({ server: maker([0, 1, 2]) });
		expect(first.error?.description).not.toContain('Already done');
		const reads = await run({
			operations: [get],
			items: [{ id: 'a' }, { id: 'b' }],
			server: () => ({ body: { rows: [{ id: 'a' }] } }),
		});
		expect(reads.error?.message).toContain('the object was not found (code 1021) [item 1]');
		expect(reads.error?.description).not.toContain('Already done');
	});

	it('of one element is its item’s when the others go on', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }),
				fc.integer({ min: 1, max: 9 }),
				async (good, elements) => {
					const bad = range(good.length).filter((n) => !good[n]);
					const { items, error } = await run({
						items: things(...range(good.length)),
						server: maker(bad),
						limits: { elements },
						goesOn: true,
					});
					expect(error).toBeUndefined();
					expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
						range(good.length).map((item) => ({ item })),
					);
					items.forEach(({ json, error: shown }, n) => {
						if (good[n]) expect(json).toEqual({ id: `id-${n}`, n });
						else {
							expect(json.error).toMatch(new RegExp(`\\[item ${n}\\]$`));
							expect(shown).toBeInstanceOf(NodeApiError);
						}
					});
				},
			),
			{ numRuns: 50 },
		);
	});

	it('of which nobody knows whether it was done says where to look', async () => {
		const { error } = await run({ server: () => brokenWire('ECONNRESET') });
		expect(error?.description).toMatch(
			/may have carried out.*Look for things with the same number\./,
		);
	});

	it('of the credential stops all later items, those of other operations too', async () => {
		const items = [{ n: 0 }, { n: 1 }, { operation: 'createOne', n: 2 }, { n: 3 }, { n: 4 }];
		const { items: shown, sent } = await run({
			operations: [create, createOne],
			items,
			server: () => ({ status: 401, body: problem(1056) }),
			goesOn: true,
		});
		expect(sent).toHaveLength(1);
		expect(shown).toHaveLength(5);
		for (const { json } of shown) expect(json.error).toContain('were not accepted');
	});

	it("of a stopped execution leaves a line in n8n's log: what was written, and what may have been", async () => {
		const stop = new AbortController();
		const log: string[] = [];
		const stopAt = (requests: number) => (request: Sent) => {
			if (--requests === 0) stop.abort();
			return maker()(request);
		};
		const items = things(...range(6));
		const setup = { items, limits: { elements: 2 }, signal: stop.signal, log };
		await run({ ...setup, server: stopAt(3) });
		expect(log).toEqual([
			"Shop, node 'Node under test': the execution was stopped. Already done: items 0–3. The write that was under way may have been carried out: look there before you run it again.",
		]);
	});

	it('of a stopped execution that only reads leaves none', async () => {
		const stop = new AbortController();
		const log: string[] = [];
		const server = () => {
			stop.abort();
			return { status: 200, body: { rows: [] } };
		};
		const { error } = await run({
			operations: [get],
			items: [{ id: 'id-0' }],
			server,
			signal: stop.signal,
			log,
		});
		expect(error?.message).toContain('cancelled');
		expect(log).toEqual([]);
	});

	it('of a stopped execution ends the node even when the others go on', async () => {
		const stop = new AbortController();
		const { error, items, sent } = await run({
			items: things(...range(6)),
			server: (request) => {
				stop.abort();
				return maker()(request);
			},
			limits: { elements: 2 },
			signal: stop.signal,
			goesOn: true,
		});
		expect(sent).toHaveLength(1);
		expect(items).toEqual([]);
		expect(error?.message).toContain('cancelled');
	});
});

describe("n8n's Retry On Fail", () => {
	let execution = 0;
	/** Runs the tries of one turn; n8n starts each from the first item. */
	async function tries(servers: Server[], changes: Partial<RunSetup> = {}) {
		const executionId = changes.executionId ?? `execution-${++execution}`;
		const outcomes = [];
		for (const server of servers) {
			outcomes.push(await run({ retryOnFail: true, executionId, ...changes, server }));
		}
		return outcomes;
	}
	const sentIn = ({ sent }: { sent: Sent[] }) => sent.map(numbersOf);

	it('sends only what was not written before', async () => {
		const [first, second] = await tries([maker([1]), maker()], { items: things(0, 1, 2, 3) });
		expect(sentIn(first)).toEqual([[0, 1, 2, 3]]);
		expect(sentIn(second)).toEqual([[1]]);
		expect(second.items.map(({ json }) => json.id)).toEqual(['id-0', 'id-1', 'id-2', 'id-3']);
		expect(second.items.map(({ pairedItem }) => pairedItem)).toEqual(
			range(4).map((item) => ({ item })),
		);
	});

	it('and the same with one request per item', async () => {
		const [first, second] = await tries([maker([2]), maker()], {
			operations: [createOne],
			items: things(0, 1, 2, 3),
		});
		expect(sentIn(first)).toEqual([[0], [1], [2]]);
		expect(sentIn(second)).toEqual([[2], [3]]);
	});

	it('also where the others go on: n8n tries again when the first item is an error', async () => {
		const [first, second, third] = await tries([maker([0, 2]), maker([0]), maker()], {
			items: things(0, 1, 2, 3),
			goesOn: true,
		});
		expect(sentIn(first)).toEqual([[0, 1, 2, 3]]);
		expect(first.items[0].json.error).toBeDefined();
		expect(sentIn(second)).toEqual([[0, 2]]);
		expect(sentIn(third)).toEqual([[0]]);
		expect(third.items.map(({ json }) => json.id)).toEqual(['id-0', 'id-1', 'id-2', 'id-3']);
	});

	it.each([false, true])(
		'never sends again what may have been written (others go on: %s)',
		async (goesOn) => {
			const [first, second, third] = await tries(
				[() => brokenWire('ECONNRESET'), maker(), maker()],
				{ goesOn },
			);
			expect(sentIn(first)).toEqual([[0, 1, 2]]);
			for (const later of [second, third]) {
				expect(later.sent).toEqual([]);
				const shown = goesOn ? later.items[0].error : later.error;
				expect(shown).toMatchObject({
					description: expect.stringContaining('Look for things with the same number.') as string,
				});
			}
		},
	);

	it('sends everything in another execution, run, or node, and for other values', async () => {
		const others: Array<Partial<RunSetup>> = [
			{ executionId: 'other' },
			{ runIndex: 1 },
			{ nodeId: 'b2' },
		];
		for (const other of others) {
			const executionId = `execution-${++execution}`;
			await tries([maker([2])], { executionId });
			const [again] = await tries([maker()], { executionId, ...other });
			expect(sentIn(again)).toEqual([[0, 1, 2]]);
		}
		const executionId = `execution-${++execution}`;
		await tries([maker([2])], { executionId });
		const [again] = await tries([maker()], { executionId, items: things(7, 1, 2) });
		expect(sentIn(again)).toEqual([[7, 2]]);
	});

	it('keeps nothing for nodes that n8n does not try again', async () => {
		const [, second] = await tries([maker([2]), maker()], { retryOnFail: false });
		expect(sentIn(second)).toEqual([[0, 1, 2]]);
	});

	it('keeps nothing when n8n does not tell the execution', async () => {
		await run({ retryOnFail: true, server: maker([2]) });
		const { sent } = await run({ retryOnFail: true });
		expect(sent.map(numbersOf)).toEqual([[0, 1, 2]]);
	});

	it('forgets a turn that has ended well', async () => {
		const [, , third] = await tries([maker([2]), maker(), maker()]);
		expect(sentIn(third)).toEqual([[0, 1, 2]]);
	});

	it('remembers later operations when a try does not get that far', async () => {
		const looks: Operation = {
			...create,
			operation: 'looks',
			prepare: async (_calls, { send }) => {
				await send({ method: 'GET', path: '/look' });
			},
		};
		const items = [{ n: 0 }, { n: 1 }, ...range(3).map((n) => ({ operation: 'looks', n: n + 2 }))];
		const look =
			(fails: boolean, bad: number[]): Server =>
			(request) =>
				request.path !== '/look'
					? maker(bad)(request)
					: fails
						? { status: 403, body: problem(1016) }
						: {};
		const writes = ({ sent }: { sent: Sent[] }) =>
			sent.filter(({ path }) => path !== '/look').map(numbersOf);
		const [first, second, third] = await tries(
			[look(false, [3]), look(true, []), look(false, [])],
			{
				operations: [create, looks],
				items,
			},
		);
		expect(writes(first)).toEqual([
			[0, 1],
			[2, 3, 4],
		]);
		expect(writes(second)).toEqual([]);
		expect(writes(third)).toEqual([[3]]);
		expect(third.items.map(({ json }) => json.n)).toEqual(range(5));
	});

	it('knows a call again that was changed while it was sent', async () => {
		const shaped: Operation = {
			...createOne,
			shape: (request, call) => {
				call.body.n = Number(call.body.n) + 10;
				call.control.seen = true;
				request.body = call.body;
			},
		};
		const [first, second] = await tries([maker([12]), maker()], { operations: [shaped] });
		expect(sentIn(first)).toEqual([[10], [11], [12]]);
		expect(sentIn(second)).toEqual([[12]]);
	});

	it.each([
		['shares', create],
		['single requests', createOne],
	])('does not write again what was written but could not be shown (%s)', async (_, operation) => {
		const odd: Operation = {
			...operation,
			simplify: (row) => {
				if (row.n === 1) throw new Error('An odd row');
				return row;
			},
		};
		const [first, second] = await tries([maker(), maker()], { operations: [odd] });
		expect(first.error?.message).toContain('An odd row');
		expect(second.error?.message).toContain('An odd row');
		const written = [...first.sent, ...second.sent].flatMap(numbersOf);
		expect(new Set(written).size).toBe(written.length);
	});

	it('reads are made anew: they do no harm', async () => {
		const server: Server = ({ query }) => ({
			body: {
				rows: String(query.ids)
					.split(',')
					.filter((id) => id !== 'b')
					.map((id) => ({ id })),
			},
		});
		const [first, second] = await tries([server, server], {
			operations: [get],
			items: [{ id: 'a' }, { id: 'b' }],
		});
		expect(first.sent).toHaveLength(1);
		expect(second.sent).toHaveLength(1);
	});
});

describe('an operation that does its own work', () => {
	it('writes one item after the other, reads eight side by side', async () => {
		for (const [route, atOnce] of [
			['POST /thing', 1],
			['GET /thing', 8],
		] as const) {
			let under = 0;
			let most = 0;
			const own: Operation = {
				...createOne,
				route,
				perform: async (call: Call, { wait }) => {
					most = Math.max(most, ++under);
					await wait(100);
					under--;
					return [{ json: { n: call.body.n } }, { json: { more: true } }];
				},
			};
			const { items } = await run({ operations: [own], items: things(...range(20)) });
			expect(most).toBe(atOnce);
			expect(items).toHaveLength(40);
			expect(items[39]).toEqual({ json: { more: true }, pairedItem: { item: 19 } });
		}
	});

	it('says which binary field an item does not have', async () => {
		const own: Operation = {
			...createOne,
			perform: async (call, { readBinary }) => {
				await readBinary(call, 'photo');
				return [];
			},
		};
		const { error } = await run({ operations: [own], items: things(0) });
		expect(error?.message).toBe("'Input Binary Field' is 'photo', which this item does not have");
		expect(error?.description).toContain('has no binary data');
	});
});
