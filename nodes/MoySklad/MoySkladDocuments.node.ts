import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { later, mapLater, runLater } from '../shared/later';
import { choiceNames, properties, searchNames } from './MoySkladDocuments.form';

const vendor = async () => (await import('./documents/vendor')).moySkladDocuments;

export class MoySkladDocuments implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MoySklad Documents',
		name: 'moySkladDocuments',
		icon: { light: 'file:moysklad.svg', dark: 'file:moysklad.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description:
			'Work with the orders, shipments, invoices, payments and other documents of MoySklad (МойСклад)',
		defaults: { name: 'MoySklad Documents' },
		usableAsTool: true,
		parameterPane: 'wide',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'moySkladApi', required: true }],
		properties: [...properties],
	};

	methods = {
		listSearch: later(searchNames, async () => (await import('./documents/methods')).listSearch),
		loadOptions: later(choiceNames, async () => (await import('./documents/methods')).loadOptions),
		resourceMapping: mapLater(vendor),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runLater.call(this, vendor);
	}
}
