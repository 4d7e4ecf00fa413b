import type { IDataObject } from 'n8n-workflow';
import * as fc from 'fast-check';

import { BulkRun, getTogether, writeTogether } from '../../nodes/shared/run/bulk';
import type { BulkGet, BulkWrite, Call } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import { CallFailed } from '../../nodes/shared/errors/errors';
import { rowsAt } from '../../nodes/shared/road/paging';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { FakeClock } from './fakeClock';
import type { Limits, Reply, Sent, Server } from './shop';
import { brokenWire, problem, shopRoad, thingCalls } from './shop';

// Property tests: many runs each, on machines that may be busy.
jest.setTimeout(60_000);

const write = (changes: Partial<BulkWrite> = {}): BulkWrite => ({
	kind: 'write',
	route: 'POST /thing',
	element: ({ body }) => body,
	repeatable: () => true,
	lookFor: 'things with the same number',
	...changes,
});

const remove = (changes: Partial<BulkWrite> = {}): BulkWrite => ({
	kind: 'delete',
	route: 'POST /thing/delete',
	element: ({ path }) => ({ meta: { href: path.id } }),
	repeatable: () => true,
	gone: ({ code }) => code === 1021,
	...changes,
});

const once = write({ repeatable: () => false });

interface Settings {
	limits?: Partial<Limits>;
	goesOn?: boolean;
	signal?: AbortSignal;
}

/** Writes the calls; `of(i)` tells what became of the call `i`. */
async function writeAll(
	bulk: BulkWrite,
	calls: Call[],
	server: Server,
	{ limits, goesOn = true, signal }: Settings = {},
) {
	const clock = new FakeClock();
	const { road, sent } = await shopRoad(server, clock, { limits, signal });
	const run = new BulkRun(goesOn);
	let ended: unknown;
	await clock.finish(
		writeTogether(road, bulk, calls, run).catch((error: unknown) => {
			ended = error;
		}),
		36_000_000,
	);
	return { run, sent, ended, of: (index: number) => run.of(calls[index]) };
}

const elementsOf = ({ body }: Sent) => body as IDataObject[];
const numbersOf = (sent: Sent) => elementsOf(sent).map(({ n }) => Number(n));
const echo: Server = (sent) => ({
	body: elementsOf(sent).map((element) => ({ ...element, id: `id-${Number(element.n)}` })),
});
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

function failureIn(outcome: ReturnType<BulkRun['of']>): CallFailed {
	expect(outcome?.error).toBeInstanceOf(CallFailed);
	return outcome?.error as CallFailed;
}

describe('answers in any mixture', () => {
	type Fate = { kind: 'good' } | { kind: 'bad' } | { kind: 'postponed'; times: number };
	const fates = fc.oneof(
		{ weight: 4, arbitrary: fc.constant<Fate>({ kind: 'good' }) },
		{ weight: 2, arbitrary: fc.constant<Fate>({ kind: 'bad' }) },
		{
			weight: 2,
			arbitrary: fc
				.integer({ min: 1, max: 5 })
				.map<Fate>((times) => ({ kind: 'postponed', times })),
		},
	);

	it('go to the calls they belong to: nothing lost, nothing doubled, in order', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fates, { minLength: 1, maxLength: 40 }),
				fc.integer({ min: 1, max: 12 }),
				fc.constantFrom(200, 400, 412),
				async (plan, elements, badStatus) => {
					const made: number[] = [];
					const seen = new Map<number, number>();
					const { of, sent } = await writeAll(
						once,
						thingCalls(plan.length),
						(request) => {
							const rows = numbersOf(request).map((n) => {
								const times = (seen.get(n) ?? 0) + 1;
								seen.set(n, times);
								const fate = plan[n];
								if (fate.kind === 'bad') return problem(3006, `no ${n}`);
								if (fate.kind === 'postponed' && times <= fate.times) return problem(1065);
								made.push(n);
								return { id: `id-${n}`, n };
							});
							const failed = rows.some((row) => 'errors' in row);
							return { status: failed ? badStatus : 200, body: rows };
						},
						{ limits: { elements } },
					);
					plan.forEach((fate, n) => {
						const outcome = of(n);
						if (fate.kind === 'bad') {
							expect(failureIn(outcome).details.problem).toMatchObject({
								code: 3006,
								text: `no ${n}`,
							});
							expect(seen.get(n)).toBe(1);
						} else if (fate.kind === 'postponed' && fate.times >= 4) {
							expect(failureIn(outcome).details.problem).toMatchObject({ code: 1065 });
							expect(seen.get(n)).toBe(4);
						} else {
							expect(outcome).toEqual({ row: { id: `id-${n}`, n } });
							expect(made.filter((other) => other === n)).toEqual([n]);
						}
					});
					for (const request of sent)
						expect(elementsOf(request).length).toBeLessThanOrEqual(elements);
					const firsts = sent.flatMap(numbersOf).filter((n, at, all) => all.indexOf(n) === at);
					expect(firsts).toEqual(range(plan.length));
				},
			),
			{ numRuns: 150 },
		);
	});

	it('an array is read whatever the status says', async () => {
		for (const status of [200, 201, 400, 412, 500]) {
			const { of, sent } = await writeAll(once, thingCalls(2), () => ({
				status,
				body: [{ id: 'a' }, problem(3000)],
			}));
			expect(sent).toHaveLength(1);
			expect(of(0)).toEqual({ row: { id: 'a' } });
			expect(failureIn(of(1)).details.problem?.code).toBe(3000);
		}
	});

	it('elements that are postponed come back after a growing wait, without the others', async () => {
		const clock = new FakeClock();
		const at: number[] = [];
		const { road, sent } = await shopRoad((request) => {
			at.push(clock.now());
			return {
				body: elementsOf(request).map((element) =>
					element.n === 1 && at.length < 4 ? problem(1065) : element,
				),
			};
		}, clock);
		const calls = thingCalls(3);
		const run = new BulkRun(true);
		await clock.finish(writeTogether(road, once, calls, run));
		expect(sent.map(numbersOf)).toEqual([[0, 1, 2], [1], [1], [1]]);
		const waits = at.slice(1).map((time, index) => time - at[index]);
		expect(waits[0]).toBeGreaterThanOrEqual(250);
		expect(waits[1]).toBeGreaterThan(waits[0]);
		expect(waits[2]).toBeGreaterThan(waits[1]);
		expect(run.of(calls[1])).toEqual({ row: { n: 1 } });
	});

	it('an element that stumbled is sent again when that does no harm, else reported as unsure', async () => {
		let answers = 0;
		const stumble: Server = (request) => ({
			body: elementsOf(request).map((element) =>
				element.n === 1 && answers++ === 0 ? problem(1074) : element,
			),
		});
		const good = await writeAll(write(), thingCalls(2), stumble);
		expect(good.sent.map(numbersOf)).toEqual([[0, 1], [1]]);
		expect(good.of(1)).toEqual({ row: { n: 1 } });
		answers = 0;
		const { sent, of } = await writeAll(once, thingCalls(2), stumble);
		expect(sent.map(numbersOf)).toEqual([[0, 1]]);
		expect(failureIn(of(1)).details).toMatchObject({
			unsure: true,
			hint: expect.stringContaining('things with the same number') as string,
		});
	});

	it('an element that was too much may have been written', async () => {
		let answers = 0;
		const late: Server = (request) => ({
			body: elementsOf(request).map((element) =>
				element.n === 1 && answers++ === 0 ? problem(1088) : element,
			),
		});
		const good = await writeAll(write(), thingCalls(3), late);
		expect(good.of(1)).toEqual({ row: { n: 1 } });
		answers = 0;
		const { sent, of } = await writeAll(once, thingCalls(3), late);
		expect(sent).toHaveLength(1);
		expect(failureIn(of(1)).details.unsure).toBe(true);
		expect(of(2)).toEqual({ row: { n: 2 } });
	});

	it.each([
		['too few', [{}]],
		['too many', [{}, {}, {}, {}]],
		['none', []],
		['no list', { ok: true }],
		['no objects', ['a', null, 3]],
	])('%s: nobody can say whose they are, so every element is unsure', async (_, body) => {
		const { of, sent } = await writeAll(write(), thingCalls(3), () => ({ body }));
		expect(sent).toHaveLength(1);
		for (const n of range(3)) {
			expect(failureIn(of(n)).details.unsure).toBe(true);
			expect(failureIn(of(n)).details.hint).toContain('may have carried out');
		}
	});
});

describe('shares', () => {
	it('hold 1000 elements at most', async () => {
		const { sent, of } = await writeAll(write(), thingCalls(2500), echo);
		expect(sent.map((request) => elementsOf(request).length)).toEqual([1000, 1000, 500]);
		expect(sent.flatMap(numbersOf)).toEqual(range(2500));
		for (const n of range(2500)) expect(of(n)?.row?.id).toBe(`id-${n}`);
	});

	it('hold no more bytes than the vendor takes, measured on the wire', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 60 }),
				fc.integer({ min: 60, max: 400 }),
				async (texts, bytes) => {
					const calls = thingCalls(texts.length, (n) => ({ body: { n, text: texts[n] } }));
					const { sent, of } = await writeAll(write(), calls, echo, { limits: { bytes } });
					const arrived = sent.flatMap(numbersOf);
					for (const request of sent) expect(request.bytes).toBeLessThanOrEqual(bytes);
					for (const [n, text] of texts.entries()) {
						const alone = Buffer.byteLength(JSON.stringify([{ n, text }]));
						if (alone > bytes) {
							expect(of(n)?.error).toBeInstanceOf(InputProblem);
							expect(arrived).not.toContain(n);
						} else {
							expect(of(n)).toEqual({ row: { n, text, id: `id-${n}` } });
							expect(arrived.filter((other) => other === n)).toEqual([n]);
						}
					}
					// No share could have taken the first element of the next one.
					for (const [at, request] of sent.slice(0, -1).entries()) {
						const more = [...elementsOf(request), elementsOf(sent[at + 1])[0]];
						expect(Buffer.byteLength(JSON.stringify(more))).toBeGreaterThan(bytes - 2);
					}
				},
			),
			// An element that alone just fits.
			{
				numRuns: 150,
				examples: [[['\u{10000}'.repeat(5) + '\0' + '\u{10000}'.repeat(4), ''], 61]],
			},
		);
	});

	it('an element that is too large fails before anything is sent, unless the others go on', async () => {
		const calls = thingCalls(2500, (n) => ({
			body: { n, text: n === 2400 ? 'x'.repeat(500) : 'x' },
		}));
		const stopped = await writeAll(write(), calls, echo, { limits: { bytes: 300 }, goesOn: false });
		expect(stopped.sent).toEqual([]);
		expect(stopped.of(2400)?.error).toBeInstanceOf(InputProblem);
		const going = await writeAll(write(), calls, echo, { limits: { bytes: 300 } });
		expect(going.sent.flatMap(numbersOf)).toEqual(range(2500).filter((n) => n !== 2400));
	});

	it('are of one path and query, and keep their calls', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c/d'), fc.constantFrom('', 'x', 'y')), {
					minLength: 1,
					maxLength: 30,
				}),
				fc.integer({ min: 1, max: 5 }),
				async (where, elements) => {
					const calls = thingCalls(where.length, (n) => ({
						path: { owner: where[n][0] },
						query: where[n][1] ? { mode: where[n][1] } : {},
					}));
					const bulk = write({ route: 'POST /owner/{owner}/thing' });
					const { sent, of } = await writeAll(bulk, calls, echo, { limits: { elements } });
					for (const request of sent) {
						for (const n of numbersOf(request)) {
							const [owner, mode] = where[n];
							expect(request.path).toBe(`/owner/${encodeURIComponent(owner)}/thing`);
							expect(request.query).toEqual(mode ? { mode } : {});
						}
					}
					expect(sent.flatMap(numbersOf).sort((a, b) => a - b)).toEqual(range(where.length));
					for (const n of range(where.length)) expect(of(n)?.row?.id).toBe(`id-${n}`);
					const groups = new Set(where.map((pair) => pair.join()));
					const fewest = [...groups].map((group) =>
						Math.ceil(where.filter((pair) => pair.join() === group).length / elements),
					);
					expect(sent).toHaveLength(fewest.reduce((sum, count) => sum + count, 0));
				},
			),
			{ numRuns: 60 },
		);
	});

	it('a call that must be sent by itself is', async () => {
		const calls = thingCalls(6, (n) => ({ alone: n === 2 || n === 3 }));
		const { sent } = await writeAll(write(), calls, echo);
		expect(sent.map(numbersOf)).toEqual([[0, 1], [2], [3], [4, 5]]);
	});

	it('may take the time that the vendor allows', async () => {
		const { sent } = await writeAll(write(), thingCalls(2), echo);
		expect(sent[0].timeout).toBe(300_000);
	});
});

describe('calls with the same key', () => {
	it('go one after the other, each told what became of the latest one written', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), {
					minLength: 1,
					maxLength: 20,
				}),
				fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
				fc.integer({ min: 1, max: 6 }),
				async (keys, fails, elements) => {
					const told = new Map<number, unknown>();
					const calls = thingCalls(keys.length, (n) => ({
						...(keys[n] === undefined ? {} : { match: { field: 'code', value: keys[n] } }),
					}));
					const bulk = write({
						// As an upsert has it: an object that is known goes by its ID.
						key: ({ match, control }) =>
							control.foundId === undefined ? match?.value : `id=${String(control.foundId)}`,
						follow: (call, before) => {
							told.set(call.itemIndex, before.n);
							call.control.foundId = before.id;
						},
						element: ({ body, control }) => ({ ...body, ...control }),
					});
					const { sent, of } = await writeAll(
						bulk,
						calls,
						(request) => ({
							body: elementsOf(request).map((element) =>
								fails[Number(element.n)]
									? problem(3006)
									: { id: element.foundId ?? `id-${Number(element.n)}`, n: element.n },
							),
						}),
						{ limits: { elements } },
					);
					for (const request of sent) {
						const used = numbersOf(request).map((n) => keys[n]);
						const named = used.filter((key) => key !== undefined);
						expect(new Set(named).size).toBe(named.length);
					}
					expect(sent.flatMap(numbersOf).sort((a, b) => a - b)).toEqual(range(keys.length));
					keys.forEach((key, n) => {
						const earlier =
							key === undefined
								? []
								: range(n).filter((other) => keys[other] === key && !fails[other]);
						expect(told.get(n)).toBe(earlier.at(-1));
						if (fails[n]) failureIn(of(n));
						else expect(of(n)?.row?.id).toBe(`id-${earlier[0] ?? n}`);
					});
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe('too much at a time', () => {
	const tooLate: Array<[string, () => Reply | Error]> = [
		['code 1088', () => ({ status: 400, body: problem(1088) })],
		['504', () => ({ status: 504, body: '<html>' })],
		['no answer in time', () => brokenWire('ETIMEDOUT')],
		['no answer in time, in the words of axios', () => brokenWire('ECONNABORTED')],
	];

	it.each(tooLate)(
		'%s: halved until it passes when every element is repeatable',
		async (_, late) => {
			const { sent, of } = await writeAll(write(), thingCalls(100), (request) =>
				elementsOf(request).length > 30 ? late() : echo(request),
			);
			expect(sent.map((request) => elementsOf(request).length)).toEqual([
				100, 50, 25, 25, 50, 25, 25,
			]);
			for (const n of range(100)) expect(of(n)?.row?.id).toBe(`id-${n}`);
		},
	);

	it.each(tooLate)('%s: sent once only when one element is not repeatable', async (_, late) => {
		const bulk = write({ repeatable: ({ itemIndex }) => itemIndex !== 7 });
		const { sent, of } = await writeAll(bulk, thingCalls(10), late);
		expect(sent).toHaveLength(1);
		for (const n of range(10)) {
			expect(failureIn(of(n)).details).toMatchObject({
				unsure: true,
				hint: expect.stringMatching(
					/may have carried out.*Look for things with the same number/,
				) as string,
			});
		}
	});

	it.each(tooLate)(
		'%s of a single element that is not repeatable leaves it unsure',
		async (_, late) => {
			const { sent, of } = await writeAll(once, thingCalls(1), late);
			expect(sent).toHaveLength(1);
			expect(failureIn(of(0)).details.unsure).toBe(true);
		},
	);

	it('a body that is too large was not looked at: it is halved whatever the elements are', async () => {
		const { sent, of } = await writeAll(once, thingCalls(8), (request) =>
			elementsOf(request).length > 2 || numbersOf(request).includes(5)
				? { status: 413, body: '' }
				: echo(request),
		);
		for (const n of [0, 1, 2, 3, 4, 6, 7]) expect(of(n)?.row?.id).toBe(`id-${n}`);
		expect(
			sent.flatMap((request) => (elementsOf(request).length > 2 ? [] : numbersOf(request))),
		).toEqual([0, 1, 2, 3, 4, 5, 4, 5, 6, 7]);
		const { details } = failureIn(of(5));
		expect(details).toMatchObject({ status: 413 });
		expect(details.unsure).toBeUndefined();
		expect(details.hint).not.toContain('may have carried out');
	});

	it.each(tooLate.slice(1))(
		'%s that passes by is tried again, also for one element',
		async (_, late) => {
			let first = true;
			const { sent, of } = await writeAll(write(), thingCalls(1), (request) => {
				if (!first) return echo(request);
				first = false;
				return late();
			});
			expect(sent).toHaveLength(2);
			expect(of(0)).toEqual({ row: { n: 0, id: 'id-0' } });
		},
	);

	it.each(tooLate)(
		'%s for ever: few requests tell that smaller shares do not help',
		async (_, late) => {
			const { sent, of } = await writeAll(write(), thingCalls(4000), late);
			expect(sent.length).toBeLessThan(120);
			for (const n of range(4000)) failureIn(of(n));
		},
	);

	it('without going on, the first element that fails alone is the last that is sent', async () => {
		const { sent, of } = await writeAll(
			write(),
			thingCalls(64),
			() => ({ status: 400, body: problem(1088) }),
			{ goesOn: false },
		);
		expect(sent.map((request) => elementsOf(request).length)).toEqual([64, 32, 16, 8, 4, 2, 1]);
		failureIn(of(0));
		expect(of(1)).toBeUndefined();
	});

	it('a connection that breaks is tried again when that is safe, else everything is unsure', async () => {
		let broken = 2;
		const shaky: Server = (request) => (broken-- > 0 ? brokenWire('ECONNRESET') : echo(request));
		const good = await writeAll(write(), thingCalls(3), shaky);
		expect(good.sent.map(numbersOf)).toEqual([range(3), range(3), range(3)]);
		expect(good.of(2)?.row?.id).toBe('id-2');
		broken = 2;
		const { sent, of } = await writeAll(once, thingCalls(3), shaky);
		expect(sent).toHaveLength(1);
		for (const n of range(3)) {
			expect(failureIn(of(n)).details.unsure).toBe(true);
			expect(failureIn(of(n)).details.hint).toContain('Look for things with the same number.');
		}
	});

	it('a vendor that was not reached has done nothing: sent again, never unsure', async () => {
		const { sent, of } = await writeAll(once, thingCalls(2), () => brokenWire('ECONNREFUSED'));
		expect(sent).toHaveLength(4);
		expect(failureIn(of(1)).details.unsure).toBeUndefined();
	});
});

describe('a refusal of the whole array', () => {
	const refusing =
		(bad: Set<number>, status = 400): Server =>
		(request) =>
			numbersOf(request).some((n) => bad.has(n))
				? { status, body: problem(2006, `cannot read ${numbersOf(request).join()}`) }
				: echo(request);

	it('is searched for the elements that cause it, and only they fail', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 200 }),
				fc.array(fc.nat(), { maxLength: 4 }),
				fc.constantFrom(400, 409, 412),
				async (count, picks, status) => {
					const bad = new Set(picks.map((pick) => pick % count));
					const { sent, of } = await writeAll(once, thingCalls(count), refusing(bad, status));
					for (const n of range(count)) {
						if (bad.has(n)) {
							const { details } = failureIn(of(n));
							expect(details).toMatchObject({ status, problem: { code: 2006 } });
							expect(details.unsure).toBeUndefined();
						} else expect(of(n)).toEqual({ row: { n, id: `id-${n}` } });
					}
					expect(sent.length).toBeLessThanOrEqual(61);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('costs a bounded number of requests, however many elements are bad', async () => {
		const bad = new Set(range(5000));
		const { sent, of } = await writeAll(write(), thingCalls(5000), refusing(bad));
		expect(sent.length).toBeLessThanOrEqual(5 + 60);
		for (const n of range(5000)) failureIn(of(n));
	});

	it('nothing is written twice while it is searched', async () => {
		const made: number[] = [];
		await writeAll(once, thingCalls(300), (request) => {
			const answer = refusing(new Set([10, 11, 299]))(request) as Reply;
			if (answer.status === undefined) made.push(...numbersOf(request));
			return answer;
		});
		expect(made).toEqual(range(300).filter((n) => ![10, 11, 299].includes(n)));
	});

	it.each([
		[401, 1056],
		[403, 1016],
		[404, 1021],
		[405, 1002],
		[415, 1062],
	])('%i concerns the caller: one request, and all elements fail', async (status, code) => {
		const { sent, of } = await writeAll(write(), thingCalls(20), () => ({
			status,
			body: problem(code),
		}));
		expect(sent).toHaveLength(1);
		for (const n of range(20)) failureIn(of(n));
	});

	it('without going on, nothing is sent after the first bad element', async () => {
		const { sent, of } = await writeAll(once, thingCalls(8), refusing(new Set([1, 6])), {
			goesOn: false,
		});
		expect(sent.map(numbersOf)).toEqual([range(8), [0, 1, 2, 3], [0, 1], [0], [1]]);
		expect(of(0)).toEqual({ row: { n: 0, id: 'id-0' } });
		failureIn(of(1));
		for (const n of [2, 3, 4, 5, 6, 7]) expect(of(n)).toBeUndefined();
	});
});

describe('deletes', () => {
	const ids = thingCalls(6, (n) => ({ path: { id: `t${n}` } }));
	/** A vendor with all things, that loses the answers as told. */
	const keeper = (lose: (request: number) => Error | Reply | undefined) => {
		const there = new Set(ids.map(({ path }) => path.id));
		let requests = 0;
		const server: Server = (request) => {
			const lost = lose(requests++);
			const rows = elementsOf(request).map(({ meta }) => {
				const id = String((meta as IDataObject).href);
				return there.delete(id) ? { info: `${id} deleted` } : problem(1021);
			});
			return lost ?? { status: rows.some((row) => 'errors' in row) ? 400 : 200, body: rows };
		};
		return server;
	};
	const deleted = (n: number) => ({ row: { deleted: true, id: `t${n}` } });

	it('say which object is gone', async () => {
		const { of } = await writeAll(
			remove(),
			ids,
			keeper(() => undefined),
		);
		for (const n of range(6)) expect(of(n)).toEqual(deleted(n));
	});

	it('that say nothing are done by an answer without a body, but not by a web page', async () => {
		const quiet = { ...remove(), silent: true };
		const silent = await writeAll(quiet, ids, () => ({ body: '' }));
		for (const n of range(6)) expect(silent.of(n)).toEqual(deleted(n));
		for (const body of ['<html>Please log in</html>', {}, []]) {
			const { of } = await writeAll(quiet, ids, () => ({ body }));
			for (const n of range(6)) expect(failureIn(of(n)).details.unsure).toBe(true);
		}
		const told = await writeAll(remove(), ids, () => ({ body: '' }));
		for (const n of range(6)) failureIn(told.of(n));
		const { of } = await writeAll(write(), ids, () => ({ body: '' }));
		for (const n of range(6)) failureIn(of(n));
	});

	it('of an object that was not there fail', async () => {
		const twice = [...ids, ...thingCalls(1, () => ({ path: { id: 't3' } }))];
		const { of } = await writeAll(
			remove(),
			twice,
			keeper(() => undefined),
		);
		expect(of(3)).toEqual(deleted(3));
		expect(failureIn(of(6)).details.problem?.code).toBe(1021);
	});

	it.each([
		['a broken connection', () => brokenWire('ECONNRESET')],
		['a 504', (): Reply => ({ status: 504, body: '' })],
		['a 502', (): Reply => ({ status: 502, body: '' })],
		['a time-out', () => brokenWire('ETIMEDOUT')],
		['code 1088', (): Reply => ({ status: 400, body: problem(1088) })],
	])('are done when our own try before %s has done them', async (_, lost) => {
		const { of, sent } = await writeAll(
			remove(),
			ids,
			keeper((at) => (at === 0 ? lost() : undefined)),
		);
		expect(sent.length).toBeGreaterThan(1);
		for (const n of range(6)) expect(of(n)).toEqual(deleted(n));
	});

	it('are done when our own try has, and an element was postponed in between', async () => {
		let requests = 0;
		const { of } = await writeAll(remove(), ids, (request) => {
			requests++;
			if (requests === 1) return brokenWire('ECONNRESET');
			const code = requests === 2 ? 1065 : 1021;
			return { status: 400, body: elementsOf(request).map(() => problem(code)) };
		});
		for (const n of range(6)) expect(of(n)).toEqual(deleted(n));
	});

	it('are done when they stumbled and are gone then', async () => {
		let requests = 0;
		const { of } = await writeAll(remove(), ids, (request) => {
			const code = requests++ === 0 ? 1074 : 1021;
			return { body: elementsOf(request).map(() => problem(code)) };
		});
		for (const n of range(6)) expect(of(n)).toEqual(deleted(n));
	});

	it('that were refused before are no doubt: a missing object stays an error', async () => {
		let requests = 0;
		const { of } = await writeAll(remove(), ids, (request) => {
			if (requests++ === 0) return { status: 429, body: problem(1049) };
			return { body: elementsOf(request).map(() => problem(1021)) };
		});
		for (const n of range(6)) expect(failureIn(of(n)).details.problem?.code).toBe(1021);
	});
});

describe('when something fails', () => {
	const badAt =
		(n: number, code = 3006): Server =>
		(request) => ({
			body: elementsOf(request).map((element) => (element.n === n ? problem(code) : element)),
		});

	it('no further share is sent, unless the others go on', async () => {
		const limits = { elements: 4 };
		const stopped = await writeAll(write(), thingCalls(12), badAt(5), { limits, goesOn: false });
		expect(stopped.sent.map(numbersOf)).toEqual([range(4), [4, 5, 6, 7]]);
		expect(stopped.of(7)?.row).toEqual({ n: 7 });
		expect(stopped.of(8)).toBeUndefined();
		const going = await writeAll(write(), thingCalls(12), badAt(5), { limits });
		expect(going.sent).toHaveLength(3);
		expect(going.of(11)?.row).toEqual({ n: 11 });
	});

	it('no further group and no further wave is sent either', async () => {
		const calls = thingCalls(6, (n) => ({ path: { owner: n < 3 ? 'a' : 'b' } }));
		const groups = await writeAll(write({ route: 'POST /{owner}' }), calls, badAt(1), {
			goesOn: false,
		});
		expect(groups.sent.map(numbersOf)).toEqual([[0, 1, 2]]);
		const keyed = write({ key: ({ itemIndex }) => String(itemIndex % 3) });
		const waves = await writeAll(keyed, thingCalls(6), badAt(1), { goesOn: false });
		expect(waves.sent.map(numbersOf)).toEqual([[0, 1, 2]]);
	});

	it('postponed elements are not sent again after another one has failed', async () => {
		const server: Server = (request) => ({
			body: elementsOf(request).map(({ n }) =>
				n === 0 ? problem(1065) : n === 1 ? problem(3006) : { n },
			),
		});
		const { sent, of } = await writeAll(write(), thingCalls(3), server, { goesOn: false });
		expect(sent).toHaveLength(1);
		expect(of(0)).toBeUndefined();
		expect(of(2)).toEqual({ row: { n: 2 } });
	});

	it.each([
		[401, problem(1056)],
		[400, problem(1048)],
		[403, problem(1061)],
	])('a credential that does not work (%i) stops everything at once', async (status, body) => {
		const { sent, run } = await writeAll(write(), thingCalls(50), () => ({ status, body }), {
			limits: { elements: 10 },
		});
		expect(sent).toHaveLength(1);
		expect(run.stopped).toBe(true);
		expect(run.hopeless?.details.cause).toBe('credential-invalid');
	});

	it('an execution that is stopped ends the run, in a wait as well', async () => {
		for (const code of [1065, undefined]) {
			const stop = new AbortController();
			const { sent, ended } = await writeAll(
				write(),
				thingCalls(8),
				(request) => {
					stop.abort();
					return { body: elementsOf(request).map((element) => (code ? problem(code) : element)) };
				},
				{ limits: { elements: 2 }, signal: stop.signal },
			);
			expect(sent).toHaveLength(1);
			expect(ended).toBeInstanceOf(Cancelled);
		}
	});
});

describe('objects by their IDs', () => {
	const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
	const lookUp = (changes: Partial<BulkGet> = {}): BulkGet => ({
		kind: 'get',
		route: 'GET /thing',
		id: ({ path }) => path.id,
		query: (ids) => ({ filter: [...ids.map((id) => `id=${id}`), 'archived=true'].join(';') }),
		rows: rowsAt('rows'),
		rowId: ({ id }) => String(id),
		most: ({ query }) => (query.expand ? 100 : 1000),
		missingCode: 1021,
		...changes,
	});
	const asked = ({ query }: Sent) =>
		String(query.filter)
			.split(';')
			.filter((term) => term.startsWith('id='))
			.map((term) => term.slice(3));
	/** What the request line takes, percent-encoded as strictly as any encoder does. */
	const urlBytes = ({ path, query }: Sent) => {
		const strict = (text: string) =>
			encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
		const pairs = Object.entries(query).map(
			([key, value]) => `${strict(key)}=${strict(String(value))}`,
		);
		return Buffer.byteLength(`${path}?${pairs.join('&')}`);
	};

	async function getAll(
		calls: Call[],
		server: Server,
		{ limits, goesOn = true, signal, bulk = lookUp() }: Settings & { bulk?: BulkGet } = {},
	) {
		const clock = new FakeClock();
		const { road, sent } = await shopRoad(server, clock, { limits, signal });
		const run = new BulkRun(goesOn);
		let ended: unknown;
		await clock.finish(
			getTogether(road, bulk, calls, run).catch((error: unknown) => {
				ended = error;
			}),
		);
		return { run, sent, ended, of: (index: number) => run.of(calls[index]) };
	}
	const callsFor = (ids: string[], query: IDataObject = {}) =>
		thingCalls(ids.length, (n) => ({ path: { id: ids[n] }, query }));
	/** Has every object whose number is not in `missing`, gives rows in an order of its own. */
	const store =
		(missing: Set<number> = new Set()): Server =>
		(request) => ({
			body: {
				rows: [...new Set(asked(request).map((id) => id.toLowerCase()))]
					.filter((id) => !missing.has(Number(id.slice(24))))
					.reverse()
					.map((id) => ({ id, name: `thing ${id}` })),
			},
		});

	it('go back to their items in any order, doubled and missing ones too', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 80 }),
				fc.array(fc.nat({ max: 40 }), { maxLength: 15 }),
				fc.integer({ min: 1, max: 20 }),
				fc.boolean(),
				async (numbers, gone, most, capitals) => {
					const missing = new Set(gone);
					const ids = numbers.map((n, at) =>
						capitals && at % 2 ? uuid(n).toUpperCase() : uuid(n),
					);
					const { of, sent } = await getAll(callsFor(ids), store(missing), {
						bulk: lookUp({ most: () => most }),
					});
					numbers.forEach((n, at) => {
						if (!missing.has(n)) expect(of(at)?.row).toMatchObject({ id: uuid(n) });
						else {
							expect(failureIn(of(at)).details).toMatchObject({
								status: 404,
								problem: { code: 1021, parameter: ids[at] },
								say: 'Shop: the object was not found',
							});
						}
					});
					const all = sent.flatMap(asked);
					expect(new Set(all).size).toBe(all.length);
					for (const request of sent) expect(asked(request).length).toBeLessThanOrEqual(most);
				},
			),
			{ numRuns: 100 },
		);
	});

	it('no request line is longer than the vendor takes, for any number of IDs', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 700 }),
				fc.integer({ min: 200, max: 6500 }),
				fc.constantFrom<IDataObject>({}, { expand: 'owner,group' }, { fields: "a'(b)*!é" }),
				async (count, bytes, query) => {
					const { sent, of } = await getAll(callsFor(range(count).map(uuid), query), store(), {
						limits: { urlBytes: bytes },
					});
					for (const request of sent) {
						expect(urlBytes(request)).toBeLessThanOrEqual(bytes);
						expect(request.query).toMatchObject(query);
						if (query.expand) expect(asked(request).length).toBeLessThanOrEqual(100);
					}
					for (const n of range(count)) expect(of(n)?.row?.id).toBe(uuid(n));
				},
			),
			{ numRuns: 40 },
		);
	});

	it('1000 of them take twelve requests at most', async () => {
		const { sent } = await getAll(callsFor(range(1000).map(uuid)), store());
		expect(sent.length).toBeLessThanOrEqual(12);
	});

	it.each([
		['414', (): Reply => ({ status: 414, body: '' })],
		['504', (): Reply => ({ status: 504, body: '' })],
		['a time-out', () => brokenWire('ETIMEDOUT')],
	])('%s: asked for in halves', async (_, late) => {
		const { sent, of } = await getAll(callsFor(range(40).map(uuid)), (request) =>
			asked(request).length > 10 ? late() : store()(request),
		);
		expect(sent.map((request) => asked(request).length)).toEqual([40, 20, 10, 10, 20, 10, 10]);
		for (const n of range(40)) expect(of(n)?.row?.id).toBe(uuid(n));
	});

	it('a vendor that never finishes is not asked again and again', async () => {
		const { sent, of } = await getAll(callsFor(range(600).map(uuid)), () => ({
			status: 504,
			body: '',
		}));
		expect(sent.length).toBeLessThan(200);
		for (const n of range(600)) failureIn(of(n));
	});

	it('a single one is tried again after a 504', async () => {
		let first = true;
		const { of } = await getAll(callsFor([uuid(1)]), (request) => {
			if (!first) return store()(request);
			first = false;
			return { status: 504, body: '' };
		});
		expect(of(0)?.row?.id).toBe(uuid(1));
	});

	it('an answer without a list is an error of each of them', async () => {
		const { of, ended } = await getAll(callsFor([uuid(1), uuid(2)]), () => ({ body: { a: 1 } }));
		expect(ended).toBeUndefined();
		for (const n of range(2)) expect(of(n)?.error).toMatchObject({ name: 'RowsMissing' });
	});

	it('each path and query has lists of its own', async () => {
		const calls = thingCalls(4, (n) => ({
			path: { id: uuid(n), owner: n % 2 ? 'a' : 'b' },
			query: n === 3 ? { expand: 'x' } : {},
		}));
		const { sent, of } = await getAll(calls, store(), {
			bulk: lookUp({ route: 'GET /{owner}/thing' }),
		});
		expect(sent.map((request) => [request.path, asked(request)])).toEqual([
			['/b/thing', [uuid(0), uuid(2)]],
			['/a/thing', [uuid(1)]],
			['/a/thing', [uuid(3)]],
		]);
		for (const n of range(4)) expect(of(n)?.row?.id).toBe(uuid(n));
	});

	it('no further list is asked for after one has failed, unless the others go on', async () => {
		const bulk = lookUp({ most: () => 1 });
		const calls = callsFor(range(40).map(uuid));
		const stopped = await getAll(calls, store(new Set([0])), { bulk, goesOn: false });
		expect(stopped.sent.length).toBeLessThanOrEqual(8);
		const going = await getAll(calls, store(new Set([0])), { bulk });
		expect(going.sent).toHaveLength(40);
	});

	it('a credential that does not work stops all of them', async () => {
		const { sent, run } = await getAll(
			callsFor(range(40).map(uuid)),
			() => ({ status: 401, body: problem(1056) }),
			{ bulk: lookUp({ most: () => 1 }) },
		);
		expect(sent.length).toBeLessThanOrEqual(8);
		expect(run.hopeless).toBeInstanceOf(CallFailed);
	});

	it('an execution that is stopped sends no more', async () => {
		const stop = new AbortController();
		const { sent, of, ended } = await getAll(
			callsFor(range(40).map(uuid)),
			(request) => {
				stop.abort();
				return store()(request);
			},
			{ bulk: lookUp({ most: () => 1 }), signal: stop.signal },
		);
		expect(sent.length).toBeLessThanOrEqual(4);
		const errors = [ended, ...range(40).map((n) => of(n)?.error)];
		expect(errors.some((error) => error instanceof Cancelled)).toBe(true);
	});
});
