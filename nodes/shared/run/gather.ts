/**
 * Input items that are parts of one call (an order whose rows come one by one): the first item's call takes the
 * parts of the others, its output is paired to all of them, and what fails, fails for all of them.
 */
import type { Call, Gather, Operation } from '../catalogue';
import { InputProblem } from '../errors/problems';
import type { Form } from '../form/values';

/** A part that could not be read. */
export interface Unread {
	itemIndex: number;
	error: unknown;
}

/** The text by which an item is gathered; undefined for an item by itself. */
function keyOf(form: Form, { by }: Gather, itemIndex: number): string | undefined {
	const options = form.value('options', itemIndex) as Record<string, unknown> | undefined;
	const key = options?.[by];
	if (key === undefined || key === null || typeof key === 'object') return undefined;
	return String(key).trim() || undefined;
}

/**
 * A key by an expression that gives nothing: the item may be a part of the object before it, as in sheets that name an
 * order in its first row alone, and would become an object by itself.
 */
function keyless(label: string, where: string): InputProblem {
	return new InputProblem(
		label,
		`is an expression that gives nothing ${where}`,
		'Give each input item the key of its object: a sheet that has it in the first row of each only is filled down first. Without the option, each item is an object by itself.',
	);
}

/**
 * The calls of whole objects. A part that cannot be read, or does not go with the others, is a problem of all parts
 * of its object: nothing is written that lacks a part. So is one that has no key, where an expression is to give it.
 */
export function gatherCalls(
	{ gather, fields }: Operation & { gather: Gather },
	form: Form,
	calls: Call[],
	unread: Unread[],
): { calls: Call[]; failed: Unread[] } {
	const wholes = new Map<string, Call[]>();
	const alone: Call[] = [];
	const failed: Unread[] = [];
	/** Why an object cannot be written, by its key. */
	const broken = new Map<string, unknown>();
	let before: string | undefined;
	for (const call of calls) {
		const { itemIndex } = call;
		const key = keyOf(form, gather, itemIndex);
		if (key !== undefined) {
			wholes.set(key, [...(wholes.get(key) ?? []), call]);
			before = key;
			continue;
		}
		const place = `options.${gather.by}`;
		// It tells an expression from an empty field once it was read by itself.
		form.value(place, itemIndex);
		if (!form.isExpression(place)) {
			alone.push(call);
			continue;
		}
		const label = fields.find(({ name }) => name === gather.by)?.label ?? gather.by;
		failed.push({ itemIndex, error: keyless(label, 'here') });
		if (before === undefined || broken.has(before)) continue;
		broken.set(before, keyless(label, `in item ${itemIndex}, which may be part of this object`));
	}
	for (const part of unread) {
		const key = keyOf(form, gather, part.itemIndex);
		if (key !== undefined && !broken.has(key)) broken.set(key, incomplete(part));
	}
	const whole: Call[] = [];
	for (const [key, parts] of wholes) {
		const first = parts[0];
		const error = broken.get(key);
		if (error !== undefined) {
			failed.push(...parts.map(({ itemIndex }) => ({ itemIndex, error })));
			continue;
		}
		try {
			gather.join(parts);
		} catch (error) {
			failed.push(...parts.map(({ itemIndex }) => ({ itemIndex, error })));
			continue;
		}
		if (parts.length > 1) first.joined = parts.slice(1).map(({ itemIndex }) => itemIndex);
		whole.push(first);
	}
	const inOrder = [...alone, ...whole].sort((one, other) => one.itemIndex - other.itemIndex);
	return { calls: inOrder, failed };
}

function incomplete({ itemIndex, error }: Unread): unknown {
	if (!(error instanceof InputProblem)) return error;
	return new InputProblem(
		error.parameter,
		`${error.what} (in item ${itemIndex}, which is part of the same document)`,
		error.hint,
	);
}
