import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';

import { moscowMillis, sleep } from '../shared/clock';
import { MoySkladError } from './errors';
import type { Language } from './errors';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

/** States of a task (MoySklad docs: Asynchronous exchange). */
export const ASYNC_STATES = [
	'PENDING',
	'PROCESSING',
	'DONE',
	'ERROR',
	'CANCEL',
	'API_ERROR',
] as const;
export type AsyncState = (typeof ASYNC_STATES)[number];

/** Tasks of an account that may wait or run at a time. */
const MAX_QUEUED_TASKS = 4;
const CHUNK_BYTES = 1024 * 1024;
const KEPT_FILES = 2;
const WEEK_MS = 7 * 24 * 3_600_000;

/** An asynchronous request. */
export interface AsyncTask {
	id: string;
	state: AsyncState;
	/** The request with its query, as `request` of the task shows it. */
	request: string;
	/** `{meta}` of the employee or solution. */
	owner: Entity;
	/** Epoch milliseconds. */
	createdAt: number;
	/** End of a task that was done, epoch milliseconds. */
	doneAt?: number;
	/** The result, compressed by gzip. */
	file?: Buffer;
	/** Why the state is `API_ERROR`. */
	error?: MoySkladError;
}

function isOver(task: AsyncTask): boolean {
	return task.state !== 'PENDING' && task.state !== 'PROCESSING';
}

/**
 * Compresses texts one after another, with a turn of the event loop between them, so that hundreds
 * of megabytes of rows neither stop the other requests nor are in memory at a time. Gives
 * `undefined` when it was stopped.
 */
async function compressed(
	parts: Iterable<string>,
	stopped: () => boolean,
): Promise<Buffer | undefined> {
	const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: CHUNK_BYTES });
	const chunks: Buffer[] = [];
	gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
	for (const part of parts) {
		if (stopped()) {
			gzip.destroy();
			return undefined;
		}
		if (gzip.write(part)) await nextTurn();
		else await once(gzip, 'drain');
	}
	const ended = once(gzip, 'end');
	gzip.end();
	await ended;
	return Buffer.concat(chunks);
}

/** The asynchronous tasks of the account. */
export class AsyncTasks {
	/** Least time from the start of a task to its end, milliseconds; a third of it is `PENDING`. */
	ms: number;
	/** How tasks that start from now on end; `CANCEL` as if a colleague had cancelled them. */
	outcome: 'DONE' | 'ERROR' | 'API_ERROR' | 'CANCEL' = 'DONE';
	/** How long results are kept, milliseconds (MoySklad docs: an hour). */
	keepMs = 3_600_000;
	/** How long the link to a result works, milliseconds (MoySklad docs: five minutes). */
	linkMs = 300_000;
	private readonly tasks: AsyncTask[] = [];
	/** The newest results, so that the same export again measures the reader, not the sandbox. */
	private readonly files = new Map<string, Buffer>();
	private closed = false;

	constructor(
		private readonly world: World,
		ms = 300,
	) {
		this.ms = ms;
	}

	/** The tasks of the last week, newest first. */
	list(): AsyncTask[] {
		const from = Date.now() - WEEK_MS;
		return this.tasks.filter(({ createdAt }) => createdAt > from).reverse();
	}

	/** A task. Throws 1021. */
	find(id: string): AsyncTask {
		const task = this.tasks.find((one) => one.id === id.toLowerCase());
		if (!task) throw new MoySkladError(1021, ['async', id]);
		return task;
	}

	/**
	 * Queues a task. `make` gives the text of the result in pieces; a refusal that it throws makes
	 * the task an `API_ERROR`. `key` gives equal names to equal results. Throws 61002 when four
	 * tasks wait or run.
	 */
	start(
		request: string,
		owner: Entity,
		key: () => string,
		make: () => Iterable<string>,
	): AsyncTask {
		if (this.tasks.filter((task) => !isOver(task)).length >= MAX_QUEUED_TASKS) {
			throw new MoySkladError(61002);
		}
		const id = this.world.id('async', this.tasks.length);
		const task: AsyncTask = { id, state: 'PENDING', request, owner, createdAt: Date.now() };
		this.tasks.push(task);
		void this.run(task, key, make, this.outcome);
		return task;
	}

	/** Cancels a task. Throws 61007 when it is over. */
	cancel(task: AsyncTask): void {
		if (isOver(task)) throw new MoySkladError(61007);
		task.state = 'CANCEL';
	}

	/** The moment after which a result is gone, epoch milliseconds. */
	deletionMoment(task: AsyncTask): number | undefined {
		return task.doneAt === undefined ? undefined : task.doneAt + this.keepMs;
	}

	/**
	 * The result of a task. Throws 61003 (deleted), 61004 (failed), 61005 (cancelled), 61006 (not
	 * ready), or what the request itself would have been refused with.
	 */
	result(task: AsyncTask): Buffer {
		if (task.error) throw task.error;
		if (task.state === 'ERROR') throw new MoySkladError(61004);
		if (task.state === 'CANCEL') throw new MoySkladError(61005);
		if (task.state !== 'DONE' || !task.file) {
			throw new MoySkladError(task.doneAt === undefined ? 61006 : 61003);
		}
		if ((this.deletionMoment(task) ?? 0) < Date.now()) {
			delete task.file;
			throw new MoySkladError(61003);
		}
		return task.file;
	}

	/** The file behind a link of the storage host; `undefined` once it is deleted. */
	stored(id: string): Buffer | undefined {
		const task = this.tasks.find((one) => one.id === id);
		const until = task && this.deletionMoment(task);
		return until !== undefined && until >= Date.now() ? task?.file : undefined;
	}

	/** A task as answers show it. */
	show(task: AsyncTask, language: Language): Entity {
		const { id, state, request, owner, error } = task;
		const href = `${this.world.base}/async/${id}`;
		return {
			meta: { href, type: 'async', mediaType: MEDIA_TYPE },
			id,
			accountId: this.world.accountId,
			owner,
			state,
			request,
			...(error === undefined ? {} : { errors: [error.body(language)] }),
			...(state === 'DONE'
				? {
						resultUrl: `${href}/result`,
						deletionDate: moscowMillis(this.deletionMoment(task) ?? 0),
					}
				: {}),
		};
	}

	/** Gives up everything that is not done. */
	close(): void {
		this.closed = true;
		for (const task of this.tasks) if (!isOver(task)) task.state = 'CANCEL';
	}

	private async file(
		key: string,
		make: () => Iterable<string>,
		stopped: () => boolean,
	): Promise<Buffer | undefined> {
		const file = this.files.get(key) ?? (await compressed(make(), stopped));
		if (file) this.files.set(key, file);
		for (const old of [...this.files.keys()].slice(0, -KEPT_FILES)) this.files.delete(old);
		return file;
	}

	private async run(
		task: AsyncTask,
		key: () => string,
		make: () => Iterable<string>,
		outcome: AsyncTasks['outcome'],
	): Promise<void> {
		const { ms } = this;
		const end = Date.now() + ms;
		await sleep(ms / 3);
		if (isOver(task)) return;
		task.state = 'PROCESSING';
		const stopped = (): boolean => this.closed || isOver(task);
		try {
			if (outcome === 'API_ERROR') throw new MoySkladError(1016);
			const file = outcome === 'DONE' ? await this.file(key(), make, stopped) : undefined;
			await sleep(end - Date.now());
			if (stopped()) return;
			task.state = outcome;
			if (outcome !== 'DONE') return;
			task.file = file;
			task.doneAt = Date.now();
		} catch (error) {
			await sleep(end - Date.now());
			if (stopped()) return;
			task.state = error instanceof MoySkladError ? 'API_ERROR' : 'ERROR';
			if (error instanceof MoySkladError) task.error = error;
		}
	}
}
