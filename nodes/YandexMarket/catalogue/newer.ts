/**
 * Calls that are newer than the specification from which the facts were read: stocks and warehouses of cabinets without
 * groups of warehouses (29 Jul 2026), product documents (9 Sep 2026). Only what is known of them is here: the rights
 * they need, and the bodies of some further calls, are not. Reference of the project: yandex-market-jobs.md §0.
 */
import type { FieldFacts, OperationFacts } from '../../shared/facts/facts';

const business: FieldFacts[] = [
	{ name: 'businessId', kind: 'integer', required: true, format: 'int64', min: 1 },
];
const page = (max: number): FieldFacts[] => [
	{ name: 'pageToken', kind: 'string' },
	{ name: 'limit', kind: 'integer', min: 1, max },
];

export const newer: OperationFacts[] = [
	{
		id: 'updateStocksByWarehouse',
		method: 'POST',
		path: '/v3/businesses/{businessId}/offers/stocks/update',
		group: 'stocks',
		limit: { amount: 50, seconds: 60 },
		pathFields: business,
		body: [
			{
				name: 'skuItems',
				kind: 'array',
				required: true,
				maxItems: 2000,
				fields: [
					{ name: 'sku', kind: 'string', required: true, key: true, maxLength: 255 },
					{ name: 'partnerWarehouseId', kind: 'integer', required: true, format: 'int64', min: 1 },
					{ name: 'count', kind: 'integer', required: true, min: 0, max: 2_000_000_000 },
					{ name: 'updatedAt', kind: 'string', format: 'date-time' },
				],
			},
		],
		answer: { status: 'string' },
	},
	{
		id: 'getStocksByWarehouse',
		method: 'POST',
		path: '/v3/businesses/{businessId}/offers/stocks',
		group: 'stocks',
		pathFields: business,
		query: page(100),
		body: [
			{ name: 'partnerWarehouseId', kind: 'integer', required: true, format: 'int64', min: 1 },
			{ name: 'archived', kind: 'boolean' },
			{ name: 'offerIds', kind: 'array', of: 'string', key: true },
		],
		answer: {
			status: 'string',
			result: 'object',
			'result.partnerWarehouseId': 'integer',
			'result.offers[]': 'object',
			'result.offers[].offerId': 'string',
			'result.offers[].updatedAt': 'string',
			'result.offers[].stocks[]': 'object',
			'result.paging': 'object',
			'result.paging.nextPageToken': 'string',
		},
	},
	{
		id: 'getPartnerWarehouses',
		method: 'POST',
		path: '/v3/businesses/{businessId}/warehouses',
		group: 'warehouses',
		pathFields: business,
		query: page(30),
		body: [
			{ name: 'warehouseIds', kind: 'array', of: 'integer', format: 'int64' },
			{ name: 'components', kind: 'array', of: 'string', values: ['ADDRESS'] },
		],
		answer: {
			status: 'string',
			result: 'object',
			'result.warehouses[]': 'object',
			'result.warehouses[].id': 'integer',
			'result.warehouses[].name': 'string',
			'result.warehouses[].models[]': 'object',
			'result.warehouses[].address': 'object',
			'result.paging': 'object',
			'result.paging.nextPageToken': 'string',
		},
	},
	{
		id: 'createOfferDocuments',
		method: 'POST',
		path: '/v1/businesses/{businessId}/offers/documents/create',
		group: 'business-offer-mappings',
		pathFields: business,
		body: [
			{
				name: 'documents',
				kind: 'array',
				required: true,
				maxItems: 100,
				fields: [
					{ name: 'number', kind: 'string', required: true, key: true },
					{ name: 'type', kind: 'string', required: true },
					{ name: 'activeFromDate', kind: 'string', format: 'date' },
					{ name: 'activeToDate', kind: 'string', format: 'date' },
				],
			},
		],
		answer: {
			status: 'string',
			result: 'object',
			'result.documents[]': 'object',
			'result.errors[]': 'object',
		},
	},
];
