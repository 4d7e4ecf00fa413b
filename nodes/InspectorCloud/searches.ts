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
		// The list tells no store and no agent, and a visit with its photos can be megabytes: they are not read for a list.
		entry: ({ id, cid, name, created_at }: IDataObject, context) => ({
			name: [titleOf(id, name), cid, clockTime(created_at, context.getTimezone())]
				.filter(Boolean)
				.join(' – '),
			value: String(id),
		}),
		searchHere: true,
	}),
};

/** `2026-11-21 10:05` on the clocks of a zone; what is no date stays as it is. */
function clockTime(value: unknown, timeZone: string): unknown {
	const at = new Date(String(value));
	if (Number.isNaN(at.getTime())) return value;
	// Swedish writes the year first.
	return at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}

/** The visit's name, with its ID where the name does not tell it. */
function titleOf(id: unknown, name: unknown): string {
	const known = typeof name === 'string' && name !== '' ? name : 'Visit';
	return known.includes(String(id)) ? known : `${known} ${String(id)}`;
}
