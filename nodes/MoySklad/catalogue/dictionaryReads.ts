/** Get and Get Many of a dictionary, made from its table. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Bulk,
	Call,
	Choice,
	Operation,
	OutputField,
	SendRequest,
	Work,
} from '../../shared/catalogue';
import { rowsAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { attributesOnce, attributeTerm } from '../attributes';
import { facts, hiddenConditionsOf } from '../facts';
import { fieldChoices } from '../fieldLabels';
import { readReferences } from '../filter';
import { pageSizeOf, rowsList } from '../lists';
import { mapMoney, toRoubles } from '../money';
import { withNamesOf } from '../names';
import { resolveReferences } from '../resolve';
import { idOf, pick } from '../simplify';
import { withSearches, type Dictionary } from './dictionary';
import {
	ARCHIVED_FIELD,
	ATTRIBUTE_CONDITIONS,
	BIN_FIELD,
	DATE_FIELDS,
	DONE_FIELD,
	hasNames,
	locatorField,
	RAW_FILTER,
	readOptions,
	savedFilterField,
	searchField,
} from './dictionaryFields';

/** What all operations that give objects back have in common. */
export function returning(dictionary: Dictionary) {
	const { resource, docs, keyword, money, complete } = dictionary;
	const names = nameColumns(dictionary);
	const output = outputOf(dictionary);
	const named = withNameColumns(output, dictionary);
	const columns = (call: Call) => (names && inNames(call) ? named : output);
	return {
		resource,
		docs,
		simplify: (row: IDataObject, call: Call) =>
			simplifyRow(dictionary, row, Object.keys(columns(call))),
		output,
		rawFields: rawFieldsOf(dictionary),
		...(names ? { columns } : {}),
		...(money || complete || names
			? {
					enrich: async (rows: IDataObject[], call: Call, send: SendRequest) => {
						const whole = complete ? await complete(rows, call, send) : rows;
						const wanted = names && namesWanted(names, call);
						const full = wanted ? await withNamesOf(wanted, whole, keyword, send) : whole;
						return money ? inChosenUnit(full, call, money.paths) : full;
					},
				}
			: {}),
	};
}

/** Where a name goes that is looked up, by the field of its reference: `agent: 'agentName'`. Documents have them. */
function nameColumns(dictionary: Dictionary): Record<string, string> | undefined {
	if (!hasNames(dictionary)) return undefined;
	const { references = {} } = dictionary;
	const columns = Object.entries(references).map(([field, id]) => [field, nameColumn(id)]);
	return Object.fromEntries(columns);
}

/** `agentId` → `agentName`. */
const nameColumn = (id: string) => id.replace(/Id$/, 'Name');

/** Whether simplified rows have names in place of IDs. */
const inNames = ({ output, control }: Call) =>
	output === 'simplified' && control.lookUpNames === true;

/** Those of the names that the output shows; undefined for none. */
function namesWanted(
	names: Record<string, string>,
	call: Call,
): Record<string, string> | undefined {
	const { output } = call;
	if (!Array.isArray(output)) return inNames(call) ? names : undefined;
	const picked = Object.entries(names).filter(([, column]) => output.includes(column));
	return picked.length > 0 ? Object.fromEntries(picked) : undefined;
}

/** Rows with their amounts in roubles where the user wants that. */
export function inChosenUnit(rows: IDataObject[], call: Call, paths: string[]): IDataObject[] {
	if (call.control.money !== 'roubles') return rows;
	return rows.map((row) => mapMoney(row, paths, toRoubles));
}

/** The simplified row's columns with names in place of IDs. */
function withNameColumns(
	columns: Record<string, OutputField>,
	{ references = {} }: Dictionary,
): Record<string, OutputField> {
	const ids = Object.values(references);
	return Object.fromEntries(
		Object.entries(columns).map(([name, type]) => [
			ids.includes(name) ? nameColumn(name) : name,
			type,
		]),
	);
}

function simplifyRow(dictionary: Dictionary, row: IDataObject, columns: string[]): IDataObject {
	const references = dictionary.references ?? {};
	const flat: IDataObject = {};
	for (const [field, name] of Object.entries(references)) {
		const id = idOf(row[field]);
		if (id !== undefined) flat[name] = id;
	}
	const all: IDataObject = { ...row, ...dictionary.derive?.(row), ...flat };
	return pick(all, columns);
}

function outputOf(dictionary: Dictionary): Record<string, OutputField> {
	return Object.fromEntries(
		Object.entries(dictionary.simple).map(([name, type]) => [name, { type }]),
	);
}

/**
 * Fields of the object, under the labels that they have where they are written; the IDs of simplified references,
 * too: `agentId` is "Counterparty ID" and not "Agent ID". Of documents, also the names of what they refer to.
 */
function rawFieldsOf(dictionary: Dictionary): Choice[] {
	const { keyword, fields, references = {} } = dictionary;
	const labels = new Map(fields.map(({ name, label }) => [name, label]));
	const choices = fieldChoices([keyword]).map(({ name, value }) => ({
		name: labels.get(value) ?? name,
		value,
	}));
	const named = (field: string) => choices.find(({ value }) => value === field)?.name;
	const ids = Object.entries(references)
		.filter(([field, column]) => named(field) && !choices.some(({ value }) => value === column))
		.map(([field, column]) => ({ name: `${named(field)} ID`, value: column }));
	const names = Object.entries(nameColumns(dictionary) ?? {}).map(([field, column]) => ({
		name: `${named(field)} Name`,
		value: column,
	}));
	return [...choices, ...ids, ...names];
}

const rowsOf = rowsAt('rows');

/** Get: one object, or many in one list request. */
export function getOperation(dictionary: Dictionary): Operation {
	const { keyword, one, notes } = dictionary;
	const hidden = hiddenConditionsOf(keyword);
	return {
		...returning(dictionary),
		operation: 'get',
		name: 'Get',
		action: `Get ${one}`,
		description: `Retrieve one ${one}`,
		route: `GET /entity/${keyword}/{id}`,
		answer: { kind: 'object' },
		fields: [locatorField(dictionary), ...readOptions(dictionary)],
		notes,
		// A list that cannot be filtered by ID cannot be asked for certain objects.
		...(dictionary.filter.some(({ name }) => name === 'id')
			? {
					bulk: {
						kind: 'get',
						route: `GET /entity/${keyword}`,
						id: (call) => call.path.id,
						query: (ids, call) => ({
							limit: pageSizeOf(call.query),
							filter: [...ids.map((id) => `id=${id}`), ...(hidden ? [hidden] : [])].join(';'),
						}),
						rows: rowsOf,
						rowId: (row) => String(row.id),
						most: (call) => pageSizeOf(call.query),
						missingCode: 1021,
					} satisfies Bulk,
				}
			: {}),
	};
}

/** Get Many. */
export function listOperation(dictionary: Dictionary): Operation {
	const { keyword, many, notes, filter, sort, attributes, later } = dictionary;
	const fields = [
		...(dictionary.searches ? [searchField(dictionary.searches)] : []),
		...(hasDates(dictionary) ? DATE_FIELDS : []),
		...(dictionary.hides === 'done' ? [DONE_FIELD] : []),
		...(dictionary.hides === 'archived' ? [ARCHIVED_FIELD] : []),
		...(dictionary.hides === 'isDeleted' ? [BIN_FIELD] : []),
		...(dictionary.conditions?.fields ?? []),
		...(attributes ? [ATTRIBUTE_CONDITIONS] : []),
		...(dictionary.savedFilters ? [savedFilterField(keyword)] : []),
		...readOptions(dictionary),
		...(filter.length > 0 ? [RAW_FILTER] : []),
	];
	return {
		...returning(dictionary),
		operation: 'getAll',
		name: 'Get Many',
		action: `Get many ${many}`,
		description: `Retrieve a list of ${many}`,
		route: `GET /entity/${keyword}`,
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		...(filter.length > 0 ? { filter: withSearches(filter) } : {}),
		// They came after the conditions had got their present form.
		...(later || facts[keyword].kind === 'document' ? { newFilter: true } : {}),
		...(sort.length > 0 ? { sort: sortedBy(sort) } : {}),
		fields: later ? fields.map((field) => ({ ...field, formerly: undefined })) : fields,
		notes,
		prepare: async (calls, work) => {
			await dictionary.conditions?.resolve(calls, work);
			await resolveConditions(calls, work, attributes);
		},
		shape: (_request, call) => checkSavedFilter(call),
	};
}

/** Documents are looked for by their dates first. */
function hasDates({ keyword, filter }: Dictionary): boolean {
	const date = filter.find(({ name }) => name === 'moment');
	return facts[keyword].kind === 'document' && date?.operators.includes('less') === true;
}

/** What people sort by, the first that a list has. */
const SORTED_BY = ['moment', 'name', 'dueToDate', 'created', 'updated'];

function sortedBy(choices: Choice[]): Choice[] {
	const has = (name: string) => choices.some(({ value }) => value === name);
	// A contract has a date, too, and is known by its number.
	const [first] = SORTED_BY.filter(has).filter(
		(name) => name !== 'moment' || !has('name') || has('applicable'),
	);
	return choices.map((choice) => (choice.value === first ? { ...choice, first: true } : choice));
}

/**
 * Adds the conditions on custom attributes of `owner` to the filter, and looks up the objects that conditions name.
 */
export async function resolveConditions(
	calls: Call[],
	work: Work,
	owner: string | undefined,
): Promise<void> {
	for (const call of calls) guard(call, () => readReferences(call));
	if (owner !== undefined) await addAttributeTerms(calls, work, owner);
	await resolveReferences(calls, work);
}

async function addAttributeTerms(calls: Call[], work: Work, owner: string): Promise<void> {
	for (const call of calls) {
		const rows = call.control.attributeConditions as IDataObject[] | undefined;
		if (!rows || call.problem) continue;
		const attributes = await attributesOnce(work.send, call.baseUrl, owner);
		guard(call, () => {
			call.filter.push(...rows.map((row) => attributeTerm(attributes, row, call)));
		});
	}
}

/** MoySklad refuses a saved filter together with these (codes 1069, 63000). Throws `InputProblem`. */
function checkSavedFilter({ query, filter, sort, control }: Call): void {
	if (!query.namedfilter) return;
	const others = [
		filter.length > 0 || control.rawFilter ? 'filters' : undefined,
		query.search ? 'a search' : undefined,
		sort.length > 0 ? 'a sort order' : undefined,
	].filter(Boolean);
	if (others.length === 0) return;
	throw new InputProblem(
		'Saved Filter',
		`is given together with ${others.join(' and ')}, which MoySklad refuses`,
		'Remove one or the other: a saved filter holds all that it filters and sorts by.',
	);
}

/** Runs a check; what it finds becomes the call's problem. */
export function guard(call: Call, check: () => void): void {
	if (call.problem) return;
	try {
		check();
	} catch (error) {
		call.problem = error instanceof Error ? error : new Error(String(error));
	}
}
