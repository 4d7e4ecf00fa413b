/**
 * Reviews, questions and chats are answered once: by doubled rows, by a node that is run again, and by a model that calls
 * its tool twice. Specification of getGoodsFeedbackComments and getGoodsQuestionAnswers.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Reply, Sent } from './shop';
import { run } from './yandexRun';

const TOOL = 'n8n-nodes-retail-ops.yandexMarketTool';
type Row = IDataObject;

/** A Market with answers of others and, one page each, of the seller. */
function marketWith(answers: Row[]) {
	const written: Row[] = [];
	const server = ({ path, body, query }: Sent): Reply => {
		const given = body as Row;
		if (/\/(comments|answers)$/.test(path)) {
			const of = given.feedbackId ?? given.questionId;
			const there = answers.filter((row) => (row.feedbackId ?? row.questionId) === of);
			const at = Number(query.pageToken ?? 0);
			const paging = at + 1 < there.length ? { nextPageToken: String(at + 1) } : {};
			const rows = there.slice(at, at + 1);
			return { body: { status: 'OK', result: { comments: rows, answers: rows, paging } } };
		}
		written.push(given);
		const id = 900 + written.length;
		const { text } = (given.comment ?? given) as Row;
		if (path.endsWith('/comments/update')) {
			answers.push(own({ ...(given.comment as Row), id, feedbackId: given.feedbackId }));
			return { body: { status: 'OK', result: { ...answers.at(-1) } } };
		}
		if (path.endsWith('/goods-questions/update')) {
			const { id: questionId, type } = given.parentEntityId as Row;
			if (type === 'QUESTION') answers.push(own({ id, questionId, text }));
			return { body: { status: 'OK', result: { entity: { id, type: 'ANSWER' } } } };
		}
		return { body: { status: 'OK' } };
	};
	return { server, written };
}

const own = (row: Row): Row => ({ status: 'UNMODERATED', author: { type: 'BUSINESS' }, ...row });
const buyer = (row: Row): Row => ({ status: 'PUBLISHED', author: { type: 'USER' }, ...row });
const told = (error: unknown) => {
	const { message, description } = error as { message: string; description: string };
	return `${message} ${description}`;
};

describe('doubled rows', () => {
	const textsOf = (written: Row[]) =>
		written.map(({ comment, text, message }) => (comment as Row)?.text ?? text ?? message);

	test.each<[string, Row, string]>([
		['review.reply', { feedbackId: '5', text: 'Thanks' }, 'Thanks'],
		['question.answer', { id: '5', type: 'QUESTION', text: 'Yes' }, 'Yes'],
		['chat.sendMessage', { chatId: '5', message: 'Hi' }, 'Hi'],
	])('%s: %j twice is sent once, and both are done', async (name, row, text) => {
		const { server, written } = marketWith([]);
		const { items } = await run(name, [row, row], server);
		expect(items).toHaveLength(2);
		expect(items[1].json).toEqual(items[0].json);
		expect(textsOf(written)).toEqual([text]);
	});

	test.each<[string, Row, Row, string]>([
		[
			'review.reply',
			{ feedbackId: '5', text: 'Thanks' },
			{ feedbackId: 5, text: 'Sorry' },
			"'Review ID' is 5",
		],
		[
			'question.answer',
			{ id: '5', type: 'QUESTION', text: 'Yes' },
			{ text: 'No' },
			"'Question or Answer ID' is 5",
		],
	])('%s: %j and %j are told, neither is sent', async (name, row, more, label) => {
		const { server, written } = marketWith([]);
		const { items } = await run(name, [row, { ...row, ...more }], server, true);
		expect(items.map(({ json }) => json.error)).toEqual([
			expect.stringContaining(`${label}, which item 1 answers as well, with another text`),
			expect.stringContaining(`${label}, which item 0 answers as well, with another text`),
		]);
		const { error } = await run(name, [row, { ...row, ...more }], server);
		expect(told(error)).toContain('Remove Duplicates');
		expect(written).toEqual([]);
	});

	test.each<[string, Row, Row]>([
		['review.reply', { feedbackId: 5, text: 'A' }, { feedbackId: 6 }],
		[
			'review.reply',
			{ feedbackId: 5, text: 'A', additionalFields: {} },
			{ additionalFields: { parentId: '8' } },
		],
		['review.reply', { feedbackId: 5, text: 'A', additionalFields: { commentId: '8' } }, {}],
		['question.answer', { id: 5, type: 'QUESTION', text: 'A' }, { type: 'ANSWER' }],
		['chat.sendMessage', { chatId: 5, message: 'A' }, { message: 'B' }],
	])('%s: %j and %j are two', async (name, row, more) => {
		const { server, written } = marketWith([]);
		const { items } = await run(name, [row, { ...row, ...more }], server, true);
		expect(items.map(({ json }) => json.error)).toEqual([undefined, undefined]);
		expect(written).toHaveLength(2);
	});
});

describe('what has an answer', () => {
	const reply = { feedbackId: '5', text: 'Thanks' };
	const once = { ...reply, options: { onlyOnce: true } };

	test('a model that calls its tool twice answers once', async () => {
		const { server, written } = marketWith([buyer({ id: 1, feedbackId: 5, text: 'Good tea' })]);
		const first = await run('review.reply', [reply], server, false, {}, TOOL);
		const again = await run('review.reply', [reply], server, false, {}, TOOL);
		expect(again.items.map(({ json }) => json)).toEqual(first.items.map(({ json }) => json));
		expect(written).toHaveLength(1);
		const other = { ...reply, text: 'Thank you very much' };
		const refused = await run('review.reply', [other], server, true, {}, TOOL);
		expect(String(refused.items[0].json.error)).toContain(
			"'Review ID' is 5, which you have answered already: 'Thanks'",
		);
		expect(String(refused.items[0].json.error)).toContain("give 901 as 'Comment ID to Change'");
		expect(written).toHaveLength(1);
		// Changing it is what the model was told to do.
		const changed = { ...other, additionalFields: { commentId: '901' } };
		await run('review.reply', [changed], server, false, {}, TOOL);
		expect(written).toHaveLength(2);
	});

	test('so it is for questions; an answer that has the same text is given out', async () => {
		const { server, written } = marketWith([]);
		const question = { id: '5', type: 'QUESTION', text: 'Yes' };
		const first = await run('question.answer', [question], server, false, {}, TOOL);
		const again = await run('question.answer', [question], server, false, {}, TOOL);
		expect(again.items[0].json).toEqual(first.items[0].json);
		const other = { ...question, text: 'No' };
		const refused = await run('question.answer', [other], server, true, {}, TOOL);
		expect(String(refused.items[0].json.error)).toContain("use 'Edit Answer' with 901");
		expect(written).toHaveLength(1);
	});

	test('in any node by the option; without it, nobody looks', async () => {
		const { server, written } = marketWith([own({ id: 7, feedbackId: 5, text: 'Thanks' })]);
		const known = await run('review.reply', [once], server);
		expect(known.items[0].json).toMatchObject({ id: 7, text: 'Thanks' });
		expect(written).toEqual([]);
		const off = await run(
			'review.reply',
			[{ ...reply, options: { onlyOnce: false } }],
			server,
			false,
			{},
			TOOL,
		);
		expect(off.sent).toHaveLength(1);
		const usual = await run('review.reply', [reply], server);
		expect(usual.sent).toHaveLength(1);
		expect(written).toHaveLength(2);
	});

	test('a review that cannot be looked at fails alone, and nothing is written for it', async () => {
		const { server, written } = marketWith([]);
		const others = (sent: Sent): Reply =>
			sent.path.endsWith('/comments') && (sent.body as Row).feedbackId === 6
				? { status: 404, body: { status: 'ERROR', errors: [{ code: 'NOT_FOUND' }] } }
				: server(sent);
		const rows = [once, { ...once, feedbackId: '6' }];
		const { items } = await run('review.reply', rows, others, true);
		expect(items.map(({ json }) => json.error !== undefined)).toEqual([false, true]);
		expect(String(items[1].json.error)).toContain('nothing was found');
		expect(written.map(({ feedbackId }) => feedbackId)).toEqual([5]);
	});

	test.each<[string, Row[]]>([
		['of buyers', [buyer({ id: 1, feedbackId: 5, text: 'Thanks' })]],
		['that was refused', [own({ id: 1, feedbackId: 5, text: 'Thanks', status: 'BANNED' })]],
		['to a comment', [own({ id: 1, feedbackId: 5, text: 'Thanks', parentId: 3 })]],
		['of another review', [own({ id: 1, feedbackId: 6, text: 'Thanks' })]],
	])('an answer %s is none', async (_what, answers) => {
		const { server, written } = marketWith(answers);
		await run('review.reply', [once], server);
		expect(written).toHaveLength(1);
	});

	test('is found on any page', async () => {
		const before = Array.from({ length: 3 }, (_, id) => buyer({ id, feedbackId: 5, text: 'Tea' }));
		const { server, written } = marketWith([
			...before,
			own({ id: 9, feedbackId: 5, text: 'Mine' }),
		]);
		const { error } = await run('review.reply', [once], server);
		expect(told(error)).toContain("which you have answered already: 'Mine'");
		expect(written).toEqual([]);
	});
});
