/** A report as data, and the operation that it becomes. */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	ApiRequest,
	Call,
	Choice,
	Field,
	FilterField,
	Operation,
	OutputField,
	Route,
	SendRequest,
	Work,
} from '../../shared/catalogue';
import { labelFrom } from '../../shared/form/labels';
import { rowsAt, valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { exportedRows } from '../catalogue/asyncExport';
import { ATTRIBUTE_CONDITIONS, RAW_FILTER } from '../catalogue/dictionaryFields';
import { inChosenUnit, resolveConditions } from '../catalogue/dictionaryReads';
import { facts, type TypeField } from '../facts';
import { oneAnswer, rowsList } from '../lists';
import { MONEY_FIELD } from '../money';
import { namesById } from '../names';
import { hrefOf, idOf } from '../simplify';
import type { Column } from './columns';
import { addZone, ASYNC, checkPeriod, conditionsOf, LOOK_UP, ZONE } from './fields';
import { binsOf, goodsById, warehouseNames } from './names';

/** What people decide about a report; its filters and amounts come from the facts. */
export interface Report {
	/** MoySklad's keyword of the family. */
	keyword: string;
	resource: string;
	operation: string;
	name: string;
	action: string;
	description: string;
	route: Route;
	/** Page of the docs behind `#/reports/`. */
	docs: string;
	fields?: Field[];
	/** Name of the table of filters, the end of the address; without one the report has none. */
	filters?: string;
	/** Further conditions, and filters that are fields of their own. */
	conditions?: FilterField[];
	without?: string[];
	/** Filters that take several values, beside those of which the table says so; `all`: every one. */
	several?: string[] | 'all';
	/** Conditions on custom attributes of goods; `equal`: only whether they are equal. */
	attributes?: 'ordered' | 'equal';
	sort?: Choice[];
	/** Everything comes in one answer, at this path (`.`: the answer itself); page by page without. */
	whole?: string;
	/** So many rows that people may want the first ones only, although they come in one answer. */
	limited?: boolean;
	/** The answer is no list: it goes out as it is with Output Raw. */
	chart?: boolean;
	/** The row of the API → those of the flat form. */
	explode?: (row: IDataObject) => IDataObject[];
	columns: Record<string, Column>;
	/** Paths of references that come without a name. Goods get name, code and article. */
	nameless?: {
		goods?: string;
		warehouse?: string;
		bin?: string;
		document?: string;
	};
	/** Paths of amounts in a row of the flat form and of the API. */
	money?: string[];
	async?: boolean;
	/** Days of documents can be counted in another zone. */
	zone?: boolean;
	/** What makes a row this row. */
	rowKey?: (row: IDataObject) => string | undefined;
	/** Further rules. Throws `InputProblem`. */
	check?: (call: Call, request: ApiRequest) => void;
	/** Fields of the API's rows that can be picked. */
	picks?: Record<string, TypeField>;
	notes?: string;
}

/** The operation of a report. */
export function reportOperation(report: Report): Operation {
	const { keyword, attributes, columns, money = [] } = report;
	const filter = [
		...(report.conditions ?? []),
		...(report.filters ? conditionsOf(keyword, report.filters, report.without) : []),
	];
	const output: Record<string, OutputField> = {};
	for (const [name, { type }] of Object.entries(columns)) output[name] = { type };
	return {
		resource: report.resource,
		operation: report.operation,
		name: report.name,
		action: report.action,
		description: report.description,
		route: report.route,
		docs: `https://dev.moysklad.ru/doc/api/remap/1.2/#/reports/${report.docs}`,
		answer: { kind: 'list' },
		list:
			report.whole === undefined
				? { ...rowsList, rowKey: report.rowKey }
				: {
						style: oneAnswer(wholeRows(report)),
						pageSize: () => Infinity,
						rowKey: report.rowKey,
						...(report.limited ? {} : { whole: true }),
					},
		...(filter.length > 0 ? { filter } : {}),
		...(report.sort ? { sort: report.sort } : {}),
		fields: [
			...(report.fields ?? []),
			...(attributes ? [ATTRIBUTE_CONDITIONS] : []),
			...(report.async ? [ASYNC] : []),
			...(report.zone ? [ZONE] : []),
			...(report.nameless ? [LOOK_UP] : []),
			...(money.length > 0 ? [MONEY_FIELD] : []),
			...(filter.length > 0 ? [RAW_FILTER] : []),
		],
		prepare: async (calls, work) => {
			await resolveConditions(calls, work, attributes && 'product');
			for (const call of calls) if (attributes) checkAttributes(call, attributes);
		},
		shape: (request, call) => shape(report, request, call),
		source: (call, request, limit, work) => rowsOf(report, call, request, limit, work),
		enrich: async (rows, call, send) => await complete(report, rows, call, send),
		simplify: (row, call) => {
			const flat: IDataObject = {};
			for (const [name, { read }] of Object.entries(columns)) {
				const value = read(row, call);
				if (value !== undefined) flat[name] = value as IDataObject[string];
			}
			return flat;
		},
		output,
		rawFields: picksOf(report),
		...(report.notes ? { notes: report.notes } : {}),
	};
}

/** Fields to pick beside the columns, those that go by another column's name left out. */
function picksOf({ keyword, columns, picks = facts[keyword].fields }: Report): Choice[] {
	const taken = new Set(Object.keys(columns).map((name) => labelFrom(name)));
	return Object.entries(picks)
		.filter(([value, { label }]) => value in columns || !taken.has(label))
		.map(([value, { label }]) => ({
			name: value in columns ? labelFrom(value) : label,
			value,
		}));
}

/** Rows of an answer that is no page of a list. */
function wholeRows({ whole }: Report): (answer: ApiAnswer) => IDataObject[] {
	// The answer itself is the one row.
	if (whole === '.') return ({ body }) => [body as IDataObject];
	return rowsAt(whole ?? '');
}

/** Puts the finishing touches to a request. Throws `InputProblem` when it could only fail. */
function shape(report: Report, request: ApiRequest, call: Call): void {
	const table = facts[report.keyword].filters?.[report.filters ?? ''] ?? {};
	for (const term of call.filter) {
		// MoySklad's search has signs of its own.
		if (term.field === 'search' && term.operator === 'contains') term.operator = 'equals';
	}
	const fields = new Map<string, number>();
	for (const { field, values, of } of call.filter) {
		const count = (fields.get(field) ?? 0) + values.length;
		fields.set(field, count);
		const several =
			report.several === 'all' ||
			report.several?.includes(field) === true ||
			table[field]?.several === true ||
			!(field in table);
		if (count > 1 && !several) {
			throw new InputProblem(
				'Conditions',
				`compare '${of?.label ?? field}' with ${count} values, and this report takes one`,
				'Keep one, or run the node once for each value.',
			);
		}
	}
	checkPeriod(call);
	report.check?.(call, request);
	if (report.zone) addZone(request, call);
}

/** Operators that reports know for custom attributes (MoySklad docs, Reports). Sets the call's problem. */
function checkAttributes(call: Call, kind: NonNullable<Report['attributes']>): void {
	const equal = ['equals', 'greaterOrEqual', 'lessOrEqual'];
	const allowed = kind === 'equal' ? equal : [...equal, 'notEquals', 'isEmpty', 'isNotEmpty'];
	const wrong = call.filter.find(
		({ field, operator }) => field.includes('/attributes/') && !allowed.includes(operator),
	);
	if (!wrong) return;
	call.problem ??= new InputProblem(
		'Attribute Conditions',
		'compare in a way that this report does not know',
		kind === 'equal'
			? "Use 'Is', 'Is At Least' or 'Is At Most'."
			: "Use 'Is', 'Is At Least', 'Is At Most', 'Is Empty' or 'Is Not Empty'; 'Is Not' for references.",
	);
}

const isFlat = ({ output }: Call) => output !== 'raw';

/** The rows, in the form that the output wants; of a task where the user wants that. */
function rowsOf(
	report: Report,
	call: Call,
	request: ApiRequest,
	limit: number,
	work: Work,
): AsyncIterable<IDataObject[]> | undefined {
	const { explode, whole } = report;
	const raw = report.chart === true && !isFlat(call);
	if (!call.control.asyncExport && !raw && (!explode || !isFlat(call))) return undefined;
	const all = raw ? (answer: ApiAnswer) => [answer.body as IDataObject] : wholeRows(report);
	const rows = call.control.asyncExport
		? exportedRows(request, limit, work, whole === undefined ? undefined : all, report.rowKey)
		: work.pages({
				request,
				rule: raw
					? { style: oneAnswer(all), pageSize: () => Infinity }
					: (call.operation.list as NonNullable<Operation['list']>),
				limit,
			});
	return explode && isFlat(call) ? exploded(rows, explode) : rows;
}

async function* exploded(
	pages: AsyncIterable<IDataObject[]>,
	explode: NonNullable<Report['explode']>,
): AsyncGenerator<IDataObject[]> {
	for await (const rows of pages) yield rows.flatMap(explode);
}

/** Names for what comes without, and amounts in the chosen unit. */
async function complete(
	report: Report,
	rows: IDataObject[],
	call: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	const { nameless, money = [] } = report;
	const wanted = isFlat(call) && call.control.lookUpNames !== false;
	const named = nameless && wanted ? await withNames(nameless, rows, call, send) : rows;
	return inChosenUnit(named, call, money);
}

async function withNames(
	{ goods, warehouse, bin, document }: NonNullable<Report['nameless']>,
	rows: IDataObject[],
	call: Call,
	send: SendRequest,
): Promise<IDataObject[]> {
	const idAt = (row: IDataObject, path: string | undefined) =>
		path === undefined ? undefined : plainId(valueAt(row, path === '.' ? '' : path));
	const ids = (path: string | undefined) =>
		rows.map((row) => idAt(row, path)).filter((id) => id !== undefined);
	const many = call.returnAll && rows.length >= 1000;
	const documents = new Map<string, string[]>();
	for (const row of document === undefined ? [] : rows) {
		const type = valueAt(row, `${document}.meta.type`);
		const id = idAt(row, document);
		if (typeof type !== 'string' || id === undefined) continue;
		documents.set(type, [...(documents.get(type) ?? []), id]);
	}
	const none = new Map<string, unknown>();
	const [itemsOf, stores, bins, numbers] = await Promise.all([
		goods === undefined ? new Map<string, IDataObject>() : goodsById(ids(goods), many, send),
		warehouse !== undefined && ids(warehouse).length > 0 ? warehouseNames(send) : none,
		bin === undefined ? none : binsOf(ids(warehouse), send),
		namesById(documents, send),
	]);
	return rows.map((row) => ({
		...row,
		names: {
			...itemsOf.get(idAt(row, goods) ?? ''),
			warehouse: stores.get(idAt(row, warehouse) ?? ''),
			bin: bins.get(idAt(row, bin) ?? ''),
			document: numbers.get(idAt(row, document) ?? ''),
		} as IDataObject,
	}));
}

/** The ID of a reference, or the text that is one. */
function plainId(held: unknown): string | undefined {
	if (typeof held === 'string') return held;
	return hrefOf(held) === undefined ? undefined : idOf(held);
}
