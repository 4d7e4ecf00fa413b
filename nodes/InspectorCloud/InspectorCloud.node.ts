import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { properties, searchNames } from './InspectorCloud.form';

const vendor = async () => (await import('./vendor')).inspectorCloud;

export class InspectorCloud implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Inspector Cloud',
		name: 'inspectorCloud',
		icon: { light: 'file:inspectorCloud.svg', dark: 'file:inspectorCloud.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Work with shelf audits by photo in Inspector Cloud (Eyrene)',
		defaults: { name: 'Inspector Cloud' },
		usableAsTool: true,
		parameterPane: 'wide',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inspectorCloudApi', required: true }],
		properties: [...properties],
	};

	methods = {
		listSearch: later(searchNames, async () => (await import('./searches')).searches),
		resourceMapping: mapLater(vendor),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runLater.call(this, vendor);
	}
}
