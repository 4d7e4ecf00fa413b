/**
 * MoySklad's reports: what people decide about each. Source: MoySklad docs, Reports; reference of the project:
 * moysklad-documents.md §6.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Choice, Field, FilterField, FilterTerm } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { searchOf } from '../entities';
import { facts, type TypeField } from '../facts';
import { entityLocator } from '../lists';
import { linkPattern } from '../references';
import { hrefOf } from '../simplify';
import { goodsColumns, id, number, text, type, type Column } from './columns';
import { changedSinceTime, CHART, groupBy, reportedItem, PERIOD } from './fields';
import type { Report } from './report';

const RIGHTS = 'Without the right to see costs, the fields with costs and profit are missing.';
const LAST_MONTH = 'Without a period it is the last month.';

/** Paths of a family's amounts: those that the table counts in kopecks. */
function amounts(table: Record<string, TypeField>, at = ''): string[] {
	return Object.keys(table)
		.filter((name) => table[name].unit?.startsWith('kopecks'))
		.map((name) => `${at}${name}`);
}

const partOf = (keyword: string, name: string) => facts[keyword].parts?.[name] ?? {};

/** One row for each element of a list inside the row, with the element in the list's place. */
const each = (list: string) => (row: IDataObject) => {
	const elements = row[list];
	return Array.isArray(elements)
		? (elements as IDataObject[]).map((element) => ({ ...row, [list]: element }))
		: [row];
};

const uses = ({ filter }: Call, names: string[]) =>
	filter.filter(({ field }) => names.includes(field));

const labelsOf = (terms: FilterTerm[]) =>
	[...new Set(terms.map(({ field, of }) => of?.label ?? field))]
		.map((label) => `'${label}'`)
		.join(' and ');

// ---------------------------------------------------------------------------------------- stock

const NARROWS = ['product', 'variant', 'consignment', 'productFolder', 'search'];

/** MoySklad takes one way to compare goods: with, or without. Throws `InputProblem`. */
function checkGoods(call: Call): void {
	const terms = uses(call, NARROWS);
	const not = terms.filter(({ operator }) => operator.startsWith('not'));
	if (not.length > 0 && not.length < terms.length) {
		throw new InputProblem(
			'Conditions',
			`compare ${labelsOf(terms)}, some with and some without 'Not', which MoySklad refuses`,
			'Compare all of them in the same way.',
		);
	}
	if (!call.query.includeRelated) return;
	if (uses(call, ['product', 'variant']).length > 0) return;
	throw new InputProblem(
		'Include Related',
		'is on without a condition on products or variants',
		"Add a condition with 'Product' or 'Product Variant', or turn it off.",
	);
}

/** Of these, one at a time. Throws `InputProblem`. */
const onlyOne = (names: string[]) => (call: Call) => {
	const terms = uses(call, names);
	if (new Set(terms.map(({ field }) => field)).size < 2) return;
	throw new InputProblem(
		'Conditions',
		`compare ${labelsOf(terms)} at once, and this report takes one of them`,
		'Keep one.',
	);
};

/** A new row begins with the first of them. */
const STOCK_SORT: Choice[] = [
	{ name: 'Name', value: 'name' },
	{ name: 'Article (SKU)', value: 'productCode' },
	{ name: 'Available', value: 'quantity' },
	{ name: 'Code', value: 'code' },
	{ name: 'Cost Total', value: 'sumTotal' },
	{ name: 'Days in Stock', value: 'avgStockDays' },
	{ name: 'Folder Path', value: 'pathName' },
	{ name: 'In Transit', value: 'inTransit' },
	{ name: 'Minimum Balance', value: 'minimumBalance' },
	{ name: 'Reserve', value: 'reserve' },
	{ name: 'Sale Price', value: 'salePrice' },
	{ name: 'Stock', value: 'stock' },
	{ name: 'Unit Cost', value: 'price' },
];

const STORE_SORT: Choice[] = [
	{ name: 'Name', value: 'name' },
	{ name: 'Article (SKU)', value: 'productCode' },
	{ name: 'Code', value: 'code' },
	{ name: 'Folder Path', value: 'pathName' },
	{ name: 'Stock in All Warehouses', value: 'stockOnAllStores' },
];

const INCLUDE_RELATED: Field = {
	name: 'includeRelated',
	label: 'Include Related',
	kind: 'toggle',
	default: true,
	section: 'options',
	to: 'query:includeRelated',
	wire: (value) => (value ? true : undefined),
	help: 'Whether variants and batches of the products in the conditions come along. MoySklad groups by batch then.',
};

/** What kind of stock a short report tells. */
const FIGURES: Choice[] = [
	{ name: 'Available', value: 'quantity', description: 'Stock less reserve plus in transit' },
	{ name: 'Free Stock', value: 'freeStock', description: 'Stock less reserve' },
	{ name: 'In Transit', value: 'inTransit' },
	{ name: 'Reserve', value: 'reserve' },
	{ name: 'Stock', value: 'stock', description: 'What lies in the warehouses' },
];

const CURRENT: Field[] = [
	{
		name: 'figure',
		label: 'Figure',
		kind: 'choice',
		to: 'query:stockType',
		default: 'stock',
		choices: FIGURES,
		help: 'What of the stock to tell',
	},
	{
		name: 'changedSince',
		label: 'Changed Since',
		kind: 'time',
		section: 'filters',
		to: 'query:changedSince',
		wire: changedSinceTime,
		help: 'Only goods whose figure has changed since, at most 24 hours ago; zeros come along then. Let the spans of your runs overlap by some minutes.',
	},
	{
		name: 'zeroLines',
		label: 'Include Zeros',
		kind: 'toggle',
		section: 'options',
		default: true,
		to: 'query:include',
		wire: (value) => (value ? 'zeroLines' : undefined),
		help: 'Whether goods without any come along. Goods that never moved are left out all the same.',
	},
];

const WITH_RECALCULATE: Field = {
	name: 'withRecalculate',
	label: 'Include What Is Being Recalculated',
	kind: 'toggle',
	section: 'options',
	default: true,
	to: 'query:withRecalculate',
	wire: (value) => (value ? true : undefined),
	help: 'Whether goods whose stock MoySklad is computing anew come along, with an empty amount',
};

/** The short reports compare plain IDs. */
const BY_ID: FilterField[] = [
	{
		name: 'assortmentId',
		label: 'Item',
		kind: 'uuid',
		operators: ['equals'],
		entity: 'product,variant,service,bundle',
		search: 'searchAssortment',
		formerlyTyped: true,
		first: true,
	},
	{
		name: 'storeId',
		label: 'Warehouse',
		kind: 'uuid',
		operators: ['equals'],
		entity: 'store',
		search: searchOf('store'),
		formerlyTyped: true,
	},
];

const figure: Record<string, Column> = {
	figure: { type: 'string', read: (_row, { query }) => query.stockType ?? 'stock' },
	amount: { type: 'number', read: (row, { query }) => row[String(query.stockType ?? 'stock')] },
};

const itemId: Column = { type: 'string', read: ({ assortmentId }) => assortmentId };
const warehouse: Record<string, Column> = {
	warehouseId: { type: 'string', read: ({ storeId }) => storeId },
	warehouse: text('names.warehouse'),
};
const named = { type: text('names.type'), ...goodsColumns('names') };

const SHORT =
	'One request for all goods, in no certain order, as of now. Administrators, and employees with the right to see stock. Stock of nested warehouses is not added up.';

/** Documents that the report on one document knows. */
const STOCK_DOCUMENTS = [
	'demand',
	'customerorder',
	'retaildemand',
	'invoicein',
	'invoiceout',
	'purchaseorder',
	'supply',
	'retailsalesreturn',
	'purchasereturn',
	'salesreturn',
];

const OF_DOCUMENT: Field[] = [
	{
		name: 'reportDocumentType',
		label: 'Document Type',
		kind: 'choice',
		to: 'control',
		default: 'customerorder',
		choices: STOCK_DOCUMENTS.map((value) => ({
			name: facts[value].one,
			value,
			local: facts[value].local?.replace(/ \(.*/, ''),
		})).sort((one, other) => one.name.localeCompare(other.name, 'en')),
		help: 'Type of the document, for the list of documents',
	},
	{
		name: 'reportDocumentId',
		label: 'Document',
		kind: 'locator',
		to: 'query:operation.id',
		required: true,
		locator: {
			...entityLocator('customerorder', 'searchReportDocuments'),
			url: {
				pattern: linkPattern(
					`/entity/(?:${STOCK_DOCUMENTS.join('|')})/`,
					`(?:${STOCK_DOCUMENTS.join('|')})`,
				),
				placeholder:
					'e.g. https://online.moysklad.ru/app/#customerorder/edit?id=7944ef04-f831-11e5-7a69-971500188b19',
			},
		},
		help: 'The document whose items are asked for',
	},
];

const STOCK_REPORTS: Report[] = [
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'getAll',
		name: 'Get Stock',
		action: 'Get stock report',
		description: 'Stock, reserve, expected and available quantity of all goods, with their costs',
		route: 'GET /report/stock/all',
		docs: 'report-stock#3-rasshirennyj-otchet-ob-ostatkah',
		filters: 'all',
		// The docs' own examples repeat it.
		several: ['productFolder'],
		attributes: 'ordered',
		sort: STOCK_SORT,
		fields: [groupBy(['variant', 'product', 'consignment']), INCLUDE_RELATED],
		async: true,
		money: amounts(facts.stock.fields),
		rowKey: (row) => hrefOf(row),
		check: checkGoods,
		columns: {
			type: type(),
			...goodsColumns(''),
			stock: number('stock'),
			reserve: number('reserve'),
			inTransit: number('inTransit'),
			quantity: number('quantity'),
			unitCost: number('price'),
		},
		notes: `1000 rows a request, each of which costs 5 units of the limit. Goods of which nothing is available are left out unless a condition on 'Available Level' says otherwise. ${RIGHTS}`,
	},
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'byStore',
		name: 'Get Stock by Warehouse',
		action: 'Get stock report by warehouse',
		description: 'Stock, reserve and expected quantity of all goods in each warehouse',
		route: 'GET /report/stock/bystore',
		docs: 'report-stock#3-ostatki-po-skladam',
		filters: 'bystore',
		attributes: 'equal',
		sort: STORE_SORT,
		fields: [groupBy(['variant', 'product', 'consignment'])],
		async: true,
		rowKey: (row) => hrefOf(row),
		check: onlyOne(NARROWS),
		explode: each('stockByStore'),
		nameless: { goods: '.' },
		picks: { ...partOf('stock', 'byStoreRow'), ...partOf('stock', 'stockByStore') },
		columns: {
			type: type(),
			...goodsColumns('names'),
			id: id(),
			warehouseId: id('stockByStore'),
			warehouse: text('stockByStore.name'),
			stock: number('stockByStore.stock'),
			reserve: number('stockByStore.reserve'),
			inTransit: number('stockByStore.inTransit'),
		},
		notes:
			"1000 goods a request, each of which costs 5 units of the limit; simplified, one item for each warehouse of each of them, and 'Limit' counts these. Names are looked up.",
	},
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'current',
		name: 'Get Current Stock',
		action: 'Get current stock',
		description: 'One figure of the stock of all goods as of now, for frequent updates',
		route: 'GET /report/stock/all/current',
		docs: 'report-stock#3-poluchit-kratkij-otchet-ob-ostatkah',
		conditions: BY_ID,
		several: 'all',
		fields: CURRENT,
		whole: '',
		limited: true,
		rowKey: ({ assortmentId }) => assortmentId as string | undefined,
		nameless: { goods: 'assortmentId' },
		columns: { ...named, id: itemId, ...figure },
		notes: SHORT,
	},
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'currentByStore',
		name: 'Get Current Stock by Warehouse',
		action: 'Get current stock by warehouse',
		description: 'One figure of the stock of all goods in each warehouse as of now',
		route: 'GET /report/stock/bystore/current',
		docs: 'report-stock#3-poluchit-kratkij-otchet-ob-ostatkah',
		conditions: BY_ID,
		several: 'all',
		fields: [...CURRENT, WITH_RECALCULATE],
		whole: '',
		limited: true,
		rowKey: ({ assortmentId, storeId }) => `${String(assortmentId)} ${String(storeId)}`,
		nameless: { goods: 'assortmentId', warehouse: 'storeId' },
		columns: { ...named, id: itemId, ...warehouse, ...figure },
		notes: `${SHORT} What is reserved or expected without a warehouse comes without one.`,
	},
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'currentByBin',
		name: 'Get Current Stock by Bin',
		action: 'Get current stock by bin',
		description: 'One figure of the stock of goods in the bins of warehouses as of now',
		route: 'GET /report/stock/byslot/current',
		docs: 'report-stock#3-poluchit-kratkij-otchet-ob-ostatkah-po-yachejkam',
		conditions: BY_ID,
		several: 'all',
		fields: CURRENT,
		whole: '',
		limited: true,
		rowKey: ({ assortmentId, storeId, slotId }) =>
			[assortmentId, storeId, slotId].map(String).join(' '),
		check: (call) => {
			if (call.filter.length > 0 || call.control.rawFilter) return;
			throw new InputProblem(
				'Conditions',
				'are empty, and MoySklad tells bins of certain goods or warehouses only',
				"Add a condition with 'Item' or 'Warehouse'.",
			);
		},
		nameless: { goods: 'assortmentId', warehouse: 'storeId', bin: 'slotId' },
		columns: {
			...goodsColumns('names'),
			id: itemId,
			...warehouse,
			binId: { type: 'string', read: ({ slotId }) => slotId },
			bin: text('names.bin'),
			...figure,
		},
		notes: `${SHORT} Goods that lie outside of bins are not told. It needs a condition on goods or warehouses.`,
	},
	{
		keyword: 'stock',
		resource: 'stockReport',
		operation: 'ofDocument',
		name: 'Get Stock of Document',
		action: 'Get stock of items of document',
		description: "Stock of the items of a document, in the document's warehouse",
		route: 'GET /report/stock/byoperation',
		docs: 'report-stock#3-ostatki-po-dokumentam',
		fields: OF_DOCUMENT,
		whole: 'rows',
		explode: each('positions'),
		money: ['positions.cost'],
		columns: {
			id: id('positions'),
			type: type('positions'),
			name: text('positions.name'),
			stock: number('positions.stock'),
			reserve: number('positions.reserve'),
			inTransit: number('positions.inTransit'),
			quantity: number('positions.quantity'),
			unitCost: number('positions.cost'),
			documentId: id(),
			documentType: type(),
		},
		notes:
			"Shipments, retail sales, receivings and returns tell the stock at the document's moment, orders and invoices that of now.",
	},
];

// ------------------------------------------------------------------------------------- turnover

const FIGURE_PLACES = ['onPeriodStart', 'income', 'outcome', 'onPeriodEnd'];
const figureAmounts = (at = '') =>
	FIGURE_PLACES.flatMap((place) => amounts(partOf('turnover', 'figures'), `${at}${place}.`));

const quantities = (at = ''): Record<string, Column> => ({
	startQuantity: number(`${at}onPeriodStart.quantity`),
	incomeQuantity: number(`${at}income.quantity`),
	outcomeQuantity: number(`${at}outcome.quantity`),
	endQuantity: number(`${at}onPeriodEnd.quantity`),
});

const ONE_ITEM = reportedItem(['product', 'variant']);

const TURNOVER_REPORTS: Report[] = [
	{
		keyword: 'turnover',
		resource: 'turnoverReport',
		operation: 'getAll',
		name: 'Get Movement by Item',
		action: 'Get stock movement report by item',
		description: 'What came in and went out in a period, for all goods',
		route: 'GET /report/turnover/all',
		docs: 'report-turnover#3-oboroty-po-tovaram',
		filters: 'all',
		attributes: 'ordered',
		fields: [groupBy(['product', 'variant']), ...PERIOD],
		zone: true,
		money: figureAmounts(),
		rowKey: ({ assortment }) => hrefOf(assortment),
		columns: {
			...goodsColumns('assortment'),
			...quantities(),
			incomeSum: number('income.sum'),
			outcomeSum: number('outcome.sum'),
		},
		notes: `1000 rows a request. ${LAST_MONTH} Sums are costs.`,
	},
	{
		keyword: 'turnover',
		resource: 'turnoverReport',
		operation: 'byStore',
		name: 'Get Movement by Warehouse',
		action: 'Get stock movement of item by warehouse',
		description: 'What came in and went out of a product in each warehouse in a period',
		route: 'GET /report/turnover/bystore',
		docs: 'report-turnover#3-oboroty-po-tovaru-s-detalizaciej-po-skladam',
		filters: 'bystore',
		without: ['product', 'variant'],
		fields: [...ONE_ITEM, ...PERIOD],
		zone: true,
		whole: 'rows',
		explode: each('stockByStore'),
		money: figureAmounts('stockByStore.'),
		picks: partOf('turnover', 'byStoreRow'),
		columns: {
			...goodsColumns('assortment'),
			warehouseId: id('stockByStore.store'),
			warehouse: text('stockByStore.store.name'),
			...quantities('stockByStore.'),
		},
		notes: `A product comes with its variants. ${LAST_MONTH}`,
	},
	{
		keyword: 'turnover',
		resource: 'turnoverReport',
		operation: 'byDocument',
		name: 'Get Movement by Document',
		action: 'Get stock movement of item by document',
		description: 'The documents with which a product came in and went out in a period',
		route: 'GET /report/turnover/byoperations',
		docs: 'report-turnover#3-oboroty-po-tovaru-s-detalizaciej-po-dokumentam',
		// Its own table in the docs has the same fields without their operators.
		filters: 'bystore',
		without: ['product', 'variant'],
		fields: [...ONE_ITEM, ...PERIOD],
		zone: true,
		whole: 'rows',
		money: ['cost', 'sum'],
		picks: partOf('turnover', 'byOperationsRow'),
		columns: {
			id: id('assortment'),
			name: text('assortment.name'),
			article: text('assortment.article'),
			warehouse: text('store.name'),
			documentId: id('operation'),
			documentType: type('operation'),
			document: text('operation.name'),
			moment: text('operation.moment'),
			quantity: number('quantity'),
			sum: number('sum'),
		},
		notes: LAST_MONTH,
	},
];

// --------------------------------------------------------------------------------------- profit

const PROFIT: Pick<Report, 'keyword' | 'resource' | 'async' | 'money' | 'fields' | 'check'> = {
	keyword: 'profit',
	resource: 'profitReport',
	async: true,
	fields: PERIOD,
	check: onlyOne(['product', 'productFolder']),
};
const PROFIT_NOTES = `1000 rows a request. ${LAST_MONTH} Margins are parts of one: 0.25 is 25 %. ${RIGHTS}`;

const sold: Record<string, Column> = {
	sellQuantity: number('sellQuantity'),
	sellSum: number('sellSum'),
	sellCostSum: number('sellCostSum'),
	returnSum: number('returnSum'),
	profit: number('profit'),
	salesMargin: number('salesMargin'),
};

const sales: Record<string, Column> = {
	salesCount: number('salesCount'),
	salesAvgCheck: number('salesAvgCheck'),
	sellSum: number('sellSum'),
	sellCostSum: number('sellCostSum'),
	returnCount: number('returnCount'),
	returnSum: number('returnSum'),
	profit: number('profit'),
	salesMargin: number('salesMargin'),
};

const whose = (of: string) => ({ id: id(of), name: text(`${of}.name`) });

/** `[operation, word, row's part, what it tells]` of the three that sum up by something else than goods. */
const PROFIT_BY = [
	['byEmployee', 'Employee', 'byEmployeeRow', 'employee', 'po-sotrudnikam'],
	['byCounterparty', 'Counterparty', 'byCounterpartyRow', 'counterparty', 'po-pokupatelyam'],
	['bySalesChannel', 'Sales Channel', 'bySalesChannelRow', 'salesChannel', 'po-kanalam-prodazh'],
];

const PROFIT_REPORTS: Report[] = [
	{
		...PROFIT,
		operation: 'byProduct',
		name: 'Get Profit by Product',
		action: 'Get profit report by product',
		description: 'Sales, returns, costs and profit of products, services and bundles in a period',
		route: 'GET /report/profit/byproduct',
		docs: 'report-pnl#3-pribylnost-po-tovaram',
		filters: 'byproduct',
		money: amounts(facts.profit.fields),
		rowKey: ({ assortment }) => hrefOf(assortment),
		columns: { ...goodsColumns('assortment'), ...sold },
		notes: `Variants count to their product. ${PROFIT_NOTES}`,
	},
	{
		...PROFIT,
		operation: 'byVariant',
		name: 'Get Profit by Variant',
		action: 'Get profit report by variant',
		description: 'Sales, returns, costs and profit of variants, services and bundles in a period',
		route: 'GET /report/profit/byvariant',
		docs: 'report-pnl#3-pribylnost-po-modifikaciyam',
		filters: 'byvariant',
		money: amounts(facts.profit.fields),
		rowKey: ({ assortment }) => hrefOf(assortment),
		columns: { ...goodsColumns('assortment'), ...sold },
		notes: PROFIT_NOTES,
	},
	...PROFIT_BY.map(([operation, word, part, of, page]): Report => ({
		...PROFIT,
		operation,
		name: `Get Profit by ${word}`,
		action: `Get profit report by ${word.toLowerCase()}`,
		description: `Sales, returns, costs and profit of each ${word.toLowerCase()} in a period`,
		route: `GET /report/profit/${operation.toLowerCase()}`,
		docs: `report-pnl#3-pribylnost-${page}`,
		filters: operation.toLowerCase(),
		money: amounts(partOf('profit', part)),
		rowKey: (row) => hrefOf(row[of]),
		picks: partOf('profit', part),
		columns: { ...whose(of), ...sales },
		notes: PROFIT_NOTES,
	})),
];

// --------------------------------------------------------------------- money, sales, orders, all

const CHART_NOTES =
	'One row for each hour, day or month, those without documents too; with Output Raw one item with the whole chart.';

const chart = (keyword: 'money' | 'sales' | 'orders'): Omit<Report, 'name' | 'action'> => ({
	keyword,
	resource: keyword === 'money' ? 'moneyReport' : `${keyword}Chart`,
	operation: 'chart',
	description: '',
	route: `GET /report/${keyword}/plotseries`,
	docs: 'report-sales-orders#2-pokazateli-prodazh-i-zakazov',
	filters: 'plotseries',
	several: 'all',
	fields: CHART,
	whole: 'series',
	chart: true,
	async: true,
	zone: true,
	// Of a point, and of the whole chart with its totals, which have the same names.
	money: [...amounts(partOf(keyword, 'series')), ...amounts(partOf(keyword, 'series'), 'series.')],
	picks: partOf(keyword, 'series'),
	columns: { date: text('date'), quantity: number('quantity'), sum: number('sum') },
	notes: CHART_NOTES,
});

const CHARTS: Report[] = [
	{
		...chart('money'),
		name: 'Get Chart',
		action: 'Get money chart',
		description: 'Income and expense by hours, days or months',
		docs: 'report-money#3-dvizhenie-denezhnyh-sredstv',
		// The API calls income credit, and expense debit.
		columns: {
			date: text('date'),
			income: number('credit'),
			expense: number('debit'),
			balance: number('balance'),
		},
	},
	{
		keyword: 'money',
		resource: 'moneyReport',
		operation: 'byAccount',
		name: 'Get Balances',
		action: 'Get money balances by account',
		description: "What lies in the organizations' accounts and cash desks now",
		route: 'GET /report/money/byaccount',
		docs: 'report-money#3-ostatki-denezhnyh-sredstv',
		whole: 'rows',
		async: true,
		money: amounts(partOf('money', 'byAccountRow')),
		picks: partOf('money', 'byAccountRow'),
		columns: {
			organizationId: id('organization'),
			organization: text('organization.name'),
			accountId: id('account'),
			account: text('account.name'),
			balance: number('balance'),
		},
		notes:
			"A row without an account is the organization's cash desk. Amounts are in the account's currency.",
	},
	{
		...chart('sales'),
		name: 'Get Chart',
		action: 'Get sales chart',
		description: 'Number and sum of sales by hours, days or months',
		notes: `Shipments, retail sales and received commission reports; with a retail store, retail sales alone. ${CHART_NOTES}`,
	},
	{
		...chart('orders'),
		name: 'Get Chart',
		action: 'Get orders chart',
		description: 'Number and sum of sales orders by hours, days or months',
	},
	{
		keyword: 'dashboard',
		resource: 'dashboard',
		operation: 'get',
		name: 'Get Indicators',
		action: 'Get dashboard indicators',
		description: 'Sales, orders and money of today, this week or this month, and their change',
		route: 'GET /report/dashboard/{period}',
		docs: 'dashboard#2-pokazateli',
		whole: '.',
		async: true,
		fields: [
			{
				name: 'period',
				label: 'Period',
				kind: 'choice',
				to: 'path:period',
				required: true,
				default: 'day',
				choices: [
					{ name: 'Month', value: 'month' },
					{ name: 'Today', value: 'day' },
					{ name: 'Week', value: 'week' },
				],
				help: 'Which span is compared with the one before',
			},
		],
		money: ['sales', 'orders', 'money'].flatMap((part) =>
			amounts(partOf('dashboard', part), `${part}.`),
		),
		columns: {
			salesCount: number('sales.count'),
			salesAmount: number('sales.amount'),
			salesChange: number('sales.movementAmount'),
			ordersCount: number('orders.count'),
			ordersAmount: number('orders.amount'),
			ordersChange: number('orders.movementAmount'),
			income: number('money.income'),
			outcome: number('money.outcome'),
			balance: number('money.balance'),
			moneyChange: number('money.movement'),
		},
		notes: 'Of all organizations of the account.',
	},
];

// ------------------------------------------------------------------------ documents of one item

const OF_ITEM = reportedItem(['product', 'variant', 'consignment'], 'assortment');

const DOCUMENT_REPORTS = [
	{ operation: 'stock', word: 'Stock', what: 'that hold its stock', part: undefined },
	{ operation: 'reserve', word: 'Reserve', what: 'that reserve it', part: 'reserveRow' },
	{
		operation: 'inTransit',
		word: 'In Transit',
		what: 'with which it is expected',
		part: 'inTransitRow',
	},
].map(({ operation, word, what, part }): Report => {
	const table = part === undefined ? facts.byoperations.fields : partOf('byoperations', part);
	return {
		keyword: 'byoperations',
		resource: 'itemDocumentsReport',
		operation,
		name: `Get Documents with ${word}`,
		action: `Get documents of item with ${word.toLowerCase()}`,
		description: `The documents of a product, variant or batch ${what}`,
		route: `GET /report/byoperations/${operation.toLowerCase()}`,
		docs: 'report-by-operations#2-otchet-po-dokumentam-nomenklatury',
		fields: OF_ITEM,
		money: amounts(table),
		picks: table,
		nameless: { goods: 'assortment', warehouse: 'store', document: 'operation' },
		columns: {
			id: id('assortment'),
			name: text('names.name'),
			article: text('names.article'),
			warehouseId: id('store'),
			warehouse: text('names.warehouse'),
			documentId: id('operation'),
			documentType: type('operation'),
			document: text('names.document'),
			moment: text('moment'),
			[operation]: number(operation),
		},
		notes: 'Numbers of documents and names are looked up. Needs the rights to see goods and stock.',
	};
});

// -------------------------------------------------------------------------------- counterparties

/** Indicators of counterparties. */
export const COUNTERPARTY_REPORT: Report = {
	keyword: 'report.counterparty',
	resource: 'counterpartyReport',
	operation: 'getAll',
	name: 'Get Many',
	action: 'Get many counterparty indicators',
	description: 'Balance, sales, returns and profit of counterparties, such as a list of debtors',
	route: 'GET /report/counterparty',
	docs: 'report-counterparty#2-otchet-pokazateli-kontragentov',
	filters: 'counterparty',
	several: 'all',
	async: true,
	money: amounts(facts['report.counterparty'].fields),
	rowKey: (row) => hrefOf(row),
	columns: {
		id: id('counterparty'),
		name: text('counterparty.name'),
		companyType: text('counterparty.companyType'),
		balance: number('balance'),
		demandsCount: number('demandsCount'),
		demandsSum: number('demandsSum'),
		averageReceipt: number('averageReceipt'),
		returnsSum: number('returnsSum'),
		lastDemandDate: text('lastDemandDate'),
		profit: number('profit'),
	},
	notes:
		'1000 rows a request. Needs the CRM option of the tariff and the right to see all counterparties; profit needs the right to see costs.',
};

/** All reports but those of `ofItems.ts` and the single counterparty. */
export const reports: Report[] = [
	...STOCK_REPORTS,
	...TURNOVER_REPORTS,
	...PROFIT_REPORTS,
	...CHARTS,
	...DOCUMENT_REPORTS,
	COUNTERPARTY_REPORT,
];
