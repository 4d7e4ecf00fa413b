/** Fields of a form, made from the facts of a call's fields. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Choice,
	Destination,
	Field,
	Locator,
	MapperField,
	Section,
	TimeForm,
} from '../catalogue';
import {
	camel,
	choicesFrom,
	choicesInOrder,
	meansId,
	kindFromFacts,
	type Kind,
	type PlainType,
} from './factKinds';
import type { FieldFacts } from './facts';
import { readMarkedJson, unmarked, wholeNumber } from '../road/exact';
import { valueAt } from '../road/paging';
import { InputProblem } from '../errors/problems';
import { labelFrom } from '../form/labels';
import {
	keptDigits,
	keptWhole,
	sheetKeyOf,
	listOf,
	numberOf,
	shown,
	textOf,
	yesNo,
} from '../form/readers';
import { parsedJson } from '../form/values';

/** What a vendor's forms have in common. */
export interface FieldStyle {
	/** Words of names and values, by their lower-case form: `{ cis: 'CIS', urbanads: 'Advertiser' }`. */
	words?: Record<string, string>;
	/** Labels and help of fields by the vendor's name, the same in all operations. */
	labels?: Record<string, string>;
	help?: Record<string, string>;
	/** Names of values, by the value. */
	values?: Record<string, string>;
	/** Choices of fields by the vendor's name, in place of the facts' values; `wire` may put right what people write. */
	enums?: Record<string, { choices: Choice[]; open?: boolean; wire?: Field['wire'] }>;
	/** Readers of texts by the vendor's name, of single ones and of those in a list; keys of the facts have theirs. */
	texts?: Record<string, TextReader>;
	/** Enumerations with more values than this are texts, which take any of them. 40 unless said. */
	mostChoices?: number;
	/** How the vendor writes times; `date` and `instant` unless said. */
	times?: { date?: TimeForm; dateTime?: TimeForm };
	/** How a yes or no goes over the wire in a query or body; true and false unless said. */
	toggle?: (value: boolean, facts: FieldFacts) => unknown;
}

/** What a text that somebody gave goes out as. Throws `InputProblem` for one that cannot be meant. */
export type TextReader = (label: string, value: unknown) => string | undefined;

/** How a text of the facts is read, where it is more than a text; at most `maxLength` characters. */
function readerOf(
	{ name, key, maxLength }: FieldFacts,
	{ texts = {} }: FieldStyle,
): TextReader | undefined {
	const read = texts[name] ?? (key ? sheetKeyOf : undefined);
	if (maxLength === undefined) return read;
	return (label, value) => noLonger(label, read ? read(label, value) : value, maxLength) as string;
}

/** Changes to a field that the facts give. */
export type Tune = Partial<
	Pick<FieldBase, 'name' | 'label' | 'section' | 'help' | 'hint' | 'placeholder' | 'required'> & {
		/** What the form begins with; of a choice, the value of `NOT_CHOSEN` leaves it to the user. */
		default: unknown;
		/** In place of the values of the facts. */
		choices: Choice[];
		/** Shown as JSON although it could be fields or rows. */
		json: boolean;
		/** Names of values, by the value. */
		values: Record<string, string>;
		/** Of a mapper's field: further names of columns that hold it. */
		also: string[];
		wire: Field['wire'];
		/** The same by the label that the field gets, for errors; `wire` counts before it. */
		reads: (label: string) => NonNullable<Field['wire']>;
		when: Field['when'];
		/** A list search of the node: the field becomes a locator. */
		search: string;
		/** Of a list of IDs: the dropdown method of the node that lists them, and the parameters on which it depends. */
		load: { method: string; dependsOn?: string[] };
		/** Of rows: changes to their columns, by the path in a row's object. */
		columns: Record<
			string,
			Pick<
				Tune,
				| 'name'
				| 'label'
				| 'help'
				| 'placeholder'
				| 'when'
				| 'search'
				| 'load'
				| 'values'
				| 'required'
				| 'wire'
				| 'reads'
				| 'default'
			>
		>;
		/** Of a list in a mapper: rows beside it, in which people fill it in. */
		rows: true;
		/** A field beside those that it is made of, in which all of it can be given as JSON; its help, or none of its own. */
		orJson: true | string;
		/** Of rows: paths of the columns that stand first. */
		front: string[];
		/** In place of the locator that the field has in other operations. */
		locator: Locator;
	}
>;
type FieldBase = Pick<
	Field,
	'name' | 'label' | 'section' | 'help' | 'hint' | 'placeholder' | 'required' | 'wire' | 'when'
>;

/** A field of a request on its way into a form. */
export interface Slot {
	facts: FieldFacts;
	/** Path below the query or the body: `dates.toDate`. */
	path: string;
	to: Destination;
	/** It and all objects around it must be there. */
	required: boolean;
	/** Objects around it that may be missing, outermost first. */
	inside: string[];
}

/** Members of an optional object of which some must be there when any is. */
export interface Group {
	path: string;
	needed: Array<{ path: string; label: string }>;
	label: string;
	/** Labels of fields of which one must be given, whatever else is: the object itself must be there. */
	oneOf?: string[];
}

/** Objects whose members stand in the form one by one, however deep. */
const DEEPEST = 5;

/**
 * The fields of a query or body one by one: objects are taken apart, lists and what is shown as JSON stay whole.
 * `where` gives the destination of a path.
 */
export function slotsOf(
	fields: FieldFacts[],
	where: (path: string) => Destination,
	isWhole: (path: string) => boolean,
	around: { path: string; required: boolean; inside: string[]; depth: number } = {
		path: '',
		required: true,
		inside: [],
		depth: 0,
	},
): Slot[] {
	return fields.flatMap((facts): Slot[] => {
		if (facts.deprecated) return [];
		const path = around.path ? `${around.path}.${facts.name}` : facts.name;
		const required = around.required && facts.required === true;
		if (
			facts.fields &&
			kindFromFacts(facts).type === 'object' &&
			around.depth < DEEPEST &&
			!isWhole(path)
		) {
			return slotsOf(facts.fields, where, isWhole, {
				path,
				required,
				inside: required ? around.inside : [...around.inside, path],
				depth: around.depth + 1,
			});
		}
		return [{ facts, path, to: where(path), required, inside: around.inside }];
	});
}

/** Names of parameters: the last part of the path where that is the only such one, else all of it. */
export function parameterNames(slots: Slot[], taken: string[]): Map<Slot, string> {
	const count = new Map<string, number>(taken.map((name) => [name, 1]));
	const last = ({ path }: Slot) => camel(path.split('.').pop() as string);
	for (const slot of slots) count.set(last(slot), (count.get(last(slot)) ?? 0) + 1);
	return new Map(
		slots.map((slot) => [slot, count.get(last(slot)) === 1 ? last(slot) : camel(slot.path)]),
	);
}

/** The label of a path: the vendor's style, else its words; whole paths where the last part is not the only such one. */
export function slotLabel(path: string, name: string, style: FieldStyle): string {
	const last = path.split('.').pop() as string;
	const told = style.labels?.[path] ?? style.labels?.[last];
	if (told !== undefined && camel(last) === name) return told;
	if (style.labels?.[path] !== undefined) return style.labels[path];
	return labelFrom(name, style.words);
}

/** Where a field stands, which decides how nothing is said: what nobody touches must not be sent. */
type Place = 'top' | 'section' | 'row';

/** A slot as a field of the form. */
export function fieldFrom(
	slot: Slot,
	name: string,
	style: FieldStyle,
	tune: Tune & { section?: Section } = {},
): Field {
	const { facts, path, to } = slot;
	const required = tune.required ?? slot.required;
	const section = tune.section;
	const place: Place = section ? 'section' : 'top';
	const label = tune.label ?? slotLabel(path, name, style);
	const base = {
		name: tune.name ?? name,
		label,
		to,
		...(section ? { section } : {}),
		...(required && !section ? { required: true } : {}),
		...helpOf(path, style, tune),
		...(tune.placeholder ? { placeholder: tune.placeholder } : {}),
		...(tune.hint ? { hint: tune.hint } : {}),
		...(tune.when ? { when: tune.when } : {}),
	};
	const field = typed(base, facts, {
		place,
		required,
		style,
		tune,
		inBody: to.startsWith('body') || to === 'control',
	});
	const wire = wireOf(tune, label);
	return wire ? ({ ...field, wire } as Field) : field;
}

const wireOf = ({ wire, reads }: Pick<Tune, 'wire' | 'reads'>, label: string): Field['wire'] =>
	wire ?? reads?.(label);

function helpOf(path: string, style: FieldStyle, tune: Tune): { help?: string } {
	const last = path.split('.').pop() as string;
	const help = tune.help ?? style.help?.[path] ?? style.help?.[last];
	return help ? { help } : {};
}

interface Context {
	place: Place;
	required: boolean;
	style: FieldStyle;
	tune: Tune;
	/** Numbers go as numbers; into a query, digits go as they are. */
	inBody: boolean;
}

type Base = { name: string; label: string; to: Destination; help?: string; placeholder?: string };

const NOT_SET: Choice = { name: 'Not Set', value: '' };

/** What a choice begins with that must be made, and that nobody is to make by leaving it as it is: it is never sent. */
export const NOT_CHOSEN: Choice = { name: 'Not Chosen Yet', value: 'NOT_CHOSEN' };

/** Of a choice that cannot be taken back, or that turns a sum round: the form begins without one. */
export const LEFT_OPEN = { default: NOT_CHOSEN.value };

function typed(base: Base, facts: FieldFacts, context: Context): Field {
	const { style, tune } = context;
	const kind = kindFromFacts(facts);
	if (tune.search) {
		return {
			...base,
			kind: 'locator',
			locator: {
				search: tune.search,
				id:
					kind.type === 'whole'
						? {
								pattern: '^\\s*[1-9]\\d*\\s*$',
								message: `${base.label}: the ID is a whole number from 1 up`,
								placeholder: 'e.g. 12345',
							}
						: {
								pattern: '^\\s*\\S.*$',
								message: `${base.label}: an ID`,
								placeholder: 'e.g. 12345',
							},
			},
			...(context.inBody && kind.type === 'whole' ? { wire: exact(base.label, kind, true) } : {}),
		};
	}
	if (tune.load) {
		const { method, dependsOn } = tune.load;
		const element = elementReader(facts, kind, style, context.inBody);
		return {
			...base,
			kind: 'loaded',
			load: method,
			multiple: true,
			...(dependsOn ? { dependsOn } : {}),
			wire: (value) => (value as string[]).map((entry) => element(base.label, entry)),
		};
	}
	if (tune.json) return jsonField(base, facts);
	const own = tune.choices ? { choices: tune.choices } : style.enums?.[facts.name];
	if (own) {
		const field = choiceField(base, facts, kind, own.choices, context);
		return {
			...field,
			...('open' in own && own.open ? { open: true } : {}),
			...('wire' in own && own.wire ? { wire: own.wire } : {}),
		} as Field;
	}
	if (facts.values && facts.values.length <= (style.mostChoices ?? 40)) {
		const choices =
			tune.choices ??
			choicesFrom(facts.values ?? [], style.words, { ...style.values, ...tune.values });
		return choiceField(base, facts, kind, choices, context);
	}
	switch (kind.type) {
		case 'toggle':
			return toggleField(base, facts, context);
		case 'whole':
		case 'number':
			return numberField(base, facts, kind, context);
		case 'date':
			return { ...base, kind: 'time', as: style.times?.date ?? 'date' };
		case 'dateTime':
			return { ...base, kind: 'time', as: style.times?.dateTime ?? 'instant' };
		case 'list':
			return listField(base, facts, kind, context);
		case 'object':
		case 'any':
			return jsonField(base, facts);
		case 'file':
		case 'text': {
			const { maxLength } = kind;
			const preset = tune.default;
			const read = readerOf({ ...facts, maxLength }, style);
			return {
				...base,
				kind: 'text',
				...(typeof preset === 'string' ? { default: preset } : {}),
				...(maxLength !== undefined && maxLength >= 500 ? { rows: 4 } : {}),
				...(read ? { wire: (value) => read(base.label, value) } : {}),
			};
		}
	}
}

function noLonger(label: string, value: unknown, most: number): unknown {
	const length = String(value).length;
	if (length <= most) return value;
	throw new InputProblem(label, `has ${length} characters`, `Give ${most} at most.`);
}

function choiceField(
	base: Base,
	facts: FieldFacts,
	kind: Kind,
	choices: Choice[],
	{ place, required, tune, inBody }: Context,
): Field {
	const plain = (facts.values ?? []).every((value) => typeof value === 'string');
	// The form has texts only.
	const original = (value: unknown) =>
		plain || !inBody
			? value
			: (facts.values?.find((one) => String(one) === String(value)) ?? value);
	if (kind.type === 'list') {
		return {
			...base,
			kind: 'choices',
			choices,
			wire: (value) => atMost(base.label, (value as unknown[]).map(original), facts.maxItems),
		};
	}
	const preset = tune.default === undefined ? undefined : String(tune.default);
	const isFree = !required && place !== 'section';
	if (preset === NOT_CHOSEN.value) {
		return {
			...base,
			kind: 'choice',
			choices: choicesInOrder([NOT_CHOSEN, ...choices]),
			default: preset,
			wire: (value) => chosen(base.label, original(value)),
		};
	}
	return {
		...base,
		kind: 'choice',
		choices: isFree ? choicesInOrder([NOT_SET, ...choices]) : choices,
		default: preset ?? (isFree ? '' : choices[0].value),
		...(plain ? {} : { wire: original }),
	};
}

function chosen(label: string, value: unknown): unknown {
	if (value !== NOT_CHOSEN.value) return value;
	throw new InputProblem(label, `is '${NOT_CHOSEN.name}'`, 'Choose one from the list.');
}

function toggleField(
	base: Base,
	facts: FieldFacts,
	{ place, required, style, tune }: Context,
): Field {
	const send = (value: boolean) => (style.toggle ? style.toggle(value, facts) : value);
	const help = base.help ?? `Whether '${base.label}' is on`;
	if (place === 'section' || required) {
		return {
			...base,
			help,
			kind: 'toggle',
			...(typeof tune.default === 'boolean' ? { default: tune.default } : {}),
			...(style.toggle ? { wire: (value) => send(value as boolean) } : {}),
		};
	}
	// A switch would send false although nobody touched it.
	return {
		...base,
		kind: 'choice',
		choices: [{ name: 'No', value: 'false' }, NOT_SET, { name: 'Yes', value: 'true' }],
		default: '',
		open: true,
		wire: (value) => send(yesNo(base.label, value) as boolean),
	};
}

/** A number that nobody gave is none: only a field that was added has a number of its own. */
function numberField(base: Base, facts: FieldFacts, kind: Kind, context: Context): Field {
	const { place, inBody, tune } = context;
	const { min, above, max } = kind;
	const whole = kind.type === 'whole';
	if (place === 'section' && !meansId(facts.name)) {
		const preset =
			typeof tune.default === 'number'
				? tune.default
				: min !== undefined && min > 0
					? min
					: undefined;
		return {
			...base,
			kind: 'number',
			...(preset === undefined ? {} : { default: preset }),
			...(min === undefined ? {} : { min }),
			...(above ? { above } : {}),
			...(max === undefined ? {} : { max }),
			...(whole ? { whole: true } : {}),
		};
	}
	return {
		...base,
		kind: 'text',
		...(tune.default === undefined ? {} : { default: String(tune.default) }),
		placeholder: base.placeholder ?? `e.g. ${exampleOf(facts.name, kind)}`,
		wire:
			whole && !inBody ? digits(base.label, kind) : exact(base.label, kind, meansId(facts.name)),
	};
}

function exampleOf(name: string, { min, max }: Kind): string {
	if (meansId(name)) return '12345';
	return String(Math.min(max ?? Infinity, Math.max(min ?? 1, 1)));
}

/**
 * A number as JSON holds it. One with more digits than that would become another one: an ID stays exact
 * (`wholeNumber`), others are refused. So is an ID that a sheet has shortened.
 */
function exact(
	label: string,
	{ type, of, min, above, max, long }: Kind,
	isId: boolean,
): (value: unknown) => number | string | undefined {
	const whole = type === 'whole' || of === 'whole';
	return (value) => {
		const given = unmarked(value);
		if (isId && typeof given === 'string') keptWhole(label, given);
		const digits = long && typeof given === 'string' ? given.trim() : '';
		if (/^[1-9]\d{15,18}$/.test(digits)) return wholeNumber(digits);
		return numberOf(label, value, { min, above, max, ...(whole ? { whole } : {}) });
	};
}

/** A whole number of any length, as text. */
function digits(label: string, { min = 0 }: Kind): (value: unknown) => string {
	return (value) => {
		keptDigits(label, value);
		const text = keptWhole(label, String(value).trim());
		if (/^-?\d+$/.test(text) && Number(text) >= min) return text;
		throw new InputProblem(
			label,
			`is '${shown(value)}'`,
			`Give a whole number${min > 0 ? ` from ${min} up` : ''}.`,
		);
	};
}

/** A list with a value for each element, in a text field, or rows for a list of objects. */
function listField(base: Base, facts: FieldFacts, kind: Kind, context: Context): Field {
	if (kind.of === 'object' && facts.fields) {
		if (context.place === 'row') return jsonField(base, facts);
		return rowsField(base, facts, context);
	}
	if (kind.of === undefined || kind.of === 'any' || kind.of === 'object')
		return jsonField(base, facts);
	const element = elementReader(facts, kind, context.style, context.inBody);
	return {
		...base,
		kind: 'text',
		also: 'list',
		help:
			base.help ??
			`Several are separated by commas${facts.maxItems ? `; ${facts.maxItems} at most` : ''}`,
		wire: (value) =>
			atMost(
				base.label,
				listOf(value)?.map((entry) => element(base.label, entry)),
				facts.maxItems,
			),
	};
}

/** What an element of a plain list goes out as. */
function elementReader(
	facts: FieldFacts,
	kind: Kind,
	style: FieldStyle,
	inBody: boolean,
): (label: string, entry: unknown) => unknown {
	const of = kind.of as PlainType;
	if (of === 'toggle') return yesNo;
	if (of === 'whole' && !inBody) return (label, entry) => digits(label, {} as Kind)(entry);
	if (of === 'whole' || of === 'number') {
		return (label, entry) => exact(label, kind, meansId(facts.name))(entry);
	}
	// The length that the facts of a list have is not that of its elements.
	return readerOf({ ...facts, maxLength: undefined }, style) ?? textOf;
}

function atMost<T>(
	label: string,
	list: T[] | undefined,
	most: number | undefined,
): T[] | undefined {
	if (list === undefined || most === undefined || list.length <= most) return list;
	throw new InputProblem(
		label,
		`holds ${list.length} entries`,
		`Give ${most} at most, and the others with another item.`,
	);
}

/** Objects in a list as rows, whose own objects are taken apart; lists of objects in them are JSON. */
function rowsField(base: Base, facts: FieldFacts, context: Context): Field {
	const { style, tune } = context;
	const slots = slotsOf(
		facts.fields ?? [],
		() => 'control',
		() => false,
	);
	const names = parameterNames(slots, []);
	const { front = [] } = tune;
	const rank = ({ path }: Slot) => (front.includes(path) ? front.indexOf(path) : front.length);
	const sorted = [...slots].sort((one, other) => rank(one) - rank(other));
	const columns = sorted.map((slot): Field => {
		const own = tune.columns?.[slot.path] ?? {};
		const name = own.name ?? (names.get(slot) as string);
		const required = own.required ?? slot.required;
		const field = typed(
			{
				name,
				label: own.label ?? slotLabel(slot.path, name, style),
				to: 'control',
				...helpOf(slot.path, style, own),
				...(own.placeholder ? { placeholder: own.placeholder } : {}),
				...(own.when ? { when: own.when } : {}),
				...(required ? { required: true } : {}),
				...(name === slot.path ? {} : { at: slot.path }),
			} as Base,
			slot.facts,
			{ place: 'row', required, style, tune: own, inBody: true },
		);
		const wire = wireOf(own, field.label);
		return wire ? ({ ...field, wire } as Field) : field;
	});
	const one = singular(base.label);
	const groups = groupsIn(slots, names, style);
	return {
		...base,
		kind: 'rows',
		button: `Add ${one}`,
		rowLabel: one,
		columns,
		wire: (value: unknown) => {
			const rows = value as IDataObject[];
			for (const row of rows) checkGroups(groups, row, valueAt);
			return atMost(base.label, rows, facts.maxItems);
		},
		...(tune.help ? { help: tune.help } : {}),
	};
}

/** Objects in a row that may be missing, but not in part. */
function groupsIn(slots: Slot[], names: Map<Slot, string>, style: FieldStyle): Group[] {
	return [...new Set(slots.flatMap(({ inside }) => inside))].map((path) => ({
		path,
		label: labelFrom(path.split('.').pop() as string, style.words),
		needed: slots
			.filter(({ facts, inside }) => facts.required && inside[inside.length - 1] === path)
			.map((slot) => ({
				path: slot.path,
				label: slotLabel(slot.path, names.get(slot) as string, style),
			})),
	}));
}

/** All of a field that is made of others, as JSON. */
export function wholeField(
	{ facts, path, to }: Slot,
	name: string,
	style: FieldStyle,
	tune: Tune,
): Field {
	const label = `${tune.label ?? slotLabel(path, name, style)} (JSON)`;
	const base = { name: `${name}Json`, label, to, section: 'additionalFields' as const };
	const field = jsonField(base, facts);
	const told = typeof tune.orJson === 'string' ? tune.orJson : `${field.help}`;
	return { ...field, stead: true, help: `In place of the fields of the form: ${told}` };
}

function jsonField(base: Base, facts: FieldFacts): Field {
	const isList = facts.kind.toLowerCase().startsWith('array');
	const inner = facts.fields ? sketch(facts.fields) : undefined;
	const form = inner && (isList ? `[${inner}]` : inner);
	return {
		...base,
		kind: 'json',
		help:
			base.help ??
			`JSON ${isList ? 'list' : 'object'}${form ? ` such as <code>${form}</code>` : ''}`,
		...(isList ? { wire: (value: unknown) => listed(base.label, value, facts.maxItems) } : {}),
	};
}

function listed(label: string, value: unknown, most: number | undefined): unknown {
	return atMost(label, Array.isArray(value) ? value : [value], most);
}

/** `{ id, instances: [{ cis, uin }] }` */
export function sketch(fields: FieldFacts[], depth = 0): string {
	const names = fields
		.filter(({ deprecated }) => !deprecated)
		.map((field) => {
			if (!field.fields || depth > 2) return field.name;
			const inner = sketch(field.fields, depth + 1);
			return `${field.name}: ${kindFromFacts(field).type === 'list' ? `[${inner}]` : inner}`;
		});
	return `{ ${names.join(', ')} }`;
}

/** `Boxes` → `Box`; a label without a plural form stays. */
export function singular(label: string): string {
	if (/(x|ss|sh|ch)es$/.test(label)) return label.slice(0, -2);
	if (/ies$/.test(label)) return `${label.slice(0, -3)}y`;
	return /[^s]s$/.test(label) ? label.slice(0, -1) : label;
}

/** A slot as a field of a mapper, which has one value for each path; the body is put together from them later. */
export function mapperFieldFrom(
	slot: Slot,
	name: string,
	style: FieldStyle,
	tune: Tune & { rare?: boolean } = {},
): MapperField {
	const { facts, path } = slot;
	// The rows beside it are asked for.
	const required = tune.rows ? false : (tune.required ?? slot.required);
	const kind = kindFromFacts(facts);
	const label = tune.label ?? slotLabel(path, camel(name), style);
	const base = {
		name,
		label,
		...(required ? { required: true } : {}),
		...(name === path ? {} : { at: path }),
		...(tune.also ? { also: tune.also } : {}),
		...(tune.rare ? { rare: true } : {}),
	};
	const known = style.enums?.[facts.name];
	const choices =
		tune.choices ??
		known?.choices ??
		(facts.values && facts.values.length <= (style.mostChoices ?? 40)
			? choicesFrom(facts.values, style.words, { ...style.values, ...tune.values })
			: undefined);
	const ownWire = wireOf(tune, label);
	if (ownWire) return { ...base, kind: 'text', wire: ownWire };
	if (known && choices) {
		const { wire } = known;
		return { ...base, kind: 'choice', choices, ...(wire ? { wire } : {}) };
	}
	switch (kind.type) {
		case 'toggle': {
			const { toggle } = style;
			const wire = toggle && ((value: unknown) => toggle(value as boolean, facts));
			return { ...base, kind: 'toggle', ...(wire ? { wire } : {}) };
		}
		case 'whole':
		case 'number':
			if (choices) {
				// The form has texts only.
				const wire = (value: unknown) =>
					facts.values?.find((one) => String(one) === String(value)) ?? numberOf(label, value, {});
				return { ...base, kind: 'choice', choices, wire };
			}
			return {
				...base,
				kind: 'number',
				...(kind.min === undefined ? {} : { min: kind.min }),
				...(kind.above ? { above: true } : {}),
				...(kind.max === undefined ? {} : { max: kind.max }),
				...(kind.type === 'whole' ? { whole: true } : {}),
			};
		case 'date':
			return { ...base, kind: 'time', as: style.times?.date ?? 'date' };
		case 'dateTime':
			return { ...base, kind: 'time', as: style.times?.dateTime ?? 'instant' };
		case 'list': {
			const plain = kind.of !== 'any' && kind.of !== 'object';
			const element = elementReader(facts, kind, style, true);
			return {
				...base,
				kind: 'array',
				looks: tune.rows
					? 'or rows below'
					: plain
						? 'separated by commas'
						: (looksLike(facts, true) ?? 'list'),
				wire: (value) =>
					atMost(
						label,
						plain
							? listOf(value)?.map((entry) => element(label, entry))
							: listOfObjects(label, value),
						facts.maxItems,
					),
			};
		}
		case 'object':
		case 'any':
			return {
				...base,
				kind: 'object',
				looks: facts.fields ? undefined : (looksLike(facts, false) ?? 'object'),
				wire: (value) => parsedJson(label, value, readMarkedJson),
			};
		case 'file':
		case 'text': {
			const read = readerOf({ ...facts, maxLength: kind.maxLength }, style);
			return choices
				? { ...base, kind: 'choice', choices }
				: {
						...base,
						kind: 'text',
						...(read ? { wire: (value: unknown) => read(label, value) } : {}),
					};
		}
	}
}

/** `[{id, seance_length}]`, of what an example shows. */
function looksLike({ holds }: FieldFacts, isList: boolean): string | undefined {
	if (!holds) return undefined;
	const names = [...new Set(Object.keys(holds).map((path) => path.split(/[.[]/)[0]))];
	const told = `{${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}}`;
	return isList ? `[${told}]` : told;
}

function listOfObjects(label: string, value: unknown): unknown[] | undefined {
	const parsed = parsedJson(label, value, readMarkedJson);
	return parsed === undefined ? undefined : Array.isArray(parsed) ? parsed : [parsed];
}

/** Objects that were begun and not finished. Throws `InputProblem`. */
export function checkGroups(
	groups: Group[],
	body: IDataObject,
	at: (body: unknown, path: string) => unknown,
): void {
	for (const { path, needed, label, oneOf } of groups) {
		if (at(body, path) === undefined) {
			if (!oneOf) continue;
			throw new InputProblem(label, 'is empty', `Fill in one of these: ${oneOf.join(', ')}.`);
		}
		const missing = needed.find((one) => at(body, one.path) === undefined);
		if (!missing) continue;
		throw new InputProblem(
			missing.label,
			'is empty',
			`It belongs to ${label}, of which other fields are filled in: fill it in, or leave out all of them.`,
		);
	}
}
