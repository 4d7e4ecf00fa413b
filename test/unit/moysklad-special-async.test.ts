/** The asynchronous export: task, poll, result. */
import type { IDataObject } from 'n8n-workflow';

import { exportedRows, taskOf } from '../../nodes/MoySklad/catalogue/asyncExport';
import type { ApiAnswer, ApiRequest } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import { answerOf, UUID_A, UUID_B } from './calls';
import { fakeWork } from './moysklad-special-work';

const request: ApiRequest = {
	method: 'GET',
	path: '/entity/assortment',
	query: { filter: 'type=product' },
	headers: { 'X-Test': '1' },
};
const BASE = 'https://api.moysklad.ru/api/remap/1.2';
const started = answerOf(202, '', {
	location: `${BASE}/async/${UUID_A}/result`,
	'content-location': `${BASE}/async/${UUID_A}`,
});

/** A server whose task goes through these states, one a look; the last one stays. */
function server(states: Array<string | IDataObject | Error>, rows: IDataObject[] = []) {
	let looks = 0;
	return ({ path, method, query }: ApiRequest): ApiAnswer | Error => {
		if (method === 'PUT') return answerOf(204, '');
		if (query?.async) return started;
		if (path.endsWith('/result')) return answerOf(200, { meta: {}, rows });
		const state = states[Math.min(looks++, states.length - 1)];
		if (state instanceof Error) return state;
		return answerOf(200, typeof state === 'string' ? { id: UUID_A, state } : state);
	};
}

async function read(fake: ReturnType<typeof fakeWork>, limit = Infinity): Promise<IDataObject[][]> {
	const pages: IDataObject[][] = [];
	for await (const page of exportedRows(request, limit, fake.work)) pages.push(page);
	return pages;
}

const lines = (sent: ApiRequest[]) => sent.map(({ method, path }) => `${method} ${path}`);

describe('an asynchronous export', () => {
	it('asks for a task, looks until it is done, and reads the file without paging', async () => {
		const fake = fakeWork(server(['PENDING', 'PROCESSING', 'DONE'], [{ id: 1 }, { id: 2 }]));
		expect(await read(fake)).toEqual([[{ id: 1 }, { id: 2 }]]);
		expect(fake.sent[0]).toEqual({
			...request,
			query: { filter: 'type=product', async: true },
			expects: 'nothing',
		});
		expect(lines(fake.sent)).toEqual([
			'GET /entity/assortment',
			`GET /async/${UUID_A}`,
			`GET /async/${UUID_A}`,
			`GET /async/${UUID_A}`,
			`GET /async/${UUID_A}/result`,
		]);
		expect(fake.sent[4]).toMatchObject({ followToStorage: true });
	});

	it('waits longer from look to look, up to ten seconds', async () => {
		const states = [...(Array(12).fill('PROCESSING') as string[]), 'DONE'];
		const fake = fakeWork(server(states));
		await read(fake);
		expect(fake.waits.slice(0, 4)).toEqual([1000, 1500, 2250, 3375]);
		expect(Math.max(...fake.waits)).toBe(10_000);
		expect([...fake.waits].sort((a, b) => a - b)).toEqual(fake.waits);
	});

	it('hands rows on in shares, no more than wanted, and each object once', async () => {
		const rows = Array.from({ length: 2500 }, (_, id) => ({ id }));
		const doubled = [...rows.slice(0, 5), ...rows];
		const all = await read(fakeWork(server(['DONE'], doubled)));
		expect(all.map((page) => page.length)).toEqual([1000, 1000, 500]);
		expect(all.flat()).toEqual(rows);
		const some = await read(fakeWork(server(['DONE'], doubled)), 7);
		expect(some.flat()).toEqual(rows.slice(0, 7));
	});

	it('goes on in states that are new to us', async () => {
		expect(await read(fakeWork(server(['QUEUED_ELSEWHERE', 'DONE'], [{ id: 1 }])))).toHaveLength(1);
	});

	it.each([
		[{ state: 'ERROR' }, 'ended with an error inside MoySklad'],
		[{ state: 'CANCEL' }, 'was cancelled'],
		[
			{ state: 'API_ERROR', errors: [{ error: 'No', code: 1016 }] },
			'the right for this is missing',
		],
		[{ state: 'API_ERROR', errors: { errors: [{ code: 1034 }] } }, 'the filter was not accepted'],
		[{ state: 'API_ERROR', errors: { error: 'No', code: 61002 } }, 'as many asynchronous tasks'],
	])('that ends with %j says so, and cancels nothing', async (status, said) => {
		const fake = fakeWork(server([status]));
		await expect(read(fake)).rejects.toThrow(said);
		expect(lines(fake.sent).filter((line) => line.startsWith('PUT'))).toEqual([]);
	});

	it('that nobody waits for any more is cancelled', async () => {
		const stop = fakeWork(server(['PROCESSING']), [], (count) => {
			if (count === 3) throw new Cancelled();
		});
		await expect(read(stop)).rejects.toBeInstanceOf(Cancelled);
		expect(lines(stop.sent).at(-1)).toBe(`PUT /async/${UUID_A}/cancel`);
	});

	it('that takes more than an hour is cancelled, with an error', async () => {
		const fake = fakeWork(server(['PENDING']));
		await expect(read(fake)).rejects.toThrow('not ready after an hour');
		const waited = fake.waits.reduce((sum, ms) => sum + ms, 0);
		expect(waited).toBeGreaterThanOrEqual(3_600_000);
		expect(waited).toBeLessThan(3_700_000);
		expect(lines(fake.sent).at(-1)).toBe(`PUT /async/${UUID_A}/cancel`);
	});

	it('whose status cannot be read is given up with that error, even when cancelling fails', async () => {
		const answer = server([new Error('broken')]);
		const fake = fakeWork((asked) =>
			asked.method === 'PUT' ? new Error('broken, too') : answer(asked),
		);
		await expect(read(fake)).rejects.toThrow(/^broken$/);
	});

	it('without a task in the answer is an error, not an empty list', async () => {
		const fake = fakeWork(() => answerOf(202, ''));
		await expect(read(fake)).rejects.toThrow('names no task');
	});
});

describe('the ID of a task', () => {
	it('stands in either header', () => {
		expect(taskOf(started)).toBe(UUID_A);
		expect(taskOf({ headers: { location: `/api/remap/1.2/async/${UUID_B}/result` } })).toBe(UUID_B);
		expect(taskOf({ headers: { location: 'https://elsewhere.example/' } })).toBeUndefined();
	});
});
