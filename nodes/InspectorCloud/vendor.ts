/** Inspector Cloud (Eyrene) as data. */
import { API_REQUEST } from '../shared/apiRequest';
import type { Vendor } from '../shared/catalogue';
import { withGivenOut } from '../shared/facts/givenOut';
import { withFiltersAtTop } from '../shared/form/atTop';
import { apiRequests } from './catalogue/apiRequest';
import { dataLists } from './catalogue/dataLists';
import { families } from './catalogue/families';
import { feedback, tokens } from './catalogue/feedback';
import { photos } from './catalogue/photo';
import { recognitions } from './catalogue/recognition';
import { registries } from './catalogue/registry';
import { reports } from './catalogue/report';
import { visits } from './catalogue/visit';
import { connect, readProblem } from './connection';
import { errors } from './errors';

/** What people use first, then the catalogues by name, then what few need. */
const resources: Vendor['resources'] = [
	{ name: 'Visit', value: 'visit', local: 'Визит', description: "An agent's visit to a store" },
	{ name: 'Photo', value: 'photo', local: 'Фото', description: 'Photos of visits and your own' },
	{
		name: 'Recognition',
		value: 'recognition',
		local: 'Распознавание',
		description: 'Recognition of photos of your own',
	},
	{ name: 'Report', value: 'report', local: 'Отчёт', description: 'What was recognised' },
	{ name: 'Store', value: 'store', local: 'Торговая точка', description: 'Stores of the visits' },
	{
		name: 'Product',
		value: 'product',
		local: 'Товар (SKU)',
		description: 'Products of the visits (Data API)',
	},
	{ name: 'Task', value: 'task', local: 'Задача', description: 'Tasks of the scenes (inferred)' },
	{
		name: 'Out-of-Stock Reason',
		value: 'oosReason',
		local: 'Причина отсутствия',
		description: 'Why a product of a recognised scene is missing',
	},
	{
		name: 'Recognition Error',
		value: 'recognitionError',
		local: 'Ошибка распознавания',
		description: 'Products that were recognised wrongly',
	},
	...families.map(({ choice }) => choice),
	{ name: 'Token', value: 'token', local: 'Токен', description: 'Tokens of a master key' },
	API_REQUEST,
];

/** What lists are narrowed by most: stands above the further filters. */
const COMMON_FILTERS: Record<string, string> = {
	since: 'Only what is of this time or later',
	until: 'Only what is before this time',
	agent: 'Only what this agent did',
	cid: 'The ID in your own system',
};

export const inspectorCloud: Vendor = {
	name: 'Inspector Cloud',
	credentialType: 'inspectorCloudApi',
	resources,
	operations: withGivenOut(
		withFiltersAtTop(
			[
				...visits,
				...photos,
				...recognitions,
				...reports,
				...dataLists,
				...feedback,
				...registries,
				...tokens,
				...apiRequests,
			],
			COMMON_FILTERS,
		),
	),
	connect,
	readProblem,
	errors,
};
