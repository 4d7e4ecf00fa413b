/** Lists behind MoySklad's resource locators and dropdowns. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listSearch, loadChoices } from '../shared/form/search';
import { attributeLabel, attributeOwnerOf, loadAttributes } from './attributes';
import { allDictionaries } from './catalogue/dictionaries';
import { dayOf, ENTITIES, searchOf } from './entities';
import { entityList, PAGE } from './entityList';
import { facts, newestFirst } from './facts';
import { containing } from './filter';
import { rowsStyle, statesStyle } from './lists';
import { reportSearches } from './reports/searches';
import { agentSearches, anyDocumentSearches } from './searchesAmong';
import { specialSearches } from './searchesSpecial';
import { moySklad } from './vendor';

const byName = (row: IDataObject) => String(row.name);

const rowEntry = (shows: (row: IDataObject) => string) => (row: IDataObject) => ({
	name: shows(row),
	value: String(row.id),
});

/** A list without a search: MoySklad filters it by a part of one field. */
function filtered(
	path: string,
	field: string,
	name: (row: IDataObject) => string,
	conditions: string[] = [],
) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (_context, filter) => {
			const all = [...conditions, ...(filter ? [containing(field, filter)] : [])];
			return { method: 'GET', path, query: all.length > 0 ? { filter: all.join(';') } : {} };
		},
		entry: rowEntry(name),
	});
}

/** A list that MoySklad can neither search nor filter: the text is looked for here. */
function looked(
	path: (context: ILoadOptionsFunctions) => string,
	name: (row: IDataObject) => string,
	style = rowsStyle,
) {
	return listSearch(moySklad, {
		style,
		pageSize: PAGE,
		request: (context) => ({ method: 'GET', path: path(context) }),
		entry: rowEntry(name),
		searchHere: true,
	});
}

/** Resource that the form shows now. */
function resourceOf(context: ILoadOptionsFunctions): string {
	return String(context.getCurrentNodeParameter('resource') ?? '');
}

/** `searchCounterparty` and so on, for every entity. */
export const entitySearches = Object.fromEntries(
	[...ENTITIES].map(([keyword, entity]) => [
		searchOf(keyword),
		entityList(
			entity,
			rowEntry(entity.shows ?? byName),
			facts[keyword]?.kind === 'document' ? newestFirst(keyword) : {},
		),
	]),
);

/** MoySklad's keyword of the resource that the form shows now. */
function keywordOf(context: ILoadOptionsFunctions): string {
	const resource = resourceOf(context);
	return allDictionaries.find((entry) => entry.resource === resource)?.keyword ?? resource;
}

/** Filters that were saved in the web app for the list of the resource in the form. */
export const searchSavedFilters = looked(
	(context) => `/entity/${keywordOf(context)}/namedfilter`,
	byName,
);

/** Statuses that the objects of the resource in the form may have. */
export const searchStatuses = looked(
	(context) => `/entity/${keywordOf(context)}/metadata`,
	byName,
	statesStyle,
);

/**
 * Discounts of one kind, which have no list of their own. Those of the type `discount` are the rounding of totals, the
 * only ones that `/entity/discount/{id}` changes. Reference of the project: moysklad-documents.md, discounts.
 */
const discountsOf = (keyword: string) =>
	listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: () => ({ method: 'GET', path: '/entity/discount' }),
		entry: (row) =>
			(row.meta as IDataObject | undefined)?.type === keyword
				? { name: String(row.name), value: String(row.id) }
				: undefined,
		searchHere: true,
	});

const discountSearches = Object.fromEntries(
	['accumulationdiscount', 'discount', 'personaldiscount', 'specialpricediscount'].map(
		(keyword) => [searchOf(keyword), discountsOf(keyword)],
	),
);

export const searches = {
	...entitySearches,
	...agentSearches,
	...anyDocumentSearches,
	...discountSearches,
	...specialSearches,
	...reportSearches,
	searchBonusTransactions: filtered('/entity/bonustransaction', 'name', (row) =>
		[
			row.name,
			dayOf(row.moment),
			`${row.transactionType === 'SPENDING' ? '−' : '+'}${String(row.bonusValue ?? 0)}`,
		]
			.filter(Boolean)
			.join(' · '),
	),
	/** Objects of the type whose history is read. */
	async searchAudited(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const type = String(this.getCurrentNodeParameter('auditedType') ?? 'product');
		const search = entitySearches[searchOf(ENTITIES.has(type) ? type : 'product')];
		return await search.call(this, filter, paginationToken);
	},
	/** Owners of parts, of the type in the form. */
	async searchPartOwners(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const type = String(this.getCurrentNodeParameter('ownerType') ?? 'counterparty');
		const search = entitySearches[searchOf(ENTITIES.has(type) ? type : 'counterparty')];
		return await search.call(this, filter, paginationToken);
	},
	searchSavedFilters,
	searchStatuses,
	searchTasks: filtered(
		'/entity/task',
		'description',
		(row) => String(row.description).slice(0, 100),
		['done=true', 'done=false'],
	),
	/** Templates of labels and price tags, of the kind that the form shows now. */
	searchLabelTemplates: looked(
		(context) =>
			`/entity/assortment/metadata/${String(context.getCurrentNodeParameter('templateType') ?? 'customtemplate')}`,
		byName,
	),
	searchWebhooks: looked(
		() => '/entity/webhook',
		(row) =>
			`${String(row.entityType)} ${String(row.action)} → ${String(row.url)}${row.enabled === false ? ' (disabled)' : ''}`,
	),
};

export const choices = {
	/** Custom attributes of the resource that the form shows now. */
	getAttributes: loadChoices(moySklad, async (context, { send, connection }) => {
		const owner = attributeOwnerOf(resourceOf(context));
		const attributes = await loadAttributes(send, connection.baseUrl, owner);
		return attributes
			.map((attribute) => ({ name: attributeLabel(attribute), value: attribute.id }))
			.sort((one, other) => one.name.localeCompare(other.name, 'en'));
	}),
};
