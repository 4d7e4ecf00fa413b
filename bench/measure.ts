/**
 * Takes the measurements that the works are made of: our node, and the two ways of doing the same with n8n's
 * own HTTP Request node. Every measurement has a sandbox and a process of its own; several works may use one.
 */
import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { withProgress } from '../sandbox/setup.mjs';
import type { NodeInput } from '../test/engine/harness';
import { PAGE_ROWS } from './floor';
import type { ShopWork } from './shop';
import type { Measured, MeasuredWorkflow, SandboxSetup, SeenRequest } from './messages';
import { measureJob, saveRequests, SandboxHandle } from './processes';

const MOYSKLAD = 'n8n-nodes-retail-ops.moySklad';
const CREDENTIALS = { moySkladApi: { id: 'bench', name: 'bench' } };
const TRANSACTIONS = '/entity/bonustransaction';
/** How the state of an asynchronous task is asked for (MoySklad docs: asynchronous exchange). */
const POLL = /\/async\/[^/?]+$/;

/** The smallest interval that eleven requests in three seconds could allow (ms). */
const EVEN_INTERVAL_MS = Math.ceil(3000 / 11);
/** Intervals that are tried for the HTTP Request node, until one gets no 429 (ms). */
const PAGE_INTERVALS = [0, EVEN_INTERVAL_MS, 280, 290, 300, 325, 350, 400, 500, 750, 1000];
const ITEM_INTERVALS = PAGE_INTERVALS.slice(1);
/** Items that an interval is tried with before the whole measurement. */
const TRIAL_ITEMS = 40;
/** Items of the measurement "once per item". */
export const PER_ITEM = 100;

/** What one measurement gave. */
export interface Figures {
	/** Rows or items that came out. */
	items: number;
	/** Without polling. */
	requests: number;
	/** Those of them that write. */
	writes: number;
	polls: number;
	refused: number;
	/** Why, and when (ms since the first request). */
	refusals: string[];
	seconds: number;
	itemsPerSecond: number;
	cpuSeconds: number;
	baselineRssMb: number;
	peakRssMb: number;
	retainedHeapMb: number;
	hashes: string[];
	idsHashes: string[];
	/** Without the Split Out node behind it (HTTP Request node only). */
	withoutSplitOut?: { seconds: number; cpuSeconds: number; peakRssMb: number };
	/** Between two requests or pages (HTTP Request node only), ms. */
	intervalMs?: number;
	/** Share of the requests whose answers the sandbox had ready before; below 1 its own work counts. */
	prepared?: number;
	error?: string;
}

/** What a measurement can be told. */
export interface MeasureOptions {
	/** Write CPU profiles into `.run/profiles`. */
	profile: boolean;
}

export type Writing = 'create' | 'get' | 'delete';

function moySkladNode(parameters: object): NodeInput {
	return { name: 'MoySklad', type: MOYSKLAD, parameters, credentials: CREDENTIALS };
}

/** n8n's HTTP Request node with the credential of our node, and what MoySklad demands of every request. */
function httpNode(parameters: IDataObject, options: IDataObject): NodeInput {
	return {
		name: 'HTTP Request',
		type: 'n8n-nodes-base.httpRequest',
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'moySkladApi',
			sendHeaders: true,
			headerParameters: {
				parameters: [{ name: 'Accept', value: 'application/json;charset=utf-8' }],
			},
			...parameters,
			options,
		},
		credentials: CREDENTIALS,
	};
}

/** The whole assortment by the node's own pagination, its pages taken apart into rows. */
function httpExport(api: string, intervalMs: number): MeasuredWorkflow {
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: {
			parameters: [{ type: 'qs', name: 'offset', value: `={{ $pageCount * ${PAGE_ROWS} }}` }],
		},
		paginationCompleteWhen: 'other',
		completeExpression: '={{ !$response.body.meta.nextHref }}',
		limitPagesFetched: false,
		requestInterval: intervalMs,
	};
	return {
		nodes: [
			httpNode(
				{
					method: 'GET',
					url: `${api}/entity/assortment`,
					sendQuery: true,
					queryParameters: { parameters: [{ name: 'limit', value: String(PAGE_ROWS) }] },
				},
				{ pagination: { pagination } },
			),
			{
				name: 'Split Out',
				type: 'n8n-nodes-base.splitOut',
				parameters: { fieldToSplitOut: 'rows' },
			},
		],
	};
}

/** One request for each item. */
function httpPerItem(
	api: string,
	what: Writing,
	items: object[],
	intervalMs: number,
): MeasuredWorkflow {
	const one = `=${api}${TRANSACTIONS}/{{ $json.id }}`;
	const requests: Record<Writing, IDataObject> = {
		create: {
			method: 'POST',
			url: api + TRANSACTIONS,
			sendBody: true,
			contentType: 'json',
			specifyBody: 'json',
			jsonBody: '={{ $json }}',
		},
		get: { method: 'GET', url: one },
		delete: { method: 'DELETE', url: one },
	};
	const batching = { batch: { batchSize: 1, batchInterval: intervalMs } };
	return { nodes: [httpNode(requests[what], { batching })], items };
}

/** Our node on the same items. */
function nodePerItem(what: Writing, items: object[]): MeasuredWorkflow {
	const parameters: Record<Writing, object> = {
		create: {
			inputMode: 'fields',
			fields: { mappingMode: 'autoMapInputData', value: null, matchingColumns: [], schema: [] },
		},
		get: { bonusTransactionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
		delete: { bonusTransactionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
	};
	return {
		nodes: [moySkladNode({ resource: 'bonusTransaction', operation: what, ...parameters[what] })],
		items,
	};
}

/** Bonus transactions as a workflow would have them: references as IDs. */
interface NewTransaction {
	name: string;
	agent: string;
	bonusProgram: string;
	transactionType: 'EARNING';
	bonusValue: number;
}

async function idsOf(sandbox: SandboxHandle, type: string): Promise<string[]> {
	const { rows } = (await sandbox.ask('GET', `/entity/${type}?limit=1000`)) as {
		rows: Array<{ id: string }>;
	};
	if (rows.length === 0) throw new Error(`The sandbox has no ${type}`);
	return rows.map(({ id }) => id);
}

async function newTransactions(sandbox: SandboxHandle, count: number): Promise<NewTransaction[]> {
	const agents = await idsOf(sandbox, 'counterparty');
	const programs = await idsOf(sandbox, 'bonusprogram');
	return Array.from({ length: count }, (_, index) => ({
		name: `Bench ${index + 1}`,
		agent: agents[index % agents.length],
		bonusProgram: programs[index % programs.length],
		transactionType: 'EARNING',
		bonusValue: 1 + (index % 500),
	}));
}

/** The same with references as the API wants them. */
function apiTransaction(sandbox: SandboxHandle, transaction: NewTransaction): object {
	const meta = (type: string, id: string) => ({
		meta: { href: `${sandbox.api}/entity/${type}/${id}`, type, mediaType: 'application/json' },
	});
	return {
		...transaction,
		agent: meta('counterparty', transaction.agent),
		bonusProgram: meta('bonusprogram', transaction.bonusProgram),
	};
}

/** Makes transactions before the measuring; returns their IDs. */
async function prepareTransactions(sandbox: SandboxHandle, count: number): Promise<string[]> {
	const bodies = (await newTransactions(sandbox, count)).map((one) => apiTransaction(sandbox, one));
	const ids: string[] = [];
	for (let at = 0; at < bodies.length; at += PAGE_ROWS) {
		const made = await sandbox.ask('POST', TRANSACTIONS, bodies.slice(at, at + PAGE_ROWS));
		ids.push(...(made as Array<{ id: string }>).map(({ id }) => id));
	}
	return ids;
}

async function countTransactions(sandbox: SandboxHandle): Promise<number> {
	const { meta } = (await sandbox.ask('GET', `${TRANSACTIONS}?limit=1`)) as {
		meta: { size: number };
	};
	return meta.size;
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

export function figuresOf(measured: Measured, seen: SeenRequest[], preparedRows?: number): Figures {
	const { usage, workflows, beforeSplitOut } = measured;
	const items = workflows.reduce((sum, one) => sum + one.items, 0);
	const polls = seen.filter(({ method, url }) => method === 'GET' && POLL.test(url)).length;
	const errors = workflows.flatMap(({ error }) => (error === undefined ? [] : [error]));
	const ready = new Set<string>();
	for (let offset = 0; offset < (preparedRows ?? 0); offset += PAGE_ROWS) {
		ready.add(`limit=${PAGE_ROWS}&offset=${offset}`);
	}
	// 420 is Yandex Market's word for too many requests.
	const refusals = seen.filter(({ status }) => status === 429 || status === 420);
	const known = seen.filter(({ url }) => ready.has(url.split('?')[1] ?? '')).length;
	return {
		items,
		requests: seen.length - polls,
		writes: seen.filter(({ method }) => method !== 'GET').length,
		polls,
		refused: refusals.length,
		refusals: refusals.map(({ note, at }) => `${note ?? 'refused'} at ${at} ms`),
		seconds: usage.seconds,
		itemsPerSecond: items / usage.seconds,
		cpuSeconds: usage.cpuSeconds,
		baselineRssMb: measured.baselineRssMb,
		peakRssMb: usage.peakRssMb,
		retainedHeapMb: measured.retainedHeapMb,
		hashes: workflows.map(({ hash }) => hash),
		idsHashes: workflows.map(({ idsHash }) => idsHash),
		...(beforeSplitOut ? { withoutSplitOut: beforeSplitOut } : {}),
		...(preparedRows === undefined ? {} : { prepared: known / Math.max(1, seen.length) }),
		...(errors.length > 0 ? { error: errors.join(' | ') } : {}),
	};
}

/** What came of a write besides its figures. */
export interface WriteFigures extends Figures {
	/** Objects that the account has more than before. */
	grown: number;
	/** The IDs that went in came out again, in the same order (look-ups only). */
	inOrder?: boolean;
}

/** Takes measurements, and remembers them for the works that share one. */
export class Measurements {
	private readonly taken = new Map<string, Promise<unknown>>();
	/** The interval that was good enough for the measurement before. */
	private itemInterval = EVEN_INTERVAL_MS;

	constructor(private readonly options: MeasureOptions) {}

	private async once<T>(key: string, take: () => Promise<T>): Promise<T> {
		let found = this.taken.get(key) as Promise<T> | undefined;
		if (!found) {
			found = take();
			this.taken.set(key, found);
		}
		return await found;
	}

	private async within<T>(
		label: string,
		setup: SandboxSetup,
		work: (sandbox: SandboxHandle, say: (detail: string) => void) => Promise<T>,
	): Promise<T> {
		return await withProgress(label, async (say) => {
			say('starting a sandbox');
			const sandbox = await SandboxHandle.open(setup);
			try {
				return await work(sandbox, say);
			} finally {
				await sandbox.close();
			}
		});
	}

	private async run(
		sandbox: SandboxHandle,
		workflows: MeasuredWorkflow[],
		profileAs: string,
		preparedRows?: number,
	): Promise<Figures> {
		const data = sandbox.ready.credentials.moySkladApi;
		const { origin } = new URL(data.baseUrl);
		const job = { credential: { type: 'moySkladApi', data, origin }, workflows };
		const measured = await measureJob(sandbox, job, this.options.profile ? profileAs : undefined);
		const seen = await sandbox.requests();
		if (this.options.profile) saveRequests(profileAs, seen);
		await sandbox.quiet();
		return figuresOf(measured, seen, preparedRows);
	}

	/** Our node's Get Many with Return All over `rows` rows, in `copies` workflows at once. */
	async export(options: {
		rows: number;
		simplify: boolean;
		asynchronous?: boolean;
		copies?: number;
	}): Promise<Figures> {
		const { rows, simplify, asynchronous = false, copies = 1 } = options;
		const how = [
			`${rows} rows`,
			simplify ? 'simplified' : 'as the API has them',
			...(asynchronous ? ['asynchronous'] : []),
			...(copies > 1 ? [`${copies} workflows at once`] : []),
		].join(', ');
		return await this.once(`export ${how}`, async () => {
			return await this.within(`Export: ${how}`, { assortmentRows: rows }, async (sandbox, say) => {
				if (!asynchronous) {
					say('the sandbox makes its pages');
					await sandbox.warmAssortment(rows);
				}
				say('working');
				const node = moySkladNode({
					resource: 'assortment',
					operation: 'getAll',
					returnAll: true,
					simplify,
					stock: 'rows',
					...(asynchronous ? { options: { asyncExport: true } } : {}),
				});
				const workflows = Array.from({ length: copies }, () => ({ nodes: [node] }));
				const name = `export-${rows}-${simplify ? 'simple' : 'raw'}-${copies}`;
				return await this.run(
					sandbox,
					workflows,
					asynchronous ? `${name}-async` : name,
					asynchronous ? undefined : rows,
				);
			});
		});
	}

	/**
	 * (a): n8n's HTTP Request node with its pagination at the smallest interval that gets no 429, and n8n's
	 * Split Out node behind it, so that the same rows come out. Each interval is tried on the whole list.
	 */
	async httpExport(rows: number): Promise<Figures> {
		return await this.once(`httpExport ${rows}`, async () => {
			const label = `(a) HTTP Request with pagination: ${rows} rows`;
			return await this.within(label, { assortmentRows: rows }, async (sandbox, say) => {
				say('the sandbox makes its pages');
				await sandbox.warmAssortment(rows);
				let figures: Figures | undefined;
				for (const intervalMs of PAGE_INTERVALS) {
					say(`${intervalMs} ms between pages`);
					const workflow = httpExport(sandbox.api, intervalMs);
					figures = await this.run(sandbox, [workflow], 'http-export', rows);
					figures.intervalMs = intervalMs;
					if (figures.refused === 0) break;
				}
				return needed(figures, label);
			});
		});
	}

	/**
	 * (b): the HTTP Request node once per item on so many items (`PER_ITEM`), one request in every interval, at the smallest one
	 * that gets no 429.
	 */
	async httpPerItem(what: Writing): Promise<Figures> {
		return await this.once(`httpPerItem ${what}`, async () => {
			const label = `(b) HTTP Request once per item: ${what} ${PER_ITEM}`;
			let figures: Figures | undefined;
			for (const intervalMs of ITEM_INTERVALS.filter((ms) => ms >= this.itemInterval)) {
				this.itemInterval = intervalMs;
				for (const count of [TRIAL_ITEMS, PER_ITEM]) {
					const name = `${label}, one in ${intervalMs} ms${count < PER_ITEM ? ` (trial, ${count})` : ''}`;
					figures = await this.within(name, {}, async (sandbox, say) => {
						say('preparing');
						const items =
							what === 'create'
								? (await newTransactions(sandbox, count)).map((one) => apiTransaction(sandbox, one))
								: (await prepareTransactions(sandbox, count)).map((id) => ({ id }));
						const workflow = httpPerItem(sandbox.api, what, items, intervalMs);
						say('working');
						return await this.run(sandbox, [workflow], `http-${what}`);
					});
					figures.intervalMs = intervalMs;
					if (figures.refused > 0 || figures.error !== undefined) break;
				}
				// Any other error than a 429 would only come again.
				if (figures?.refused === 0) break;
			}
			return needed(figures, label);
		});
	}

	/** Our node on a work of a shop. */
	async shop(work: ShopWork): Promise<Figures> {
		const { title, assortmentRows, count } = work;
		return await this.within(title, { assortmentRows }, async (sandbox, say) => {
			say('preparing');
			const { items, parameters } = await work.prepare(sandbox, count);
			say('working');
			const type = `n8n-nodes-retail-ops.${work.node}`;
			const node: NodeInput = { name: 'MoySklad', type, parameters, credentials: CREDENTIALS };
			return await this.run(sandbox, [{ nodes: [node], items }], work.name);
		});
	}

	/** (b) on the same: the HTTP Request node once per item; undefined where there is no request for an item. */
	async httpShop(work: ShopWork): Promise<Figures | undefined> {
		const { title, assortmentRows } = work;
		const setup = { assortmentRows: Math.min(assortmentRows ?? 2000, 2000) };
		const label = `(b) HTTP Request once per item: ${title}, ${PER_ITEM} of them`;
		let figures: Figures | undefined;
		for (const intervalMs of ITEM_INTERVALS.filter((ms) => ms >= this.itemInterval)) {
			this.itemInterval = intervalMs;
			const name = `${label}, one in ${intervalMs} ms`;
			figures = await this.within(name, setup, async (sandbox, say) => {
				say('preparing');
				const { items, request } = await work.prepare(sandbox, PER_ITEM);
				if (!request) return undefined;
				say('working');
				const batching = { batch: { batchSize: 1, batchInterval: intervalMs } };
				const nodes = [httpNode(request, { batching })];
				return await this.run(sandbox, [{ nodes, items }], `http-${work.name}`);
			});
			if (!figures) return undefined;
			figures.intervalMs = intervalMs;
			if (figures.refused === 0) break;
		}
		return needed(figures, label);
	}

	/** Our node on `count` items. */
	async perItem(what: Writing, count: number): Promise<WriteFigures> {
		return await this.once(`perItem ${what} ${count}`, async () => {
			return await this.within(`${what} ${count} bonus transactions`, {}, async (sandbox, say) => {
				say('preparing');
				const ids = what === 'create' ? [] : await prepareTransactions(sandbox, count);
				const items =
					what === 'create' ? await newTransactions(sandbox, count) : ids.map((id) => ({ id }));
				const before = await countTransactions(sandbox);
				say('working');
				const figures = await this.run(sandbox, [nodePerItem(what, items)], what);
				const grown = (await countTransactions(sandbox)) - before;
				const inOrder = figures.idsHashes[0] === sha256(ids.join(','));
				return { ...figures, grown, ...(what === 'get' ? { inOrder } : {}) };
			});
		});
	}
}

/** A figure that other works are compared with has to be a good one. */
function needed(figures: Figures | undefined, label: string): Figures {
	if (figures === undefined) throw new Error(`${label}: nothing was measured`);
	if (figures.error !== undefined) throw new Error(`${label}: ${figures.error}`);
	return figures;
}
