/** The dictionaries that have nothing special to them. Reference of the project §1.4, §1.6, §1.8. */
import type { Operation } from '../../shared/catalogue';
import { common, EQUAL, ORDERED, readOperations, TEXT, type Dictionary } from './dictionary';

export type { Dictionary } from './dictionary';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#mojsklad-json-api-suschnosti';

const { archived, code, description, externalCode, group, id, name, owner, shared, updated } =
	common;

const currency: Dictionary = {
	resource: 'currency',
	keyword: 'currency',
	one: 'currency',
	many: 'currencies',
	label: 'Currency',
	search: 'searchCurrencies',
	docs: `${DOCS}-valuta`,
	filter: [
		archived,
		code,
		{ name: 'fullName', label: 'Full Name', kind: 'text', operators: TEXT },
		id,
		{ name: 'default', label: 'Is Accounting Currency', kind: 'toggle', operators: EQUAL },
		{ name: 'isoCode', label: 'ISO Code', kind: 'text', operators: TEXT },
		{ name: 'multiplicity', label: 'Multiplicity', kind: 'number', operators: ORDERED },
		name,
	],
	sort: [
		{ name: 'Code', value: 'code' },
		{ name: 'Full Name', value: 'fullname' },
		{ name: 'ISO Code', value: 'isoCode' },
		{ name: 'Multiplicity', value: 'multiplicity' },
		{ name: 'Name', value: 'name' },
	],
	searches: 'the short name',
	simple: {
		id: 'string',
		name: 'string',
		fullName: 'string',
		code: 'string',
		isoCode: 'string',
		rate: 'number',
		multiplicity: 'number',
		default: 'boolean',
		archived: 'boolean',
		rateUpdateType: 'string',
	},
};

const productFolder: Dictionary = {
	resource: 'productFolder',
	keyword: 'productfolder',
	one: 'product folder',
	many: 'product folders',
	label: 'Product Folder',
	search: 'searchProductFolders',
	docs: `${DOCS}-gruppa-towarow`,
	filter: [
		code,
		group,
		description,
		externalCode,
		{ name: 'pathName', label: 'Folder Path', kind: 'text', operators: TEXT },
		id,
		archived,
		shared,
		name,
		owner,
		updated,
	],
	sort: [
		{ name: 'External Code', value: 'externalCode' },
		{ name: 'Folder Path', value: 'pathName' },
		{ name: 'Name', value: 'name' },
		{ name: 'Updated', value: 'updated' },
	],
	searches: 'name and code',
	expand: [
		{ name: 'Department', value: 'group' },
		{ name: 'Owner', value: 'owner' },
		{ name: 'Parent Folder', value: 'productFolder' },
	],
	references: { productFolder: 'parentId' },
	simple: {
		id: 'string',
		name: 'string',
		pathName: 'string',
		parentId: 'string',
		code: 'string',
		externalCode: 'string',
		description: 'string',
		archived: 'boolean',
		effectiveVat: 'number',
		updated: 'string',
	},
	notes:
		'pathName holds the names of the folders above, joined by slashes; parentId is absent at the top.',
};

const unitOfMeasure: Dictionary = {
	resource: 'unitOfMeasure',
	keyword: 'uom',
	one: 'unit of measure',
	many: 'units of measure',
	label: 'Unit of Measure',
	search: 'searchUnitsOfMeasure',
	docs: `${DOCS}-edinica-izmereniq`,
	filter: [code, group, description, externalCode, id, shared, name, owner, updated],
	sort: [
		{ name: 'Code', value: 'code' },
		{ name: 'Description', value: 'description' },
		{ name: 'External Code', value: 'externalCode' },
		{ name: 'Name', value: 'name' },
		{ name: 'Updated', value: 'updated' },
	],
	searches: 'name and description',
	expand: [
		{ name: 'Department', value: 'group' },
		{ name: 'Owner', value: 'owner' },
	],
	references: { owner: 'ownerId', group: 'groupId' },
	simple: {
		id: 'string',
		name: 'string',
		description: 'string',
		code: 'string',
		externalCode: 'string',
		shared: 'boolean',
		ownerId: 'string',
		groupId: 'string',
		updated: 'string',
	},
};

export const plainDictionaries: Dictionary[] = [currency, productFolder, unitOfMeasure];

export const dictionaries: Operation[] = plainDictionaries.flatMap(readOperations);
