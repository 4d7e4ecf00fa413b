/**
 * Which types have metadata, custom attributes and states in the API as it is today. Source: MoySklad docs,
 * page by page; reference of the project §4.2–4.3.
 */
import type { Choice } from '../../shared/catalogue';
import { InputProblem } from '../../shared/problems';
import { entityTypes } from '../entityTypes';

/** What is asked of a type. */
export type MetadataPart = 'metadata' | 'attributes' | 'states';

/** m: metadata, a: attributes, s: states. */
const TYPES: Record<string, string> = {
	cashin: 'mas',
	cashout: 'mas',
	commissionreportin: 'mas',
	commissionreportout: 'mas',
	consignment: 'ma',
	contract: 'mas',
	counterparty: 'mas',
	counterpartyadjustment: 'ma',
	customerorder: 'mas',
	demand: 'mas',
	emissionorder: 'ms',
	employee: 'ma',
	enter: 'mas',
	facturein: 'mas',
	factureout: 'mas',
	internalorder: 'mas',
	inventory: 'mas',
	invoicein: 'mas',
	invoiceout: 'mas',
	loss: 'mas',
	move: 'mas',
	organization: 'ma',
	paymentin: 'mas',
	paymentout: 'mas',
	payroll: 'mas',
	prepayment: 'mas',
	prepaymentreturn: 'mas',
	pricelist: 'mas',
	processing: 'mas',
	processingorder: 'mas',
	processingplan: 'ma',
	processingplanfolder: 'm',
	product: 'ma',
	productiontask: 'mas',
	project: 'ma',
	purchaseorder: 'mas',
	purchasereturn: 'mas',
	retaildemand: 'mas',
	retaildrawercashin: 'mas',
	retaildrawercashout: 'mas',
	retailsalesreturn: 'mas',
	retailshift: 'ma',
	salesreturn: 'mas',
	store: 'ma',
	supply: 'mas',
	task: 'ms',
	variant: 'm',
};

/** Names of types that webhooks do not know. */
const NAMES: Record<string, string> = {
	emissionorder: 'Marking Code Order',
	payroll: 'Payroll',
	processingplan: 'Processing Plan',
	processingplanfolder: 'Processing Plan Folder',
	retaildrawercashin: 'Retail Drawer Cash In',
	retaildrawercashout: 'Retail Drawer Cash Out',
};

/** Goods share the attributes of products (MoySklad docs, Custom attributes). */
const GOODS = new Set(['bundle', 'service', 'variant']);
/** Dictionaries that never had metadata in API 1.2, or have lost it. */
const WITHOUT = new Set([
	'assortment',
	'bonusprogram',
	'bonustransaction',
	'cashier',
	'contentcard',
	'country',
	'currency',
	'discount',
	'expenseitem',
	'group',
	'image',
	'productfolder',
	'region',
	'saleplatform',
	'saleschannel',
	'taxrate',
	'uom',
	'webhook',
	'webhookstock',
]);
const LETTERS: Record<MetadataPart, string> = { metadata: 'm', attributes: 'a', states: 's' };

/** The types that have the part, as choices in the order of their names. */
export function entityTypesWithMetadata(part: MetadataPart): Choice[] {
	const known = new Map(entityTypes.map(({ name, value }) => [value, name]));
	return Object.keys(TYPES)
		.filter((type) => TYPES[type].includes(LETTERS[part]))
		.map((value) => ({ name: known.get(value) ?? NAMES[value] ?? value, value }))
		.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

/**
 * The type in whose metadata the part is kept: products for all goods. Types that we do not know pass. Throws
 * `InputProblem` for a type of which we know that the API has no such thing.
 */
export function metadataType(keyword: string, part: MetadataPart): string {
	const type = keyword.toLowerCase();
	if (!/^[a-z]+$/.test(type)) {
		throw new InputProblem(
			'Entity Type',
			`is '${keyword}'`,
			"Give the keyword of the type in MoySklad's API, such as customerorder.",
		);
	}
	if (type === 'productfolder') {
		throw new InputProblem(
			'Entity Type',
			'is Product Folder, whose metadata the API has no longer',
			'MoySklad removed the metadata and the custom attributes of product folders. Those of the goods inside are found at Product.',
		);
	}
	if (part === 'attributes' && GOODS.has(type)) return 'product';
	if (part === 'metadata' && (type === 'bundle' || type === 'service')) return 'product';
	const known = WITHOUT.has(type) || GOODS.has(type) ? '' : undefined;
	const parts = TYPES[type] ?? known;
	if (parts === undefined || parts.includes(LETTERS[part])) return type;
	const what = {
		metadata: 'metadata',
		attributes: 'custom attributes',
		states: 'states',
	}[part];
	throw new InputProblem(
		'Entity Type',
		`is '${keyword}', which has no ${what} in the API`,
		'Choose another type from the list.',
	);
}

/** Kinds of values that an attribute can have (MoySklad docs, Custom attributes). */
export const ATTRIBUTE_TYPES: Choice[] = [
	{ name: 'Check Box', value: 'boolean' },
	{ name: 'Contract', value: 'contract' },
	{ name: 'Counterparty', value: 'counterparty' },
	{ name: 'Custom Dictionary', value: 'customentity' },
	{ name: 'Date and Time', value: 'time' },
	{ name: 'Decimal Number', value: 'double' },
	{ name: 'Employee', value: 'employee' },
	{ name: 'File', value: 'file' },
	{ name: 'Link', value: 'link' },
	{ name: 'Product', value: 'product' },
	{ name: 'Project', value: 'project' },
	{ name: 'String (One Line)', value: 'string' },
	{ name: 'Text (Several Lines)', value: 'text' },
	{ name: 'Warehouse', value: 'store' },
	{ name: 'Whole Number', value: 'long' },
];
