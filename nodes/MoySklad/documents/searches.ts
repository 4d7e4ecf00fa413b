/** Lists behind the locators of documents whose type the form says, and of their items. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { locatorId } from '../../shared/form/parameters';
import { InputProblem } from '../../shared/errors/problems';
import { toNodeError } from '../../shared/errors/errors';
import { openRoad } from '../../shared/road/road';
import { listSearch, loadChoices } from '../../shared/form/search';
import { goodsSearch } from '../searchesSpecial';
import { rowId } from '../catalogue/nested';
import { dayOf } from '../entities';
import { rowsStyle } from '../lists';
import { facts, newestFirst } from '../facts';
import { idOf } from '../simplify';
import { listMeant } from './itemLists';
import { anyItem } from './markingCodes';
import { anyDocument } from './places';
import { goodsKinds } from './positions';
import { TEMPLATE_KINDS } from './printing';
import { stateChoices } from './status';
import { moySkladDocuments } from './vendor';

const PAGE = 100;

const chosenType = (context: ILoadOptionsFunctions) =>
	String(context.getCurrentNodeParameter('documentType') ?? 'customerorder');

/** The document in the form. Throws `InputProblem`. */
function documentOf(context: ILoadOptionsFunctions): string {
	const id = locatorId('Document', anyDocument, context.getCurrentNodeParameter('documentId'));
	if (id !== undefined) return id;
	throw new InputProblem(
		'Document',
		'is not chosen yet',
		"Choose 'Document' first: this list shows its items.",
	);
}

/** The list of items in the form. */
const listIn = (context: ILoadOptionsFunctions) =>
	listMeant(chosenType(context), context.getCurrentNodeParameter('itemList'));

/** The item in the form. Throws `InputProblem`. */
function itemIn(context: ILoadOptionsFunctions): string {
	const id = locatorId('Item', anyItem, context.getCurrentNodeParameter('itemId'));
	if (id !== undefined) return id;
	throw new InputProblem(
		'Item',
		'is not chosen yet',
		"Choose 'Item' first: this list shows its codes.",
	);
}

const resourceOf = (context: ILoadOptionsFunctions) =>
	String(context.getCurrentNodeParameter('resource') ?? '');

/** Type of the documents that the form is about. */
function keywordOf(context: ILoadOptionsFunctions): string {
	const resource = resourceOf(context);
	return facts[resource]?.kind === 'document' ? resource : chosenType(context);
}

/** What belongs to the document in the form: it can be neither searched nor filtered. */
function partsOf(part: string, name: (row: IDataObject) => unknown) {
	return listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => ({
			method: 'GET',
			path: `/entity/${chosenType(context)}/${documentOf(context)}/${part}`,
		}),
		entry: (row: IDataObject) => {
			const value = rowId(row);
			return value === undefined ? undefined : { name: String(name(row) ?? value), value };
		},
		searchHere: true,
	});
}

/** Documents of a type that the form tells, newest first. */
function newest(type: (context: ILoadOptionsFunctions) => string) {
	return listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context, filter) => {
			const keyword = type(context);
			const query = filter ? { search: filter } : newestFirst(keyword);
			return { method: 'GET', path: `/entity/${keyword}`, query };
		},
		entry: (row: IDataObject) => ({
			name: [row.name, dayOf(row.moment)].filter(Boolean).join(' · '),
			value: String(row.id),
		}),
	});
}

/** Statuses of the type in the form, as choices of a dropdown. */
export const documentChoices = {
	getStatuses: loadChoices(
		moySkladDocuments,
		async (context, { send }) => await stateChoices(send, keywordOf(context)),
	),
};

export const documentSearches = {
	/** Own templates and standard ones of the type in the form; the value is a link, which tells the kind. */
	async searchTemplates(
		this: ILoadOptionsFunctions,
		filter?: string,
	): Promise<INodeListSearchResult> {
		try {
			const { send, connection } = await openRoad(this, moySkladDocuments);
			const keyword = keywordOf(this);
			const results: INodeListSearchResult['results'] = [];
			for (const kind of TEMPLATE_KINDS) {
				const path = `/entity/${keyword}/metadata/${kind}`;
				const { body } = await send({ method: 'GET', path });
				for (const { id, name } of ((body as IDataObject).rows ?? []) as IDataObject[]) {
					const shown = `${String(name)}${kind === 'embeddedtemplate' ? ' (standard)' : ''}`;
					if (filter && !shown.toLowerCase().includes(filter.toLowerCase())) continue;
					results.push({ name: shown, value: `${connection.baseUrl}${path}/${String(id)}` });
				}
			}
			return { results };
		} catch (error) {
			throw toNodeError(this.getNode(), moySkladDocuments.name, error);
		}
	},
	/** Documents of the type that the form makes another one from. */
	searchBases: newest((context) => String(context.getCurrentNodeParameter('basisType') ?? '')),
	/** Templates of the kind in the form. */
	searchTemplatesOfKind: listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => {
			const kind = String(context.getCurrentNodeParameter('templateKind') ?? 'customtemplate');
			return { method: 'GET', path: `/entity/${chosenType(context)}/metadata/${kind}` };
		},
		entry: (row: IDataObject) => ({ name: String(row.name), value: String(row.id) }),
		searchHere: true,
	}),
	/** Marking codes of the item in the form. */
	searchMarkingCodes: listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => ({
			method: 'GET',
			path: `/entity/${chosenType(context)}/${documentOf(context)}/positions/${itemIn(context)}/trackingCodes`,
		}),
		entry: (row: IDataObject) => ({ name: String(row.cis ?? row.id), value: String(row.id) }),
		searchHere: true,
	}),
	searchPublications: partsOf('publication', (row) => row.href),
	searchDocumentFiles: partsOf('files', (row) => row.filename ?? row.title),
	searchComments: partsOf('notes', (row) =>
		[String(row.created ?? '').slice(0, 16), String(row.description ?? '').slice(0, 80)]
			.filter(Boolean)
			.join(' · '),
	),
	/** Goods that the items of the document in the form may be. */
	searchItemGoods: goodsSearch((context) => {
		const resource = resourceOf(context);
		// Batches stand in a list of their own.
		return goodsKinds(resource === 'item' ? chosenType(context) : resource).filter(
			(type) => type !== 'consignment',
		);
	}, 'link'),
	/** Documents of the type in the form. */
	searchDocuments: newest(chosenType),
	searchItems: listSearch(moySkladDocuments, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => ({
			method: 'GET',
			path: `/entity/${chosenType(context)}/${documentOf(context)}/${listIn(context)}`,
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
