/** Polls the Altegio Polling Trigger as n8n does, without waiting for the clock: `poll()`, the static data, the execution. */
import path from 'node:path';

import { PollContext } from 'n8n-core';
import type {
	IDataObject,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodeType,
	IPollFunctions,
	IWorkflowBase,
} from 'n8n-workflow';

import type { Sandbox } from '../../../sandbox';
import type { Engine, RunResult, WorkflowInput } from '../harness';
import { HarnessCredentials } from '../harness/credentials';
import type { EngineParts } from '../harness/execution';
import { createAdditionalData, startExecution } from '../harness/execution';
import { TypeRegistry } from '../harness/type-registry';
import { completeWorkflow, instantiate, plainStaticData } from '../harness/workflow';

export const POLLING = 'n8n-nodes-retail-ops.altegioPollingTrigger';
export const POLLER = 'Altegio Polling Trigger';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const FOLDER = path.join(ROOT, 'dist/nodes/Altegio');

let executions = 0;

/** What polls share that belong to one test file. */
export async function pollingParts(engine: Engine, sandbox: Sandbox): Promise<EngineParts> {
	const types = await TypeRegistry.load(ROOT);
	const credentials = new HarnessCredentials(types);
	credentials.set('tokens', { type: 'altegioApi', data: sandbox.credentials.altegioApi });
	return {
		types,
		credentials,
		deduplication: engine.deduplication,
		webhookBaseUrl: 'http://127.0.0.1:5678',
		running: new Set(),
		nextExecutionId: () => `altegio-poll-${++executions}`,
	};
}

/** The node in a process of its own: what the modules remember is empty. */
function freshNode(): INodeType {
	let made: INodeType | undefined;
	jest.isolateModules(() => {
		const load = <T extends object>(file: string) => jest.requireActual<T>(path.join(FOLDER, file));
		const node = load<{ AltegioPollingTrigger: new () => INodeType }>(
			'AltegioPollingTrigger.node.js',
		);
		// The node loads these when it works, which is outside of this process.
		const { poll } = load<Required<Pick<INodeType, 'poll'>>>('polling/polling.js');
		const { deliver } = load<{ deliver: INodeType['execute'] }>('polling/deliver.js');
		made = Object.assign(new node.AltegioPollingTrigger(), { poll, execute: deliver });
	});
	return made as INodeType;
}

/** A published workflow with a polling trigger. */
export class Poller {
	private readonly data: IWorkflowBase;
	private node: INodeType;
	/** As n8n's database has it. */
	private stored: IDataObject = {};
	/** As the process has it. */
	private live: IDataObject = {};
	/** The answers' `Date` is put forward by so many ms, for changes that must have settled. */
	skewMs = 0;

	constructor(
		private readonly parts: EngineParts,
		workflow: WorkflowInput,
	) {
		this.data = completeWorkflow(workflow, parts.types);
		this.node = parts.types.getByNameAndVersion(POLLING);
	}

	/** What the node keeps. */
	get state(): IDataObject {
		return ((this.live[`node:${POLLER}`] ?? {}) as IDataObject).polling as IDataObject;
	}

	/** One call of `poll()`; its items are on their way then, and n8n has stored the static data. */
	async poll(): Promise<INodeExecutionData[]> {
		const workflow = instantiate(this.data, this.parts.types, { staticData: this.live });
		const node = workflow.getNode(POLLER);
		if (!node) throw new Error('The workflow does not poll');
		const additionalData = createAdditionalData(this.parts, { workflowId: workflow.id });
		const context = new PollContext(workflow, node, additionalData, 'trigger', 'activate');
		const { helpers } = context as unknown as IPollFunctions;
		const send = helpers.httpRequestWithAuthentication;
		const { skewMs } = this;
		const skewed: typeof send = async function (this: never, type, options, more) {
			const answer = (await send.call(this, type, options, more)) as IN8nHttpFullResponse;
			const date = Date.parse(String(answer.headers.date));
			answer.headers.date = new Date(date + skewMs).toUTCString();
			return answer;
		};
		helpers.httpRequestWithAuthentication = skewed;
		const { poll } = this.node;
		const items = await workflow.expression.withIsolate(
			async () => await poll?.call(context as unknown as IPollFunctions),
		);
		this.live = plainStaticData(workflow.staticData);
		this.stored = this.live;
		return items?.[0] ?? [];
	}

	/** The execution that n8n starts with the items of a poll. */
	async execute(
		items: INodeExecutionData[],
		mode: 'trigger' | 'manual' = 'trigger',
	): Promise<RunResult> {
		const inputs = [JSON.parse(JSON.stringify(items)) as INodeExecutionData[]];
		const start = { mode, startNode: POLLER, inputs, staticData: this.stored };
		return await startExecution(this.parts, this.data, start).result;
	}

	/** Polls and executes. Returns what the trigger passes on. */
	async tick(): Promise<IDataObject[]> {
		const items = await this.poll();
		return items.length === 0 ? [] : (await this.execute(items)).json(POLLER);
	}

	/** n8n is killed and starts again. */
	restart(): void {
		this.node = freshNode();
		this.live = this.stored;
	}
}
