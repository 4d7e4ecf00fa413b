/**
 * The trigger's `webhook()` and `execute()`. The Market waits ten seconds for its answer (one for a PING), so nothing is
 * asked before it: what a notification names is fetched in the execution. Reference of the project:
 * yandex-market-jobs.md §8.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { toNodeError } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { listOf, wholeNumbersOf, yesNo } from '../../shared/form/readers';
import { Cancelled } from '../../shared/road/clock';
import { openRoad } from '../../shared/road/road';
import { bytesOf } from '../../shared/trigger/receive';
import { claim, release } from '../../shared/trigger/seen';
import { yandexMarket } from '../vendor';
import { answer, keyOf, momentOf, readNotification } from './notification';
import { objectOf } from './objects';
import { KEEP_MS, nameOfNotification } from './pair';

/** `webhook()`: the answer that the Market demands, and an execution for what is wanted. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const notification = readNotification(this.getBodyData(), bytesOf(this));
	if ('error' in notification) {
		this.getResponseObject().status(400).json(notification);
		return await Promise.resolve({ noWebhookResponse: true });
	}
	const webhookResponse = answer();
	if (!isWanted(notification, this)) return { webhookResponse };
	return { webhookResponse, workflowData: [[{ json: notification }]] };
}

/** What the form asks for. A PING is answered and nothing else. */
function isWanted(notification: IDataObject, context: IWebhookFunctions): boolean {
	const { notificationType: type, campaignId, status, substatus } = notification;
	if (type === 'PING') return false;
	const options = (context.getNodeParameter('options', {}) ?? {}) as IDataObject;
	const events = (context.getNodeParameter('events', []) ?? []) as string[];
	const others = (listOf(options.otherTypes) ?? []).map(String);
	if (![...events, ...others].includes(String(type))) return false;
	const shops = wholeNumbersOf('Shops', options.shops) ?? [];
	if (shops.length > 0 && campaignId !== undefined && !shops.includes(Number(campaignId)))
		return false;
	const statuses = (listOf(options.statuses) ?? []).map((one) => String(one).toUpperCase());
	const has = [status, substatus].some((one) => statuses.includes(String(one)));
	return type !== 'ORDER_STATUS_UPDATED' || statuses.length === 0 || has;
}

/** `execute()`: drops repetitions and fetches what the notification is about. */
export async function handle(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData().filter(({ json }) => json.notificationType !== undefined);
	const keys: string[] = [];
	try {
		const first = await unrepeated(this, items, keys);
		const fetches = yesNo('Fetch Object', this.getNodeParameter('fetch', 0, false)) === true;
		const options = (this.getNodeParameter('options', 0, {}) ?? {}) as IDataObject;
		const ignoresOwn = yesNo('Ignore Own Messages', options.ignoreOwn) === true;
		if (ignoresOwn && !fetches) {
			throw new InputProblem(
				'Ignore Own Messages',
				'is on without Fetch Object',
				'Switch on Fetch Object: only the message itself tells who wrote it.',
			);
		}
		const road = fetches ? await openRoad(this, yandexMarket) : undefined;
		const outputs: INodeExecutionData[] = [];
		for (const { json, item } of first) {
			const row: IDataObject = { ...json, eventTime: momentOf(json) ?? null };
			if (road) row.object = await objectOf(json, road);
			const sender = (row.object as IDataObject | null | undefined)?.sender;
			if (ignoresOwn && json.notificationType === 'CHAT_MESSAGE_SENT' && sender === 'PARTNER')
				continue;
			outputs.push({ json: row, pairedItem: { item } });
		}
		return [outputs];
	} catch (error) {
		const shown = toNodeError(this.getNode(), yandexMarket.name, error);
		if (!this.continueOnFail() || error instanceof Cancelled) {
			// The Market has its answer and does not come again: n8n's Retry may.
			await release(this, keys);
			throw shown;
		}
		return [
			items.map(({ json }, item) => ({
				json: { ...json, error: shown.message },
				pairedItem: { item },
			})),
		];
	}
}

/** Drops what another execution has passed on. */
async function unrepeated(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	keys: string[],
): Promise<Array<{ json: IDataObject; item: number }>> {
	const all = items.map(({ json }, item) => ({ json, item }));
	const mode = context.getMode();
	// n8n's memory is one for test runs and published workflow: a test must not use up an event.
	if (mode === 'manual' || mode === 'evaluation') return all;
	const options = (context.getNodeParameter('options', 0, {}) ?? {}) as IDataObject;
	const node = context.getNode().id;
	const namesOf = (json: IDataObject) => {
		const drops = yesNo('Drop Repeats', options.dropRepeats) !== false;
		const shared = yesNo('Share With Polling Trigger', options.withPolling) === true;
		return [
			drops ? `${node} ${keyOf(json)}` : undefined,
			shared ? nameOfNotification(json) : undefined,
		].filter((name) => name !== undefined);
	};
	const take = [...new Set(all.flatMap(({ json }) => namesOf(json)))];
	const { repeats, trouble } = await claim(context, { take, keepMs: KEEP_MS });
	keys.push(...take.filter((name) => !repeats.has(name)));
	if (trouble !== undefined) {
		context.addExecutionHints({
			message: `n8n's memory of what has been seen could not be used (${trouble}). No event is lost, but one that the Market repeats may run twice.`,
			location: 'outputPane',
			type: 'warning',
		});
	}
	// The user asks n8n for another run of an execution that failed.
	if (mode === 'retry') return all;
	return all.filter(({ json }) => !namesOf(json).some((name) => repeats.has(name)));
}
