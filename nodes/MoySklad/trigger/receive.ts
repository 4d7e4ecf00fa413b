/** A call from MoySklad → items. No request goes out from here: MoySklad waits 1500 ms for the answer. */
import { timingSafeEqual } from 'crypto';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { registration, watched } from './registration';

/** Answers a call and starts the workflow with one item per event. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const query = this.getQueryData() as IDataObject;
	if (!isFromMoySklad(registration(this).secret, query)) {
		return refuse(this, 404, 'Not found');
	}
	const events = eventsOf(this.getBodyData());
	if (!events) {
		return refuse(
			this,
			400,
			'This is no notification of MoySklad: {"events":[{"meta":{"type","href"},"action"}]} is expected',
		);
	}
	const { entityTypes, actions } = watched(this);
	const wanted = events.filter(
		({ meta, action }) => entityTypes.includes(meta.type.toLowerCase()) && actions.includes(action),
	);
	// Answered with 200 and without an execution: nobody waits for these events here.
	if (wanted.length === 0) return {};
	const context = auditContextOf(this.getBodyData());
	const items = wanted.map((event): INodeExecutionData => ({
		json: itemOf(event, context, requestIdOf(query)),
	}));
	return { workflowData: [items] };
}

interface Event {
	meta: { type: string; href: string };
	action: string;
	accountId?: string;
	updatedFields?: string[];
}

/** One event as an item: flat, the time in ISO 8601 with Moscow's offset. */
function itemOf(
	event: Event,
	context: { uid?: string; moment?: string },
	requestId: string | undefined,
): IDataObject {
	return {
		action: event.action,
		entityType: event.meta.type,
		id: event.meta.href.split('?')[0].split('/').pop() ?? null,
		href: event.meta.href,
		...(event.updatedFields ? { updatedFields: event.updatedFields } : {}),
		accountId: event.accountId ?? null,
		uid: context.uid ?? null,
		moment: context.moment ? `${context.moment.replace(' ', 'T')}+03:00` : null,
		requestId: requestId ?? null,
	};
}

/**
 * Compares the key in the URL with the node's secret in constant time. Before n8n has stored the secret (the
 * moment between registering and the first save) any call is taken: refusing would lose an event for good.
 */
function isFromMoySklad(secret: string | undefined, query: IDataObject): boolean {
	if (!secret) return true;
	// Undocumented how MoySklad adds requestId to a URL with a query: cope with a second question mark.
	const given = Buffer.from(String(query.key ?? '').split('?')[0]);
	const expected = Buffer.from(secret);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

function requestIdOf(query: IDataObject): string | undefined {
	if (typeof query.requestId === 'string') return query.requestId;
	return /\?requestId=([\w-]+)/.exec(String(query.key ?? ''))?.[1];
}

/** The events of a well-formed notification; undefined for anything else. */
function eventsOf(body: unknown): Event[] | undefined {
	const events = (body as IDataObject | undefined)?.events;
	if (!Array.isArray(events)) return undefined;
	return events.every(isEvent) ? (events as Event[]) : undefined;
}

function isEvent(event: unknown): event is Event {
	if (typeof event !== 'object' || event === null) return false;
	const { meta, action, updatedFields } = event as Partial<Event>;
	return (
		typeof action === 'string' &&
		typeof meta?.type === 'string' &&
		typeof meta.href === 'string' &&
		(updatedFields === undefined || Array.isArray(updatedFields))
	);
}

function auditContextOf(body: unknown): { uid?: string; moment?: string } {
	const context = (body as IDataObject).auditContext as IDataObject | undefined;
	return {
		...(typeof context?.uid === 'string' ? { uid: context.uid } : {}),
		...(typeof context?.moment === 'string' ? { moment: context.moment } : {}),
	};
}

function refuse(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ code: status, message });
	return { noWebhookResponse: true };
}
