/** What happens to an order on its way. Reference of the project: yandex-market-jobs.md §4, §6. */
import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, Field, Operation } from '../../shared/catalogue';
import { boxes } from './boxes';
import { idLocator } from './outlet';
import { currencies, table, type OperationRow } from './dialect';
import { fileNamed } from './fileNames';
import { setBoxes, waiting } from './marking';
import { itemsDelivery } from './orderItems';

const order = (rows: OperationRow[]): Operation[] => table('order', withShops(rows));

/** Orders that the seller handles are of shops that are no FBY ones. */
function withShops(rows: OperationRow[]): OperationRow[] {
	return rows.map((row): OperationRow => {
		const [operation, facts, name, action, description, more = {}] = row;
		const tune = {
			campaignId: { locator: idLocator('searchOrderShops', 'A campaign ID') },
			...more.tune,
		};
		return [operation, facts, name, action, description, { ...more, tune }];
	});
}

const LAAS = 'Shops that deliver for others (LaaS) only.';
const DBS = 'DBS shops only.';

const FOR_GOOD = 'This cannot be undone.';

const packaging: Field = {
	name: 'packageType',
	label: 'Package Type',
	kind: 'choice',
	section: 'additionalFields',
	to: 'body:order.packaging.packageType',
	choices: [
		{ name: 'Brand', value: 'BRAND' },
		{ name: 'Whitelabel', value: 'WHITELABEL' },
	],
	default: 'WHITELABEL',
	help: "A plain box, or the shop's own packaging; without it, what the Market has",
};

/** The object must be there, what is in it need not (specification of CreateOrderPackagingDTO). */
function packed({ body }: ApiRequest): void {
	const order = (body as IDataObject).order as IDataObject;
	order.packaging ??= {};
}

const codes = {
	items: {
		help: 'Marking codes of each item. <code>cis</code> is a code of Честный ЗНАК, <code>uin</code> of jewellery, <code>rnpt</code> and <code>gtd</code> are numbers of customs.',
	},
};

export const orderWork: Operation[] = [
	...order([
		[
			'setBoxes',
			'setOrderBoxLayout',
			'Set Boxes',
			'Set boxes of order',
			'Say which items lie in which box, with their marking codes',
			{
				own: [boxes, ...waiting],
				tune: { allowRemove: { section: 'options' } },
				output: {
					orderId: { type: 'number' },
					campaignId: { type: 'number' },
					boxes: { type: 'array' },
					codesChecked: { type: 'number' },
				},
				perform: setBoxes,
				notes: `FBS, Express and DBS. Items that are in no box are refused, or removed from the order for good with an option. <code>codesChecked</code>: marking codes that were found to be good, with Wait Until Checked.`,
			},
		],
		[
			'setMarkingCodes',
			'provideOrderItemIdentifiers',
			'Set Marking Codes',
			'Set marking codes of order',
			'Give the codes of marked goods in an order',
			{ tune: codes, at: 'result', notes: DBS },
		],
		[
			'getMarkingStatus',
			'getOrderIdentifiersStatus',
			'Get Marking Status',
			'Get marking status of order',
			'See whether the marking codes of an order were checked',
			{
				at: 'result.items',
				notes: 'FBS, Express and LaaS. Ready to Ship is refused until all codes are OK.',
			},
		],
		[
			'removeItems',
			'updateOrderItems',
			'Remove Items',
			'Remove items from order',
			'Take items out of an order for good, or lower their number',
			{
				tune: {
					items: {
						help: 'What stays in the order: items with their number. An item with 0, or one that is not named, is removed. The buyer is told at once, and this cannot be undone.',
					},
					reason: { section: 'options' },
				},
				answer: { kind: 'done' },
				idempotent: true,
				notes: `${DBS} Only while the order is in processing. Not for items in promotions, nor for the last one: cancel the order then. ${FOR_GOOD}`,
			},
		],
		[
			'answerCancellation',
			'acceptOrderCancellation',
			'Answer Cancellation',
			'Accept or reject cancellation of order',
			"Accept or reject the buyer's wish to cancel an order",
			{
				tune: {
					accepted: {
						label: 'Accept',
						help: 'Whether to accept the cancellation. A rejection needs a reason.',
						default: true,
					},
					reason: {
						section: undefined,
						when: { accepted: [false] },
						required: true,
						help: 'Why the order cannot be cancelled any more',
					},
				},
				top: ['accepted', 'reason'],
				notes: `${DBS} Within 48 hours; without an answer the order is cancelled.`,
			},
		],
		[
			'sendDigitalCodes',
			'provideOrderDigitalCodes',
			'Send Digital Codes',
			'Send digital codes of order',
			'Deliver the keys of digital goods',
			{
				tune: {
					items: {
						help: 'All items of the order with all of their keys, separated by commas',
						// Its description says so, its list of what is required does not.
						columns: { codes: { required: true } },
					},
				},
				idempotent: false,
				notes: `${DBS} Within 30 minutes, all keys of an order at once. ${FOR_GOOD}`,
			},
		],
		[
			'create',
			'createOrder',
			'Create',
			'Create order',
			'Create an order that the Market delivers for you',
			{
				tune: { 'order.paymentType': { default: 'PREPAID' } },
				without: ['order.packaging.packageType'],
				own: [itemsDelivery(currencies), packaging],
				shape: packed,
				idempotent: false,
				at: 'result',
				notes: LAAS,
			},
		],
		[
			'update',
			'updateOrder',
			'Update',
			'Update order',
			'Change delivery or customer of an order that the Market delivers for you',
			{
				tune: {
					'order.id': {
						label: 'Order ID',
						name: 'orderId',
						help: 'The number of the order on the Market',
					},
				},
				at: 'result',
				notes: `${LAAS} Goes on by itself: see Account, Get Operations.`,
			},
		],
		[
			'getUpdateOptions',
			'getOrderUpdateOptions',
			'Get Update Options',
			'Get update options of order',
			'List the days and hours to which a delivery can be moved',
			{
				does: 'reads',
				tune: {
					id: { label: 'Order ID', name: 'orderId', help: 'The number of the order on the Market' },
				},
				at: 'result.deliveryIntervals',
				notes: LAAS,
			},
		],
		[
			'getLegacy',
			'getOrder',
			'Get by Shop',
			'Get order by shop',
			'Retrieve an order in the form of the former API',
			{ deprecated: { instead: 'Get' } },
		],
		[
			'getAllLegacy',
			'getOrders',
			'Get Many by Shop',
			'Get many orders by shop',
			'List orders of a shop in the form of the former API',
			{
				deprecated: { instead: 'Get Many' },
				at: 'orders',
				tune: Object.fromEntries(
					['fromDate', 'toDate', 'supplierShipmentDateFrom', 'supplierShipmentDateTo'].map(
						(name) => [
							name,
							// The former API writes 21-11-2026.
							{ wire: (value: unknown) => String(value).split('-').reverse().join('-') },
						],
					),
				),
			},
		],
		[
			'setBoxesLegacy',
			'setOrderShipmentBoxes',
			'Set Boxes of Shipment',
			'Set boxes of shipment of order',
			'Say how many boxes an order has, in the form of the former API',
			{
				deprecated: { instead: 'Set Boxes' },
				tune: { boxes: { json: true } },
				answer: { kind: 'done' },
			},
		],
	]),
	...table(
		'orderDelivery',
		withShops([
			[
				'changeDate',
				'setOrderDeliveryDate',
				'Change Date',
				'Change delivery date of order',
				'Move the delivery of an order to another day',
				{
					tune: {
						'dates.toDate': { label: 'Deliver On', help: 'The new day' },
						reason: { help: 'Who has moved the delivery' },
					},
					notes: `${DBS} The number of changes and of days is limited.`,
				},
			],
			[
				'setTrackCode',
				'setOrderDeliveryTrackCode',
				'Set Track Code',
				'Set track code of order',
				'Tell the number by which a delivery service tracks the parcel',
				{
					tune: {
						deliveryServiceId: {
							search: 'searchDeliveryServices',
							label: 'Delivery Service',
							help: 'The service that delivers the order',
						},
					},
					idempotent: true,
					notes: DBS,
				},
			],
			[
				'extendStorage',
				'updateOrderStorageLimit',
				'Extend Storage',
				'Extend storage of order',
				'Keep an order at the pick-up point for longer',
				{
					tune: {
						newDate: { label: 'Keep Until', help: 'The last day of storage, 30 days on at most' },
					},
					notes: `${DBS} Once, by 30 days at most, while the order waits for pick-up.`,
				},
			],
			[
				'verifyCourierCode',
				'verifyOrderEac',
				'Verify Courier Code',
				'Verify courier code of order',
				'Check the code of the courier who takes the order',
				{
					idempotent: false,
					tune: { code: { help: 'The code that the courier shows' } },
					notes:
						'Express only. An answer is no success yet: <code>verificationResult</code> tells whether the code is right, and the tries are counted.',
				},
			],
			[
				'getOptions',
				'getDeliveryOptions',
				'Get Options',
				'Get delivery options',
				'List ways, days and prices of delivery for goods',
				{ does: 'reads', at: 'result.warehousesDeliveryOptions', notes: LAAS },
			],
			[
				'getReturnOptions',
				'getReturnDeliveryOptions',
				'Get Return Options',
				'Get return delivery options',
				'List the points at which goods can be handed back',
				{
					does: 'reads',
					at: 'result',
					columns: ['points=pickupDelivery.logisticPointIds'],
					notes: LAAS,
				},
			],
		]),
	),
	...table(
		'orderBuyer',
		withShops([
			[
				'get',
				'getOrderBuyerInfo',
				'Get',
				'Get buyer of order',
				'Retrieve name and phone of the buyer',
				{ notes: `${DBS} While the order is processed, delivered or waits for pick-up.` },
			],
			[
				'getCompany',
				'getOrderBusinessBuyerInfo',
				'Get Company',
				'Get company that bought order',
				'Retrieve the company that bought an order',
				{ notes: 'FBS, FBY, Express and DBS.' },
			],
			[
				'getDocuments',
				'getOrderBusinessDocumentsInfo',
				'Get Documents',
				'Get documents of order',
				'Retrieve the documents for a company that bought an order',
				{
					columns: [
						'updStatus=upd.status',
						'updNumber=upd.number',
						'updDate=upd.date',
						'ukdStatus=ukd.status',
						'ukdNumber=ukd.number',
						'torgTwelveStatus=torgTwelve.status',
						'torgTwelveNumber=torgTwelve.number',
					],
				},
			],
		]),
	),
	...table(
		'orderLabel',
		withShops([
			[
				'download',
				'generateOrderLabels',
				'Download',
				'Download labels of order',
				'Download the labels of all boxes of an order as PDF',
				{
					answer: fileNamed('labels', 'orderId'),
					notes:
						'FBS, Express and DBS. Set the boxes and the external number first: they are printed.',
				},
			],
			[
				'downloadBox',
				'generateOrderLabel',
				'Download of Box',
				'Download label of box',
				'Download the label of one box as PDF',
				{
					answer: fileNamed('label', 'orderId', 'boxId'),
					// The shipment in the address is deprecated: any number will do.
					route:
						'GET /v2/campaigns/{campaignId}/orders/{orderId}/delivery/shipments/1/boxes/{boxId}/label',
					notes: 'FBS, Express and DBS.',
				},
			],
			[
				'getData',
				'getOrderLabelsData',
				'Get Data',
				'Get data of labels of order',
				'Retrieve what the labels say, to print your own',
				{ columns: ['orderId', 'placesNumber', 'url', 'boxes=parcelBoxLabels'] },
			],
		]),
	),
];
