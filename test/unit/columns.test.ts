/** Columns of an input: how every field of the catalogue is found by them. */
import type { Call, Mapper, Operation } from '../../nodes/shared/catalogue';
import { Columns, Fit } from '../../nodes/shared/form/columns';
import { operationForm } from '../../nodes/shared/form/form';
import { readMapped } from '../../nodes/shared/form/mapper';
import { Form } from '../../nodes/shared/form/values';
import { n8nContext } from './n8nContext';
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

	it('are found whatever the form knew of them when it was saved', () => {
		const texts = mapper.fields.filter(
			({ kind, wire, choices, as }) => kind === 'text' && !wire && !choices && !as,
		);
		const item = Object.fromEntries(texts.map(({ label }) => [label, 'Tea']));
		const [{ name: matchOn } = { name: 'id' }] = mapper.fields.filter(({ match }) => match);
		const gone = { id: 'gone', displayName: 'Gone', type: 'string', required: false };
		const outcomes = [undefined, [], [gone]].map((schema) => {
			const fields = {
				mappingMode: 'autoMapInputData',
				value: null,
				matchingColumns: [matchOn],
				...(schema ? { schema } : {}),
			};
			const { operation } = entry;
			const chosen = { resource: operation.resource, operation: operation.operation };
			const form = new Form(
				n8nContext(operationForm(operation), { ...chosen, inputMode: 'fields', fields }, [item]),
			);
			const call = { operation, itemIndex: 0, body: {}, extra: {}, control: {} } as unknown as Call;
			try {
				readMapped(form, mapper, call, {
					baseUrl: 'https://fake',
					timezone: 'UTC',
					parameter: (parameter) => form.value(parameter, 0),
				});
			} catch (error) {
				return [call.body, (error as Error).message];
			}
			return [call.body];
		});
		expect(outcomes[1]).toEqual(outcomes[0]);
		expect(outcomes[2]).toEqual(outcomes[0]);
		const [body] = outcomes[0] as [object];
		const written = texts.filter(({ matchOnly }) => !matchOnly).map(({ name }) => name);
		expect(Object.keys(body).sort()).toEqual(written.sort());
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
