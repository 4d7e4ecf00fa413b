/** A sandbox and an engine for one test file, and runs that check what every request must hold to. */
import { inspect } from 'node:util';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type {
	RequestLogEntry,
	Sandbox,
	SandboxCredentials,
	SandboxOptions,
} from '../../../sandbox';
import { MOYSKLAD_LOGIN, MOYSKLAD_TOKENS, startSandbox } from '../../../sandbox';
import type { Engine, ItemInput, NodeInput, RunningExecution, RunResult } from '../harness';
import { speedUp } from '../clock';
import { createEngine, ITEMS_NODE_TYPE } from '../harness';

export { speedUp };

export const ACTION = 'n8n-nodes-retail-ops.moySklad';
export const DOCUMENTS = 'n8n-nodes-retail-ops.moySkladDocuments';
export const TRIGGER = 'n8n-nodes-retail-ops.moySkladTrigger';
export const NODE = 'MoySklad';

/** A well-formed ID that no object has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

type MoySkladCredential = SandboxCredentials['moySkladApi'];

/** What the tests read of the errors of a run; the engine hands them over as plain copies. */
export interface ShownError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context: IDataObject;
	failure?: { cause: string; retryAfterMs?: number };
}

/** How the node of a run is set up; without anything it gets one empty item. */
export interface RunSetup {
	items?: ItemInput[];
	/** Type of the node; the MoySklad node when absent. */
	type?: string;
	/** ID of a credential of the house; `fast` when absent. */
	credential?: string;
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	/** IANA zone of the workflow. */
	timezone?: string;
	/** Settings of the node. */
	node?: Pick<NodeInput, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>;
	/** Further lots of items: the node runs once more for each in the same execution, as in a loop. */
	more?: ItemInput[][];
}

/** A finished run, and the requests that arrived at MoySklad meanwhile. */
export interface Outcome {
	result: RunResult;
	items: INodeExecutionData[];
	json: IDataObject[];
	requests: RequestLogEntry[];
}

/** A run that failed. */
export interface FailedOutcome extends Outcome {
	error: ShownError;
}

/** Everything that must never be seen outside of a request's Authorization header. */
export const SECRETS = [
	...Object.values(MOYSKLAD_TOKENS),
	MOYSKLAD_LOGIN.password,
	Buffer.from(`${MOYSKLAD_LOGIN.login}:${MOYSKLAD_LOGIN.password}`).toString('base64'),
];

/** Fails when a secret is anywhere in a value, hidden properties and error causes included. */
export function expectNoSecret(value: unknown): void {
	const seen = inspect(value, {
		depth: 12,
		showHidden: true,
		maxArrayLength: null,
		maxStringLength: null,
		breakLength: Infinity,
	});
	const known = new WeakSet<object>();
	const json = JSON.stringify(value, (_key, one: unknown) => {
		if (typeof one !== 'object' || one === null) return one;
		if (known.has(one)) return undefined;
		known.add(one);
		return one;
	});
	for (const secret of SECRETS) {
		expect(seen.includes(secret)).toBe(false);
		expect((json ?? '').includes(secret)).toBe(false);
	}
}

/** What MoySklad demands of every request, and what the log may show of the credential. */
export function expectGoodHeaders(request: RequestLogEntry): void {
	expect(request.headers['accept-encoding']).toBe('gzip');
	expect(request.headers.accept).toBe('application/json;charset=utf-8');
	expect(request.headers['accept-language']).toBe('en');
	expect(request.headers.authorization).toMatch(/^(Bearer|Basic) \*\*\*(.{4})?$/);
	if (request.body !== undefined) {
		expect(request.headers['content-type']).toBe('application/json');
	}
}

/** The requests without their paging, for comparing whole lists of them. */
export function paths(requests: RequestLogEntry[]): string[] {
	return requests.map(({ method, path }) => `${method} ${path.replace('/api/remap/1.2', '')}`);
}

/** True for `{ item: <index of an input item> }` and nothing else, or for several of them. */
function isPair(pairedItem: INodeExecutionData['pairedItem'], inputs: number): boolean {
	if (Array.isArray(pairedItem)) {
		return pairedItem.length > 1 && pairedItem.every((pair) => isPair(pair, inputs));
	}
	if (typeof pairedItem !== 'object') return false;
	const { item } = pairedItem;
	return Object.keys(pairedItem).join() === 'item' && item >= 0 && item < inputs;
}

/** Attributes that the sandbox's account requires at first. */
const REQUIRED = ['Signed by', 'Толщина, мм'];

/** A sandbox and an engine that belong to one test file. */
export class House {
	private constructor(
		readonly sandbox: Sandbox,
		readonly engine: Engine,
		private readonly slowDown: () => void,
	) {}

	/**
	 * Opens a house with 120 assortment rows and without budgets unless told otherwise. Its credential
	 * `fast` is an administrator's token that the node takes for a solution's: 45 requests per 3 s. The clock goes `speed`
	 * times as fast, for files that wait for this budget; what is given up after 10 s or more keeps its time.
	 */
	static async open(options: SandboxOptions = {}, speed = 1): Promise<House> {
		// The engine first: it may find no build, and a sandbox would then be left running.
		const engine = await createEngine();
		const sandbox = await startSandbox({
			assortmentRows: 120,
			limits: 'off',
			// Whoever is slow here is the machine.
			webhookDeadlineMs: 20_000 * speed,
			...options,
		});
		const slowDown = speed === 1 ? () => undefined : speedUp(speed, 10_000);
		const house = new House(sandbox, engine, slowDown);
		house.setCredential('fast', { accessKind: 'solution' });
		house.setCredential('user', {});
		house.setCredential('second', { accessToken: MOYSKLAD_TOKENS.secondUser });
		house.setCredential('login', { authentication: 'login', accessToken: '' });
		house.setCredential('solution', {
			accessToken: MOYSKLAD_TOKENS.solution,
			accessKind: 'solution',
		});
		house.setCredential('nonAdmin', { accessToken: MOYSKLAD_TOKENS.nonAdmin });
		house.setCredential('noApiAccess', { accessToken: MOYSKLAD_TOKENS.noApiAccess });
		house.setCredential('wrong', { accessToken: 'a-token-that-nobody-made' });
		house.requireAttributes(false);
		return house;
	}

	/** Whether the account requires what it requires at first: 'Signed by' of contracts, 'Толщина, мм' of goods. */
	requireAttributes(required: boolean): void {
		for (const owner of ['contract', 'product'] as const) {
			for (const definition of this.state.attributes.list(owner)) {
				if (!REQUIRED.includes(definition.name)) continue;
				this.state.attributes.update(definition, { required });
			}
		}
		this.state.requireAttributes = required;
	}

	get state(): Sandbox['moysklad'] {
		return this.sandbox.moysklad;
	}

	/** Requests to MoySklad so far. */
	get requests(): RequestLogEntry[] {
		return this.sandbox.log.filter(({ vendor }) => vendor === 'moysklad');
	}

	/** The administrator's credential with some fields changed. */
	credential(changes: Partial<MoySkladCredential> = {}): MoySkladCredential {
		return { ...this.sandbox.credentials.moySkladApi, ...changes };
	}

	setCredential(id: string, changes: Partial<MoySkladCredential>): void {
		this.engine.setCredential(id, { type: 'moySkladApi', data: this.credential(changes) });
	}

	start(parameters: object, setup: RunSetup = {}): RunningExecution {
		const { items = [{}], credential = 'fast', onError, timezone, node, more = [] } = setup;
		const { type = ACTION } = setup;
		const wire = { main: [[{ node: NODE, type: 'main', index: 0 }]] };
		const lots = more.map((lot, index) => ({ name: `Items ${index + 2}`, items: lot }));
		return this.engine.start(
			{
				nodes: [
					{ name: 'Start', type: 'n8n-nodes-base.noOp' },
					{ name: 'Items', type: ITEMS_NODE_TYPE, parameters: { items } },
					...lots.map((lot) => ({
						name: lot.name,
						type: ITEMS_NODE_TYPE,
						parameters: { items: lot.items },
					})),
					{
						name: NODE,
						type,
						parameters,
						credentials: { moySkladApi: { id: credential, name: credential } },
						...(onError ? { onError } : {}),
						...node,
					},
				],
				connections: {
					Start: {
						main: [
							['Items', ...lots.map(({ name }) => name)].map((name) => ({
								node: name,
								type: 'main',
								index: 0,
							})),
						],
					},
					Items: wire,
					...Object.fromEntries(lots.map(({ name }) => [name, wire])),
				},
				settings: timezone ? { timezone } : {},
			},
			{ startNode: lots.length > 0 ? 'Start' : 'Items' },
		);
	}

	/** Runs the node and checks the headers of its requests, the pairs of its items, and for secrets. */
	async run(parameters: object, setup: RunSetup = {}): Promise<Outcome> {
		const before = this.sandbox.log.length;
		const result = await this.start(parameters, setup).result;
		const requests = this.sandbox.log.slice(before).filter(({ vendor }) => vendor === 'moysklad');
		for (const request of requests) expectGoodHeaders(request);
		const items = result.items(NODE);
		const inputs = (setup.items ?? [{}]).length;
		expect(items.filter(({ pairedItem }) => !isPair(pairedItem, inputs))).toEqual([]);
		if (result.status !== 'success' || setup.onError) expectNoSecret(result);
		expectNoSecret(requests);
		return { result, items, json: items.map(({ json }) => json), requests };
	}

	/** Runs the node, which must succeed. */
	async good(parameters: object, setup: RunSetup = {}): Promise<Outcome> {
		const outcome = await this.run(parameters, setup);
		expect(outcome.result.error?.message).toBeUndefined();
		expect(outcome.result.status).toBe('success');
		return outcome;
	}

	/** Runs the node, which must fail. */
	async bad(parameters: object, setup: RunSetup = {}): Promise<FailedOutcome> {
		const outcome = await this.run(parameters, setup);
		expect(outcome.result.status).toBe('error');
		return { ...outcome, error: outcome.result.error as unknown as ShownError };
	}

	/** Runs the node, which must refuse its input before anything is sent. */
	async refused(parameters: object, setup: RunSetup = {}): Promise<ShownError> {
		const { error, requests } = await this.bad(parameters, setup);
		expect(requests).toEqual([]);
		return error;
	}

	/** A run that looks names up, finds none, and sends nothing else. */
	async notFound(parameters: object, lookup: string, setup: RunSetup = {}): Promise<ShownError> {
		const { error, requests } = await this.bad(parameters, setup);
		expect(new Set(paths(requests))).toEqual(new Set([`GET /entity/${lookup}`]));
		return error;
	}

	/** Calls the list behind a locator as the editor does, and tells the requests that it took. */
	async search(
		method: string,
		more: {
			filter?: string;
			paginationToken?: string;
			parameters?: object;
			credential?: string;
			type?: string;
		} = {},
	): Promise<{
		results: Array<{ name: string; value: unknown }>;
		/** Of the next page; absent behind the last. */
		next?: string;
		requests: RequestLogEntry[];
	}> {
		const { filter, paginationToken, parameters, credential = 'fast', type = ACTION } = more;
		const before = this.sandbox.log.length;
		const { results, paginationToken: next } = await this.engine.listSearch(type, method, {
			filter,
			paginationToken,
			parameters,
			credentials: { moySkladApi: credential },
		});
		const requests = this.sandbox.log.slice(before);
		for (const request of requests) expectGoodHeaders(request);
		return {
			results: results.map(({ name, value }) => ({ name, value })),
			...(next === undefined ? {} : { next: String(next) }),
			requests,
		};
	}

	/** Closes both. Creating a token would have revoked the user's other tokens: nobody may do that. */
	async close(): Promise<void> {
		this.slowDown();
		const { tokenRevoked } = this.state;
		const tokenRequests = this.sandbox.log.filter(({ path }) => path.includes('/security/token'));
		await this.engine.close();
		await this.sandbox.close();
		expect(tokenRevoked).toBe(false);
		expect(tokenRequests).toEqual([]);
	}
}

/** The parameters of a write by the resource mapper, each value mapped by hand. */
export function byHand(value: IDataObject | string, matchOn?: string): IDataObject {
	return {
		inputMode: 'fields',
		fields: {
			mappingMode: 'defineBelow',
			value,
			matchingColumns: matchOn === undefined ? [] : [matchOn],
			schema: [],
		} as unknown as IDataObject,
	};
}

/** The same, mapped automatically from the items. */
export function automatic(matchOn?: string, schema: IDataObject[] = []): IDataObject {
	return {
		inputMode: 'fields',
		fields: {
			mappingMode: 'autoMapInputData',
			value: null,
			matchingColumns: matchOn === undefined ? [] : [matchOn],
			schema,
		} as unknown as IDataObject,
	};
}

/** The parameters of a write in JSON mode. */
export function inJson(json: unknown, matchOn?: string): IDataObject {
	return {
		inputMode: 'json',
		json: json as IDataObject,
		...(matchOn === undefined ? {} : { matchOn }),
	};
}

/** A resource locator as the form keeps it. */
export function locator(value: unknown, mode: 'id' | 'list' | 'url' = 'id'): IDataObject {
	return { __rl: true, mode, value: value as string };
}

/**
 * What an error of MoySklad must show: our sentence with the code, and the item where there are several, its text,
 * the way out.
 */
export function expectShown(
	error: ShownError,
	expected: { message: string; hint?: string; text?: string; code?: number; item?: number },
): void {
	const { message, hint = '', text, code, item } = expected;
	const suffix = code === undefined ? '' : ` (code ${code})`;
	const named = item === undefined ? '' : ` [item ${item}]`;
	expect(error.message).toBe(`${message}${suffix}${named}`);
	expect(error.description ?? '').toContain(hint);
	if (text !== undefined) expect(error.description).toContain(`The vendor says: ${text}`);
	if (code === undefined) return;
	expect(error.name).toBe('NodeApiError');
	expect(error.context.data).toMatchObject({ code });
}

/** Waits until a condition holds, looking every 5 ms. @throws after `timeoutMs` */
export async function until(condition: () => boolean, timeoutMs = 25_000): Promise<void> {
	// By a clock that `speedUp` leaves alone.
	const end = performance.now() + timeoutMs;
	while (!condition()) {
		if (performance.now() > end) throw new Error('The condition did not come true in time');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** The greatest number of moments (ms) that fall into any span of `spanMs`. */
export function busiest(moments: number[], spanMs: number): number {
	const sorted = [...moments].sort((a, b) => a - b);
	return Math.max(
		0,
		...sorted.map((from) => sorted.filter((at) => at >= from && at < from + spanMs).length),
	);
}
