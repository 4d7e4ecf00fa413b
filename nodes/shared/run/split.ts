/**
 * Lists whose conditions do not fit into one address: the values of a condition that are alternatives are asked for
 * in several requests, and their rows are joined.
 */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Call, FilterTerm, Vendor } from '../catalogue';
import type { ListRule } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { encodedSize, requestOf } from './request';

/**
 * The requests of a list, without paging: one, or as many as it takes to keep each below the vendor's
 * `bulkLimits.urlBytes`. Throws `InputProblem` when a request would be too long and cannot be split, or when a
 * sort order would be lost.
 */
export function listRequests(vendor: Vendor, call: Call): ApiRequest[] {
	const requests = [...split(vendor, call)];
	if (requests.length > 1 && call.sort.length > 0) {
		throw new InputProblem(
			'Sort',
			`is given together with so many values in 'Conditions' that they take ${requests.length} requests, whose rows would not stand in one order`,
			"Remove 'Sort' and put n8n's Sort node behind this one, or give fewer values.",
		);
	}
	return requests;
}

function* split(vendor: Vendor, call: Call): Generator<ApiRequest> {
	const request = requestOf(vendor, call);
	const { urlBytes, longestUrl } = vendor.bulkLimits ?? { urlBytes: Infinity };
	const size = request.path.length + encodedSize(request.query ?? {});
	const term = size > urlBytes ? longest(vendor, call.filter) : undefined;
	if (!term) {
		if (size > (longestUrl ?? Infinity) && call.filter.length > 0) throw tooLong(vendor, size);
		yield request;
		return;
	}
	const each = Math.ceil(term.values.length / Math.max(2, Math.ceil(size / urlBytes)));
	for (let from = 0; from < term.values.length; from += each) {
		const part = { ...term, values: term.values.slice(from, from + each) };
		const filter = call.filter.map((one) => (one === term ? part : one));
		yield* split(vendor, { ...call, filter });
	}
}

/** The condition with the most values, of those that may be asked for in parts. */
function longest(vendor: Vendor, terms: FilterTerm[]): FilterTerm | undefined {
	return terms
		.filter(({ operator, values, of }) => {
			return values.length > 1 && !of?.together && vendor.alternatives?.includes(operator);
		})
		.sort((one, other) => other.values.length - one.values.length)[0];
}

function tooLong(vendor: Vendor, size: number): InputProblem {
	return new InputProblem(
		'Conditions',
		`make an address of ${size} characters, which ${vendor.name} would refuse`,
		"Give fewer values. Only those of 'Is' can be asked for in several requests: leave another condition with many values out, and put n8n's Filter node behind this one.",
	);
}

/** The rows of all requests, each once, `limit` at most. `read` gives the rows of one. */
export async function* rowsOfAll(
	requests: ApiRequest[],
	rule: ListRule,
	limit: number,
	read: (request: ApiRequest, limit: number) => AsyncIterable<IDataObject[]>,
): AsyncGenerator<IDataObject[], void, undefined> {
	const known = new Set<string>();
	const isNew = (row: IDataObject) => {
		const key = rule.rowKey?.(row);
		if (key === undefined) return true;
		if (known.has(key)) return false;
		known.add(key);
		return true;
	};
	let left = limit;
	for (const request of requests) {
		// Rows that came before may come again.
		for await (const rows of read(request, left + known.size)) {
			const fresh = (requests.length > 1 ? rows.filter(isNew) : rows).slice(0, left);
			left -= fresh.length;
			if (fresh.length > 0) yield fresh;
			if (left <= 0) return;
		}
	}
}
