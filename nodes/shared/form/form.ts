/** The n8n form, made from the catalogue: resources, operations, fields, filters, sorting, options. */
import type {
	IDisplayOptions,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';

import type {
	Bulk,
	Choice,
	Field,
	Locator,
	Mapper,
	Operation,
	Section,
	Vendor,
} from '../catalogue';
import { conditionsProperty } from './conditions';
import { fold } from './fold';
import { OUTPUTS, pickable } from './output';
import { LOCAL_TERMS } from './terms';
import { InputProblem } from '../errors/problems';

const SECTION_LABELS: Record<Section, { displayName: string; placeholder: string }> = {
	filters: { displayName: 'Filters', placeholder: 'Add Filter' },
	additionalFields: { displayName: 'Additional Fields', placeholder: 'Add Field' },
	updateFields: { displayName: 'Update Fields', placeholder: 'Add Field' },
	options: { displayName: 'Options', placeholder: 'Add Option' },
};

/** Sections in the order in which the form shows them, below the fields at the top. */
const SECTIONS: Section[] = ['filters', 'additionalFields', 'updateFields', 'options'];

/** n8n makes a node of the same type many times. */
const forms = new WeakMap<Vendor, INodeProperties[]>();

/** All properties of a vendor's action node. */
export function formOf(vendor: Vendor): INodeProperties[] {
	let form = forms.get(vendor);
	if (!form) {
		form = [
			resourceProperty(vendor),
			...vendor.resources.map(({ value }) => operationProperty(vendor, value)),
			...fold(vendor.operations.map(operationForm)),
		];
		forms.set(vendor, form);
	}
	// n8n adds properties of its own to some lists.
	return [...form];
}

function resourceProperty(vendor: Vendor): INodeProperties {
	return {
		...chooser(
			'Resource',
			'resource',
			labelled(byName(vendor.resources)),
			vendor.resources[0].value,
		),
		noDataExpression: true,
	};
}

function operationProperty(vendor: Vendor, resource: string): INodeProperties {
	const operations = vendor.operations.filter((entry) => entry.resource === resource);
	const choice = ({ name, operation, action, description }: Operation): INodePropertyOptions => ({
		name,
		value: operation,
		action,
		description,
	});
	const current = operations.filter(({ deprecated }) => !deprecated);
	const former = operations.filter(({ deprecated }) => deprecated);
	const first = current.find((entry) => entry.operation === 'getAll') ?? current[0];
	const choices = [
		...byName(current.map(choice)),
		...byName(former.map((entry) => formerChoice(choice(entry)))),
	];
	return {
		...chooser('Operation', 'operation', choices, first.operation),
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
	};
}

/**
 * The editor shows it only in nodes that have it chosen already. The nodes panel lists every choice, so that the name
 * says it as well.
 */
function formerChoice({ action, name, ...choice }: INodePropertyOptions): INodePropertyOptions {
	return {
		...choice,
		name: `${name} (Deprecated)`,
		action: `${action} (deprecated)`,
		displayOptions: { show: { operation: [choice.value] } },
	};
}

/** What the end of a call's life means for its users, in one sentence. */
export function endOfLife({ name, deprecated }: Operation): string | undefined {
	if (!deprecated) return undefined;
	const { since, off, instead } = deprecated;
	const end = off ? ` and switched off on ${off}` : '';
	return `'${name}' is deprecated since ${since}${end}.${instead ? ` Use '${instead}' in its place.` : ''}`;
}

/** The properties of one operation, in the order of the form. */
export function operationForm(operation: Operation): INodeProperties[] {
	const show: IDisplayOptions = {
		show: { resource: [operation.resource], operation: [operation.operation] },
	};
	const properties: INodeProperties[] = [];
	const end = endOfLife(operation);
	if (end) {
		properties.push({
			displayName: end,
			name: 'endOfLife',
			type: 'notice',
			default: '',
			displayOptions: show,
		});
	}
	for (const field of operation.fields) {
		if (field.kind === 'mapper') properties.push(...mapperProperties(field.mapper, show));
		else if (!field.section) {
			const displayOptions = showAlso(show, field.when);
			if (field.notice) {
				properties.push({
					displayName: field.notice,
					name: `${field.name}Notice`,
					type: 'notice',
					default: '',
					displayOptions,
				});
			}
			properties.push({ ...fieldProperty(field), displayOptions });
		}
	}
	if (operation.list && !operation.list.whole) properties.push(...listProperties(show));
	if (operation.simplify) properties.push(...outputProperties(operation, show));
	for (const section of SECTIONS) {
		const fields = allFields(operation).filter((field) => field.section === section);
		const former = operation.fields.filter(({ formerly }) => formerly === section);
		if (fields.length > 0) properties.push(sectionProperty(section, fields, former, show));
		else if (former.length > 0) properties.push(...formerSection(section, former, show));
		if (section === 'filters' && operation.filter) {
			properties.push(conditionsProperty(operation.filter, show, operation.newFilter));
		}
	}
	if (operation.sort) properties.push(sortProperty(operation.sort, show));
	return properties;
}

/** The operation's fields, and the options that come with what it is able to do. */
export function allFields(operation: Operation): Field[] {
	const mapped = operation.fields.some(({ kind }) => kind === 'mapper');
	return [
		...operation.fields,
		...(mapped ? [EMPTY_VALUES, MORE_FIELDS] : []),
		...abilityFields(operation),
	];
}

/** Options of the runner, which come with what an operation is able to do; they are read as any field is. */
export function abilityFields({ bulk, job, replaces }: Operation): Field[] {
	return [
		...(job ? [WAIT_MINUTES] : []),
		...(replaces ? [SEND_AS_GIVEN] : []),
		...(bulk && !isAlwaysGot(bulk) ? [BATCHING] : []),
		...(bulk && bulk.kind !== 'get' && bulk.allOrNothing ? [LEAVE_OUT_REFUSED] : []),
	];
}

/** True for objects that cannot be asked for one by one. */
function isAlwaysGot(bulk: Bulk): boolean {
	return bulk.kind === 'get' && bulk.always === true;
}

const BATCHING = {
	name: 'batching',
	label: 'Batching',
	kind: 'toggle',
	default: true,
	section: 'options',
	to: 'control',
	help: 'Whether many input items share one request. Off is slower, and uses up the limit of requests.',
} satisfies Field;

const LEAVE_OUT_REFUSED: Field = {
	name: 'leaveOutRefused',
	label: 'Leave Out Refused Items',
	kind: 'toggle',
	default: false,
	section: 'options',
	to: 'control',
	help: 'Whether to send the others again when one item is refused. Off: one refused item keeps those of the same request from being saved.',
};

const WAIT_MINUTES: Field = {
	name: 'waitMinutes',
	label: 'Wait at Most (Minutes)',
	kind: 'number',
	default: 60,
	min: 1,
	max: 1440,
	section: 'options',
	to: 'control',
	help: 'How long to wait for the result. It fails after that.',
};

const SEND_AS_GIVEN: Field = {
	name: 'sendAsGiven',
	label: 'Send As Given',
	kind: 'toggle',
	default: false,
	section: 'options',
	to: 'control',
	help: 'Whether to send just the fields that you name. What you do not name is lost then, if the API replaces the whole object.',
};

export const EMPTY_VALUES = {
	name: 'emptyValues',
	label: 'Empty Values',
	kind: 'choice',
	section: 'options',
	to: 'control',
	default: 'ignore',
	choices: [
		{ name: 'Clear the Field', value: 'clear' },
		{ name: 'Leave the Field As It Is', value: 'ignore' },
	],
	help: 'What a field without a value does. In JSON, null clears either way, but for the nulls of a whole simplified row of this node.',
} satisfies Field;

const MORE_FIELDS: Field = {
	name: 'moreFields',
	label: 'Extra Fields',
	kind: 'json',
	section: 'options',
	to: 'control',
	placeholder: 'e.g. { "shared": true }',
	help: 'JSON object with further fields of the API, added to the ones above. Unknown fields are sent as they are.',
};

/** The resource mapper, and JSON in its place. */
function mapperProperties(mapper: Mapper, show: IDisplayOptions): INodeProperties[] {
	const inMode = (mode: string): IDisplayOptions => ({
		show: { ...show.show, inputMode: [mode] },
	});
	const matches = mapper.fields.filter(({ match }) => match);
	const first = matches.find(({ match }) => match === 'default') ?? matches[0];
	return [
		{
			displayName: 'Input',
			name: 'inputMode',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Fields',
					value: 'fields',
					description: 'Map fields by hand, or automatically from the input',
				},
				{ name: 'JSON', value: 'json', description: "One JSON object in the API's own form" },
			],
			default: 'fields',
			displayOptions: show,
		},
		{
			displayName: 'Fields',
			name: 'fields',
			type: 'resourceMapper',
			noDataExpression: true,
			default: { mappingMode: 'defineBelow', value: null },
			required: true,
			typeOptions: {
				loadOptionsDependsOn: ['resource', 'operation', ...(mapper.dependsOn ?? [])],
				resourceMapper: {
					resourceMapperMethod: 'mapFields',
					// n8n's own 'update' looks for columns to match on; ours gets the object from a locator.
					mode: mapper.mode === 'upsert' ? 'upsert' : 'add',
					fieldWords: { singular: 'field', plural: 'fields' },
					addAllFields: true,
					multiKeyMatch: false,
					supportAutoMap: true,
					...(mapper.mode === 'upsert'
						? {
								matchingFieldsLabels: {
									title: 'Match On',
									description: 'Field by which an existing object is found',
									hint: 'One that finds nothing is created. Two objects with the same value are an error.',
								},
							}
						: {}),
				},
			},
			displayOptions: inMode('fields'),
		},
		...(mapper.mode === 'upsert' && first
			? [
					{
						...chooser(
							'Match On',
							'matchOn',
							byName(matches.map(({ label, name }) => ({ name: label, value: name }))),
							first.name,
						),
						description:
							'Field by which an existing object is found. A custom attribute goes by expression: <code>attribute:</code> and its ID.',
						displayOptions: inMode('json'),
					},
				]
			: []),
		{
			displayName: 'JSON',
			name: 'json',
			type: 'json',
			default: '{}',
			required: true,
			description:
				"The fields of one object. References may be IDs, links or the API's own meta objects.",
			displayOptions: inMode('json'),
		},
	];
}

const exists: NonNullable<IDisplayOptions['show']>[string] = [{ _cnd: { exists: true } }];

/** A collection of optional fields; `former` ones are shown where a saved workflow has them. */
function sectionProperty(
	section: Section,
	fields: Field[],
	former: Field[],
	show: IDisplayOptions,
): INodeProperties {
	return {
		...SECTION_LABELS[section],
		name: section,
		type: 'collection',
		default: {},
		displayOptions: show,
		options: byLabel([
			...fields.map((field) => ({
				...fieldProperty(field),
				...(field.when ? { displayOptions: showAlso({}, rooted(field.when)) } : {}),
			})),
			...former.map((field) => ({
				...fieldProperty(field),
				displayName: `${field.label} (From an Earlier Version)`,
				description: `Goes on as it was, as long as '${field.label}' above is not filled in`,
				displayOptions: { show: { [field.name]: exists } },
			})),
		]),
	};
}

/** A section of which nothing is left: n8n keeps what the form knows, seen or not. */
function formerSection(
	section: Section,
	former: Field[],
	show: IDisplayOptions,
): INodeProperties[] {
	const { displayName } = SECTION_LABELS[section];
	return [
		{ displayName, name: section, type: 'hidden', default: {}, displayOptions: show },
		...former.map(({ name, label }): INodeProperties => ({
			displayName: `This node still has the ${label} that an earlier version kept among the ${displayName}. It goes on as it was, as long as '${label}' is not filled in.`,
			name: 'formerNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...show.show, [`/${section}.${name}`]: exists } },
		})),
	];
}

/** Choices under names that people find in either language: a list searches names only. */
export function labelled(choices: Choice[]): INodePropertyOptions[] {
	return choices.map(({ local, when, ...choice }) => ({
		...choice,
		...(local === undefined || !LOCAL_TERMS ? {} : { name: inBrackets(choice.name, local) }),
		...(when ? { displayOptions: { show: when } } : {}),
	}));
}

/** `Contract (Договор)`; of a name that has brackets already, `Store (Warehouse, Склад)`. */
function inBrackets(name: string, local: string): string {
	return name.endsWith(')') ? `${name.slice(0, -1)}, ${local})` : `${name} (${local})`;
}

function chooser(
	displayName: string,
	name: string,
	options: INodePropertyOptions[],
	preset: string,
): INodeProperties {
	return { displayName, name, type: 'options', options, default: preset };
}

/** Conditions on fields inside a collection look at parameters outside of it. */
function rooted(when: NonNullable<Field['when']>): NonNullable<Field['when']> {
	return Object.fromEntries(Object.entries(when).map(([name, values]) => [`/${name}`, values]));
}

function showAlso(base: IDisplayOptions, when: Field['when']): IDisplayOptions {
	return when ? { show: { ...base.show, ...when } } : base;
}

function fallbackNote({ fallback, help = '' }: Field): string {
	if (!fallback) return '';
	return `${help.endsWith('.') ? '' : '.'} Left empty, the one in the credential counts.`;
}

/** One field as an n8n property. */
function fieldProperty(field: Field): INodeProperties {
	const base = {
		displayName: field.label,
		name: field.name,
		...(field.help ? { description: `${field.help}${fallbackNote(field)}` } : {}),
		...(field.hint ? { hint: field.hint } : {}),
		...(field.placeholder ? { placeholder: field.placeholder } : {}),
		// n8n does not run a node in which a required field is empty, and knows nothing of the credential.
		...(field.required && !field.fallback ? { required: true } : {}),
	};
	switch (field.kind) {
		case 'text':
			return {
				...base,
				type: 'string',
				default: field.default ?? '',
				...(field.rows ? { typeOptions: { rows: field.rows } } : {}),
				...(field.secret ? { typeOptions: { password: true } } : {}),
			};
		case 'number':
			return {
				...base,
				type: 'number',
				default: field.default ?? 0,
				typeOptions: {
					...(field.min === undefined ? {} : { minValue: field.min }),
					...(field.max === undefined ? {} : { maxValue: field.max }),
				},
			};
		case 'toggle':
			return { ...base, type: 'boolean', default: field.default ?? false };
		case 'choice':
			return { ...base, type: 'options', options: labelled(field.choices), default: field.default };
		case 'choices':
			return {
				...base,
				type: 'multiOptions',
				options: labelled(field.choices),
				default: field.default ?? [],
			};
		case 'time':
			return { ...base, type: 'dateTime', default: '' };
		case 'locator':
			return {
				description: `${field.label}: picked from the list, or by its ID${field.locator.url ? ' or link' : ''}`,
				...base,
				...locatorProperty(field.fallback ? emptiable(field.locator) : field.locator),
			};
		case 'json':
			return { ...base, type: 'json', default: field.default ?? '' };
		case 'loaded':
			return {
				description: 'Choose from the list, or give an ID by an expression',
				...base,
				type: field.multiple ? 'multiOptions' : 'options',
				default: field.multiple ? [] : '',
				typeOptions: {
					loadOptionsMethod: field.load,
					loadOptionsDependsOn: ['resource', 'operation', ...(field.dependsOn ?? [])],
				},
			};
		case 'rows':
			return {
				...base,
				type: 'fixedCollection',
				placeholder: field.button,
				default: {},
				typeOptions: { multipleValues: true },
				options: [
					{
						displayName: field.rowLabel,
						name: 'row',
						values: field.columns.map((column) => ({
							...fieldProperty(column),
							...(column.when ? { displayOptions: { show: column.when } } : {}),
						})),
					},
				],
			};
		case 'mapper':
			throw new InputProblem(field.label, 'has no place in a collection', 'Put it at the top.');
	}
}

/** The same, and n8n lets an empty ID pass: its value may come from elsewhere. */
function emptiable(locator: Locator): Locator {
	return { ...locator, id: { ...locator.id, pattern: `(?:${locator.id.pattern})?` } };
}

/** Parts of a property that picks an object from a list, or by its link or ID. */
export function locatorProperty(
	locator: (Field & { kind: 'locator' })['locator'],
): Pick<INodeProperties, 'type' | 'default' | 'modes'> {
	return {
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select…',
				typeOptions: { searchListMethod: locator.search, searchable: true },
			},
			...(locator.url
				? [
						{
							displayName: 'By URL',
							name: 'url',
							type: 'string' as const,
							placeholder: locator.url.placeholder,
							// n8n looks for it anywhere: blanks around it would be gone through once more from each of them.
							extractValue: {
								type: 'regex' as const,
								regex: locator.url.pattern.replace(/^\\s\*|\\s\*$/g, ''),
							},
							validation: [
								{
									type: 'regex' as const,
									properties: {
										regex: locator.url.pattern,
										errorMessage: 'This link holds no ID that can be read',
									},
								},
							],
						},
					]
				: []),
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: locator.id.placeholder,
				validation: [
					{
						type: 'regex',
						properties: { regex: locator.id.pattern, errorMessage: locator.id.message },
					},
				],
			},
			...(locator.words
				? [
						{
							displayName: locator.words.label,
							name: 'words',
							type: 'string' as const,
							placeholder: locator.words.placeholder,
						},
					]
				: []),
		],
	};
}

/**
 * What of each row goes out. Workflows of version 0.1.0 have a switch Simplify instead, which stays, unseen: where
 * it is off, Output begins with Raw.
 */
function outputProperties(operation: Operation, show: IDisplayOptions): INodeProperties[] {
	// Of an answer that is an ID alone there is nothing to pick.
	const fields = pickable(operation);
	const begins = (
		preset: string,
		hide: NonNullable<IDisplayOptions['hide']>[string],
	): INodeProperties => ({
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options:
			fields.length > 0 ? OUTPUTS : OUTPUTS.filter(({ value }) => value !== 'selectedFields'),
		default: preset,
		description: 'How much of each object to return',
		displayOptions: { ...show, hide: { simplify: hide } },
	});
	return [
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'hidden',
			default: true,
			displayOptions: show,
		},
		begins('simplified', [false]),
		// Not with an expression either, for which n8n would show both.
		begins('raw', [{ _cnd: { not: false } }]),
		...(fields.length > 0 ? [pickedFields(fields, show)] : []),
	];
}

/** The fields of a row that are picked. */
function pickedFields(fields: Choice[], show: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Fields to Return',
		name: 'outputFields',
		type: 'multiOptions',
		options: byName(fields),
		default: [],
		required: true,
		description:
			'The ID always comes along. Others go by expression, with dots into objects: <code>agent.name</code>.',
		displayOptions: { show: { ...show.show, output: ['selectedFields'] } },
	};
}

function listProperties(show: IDisplayOptions): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: show,
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			default: 50,
			typeOptions: { minValue: 1 },
			description: 'Max number of results to return',
			displayOptions: { show: { ...show.show, returnAll: [false] } },
		},
	];
}

/**
 * What a list is ordered by. n8n saves a row without what is as the form had it at first, so that rows of before a
 * better first field are told from new ones by `since`: to a new row, n8n gives the default of the last parameter of
 * a name, shown or not, and saves it, because that of the shown one is another.
 */
function sortProperty(
	choices: NonNullable<Operation['sort']>,
	show: IDisplayOptions,
): INodeProperties {
	return {
		displayName: 'Sort',
		name: 'sort',
		type: 'fixedCollection',
		placeholder: 'Add Sort Field',
		default: {},
		typeOptions: { multipleValues: true, sortable: true },
		displayOptions: show,
		options: [
			{
				displayName: 'Field',
				name: 'by',
				values: [
					...sortFields(choices),
					{
						displayName: 'Direction',
						name: 'direction',
						type: 'options',
						options: [
							{ name: 'Ascending', value: 'asc' },
							{ name: 'Descending', value: 'desc' },
						],
						default: 'asc',
					},
				],
			},
		],
	};
}

function sortFields(choices: NonNullable<Operation['sort']>): INodeProperties[] {
	const options = byName(choices.map(({ name, value }) => ({ name, value })));
	const preset = choices.find(({ first }) => first)?.value ?? choices[0].value;
	const [{ value: former }] = choices;
	if (preset === former) return [chooser('Field', 'field', options, preset)];
	return [
		{ displayName: 'Since', name: 'since', type: 'hidden', default: 1 },
		{
			displayName: 'Since',
			name: 'since',
			type: 'hidden',
			default: 2,
			displayOptions: { show: { since: [0] } },
		},
		{
			displayName: 'Field',
			name: 'field',
			type: 'string',
			default: former,
			description: 'Made with an earlier version of this node: the API name of the field',
			displayOptions: { show: { since: [1] } },
		},
		{
			...chooser('Field', 'field', options, preset),
			displayOptions: { show: { since: [2] } },
		},
	];
}

function byName<T extends INodePropertyOptions>(options: T[]): T[] {
	return [...options].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function byLabel(
	options: INodeProperties[],
): Array<INodePropertyOptions | INodeProperties | INodePropertyCollection> {
	return [...options].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}
