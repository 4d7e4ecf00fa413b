import { MOYSKLAD_LOGIN, MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { MoySkladError } from '../../sandbox/moysklad/errors';
import { Limits } from '../../sandbox/moysklad/limits';
import { requestWeight } from '../../sandbox/moysklad/weights';
import { call, errorCode, moysklad } from './client';

describe('weights', () => {
	test.each([
		['user', '/entity/product', undefined, 4],
		['user', '/entity/product', '2026-11-30', 3],
		['user', '/entity/product', '2026-08-31', 2],
		['user', '/entity/product', '2026-05-11', 1],
		['solution', '/entity/product', undefined, 1],
		['draftSolution', '/entity/product', undefined, 4],
		['draftSolution', '/entity/product', '2026-04-12', 1],
		['solution', '/report/stock/all', undefined, 5],
		['user', '/report/stock/bystore', undefined, 5],
		['user', '/report/stock/all/current', undefined, 4],
	] as const)('%s %s on %s costs %i', (kind, path, date, weight) => {
		expect(requestWeight(kind, `/api/remap/1.2${path}`, date)).toBe(weight);
	});
});

describe('the bucket', () => {
	let now = 0;
	const fresh = (): Limits => {
		now = 1_000_000;
		return new Limits(true, () => now);
	};
	const refusal = (work: () => unknown): MoySkladError => {
		try {
			work();
		} catch (error) {
			if (error instanceof MoySkladError) return error;
		}
		throw new Error('The request was let in');
	};

	test('holds 45 units in any 3 seconds', () => {
		const limits = fresh();
		for (let i = 0; i < 11; i++) {
			limits.enter('user', 4)();
			now += 100;
		}
		const refused = refusal(() => limits.enter('user', 4));
		expect(refused.code).toBe(1049);
		// 44 units are used; three more are needed, which the first request's end gives back.
		expect(refused.details.headers).toMatchObject({
			'X-Lognex-Retry-After': '1900',
			'X-Lognex-Reset': '1900',
			'X-Lognex-Auth': '429002',
		});
		now += 1899;
		expect(refusal(() => limits.enter('user', 4)).code).toBe(1049);
		now += 1;
		expect(() => limits.enter('user', 4)()).not.toThrow();
	});

	test('is one per caller and reports units', () => {
		const limits = fresh();
		limits.enter('user', 4)();
		expect(limits.headers('user')['X-RateLimit-Remaining']).toBe('41');
		expect(limits.headers('other')['X-RateLimit-Remaining']).toBe('45');
	});

	test('lets 5 requests run in parallel per caller, 20 per account', () => {
		const limits = fresh();
		const free = limits.enter('a', 1);
		for (let i = 0; i < 4; i++) limits.enter('a', 1);
		const refused = refusal(() => limits.enter('a', 1));
		expect(refused.code).toBe(1073);
		expect(refused.details.headers).toMatchObject({ 'X-Lognex-Auth': '429005' });
		expect(refused.details.headers).not.toHaveProperty('X-Lognex-Retry-After');
		free();
		limits.enter('a', 1);
		for (const caller of ['b', 'c', 'd']) for (let i = 0; i < 5; i++) limits.enter(caller, 1);
		expect(refusal(() => limits.enter('e', 1)).code).toBe(1073);
	});

	test('switches the API off after more than 200 refusals in a minute', () => {
		const limits = fresh();
		for (let i = 0; i < 11; i++) limits.enter('user', 4)();
		for (let i = 0; i < 200; i++) expect(refusal(() => limits.enter('user', 4)).status).toBe(429);
		expect(limits.usage().user.blockedBecause).toBeUndefined();
		refusal(() => limits.enter('user', 4));
		now += 60_000;
		const blocked = refusal(() => limits.enter('user', 4));
		expect([blocked.status, blocked.code]).toEqual([403, 1061]);
		limits.reset();
		expect(() => limits.enter('user', 4)).not.toThrow();
	});

	test('200 refusals over a longer time are no reason', () => {
		const limits = fresh();
		for (let i = 0; i < 5; i++) limits.enter('user', 1);
		for (let i = 0; i < 400; i++) {
			expect(refusal(() => limits.enter('user', 1)).status).toBe(429);
			now += 400;
		}
	});

	test('more than 100 PUTs to one entity in a minute switch the API off as well', () => {
		const limits = fresh();
		for (let i = 0; i < 101; i++) limits.observe('user', 'PUT', `/a?x=${i}`, 200);
		expect(refusal(() => limits.enter('user', 1)).code).toBe(1061);
		for (let i = 0; i < 201; i++) limits.observe('other', 'GET', '/a', 400);
		expect(refusal(() => limits.enter('other', 1)).code).toBe(1061);
	});
});

describe('over HTTP', () => {
	let sandbox: Sandbox;
	beforeEach(async () => {
		sandbox = await startSandbox({ assortmentRows: 50 });
	});
	afterEach(async () => await sandbox.close());

	test('11 requests of a user fit, the 12th gets 429 with the headers; token and login share', async () => {
		for (let i = 0; i < 10; i++) {
			expect((await moysklad(sandbox, '/entity/currency')).status).toBe(200);
		}
		const basic = Buffer.from(`${MOYSKLAD_LOGIN.login}:${MOYSKLAD_LOGIN.password}`);
		const login = await call(`${sandbox.urls.moysklad}/entity/currency`, {
			headers: {
				'accept-encoding': 'gzip',
				authorization: `Basic ${basic.toString('base64')}`,
			},
		});
		expect(login.headers).toMatchObject({
			'x-ratelimit-limit': '45',
			'x-ratelimit-remaining': '1',
			'x-lognex-retry-timeinterval': '3000',
			'x-lognex-reset': '0',
		});
		const refused = await moysklad(sandbox, '/entity/currency');
		expect([refused.status, errorCode(refused)]).toEqual([429, 1049]);
		const wait = Number(refused.headers['x-lognex-retry-after']);
		expect(wait).toBeGreaterThan(0);
		expect(wait).toBeLessThanOrEqual(3000);
		expect(refused.headers).not.toHaveProperty('retry-after');
		const other = await moysklad(sandbox, '/entity/currency', {
			token: MOYSKLAD_TOKENS.secondUser,
		});
		expect(other.status).toBe(200);
		expect(sandbox.log.map(({ weight }) => weight)).toEqual([...Array(11).fill(4), 0, 4]);
	});

	test('a published solution pays 1, the full stock reports cost 5', async () => {
		const token = MOYSKLAD_TOKENS.solution;
		const one = await moysklad(sandbox, '/entity/currency', { token });
		expect(one.headers['x-ratelimit-remaining']).toBe('44');
		const six = await moysklad(sandbox, '/report/stock/all?limit=1', { token });
		expect(six.headers['x-ratelimit-remaining']).toBe('39');
	});

	test('a slow answer holds its parallel slot', async () => {
		sandbox.latency.baseMs = 150;
		const token = MOYSKLAD_TOKENS.solution;
		const answers = await Promise.all(
			Array.from({ length: 7 }, async () => await moysklad(sandbox, '/entity/store', { token })),
		);
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused).toHaveLength(2);
		expect(refused.map(errorCode)).toEqual([1073, 1073]);
		expect(refused[0].headers).not.toHaveProperty('x-lognex-retry-after');
		expect(sandbox.moysklad.limits.usage()['solution:published']).toMatchObject({
			peakInFlight: 5,
			refusedByParallel: 2,
		});
		expect((await moysklad(sandbox, '/entity/store', { token })).status).toBe(200);
	});

	test('latency grows with the rows', async () => {
		sandbox.latency.perRowMs = 2;
		const before = Date.now();
		await moysklad(sandbox, '/entity/assortment?limit=50');
		expect(Date.now() - before).toBeGreaterThanOrEqual(95);
	});
});

test('the weights of another day, and no limits at all', async () => {
	const earlier = await startSandbox({ assortmentRows: 10, weightDate: '2026-11-21' });
	const three = await moysklad(earlier, '/entity/currency');
	expect(three.headers['x-ratelimit-remaining']).toBe('42');
	await earlier.close();
	const off = await startSandbox({ assortmentRows: 10, limits: 'off' });
	const statuses = await Promise.all(
		Array.from({ length: 30 }, async () => (await moysklad(off, '/entity/currency')).status),
	);
	expect(new Set(statuses)).toEqual(new Set([200]));
	await off.close();
});
