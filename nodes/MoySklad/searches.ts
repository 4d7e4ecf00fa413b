/** Lists behind MoySklad's resource locators and dropdowns. */
import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { listSearch, loadChoices } from '../shared/search';
import { attributeLabel, attributeOwnerOf, loadAttributes } from './attributes';
import { plainDictionaries } from './catalogue/dictionaries';
import { escapeValue } from './filter';
import { rowsStyle } from './lists';
import { specialSearches } from './searchesSpecial';
import { moySklad } from './vendor';

const PAGE = 100;

const byName = (row: IDataObject) => String(row.name);

/** A dictionary that MoySklad can search by words. */
function dictionary(entity: string, name: (row: IDataObject) => string = byName) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (_context, filter) => ({
			method: 'GET',
			path: `/entity/${entity}`,
			query: filter ? { search: filter } : {},
		}),
		entry: (row) => ({ name: name(row), value: String(row.id) }),
	});
}

/** A list without a search: MoySklad filters it by a part of one field. */
function filtered(
	entity: string,
	field: string,
	name: (row: IDataObject) => string,
	conditions: string[] = [],
) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (_context, filter) => {
			const all = [...conditions, ...(filter ? [containing(field, filter)] : [])];
			return {
				method: 'GET',
				path: `/entity/${entity}`,
				query: all.length > 0 ? { filter: all.join(';') } : {},
			};
		},
		entry: (row) => ({ name: name(row), value: String(row.id) }),
	});
}

/** Signs at the beginning and backslashes at the end would be taken for syntax. */
function containing(field: string, text: string): string {
	return `${field}~${escapeValue(text.replace(/^[=~]+|\\+$/g, ''))}`;
}

/** A list that MoySklad can neither search nor filter: the text is looked for here. */
function looked(
	path: (context: ILoadOptionsFunctions) => string,
	name: (row: IDataObject) => string,
) {
	return listSearch(moySklad, {
		style: rowsStyle,
		pageSize: PAGE,
		request: (context) => ({ method: 'GET', path: path(context) }),
		entry: (row) => ({ name: name(row), value: String(row.id) }),
		searchHere: true,
	});
}

const withPath = (row: IDataObject) =>
	row.pathName ? `${String(row.pathName)}/${String(row.name)}` : String(row.name);

const withCode = (row: IDataObject) =>
	[row.name, row.code ?? row.article].filter(Boolean).join(' – ');

/** The day of a moment in MoySklad's form. */
const day = (moment: unknown) => (typeof moment === 'string' ? moment.slice(0, 10) : undefined);

/** Resource that the form shows now. */
function resourceOf(context: ILoadOptionsFunctions): string {
	return String(context.getCurrentNodeParameter('resource') ?? '');
}

export const searches = {
	...specialSearches,
	searchBonusPrograms: looked(() => '/entity/bonusprogram', byName),
	searchBonusTransactions: filtered('bonustransaction', 'name', (row) =>
		[
			row.name,
			day(row.moment),
			`${row.transactionType === 'SPENDING' ? '−' : '+'}${String(row.bonusValue ?? 0)}`,
		]
			.filter(Boolean)
			.join(' · '),
	),
	searchBundles: filtered('bundle', 'name', withCode),
	searchContracts: dictionary('contract', (row) =>
		[row.name, day(row.moment)].filter(Boolean).join(' · '),
	),
	searchCurrencies: dictionary('currency', (row) =>
		[row.name, row.isoCode].filter(Boolean).join(' – '),
	),
	searchProductFolders: dictionary('productfolder', withPath),
	searchRetailStores: dictionary('retailstore'),
	searchSavedFilters: looked((context) => {
		const resource = resourceOf(context);
		const found = plainDictionaries.find((entry) => entry.resource === resource);
		return `/entity/${found?.keyword ?? resource}/namedfilter`;
	}, byName),
	searchStores: dictionary('store', withPath),
	searchTasks: filtered('task', 'description', (row) => String(row.description).slice(0, 100), [
		'done=true',
		'done=false',
	]),
	searchUnitsOfMeasure: dictionary('uom'),
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
