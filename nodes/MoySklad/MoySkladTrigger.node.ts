import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { actions, entityTypes } from './entityTypes';
import { receive } from './trigger/receive';
import { isRegistered, register, unregister } from './trigger/registration';

export class MoySkladTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MoySklad Trigger',
		name: 'moySkladTrigger',
		icon: { light: 'file:moysklad.svg', dark: 'file:moysklad.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["actions"].join(", ") + ": " + $parameter["entityTypes"].join(", ")}}',
		description: 'Starts the workflow when something changes in MoySklad (МойСклад)',
		eventTriggerDescription: 'Waiting for a change in MoySklad',
		activationMessage: 'MoySklad now calls this workflow when something changes.',
		defaults: { name: 'MoySklad Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'moySkladApi', required: true }],
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
					"The workflow gets one item per event. MoySklad needs to reach this n8n by a public address, and an administrator's token.",
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Entity Types',
				name: 'entityTypes',
				type: 'multiOptions',
				required: true,
				options: entityTypes,
				default: ['customerorder'],
				description: 'What to watch',
			},
			{
				displayName: 'Events',
				name: 'actions',
				type: 'multiOptions',
				required: true,
				options: actions,
				default: ['CREATE'],
				description:
					'Each type and event takes one of the 5 places for webhooks that MoySklad has for that pair',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Include Changed Fields',
						name: 'changedFields',
						type: 'boolean',
						default: true,
						description: 'Whether an item of the event Updated names the fields that changed',
					},
					{
						displayName: 'Other Entity Types',
						name: 'otherEntityTypes',
						type: 'string',
						default: '',
						placeholder: 'e.g. customentity, thing',
						description:
							"Types that are not in the list, by their keywords in MoySklad's API, separated by commas",
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await register.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unregister.call(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}
}
