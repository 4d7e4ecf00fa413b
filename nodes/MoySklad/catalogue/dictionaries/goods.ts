/** What products, variants, services and bundles have in common: prices and barcodes. MoySklad docs, Product. */
import type { Choice, Field } from '../../../shared/catalogue';
import { keptWhole } from '../../../shared/form/readers';
import { referenceLocator } from '../../lists';
import { AMOUNT_LOOKS, amountLabel } from '../../money';
import {
	barcodeOf,
	innerNumber,
	list,
	number,
	object,
	priceOf,
	salePriceOf,
	type WriteField,
} from '../../writeFields';

/** Paths of the amounts of goods (bundles, products, variants, services). */
export const GOODS_MONEY = [
	'salePrices.value',
	'minPrice.value',
	'buyPrice.value',
	'overhead.value',
];

/** MoySklad docs: Bundle, type of tracked products. */
export const TRACKING_TYPES: Choice[] = [
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

/** An amount of goods: a number, or `{value, currency}`. */
export const price = (
	name: string,
	label: string,
	extras: Partial<Pick<WriteField, 'rare'>> = {},
): WriteField =>
	object(name, label, (value, context) => priceOf(label, value, context), {
		looks: AMOUNT_LOOKS,
		...extras,
	});

/** The price of the main price type (`writePrices`). */
export const salePrice = number('salePrice', 'Sale Price', {
	looks: 'main price type, kopecks',
	min: 0,
});
export const salePrices = list('salePrices', 'Sale Prices', salePriceOf, {
	looks: 'or rows below',
});
export const barcodes = list('barcodes', 'Barcodes', barcodeOf, {
	also: ['barcode'],
	looks: 'separated by commas',
	replaceLooks: 'by commas, replace all',
	split: /[,;\n]/,
});

/** What is said above the rows of a change. Reference of the project: moysklad-documents.md, product. */
export const GOODS_REPLACED = {
	barcodes:
		"Barcodes given here replace all that the object has, unless the option 'Barcodes and Packages' says Add.",
};

/** Prices and barcodes row by row. */
export const goodsRows: Field[] = [
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
				label: amountLabel('Value'),
				kind: 'text',
				also: 'any',
				to: 'control',
				required: true,
				placeholder: 'e.g. 1050',
				help: "1050 is 10.50; with the option 'Money' set to In Roubles, 10.5 is 10.50",
				wire: (value) => innerNumber(amountLabel('Value'), value),
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
		help: "They replace those that the object has, unless the option 'Barcodes and Packages' says Add",
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
			(value as Array<{ kind: string; value: string }>).map(({ kind, value: code }) =>
				// EAN-13 is what a row begins with, and has 13 digits: MoySklad would keep any others under its name.
				kind === 'ean13' ? barcodeOf(code) : { [kind]: keptWhole('Value', code.trim()) },
			),
	},
];
