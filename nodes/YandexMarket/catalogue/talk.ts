/** Reviews, questions, chats. Reference of the project: yandex-market-jobs.md §1, §3. */
import type { Call, Operation, Output, Work } from '../../shared/catalogue';
import { unmarked } from '../../shared/road/exact';
import { valueAt } from '../../shared/road/paging';
import { requestOf } from '../../shared/run/request';
import { answersOnce, ONLY_ONCE } from './answerOnce';
import { table } from './dialect';

/** An ID as digits; empty where there is none. */
const digits = (id: unknown) => (id === undefined || id === null ? '' : String(unmarked(id)));

const REVIEW = [
	'feedbackId',
	'createdAt',
	'needReaction',
	'orderId=identifiers.orderId:number',
	'offerId=identifiers.offerId',
	'author',
	'rating=statistics.rating:number',
	'pluses=description.advantages',
	'minuses=description.disadvantages',
	'comment=description.comment',
];

export const reviews: Operation[] = table('review', [
	[
		'getAll',
		'getGoodsFeedbacks',
		'Get Many',
		'Get many reviews',
		'List reviews of products',
		{ columns: REVIEW, tune: { feedbackIds: { label: 'Review IDs' } } },
	],
	[
		'getAllAdvertiser',
		'getGoodsFeedbacksUrbanads',
		'Get Many of Advertiser',
		'Get many reviews of advertiser',
		"List reviews of an advertiser's products",
		{
			columns: [
				'feedbackId',
				'createdAt',
				'needReaction',
				'author',
				'rating=statistics.rating:number',
				'comment=description.comment',
			],
			tune: { feedbackIds: { label: 'Review IDs' } },
		},
	],
	[
		'skip',
		'skipGoodsFeedbacksReaction',
		'Skip',
		'Skip review',
		'Say that reviews need no answer',
		{
			each: { at: 'feedbackIds' },
			tune: { feedbackId: { label: 'Review ID' } },
			notes: 'Up to 50 items share a request.',
		},
	],
	[
		'getComments',
		'getGoodsFeedbackComments',
		'Get Comments',
		'Get comments of review',
		'List comments under reviews',
		{
			columns: [
				'id',
				'feedbackId',
				'parentId',
				'text',
				'status',
				'canModify',
				'author=author.name',
				'authorType=author.type',
			],
			tune: { feedbackId: { label: 'Review ID' } },
		},
	],
	[
		'reply',
		'updateGoodsFeedbackComment',
		'Reply',
		'Reply to review',
		'Answer a review or a comment, or change an answer',
		{
			tune: {
				feedbackId: { label: 'Review ID' },
				'comment.text': {
					label: 'Text',
					name: 'text',
					help: 'Links to other sites and texts that were sent before are refused',
				},
				'comment.id': {
					label: 'Comment ID to Change',
					name: 'commentId',
					help: 'An answer of yours that gets this text instead',
				},
				'comment.parentId': { label: 'Comment ID to Answer', name: 'parentId' },
			},
			own: [ONLY_ONCE],
			...answersOnce({
				label: 'Review ID',
				// A change of an answer may be made twice.
				target: ({ body }) =>
					valueAt(body, 'comment.id') === undefined
						? `${digits(body.feedbackId)} ${digits(valueAt(body, 'comment.parentId'))}`
						: undefined,
				text: ({ body }) => String(valueAt(body, 'comment.text')),
				list: ({ path, query, body }) => ({
					request: {
						method: 'POST',
						path: `/v2/businesses/${path.businessId}/goods-feedback/comments`,
						query,
						body: { feedbackId: body.feedbackId },
						idempotent: true,
					},
					rows: 'result.comments',
				}),
				isBeside: ({ parentId }, { body }) =>
					digits(parentId) === digits(valueAt(body, 'comment.parentId')),
				change: ({ id }) => `To change that answer, give ${digits(id)} as 'Comment ID to Change'.`,
			}),
			idempotent: false,
			columns: ['id', 'feedbackId', 'parentId', 'text', 'status', 'canModify'],
			notes: 'The answer may be moderated: <code>status</code> tells whether it is published.',
		},
	],
	[
		'deleteComment',
		'deleteGoodsFeedbackComment',
		'Delete Comment',
		'Delete comment',
		'Delete an answer of yours',
		{
			tune: {
				id: {
					label: 'Comment ID',
					name: 'commentId',
					help: 'The number of the comment: see Get Comments',
				},
			},
			idempotent: true,
		},
	],
]);

const ENTITY = ['id', 'type'];

const entity = (path: string, label: string) => ({
	[`${path}.id`]: {
		label,
		help: 'The number from Get Many or Get Answers',
		name: 'id',
		required: true,
		section: undefined,
	},
});

export const questions: Operation[] = table('question', [
	[
		'getAll',
		'getGoodsQuestions',
		'Get Many',
		'Get many questions',
		'List questions about products',
		{
			columns: [
				'id=questionIdentifiers.id:number',
				'offerId=questionIdentifiers.offerId',
				'categoryId=questionIdentifiers.categoryId:number',
				'businessId',
				'text',
				'createdAt',
				'author=author.name',
				'likes=votes.likes:number',
				'dislikes=votes.dislikes:number',
			],
			at: 'result.questions',
		},
	],
	[
		'getAnswers',
		'getGoodsQuestionAnswers',
		'Get Answers',
		'Get answers to question',
		'List answers to questions',
		{
			columns: [
				'id',
				'questionId',
				'text',
				'status',
				'createdAt',
				'canModify',
				'author=author.name',
				'authorType=author.type',
				'comments',
			],
		},
	],
	[
		'answer',
		'updateGoodsQuestionTextEntity',
		'Answer',
		'Answer question',
		'Answer a question, or comment an answer',
		{
			constants: { operationType: 'CREATE' },
			without: ['operationType', 'entityId.id', 'entityId.type'],
			tune: {
				...entity('parentEntityId', 'Question or Answer ID'),
				'parentEntityId.type': {
					label: 'What It Is',
					help: 'Whose number the ID is',
					name: 'type',
					required: true,
					choices: [
						{ name: 'Answer, to Comment It', value: 'ANSWER' },
						{ name: 'Question, to Answer It', value: 'QUESTION' },
					],
					default: 'QUESTION',
				},
				text: { required: true },
			},
			own: [ONLY_ONCE],
			...answersOnce({
				label: 'Question or Answer ID',
				target: ({ body }) => JSON.stringify(body.parentEntityId),
				text: ({ body }) => String(body.text),
				list: ({ path, body }) =>
					valueAt(body, 'parentEntityId.type') === 'QUESTION'
						? {
								request: {
									method: 'POST',
									path: `/v1/businesses/${path.businessId}/goods-questions/answers`,
									body: { questionId: valueAt(body, 'parentEntityId.id') as number },
									idempotent: true,
								},
								rows: 'result.answers',
							}
						: undefined,
				given: ({ id }) => ({ id, type: 'ANSWER' }),
				change: ({ id }) => `To change that answer, use 'Edit Answer' with ${digits(id)}.`,
			}),
			idempotent: false,
			at: 'result.entity',
			columns: ENTITY,
		},
	],
	[
		'editAnswer',
		'updateGoodsQuestionTextEntity',
		'Edit Answer',
		'Edit answer to question',
		'Change an answer or a comment of yours',
		{
			constants: { operationType: 'UPDATE' },
			without: ['operationType', 'parentEntityId.id', 'parentEntityId.type'],
			tune: {
				...entity('entityId', 'Answer or Comment ID'),
				'entityId.type': {
					label: 'What It Is',
					help: 'Whose number the ID is',
					name: 'type',
					required: true,
					choices: [
						{ name: 'Answer', value: 'ANSWER' },
						{ name: 'Comment', value: 'COMMENT' },
					],
					default: 'ANSWER',
				},
				text: { required: true },
			},
			idempotent: true,
			at: 'result.entity',
			columns: ENTITY,
		},
	],
	[
		'deleteAnswer',
		'updateGoodsQuestionTextEntity',
		'Delete Answer',
		'Delete answer to question',
		'Delete an answer or a comment of yours',
		{
			constants: { operationType: 'DELETE' },
			without: ['operationType', 'parentEntityId.id', 'parentEntityId.type', 'text'],
			tune: {
				...entity('entityId', 'Answer or Comment ID'),
				'entityId.type': {
					label: 'What It Is',
					help: 'Whose number the ID is',
					name: 'type',
					required: true,
					choices: [
						{ name: 'Answer', value: 'ANSWER' },
						{ name: 'Comment', value: 'COMMENT' },
					],
					default: 'ANSWER',
				},
			},
			idempotent: true,
			answer: { kind: 'done' },
		},
	],
]);

/** The item's file as a form. */
async function sendFile(call: Call, work: Work): Promise<Output[]> {
	const file = await work.readBinary(call, String(call.control.inputBinaryField));
	await work.send({
		...requestOf(work.vendor, call),
		body: undefined,
		idempotent: false,
		expects: 'nothing',
		file: {
			field: 'file',
			bytes: file.bytes,
			fileName: file.fileName ?? 'file',
			mimeType: file.mimeType,
		},
	});
	return [{ json: { success: true, ...call.path, chatId: call.query.chatId } }];
}

const CHAT = [
	'chatId',
	'status',
	'type',
	'contextType=context.type',
	'orderId=context.orderId:number',
	'returnId=context.returnId:number',
	'campaignId=context.campaignId:number',
	'customer=context.customer.name',
	'createdAt',
	'updatedAt',
];

export const chats: Operation[] = table('chat', [
	[
		'getAll',
		'getChats',
		'Get Many',
		'Get many chats',
		'List chats with buyers',
		{ columns: CHAT, tune: { contexts: { help: 'Only chats about these orders and returns' } } },
	],
	['get', 'getChat', 'Get', 'Get chat', 'Retrieve a chat', { columns: CHAT }],
	[
		'create',
		'createChat',
		'Create',
		'Create chat',
		'Begin a chat about an order or a return',
		{
			top: ['context.type', 'context.id'],
			tune: {
				'context.type': {
					label: 'About',
					name: 'about',
					help: 'What the chat is about',
					required: true,
				},
				'context.id': {
					label: 'Order or Return ID',
					help: 'The number of the order or return',
					name: 'contextId',
					required: true,
				},
			},
			idempotent: true,
			at: 'result',
		},
	],
	[
		'getMessages',
		'getChatHistory',
		'Get Messages',
		'Get messages of chat',
		'List the messages of a chat',
		{
			at: 'result.messages',
			columns: ['messageId', 'createdAt', 'sender', 'message', 'payload', 'links=payload:links'],
			tune: { messageIdFrom: { label: 'From Message ID', help: 'Only messages from this one on' } },
			notes: 'Your own messages have the sender PARTNER, buyers are CUSTOMER.',
		},
	],
	[
		'getMessage',
		'getChatMessage',
		'Get Message',
		'Get message of chat',
		'Retrieve a message of a chat',
		{
			columns: ['messageId', 'createdAt', 'sender', 'message', 'payload', 'links=payload:links'],
			notes:
				'Photos of buyers lie on a host that does not take the key, so they are given as links.',
		},
	],
	[
		'sendFile',
		'sendFileToChat',
		'Send File',
		'Send file to chat',
		'Send a file to a buyer',
		{
			without: ['file'],
			own: [
				{
					name: 'inputBinaryField',
					label: 'Input Binary Field',
					kind: 'text',
					to: 'control',
					required: true,
					default: 'data',
					help: 'Name of the binary field of the item that holds the file',
				},
			],
			answer: { kind: 'done' },
			perform: sendFile,
			notes: 'Pictures and PDF, 5 MB at most.',
		},
	],
	[
		'sendMessage',
		'sendMessageToChat',
		'Send Message',
		'Send message to chat',
		'Send a text to a buyer',
		{
			idempotent: false,
			// Doubled rows; what was said before may be said again.
			...answersOnce({
				label: 'Chat ID',
				target: ({ query, body }) => `${String(query.chatId)} ${String(body.message)}`,
				text: ({ body }) => String(body.message),
			}),
		},
	],
]);
