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
import { moySklad } from './vendor';

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
		properties: formOf(moySklad),
	};

	methods = {
		listSearch: searches,
		loadOptions: choices,
		resourceMapping: { mapFields: mapFields(moySklad) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runVendor.call(this, moySklad);
	}
}
