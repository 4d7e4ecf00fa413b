/** Polls a trigger as n8n does, without waiting for the clock: `poll()`, the static data, the execution. */
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

import type { RunResult, WorkflowInput } from '../harness';
import { HarnessCredentials } from '../harness/credentials';
import type { EngineParts } from '../harness/execution';
import { createAdditionalData, startExecution } from '../harness/execution';
import { TypeRegistry } from '../harness/type-registry';
import { completeWorkflow, instantiate, plainStaticData } from '../harness/workflow';
import type { House } from './setup';

export const POLLING = 'n8n-nodes-retail-ops.moySkladPollingTrigger';
export const POLLER = 'MoySklad Polling Trigger';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const FOLDER = path.join(ROOT, 'dist/nodes/MoySklad');

/** The node in a process of its own: what the modules remember is empty. */
function freshNode(): INodeType {
	let made: INodeType | undefined;
	jest.isolateModules(() => {
		const load = <T extends object>(file: string) => jest.requireActual<T>(path.join(FOLDER, file));
		const node = load<{ MoySkladPollingTrigger: new () => INodeType }>(
			'MoySkladPollingTrigger.node.js',
		);
		// The node loads these when it works, which is outside of this process.
		const { poll } = load<Required<Pick<INodeType, 'poll'>>>('polling/polling.js');
		const { deliver } = load<{ deliver: INodeType['execute'] }>('polling/deliver.js');
		made = Object.assign(new node.MoySkladPollingTrigger(), { poll, execute: deliver });
	});
	return made as INodeType;
}

let executions = 0;

/** What polls share that belong to one test file. */
export async function pollingParts(house: House): Promise<EngineParts> {
	const types = await TypeRegistry.load(ROOT);
	const credentials = new HarnessCredentials(types);
	const data = { ...house.credential({ accessKind: 'solution' }) };
	credentials.set('fast', { type: 'moySkladApi', data });
	const { nonAdmin } = await import('../../../sandbox').then(
		({ MOYSKLAD_TOKENS }) => MOYSKLAD_TOKENS,
	);
	credentials.set('nonAdmin', { type: 'moySkladApi', data: { ...data, accessToken: nonAdmin } });
	return {
		types,
		credentials,
		deduplication: house.engine.deduplication,
		webhookBaseUrl: 'http://127.0.0.1:5678',
		running: new Set(),
		nextExecutionId: () => `poll-${++executions}`,
	};
}

/** The polling trigger alone in a workflow. */
export function pollingWorkflow(
	parameters: object,
	credential = 'fast',
	id?: string,
): WorkflowInput {
	return {
		...(id ? { id } : {}),
		nodes: [
			{
				name: POLLER,
				type: POLLING,
				parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
				credentials: { moySkladApi: { id: credential, name: credential } },
			},
		],
	};
}

/** A published workflow with a polling trigger. */
export class Poller {
	private data: IWorkflowBase;
	private node: INodeType;
	/** As n8n's database has it. */
	private stored: IDataObject = {};
	/** As the process has it. */
	private live: IDataObject = {};
	budgetMs: number | undefined = 60_000;
	private skewMs = 0;

	constructor(
		private readonly parts: EngineParts,
		workflow: WorkflowInput,
	) {
		this.data = completeWorkflow(workflow, parts.types);
		this.node = parts.types.getByNameAndVersion(POLLING);
	}

	/** What the node keeps, as the process has it. */
	get state(): IDataObject {
		return ((this.live[`node:${POLLER}`] ?? {}) as IDataObject).polling as IDataObject;
	}

	/** One call of `poll()`; its items are on their way then, and n8n has stored the static data. */
	async poll(): Promise<INodeExecutionData[] | null> {
		const workflow = instantiate(this.data, this.parts.types, { staticData: this.live });
		const node = workflow.getNode(POLLER);
		if (!node) throw new Error('The workflow does not poll');
		const additionalData = createAdditionalData(this.parts, { workflowId: workflow.id });
		const context = new PollContext(workflow, node, additionalData, 'trigger', 'activate');
		const { budgetMs, skewMs } = this;
		const helper = budgetMs === undefined ? undefined : () => budgetMs;
		Object.assign(context, { getPollBudgetMs: helper });
		const { helpers } = context as unknown as IPollFunctions;
		const send = helpers.httpRequestWithAuthentication;
		const skewed: typeof send = async function (this: never, type, options, more) {
			const answer = (await send.call(this, type, options, more)) as IN8nHttpFullResponse;
			const date = Date.parse(String(answer.headers.date));
			answer.headers.date = new Date(date + skewMs).toUTCString();
			return answer;
		};
		if (skewMs > 0) helpers.httpRequestWithAuthentication = skewed;
		const { poll } = this.node;
		if (!poll) throw new Error('The node does not poll');
		const items = await workflow.expression.withIsolate(
			async () => await poll.call(context as unknown as IPollFunctions),
		);
		this.live = plainStaticData(workflow.staticData);
		if (items === null) return null;
		this.stored = this.live;
		return items[0];
	}

	/** The first poll, after which n8n stores the static data in any case. */
	async publish(): Promise<INodeExecutionData[] | null> {
		const items = await this.poll();
		this.stored = this.live;
		return items;
	}

	/** The execution that n8n starts with the items of a poll. */
	async execute(
		items: INodeExecutionData[],
		mode: 'trigger' | 'manual' | 'retry' = 'trigger',
	): Promise<RunResult> {
		const inputs = [JSON.parse(JSON.stringify(items)) as INodeExecutionData[]];
		return await startExecution(this.parts, this.data, {
			mode,
			startNode: POLLER,
			inputs,
			staticData: this.stored,
		}).result;
	}

	/** Polls and executes. Returns what the trigger passes on. */
	async tick(): Promise<IDataObject[]> {
		const items = await this.poll();
		return items === null ? [] : (await this.execute(items)).json(POLLER);
	}

	/** The answers' `Date` is put forward by so many seconds, for changes that must have settled. */
	settleBySkew(seconds: number): void {
		this.skewMs = seconds * 1000;
	}

	/** n8n is killed and starts again. */
	restart(): void {
		this.node = freshNode();
		this.live = this.stored;
	}
}
