import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { properties, searchNames, WAKING } from './InspectorCloud.form';

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
		webhooks: [WAKING],
		properties: [...properties],
	};

	methods = {
		listSearch: later(searchNames, async () => (await import('./searches')).searches),
		resourceMapping: mapLater(vendor),
	};

	/** Nothing is registered: each recognition names the address that it calls. */
	webhookMethods = {
		default: {
			checkExists: async (): Promise<boolean> => await Promise.resolve(true),
			create: async (): Promise<boolean> => await Promise.resolve(true),
			delete: async (): Promise<boolean> => await Promise.resolve(true),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runLater.call(this, vendor);
	}

	/** Called while an execution sleeps in this node. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { wake } = await import('./wake');
		return await wake.call(this);
	}
}
