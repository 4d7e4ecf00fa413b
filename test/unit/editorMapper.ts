/** What n8n's editor (2.41.1, component ResourceMapper) makes of the fields that a node's `mapFields` gives. */
import type { IDataObject, ResourceMapperField, ResourceMapperValue } from 'n8n-workflow';

/** What a field gets when it is shown or added, before anybody touches it. */
function preset({ defaultValue, type }: ResourceMapperField): unknown {
	if (defaultValue !== undefined) return defaultValue;
	return type === 'boolean' ? false : null;
}

/**
 * The parameter as the editor saves it after the form was opened and `touched` was filled in. Fields that are
 * removed count once they are touched; null is not saved.
 */
export function savedMapper(
	fields: ResourceMapperField[],
	touched: IDataObject = {},
): ResourceMapperValue {
	const value: Record<string, unknown> = {};
	for (const field of fields) value[field.id] = field.removed ? null : preset(field);
	Object.assign(value, touched);
	const schema = fields.map((field) => ({
		...field,
		removed: field.removed === true && !(field.id in touched),
	}));
	return {
		mappingMode: 'defineBelow',
		value: Object.fromEntries(
			Object.entries(value).filter(([, one]) => one !== null),
		) as ResourceMapperValue['value'],
		matchingColumns: fields.filter(({ defaultMatch }) => defaultMatch).map(({ id }) => id),
		schema,
		attemptToConvertTypes: false,
		convertFieldsToString: false,
	};
}
