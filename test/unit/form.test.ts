import { NodeHelpers } from 'n8n-workflow';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';

import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { Operation, Vendor } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form/form';
import { pickable } from '../../nodes/shared/form/output';
import { everyOperation, operationOf, vendors } from './samples';

const forms = new Map(vendors.map((vendor) => [vendor, formOf(vendor)]));
const formFor = (vendor: Vendor) => forms.get(vendor) as INodeProperties[];

type Shown = Record<string, unknown>;

/** Whether n8n shows a property when the parameters are these. */
function isShown(property: INodeProperties, parameters: Shown): boolean {
	return NodeHelpers.displayParameter(parameters as INodeParameters, property, null, null);
}

/** The properties of an operation's form, beside resource and operation. */
function fieldsOf(vendor: Vendor, operation: Operation, parameters: Shown = {}): INodeProperties[] {
	const all = {
		resource: operation.resource,
		operation: operation.operation,
		returnAll: false,
		inputMode: 'fields',
		...parameters,
	};
	return formFor(vendor).filter(
		(property) => !['resource', 'operation'].includes(property.name) && isShown(property, all),
	);
}

function named(properties: INodeProperties[], name: string): INodeProperties {
	const found = properties.filter((property) => property.name === name);
	expect(found).toHaveLength(1);
	return found[0];
}

/** Lists of choices in a form, with the way to them. */
function choiceLists(
	properties: INodeProperties[],
	path = '',
): Array<[string, INodePropertyOptions[]]> {
	return properties.flatMap((property): Array<[string, INodePropertyOptions[]]> => {
		const here = `${path}${property.name}`;
		// What a method of the node loads is nowhere in the form.
		if (property.typeOptions?.loadOptionsMethod) return [];
		if (property.type === 'options' || property.type === 'multiOptions') {
			return [[here, property.options as INodePropertyOptions[]]];
		}
		if (property.type === 'collection')
			return choiceLists(property.options as INodeProperties[], `${here}.`);
		if (property.type === 'fixedCollection') {
			return (property.options as INodePropertyCollection[]).flatMap(({ name, values }) =>
				choiceLists(values, `${here}.${name}.`),
			);
		}
		return [];
	});
}

const sorted = (names: string[]) =>
	[...names].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));

const UNITS = ['Hour', 'Day', 'Week', 'Month', 'Year'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Days and units of time as n8n itself has them, all else by the alphabet. */
const expected = (names: string[]) => {
	const known = names.filter((name) => !name.startsWith('Not '));
	const order = [UNITS, DAYS].find((all) => known.every((name) => all.includes(name)));
	if (!order) return sorted(names);
	return [
		...names.filter((name) => name.startsWith('Not ')),
		...order.filter((name) => known.includes(name)),
	];
};

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
	'the form of %s',
	(_, vendor) => {
		const form = formFor(vendor);

		it('begins with resource and operation, which take no expressions', () => {
			expect(form[0]).toMatchObject({ name: 'resource', type: 'options', noDataExpression: true });
			const operations = form.filter(({ name }) => name === 'operation');
			expect(operations).toHaveLength(vendor.resources.length);
			for (const property of operations) expect(property.noDataExpression).toBe(true);
		});

		it('offers every resource, and of each every operation', () => {
			const resources = (form[0].options as INodePropertyOptions[]).map(({ value }) => value);
			expect(resources).toEqual(expect.arrayContaining(vendor.resources.map(({ value }) => value)));
			expect(resources).toContain(form[0].default);
			for (const resource of resources) {
				const property = form.find((one) => one.name === 'operation' && isShown(one, { resource }));
				const offered = property?.options as INodePropertyOptions[];
				const wanted = vendor.operations.filter((operation) => operation.resource === resource);
				expect(offered.map(({ value }) => value).sort()).toEqual(
					wanted.map(({ operation }) => operation).sort(),
				);
				expect(offered.map(({ value }) => value)).toContain(property?.default);
				for (const { action, description, name } of offered) {
					expect([action, description, name].every((text) => (text ?? '').length > 0)).toBe(true);
				}
			}
		});

		it('names no resource twice and no operation twice', () => {
			const keys = vendor.operations.map(({ resource, operation }) => `${resource}.${operation}`);
			expect(new Set(keys).size).toBe(keys.length);
		});
	},
);

describe.each(everyOperation)('%s', (_, vendor, operation) => {
	const fields = fieldsOf(vendor, operation);
	const everything = formFor(vendor).filter(
		(property) =>
			property.displayOptions?.show?.resource?.includes(operation.resource) &&
			property.displayOptions.show.operation?.includes(operation.operation),
	);

	it('shows every field of the catalogue once, at the top or in its section', () => {
		for (const field of operation.fields) {
			if (!field.section) {
				const parameters = Object.fromEntries(
					Object.entries(field.when ?? {}).map(([name, values]) => [name, values[0]]),
				);
				expect(named(fieldsOf(vendor, operation, parameters), field.name).displayName).toBe(
					field.label,
				);
			} else {
				const section = named(fields, field.section);
				expect(section).toMatchObject({ type: 'collection', default: {} });
				expect(named(section.options as INodeProperties[], field.name).displayName).toBe(
					field.label,
				);
			}
		}
	});

	it('marks required fields, and only those', () => {
		for (const field of operation.fields.filter(({ section }) => !section)) {
			const property = everything.find(({ name }) => name === field.name);
			// Nothing is written without fields.
			const required = field.kind === 'mapper' || (field.required ?? false);
			// n8n would not run a node in which such a field is empty; the form says where its value comes from then.
			if (field.fallback) {
				expect(property?.description).toContain('Left empty, the one in the credential counts');
			}
			expect(property?.required ?? false).toBe(required && !field.fallback);
		}
	});

	it('hides a field that depends on another one', () => {
		for (const field of operation.fields.filter(({ when, section }) => when && !section)) {
			expect(fieldsOf(vendor, operation).map(({ name }) => name)).not.toContain(field.name);
		}
	});

	it('has Return All and Limit when it gives a list, and else neither', () => {
		const names = fields.map(({ name }) => name);
		// A chart's rows belong together.
		const paged = operation.list !== undefined && operation.list.whole !== true;
		expect(names.includes('returnAll')).toBe(paged);
		expect(names.includes('limit')).toBe(paged);
		if (!paged) return;
		expect(named(fields, 'returnAll')).toMatchObject({
			displayName: 'Return All',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		});
		expect(named(fields, 'limit')).toMatchObject({
			displayName: 'Limit',
			type: 'number',
			default: 50,
			description: 'Max number of results to return',
			typeOptions: { minValue: 1 },
		});
		const withAll = fieldsOf(vendor, operation, { returnAll: true }).map(({ name }) => name);
		expect(withAll).not.toContain('limit');
	});

	it('lets choose the output when it can simplify, and else not', () => {
		const outputs = ['output', 'outputFields', 'simplify'];
		const shown = (parameters: Shown) =>
			fieldsOf(vendor, operation, parameters).filter(({ name }) => outputs.includes(name));
		if (!operation.simplify) {
			expect(shown({ output: 'selectedFields' })).toEqual([]);
			return;
		}
		// As in workflows of version 0.1.0, which have the switch that is hidden now.
		for (const [simplify, preset] of [
			[true, 'simplified'],
			[false, 'raw'],
			['={{ $json.flat }}', 'simplified'],
		]) {
			const [former, output, ...more] = shown({ simplify, output: preset });
			expect(former).toMatchObject({ type: 'hidden', default: true });
			expect(output).toMatchObject({ displayName: 'Output', type: 'options', default: preset });
			expect(more).toEqual([]);
		}
		const offered = named(shown({ simplify: true }), 'output').options as INodePropertyOptions[];
		const canPick = pickable(operation).length > 0;
		expect(offered.map(({ value }) => value).includes('selectedFields')).toBe(canPick);
		if (!canPick) {
			// An answer that is an ID alone.
			expect(Object.keys(operation.output)).toEqual(['id']);
			expect(shown({ output: 'selectedFields' }).map(({ name }) => name)).not.toContain(
				'outputFields',
			);
			return;
		}
		const picker = named(shown({ output: 'selectedFields' }), 'outputFields');
		const choices = (picker.options as INodePropertyOptions[]).map(({ value }) => value);
		expect([...choices, 'id']).toEqual(expect.arrayContaining(Object.keys(operation.output)));
	});

	it('has no name twice among what is shown together', () => {
		const switches = operation.fields.flatMap(({ when }) => Object.entries(when ?? {}));
		const states: Shown[] = [
			{},
			...switches.flatMap(([name, values]) => values.map((value) => ({ [name]: value }))),
		];
		for (const state of states) {
			const names = fieldsOf(vendor, operation, state).map(({ name }) => name);
			expect(names).toEqual([...new Set(names)]);
		}
	});

	it('has the fields of its sections in alphabetical order, each once', () => {
		for (const section of everything.filter(({ type }) => type === 'collection')) {
			const options = section.options as INodeProperties[];
			const labels = options.map(({ displayName }) => displayName);
			expect(labels).toEqual(sorted(labels));
			const names = options.map(({ name }) => name);
			expect(names).toEqual([...new Set(names)]);
		}
	});

	it('has long lists of choices in alphabetical order, but for days, units of time and a last "Other"', () => {
		const lists = choiceLists(everything).filter(([path]) => !/\.operator\w*$/.test(path));
		for (const [path, options] of lists) {
			const names = options.map(({ name }) => name).filter((name) => !name.startsWith('Other'));
			// n8n's rule: from five choices on.
			if (names.length >= 5) expect({ path, names }).toEqual({ path, names: expected(names) });
		}
	});

	it('says of each switch what it does', () => {
		for (const { type, displayName, description } of everything) {
			if (type === 'boolean') expect(description).not.toBe(`Whether '${displayName}' is on`);
		}
	});

	it('names no field after the brackets of the API', () => {
		for (const { displayName } of everything) expect(displayName).not.toMatch(/^Filter \w/);
	});

	it('has no choice twice, and each default among the choices', () => {
		for (const [, options] of choiceLists(everything)) {
			const values = options.map(({ value }) => value);
			expect(values).toEqual([...new Set(values)]);
		}
		for (const property of everything.filter(({ type }) => type === 'options')) {
			if (property.typeOptions?.loadOptionsMethod) continue;
			expect((property.options as INodePropertyOptions[]).map(({ value }) => value)).toContain(
				property.default,
			);
		}
	});

	it('has fields to write by hand or from the input, and JSON in their place', () => {
		const field = operation.fields.find(({ kind }) => kind === 'mapper');
		const names = (inputMode: string) =>
			fieldsOf(vendor, operation, { inputMode }).map(({ name }) => name);
		expect(names('fields').includes('inputMode')).toBe(field !== undefined);
		expect(names('fields').includes('fields')).toBe(field !== undefined);
		expect(names('json').includes('json')).toBe(field !== undefined);
		expect(names('fields')).not.toContain('json');
		expect(names('json')).not.toContain('fields');
		if (field?.kind !== 'mapper') return;
		const { mode } = field.mapper;
		expect(named(fields, 'fields')).toMatchObject({
			type: 'resourceMapper',
			typeOptions: {
				loadOptionsDependsOn: ['resource', 'operation', ...(field.mapper.dependsOn ?? [])],
				resourceMapper: {
					resourceMapperMethod: 'mapFields',
					mode: mode === 'upsert' ? 'upsert' : 'add',
					multiKeyMatch: false,
				},
			},
		});
		expect(names('json').includes('matchOn')).toBe(mode === 'upsert');
		expect(names('fields')).not.toContain('matchOn');
	});

	it('has the options that come with what it can do', () => {
		const options = fields.find(({ name }) => name === 'options')?.options ?? [];
		const names = options.map(({ name }) => name);
		const maps = operation.fields.some(({ kind }) => kind === 'mapper');
		// Objects that cannot be asked for one by one leave no choice.
		const { bulk, job, replaces } = operation;
		const batches = bulk !== undefined && !(bulk.kind === 'get' && bulk.always);
		expect(names.includes('batching')).toBe(batches);
		// Two waits of Inspector Cloud ask in a way of their own, under the same name.
		const waits = operation.fields.some(({ name }) => name === 'waitMinutes');
		expect(names.includes('waitMinutes')).toBe(job !== undefined || waits);
		expect(names.includes('sendAsGiven')).toBe(replaces !== undefined);
		expect(names.includes('emptyValues')).toBe(maps);
		expect(names.includes('moreFields')).toBe(maps);
	});

	it('describes a switch with Whether', () => {
		const switches = [
			...everything,
			...everything
				.filter(({ type }) => type === 'collection')
				.flatMap(({ options }) => options as INodeProperties[]),
		].filter(({ type }) => type === 'boolean');
		for (const { description } of switches) expect(description).toMatch(/^Whether /);
	});

	it('lets every object be picked from a list or given by ID', () => {
		for (const field of operation.fields) {
			if (field.kind !== 'locator') continue;
			const holders = field.section
				? (named(fields, field.section).options as INodeProperties[])
				: everything;
			const { modes, type } = named(holders, field.name);
			expect(type).toBe('resourceLocator');
			const names = modes?.map(({ name }) => name);
			const { url, words } = field.locator;
			expect(names).toEqual(['list', ...(url ? ['url'] : []), 'id', ...(words ? ['words'] : [])]);
			expect(modes?.[0].typeOptions).toMatchObject({
				searchListMethod: field.locator.search,
				searchable: true,
			});
		}
	});
});

describe('fields of every kind', () => {
	const operation: Operation = {
		...operationOf(moySklad, 'currency', 'getAll'),
		fields: [
			{ name: 'body', label: 'Body', kind: 'json', to: 'control', default: '[]' },
			{ name: 'one', label: 'One', kind: 'loaded', load: 'getOnes', to: 'body:one' },
			{
				name: 'many',
				label: 'Many',
				kind: 'loaded',
				load: 'getMany',
				multiple: true,
				to: 'body:many',
			},
			{
				name: 'parts',
				label: 'Parts',
				kind: 'rows',
				button: 'Add Part',
				rowLabel: 'Part',
				to: 'body:parts',
				columns: [
					{ name: 'type', label: 'Type', kind: 'text', to: 'control' },
					{ name: 'size', label: 'Size', kind: 'number', to: 'control', when: { type: ['box'] } },
				],
			},
		],
	};
	const resources = moySklad.resources.filter(({ value }) => value === 'currency');
	const form = formOf({ ...moySklad, resources, operations: [operation] });

	it('become what n8n has for them', () => {
		expect(named(form, 'body')).toMatchObject({ type: 'json', default: '[]' });
		expect(named(form, 'one')).toMatchObject({
			type: 'options',
			default: '',
			typeOptions: {
				loadOptionsMethod: 'getOnes',
				loadOptionsDependsOn: ['resource', 'operation'],
			},
		});
		expect(named(form, 'many')).toMatchObject({
			type: 'multiOptions',
			default: [],
			typeOptions: { loadOptionsMethod: 'getMany' },
		});
		const parts = named(form, 'parts');
		expect(parts).toMatchObject({
			type: 'fixedCollection',
			placeholder: 'Add Part',
			default: {},
			typeOptions: { multipleValues: true },
		});
		expect(parts.options).toMatchObject([
			{
				name: 'row',
				displayName: 'Part',
				values: [
					{ name: 'type', type: 'string' },
					{ name: 'size', type: 'number', displayOptions: { show: { type: ['box'] } } },
				],
			},
		]);
	});
});

describe('conditions', () => {
	it('are offered by a list that has no other filters', () => {
		const operation = operationOf(moySklad, 'currency', 'getAll');
		const fields = operation.fields.filter(
			({ section, formerly }) => section !== 'filters' && formerly !== 'filters',
		);
		const resources = moySklad.resources.filter(({ value }) => value === 'currency');
		const form = formOf({ ...moySklad, resources, operations: [{ ...operation, fields }] });
		expect(form.map(({ name }) => name)).toContain('conditions');
		expect(form.map(({ name }) => name)).not.toContain('filters');
	});
});

describe('rows that MoySklad replaces whole', () => {
	/** What stands between the rows of a form and the parameter before them. */
	const above = (vendor: Vendor, resource: string, operation: string, rows: string) => {
		const fields = fieldsOf(vendor, operationOf(vendor, resource, operation));
		const notice = fields[fields.findIndex(({ name }) => name === rows) - 1];
		return notice.type === 'notice' ? notice.displayName : undefined;
	};

	const kept =
		'Rows given here replace all items that the document has. The resource Item adds or changes single ones.';
	const made =
		'Rows given here take the place of those that MoySklad takes over from the basis document.';

	const priced = 'A row without a price has the price, discount and VAT that its goods have there.';

	it.each([
		['create', 'customerorder', undefined],
		['create', 'move', undefined],
		['createFrom', 'demand', `${made} ${priced}`],
		['createFrom', 'processingorder', made],
		['update', 'customerorder', kept],
		['update', 'move', kept],
		['upsert', 'customerorder', kept],
	])('of a document: %s of %s', (operation, resource, text) => {
		expect(above(moySkladDocuments, resource, operation, 'positions')).toBe(text);
	});

	it('barcodes, unless they are to be added', () => {
		expect(above(moySklad, 'product', 'create', 'barcodes')).toBeUndefined();
		for (const operation of ['update', 'upsert']) {
			expect(above(moySklad, 'product', operation, 'barcodes')).toBe(
				"Barcodes given here replace all that the object has, unless the option 'Barcodes and Packages' says Add.",
			);
		}
	});
});
