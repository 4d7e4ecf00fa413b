/**
 * Forms of a release, made from what its nodes declare (n8n's own `INodeProperties`), whatever release it is: one for each
 * kind of parameter and place in a form that a node has. Knows nothing of the catalogue, so that it reads old packages too.
 */
import type {
	IDataObject,
	INode,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
	NodeParameterValue,
	ResourceMapperField,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

/** A form to try: what it adds to those that came before, and its parameters as the editor saves them. */
export interface Candidate {
	shapes: string[];
	parameters: IDataObject;
	/** A mapper that still wants its columns, which the node itself tells, and what is filled in ({@link filledIn}). */
	mapper?: INodeProperties;
}

const UUID = '7944ef04-f831-11e5-7a69-971500188b19';
const IDS = [UUID, '12345', '2026-11-28 10:30'];

function shown(
	property: INodeProperties,
	values: IDataObject,
	root: IDataObject,
	description: INodeTypeDescription,
): boolean {
	const node = { typeVersion: versionOf(description) } as INode;
	return NodeHelpers.displayParameter(values as never, property, node, description, root as never);
}

/** The version that a new node gets. */
export function versionOf({ version, defaultVersion }: INodeTypeDescription): number {
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}

function patternOf(property: INodeProperties, mode: string): RegExp | undefined {
	const one = property.modes?.find(({ name }) => name === mode);
	const [rule] = one?.validation ?? [];
	const regex =
		rule && 'properties' in rule
			? (rule.properties as { regex?: string } | undefined)?.regex
			: undefined;
	return regex ? new RegExp(`^(?:${regex})$`) : undefined;
}

/** The example that a field gives itself. */
const exampleOf = ({ placeholder }: { placeholder?: string }) =>
	/^e\.g\. (.+)$/.exec(placeholder ?? '')?.[1];

function locator(property: INodeProperties, mode: string): IDataObject {
	const pattern = patternOf(property, mode === 'list' ? 'id' : mode);
	const own = exampleOf(property.modes?.find(({ name }) => name === mode) ?? {});
	const known = mode === 'url' ? [own] : [...IDS, own];
	const value =
		known.find((one) => one !== undefined && (pattern?.test(one) ?? true)) ?? own ?? UUID;
	return {
		__rl: true,
		mode,
		value,
		...(mode === 'list' ? { cachedResultName: 'As it was picked' } : {}),
	};
}

/** Kinds of columns that a form fills in, besides those that are required. */
const FILLED = ['string', 'number', 'boolean', 'dateTime', 'options', 'array', 'object'];

/** Something that a column of a mapper takes. */
function columnValue({ type, options = [] }: ResourceMapperField): unknown {
	const values: Record<string, unknown> = {
		number: 12,
		boolean: true,
		dateTime: '2026-11-01T10:00:00',
		options: options[0]?.value,
		array: '[]',
		object: '{}',
	};
	return type !== undefined && type in values ? values[type] : 'Fixture';
}

/** What a person fills in of a mapper's columns: those that must be, and the first one of the kind that is to be shown. */
export function filledIn(fields: ResourceMapperField[], kind: string): IDataObject | undefined {
	const first = fields.find(({ type = 'string', removed }) => type === kind && removed !== true);
	if (!first) return undefined;
	const filled = [
		...fields.filter(({ required, defaultMatch }) => required || defaultMatch),
		first,
	];
	return Object.fromEntries(filled.map((field) => [field.id, columnValue(field)])) as IDataObject;
}

/** Something that a parameter takes, for each way in which it can be filled. */
function valuesOf(
	property: INodeProperties,
	root: IDataObject,
	description: INodeTypeDescription,
): Array<[way: string, value: unknown]> {
	const { type, typeOptions: more } = property;
	const first = (property.options as INodePropertyOptions[] | undefined)?.[0]?.value;
	switch (type) {
		case 'resourceLocator':
			return (property.modes ?? []).map(({ name }) => [name, locator(property, name)]);
		case 'resourceMapper': {
			const mode = String(more?.resourceMapper?.mode ?? 'add');
			return [
				...FILLED.map((kind): [string, unknown] => [
					`${mode} defineBelow ${kind}`,
					mapped('defineBelow', {}),
				]),
				[`${mode} autoMapInputData`, mapped('autoMapInputData', null)],
			];
		}
		case 'options':
			if (more?.loadOptionsMethod) return [['loaded', UUID]];
			return [['one', property.default || first]];
		case 'multiOptions':
			return [[more?.loadOptionsMethod ? 'loaded' : 'some', [first ?? UUID]]];
		case 'boolean':
			return [['', property.default !== true]];
		case 'number':
			return [['', property.default || more?.minValue || 1]];
		case 'dateTime':
			return [['', '2026-11-01T10:00:00']];
		case 'json':
			return [['', '{}']];
		case 'string': {
			const text = String(property.default || (exampleOf(property) ?? '12'));
			return [[more?.multipleValues ? 'many' : '', more?.multipleValues ? [text] : text]];
		}
		case 'fixedCollection':
			return rowsOf(property, root, description);
		default:
			return [];
	}
}

function mapped(mappingMode: string, value: IDataObject | null): IDataObject {
	return {
		mappingMode,
		value,
		matchingColumns: [],
		schema: [],
		attemptToConvertTypes: false,
		convertFieldsToString: false,
	};
}

/** A row for each field that a row can be about; the way is the kind of its values. */
function rowsOf(
	property: INodeProperties,
	root: IDataObject,
	description: INodeTypeDescription,
): Array<[string, unknown]> {
	const many = property.typeOptions?.multipleValues === true;
	const made: Array<[string, unknown]> = [];
	for (const { name, values } of property.options as INodePropertyCollection[]) {
		const [chooser] = values;
		const choices =
			chooser.type === 'options' ? ((chooser.options ?? []) as INodePropertyOptions[]) : [];
		for (const choice of choices.length > 0 ? choices.map(({ value }) => value) : [undefined]) {
			const row: IDataObject = {};
			if (choice !== undefined) row[chooser.name] = choice as NodeParameterValue;
			const kinds: string[] = [];
			for (const one of choice === undefined ? values : values.slice(1)) {
				if (!shown(one, row, root, description)) continue;
				const [[way, value] = ['', undefined]] = valuesOf(one, root, description);
				if (value === undefined) continue;
				row[one.name] = value as NodeParameterValue;
				kinds.push(`${one.name} ${one.type} ${way}`);
			}
			made.push([`${name}: ${kinds.join(', ')}`, { [name]: many ? [row] : row }]);
		}
	}
	return made;
}

/** What choices are before anybody touches them. */
function presetsOf(properties: INodeProperties[]): IDataObject {
	const choices = properties.filter(({ type }) => type === 'options');
	return Object.fromEntries(
		choices.map(({ name, default: value }) => [name, value]),
	) as IDataObject;
}

/** The properties of one operation, or of a node that has none. */
interface Form {
	base: IDataObject;
	properties: INodeProperties[];
}

function formsOf(description: INodeTypeDescription): Form[] {
	const { properties } = description;
	const common = properties.filter(({ displayOptions: o }) => !o?.show?.resource);
	if (!properties.some(({ name }) => name === 'resource')) return [{ base: {}, properties }];
	const operations = properties.filter(({ name }) => name === 'operation');
	const of = new Map<string, INodeProperties[]>();
	for (const property of properties) {
		const { resource = [], operation = [] } = property.displayOptions?.show ?? {};
		for (const one of resource) {
			for (const other of operation) {
				const key = `${String(one)} ${String(other)}`;
				of.set(key, [...(of.get(key) ?? []), property]);
			}
		}
	}
	return operations.flatMap(({ displayOptions, options = [] }) =>
		(displayOptions?.show?.resource ?? []).flatMap((resource) =>
			(options as INodePropertyOptions[]).map(({ value }) => ({
				base: { resource, operation: value } as IDataObject,
				properties: [...common, ...(of.get(`${String(resource)} ${String(value)}`) ?? [])].filter(
					({ name }) => name !== 'resource' && name !== 'operation',
				),
			})),
		),
	);
}

/**
 * Forms of a node, an operation at a time; `needs(shape)` says whether a shape is still wanted. The caller runs each at once,
 * so that what one has shown no other one has to.
 */
export function* candidatesOf(
	description: INodeTypeDescription,
	needs: (shape: string) => boolean,
): Generator<Candidate> {
	for (const { base, properties } of formsOf(description)) {
		const required: IDataObject = { ...base };
		for (const property of properties) {
			if (!property.required || !shown(property, required, required, description)) continue;
			const ways = valuesOf(property, required, description);
			const [, value] = ways.find(([way]) => way === 'id') ?? ways[0] ?? [];
			if (value !== undefined) required[property.name] = value as NodeParameterValue;
		}
		// A mapper may be one of two ways to fill in a form, by a choice that nobody has to touch.
		const preset = { ...presetsOf(properties), ...required };
		for (const property of properties) {
			const values = property.type === 'resourceMapper' ? preset : required;
			if (!shown(property, values, values, description)) continue;
			const collection =
				property.type === 'collection' ? (property.options as INodeProperties[]) : undefined;
			for (const one of collection ?? [property]) {
				if (collection && !shown(one, {}, required, description)) continue;
				for (const [way, value] of valuesOf(one, required, description)) {
					const shape = `${collection ? `${property.name}: ` : ''}${one.type} ${way}`;
					if (value === undefined || !needs(shape)) continue;
					const parameters = structuredClone(required);
					if (collection) parameters[property.name] = { [one.name]: value as NodeParameterValue };
					else parameters[one.name] = value as NodeParameterValue;
					const mapper = way.includes('defineBelow') ? one : undefined;
					yield { shapes: [shape], parameters, ...(mapper ? { mapper } : {}) };
				}
			}
		}
	}
}
