/**
 * `meta.type` of the rows that lie inside other objects. Source: MoySklad docs, the examples on the page of each
 * object (its positions, materials, products, minimum stock); the OpenAPI names some of them, the same.
 */

/** Lists whose rows are not called after their owner; those of which many cannot be deleted together are left out. */
const NAMED: Readonly<Record<string, string>> = {
	'commissionreportin/returntocommissionerpositions': 'commissionreportinreturnedposition',
	'invoicein/positions': 'invoiceposition',
	'invoiceout/positions': 'invoiceposition',
	'pricelist/positions': 'pricelistrow',
	'processing/materials': 'processingpositionmaterial',
	'processing/products': 'processingpositionresult',
	'processingplan/materials': 'processingplanmaterial',
	'processingplan/parametricmaterials': 'processingplanmaterial',
	'processingplan/products': 'processingplanresult',
	'product/storebalances': 'minimumstock',
	'productiontask/products': 'productiontaskresult',
	'retaildemand/positions': 'demandposition',
	'retailsalesreturn/positions': 'salesreturnposition',
};

/** What `meta` of a row must say to be deleted together with others; undefined where the docs have no such request. */
export function rowTypeOf(owner: string, list: string): string | undefined {
	return NAMED[`${owner}/${list}`] ?? (list === 'positions' ? `${owner}position` : undefined);
}
