/**
 * Runs the input items through the catalogue: parameters → request → road → rows → items. Reads go side by
 * side (the planner holds them to the vendor's limits), writes one after another in the items' order.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Call, Operation, Vendor } from './catalogue';
import { Cancelled } from './clock';
import { toNodeError } from './errors';
import { pages, RowsMissing, valueAt } from './paging';
import { readCall } from './parameters';
import { InputProblem } from './problems';
import { requestOf } from './request';
import { openRoad, type Road } from './road';

/** Items that are worked on at a time; more would only wait for the planner. */
const ITEMS_AT_A_TIME = 8;

/** `execute()` of an action node. */
export async function runVendor(
	this: IExecuteFunctions,
	vendor: Vendor,
): Promise<INodeExecutionData[][]> {
	const inputs = this.getInputData();
	const results: INodeExecutionData[][] = new Array(inputs.length);
	const operations = inputs.map((_, itemIndex) => operationAt(this, vendor, itemIndex));
	let road: Promise<Road> | undefined;
	let broken: { error: Error; index: number } | undefined;

	const work = async (itemIndex: number): Promise<void> => {
		try {
			const operation = operations[itemIndex];
			if (operation instanceof Error) throw operation;
			road ??= openRoad(this, vendor);
			results[itemIndex] = await runItem(this, await road, operation, itemIndex);
		} catch (thrown) {
			const error = toNodeError(this.getNode(), vendor.name, thrown, itemIndex);
			// A stopped execution is no item's failure: nothing goes on after it.
			if (this.continueOnFail() && !(thrown instanceof Cancelled)) {
				results[itemIndex] = [
					{ json: { error: error.message }, error, pairedItem: { item: itemIndex } },
				];
			} else if (!broken || itemIndex < broken.index) {
				broken = { error, index: itemIndex };
			}
		}
	};

	for (const batch of batches(inputs.length, (index) => isRead(operations[index]))) {
		await inParallel(
			batch.indexes,
			batch.read ? ITEMS_AT_A_TIME : 1,
			work,
			() => broken !== undefined,
		);
		if (broken) throw broken.error;
	}
	return [results.flat()];
}

/** The operation that an item asks for, or what is to be said when there is none. */
function operationAt(
	context: IExecuteFunctions,
	vendor: Vendor,
	itemIndex: number,
): Operation | InputProblem {
	const resource = context.getNodeParameter('resource', itemIndex) as string;
	const name = context.getNodeParameter('operation', itemIndex) as string;
	return (
		vendor.operations.find((entry) => entry.resource === resource && entry.operation === name) ??
		new InputProblem(
			'Operation',
			`is '${name}', which ${vendor.name} does not have for the resource '${resource}'`,
			"Pick a 'Resource' and an 'Operation' from the lists of this node.",
		)
	);
}

/** An item whose operation does not exist counts as a read: its own turn tells what is the matter. */
function isRead(operation: Operation | InputProblem): boolean {
	return operation instanceof Error || operation.route.startsWith('GET ');
}

/** One item's output. */
async function runItem(
	context: IExecuteFunctions,
	road: Road,
	operation: Operation,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const call = readCall(context, operation, itemIndex, road.connection.baseUrl);
	const request = requestOf(road.vendor, call);
	const items: INodeExecutionData[] = [];
	const emit = (rows: IDataObject[]) => {
		for (const json of rows) items.push({ json, pairedItem: { item: itemIndex } });
	};
	if (operation.list) {
		const walk = pages({
			request,
			rule: operation.list,
			send: road.send,
			limit: call.returnAll ? Infinity : call.limit,
		});
		for await (const rows of walk) emit(await finish(rows, call, road));
		return items;
	}
	const answer = await road.send(request);
	if (operation.answer.kind === 'deleted') {
		emit([{ deleted: true, ...call.path }]);
		return items;
	}
	const found = valueAt(answer.body, operation.answer.at);
	// A good answer of another service at the same address would look like an empty object.
	if (typeof found !== 'object' || found === null || Array.isArray(found)) {
		throw new RowsMissing(operation.answer.at ?? '');
	}
	emit(await finish([found as IDataObject], call, road));
	return items;
}

/** Enriches and simplifies one page of rows. */
async function finish(rows: IDataObject[], call: Call, road: Road): Promise<IDataObject[]> {
	const { enrich, simplify } = call.operation;
	const full = enrich ? await enrich(rows, call, road.send) : rows;
	return call.simplify && simplify ? full.map((row) => simplify(row, call)) : full;
}

/** Neighbouring items that may go side by side (reads) or must go in order (writes). */
function batches(
	count: number,
	isReadAt: (index: number) => boolean,
): Array<{ read: boolean; indexes: number[] }> {
	const found: Array<{ read: boolean; indexes: number[] }> = [];
	for (let index = 0; index < count; index++) {
		const read = isReadAt(index);
		const last = found[found.length - 1];
		if (last?.read === read) last.indexes.push(index);
		else found.push({ read, indexes: [index] });
	}
	return found;
}

/** Works on the indexes in order, so many at a time; starts no more once `stop` says so. */
async function inParallel(
	indexes: number[],
	atATime: number,
	work: (index: number) => Promise<void>,
	stop: () => boolean,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < indexes.length && !stop()) await work(indexes[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(atATime, indexes.length) }, worker));
}
