/**
 * Items of documents as people have them: rows of the form, lists of the input. Reference of the project:
 * moysklad-documents.md §2.3, §3; MoySklad docs, positions of each document.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Locator, WireContext, Work } from '../../shared/catalogue';
import { valueAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import {
	isNothing,
	keptWhole,
	listOf,
	needed,
	numberOf,
	shown,
	yesNo,
} from '../../shared/form/readers';
import { parsedJson } from '../../shared/form/values';
import { ID_OR_LINK, partLocator } from '../catalogue/nested';
import { facts, typesThat, type TypeField } from '../facts';
import { referenceLocator } from '../lists';
import { amountLabel } from '../money';
import { binOf, resolveBins } from './bins';
import { FOREIGN, GOODS, KEY_LABELS, KEYS, namedRow, type Table } from './itemColumns';
import { isName, isUuid, linkPattern, referenceWire, targetOf, type Target } from '../references';
import { idOf } from '../simplify';
import { list, objectEntry, type WriteField } from '../writeFields';

/** Lists of a document whose rows are goods, by the field that holds them. */
const LISTS = ['positions', 'products', 'materials', 'returnToCommissionerPositions'];

/** Kinds of goods that a type does not take (codes 17016, 17022, 24003, 27003; reference §3.2). */
const REFUSED: Record<string, string[]> = {
	commissionreportin: ['service'],
	commissionreportout: ['bundle', 'service'],
	emissionorder: ['service'],
	enter: ['bundle', 'service'],
	internalorder: ['bundle'],
	inventory: ['bundle', 'service'],
	invoicein: ['bundle'],
	loss: ['bundle', 'service'],
	move: ['bundle', 'service'],
	pricelist: ['consignment'],
	processing: ['bundle', 'service'],
	processingorder: ['bundle', 'service'],
	productionstage: ['bundle', 'service'],
	productionstagecompletion: ['bundle', 'service'],
	productiontask: ['bundle', 'service'],
	purchaseorder: ['bundle'],
	purchasereturn: ['bundle'],
	retireorder: ['service'],
	supply: ['bundle'],
};

/** Types that hold each of their goods once (codes 24004, 27002), and what to do instead. */
const ONCE: Record<string, string> = {
	inventory:
		'Each item goes once into an Inventory Count: give one row with all that was counted of it.',
	pricelist: 'Each item goes once into a Price List: leave out the other rows.',
};

const WORDS: Record<string, string> = {
	bundle: 'a bundle',
	consignment: 'a batch',
	product: 'a product',
	service: 'a service',
	variant: 'a variant',
};

/** MoySklad docs, Restrictions: rows of one request. */
export const MOST_ITEMS = 1000;

/** Kinds of goods that a document's items may be. */
export function goodsKinds(keyword: string): string[] {
	const refused = REFUSED[keyword] ?? [];
	return ['product', 'variant', 'bundle', 'service', 'consignment'].filter(
		(type) => !refused.includes(type),
	);
}

const allGoods = goodsKinds('').map(targetOf);

/** The table of a document's list; undefined for a type that has no goods in it. */
function goodsTable(keyword: string, name: string): Table | undefined {
	const table = facts[keyword]?.parts?.[name];
	return table?.assortment && facts[keyword].fields[name] ? table : undefined;
}

/** The lists of goods that can be written into a document, as fields of its write. */
export function itemFields(keyword: string): WriteField[] {
	return LISTS.flatMap((name) => {
		const table = goodsTable(keyword, name);
		if (!table) return [];
		const { label } = facts[keyword].fields[name];
		return list(
			name,
			label,
			(value, context, index) =>
				writtenItem(`${label} ${index + 1}`, value, keyword, table, context),
			{ looks: 'list of {article, quantity}', essential: name === 'positions' },
		);
	});
}

/** Types whose items stand in the form as rows. */
export const typesWithRows = typesThat(
	({ kind, does }, keyword) =>
		kind === 'document' &&
		/[cu]/.test(does) &&
		goodsTable(keyword, 'positions')?.quantity !== undefined,
);

/** Goods: by a link that names the type, by any key, or by ID. */
const goodsLocator: Locator = {
	...partLocator('(?:product|variant|service|bundle|consignment)', 'product', 'searchItemGoods'),
	id: ID_OR_LINK,
	url: {
		pattern: linkPattern(
			'/entity/(?:product|variant|service|bundle|consignment)/',
			'(?:good|feature|service)',
		),
		placeholder:
			'e.g. https://online.moysklad.ru/app/#good/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
	},
	words: { label: 'By Article, Code, Barcode or Name', placeholder: 'e.g. TEA-100' },
};

/** A column that a row may leave empty; shown for the types whose items have the field. */
function column(name: string, label: string, help: string, more: Partial<Field> = {}): Field {
	const types = typesWithRows.filter((keyword) => {
		const field = goodsTable(keyword, 'positions')?.[name];
		return field !== undefined && !field.readOnly;
	});
	return {
		name,
		label,
		kind: 'text',
		also: 'any',
		to: 'control',
		help,
		...(types.length < typesWithRows.length ? { when: { '/resource': types } } : {}),
		...more,
	} as Field;
}

const BIN_HELP = "Its name, ID or link, in the document's warehouse";

/** Items row by row: one form for all types, in which each shows what its items have. */
export const itemRows: Field = {
	name: 'positions',
	label: 'Items',
	kind: 'rows',
	to: 'body:positions',
	button: 'Add Item',
	rowLabel: 'Item',
	help: "The document's items: goods, quantities, prices. A list of the input goes into the field Items above.",
	columns: [
		{
			name: 'assortment',
			label: 'Item',
			kind: 'locator',
			to: 'control',
			required: true,
			locator: goodsLocator,
			help: 'Product, variant, bundle or service; an ID alone is taken for that of a product',
		},
		column('quantity', 'Quantity', 'How many', { placeholder: 'e.g. 2', required: true }),
		column(
			'price',
			amountLabel('Price'),
			"For one, in kopecks unless the option 'Money' says roubles",
			{
				placeholder: 'e.g. 129900',
			},
		),
		column('discount', 'Discount (%)', 'A negative one is a markup', { placeholder: 'e.g. 10' }),
		column('vat', 'VAT (%)', 'Rate, or none', { placeholder: 'e.g. 20' }),
		column('reserve', 'Reserve', 'How many to reserve, the quantity at most'),
		column('inTransit', 'In Transit', 'How many are expected, the quantity at most'),
		column('cost', amountLabel('Cost'), 'Of services only'),
		column('reward', amountLabel('Reward'), "The consignor's share"),
		column('reason', 'Reason', 'Why the stock changes'),
		column('things', 'Serial Numbers', 'Separated by commas, as many as the quantity'),
		column('trackingCodes', 'Marking Codes', 'One per line, or an expression that gives a list'),
		column('gtd', 'Customs Declaration', 'Its number'),
		column('country', 'Country', 'Of origin', {
			kind: 'locator',
			locator: referenceLocator('country'),
		} as Partial<Field>),
		column('slot', 'Storage Bin', BIN_HELP, { placeholder: 'e.g. A-1' }),
		column('sourceSlot', 'Source Bin', BIN_HELP, { placeholder: 'e.g. A-1' }),
		column('targetSlot', 'Target Bin', BIN_HELP, { placeholder: 'e.g. B-7' }),
		column('pack', 'Package (JSON)', 'ID of one of the packages of the product, as {"id": …}'),
	],
	wire: (value, context) => {
		const keyword = String(context.parameter('resource'));
		const table = goodsTable(keyword, 'positions');
		if (!table) return undefined;
		return (value as IDataObject[]).map((row, index) => {
			const item = writtenItem(`Items ${index + 1}`, row, keyword, table, context);
			// Who gives a rate means it to count.
			if (item.vat !== undefined) item.vatEnabled ??= true;
			return item;
		});
	},
};

/**
 * One item as MoySklad wants it. `assortment` may be an ID, link, meta or any key; without it the first that is given
 * of article, code, barcode, external code and name tells the goods. Throws `InputProblem`.
 */
export function writtenItem(
	at: string,
	value: unknown,
	keyword: string,
	table: Table,
	context: WireContext,
): IDataObject {
	const given = namedRow(at, value, table, context);
	const { goods, rowId, used } = goodsIn(at, given, keyword, context);
	const item: IDataObject = {
		...(rowId === undefined ? {} : { id: rowId }),
		...(goods === undefined ? {} : { assortment: goods }),
	};
	for (const [name, member] of Object.entries(given)) {
		const field = table[name];
		if (used.includes(name) || FOREIGN.includes(name) || field?.readOnly) continue;
		// An empty cell: a new item has nothing that it could clear.
		if (member === undefined || (member === null && rowId === undefined)) continue;
		const wired = memberOf(`${at}: ${field?.label ?? name}`, name, member, field, context);
		if (wired !== undefined) Object.assign(item, wired);
	}
	const strange = Object.keys(given).filter(
		(name) => !(name in table) && !used.includes(name) && !FOREIGN.includes(name),
	);
	checkItem(at, item, keyword, table, rowId === undefined, strange);
	// MoySklad passes over names that it does not know, and an item without a price costs nothing.
	const amounts = strange.filter((name) => looksLikeNumber(given[name]));
	if (isForSale(table) && rowId === undefined && isNothing(given.price) && amounts.length > 0) {
		throw new InputProblem(
			`${at}: ${table.price.label}`,
			'is empty',
			`Give the price of each item in 'price', or 0 there; this one has ${quoted(amounts)}.`,
		);
	}
	return item;
}

/** The items that calls without a problem carry. */
export function sentItems(calls: Call[]): IDataObject[] {
	return calls.flatMap(({ body, problem }) =>
		!problem && Array.isArray(body.positions) ? (body.positions as IDataObject[]) : [],
	);
}

const isForSale = (table: Table) => Boolean(table.price && table.discount);

/**
 * Says beside the output how many new items have no price: MoySklad does not take it from the product, and they go for 0
 * roubles. Reference of the project: moysklad-documents.md, fields of items.
 */
export function tellFree(keyword: string, calls: Call[], work: Pick<Work, 'notice'>): void {
	const table = goodsTable(keyword, 'positions');
	if (!table || !isForSale(table)) return;
	const items = sentItems(calls);
	const free = items.filter(({ id, price }) => id === undefined && isNothing(price)).length;
	if (free === 0) return;
	work.notice(
		'freeItems',
		`${free} of ${items.length} ${items.length === 1 ? 'item' : 'items'} came without a 'Price': MoySklad takes 0, and not the price of the product. The resource Item has 'Calculate', which finds MoySklad's own.`,
	);
}

/**
 * Says beside the output where a discount is a part of one percent: a cell of a sheet that shows 12 % holds 0.12.
 *
 * @param items rows as they are sent
 */
export function tellParts(items: IDataObject[], work: Pick<Work, 'notice'>): void {
	const part = items.find(
		({ discount }) => typeof discount === 'number' && discount !== 0 && Math.abs(discount) < 1,
	)?.discount as number | undefined;
	if (part === undefined) return;
	work.notice(
		'partsOfPercent',
		`'Discount' was taken as ${part} %. If ${Number((part * 100).toFixed(6))} % are meant, as a sheet's cell in percent holds them, give the number of percents and correct what was written.`,
	);
}

const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(', ');

/** Whether a member of unknown name may be the price: a number, or text that is one ("1 290,50"). */
function looksLikeNumber(value: unknown): boolean {
	if (typeof value !== 'string') return typeof value === 'number';
	return /^[\d\s.,]+$/.test(value) && /\d/.test(value);
}

/** What an item is of, the ID of a row that exists already, and the members that said so. */
function goodsIn(
	at: string,
	given: IDataObject,
	keyword: string,
	context: WireContext,
): { goods?: IDataObject | null; rowId?: unknown; used: string[] } {
	const has = (name: string) => !isNothing(given[name]);
	const rule = { label: `${at}: Item`, entities: goodsFirst(keyword, given) };
	const both = [...GOODS, ...KEYS];
	for (const name of ['assortment', 'assortmentId']) {
		if (!has(name)) continue;
		const entities = byWhatIsGiven(given[name], rule.entities);
		const goods = referenceWire({ ...rule, entities, by: KEYS })(given[name], context);
		// Codes and names of what is named otherwise are no members of an item.
		return { goods, rowId: given.id, used: both };
	}
	const isNew = context.parameter('operation') !== 'update';
	if (isNew && has('id') && typeof given.id === 'string' && isUuid(given.id)) {
		return { goods: referenceWire(rule)(given.id, context), used: both };
	}
	const key = KEYS.find(has);
	if (key) {
		const text = typeof given[key] === 'object' ? given[key] : String(given[key]).trim();
		const label = `${at}: ${KEY_LABELS[key] ?? key}`;
		const labelled = { label, entities: rule.entities.filter(isNoBatch), by: [key] };
		// A key that looks like an ID or a link is a key all the same.
		const goods =
			typeof text === 'string'
				? { meta: { wanted: text, among: labelled.entities, label: labelled.label, by: [key] } }
				: referenceWire(labelled)(text, context);
		return { goods, used: both };
	}
	if (has('id') && !isNew) return { rowId: given.id, used: both };
	if (Object.values(given).every(isNothing)) {
		throw new InputProblem(
			at,
			'is an empty row',
			'Leave out rows without values, such as those at the end of a sheet (node Filter).',
		);
	}
	throw new InputProblem(
		at,
		`does not tell of which item it is: ${shown(given)}`,
		"Give 'assortment' (name, code, article, barcode, ID or link), or 'article', 'code', 'barcode', 'externalCode', 'name' or 'id'.",
	);
}

/** Batches go by link or ID: they have the names of their goods. */
const isNoBatch = ({ type }: Target) => type !== 'consignment';

function byWhatIsGiven(value: unknown, targets: Target[]): Target[] {
	const isKey = typeof value === 'number' || (typeof value === 'string' && isName(value));
	return isKey ? targets.filter(isNoBatch) : targets;
}

/** All kinds of goods, what the item's own type says first: an ID alone is taken for the first. */
function goodsFirst(keyword: string, given: IDataObject): Target[] {
	const said = given.assortmentType ?? given.type;
	const refused = REFUSED[keyword] ?? [];
	// Refused kinds are told by name once they are found.
	const known = allGoods.filter(({ type }) => type !== 'consignment' || !refused.includes(type));
	return [...known].sort((one, other) => Number(other.type === said) - Number(one.type === said));
}

/** A member of an item on its way to MoySklad; undefined for an empty one. */
function memberOf(
	label: string,
	name: string,
	value: unknown,
	field: TypeField | undefined,
	context: WireContext,
): IDataObject | undefined {
	if (value === null) return { [name]: null };
	if (isNothing(value)) return undefined;
	switch (name) {
		case 'vat':
			return vatOf(label, value);
		case 'discount':
			return { discount: needed(label, numberOf(label, value, { percent: true })) };
		case 'price':
		case 'cost':
		case 'reward':
			return { [name]: amountOf(label, value, context) };
		case 'things':
			return {
				things: (listOf(value, /[,;\n]/) ?? []).map((one) => keptWhole(label, String(one))),
			};
		case 'trackingCodes':
			return { trackingCodes: (listOf(value, /\n/) ?? []).map(markingCode) };
		case 'gtd':
			return { gtd: typeof value === 'object' ? value : { name: String(value) } } as IDataObject;
		case 'cells':
			return { cells: cellsOf(label, value) };
		case 'pack':
			return { pack: packOf(label, value) as IDataObject };
	}
	if (!field) return { [name]: value as IDataObject[string] };
	if (isBin(field)) return { [name]: binOf(label, value) };
	if (field.kind === 'ref') {
		return { [name]: referenceWire({ label, entities: field.ref })(value, context) };
	}
	if (field.kind === 'number' || field.kind === 'integer') {
		return { [name]: needed(label, numberOf(label, value)) };
	}
	if (field.kind === 'boolean') return { [name]: needed(label, yesNo(label, value)) };
	return { [name]: value as IDataObject[string] };
}

const isBin = ({ ref = [] }: TypeField) => ref.some((target) => target.endsWith('/slots'));

/** Finds the bins that the items of documents name; those of an existing document lie in its warehouse. */
export async function findBins(keyword: string, calls: Call[], work: Work): Promise<void> {
	await resolveBins(calls, work, ({ body, path, control }) =>
		LISTS.filter((list) => Array.isArray(body[list])).map((list) => {
			const id = path.id ?? (control.foundId as string | undefined);
			return {
				list,
				rows: body[list] as IDataObject[],
				...(id === undefined ? {} : { document: `/entity/${keyword}/${id}` }),
			};
		}),
	);
}

/** The field of one item in a mapper, read as in lists. */
export function asMember(field: WriteField, fact: TypeField): WriteField {
	const { name, label } = field;
	if (name === 'assortment') {
		const wire = (value: unknown, context: WireContext) =>
			referenceWire({ label, entities: byWhatIsGiven(value, allGoods), by: KEYS })(value, context);
		return { ...field, also: ['assortmentId'], looks: 'article, code, name, ID…', wire };
	}
	const own = ['cells', 'price', 'cost', 'reward', 'things', 'trackingCodes', 'gtd', 'pack'];
	if (!own.includes(name) && !isBin(fact)) return field;
	const wire = (value: unknown, context: WireContext) =>
		value === null ? null : memberOf(label, name, value, fact, context)?.[name];
	return isBin(fact)
		? { ...field, kind: 'text', looks: 'name, ID or link', wire }
		: { ...field, wire };
}

/** A rate; "none" is without VAT, 0 is 0 % where VAT counts. Reference §2.3. */
function vatOf(label: string, value: unknown): IDataObject {
	const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
	if (['none', 'no', 'без ндс', 'нет'].includes(word)) return { vat: 0, vatEnabled: false };
	const rate = numberOf(label, value, { min: 0, max: 100, whole: true, percent: true });
	return { vat: needed(label, rate) };
}

/** Decimals of an amount, without what a calculation leaves behind them (0.1 + 0.2). */
function decimals(amount: number): number {
	const text = String(Math.round(amount * 1e6) / 1e6);
	return text.includes('e') ? 0 : (text.split('.')[1]?.length ?? 0);
}

/** An amount; parts of a kopeck go in kopecks only, with two decimals. Throws `InputProblem`. */
export function amountOf(label: string, value: unknown, { parameter }: WireContext): number {
	const amount = needed(label, numberOf(label, value, { min: 0 }));
	if (decimals(amount) <= 2) return amount;
	const money = (parameter('options') as IDataObject | undefined)?.money;
	const inRoubles = /rouble/i.test(String(money));
	throw new InputProblem(
		label,
		`is ${shown(value)}, which has more than two decimals`,
		inRoubles
			? "Round it to kopecks. Prices with parts of a kopeck go with the option 'Money' set to In Kopecks, with two decimals."
			: 'MoySklad keeps two decimals of a kopeck: round it.',
	);
}

function markingCode(code: unknown): IDataObject {
	return typeof code === 'object' && code !== null
		? (code as IDataObject)
		: { cis: String(code).trim(), type: 'trackingcode' };
}

/** The prices of an item in a price list, by the names of its columns: `[{column, sum}]`. */
function cellsOf(label: string, value: unknown): IDataObject[] {
	const given = parsedJson(label, value);
	if (!Array.isArray(given)) {
		throw new InputProblem(
			label,
			`is ${shown(value)}, not a list`,
			'Give a list such as [{"column": "Retail", "sum": 129900}], with the names of the columns.',
		);
	}
	return given.map((one, index) => {
		const cell = objectEntry(label, one);
		const at = `${label} ${index + 1}: Total`;
		return { ...cell, sum: needed(at, numberOf(at, cell.sum, { min: 0 })) };
	});
}

function packOf(label: string, value: unknown): object | undefined {
	if (typeof value === 'string' && isUuid(value)) return { id: value.trim() };
	return parsedJson(label, value);
}

/**
 * What MoySklad would refuse (codes 3002, 17003, 17004, 17008, 17021, serial numbers). Throws `InputProblem`.
 *
 * @param strange names of members that no item has, told where one of them may be meant
 */
export function checkItem(
	at: string,
	item: IDataObject,
	keyword: string,
	table: Table,
	isNew: boolean,
	strange: string[] = [],
): void {
	const refuse = (name: string, what: string, hint: string): never => {
		throw new InputProblem(`${at}: ${table[name]?.label ?? name}`, what, hint);
	};
	const { quantity, discount, vat, vatEnabled, things } = item;
	// A count may find nothing; everything else is about something.
	const counts = keyword === 'inventory';
	if (typeof quantity === 'number' && (counts ? quantity < 0 : quantity <= 0)) {
		refuse('quantity', `is ${quantity}`, `Give a number ${counts ? 'from 0 up' : 'above 0'}.`);
	}
	if (isNew && table.assortment && !table.assortment.readOnly && isNothing(item.assortment)) {
		refuse(
			'assortment',
			'is empty',
			'Give the article, code, name, barcode, ID or link of what is added, or check the expression that gives it.',
		);
	}
	if (isNew && table.quantity && table.price && quantity === undefined) {
		const told = strange.length > 0 ? ` in 'quantity'; this one has ${quoted(strange)}.` : '.';
		refuse('quantity', 'is empty', `Give each item its quantity${told}`);
	}
	if (typeof discount === 'number' && discount > 100) {
		refuse('discount', `is ${discount}`, 'Give 100 at most; a negative discount is a markup.');
	}
	for (const name of ['reserve', 'inTransit']) {
		const part = item[name];
		if (typeof part !== 'number') continue;
		if (part < 0) refuse(name, `is ${part}`, 'Give a number from 0 up.');
		if (typeof quantity === 'number' && part > quantity) {
			refuse(name, `is ${part}, which is more than the quantity of ${quantity}`, 'Give less.');
		}
	}
	if (vatEnabled === true && isNew && vat === undefined) {
		refuse('vat', 'is empty, though VAT is enabled for the item', 'Give the rate, such as 20.');
	}
	if (Array.isArray(things) && typeof quantity === 'number' && things.length !== quantity) {
		refuse(
			'things',
			`are ${things.length}, and the quantity is ${quantity}`,
			'Give one serial number for each piece.',
		);
	}
}

/** Rows of another document have IDs that those of a new one cannot have. */
export function withoutRowIds(body: IDataObject): void {
	for (const name of LISTS) {
		if (!Array.isArray(body[name])) continue;
		for (const row of body[name] as IDataObject[]) {
			delete row.id;
			delete row.meta;
		}
	}
}

/** Rules between items and what they are of, once that is known. Throws `InputProblem`. */
export function checkItems(keyword: string, body: IDataObject): void {
	const refused = REFUSED[keyword] ?? [];
	for (const name of LISTS) {
		const rows = body[name];
		if (!Array.isArray(rows)) continue;
		const label = facts[keyword].fields[name]?.label ?? name;
		const seen = new Map<string, number>();
		(rows as IDataObject[]).forEach((row, index) => {
			const type = String(valueAt(row, 'assortment.meta.type') ?? '');
			const goods = idOf(row.assortment);
			const before = ONCE[keyword] && goods !== undefined ? seen.get(goods) : undefined;
			if (before !== undefined) {
				throw new InputProblem(
					`${label} ${index + 1}`,
					`is the same as '${label} ${before + 1}'`,
					ONCE[keyword],
				);
			}
			if (goods !== undefined) seen.set(goods, index);
			if (refused.includes(type)) {
				throw new InputProblem(
					`${label} ${index + 1}`,
					`is ${WORDS[type] ?? type}, which a ${facts[keyword].one} does not take`,
					type === 'bundle'
						? "Give the bundle's components in its place (Bundle Component: Get Many)."
						: 'Leave it out.',
				);
			}
			if (type === 'bundle' && !Number.isInteger(row.quantity ?? 1)) {
				throw new InputProblem(
					`${label} ${index + 1}: Quantity`,
					`is ${String(row.quantity)}, and the item is a bundle`,
					'Bundles go in whole numbers.',
				);
			}
		});
	}
}
