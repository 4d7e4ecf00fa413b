/**
 * Prices of many goods in few requests. Reference of the project: moysklad-documents.md §7.1, §8 (4); MoySklad docs,
 * Product: prices of types that are not given stay.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Choice, Field, Operation, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { lostInSheet, needed, textOf } from '../../shared/form/readers';
import type { KeyName } from '../entities';
import { checkValue } from '../filter';
import { keyOf } from '../keys';
import { rowsList } from '../lists';
import { asError, lookUp, plainBlanks, type Key } from '../lookup';
import { amountLabel, MONEY_FIELD, takeAmounts } from '../money';
import { mainPriceType, needPriceType, writePrices } from '../prices';
import { ID_LOOKS, isUuid, metaRef, readLink } from '../references';
import { resolveReferences } from '../resolve';
import { idOf, priceAndBarcode } from '../simplify';
import { guard, inChosenUnit } from './dictionaryReads';
import { GOODS_MONEY, goodsRows } from './dictionaries/goods';
import { DOCS } from './dictionaries/shared';

const TYPES: Choice[] = [
	{ name: 'Bundle', value: 'bundle' },
	{ name: 'Product', value: 'product' },
	{ name: 'Product Variant', value: 'variant' },
	{ name: 'Service', value: 'service' },
];

/** By what an item is found; services have no article. */
const KEYS: Choice[] = [
	{ name: 'Article (SKU)', value: 'article' },
	{ name: 'Barcode', value: 'barcode' },
	{ name: 'Code', value: 'code' },
	{ name: 'External Code', value: 'externalCode' },
	{ name: 'ID', value: 'id' },
	{ name: 'Name', value: 'name' },
];

/** Archived goods have prices, too. */
const HIDDEN = 'archived=true;archived=false';
const PAGE = 1000;
/** Percent-encoded bytes of conditions in one look-up (`lookup.ts`). */
const LOOKUP_BYTES = 6000;

const priceRows = goodsRows.find(({ name }) => name === 'salePrices') as Field;

const amount = (name: string, label: string, help: string): Field => ({
	name,
	label: amountLabel(label),
	kind: 'number',
	section: 'additionalFields',
	to: `body:${name}`,
	help,
	wire: (value) => ({ value: value as number }),
});

/** A key, and the calls that mean it. */
interface Wanted extends Key {
	given: string;
	calls: Call[];
}

const barcodesOf = ({ barcodes }: IDataObject): string[] =>
	(Array.isArray(barcodes) ? (barcodes as IDataObject[]) : []).flatMap((one) =>
		Object.values(one).map(String),
	);

/** All texts by which a row is found with a key. */
function textsOf(row: IDataObject, field: string): string[] {
	if (field === 'barcode') return barcodesOf(row);
	const value = row[field];
	return value === undefined || value === null || value === '' ? [] : [String(value).trim()];
}

function keyFor(field: string, text: string): Key {
	checkValue('=', text, field);
	const named = field === 'barcode' || field === 'id' ? undefined : keyOf(field as KeyName, text);
	return (
		named ?? {
			field,
			asks: [text],
			text,
			valueOf: (row) => textsOf(row, field).find((one) => one === text) ?? textsOf(row, field)[0],
		}
	);
}

/** Finds the goods of all calls of one type and one kind of key; `control.found` is the row. */
async function findGoods(calls: Call[], work: Work): Promise<void> {
	const wanted = new Map<string, Wanted>();
	for (const call of calls) {
		guard(call, () => {
			const given = String(call.control.key);
			const known = wanted.get(given);
			if (known) known.calls.push(call);
			else
				wanted.set(given, { ...keyFor(String(call.control.findBy), given), given, calls: [call] });
		});
	}
	if (wanted.size === 0) return;
	const [
		{
			calls: [first],
		},
	] = wanted.values();
	const path = `/entity/${String(first.control.goodsType)}`;
	const field = String(first.control.findBy);
	const all = [...wanted.values()];
	const asked = all.reduce(
		(bytes, { asks }) =>
			bytes + asks.reduce((sum, text) => sum + encodeURIComponent(`${field}=${text};`).length, 0),
		0,
	);
	const requests = Math.ceil(asked / LOOKUP_BYTES);
	const pages = requests > 5 ? Math.ceil((await sizeOf(path, work)) / PAGE) : Infinity;
	if (field === 'barcode' || pages <= requests) await findInAll(all, path, field, work);
	else {
		for (const [{ given, calls: same }, found] of await lookUp(
			all,
			{ path, hidden: HIDDEN },
			work,
		)) {
			for (const call of same) settle(call, given, found.objects, found.problem);
		}
	}
}

async function sizeOf(path: string, work: Work): Promise<number> {
	const { body } = await work.send({
		method: 'GET',
		path,
		query: { limit: 1, filter: HIDDEN },
	});
	return Number(((body as IDataObject).meta as IDataObject | undefined)?.size ?? Infinity);
}

/** Many keys are found sooner by reading the whole list, 1000 rows a page. */
async function findInAll(wanted: Wanted[], path: string, field: string, work: Work): Promise<void> {
	const found = new Map<string, IDataObject[]>(wanted.map(({ text }) => [plainBlanks(text), []]));
	const request = { method: 'GET' as const, path, query: { filter: HIDDEN } };
	try {
		for await (const page of work.pages({ request, rule: rowsList, limit: Infinity })) {
			for (const row of page) {
				// One barcode may stand in an object as two kinds.
				for (const text of new Set(textsOf(row, field).map(plainBlanks))) {
					found.get(text)?.push(row);
				}
			}
		}
	} catch (error) {
		const problem = asError(error);
		for (const { calls } of wanted) for (const call of calls) call.problem ??= problem;
		return;
	}
	for (const { text, given, calls } of wanted) {
		for (const call of calls) settle(call, given, found.get(plainBlanks(text)) ?? []);
	}
}

function settle(call: Call, given: string, objects: IDataObject[], problem?: Error): void {
	if (problem) {
		call.problem ??= problem;
		return;
	}
	if (objects.length === 1) {
		[call.control.found] = objects;
		call.control.foundId = String(objects[0].id);
		return;
	}
	const label = KEYS.find(({ value }) => value === call.control.findBy)?.name ?? 'Key';
	const type = TYPES.find(({ value }) => value === call.control.goodsType)?.name ?? 'item';
	const shown = objects.slice(0, 10).map(({ id, name }) => `'${String(name)}' (${String(id)})`);
	call.problem ??=
		objects.length === 0
			? new InputProblem(
					'Value',
					`is '${given}', and there is no ${type.toLowerCase()} with this ${label}`,
					`Write it as it stands in MoySklad, or change 'Item Type' or 'Find By'.${lostInSheet(given)}`,
				)
			: new InputProblem(
					'Value',
					`is '${given}', which ${objects.length} objects have: ${shown.join('; ')}`,
					"Find them by 'ID', or make the value unique in MoySklad.",
				);
}

/** The same amount in the same currency; a currency that is not given stays as it is. */
function sameAmount(given: IDataObject, present: IDataObject | undefined): boolean {
	if (given.value !== (present?.value ?? undefined)) return false;
	return given.currency === undefined || idOf(given.currency) === idOf(present?.currency);
}

/** What of the body differs from the object; an empty object when nothing does. */
function changedPrices(body: IDataObject, found: IDataObject): IDataObject {
	const changed: IDataObject = {};
	const present = (found.salePrices ?? []) as IDataObject[];
	if (Array.isArray(body.salePrices)) {
		const differs = (body.salePrices as IDataObject[]).filter((one) => {
			const type = idOf(one.priceType);
			return !sameAmount(
				one,
				present.find(({ priceType }) => idOf(priceType) === type),
			);
		});
		if (differs.length > 0) changed.salePrices = differs;
	}
	for (const name of ['minPrice', 'buyPrice']) {
		const given = body[name] as IDataObject | undefined;
		if (given && !sameAmount(given, found[name] as IDataObject | undefined)) changed[name] = given;
	}
	return changed;
}

/** The amounts of a call by what they are. */
function amountsIn({ salePrices, ...body }: IDataObject): Map<string, unknown> {
	return new Map([
		...((salePrices ?? []) as IDataObject[]).map(
			({ priceType, value }) => [`type ${idOf(priceType)}`, value] as const,
		),
		...['minPrice', 'buyPrice'].map(
			(name) => [name, (body[name] as IDataObject | undefined)?.value] as const,
		),
	]);
}

/** Says beside the output that two items give one price of an object differently: the later one stands. */
function tellTwice(calls: Call[], work: Pick<Work, 'notice'>): void {
	const known = new Map<string, { amount: unknown; itemIndex: number }>();
	for (const { body, control, itemIndex, problem } of calls) {
		if (problem) continue;
		for (const [name, amount] of amountsIn(body)) {
			if (amount === undefined) continue;
			const place = `${String(control.foundId)} ${name}`;
			const before = known.get(place);
			known.set(place, { amount, itemIndex });
			if (before === undefined || before.amount === amount) continue;
			work.notice(
				'pricesTwice',
				`The items ${before.itemIndex} and ${itemIndex} give one price of one object ('${String(control.key)}') differently: that of item ${itemIndex} stands. Look for rows that the input has twice.`,
			);
			return;
		}
	}
}

async function prepare(calls: Call[], work: Work): Promise<void> {
	for (const call of calls) {
		guard(call, () => {
			const { body, control } = call;
			if (control.goodsType === 'service' && control.findBy === 'article') {
				throw new InputProblem(
					'Find By',
					"is 'Article (SKU)', which services do not have",
					"Find services by 'Code' or another key.",
				);
			}
			if (control.goodsType === 'bundle' && body.buyPrice) {
				throw new InputProblem(
					'Purchase Price',
					'is given for a bundle, which has none',
					"Remove it, or change 'Item Type'.",
				);
			}
			if (body.salePrices === undefined && !body.minPrice && !body.buyPrice) {
				throw new InputProblem(
					'Sale Prices',
					'are empty, and no other price is given',
					"Add a row to 'Sale Prices', or a price to 'Additional Fields'.",
				);
			}
			takeAmounts(call, work, GOODS_MONEY);
		});
	}
	await resolveReferences(calls, work);
	for (const call of calls) {
		if (call.problem || call.body.salePrices === undefined || !needPriceType(call)) continue;
		const type = await mainPriceType(work.send);
		guard(call, () => writePrices(call, type));
	}
	const groups = new Map<string, Call[]>();
	for (const call of calls) {
		if (call.problem) continue;
		const { findBy, goodsType, key, onlyChanged } = call.control;
		if (findBy === 'id' && onlyChanged !== true) {
			guard(call, () => (call.control.foundId = idGiven(String(key))));
			continue;
		}
		if (findBy === 'id') guard(call, () => (call.control.key = idGiven(String(key))));
		const name = `${String(goodsType)} ${String(findBy)}`;
		groups.set(name, [...(groups.get(name) ?? []), call]);
	}
	for (const group of groups.values()) await findGoods(group, work);
	tellTwice(calls, work);
	const seen = new Set<string>();
	for (const call of calls) {
		const id = String(call.control.foundId);
		// An earlier item changes the object as well: what it has now is no measure.
		if (!call.problem && call.control.onlyChanged === true && !seen.has(id)) {
			const found = call.control.found as IDataObject;
			const changed = changedPrices(call.body, found);
			if (Object.keys(changed).length === 0) call.known = found;
			else call.body = changed;
		}
		seen.add(id);
	}
}

function idGiven(text: string): string {
	const id = readLink(text)?.id ?? text;
	if (isUuid(id)) return id.trim().toLowerCase();
	throw new InputProblem('Value', `is '${text}'`, ID_LOOKS);
}

export const prices: Operation[] = [
	{
		resource: 'price',
		docs: DOCS,
		operation: 'update',
		name: 'Update',
		action: 'Update prices of goods',
		description:
			'Change the prices of many goods, found by article, code or barcode, in few requests',
		route: 'POST /entity/{goodsType}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'goodsType',
				label: 'Item Type',
				kind: 'choice',
				to: 'path:goodsType',
				required: true,
				default: 'product',
				choices: TYPES,
				help: 'Type of the item whose prices change',
			},
			{
				name: 'findBy',
				label: 'Find By',
				kind: 'choice',
				to: 'control',
				default: 'article',
				choices: KEYS,
				help: 'What names the item',
			},
			{
				name: 'key',
				label: 'Value',
				kind: 'text',
				to: 'control',
				required: true,
				placeholder: 'e.g. A-1001',
				help: 'Article, code or whatever Find By says, as it stands in MoySklad',
				wire: (value) => needed('Value', textOf('Value', value)).trim(),
			},
			priceRows,
			amount('minPrice', 'Minimum Price', 'In kopecks, or as Money says'),
			amount('buyPrice', 'Purchase Price', 'In kopecks, or as Money says; not for bundles'),
			{
				name: 'onlyChanged',
				label: 'Send Only What Changed',
				kind: 'toggle',
				section: 'options',
				to: 'control',
				help: 'Whether to compare with the present prices first and leave out those that are the same already',
			},
			MONEY_FIELD,
		],
		output: {
			id: { type: 'string' },
			name: { type: 'string' },
			code: { type: 'string' },
			article: { type: 'string' },
			salePrice: { type: 'number' },
			minPrice: { type: 'number' },
			buyPrice: { type: 'number' },
			updated: { type: 'string' },
		},
		simplify: (row) => ({
			id: row.id,
			name: row.name,
			code: row.code,
			article: row.article,
			salePrice: priceAndBarcode(row).salePrice,
			minPrice: (row.minPrice as IDataObject | undefined)?.value,
			buyPrice: (row.buyPrice as IDataObject | undefined)?.value,
			updated: row.updated,
		}),
		enrich: async (rows, call) => await Promise.resolve(inChosenUnit(rows, call, GOODS_MONEY)),
		prepare: async (calls, work) => {
			for (const call of calls) call.control.goodsType = call.path.goodsType;
			await prepare(calls, work);
		},
		bulk: {
			kind: 'write',
			route: 'POST /entity/{goodsType}',
			always: true,
			element: (call) => ({
				...metaRef(call.baseUrl, call.path.goodsType, String(call.control.foundId)),
				...call.body,
			}),
			repeatable: () => true,
			// Two changes of one object in one request meet each other (code 1065).
			key: (call) => String(call.control.foundId),
		},
		notes:
			'Up to 1000 items a request. Items are found in few requests, archived ones too: by their keys, or by reading the whole list where that takes fewer.',
	},
];
