import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';

import { handle } from '../../nodes/MoySklad/trigger/handle';
import { pack } from '../../nodes/MoySklad/trigger/told';

interface Table {
	/** Everything that is looked up is known. */
	full: boolean;
	calls: number;
}

let executions = 0;

const HREF = 'https://api.moysklad.ru/api/remap/1.2/entity/product/x';
const told = pack({
	events: [{ type: 'product', href: HREF, action: 'CREATE' }],
	audit: { uid: 'admin@shop' },
	requestId: 'r-1',
});

/** Runs the trigger's `execute()` in a mode, with a table that knows everything or nothing. */
async function run(mode: WorkflowExecuteMode, table: Table) {
	const entries = new Set<string>();
	const context = {
		getMode: () => mode,
		getNode: () => ({ id: 'node', name: 'Trigger', webhookId: 'hook' }),
		getWorkflow: () => ({ id: `workflow ${++executions}` }),
		getExecutionId: () => String(executions),
		getNodeParameter: (name: string, _index: number, fallback: unknown) =>
			({ entityTypes: ['product'], actions: ['CREATE'] })[name] ?? fallback,
		getInputData: () => [{ json: {}, delivery: { key: 'k', told } }],
		continueOnFail: () => false,
		addExecutionHints: () => undefined,
		helpers: {
			checkProcessedAndRecord: async (items: string[], scope: string) => {
				table.calls += 1;
				const isNew = (item: string) => scope === 'node' || (!table.full && !entries.has(item));
				const fresh = items.filter(isNew);
				// Only the key itself is taken: by another execution.
				const known = table.full && scope === 'workflow' ? items.slice(0, 1) : [];
				for (const item of items) entries.add(item);
				return {
					new: table.full && scope === 'workflow' ? items.slice(1) : fresh,
					processed: known,
				};
			},
			removeProcessed: async () => undefined,
			clearAllProcessedItems: async () => undefined,
		},
	} as unknown as IExecuteFunctions;
	const [items] = await handle.call(context);
	return items;
}

it.each<[WorkflowExecuteMode, number]>([
	['webhook', 0],
	['manual', 1],
	['evaluation', 1],
	// The user asks n8n to run an execution again that had failed.
	['retry', 1],
])('a delivery that was seen, in mode %s: %i items', async (mode, count) => {
	expect(await run(mode, { full: true, calls: 0 })).toHaveLength(count);
});

it.each<[WorkflowExecuteMode, boolean]>([
	['webhook', true],
	['retry', true],
	['manual', false],
	['evaluation', false],
])('a new delivery goes on in mode %s; written down: %s', async (mode, written) => {
	const table = { full: false, calls: 0 };
	expect(await run(mode, table)).toHaveLength(1);
	expect(table.calls > 0).toBe(written);
});

it('an item has what MoySklad told, and nothing of what webhook() wrote beside it', async () => {
	const items = await run('webhook', { full: false, calls: 0 });
	const json = {
		action: 'CREATE',
		entityType: 'product',
		id: 'x',
		href: HREF,
		accountId: null,
		uid: 'admin@shop',
		moment: null,
		requestId: 'r-1',
	};
	expect(items).toEqual([{ json, pairedItem: { item: 0 } }]);
});
