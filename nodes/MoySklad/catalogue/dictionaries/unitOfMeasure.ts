/** Units of measure. Reference of the project §1.8; MoySklad docs, Unit of measure. */
import { searchOf } from '../../entities';
import { text } from '../../writeFields';
import { common, type Dictionary } from '../dictionary';
import { access, code, description, DOCS, externalCode, sortBy } from './shared';

export const unitOfMeasure: Dictionary = {
	resource: 'unitOfMeasure',
	keyword: 'uom',
	one: 'unit of measure',
	many: 'units of measure',
	label: 'Unit of Measure',
	search: searchOf('uom'),
	docs: `${DOCS}-edinica-izmereniq`,
	fields: [
		text('name', 'Name', { required: true, match: true }),
		externalCode,
		code,
		description,
		...access,
	],
	filter: [
		common.accountId,
		common.code,
		common.description,
		common.externalCode,
		common.group,
		common.id,
		common.name,
		common.owner,
		common.shared,
		common.updated,
	],
	sort: sortBy('code', 'description', 'externalCode', 'id', 'name', 'updated', 'version'),
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
	lookFor: 'units of measure with the same name',
	writeNotes: 'Built-in units cannot be changed or deleted.',
};
