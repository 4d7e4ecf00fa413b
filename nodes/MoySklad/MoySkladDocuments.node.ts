import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { formOf } from '../shared/form/form';
import { mapFields } from '../shared/form/mapper';
import { runVendor } from '../shared/run/run';
import { documentChoices, documentSearches } from './documents/searches';
import { moySkladDocuments } from './documents/vendor';
import { choices, entitySearches, searchSavedFilters, searchStatuses } from './searches';

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
		properties: formOf(moySkladDocuments),
	};

	methods = {
		listSearch: { ...entitySearches, searchSavedFilters, searchStatuses, ...documentSearches },
		loadOptions: { ...choices, ...documentChoices },
		resourceMapping: { mapFields: mapFields(moySkladDocuments) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runVendor.call(this, moySkladDocuments);
	}
}
