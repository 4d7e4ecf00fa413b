import './environment';

import path from 'node:path';

import { PollContext } from 'n8n-core';
import type {
	IDataObject,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodeType,
	IPollFunctions,
	IWorkflowBase,
	WorkflowActivateMode,
} from 'n8n-workflow';
import type { CredentialInput } from './credentials';
import { HarnessCredentials } from './credentials';
import type { EngineParts, RunResult } from './execution';
import { createAdditionalData, startExecution } from './execution';
import type { Engine } from './index';
import { TypeRegistry } from './type-registry';
import { completeWorkflow, instantiate, plainStaticData } from './workflow';
import type { WorkflowInput } from './workflow';

const ROOT = path.resolve(__dirname, '..', '..', '..');

/** What the polls of one test file share with its engine. */
export async function pollingParts(
	engine: Pick<Engine, 'deduplication'>,
	credentials: Record<string, CredentialInput>,
): Promise<EngineParts> {
	const types = await TypeRegistry.load(ROOT);
	const known = new HarnessCredentials(types);
	for (const [id, credential] of Object.entries(credentials)) known.set(id, credential);
	let executions = 0;
	return {
		types,
		credentials: known,
		deduplication: engine.deduplication,
		webhookBaseUrl: 'http://127.0.0.1:5678',
		running: new Set(),
		nextExecutionId: () => `poll-${++executions}`,
	};
}

/** The polling trigger of a workflow. */
export interface PolledNode {
	/** Full type name, and name in the workflow. */
	type: string;
	name: string;
	/** The built file with its `poll()`, from the root of the package. */
	file: string;
}

/**
 * Polls a published workflow as n8n does, without waiting for the clock: `poll()`, the static data, the execution.
 * n8n stores what `poll()` has written only when it returns items, but for the first time.
 */
export class Poller {
	private readonly data: IWorkflowBase;
	private call: INodeType['poll'];
	/** As n8n's database has it. */
	private stored: IDataObject = {};
	/** As the process has it. */
	private live: IDataObject = {};
	/** What n8n says of the time that a poll may take; undefined: an n8n that says nothing. */
	budgetMs: number | undefined = 60_000;
	/** The answers' `Date` is put forward by so many ms, for changes that must have settled. */
	skewMs = 0;
	/** Who had the workflow polled: a person who published it, or n8n that started (`restart`). */
	activation: WorkflowActivateMode = 'activate';

	constructor(
		private readonly parts: EngineParts,
		workflow: WorkflowInput,
		private readonly polled: PolledNode,
	) {
		this.data = completeWorkflow(workflow, parts.types);
		this.call = parts.types.getByNameAndVersion(polled.type).poll;
	}

	/** What the node keeps, as the process has it. */
	get state(): IDataObject {
		return ((this.live[`node:${this.polled.name}`] ?? {}) as IDataObject).polling as IDataObject;
	}

	/** All that the workflow keeps, as the process has it. */
	get staticData(): IDataObject {
		return this.live;
	}

	/** Puts what an earlier version of the node has left in its place. */
	leave(data: IDataObject): void {
		this.live = { [`node:${this.polled.name}`]: data };
		this.stored = this.live;
	}

	/** One call of `poll()`; its items are on their way then, and n8n has stored the static data. */
	async poll(): Promise<INodeExecutionData[] | null> {
		const workflow = instantiate(this.data, this.parts.types, { staticData: this.live });
		const node = workflow.getNode(this.polled.name);
		const { call, budgetMs, skewMs, activation } = this;
		if (!node || !call) throw new Error('The workflow does not poll');
		const additionalData = createAdditionalData(this.parts, { workflowId: workflow.id });
		const context = new PollContext(workflow, node, additionalData, 'trigger', activation);
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
		const items = await workflow.expression.withIsolate(
			async () => await call.call(context as unknown as IPollFunctions),
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
		const start = { mode, startNode: this.polled.name, inputs, staticData: this.stored };
		return await startExecution(this.parts, this.data, start).result;
	}

	/** Polls and executes. Returns what the trigger passes on. */
	async tick(): Promise<IDataObject[]> {
		const items = await this.poll();
		return items === null ? [] : (await this.execute(items)).json(this.polled.name);
	}

	/** n8n is killed and starts again: what the modules remember is empty. */
	restart(): void {
		jest.isolateModules(() => {
			const file = path.join(ROOT, this.polled.file);
			// The node loads it when it works, which is outside of this process.
			this.call = jest.requireActual<Pick<INodeType, 'poll'>>(file).poll;
		});
		this.live = this.stored;
		this.activation = 'init';
	}
}
