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
	const exists = new Set(all.map(keyOf));
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
function rectangles(pairs: Pair[], exists: Set<string>): Block[] {
	const wanted = new Set(pairs.map(keyOf));
	const isAllowed = ({ resources, operations }: Block) =>
		resources.every((resource) =>
			operations.every((operation) => {
				const key = keyOf({ resource, operation });
				return wanted.has(key) || !exists.has(key);
			}),
		);
	const blocks: Block[] = [];
	const byOperation = new Map<string, string[]>();
	for (const { resource, operation } of pairs) {
		byOperation.set(operation, [...(byOperation.get(operation) ?? []), resource]);
	}
	for (const [operation, resources] of byOperation) {
		const alone: Block = { resources, operations: [operation] };
		const at = blocks.findIndex((block) => isAllowed(union(block, alone)));
		if (at < 0) blocks.push(alone);
		else blocks[at] = union(blocks[at], alone);
	}
	return blocks;
}

function union(one: Block, other: Block): Block {
	return {
		resources: [...new Set([...one.resources, ...other.resources])],
		operations: [...new Set([...one.operations, ...other.operations])],
	};
}
