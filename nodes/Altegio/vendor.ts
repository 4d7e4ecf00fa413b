/** Altegio and YCLIENTS as data: one code base, two platforms. */
import type { Vendor } from '../shared/catalogue';
import { visits } from './catalogue/visit';
import { connect, isFailure, readProblem, tidy } from './connection';
import { errors } from './errors';

export const altegio: Vendor = {
	name: 'Altegio',
	credentialType: 'altegioApi',
	resources: [
		{
			name: 'Visit',
			value: 'visit',
			local: 'Визит',
			description: 'Appointments of one client on one day',
		},
	],
	operations: visits,
	connect,
	readProblem,
	isFailure,
	tidy,
	errors,
};
