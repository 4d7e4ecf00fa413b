/** What several dictionaries share. */
import type { Choice } from '../../../shared/catalogue';
import { list } from '../../writeFields';

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

/** Groups of counterparties, which MoySklad keeps in lower case. */
export const tags = (name: string, label: string) =>
	list(name, label, (tag) => String(tag).trim().toLowerCase(), {
		looks: 'separated by commas',
		split: /[,;\n]/,
	});
