import './environment';

import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { HookContext, WebhookContext } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type {
	CloseFunction,
	IDataObject,
	IHttpRequestMethods,
	INode,
	INodeExecutionData,
	IWebhookData,
	IWebhookDescription,
	IWebhookResponseData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createAdditionalData, startExecution } from './execution';
import type { EngineParts, RunResult } from './execution';
import { createRequestShim, ResponseShim, UnparsableBodyError } from './http-shims';
import type { RequestShim, WebhookHttpResponse, WebhookRequest } from './http-shims';
import { instantiate, plainStaticData, requireNode, staticDataChanged } from './workflow';

function resolveField<T>(
	workflow: Workflow,
	node: INode,
	webhook: IWebhookDescription,
	field: keyof IWebhookDescription,
	fallback: T,
): T {
	const value = webhook[field] as string | boolean | undefined;
	return workflow.expression.getSimpleParameterValue(
		node,
		value,
		'internal',
		{},
		undefined,
		fallback as string,
	) as T;
}

/** The webhooks that n8n registers for a node: one for each description and HTTP method. */
function nodeWebhooks(
	workflow: Workflow,
	node: INode,
	additionalData: IWorkflowExecuteAdditionalData,
	isTest: boolean,
): IWebhookData[] {
	const { description } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (description.webhooks === undefined) {
		throw new Error(`Node "${node.name}" has no webhooks in its description`);
	}
	return description.webhooks.flatMap((webhookDescription) => {
		const field = <T>(name: keyof IWebhookDescription, fallback: T) =>
			resolveField(workflow, node, webhookDescription, name, fallback);
		const relative = String(field('path', '')).replace(/^\/|\/$/g, '');
		const path = NodeHelpers.getNodeWebhookPath(
			workflow.id,
			node,
			relative,
			field('isFullPath', false),
			field('restartWebhook', false),
		);
		return field('httpMethod', 'GET')
			.split(',')
			.filter((method) => method.trim() !== '')
			.map((method) => ({
				httpMethod: method.trim() as IHttpRequestMethods,
				node: node.name,
				path,
				webhookDescription,
				workflowId: workflow.id,
				workflowExecuteAdditionalData: additionalData,
				webhookId: node.webhookId,
				isTest,
			}));
	});
}

/** How the methods of `webhookMethods` are called. */
export interface HookOptions {
	/** Default `trigger`, or `manual` if `test`; `delete` gets `internal` unless this is set. */
	mode?: WorkflowExecuteMode;
	/** Default `activate`, or `manual` if `test`; `delete` gets `update` unless this is set. */
	activation?: WorkflowActivateMode;
	/** Static data of the whole workflow at the start (a node's part is `node:<name>`). */
	staticData?: IDataObject;
	/** "Listen for test event": the test URL, in a workflow that is not active. */
	test?: boolean;
	/** Overrides the engine's. Without a trailing slash. */
	webhookBaseUrl?: string;
}

/** The registration of a node's webhook at its service. */
export interface WebhookHooks {
	/** What `getNodeWebhookUrl('default')` returns. */
	readonly url: string;
	/** Static data of the workflow as n8n has stored it after the last call that ended. */
	readonly staticData: IDataObject;
	/** Static data of the node alone. */
	readonly nodeStaticData: IDataObject;
	checkExists(): Promise<boolean>;
	create(): Promise<boolean>;
	delete(): Promise<boolean>;
	/**
	 * What n8n does to publish: `checkExists`, and `create` unless it exists; if that throws,
	 * `delete` with the same static data, and the error is thrown on.
	 */
	activate(): Promise<void>;
	/** What n8n does to unpublish: `delete`. */
	deactivate(): Promise<void>;
}

type HookMethod = 'checkExists' | 'create' | 'delete';

/** Prepares the calls of a node's `webhookMethods.default`. */
export function createHooks(
	parts: EngineParts,
	workflowData: IWorkflowBase,
	nodeName: string,
	options: HookOptions = {},
): WebhookHooks {
	const test = options.test ?? false;
	const scoped: EngineParts = {
		...parts,
		webhookBaseUrl: options.webhookBaseUrl ?? parts.webhookBaseUrl,
	};
	let stored = plainStaticData(options.staticData ?? workflowData.staticData ?? {});

	const open = () => {
		const workflow = instantiate(workflowData, parts.types, {
			active: test ? false : workflowData.active,
			staticData: stored,
		});
		const node = requireNode(workflow, nodeName);
		const additionalData = createAdditionalData(scoped, { workflowId: workflow.id });
		const [webhook] = nodeWebhooks(workflow, node, additionalData, test);
		const context = (method: HookMethod) =>
			new HookContext(
				workflow,
				node,
				additionalData,
				options.mode ?? (method === 'delete' ? 'internal' : test ? 'manual' : 'trigger'),
				options.activation ?? (method === 'delete' ? 'update' : test ? 'manual' : 'activate'),
				webhook,
			);
		const call = async (method: HookMethod): Promise<boolean> => {
			const type = parts.types.getByNameAndVersion(node.type, node.typeVersion);
			const hook = type.webhookMethods?.default?.[method];
			if (hook === undefined) {
				throw new Error(`Node "${nodeName}" has no webhookMethods.default.${method}`);
			}
			return await workflow.expression.withIsolate(async () => await hook.call(context(method)));
		};
		const save = () => {
			if (staticDataChanged(workflow)) stored = plainStaticData(workflow.staticData);
		};
		return { context, call, save };
	};
	const single = async (method: HookMethod) => {
		const session = open();
		try {
			return await session.call(method);
		} finally {
			session.save();
		}
	};

	return {
		get url() {
			return open().context('checkExists').getNodeWebhookUrl('default') ?? '';
		},
		get staticData() {
			return plainStaticData(stored);
		},
		get nodeStaticData() {
			return plainStaticData((stored[`node:${nodeName}`] ?? {}) as IDataObject);
		},
		checkExists: async () => await single('checkExists'),
		create: async () => await single('create'),
		delete: async () => await single('delete'),
		activate: async () => {
			const session = open();
			try {
				if (!(await session.call('checkExists'))) await session.call('create');
			} catch (error) {
				// n8n reports a clean-up that fails, but the activation's own error is what it shows.
				await session.call('delete').catch(() => false);
				throw error;
			} finally {
				session.save();
			}
		},
		deactivate: async () => {
			await single('delete');
		},
	};
}

/** A call of a webhook. */
export interface WebhookCall extends WebhookRequest {
	/** Static data of the whole workflow at the start. */
	staticData?: IDataObject;
	/** The call comes to the test URL. */
	test?: boolean;
}

/** What came of a call of `webhook()`. */
export interface WebhookOutcome extends IWebhookResponseData {
	/** What the caller gets, from the node or from n8n. */
	response: WebhookHttpResponse;
	/** Items for the execution; undefined if the call starts none. */
	workflowData?: INodeExecutionData[][];
	/** Static data of the workflow at the end, also where n8n would not store it. */
	staticData: IDataObject;
	/**
	 * Whether n8n 2.41 stores it. It does not where an execution is started and n8n answers: what
	 * `webhook()` wrote is lost then.
	 */
	staticDataStored: boolean;
}

/** @throws Error if a webhook of the node is of a kind that the harness does not serve */
function assertServable(parts: EngineParts, workflowData: IWorkflowBase, nodeName: string): void {
	const workflow = instantiate(workflowData, parts.types);
	const node = requireNode(workflow, nodeName);
	const additionalData = createAdditionalData(parts, { workflowId: workflow.id });
	for (const { path, webhookDescription } of nodeWebhooks(workflow, node, additionalData, false)) {
		const mode = resolveField(workflow, node, webhookDescription, 'responseMode', 'onReceived');
		if (mode !== 'onReceived') {
			throw new Error(`The engine harness does not answer in response mode "${mode}"`);
		}
		if (path.includes(':')) throw new Error(`The engine harness has no dynamic paths: "${path}"`);
	}
}

interface PreparedCall {
	workflow: Workflow;
	node: INode;
	webhook: IWebhookData;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
}

function prepareCall(
	parts: EngineParts,
	workflowData: IWorkflowBase,
	nodeName: string,
	method: string,
	{ staticData, test = false }: Pick<WebhookCall, 'staticData' | 'test'>,
): PreparedCall {
	const workflow = instantiate(workflowData, parts.types, {
		active: test ? false : workflowData.active,
		staticData,
	});
	const node = requireNode(workflow, nodeName);
	const additionalData = createAdditionalData(parts, { workflowId: workflow.id });
	const webhooks = nodeWebhooks(workflow, node, additionalData, test);
	const webhook = webhooks.find(({ httpMethod }) => httpMethod === method);
	if (webhook === undefined) {
		const known = webhooks.map(({ httpMethod }) => httpMethod).join(' or ');
		throw new Error(
			`This webhook is not registered for ${method} requests. Did you mean to make a ${known} request?`,
		);
	}
	return { workflow, node, webhook, additionalData, mode: test ? 'manual' : 'webhook' };
}

async function runWebhookMethod(
	parts: EngineParts,
	call: PreparedCall,
	request: RequestShim,
	response: ResponseShim,
): Promise<IWebhookResponseData> {
	const { workflow, node, webhook, additionalData, mode } = call;
	const nodeType = parts.types.getByNameAndVersion(node.type, node.typeVersion);
	if (nodeType.webhook === undefined) throw new Error(`Node "${node.name}" has no webhook method`);
	const closeFunctions: CloseFunction[] = [];
	const context = new WebhookContext(
		workflow,
		node,
		{
			...additionalData,
			httpRequest: request as unknown as IWorkflowExecuteAdditionalData['httpRequest'],
			httpResponse: response as unknown as IWorkflowExecuteAdditionalData['httpResponse'],
		},
		mode,
		webhook,
		closeFunctions,
		null,
	);
	const { webhook: webhookMethod } = nodeType;
	try {
		return await workflow.expression.withIsolate(async () => await webhookMethod.call(context));
	} finally {
		await Promise.allSettled(closeFunctions.map(async (close) => await close()));
	}
}

/** Gives n8n's answer to a call that `webhook()` has handled, unless the node answers itself. */
function answer(call: PreparedCall, outcome: IWebhookResponseData, response: ResponseShim): void {
	const { workflow, node, webhook } = call;
	const description = webhook.webhookDescription;
	if (outcome.noWebhookResponse === true || response.writableEnded) return;
	const status = Number(
		resolveField<number | string>(workflow, node, description, 'responseCode', 200),
	);
	const { entries = [] } = (workflow.expression.getComplexParameterValue(
		node,
		description.responseHeaders as unknown as string,
		'internal',
		{},
		undefined,
		{},
	) ?? {}) as { entries?: Array<{ name: string; value: string }> };
	for (const { name, value } of entries) response.setHeader(name, value);
	if (outcome.workflowData === undefined) {
		response.answer(status, outcome.webhookResponse ?? { message: 'Webhook call received' });
		return;
	}
	const responseData = resolveField<string>(
		workflow,
		node,
		description,
		'responseData',
		'firstEntryJson',
	);
	if (responseData === 'noData') response.answer(status, undefined);
	else {
		const fallback = outcome.webhookResponse ?? { message: 'Workflow was started' };
		response.answer(status, responseData || fallback);
	}
}

/**
 * Calls a node's `webhook()` with a request, without HTTP and without the execution that n8n
 * would start next.
 * @throws what `webhook()` throws (n8n would answer 500), {@link UnparsableBodyError} (422), or
 * an Error if the node has no webhook for the method (404)
 */
export async function callWebhook(
	parts: EngineParts,
	workflowData: IWorkflowBase,
	nodeName: string,
	request: WebhookCall = {},
): Promise<WebhookOutcome> {
	assertServable(parts, workflowData, nodeName);
	const call = prepareCall(
		parts,
		workflowData,
		nodeName,
		(request.method ?? 'POST').toUpperCase(),
		request,
	);
	const prefix = request.test ? 'webhook-test' : 'webhook';
	const shim = createRequestShim(`/${prefix}/${call.webhook.path}`, request, call.node.typeVersion);
	const response = new ResponseShim();
	const outcome = await runWebhookMethod(parts, call, shim, response);
	answer(call, outcome, response);
	return {
		...outcome,
		response: response.snapshot(),
		staticData: plainStaticData(call.workflow.staticData),
		staticDataStored: storesStaticData(call, outcome),
	};
}

function storesStaticData(call: PreparedCall, outcome: IWebhookResponseData): boolean {
	const answeredBeforeRun =
		outcome.workflowData === undefined || outcome.noWebhookResponse === true;
	return call.mode !== 'manual' && answeredBeforeRun && staticDataChanged(call.workflow);
}

/** How a webhook is served over HTTP. */
export interface ListenOptions {
	/** Default `127.0.0.1`. */
	host?: string;
	/** Default 0: any free port. */
	port?: number;
	/** Serve the test URL; executions run in mode `manual`. Unlike n8n, for more than one event. */
	test?: boolean;
	staticData?: IDataObject;
}

/** A request that a listener has received. */
export interface Delivery {
	method: string;
	path: string;
	headers: Record<string, string>;
	rawBody: Buffer;
	/** Milliseconds since the epoch. */
	at: number;
	/** Milliseconds until the answer was complete; undefined while there is none. */
	answeredAfterMs?: number;
	/** Undefined while there is no answer. */
	status?: number;
}

/** A webhook trigger that is being served over HTTP. */
export interface WebhookListener {
	/** The URL of the webhook, as the node sees it. */
	readonly url: string;
	readonly port: number;
	/** Every request, also those that were refused, in the order of arrival. */
	readonly deliveries: Delivery[];
	/** Executions that have ended, in that order. */
	readonly runs: RunResult[];
	/** Static data of the workflow as n8n has stored it. */
	readonly staticData: IDataObject;
	/** Registers the webhook at its service: {@link WebhookHooks.activate} with this URL. */
	activate(): Promise<void>;
	/** Removes it there: {@link WebhookHooks.deactivate}. */
	deactivate(): Promise<void>;
	/**
	 * The next execution that this method has not returned yet; waits for it.
	 * @param timeoutMs default 25000
	 * @throws after `timeoutMs`
	 */
	nextRun(timeoutMs?: number): Promise<RunResult>;
	/** Stops the server and cancels executions that are still running. Keeps registrations. */
	close(): Promise<void>;
}

/**
 * Serves the webhook of a node over HTTP as n8n does in response mode `onReceived`: parses the
 * body, runs `webhook()`, starts the execution from that node in mode `webhook`, answers, and
 * does not wait for the execution. Executions may overlap, as in n8n.
 */
export async function listen(
	parts: EngineParts,
	workflowData: IWorkflowBase,
	nodeName: string,
	options: ListenOptions = {},
): Promise<WebhookListener> {
	const { host = '127.0.0.1', port = 0, test = false } = options;
	assertServable(parts, workflowData, nodeName);
	const prefix = test ? 'webhook-test' : 'webhook';
	let staticData = plainStaticData(options.staticData ?? workflowData.staticData ?? {});
	const deliveries: Delivery[] = [];
	const runs: RunResult[] = [];
	const active = new Map<string, { cancel(): void; result: Promise<RunResult> }>();
	const waiting: Array<(run: RunResult) => void> = [];
	let returned = 0;

	const execute = (call: PreparedCall, inputs: INodeExecutionData[][], failure?: Error): void => {
		const execution = startExecution(scoped, workflowData, {
			mode: call.mode,
			startNode: nodeName,
			inputs,
			staticData,
			failure,
		});
		active.set(execution.executionId, execution);
		void execution.result.then((run) => {
			active.delete(execution.executionId);
			if (call.mode !== 'manual') staticData = run.staticData;
			runs.push(run);
			const next = waiting.shift();
			if (next !== undefined) {
				returned += 1;
				next(run);
			}
		});
	};

	const handle = async (path: string, request: WebhookRequest, response: ResponseShim) => {
		const method = request.method ?? 'POST';
		let call: PreparedCall;
		try {
			call = prepareCall(scoped, workflowData, nodeName, method, { staticData, test });
		} catch (error) {
			response.answer(404, { code: 404, message: (error as Error).message, hint: '' });
			return;
		}
		const expected = `/${prefix}/${call.webhook.path}`;
		if (path.replace(/\/$/, '') !== expected) {
			const name = path.replace(`/${prefix}/`, '');
			const message = `The requested webhook "${method} ${name}" is not registered.`;
			response.answer(404, { code: 404, message, hint: '' });
			return;
		}
		let outcome: IWebhookResponseData;
		try {
			const shim = createRequestShim(path, request, call.node.typeVersion);
			outcome = await runWebhookMethod(scoped, call, shim, response);
		} catch (error) {
			if (error instanceof UnparsableBodyError) {
				response.answer(422, { code: 422, message: error.message, hint: error.hint });
				return;
			}
			const message = 'Workflow Webhook Error: Workflow could not be started!';
			response.answer(500, { code: 0, message });
			execute(call, [[{ json: {} }]], error as Error);
			return;
		}
		if (storesStaticData(call, outcome)) staticData = plainStaticData(call.workflow.staticData);
		if (outcome.workflowData !== undefined) execute(call, outcome.workflowData);
		answer(call, outcome, response);
	};

	const server = fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
		done(null, body);
	});
	server.all('/*', async (request, reply) => {
		const headers = Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [
				name,
				[value ?? ''].flat().join(', '),
			]),
		);
		const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const path = request.url.split('?')[0];
		const delivery: Delivery = { method: request.method, path, headers, rawBody, at: Date.now() };
		deliveries.push(delivery);
		const response = new ResponseShim();
		const query = request.query as Record<string, string | string[]>;
		const { method } = request;
		// Not awaited: a node may answer long before its webhook() returns.
		const handled = handle(path, { method, headers, query, rawBody }, response);
		handled.catch((error: unknown) => {
			response.answer(500, { code: 0, message: String(error) });
		});
		const { status = 500, headers: answerHeaders, body } = await response.ended;
		delivery.status = status;
		delivery.answeredAfterMs = Date.now() - delivery.at;
		reply.code(status).headers(answerHeaders);
		const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
		return await reply.send(payload);
	});
	await server.listen({ host, port });
	const address = server.server.address() as AddressInfo;
	const scoped: EngineParts = { ...parts, webhookBaseUrl: `http://${host}:${address.port}` };
	const hooks = () => createHooks(scoped, workflowData, nodeName, { test, staticData });

	const withHooks = async (action: 'activate' | 'deactivate') => {
		const current = hooks();
		try {
			await current[action]();
		} finally {
			staticData = current.staticData;
		}
	};

	return {
		url: hooks().url,
		port: address.port,
		deliveries,
		runs,
		get staticData() {
			return plainStaticData(staticData);
		},
		activate: async () => await withHooks('activate'),
		deactivate: async () => await withHooks('deactivate'),
		nextRun: async (timeoutMs = 25_000) => {
			const ready = runs[returned];
			if (ready !== undefined) {
				returned += 1;
				return ready;
			}
			return await new Promise<RunResult>((resolve, reject) => {
				const receive = (run: RunResult) => {
					clearTimeout(timer);
					resolve(run);
				};
				const timer = setTimeout(() => {
					waiting.splice(waiting.indexOf(receive), 1);
					reject(new Error(`No execution of "${nodeName}" ended within ${timeoutMs} ms`));
				}, timeoutMs);
				waiting.push(receive);
			});
		},
		close: async () => {
			await server.close();
			const stopping = [...active.values()];
			for (const { cancel } of stopping) cancel();
			await Promise.all(stopping.map(async ({ result }) => await result));
		},
	};
}
