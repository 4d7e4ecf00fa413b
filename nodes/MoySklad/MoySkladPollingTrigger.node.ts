import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later } from '../shared/later';
import { actions, FIRST_RUNS, OUTPUTS, types } from './MoySkladPollingTrigger.form';

export class MoySkladPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MoySklad Polling Trigger',
		name: 'moySkladPollingTrigger',
		icon: { light: 'file:moysklad.svg', dark: 'file:moysklad.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["actions"].join(", ") + ": " + $parameter["entityTypes"].join(", ")}}',
		description:
			'Asks MoySklad (МойСклад) from time to time what has changed, and starts the workflow',
		eventTriggerDescription: '',
		activationMessage: 'n8n now asks MoySklad at the times that you have set.',
		defaults: { name: 'MoySklad Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'moySkladApi', required: true }],
		properties: [
			{
				displayName:
					"For the free tariff, for an n8n without a public address, and beside the MoySklad Trigger as a safety net. A run by hand shows the newest objects. Deletions need an administrator's token.",
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Entity Types',
				name: 'entityTypes',
				type: 'multiOptions',
				required: true,
				options: types,
				default: ['customerorder'],
				description: 'What to watch; each type takes at least one request per poll',
			},
			{
				displayName: 'Events',
				name: 'actions',
				type: 'multiOptions',
				required: true,
				options: actions,
				default: ['CREATE', 'UPDATE'],
				description:
					"Several changes of one object between two polls come as one event. Deletions are read from the audit, which needs an administrator's token.",
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
						displayName: 'Expand',
						name: 'expand',
						type: 'string',
						default: '',
						placeholder: 'e.g. agent, positions.assortment',
						description:
							'References to return as whole objects, separated by commas; pages then have 100 rows instead of 1000',
					},
					{
						displayName: 'Fields to Return',
						name: 'outputFields',
						type: 'multiOptions',
						typeOptions: {
							loadOptionsMethod: 'getChangedFields',
							loadOptionsDependsOn: ['entityTypes'],
						},
						default: [],
						description:
							'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
						hint: 'The ID always comes with them',
						displayOptions: { show: { output: ['selectedFields'] } },
					},
					{
						displayName: 'Look Back (Minutes)',
						name: 'overlap',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1440 },
						default: 2,
						description:
							'How far each poll looks back behind the end of the last one, for changes that MoySklad shows late; what came already does not come again',
					},
					{
						displayName: 'Max Pages per Poll',
						name: 'maxPages',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 1000 },
						default: 10,
						description:
							'Pages of 1000 rows that one poll reads; the rest comes with the next poll. Each type gets one page at least.',
					},
					{
						displayName: 'Minimum Age (Seconds)',
						name: 'settle',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 86400 },
						default: 10,
						description:
							'How old a change must be before it is passed on, so that MoySklad has it complete; at least 60 with Share With Webhook Trigger',
					},
					{
						displayName: 'Not These Users',
						name: 'notUsers',
						type: 'string',
						default: '',
						placeholder: 'e.g. integration@shop',
						description:
							'Logins of employees whose changes are left out, separated by commas. MoySklad knows who made the last change.',
					},
					{
						displayName: 'Only in These Statuses',
						name: 'statuses',
						type: 'multiOptions',
						typeOptions: {
							loadOptionsMethod: 'getWatchedStatuses',
							loadOptionsDependsOn: ['entityTypes'],
						},
						default: [],
						description:
							'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
						hint: 'All changes come of a type of which no status is chosen here: choose some of each. A poll sees the status that an object has, not when it got it: later changes of the object come, too; deletions do not.',
					},
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
						displayName: 'Output',
						name: 'output',
						type: 'options',
						options: OUTPUTS,
						default: 'simplified',
						description: 'How much of each object to return; everything without this option',
					},
					{
						displayName: 'Share With Webhook Trigger',
						name: 'withWebhook',
						type: 'boolean',
						default: false,
						description:
							'Whether a MoySklad Trigger in this workflow and this trigger pass each change on once only; switch on its option Share With Polling Trigger too',
					},
					{
						displayName: 'Simplify',
						name: 'simplify',
						type: 'boolean',
						default: false,
						description:
							'Whether to return a simplified version of each object instead of the raw data',
						// Of workflows that were made before Output.
						displayOptions: { show: { simplify: [{ _cnd: { exists: true } }] } },
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

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { poll } = await import('./polling/polling');
		return await poll.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { deliver } = await import('./polling/deliver');
		return await deliver.call(this);
	}
}
