/** What a notification is about, as it is now: the order, return, review, question or chat that it names. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../../shared/catalogue';
import { isNotFound } from '../../shared/errors/errors';
import { Latest } from '../../shared/road/latest';
import { valueAt } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { cabinetOfShop } from '../catalogue/stockPlace';

/** Cabinets of shops, by budget and campaign: they do not change. */
const cabinets = new Latest<string>(1000);

/** The cabinet of a notification: those about orders name only the shop. */
async function cabinetOf({ businessId, campaignId }: IDataObject, road: Road): Promise<string> {
	if (businessId !== undefined) return String(businessId);
	const key = `${road.connection.budgetKey} ${String(campaignId)}`;
	const known = cabinets.get(key);
	if (known !== undefined) return known;
	const cabinet = await cabinetOfShop(encodeURIComponent(String(campaignId)), road);
	cabinets.set(key, cabinet);
	return cabinet;
}

const list = (path: string, name: string, id: unknown): ApiRequest => ({
	method: 'POST',
	path,
	body: { [name]: [Number(id)] },
	idempotent: true,
});

/** The request for what a notification names, and where it stands in the answer; undefined for an unknown type. */
async function requestFor(
	notification: IDataObject,
	road: Road,
): Promise<{ request: ApiRequest; at: string } | undefined> {
	const { notificationType: type, orderId, returnId, campaignId } = notification;
	const id = (name: string) => encodeURIComponent(String(notification[name]));
	const kind = String(type);
	if (kind.startsWith('ORDER_RETURN')) {
		const path = `/v2/campaigns/${id('campaignId')}/orders/${id('orderId')}/returns/${id('returnId')}`;
		return returnId === undefined || campaignId === undefined
			? undefined
			: { request: { method: 'GET', path }, at: 'result' };
	}
	if (kind.startsWith('ORDER_') && orderId !== undefined) {
		const path = `/v1/businesses/${await cabinetOf(notification, road)}/orders`;
		return { request: list(path, 'orderIds', orderId), at: 'orders' };
	}
	const business = `businesses/${id('businessId')}`;
	switch (kind) {
		case 'GOODS_FEEDBACK_CREATED':
			return {
				request: list(`/v2/${business}/goods-feedback`, 'feedbackIds', notification.feedbackId),
				at: 'result.feedbacks',
			};
		case 'GOODS_FEEDBACK_COMMENT_CREATED':
			return {
				request: list(
					`/v2/${business}/goods-feedback/comments`,
					'commentIds',
					notification.commentId,
				),
				at: 'result.comments',
			};
		case 'QUESTION_CREATED':
			return {
				request: list(`/v1/${business}/goods-questions`, 'questionIds', notification.questionId),
				at: 'result.questions',
			};
		case 'QUESTION_ANSWER_CREATED':
		case 'QUESTION_COMMENT_CREATED':
			return {
				request: list(
					`/v1/${business}/goods-questions/answers`,
					'answerIds',
					notification.answerId,
				),
				at: 'result.answers',
			};
		case 'CHAT_MESSAGE_SENT': {
			const query = { chatId: notification.chatId, messageId: notification.messageId };
			const path = `/v2/${business}/chats/message`;
			return { request: { method: 'GET', path, query }, at: 'result' };
		}
		case 'CHAT_ARBITRAGE_FINISHED':
		case 'CHAT_ARBITRAGE_STARTED':
		case 'CHAT_CREATED': {
			const query = { chatId: notification.chatId };
			return { request: { method: 'GET', path: `/v2/${business}/chat`, query }, at: 'result' };
		}
		default:
			return undefined;
	}
}

/** The object of a notification; null when it is gone or nobody knows what it is. */
export async function objectOf(notification: IDataObject, road: Road): Promise<IDataObject | null> {
	const wanted = await requestFor(notification, road);
	if (!wanted) return null;
	try {
		const { body } = await road.send(wanted.request);
		const [found] = [valueAt(body, wanted.at)].flat() as IDataObject[];
		return found ?? null;
	} catch (error) {
		if (isNotFound(error)) return null;
		throw error as Error;
	}
}
