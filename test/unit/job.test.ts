/** Jobs: started, asked after, fetched. */
import type { Job, Operation } from '../../nodes/shared/catalogue';
import { outputField } from '../../nodes/shared/files/files';
import { thingOperation, problem, type Reply, type Sent } from './shop';
import { runShop } from './shopRun';

jest.setTimeout(60_000);

const job: Job = {
	what: 'the report',
	id: ({ body }) => (body as { job?: string }).job,
	poll: 'GET /jobs/{job}',
	state: 'result.status',
	done: ['DONE'],
	failed: { FAILED: { say: 'holds no data', hint: 'Choose other dates.' } },
	fetch: 'GET /jobs/{job}/file',
	cancel: 'DELETE /jobs/{job}',
	full: [61002],
	instead: 'Ask for fewer days.',
};
const operation: Operation = {
	...thingOperation,
	route: 'POST /report',
	does: 'reads',
	fields: [outputField],
	answer: { kind: 'file' },
	job,
};
const CSV = Buffer.from('a;b');

/** Starts at once, is in these states one after another (the last one stays), then gives the file. */
function server(states: string[], start: Reply[] = [{ body: { job: 'j/1' } }]) {
	let looks = 0;
	let starts = 0;
	return ({ method, path }: Sent): Reply => {
		if (path === '/report') return start[Math.min(starts++, start.length - 1)];
		if (path.endsWith('/file'))
			return {
				body: CSV,
				headers: { 'content-disposition': 'filename=r.csv', 'content-type': 'text/csv' },
			};
		if (method === 'DELETE') return { status: 204, body: '' };
		return { body: { result: { status: states[Math.min(looks++, states.length - 1)] } } };
	};
}
const run = async (answer: (sent: Sent) => Reply, item: object = {}, changes: Partial<Job> = {}) =>
	await runShop({
		operations: [{ ...operation, job: { ...job, ...changes } }],
		items: [{ binaryPropertyName: 'data', ...item }],
		server: answer,
	});
const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);

describe('a job', () => {
	it('is started, asked after until it is done, and its file fetched', async () => {
		const { items, sent, error } = await run(server(['PENDING', 'NEW_WORD', 'DONE']));
		expect(error).toBeUndefined();
		expect(lines(sent)).toEqual([
			'POST /report',
			'GET /jobs/j/1',
			'GET /jobs/j/1',
			'GET /jobs/j/1',
			'GET /jobs/j/1/file',
		]);
		expect(items[0].json).toEqual({ filename: 'r.csv', mimeType: 'text/csv', size: 3 });
	});

	it('that fails says why, and is not cancelled', async () => {
		const { error, sent } = await run(server(['PENDING', 'FAILED']));
		expect(error?.message).toContain('Shop: the report holds no data');
		expect(error?.description).toContain('Choose other dates.');
		expect(lines(sent)).not.toContain('DELETE /jobs/j/1');
	});

	it('that takes longer than the user wants to wait is cancelled, and named', async () => {
		const { error, sent } = await run(server(['PENDING']), { options: { waitMinutes: 2 } });
		expect(error?.message).toContain('the report was not ready after 2 min');
		expect(error?.description).toContain(
			'Ask for fewer days. The report was started (j/1) and cancelled.',
		);
		expect(lines(sent).at(-1)).toBe('DELETE /jobs/j/1');
		// Looks come ever later, up to ten seconds apart.
		expect(sent.length).toBeLessThan(25);
	});

	it('that cannot be cancelled may go on', async () => {
		const waits = { options: { waitMinutes: 1 } };
		const { error, sent } = await run(server(['PENDING']), waits, { cancel: undefined });
		expect(error?.description).toContain('was started (j/1) and may go on');
		expect(lines(sent).filter((line) => line.startsWith('DELETE'))).toEqual([]);
	});

	it('whose state cannot be read tells what was started', async () => {
		const { error } = await run((sent) =>
			sent.path === '/jobs/j/1' ? { status: 403, body: problem(1016) } : server([])(sent),
		);
		expect(error?.description).toContain('The report was started (j/1)');
	});

	it('waits for a place, but not for anything else', async () => {
		const full = { status: 412, body: problem(61002) };
		const there = await run(server(['DONE'], [full, full, { body: { job: 'j' } }]));
		expect(there.error).toBeUndefined();
		expect(lines(there.sent).filter((line) => line === 'POST /report')).toHaveLength(3);
		const refused = await run(server(['DONE'], [{ status: 400, body: problem(3006) }]));
		expect(refused.error).toBeDefined();
		expect(refused.sent).toHaveLength(1);
	});

	it('without a name is an error, unless the answer may be the result already', async () => {
		const nameless = [{ body: Buffer.from('x'), headers: { 'content-type': 'text/plain' } }];
		const { error } = await run(server([], nameless));
		expect(error?.message).toContain('names no task of the report');
		const { items } = await run(server([], nameless), {}, { atOnce: true, id: () => undefined });
		expect(items[0].json).toMatchObject({ size: 1, mimeType: 'text/plain' });
	});

	it('may be told by the status alone, and its last answer be the file', async () => {
		let looks = 0;
		const { items, sent } = await run(
			({ path }) => {
				if (path === '/report') return { status: 202, headers: { location: '/p/1' }, body: '' };
				return ++looks < 3 ? { status: 202, body: '' } : { status: 200, body: CSV };
			},
			{},
			{
				id: ({ headers }) => headers.location?.slice(1),
				poll: 'GET /{job}',
				state: undefined,
				done: ['200'],
				fetch: undefined,
			},
		);
		expect(lines(sent)).toEqual(['POST /report', 'GET /p/1', 'GET /p/1', 'GET /p/1']);
		expect(items[0].json).toMatchObject({ size: 3 });
	});
});
