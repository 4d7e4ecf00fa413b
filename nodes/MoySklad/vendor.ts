/** MoySklad as data: what the shared road, form and runner need to know of it. */
import type { Vendor } from '../shared/catalogue';
import { assortment } from './catalogue/assortment';
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
		{ name: 'Webhook', value: 'webhook', description: 'Calls to a URL when objects change' },
	],
	operations: [...assortment, ...webhooks],
	connect,
	readProblem,
	errors,
	writeList,
};
