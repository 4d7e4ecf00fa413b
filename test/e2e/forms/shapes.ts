/**
 * The distinct shapes of a node's form, and a small set of forms that has them all.
 *
 * A shape is what a control is made of without what it is about: type, limits, kind of default, what it stands
 * in, what it brings to light; not names, texts or the members of long lists. A catalogue that grows gives more
 * forms but hardly more shapes, so a test that uses every shape once by hand stays as long as it is.
 */
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
	ResourceMapperField,
} from 'n8n-workflow';

import type { Operation, Vendor } from '../../../nodes/shared/catalogue';
import { mapperColumns, offeredFields } from '../../../nodes/shared/form/mapper';
import type { NodeTypeName } from '../../../sandbox/n8n/nodes';

/** What a person sees after having chosen a node and, where there are such, a resource and an operation. */
export interface Form {
	node: NodeTypeName;
	/** Type of the node's credential, which tells vendors apart. */
	vendor: string;
	/** E.g. "MoySklad Contract: Get Many". */
	title: string;
	/** The two choices that lead to it, by parameter name and label. */
	choices: Array<{ name: string; label: string; value: string; preset: unknown }>;
	/** The text of it in the nodes panel; triggers have none of their own. */
	action?: string;
	/** The catalogue's entry; triggers have none. */
	operation?: Operation;
	/** What the two choices bring to light, in the form's order. */
	properties: INodeProperties[];
}

/** Where a control stands when not at the top: an option of a collection, or a row. */
export interface Parent {
	kind: 'collection' | 'rows';
	property: INodeProperties;
	/** Of rows: which of the fixed collection's kinds of rows. */
	group?: INodePropertyCollection;
	siblings: INodeProperties[];
}

/** One control of one form that is to be used by hand. */
export interface Control {
	shape: string;
	property: INodeProperties;
	/** The list that it stands in, for what it depends on. */
	siblings: INodeProperties[];
	parents: Parent[];
	/** Of a choice by which others are shown: the value that brings just these to light. */
	value?: string | number | boolean;
	/** Of a resource mapper: one of its columns. */
	column?: ResourceMapperField;
}

/** Controls of one form that no form before it in the plan has in this shape. */
export interface Task {
	form: Form;
	controls: Control[];
}

type Conditions = Record<string, unknown[]>;

function conditionsOf({ displayOptions }: Pick<INodeProperties, 'displayOptions'>): Conditions {
	return (displayOptions?.show ?? {}) as Conditions;
}

/** Every form of a node; `catalogue` where it has one for each operation. */
export function formsOf(
	node: NodeTypeName,
	description: INodeTypeDescription,
	catalogue?: Vendor,
): Form[] {
	const { properties, displayName } = description;
	const vendor = description.credentials?.[0]?.name ?? '';
	const chooser = (name: string, resource?: string) =>
		properties.find(
			(property) =>
				property.name === name &&
				(resource === undefined || conditionsOf(property).resource?.includes(resource)),
		);
	const resources = chooser('resource');
	if (!resources) return [{ node, vendor, title: displayName, choices: [], properties }];
	return optionsOf(resources).flatMap((resource) => {
		const operations = chooser('operation', String(resource.value));
		return (operations ? optionsOf(operations) : []).map((operation): Form => {
			const chosen = { resource: resource.value, operation: operation.value };
			const choices = Object.entries(chosen).map(([name, value]) => ({
				name,
				label: name === 'resource' ? resource.name : operation.name,
				value: String(value),
				preset: (name === 'resource' ? resources : operations)?.default,
			}));
			return {
				node,
				vendor,
				title: `${displayName} ${resource.name}: ${operation.name}`,
				choices,
				action: operation.action,
				operation: catalogue?.operations.find(
					(entry) => entry.resource === resource.value && entry.operation === operation.value,
				),
				properties: shownFor(
					chosen,
					properties.filter(({ name }) => !(name in chosen)),
				),
			};
		});
	});
}

/** What a resource and an operation bring to light, in sections, rows and lists of choices, too. */
function shownFor(
	chosen: Record<string, unknown>,
	properties: INodeProperties[],
): INodeProperties[] {
	const isShown = (part: Pick<INodeProperties, 'displayOptions'>) =>
		Object.entries(chosen).every(([name, value]) =>
			[name, `/${name}`].every((key) => conditionsOf(part)[key]?.includes(value) ?? true),
		);
	return properties.filter(isShown).map((property): INodeProperties => {
		switch (property.type) {
			case 'collection': {
				const options = shownFor(chosen, property.options as INodeProperties[]);
				return { ...property, options };
			}
			case 'fixedCollection': {
				const options = rowsOf(property).map((group) => ({
					...group,
					values: shownFor(chosen, group.values),
				}));
				return { ...property, options };
			}
			case 'options':
			case 'multiOptions':
				return property.options
					? { ...property, options: optionsOf(property).filter(isShown) }
					: property;
			default:
				return property;
		}
	});
}

/** The options of a choice that stand in the description. */
export function optionsOf(property: INodeProperties): INodePropertyOptions[] {
	return (property.options ?? []) as INodePropertyOptions[];
}

/** The kinds of rows of a fixed collection. */
export function rowsOf(property: INodeProperties): INodePropertyCollection[] {
	return (property.options ?? []) as INodePropertyCollection[];
}

/** What a property depends on within its form or list, by the name of the other. */
export function dependsOn(property: INodeProperties): Conditions {
	const others = Object.entries(conditionsOf(property)).filter(
		([name]) => !/^\/?(resource|operation)$/.test(name),
	);
	return Object.fromEntries(others);
}

/**
 * The properties of a list that a hand can reach: not hidden, nor shown for saved workflows only. Of hidden
 * ones n8n gives a new row the default of the last of the name.
 */
export function reachable(siblings: INodeProperties[]): INodeProperties[] {
	const isMet = ([name, wanted]: [string, unknown[]]) => {
		const named = siblings.filter((sibling) => sibling.name === name);
		if (named.some(({ type }) => type !== 'hidden')) return !wanted.some(isQuestion);
		return named.length === 0 || wanted.includes(named.at(-1)?.default);
	};
	return siblings.filter(
		(property) => property.type !== 'hidden' && Object.entries(dependsOn(property)).every(isMet),
	);
}

/** `{_cnd: {exists: true}}` and its kin, which hold for what was saved before. */
function isQuestion(wanted: unknown): boolean {
	return typeof wanted === 'object' && wanted !== null && '_cnd' in wanted;
}

/** Every control of a form once, and each choice once for each set of controls that it brings to light. */
export function controlsOf(form: Form): Control[] {
	return listControls(form.properties, [], form);
}

function listControls(siblings: INodeProperties[], parents: Parent[], form: Form): Control[] {
	return reachable(siblings).flatMap((property): Control[] => {
		const place = parents.map(({ kind, property: { typeOptions } }) => [kind, typeOptions ?? {}]);
		const shapeOf = (more: unknown) => JSON.stringify([place, makeOf(property), more]);
		const vendor = asksVendor(property) ? form.vendor : '';
		const dependents = Object.keys(dependsOn(property)).length;
		const base = { property, siblings, parents };
		const itself: Control = { ...base, shape: shapeOf([dependents, vendor]) };
		switch (property.type) {
			case 'collection': {
				const parent: Parent = { kind: 'collection', property, siblings };
				const options = property.options as INodeProperties[];
				return [itself, ...listControls(options, [...parents, parent], form)];
			}
			case 'fixedCollection':
				return [
					itself,
					...rowsOf(property).flatMap((group) => {
						const parent: Parent = { kind: 'rows', property, group, siblings };
						return listControls(group.values, [...parents, parent], form);
					}),
				];
			case 'resourceMapper':
				return [itself, ...columnsOf(itself, knownColumns(form))];
			default:
				return [
					itself,
					...switchesOf(property, siblings).map(({ value, brings }): Control => ({
						...base,
						shape: shapeOf({ brings }),
						value,
					})),
				];
		}
	});
}

/** For each set of controls that a choice brings to light, one value that does so. */
function switchesOf(property: INodeProperties, siblings: INodeProperties[]) {
	const governed = siblings.filter((sibling) => dependsOn(sibling)[property.name] !== undefined);
	if (governed.length === 0) return [];
	const values =
		property.type === 'boolean' ? [true, false] : optionsOf(property).map(({ value }) => value);
	const sets = new Map<string, string | number | boolean>();
	for (const value of values) {
		const brought = governed
			.filter((sibling) => dependsOn(sibling)[property.name].includes(value))
			.map((sibling) => JSON.stringify(makeOf(sibling)));
		const brings = [...new Set(brought)].sort().join();
		if (!sets.has(brings)) sets.set(brings, value);
	}
	return [...sets].map(([brings, value]) => ({ value, brings }));
}

/** Whether the control shows something that our code gives at run time. */
function asksVendor({ type, typeOptions }: INodeProperties): boolean {
	return type === 'resourceLocator' || typeOptions?.loadOptionsMethod !== undefined;
}

/** What a control is made of. */
function makeOf(property: INodeProperties): unknown {
	const { type, required = false, noDataExpression = false, typeOptions = {} } = property;
	const preset: unknown = property.default;
	return {
		type,
		required,
		noDataExpression,
		preset: Array.isArray(preset) ? `list of ${Math.min(preset.length, 1)}` : typeof preset,
		// The values of limits matter no more than names do.
		typeOptions: Object.entries(typeOptions)
			.map(([name, value]) => (typeof value === 'boolean' ? `${name}=${value}` : name))
			.sort(),
		mapper: typeOptions.resourceMapper?.mode ?? '',
		modes: property.modes?.map(({ name, type: kind }) => `${name} ${kind}`) ?? [],
		options: ['options', 'multiOptions'].includes(type) ? listMake(optionsOf(property)) : '',
	};
}

function listMake(options: Array<{ value: unknown }>): string {
	const kinds = new Set(options.map(({ value }) => typeof value));
	return `${Math.min(options.length, 3)} ${[...kinds].join()}`;
}

/** The columns of a form's mapper that the catalogue knows; an account has more, which only a running node can tell. */
function knownColumns({ operation, properties }: Form): ResourceMapperField[] {
	const field = operation?.fields.find(({ kind }) => kind === 'mapper');
	if (field?.kind !== 'mapper') return [];
	const preset = (name: string) => properties.find((property) => property.name === name)?.default;
	const { mapper } = field;
	const fields = offeredFields(mapper, preset).filter(({ name }) => !mapper.choices?.[name]);
	return mapperColumns(mapper, fields);
}

/** The controls of a mapper's columns. */
export function columnsOf(mapper: Control, columns: ResourceMapperField[]): Control[] {
	return columns.map((column) => ({
		...mapper,
		column,
		shape: JSON.stringify([
			'column',
			column.type,
			column.required,
			column.removed ?? false,
			column.display,
			column.readOnly ?? false,
			column.canBeUsedToMatch ?? false,
			column.defaultValue === undefined,
			listMake(column.options ?? []),
		]),
	}));
}

/**
 * Chooses forms until every shape is in one of them, each time the one that has most of what is still missing (among
 * equals the first), after those that are chosen in any case. Then shares the shapes out evenly: n8n works on a whole
 * form at every click, so that one with all would take many times longer than several with some each. Each shape is in
 * the plan once.
 */
export function coverOf(candidates: Task[], inAnyCase: Task[] = []): Task[] {
	const offers = candidates.map(({ form, controls }) => ({
		form,
		controls: firstOfEach(controls),
	}));
	type Offer = (typeof offers)[number];
	const missing = new Set(offers.flatMap(({ controls }) => [...controls.keys()]));
	const chosen = new Set<Offer>();
	const take = (offer: Offer) => {
		chosen.add(offer);
		for (const shape of offer.controls.keys()) missing.delete(shape);
	};
	for (const { form } of inAnyCase) take(offers.find((offer) => offer.form === form) as Offer);
	while (missing.size > 0) {
		const news = offers.map((offer) => ({
			offer,
			count: [...offer.controls.keys()].filter((shape) => missing.has(shape)).length,
		}));
		take(news.reduce((a, b) => (b.count > a.count ? b : a)).offer);
	}
	for (const offer of [...chosen]) {
		// What came later may have all that an earlier one was chosen for.
		const others = [...chosen].filter((other) => other !== offer);
		const isSpare = [...offer.controls.keys()].every((shape) =>
			others.some(({ controls }) => controls.has(shape)),
		);
		if (isSpare && !inAnyCase.some(({ form }) => form === offer.form)) chosen.delete(offer);
	}
	return shareOut([...chosen]).filter(
		({ form, controls }) => controls.length > 0 || inAnyCase.some((task) => task.form === form),
	);
}

/** The first control of each shape, by shape, in the form's order. */
function firstOfEach(controls: Control[]): Map<string, Control> {
	const firsts = new Map<string, Control>();
	for (const control of controls) {
		if (!firsts.has(control.shape)) firsts.set(control.shape, control);
	}
	return firsts;
}

/** Gives each shape to the form that has least to do of those that have it, beginning with the rarest. */
function shareOut(offers: Array<{ form: Form; controls: Map<string, Control> }>): Task[] {
	const shares = offers.map(({ form }) => ({ form, shapes: new Set<string>() }));
	const shapes = new Set(offers.flatMap(({ controls }) => [...controls.keys()]));
	const owners = [...shapes].map((shape) => ({
		shape,
		having: shares.filter((_, index) => offers[index].controls.has(shape)),
	}));
	for (const { shape, having } of owners.sort((a, b) => a.having.length - b.having.length)) {
		having.reduce((a, b) => (b.shapes.size < a.shapes.size ? b : a)).shapes.add(shape);
	}
	return shares.map((share, index) => ({
		form: share.form,
		// In the order of the form, from top to bottom.
		controls: [...offers[index].controls.values()].filter(({ shape }) => share.shapes.has(shape)),
	}));
}
