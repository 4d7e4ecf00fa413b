/** Reads one item's form into a `Call`: every value checked, nothing sent that must fail. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Choice, Field, Locator, Operation, Section, WireContext } from '../catalogue';
import { readConditions } from './conditions';
import { abilityFields } from './form';
import { readMapped } from './mapper';
import { readOutput } from './output';
import { isRecord } from '../record';
import { readMarkedJson } from '../road/exact';
import { setAt, valueAt } from '../road/paging';
import { InputProblem } from '../errors/problems';
import {
	choiceOf,
	isNothing,
	keptDigits,
	listOf,
	needed,
	numberOf,
	textOf,
	valueOf,
	yesNo,
	type Readable,
} from './readers';
import { timeAs } from './times';
import { Form, parsedJson, groupRows, type FormContext } from './values';

/**
 * Reads the parameters of item `itemIndex`; `zone` is the vendor's, where it has one, `defaults` what the credential holds
 * for empty fields. Throws `InputProblem` for a value that cannot work.
 */
export function readCall(
	form: Form | FormContext,
	operation: Operation,
	itemIndex: number,
	baseUrl: string,
	zone?: string,
	defaults: Record<string, string> = {},
): Call {
	const reader = form instanceof Form ? form : new Form(form);
	const parameter = (name: string) => reader.value(name, itemIndex);
	const wire: WireContext = {
		baseUrl,
		timezone: reader.timezone,
		parameter: (name) => asChosen(operation, name, parameter(name)),
		get zone() {
			call.inVendorZone = true;
			return zone ?? reader.timezone;
		},
	};
	const call: Call = {
		operation,
		itemIndex,
		baseUrl,
		timezone: wire.timezone,
		path: {},
		query: {},
		body: structuredClone(operation.constants ?? {}),
		filter: operation.filter ? readConditions(operation.filter, parameter('conditions')) : [],
		sort: operation.sort ? readSort(operation.sort, parameter('sort')) : [],
		control: {},
		returnAll: returnsAll(operation, parameter),
		limit: Infinity,
		output: readOutput(reader, operation, itemIndex),
		extra: {},
		alone: false,
	};
	if (operation.list && !call.returnAll) call.limit = readLimit(parameter('limit'));
	const sections = new Map<Section, IDataObject>();
	const section = (name: Section): IDataObject => {
		let values = sections.get(name);
		if (!values) {
			values = (parameter(name) ?? {}) as IDataObject;
			sections.set(name, values);
		}
		return values;
	};
	for (const field of [...abilityFields(operation), ...operation.fields]) {
		if (field.kind === 'mapper') {
			readMapped(reader, field.mapper, call, wire);
			continue;
		}
		let value: unknown;
		if (field.section) {
			value = section(field.section)[field.name];
			if (value === undefined) continue;
		} else {
			const hidden = field.when && !isShown(field.when, operation.fields, parameter);
			if (hidden && !field.stands) continue;
			value = parameter(field.name);
			// n8n takes out what a hidden field held.
			if (hidden && 'default' in field) value ??= field.default;
			if (field.formerly && isUntouched(field, value)) {
				value = section(field.formerly)[field.name];
				if (value === undefined) continue;
			}
		}
		if (field.kind === 'locator' && isAlias(field.locator, value)) call.alone = true;
		const stead = steadsOf(operation)
			.get(field)
			?.find((whole) => !isNothing(section(whole.section as Section)[whole.name]));
		if (stead) {
			notTwice(field, stead, value);
			continue;
		}
		if (field.kind === 'rows' && isUntouchedRows(value) && isInBody(call, field)) continue;
		const sent = fieldValue(field, value, wire, defaults);
		if (field.alone && sent !== undefined) call.alone = true;
		place(call, field, sent);
	}
	if (call.control.batching === false) call.alone = true;
	return call;
}

/** Whether all rows of a list are wanted. */
function returnsAll({ list }: Operation, parameter: (name: string) => unknown): boolean {
	if (!list) return false;
	return list.whole === true || yesNo('Return All', parameter('returnAll')) === true;
}

/** Reads what the field depends on as that field itself is read: TRUE shows what true shows. */
function isShown(
	when: NonNullable<Field['when']>,
	fields: Field[],
	parameter: (name: string) => unknown,
): boolean {
	return Object.entries(when).every(([name, values]) => {
		const field = fields.find((other) => other.name === name);
		// What was saved before the field existed is what n8n makes of it.
		const given = parameter(name) ?? (field && 'default' in field ? field.default : undefined);
		const value = isPlain(field) ? valueOf(field, given) : given;
		return values.includes(value as string | boolean);
	});
}

/** Fields in whose place another one may be given whole, by operation. */
const steads = new WeakMap<Operation, Map<Field, Field[]>>();

function steadsOf(operation: Operation): Map<Field, Field[]> {
	let found = steads.get(operation);
	if (!found) {
		found = new Map();
		for (const whole of operation.fields.filter(({ stead }) => stead)) {
			for (const field of operation.fields) {
				if (field === whole) continue;
				// Of two JSON fields for the same, none stands for the other.
				if (field.to === whole.to ? field.stead : !field.to.startsWith(`${whole.to}.`)) continue;
				found.set(field, [...(found.get(field) ?? []), whole]);
			}
		}
		steads.set(operation, found);
	}
	return found;
}

/** Throws `InputProblem` for a field that somebody filled in although its whole is given as well. */
function notTwice(field: Field, stead: Field, value: unknown): void {
	// What a choice or a switch holds may be what the form began with.
	if (isPlain(field) || isUntouched(field, value) || isUntouchedRows(value)) return;
	throw new InputProblem(
		stead.label,
		`has a value, and so has '${field.label}', for which it stands`,
		'Keep one of the two.',
	);
}

/** Rows of which there is none. */
function isUntouchedRows(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return isNothing(value);
	const rows: unknown = Array.isArray(value) ? value : Object.values(value).flat();
	return (rows as unknown[]).length === 0;
}

/** The place to which the field goes holds something already, from the mapper or from JSON. */
function isInBody({ body }: Call, { to }: Field): boolean {
	const [where, key = ''] = splitDestination(to);
	return where === 'body' && valueAt(body, key) !== undefined;
}

/** Choices at the top of a form, by operation and name: a form is read for each of thousands of items. */
const choosers = new WeakMap<Operation, Map<string, Field & { kind: 'choice' }>>();

/**
 * What another field of the form holds, for fields that depend on it: a choice that was given by its name or in another
 * case is the choice, as it is where it is sent itself.
 */
function asChosen(operation: Operation, name: string, raw: unknown): unknown {
	if (typeof raw !== 'string') return raw;
	let fields = choosers.get(operation);
	if (!fields) {
		fields = new Map();
		for (const field of operation.fields) {
			if (field.kind === 'choice' && !field.section) fields.set(field.name, field);
		}
		choosers.set(operation, fields);
	}
	const field = fields.get(name);
	return field ? (choiceOf(field.label, field.choices, raw, true) ?? raw) : raw;
}

/** True for what the form holds as long as nobody fills the field in. */
function isUntouched(field: Field, value: unknown): boolean {
	if (field.kind === 'locator') return locatorText(field.locator, value) === '';
	if (Array.isArray(value)) return value.length === 0;
	return isNothing(value) || ('default' in field && value === field.default);
}

function isPlain(field: Field | undefined): field is Field & Readable {
	return field?.kind === 'choice' || field?.kind === 'toggle';
}

/** The wire value of a field, checked; undefined when there is nothing to send. */
function fieldValue(
	field: Field,
	raw: unknown,
	wire: WireContext,
	defaults: Record<string, string> = {},
): unknown {
	const { fallback, label } = field;
	const given = checkedValue(field, raw, wire);
	const value = given ?? (fallback === undefined ? undefined : defaults[fallback]);
	if (value === undefined) {
		if (!field.required) return undefined;
		// An expression gives a list; an object without rows is what the form holds as long as nobody adds one.
		if (field.kind === 'rows' && isRecord(raw)) {
			throw new InputProblem(label, 'is empty', `Click '${field.button}', and fill in the row.`);
		}
		if (fallback === undefined) return needed(label, value);
		const hint = `Fill in '${label}' (or check the expression that fills it), or set a default in the credential.`;
		throw new InputProblem(label, 'is empty', hint);
	}
	const written =
		field.kind === 'time' && field.as ? timeAs(field.as, value, wire, field.label) : value;
	return field.wire ? field.wire(written, wire) : written;
}

function checkedValue(field: Field, raw: unknown, wire: WireContext): unknown {
	if (raw === undefined || raw === null) return undefined;
	switch (field.kind) {
		case 'json':
			return parsedJson(field.label, raw, readMarkedJson);
		case 'loaded':
			return field.multiple
				? listOf(raw)?.map((entry) => textOf(field.label, entry))
				: textOf(field.label, raw);
		case 'rows':
			return checkedRows(field, raw, wire);
		case 'mapper':
			return undefined;
		case 'locator':
			return locatorId(field.label, field.locator, raw);
		case 'text': {
			if (field.also === 'any') return isNothing(raw) ? undefined : raw;
			if (field.also !== 'list' || !Array.isArray(raw)) return textOf(field.label, raw);
			const entries = listOf(raw)?.map((entry) => textOf(field.label, entry));
			// Entries may hold commas: whoever reads a list gets them as they are.
			return field.wire ? entries : entries?.join(',');
		}
		default:
			return valueOf(field, raw);
	}
}

/** The groups of a fixed collection, each field checked and turned into its wire value. */
function checkedRows(
	field: Field & { kind: 'rows' },
	raw: unknown,
	wire: WireContext,
): IDataObject[] | undefined {
	const rows = groupRows(field.label, raw, 'row');
	const read = rows.map((row, index) => {
		const values: IDataObject = {};
		for (const column of field.columns) {
			try {
				const { at = column.name } = column;
				const given = row[column.name] ?? (at === column.name ? undefined : valueAt(row, at));
				const value = fieldValue(column, given, wire);
				if (value !== undefined) setAt(values, at, value);
			} catch (error) {
				throw rows.length === 1 ? error : inRow(error, `${field.label} ${index + 1}`);
			}
		}
		return values;
	});
	return read.length > 0 ? read : undefined;
}

/** A problem of a column, told with its row. */
function inRow(error: unknown, row: string): unknown {
	if (!(error instanceof InputProblem)) return error;
	return new InputProblem(`${row}: ${error.parameter}`, error.what, error.hint);
}

/** The ID that a resource locator holds: picked, typed, or taken from a link; with `words`, whatever it holds. */
export function locatorId(label: string, locator: Locator, raw: unknown): string | undefined {
	keptDigits(label, isRecord(raw) ? raw.value : raw);
	const text = locatorText(locator, raw);
	if (text === '' || locator.words || locator.orName) return text || undefined;
	// As n8n does with the same patterns, from the first character to the last.
	const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`).exec(text);
	if (whole(locator.id.pattern)) return text;
	const groups = locator.url && whole(locator.url.pattern)?.slice(1);
	const id = groups?.find((group) => group !== undefined);
	if (id !== undefined) return id;
	throw new InputProblem(
		label,
		`is '${text}'`,
		`${locator.id.message}. To go by a name or a number that people see, read the ID with 'Get Many' first, or pick it 'From list'.`,
	);
}

/** What a locator holds as text; of an object of the vendor its link, or else its ID. */
export function locatorText(locator: Locator, raw: unknown): string {
	const isLocator = typeof raw === 'object' && raw !== null && 'value' in raw;
	const value: unknown = isLocator ? (raw as { value: unknown }).value : raw;
	const link = locator.linkAt === undefined ? undefined : valueAt(value, locator.linkAt);
	if (typeof value !== 'object' || value === null) return String(value ?? '').trim();
	return String(link ?? (value as IDataObject).id ?? JSON.stringify(value)).trim();
}

/** True for a link whose ID works in a path only. */
function isAlias(locator: Locator, raw: unknown): boolean {
	const { alias } = locator;
	return alias !== undefined && new RegExp(alias).test(locatorText(locator, raw));
}

function readLimit(raw: unknown): number {
	const hint = "Give a whole number from 1 up, or turn on 'Return All'.";
	const limit = numberOf('Limit', raw ?? 50, { min: 1, whole: true, hint });
	if (limit !== undefined) return limit;
	throw new InputProblem('Limit', 'is empty', hint);
}

const DIRECTIONS = [
	{ name: 'Ascending', value: 'asc' },
	{ name: 'Descending', value: 'desc' },
];

function readSort(choices: Choice[], raw: unknown): Call['sort'] {
	return groupRows('Sort', raw, 'by').map(({ field, direction }) => [
		needed('Sort', choiceOf('Sort', choices, field)),
		choiceOf('Sort', DIRECTIONS, direction) === 'desc' ? 'desc' : 'asc',
	]);
}

/** Puts a wire value where the field's `to` says. */
function place(call: Call, field: Field, value: unknown): void {
	if (value === undefined) return;
	const [where, key = field.name] = splitDestination(field.to);
	switch (where) {
		case 'path':
			call.path[key] = String(value);
			break;
		case 'query':
			call.query[key] = value as IDataObject[string];
			break;
		case 'body':
			if (field.kind === 'rows' && valueAt(call.body, key) !== undefined) {
				throw new InputProblem(
					field.label,
					'are given twice: as rows, and among the fields or in JSON',
					'Keep one of the two.',
				);
			}
			setAt(call.body, key, value);
			break;
		case 'filter':
			call.filter.push({
				field: key,
				operator: field.operator ?? 'equals',
				values: (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) =>
					// References that are looked up first.
					typeof one === 'object' ? one : String(one),
				),
			});
			break;
		case 'header':
			call.headers = { ...call.headers, [key]: value as string | string[] };
			break;
		case 'control':
			call.control[field.name] = value as IDataObject[string];
			break;
	}
}

function splitDestination(to: Field['to']): [string, string?] {
	const colon = to.indexOf(':');
	return colon < 0 ? [to] : [to.slice(0, colon), to.slice(colon + 1)];
}
