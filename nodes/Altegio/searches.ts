/** Lists behind Altegio's resource locators. */
import type { IDataObject } from 'n8n-workflow';

import { pageStyle } from '../shared/paging';
import { listSearch } from '../shared/search';
import { altegio } from './vendor';

export const searches = {
	searchLocations: listSearch(altegio, {
		style: pageStyle({ rows: 'data', total: 'meta.total_count' }),
		pageSize: 100,
		// Without `my` the list is the public one.
		request: () => ({ method: 'GET', path: '/companies', query: { my: 1 } }),
		entry: ({ id, title, city }: IDataObject) => ({
			name: `${[title, city].filter(Boolean).join(', ')} (${String(id)})`,
			value: String(id),
		}),
		searchHere: true,
	}),
};
