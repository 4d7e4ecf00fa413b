/** Payments, accounts, products and inventories. Reference of the project: altegio-api.md §2.10–2.12, §2.24, §2.26. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { LEFT_OPEN } from '../../shared/facts/factFields';
import type { ApiRequest } from '../../shared/road/wire';
import { create, family, update } from '../dialect';
import { OWN_WORDS } from '../facts';

const sale = family({ value: 'sale', one: 'sale', many: 'sales' });
const transaction = family({ value: 'transaction', one: 'transaction', many: 'transactions' });
const account = family({ value: 'account', one: 'account', many: 'accounts' });
const fiscal = family({ value: 'fiscal', one: 'fiscal receipt', many: 'fiscal receipts' });
const product = family({ value: 'product', one: 'product', many: 'products' });
const category = family({
	value: 'productCategory',
	one: 'product category',
	many: 'product categories',
});
const inventory = family({ value: 'inventory', one: 'inventory', many: 'inventories' });
const document = family({
	value: 'inventoryDocument',
	one: 'inventory document',
	many: 'inventory documents',
});
const line = family({
	value: 'productTransaction',
	one: 'product transaction',
	many: 'product transactions',
});
const bill = family({
	value: 'billOfMaterials',
	one: 'bill of materials',
	many: 'bills of materials',
});

/** Ways to pay a sale, by the API's word. */
const WAYS = {
	account: 'Account (Cash Desk, Terminal)',
	deposit: 'Client Account',
	loyalty_abonement: 'Membership',
	loyalty_card: 'Loyalty Card',
	loyalty_certificate: 'Gift Card',
	loyalty_program: 'Loyalty Program',
	referral_loyalty_program: 'Referral Program',
};
type Way = keyof typeof WAYS;
const byWay = (...method: Way[]) => ({ when: { method } });

/** What each way of paying needs (Altegio docs: pay a sale). */
const NEEDED: Record<Way, Array<[name: string, label: string]>> = {
	account: [
		['account_id', 'Account'],
		['amount', 'Amount'],
	],
	deposit: [
		['deposit_id', 'Client Account ID'],
		['amount', 'Amount'],
	],
	loyalty_abonement: [['loyalty_abonement_id', 'Membership ID']],
	loyalty_card: [
		['loyalty_card_id', 'Loyalty Card ID'],
		['amount', 'Amount'],
	],
	loyalty_certificate: [
		['loyalty_certificate_id', 'Gift Card ID'],
		['amount', 'Amount'],
	],
	loyalty_program: [['loyalty_program_id', 'Loyalty Program ID']],
	referral_loyalty_program: [['loyalty_program_id', 'Loyalty Program ID']],
};

const PAYMENT: NonNullable<Parameters<typeof sale>[4]>['tune'] = {
	payment: {
		orJson:
			'JSON such as <code>{ "method": { "slug": "account", "account_id": 90 }, "amount": 1500 }</code>; slugs stand in the payment methods of the sale',
	},
	'payment.method.slug': {
		name: 'method',
		label: 'Pay With',
		required: true,
		values: WAYS,
		help: 'The payment methods of the sale tell what can be used, and for how much',
	},
	'payment.amount': {
		...byWay('account', 'deposit', 'loyalty_certificate', 'loyalty_card', 'loyalty_program'),
		help: 'In the currency of the location',
	},
	'payment.method.account_id': byWay('account'),
	'payment.method.deposit_id': { ...byWay('deposit'), label: 'Client Account ID' },
	'payment.method.loyalty_certificate_id': {
		...byWay('loyalty_certificate'),
		label: 'Gift Card ID',
	},
	'payment.method.loyalty_abonement_id': {
		...byWay('loyalty_abonement'),
		label: 'Membership ID',
		help: 'Only of a sale that belongs to a visit',
	},
	'payment.method.loyalty_card_id': {
		...byWay('loyalty_card', 'loyalty_program'),
		label: 'Loyalty Card ID',
	},
	'payment.method.loyalty_program_id': {
		...byWay('loyalty_program', 'referral_loyalty_program'),
		label: 'Loyalty Program ID',
	},
	'payment.number': {
		...byWay('loyalty_certificate', 'loyalty_abonement'),
		label: 'Code',
		help: 'Code of the gift card or membership',
	},
	'payment.referrer_phone': {
		...byWay('referral_loyalty_program'),
		label: 'Phone of Referrer',
		help: 'Of who has recommended the location, with the code of the country',
	},
};

/** Names what a way of paying lacks: the vendor tells no more than that something is wrong. */
function wholePayment(_request: ApiRequest, { body }: Call): void {
	const payment = (body.payment ?? {}) as IDataObject;
	const method = (payment.method ?? {}) as IDataObject;
	const way = String(method.slug) as Way;
	const missing = (NEEDED[way] ?? []).find(
		([name]) => (method[name] ?? payment[name]) === undefined,
	);
	if (!missing) return;
	throw new InputProblem(
		missing[1],
		`is empty, but needed to pay with '${WAYS[way]}'`,
		`Fill in '${missing[1]}', or choose another way under 'Pay With'.`,
	);
}

/** A line with its sum, which the API wants to be told. */
function lineOf(line: IDataObject): IDataObject {
	if (line.cost !== undefined) return line;
	const whole = Number(line.amount) * Number(line.cost_per_unit);
	const sum = whole * (1 - Number(line.discount ?? 0) / 100);
	return { ...line, cost: Math.round(sum * 100) / 100 };
}

/** Where the number of a sale is to be found. */
const OF_SALE = {
	document_id: {
		help: "Of an appointment, the ID of the document of type 7 among its 'documents' (Output: Raw); of a sale made by <i>Inventory: Create Operation</i>, its 'document.id'",
	},
};

const SALE = 'The document ID is that of type 7 among the documents of an appointment.';

export const money: Operation[] = [
	sale('sale.get', 'get', 'Get', 'Retrieve a sale with what is paid and ways to pay', {
		tune: OF_SALE,
		notes: SALE,
	}),
	sale(
		'sale.addPayment',
		'addPayment',
		'Add Payment',
		'Pay a sale from an account, a client account, a card or a gift card',
		{
			tune: { ...OF_SALE, ...PAYMENT },
			top: [
				'payment.method.slug',
				'payment.amount',
				'payment.method.account_id',
				'payment.method.deposit_id',
				'payment.method.loyalty_certificate_id',
				'payment.method.loyalty_abonement_id',
				'payment.method.loyalty_card_id',
				'payment.method.loyalty_program_id',
				'payment.number',
				'payment.referrer_phone',
			],
			shape: wholePayment,
			notes: `${SALE} The answer is the whole sale: check what is paid there.`,
		},
	),
	sale('sale.deletePayment', 'deletePayment', 'Delete Payment', 'Take back a payment of a sale', {
		answer: { kind: 'done' },
	}),
	sale(
		'sale.deleteLoyaltyPayment',
		'deleteLoyaltyPayment',
		'Delete Loyalty Payment',
		'Take back a payment by points, gift card or membership',
		{
			answer: { kind: 'done' },
		},
	),

	transaction('transaction.getMany', 'getAll', 'Get Many', 'List transactions of a location', {
		notes: 'No filter by change: take a range of dates.',
	}),
	transaction('transaction.get', 'get', 'Get', 'Retrieve a transaction', {
		answer: { kind: 'object', at: 'data' },
	}),
	transaction(
		'transaction.getByVisit',
		'getByVisit',
		'Get by Visit',
		'List the transactions of a visit or an appointment',
	),
	transaction('transaction.create', 'create', 'Create', 'Add a transaction', {
		top: ['amount', 'account_id', 'expense_id', 'date'],
		tune: {
			amount: { required: true },
			account_id: { required: true },
			expense_id: { required: true },
			date: { required: true },
		},
	}),
	transaction(
		'transaction.update',
		'update',
		'Update',
		'Change some fields of a transaction; all others stay',
		{
			...update('amount', 'comment', 'date', 'account_id', 'expense_id'),
			merge: 'GET /finance_transactions/{locationId}/{transactionId}',
		},
	),
	transaction('transaction.delete', 'delete', 'Delete', 'Delete a transaction'),

	account('account.getMany', 'getAll', 'Get Many', 'List the accounts of a location'),

	fiscal('fiscal.getTransactions', 'getAll', 'Get Many', 'List what was sent to cash registers'),
	fiscal('fiscal.printReceipt', 'print', 'Print', 'Print the receipt of a sale', {
		tune: { type: { default: 0 } },
	}),
	fiscal(
		'fiscal.getTaxSystems',
		'getTaxSystems',
		'Get Tax Systems',
		'List the tax systems of a country',
	),

	product('product.getMany', 'getAll', 'Get Many', 'List products, by name, category or change'),
	product(
		'product.search',
		'search',
		'Search',
		'Find products and categories by name, article or barcode',
		{
			top: ['term'],
			own: [
				{
					name: 'most',
					label: 'Most Rows',
					kind: 'number',
					default: 100,
					min: 1,
					max: 100,
					whole: true,
					section: 'filters',
					to: 'query:count',
					help: 'The API gives so many rows at most',
				},
			],
		},
	),
	product('product.get', 'get', 'Get', 'Retrieve a product with its amounts', {
		answer: { kind: 'object', at: 'data' },
		without: ['term', 'category_id', 'changed_after', 'changed_before'],
	}),
	product(
		'product.create',
		'create',
		'Create',
		'Add a product',
		create('title', 'category_id', 'sale_unit_id', 'service_unit_id', 'cost', 'article', 'barcode'),
	),
	product(
		'product.update',
		'update',
		'Update',
		'Change some fields of a product; all others stay',
		{
			...update('title', 'cost', 'article', 'barcode'),
			merge: { read: 'GET /goods/{locationId}/{productId}', rename: { sale_unit_id: 'unit_id' } },
		},
	),
	product('product.delete', 'delete', 'Delete', 'Delete a product'),
	product('v2.product.list', 'getByIds', 'Get by IDs', 'List products by IDs or kind of loyalty'),
	product(
		'v2.product.get',
		'getSummary',
		'Get Summary',
		'Retrieve the title and category of a product',
	),
	product(
		'v2.product.autocomplete',
		'suggest',
		'Suggest',
		'Find products by the beginning of a name, two characters at least',
	),
	product(
		'v2.product.listUnits',
		'getUnits',
		'Get Units',
		'List the units of measure of a location',
	),
	product(
		'v2.product.listStorageAmounts',
		'getStock',
		'Get Stock',
		'List the amounts of a product in each inventory',
	),
	product(
		'v2.product.getAppointmentItem',
		'getSoldItem',
		'Get Sold Item',
		'Retrieve a product that was sold with an appointment',
	),

	category(
		'v2.productCategory.list',
		'getAll',
		'Get Many',
		'List the product categories of a location',
	),
	category('v2.productCategory.get', 'get', 'Get', 'Retrieve a product category'),
	category(
		'productCategory.getMany',
		'getChildren',
		'Get Children',
		'List the categories below one; 0 is the root',
	),
	category(
		'productCategory.getTree',
		'getTree',
		'Get Tree',
		'Retrieve a category with all that lies in it',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	category(
		'productCategory.getByIds',
		'getByIds',
		'Get by IDs',
		'List product categories by their IDs',
	),
	category(
		'productCategory.create',
		'create',
		'Create',
		'Add a product category',
		create('title', 'parent_category_id', 'article', 'comment'),
	),
	category(
		'productCategory.update',
		'update',
		'Update',
		'Change some fields of a product category; all others stay',
		{
			...update('title', 'article', 'comment'),
			merge: {
				read: 'GET /goods/category_node/{locationId}/{categoryId}',
				rename: { parent_category_id: 'parent_id' },
			},
			notes: 'Article and comment cannot be read: name them if the category has some.',
		},
	),
	category('productCategory.delete', 'delete', 'Delete', 'Delete a product category'),

	inventory('inventory.getMany', 'getAll', 'Get Many', 'List the inventories of a location'),
	inventory(
		'inventoryOperation.create',
		'createOperation',
		'Create Operation',
		'Receive, write off, sell, use or move products',
		{
			top: ['type_id', 'storage_id', 'create_date', 'goods_transactions'],
			tune: {
				type_id: { ...LEFT_OPEN, required: true },
				goods_transactions: {
					label: 'Lines',
					help: 'A row for each product',
					orJson:
						'JSON list such as <code>[{ "good_id": 77001, "amount": 2, "cost_per_unit": 300, "cost": 600 }]</code>',
					front: ['good_id', 'amount', 'cost_per_unit', 'discount', 'cost'],
					columns: {
						good_id: { name: 'productId', label: 'Product', search: 'searchProducts' },
						amount: { help: 'How many or how much; positive, whatever the type' },
						cost_per_unit: { label: 'Price', placeholder: 'e.g. 300', help: 'Price of one unit' },
						discount: { label: 'Discount (%)', placeholder: 'e.g. 10' },
						cost: {
							label: 'Sum',
							required: false,
							help: 'Sum of the line; amount × price less the discount without it',
						},
						operation_unit_type: {
							values: OWN_WORDS['productTransaction.create operation_unit_type'],
						},
						client_id: { label: 'Client', search: 'searchClients' },
						master_id: { name: 'teamMemberId', label: 'Team Member', search: 'searchTeamMembers' },
						good_special_number: {
							name: 'code',
							label: 'Code',
							help: 'Code of a membership or gift card that is sold',
						},
					},
					wire: (value) => (value as IDataObject[]).map(lineOf),
				},
			},
			at: 'data',
		},
	),

	document(
		'inventoryDocument.create',
		'create',
		'Create',
		'Add an inventory document without lines',
		{ tune: { type_id: LEFT_OPEN } },
	),
	document('inventoryDocument.get', 'get', 'Get', 'Retrieve an inventory document'),
	document(
		'inventoryDocument.update',
		'update',
		'Update',
		'Change some fields of an inventory document; all others stay',
		{
			...update('comment', 'create_date', 'storage_id', 'type_id'),
			merge: 'GET /storage_operations/documents/{locationId}/{documentId}',
		},
	),
	document('inventoryDocument.delete', 'delete', 'Delete', 'Delete an inventory document'),
	document(
		'inventoryDocument.getProductTransactions',
		'getLines',
		'Get Lines',
		'List the lines of an inventory document',
	),
	document(
		'inventoryDocument.getFinanceTransactions',
		'getPayments',
		'Get Payments',
		'List the payments of an inventory document',
	),

	line(
		'productTransaction.getMany',
		'getAll',
		'Get Many',
		'List what came and went, by date, document or change',
	),
	line('productTransaction.get', 'get', 'Get', 'Retrieve a product transaction'),
	line('productTransaction.create', 'create', 'Create', 'Add a line to an inventory document', {
		tune: { operation_unit_type: { default: 1 } },
	}),
	line(
		'productTransaction.update',
		'update',
		'Update',
		'Change some fields of a product transaction; all others stay',
		{
			...update('amount', 'cost', 'cost_per_unit', 'discount', 'comment'),
			merge: {
				read: 'GET /storage_operations/goods_transactions/{locationId}/{transactionId}',
				asked: ['operation_unit_type'],
			},
		},
	),
	line('productTransaction.delete', 'delete', 'Delete', 'Delete a product transaction'),

	bill(
		'billOfMaterials.getMany',
		'getAll',
		'Get Many',
		'List the bills of materials of a location',
		{
			top: ['search'],
		},
	),
	bill(
		'billOfMaterials.getForTeamMemberService',
		'getDefault',
		'Get Default',
		'List what a team member uses up for a service',
	),
	bill(
		'billOfMaterials.getForAppointment',
		'getForAppointment',
		'Get for Appointment',
		'List what an appointment uses up',
	),
	bill(
		'billOfMaterials.apply',
		'apply',
		'Apply',
		'Link a bill of materials to a service of an appointment',
	),
	bill(
		'billOfMaterials.updateConsumables',
		'updateConsumables',
		'Update Consumables',
		'Set what a service of an appointment uses up',
		{
			tune: {
				consumables: {
					help: 'A row for each product that is used up',
					orJson: true,
					front: ['good_id', 'amount', 'storage_id', 'price'],
					columns: {
						good_id: { name: 'productId', label: 'Product', search: 'searchProducts' },
						storage_id: { label: 'Inventory', search: 'searchInventories' },
						goods_transaction_id: {
							label: 'Product Transaction ID',
							help: 'Of one that is there already',
						},
						service_id: { label: 'Service', search: 'searchServices' },
					},
				},
			},
			top: ['consumables'],
			answer: { kind: 'done' },
		},
	),
	bill(
		'billOfMaterials.unlink',
		'unlink',
		'Unlink',
		'Take a bill of materials from a service of an appointment',
		{
			answer: { kind: 'done' },
		},
	),
];
