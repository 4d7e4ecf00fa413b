/** What the operations on metadata have in common. */
import type { Call, Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { needed, textOf } from '../../shared/form/readers';
import { typeOf } from '../entityTypes';
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
					value === 'other' ? otherType(parameter('otherEntityType')) : entityType(value),
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

/** The type that is picked, or given by an expression. */
export function entityType(value: unknown): string {
	const keyword = String(value).trim();
	return typeOf(keyword) ?? lowerCase('Entity Type', keyword);
}

/** The type that is given by its keyword. Throws `InputProblem` when there is none. */
export function otherType(value: unknown): string {
	const label = 'Other Entity Type';
	const keyword = needed(label, textOf(label, value)).trim();
	return typeOf(keyword) ?? lowerCase(label, keyword);
}

/** A keyword that the node does not know: MoySklad writes all of them in lower case. */
function lowerCase(label: string, keyword: string): string {
	if (keyword === keyword.toLowerCase()) return keyword;
	throw new InputProblem(
		label,
		`is '${keyword}'`,
		`Types are written in lower case, such as customerorder: give '${keyword.toLowerCase()}' if there is such a type.`,
	);
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
