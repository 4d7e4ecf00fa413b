/**
 * Calls from Inspector Cloud when reports are ready: `{"1786": {…}}`, one by one or several at once, unsigned, and not
 * repeated as far as is documented. So only the IDs are taken from them; what the reports hold is read from Inspector
 * Cloud, in the execution, after the call was answered. Reference of the project: inspector-cloud-api.md §5.3.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { isNotFound, toNodeError } from '../shared/errors/errors';
import { isRecord } from '../shared/record';
import { inParallel } from '../shared/road/parallel';
import { choiceOf } from '../shared/form/readers';
import { openRoad } from '../shared/road/road';
import { readReport, reportRows } from './reports';
import { inspectorCloud } from './vendor';

export const RETURNS = [
	{
		name: 'Rows',
		value: 'rows',
		description: 'One item per product, price or box, by the type of the report',
	},
	{
		name: 'Whole Reports',
		value: 'report',
		description: "One item per report, in the API's own form",
	},
];

/** Reports that one call may name. */
const MOST = 1000;
const ID = /^[\w-]{1,64}$/;

/** `webhook()` of the trigger: answers and starts the workflow with the IDs. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body: unknown = this.getBodyData();
	const ids = isRecord(body) ? Object.keys(body).filter((key) => ID.test(key)) : [];
	if (ids.length === 0 || ids.length > MOST) {
		const message =
			ids.length === 0 ? 'The body names no report' : `The body names more than ${MOST} reports`;
		this.getResponseObject().status(400).json({ message });
		return { noWebhookResponse: true };
	}
	return await Promise.resolve({ workflowData: [ids.map((id) => ({ json: { report_id: id } }))] });
}

/** `execute()` of the trigger: reads the reports that a call named. */
export async function deliver(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = this.getNode();
	try {
		const wanted = choiceOf('Return', RETURNS, this.getNodeParameter('return', 0, 'rows'));
		const road = await openRoad(this, inspectorCloud);
		const named = this.getInputData().filter(({ json }) => json.report_id !== undefined);
		const found: IDataObject[][] = named.map(() => []);
		const unknown: string[] = [];
		await inParallel([...named.entries()], async ([at, { json }]) => {
			try {
				const report = await readReport(json.report_id, road);
				found[at] = wanted === 'report' ? [report] : reportRows(report);
			} catch (error) {
				if (!isNotFound(error)) throw error as Error;
				unknown.push(String(json.report_id));
			}
		});
		if (unknown.length > 0) {
			this.addExecutionHints({
				message: `Inspector Cloud does not have these reports, so that the call was not its own, or came from another instance: ${unknown.join(', ')}.`,
				location: 'outputPane',
				type: 'warning',
			});
		}
		return [found.flatMap((rows, item) => rows.map((json) => ({ json, pairedItem: { item } })))];
	} catch (error) {
		throw toNodeError(node, inspectorCloud.name, error);
	}
}
