/** Cashiers of a retail store. Reference of the project §1.11; MoySklad docs, Cashier. */
import type { IDataObject } from 'n8n-workflow';

import type { Field, Operation, OutputField } from '../../shared/catalogue';
import { entityLocator, rowsList } from '../lists';
import { UUID } from '../references';
import { idOf } from '../simplify';
import { expandField, partLocator, rowId } from './nested';

const DOCS = 'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/cashier#2-kassir';

const store: Field = {
	name: 'retailStoreId',
	label: 'Retail Store',
	kind: 'locator',
	to: 'path:retailStoreId',
	required: true,
	locator: entityLocator('retailstore'),
};

const cashier: Field = {
	name: 'cashierId',
	label: 'Cashier',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`retailstore/${UUID}/cashiers`,
		'retailstore/7944ef04-f831-11e5-7a69-971500188b19/cashiers',
		'searchCashiers',
	),
};

const expand = expandField([
	{ name: 'Employee', value: 'employee' },
	{ name: 'Retail Store', value: 'retailStore' },
]);

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	employeeId: { type: 'string' },
	employeeName: { type: 'string' },
	retailStoreId: { type: 'string' },
	retailStoreName: { type: 'string' },
	accountId: { type: 'string' },
};

const referenceName = (reference: unknown) => (reference as IDataObject | undefined)?.name;

const shared = {
	resource: 'cashier',
	docs: DOCS,
	output,
	simplify: (row: IDataObject) => ({
		id: rowId(row),
		employeeId: idOf(row.employee),
		employeeName: referenceName(row.employee),
		retailStoreId: idOf(row.retailStore),
		retailStoreName: referenceName(row.retailStore),
		accountId: row.accountId,
	}),
};

export const cashiers: Operation[] = [
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get cashier of retail store',
		description: 'Retrieve one cashier of a retail store',
		route: 'GET /entity/retailstore/{retailStoreId}/cashiers/{id}',
		answer: { kind: 'object' },
		fields: [store, cashier, expand],
		notes: 'Names come with Expand.',
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many cashiers of retail store',
		description: 'List the cashiers of a retail store',
		route: 'GET /entity/retailstore/{retailStoreId}/cashiers',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [store, expand],
		notes:
			'Names come with Expand. Cashiers are assigned by writing the retail store (cashiers: a list of employees), which API Request can do.',
	},
];
