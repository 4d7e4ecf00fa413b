import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix, pick } from '../../shared/random';
import type { Entity, Meta, World } from '../world';
import { MEDIA_TYPE } from '../world';

/** Entities whose custom fields the account has; bundles and services use those of products. */
export type AttributeOwner = 'product' | 'contract';

/** Types of custom fields that point to a dictionary (MoySklad docs: custom fields). */
export const REFERENCE_ATTRIBUTES = [
	'contract',
	'counterparty',
	'project',
	'store',
	'employee',
	'product',
	'customentity',
] as const;

/** Every type of a custom field. */
export const ATTRIBUTE_TYPES = [
	'string',
	'text',
	'link',
	'long',
	'double',
	'boolean',
	'time',
	'file',
	...REFERENCE_ATTRIBUTES,
] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** The description of a custom field. */
export interface AttributeDefinition {
	id: string;
	owner: AttributeOwner;
	name: string;
	type: AttributeType;
	required: boolean;
	show: boolean;
	description?: string;
	/** Id of the custom dictionary, for type `customentity`. */
	dictionary?: string;
}

/** Custom dictionaries: name and elements. */
export const CUSTOM_DICTIONARIES = [
	{ name: 'Сезон', elements: ['Spring', 'Summer', 'Осень', 'Winter', 'Круглый год'] },
] as const;

/** Names of the projects. */
export const PROJECTS = ['Retail', 'Опт', 'Online shop', 'Export'] as const;

type Seed = Pick<AttributeDefinition, 'name' | 'type'> & Partial<AttributeDefinition>;

/** One field of every type. The first three of goods are on all goods, the others on bundles. */
const SEEDS: Record<AttributeOwner, readonly Seed[]> = {
	product: [
		{ name: 'Material', type: 'string', description: 'What it is made of' },
		{ name: 'Warranty, months', type: 'long' },
		{ name: 'Fragile', type: 'boolean' },
		{ name: 'Описание для сайта', type: 'text' },
		{ name: 'Site page', type: 'link' },
		{ name: 'Толщина, мм', type: 'double', required: true },
		{ name: 'Certified until', type: 'time' },
		{ name: 'Инструкция', type: 'file' },
		{ name: 'Сезон', type: 'customentity' },
		{ name: 'Delivery contract', type: 'contract' },
		{ name: 'Производитель', type: 'counterparty' },
		{ name: 'Project', type: 'project' },
		{ name: 'Место хранения', type: 'store' },
		{ name: 'Buyer', type: 'employee' },
		{ name: 'Аналог', type: 'product' },
	],
	contract: [
		{ name: 'Signed by', type: 'string', required: true },
		{ name: 'Особые условия', type: 'text' },
		{ name: 'Scan link', type: 'link' },
		{ name: 'Отсрочка, дней', type: 'long' },
		{ name: 'Bonus, %', type: 'double' },
		{ name: 'Автопродление', type: 'boolean' },
		{ name: 'Valid until', type: 'time' },
		{ name: 'Скан', type: 'file' },
		{ name: 'Season', type: 'customentity' },
		{ name: 'Рамочный договор', type: 'contract' },
		{ name: 'Guarantor', type: 'counterparty' },
		{ name: 'Проект', type: 'project' },
		{ name: 'Pick-up store', type: 'store' },
		{ name: 'Куратор', type: 'employee' },
		{ name: 'Main product', type: 'product' },
	],
};

const MATERIALS = ['steel', 'glass', 'cotton', 'дерево', 'plastic'];
const SIGNATORIES = ['Ivanova', 'Пётр Орлов', 'Smith', 'Сидорова'];
/** Where the ids of an owner's seeds begin within the space `attribute`. */
const FIRST_ID: Record<AttributeOwner, number> = { product: 0, contract: 1000 };
/** Where the ids of fields begin that are created later. */
export const FIRST_CREATED_ATTRIBUTE = 2000;
const HOUR_MS = 3_600_000;

/** The fields that the account begins with. */
export function seedAttributes(world: World, owner: AttributeOwner): AttributeDefinition[] {
	return SEEDS[owner].map((seed, index) => ({
		required: false,
		show: true,
		...seed,
		...(seed.type === 'customentity' ? { dictionary: world.id('customdictionary', 0) } : {}),
		id: world.id('attribute', FIRST_ID[owner] + index),
		owner,
	}));
}

/** `meta` of a custom field. */
export function attributeMeta(world: World, owner: AttributeOwner, id: string): Meta {
	const href = `${world.base}/entity/${owner}/metadata/attributes/${id}`;
	return { href, type: 'attributemetadata', mediaType: MEDIA_TYPE };
}

/** Address of a custom dictionary. */
export function customDictionaryHref(world: World, dictionary: string): string {
	return `${world.base}/entity/customentity/${dictionary}`;
}

/** `{meta, name}` of an element of the first custom dictionary. */
export function customElementRef(world: World, index: number): Entity {
	const dictionary = world.id('customdictionary', 0);
	const { elements } = CUSTOM_DICTIONARIES[0];
	const href = `${customDictionaryHref(world, dictionary)}/${world.id('customelement', index)}`;
	return { meta: { href, type: 'customentity', mediaType: MEDIA_TYPE }, name: elements[index] };
}

function projectRef(world: World, h: number): Entity {
	const index = h % PROJECTS.length;
	return { ...world.ref('project', index), name: PROJECTS[index] };
}

function day(h: number): string {
	const ms = DATA_EPOCH + ((h % 700) - 200) * 24 * HOUR_MS;
	return moscowMillis(ms - (ms % (24 * HOUR_MS)) - 3 * HOUR_MS);
}

function productSeedValue(world: World, type: AttributeType, h: number, row: number): unknown {
	switch (type) {
		case 'string':
			return pick(MATERIALS, h);
		case 'long':
			return 6 * (1 + (h % 6));
		case 'boolean':
			return h % 2 === 0;
		case 'text':
			return `Страница комплекта ${row + 1}; line "two"`;
		case 'link':
			return `https://shop.example.com/sets/${row + 1}`;
		case 'double':
			return (h % 400) / 8;
		case 'time':
			return day(h);
		case 'customentity':
			return customElementRef(world, h % CUSTOM_DICTIONARIES[0].elements.length);
		case 'project':
			return projectRef(world, h);
		default:
			return undefined;
	}
}

function contractSeedValue(world: World, type: AttributeType, h: number, index: number): unknown {
	switch (type) {
		case 'string':
			return pick(SIGNATORIES, h);
		case 'text':
			return `Условия договора ${index + 1}: 50% prepaid; rest in 10 days`;
		case 'link':
			return `https://files.example.com/contracts/${index + 1}`;
		case 'long':
			return 5 * (1 + (h % 12));
		default:
			return productSeedValue(world, type, h, index);
	}
}

/**
 * Value that a generated object carries in the seed at a position; about two of three objects have
 * one. Files and references to dictionaries of others are left empty.
 */
export function seedValue(
	world: World,
	owner: AttributeOwner,
	position: number,
	object: number,
): unknown {
	const h = mix(world.seed, (owner === 'product' ? 44 : 144) + position, object);
	if (h % 3 === 0) return undefined;
	const { type } = SEEDS[owner][position];
	return owner === 'product'
		? productSeedValue(world, type, h >>> 8, object)
		: contractSeedValue(world, type, h >>> 8, object);
}

/**
 * The collection `attributes` of a generated object, as answers show it. `object` is the number of
 * the object within its type.
 */
export function generatedAttributes(world: World, owner: AttributeOwner, object: number): Entity[] {
	return seedAttributes(world, owner).flatMap(({ id, name, type }, position) => {
		const value = seedValue(world, owner, position, object);
		if (value === undefined) return [];
		return [{ meta: attributeMeta(world, owner, id), id, name, type, value }];
	});
}
