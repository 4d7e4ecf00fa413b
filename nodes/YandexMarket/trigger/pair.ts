/**
 * The names by which the webhook trigger and the polling trigger of one workflow know a change: each is passed on by the
 * one that takes the name first. The polling trigger leaves changes alone until they are a minute old, so that the
 * notification comes first where it comes at all.
 */
import type { IDataObject } from 'n8n-workflow';

/** A notification may be repeated for so long (ms): the Market gives up after 14 days. */
export const KEEP_MS = 14 * 86_400_000;

/** The change of an order that a notification tells; undefined: a poll does not see it. */
export function nameOfNotification(notification: IDataObject): string | undefined {
	const { notificationType: type, orderId, returnId, status, substatus } = notification;
	if (type === 'ORDER_CREATED') return created('order', orderId);
	if (type === 'ORDER_RETURN_CREATED') return created('return', returnId);
	if (type === 'ORDER_STATUS_UPDATED') return moved('order', orderId, status, substatus);
	return undefined;
}

export const created = (what: string, id: unknown) => `market ${what} ${String(id)} created`;

export const moved = (what: string, id: unknown, status: unknown, substatus: unknown) =>
	`market ${what} ${String(id)} ${String(status)}/${String(substatus)}`;
