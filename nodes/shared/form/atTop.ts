/**
 * The filters that people use stand at the top of a list's form: seen at once, and a model that uses the node as a
 * tool can be given them without a filter being added first.
 */
import type { Choice, Field, Operation } from '../catalogue';

const NOT_SET: Choice = { name: 'Not Set', value: '' };

/**
 * The operations with these filters of their lists at the top: `filters` names the parameters in their order, with what
 * is said of those that have no help of their own. What saved workflows have among the filters is read as before.
 * Switches stay where they are: at the top, one that nobody touched would be sent; so do numbers, of which the form
 * has no empty one, and what is shown along with other fields only.
 */
export function withFiltersAtTop(
	operations: Operation[],
	filters: Record<string, string>,
): Operation[] {
	const names = Object.keys(filters);
	const rank = ({ name }: Field) => names.indexOf(name);
	return operations.map((operation) => {
		const { fields, list, deprecated } = operation;
		const moving = fields.filter((field) => moves(field, names));
		if (!list || deprecated || moving.length === 0) return operation;
		const raised = moving
			.sort((one, other) => rank(one) - rank(other))
			.map((field) => atTop(field, filters[field.name]));
		const others = fields.filter((field) => !moves(field, names));
		return {
			...operation,
			fields: [
				...others.filter(({ section }) => !section),
				...raised,
				...others.filter(({ section }) => section),
			],
		};
	});
}

function moves({ section, kind, name, when }: Field, names: string[]): boolean {
	const fits = !['toggle', 'number'].includes(kind) && when === undefined;
	return section === 'filters' && fits && names.includes(name);
}

function atTop({ section, ...field }: Field, help: string): Field {
	const moved = { ...field, formerly: section, help: field.help ?? help } as Field;
	if (moved.kind !== 'choice' || moved.choices.some(({ value }) => value === '')) return moved;
	// A list begins with one of its choices: with none of them, nothing is asked for.
	const choices = [...moved.choices, NOT_SET].sort((one, other) =>
		one.name.localeCompare(other.name, 'en'),
	);
	return { ...moved, choices, default: '' };
}
