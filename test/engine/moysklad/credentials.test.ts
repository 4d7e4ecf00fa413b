import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { SandboxCredentials } from '../../../sandbox';
import { MOYSKLAD_TOKENS } from '../../../sandbox';
import { expectGoodHeaders, expectNoSecret, House, paths } from './setup';

type Changes = Partial<SandboxCredentials['moySkladApi']>;

let house: House;
const servers: Server[] = [];

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	await Promise.all(
		servers.map(async (server) => await new Promise((resolve) => server.close(resolve))),
	);
	await house.close();
});

beforeEach(() => house.sandbox.faults.clear());

/** What n8n's dialog says of the administrator's credential with some fields changed. */
async function check(changes: Changes = {}) {
	const before = house.sandbox.log.length;
	const outcome = await house.engine.testCredential('moySkladApi', house.credential(changes));
	const requests = house.sandbox.log.slice(before);
	expectNoSecret([outcome, requests]);
	for (const request of requests) expectGoodHeaders(request);
	return { ...outcome, requests };
}

/** A server that answers everything alike; resolves to its address. */
async function answering(status: number, type: string, body: string): Promise<string> {
	const server = createServer((_request, response) => {
		response.writeHead(status, { 'content-type': type }).end(body);
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/remap/1.2`;
}

const solution: Changes = { accessToken: MOYSKLAD_TOKENS.solution };
const draft: Changes = { accessToken: MOYSKLAD_TOKENS.draftSolution };

describe('a credential that works', () => {
	test.each<[string, Changes, string]>([
		['a token', {}, 'employee'],
		['a token with blanks around it', { accessToken: ` ${MOYSKLAD_TOKENS.user}\n` }, 'employee'],
		['login and password', { authentication: 'login', accessToken: '' }, 'employee'],
		[
			'the token of an employee without rights',
			{ accessToken: MOYSKLAD_TOKENS.nonAdmin },
			'employee',
		],
		['a solution', { ...solution, accessKind: 'solution' }, 'application'],
		['a draft solution', { ...draft, accessKind: 'draftSolution' }, 'application'],
	])('%s', async (_what, changes, context) => {
		const { status, message, requests } = await check(changes);
		expect({ status, message }).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(paths(requests)).toEqual([`GET /context/${context}`]);
		const scheme = changes.authentication === 'login' ? /^Basic / : /^Bearer /;
		expect(requests[0].headers.authorization).toMatch(scheme);
	});

	test('an address with a slash at its end', async () => {
		const { status, requests } = await check({ baseUrl: `${house.sandbox.urls.moysklad}/` });
		expect(status).toBe('OK');
		expect(paths(requests)).toEqual(['GET /context/employee']);
	});

	test.each(['user', 'login', 'solution'])('%s: a node works with it', async (credential) => {
		const { json, requests } = await house.good(
			{ resource: 'assortment', operation: 'getAll', limit: 1 },
			{ credential },
		);
		expect(json).toHaveLength(1);
		expect(requests[0].headers.authorization).toMatch(
			credential === 'login' ? /^Basic / : /^Bearer /,
		);
	});
});

describe('a credential that does not', () => {
	test('a wrong token, a wrong password', async () => {
		for (const changes of [
			{ accessToken: 'wrong' },
			{ authentication: 'login' as const, password: 'wrong' },
		]) {
			const { status, message, requests } = await check(changes);
			expect(status).toBe('Error');
			expect(message).toContain('did not accept the token or the login and password');
			// n8n itself asks a second time after a 401.
			expect(new Set(requests.map((request) => request.status))).toEqual(new Set([401]));
		}
	});

	test('an employee without access to the API', async () => {
		const { status, message } = await check({ accessToken: MOYSKLAD_TOKENS.noApiAccess });
		expect(status).toBe('Error');
		expect(message).toMatch(/may not use the API|access to the API/);
	});

	test.each<[string, Changes]>([
		['a solution that is called a user', { ...solution, accessKind: 'user' }],
		['a draft that is called a user', { ...draft, accessKind: 'user' }],
		['a user that is called a solution', { accessKind: 'solution' }],
	])('%s', async (_what, changes) => {
		const { status, message } = await check(changes);
		expect(status).toBe('Error');
		// The token is right: the sentence must name the field that is wrong.
		expect(message).toContain("'Token Belongs To'");
	});

	test('a port at which nobody listens', async () => {
		const { status, message } = await check({ baseUrl: 'http://127.0.0.1:9/api/remap/1.2' });
		expect(status).toBe('Error');
		expect(message).toContain('ECONNREFUSED');
	});

	test('a web page, and the JSON of somebody else', async () => {
		for (const [type, body] of [
			['text/html', '<!doctype html><title>Sign in</title>'],
			['application/json', '{"status":"ok"}'],
		]) {
			const { status, message } = await check({ baseUrl: await answering(200, type, body) });
			expect(status).toBe('Error');
			expect(message).toBe(
				"The address answers, but not as MoySklad's API. Check the API Base URL.",
			);
		}
	});

	test('a wrong path, a wrong service, a proxy that drops gzip, a limit', async () => {
		const { origin } = new URL(house.sandbox.urls.moysklad);
		const wrongPath = await check({ baseUrl: `${origin}/api/remap/1.3` });
		expect(wrongPath).toMatchObject({
			status: 'Error',
			message: 'There is no MoySklad API at this address. Check the API Base URL.',
		});
		const elsewhere = await check({ baseUrl: await answering(404, 'text/html', '<p>Not here') });
		expect(elsewhere.message).toBe(wrongPath.message);
		house.sandbox.faults.add({ vendor: 'moysklad', status: 415, body: '' });
		expect((await check()).message).toContain('removes the header that asks for gzip');
		house.sandbox.faults.add({ vendor: 'moysklad', status: 429 });
		expect((await check()).message).toContain('The limit of requests is used up');
	});
});

describe('what a node says of a credential', () => {
	const list = { resource: 'assortment', operation: 'getAll', limit: 1 };

	test.each([
		[
			'wrong',
			1056,
			'the token or the login and password were not accepted',
			'Authentication error',
		],
		[
			'noApiAccess',
			1061,
			'this employee may not use the API',
			'This user has no access to the API',
		],
	])('%s', async (credential, code, say, text) => {
		const { error, requests } = await house.bad(list, { credential });
		expect(requests).toHaveLength(1);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: `MoySklad: ${say} (code ${code})`,
			httpCode: '401',
			failure: { cause: 'credential-invalid' },
		});
		expect(error.description).toContain(`The vendor says: ${text}`);
		expect(error.description).toContain(`#error_${code}`);
	});

	test.each<[string, Changes, string]>([
		['no token', { accessToken: '' }, "'Access Token' is missing in the credential"],
		[
			'no password',
			{ authentication: 'login', password: '' },
			"'Login and Password' is missing in the credential",
		],
		['no address', { baseUrl: 'http://' }, "'API Base URL' is no address"],
		[
			'a login in the address',
			{ baseUrl: 'https://me:secret@api.moysklad.ru' },
			"'API Base URL' holds a login",
		],
		['another protocol', { baseUrl: 'ftp://api.moysklad.ru' }, "'API Base URL' is no web address"],
	])('%s', async (_what, changes, message) => {
		house.setCredential('odd', changes);
		const error = await house.refused(list, { credential: 'odd' });
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toBe(`${message}`);
		expect(error.description).toMatch(/credential/);
		expect(error.message + String(error.description)).not.toContain('secret');
	});

	test('a port at which nobody listens: four tries, then the address is named as the place to look', async () => {
		house.setCredential('closed', { baseUrl: 'http://127.0.0.1:9/api/remap/1.2' });
		const { error, requests } = await house.bad(list, { credential: 'closed' });
		expect(requests).toEqual([]);
		expect(error.message).toBe('MoySklad: the host 127.0.0.1:9 refused the connection');
		expect(error.description).toContain('Check the host and port in the credential');
		expect(error.failure).toEqual({ cause: 'temporarily-unavailable' });
	});
});

test('secret fields are hidden in the form', () => {
	const fields = house.engine.credentialType('moySkladApi').properties;
	const secret = fields.filter(({ typeOptions }) => typeOptions?.password === true);
	expect(secret.map(({ name }) => name)).toEqual(['accessToken', 'password']);
});
