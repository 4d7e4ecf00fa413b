/** Bundles (kits). Reference of the project §1.12; MoySklad docs, Bundle. */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../../shared/catalogue';
import { searchOf } from '../../entities';
import { priceAndBarcode } from '../../simplify';
import {
	checkComponents,
	choice,
	componentOf,
	fileEntry,
	list,
	number,
	reference,
	syncIdWire,
	text,
	toggle,
	type WriteField,
} from '../../writeFields';
import { common, EQUAL, ORDERED_OR_EMPTY, TEXT, type Dictionary } from '../dictionary';
import { checkQuantity, componentLocator } from '../bundleComponent';
import {
	barcodes,
	GOODS_MONEY,
	goodsRows,
	price,
	salePrice,
	salePrices,
	TRACKING_TYPES,
} from './goods';
import { access, code, description, DOCS, externalCode, sortBy, TAX_SYSTEMS } from './shared';

const syncId: WriteField = {
	...text('syncId', 'Sync ID', { createOnly: true, rare: true }),
	wire: syncIdWire('Sync ID'),
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
	...goodsRows,
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
		salePrice,
		salePrices,
		price('minPrice', 'Minimum Price'),
		price('overhead', 'Overhead', { rare: true }),
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
