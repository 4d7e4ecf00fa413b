/**
 * Documents on the basis of others: MoySklad fills a template, which is changed and created. Reference of the project:
 * moysklad-documents.md §4.1; MoySklad docs, Templates of documents.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Locator, Operation, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isNothing, listOf } from '../../shared/form/readers';
import type { Dictionary } from '../catalogue/dictionary';
import { createFromOperation } from '../catalogue/dictionaryWrites';
import { partLocator } from '../catalogue/nested';
import { facts, typeName, type TypeField } from '../facts';
import { isUuid, linkPattern, metaRef, readLink } from '../references';
import { idOf, pick } from '../simplify';

interface Basis {
	/** Field of the template's body. */
	field: string;
	/** Type of the document. */
	type: string;
	/** The field takes a list. */
	many?: boolean;
	/** Field of the new document that the template needs beside it. */
	beside?: string;
}

const one = (field: string, type: string): Basis => ({ field, type });
const many = (field: string, ...types: string[]): Basis[] =>
	types.map((type) => ({ field, type, many: true }));

/** Target → what it can be made from. The docs' page of each document; reference §4.1. */
export const BASES: Record<string, Basis[]> = {
	cashin: many(
		'operations',
		'customerorder',
		'demand',
		'invoiceout',
		'purchasereturn',
		'commissionreportin',
	),
	cashout: many(
		'operations',
		'purchaseorder',
		'supply',
		'invoicein',
		'salesreturn',
		'commissionreportout',
	),
	demand: [one('customerOrder', 'customerorder'), ...many('invoicesOut', 'invoiceout')],
	enter: [one('inventory', 'inventory')],
	facturein: [...many('supplies', 'supply'), ...many('payments', 'paymentout')],
	factureout: [
		...many('demands', 'demand'),
		...many('payments', 'paymentin'),
		...many('returns', 'purchasereturn'),
	],
	invoicein: [one('purchaseOrder', 'purchaseorder'), ...many('supplies', 'supply')],
	invoiceout: [one('customerOrder', 'customerorder'), ...many('demands', 'demand')],
	loss: [one('salesReturn', 'salesreturn'), one('inventory', 'inventory')],
	move: [one('internalOrder', 'internalorder'), one('customerOrder', 'customerorder')],
	paymentin: many(
		'operations',
		'customerorder',
		'demand',
		'invoiceout',
		'purchasereturn',
		'commissionreportin',
	),
	paymentout: many(
		'operations',
		'purchaseorder',
		'supply',
		'invoicein',
		'salesreturn',
		'commissionreportout',
	),
	processing: [one('processingPlan', 'processingplan'), one('processingOrder', 'processingorder')],
	processingorder: [one('processingPlan', 'processingplan')],
	purchaseorder: [
		one('internalOrder', 'internalorder'),
		...many('customerOrders', 'customerorder'),
	],
	purchasereturn: [one('supply', 'supply')],
	retaildemand: [
		one('retailShift', 'retailshift'),
		{ ...one('customerOrder', 'customerorder'), beside: 'retailShift' },
	],
	retaildrawercashin: [one('retailShift', 'retailshift')],
	retaildrawercashout: [one('retailShift', 'retailshift')],
	retailsalesreturn: [one('retailShift', 'retailshift'), one('demand', 'retaildemand')],
	// The general table of templates has the retail sale; its field is that of the retail return (reference §4.1).
	salesreturn: [one('demand', 'demand'), one('demand', 'retaildemand')],
	supply: [one('purchaseOrder', 'purchaseorder'), ...many('invoicesIn', 'invoicein')],
};

/** A document of the type that the form's `basisType` says. */
export const basisLocator: Locator = {
	...partLocator('\\w+', 'customerorder', 'searchBases'),
	url: {
		pattern: linkPattern('/entity/\\w+/', '\\w+'),
		placeholder:
			'e.g. https://online.moysklad.ru/app/#customerorder/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
	},
};

/** The document that another one is made from. */
function basisFields(keyword: string): Field[] {
	const bases = BASES[keyword];
	return [
		{
			name: 'basisType',
			label: 'Basis',
			kind: 'choice',
			to: 'control',
			required: true,
			default: bases[0].type,
			choices: bases
				.map(({ type }) => ({ name: typeName(type), value: type }))
				.sort((a, b) => a.name.localeCompare(b.name, 'en')),
			help: 'Type of the document that it is made from',
		},
		{
			name: 'basisId',
			label: 'Basis Document',
			kind: 'locator',
			to: 'control',
			required: true,
			locator: basisLocator,
			help: 'The document that it is made from',
		},
		...(bases.some((basis) => basis.many)
			? [
					{
						name: 'moreBases',
						label: 'More Basis Documents',
						kind: 'text',
						also: 'list',
						section: 'options',
						to: 'control',
						placeholder: 'e.g. 7944ef04-f831-11e5-7a69-971500188b19',
						help: 'IDs or links of further documents of the same type, separated by commas; MoySklad puts them together',
					} satisfies Field,
				]
			: []),
	];
}

/** What MoySklad would create from the call's basis, as a body. Throws `InputProblem` and what the road throws. */
async function templateOf(document: Dictionary, call: Call, work: Work): Promise<IDataObject> {
	const { keyword } = document;
	const { control, baseUrl } = call;
	const type = String(control.basisType);
	const basis = BASES[keyword].find((entry) => entry.type === type) as Basis;
	const more = (listOf(control.moreBases) ?? []).map((entry) => idIn(String(entry), type));
	if (more.length > 0 && !basis.many) {
		throw new InputProblem(
			'More Basis Documents',
			`are given, and one ${typeName(type)} alone can be the basis`,
			'Leave them out, or choose another basis.',
		);
	}
	const refs = [String(control.basisId), ...more].map((id) => metaRef(baseUrl, type, id));
	const { beside } = basis;
	if (beside && !call.body[beside]) {
		const { label } = facts[keyword].fields[beside];
		throw new InputProblem(
			label,
			`is empty, but needed to make a ${facts[keyword].one} from a ${typeName(type)}`,
			`Give '${label}' among the fields.`,
		);
	}
	const { body } = await work.send({
		method: 'PUT',
		path: `/entity/${keyword}/new`,
		body: {
			...(beside ? { [beside]: call.body[beside] } : {}),
			[basis.field]: basis.many ? refs : refs[0],
		},
		// Nothing is saved by it.
		idempotent: true,
	});
	const made = bodyOf(body as IDataObject, document);
	tellNothingLeft({ ...made, ...call.body }, keyword, work);
	if (type === 'inventory' && !call.body.positions) tellFirst(made, keyword, work);
	return made;
}

/** Items of an Inventory Count in one template (reference of the project: moysklad-documents.md §4.1). */
const MOST_OF_COUNT = 500;

/** A large count becomes several documents: MoySklad fills in what none of them has yet (codes 24001, 24002). */
function tellFirst({ positions }: IDataObject, keyword: string, work: Work): void {
	if (!Array.isArray(positions) || positions.length < MOST_OF_COUNT) return;
	work.notice(
		'firstOfCount',
		`MoySklad fills in the first ${MOST_OF_COUNT} items of an Inventory Count: a new ${facts[keyword].one} has so many, and others may be left. Run 'Create From Document' again for them, until it says that nothing is left to do.`,
	);
}

/** MoySklad makes a document of nothing, too: without items where all are in other documents, of 0 where all is paid. */
function tellNothingLeft(body: IDataObject, keyword: string, work: Work): void {
	const { one, parts } = facts[keyword];
	const { positions, sum } = body;
	const hasNoItems = parts?.positions !== undefined && !(Array.isArray(positions) && positions[0]);
	if (!hasNoItems && sum !== 0) return;
	work.notice(
		'nothingLeft',
		`A new ${one} ${hasNoItems ? 'has no items' : 'has the amount 0'}: what it was made from has none, or all of it is in other documents already. Delete it if it is not meant.`,
	);
}

function idIn(text: string, type: string): string {
	const id = isUuid(text) ? text.trim() : readLink(text)?.id;
	if (id) return id;
	throw new InputProblem(
		'More Basis Documents',
		`hold '${text}'`,
		`Give IDs or links of objects of the type '${typeName(type)}'.`,
	);
}

/** A template as the body of a creation: lists as such, and only what a new document can be given. */
function bodyOf(template: IDataObject, { keyword, fields }: Dictionary): IDataObject {
	const writable = new Set([
		...fields.map(({ name }) => name),
		...BASES[keyword].map(({ field }) => field),
		...(facts[keyword].fields.attributes?.readOnly ? [] : ['attributes']),
	]);
	// The files of a template are no contents; the sum is the document's own only where it is paid.
	writable.delete('files');
	if (!BASES[keyword].some(({ field }) => field === 'operations')) writable.delete('sum');
	const body: IDataObject = {};
	for (const [name, value] of Object.entries(template)) {
		if (!writable.has(name)) continue;
		const { rows, meta } = (value ?? {}) as IDataObject;
		// An empty collection comes as its meta alone.
		const table = facts[keyword].parts?.[name];
		if (Array.isArray(rows)) {
			body[name] = (rows as IDataObject[]).map((row) => newRow(row, table));
		} else if (Array.isArray(value) && table) {
			body[name] = (value as IDataObject[]).map((row) => withoutComputed(row, table));
		} else if (!((meta as IDataObject | undefined)?.size !== undefined)) body[name] = value;
	}
	return body;
}

/** A row of a template as that of a new document: without what MoySklad alone sets. */
function newRow(row: IDataObject, table?: Record<string, TypeField>): IDataObject {
	const { id, accountId, meta, ...rest } = row;
	void id;
	void accountId;
	void meta;
	if (!table) return rest;
	return Object.fromEntries(
		Object.entries(rest).filter(([name]) => table[name] && !table[name].readOnly),
	);
}

/** An entry of a list without what MoySklad computes. */
function withoutComputed(row: IDataObject, table: Record<string, TypeField>): IDataObject {
	return Object.fromEntries(
		Object.entries(row).filter(([name]) => name === 'meta' || !table[name]?.readOnly),
	);
}

/** A payment of another amount than is open: its documents are paid by no more than that. */
function fitLinks(body: IDataObject, template: IDataObject): void {
	if (!Array.isArray(template.operations) || body.operations !== template.operations) return;
	if (typeof body.sum !== 'number') return;
	let left = body.sum;
	body.operations = (template.operations as IDataObject[]).map((operation) => {
		const linkedSum = Math.min(left, Number(operation.linkedSum ?? 0));
		left -= linkedSum;
		return { ...operation, linkedSum };
	});
}

/** What the goods of a row cost, as one: a price without its discount or VAT would be another amount. */
const COSTS = ['price', 'discount', 'vat', 'vatEnabled'];

/**
 * Rows that are given, with the price, discount and VAT that their goods have in the template where they have no price
 * of their own: MoySklad takes 0 for one that is missing, and a part of a shipment would come back for nothing. Goods
 * that the template has at several prices are left as they are.
 */
function priced(given: IDataObject[], template: unknown): IDataObject[] {
	const costs = new Map<string | undefined, IDataObject | undefined>();
	for (const row of Array.isArray(template) ? (template as IDataObject[]) : []) {
		const id = idOf(row.assortment);
		const cost = pick(row, COSTS);
		const known = costs.has(id) ? costs.get(id) : cost;
		costs.set(id, JSON.stringify(known) === JSON.stringify(cost) ? cost : undefined);
	}
	return given.map((row) => {
		const cost = isNothing(row.price) ? costs.get(idOf(row.assortment)) : undefined;
		const own = COSTS.filter((name) => !isNothing(row[name]));
		return cost ? { ...row, ...cost, ...pick(row, own) } : row;
	});
}

/** Create From Document, for the types that MoySklad has templates of. */
export function basisOperation(document: Dictionary): Operation[] {
	const { keyword } = document;
	if (!BASES[keyword]) return [];
	const hasPrices = facts[keyword].parts?.positions?.price !== undefined;
	return [
		createFromOperation(document, {
			fields: basisFields(keyword),
			template: async (call, work) => await templateOf(document, call, work),
			merge: (template, given) => {
				const posted = document.fields.some(({ name }) => name === 'applicable');
				// What a template says of it differs from type to type.
				const body: IDataObject = {
					...template,
					...(posted ? { applicable: true } : {}),
					...given,
				};
				if (Array.isArray(given.positions)) {
					body.positions = priced(given.positions as IDataObject[], template.positions);
				}
				fitLinks(body, template);
				return body;
			},
			replaces: {
				positions: [
					'Rows given here take the place of those that MoySklad takes over from the basis document.',
					...(hasPrices
						? ['A row without a price has the price, discount and VAT that its goods have there.']
						: []),
				].join(' '),
			},
			notes: [
				'MoySklad fills in what is left to do (remaining quantities, open amounts); fields that you give take the place of its own.',
				...(hasPrices
					? [
							'Items that you give without a price have the price, discount and VAT that their goods have in the basis document.',
						]
					: []),
				'One request per item for the template, then up to 1000 documents in one. Posted unless you say otherwise.',
			].join(' '),
		}),
	];
}
