/**
 * Calls to MoySklad's lists of webhooks, for the trigger's registration and for Check Health. Many are made or deleted
 * by one call, of which each succeeds or fails by itself. Facts: reference of the project §1.5.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, SendRequest, Vendor, Work } from '../shared/catalogue';
import { answerFailure, type CallFailed } from '../shared/errors/errors';
import type { Hook } from '../shared/trigger/families';
import { rowsList } from './lists';
import { metaRef } from './references';

const EXISTS_CODE = 30003;
/** All places for webhooks of a type and event are taken. */
export const SLOTS_CODE = 30007;
const GONE_CODES = [1021, 1000];

/** What MoySklad says of one webhook of many. */
export interface HookAnswer {
	/** The webhook as it is now; of a deletion nothing is told. */
	row: IDataObject;
	/** There is one at the same URL, about the same. */
	exists: boolean;
	code?: number;
	/** Why it was not done; absent where there is nothing left to do. */
	failure?: CallFailed;
}

/** Address of the list of a kind of webhook. */
export const hooksPath = (keyword: string): string => `/entity/${keyword}`;

/** All webhooks of a kind. `read`: walks the pages of a list. */
export async function listHooks<H extends Hook>(
	read: Work['pages'],
	keyword: string,
): Promise<H[]> {
	const found: H[] = [];
	const request = { method: 'GET' as const, path: hooksPath(keyword) };
	for await (const rows of read({ request, rule: rowsList, limit: Infinity })) {
		found.push(...(rows as H[]));
	}
	return found;
}

/** Creates webhooks by one call. */
export async function createHooks(
	{ send, vendor }: Caller,
	keyword: string,
	hooks: IDataObject[],
): Promise<HookAnswer[]> {
	// Twice is once: the second answer is 30003.
	return await post({ send, vendor }, hooksPath(keyword), hooks);
}

/** Deletes webhooks by one call. One that is gone already is no failure. */
export async function deleteHooks(
	caller: Caller,
	keyword: string,
	{ baseUrl, ids }: { baseUrl: string; ids: string[] },
): Promise<HookAnswer[]> {
	const metas = ids.map((id) => metaRef(baseUrl, keyword, id));
	const answers = await post(caller, `${hooksPath(keyword)}/delete`, metas);
	return answers.map((answer) =>
		GONE_CODES.includes(answer.code ?? 0) ? { ...answer, failure: undefined } : answer,
	);
}

/** Who calls. */
interface Caller {
	send: SendRequest;
	vendor: Vendor;
}

async function post(
	{ send, vendor }: Caller,
	path: string,
	body: IDataObject[],
): Promise<HookAnswer[]> {
	const request = { method: 'POST' as const, path };
	const answer = await send({ ...request, body, mixed: true, idempotent: true });
	const elements = (Array.isArray(answer.body) ? answer.body : [answer.body]) as IDataObject[];
	return elements.map((row): HookAnswer => {
		const code = (row?.errors as IDataObject[] | undefined)?.[0]?.code as number | undefined;
		if (row?.errors === undefined) return { row, exists: false };
		const status = answer.status >= 400 ? answer.status : 400;
		const alone: ApiAnswer = { ...answer, status, body: row };
		const failure = answerFailure(vendor, request, alone);
		return { row, exists: code === EXISTS_CODE, code, failure };
	});
}
