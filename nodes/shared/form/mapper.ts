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

import type {
	Call,
	Mapper,
	MapperField,
	Operation,
	SendRequest,
	Vendor,
	WireContext,
} from '../catalogue';
import { Columns, Fit, isSure, leftOut } from './columns';
import { toNodeError } from '../errors/errors';
import { EMPTY_VALUES } from './form';
import { exactJson, readMarkedJson, unmarked } from '../road/exact';
import { valueAt } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { dateText, isNothing, needed, shown, valueOf } from './readers';
import { operationOf } from '../run/request';
import { openRoad } from '../road/road';
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
			const mapper = operation && mapperOf(operation);
			if (!mapper) return { fields: [] };
			const parameter = (field: string): unknown => this.getCurrentNodeParameter(field);
			const all = offeredFields(mapper, parameter);
			// What the catalogue alone knows needs none.
			const isAsked = mapper.more || mapper.choices ? await hasCredential(this, vendor) : false;
			if (mapper.more && isAsked) {
				const road = await openRoad(this, vendor);
				all.push(...(await mapper.more.load(road.send, road.connection.baseUrl, parameter)));
			}
			for (const [field, load] of Object.entries(mapper.choices ?? {})) {
				const at = all.findIndex((entry) => entry.name === field);
				if (at < 0 || !isAsked) continue;
				const { send } = await openRoad(this, vendor);
				all[at] = { ...all[at], kind: 'choice', choices: await load(send) };
			}
			return { fields: mapperColumns(mapper, all) };
		} catch (error) {
			throw toNodeError(this.getNode(), vendor.name, error);
		}
	};
}

/** The fields of the catalogue that the form shows; `parameter` tells what it holds now. */
export function offeredFields(mapper: Mapper, parameter: (name: string) => unknown): MapperField[] {
	return mapper.fields.filter((field) => mapper.offers?.(field, parameter) ?? true);
}

/** Fields as n8n's mapper shows them. What is only matched by has no place where nothing is matched. */
export function mapperColumns(mapper: Mapper, fields: MapperField[]): ResourceMapperField[] {
	const shown = fields.filter(({ matchOnly }) => !matchOnly || mapper.mode === 'upsert');
	return shown.map((entry) => formField(entry, mapper));
}

/**
 * False in a node without a credential, as a new one is shown: n8n takes an error for "No fields found", and a retry
 * then shows all rare fields.
 */
async function hasCredential(
	context: ILoadOptionsFunctions,
	{ credentialType }: Vendor,
): Promise<boolean> {
	if (context.getNode().credentials?.[credentialType]) return true;
	return await context.getCredentials(credentialType).then(
		() => true,
		() => false,
	);
}

/** The editor cuts longer labels, and has no other place for what a value looks like. */
const LABEL_LENGTH = 38;

/** The label of a field in n8n's mapper, with what a value looks like where there is room for it. */
export function shownLabel({ label, looks }: MapperField): string {
	const whole = [looks ?? []].flat().map((words) => `${label} (${words})`);
	return whole.find(({ length }) => length <= LABEL_LENGTH) ?? label;
}

function mapperOf({ fields }: Operation): Mapper | undefined {
	for (const field of fields) if (field.kind === 'mapper') return field.mapper;
	return undefined;
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
		required: wantsAll(mapper) && field.required === true,
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
 * for an upsert the field and value to match by. Leaves `pending` behind where only the account's own fields can
 * tell what a column means. Throws `InputProblem`.
 */
export function readMapped(form: Form, mapper: Mapper, call: Call, wire: WireContext): void {
	const parameter = (name: string) => form.value(name, call.itemIndex);
	const options = (parameter('options') ?? {}) as IDataObject;
	const clears = valueOf(EMPTY_VALUES, options.emptyValues) === 'clear';
	const filling = new Filling(mapper, call, wire, clears);
	const more = oneObject('Extra Fields', options.moreFields) ?? {};
	if (parameter('inputMode') === 'json') {
		const given = oneObject('JSON', parameter('json'));
		if (given === undefined) throw new InputProblem('JSON', 'is empty', ONE_OBJECT);
		const json = elementIn(given, mapper, call);
		filling.takeJson(clears ? json : withoutOwnNulls(json, call.operation));
		filling.takeJson(more);
		filling.finish(parameter('matchOn'));
		return;
	}
	const { values: given, automatic, matchOn, schema } = mappedValues(form, call.itemIndex);
	if (!automatic && mapper.mode === 'create') {
		checkEssential(form, mapper, given as IDataObject, call.itemIndex);
	}
	const values = automatic && mapper.taken ? mapper.taken(given as IDataObject) : given;
	const isFixed = (name: string) => mapper.readOnly?.includes(name) === true;
	const fixed = Object.keys(given).filter((name) => isFixed(name) || !(name in values));
	const saved = schemaOf(schema, mapper);
	const open = filling.takeColumns(
		Object.entries(values).filter(([name]) => !isFixed(name)),
		indexOf(mapper.fields, mapper),
		(fit, column) => !mapper.more || isSure(fit, column, saved),
	);
	// What the form keeps for a field without a value, also for one that there is no more, is nobody's column.
	const rest = automatic ? open : open.filter(([, value]) => !isNothing(value));
	const end = (left: Entries, account: MapperField[]) => {
		filling.leave(left, fixed, [...mapper.fields, ...account]);
		filling.takeJson(more);
		filling.finish(matchOn);
	};
	const needed = neededBySchema(schema, mapper);
	if (!mapper.more || (rest.length === 0 && !filling.lacks(needed))) {
		end(rest, []);
		return;
	}
	const finish = (account: MapperField[]) => {
		const left = filling.takeColumns(rest, indexOf(account, mapper, mapper.fields), () => true);
		end(left, account);
		// What the saved form calls required may be so no longer.
		const missing = filling.lacks(
			account.filter(({ name, required }) => required && needed.some((one) => one.name === name)),
		);
		if (missing) throw missingProblem(call, missing);
	};
	call.pending = { parameter, finish };
}

/** Throws `InputProblem` where the expression of a field that a new object is made for gives nothing. */
function checkEssential(
	form: Form,
	{ fields }: Mapper,
	given: IDataObject,
	itemIndex: number,
): void {
	for (const { name, label, essential } of fields) {
		if (!essential || !isNothing(given[name])) continue;
		const place = `fields.value.${name}`;
		// It tells an expression from an empty field once it was read by itself.
		form.value(place, itemIndex);
		if (!form.isExpression(place)) continue;
		throw new InputProblem(
			label,
			'is an expression that gives nothing here',
			'Look whether the input has what the expression asks for. An empty list, [], means none.',
		);
	}
}

/** What is written is the whole object. */
function wantsAll({ mode, whole }: Mapper): boolean {
	return mode === 'create' || whole === true;
}

/** Values by their names. */
type Entries = Array<[string, unknown]>;

/**
 * Finishes the calls that have columns left which only the account's own fields may take: asks for those once, or
 * once for each choice that they depend on. A call that cannot be sent gets a `problem`.
 */
export async function settleColumns(
	operation: Operation,
	calls: Call[],
	send: SendRequest,
): Promise<void> {
	const { more, dependsOn = [] } = mapperOf(operation) ?? {};
	const loaded = new Map<string, Promise<MapperField[]>>();
	for (const call of calls) {
		if (!call.pending || !more) continue;
		const { parameter, finish } = call.pending;
		const key = JSON.stringify(dependsOn.map(parameter));
		const account = loaded.get(key) ?? more.load(send, call.baseUrl, parameter);
		loaded.set(key, account);
		try {
			finish(await account);
		} catch (error) {
			call.problem = error instanceof Error ? error : new Error(String(error));
		}
		delete call.pending;
	}
}

const indexes = new WeakMap<object, Columns>();

/** The index of a list of fields and of those before it, made once for each list. */
function indexOf(fields: MapperField[], mapper: Mapper, before: MapperField[] = []): Columns {
	let columns = indexes.get(fields);
	if (!columns) {
		columns = new Columns([...before, ...fields], mapper.more?.prefix);
		indexes.set(fields, columns);
	}
	return columns;
}

/** The account's own fields as the form knew them when it was saved; undefined when it knew none at all. */
function schemaOf(schema: unknown, mapper: Mapper): Columns | undefined {
	const { more } = mapper;
	if (!more || !Array.isArray(schema) || schema.length === 0) return undefined;
	let columns = indexes.get(schema);
	if (!columns) {
		const entries = schema as Array<{ id?: unknown; displayName?: unknown }>;
		const fields = entries
			.map(({ id, displayName }): MapperField => ({
				name: String(id),
				label: String(displayName),
				kind: 'text',
			}))
			.filter(({ name }) => name.startsWith(more.prefix));
		columns = new Columns(fields, more.prefix);
		indexes.set(schema, columns);
	}
	return columns;
}

/** The account's own fields that were required when the form was saved. */
function neededBySchema(
	schema: unknown,
	{ more }: Mapper,
): Array<Pick<MapperField, 'name' | 'label'>> {
	if (!more || !Array.isArray(schema)) return [];
	return (schema as Array<Partial<ResourceMapperField>>)
		.filter(({ id, required }) => required === true && id?.startsWith(more.prefix))
		.map(({ id, displayName }) => ({ name: String(id), label: String(displayName) }));
}

/** One item's fields on their way into its call. */
class Filling {
	/** Values by the name of their field, as they were given. */
	private readonly given = new Map<string, unknown>();
	/** Columns that filled fields, by the field. */
	private readonly columns = new Map<string, string>();
	/** Some column is that of a field, with a value or without. */
	private isKnown = false;

	constructor(
		private readonly mapper: Mapper,
		private readonly call: Call,
		private readonly wire: WireContext,
		private readonly clears: boolean,
	) {}

	/** Values by the API's names, or those of simplified rows; unknown ones pass as they are. */
	takeJson(values: object): void {
		const json = values as IDataObject;
		const own = indexOf(this.mapper.fields, this.mapper);
		for (const [name, value] of Object.entries(json)) {
			const field = own.named(name);
			if (field && name !== field.name && field.name in json) {
				this.checkSame(field, [field.name, json[field.name]], [name, value]);
			} else if (value !== undefined) {
				this.put(field?.name ?? name, field, value, value);
			}
		}
	}

	/**
	 * Values by columns. Gives back those that fit no field, or in a way that is not sure. Throws `InputProblem` for
	 * a column that fits several, and for several that differ and fit the same.
	 */
	takeColumns(
		entries: Entries,
		fields: Columns,
		isSure: (fit: Fit, column: string) => boolean,
	): Entries {
		const { more } = this.mapper;
		return entries.filter(([column, value]) => {
			if (value === undefined) return false;
			if (more && column.startsWith(more.prefix)) {
				this.fill({ name: column, label: column, kind: 'text' }, column, value);
				return false;
			}
			const fit = fields.fit(column);
			if (fit === undefined || !isSure(fit, column)) return true;
			this.fill(fields.field(column), column, value);
			return false;
		});
	}

	private fill(field: MapperField, column: string, value: unknown): void {
		this.isKnown = true;
		const { name } = field;
		if (isNothing(value) && !this.clears) return;
		this.mapper.header?.(field, column, value, this.wire);
		const before = this.columns.get(name);
		if (before !== undefined) {
			this.checkSame(field, [before, this.given.get(name)], [column, value]);
			return;
		}
		this.columns.set(name, column);
		const isOwn = this.mapper.fields.includes(field);
		this.put(name, isOwn ? field : undefined, value, isNothing(value) ? null : value);
	}

	/** Two columns for one field must say the same. Throws `InputProblem`. */
	private checkSame(field: MapperField, one: [string, unknown], other: [string, unknown]): void {
		const said = ([, value]: [string, unknown]) =>
			JSON.stringify(isNothing(value) ? null : writtenValue(field, value, this.wire));
		if (said(one) === said(other)) return;
		throw new InputProblem(
			field.label,
			`is given twice, with different values: by '${one[0]}' and by '${other[0]}'`,
			`Leave out one of the two.`,
		);
	}

	private put(name: string, field: MapperField | undefined, given: unknown, value: unknown): void {
		const { call, mapper } = this;
		this.given.set(name, given);
		if (field) {
			const written = writtenValue(field, value, this.wire);
			if (written !== undefined && !field.matchOnly) {
				call.body[name] = written as IDataObject[string];
			}
		} else if (mapper.more && name.startsWith(mapper.more.prefix)) {
			call.extra[name] = value as IDataObject[string];
		} else call.body[name] = value as IDataObject[string];
	}

	/** Keeps what is left of the columns, for people to be told. */
	leave(left: Entries, fixed: string[], fields: MapperField[]): void {
		if (left.length + fixed.length === 0) return;
		const unused = left.map(([name]) => name);
		const fillable = fields.filter(({ matchOnly }) => !matchOnly);
		this.call.columns = { unused, fixed, fields: fillable };
	}

	/** The first of these fields of the account that a creation needs and does not have. */
	lacks<F extends Pick<MapperField, 'name'>>(required: F[]): F | undefined {
		const { call, mapper } = this;
		const elsewhere = mapper.more?.also !== undefined && call.body[mapper.more.also] !== undefined;
		if (mapper.mode !== 'create' || elsewhere) return undefined;
		return required.find(({ name }) => isNothing(call.extra[name]));
	}

	/** What the operation wants of the fields as a whole. Throws `InputProblem`. */
	finish(matchOn: unknown): void {
		const { call, mapper, given } = this;
		const unknown = leftOut(call);
		if (unknown !== '' && !this.isKnown && given.size === 0) {
			throw new InputProblem('Fields', 'have the name of no column of the input', unknown);
		}
		if (mapper.mode === 'upsert') {
			const match = matchOf(call, mapper, String(matchOn ?? ''), given);
			const written = call.body[match.field];
			// Written as it is looked for: with blanks around it, the next look would not find it.
			if (typeof written === 'string') call.body[match.field] = written.trim();
			call.match = match;
		} else if (wantsAll(mapper)) {
			const [missing] = missingFields(mapper, call.body);
			if (missing) throw missingProblem(call, missing, mapper);
		}
	}
}

/**
 * An object as it was read. A simplified row has every column, and null where the object has nothing, or nothing that
 * a flat row can show: taken in again, these nulls would clear what nobody looked at.
 */
function withoutOwnNulls(json: object, { output, simplify }: Operation): object {
	const columns = Object.keys(output);
	if (!simplify || !columns.every((name) => name in json)) return json;
	return Object.fromEntries(
		Object.entries(json).filter(([name, value]) => value !== null || !columns.includes(name)),
	);
}

const ONE_OBJECT = 'Give one object in curly brackets; each input item writes one object.';

/** An object, given as such or as JSON text; undefined for nothing. Throws `InputProblem`. */
function oneObject(label: string, raw: unknown): object | undefined {
	const value = parsedJson(label, raw, readMarkedJson);
	if (Array.isArray(value)) throw new InputProblem(label, 'is a list', ONE_OBJECT);
	return value;
}

/** The one element of a body as the API has it; other objects stay. Throws `InputProblem`. */
function elementIn(json: object, { inside }: Mapper, call: Call): object {
	if (!inside || !(inside.at in json)) return json;
	const { [inside.at]: list, ...around } = json as IDataObject;
	const elements = [list].flat() as object[];
	if (elements.length !== 1 || typeof elements[0] !== 'object') {
		throw new InputProblem(
			'JSON',
			`holds ${elements.length} objects in '${inside.at}'`,
			ONE_OBJECT,
		);
	}
	for (const [name, value] of Object.entries(around)) {
		if (!inside.beside.includes(name)) {
			throw new InputProblem('JSON', `has '${name}' beside '${inside.at}'`, ONE_OBJECT);
		}
		call.control[name] ??= value;
	}
	return elements[0];
}

/** The values of the resource mapper, the field to match on, and the fields that the saved form knows. */
function mappedValues(
	form: Form,
	itemIndex: number,
): {
	values: object;
	/** The columns are those of the item. */
	automatic: boolean;
	matchOn: unknown;
	schema: unknown;
} {
	// The parts are read one by one: the saved schema is long, and resolving it for each item is slow.
	let part = (name: string) => form.value(`fields.${name}`, itemIndex);
	if (part('mappingMode') === undefined) {
		const whole = (form.value('fields', itemIndex) ?? {}) as IDataObject;
		part = (name) => whole[name];
	}
	const matching = part('matchingColumns');
	const automatic = part('mappingMode') === 'autoMapInputData';
	// An expression may stand for all values at once.
	const values = automatic ? form.json(itemIndex) : (oneObject('Fields', part('value')) ?? {});
	return {
		values,
		automatic,
		matchOn: Array.isArray(matching) ? (matching[0] as unknown) : matching,
		schema: part('schema'),
	};
}

function matchOf(
	call: Call,
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
			withLeftOut(call, `Give '${label}' a value, or match on another field.`),
		);
	}
	return { field, value: text };
}

/** What is to be said when a field is missing that a creation needs. */
export function missingProblem(
	call: Call,
	{ label, name }: Pick<MapperField, 'label' | 'name'>,
	{ whole }: Pick<Mapper, 'whole'> = {},
): InputProblem {
	return new InputProblem(
		label,
		whole
			? 'is empty, but needed: the object is replaced with what is given'
			: 'is empty, but needed to create the object',
		withLeftOut(call, `Fill in '${label}' (${name}), or check the expression that fills it.`),
	);
}

function withLeftOut(call: Call, hint: string): string {
	return [hint, leftOut(call)].filter(Boolean).join(' ');
}

/** Required fields that a body does not have. */
export function missingFields(mapper: Mapper, body: IDataObject): MapperField[] {
	const isMissing = (path: string | undefined) =>
		path === undefined || (valueAt(body, path) ?? undefined) === undefined;
	return mapper.fields.filter(
		({ required, name, at }) => required === true && isMissing(name) && isMissing(at),
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

function checkedValue(field: MapperField, given: unknown): unknown {
	const { kind, label, wire } = field;
	const value = unmarked(given);
	if (kind === 'object' || kind === 'array') {
		// What a wire function understands may be simpler than JSON: an ID, a list with commas.
		if (wire) return value;
		const json = parsedJson(label, value, readMarkedJson);
		if (Array.isArray(json) === (kind === 'array')) return json;
		throw new InputProblem(
			label,
			`is ${Array.isArray(json) ? 'a list' : 'no list'}`,
			`Give ${kind === 'array' ? 'a list in square brackets' : 'an object in curly brackets'}.`,
		);
	}
	if (kind === 'text') {
		if (wire) return value;
		return dateText(label, value) ?? (typeof value === 'object' ? exactJson(value) : String(value));
	}
	return needed(label, valueOf({ ...field, kind, open: true }, value));
}
