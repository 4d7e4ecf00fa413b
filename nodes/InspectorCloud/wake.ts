/**
 * Calls from Inspector Cloud that wake an execution in which Recognise and Wait sleeps. What a call claims is not
 * believed: every report that the node waits for is read. So a call that was lost, or came while the node was still
 * starting recognitions, is made good by any later one. Reference of the project: inspector-cloud-api.md §5.3.
 */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { isNotFound } from '../shared/errors/errors';
import { inParallel } from '../shared/road/parallel';
import { openRoad } from '../shared/road/road';
import { isPending, sleepingItems, type PendingItem } from '../shared/run/sleep';
import { isOver, readReport, reportRows } from './reports';
import { inspectorCloud } from './vendor';

/** `webhook()` of the node: wakes the execution when no report is on the way any more. */
export async function wake(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const items = sleepingItems(this);
	const reports = new Map<PendingItem, IDataObject>();
	try {
		const road = await openRoad(this, inspectorCloud);
		await inParallel(items.filter(isPending), async (item) => {
			reports.set(item, await reportOf(item, road));
		});
	} catch (error) {
		// An error here would end the execution. It sleeps on: another call, or the clock, wakes it.
		const why = error instanceof Error ? error.message : String(error);
		this.logger.warn(`The reports that a call told of could not be read: ${why}`);
		this.getResponseObject().status(503).json({ message: 'Come again' });
		return { noWebhookResponse: true };
	}
	const open = [...reports.values()].filter((report) => !isOver(report)).length;
	if (open > 0) return { webhookResponse: { message: `${open} reports are still on the way` } };
	return { workflowData: [items.flatMap((item) => awake(item, reports))] };
}

async function reportOf(
	{ json }: PendingItem,
	road: Parameters<typeof readReport>[1],
): Promise<IDataObject> {
	try {
		return { report_type: json.report_type, ...(await readReport(json.report_id, road)) };
	} catch (error) {
		if (!isNotFound(error)) throw error as Error;
		const gone = 'Inspector Cloud does not have this report any more';
		return { ...json, id: json.report_id, status: 'ERROR', error: gone };
	}
}

/** What a sleeping item becomes; one that waits for nothing stays. */
function awake(
	item: INodeExecutionData,
	reports: Map<PendingItem, IDataObject>,
): INodeExecutionData[] {
	const report = isPending(item) ? reports.get(item) : undefined;
	if (!isPending(item) || !report) return [item];
	const { recognition_id: recognition, scene } = item.json;
	const rows = item.pending.return === 'report' ? [report] : reportRows(report);
	return rows.map((row) => ({
		json: { ...row, recognition_id: recognition, scene },
		pairedItem: item.pairedItem,
	}));
}
