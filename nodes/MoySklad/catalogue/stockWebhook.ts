/** Webhooks that tell of changed stock. Reference of the project §1.5 and §3.1; MoySklad docs, Stock webhooks. */
import type { Field, Operation } from '../../shared/catalogue';
import { checkUrl, enabledField, hookOperations } from './hooks';

/** The top of the form, or a section of it. */
type Place = { required: true } | { section: 'updateFields' };

const reportType = (place: Place): Field => ({
	...place,
	name: 'reportType',
	label: 'Report',
	kind: 'choice',
	to: 'body:reportType',
	default: 'all',
	choices: [
		{ name: 'By Warehouse', value: 'bystore' },
		{ name: 'Whole Stock', value: 'all' },
	],
	help: 'Which stock report a notification links to',
});

const stockType = (place: Place): Field => ({
	...place,
	name: 'stockType',
	label: 'Stock Figure',
	kind: 'choice',
	to: 'body:stockType',
	default: 'stock',
	choices: [{ name: 'Stock', value: 'stock' }],
	open: true,
	help: 'Figure whose change is told; another value can be given by an expression',
});

const url = (place: Place): Field => ({
	...place,
	name: 'url',
	label: 'URL',
	kind: 'text',
	to: 'body:url',
	placeholder: 'e.g. https://example.com/moysklad-stock',
	help: 'Address that MoySklad calls; at most 255 characters',
	wire: checkUrl,
});

const TOP = { required: true } as const;
const CHANGE = { section: 'updateFields' } as const;

export const stockWebhooks: Operation[] = hookOperations({
	resource: 'stockWebhook',
	keyword: 'webhookstock',
	one: 'stock webhook',
	many: 'stock webhooks',
	label: 'Stock Webhook',
	search: 'searchStockWebhooks',
	docs: 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/webhookstock#2-vebhuk-na-izmenenie-ostatkov',
	purpose: 'Have MoySklad call a URL every few minutes when stock has changed',
	identity: ['reportType', 'stockType', 'url'],
	needed: [reportType(TOP), stockType(TOP), url(TOP)],
	further: [enabledField('additionalFields')],
	changes: [reportType(CHANGE), stockType(CHANGE), url(CHANGE), enabledField('updateFields')],
	output: {
		id: { type: 'string' },
		reportType: { type: 'string' },
		stockType: { type: 'string' },
		url: { type: 'string' },
		enabled: { type: 'boolean' },
		accountId: { type: 'string' },
	},
	notes:
		'Administrators only. At most 5 per report and figure for an account, 1 for a solution; not on the free tariff.',
});
