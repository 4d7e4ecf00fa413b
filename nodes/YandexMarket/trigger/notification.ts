/**
 * Notifications of Yandex Market: their types, what each is about, and how a call is answered. Source: the official
 * schema (yandex-market-notification-api, 17 types); reference of the project: yandex-market-jobs.md §8.
 */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { isRecord } from '../../shared/record';
import { digest } from '../../shared/trigger/body';
import type { Refusal } from '../../shared/trigger/receive';

/** What a notification is about, and the name of its moment. */
interface Kind {
	name: string;
	at: string;
	/** IDs that it must have. */
	ids: string[];
}

const KINDS: Record<string, Kind> = {
	CHAT_ARBITRAGE_FINISHED: { name: 'Chat: Arbitrage Finished', at: 'finishedAt', ids: ['chatId'] },
	CHAT_ARBITRAGE_STARTED: { name: 'Chat: Arbitrage Started', at: 'startedAt', ids: ['chatId'] },
	CHAT_CREATED: { name: 'Chat: Created', at: 'createdAt', ids: ['chatId'] },
	CHAT_MESSAGE_SENT: { name: 'Chat: Message Sent', at: 'sentAt', ids: ['chatId', 'messageId'] },
	ORDER_CANCELLATION_REQUEST: {
		name: 'Order: Cancellation Requested',
		at: 'requestedAt',
		ids: ['orderId'],
	},
	ORDER_CANCELLED: { name: 'Order: Cancelled', at: 'cancelledAt', ids: ['orderId'] },
	ORDER_CREATED: { name: 'Order: Created', at: 'createdAt', ids: ['orderId'] },
	ORDER_STATUS_UPDATED: { name: 'Order: Status Updated', at: 'updatedAt', ids: ['orderId'] },
	ORDER_UPDATED: { name: 'Order: Updated', at: 'updatedAt', ids: ['orderId'] },
	QUESTION_ANSWER_CREATED: { name: 'Question: Answered', at: 'createdAt', ids: ['answerId'] },
	QUESTION_COMMENT_CREATED: {
		name: 'Question: Answer Commented',
		at: 'createdAt',
		ids: ['answerId', 'commentId'],
	},
	QUESTION_CREATED: { name: 'Question: Created', at: 'createdAt', ids: ['questionId'] },
	ORDER_RETURN_CREATED: { name: 'Return: Created', at: 'createdAt', ids: ['orderId', 'returnId'] },
	ORDER_RETURN_STATUS_UPDATED: {
		name: 'Return: Status Updated',
		at: 'updatedAt',
		ids: ['orderId', 'returnId'],
	},
	GOODS_FEEDBACK_COMMENT_CREATED: {
		name: 'Review: Commented',
		at: 'createdAt',
		ids: ['commentId'],
	},
	GOODS_FEEDBACK_CREATED: { name: 'Review: Created', at: 'createdAt', ids: ['feedbackId'] },
};

/** The types that can be chosen; PING is the cabinet's own test. */
export const EVENTS: INodePropertyOptions[] = Object.entries(KINDS)
	.map(([value, { name }]) => ({ name, value }))
	.sort((one, other) => one.name.localeCompare(other.name));

/** A body of more than so many bytes is none of the Market's: a notification has a few hundred. */
export const MAX_BYTES = 1024 * 1024;

const TYPE = /^[A-Z][A-Z_]{2,60}$/;

/** What is wrong with a body: the Market shows it to the seller and sends it no more. */
export const refusalBody = ({ status, message }: Refusal): IDataObject => ({
	error: {
		type: 'WRONG_EVENT_FORMAT',
		message: status === 413 ? 'The body is larger than 1 MB' : message,
	},
});

const wrong = (message: string): Refusal => ({ status: 400, message });

/** The notification in a body, or why there is none. Types that are not known yet pass. */
export function readNotification(body: unknown): { told: IDataObject } | Refusal {
	if (!isRecord(body)) return wrong('The body is no JSON object');
	const { notificationType: type } = body;
	if (typeof type !== 'string' || !TYPE.test(type)) return wrong('notificationType is missing');
	const missing = KINDS[type]?.ids.find((name) => !isNumberId(body[name]));
	return missing ? wrong(`${missing} is missing`) : { told: body };
}

/** A number, or digits as text: IDs over 2^53 come so. */
function isNumberId(value: unknown): boolean {
	return (typeof value === 'number' && value > 0) || /^\d{1,30}$/.test(String(value ?? ''));
}

/** The answer that the Market demands, to the letter. */
export function answer(now = new Date()): IDataObject {
	return { version: '1.0.0', name: 'n8n-nodes-retail-ops', time: now.toISOString() };
}

/**
 * ISO 8601 with milliseconds of the event's moment: the Market writes up to nine digits of a second. Undefined when it
 * cannot be read.
 */
export function eventMoment(notification: IDataObject): string | undefined {
	const at = KINDS[String(notification.notificationType)]?.at ?? 'updatedAt';
	const text = String(notification[at] ?? notification.createdAt ?? notification.time ?? '');
	const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
	return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** The same for each repetition of a notification: it has the same content. */
export function deliveryKey(notification: IDataObject): string {
	const entries = Object.entries(notification).sort(([one], [other]) => (one < other ? -1 : 1));
	// As short as n8n's memory of workflows that run has them.
	return digest(entries).slice(0, 22);
}
