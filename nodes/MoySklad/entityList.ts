/** The list of an entity, searched in the way that MoySklad has for it. */
import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';

import { listSearch } from '../shared/form/search';
import type { Entity } from './entities';
import { containing } from './filter';
import { bareStyle, rowsStyle } from './lists';
import { moySklad } from './vendor';

/** Rows of a page of the lists in forms. */
export const PAGE = 100;

/** n8n's listSearch method. `unsearched`: the query as long as nothing is looked for. */
export function entityList(
	{ path, finds, bare }: Entity,
	entry: (row: IDataObject) => INodeListSearchItems | undefined,
	unsearched: IDataObject = {},
) {
	const here = finds === 'here';
	return listSearch(moySklad, {
		style: here && bare ? bareStyle : rowsStyle,
		pageSize: PAGE,
		request: (_context, filter) => {
			if (!filter || here) return { method: 'GET', path, query: unsearched };
			const query =
				finds === 'search' ? { search: filter } : { filter: containing('name', filter) };
			return { method: 'GET', path, query };
		},
		entry,
		searchHere: here,
	});
}
