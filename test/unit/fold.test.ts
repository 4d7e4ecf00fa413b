import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
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
import { MoySkladPollingTrigger } from '../../nodes/MoySklad/MoySkladPollingTrigger.node';
import { MoySkladTrigger } from '../../nodes/MoySklad/MoySkladTrigger.node';
import { YandexMarket } from '../../nodes/YandexMarket/YandexMarket.node';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { fold } from '../../nodes/shared/form/fold';
import { formOf, operationForm } from '../../nodes/shared/form/form';
import { operationOf } from '../../nodes/shared/run/request';
import { everyOperation, node, vendors } from './samples';

const descriptions: INodeTypeDescription[] = [
	new Altegio(),
	new AltegioTrigger(),
	new AltegioPollingTrigger(),
	new InspectorCloud(),
	new InspectorCloudPollingTrigger(),
	new InspectorCloudReportReadyTrigger(),
	new YandexMarketTrigger(),
	new YandexMarketPollingTrigger(),
	new MoySklad(),
	new MoySkladPollingTrigger(),
	new MoySkladTrigger(),
	new YandexMarket(),
].map(({ description }) => description);

const otherNames = ({ displayOptions }: INodeProperties) =>
	Object.entries(displayOptions?.show ?? {}).filter(
		([name]) => name !== 'resource' && name !== 'operation',
	);

/** A property without what says for which operations it is. */
function bare(property: INodeProperties): unknown {
	return {
		...property,
		displayOptions: { ...property.displayOptions, show: Object.fromEntries(otherNames(property)) },
	};
}

/** What n8n shows for these parameters. */
const shownFor = (properties: INodeProperties[], parameters: Record<string, unknown>) =>
	properties.filter((property) =>
		NodeHelpers.displayParameter(parameters as never, property, node, null),
	);

/** Every state of the switches that properties of an operation look at. */
function* states(properties: INodeProperties[]): Generator<Record<string, unknown>> {
	yield {};
	for (const property of properties) {
		for (const [name, values] of otherNames(property)) {
			for (const value of values ?? []) yield { [name]: value };
		}
	}
}

describe('the folded form', () => {
	it.each(everyOperation)(
		'%s has the same properties, in the same order',
		(_, vendor, operation) => {
			const own = operationForm(operation);
			const form = formOf(vendor).filter(({ name }) => !['resource', 'operation'].includes(name));
			const chosen = { resource: operation.resource, operation: operation.operation };
			const folded = form.filter(({ displayOptions }) => {
				const { show = {} } = displayOptions ?? {};
				return (
					show.resource?.includes(chosen.resource) && show.operation?.includes(chosen.operation)
				);
			});
			expect(folded.map(bare)).toEqual(own.map(bare));
			for (const state of states(own)) {
				const parameters = { ...chosen, ...state };
				expect(shownFor(form, parameters).map(bare)).toEqual(shownFor(own, parameters).map(bare));
			}
		},
	);

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'of %s has no property twice',
		(_, vendor) => {
			const shapes = formOf(vendor).map((property) => JSON.stringify(property));
			expect(new Set(shapes).size).toBe(shapes.length);
		},
	);

	it.each(descriptions.map((description) => [description.displayName, description] as const))(
		'of %s stays below 700 KB and 700 properties',
		(_, description) => {
			expect(JSON.stringify(description).length).toBeLessThanOrEqual(700 * 1024);
			expect(description.properties.length).toBeLessThanOrEqual(700);
		},
	);

	it("of MoySklad is less than half of its operations' own forms", () => {
		const own = moySklad.operations.flatMap(operationForm);
		expect(formOf(moySklad).length).toBeLessThan(own.length / 2);
		expect(JSON.stringify(formOf(moySklad)).length).toBeLessThan(JSON.stringify(own).length * 0.7);
	});

	it('is made once, and what n8n adds to one node is not in the next', () => {
		const first = formOf(moySklad);
		const { length } = first;
		first.push(first[0]);
		expect(formOf(moySklad)).toHaveLength(length);
		expect(formOf(moySklad)[1]).toBe(first[1]);
	});
});

describe('folding', () => {
	const property = (
		name: string,
		[resource, operation]: [string, string],
		show: object = {},
	): INodeProperties => ({
		displayName: name,
		name,
		type: 'string',
		default: '',
		displayOptions: { show: { resource: [resource], operation: [operation], ...show } },
	});
	const form = (pair: [string, string], ...names: string[]) =>
		names.map((name) => property(name, pair));
	const folded = (...forms: INodeProperties[][]) =>
		fold(forms).map(({ name, displayOptions }) => [
			name,
			displayOptions?.show?.resource,
			displayOptions?.show?.operation,
		]);

	it('names all operations at once where the pairs are whole', () => {
		expect(
			folded(
				form(['a', 'get'], 'x'),
				form(['a', 'list'], 'x'),
				form(['b', 'get'], 'x'),
				form(['b', 'list'], 'x'),
			),
		).toEqual([['x', ['a', 'b'], ['get', 'list']]]);
	});

	it('does not show a property where another operation has none', () => {
		expect(
			folded(
				form(['a', 'get'], 'x'),
				form(['b', 'list'], 'x'),
				form(['a', 'list'], 'y'),
				form(['b', 'get'], 'y'),
			),
		).toEqual([
			['x', ['a'], ['get']],
			['x', ['b'], ['list']],
			['y', ['a'], ['list']],
			['y', ['b'], ['get']],
		]);
	});

	it('takes pairs in that no operation has', () => {
		expect(folded(form(['a', 'get'], 'x'), form(['b', 'list'], 'x'))).toEqual([
			['x', ['a', 'b'], ['get', 'list']],
		]);
	});

	it("keeps each operation's order, twice the same property if need be", () => {
		const names = (operation: string) =>
			folded(form(['a', 'get'], 'x', 'y', 'z'), form(['a', 'list'], 'z', 'x', 'y'))
				.filter(([, , operations]) => (operations as string[]).includes(operation))
				.map(([name]) => name);
		expect(names('get')).toEqual(['x', 'y', 'z']);
		expect(names('list')).toEqual(['z', 'x', 'y']);
	});

	it('keeps apart what differs in anything else', () => {
		expect(
			folded([property('x', ['a', 'get'])], [property('x', ['a', 'list'], { all: [true] })]),
		).toHaveLength(2);
	});
});

describe('finding an operation', () => {
	it.each(everyOperation)('%s', (_, vendor, operation) => {
		expect(operationOf(vendor, operation.resource, operation.operation)).toBe(operation);
	});

	it.each([
		[undefined, undefined],
		['product', 'nothing'],
		['constructor', 'name'],
	])('there is none for %s.%s', (resource, name) => {
		expect(operationOf(moySklad, resource, name)).toBeUndefined();
	});
});
