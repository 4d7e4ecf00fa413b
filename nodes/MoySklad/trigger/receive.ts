/**
 * A call from MoySklad → its wanted events. No request goes out from here and nothing is looked up: MoySklad waits 1500 ms
 * for the answer, and n8n stores the execution in that time. What takes longer is done in `handle.ts`.
 */
import { timingSafeEqual } from 'crypto';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import {
	deliveryKey,
	isFromAccount,
	MAX_BYTES,
	passes,
	readNotification,
	type Notification,
	type Refusal,
} from './notification';
import { registration } from './registration';
import { settingsOf, type Settings } from './settings';
import { itemsOf, pack, type Told } from './told';

/** What `webhook()` knows of a delivery and `execute()` needs; travels beside the JSON of the one item. */
export interface Delivery extends IDataObject {
	/** The wanted events, packed. One text costs n8n much less than fifty items do, in the time that MoySklad waits. */
	told: string;
	/** The same for each repetition. */
	key?: string;
	/** Context of MoySklad's audit. */
	auditId?: string;
	/** Key of the URL, when the node's own was not known yet: `execute()` asks MoySklad about it. */
	unproven?: string;
}

/** An item on its way from `webhook()` to `execute()`. */
export type Arrived = INodeExecutionData & { delivery?: Delivery };

/** How the registered URLs' keys look. */
const KEY = /^[\w-]{16,64}$/;
const REQUEST_ID = /^[\w-]{1,100}$/;

/** The events of a delivery, one item each. */
export function eventsOf({ json, delivery }: Arrived): IDataObject[] {
	return delivery === undefined ? [json] : itemsOf(delivery.told);
}

/** Answers a call and starts the workflow with what it told. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const query = this.getQueryData() as IDataObject;
	const key = keyOf(query);
	const { secret } = registration(this);
	if (secret ? !isSame(secret, key) : !KEY.test(key)) return silence(this);
	if (bytesOf(this) > MAX_BYTES) {
		const message = `A body of more than ${MAX_BYTES / 1024 / 1024} MB is not taken`;
		return refuse(this, { status: 413, message });
	}
	const notification = readNotification(this.getBodyData());
	if ('status' in notification) return refuse(this, notification);
	const settings = settingsOf((name, fallback) => this.getNodeParameter(name, fallback));
	const requestId = requestIdOf(query);
	const told = wantedOf(notification, settings, requestId);
	// Answered with 200 and without an execution: nobody waits for these events here.
	if (!told) return {};
	const delivery: Delivery = {
		told: pack(told),
		key: deliveryKey(notification, requestId),
		auditId: notification.kind === 'events' ? notification.audit.id : undefined,
		unproven: secret ? undefined : key,
	};
	const arrived: Arrived = { json: {}, delivery };
	const workflowData = [[arrived]];
	if (settings.answer !== 'atOnce') return { workflowData };
	this.getResponseObject().status(200).end();
	return { noWebhookResponse: true, workflowData };
}

/** What the node passes on of a notification; undefined when that is nothing. */
function wantedOf(
	notification: Notification,
	settings: Settings,
	requestId: string | undefined,
): Told | undefined {
	if (notification.kind === 'stock') {
		const { stock } = notification;
		const wanted = stock.reportType === settings.stockReport && isFromAccount(stock, settings);
		return wanted ? { stock, requestId } : undefined;
	}
	const { audit } = notification;
	const pairs = new Set(settings.pairs.map(({ entityType, action }) => `${entityType} ${action}`));
	const events = notification.events
		.filter(({ type, action }) => pairs.has(`${type.toLowerCase()} ${action}`))
		.filter((event) => passes(event, audit, settings));
	return events.length > 0 ? { events, audit, requestId } : undefined;
}

/** Compares in constant time. */
function isSame(secret: string, key: string): boolean {
	const given = Buffer.from(key);
	const expected = Buffer.from(secret);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * The key in the URL. Undocumented how MoySklad adds requestId to a URL with a query: a second question mark is
 * coped with.
 */
function keyOf({ key }: IDataObject): string {
	return typeof key === 'string' ? key.split('?')[0] : '';
}

function requestIdOf({ requestId, key }: IDataObject): string | undefined {
	const id = requestId ?? /\?requestId=([\w-]+)/.exec(String(key ?? ''))?.[1];
	return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
}

function bytesOf(context: IWebhookFunctions): number {
	const { rawBody, headers } = context.getRequestObject() as unknown as {
		rawBody?: Buffer;
		headers: Record<string, string | undefined>;
	};
	return rawBody?.length ?? Number(headers['content-length'] ?? 0);
}

/** Whoever has not the key learns nothing, not even that there is a node. */
function silence(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(404).end();
	return { noWebhookResponse: true };
}

function refuse(context: IWebhookFunctions, { status, message }: Refusal): IWebhookResponseData {
	context.getResponseObject().status(status).json({ code: status, message });
	return { noWebhookResponse: true };
}
