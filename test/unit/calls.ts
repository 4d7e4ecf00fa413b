/** Calls, answers and a node for parts that are tested without a form, and without any vendor's catalogue. */
import type { INode } from 'n8n-workflow';

import type { ApiAnswer, Call, Operation } from '../../nodes/shared/catalogue';

export const node: INode = {
	id: 'a1',
	name: 'Node under test',
	type: 'n8n-nodes-retail-ops.moySklad',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export const UUID_A = '7944ef04-f831-11e5-7a69-971500188b19';
export const UUID_B = '0a6f6ac8-9d1a-11ef-0a80-0d9b002ab8f1';

/** A call as `readCall` makes it, for parts that are tested without a form. */
export function callOf(operation: Operation, changes: Partial<Call> = {}): Call {
	return {
		operation,
		itemIndex: 0,
		baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
		timezone: 'Europe/Moscow',
		path: {},
		query: {},
		body: {},
		filter: [],
		sort: [],
		control: {},
		returnAll: false,
		limit: 50,
		output: 'raw',
		extra: {},
		alone: false,
		...changes,
	};
}

export function answerOf(
	status: number,
	body?: unknown,
	headers: Record<string, string> = {},
): ApiAnswer {
	return { status, headers, body };
}
