/**
 * Stock of the goods that the input items name by article, barcode, code, external code, name or ID: all items share
 * a few look-ups and one short report for each figure. Reference of the project: moysklad-documents.md §6.1, §7.1.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiAnswer,
	Call,
	Choice,
	Field,
	Operation,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { CallFailed } from '../../shared/errors/errors';
import { rowsAt } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import { InputProblem } from '../../shared/errors/problems';
import { lostInSheet } from '../../shared/form/readers';
import { checkValue } from '../filter';
import { WITHOUT_STOCK } from '../lists';
import { asError, lookUp, type Found, type Key, type LookupList } from '../lookup';
import { isUuid, readLink } from '../references';
import { goodsById, warehouseNames } from './names';

const ITEM = 'Item';

/** By what people name goods. */
const KEYS: Choice[] = [
	{ name: 'Article (SKU)', value: 'article' },
	{ name: 'Barcode', value: 'barcode' },
	{ name: 'Code', value: 'code' },
	{ name: 'External Code', value: 'externalCode' },
	{ name: 'ID', value: 'id', description: 'ID or link of a product or variant' },
	{ name: 'Name', value: 'name' },
];

const ARCHIVED = 'archived=true;archived=false';

/** The list of products and variants; services and bundles have no stock. */
const ALL: LookupList = {
	path: '/entity/assortment',
	hidden: `type=product;type=variant;${ARCHIVED}`,
	headers: WITHOUT_STOCK,
};

/** That list knows no articles, so these are looked for among products, and what is missing among variants. */
const BY_ARTICLE: LookupList[] = ['product', 'variant'].map((type) => ({
	path: `/entity/${type}`,
	hidden: ARCHIVED,
}));

const FIGURES = ['stock', 'reserve', 'inTransit'] as const;
/** IDs that fit into the 8 KB that MoySklad allows for address and headers. */
const IDS_PER_REPORT = 150;
/** More requests than this for each figure: the whole report is shorter. */
const MOST_SHARES = 2;
/** The report would be too large without a filter. */
const TOO_LARGE = 13005;

/** The short report is a bare array. */
const reportRows = rowsAt('');

/** An item's figures in one place: all warehouses, or one of them (`null`: reserved or expected without any). */
interface Line {
	warehouseId?: string | null;
	figures: Record<string, number>;
}

/** What was found for a call, until the call's turn comes. */
const results = new WeakMap<Call, IDataObject[]>();

async function prepare(calls: Call[], work: Work, byWarehouse: boolean): Promise<void> {
	const items = await find(calls, work);
	const ids = [...new Set([...items.values()].map(({ id }) => String(id)))];
	const chosen = calls.filter((call) => !call.problem && call.control.warehouses);
	const needed = chosen.length > 0 || (byWarehouse && ids.length > 0);
	const names = needed ? await warehouseNames(work.send) : new Map<string, unknown>();
	for (const call of chosen) chooseWarehouses(call, names);
	for (const group of groupsOf(calls.filter((call) => !call.problem && items.has(call)))) {
		const stores = (group[0].control.storeIds ?? []) as string[];
		const wanted = [...new Set(group.map((call) => String((items.get(call) as IDataObject).id)))];
		const lines = await read(wanted, stores, byWarehouse, work);
		for (const call of group) {
			const item = items.get(call) as IDataObject;
			const own = lines.get(String(item.id)) ?? [{ figures: {} }];
			results.set(
				call,
				own.map((line) => rowOf(item, line, byWarehouse, names)),
			);
		}
	}
}

/** Warehouses by name, ID or link → their IDs, in the call's `control`. */
function chooseWarehouses(call: Call, names: Map<string, unknown>): void {
	const given = String(call.control.warehouses)
		.split(/[\n,;]/)
		.map((one) => one.trim())
		.filter((one) => one !== '');
	const ids = given.map((one) => {
		const id = isUuid(one) ? one : readLink(one)?.id;
		if (id !== undefined) return id.toLowerCase();
		const found = [...names].filter(([, name]) => name === one);
		if (found.length !== 1) {
			call.problem ??= new InputProblem(
				'Warehouses',
				`name '${one}', and ${found.length === 0 ? 'no warehouse has' : `${found.length} warehouses have`} this name`,
				found.length === 0
					? 'Write it as it stands in MoySklad, or give the ID.'
					: 'Give the ID of the right one.',
			);
		}
		return found[0]?.[0] ?? '';
	});
	call.control.storeIds = ids;
}

/** Calls for the same warehouses share their reports. */
function groupsOf(calls: Call[]): Call[][] {
	const groups = new Map<string, Call[]>();
	for (const call of calls) {
		const key = JSON.stringify(call.control.storeIds ?? []);
		groups.set(key, [...(groups.get(key) ?? []), call]);
	}
	return [...groups.values()];
}

// -------------------------------------------------------------------------------- finding goods

/** The item that each call names. What names none or several becomes the call's problem. */
async function find(calls: Call[], work: Work): Promise<Map<Call, IDataObject>> {
	const items = new Map<Call, IDataObject>();
	const byKind = new Map<string, Call[]>();
	for (const call of calls) {
		if (call.problem) continue;
		const kind = String(call.control.findBy);
		byKind.set(kind, [...(byKind.get(kind) ?? []), call]);
	}
	for (const [kind, own] of byKind) {
		if (kind === 'id') await findById(own, items, work);
		else await findByKey(kind, own, items, work);
	}
	return items;
}

async function findById(calls: Call[], items: Map<Call, IDataObject>, work: Work): Promise<void> {
	const idOf = (call: Call) => {
		const text = String(call.control.item).trim();
		const id = isUuid(text) ? text : readLink(text)?.id;
		return id?.toLowerCase();
	};
	const ids = calls.map(idOf).filter((id) => id !== undefined);
	const goods = await goodsById(ids, false, work.send);
	for (const call of calls) {
		const id = idOf(call);
		const found = id === undefined ? undefined : goods.get(id);
		const type = String(found?.type);
		if (found && ['product', 'variant', 'consignment'].includes(type)) {
			items.set(call, { ...found, id });
		} else
			call.problem = missing(call, 'id', found ? `is a ${type}, which has no stock` : undefined);
	}
}

async function findByKey(
	kind: string,
	calls: Call[],
	items: Map<Call, IDataObject>,
	work: Work,
): Promise<void> {
	const texts = [...new Set(calls.map(({ control }) => String(control.item).trim()))];
	const keys = new Map(texts.map((text) => [text, givenKey(kind, text)]));
	const found = new Map<Key, Found>();
	let open: Key[] = [];
	for (const key of keys.values()) {
		try {
			checkValue('=', key.text, ITEM);
			open.push(key);
		} catch (error) {
			found.set(key, { objects: [], problem: asError(error) });
		}
	}
	for (const list of kind === 'article' ? BY_ARTICLE : [ALL]) {
		for (const [key, answer] of await lookUp(open, list, work)) found.set(key, answer);
		open = open.filter((key) => found.get(key)?.objects.length === 0);
	}
	for (const call of calls) {
		const key = keys.get(String(call.control.item).trim()) as Key;
		const { objects, nearly, problem } = found.get(key) as Found;
		const alive = objects.filter(({ archived }) => archived !== true);
		const [one, ...others] = alive.length > 0 ? alive : objects;
		if (problem) call.problem = problem;
		else if (!one) {
			call.problem = missing(
				call,
				kind,
				nearly === undefined
					? undefined
					: `and MoySklad has '${nearly}', which differs in upper and lower case only`,
			);
		} else if (others.length > 0) call.problem = several(call, kind, [one, ...others]);
		else items.set(call, { ...one, type: (one.meta as IDataObject | undefined)?.type });
	}
}

function givenKey(kind: string, text: string): Key {
	return {
		field: kind,
		asks: [text],
		text,
		valueOf: (row) => {
			const held = kind === 'barcode' ? barcodesOf(row) : row[kind];
			return Array.isArray(held) ? held.map(String) : held == null ? undefined : String(held);
		},
	};
}

function barcodesOf({ barcodes }: IDataObject): string[] {
	return (Array.isArray(barcodes) ? (barcodes as IDataObject[]) : [])
		.flatMap(Object.values)
		.map(String);
}

const labelOf = (kind: string) =>
	kind === 'id'
		? 'ID'
		: (KEYS.find(({ value }) => value === kind)?.name ?? kind).replace(/[A-Z][a-z]+/g, (word) =>
				word.toLowerCase(),
			);

function missing({ control }: Call, kind: string, more?: string): InputProblem {
	return new InputProblem(
		ITEM,
		`is '${String(control.item)}', ${more ?? `and no product or variant has this ${labelOf(kind)}`}`,
		`Write it as it stands in MoySklad, or choose another way in 'Find Item By'. Services and bundles have no stock.${lostInSheet(String(control.item).trim())}`,
	);
}

function several({ control }: Call, kind: string, objects: IDataObject[]): InputProblem {
	const shown = objects
		.slice(0, 10)
		.map(({ id, name, code }) => `'${String(name)}', code ${String(code)} (${String(id)})`);
	return new InputProblem(
		ITEM,
		`is '${String(control.item)}', and ${objects.length} have this ${labelOf(kind)}: ${shown.join('; ')}`,
		"Set 'Find Item By' to ID and give the ID of the right one.",
	);
}

// --------------------------------------------------------------------------------- reading stock

/** Figures by item: of all warehouses together, or one line for each that has any. */
async function read(
	ids: string[],
	stores: string[],
	byWarehouse: boolean,
	work: Work,
): Promise<Map<string, Line[]>> {
	const lines = new Map<string, Map<string, Line>>();
	const wanted = new Set(ids);
	await inParallel([...FIGURES], async (figure) => {
		for (const row of await report(figure, ids, stores, byWarehouse, work)) {
			const id = String(row.assortmentId);
			if (!wanted.has(id)) continue;
			const own = lines.get(id) ?? new Map<string, Line>();
			lines.set(id, own);
			const place = byWarehouse ? String(row.storeId) : '';
			const line = own.get(place) ?? {
				...(byWarehouse ? { warehouseId: row.storeId as string | null } : {}),
				figures: {},
			};
			own.set(place, line);
			line.figures[figure] = (line.figures[figure] ?? 0) + Number(row[figure] ?? 0);
		}
	});
	return new Map([...lines].map(([id, own]) => [id, [...own.values()]]));
}

/** The short report for one figure: for these goods, or as a whole where that is shorter. */
async function report(
	stockType: string,
	ids: string[],
	stores: string[],
	byWarehouse: boolean,
	work: Work,
): Promise<IDataObject[]> {
	const ask = async (share: string[]): Promise<IDataObject[]> => {
		const filter = [
			...(share.length > 0 ? [`assortmentId=${share.join(',')}`] : []),
			...(stores.length > 0 ? [`storeId=${stores.join(',')}`] : []),
		].join(';');
		const answer: ApiAnswer = await work.send({
			method: 'GET',
			path: `/report/stock/${byWarehouse ? 'bystore' : 'all'}/current`,
			query: { stockType, ...(filter ? { filter } : {}) },
		});
		return reportRows(answer);
	};
	const shares: string[][] = [];
	for (let from = 0; from < ids.length; from += IDS_PER_REPORT) {
		shares.push(ids.slice(from, from + IDS_PER_REPORT));
	}
	if (shares.length > MOST_SHARES) {
		const all = await ask([]).catch(unlessTooLarge);
		if (all) return all;
	}
	const rows: IDataObject[] = [];
	await inParallel(shares, async (share) => void rows.push(...(await ask(share))));
	return rows;
}

/** There is a way round it; other failures stay failures. */
function unlessTooLarge(error: unknown): undefined {
	const code = error instanceof CallFailed ? error.details.problem?.code : undefined;
	if (Number(code) === TOO_LARGE) return undefined;
	throw error;
}

function rowOf(
	item: IDataObject,
	{ figures, warehouseId }: Line,
	byWarehouse: boolean,
	names: Map<string, unknown>,
): IDataObject {
	const { stock = 0, reserve = 0, inTransit = 0 } = figures;
	const { id, type, name, code, article } = item;
	const amounts = {
		stock,
		reserve,
		inTransit,
		freeStock: stock - reserve,
		quantity: stock - reserve + inTransit,
	};
	const plain = (value: unknown) => (value ?? null) as IDataObject[string];
	if (!byWarehouse) {
		return { id, type, name, code: plain(code), article: plain(article), ...amounts };
	}
	return {
		id,
		name,
		article: plain(article),
		warehouseId: plain(warehouseId),
		warehouse: plain(names.get(String(warehouseId))),
		...amounts,
	};
}

// ------------------------------------------------------------------------------------- operations

const fields: Field[] = [
	{
		name: 'findBy',
		label: 'Find Item By',
		kind: 'choice',
		to: 'control',
		default: 'article',
		choices: KEYS,
		help: 'What the input names products and variants by',
	},
	{
		name: 'item',
		label: ITEM,
		kind: 'text',
		to: 'control',
		required: true,
		placeholder: 'e.g. {{ $json.sku }}',
		help: 'The article, barcode, code … of the product or variant, usually by an expression. All input items share a few requests.',
	},
	{
		name: 'warehouses',
		label: 'Warehouses',
		kind: 'text',
		also: 'list',
		section: 'filters',
		to: 'control',
		placeholder: 'e.g. Main warehouse',
		help: 'Only what lies in these: names, IDs or links, with commas between them. All of them without.',
	},
];

const number = { type: 'number' } satisfies OutputField;
const text = { type: 'string' } satisfies OutputField;
const amounts = {
	stock: number,
	reserve: number,
	inTransit: number,
	freeStock: number,
	quantity: number,
};

const NOTES =
	'Products and variants. Many items share their requests: look-ups by some hundred values each, and one short report for each of stock, reserve and in transit. An item that is not found, or found twice, fails alone. Goods without any stock give zeros. A product does not count the stock of its variants.';

function stockOperation(byWarehouse: boolean): Operation {
	return {
		resource: 'stockReport',
		operation: byWarehouse ? 'ofItemsByStore' : 'ofItems',
		name: `Get Stock of These Items${byWarehouse ? ' by Warehouse' : ''}`,
		action: `Get stock of these items by article, code or barcode${byWarehouse ? ', by warehouse' : ''}`,
		description: `Stock of the goods that the input names by article, barcode, code or ID${byWarehouse ? ', in each warehouse' : ''}`,
		route: `GET /report/stock/${byWarehouse ? 'bystore' : 'all'}/current`,
		docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/reports/report-stock#3-kratkij-otchet-ob-ostatkah',
		answer: { kind: 'object' },
		fields,
		prepare: async (calls, work) => await prepare(calls, work, byWarehouse),
		perform: async (call) => {
			const rows = results.get(call) ?? [];
			return await Promise.resolve(rows.map((json) => ({ json })));
		},
		output: byWarehouse
			? { id: text, name: text, article: text, warehouseId: text, warehouse: text, ...amounts }
			: { id: text, type: text, name: text, code: text, article: text, ...amounts },
		notes: byWarehouse ? `${NOTES} One item for each warehouse that has any of it.` : NOTES,
	};
}

export const stockOfItems: Operation[] = [stockOperation(false), stockOperation(true)];
