import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { PROJECTS } from './attributes';
import type { DictionaryDefinition } from './dictionary';
import { date, flag, owned, text, to, uuid } from './dictionary';

/** How many content cards there are; card `i` belongs to product `i`. */
const CONTENT_CARD_COUNT = 3;

/** Fields that `filter` knows in the dictionaries below. */
const NAMED = {
	accountId: uuid,
	code: text,
	externalCode: text,
	id: uuid,
	name: text,
	updated: date,
};
const OWNED = { description: text, group: to('group'), owner: to('employee'), shared: flag };

/** A short dictionary that only references need. */
const short = (
	keyword: string,
	names: readonly string[],
	definition: Pick<DictionaryDefinition, 'fields' | 'search'>,
): DictionaryDefinition => ({
	...definition,
	keyword,
	sort: ['id', 'updated', 'name', 'code', 'externalCode'],
	expand: [],
	size: names.length,
	generate: (index) => ({
		updated: moscowMillis(DATA_EPOCH - index * 3_600_000),
		name: names[index],
		code: `${keyword[0].toUpperCase()}${index + 1}`,
		externalCode: `${keyword}-${index + 1}`,
	}),
});

/** Dictionaries that goods, their custom fields and their images need. */
export const MORE_DICTIONARIES: readonly DictionaryDefinition[] = [
	short('expenseitem', ['Закупка товаров', 'Аренда'], {
		fields: { ...NAMED, ...OWNED },
		search: ['name', 'description'],
	}),
	// MoySklad docs: Region; its list has no search.
	short('region', ['г Москва', 'Московская обл'], { fields: NAMED, search: [] }),
	short('saleschannel', ['Site', 'Marketplace'], {
		fields: { ...NAMED, ...OWNED, archived: flag },
		search: ['name', 'description'],
	}),
	{
		keyword: 'project',
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
			shared: flag,
			updated: date,
		},
		sort: ['id', 'updated', 'name', 'description', 'code', 'externalCode', 'archived'],
		search: ['name', 'description'],
		expand: ['group', 'owner'],
		size: PROJECTS.length,
		generate: (index, world) => ({
			...owned(world),
			updated: moscowMillis(DATA_EPOCH - index * 3_600_000),
			name: PROJECTS[index],
			code: `P${index + 1}`,
			externalCode: `project-${index + 1}`,
			archived: false,
		}),
	},
	{
		keyword: 'contentcard',
		fields: {
			accountId: uuid,
			assortment: to('product', 'service', 'variant', 'bundle'),
			id: uuid,
			salePlatform: to('saleplatform'),
		},
		sort: [],
		search: [],
		expand: ['assortment', 'images', 'salePlatform', 'salesChannels'],
		size: CONTENT_CARD_COUNT,
		generate: (index, world) => {
			const href = world.href('contentcard', world.id('contentcard', index));
			return {
				assortment: world.ref('product', index),
				cardContentName: `Card ${index + 1}`,
				name: `Товар для площадки ${index + 1}`,
				description: `What the marketplace shows of product ${index + 1}`,
				salePlatform: world.ref('saleplatform', 0),
				salesChannels: [world.ref('saleschannel', 0)],
				images: world.collection(`${href}/images`, 'image', 0),
			};
		},
	},
];
