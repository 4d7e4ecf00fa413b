import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later } from '../shared/later';
import { events, firstRuns } from './AltegioPollingTrigger.form';

export class AltegioPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Altegio / YCLIENTS Polling Trigger',
		name: 'altegioPollingTrigger',
		icon: { light: 'file:altegio.svg', dark: 'file:altegio.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description:
			'Asks Altegio or YCLIENTS from time to time what has changed in one or many locations, and starts the workflow for appointments, clients, products and payments',
		eventTriggerDescription: '',
		activationMessage: 'n8n now asks Altegio or YCLIENTS at the times that you have set.',
		defaults: { name: 'Altegio Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'altegioApi', required: true }],
		properties: [
			{
				displayName:
					'For an n8n without a public address, for many locations at once, and beside the Altegio Trigger as a safety net: webhooks that get lost do not come again. A poll takes one request for each location and list. A run by hand shows the newest change.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Location Names or IDs',
				name: 'locationIds',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getLocations' },
				default: [],
				description:
					'Salons or branches to watch; all of yours when none is chosen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
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
				displayName: 'First Run',
				name: 'firstRun',
				type: 'options',
				options: firstRuns,
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
						displayName: 'Look Back (Minutes)',
						name: 'overlap',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1440 },
						default: 5,
						description:
							'How far each poll looks back behind the end of the last one, for changes that Altegio shows late; what came already does not come again',
					},
					{
						displayName: 'Minimum Age (Seconds)',
						name: 'settle',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 3600 },
						default: 10,
						description:
							'How old a change must be before it is passed on. Altegio tells whole seconds, and more may happen in the same one.',
					},
					{
						displayName: 'Payments of the Last (Days)',
						name: 'paymentDays',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 90 },
						default: 2,
						description:
							'Payments are listed by their day: those of earlier days are not seen, and more days may take more requests',
					},
					{
						displayName: 'Share With Webhook Trigger',
						name: 'withWebhook',
						type: 'boolean',
						default: false,
						description:
							'Whether an Altegio Trigger in this workflow and this trigger pass each change on once only; switch on its option Share With Polling Trigger too',
					},
				],
			},
		],
	};

	methods = {
		loadOptions: later(['getLocations'], async () => (await import('./searches')).choices),
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
