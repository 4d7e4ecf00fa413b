/** Forms of any operation in which every field holds something it takes, to try values of one field in. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation } from '../../nodes/shared/catalogue';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { NOT_CHOSEN } from '../../nodes/shared/facts/factFields';
import { readCall } from '../../nodes/shared/form/parameters';
import { UUID_A } from './samples';

export const ROOT = 'https://api.moysklad.ru/api/remap/1.2';

/** A value that the field takes, so that others can be read. */
export function good(field: Field): unknown {
	switch (field.kind) {
		case 'locator':
			return [UUID_A, '12', '2026-11-28 10:30'].find((id) =>
				// As n8n reads it: the whole ID.
				new RegExp(`^(?:${field.locator.id.pattern})$`).test(id),
			);
		case 'choice':
			// What must be chosen may begin without a choice: whatever it is.
			if (field.default !== NOT_CHOSEN.value) return field.default;
			return field.choices.find(({ value }) => value !== NOT_CHOSEN.value)?.value;
		case 'choices':
			return field.default ?? [];
		case 'number':
			return Math.max(field.min ?? 1, 1);
		case 'text':
			if (/^(Amount|Value)( \(.*)?$/.test(field.label)) return '12';
			if (/url|webhooks/i.test(field.name)) return 'https://a.example';
			if (field.also === 'any' || field.name === 'batchId') return UUID_A;
			if (/phone(s|Number)?$/i.test(field.name)) return '+7 999 999-99-99';
			if (/^(client|user)?email$/i.test(field.name)) return 'kate@example.com';
			if (field.name === 'coords') return '37.6184, 55.7512';
			if (field.name === 'otherEntityType') return 'contract';
			if (field.name === 'path') return '/entity/product';
			if (field.name === 'country') return 'RU';
			if (field.name === 'bid') return '500';
			if (field.name === 'scene') return UUID_A;
			if (field.name === 'downloadLink') return `${ROOT}/download/${UUID_A}`;
			return field.default || '12';
		case 'rows': {
			if (!field.required) return {};
			if (field.name === 'boxes') return { row: [{ items: '[{"id":1,"fullCount":1}]' }] };
			if (field.name === 'itemsDelivery') {
				const price = { value: '990', currencyId: 'RUR' };
				const item = { warehouseId: '7', offerId: 'A-7', count: '1', ...price };
				return { row: [{ ...item, fromDate: '2026-12-01', toDate: '2026-12-03' }] };
			}
			const needed = field.columns.filter(({ required }) => required);
			const row = Object.fromEntries(needed.map((column) => [column.name, good(column)]));
			// The first decision in the list is a refusal, which says why.
			if (field.name === 'returnItemDecisions') row.comment = 'Damaged';
			return { row: [row] };
		}
		case 'toggle':
			return field.required ? true : undefined;
		case 'json':
			return field.required ? '{}' : undefined;
		case 'time':
			return field.required ? '2026-11-21' : undefined;
		case 'loaded':
			return field.required ? '12' : undefined;
		default:
			return undefined;
	}
}

/** A form of the operation that can be read. */
export function goodForm(operation: Operation): IDataObject {
	const form: IDataObject = { inputMode: 'json', json: '{"name":"x"}', returnAll: true };
	for (const field of operation.fields) {
		if (!field.section) form[field.name] = good(field) as IDataObject[string];
	}
	return form;
}

/** The same, in which this field is shown and holds the value. */
export function formWith(operation: Operation, field: Field, value: unknown): IDataObject {
	const form = goodForm(operation);
	const preset =
		'choices' in field && field.choices?.find((choice) => choice.value === good(field));
	for (const [name, values] of Object.entries(field.when ?? {})) {
		// One for which the form offers what the field holds at first.
		const offered = preset ? preset.when?.[name] : undefined;
		form[name] = values.find((one) => !offered || offered.includes(String(one)));
	}
	if (field.section) form[field.section] = { [field.name]: value } as IDataObject;
	else form[field.name] = value as IDataObject[string];
	return form;
}

export function readForm(operation: Operation, form: IDataObject): Call {
	const context = {
		getNodeParameter: (name: string) => form[name],
		getTimezone: () => 'Europe/Moscow',
		getInputData: () => [{ json: {} }],
	};
	return readCall(context as never, operation, 0, ROOT);
}

export function problemOf(read: () => unknown): InputProblem | undefined {
	try {
		read();
	} catch (error) {
		if (error instanceof InputProblem) return error;
		throw error as Error;
	}
	return undefined;
}
