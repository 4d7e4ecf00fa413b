import { DATA_EPOCH, moscowMillis, parseMoscow } from '../../shared/clock';
import { mix, pick } from '../../shared/random';
import type { FieldRule } from '../filter';
import { EQUALITY, ORDERED, TEXT } from '../filter';
import type { Entity, World } from '../world';
import { refId } from '../world';
import { CITIES, COMPANY_WORDS, FOLDERS, SUBFOLDERS } from './words';

/**
 * A plain dictionary: everything that the sandbox needs to serve its list and its objects. A new
 * dictionary is one more entry of `DICTIONARIES`.
 */
export interface DictionaryDefinition {
	/** Code of the entity, `/entity/<keyword>`. */
	keyword: string;
	/** Fields that `filter` knows (MoySklad docs: column "filtering" of the field table). */
	fields: Record<string, FieldRule>;
	/** Fields that `order` knows. */
	sort: readonly string[];
	/** Fields that `search` looks into; empty when the list has no search. */
	search: readonly string[];
	/** Fields that `expand` replaces. */
	expand: readonly string[];
	/** How many objects there are. */
	size: number;
	/** Makes an object; id, meta and accountId are added to it. */
	generate: (index: number, world: World) => Entity;
	/** False when objects carry no `accountId`. */
	accountId?: boolean;
}

const text: FieldRule = { kind: 'string', operators: TEXT };
const uuid: FieldRule = { kind: 'uuid', operators: EQUALITY };
const flag: FieldRule = { kind: 'boolean', operators: EQUALITY };
const number: FieldRule = { kind: 'number', operators: ORDERED };
const date: FieldRule = { kind: 'date', operators: ORDERED };
const to = (...types: string[]): FieldRule => ({ kind: 'reference', operators: EQUALITY, types });

const FOLDER_TOP = 10;
const FOLDER_CHILDREN = 5;

/** How many product folders there are: ten at the top, five below each. */
export const FOLDER_COUNT = FOLDER_TOP * (1 + FOLDER_CHILDREN);
/** How many stores there are. */
export const STORE_COUNT = 4;
/** How many counterparties there are. */
export const COUNTERPARTY_COUNT = 1200;

const STORES = ['Main store', 'Склад на Тверской', 'Returns', 'Transit'];
const CURRENCIES = [
	{ name: 'руб', fullName: 'Российский рубль', code: '643', isoCode: 'RUB', rate: 1 },
	{ name: 'usd', fullName: 'US dollar', code: '840', isoCode: 'USD', rate: 92.5 },
	{ name: 'uzs', fullName: 'Uzbek sum', code: '860', isoCode: 'UZS', rate: 0.0072 },
];
const UNITS = [
	{ name: 'шт', description: 'Штука', code: '796' },
	{ name: 'кг', description: 'Килограмм', code: '166' },
	{ name: 'л', description: 'Литр', code: '112' },
	{ name: 'упак', description: 'Упаковка', code: '778' },
];
const EMPLOYEES = ['admin', 'second', 'cashier'];

function updatedAt(world: World, salt: number, index: number): string {
	return moscowMillis(DATA_EPOCH - (mix(world.seed, salt, index) % 31_536_000) * 1000);
}

function owned(world: World): Entity {
	return { owner: world.ref('employee', 0), shared: true, group: world.ref('group', 0) };
}

/** Parent of a folder, or `undefined` at the top level. */
export function parentFolder(index: number): number | undefined {
	return index < FOLDER_TOP ? undefined : Math.floor((index - FOLDER_TOP) / FOLDER_CHILDREN);
}

/** Name of a folder, without its parents. */
export function folderName(index: number): string {
	return index < FOLDER_TOP ? FOLDERS[index] : SUBFOLDERS[(index - FOLDER_TOP) % FOLDER_CHILDREN];
}

/** Names from the root to a folder, joined with `/`. */
export function folderPath(index: number): string {
	const parent = parentFolder(index);
	return parent === undefined ? folderName(index) : `${folderName(parent)}/${folderName(index)}`;
}

/** The plain dictionaries of the account (MoySklad docs: Entities). */
export const DICTIONARIES: readonly DictionaryDefinition[] = [
	{
		keyword: 'productfolder',
		fields: {
			accountId: uuid,
			archived: flag,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			pathName: text,
			shared: flag,
			updated: date,
		},
		sort: ['id', 'updated', 'name', 'externalCode', 'archived', 'pathName'],
		search: ['name', 'code'],
		expand: ['group', 'owner', 'productFolder'],
		size: FOLDER_COUNT,
		generate: (index, world) => {
			const parent = parentFolder(index);
			return {
				...owned(world),
				updated: updatedAt(world, 11, index),
				name: folderName(index),
				code: `F${String(index).padStart(3, '0')}`,
				externalCode: `folder-${index}`,
				archived: false,
				pathName: parent === undefined ? '' : folderPath(parent),
				useParentVat: true,
				effectiveVat: 20,
				effectiveVatEnabled: true,
				taxSystem: 'TAX_SYSTEM_SAME_AS_GROUP',
				...(parent === undefined ? {} : { productFolder: world.ref('productfolder', parent) }),
			};
		},
	},
	{
		keyword: 'store',
		fields: {
			accountId: uuid,
			address: text,
			archived: flag,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			parent: to('store'),
			pathName: text,
			shared: flag,
			updated: date,
		},
		sort: [
			'id',
			'updated',
			'name',
			'description',
			'code',
			'externalCode',
			'address',
			'archived',
			'pathName',
		],
		search: ['name', 'code'],
		expand: ['group', 'owner', 'parent'],
		size: STORE_COUNT,
		generate: (index, world) => ({
			...owned(world),
			updated: updatedAt(world, 12, index),
			name: STORES[index],
			code: `S${index + 1}`,
			description: index === 2 ? 'Goods that came back' : '',
			externalCode: `store-${index}`,
			archived: false,
			address: `${pick(CITIES, index)}, Sadovaya street, ${index * 7 + 1}`,
			addressFull: { city: pick(CITIES, index), street: 'Sadovaya', house: String(index * 7 + 1) },
			pathName: '',
			...(index === 3 ? { parent: world.ref('store', 0) } : {}),
		}),
	},
	{
		keyword: 'currency',
		accountId: false,
		fields: {
			archived: flag,
			code: text,
			default: flag,
			fullName: text,
			id: uuid,
			isoCode: text,
			multiplicity: number,
			name: text,
		},
		sort: ['id', 'name', 'archived', 'default', 'fullname', 'code', 'isoCode', 'multiplicity'],
		search: ['name'],
		expand: [],
		size: CURRENCIES.length,
		generate: (index) => ({
			system: true,
			...CURRENCIES[index],
			multiplicity: 1,
			indirect: false,
			rateUpdateType: index === 0 ? 'manual' : 'auto',
			margin: 0,
			archived: false,
			default: index === 0,
			majorUnit: { gender: 'masculine', s1: 'рубль', s2: 'рубля', s5: 'рублей' },
			minorUnit: { gender: 'feminine', s1: 'копейка', s2: 'копейки', s5: 'копеек' },
		}),
	},
	{
		keyword: 'counterparty',
		fields: {
			accountId: uuid,
			actualAddress: text,
			archived: flag,
			code: text,
			companyType: {
				kind: 'enum',
				operators: EQUALITY,
				values: ['legal', 'entrepreneur', 'individual'],
			},
			created: date,
			description: text,
			discountCardNumber: text,
			email: text,
			externalCode: text,
			fax: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			phone: text,
			shared: flag,
			syncId: uuid,
			tags: text,
			updated: date,
		},
		sort: [
			'id',
			'updated',
			'name',
			'description',
			'code',
			'externalCode',
			'archived',
			'created',
			'phone',
			'email',
			'fax',
		],
		search: ['name', 'code', 'email', 'phone'],
		expand: ['group', 'owner'],
		size: COUNTERPARTY_COUNT,
		generate: (index, world) => {
			const h = mix(world.seed, 13, index);
			const companyType = pick(['legal', 'legal', 'entrepreneur', 'individual'], h);
			const updated = updatedAt(world, 13, index);
			const href = world.href('counterparty', world.id('counterparty', index));
			return {
				...owned(world),
				updated,
				created: moscowMillis(DATA_EPOCH - 31_536_000_000 - (h % 31_536_000) * 1000),
				name: `${pick(COMPANY_WORDS, h)} ${pick(CITIES, h >>> 8)} ${index + 1}`,
				code: `C${String(index + 1).padStart(5, '0')}`,
				externalCode: `counterparty-${index}`,
				archived: index % 40 === 39,
				companyType,
				legalTitle: `${pick(COMPANY_WORDS, h)} LLC`,
				inn: String(7_700_000_000 + (h % 99_999_999)),
				email: `office${index + 1}@example.com`,
				phone: `+7 495 ${100 + (h % 900)}-${10 + (index % 90)}-${10 + (h % 90)}`,
				actualAddress: `${pick(CITIES, h >>> 8)}, Lenina street, ${1 + (h % 120)}`,
				tags: index % 3 === 0 ? ['wholesale', 'regular'] : ['retail'],
				salesAmount: (h % 5_000_000) + 0.5,
				accounts: world.collection(`${href}/accounts`, 'account', 0),
				contactpersons: world.collection(`${href}/contactpersons`, 'contactperson', 0),
				notes: world.collection(`${href}/notes`, 'note', 0),
				files: world.collection(`${href}/files`, 'files', 0),
			};
		},
	},
	{
		keyword: 'uom',
		fields: {
			accountId: uuid,
			code: text,
			description: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			owner: to('employee'),
			shared: flag,
			updated: date,
		},
		sort: ['id', 'updated', 'name', 'description', 'code', 'externalCode'],
		search: ['name', 'description'],
		expand: ['group', 'owner'],
		size: UNITS.length,
		generate: (index, world) => ({
			updated: updatedAt(world, 14, index),
			...UNITS[index],
			externalCode: `uom-${index}`,
		}),
	},
	{
		keyword: 'employee',
		fields: {
			accountId: uuid,
			archived: flag,
			email: text,
			externalCode: text,
			group: to('group'),
			id: uuid,
			name: text,
			uid: text,
			updated: date,
		},
		sort: ['id', 'updated', 'name', 'externalCode', 'archived'],
		search: ['name'],
		expand: ['group'],
		size: EMPLOYEES.length,
		generate: (index, world) => ({
			shared: true,
			group: world.ref('group', 0),
			updated: updatedAt(world, 15, index),
			name: EMPLOYEES[index],
			externalCode: `employee-${index}`,
			archived: false,
			uid: `${EMPLOYEES[index]}@sandbox`,
			email: `${EMPLOYEES[index]}@example.com`,
			lastName: EMPLOYEES[index],
			shortFio: EMPLOYEES[index],
			fullName: EMPLOYEES[index],
		}),
	},
	{
		keyword: 'group',
		fields: { accountId: uuid, id: uuid, name: text },
		sort: ['id', 'name'],
		search: ['name'],
		expand: [],
		size: 1,
		generate: () => ({ name: 'Основной', index: 0 }),
	},
];

/** The objects of one dictionary, generated on first use. */
export class Dictionary {
	private rows: Entity[] | undefined;

	constructor(
		readonly definition: DictionaryDefinition,
		private readonly world: World,
	) {}

	/** All objects in their natural order. */
	all(): Entity[] {
		this.rows ??= Array.from({ length: this.definition.size }, (_unused, index) =>
			this.make(index),
		);
		return this.rows;
	}

	/** An object by its id. */
	find(id: string): Entity | undefined {
		const index = this.world.space(this.definition.keyword).index(id);
		return index === undefined ? undefined : this.all()[index];
	}

	/** Comparable value of a field: dates as epoch ms, references as ids. */
	value(entity: Entity, field: string): unknown {
		if (field === 'fullname') return entity.fullName;
		const rule = this.definition.fields[field] as FieldRule | undefined;
		const value = entity[field];
		if (rule?.kind === 'reference') return refId(value);
		if (rule?.kind === 'date' && typeof value === 'string') return parseMoscow(value)?.ms;
		return value;
	}

	private make(index: number): Entity {
		const { keyword, accountId, generate } = this.definition;
		const id = this.world.id(keyword, index);
		return {
			meta: {
				href: this.world.href(keyword, id),
				metadataHref: `${this.world.base}/entity/${keyword}/metadata`,
				type: keyword,
				mediaType: 'application/json',
			},
			id,
			...(accountId === false ? {} : { accountId: this.world.accountId }),
			...generate(index, this.world),
		};
	}
}
