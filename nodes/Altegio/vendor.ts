/** Altegio and YCLIENTS as data: one code base, two platforms. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Vendor } from '../shared/catalogue';
import { withGivenOut } from '../shared/facts/givenOut';
import { withFiltersAtTop } from '../shared/form/atTop';
import { apiRequests } from './catalogue/apiRequest';
import { appointments } from './catalogue/appointment';
import { clients } from './catalogue/client';
import { company } from './catalogue/company';
import { locationZone, resolveForms } from './catalogue/location';
import { loyalty } from './catalogue/loyalty';
import { money } from './catalogue/money';
import { RESOURCES } from './catalogue/resources';
import { salon } from './catalogue/salon';
import { visits } from './catalogue/visit';
import { webhookHealth } from './catalogue/webhookHealth';
import { webhookSettings } from './catalogue/webhookSettings';
import { connect, isFailure, readProblem, tidy } from './connection';
import { errors } from './errors';
import { facts } from './facts';

/** What lists are narrowed by most: stands above the further filters. */
const COMMON_FILTERS: Record<string, string> = {
	quick_search: 'Part of a name, phone or e-mail',
	term: 'Part of the name, article or barcode',
	filterName: 'Part of the name of the team member',
	title: 'Part of the name',
	phone: 'With the code of the country',
	statuses: 'Only what has one of these statuses; without any, all are returned',
	status: 'Only what has this status; without any, all are returned',
	teamMemberId: 'Only what this team member does or did',
	clientId: 'Only what belongs to this client',
	accountId: 'Only money of this cash desk or bank account',
	categoryId: 'Only what is in this category, by its ID',
	serviceIds: 'Only with these services, by their IDs, separated by commas',
	staffIds: 'Only of these team members, by their IDs, separated by commas',
	startDate: 'The first day of the period',
	endDate: 'The last day of the period',
	createdAfter: 'Only what was made since then',
	createdBefore: 'Only what was made until then',
};

export const altegio: Vendor = {
	name: 'Altegio',
	credentialType: 'altegioApi',
	resources: [...RESOURCES, API_REQUEST],
	operations: withGivenOut(
		withFiltersAtTop(
			[
				...visits,
				...appointments,
				...clients,
				...salon,
				...money,
				...loyalty,
				...company,
				...webhookSettings,
				...webhookHealth,
				...apiRequests,
			],
			COMMON_FILTERS,
		),
		facts,
	),
	connect,
	readProblem,
	isFailure,
	tidy,
	errors,
	zone: locationZone,
	resolve: resolveForms,
};
