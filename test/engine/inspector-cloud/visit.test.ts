/**
 * Inspector Cloud's node in n8n's engine against the sandbox. Facts: Inspector Cloud docs, "GET /visits/{id}"
 * (address with a slash at its end, `Authorization: Token …`, fields); errors as Django REST framework writes them.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { connect } from '../../../nodes/InspectorCloud/connection';
import { visits } from '../../../nodes/InspectorCloud/catalogue/visit';
import { INSPECTOR_TOKENS, INSPECTOR_VISITS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.inspectorCloud';
const CREDENTIAL = 'inspectorCloudApi';
const VISIT = INSPECTOR_VISITS.sample;
const ANNOTATIONS = ['annotations', 'shelf_annotations', 'price_annotations'];

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

function useCredential(other: object = {}): void {
	const data = { ...sandbox.credentials.inspectorCloudApi, ...other };
	engine.setCredential('token', { type: CREDENTIAL, data });
}

beforeAll(async () => {
	engine = await createEngine();
});

// Each sandbox has a port, thus a budget in the node, of its own.
beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['inspectorCloud'], assortmentRows: 1 });
	useCredential();
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const options = (other: RunNodeOptions = {}): RunNodeOptions => ({
	credentials: { [CREDENTIAL]: 'token' },
	...other,
});

const locator = (mode: 'id' | 'list' | 'url', value: unknown) => ({ __rl: true, mode, value });

const parameters = (visitId: unknown, other: object = {}): object => ({
	resource: 'visit',
	operation: 'get',
	visitId,
	...other,
});

async function get(id: unknown = VISIT, other: object = {}): Promise<RunResult> {
	return await engine.runNode(NODE, parameters(locator('id', id), other), options());
}

/** Reads `$json.visit` of each item. */
async function getEach(ids: unknown[], other: RunNodeOptions = {}): Promise<RunResult> {
	const items = ids.map((visit) => ({ visit })) as IDataObject[];
	const form = parameters(locator('id', '={{ $json.visit }}'));
	return await engine.runNode(NODE, form, options({ items, ...other }));
}

const path = (id: unknown, version = 'v1.3') => `/api/data/${version}/visits/${String(id)}/`;

/** The requests that arrived, each as `METHOD url status`; checks what all must have. */
function sent(): string[] {
	for (const { headers, body, path: address } of sandbox.log) {
		expect(headers.authorization).toMatch(/^Token \*\*\*\S{4}$/);
		expect(headers.accept).toBe('application/json');
		expect(headers['content-type']).toBe('application/json');
		expect(address).toMatch(/\/$/);
		expect(body).toBeUndefined();
	}
	return sandbox.log.map(({ method, url, status }) => `${method} ${url} ${status}`);
}

/** The sandbox's own answer, which leaves no trace in the log. */
async function own(address: string): Promise<IDataObject> {
	const answer = await fetch(sandbox.urls.inspectorCloud + address, {
		headers: { Authorization: `Token ${INSPECTOR_TOKENS.default}` },
	});
	const body = (await answer.json()) as IDataObject;
	sandbox.clearLog();
	return body;
}

function expectNoSecret(run: unknown): void {
	const everything = inspect(run, { depth: 12, maxArrayLength: null, maxStringLength: null });
	for (const secret of [...Object.values(INSPECTOR_TOKENS), 'wrong-token']) {
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

type Visit = IDataObject & { scenes: Array<IDataObject & { images: IDataObject[] }> };

describe('Visit: Get', () => {
	test('returns ten fields with Simplify on, which is the default', async () => {
		const run = await get();
		expect(run.error).toBeUndefined();
		expect(run.items('Node')).toEqual([
			{
				json: {
					id: VISIT,
					cid: null,
					portal_url: `https://test.inspector-cloud.com/portal/visit/${VISIT}`,
					store_id: 11_020,
					customer_id: '{9E90FAC2-4073-E911-811D-00505601}',
					current_agent_name: 'Alex',
					is_closed: true,
					// The API tells it as 12:40:07.440127+03:00, and the next as Z.
					closed_at: '2020-07-29T09:40:07.440Z',
					updated_at: '2020-07-30T05:24:53.598Z',
					photos: 2,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
		expect(sandbox.log[0].headers.authorization).toBe(
			`Token ***${INSPECTOR_TOKENS.default.slice(-4)}`,
		);
		expect(sandbox.log[0].query).toEqual({});
	});

	test.each([
		['the sample of the documentation', INSPECTOR_VISITS.sample],
		['a visit with every array filled', INSPECTOR_VISITS.rich],
	])('passes every field through with Simplify off: %s', async (_name, id) => {
		const visit = await own(path(id));
		const run = await get(id, { simplify: false });
		expect(run.items('Node')).toEqual([{ json: visit, pairedItem: { item: 0 } }]);
		// The fields that the documentation names, so that the comparison is not one of two gaps.
		expect(Object.keys(run.json('Node')[0]).sort()).toEqual(
			[
				...['id', 'cid', 'portal_url', 'agent_id', 'current_agent_name', 'current_agent_route'],
				...['current_agent_role', 'store_id', 'customer_id', 'is_closed', 'is_deleted', 'is_new'],
				...[
					'latitude',
					'longitude',
					'closed_latitude',
					'closed_longitude',
					'closed_at',
					'created_at',
				],
				...['updated_at', 'app_created_at', 'app_closed_at', 'scenes', 'kpi_values', 'prices'],
				...['oos_reasons', 'dqi'],
			].sort(),
		);
		expect(sent()).toEqual([`GET ${path(id)} 200`]);
	});

	test('leaves the mixed time zones of one visit as they are', async () => {
		const run = await get(VISIT, { simplify: false });
		expect(run.json('Node')[0]).toMatchObject({
			closed_at: expect.stringMatching(/\.440127\+03:00$/) as string,
			created_at: '2020-07-29T10:24:53.526334+03:00',
			updated_at: expect.stringMatching(/\.598354Z$/) as string,
			app_created_at: '2020-07-29T07:24:50.291000Z',
			app_closed_at: expect.stringMatching(/\.146000Z$/) as string,
			dqi: [{ updated_at: '2021-10-22T15:53:40.395212Z' }],
		});
		expect(sent()).toHaveLength(1);
	});

	test('Leave Out Annotations drops the boxes on the photos and nothing else', async () => {
		const visit = (await own(path(INSPECTOR_VISITS.rich))) as Visit;
		const boxes = visit.scenes.flatMap(({ images }) =>
			images.flatMap((image) => image.annotations),
		);
		expect(boxes.length).toBeGreaterThanOrEqual(200);
		const run = await get(INSPECTOR_VISITS.rich, {
			simplify: false,
			options: { leaveOutAnnotations: true },
		});
		const expected = structuredClone(visit);
		for (const scene of expected.scenes) {
			for (const image of scene.images) for (const name of ANNOTATIONS) delete image[name];
		}
		expect(run.json('Node')).toEqual([expected]);
		expect(sent()).toEqual([`GET ${path(INSPECTOR_VISITS.rich)} 200`]);
	});

	test('Leave Out Annotations off keeps them; with Simplify on it changes nothing', async () => {
		const visit = await own(path(INSPECTOR_VISITS.rich));
		const kept = { simplify: false, options: { leaveOutAnnotations: false } };
		expect((await get(INSPECTOR_VISITS.rich, kept)).json('Node')).toEqual([visit]);
		const [without, plain] = [
			await get(INSPECTOR_VISITS.rich, { options: { leaveOutAnnotations: true } }),
			await get(INSPECTOR_VISITS.rich),
		].map((run) => run.json('Node'));
		expect(without).toEqual(plain);
		expect(sent()).toHaveLength(3);
	});

	test('Leave Out Annotations copes with scenes and photos that are absent', async () => {
		const body = {
			id: VISIT,
			scenes: [{ id: 1 }, { id: 2, images: null }, { id: 3, images: [{ id: 4 }] }],
		};
		for (const one of [body, { id: VISIT, scenes: null }]) {
			sandbox.faults.add({ vendor: 'inspectorCloud', body: one });
			const run = await get(VISIT, { simplify: false, options: { leaveOutAnnotations: true } });
			expect(run.error).toBeUndefined();
			expect(run.json('Node')[0].id).toBe(VISIT);
		}
		expect(sent()).toHaveLength(2);
	});

	test('deleted photos do not count', async () => {
		const images = [{ is_deleted: false }, { is_deleted: true }, {}];
		const body = { id: VISIT, scenes: [{ images }, { images: [] }, {}] };
		sandbox.faults.add({ vendor: 'inspectorCloud', body });
		expect((await get()).json('Node')[0]).toMatchObject({ id: VISIT, photos: 2 });
		expect(sent()).toHaveLength(1);
	});

	test('returns the types that its output schema promises', async () => {
		const run = await getEach([INSPECTOR_VISITS.sample, INSPECTOR_VISITS.rich, 324_001]);
		const schema = visits.find(({ operation }) => operation === 'get')?.output ?? {};
		for (const json of run.json('Node')) {
			expect(Object.keys(json)).toEqual(Object.keys(schema));
			for (const [name, value] of Object.entries(json)) {
				if (value !== null) expect([name, typeof value]).toEqual([name, schema[name].type]);
			}
		}
		expect(sent()).toHaveLength(3);
	});

	test.each([
		['picked from the list', locator('list', String(VISIT))],
		['typed with blanks', locator('id', ` ${VISIT} `)],
		[
			'given as a link of the portal',
			locator('url', `https://test.inspector-cloud.com/portal/visit/${VISIT}`),
		],
		[
			'given as a link with a slash',
			locator('url', `https://test.inspector-cloud.com/portal/visit/${VISIT}/`),
		],
		[
			'given as a link of a scene',
			locator('url', `https://test.eyrene.com/portal/visit/${VISIT}/scene/7969`),
		],
	])('takes a visit %s', async (_name, visitId) => {
		const run = await engine.runNode(NODE, parameters(visitId), options());
		expect(run.json('Node')[0].id).toBe(VISIT);
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
	});

	test('reads the ID for each item and says which item a result belongs to', async () => {
		const run = await getEach([
			VISIT,
			'324010',
			'https://a.inspector-cloud.com/portal/visit/324001',
		]);
		expect(run.items('Node').map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[VISIT, { item: 0 }],
			[324_010, { item: 1 }],
			[324_001, { item: 2 }],
		]);
		expect(sent().sort()).toEqual(
			[VISIT, 324_010, 324_001].map((id) => `GET ${path(id)} 200`).sort(),
		);
	});
});

describe('IDs that cannot work', () => {
	const links = [
		'https://test.inspector-cloud.com/portal/',
		'https://test.inspector-cloud.com/portal/visit/x',
	];

	test.each(['abc', '0', '-1', '1.5', '324096/ack', '', '   ', null, ...links])(
		'%j given by an expression',
		async (value) => {
			const error = failed(await getEach([value]));
			expect(error.name).toBe('NodeOperationError');
			const what = String(value ?? '').trim() === '' ? 'is empty' : `is '${String(value)}'`;
			expect(error.message).toBe(`'Visit' ${what}`);
			expect(error.description).toMatch(/whole number|Fill in/);
			expect(error.context?.itemIndex).toBe(0);
			expect(sent()).toEqual([]);
		},
	);

	test.each([
		['abc', /A visit ID is a whole number from 1 up/],
		['', /"Visit" is required/],
	])('%j typed into the form', async (value, message) => {
		const error = failed(await get(value));
		expect(error.message).toMatch(message);
		expect(sent()).toEqual([]);
	});
});

describe('Refusals', () => {
	test('an unknown visit', async () => {
		const error = failed(await get(INSPECTOR_VISITS.missing));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '404',
			context: { itemIndex: 0 },
		});
		expect(error.message).toBe('Inspector Cloud: the object was not found');
		expect(error.description).toMatch(
			/not the one of your system \(cid\).*\nThe vendor says: Not found\./,
		);
		expect(sent()).toEqual([`GET ${path(INSPECTOR_VISITS.missing)} 404`]);
	});

	test('a wrong token', async () => {
		useCredential({ token: 'wrong-token-000' });
		const error = failed(await get());
		expect(error).toMatchObject({ httpCode: '401', failure: { cause: 'credential-invalid' } });
		expect(error.message).toMatch(/token was not accepted/);
		expect(error.description).toContain('The vendor says: Invalid token.');
		expect(sent()).toEqual([`GET ${path(VISIT)} 401`]);
	});

	test('a token without access to the Data API', async () => {
		useCredential({ token: INSPECTOR_TOKENS.noDataApi });
		const error = failed(await get());
		expect(error).toMatchObject({ httpCode: '403', failure: { cause: 'configuration-invalid' } });
		expect(error.message).toMatch(/access was denied/);
		expect(error.description).toContain('You do not have permission to perform this action.');
		expect(sent()).toEqual([`GET ${path(VISIT)} 403`]);
	});

	test('errors of single fields are shown', async () => {
		const body = { is_new: ['Must be a valid boolean.'], limit: ['Too big.'] };
		sandbox.faults.add({ vendor: 'inspectorCloud', status: 400, body });
		const error = failed(await get());
		expect(error.httpCode).toBe('400');
		expect(error.description).toContain('is_new: Must be a valid boolean. | limit: Too big.');
		expect(sent()).toHaveLength(1);
	});
});

describe('Limits (429)', () => {
	const detail = 'Request was throttled. Expected available in 1 second.';
	const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

	test.each([
		['Retry-After in seconds', () => ({ 'retry-after': '1' }), {}],
		['Retry-After as a date', () => ({ 'retry-after': inSeconds(2) }), {}],
		['the seconds in the text', () => ({}), { detail }],
	])('waits as long as the answer says: %s', async (_name, headers, body) => {
		sandbox.faults.add({ vendor: 'inspectorCloud', status: 429, headers: headers(), body });
		const run = await get();
		expect(run.json('Node')[0].id).toBe(VISIT);
		expect(sent()).toEqual([`GET ${path(VISIT)} 429`, `GET ${path(VISIT)} 200`]);
		const [refused, good] = sandbox.log;
		expect(good.at - refused.at).toBeGreaterThanOrEqual(950);
		expect(good.at - refused.at).toBeLessThan(20_000);
	});

	test('says for how long when the wait would be too long', async () => {
		const headers = { 'retry-after': '3600' };
		sandbox.faults.add({
			vendor: 'inspectorCloud',
			status: 429,
			headers,
			body: { detail },
			times: 9,
		});
		const error = failed(await get());
		expect(error.message).toMatch(/limit of requests is used up for about 6[01] min/);
		expect(error.failure?.cause).toBe('rate-limited');
		expect(error.failure?.retryAfterMs).toBeGreaterThan(3_590_000);
		expect(error.failure?.retryAfterMs).toBeLessThan(3_610_000);
		expect(sent()).toEqual([`GET ${path(VISIT)} 429`]);
	});

	test('stopping the execution does not wait out the minute', async () => {
		const headers = { 'retry-after': '60' };
		sandbox.faults.add({ vendor: 'inspectorCloud', status: 429, headers });
		const running = engine.startNode(NODE, parameters(locator('id', VISIT)), options());
		while (sandbox.log[0]?.status !== 429) await new Promise((done) => setTimeout(done, 20));
		await new Promise((done) => setTimeout(done, 100));
		const stopped = Date.now();
		running.cancel();
		const run = await running.result;
		expect(Date.now() - stopped).toBeLessThan(20_000);
		expect(run.status).toBe('canceled');
		expect(sent()).toEqual([`GET ${path(VISIT)} 429`]);
	});
});

describe('List to pick from', () => {
	const credentials = { [CREDENTIAL]: 'token' };

	const listed = async (filter?: string, paginationToken?: string) =>
		await engine.listSearch(NODE, 'searchVisits', {
			credentials,
			...(filter === undefined ? {} : { filter }),
			...(paginationToken === undefined ? {} : { paginationToken }),
		});

	test('searchVisits shows store, agent and date, page by page', async () => {
		const list = (await own('/api/data/v1.3/visits/?limit=200')) as { results: IDataObject[] };
		const first = await listed();
		const second = await listed(undefined, first.paginationToken as string);
		expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(
			list.results.slice(0, 20).map(({ id }) => String(id)),
		);
		const visit = await own(path(list.results[0].id));
		// The sandbox's names tell the ID themselves; it is not said twice.
		expect(first.results[0].name).toMatch(
			new RegExp(
				`^Visit ${String(visit.id)} – Store ${String(visit.customer_id)} – ${String(visit.current_agent_name)} – \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d$`,
			),
		);
	});

	test('searchVisits asks for the details of the visits that it shows, and of no other', async () => {
		await listed();
		expect(sent()).toHaveLength(11);
		expect(sandbox.log[0].query).toEqual({ is_new: 'true', limit: '10', offset: '0' });
	});

	test.each(['ERP-324003', '324119'])(
		'searchVisits finds %j, also beyond the first page',
		async (filter) => {
			const found = await listed(filter);
			expect(found.results.map(({ value }) => value)).toEqual([filter.slice(-6)]);
			expect(found.results[0].name).toMatch(/ – Store STORE-\d+ – /);
			const requests = sent();
			expect(requests[0]).toBe('GET /api/data/v1.3/visits/?is_new=true&limit=100&offset=0 200');
			expect(requests).toHaveLength(2);
		},
	);

	test("searchVisits shows the vendor's refusal and no secret", async () => {
		useCredential({ token: INSPECTOR_TOKENS.noDataApi });
		const search = engine.listSearch(NODE, 'searchVisits', { credentials });
		const error: unknown = await search.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '403' });
		expectNoSecret(error);
		expect(sent()).toEqual(['GET /api/data/v1.3/visits/?is_new=true&limit=10&offset=0 403']);
	});
});

describe('On Error', () => {
	const ids = [VISIT, INSPECTOR_VISITS.missing, INSPECTOR_VISITS.rich, 'abc'];
	const good = [
		[VISIT, { item: 0 }],
		[INSPECTOR_VISITS.rich, { item: 2 }],
	];
	const bad = [
		['Inspector Cloud: the object was not found [item 1]', { item: 1 }],
		["'Visit' is 'abc' [item 3]", { item: 3 }],
	];
	const requests = [
		path(VISIT),
		path(INSPECTOR_VISITS.missing),
		path(INSPECTOR_VISITS.rich),
	].sort();
	const look = (found: ReturnType<RunResult['items']>) =>
		found.map(({ json, pairedItem }) => [json.error ?? json.id, pairedItem]);

	test('Continue: each item fails for itself', async () => {
		const run = await getEach(ids, { onError: 'continueRegularOutput' });
		expect(run.status).toBe('success');
		expect(look(run.items('Node'))).toEqual([good[0], bad[0], good[1], bad[1]]);
		expectNoSecret(run);
		sent();
		expect(sandbox.log.map((one) => one.path).sort()).toEqual(requests);
	});

	test('Continue (using error output): good and bad items part', async () => {
		const run = await getEach(ids, { onError: 'continueErrorOutput' });
		expect(run.status).toBe('success');
		expect(look(run.items('Node', 0))).toEqual(good);
		expect(look(run.items('Node', 1))).toEqual(bad);
		expectNoSecret(run);
		sent();
		expect(sandbox.log.map((one) => one.path).sort()).toEqual(requests);
	});
});

describe('Host and version', () => {
	test.each([
		['with a slash', (url: string) => `${url}/`],
		['with slashes', (url: string) => `${url}//`],
		['with blanks', (url: string) => ` ${url} `],
		['in capitals', (url: string) => url.replace('http', 'HTTP')],
	])('node and test take a host %s', async (_name, change) => {
		const host = change(sandbox.urls.inspectorCloud);
		useCredential({ host, token: ` ${INSPECTOR_TOKENS.default} ` });
		expect((await get()).json('Node')[0].id).toBe(VISIT);
		const credential = { ...sandbox.credentials.inspectorCloudApi, host };
		expect(await engine.testCredential(CREDENTIAL, credential)).toMatchObject({ status: 'OK' });
		expect(sent()).toEqual([
			`GET ${path(VISIT)} 200`,
			'GET /api/data/v1.3/visits/?limit=1&is_new=true 200',
		]);
	});

	test('a host without a scheme is asked over TLS', async () => {
		const received: Buffer[] = [];
		const server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', (data) => {
				received.push(data);
				socket.destroy();
			});
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		try {
			const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
			useCredential({ host });
			const error = failed(await get());
			expect(error.name).toBe('NodeApiError');
			expect(error.failure?.cause).toBe('temporarily-unavailable');
			const asked = received.length;
			const credential = { ...sandbox.credentials.inspectorCloudApi, host };
			expect((await engine.testCredential(CREDENTIAL, credential)).status).toBe('Error');
			expect(received.length).toBeGreaterThan(asked);
			// 22 is the first byte of a TLS handshake.
			expect(new Set(received.map((data) => data[0]))).toEqual(new Set([22]));
			expect(asked).toBeGreaterThan(0);
		} finally {
			await new Promise((done) => server.close(done));
		}
		expect(connect({ host: 'acme.inspector-cloud.com/', token: 't' }).baseUrl).toBe(
			'https://acme.inspector-cloud.com/api/data/v1.3',
		);
	});

	test.each([
		['v1.0', 'v1.0', false],
		['v1.1', 'v1.1', true],
		[' v1.3 ', 'v1.3', true],
		['', 'v1.3', true],
	])('version %j: the address, and DQI from v1.1 on', async (dataApiVersion, version, hasDqi) => {
		useCredential({ dataApiVersion });
		const [json] = (await get(VISIT, { simplify: false })).json('Node');
		expect(json.id).toBe(VISIT);
		expect('dqi' in json).toBe(hasDqi);
		const credential = { ...sandbox.credentials.inspectorCloudApi, dataApiVersion };
		expect(await engine.testCredential(CREDENTIAL, credential)).toMatchObject({ status: 'OK' });
		expect(sent()).toEqual([
			`GET ${path(VISIT, version)} 200`,
			`GET /api/data/${version}/visits/?limit=1&is_new=true 200`,
		]);
	});

	test('a version that this instance does not have', async () => {
		useCredential({ dataApiVersion: 'v1.9' });
		const error = failed(await get());
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '404' });
		expect(error.description).toMatch(/host and version in the credential/);
		expect(sent()).toEqual([`GET ${path(VISIT, 'v1.9')} 404`]);
	});

	test.each([
		[{ dataApiVersion: '1.3' }, /^'Data API Version' is '1\.3'/, /looks like v1\.3/],
		[
			{ dataApiVersion: 'v1.3/../..' },
			/^'Data API Version' is 'v1\.3\/\.\.\/\.\.'/,
			/looks like v1\.3/,
		],
		[{ host: '' }, /^'Instance Host' is empty/, /yourcompany\.inspector-cloud\.com/],
		[
			{ host: 'ftp://files.example' },
			/^'Instance Host' is no web address/,
			/yourcompany\.inspector-cloud\.com/,
		],
		[{ token: '' }, /^'Token' is missing in the credential/, /account manager/],
	])('the node refuses %j before it sends anything', async (other, message, hint) => {
		useCredential(other);
		const error = failed(await get());
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(hint);
		expect(sent()).toEqual([]);
	});
});

describe('Credential', () => {
	const tested = async (other: object = {}) =>
		await engine.testCredential(CREDENTIAL, { ...sandbox.credentials.inspectorCloudApi, ...other });
	const problem = (message: RegExp) => ({
		status: 'Error',
		message: expect.stringMatching(message) as string,
	});

	test('a good token passes the test', async () => {
		expect(await tested()).toMatchObject({ status: 'OK' });
		expect(sent()).toEqual(['GET /api/data/v1.3/visits/?limit=1&is_new=true 200']);
	});

	test.each([
		['a wrong token', { token: 'wrong-token-000' }, /did not accept the token/, 401],
		[
			'a token without access',
			{ token: INSPECTOR_TOKENS.noDataApi },
			/has no access to visits/,
			403,
		],
		['a version that is not there', { dataApiVersion: 'v1.9' }, /no Data API.*Version/, 404],
	])('%s fails the test', async (_name, other, message, status) => {
		expect(await tested(other)).toEqual(problem(message));
		expect(new Set(sandbox.log.map((one) => one.status))).toEqual(new Set([status]));
		sent();
	});

	test.each([
		['a login page', '<!doctype html><html><body>Log in</body></html>'],
		['another JSON', { hello: 'world' }],
	])('%s fails the test', async (_name, body) => {
		sandbox.faults.add({ vendor: 'inspectorCloud', body });
		expect(await tested()).toEqual(problem(/not as the Data API/));
		expect(sent()).toHaveLength(1);
	});

	test('an account without new visits passes the test', async () => {
		const body = { count: 0, next: null, previous: null, results: [] };
		sandbox.faults.add({ vendor: 'inspectorCloud', body });
		expect(await tested()).toMatchObject({ status: 'OK' });
		expect(sent()).toHaveLength(1);
	});

	test('a closed port fails the test', async () => {
		const host = sandbox.urls.inspectorCloud;
		await sandbox.close();
		expect(await tested({ host })).toEqual(problem(/ECONNREFUSED/));
	});
});
