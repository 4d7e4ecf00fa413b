/**
 * MoySklad counts in kopecks: whoever types 1200,50 for a price and sees no unit sells for 12 roubles. Wherever a
 * form of the two nodes takes an amount, its label says so; a mapper shows nothing beside the label.
 */
import type { Field, Operation } from '../../nodes/shared/catalogue';
import { shownLabel } from '../../nodes/shared/form/mapper';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { facts, type TypeField } from '../../nodes/MoySklad/facts';
import { moySklad } from '../../nodes/MoySklad/vendor';

const vendors = { MoySklad: moySklad, 'MoySklad Documents': moySkladDocuments };
const UNIT = /kopecks/i;

/** Names that are amounts in some of the vendor's tables, and no other number in any. */
const amounts = new Set<string>();
const others = new Set<string>();
const sort = (table: Record<string, TypeField>) => {
	for (const [name, { unit, kind }] of Object.entries(table)) {
		if (unit?.startsWith('kopecks')) amounts.add(name);
		else if (kind === 'number' || kind === 'integer') others.add(name);
	}
};
for (const { fields, parts = {} } of Object.values(facts)) {
	sort(fields);
	for (const part of Object.values(parts)) sort(part as Record<string, TypeField>);
}
const isAmount = (name: string) => amounts.has(name) && !others.has(name);

/** What one can type an amount into, with the label that is shown. */
function takers({ fields, resource, operation }: Operation): Array<[string, string]> {
	const place = `${resource}.${operation}`;
	const typed = (field: Field) => field.kind === 'number' || field.kind === 'text';
	return fields.flatMap((field): Array<[string, string]> => {
		if (field.kind === 'mapper') {
			return field.mapper.fields
				.filter(({ name, kind, wire }) => {
					if (name !== 'salePrice' && !isAmount(name)) return false;
					if (kind === 'number') return true;
					// A structure that a number alone fills.
					try {
						const written: unknown = wire?.(100, {
							baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
							timezone: 'Europe/Moscow',
							parameter: () => undefined,
						} as never);
						return written !== undefined;
					} catch {
						return false;
					}
				})
				.map((entry) => [`${place} ${entry.name}`, shownLabel(entry)]);
		}
		if (field.kind === 'rows') {
			return field.columns
				.filter((column) => typed(column) && isAmount(column.name))
				.map(({ name, label }) => [`${place} ${field.name}.${name}`, label]);
		}
		return typed(field) && (isAmount(field.name) || field.name === 'linkedSum')
			? [[`${place} ${field.name}`, field.label]]
			: [];
	});
}

describe('an amount that is typed', () => {
	it.each(Object.entries(vendors))('has its unit in the label: %s', (_name, { operations }) => {
		const all = operations.flatMap(takers);
		expect(all.length).toBeGreaterThan(40);
		expect(all.filter(([, label]) => !UNIT.test(label))).toEqual([]);
	});

	it('is one in each kind of place: fields, rows, single values', () => {
		const places = Object.values(vendors)
			.flatMap(({ operations }) => operations.flatMap(takers))
			.map(([place]) => place);
		expect(places).toEqual(
			expect.arrayContaining([
				'product.create salePrice',
				'product.create minPrice',
				'price.update minPrice',
				'contract.create sum',
				'customerorder.create positions.price',
				'item.update price',
				'paymentin.create sum',
				'paymentin.linkDocument linkedSum',
			]),
		);
	});
});
