/** Altegio and YCLIENTS as data: one code base, two platforms. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Vendor } from '../shared/catalogue';
import { apiRequests } from './catalogue/apiRequest';
import { appointments } from './catalogue/appointment';
import { clients } from './catalogue/client';
import { locationZone } from './catalogue/location';
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
		{
			name: 'Appointment',
			value: 'appointment',
			local: 'Запись',
			description: 'What is booked with a team member',
		},
		{ name: 'Client', value: 'client', local: 'Клиент', description: 'Clients of a location' },
		API_REQUEST,
	],
	operations: [...visits, ...appointments, ...clients, ...apiRequests],
	connect,
	readProblem,
	isFailure,
	tidy,
	errors,
	zone: locationZone,
};
