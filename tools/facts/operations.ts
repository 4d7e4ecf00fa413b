/**
 * Yandex Market (OpenAPI), Altegio and Inspector Cloud (our operation tables) as lists of operations in one shape.
 */
import type { FieldFacts, OperationFacts } from '../../nodes/shared/facts/facts';
import { compact, head, inline, readTable } from './source';

// ------------------------------------------------------------------------------------- OpenAPI

interface Schema {
	$ref?: string;
	type?: string;
	format?: string;
	enum?: Array<string | number>;
	minimum?: number;
	exclusiveMinimum?: boolean;
	maximum?: number;
	maxLength?: number;
	maxItems?: number;
	required?: string[];
	properties?: Record<string, Schema>;
	items?: Schema;
	allOf?: Schema[];
	deprecated?: boolean;
	/** What Yandex does to a value before it looks at it. */
	'x-transform'?: string;
}

interface Parameter {
	$ref?: string;
	name: string;
	in: string;
	required?: boolean;
	schema?: Schema;
	deprecated?: boolean;
}

interface OpenApiOperation {
	operationId?: string;
	tags?: string[];
	parameters?: Parameter[];
	requestBody?: { content?: Record<string, { schema?: Schema }> };
	responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
	deprecated?: boolean;
	'x-auth-scopes'?: string[];
	'x-resource-limit-config'?: {
		path?: string;
		none?: { amount?: number; period?: string; 'period-duration'?: number };
	};
	'x-deprecation-config'?: {
		'degradation-start-date'?: string;
		'shutdown-date'?: string;
		'replacement-operation-id'?: string;
	};
}

interface OpenApi {
	paths: Record<string, Record<string, OpenApiOperation & { parameters?: Parameter[] }>>;
	components: { schemas: Record<string, Schema>; parameters?: Record<string, Parameter> };
}

/** How deep objects in objects are read; the deepest of today's bodies has seven levels. */
const DEPTH = 9;
const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Operations of an OpenAPI document. Throws `ToolProblem` for a file that is not there. */
export function readOpenApi(folder: string, file: string): OperationFacts[] {
	const api = readTable<OpenApi>(folder, file);
	const found: OperationFacts[] = [];
	for (const [path, methods] of Object.entries(api.paths)) {
		for (const [method, operation] of Object.entries(methods)) {
			if (operation.operationId) found.push(openApiOperation(api, path, method, operation));
		}
	}
	return found;
}

function openApiOperation(
	api: OpenApi,
	path: string,
	method: string,
	operation: OpenApiOperation,
): OperationFacts {
	const parameters = (operation.parameters ?? []).map((given) =>
		given.$ref ? (api.components.parameters?.[lastOf(given.$ref)] ?? given) : given,
	);
	const at = (place: string) =>
		parameters
			.filter((parameter) => parameter.in === place)
			.map((parameter) => ({
				...fieldOf(api, parameter.name, parameter.schema ?? {}, [], parameter.required === true),
				...(parameter.deprecated ? { deprecated: true } : {}),
			}));
	const [content, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
	const good = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'));
	const [answerType, answer] = Object.entries(good?.[1].content ?? {})[0] ?? [];
	const limit = operation['x-resource-limit-config'];
	const ends = operation['x-deprecation-config'];
	return compact<OperationFacts>({
		id: operation.operationId ?? '',
		method: method.toUpperCase(),
		path,
		group: operation.tags?.[0],
		pathFields: at('path'),
		query: at('query'),
		body: media?.schema ? fieldsOf(api, media.schema, []) : undefined,
		content: content === 'application/json' ? undefined : content,
		answer:
			answerType && answerType !== 'application/json'
				? { '': answerType }
				: answer?.schema
					? answerPaths(api, answer.schema)
					: undefined,
		scopes: operation['x-auth-scopes'],
		limit: limit?.none?.amount
			? compact({
					amount: limit.none.amount,
					seconds: (SECONDS[limit.none.period ?? ''] ?? 1) * (limit.none['period-duration'] ?? 1),
					per: limit.path,
				})
			: undefined,
		deprecated: operation.deprecated
			? compact({
					since: ends?.['degradation-start-date'],
					off: ends?.['shutdown-date'],
					instead: ends?.['replacement-operation-id'],
				})
			: undefined,
	});
}

const lastOf = (reference: string) => reference.split('/').pop() ?? '';

/** A schema with its reference and its `allOf` parts taken together, and the names passed on the way. */
function whole(api: OpenApi, schema: Schema, seen: string[]): { schema: Schema; seen: string[] } {
	if (schema.$ref) {
		const name = lastOf(schema.$ref);
		if (seen.includes(name)) return { schema: { type: 'object' }, seen };
		return whole(api, api.components.schemas[name] ?? {}, [...seen, name]);
	}
	if (!schema.allOf) return { schema, seen };
	const merged: Schema = { ...schema, allOf: undefined };
	let names = seen;
	for (const part of schema.allOf) {
		const inner = whole(api, part, names);
		names = inner.seen;
		merged.type ??= inner.schema.type;
		merged.enum ??= inner.schema.enum;
		merged.format ??= inner.schema.format;
		merged.items ??= inner.schema.items;
		merged.properties = { ...merged.properties, ...inner.schema.properties };
		merged.required = [...(merged.required ?? []), ...(inner.schema.required ?? [])];
	}
	return { schema: merged, seen: names };
}

function fieldsOf(api: OpenApi, given: Schema, seen: string[]): FieldFacts[] {
	const { schema, seen: names } = whole(api, given, seen);
	return Object.entries(schema.properties ?? {}).map(([name, property]) =>
		fieldOf(api, name, property, names, schema.required?.includes(name) === true),
	);
}

function fieldOf(
	api: OpenApi,
	name: string,
	given: Schema,
	seen: string[],
	required: boolean,
): FieldFacts {
	const { schema, seen: names } = whole(api, given, seen);
	const items = schema.items ? whole(api, schema.items, names) : undefined;
	const inner = items?.schema ?? schema;
	const nested =
		inner.properties && names.length < DEPTH
			? fieldsOf(api, inner, items?.seen ?? names)
			: undefined;
	return compact<FieldFacts>({
		name,
		kind: schema.type ?? 'object',
		required,
		values: schema.enum ?? items?.schema.enum,
		format: schema.format ?? items?.schema.format,
		min: schema.minimum,
		above: schema.exclusiveMinimum ? true : undefined,
		max: schema.maximum,
		key: (items?.schema ?? schema)['x-transform'] === 'trim' ? true : undefined,
		maxLength: schema.maxLength,
		maxItems: schema.maxItems,
		of: items && !items.schema.properties ? (items.schema.type ?? 'object') : undefined,
		fields: nested,
		deprecated: schema.deprecated,
	});
}

/** The first levels of an answer, down to the rows of its list. */
function answerPaths(api: OpenApi, given: Schema): Record<string, string> {
	const paths: Record<string, string> = {};
	const visit = (schema: Schema, at: string, seen: string[], depth: number): void => {
		for (const [name, property] of Object.entries(schema.properties ?? {})) {
			const one = whole(api, property, seen);
			const items = one.schema.items ? whole(api, one.schema.items, one.seen) : undefined;
			const path = `${at}${name}${items ? '[]' : ''}`;
			paths[path] = items ? (items.schema.type ?? 'object') : (one.schema.type ?? 'object');
			const inner = items ?? one;
			if (depth < 3) visit(inner.schema, `${path}.`, inner.seen, depth + 1);
		}
	};
	const top = whole(api, given, []);
	visit(top.schema, '', top.seen, 1);
	return paths;
}

// ------------------------------------------------------------------------- our operation tables

interface TableField {
	name: string;
	type: string;
	required?: boolean;
	enum?: Array<string | number>;
	/** Members of an object, or of the objects of a list: `staff[].id`. */
	fields?: Array<{
		path: string;
		type: string;
		required?: boolean;
		enum?: Array<string | number>;
	}>;
}

interface TableOperation {
	api?: string;
	resource: string;
	name: string;
	method: string;
	path: string;
	version?: string;
	deprecated?: boolean;
	pathParams: TableField[];
	query: TableField[];
	body: TableField[];
	bodyType?: string;
	response?:
		| { fields?: Array<{ path: string; type: string }>; status?: number | null }
		| Array<{ path: string; type: string }>;
	/** False: not on the vendor's other platform; and those that only that one has. */
	yclients?: boolean;
	group?: string;
	paging?: { style?: string } | string | null;
	certainty?: string;
}

/** Operations of one of our own tables. Throws `ToolProblem` for a file that is not there. */
export function readOperations(folder: string, file: string): OperationFacts[] {
	return readTable<TableOperation[]>(folder, file).map((operation) => {
		const { resource, name, method, path, version, api, paging, response } = operation;
		const answer = Array.isArray(response) ? response : (response?.fields ?? []);
		const isForm = operation.bodyType && !/^(none|application\/json)$/.test(operation.bodyType);
		return compact<OperationFacts>({
			id: `${resource}.${name}`,
			method,
			path: version === 'v2' ? `/v2${path}` : path,
			group: api,
			pathFields: operation.pathParams.map(tableField),
			query: operation.query.map(tableField),
			body: nestedFields(operation.body),
			content: isForm ? operation.bodyType : undefined,
			answer:
				answer.length > 0
					? Object.fromEntries(answer.map((field) => [field.path, field.type]))
					: undefined,
			status: Array.isArray(response) ? undefined : (response?.status ?? undefined),
			only: onlyOn(operation),
			paging: typeof paging === 'string' ? paging : paging?.style,
			deprecated: operation.deprecated ? {} : undefined,
			certainty: operation.certainty === 'documented' ? undefined : operation.certainty,
		});
	});
}

/** The platform that has an operation alone. */
function onlyOn({ yclients, group }: TableOperation): string | undefined {
	if (yclients === undefined) return undefined;
	if (group?.startsWith('yclients')) return 'YCLIENTS';
	return yclients ? undefined : 'Altegio';
}

function tableField({ name, type, required, enum: values, fields = [] }: TableField): FieldFacts {
	const members = fields.map((one) => ({
		...one,
		at: one.path.slice(name.length).replace(/^(\[\])?\./, ''),
	}));
	const some = <T>(list: T[]) => (list.length > 0 ? list : undefined);
	const named = some(members.map(({ at, type: kind }) => [at, kind] as const));
	const known = some(members.flatMap(({ at, enum: one }) => (one ? [[at, one] as const] : [])));
	return compact<FieldFacts>({
		name,
		kind: type,
		required,
		values,
		holds: named && Object.fromEntries(named),
		needs: some(members.filter((one) => one.required).map(({ at }) => at)),
		knows: known && Object.fromEntries(known),
	});
}

/** `services[].id` and `client.phone` become fields of `services` and `client`. */
function nestedFields(fields: TableField[]): FieldFacts[] {
	const top: FieldFacts[] = [];
	for (const field of fields) {
		const parts = field.name.split('.');
		let level = top;
		parts.forEach((part, index) => {
			const name = part.replace(/\[\]$/, '');
			const isLast = index === parts.length - 1;
			let found = level.find((one) => one.name === name);
			if (!found) {
				found = isLast
					? tableField({ ...field, name })
					: { name, kind: part.endsWith('[]') ? 'array' : 'object' };
				level.push(found);
			}
			if (!isLast) level = found.fields ??= [];
		});
	}
	return top;
}

/** `facts.generated.ts` of a vendor. */
export function writeOperations(vendor: string, operations: OperationFacts[]): string {
	const lines = operations.map((operation) => {
		const { pathFields, query, body, answer, ...rest } = operation;
		const block = (name: string, fields: FieldFacts[] | undefined) =>
			fields
				? [`\t\t${name}: [`, ...fields.map((field) => `\t\t\t${inline(field)},`), '\t\t],']
				: [];
		return [
			'\t{',
			...Object.entries(rest).map(([name, value]) => `\t\t${name}: ${inline(value)},`),
			...block('pathFields', pathFields),
			...block('query', query),
			...block('body', body),
			...(answer ? [`\t\tanswer: ${inline(answer)},`] : []),
			'\t},',
		].join('\n');
	});
	return `${head(`Facts of ${vendor}'s operations.`, "import type { OperationFacts } from '../shared/facts/facts';")}export const operations: OperationFacts[] = [\n${lines.join('\n')}\n];\n`;
}
