import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { RETURNS } from './InspectorCloudReportReadyTrigger.form';

export class InspectorCloudReportReadyTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Inspector Cloud Report Ready Trigger',
		name: 'inspectorCloudReportReadyTrigger',
		icon: { light: 'file:inspectorCloud.svg', dark: 'file:inspectorCloud.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{"report ready: " + $parameter["return"]}}',
		description:
			'Starts the workflow when Inspector Cloud (Eyrene) has finished a report of a recognition',
		activationMessage: 'Give the production URL to recognitions as their Webhook URL.',
		defaults: { name: 'Inspector Cloud Report Ready Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inspectorCloudApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'report-ready' },
		],
		properties: [
			{
				displayName:
					"Copy the production URL of this node into 'Webhook URL' of Recognition: Start or Report: Recalculate. Calls are not signed: only the IDs are taken from them, and the reports are read from Inspector Cloud.",
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Return',
				name: 'return',
				type: 'options',
				options: RETURNS,
				default: 'rows',
				description: 'What becomes an item: each row of a report, or the report',
			},
		],
	};

	/** The vendor keeps no webhooks: each recognition names its own address. */
	webhookMethods = {
		default: {
			checkExists: async (): Promise<boolean> => await Promise.resolve(true),
			create: async (): Promise<boolean> => await Promise.resolve(true),
			delete: async (): Promise<boolean> => await Promise.resolve(true),
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receive } = await import('./ready');
		return await receive.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { deliver } = await import('./ready');
		return await deliver.call(this);
	}
}
