/** Free requests: where they go, what they carry, what becomes of their answers. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { rules as altegio } from '../../nodes/Altegio/catalogue/apiRequest';
import { rules as inspectorCloud } from '../../nodes/InspectorCloud/catalogue/apiRequest';
import {
	apiRequests,
	refusedElements,
	rules as moySklad,
} from '../../nodes/MoySklad/catalogue/apiRequest';
import {
	apiRequestOperation,
	jsonOutputs,
	type ApiRequestRules,
} from '../../nodes/shared/apiRequest';
import { addressOf as addressBy, headersOf } from '../../nodes/shared/apiRequest/address';
import { altegio as altegioVendor } from '../../nodes/Altegio/vendor';
import { yandexMarket as yandexVendor } from '../../nodes/YandexMarket/vendor';
import { rules as yandexMarket } from '../../nodes/YandexMarket/catalogue/apiRequest';
import { CallFailed } from '../../nodes/shared/errors/errors';
import { answerOf, callOf, UUID_A } from './calls';
import { fakeWork } from './moysklad-special-work';

const BASE = 'https://api.moysklad.ru/api/remap/1.2';
const [send] = apiRequests;
const addressOf = (given: unknown, baseUrl: string) => addressBy(given, baseUrl, moySklad);

describe('the address of a free request', () => {
	it.each([
		['/entity/customerorder', '/entity/customerorder', {}],
		['entity/customerorder/', '/entity/customerorder', {}],
		[`${BASE}/report/stock/all/`, '/report/stock/all', {}],
		['/entity/x?limit=5&filter=a%3D1', '/entity/x', { limit: '5', filter: 'a=1' }],
		['/entity/x?id=1&id=2', '/entity/x', { id: ['1', '2'] }],
		['/entity/товар', '/entity/%D1%82%D0%BE%D0%B2%D0%B0%D1%80', {}],
		['customerorder', '/entity/customerorder', {}],
		['/customerOrder?limit=2', '/entity/customerorder', { limit: '2' }],
		[`retailShift/${UUID_A}/positions`, `/entity/retailshift/${UUID_A}/positions`, {}],
		[`/entity/customerOrder/${UUID_A}/`, `/entity/customerorder/${UUID_A}`, {}],
		['Entity/Assortment', '/entity/assortment', {}],
		['entity', '/entity', {}],
		['/entity/customNew/metadata', '/entity/customNew/metadata', {}],
		['/api/remap/1.2/entity/counterparty', '/entity/counterparty', {}],
		['api/remap/1.2/counterparty', '/entity/counterparty', {}],
		[`${BASE}/api/remap/1.2/entity/x?a=1`, '/entity/x', { a: '1' }],
		[`${BASE}/${BASE}/entity/x`, '/entity/x', {}],
		['api.moysklad.ru/api/remap/1.2/entity/x', '/entity/x', {}],
		['https://online.moysklad.ru/api/remap/1.2/entity/x', '/entity/x', {}],
		['https://dev.moysklad.ru/doc/api/remap/1.2/entity/x', '/entity/x', {}],
		['http://api.moysklad.ru:8443/api/remap/1.2/report/stock/all', '/report/stock/all', {}],
		['/report/stock/all/current', '/report/stock/all/current', {}],
		['/spaceship', '/spaceship', {}],
	])('%s', (given, path, query) => {
		expect(addressOf(given, BASE)).toEqual({ path, query });
	});

	it.each([
		['https://api.moysklad.ru/api/remap/1.2/entity/x?limit=1', { limit: '1' }],
		['https://gate.example/ms/entity/x', {}],
		['https://gate.example/ms/api/remap/1.2/entity/x', {}],
		['https://gate.example/api/remap/1.2/entity/x', {}],
		['gate.example/ms/entity/x', {}],
		['/ms/api/remap/1.2/entity/x', {}],
		['/api/remap/1.2/entity/x', {}],
		['x', {}, 'entity/x'],
	])('%s behind an own base URL', (given, query, asked = given) => {
		const base = 'https://gate.example/ms';
		expect(addressOf(asked, base)).toEqual({ path: '/entity/x', query });
		expect(() => addressOf('https://evil.example/ms/entity/x', base)).toThrow("'Path'");
		expect(() => addressOf('https://gate.example/other/entity/x', base)).toThrow("'Path'");
	});

	it.each([
		'https://evil.example/api/remap/1.2/entity/x',
		'//evil.example/api/remap/1.2/entity/x',
		'ftp://api.moysklad.ru/api/remap/1.2/entity/x',
		'https://notmoysklad.ru/api/remap/1.2/entity/x',
		'https://dev.moysklad.ru/doc/api/remap/1.2/#/general',
		'https://api.moysklad.ru/api/remap/1.1/entity/x',
		'https://user:secret@api.moysklad.ru/api/remap/1.2/entity/x',
		'https://api.moysklad.ru.evil.example/api/remap/1.2/entity/x',
		'/../../../x',
		'/entity/../../../../x',
		'/entity/..%2f..%2fx',
		'/entity/a%5Cb',
		'javascript:alert(1)',
		'/',
		'https://online.moysklad.ru/app/#good/edit?id=1',
	])('%s is refused', (given) => {
		expect(() => addressOf(given, BASE)).toThrow("'Path'");
	});

	it('never leaves the API, whatever is written', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (given) => {
				let path: string;
				try {
					({ path } = addressOf(given, BASE));
				} catch {
					return;
				}
				const url = new URL(BASE + path);
				expect(url.href.startsWith(`${BASE}/`)).toBe(true);
				expect(url.pathname).toBe(`/api/remap/1.2${path}`);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('headers of a free request', () => {
	it('are taken over, in the spelling of those that the connection sets', () => {
		const rows = [
			{ name: 'X-Lognex-Precision', value: ' true ' },
			{ name: 'accept-language', value: 'ru' },
			{ name: ' ', value: 'x' },
		];
		expect(headersOf(rows)).toEqual({ 'X-Lognex-Precision': 'true', 'Accept-Language': 'ru' });
	});

	it.each([
		[{ name: 'AUTHORIZATION', value: 'Bearer x' }],
		[{ name: 'Host', value: 'evil.example' }],
		[{ name: 'accept-encoding', value: 'identity' }],
		[{ name: 'X-A\r\nAuthorization', value: 'x' }],
		[{ name: 'X-A', value: 'x\r\nAuthorization: y' }],
		[{ name: 'X-A', value: 'товар' }],
	])('%j is refused', (row) => {
		expect(() => headersOf([row])).toThrow("'Headers'");
	});

	it('of one name are refused when they come twice', () => {
		expect(() =>
			headersOf([
				{ name: 'X-A', value: '1' },
				{ name: 'x-a', value: '2' },
			]),
		).toThrow('twice');
	});
});

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
	answerOf(status, Buffer.from(JSON.stringify(value)), {
		'content-type': 'application/json;charset=utf-8',
		...headers,
	});

const run = async (path: string, control: IDataObject, answer: Parameters<typeof fakeWork>[0]) => {
	const fake = fakeWork(answer);
	const call = callOf(send, { path: { path }, control: { method: 'GET', ...control } });
	return { ...fake, outputs: await send.perform?.(call, fake.work) };
};

describe('the answer of a free request', () => {
	it('is one item for an object, one for each element of an array', async () => {
		expect((await run('/entity/x', {}, () => json({ a: 1 }))).outputs).toEqual([
			{ json: { a: 1 } },
		]);
		expect(jsonOutputs([{ a: 1 }, 2, null, [3]])).toEqual([
			{ json: { a: 1 } },
			{ json: { value: 2 } },
			{ json: { value: null } },
			{ json: { value: [3] } },
		]);
		expect(jsonOutputs([])).toEqual([]);
	});

	it('is a success without a body, and tells where a task is found', async () => {
		const empty = answerOf(202, Buffer.alloc(0), { location: `${BASE}/async/${UUID_A}/result` });
		expect((await run('/entity/x', {}, () => empty)).outputs).toEqual([
			{ json: { success: true, status: 202, location: `${BASE}/async/${UUID_A}/result` } },
		]);
	});

	it('is a file when it is no JSON', async () => {
		const pdf = answerOf(200, Buffer.from('%PDF-1.7'), {
			'content-type': 'application/pdf',
			'content-disposition': 'attachment; filename="order.pdf"',
		});
		const control = { method: 'POST', body: { template: {} }, outputField: 'form' };
		const { outputs, sent } = await run(`/entity/demand/${UUID_A}/export`, control, () => pdf);
		expect(outputs?.[0].binary?.form).toMatchObject({ fileName: 'order.pdf' });
		expect(outputs?.[0].json).toMatchObject({ mimeType: 'application/pdf', size: 8 });
		expect(sent[0]).toMatchObject({ expects: 'bytes', followToStorage: true });
	});

	it('is an error when it is a web page, or no JSON though JSON is wanted', async () => {
		const page = answerOf(200, Buffer.from('<html>'), { 'content-type': 'text/html' });
		await expect(run('/entity/x', {}, () => page)).rejects.toThrow('a web page');
		const text = answerOf(200, Buffer.from('hello'), { 'content-type': 'text/plain' });
		await expect(run('/entity/x', { responseFormat: 'json' }, () => text)).rejects.toThrow('JSON');
	});

	it('is a file when a file is wanted, also when it holds JSON', async () => {
		const { outputs } = await run('/entity/x', { responseFormat: 'file' }, () => json({ a: 1 }));
		expect(Buffer.from(outputs?.[0].binary?.data.data ?? '', 'base64').toString()).toBe('{"a":1}');
	});
});

describe('an array with refused elements', () => {
	const mixed = [{ id: 1 }, { errors: [{ error: 'No', code: 3006 }] }, { info: 'x' }];
	const control = { method: 'POST', body: [{}, {}, {}] };

	it('fails the item, names them, and carries the whole answer', async () => {
		const failed = run('/entity/x', control, () => json(mixed, 412));
		await expect(failed).rejects.toThrow('1 of 3 elements of the array were refused (1, counted');
		const error = await failed.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(CallFailed);
		expect((error as CallFailed).details).toMatchObject({
			status: 412,
			problem: { code: 3006, answer: mixed },
		});
	});

	it('is returned as it is when the user wants that', async () => {
		const given = { ...control, elementErrors: 'return' };
		const { outputs, sent } = await run('/entity/x', given, () => json(mixed));
		expect(outputs?.map((output) => output.json)).toEqual(mixed);
		expect(sent[0].mixed).toBe(true);
	});

	it('are those with errors, and nothing else', () => {
		expect(refusedElements(mixed)).toEqual([1]);
		expect(refusedElements([null, { errors: [] }, 'errors'])).toEqual([]);
		expect(refusedElements({ errors: [1] })).toEqual([]);
	});
});

describe('all rows of a list', () => {
	const pagesOf = (size: number) => (asked: { query?: IDataObject }) => {
		const offset = Number(asked.query?.offset);
		const limit = Number(asked.query?.limit);
		const rows = Array.from(
			{ length: Math.max(0, Math.min(limit, size - offset)) },
			(_, index) => ({
				id: String(offset + index),
			}),
		);
		const meta = { size, ...(offset + limit < size ? { nextHref: 'more' } : {}) };
		return answerOf(200, { meta, rows });
	};

	it('are read page by page: 1000 rows, 100 with expand', async () => {
		const plain = await run('/entity/x', { allRows: true }, pagesOf(2500));
		expect(plain.outputs).toHaveLength(2500);
		expect(plain.sent).toHaveLength(3);
		const expanded = await run('/entity/x?expand=agent', { allRows: true }, pagesOf(250));
		expect(expanded.sent.map(({ query }) => query?.limit)).toEqual([100, 100, 100]);
		expect(expanded.sent[0].query).toMatchObject({ expand: 'agent', offset: 0 });
		const notes = await run(`/entity/task/${UUID_A}/notes`, { allRows: true }, pagesOf(150));
		expect(notes.sent.map(({ query }) => query?.limit)).toEqual([100, 100]);
	});

	it('are read in the largest pages whatever limit says, from the offset on', async () => {
		const { sent, outputs } = await run('/entity/x?limit=2', { allRows: true }, pagesOf(1170));
		expect(sent.map(({ query }) => query?.limit)).toEqual([1000, 1000]);
		expect(outputs).toHaveLength(1170);
		const later = await run('/report/x?offset=5&limit=1', { allRows: true }, pagesOf(1170));
		expect(later.sent.map(({ query }) => query)).toEqual([
			{ limit: 1000, offset: 5 },
			{ limit: 1000, offset: 1005 },
		]);
		expect(later.outputs).toHaveLength(1165);
		await expect(run('/entity/x?offset=x', { allRows: true }, pagesOf(1))).rejects.toThrow("'x'");
	});

	it('of a bare array are its elements, with and without Return All', async () => {
		const array = () => json([{ a: 1 }, { a: 2 }]);
		for (const path of ['/report/stock/all/current', '/report/stock/bystore/current?x=1']) {
			for (const allRows of [true, false]) {
				const { outputs, sent } = await run(path, { allRows }, array);
				expect(outputs).toEqual([{ json: { a: 1 } }, { json: { a: 2 } }]);
				expect(sent).toHaveLength(1);
				expect(sent[0].query).not.toHaveProperty('limit');
			}
		}
		const elsewhere = await run('/report/x', { allRows: true }, () => answerOf(200, [{ a: 1 }]));
		expect(elsewhere.outputs).toEqual([{ json: { a: 1 } }]);
	});

	it('of one page are items, too, unless the whole answer is wanted', async () => {
		const list = { meta: { size: 7 }, rows: [{ a: 1 }, { a: 2 }] };
		const { outputs, sent } = await run('/entity/x?limit=2', {}, () => json(list));
		expect(outputs).toEqual([{ json: { a: 1 } }, { json: { a: 2 } }]);
		expect(sent.map(({ query }) => query)).toEqual([{ limit: '2' }]);
		expect((await run('/entity/x', {}, () => json({ meta: {}, rows: [] }))).outputs).toEqual([]);
		const whole = await run('/entity/x', { responseFormat: 'whole' }, () => json(list));
		expect(whole.outputs).toEqual([{ json: list }]);
		const deep = { positions: { rows: [{ a: 3 }] } };
		const at = await run('/entity/x', { rowsAt: 'positions.rows' }, () => json(deep));
		expect(at.outputs).toEqual([{ json: { a: 3 } }]);
		expect((await run('/entity/x', {}, () => json(deep))).outputs).toEqual([{ json: deep }]);
	});

	it('of an object are refused by name', async () => {
		await expect(
			run('/entity/x', { allRows: true }, () => answerOf(200, { id: '1' })),
		).rejects.toThrow("'Return All' is on, and the answer holds no list at 'rows'");
	});
});

describe('the query of a free request', () => {
	it('comes from the path, the rows and the JSON', async () => {
		const control = {
			queryParameters: [
				{ name: 'filter', value: 'a=1' },
				{ name: 'id', value: '1' },
				{ name: 'id', value: '2' },
			],
			queryJson: { expand: 'agent' },
		};
		const { sent } = await run('/entity/x?limit=5', control, () => json({}));
		expect(sent[0].query).toEqual({ limit: '5', filter: 'a=1', id: ['1', '2'], expand: 'agent' });
	});

	it('of a POST is repeated only when the user says that it is safe', async () => {
		const body = { method: 'POST', body: {} };
		expect((await run('/x', body, () => json({}))).sent[0].idempotent).toBeUndefined();
		const safe = { ...body, safeToRepeat: true };
		expect((await run('/x', safe, () => json({}))).sent[0].idempotent).toBe(true);
	});
});

/** Where the other vendors' APIs lie. */
const BASES = {
	altegio: 'https://api.alteg.io/api/v1',
	inspectorCloud: 'https://shop.inspector-cloud.com/api/data/v1.3',
	yandexMarket: 'https://api.partner.market.yandex.ru',
};

describe("addresses of the other vendors' APIs", () => {
	it.each<[ApiRequestRules, string, string, string, IDataObject?]>([
		[yandexMarket, BASES.yandexMarket, '/v2/campaigns?limit=5', '/v2/campaigns', { limit: '5' }],
		[yandexMarket, BASES.yandexMarket, 'campaigns/1/orders/', '/v2/campaigns/1/orders'],
		[
			yandexMarket,
			BASES.yandexMarket,
			'https://api.partner.market.yandex.net/v2/businesses/7/offer-mappings',
			'/v2/businesses/7/offer-mappings',
		],
		[yandexMarket, BASES.yandexMarket, '/v1/something', '/v1/something'],
		[altegio, BASES.altegio, '/companies?my=1', '/companies', { my: '1' }],
		[altegio, BASES.altegio, 'https://api.yclients.com/api/v1/staff/4564', '/staff/4564'],
		[altegio, BASES.altegio, 'api/v1/staff/4564', '/staff/4564'],
		[
			altegio,
			BASES.altegio,
			'https://api.alteg.io/api/v2/locations/4564/services',
			'/v2/locations/4564/services',
		],
		[altegio, BASES.altegio, '/api/v2/locations/4564/services', '/v2/locations/4564/services'],
		[inspectorCloud, BASES.inspectorCloud, 'visits', '/visits/'],
		[inspectorCloud, BASES.inspectorCloud, `${BASES.inspectorCloud}/visits/5/`, '/visits/5/'],
		[
			inspectorCloud,
			BASES.inspectorCloud,
			'https://demo.inspector-cloud.com/api/data/v1.2/stores/?limit=2',
			'/stores/',
			{ limit: '2' },
		],
		[inspectorCloud, BASES.inspectorCloud, '/api/v1.5/sku/', '/api/v1.5/sku/'],
	])('%#', (rules, base, given, path, query = {}) => {
		expect(addressBy(given, base, rules)).toEqual({ path, query });
	});

	it.each<[ApiRequestRules, string, string[]]>([
		[
			yandexMarket,
			BASES.yandexMarket,
			[
				'https://partner.market.yandex.ru/business/1/orders',
				'https://api.partner.market.yandex.ru.evil.example/v2/campaigns',
				'https://yandex.ru/dev/market/partner-api/doc/en/reference/orders/getOrders',
			],
		],
		[
			altegio,
			BASES.altegio,
			['https://evil.example/api/v1/staff/1', 'https://app.alteg.io/timetable/1'],
		],
		[
			inspectorCloud,
			BASES.inspectorCloud,
			[
				'https://inspector-cloud.com.evil.example/api/v1.5/sku/',
				'https://evil.example/visits/',
				'/',
			],
		],
	])('%#: other hosts are refused', (rules, base, wrong) => {
		for (const given of [...wrong, '//evil.example/x', '/a/..%2fb', '/../../x/../../../y//z']) {
			expect(() => addressBy(given, base, rules)).toThrow("'Path'");
		}
	});

	it('never lead out of the API, whatever is written', () => {
		const all: Array<[ApiRequestRules, string]> = [
			[yandexMarket, BASES.yandexMarket],
			[altegio, BASES.altegio],
			[inspectorCloud, BASES.inspectorCloud],
		];
		fc.assert(
			fc.property(
				fc.constantFrom(...all),
				fc.oneof(fc.string(), fc.webUrl(), fc.webPath()),
				([rules, base], given) => {
					let path: string;
					try {
						({ path } = addressBy(given, base, rules));
					} catch {
						return;
					}
					expect(new URL(base + path).href.startsWith(`${base}/`)).toBe(true);
				},
			),
			{ numRuns: 500 },
		);
	});
});

describe("lists of the other vendors' APIs", () => {
	const all = async (
		rules: ApiRequestRules,
		path: string,
		answer: Parameters<typeof fakeWork>[0],
		control: IDataObject = {},
	) => {
		const operation = apiRequestOperation(rules);
		const fake = fakeWork(answer);
		const call = callOf(operation, {
			path: { path },
			baseUrl: BASES.yandexMarket,
			control: { method: 'GET', allRows: true, ...control },
		});
		const outputs = (await operation.perform?.(call, fake.work)) ?? [];
		return {
			rows: outputs.map((output) => output.json.id),
			asked: fake.sent.map(({ query }) => query),
		};
	};
	const ids = (from: number, count: number) =>
		Array.from({ length: count }, (_, at) => ({ id: from + at }));

	it('go on by a token, also when they are read by POST', async () => {
		const { rows, asked } = await all(
			yandexMarket,
			'/v2/businesses/7/offer-mappings?limit=2',
			(_request, index) =>
				answerOf(200, {
					status: 'OK',
					result: {
						offerMappings: ids(index * 2, index < 2 ? 2 : 1),
						paging: index < 2 ? { nextPageToken: `t${index}` } : {},
					},
				}),
			{ method: 'POST', body: {} },
		);
		expect(rows).toEqual([0, 1, 2, 3, 4]);
		expect(asked).toEqual([
			{ limit: '2' },
			{ limit: '2', page_token: 't0' },
			{ limit: '2', page_token: 't1' },
		]);
	});

	it('go on by the number of pages, where there is no token', async () => {
		const { rows, asked } = await all(yandexMarket, '/v2/campaigns', (_request, index) =>
			answerOf(200, {
				campaigns: ids(index * 2, 2),
				pager: { currentPage: index + 1, pagesCount: 2 },
			}),
		);
		expect(rows).toEqual([0, 1, 2, 3]);
		expect(asked).toEqual([{}, { page: 2 }]);
	});

	it('with two lists in an answer need to be told which', async () => {
		const answer = () => answerOf(200, { result: { skus: ids(0, 1), warehouses: ids(5, 1) } });
		await expect(all(yandexMarket, '/v2/x', answer)).rejects.toThrow('holds no list');
		const { rows } = await all(yandexMarket, '/v2/x', answer, { rowsAt: 'result.warehouses' });
		expect(rows).toEqual([5]);
	});

	it('go on until the total is reached', async () => {
		const { rows, asked } = await all(altegio, '/clients/4564', (_request, index) =>
			answerOf(200, { data: ids(index * 3, index === 2 ? 1 : 3), meta: { total_count: 7 } }),
		);
		expect(rows).toHaveLength(7);
		expect(asked).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }]);
	});

	it('go on while pages are full, when the query gives their size; else there is one', async () => {
		const answer = (_request: unknown, index: number) =>
			answerOf(200, { success: true, data: ids(index * 2, index === 1 ? 1 : 2), meta: {} });
		const sized = await all(altegio, '/records/4564?count=2', answer);
		expect(sized.rows).toEqual([0, 1, 2]);
		expect(sized.asked).toEqual([
			{ count: '2', page: 1 },
			{ count: '2', page: 2 },
		]);
		expect((await all(altegio, '/staff/4564', answer)).asked).toEqual([{ page: 1 }]);
	});

	it('go on by offset, without following a link', async () => {
		const { rows, asked } = await all(inspectorCloud, '/visits/?limit=2', (_request, index) =>
			answerOf(200, {
				count: 3,
				next: index === 0 ? 'http://elsewhere.example/visits/?offset=9' : null,
				results: ids(index * 2, index === 0 ? 2 : 1),
			}),
		);
		expect(rows).toEqual([0, 1, 2]);
		expect(asked).toEqual([
			{ limit: '2', offset: 0 },
			{ limit: '2', offset: 2 },
		]);
	});
});

describe('a good status with bad news', () => {
	const answered = async (
		rules: ApiRequestRules,
		vendor: typeof altegioVendor,
		body: IDataObject,
	) => {
		const operation = apiRequestOperation(rules);
		const { work } = fakeWork(() => json(body));
		const call = callOf(operation, {
			path: { path: '/v2/x' },
			baseUrl: BASES.yandexMarket,
			control: { method: 'GET' },
		});
		return await operation.perform?.(call, { ...work, vendor });
	};

	it('is an error in the words of the vendor', async () => {
		const yandex = { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'No such shop' }] };
		await expect(answered(yandexMarket, yandexVendor, yandex)).rejects.toMatchObject({
			details: { problem: { code: 'BAD_REQUEST' } },
		});
		const altegioSays = { success: false, data: null, meta: { message: 'No access' } };
		await expect(answered(altegio, altegioVendor, altegioSays)).rejects.toMatchObject({
			details: { problem: { text: 'No access' } },
		});
	});

	it('what is empty comes as it should have', async () => {
		const outputs = await answered(altegio, altegioVendor, {
			success: true,
			data: [{ id: 1, client: [] }],
		});
		expect(outputs).toEqual([{ json: { id: 1, client: {} } }]);
	});
});
