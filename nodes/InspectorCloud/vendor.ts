/** Inspector Cloud (Eyrene) as data. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Vendor } from '../shared/catalogue';
import { apiRequests } from './catalogue/apiRequest';
import { visits } from './catalogue/visit';
import { connect, readProblem } from './connection';
import { errors } from './errors';

export const inspectorCloud: Vendor = {
	name: 'Inspector Cloud',
	credentialType: 'inspectorCloudApi',
	resources: [
		{ name: 'Visit', value: 'visit', local: 'Визит', description: "An agent's visit to a store" },
		API_REQUEST,
	],
	operations: [...visits, ...apiRequests],
	connect,
	readProblem,
	// Reference of the project: inspector-cloud-api.md, traps.
	tidy: { nothing: ['nan'] },
	errors,
};
