/**
 * Items of an order that the Market delivers for the shop (LaaS) as rows, one for each item of a delivery. Specification of
 * CreateOrderWarehouseItemsDTO and CreateOrderItemDTO.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { numberOf } from '../../shared/form/readers';

const column = (name: string, label: string, more: Partial<Field> = {}): Field =>
	({ name, label, kind: 'text', to: 'control', ...more }) as Field;

const day = (name: string, label: string, help: string): Field =>
	column(name, label, {
		kind: 'time',
		as: 'date',
		at: `deliveryDateInterval.${name}`,
		required: true,
		help,
	} as Partial<Field>);

const hour = (name: string, label: string, placeholder: string): Field =>
	column(name, label, {
		at: `deliveryTimeInterval.${name}`,
		placeholder,
		help: 'Needed for a courier. Both hours belong together.',
	});

/** Rows with the same values here are one delivery. */
const DELIVERY = ['warehouseId', 'deliveryDateInterval', 'deliveryTimeInterval'];
const ITEM = ['offerId', 'count', 'price'];

/** Columns; those of one item come first, the API's own form of several in their place. */
const columnsWith = (currencies: Pick<Field & { kind: 'choice' }, 'choices' | 'wire'>): Field[] => [
	column('warehouseId', 'Warehouse ID', {
		required: true,
		placeholder: 'e.g. 12345',
		help: "The Market's warehouse that sends the items: see Order Delivery, Get Options",
		wire: (value) => numberOf('Warehouse ID', value, { min: 1, whole: true }),
	}),
	column('offerId', 'SKU', {
		placeholder: 'e.g. A-7',
		help: 'Your own number of the product',
	}),
	column('count', 'Count', {
		placeholder: 'e.g. 1',
		help: 'Number of units',
		wire: (value) => numberOf('Count', value, { min: 1, max: 1000, whole: true }),
	}),
	column('value', 'Price', {
		at: 'price.value',
		placeholder: 'e.g. 990',
		help: 'Of one unit',
		wire: (value) => numberOf('Price', value, { min: 0 }),
	}),
	column('currencyId', 'Currency', {
		kind: 'choice',
		open: true,
		default: 'RUR',
		at: 'price.currencyId',
		help: "The currency of the cabinet. The API's code for the ruble is RUR.",
		...currencies,
	} as Partial<Field>),
	day('fromDate', 'From Date', 'The first day of delivery'),
	day('toDate', 'To Date', 'The last day of delivery'),
	hour('fromTime', 'From Time', 'e.g. 10:00'),
	hour('toTime', 'To Time', 'e.g. 18:00'),
	column('items', 'Items', {
		kind: 'json',
		when: { offerId: [''] },
		help: "In place of one item: all items of the delivery as JSON in the API's own form, such as <code>[{ offerId, count, price: { value, currencyId } }]</code>",
	} as Partial<Field>),
];

/** Rows → deliveries. Throws `InputProblem` for what the Market would refuse. */
function deliveriesOf(value: unknown): IDataObject[] {
	const deliveries = new Map<string, IDataObject>();
	for (const [at, row] of (value as IDataObject[]).entries()) {
		const where = picked(row, DELIVERY);
		const given =
			row.items === undefined ? [picked(row, ITEM)] : ([row.items].flat() as IDataObject[]);
		for (const item of given) checkItem(item, at + 1);
		checkHours(row, at + 1);
		const key = JSON.stringify(where);
		const known = deliveries.get(key) ?? { ...where, items: [] };
		(known.items as IDataObject[]).push(...given);
		deliveries.set(key, known);
	}
	const all = [...deliveries.values()].flatMap(({ items }) => items as IDataObject[]);
	const skus = all.map(({ offerId }) => offerId);
	const twice = skus.find((sku, at) => skus.indexOf(sku) !== at);
	if (twice === undefined) return [...deliveries.values()];
	throw new InputProblem(
		'Items Delivery',
		`names SKU '${String(twice)}' twice`,
		'Add the two up in one row: the Market takes each product once in an order.',
	);
}

function picked(row: IDataObject, names: string[]): IDataObject {
	const found = names.filter((name) => row[name] !== undefined);
	return Object.fromEntries(found.map((name) => [name, row[name]]));
}

const isNone = (value: unknown) => value === undefined || value === null || value === '';

function checkItem(item: IDataObject, row: number): void {
	const price = (item?.price ?? {}) as IDataObject;
	const wanted: Array<[string, unknown]> = [
		['SKU', item?.offerId],
		['Count', item?.count],
		['Price', price.value],
		['Currency', price.currencyId],
	];
	const [missing] = wanted.find(([, value]) => isNone(value)) ?? [];
	if (missing === undefined) return;
	throw new InputProblem(
		`Items Delivery ${row}: ${missing}`,
		'is empty',
		"Each item needs 'SKU', 'Count', 'Price' and 'Currency', or give them in 'Items' as JSON.",
	);
}

function checkHours({ deliveryTimeInterval }: IDataObject, row: number): void {
	const hours = deliveryTimeInterval as IDataObject | undefined;
	if (hours === undefined || !(isNone(hours.fromTime) || isNone(hours.toTime))) return;
	throw new InputProblem(
		`Items Delivery ${row}: ${isNone(hours.fromTime) ? 'From Time' : 'To Time'}`,
		'is empty',
		'The two hours of a delivery belong together: fill it in, or leave out both.',
	);
}

/** `currencies`: choices of currencies, and how what people write becomes one of them. */
export const itemsDelivery = (currencies: { choices: Choice[]; wire?: Field['wire'] }): Field => ({
	name: 'itemsDelivery',
	label: 'Items Delivery',
	kind: 'rows',
	button: 'Add Item',
	rowLabel: 'Item',
	required: true,
	to: 'body:order.itemsDelivery',
	columns: columnsWith(currencies),
	help: 'A row for each item. Rows with the same warehouse, days and hours are one delivery.',
	wire: deliveriesOf,
});
