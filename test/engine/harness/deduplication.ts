import './environment';

import { AsyncLocalStorage } from 'node:async_hooks';
import { DataDeduplicationService } from 'n8n-core';
import { tryToParseDateTime, UnexpectedError } from 'n8n-workflow';
import type {
	DeduplicationHelperFunctions,
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

interface ProcessedRecord {
	mode: string;
	/** Entries in mode `entries`, else the largest value seen. */
	data: string[] | DeduplicationItemTypes | undefined;
}

/** How n8n's database behaves, for tests of what happens between its statements. */
export interface DatabaseMood {
	/** Milliseconds that a statement takes on its way there, and again on its way back. 0: the next turn. */
	latencyMs: () => number;
	/** Thrown by every statement while it is set: the database is away. */
	fault?: Error;
}

/**
 * The memory of one engine: what n8n keeps in its `processed_data` table. Each access is a
 * separate asynchronous step and nothing locks a record between reading and writing it, exactly
 * as in n8n: parallel executions can lose each other's records here too. As in SQL, one of two
 * inserts of the same record fails, and an update of a record that is gone changes nothing.
 */
export class DeduplicationStore {
	readonly mood: DatabaseMood = { latencyMs: () => 0 };
	/** Statements so far. */
	statements = 0;
	private readonly records = new Map<string, ProcessedRecord>();

	/** Runs a statement: it takes effect at one moment between its way there and its way back. */
	private async statement<T>(work: () => T): Promise<T> {
		this.statements += 1;
		await this.way();
		if (this.mood.fault) throw this.mood.fault;
		const result = work();
		await this.way();
		return result;
	}

	private async way(): Promise<void> {
		const ms = this.mood.latencyMs();
		await new Promise<void>((resolve) => {
			if (ms > 0) setTimeout(resolve, ms);
			else setImmediate(resolve);
		});
	}

	async find(key: string): Promise<ProcessedRecord | undefined> {
		return await this.statement(() => this.read(key));
	}

	private read(key: string): ProcessedRecord | undefined {
		const record = this.records.get(key);
		return record === undefined ? undefined : structuredClone(record);
	}

	async insert(key: string, record: ProcessedRecord): Promise<void> {
		const copy = structuredClone(record);
		await this.statement(() => {
			if (this.records.has(key)) {
				throw new UnexpectedError(
					'UNIQUE constraint failed: processed_data.workflowId, processed_data.context',
				);
			}
			this.records.set(key, copy);
		});
	}

	async update(key: string, record: ProcessedRecord): Promise<void> {
		const copy = structuredClone(record);
		await this.statement(() => {
			if (this.records.has(key)) this.records.set(key, copy);
		});
	}

	async delete(key: string): Promise<void> {
		await this.statement(() => this.records.delete(key));
	}

	/** Forgets everything, for every workflow. */
	clear(): void {
		this.records.clear();
	}

	/**
	 * The entries recorded for a node, or without `nodeId` for the workflow (mode `entries`), oldest
	 * first; empty if there are none.
	 */
	entries(workflowId: string, nodeId?: string): string[] {
		const context = nodeId === undefined ? '' : `n:${nodeId}`;
		const data = this.records.get(recordKey(workflowId, context))?.data;
		return Array.isArray(data) ? [...data] : [];
	}
}

function recordKey(workflowId: string, context: string): string {
	return JSON.stringify([workflowId, context]);
}

/** Which engine's store the code that is running now belongs to. */
const currentStore = new AsyncLocalStorage<DeduplicationStore>();

function compare(
	mode: string,
	left: DeduplicationItemTypes,
	right: DeduplicationItemTypes,
): number {
	if (mode === 'latestIncrementalKey') {
		const [a, b] = [Number(left), Number(right)];
		if (Number.isNaN(a) || Number.isNaN(b)) {
			throw new UnexpectedError(
				'Invalid value. Only numbers are supported in mode "latestIncrementalKey"',
			);
		}
		return a - b;
	}
	try {
		return tryToParseDateTime(left).toMillis() - tryToParseDateTime(right).toMillis();
	} catch {
		throw new UnexpectedError('Invalid value. Only valid dates are supported in mode "latestDate"');
	}
}

const isLatestMode = (mode: string) => mode !== 'entries';

/**
 * The deduplicator behind `this.helpers.checkProcessed…` of every engine of the process: n8n
 * allows one per process, so it hands each call to the store of the engine that runs it.
 */
class ScopedDeduplicator implements IDataDeduplicator {
	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const { store, key } = this.locate(scope, contextData);
		const record = await store.find(key);
		if (record !== undefined && record.mode !== options.mode) {
			throw new UnexpectedError(
				'Deduplication data was originally saved with an incompatible setting of the ‘Keep Items Where’ parameter',
			);
		}
		return isLatestMode(options.mode)
			? await this.checkLatest(store, key, record, items, options)
			: await this.checkEntries(store, key, record, items, options);
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<void> {
		if (isLatestMode(options.mode)) {
			throw new UnexpectedError('Removing processed data is not possible in mode "latest"');
		}
		const { store, key } = this.locate(scope, contextData);
		const record = await store.find(key);
		if (record === undefined || !Array.isArray(record.data)) return;
		for (const item of items) {
			const index = record.data.indexOf(String(item));
			if (index !== -1) record.data.splice(index, 1);
		}
		await store.update(key, record);
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		const { store, key } = this.locate(scope, contextData);
		await store.delete(key);
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<number> {
		const { store, key } = this.locate(scope, contextData);
		const record = await store.find(key);
		return options.mode === 'entries' && Array.isArray(record?.data) ? record.data.length : 0;
	}

	private locate(scope: DeduplicationScope, contextData: ICheckProcessedContextData) {
		const store = currentStore.getStore();
		if (store === undefined) {
			throw new UnexpectedError('Deduplication was used outside of an execution of an engine');
		}
		if (scope === 'node' && contextData.node === undefined) {
			throw new UnexpectedError(
				"No node information has been provided and so cannot use scope 'node'",
			);
		}
		const context = scope === 'node' ? `n:${contextData.node?.id}` : '';
		return { store, key: recordKey(contextData.workflow.id, context) };
	}

	private async checkEntries(
		store: DeduplicationStore,
		key: string,
		record: ProcessedRecord | undefined,
		items: DeduplicationItemTypes[],
		{ mode, maxEntries }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const newest = (entries: string[]) => (maxEntries ? entries.slice(-maxEntries) : entries);
		if (record === undefined) {
			await store.insert(key, { mode, data: newest(items.map(String)) });
			return { new: items, processed: [] };
		}
		const output: IDeduplicationOutput = { new: [], processed: [] };
		if (!Array.isArray(record.data)) return output;
		const known = new Set(record.data);
		for (const item of items) {
			(known.has(String(item)) ? output.processed : output.new).push(item);
		}
		record.data = newest([...record.data, ...output.new.map(String)]);
		await store.update(key, record);
		return output;
	}

	private async checkLatest(
		store: DeduplicationStore,
		key: string,
		record: ProcessedRecord | undefined,
		items: DeduplicationItemTypes[],
		{ mode }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const sorted = [...items].sort((left, right) => compare(mode, left, right));
		const largest = sorted.at(-1);
		if (record === undefined) {
			await store.insert(key, { mode, data: largest });
			return { new: items, processed: [] };
		}
		const output: IDeduplicationOutput = { new: [], processed: [] };
		const previous = record.data;
		if (Array.isArray(previous)) return output;
		for (const item of sorted) {
			const isNew = previous === undefined || compare(mode, item, previous) > 0;
			(isNew ? output.new : output.processed).push(item);
		}
		record.data = output.new.at(-1) ?? previous;
		await store.update(key, record);
		return output;
	}
}

let initialised: Promise<void> | undefined;

/** Registers the deduplicator with n8n-core: once per process, however many engines there are. */
export async function initialiseDeduplication(): Promise<void> {
	initialised ??= DataDeduplicationService.init(new ScopedDeduplicator());
	await initialised;
}

/** Runs `callback`, and all that it starts, with the deduplication memory of one engine. */
export function withDeduplicationStore<T>(store: DeduplicationStore, callback: () => T): T {
	return currentStore.run(store, callback);
}

/** The helpers of an execution of a node, on a store of one's own: for code that is tested without an engine. */
export function deduplicationHelpers(
	store: DeduplicationStore,
	workflowId: string,
	nodeId: string,
): Pick<
	DeduplicationHelperFunctions,
	'checkProcessedAndRecord' | 'removeProcessed' | 'clearAllProcessedItems' | 'getProcessedDataCount'
> {
	const deduplicator = new ScopedDeduplicator();
	const data = { workflow: { id: workflowId }, node: { id: nodeId } } as ICheckProcessedContextData;
	const within = <T>(work: () => T): T => withDeduplicationStore(store, work);
	return {
		checkProcessedAndRecord: async (items, scope, options) =>
			await within(() => deduplicator.checkProcessedAndRecord(items, scope, data, options)),
		removeProcessed: async (items, scope, options) =>
			await within(() => deduplicator.removeProcessed(items, scope, data, options)),
		clearAllProcessedItems: async (scope) =>
			await within(() => deduplicator.clearAllProcessedItems(scope, data)),
		getProcessedDataCount: async (scope, options) =>
			await within(() => deduplicator.getProcessedDataCount(scope, data, options)),
	};
}
