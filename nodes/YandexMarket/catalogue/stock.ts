/** Stocks. Reference of the project: yandex-market.md §3.6, yandex-market-jobs.md §0, §3. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Work } from '../../shared/catalogue';
import { rowsAt, tokenStyle } from '../../shared/road/paging';
import { numberOf } from '../../shared/form/readers';
import { table } from './dialect';
import { CHECK_SKUS, checkSkus } from './knownSkus';
import { idLocator } from './outlet';
import { placeStocks } from './stockPlace';

/** A stock that is a day old is refused, with everything in its request. */
const OLDEST_MS = 23 * 3_600_000;

const UPDATED_AT: Field = {
	name: 'updatedAt',
	label: 'Counted At',
	kind: 'time',
	section: 'additionalFields',
	to: 'body:updatedAt',
	help: 'When the stock was counted; now without it. What lies in the future or more than 23 hours back is sent as the nearest time that the Market takes.',
	as: 'instant',
};

/**
 * Moves the times that the Market refuses to the nearest ones that it takes. The clock is looked at once: two items with
 * the same stock and time are still the same.
 */
function takeTimes(calls: Call[]): void {
	const now = Date.now();
	for (const { body } of calls) {
		if (body.updatedAt === undefined) continue;
		const counted = Date.parse(String(body.updatedAt));
		const at = Math.min(now, Math.max(now - OLDEST_MS, counted));
		body.updatedAt = new Date(at).toISOString();
	}
}

/** What both ways of writing a stock do first. */
async function ready(calls: Call[], work: Work): Promise<void> {
	takeTimes(calls);
	await checkSkus('sku')(calls, work);
}

const SILENT =
	'Up to 2,000 items share a request. The Market says OK for unknown SKUs as well: look at the stocks after a while.';

/** Rows of warehouses as rows of products. */
function flat(rows: IDataObject[]): IDataObject[] {
	return rows.flatMap(({ warehouseId, offers }) =>
		((Array.isArray(offers) ? offers : []) as IDataObject[]).map((offer) => ({
			warehouseId,
			...offer,
		})),
	);
}

/** How many there are of each type: `fit`, `available`, `freeze` …; null where the Market says nothing. */
function counted(row: IDataObject): IDataObject {
	const stocks = (Array.isArray(row.stocks) ? row.stocks : []) as IDataObject[];
	const of = (type: string) => stocks.find((one) => one.type === type)?.count ?? null;
	return {
		offerId: row.offerId,
		warehouseId: row.warehouseId ?? row.partnerWarehouseId ?? null,
		fit: of('FIT'),
		available: of('AVAILABLE'),
		freeze: of('FREEZE'),
		quarantine: of('QUARANTINE'),
		defect: of('DEFECT'),
		expired: of('EXPIRED'),
		updatedAt: row.updatedAt ?? null,
	};
}

const ROW: Operation['output'] = {
	offerId: { type: 'string' },
	warehouseId: { type: 'number' },
	fit: { type: 'number' },
	available: { type: 'number' },
	freeze: { type: 'number' },
	quarantine: { type: 'number' },
	defect: { type: 'number' },
	expired: { type: 'number' },
	updatedAt: { type: 'string' },
};

const shopWithStock = { locator: idLocator('searchOrderShops', 'A campaign ID') };

export const stocks: Operation[] = table('stock', [
	[
		'getAll',
		'getStocks',
		'Get Many',
		'Get many stocks',
		'List stocks of a shop by product and warehouse',
		{
			at: 'result.warehouses',
			simplify: counted,
			output: ROW,
			list: {
				style: {
					...tokenStyle({
						rows: 'result.warehouses',
						token: 'result.paging.nextPageToken',
						parameter: 'pageToken',
					}),
					rows: (answer) => flat(rowsAt('result.warehouses')(answer)),
				},
				// Halved on 4 August 2026, after the specification.
				pageSize: () => 100,
			},
		},
	],
	[
		'update',
		'updateStocks',
		'Update',
		'Update stock',
		'Set the stock of products in a shop',
		{
			each: {
				at: 'skus',
				id: 'sku',
				lookFor: 'the stocks of these products',
				element: ({ sku, count, updatedAt }) => ({
					sku,
					items: [{ count, ...(updatedAt === undefined ? {} : { updatedAt }) }],
				}),
			},
			without: ['items'],
			tune: { campaignId: shopWithStock },
			own: [countField(), warehouseField(), UPDATED_AT, CHECK_SKUS],
			prepare: async (calls, work) => {
				await ready(calls, work);
				await inPlace(calls, work);
			},
			notes: `FBS, Express and DBS. In cabinets with groups of warehouses the stock goes to the shop, and one shop of a group gets the stock of all; in others it goes to the shop's warehouse (v3). Which of the two it is, the node finds out, at most once in 15 minutes. ${SILENT}`,
		},
	],
	[
		'getAllByWarehouse',
		'getStocksByWarehouse',
		'Get Many by Warehouse',
		'Get many stocks by warehouse',
		'List stocks of a warehouse, in cabinets without groups of warehouses',
		{
			does: 'reads',
			at: 'result.offers',
			simplify: counted,
			output: ROW,
			docs: 'https://yandex.ru/dev/market/partner-api/doc/en/reference/stocks/',
			notes: 'Since 29 July 2026.',
		},
	],
	[
		'updateByWarehouse',
		'updateStocksByWarehouse',
		'Update by Warehouse',
		'Update stock by warehouse',
		'Set the stock of products in a warehouse, in cabinets without groups of warehouses',
		{
			each: {
				at: 'skuItems',
				id: 'sku',
				within: 'partnerWarehouseId',
				lookFor: 'the stocks of these products',
			},
			own: [UPDATED_AT, CHECK_SKUS],
			prepare: ready,
			docs: 'https://yandex.ru/dev/market/partner-api/doc/en/reference/stocks/',
			notes: `Since 29 July 2026. ${SILENT}`,
		},
	],
]);

/** Where a cabinet has no groups of warehouses, the stock is that of a warehouse. */
function warehouseField(): Field {
	return {
		name: 'partnerWarehouseId',
		label: 'Warehouse',
		kind: 'locator',
		section: 'additionalFields',
		to: 'control',
		locator: idLocator('searchWarehouses', 'A warehouse ID'),
		help: 'Only for cabinets without groups of warehouses. Left empty, it is the one warehouse of the shop.',
	};
}

/** Stocks of cabinets without groups of warehouses go to a warehouse, by the newer call. */
async function inPlace(calls: Call[], work: Work): Promise<void> {
	const open = calls.filter(({ problem }) => !problem);
	await placeStocks(
		open,
		work,
		() => stocks.find(({ operation }) => operation === 'updateByWarehouse') as Operation,
	);
}

/** The number of units; a text, since a number would be 0 where nobody gave one. */
function countField(): Field {
	return {
		name: 'count',
		label: 'Count',
		kind: 'text',
		required: true,
		to: 'body:count',
		placeholder: 'e.g. 5',
		help: 'Units that can be sold, without those that are reserved',
		wire: (value) => numberOf('Count', value, { min: 0, max: 2_000_000_000, whole: true }),
	};
}
