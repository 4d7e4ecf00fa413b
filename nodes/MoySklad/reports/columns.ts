/** Columns of a report's flat row: where each value stands in the row of the API. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, OutputField } from '../../shared/catalogue';
import { valueAt } from '../../shared/road/paging';
import { idOf } from '../simplify';

export interface Column {
	type: OutputField['type'];
	read: (row: IDataObject, call: Call) => unknown;
}

/** A text at a path. */
export const text = (path: string): Column => ({
	type: 'string',
	read: (row) => valueAt(row, path),
});

/** A number at a path. */
export const number = (path: string): Column => ({
	type: 'number',
	read: (row) => valueAt(row, path),
});

/** The ID of the object whose `meta` stands at a path; of the row itself without one. */
export const id = (path = ''): Column => ({
	type: 'string',
	read: (row) => idOf(valueAt(row, path)),
});

/** The same object's type, such as `product`. */
export const type = (path = ''): Column => ({
	type: 'string',
	read: (row) => valueAt(row, path === '' ? 'meta.type' : `${path}.meta.type`),
});

/** What goods are known by, of the item at a path; where the row has its link alone, `names.ts` adds them. */
export const goodsColumns = (path: string): Record<string, Column> => {
	const at = (name: string) => text(path === '' ? name : `${path}.${name}`);
	return { id: id(path), name: at('name'), code: at('code'), article: at('article') };
};
