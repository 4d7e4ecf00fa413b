/**
 * Which fields the columns of an input item mean: by the API's name, or by the label that the form shows, whatever
 * their case, blanks and punctuation.
 */
import type { NodeExecutionHint } from 'n8n-workflow';

import type { Call, MapperField } from '../catalogue';
import { InputProblem } from '../errors/problems';

/** How well a column fits a field; the least is best. */
export enum Fit {
	Name,
	Label,
	/** Without what stands in brackets. */
	Gist,
}

/** What two names of a column must have in common: letters and digits, whatever their case, ё as е. */
export function essence(text: string): string {
	return text
		.toLowerCase()
		.replace(/ё/g, 'е')
		.replace(/[^\p{L}\p{N}]/gu, '');
}

/** A label without its last or all of its remarks in brackets. */
const withoutLast = (label: string) => label.replace(/(?<!\s)\s*\([^()]*\)\s*$/, '');
const withoutAny = (label: string) => label.replace(/\([^()]*\)/g, '');

/** The fields of a mapper, to be found by columns. */
export class Columns {
	private readonly by: Array<Map<string, MapperField[]>> = [new Map(), new Map(), new Map()];
	private readonly known = new Map<string, ReturnType<Columns['search']>>();

	/** `prefix`: what stands before the ID in the names of the account's own fields. */
	constructor(fields: MapperField[], prefix = '') {
		for (const field of fields) {
			const { name, label, also = [] } = field;
			const id = prefix && name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
			for (const one of [name, ...also, ...id]) this.add(Fit.Name, one, field);
			for (const one of [name, ...also, label, withoutLast(label)]) {
				this.add(Fit.Label, essence(one), field);
			}
			this.add(Fit.Gist, essence(withoutAny(label)), field);
		}
	}

	private add(fit: Fit, key: string, field: MapperField): void {
		const fields = this.by[fit].get(key) ?? [];
		if (key !== '' && !fields.includes(field)) this.by[fit].set(key, [...fields, field]);
	}

	/** How well a column fits; undefined when it is no field's. */
	fit(column: string): Fit | undefined {
		return this.find(column)?.fit;
	}

	/** The one field that a column means. Throws `InputProblem` when it fits several, or none. */
	field(column: string): MapperField {
		const fields = this.find(column)?.fields ?? [];
		if (fields.length === 1) return fields[0];
		throw new InputProblem(
			column,
			`is a column that fits ${fields.map(({ label, name }) => `'${label}' (${name})`).join(' and ')}`,
			`Name the column ${fields.map(({ name }) => `'${name}'`).join(' or ')}, or map the fields by hand.`,
		);
	}

	/** The field with exactly this name, as rows of the vendor have it. */
	named(column: string): MapperField | undefined {
		return this.by[Fit.Name].get(column)?.[0];
	}

	private find(column: string): { fit: Fit; fields: MapperField[] } | undefined {
		if (!this.known.has(column)) this.known.set(column, this.search(column));
		return this.known.get(column);
	}

	private search(column: string): { fit: Fit; fields: MapperField[] } | undefined {
		const keys = [column, essence(column), essence(withoutAny(column))];
		for (const fit of [Fit.Name, Fit.Label, Fit.Gist]) {
			const fields = this.by[fit].get(keys[fit]);
			if (fields) return { fit, fields };
		}
		return undefined;
	}
}

/**
 * True when a column means a field of the catalogue whatever the account may have: by its exact name, or by its
 * label when `account`, the fields that the saved form knows, has none that fits as well.
 */
export function isSure(fit: Fit, column: string, account: Columns | undefined): boolean {
	if (fit === Fit.Name) return true;
	const other = account?.fit(column) ?? Fit.Gist;
	return account !== undefined && fit < other;
}

/** `'a', 'b' and 3 more`. */
function listed(all: string[], most: number): string {
	const rest = all.length > most ? ` and ${all.length - most} more` : '';
	return `${all.slice(0, most).join(', ')}${rest}`;
}

function quoted(names: Iterable<string>): string {
	return listed(
		[...names].map((name) => `'${name}'`),
		20,
	);
}

/** What an item has that no field took, and what would be understood; empty when everything was used. */
export function leftOut({ columns }: Call): string {
	return columns && columns.unused.length > 0 ? unusedText(columns.unused, columns.fields) : '';
}

function unusedText(unused: Iterable<string>, fields: MapperField[]): string {
	const names = fields.map(({ label, name }) => `${label} (${name})`);
	return `Columns of the input that were not used: ${quoted(unused)}. A column fills the field whose name it has: ${listed(names, 30)}.`;
}

/** What columns no field took, over all items of a run. */
export class ColumnReport {
	private readonly unused = new Set<string>();
	private readonly fixed = new Set<string>();
	private fields: MapperField[] = [];

	add({ columns }: Call): void {
		if (!columns) return;
		this.fields = columns.fields;
		for (const name of columns.unused) this.unused.add(name);
		for (const name of columns.fixed) this.fixed.add(name);
	}

	/** For n8n to show above the output: at most one of a kind. */
	hints(): NodeExecutionHint[] {
		const hints: NodeExecutionHint[] = [];
		if (this.unused.size > 0) {
			const message = unusedText(this.unused, this.fields);
			hints.push({ message, type: 'warning', location: 'outputPane' });
		}
		if (this.fixed.size > 0) {
			const message = `Columns of the input that are given out but cannot be written: ${quoted(this.fixed)}.`;
			hints.push({ message, type: 'info', location: 'outputPane' });
		}
		return hints;
	}
}
