/**
 * A type's table of operations, made from its facts and from what people decide about it: what stands in front,
 * what is called otherwise, which columns a flat row has.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Choice,
	FilterField,
	FilterOperator,
	OutputField,
	WireContext,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { shown } from '../../shared/form/readers';
import { parsedJson } from '../../shared/form/values';
import { searchOf } from '../entities';
import {
	attributeOwner,
	facts,
	hiddenBy,
	typeName,
	type TypeFacts,
	type TypeField,
} from '../facts';
import { AMOUNT_LOOKS } from '../money';
import { referenceWire, type ReferenceRule } from '../references';
import {
	account,
	choice,
	fileEntry,
	innerNumber,
	list,
	longText,
	moment,
	number,
	object,
	objectEntry,
	rateOf,
	reference,
	syncIdWire,
	text,
	toggle,
	type WriteField,
} from '../writeFields';
import type { Dictionary } from './dictionary';
import { DOCS } from './dictionaries/shared';

/** What people decide about a type; everything else comes from the facts. */
export interface TypeDecisions extends Pick<
	Dictionary,
	| 'keyword'
	| 'lookFor'
	| 'notes'
	| 'writeNotes'
	| 'changeNotes'
	| 'check'
	| 'finish'
	| 'defaults'
	| 'fresh'
	| 'single'
	| 'keyless'
	| 'about'
	| 'replaces'
	| 'rows'
	| 'gather'
	| 'split'
	| 'complete'
	| 'prices'
	| 'derive'
	| 'savedFilters'
	| 'extraFields'
	| 'conditions'
	| 'choices'
> {
	/** Names, where they are not those of the facts. */
	one?: string;
	many?: string;
	search?: string;
	/**
	 * It was in the first release. Its conditions can ask for emptiness and for the account, too; saved rows go by the
	 * order of its conditions.
	 */
	early?: boolean;
	/** n8n's name of the resource; the keyword without. */
	resource?: string;
	/** Fields that stand in the form at once, in this order; those needed to create are added in front. */
	front: string[];
	/** Fields that start in the list of fields to add, in this order; the others come behind them. */
	rare?: string[];
	/** Fields that objects can be matched by, the first by default. */
	match?: string[];
	/** Columns of a flat row; a reference becomes its ID. At most ten that the type has are taken. */
	simple: string[];
	labels?: Record<string, string>;
	/** Said of conditions. */
	help?: Record<string, string>;
	/** Columns of a flat row that are not called after their reference. */
	columns?: Record<string, string>;
	/** What numbers can be, beyond their kind. */
	limits?: Record<string, Limits>;
	/** Types that a reference points to, where the tables know more. */
	refs?: Record<string, string[]>;
	/** Fields that can be asked for emptiness, beside texts and the owner. */
	empty?: string[];
	/** References that can be returned as whole objects: further ones, and what is said of the others. */
	expands?: Choice[];
	/** Fields made by hand, in place of those of the facts; what the facts do not have stands where `front` says. */
	own?: WriteField[];
	/** Columns of a flat row that `derive` makes. */
	derived?: Record<string, OutputField['type']>;
	/** Further fields of conditions. */
	compares?: FilterField[];
	/** Further paths of amounts. */
	amounts?: string[];
	/** Fields that are not offered. */
	without?: string[];
	/** Fields that the tables call read-only although the docs' own examples send them. */
	writable?: string[];
	/** Fields that creation alone can set. */
	fixed?: string[];
	/** Fields that the tables call required although something else will do as well. */
	optional?: string[];
	/** What the API can do, where the table says it otherwise. */
	does?: string;
	/** Amounts that MoySklad takes as whole kopecks only, with their labels. */
	whole?: Record<string, string>;
	docs?: string;
}

type Limits = Pick<Parameters<typeof number>[2] & object, 'min' | 'max' | 'refuse'>;

/** The facts with the references as people have decided on them. */
function decidedType({ keyword, refs = {} }: TypeDecisions): TypeFacts {
	const type = facts[keyword];
	const fields = Object.entries(refs).map(([name, ref]) => [name, { ...type.fields[name], ref }]);
	return fields.length > 0
		? {
				...type,
				fields: { ...type.fields, ...(Object.fromEntries(fields) as TypeFacts['fields']) },
			}
		: type;
}

/** The table of a type. */
export function fromFacts(decisions: TypeDecisions): Dictionary {
	const { keyword, front, simple, labels = {}, derived = {}, columns: named = {} } = decisions;
	const type = decidedType(decisions);
	const labelOf = (name: string) => labels[name] ?? plain(type.fields[name].label);
	const shortOf = (name: string) => (decisions.early ? short(labelOf(name)) : labelOf(name));
	const fields = writeFields(decisions, type, labelOf);
	const columns = simple
		.filter((name) => derived[name] ?? isColumn(type.fields[name]))
		.slice(0, 10);
	const references = columns.filter((name) => type.fields[name]?.kind === 'ref');
	const columnOf = (name: string) =>
		named[name] ?? (references.includes(name) ? `${name}Id` : name);
	const amounts = [...moneyPaths(type), ...(decisions.amounts ?? [])];
	const accounts = {
		...(type.fields.organizationAccount
			? { organizationAccount: type.fields.organization ? 'organization' : 'ownAgent' }
			: {}),
		...(type.fields.agentAccount ? { agentAccount: 'agent' } : {}),
	};
	return {
		resource: keyword,
		one: sentence(type.one),
		many: sentence(type.many),
		label: typeName(keyword),
		search: searchOf(keyword),
		docs: DOCS,
		...decisions,
		fields,
		filter: [
			...(decisions.early
				? earlyFilter(type, decisions, labelOf)
				: filterFields(type, front, labelOf)),
			...(decisions.compares ?? []),
		],
		sort: sortChoices(type.fields, shortOf),
		...(type.search ? { searches: searchText(type.search, labelOf, type.fields) } : {}),
		expand: expandChoices(type.fields, shortOf, decisions.expands),
		simple: Object.fromEntries(
			columns.map((name): [string, OutputField['type']] => [
				columnOf(name),
				derived[name] ?? outputType(type.fields[name]),
			]),
		),
		references: Object.fromEntries(references.map((name) => [name, columnOf(name)])),
		does: decisions.does ?? type.does,
		hides: isFiltered(type) ? hiddenBy(keyword) : undefined,
		...(amounts.length > 0 ? { money: { paths: amounts, whole: decisions.whole } } : {}),
		...(type.has.includes('attributes') ? { attributes: attributeOwner(keyword) } : {}),
		...(fields.some(({ name }) => name === 'syncId') ? { syncId: true } : {}),
		...(Object.keys(accounts).length > 0 ? { accounts } : {}),
		keyless: decisions.keyless ?? !fields.some(({ match }) => match),
		savedFilters: decisions.savedFilters ?? type.kind === 'document',
	};
}

/** `Delivery Address (Detailed)` → `Delivery Address, Detailed`: in labels, brackets say what a value looks like. */
function plain(label: string): string {
	return label.replace(/ \((Detailed|Tag 1162)\)$/, ', $1');
}

/** `Is Archived` and `Owner (Employee)` of a field, for what lists are ordered by and return whole. */
function short(label: string): string {
	return label.replace(/^Is | \(Employee\)$/g, '');
}

/** Lists of which no filter is documented cannot be asked for what they hide either. */
function isFiltered({ fields }: TypeFacts): boolean {
	return Object.values(fields).some(({ filter }) => filter);
}

/** True for a field of which an object has one plain value. */
function isColumn(field: TypeField | undefined): boolean {
	return (
		field !== undefined &&
		!field.listOnly &&
		!['array', 'attributes', 'object', 'positions', 'refs', 'stringArray'].includes(field.kind)
	);
}

/** `Sales Order` inside a sentence; abbreviations stay. */
function sentence(name: string): string {
	return name
		.split(' ')
		.map((word) => (/^\(?[A-Z][a-z]/.test(word) ? word.toLowerCase() : word))
		.join(' ');
}

// -------------------------------------------------------------------------------------- writing

/** Set by MoySklad itself, whether a table says so or not. */
const STAMPS = new Set(['accountId', 'created', 'deleted', 'id', 'updated']);

function writeFields(
	decisions: TypeDecisions,
	type: TypeFacts,
	labelOf: (name: string) => string,
): WriteField[] {
	const {
		keyword,
		front,
		rare = [],
		limits = {},
		own = [],
		without = [],
		writable = [],
		fixed = [],
		optional = [],
		match = [],
	} = decisions;
	const byHand = new Map(own.map((field) => [field.name, field]));
	const order = [
		...Object.keys(type.fields).filter(
			(name) => type.fields[name].required && !front.includes(name) && !rare.includes(name),
		),
		...front,
		...rare,
		...Object.keys(type.fields).filter(
			(name) => !type.fields[name].required && !front.includes(name) && !rare.includes(name),
		),
	];
	const made: WriteField[] = [];
	for (const name of order) {
		const field = type.fields[name];
		if (without.includes(name)) continue;
		if (!field) {
			const added = byHand.get(name);
			if (added) made.push(added);
			continue;
		}
		if (field.listOnly || STAMPS.has(name)) continue;
		if (field.readOnly && !writable.includes(name)) continue;
		const extras = {
			...(field.required && !optional.includes(name) ? { required: true } : {}),
			...(match[0] === name ? { match: 'default' as const } : {}),
			...(match.slice(1).includes(name) ? { match: true } : {}),
			...(field.required || front.includes(name) || match.includes(name) ? {} : { rare: true }),
			...(name === 'syncId' || fixed.includes(name) ? { createOnly: true } : {}),
			...limits[name],
		};
		const built = byHand.get(name) ?? writeField(keyword, name, labelOf(name), field, extras);
		if (built) made.push(byHand.has(name) ? { ...extras, ...built } : built);
	}
	return made;
}

type Extras = Partial<Omit<WriteField, 'name' | 'label' | 'kind' | 'wire'>> & Limits;

/** A field that can be written; none for custom attributes, which the account defines. */
function writeField(
	keyword: string,
	name: string,
	label: string,
	field: TypeField,
	extras: Extras,
): WriteField | undefined {
	// The tables call a price type an object.
	if (name === 'priceType') return reference(name, label, { entity: 'pricetype' }, extras);
	const isAmount = field.unit?.startsWith('kopecks');
	switch (field.kind) {
		case 'uuid':
			return name === 'syncId'
				? { ...text(name, label, extras), wire: syncIdWire(label) }
				: text(name, label, extras);
		case 'string':
		case 'url':
			return text(name, label, { ...extras, ...(field.max ? { max: field.max } : {}) });
		case 'text':
			return field.max
				? text(name, label, { ...extras, max: field.max })
				: longText(name, label, extras);
		case 'boolean':
			return toggle(name, label, extras);
		case 'integer':
		case 'number':
			return number(name, label, {
				...extras,
				// Amounts may come in roubles, and are whole only then when they are converted.
				...(field.kind === 'integer' && !isAmount ? { whole: true } : {}),
				...(isAmount ? { looks: AMOUNT_LOOKS } : {}),
				...(field.unit === 'percent' ? { percent: true } : {}),
			});
		case 'dateTime':
			return moment(name, label, extras);
		case 'enum':
			return field.values
				? choice(name, label, choicesOf(field.values), extras)
				: text(name, label, extras);
		case 'ref':
			if (isInside(field)) {
				return object(name, label, (value) => objectEntry(label, parsedJson(label, value)), {
					...extras,
					looks: '{meta}',
				});
			}
			return field.ref?.every((target) => target.endsWith('/accounts'))
				? account(name, label, extras)
				: reference(name, label, ruleOf(field), extras);
		case 'refs': {
			if (field.ref?.join() === 'files' || field.ref?.join() === 'image') {
				return list(name, label, fileEntry(label), {
					...extras,
					looks: 'list of {filename, content}',
				});
			}
			// Parts of the object, written with it: bank accounts, contact persons, stages.
			if (field.ref?.every((target) => target.startsWith(`${keyword}/`))) {
				return innerList(keyword, name, label, extras);
			}
			return referenceList(name, label, field, extras);
		}
		case 'stringArray':
			return list(name, label, String, {
				...extras,
				looks: ['separated by commas', 'by commas'],
				split: /[,;\n]/,
			});
		case 'operations':
			return paidDocuments(name, label, field, extras);
		case 'positions':
		case 'array':
			return field.kind === 'array' && field.ref
				? referenceList(name, label, field, extras)
				: innerList(keyword, name, label, extras);
		case 'rate':
			return object(name, label, (value, context) => rateOf(label, value, context), {
				...extras,
				looks: '{currency, value}',
			});
		case 'object': {
			const inner = partOf(keyword, name);
			return object(
				name,
				label,
				(value, context) => {
					const given = objectEntry(label, parsedJson(label, value));
					return inner ? innerObject(label, given, inner, context) : given;
				},
				{ ...extras, ...(inner ? { looks: `{${shownNames(inner)}}` } : {}) },
			);
		}
		default:
			return undefined;
	}
}

/** References, each given in any of the ways of one. */
function referenceList(name: string, label: string, field: TypeField, extras: Extras): WriteField {
	return list(name, label, referenceWire({ label, ...ruleOf(field) }), {
		...extras,
		looks: 'list of IDs or links',
		split: /[,;\n]/,
	});
}

/** What a payment pays: documents of several types, each by a link or meta, with the amount that is paid of it. */
function paidDocuments(name: string, label: string, field: TypeField, extras: Extras): WriteField {
	const reference = referenceWire({ label, ...ruleOf(field) });
	const entry = (value: unknown, context: WireContext): IDataObject => {
		const given = typeof value === 'object' && value !== null ? (value as IDataObject) : undefined;
		// A number that people see fits documents of several types.
		if (!given?.meta) {
			throw new InputProblem(
				label,
				`holds ${shown(value)}, which does not tell the document and how much of it is paid`,
				`Give a list such as [{"meta": {"href": "…", "type": "${field.ref?.[0]}"}, "linkedSum": 129900}], or use 'Create From Document' or 'Link Document', which take the document from a list.`,
			);
		}
		const { meta, linkedSum } = given;
		return {
			...reference({ meta }, context),
			...(linkedSum === undefined || linkedSum === null
				? {}
				: { linkedSum: innerNumber(`${label}: linkedSum`, linkedSum) }),
		};
	};
	return list(name, label, entry, {
		...extras,
		looks: 'list of {meta, linkedSum}',
		split: /[,;\n]/,
	});
}

/** Objects inside the object; as they are given where the facts have no table of them. */
function innerList(keyword: string, name: string, label: string, extras: Extras): WriteField {
	const inner = partOf(keyword, name);
	return list(
		name,
		label,
		(value, context) => (inner ? innerObject(label, value, inner, context) : value),
		{ ...extras, looks: inner ? `list of {${shownNames(inner)}}` : 'list' },
	);
}

const inOrder = (choices: Choice[]) =>
	choices.sort((one, other) => one.name.localeCompare(other.name, 'en'));

const choicesOf = (values: string[]) => inOrder(values.map(readableChoice));

/** `GENERAL_TAX_SYSTEM` and `PercentOfSales` as people read them; the value goes to MoySklad. */
function readableChoice(value: string): Choice {
	const words = value
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.split(/[_\s]+/);
	return {
		name: words
			.map((word) => (word === 'of' ? word : word.charAt(0).toUpperCase() + word.slice(1)))
			.join(' '),
		value,
	};
}

/** Bins of a warehouse: their address holds the warehouse's ID, so they go by their own meta. */
function isInside({ ref = [] }: TypeField): boolean {
	return ref.some((target) => target.endsWith('/slots'));
}

/** The fields of the parts of objects, such as the items of documents, as fields of a write. */
export function partFields(
	inner: Record<string, TypeField>,
	front: string[],
	more: Record<string, Extras> = {},
): WriteField[] {
	const names = [...front, ...Object.keys(inner).filter((name) => !front.includes(name))];
	return names
		.filter((name) => inner[name] && !inner[name].readOnly && !STAMPS.has(name))
		.flatMap((name) => {
			const rare = front.includes(name) ? {} : { rare: true };
			const extras = { ...rare, ...more[name] };
			return writeField('', name, plain(inner[name].label), inner[name], extras) ?? [];
		});
}

function ruleOf({ ref = [] }: TypeField): Omit<ReferenceRule, 'label'> {
	return ref.includes('*') ? {} : ref.length === 1 ? { entity: ref[0] } : { entities: ref };
}

/** Facts of the objects inside a field: addresses have one table for all their fields. */
function partOf(keyword: string, name: string): Record<string, TypeField> | undefined {
	const parts = facts[keyword]?.parts ?? {};
	// Both kinds of materials have one table.
	if (name === 'parametricMaterials') return parts.materials;
	return parts[name] ?? (/addressFull$/i.test(name) ? parts.address : undefined);
}

function shownNames(inner: Record<string, TypeField>): string {
	const names = Object.keys(inner).filter((name) => !inner[name].readOnly && name !== 'id');
	const first = ['assortment', 'quantity', 'price'].filter((name) => names.includes(name));
	return (first.length > 0 ? first : names.slice(0, 3)).join(', ');
}

/** An object inside a field: references and amounts are written as they must be, unknown members pass. */
function innerObject(
	label: string,
	value: unknown,
	inner: Record<string, TypeField>,
	context: WireContext,
): IDataObject {
	const given = objectEntry(label, value);
	const written: IDataObject = {};
	for (const [name, member] of Object.entries(given)) {
		const field = inner[name];
		const path = `${label}: ${name}`;
		// Read with the document, and computed by MoySklad.
		if (field?.readOnly || name === 'accountId') continue;
		if (member === null || member === undefined || !field) written[name] = member;
		else if (name === 'priceType') {
			written[name] = referenceWire({ label: path, entity: 'pricetype' })(member, context);
		} else if (field.kind === 'ref' && !isInside(field)) {
			written[name] = referenceWire({ label: path, ...ruleOf(field) })(member, context);
		} else if (field.kind === 'number' || field.kind === 'integer') {
			written[name] = innerNumber(path, member);
		} else written[name] = member;
	}
	return written;
}

function moneyPaths({ kind, fields, parts = {} }: TypeFacts): string[] {
	const amounts = (table: Record<string, TypeField>, at: string) =>
		Object.keys(table)
			.filter(
				(name) =>
					table[name].unit?.startsWith('kopecks') && /number|integer/.test(table[name].kind),
			)
			.map((name) => `${at}${name}`);
	// Prices of goods and salaries are objects.
	const prices = Object.keys(fields).filter(
		(name) =>
			kind === 'dictionary' &&
			fields[name].unit === 'kopecks' &&
			/array|object/.test(fields[name].kind),
	);
	const linked = Object.keys(fields).filter((name) => fields[name].kind === 'operations');
	return [
		...amounts(fields, ''),
		...linked.map((name) => `${name}.linkedSum`),
		...prices.map((name) => `${name}.value`),
		...Object.entries(parts)
			.filter(([list]) => fields[list])
			// Lists are written as such and read as `{meta, rows}`.
			.flatMap(([list, inner]) => [
				...amounts(inner, `${list}.`),
				...amounts(inner, `${list}.rows.`),
			]),
	];
}

// -------------------------------------------------------------------------------------- reading

const OPERATORS: Record<string, FilterOperator> = {
	'=': 'equals',
	'!=': 'notEquals',
	'~': 'contains',
	'!~': 'notContains',
	'~=': 'startsWith',
	'=~': 'endsWith',
	'>': 'greater',
	'>=': 'greaterOrEqual',
	'<': 'less',
	'<=': 'lessOrEqual',
};

const FILTER_KINDS: Record<string, FilterField['kind']> = {
	uuid: 'uuid',
	boolean: 'toggle',
	integer: 'number',
	number: 'number',
	dateTime: 'time',
	ref: 'reference',
	enum: 'choice',
};

/** Conditions: what people filter by first, the rest by name. */
function filterFields(
	{ fields, kind }: TypeFacts,
	front: string[],
	labelOf: (name: string) => string,
): FilterField[] {
	// All objects of an account have its ID.
	const names = Object.keys(fields).filter(
		(name) => fields[name].filter && (kind === 'document' || name !== 'accountId'),
	);
	const ahead = ['name', ...front].filter((name) => names.includes(name));
	const made = [...new Set([...ahead, ...names])].map((name) =>
		filterField(name, labelOf(name), fields[name]),
	);
	return withStateName(made, labelOf);
}

/** States by their names, too. */
function withStateName(made: FilterField[], labelOf: (name: string) => string): FilterField[] {
	const at = made.findIndex(({ name }) => name === 'state');
	if (at < 0) return made;
	const byName: FilterField = {
		name: 'state.name',
		label: `${labelOf('state')} Name`,
		kind: 'text',
		operators: ['equals', 'notEquals'],
	};
	return [...made.slice(0, at + 1), byName, ...made.slice(at + 1)];
}

/** Conditions of the first release: in the order of the facts; a new row begins with the name. */
function earlyFilter(
	{ fields }: TypeFacts,
	{ empty = [], help = {} }: TypeDecisions,
	labelOf: (name: string) => string,
): FilterField[] {
	const names = Object.keys(fields).filter((name) => fields[name].filter);
	const first = names.includes('name') ? 'name' : 'description';
	const made = names.map((name): FilterField => {
		const field = filterField(name, labelOf(name), fields[name]);
		// MoySklad docs, Filtering: a comparison with nothing finds what is empty.
		const canBeEmpty =
			field.operators.includes('contains') || name === 'owner' || empty.includes(name);
		return {
			...field,
			operators: [...field.operators, ...(canBeEmpty ? EMPTINESS : [])],
			...(name === first ? { first: true } : {}),
			...(help[name] ? { help: help[name] } : {}),
		};
	});
	return withStateName(made, labelOf);
}

const EMPTINESS: FilterOperator[] = ['isEmpty', 'isNotEmpty'];

/** A condition, from the facts of its field. */
export function filterField(written: string, label: string, field: TypeField): FilterField {
	// Lists are filtered by one barcode, whatever the tables call the field (MoySklad docs: Product).
	const name = written === 'barcodes' ? 'barcode' : written;
	const signs = (field.filter ?? '').split(' ');
	const operators = Object.keys(OPERATORS)
		.filter((sign) => signs.includes(sign))
		.map((sign) => OPERATORS[sign]);
	const kind = FILTER_KINDS[field.kind] ?? 'text';
	return {
		name,
		label: written === name ? label : label.replace(/s$/, ''),
		kind: kind === 'choice' && !field.values ? 'text' : kind,
		operators,
		...(kind === 'reference' ? { entity: field.ref?.join(',') ?? '*' } : {}),
		...(kind === 'number' && field.unit === 'kopecks' ? { money: true, named: 'number' } : {}),
		...(kind === 'choice' && field.values ? { choices: choicesOf(field.values) } : {}),
	};
}

function sortChoices(
	fields: Record<string, TypeField>,
	labelOf: (name: string) => string,
): Choice[] {
	return Object.keys(fields)
		.filter((name) => fields[name].sort)
		.map((name) => ({ name: labelOf(name), value: name }));
}

function expandChoices(
	fields: Record<string, TypeField>,
	labelOf: (name: string) => string,
	expands: Choice[] = [],
): Choice[] | undefined {
	const choices = Object.keys(fields)
		.filter((name) => fields[name].expand)
		.flatMap((name) => [
			{ name: labelOf(name), value: name },
			...(fields[name].kind === 'positions'
				? [{ name: `${labelOf(name)} and Their Products`, value: `${name}.assortment` }]
				: []),
		]);
	const told = new Set(expands.map(({ value }) => value));
	const all = [...choices.filter(({ value }) => !told.has(value)), ...expands];
	return all.length > 0 ? inOrder(all) : undefined;
}

function searchText(
	names: string[],
	labelOf: (name: string) => string,
	fields: Record<string, TypeField>,
): string {
	const known = names.filter((name) => fields[name]).map((name) => labelOf(name).toLowerCase());
	if (known.length === 0) return 'the texts of the object';
	return known.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function outputType({ kind }: TypeField): OutputField['type'] {
	if (kind === 'boolean') return 'boolean';
	return kind === 'integer' || kind === 'number' ? 'number' : 'string';
}
