/** Bundles (kits). Reference of the project §1.12; MoySklad docs, Bundle. */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field } from '../../../shared/catalogue';
import { InputProblem } from '../../../shared/problems';
import { searchOf } from '../../entities';
import { referenceLocator } from '../../lists';
import { isUuid } from '../../references';
import { priceAndBarcode } from '../../simplify';
import {
	barcodeOf,
	checkComponents,
	choice,
	componentOf,
	fileEntry,
	innerNumber,
	list,
	number,
	object,
	priceOf,
	reference,
	salePriceOf,
	text,
	toggle,
	type WriteField,
} from '../../writeFields';
import { common, EQUAL, ORDERED_OR_EMPTY, TEXT, type Dictionary } from '../dictionary';
import { checkQuantity, componentLocator } from '../bundleComponent';
import { access, code, description, DOCS, externalCode, sortBy, TAX_SYSTEMS } from './shared';

/** Paths of the amounts of goods (bundles, products, variants, services). */
export const GOODS_MONEY = [
	'salePrices.value',
	'minPrice.value',
	'buyPrice.value',
	'overhead.value',
];

/** MoySklad docs: bundle, type of tracked products. */
const TRACKING_TYPES: Choice[] = [
	{ name: 'Alternative Tobacco Products', value: 'OTP' },
	{ name: 'Antiseptics', value: 'SANITIZER' },
	{ name: 'Beer and Low-Alcohol Drinks', value: 'BEER_ALCOHOL' },
	{ name: 'Bicycles', value: 'BICYCLE' },
	{ name: 'Bottled Water', value: 'WATER' },
	{ name: 'Cameras and Flashes', value: 'ELECTRONICS' },
	{ name: 'Canned Food', value: 'CONSERVE' },
	{ name: 'Caviar and Seafood', value: 'SEAFOOD' },
	{ name: 'Clothes', value: 'LP_CLOTHES' },
	{ name: 'Construction Materials', value: 'CONSTRUCTION' },
	{ name: 'Cosmetics and Household Chemicals', value: 'CHEMISTRY' },
	{ name: 'Dairy', value: 'MILK' },
	{ name: 'Food Supplements', value: 'FOOD_SUPPLEMENT' },
	{ name: 'Footwear', value: 'SHOES' },
	{ name: 'Fur', value: 'FURSLP' },
	{ name: 'Grocery', value: 'GROCERY' },
	{ name: 'Linens', value: 'LP_LINENS' },
	{ name: 'Medical Devices', value: 'MEDICAL_DEVICES' },
	{ name: 'Motor Oils', value: 'AUTO_FLUIDS' },
	{ name: 'Nicotine Products', value: 'NCP' },
	{ name: 'Non-Alcoholic Beer', value: 'NABEER' },
	{ name: 'Not Tracked', value: 'NOT_TRACKED' },
	{ name: 'Notebooks and Smartphones', value: 'GADGETS' },
	{ name: 'Perfume', value: 'PERFUMERY' },
	{ name: 'Pet Food', value: 'PET_FOOD' },
	{ name: 'Radio Electronics', value: 'RADIO' },
	{ name: 'Soft Drinks', value: 'SOFT_DRINKS' },
	{ name: 'Tires', value: 'TIRES' },
	{ name: 'Tobacco', value: 'TOBACCO' },
	{ name: 'Toys', value: 'TOYS' },
	{ name: 'Vegetable Oil', value: 'VEGETABLE_OIL' },
	{ name: 'Veterinary Drugs', value: 'VETPHARMA' },
];

const syncId: WriteField = {
	...text('syncId', 'Sync ID', { createOnly: true, rare: true }),
	wire: (value) => {
		const given = String(value).trim();
		if (isUuid(given)) return given;
		throw new InputProblem(
			'Sync ID',
			`is '${given}'`,
			'Give a UUID such as 7944ef04-f831-11e5-7a69-971500188b19, or leave it out.',
		);
	},
};

/** The components of another bundle have IDs that a new one cannot have. */
function fresh(body: IDataObject): void {
	if (!Array.isArray(body.components)) return;
	body.components = (body.components as IDataObject[]).map(({ assortment, quantity }) => ({
		assortment,
		quantity,
	}));
}

const components = list('components', 'Components', componentOf, {
	looks: 'or rows below',
	required: true,
	check: checkComponents,
});
const salePrices = list('salePrices', 'Sale Prices', salePriceOf, { looks: 'or rows below' });
const barcodes = list('barcodes', 'Barcodes', barcodeOf, {
	also: ['barcode'],
	looks: 'separated by commas',
	split: /[,;\n]/,
});

/** The same lists, row by row. */
const rows: Field[] = [
	{
		name: 'components',
		label: 'Components',
		kind: 'rows',
		to: 'body:components',
		button: 'Add Component',
		rowLabel: 'Component',
		help: 'What is packed into the bundle',
		columns: [
			{
				name: 'assortment',
				label: 'Item',
				kind: 'locator',
				to: 'control',
				required: true,
				locator: componentLocator,
				help: 'Product, variant or service; an ID alone is taken for that of a product',
			},
			{
				name: 'quantity',
				label: 'Quantity',
				kind: 'number',
				to: 'control',
				required: true,
				default: 1,
				help: 'How many of the item are in one bundle',
				wire: checkQuantity,
			},
		],
		wire: components.wire,
	},
	{
		name: 'salePrices',
		label: 'Sale Prices',
		kind: 'rows',
		to: 'body:salePrices',
		button: 'Add Price',
		rowLabel: 'Price',
		help: 'One for each price type; the others stay as they are',
		columns: [
			{
				name: 'priceType',
				label: 'Price Type',
				kind: 'locator',
				to: 'control',
				required: true,
				locator: referenceLocator('pricetype'),
			},
			{
				name: 'value',
				label: "Value (Kopecks, or as 'Money' Says)",
				kind: 'text',
				also: 'any',
				to: 'control',
				required: true,
				placeholder: 'e.g. 1050',
				help: "1050 is 10.50; with the option 'Money' set to In Roubles, 10.5 is 10.50",
				wire: (value) => innerNumber('Value', value),
			},
			{
				name: 'currency',
				label: 'Currency',
				kind: 'locator',
				to: 'control',
				locator: referenceLocator('currency'),
			},
		],
		wire: salePrices.wire,
	},
	{
		name: 'barcodes',
		label: 'Barcodes',
		kind: 'rows',
		to: 'body:barcodes',
		button: 'Add Barcode',
		rowLabel: 'Barcode',
		help: 'They replace those that the bundle has',
		columns: [
			{
				name: 'kind',
				label: 'Kind',
				kind: 'choice',
				to: 'control',
				required: true,
				default: 'ean13',
				choices: [
					{ name: 'Code 128', value: 'code128' },
					{ name: 'EAN-13', value: 'ean13' },
					{ name: 'EAN-8', value: 'ean8' },
					{ name: 'GTIN', value: 'gtin' },
					{ name: 'UPC', value: 'upc' },
				],
			},
			{
				name: 'value',
				label: 'Value',
				kind: 'text',
				to: 'control',
				required: true,
				placeholder: 'e.g. 4600000000008',
			},
		],
		wire: (value) =>
			(value as Array<{ kind: string; value: string }>).map((row) => ({
				[row.kind]: row.value.trim(),
			})),
	},
];

export const bundle: Dictionary = {
	resource: 'bundle',
	keyword: 'bundle',
	one: 'bundle',
	many: 'bundles',
	label: 'Bundle',
	search: searchOf('bundle'),
	docs: `${DOCS}-komplekt`,
	fields: [
		text('name', 'Name', { required: true, match: true }),
		components,
		externalCode,
		code,
		text('article', 'Article (SKU)', { match: true }),
		description,
		reference('productFolder', 'Product Folder', { entity: 'productfolder' }),
		number('salePrice', 'Sale Price', { looks: 'main price type', min: 0 }),
		salePrices,
		object(
			'minPrice',
			'Minimum Price',
			(value, context) => priceOf('Minimum Price', value, context),
			{
				looks: 'number or {value, currency}',
			},
		),
		object('overhead', 'Overhead', (value, context) => priceOf('Overhead', value, context), {
			looks: 'number or {value, currency}',
			rare: true,
		}),
		barcodes,
		reference('uom', 'Unit of Measure', { entity: 'uom' }),
		reference('country', 'Country', { entity: 'country' }, { rare: true }),
		number('weight', 'Weight', { min: 0 }),
		number('volume', 'Volume', { min: 0 }),
		number('vat', 'VAT, %', { whole: true, min: 0, rare: true }),
		toggle('vatEnabled', 'VAT Enabled', { rare: true }),
		toggle('useParentVat', "Use Product Folder's VAT", { rare: true }),
		choice('taxSystem', 'Tax System', TAX_SYSTEMS, { rare: true }),
		choice(
			'paymentItemType',
			'Payment Item Type',
			[
				{ name: 'Another Payment Item', value: 'ANOTHER_PAYMENT_ITEM' },
				{ name: 'Compound Payment Item', value: 'COMPOUND_PAYMENT_ITEM' },
				{ name: 'Excisable Good', value: 'EXCISABLE_GOOD' },
				{ name: 'Good', value: 'GOOD' },
			],
			{ rare: true },
		),
		choice('trackingType', 'Tracking Type', TRACKING_TYPES, { rare: true }),
		toggle('partialDisposal', 'Partial Disposal', { rare: true }),
		text('tnved', 'Customs Code (TN VED)', { rare: true }),
		toggle('discountProhibited', 'Discounts Prohibited', { rare: true }),
		list('images', 'Images', fileEntry('Images'), {
			looks: 'list of {filename, content}',
			rare: true,
		}),
		list('files', 'Files', fileEntry('Files'), {
			looks: 'list of {filename, content}',
			rare: true,
		}),
		toggle('archived', 'Is Archived', { rare: true }),
		syncId,
		...access,
	],
	rows,
	filter: [
		common.accountId,
		common.archived,
		{ name: 'article', label: 'Article (SKU)', kind: 'text', operators: TEXT },
		{ name: 'barcode', label: 'Barcode', kind: 'text', operators: TEXT },
		common.code,
		common.description,
		common.externalCode,
		common.group,
		common.id,
		common.name,
		common.owner,
		{ name: 'pathName', label: 'Folder Path', kind: 'text', operators: TEXT },
		common.shared,
		{ name: 'syncId', label: 'Sync ID', kind: 'uuid', operators: EQUAL },
		common.updated,
		common.updatedBy,
		{ name: 'volume', label: 'Volume', kind: 'number', operators: ORDERED_OR_EMPTY },
		{ name: 'weight', label: 'Weight', kind: 'number', operators: ORDERED_OR_EMPTY },
	],
	sort: sortBy(
		'archived',
		'article',
		'code',
		'description',
		'externalCode',
		'id',
		'name',
		'pathName',
		'syncId',
		'updated',
		'updatedBy',
		'version',
		'volume',
		'weight',
	),
	expand: [
		{ name: 'Components', value: 'components' },
		{ name: 'Components and Their Products', value: 'components.assortment' },
		{ name: 'Country', value: 'country' },
		{ name: 'Department', value: 'group' },
		{ name: 'Files', value: 'files' },
		{ name: 'Images', value: 'images' },
		{ name: 'Owner', value: 'owner' },
		{ name: 'Product Folder', value: 'productFolder' },
		{ name: 'Unit of Measure', value: 'uom' },
	],
	extraFields: [
		{
			name: 'Permanent Links of Images',
			value: 'downloadPermanentHref',
			description: "On paid tariffs; needs 'Images' in 'Expand'",
		},
	],
	references: { productFolder: 'productFolderId' },
	derive: priceAndBarcode,
	prices: true,
	simple: {
		id: 'string',
		name: 'string',
		code: 'string',
		article: 'string',
		barcode: 'string',
		externalCode: 'string',
		pathName: 'string',
		productFolderId: 'string',
		salePrice: 'number',
		updated: 'string',
	},
	savedFilters: true,
	hides: 'archived',
	money: { paths: [...GOODS_MONEY, 'salePrice'] },
	attributes: 'product',
	syncId: true,
	fresh,
	// Once more: names and codes have become objects.
	check: ({ components }) => {
		if (Array.isArray(components)) checkComponents(components);
	},
	lookFor: 'bundles with the same name and components',
	writeNotes:
		'1 to 50 components, none of them a bundle, a batch, alcohol or a product with serial numbers; they and the overhead are fixed once the bundle is used in a document. Components and sale prices that are given are added or changed, those that are not given stay (Bundle Component: Delete takes one out); barcodes are replaced.',
	notes: 'Prices are in kopecks unless the option Money says roubles.',
};
