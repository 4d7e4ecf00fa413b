/** MoySklad as data: what the shared road, form and runner need to know of it. */
import type { Choice, Vendor } from '../shared/catalogue';
import { withGivenOut } from '../shared/facts/givenOut';
import { account, accountResources } from './catalogue/account';
import { apiRequests } from './catalogue/apiRequest';
import { assortment } from './catalogue/assortment';
import { bundleComponents } from './catalogue/bundleComponent';
import { cashiers } from './catalogue/cashier';
import { allDictionaries, dictionaries } from './catalogue/dictionaries';
import { images } from './catalogue/image';
import { labels } from './catalogue/label';
import { metadata } from './catalogue/metadata';
import { partResources, parts } from './catalogue/parts';
import { prices } from './catalogue/price';
import { specialResources, specials } from './catalogue/special';
import { stockWebhooks } from './catalogue/stockWebhook';
import { taskNotes } from './catalogue/taskNote';
import { webhooks } from './catalogue/webhook';
import { webhookHealth } from './catalogue/webhookHealth';
import { reportOperations, reportResources } from './reports';
import { connect, readProblem } from './connection';
import { errors } from './errors';
import { facts } from './facts';
import { writeList } from './lists';
import { withSilence } from './silence';

/** Dictionaries: their English name, and MoySklad's Russian one without what the docs add to it. */
const dictionaryResources: Choice[] = allDictionaries.map(
	({ resource, keyword, label, many, about }) => ({
		name: label,
		value: resource,
		local: facts[keyword].local?.replace(/ \(.*/, ''),
		description: about ?? `Work with ${many} (${keyword})`,
	}),
);

export const moySklad: Vendor = {
	name: 'MoySklad',
	credentialType: 'moySkladApi',
	resources: [
		{
			name: 'Assortment',
			value: 'assortment',
			local: 'Ассортимент',
			description: 'Products, variants, services, bundles and batches with their stock',
		},
		{
			name: 'API Request',
			value: 'apiRequest',
			local: 'Запрос к API',
			description: 'Anything else that the API can do',
		},
		{
			name: 'Bundle Component',
			value: 'bundleComponent',
			local: 'Компонент комплекта',
			description: 'What a bundle is made of',
		},
		{
			name: 'Cashier',
			value: 'cashier',
			local: 'Кассир',
			description: 'Employees who sell in a retail store',
		},
		{
			name: 'Image',
			value: 'image',
			local: 'Изображение',
			description: 'Images of products, bundles, variants and content cards',
		},
		{
			name: 'Label',
			value: 'label',
			local: 'Этикетки и ценники',
			description: 'Price tags and labels of goods',
		},
		{
			name: 'Metadata',
			value: 'metadata',
			local: 'Дополнительные поля и статусы',
			description: 'Custom attributes and states of a type of object',
		},
		{
			name: 'Price',
			value: 'price',
			local: 'Цена',
			description: 'Prices of many goods at once, by article or code',
		},
		{
			name: 'Stock Webhook',
			value: 'stockWebhook',
			local: 'Вебхук на остатки',
			description: 'Calls to a URL when stock changes',
		},
		{
			name: 'Task Note',
			value: 'taskNote',
			local: 'Комментарий задачи',
			description: 'Comments on tasks',
		},
		{
			name: 'Webhook',
			value: 'webhook',
			local: 'Вебхук',
			description: 'Calls to a URL when objects change',
		},
		...dictionaryResources,
		...reportResources,
		...partResources,
		...specialResources,
		...accountResources,
	],
	operations: withGivenOut([
		...assortment,
		...dictionaries,
		...bundleComponents,
		...taskNotes,
		...images,
		...labels,
		...cashiers,
		...parts,
		...prices,
		...specials,
		...account,
		...metadata,
		...webhooks,
		...webhookHealth,
		...stockWebhooks,
		...reportOperations.map((operation) => ({ ...operation, newFilter: true })),
		...apiRequests,
	]).map(withSilence),
	connect,
	readProblem,
	errors,
	writeList,
	alternatives: ['equals'],
	// MoySklad docs: Restrictions. 8 KB of headers and address, 20 MB of body, 1000 elements, 5 minutes of work.
	bulkLimits: {
		elements: 1000,
		bytes: 20 * 1024 * 1024,
		urlBytes: 6500,
		longestUrl: 8192,
		timeoutMs: 300_000,
	},
};
