/** Columns of an input: how every field of the catalogue is found by them. */
import type { Mapper, Operation } from '../../nodes/shared/catalogue';
import { Columns, Fit } from '../../nodes/shared/form/columns';
import { everyOperation } from './samples';

const mappers = everyOperation.flatMap(([name, vendor, operation]) =>
	operation.fields.flatMap((field) =>
		field.kind === 'mapper' ? [{ name, vendor, operation, mapper: field.mapper }] : [],
	),
);

/** What the rows of an operation's resource hold when they are simplified. */
function given({ vendor, operation }: (typeof mappers)[number]): string[] {
	const same = (other: Operation) => other.resource === operation.resource && other.simplify;
	return [...new Set(vendor.operations.filter(same).flatMap(({ output }) => Object.keys(output)))];
}

/** As a person may write it. */
const written = [
	(text: string) => text,
	(text: string) => text.toUpperCase(),
	(text: string) => text.replace(/ /g, '_').toLowerCase(),
	(text: string) => ` ${text}: `,
];

describe.each(mappers.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
	const { mapper }: { mapper: Mapper } = entry;
	const columns = new Columns(mapper.fields, mapper.more?.prefix);

	it('finds each field by its name and by its label, and no other', () => {
		for (const field of mapper.fields) {
			for (const text of [field.name, field.label, ...(field.also ?? [])]) {
				for (const write of written) expect(columns.field(write(text))).toBe(field);
			}
			expect(columns.fit(field.name)).toBe(Fit.Name);
		}
	});

	it('knows every column of its own simplified rows', () => {
		const unknown = given(entry).filter(
			(name) => columns.fit(name) !== Fit.Name && !mapper.readOnly?.includes(name),
		);
		expect(unknown).toEqual([]);
	});

	it('writes what it knows: nothing is both a field and given out only', () => {
		const both = (mapper.readOnly ?? []).filter((name) => columns.fit(name) === Fit.Name);
		expect(both).toEqual([]);
	});
});

describe('a column that stands for two', () => {
	const columns = new Columns(
		[
			{ name: 'x:1', label: 'Цвет (осн.) (Line)', kind: 'text' },
			{ name: 'x:2', label: 'Цвет (доп.) (Line)', kind: 'text' },
			{ name: 'x:3', label: 'Вес (Decimal Number)', kind: 'number' },
			{ name: 'x:4', label: 'Вес (Decimal Number)', kind: 'number' },
		],
		'x:',
	);

	it.each([
		['Цвет (осн.)', 'x:1'],
		['цвет доп', 'x:2'],
		['Цвет (доп.) (Line)', 'x:2'],
		['3', 'x:3'],
		['x:4', 'x:4'],
	])('%s stands for one', (column, name) => {
		expect(columns.field(column).name).toBe(name);
	});

	it.each(['Цвет', 'Вес', 'ВЕС (кг)'])('%s is refused and both are named', (column) => {
		expect(() => columns.field(column)).toThrow(
			/is a column that fits '.*' \(x:\d\) and '.*' \(x:\d\)/,
		);
	});

	it.each(['Размер', '', '()', '—'])('%j is no field’s', (column) => {
		expect(columns.fit(column)).toBeUndefined();
	});
});
