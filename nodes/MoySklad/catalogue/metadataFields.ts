/** What the operations on metadata have in common. */
import type { Call, Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/problems';
import { needed, textOf } from '../../shared/readers';
import { entityTypesWithMetadata, metadataType, type MetadataPart } from './metadataTypes';

export const ADMIN = 'Administrators only.';

/** The type whose metadata is meant; refused before sending where the API has none. */
export function typeFields(part: MetadataPart): Field[] {
	return [
		{
			name: 'entityType',
			label: 'Entity Type',
			kind: 'choice',
			to: 'path:entityType',
			required: true,
			default: part === 'attributes' ? 'product' : 'contract',
			choices: [
				...entityTypesWithMetadata(part),
				{ name: 'Other…', value: 'other', description: 'By its keyword in the API' },
			],
			open: true,
			help:
				part === 'attributes'
					? 'Products, variants, services and bundles share their attributes'
					: 'Type of object',
			wire: (value, { parameter }) =>
				metadataType(
					value === 'other' ? otherType(parameter('otherEntityType')) : String(value).trim(),
					part,
				),
		},
		{
			// Not required in the form: n8n shows it, and asks for it, wherever the type is an expression.
			name: 'otherEntityType',
			label: 'Other Entity Type',
			kind: 'text',
			to: 'control',
			when: { entityType: ['other'] },
			placeholder: 'e.g. retireorder',
			help: "The type's keyword in MoySklad's API",
		},
	];
}

/** The type that is given by its keyword. Throws `InputProblem` when there is none. */
export function otherType(value: unknown): string {
	const label = 'Other Entity Type';
	return needed(label, textOf(label, value)).trim();
}

/** An update without anything to change is a slip. */
export async function refuseEmpty(calls: Call[]): Promise<void> {
	for (const call of calls) {
		if (Object.keys(call.body).length > 0) continue;
		call.problem ??= new InputProblem(
			'Update Fields',
			'is empty, so there is nothing to change',
			'Add at least one field.',
		);
	}
}
