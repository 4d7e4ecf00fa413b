import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import {
	ACKNOWLEDGEMENTS,
	FIRST_RUNS,
	NOT_OUT_OF_STOCK,
	OUTPUTS,
	SPLITS,
} from './InspectorCloudPollingTrigger.form';

export class InspectorCloudPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Inspector Cloud Polling Trigger',
		name: 'inspectorCloudPollingTrigger',
		icon: { light: 'file:inspectorCloud.svg', dark: 'file:inspectorCloud.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{"visits: " + $parameter["splitInto"]}}',
		description:
			'Asks Inspector Cloud (Eyrene) from time to time for new and changed visits, and starts the workflow',
		eventTriggerDescription: '',
		activationMessage: 'n8n now asks Inspector Cloud at the times that you have set.',
		defaults: { name: 'Inspector Cloud Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'inspectorCloudApi', required: true }],
		properties: [
			{
				displayName:
					'A visit comes again with every later change (recognition, corrections, late photos): write its rows so that they replace the earlier ones. A run by hand shows the newest visit.',
				name: 'notice',
				type: 'notice',
				default: '',
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
				displayName: 'Acknowledge',
				name: 'acknowledge',
				type: 'options',
				options: ACKNOWLEDGEMENTS,
				default: 'never',
				description:
					'Whether to take the visits out of the list of new ones, which others may read as well',
			},
			{
				displayName: 'Split Into',
				name: 'splitInto',
				type: 'options',
				options: SPLITS,
				default: 'visit',
				description:
					'One item per visit, or per part of it. Each row has its visit, store and agent.',
			},
			{
				displayName: 'Output',
				name: 'output',
				type: 'options',
				options: OUTPUTS,
				default: 'simplified',
				description: 'How much of each visit or part to return',
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Agents',
						name: 'agents',
						type: 'string',
						default: '',
						placeholder: 'e.g. Alex, 5633',
						description: 'Names or IDs of agents, separated by commas',
					},
					{
						displayName: 'Include Deleted Visits',
						name: 'withDeleted',
						type: 'boolean',
						default: false,
						description: 'Whether to pass on visits that were deleted',
					},
					{
						displayName: 'Include Open Visits',
						name: 'withOpen',
						type: 'boolean',
						default: false,
						description: 'Whether to pass on visits that the agent has not closed yet',
					},
					{
						displayName: 'Routes',
						name: 'routes',
						type: 'string',
						default: '',
						description: 'Routes of the agents at the time of the visit, separated by commas',
					},
					{
						displayName: 'Stores',
						name: 'stores',
						type: 'string',
						default: '',
						placeholder: 'e.g. 11020, STORE-17',
						description: 'Store IDs, or store codes of your system, separated by commas',
					},
				],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Also Acknowledged Visits',
						name: 'alsoAcknowledged',
						type: 'boolean',
						default: false,
						description:
							'Whether to watch visits, too, that another system has acknowledged meanwhile; takes a second list',
					},
					{
						displayName: 'Include What Is Not Out-of-Stock',
						name: 'allOutOfStock',
						type: 'boolean',
						default: false,
						description:
							"Whether out-of-stock rows include products that the project's rules count as found (fixed) and those whose reason is a recognition error",
					},
					{
						displayName: 'Leave Out Annotations',
						name: 'leaveOutAnnotations',
						type: 'boolean',
						default: true,
						description:
							'Whether to drop the boxes drawn on the photos, which can make a visit several megabytes large',
					},
					{
						displayName: 'Look Back (Days)',
						name: 'lookBack',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 3660 },
						default: 30,
						description: 'How long after its begin a visit is watched for changes',
					},
					{
						displayName: 'Max Visits per Poll',
						name: 'maxVisits',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 1000 },
						default: 100,
						description: 'Visits whose details one poll reads; the rest comes with the next poll',
					},
					{
						displayName: 'Reasons That Are Not Out-of-Stock',
						name: 'notOutOfStock',
						type: 'string',
						default: NOT_OUT_OF_STOCK,
						description: 'Out-of-stock rows with these reasons are left out; separated by commas',
					},
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { poll } = await import('./polling/polling');
		return await poll.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { deliver } = await import('./polling/deliver');
		return await deliver.call(this);
	}
}
