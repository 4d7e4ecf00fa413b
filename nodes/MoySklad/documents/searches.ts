/** Lists behind the locators of documents whose type the form says, and of their items. */
import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { locatorId } from '../../shared/parameters';
import { InputProblem } from '../../shared/problems';
import { listSearch } from '../../shared/search';
import { goods } from '../searchesSpecial';
import { rowId } from '../catalogue/nested';
import { dayOf } from '../entities';
import { rowsStyle } from '../lists';
import { idOf } from '../simplify';
import { documentLocator } from './items';
import { goodsOf } from './positions';
import { moySkladDocuments } from './vendor';

const PAGE = 100;

const typeOf = (context: ILoadOptionsFunctions) =>
	String(context.getCurrentNodeParameter('documentType') ?? 'customerorder');

/** The document in the form. Throws `InputProblem`. */
function documentOf(context: ILoadOptionsFunctions): string {
	const id = locatorId('Document', documentLocator, context.getCurrentNodeParameter('documentId'));
	if (id !== undefined) return id;
	throw new InputProblem(
		'Document',
		'is empty',
		"Choose 'Document' first: this list shows its items.",
	);
}

const resourceOf = (context: ILoadOptionsFunctions) =>
	String(context.getCurrentNodeParameter('resource') ?? '');

export const documentSearches = {
	/** Goods that the items of the document in the form may be. */
	searchItemGoods: goods((context) => {
		const resource = resourceOf(context);
		// Batches stand in a list of their own.
		return goodsOf(resource === 'item' ? typeOf(context) : resource).filter(
			(type) => type !== 'consignment',
		);
	}, 'link'),
	/** Documents of the type in the form, newest first. */
	searchDocuments: listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context, filter) => ({
			method: 'GET',
			path: `/entity/${typeOf(context)}`,
			query: filter ? { search: filter } : { order: 'moment,desc' },
		}),
		entry: (row: IDataObject) => ({
			name: [row.name, dayOf(row.moment)].filter(Boolean).join(' · '),
			value: String(row.id),
		}),
	}),
	searchItems: listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => ({
			method: 'GET',
			path: `/entity/${typeOf(context)}/${documentOf(context)}/${String(context.getCurrentNodeParameter('itemList') ?? 'positions')}`,
			query: { expand: 'assortment' },
		}),
		entry: (row: IDataObject) => {
			const value = rowId(row);
			const goods = row.assortment as IDataObject | undefined;
			const name = `${String(row.quantity ?? '')} × ${String(goods?.name ?? idOf(goods) ?? value)}`;
			return value === undefined ? undefined : { name, value };
		},
		searchHere: true,
	}),
};
