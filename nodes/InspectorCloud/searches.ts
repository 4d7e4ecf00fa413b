/** Lists behind Inspector Cloud's resource locators. */
import type { IDataObject } from 'n8n-workflow';

import type { Road } from '../shared/road/road';
import { listSearch, type ListSearch } from '../shared/form/search';
import { resultsList } from './catalogue/lists';
import { families } from './catalogue/families';
import { clockTime, plain } from './values';
import { inspectorCloud } from './vendor';
import { readVisits } from './visitDetails';

/** Visits that one look into the list shows: each takes a request of several megabytes. */
const SHOWN = 10;
/** Rows of a page while a visit is searched for by what the list tells of it. */
const SEARCHED = 100;

/** Store and agent stand in the visit itself only. */
async function withDetails(rows: IDataObject[], road: Road): Promise<IDataObject[]> {
	const ids = rows.slice(0, SHOWN).map(({ id }) => id);
	const details = await readVisits(ids, road.send, true, (visit) => [
		{
			id: visit.id,
			customer_id: visit.customer_id,
			store_id: visit.store_id,
			agent: visit.current_agent_name,
		},
	]);
	const known = new Map(details.map((one) => [String(one.id), one]));
	return rows.map((row) => ({ ...known.get(String(row.id)), ...row }));
}

/** Objects that a list names by their ID and name. */
const byName = (path: string, title?: (row: IDataObject) => string): ListSearch => ({
	style: resultsList.style,
	pageSize: 100,
	request: () => ({ method: 'GET', path }),
	entry: (row) => ({
		name:
			title?.(row) ??
			[plain(row.name) ?? `ID ${String(row.id)}`, plain(row.cid)].filter(Boolean).join(' – '),
		value: String(row.id),
	}),
	searchHere: true,
});

export const searches = {
	searchVisits: listSearch(inspectorCloud, {
		style: resultsList.style,
		pageSize: SHOWN,
		searchSize: SEARCHED,
		request: () => ({ method: 'GET', path: '/visits/', query: { is_new: true } }),
		complete: withDetails,
		entry: (row, context) => ({
			name: [
				titleOf(row.id, row.name),
				plain(row.cid),
				storeOf(row),
				plain(row.agent),
				clockTime(row.created_at, context.getTimezone()),
			]
				.filter(Boolean)
				.join(' – '),
			value: String(row.id),
		}),
		searchHere: true,
	}),
	searchProducts: listSearch(inspectorCloud, byName('/sku/')),
	...Object.fromEntries(
		families.map(({ search, path, title }) => [
			search,
			listSearch(inspectorCloud, byName(path, title)),
		]),
	),
};

/** The code of your system names a store better than Inspector Cloud's number. */
function storeOf({ customer_id: code, store_id: id }: IDataObject): string | undefined {
	const known = plain(code) ?? plain(id);
	return known === null ? undefined : `Store ${String(known)}`;
}

/** The visit's name, with its ID where the name does not tell it. */
function titleOf(id: unknown, name: unknown): string {
	const known = typeof name === 'string' && name !== '' ? name : 'Visit';
	return known.includes(String(id)) ? known : `${known} ${String(id)}`;
}
