/** Yandex Market as data. */
import type { Vendor } from '../shared/catalogue';
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
	],
	operations: outlets,
	connect,
	readProblem,
	isFailure,
	errors,
};
