/**
 * Dictionaries from their facts (MoySklad docs: field tables): what lists can be asked, what bodies may carry. Types
 * without a definition by hand are made of them; the others get what their definition leaves out.
 */
import type { TypeField } from '../../../nodes/MoySklad/facts';
import { facts, typesThat } from '../../../nodes/MoySklad/facts';
import { mix } from '../../shared/random';
import { MoySkladError } from '../errors';
import type { FieldTable } from '../fields';
import { LONG } from '../fields';
import type { Entity, World } from '../world';
import { refId } from '../world';
import type { DictionaryDefinition, DictionaryRules, WriteContext } from './dictionary';
import { newExternalCode, owned, readState, updatedAt } from './dictionary';
import { itemListsOf, itemTable, listRules, readItem, writableField } from './documents';

/** How many objects a type begins with. */
const COUNT = 4;
const LONG_DESCRIPTION = { kind: 'string', max: LONG } as const;

/** Types that have objects in other stores: goods, and what has routes of its own. */
const ELSEWHERE = new Set([
	'assortment',
	'bundle',
	'consignment',
	'customentity',
	'product',
	'service',
	'variant',
	'webhook',
	'webhookstock',
]);

const isPlain = (keyword: string): boolean =>
	facts[keyword]?.kind === 'dictionary' &&
	facts[keyword].path === `/entity/${keyword}` &&
	!ELSEWHERE.has(keyword);

/** Fields whose kind the tables tell in a way of their own. */
const OTHERWISE: Readonly<Record<string, FieldTable>> = {
	retailstore: { cashiers: { kind: 'objects' } },
	consignment: { label: { kind: 'string', max: 255 } },
};

/** What a body of a type may carry, by its facts. */
function bodyTable(keyword: string): FieldTable {
	const table: FieldTable = {};
	for (const [name, field] of Object.entries(facts[keyword].fields)) {
		const rule = field.readOnly || field.listOnly ? undefined : ruleOf(name, field);
		if (rule) table[name] = rule;
	}
	return { ...table, ...OTHERWISE[keyword] };
}

function ruleOf(name: string, field: TypeField): FieldTable[string] | undefined {
	if (name === 'attributes' || name === 'state') return undefined;
	// Collections of their own, such as the notes of a task.
	if (field.kind === 'ref' && /\/(notes|positions)$/.test(field.ref?.[0] ?? '')) return undefined;
	if (field.kind === 'text' && field.max === undefined) return LONG_DESCRIPTION;
	const rule = writableField(field);
	return rule?.kind === 'reference' && rule.types.length === 0 ? { kind: 'object' } : rule;
}

/** What lists of a type can be asked; a list of dictionaries knows no recycle bin, and one barcode at a time. */
function rulesOf(keyword: string): Pick<DictionaryDefinition, 'fields' | 'sort'> {
	const { fields, sort } = listRules(keyword);
	const { barcodes, ...rest } = fields;
	delete rest.isDeleted;
	return { fields: barcodes ? { ...rest, barcode: barcodes } : rest, sort };
}

const STATES: readonly string[] = ['contract', 'counterparty', 'task'];

/** Parts that come in a body and are kept as lists of their own. */
function partsOf(keyword: string): Pick<DictionaryRules, 'complete' | 'spread' | 'deleted'> {
	const lists = itemListsOf(keyword);
	return {
		complete: (patch, _before, context: WriteContext) => {
			for (const list of lists) {
				const { field } = itemTable(keyword, list) as { field: string };
				if (!Array.isArray(patch[field])) continue;
				patch[field] = (patch[field] as Entity[]).map((row) =>
					// What is there already goes by its meta and stays.
					row.meta === undefined ? readItem(keyword, list, row, context, true) : row,
				);
			}
			if (STATES.includes(keyword) && context.fields.state !== undefined) {
				patch.state = readState(keyword, context);
			}
		},
		spread: (after, before, { state }) => {
			for (const list of lists) {
				const { field } = itemTable(keyword, list) as { field: string };
				if (before !== undefined && !(field in before)) continue;
				const given = Array.isArray(after[field]) ? (after[field] as Entity[]) : [];
				const known = state.orderPositions.list(String(after.id), list);
				const rows = given.map((row) => known.find(({ id }) => id === refId(row)) ?? row);
				after[field] = state.orderPositions.assign(String(after.id), rows, keyword, list);
			}
		},
		deleted: (entity, state) => state.orderPositions.forget(String(entity.id)),
	};
}

function rules(keyword: string): DictionaryRules {
	const { fields } = facts[keyword];
	return {
		fields: bodyTable(keyword),
		defaults: (context, id) => ({
			...(fields.owner ? context.owned : {}),
			...(fields.externalCode ? { externalCode: newExternalCode(id) } : {}),
			...(fields.created ? { created: context.stamp } : {}),
			...(fields.archived ? { archived: false } : {}),
		}),
		...partsOf(keyword),
	};
}

/** Values of a generated object's required fields, as far as the sandbox has such objects. */
function needed(keyword: string, world: World, index: number): Entity {
	const given: Entity = {};
	for (const [name, field] of Object.entries(facts[keyword].fields)) {
		if (!field.required || name === 'name') continue;
		if (field.kind === 'boolean') given[name] = true;
		else if (field.kind === 'number' || field.kind === 'integer') given[name] = index * 5;
		else if (field.kind === 'enum' && field.values) given[name] = field.values[0];
		else if (field.kind === 'string') given[name] = `${field.label} ${index + 1}`;
		else if (field.kind === 'ref' && field.ref?.[0] && !field.ref[0].includes('/')) {
			given[name] = world.ref(field.ref[0], 0);
		}
	}
	return given;
}

function definitionOf(keyword: string): DictionaryDefinition {
	const { fields, one, search = [], does } = facts[keyword];
	return {
		keyword,
		...rulesOf(keyword),
		search: search.length > 0 ? [...new Set(['name', ...search])] : [],
		expand: Object.keys(fields).filter((name) => fields[name].expand),
		size: COUNT,
		does,
		generate: (index, world) => ({
			...(fields.owner ? owned(world) : {}),
			...(fields.updated
				? { updated: updatedAt(world, 200 + (mix(0, keyword.length, 1) % 50), index) }
				: {}),
			...(fields.name ? { name: `${one} ${index + 1}` } : {}),
			...(fields.code ? { code: `${keyword.slice(0, 2).toUpperCase()}${index + 1}` } : {}),
			...(fields.externalCode ? { externalCode: `${keyword}-${index}` } : {}),
			...(fields.description ? { description: '' } : {}),
			...(fields.archived ? { archived: false } : {}),
			...needed(keyword, world, index),
		}),
		...(/[cud]/.test(does) ? { write: rules(keyword) } : {}),
	};
}

/** A definition by hand with what the facts know beyond it; what is there stays as it is. */
export function completed(definition: DictionaryDefinition): DictionaryDefinition {
	const { keyword, write, sort, expand, search } = definition;
	if (!isPlain(keyword)) return definition;
	const type = facts[keyword];
	const known = rulesOf(keyword);
	const whole: DictionaryDefinition = {
		...definition,
		fields: { ...known.fields, ...definition.fields },
		sort: [...new Set([...sort, ...known.sort])],
		expand: [
			...new Set([
				...expand,
				...Object.keys(type.fields).filter((name) => type.fields[name].expand),
			]),
		],
		search,
	};
	if (!write) return /[cud]/.test(type.does) ? { ...whole, write: rules(keyword) } : whole;
	const parts = partsOf(keyword);
	const hasParts = itemListsOf(keyword).length > 0;
	const table = bodyTable(keyword);
	// Fields that the hand leaves out are optional: what they need is judged by nothing here.
	for (const rule of Object.values(table)) delete rule.required;
	const own = write.fields;
	return {
		...whole,
		write: {
			...write,
			fields: typeof own === 'function' ? own : { ...table, ...own },
			...(hasParts
				? {
						complete: (patch, before, context) => {
							parts.complete?.(patch, before, context);
							write.complete?.(patch, before, context);
						},
						spread: (after, before, context) => {
							write.spread?.(after, before, context);
							parts.spread?.(after, before, context);
						},
						deleted: (entity, state) => {
							write.deleted?.(entity, state);
							parts.deleted?.(entity, state);
						},
					}
				: {}),
		},
	};
}

/** Every dictionary that has no definition by hand. */
export function restOf(known: ReadonlySet<string>): DictionaryDefinition[] {
	return typesThat((_type, keyword) => isPlain(keyword) && !known.has(keyword)).map(definitionOf);
}

/** The filters that the docs name for a list of goods. */
export const goodsRules = rulesOf;

/** Refuses the batch that has neither a label nor an expiry date (71001). */
export function checkBatch(fields: Entity): void {
	if (!fields.label && !fields.expiryDate) {
		throw new MoySkladError(71001, [], { parameter: 'label' });
	}
}
