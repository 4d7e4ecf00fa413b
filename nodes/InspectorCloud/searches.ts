/** Lists behind Inspector Cloud's resource locators. */
import type { IDataObject } from 'n8n-workflow';

import { listSearch } from '../shared/search';
import { resultsList } from './catalogue/visit';
import { inspectorCloud } from './vendor';

export const searches = {
	searchVisits: listSearch(inspectorCloud, {
		style: resultsList.style,
		pageSize: 50,
		request: () => ({ method: 'GET', path: '/visits/' }),
		entry: ({ id, cid, name, created_at }: IDataObject) => ({
			name: [name ?? `Visit ${String(id)}`, cid, created_at].filter(Boolean).join(' – '),
			value: String(id),
		}),
		searchHere: true,
	}),
};
