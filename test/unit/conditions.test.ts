import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { MoySklad } from '../../nodes/MoySklad/MoySklad.node';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { writeFilter } from '../../nodes/MoySklad/filter';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { FilterField, FilterOperator, Operation } from '../../nodes/shared/catalogue';
import { conditionsProperty, operatorName, valueName } from '../../nodes/shared/form/conditions';
import { OPERATORS } from '../../nodes/shared/form/operators';
import { readCall } from '../../nodes/shared/form/parameters';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { callOf, formOfOperation, node, operationOf, UUID_A, UUID_B } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';
const { description } = new MoySklad();

type Row = INodeParameters;

const lists = moySklad.operations.filter(({ filter }) => filter);
const everyField = lists.flatMap((operation) =>
	(operation.filter ?? []).map((field): [string, Operation, FilterField] => [
		`${operation.resource}: ${field.label}`,
		operation,
		field,
	]),
);

const rowForms = new Map<Operation, INodeProperties[]>();

/** The parameters that a row may have. */
function valuesOf(operation: Operation): INodeProperties[] {
	let values = rowForms.get(operation);
	if (!values) {
		const { options } = conditionsProperty(operation.filter ?? [], {});
		({ values } = (options as INodePropertyCollection[])[0]);
		rowForms.set(operation, values);
	}
	return values;
}

/** A new row as the editor makes it: of each name the last default. */
function newRow(operation: Operation): Row {
	return Object.fromEntries(
		valuesOf(operation).map(({ name, default: preset }) => [name, preset]),
	) as Row;
}

/** What the editor shows of a row, with its options. */
function shownIn(operation: Operation, row: Row, options: Row = {}): INodeProperties[] {
	return valuesOf(operation).filter(
		(property) =>
			property.type !== 'hidden' &&
			NodeHelpers.displayParameter(row, property, node, description, { options }),
	);
}

/** The node's parameters after n8n has read them, as for a run, or left defaults out, as when it saves them. */
function throughN8n(operation: Operation, rows: Row[], forRun: boolean): Row[] {
	const parameters = NodeHelpers.getNodeParameters(
		formOfOperation(moySklad, operation),
		{
			resource: operation.resource,
			operation: operation.operation,
			conditions: { condition: rows },
		},
		forRun,
		false,
		node,
		description,
	);
	return (parameters?.conditions as { condition: Row[] }).condition;
}

const savedAndRun = (operation: Operation, row: Row) =>
	throughN8n(operation, throughN8n(operation, [row], false), true);

/** The filter that a row leads to, with values as expressions give them. */
function written(operation: Operation, row: object, options: Row = {}): string | undefined {
	const times = operation.fields.filter(({ kind, required }) => kind === 'time' && required);
	const form: Record<string, unknown> = {
		returnAll: true,
		...Object.fromEntries(times.map(({ name }) => [name, '2026-11-21'])),
		interval: 'day',
		itemType: 'product',
		productId: UUID_A,
		conditions: { condition: [row] },
		options,
	};
	const context = {
		getNodeParameter: (name: string) => form[name],
		getTimezone: () => 'Europe/Moscow',
	};
	return writeFilter(readCall(context as never, operation, 0, ROOT));
}

/** The same, once n8n has saved and loaded the row. */
function filterOf(operation: Operation, row: Row, options: Row = {}): string | undefined {
	const [run] = savedAndRun(operation, row);
	// Values of expressions come as they are, after n8n has filled in what was left out.
	return written(operation, { ...run, ...row }, options);
}

const assortment = operationOf(moySklad, 'assortment', 'getAll');
const contracts = operationOf(moySklad, 'contract', 'getAll');

describe('a new condition', () => {
	it.each(lists.map((operation) => [operation.resource, operation] as const))(
		'of %s begins with what people filter by, and is valid at once',
		(_, operation) => {
			const row = newRow(operation);
			const field = operation.filter?.find(({ name }) => name === row.field);
			const [first, operator, value, ...more] = shownIn(operation, row);
			// Reports of figures may have nothing to call by a name.
			const named = /^(Name|Number|Description)$/;
			if (operation.filter?.some(({ label }) => named.test(label))) {
				expect(field?.label).toMatch(named);
				expect([first.name, value.name]).toEqual(['field', 'valueText']);
				expect(operator.name).toMatch(/^operatorText/);
			}
			const offered = (property: INodeProperties) =>
				(property.options as INodePropertyOptions[]).map((option) => option.value);
			expect(offered(first).sort()).toEqual(operation.filter?.map(({ name }) => name).sort());
			expect(offered(operator)).toContain(row[operator.name]);
			expect(more).toHaveLength(0);
		},
	);

	it.each(everyField)(
		'%s: a change to it shows one operator and one value, both valid',
		(_, operation, field) => {
			const row: Row = { ...newRow(operation), field: field.name };
			const [first, operator, value, ...more] = shownIn(operation, row);
			expect(more).toHaveLength(0);
			expect(first.name).toBe('field');
			const offered = (operator.options as INodePropertyOptions[]).map((option) => option.value);
			expect([...offered].sort()).toEqual([...field.operators].sort());
			expect(offered).toContain(row[operator.name]);
			expect(value.name).toBe(valueName(field));
			// The editor adds entries to a list, and dies of a text in its place.
			expect(value.typeOptions?.multipleValues).toBeUndefined();
			if (value.type === 'options') {
				expect((value.options as INodePropertyOptions[]).map((option) => option.value)).toContain(
					row[value.name],
				);
			}
		},
	);

	it.each(everyField)(
		'%s has a place for a value, unless the operator compares with nothing',
		(_, operation, field) => {
			for (const operator of field.operators) {
				const row: Row = {
					...newRow(operation),
					field: field.name,
					[operatorName(field)]: operator,
				};
				const names = shownIn(operation, row).map(({ name }) => name);
				const compares = OPERATORS.some(({ value, values }) => value === operator && values);
				expect(names).toEqual([
					'field',
					operatorName(field),
					...(compares ? [valueName(field)] : []),
				]);
			}
		},
	);

	it.each(everyField)('%s: n8n saves it without what other fields held', (_, operation, field) => {
		// A hand that has tried every field before.
		const tried = Object.fromEntries(
			valuesOf(operation)
				.filter(({ name }) => name.startsWith('value') && name !== 'value')
				.map(({ name }) => [name, 'left over']),
		);
		const row: Row = { ...newRow(operation), ...tried, field: field.name };
		const [saved] = throughN8n(operation, [row], false);
		expect(Object.keys(saved).filter((name) => name.startsWith('value'))).toEqual([
			valueName(field),
		]);
		const [run] = throughN8n(operation, [saved], true);
		const own = Object.keys(run).filter((name) => /^(?:value|operator)./.test(name));
		expect(own.sort()).toEqual([operatorName(field), valueName(field)].sort());
	});

	it('has names that do not depend on the other fields of the list', () => {
		const shapes = new Map<string, string>();
		for (const [, operation] of everyField) {
			for (const { name, type } of valuesOf(operation)) {
				if (!/^(?:value|operator)./.test(name)) continue;
				expect([name, type]).toEqual([name, shapes.get(name) ?? type]);
				shapes.set(name, type);
			}
		}
		expect([...shapes.keys()]).toEqual(
			expect.arrayContaining([
				'valueText',
				'valueMoment',
				'valueFlag',
				'valueNumber',
				'operatorText',
			]),
		);
	});

	it('of an amount says its unit', () => {
		const row: Row = { ...newRow(assortment), field: 'salePrice' };
		const label = (options: Row) => shownIn(assortment, row, options)[2].displayName;
		expect(label({})).toBe('Value (Kopecks)');
		expect(label({ money: 'kopecks' })).toBe('Value (Kopecks)');
		expect(label({ money: 'roubles' })).toBe('Value (Roubles)');
		const one = { field: 'salePrice', operatorAmount: 'greater', valueAmount: 10.5 };
		expect(filterOf(assortment, { ...one, valueAmount: 1050 })).toBe('salePrice>1050');
		expect(filterOf(assortment, one, { money: 'roubles' })).toBe('salePrice>1050');
	});

	it("of a document's total says its unit, too", () => {
		const orders = moySkladDocuments.operations.find(
			({ resource, operation }) => resource === 'customerorder' && operation === 'getAll',
		) as Operation;
		const row: Row = { ...newRow(orders), field: 'sum' };
		const label = (options: Row) => shownIn(orders, row, options)[2].displayName;
		expect(label({})).toBe('Value (Kopecks)');
		expect(label({ money: 'roubles' })).toBe('Value (Roubles)');
		const one = { field: 'sum', operatorNumber: 'greater', valueNumber: 10.5 };
		expect(written(orders, { ...one, valueNumber: 1050 })).toBe('sum>1050');
		expect(written(orders, one, { money: 'roubles' })).toBe('sum>1050');
	});
});

describe('conditions as the editor saves them', () => {
	const agent = {
		id: UUID_A,
		meta: { href: `${ROOT}/entity/counterparty/${UUID_A}`, type: 'counterparty' },
	};
	const supplier = (value: unknown) =>
		({ field: 'supplier', [valueName(supplierField)]: value }) as Row;
	const supplierField = (assortment.filter as FilterField[]).find(
		({ name }) => name === 'supplier',
	) as FilterField;
	const link = (id: string) => `supplier=${ROOT}/entity/counterparty/${id}`;

	it.each([
		['one line', { field: 'name', valueText: 'Tea ' }, 'name=Tea '],
		['lines', { field: 'name', valueText: 'Tea\r\n\n Milk \n' }, 'name=Tea;name=Milk'],
		['a list', { field: 'name', valueText: ['Tea', 7, ''] }, 'name=Tea;name=7'],
		['a number in a text', { field: 'article', valueText: 1050 }, 'article=1050'],
		['IDs', { field: 'id', valueId: `${UUID_A}, ${UUID_B}\n` }, `id=${UUID_A};id=${UUID_B}`],
		['an object where its ID goes', { field: 'id', valueId: agent }, `id=${UUID_A}`],
		[
			'a Date',
			{ field: 'updated', valueMoment: new Date('2026-11-21T06:30:00Z') },
			'updated>=2026-11-21 09:30:00.000',
		],
		[
			'ms',
			{ field: 'updated', valueMoment: Date.parse('2026-11-21T06:30:00Z') },
			'updated>=2026-11-21 09:30:00.000',
		],
		[
			'a number with a comma',
			{ field: 'minimumBalance', valueNumber: '1250,50' },
			'minimumBalance=1250.5',
		],
		[
			'nothing, by its operator',
			{ field: 'code', operatorText: 'isEmpty', valueText: 'left' },
			'code=',
		],
		['yes, untouched', { field: 'weighed' }, 'weighed=true'],
		['no', { field: 'weighed', valueFlag: false }, 'weighed=false'],
		['0, untouched', { field: 'minimumBalance', operatorNumber: 'greater' }, 'minimumBalance>0'],
	] as Array<[string, Row, string]>)('%s', (_, row, filter) => {
		expect(filterOf(assortment, row)).toBe(filter);
	});

	it.each([
		['TRUE', 'true'],
		[1, 'true'],
		['да', 'true'],
		['False', 'false'],
		['0', 'false'],
		['нет', 'false'],
	])('yes and no, as sheets and models say it: %j', (value, text) => {
		expect(filterOf(assortment, { field: 'weighed', valueFlag: value })).toBe(`weighed=${text}`);
	});

	it.each([
		['an object with meta', agent],
		['a list of objects', [agent]],
		['an object with an ID', { id: UUID_A }],
		['an API link', agent.meta.href],
		['one picked from the list', { __rl: true, mode: 'list', value: UUID_A }],
		['an object in the locator', { __rl: true, mode: 'id', value: agent }],
	])('references: %s', (_, value) => {
		expect(filterOf(assortment, supplier(value))).toBe(link(UUID_A));
	});

	it.each([
		['with commas', `${UUID_A}, ${UUID_B}`],
		['as a list', [UUID_A, UUID_B]],
		['in the locator', { __rl: true, mode: 'id', value: `${UUID_A} ${UUID_B}` }],
		['as a list in the locator', { __rl: true, mode: 'id', value: [UUID_A, UUID_B] }],
	])('several references: %s', (_, value) => {
		expect(filterOf(assortment, supplier(value))).toBe(`${link(UUID_A)};${link(UUID_B)}`);
	});

	it.each([
		['an empty text', { field: 'name', valueText: '' }, "compare 'Name' with"],
		['blank lines', { field: 'name', valueText: ' \n' }, "compare 'Name' with"],
		['an empty list', { field: 'name', valueText: [] }, "compare 'Name' with"],
		['null', { field: 'weighed', valueFlag: null }, "compare 'Is Weighed' with"],
		['no date', { field: 'updated', valueMoment: 'soon' }, "'Updated' holds 'soon'"],
		['no number', { field: 'minimumBalance', valueNumber: 'many' }, "'Minimum Balance' is 'many'"],
		['neither yes nor no', { field: 'weighed', valueFlag: 'maybe' }, "'Is Weighed' is 'maybe'"],
		['an object for a text', { field: 'name', valueText: { a: 1 } }, "'Name' is an object"],
		['no ID', { field: 'id', valueId: '17' }, "'ID' is '17'"],
		['a name for a reference', supplier('Tea'), "'Supplier' is 'Tea'"],
		[
			'an object of another type',
			supplier({ meta: { href: `${ROOT}/entity/store/${UUID_A}` } }),
			"'Supplier' is",
		],
	] as Array<[string, Row, string]>)('%s is refused by the name of the field', (_, row, text) => {
		const run = () => written(assortment, row);
		expect(run).toThrow(InputProblem);
		expect(run).toThrow(text);
	});
});

describe('conditions of saved workflows of version 0.1.0', () => {
	it.each([
		[
			'a text',
			{ field: 'name', operator: 'contains', value: ['Tea', 'Milk'] },
			'name~Tea;name~Milk',
		],
		['the operator that was the default', { field: 'name', value: ['Tea'] }, 'name=Tea'],
		[
			'a value that was the default',
			{ field: 'minimumBalance', operator: 'greater' },
			'minimumBalance>0',
		],
		['yes, the default', { field: 'weighed', operator: 'equals' }, 'weighed=true'],
		['no', { field: 'weighed', value: false }, 'weighed=false'],
		['no value', { field: 'code', operator: 'isNotEmpty' }, 'code!='],
		[
			'a date',
			{ field: 'updated', operator: 'less', value: '2026-11-21T09:30:00' },
			'updated<2026-11-21 09:30:00.000',
		],
		['the field that was the default', { operator: 'notEquals', value: 5 }, 'alcoholic.type!=5'],
		['all but the value left out', { value: 5 }, 'alcoholic.type=5'],
		['only the operator', { operator: 'notEquals' }, 'alcoholic.type!=0'],
		['nothing but the field', { field: 'minimumBalance' }, 'minimumBalance=0'],
	] as Array<[string, Row, string]>)('%s', (_, row, filter) => {
		expect(filterOf(assortment, row)).toBe(filter);
	});

	it('run on with expressions in every place', () => {
		const row = { field: '={{ $json.f }}', operator: '={{ $json.o }}', value: ['={{ $json.v }}'] };
		expect(savedAndRun(assortment, row)).toMatchObject([row]);
	});

	it('say that they are old, and show nothing that would not count', () => {
		for (const row of [
			{ field: 'code', value: ['1'] },
			{ field: 'code', operator: 'isEmpty' },
		]) {
			const names = shownIn(assortment, { ...newRow(assortment), ...row }).map(({ name }) => name);
			expect(names).toEqual(['oldNotice', 'field']);
		}
	});

	it('with an empty value by expression are refused, not taken for what a new row begins with', () => {
		for (const row of [
			{ field: 'weighed', operator: '', value: '' },
			{ field: 'weighed', operator: 'equals', value: null },
		]) {
			expect(() => written(assortment, row)).toThrow("compare 'Is Weighed' with");
		}
	});

	it.each(everyField)('%s, with each of its operators', (_, operation, field) => {
		const value = {
			text: ['1'],
			uuid: [UUID_A],
			reference: [
				`${ROOT}/entity/${field.entity === '*' ? 'demand' : String(field.entity).split(',')[0]}/${UUID_A}`,
			],
			toggle: false,
			time: '2026-11-21',
			number: 3,
			choice: field.choices?.[0].value,
		}[field.kind];
		for (const operator of field.operators) {
			const row = { field: field.name, operator, value } as Row;
			const old = filterOf(operation, row);
			const made = filterOf(operation, {
				field: field.name,
				[operatorName(field)]: operator,
				[valueName(field)]: Array.isArray(value) ? value[0] : value,
			} as Row);
			expect(old).toBe(made);
			expect(old).toContain(field.name);
		}
	});
});

describe('several values on one side', () => {
	it('of a contract go by the counterparty or the organization', () => {
		const counterparty = `${ROOT}/entity/counterparty/${UUID_A}`;
		const organization = `${ROOT}/entity/organization/${UUID_B}`;
		const agent = (contracts.filter as FilterField[]).find(
			({ name }) => name === 'agent',
		) as FilterField;
		expect(
			filterOf(contracts, {
				field: 'agent',
				[valueName(agent)]: `${counterparty}\n${organization}`,
			}),
		).toBe(`agent=${counterparty};agent=${organization}`);
	});

	it('are compared each', () => {
		const terms = [{ field: 'code', operator: 'notEquals' as FilterOperator, values: [1, 'b'] }];
		expect(writeFilter(callOf(assortment, { filter: terms }))).toBe('code!=1;code!=b');
	});
});
