import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { InputProblem } from '../../nodes/shared/errors/problems';
import { Form, parsedJson, type FormContext } from '../../nodes/shared/form/values';
import { n8nContext } from './n8nContext';

const properties: INodeProperties[] = [
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{ name: 'A', value: 'a' },
			{ name: 'B', value: 'b' },
		],
		default: 'b',
	},
	{ displayName: 'Limit', name: 'limit', type: 'number', default: 50 },
	{
		displayName: 'Only for A',
		name: 'onlyA',
		type: 'string',
		default: 'for a',
		displayOptions: { show: { mode: ['a'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		default: {},
		options: [{ displayName: 'Batching', name: 'batching', type: 'boolean', default: true }],
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		typeOptions: { resourceMapper: { resourceMapperMethod: 'mapFields', mode: 'add' } },
	},
];

const schema = [
	{
		id: 'kind',
		displayName: 'Kind',
		required: true,
		display: true,
		type: 'options',
		options: [{ name: 'Old', value: 'OLD' }],
	},
	{ id: 'count', displayName: 'Count', required: false, display: true, type: 'number' },
	{ id: 'parts', displayName: 'Parts', required: false, display: true, type: 'array' },
];
const mapped = (value: unknown, changes: IDataObject = {}) => ({
	fields: {
		mappingMode: 'defineBelow',
		value,
		matchingColumns: ['kind'],
		schema,
		...changes,
	} as IDataObject,
});

/** Counts how often n8n is asked for a parameter. */
function counted(context: FormContext) {
	const asked: string[] = [];
	const counting = {
		getTimezone: () => context.getTimezone(),
		getInputData: () => context.getInputData(),
		getNodeParameter: (...args: Parameters<FormContext['getNodeParameter']>) => {
			asked.push(args[0]);
			return context.getNodeParameter(...args);
		},
	} as unknown as FormContext;
	return { form: new Form(counting), asked };
}

const formOf = (parameters: IDataObject, items: IDataObject[] = [{}]) =>
	counted(n8nContext(properties, parameters, items));

describe('the form in n8n', () => {
	it("has n8n's defaults for what a workflow's JSON leaves out", () => {
		const { form } = formOf({});
		expect(form.value('mode', 0)).toBe('b');
		expect(form.value('limit', 0)).toBe(50);
		expect(form.value('options', 0)).toEqual({});
		expect(form.value('fields.mappingMode', 0)).toBe('defineBelow');
		expect(form.value('fields.value', 0)).toBeUndefined();
		expect(form.timezone).toBe('Europe/Moscow');
	});

	it('does not have what is not shown, or does not exist', () => {
		const { form } = formOf({});
		expect(form.value('onlyA', 0)).toBeUndefined();
		expect(form.value('nothing', 0)).toBeUndefined();
		expect(form.value('nothing.deeper', 0)).toBeUndefined();
		expect(formOf({ mode: 'a' }).form.value('onlyA', 0)).toBe('for a');
	});

	it('knows null, false, 0 and empty text from nothing', () => {
		const { form } = formOf({ limit: 0, mode: '', options: { batching: false } });
		expect(form.value('limit', 0)).toBe(0);
		expect(form.value('mode', 0)).toBe('');
		expect(form.value('options', 0)).toEqual({ batching: false });
	});

	it('resolves expressions for each item, also deep in a value', () => {
		const items = [
			{ n: 1, batching: false },
			{ n: 2, batching: true },
		];
		const { form } = formOf(
			{
				limit: '={{ $json.n }}',
				options: { batching: '={{ $json.batching }}' },
				...mapped({ count: '={{ $json.n }}' }),
			},
			items,
		);
		expect([0, 1].map((item) => form.value('limit', item))).toEqual([1, 2]);
		expect([0, 1].map((item) => form.value('options', item))).toEqual([
			{ batching: false },
			{ batching: true },
		]);
		expect([0, 1].map((item) => form.value('fields.value', item))).toEqual([
			{ count: 1 },
			{ count: 2 },
		]);
		// The parts around the expression have none themselves.
		expect(form.value('fields.matchingColumns', 1)).toEqual(['kind']);
	});

	it('resolves an expression in place of all fields; n8n allows none in place of the whole mapper', () => {
		const items = [{ v: { kind: 'NEW' } }, { v: { kind: 'OLD' } }];
		const { form } = formOf(mapped('={{ $json.v }}'), items);
		expect(form.value('fields.value', 1)).toEqual({ kind: 'OLD' });
		const whole = formOf({ fields: '={{ $json.v }}' }, items).form;
		expect(whole.value('fields.mappingMode', 0)).toBeUndefined();
		expect(whole.value('fields', 0)).toBe('{{ $json.v }}');
	});

	it('gives dates of expressions as ISO text', () => {
		const { form } = formOf({ mode: '={{ DateTime.fromISO("2026-11-21T10:00:00Z") }}' });
		expect(new Date(String(form.value('mode', 0))).toISOString()).toBe('2026-11-21T10:00:00.000Z');
	});

	it('text that only looks like an expression after its first sign is not one', () => {
		const { form } = formOf({ mode: ' ={{ 1 }}' });
		expect(form.value('mode', 0)).toBe(' ={{ 1 }}');
	});
});

describe("n8n's checks of the resource mapper", () => {
	const bad = mapped({ kind: '={{ "NEW" }}', count: '={{ "many" }}', parts: '={{ "a,b" }}' });

	it('would refuse a value that the vendor has added since', () => {
		const context = n8nContext(properties, bad);
		expect(() => context.getNodeParameter('fields.value', 0)).toThrow("Invalid input for 'kind'");
		const count = n8nContext(properties, mapped({ kind: 'OLD', count: '={{ "many" }}' }));
		expect(() => count.getNodeParameter('fields.value', 0)).toThrow("Invalid input for 'count'");
	});

	it('are left to us', () => {
		expect(formOf(bad).form.value('fields.value', 0)).toEqual({
			kind: 'NEW',
			count: 'many',
			parts: 'a,b',
		});
	});

	it('do not stop a required field that an expression leaves empty: we say which', () => {
		const { form } = formOf(mapped({ kind: '={{ null }}', count: '={{ undefined }}' }));
		expect(form.value('fields.value', 0)).toEqual({ kind: null, count: undefined });
	});

	it('of fixed values happen before the node starts, by the schema that the form saved', () => {
		const node = n8nContext(properties, mapped({ kind: 'NEW' })).getNode();
		const issues = NodeHelpers.getNodeParametersIssues(properties, node, null);
		expect(issues?.parameters).toHaveProperty(['fields.kind']);
		const dynamic = n8nContext(properties, bad).getNode();
		expect(NodeHelpers.getNodeParametersIssues(properties, dynamic, null)).toBeNull();
	});
});

describe('ten thousand items', () => {
	const items = Array.from({ length: 10_000 }, (_, n) => ({ n }));

	it('ask n8n once for what is the same for all of them', () => {
		const { form, asked } = formOf({ limit: 7, ...mapped({ kind: 'OLD', count: 5 }) }, items);
		const names = ['mode', 'limit', 'nothing', 'options', 'fields.value', 'fields.schema'];
		for (const item of items.keys()) for (const name of names) form.value(name, item);
		expect(asked).toEqual(names);
	});

	it('resolve expressions only, and only where they are', () => {
		const some = items.slice(0, 500);
		const { form, asked } = formOf(mapped({ kind: 'OLD', count: '={{ $json.n }}' }), some);
		for (const item of some.keys()) {
			expect((form.value('fields.value', item) as IDataObject).count).toBe(item);
			form.value('fields.schema', item);
		}
		expect(asked.filter((name) => name === 'fields.schema')).toHaveLength(1);
		// Once for the raw value of all items, once for each item.
		expect(asked.filter((name) => name === 'fields.value')).toHaveLength(501);
	});
});

describe('JSON', () => {
	it.each([
		['{"a":1}', { a: 1 }],
		[' [1] ', [1]],
		[{ a: 1 }, { a: 1 }],
		[[], []],
		['', undefined],
		['  \n', undefined],
		[undefined, undefined],
		[null, undefined],
	])('%j is %j', (raw, value) => {
		expect(parsedJson('JSON', raw)).toEqual(value);
	});

	it.each([['{'], ["{'a':1}"], ['null'], ['3'], ['"text"'], [3], [true]])(
		'%j is refused',
		(raw) => {
			expect(() => parsedJson('JSON', raw)).toThrow(InputProblem);
			expect(() => parsedJson('JSON', raw)).toThrow("'JSON' is no");
		},
	);

	it('says what is wrong with the text', () => {
		expect(() => parsedJson('Extra Fields', '{"a":}')).toThrow(
			/'Extra Fields' is no valid JSON \(.*token/i,
		);
		expect(() => parsedJson('JSON', '3')).toThrow("'JSON' is no JSON object");
	});
});
