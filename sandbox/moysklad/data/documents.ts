/**
 * All types of documents beside the customer order, each from its facts (MoySklad docs: field tables): what lists
 * can be asked, what bodies may carry, what creation needs.
 */
import type { TypeField } from '../../../nodes/MoySklad/facts';
import { facts, typesThat } from '../../../nodes/MoySklad/facts';
import { rowTypeOf } from '../../../nodes/MoySklad/rowTypes';
import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix } from '../../shared/random';
import type { FieldTable, WritableField } from '../fields';
import { LONG, SHORT, isEntity, missing, readFields, wrongType } from '../fields';
import { linkBack, linkPayment } from '../documentExtras';
import { MoySkladError } from '../errors';
import type { FieldRule, Operator } from '../filter';
import { EQUALITY } from '../filter';
import type { Entity, World } from '../world';
import { refId } from '../world';
import type { DictionaryDefinition, WriteContext } from './dictionary';
import {
	checkOpen,
	flag,
	newExternalCode,
	newNumber,
	owned,
	readState,
	text,
	updatedAt,
} from './dictionary';

/** How many documents of a type there are. */
const COUNT = 4;
const AGENTS = 1000;
const DAY_MS = 86_400_000;
/** Types that the sandbox has objects of; references of new documents are taken from them. */
const REFERABLE = [
	'organization',
	'counterparty',
	'store',
	'project',
	'employee',
	'group',
	'contract',
];

/** Lists of items in the addresses of documents. */
export const ITEM_LISTS = [
	'positions',
	'materials',
	'products',
	'productionrows',
	'returntocommissionerpositions',
	// Parts of dictionaries.
	'accounts',
	'contactpersons',
	'notes',
	'slots',
	'stages',
	'storebalances',
	'zones',
];

/** Types of the parts in their `meta`; those of documents are positions. */
const PART_TYPES: Readonly<Record<string, string>> = {
	accounts: 'account',
	contactpersons: 'contactperson',
	notes: 'note',
	slots: 'slot',
	stages: 'processingplanstages',
	zones: 'zone',
};

/** `meta.type` of the entries of a list. */
export const partType = (keyword: string, list: string): string =>
	rowTypeOf(keyword, list) ?? PART_TYPES[list] ?? `${keyword}position`;

/** A minimum stock of one warehouse (docs: Product; the tables have it among the parts of `minimumStock`). */
const STORE_BALANCE: Record<string, TypeField> = {
	quantity: { label: 'Quantity', kind: 'number' },
	store: { label: 'Warehouse', kind: 'ref', ref: ['store'] },
};

/** The table of a list of items, and the field of the document that holds it. */
export function itemTable(
	keyword: string,
	list: string,
): { field: string; table: Record<string, TypeField> } | undefined {
	// Tasks have comments of their own kind.
	if (keyword === 'task') return undefined;
	const { parts = {}, has = [] } = facts[keyword] ?? {};
	if (list === 'storebalances' && has.includes(list)) {
		return { field: list, table: STORE_BALANCE };
	}
	const field = Object.keys(parts).find((name) => name.toLowerCase() === list);
	return field && has.includes(list) ? { field, table: parts[field] } : undefined;
}

/** Lists of items that a type has. */
export const itemListsOf = (keyword: string): string[] =>
	ITEM_LISTS.filter((list) => itemTable(keyword, list) !== undefined);

const KINDS: Record<string, FieldRule['kind']> = {
	uuid: 'uuid',
	boolean: 'boolean',
	integer: 'number',
	number: 'number',
	dateTime: 'date',
};

function filterRule({ kind, filter = '', ref = [] }: TypeField): FieldRule {
	const operators = filter.split(' ') as Operator[];
	if (kind !== 'ref') return { kind: KINDS[kind] ?? 'string', operators };
	if (ref.some((type) => type.endsWith('/states'))) return { kind: 'state', operators };
	return { kind: 'reference', operators, types: ref };
}

/** What a body may put into a field; nothing for fields that MoySklad ignores in it. */
export function writableField(field: TypeField): WritableField | undefined {
	const required = field.required ? { required: true } : {};
	switch (field.kind) {
		case 'string':
		case 'url':
			return { kind: 'string', max: field.max ?? SHORT, ...required };
		case 'text':
			return { kind: 'string', max: field.max ?? LONG, ...required };
		case 'uuid':
			return { kind: 'uuid' };
		case 'boolean':
			return { kind: 'boolean', ...required };
		case 'integer':
			return { kind: 'int', ...required };
		case 'number':
			return { kind: 'number', ...required };
		case 'dateTime':
			return { kind: 'date', ...required };
		case 'enum':
			return field.values
				? { kind: 'enum', values: field.values, ...required }
				: { kind: 'string', max: SHORT, ...required };
		case 'ref': {
			const types = (field.ref ?? []).map((type) => {
				if (type.endsWith('/states')) return 'state';
				if (type.endsWith('/accounts')) return 'account';
				return type.endsWith('/slots') ? 'slot' : type;
			});
			// A sales return may be of a retail sale, too (MoySklad docs: templates of documents).
			if (field.link && types.join() === 'demand') types.push('retaildemand');
			return types.includes('*')
				? { kind: 'object', ...required }
				: { kind: 'reference', types, ...required };
		}
		case 'stringArray':
			return { kind: 'strings', ...required };
		case 'rate':
		case 'object':
			return { kind: 'object', ...required };
		case 'refs':
		case 'positions':
		case 'operations':
		case 'array':
			return { kind: 'objects', ...required };
		default:
			return undefined;
	}
}

function tableOf(fields: Record<string, TypeField>): FieldTable {
	const table: FieldTable = {};
	for (const [name, field] of Object.entries(fields)) {
		const rule = field.readOnly || field.listOnly ? undefined : writableField(field);
		if (rule) table[name] = rule;
	}
	return table;
}

/** An item as a body gives it. Throws 2016, 3000, 3002 and what references throw. */
export function readItem(
	keyword: string,
	list: string,
	row: unknown,
	{ references }: Pick<WriteContext, 'references'>,
	creates: boolean,
): Entity {
	const found = itemTable(keyword, list);
	if (!isEntity(row)) throw wrongType(list, 'Object');
	const { table = {} } = found ?? {};
	if (creates && table.assortment && row.assortment === undefined) throw missing('assortment');
	return readFields(
		partType(keyword, list),
		row,
		tableOf(table),
		references,
		creates ? undefined : {},
	);
}

/** Sum of items in kopecks, discounts taken off (MoySklad computes it). */
export function sumOfItems(rows: readonly Entity[]): number {
	return rows.reduce((sum, { price, quantity, discount }) => {
		const share = 1 - Number(discount ?? 0) / 100;
		return sum + Math.round(Number(price ?? 0) * Number(quantity ?? 0) * share);
	}, 0);
}

/** The object's own `meta`, with its address in MoySklad's pages. */
function metaOf(world: World, keyword: string, id: string): Entity {
	return {
		...world.meta(keyword, id),
		metadataHref: `${world.base}/entity/${keyword}/metadata`,
		uuidHref: `https://online.moysklad.ru/app/#${keyword}/edit?id=${id}`,
	};
}

/** References that a document cannot be without, as far as the sandbox has such objects. */
function references(world: World, fields: Record<string, TypeField>, h: number): Entity {
	const given: Entity = {};
	for (const [name, { kind, ref = [], required, readOnly }] of Object.entries(fields)) {
		const type = ref.find((one) => REFERABLE.includes(one));
		if (kind !== 'ref' || !type || readOnly || (!required && name !== 'store')) continue;
		given[name] = world.ref(type, type === 'counterparty' ? h % AGENTS : 0);
	}
	return given;
}

/** What lists of a type can be asked: fields of filters, and of orders. */
export function listRules(keyword: string): Pick<DictionaryDefinition, 'fields' | 'sort'> {
	const { fields } = facts[keyword];
	const names = Object.keys(fields);
	const filtered = names.filter((name) => fields[name].filter);
	return {
		fields: {
			...Object.fromEntries(filtered.map((name) => [name, filterRule(fields[name])])),
			...(filtered.length > 0 ? { isDeleted: flag } : {}),
			...(fields.state?.filter ? { 'state.name': { ...text, operators: EQUALITY } } : {}),
		},
		sort: names.filter((name) => fields[name].sort),
	};
}

/** A payment pays no more than it is (code 22000). */
function checkPaid(patch: Entity, before: Entity | undefined): void {
	const operations = patch.operations ?? before?.operations;
	if (!Array.isArray(operations)) return;
	const linked = (operations as Entity[]).reduce((sum, one) => sum + Number(one.linkedSum ?? 0), 0);
	if (linked > Number(patch.sum ?? before?.sum ?? 0)) throw new MoySkladError(22000);
}

/** Counts and price lists hold each item once (codes 24004, 27002). */
function checkOnce(keyword: string, rows: Entity[]): void {
	const code = { inventory: 24004, pricelist: 27002 }[keyword];
	if (code === undefined) return;
	const goods = rows.map(({ assortment }) => refId(assortment as Entity));
	if (new Set(goods).size < goods.length) throw new MoySkladError(code);
}

function definitionOf(keyword: string): DictionaryDefinition {
	const { fields, does, search = [] } = facts[keyword];
	const names = Object.keys(fields);
	const lists = itemListsOf(keyword);
	const hasSum = fields.sum !== undefined && !fields.sum.listOnly;
	return {
		keyword,
		...listRules(keyword),
		// Documents are searched by their number at least, whatever else the docs name.
		search: search.length > 0 ? [...new Set(['name', ...search])] : [],
		expand: names.filter((name) => fields[name].expand),
		hides: 'isDeleted',
		does,
		size: COUNT,
		generate: (index, world) => {
			const id = world.id(keyword, index);
			const h = mix(world.seed, 91, index);
			const made = moscowMillis(DATA_EPOCH - (300 + (h % 200)) * DAY_MS);
			return {
				meta: metaOf(world, keyword, id),
				...owned(world),
				updated: updatedAt(world, 91, index),
				created: made,
				name: newNumber(index),
				externalCode: `${keyword}-${index}`,
				moment: made,
				...(fields.applicable ? { applicable: true } : {}),
				...(hasSum ? { sum: 1000 * (index + 1) } : {}),
				...references(world, fields, h),
			};
		},
		write: {
			fields: tableOf(fields),
			defaults: (context, id, index) => ({
				meta: metaOf(context.world, keyword, id),
				...context.owned,
				name: newNumber(index),
				externalCode: newExternalCode(id),
				created: context.stamp,
				moment: context.stamp,
				...(fields.applicable ? { applicable: true } : {}),
				...(hasSum ? { sum: 0 } : {}),
			}),
			complete: (patch, before, context) => {
				checkOpen(patch, before, context);
				if (context.fields.state) patch.state = readState(keyword, context);
				checkPaid(patch, before);
				for (const list of lists) {
					const { field } = itemTable(keyword, list) as { field: string };
					if (!Array.isArray(patch[field])) continue;
					const rows = (patch[field] as Entity[]).map((row) =>
						readItem(keyword, list, row, context, true),
					);
					if (field === 'positions') checkOnce(keyword, rows);
					patch[field] = rows;
					if (hasSum && fields.sum.readOnly) patch.sum = sumOfItems(rows);
				}
			},
			spread: (after, before, { state }) => {
				const find = (type: string, id: string) => state.dictionaries.get(type)?.find(id);
				if (before === undefined) linkBack(after, keyword, find);
				linkPayment(after, (before?.operations ?? []) as Entity[], keyword, find);
				for (const list of lists) {
					const { field } = itemTable(keyword, list) as { field: string };
					if (before !== undefined && !(field in before)) continue;
					const given = Array.isArray(after[field]) ? (after[field] as Entity[]) : [];
					after[field] = state.orderPositions.assign(String(after.id), given, keyword, list);
				}
			},
			deleted: (entity, state) => state.orderPositions.forget(String(entity.id)),
		},
	};
}

/** Every type of documents that has no definition of its own. */
export const DOCUMENTS: DictionaryDefinition[] = typesThat(
	({ kind }, keyword) => kind === 'document' && keyword !== 'customerorder',
).map(definitionOf);
