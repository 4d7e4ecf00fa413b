/** Altegio and YCLIENTS as data: one code base, two platforms. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Vendor } from '../shared/catalogue';
import { withGivenOut } from '../shared/facts/givenOut';
import { apiRequests } from './catalogue/apiRequest';
import { appointments } from './catalogue/appointment';
import { clients } from './catalogue/client';
import { company } from './catalogue/company';
import { locationZone } from './catalogue/location';
import { loyalty } from './catalogue/loyalty';
import { money } from './catalogue/money';
import { RESOURCES } from './catalogue/resources';
import { salon } from './catalogue/salon';
import { visits } from './catalogue/visit';
import { webhookSettings } from './catalogue/webhookSettings';
import { connect, isFailure, readProblem, tidy } from './connection';
import { errors } from './errors';

export const altegio: Vendor = {
	name: 'Altegio',
	credentialType: 'altegioApi',
	resources: [...RESOURCES, API_REQUEST],
	operations: withGivenOut([
		...visits,
		...appointments,
		...clients,
		...salon,
		...money,
		...loyalty,
		...company,
		...webhookSettings,
		...apiRequests,
	]),
	connect,
	readProblem,
	isFailure,
	tidy,
	errors,
	zone: locationZone,
};
