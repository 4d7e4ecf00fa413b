/** Lists behind Yandex Market's resource locators. */
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { pages, tokenStyle, wholeStyle, type ListRule } from '../shared/road/paging';
import { locatorId } from '../shared/form/parameters';
import { InputProblem } from '../shared/errors/problems';
import { listSearch, loadChoices } from '../shared/form/search';
import { idLocator } from './catalogue/outlet';
import { yandexMarket } from './vendor';

const style = (rows: string) =>
	tokenStyle({ rows, token: 'paging.nextPageToken', parameter: 'pageToken' });

const SHOPS = { method: 'GET', path: '/v2/campaigns' } as const;
/** Shops on a page; a cabinet with more is rare. */
const SHOP_PAGE = 100;

const shopName = ({ domain, placementType, id }: IDataObject): string =>
	`${String(domain)} – ${String(placementType)} (${String(id)})`;

/** Shops whose orders the seller handles or may look at. */
export const choices = {
	loadOrderShops: loadChoices(yandexMarket, async (_, { send }) => {
		const rule: ListRule = { style: style('campaigns'), pageSize: () => SHOP_PAGE };
		const shops: INodePropertyOptions[] = [];
		for await (const rows of pages({ request: SHOPS, rule, send, limit: Infinity })) {
			shops.push(...rows.map((row) => ({ name: shopName(row), value: String(row.id) })));
		}
		return shops;
	}),
};

/** Cabinets by ID; several shops are of one. */
function cabinetEntry({ business }: IDataObject) {
	const { id, name } = (business ?? {}) as IDataObject;
	return id === undefined
		? undefined
		: { name: `${String(name)} (${String(id)})`, value: String(id) };
}

/** `Химки, Московская область, Россия` */
function regionName(row: IDataObject): string {
	const names: string[] = [];
	for (
		let at: IDataObject | undefined = row;
		at?.name && names.length < 4;
		at = at.parent as IDataObject
	) {
		names.push(String(at.name));
	}
	return names.join(', ');
}

/** The cabinet that the form shows. Throws `InputProblem`. */
function cabinetOf(context: ILoadOptionsFunctions): string {
	const cabinet = context.getCurrentNodeParameter('businessId');
	const id = locatorId('Cabinet', idLocator('searchCabinets', 'A cabinet ID'), cabinet);
	if (!id) throw new InputProblem('Cabinet', 'is empty', 'Choose the cabinet first.');
	return id;
}

export const searches = {
	searchCabinets: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: SHOP_PAGE,
		request: () => SHOPS,
		entry: cabinetEntry,
		searchHere: true,
	}),
	searchAllShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: SHOP_PAGE,
		request: () => SHOPS,
		entry: (row) => ({ name: shopName(row), value: String(row.id) }),
		searchHere: true,
	}),
	searchRegions: listSearch(yandexMarket, {
		style: style('regions'),
		pageSize: 20,
		// The Market finds names by their beginning; nothing is the first page of the largest towns.
		request: (_, filter) => ({
			method: 'GET',
			path: '/v2/regions',
			query: { name: filter?.trim() || 'Москва' },
		}),
		entry: (row) => ({ name: regionName(row), value: String(row.id) }),
	}),
	searchPromos: listSearch(yandexMarket, {
		style: wholeStyle({ rows: 'result.promos' }),
		pageSize: Infinity,
		request: (context) => ({
			method: 'POST',
			path: `/v2/businesses/${cabinetOf(context)}/promos`,
			body: {},
			idempotent: true,
		}),
		entry: ({ id, name }) => ({ name: `${String(name)} (${String(id)})`, value: String(id) }),
		searchHere: true,
	}),
	searchDeliveryServices: listSearch(yandexMarket, {
		style: wholeStyle({ rows: 'result.deliveryService' }),
		pageSize: Infinity,
		request: () => ({ method: 'GET', path: '/v2/delivery/services' }),
		entry: ({ id, name }) => ({ name: `${String(name)} (${String(id)})`, value: String(id) }),
		searchHere: true,
	}),
	searchOrderShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: 50,
		request: () => SHOPS,
		// The Market's own staff handles the orders of the others.
		entry: (row) =>
			row.placementType === 'FBY' ? undefined : { name: shopName(row), value: String(row.id) },
		searchHere: true,
	}),
	searchShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: 50,
		request: () => SHOPS,
		// Only these shops have outlets; another one would be refused.
		entry: (row) =>
			row.placementType === 'DBS' ? { name: shopName(row), value: String(row.id) } : undefined,
		searchHere: true,
	}),
	searchOutlets: listSearch(yandexMarket, {
		style: style('outlets'),
		pageSize: 50,
		request: (context) => {
			const shop = context.getCurrentNodeParameter('campaignId');
			const campaignId = locatorId('Shop', idLocator('searchShops', 'A campaign ID'), shop);
			if (!campaignId) throw new InputProblem('Shop', 'is empty', 'Choose the shop first.');
			return { method: 'GET', path: `/v2/campaigns/${campaignId}/outlets`, of: 'outlet' };
		},
		entry: ({ id, name, shopOutletCode }: IDataObject) => ({
			name: `${String(name)}${shopOutletCode ? ` (${String(shopOutletCode)})` : ''}`,
			value: String(id),
		}),
		searchHere: true,
	}),
};
