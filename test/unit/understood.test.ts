/**
 * Every field of every operation of every vendor: what people, sheets, models and other nodes write for a value is
 * understood as that value. What cannot be meant is refused in `wrongValues.test.ts`.
 */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Field,
	MapperField,
	Operation,
	WireContext,
} from '../../nodes/shared/catalogue';
import { allFields } from '../../nodes/shared/form/form';
import { writtenValue } from '../../nodes/shared/form/mapper';
import { formWith, good, problemOf, readForm, ROOT } from './goodForms';
import { vendors } from './samples';

/** A value as the form itself would hold it, and other ways to say it. */
type Saying = [value: unknown, others: unknown[]];

const YES = ['true', 'TRUE', 'True', ' True ', 1, '1', 'yes', 'on', 'да', 'Да', 'ИСТИНА', 'вкл'];
const NO = ['false', 'FALSE', 'False', 0, '0', 'no', 'off', 'нет', 'ЛОЖЬ', 'выкл'];
/** The day as a sheet numbers it, as Russians and models write it. */
const DAY = [46205, '46205', '46205,0', '02.07.2026', '2.7.2026', '2026-07-02', '2026-07-02 00:00'];
/** The instant as systems count it. */
const INSTANT = [1782950400, '1782950400', 1782950400000, '2026-07-02T03:00:00+03:00'];

function numberSayings({
	min = 1,
	above = false,
	max = Infinity,
	whole,
}: Field & { kind: 'number' }): Saying[] {
	const some: Saying[] = [min, 1, 10].map((one) => [one, [`${one}`, ` ${one} `, `${one},0`]]);
	some.push([1250, ['1250', '1 250', '1 250,00', '1\u00a0250', '1250.0']]);
	if (!whole) some.push([1250.5, ['1250,50', '1250.50', '1 250,5', '1\u00a0250,50']]);
	const fits = (value: number) => (above ? value > min : value >= min) && value <= max;
	return some.filter(([value]) => fits(Number(value)));
}

/** A choice by its value or name, in any case: unless that says another one. */
function choiceSayings({ choices, ...field }: Field & { kind: 'choice' }): Saying[] {
	// What a field holds that has another place in older workflows is nothing until it is changed.
	const given = choices.filter(({ value }) => !(field.formerly && value === field.default));
	return given.map(({ name, value }): Saying => {
		const isAnother = (text: string) =>
			choices.some(
				(one) =>
					one.value !== value &&
					[one.name, one.value].some((said) => said.toLowerCase() === text.toLowerCase()),
			);
		const texts = [name, ` ${value} `, value.toUpperCase(), name.toLowerCase()];
		return [value, texts.filter((text) => !isAnother(text.trim()))];
	});
}

/** Lists whose entries may hold commas: a text has one in each line. */
const BY_LINES = ['codesInside'];

/** What the field may be told in several ways; nothing for what has one way only. */
function sayingsOf(field: Field): Saying[] {
	switch (field.kind) {
		case 'toggle':
			return [
				[true, YES],
				[false, NO],
			];
		case 'number':
			return numberSayings(field);
		case 'time':
			return [
				['2026-07-02T00:00:00', DAY],
				['2026-07-02T00:00:00Z', INSTANT],
			];
		case 'choice':
			return choiceSayings(field);
		case 'choices': {
			const [one, other = one] = field.choices;
			const both = [one.value, other.value];
			const names = [one.name, other.name];
			const others = [JSON.stringify(both), both.join(', '), both.join('\n'), names];
			const splits = names.some((name) => name.includes(','));
			return [[both, splits ? others : [...others, names.join(', ').toLowerCase()]]];
		}
		case 'loaded':
			return field.multiple
				? [
						[
							['12', '13'],
							[[12, 13], '12, 13', '12\n13', '["12","13"]'],
						],
					]
				: [['12', [12]]];
		case 'text':
			return field.also === 'list'
				? [
						[
							BY_LINES.includes(field.name) ? '12\n13' : '12,13',
							[
								[12, 13],
								['12', '13'],
							],
						],
					]
				: [];
		case 'json': {
			const json = String(good(field) ?? '{"a":1}');
			return [[json, [JSON.parse(json)]]];
		}
		case 'rows': {
			const { row } = rowsFor(field);
			return [[{ row }, [row, JSON.stringify(row)]]];
		}
		case 'locator': {
			const id = good(field);
			const isNumber = /^\d+$/.test(String(id));
			const objects = [{ id }, { id, name: 'Tea' }, { __rl: true, mode: 'id', value: id }];
			const others = [...objects, ` ${String(id)} `];
			return [[id, isNumber ? [...others, Number(id), { id: Number(id) }] : others]];
		}
		default:
			return [];
	}
}

const rowsFor = (field: Field & { kind: 'rows' }) =>
	good({ ...field, required: true }) as { row: IDataObject[] };

/** What becomes of a form: the call as text, or who refuses it. The moment of reading is none of it. */
function told(operation: Operation, field: Field, value: unknown): string {
	let call: Partial<Call> = {};
	const problem = problemOf(() => {
		call = readForm(operation, formWith(operation, field, value));
	});
	if (problem) return `${problem.parameter} ${problem.what}`;
	const { path, query, body, filter, control, headers, returnAll, output } = call;
	const sent = JSON.stringify({ path, query, body, filter, control, headers, returnAll, output });
	return sent.replace(/"updatedAt":"[^"]*"/, '');
}

/** Values that were tried, and those of them that their operation refuses for what else stands in the form. */
const count = { tried: 0, refused: 0 };

/** Ways that do not lead to what the value itself leads to. */
function misread(name: string, sayings: Saying[], read: (value: unknown) => string): unknown[] {
	return sayings.flatMap(([value, others]) => {
		const meant = read(value);
		count.tried += 1;
		if (/^[A-Z]/.test(meant)) count.refused += 1;
		return others.flatMap((other) => {
			const became = read(other);
			return became === meant ? [] : [{ name, value, meant, other, became }];
		});
	});
}

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
	'%s',
	(_, { operations }) => {
		const named = operations.map((operation): [string, Operation] => [
			`${operation.resource}.${operation.operation}`,
			operation,
		]);
		/** Return All, the options of every write and the like are the same everywhere: tried once. */
		const tried = new Set<Field>();

		it.each(named)('%s: values of people, sheets and models are understood', (_name, operation) => {
			const bare = {
				...operation,
				fields: operation.fields.filter(({ kind }) => kind !== 'mapper'),
			};
			const wrong: unknown[] = [];
			for (const field of allFields(bare)) {
				if (tried.has(field)) continue;
				tried.add(field);
				wrong.push(...misread(field.name, sayingsOf(field), (one) => told(bare, field, one)));
				if (field.kind !== 'rows') continue;
				const [row] = rowsFor(field).row;
				for (const column of field.columns) {
					const inRow = (one: unknown) => ({ row: [{ ...row, [column.name]: one }] });
					const read = (one: unknown) => told(bare, field, inRow(one));
					wrong.push(...misread(`${field.name}.${column.name}`, sayingsOf(column), read));
				}
			}
			expect(wrong).toEqual([]);
		});

		const writes = named.flatMap(([name, { fields }]) =>
			fields.flatMap((field): Array<[string, MapperField[]]> =>
				field.kind === 'mapper' ? [[name, field.mapper.fields]] : [],
			),
		);
		if (writes.length === 0) return;

		it.each(writes)('%s: so they are in the fields that are written', (_name, fields) => {
			const wire: WireContext = {
				baseUrl: ROOT,
				timezone: 'Europe/Moscow',
				parameter: () => undefined,
			};
			const wrong = fields.flatMap((field) => {
				if (!['toggle', 'number', 'time', 'choice'].includes(field.kind)) return [];
				const sayings = sayingsOf(field as unknown as Field);
				return misread(
					field.name,
					// The mapper leaves nothing out by itself before it asks for the value.
					sayings.filter(([value]) => value !== ''),
					(one) => {
						let sent: unknown;
						const problem = problemOf(() => {
							sent = writtenValue(field, one, wire);
						});
						return problem ? `${problem.parameter} ${problem.what}` : JSON.stringify(sent);
					},
				);
			});
			expect(wrong).toEqual([]);
		});
	},
);

it('the values are those that a form may hold', () => {
	expect(count.tried).toBeGreaterThan(5000);
	expect(count.refused / count.tried).toBeLessThan(0.01);
});
