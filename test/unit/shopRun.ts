/** A node of the shop in a context like n8n's, without n8n: for tests of the runner. */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeExecutionHint,
} from 'n8n-workflow';

import type { Operation, Vendor } from '../../nodes/shared/catalogue';
import { runVendor } from '../../nodes/shared/run/run';
import { node } from './calls';
import { FakeClock } from './fakeClock';
import { shopOf, wiresTo, type Limits, type Sent, type Server } from './shop';

export interface RunSetup {
	operations: Operation[];
	/** One for each item; `operation` is in its place when an item has its own. */
	items: IDataObject[];
	/** Form values of an item. */
	form?: (item: IDataObject) => IDataObject;
	server: Server;
	goesOn?: boolean;
	limits?: Partial<Limits>;
	signal?: AbortSignal;
	retryOnFail?: boolean;
	executionId?: string;
	runIndex?: number;
	nodeId?: string;
	/** Of the node: that of a tool ends with `Tool`. */
	type?: string;
	vendor?: Vendor;
	/** What the node says beside its output is put here. */
	hints?: NodeExecutionHint[];
	/** Lines for n8n's log are put here. */
	log?: string[];
}

export interface RunOutcome {
	items: INodeExecutionData[];
	error?: Error & { description?: string | null; context?: IDataObject };
	/** Requests of this run. */
	sent: Sent[];
	/** What n8n shows beside the output. */
	hints: NodeExecutionHint[];
}

/** The parts of n8n's context that the runner uses. */
export function contextOf(setup: RunSetup): { context: IExecuteFunctions; sent: Sent[] } {
	const { sent, helpers } = wiresTo(setup.server);
	const form = setup.form ?? ((item: IDataObject) => item);
	const first = setup.operations[0];
	const context = {
		getInputData: () => setup.items.map((json) => ({ json })),
		continueOnFail: () => setup.goesOn === true,
		getNode: () => ({
			...node,
			id: setup.nodeId ?? node.id,
			type: setup.type ?? node.type,
			retryOnFail: setup.retryOnFail === true,
		}),
		getTimezone: () => 'Europe/Moscow',
		getExecutionId: () => setup.executionId,
		getInstanceId: () => 'instance',
		getWorkflow: () => ({ id: 'workflow', name: 'Workflow', active: true }),
		getWorkflowDataProxy: () => ({ $runIndex: setup.runIndex ?? 0 }),
		getCredentials: async () => ({}),
		getExecutionCancelSignal: () => setup.signal,
		getNodeParameter: (
			name: string,
			item: number,
			fallback: unknown,
			options?: { rawExpressions?: boolean },
		) => {
			const values = { resource: 'thing', operation: first.operation, ...form(setup.items[item]) };
			if (!(name in values)) return fallback;
			// Everything comes from the item here, so everything is an expression.
			return options?.rawExpressions ? '={{ $json }}' : values[name as keyof typeof values];
		},
		logger: { warn: (line: string) => setup.log?.push(line) },
		addExecutionHints: (...hints: NodeExecutionHint[]) => setup.hints?.push(...hints),
		helpers: {
			...helpers,
			prepareBinaryData: async (data: Buffer, fileName?: string, mimeType?: string) =>
				await Promise.resolve({ data, fileName, mimeType }),
		},
	} as unknown as IExecuteFunctions;
	return { context, sent };
}

/** Runs the node once, in time that a fake clock makes. */
export async function runShop(setup: RunSetup): Promise<RunOutcome> {
	const clock = new FakeClock(Date.now());
	const uninstall = clock.install();
	try {
		const hints = setup.hints ?? [];
		const { context, sent } = contextOf({ ...setup, hints });
		const vendor = setup.vendor ?? shopOf(setup.operations, setup.limits);
		return await clock.finish(
			runVendor.call(context, vendor).then(
				([items]) => ({ items, sent, hints }),
				(error: Error) => ({ items: [], error, sent, hints }),
			),
		);
	} finally {
		uninstall();
	}
}
