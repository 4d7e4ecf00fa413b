import { name, version } from '../../package.json';
import fc from 'fast-check';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import {
	connect as connectAltegio,
	readProblem as altegioProblem,
} from '../../nodes/Altegio/connection';
import {
	connect as connectInspector,
	readProblem as inspectorProblem,
} from '../../nodes/InspectorCloud/connection';
import {
	connect as connectMoySklad,
	readProblem as moySkladProblem,
	readVerdict as moySkladVerdict,
	requestWeight,
} from '../../nodes/MoySklad/connection';
import {
	connect as connectYandex,
	isFailure as yandexFailed,
	readProblem as yandexProblem,
	readVerdict as yandexVerdict,
} from '../../nodes/YandexMarket/connection';
import type { ApiAnswer, ApiRequest } from '../../nodes/shared/catalogue';
import { baseUrlOf, tokenOf } from '../../nodes/shared/road/credentials';
import { Planner } from '../../nodes/shared/road/planner';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { FakeClock } from './fakeClock';
import { answerOf, everythingIn } from './samples';

const get = (path: string): ApiRequest => ({ method: 'GET', path });

describe('an address as people type it', () => {
	it.each([
		['demo.inspector-cloud.com', 'https://demo.inspector-cloud.com'],
		['https://demo.inspector-cloud.com', 'https://demo.inspector-cloud.com'],
		['https://demo.inspector-cloud.com/', 'https://demo.inspector-cloud.com'],
		['  demo.inspector-cloud.com///  ', 'https://demo.inspector-cloud.com'],
		['HTTPS://Demo.Example/API/', 'https://demo.example/API'],
		['http://127.0.0.1:8080/api/', 'http://127.0.0.1:8080/api'],
		['localhost:8080', 'https://localhost:8080'],
		['https://a.example/api?x=1#y', 'https://a.example/api'],
		['https://пример.example', 'https://xn--e1afmkfd.example'],
		['https://[::1]:8080/x', 'https://[::1]:8080/x'],
		['https://a.example:443/', 'https://a.example'],
	])('%s is %s', (typed, url) => {
		expect(baseUrlOf(typed, 'Host', 'a.example')).toBe(url);
	});

	it.each([
		undefined,
		null,
		'',
		'   ',
		'https://',
		'ftp://a.example',
		'file:///etc/passwd',
		'not an address',
	])('%s is refused by the name of its field, with an example', (typed) => {
		const read = () => baseUrlOf(typed, 'Instance Host', 'your.example');
		expect(read).toThrow(InputProblem);
		expect(read).toThrow("'Instance Host'");
		try {
			read();
		} catch (error) {
			expect((error as InputProblem).hint).toContain('your.example');
		}
	});

	it.each([
		'https://user:pa55word@a.example',
		'user:pa55word@a.example',
		'https://user:pa55word@bad host',
	])('%s is refused without repeating the password', (typed) => {
		let thrown: unknown;
		try {
			baseUrlOf(typed, 'Host', 'a.example');
		} catch (error) {
			thrown = error;
		}
		expect(thrown).toBeInstanceOf(InputProblem);
		expect(
			everythingIn({ ...(thrown as InputProblem), message: (thrown as Error).message }),
		).not.toContain('pa55word');
	});
});

describe('missing fields', () => {
	const moySklad = { authentication: 'accessToken', accessToken: 't' };
	const login = { authentication: 'login', login: 'a@b', password: 'p' };
	type Connect = (credentials: ICredentialDataDecryptedObject) => unknown;
	it.each([
		['MoySklad token', connectMoySklad, { ...moySklad, accessToken: '' }, 'Access Token'],
		[
			'MoySklad token of blanks',
			connectMoySklad,
			{ ...moySklad, accessToken: '  ' },
			'Access Token',
		],
		['MoySklad login', connectMoySklad, { ...login, login: '' }, 'Login and Password'],
		['MoySklad password', connectMoySklad, { ...login, password: undefined }, 'Login and Password'],
		['MoySklad address', connectMoySklad, { ...moySklad, baseUrl: 'ftp://x' }, 'API Base URL'],
		['Yandex key', connectYandex, { host: 'ru', apiKey: ' ' }, 'API Key'],
		['Yandex address', connectYandex, { host: 'custom', apiKey: 'k', customUrl: '' }, 'Custom URL'],
		['Altegio partner token', connectAltegio, { userToken: 'u' }, 'Partner Token'],
		['Altegio user token', connectAltegio, { partnerToken: 'p', userToken: ' ' }, 'User Token'],
		[
			'Altegio address',
			connectAltegio,
			{ partnerToken: 'p', userToken: 'u', platform: 'custom', customUrl: '' },
			'Custom URL',
		],
		['Inspector token', connectInspector, { host: 'a.example', token: '' }, 'Token'],
		['Inspector host', connectInspector, { host: '', token: 't' }, 'Instance Host'],
		[
			'Inspector version',
			connectInspector,
			{ host: 'a.example', token: 't', dataApiVersion: '1.3/..' },
			'Data API Version',
		],
	] as Array<[string, Connect, IDataObject, string]>)('%s', (_, connect, credentials, label) => {
		const connecting = () => connect(credentials as ICredentialDataDecryptedObject);
		expect(connecting).toThrow(InputProblem);
		expect(connecting).toThrow(`'${label}'`);
	});
});

describe('base URLs', () => {
	it.each([
		[
			'MoySklad',
			() => connectMoySklad({ accessToken: 't' }),
			'https://api.moysklad.ru/api/remap/1.2',
		],
		[
			'MoySklad elsewhere',
			() => connectMoySklad({ accessToken: 't', baseUrl: 'http://localhost:1/api/remap/1.2/' }),
			'http://localhost:1/api/remap/1.2',
		],
		[
			'Yandex .ru',
			() => connectYandex({ apiKey: 'k', host: 'ru' }),
			'https://api.partner.market.yandex.ru',
		],
		[
			'Yandex .net',
			() => connectYandex({ apiKey: 'k', host: 'net' }),
			'https://api.partner.market.yandex.net',
		],
		[
			'Yandex by default',
			() => connectYandex({ apiKey: 'k' }),
			'https://api.partner.market.yandex.ru',
		],
		[
			'Yandex elsewhere',
			() => connectYandex({ apiKey: 'k', host: 'custom', customUrl: 'http://localhost:2/' }),
			'http://localhost:2',
		],
		[
			'Yandex through a proxy',
			() => connectYandex({ apiKey: 'k', host: 'net', baseUrl: ' proxy.example/market/ ' }),
			'https://proxy.example/market',
		],
		[
			'YCLIENTS through a proxy',
			() =>
				connectAltegio({
					partnerToken: 'p',
					userToken: 'u',
					platform: 'yclients',
					baseUrl: 'http://localhost:3/api/v1/',
				}),
			'http://localhost:3/api/v1',
		],
		[
			'Altegio',
			() => connectAltegio({ partnerToken: 'p', userToken: 'u' }),
			'https://api.alteg.io/api/v1',
		],
		[
			'YCLIENTS',
			() => connectAltegio({ partnerToken: 'p', userToken: 'u', platform: 'yclients' }),
			'https://api.yclients.com/api/v1',
		],
		[
			'Altegio elsewhere',
			() =>
				connectAltegio({
					partnerToken: 'p',
					userToken: 'u',
					platform: 'custom',
					customUrl: 'http://localhost:3/api/v1/',
				}),
			'http://localhost:3/api/v1',
		],
		[
			'Inspector Cloud',
			() => connectInspector({ host: 'demo.example/', token: 't' }),
			'https://demo.example/api/data/v1.3',
		],
		[
			'Inspector Cloud, another version',
			() => connectInspector({ host: 'http://demo.example', token: 't', dataApiVersion: 'v1.0' }),
			'http://demo.example/api/data/v1.0',
		],
	])('%s', (_, connection, url) => {
		expect(connection().baseUrl).toBe(url);
	});
});

describe('headers', () => {
	it('of MoySklad demand gzip and the Accept header that its docs give', () => {
		expect(connectMoySklad({ accessToken: 't' }).headers).toMatchObject({
			Accept: 'application/json;charset=utf-8',
			'Accept-Encoding': 'gzip',
		});
	});

	it("of Altegio and YCLIENTS ask for each platform's own shape", () => {
		const tokens = { partnerToken: 'p', userToken: 'u' };
		expect(connectAltegio(tokens).headers.Accept).toBe('application/vnd.api.v2+json');
		expect(connectAltegio({ ...tokens, platform: 'yclients' }).headers.Accept).toBe(
			'application/vnd.yclients.v2+json',
		);
	});

	it('of Yandex Market name the integration in at most 100 characters of ASCII', () => {
		expect(connectYandex({ apiKey: 'k' }).headers['X-Market-Integration']).toMatch(
			/^[\x21-\x7e]{1,100}$/,
		);
	});
});

describe('budget keys', () => {
	it('hold no secret in clear', () => {
		const secret = 'sup3r-s3cret';
		const connections = [
			connectMoySklad({ accessToken: secret }),
			connectMoySklad({ authentication: 'login', login: 'a@b', password: secret }),
			connectYandex({ apiKey: secret }),
			connectAltegio({ partnerToken: secret, userToken: secret }),
			connectInspector({ host: 'a.example', token: secret }),
		];
		for (const connection of connections) {
			expect(everythingIn(connection)).not.toContain(secret);
			expect(everythingIn(connection)).not.toContain(Buffer.from(secret).toString('base64'));
		}
	});

	it('are the same for the same account, and differ between accounts and hosts', () => {
		const key = (accessToken: string, baseUrl = '') =>
			connectMoySklad({ accessToken, baseUrl }).budgetKey;
		expect(key('a')).toBe(key('a'));
		expect(key('a')).not.toBe(key('b'));
		expect(key('a')).not.toBe(key('a', 'http://localhost:1'));
		expect(connectYandex({ apiKey: 'a' }).budgetKey).not.toBe(
			connectYandex({ apiKey: 'b' }).budgetKey,
		);
		expect(connectInspector({ host: 'a.example', token: 'a' }).budgetKey).not.toBe(
			connectInspector({ host: 'a.example', token: 'b' }).budgetKey,
		);
	});

	it('of Altegio are the host, because its limits count for an IP address', () => {
		const key = (partnerToken: string, platform = 'altegio') =>
			connectAltegio({ partnerToken, userToken: 'u', platform }).budgetKey;
		expect(key('a')).toBe(key('b'));
		expect(key('a')).not.toBe(key('a', 'yclients'));
	});
});

describe('the weight of a MoySklad request', () => {
	const november = Date.parse('2026-11-21T12:00:00+03:00');
	const lastMoment = Date.parse('2026-11-30T23:59:59+03:00');
	const december = Date.parse('2026-12-01T00:00:00+03:00');
	const august = Date.parse('2026-08-15T00:00:00+03:00');
	it.each([
		['a user, strict', { accessKind: 'user' }, november, 4],
		['a user without any choice', {}, november, 4],
		[
			'a user by the calendar, in November',
			{ accessKind: 'user', rateLimit: 'calendar' },
			november,
			3,
		],
		[
			'a user by the calendar, at the last moment',
			{ accessKind: 'user', rateLimit: 'calendar' },
			lastMoment,
			3,
		],
		[
			'a user by the calendar, from December',
			{ accessKind: 'user', rateLimit: 'calendar' },
			december,
			4,
		],
		['a user by the calendar, on a clock that is behind', { rateLimit: 'calendar' }, august, 3],
		['a login by the calendar', { authentication: 'login', rateLimit: 'calendar' }, november, 3],
		[
			'a login, whatever kind was chosen before',
			{ authentication: 'login', accessKind: 'solution' },
			november,
			4,
		],
		['a solution', { accessKind: 'solution' }, november, 1],
		['a solution, by the calendar', { accessKind: 'solution', rateLimit: 'calendar' }, december, 1],
		['a solution in draft', { accessKind: 'draftSolution' }, november, 4],
		[
			'a solution in draft, by the calendar',
			{ accessKind: 'draftSolution', rateLimit: 'calendar' },
			november,
			4,
		],
	] as Array<[string, IDataObject, number, number]>)('%s: %i', (_, credentials, now, weight) => {
		expect(requestWeight(credentials as ICredentialDataDecryptedObject, now)).toBe(weight);
	});

	it.each([
		['solution', '/report/stock/all', 5],
		['solution', '/report/stock/bystore', 5],
		['solution', '/report/stock/all/current', 1],
		['solution', '/entity/assortment', 1],
		['user', '/report/stock/all', 5],
		['user', '/report/stock/all/current', 4],
	])('of a %s for %s: %i units of 45', (accessKind, path, units) => {
		const [window] = connectMoySklad({ accessToken: 't', accessKind }).policy.windows;
		expect(window).toMatchObject({ units: 45, perMs: 3000 });
		expect(window.weigh(get(path))).toBe(units);
	});
});

describe("MoySklad's word on the budget", () => {
	const limited = (headers: Record<string, string>, code?: number): ApiAnswer =>
		answerOf(429, code ? { errors: [{ error: 'x', code }] } : '', headers);
	it.each([
		['rate, with milliseconds', limited({ 'x-lognex-retry-after': '1200' }, 1049), 'rate', 1200],
		['rate, known by the header alone', limited({ 'x-lognex-retry-after': '1200' }), 'rate', 1200],
		['rate, known by the code alone', limited({ 'x-lognex-reset': '900' }, 1049), 'rate', 900],
		['parallel', limited({}, 1073), 'parallel', undefined],
		[
			'parallel, with the headers of the rate',
			limited({ 'x-lognex-retry-after': '5' }, 1073),
			'parallel',
			5,
		],
		['no code and no header', limited({}), 'parallel', undefined],
		[
			'a header that is no number',
			limited({ 'x-lognex-retry-after': 'soon' }, 1049),
			'rate',
			undefined,
		],
	])('429, %s', (_, answer, by, retryAfterMs) => {
		expect(moySkladVerdict(answer)).toEqual({ kind: 'refused', by, retryAfterMs });
	});

	it('a good answer tells the share that is left', () => {
		const headers = {
			'x-ratelimit-limit': '45',
			'x-ratelimit-remaining': '9',
			'x-lognex-reset': '1500',
		};
		expect(moySkladVerdict(answerOf(200, {}, headers))).toEqual({
			kind: 'passed',
			left: 0.2,
			resetMs: 1500,
		});
		expect(moySkladVerdict(answerOf(200, {}))).toEqual({ kind: 'passed', resetMs: undefined });
	});
});

describe("Yandex Market's word on the budget", () => {
	const date = 'Tue, 23 Jan 2018 21:59:00 GMT';
	const until = 'Tue, 23 Jan 2018 22:00:00 GMT';
	const limited = (headers: Record<string, string>, message = 'Too many requests') =>
		answerOf(420, { errors: [{ code: 'LIMIT', message }] }, headers);

	it("counts the wait by the answer's own clock, with a second for rounding", () => {
		expect(
			yandexVerdict(
				limited({
					date,
					'x-ratelimit-resource-until': until,
					'x-ratelimit-resource-remaining': '0',
				}),
			),
		).toEqual({ kind: 'refused', by: 'lane', retryAfterMs: 61_000 });
	});

	it('is a matter of parallel requests when it says so, or when nothing tells a time', () => {
		const headers = { date, 'x-ratelimit-resource-until': until };
		expect(yandexVerdict(limited(headers, 'Hit rate limit of 4 parallel requests'))).toMatchObject({
			by: 'parallel',
		});
		expect(yandexVerdict(limited({}))).toMatchObject({ by: 'parallel' });
	});

	it('is a matter of the method when rows are counted and too few are left for this request', () => {
		const headers = { date, 'x-ratelimit-resource-until': until };
		expect(
			yandexVerdict(limited({ ...headers, 'x-ratelimit-resource-remaining': '5' })),
		).toMatchObject({ by: 'lane', retryAfterMs: 61_000 });
	});

	it('is never a wait below zero', () => {
		const past = { date: until, 'x-ratelimit-resource-until': date };
		expect(yandexVerdict(limited(past))).toEqual({
			kind: 'refused',
			by: 'lane',
			retryAfterMs: 1000,
		});
	});

	it('holds the lane after the last good answer', () => {
		const headers = {
			date,
			'x-ratelimit-resource-until': until,
			'x-ratelimit-resource-remaining': '0',
		};
		expect(yandexVerdict(answerOf(200, {}, headers))).toEqual({
			kind: 'passed',
			laneEmptyMs: 61_000,
		});
		expect(
			yandexVerdict(answerOf(200, {}, { ...headers, 'x-ratelimit-resource-remaining': '1' })),
		).toEqual({
			kind: 'passed',
		});
		expect(yandexVerdict(answerOf(200, {}))).toEqual({ kind: 'passed' });
	});

	it('a body that says ERROR has failed', () => {
		expect(yandexFailed(answerOf(200, { status: 'ERROR' }))).toBe(true);
		expect(yandexFailed(answerOf(200, { status: 'OK' }))).toBe(false);
		expect(yandexFailed(answerOf(200, null))).toBe(false);
	});
});

describe.each([
	['Altegio', connectAltegio({ partnerToken: 'p', userToken: 'u' }).policy],
	['Inspector Cloud', connectInspector({ host: 'a.example', token: 't' }).policy],
])("%s's word on the budget", (_, policy) => {
	const verdict = (headers: Record<string, string>, body: unknown = {}) =>
		policy.read(answerOf(429, body, headers), get('/x'));

	it('is in seconds', () => {
		expect(verdict({ 'retry-after': '7' })).toEqual({
			kind: 'refused',
			by: 'rate',
			retryAfterMs: 7000,
		});
	});

	it.each([undefined, 'Sat, 21 Nov 2026 10:00:00 GMT', 'soon', ''])(
		'with Retry-After "%s" is a number',
		(retryAfter) => {
			const said = verdict(retryAfter === undefined ? {} : { 'retry-after': retryAfter });
			expect(said.kind).toBe('refused');
			const wait = said.kind === 'refused' ? (said.retryAfterMs ?? 0) : NaN;
			expect(Number.isFinite(wait)).toBe(true);
			expect(wait).toBeGreaterThanOrEqual(0);
		},
	);

	it('is not asked after a good answer', () => {
		expect(policy.read(answerOf(200, {}), get('/x'))).toEqual({ kind: 'passed' });
	});
});

describe('tokens as people paste them', () => {
	it.each([
		['abc', 'abc'],
		[' abc\n', 'abc'],
		['Bearer abc', 'abc'],
		['bearer  abc', 'abc'],
		['"abc"', 'abc'],
		["'Bearer abc'", 'abc'],
		['Authorization: Bearer abc', 'abc'],
		['Token abc', 'abc'],
		['Api-Key: ACMA:abc:1', 'ACMA:abc:1'],
		['bearerabc', 'bearerabc'],
		[undefined, ''],
	])('%j is the token %j', (raw, token) => expect(tokenOf(raw)).toBe(token));

	it('do not change the budget that a credential has', () => {
		const moySklad = (accessToken: string) => connectMoySklad({ accessToken }).budgetKey;
		expect(moySklad('Bearer abc')).toBe(moySklad('abc'));
		const yandex = (apiKey: string) => connectYandex({ host: 'ru', apiKey }).budgetKey;
		expect(yandex('Api-Key: ACMA:a')).toBe(yandex('ACMA:a'));
	});
});

describe('headers that make no sense', () => {
	const garbage = fc.oneof(
		fc.constantFrom(
			'',
			' ',
			'NaN',
			'Infinity',
			'-Infinity',
			'null',
			'undefined',
			'-1',
			'-0',
			'0x10',
		),
		fc.constantFrom(
			'1e308',
			'99999999999999999999',
			'1, 1',
			'45, 44',
			'Fri, 31 Dec 9999 23:59:59 GMT',
		),
		fc.constantFrom('Infinity-01-01', '12:00', 'soon 7', '٣', '5 s', '+5'),
		fc.string().filter((text) => !/^\s*\d+(\.\d+)?\s*$/.test(text)),
	);
	const policies = [
		['MoySklad', connectMoySklad({ accessToken: 'x' }).policy, 429],
		['Yandex Market', connectYandex({ apiKey: 'x' }).policy, 420],
		['Altegio', connectAltegio({ partnerToken: 'p', userToken: 'u' }).policy, 429],
		['Inspector Cloud', connectInspector({ host: 'a.example', token: 't' }).policy, 429],
	] as const;
	const names = [
		'date',
		'retry-after',
		'x-lognex-reset',
		'x-lognex-retry-after',
		'x-ratelimit-limit',
		'x-ratelimit-remaining',
		'x-ratelimit-resource-limit',
		'x-ratelimit-resource-remaining',
		'x-ratelimit-resource-until',
	];
	/** Every header in turn is garbage, absent, or (the limits) a zero. */
	const headers = fc.record(
		Object.fromEntries(
			names.map((name) => [
				name,
				/limit$/.test(name) ? fc.oneof(garbage, fc.constant('0')) : garbage,
			]),
		),
		{ requiredKeys: [] },
	) as fc.Arbitrary<Record<string, string>>;

	it.each(policies)('neither slow down nor block at %s', async (_, policy, refusal) => {
		const request = get('/x');
		await fc.assert(
			fc.asyncProperty(headers, async (odd) => {
				expect(policy.read(answerOf(429, {}, odd), request)).toEqual(
					policy.read(answerOf(429, {}), request),
				);
				expect(policy.read(answerOf(refusal, {}, odd), request)).toEqual(
					policy.read(answerOf(refusal, {}), request),
				);
				const clock = new FakeClock();
				const planner = new Planner(policy, clock);
				const started = clock.now();
				const turn = await planner.enter(request);
				turn.leave(policy.read(answerOf(200, {}, odd), request));
				await planner.enter(request);
				expect(clock.now()).toBe(started);
			}),
		);
	});

	it.each([
		[{ 'x-ratelimit-limit': '45', 'x-ratelimit-remaining': '46' }, undefined],
		[{ 'x-ratelimit-limit': '100000', 'x-ratelimit-remaining': '3' }, undefined],
		[{ 'x-ratelimit-limit': ' 45 ', 'x-ratelimit-remaining': '9' }, 0.2],
		[{ 'x-ratelimit-limit': '45', 'x-ratelimit-remaining': '0' }, 0],
	])('%j leaves %s of the budget', (told, left) => {
		expect(moySkladVerdict(answerOf(200, {}, told))).toEqual({ kind: 'passed', left });
	});
});

describe('Inspector Cloud', () => {
	const { policy } = connectInspector({ host: 'a.example', token: 't' });
	it('tells the wait in its text, too', () => {
		const body = { detail: 'Request was throttled. Expected available in 31 seconds.' };
		expect(policy.read(answerOf(429, body), get('/x'))).toMatchObject({ retryAfterMs: 31_000 });
	});

	it('counts uploads and recognitions, 100 a minute each, and nothing else', () => {
		const weights = (request: ApiRequest) => policy.windows.map((window) => window.weigh(request));
		expect(policy.windows.map(({ units, perMs }) => [units, perMs])).toEqual([
			[100, 60_000],
			[100, 60_000],
		]);
		expect(weights({ method: 'POST', path: '/uploads/' })).toEqual([1, 0]);
		expect(weights({ method: 'POST', path: '/recognize/' })).toEqual([0, 1]);
		expect(weights(get('/visits/'))).toEqual([0, 0]);
	});
});

describe("a vendor's words", () => {
	it('of MoySklad: first code, all texts, link, parameter, trace; of a bulk answer, too', () => {
		const errors = [
			{ error: 'One', code: 1021, parameter: 'id', moreInfo: 'https://x' },
			{ error: 'Two', error_message: 'more', code: 1034 },
		];
		const problem = {
			code: 1021,
			text: 'One | Two: more',
			link: 'https://x',
			parameter: 'id',
			trace: 't1',
		};
		const headers = { 'x-lognex-request-id': 't1' };
		expect(moySkladProblem(answerOf(400, { errors }, headers))).toEqual(problem);
		expect(moySkladProblem(answerOf(400, [{ id: '1' }, { errors }], headers))).toEqual(problem);
	});

	it('of Yandex Market: code and message, joined, with the trace', () => {
		const errors = [{ code: 'NOT_FOUND', message: 'Outlet not found' }, { code: 'X' }];
		expect(
			yandexProblem(answerOf(404, { status: 'ERROR', errors }, { traceparent: '00-a' })),
		).toEqual({
			code: 'NOT_FOUND',
			text: 'NOT_FOUND: Outlet not found | X',
			trace: '00-a',
		});
		expect(yandexProblem(answerOf(404, { status: 'ERROR', errors: null }))).toBeUndefined();
	});

	it('of Altegio: the message and what is wrong with each field', () => {
		const meta = {
			message: 'Validation',
			errors: { name: ['is empty', 'is short'], phone: 'bad' },
		};
		expect(altegioProblem(answerOf(422, { success: false, meta }))?.text).toBe(
			'Validation | name: is empty, is short | phone: bad',
		);
		// Its own answer all the same: what to check is said in our words.
		expect(altegioProblem(answerOf(404, { success: false, meta: [] }))).toEqual({ wordless: true });
		expect(altegioProblem(answerOf(404, {}))).toBeUndefined();
	});

	it('of Inspector Cloud: a sentence, or what is wrong with each field', () => {
		expect(inspectorProblem(answerOf(404, { detail: 'Not found.' }))?.text).toBe('Not found.');
		expect(inspectorProblem(answerOf(400, { limit: ['bad', 'worse'] }))?.text).toBe(
			'limit: bad, worse',
		);
	});

	it.each([
		['MoySklad', moySkladProblem],
		['Yandex Market', yandexProblem],
		['Altegio', altegioProblem],
		['Inspector Cloud', inspectorProblem],
	])('%s: any body can be read without a fall', (_, read) => {
		const bodies = [
			undefined,
			null,
			'',
			'text',
			5,
			[],
			[null],
			{},
			{ errors: null },
			{ errors: [] },
			{ errors: 'x' },
			{ errors: [null] },
			{ errors: ['text'] },
			{ meta: null },
			{ meta: 'x' },
			{ meta: { errors: [null] } },
			{ detail: {} },
			{ field: [null, {}] },
		];
		for (const body of bodies) expect(() => read(answerOf(400, body))).not.toThrow();
	});
});

describe('the name that Yandex Market shows in its query log', () => {
	it('is that of the package and its version', () => {
		const { headers } = connectYandex({ apiKey: 'key', host: 'ru' });
		expect(headers['X-Market-Integration']).toBe(`${name}/${version}`);
	});
});
