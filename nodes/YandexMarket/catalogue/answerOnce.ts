/**
 * Answers to reviews and questions, and messages to buyers, which nobody is to get twice: a doubled row of the input, or a
 * model that calls its tool once more. Specification of getGoodsFeedbackComments, getGoodsQuestionAnswers.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, Field, Operation, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { unmarked } from '../../shared/road/exact';
import { pages, tokenStyle, valueAt } from '../../shared/road/paging';
import { checkEach } from '../../shared/run/checks';

/** Comments or answers of a page. */
const PAGE = 50;
/** Characters of an answer that an error shows. */
const SHOWN = 60;
/** Statuses in which buyers do not see an answer, and another one is needed. */
const GONE = ['BANNED', 'DELETED'];

/** What a call of an operation answers, and where the answers that there are stand. */
export interface Answering {
	/** Label of the field that says what is answered. */
	label: string;
	/** What is answered, apart from all others; undefined for a change of an answer that there is. */
	target: (call: Call) => string | undefined;
	text: (call: Call) => string;
	/** Lists the answers of a target; undefined where nobody looks. */
	list?: (call: Call) => { request: ApiRequest; rows: string } | undefined;
	/** True for an answer to the same as the call's, among those in the list. */
	isBeside?: (row: IDataObject, call: Call) => boolean;
	/** What a call gives out that wrote such an answer. */
	given?: (row: IDataObject) => IDataObject;
	/** How an answer that there is gets another text. */
	change?: (row: IDataObject) => string;
}

export const ONLY_ONCE: Field = {
	name: 'onlyOnce',
	label: 'Only If Not Answered',
	kind: 'toggle',
	default: true,
	section: 'options',
	to: 'control',
	help: 'Whether to look first and not to answer what you have answered already. As a tool of an AI agent, which may call it twice, the node does so unless this is off.',
};

/** Refuses answers to the same that differ: a buyer would get both. Those that do not are sent once. */
function refuseDoubled(calls: Call[], answering: Answering): void {
	const first = new Map<string, Call>();
	for (const call of calls) {
		const target = answering.target(call);
		if (target === undefined) continue;
		const key = JSON.stringify([call.path, target]);
		const other = first.get(key) ?? call;
		first.set(key, other);
		if (answering.text(call) === answering.text(other)) continue;
		call.problem = twoAnswers(call, other, answering);
		other.problem ??= twoAnswers(other, call, answering);
	}
}

function twoAnswers(call: Call, other: Call, answering: Answering): InputProblem {
	return new InputProblem(
		answering.label,
		`is ${String(unmarked(targetOf(answering, call)))}, which item ${other.itemIndex} answers as well, with another text`,
		"Neither was sent. Keep one of the two before this node, with 'Remove Duplicates' or a filter.",
	);
}

/** What the field holds that says what is answered. */
function targetOf({ label }: Answering, call: Call): unknown {
	const field = call.operation.fields.find((one) => one.label === label);
	const [where, path] = String(field?.to).split(':');
	return valueAt(where === 'query' ? call.query : call.body, path);
}

/** The seller's own answers to what a call answers, that buyers see or will see. */
async function ownAnswers(call: Call, answering: Answering, work: Work): Promise<IDataObject[]> {
	const list = answering.list?.(call);
	if (!list) return [];
	const { request, rows } = list;
	const token = rows.replace(/[^.]+$/, 'paging.nextPageToken');
	const rule = {
		style: tokenStyle({ rows, token, parameter: 'pageToken' }),
		pageSize: () => PAGE,
	};
	const found: IDataObject[] = [];
	for await (const page of pages({ request, rule, send: work.send, limit: Infinity })) {
		found.push(
			...page.filter(
				(row) =>
					valueAt(row, 'author.type') === 'BUSINESS' &&
					!GONE.includes(String(row.status)) &&
					answering.isBeside?.(row, call) !== false,
			),
		);
	}
	return found;
}

/** A call whose answer is there already is done; one that would be a second answer is a problem. */
async function lookFirst(call: Call, answering: Answering, work: Work): Promise<void> {
	const own = await ownAnswers(call, answering, work);
	if (own.length === 0) return;
	const text = answering.text(call);
	const same = own.find((row) => String(row.text).trim() === text.trim());
	if (same) {
		call.known = answering.given?.(same) ?? same;
		return;
	}
	const last = own[own.length - 1];
	const shown = String(last.text);
	call.problem = new InputProblem(
		answering.label,
		`is ${String(unmarked(targetOf(answering, call)))}, which you have answered already: '${shown.slice(0, SHOWN)}${shown.length > SHOWN ? '…' : ''}'`,
		`${answering.change?.(last) ?? ''} To answer once more, switch off the option '${ONLY_ONCE.label}'.`.trim(),
	);
}

/** Keeps answers from being written twice: of one run, and where it is wanted, of all. */
export function answersOnce(answering: Answering): Pick<Operation, 'prepare' | 'writes'> {
	return {
		writes: answering.target,
		prepare: async (calls, work) => {
			refuseDoubled(calls, answering);
			const looked = calls.filter(
				(call) =>
					answering.target(call) !== undefined && (call.control.onlyOnce ?? work.isTool) === true,
			);
			await checkEach(looked, async (call) => await lookFirst(call, answering, work));
		},
	};
}
