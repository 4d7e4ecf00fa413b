/** What a request holds although nobody put it in: the catalogue tells what of a request is the form's. */
import type { IDataObject } from 'n8n-workflow';

import type { RequestLogEntry } from '../../../sandbox';
import type { ApiRequest, Field, HttpMethod, Operation } from '../../../nodes/shared/catalogue';
import { allDictionaries } from '../../../nodes/MoySklad/catalogue/dictionaries';
import { callOf } from '../../unit/calls';

/** Paging that the styles of lists add after the first page, and what makes a repetition harmless. */
const OURS = ['limit', 'offset', 'syncId'];

/** Says what is sent and was neither touched nor shown with that value; `touched` are paths of parameters. */
export function untouchedIn(
	asked: RequestLogEntry[],
	operation: Operation,
	touched: string[],
): string[] {
	const isList = operation.list !== undefined;
	const hasMapper = operation.fields.some(({ kind }) => kind === 'mapper');
	// A document made from another is what MoySklad proposes, with what was typed in: it was asked for a template.
	const isProposed = asked.some(({ method, path }) => method === 'PUT' && path.endsWith('/new'));
	const reads = asked.filter(({ method }) => method === 'GET');
	// What a call replaces is read before, and sent along as it is.
	const { read = operation.route } = operation.replaces ?? {};
	const isKept = reads.some((request) => isOf(read, request));
	// A list looks up names beside its own pages. Where the pages come another way, all that is asked counts.
	const pages = reads.filter((request) => isOf(operation.route, request));
	const looked = isList ? (pages.length > 0 ? pages : reads) : [];
	const written =
		hasMapper && !isProposed && !isKept ? asked.filter((request) => !reads.includes(request)) : [];
	return [...looked, ...written].flatMap((request) => {
		const { method, path, query, body } = request;
		const more =
			method === 'GET' || Object(body) !== body ? {} : Array.isArray(body) ? body[0] : body;
		return strangersIn({ ...query, ...(more as object) }, operation, touched).map(
			([name, value]) =>
				`${method} ${path}: '${name}' is sent as ${JSON.stringify(value)}, and nobody put it in`,
		);
	});
}

/** Whether a request is that of a route. */
function isOf(route: string, { method, path }: RequestLogEntry): boolean {
	const [verb, address] = route.split(' ');
	const parts = address.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
	return method === verb && new RegExp(`${parts.join('[^/]+')}/?$`).test(path);
}

function strangersIn(
	sent: object,
	operation: Operation,
	touched: string[],
): Array<[string, unknown]> {
	// A mapper's columns and the fields at the top go by their names, what stands elsewhere by the catalogue.
	const names = touched.map((where) => /\["(.*)"\]$/.exec(where)?.[1] ?? where.split(/[.[]/)[0]);
	const isTouched = ({ section, name }: Field) => {
		const place = section ? `${section}.${name}` : name;
		return touched.some((where) => where === place || /^[.[]/.test(where.replace(place, '')));
	};
	const places = (prefix: string, fields: Field[]) =>
		fields.flatMap(({ to }) => (to.startsWith(prefix) ? [to.slice(prefix.length)] : []));
	const put = operation.fields.filter(isTouched);
	// A mapper's column may stand deeper in the body, under another name.
	const deep = operation.fields.flatMap((field) =>
		field.kind === 'mapper'
			? field.mapper.fields.flatMap(({ name, at }) => (at && names.includes(name) ? [at] : []))
			: [],
	);
	const own = new Set([
		...OURS,
		...Object.keys(operation.list?.style.first(1) ?? {}),
		...names,
		...places('query:', put),
		...[...places('body:', put), ...deep].map((place) => place.replace(/\..*/, '')),
	]);
	const compared = places('filter:', put);
	return Object.entries(sent).flatMap(([name, value]): Array<[string, unknown]> => {
		if (own.has(name)) return [];
		if (name === 'filter' && typeof value === 'string') {
			const strange = value
				.split(';')
				.filter((term) => !compared.includes(term.split(/[^\w.]/)[0]));
			return strange.map((term) => [name, term]);
		}
		return isShown(name, value, operation) || isFilledIn(name, value, operation)
			? []
			: [[name, value]];
	});
}

/** Whether MoySklad's catalogue fills it in for what is new, since the vendor wants it and takes nothing else. */
function isFilledIn(name: string, value: unknown, { resource, operation }: Operation): boolean {
	const { defaults } = allDictionaries.find((one) => one.resource === resource) ?? {};
	return ['create', 'upsert'].includes(operation) && defaults?.[name] === value;
}

/** Whether the form shows this at the top as its choice: who leaves it there sees what is sent. */
function isShown(name: string, value: unknown, operation: Operation): boolean {
	return operation.fields.some((field) => {
		if (field.kind !== 'choice' || field.section) return false;
		if (field.to === `query:${name}`) return field.default === value;
		return field.to === 'control' && isToldBy(field, name, value, operation);
	});
}

/** Whether a choice that our own code reads decides over this part of the query, and its default is what is sent. */
function isToldBy(
	field: Extract<Field, { kind: 'choice' }>,
	name: string,
	value: unknown,
	operation: Operation,
): boolean {
	const [method, path] = operation.route.split(' ') as [HttpMethod, string];
	const sentFor = (choice: string) => {
		const request: ApiRequest & { query: IDataObject } = { method, path, query: {} };
		operation.shape?.(request, callOf(operation, { control: { [field.name]: choice } }));
		return String(request.query[name]);
	};
	const preset = sentFor(field.default);
	return (
		preset === String(value) && field.choices.some((choice) => sentFor(choice.value) !== preset)
	);
}
