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
import { searches } from './searches';
import { altegio } from './vendor';

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
		properties: formOf(altegio),
	};

	methods = { listSearch: searches, resourceMapping: { mapFields: mapFields(altegio) } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runVendor.call(this, altegio);
	}
}
