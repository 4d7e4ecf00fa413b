import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, ListRule } from '../../nodes/shared/catalogue';
import {
	offsetStyle,
	PageRepeats,
	pages,
	pageStyle,
	rowsAt,
	tokenStyle,
	valueAt,
} from '../../nodes/shared/road/paging';
import { FakeClock, settle } from './fakeClock';
import { answerOf } from './samples';

const request: ApiRequest = { method: 'GET', path: '/list', query: { search: 'tea' } };
const rowsOf = (count: number): IDataObject[] => Array.from({ length: count }, (_, n) => ({ n }));

const offset = offsetStyle({ rows: 'rows', next: 'meta.nextHref', total: 'meta.size' });
const token = tokenStyle({
	rows: 'result.items',
	token: 'result.paging.nextPageToken',
	parameter: 'pageToken',
});
const paged = pageStyle({ rows: 'data', total: 'meta.total_count' });

/** A vendor that answers from `all` in the offset style. */
function offsetVendor(all: IDataObject[]): (query: IDataObject) => ApiAnswer {
	return ({ offset: from, limit }) => {
		const end = Number(from) + Number(limit);
		return answerOf(200, {
			meta: {
				size: all.length,
				...(end < all.length ? { nextHref: 'http://elsewhere/next' } : {}),
			},
			rows: all.slice(Number(from), end),
		});
	};
}

function tokenVendor(all: IDataObject[]): (query: IDataObject) => ApiAnswer {
	return ({ pageToken, limit }) => {
		const from = Number(pageToken ?? 0);
		const end = from + Number(limit);
		return answerOf(200, {
			result: {
				items: all.slice(from, end),
				paging: end < all.length ? { nextPageToken: String(end) } : {},
			},
		});
	};
}

function pageVendor(all: IDataObject[], tells = true): (query: IDataObject) => ApiAnswer {
	return ({ page, count }) => {
		const from = (Number(page) - 1) * Number(count);
		return answerOf(200, {
			data: all.slice(from, from + Number(count)),
			meta: tells ? { total_count: all.length } : [],
		});
	};
}

interface Options {
	limit?: number;
	size?: number;
	parallel?: boolean;
	guess?: number;
}

/** Walks a list; `asked` are the queries that were sent, in order. */
function walk(
	style: ListRule['style'],
	vendor: (query: IDataObject) => ApiAnswer | Promise<ApiAnswer>,
	{ limit = Infinity, size = 10, parallel = false, guess }: Options = {},
) {
	const asked: IDataObject[] = [];
	const list = pages({
		request,
		rule: { style, pageSize: () => size, parallel, guess },
		limit,
		send: async (sent) => {
			asked.push(sent.query ?? {});
			expect(sent).toMatchObject({ method: 'GET', path: '/list' });
			return await vendor(sent.query ?? {});
		},
	});
	const all = async () => {
		const found: IDataObject[] = [];
		for await (const rows of list) found.push(...rows);
		return found;
	};
	return { list, asked, all };
}

const styles: Array<
	[string, ListRule['style'], (all: IDataObject[]) => (query: IDataObject) => ApiAnswer, boolean]
> = [
	['limit and offset', offset, offsetVendor, false],
	['limit and offset, side by side', offset, offsetVendor, true],
	['page token', token, tokenVendor, false],
	['page and count', paged, pageVendor, false],
	['page and count without a total', paged, (all) => pageVendor(all, false), false],
];

describe.each(styles)('%s', (_, style, vendorOf, parallel) => {
	it('gives all rows once and in order, whatever their number and the page size', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 90 }),
				fc.integer({ min: 1, max: 25 }),
				async (count, size) => {
					const { all } = walk(style, vendorOf(rowsOf(count)), { size, parallel });
					expect(await all()).toEqual(rowsOf(count));
				},
			),
			{ numRuns: 60 },
		);
	});

	it('gives no more than the limit, and asks for no more pages than that takes', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 60 }),
				fc.integer({ min: 1, max: 25 }),
				async (limit, size) => {
					const { all, asked } = walk(style, vendorOf(rowsOf(50)), { limit, size, parallel });
					expect(await all()).toEqual(rowsOf(Math.min(50, limit)));
					const pageSize = Math.min(size, limit);
					expect(asked.length).toBeLessThanOrEqual(Math.floor(Math.min(50, limit) / pageSize) + 1);
					if (limit < 50) expect(asked).toHaveLength(Math.ceil(limit / pageSize));
				},
			),
			{ numRuns: 60 },
		);
	});

	it("keeps the request's own query on every page", async () => {
		const { all, asked } = walk(style, vendorOf(rowsOf(35)), { parallel });
		await all();
		expect(asked).toHaveLength(4);
		for (const query of asked) expect(query.search).toBe('tea');
	});

	it('asks for one row only when one is wanted', async () => {
		const { all, asked } = walk(style, vendorOf(rowsOf(50)), { limit: 1, parallel });
		expect(await all()).toEqual([{ n: 0 }]);
		expect(Object.values(asked[0])).toContain(1);
	});

	it('asks nothing when nothing is wanted', async () => {
		const { all, asked } = walk(style, vendorOf(rowsOf(50)), { limit: 0, parallel });
		expect(await all()).toEqual([]);
		expect(asked).toHaveLength(0);
	});

	it('gives no page without rows', async () => {
		const { list } = walk(style, vendorOf([]), { parallel });
		expect(await list.next()).toEqual({ value: undefined, done: true });
	});
});

describe('pages that are asked for side by side', () => {
	it('come in order, whatever order they arrive in', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 20, maxLength: 20 }),
				fc.integer({ min: 0, max: 180 }),
				async (delays, count) => {
					const clock = new FakeClock();
					const vendor = offsetVendor(rowsOf(count));
					let page = 0;
					const { all } = walk(
						offset,
						async (query) => {
							await clock.sleep(delays[page++ % delays.length]);
							return vendor(query);
						},
						{ parallel: true },
					);
					expect(await clock.finish(all())).toEqual(rowsOf(count));
				},
			),
			{ numRuns: 60 },
		);
	});

	it('are under way at the same time, but not all of a long list', async () => {
		const clock = new FakeClock();
		const vendor = offsetVendor(rowsOf(1000));
		let running = 0;
		let most = 0;
		const { all, asked } = walk(
			offset,
			async (query) => {
				most = Math.max(most, ++running);
				await clock.sleep(100);
				running--;
				return vendor(query);
			},
			{ parallel: true },
		);
		await clock.finish(all());
		expect(asked).toHaveLength(100);
		expect(most).toBe(8);
	});

	it('begin with one page alone, which tells how many there are', async () => {
		const clock = new FakeClock();
		const { all, asked } = walk(
			offset,
			async (query) => {
				await clock.sleep(100);
				return offsetVendor(rowsOf(40))(query);
			},
			{ parallel: true },
		);
		const done = all();
		await clock.advance(99);
		expect(asked).toEqual([{ search: 'tea', limit: 10, offset: 0 }]);
		await clock.finish(done);
	});

	it('end where the list ends that became shorter meanwhile', async () => {
		let calls = 0;
		const { all, asked } = walk(
			offset,
			(query) => offsetVendor(rowsOf(++calls > 2 ? 25 : 800))(query),
			{
				parallel: true,
			},
		);
		expect(await all()).toEqual(rowsOf(25));
		expect(asked.length).toBeLessThanOrEqual(3 + 8);
	});

	it('go on to the end of a list that became longer meanwhile', async () => {
		let calls = 0;
		const { all } = walk(offset, (query) => offsetVendor(rowsOf(++calls > 1 ? 57 : 30))(query), {
			parallel: true,
		});
		expect(await all()).toEqual(rowsOf(57));
	});

	it('are not asked for any more once the consumer has stopped', async () => {
		const { list, asked } = walk(offset, offsetVendor(rowsOf(1000)), { parallel: true });
		let pagesTaken = 0;
		for await (const rows of list) {
			expect(rows).toHaveLength(10);
			if (++pagesTaken === 3) break;
		}
		await settle();
		expect(asked.length).toBeLessThanOrEqual(3 + 8);
	});

	it('fail once, with the failure of the first that fails, and leave nothing unhandled', async () => {
		// Jest fails this test when a rejection is left unhandled.
		const clock = new FakeClock();
		const { all, asked } = walk(
			offset,
			async (query) => {
				const from = Number(query.offset);
				await clock.sleep(from === 30 ? 900 : 100 + from);
				if (from >= 30) throw new Error(`page at ${from}`);
				return offsetVendor(rowsOf(200))(query);
			},
			{ parallel: true },
		);
		await expect(clock.finish(all())).rejects.toThrow('page at 30');
		await clock.advance(10_000);
		expect(asked.length).toBeLessThanOrEqual(12);
	});
});

describe('pages that are guessed where no total is told', () => {
	const guessing = async (count: number, more: { limit?: number } = {}) => {
		const clock = new FakeClock();
		const vendor = pageVendor(rowsOf(count), false);
		let running = 0;
		let most = 0;
		const { all, asked } = walk(
			paged,
			async (query) => {
				most = Math.max(most, ++running);
				await clock.sleep(query.page === 2 ? 900 : 100);
				running--;
				return vendor(query);
			},
			{ guess: 3, ...more },
		);
		return { rows: await clock.finish(all()), asked: asked.map(({ page }) => page), most };
	};

	it('come in order, so many at a time', async () => {
		const { rows, asked, most } = await guessing(205);
		expect(rows).toEqual(rowsOf(205));
		expect(most).toBe(3);
		expect(asked.slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
		expect(asked.length).toBeLessThanOrEqual(21 + 2);
	});

	it.each([
		[0, [1]],
		[7, [1]],
		[10, [1, 2]],
		[15, [1, 2]],
	])('cost a list of %i rows no request more', async (count, pages) => {
		const { rows, asked } = await guessing(count);
		expect(rows).toEqual(rowsOf(count));
		expect(asked).toEqual(pages);
	});

	it('go no further than the rows that are wanted', async () => {
		const { rows, asked } = await guessing(1000, { limit: 35 });
		expect(rows).toEqual(rowsOf(35));
		expect(asked).toEqual([1, 2, 3, 4]);
	});
});

describe('a vendor that does not move on', () => {
	/** Takes at most `most` pages, so that a list without end fails the test instead of hanging it. */
	async function takes(list: AsyncGenerator<IDataObject[]>, most = 30): Promise<number> {
		let taken = 0;
		for await (const rows of list) {
			expect(rows.length).toBeGreaterThan(0);
			if (++taken >= most) break;
		}
		return taken;
	}

	it('is refused when it gives the same token again', async () => {
		const { list } = walk(token, () =>
			answerOf(200, { result: { items: rowsOf(10), paging: { nextPageToken: 'same' } } }),
		);
		await expect(takes(list)).rejects.toBeInstanceOf(PageRepeats);
	});

	it('is refused when its tokens go in a circle', async () => {
		const next: Record<string, string> = { start: 'a', a: 'b', b: 'c', c: 'a' };
		let row = 0;
		const { list } = walk(token, ({ pageToken }) =>
			answerOf(200, {
				result: {
					items: [{ n: row++ }],
					paging: { nextPageToken: next[String(pageToken ?? 'start')] },
				},
			}),
		);
		await expect(takes(list)).rejects.toBeInstanceOf(PageRepeats);
	});

	it.each([
		['limit and offset', offset, { rows: rowsOf(10), meta: { nextHref: 'x' } }, false],
		[
			'limit and offset, side by side',
			offset,
			{ rows: rowsOf(10), meta: { nextHref: 'x', size: 500 } },
			true,
		],
		['page and count', paged, { data: rowsOf(10), meta: {} }, false],
		['page and count with a total', paged, { data: rowsOf(10), meta: { total_count: 500 } }, false],
	])('is refused when it gives the same page again: %s', async (_, style, body, parallel) => {
		const { list } = walk(style, () => answerOf(200, body), { parallel });
		await expect(takes(list)).rejects.toBeInstanceOf(PageRepeats);
	});

	it('is not suspected because two rows are alike', async () => {
		const alike = Array.from({ length: 30 }, (_, n) => ({ name: 'same', n: n === 15 ? 1 : 0 }));
		const { all } = walk(offset, offsetVendor(alike));
		expect(await all()).toEqual(alike);
	});

	it('ends a list whose page is empty although it names another one', async () => {
		const { all, asked } = walk(offset, () => answerOf(200, { rows: [], meta: { nextHref: 'x' } }));
		expect(await all()).toEqual([]);
		expect(asked).toHaveLength(1);
	});
});

describe('a link to the next page', () => {
	it('is never followed: only its presence counts', async () => {
		const { all, asked } = walk(offset, (query) => {
			const { body } = offsetVendor(rowsOf(25))(query);
			(body as { meta: IDataObject }).meta.previousHref = 'https://evil.example/';
			return answerOf(200, body);
		});
		await all();
		expect(asked).toEqual([0, 10, 20].map((from) => ({ search: 'tea', limit: 10, offset: from })));
	});
});

describe('rows', () => {
	it('are found at a dotted path', () => {
		expect(valueAt({ a: { b: [1] } }, 'a.b')).toEqual([1]);
		expect(valueAt({ a: null }, 'a.b')).toBeUndefined();
		expect(valueAt('text', 'a')).toBeUndefined();
		expect(valueAt({ a: 1 }, undefined)).toEqual({ a: 1 });
	});

	it('are an empty page when the list is empty', () => {
		expect(rowsAt('rows')(answerOf(200, { rows: [] }))).toEqual([]);
	});

	it('that are missing from an answer are not taken for an empty list', () => {
		// An answer of another service at the same address: an empty result would look like the truth.
		expect(() =>
			rowsAt('rows')(answerOf(200, { message: 'Hello from another service' })),
		).toThrow();
	});
});
