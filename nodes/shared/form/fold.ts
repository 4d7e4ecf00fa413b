/**
 * Folds a form: properties of several operations that are equal but for the operation that shows them become one
 * that names all of them, as n8n's own nodes have it. Each operation still shows the same properties in the same
 * order. Why: docs/decisions/0008-fold-the-form.md.
 */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** An operation as the display options of its properties name it. */
interface Pair {
	resource: string;
	operation: string;
}

/** One property of the folded form, with the operations that show it. */
interface Entry {
	property: INodeProperties;
	pairs: Pair[];
	/** What some operation shows right after it. */
	next: Set<Entry>;
}

/** `forms`: of each operation its properties, shown for its one resource and its one operation. */
export function fold(forms: INodeProperties[][]): INodeProperties[] {
	const entries: Entry[] = [];
	const byShape = new Map<string, Entry[]>();
	const all: Pair[] = [];
	for (const properties of forms) {
		let before: Entry | undefined;
		for (const [at, property] of properties.entries()) {
			const pair = pairOf(property);
			if (at === 0) all.push(pair);
			const shape = JSON.stringify(shownFor(property));
			const alike = byShape.get(shape) ?? [];
			byShape.set(shape, alike);
			let entry = alike.find((one) => fits(one, before, pair));
			if (!entry) {
				entry = { property, pairs: [], next: new Set() };
				entries.push(entry);
				alike.push(entry);
			}
			entry.pairs.push(pair);
			before?.next.add(entry);
			before = entry;
		}
	}
	const exists = resourcesOf(all);
	return inOrder(entries).flatMap(({ property, pairs }) =>
		rectangles(pairs, exists).map((block) => shownFor(property, block)),
	);
}

function pairOf({ name, displayOptions }: INodeProperties): Pair {
	const { resource = [], operation = [] } = displayOptions?.show ?? {};
	if (resource.length === 1 && operation.length === 1) {
		return { resource: String(resource[0]), operation: String(operation[0]) };
	}
	throw new Error(`The property '${name}' is not shown for one operation`);
}

const NAMES = ['resource', 'operation'];

/** The property as these operations show it, or without any. */
function shownFor(property: INodeProperties, block?: Block): INodeProperties {
	const { displayOptions } = property;
	const others = Object.entries(displayOptions?.show ?? {}).filter(
		([name]) => !NAMES.includes(name),
	);
	const show: IDisplayOptions['show'] = {
		...(block ? { resource: block.resources, operation: block.operations } : {}),
		...Object.fromEntries(others),
	};
	return { ...property, displayOptions: { ...displayOptions, show } };
}

const keyOf = ({ resource, operation }: Pair) => `${resource}.${operation}`;

/** True when an entry can stand behind another one without turning round the order of an operation. */
function fits(entry: Entry, before: Entry | undefined, pair: Pair): boolean {
	const last = entry.pairs[entry.pairs.length - 1];
	// Twice in one operation: each is a property of its own.
	if (keyOf(last) === keyOf(pair)) return false;
	return !before || before.next.has(entry) || !leadsTo(entry, before, new Set());
}

function leadsTo(from: Entry, to: Entry, seen: Set<Entry>): boolean {
	if (from === to) return true;
	if (seen.has(from)) return false;
	seen.add(from);
	return [...from.next].some((next) => leadsTo(next, to, seen));
}

/** Each entry before those that come after it; otherwise as they came. */
function inOrder(entries: Entry[]): Entry[] {
	const waiting = new Map(entries.map((entry) => [entry, 0]));
	for (const { next } of entries) {
		for (const one of next) waiting.set(one, (waiting.get(one) ?? 0) + 1);
	}
	const ready = entries.filter((entry) => waiting.get(entry) === 0);
	const ordered: Entry[] = [];
	for (let entry = ready.shift(); entry; entry = ready.shift()) {
		ordered.push(entry);
		for (const next of entry.next) {
			const left = (waiting.get(next) as number) - 1;
			waiting.set(next, left);
			if (left === 0) ready.push(next);
		}
	}
	return ordered;
}

/** Display options name resources and operations apart: all pairs of the two are shown. */
interface Block {
	resources: string[];
	operations: string[];
}

/** As few blocks as are found at once that hold these pairs and no other pair that exists. */
function rectangles(pairs: Pair[], exists: Resources): Block[] {
	const wanted = resourcesOf(pairs);
	const isAllowed = (resource: string, operation: string) =>
		wanted.get(operation)?.has(resource) === true || !exists.get(operation)?.has(resource);
	const blocks: Array<{ resources: Set<string>; operations: string[] }> = [];
	for (const [operation, resources] of wanted) {
		const more = [...resources];
		// Only what a block would get anew can be wrong with it.
		const home = blocks.find(
			(block) =>
				[...block.resources].every((resource) => isAllowed(resource, operation)) &&
				more.every(
					(resource) =>
						block.resources.has(resource) ||
						block.operations.every((other) => isAllowed(resource, other)),
				),
		);
		if (!home) {
			blocks.push({ resources: new Set(more), operations: [operation] });
			continue;
		}
		for (const resource of more) home.resources.add(resource);
		home.operations.push(operation);
	}
	return blocks.map(({ resources, operations }) => ({ resources: [...resources], operations }));
}

/** Operation → the resources that have it. */
type Resources = Map<string, Set<string>>;

function resourcesOf(pairs: Pair[]): Resources {
	const found: Resources = new Map();
	for (const { resource, operation } of pairs) {
		const resources = found.get(operation) ?? new Set();
		found.set(operation, resources);
		resources.add(resource);
	}
	return found;
}
