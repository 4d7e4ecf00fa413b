/** Altegio's notifications without a date of change: which one is a repetition, and which one is news. */
import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { handle } from '../../nodes/Altegio/trigger/handle';
import { receive } from '../../nodes/Altegio/trigger/receive';

const MINUTE = 60_000;
/** The beginning of an hour, and of every part of one. */
const HOUR = Date.parse('2026-11-28T10:00:00Z');
const SECRET = 'a-key-of-this-node-0123456789abc';
const form: IDataObject = {
	locationId: '4564',
	events: ['productSale', 'clientUpdated'],
	options: {},
};
const SALE: IDataObject = {
	company_id: 4564,
	resource: 'goods_operations_sale',
	resource_id: 7,
	status: 'create',
	data: { id: 7, amount: 2 },
};

/** What `webhook()` hands over of a call that comes at a moment (ms since 1970). */
async function delivered(moment: number, body: IDataObject) {
	const clock = jest.spyOn(Date, 'now').mockReturnValue(moment);
	try {
		const { workflowData } = await receive.call({
			getQueryData: () => ({ key: SECRET }),
			getBodyData: () => body,
			getWorkflowStaticData: () => ({ secret: SECRET }),
			getNodeParameter: (name: string, fallback: unknown) => form[name] ?? fallback,
			getRequestObject: () => ({ rawBody: { length: 100 }, headers: {} }),
		} as unknown as IWebhookFunctions);
		return workflowData?.[0] ?? [];
	} finally {
		clock.mockRestore();
	}
}

/** A published workflow of one node, with n8n's memory of it. */
class Published {
	private static count = 0;
	private readonly id = `workflow ${++Published.count}`;
	private readonly entries = { node: new Set<string>(), workflow: new Set<string>() };
	private executions = 0;

	/** How many items the workflow gets of a call; `broken`: Altegio cannot be asked for the object. */
	async items(moment: number, body = SALE, broken = false): Promise<number> {
		const input = await delivered(moment, body);
		const execution = String(++this.executions);
		const context = {
			getMode: () => 'webhook',
			getNode: () => ({ id: 'node', name: 'Altegio Trigger', webhookId: 'hook' }),
			getWorkflow: () => ({ id: this.id }),
			getExecutionId: () => execution,
			getNodeParameter: (name: string, _index: number, fallback: unknown) =>
				broken && name === 'options' ? { fetchObject: true } : (form[name] ?? fallback),
			getInputData: () => input,
			getCredentials: async () => await Promise.reject(new Error('No credential')),
			continueOnFail: () => false,
			addExecutionHints: () => undefined,
			helpers: {
				checkProcessedAndRecord: async (items: string[], scope: 'node' | 'workflow') => {
					const known = this.entries[scope];
					const fresh = items.filter((item) => !known.has(item));
					for (const item of items) known.add(item);
					return { new: fresh, processed: items.filter((item) => !fresh.includes(item)) };
				},
				removeProcessed: async (items: string[], scope: 'node' | 'workflow') => {
					for (const item of items) this.entries[scope].delete(item);
				},
				clearAllProcessedItems: async (scope: 'node' | 'workflow') => this.entries[scope].clear(),
			},
		} as unknown as IExecuteFunctions;
		const [passed] = await handle.call(context);
		return passed.length;
	}
}

test.each([
	['at the end of an hour and at the beginning of the next', [-0.01, 0.01], [1, 0]],
	['three minutes later, wherever the clock stands', [-1.5, 1.5], [1, 0]],
	['again and again for three minutes', [0.5, 1, 2, 3.4], [1, 0, 0, 0]],
	['six minutes later: another sale', [0, 6], [1, 1]],
	['again and again: what was dropped holds nothing back', [0, 2, 4, 6, 8], [1, 0, 0, 1, 0]],
])('the same, %s', async (_, minutes, items) => {
	const published = new Published();
	const came: number[] = [];
	for (const minute of minutes) came.push(await published.items(HOUR + minute * MINUTE));
	expect(came).toEqual(items);
});

test('another content, object or action is never a repetition', async () => {
	const published = new Published();
	for (const other of [
		{},
		{ data: { id: 7, amount: 3 } },
		{ resource_id: 8 },
		{ status: 'update' },
		{ data: { id: 7, amount: 2, last_change_date: '2026-11-28T13:00:00+0300' } },
	]) {
		expect(await published.items(HOUR, { ...SALE, ...other })).toBe(1);
	}
});

test('what could not be handled is free again', async () => {
	const published = new Published();
	const client = { ...SALE, resource: 'client', status: 'update' };
	await expect(published.items(HOUR - 1000, client, true)).rejects.toThrow('No credential');
	expect(await published.items(HOUR + 1000, client)).toBe(1);
	expect(await published.items(HOUR + 2000, client)).toBe(0);
});
