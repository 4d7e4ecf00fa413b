/**
 * The catalogues of the Recognition API, which all have the same operations. What a field is called and which kind
 * it has comes from the facts; what stands in front and how rows are named is decided here. Reference of the
 * project: inspector-cloud-api.md §4, §5.5, §5.6.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, MapperField } from '../../shared/catalogue';
import type { FieldFacts, OperationFacts } from '../../shared/facts/facts';
import { labelFrom } from '../../shared/form/labels';
import { InputProblem } from '../../shared/errors/problems';
import { keptWhole, textOf } from '../../shared/form/readers';
import { operations } from '../facts.generated';
import { plain } from '../values';

export interface Family {
	/** n8n's name of the resource, and the facts' (`brand.getMany`). */
	resource: string;
	facts: string;
	/** Path of the list. */
	path: string;
	/** Name of its list search. */
	search: string;
	/** For the Resource list. */
	choice: Choice;
	/** In sentences. */
	one: string;
	many: string;
	/** Fields that stand in the form at once. */
	front: string[];
	/** Fields that creation needs. */
	needs?: string[];
	/** Fields that objects can be matched by, the first by default. */
	match?: string[];
	/** A match that the API itself can search by. */
	searchable?: string;
	/** Columns of a simplified row. */
	simple: string[];
	labels?: Record<string, string>;
	/** Fields that name an object of another family, or of this one. */
	references?: Record<string, string>;
	/** What a row is called in a list. */
	title?: (row: IDataObject) => string;
	deletes?: boolean;
	/** What is no name of a reference may be its ID: IDs are texts by the documentation. */
	textIds?: boolean;
	/** An object without any field is of use: its ID. */
	mayBeEmpty?: boolean;
	notes?: string;
}

const byResource = (name: string) => `search${name[0].toUpperCase()}${name.slice(1)}`;

const FAMILIES: Array<
	Omit<Family, 'path' | 'search' | 'choice'> & { name: string; local: string; about: string }
> = [
	{
		resource: 'brand',
		facts: 'brand',
		name: 'Brand',
		local: 'Бренд',
		about: 'Brands of the recognition catalogue',
		one: 'brand',
		many: 'brands',
		front: ['name'],
		needs: ['name'],
		match: ['name'],
		simple: ['id', 'name'],
	},
	{
		resource: 'category',
		facts: 'category',
		name: 'Category',
		local: 'Категория',
		about: 'Categories of the recognition catalogue',
		one: 'category',
		many: 'categories',
		front: ['name'],
		needs: ['name'],
		match: ['name'],
		simple: ['id', 'name'],
	},
	{
		resource: 'display',
		facts: 'display',
		name: 'Display',
		local: 'Оборудование',
		about: 'Shelves and other displays, with their planogram and must-have list',
		one: 'display',
		many: 'displays',
		front: ['name', 'planogram', 'musthavelist'],
		needs: ['name'],
		simple: ['id', 'name', 'planogram', 'musthavelist'],
		labels: { musthavelist: 'Must-Have List' },
		references: { planogram: 'planogram' },
		notes:
			'A display and its planogram name each other: create the display first, then the planogram, then update the display.',
	},
	{
		resource: 'manufacturer',
		facts: 'manufacturer',
		name: 'Manufacturer',
		local: 'Производитель',
		about: 'Manufacturers of the recognition catalogue',
		one: 'manufacturer',
		many: 'manufacturers',
		front: ['name'],
		needs: ['name'],
		match: ['name'],
		simple: ['id', 'name'],
	},
	{
		resource: 'planogram',
		facts: 'planogram',
		name: 'Planogram',
		local: 'Планограмма',
		about: 'Containers of planogram records',
		one: 'planogram',
		many: 'planograms',
		front: ['name', 'display'],
		needs: ['name'],
		simple: ['id', 'name', 'display'],
		references: { display: 'display' },
		deletes: true,
	},
	{
		resource: 'planogramRecord',
		facts: 'planogramRecord',
		name: 'Planogram Record',
		local: 'Запись планограммы',
		about: 'Places of products on a planogram',
		one: 'planogram record',
		many: 'planogram records',
		front: [
			'planogram',
			'sku',
			'rack_index',
			'shelf_index',
			'product_index',
			'facing_x',
			'facing_y',
		],
		needs: ['planogram', 'sku'],
		textIds: true,
		simple: [
			...['id', 'planogram', 'sku', 'rack_index', 'shelf_index', 'product_index'],
			...['facing_x', 'facing_y', 'width', 'height'],
		],
		labels: { facing_x: 'Facings Across', facing_y: 'Facings Up', sku: 'SKU' },
		references: { planogram: 'planogram', sku: 'sku' },
		title: ({ id, planogram, shelf_index: shelf, product_index: place }) =>
			`Planogram ${String(planogram)} – shelf ${String(shelf)}, product ${String(place)} (${String(id)})`,
		deletes: true,
		notes:
			'Product Index runs over the whole planogram, not per shelf. There is no filter by planogram.',
	},
	{
		resource: 'sku',
		facts: 'sku',
		name: 'SKU',
		local: 'Товар каталога',
		about: 'Products of the recognition catalogue',
		one: 'SKU',
		many: 'SKUs',
		front: ['name', 'cid', 'ean13', 'brand', 'category', 'manufacturer'],
		needs: ['name'],
		match: ['cid', 'ean13'],
		searchable: 'cid',
		simple: [
			...['id', 'cid', 'ean13', 'name', 'brand', 'category', 'manufacturer'],
			...['size_x_mm', 'size_y_mm', 'size_z_mm'],
		],
		labels: {
			cid: 'Client ID (CID)',
			ean13: 'EAN-13',
			image: 'Photo ID',
			size_x_mm: 'Width (mm)',
			size_y_mm: 'Height (mm)',
			size_z_mm: 'Depth (mm)',
		},
		references: { brand: 'brand', category: 'category', manufacturer: 'manufacturer' },
		notes: 'Another object than Product of the Data API, which has the IDs of visits.',
	},
	{
		resource: 'visitRegistry',
		facts: 'visitRegistry',
		name: 'Visit Registry',
		local: 'Реестр визитов',
		about: 'Visits of the Recognition API, to which photos of your own are recognised',
		one: 'visit of registry',
		many: 'visits of registry',
		front: ['shop', 'agent', 'started_date'],
		mayBeEmpty: true,
		simple: [
			...['id', 'shop', 'agent', 'started_date', 'task', 'shop_name', 'shop_area'],
			...['current_agent_name', 'current_agent_route', 'moderation'],
		],
		labels: {
			shop: 'Store Code',
			agent: 'Agent ID',
			started_date: 'Started At',
			shop_name: 'Store Name',
			shop_area: 'Store Area',
		},
		title: ({ id, shop_name: name, shop, current_agent_name: agent }) =>
			[`Visit ${String(id)}`, plain(name) ?? plain(shop), plain(agent)].filter(Boolean).join(' – '),
		notes: 'Another object than Visit of the Data API; whether their IDs match is not documented.',
	},
];

/** The facts of an operation; an ID that two APIs have is told from its other by the path. */
export function factsOf(id: string, api: '/api/data/' | '/api/v1.5/'): OperationFacts {
	const found = operations.find((one) => one.id === id && one.path.startsWith(api));
	if (!found) throw new Error(`There are no facts of ${id} below ${api}`);
	return found;
}

export const families: Family[] = FAMILIES.map(({ name, local, about, ...family }) => ({
	...family,
	path: factsOf(`${family.facts}.getMany`, '/api/v1.5/').path,
	search: byResource(family.resource),
	choice: { name, value: family.resource, local, description: about },
}));

export function familyOf(resource: string): Family {
	const found = families.find((family) => family.resource === resource);
	if (!found) throw new Error(`There is no family ${resource}`);
	return found;
}

/** The fields that a family's create, update and replace can write. */
export function fieldsOf(family: Family, mode: 'create' | 'update' | 'upsert'): MapperField[] {
	const { body = [] } = factsOf(`${family.facts}.create`, '/api/v1.5/');
	const { front, needs = [], match = [] } = family;
	const order = [...front, ...body.map(({ name }) => name).filter((name) => !front.includes(name))];
	return order.map((name) => {
		const facts = body.find((one) => one.name === name);
		if (!facts) throw new Error(`${family.resource} has no field ${name}`);
		return {
			...written(family, facts),
			...(mode === 'create' && needs.includes(name) ? { required: true } : {}),
			...(mode === 'upsert' && match.includes(name)
				? { match: match[0] === name ? ('default' as const) : true }
				: {}),
			...(front.includes(name) ? {} : { rare: true }),
		};
	});
}

function written(family: Family, { name, kind }: FieldFacts): MapperField {
	const label = family.labels?.[name] ?? labelFrom(name);
	const target = family.references?.[name];
	if (target) {
		const looks =
			family.resource === 'planogramRecord' || target === 'sku' ? 'ID or CID' : 'ID or name';
		return { name, label, kind: 'text', looks, wire: (value) => idOrText(label, value) };
	}
	if (kind.includes('date-time')) {
		return { name, label, kind: 'time', as: 'instant' };
	}
	if (kind === 'float') return { name, label, kind: 'number' };
	if (kind === 'integer') return { name, label, kind: 'number', whole: true, min: 0 };
	if (/\bid\b|integer/.test(kind)) {
		return { name, label, kind: 'text', wire: (value) => idOrText(label, value) };
	}
	if (CODES.includes(name)) {
		return {
			name,
			label,
			kind: 'text',
			wire: (value) => keptWhole(label, textOf(label, value) ?? ''),
		};
	}
	return { name, label, kind: 'text' };
}

/** Texts of digits, which a sheet may have shortened. */
const CODES = ['agent', 'cid', 'ean13', 'shop'];

/** IDs are texts in the documentation and numbers in its samples: digits go as a number. */
function idOrText(label: string, value: unknown): unknown {
	if (value === null || value === undefined) return value;
	const held: unknown =
		typeof value === 'object' && !Array.isArray(value) ? (value as IDataObject).id : value;
	const text = typeof held === 'string' || typeof held === 'number' ? String(held).trim() : '';
	if (text === '') {
		throw new InputProblem(
			label,
			`is ${JSON.stringify(value)}`,
			'Give an ID, or an object that has one.',
		);
	}
	return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
