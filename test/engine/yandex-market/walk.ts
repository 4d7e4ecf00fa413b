/** What the walk through the documented operations of Yandex Market has to know. */
import { allFacts } from '../../../nodes/YandexMarket/catalogue/dialect';
import { yandexMarket } from '../../../nodes/YandexMarket/vendor';
import {
	YANDEX_BUSINESS_ID,
	YANDEX_CAMPAIGNS,
	YANDEX_KEYS,
	YANDEX_OUTLETS,
} from '../../../sandbox';
import { outletCode } from '../../../sandbox/yandex-market/data';
import type { FactsWalk } from '../factsWalk';

export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

/** Operations with a test of their own (own.test.ts), and why the walk cannot run them. */
const OWN = [
	// The sandbox has orders of its own.
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
	// The item brings a file.
	'chat.sendFile',
	'apiRequest.send',
];

export const walk: FactsWalk = {
	vendor: yandexMarket,
	facts: allFacts,
	paths: ({ path }) => [path],
	node: 'n8n-nodes-retail-ops.yandexMarket',
	listener: 'yandexMarket',
	speed: 2000,
	performs: true,
	hollow: [
		'orderDelivery.getReturnOptions',
		'price.getRecommendations',
		'product.getAll',
		'product.getStatistics',
	],
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
		// The Market finds regions that exist.
		'region.search.name': 'Москва',
		'outlet.getAll.shopOutletCode': outletCode(YANDEX_OUTLETS.complete),
		phones: '+7 (999) 999-99-99',
		coords: '37.6184, 55.7512',
		startTime: '09:00',
		endTime: '18:00',
		reportId: 'report-0',
		// As many codes as units.
		'order.setBoxes.boxes': {
			row: [{ box: '1', id: byId('12'), fullCount: '2', cis: 'code-1\ncode-2' }],
		},
		// Have tests of their own; VAT goes with a shop alone.
		'price.update.campaignId': null,
		'price.update.vat': null,
		'stock.update.partnerWarehouseId': null,
		checkSkus: false,
		// A percentage times 100, from 50 up.
		bid: '500',
		// Above the price.
		discountBase: '1500',
		onlyStart: null,
		unpack: null,
	},
	leaveOut: OWN,
};
