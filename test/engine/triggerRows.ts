/** Every trigger with a form that does much, and for a webhook a call as the vendor makes it: for tests that walk all of them. */
import type { IDataObject } from 'n8n-workflow';

import {
	ALTEGIO_LOCATIONS,
	ALTEGIO_RECORDS,
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
} from '../../sandbox';

/** A trigger: node type, the action node of its vendor, its form, and for a webhook the body of a call. */
export type TriggerRow = [type: string, node: string, parameters: IDataObject, body?: object];

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const LOCATION = ALTEGIO_LOCATIONS.first;
const ID = '7944ef04-f831-11e5-7a69-971500188b19';

export const TRIGGER_ROWS: TriggerRow[] = [
	[
		'altegioTrigger',
		'altegio',
		{
			locationId: byId(LOCATION),
			events: ['appointmentCreated', 'appointmentUpdated'],
			options: { fetchObject: true },
		},
		{
			company_id: LOCATION,
			resource: 'record',
			resource_id: ALTEGIO_RECORDS.sample,
			status: 'update',
			data: { id: ALTEGIO_RECORDS.sample },
		},
	],
	[
		'altegioPollingTrigger',
		'altegio',
		{ events: ['appointmentCreated'], locationIds: [LOCATION], options: { settle: 0 } },
	],
	['inspectorCloudReportReadyTrigger', 'inspectorCloud', {}, { 1786: { json: {} } }],
	[
		'inspectorCloudPollingTrigger',
		'inspectorCloud',
		{ firstRun: 'everything', options: { lookBack: 3660, maxVisits: 2 } },
	],
	[
		'moySkladTrigger',
		'moySklad',
		{ entityTypes: ['product'], actions: ['UPDATE'], fetch: ['objects', 'values'] },
		{
			auditContext: {
				meta: { type: 'audit', href: `https://api.moysklad.ru/api/remap/1.2/audit/${ID}` },
				uid: 'somebody@sandbox',
				moment: '2026-11-21 15:51:16',
			},
			events: [
				{
					meta: {
						type: 'product',
						href: `https://api.moysklad.ru/api/remap/1.2/entity/product/${ID}`,
					},
					action: 'UPDATE',
					accountId: ID,
					updatedFields: ['name'],
				},
			],
		},
	],
	['moySkladPollingTrigger', 'moySklad', { entityTypes: ['product'], firstRun: 'everything' }],
	[
		'yandexMarketTrigger',
		'yandexMarket',
		{ events: ['ORDER_CREATED'], fetch: true },
		{
			notificationType: 'ORDER_CREATED',
			orderId: 51_000_000_004,
			campaignId: YANDEX_CAMPAIGNS.fbs,
			items: [{ offerId: '00042', count: 1 }],
			createdAt: '2026-11-28T09:15:49.759084017Z',
		},
	],
	[
		'yandexMarketPollingTrigger',
		'yandexMarket',
		{ businessId: byId(YANDEX_BUSINESS_ID), firstRun: 'now' },
	],
];
