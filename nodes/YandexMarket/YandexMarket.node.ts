import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { choiceNames, properties, searchNames } from './YandexMarket.form';

const vendor = async () => (await import('./vendor')).yandexMarket;

export class YandexMarket implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Yandex Market',
		name: 'yandexMarket',
		icon: { light: 'file:yandexMarket.svg', dark: 'file:yandexMarket.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Work with the shops of a Yandex Market seller',
		defaults: { name: 'Yandex Market' },
		usableAsTool: true,
		parameterPane: 'wide',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'yandexMarketApi', required: true }],
		properties: [...properties],
	};

	methods = {
		listSearch: later(searchNames, async () => (await import('./searches')).searches),
		loadOptions: later(choiceNames, async () => (await import('./searches')).choices),
		resourceMapping: mapLater(vendor),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runLater.call(this, vendor);
	}
}
