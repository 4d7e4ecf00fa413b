/** Returns, shipments, supplies, warehouses. Reference of the project: yandex-market-jobs.md §4.4, §5. */
import type { IDataObject } from 'n8n-workflow';

import type { Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { LEFT_OPEN } from '../../shared/facts/factFields';
import { table } from './dialect';
import { fileNamed } from './fileNames';

const PARTIAL_REFUND = 'PARTIAL_MONEY_REFUND';
/** An amount goes with a partial refund alone (specification of ReturnItemDecisionDTO). */
const PARTIAL = { decisionType: [PARTIAL_REFUND] };
const REASON = 'Reason of Refusal';

const REFUSAL = 'DECLINE_REFUND';
/** What the comment of a decision has to say (specification of ReturnItemDecisionComment). */
const COMMENTS: Record<string, string> = {
	[REFUSAL]: "Say why the money is not given back: choose a reason, or write it in the 'Comment'.",
	OTHER_DECISION: 'Say what you offer.',
	REFUND_MONEY_INCLUDING_SHIPMENT: 'Say what the shipment back costs.',
	REPAIR: 'Say when the item will be repaired.',
};

/** A decision without its reason could not be mended afterwards. Throws `InputProblem`. */
function checkComment({ decisionType, decisionReasonType, comment }: IDataObject): void {
	const hint = COMMENTS[String(decisionType)];
	if (!hint || comment !== undefined) return;
	const isRefusal = decisionType === REFUSAL;
	if (isRefusal && decisionReasonType !== undefined) return;
	throw new InputProblem(isRefusal ? REASON : 'Comment', 'is empty', hint);
}

/** Rows → decisions. Throws `InputProblem` for what lacks a part: nothing can be taken back. */
function decisionsOf(value: unknown): IDataObject[] {
	return (value as IDataObject[]).map(({ compensation, ...row }): IDataObject => {
		checkComment(row);
		const { value: amount, currencyId = 'RUR' } = (compensation ?? {}) as IDataObject;
		const isPartial = row.decisionType === PARTIAL_REFUND;
		if (isPartial === (amount === undefined)) {
			throw new InputProblem(
				'Amount',
				isPartial ? 'is empty' : `is given for ${String(row.decisionType)}`,
				isPartial
					? 'A partial refund needs the amount that the buyer gets back: Get Decisions tells its bounds.'
					: 'Only a partial refund has an amount: leave it empty, or decide on a partial refund.',
			);
		}
		return isPartial ? { ...row, compensation: { value: amount, currencyId } } : row;
	});
}

const LAAS = 'Shops that deliver for others (LaaS) only.';
const FBS = 'FBS shops only.';

/** Columns of a return, in the list and alone. */
const RETURN = [
	'id',
	'orderId',
	'returnType',
	'refundStatus',
	'shipmentStatus',
	'creationDate',
	'updateDate',
	'pickupTillDate',
	'amount=amount.value:number',
	// What a decision is about: its items have the numbers that it takes, and the hashes of the photos.
	'items:list',
];

export const returns: Operation[] = table('return', [
	[
		'getAll',
		'getReturns',
		'Get Many',
		'Get many returns',
		'List returns and orders that were not picked up',
		{
			columns: RETURN,
			notes:
				'To find those that wait for your decision, filter by the statuses Premoderation Decision Waiting and Waiting for Decision.',
		},
	],
	[
		'get',
		'getReturn',
		'Get',
		'Get return',
		'Retrieve a return with its items and decisions',
		{
			columns: RETURN,
		},
	],
	[
		'getDecisions',
		'getReturnAvailableDecisions',
		'Get Decisions',
		'Get decisions for return',
		'List the decisions that are possible for a return',
		{
			at: 'result.availableDecisions',
			tune: { campaignId: { section: undefined } },
			columns: [
				'decisionType',
				'decisionReasonTypes',
				'minAmount=partialCompensationBounds.minAmount.value:number',
				'maxAmount=partialCompensationBounds.maxAmount.value:number',
				'maxPercent=partialCompensationBounds.maxPercent:number',
				'currency=partialCompensationBounds.maxAmount.currencyId:string',
			],
		},
	],
	[
		'submitDecision',
		'submitReturnDecision',
		'Submit Decision',
		'Submit decision on return',
		'Decide on the items of a return. This cannot be undone',
		{
			tune: {
				returnItemDecisions: {
					label: 'Decisions',
					help: 'A row for each item of the return. A partial refund needs an amount within the bounds that Get Decisions tells.',
					required: true,
					columns: {
						decisionType: {
							...LEFT_OPEN,
							label: 'Decision',
							// As the specification puts them in words.
							values: {
								FAST_REFUND_MONEY: 'Refund Without Return',
								PARTIAL_MONEY_REFUND: 'Partial Refund',
								REFUND_MONEY_INCLUDING_SHIPMENT: 'Refund Money and Return Shipment',
							},
						},
						decisionReasonType: {
							label: REASON,
							when: { decisionType: [REFUSAL] },
							help: 'Why the money is not given back; Get Decisions tells which reasons are possible',
						},
						comment: {
							help: 'With a refusal its reason, with a repair when it will be done, with another decision what you offer, with a refund that includes the shipment its price',
						},
						'compensation.value': {
							label: 'Amount',
							when: PARTIAL,
							help: 'What the buyer gets back, within the bounds that Get Decisions tells',
						},
						'compensation.currencyId': {
							when: PARTIAL,
							help: "The currency of the cabinet, rubles without one. The API's code for the ruble is RUR.",
						},
					},
					wire: decisionsOf,
				},
			},
			idempotent: false,
			notes: 'Within 48 hours of its creation; without a decision, it is for the buyer.',
		},
	],
	[
		'submitDecisionLegacy',
		'setReturnDecision',
		'Set Decision',
		'Set decision on return',
		'Decide on one item of a return, in the form of the former API',
		{
			deprecated: { instead: 'Submit Decision' },
			idempotent: false,
			tune: { decisionType: LEFT_OPEN },
		},
	],
	[
		'downloadApplication',
		'getReturnApplication',
		'Download Application',
		'Download application of return',
		"Download the buyer's application for the return as PDF",
		{ answer: fileNamed('application', 'returnId') },
	],
	[
		'downloadPhoto',
		'getReturnPhoto',
		'Download Photo',
		'Download photo of return',
		'Download a photo that the buyer added to the return',
		{
			answer: fileNamed('photo', 'returnId', 'itemId', 'imageHash'),
			tune: {
				itemId: { label: 'Return Item ID' },
				imageHash: {
					help: 'One of <code>items[].decisions[].images</code> of the return: see Get',
				},
			},
		},
	],
	[
		'create',
		'createReturn',
		'Create',
		'Create return',
		'Create a return for an order that the Market delivered for you',
		{ idempotent: false, at: 'result', notes: LAAS },
	],
	[
		'cancel',
		'cancelReturn',
		'Cancel',
		'Cancel return',
		'Cancel a return that you created. This cannot be undone',
		{ at: 'result.operation', notes: `${LAAS} Goes on by itself: see Account, Get Operations.` },
	],
]);

const SHIPMENT = { notes: FBS };

export const shipments: Operation[] = table('shipment', [
	[
		'getAll',
		'searchShipments',
		'Get Many',
		'Get many shipments',
		'List shipments to the Market',
		{
			columns: [
				'id',
				'status',
				'statusDescription',
				'externalId',
				'shipmentType',
				'planIntervalFrom',
				'planIntervalTo',
				'draftCount',
				'plannedCount',
				'factCount',
			],
			notes: FBS,
		},
	],
	[
		'get',
		'getShipment',
		'Get',
		'Get shipment',
		'Retrieve a shipment',
		{
			columns: [
				'id',
				'externalId',
				'shipmentType',
				'planIntervalFrom',
				'planIntervalTo',
				'status=currentStatus.status',
				'draftCount',
				'plannedCount',
				'factCount',
				'orders=orderIds',
			],
			notes: FBS,
		},
	],
	[
		'getOrders',
		'getShipmentOrdersInfo',
		'Get Orders',
		'Get orders of shipment',
		'See which orders of a shipment have labels',
		{
			columns: ['withLabels=orderIdsWithLabels', 'withoutLabels=orderIdsWithoutLabels'],
			notes: FBS,
		},
	],
	[
		'confirm',
		'confirmShipment',
		'Confirm',
		'Confirm shipment',
		'Confirm a shipment. This cannot be undone',
		{ idempotent: false, notes: `${FBS} All of its orders must be ready to ship.` },
	],
	[
		'setPallets',
		'setShipmentPalletsCount',
		'Set Pallets',
		'Set number of pallets of shipment',
		'Say how many pallets a shipment has',
		{ tune: { placesCount: { label: 'Pallets' } }, notes: FBS },
	],
	[
		'moveOrders',
		'transferOrdersFromShipment',
		'Move Orders',
		'Move orders to next shipment',
		'Move orders to the next shipment. This cannot be undone',
		{
			each: { at: 'orderIds', repeatable: false, lookFor: 'these orders in the next shipment' },
			notes: `${FBS} More than 30 minutes before the shipment is formed. Lowers the index of quality.`,
		},
	],
	[
		'downloadPalletLabels',
		'downloadShipmentPalletLabels',
		'Download Pallet Labels',
		'Download labels of pallets',
		'Download the labels of the pallets of a shipment as PDF',
		{ ...SHIPMENT, answer: fileNamed('pallet-labels', 'shipmentId') },
	],
	[
		'downloadAct',
		'downloadShipmentAct',
		'Download Act',
		'Download act of shipment',
		'Download the act of a shipment as PDF',
		{ ...SHIPMENT, answer: fileNamed('act', 'shipmentId') },
	],
	[
		'downloadInboundAct',
		'downloadShipmentInboundAct',
		'Download Inbound Act',
		'Download inbound act of shipment',
		'Download the act of what the Market took in as PDF',
		{ ...SHIPMENT, answer: fileNamed('inbound-act', 'shipmentId') },
	],
	[
		'downloadDiscrepancyAct',
		'downloadShipmentDiscrepancyAct',
		'Download Discrepancy Act',
		'Download discrepancy act of shipment',
		'Download the act of what was missing or too much as a sheet',
		{ ...SHIPMENT, answer: fileNamed('discrepancy-act', 'shipmentId') },
	],
	[
		'downloadWaybill',
		'downloadShipmentTransportationWaybill',
		'Download Waybill',
		'Download waybill of shipment',
		'Download the waybill of a shipment as a sheet',
		{ ...SHIPMENT, answer: fileNamed('waybill', 'shipmentId') },
	],
	[
		'confirmNearestAndDownloadAct',
		'downloadShipmentReceptionTransferAct',
		'Confirm Nearest and Download Act',
		'Confirm nearest shipment and download act',
		'Confirm the nearest shipment and download its act as PDF. This cannot be undone',
		{
			answer: fileNamed('act-of-shop', 'campaignId'),
			does: 'writes',
			idempotent: false,
			section: 'options',
			notes: `${FBS} The download itself confirms the shipment: all of its orders must be ready to ship.`,
		},
	],
]);

export const supplies: Operation[] = table('supplyRequest', [
	[
		'getAll',
		'getSupplyRequests',
		'Get Many',
		'Get many supply requests',
		"List requests for supplies to the Market's warehouses",
		{
			columns: [
				'id=id.id:number',
				'marketplaceId=id.marketplaceRequestId:number',
				'type',
				'subtype',
				'status',
				'updatedAt',
				'warehouse=targetLocation.name',
				'requestedDate=targetLocation.requestedDate',
			],
			notes: 'FBY and LaaS.',
		},
	],
	[
		'getItems',
		'getSupplyRequestItems',
		'Get Items',
		'Get items of supply request',
		'List the goods of a supply request',
		{
			columns: [
				'offerId',
				'name',
				'price=price.value:number',
				'plan=counters.planCount:number',
				'fact=counters.factCount:number',
				'shortage=counters.shortageCount:number',
				'surplus=counters.surplusCount:number',
				'defect=counters.defectCount:number',
			],
			tune: { requestId: { label: 'Supply Request ID' } },
			notes: 'FBY and LaaS.',
		},
	],
	[
		'getDocuments',
		'getSupplyRequestDocuments',
		'Get Documents',
		'Get documents of supply request',
		'List the documents of a supply request',
		{ tune: { requestId: { label: 'Supply Request ID' } }, notes: 'FBY and LaaS.' },
	],
]);

export const warehouses: Operation[] = table('warehouse', [
	[
		'getAll',
		'getPagedWarehouses',
		'Get Many',
		'Get many warehouses',
		'List the warehouses of a cabinet whose warehouses are in groups',
		{
			columns: [
				'id',
				'name',
				'campaignId',
				'express',
				'group=groupInfo.name',
				'city=address.city',
				'street=address.street',
				'status=status.status',
			],
			notes: 'Cabinets without groups of warehouses use Get Many (Models).',
		},
	],
	[
		'getAllModels',
		'getPartnerWarehouses',
		'Get Many (Models)',
		'Get many warehouses with models',
		'List the warehouses of a cabinet without groups of warehouses',
		{
			does: 'reads',
			columns: ['id', 'name', 'models', 'city=address.city', 'street=address.street'],
			docs: 'https://yandex.ru/dev/market/partner-api/doc/en/reference/warehouses/',
			notes: 'Since 29 July 2026.',
		},
	],
	[
		'getMarketWarehouses',
		'getFulfillmentWarehouses',
		'Get Market Warehouses',
		'Get warehouses of Market',
		"List the Market's own warehouses",
		{
			columns: ['id', 'name', 'city=address.city', 'street=address.street'],
			notes: 'FBY and LaaS.',
		},
	],
	[
		'setStatus',
		'updateWarehouseStatus',
		'Set Status',
		'Set status of warehouse',
		'Open or close the warehouse of a shop',
		{
			deprecated: { since: '2026-07-29' },
			tune: {
				enabled: {
					default: true,
					help: 'Whether the warehouse is open. Its goods vanish from the Market or come back within 15 minutes.',
				},
			},
			at: 'result',
			columns: ['status'],
		},
	],
	[
		'getAllLegacy',
		'getWarehouses',
		'Get Many by Cabinet',
		'Get many warehouses by cabinet',
		'List warehouses in the form of the former API',
		{ deprecated: { instead: 'Get Many' }, at: 'result.warehouses' },
	],
]);
