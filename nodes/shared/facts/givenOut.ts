/** What the rows of a resource hold that its writes do not take. */
import type { Field, Operation } from '../catalogue';
import { Columns } from '../form/columns';
import type { OperationFacts } from './facts';
import { pickedBesides } from './fromFacts';

/**
 * The operations, whose mappers also know the columns that rows of their resource have and they have no field for: a row
 * that comes back is told from an item whose columns nobody knows. What simplified rows have the operations tell, what
 * the vendor's own have stands in `facts`; so what may be picked of them besides is made here where an operation does not
 * say it.
 */
export function withGivenOut(operations: Operation[], facts: OperationFacts[] = []): Operation[] {
	const byRoute = new Map<string, OperationFacts[]>();
	for (const one of facts) {
		const route = bareRoute(`${one.method} ${one.path}`);
		byRoute.set(route, [...(byRoute.get(route) ?? []), one]);
	}
	const namesOf = (route: string, at?: string) =>
		(byRoute.get(bareRoute(route)) ?? []).flatMap((one) => rowNames(one, at));
	const rows = new Map<string, Rows>();
	for (const { resource, simplify, output, route, answer } of operations) {
		const known = rows.get(resource) ?? { simplified: [], raw: [] };
		rows.set(resource, known);
		if (simplify) known.simplified.push(...Object.keys(output));
		const isRead = route.startsWith('GET ') && (answer.kind === 'object' || answer.kind === 'list');
		if (isRead) known.raw.push(...namesOf(route, answer.at));
	}
	const picked = operations.map((operation) => {
		const { route, answer, simplify, rawFields } = operation;
		const isRows = answer.kind === 'object' || answer.kind === 'list';
		if (!isRows || !simplify || rawFields) return operation;
		const besides = pickedBesides(namesOf(route, answer.at), Object.keys(operation.output));
		return besides.length > 0 ? { ...operation, rawFields: besides } : operation;
	});
	return picked.map((operation) => {
		const { replaces, fields } = operation;
		if (!fields.some(({ kind }) => kind === 'mapper')) return operation;
		const { simplified, raw } = rows.get(operation.resource) as Rows;
		const read = replaces ? namesOf(replaces.read, replaces.at) : [];
		const known = { simplified, raw: [...raw, ...read] };
		return { ...operation, fields: fields.map((field) => completed(field, known)) };
	});
}

/** Names of columns. */
interface Rows {
	simplified: string[];
	raw: string[];
}

/** A route whatever its placeholders are called. */
const bareRoute = (route: string) => route.replace(/\{\w+\}/g, '{}');

/** Names of a row of the answer; those of objects that are given out beside the ID (JSON:API), too. */
export function rowNames({ answer = {} }: OperationFacts, at = ''): string[] {
	return Object.keys(answer).flatMap((path) => {
		const below = path.startsWith(at) ? path.slice(at.length) : '';
		const [, name] = /^(?:\[\])?\.?(?:attributes\.)?(\w+)$/.exec(below) ?? [];
		return name === undefined ? [] : [name];
	});
}

function completed(field: Field, { simplified, raw }: Rows): Field {
	if (field.kind !== 'mapper') return field;
	const { mapper } = field;
	const fields = new Set(mapper.fields.flatMap(({ name, also = [] }) => [name, ...also]));
	const columns = new Columns(mapper.fields);
	const names = [
		...[...(mapper.readOnly ?? []), ...simplified].filter((name) => !fields.has(name)),
		// A column of a sheet may be called so as well, and mean a field by its label.
		...raw.filter((name) => columns.fit(name) === undefined),
	];
	return { ...field, mapper: { ...mapper, readOnly: [...new Set(names)] } };
}
