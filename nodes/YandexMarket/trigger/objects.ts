/** What a notification is about, as it is now: the order, return, review, question or chat that it names. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../../shared/catalogue';
import { isNotFound } from '../../shared/errors/errors';
import { exactId, wholeNumber } from '../../shared/road/exact';
import { gathered } from '../../shared/road/gathered';
import { valueAt } from '../../shared/road/paging';
import type { Road } from '../../shared/road/road';
import { cabinetOfShop } from '../catalogue/shopCabinet';

/** The cabinet of a notification: those about orders name only the shop. */
async function cabinetOf({ businessId, campaignId }: IDataObject, road: Road): Promise<string> {
	if (businessId !== undefined) return String(businessId);
	const shop = encodeURIComponent(String(campaignId));
	return await cabinetOfShop(shop, road.connection.budgetKey, road);
}

/** A list that is asked for objects by their IDs, 50 at most, and where these stand. */
interface Listed {
	path: string;
	/** Name of the IDs in the body. */
	ids: string;
	id: unknown;
	rows: string;
	rowId: string;
}

/** One object by a request of its own. */
interface Single {
	request: ApiRequest;
	at: string;
}

const MOST_IDS = 50;

/** Where a notification's object is found; undefined for an unknown type. */
async function placeOf(
	notification: IDataObject,
	road: Road,
): Promise<Listed | Single | undefined> {
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
		return { path, ids: 'orderIds', id: orderId, rows: 'orders', rowId: 'orderId' };
	}
	const business = `businesses/${id('businessId')}`;
	switch (kind) {
		case 'GOODS_FEEDBACK_CREATED':
			return {
				path: `/v2/${business}/goods-feedback`,
				ids: 'feedbackIds',
				id: notification.feedbackId,
				rows: 'result.feedbacks',
				rowId: 'feedbackId',
			};
		case 'GOODS_FEEDBACK_COMMENT_CREATED':
			return {
				path: `/v2/${business}/goods-feedback/comments`,
				ids: 'commentIds',
				id: notification.commentId,
				rows: 'result.comments',
				rowId: 'id',
			};
		case 'QUESTION_CREATED':
			return {
				path: `/v1/${business}/goods-questions`,
				ids: 'questionIds',
				id: notification.questionId,
				rows: 'result.questions',
				rowId: 'questionIdentifiers.id',
			};
		case 'QUESTION_ANSWER_CREATED':
		case 'QUESTION_COMMENT_CREATED':
			return {
				path: `/v1/${business}/goods-questions/answers`,
				ids: 'answerIds',
				id: notification.answerId,
				rows: 'result.answers',
				rowId: 'id',
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

/** Objects of a list by their IDs; one that was asked for by itself is whatever comes. */
async function listed(place: Listed, ids: string[], road: Road): Promise<Map<string, IDataObject>> {
	const { body } = await road.send({
		method: 'POST',
		path: place.path,
		body: { [place.ids]: ids.map(wholeNumber) },
		idempotent: true,
	});
	const rows = (valueAt(body, place.rows) ?? []) as IDataObject[];
	if (ids.length === 1) return new Map(rows.slice(0, 1).map((row) => [ids[0], row]));
	return new Map(rows.map((row) => [String(valueAt(row, place.rowId)), row]));
}

/**
 * Where an object holds IDs that its notification lacks, and that the next node asks for: a comment's review, an answer's
 * question, the order that a chat is about (schemas GoodsFeedbackCommentDTO, AnswerDTO, ChatFullContextDTO).
 */
const FURTHER_IDS: Record<string, string> = {
	campaignId: 'context.campaignId',
	feedbackId: 'feedbackId',
	orderId: 'context.orderId',
	questionId: 'questionId',
	returnId: 'context.returnId',
};

/**
 * IDs that the object of a notification adds to those of the notification itself; with the cabinet of an order, which
 * {@link objectOf} has asked for by then.
 */
export async function furtherIds(
	notification: IDataObject,
	object: IDataObject,
	road: Road,
): Promise<IDataObject> {
	const found: IDataObject = {};
	for (const [name, path] of Object.entries(FURTHER_IDS)) {
		const id = valueAt(object, path);
		if (notification[name] === undefined && (typeof id === 'number' || typeof id === 'string')) {
			found[name] = id;
		}
	}
	const { businessId, campaignId, notificationType } = notification;
	const isOrder = /^ORDER_(?!RETURN)/.test(String(notificationType));
	if (isOrder && businessId === undefined && campaignId !== undefined) {
		const cabinet = await cabinetOf(notification, road);
		if (cabinet !== '') found.businessId = exactId(cabinet);
	}
	return found;
}

/** The object of a notification; null when it is gone or nobody knows what it is. */
export async function objectOf(notification: IDataObject, road: Road): Promise<IDataObject | null> {
	const place = await placeOf(notification, road);
	if (!place) return null;
	try {
		if ('request' in place) {
			const { body } = await road.send(place.request);
			const [found] = [valueAt(body, place.at)].flat() as IDataObject[];
			return found ?? null;
		}
		const key = `${road.connection.budgetKey} ${place.path}`;
		const ask = async (ids: string[]) => await listed(place, ids, road);
		return (await gathered(key, String(place.id), MOST_IDS, ask)) ?? null;
	} catch (error) {
		if (isNotFound(error)) return null;
		throw error as Error;
	}
}
