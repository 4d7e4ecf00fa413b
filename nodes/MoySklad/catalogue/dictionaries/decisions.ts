/**
 * What people decide about the plain dictionaries; everything else is a fact. Those of the first release have more to
 * decide (`early.ts`). Reference of the project: moysklad-documents.md §7, §9.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field } from '../../../shared/catalogue';
import { InputProblem } from '../../../shared/errors/problems';
import { parsedJson } from '../../../shared/form/values';
import { facts, typesThat } from '../../facts';
import { referenceOf, referenceWire, targetOf } from '../../references';
import { priceAndBarcode } from '../../simplify';
import { choice, list, objectEntry, text, toggle, type WriteField } from '../../writeFields';
import { EQUAL, type Dictionary } from '../dictionary';
import { fromFacts, type TypeDecisions } from '../fromFacts';
import { early } from './early';
import {
	barcodes,
	GOODS_REPLACED,
	goodsRows,
	price,
	salePrice,
	salePrices,
	TRACKING_TYPES,
} from './goods';
import { tags, TAX_SYSTEMS } from './shared';

/** What stands in front wherever a type has it. */
const FRONT = [
	'name',
	'lastName',
	'firstName',
	'middleName',
	'product',
	'characteristics',
	'assortment',
	'label',
	'expiryDate',
	'article',
	'externalCode',
	'code',
	'companyType',
	'phone',
	'email',
	'inn',
	'kpp',
	'legalTitle',
	'legalAddress',
	'actualAddress',
	'tags',
	'type',
	'rate',
	'comment',
	'position',
	'productFolder',
	'salePrice',
	'salePrices',
	'buyPrice',
	'minPrice',
	'barcodes',
	'uom',
	'supplier',
	'weight',
	'volume',
	'organization',
	'store',
	'priceType',
	'state',
	'parent',
	'address',
	'processingProcess',
	'products',
	'materials',
	'stages',
	'cost',
	'positions',
	'performers',
	'active',
	'allAgents',
	'allProducts',
	'agentTags',
	'levels',
	'discount',
	'specialPrice',
	'cardContentName',
	'salePlatform',
	'salesChannels',
	'permissions',
	'index',
	'description',
];

/** Columns of a flat row: the first ten that a type has. */
const SIMPLE = [
	'id',
	'name',
	'rate',
	'comment',
	'code',
	'article',
	'externalCode',
	'product',
	'assortment',
	'label',
	'expiryDate',
	'barcode',
	'salePrice',
	'companyType',
	'inn',
	'phone',
	'email',
	'uid',
	'type',
	'salePlatformGroup',
	'pathName',
	'productFolder',
	'parent',
	'organization',
	'store',
	'state',
	'active',
	'allProducts',
	'discount',
	'index',
	'address',
	'processingProcess',
	'cost',
	'standardHourCost',
	'salePlatform',
	'cardContentName',
	'description',
	'archived',
	'shared',
	'updated',
];

/** Objects of one type, each given in any of the ways of a reference. */
const references = (name: string, label: string, entity: string) =>
	list(name, label, referenceWire({ label, entity }), {
		looks: 'names, codes or IDs',
		split: /[,;\n]/,
	});

const GOODS = ['product', 'variant', 'service', 'bundle'].map(targetOf);

/** Goods of several types; an ID alone is taken for that of a product. */
const goodsField = (name: string, label: string) =>
	list(name, label, (value, { baseUrl }) => referenceOf(value, GOODS, baseUrl, label), {
		looks: 'names, codes or links',
		split: /[,;\n]/,
	});

/** `[{name | id, value}]`, or `{"Colour": "red"}`. MoySklad finds a characteristic by its name (docs: Variant). */
const characteristics: WriteField = list(
	'characteristics',
	'Characteristics',
	(value) => {
		const given = objectEntry('Characteristics', value);
		if (given.value === undefined || (given.name === undefined && given.id === undefined)) {
			throw new InputProblem(
				'Characteristics',
				`hold ${JSON.stringify(given)}`,
				'Give each as {"name": "Colour", "value": "red"}, or all as {"Colour": "red", "Size": "M"}.',
			);
		}
		const { id, name, value: text } = given;
		return { ...(id === undefined ? { name } : { id }), value: String(text) };
	},
	{ looks: 'or rows below' },
);
const characteristicsWire = characteristics.wire;
characteristics.wire = (value, context) => {
	const given = typeof value === 'string' ? parsedJson('Characteristics', value) : value;
	const isMap =
		typeof given === 'object' &&
		given !== null &&
		!Array.isArray(given) &&
		!('value' in given && ('name' in given || 'id' in given)) &&
		!('rows' in given);
	const all = isMap
		? Object.entries(given as IDataObject).map(([name, one]) => ({ name, value: one }))
		: given;
	return characteristicsWire?.(all, context);
};

const characteristicRows: Field = {
	name: 'characteristics',
	label: 'Characteristics',
	kind: 'rows',
	to: 'body:characteristics',
	button: 'Add Characteristic',
	rowLabel: 'Characteristic',
	help: 'What tells the variant from the others of its product',
	columns: [
		{
			name: 'name',
			label: 'Name',
			kind: 'text',
			to: 'control',
			required: true,
			placeholder: 'e.g. Colour',
			help: 'As the characteristic is called in MoySklad; a new name makes a new one',
		},
		{
			name: 'value',
			label: 'Value',
			kind: 'text',
			to: 'control',
			required: true,
			placeholder: 'e.g. red',
		},
	],
	wire: characteristics.wire,
};

/** What all goods share: prices, barcodes, their columns. Amounts are those of the facts and the main price. */
const OF_GOODS: Partial<TypeDecisions> = {
	own: [
		salePrice,
		salePrices,
		price('minPrice', 'Minimum Price'),
		price('buyPrice', 'Purchase Price'),
		barcodes,
		choice('trackingType', 'Marked Product Type', TRACKING_TYPES),
		choice('taxSystem', 'Tax System', TAX_SYSTEMS),
	],
	rows: goodsRows,
	replaces: GOODS_REPLACED,
	prices: true,
	amounts: ['salePrice'],
	derive: priceAndBarcode,
	derived: { salePrice: 'number', barcode: 'string' },
	labels: { article: 'Article (SKU)', minimumBalance: 'Minimum Balance' },
};

const SALES_CHANNELS: Choice[] = [
	{ name: 'Classified Ads', value: 'CLASSIFIED_ADS' },
	{ name: 'Direct Sales', value: 'DIRECT_SALES' },
	{ name: 'Marketplace', value: 'MARKETPLACE' },
	{ name: 'Messenger', value: 'MESSENGER' },
	{ name: 'Online Shop', value: 'ECOMMERCE' },
	{ name: 'Other', value: 'OTHER' },
	{ name: 'Retail Sales', value: 'RETAIL_SALES' },
	{ name: 'Social Network', value: 'SOCIAL_NETWORK' },
];

/** The kinds of discounts have one table (docs: Discounts). */
const OF_DISCOUNTS: Partial<TypeDecisions> = {
	single: true,
	own: [
		// Not in the table, but among what the docs want for a new discount.
		toggle('allAgents', 'All Counterparties', { required: true }),
		tags('agentTags', 'Counterparty Groups'),
		goodsField('assortment', 'Items'),
		references('productfolders', 'Product Groups', 'productfolder'),
	],
};

/** What holds for one type only. */
const SPECIAL: Record<string, Partial<TypeDecisions>> = {
	accumulationdiscount: { ...OF_DISCOUNTS, amounts: ['levels.amount'] },
	consignment: {
		own: [barcodes],
		// Either of the two names a batch (code 71001).
		check: (body, creates) => {
			if (!creates || body.label || body.expiryDate) return;
			throw new InputProblem(
				'Batch Label',
				"is empty, and so is 'Expiry Date'",
				"Give at least one of the two: 'Batch Label' (label) or 'Expiry Date' (expiryDate).",
			);
		},
		optional: ['label'],
		derive: priceAndBarcode,
		derived: { barcode: 'string' },
	},
	// A list of cards is documented for deleting only.
	contentcard: { fixed: ['assortment'], single: true },
	counterparty: {
		match: ['externalCode', 'name', 'code', 'phone', 'email', 'inn', 'discountCardNumber'],
		own: [
			tags('tags', 'Groups'),
			choice('sex', 'Sex', [
				{ name: 'Female', value: 'FEMALE' },
				{ name: 'Male', value: 'MALE' },
			]),
		],
		// Comments have operations of their own.
		without: ['notes'],
		// Not in the docs' table; MoySklad filters by it all the same, as public clients do.
		compares: [{ name: 'inn', label: 'Tax ID (INN)', kind: 'text', operators: EQUAL }],
		savedFilters: true,
	},
	discount: {
		...OF_DISCOUNTS,
		without: ['agentTags', 'allAgents', 'allProducts', 'assortment'],
		does: 'lu',
	},
	// A list of employees is not documented for creating.
	employee: {
		single: true,
		check: (body) => {
			if (body.lastName) return;
			throw new InputProblem(
				'Last Name',
				'is empty',
				"MoySklad wants it with every change of an employee: fill in 'Last Name' (lastName).",
			);
		},
	},
	group: { single: true },
	organization: { match: ['externalCode', 'name', 'code'] },
	personaldiscount: OF_DISCOUNTS,
	processingplan: {
		labels: { parent: 'Folder' },
	},
	product: {
		...OF_GOODS,
		writable: ['syncId'],
		savedFilters: true,
	},
	retailstore: {
		own: [
			references('cashiers', 'Cashiers', 'employee'),
			tags('createAgentsTags', 'Groups of New Counterparties'),
			tags('filterAgentsTags', 'Groups of Shown Counterparties'),
			choice('defaultTaxSystem', 'Default Tax System', TAX_SYSTEMS),
			choice('orderTaxSystem', 'Tax System of Orders', TAX_SYSTEMS),
		],
	},
	role: { single: true },
	saleschannel: {
		own: [choice('type', 'Type', SALES_CHANNELS)],
	},
	service: { ...OF_GOODS, writable: ['syncId'], savedFilters: true },
	specialpricediscount: { ...OF_DISCOUNTS, amounts: ['specialPrice.value'] },
	taxrate: {
		own: [text('comment', 'Comment')],
		lookFor: 'VAT rates with the same rate',
	},
	variant: {
		...OF_GOODS,
		own: [...(OF_GOODS.own ?? []), characteristics],
		rows: [characteristicRows, ...goodsRows],
		match: ['externalCode', 'code', 'article', 'name'],
	},
};

const REPLACED =
	'Barcodes, packages, images and files that are given replace all that the object has';

/** What the docs say beside the tables, in the user's words. */
const NOTES: Record<string, string> = {
	accumulationdiscount: 'Levels are given in ascending order, as [{amount, discount}].',
	consignment: 'The name is made by MoySklad from the item and the label.',
	country: 'Built-in countries cannot be deleted.',
	discount:
		'Lists the discounts of all kinds; of the rounding discount, name and activity can be changed.',
	employee: 'Needs administrator rights. A change needs the last name along.',
	expenseitem: 'Standard expense items cannot be changed or deleted.',
	group: 'Needs administrator rights. The last department cannot be deleted.',
	processingprocess: 'Has 1 to 100 positions; the standard routing cannot be deleted.',
	region: 'Regions come with MoySklad: they can only be read.',
	role: 'Needs administrator rights.',
	saleplatform: 'Sale platforms come with MoySklad: they can only be read.',
	saleschannel: 'The type of a channel that MoySklad made cannot be changed.',
	store: 'Names are unique. Zones and bins have operations of their own.',
	taxrate: 'The rates of the law cannot be changed or deleted.',
	thing: 'Serial numbers come with documents: here they can only be read.',
	variant: 'Without prices of its own, a variant shows those of its product.',
};

/** The same, of changes alone: what becomes of what the object has. */
const CHANGES: Record<string, string> = {
	counterparty:
		'Bank accounts and contact persons that are given replace all that the counterparty has. Phones are found in any spelling.',
	organization: 'Bank accounts that are given replace all that the legal entity has.',
	product: `${REPLACED}; sale prices of types that are not given stay.`,
	service: 'Sale prices of types that are not given stay; barcodes that are given replace all.',
	variant: `${REPLACED}.`,
};

/** Dictionaries of the first release, and those that are no collections of objects. */
const ELSEWHERE = new Set([
	...early.map(({ keyword }) => keyword),
	'assortment',
	'customentity',
	'webhook',
	'webhookstock',
]);

function decisionsOf(keyword: string): TypeDecisions {
	const { many, fields, does } = facts[keyword];
	const special = SPECIAL[keyword] ?? {};
	const added = new Set((special.own ?? []).map(({ name }) => name));
	return {
		keyword,
		front: FRONT.filter((name) => fields[name] || added.has(name)),
		match: ['externalCode', 'name', 'code', 'article'].filter(
			(name) => fields[name]?.filter && !fields[name].readOnly,
		),
		simple: SIMPLE,
		lookFor: `${many.toLowerCase()} with the same name`,
		savedFilters: false,
		...special,
		...(NOTES[keyword] && /[cud]/.test(does)
			? { writeNotes: NOTES[keyword] }
			: { notes: NOTES[keyword] }),
		...(CHANGES[keyword] ? { changeNotes: CHANGES[keyword] } : {}),
	};
}

/** The dictionaries of the first release: saved workflows know their parameters. */
export const plainDictionaries: Dictionary[] = early.map((decisions) => fromFacts(decisions));

/** The dictionaries that came after them. */
export const factDictionaries: Dictionary[] = typesThat(
	({ kind, path }, keyword) =>
		kind === 'dictionary' && path === `/entity/${keyword}` && !ELSEWHERE.has(keyword),
)
	.sort((one, other) => facts[one].one.localeCompare(facts[other].one, 'en'))
	.map((keyword) => ({ ...fromFacts(decisionsOf(keyword)), later: true }));
