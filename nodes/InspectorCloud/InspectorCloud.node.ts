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
import { searches } from './searches';
import { inspectorCloud } from './vendor';

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
		properties: formOf(inspectorCloud),
	};

	methods = { listSearch: searches, resourceMapping: { mapFields: mapFields(inspectorCloud) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runVendor.call(this, inspectorCloud);
	}
}
