/**
 * Runs the input items through the catalogue: parameters → calls → requests → rows → items. Neighbouring items
 * with the same operation are worked on together: what can share a request does, other reads go side by side
 * (the planner holds them to the vendor's limits), other writes one after another in the items' order.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { BulkRun, getTogether, writeTogether } from './bulk';
import type { ApiAnswer, Call, Operation, Output, Vendor, Work } from '../catalogue';
import { Cancelled } from '../road/clock';
import { ColumnReport } from '../form/columns';
import { addLine, CallFailed, plainText, sayAll, toNodeError } from '../errors/errors';
import { fileOutput } from '../files/files';
import { endOfLife } from '../form/form';
import { gatherCalls, type Unread } from './gather';
import { patienceOf, runJob } from './job';
import { settleColumns } from '../form/mapper';
import { memoryOf, type RunMemory } from './memory';
import { present } from '../form/output';
import { isRecord } from '../record';
import { RowsMissing, valueAt } from '../road/paging';
import { inParallel } from '../road/parallel';
import { readCall } from '../form/parameters';
import { InputProblem, inWordsOf } from '../errors/problems';
import { isRead, operationName, operationOf, routePath, requestOf } from './request';
import { isWhole, lookAt, wholeBody } from './replace';
import { refuseContradictions, withoutRepeats } from './repeats';
import { openRoad, type Road } from '../road/road';
import { isRefusal, lookAgain, withLook } from './secondLook';
import { Sleep } from './sleep';
import { rowsOfAll, listRequests } from './split';
import { isTool } from './tool';
import { Form } from '../form/values';
import { workOf, workWith } from './work';

/** `execute()` of an action node. */
export async function runVendor(
	this: IExecuteFunctions,
	vendor: Vendor,
): Promise<INodeExecutionData[][]> {
	return [await new Run(this, vendor).all()];
}

class Run {
	private readonly form: Form;
	private readonly node: INode;
	private readonly inputs: INodeExecutionData[];
	private readonly results: INodeExecutionData[][];
	private readonly goesOn: boolean;
	/** What was written, for the user to know when something fails. */
	private readonly written: number[] = [];
	/** Whether anything was to be written. */
	private writes = false;
	private readonly memory: RunMemory;
	private readonly columns = new ColumnReport();
	private readonly sleep: Sleep;
	/** Calls that write what another one writes, by that one: what becomes of it, becomes of them. */
	private same = new Map<Call, Call[]>();
	private broken: { error: unknown; index: number } | undefined;
	/** The credential does not work: the items after this one would fail in the same way. */
	private hopeless: CallFailed | undefined;
	private road: Promise<Road> | undefined;
	/** As the credential has it. */
	private vendorName: string;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly vendor: Vendor,
	) {
		this.vendorName = vendor.name;
		this.form = new Form(context);
		// n8n copies the node each time it is asked for.
		this.node = context.getNode();
		this.inputs = context.getInputData();
		this.results = new Array(this.inputs.length);
		this.goesOn = context.continueOnFail();
		this.memory = memoryOf(context);
		this.sleep = new Sleep(context);
	}

	async all(): Promise<INodeExecutionData[]> {
		for (const { operation, indexes } of this.segments()) {
			await this.segment(operation, indexes);
			if (this.broken) throw this.failure();
		}
		const items = this.results.flat();
		if (!willBeTriedAgain(items)) this.memory.forget();
		const hints = this.columns.hints();
		if (hints.length > 0) this.context.addExecutionHints(...hints);
		await this.sleep.begin(items);
		return items;
	}

	/** Neighbouring items with the same operation. */
	private segments(): Array<{ operation: Operation | InputProblem; indexes: number[] }> {
		const found: Array<{ operation: Operation | InputProblem; indexes: number[] }> = [];
		for (let index = 0; index < this.inputs.length; index++) {
			const operation = this.operationAt(index);
			const last = found[found.length - 1];
			if (last?.operation === operation) last.indexes.push(index);
			else found.push({ operation, indexes: [index] });
		}
		return found;
	}

	/** The operation that an item asks for, or what is to be said when there is none. */
	private operationAt(itemIndex: number): Operation | InputProblem {
		const resource = this.form.value('resource', itemIndex);
		const name = this.form.value('operation', itemIndex);
		return (
			operationOf(this.vendor, resource, name) ??
			new InputProblem(
				'Operation',
				`is '${String(name)}', which ${this.vendor.name} does not have for the resource '${String(resource)}'`,
				"Pick a 'Resource' and an 'Operation' from the lists of this node.",
			)
		);
	}

	private async segment(operation: Operation | InputProblem, indexes: number[]): Promise<void> {
		if (operation instanceof Error) {
			for (const index of indexes) this.fail(index, operation);
			return;
		}
		if (this.hopeless) {
			for (const index of indexes) this.fail(index, this.hopeless);
			return;
		}
		let road: Road;
		try {
			this.road ??= openRoad(this.context, this.vendor);
			road = await this.road;
			this.vendorName = road.vendor.name;
		} catch (error) {
			for (const index of indexes) this.fail(index, error);
			return;
		}
		const end = endOfLife(operation);
		if (end) {
			this.context.addExecutionHints({ message: end, location: 'outputPane', type: 'warning' });
		}
		road = roadOf(road, operation);
		const work = workOf(this.context, road, this.inputs, this.sleep);
		const calls = await this.readCalls(operation, indexes, road, work);
		// Everything is looked at before anything is written: a slip in the last item costs nothing.
		if (this.broken) return;
		const open = calls.filter((call) => !this.recall(call));
		if (this.broken) return;
		for (const call of open) if (call.known) await this.tell(call, call.known, work);
		const { calls: fresh, same } = withoutRepeats(open.filter(({ known }) => !known));
		this.same = same;
		// `prepare` may have handed some over to another operation.
		for (const sender of new Set(fresh.map((call) => call.operation))) {
			if (this.broken) return;
			const own = fresh.filter((call) => call.operation === sender);
			await this.carryOut(sender, own, sender === operation ? road : roadOf(road, sender), work);
		}
	}

	/** Sends the calls of an operation, together where they can be. */
	private async carryOut(
		operation: Operation,
		fresh: Call[],
		road: Road,
		work: Work,
	): Promise<void> {
		const { bulk } = operation;
		this.writes ||= !isRead(operation);
		const always = bulk?.always === true;
		const together = bulk ? fresh.filter((call) => always || !call.alone) : [];
		const shared = together.length > 1 || always;
		if (bulk && shared) {
			await this.together(bulk, together, road, work);
			if (this.broken) return;
		}
		const alone = shared ? fresh.filter((call) => !always && call.alone) : fresh;
		await inParallel(alone, async (call) => await this.one(call, road, work), {
			...(isRead(operation) ? {} : { atATime: 1 }),
			stop: () => this.broken !== undefined,
		});
	}

	/** The calls of a segment that can be sent; the items of the others have failed. */
	private async readCalls(
		operation: Operation,
		indexes: number[],
		road: Road,
		work: Work,
	): Promise<Call[]> {
		let calls: Call[] = [];
		const unread: Unread[] = [];
		for (const index of indexes) {
			try {
				const call = this.read(operation, index, road);
				if (operation.bulk) routePath(operation.bulk.route, call);
				calls.push(call);
			} catch (error) {
				this.fail(index, error);
				unread.push({ itemIndex: index, error });
			}
		}
		if (this.broken) return [];
		await settleColumns(operation, calls, work.send);
		for (const { itemIndex, problem } of calls) {
			if (problem) unread.push({ itemIndex, error: problem });
		}
		calls = this.sound(calls);
		await this.vendor.resolve?.(calls, road.send);
		calls = await this.inZone(this.sound(calls), road);
		await this.vendor.resolve?.(calls, road.send);
		if (this.broken || calls.length === 0) return calls;
		// Those that were read anew.
		await settleColumns(operation, calls, work.send);
		let settled = this.sound(calls);
		for (const call of settled) this.columns.add(call);
		const { gather } = operation;
		if (gather) {
			const gathered = gatherCalls({ ...operation, gather }, this.form, settled, unread);
			for (const { itemIndex, error } of gathered.failed) this.fail(itemIndex, error);
			settled = gathered.calls;
		}
		if (this.broken || settled.length === 0) return settled;
		try {
			await operation.prepare?.(settled, work);
			if (operation.replaces) await lookAt(operation.replaces, settled, work);
		} catch (error) {
			for (const call of settled) this.fail(call.itemIndex, error, call);
			return [];
		}
		settled = this.sound(settled);
		refuseContradictions(settled);
		return this.sound(settled);
	}

	/** The calls without a problem; the items of the others have failed. */
	private sound(calls: Call[]): Call[] {
		for (const call of calls) if (call.problem) this.fail(call.itemIndex, call.problem, call);
		return calls.filter(({ problem }) => !problem);
	}

	private read(operation: Operation, index: number, road: Road, zone?: string): Call {
		const fixed = typeof this.vendor.zone === 'string' ? this.vendor.zone : undefined;
		const { baseUrl, defaults, budgetKey } = road.connection;
		const call = readCall(this.form, operation, index, baseUrl, zone ?? fixed, defaults);
		call.account = budgetKey;
		return call;
	}

	/** Calls with times of a place are read again with the place's zone, which is asked once for each place. */
	private async inZone(calls: Call[], road: Road): Promise<Call[]> {
		const { zone } = this.vendor;
		if (typeof zone !== 'object') return calls;
		const zones = new Map<string, Promise<string>>();
		const known: Call[] = [];
		for (const call of calls) {
			if (!call.inVendorZone) {
				known.push(call);
				continue;
			}
			const place = zone.place(call);
			const asked = zones.get(place) ?? zone.ask(call, road.send);
			zones.set(place, asked);
			try {
				known.push(this.read(call.operation, call.itemIndex, road, await asked));
			} catch (error) {
				this.fail(call.itemIndex, error);
			}
		}
		return known;
	}

	private async together(
		bulk: NonNullable<Operation['bulk']>,
		calls: Call[],
		road: Road,
		work: Work,
	): Promise<void> {
		const run = new BulkRun(this.goesOn);
		let ended: unknown;
		try {
			if (bulk.kind === 'get') await getTogether(road, bulk, calls, run);
			else await writeTogether(road, bulk, calls, run);
		} catch (error) {
			ended = error;
		}
		for (const call of calls) {
			const outcome = run.of(call);
			if (outcome?.row === undefined) {
				const error = outcome?.error ?? ended ?? run.hopeless;
				if (error !== undefined) this.fail(call.itemIndex, error, call);
				continue;
			}
			try {
				const rows =
					bulk.kind === 'delete' ? [outcome.row] : await finish([outcome.row], call, work);
				this.done(
					call,
					rows.map((json) => ({ json })),
				);
			} catch (error) {
				this.failAfter(call, error);
			}
		}
	}

	/** The answer of a call that need not be sent. */
	private async tell(call: Call, row: IDataObject, work: Work): Promise<void> {
		try {
			const rows = await finish([row], call, work);
			const pairedItem = { item: call.itemIndex };
			this.results[call.itemIndex] = rows.map((json) => ({ json, pairedItem }));
		} catch (error) {
			this.fail(call.itemIndex, error, call);
		}
	}

	private async one(call: Call, road: Road, work: Work): Promise<void> {
		let answered = false;
		try {
			if (this.hopeless) throw this.hopeless;
			this.done(call, await runOne(call, road, work, () => (answered = true)));
		} catch (error) {
			if (answered) this.failAfter(call, error);
			else await this.refused(call, error, work);
		}
	}

	/** A call that failed; of one that was refused, what a second look shows. */
	private async refused(call: Call, error: unknown, work: Work): Promise<void> {
		if (!isRefusal(error)) return this.fail(call.itemIndex, error, call);
		try {
			const look = (await lookAgain([call], work.send)).get(call);
			if (!look?.row) return this.fail(call.itemIndex, withLook(error, look), call);
			const rows = await finish([look.row], call, work);
			this.done(
				call,
				rows.map((json) => ({ json })),
			);
		} catch (other) {
			this.fail(call.itemIndex, other, call);
		}
	}

	/** The vendor has done its part; what came of it could not be made into items. */
	private failAfter(call: Call, error: unknown): void {
		this.fail(call.itemIndex, error, call);
		if (isRead(call.operation) || !(error instanceof Error)) return;
		if (!(error instanceof RowsMissing)) {
			this.written.push(call.itemIndex, ...(call.joined ?? []));
		}
		this.memory.unsure(call, error);
	}

	private done(call: Call, outputs: Output[]): void {
		const { itemIndex, joined } = call;
		const pairedItem = joined
			? [itemIndex, ...joined].map((item) => ({ item }))
			: { item: itemIndex };
		const items = outputs.map((output) => ({ ...output, pairedItem }));
		this.results[itemIndex] = items;
		if (isRead(call.operation)) return;
		this.written.push(itemIndex, ...(joined ?? []));
		this.memory.written(call, items);
		for (const other of this.same.get(call) ?? []) this.done(other, structuredClone(outputs));
	}

	private fail(index: number, error: unknown, call?: Call): void {
		// A stopped execution is no item's failure: nothing goes on after it.
		if (!this.goesOn || error instanceof Cancelled) {
			if (!this.broken || index < this.broken.index) this.broken = { error, index };
		} else {
			for (const item of [index, ...(call?.joined ?? [])]) {
				this.results[item] = [this.errorItem(this.shown(error, item), item)];
			}
		}
		const repeats = (call && this.same.get(call)) ?? [];
		for (const other of repeats) this.fail(other.itemIndex, error, other);
		if (!(error instanceof CallFailed)) return;
		if (error.details.cause === 'credential-invalid') this.hopeless = error;
		const { unsure, carriedOut } = error.details;
		if (call && carriedOut) this.written.push(index, ...(call.joined ?? []));
		if (call && (unsure || carriedOut)) this.memory.unsure(call, error);
	}

	private shown(error: unknown, index: number): NodeApiError | NodeOperationError {
		const told = inWordsOf(error, this.vendor.name, this.vendorName);
		return toNodeError(this.node, this.vendorName, told, index, this.inputs.length);
	}

	/**
	 * The item that stands for a failed one. On the error output n8n adds the input's JSON to it, unless it
	 * carries the error itself; files are left to us. With any key beside `error` and `message`, n8n before 2.35
	 * takes it for a good one. An input's own `message` stays: a retry may send it.
	 */
	private errorItem(shown: NodeApiError | NodeOperationError, index: number): INodeExecutionData {
		const { binary, json } = this.inputs[index];
		if (isTool(this.node)) sayAll(shown);
		const { message: error } = shown;
		const kept = { ...(binary ? { binary } : {}), pairedItem: { item: index } };
		if (this.node.onError !== 'continueErrorOutput') {
			return { json: { error }, error: shown, ...kept };
		}
		const message = plainText(shown.description);
		if (!message) return { json: { error }, ...kept };
		if (json.message === undefined) return { json: { error, message }, ...kept };
		return { json: { error: `${error}\n${message}` }, ...kept };
	}

	/** What an earlier try of this node in this turn has already done for the call. */
	private recall(call: Call): boolean {
		const known = this.memory.recall(call);
		if (!known) return false;
		if ('error' in known) {
			this.fail(call.itemIndex, known.error, call);
		} else {
			this.results[call.itemIndex] = known.items;
			this.written.push(call.itemIndex, ...(call.joined ?? []));
			this.memory.written(call, known.items);
		}
		return true;
	}

	/** The error that ends the node, with what was done before it. */
	private failure(): Error {
		const { error, index } = this.broken as NonNullable<Run['broken']>;
		const shown = this.shown(error, index);
		if (error instanceof Cancelled) this.leaveWord();
		if (this.written.length > 0) {
			addLine(shown, `Already done before this failure: ${itemRanges(this.written)}.`);
		}
		return isTool(this.node) ? sayAll(shown) : shown;
	}

	/** n8n shows nothing of a node that was stopped, not even its error: what it has written stands in n8n's log. */
	private leaveWord(): void {
		if (!this.writes) return;
		const done = this.written.length > 0 ? itemRanges(this.written) : 'nothing that is known';
		this.context.logger.warn(
			`${this.vendorName}, node '${this.node.name}': the execution was stopped. Already done: ${done}. The write that was under way may have been carried out: look there before you run it again.`,
		);
	}
}

/** `items 0–4, 7`. */
export function itemRanges(indexes: number[]): string {
	const sorted = [...indexes].sort((one, other) => one - other);
	const ranges: Array<[number, number]> = [];
	for (const index of sorted) {
		const last = ranges[ranges.length - 1];
		if (last && last[1] === index - 1) last[1] = index;
		else ranges.push([index, index]);
	}
	const words = ranges.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
	const shown = words.slice(0, 20).join(', ');
	const rest = words.length > 20 ? ' and others' : '';
	return `${sorted.length === 1 ? 'item' : 'items'} ${shown}${rest}`;
}

/** The road for an operation: its errors may have words of their own. */
function roadOf(road: Road, operation: Operation): Road {
	const of = operationName(operation);
	return { ...road, send: async (request, stop) => await road.send({ of, ...request }, stop) };
}

/** n8n's Retry On Fail looks at the first item alone: one that tells of an error starts the node once more. */
function willBeTriedAgain([first]: INodeExecutionData[]): boolean {
	const error = first?.json.error;
	return error !== undefined && error !== null && error !== false;
}

/** One call's output, from requests of its own. `answered`: from here on, a failure is not the vendor's. */
async function runOne(call: Call, road: Road, work: Work, answered: () => void): Promise<Output[]> {
	const { operation } = call;
	if (operation.perform) {
		const outputs = await operation.perform(call, workWith(work, call.headers));
		answered();
		return outputs.map((output) => ({ ...output, json: present(output.json, call) }));
	}
	const { list: rule } = operation;
	if (rule) {
		const outputs: Output[] = [];
		const all = rowsOfAll(
			listRequests(road.vendor, call),
			rule,
			call.returnAll ? Infinity : call.limit,
			(request, limit) =>
				operation.source?.(call, request, limit, work) ?? work.pages({ request, rule, limit }),
		);
		for await (const rows of all) {
			for (const json of await finish(rows, call, work)) outputs.push({ json });
		}
		return outputs;
	}
	const { job, replaces } = operation;
	if (replaces && isWhole(call)) call.body = await wholeBody(replaces, call, work);
	const request = requestOf(road.vendor, call);
	const answer = job
		? await runJob(job, request, work, patienceOf(call))
		: await road.send(request);
	answered();
	return await outputsOf(answer, call, work);
}

/** The items that a good answer becomes. */
async function outputsOf(answer: ApiAnswer, call: Call, work: Work): Promise<Output[]> {
	const rule = call.operation.answer;
	switch (rule.kind) {
		case 'deleted':
			return [{ json: { deleted: true, ...call.path } }];
		case 'done':
			return [{ json: { success: true, ...call.path } }];
		case 'file':
			return [await fileOutput(answer, rule, call, work)];
		case 'list':
		case 'object': {
			const rows = rule.many ? elementsAt(answer, rule.at) : [objectAt(answer, rule.at)];
			if (rows.length === 0) return [{ json: { success: true, ...call.path } }];
			return (await finish(rows, call, work)).map((json) => ({ json }));
		}
	}
}

/** The object of an answer, also as a list of one. Throws `RowsMissing` when there is none. */
function objectAt(answer: ApiAnswer, at: string | undefined): IDataObject {
	const held = valueAt(answer.body, at);
	const found: unknown = Array.isArray(held) && held.length === 1 ? held[0] : held;
	// A good answer of another service at the same address would look like an empty object.
	if (typeof found !== 'object' || found === null || Array.isArray(found)) {
		throw new RowsMissing(at ?? '');
	}
	return found as IDataObject;
}

/**
 * The objects that a write gives: of a list, or one; none where nothing is told, since it was written all the same.
 * Throws `RowsMissing` for what is no answer of the vendor's.
 */
function elementsAt({ body }: ApiAnswer, at: string | undefined): IDataObject[] {
	if (!isRecord(body)) throw new RowsMissing(at ?? '');
	return [valueAt(body, at)].flat().filter(isRecord);
}

/** One page of rows, completed, in the form that the user wants. */
async function finish(rows: IDataObject[], call: Call, work: Work): Promise<IDataObject[]> {
	const { enrich } = call.operation;
	const full = enrich ? await enrich(rows, call, work.send) : rows;
	return full.map((row) => present(row, call));
}
