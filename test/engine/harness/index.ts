/**
 * Runs the package's built nodes in n8n's real engine (n8n-core), without n8n's server, database
 * or editor. Used by the engine tests and by the demo; contains nothing of a test framework.
 *
 * Differences from a real n8n 2.41 that a test can meet: expressions run in n8n's in-process
 * ("legacy") evaluator instead of an isolate; only the built-in nodes of `builtin-nodes.ts` exist;
 * credentials are kept in memory and not encrypted; nothing is limited or queued; regular expressions
 * run without n8n's limit of 250 ms.
 */
import { removeUserFolder } from './environment';

import path from 'node:path';
import { LoadOptionsContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
	IDataObject,
	IWorkflowBase,
	ResourceMapperField,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { ITEMS_NODE_TYPE, toItems } from './builtin-nodes';
import type { ItemInput } from './builtin-nodes';
import { HarnessCredentials, testCredential } from './credentials';
import type { CredentialInput, CredentialTestOutcome } from './credentials';
import { DeduplicationStore, initialiseDeduplication } from './deduplication';
import { createAdditionalData, startExecution } from './execution';
import type { EngineParts, RunningExecution, RunResult } from './execution';
import { withoutRegexWatchdog } from './patience';
import { TypeRegistry } from './type-registry';
import { callWebhook, createHooks, listen } from './webhooks';
import type {
	HookOptions,
	ListenOptions,
	WebhookCall,
	WebhookHooks,
	WebhookListener,
	WebhookOutcome,
} from './webhooks';
import { completeWorkflow, instantiate } from './workflow';
import type { NodeInput, WorkflowInput } from './workflow';

export { ITEMS_NODE_TYPE } from './builtin-nodes';
export type { ItemInput } from './builtin-nodes';
export type { CredentialInput, CredentialTestOutcome } from './credentials';
export type { DeduplicationStore } from './deduplication';
export type { NodeSummary, RunningExecution, RunResult } from './execution';
export { UnparsableBodyError } from './http-shims';
export type { WebhookHttpResponse, WebhookRequest } from './http-shims';
export type {
	Delivery,
	HookOptions,
	ListenOptions,
	WebhookCall,
	WebhookHooks,
	WebhookListener,
	WebhookOutcome,
} from './webhooks';
export { DEFAULT_WORKFLOW_ID } from './workflow';
export type { NodeInput, WorkflowInput } from './workflow';

const REPOSITORY_ROOT = path.resolve(__dirname, '..', '..', '..');

/** What an engine is made from. */
export interface EngineOptions {
	/** A built n8n package; default: this repository. */
	packageDir?: string;
	/** Credentials by ID. */
	credentials?: Record<string, CredentialInput>;
	/** Base of webhook URLs, without a trailing slash. Default `http://127.0.0.1:5678`. */
	webhookBaseUrl?: string;
}

/** How a workflow is run. */
export interface RunOptions {
	/**
	 * Default: the node that n8n would start from (a trigger, the Manual Trigger), else the first
	 * node that is enabled and has no incoming connection.
	 */
	startNode?: string;
	/** Items for the start node's first input. Default: one empty item, as n8n gives. */
	items?: readonly ItemInput[];
	/** Items for each main input of the start node; instead of `items`. */
	inputs?: ReadonlyArray<readonly ItemInput[]>;
	/** Default `manual`. */
	mode?: WorkflowExecuteMode;
	/** Overrides the workflow's. */
	staticData?: IDataObject;
}

/** Node settings and input of a run of a single node. */
export interface RunNodeOptions
	extends
		Omit<RunOptions, 'startNode'>,
		Omit<NodeInput, 'type' | 'name' | 'parameters' | 'credentials'> {
	/** Default `Node`. */
	name?: string;
	/** Credential IDs by credential type. */
	credentials?: Record<string, string>;
	/** Default {@link DEFAULT_WORKFLOW_ID}. */
	workflowId?: string;
}

/** What a `loadOptions` or `listSearch` method can see. */
export interface MethodOptions {
	parameters?: object;
	/** Credential IDs by credential type. */
	credentials?: Record<string, string>;
	typeVersion?: number;
	/** Path of the parameter that asks, e.g. `parameters.outlet`. */
	path?: string;
}

/** As {@link MethodOptions}, with what the user typed and the token of the page to load. */
export interface ListSearchOptions extends MethodOptions {
	filter?: string;
	paginationToken?: string;
}

/** An n8n engine with one package loaded. Several can live in one process. */
export interface Engine {
	readonly packageName: string;
	/** Full type names of the package's nodes. */
	readonly nodeTypes: string[];
	/** Names of the package's credential types. */
	readonly credentialTypes: string[];
	/** What `this.helpers.checkProcessed…` remembers. */
	readonly deduplication: DeduplicationStore;
	nodeType(type: string, version?: number): INodeType;
	credentialType(name: string): ICredentialType;
	/** Adds a credential, or replaces the one with this ID. */
	setCredential(id: string, credential: CredentialInput): void;
	/** Sends a credential type's test request and applies its rules, as n8n's dialog does. */
	testCredential(type: string, data: object): Promise<CredentialTestOutcome>;
	/** The request options after the type's `authenticate`, for `data` that is complete. */
	authenticate(
		type: string,
		data: object,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions>;
	/** Runs a workflow to its end. */
	run(workflow: WorkflowInput, options?: RunOptions): Promise<RunResult>;
	/** Starts a workflow. */
	start(workflow: WorkflowInput, options?: RunOptions): RunningExecution;
	/** Runs one node. Its result's node name is `Node` unless `name` is given. */
	runNode(type: string, parameters?: object, options?: RunNodeOptions): Promise<RunResult>;
	/** Starts one node. */
	startNode(type: string, parameters?: object, options?: RunNodeOptions): RunningExecution;
	/** `webhookMethods` of a trigger. */
	hooks(workflow: WorkflowInput, nodeName: string, options?: HookOptions): WebhookHooks;
	/** One call of a trigger's `webhook()`. */
	webhook(
		workflow: WorkflowInput,
		nodeName: string,
		request?: WebhookCall,
	): Promise<WebhookOutcome>;
	/** Serves a trigger's webhook over HTTP and runs the workflow for each event. */
	listen(
		workflow: WorkflowInput,
		nodeName: string,
		options?: ListenOptions,
	): Promise<WebhookListener>;
	/** Calls `methods.loadOptions[method]`. */
	loadOptions(
		nodeType: string,
		method: string,
		options?: MethodOptions,
	): Promise<INodePropertyOptions[]>;
	/** Calls `methods.listSearch[method]`. */
	listSearch(
		nodeType: string,
		method: string,
		options?: ListSearchOptions,
	): Promise<INodeListSearchResult>;
	/** Calls `methods.resourceMapping[method]`: the columns of a mapper. */
	mapperFields(
		nodeType: string,
		method: string,
		options?: MethodOptions,
	): Promise<ResourceMapperField[]>;
	/** Closes the listeners and cancels the executions that still run. */
	close(): Promise<void>;
}

function credentialReferences(
	store: HarnessCredentials,
	credentials: Record<string, string> = {},
): INode['credentials'] {
	return Object.fromEntries(
		Object.entries(credentials).map(([type, id]) => [type, store.reference(id, type)]),
	);
}

function findStartNode(data: IWorkflowBase, types: TypeRegistry): string {
	const workflow = instantiate(data, types);
	const isFirst = (node: INode) =>
		node.disabled !== true &&
		workflow.connectionsByDestinationNode[node.name] === undefined &&
		types.getByNameAndVersion(node.type, node.typeVersion).description.outputs.length > 0;
	const start = workflow.getStartNode() ?? Object.values(workflow.nodes).find(isFirst);
	if (start === undefined) throw new Error('No node to start the workflow from could be found');
	return start.name;
}

function startInputs({ inputs, items }: RunOptions): INodeExecutionData[][] {
	return (inputs ?? [items ?? [{ json: {} }]]).map((input) =>
		toItems(structuredClone(input) as ItemInput[]),
	);
}

/**
 * A workflow in which fixture nodes feed each input of the one node that is to run. A trigger has
 * no inputs: its items are then the execution's own.
 */
function singleNodeWorkflow(
	nodeType: INodeType,
	type: string,
	parameters: object,
	options: RunNodeOptions,
	store: HarnessCredentials,
): { workflow: WorkflowInput; name: string; inputs: INodeExecutionData[][]; sources: string[] } {
	const settings: RunNodeOptions = { ...options };
	const ofTheRun = ['items', 'inputs', 'mode', 'staticData', 'workflowId', 'credentials'] as const;
	for (const key of ofTheRun) delete settings[key];
	const name = settings.name ?? 'Node';
	const inputs = startInputs(options);
	const fed = nodeType.description.inputs.length > 0 ? inputs : [];
	const sources = fed.map((_, index) => (fed.length === 1 ? 'Items' : `Items ${index + 1}`));
	const connections = sources.map((source, index) => [
		source,
		{ main: [[{ node: name, type: 'main', index }]] },
	]);
	const node: NodeInput = {
		...settings,
		name,
		type,
		parameters,
		credentials: credentialReferences(store, options.credentials),
	};
	return {
		workflow: {
			id: options.workflowId,
			nodes: [...sources.map((source) => ({ name: source, type: ITEMS_NODE_TYPE })), node],
			connections: Object.fromEntries(connections) as object,
		},
		name,
		inputs,
		sources,
	};
}

/**
 * Loads a built package into a new engine. The first call of a process also loads n8n-core
 * (2 to 3 s).
 * @throws if the package is not built, or n8n refuses one of its types
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
	withoutRegexWatchdog();
	const types = await TypeRegistry.load(options.packageDir ?? REPOSITORY_ROOT);
	await initialiseDeduplication();
	const credentials = new HarnessCredentials(types);
	for (const [id, credential] of Object.entries(options.credentials ?? {})) {
		credentials.set(id, credential);
	}
	const deduplication = new DeduplicationStore();
	let executions = 0;
	const parts: EngineParts = {
		types,
		credentials,
		deduplication,
		webhookBaseUrl: (options.webhookBaseUrl ?? 'http://127.0.0.1:5678').replace(/\/$/, ''),
		running: new Set(),
		nextExecutionId: () => String(++executions),
	};
	const listeners: WebhookListener[] = [];

	const complete = (workflow: WorkflowInput) => completeWorkflow(workflow, types);

	const start = (workflow: WorkflowInput, run: RunOptions = {}) => {
		const data = complete(workflow);
		return startExecution(parts, data, {
			mode: run.mode ?? 'manual',
			startNode: run.startNode ?? findStartNode(data, types),
			inputs: startInputs(run),
			staticData: run.staticData,
		});
	};

	const startNode = (type: string, parameters: object = {}, run: RunNodeOptions = {}) => {
		const { workflow, name, inputs, sources } = singleNodeWorkflow(
			types.getByNameAndVersion(type, run.typeVersion),
			type,
			parameters,
			run,
			credentials,
		);
		return startExecution(parts, complete(workflow), {
			mode: run.mode ?? 'manual',
			startNode: name,
			inputs,
			sources: sources.length > 0 ? sources : undefined,
			staticData: run.staticData,
		});
	};

	const methodContext = (nodeType: string, method: MethodOptions) => {
		const data = complete({
			nodes: [
				{
					name: 'Temp-Node',
					type: nodeType,
					typeVersion: method.typeVersion,
					parameters: method.parameters,
					credentials: credentialReferences(credentials, method.credentials),
				},
			],
			active: false,
		});
		const workflow = instantiate(data, types);
		const node = workflow.nodes['Temp-Node'];
		const additionalData = createAdditionalData(parts, {
			currentNodeParameters: structuredClone(method.parameters ?? {}) as INodeParameters,
		});
		const context = new LoadOptionsContext(workflow, node, additionalData, method.path ?? '');
		const { methods } = types.getByNameAndVersion(nodeType, method.typeVersion);
		const find = <T>(group: string, available: Record<string, T> | undefined, name: string): T => {
			const found = available?.[name];
			if (found !== undefined) return found;
			const known = Object.keys(available ?? {}).join(', ') || 'none';
			throw new Error(`"${nodeType}" has no ${group} method "${name}" (it has: ${known})`);
		};
		return { workflow, context, methods, find };
	};

	// Constructing any context makes n8n read and write its user folder, once per process.
	methodContext('n8n-nodes-base.noOp', {});
	removeUserFolder();

	return {
		packageName: types.packageName,
		nodeTypes: types.nodeNames,
		credentialTypes: types.credentialNames,
		deduplication,
		nodeType: (type, version) => types.getByNameAndVersion(type, version),
		credentialType: (name) => types.getCredentialType(name),
		setCredential: (id, credential) => credentials.set(id, credential),
		testCredential: async (type, data) =>
			await testCredential(types, credentials, createAdditionalData(parts), type, data),
		authenticate: async (type, data, requestOptions) => {
			const { workflow } = methodContext('n8n-nodes-base.noOp', {});
			return await workflow.expression.withIsolate(
				async () =>
					await credentials.authenticate(
						data as ICredentialDataDecryptedObject,
						type,
						structuredClone(requestOptions),
						workflow,
						workflow.nodes['Temp-Node'],
					),
			);
		},
		run: async (workflow, run) => await start(workflow, run).result,
		start,
		runNode: async (type, parameters, run) => await startNode(type, parameters, run).result,
		startNode,
		hooks: (workflow, nodeName, hookOptions) =>
			createHooks(parts, complete(workflow), nodeName, hookOptions),
		webhook: async (workflow, nodeName, request) =>
			await callWebhook(parts, complete(workflow), nodeName, request),
		listen: async (workflow, nodeName, listenOptions) => {
			const listener = await listen(parts, complete(workflow), nodeName, listenOptions);
			listeners.push(listener);
			return listener;
		},
		loadOptions: async (nodeType, method, methodOptions = {}) => {
			const { workflow, context, methods, find } = methodContext(nodeType, methodOptions);
			const load = find('loadOptions', methods?.loadOptions, method);
			return await workflow.expression.withIsolate(async () => await load.call(context));
		},
		mapperFields: async (nodeType, method, methodOptions = {}) => {
			const { workflow, context, methods, find } = methodContext(nodeType, methodOptions);
			const map = find('resourceMapping', methods?.resourceMapping, method);
			return await workflow.expression.withIsolate(async () => (await map.call(context)).fields);
		},
		listSearch: async (nodeType, method, searchOptions = {}) => {
			const { workflow, context, methods, find } = methodContext(nodeType, searchOptions);
			const search = find('listSearch', methods?.listSearch, method);
			const { filter, paginationToken } = searchOptions;
			const result = await workflow.expression.withIsolate(
				async () => await search.call(context, filter, paginationToken),
			);
			// n8n hands a numeric token back as text.
			const token: unknown = result.paginationToken;
			return typeof token === 'number' ? { ...result, paginationToken: String(token) } : result;
		},
		close: async () => {
			await Promise.all(listeners.splice(0).map(async (listener) => await listener.close()));
			const running = [...parts.running];
			for (const execution of running) execution.cancel();
			await Promise.all(running.map(async ({ result }) => await result));
		},
	};
}
