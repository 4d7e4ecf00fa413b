/** Every documented operation of the Yandex Market node, in n8n's engine against the sandbox. */
import { allFacts } from '../../../nodes/YandexMarket/catalogue/dialect';
import { yandexMarket } from '../../../nodes/YandexMarket/vendor';
import {
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_OUTLETS,
} from '../../../sandbox';
import { outletCode } from '../../../sandbox/yandex-market/data';
import { walkFacts } from '../factsWalk';

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

walkFacts({
	vendor: yandexMarket,
	facts: allFacts,
	paths: ({ path }) => [path],
	node: 'n8n-nodes-retail-ops.yandexMarket',
	listener: 'yandexMarket',
	speed: 2000,
	credential: { apiKey: YANDEX_KEYS.allMethods },
	error: {
		status: 400,
		body: { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'Title is required' }] },
		says: 'Title is required',
	},
	values: {
		businessId: byId(YANDEX_BUSINESS_ID),
		campaignId: byId(YANDEX_CAMPAIGNS.dbs),
		outletId: byId(YANDEX_OUTLETS.complete),
		'outlet.getAll.regionId': byId(225),
		'outlet.getAll.shopOutletCode': outletCode(YANDEX_OUTLETS.complete),
		phones: '+7 (999) 999-99-99',
		coords: '37.6184, 55.7512',
		startTime: '09:00',
		endTime: '18:00',
		// Has a test of its own.
		checkSkus: false,
	},
	leaveOut: [
		// Own tests, with the sandbox's own orders.
		'order.getAll',
		'order.get',
		'order.updateStatus',
		'order.setExternalId',
		// What is required is one of several fields.
		'order.create',
		'tariff.calculate',
		// The specification goes deeper than the facts.
		'stock.getAll',
		'region.getChildren',
		// The second item finds nothing more to delete.
		'outlet.delete',
		'outlet.create',
		'outlet.update',
	],
});
