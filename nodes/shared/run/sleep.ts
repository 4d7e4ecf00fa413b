/**
 * Sleep of an execution: a node that has started something at the vendor gives the vendor n8n's resume URL, and lets
 * the execution wait without a process. Woken by a call, n8n asks the node's `webhook()` for the node's output; woken
 * by the clock, n8n passes on what the node was given. So the node's output so far is put in the place of what it was
 * given: it is what `webhook()` finds, and what comes out when nobody calls.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
} from 'n8n-workflow';

import { InputProblem } from '../errors/problems';
import { isTool } from './tool';

/** An item that waits to be replaced when the execution is woken. */
export interface PendingItem extends INodeExecutionData {
	/** What `webhook()` needs to know of it. */
	pending: IDataObject;
}

/** The description of the webhook that wakes an execution: one for each node, so that no call wakes another node. */
export const WAKING: IWebhookDescription = {
	name: 'default',
	httpMethod: 'POST',
	responseMode: 'onReceived',
	path: '={{ $nodeId }}',
	restartWebhook: true,
	isFullPath: true,
};

export class Sleep {
	private until: number | undefined;

	constructor(private readonly context: IExecuteFunctions) {}

	/** The address that wakes this node. Throws `InputProblem` where an execution cannot sleep. */
	readonly url = (label: string): string => {
		const { context } = this;
		const resume: unknown = isTool(context.getNode())
			? undefined
			: context.evaluateExpression('{{ $execution.resumeUrl }}', 0);
		if (typeof resume !== 'string' || !URL.canParse(resume)) {
			throw new InputProblem(
				label,
				'is Callback, and n8n has no resume URL here: an AI agent runs the node',
				'Choose Asking.',
			);
		}
		const address = new URL(resume);
		address.pathname = `${address.pathname}/${context.getNode().id}`;
		return address.href;
	};

	/** Lets the execution sleep, so many ms at most, as soon as all items were worked on. */
	readonly plan = (ms: number): void => {
		this.until = Math.max(this.until ?? 0, Date.now() + ms);
	};

	/** Puts the execution to sleep, if an item has planned it. */
	async begin(items: INodeExecutionData[]): Promise<void> {
		if (this.until === undefined) return;
		const execution = this.context.getExecuteData();
		execution.data = { ...execution.data, main: [items] };
		await this.context.putExecutionToWait(new Date(this.until));
	}
}

/** In `webhook()`: the items that the node has put to sleep. */
export function sleepingItems(context: IWebhookFunctions): INodeExecutionData[] {
	const items: unknown = context.evaluateExpression('{{ $input.all() }}', 0);
	return Array.isArray(items) ? (items as INodeExecutionData[]) : [];
}

export function isPending(item: INodeExecutionData): item is PendingItem {
	return typeof item.pending === 'object' && item.pending !== null;
}
