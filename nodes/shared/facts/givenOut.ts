/** What the rows of a resource hold that its writes do not take. */
import type { Field, Operation } from '../catalogue';

/**
 * The operations, whose mappers also know the columns that simplified rows of their resource have and they have no
 * field for: a row that comes back is told from an item whose columns nobody knows.
 */
export function withGivenOut(operations: Operation[]): Operation[] {
	const columns = new Map<string, Set<string>>();
	for (const { resource, simplify, output } of operations) {
		if (!simplify) continue;
		const known = columns.get(resource) ?? new Set<string>();
		columns.set(resource, known);
		for (const name of Object.keys(output)) known.add(name);
	}
	return operations.map((operation) => {
		if (!operation.fields.some(({ kind }) => kind === 'mapper')) return operation;
		const known = columns.get(operation.resource) ?? new Set();
		return { ...operation, fields: operation.fields.map((field) => completed(field, known)) };
	});
}

function completed(field: Field, known: Set<string>): Field {
	if (field.kind !== 'mapper') return field;
	const { mapper } = field;
	const fields = new Set(mapper.fields.flatMap(({ name, also = [] }) => [name, ...also]));
	const names = [...(mapper.readOnly ?? []), ...known].filter((name) => !fields.has(name));
	return { ...field, mapper: { ...mapper, readOnly: [...new Set(names)] } };
}
