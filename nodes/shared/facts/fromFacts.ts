/**
 * Operations made from the tables of facts and from decisions: what stands at the top of a form, which label differs,
 * what a simplified row shows. Everything else follows from the facts, the same way for every vendor.
 *
 * - Path fields come first, then what the call requires, then the rest: filters of a read, additional fields of a write.
 * - Objects are taken apart into fields, lists of objects become rows, what is deeper is JSON with the names in its help.
 * - `each` makes one item an element of the array that is posted, so that many items share a request.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	AnswerRule,
	BulkWrite,
	Call,
	Choice,
	Destination,
	Field,
	ListRule,
	Mapper,
	MapperField,
	Operation,
	OutputField,
	Route,
	Section,
	VendorProblem,
	WireContext,
} from '../catalogue';
import {
	checkGroups,
	fieldFrom,
	slotLabel,
	mapperFieldFrom,
	parameterNames,
	singular,
	slotsOf,
	wholeField,
	type FieldStyle,
	type Group,
	type Slot,
	type Tune,
} from './factFields';
import { camel, kindFromFacts } from './factKinds';
import type { FieldFacts, OperationFacts } from './facts';
import { outputField } from '../files/files';
import { labelFrom } from '../form/labels';
import { unmarked, wholeNumber } from '../road/exact';
import { setAt, valueAt, wholeStyle } from '../road/paging';
import { isRead } from '../run/request';

/** What all operations of a vendor have in common. */
export interface Dialect extends FieldStyle {
	facts: OperationFacts[];
	/** The vendor's page of an operation. */
	docs: (facts: OperationFacts) => string;
	/** The route; method and path of the facts unless said. Placeholders become camel case in any case. */
	route?: (facts: OperationFacts) => Route;
	/** Fields that mean the same everywhere, by the vendor's name; `to` is filled in. */
	common?: Record<string, Omit<Field, 'to'>>;
	/** Names of fields that the node fills in itself, such as those of paging. */
	own?: string[];
	/** How a list is read of which the rows stand at `rows`; undefined: it comes as a whole. */
	list?: (facts: OperationFacts, rows: string) => Omit<ListRule, 'in'> | undefined;
	/** True for a call that changes nothing although its method is POST or PUT. */
	reads?: (facts: OperationFacts) => boolean;
	/** Rights and limits in words. */
	notes?: (facts: OperationFacts) => string | undefined;
	/** Names that wrap an answer: `result`, `data`. */
	wraps?: string[];
}

/** One item as an element of the array that is posted. */
export interface Each {
	/** Name of the array in the body. */
	at: string;
	/** Property that names an element, in it and in its verdict. Not needed where the elements are plain. */
	id?: string;
	/** Where that property stands in an element, when it is not at its top. */
	idAt?: string;
	/** Path of the verdicts in the answer; without it, all that were sent are done. */
	results?: string;
	/** Every element has a verdict; otherwise only those that were refused. */
	all?: boolean;
	/** What a verdict says is wrong; by default, a verdict means that the element was refused. */
	failed?: (verdict: IDataObject) => VendorProblem | undefined;
	/** Changes an element before it is sent. */
	element?: (element: IDataObject, call: Call) => IDataObject;
	/** Elements of a request; the facts' `maxItems` unless said. */
	most?: number;
	/** False when writing the same twice differs from writing it once. */
	repeatable?: boolean;
	/** One refused element keeps the others from being written. */
	allOrNothing?: boolean;
	/** What to look at when nobody knows what was written. */
	lookFor?: string;
	/** As in `BulkWrap`. */
	within?: string;
	inTurn?: true;
}

/** What people decide about an operation. */
export interface OperationDecisions extends Partial<
	Pick<
		Operation,
		| 'answer'
		| 'bulk'
		| 'constants'
		| 'does'
		| 'enrich'
		| 'filter'
		| 'idempotent'
		| 'job'
		| 'output'
		| 'perform'
		| 'prepare'
		| 'refused'
		| 'replaces'
		| 'route'
		| 'shape'
		| 'simplify'
		| 'sort'
		| 'source'
		| 'writes'
		| 'docs'
	>
> {
	/** ID of the facts. */
	facts: string;
	resource: string;
	operation: string;
	/** Name in the Operation list. */
	name: string;
	action: string;
	description: string;
	/** Fields that stand at the top besides the required ones, and their order; paths. */
	top?: string[];
	/** Fields that are not offered; paths. */
	without?: string[];
	/** Where optional fields stand; `filters` of reads, `additionalFields` of writes unless said. */
	section?: Section;
	/** Fields that differ from what the facts make of them, by path. */
	tune?: Record<string, Tune>;
	/** Fields made by hand, in place of those with the same destination; others come last. */
	own?: Field[];
	/** The body's fields as n8n's mapper, those named here (paths) first in the form. */
	mapper?: { mode: 'create' | 'update'; front: string[]; readOnly?: string[] };
	each?: Each;
	/** Path of the rows or of the object in the answer. */
	at?: string;
	/** Rule of the list, over that of the dialect. */
	list?: Partial<ListRule>;
	/**
	 * Columns of a simplified row: paths, `name=path`, or `name=path:number` where the facts do not go so deep,
	 * `name=path:links` for the addresses in a list of files, `name=path:list` for a list as it is, which is counted otherwise.
	 * Without them, the first ten plain fields.
	 */
	columns?: string[];
	/** Said before the dialect's notes. */
	notes?: string;
	/** The facts' end of life is not this operation's, or its replacement has this name. */
	deprecated?: false | { since?: string; off?: string; instead?: string };
}

/** A maker of operations for a vendor. Throws for decisions that the facts contradict. */
export function maker(dialect: Dialect): (decisions: OperationDecisions) => Operation {
	const byId = new Map(dialect.facts.map((facts) => [facts.id, facts]));
	return (decisions) => {
		const facts = byId.get(decisions.facts);
		if (!facts) throw new Error(`There are no facts of '${decisions.facts}'`);
		return operationFrom(facts, decisions, dialect);
	};
}

function operationFrom(
	facts: OperationFacts,
	decisions: OperationDecisions,
	dialect: Dialect,
): Operation {
	const { resource, operation, name, action, description } = decisions;
	const route = routeOf(facts, decisions, dialect);
	const does =
		decisions.does ?? (dialect.reads?.(facts) && facts.method !== 'GET' ? 'reads' : undefined);
	const reads = isRead({ does, route });
	const form = slotsForm(facts, decisions, dialect, reads);
	const answer = answerOf(facts, decisions, dialect, reads);
	const rows = answer.kind === 'list' ? answer.at : undefined;
	const row = rowOf(facts, decisions, answer);
	const bulk = decisions.bulk ?? (decisions.each && bulkOf(facts, decisions.each, route, form));
	const deprecated = endOf(facts, decisions);
	const notes = [decisions.notes, dialect.notes?.(facts)].filter(Boolean).join(' ');
	const enrich = decisions.enrich ?? (decisions.each && namedBy(decisions.each));
	const shape = decisions.each ? decisions.shape : shapeOf(decisions, form);
	const prepare = decisions.each ? prepareOf(decisions, form) : decisions.prepare;
	return {
		resource,
		operation,
		name,
		action,
		description,
		route,
		...(does ? { does } : {}),
		docs: decisions.docs ?? dialect.docs(facts),
		answer,
		...(rows === undefined ? {} : { list: listRule(facts, rows, decisions, dialect) }),
		fields: [
			...form.fields,
			...(answer.kind === 'file' && !decisions.perform ? [outputField] : []),
		],
		...only(decisions, 'constants', 'filter', 'idempotent', 'job', 'perform', 'refused'),
		...only(decisions, 'replaces', 'sort', 'source', 'writes'),
		...(bulk ? { bulk } : {}),
		...(shape ? { shape } : {}),
		...(prepare ? { prepare } : {}),
		...(enrich ? { enrich } : {}),
		...(deprecated ? { deprecated } : {}),
		...row,
		...(notes ? { notes } : {}),
	};
}

function only<K extends keyof OperationDecisions>(
	decisions: OperationDecisions,
	...names: K[]
): Pick<OperationDecisions, K> {
	const given = names.filter((name) => decisions[name] !== undefined);
	return Object.fromEntries(given.map((name) => [name, decisions[name]])) as Pick<
		OperationDecisions,
		K
	>;
}

function routeOf(facts: OperationFacts, decisions: OperationDecisions, dialect: Dialect): Route {
	const told =
		decisions.route ?? dialect.route?.(facts) ?? (`${facts.method} ${facts.path}` as Route);
	return told.replace(/\{(\w+)\}/g, (_, name: string) => `{${camel(name)}}`) as Route;
}

/** The vendor's own announcement, unless people have decided otherwise. */
function endOf(
	{ deprecated }: OperationFacts,
	{ deprecated: decided }: OperationDecisions,
): Operation['deprecated'] {
	if (decided === false) return undefined;
	const { since, off } = { ...deprecated, ...decided };
	if (!since) return undefined;
	return {
		since,
		...(off ? { off } : {}),
		...(decided?.instead ? { instead: decided.instead } : {}),
	};
}

// -------------------------------------------------------------------------------------- the form

interface Form {
	fields: Field[];
	/** Objects of which some members must be there. */
	groups: Group[];
	/** Mapper fields whose value goes deeper into the body. */
	deep: Array<{ name: string; path: string }>;
	/** Fields beside the array of an `each`: parameter and path. */
	beside: Array<{ name: string; path: string }>;
}

function slotsForm(
	facts: OperationFacts,
	decisions: OperationDecisions,
	dialect: Dialect,
	reads: boolean,
): Form {
	const { tune = {}, without = [], each, own = [] } = decisions;
	const isLeft = (slot: Slot) =>
		!without.includes(slot.path) &&
		!(dialect.own?.includes(slot.facts.name) && slot.to !== 'control');
	const isWhole = (path: string) => tune[path]?.json === true;
	// The address cannot do without them, deprecated or not.
	const addressed = (facts.pathFields ?? []).map((field) => ({ ...field, deprecated: false }));
	const path = slotsOf(addressed, (name) => `path:${camel(name)}`, isWhole).map((slot) => ({
		...slot,
		required: true,
	}));
	const placeholders = [...routeOf(facts, decisions, dialect).matchAll(/\{(\w+)\}/g)].map(
		([, one]) => one,
	);
	const inPath = path.filter(({ to }) => placeholders.includes(to.slice('path:'.length)));
	const query = slotsOf(facts.query ?? [], (name) => `query:${name}`, isWhole).filter(isLeft);
	const { body, beside } = bodySlots(facts, each, isWhole);
	const slots = [...inPath, ...query, ...[...beside, ...body].filter(isLeft)];
	const taken = own.map(({ name }) => name);
	const names = parameterNames(slots, taken);
	const nameOf = (slot: Slot) => tune[slot.path]?.name ?? (names.get(slot) as string);

	const described = each ? facts.body?.find(({ name }) => name === each.at)?.fields : facts.body;
	const groups = groupsOf(described ?? [], body.filter(isLeft), nameOf, tune, dialect);
	const deep: Form['deep'] = [];
	const usual = isFile(facts) ? 'options' : reads ? 'filters' : undefined;
	const made: Array<{ slot: Slot; field: Field }> = [];
	const rows: Field[] = [];
	const mapped: Slot[] = [];
	for (const slot of slots) {
		if (own.some(({ to, name }) => (to === 'control' ? name === nameOf(slot) : to === slot.to)))
			continue;
		if (decisions.mapper && body.includes(slot)) {
			mapped.push(slot);
			if (tune[slot.path]?.rows) rows.push(fieldFrom(slot, nameOf(slot), dialect, tune[slot.path]));
		} else made.push({ slot, field: fieldOf(slot, nameOf(slot), decisions, dialect, usual) });
	}
	const top = made.filter(({ field }) => !field.section);
	const rank = ({ slot }: { slot: Slot }) => {
		const decided = (decisions.top ?? []).indexOf(slot.path);
		if (slot.to.startsWith('path:')) return -2;
		return decided >= 0 ? decided : slot.required ? -1 : 1000;
	};
	const sorted = [...top].sort((one, other) => rank(one) - rank(other));
	const inBody = each && { at: each.at, beside: beside.filter(isLeft).map(nameOf) };
	const mapper = decisions.mapper && mapperOf(mapped, nameOf, decisions, dialect, deep, inBody);
	return {
		fields: [
			...sorted.map(({ field }) => field),
			...own.filter(({ section }) => !section),
			...(mapper ? [mapper] : []),
			...rows,
			...made.filter(({ field }) => field.section).map(({ field }) => field),
			...own.filter(({ section }) => section),
			...wholesOf(facts.body ?? [], decisions, dialect),
		],
		groups,
		deep,
		beside: beside.filter(isLeft).map((slot) => ({ name: nameOf(slot), path: slot.path })),
	};
}

/** What is made of several fields, or of rows, as JSON in one. */
function wholesOf(
	body: FieldFacts[],
	{ tune = {} }: OperationDecisions,
	dialect: Dialect,
): Field[] {
	return body
		.filter(({ name }) => tune[name]?.orJson)
		.map((facts) => {
			const { name: path } = facts;
			const to: Destination = `body:${path}`;
			const slot: Slot = { facts, path, to, required: false, inside: [] };
			return wholeField(slot, tune[path].name ?? camel(path), dialect, tune[path]);
		});
}

/** The body's fields; with `each`, those of one element, and those beside the array. */
function bodySlots(
	facts: OperationFacts,
	each: Each | undefined,
	isWhole: (path: string) => boolean,
): { body: Slot[]; beside: Slot[] } {
	const where = (path: string): Destination => `body:${path}`;
	if (!each) return { body: slotsOf(facts.body ?? [], where, isWhole), beside: [] };
	const array = facts.body?.find(({ name }) => name === each.at);
	if (!array) throw new Error(`The body of '${facts.id}' has no '${each.at}'`);
	const others = (facts.body ?? []).filter((field) => field !== array);
	const beside = slotsOf(others, () => 'control', isWhole);
	if (array.fields) return { body: slotsOf(array.fields, where, isWhole), beside };
	// Plain elements: one item has one of them.
	const { of = 'string', format, min, max, values, key } = array;
	const name = camel(singular(each.at));
	const element: FieldFacts = { name, kind: of, format, min, max, values, key, required: true };
	return {
		body: [{ facts: element, path: name, to: 'control', required: true, inside: [] }],
		beside,
	};
}

function fieldOf(
	slot: Slot,
	name: string,
	decisions: OperationDecisions,
	dialect: Dialect,
	usual: 'filters' | 'options' | undefined,
): Field {
	const tune = decisions.tune?.[slot.path] ?? {};
	const required = tune.required ?? slot.required;
	const isTop =
		required || slot.to.startsWith('path:') || decisions.top?.includes(slot.path) === true;
	const ordinary = usual ?? (slot.to.startsWith('query:') ? 'options' : 'additionalFields');
	const section = tune.section ?? (isTop ? undefined : (decisions.section ?? ordinary));
	const common = dialect.common?.[slot.facts.name];
	if (common) {
		const shared: Partial<Field> = { ...common };
		delete shared.required;
		const toNumber = slot.to.startsWith('body:') && kindFromFacts(slot.facts).type === 'whole';
		return {
			...shared,
			...tune,
			to: slot.to,
			...(required && !section ? { required: true } : {}),
			...(section ? { section } : {}),
			...(toNumber
				? {
						wire: (value: unknown, context: WireContext) =>
							wholeNumber(String(shared.wire ? shared.wire(value, context) : value)),
					}
				: {}),
		} as Field;
	}
	return fieldFrom(slot, name, dialect, { ...tune, section });
}

function groupsOf(
	body: FieldFacts[],
	slots: Slot[],
	nameOf: (slot: Slot) => string,
	tune: Record<string, Tune>,
	dialect: Dialect,
): Group[] {
	const labelFor = (slot: Slot) =>
		tune[slot.path]?.label ?? slotLabel(slot.path, nameOf(slot), dialect);
	const paths = [...new Set(slots.flatMap(({ inside }) => inside))];
	const wanted = wantedObjects(body)
		.map((path): Group => ({
			path,
			label: labelFrom(path.split('.').pop() as string, dialect.words),
			needed: [],
			oneOf: slots.filter((slot) => slot.path.startsWith(`${path}.`)).map(labelFor),
		}))
		.filter(({ oneOf = [] }) => oneOf.length > 0);
	const known: Group[] = paths.map((path): Group => {
		const members = slots.filter(({ inside }) => inside[inside.length - 1] === path);
		return {
			path,
			label: labelFrom(path.split('.').pop() as string, dialect.words),
			needed: members
				.filter(({ facts }) => facts.required)
				.map((slot) => ({ path: slot.path, label: labelFor(slot) })),
		};
	});
	return [...known.filter(({ needed }) => needed.length > 0), ...wanted];
}

/** Objects that must be there and in which nothing must: something of theirs has to be given. */
function wantedObjects(fields: FieldFacts[], around = ''): string[] {
	return fields
		.filter((field) => field.required && field.fields && kindFromFacts(field).type === 'object')
		.flatMap((field) => {
			const path = `${around}${field.name}`;
			const inner = field.fields as FieldFacts[];
			const free = inner.every(({ required }) => !required);
			return [...(free ? [path] : []), ...wantedObjects(inner, `${path}.`)];
		});
}

function mapperOf(
	slots: Slot[],
	nameOf: (slot: Slot) => string,
	{ mapper, tune = {} }: OperationDecisions,
	dialect: Dialect,
	deep: Form['deep'],
	inside: Mapper['inside'],
): Field {
	const { mode, front, readOnly } = mapper as NonNullable<OperationDecisions['mapper']>;
	const rank = ({ path, required }: Slot) =>
		front.includes(path) ? front.indexOf(path) : required ? -1 : front.length;
	const sorted = [...slots].sort((one, other) => rank(one) - rank(other));
	const fields = sorted.map((slot): MapperField => {
		// JSON in place of fields has the API's names.
		const name = slot.path.includes('.') ? nameOf(slot) : slot.path;
		if (name !== slot.path) deep.push({ name, path: slot.path });
		const rare = !slot.required && !front.includes(slot.path);
		return mapperFieldFrom(slot, name, dialect, { ...tune[slot.path], rare });
	});
	return {
		name: 'fields',
		label: 'Fields',
		kind: 'mapper',
		to: 'control',
		mapper: {
			mode,
			fields,
			...(readOnly ? { readOnly } : {}),
			...(inside ? { inside } : {}),
		},
	};
}

// -------------------------------------------------------------------------------------- the request

function shapeOf({ shape }: OperationDecisions, { groups, deep }: Form): Operation['shape'] {
	if (groups.length === 0 && deep.length === 0) return shape;
	return (request, call) => {
		deepen(call.body, deep);
		checkGroups(groups, call.body, valueAt);
		shape?.(request, call);
	};
}

/** Elements are looked at before the first of them is sent. */
function prepareOf({ prepare }: OperationDecisions, { groups, deep }: Form): Operation['prepare'] {
	if (groups.length === 0) return prepare;
	return async (calls, work) => {
		for (const call of calls) {
			try {
				checkGroups(groups, deepen(call.body, deep), valueAt);
			} catch (error) {
				call.problem = error as Error;
			}
		}
		await prepare?.(
			calls.filter(({ problem }) => !problem),
			work,
		);
	};
}

/** Values of a mapper that stand deeper in the body than their name. */
function deepen(body: IDataObject, deep: Form['deep']): IDataObject {
	for (const { name, path } of deep) {
		if (!(name in body)) continue;
		const value = body[name];
		delete body[name];
		setAt(body, path, value);
	}
	return body;
}

function bulkOf(facts: OperationFacts, each: Each, route: Route, form: Form): BulkWrite {
	const array = facts.body?.find(({ name }) => name === each.at) as FieldFacts;
	const plain = camel(singular(each.at));
	const isObject = array.fields !== undefined;
	const most = each.most ?? array.maxItems;
	return {
		kind: 'write',
		always: true,
		route,
		...(most === undefined ? {} : { elements: most }),
		element: isObject
			? (call) => {
					const element = deepen(structuredClone(call.body), form.deep);
					return each.element ? each.element(element, call) : element;
				}
			: ({ control }) => {
					const value = control[plain] as string | number;
					return kindFromFacts(array).of === 'whole' ? wholeNumber(String(unmarked(value))) : value;
				},
		repeatable: () => each.repeatable ?? true,
		...(each.allOrNothing ? { allOrNothing: true } : {}),
		...(each.lookFor ? { lookFor: each.lookFor } : {}),
		wrap: {
			at: each.at,
			...(form.beside.length > 0 ? { beside: (call: Call) => besideOf(call, form) } : {}),
			// A path that no answer has: whatever was not refused is done.
			results: each.results ?? 'refused',
			id: each.id ?? plain,
			...(each.idAt ? { idAt: each.idAt } : {}),
			failed: each.failed ?? ((verdict) => ({ text: JSON.stringify(verdict) })),
			...(each.all ? {} : { refusedOnly: true }),
			...(each.within ? { within: each.within } : {}),
			...(each.inTurn ? { inTurn: true } : {}),
		},
	};
}

function besideOf({ control }: Call, { beside }: Form): IDataObject {
	const body: IDataObject = {};
	for (const { name, path } of beside)
		if (control[name] !== undefined) setAt(body, path, control[name]);
	return body;
}

/** The rows of what was written say which element they are about. */
function namedBy(each: Each): Operation['enrich'] {
	const id = each.id ?? camel(singular(each.at));
	const { idAt = id } = each;
	return async (rows, { body, control }) =>
		rows.map((row) => ({
			...row,
			[id]: unmarked(valueAt(body, idAt) ?? body[id] ?? control[id]) as IDataObject[string],
		}));
}

// -------------------------------------------------------------------------------------- the answer

/** Names that say how a call went, not what it gave. */
const ENVELOPE = new Set(['status', 'success', 'meta', 'errors', 'included', 'paging', 'pager']);

function answerOf(
	facts: OperationFacts,
	{ answer, at, each }: OperationDecisions,
	{ wraps = ['result', 'data'] }: Dialect,
	reads: boolean,
): AnswerRule {
	if (answer) return answer;
	if (each) return { kind: 'done' };
	const paths = facts.answer ?? {};
	if (isFile(facts)) return { kind: 'file' };
	if (facts.method === 'DELETE') return { kind: 'deleted' };
	const names = [...new Set(Object.keys(paths).map((path) => path.split(/[.[]/)[0]))].filter(
		(name) => name !== '' && !ENVELOPE.has(name),
	);
	if (names.length === 0)
		return { kind: reads && Object.keys(paths).length > 0 ? 'object' : 'done' };
	// A write is never asked page by page.
	const rowsAt = (list: string): AnswerRule =>
		reads ? { kind: 'list', at: list } : { kind: 'object', at: list, many: true };
	if (at !== undefined) {
		return isList(paths, at) ? rowsAt(at) : { kind: 'object', ...(at ? { at } : {}) };
	}
	const [root] = names;
	const isWrapped =
		names.length === 1 && (wraps.includes(root) || paths[root] === 'object' || isList(paths, root));
	if (!isWrapped) {
		const lists = names.filter((name) => isList(paths, name));
		return names.length === lists.length && lists.length === 1 && reads
			? { kind: 'list', at: lists[0] }
			: { kind: 'object' };
	}
	if (isList(paths, root)) return rowsAt(root);
	const inner = [
		...new Set(
			Object.keys(paths)
				.filter((path) => path.startsWith(`${root}.`))
				.map((path) => path.slice(root.length + 1).split(/[.[]/)[0]),
		),
	].filter((name) => !ENVELOPE.has(name));
	const lists = inner.filter((name) => isList(paths, `${root}.${name}`));
	// One list and nothing else of interest: its elements are the rows.
	if (
		reads &&
		inner.length === 1 &&
		lists.length === 1 &&
		`${root}.${lists[0]}` in objectsOf(paths)
	) {
		return { kind: 'list', at: `${root}.${lists[0]}` };
	}
	return { kind: 'object', at: root };
}

/** An answer that is no JSON: the facts have its media type or a word for it. */
function isFile({ answer = {} }: OperationFacts): boolean {
	return (
		Object.keys(answer).length === 1 && /^[\w.+-]+\/[\w.+-]+$|binary|file/i.test(answer[''] ?? '')
	);
}

function isList(paths: Record<string, string>, path: string): boolean {
	return (
		`${path}[]` in paths ||
		paths[path] === 'array' ||
		Object.keys(paths).some((one) => one.startsWith(`${path}[]`))
	);
}

/** Lists of objects, by their path. */
function objectsOf(paths: Record<string, string>): Record<string, true> {
	const found = Object.keys(paths)
		.filter((path) => path.includes('[].') || paths[path] === 'object')
		.map((path) => path.split('[]')[0]);
	return Object.fromEntries(found.map((path) => [path, true as const]));
}

function listRule(
	facts: OperationFacts,
	rows: string,
	{ list }: OperationDecisions,
	dialect: Dialect,
): ListRule {
	const rule = dialect.list?.(facts, rows) ?? {
		style: wholeStyle({ rows }),
		pageSize: () => Infinity,
	};
	return { ...rule, ...list };
}

/** A column of a simplified row. */
interface Column {
	name: string;
	path: string;
	type: 'links' | 'list' | 'text' | 'number' | 'boolean' | 'texts' | 'count';
}

const MOST_COLUMNS = 10;

function rowOf(
	facts: OperationFacts,
	decisions: OperationDecisions,
	answer: AnswerRule,
): Pick<Operation, 'output' | 'rawFields' | 'simplify'> {
	const { output, simplify } = decisions;
	if (output) return { output, ...(simplify ? { simplify } : {}) };
	if (answer.kind === 'file') {
		return {
			output: {
				...placeholdersOf(facts),
				filename: { type: 'string' },
				mimeType: { type: 'string' },
				size: { type: 'number' },
			},
		};
	}
	if (answer.kind === 'done' || answer.kind === 'deleted')
		return { output: doneOutput(facts, decisions, answer) };
	const { at = '' } = answer;
	// A list of one is the object that was asked for.
	const inRow = fieldsBelow(facts.answer ?? {}, isList(facts.answer ?? {}, at) ? `${at}[]` : at);
	const columns = columnsOf(inRow, decisions);
	if (columns.length === 0) return { output: rawOutput(inRow) };
	const raw = pickedBesides(
		[...inRow.keys()].filter((path) => !path.includes('.')),
		columns.map(({ name }) => name),
	);
	return {
		output: Object.fromEntries(columns.map(({ name, type }) => [name, { type: outputType(type) }])),
		...(raw.length > 0 ? { rawFields: raw } : {}),
		simplify:
			simplify ??
			((row) => Object.fromEntries(columns.map((column) => [column.name, cellOf(row, column)]))),
	};
}

function doneOutput(
	facts: OperationFacts,
	{ each }: OperationDecisions,
	answer: AnswerRule,
): Operation['output'] {
	const flag = answer.kind === 'deleted' ? 'deleted' : 'success';
	const output: Operation['output'] = {
		[flag]: { type: 'boolean' },
		...placeholdersOf(facts),
	};
	if (each) output[each.id ?? camel(singular(each.at))] = { type: 'string' };
	return output;
}

/** What stands in the path, as it comes out beside what a call says. */
function placeholdersOf({ pathFields = [] }: OperationFacts): Operation['output'] {
	return Object.fromEntries(
		pathFields.map(({ name }): [string, OutputField] => [camel(name), { type: 'string' }]),
	);
}

/** The facts of what stands below a path, by the path from there; elements of lists below it are left out. */
function fieldsBelow(answer: Record<string, string>, at: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const [path, kind] of Object.entries(answer)) {
		const below = at === '' ? path : path.startsWith(`${at}.`) ? path.slice(at.length + 1) : '';
		if (below === '') continue;
		const [head, ...tail] = below.split('[]');
		const known = found.get(head);
		// `tags[]: string` tells that `tags` is a list of texts; what is inside an element tells that it holds objects.
		if (tail.length === 0) found.set(head, known ?? kind);
		else if (tail[0] !== '') found.set(head, 'array<object>');
		else found.set(head, known === 'array<object>' ? known : `array<${kind}>`);
	}
	// Of some objects only what they hold is told.
	for (const path of [...found.keys()]) {
		const [head] = path.split('.');
		if (!found.has(head)) found.set(head, 'object');
	}
	return found;
}

function columnsOf(inRow: Map<string, string>, { columns }: OperationDecisions): Column[] {
	if (columns) {
		return columns.slice(0, MOST_COLUMNS).map((told) => {
			const [spec, kind] = told.split(':');
			const [name, path = name] = spec.split('=');
			const type = kind === 'links' || kind === 'list' ? kind : columnType(inRow.get(path) ?? kind);
			return { name: path === name ? camel(path) : name, path, type };
		});
	}
	const plain = [...inRow].filter(
		([path, kind]) => !path.includes('.') && columnType(kind) !== 'count' && !isStructure(kind),
	);
	return plain
		.slice(0, MOST_COLUMNS)
		.map(([path, kind]) => ({ name: path, path, type: columnType(kind) }));
}

function isStructure(kind: string): boolean {
	return /^(object|array$|array<object>|array<array)/.test(kind);
}

function columnType(kind = 'string'): Column['type'] {
	if (/^array/.test(kind)) return /^array(<object>)?$|^array<array/.test(kind) ? 'count' : 'texts';
	if (/^(integer|number|float|int)/.test(kind)) return 'number';
	return /^bool/.test(kind) ? 'boolean' : 'text';
}

function outputType(type: Column['type']): OutputField['type'] {
	if (type === 'boolean') return 'boolean';
	if (type === 'list') return 'array';
	return type === 'number' || type === 'count' ? 'number' : 'string';
}

function cellOf(row: IDataObject, { path, type }: Column): IDataObject[string] {
	const value = valueAt(row, path);
	if (Array.isArray(value)) {
		if (type === 'list') return value as IDataObject[];
		if (type === 'count') return value.length;
		if (type === 'links') return linksIn(value as IDataObject[]);
		return value
			.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one)))
			.join(', ');
	}
	if (typeof value === 'object' && value !== null) return JSON.stringify(value);
	return value as IDataObject[string];
}

/** The links of files, separated by commas. */
const linksIn = (files: IDataObject[]) =>
	files
		.map(({ url }) => url)
		.filter(Boolean)
		.join(', ');

/** Fields of the vendor's own object that may be picked; a label that a column has already is not used twice. */
export function pickedBesides(names: string[], columns: string[]): Choice[] {
	const labels = new Set(columns.map((name) => labelFrom(name)));
	return names
		.filter((name) => !columns.includes(name))
		.map((name) => ({ name: labelFrom(name), value: name }))
		.filter(({ name }) => !labels.has(name) && labels.add(name));
}

/** The vendor's own object, as far as it is told: nothing is said of what nobody tells. */
function rawOutput(inRow: Map<string, string>): Operation['output'] {
	const top = [...inRow].filter(([path]) => !path.includes('.'));
	const typeOf = (kind: string): OutputField['type'] =>
		/^array/.test(kind) ? 'array' : /^object/.test(kind) ? 'object' : outputType(columnType(kind));
	return Object.fromEntries(top.map(([path, kind]) => [path, { type: typeOf(kind) }]));
}
