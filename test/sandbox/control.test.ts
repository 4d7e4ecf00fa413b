import { YANDEX_KEYS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { call, moysklad } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 50, limits: 'off' });
});
afterAll(async () => await sandbox.close());
beforeEach(() => {
	sandbox.faults.clear();
	sandbox.clearLog();
});

const currency = '/entity/currency';

describe('faults', () => {
	test('a status, a number of times, then the genuine answer', async () => {
		sandbox.faults.add({ vendor: 'moysklad', path: '/entity/currency$', status: 503, times: 2 });
		const statuses: number[] = [];
		for (let i = 0; i < 3; i++) statuses.push((await moysklad(sandbox, currency)).status);
		expect(statuses).toEqual([503, 503, 200]);
	});

	test('come before the rules of the vendor', async () => {
		sandbox.faults.add({ vendor: 'moysklad', status: 502, body: '<html>Bad gateway</html>' });
		const answer = await call(sandbox.urls.moysklad + currency);
		expect([answer.status, answer.text]).toEqual([502, '<html>Bad gateway</html>']);
		expect(answer.headers['content-type']).toBe('text/html');
	});

	test('match vendor, method and path, after a number of requests', async () => {
		sandbox.faults.add({ vendor: 'altegio', status: 500 });
		sandbox.faults.add({ vendor: 'moysklad', method: 'PUT', status: 500 });
		sandbox.faults.add({ vendor: 'moysklad', path: 'store', status: 500 });
		sandbox.faults.add({ vendor: 'moysklad', path: 'currency', status: 504, after: 1 });
		expect((await moysklad(sandbox, currency)).status).toBe(200);
		expect((await moysklad(sandbox, currency)).status).toBe(504);
		expect((await moysklad(sandbox, currency)).status).toBe(200);
		expect(sandbox.faults.list()).toHaveLength(3);
	});

	test('a body of any kind and headers with status 200', async () => {
		sandbox.faults.add({
			vendor: 'moysklad',
			body: '{"rows":[',
			headers: { 'x-lognex-retry-after': '5' },
		});
		const answer = await moysklad(sandbox, currency);
		expect([answer.status, answer.text]).toEqual([200, '{"rows":[']);
		expect(answer.headers['x-lognex-retry-after']).toBe('5');
	});

	test('a delay alone', async () => {
		sandbox.faults.add({ vendor: 'moysklad', delayMs: 120 });
		const before = Date.now();
		expect((await moysklad(sandbox, currency)).status).toBe(200);
		expect(Date.now() - before).toBeGreaterThanOrEqual(115);
	});

	test('a closed connection, before and inside the answer', async () => {
		sandbox.faults.add({ vendor: 'moysklad', closeConnection: 'before' });
		await expect(moysklad(sandbox, currency)).rejects.toThrow();
		expect(sandbox.log.at(-1)).toMatchObject({ status: 0, note: 'fault' });
		sandbox.faults.add({ vendor: 'moysklad', closeConnection: 'midBody' });
		await expect(moysklad(sandbox, currency)).rejects.toThrow();
		expect(sandbox.log.at(-1)).toMatchObject({ status: 200, note: 'fault' });
		expect((await moysklad(sandbox, currency)).status).toBe(200);
	});

	test('a redirect', async () => {
		const redirectTo = 'http://127.0.0.1:9/elsewhere';
		sandbox.faults.add({ vendor: 'yandexMarket', redirectTo });
		sandbox.faults.add({ vendor: 'yandexMarket', redirectTo, status: 307 });
		const url = `${sandbox.urls.yandexMarket}/v2/campaigns`;
		const [first, second] = [await call(url), await call(url)];
		expect([first.status, first.headers.location]).toEqual([302, redirectTo]);
		expect(second.status).toBe(307);
	});

	test('over the control listener', async () => {
		const url = `${sandbox.urls.control}/faults`;
		const armed = await call(url, {
			method: 'POST',
			body: { vendor: 'storage', status: 503, times: 3 },
		});
		expect([armed.status, armed.json()]).toEqual([
			201,
			{ vendor: 'storage', status: 503, times: 3, after: 0, played: 0 },
		]);
		expect((await call(`${sandbox.urls.storage}/file/x`)).status).toBe(503);
		expect((await call(url)).json()).toMatchObject([{ times: 2, played: 1 }]);
		expect((await call(url, { method: 'DELETE' })).status).toBe(204);
		expect(sandbox.faults.list()).toEqual([]);
		for (const body of [{ vendor: 'nobody' }, { vendor: 'storage', path: '(' }, '{']) {
			expect((await call(url, { method: 'POST', body })).status).toBe(400);
		}
	});
});

describe('the log', () => {
	test('shows requests with masked secrets, over both roads', async () => {
		await moysklad(sandbox, `${currency}?limit=5&filter=name%3Da&filter=name%3Db`);
		await call(`${sandbox.urls.yandexMarket}/v2/campaigns`, {
			headers: { 'api-key': YANDEX_KEYS.settings },
		});
		const [first, second] = sandbox.log;
		expect(first).toMatchObject({
			vendor: 'moysklad',
			method: 'GET',
			path: '/api/remap/1.2/entity/currency',
			url: '/api/remap/1.2/entity/currency?limit=5&filter=name%3Da&filter=name%3Db',
			query: { limit: '5', filter: ['name=a', 'name=b'] },
			status: 200,
			weight: 4,
		});
		expect(first.headers.authorization).toBe('Bearer ***11ce');
		expect(second.headers['api-key']).toMatch(/^\*\*\*.{4}$/);
		expect(JSON.stringify(sandbox.log)).not.toContain(YANDEX_KEYS.settings);
		expect(Math.abs(first.at - Date.now())).toBeLessThan(600_000);
		const shown = await call(`${sandbox.urls.control}/log?vendor=moysklad`);
		expect(shown.json<unknown[]>()).toHaveLength(1);
		await call(`${sandbox.urls.control}/log`, { method: 'DELETE' });
		expect(sandbox.log).toHaveLength(0);
	});

	test('keeps bodies, parsed when they are JSON', async () => {
		await moysklad(sandbox, '/entity/product', { method: 'POST', body: { name: 'Logged' } });
		await moysklad(sandbox, '/entity/product', { method: 'POST', body: '{' });
		expect(sandbox.log.map(({ body }) => body)).toEqual([{ name: 'Logged' }, '{']);
	});
});

test('the other control addresses', async () => {
	const { control } = sandbox.urls;
	const index = await call(control);
	expect(index.headers['content-type']).toContain('text/plain');
	for (const url of Object.values(sandbox.urls)) expect(index.text).toContain(url);
	expect((await call(`${control}/credentials`)).json()).toEqual(sandbox.credentials);
	const settings = await call(`${control}/moysklad/settings`, {
		method: 'POST',
		body: {
			tariff: 'free',
			bulkErrorStatus: 412,
			limits: 'documented',
			latency: { baseMs: 1, perRowMs: 0 },
		},
	});
	expect(settings.status).toBe(200);
	expect((await call(`${control}/state`)).json()).toMatchObject({
		moysklad: {
			tariff: 'free',
			bulkErrorStatus: 412,
			limits: 'documented',
			latency: { baseMs: 1 },
		},
	});
});

test('ports can be chosen, a taken one is an error and leaves nothing behind', async () => {
	const port = Number(new URL(sandbox.urls.control).port);
	await expect(startSandbox({ ports: { control: port }, assortmentRows: 1 })).rejects.toThrow(
		/EADDRINUSE/,
	);
	const other = await startSandbox({ assortmentRows: 1 });
	const free = Number(new URL(other.urls.altegio).port);
	await other.close();
	const third = await startSandbox({ ports: { altegio: free }, assortmentRows: 1 });
	expect(third.urls.altegio).toBe(`http://127.0.0.1:${free}/api/v1`);
	await third.close();
	await expect(call(third.urls.altegio)).rejects.toThrow();
});
