/** Lists behind MoySklad's resource locators. */
import type { IDataObject } from 'n8n-workflow';

import { listSearch } from '../shared/search';
import { rowsStyle } from './lists';
import { moySklad } from './vendor';

const PAGE = 100;

/** A dictionary that MoySklad can search by words. */
function dictionary(entity: string, name: (row: IDataObject) => string) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (_context, filter) => ({
			method: 'GET',
			path: `/entity/${entity}`,
			query: filter ? { search: filter } : {},
		}),
		entry: (row) => ({ name: name(row), value: String(row.id) }),
	});
}

const withPath = (row: IDataObject) =>
	row.pathName ? `${String(row.pathName)}/${String(row.name)}` : String(row.name);

const byName = (row: IDataObject) => String(row.name);

export const searches = {
	searchCurrencies: dictionary('currency', (row) =>
		[row.name, row.isoCode].filter(Boolean).join(' – '),
	),
	searchProductFolders: dictionary('productfolder', withPath),
	searchStores: dictionary('store', withPath),
	searchUnitsOfMeasure: dictionary('uom', byName),
	searchWebhooks: listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: () => ({ method: 'GET', path: '/entity/webhook' }),
		entry: (row) => ({
			name: `${String(row.entityType)} ${String(row.action)} → ${String(row.url)}${row.enabled === false ? ' (disabled)' : ''}`,
			value: String(row.id),
		}),
		searchHere: true,
	}),
};
