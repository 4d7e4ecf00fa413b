/**
 * Work that the vendor does in its own time: started by one request, asked after, fetched when it is done. What is
 * not waited for any more is cancelled, where the vendor lets it be.
 */
import type { ApiAnswer, ApiRequest, Call, Job, JobEnd, Work } from '../catalogue';
import { CallFailed } from '../errors/errors';
import { valueAt } from '../road/paging';
import { routeMethod } from './request';

/** The first look comes after so long, later ones ever later, up to the longest pause. In ms. */
export interface Pace {
	firstMs: number;
	longestMs: number;
}

const PACE: Pace = { firstMs: 1000, longestMs: 10_000 };
const GROWTH = 1.5;
/** So long a place for a job is waited for, and then the job, unless the user says otherwise. */
const PATIENCE_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A result is one file with everything. */
const RESULT_MS = 300_000;

/**
 * Starts a job with `request`, waits for its end and gives the answer that holds the result, as bytes where the
 * request expects them. Throws `CallFailed` when the job fails or takes longer than `patienceMs`; the error names what
 * was started.
 */
export async function runJob(
	job: Job,
	request: ApiRequest,
	work: Pick<Work, 'send' | 'wait' | 'vendor'>,
	patienceMs = PATIENCE_MS,
): Promise<ApiAnswer> {
	const bytes = request.expects === 'bytes';
	const started = await startJob(job, request, work, patienceMs);
	const id = job.id(started);
	if (id === undefined) {
		if (job.atOnce) return started;
		throw new CallFailed({
			say: `${work.vendor.name}: the answer names no task of ${job.what}`,
			hint: `${job.instead} A proxy between n8n and ${work.vendor.name} may remove headers.`,
			status: started.status,
			request: nameOfRequest(request),
		});
	}
	const last = await new Wait(job, id, bytes, work, patienceMs).end();
	if (!job.fetch) return last;
	return await work.send({
		...requestTo(job.fetch, id),
		...(bytes ? { expects: 'bytes' as const } : {}),
		followToStorage: true,
		timeoutMs: RESULT_MS,
	});
}

/** How long the user wants to wait for a call's job, in ms. */
export function patienceOf({ control }: Call): number {
	return typeof control.waitMinutes === 'number' ? control.waitMinutes * MINUTE_MS : PATIENCE_MS;
}

/** Jobs of others may take minutes: the road alone would give up after some seconds. */
async function startJob(
	job: Job,
	request: ApiRequest,
	work: Pick<Work, 'send' | 'wait'>,
	patienceMs: number,
): Promise<ApiAnswer> {
	// No room for the job now: there may be some later. Other failures stay failures.
	const unlessFull = (error: unknown): undefined => {
		const code = error instanceof CallFailed ? error.details.problem?.code : undefined;
		if (code !== undefined && job.full?.some((known) => String(known) === String(code))) {
			return undefined;
		}
		throw error;
	};
	for (let waited = 0; waited < patienceMs; waited += PACE.longestMs) {
		const answer = await work.send(request).catch(unlessFull);
		if (answer) return answer;
		await work.wait(PACE.longestMs);
	}
	return await work.send(request);
}

/** `{job}` stands for the job's name, which may be a path. */
function requestTo(route: Job['poll'], id: string): ApiRequest {
	const name = id.split('/').map(encodeURIComponent).join('/');
	return {
		method: routeMethod(route),
		path: route.slice(route.indexOf(' ') + 1).replace('{job}', name),
	};
}

function nameOfRequest({ method, path }: ApiRequest): string {
	return `${method} ${path}`;
}

/** Looks again and again, until a look finds the end or `patienceMs` are over. True when the end was found. */
export async function lookUntil(
	isEnd: (looks: number) => Promise<boolean>,
	{ firstMs, longestMs }: Pace,
	patienceMs: number,
	{ wait }: Pick<Work, 'wait'>,
): Promise<boolean> {
	let pause = firstMs;
	for (let waited = 0, looks = 1; waited < patienceMs; looks++) {
		const now = Math.min(pause, patienceMs - waited);
		await wait(now);
		waited += now;
		if (await isEnd(looks)) return true;
		pause = Math.min(longestMs, Math.round(pause * GROWTH));
	}
	return false;
}

/** The wait for a job's end. */
class Wait {
	private readonly look: ApiRequest;

	constructor(
		private readonly job: Job,
		private readonly id: string,
		bytes: boolean,
		private readonly work: Pick<Work, 'send' | 'wait' | 'vendor'>,
		private readonly patienceMs: number,
	) {
		const file = !job.fetch && bytes;
		this.look = {
			...requestTo(job.poll, id),
			...(file ? { expects: 'bytes' as const, followToStorage: true, timeoutMs: RESULT_MS } : {}),
		};
	}

	/** The answer that tells that the job is done. Gives the job up when something goes wrong on the way. */
	async end(): Promise<ApiAnswer> {
		const { job, work } = this;
		let state: string | undefined;
		let last: ApiAnswer | undefined;
		const isEnd = async (): Promise<boolean> => {
			last = await work.send(this.look).catch(this.named);
			state = stateOf(job, last);
			const end = job.failed[state];
			if (end) throw this.failure(end, last);
			return job.done.includes(state);
		};
		try {
			const isDone = await lookUntil(isEnd, PACE, this.patienceMs, work);
			if (isDone && last) return last;
			throw this.tooLong();
		} finally {
			const over = state !== undefined && (job.done.includes(state) || state in job.failed);
			if (!over) await this.cancel();
		}
	}

	/** An error on the way, with what was started. */
	private readonly named = (error: unknown): never => {
		if (!(error instanceof CallFailed)) throw error;
		throw new CallFailed({ ...error.details, hint: `${error.details.hint} ${this.started()}` });
	};

	private started(): string {
		const { cancel, what } = this.job;
		return `${what[0].toUpperCase()}${what.slice(1)} was started (${this.id})${cancel ? ' and cancelled' : ' and may go on'}.`;
	}

	private failure(end: JobEnd, answer: ApiAnswer): Error {
		if (typeof end === 'function') return end(answer, this.look, this.work.vendor);
		return new CallFailed({
			...end,
			say: `${this.work.vendor.name}: ${this.job.what} ${end.say}`,
			request: nameOfRequest(this.look),
		});
	}

	private tooLong(): CallFailed {
		const minutes = Math.round(this.patienceMs / MINUTE_MS);
		const time = minutes === 60 ? 'an hour' : `${minutes} min`;
		return new CallFailed({
			say: `${this.work.vendor.name}: ${this.job.what} was not ready after ${time}`,
			hint: `${this.job.instead} ${this.started()}`,
			request: nameOfRequest(this.look),
		});
	}

	/** Frees the job's place. Nothing depends on it, so a failure is not told. */
	private async cancel(): Promise<void> {
		if (!this.job.cancel) return;
		const request = requestTo(this.job.cancel, this.id);
		await this.work.send({ ...request, expects: 'nothing' }).catch(() => undefined);
	}
}

/** The word that the answer has for the state; the HTTP status where the vendor has no other. */
function stateOf(job: Job, { body, status }: ApiAnswer): string {
	return String(job.state === undefined ? status : valueAt(body, job.state));
}
