import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later } from '../shared/later';
import { events, locations } from './AltegioTrigger.form';

export class AltegioTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Altegio / YCLIENTS Trigger',
		name: 'altegioTrigger',
		icon: { light: 'file:altegio.svg', dark: 'file:altegio.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description:
			'Starts the workflow when an appointment is made, moved or cancelled, a client comes or does not, and for sales, payments and other changes in Altegio or YCLIENTS',
		eventTriggerDescription: 'Waiting for a change in Altegio or YCLIENTS',
		activationMessage: 'Altegio or YCLIENTS now calls this workflow when something changes.',
		defaults: { name: 'Altegio Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'altegioApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
			},
		],
		properties: [
			{
				displayName:
					'Altegio or YCLIENTS needs to reach this n8n by a public address. Addresses and events of other applications of the location stay as they are.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Location',
				name: 'locationId',
				required: true,
				description: 'The salon or branch',
				...locations,
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				options: events,
				default: ['appointmentCreated'],
				description: 'What starts the workflow',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Drop Repeats',
						name: 'deduplicate',
						type: 'boolean',
						default: true,
						description:
							'Whether a notification that Altegio sends again runs the workflow only once',
					},
					{
						displayName: 'Fetch Whole Object',
						name: 'fetchObject',
						type: 'boolean',
						default: false,
						description:
							'Whether to read each object as it is now before the workflow goes on; what Altegio tells may be partial or overtaken',
					},
					{
						displayName: 'Include Own Changes',
						name: 'ownChanges',
						type: 'boolean',
						default: false,
						description:
							'Whether changes made with the same partner token start the workflow too. Altegio keeps one such switch for all addresses of the location.',
					},
					{
						displayName: 'Share With Polling Trigger',
						name: 'withPolling',
						type: 'boolean',
						default: false,
						description:
							'Whether an Altegio Polling Trigger in this workflow and this trigger pass each change on once only; switch on its option Share With Webhook Trigger too',
					},
				],
			},
		],
	};

	methods = {
		listSearch: later(['searchLocations'], async () => (await import('./searches')).searches),
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { isRegistered } = await import('./trigger/registration');
				return await isRegistered.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const { register } = await import('./trigger/registration');
				return await register.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const { unregister } = await import('./trigger/registration');
				return await unregister.call(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receive } = await import('./trigger/receive');
		return await receive.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { handle } = await import('./trigger/handle');
		return await handle.call(this);
	}
}
