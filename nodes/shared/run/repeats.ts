/**
 * Input items that write one object: of a bulk request whose elements are named by an ID, each ID may come once. The same
 * element twice is one; two that contradict each other are nobody's choice but the user's, since the later one would win
 * without a word.
 */
import type { BulkWrap, BulkWrite, Call } from '../catalogue';
import { InputProblem } from '../errors/problems';
import { unmarked } from '../road/exact';
import { valueAt } from '../road/paging';
import { routePath } from './request';

/** Items that an error names. */
const SHOWN = 5;

/** Keys of calls: they are asked for three times, and there may be tens of thousands. */
const keys = new WeakMap<Call, string>();

/**
 * What a call's element is about, apart from all others: its address, whatever stands around the elements, and its ID.
 * Undefined where elements have no ID. The call must be as it will be sent.
 */
export function repeatKey(bulk: BulkWrite, call: Call): string | undefined {
	if (!bulk.wrap) return undefined;
	const made = keys.get(call) ?? keyOf(bulk, bulk.wrap, call);
	keys.set(call, made);
	return made;
}

function keyOf(bulk: BulkWrite, wrap: BulkWrap, call: Call): string {
	const element = bulk.element(call);
	const around = [routePath(bulk.route, call), call.query, call.headers, wrap.beside?.(call)];
	const within = typeof element === 'object' && wrap.within ? element[wrap.within] : undefined;
	return JSON.stringify([...around, within, elementId(bulk, call)]);
}

/** The ID that an element has, as the verdicts of the answer name it. */
export function elementId({ element, wrap }: BulkWrite, call: Call): string {
	const { id = '', idAt = id } = wrap ?? {};
	const made = element(call);
	return String(unmarked(typeof made === 'object' ? valueAt(made, idAt) : made));
}

/** Calls by what they write, where that can come several times. */
function groupsOf(calls: Call[]): Call[][] {
	const groups = new Map<string, Call[]>();
	for (const call of calls) {
		const { bulk } = call.operation;
		const key = bulk && bulk.kind !== 'get' ? repeatKey(bulk, call) : undefined;
		if (key === undefined) continue;
		const same = groups.get(key);
		if (same) same.push(call);
		else groups.set(key, [call]);
	}
	return [...groups.values()].filter(({ length }) => length > 1);
}

const elementOf = (call: Call) => JSON.stringify((call.operation.bulk as BulkWrite).element(call));

/** What a call sends and gives out. */
const printOf = (call: Call) => `${elementOf(call)} ${JSON.stringify([call.output, call.alone])}`;

/** Gives calls that contradict each other their problem. */
export function refuseContradictions(calls: Call[]): void {
	for (const group of groupsOf(calls)) {
		if ((group[0].operation.bulk as BulkWrite).wrap?.inTurn) continue;
		if (new Set(group.map(elementOf)).size > 1) for (const call of group) refuse(call, group);
	}
}

function refuse(call: Call, group: Call[]): void {
	const { operation } = call;
	const id = elementId(operation.bulk as BulkWrite, call);
	const others = group.filter((one) => one !== call).map(({ itemIndex }) => itemIndex);
	const named = others.slice(0, SHOWN).join(', ') + (others.length > SHOWN ? ' and others' : '');
	call.problem = new InputProblem(
		labelOf(call),
		`is '${id}', which ${others.length === 1 ? 'item' : 'items'} ${named} ${others.length === 1 ? 'has' : 'have'} as well, with other values`,
		`None of them was sent, since the last one would win without a word. Give each one once: add the values up or keep the right item before this node (with 'Summarize', 'Remove Duplicates' or a filter).`,
	);
}

/** The label of the field that holds an element's ID. */
function labelOf({ operation }: Call): string {
	const { id = '', idAt = id } = (operation.bulk as BulkWrite).wrap ?? {};
	const field = operation.fields.find(
		({ name, to }) => to === `body:${idAt}` || (to === 'control' && name === id),
	);
	return field?.label ?? 'ID';
}

/**
 * The calls without those that repeat another one, and the others by the one that is sent for them. Of elements that may
 * follow each other, only neighbours are the same.
 */
export function withoutRepeats(calls: Call[]): { calls: Call[]; same: Map<Call, Call[]> } {
	const same = new Map<Call, Call[]>();
	const left = new Set<Call>();
	for (const group of groupsOf(calls)) {
		let [first] = group;
		for (const call of group.slice(1)) {
			if (printOf(call) === printOf(first)) {
				same.set(first, [...(same.get(first) ?? []), call]);
				left.add(call);
			} else first = call;
		}
	}
	return { calls: calls.filter((call) => !left.has(call)), same };
}
