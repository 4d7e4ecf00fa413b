import './environment';

import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, UnexpectedError } from 'n8n-workflow';
import type {
	ExecutionError,
	ExecutionStatus,
	IDataObject,
	IExecuteData,
	INode,
	INodeExecutionData,
	IRun,
	IRunData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { HarnessCredentials } from './credentials';
import { withDeduplicationStore } from './deduplication';
import type { DeduplicationStore } from './deduplication';
import type { TypeRegistry } from './type-registry';
import { instantiate, plainStaticData, requireNode, staticDataChanged } from './workflow';

/** What every part of an engine shares. */
export interface EngineParts {
	types: TypeRegistry;
	credentials: HarnessCredentials;
	deduplication: DeduplicationStore;
	/** Without a trailing slash. */
	webhookBaseUrl: string;
	/** Executions that have not ended. */
	running: Set<RunningExecution>;
	nextExecutionId(): string;
}

/** One row of a run's report, in the order in which the nodes ran. */
export interface NodeSummary {
	name: string;
	type: string;
	/** Items on all inputs together. */
	itemsIn: number;
	/** Items on each output. */
	itemsOut: number[];
	/** Milliseconds. */
	timeMs: number;
	status: ExecutionStatus;
	/** The message of the error with which the node failed. */
	error?: string;
}

/** A finished execution. */
export interface RunResult {
	executionId: string;
	status: ExecutionStatus;
	/**
	 * The error that ended the execution. The engine copies errors into plain objects: test `name`
	 * (`'NodeApiError'`), `message`, `description`, `context`, `httpCode`; not `instanceof`.
	 */
	error?: ExecutionError;
	/** Milliseconds from start to end. */
	timeMs: number;
	lastNodeExecuted?: string;
	/** n8n's own record of the execution. */
	run: IRun;
	runData: IRunData;
	/** What n8n would have stored as the workflow's static data (manual runs store nothing). */
	staticData: IDataObject;
	nodes: NodeSummary[];
	/**
	 * Items by output of a node's last run (or of run `runIndex`); empty if it did not run.
	 * @throws if the workflow has no such node
	 */
	data(nodeName: string, runIndex?: number): INodeExecutionData[][];
	/** Items of one output (0 unless told otherwise) of a node's last run. */
	items(nodeName: string, output?: number): INodeExecutionData[];
	/** The `json` of {@link items}. */
	json(nodeName: string, output?: number): IDataObject[];
	/** The error with which a node's last run failed, also where the workflow went on. */
	nodeError(nodeName: string): ExecutionError | undefined;
}

/** An execution that was started. */
export interface RunningExecution {
	executionId: string;
	/**
	 * Stops the execution as n8n's Stop button does. `result` then resolves with status `canceled`
	 * as soon as the node that is running returns or throws: the engine does not interrupt it.
	 */
	cancel(): void;
	/** Never rejects because of the workflow: failures are in the result's status and error. */
	result: Promise<RunResult>;
}

/** The data that accompanies an execution or a call of a node's method in n8n. */
export function createAdditionalData(
	parts: EngineParts,
	overrides: Partial<IWorkflowExecuteAdditionalData> = {},
): IWorkflowExecuteAdditionalData {
	const base = parts.webhookBaseUrl;
	const unsupported = (what: string) => async (): Promise<never> => {
		throw new UnexpectedError(`The engine harness does not support ${what}`);
	};
	return {
		credentialsHelper: parts.credentials,
		externalSecretsProxy: new ExternalSecretsProxy(),
		executeWorkflow: unsupported('sub-workflows'),
		getRunExecutionData: unsupported('access to other executions'),
		getRuntimeCredential: unsupported('runtime credentials'),
		startRunnerTask: unsupported('task runners'),
		currentNodeExecutionIndex: 0,
		instanceBaseUrl: `${base}/`,
		restApiUrl: `${base}/rest`,
		webhookBaseUrl: `${base}/webhook`,
		webhookTestBaseUrl: `${base}/webhook-test`,
		webhookWaitingBaseUrl: `${base}/webhook-waiting`,
		formBaseUrl: `${base}/form`,
		formTestBaseUrl: `${base}/form-test`,
		formWaitingBaseUrl: `${base}/form-waiting`,
		mcpBaseUrl: `${base}/mcp`,
		mcpTestBaseUrl: `${base}/mcp-test`,
		variables: {},
		logAiEvent: () => {},
		...overrides,
	};
}

/** How an execution starts. */
export interface ExecutionStart {
	mode: WorkflowExecuteMode;
	startNode: string;
	/** Items for the start node, by main input. */
	inputs: INodeExecutionData[][];
	/** Where these items come from, by input: nodes whose output is recorded as already run. */
	sources?: string[];
	staticData?: IDataObject;
	/** The execution begins as failed with this error (a webhook that could not be handled). */
	failure?: Error;
	executionId?: string;
}

function summarise(workflow: Workflow, runData: IRunData, start: ExecutionStart): NodeSummary[] {
	const rows = Object.entries(runData).flatMap(([name, runs]) =>
		runs.map((run) => ({ name, run })),
	);
	rows.sort((left, right) => left.run.executionIndex - right.run.executionIndex);
	return rows.map(({ name, run }) => {
		let itemsIn = 0;
		if (name === start.startNode && run.source.length === 0) {
			itemsIn = start.inputs.reduce((sum, items) => sum + items.length, 0);
		}
		for (const source of run.source) {
			if (source === null) continue;
			const from = runData[source.previousNode]?.[source.previousNodeRun ?? 0];
			itemsIn += from?.data?.main?.[source.previousNodeOutput ?? 0]?.length ?? 0;
		}
		return {
			name,
			type: workflow.nodes[name]?.type ?? '',
			itemsIn,
			itemsOut: (run.data?.main ?? []).map((items) => items?.length ?? 0),
			timeMs: run.executionTime,
			status: run.executionStatus ?? 'unknown',
			error: run.error?.message,
		};
	});
}

function toResult(
	executionId: string,
	workflow: Workflow,
	run: IRun,
	start: ExecutionStart,
	staticData: IDataObject,
): RunResult {
	const { runData, error, lastNodeExecuted } = run.data.resultData;
	const lastRun = (nodeName: string, runIndex = -1) => {
		requireNode(workflow, nodeName);
		return runData[nodeName]?.at(runIndex);
	};
	const data = (nodeName: string, runIndex?: number) =>
		(lastRun(nodeName, runIndex)?.data?.main ?? []).map((items) => items ?? []);
	const items = (nodeName: string, output = 0) => data(nodeName)[output] ?? [];
	return {
		executionId,
		status: run.status,
		error,
		timeMs: (run.stoppedAt ?? run.startedAt).getTime() - run.startedAt.getTime(),
		lastNodeExecuted,
		run,
		runData,
		staticData,
		nodes: summarise(workflow, runData, start),
		data,
		items,
		json: (nodeName, output) => items(nodeName, output).map((item) => item.json),
		nodeError: (nodeName) => lastRun(nodeName)?.error,
	};
}

/** n8n's record of an execution that its engine refused to begin. */
function failedRun(mode: WorkflowExecuteMode, cause: unknown): IRun {
	const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
	const error = { ...(cause as object), message, stack } as unknown as ExecutionError;
	const now = new Date();
	return {
		data: createRunExecutionData({ resultData: { error, runData: {} } }),
		finished: false,
		mode,
		startedAt: now,
		stoppedAt: now,
		storedAt: 'db',
		status: 'error',
	};
}

function executionStack(node: INode, start: ExecutionStart): IExecuteData[] {
	const source = start.sources?.map((previousNode) => ({ previousNode }));
	return [{ node, data: { main: start.inputs }, source: source ? { main: source } : null }];
}

/** Run data of the nodes that stand for the origin of the start node's items. */
function sourceRunData(start: ExecutionStart): IRunData {
	const entries = (start.sources ?? []).map((name, index) => [
		name,
		[
			{
				startTime: Date.now(),
				executionIndex: index,
				executionTime: 0,
				executionStatus: 'success' as const,
				source: [],
				data: { main: [start.inputs[index] ?? []] },
			},
		],
	]);
	return Object.fromEntries(entries) as IRunData;
}

/** Starts an execution in n8n's engine. */
export function startExecution(
	parts: EngineParts,
	workflowData: IWorkflowBase,
	start: ExecutionStart,
): RunningExecution {
	const executionId = start.executionId ?? parts.nextExecutionId();
	const { mode, failure } = start;
	const staticData = plainStaticData(start.staticData ?? workflowData.staticData ?? {});
	const workflow = instantiate(workflowData, parts.types, { staticData });
	const node = requireNode(workflow, start.startNode);
	const hooks = new ExecutionLifecycleHooks(mode, executionId, workflowData);
	const additionalData = createAdditionalData(parts, {
		executionId,
		workflowId: workflowData.id,
		workflowSettings: workflowData.settings,
		currentNodeExecutionIndex: start.sources?.length ?? 0,
		hooks,
	});
	const runExecutionData = createRunExecutionData({
		executionData: { nodeExecutionStack: executionStack(node, start) },
		resultData: {
			runData: sourceRunData(start),
			pinData: mode === 'manual' ? workflowData.pinData : undefined,
			...(failure && {
				error: {
					...failure,
					message: failure.message,
					stack: failure.stack,
				} as unknown as ExecutionError,
				lastNodeExecuted: node.name,
			}),
		},
	});

	const finish = (run: IRun, canceled: boolean): RunResult => {
		// n8n records the outcome of a cancelled execution when it is cancelled, whatever its node
		// does after that: status `canceled`, and no static data.
		if (canceled) run.status = 'canceled';
		const save = mode !== 'manual' && !canceled && staticDataChanged(workflow);
		const kept = save ? plainStaticData(workflow.staticData) : staticData;
		return toResult(executionId, workflow, run, start, kept);
	};
	try {
		const execution = withDeduplicationStore(parts.deduplication, () =>
			new WorkflowExecute(additionalData, mode, runExecutionData).processRunExecutionData(workflow),
		);
		const result = (async () => finish(await execution, execution.isCanceled))();
		const handle = { executionId, cancel: () => execution.cancel(), result };
		parts.running.add(handle);
		const forget = () => parts.running.delete(handle);
		result.then(forget, forget);
		return handle;
	} catch (error) {
		// Thrown before the first node, e.g. for a required parameter that is empty.
		const result = Promise.resolve(finish(failedRun(mode, error), false));
		return { executionId, cancel: () => {}, result };
	}
}
