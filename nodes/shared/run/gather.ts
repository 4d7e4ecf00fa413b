/**
 * Input items that are parts of one call (an order whose rows come one by one): the first item's call takes the
 * parts of the others, its output is paired to all of them, and what fails, fails for all of them.
 */
import type { Call, Gather } from '../catalogue';
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
 * The calls of whole objects. A part that cannot be read, or does not go with the others, is a problem of all parts
 * of its object: nothing is written that lacks a part.
 */
export function gatherCalls(
	gather: Gather,
	form: Form,
	calls: Call[],
	unread: Unread[],
): { calls: Call[]; failed: Unread[] } {
	const wholes = new Map<string, Call[]>();
	const alone: Call[] = [];
	for (const call of calls) {
		const key = keyOf(form, gather, call.itemIndex);
		if (key === undefined) alone.push(call);
		else wholes.set(key, [...(wholes.get(key) ?? []), call]);
	}
	const broken = new Map<string, Unread>();
	for (const part of unread) {
		const key = keyOf(form, gather, part.itemIndex);
		if (key !== undefined && !broken.has(key)) broken.set(key, part);
	}
	const failed: Unread[] = [];
	const whole: Call[] = [];
	for (const [key, parts] of wholes) {
		const first = parts[0];
		const missing = broken.get(key);
		if (missing) {
			const error = incomplete(missing);
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
