/** Lists behind Yandex Market's resource locators. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { pages, tokenStyle, type ListRule } from '../shared/paging';
import { locatorId } from '../shared/parameters';
import { InputProblem } from '../shared/problems';
import { listSearch, loadChoices } from '../shared/search';
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

export const searches = {
	searchCabinets: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: SHOP_PAGE,
		request: () => SHOPS,
		entry: cabinetEntry,
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
