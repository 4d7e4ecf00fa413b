/** Every field of every operation of every vendor: a value that cannot be meant is refused under its own label. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, MapperField, Operation, WireContext } from '../../nodes/shared/catalogue';
import { allFields } from '../../nodes/shared/form/form';
import { writtenValue } from '../../nodes/shared/form/mapper';
import { formWith, good, goodForm, problemOf, readForm, ROOT } from './goodForms';
import { vendors } from './samples';

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

/** Takes more than its kind says. */
function takes(field: Field, value: unknown): boolean {
	if (field.kind === 'text') return field.also === 'any';
	return 'open' in field && field.open === true && value === 'no such choice';
}

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
	'%s',
	(_, { operations }) => {
		describe.each(
			operations.map((operation): [string, Operation] => [
				`${operation.resource}.${operation.operation}`,
				operation,
			]),
		)('%s', (_name, operation) => {
			// What is written has a test of its own below.
			const bare = {
				...operation,
				fields: operation.fields.filter(({ kind }) => kind !== 'mapper'),
			};

			it('takes what each of its fields may hold, and refuses what it may not by its label', () => {
				for (const field of bare.fields) {
					const sane = problemOf(() => readForm(bare, formWith(bare, field, good(field))));
					if (good(field) !== undefined)
						expect([field.name, sane]).toEqual([field.name, undefined]);
					for (const value of WRONG[field.kind] ?? []) {
						if (takes(field, value)) continue;
						const problem = problemOf(() => readForm(bare, formWith(bare, field, value)));
						expect([field.name, value, problem?.parameter]).toEqual([
							field.name,
							value,
							field.label,
						]);
						expect(problem?.hint).toMatch(/\S+ \S+.*\.$/);
					}
				}
			});

			it('so it does with the options and lists that come by themselves', () => {
				const own = new Set(operation.fields.map(({ name }) => name));
				for (const field of allFields(operation).filter(({ name }) => !own.has(name))) {
					for (const value of WRONG[field.kind] ?? []) {
						const problem = problemOf(() => readForm(operation, formWith(operation, field, value)));
						expect([field.name, value, problem?.parameter]).toEqual([
							field.name,
							value,
							field.label,
						]);
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
						expect([field.name, value, problem?.parameter]).toEqual([
							field.name,
							value,
							field.label,
						]);
					}
				}
			});
		});
	},
);
