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
	return JSON.stringify([...around, within, idOf(wrap, element)]);
}

const idPath = ({ id, idAt = id }: BulkWrap) => idAt;

function idOf(wrap: BulkWrap, element: ReturnType<BulkWrite['element']>): string {
	return String(unmarked(typeof element === 'object' ? valueAt(element, idPath(wrap)) : element));
}

/** The ID that an element has, as the verdicts of the answer name it. */
export function elementId(bulk: BulkWrite, wrap: BulkWrap, call: Call): string {
	return idOf(wrap, bulk.element(call));
}

function bulkKey(call: Call): string | undefined {
	const { bulk } = call.operation;
	return bulk && bulk.kind !== 'get' ? repeatKey(bulk, call) : undefined;
}

/** Of a call that is sent by itself: what it writes, and where. */
function ownKey(call: Call): string | undefined {
	const written = call.operation.writes?.(call);
	return written === undefined ? undefined : JSON.stringify([call.path, written]);
}

/** Calls by what they write, where that can come several times. */
function groupsOf(calls: Call[], keyOfCall: (call: Call) => string | undefined): Call[][] {
	const groups = new Map<string, Call[]>();
	for (const call of calls) {
		const key = keyOfCall(call);
		if (key === undefined) continue;
		const same = groups.get(key);
		if (same) same.push(call);
		else groups.set(key, [call]);
	}
	return [...groups.values()].filter(({ length }) => length > 1);
}

const elementOf = (call: Call) =>
	JSON.stringify(
		call.operation.writes
			? [call.query, call.body]
			: (call.operation.bulk as BulkWrite).element(call),
	);

/** What a call sends and gives out. */
const printOf = (call: Call) => `${elementOf(call)} ${JSON.stringify([call.output, call.alone])}`;

/** Gives calls that contradict each other their problem. */
export function refuseContradictions(calls: Call[]): void {
	for (const group of groupsOf(calls, bulkKey)) {
		// Only what has a wrap has a group.
		const bulk = group[0].operation.bulk as BulkWrite & { wrap: BulkWrap };
		if (bulk.wrap.inTurn || new Set(group.map(elementOf)).size === 1) continue;
		const id = elementId(bulk, bulk.wrap, group[0]);
		const label = labelOf(group[0], bulk.wrap);
		// There may be thousands: those that are named are among the first.
		const first = group.slice(0, SHOWN + 1);
		for (const call of group) {
			const others = first.filter((one) => one !== call).slice(0, SHOWN);
			refuse(call, { id, label, others, more: group.length - 1 > SHOWN });
		}
	}
}

/** What an error says of the items that have the same ID. */
interface Contradiction {
	id: string;
	label: string;
	others: Call[];
	/** There are more than those. */
	more: boolean;
}

function refuse(call: Call, { id, label, others, more }: Contradiction): void {
	const named = others.map(({ itemIndex }) => itemIndex).join(', ') + (more ? ' and others' : '');
	const [items, have] = others.length === 1 ? ['item', 'has'] : ['items', 'have'];
	call.problem = new InputProblem(
		label,
		`is '${id}', which ${items} ${named} ${have} as well, with other values`,
		`None of them was sent, since the last one would win without a word. Give each one once: add the values up or keep the right item before this node (with 'Summarize', 'Remove Duplicates' or a filter).`,
	);
}

/** The label of the field that holds an element's ID. */
function labelOf({ operation }: Call, wrap: BulkWrap): string {
	const field = operation.fields.find(
		({ name, to }) => to === `body:${idPath(wrap)}` || (to === 'control' && name === wrap.id),
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
	for (const group of groupsOf(calls, (call) => bulkKey(call) ?? ownKey(call))) {
		let [first] = group;
		for (const call of group.slice(1)) {
			if (printOf(call) === printOf(first)) {
				const repeats = same.get(first);
				if (repeats) repeats.push(call);
				else same.set(first, [call]);
				left.add(call);
			} else first = call;
		}
	}
	return { calls: calls.filter((call) => !left.has(call)), same };
}
