/**
 * What goes wrong on the way to a vendor, with one reading of each of the three that share these tests; MoySklad, whose
 * writes are tried again by rules of their own, has moysklad/faults.test.ts.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import {
	ALTEGIO_TOKENS,
	ALTEGIO_VISITS,
	INSPECTOR_TOKENS,
	INSPECTOR_VISITS,
	startSandbox,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_OUTLETS,
} from '../../sandbox';
import type { Fault, Sandbox, SandboxCredentials, VendorName } from '../../sandbox';
import { createEngine } from './harness';
import type { Engine, RunResult } from './harness';

/** What a test looks at in an error; the engine hands errors over as plain objects. */
interface Shown {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	failure?: { cause: string };
}

/** One reading: its form, and where it asks. */
interface Row {
	says: string;
	node: string;
	vendor: VendorName;
	credential: keyof SandboxCredentials;
	secrets: object;
	/** Two objects that exist: the one that is asked for, and another. */
	ids: [number, number];
	form(id: number): IDataObject;
	address(id: number): string;
	/** The vendor's own answer to a fault of its server, and what the node shows of it. */
	stumbles: { body: object; code?: string; text: string };
	/** The beginning of the object's JSON. */
	broken: string;
}

const byId = (value: number) => ({ __rl: true, mode: 'id', value: String(value) });

const ROWS: Row[] = [
	{
		says: 'Yandex Market',
		node: 'yandexMarket',
		vendor: 'yandexMarket',
		credential: 'yandexMarketApi',
		secrets: YANDEX_KEYS,
		ids: [YANDEX_OUTLETS.complete, YANDEX_OUTLETS.failed],
		form: (id) => ({
			resource: 'outlet',
			operation: 'get',
			campaignId: byId(YANDEX_CAMPAIGNS.dbs),
			outletId: byId(id),
		}),
		address: (id) => `/v2/campaigns/${YANDEX_CAMPAIGNS.dbs}/outlets/${id}`,
		stumbles: {
			body: { status: 'ERROR', errors: [{ code: 'INTERNAL_SERVER_ERROR', message: 'Oops' }] },
			code: 'INTERNAL_SERVER_ERROR',
			text: 'INTERNAL_SERVER_ERROR: Oops',
		},
		broken: '{"outlet": {"id": 1,',
	},
	{
		says: 'Altegio',
		node: 'altegio',
		vendor: 'altegio',
		credential: 'altegioApi',
		secrets: ALTEGIO_TOKENS,
		ids: [ALTEGIO_VISITS.sample, ALTEGIO_VISITS.rich],
		form: (id) => ({ resource: 'visit', operation: 'get', visitId: String(id) }),
		address: (id) => `/api/v1/visits/${id}`,
		stumbles: {
			body: { success: false, data: null, meta: { message: 'Oops' } },
			text: 'Oops',
		},
		broken: '{"success": true, "data": {',
	},
	{
		says: 'Inspector Cloud',
		node: 'inspectorCloud',
		vendor: 'inspectorCloud',
		credential: 'inspectorCloudApi',
		secrets: INSPECTOR_TOKENS,
		ids: [INSPECTOR_VISITS.sample, INSPECTOR_VISITS.rich],
		form: (id) => ({ resource: 'visit', operation: 'get', visitId: byId(id) }),
		address: (id) => `/api/data/v1.3/visits/${id}/`,
		stumbles: { body: { detail: 'Oops' }, text: 'Oops' },
		broken: '{"id": 324096, "scenes": [',
	},
];

const PACKAGE = 'n8n-nodes-retail-ops';

let engine: Engine;
let foreign: Server;
let received: string[];

beforeAll(async () => {
	engine = await createEngine();
	foreign = createServer((request, response) => {
		received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
		response.end('{"id":666}');
	});
	await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
	await engine.close();
	await new Promise((done) => foreign.close(done));
});

describe.each(ROWS.map((row) => [row.says, row] as const))('%s', (says, row) => {
	const { node, vendor, credential, ids, form, address, stumbles, broken } = row;
	const [one, other] = ids;
	const where = address(one);
	let sandbox: Sandbox;

	// Each sandbox has a port, thus a budget in the node, of its own.
	beforeEach(async () => {
		received = [];
		sandbox = await startSandbox({ vendors: [vendor], assortmentRows: 1 });
		engine.setCredential(vendor, {
			type: credential,
			data: { ...sandbox.credentials[credential] },
		});
	});

	afterEach(async () => await sandbox.close());

	const type = `${PACKAGE}.${node}`;
	const options = (name: string = vendor) => ({ credentials: { [credential]: name } });
	const play = (fault: Omit<Fault, 'vendor'>) => sandbox.faults.add({ vendor, ...fault });
	const get = async (name?: string) => await engine.runNode(type, form(one), options(name));
	const sent = () => sandbox.log.map(({ method, url, status }) => `${method} ${url} ${status}`);

	/** The error of a run that must have failed, with a look for secrets in all that came out. */
	function failed(run: RunResult): Shown {
		expect(run.status).toBe('error');
		expect(run.items('Node')).toEqual([]);
		const everything = inspect(run, { depth: 12, maxArrayLength: null, maxStringLength: null });
		const secrets = Object.values(row.secrets) as string[];
		expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
		const error = run.error as unknown as Shown;
		expect(error.name).toBe('NodeApiError');
		return error;
	}

	test('a server that stumbles twice is asked again', async () => {
		play({ status: 500, times: 2 });
		expect((await get()).json('Node')[0].id).toBe(one);
		expect(sent()).toEqual([`GET ${where} 500`, `GET ${where} 500`, `GET ${where} 200`]);
	});

	test.each(['before', 'midBody'] as const)(
		'a connection closed (%s) is tried again',
		async (closeConnection) => {
			play({ closeConnection });
			expect((await get()).json('Node')[0].id).toBe(one);
			expect(sent()).toHaveLength(2);
		},
	);

	/** Runs against a sandbox of its own, so that faults that last can be waited for side by side. */
	async function lasting(
		name: string,
		prepare: (apart: Sandbox) => Promise<void> | void,
	): Promise<[Shown, number]> {
		const apart = await startSandbox({ vendors: [vendor], assortmentRows: 1 });
		try {
			engine.setCredential(name, { type: credential, data: { ...apart.credentials[credential] } });
			await prepare(apart);
			return [failed(await get(name)), apart.log.length];
		} finally {
			await apart.close();
		}
	}

	test('faults that last end in a clear message after four tries', async () => {
		const fault = { vendor, times: 9 };
		const [[stumbled, stumbles4], [cut, cuts], [closed, none]] = await Promise.all([
			lasting('stumbles', ({ faults }) => {
				faults.add({ ...fault, status: 500, body: stumbles.body });
			}),
			lasting('breaks', ({ faults }) => {
				faults.add({ ...fault, closeConnection: 'before' });
			}),
			lasting('closed', async (apart) => await apart.close()),
		]);
		expect([stumbles4, cuts, none]).toEqual([4, 4, 0]);

		expect(stumbled.httpCode).toBe('500');
		const code = stumbles.code ? ` (code ${stumbles.code})` : '';
		expect(stumbled.message).toBe(`${says}: the service could not answer now${code}`);
		expect(stumbled.description).toContain(`The vendor says: ${stumbles.text}`);
		expect(cut.message).toMatch(/connection broke/);
		expect(closed.message).toMatch(/the host \S+ refused the connection/);
		expect(closed.description).toMatch(/host and port in the credential/);
		for (const error of [stumbled, cut, closed]) {
			expect(error.failure?.cause).toBe('temporarily-unavailable');
		}
	});

	test.each([
		['broken JSON', broken, /broken or no JSON/],
		['a web page', '<!doctype html><html><body>Log in</body></html>', /a web page/],
		['nothing', '', /empty/],
	])('%s with status 200 is an error, not data', async (_name, body, message) => {
		play({ status: 200, body });
		const error = failed(await get());
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(/Check the host/);
		expect(sent()).toEqual([`GET ${where} 200`]);
	});

	test.each([301, 302, 307, 308])(
		'a redirect to a foreign host (%d) is refused and carries nothing there',
		async (status) => {
			const { port } = foreign.address() as AddressInfo;
			play({ status, redirectTo: `http://127.0.0.1:${port}${where}` });
			const error = failed(await get());
			expect(error.message).toContain(`redirects to another host (127.0.0.1:${port})`);
			expect(error.description).toMatch(/No credentials were sent there/);
			expect(received).toEqual([]);
			expect(sent()).toEqual([`GET ${where} ${status}`]);
		},
	);

	test('a redirect that stays on the host is followed', async () => {
		play({ redirectTo: address(other) });
		expect((await get()).status).toBe('success');
		expect(sent()).toEqual([`GET ${where} 302`, `GET ${address(other)} 200`]);
	});

	test('a chain of redirects that never ends is given up', async () => {
		play({ redirectTo: where, times: 50 });
		expect(failed(await get()).message).toMatch(/redirects this request/);
		expect(sent().length).toBeLessThan(10);
	});

	test('stopping the execution does not wait for a request that hangs', async () => {
		play({ delayMs: 25_000 });
		const running = engine.startNode(type, form(one), options());
		while (sandbox.log.length === 0) await new Promise((done) => setTimeout(done, 20));
		const stopped = Date.now();
		running.cancel();
		const run = await running.result;
		expect(Date.now() - stopped).toBeLessThan(20_000);
		expect(run.status).toBe('canceled');
		expect(sent()).toHaveLength(1);
	});
});
