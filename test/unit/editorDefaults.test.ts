/**
 * What n8n's editor writes into a form by itself, for every node: the defaults of a control that a
 * person adds, and what stays of a row when a choice in it is switched. All of it must be valid, since
 * nobody typed it.
 */
import type {
	INode,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
	IVersionedNodeType,
	INodeParameters,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { Altegio } from '../../nodes/Altegio/Altegio.node';
import { AltegioPollingTrigger } from '../../nodes/Altegio/AltegioPollingTrigger.node';
import { AltegioTrigger } from '../../nodes/Altegio/AltegioTrigger.node';
import { InspectorCloud } from '../../nodes/InspectorCloud/InspectorCloud.node';
import { InspectorCloudPollingTrigger } from '../../nodes/InspectorCloud/InspectorCloudPollingTrigger.node';
import { InspectorCloudReportReadyTrigger } from '../../nodes/InspectorCloud/InspectorCloudReportReadyTrigger.node';
import { YandexMarketPollingTrigger } from '../../nodes/YandexMarket/YandexMarketPollingTrigger.node';
import { YandexMarketTrigger } from '../../nodes/YandexMarket/YandexMarketTrigger.node';
import { MoySklad } from '../../nodes/MoySklad/MoySklad.node';
import { MoySkladDocuments } from '../../nodes/MoySklad/MoySkladDocuments.node';
import { MoySkladPollingTrigger } from '../../nodes/MoySklad/MoySkladPollingTrigger.node';
import { MoySkladTrigger } from '../../nodes/MoySklad/MoySkladTrigger.node';
import { YandexMarket } from '../../nodes/YandexMarket/YandexMarket.node';

const classes = {
	MoySklad,
	MoySkladDocuments,
	MoySkladTrigger,
	MoySkladPollingTrigger,
	YandexMarket,
	Altegio,
	AltegioTrigger,
	AltegioPollingTrigger,
	InspectorCloud,
	InspectorCloudPollingTrigger,
	InspectorCloudReportReadyTrigger,
	YandexMarketTrigger,
	YandexMarketPollingTrigger,
};

const descriptions: Array<[string, INodeTypeDescription]> = Object.entries(classes).flatMap(
	([name, Class]): Array<[string, INodeTypeDescription]> => {
		const node: INodeType | IVersionedNodeType = new Class();
		return 'nodeVersions' in node
			? Object.values((node as unknown as IVersionedNodeType).nodeVersions).map(
					({ description }) => [name, description],
				)
			: [[name, node.description]];
	},
);

/** A property inside a form, and the way to it. */
type Placed = [path: string, property: INodeProperties, siblings: INodeProperties[]];

/** Every property of a list, those in collections and rows included. */
function placed(properties: INodeProperties[], path = ''): Placed[] {
	return properties.flatMap((property): Placed[] => {
		const show = Object.entries(property.displayOptions?.show ?? {})
			.filter(([name]) => name === 'resource' || name === 'operation')
			.map(([, values]) => String(values?.[0]));
		const here = [path, ...show, property.name].filter(Boolean).join(' ');
		const inside =
			property.type === 'collection'
				? placed(property.options as INodeProperties[], here)
				: property.type === 'fixedCollection'
					? rowsOf(property).flatMap(({ name, values }) => placed(values, `${here} ${name}`))
					: [];
		return [[here, property, properties], ...inside];
	});
}

function rowsOf(property: INodeProperties): INodePropertyCollection[] {
	return property.options as INodePropertyCollection[];
}

function choicesOf(property: INodeProperties): unknown[] {
	return (property.options as INodePropertyOptions[]).map(({ value }) => value);
}

function loads(property: INodeProperties): boolean {
	return property.typeOptions?.loadOptionsMethod !== undefined;
}

/** What is wrong with a value that a person has not touched; undefined when nothing is. */
function fault(property: INodeProperties, value: unknown): string | undefined {
	const shown = JSON.stringify(value);
	if (property.typeOptions?.multipleValues && property.type !== 'fixedCollection') {
		return Array.isArray(value)
			? undefined
			: `${shown} is no list: the button that adds to it is dead`;
	}
	switch (property.type) {
		case 'options':
			if (loads(property)) return value === '' ? undefined : `${shown} may not be in the list`;
			return choicesOf(property).includes(value) ? undefined : `${shown} is not in the list`;
		case 'multiOptions': {
			if (!Array.isArray(value)) return `${shown} is no list`;
			const strange = loads(property)
				? value
				: value.filter((v) => !choicesOf(property).includes(v));
			return strange.length === 0 ? undefined : `${JSON.stringify(strange)} is not in the list`;
		}
		case 'boolean':
			return typeof value === 'boolean' ? undefined : `${shown} is neither true nor false`;
		case 'number': {
			const { minValue = -Infinity, maxValue = Infinity } = property.typeOptions ?? {};
			const isFine = typeof value === 'number' && value >= minValue && value <= maxValue;
			return isFine ? undefined : `${shown} is no number that may stand here`;
		}
		case 'string':
		case 'dateTime':
		case 'json':
			return typeof value === 'string' ? undefined : `${shown} is no text`;
		case 'collection':
		case 'fixedCollection':
			return JSON.stringify(value) === '{}' ? undefined : `${shown} is not empty`;
		default:
			return undefined;
	}
}

/** The default of one control, as n8n's editor (2.41) reads it for a new row. */
function defaultOf({ type, typeOptions, default: preset }: INodeProperties): unknown {
	if (!typeOptions?.multipleValues) return structuredClone(preset);
	if (type === 'fixedCollection') return {};
	if (Array.isArray(preset)) return [...preset];
	return preset === '' || typeof preset === 'object' ? [] : [preset];
}

/** A new row: of parameters with the same name the last one gives the default, shown or not. */
function newRow(values: INodeProperties[]): INodeParameters {
	return Object.fromEntries(
		values.map((property) => [property.name, defaultOf(property)]),
	) as INodeParameters;
}

const shownOf = (values: INodeProperties[], row: INodeParameters) =>
	values.filter((property) => NodeHelpers.displayParameter(row, property, NODE, null));

/** A row as n8n keeps it after a choice: what is hidden now is dropped, what has come gets its default. */
function kept(values: INodeProperties[], row: INodeParameters): INodeParameters {
	const shown = shownOf(values, row);
	const names = new Set(shown.map(({ name }) => name));
	const left = Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
	const fresh = shown.find(({ name }) => !(name in left));
	return fresh
		? kept(values, { ...left, [fresh.name]: defaultOf(fresh) } as INodeParameters)
		: left;
}

const NODE = { typeVersion: 1 } as INode;

/** Of a row, whatever a person sees and has not touched. */
function faultsOf(values: INodeProperties[], row: INodeParameters, touched: string[]): string[] {
	return shownOf(values, row)
		.filter(({ name }) => !touched.includes(name))
		.flatMap((property) => {
			const found = fault(property, row[property.name]);
			return found ? [`${property.displayName} (${property.name}): ${found}`] : [];
		});
}

/** Switches each choice of the row to each of its options, then those that this has brought. */
function everySwitch(values: INodeProperties[], start: INodeParameters): string[] {
	const faults = new Set<string>();
	const go = (row: INodeParameters, touched: string[]) => {
		for (const found of faultsOf(values, row, touched)) {
			faults.add(`${touched.map((name) => `${name}=${String(row[name])}`).join(' ')} > ${found}`);
		}
		for (const property of values) {
			if (property.type !== 'options' || loads(property) || touched.includes(property.name))
				continue;
			if (!governs(property, values) || !NodeHelpers.displayParameter(row, property, NODE, null))
				continue;
			for (const choice of choicesOf(property)) {
				go(kept(values, { ...row, [property.name]: choice as string }), [
					...touched,
					property.name,
				]);
			}
		}
	};
	go(start, []);
	return [...faults];
}

/** Whether others are shown or hidden by it. */
function governs({ name }: INodeProperties, values: INodeProperties[]): boolean {
	return values.some(({ displayOptions }) => displayOptions?.show?.[name] !== undefined);
}

describe.each(descriptions)("%s: what n8n's editor writes by itself", (_, description) => {
	const all = placed(description.properties);

	it.each(all.map(([path, property]) => [path, property] as const))(
		'%s has a valid default',
		(_path, property) => {
			expect(fault(property, defaultOf(property))).toBeUndefined();
		},
	);

	const rows = all.filter(([, { type }]) => type === 'fixedCollection');
	if (rows.length === 0) return;

	it.each(rows)('%s: a new row is valid, whatever is chosen in it', (_path, property) => {
		for (const { values } of rowsOf(property)) {
			expect(everySwitch(values, newRow(values))).toEqual([]);
		}
	});
});

/** n8n before 2.35 opens no workflow with a form in which one parameter waits for another that is not there. */
describe.each(descriptions)('%s: what decides whether a field is shown', (_, description) => {
	it('stands beside it, or is named from the root', () => {
		const lost = placed(description.properties).flatMap(([path, { displayOptions }, siblings]) =>
			[displayOptions?.show, displayOptions?.hide]
				.flatMap((rule) => Object.keys(rule ?? {}))
				.filter((name) => !/^[/@]/.test(name) && !siblings.some((sibling) => sibling.name === name))
				.map((name) => `${path}: ${name}`),
		);
		expect(lost).toEqual([]);
	});
});
