/**
 * The fields of a write: n8n's resource mapper (by hand or automatically from the input), or JSON. Both ways end
 * in the same wire values.
 */
import type {
	FieldType,
	IDataObject,
	ILoadOptionsFunctions,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { Call, Mapper, MapperField, Vendor, WireContext } from './catalogue';
import { toNodeError } from './errors';
import { EMPTY_VALUES } from './form';
import { InputProblem } from './problems';
import { isNothing, needed, shown, valueOf } from './readers';
import { operationOf } from './request';
import { openRoad } from './road';
import { timeAs } from './times';
import { parsedJson, type Form } from './values';

const TYPES: Record<MapperField['kind'], FieldType> = {
	text: 'string',
	number: 'number',
	// n8n's editor sends false for every visible boolean that nobody touched; a choice stays empty.
	toggle: 'options',
	time: 'dateTime',
	choice: 'options',
	object: 'object',
	array: 'array',
};

/** n8n's `resourceMapping` method: the fields of the operation that the form shows now. */
export function mapFields(vendor: Vendor) {
	return async function (this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
		try {
			const resource = this.getCurrentNodeParameter('resource');
			const name = this.getCurrentNodeParameter('operation');
			const operation = operationOf(vendor, resource, name);
			const field = operation?.fields.find(({ kind }) => kind === 'mapper');
			if (field?.kind !== 'mapper') return { fields: [] };
			const { mapper } = field;
			const all = [...mapper.fields];
			if (mapper.more) {
				const road = await openRoad(this, vendor);
				const parameter = (field: string): unknown => this.getCurrentNodeParameter(field);
				all.push(...(await mapper.more.load(road.send, road.connection.baseUrl, parameter)));
			}
			// What is only matched by has no place where nothing is matched.
			const shown = all.filter(({ matchOnly }) => !matchOnly || mapper.mode === 'upsert');
			return { fields: shown.map((entry) => formField(entry, mapper)) };
		} catch (error) {
			throw toNodeError(this.getNode(), vendor.name, error);
		}
	};
}

/** The editor cuts longer labels, and has no other place for what a value looks like. */
const LABEL_LENGTH = 38;

function shownLabel({ label, looks }: MapperField): string {
	const whole = looks ? `${label} (${looks})` : label;
	return whole.length <= LABEL_LENGTH ? whole : label;
}

const YES_OR_NO: INodePropertyOptions[] = [
	{ name: 'Yes', value: true },
	{ name: 'No', value: false },
];

function formField(field: MapperField, mapper: Mapper): ResourceMapperField {
	const matches = mapper.mode === 'upsert' && field.match !== undefined && field.match !== false;
	return {
		id: field.name,
		displayName: shownLabel(field),
		// n8n does not start the node without what is marked as required.
		required: mapper.mode === 'create' && field.required === true,
		defaultMatch: matches && field.match === 'default',
		canBeUsedToMatch: matches,
		display: true,
		type: typeOf(field),
		...(field.kind === 'toggle' ? { options: YES_OR_NO } : {}),
		...(field.choices ? { options: field.choices } : {}),
		...(field.rare && !matches ? { removed: true } : {}),
	};
}

/**
 * n8n's type of a field. Structures that may stay empty are plain text, which takes JSON as well: the editor for
 * JSON marks an empty field as wrong.
 */
function typeOf(field: MapperField): FieldType {
	const isStructure = field.kind === 'array' || field.kind === 'object';
	return isStructure && field.wire && !field.required ? 'string' : TYPES[field.kind];
}

/**
 * Reads the fields of a write into the call: wire values into `body`, values of custom fields into `extra`, and
 * for an upsert the field and value to match by. Throws `InputProblem`.
 */
export function readMapped(form: Form, mapper: Mapper, call: Call, wire: WireContext): void {
	const parameter = (name: string) => form.value(name, call.itemIndex);
	const options = (parameter('options') ?? {}) as IDataObject;
	const clears = valueOf(EMPTY_VALUES, options.emptyValues) === 'clear';
	const known = new Map(mapper.fields.map((field) => [field.name, field]));
	const isCustom = (name: string) =>
		mapper.more !== undefined && name.startsWith(mapper.more.prefix);
	const given = new Map<string, unknown>();

	const put = (name: string, value: unknown, isJson: boolean) => {
		const empty = isNothing(value);
		if (value === undefined || (empty && !isJson && !clears)) return;
		given.set(name, value);
		const cleared = empty && !isJson ? null : value;
		const field = known.get(name);
		if (field) {
			const written = writtenValue(field, cleared, wire);
			if (written !== undefined && !field.matchOnly)
				call.body[name] = written as IDataObject[string];
		} else if (isCustom(name)) call.extra[name] = cleared as IDataObject[string];
		else if (isJson) call.body[name] = value as IDataObject[string];
	};

	const byJson = parameter('inputMode') === 'json';
	let matchOn: unknown;
	if (byJson) {
		const json = oneObject('JSON', parameter('json'));
		if (json === undefined) throw new InputProblem('JSON', 'is empty', ONE_OBJECT);
		for (const [name, value] of Object.entries(json)) put(name, value, true);
		matchOn = parameter('matchOn');
	} else {
		const mapped = mappedValues(form, mapper, call.itemIndex);
		for (const [name, value] of Object.entries(mapped.values)) put(name, value, false);
		matchOn = mapped.matchOn;
	}
	const more = oneObject('Extra Fields', options.moreFields);
	for (const [name, value] of Object.entries(more ?? {})) put(name, value, true);

	if (mapper.mode === 'upsert') {
		const match = matchOf(mapper, String(matchOn ?? ''), given);
		const written = call.body[match.field];
		// Written as it is looked for: with blanks around it, the next look would not find it.
		if (typeof written === 'string') call.body[match.field] = written.trim();
		call.match = match;
	} else if (mapper.mode === 'create') {
		checkRequired(mapper, call);
	}
}

const ONE_OBJECT = 'Give one object in curly brackets; each input item writes one object.';

/** An object, given as such or as JSON text; undefined for nothing. Throws `InputProblem`. */
function oneObject(label: string, raw: unknown): object | undefined {
	const value = parsedJson(label, raw);
	if (Array.isArray(value)) throw new InputProblem(label, 'is a list', ONE_OBJECT);
	return value;
}

/** The values of the resource mapper, and the column to match on. */
function mappedValues(
	form: Form,
	mapper: Mapper,
	itemIndex: number,
): { values: object; matchOn: unknown } {
	// The parts are read one by one: the saved schema is long, and resolving it for each item is slow.
	let part = (name: string) => form.value(`fields.${name}`, itemIndex);
	if (part('mappingMode') === undefined) {
		const whole = (form.value('fields', itemIndex) ?? {}) as IDataObject;
		part = (name) => whole[name];
	}
	const matching = part('matchingColumns');
	const matchOn = Array.isArray(matching) ? (matching[0] as unknown) : matching;
	if (part('mappingMode') !== 'autoMapInputData') {
		// An expression may stand for all values at once.
		return { values: oneObject('Fields', part('value')) ?? {}, matchOn };
	}
	const json = form.json(itemIndex);
	const values: Record<string, unknown> = {};
	for (const field of mapper.fields) {
		if (json[field.name] !== undefined) values[field.name] = json[field.name];
	}
	if (mapper.more) {
		const { prefix } = mapper.more;
		// Custom fields go by their ID or by the name that the form showed.
		const schema = (part('schema') ?? []) as Array<{ id?: unknown; displayName?: unknown }>;
		for (const entry of schema) {
			const id = String(entry.id ?? '');
			if (!id.startsWith(prefix) || known(mapper, id)) continue;
			const value = json[id] ?? json[nameOf(entry.displayName)];
			if (value !== undefined) values[id] = value;
		}
		for (const [key, value] of Object.entries(json)) {
			if (key.startsWith(prefix)) values[key] ??= value;
		}
	}
	return { values, matchOn };
}

function known(mapper: Mapper, name: string): boolean {
	return mapper.fields.some((field) => field.name === name);
}

/** A custom field's own name: its label without the type in brackets at the end. */
function nameOf(label: unknown): string {
	return String(label ?? '').replace(/ \([^()]*\)$/, '');
}

function matchOf(
	mapper: Mapper,
	field: string,
	given: Map<string, unknown>,
): NonNullable<Call['match']> {
	const choice = mapper.fields.find(({ name }) => name === field);
	const custom = mapper.more !== undefined && field.startsWith(mapper.more.prefix);
	if (!custom && !choice?.match) {
		const names = mapper.fields.filter(({ match }) => match).map(({ label }) => label);
		throw new InputProblem(
			'Match On',
			field === '' ? 'is empty' : `is '${field}'`,
			`Choose the field by which existing objects are found: ${names.join(', ')}.`,
		);
	}
	const value = given.get(field);
	const label = choice?.label ?? field;
	if (typeof value === 'object' && value !== null) {
		throw new InputProblem(
			label,
			`is ${shown(value)}, by which no object can be found`,
			`Give '${label}' a text or a number, or match on another field.`,
		);
	}
	const text = value === undefined || value === null ? '' : String(value).trim();
	if (text === '' && field !== 'id') {
		throw new InputProblem(
			label,
			'is empty, so no existing object can be found by it',
			`Give '${label}' a value, or match on another field.`,
		);
	}
	return { field, value: text };
}

function checkRequired(mapper: Mapper, call: Call): void {
	const missing = missingFields(mapper, call.body);
	if (missing.length === 0) return;
	throw new InputProblem(
		missing[0].label,
		'is empty, but needed to create the object',
		`Fill in '${missing[0].label}' (${missing[0].name}), or check the expression that fills it.`,
	);
}

/** Required fields that a body does not have. */
export function missingFields(mapper: Mapper, body: IDataObject): MapperField[] {
	return mapper.fields.filter(
		({ required, name }) => required === true && (body[name] === undefined || body[name] === null),
	);
}

/** One given value as the vendor wants it; null stays null and clears the field. Throws `InputProblem`. */
export function writtenValue(field: MapperField, value: unknown, wire: WireContext): unknown {
	if (value === null) return null;
	const checked = field.as
		? timeAs(field.as, value, wire, field.label)
		: checkedValue(field, value);
	return field.wire ? field.wire(checked, wire) : checked;
}

function checkedValue(field: MapperField, value: unknown): unknown {
	const { kind, label, wire } = field;
	if (kind === 'object' || kind === 'array') {
		// What a wire function understands may be simpler than JSON: an ID, a list with commas.
		if (wire) return value;
		const json = parsedJson(label, value);
		if (Array.isArray(json) === (kind === 'array')) return json;
		throw new InputProblem(
			label,
			`is ${Array.isArray(json) ? 'a list' : 'no list'}`,
			`Give ${kind === 'array' ? 'a list in square brackets' : 'an object in curly brackets'}.`,
		);
	}
	if (kind === 'text') {
		if (wire) return value;
		return typeof value === 'object' ? JSON.stringify(value) : String(value);
	}
	return needed(label, valueOf({ ...field, kind, open: true }, value));
}
