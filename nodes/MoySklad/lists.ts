/** How MoySklad's lists are counted and written. Source: MoySklad docs, General information. */
import type { ApiRequest, Call, ListRule, Locator } from '../shared/catalogue';
import { offsetStyle } from '../shared/paging';
import { UUID, writeFilter, writeOrder } from './filter';

/** Rows a page: 1000, or 100 with `expand` (with more, MoySklad ignores `expand` and says nothing). */
const PAGE = 1000;
const PAGE_WITH_EXPAND = 100;

export const rowsStyle = offsetStyle({ rows: 'rows', next: 'meta.nextHref', total: 'meta.size' });

export const rowsList: ListRule = {
	style: rowsStyle,
	pageSize: (request) => (request.query?.expand ? PAGE_WITH_EXPAND : PAGE),
	parallel: true,
};

/** Writes conditions and order into the query; `control.rawFilter` is added as it is. */
export function writeList(request: ApiRequest, call: Call): void {
	const filter = writeFilter(call, call.control.rawFilter as string | undefined);
	const order = writeOrder(call);
	if (filter) request.query = { ...request.query, filter };
	if (order) request.query = { ...request.query, order };
}

/** A locator for one entity: from the list, by ID, or by the API's link. */
export function entityLocator(entity: string, search: string): Locator {
	return {
		search,
		id: {
			pattern: `^\\s*${UUID}\\s*$`.replace(/a-f/g, 'a-fA-F'),
			message: 'An ID looks like 7944ef04-f831-11e5-7a69-971500188b19',
			placeholder: 'e.g. 7944ef04-f831-11e5-7a69-971500188b19',
		},
		url: {
			pattern: `https?://.*/entity/${entity}/(${UUID})(?:[/?#].*)?`.replace(/a-f/g, 'a-fA-F'),
			placeholder: `e.g. https://api.moysklad.ru/api/remap/1.2/entity/${entity}/7944ef04-f831-11e5-7a69-971500188b19`,
		},
	};
}
