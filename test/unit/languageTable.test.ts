/** The table of decision 9: each word of the catalogue is used by the operations named there, and tested where it says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Field, Operation, TimeForm, Vendor } from '../../nodes/shared/catalogue';
import { vendors } from './samples';

const ROOT = path.resolve(__dirname, '..', '..');
const decision = readFileSync(path.join(ROOT, 'docs/decisions/0009-catalogue-language.md'), 'utf8');

const hasFields = (test: (field: Field) => boolean | undefined) => (operation: Operation) =>
	operation.fields.some(test);

const times = (form: TimeForm) =>
	hasFields(
		(field) =>
			(field.kind === 'time' && field.as === form) ||
			(field.kind === 'mapper' && field.mapper.fields.some(({ as }) => as === form)) ||
			(field.kind === 'rows' &&
				field.columns.some((column) => column.kind === 'time' && column.as === form)),
	);

/** Whether an operation uses the word of a row, by the row's need. */
const USES: Record<string, (operation: Operation, vendor: Vendor) => boolean> = {
	'a POST that reads': ({ does, route }) => does === 'reads' && route.startsWith('POST '),
	'a nested body': hasFields(({ to }) => /^body:[^.]+\../.test(to)),
	'a good answer without a body': ({ answer }) => answer.kind === 'done',
	'a file as the answer': ({ answer }) => answer.kind === 'file',
	'wrapped arrays with a maximum and verdicts': ({ bulk }) =>
		bulk?.kind === 'write' && bulk.wrap !== undefined && bulk.elements !== undefined,
	'all or nothing': ({ bulk }) => bulk?.kind === 'write' && bulk.allOrNothing === true,
	'many IDs by POST': ({ bulk }) => bulk?.kind === 'get' && bulk.body !== undefined,
	'the page in the body': ({ list }) => list?.in === 'body',
	'start, poll, fetch': ({ job }) => job !== undefined,
	'a PUT that replaces the whole object': ({ replaces }) => replaces !== undefined,
	'windows of at most N days': ({ list }) => (list?.windows ?? []).length > 0,
	'an instant': times('instant'),
	'a zone that the vendor defines': (operation, { zone }) =>
		zone !== undefined && times('wall')(operation),
	'dates without time': times('date'),
	'what is empty': (_, { tidy }) => tidy !== undefined,
	'words for an error that depend on the operation': ({ resource, operation }, { errors }) =>
		errors.some(({ of = [] }) =>
			[resource, `${resource}.${operation}`].some((name) => of.includes(name)),
		),
	'fields that depend on a choice': hasFields(
		(field) => field.kind === 'mapper' && (field.mapper.dependsOn ?? []).length > 0,
	),
	'the end of life of a call': ({ deprecated }) => deprecated !== undefined,
	'condition values as they were given': ({ filter = [] }) => filter.length > 0,
	'one reader of form values': ({ fields }) => fields.length > 0,
	'create, update or upsert': hasFields(
		(field) => field.kind === 'mapper' && field.mapper.mode === 'upsert',
	),
};

const rows = decision
	.split('\n')
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.filter((cells) => cells.length === 6 && !/^(need|:?-+:?)$/.test(cells[1]))
	.map(([, need, word, operations, tests]) => ({ need, word, operations, tests }));

it('there is a row for each need', () => {
	expect(rows.map(({ need }) => need)).toEqual(Object.keys(USES));
});

describe.each(rows)('$need: $word', ({ need, operations, tests }) => {
	it.each(operations.split('; '))('is used by %s', (place) => {
		const [, node, resource, name] = /^(.+): (\w+)\.(\w+)$/.exec(place) ?? [];
		const found = vendors
			.filter((vendor) => vendor.name === node)
			.flatMap((vendor) => vendor.operations.map((operation) => ({ operation, vendor })))
			.find(({ operation }) => operation.resource === resource && operation.operation === name);
		expect(found && USES[need](found.operation, found.vendor)).toBe(true);
	});

	it('is tested where it says', () => {
		const named = [...tests.matchAll(/([\w/-]+): “(.+?)”/g)];
		expect(named.length).toBe(tests.split('; ').length);
		expect(named.some(([, file]) => file.startsWith('unit/'))).toBe(true);
		for (const [, file, title] of named) {
			const text = readFileSync(path.join(ROOT, 'test', `${file}.test.ts`), 'utf8');
			const has = [`'${title}'`, `"${title}"`].some((quoted) => text.includes(quoted));
			expect([title, has]).toEqual([title, true]);
		}
	});
});
