/**
 * Items of an order that the Market delivers for the shop (LaaS) as rows, one for each item of a delivery. Specification of
 * CreateOrderWarehouseItemsDTO and CreateOrderItemDTO.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { numberOf } from '../../shared/form/readers';

const column = (name: string, label: string, more: Partial<Field> = {}): Field =>
	({ name, label, kind: 'text', to: 'control', ...more }) as Field;

const within = (name: string, label: string, kind: 'date' | 'text', more: Partial<Field>) =>
	column(name, label, {
		...(kind === 'date' ? { kind: 'time', as: 'date' } : {}),
		at: `${kind === 'date' ? 'deliveryDateInterval' : 'deliveryTimeInterval'}.${name}`,
		...more,
	} as Partial<Field>);

/** Rows with the same values here are one delivery. */
const DELIVERY = ['warehouseId', 'deliveryDateInterval', 'deliveryTimeInterval'];
const ITEM = ['offerId', 'count', 'price'];

const COLUMNS = (currency: Field): Field[] => [
	column('warehouseId', 'Warehouse ID', {
		required: true,
		placeholder: 'e.g. 12345',
		help: "The Market's warehouse that sends the items: see Order Delivery, Get Options",
		wire: (value) => numberOf('Warehouse ID', value, { min: 1, whole: true }),
	}),
	column('offerId', 'SKU', { placeholder: 'e.g. A-7', help: 'Your own number of the product' }),
	column('count', 'Count', {
		placeholder: 'e.g. 1',
		wire: (value) => numberOf('Count', value, { min: 1, max: 1000, whole: true }),
	}),
	column('price', 'Price', {
		at: 'price.value',
		placeholder: 'e.g. 990',
		help: 'Of one unit',
		wire: (value) => numberOf('Price', value, { min: 0 }),
	}),
	{ ...currency, name: 'currencyId', label: 'Currency', to: 'control', at: 'price.currencyId' },
	within('fromDate', 'From Date', 'date', { required: true, help: 'The first day of delivery' }),
	within('toDate', 'To Date', 'date', { required: true, help: 'The last day of delivery' }),
	within('fromTime', 'From Time', 'text', { placeholder: 'e.g. 10:00' }),
	within('toTime', 'To Time', 'text', { placeholder: 'e.g. 18:00' }),
	column('items', 'Items', {
		kind: 'json',
		help: "In place of one item: all items of the delivery as JSON in the API's own form, such as <code>[{ offerId, count, price: { value, currencyId } }]</code>",
	} as Partial<Field>),
];

/** Rows → deliveries. Throws `InputProblem` for what the Market would refuse. */
export function deliveriesOf(value: unknown): IDataObject[] {
	const deliveries = new Map<string, IDataObject>();
	for (const [at, row] of (value as IDataObject[]).entries()) {
		const where = Object.fromEntries(
			DELIVERY.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]),
		);
		const given =
			row.items === undefined
				? [Object.fromEntries(ITEM.map((name) => [name, row[name]])) as IDataObject]
				: ([row.items].flat() as IDataObject[]);
		for (const item of given) check(item, at + 1);
		const key = JSON.stringify(where);
		const known = deliveries.get(key) ?? { ...where, items: [] };
		(known.items as IDataObject[]).push(...given);
		deliveries.set(key, known);
	}
	const all = [...deliveries.values()].flatMap(({ items }) => items as IDataObject[]);
	const skus = all.map(({ offerId }) => offerId);
	const twice = skus.find((sku, at) => skus.indexOf(sku) !== at);
	if (twice !== undefined) {
		throw new InputProblem(
			'Items Delivery',
			`names SKU '${String(twice)}' twice`,
			'Add the two up in one row: the Market takes each product once in an order.',
		);
	}
	return [...deliveries.values()];
}

function check(item: IDataObject, row: number): void {
	const price = (item?.price ?? {}) as IDataObject;
	const missing = [
		['SKU', item?.offerId],
		['Count', item?.count],
		['Price', price.value],
		['Currency', price.currencyId],
	].filter(([, value]) => value === undefined || value === null || value === '');
	if (missing.length === 0) return;
	throw new InputProblem(
		`Items Delivery ${row}: ${String(missing[0][0])}`,
		'is empty',
		"Each item needs 'SKU', 'Count', 'Price' and 'Currency', or give them in 'Items' as JSON.",
	);
}

/** `currency`: the field of currencies that all operations have. */
export const itemsDelivery = (currency: Field): Field => ({
	name: 'itemsDelivery',
	label: 'Items Delivery',
	kind: 'rows',
	button: 'Add Item',
	rowLabel: 'Item',
	required: true,
	to: 'body:order.itemsDelivery',
	columns: COLUMNS(currency),
	help: 'A row for each item. Rows with the same warehouse, days and hours are one delivery.',
	wire: deliveriesOf,
});
