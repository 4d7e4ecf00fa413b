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
			name: [titleOf(id, name), cid, created_at].filter(Boolean).join(' – '),
			value: String(id),
		}),
		searchHere: true,
	}),
};

/** The visit's name, with its ID where the name does not tell it. */
function titleOf(id: unknown, name: unknown): string {
	const known = typeof name === 'string' && name !== '' ? name : 'Visit';
	return known.includes(String(id)) ? known : `${known} ${String(id)}`;
}
