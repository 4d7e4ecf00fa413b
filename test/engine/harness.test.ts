import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine, DEFAULT_WORKFLOW_ID, UnparsableBodyError } from './harness';
import type { Engine, WorkflowInput } from './harness';

/** Sources of a throw-away package, so that n8n's loader has real files of dist/ to load. */
const PACKAGE_FILES: Record<string, string> = {
	'dist/credentials/ProbeApi.credentials.js': `
		exports.ProbeApi = class ProbeApi {
			name = 'probeApi';
			displayName = 'Probe API';
			properties = [
				{ displayName: 'URL', name: 'url', type: 'string', default: '' },
				{ displayName: 'Token', name: 'token', type: 'string', default: '' },
				{ displayName: 'Tenant', name: 'tenant', type: 'string', default: 'main' },
				{ displayName: 'Trace', name: 'trace', type: 'string', default: '' },
			];
			authenticate = {
				type: 'generic',
				properties: {
					headers: {
						Authorization: '=Bearer {{$credentials.token}}',
						'X-Trace': '={{$credentials.trace}}',
						'X-Fixed': 'fixed',
					},
					qs: { tenant: '={{$credentials.tenant}}' },
				},
			};
			test = {
				request: { baseURL: '={{$credentials.url}}', url: '/me' },
				rules: [
					{ type: 'responseCode', properties: { value: 401, message: 'The token is not valid' } },
					{
						type: 'responseSuccessBody',
						properties: { key: 'account.state', value: 'blocked', message: 'The account is blocked' },
					},
				],
			};
		};`,
	'dist/credentials/ProbeSignedApi.credentials.js': `
		exports.ProbeSignedApi = class ProbeSignedApi {
			name = 'probeSignedApi';
			displayName = 'Probe Signed API';
			properties = [{ displayName: 'Key', name: 'key', type: 'string', default: '' }];
			restrictToSupportedNodes = true;
			async authenticate(credentials, requestOptions) {
				const signature = credentials.key + ':' + requestOptions.url.length;
				return { ...requestOptions, headers: { ...requestOptions.headers, signature } };
			}
		};`,
	'dist/nodes/Probe/Probe.node.json': JSON.stringify({
		node: 'n8n-nodes-probe.probe',
		categories: ['Development'],
		resources: { primaryDocumentation: [{ url: 'https://example.com' }] },
	}),
	'dist/nodes/Probe/Probe.node.js': `
		const { NodeApiError, NodeOperationError } = require('n8n-workflow');
		let calls = 0;
		const operations = {
			async echo(i) {
				return { value: this.getNodeParameter('value', i) };
			},
			async failOdd(i) {
				if (i % 2 === 1) {
					throw new NodeOperationError(this.getNode(), 'Item ' + i + ' is odd', { itemIndex: i });
				}
				return { kept: this.getInputData()[i].json.n };
			},
			async failTwice() {
				calls += 1;
				if (calls % 3 !== 0) throw new NodeOperationError(this.getNode(), 'Call ' + calls);
				return { calls };
			},
			async request(i) {
				const { url, tenant } = await this.getCredentials('probeApi', i);
				return await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', {
					url: url + this.getNodeParameter('value', i),
					qs: { own: tenant },
					json: true,
				});
			},
			async dedup(i) {
				const seen = await this.helpers.checkProcessedAndRecord(
					[this.getNodeParameter('value', i)],
					'node',
					{ mode: this.getNodeParameter('mode', i), maxEntries: 2 },
				);
				return { isNew: seen.new.length };
			},
			async count() {
				calls += 1;
				const data = this.getWorkflowStaticData('node');
				data.count = (data.count ?? 0) + 1;
				return { count: data.count };
			},
		};
		exports.Probe = class Probe {
			description = {
				displayName: 'Probe',
				name: 'probe',
				group: ['input'],
				version: [1, 2],
				description: 'Does what a test asks for',
				defaults: { name: 'Probe' },
				inputs: ['main'],
				outputs: ['main'],
				credentials: [{ name: 'probeApi', required: false }, { name: 'probeSignedApi' }],
				properties: [
					{
						displayName: 'Operation',
						name: 'operation',
						type: 'options',
						options: [...Object.keys(operations), 'binary'].map((value) => ({ name: value, value })),
						default: 'echo',
					},
					{ displayName: 'Value', name: 'value', type: 'string', default: 'default' },
					{ displayName: 'Mode', name: 'mode', type: 'string', default: 'entries' },
					{
						displayName: 'Must',
						name: 'must',
						type: 'string',
						default: '',
						required: true,
						displayOptions: { show: { operation: ['count'], value: ['required'] } },
					},
				],
			};
			methods = {
				loadOptions: {
					async getModes() {
						const { token } = await this.getCredentials('probeApi');
						return [{ name: token, value: this.getCurrentNodeParameter('value') }];
					},
				},
				listSearch: {
					async getThings(filter, paginationToken) {
						const { url } = await this.getCredentials('probeApi');
						const page = await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', {
							url: url + '/things',
							qs: { filter: filter ?? '', page: paginationToken ?? '0' },
						});
						return { results: page.things, paginationToken: page.next };
					},
				},
			};
			async execute() {
				const output = [];
				for (let i = 0; i < this.getInputData().length; i++) {
					const operation = this.getNodeParameter('operation', i);
					try {
						if (operation === 'binary') {
							const content = Buffer.from(this.getNodeParameter('value', i));
							const data = await this.helpers.prepareBinaryData(content, 'probe.txt', 'text/plain');
							output.push({ json: {}, binary: { data }, pairedItem: { item: i } });
						} else {
							const json = await operations[operation].call(this, i);
							output.push({ json, pairedItem: { item: i } });
						}
					} catch (error) {
						if (!this.continueOnFail()) throw error;
						output.push({ json: { error: error.message }, error, pairedItem: { item: i } });
					}
				}
				return [output];
			}
		};`,
	'dist/nodes/Join/Join.node.js': `
		exports.Join = class Join {
			description = {
				displayName: 'Join',
				name: 'join',
				group: ['transform'],
				version: 1,
				description: 'Counts the items of two inputs',
				defaults: { name: 'Join' },
				inputs: ['main', 'main'],
				outputs: ['main'],
				properties: [],
			};
			async execute() {
				const [left, right] = [0, 1].map((input) => this.getInputData(input).map((i) => i.json));
				return [[{ json: { left, right } }]];
			}
		};`,
	'dist/nodes/Wait/Wait.node.js': `
		const { sleep } = require('n8n-workflow');
		exports.Wait = class Wait {
			description = {
				displayName: 'Wait',
				name: 'wait',
				group: ['transform'],
				version: 1,
				description: 'Waits in short sleeps until the execution is cancelled',
				defaults: { name: 'Wait' },
				inputs: ['main'],
				outputs: ['main'],
				properties: [],
			};
			async execute() {
				const signal = this.getExecutionCancelSignal();
				for (let slice = 0; slice < 400; slice++) {
					if (signal.aborted) throw new Error('Stopped while waiting');
					await sleep(25);
				}
				return [this.getInputData()];
			}
		};`,
	'dist/nodes/Probe/ProbeTrigger.node.js': `
		let release;
		exports.ProbeTrigger = class ProbeTrigger {
			description = {
				displayName: 'Probe Trigger',
				name: 'probeTrigger',
				group: ['trigger'],
				version: 1,
				description: 'Starts on a delivery',
				defaults: { name: 'Probe Trigger' },
				inputs: [],
				outputs: ['main'],
				credentials: [{ name: 'probeApi', required: true }],
				webhooks: [
					{
						name: 'default',
						httpMethod: 'POST',
						responseMode: '={{ $parameter.event === "late" ? "lastNode" : "onReceived" }}',
						responseData: 'noData',
						path: 'hook',
					},
				],
				properties: [{ displayName: 'Event', name: 'event', type: 'string', default: 'any' }],
			};
			webhookMethods = {
				default: {
					async checkExists() {
						const { id, url } = this.getWorkflowStaticData('node');
						return id !== undefined && url === this.getNodeWebhookUrl('default');
					},
					async create() {
						const data = this.getWorkflowStaticData('node');
						const url = this.getNodeWebhookUrl('default');
						const { url: base } = await this.getCredentials('probeApi');
						data.url = url;
						const created = await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', {
							method: 'POST',
							url: base + '/hooks',
							body: {
								url,
								event: this.getNodeParameter('event'),
								mode: this.getMode(),
								activation: this.getActivationMode(),
								active: this.getWorkflow().active,
							},
						});
						data.id = created.id;
						return true;
					},
					async delete() {
						const data = this.getWorkflowStaticData('node');
						const { url: base } = await this.getCredentials('probeApi');
						await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', {
							method: 'DELETE',
							url: base + '/hooks/' + (data.id ?? 'none'),
							qs: { mode: this.getMode(), activation: this.getActivationMode() },
						});
						delete data.id;
						return true;
					},
				},
			};
			async webhook() {
				const body = this.getBodyData();
				if (body?.release) {
					release();
					return {};
				}
				const data = this.getWorkflowStaticData('node');
				data.calls = (data.calls ?? 0) + 1;
				if (body?.crash) throw new Error('Could not read the delivery');
				if (body?.ignore) return {};
				if (body?.silent) return { noWebhookResponse: true };
				if (body?.refuse) return { webhookResponse: { refused: true } };
				const { events } = body ?? { events: [] };
				const workflowData = [events.map((json) => ({ json }))];
				if (body?.early) {
					this.getResponseObject().status(202).set('X-Early', 'yes').end();
					await new Promise((resolve) => {
						if (body.held) release = resolve;
						else setTimeout(resolve, 150);
					});
					return { noWebhookResponse: true, workflowData };
				}
				return { workflowData };
			}
			async execute() {
				const items = this.getInputData();
				const data = this.getWorkflowStaticData('node');
				data.executed = (data.executed ?? 0) + 1;
				return [items.map((item, i) => ({
					json: { ...item.json, mode: this.getMode(), calls: data.calls ?? 0 },
					pairedItem: { item: i },
				}))];
			}
		};`,
};

const PROBE = 'n8n-nodes-probe.probe';
const TOKEN = 'secret-token';

interface SeenRequest {
	method: string;
	url: string;
	headers: Record<string, unknown>;
	body: unknown;
}

let packageDir: string;
let server: FastifyInstance;
let serverUrl: string;
let engine: Engine;
const seen: SeenRequest[] = [];
/** What the loopback service answers to /me, and whether it takes registrations. */
const service = { account: 'active', refuseHooks: false };

function writePackage(): string {
	const dir = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-probe-'));
	const files = Object.keys(PACKAGE_FILES).filter((file) => file.endsWith('.js'));
	const manifest = {
		name: 'n8n-nodes-probe',
		version: '1.2.3',
		n8n: {
			n8nNodesApiVersion: 1,
			credentials: files.filter((file) => file.includes('/credentials/')),
			nodes: files.filter((file) => file.includes('/nodes/')),
		},
	};
	const all = { ...PACKAGE_FILES, 'package.json': JSON.stringify(manifest) };
	for (const [file, content] of Object.entries(all)) {
		const target = path.join(dir, file);
		mkdirSync(path.dirname(target), { recursive: true });
		writeFileSync(target, content);
	}
	// The package's require('n8n-workflow') must find the copy that n8n-core uses.
	mkdirSync(path.join(dir, 'node_modules'));
	const workflowDir = path.resolve(path.dirname(require.resolve('n8n-workflow')), '..', '..');
	symlinkSync(workflowDir, path.join(dir, 'node_modules', 'n8n-workflow'), 'junction');
	return dir;
}

async function startService(): Promise<void> {
	server = fastify({ forceCloseConnections: true });
	server.addHook('preHandler', async (request) => {
		const { method, url, headers, body } = request;
		seen.push({ method, url, headers, body });
	});
	server.get('/me', async (request, reply) => {
		if (request.headers.authorization !== `Bearer ${TOKEN}`) return await reply.code(401).send({});
		return { account: { state: service.account } };
	});
	server.get<{ Querystring: { filter: string; page: string } }>('/things', async (request) => {
		const { filter, page } = request.query;
		const names = ['apple', 'apricot', 'banana'].filter((name) => name.startsWith(filter));
		const next = Number(page) + 1;
		const things = names.slice(Number(page), next).map((name) => ({ name, value: name }));
		return { things, next: next < names.length ? next : undefined };
	});
	server.post('/hooks', async (_request, reply) =>
		service.refuseHooks ? await reply.code(503).send({}) : { id: `hook-${seen.length}` },
	);
	server.delete('/hooks/:id', async () => ({}));
	await server.listen({ host: '127.0.0.1', port: 0 });
	serverUrl = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
	packageDir = writePackage();
	await startService();
	engine = await createEngine({
		packageDir,
		credentials: {
			good: { name: 'Good', type: 'probeApi', data: { url: serverUrl, token: TOKEN } },
			bad: { type: 'probeApi', data: { url: serverUrl, token: 'wrong' } },
		},
		webhookBaseUrl: 'https://n8n.example.com/',
	});
});

afterAll(async () => {
	await engine.close();
	await server.close();
	rmSync(packageDir, { recursive: true, force: true });
});

beforeEach(() => {
	seen.length = 0;
	Object.assign(service, { account: 'active', refuseHooks: false });
});

describe('loading', () => {
	it('loads a built package as n8n does', () => {
		expect(engine.packageName).toBe('n8n-nodes-probe');
		expect(engine.nodeTypes).toEqual(
			expect.arrayContaining([PROBE, 'n8n-nodes-probe.probeTrigger', 'n8n-nodes-probe.join']),
		);
		expect(engine.credentialTypes).toEqual(['probeApi', 'probeSignedApi']);
		const { description } = engine.nodeType(PROBE);
		expect(description.codex?.categories).toEqual(['Development']);
		expect(description.communityNodePackageVersion).toBe('1.2.3');
		expect(engine.credentialType('probeApi').properties.map(({ name }) => name)).toContain(
			'allowedHttpRequestDomains',
		);
	});

	it('says so when the package is not built', async () => {
		rmSync(path.join(packageDir, 'dist/nodes/Join/Join.node.js'));
		await expect(createEngine({ packageDir })).rejects.toThrow(/not built.*Join\.node\.js/);
		writeFileSync(
			path.join(packageDir, 'dist/nodes/Join/Join.node.js'),
			PACKAGE_FILES['dist/nodes/Join/Join.node.js'],
		);
	});

	it('leaves no n8n user folder behind', () => {
		expect(process.env.N8N_USER_FOLDER).toContain('n8n-engine-');
		expect(existsSync(process.env.N8N_USER_FOLDER ?? '')).toBe(false);
	});

	it('rejects unknown node and credential types', async () => {
		await expect(engine.runNode('n8n-nodes-probe.nope')).rejects.toThrow(/nope/);
		expect(() => engine.setCredential('x', { type: 'nopeApi', data: {} })).toThrow(/nopeApi/);
	});
});

describe('runNode', () => {
	it('resolves parameters for each item and pairs items', async () => {
		const result = await engine.runNode(
			PROBE,
			{ value: '={{ $json.n * 10 }}' },
			{ items: [{ n: 1 }, { n: 2 }] },
		);
		expect(result.status).toBe('success');
		expect(result.error).toBeUndefined();
		expect(result.json('Node')).toEqual([{ value: 10 }, { value: 20 }]);
		expect(result.items('Node')[1].pairedItem).toEqual({ item: 1 });
		expect(result.nodes).toEqual([
			expect.objectContaining({ name: 'Items', itemsOut: [2] }),
			expect.objectContaining({ name: 'Node', type: PROBE, itemsIn: 2, itemsOut: [2] }),
		]);
		expect(() => result.data('Nodee')).toThrow(/no node "Nodee".*Items, Node/);
	});

	it('uses the latest type version and one empty item by default', async () => {
		const execution = engine.startNode(PROBE);
		const { json, run } = await execution.result;
		expect(json('Node')).toEqual([{ value: 'default' }]);
		expect(run.mode).toBe('manual');
		expect(engine.nodeType(PROBE, 2).description.version).toEqual([1, 2]);
	});

	it('feeds several inputs', async () => {
		const { json } = await engine.runNode(
			'n8n-nodes-probe.join',
			{},
			{
				name: 'Join',
				inputs: [[{ a: 1 }, { a: 2 }], [{ b: 3 }]],
			},
		);
		expect(json('Join')).toEqual([{ left: [{ a: 1 }, { a: 2 }], right: [{ b: 3 }] }]);
	});

	it('stops at an error', async () => {
		const result = await engine.runNode(
			PROBE,
			{ operation: 'failOdd' },
			{
				items: [{ n: 0 }, { n: 1 }],
			},
		);
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			name: 'NodeOperationError',
			message: 'Item 1 is odd',
			context: { itemIndex: 1 },
		});
		expect(result.data('Node')).toEqual([]);
		expect(result.nodes.at(-1)).toMatchObject({ status: 'error', error: 'Item 1 is odd' });
	});

	it('continues on its regular output', async () => {
		const result = await engine.runNode(
			PROBE,
			{ operation: 'failOdd' },
			{
				items: [{ n: 0 }, { n: 1 }],
				onError: 'continueRegularOutput',
			},
		);
		expect(result.status).toBe('success');
		expect(result.json('Node')).toEqual([{ kept: 0 }, { error: 'Item 1 is odd' }]);
	});

	it('sends failed items to the error output, with their input', async () => {
		const result = await engine.runNode(
			PROBE,
			{ operation: 'failOdd' },
			{
				items: [{ n: 0 }, { n: 1 }, { n: 2 }],
				onError: 'continueErrorOutput',
			},
		);
		expect(result.json('Node', 0)).toEqual([{ kept: 0 }, { kept: 2 }]);
		expect(result.items('Node', 1)[0]).toMatchObject({
			json: { error: 'Item 1 is odd' },
			pairedItem: { item: 1 },
		});
	});

	it('retries the node on failure', async () => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await engine.runNode(PROBE, { operation: 'failTwice' }, settings);
		expect(result.json('Node')).toEqual([{ calls: 3 }]);
		const single = await engine.runNode(PROBE, { operation: 'failTwice' });
		expect(single.error?.message).toBe('Call 4');
	});

	it('reports a required parameter that is empty as a failed execution', async () => {
		const result = await engine.runNode(PROBE, { operation: 'count', value: 'required' });
		expect(result.status).toBe('error');
		expect(result.error?.name).toBe('WorkflowHasIssuesError');
		expect(result.runData).toEqual({});
	});

	it('keeps binary data in memory', async () => {
		const { items } = await engine.runNode(PROBE, { operation: 'binary', value: 'héllo' });
		const { data } = items('Node')[0].binary ?? {};
		expect(data).toMatchObject({ fileName: 'probe.txt', mimeType: 'text/plain', bytes: 6 });
		expect(Buffer.from(data.data, 'base64').toString()).toBe('héllo');
	});
});

describe('workflows', () => {
	const workflow: WorkflowInput = {
		nodes: [
			{ name: 'Note', type: 'n8n-nodes-base.stickyNote' },
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{
				name: 'Fixture',
				type: 'test.items',
				parameters: { items: JSON.stringify([{ n: 1 }, { n: 2 }, { n: 3 }]) },
			},
			{ name: 'Probe', type: PROBE, parameters: { value: "={{ $('Fixture').item.json.n }}" } },
			{ name: 'End', type: 'n8n-nodes-base.noOp' },
		],
		connections: {
			Start: { main: [[{ node: 'Fixture', type: 'main', index: 0 }]] },
			Fixture: { main: [[{ node: 'Probe', type: 'main', index: 0 }]] },
			Probe: { main: [[{ node: 'End', type: 'main', index: 0 }]] },
		},
	};

	it('run from their trigger, with item lineage', async () => {
		const result = await engine.run(workflow);
		expect(result.status).toBe('success');
		expect(result.json('End')).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
		expect(result.nodes.map(({ name, itemsIn, itemsOut }) => [name, itemsIn, itemsOut])).toEqual([
			['Start', 1, [1]],
			['Fixture', 1, [3]],
			['Probe', 3, [3]],
			['End', 3, [3]],
		]);
		expect(result.data('Note')).toEqual([]);
	});

	it('run from a given node, with given items', async () => {
		const result = await engine.run(workflow, { startNode: 'End', items: [{ x: 1 }] });
		expect(Object.keys(result.runData)).toEqual(['End']);
		expect(result.json('End')).toEqual([{ x: 1 }]);
	});

	it('keep static data of executions that are not manual', async () => {
		const counter = { nodes: [{ name: 'Count', type: PROBE, parameters: { operation: 'count' } }] };
		const first = await engine.run(counter, { mode: 'trigger' });
		const second = await engine.run(counter, { mode: 'trigger', staticData: first.staticData });
		expect(second.json('Count')).toEqual([{ count: 2 }]);
		expect(second.staticData).toEqual({ 'node:Count': { count: 2 } });
		const manual = await engine.run(counter, { staticData: second.staticData });
		expect(manual.json('Count')).toEqual([{ count: 3 }]);
		expect(manual.staticData).toEqual({ 'node:Count': { count: 2 } });
	});

	it('are cancelled while a node waits', async () => {
		const execution = engine.start({
			nodes: [
				{ name: 'Wait', type: 'n8n-nodes-probe.wait' },
				{ name: 'After', type: 'n8n-nodes-base.noOp' },
			],
			connections: { Wait: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		});
		await new Promise((resolve) => setTimeout(resolve, 100));
		execution.cancel();
		const result = await execution.result;
		expect(result.status).toBe('canceled');
		expect(result.timeMs).toBeGreaterThanOrEqual(90);
		expect(result.runData.After).toBeUndefined();
		expect(result.nodeError('Wait')?.message).toBe('Stopped while waiting');
	});
});

describe('credentials', () => {
	it('authenticates requests by expressions, with an empty string for what is falsy', async () => {
		const { json, error } = await engine.runNode(
			PROBE,
			{ operation: 'request', value: '/me' },
			{ credentials: { probeApi: 'good' } },
		);
		expect(error).toBeUndefined();
		expect(json('Node')).toEqual([{ account: { state: 'active' } }]);
		expect(seen[0].url).toBe('/me?own=main&tenant=main');
		expect(seen[0].headers).toMatchObject({
			authorization: `Bearer ${TOKEN}`,
			'x-trace': '',
			'x-fixed': 'fixed',
		});
	});

	it('hands a refused request to the node as NodeApiError', async () => {
		const { error } = await engine.runNode(
			PROBE,
			{ operation: 'request', value: '/me' },
			{ credentials: { probeApi: 'bad' } },
		);
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});

	it('resolves expressions in values and takes replacements', async () => {
		engine.setCredential('later', { type: 'probeApi', data: { url: serverUrl, token: 'old' } });
		engine.setCredential('later', {
			type: 'probeApi',
			data: { url: serverUrl, token: "={{ 'secret' + '-token' }}", tenant: '={{ $json.tenant }}' },
		});
		const { json } = await engine.runNode(
			PROBE,
			{ operation: 'request', value: '/me' },
			{ credentials: { probeApi: 'later' }, items: [{ tenant: 't1' }, { tenant: 't2' }] },
		);
		expect(json('Node')).toHaveLength(2);
		// The engine's own authentication reads the credential for the first item only.
		expect(seen.map(({ url }) => url)).toEqual(['/me?own=t1&tenant=t1', '/me?own=t2&tenant=t1']);
	});

	it('supports the function form of authenticate', async () => {
		const request = { url: 'https://example.com/', headers: { a: 'b' } };
		const options = await engine.authenticate('probeSignedApi', { key: 'k' }, request);
		expect(options.headers).toEqual({ a: 'b', signature: 'k:20' });
		expect(request.headers).toEqual({ a: 'b' });
	});

	it('refuses a credential ID that is of another type or unknown', async () => {
		const run = async (credentials: Record<string, string>) =>
			await engine.runNode(PROBE, {}, { credentials });
		await expect(run({ probeSignedApi: 'good' })).rejects.toThrow(/"good" does not exist/);
		await expect(run({ probeApi: 'nobody' })).rejects.toThrow(/"nobody" does not exist/);
	});

	it.each([
		['the right token', { token: TOKEN }, { status: 'OK', message: 'Connection successful!' }],
		['a wrong token', { token: 'x' }, { status: 'Error', message: 'The token is not valid' }],
		['a wrong path', { url: 'nope' }, { status: 'Error', message: 'Not Found' }],
		['a closed port', { url: 'closed' }, { status: 'Error', message: 'ECONNREFUSED' }],
	])('tests a credential with %s', async (_name, data, expected) => {
		const urls: Record<string, string> = {
			nope: `${serverUrl}/nope`,
			closed: 'http://127.0.0.1:1',
		};
		const { url, token } = { url: '', token: TOKEN, ...data };
		const outcome = await engine.testCredential('probeApi', { token, url: urls[url] ?? serverUrl });
		expect(outcome).toEqual(expected);
	});

	it('applies rules to the body of a good answer', async () => {
		service.account = 'blocked';
		expect(await engine.testCredential('probeApi', { url: serverUrl, token: TOKEN })).toEqual({
			status: 'Error',
			message: 'The account is blocked',
		});
		const untested = await engine.testCredential('probeSignedApi', { key: 'k' });
		expect(untested.message).toBe('No testing function found for this credential.');
	});
});

describe('load options and list search', () => {
	it('calls loadOptions with parameters and credentials', async () => {
		const options = { parameters: { value: 'v' }, credentials: { probeApi: 'good' } };
		expect(await engine.loadOptions(PROBE, 'getModes', options)).toEqual([
			{ name: TOKEN, value: 'v' },
		]);
		await expect(engine.loadOptions(PROBE, 'getMoods')).rejects.toThrow(/it has: getModes/);
	});

	it('pages through listSearch; tokens are text', async () => {
		const options = { credentials: { probeApi: 'good' }, filter: 'ap' };
		const first = await engine.listSearch(PROBE, 'getThings', options);
		expect(first).toEqual({ results: [{ name: 'apple', value: 'apple' }], paginationToken: '1' });
		const second = await engine.listSearch(PROBE, 'getThings', {
			...options,
			paginationToken: '1',
		});
		expect(second.results).toEqual([{ name: 'apricot', value: 'apricot' }]);
		expect(second.paginationToken).toBeUndefined();
	});
});

describe('deduplication', () => {
	const check = async (target: Engine, value: string, mode = 'entries', name = 'Node') => {
		const result = await target.runNode(PROBE, { operation: 'dedup', value, mode }, { name });
		if (result.error !== undefined) throw result.error;
		return result.json(name)[0].isNew;
	};

	beforeEach(() => engine.deduplication.clear());

	it('remembers entries by node and drops the oldest', async () => {
		expect(await check(engine, 'a')).toBe(1);
		expect(await check(engine, 'a')).toBe(0);
		expect(await check(engine, 'a', 'entries', 'Other')).toBe(1);
		expect(await check(engine, 'b')).toBe(1);
		expect(await check(engine, 'c')).toBe(1);
		expect(await check(engine, 'a')).toBe(1);
	});

	it('remembers only the latest in the modes for that', async () => {
		expect(await check(engine, '5', 'latestIncrementalKey')).toBe(1);
		expect(await check(engine, '10', 'latestIncrementalKey')).toBe(1);
		expect(await check(engine, '7', 'latestIncrementalKey')).toBe(0);
		await expect(check(engine, 'x', 'latestIncrementalKey')).rejects.toMatchObject({
			message: expect.stringContaining('Only numbers') as string,
		});
		await expect(check(engine, '11', 'entries')).rejects.toMatchObject({
			message: expect.stringContaining('incompatible') as string,
		});
		expect(await check(engine, '2026-01-02', 'latestDate', 'Dates')).toBe(1);
		expect(await check(engine, '2026-01-02', 'latestDate', 'Dates')).toBe(0);
	});

	it('is not atomic, like the table behind it in n8n', async () => {
		const outcomes = await Promise.allSettled([check(engine, 'x'), check(engine, 'x')]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	});

	it('is separate for each engine of a process, and so are credentials', async () => {
		const other = await createEngine({
			packageDir,
			credentials: { good: { type: 'probeApi', data: { url: serverUrl, token: 'other' } } },
		});
		expect(await check(engine, 'a')).toBe(1);
		expect(await check(other, 'a')).toBe(1);
		expect(await check(engine, 'a')).toBe(0);
		expect(await check(other, 'a')).toBe(0);
		other.deduplication.clear();
		const both = await Promise.all([check(engine, 'a'), check(other, 'a')]);
		expect(both).toEqual([0, 1]);

		const options = { credentials: { probeApi: 'good' } };
		const [theirs] = await other.loadOptions(PROBE, 'getModes', options);
		const [ours] = await engine.loadOptions(PROBE, 'getModes', options);
		expect([theirs.name, ours.name]).toEqual(['other', TOKEN]);
		await other.close();
	});
});

describe('webhook triggers', () => {
	const trigger = {
		name: 'Trigger',
		type: 'n8n-nodes-probe.probeTrigger',
		webhookId: 'web-hook-id',
		parameters: { event: 'sale' },
		credentials: { probeApi: { id: 'good', name: 'Good' } },
	};
	const workflow: WorkflowInput = {
		nodes: [trigger, { name: 'After', type: 'n8n-nodes-base.noOp' }],
		connections: { Trigger: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
	};

	it('register and remove themselves', async () => {
		const hooks = engine.hooks(workflow, 'Trigger');
		expect(hooks.url).toBe('https://n8n.example.com/webhook/web-hook-id/hook');
		expect(await hooks.checkExists()).toBe(false);
		expect(await hooks.create()).toBe(true);
		expect(seen[0].body).toEqual({
			url: hooks.url,
			event: 'sale',
			mode: 'trigger',
			activation: 'activate',
			active: true,
		});
		expect(hooks.nodeStaticData).toEqual({ url: hooks.url, id: 'hook-1' });
		expect(await hooks.checkExists()).toBe(true);

		const restarted = engine.hooks(workflow, 'Trigger', { staticData: hooks.staticData });
		await restarted.activate();
		expect(seen).toHaveLength(1);
		await restarted.deactivate();
		expect(seen[1].url).toBe('/hooks/hook-1?mode=internal&activation=update&tenant=main');
		expect(restarted.nodeStaticData).toEqual({ url: hooks.url });
	});

	it('register at the test URL, or where told, in the mode that is told', async () => {
		const hooks = engine.hooks(workflow, 'Trigger', { test: true });
		await hooks.create();
		expect(seen[0].body).toMatchObject({
			url: 'https://n8n.example.com/webhook-test/web-hook-id/hook',
			mode: 'manual',
			activation: 'manual',
			active: false,
		});
		const init = { activation: 'init' as const, webhookBaseUrl: 'http://127.0.0.1:9' };
		await engine.hooks(workflow, 'Trigger', init).create();
		expect(seen[1].body).toMatchObject({
			url: 'http://127.0.0.1:9/webhook/web-hook-id/hook',
			activation: 'init',
		});
	});

	it('clean up after a registration that fails, and keep what they stored', async () => {
		service.refuseHooks = true;
		const hooks = engine.hooks(workflow, 'Trigger');
		await expect(hooks.activate()).rejects.toMatchObject({ httpCode: '503' });
		expect(seen.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
		expect(seen[1].url).toContain('/hooks/none?mode=internal');
		expect(hooks.nodeStaticData).toEqual({ url: hooks.url });
	});

	it('get a stable webhook ID if they bring none', () => {
		const bare = { nodes: [{ ...trigger, webhookId: undefined }] };
		const url = () => engine.hooks(bare, 'Trigger').url;
		expect(url()).toMatch(/\/webhook\/[0-9a-f]{8}-[0-9a-f-]{27}\/hook$/);
		expect(url()).toBe(url());
	});

	it('take a call', async () => {
		const outcome = await engine.webhook(workflow, 'Trigger', {
			body: { events: [{ id: 1 }, { id: 2 }] },
			staticData: { 'node:Trigger': { calls: 6 } },
		});
		expect(outcome.workflowData).toEqual([[{ json: { id: 1 } }, { json: { id: 2 } }]]);
		expect(outcome.response).toMatchObject({ status: 200, body: undefined, sentBy: 'n8n' });
		expect(outcome.staticData).toEqual({ 'node:Trigger': { calls: 7 } });
		// n8n 2.41 loses what webhook() writes if an execution follows.
		expect(outcome.staticDataStored).toBe(false);
		const { json } = await engine.run(workflow, {
			startNode: 'Trigger',
			inputs: outcome.workflowData?.map((items) => items ?? []),
			mode: 'webhook',
		});
		expect(json('After')).toMatchObject([{ id: 1, mode: 'webhook' }, { id: 2 }]);
	});

	it('answer calls that start nothing, and answer by themselves', async () => {
		const call = async (body: object) => await engine.webhook(workflow, 'Trigger', { body });
		const ignored = await call({ ignore: true });
		expect(ignored.workflowData).toBeUndefined();
		expect(ignored.response.body).toEqual({ message: 'Webhook call received' });
		expect(ignored.staticDataStored).toBe(true);
		expect((await call({ refuse: true })).response.body).toEqual({ refused: true });
		const early = await call({ early: true, events: [] });
		expect(early.response).toMatchObject({
			status: 202,
			headers: { 'x-early': 'yes' },
			sentBy: 'node',
		});
		expect((await call({ silent: true })).response.sentBy).toBe('nobody');
		await expect(call({ crash: true })).rejects.toThrow('Could not read the delivery');
	});

	it('see no body where n8n parses none', async () => {
		const call = async (rawBody: string, contentType: string) =>
			await engine.webhook(workflow, 'Trigger', {
				rawBody,
				headers: { 'Content-Type': contentType },
			});
		const json = '{"events":[{"id":1}]}';
		expect((await call(json, 'application/json; charset=utf-8')).workflowData?.[0]).toHaveLength(1);
		expect((await call(json, 'application/octet-stream')).workflowData?.[0]).toHaveLength(0);
		expect((await call('', 'application/json')).workflowData?.[0]).toHaveLength(0);
		await expect(call('{"events":', 'application/json')).rejects.toThrow(UnparsableBodyError);
	});

	it('are not served in a response mode that the harness does not know', async () => {
		const late = { nodes: [{ ...trigger, parameters: { event: 'late' } }] };
		await expect(engine.webhook(late, 'Trigger')).rejects.toThrow(/response mode "lastNode"/);
		await expect(engine.listen(late, 'Trigger')).rejects.toThrow(/response mode "lastNode"/);
		await expect(engine.listen(workflow, 'After')).rejects.toThrow(/no webhooks/);
		await expect(engine.listen(workflow, 'Nobody')).rejects.toThrow(/no node "Nobody"/);
	});

	describe('over HTTP', () => {
		const post = async (url: string, body: string, contentType = 'application/json') => {
			const headers = { 'Content-Type': contentType };
			const response = await fetch(url, { method: 'POST', body, headers });
			return { status: response.status, text: await response.text() };
		};

		it('travel from a delivery to the items of an execution', async () => {
			const listener = await engine.listen(workflow, 'Trigger');
			await listener.activate();
			expect(seen[0].body).toMatchObject({ url: listener.url });
			expect(listener.url).toBe(`http://127.0.0.1:${listener.port}/webhook/web-hook-id/hook`);

			const answers = await Promise.all([
				post(listener.url, '{"events":[{"id":1}]}'),
				post(listener.url, '{"events":[{"id":2},{"id":3}]}'),
			]);
			expect(answers).toEqual([
				{ status: 200, text: '' },
				{ status: 200, text: '' },
			]);
			const runs = [await listener.nextRun(), await listener.nextRun()];
			const ids = runs.flatMap(({ json }) => json('After').map(({ id }) => id));
			expect(ids.sort()).toEqual([1, 2, 3]);
			expect(runs[0].json('After')[0]).toMatchObject({ mode: 'webhook', calls: 0 });
			expect(listener.runs).toHaveLength(2);
			expect(listener.deliveries.map(({ status }) => status)).toEqual([200, 200]);
			// From execute(), which n8n stores; not from webhook(), which it loses.
			expect(listener.staticData['node:Trigger']).toEqual({
				id: 'hook-1',
				url: listener.url,
				executed: expect.any(Number) as number,
			});

			await listener.deactivate();
			expect(seen.at(-1)).toMatchObject({ method: 'DELETE' });
			await listener.close();
			await expect(fetch(listener.url)).rejects.toThrow();
		});

		it('get the answers that n8n gives', async () => {
			const listener = await engine.listen(workflow, 'Trigger');
			const { url } = listener;
			expect(await post(url, '{"ignore":true}')).toEqual({
				status: 200,
				text: '{"message":"Webhook call received"}',
			});
			expect(listener.staticData).toEqual({ 'node:Trigger': { calls: 1 } });
			expect(await post(url, '{"ignore":')).toMatchObject({ status: 422 });
			expect(await post(`${url}/more`, '{}')).toMatchObject({ status: 404 });
			expect((await fetch(url)).status).toBe(404);
			expect(await post(url, '{"crash":true}')).toEqual({
				status: 500,
				text: '{"code":0,"message":"Workflow Webhook Error: Workflow could not be started!"}',
			});
			const failed = await listener.nextRun();
			expect(failed.status).toBe('error');
			expect(failed.error?.message).toBe('Could not read the delivery');
			expect(listener.runs).toHaveLength(1);
			await expect(listener.nextRun(50)).rejects.toThrow(/within 50 ms/);
			await listener.close();
		});

		it('answer before their webhook() returns, if they want to', async () => {
			const listener = await engine.listen(workflow, 'Trigger');
			expect(await post(listener.url, '{"early":true,"held":true,"events":[{"id":9}]}')).toEqual({
				status: 202,
				text: '',
			});
			// The answer is there while webhook() waits for the next call.
			expect(listener.deliveries[0].answeredAfterMs).toEqual(expect.any(Number));
			expect(listener.runs).toHaveLength(0);
			await post(listener.url, '{"release":true}');
			expect((await listener.nextRun()).json('After')).toMatchObject([{ id: 9, calls: 1 }]);
			await listener.close();
		});

		it('serve the test URL in mode manual and store nothing', async () => {
			const listener = await engine.listen(workflow, 'Trigger', { test: true });
			expect(listener.url).toContain('/webhook-test/');
			await post(listener.url, '{"events":[{"id":1}]}');
			expect((await listener.nextRun()).json('After')).toMatchObject([{ mode: 'manual' }]);
			expect(listener.staticData).toEqual({});
			await listener.close();
		});

		it('cancels executions that still run when it is closed', async () => {
			const listener = await engine.listen(
				{
					nodes: [trigger, { name: 'Wait', type: 'n8n-nodes-probe.wait' }],
					connections: { Trigger: { main: [[{ node: 'Wait', type: 'main', index: 0 }]] } },
				},
				'Trigger',
			);
			await post(listener.url, '{"events":[{"id":1}]}');
			await listener.close();
			expect(listener.runs[0].nodeError('Wait')?.message).toBe('Stopped while waiting');
		});
	});

	it('keep to one workflow ID where none is given', async () => {
		const outcome = await engine.run({ nodes: [trigger] }, { mode: 'webhook' });
		expect(outcome.run.data.executionData?.runtimeData?.triggerNode?.name).toBe('Trigger');
		expect(DEFAULT_WORKFLOW_ID.length).toBeLessThanOrEqual(21);
	});
});
