/**
 * What moved to the top of the forms, and rows that begin otherwise than they did: n8n's own loading and saving of a
 * node, so that workflows of before go on as they were.
 */
import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { Call, Field, Operation, Vendor } from '../../nodes/shared/catalogue';
import { readCall } from '../../nodes/shared/form/parameters';
import { Form } from '../../nodes/shared/form/values';
import { n8nContext } from './n8nContext';
import { everyOperation, formOfOperation, node, operationOf, UUID_A, vendors } from './samples';
import { ROOT } from './shop';

const chosen = ({ resource, operation }: Operation) => ({ resource, operation });

function kept(vendor: Vendor, parameters: IDataObject, withDefaults: boolean): IDataObject {
	return NodeHelpers.getNodeParameters(
		formOfOperation(vendor, parameters as ReturnType<typeof chosen>),
		parameters as INodeParameters,
		withDefaults,
		false,
		node,
		null,
	) as IDataObject;
}

/** Opened in the editor and saved again. */
const saved = (vendor: Vendor, parameters: IDataObject) =>
	kept(vendor, kept(vendor, parameters, true), false);

/** An ID that the locator takes: MoySklad's are UUIDs, those of others numbers. */
const idFor = ({ locator }: Field & { kind: 'locator' }, uuid: string, number: string) =>
	new RegExp(`^(?:${locator.id.pattern})$`).test(uuid) ? uuid : number;

/** What a required field gets, where the form does not begin with a value. */
function needed(field: Field): unknown {
	if (field.kind === 'locator') return idFor(field, UUID_A, '12');
	if (field.kind === 'time') return '2026-11-01';
	return 'default' in field && field.default ? undefined : '12';
}

function read(vendor: Vendor, operation: Operation, more: IDataObject): Call {
	const required = Object.fromEntries(
		operation.fields
			.filter(({ required, section }) => required && !section)
			.map((field) => [field.name, needed(field)])
			.filter(([, value]) => value !== undefined),
	) as IDataObject;
	const parameters = { ...chosen(operation), ...required, ...more };
	return readCall(
		new Form(n8nContext(formOfOperation(vendor, operation), parameters)),
		operation,
		0,
		ROOT,
	);
}

const sent = ({ query, filter, body, control }: Call) => ({ query, filter, body, control });

/** Two values that differ from what the field begins with. */
function samples(field: Field): [unknown, unknown] {
	switch (field.kind) {
		case 'choice': {
			const others = field.choices.filter(({ value }) => value !== field.default);
			return [others[0].value, others[1].value];
		}
		case 'choices':
			return [[field.choices[0].value], [field.choices[1].value]];
		case 'locator':
			return [
				{ __rl: true, mode: 'id', value: idFor(field, UUID_A, '12') },
				{ __rl: true, mode: 'id', value: idFor(field, UUID_A.replace(/^./, '9'), '13') },
			];
		case 'time':
			return ['2026-11-01T00:00:00', '={{ "2026-11-02" }}'];
		case 'loaded':
			return [['12'], ['13']];
		default:
			return takesText(field) ? ['tea', '={{ "coffee" }}'] : ['12', '={{ "13" }}'];
	}
}

/** IDs in a text field are checked. */
function takesText({ wire }: Field): boolean {
	try {
		wire?.('tea', { baseUrl: ROOT, timezone: 'UTC', parameter: () => undefined });
		return true;
	} catch {
		return false;
	}
}

const moved = everyOperation.flatMap(([name, vendor, operation]) =>
	operation.fields
		.filter(({ formerly }) => formerly)
		.map((field) => ({ name, vendor, operation, field, label: field.label })),
);

it('lists can be searched without adding a filter first', () => {
	const lists = everyOperation.filter(([, , { list, fields }]) =>
		fields.some((field) => list && field.name === 'search'),
	);
	expect(lists.length).toBeGreaterThan(40);
	for (const [name, vendor, operation] of lists) {
		const top = formOfOperation(vendor, operation).filter(
			(property) =>
				property.name === 'search' &&
				NodeHelpers.displayParameter(chosen(operation), property, node, null),
		);
		expect([name, top.map(({ type }) => type)]).toEqual([name, ['string']]);
	}
});

/** Searches, states and periods: what people narrow a list by. */
const COMMON =
	/^(search|term|title|quick_search|filterName|agent|since|status|statuses|stocksWarehouseId|requestStatuses|offerIds|skus|startDate|endDate|(date|dateTime|creationDate|updateDate|requestDate)(From|To))$/;

it.each(everyOperation.filter(([, , { list, deprecated }]) => list && !deprecated))(
	'%s: what lists are narrowed by most stands at the top',
	(_, vendor, operation) => {
		const below = operation.fields.filter(
			({ name, section, when }) => section && !when && COMMON.test(name),
		);
		expect(below.map(({ name }) => name)).toEqual([]);
		const form = formOfOperation(vendor, operation).filter((property) =>
			NodeHelpers.displayParameter(chosen(operation), property, node, null),
		);
		for (const { name, help = '' } of operation.fields.filter(({ formerly }) => formerly)) {
			expect([name, help.split(' ').length >= 3]).toEqual([name, true]);
			expect(form.map((property) => property.name)).toContain(name);
		}
	},
);

describe.each(moved)('$name: $label at the top', ({ vendor, operation, field }) => {
	const { name, formerly = 'filters' } = field;
	const [one, other] = samples(field) as IDataObject[string][];

	it('means what it meant in its former place', () => {
		const top = sent(read(vendor, operation, { [name]: one }));
		expect(top).not.toEqual(sent(read(vendor, operation, {})));
		expect(sent(read(vendor, operation, { [formerly]: { [name]: one } }))).toEqual(top);
		expect(sent(read(vendor, operation, { [formerly]: { [name]: other } }))).toEqual(
			sent(read(vendor, operation, { [name]: other })),
		);
	});

	it('takes the place of the former, once it is filled in', () => {
		const both = { [name]: one, [formerly]: { [name]: other } };
		expect(sent(read(vendor, operation, both))).toEqual(
			sent(read(vendor, operation, { [name]: one })),
		);
	});

	it('leaves the former in a workflow that is opened and saved', () => {
		const former: IDataObject = { ...chosen(operation), [formerly]: { [name]: one } };
		expect(saved(vendor, former)[formerly]).toEqual(former[formerly]);
	});

	it('shows the former in those workflows only', () => {
		const shownWith = (values: IDataObject) => {
			const parameters = kept(
				vendor,
				{ ...chosen(operation), ...(Object.keys(values).length > 0 ? { [formerly]: values } : {}) },
				true,
			) as INodeParameters;
			const shown = formOfOperation(vendor, operation).filter((property) =>
				NodeHelpers.displayParameter(parameters, property, node, null),
			);
			const collection = shown.find((property) => property.name === formerly);
			if (collection?.type === 'hidden') {
				return shown.filter(({ displayName }) => displayName.startsWith('This node still has'));
			}
			return ((collection?.options ?? []) as INodeProperties[]).filter(
				(option) =>
					option.name === name &&
					NodeHelpers.displayParameter(values as INodeParameters, option, node, null, parameters),
			);
		};
		expect(shownWith({})).toEqual([]);
		expect(shownWith({ [name]: one })).toHaveLength(1);
	});
});

describe('a range of dates', () => {
	const documents = vendors.find(({ resources }) =>
		resources.some(({ value }) => value === 'customerorder'),
	) as Vendor;
	const orders = operationOf(documents, 'customerorder', 'getAll');

	it.each([
		[
			{ momentFrom: '2026-11-01T00:00:00' },
			['moment', 'greaterOrEqual', '2026-11-01 00:00:00.000'],
		],
		[{ momentBefore: '2026-11-01T00:00:00Z' }, ['moment', 'less', '2026-11-01 03:00:00.000']],
	])('%j', (given, [field, operator, value]) => {
		expect(read(documents, orders, given).filter).toEqual([{ field, operator, values: [value] }]);
	});

	it('is in the form of every list of documents that can be filtered by date', () => {
		const lists = documents.operations.filter(
			({ operation, filter }) =>
				operation === 'getAll' && filter?.some(({ name }) => name === 'moment'),
		);
		expect(lists.length).toBeGreaterThan(25);
		for (const { resource, fields } of lists) {
			const names = fields.map(({ name }) => name);
			expect([resource, names.includes('momentFrom') && names.includes('momentBefore')]).toEqual([
				resource,
				true,
			]);
		}
	});
});

const sorted = everyOperation.filter(([, , { sort }]) => sort);

function sortValues(vendor: Vendor, operation: Operation): INodeProperties[] {
	const property = formOfOperation(vendor, operation).find(
		(one) =>
			one.name === 'sort' && NodeHelpers.displayParameter(chosen(operation), one, node, null),
	);
	return (property?.options as INodePropertyCollection[])[0].values;
}

describe.each(sorted)('the sort rows of %s', (_, vendor, operation) => {
	const choices = operation.sort ?? [];
	const run = (rows: IDataObject[]) =>
		read(vendor, operation, {
			sort: saved(vendor, { ...chosen(operation), sort: { by: rows } }).sort,
		}).sort;
	/** As n8n's editor makes it: of parameters with one name, the last gives the default. */
	const fresh = () =>
		Object.fromEntries(
			sortValues(vendor, operation).map(({ name, default: preset }) => [name, preset]),
		) as IDataObject;

	it('begin with what people sort by', () => {
		const [[field, direction]] = run([fresh()]);
		expect(direction).toBe('asc');
		const offered = choices.map(({ value }) => value);
		const first = ['moment', 'name', 'dueToDate', 'created', 'id'].find((one) =>
			offered.includes(one),
		);
		expect(field).toBe(operation.resource === 'contract' ? 'name' : first);
	});

	it('take every field', () => {
		for (const { value } of choices) {
			expect(run([{ ...fresh(), field: value }])).toEqual([[value, 'asc']]);
			expect(run([{ ...fresh(), field: value, direction: 'desc' }])).toEqual([[value, 'desc']]);
		}
	});

	it('of before mean what they meant', () => {
		expect(run([{}])).toEqual([[choices[0].value, 'asc']]);
		expect(run([{ direction: 'desc' }])).toEqual([[choices[0].value, 'desc']]);
		for (const { value } of choices) {
			expect(run([{ field: value }])).toEqual([[value, 'asc']]);
		}
	});
});
