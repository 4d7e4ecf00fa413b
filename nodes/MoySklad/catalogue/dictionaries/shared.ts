/** What several dictionaries share: enumerations, fields of access, sort orders. */
import type { Choice } from '../../../shared/catalogue';
import { longText, reference, text, toggle, type WriteField } from '../../writeFields';

export const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-suschnosti';

/** Tax systems (MoySklad docs: bundle, product folder). */
export const TAX_SYSTEMS: Choice[] = [
	{ name: 'General Tax System', value: 'GENERAL_TAX_SYSTEM' },
	{ name: 'Patent-Based', value: 'PATENT_BASED' },
	{ name: 'Presumptive Tax (ENVD)', value: 'PRESUMPTIVE_TAX_SYSTEM' },
	{ name: 'Same as Product Folder', value: 'TAX_SYSTEM_SAME_AS_GROUP' },
	{ name: 'Simplified, Income', value: 'SIMPLIFIED_TAX_SYSTEM_INCOME' },
	{ name: 'Simplified, Income Less Outcome', value: 'SIMPLIFIED_TAX_SYSTEM_INCOME_OUTCOME' },
	{ name: 'Unified Agricultural Tax', value: 'UNIFIED_AGRICULTURAL_TAX' },
];

/** Fields that tell objects apart for Create or Update. */
export const externalCode = text('externalCode', 'External Code', { match: 'default' });
export const code = text('code', 'Code', { match: true });
export const description = longText('description', 'Description');

/** Who may see an object. */
export const access: WriteField[] = [
	reference('owner', 'Owner (Employee)', { entity: 'employee' }, { rare: true }),
	reference('group', 'Department', { entity: 'group' }, { rare: true }),
	toggle('shared', 'Is Shared', { rare: true }),
];

/** Sort orders by their field, with the labels that the form shows. */
const SORT_LABELS: Record<string, string> = {
	archived: 'Archived',
	article: 'Article (SKU)',
	code: 'Code',
	created: 'Created',
	default: 'Accounting Currency',
	description: 'Description',
	done: 'Done',
	dueToDate: 'Due Date',
	externalCode: 'External Code',
	fullname: 'Full Name',
	id: 'ID',
	isoCode: 'ISO Code',
	moment: 'Date',
	multiplicity: 'Multiplicity',
	name: 'Name',
	pathName: 'Folder Path',
	syncId: 'Sync ID',
	updated: 'Updated',
	updatedBy: 'Updated By',
	version: 'Version',
	volume: 'Volume',
	weight: 'Weight',
};

/** The documented sort fields of a list, as choices. */
export function sortBy(...names: string[]): Choice[] {
	return names.map((value) => ({ name: SORT_LABELS[value] ?? value, value }));
}
