/** Flat rows for people: at most ten fields, references as IDs. */
import type { IDataObject } from 'n8n-workflow';

/** The link of an object or a reference (`{meta:{href}}`) without its query, or undefined. */
export function hrefOf(reference: unknown): string | undefined {
	const href = (reference as { meta?: { href?: unknown } } | undefined)?.meta?.href;
	return typeof href === 'string' ? href.split('?')[0] : undefined;
}

/** The ID at the end of such a link, or undefined. */
export function idOf(reference: unknown): string | undefined {
	return hrefOf(reference)?.split('/').pop();
}

/** What people know goods by, and raw rows hold deeper inside: the first sale price (the main one) and all barcodes. */
export function priceAndBarcode({ salePrices, barcodes }: IDataObject): IDataObject {
	const [price] = Array.isArray(salePrices) ? (salePrices as IDataObject[]) : [];
	const codes = (Array.isArray(barcodes) ? (barcodes as IDataObject[]) : []).flatMap(Object.values);
	return { salePrice: price?.value, barcode: codes.length > 0 ? codes.join(', ') : undefined };
}

/** The given fields in order, those that the row has. */
export function pick(row: IDataObject, names: string[]): IDataObject {
	const picked: IDataObject = {};
	for (const name of names) if (row[name] !== undefined) picked[name] = row[name];
	return picked;
}
