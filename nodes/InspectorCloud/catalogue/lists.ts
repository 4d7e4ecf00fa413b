/** How both APIs count their pages. Reference of the project: inspector-cloud-api.md, traps 3–5. */
import type { IDataObject } from 'n8n-workflow';

import type { ListRule } from '../../shared/catalogue';
import { offsetStyle } from '../../shared/road/paging';

export const DOCS = 'https://help.inspector-cloud.com/docs/';

/** `{count, next, previous, results}`; the links may name another host and are not followed. */
export const resultsList: ListRule = {
	style: offsetStyle({ rows: 'results', next: 'next', total: 'count' }),
	pageSize: () => 100,
	rowKey: (row: IDataObject) =>
		row.id === undefined || row.id === null ? undefined : String(row.id as string | number),
};
