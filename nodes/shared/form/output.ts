/** What of a row leaves the node: ten fields for people, everything, or the fields that were picked. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Choice, Operation, OutputRule } from '../catalogue';
import { valueAt } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { labelFrom } from './labels';
import { choiceOf, listOf, yesNo } from './readers';
import type { Form } from './values';

/** The form's choices. n8n's guidelines have the words. */
export const OUTPUTS = [
	{ name: 'Raw', value: 'raw', description: "Everything, in the API's own form" },
	{ name: 'Selected Fields', value: 'selectedFields', description: 'The ID and what you pick' },
	{ name: 'Simplified', value: 'simplified', description: 'The most useful fields in a flat row' },
] satisfies Choice[];

/** A row as the call's output wants it. */
export function present(row: IDataObject, call: Call): IDataObject {
	if (call.output === 'raw' || !call.operation.simplify) return row;
	const simple = simplified(row, call);
	if (call.output === 'simplified') return simple;
	const id = simple.id ?? row.id;
	const picked: IDataObject = id === undefined ? {} : { id };
	for (const name of call.output) {
		const value = name in simple ? simple[name] : (row[name] ?? valueAt(row, name));
		picked[name] = (value ?? null) as IDataObject[string];
	}
	return picked;
}

/** The same fields in the same order for every row: what a row does not have is null. */
function simplified(row: IDataObject, call: Call): IDataObject {
	const { simplify, columns, output } = call.operation;
	const found = simplify?.(row, call) ?? {};
	const fields = columns?.(call) ?? output;
	return Object.fromEntries(Object.keys(fields).map((name) => [name, found[name] ?? null]));
}

/** Fields that can be picked: those of the simplified row, and of the object what the catalogue knows. */
export function pickable({ output, rawFields = [] }: Operation): Choice[] {
	const known = new Map(rawFields.map((field) => [field.value, field]));
	for (const name of Object.keys(output)) {
		if (!known.has(name)) known.set(name, { name: labelFrom(name), value: name });
	}
	// It always comes.
	known.delete('id');
	return [...known.values()];
}

/**
 * What the form says of the output. Throws `InputProblem`. Workflows of version 0.1.0 have a switch Simplify in
 * its place; where that is an expression, it goes on deciding until something else is chosen.
 */
export function readOutput(form: Form, operation: Operation, itemIndex: number): OutputRule {
	if (!operation.simplify) return 'raw';
	const given = form.value('output', itemIndex);
	const chosen = choiceOf('Output', OUTPUTS, given) ?? 'simplified';
	if (chosen === 'selectedFields') {
		return readNames(operation, form.value('outputFields', itemIndex));
	}
	const former = form.value('simplify', itemIndex);
	const decides = given === undefined || form.isExpression('simplify');
	return chosen === 'raw' || (decides && yesNo('Simplify', former) === false)
		? 'raw'
		: 'simplified';
}

/** Names of fields, or the labels of those that the form offers; of one text, commas part them. */
function readNames(operation: Operation, raw: unknown): string[] {
	const label = 'Fields to Return';
	const choices = pickable(operation);
	const names = listOf(raw)?.map((name) => choiceOf(label, choices, name, true));
	if (!names) {
		const hint = "Pick at least one field, or set 'Output' to Simplified.";
		throw new InputProblem(label, 'is empty', hint);
	}
	return [...new Set(names as string[])].filter((name) => name !== 'id');
}
