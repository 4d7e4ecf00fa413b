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
import { actions, onlyChangedFields, types } from './MoySkladTrigger.form';

export class MoySkladTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MoySklad Trigger',
		name: 'moySkladTrigger',
		icon: { light: 'file:moysklad.svg', dark: 'file:moysklad.dark.svg' },
		group: ['trigger'],
		// The same node. n8n evaluates an expression for each call of a webhook node of version 1 (2.41, webhook-helpers
		// parseRequestBody), so new ones are of version 2.
		version: [1, 2],
		defaultVersion: 2,
		subtitle:
			'={{$parameter["entityTypes"].length ? $parameter["actions"].join(", ") + ": " + $parameter["entityTypes"].join(", ") : $parameter["alsoWatch"].join(", ")}}',
		description:
			'Starts the workflow when an order, a product, stock or anything else changes in MoySklad (МойСклад); the actions read and change goods, contracts, tasks, bonuses and all the rest',
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
				options: types,
				default: ['customerorder'],
				description: 'What to watch',
			},
			{
				displayName: 'Events',
				name: 'actions',
				type: 'multiOptions',
				options: actions,
				default: ['CREATE'],
				description:
					'Each type and event takes one of the 5 places for webhooks that MoySklad has for that pair',
			},
			{
				displayName: 'Also Watch',
				name: 'alsoWatch',
				type: 'multiOptions',
				options: [
					{
						name: 'Asynchronous Tasks',
						value: 'tasks',
						description: 'A task of the asynchronous exchange is done',
					},
					{
						name: 'Stock',
						value: 'stock',
						description: 'Stock has changed; MoySklad tells so every 1 to 5 minutes',
					},
				],
				default: [],
				description:
					'What else starts the workflow; with nothing in Entity Types, it is all that does',
			},
			{
				displayName: 'Stock Report',
				name: 'stockReport',
				type: 'options',
				displayOptions: { show: { alsoWatch: ['stock'] } },
				options: [
					{
						name: 'All Stores Together',
						value: 'all',
						description: 'One item for each assortment row that has changed',
					},
					{
						name: 'By Store',
						value: 'bystore',
						description: 'One item for each assortment row and store',
					},
				],
				default: 'all',
			},
			{
				displayName: 'Fetch',
				name: 'fetch',
				type: 'multiOptions',
				options: [
					{
						name: 'Assortment of Stock Rows',
						value: 'goods',
						description: 'The product, variant or bundle of each row of stock',
					},
					{
						name: 'Changed Objects',
						value: 'objects',
						description: 'Each object as it is now, 100 of a type by one request',
					},
					{
						name: 'Old and New Values',
						value: 'values',
						description: "What the audit says of each change; needs an administrator's token",
					},
					{
						name: 'Results of Tasks',
						value: 'results',
						description: 'What an asynchronous task has produced',
					},
				],
				default: [],
				description: 'What to ask MoySklad for before the workflow goes on',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Answer',
						name: 'answer',
						type: 'options',
						options: [
							{
								name: 'After the Execution Is Stored',
								value: 'stored',
								description: 'Nothing that was answered is lost when n8n stops',
							},
							{
								name: 'At Once',
								value: 'atOnce',
								description:
									'For hosts too busy to store within 1.5 seconds; what n8n has not stored when it stops is lost',
							},
						],
						default: 'stored',
						description: 'When MoySklad gets its answer; it waits 1.5 seconds',
					},
					{
						displayName: 'Drop Repeats',
						name: 'deduplicate',
						type: 'boolean',
						default: true,
						description:
							'Whether a notification that MoySklad sends again runs the workflow only once',
					},
					{
						displayName: 'Expand',
						name: 'expand',
						type: 'string',
						default: '',
						placeholder: 'e.g. agent, positions.assortment',
						description:
							'References of fetched objects to return as whole objects, separated by commas',
					},
					{
						displayName: 'Ignore My Own Changes',
						name: 'ignoreOwn',
						type: 'boolean',
						default: false,
						description:
							"Whether to drop what the credential's own employee has changed, so that a workflow that writes to MoySklad does not start itself",
					},
					{
						displayName: 'Include Changed Fields',
						name: 'changedFields',
						type: 'boolean',
						default: true,
						description: 'Whether an item of the event Updated names the fields that changed',
					},
					{
						displayName: 'Not These Users',
						name: 'notUsers',
						type: 'string',
						default: '',
						placeholder: 'e.g. integration@shop',
						description: 'Logins of employees whose changes are dropped, separated by commas',
					},
					{
						displayName: 'Object Fields',
						name: 'objectFields',
						type: 'string',
						default: '',
						placeholder: 'e.g. name, salePrices, updated',
						description: 'Fields of fetched objects to keep, separated by commas; all when empty',
					},
					onlyChangedFields,
					{
						displayName: 'Only These Users',
						name: 'onlyUsers',
						type: 'string',
						default: '',
						placeholder: 'e.g. admin@shop',
						description:
							'Logins of employees whose changes start the workflow, separated by commas',
					},
					{
						displayName: 'Only This Account ID',
						name: 'accountId',
						type: 'string',
						default: '',
						placeholder: 'e.g. 9171a53c-b719-11eb-c0a8-800d00000001',
						description: 'Events of other accounts are dropped',
					},
					{
						displayName: 'Only When Status Becomes',
						name: 'statuses',
						type: 'multiOptions',
						typeOptions: {
							loadOptionsMethod: 'getWatchedStatuses',
							loadOptionsDependsOn: ['entityTypes'],
						},
						default: [],
						description:
							'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
						hint: 'All events come of a type of which no status is chosen here: choose some of each. Of the others, changes to other statuses, other changes and deletions are dropped; MoySklad is asked for the objects, 100 by one request.',
					},
					{
						displayName: 'Other Changed Fields',
						name: 'onlyFields',
						type: 'string',
						default: '',
						placeholder: 'e.g. salePrices, archived',
						description:
							'More of Only These Changed Fields, for fields that are not in its list: names as in the item, separated by commas',
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
					{
						displayName: 'Share With Polling Trigger',
						name: 'withPolling',
						type: 'boolean',
						default: false,
						description:
							'Whether a MoySklad Polling Trigger in this workflow and this trigger pass each change on once only',
					},
				],
			},
		],
	};

	methods = {
		loadOptions: later(['getChangedFields', 'getWatchedStatuses'], async () => {
			const { getChangedFields } = await import('./trigger/changedFields');
			const { getWatchedStatuses } = await import('./trigger/statuses');
			return { getChangedFields, getWatchedStatuses };
		}),
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
