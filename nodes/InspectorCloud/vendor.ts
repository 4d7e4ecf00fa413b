/** Inspector Cloud (Eyrene) as data. */
import type { Vendor } from '../shared/catalogue';
import { visits } from './catalogue/visit';
import { connect, readProblem } from './connection';
import { errors } from './errors';

export const inspectorCloud: Vendor = {
	name: 'Inspector Cloud',
	credentialType: 'inspectorCloudApi',
	resources: [
		{ name: 'Visit', value: 'visit', local: 'Визит', description: "An agent's visit to a store" },
	],
	operations: visits,
	connect,
	readProblem,
	// Reference of the project: inspector-cloud-api.md, traps.
	tidy: { nothing: ['nan'] },
	errors,
};
