import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { choiceNames, properties, searchNames } from './MoySklad.form';

const vendor = async () => (await import('./vendor')).moySklad;

export class MoySklad implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MoySklad',
		name: 'moySklad',
		icon: { light: 'file:moysklad.svg', dark: 'file:moysklad.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description:
			'Work with the goods, contracts, tasks, bonuses, images, webhooks and other dictionaries of MoySklad (МойСклад)',
		defaults: { name: 'MoySklad' },
		usableAsTool: true,
		parameterPane: 'wide',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'moySkladApi', required: true }],
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
