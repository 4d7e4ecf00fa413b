import {
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_OUTLETS,
	startSandbox,
} from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { call } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 10 });
});
afterAll(async () => await sandbox.close());

const { dbs, fbs, fby, apiDisabled, foreign } = YANDEX_CAMPAIGNS;

async function get(path: string, key: string | null = YANDEX_KEYS.allMethods): Promise<Answer> {
	const headers: Record<string, string> = key === null ? {} : { 'api-key': key };
	return await call(sandbox.urls.yandexMarket + path, { headers });
}

function code(answer: Answer): string {
	const body = answer.json<{ status: string; errors: Array<{ code: string; message: string }> }>();
	expect(body.status).toBe('ERROR');
	expect(body.errors[0].message).not.toBe('');
	return body.errors[0].code;
}

const outlet = `/v2/campaigns/${dbs}/outlets/${YANDEX_OUTLETS.complete}`;

describe('authorization', () => {
	test.each([
		[null, 'missing'],
		[`Bearer ${YANDEX_KEYS.allMethods}`, 'prefix invalid'],
		['ACMA:unknown:1', 'invalid'],
	])('key %s: 401, %s', async (key, message) => {
		const answer = await get(outlet, key);
		expect([answer.status, code(answer)]).toEqual([401, 'UNAUTHORIZED']);
		expect(answer.text).toContain(message);
	});

	test.each([YANDEX_KEYS.allMethods, YANDEX_KEYS.allMethodsReadOnly, YANDEX_KEYS.settings])(
		'key %s reads outlets',
		async (key) => {
			expect((await get(outlet, key)).status).toBe(200);
		},
	);

	test('a key for orders has no access to outlets, but to campaigns', async () => {
		const answer = await get(outlet, YANDEX_KEYS.ordersOnly);
		expect([answer.status, code(answer)]).toEqual([403, 'FORBIDDEN']);
		expect(answer.text).toContain('does not have any of the scopes');
		expect((await get('/v2/campaigns', YANDEX_KEYS.ordersOnly)).status).toBe(200);
	});

	test('POST /v2/auth/token names the scopes', async () => {
		const answer = await call(`${sandbox.urls.yandexMarket}/v2/auth/token`, {
			method: 'POST',
			headers: { 'api-key': YANDEX_KEYS.ordersOnly },
		});
		expect(answer.json()).toEqual({
			status: 'OK',
			result: { apiKey: { name: 'orders', authScopes: ['INVENTORY_AND_ORDER_PROCESSING'] } },
		});
	});
});

describe('outlets', () => {
	test('one outlet has every documented field, deprecated ones included', async () => {
		const { outlet: body } = (await get(outlet)).json<{ outlet: Json }>();
		expect(Object.keys(body).sort()).toEqual(
			[
				'name',
				'type',
				'coords',
				'isMain',
				'shopOutletCode',
				'visibility',
				'address',
				'phones',
				'workingSchedule',
				'deliveryRules',
				'storagePeriod',
				'id',
				'status',
				'region',
				'shopOutletId',
				'workingTime',
				'moderationReason',
			].sort(),
		);
		expect(Object.keys(body.address as Json).sort()).toEqual(
			[
				'regionId',
				'street',
				'number',
				'building',
				'estate',
				'block',
				'additional',
				'km',
				'city',
			].sort(),
		);
		const rules = (body.deliveryRules as Json[]).flatMap((rule) => Object.keys(rule));
		expect(new Set(rules)).toEqual(
			new Set([
				'minDeliveryDays',
				'maxDeliveryDays',
				'deliveryServiceId',
				'orderBefore',
				'priceFreePickup',
				'unspecifiedDeliveryInterval',
			]),
		);
		expect(body.region).toMatchObject({
			id: 213,
			type: 'CITY',
			parent: { parent: { parent: { type: 'COUNTRY' } } },
		});
		expect(body.coords).toMatch(/^37\.\d+, 55\.\d+$/);
	});

	test('one without delivery rules, one rejected', async () => {
		const path = `/v2/campaigns/${dbs}/outlets`;
		const sparse = (await get(`${path}/${YANDEX_OUTLETS.sparse}`)).json<{ outlet: Json }>().outlet;
		expect(sparse).toMatchObject({ type: 'RETAIL', deliveryRules: null });
		const failed = (await get(`${path}/${YANDEX_OUTLETS.failed}`)).json<{ outlet: Json }>().outlet;
		expect(failed).toMatchObject({
			status: 'FAILED',
			moderationReason: expect.stringMatching(/./),
		});
	});

	test.each([
		[`/v2/campaigns/${dbs}/outlets/${YANDEX_OUTLETS.missing}`, 404, 'NOT_FOUND'],
		[`/v2/campaigns/${dbs}/outlets/0`, 400, 'BAD_REQUEST'],
		[`/v2/campaigns/${dbs}/outlets/abc`, 400, 'BAD_REQUEST'],
		[`/v2/campaigns/${fbs}/outlets/1`, 400, 'CAMPAIGN_TYPE_NOT_SUPPORTED'],
		[`/v2/campaigns/${fby}/outlets`, 400, 'CAMPAIGN_TYPE_NOT_SUPPORTED'],
		[`/v2/campaigns/${apiDisabled}/outlets/1`, 403, 'API_DISABLED'],
		[`/v2/campaigns/${foreign}/outlets/1`, 403, 'FORBIDDEN'],
		[`/v2/campaigns/${YANDEX_BUSINESS_ID}/outlets/1`, 403, 'FORBIDDEN'],
		['/v2/nothing', 404, 'NOT_FOUND'],
	])('%s gives %i %s', async (path, status, expected) => {
		const answer = await get(path);
		expect([answer.status, code(answer)]).toEqual([status, expected]);
	});

	test('another verb gives 405', async () => {
		const url = `${sandbox.urls.yandexMarket}/v2/campaigns`;
		const headers = { 'api-key': YANDEX_KEYS.allMethods };
		expect((await call(url, { method: 'DELETE', headers })).status).toBe(405);
	});

	test('pages of 25 by token until it is absent', async () => {
		const sizes: number[] = [];
		const ids = new Set<unknown>();
		let token: string | undefined;
		do {
			const query = token === undefined ? '' : `?page_token=${token}`;
			const page = (await get(`/v2/campaigns/${dbs}/outlets${query}`)).json<{
				outlets: Json[];
				paging: { nextPageToken?: string };
			}>();
			sizes.push(page.outlets.length);
			for (const { id } of page.outlets) ids.add(id);
			token = page.paging.nextPageToken;
		} while (token !== undefined);
		expect([sizes, ids.size]).toEqual([[25, 25, 10], 60]);
	});

	test.each([
		['?limit=51', 'LIMIT_EXCEEDED'],
		['?limit=0', 'NON_POSITIVE_LIMIT'],
		['?limit=x', 'INVALID_QUERY_PARAMETER'],
		['?pageToken=nonsense', 'INVALID_QUERY_PARAMETER'],
	])('%s gives 400 %s', async (query, expected) => {
		const answer = await get(`/v2/campaigns/${dbs}/outlets${query}`);
		expect([answer.status, code(answer)]).toEqual([400, expected]);
	});

	test('a token belongs to its query', async () => {
		const path = `/v2/campaigns/${dbs}/outlets`;
		const { paging } = (await get(`${path}?region_id=225&limit=5`)).json<{
			paging: { nextPageToken: string };
		}>();
		const answer = await get(`${path}?region_id=213&limit=5&pageToken=${paging.nextPageToken}`);
		expect(answer.status).toBe(400);
	});

	test('region_id counts children, shop_outlet_code is exact', async () => {
		const size = async (query: string): Promise<number> =>
			(await get(`/v2/campaigns/${dbs}/outlets?limit=50&${query}`)).json<{ outlets: Json[] }>()
				.outlets.length;
		const city = await size('region_id=213');
		const wider = await size('region_id=1');
		expect(city).toBeGreaterThan(0);
		expect(wider).toBeGreaterThan(city);
		expect(await size('region_id=225')).toBe(50);
		expect(await size('shop_outlet_code=SHOP-1')).toBe(1);
		expect(await size('shop_outlet_code=SHOP')).toBe(0);
	});
});

describe('campaigns', () => {
	test('all at once without limit, by token, and by page', async () => {
		const all = (await get('/v2/campaigns')).json<{
			campaigns: Json[];
			pager: Json;
			paging: Json;
		}>();
		expect(all.campaigns.map(({ placementType }) => placementType)).toContain('FBY');
		expect(all.campaigns[0]).toMatchObject({
			id: dbs,
			business: { id: YANDEX_BUSINESS_ID },
			apiAvailability: 'AVAILABLE',
		});
		expect(all.pager).toMatchObject({ total: 5, pagesCount: 1 });
		expect(all.paging).toEqual({});
		const first = (await get('/v2/campaigns?limit=3')).json<{
			paging: { nextPageToken: string };
		}>();
		const rest = await get(`/v2/campaigns?limit=3&pageToken=${first.paging.nextPageToken}`);
		expect(rest.json<{ campaigns: Json[] }>().campaigns).toHaveLength(2);
		const second = (await get('/v2/campaigns?page=2&pageSize=4')).json<{
			campaigns: Json[];
			pager: Json;
		}>();
		expect(second.campaigns).toHaveLength(1);
		expect(second.pager).toMatchObject({ currentPage: 2, pagesCount: 2, from: 5, to: 5 });
	});
});

describe('stocks', () => {
	const path = (campaign: number) => `/v2/campaigns/${campaign}/offers/stocks`;
	const put = async (
		body: unknown,
		campaign: number = dbs,
		key: string = YANDEX_KEYS.allMethods,
	): Promise<Answer> =>
		await call(sandbox.urls.yandexMarket + path(campaign), {
			method: 'PUT',
			headers: { 'api-key': key, 'content-type': 'application/json' },
			body,
		});
	const one = (sku: unknown, count: unknown, more: object = {}) => ({
		sku,
		items: [{ count, ...more }],
	});

	test('are kept by shop and SKU, each with a moment', async () => {
		const updatedAt = new Date(Date.now() - 3_600_000).toISOString().replace('Z', '+00:00');
		const body = { skus: [one(' A-1 ', 5, { updatedAt }), one('Б-2', 0)] };
		const answer = await put(body);
		expect([answer.status, answer.json()]).toEqual([200, { status: 'OK' }]);
		expect((await put({ skus: [one('A-1', 7, { updatedAt })] }, fbs)).status).toBe(200);
		const { stocks } = sandbox.yandexMarket;
		expect([...(stocks.get(dbs)?.values() ?? [])]).toEqual([
			{ sku: 'A-1', count: 5, updatedAt },
			{ sku: 'Б-2', count: 0, updatedAt: expect.stringMatching(/Z$/) },
		]);
		expect(stocks.get(fbs)?.get('A-1')?.count).toBe(7);
	});

	test.each([
		['no JSON', '{', 'BAD_REQUEST'],
		['no list', {}, 'BAD_REQUEST'],
		['an empty list', { skus: [] }, 'BAD_REQUEST'],
		['2001 SKUs', { skus: Array.from({ length: 2001 }, (_, n) => one(`n${n}`, 1)) }, 'BAD_REQUEST'],
		['a blank SKU', { skus: [one('  ', 1)] }, 'INVALID_SHOP_SKU'],
		['a SKU twice', { skus: [one('A', 1), one('A ', 2)] }, 'DUPLICATE_OFFER'],
		[
			'two warehouses',
			{ skus: [{ sku: 'A', items: [{ count: 1 }, { count: 2 }] }] },
			'BAD_REQUEST',
		],
		['less than nothing', { skus: [one('A', -1)] }, 'BAD_REQUEST'],
		['half a unit', { skus: [one('A', 1.5)] }, 'BAD_REQUEST'],
		[
			'a count of the day before yesterday',
			{ skus: [one('A', 1, { updatedAt: '2026-11-22T10:00:00+03:00' })] },
			'BAD_REQUEST',
		],
		[
			'a time without zone',
			{ skus: [one('A', 1, { updatedAt: '2026-11-22 10:00' })] },
			'BAD_REQUEST',
		],
	])('%s: 400', async (_what, body, expected) => {
		const answer = await put(body);
		expect([answer.status, code(answer)]).toEqual([400, expected]);
	});

	test('need the right to write goods, and a shop that sends from its own store', async () => {
		const body = { skus: [one('A', 1)] };
		for (const key of [YANDEX_KEYS.allMethodsReadOnly, YANDEX_KEYS.settings]) {
			expect(code(await put(body, dbs, key))).toBe('FORBIDDEN');
		}
		expect(code(await put(body, fby))).toBe('CAMPAIGN_TYPE_NOT_SUPPORTED');
		expect(code(await put(body, foreign))).toBe('FORBIDDEN');
	});

	test('are counted by SKUs', async () => {
		const { headers } = await put({ skus: [one('A', 1), one('B', 1), one('C', 1)] });
		expect(headers['x-ratelimit-resource-limit']).toBe('100000');
		const before = Number(headers['x-ratelimit-resource-remaining']);
		const next = await put({ skus: [one('A', 1), one('B', 1)] });
		expect(Number(next.headers['x-ratelimit-resource-remaining'])).toBeLessThanOrEqual(before - 2);
	});
});

describe('limits', () => {
	test('every answer has the three headers, errors too', async () => {
		for (const path of [outlet, `/v2/campaigns/${fbs}/outlets/1`]) {
			const { headers } = await get(path, YANDEX_KEYS.settings);
			expect(headers['x-ratelimit-resource-limit']).toBe('10000');
			expect(Number(headers['x-ratelimit-resource-remaining'])).toBeLessThan(10_000);
			const until = Date.parse(headers['x-ratelimit-resource-until']);
			expect(headers['x-ratelimit-resource-until']).toMatch(/ GMT$/);
			expect(until).toBeGreaterThan(Date.now() + 3_000_000);
			expect(headers.connection).toBe('close');
		}
	});

	test('420 when a resource is used up, until the moment that the header names', async () => {
		const small = await startSandbox({
			assortmentRows: 10,
			yandexMarketLimits: { outlet: { amount: 2, windowMs: 300 } },
		});
		const headers = { 'api-key': YANDEX_KEYS.allMethods };
		const ask = async (): Promise<Answer> =>
			await call(small.urls.yandexMarket + outlet, { headers });
		const first = await ask();
		const until = Date.parse(first.headers['x-ratelimit-resource-until']);
		expect((await ask()).headers['x-ratelimit-resource-remaining']).toBe('0');
		const refused = await ask();
		expect([refused.status, code(refused)]).toEqual([420, 'METHOD_FAILURE']);
		expect(Date.parse(refused.headers['x-ratelimit-resource-until'])).toBe(until);
		await new Promise((resolve) => setTimeout(resolve, until - Date.now() + 5));
		expect((await ask()).status).toBe(200);
		await small.close();
	});

	test('outlets are counted one by one', async () => {
		const small = await startSandbox({
			assortmentRows: 10,
			yandexMarketLimits: { outlets: { amount: 60, windowMs: 60_000 } },
		});
		const url = `${small.urls.yandexMarket}/v2/campaigns/${dbs}/outlets?limit=50`;
		const headers = { 'api-key': YANDEX_KEYS.allMethods };
		expect((await call(url, { headers })).headers['x-ratelimit-resource-remaining']).toBe('10');
		expect((await call(url, { headers })).status).toBe(420);
		await small.close();
	});

	test('four requests in parallel per campaign', async () => {
		const slow = await startSandbox({ assortmentRows: 10, latency: { baseMs: 150 } });
		const headers = { 'api-key': YANDEX_KEYS.allMethods };
		const answers = await Promise.all(
			Array.from(
				{ length: 6 },
				async () => await call(slow.urls.yandexMarket + outlet, { headers }),
			),
		);
		const refused = answers.filter(({ status }) => status === 420);
		expect(refused).toHaveLength(2);
		expect(refused[0].text).toContain('Hit rate limit of 4 parallel requests');
		await slow.close();
	});
});
