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

import { EVENTS } from './YandexMarketTrigger.form';

export class YandexMarketTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Yandex Market Trigger',
		name: 'yandexMarketTrigger',
		icon: { light: 'file:yandexMarket.svg', dark: 'file:yandexMarket.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description:
			'Starts the workflow when Yandex Market (Яндекс Маркет) tells of an order, a return, a review, a question or a chat',
		eventTriggerDescription: 'Waiting for a notification of Yandex Market',
		activationMessage: 'Yandex Market now calls this workflow, once its address is in the cabinet.',
		defaults: { name: 'Yandex Market Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'yandexMarketApi', required: true, displayOptions: { show: { fetch: [true] } } },
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// n8n's own default would take the place of what `webhook()` answers.
				responseData: '',
				path: 'notification',
			},
		],
		properties: [
			{
				displayName:
					'Publish the workflow first. Then open <b>Settings → APIs and modules → API notifications</b> (Настройки → API и модули → API-уведомления) in the cabinet, paste the production URL of this node <b>without</b> <code>/notification</code> at its end (the Market adds that itself), tick the same events as below, and save: the Market sends a PING at once. To try it out first, press <b>Execute step</b> and paste the test URL in the same way. The long number in the address is its secret: keep it to yourself.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: EVENTS,
				default: ['ORDER_CREATED', 'ORDER_STATUS_UPDATED'],
				description: 'What starts the workflow; tick the same in the cabinet',
				hint: 'An order is Created before it is paid: act on Status Updated with PROCESSING and STARTED',
			},
			{
				displayName: 'Fetch Object',
				name: 'fetch',
				type: 'boolean',
				default: false,
				description:
					'Whether to ask the Market for the order, return, review, question or chat as it is now; notifications come late and out of order',
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
						name: 'dropRepeats',
						type: 'boolean',
						default: true,
						description:
							'Whether a notification that the Market sends again runs the workflow only once',
					},
					{
						displayName: 'Ignore Own Messages',
						name: 'ignoreOwn',
						type: 'boolean',
						default: false,
						description:
							'Whether to drop chat messages that the shop itself has written; needs Fetch Object',
					},
					{
						displayName: 'Order Statuses',
						name: 'statuses',
						type: 'string',
						default: '',
						placeholder: 'e.g. STARTED, DELIVERED',
						description:
							"Statuses or stages in the API's words, separated by commas; others do not start the workflow. For Order: Status Updated.",
					},
					{
						displayName: 'Other Types',
						name: 'otherTypes',
						type: 'string',
						default: '',
						placeholder: 'e.g. ORDER_SHIPPED',
						description:
							"Types of notifications that are not in the list, in the API's words, separated by commas",
					},
					{
						displayName: 'Share With Polling Trigger',
						name: 'withPolling',
						type: 'boolean',
						default: false,
						description:
							'Whether a Yandex Market Polling Trigger in this workflow and this trigger pass each change on once only',
					},
					{
						displayName: 'Shops',
						name: 'shops',
						type: 'string',
						default: '',
						placeholder: 'e.g. 21621656',
						description:
							'Campaign IDs of the shops whose orders and returns start the workflow, separated by commas; all when empty',
					},
				],
			},
		],
	};

	/** The Market's API cannot register addresses: that is done in the cabinet. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { check } = await import('./trigger/trigger');
				return await check.call(this);
			},
			create: async (): Promise<boolean> => await Promise.resolve(true),
			delete: async (): Promise<boolean> => await Promise.resolve(true),
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receive } = await import('./trigger/receiving');
		return await receive.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { handle } = await import('./trigger/trigger');
		return await handle.call(this);
	}
}
