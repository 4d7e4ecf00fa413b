/** Raw values of the form, before anybody knows what they mean. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { InputProblem } from '../errors/problems';
import { readExactJson } from '../road/exact';
import { shown } from './readers';

export type FormContext = Pick<
	IExecuteFunctions,
	'getNodeParameter' | 'getTimezone' | 'getInputData'
>;

/** The parameters of a node. Those without an expression are the same for all items and read once. */
export class Form {
	private readonly constants = new Map<string, unknown>();
	/** Parameters with an expression: other values for each item. */
	private readonly resolved = new Set<string>();
	readonly timezone: string;

	constructor(private readonly context: FormContext) {
		this.timezone = context.getTimezone();
	}

	/** The value for an item; undefined when the form does not have it. */
	value(name: string, itemIndex: number): unknown {
		if (this.constants.has(name)) return this.constants.get(name);
		if (!this.resolved.has(name)) {
			const raw: unknown = this.context.getNodeParameter(name, itemIndex, null, {
				rawExpressions: true,
			});
			if (!hasExpression(raw)) {
				const given = raw ?? undefined;
				this.constants.set(name, given);
				return given;
			}
			this.resolved.add(name);
		}
		// Fields of the resource mapper are checked here, so that values MoySklad has added since stay possible.
		const value: unknown = this.context.getNodeParameter(name, itemIndex, null, {
			skipValidation: true,
		});
		return value ?? undefined;
	}

	/** Whether a parameter that was read holds an expression. */
	isExpression(name: string): boolean {
		return this.resolved.has(name);
	}

	/** The item's own JSON. */
	json(itemIndex: number): IDataObject {
		return this.context.getInputData()[itemIndex].json;
	}
}

function hasExpression(raw: unknown): boolean {
	if (typeof raw === 'string') return raw.startsWith('=');
	if (typeof raw !== 'object' || raw === null) return false;
	return Object.values(raw).some(hasExpression);
}

/**
 * An object or array, given as such or as JSON text; nothing for none and empty text. Throws `InputProblem`.
 *
 * @param read what reads the text: `readMarkedJson` for what a vendor gets as it is
 */
export function parsedJson(
	label: string,
	raw: unknown,
	read: (text: string) => unknown = readExactJson,
): object | undefined {
	if (raw === undefined || raw === null) return undefined;
	let value: unknown = raw;
	let wrong = 'is no JSON object';
	if (typeof raw === 'string') {
		if (raw.trim() === '') return undefined;
		try {
			value = read(raw);
		} catch (error) {
			wrong = `is no valid JSON (${error instanceof Error ? error.message : 'it cannot be read'})`;
			value = undefined;
		}
	}
	if (typeof value === 'object' && value !== null) return value;
	throw new InputProblem(
		label,
		wrong,
		'Give an object in curly brackets with names and texts in double quotes, or an expression that yields one.',
	);
}

/** Rows of a fixed collection; an expression may give them alone, or as JSON text. Throws `InputProblem`. */
export function groupRows(label: string, raw: unknown, group: string): IDataObject[] {
	const given = parsedJson(label, raw);
	const rows = Array.isArray(given) ? given : ((given as IDataObject | undefined)?.[group] ?? []);
	const list = (Array.isArray(rows) ? rows : [rows]) as unknown[];
	const wrong = list.find((row) => typeof row !== 'object' || row === null);
	if (wrong === undefined) return list as IDataObject[];
	throw new InputProblem(
		label,
		`holds '${shown(wrong)}', which is no row`,
		'Each row is an object in curly brackets.',
	);
}
