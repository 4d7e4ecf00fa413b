import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { connect as connectMoySklad } from '../../nodes/MoySklad/connection';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { ApiRequest, Vendor } from '../../nodes/shared/catalogue';
import { Cancelled } from '../../nodes/shared/road/clock';
import { CallFailed, toNodeError } from '../../nodes/shared/errors/errors';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { WaitTooLong } from '../../nodes/shared/road/planner';
import { openRoad, type Road, type RoadContext } from '../../nodes/shared/road/road';
import { credentialsOf, everythingIn, node, vendors } from './samples';
import { FakeClock, settle } from './fakeClock';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const SECRET = 'Bearer s3cr3t-t0ken';

interface Reply {
	status?: number;
	body?: unknown;
	headers?: Record<string, string>;
}
type Step = Reply | Error | ((options: IHttpRequestOptions) => Promise<Reply>);

let clock: FakeClock;
let uninstall: () => void;
let account = 0;
beforeEach(() => {
	clock = new FakeClock();
	uninstall = clock.install();
});
afterEach(() => uninstall());

/**
 * A road whose helpers play the steps one after another. `sent` are the calls with the credential, `plain` those
 * without. Each road has an account, and so a budget, of its own.
 */
async function roadThrough(
	steps: Step[],
	{
		vendor = moySklad,
		credentials,
		signal,
	}: {
		vendor?: Vendor;
		credentials?: IDataObject;
		signal?: AbortSignal;
	} = {},
) {
	const sent: IHttpRequestOptions[] = [];
	const plain: IHttpRequestOptions[] = [];
	const play = async (options: IHttpRequestOptions) => {
		const step = steps.shift();
		if (step === undefined) throw new Error(`Nobody expected ${options.method} ${options.url}`);
		if (step instanceof Error) throw step;
		const {
			status = 200,
			body = {},
			headers = {},
		} = typeof step === 'function' ? await step(options) : step;
		return { statusCode: status, body, headers };
	};
	const context = {
		getNode: () => node,
		getCredentials: async () => ({
			...credentialsOf[vendor.credentialType],
			...(vendor === moySklad ? { accessToken: `account-${++account}` } : {}),
			...credentials,
		}),
		getExecutionCancelSignal: () => signal,
		helpers: {
			httpRequestWithAuthentication: async (type: string, options: IHttpRequestOptions) => {
				expect(type).toBe(vendor.credentialType);
				sent.push(options);
				return await play(options);
			},
			httpRequest: async (options: IHttpRequestOptions) => {
				plain.push(options);
				return await play(options);
			},
		},
	} as unknown as RoadContext;
	const road: Road = await openRoad(context, vendor, clock);
	const send = async (request: ApiRequest) => await clock.finish(road.send(request));
	/** The failure of a request that must fail. */
	const fails = async (request: ApiRequest): Promise<CallFailed> => {
		const error = await send(request).then(
			(answer) => new Error(`It passed with ${JSON.stringify(answer)}`),
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(CallFailed);
		return error as CallFailed;
	};
	return { road, send, fails, sent, plain, left: steps };
}

const get: ApiRequest = { method: 'GET', path: '/entity/assortment' };
const post: ApiRequest = {
	method: 'POST',
	path: '/entity/webhook',
	body: { url: 'https://a.example' },
};
const remove: ApiRequest = { method: 'DELETE', path: '/entity/webhook/1', expects: 'nothing' };

/** A fault as it comes out of n8n's helper: a NodeApiError around axios's error, which drags the request along. */
function fault(code: string | undefined, wrapped = true): Error {
	const axiosError = Object.assign(new Error(`${code ?? 'strange'} with ${SECRET}`), {
		name: 'AxiosError',
		isAxiosError: true,
		...(code === undefined ? {} : { code }),
		config: { headers: { Authorization: SECRET }, url: `https://api.example/?key=${SECRET}` },
		request: { _header: `GET / HTTP/1.1\r\nAuthorization: ${SECRET}` },
	});
	return wrapped ? new NodeApiError(node, axiosError as never) : axiosError;
}

describe('a request on the wire', () => {
	it("goes to the base URL with the connection's headers and its own", async () => {
		const { send, sent } = await roadThrough([{}]);
		await send({ ...get, headers: { 'X-Lognex-Remap-Beta-Feature': 'assortmentWithoutStock' } });
		expect(sent[0]).toMatchObject({
			method: 'GET',
			url: `${ROOT}/entity/assortment`,
			headers: {
				Accept: 'application/json;charset=utf-8',
				'Accept-Encoding': 'gzip',
				'X-Lognex-Remap-Beta-Feature': 'assortmentWithoutStock',
			},
		});
	});

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s: may go to its own host only, follows nothing by itself, and takes a minute at most',
		async (_, vendor) => {
			const { send, sent, road } = await roadThrough([{}], { vendor });
			await send({ method: 'GET', path: '/x' });
			expect(sent[0]).toMatchObject({
				allowedDomains: new URL(road.connection.baseUrl).hostname,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				timeout: 60_000,
			});
			expect(sent[0].sendCredentialsOnCrossOriginRedirect ?? false).toBe(false);
		},
	);

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s: asks for JSON by an Accept header',
		async (_, vendor) => {
			const { send, sent } = await roadThrough([{}], { vendor });
			await send({ method: 'GET', path: '/x' });
			expect(sent[0].headers?.Accept).toMatch(/json/);
		},
	);

	it('may have a time of its own', async () => {
		const { send, sent } = await roadThrough([{}]);
		await send({ ...get, timeoutMs: 5000 });
		expect(sent[0].timeout).toBe(5000);
	});

	it('makes no try that its caller would not wait for, and shortens the last one', async () => {
		const { fails, sent, left } = await roadThrough(
			Array.from({ length: 4 }, () => ({ status: 503 })),
		);
		const { details } = await fails({ ...get, patienceMs: 800 });
		expect(details).toMatchObject({ status: 503 });
		// The pauses are 250, 500 and 1000 ms: the third try would come after 750 ms, the fourth after 1750.
		expect(sent.map(({ timeout }) => timeout)).toEqual([1000, 1000, 1000]);
		expect(left).toHaveLength(1);
	});

	it('does not wait out a refusal that is longer than its caller waits', async () => {
		const { send, sent } = await roadThrough([
			{ status: 429, headers: { 'X-Lognex-Retry-After': '20000' } },
		]);
		const started = clock.now();
		await expect(send({ ...get, patienceMs: 5000 })).rejects.toBeInstanceOf(WaitTooLong);
		expect(clock.now() - started).toBeLessThan(5000);
		expect(sent).toHaveLength(1);
	});

	it('repeats the key of a list in the query', async () => {
		const { send, sent } = await roadThrough([{}]);
		await send({ ...get, query: { ids: [1, 2], limit: 10 } });
		expect(sent[0]).toMatchObject({ qs: { ids: [1, 2], limit: 10 }, arrayFormat: 'repeat' });
	});

	it('has no query when there is nothing to ask', async () => {
		const { send, sent } = await roadThrough([{}]);
		await send({ ...get, query: {} });
		expect(sent[0]).not.toHaveProperty('qs');
	});

	it.each([
		['{}', {}],
		['[]', []],
		['{"enabled":false}', { enabled: false }],
		['[{"a":"é;\\""}]', [{ a: 'é;"' }]],
	])('sends the body as the text %s, because n8n leaves out an empty one', async (text, body) => {
		const { send, sent } = await roadThrough([{}]);
		await send({ ...post, body });
		expect(sent[0].body).toBe(text);
		expect(sent[0].headers?.['Content-Type']).toBe('application/json');
	});

	it('has no body and no content type of its own when there is none', async () => {
		const { send, sent } = await roadThrough([{}]);
		await send(get);
		expect(sent[0]).not.toHaveProperty('body');
		expect(sent[0].headers).not.toHaveProperty('Content-Type');
	});

	it('hands the answer over with header names in lower case', async () => {
		const { send } = await roadThrough([
			{ headers: { 'X-RateLimit-Limit': '45' }, body: { rows: [] } },
		]);
		expect(await send(get)).toEqual({
			status: 200,
			headers: { 'x-ratelimit-limit': '45' },
			body: { rows: [] },
			from: { host: 'api.moysklad.ru', storage: false },
		});
	});

	it('never carries a secret of the credential itself: n8n puts it in', async () => {
		for (const vendor of vendors) {
			const { send, sent } = await roadThrough([{}], {
				vendor,
				credentials: { accessToken: 'my-secret' },
			});
			await send({ method: 'GET', path: '/x' });
			expect(everythingIn(sent)).not.toContain('secret');
		}
	});
});

describe('a redirect', () => {
	it('within the house is followed with the credential', async () => {
		const there = `${ROOT}/entity/product/0a6f`;
		const { send, sent, plain } = await roadThrough([
			{ status: 308, headers: { location: there } },
			{ body: { id: '0a6f' } },
		]);
		expect((await send({ ...get, query: { expand: 'images' } })).body).toEqual({ id: '0a6f' });
		expect(sent[1].url).toBe(there);
		expect(sent[1].headers?.Accept).toBe('application/json;charset=utf-8');
		expect(plain).toHaveLength(0);
	});

	it('may be relative', async () => {
		const { send, sent } = await roadThrough([
			{ status: 301, headers: { location: '/elsewhere' } },
			{},
		]);
		await send(get);
		expect(sent[1].url).toBe('https://api.moysklad.ru/elsewhere');
	});

	it('from http to https of the same host stays in the house, the other way does not', async () => {
		const up = await roadThrough(
			[{ status: 301, headers: { location: 'https://me.example/y' } }, {}],
			{
				credentials: { baseUrl: 'http://me.example' },
			},
		);
		await up.send(get);
		expect(up.sent[1].url).toBe('https://me.example/y');

		const down = await roadThrough(
			[{ status: 301, headers: { location: 'http://me.example/y' } }],
			{
				credentials: { baseUrl: 'https://me.example' },
			},
		);
		await down.fails(get);
		expect(down.sent).toHaveLength(1);
	});

	it.each([
		'https://evil.example/steal',
		'https://api.moysklad.ru.evil.example/',
		'https://api.moysklad.ru:8443/api',
		'//evil.example/x',
		'http://api.moysklad.ru/api',
		'ftp://api.moysklad.ru/x',
	])('to %s is refused, and nothing is sent there', async (location) => {
		const { fails, sent, plain } = await roadThrough([{ status: 302, headers: { location } }]);
		const failure = await fails(get);
		expect(failure.details.cause).toBe('configuration-invalid');
		expect(sent).toHaveLength(1);
		expect(plain).toHaveLength(0);
	});

	it('to a storage is followed without any of our headers where a download allows it', async () => {
		const { send, sent, plain } = await roadThrough([
			{ status: 302, headers: { location: 'https://storage.example/file?sig=1' } },
			{ body: Buffer.from('image') },
		]);
		const answer = await send({
			...get,
			expects: 'bytes',
			followToStorage: true,
			headers: { 'X-Own': '1' },
		});
		expect(answer.body).toEqual(Buffer.from('image'));
		expect(sent).toHaveLength(1);
		expect(plain).toHaveLength(1);
		expect(plain[0]).toMatchObject({
			url: 'https://storage.example/file?sig=1',
			allowedDomains: 'storage.example',
			disableFollowRedirect: true,
			encoding: 'arraybuffer',
		});
		expect(plain[0].headers).toEqual({});
	});

	it('from the storage back to the house does not get the credential again', async () => {
		const { send, sent, plain } = await roadThrough([
			{ status: 302, headers: { location: 'https://storage.example/1' } },
			{ status: 302, headers: { location: `${ROOT}/x` } },
			{ body: Buffer.from('x') },
		]);
		await send({ ...get, expects: 'bytes', followToStorage: true });
		expect(sent).toHaveLength(1);
		expect(plain[1].url).toBe(`${ROOT}/x`);
	});

	it('303 after a POST leads to a storage where a download allows it, without credentials and body', async () => {
		const { send, sent, plain } = await roadThrough([
			{ status: 303, headers: { location: 'https://storage.example/result.pdf?sig=1' } },
			{ body: Buffer.from('%PDF') },
		]);
		const answer = await send({
			...post,
			expects: 'bytes',
			followToStorage: true,
			query: { own: 1 },
			headers: { 'X-Own': '1' },
		});
		expect(answer.body).toEqual(Buffer.from('%PDF'));
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({ method: 'POST', body: JSON.stringify(post.body) });
		expect(plain).toHaveLength(1);
		expect(plain[0]).toMatchObject({
			method: 'GET',
			url: 'https://storage.example/result.pdf?sig=1',
			allowedDomains: 'storage.example',
			headers: {},
		});
		expect(plain[0]).not.toHaveProperty('body');
		expect(plain[0]).not.toHaveProperty('qs');
	});

	it.each([301, 302, 307, 308])(
		'%i after a POST never leads to a storage: the body is not for it',
		async (status) => {
			const { fails, plain } = await roadThrough([
				{ status, headers: { location: 'https://storage.example/x' } },
			]);
			const failure = await fails({ ...post, expects: 'bytes', followToStorage: true });
			expect(failure.details.cause).toBe('configuration-invalid');
			expect(plain).toHaveLength(0);
		},
	);

	it('303 after a POST to another host is refused where nothing is downloaded', async () => {
		const { fails, plain } = await roadThrough([
			{ status: 303, headers: { location: 'https://storage.example/x' } },
		]);
		await fails(post);
		expect(plain).toHaveLength(0);
	});

	it('303 after a POST becomes a GET without body', async () => {
		const { send, sent } = await roadThrough([
			{ status: 303, headers: { location: `${ROOT}/result` } },
			{ body: { done: true } },
		]);
		await send(post);
		expect(sent[1]).toMatchObject({ method: 'GET', url: `${ROOT}/result` });
		expect(sent[1]).not.toHaveProperty('body');
	});

	it.each([301, 302])(
		'%i after a POST is refused instead of being turned into a GET',
		async (status) => {
			const { fails, sent } = await roadThrough([
				{ status, headers: { location: `${ROOT}/other/` } },
			]);
			expect((await fails(post)).details.say).toContain(`HTTP ${status}`);
			expect(sent).toHaveLength(1);
		},
	);

	it.each([307, 308])('%i after a POST keeps method and body', async (status) => {
		const { send, sent } = await roadThrough([
			{ status, headers: { location: `${ROOT}/other` } },
			{},
		]);
		await send(post);
		expect(sent[1]).toMatchObject({ method: 'POST', body: '{"url":"https://a.example"}' });
	});

	it('in a circle ends', async () => {
		const round = Array.from({ length: 20 }, () => ({
			status: 302,
			headers: { location: `${ROOT}/x` },
		}));
		const { fails, sent } = await roadThrough(round);
		await fails(get);
		expect(sent.length).toBeLessThanOrEqual(6);
	});

	it('to something that is no address is told as a redirect, at once', async () => {
		const bad = Array.from({ length: 4 }, () => ({
			status: 302,
			headers: { location: 'https://[bad' },
		}));
		const { fails, sent } = await roadThrough(bad);
		expect((await fails(get)).details.say).toContain('redirects');
		expect(sent).toHaveLength(1);
	});
});

describe('an answer that is no data', () => {
	it.each([
		['a web page', '<!DOCTYPE html><html></html>', 'a web page'],
		['a web page after blanks', '\n  <html>', 'a web page'],
		['broken JSON', '{"rows":[{"id":', 'broken or no JSON'],
		['text', 'OK', 'broken or no JSON'],
		['nothing', '', 'empty'],
		['null', null, 'empty'],
		['a number', 5, 'broken or no JSON'],
	])('%s with 200 is refused, without another try', async (_, body, what) => {
		const { fails, sent } = await roadThrough([{ body }, { body: {} }]);
		expect((await fails(get)).details.say).toBe(
			`MoySklad: the answer is ${what}, not the API's JSON`,
		);
		expect(sent).toHaveLength(1);
	});

	it.each<[string, Reply, ApiRequest]>([
		['an empty 204', { status: 204, body: '' }, get],
		['an empty answer to a deletion', { body: '' }, remove],
		['bytes', { body: Buffer.from('<html>') }, { ...get, expects: 'bytes' as const }],
		['an empty list', { body: [] }, get],
	])('%s is fine', async (_, reply, request) => {
		const { send } = await roadThrough([reply]);
		expect((await send(request)).status).toBe(reply.status ?? 200);
	});

	it('a web page with an error status is told by its status', async () => {
		const { fails } = await roadThrough([{ status: 404, body: '<html>nginx</html>' }]);
		expect((await fails(get)).details).toMatchObject({ status: 404, problem: undefined });
	});

	it.each([
		['Altegio', { success: false, data: null, meta: { message: 'No rights' } }, 'No rights'],
		['Yandex Market', { status: 'ERROR', errors: [{ code: 'X', message: 'Bad' }] }, 'Bad'],
	])('%s: a body that says so has failed, whatever the status', async (name, body, text) => {
		const vendor = vendors.find((one) => one.name === name) as Vendor;
		const { fails } = await roadThrough([{ status: 200, body }], { vendor });
		expect((await fails({ method: 'GET', path: '/x' })).details.problem?.text).toContain(text);
	});
});

describe('a bulk call', () => {
	const bulk: ApiRequest = { method: 'POST', path: '/entity/webhook', body: [], mixed: true };
	const mixed = [{ id: '1' }, { errors: [{ error: 'no', code: 30003 }] }];

	it.each([200, 400, 412])(
		'hands its array over with HTTP %i: the elements tell of themselves',
		async (status) => {
			const { send } = await roadThrough([{ status, body: mixed }]);
			expect((await send(bulk)).body).toEqual(mixed);
		},
	);

	it('fails as a whole when the answer is no array', async () => {
		const { fails } = await roadThrough([
			{ status: 401, body: { errors: [{ error: 'x', code: 1056 }] } },
		]);
		expect((await fails(bulk)).details.problem?.code).toBe(1056);
	});

	it('does not pass an array of errors for another call', async () => {
		const { fails } = await roadThrough([{ status: 412, body: mixed }]);
		await fails(post);
	});

	it('is sent again when it was refused, although it is an array', async () => {
		const { send, sent } = await roadThrough([{ status: 429, body: [] }, { body: mixed }]);
		await send(bulk);
		expect(sent).toHaveLength(2);
	});
});

describe('another try', () => {
	it.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE'])('GET after %s', async (code) => {
		const { send, sent } = await roadThrough([fault(code), { body: { ok: true } }]);
		expect((await send(get)).body).toEqual({ ok: true });
		expect(sent).toHaveLength(2);
	});

	/** As n8n 1.122 and 2.0 wrap a fault: without its cause. */
	const older = (httpCode: string) =>
		Object.assign(new NodeApiError(node, { message: 'older' }), { httpCode, cause: undefined });

	it.each(['ECONNRESET', 'ERR_BAD_RESPONSE', '200'])(
		'GET after %s told by an older n8n, and no POST',
		async (code) => {
			const reads = await roadThrough([older(code), { body: { ok: true } }]);
			expect((await reads.send(get)).body).toEqual({ ok: true });
			const writes = await roadThrough([older(code), {}]);
			expect((await writes.fails(post)).details.hint).toContain('may have carried out the request');
			expect(writes.sent).toHaveLength(1);
		},
	);

	it.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT'])(
		'no POST after %s, and the hint says why',
		async (code) => {
			const { fails, sent } = await roadThrough([fault(code), {}]);
			expect((await fails(post)).details.hint).toContain('may have carried out the request');
			expect(sent).toHaveLength(1);
		},
	);

	it.each(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH'])(
		'POST after %s, because the vendor has seen nothing',
		async (code) => {
			const { send, sent } = await roadThrough([fault(code), { body: { id: '1' } }]);
			await send(post);
			expect(sent).toHaveLength(2);
		},
	);

	it.each([
		'ENOTFOUND',
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('none after %s, which another try cannot mend', async (code) => {
		const { fails, sent } = await roadThrough([fault(code), fault(code), fault(code), fault(code)]);
		await fails(get);
		expect(sent).toHaveLength(1);
	});

	it('GET after a 503 and a 500, POST not', async () => {
		const reads = await roadThrough([
			{ status: 503, body: '' },
			{ status: 500, body: {} },
			{ body: [] },
		]);
		await reads.send(get);
		expect(reads.sent).toHaveLength(3);
		const writes = await roadThrough([{ status: 503, body: '' }, {}]);
		await writes.fails(post);
		expect(writes.sent).toHaveLength(1);
	});

	it('a POST that is marked as idempotent, too', async () => {
		const { send, sent } = await roadThrough([fault('ECONNRESET'), { body: {} }]);
		await send({ ...post, idempotent: true });
		expect(sent).toHaveLength(2);
	});

	it('ends after four, with the last fault', async () => {
		const { fails, sent } = await roadThrough(Array.from({ length: 9 }, () => fault('ECONNRESET')));
		expect((await fails(get)).details.say).toContain('the connection broke');
		expect(sent).toHaveLength(4);
	});

	it('POST after a 429, no sooner than the vendor says', async () => {
		const { send, sent } = await roadThrough([
			{
				status: 429,
				headers: { 'X-Lognex-Retry-After': '2100' },
				body: { errors: [{ code: 1049 }] },
			},
			{ body: {} },
		]);
		const start = clock.now();
		await send(post);
		expect(sent).toHaveLength(2);
		expect(clock.now() - start).toBeGreaterThanOrEqual(2100);
	});

	it('any method after 1065: somebody else changes the object', async () => {
		const { send, sent } = await roadThrough([
			{ status: 409, body: { errors: [{ error: 'x', code: 1065 }] } },
			{ body: {} },
		]);
		await send(post);
		expect(sent).toHaveLength(2);
	});

	it.each([400, 401, 403, 404, 409, 412])('none after HTTP %i', async (status) => {
		const { fails, sent } = await roadThrough([{ status, body: {} }, {}]);
		await fails(get);
		expect(sent).toHaveLength(1);
	});
});

describe('a deletion', () => {
	const gone = { status: 404, body: { errors: [{ error: 'x', code: 1021 }] } };

	it('that finds nothing after an unclear fault has been carried out by the first try', async () => {
		const { send, sent } = await roadThrough([fault('ECONNRESET'), gone]);
		expect((await send(remove)).body).toBeUndefined();
		expect(sent).toHaveLength(2);
	});

	it('that finds nothing after a 502 has been carried out, too', async () => {
		const { send } = await roadThrough([{ status: 502, body: '' }, gone]);
		await expect(send(remove)).resolves.toBeDefined();
	});

	it('that finds nothing at once has failed', async () => {
		const { fails } = await roadThrough([gone]);
		expect((await fails(remove)).details.problem?.code).toBe(1021);
	});

	it('that finds nothing after a try that reached nobody has failed', async () => {
		const { fails } = await roadThrough([fault('ECONNREFUSED'), gone]);
		expect((await fails(remove)).details.problem?.code).toBe(1021);
	});
});

describe('secrets', () => {
	const tries = (error: () => Error) => [error(), error(), error(), error()];
	it.each([
		['wrapped by n8n', () => fault('ECONNRESET')],
		['bare', () => fault('ECONNRESET', false)],
		['without a code', () => fault(undefined)],
		['without a code, bare', () => fault(undefined, false)],
		['with a code that nobody knows', () => fault('WEIRD')],
		['wrapped twice', () => Object.assign(new Error('outer'), { cause: fault('ECONNRESET') })],
		['as a host that is not found', () => fault('ENOTFOUND')],
	])("in axios's error never get into what is thrown: %s", async (_, make) => {
		const { fails } = await roadThrough(tries(make));
		const failure = await fails(get);
		expect(everythingIn(failure)).not.toContain('s3cr3t');
		expect(everythingIn(toNodeError(node, 'MoySklad', failure, 0))).not.toContain('s3cr3t');
	});

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s: an address names its host, and nothing else of it',
		async (_, vendor) => {
			// A budget of its own: that of Altegio's host goes by the clock of an earlier test.
			const credentials = vendor === altegio ? { baseUrl: 'https://gate.example/api/v1' } : {};
			const steps = [fault('ENOTFOUND'), fault('ENOTFOUND')];
			const { fails, road } = await roadThrough(steps, { vendor, credentials });
			const { host } = new URL(road.connection.baseUrl);
			const own = await fails({ method: 'GET', path: '/x', query: { key: 's3cr3t' } });
			expect(own.message).toBe(`${vendor.name}: the host ${host} was not found`);
			const link = 'https://user:s3cr3t@files.example:8443/s3cr3t/a.png?signature=s3cr3t#s3cr3t';
			const stored = await fails({ method: 'GET', path: '/x', storage: link });
			expect(stored.message).toBe(`${vendor.name}: the host files.example:8443 was not found`);
			for (const failure of [own, stored]) {
				expect(everythingIn(failure)).not.toContain('s3cr3t');
				expect(everythingIn(toNodeError(node, vendor.name, failure, 0))).not.toContain('s3cr3t');
			}
		},
	);

	it('a host that was looked up in its place, such as a proxy, is the one that is named', async () => {
		const proxy = Object.assign(new Error('getaddrinfo ENOTFOUND proxy.example'), {
			hostname: 'proxy.example',
		});
		const error = Object.assign(fault('ENOTFOUND', false), { cause: proxy });
		const { fails } = await roadThrough([new NodeApiError(node, error as never)]);
		expect((await fails(get)).message).toBe('MoySklad: the host proxy.example was not found');
	});

	it("n8n's own words stay when it is not the connection", async () => {
		const own = new NodeApiError(node, { message: 'Domain not allowed' });
		const { send } = await roadThrough([own]);
		await expect(send(get)).rejects.toBe(own);
	});
});

describe('a cancelled execution', () => {
	it('ends a request that is under way at once, and leaves its place', async () => {
		const controller = new AbortController();
		const never = async () => await new Promise<Reply>(() => undefined);
		const { road, sent } = await roadThrough([never, never, never, never, never, never], {
			signal: controller.signal,
		});
		const all = Array.from({ length: 6 }, async () => await road.send(get));
		await clock.advance(10);
		expect(sent).toHaveLength(5);
		controller.abort();
		for (const one of all) await expect(one).rejects.toBeInstanceOf(Cancelled);
		expect(sent).toHaveLength(5);
	});

	it('ends the wait between two tries', async () => {
		const controller = new AbortController();
		const { road, sent } = await roadThrough([fault('ECONNRESET'), {}], {
			signal: controller.signal,
		});
		const waiting = road.send(get);
		await clock.advance(10);
		controller.abort();
		await expect(waiting).rejects.toBeInstanceOf(Cancelled);
		expect(sent).toHaveLength(1);
	});

	it("ends the wait for the vendor's budget", async () => {
		const controller = new AbortController();
		const refusal = { status: 429, headers: { 'x-lognex-retry-after': '60000' }, body: {} };
		const { road } = await roadThrough([refusal], { signal: controller.signal });
		const waiting = road.send(get);
		await clock.advance(5000);
		controller.abort();
		await expect(waiting).rejects.toBeInstanceOf(Cancelled);
	});

	it('is told as such when n8n aborts the request itself', async () => {
		const controller = new AbortController();
		const aborted = async (): Promise<Reply> => {
			await settle();
			controller.abort();
			throw fault('ERR_CANCELED');
		};
		const { send } = await roadThrough([aborted], { signal: controller.signal });
		await expect(send(get)).rejects.toBeInstanceOf(Cancelled);
	});

	it('hands the signal to downloads, which n8n does not do by itself', async () => {
		const controller = new AbortController();
		const { send, plain } = await roadThrough(
			[
				{ status: 302, headers: { location: 'https://storage.example/' } },
				{ body: Buffer.from('') },
			],
			{ signal: controller.signal },
		);
		await send({ ...get, expects: 'bytes', followToStorage: true });
		expect(plain[0].abortSignal).toBe(controller.signal);
	});
});

describe('too much at a time', () => {
	const late: Array<[string, Step]> = [
		['code 1088', { status: 400, body: { errors: [{ code: 1088 }] } }],
		['504', { status: 504, body: '' }],
		['413', { status: 413, body: '' }],
		['a time-out', fault('ETIMEDOUT')],
	];

	it.each(late)('%s is an answer for a caller who can send less', async (_, step) => {
		const { fails, sent } = await roadThrough([step]);
		const { details } = await fails({ ...post, splits: true, idempotent: true });
		expect(details).toMatchObject({ tooMuch: true });
		expect(details.unsure).toBeUndefined();
		expect(sent).toHaveLength(1);
	});

	it.each(late)(
		'%s of a write leaves open whether it was done, but for its size',
		async (name, step) => {
			for (const splits of [true, false]) {
				const { fails, sent } = await roadThrough([step]);
				const { details } = await fails({ ...post, splits });
				expect(details.unsure).toBe(name === '413' ? undefined : true);
				expect(details.tooMuch).toBe(true);
				expect(sent).toHaveLength(1);
			}
		},
	);

	it.each(late.slice(1, 2).concat(late.slice(3)))(
		'%s is tried again for a caller who cannot',
		async (_, step) => {
			const { send, sent } = await roadThrough([step, { body: { ok: true } }]);
			expect((await send({ ...post, idempotent: true })).body).toEqual({ ok: true });
			expect(sent).toHaveLength(2);
		},
	);

	it('other faults are tried again also for a caller who can', async () => {
		const { send, sent } = await roadThrough([{ status: 502, body: '' }, fault('ECONNRESET'), {}]);
		await send({ ...post, splits: true, idempotent: true });
		expect(sent).toHaveLength(3);
	});
});

describe('an answer after a doubtful try', () => {
	it.each([
		['a broken connection', fault('ECONNRESET')],
		['a 502', { status: 502, body: '' }],
	])('says so: %s', async (_, step: Step) => {
		const { send } = await roadThrough([step, { body: [{}] }]);
		const answer = await send({ ...post, idempotent: true, mixed: true });
		expect(answer.afterDoubt).toBe(true);
	});

	it.each([
		['at the first try', [{}]],
		['after a refusal', [{ status: 429, body: { errors: [{ code: 1049 }] } }, {}]],
		['after the vendor was not reached', [fault('ECONNREFUSED'), {}]],
		['after it was postponed', [{ status: 409, body: { errors: [{ code: 1065 }] } }, {}]],
	])('does not %s', async (_, steps: Step[]) => {
		const { send } = await roadThrough(steps);
		expect((await send({ ...post, idempotent: true })).afterDoubt).toBeUndefined();
	});
});

describe('a wait', () => {
	it('takes its time', async () => {
		const { road } = await roadThrough([]);
		const start = clock.now();
		await clock.finish(road.wait(2500));
		expect(clock.now() - start).toBe(2500);
	});

	it('ends at once when the execution is stopped, and does not begin after that', async () => {
		const controller = new AbortController();
		const { road } = await roadThrough([], { signal: controller.signal });
		const waiting = road.wait(60_000);
		await clock.advance(1000);
		controller.abort();
		await expect(waiting).rejects.toBeInstanceOf(Cancelled);
		await expect(road.wait(1)).rejects.toBeInstanceOf(Cancelled);
	});
});

describe('a vendor that refuses for good', () => {
	it('lets every waiting request fail within an hour, however many there are', async () => {
		const refusal = { status: 429, headers: { 'x-lognex-retry-after': '1000' }, body: {} };
		const { road } = await roadThrough(Array.from({ length: 2000 }, () => refusal));
		const start = clock.now();
		const all = Promise.allSettled(Array.from({ length: 50 }, async () => await road.send(get)));
		const ends = await clock.finish(all, 24 * 3_600_000);
		const minutes = (clock.now() - start) / 60_000;
		expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
		expect(minutes).toBeLessThan(60);
	});
});

describe('opening the road', () => {
	it('fails with the field of the credential that cannot work', async () => {
		const opening = roadThrough([], { credentials: { accessToken: '' } });
		await expect(opening).rejects.toBeInstanceOf(InputProblem);
	});

	it('twice with one account shares one budget', async () => {
		const credentials = { accessToken: 'one account for both' };
		const weight = 4;
		const times: number[] = [];
		const note = async (): Promise<Reply> => {
			times.push(clock.now());
			return { body: {} };
		};
		const one = await roadThrough(
			Array.from({ length: 8 }, () => note),
			{ credentials },
		);
		const other = await roadThrough(
			Array.from({ length: 8 }, () => note),
			{ credentials },
		);
		const all = [one, other].flatMap(({ road }) =>
			Array.from({ length: 8 }, async () => await road.send(get)),
		);
		await clock.finish(Promise.all(all));
		const units = connectMoySklad(credentials).policy.windows[0].units;
		expect(times.filter((at) => at < times[0] + 3000)).toHaveLength(Math.floor(units / weight));
	});
});

describe('a vendor with two names', () => {
	const yclients = { platform: 'yclients' };
	const ask: ApiRequest = { method: 'GET', path: '/companies' };

	it.each<[string, IDataObject, string]>([
		['Altegio', { platform: 'altegio', baseUrl: 'https://a.gate.example' }, 'Altegio'],
		['YCLIENTS', yclients, 'YCLIENTS'],
		[
			'YCLIENTS behind an address of its own',
			{ ...yclients, baseUrl: 'http://y.gate.example' },
			'YCLIENTS',
		],
		['a custom address', { platform: 'custom', customUrl: 'https://c.gate.example' }, 'Altegio'],
		[
			'a custom address of YCLIENTS',
			{ platform: 'custom', customUrl: 'https://api.yclients.com/api/v1' },
			'YCLIENTS',
		],
	])('is called as on the platform of the credential: %s', async (_, credentials, name) => {
		const lost = async () =>
			await roadThrough([fault('ECONNRESET')], { vendor: altegio, credentials });
		const { fails, road } = await lost();
		const failure = await fails({ ...ask, method: 'POST', body: {} });
		expect(failure.message).toMatch(new RegExp(`^${name}: `));
		expect(failure.details.hint).toContain(`${name} may have carried out the request`);
		expect(road.vendor.name).toBe(name);
		// What is known of a vendor is known of it under both names.
		expect((await lost()).road.vendor).toBe(road.vendor);
		expect(road.vendor.operations).toBe(altegio.operations);
	});

	it('so is a limit that is used up', async () => {
		const refused = { status: 429, headers: { 'retry-after': '1800' } };
		const { send } = await roadThrough([refused, refused], {
			vendor: altegio,
			credentials: { ...yclients, baseUrl: 'https://limit.example' },
		});
		const thrown = await send(ask).catch((error: unknown) => error);
		expect(thrown).toBeInstanceOf(WaitTooLong);
		expect(toNodeError(node, altegio.name, thrown).message).toMatch(/^YCLIENTS: the limit/);
	});
});
