/** What nobody touched is not sent: for every operation of every vendor, a form with only what is required. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	ResourceMapperField,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { Call, Field, Operation, Vendor } from '../../nodes/shared/catalogue';
import { allFields, formOf } from '../../nodes/shared/form/form';
import { mapFields } from '../../nodes/shared/form/mapper';
import { readCall } from '../../nodes/shared/form/parameters';
import { Form } from '../../nodes/shared/form/values';
import { speedUp } from '../engine/clock';
import { savedMapper } from './editorMapper';
import { n8nContext } from './n8nContext';
import { filled } from './filled';
import {
	credentialsOf,
	everyOperation,
	formOfOperation,
	node,
	operationOf,
	UUID_A,
	vendors,
} from './samples';
import { ROOT, wiresTo } from './shop';

// A form that asks for the account's fields waits for the vendor's budget like everybody.
let slowDown: () => void;
beforeAll(() => {
	slowDown = speedUp(2000, 10_000);
});
afterAll(() => slowDown());

/** Takes every phone field, also one that wants the code of the country. */
const PHONE = '+1 315 555-01-75';

const forms = new Map(vendors.map((vendor) => [vendor, formOf(vendor)]));
const formFor = (vendor: Vendor) => forms.get(vendor) as INodeProperties[];

/** Attributes of an account, one of each kind that the form has; MoySklad's are rows like these. */
const ATTRIBUTES = ['boolean', 'string', 'double', 'time', 'file', 'counterparty'].flatMap(
	(type, index) =>
		[true, false].map((required) => ({
			id: UUID_A.replace(/^.{2}/, `${index}${required ? 1 : 0}`),
			name: `${type} ${required ? 'needed' : 'free'}`,
			type,
			required,
		})),
);

/** The mapper's fields as the editor gets them. */
async function shownFields(vendor: Vendor, operation: Operation): Promise<ResourceMapperField[]> {
	const { helpers } = wiresTo(() => ({ body: { rows: ATTRIBUTES } }));
	const context = {
		getNode: () => node,
		getCredentials: async () => credentialsOf[vendor.credentialType],
		getCurrentNodeParameter: (name: string) =>
			({ resource: operation.resource, operation: operation.operation, locationId: '4564' })[name],
		helpers,
	} as unknown as ILoadOptionsFunctions;
	return (await mapFields(vendor).call(context)).fields;
}

/** The form's parameters after resource, operation and the required fields were filled in. */
function parametersOf(vendor: Vendor, operation: Operation, mapped?: unknown): IDataObject {
	const given: IDataObject = { resource: operation.resource, operation: operation.operation };
	for (const field of operation.fields) {
		if (field.kind === 'mapper') given[field.name] = mapped as IDataObject;
		else if (field.required && !field.section) given[field.name] = filled(field) as IDataObject;
	}
	return NodeHelpers.getNodeParameters(
		formOfOperation(vendor, operation),
		given as INodeParameters,
		true,
		false,
		{ typeVersion: 1 },
		null,
	) as IDataObject;
}

function read(vendor: Vendor, operation: Operation, parameters: IDataObject): Call {
	const properties = formOfOperation(vendor, operation);
	return readCall(new Form(n8nContext(properties, parameters)), operation, 0, ROOT);
}

/** What the form shows at the top with a value of its own: who leaves it, sees what is sent. */
function isShown(field: Field, parameters: IDataObject): boolean {
	if (field.section) return false;
	const conditions = Object.entries(field.when ?? {});
	return conditions.every(([name, values]) =>
		(values as unknown[]).includes(parameters[name.replace(/^\//, '')]),
	);
}

describe.each(everyOperation)('%s, only what is required filled in', (_, vendor, operation) => {
	const hasMapper = operation.fields.some(({ kind }) => kind === 'mapper');

	it('sends nothing else', async () => {
		const shown = hasMapper ? await shownFields(vendor, operation) : [];
		const required = shown.filter((field) => field.required);
		// Any value shows whether the field is sent; what it becomes is tested elsewhere.
		const touched = Object.fromEntries(
			required.map((field) => [
				field.id,
				`={{ ${JSON.stringify(mappedSample(operation, field))} }}`,
			]),
		);
		const matching = shown.find(({ defaultMatch }) => defaultMatch);
		if (matching) touched[matching.id] = matching.id === 'phone' ? PHONE : 'key';
		const parameters = parametersOf(vendor, operation, savedMapper(shown, touched));
		const call = read(vendor, operation, parameters);

		const visible = operation.fields.filter((field) => isShown(field, parameters) || field.stands);
		const placed = (where: string) =>
			visible
				.filter((field) => field.to.split(':')[0] === where)
				// Of a path in the body, the part at the top.
				.map(
					({ to, name }) => to.split(':')[1]?.replace(where === 'body' ? /\..*/ : '', '') ?? name,
				);
		expect(placed('path')).toEqual(expect.arrayContaining(Object.keys(call.path)));
		expect(placed('query')).toEqual(expect.arrayContaining(Object.keys(call.query)));
		expect(placed('control')).toEqual(expect.arrayContaining(Object.keys(call.control)));
		const needed = visible.filter(({ to, required }) => required && to.startsWith('filter:'));
		expect(call.filter.map(({ field }) => `filter:${field}`)).toEqual(needed.map(({ to }) => to));
		expect(call.sort).toEqual([]);
		const isAttribute = (id: string) => id.startsWith('attribute:');
		expect(Object.keys(call.extra)).toEqual(Object.keys(touched).filter(isAttribute));
		const body = [
			...placed('body'),
			...Object.keys(operation.constants ?? {}),
			...Object.keys(touched).filter((id) => !isAttribute(id)),
		];
		expect(body).toEqual(expect.arrayContaining(Object.keys(call.body)));
		// What was filled in does arrive.
		const arrived = [...Object.keys(call.body), ...(call.match ? [call.match.field] : [])];
		expect(arrived).toEqual(
			expect.arrayContaining(Object.keys(touched).filter((id) => !isAttribute(id))),
		);
	});
});

/** A value for a required field of a mapper. */
function mappedSample(operation: Operation, { id, type }: ResourceMapperField): unknown {
	const field = operation.fields.find(({ kind }) => kind === 'mapper');
	const entry = field?.kind === 'mapper' && field.mapper.fields.find(({ name }) => name === id);
	if (entry && entry.kind === 'array') {
		if (entry.looks?.includes('commas')) return ['12'];
		return entry.looks?.includes('IDs') ? [UUID_A] : [{ assortment: UUID_A, quantity: 1 }];
	}
	if (entry && entry.looks === 'object') return {};
	if (type === 'options') return entry && entry.choices ? entry.choices[0].value : false;
	if (type === 'number') return 1;
	if (type === 'dateTime') return '2026-11-28T10:00:00';
	if (/^(duration|length)$/.test(id)) return '3600';
	return id === 'phone' ? PHONE : UUID_A;
}

describe('a mapper as the editor saves it', () => {
	const mappers = everyOperation.filter(([, , { fields }]) =>
		fields.some(({ kind }) => kind === 'mapper'),
	);

	it.each(mappers)(
		'%s: no field has a value before somebody gives it one',
		async (_, vendor, operation) => {
			const fields = await shownFields(vendor, operation);
			expect(savedMapper(fields).value).toEqual({});
			// Also when a field that starts among those to be added is added and left.
			const added = fields.map((field) => ({ ...field, removed: false }));
			expect(savedMapper(added).value).toEqual({});
		},
	);

	it('a yes/no field of the catalogue and of the account is a choice of real values', async () => {
		const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
		const program = await shownFields(moySklad, operationOf(moySklad, 'bonusProgram', 'update'));
		const contract = await shownFields(moySklad, operationOf(moySklad, 'contract', 'create'));
		const toggles = [
			...program.filter(({ id }) => ['active', 'allAgents', 'allProducts'].includes(id)),
			...contract.filter(({ displayName }) => displayName.endsWith('(Checkbox)')),
		];
		expect(toggles).toHaveLength(5);
		for (const toggle of toggles) {
			expect(toggle.type).toBe('options');
			expect(toggle.options).toEqual([
				{ name: 'Yes', value: true },
				{ name: 'No', value: false },
			]);
		}
	});

	it.each([
		['a real value', false, false],
		['a text by expression', '={{ "TRUE" }}', true],
		['a number by expression', '={{ 0 }}', false],
	])('%s passes the editor and n8n', async (_, given, sent) => {
		const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
		const operation = operationOf(moySklad, 'bonusProgram', 'update');
		const mapped = savedMapper(await shownFields(moySklad, operation), { active: given });
		const parameters = parametersOf(moySklad, operation, mapped);
		expect(issuesOf(moySklad, parameters)).toBeNull();
		expect(read(moySklad, operation, parameters).body).toEqual({ active: sent });
	});

	it('a value that the list does not have passes by expression', async () => {
		const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
		const operation = operationOf(moySklad, 'bundle', 'update');
		const mapped = savedMapper(await shownFields(moySklad, operation), {
			trackingType: '={{ "RADIO_2027" }}',
		});
		const parameters = parametersOf(moySklad, operation, mapped);
		expect(issuesOf(moySklad, parameters)).toBeNull();
		expect(read(moySklad, operation, parameters).body).toEqual({ trackingType: 'RADIO_2027' });
	});

	it('a required choice that nobody made is an issue before the start', async () => {
		const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
		const operation = operationOf(moySklad, 'bonusProgram', 'create');
		const mapped = savedMapper(await shownFields(moySklad, operation), { name: 'Club' });
		const issues = issuesOf(moySklad, parametersOf(moySklad, operation, mapped));
		expect(Object.keys(issues?.parameters ?? {})).toEqual(
			expect.arrayContaining(['fields.active', 'fields.allAgents']),
		);
	});

	it('values of 0.1.0 with its schema of booleans stay what they were', () => {
		const moySklad = vendors.find(({ name }) => name === 'MoySklad') as Vendor;
		const operation = operationOf(moySklad, 'bonusProgram', 'update');
		const old = (id: string) => ({ id, displayName: id, required: false, type: 'boolean' });
		const saved = {
			mappingMode: 'defineBelow',
			value: { name: 'Club', active: false, allAgents: true },
			matchingColumns: [],
			schema: [{ ...old('name'), type: 'string' }, old('active'), old('allAgents')],
		};
		const parameters = parametersOf(moySklad, operation, saved);
		expect(issuesOf(moySklad, parameters)).toBeNull();
		expect(read(moySklad, operation, parameters).body).toEqual(saved.value);
	});
});

function issuesOf(vendor: Vendor, parameters: IDataObject) {
	return NodeHelpers.getNodeParametersIssues(
		formFor(vendor),
		{ ...node, parameters: parameters as INodeParameters },
		null,
	);
}

/** Every list of choices of a form, with its preset. */
function presets(properties: INodeProperties[], path = ''): Array<[string, INodeProperties]> {
	return properties.flatMap((property): Array<[string, INodeProperties]> => {
		const here = `${path}${property.displayName}`;
		if (property.type === 'options') return [[here, property]];
		if (property.type === 'collection') {
			return presets(property.options as INodeProperties[], `${here} › `);
		}
		if (property.type !== 'fixedCollection') return [];
		return (property.options as INodePropertyCollection[]).flatMap(({ values }) =>
			presets(values, `${here} › `),
		);
	});
}

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
	'choices of %s',
	(_, vendor) => {
		it('are preset with one of theirs, or with nothing where the node loads them', () => {
			const wrong = presets(formFor(vendor)).filter(
				([, { options, default: preset, typeOptions }]) =>
					typeOptions?.loadOptionsMethod
						? preset !== ''
						: !(options as INodePropertyOptions[]).some(({ value }) => value === preset),
			);
			expect(wrong.map(([path, { default: preset }]) => `${path}: ${String(preset)}`)).toEqual([]);
		});
	},
);

it('every option that a collection offers is read by its operation', () => {
	for (const [name, vendor, operation] of everyOperation) {
		const names = new Set(
			allFields(operation)
				.filter(({ section }) => section === 'options')
				.map(({ name: one }) => one),
		);
		const shown = formFor(vendor).find(
			(property) =>
				property.name === 'options' &&
				(property.displayOptions?.show?.operation as string[] | undefined)?.includes(
					operation.operation,
				) &&
				(property.displayOptions?.show?.resource as string[] | undefined)?.includes(
					operation.resource,
				),
		);
		const offered = (shown?.options ?? []) as INodeProperties[];
		expect([
			name,
			offered
				.filter((option) => option.type !== 'hidden' && !names.has(option.name))
				.map((option) => option.name),
		]).toEqual([name, []]);
	}
});
