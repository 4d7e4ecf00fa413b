import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later } from '../shared/later';
import { FIRST_RUNS, OUTPUTS, WATCHED } from './YandexMarketPollingTrigger.form';

export class YandexMarketPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Yandex Market Polling Trigger',
		name: 'yandexMarketPollingTrigger',
		icon: { light: 'file:yandexMarket.svg', dark: 'file:yandexMarket.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["watch"].join(", ")}}',
		description:
			'Asks Yandex Market (Яндекс Маркет) from time to time for new and changed orders and returns, and starts the workflow',
		eventTriggerDescription: '',
		activationMessage: 'n8n now asks Yandex Market at the times that you have set.',
		defaults: { name: 'Yandex Market Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'yandexMarketApi', required: true }],
		properties: [
			{
				displayName:
					'For an n8n without a public address, and beside the Yandex Market Trigger as a safety net: the Market drops its notifications after 14 days of failures. Ask for FBS orders once an hour at least, for Express every 5 minutes. A run by hand shows the newest change.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Cabinet',
				name: 'businessId',
				type: 'resourceLocator',
				default: { mode: 'list', value: '' },
				required: true,
				description: 'The cabinet of the seller, to which the shops belong',
				modes: [
					{
						displayName: 'From List',
						name: 'list',
						type: 'list',
						typeOptions: { searchListMethod: 'searchCabinets', searchable: true },
					},
					{
						displayName: 'By ID',
						name: 'id',
						type: 'string',
						placeholder: 'e.g. 21621656',
						validation: [
							{
								type: 'regex',
								properties: {
									regex: '^\\s*[1-9]\\d*\\s*$',
									errorMessage: 'A cabinet ID is a whole number from 1 up',
								},
							},
						],
					},
				],
			},
			{
				displayName: 'Watch',
				name: 'watch',
				type: 'multiOptions',
				required: true,
				options: WATCHED,
				default: ['orders'],
				description: 'Returns take a request for each shop',
			},
			{
				displayName: 'First Run',
				name: 'firstRun',
				type: 'options',
				options: FIRST_RUNS,
				default: 'now',
				description: 'What the first poll begins with; later polls go on where the last one ended',
			},
			{
				displayName: 'Changes Since',
				name: 'since',
				type: 'dateTime',
				required: true,
				displayOptions: { show: { firstRun: ['since'] } },
				default: '',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Created in the Last (Days)',
						name: 'createdDays',
						type: 'number',
						typeOptions: { minValue: 30, maxValue: 360 },
						default: 60,
						description:
							'Changes of older orders are not seen; each 30 days take a request per poll',
					},
					{
						displayName: 'Look Back (Minutes)',
						name: 'overlap',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1440 },
						default: 5,
						description:
							'How far each poll looks back behind the end of the last one, for changes that the Market shows late; what came already does not come again',
					},
					{
						displayName: 'Order Statuses',
						name: 'statuses',
						type: 'string',
						default: '',
						placeholder: 'e.g. STARTED, DELIVERED',
						description:
							"Statuses or stages of orders in the API's words, separated by commas; orders with others are left out",
					},
					{
						displayName: 'Output',
						name: 'output',
						type: 'options',
						options: OUTPUTS,
						default: 'simplified',
						description: 'How much of each order or return to return',
					},
					{
						displayName: 'Share With Webhook Trigger',
						name: 'withWebhook',
						type: 'boolean',
						default: false,
						description:
							'Whether a Yandex Market Trigger in this workflow and this trigger pass each change on once only; switch on its option Share With Polling Trigger too',
					},
					{
						displayName: 'Shops',
						name: 'shops',
						type: 'string',
						default: '',
						placeholder: 'e.g. 21621656',
						description:
							'Campaign IDs of shops, separated by commas; all of the cabinet when empty',
					},
				],
			},
		],
	};

	methods = {
		listSearch: later(['searchCabinets'], async () => (await import('./searches')).searches),
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { poll } = await import('./trigger/polling');
		return await poll.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { deliver } = await import('./trigger/polling');
		return await deliver.call(this);
	}
}
