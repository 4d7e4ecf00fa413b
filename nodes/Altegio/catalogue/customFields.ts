/** Custom fields of a location in the mapper. Reference of the project: altegio-api.md §2.18. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	Mapper,
	MapperField,
	Operation,
	SendRequest,
} from '../../shared/catalogue';
import { locationOf } from './location';

/** Names of custom fields in the mapper. */
const CUSTOM = 'custom_field:';

/** Kinds of custom fields; selections come and go as text. */
const KINDS: Record<string, MapperField['kind']> = { number: 'number' };

const objectAt = (row: IDataObject, name: string): IDataObject => (row[name] ?? {}) as IDataObject;

/** Where a location's custom fields of appointments or clients come from. */
export function customFields(category: 'record' | 'client'): Pick<Mapper, 'dependsOn' | 'more'> {
	const load = async (
		send: SendRequest,
		_baseUrl: string,
		parameter: (name: string) => unknown,
	): Promise<MapperField[]> => {
		const chosen = locationOf(parameter);
		if (chosen === undefined) return [];
		const { body } = await send({ method: 'GET', path: `/custom_fields/${category}/${chosen}` });
		const { data } = body as IDataObject;
		return (Array.isArray(data) ? (data as IDataObject[]) : []).map((row) => {
			const field = objectAt(row, 'custom_field');
			return {
				name: `${CUSTOM}${String(field.code)}`,
				label: String(field.title ?? field.code),
				kind: KINDS[String(objectAt(field, 'type').code)] ?? 'text',
			};
		});
	};
	return { dependsOn: ['locationId.value'], more: { prefix: CUSTOM, load } };
}

/** Puts the custom fields that the mapper gave to where the API has them. */
export function placeCustomFields({ body, extra }: Call): void {
	const custom = Object.entries(extra).map(([name, value]) => [name.slice(CUSTOM.length), value]);
	if (custom.length === 0) return;
	const given = body.custom_fields as IDataObject | undefined;
	body.custom_fields = { ...given, ...Object.fromEntries(custom) };
}

/** The operation with the location's custom fields among those of its mapper. */
export function withCustomFields(operation: Operation, category: 'record' | 'client'): Operation {
	const fields = operation.fields.map((field): Field =>
		field.kind === 'mapper'
			? { ...field, mapper: { ...field.mapper, ...customFields(category) } }
			: field,
	);
	const { prepare } = operation;
	return {
		...operation,
		fields,
		prepare: async (calls, work) => {
			calls.forEach(placeCustomFields);
			await prepare?.(calls, work);
		},
	};
}
