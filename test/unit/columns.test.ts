/** Columns of an input: how every field of the catalogue is found by them. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Call, Mapper, MapperField, Operation } from '../../nodes/shared/catalogue';
import { Columns, Fit, leftOut } from '../../nodes/shared/form/columns';
import { operationForm } from '../../nodes/shared/form/form';
import { readMapped } from '../../nodes/shared/form/mapper';
import { Form } from '../../nodes/shared/form/values';
import { callOf } from './calls';
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

/** A row with a text for each field, under its label. */
const labelled = (fields: MapperField[]): IDataObject =>
	Object.fromEntries(fields.map(({ label }) => [label, 'Tea']));

/** A field as the editor keeps it in the workflow. */
const saved = ({ name, label }: MapperField): IDataObject => ({
	id: name,
	displayName: label,
	type: 'string',
	required: false,
	display: true,
});

/** What an item of these columns leads to, mapped automatically: what is written, and what people are told. */
function filled(
	{ operation, mapper }: (typeof mappers)[number],
	item: IDataObject,
	fields: IDataObject,
): { body: IDataObject; said: string } {
	const { resource, operation: name } = operation;
	const chosen: INodeProperties[] = [
		{ displayName: 'Resource', name: 'resource', type: 'string', default: resource },
		{ displayName: 'Operation', name: 'operation', type: 'string', default: name },
	];
	const mapped = { mappingMode: 'autoMapInputData', value: null, ...fields };
	const form = new Form(
		n8nContext(
			[...chosen, ...operationForm(operation)],
			{ resource, operation: name, inputMode: 'fields', fields: mapped },
			[item],
		),
	);
	const call: Call = callOf(operation);
	const parameter = (one: string) => form.value(one, 0);
	try {
		readMapped(form, mapper, call, { baseUrl: call.baseUrl, timezone: 'UTC', parameter });
		// What the account's own fields may take waits until those are known.
		call.pending?.finish([]);
	} catch (error) {
		// Something that is needed is no text.
		return { body: call.body, said: `${String(error)} ${leftOut(call)}` };
	}
	return { body: call.body, said: leftOut(call) };
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

	it('writes every column that it knows, whatever the saved form knew, and names the others', () => {
		const texts = mapper.fields.filter(
			({ kind, wire, choices, as }) => kind === 'text' && !wire && !choices && !as,
		);
		const [{ name: matchOn } = { name: 'id' }] = mapper.fields.filter(({ match }) => match);
		const item = { ...labelled(texts), 'Nobody’s Column': 'x' };
		const half = mapper.fields.slice(0, mapper.fields.length / 2).map(saved);
		const gone = saved({ name: 'gone', label: 'Gone', kind: 'text' });
		const [first, ...others] = [undefined, [], [gone], [...half, gone]].map((schema) =>
			filled(entry, item, { matchingColumns: [matchOn], ...(schema ? { schema } : {}) }),
		);
		for (const other of others) expect(other).toEqual(first);
		expect(first.said).toContain("'Nobody’s Column'");
		const names = texts.filter(({ matchOnly }) => !matchOnly).map(({ name }) => name);
		expect(Object.keys(first.body).sort()).toEqual(names.sort());
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
