/** MoySklad's asynchronous exchange: task, poll, result. Reference of the project §2.9; MoySklad docs, Async. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, Work } from '../../shared/catalogue';
import { answerFailure, CallFailed } from '../../shared/errors';
import { rowsAt } from '../../shared/paging';
import { UUID } from '../references';

/** The first look comes after a second, later ones ever later, up to this. In ms. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
const GROWTH = 1.5;
/** So long a place for a task is waited for, and then the task; its result is kept for as long. */
const PATIENCE_MS = 3_600_000;
/** Four tasks of the account are waiting or at work already. */
const NO_ROOM = 61002;
/** A result is one file with all rows. */
const RESULT_MS = 300_000;
/** Rows handed on at a time. */
const SHARE = 1000;

const resultRows = rowsAt('rows');

/**
 * Has MoySklad prepare a list as one file and yields its rows, `limit` at most, in MoySklad's order. `request` is
 * the list's own, without paging. A task that is not waited for any more is cancelled where that is possible.
 * Throws `CallFailed` when the task fails.
 */
export async function* exportedRows(
	request: ApiRequest,
	limit: number,
	work: Work,
): AsyncGenerator<IDataObject[], void, undefined> {
	const task = await startTask(request, work);
	await finished(task, work);
	const answer = await work.send({
		method: 'GET',
		path: `/async/${task}/result`,
		followToStorage: true,
		timeoutMs: RESULT_MS,
	});
	const rows = unique(resultRows(answer));
	const wanted = Math.min(rows.length, limit);
	for (let from = 0; from < wanted; from += SHARE) {
		yield rows.slice(from, Math.min(from + SHARE, wanted));
	}
}

/** Objects that are made while the result is prepared can come twice (MoySklad docs, Async). */
function unique(rows: IDataObject[]): IDataObject[] {
	const known = new Set<unknown>();
	return rows.filter(({ id }) => {
		if (id === undefined) return true;
		if (known.has(id)) return false;
		known.add(id);
		return true;
	});
}

/** ID of the new task: its address stands in the headers of the 202. */
async function startTask(request: ApiRequest, work: Work): Promise<string> {
	const asked: ApiRequest = {
		...request,
		query: { ...request.query, async: true },
		expects: 'nothing',
	};
	const answer = await sendOnceThereIsRoom(asked, work);
	const task = taskOf(answer);
	if (task) return task;
	throw new CallFailed({
		say: `${work.vendor.name}: the answer names no task of the asynchronous exchange`,
		hint: "Switch the option 'Asynchronous Export' off: a proxy between n8n and MoySklad may remove headers.",
		status: answer.status,
		request: `${request.method} ${request.path}`,
	});
}

/** Tasks of others may take minutes: the road alone would give up after some seconds. */
async function sendOnceThereIsRoom(request: ApiRequest, work: Work): Promise<ApiAnswer> {
	for (let waited = 0; waited < PATIENCE_MS; waited += LONGEST_WAIT_MS) {
		const answer = await work.send(request).catch(unlessFull);
		if (answer) return answer;
		await work.wait(LONGEST_WAIT_MS);
	}
	return await work.send(request);
}

/** No room for the task now: there may be some later. Other failures stay failures. */
function unlessFull(error: unknown): undefined {
	if (error instanceof CallFailed && Number(error.details.problem?.code) === NO_ROOM) {
		return undefined;
	}
	throw error;
}

/** Reads `Content-Location: …/async/<ID>` or `Location: …/async/<ID>/result`. */
export function taskOf({ headers }: Pick<ApiAnswer, 'headers'>): string | undefined {
	const address = `${headers['content-location'] ?? ''} ${headers.location ?? ''}`;
	return new RegExp(`/async/(${UUID})`).exec(address)?.[1];
}

/** Waits until the task is done; gives it up, and cancels it, when something goes wrong on the way. */
async function finished(task: string, work: Work): Promise<void> {
	const request: ApiRequest = { method: 'GET', path: `/async/${task}` };
	let waitMs = FIRST_WAIT_MS;
	let state: unknown;
	try {
		for (let waited = 0; waited < PATIENCE_MS; waited += waitMs) {
			await work.wait(waitMs);
			waitMs = Math.min(LONGEST_WAIT_MS, Math.round(waitMs * GROWTH));
			const status = (await work.send(request)).body as IDataObject;
			state = status.state;
			if (state === 'DONE') return;
			const failure = failureOf(status, request, work);
			if (failure) throw failure;
		}
		throw new CallFailed({
			say: `${work.vendor.name}: the asynchronous export was not ready after an hour`,
			hint: "Narrow the list by filters, or switch the option 'Asynchronous Export' off.",
			request: `${request.method} ${request.path}`,
		});
	} finally {
		if (!isOver(state)) await cancel(task, work);
	}
}

const ENDS = ['API_ERROR', 'CANCEL', 'DONE', 'ERROR'];
const isOver = (state: unknown) => ENDS.includes(String(state));

/** What went wrong with a task; undefined while it is waiting or at work (also in states that are new to us). */
export function failureOf(
	status: IDataObject,
	request: ApiRequest,
	work: Pick<Work, 'vendor'>,
): CallFailed | undefined {
	const { vendor } = work;
	const about = { request: `${request.method} ${request.path}` };
	switch (status.state) {
		case 'API_ERROR':
			return answerFailure(vendor, request, {
				status: 400,
				headers: {},
				body: errorsOf(status.errors),
			});
		case 'ERROR':
			return new CallFailed({
				...about,
				say: `${vendor.name}: the asynchronous export ended with an error inside MoySklad`,
				hint: "Run it again. If that lasts, switch the option 'Asynchronous Export' off, or ask MoySklad's support.",
				cause: 'temporarily-unavailable',
			});
		case 'CANCEL':
			return new CallFailed({
				...about,
				say: `${vendor.name}: the asynchronous export was cancelled`,
				hint: 'Somebody else, or another program, has cancelled the task. Run it again.',
			});
		default:
			return undefined;
	}
}

/** The docs show a list, and call it an object. */
function errorsOf(errors: unknown): IDataObject {
	if (Array.isArray(errors)) return { errors };
	const held = (errors ?? {}) as IDataObject;
	return Array.isArray(held.errors) ? held : { errors: [held] };
}

/** Frees the place of a task (4 for an account). Nothing depends on it, so a failure is not told. */
async function cancel(task: string, work: Work): Promise<void> {
	try {
		await work.send({ method: 'PUT', path: `/async/${task}/cancel`, expects: 'nothing' });
	} catch {
		return;
	}
}
