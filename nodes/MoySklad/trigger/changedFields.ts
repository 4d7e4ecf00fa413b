/** The trigger's list of fields whose changes start the workflow: those of the types that are watched. */
import type { ILoadOptionsFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listOf } from '../../shared/form/readers';
import { entityTypes } from '../entityTypes';
import { fieldChoices } from '../fieldLabels';

export const onlyChangedFields: INodeProperties = {
	displayName: 'Only These Changed Fields',
	name: 'changedFieldNames',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getChangedFields', loadOptionsDependsOn: ['entityTypes'] },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	hint: 'Updates that change none of these fields are dropped',
};

/** n8n's loadOptions method. It asks nobody: the fields are known from MoySklad's docs. */
export async function getChangedFields(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const chosen = (listOf(this.getCurrentNodeParameter('entityTypes')) ?? []).map(String);
	const known = chosen.filter((type) => entityTypes.some(({ value }) => value === type));
	// By an expression the types are known only when the workflow runs.
	const types = known.length > 0 ? known : entityTypes.map(({ value }) => value);
	return fieldChoices(types).sort((one, other) => one.name.localeCompare(other.name, 'en'));
}
