/**
 * MoySklad: resources (operations, filters, order), field tables of the docs, our English labels and the
 * enumerations of the OpenAPI, as one table of types.
 */
import type { TypeFacts, TypeField } from '../../nodes/MoySklad/facts';
import { compact, head, inline, keyText, readTable } from './source';

interface Resource {
	keyword: string;
	kind: TypeFacts['kind'];
	titleRu?: string | null;
	path?: string | null;
	operations: Array<{ method: string; path: string; sources: string[] }>;
	hasMetadata: boolean;
	hasAttributes: boolean;
	hasStates: boolean;
	hasSyncId: boolean;
	hasTemplate: boolean;
	hasBulkDelete: boolean;
	canTrash: boolean;
	positions: string[] | null;
	subresources: string[];
	searchable: boolean;
	searchFields: string[] | null;
	requiredOnCreate: string[];
	readOnlyFields: string[];
	expandable: string[];
	filterable: Record<string, string[]>;
	/** Null: the docs do not say. */
	sortable: string[] | null;
	/** The older endpoint's, where there are two. */
	filterableLegacy?: Record<string, string[]>;
}

interface Label {
	label: string;
	kind: string;
	ref?: string;
	unit?: string;
	required?: boolean;
	readOnly?: boolean;
	link?: boolean;
}

interface Labels {
	keyword: string;
	englishOne: string;
	englishMany: string;
	fields: Record<string, Label>;
	nested?: Record<string, Record<string, Label>>;
}

type FieldTables = Record<
	string,
	Array<{
		section: string;
		rows: Array<{ name: string; type: string; filter?: string[]; desc?: string }>;
	}>
>;

interface Schema {
	$ref?: string;
	enum?: Array<string | number>;
	properties?: Record<string, Schema>;
	allOf?: Schema[];
	items?: Schema;
}

interface OpenApi {
	paths: Record<string, Record<string, unknown>>;
	components: { schemas: Record<string, Schema> };
}

/** Facts of all types, and every documented route. */
export interface MoySkladTables {
	types: Record<string, TypeFacts>;
	routes: string[];
}

/** Reads the four tables of the folder. Throws `ToolProblem`. */
export function readMoySklad(folder: string): MoySkladTables {
	const resources = readTable<Resource[]>(folder, 'moysklad-resources.json');
	const tables = readTable<FieldTables>(folder, 'moysklad-fields.json');
	const labels = new Map(
		readTable<Labels[]>(folder, 'moysklad-labels.json').map((entry) => [entry.keyword, entry]),
	);
	const api = readTable<OpenApi>(folder, 'moysklad-openapi.json');
	const enums = enumsOf(api);
	const types: Record<string, TypeFacts> = {};
	for (const resource of resources) {
		types[resource.keyword] = typeOf(
			resource,
			labels.get(resource.keyword),
			lengthsOf(tables[resource.keyword] ?? []),
			(name) => enums.get(`${resource.keyword.toLowerCase()}.${name}`) ?? enums.get(name),
		);
		addItems(resource, types[resource.keyword], api);
		if (resource.kind === 'report') {
			const filters = reportFilters(
				resource.keyword,
				tables[resource.keyword] ?? [],
				labels.get(resource.keyword),
			);
			if (Object.keys(filters).length > 0) types[resource.keyword].filters = filters;
		}
	}
	const routes = new Set<string>();
	for (const { operations } of resources) {
		for (const { method, path } of operations) routes.add(`${method} ${generic(path)}`);
	}
	for (const [path, methods] of Object.entries(api.paths)) {
		for (const method of Object.keys(methods)) {
			if (/^(get|put|post|delete)$/.test(method)) {
				routes.add(`${method.toUpperCase()} ${generic(path)}`);
			}
		}
	}
	for (const { path, has } of Object.values(types)) {
		// Only some types have an address for what MoySklad knows of a single file.
		if (has.includes('files') && routes.has(`GET ${path}/{id}/files/{id}`)) has.push('file');
	}
	return { types, routes: [...routes].sort() };
}

/**
 * The items of a document, where the docs have a table of them and the OpenAPI the field, though the docs' table of the
 * document leaves it out (Purchase Return).
 */
function addItems({ keyword, positions }: Resource, type: TypeFacts, api: OpenApi): void {
	if (!positions?.includes('positions') || !type.parts?.positions || type.fields.positions) return;
	const schemas = Object.entries(api.components.schemas);
	const [, schema] = schemas.find(([name]) => name.toLowerCase() === keyword) ?? [];
	const isThere = [schema ?? {}, ...(schema?.allOf ?? [])].some(
		({ properties }) => properties?.positions,
	);
	if (!isThere) return;
	type.fields.positions = { label: 'Items', kind: 'positions', ref: [`${keyword}/positions`] };
}

/** All placeholders alike: the sources name them differently. */
function generic(path: string): string {
	return path.replace(/\{[^}]*\}/g, '{id}');
}

function typeOf(
	resource: Resource,
	labels: Labels | undefined,
	lengths: Map<string, number>,
	valuesOf: (name: string) => string[] | undefined,
): TypeFacts {
	const { keyword } = resource;
	const fields: Record<string, TypeField> = {};
	const names = new Set([
		...Object.keys(labels?.fields ?? {}),
		...Object.keys({ ...resource.filterable, ...resource.filterableLegacy }).filter((name) =>
			/^[\w.]+$/.test(name),
		),
		...(resource.sortable ?? []),
	]);
	for (const name of names) {
		if (name === 'meta') continue;
		const label = labels?.fields[name];
		const operators = signsOf(resource.filterable[name]);
		const older = signsOf(resource.filterableLegacy?.[name]);
		fields[name] = compact<TypeField>({
			label: label?.label ?? titleOf(name),
			kind: label?.kind ?? 'unknown',
			ref: label?.ref?.split('|'),
			unit: label?.unit,
			values: label?.kind === 'enum' ? valuesOf(name) : undefined,
			max: lengths.get(name),
			required: resource.requiredOnCreate.includes(name),
			readOnly: label?.readOnly === true || resource.readOnlyFields.includes(name),
			filter: operators === '' ? undefined : operators,
			olderFilter: older === '' ? undefined : older,
			sort: resource.sortable?.includes(name),
			expand: resource.expandable.includes(name),
			listOnly: label === undefined,
			link: label?.link,
		});
	}
	const parts = Object.entries(labels?.nested ?? {}).map(
		([list, inner]): [string, Record<string, TypeField>] => [
			list,
			Object.fromEntries(
				Object.entries(inner)
					.filter(([name]) => name !== 'meta')
					.map(([name, label]) => [
						name,
						compact<TypeField>({
							label: label.label,
							kind: label.kind,
							ref: label.ref?.split('|'),
							unit: label.unit,
							required: label.required,
							readOnly: label.readOnly,
						}),
					]),
			),
		],
	);
	return {
		...compact<Omit<TypeFacts, 'has' | 'fields'>>({
			kind: resource.kind,
			one: labels?.englishOne ?? titleOf(keyword),
			many: labels?.englishMany ?? titleOf(keyword),
			local: resource.titleRu ?? undefined,
			path: resource.path ?? undefined,
			does: lettersOf(resource),
			search: resource.searchable ? (resource.searchFields ?? ['*']) : undefined,
		}),
		has: [
			...(resource.hasMetadata ? ['metadata'] : []),
			...(resource.hasAttributes ? ['attributes'] : []),
			...(resource.hasStates ? ['states'] : []),
			...(resource.hasSyncId ? ['syncId'] : []),
			...(resource.hasTemplate ? ['template'] : []),
			...new Set([...(resource.positions ?? []), ...resource.subresources]),
		],
		fields,
		...(parts.length > 0 ? { parts: Object.fromEntries(parts) } : {}),
	};
}

/** Signs of a filter; attributes have rules of their own and are left out. */
function signsOf(operators: string[] | undefined): string {
	return (operators ?? []).filter((sign) => /^(!?=|!?~|~=|=~|[<>]=?)$/.test(sign)).join(' ');
}

/** Titles of the chapters on reports → the end of the address that they tell of; of those left out, the report's own. */
const REPORTS: Record<string, string> = {
	'Расширенный отчет об остатках': 'all',
	'Остатки по складам': 'bystore',
	'Обороты по товарам': 'all',
	'Обороты по товару с детализацией по складам': 'bystore',
	'Прибыльность по товарам': 'byproduct',
	'Прибыльность по модификациям': 'byvariant',
	'Прибыльность по сотрудникам': 'byemployee',
	'Прибыльность по покупателям': 'bycounterparty',
	'Прибыльность по каналам продаж': 'bysaleschannel',
	'Движение денежных средств': 'plotseries',
	'Показатели заказов': 'plotseries',
	'Показатели продаж': 'plotseries',
	'Отчет с остатками': 'stock',
	'Отчет с резервами': 'reserve',
	'Отчет с ожиданием': 'intransit',
};

/** Of a chapter that two reports share, each has its own part. */
const OWN_CHAPTER: Record<string, string> = {
	orders: 'Показатели заказов',
	sales: 'Показатели продаж',
};

const KINDS: Record<string, string> = {
	Boolean: 'boolean',
	DateTime: 'dateTime',
	Enum: 'enum',
	Float: 'number',
	Int: 'integer',
	Object: 'ref',
	UUID: 'uuid',
};

/** What each report of a family can be filtered by: the tables of its chapter that have signs. */
function reportFilters(
	keyword: string,
	sections: FieldTables[string],
	labels: Labels | undefined,
): Record<string, Record<string, TypeField>> {
	const found: Record<string, Record<string, TypeField>> = {};
	const own = OWN_CHAPTER[keyword];
	for (const { section, rows } of sections) {
		const titles = section.split(' / ');
		const chapter = titles.find((title) => title in REPORTS);
		if (own !== undefined && chapter !== own) continue;
		const endpoint = chapter === undefined ? keyword.replace(/.*\./, '') : REPORTS[chapter];
		for (const { name, type, filter, desc = '' } of rows) {
			const signs = signsOf(filter);
			if (signs === '') continue;
			const label =
				labels?.nested?.filters?.[name] ??
				labels?.nested?.materials?.[name] ??
				labels?.fields[name];
			const kind = KINDS[type] ?? 'string';
			const values = [...desc.matchAll(/`(\w+)`/g)].map(([, value]) => value);
			const isOpen = kind === 'boolean' || kind === 'ref' || values.length < 2;
			found[endpoint] ??= {};
			found[endpoint][name] = compact<TypeField>({
				label: label?.label ?? titleOf(name),
				kind: isOpen || kind !== 'string' ? kind : 'enum',
				unit: kind === 'number' ? label?.unit : undefined,
				values: isOpen || kind === 'integer' ? undefined : values,
				filter: signs,
				several: /несколько значений|по нескольким|два значения/.test(desc),
				orEmpty: /пустое значение/.test(desc),
			});
		}
	}
	return found;
}

/** What the collection of a type can do, read off its routes. */
function lettersOf({ path, operations, hasBulkDelete, canTrash }: Resource): string {
	if (!path) return '';
	const can = (method: string, at: string) =>
		operations.some((one) => one.method === method && generic(one.path) === generic(at));
	return [
		can('GET', path) ? 'l' : '',
		can('POST', path) ? 'c' : '',
		can('GET', `${path}/{id}`) ? 'r' : '',
		can('PUT', `${path}/{id}`) ? 'u' : '',
		can('DELETE', `${path}/{id}`) ? 'd' : '',
		hasBulkDelete ? 'D' : '',
		canTrash ? 't' : '',
	].join('');
}

/** `String(255)` of the docs' field tables: field → characters. The first table is the object's own. */
function lengthsOf(sections: FieldTables[string]): Map<string, number> {
	const lengths = new Map<string, number>();
	for (const { name, type } of sections[0]?.rows ?? []) {
		const [, length] = /^String\((\d+)\)$/.exec(type) ?? [];
		if (length) lengths.set(name, Number(length));
	}
	return lengths;
}

/** Enumerations of the OpenAPI: `<type>.<field>`, or the name of a shared one → values. */
function enumsOf(api: OpenApi): Map<string, string[]> {
	const { schemas } = api.components;
	const found = new Map<string, string[]>();
	const deref = (schema: Schema): Schema =>
		schema.$ref ? (schemas[schema.$ref.split('/').pop() ?? ''] ?? {}) : schema;
	const visit = (type: string, schema: Schema, depth: number): void => {
		if (depth > 4) return;
		for (const part of schema.allOf ?? []) visit(type, deref(part), depth + 1);
		for (const [name, given] of Object.entries(schema.properties ?? {})) {
			const property = deref(given);
			const values = property.enum ?? property.allOf?.map(deref).find((one) => one.enum)?.enum;
			if (values) found.set(`${type}.${name}`, values.map(String));
		}
	};
	for (const [type, schema] of Object.entries(schemas)) {
		// Shared enumerations are schemas with the name of the field.
		if (schema.enum) found.set(type, schema.enum.map(String));
		visit(type.toLowerCase(), schema, 0);
	}
	return found;
}

/** `deliveryPlannedMoment` → `Delivery Planned Moment`. */
function titleOf(name: string): string {
	// Orders of lists that the labels do not know.
	if (/^(first|last|middle)name$/.test(name)) return titleOf(name.replace(/name$/, 'Name'));
	const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[._]/g, ' ');
	return words.replace(/\b\w/g, (letter) => letter.toUpperCase());
}

/** `facts.generated.ts`. */
export function writeMoySklad({ types }: MoySkladTables): string {
	const lines: string[] = [];
	for (const [keyword, { fields, parts, filters, ...rest }] of Object.entries(types)) {
		lines.push(`\t${keyText(keyword)}: {`);
		for (const [name, value] of Object.entries(rest)) lines.push(`\t\t${name}: ${inline(value)},`);
		lines.push('\t\tfields: {', ...fieldLines(fields, '\t\t\t'), '\t\t},');
		for (const [name, tables] of Object.entries({ parts, filters })) {
			if (!tables) continue;
			lines.push(`\t\t${name}: {`);
			for (const [list, inner] of Object.entries(tables)) {
				lines.push(`\t\t\t${keyText(list)}: {`, ...fieldLines(inner, '\t\t\t\t'), '\t\t\t},');
			}
			lines.push('\t\t},');
		}
		lines.push('\t},');
	}
	return `${head("Facts of MoySklad's types.", "import type { TypeFacts } from './typeFacts';")}export const types: Record<string, TypeFacts> = {\n${lines.join('\n')}\n};\n`;
}

function fieldLines(fields: Record<string, TypeField>, indent: string): string[] {
	return Object.entries(fields).map(
		([name, field]) => `${indent}${keyText(name)}: ${inline(field)},`,
	);
}
