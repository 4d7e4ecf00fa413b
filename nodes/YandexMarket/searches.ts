/** Lists behind Yandex Market's resource locators. */
import type { IDataObject } from 'n8n-workflow';

import { tokenStyle } from '../shared/paging';
import { locatorId } from '../shared/parameters';
import { InputProblem } from '../shared/problems';
import { listSearch } from '../shared/search';
import { idLocator } from './catalogue/outlet';
import { yandexMarket } from './vendor';

const style = (rows: string) =>
	tokenStyle({ rows, token: 'paging.nextPageToken', parameter: 'pageToken' });

export const searches = {
	searchShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: 50,
		request: () => ({ method: 'GET', path: '/v2/campaigns' }),
		entry: ({ domain, placementType, id }: IDataObject) =>
			// Only these shops have outlets; another one would be refused.
			placementType === 'DBS'
				? { name: `${String(domain)} – ${placementType} (${String(id)})`, value: String(id) }
				: undefined,
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
