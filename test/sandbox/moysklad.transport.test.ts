import { MOYSKLAD_LOGIN, MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { languageOf } from '../../sandbox/moysklad/errors';
import { call, errorCode, moysklad } from './client';

let sandbox: Sandbox;
let path: string;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 200, limits: 'off' });
	path = `${sandbox.urls.moysklad}/entity/currency`;
});
afterAll(async () => await sandbox.close());

const authorization = `Bearer ${MOYSKLAD_TOKENS.user}`;

describe('encoding and Accept', () => {
	test.each([[{}], [{ 'accept-encoding': 'br' }], [{ 'accept-encoding': 'gzip;q=0' }]])(
		'415 with an empty body without gzip: %j',
		async (headers) => {
			const answer = await call(path, { headers: { authorization, ...headers } });
			expect([answer.status, answer.text]).toEqual([415, '']);
		},
	);

	test('answers really are compressed', async () => {
		const headers = { authorization, 'accept-encoding': 'deflate, gzip' };
		const answer = await call(path, { headers });
		expect(answer.status).toBe(200);
		expect(answer.headers['content-encoding']).toBe('gzip');
		expect(answer.headers['content-type']).toBe('application/json;charset=utf-8');
	});

	test.each([
		['application/json;charset=utf-8', 200],
		['application/json', 200],
		['*/*', 200],
		['application/json, text/plain, */*', 400],
		['text/html', 400],
	])('Accept %s gives %i', async (accept, status) => {
		const answer = await moysklad(sandbox, '/entity/currency', { headers: { accept } });
		expect(answer.status).toBe(status);
		if (status === 400) expect(errorCode(answer)).toBe(1062);
	});

	test('8 KB of headers and address are the limit', async () => {
		const answer = await moysklad(sandbox, `/entity/currency?search=${'a'.repeat(8000)}`);
		expect(answer.status).toBe(414);
		const long = { 'x-long': 'a'.repeat(8100) };
		expect((await moysklad(sandbox, '/entity/currency', { headers: long })).status).toBe(400);
	});
});

describe('authorization', () => {
	const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

	test.each([
		['user token', authorization],
		['solution token', `Bearer ${MOYSKLAD_TOKENS.solution}`],
		['draft solution token', `Bearer ${MOYSKLAD_TOKENS.draftSolution}`],
		['login and password', basic(`${MOYSKLAD_LOGIN.login}:${MOYSKLAD_LOGIN.password}`)],
	])('%s is let in', async (_name, header) => {
		const headers = { 'accept-encoding': 'gzip', authorization: header };
		expect((await call(path, { headers })).status).toBe(200);
	});

	test.each([
		['none', undefined, 1056],
		['a wrong token', 'Bearer nonsense', 1056],
		['a wrong password', basic(`${MOYSKLAD_LOGIN.login}:wrong`), 1056],
		['another scheme', 'Token abc', 1056],
		['an employee without API access', `Bearer ${MOYSKLAD_TOKENS.noApiAccess}`, 1061],
	])('%s is refused', async (_name, header, code) => {
		const answer = await call(path, {
			headers: { 'accept-encoding': 'gzip', ...(header ? { authorization: header } : {}) },
		});
		expect([answer.status, errorCode(answer)]).toEqual([401, code]);
		expect(answer.headers['x-lognex-auth']).toMatch(/^401\d{3}$/);
		expect(answer.headers['x-lognex-auth-message']).not.toBe('');
	});

	test('nobody needs POST /security/token, and its use is noticed', async () => {
		expect((await moysklad(sandbox, '/security/token', { method: 'POST' })).status).toBe(401);
		expect(sandbox.moysklad.tokenRevoked).toBe(false);
		const answer = await call(`${sandbox.urls.moysklad}/security/token`, {
			method: 'POST',
			headers: {
				'accept-encoding': 'gzip',
				authorization: basic(`${MOYSKLAD_LOGIN.login}:${MOYSKLAD_LOGIN.password}`),
			},
		});
		expect(answer.json()).toEqual({ access_token: expect.any(String) });
		expect(sandbox.moysklad.tokenRevoked).toBe(true);
	});

	test('the contexts of user and solution exclude each other', async () => {
		const token = MOYSKLAD_TOKENS.solution;
		const employee = await moysklad(sandbox, '/context/employee');
		expect(employee.json()).toMatchObject({ uid: MOYSKLAD_LOGIN.login });
		expect(errorCode(await moysklad(sandbox, '/context/employee', { token }))).toBe(55006);
		expect(errorCode(await moysklad(sandbox, '/context/application'))).toBe(55005);
		expect((await moysklad(sandbox, '/context/application', { token })).status).toBe(200);
	});
});

describe('errors', () => {
	test('have code, text and link, in Russian or English', async () => {
		const russian = await moysklad(sandbox, '/entity/currency?limit=0');
		const english = await moysklad(sandbox, '/entity/currency?limit=0', {
			headers: { 'accept-language': 'en-US,en;q=0.9' },
		});
		const link = 'https://dev.moysklad.ru/doc/api/remap/1.2/#error_1084';
		expect(russian.json()).toEqual({
			errors: [
				{
					code: 1084,
					error: expect.stringMatching(/^Неверное значение '0'/),
					parameter: 'limit',
					moreInfo: link,
				},
			],
		});
		expect(english.text).toContain("Wrong value '0' of request parameter 'limit'");
	});

	test('the language follows the quality values', () => {
		expect(languageOf(undefined)).toBe('ru');
		expect(languageOf('de')).toBe('ru');
		expect(languageOf('ru;q=0.5, en;q=0.7')).toBe('en');
		expect(languageOf('en;q=0.1, ru-RU')).toBe('ru');
	});

	test.each([
		['/nothing', 404, 1002],
		['/entity/nonsense', 404, 1005],
		['/entity/currency/not-a-uuid', 400, 1000],
		['/entity/currency/7944ef04-f831-11e5-7a69-971500188b19', 404, 1021],
		['/entity/currency?filter=%E0%A4%A', 400, 1058],
	])('GET %s gives %i, code %i', async (address, status, code) => {
		const answer = await moysklad(sandbox, address);
		expect([answer.status, errorCode(answer)]).toEqual([status, code]);
	});

	test('a method that an address does not have gives 405, code 1039', async () => {
		const answer = await moysklad(sandbox, '/entity/assortment', { method: 'POST', body: {} });
		expect([answer.status, errorCode(answer)]).toEqual([405, 1039]);
	});

	test.each([
		['broken JSON', '{"name":\n"a', 400, 2001],
		['a scalar', '5', 400, 2005],
		['nothing', '', 400, 1027],
		['an empty array', '[]', 400, 1027],
		['arrays in an array', '[[{"name":"a"}]]', 400, 2004],
		['deep nesting', `${'{"a":'.repeat(11)}1${'}'.repeat(11)}`, 400, 2006],
		['too many objects', JSON.stringify(Array.from({ length: 1001 }, () => ({}))), 413, 2007],
	])('a body with %s', async (_name, body, status, code) => {
		const answer = await moysklad(sandbox, '/entity/product', { method: 'POST', body });
		expect([answer.status, errorCode(answer)]).toEqual([status, code]);
	});

	test('a body that is not declared as JSON', async () => {
		const headers = { 'content-type': 'text/plain' };
		const options = { method: 'POST' as const, body: { name: 'a' }, headers };
		expect(errorCode(await moysklad(sandbox, '/entity/product', options))).toBe(2001);
	});

	test('more than 20 MB', async () => {
		const body = `{"name":"${'a'.repeat(20 * 1024 * 1024)}"}`;
		const answer = await moysklad(sandbox, '/entity/product', { method: 'POST', body });
		expect([answer.status, errorCode(answer)]).toEqual([413, 1044]);
	});
});
