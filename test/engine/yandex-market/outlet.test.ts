/**
 * Yandex Market's node in n8n's engine against the sandbox. Facts: Yandex Market docs, getOutlet (parameters,
 * fields, errors), "Resource limits" (420, X-RateLimit-Resource-*), "Authorization" (Api-Key).
 */
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { connect } from '../../../nodes/YandexMarket/connection';
import { outlets } from '../../../nodes/YandexMarket/catalogue/outlet';
import {
	startSandbox,
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_OUTLETS,
} from '../../../sandbox';
import type { Sandbox, SandboxOptions } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.yandexMarket';
const CREDENTIAL = 'yandexMarketApi';
const SHOP = YANDEX_CAMPAIGNS.dbs;
const OUTLET = YANDEX_OUTLETS.complete;

/** What a test looks at in an error; the engine hands errors over as plain objects. */
interface Shown {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context?: { itemIndex?: number };
	failure?: { cause: string; retryAfterMs?: number };
}

let engine: Engine;
let sandbox: Sandbox;

/** Replaces the sandbox; each has a port, thus a budget, of its own. */
async function restart(options: SandboxOptions = {}): Promise<void> {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['yandexMarket'], assortmentRows: 1, ...options });
	useKey(YANDEX_KEYS.allMethodsReadOnly);
}

function useKey(apiKey: string, other: object = {}): void {
	const data = { ...sandbox.credentials.yandexMarketApi, apiKey, ...other };
	engine.setCredential('key', { type: CREDENTIAL, data });
}

beforeAll(async () => {
	engine = await createEngine();
});

beforeEach(async () => await restart());

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const byList = (value: unknown) => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: 'Picked',
});

function parameters(shop: unknown, outlet: unknown, other: object = {}): object {
	return { resource: 'outlet', operation: 'get', campaignId: shop, outletId: outlet, ...other };
}

const options = (other: RunNodeOptions = {}): RunNodeOptions => ({
	credentials: { [CREDENTIAL]: 'key' },
	...other,
});

async function get(
	shop: unknown = SHOP,
	outlet: unknown = OUTLET,
	other: object = {},
): Promise<RunResult> {
	return await engine.runNode(NODE, parameters(byId(shop), byId(outlet), other), options());
}

/** Reads `$json.shop` and `$json.outlet` of each item. */
async function getEach(items: IDataObject[], other: RunNodeOptions = {}): Promise<RunResult> {
	const form = parameters(byId('={{ $json.shop }}'), byId('={{ $json.outlet }}'));
	return await engine.runNode(NODE, form, options({ items, ...other }));
}

const path = (shop: unknown, outlet: unknown) =>
	`/v2/campaigns/${String(shop)}/outlets/${String(outlet)}`;

/** The requests that arrived, each as `METHOD url status`; checks the headers that all must have. */
function sent(): string[] {
	for (const { headers, body } of sandbox.log) {
		// Masked by the log; a prefix such as Bearer would still be there.
		expect(headers['api-key']).toMatch(/^\*\*\*\S{4}$/);
		expect(headers).not.toHaveProperty('authorization');
		expect(headers.accept).toBe('application/json');
		expect(headers['x-market-integration']).toMatch(/^n8n-nodes-retail-ops\/\d+\.\d+\.\d+$/);
		expect(body).toBeUndefined();
	}
	return sandbox.log.map(({ method, url, status }) => `${method} ${url} ${status}`);
}

/** The sandbox's own answer, which leaves no trace in the log. */
async function own(address: string): Promise<IDataObject> {
	const answer = await fetch(sandbox.urls.yandexMarket + address, {
		headers: { 'Api-Key': YANDEX_KEYS.allMethods },
	});
	const body = (await answer.json()) as IDataObject;
	sandbox.clearLog();
	return body;
}

function expectNoSecret(run: unknown): void {
	const everything = inspect(run, { depth: 12, maxArrayLength: null, maxStringLength: null });
	for (const secret of [...Object.values(YANDEX_KEYS), 'sandboxReadOnlyKey', '0eadeade']) {
		expect(everything).not.toContain(secret);
	}
}

/** The error of a run that must have failed, after a look for secrets. */
function failed(run: RunResult): Shown {
	expect(run.status).toBe('error');
	expect(run.items('Node')).toEqual([]);
	expectNoSecret(run);
	return run.error as unknown as Shown;
}

const errorBody = (code: string, message: string) => ({
	status: 'ERROR',
	errors: [{ code, message }],
});

const date = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

/** Headers of a refusal; `Date` is the vendor's clock, which may differ from ours. */
function limitHeaders(untilMs: number, nowMs = Date.now(), remaining = 0): Record<string, string> {
	return {
		date: date(nowMs),
		'X-RateLimit-Resource-Limit': '10000',
		'X-RateLimit-Resource-Remaining': String(remaining),
		'X-RateLimit-Resource-Until': date(untilMs),
	};
}

describe('Outlet: Get', () => {
	test('returns ten fields with Simplify on, which is the default', async () => {
		const { outlet } = (await own(path(SHOP, OUTLET))) as { outlet: IDataObject };
		const run = await get();
		expect(run.error).toBeUndefined();
		expect(run.items('Node')).toEqual([
			{
				json: {
					id: OUTLET,
					name: outlet.name,
					type: outlet.type,
					status: 'MODERATED',
					visibility: 'VISIBLE',
					shopOutletCode: 'SHOP-1',
					address: 'Москва, Main street, 89, 2, 1, А, Вход со двора, km 12',
					coords: outlet.coords,
					phones: '+7 (495) 123-45-67, +7 (495) 123-45-68#12',
					isMain: true,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`]);
		expect(sandbox.log[0].query).toEqual({});
	});

	test('passes every field of the answer through with Simplify off, deprecated ones too', async () => {
		const { outlet } = (await own(path(SHOP, OUTLET))) as { outlet: IDataObject };
		const run = await get(SHOP, OUTLET, { simplify: false });
		expect(run.items('Node')).toEqual([{ json: outlet, pairedItem: { item: 0 } }]);
		// The fields that the documentation of getOutlet names, so that the comparison is not one of two gaps.
		expect(Object.keys(run.json('Node')[0]).sort()).toEqual(
			[
				...[
					'address',
					'coords',
					'deliveryRules',
					'id',
					'isMain',
					'moderationReason',
					'name',
					'phones',
				],
				...[
					'region',
					'shopOutletCode',
					'shopOutletId',
					'status',
					'storagePeriod',
					'type',
					'visibility',
				],
				...['workingSchedule', 'workingTime'],
			].sort(),
		);
		expect(run.json('Node')[0]).toMatchObject({
			address: {
				regionId: 213,
				city: 'Москва',
				km: 12,
				estate: '1',
				block: 'А',
				additional: 'Вход со двора',
			},
			workingSchedule: {
				workInHoliday: true,
				scheduleItems: [{ startDay: 'MONDAY', startTime: '09:00' }, {}],
			},
			deliveryRules: [
				{ priceFreePickup: 2999.9, orderBefore: 18 },
				{ unspecifiedDeliveryInterval: true },
			],
			region: { id: 213, type: 'CITY', parent: { id: 1, parent: { id: 3, parent: { id: 225 } } } },
			shopOutletId: 'SHOP-1',
			workingTime: 'Пн-Пт 09:00-21:00, Сб-Вс 10:00-18:00',
		});
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`]);
	});

	test('tells why moderation refused an outlet', async () => {
		const run = await get(SHOP, YANDEX_OUTLETS.failed, { simplify: false });
		expect(run.json('Node')[0]).toMatchObject({
			status: 'FAILED',
			moderationReason: 'Адрес не найден на карте',
		});
		expect(sent()).toEqual([`GET ${path(SHOP, YANDEX_OUTLETS.failed)} 200`]);
	});

	test('copes with an outlet without delivery rules and optional fields', async () => {
		const { outlet } = (await own(path(SHOP, YANDEX_OUTLETS.sparse))) as { outlet: IDataObject };
		const raw = await get(SHOP, YANDEX_OUTLETS.sparse, { simplify: false });
		expect(raw.json('Node')).toEqual([outlet]);
		expect(raw.json('Node')[0].deliveryRules).toBeNull();
		const simple = await get(SHOP, YANDEX_OUTLETS.sparse);
		expect(simple.json('Node')[0]).toMatchObject({
			id: YANDEX_OUTLETS.sparse,
			type: 'RETAIL',
			shopOutletCode: 'SHOP-3',
			phones: '+7 (495) 123-45-67',
			address: expect.stringMatching(/^[^,]+, [^,]+, \d+$/) as string,
		});
		expect(sent()).toEqual(Array(2).fill(`GET ${path(SHOP, YANDEX_OUTLETS.sparse)} 200`));
	});

	test('copes with an outlet of which almost nothing is known', async () => {
		const outlet = {
			id: OUTLET,
			name: 'Bare',
			phones: null,
			address: null,
			region: null,
			shopOutletId: 'OLD',
		};
		sandbox.faults.add({ vendor: 'yandexMarket', body: { outlet } });
		const run = await get();
		expect(run.json('Node')[0]).toMatchObject({
			name: 'Bare',
			shopOutletCode: 'OLD',
			address: '',
			phones: '',
		});
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`]);
	});

	test('keeps parts of the address that happen to be equal', async () => {
		const address = {
			street: 'Мира',
			number: '2',
			building: '2',
			estate: '1',
			block: '1',
			city: 'Москва',
		};
		const outlet = { id: OUTLET, region: { id: 213, name: 'Москва' }, address };
		sandbox.faults.add({ vendor: 'yandexMarket', body: { outlet } });
		const run = await get();
		expect(run.json('Node')[0].address).toBe('Москва, Мира, 2, 2, 1, 1');
		expect(sent()).toHaveLength(1);
	});

	test('returns the types that its output schema promises', async () => {
		const ids = [OUTLET, YANDEX_OUTLETS.failed, YANDEX_OUTLETS.sparse];
		const run = await getEach(ids.map((outlet) => ({ shop: SHOP, outlet })));
		const schema = outlets[0].output;
		for (const json of run.json('Node')) {
			expect(Object.keys(json)).toEqual(Object.keys(schema));
			for (const [name, value] of Object.entries(json)) {
				expect([name, typeof value]).toEqual([name, schema[name].type]);
			}
		}
		expect(sent()).toHaveLength(3);
	});

	test('takes shop and outlet picked from lists', async () => {
		const form = parameters(byList(String(SHOP)), byList(String(YANDEX_OUTLETS.failed)));
		const run = await engine.runNode(NODE, form, options());
		expect(run.json('Node')[0]).toMatchObject({ id: YANDEX_OUTLETS.failed, status: 'FAILED' });
		expect(sent()).toEqual([`GET ${path(SHOP, YANDEX_OUTLETS.failed)} 200`]);
	});

	test('reads both IDs for each item and says which item a result belongs to', async () => {
		const small = YANDEX_CAMPAIGNS.dbsSmall;
		const items = [
			{ shop: SHOP, outlet: OUTLET },
			{ shop: ` ${small} `, outlet: '4110200' },
			{ shop: String(SHOP), outlet: ` ${YANDEX_OUTLETS.failed}` },
		];
		const run = await getEach(items);
		expect(run.items('Node').map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[OUTLET, { item: 0 }],
			[4_110_200, { item: 1 }],
			[YANDEX_OUTLETS.failed, { item: 2 }],
		]);
		expect(sent().sort()).toEqual(
			[
				`GET ${path(SHOP, OUTLET)} 200`,
				`GET ${path(SHOP, YANDEX_OUTLETS.failed)} 200`,
				`GET ${path(small, 4_110_200)} 200`,
			].sort(),
		);
	});
});

describe('IDs that cannot work', () => {
	const values = ['abc', '0', '-1', '1.5', '4000001/../4000002', '', '   ', null];
	const cases = values.flatMap((value) => [
		['Shop', value],
		['Outlet', value],
	]);

	test.each(cases)('%s given by an expression as %j', async (label, value) => {
		const shop = label === 'Shop' ? value : SHOP;
		const outlet = label === 'Outlet' ? value : OUTLET;
		const error = failed(await getEach([{ shop, outlet } as IDataObject]));
		expect(error.name).toBe('NodeOperationError');
		const what = String(value ?? '').trim() === '' ? 'is empty' : `is '${String(value)}'`;
		expect(error.message).toBe(`'${label}' ${what}`);
		expect(error.description).toMatch(/whole number|Fill in/);
		expect(error.context?.itemIndex).toBe(0);
		expect(sent()).toEqual([]);
	});

	test.each([
		['abc', /A campaign ID is a whole number from 1 up/],
		['0', /A campaign ID is a whole number from 1 up/],
		['', /'Shop' is empty/],
	])('a shop typed as %j is refused before the workflow starts', async (shop, message) => {
		const error = failed(await get(shop));
		expect(error.message).toMatch(message);
		expect(sent()).toEqual([]);
	});
});

describe('Refusals', () => {
	const missing = YANDEX_OUTLETS.missing;
	test.each([
		[
			'an unknown outlet',
			SHOP,
			missing,
			'404',
			'NOT_FOUND',
			/not found/,
			/pick both from the lists/,
		],
		[
			'a shop that is not DBS',
			YANDEX_CAMPAIGNS.fbs,
			1,
			'400',
			'CAMPAIGN_TYPE_NOT_SUPPORTED',
			/type/,
			/DBS/,
		],
		[
			'a shop of another cabinet',
			YANDEX_CAMPAIGNS.foreign,
			1,
			'403',
			'FORBIDDEN',
			/access was denied/,
			/another cabinet/,
		],
		[
			'the ID of the cabinet instead of a shop',
			YANDEX_BUSINESS_ID,
			1,
			'403',
			'FORBIDDEN',
			/access was denied/,
			/campaign ID/,
		],
		[
			'a shop without API access',
			YANDEX_CAMPAIGNS.apiDisabled,
			1,
			'403',
			'API_DISABLED',
			/switched off/,
			/90 days/,
		],
	])('%s', async (_name, shop, outlet, httpCode, code, message, hint) => {
		const error = failed(await get(shop, outlet));
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode, context: { itemIndex: 0 } });
		expect(error.message).toMatch(message);
		expect(error.message).toContain(`(code ${code})`);
		expect(error.description).toMatch(hint);
		expect(error.description).toContain(`The vendor says: ${code}: `);
		expect(sent()).toEqual([`GET ${path(shop, outlet)} ${httpCode}`]);
	});

	test('a key that may only process orders: the message speaks of permissions', async () => {
		useKey(YANDEX_KEYS.ordersOnly);
		const error = failed(await get());
		expect(error.httpCode).toBe('403');
		expect(error.message).toMatch(/lacks the permission/);
		expect(error.description).toMatch(/store settings or full access/);
		expect(error.description).toContain('Token does not have any of the scopes');
		expect(error.failure?.cause).toBe('configuration-invalid');
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 403`]);
	});

	test('a wrong key', async () => {
		useKey('ACMA:wrong:sandboxReadOnlyKey');
		const error = failed(await get());
		expect(error).toMatchObject({ httpCode: '401', failure: { cause: 'credential-invalid' } });
		expect(error.message).toMatch(/API key was not accepted \(code UNAUTHORIZED\)/);
		expect(error.description).toContain('Api-Key token is invalid');
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 401`]);
	});

	/**
	 * The statuses that the documentation of getOutlet lists, with the vendor's form of an error. The other two
	 * are below: 420 under limits, 500 under faults that last.
	 */
	test.each([
		[400, 'BAD_REQUEST', 'Missing field', /request was not accepted/],
		[401, 'UNAUTHORIZED', 'Api-Key token is invalid', /key was not accepted/],
		[403, 'FORBIDDEN', 'Access denied', /access was denied/],
		[404, 'NOT_FOUND', 'Outlet not found', /not found/],
	])('status %d shows code, text and trace', async (status, code, text, message) => {
		const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
		const fault = { vendor: 'yandexMarket' as const, status, body: errorBody(code, text) };
		sandbox.faults.add({ ...fault, headers: { traceparent }, times: 9 });
		const error = failed(await get());
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: String(status) });
		expect(error.message).toMatch(message);
		expect(error.message).toContain(`(code ${code})`);
		expect(error.description).toContain(`The vendor says: ${code}: ${text}`);
		expect(error.description).toContain(`Trace ID for the vendor's support: ${traceparent}`);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} ${status}`]);
	});

	test('several errors at once are all shown', async () => {
		const errors = [
			{ code: 'BAD_REQUEST', message: 'First' },
			{ code: 'LIMIT_EXCEEDED', message: 'Second' },
		];
		sandbox.faults.add({ vendor: 'yandexMarket', status: 400, body: { status: 'ERROR', errors } });
		const error = failed(await get());
		expect(error.description).toContain('BAD_REQUEST: First | LIMIT_EXCEEDED: Second');
		expect(sent()).toHaveLength(1);
	});

	test('an error without details still tells the status', async () => {
		sandbox.faults.add({
			vendor: 'yandexMarket',
			status: 415,
			body: { status: 'ERROR', errors: null },
		});
		const error = failed(await get());
		expect(error.message).toContain('HTTP 415');
		expect(error.httpCode).toBe('415');
		expect(sent()).toHaveLength(1);
	});

	test('status ERROR in an answer of 200 is a failure', async () => {
		sandbox.faults.add({ vendor: 'yandexMarket', body: errorBody('NOT_FOUND', 'No such outlet') });
		const error = failed(await get());
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toContain('(code NOT_FOUND)');
		expect(error.description).toContain('No such outlet');
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`]);
	});

	test('an answer of 200 without an outlet is a failure, not an empty item', async () => {
		sandbox.faults.add({ vendor: 'yandexMarket', body: { status: 'OK' } });
		const error = failed(await get());
		expect(error.message).toMatch(/^Yandex Market: /);
		expect(sent()).toHaveLength(1);
	});
});

describe('Limits (420)', () => {
	const text = 'Hit rate limit of 10000 requests';

	test("waits until the resource's Until by the vendor's own clock, then goes on", async () => {
		// The vendor's clock is an hour ahead: by ours, the wait would be an hour and fail.
		const now = Date.now() + 3_600_000;
		sandbox.faults.add({
			vendor: 'yandexMarket',
			status: 420,
			body: errorBody('METHOD_FAILURE', text),
			headers: limitHeaders(now + 1000, now),
		});
		const run = await get();
		expect(run.json('Node')[0].id).toBe(OUTLET);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 420`, `GET ${path(SHOP, OUTLET)} 200`]);
		const [refused, good] = sandbox.log;
		expect(good.at - refused.at).toBeGreaterThanOrEqual(1000);
		expect(good.at - refused.at).toBeLessThan(20_000);
	});

	test('says for how long when the end of the limit is too far away', async () => {
		sandbox.faults.add({
			vendor: 'yandexMarket',
			status: 420,
			body: errorBody('METHOD_FAILURE', text),
			headers: limitHeaders(Date.now() + 1_800_000),
			times: 9,
		});
		const run = await get();
		const error = failed(run);
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toMatch(/limit of requests is used up for about 3[01] min$/);
		expect(error.failure?.cause).toBe('rate-limited');
		expect(error.failure?.retryAfterMs).toBeGreaterThan(1_770_000);
		expect(error.failure?.retryAfterMs).toBeLessThan(1_803_000);
		expect(run.timeMs).toBeLessThan(20_000);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 420`]);
	});

	test('holds requests back when the last answer left nothing of the budget', async () => {
		await restart({ yandexMarketLimits: { outlet: { amount: 1, windowMs: 500 } } });
		await get();
		const run = await get(SHOP, YANDEX_OUTLETS.failed);
		expect(run.json('Node')[0].id).toBe(YANDEX_OUTLETS.failed);
		// No refusal was needed to learn it.
		expect(sandbox.yandexMarket.limits.refused).toBe(0);
		expect(sent()).toEqual([
			`GET ${path(SHOP, OUTLET)} 200`,
			`GET ${path(SHOP, YANDEX_OUTLETS.failed)} 200`,
		]);
	});

	test('one exhausted resource does not hold back the others', async () => {
		await restart({ yandexMarketLimits: { outlet: { amount: 1, windowMs: 3_600_000 } } });
		await get();
		const found = await engine.listSearch(NODE, 'searchShops', {
			credentials: { [CREDENTIAL]: 'key' },
		});
		expect(found.results).toHaveLength(3);
		const error = failed(await get());
		expect(error.message).toMatch(/used up for about \d+ min/);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`, 'GET /v2/campaigns?limit=50 200']);
	});

	test('comes again soon after a refusal by the parallel limit, whatever its Until', async () => {
		sandbox.faults.add({
			vendor: 'yandexMarket',
			status: 420,
			body: errorBody(
				'METHOD_FAILURE',
				`Hit rate limit of 4 parallel requests for campaignId ${SHOP}`,
			),
			headers: limitHeaders(Date.now() + 3_600_000, Date.now(), 9000),
		});
		const run = await get();
		expect(run.json('Node')[0].id).toBe(OUTLET);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 420`, `GET ${path(SHOP, OUTLET)} 200`]);
		const [refused, good] = sandbox.log;
		expect(good.at - refused.at).toBeGreaterThanOrEqual(450);
		expect(good.at - refused.at).toBeLessThan(20_000);
	});

	test('never has more than four requests under way', async () => {
		// So long that four have certainly started before the first is answered.
		await restart({ latency: { baseMs: 400 } });
		const outletIds = Array.from({ length: 12 }, (_unused, index) => OUTLET + index);
		const run = await getEach(outletIds.map((outlet) => ({ shop: SHOP, outlet })));
		expect(run.json('Node').map(({ id }) => id)).toEqual(outletIds);
		expect(sent()).toHaveLength(12);
		expect(sandbox.yandexMarket.limits.refused).toBe(0);
		const underWay = sandbox.log.map(
			({ at }) => sandbox.log.filter((one) => one.at <= at && at < one.at + one.durationMs).length,
		);
		expect(Math.max(...underWay)).toBe(4);
	});

	test('a list that is refused although some of its budget is left waits for Until as well', async () => {
		// The list is counted by outlets: 5 of 55 are left after the first page, the second has 10.
		await restart({ yandexMarketLimits: { outlets: { amount: 55, windowMs: 900 } } });
		const search = {
			credentials: { [CREDENTIAL]: 'key' },
			parameters: parameters(byId(SHOP), byId('')),
		};
		const first = await engine.listSearch(NODE, 'searchOutlets', search);
		const { paginationToken } = first;
		const second = await engine.listSearch(NODE, 'searchOutlets', {
			...search,
			paginationToken: paginationToken as string,
		});
		expect(first.results.length + second.results.length).toBe(60);
		expect(sandbox.yandexMarket.limits.refused).toBe(1);
		expect(sent().map((line) => line.slice(-3))).toEqual(['200', '420', '200']);
	});

	test('stopping the execution does not wait out the two minutes of a limit', async () => {
		const now = Date.now();
		sandbox.faults.add({
			vendor: 'yandexMarket',
			status: 420,
			body: errorBody('METHOD_FAILURE', 'Hit rate limit of 10000 requests'),
			headers: limitHeaders(now + 120_000, now),
		});
		const running = engine.startNode(
			NODE,
			parameters(byId(SHOP), byId(OUTLET)),
			options({ onError: 'continueRegularOutput' }),
		);
		while (sandbox.log[0]?.status !== 420) await new Promise((done) => setTimeout(done, 20));
		await new Promise((done) => setTimeout(done, 100));
		const stopped = Date.now();
		running.cancel();
		const run = await running.result;
		expect(Date.now() - stopped).toBeLessThan(20_000);
		expect(run.status).toBe('canceled');
		// The stop is no failure of the item that could go on as data.
		expect(run.json('Node').filter((json) => 'error' in json)).toEqual([]);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 420`]);
	});
});

describe('Lists to pick from', () => {
	const credentials = { [CREDENTIAL]: 'key' };
	const inShop = (shop: unknown) => ({
		credentials,
		parameters: parameters(byList(shop), byList('')),
	});

	test('searchShops shows DBS shops only', async () => {
		const found = await engine.listSearch(NODE, 'searchShops', { credentials });
		expect(found).toEqual({
			results: [
				{ name: `sandbox-dbs.example – DBS (${SHOP})`, value: String(SHOP) },
				{
					name: `Малый магазин – DBS (${YANDEX_CAMPAIGNS.dbsSmall})`,
					value: String(YANDEX_CAMPAIGNS.dbsSmall),
				},
				{
					name: `sandbox-off.example – DBS (${YANDEX_CAMPAIGNS.apiDisabled})`,
					value: String(YANDEX_CAMPAIGNS.apiDisabled),
				},
			],
		});
		expect(sent()).toEqual(['GET /v2/campaigns?limit=50 200']);
	});

	test.each([
		['малый', [YANDEX_CAMPAIGNS.dbsSmall]],
		[String(SHOP), [SHOP]],
		['fbs', []],
	])('searchShops finds by the text %j', async (filter, ids) => {
		const found = await engine.listSearch(NODE, 'searchShops', { credentials, filter });
		expect(found.results.map(({ value }) => value)).toEqual(ids.map(String));
		expect(sent()).toEqual(['GET /v2/campaigns?limit=50 200']);
	});

	test('searchShops goes on with the token of the page before', async () => {
		const { campaigns } = (await own('/v2/campaigns')) as { campaigns: IDataObject[] };
		// A cabinet with more shops than a page holds.
		const nextPageToken = Buffer.from('campaigns|1').toString('base64url');
		sandbox.faults.add({
			vendor: 'yandexMarket',
			body: { campaigns: campaigns.slice(0, 1), paging: { nextPageToken } },
		});
		const first = await engine.listSearch(NODE, 'searchShops', { credentials });
		expect(first.results.map(({ value }) => value)).toEqual([String(SHOP)]);
		const { paginationToken } = first;
		const second = await engine.listSearch(NODE, 'searchShops', {
			credentials,
			paginationToken: paginationToken as string,
		});
		expect(second.results.map(({ value }) => value)).toEqual(
			[YANDEX_CAMPAIGNS.dbsSmall, YANDEX_CAMPAIGNS.apiDisabled].map(String),
		);
		expect(second.paginationToken).toBeUndefined();
		sent();
		expect(sandbox.log.map(({ query }) => query)).toEqual([
			{ limit: '50' },
			{ limit: '50', pageToken: nextPageToken },
		]);
	});

	test('searchOutlets lists the outlets of the chosen shop, page by page', async () => {
		const first = await engine.listSearch(NODE, 'searchOutlets', inShop(String(SHOP)));
		const second = await engine.listSearch(NODE, 'searchOutlets', {
			...inShop(String(SHOP)),
			paginationToken: first.paginationToken as string,
		});
		expect(first.results[0]).toEqual({ name: 'Пункт выдачи №1 (SHOP-1)', value: String(OUTLET) });
		expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(
			Array.from({ length: 60 }, (_unused, index) => String(OUTLET + index)),
		);
		expect(second.paginationToken).toBeUndefined();
		sent();
		expect(sandbox.log.map(({ path: address, query }) => [address, query])).toEqual([
			[`/v2/campaigns/${SHOP}/outlets`, { limit: '50' }],
			[`/v2/campaigns/${SHOP}/outlets`, { limit: '50', pageToken: expect.any(String) as string }],
		]);
	});

	test.each([
		['торговый', YANDEX_OUTLETS.sparse],
		['SHOP-59', OUTLET + 58],
	])('searchOutlets finds %j, also beyond the first page', async (filter, id) => {
		const found = await engine.listSearch(NODE, 'searchOutlets', { ...inShop(SHOP), filter });
		expect(found.results.map(({ value }) => value)).toEqual([String(id)]);
		expect(sent()[0]).toBe(`GET /v2/campaigns/${SHOP}/outlets?limit=50 200`);
	});

	test.each([
		['', "'Shop' is not chosen yet", 'Pick the shop first: this list depends on it.'],
		[
			'my shop',
			"'Shop' is 'my shop'",
			"A campaign ID is a whole number from 1 up. To go by a name or a number that people see, read the ID with 'Get Many' first, or pick it 'From list'.",
		],
	])('searchOutlets with the shop %j says what is missing', async (shop, message, description) => {
		const search = engine.listSearch(NODE, 'searchOutlets', inShop(shop));
		await expect(search).rejects.toMatchObject({
			name: 'NodeOperationError',
			message,
			description,
		});
		expect(sent()).toEqual([]);
	});

	test.each([
		['another service', { hello: 'world' }],
		['a web page', '<html><body>Log in</body></html>'],
	])('a list answered by %s is an error, not an empty list', async (_name, body) => {
		sandbox.faults.add({ vendor: 'yandexMarket', body });
		const search = engine.listSearch(NODE, 'searchShops', { credentials });
		const error = (await search.catch((thrown: unknown) => thrown)) as Shown;
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toMatch(/^Yandex Market: the answer/);
		expect(error.description).toMatch(/Check the host/);
		expect(sent()).toEqual(['GET /v2/campaigns?limit=50 200']);
	});

	test('searchTowns finds places that an outlet can be in, however the name is typed', async () => {
		const filter = 'москва';
		const regions = await engine.listSearch(NODE, 'searchRegions', { credentials, filter });
		const towns = await engine.listSearch(NODE, 'searchTowns', { credentials, filter });
		expect(regions.results.map(({ value }) => value)).toEqual(['1', '213']);
		expect(towns.results).toEqual([
			{
				name: 'Москва, Москва и Московская область, Центральный федеральный округ, Россия',
				value: '213',
			},
		]);
		sent();
		expect(sandbox.log.map(({ query }) => query.name)).toEqual(['Москва', 'Москва']);
	});

	test("searchOutlets shows the vendor's refusal and no secret", async () => {
		const search = engine.listSearch(NODE, 'searchOutlets', inShop(YANDEX_CAMPAIGNS.fbs));
		const error: unknown = await search.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		expect((error as Error).message).toMatch(/code CAMPAIGN_TYPE_NOT_SUPPORTED/);
		expectNoSecret(error);
		expect(sent()).toEqual([`GET /v2/campaigns/${YANDEX_CAMPAIGNS.fbs}/outlets?limit=50 400`]);
	});
});

describe('On Error', () => {
	const items = [
		{ shop: SHOP, outlet: OUTLET },
		{ shop: SHOP, outlet: YANDEX_OUTLETS.missing },
		{ shop: SHOP, outlet: YANDEX_OUTLETS.failed },
		{ shop: 'abc', outlet: OUTLET },
	];
	const good = [
		[OUTLET, { item: 0 }],
		[YANDEX_OUTLETS.failed, { item: 2 }],
	];
	const bad = [
		['Yandex Market: the shop or outlet was not found (code NOT_FOUND) [item 1]', { item: 1 }],
		["'Shop' is 'abc' [item 3]", { item: 3 }],
	];
	const requests = items.slice(0, 3).map(({ shop, outlet }) => path(shop, outlet));
	const look = (found: ReturnType<RunResult['items']>) =>
		found.map(({ json, pairedItem }) => [json.error ?? json.id, pairedItem]);

	test('Continue: each item fails for itself', async () => {
		const run = await getEach(items, { onError: 'continueRegularOutput' });
		expect(run.status).toBe('success');
		expect(look(run.items('Node'))).toEqual([good[0], bad[0], good[1], bad[1]]);
		expectNoSecret(run);
		sent();
		expect(sandbox.log.map((one) => one.path).sort()).toEqual([...requests].sort());
	});

	test('Continue (using error output): good and bad items part', async () => {
		const run = await getEach(items, { onError: 'continueErrorOutput' });
		expect(run.status).toBe('success');
		expect(look(run.items('Node', 0))).toEqual(good);
		expect(look(run.items('Node', 1))).toEqual(bad);
		expectNoSecret(run);
		sent();
		expect(sandbox.log.map((one) => one.path).sort()).toEqual([...requests].sort());
	});

	test('Stop: the first failing item names itself', async () => {
		const error = failed(await getEach(items.slice(0, 3)));
		expect(error.message).toBe(bad[0][0]);
		expect(error.context?.itemIndex).toBe(1);
		expect(sent()).toContain(`GET ${path(SHOP, YANDEX_OUTLETS.missing)} 404`);
	});

	test('Stop: a value that cannot work keeps all items from being sent', async () => {
		const error = failed(await getEach(items));
		expect(error.message).toBe(bad[1][0]);
		expect(error.context?.itemIndex).toBe(3);
		expect(sent()).toEqual([]);
	});
});

describe('Credential', () => {
	const tested = async (other: object = {}) =>
		await engine.testCredential(CREDENTIAL, { ...sandbox.credentials.yandexMarketApi, ...other });

	test.each(Object.entries(YANDEX_KEYS))(
		'a good key (%s) passes the test',
		async (_name, apiKey) => {
			expect(await tested({ apiKey })).toMatchObject({ status: 'OK' });
			expect(sandbox.log).toMatchObject([
				{
					method: 'POST',
					url: '/v2/auth/token',
					status: 200,
					headers: { accept: 'application/json' },
				},
			]);
			expect(sandbox.log[0].headers['api-key']).toMatch(/^\*\*\*\S{4}$/);
		},
	);

	test.each(['Bearer', 'Api-Key:', '"'])(
		'test and node take a key that was pasted with %s before it',
		async (pasted) => {
			const apiKey = `${pasted} ${YANDEX_KEYS.allMethods}`;
			expect(await tested({ apiKey })).toMatchObject({ status: 'OK' });
			useKey(apiKey);
			expect((await get()).json('Node')[0].id).toBe(OUTLET);
		},
	);

	test('a wrong key fails the test', async () => {
		expect(await tested({ apiKey: 'ACMA:wrong' })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/did not accept the API key/) as string,
		});
		// n8n's own helper repeats a request that was answered with 401 once.
		expect(new Set(sandbox.log.map(({ url, status }) => `${url} ${status}`))).toEqual(
			new Set(['/v2/auth/token 401']),
		);
	});

	test.each([
		['no access', { status: 403 }, /denies access/],
		['a used up limit', { status: 420 }, /limit of requests/],
		['another API', { status: 404 }, /no Yandex Market API at this address/],
		['a login page', { body: '<html><body>Log in</body></html>' }, /not as the Yandex Market API/],
		['another JSON', { body: { hello: 'world' } }, /not as the Yandex Market API/],
	])('%s fails the test', async (_name, fault, message) => {
		sandbox.faults.add({ vendor: 'yandexMarket', ...fault });
		expect(await tested()).toEqual({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
		expect(sandbox.log).toHaveLength(1);
	});

	test('a closed port fails the test', async () => {
		const { urls } = sandbox;
		await sandbox.close();
		expect(await tested({ customUrl: urls.yandexMarket })).toEqual({
			status: 'Error',
			message: expect.stringMatching(/ECONNREFUSED/) as string,
		});
	});

	test.each([
		['a slash at the end', (url: string) => `${url}/`],
		['blanks around it', (url: string) => ` ${url} `],
	])('test and node take a custom URL with %s', async (_name, change) => {
		const customUrl = change(sandbox.urls.yandexMarket);
		useKey(` ${YANDEX_KEYS.allMethods} `, { customUrl });
		expect((await get()).json('Node')[0].id).toBe(OUTLET);
		expect(sent()).toEqual([`GET ${path(SHOP, OUTLET)} 200`]);
		expect(await tested({ customUrl })).toMatchObject({ status: 'OK' });
	});

	test.each([
		[{ apiKey: '  ' }, /^'API Key' is missing in the credential/, /Settings, APIs and modules/],
		[{ customUrl: '' }, /^'Custom URL' is empty/, /Give an address such as/],
		[
			{ customUrl: 'ftp://files.example' },
			/^'Custom URL' is no web address/,
			/Give an address such as/,
		],
		[
			{ customUrl: 'https://me:pass@example.com' },
			/^'Custom URL' holds a login/,
			/Give an address such as/,
		],
	])('the node refuses %j before it sends anything', async (other, message, hint) => {
		useKey(YANDEX_KEYS.allMethods, other);
		const error = failed(await get());
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(hint);
		expect(sent()).toEqual([]);
	});

	test('the hosts of the two marketplaces, and a budget key without the secret', () => {
		const apiKey = YANDEX_KEYS.allMethods;
		const [ru, net] = ['ru', 'net'].map((host) => connect({ host, apiKey, customUrl: '' }));
		expect(ru.baseUrl).toBe('https://api.partner.market.yandex.ru');
		expect(net.baseUrl).toBe('https://api.partner.market.yandex.net');
		expect(ru.budgetKey).not.toBe(net.budgetKey);
		expect(ru.budgetKey).not.toBe(connect({ host: 'ru', apiKey: YANDEX_KEYS.settings }).budgetKey);
		expect(JSON.stringify([ru, net])).not.toContain('ACMA');
	});
});
