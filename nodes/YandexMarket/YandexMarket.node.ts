import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { formOf } from '../shared/form/form';
import { mapFields } from '../shared/form/mapper';
import { runVendor } from '../shared/run/run';
import { choices, searches } from './searches';
import { yandexMarket } from './vendor';

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
		properties: formOf(yandexMarket),
	};

	methods = {
		listSearch: searches,
		loadOptions: choices,
		resourceMapping: { mapFields: mapFields(yandexMarket) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runVendor.call(this, yandexMarket);
	}
}
