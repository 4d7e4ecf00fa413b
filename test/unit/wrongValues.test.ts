/** Every field of every operation of every vendor: a value that cannot be meant is refused under its own label. */
import type { IDataObject } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type {
	Field,
	MapperField,
	Operation,
	Vendor,
	WireContext,
} from '../../nodes/shared/catalogue';
import { allFields } from '../../nodes/shared/form/form';
import { writtenValue } from '../../nodes/shared/form/mapper';
import { readCall } from '../../nodes/shared/form/parameters';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { UUID_A } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';

type Kind = Field['kind'] | MapperField['kind'];

/** What nobody can mean, by the kind of field. */
const WRONG: Partial<Record<Kind, unknown[]>> = {
	toggle: ['maybe', 2, {}],
	number: ['abc', '1,250', '1.250,50', true, {}, NaN],
	time: ['31/02/2026', '07/02/2026', '31.02.2026', 'soon', 12345, true, {}],
	choice: ['no such choice', {}],
	choices: ['no such choice', [{}]],
	loaded: [{ id: 1 }],
	json: ['{', 5],
	rows: ['{', [5]],
	text: [{ id: 1 }],
};

/** A value that the field takes, so that others can be read. */
function good(field: Field): unknown {
	switch (field.kind) {
		case 'locator':
			return [UUID_A, '12', '2026-11-28 10:30'].find((id) =>
				new RegExp(field.locator.id.pattern).test(id),
			);
		case 'choice':
			return field.default;
		case 'choices':
			return field.default ?? [];
		case 'number':
			return Math.max(field.min ?? 1, 1);
		case 'text':
			if (/url|webhooks/i.test(field.name)) return 'https://a.example';
			if (field.also === 'any' || field.name === 'batchId') return UUID_A;
			if (/^(phones|clientPhone)$/.test(field.name)) return '+7 (999) 999-99-99';
			if (field.name === 'coords') return '37.6184, 55.7512';
			if (field.name === 'otherEntityType') return 'contract';
			if (field.name === 'path') return '/entity/product';
			if (field.name === 'country') return 'RU';
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
			return { row: [Object.fromEntries(needed.map((column) => [column.name, good(column)]))] };
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
function goodForm(operation: Operation): IDataObject {
	const form: IDataObject = { inputMode: 'json', json: '{"name":"x"}', returnAll: true };
	for (const field of operation.fields) {
		if (!field.section) form[field.name] = good(field) as IDataObject[string];
	}
	return form;
}

/** The same, in which this field is shown and holds the value. */
function formWith(operation: Operation, field: Field, value: unknown): IDataObject {
	const form = goodForm(operation);
	for (const [name, values] of Object.entries(field.when ?? {})) form[name] = values[0];
	if (field.section) form[field.section] = { [field.name]: value } as IDataObject;
	else form[field.name] = value as IDataObject[string];
	return form;
}

function readForm(operation: Operation, form: IDataObject): unknown {
	const context = {
		getNodeParameter: (name: string) => form[name],
		getTimezone: () => 'Europe/Moscow',
		getInputData: () => [{ json: {} }],
	};
	return readCall(context as never, operation, 0, ROOT);
}

function problemOf(read: () => unknown): InputProblem | undefined {
	try {
		read();
	} catch (error) {
		if (error instanceof InputProblem) return error;
		throw error as Error;
	}
	return undefined;
}

/** Takes more than its kind says. */
function takes(field: Field, value: unknown): boolean {
	if (field.kind === 'text') return field.also === 'any';
	return 'open' in field && field.open === true && value === 'no such choice';
}

const vendors: Array<[string, Vendor]> = [
	['MoySklad', moySklad],
	['Yandex Market', yandexMarket],
	['Altegio', altegio],
	['Inspector Cloud', inspectorCloud],
];

describe.each(vendors)('%s', (_vendor, { operations }) => {
	describe.each(
		operations.map((operation): [string, Operation] => [
			`${operation.resource}.${operation.operation}`,
			operation,
		]),
	)('%s', (_name, operation) => {
		// What is written has a test of its own below.
		const bare = { ...operation, fields: operation.fields.filter(({ kind }) => kind !== 'mapper') };

		it('takes what each of its fields may hold, and refuses what it may not by its label', () => {
			for (const field of bare.fields) {
				const sane = problemOf(() => readForm(bare, formWith(bare, field, good(field))));
				if (good(field) !== undefined) expect([field.name, sane]).toEqual([field.name, undefined]);
				for (const value of WRONG[field.kind] ?? []) {
					if (takes(field, value)) continue;
					const problem = problemOf(() => readForm(bare, formWith(bare, field, value)));
					expect([field.name, value, problem?.parameter]).toEqual([field.name, value, field.label]);
					expect(problem?.hint).toMatch(/\S+ \S+.*\.$/);
				}
			}
		});

		it('so it does with the options and lists that come by themselves', () => {
			const own = new Set(operation.fields.map(({ name }) => name));
			for (const field of allFields(operation).filter(({ name }) => !own.has(name))) {
				for (const value of WRONG[field.kind] ?? []) {
					const problem = problemOf(() => readForm(operation, formWith(operation, field, value)));
					expect([field.name, value, problem?.parameter]).toEqual([field.name, value, field.label]);
				}
			}
			// A chart's rows belong together.
			const paged = operation.list !== undefined && operation.list.whole !== true;
			const parameterOf = (more: IDataObject) =>
				problemOf(() => readForm(bare, { ...goodForm(bare), ...more }))?.parameter;
			expect(parameterOf({})).toBeUndefined();
			for (const value of ['maybe', 2, {}]) {
				expect(parameterOf({ returnAll: value })).toBe(paged ? 'Return All' : undefined);
				expect(parameterOf({ output: value })).toBe(operation.simplify && 'Output');
				// In its place in workflows of version 0.1.0.
				expect(parameterOf({ simplify: value })).toBe(operation.simplify && 'Simplify');
			}
			for (const limit of ['abc', 0, 1.5, '1,250', true, {}]) {
				expect(parameterOf({ returnAll: false, limit })).toBe(paged ? 'Limit' : undefined);
			}
			for (const by of [
				{ field: 'no such field' },
				{ field: {} },
				{ field: 'id', direction: 'x' },
			]) {
				expect(parameterOf({ sort: { by: [by] } })).toBe(operation.sort && 'Sort');
			}
		});

		const mappers = operation.fields.flatMap((field) =>
			field.kind === 'mapper' ? [field.mapper] : [],
		);
		if (mappers.length === 0) return;

		it('refuses wrong values of the fields that it writes by their labels', () => {
			const wire: WireContext = {
				baseUrl: ROOT,
				timezone: 'Europe/Moscow',
				parameter: () => undefined,
			};
			for (const field of mappers.flatMap(({ fields }) => fields)) {
				// References and texts with rules of their own take objects; choices pass what is new.
				const wrong =
					field.kind === 'choice' ? [{}] : field.kind === 'text' ? [] : WRONG[field.kind];
				for (const value of wrong ?? []) {
					const problem = problemOf(() => writtenValue(field, value, wire));
					expect([field.name, value, problem?.parameter]).toEqual([field.name, value, field.label]);
				}
			}
		});
	});
});
