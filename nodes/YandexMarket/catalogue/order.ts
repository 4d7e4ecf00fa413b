/** Orders. Reference of the project: yandex-market.md §3.8, yandex-market-jobs.md §4, §6. */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field, Operation } from '../../shared/catalogue';
import { exactId, wholeNumber } from '../../shared/road/exact';
import { tokenStyle } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { sheetKeyOf, longIdOf, longIdsOf, listOf } from '../../shared/form/readers';
import { codeOf, DELIVERED_BY_SHOP, fillStages, stageFields, STAGES } from './orderStages';
import { lookAtOrders } from './orderSteps';
import { idLocator } from './outlet';

const DOCS = 'https://yandex.ru/dev/market/partner-api/doc/en/reference/orders';
/** IDs that one search takes. */
const MOST_IDS = 50;
/** Days between the ends of a range of dates. */
const MOST_DAYS = 30;

const cabinet: Field = {
	name: 'businessId',
	label: 'Cabinet',
	kind: 'locator',
	to: 'path:businessId',
	required: true,
	locator: idLocator('searchCabinets', 'A cabinet ID'),
	help: 'The cabinet whose shops the orders are of',
	fallback: 'businessId',
};

const shop: Field = {
	name: 'campaignId',
	label: 'Shop',
	kind: 'locator',
	to: 'path:campaignId',
	required: true,
	locator: idLocator('searchOrderShops', 'A campaign ID'),
	help: "The shop's campaign ID, which is not the number shown in the web app",
	fallback: 'campaignId',
};

const orderId = (to: Field['to']): Field => ({
	name: 'orderId',
	label: 'Order ID',
	kind: 'text',
	to,
	required: true,
	placeholder: 'e.g. 51234567890',
	help: 'The number of the order on the Market',
	wire: (value) =>
		longIdOf('Order ID', value, 'An order ID is a whole number such as 51234567890.'),
});

const STATUSES: Choice[] = [
	{ name: 'Cancelled', value: 'CANCELLED' },
	{ name: 'Delivered', value: 'DELIVERED' },
	{ name: 'Draft (Being Placed)', value: 'PLACING' },
	{ name: 'In Delivery', value: 'DELIVERY' },
	{ name: 'In Processing', value: 'PROCESSING' },
	{ name: 'Partially Returned', value: 'PARTIALLY_RETURNED' },
	{ name: 'Pending', value: 'PENDING' },
	{ name: 'Ready for Pickup', value: 'PICKUP' },
	{ name: 'Reserved', value: 'RESERVED' },
	{ name: 'Returned', value: 'RETURNED' },
	{ name: 'Unpaid', value: 'UNPAID' },
];

/** Statuses that a seller may set (yandex-market-jobs.md §4.1). */
const SET_BY_SELLER = ['CANCELLED', 'DELIVERED', 'DELIVERY', 'PICKUP', 'PROCESSING'];

const SETTABLE = STATUSES.filter(({ value }) => SET_BY_SELLER.includes(value));

/** The status that an order is to get: what is a stage of one goes beside it. Throws `InputProblem`. */
function statusOf(value: unknown): string {
	const code = codeOf('Status', SETTABLE, value);
	if (!STAGES.some((stage) => stage.value === code)) return code;
	throw new InputProblem(
		'Status',
		`is '${code}', which is a stage of In Processing`,
		"Give PROCESSING as 'Status', and this as 'Stage'.",
	);
}

/** A stage or reason: `Ready to Ship` is READY_TO_SHIP. Throws `InputProblem` for what cannot be a code of the Market. */
function stageCodeOf(text: string): string {
	const code = text
		.trim()
		.toUpperCase()
		.replace(/[\s-]+/g, '_');
	return codeOf('Stages or Reasons', STAGES, code);
}

const MODELS: Choice[] = ['DBS', 'EXPRESS', 'FBS', 'FBY', 'LAAS'].map((value) => ({
	name: value,
	value,
}));

const PLATFORMS: Choice[] = [
	{ name: 'Market', value: 'MARKET' },
	{ name: 'Other', value: 'OTHER' },
	{ name: 'Ozon', value: 'OZON' },
	{ name: 'Wildberries', value: 'WILDBERRIES' },
];

/** A list of texts, one to 50 of them. */
function texts(label: string, most = Infinity): (value: unknown) => string[] | undefined {
	return (value) => {
		const list = listOf(value)?.map(String);
		if (list === undefined || list.length <= most) return list && [...new Set(list)];
		throw new InputProblem(
			label,
			`holds ${list.length} entries`,
			`Give ${most} at most, and the others with another item.`,
		);
	};
}

const dateField = (name: string, label: string, as: 'date' | 'instant', help: string): Field => ({
	name,
	label,
	kind: 'time',
	as,
	section: 'filters',
	to: `body:dates.${name}`,
	help,
});

export const simplifyOrder = (order: IDataObject): IDataObject => {
	const delivery = (order.delivery ?? {}) as IDataObject;
	const payment = (order.prices as IDataObject | undefined)?.payment as IDataObject | undefined;
	const items = (Array.isArray(order.items) ? order.items : []) as IDataObject[];
	return {
		orderId: order.orderId,
		externalOrderId: order.externalOrderId ?? null,
		campaignId: order.campaignId,
		status: order.status,
		substatus: order.substatus,
		creationDate: order.creationDate,
		updateDate: order.updateDate ?? null,
		shipmentDate: (delivery.shipment as IDataObject | undefined)?.shipmentDate ?? null,
		payment: payment?.value ?? null,
		items: items.map(({ offerId, count }) => `${String(offerId)} × ${String(count)}`).join(', '),
	};
};

const ORDER_ROW: Operation['output'] = {
	orderId: { type: 'number' },
	externalOrderId: { type: 'string' },
	campaignId: { type: 'number' },
	status: { type: 'string' },
	substatus: { type: 'string' },
	creationDate: { type: 'string' },
	updateDate: { type: 'string' },
	shipmentDate: { type: 'string' },
	payment: { type: 'number' },
	items: { type: 'string' },
};

const RIGHTS =
	'The key needs the permission for orders, for finance, or full access. 10,000 requests an hour.';

export const orders: Operation[] = [
	{
		resource: 'order',
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many orders',
		description: 'List the orders of a cabinet, of all its shops or of some',
		route: 'POST /v1/businesses/{businessId}/orders',
		does: 'reads',
		docs: `${DOCS}/getBusinessOrders`,
		answer: { kind: 'list', at: 'orders' },
		list: {
			style: tokenStyle({
				rows: 'orders',
				token: 'paging.nextPageToken',
				parameter: 'pageToken',
			}),
			pageSize: () => MOST_IDS,
			rowKey: ({ orderId: id }) => (id === undefined ? undefined : String(id)),
			windows: ['creationDate', 'shipmentDate'].map((name) => ({
				from: `body:dates.${name}From` as const,
				to: `body:dates.${name}To` as const,
				days: MOST_DAYS,
			})),
		},
		fields: [
			cabinet,
			{
				name: 'campaignIds',
				label: 'Shop Names or IDs',
				kind: 'loaded',
				load: 'loadOrderShops',
				multiple: true,
				section: 'filters',
				to: 'body:campaignIds',
				help: 'Only orders of these shops. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				wire: (value) => longIdsOf('Shop Names or IDs', value)?.map(wholeNumber),
			},
			{
				name: 'statuses',
				label: 'Statuses',
				kind: 'choices',
				choices: STATUSES,
				open: true,
				section: 'filters',
				to: 'body:statuses',
				wire: (value) => (value as string[]).map((one) => codeOf('Statuses', STATUSES, one)),
			},
			{
				name: 'substatuses',
				label: 'Stages or Reasons',
				kind: 'text',
				also: 'list',
				section: 'filters',
				to: 'body:substatuses',
				placeholder: 'e.g. STARTED, READY_TO_SHIP',
				help: "Stages of processing or reasons of cancellation in the API's words, separated by commas",
				wire: (value) => texts('Stages or Reasons')(value)?.map(stageCodeOf),
			},
			{
				name: 'programTypes',
				label: 'Ways of Working',
				kind: 'choices',
				choices: MODELS,
				section: 'filters',
				to: 'body:programTypes',
			},
			{
				name: 'externalOrderIds',
				label: 'External Order Numbers',
				kind: 'text',
				also: 'list',
				section: 'filters',
				to: 'body:externalOrderIds',
				help: 'Your own numbers of the orders, separated by commas; 50 at most',
				wire: texts('External Order Numbers', MOST_IDS),
			},
			dateField(
				'creationDateFrom',
				'Created From',
				'date',
				'First day, in Moscow. Without one the Market gives the last 30 days; a longer range is read in several requests.',
			),
			dateField(
				'creationDateTo',
				'Created Before',
				'date',
				'The day after the last one, in Moscow',
			),
			dateField('shipmentDateFrom', 'Shipped From', 'date', 'First day of shipment, in Moscow'),
			dateField(
				'shipmentDateTo',
				'Shipped Before',
				'date',
				'The day after the last one, in Moscow',
			),
			dateField('updateDateFrom', 'Updated From', 'instant', 'Only orders changed since then'),
			dateField('updateDateTo', 'Updated Until', 'instant', 'Only orders changed until then'),
			{
				name: 'fake',
				label: 'Test Orders',
				kind: 'toggle',
				section: 'filters',
				to: 'body:fake',
				help: 'Whether to return only test orders instead of only real ones',
			},
			{
				name: 'waitingForCancellationApprove',
				label: 'Waiting for Cancellation',
				kind: 'toggle',
				section: 'filters',
				to: 'body:waitingForCancellationApprove',
				help: 'Whether to return only orders whose buyers want to cancel them (DBS)',
			},
			{
				name: 'sourcePlatforms',
				label: 'Sold On',
				kind: 'choices',
				choices: PLATFORMS,
				section: 'filters',
				to: 'body:sourcePlatforms',
			},
		],
		simplify: simplifyOrder,
		output: ORDER_ROW,
		notes: `${RIGHTS} Pages of 50. A range of creation or shipment dates of more than 30 days is cut into pieces.`,
	},
	{
		resource: 'order',
		operation: 'get',
		name: 'Get',
		action: 'Get order',
		description: 'Retrieve an order by its number',
		route: 'POST /v1/businesses/{businessId}/orders',
		does: 'reads',
		docs: `${DOCS}/getBusinessOrders`,
		answer: { kind: 'object' },
		fields: [cabinet, orderId('control')],
		bulk: {
			kind: 'get',
			always: true,
			route: 'POST /v1/businesses/{businessId}/orders',
			id: ({ control }) => String(control.orderId),
			body: (ids) => ({ orderIds: ids.map(wholeNumber) }),
			rows: ({ body }) => (body as { orders: IDataObject[] }).orders,
			rowId: ({ orderId: id }) => String(id),
			most: () => MOST_IDS,
			missingCode: 'ORDER_NOT_FOUND',
		},
		simplify: simplifyOrder,
		output: ORDER_ROW,
		notes: `${RIGHTS} Up to 50 input items share a request.`,
	},
	{
		resource: 'order',
		operation: 'updateStatus',
		name: 'Update Status',
		action: 'Update status of order',
		description: 'Move an order to its next step, or cancel it',
		route: 'PUT /v2/campaigns/{campaignId}/orders/{orderId}/status',
		// The same status twice is refused: after a time-out, nobody knows which of the two was the first.
		idempotent: false,
		docs: `${DOCS}/updateOrderStatus`,
		answer: { kind: 'object' },
		fields: [
			shop,
			orderId('path:orderId'),
			{
				name: 'status',
				label: 'Status',
				kind: 'choice',
				choices: SETTABLE,
				open: true,
				default: 'PROCESSING',
				required: true,
				to: 'body:order.status',
				wire: statusOf,
				help: 'Orders go from step to step, none is left out. In Delivery, Ready for Pickup and Delivered (DBS) have one stage each, which goes with them.',
			},
			...stageFields,
			{
				name: 'realDeliveryDate',
				label: 'Real Delivery Date',
				kind: 'time',
				as: 'date',
				section: 'options',
				to: 'body:order.delivery.dates.realDeliveryDate',
				when: { status: DELIVERED_BY_SHOP },
				alone: true,
				help: 'For DBS orders that become Delivered or Ready for Pickup: the day on which that really was, when it was not today',
			},
		],
		prepare: fillStages,
		refused: lookAtOrders,
		bulk: {
			kind: 'write',
			route: 'POST /v2/campaigns/{campaignId}/orders/status-update',
			elements: 30,
			element: ({ path, body }) => ({
				id: wholeNumber(path.orderId),
				...(body.order as IDataObject),
			}),
			repeatable: () => false,
			wrap: {
				at: 'orders',
				results: 'result.orders',
				id: 'id',
				// A DBS order may go several steps in one run.
				inTurn: true,
				failed: ({ updateStatus, errorDetails }) =>
					updateStatus === 'ERROR' ? { text: errorDetails as string | undefined } : undefined,
			},
			lookFor: 'the status of these orders',
		},
		simplify: (answer, { path }) => {
			const order = (answer.order ?? answer) as IDataObject;
			return {
				orderId: order.id ?? exactId(path.orderId),
				campaignId: exactId(path.campaignId),
				status: order.status ?? null,
				substatus: order.substatus ?? null,
				alreadySet: order.alreadySet === true,
			};
		},
		output: {
			orderId: { type: 'number' },
			campaignId: { type: 'number' },
			status: { type: 'string' },
			substatus: { type: 'string' },
			alreadySet: { type: 'boolean' },
		},
		notes:
			'A status that the order has already counts as done (<code>alreadySet</code>); the error of another one names the steps that the order may take. FBS, Express and DBS; shops that deliver for others (LaaS) get an operation that goes on by itself. Up to 30 orders of a shop share a request, each with its own verdict. The key needs the permission for orders or full access. 10,000 orders an hour.',
	},
	{
		resource: 'order',
		operation: 'setExternalId',
		name: 'Set External Number',
		action: 'Set external number of order',
		description: 'Keep your own number of an order on the Market',
		route: 'POST /v2/campaigns/{campaignId}/orders/{orderId}/external-id',
		docs: `${DOCS}/updateExternalOrderId`,
		answer: { kind: 'done' },
		fields: [
			shop,
			orderId('path:orderId'),
			{
				name: 'externalOrderId',
				label: 'External Number',
				kind: 'text',
				required: true,
				to: 'body:externalOrderId',
				placeholder: 'e.g. 00042',
				help: 'Number of the order in your own system, such as the name of the customer order in MoySklad',
				wire: (value) => sheetKeyOf('External Number', value),
			},
		],
		output: {
			success: { type: 'boolean' },
			campaignId: { type: 'string' },
			orderId: { type: 'string' },
		},
		notes:
			'FBS, Express and DBS. Can be set once, before the order is ready to ship. The key needs the permission for orders or full access. 1,000 requests an hour.',
	},
];
