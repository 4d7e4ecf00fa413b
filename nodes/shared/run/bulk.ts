/**
 * Many items, few requests. Calls that may share a request are cut into shares that the vendor takes, sent, and
 * the answers handed back to their calls, whatever mixture of results and errors they are.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	ApiRequest,
	BulkGet,
	BulkWrap,
	BulkWrite,
	Call,
	SecondLook,
	Vendor,
	VendorProblem,
} from '../catalogue';
import {
	answerFailure,
	CallFailed,
	countFailure,
	findRow,
	leftOutFailure,
	missingFailure,
} from '../errors/errors';
import { setAt, valueAt } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { inParallel } from '../road/parallel';
import { encodedSize, routeMethod, operationName, routePath } from './request';
import { decideRetry } from '../road/retry';
import { isEmptyBody, NEVER_DONE, type Road } from '../road/road';
import { elementId, repeatKey } from './repeats';
import { lookAgain, withLook } from './secondLook';

/** What became of a call: a row, or an error. Calls that are missing were not sent. */
export type Settled = { row: IDataObject; error?: undefined } | { row?: undefined; error: unknown };

/** What became of the calls so far, and whether more are to be sent. */
export class BulkRun {
	private readonly settled = new Map<Call, Settled>();
	private failed = false;
	private tooMuchAlone = 0;
	/** The credential does not work: whatever comes next would fail in the same way. */
	hopeless: CallFailed | undefined;

	/** `goesOn`: a failed item does not keep the others from being sent. */
	constructor(private readonly goesOn: boolean) {}

	settle(call: Call, outcome: Settled): void {
		this.settled.set(call, outcome);
		const { error } = outcome;
		if (error === undefined) return;
		this.failed = true;
		if (error instanceof CallFailed && error.details.cause === 'credential-invalid') {
			this.hopeless = error;
		}
	}

	of(call: Call): Settled | undefined {
		return this.settled.get(call);
	}

	get stopped(): boolean {
		return this.hopeless !== undefined || (this.failed && !this.goesOn);
	}

	/** A share of one was too much: it is not the number of elements that keeps the vendor busy. */
	stillTooMuch(): void {
		this.tooMuchAlone++;
	}

	/** Smaller shares may pass where a larger one was too much. */
	get halvingHelps(): boolean {
		return this.tooMuchAlone < TOO_MUCH_ALONE;
	}
}

/** Names around an array; more than any of them takes. */
const WRAPPING_BYTES = 100;
/** Requests that may be spent on finding the elements that make the vendor refuse a whole request. */
const SEARCHES = 60;
/** Shares of one that may be too much before larger ones are no longer halved: the vendor is in trouble then. */
const TOO_MUCH_ALONE = 3;
/** Refusals that concern the caller, not the elements. */
const NOT_THE_ELEMENTS = new Set([401, 403, 404, 405, 415, 420, 423, 429]);

/** Where only refusals are told, the verdict of all others. */
const DONE: IDataObject = {};

type Limits = NonNullable<Vendor['bulkLimits']>;

/** Writes or deletes; stops after the share in which something failed when the user wants that. */
export async function writeTogether(
	road: Road,
	bulk: BulkWrite,
	calls: Call[],
	run: BulkRun,
): Promise<void> {
	await new Writer(road, bulk, run).all(calls);
}

/** Calls of one request: same path, query, headers, and body around the elements. */
function groupsOf(
	route: string,
	calls: Call[],
	beside?: BulkWrap['beside'],
): Array<{ path: string; calls: Call[] }> {
	const groups = new Map<string, { path: string; calls: Call[] }>();
	for (const call of calls) {
		const path = routePath(route, call);
		const key = `${path} ${JSON.stringify([call.query, call.headers, beside?.(call)])}`;
		const group = groups.get(key);
		if (group) group.calls.push(call);
		else groups.set(key, { path, calls: [call] });
	}
	return [...groups.values()];
}

function limitsOf(vendor: Vendor): Limits {
	const { bulkLimits } = vendor;
	if (!bulkLimits) {
		throw new InputProblem(
			vendor.name,
			'has no bulk requests',
			"Switch off the option 'Batching'.",
		);
	}
	return bulkLimits;
}

class Writer {
	private readonly limits: Limits;
	private searches = SEARCHES;
	/** Calls that an earlier try of ours may have carried out. */
	private readonly doubtful = new Set<Call>();

	constructor(
		private readonly road: Road,
		private readonly bulk: BulkWrite,
		private readonly run: BulkRun,
	) {
		const limits = limitsOf(road.vendor);
		this.limits = { ...limits, elements: bulk.elements ?? limits.elements };
	}

	/** What calls of one request must not share. */
	private keyOf(call: Call): string | undefined {
		const { key } = this.bulk;
		return key ? key(call) : repeatKey(this.bulk, call);
	}

	async all(calls: Call[]): Promise<void> {
		const { bulk, run } = this;
		const latest = new Map<string, IDataObject>();
		let rest = calls;
		// Calls with one key go one after the other, each told what became of the one before.
		while (rest.length > 0 && !run.stopped) {
			const now: Call[] = [];
			const later: Call[] = [];
			// By the key before `follow`, which the calls still to come have too.
			const taken = new Map<string, Call>();
			for (const call of rest) {
				const key = this.keyOf(call);
				if (key !== undefined && taken.has(key)) {
					later.push(call);
					continue;
				}
				if (key !== undefined) {
					taken.set(key, call);
					const before = latest.get(key);
					if (before) bulk.follow?.(call, before);
				}
				now.push(call);
			}
			await this.wave(now);
			for (const [key, call] of taken) {
				const row = run.of(call)?.row;
				if (row) latest.set(key, row);
			}
			rest = later;
		}
	}

	private async wave(calls: Call[]): Promise<void> {
		// All shares are cut before the first is sent: an element that is too large is found while nothing is done.
		const shares = groupsOf(this.bulk.route, calls, this.bulk.wrap?.beside).flatMap(
			({ path, calls: group }) => [...this.shares(group)].map((share) => ({ path, share })),
		);
		for (const { path, share } of shares) {
			if (this.run.stopped) return;
			await this.send(path, share);
		}
	}

	/** As many calls as one request takes, by number and by bytes. */
	private *shares(calls: Call[]): Generator<Call[]> {
		const { limits } = this;
		let share: Call[] = [];
		// Brackets, less the comma that the last element lacks, and what they are wrapped in.
		const empty = 1 + (this.bulk.wrap ? WRAPPING_BYTES : 0);
		let bytes = empty;
		for (const call of calls) {
			const size = Buffer.byteLength(JSON.stringify(this.bulk.element(call))) + 1;
			if (size + empty > limits.bytes) {
				this.fail([call], tooLarge(this.road.vendor, size, limits.bytes));
				continue;
			}
			const full = share.length >= limits.elements || bytes + size > limits.bytes || call.alone;
			if (share.length > 0 && (full || share[0].alone)) {
				yield share;
				share = [];
				bytes = empty;
			}
			share.push(call);
			bytes += size;
		}
		if (share.length > 0) yield share;
	}

	private async send(path: string, share: Call[], tries = 1): Promise<void> {
		const { bulk, road, run } = this;
		const request: ApiRequest = {
			method: routeMethod(bulk.route),
			path,
			of: operationName(share[0].operation),
			query: { ...share[0].query },
			...(share[0].headers ? { headers: { ...share[0].headers } } : {}),
			body: this.bodyOf(share),
			mixed: bulk.wrap?.results ?? true,
			...(bulk.silent ? { expects: 'nothing' as const } : {}),
			// One alone cannot be split: the road tries it again as it does any request.
			splits: share.length > 1,
			idempotent: share.every(bulk.repeatable),
			timeoutMs: this.limits.timeoutMs,
		};
		let answer: ApiAnswer;
		try {
			answer = await road.send(request);
		} catch (error) {
			await this.refused(path, share, request, failureOf(error));
			return;
		}
		const verdicts = this.verdictsOf(answer, share);
		const came = verdicts?.filter((verdict) => verdict !== undefined).length;
		if (verdicts === undefined || came !== share.length) {
			const failure = countFailure(road.vendor, request, share.length, came);
			this.fail(share, this.unknown(failure));
			return;
		}
		if (answer.afterDoubt) for (const call of share) this.doubtful.add(call);
		const answers = share.map((_, index) => ({ ...answer, body: verdicts[index] }));
		if (bulk.allOrNothing && answers.some((one) => this.problemOf(one))) {
			await this.nothingWritten(path, share, request, answers);
			return;
		}
		const refused = share.filter((_, index) => this.problemOf(answers[index]));
		const looks = await lookAgain(refused, road.send);
		const again = share.filter(
			(call, index) =>
				this.settle(call, request, answers[index], tries, looks.get(call)) === 'again',
		);
		if (again.length === 0 || run.stopped) return;
		const { waitMs } = decideRetry({ kind: 'postponed' }, request, tries, 1);
		await road.wait(waitMs);
		await this.send(path, again, tries + 1);
	}

	private bodyOf(share: Call[]): ApiRequest['body'] {
		const { element, wrap } = this.bulk;
		const elements = share.map((call) => element(call));
		if (!wrap) return elements as IDataObject[];
		const body: IDataObject = structuredClone(wrap.beside?.(share[0]) ?? {});
		setAt(body, wrap.at, elements);
		return body;
	}

	/** What the answer says of each call; undefined when it says nothing of any. */
	private verdictsOf(
		{ body }: ApiAnswer,
		share: Call[],
	): Array<IDataObject | undefined> | undefined {
		const { silent, wrap } = this.bulk;
		if (silent && isEmptyBody(body)) return share.map(() => ({}));
		const found = wrap ? valueAt(body, wrap.results) : body;
		const list = wrap?.refusedOnly ? (found ?? []) : found;
		if (!Array.isArray(list)) return undefined;
		const rows = list.map((row: unknown) => {
			if (typeof row === 'object') return row === null ? undefined : (row as IDataObject);
			return wrap ? { [wrap.id]: row as string | number } : undefined;
		});
		if (!wrap) return rows.length === share.length ? rows : undefined;
		const byId = new Map(rows.map((row) => [String(row?.[wrap.id]), row]));
		const done = wrap.refusedOnly ? DONE : undefined;
		return share.map((call) => byId.get(elementId(this.bulk, wrap, call)) ?? done);
	}

	private problemOf(answer: ApiAnswer): VendorProblem | undefined {
		const { wrap } = this.bulk;
		if (answer.body === DONE) return undefined;
		return wrap ? wrap.failed(answer.body as IDataObject) : this.road.vendor.readProblem(answer);
	}

	/** The refused elements are told why; the others are sent once more without them, if the user wants that. */
	private async nothingWritten(
		path: string,
		share: Call[],
		request: ApiRequest,
		answers: ApiAnswer[],
	): Promise<void> {
		const { vendor } = this.road;
		const rest: Call[] = [];
		for (const [index, call] of share.entries()) {
			const problem = this.problemOf(answers[index]);
			if (!problem) rest.push(call);
			else this.fail([call], answerFailure(vendor, request, answers[index], undefined, problem));
		}
		const wanted = rest.filter(({ control }) => control.leaveOutRefused === true);
		const unwanted = rest.filter((call) => !wanted.includes(call));
		this.fail(unwanted, leftOutFailure(vendor, request));
		if (wanted.length > 0 && !this.run.stopped) await this.send(path, wanted);
	}

	/** One element of the answer: done, failed, or to be sent once more. */
	private settle(
		call: Call,
		request: ApiRequest,
		answer: ApiAnswer,
		tries: number,
		look?: SecondLook,
	): 'settled' | 'again' {
		const { bulk, road, run } = this;
		const problem = this.problemOf(answer);
		const done = doneRow(bulk, call, answer.body);
		if (!problem || look?.row) {
			run.settle(call, { row: look?.row ?? done });
			return 'settled';
		}
		// Our own earlier try has deleted it: what the user wanted is done.
		if (this.doubtful.has(call) && bulk.kind === 'delete' && bulk.gone?.(problem)) {
			run.settle(call, { row: done });
			return 'settled';
		}
		const row = findRow(road.vendor.errors, answer.status, problem, request.of);
		const unclear = row?.retry === 'stumbled' || row?.tooMuch === true;
		const repeatable = bulk.repeatable(call);
		const may = row?.retry === 'postponed' || (unclear && repeatable);
		const { again } = decideRetry({ kind: 'postponed' }, request, tries, 1);
		if (may && again) {
			if (unclear) this.doubtful.add(call);
			return 'again';
		}
		const refusal = answerFailure(road.vendor, request, answer, undefined, problem);
		const failure = withLook(refusal, look);
		const unsure = unclear && !repeatable;
		run.settle(call, { error: unsure ? this.unknown(failure.unsure(road.vendor)) : failure });
		return 'settled';
	}

	/** The whole request has failed. */
	private async refused(
		path: string,
		share: Call[],
		request: ApiRequest,
		error: CallFailed,
	): Promise<void> {
		const { run } = this;
		const { status, tooMuch, cause } = error.details;
		const isRefusal = status !== undefined && status >= 400 && status < 500;
		const nothingDone = isRefusal && (!tooMuch || NEVER_DONE.has(status));
		const gone = this.isGone(error);
		if (gone && error.details.afterDoubt) for (const call of share) this.doubtful.add(call);
		// Our own earlier try has deleted it: what the user wanted is done.
		if (gone && share.length === 1 && this.doubtful.has(share[0])) {
			run.settle(share[0], { row: { deleted: true, ...share[0].path } });
			return;
		}
		if (tooMuch) {
			if (share.length === 1) run.stillTooMuch();
			else if ((nothingDone || request.idempotent) && run.halvingHelps) {
				if (!nothingDone) for (const call of share) this.doubtful.add(call);
				await this.halves(path, share);
				return;
			}
		} else if (share.length > 1 && nothingDone && this.searches > 0) {
			// One element that cannot be read makes the vendor refuse all of them: the others are not to suffer.
			if ((gone || !NOT_THE_ELEMENTS.has(status)) && cause !== 'credential-invalid') {
				this.searches -= 2;
				await this.halves(path, share);
				return;
			}
		}
		this.fail(share, error.details.unsure ? this.unknown(error) : error);
	}

	/** Deletes that say nothing of each element are refused as a whole when one of them does not exist. */
	private isGone({ details: { problem } }: CallFailed): boolean {
		return problem !== undefined && this.bulk.gone?.(problem) === true;
	}

	private async halves(path: string, share: Call[]): Promise<void> {
		const middle = Math.ceil(share.length / 2);
		await this.send(path, share.slice(0, middle));
		if (this.run.stopped) return;
		await this.send(path, share.slice(middle));
	}

	/** Tells where to look for objects that may have been written. */
	private unknown(error: CallFailed): CallFailed {
		const { lookFor } = this.bulk;
		if (!lookFor) return error;
		const hint = `${error.details.hint} Look for ${lookFor}.`;
		return new CallFailed({ ...error.details, hint });
	}

	private fail(calls: Call[], error: unknown): void {
		for (const call of calls) this.run.settle(call, { error });
	}
}

/** The row of a call that is done. */
function doneRow({ kind }: BulkWrite, { operation, path }: Call, body: unknown): IDataObject {
	if (kind === 'delete') return { deleted: true, ...path };
	return operation.answer.kind === 'done' ? { success: true, ...path } : (body as IDataObject);
}

/** A call that did not succeed; anything else (a stopped execution) ends the node. */
function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error;
	throw error as Error;
}

function tooLarge(vendor: Vendor, size: number, limit: number): InputProblem {
	const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
	return new InputProblem(
		'Fields',
		`make an object of ${mb(size)} MB`,
		`${vendor.name} takes ${mb(limit)} MB at most, images included (they grow by a third on the way).`,
	);
}

/** Objects by their IDs, as many in one list as fit; each ID that the list does not hold is an error. */
export async function getTogether(
	road: Road,
	bulk: BulkGet,
	calls: Call[],
	run: BulkRun,
): Promise<void> {
	const shares = groupsOf(bulk.route, calls).flatMap(({ path, calls: group }) =>
		idShares(limitsOf(road.vendor), bulk, path, group).map((share) => ({ path, share })),
	);
	await inParallel(
		shares,
		async ({ path, share }) => await readShare(road, bulk, path, share, run),
		{ stop: () => run.stopped },
	);
}

/** Calls by ID: several items may ask for the same object. */
type ById = Map<string, Call[]>;

function idShares(limits: Limits, bulk: BulkGet, path: string, calls: Call[]): ById[] {
	const byId: ById = new Map();
	for (const call of calls) {
		const id = bulk.id(call);
		const same = byId.get(id);
		if (same) same.push(call);
		else byId.set(id, [call]);
	}
	const [call] = calls;
	const ids = [...byId.keys()];
	const room = bulk.body ? limits.bytes : limits.urlBytes - path.length;
	const most = Math.min(bulk.most(call), limits.elements);
	const shares: ById[] = [];
	for (let from = 0; from < ids.length;) {
		const size = (count: number) => {
			const { body, query } = askingFor(bulk, ids.slice(from, from + count), call);
			return body ? Buffer.byteLength(JSON.stringify(body)) : encodedSize(query);
		};
		const count = fitting(size, Math.min(most, ids.length - from), room);
		const share = ids.slice(from, from + count);
		shares.push(new Map(share.map((id) => [id, byId.get(id) as Call[]])));
		from += count;
	}
	return shares;
}

/** Query and body that ask for just these objects. */
function askingFor(
	bulk: BulkGet,
	ids: string[],
	call: Call,
): { query: IDataObject; body?: IDataObject } {
	const query = { ...call.query, ...bulk.query?.(ids, call) };
	return bulk.body ? { query, body: { ...call.body, ...bulk.body(ids, call) } } : { query };
}

/**
 * The greatest count of IDs, from 1 to `most`, whose size has room. Each takes about as much as the others, so the
 * count is guessed and put right: measuring after every ID would take longer the more there are.
 */
function fitting(size: (count: number) => number, most: number, room: number): number {
	if (most <= 1) return 1;
	const first = size(1);
	const each = Math.max(1, size(2) - first);
	let count = Math.min(most, Math.max(1, 1 + Math.floor((room - first) / each)));
	while (count > 1 && size(count) > room) count--;
	while (count < most && size(count + 1) <= room) count++;
	return count;
}

async function readShare(
	road: Road,
	bulk: BulkGet,
	path: string,
	share: ById,
	run: BulkRun,
): Promise<void> {
	const ids = [...share.keys()];
	const [[call]] = [...share.values()];
	const request: ApiRequest = {
		method: routeMethod(bulk.route),
		path,
		of: operationName(call.operation),
		...askingFor(bulk, ids, call),
		idempotent: true,
		splits: ids.length > 1,
	};
	const settle = (id: string, settled: Settled) => {
		for (const one of share.get(id) ?? []) run.settle(one, settled);
	};
	let rows: IDataObject[];
	try {
		rows = bulk.rows(await road.send(request));
	} catch (error) {
		const tooMuch = error instanceof CallFailed && error.details.tooMuch === true;
		if (tooMuch && ids.length === 1) run.stillTooMuch();
		if (tooMuch && ids.length > 1 && run.halvingHelps) {
			const middle = Math.ceil(ids.length / 2);
			const part = (some: string[]): ById =>
				new Map(some.map((id) => [id, share.get(id) as Call[]]));
			await readShare(road, bulk, path, part(ids.slice(0, middle)), run);
			if (!run.stopped) await readShare(road, bulk, path, part(ids.slice(middle)), run);
			return;
		}
		for (const id of ids) settle(id, { error });
		return;
	}
	const found = new Map(rows.map((row) => [bulk.rowId(row).toLowerCase(), row]));
	for (const id of ids) {
		const row = found.get(id.toLowerCase());
		settle(
			id,
			row ? { row } : { error: missingFailure(road.vendor, request, bulk.missingCode, id) },
		);
	}
}
