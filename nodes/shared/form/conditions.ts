/**
 * Conditions of a list: the rows of the form, and what they say. n8n gives a new row the default of the last
 * parameter of each name, shown or not, and keeps what a hidden parameter held while another of its name is shown.
 * So each kind of value and each set of operators has a name of its own.
 */
import type {
	IDataObject,
	IDisplayOptions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { FilterField, FilterOperator, FilterTerm } from '../catalogue';
import { OPERATORS, operatorsOf } from './operators';
import { InputProblem } from '../errors/problems';
import { isNothing } from './readers';
import { groupRows } from './values';

type Kind = FilterField['kind'] | 'amount';

/** What each kind is called in the names of parameters. */
const WORDS: Record<Kind, string> = {
	amount: 'Amount',
	choice: 'Choice',
	number: 'Number',
	reference: 'Reference',
	text: 'Text',
	time: 'Moment',
	toggle: 'Flag',
	uuid: 'Id',
};

const EQUAL: FilterOperator[] = ['equals', 'notEquals'];
const ORDERED: FilterOperator[] = [...EQUAL, 'greater', 'greaterOrEqual', 'less', 'lessOrEqual'];

/** The operators that most fields of a kind have: their parameter has the short name. */
const USUAL: Partial<Record<Kind, FilterOperator[]>> = {
	amount: ORDERED,
	number: ORDERED,
	text: [...EQUAL, 'contains', 'startsWith', 'endsWith', 'isEmpty', 'isNotEmpty'],
	time: ORDERED,
};

/** Rows that were made before each kind had its own parameters hold these two; n8n keeps what the form knows. */
const OLD = ['value', 'operator'];
const exists: NonNullable<IDisplayOptions['show']>[string] = [{ _cnd: { exists: true } }];
const HIDE_IN_OLD = Object.fromEntries(OLD.map((name) => [name, exists]));

function kindOf(field: FilterField): Kind {
	return field.kind === 'number' && field.money ? 'amount' : field.kind;
}

const capital = (word: string) => word[0].toUpperCase() + word.slice(1);

/** `contract.type` → `ContractType`. */
const pascal = (name: string) =>
	name
		.split(/[^A-Za-z0-9]+/)
		.filter(Boolean)
		.map(capital)
		.join('');

/** Parameter of a field's operator: `operatorText`, or with the operators in its name where they are not the usual. */
export function operatorName(field: FilterField): string {
	const kind = kindOf(field);
	const operators = OPERATORS.map(({ value }) => value).filter((value) =>
		field.operators.includes(value),
	);
	const usual = USUAL[kind] ?? EQUAL;
	const same = usual.length === operators.length && usual.every((one) => operators.includes(one));
	return `operator${WORDS[field.named ?? kind]}${same ? '' : operators.map(capital).join('')}`;
}

/** Parameter of a field's value: `valueText`, `valueCounterparty` (picked from a list), `valueChoiceStatus` … */
export function valueName(field: FilterField): string {
	const kind = kindOf(field);
	if (kind === 'choice') return `valueChoice${pascal(field.name)}`;
	if (field.search && field.formerlyTyped) return `value${pascal(field.name)}`;
	if (field.search) return `value${pascal((field.entity ?? field.name).split(',')[0])}`;
	return `value${WORDS[field.named ?? kind]}`;
}

/**
 * The rows of conditions: pick a field, then one of the operators that it allows, then a value. `isNew`: no saved node
 * can have rows of the old form.
 */
export function conditionsProperty(
	fields: FilterField[],
	displayOptions: IDisplayOptions,
	isNew = false,
): INodeProperties {
	return {
		displayName: 'Conditions',
		name: 'conditions',
		type: 'fixedCollection',
		placeholder: 'Add Condition',
		default: {},
		description: 'Rows must meet all conditions',
		typeOptions: { multipleValues: true },
		displayOptions,
		options: [
			{
				displayName: 'Condition',
				name: 'condition',
				values: [
					...(isNew ? SHORT_ROW : oldParameters(fields[0].name)),
					...[
						fieldParameter(fields),
						...operatorParameters(fields),
						...valueParameters(fields),
					].map((property) => (isNew ? withoutOld(property) : property)),
				],
			},
		],
	};
}

/** Rows that are written by hand or by a program may have an operator and a value of these names. */
const SHORT_ROW: INodeProperties[] = [
	// An empty list is no value that an expression would give: it tells that n8n has left a default out.
	{ displayName: 'Value', name: 'value', type: 'hidden', default: [] },
	{ displayName: 'Operator', name: 'operator', type: 'hidden', default: '' },
];

/** What tells the rows of the old form apart is a third of a form that never had any. */
function withoutOld({ displayOptions, ...property }: INodeProperties): INodeProperties {
	const { show, hide = {} } = displayOptions ?? {};
	const others = Object.fromEntries(Object.entries(hide).filter(([name]) => !OLD.includes(name)));
	const options: IDisplayOptions = {
		...(show ? { show } : {}),
		...(Object.keys(others).length > 0 ? { hide: others } : {}),
	};
	return { ...property, ...(Object.keys(options).length > 0 ? { displayOptions: options } : {}) };
}

/** `first`: what the old form began with; rows of it were saved without the field. */
function oldParameters(first: string): INodeProperties[] {
	// A row has one of the two, or both.
	const shownFor: IDisplayOptions[] = [
		{ show: { value: exists } },
		{ show: { operator: exists }, hide: { value: exists } },
	];
	return [
		...SHORT_ROW,
		...shownFor.flatMap((displayOptions): INodeProperties[] => [
			{
				displayName:
					'This condition was made with an earlier version of this node. It goes on as it was; to change it, delete it and add it again.',
				name: 'oldNotice',
				type: 'notice',
				default: '',
				displayOptions,
			},
			{ displayName: 'Field', name: 'field', type: 'string', default: first, displayOptions },
		]),
	];
}

function fieldParameter(fields: FilterField[]): INodeProperties {
	const { name: preset } = fields.find(({ first }) => first) ?? fields[0];
	return {
		displayName: 'Field',
		name: 'field',
		type: 'options',
		options: fields
			.map(({ label, name, help }): INodePropertyOptions => ({
				name: label,
				value: name,
				description: help,
			}))
			.sort((one, other) => one.name.localeCompare(other.name, 'en')),
		default: preset,
		displayOptions: { hide: HIDE_IN_OLD },
	};
}

function operatorParameters(fields: FilterField[]): INodeProperties[] {
	return groups(fields, operatorName).map((group) => {
		const operators = operatorsOf(group[0]);
		const [{ value: preset }] = operators;
		return {
			displayName: 'Operator',
			name: operatorName(group[0]),
			type: 'options',
			options: operators.map(({ value, label }) => ({ name: label, value })),
			default: preset,
			displayOptions: { show: { field: namesOf(group) }, hide: HIDE_IN_OLD },
		};
	});
}

function valueParameters(fields: FilterField[]): INodeProperties[] {
	const comparesAlways = (field: FilterField) => operatorsOf(field).every(({ values }) => values);
	const alike = (field: FilterField) =>
		JSON.stringify([
			kindOf(field),
			valueName(field),
			field.search,
			comparesAlways(field) ? undefined : operatorName(field),
		]);
	const picked = groups(fields, alike).flatMap((group) => {
		const [field] = group;
		const needed = operatorsOf(field).filter(({ values }) => values);
		const show: IDisplayOptions['show'] = {
			field: namesOf(group),
			...(comparesAlways(field) ? {} : { [operatorName(field)]: needed.map(({ value }) => value) }),
		};
		return valueWidgets(field).map(({ displayOptions, ...widget }) => ({
			...widget,
			displayOptions: {
				show: { ...show, ...displayOptions?.show },
				hide: { ...HIDE_IN_OLD, ...displayOptions?.hide },
			},
		}));
	});
	return [...picked, ...typedParameters(fields)];
}

/** Where the object of a picked reference stood before it was picked from a list. */
const typedName = ({ kind }: FilterField) => `value${WORDS[kind]}`;

/**
 * The plain box that fields had, for rows that fill it and pick nothing. One for all of them: of several parameters of
 * one name, n8n does not see that a row has a value.
 */
function typedParameters(fields: FilterField[]): INodeProperties[] {
	const typed = fields.filter(({ formerlyTyped }) => formerlyTyped);
	return groups(typed, typedName).map((group) => {
		const name = typedName(group[0]);
		return {
			...box({ displayName: 'Value (From an Earlier Version)', name }, SEVERAL_IDS),
			displayOptions: {
				show: { field: namesOf(group), [name]: exists },
				hide: {
					...HIDE_IN_OLD,
					...Object.fromEntries(group.map((field) => [valueName(field), exists])),
				},
			},
		};
	});
}

const SEVERAL =
	'One value per line, or an expression that gives a list; any may match (with "Is Not": none)';
const SEVERAL_IDS =
	'The ID or the link of the object, or what else names it, such as its name or code. Several: one per line, or an expression that gives a list. Any of them may match (with "Is Not": none of them).';

/** The box for a field's value: one, or one for each state of the form that it depends on. */
function valueWidgets(field: FilterField): INodeProperties[] {
	const base = { displayName: 'Value', name: valueName(field) };
	switch (kindOf(field)) {
		case 'toggle':
			return [{ ...base, type: 'boolean', default: true }];
		case 'time':
			return [{ ...base, type: 'dateTime', default: '' }];
		case 'number':
			return [{ ...base, type: 'number', default: 0 }];
		case 'amount': {
			const roubles = { '/options.money': ['roubles'] };
			const amount: INodeProperties = { ...base, type: 'number', default: 0 };
			return [
				{ ...amount, displayName: 'Value (Kopecks)', displayOptions: { hide: roubles } },
				{ ...amount, displayName: 'Value (Roubles)', displayOptions: { show: roubles } },
			];
		}
		case 'choice':
			return [
				{
					...base,
					type: 'options',
					options: field.choices ?? [],
					default: field.choices?.[0].value ?? '',
				},
			];
		case 'reference': {
			if (!field.search) return [box(base, SEVERAL_IDS)];
			return [picker(base, field.search)];
		}
		default:
			return [field.search ? picker(base, field.search) : box(base, SEVERAL)];
	}
}

type Named = Pick<INodeProperties, 'displayName' | 'name'>;

/** One plain box of several lines. */
function box(base: Named, description: string): INodeProperties {
	return { ...base, type: 'string', default: '', typeOptions: { rows: 2 }, description };
}

/** One object from a list, or several by their IDs. */
function picker(base: Named, searchListMethod: string): INodeProperties {
	return {
		...base,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			'IDs or links with commas, or an expression that gives a list; any may match (with "Is Not": none)',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select…',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID, Link or Name',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. its name; several IDs with commas',
			},
		],
	};
}

/** What the rows of the form say. Throws `InputProblem`. */
export function readConditions(fields: FilterField[], raw: unknown): FilterTerm[] {
	return groupRows('Conditions', raw, 'condition').map((row) => {
		const field = fields.find(({ name }) => name === row.field);
		if (!field) {
			throw new InputProblem(
				'Conditions',
				`names the unknown field '${String(row.field)}'`,
				'Choose a field from the list.',
			);
		}
		const isOld = OLD.some((name) => isGiven(row[name]));
		const operator = readOperator(field, isOld ? row.operator : row[operatorName(field)]);
		const value = isOld ? oldValue(field, row.value) : newValue(field, row);
		return {
			field: field.name,
			operator,
			values: OPERATORS.some((one) => one.value === operator && one.values)
				? readValues(field, value)
				: [],
			of: field,
		};
	});
}

function newValue(field: FilterField, row: IDataObject): unknown {
	const value = row[valueName(field)];
	if (!field.formerlyTyped || isGiven(isLocator(value) ? value.value : value)) return value;
	return row[typedName(field)];
}

/** As n8n's condition `exists` sees it. */
function isGiven(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0 && value.every(isGiven);
	return value !== undefined && value !== null && value !== '';
}

/** n8n saves a row without what is as the form had it at first. */
function oldValue(field: FilterField, value: unknown): unknown {
	if (!Array.isArray(value) || value.length > 0) return value;
	if (field.kind === 'toggle') return true;
	if (field.kind === 'number') return 0;
	return field.kind === 'choice' ? field.choices?.[0].value : value;
}

function readOperator(field: FilterField, given: unknown): FilterOperator {
	const allowed = operatorsOf(field);
	const wanted = isNothing(given) ? allowed[0].value : given;
	const operator = allowed.find(({ value }) => value === wanted);
	if (operator) return operator.value;
	throw new InputProblem(
		'Conditions',
		`compares '${field.label}' in a way that this field does not allow`,
		`Choose one of: ${allowed.map(({ label }) => label).join(', ')}.`,
	);
}

function readValues(field: FilterField, raw: unknown): unknown[] {
	const values = severalOf(raw, /^(?:reference|uuid)$/.test(field.kind)).filter(
		(value) => !isNothing(value),
	);
	if (values.length > 0) return values;
	const empty = operatorsOf(field).filter((operator) => !operator.values);
	throw new InputProblem(
		'Conditions',
		`has no value to compare '${field.label}' with`,
		`Give a value, or check the expression that fills it${
			empty.length > 0 ? `; what has no value is found by '${empty[0].label}'` : ''
		}.`,
	);
}

/**
 * The values of a box: lines of a text, entries of a list, or the one value as it is. IDs and links (`mayBeIds`)
 * may also stand in one line with blanks or commas between them, which names hold themselves.
 */
export function severalOf(raw: unknown, mayBeIds = false): unknown[] {
	const held = isLocator(raw) ? raw.value : raw;
	if (Array.isArray(held)) return held;
	if (typeof held !== 'string') return [held];
	const lines = held.split(/\r?\n/);
	if (mayBeIds) return lines.flatMap(idsOf);
	return lines.length > 1 ? lines.map((line) => line.trim()) : lines;
}

const ID_OR_LINK = /^(?:https?:\/\/\S+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

function idsOf(line: string): string[] {
	const parts = line.split(/[\s,;]+/).filter(Boolean);
	return parts.every((part) => ID_OR_LINK.test(part)) ? parts : [line.trim()];
}

function isLocator(raw: unknown): raw is { value: unknown } {
	return typeof raw === 'object' && raw !== null && '__rl' in raw && 'value' in raw;
}

function groups(fields: FilterField[], keyOf: (field: FilterField) => string): FilterField[][] {
	const found = new Map<string, FilterField[]>();
	for (const field of fields) {
		const key = keyOf(field);
		found.set(key, [...(found.get(key) ?? []), field]);
	}
	return [...found.values()];
}

const namesOf = (fields: FilterField[]) => fields.map(({ name }) => name);
