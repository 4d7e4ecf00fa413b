/** Which types have metadata, custom attributes and states in the API as it is today: a view of the facts. */
import type { Choice } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { attributeOwner, facts, typeName, typesThat } from '../facts';

/** What is asked of a type. */
export type MetadataPart = 'metadata' | 'attributes' | 'states';

/** Types with parts in metadata of their own; goods share the product's, settings and custom dictionaries have a way of their own. */
const TYPES = new Set(
	typesThat(
		({ has }, keyword) =>
			(has.includes('metadata') || has.includes('attributes')) &&
			!['bundle', 'service', 'companysettings', 'customentity'].includes(keyword),
	),
);

/** The types that have the part, as choices in the order of their names. */
export function entityTypesWithMetadata(part: MetadataPart): Choice[] {
	return [...TYPES]
		.filter((type) => facts[type].has.includes(part))
		.map((value) => ({ name: typeName(value), value }))
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
	if (part === 'attributes' && attributeOwner(type) !== type) return attributeOwner(type);
	if (part === 'metadata' && (type === 'bundle' || type === 'service')) return 'product';
	const known = facts[type];
	// What the facts do not know may have come since.
	if (!known || (TYPES.has(type) && known.has.includes(part))) return type;
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
