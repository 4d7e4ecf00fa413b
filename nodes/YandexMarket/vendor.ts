/** Yandex Market as data. */
import type { Vendor } from '../shared/catalogue';
import { orders } from './catalogue/order';
import { outlets } from './catalogue/outlet';
import { connect, isFailure, readProblem } from './connection';
import { errors } from './errors';

export const yandexMarket: Vendor = {
	name: 'Yandex Market',
	credentialType: 'yandexMarketApi',
	resources: [
		{
			name: 'Outlet',
			value: 'outlet',
			local: 'Точка продаж',
			description: 'Point of sale or pick-up of a DBS shop',
		},
		{
			name: 'Order',
			value: 'order',
			local: 'Заказ',
			description: 'What buyers have ordered in the shops',
		},
	],
	operations: [...outlets, ...orders],
	connect,
	readProblem,
	isFailure,
	errors,
	zone: 'Europe/Moscow',
	// Yandex Market docs: bodies of 512 KB at most. How many elements is said by each operation.
	bulkLimits: { elements: 500, bytes: 512 * 1024, urlBytes: 6500, timeoutMs: 60_000 },
};
