/** MoySklad's reports as resources and operations. */
import type { IDataObject } from 'n8n-workflow';

import type { Bulk, Choice, Operation } from '../../shared/catalogue';
import { rowsAt } from '../../shared/road/paging';
import { facts } from '../facts';
import { entityLocator } from '../lists';
import { MONEY_FIELD } from '../money';
import { metaRef } from '../references';
import { stockOfItems } from './ofItems';
import { reportOperation } from './report';
import { COUNTERPARTY_REPORT, reports } from './table';

/** Resources: n8n's value → MoySklad's keyword and what people find there. */
const FAMILIES: Array<[string, string, string]> = [
	['stockReport', 'stock', 'What lies where, what is reserved and expected, and what it costs'],
	['turnoverReport', 'turnover', 'What came in and went out in a period'],
	['profitReport', 'profit', 'Sales, costs and profit by goods, people and channels'],
	['moneyReport', 'money', 'Income, expense and balances'],
	['salesChart', 'sales', 'Number and sum of sales over time'],
	['ordersChart', 'orders', 'Number and sum of sales orders over time'],
	['dashboard', 'dashboard', 'The figures of the first page of the web app'],
	['counterpartyReport', 'report.counterparty', 'Balances, sales and profit of counterparties'],
	['itemDocumentsReport', 'byoperations', 'Which documents hold, reserve or expect an item'],
];

export const reportResources: Choice[] = FAMILIES.map(([value, keyword, description]) => ({
	name: facts[keyword].one,
	value,
	local: facts[keyword].local?.replace(/ \(.*/, ''),
	description,
}));

const counterparties = reportOperation(COUNTERPARTY_REPORT);

/** One counterparty by its own address, several by one request. */
const counterparty: Operation = {
	...counterparties,
	operation: 'get',
	name: 'Get',
	action: 'Get counterparty indicators',
	description: 'Balance, sales, returns and profit of one counterparty',
	route: 'GET /report/counterparty/{id}',
	answer: { kind: 'object' },
	list: undefined,
	source: undefined,
	filter: undefined,
	shape: undefined,
	fields: [
		{
			name: 'counterpartyId',
			label: 'Counterparty',
			kind: 'locator',
			to: 'path:id',
			required: true,
			locator: entityLocator('counterparty'),
			help: 'Whose indicators are asked for',
		},
		MONEY_FIELD,
	],
	bulk: {
		kind: 'get',
		route: 'POST /report/counterparty',
		id: (call) => call.path.id,
		body: (ids, { baseUrl }) => ({
			counterparties: ids.map((id) => ({ counterparty: metaRef(baseUrl, 'counterparty', id) })),
		}),
		rows: rowsAt('rows'),
		rowId: (row) => String((row.counterparty as IDataObject | undefined)?.id),
		most: () => 1000,
		missingCode: 1021,
	} satisfies Bulk,
};

export const reportOperations: Operation[] = [
	...reports.map(reportOperation),
	counterparty,
	...stockOfItems,
];
