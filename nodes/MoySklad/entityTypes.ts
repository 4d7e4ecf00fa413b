/**
 * Types that webhooks can watch: all dictionaries and documents but webhook, discount and notes.
 * Source: MoySklad docs, Webhooks; reference of the project §3.3 and §4.
 */
import type { Choice } from '../shared/catalogue';
import { facts, typesThat } from './facts';

const named: Choice[] = [
	{ name: 'Bonus Transaction', value: 'bonustransaction' },
	{ name: 'Bundle', value: 'bundle' },
	{ name: 'Cash In', value: 'cashin' },
	{ name: 'Cash Out', value: 'cashout' },
	{ name: 'Commission Report Issued', value: 'commissionreportout' },
	{ name: 'Commission Report Received', value: 'commissionreportin' },
	{ name: 'Consignment (Batch)', value: 'consignment' },
	{ name: 'Contract', value: 'contract' },
	{ name: 'Counterparty', value: 'counterparty' },
	{ name: 'Counterparty Adjustment', value: 'counterpartyadjustment' },
	{ name: 'Currency', value: 'currency' },
	{ name: 'Customer Invoice', value: 'invoiceout' },
	{ name: 'Customer Order', value: 'customerorder' },
	{ name: 'Customer Return', value: 'salesreturn' },
	{ name: 'Demand (Shipment)', value: 'demand' },
	{ name: 'Employee', value: 'employee' },
	{ name: 'Enter (Stock Posting)', value: 'enter' },
	{ name: 'Incoming Payment', value: 'paymentin' },
	{ name: 'Internal Order', value: 'internalorder' },
	{ name: 'Inventory (Stock Count)', value: 'inventory' },
	{ name: 'Loss (Write-Off)', value: 'loss' },
	{ name: 'Move (Stock Transfer)', value: 'move' },
	{ name: 'Organization', value: 'organization' },
	{ name: 'Outgoing Payment', value: 'paymentout' },
	{ name: 'Prepayment', value: 'prepayment' },
	{ name: 'Prepayment Return', value: 'prepaymentreturn' },
	{ name: 'Price List', value: 'pricelist' },
	{ name: 'Processing', value: 'processing' },
	{ name: 'Processing Order', value: 'processingorder' },
	{ name: 'Product', value: 'product' },
	{ name: 'Product Folder', value: 'productfolder' },
	{ name: 'Production Task', value: 'productiontask' },
	{ name: 'Project', value: 'project' },
	{ name: 'Purchase Order', value: 'purchaseorder' },
	{ name: 'Purchase Return', value: 'purchasereturn' },
	{ name: 'Retail Return', value: 'retailsalesreturn' },
	{ name: 'Retail Sale', value: 'retaildemand' },
	{ name: 'Retail Shift', value: 'retailshift' },
	{ name: 'Retail Store', value: 'retailstore' },
	{ name: 'Service', value: 'service' },
	{ name: 'Store (Warehouse)', value: 'store' },
	{ name: 'Supplier Invoice', value: 'invoicein' },
	{ name: 'Supply', value: 'supply' },
	{ name: 'Task', value: 'task' },
	{ name: 'Unit of Measure', value: 'uom' },
	{ name: 'Variant', value: 'variant' },
	{ name: 'VAT Invoice Issued', value: 'factureout' },
	{ name: 'VAT Invoice Received', value: 'facturein' },
];

/** With the terms of the web app; what the docs add in brackets is left out. */
export const entityTypes: Choice[] = named.map((type) => ({
	...type,
	local: facts[type.value]?.local?.replace(/ \(.*/, ''),
}));

export const actions: Choice[] = [
	{ name: 'Created', value: 'CREATE', action: 'On order, product or other object created' },
	{ name: 'Deleted', value: 'DELETE', action: 'On order, product or other object deleted' },
	{ name: 'Updated', value: 'UPDATE', action: 'On order, product or other object updated' },
];

/** Types that stand behind /entity/, with webhooks or without. */
const KNOWN_TYPES = new Set([
	...entityTypes.map(({ value }) => value),
	...typesThat(({ path }, keyword) => path === `/entity/${keyword}`),
]);

/** The type as the API writes it, in lower case (`customerOrder` → `customerorder`); undefined for an unknown one. */
export function typeOf(written: string): string | undefined {
	const type = written.trim().toLowerCase();
	return KNOWN_TYPES.has(type) ? type : undefined;
}
