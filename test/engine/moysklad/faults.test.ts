import { ClientRequest, createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Fault } from '../../../sandbox';
import type { ShownError } from './setup';
import { expectNoSecret, House, NODE, paths, speedUp, until } from './setup';

const ONE = { resource: 'assortment', operation: 'getAll', limit: 1 };
const CREATE = {
	resource: 'webhook',
	operation: 'create',
	entityType: 'product',
	action: 'CREATE',
	url: 'https://example.com/moysklad',
};
const LIST = 'GET /entity/assortment';

let house: House;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 10 });
});

afterAll(async () => {
	await house.close();
});

beforeEach(() => {
	house.sandbox.faults.clear();
	house.state.webhooks.clear();
});

const play = (fault: Omit<Fault, 'vendor'>) =>
	house.sandbox.faults.add({ vendor: 'moysklad', ...fault });
const vendorError = (code: number) => ({ errors: [{ error: `Error ${code}`, code }] });
const webhooks = () => house.state.webhooks.list('webhook');

describe('a read is tried again', () => {
	test.each<[string, Omit<Fault, 'vendor'>, number]>([
		['500', { status: 500 }, 500],
		['502 with a web page', { status: 502, body: '<html>Bad gateway</html>' }, 502],
		['503', { status: 503 }, 503],
		['504 without a body', { status: 504, body: '' }, 504],
		['503 for maintenance (1074)', { status: 503, body: vendorError(1074) }, 503],
		['the connection closed before the answer', { closeConnection: 'before' }, 0],
		['the connection closed in the answer', { closeConnection: 'midBody' }, 200],
		['somebody else edits (1065)', { status: 409, body: vendorError(1065) }, 409],
	])('after %s', async (_what, fault, status) => {
		play(fault);
		const { json, requests } = await house.good(ONE);
		expect(paths(requests)).toEqual([LIST, LIST]);
		expect(requests.map((request) => request.status)).toEqual([status, 200]);
		expect(requests[1].query).toEqual(requests[0].query);
		expect(requests[1].at - requests[0].at).toBeGreaterThanOrEqual(250);
		expect(json).toEqual([expect.objectContaining({ id: house.state.rows.id(0) })]);
	});

	test('after no answer within the time allowed, which is a minute at most', async () => {
		const asked: number[] = [];
		const real = ClientRequest.prototype.setTimeout;
		const spy = jest.spyOn(ClientRequest.prototype, 'setTimeout').mockImplementation(function (
			this: ClientRequest,
			ms: number,
			done?: () => void,
		) {
			asked.push(ms);
			// A minute passes in a second.
			return real.call(this, ms / 60, done);
		});
		try {
			play({ delayMs: 4000 });
			const { json, requests } = await house.good(ONE);
			expect(requests).toHaveLength(2);
			expect(json).toHaveLength(1);
			expect(Math.max(...asked)).toBe(60_000);

			play({ delayMs: 4000, method: 'POST' });
			const { error, requests: writes } = await house.bad(CREATE);
			expect(paths(writes)).toEqual(['POST /entity/webhook']);
			expect(webhooks()).toEqual([]);
			expect(error.message).toBe('MoySklad: no answer came within the time allowed');
			expect(error.description).toContain('look there before you run it again');
			// MoySklad goes on without a listener: a second create would have been one too many.
			await until(() => writes[0].status === 200);
			expect(webhooks()).toHaveLength(1);
		} finally {
			spy.mockRestore();
		}
	});

	test('four times at most, then the error says what to do', async () => {
		const slowDown = speedUp(20);
		try {
			play({ status: 503, times: 10 });
			const { error, requests } = await house.bad(ONE);
			expect(requests.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
			const gaps = requests.slice(1).map(({ at }, index) => at - requests[index].at);
			expect(gaps[0]).toBeGreaterThanOrEqual(250);
			expect(gaps[1]).toBeGreaterThanOrEqual(500);
			expect(gaps[2]).toBeGreaterThanOrEqual(1000);
			expect(error).toMatchObject({
				name: 'NodeApiError',
				message: 'MoySklad: the service cannot be reached now (code 503)',
				httpCode: '503',
				failure: { cause: 'temporarily-unavailable' },
			});
			expect(error.description).toContain('Try again in a few minutes.');
		} finally {
			slowDown();
		}
	});

	test('a closed connection to the end', async () => {
		const slowDown = speedUp(20);
		try {
			play({ closeConnection: 'midBody', times: 10 });
			const { error, requests } = await house.bad(ONE);
			expect(requests).toHaveLength(4);
			expect(error.message).toBe('MoySklad: the connection broke before the answer was complete');
			expect(error.description).not.toContain('look there before');
		} finally {
			slowDown();
		}
	});

	test('idempotent writes are tried again too', async () => {
		const { id } = house.state.webhooks.create('webhook', { ...CREATE });
		const webhookId = { __rl: true, mode: 'id', value: id };
		play({ method: 'PUT', closeConnection: 'midBody' });
		const off = await house.good({ resource: 'webhook', operation: 'disable', webhookId });
		expect(off.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
		expect(off.requests[1].body).toEqual({ enabled: false });
		expect(webhooks().map(({ enabled }) => enabled)).toEqual([false]);
		play({ method: 'DELETE', status: 502 });
		const gone = await house.good({ resource: 'webhook', operation: 'delete', webhookId });
		expect(gone.requests.map(({ method }) => method)).toEqual(['DELETE', 'DELETE']);
		expect(webhooks()).toEqual([]);
	});
});

describe('a create is not', () => {
	test.each<[string, Omit<Fault, 'vendor'>, string]>([
		[
			'the connection closed in the answer',
			{ closeConnection: 'midBody' },
			'the connection broke before the answer was complete',
		],
		[
			'the connection closed before the answer',
			{ closeConnection: 'before' },
			'the connection broke before the answer was complete',
		],
	])('after %s, and the message says to look first', async (_what, fault, say) => {
		play({ method: 'POST', ...fault });
		const { error, requests } = await house.bad(CREATE);
		expect(paths(requests)).toEqual(['POST /entity/webhook']);
		expect(error.message).toBe(`MoySklad: ${say}`);
		expect(error.description).toContain(
			'MoySklad may have carried out the request all the same: look there before you run it again.',
		);
		expect(error.failure).toEqual({ cause: 'temporarily-unavailable' });
	});

	test.each([500, 502, 503, 504])('after %i, which may come after the work', async (status) => {
		play({ method: 'POST', status });
		const { error, requests } = await house.bad(CREATE);
		expect(paths(requests)).toEqual(['POST /entity/webhook']);
		expect(error.httpCode).toBe(String(status));
		expect(error.failure).toEqual({ cause: 'temporarily-unavailable' });
	});

	test('but it is when MoySklad has put it off (1065)', async () => {
		play({ method: 'POST', status: 409, body: vendorError(1065) });
		const { requests } = await house.good(CREATE);
		expect(requests.map(({ status }) => status)).toEqual([409, 200]);
		expect(webhooks()).toHaveLength(1);
	});
});

describe('answers that are not the API', () => {
	test.each<[string, Omit<Fault, 'vendor'>, string]>([
		['broken JSON', { body: '{"rows":[{"id":' }, 'broken or no JSON'],
		['a web page', { body: '<!doctype html><title>Sign in</title>' }, 'a web page'],
		['nothing', { status: 200, body: '' }, 'empty'],
		['a bare text', { body: '"ok"' }, 'broken or no JSON'],
	])('%s with status 200 is an error, not data', async (_what, fault, what) => {
		play(fault);
		const { error, requests, items } = await house.bad(ONE);
		expect(requests).toHaveLength(1);
		expect(items).toEqual([]);
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toBe(`MoySklad: the answer is ${what}, not the API's JSON`);
		expect(error.description).toContain('A proxy or a login page may have answered instead.');
	});

	test('the JSON of somebody else is no empty list', async () => {
		play({ body: { status: 'ok' } });
		const { error, requests } = await house.bad(ONE);
		expect(requests).toHaveLength(1);
		expect(error.message).toBe('MoySklad: the answer is not what this operation returns');
	});

	test('415: gzip got lost on the way', async () => {
		play({ status: 415, body: '' });
		const { error, requests } = await house.bad(ONE);
		expect(requests).toHaveLength(1);
		expect(error.message).toBe('MoySklad: the answer could not be compressed');
		expect(error.httpCode).toBe('415');
		expect(error.description).toContain('A proxy between n8n and MoySklad');
	});

	test('an error page of a proxy is told as one, with what it says', async () => {
		play({ status: 403, body: '<html><h1>Forbidden</h1> by policy 7</html>' });
		const { error } = await house.bad(ONE);
		expect(error.message).toMatch(
			/^MoySklad: the answer of 127\.0\.0\.1:\d+ is not the API's \(HTTP 403\)$/,
		);
		expect(error.description).toMatch(/proxy.*\n127\.0\.0\.1:\d+ says: Forbidden by policy 7$/s);
		expect(error.description).not.toContain('html>');
		expect(error.failure).toEqual({ cause: 'configuration-invalid' });
	});

	test('an error whose text would trip n8n is shown as we say it', async () => {
		play({
			status: 403,
			body: { errors: [{ error: 'EPERM: approvePermissions ECONNREFUSED', code: 1016 }] },
		});
		const { error } = await house.bad(ONE);
		expect(error.message).toBe('MoySklad: the right for this is missing (code 1016)');
		expect(error.description).toContain('The vendor says: EPERM: approvePermissions ECONNREFUSED');
	});
});

describe('redirects', () => {
	const heard: IncomingMessage[] = [];
	let stranger: Server;
	let foreign: string;

	beforeAll(async () => {
		stranger = createServer((request, response) => {
			heard.push(request);
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"rows":[]}');
		});
		await new Promise<void>((resolve) => stranger.listen(0, resolve));
		foreign = `:${(stranger.address() as AddressInfo).port}`;
	});

	afterAll(async () => {
		await new Promise((resolve) => stranger.close(resolve));
	});

	test.each([
		['http://127.0.0.1', 301],
		['http://127.0.0.1', 302],
		['http://localhost', 307],
		['//127.0.0.1', 308],
		['http://user:pass@localhost', 303],
	])('to %s on another port (%i) are not followed', async (host, status) => {
		play({ status, redirectTo: `${host}${foreign}/steal` });
		const { error, requests } = await house.bad(ONE);
		expect(requests.map((request) => request.status)).toEqual([status]);
		expect(heard).toEqual([]);
		expect(error.message).toMatch(
			/^MoySklad: the service redirects to another host \((127\.0\.0\.1|localhost):\d+\), which was not followed$/,
		);
		expect(error.description).toContain('No credentials were sent there.');
		expect(error.failure).toEqual({ cause: 'configuration-invalid' });
	});

	test('nor is one of a write', async () => {
		play({ method: 'POST', status: 308, redirectTo: `http://127.0.0.1${foreign}/steal` });
		const { error } = await house.bad(CREATE);
		expect(error.message).toContain('redirects to another host');
		expect(heard).toEqual([]);
		expect(webhooks()).toEqual([]);
	});

	test('308 to the same host is followed, with the credential', async () => {
		const { id } = house.state.webhooks.create('webhook', { ...CREATE });
		const { origin } = new URL(house.sandbox.urls.moysklad);
		const path = `/api/remap/1.2/entity/webhook/${id}`;
		for (const redirectTo of [`${origin}${path}?from=308`, `${path}?from=308`]) {
			play({ status: 308, redirectTo, path: 'webhook' });
			const { json, requests } = await house.good({
				resource: 'webhook',
				operation: 'get',
				webhookId: { __rl: true, mode: 'id', value: '00000000-0000-4000-8000-000000000000' },
			});
			expect(requests.map((request) => request.status)).toEqual([308, 200]);
			expect(requests[1].query).toEqual({ from: '308' });
			expect(json).toEqual([expect.objectContaining({ id })]);
		}
	});

	test('a write keeps its method and body over 308, and is not turned into a read by 302', async () => {
		const path = '/api/remap/1.2/entity/webhook';
		play({ method: 'POST', status: 308, redirectTo: path });
		const followed = await house.good(CREATE);
		expect(followed.requests.map(({ method, status }) => [method, status])).toEqual([
			['POST', 308],
			['POST', 200],
		]);
		expect(followed.requests[1].body).toEqual(followed.requests[0].body);
		house.state.webhooks.clear();
		play({ method: 'POST', status: 302, redirectTo: path });
		const { error, requests } = await house.bad(CREATE);
		expect(requests).toHaveLength(1);
		expect(error.message).toContain('redirects this request in a way that cannot be followed');
	});

	test('a circle ends', async () => {
		play({ status: 302, redirectTo: '/api/remap/1.2/entity/assortment', times: 100 });
		const { error, requests } = await house.bad(ONE);
		expect(requests.length).toBeLessThanOrEqual(6);
		expect(error.message).toContain('cannot be followed (HTTP 302)');
	});
});

describe('a stopped execution', () => {
	/** What it would wait for if it did not stop, milliseconds. */
	const WAIT_MS = 20_000;

	/** Starts, stops once the requests have arrived, and tells how long the end took (ms): less than `WAIT_MS`. */
	async function stop(parameters: object, credential: string, arrivals: number): Promise<number> {
		const before = house.requests.length;
		const running = house.start(parameters, { credential, items: [{}, {}, {}] });
		await until(() => house.requests.length >= before + arrivals);
		await new Promise((resolve) => setTimeout(resolve, 100));
		const stopped = Date.now();
		running.cancel();
		const result = await running.result;
		const took = Date.now() - stopped;
		expect(result.status).toBe('canceled');
		expect(result.items(NODE)).toEqual([]);
		expectNoSecret(result);
		house.sandbox.faults.clear();
		const then = house.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 800));
		expect(house.requests).toHaveLength(then);
		return took;
	}

	test('ends a wait for the limit at once, and sends nothing more', async () => {
		play({
			status: 429,
			body: vendorError(1049),
			headers: { 'X-Lognex-Retry-After': String(WAIT_MS) },
			times: 9,
		});
		expect(await stop({ ...ONE }, 'second', 1)).toBeLessThan(WAIT_MS);
	});

	test('ends a wait between tries', async () => {
		play({ status: 503, times: 9 });
		expect(await stop({ ...CREATE, operation: 'getAll' }, 'login', 3)).toBeLessThan(WAIT_MS);
	});

	test('ends a request that is under way', async () => {
		play({ delayMs: WAIT_MS, times: 3 });
		expect(await stop({ ...ONE }, 'fast', 3)).toBeLessThan(WAIT_MS);
	});

	test('is not an error of an item, even where the workflow goes on', async () => {
		play({ delayMs: 1000 });
		const before = house.requests.length;
		const running = house.start(ONE, { onError: 'continueRegularOutput' });
		await until(() => house.requests.length > before);
		running.cancel();
		const result = await running.result;
		expect(result.status).toBe('canceled');
		expect(result.items(NODE).filter(({ json }) => 'error' in json)).toEqual([]);
	});
});

describe('secrets', () => {
	test.each<[string, Omit<Fault, 'vendor'>]>([
		['a final error', { status: 400, body: vendorError(1034) }],
		['a web page', { body: '<html>' }],
		['a closed connection', { closeConnection: 'before', times: 4 }],
	])('are in no part of a thrown error: %s', async (_what, fault) => {
		const slowDown = speedUp(20);
		try {
			for (const credential of ['fast', 'login']) {
				house.sandbox.faults.clear();
				play(fault);
				// The item carries the error itself, with all that hangs on it; a result has copies.
				const { items } = await house.run(ONE, { credential, onError: 'continueRegularOutput' });
				expect(items).toHaveLength(1);
				const { error } = items[0];
				expect(error).toBeInstanceOf(Error);
				expectNoSecret(error);
				expectNoSecret((error as { cause?: unknown }).cause);
				expectNoSecret((error as unknown as { errorResponse?: unknown }).errorResponse);
				expect(JSON.stringify((error as unknown as ShownError).context)).not.toMatch(
					/authorization|bearer|basic /i,
				);
			}
		} finally {
			slowDown();
		}
	});
});
