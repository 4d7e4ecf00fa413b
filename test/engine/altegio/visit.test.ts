/**
 * Altegio's node in n8n's engine against the sandbox. Facts: Altegio docs, "Get a visit" (headers, fields,
 * errors), "Rate limits" (5 a second and 200 a minute for an IP address).
 */
import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { connect } from '../../../nodes/Altegio/connection';
import { visits } from '../../../nodes/Altegio/catalogue/visit';
import { altegio } from '../../../nodes/Altegio/vendor';
import { tidied } from '../../../nodes/shared/road/tidy';
import { ALTEGIO_TOKENS, ALTEGIO_VISITS, startSandbox } from '../../../sandbox';
import type { Sandbox, SandboxOptions } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.altegio';
const CREDENTIAL = 'altegioApi';
const VISIT = ALTEGIO_VISITS.sample;

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
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, ...options });
	useCredential();
}

function useCredential(other: object = {}, id = 'tokens'): void {
	const data = { ...sandbox.credentials.altegioApi, ...other };
	engine.setCredential(id, { type: CREDENTIAL, data });
}

beforeAll(async () => {
	engine = await createEngine();
});

beforeEach(async () => await restart());

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const options = (other: RunNodeOptions = {}): RunNodeOptions => ({
	credentials: { [CREDENTIAL]: 'tokens' },
	...other,
});

const parameters = (visitId: unknown, other: object = {}): object => ({
	resource: 'visit',
	operation: 'get',
	visitId,
	...other,
});

async function get(visitId: unknown = VISIT, other: object = {}): Promise<RunResult> {
	return await engine.runNode(NODE, parameters(String(visitId), other), options());
}

/** Reads `$json.visit` of each item. */
async function getEach(ids: unknown[], other: RunNodeOptions = {}): Promise<RunResult> {
	const items = ids.map((visit) => ({ visit })) as IDataObject[];
	return await engine.runNode(NODE, parameters('={{ $json.visit }}'), options({ items, ...other }));
}

const path = (id: unknown) => `/api/v1/visits/${String(id)}`;

/** The requests that arrived, each as `METHOD url status`; checks the headers that all must have. */
function sent(): string[] {
	for (const { headers, body } of sandbox.log) {
		// One header with both tokens; the log masks all but their ends.
		expect(headers.authorization).toMatch(/^Bearer \*\*\*\S{4}, User \*\*\*\S{4}$/);
		expect(headers.accept).toBe('application/vnd.api.v2+json');
		expect(headers['content-type']).toBe('application/json');
		expect(body).toBeUndefined();
	}
	return sandbox.log.map(({ method, url, status }) => `${method} ${url} ${status}`);
}

/** The data of the sandbox's own answer, which leaves no trace in the log. */
async function own(id: number): Promise<IDataObject> {
	const answer = await fetch(`${sandbox.urls.altegio}/visits/${id}`, {
		headers: {
			Accept: 'application/vnd.api.v2+json',
			Authorization: `Bearer ${ALTEGIO_TOKENS.partner}, User ${ALTEGIO_TOKENS.user}`,
		},
	});
	const { data } = (await answer.json()) as { data: IDataObject };
	sandbox.clearLog();
	return data;
}

function expectNoSecret(run: unknown): void {
	const everything = inspect(run, { depth: 12, maxArrayLength: null, maxStringLength: null });
	for (const secret of [...Object.values(ALTEGIO_TOKENS), 'wrong-partner', 'wrong-user']) {
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

/** The most requests in any span of a second, by their arrival. */
function busiestSecond(): number {
	const moments = sandbox.log.map(({ at }) => at);
	return Math.max(
		...moments.map((from) => moments.filter((at) => at >= from && at < from + 1000).length),
	);
}

describe('Visit: Get', () => {
	test('returns ten fields with Simplify on, which is the default', async () => {
		const run = await get();
		expect(run.error).toBeUndefined();
		const [{ json, pairedItem }] = run.items('Node');
		expect({ ...json, clientPhone: String(json.clientPhone) }).toEqual({
			id: VISIT,
			datetime: '2026-09-21T23:00:00.000-05:00',
			attendance: 1,
			status: 'Arrived',
			locationId: 4564,
			clientId: 4_240_788,
			clientName: 'dev1',
			clientPhone: '13155550175',
			staff: 'John Doe',
			services: '',
		});
		expect(pairedItem).toEqual({ item: 0 });
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
		expect(sandbox.log[0].headers.authorization).toBe(
			`Bearer ***${ALTEGIO_TOKENS.partner.slice(-4)}, User ***${ALTEGIO_TOKENS.user.slice(-4)}`,
		);
	});

	test.each([
		['the sample of the documentation', ALTEGIO_VISITS.sample],
		['a visit with goods and empty objects', ALTEGIO_VISITS.rich],
	])('passes every field through with Simplify off: %s', async (_name, id) => {
		const data = tidied(await own(id), altegio.tidy ?? {});
		const run = await get(id, { simplify: false });
		expect(run.items('Node')).toEqual([{ json: data, pairedItem: { item: 0 } }]);
		expect(sent()).toEqual([`GET ${path(id)} 200`]);
	});

	test("keeps the API's loose types as they are with Simplify off", async () => {
		const [sample] = (await get(ALTEGIO_VISITS.sample, { simplify: false })).json('Node');
		expect(sample).toMatchObject({ comment: 0, attendance: 1 });
		const [record] = sample.records as IDataObject[];
		// Every field that the documentation names for an appointment.
		expect(Object.keys(record).sort()).toEqual(
			[
				...[
					'id',
					'company_id',
					'staff_id',
					'services',
					'events',
					'goods_transactions',
					'staff',
					'client',
				],
				...[
					'date',
					'datetime',
					'create_date',
					'comment',
					'online',
					'visit_attendance',
					'attendance',
				],
				...[
					'confirmed',
					'seance_length',
					'length',
					'sms_before',
					'sms_now',
					'sms_now_text',
					'email_now',
				],
				...['notified', 'master_request', 'api_id', 'from_url', 'review_requested', 'visit_id'],
				...[
					'created_user_id',
					'deleted',
					'paid_full',
					'prepaid',
					'prepaid_confirmed',
					'last_change_date',
				],
				...[
					'custom_color',
					'custom_font_color',
					'record_labels',
					'activity_id',
					'custom_fields',
					'documents',
				],
			].sort(),
		);
		expect(record).toMatchObject({
			client: { phone: 13_155_550_175, card: 415 },
			custom_fields: {},
			documents: [{ id: 8_172_893, type_title: 'Visit' }],
		});
		const [rich] = (await get(ALTEGIO_VISITS.rich, { simplify: false })).json('Node');
		expect(rich.comment).toBe('Regular guest');
		expect(rich.records).toMatchObject([
			// An empty object comes as an empty array, and leaves as what it is.
			{ services: [{ title: 'Haircut', cost: 1500 }], custom_fields: {} },
			{ staff: { position: {} }, client: {}, goods_transactions: [{ id: '9000001' }] },
		]);
		expect(sent()).toHaveLength(2);
	});

	test('joins staff and services of all appointments', async () => {
		const data = await own(ALTEGIO_VISITS.rich);
		const records = data.records as Array<{ staff: IDataObject; client: IDataObject }>;
		const [json] = (await get(ALTEGIO_VISITS.rich)).json('Node');
		expect(json).toMatchObject({
			id: ALTEGIO_VISITS.rich,
			clientId: records[0].client.id,
			clientName: records[0].client.name,
			clientPhone: records[0].client.phone,
			staff: [...new Set(records.map(({ staff }) => staff.name))].join(', '),
			services: 'Haircut, Colouring',
		});
		expect(sent()).toEqual([`GET ${path(ALTEGIO_VISITS.rich)} 200`]);
	});

	test.each([
		[-1, 'Did not come'],
		[0, 'Waiting'],
		[1, 'Arrived'],
		[2, 'Confirmed'],
		[7, null],
	])('attendance %d reads %j', async (attendance, status) => {
		const data = { attendance, datetime: '2026-09-21T23:00:00.000-05:00', comment: 0, records: [] };
		sandbox.faults.add({ vendor: 'altegio', body: { success: true, data, meta: [] } });
		const [json] = (await get()).json('Node');
		expect(json).toMatchObject({ attendance, status });
		expect(sent()).toHaveLength(1);
	});

	test.each([
		['no appointments', [], null],
		[
			'empty objects as empty arrays',
			[{ company_id: 4564, client: [], staff: [], services: [] }],
			null,
		],
		[
			'the client in the second appointment',
			[{ client: [], staff: [] }, { client: { id: 5, name: 'Kate' } }],
			'Kate',
		],
		['services that are an object', [{ services: {}, client: { id: 5, name: 'Kate' } }], 'Kate'],
	])('copes with %s', async (_name, records, clientName) => {
		const data = { attendance: 0, datetime: '2026-09-21T23:00:00.000-05:00', comment: 0, records };
		sandbox.faults.add({ vendor: 'altegio', body: { success: true, data, meta: [] } });
		const run = await get();
		expect(run.error).toBeUndefined();
		expect(run.json('Node')[0]).toMatchObject({ id: VISIT, clientName, staff: '', services: '' });
		expect(sent()).toHaveLength(1);
	});

	test.each([[13_155_550_175], ['+13155550175'], [null], [undefined], ['']])(
		'a phone given as %j is text, or null when there is none',
		async (phone) => {
			const client = { id: 5, name: 'Kate', ...(phone === undefined ? {} : { phone }) };
			const data = { attendance: 0, datetime: '', comment: 0, records: [{ client }] };
			sandbox.faults.add({ vendor: 'altegio', body: { success: true, data, meta: [] } });
			const [json] = (await get()).json('Node');
			expect(json.clientPhone).toBe(phone ? String(phone) : phone === '' ? '' : null);
			expect(sent()).toHaveLength(1);
		},
	);

	test('returns the types that its output schema promises', async () => {
		const run = await getEach([ALTEGIO_VISITS.sample, ALTEGIO_VISITS.rich, 8_260_010]);
		const schema = visits.find(({ operation }) => operation === 'get')?.output ?? {};
		for (const json of run.json('Node')) {
			expect(Object.keys(json)).toEqual(Object.keys(schema));
			for (const [name, value] of Object.entries(json)) {
				if (value !== null) expect([name, typeof value]).toEqual([name, schema[name].type]);
			}
		}
		expect(sent()).toHaveLength(3);
	});

	test('reads the ID for each item and says which item a result belongs to', async () => {
		const run = await getEach([VISIT, ' 8260002 ', '8260010']);
		expect(run.items('Node').map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[VISIT, { item: 0 }],
			[8_260_002, { item: 1 }],
			[8_260_010, { item: 2 }],
		]);
		expect(sent().sort()).toEqual(
			[VISIT, 8_260_002, 8_260_010].map((id) => `GET ${path(id)} 200`).sort(),
		);
	});
});

describe('IDs that cannot work', () => {
	test.each(['abc', '0', '-1', '1.5', '8260852/../8260002', '', '   ', null])(
		'%j given by an expression',
		async (value) => {
			const error = failed(await getEach([value]));
			expect(error.name).toBe('NodeOperationError');
			const what = String(value ?? '').trim() === '' ? 'is empty' : `is '${String(value)}'`;
			expect(error.message).toBe(`'Visit ID' ${what}`);
			expect(error.description).toMatch(/whole number|Fill in/);
			expect(error.context?.itemIndex).toBe(0);
			expect(sent()).toEqual([]);
		},
	);

	test.each([
		['abc', /^'Visit ID' is 'abc'$/],
		['', /"Visit ID" is required/],
	])('%j typed into the form', async (value, message) => {
		const error = failed(await get(value));
		expect(error.message).toMatch(message);
		expect(sent()).toEqual([]);
	});
});

describe('Refusals', () => {
	test.each([
		[
			'an unknown visit',
			ALTEGIO_VISITS.missing,
			'404',
			/not found/,
			/not the ID of an appointment/,
			undefined,
		],
		[
			'an expired licence',
			ALTEGIO_VISITS.licenceExpired,
			'402',
			/licence.*run out/,
			/renew the license of the location/,
			'configuration-invalid',
		],
		[
			'a location that is not connected',
			ALTEGIO_VISITS.forbidden,
			'403',
			/access was denied/,
			/marketplace.*\nThe vendor says: Access denied\./,
			'configuration-invalid',
		],
	])('%s', async (_name, id, httpCode, message, hint, cause) => {
		const error = failed(await get(id));
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode, context: { itemIndex: 0 } });
		expect(error.message).toMatch(message);
		expect(error.message).toMatch(/^Altegio: .*$/);
		expect(error.description).toMatch(hint);
		expect(error.failure?.cause).toBe(cause);
		expect(sent()).toEqual([`GET ${path(id)} ${httpCode}`]);
	});

	test.each([
		['partner', { partnerToken: 'wrong-partner-token' }],
		['user', { userToken: 'wrong-user-token' }],
	])('a wrong %s token', async (_name, other) => {
		useCredential(other);
		const error = failed(await get());
		expect(error).toMatchObject({ httpCode: '401', failure: { cause: 'credential-invalid' } });
		expect(error.message).toMatch(/tokens were not accepted/);
		expect(error.description).toContain('The vendor says: Authentication needed.');
		expect(sent()).toEqual([`GET ${path(VISIT)} 401`]);
	});

	test('field errors are shown', async () => {
		const meta = { message: 'Validation failed', errors: { visit_id: ['is wrong', 'is old'] } };
		sandbox.faults.add({
			vendor: 'altegio',
			status: 422,
			body: { success: false, data: null, meta },
		});
		const error = failed(await get());
		expect(error.httpCode).toBe('422');
		expect(error.description).toContain('Validation failed | visit_id: is wrong, is old');
		expect(sent()).toEqual([`GET ${path(VISIT)} 422`]);
	});

	test('success false in an answer of 200 is a failure', async () => {
		const meta = { message: 'Something went wrong' };
		sandbox.faults.add({ vendor: 'altegio', body: { success: false, data: null, meta } });
		const error = failed(await get());
		expect(error.name).toBe('NodeApiError');
		expect(error.description).toContain('Something went wrong');
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
	});

	test.each([
		['without the envelope', { attendance: 1, datetime: '2026-09-21', comment: 0, records: [] }],
		['with an empty envelope', { success: true, data: null, meta: [] }],
		['with PHP’s empty object', { success: true, data: [], meta: [] }],
	])('an answer of 200 %s is a failure, not an empty item or none', async (_name, body) => {
		sandbox.faults.add({ vendor: 'altegio', body });
		const error = failed(await get());
		expect(error.message).toMatch(/^Altegio: /);
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
	});

	test("an error in the API's old shape shows the vendor's words", async () => {
		const errors = { code: 404, message: 'Visit was deleted' };
		sandbox.faults.add({ vendor: 'altegio', status: 404, body: { errors } });
		const error = failed(await get());
		expect(error.httpCode).toBe('404');
		expect(error.description).toContain('Visit was deleted');
		expect(sent()).toEqual([`GET ${path(VISIT)} 404`]);
	});
});

describe('Limits', () => {
	test('twelve items never make more than five requests in any second', async () => {
		const ids = Array.from({ length: 12 }, (_unused, index) => 8_260_000 + index);
		const run = await getEach(ids);
		expect(run.json('Node').map(({ id }) => id)).toEqual(ids);
		expect(sent().map((line) => line.slice(-3))).toEqual(Array(12).fill('200'));
		expect(busiestSecond()).toBeLessThanOrEqual(5);
		expect(sandbox.altegio.limits.refused).toBe(0);
	});

	test('all credentials behind one address share the budget', async () => {
		useCredential({ userToken: 'wrong-user-token' }, 'others');
		const others = { credentials: { [CREDENTIAL]: 'others' }, onError: 'continueRegularOutput' };
		const ids = Array.from({ length: 5 }, (_unused, index) => 8_260_000 + index);
		const [mine, theirs] = await Promise.all([getEach(ids), getEach(ids, others)]);
		expect(mine.json('Node').map(({ id }) => id)).toEqual(ids);
		expect(theirs.json('Node').every(({ error }) => String(error).includes('tokens'))).toBe(true);
		expect(sent()).toHaveLength(10);
		expect(busiestSecond()).toBeLessThanOrEqual(5);
		expect(sandbox.altegio.limits.refused).toBe(0);
	});

	test('a 429 that tells no time is waited out', async () => {
		sandbox.faults.add({ vendor: 'altegio', status: 429 });
		const run = await get();
		expect(run.json('Node')[0].id).toBe(VISIT);
		expect(sent()).toEqual([`GET ${path(VISIT)} 429`, `GET ${path(VISIT)} 200`]);
		const [refused, good] = sandbox.log;
		expect(good.at - refused.at).toBeGreaterThanOrEqual(950);
		expect(good.at - refused.at).toBeLessThan(20_000);
	});

	test('after a refusal the others wait too, one by one', async () => {
		sandbox.faults.add({ vendor: 'altegio', status: 429, times: 2 });
		const run = await getEach([8_260_000, 8_260_001, 8_260_002, 8_260_003]);
		expect(run.json('Node')).toHaveLength(4);
		const statuses = sent().map((line) => line.slice(-3));
		// Three were under way at the first refusal; none of the rest was refused.
		expect(statuses.filter((status) => status === '429')).toHaveLength(2);
		expect(statuses).toHaveLength(6);
	});

	test('stopping the execution ends the wait for the budget', async () => {
		const items = Array.from({ length: 40 }, (_unused, index) => ({ visit: 8_260_000 + index }));
		const form = parameters('={{ $json.visit }}');
		const running = engine.startNode(NODE, form, options({ items }));
		while (sandbox.log.length < 5) await new Promise((done) => setTimeout(done, 20));
		running.cancel();
		const run = await running.result;
		expect(run.status).toBe('canceled');
		const soFar = sent().length;
		// All forty take seven seconds more.
		expect(soFar).toBeLessThan(40);
		await new Promise((done) => setTimeout(done, 1200));
		expect(sent()).toHaveLength(soFar);
	});
});

describe('On Error', () => {
	const ids = [VISIT, ALTEGIO_VISITS.missing, ALTEGIO_VISITS.rich, 'abc'];
	const good = [
		[VISIT, { item: 0 }],
		[ALTEGIO_VISITS.rich, { item: 2 }],
	];
	const bad = [
		['Altegio: the object was not found [item 1]', { item: 1 }],
		["'Visit ID' is 'abc' [item 3]", { item: 3 }],
	];
	const requests = [path(VISIT), path(ALTEGIO_VISITS.missing), path(ALTEGIO_VISITS.rich)].sort();
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

	test('Continue (using error output): what the input had goes along, a message of its own too', async () => {
		const items = [{ visit: 'abc' }, { visit: 'abc', message: 'Come soon' }] as IDataObject[];
		const form = parameters('={{ $json.visit }}');
		const run = await engine.runNode(
			NODE,
			form,
			options({ items, onError: 'continueErrorOutput' }),
		);
		const [bare, talking] = run.json('Node', 1);
		expect(bare).toMatchObject({ visit: 'abc', error: "'Visit ID' is 'abc' [item 0]" });
		expect(bare.message).toMatch(/\w/);
		expect(talking).toEqual({
			...items[1],
			error: `'Visit ID' is 'abc' [item 1]\n${String(bare.message)}`,
		});
		expect(sent()).toEqual([]);
	});
});

describe('Credential', () => {
	const tested = async (other: object = {}) =>
		await engine.testCredential(CREDENTIAL, { ...sandbox.credentials.altegioApi, ...other });
	const problem = (message: RegExp) => ({
		status: 'Error',
		message: expect.stringMatching(message) as string,
	});

	test('good tokens pass the test', async () => {
		expect(await tested()).toMatchObject({ status: 'OK' });
		expect(sent()).toEqual(['GET /api/v1/companies?my=1&count=1 200']);
	});

	test.each([
		['partner', { partnerToken: 'wrong-partner-token' }],
		['user', { userToken: 'wrong-user-token' }],
	])('a wrong %s token fails the test', async (_name, other) => {
		expect(await tested(other)).toEqual(
			problem(/partner token or the user token was not accepted/),
		);
		expect(new Set(sent())).toEqual(new Set(['GET /api/v1/companies?my=1&count=1 401']));
	});

	test.each([
		['no access', { status: 403 }, /access is denied.*marketplace/],
		['too many requests', { status: 429 }, /Too many requests/],
		['a login page', { body: '<html><body>Log in</body></html>' }, /not as this API/],
		['another JSON', { body: { hello: 'world' } }, /not as this API/],
	])('%s fails the test', async (_name, fault, message) => {
		sandbox.faults.add({ vendor: 'altegio', ...fault });
		expect(await tested()).toEqual(problem(message));
		expect(sent()).toHaveLength(1);
	});

	test('an address without the path of the API fails the test', async () => {
		const customUrl = new URL(sandbox.urls.altegio).origin;
		expect(await tested({ customUrl })).toEqual(problem(/no such API.*ends in \/api\/v1/));
		expect(sent()).toEqual(['GET /companies?my=1&count=1 404']);
	});

	test('a closed port fails the test', async () => {
		const customUrl = sandbox.urls.altegio;
		await sandbox.close();
		expect(await tested({ customUrl })).toEqual(problem(/ECONNREFUSED/));
	});

	test.each([
		['a slash at the end', (url: string) => `${url}/`],
		['blanks around it', (url: string) => ` ${url} `],
	])('test and node take a custom URL with %s', async (_name, change) => {
		const customUrl = change(sandbox.urls.altegio);
		useCredential({ customUrl, partnerToken: ` ${ALTEGIO_TOKENS.partner} ` });
		expect((await get()).json('Node')[0].id).toBe(VISIT);
		expect(sent()).toEqual([`GET ${path(VISIT)} 200`]);
		expect(await tested({ customUrl })).toMatchObject({ status: 'OK' });
	});

	test.each([
		[{ partnerToken: '' }, /^'Partner Token' is missing in the credential/],
		[{ userToken: '  ' }, /^'User Token' is missing in the credential/],
		[{ customUrl: '' }, /^'Custom URL' is empty/],
		[{ customUrl: 'not a url' }, /^'Custom URL' is no address/],
		[{ customUrl: 'https://me:pass@example.com' }, /^'Custom URL' holds a login/],
	])('the node refuses %j before it sends anything', async (other, message) => {
		useCredential(other);
		const error = failed(await get());
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(/Both tokens are needed|Give an address such as/);
		expect(error.message).not.toContain('pass');
		expect(sent()).toEqual([]);
	});

	test('each platform has its address and its Accept header', async () => {
		const tokens = { partnerToken: ' partner ', userToken: ' user ' };
		const altegio = connect({ platform: 'altegio', ...tokens });
		const yclients = connect({ platform: 'yclients', ...tokens });
		expect(altegio.baseUrl).toBe('https://api.alteg.io/api/v1');
		expect(altegio.headers.Accept).toBe('application/vnd.api.v2+json');
		expect(yclients.baseUrl).toBe('https://api.yclients.com/api/v1');
		expect(yclients.headers.Accept).toBe('application/vnd.yclients.v2+json');
		expect(altegio.budgetKey).not.toBe(yclients.budgetKey);
		expect(JSON.stringify([altegio, yclients])).not.toMatch(/partner|user/);
		for (const { baseUrl, headers } of [altegio, yclients]) {
			const request = { url: `${baseUrl}/visits/1`, headers };
			const signed = await engine.authenticate(CREDENTIAL, tokens, request);
			expect(signed).toEqual({
				...request,
				headers: { ...headers, Authorization: 'Bearer partner, User user' },
			});
		}
	});

	test.each([
		['Bearer partner', 'User user'],
		['"partner"', "'user'"],
		[' partner\n', 'user\r\n'],
		['Authorization: Bearer partner', 'Bearer user'],
	])('tokens pasted as %j and %j go out bare', async (partnerToken, userToken) => {
		const request = { url: 'https://api.alteg.io/api/v1/visits/1', headers: {} };
		const signed = await engine.authenticate(CREDENTIAL, { partnerToken, userToken }, request);
		expect(signed.headers).toEqual({ Authorization: 'Bearer partner, User user' });
	});

	test('the test of a credential asks the platform that was chosen', () => {
		const { test: dialog } = engine.credentialType(CREDENTIAL);
		const { baseURL, headers } = dialog?.request ?? {};
		for (const text of ['https://api.yclients.com/api/v1', 'https://api.alteg.io/api/v1']) {
			expect(baseURL).toContain(text);
		}
		expect(headers?.Accept).toContain('application/vnd.yclients.v2+json');
	});
});
