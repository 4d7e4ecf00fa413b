/** MoySklad's asynchronous exchange: task, poll, result. Reference of the project §2.9; MoySklad docs, Async. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiAnswer, ApiRequest, Job, Work } from '../../shared/catalogue';
import { answerFailure } from '../../shared/errors/errors';
import { runJob } from '../../shared/run/job';
import { rowsAt } from '../../shared/road/paging';
import { UUID } from '../references';

/** Rows handed on at a time. */
const SHARE = 1000;

const resultRows = rowsAt('rows');

/** A task of the account: four may wait or be at work. In states that are new to us it is under way. */
const asyncTask: Job = {
	what: 'the asynchronous export',
	id: taskOf,
	poll: 'GET /async/{job}',
	state: 'state',
	done: ['DONE'],
	failed: {
		API_ERROR: ({ body }, request, vendor) =>
			answerFailure(vendor, request, {
				status: 400,
				headers: {},
				body: errorsOf((body as IDataObject).errors),
			}),
		ERROR: {
			say: 'ended with an error inside MoySklad',
			hint: "Run it again. If that lasts, switch the option 'Asynchronous Export' off, or ask MoySklad's support.",
			cause: 'temporarily-unavailable',
		},
		CANCEL: {
			say: 'was cancelled',
			hint: 'Somebody else, or another program, has cancelled the task. Run it again.',
		},
	},
	fetch: 'GET /async/{job}/result',
	cancel: 'PUT /async/{job}/cancel',
	full: [61002],
	instead: "Switch the option 'Asynchronous Export' off, or narrow the list by filters.",
};

/**
 * Has MoySklad prepare a list as one file and yields its rows, `limit` at most, in MoySklad's order. `request` is
 * the list's own, without paging; `rowsOf` and `keyOf` are for files that are no lists of objects. Throws `CallFailed`
 * when the task fails.
 */
export async function* exportedRows(
	request: ApiRequest,
	limit: number,
	work: Work,
	rowsOf: (answer: ApiAnswer) => IDataObject[] = resultRows,
	keyOf: (row: IDataObject) => unknown = ({ id }) => id,
): AsyncGenerator<IDataObject[], void, undefined> {
	const query = { ...request.query, async: true };
	const answer = await runJob(asyncTask, { ...request, query, expects: 'nothing' }, work);
	const rows = unique(rowsOf(answer), keyOf);
	const wanted = Math.min(rows.length, limit);
	for (let from = 0; from < wanted; from += SHARE) {
		yield rows.slice(from, Math.min(from + SHARE, wanted));
	}
}

/** Objects that are made while the result is prepared can come twice (MoySklad docs, Async). */
function unique(rows: IDataObject[], keyOf: (row: IDataObject) => unknown): IDataObject[] {
	const known = new Set<unknown>();
	return rows.filter((row) => {
		const key = keyOf(row);
		if (key === undefined) return true;
		if (known.has(key)) return false;
		known.add(key);
		return true;
	});
}

/** Reads `Content-Location: …/async/<ID>` or `Location: …/async/<ID>/result`. */
export function taskOf({ headers }: Pick<ApiAnswer, 'headers'>): string | undefined {
	const address = `${headers['content-location'] ?? ''} ${headers.location ?? ''}`;
	return new RegExp(`/async/(${UUID})`).exec(address)?.[1];
}

/** The docs show a list, and call it an object. */
function errorsOf(errors: unknown): IDataObject {
	if (Array.isArray(errors)) return { errors };
	const held = (errors ?? {}) as IDataObject;
	return Array.isArray(held.errors) ? held : { errors: [held] };
}
