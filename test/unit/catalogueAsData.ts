/**
 * The first dictionaries of MoySklad as plain data: what their operations are called, ask for and give, and what
 * becomes of values that are written. `dictionariesBefore.json` holds them as they were when each had a table by hand.
 */
import type { IDataObject } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../nodes/MoySklad/catalogue/dictionaries';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { MapperField, Operation, WireContext } from '../../nodes/shared/catalogue';

/** Names of API fields have dots. */
const SEPARATOR = ' > ';

/** Texts by their path: `getAll > filter > agent > label`. */
export type Flat = Record<string, string>;

const ID = '7944ef04-f831-11e5-7a69-971500188b19';

/** What people and earlier nodes give, and what they should not. */
const SAMPLES: unknown[] = [
	'tea',
	'a, b;c',
	'x'.repeat(256),
	'x'.repeat(4097),
	'2026-11-28T10:00:00+03:00',
	ID,
	`https://api.moysklad.ru/api/remap/1.2/entity/organization/${ID}`,
	0,
	-1,
	1.5,
	150,
	true,
	null,
	['GOOD', 'a b'],
	[{ filename: 'a.png', content: 'aGk=' }],
	[{ assortment: ID, quantity: 2 }],
	{ s1: 'rouble' },
	{ value: 10.5, currency: 'USD' },
	{ currency: ID, value: 2 },
	[{ value: 5, priceType: ID }],
];

const CONTEXT = {
	baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
	timezone: 'Europe/Moscow',
	parameter: () => undefined,
} as unknown as WireContext;

/** What the field makes of the samples: a value, or a refusal. References carry its label. */
function written({ wire, label }: MapperField): string {
	if (!wire) return 'as given';
	return SAMPLES.map((sample) => {
		try {
			return JSON.stringify(wire(structuredClone(sample), CONTEXT)) ?? 'nothing';
		} catch {
			return '!';
		}
	})
		.map((text) => text.replaceAll(label, '…').replace(/x{20,}/, (all) => `x × ${all.length}`))
		.join(' | ');
}

/** What the operations show, and what a table is made of. */
const SHOWN = [
	...['fields', 'filter', 'sort', 'expand', 'rows', 'simple', 'does', 'keyless'],
	...['about', 'amounts', 'columns', 'compares', 'derived', 'early', 'empty', 'expands', 'fixed'],
	...['front', 'help', 'labels', 'limits', 'match', 'optional', 'own', 'rare', 'refs', 'whole'],
	...['without', 'writable'],
];

const isEmptyObject = (value: unknown) =>
	typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Parts of a dictionary's table that its operations do not show. */
function behind(dictionary: Dictionary): IDataObject {
	const parts = Object.entries(dictionary).filter(
		([name, value]) => !SHOWN.includes(name) && value !== false && !isEmptyObject(value),
	);
	return Object.fromEntries(parts) as IDataObject;
}

/** Lists of named things by their names, so that a new one does not move the others. */
function named(list: unknown[]): Array<[string, unknown]> {
	const keyOf = (one: unknown) => {
		if (typeof one !== 'object' || one === null) return String(one);
		const { name, value } = one as IDataObject;
		return String(value ?? name ?? JSON.stringify(one));
	};
	const isNamed = list.every((one) => typeof one === 'object' && one !== null);
	return isNamed
		? [
				['in order', list.map(keyOf).join(' ')],
				...list.map((one): [string, unknown] => [keyOf(one), one]),
			]
		: [['in order', list.map(keyOf).join(' ')]];
}

/** Forms list these by their labels: only the first counts, with which rows were saved that do not name theirs. */
const BY_LABEL = / > (filter|sort|rawFields) > in order$/;

function setOrder(flat: Flat): void {
	for (const path of Object.keys(flat).filter((one) => BY_LABEL.test(one))) {
		const [first, ...rest] = flat[path].split(' ');
		flat[path] = [first, ...rest.sort()].join(' ');
	}
}

function flatten(value: unknown, at: string, into: Flat): void {
	if (value === undefined) return;
	if (typeof value === 'function') into[at] = 'ƒ';
	else if (value instanceof RegExp) into[at] = String(value);
	else if (Array.isArray(value)) {
		for (const [name, one] of named(value)) flatten(one, `${at}${SEPARATOR}${name}`, into);
	} else if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value);
		if (entries.length === 0) into[at] = '{}';
		for (const [name, one] of entries) flatten(one, `${at}${SEPARATOR}${name}`, into);
	} else into[at] = String(value);
}

function mapperFields({ fields }: Operation): MapperField[] {
	return fields.flatMap((field) => (field.kind === 'mapper' ? field.mapper.fields : []));
}

/** Everything that is said of the dictionaries. */
export function dictionariesAsData(): Record<string, Flat> {
	return Object.fromEntries(
		plainDictionaries.map((dictionary): [string, Flat] => {
			const { resource } = dictionary;
			const flat: Flat = {};
			flatten(
				moySklad.resources.find(({ value }) => value === resource),
				'resource',
				flat,
			);
			flatten(behind(dictionary), 'table', flat);
			const own = moySklad.operations.filter((operation) => operation.resource === resource);
			flat.operations = own.map(({ operation }) => operation).join(' ');
			for (const operation of own) {
				flatten(operation, operation.operation, flat);
				for (const field of mapperFields(operation)) {
					flat[[operation.operation, 'writes', field.name].join(SEPARATOR)] = written(field);
				}
			}
			setOrder(flat);
			return [resource, flat];
		}),
	);
}

/** The same as a tree, with every text once: the same stands in many places. */
export interface Packed {
	texts: string[];
	/** The parts of a path → the place of its text. */
	dictionaries: Tree;
}
interface Tree {
	[part: string]: Tree | number;
}

/** How `dictionariesBefore.json` was written. */
export function packed(all: Record<string, Flat>): Packed {
	const places = new Map<string, number>();
	const place = (text: string) => {
		if (!places.has(text)) places.set(text, places.size);
		return places.get(text) as number;
	};
	const dictionaries: Tree = {};
	for (const [resource, flat] of Object.entries(all)) {
		for (const [path, text] of Object.entries(flat)) {
			const parts = [resource, ...path.split(SEPARATOR)];
			const last = parts.pop() as string;
			let tree = dictionaries;
			for (const part of parts) tree = (tree[part] ??= {}) as Tree;
			tree[last] = place(text);
		}
	}
	return { texts: [...places.keys()], dictionaries };
}

export function unpacked({ texts, dictionaries }: Packed): Record<string, Flat> {
	const walk = (tree: Tree, at: string, into: Flat): Flat => {
		for (const [part, inner] of Object.entries(tree)) {
			if (typeof inner === 'number') into[`${at}${part}`] = texts[inner];
			else walk(inner, `${at}${part}${SEPARATOR}`, into);
		}
		return into;
	};
	return Object.fromEntries(
		Object.entries(dictionaries).map(([resource, tree]) => [resource, walk(tree as Tree, '', {})]),
	);
}
