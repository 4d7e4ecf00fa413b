import type { Field, WireContext } from '../../nodes/shared/catalogue';
import { NOT_CHOSEN } from '../../nodes/shared/facts/factFields';
import { UUID_A } from './calls';

/** Something that the field takes. */
export function filled(field: Field): unknown {
	switch (field.kind) {
		case 'locator': {
			const id = [UUID_A, '12345', '2026-11-28 10:30'].find((one) =>
				new RegExp(`^(?:${field.locator.id.pattern})$`).test(one),
			);
			return { __rl: true, mode: 'id', value: id };
		}
		case 'choice':
			// What the form holds already; where it holds nothing, the first.
			if (field.default === NOT_CHOSEN.value) {
				return field.choices.find(({ value }) => value !== NOT_CHOSEN.value)?.value;
			}
			return field.default || field.choices[0].value;
		case 'choices':
			return [field.choices[0].value];
		case 'number':
			return field.default ?? field.min ?? 1;
		case 'toggle':
			return true;
		case 'json':
			return '{}';
		case 'time':
			return '2026-11-28T10:00:00';
		case 'loaded': {
			const id = [UUID_A, '12345'].find((one) => takes(field, field.multiple ? [one] : one));
			return field.multiple ? [id] : id;
		}
		case 'rows':
			return { row: [Object.fromEntries(field.columns.map((one) => [one.name, filled(one)]))] };
		default:
			return TEXTS.find((text) => takes(field, text));
	}
}

const TEXTS = [
	'Name',
	'https://example.com/hook',
	'#A2C617',
	'1',
	'12345',
	'/entity/product',
	'7',
	'500',
	'+7 (999) 999-99-99',
	'kate@example.com',
	UUID_A,
];
const WIRE: WireContext = {
	baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
	timezone: 'Europe/Moscow',
	parameter: () => undefined,
};

function takes(field: Field, text: string | string[]): boolean {
	try {
		field.wire?.(text, WIRE);
		return true;
	} catch {
		return false;
	}
}
