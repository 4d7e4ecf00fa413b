import { monitorEventLoopDelay } from 'node:perf_hooks';

import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { call, errorCode, metaOf, moysklad, rowsOf } from './client';

interface Task extends Json {
	id: string;
	state: string;
	request: string;
	resultUrl?: string;
	deletionDate?: string;
	errors?: Array<{ code: number }>;
}

const ROWS = 1030;
const LIST = '/entity/assortment';
let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: ROWS, limits: 'off', asyncMs: 30 });
});
afterAll(async () => await sandbox.close());
beforeEach(() => {
	const { asyncTasks } = sandbox.moysklad;
	Object.assign(asyncTasks, { ms: 30, keepMs: 3_600_000, linkMs: 300_000, outcome: 'DONE' });
});

const pathOf = (href: string): string => href.slice(sandbox.urls.moysklad.length);
const start = async (query = '', headers: Record<string, string> = {}): Promise<Answer> =>
	await moysklad(sandbox, `${LIST}?async=true${query}`, { headers });
const statusPath = (answer: Answer): string => pathOf(answer.headers['content-location']);
const resultPath = (answer: Answer): string => pathOf(answer.headers.location);
const read = async (path: string): Promise<Task> => (await moysklad(sandbox, path)).json<Task>();
async function over(answer: Answer): Promise<Task> {
	for (;;) {
		const task = await read(statusPath(answer));
		if (task.state !== 'PENDING' && task.state !== 'PROCESSING') return task;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
async function file(answer: Answer): Promise<{ context: Json; meta: Json; rows: Json[] }> {
	await over(answer);
	const redirect = await moysklad(sandbox, resultPath(answer));
	expect(redirect.status).toBe(302);
	const { location } = redirect.headers;
	expect(new URL(location).origin).toBe(sandbox.urls.storage);
	return (await call(location, { headers: { 'accept-encoding': 'gzip' } })).json();
}
async function pages(query: string, headers: Record<string, string> = {}): Promise<Json[]> {
	const rows: Json[] = [];
	for (;;) {
		const path = `${LIST}?limit=1000&offset=${rows.length}${query}`;
		const answer = await moysklad(sandbox, path, { headers });
		rows.push(...rowsOf(answer));
		if (metaOf(answer).nextHref === undefined) return rows;
	}
}

describe('an asynchronous task', () => {
	test('is made without a body, waits, runs and is done', async () => {
		sandbox.moysklad.asyncTasks.ms = 900;
		const answer = await start();
		expect([answer.status, answer.text]).toEqual([202, '']);
		expect(answer.headers.location).toBe(`${answer.headers['content-location']}/result`);
		const first = await read(statusPath(answer));
		expect(first).toMatchObject({
			state: 'PENDING',
			request: `${sandbox.urls.moysklad}${LIST}?async=true`,
			owner: { meta: { type: 'employee' } },
			meta: { type: 'async', href: answer.headers['content-location'] },
		});
		expect(first).not.toHaveProperty('resultUrl');
		expect(errorCode(await moysklad(sandbox, resultPath(answer)))).toBe(61006);
		const seen = new Set<string>();
		while (!seen.has('DONE')) seen.add((await read(statusPath(answer))).state);
		expect([...seen].filter((state) => state !== 'PENDING')).toEqual(['PROCESSING', 'DONE']);
		const done = await read(statusPath(answer));
		expect(done.resultUrl).toBe(answer.headers.location);
		expect(done.deletionDate).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
	});

	test.each([
		['the whole list', '', {}],
		['a filter', `&filter=${encodeURIComponent('type=bundle;archived=true;archived=false')}`, {}],
		['an order', '&order=name,desc', {}],
		['a search', '&search=mug', {}],
		['batches', '&groupBy=consignment', {}],
		['the new endpoint', '', { 'x-lognex-remap-beta-feature': 'assortmentWithoutStock' }],
	])('gives the rows of the pages: %s', async (_name, query, headers) => {
		const wanted = await pages(query, headers as Record<string, string>);
		const result = await file(await start(query, headers as Record<string, string>));
		// As texts: comparing thousands of objects field by field takes seconds.
		expect(result.rows.map((row) => JSON.stringify(row))).toEqual(
			wanted.map((row) => JSON.stringify(row)),
		);
		expect(wanted.length).toBeGreaterThan(0);
		expect(result.meta).toMatchObject({ type: 'assortment', size: wanted.length });
		expect(result.context).toMatchObject({ employee: { meta: { type: 'employee' } } });
	});

	test('sees the data of its own time', async () => {
		const before = await file(await start());
		const body = { name: 'After the first export' };
		await moysklad(sandbox, '/entity/product', { method: 'POST', body });
		const after = await file(await start());
		expect(after.rows).toHaveLength(before.rows.length + 1);
		expect(after.rows.at(-1)).toMatchObject(body);
	});

	test.each(['&limit=1000', '&offset=0'])('has no %s', async (query) => {
		expect(errorCode(await start(query))).toBe(61001);
	});

	test('is for the assortment, not for products; async=false changes nothing', async () => {
		expect(errorCode(await moysklad(sandbox, '/entity/product?async=true'))).toBe(61000);
		expect(rowsOf(await moysklad(sandbox, `${LIST}?async=false&limit=2`))).toHaveLength(2);
		expect(errorCode(await moysklad(sandbox, `${LIST}?async=yes`))).toBe(1084);
	});

	test('a request that is refused ends as API_ERROR', async () => {
		const answer = await start('&filter=nothing%3D1');
		const task = await over(answer);
		expect(task).toMatchObject({ state: 'API_ERROR', errors: [{ code: 1034 }] });
		const result = await moysklad(sandbox, resultPath(answer));
		expect([result.status, errorCode(result)]).toEqual([400, 1034]);
	});

	test.each([
		['ERROR', 61004],
		['API_ERROR', 1016],
		['CANCEL', 61005],
	] as const)('can end as %s', async (outcome, code) => {
		sandbox.moysklad.asyncTasks.outcome = outcome;
		const answer = await start();
		expect((await over(answer)).state).toBe(outcome);
		expect(errorCode(await moysklad(sandbox, resultPath(answer)))).toBe(code);
	});

	test('can be cancelled until it is over', async () => {
		sandbox.moysklad.asyncTasks.ms = 60_000;
		const answer = await start();
		const cancel = async (): Promise<Answer> =>
			await moysklad(sandbox, `${statusPath(answer)}/cancel`, { method: 'PUT' });
		const first = await cancel();
		expect([first.status, first.text]).toEqual([204, '']);
		expect((await read(statusPath(answer))).state).toBe('CANCEL');
		expect(errorCode(await cancel())).toBe(61007);
		expect(errorCode(await moysklad(sandbox, resultPath(answer)))).toBe(61005);
	});

	test('four at a time', async () => {
		sandbox.moysklad.asyncTasks.ms = 60_000;
		const four = await Promise.all([start(), start(), start(), start()]);
		expect(four.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
		expect(errorCode(await start())).toBe(61002);
		await moysklad(sandbox, `${statusPath(four[0])}/cancel`, { method: 'PUT' });
		const fifth = await start();
		expect(fifth.status).toBe(202);
		for (const answer of [...four.slice(1), fifth]) {
			await moysklad(sandbox, `${statusPath(answer)}/cancel`, { method: 'PUT' });
		}
	});

	test('unknown ones', async () => {
		const { world } = sandbox.moysklad;
		expect(errorCode(await moysklad(sandbox, `/async/${world.id('async', 9999)}`))).toBe(1021);
		expect(errorCode(await moysklad(sandbox, '/async/first'))).toBe(1000);
	});
});

describe('results', () => {
	test('are on another host, for five minutes, without credentials', async () => {
		const answer = await start();
		await over(answer);
		const { headers } = await moysklad(sandbox, resultPath(answer));
		const expires = Number(new URL(headers.location).searchParams.get('expires'));
		expect(expires - Date.now()).toBeGreaterThan(290_000);
		expect(expires - Date.now()).toBeLessThanOrEqual(300_000);
		const plain = await call(headers.location);
		expect(plain.headers['content-encoding']).toBeUndefined();
		expect(rowsOf(plain).length).toBeGreaterThanOrEqual(ROWS);
		const leaks = sandbox.moysklad.storageAuthorizationLeaks;
		const leaked = await call(headers.location, { headers: { authorization: 'Bearer secret' } });
		expect(leaked.status).toBe(400);
		expect(sandbox.moysklad.storageAuthorizationLeaks).toBe(leaks + 1);
		const late = await call(headers.location.replace(/expires=\d+/, 'expires=1'));
		expect(late.status).toBe(403);
		const wrong = await moysklad(sandbox, resultPath(answer), {
			token: MOYSKLAD_TOKENS.noApiAccess,
		});
		expect(errorCode(wrong)).toBe(1061);
	});

	test('are gone after the date of deletion', async () => {
		const answer = await start();
		await over(answer);
		const { headers } = await moysklad(sandbox, resultPath(answer));
		// The date of deletion is moved into the past: a busy machine may sleep through a short one.
		sandbox.moysklad.asyncTasks.keepMs = -1;
		expect((await call(headers.location)).status).toBe(404);
		const late = await moysklad(sandbox, resultPath(answer));
		expect([late.status, errorCode(late)]).toEqual([410, 61003]);
		expect(errorCode(await moysklad(sandbox, resultPath(answer)))).toBe(61003);
	});
});

test('the list of tasks: filter, order, newest first', async () => {
	const one = await start();
	const two = await start('&search=tea');
	await over(one);
	await over(two);
	const all = rowsOf<Task>(await moysklad(sandbox, '/async'));
	expect(pathOf(two.headers['content-location'])).toBe(`/async/${all[0].id}`);
	const list = async (query: string): Promise<Task[]> =>
		rowsOf<Task>(await moysklad(sandbox, `/async?${query}`));
	const cancelled = await list('filter=state%3DCANCEL');
	expect(cancelled.length).toBeGreaterThan(0);
	expect(cancelled.every(({ state }) => state === 'CANCEL')).toBe(true);
	const { request } = await read(statusPath(two));
	const same = await list(`filter=${encodeURIComponent(`request=${request}`)}`);
	expect(same.every((task) => task.request === request)).toBe(true);
	const sorted = (await list('order=request,desc')).map((task) => task.request);
	expect(sorted).toEqual([...sorted].sort().reverse());
	expect(await list('filter=deletionDate%3C1999-01-01%2000:00:00')).toEqual([]);
	expect(errorCode(await moysklad(sandbox, '/async?order=state'))).toBe(1063);
	expect(errorCode(await moysklad(sandbox, '/async?filter=state%3DREADY'))).toBe(1041);
});

test('a long export leaves the others room', async () => {
	const big = await startSandbox({ assortmentRows: 5000, limits: 'off', asyncMs: 0 });
	try {
		const started = performance.now();
		const delay = monitorEventLoopDelay({ resolution: 10 });
		delay.enable();
		const answer = await moysklad(big, `${LIST}?async=true`);
		const status = answer.headers['content-location'].slice(big.urls.moysklad.length);
		let answered = 0;
		for (;;) {
			const { state } = (await moysklad(big, status)).json<Task>();
			if (state === 'DONE') break;
			expect(['PENDING', 'PROCESSING']).toContain(state);
			answered++;
		}
		delay.disable();
		expect(answered).toBeGreaterThan(3);
		expect(delay.max / 1e6).toBeLessThan((performance.now() - started) / 2);
	} finally {
		await big.close();
	}
}, 30_000);
