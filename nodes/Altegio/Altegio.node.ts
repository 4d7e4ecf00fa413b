import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { choiceNames, properties, searchNames } from './Altegio.form';

const vendor = async () => (await import('./vendor')).altegio;

export class Altegio implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Altegio / YCLIENTS',
		name: 'altegio',
		icon: { light: 'file:altegio.svg', dark: 'file:altegio.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description:
			'Work with appointments, clients, payments and everything else in Altegio or YCLIENTS',
		defaults: { name: 'Altegio' },
		usableAsTool: true,
		parameterPane: 'wide',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'altegioApi', required: true }],
		properties: [...properties],
	};

	methods = {
		listSearch: later(searchNames, async () => (await import('./searches')).searches),
		loadOptions: later(choiceNames, async () => (await import('./searches')).placeChoices),
		resourceMapping: mapLater(vendor),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runLater.call(this, vendor);
	}
}
