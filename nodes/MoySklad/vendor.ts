/** MoySklad as data: what the shared road, form and runner need to know of it. */
import type { Vendor } from '../shared/catalogue';
import { assortment } from './catalogue/assortment';
import { dictionaries } from './catalogue/dictionaries';
import { webhooks } from './catalogue/webhook';
import { connect, readProblem } from './connection';
import { errors } from './errors';
import { writeList } from './lists';

export const moySklad: Vendor = {
	name: 'MoySklad',
	credentialType: 'moySkladApi',
	resources: [
		{
			name: 'Assortment',
			value: 'assortment',
			description: 'Products, variants, services, bundles and batches with their stock',
		},
		{ name: 'Currency', value: 'currency', description: 'Currencies and their rates' },
		{ name: 'Product Folder', value: 'productFolder', description: 'Groups of goods' },
		{
			name: 'Unit of Measure',
			value: 'unitOfMeasure',
			description: 'Pieces, kilograms and others',
		},
		{ name: 'Webhook', value: 'webhook', description: 'Calls to a URL when objects change' },
	],
	operations: [...assortment, ...dictionaries, ...webhooks],
	connect,
	readProblem,
	errors,
	writeList,
};
