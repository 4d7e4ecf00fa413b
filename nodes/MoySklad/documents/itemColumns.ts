/**
 * What the columns of a list of items mean. MoySklad may pass over names that it does not know, and a price under
 * another name would be lost without a word: what a sheet usually calls a member is understood, what nearly is one
 * is refused, and the rest is told (`unknownNames.ts`).
 */
import type { IDataObject } from 'n8n-workflow';

import type { WireContext } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { essence } from '../../shared/form/columns';
import { isNothing, shown } from '../../shared/form/readers';
import type { KeyName } from '../entities';
import type { TypeField } from '../facts';
import { checkUnit, headerParts, unitIn } from '../units';
import { objectEntry } from '../writeFields';

export type Table = Record<string, TypeField>;

/** What an item may be named by, the most telling first. */
export const KEYS: KeyName[] = ['article', 'code', 'barcode', 'externalCode', 'name'];

/** True for a member of a row of the input that names its goods. */
export const isKey = (name: string) => (KEYS as string[]).includes(name);

/** Members that tell the goods, beside the keys. */
export const GOODS = ['assortment', 'assortmentId', 'assortmentType', 'id', 'type'];

/** Columns of simplified items that are no fields of an item. */
export const FOREIGN = ['documentId', 'assortmentName', 'accountId'];

export const KEY_LABELS: Partial<Record<string, string>> = {
	article: 'Article',
	code: 'Code',
	barcode: 'Barcode',
	externalCode: 'External Code',
	name: 'Name',
};

/** What sheets call members, beside their names and labels; the Russian ones are MoySklad's in the web app. */
const WORDS: Record<string, string[]> = {
	article: ['артикул'],
	barcode: ['штрихкод', 'ean'],
	code: ['код'],
	country: ['страна', 'страна происхождения'],
	discount: ['скидка'],
	externalCode: ['внешний код'],
	gtd: ['гтд', 'номер гтд'],
	inTransit: ['ожидание'],
	name: ['наименование', 'название', 'номенклатура', 'товар', 'product'],
	price: ['цена', 'цена за единицу', 'цена за штуку', 'price per unit', 'unit price'],
	quantity: ['количество', 'кол-во', 'qty'],
	reason: ['причина'],
	reserve: ['резерв'],
	slot: ['ячейка'],
	things: ['серийные номера'],
	trackingCodes: ['коды маркировки'],
	vat: ['ндс', 'ставка ндс', 'vat'],
};

/** A column that means a member, or nearly does. */
interface Meaning {
	name: string;
	/** What stands behind the name in the header: `RUB` of `Price, RUB`. */
	unit?: string;
	/** By a typo, or with a remark that may mean something else: `Prise`, `Price (wholesale)`. */
	nearly?: true;
}

interface Header {
	/** Members by the essence of what they are called. */
	names: Map<string, string>;
	/** Columns that were met, each looked at once. */
	met: Map<string, Meaning | undefined>;
}

const headers = new WeakMap<Table, Header>();

function headerOf(table: Table): Header {
	const known = headers.get(table);
	if (known) return known;
	const names = new Map<string, string>();
	const add = (called: string | undefined, name: string) => {
		if (called !== undefined && !names.has(essence(called))) names.set(essence(called), name);
	};
	const members = [...GOODS, ...KEYS, ...Object.keys(table)];
	for (const name of members) {
		for (const one of [name, KEY_LABELS[name], table[name]?.label]) add(one, name);
	}
	for (const name of members) for (const word of WORDS[name] ?? []) add(word, name);
	const counted = table.quantity ? undefined : onlyQuantity(table);
	if (counted) for (const word of ['quantity', ...WORDS.quantity]) add(word, counted);
	const header = { names, met: new Map<string, Meaning | undefined>() };
	headers.set(table, header);
	return header;
}

/** The one quantity of items that have it under a longer name, as those of production documents. */
function onlyQuantity(table: Table): string | undefined {
	const [one, other] = Object.keys(table).filter(
		(name) => /Quantity$/.test(name) && isFigure(table[name]),
	);
	return other === undefined ? one : undefined;
}

const isFigure = ({ kind, readOnly }: TypeField) =>
	!readOnly && (kind === 'number' || kind === 'integer');

/** What a column means that has no member's exact name. */
function meaningOf(column: string, table: Table): Meaning | undefined {
	const { names, met } = headerOf(table);
	if (!met.has(column)) met.set(column, readHeader(column, table, names));
	return met.get(column);
}

function readHeader(column: string, table: Table, names: Map<string, string>): Meaning | undefined {
	const { gist, remark } = headerParts(column);
	const unit = remark !== undefined && unitIn(remark) ? remark : undefined;
	const whole = names.get(essence(column));
	if (whole !== undefined) return { name: whole, unit };
	const name = remark === undefined ? undefined : names.get(essence(gist));
	if (name !== undefined) {
		if (unit !== undefined) return { name, unit };
		return table[name] && isFigure(table[name]) ? { name, nearly: true } : undefined;
	}
	const like = [...names].find(
		([called, member]) => table[member] && isFigure(table[member]) && isTypo(essence(gist), called),
	);
	return like ? { name: like[1], nearly: true } : undefined;
}

/** One letter that is wrong, missing, too many or in the place of its neighbour; two in longer words. */
function isTypo(given: string, meant: string): boolean {
	if (Math.min(given.length, meant.length) < 4) return false;
	const most = meant.length >= 7 ? 2 : 1;
	if (Math.abs(given.length - meant.length) > most) return false;
	let before: number[] = [];
	let row = Array.from({ length: meant.length + 1 }, (_, at) => at);
	for (let i = 1; i <= given.length; i++) {
		const next = [i];
		for (let j = 1; j <= meant.length; j++) {
			const same = given[i - 1] === meant[j - 1] ? 0 : 1;
			next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
			if (i > 1 && j > 1 && given[i - 1] === meant[j - 2] && given[i - 2] === meant[j - 1]) {
				next[j] = Math.min(next[j], before[j - 2] + 1);
			}
		}
		[before, row] = [row, next];
	}
	return row[meant.length] <= most;
}

/**
 * A row of the input under the API's names, also where its columns have the case, labels, Russian words or units of a
 * sheet's header (`Quantity `, `VAT Rate`, `Кол-во`, `Price, RUB`). The exact name counts, where both are there. Other
 * columns stay. Throws `InputProblem` for what is no object, for a unit that the amounts are not taken in, and for a
 * figure that would be lost by a typo or a remark.
 */
export function namedRow(
	at: string,
	value: unknown,
	table: Table,
	{ parameter }: Pick<WireContext, 'parameter'>,
): IDataObject {
	const row = objectEntry(at, value);
	const isKnown = (name: string) =>
		name in table || isKey(name) || FOREIGN.includes(name) || GOODS.includes(name);
	if (Object.keys(row).every(isKnown)) return row;
	const named: IDataObject = {};
	/** Columns by the member that they gave. */
	const by = new Map<string, string>();
	const nearly: Array<[string, Meaning]> = [];
	const money = (parameter('options') as IDataObject | undefined)?.money;
	for (const [column, member] of Object.entries(row)) {
		const meaning = isKnown(column) ? undefined : meaningOf(column, table);
		if (!meaning) {
			named[column] = member;
			continue;
		}
		const { name, unit } = meaning;
		const label = `${at}: ${table[name]?.label ?? KEY_LABELS[name] ?? name}`;
		const fits = unit === undefined || checkUnit(label, column, unit, table[name], money, member);
		if (meaning.nearly || !fits) {
			named[column] = member;
			nearly.push([column, meaning]);
		} else if (name in row && (by.get(name) ?? name) === name) {
			named[column] = member;
		} else if (!by.has(name) || isNothing(named[name])) {
			named[name] = member;
			by.set(name, column);
		} else if (isNothing(member) || isKey(name)) {
			if (!isNothing(member)) named[column] = member;
		} else if (shown(member) !== shown(named[name])) {
			throw new InputProblem(
				label,
				`is given twice, with different values: by '${by.get(name)}' and by '${column}'`,
				'Leave out one of the two.',
			);
		}
	}
	for (const [column, { name, unit }] of nearly) refuseNearly(at, column, unit, name, named, table);
	return named;
}

/** Throws `InputProblem` where a figure would be lost that a member without a value may be meant to have. */
function refuseNearly(
	at: string,
	column: string,
	unit: string | undefined,
	name: string,
	row: IDataObject,
	table: Table,
): void {
	const text = String(row[column]);
	const isAmount = /^[\s\d.,%+-]+$/.test(text) && /[1-9]/.test(text);
	if (!isNothing(row[name]) || !isAmount) return;
	const isRate = table[name].unit === 'percent';
	throw new InputProblem(
		`${at}: ${table[name].label}`,
		`may be meant by '${column}'${unit === undefined ? ', which MoySklad does not know' : isRate ? ', which is no percentage' : ', which is in another unit'}`,
		unit !== undefined && isRate
			? `Give it in percent in a column '${name}', and take out '${column}'.`
			: `Name the column '${name}', or take it out of the list if it is something else.`,
	);
}
