/** Folders (groups) of goods. Reference of the project §1.6; MoySklad docs, Product folder. */
import { searchOf } from '../../entities';
import { choice, number, reference, text, toggle } from '../../writeFields';
import { common, TEXT, type Dictionary } from '../dictionary';
import { access, code, description, DOCS, externalCode, sortBy, TAX_SYSTEMS } from './shared';

export const productFolder: Dictionary = {
	resource: 'productFolder',
	keyword: 'productfolder',
	one: 'product folder',
	many: 'product folders',
	label: 'Product Folder',
	search: searchOf('productfolder'),
	docs: `${DOCS}-gruppa-towarow`,
	fields: [
		text('name', 'Name', { required: true, match: true }),
		reference('productFolder', 'Parent Folder', { entity: 'productfolder' }),
		externalCode,
		code,
		description,
		number('vat', 'VAT, %', { whole: true, min: 0, rare: true }),
		toggle('vatEnabled', 'VAT Enabled', { rare: true }),
		toggle('useParentVat', "Use Parent Folder's VAT", { rare: true }),
		choice('taxSystem', 'Tax System', TAX_SYSTEMS, { rare: true }),
		...access,
	],
	filter: [
		common.accountId,
		common.archived,
		common.code,
		common.description,
		common.externalCode,
		common.group,
		common.id,
		common.name,
		common.owner,
		{ name: 'pathName', label: 'Folder Path', kind: 'text', operators: TEXT },
		common.shared,
		common.updated,
		common.updatedBy,
	],
	sort: sortBy(
		'archived',
		'externalCode',
		'id',
		'name',
		'pathName',
		'updated',
		'updatedBy',
		'version',
	),
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
	hides: 'archived',
	lookFor: 'product folders with the same name and parent',
	writeNotes:
		'A parent of null moves the folder to the top. All names of a path have 255 characters together.',
	notes:
		'pathName holds the names of the folders above, joined by slashes; parentId is absent at the top.',
};
