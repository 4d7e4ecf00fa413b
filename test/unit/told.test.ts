import fc from 'fast-check';

import {
	eventItem,
	stockItem,
	type AuditContext,
	type ChangeEvent,
} from '../../nodes/MoySklad/trigger/notification';
import { itemsOf, pack } from '../../nodes/MoySklad/trigger/told';

const BASE = 'https://api.moysklad.ru/api/remap/1.2/entity/product/';
const product = (changes: Partial<ChangeEvent> = {}): ChangeEvent => ({
	type: 'product',
	href: `${BASE}0b9b4a5c-7f3e-11ef-0a80-05f300001234`,
	action: 'UPDATE',
	accountId: 'account',
	...changes,
});

const few = (...texts: string[]) => fc.constantFrom(...texts);
/** Few values of each kind, so that neighbours are often alike. */
const events: fc.Arbitrary<ChangeEvent[]> = fc.array(
	fc.record(
		{
			type: few('product', 'customerorder'),
			action: few('CREATE', 'UPDATE', 'DELETE'),
			href: fc.oneof(
				fc.uuid().map((id) => BASE + id),
				few(`${BASE}id?expand=a/b`, `${BASE}`, 'no-slash', '/', 'x/"quoted"', 'x/Ёлка'),
			),
			accountId: few('one', 'two'),
			updatedFields: few('', 'name', 'name,salePrices').map((all) => (all ? all.split(',') : [])),
		},
		{ requiredKeys: ['type', 'action', 'href'] },
	),
	{ maxLength: 60 },
);
const audit: fc.Arbitrary<AuditContext> = fc.record(
	{ id: fc.uuid(), uid: few('admin@shop'), moment: few('2026-11-22T15:51:16+03:00') },
	{ requiredKeys: [] },
);

describe('what a delivery told, packed for n8n', () => {
	it('gives the same items in the same order', () => {
		fc.assert(
			fc.property(
				events,
				audit,
				fc.option(few('r-1'), { nil: undefined }),
				(list, by, requestId) => {
					const items = list.map((event) => eventItem(event, by, requestId));
					expect(itemsOf(pack({ events: list, audit: by, requestId }))).toEqual(items);
					expect(itemsOf(pack({ events: list, audit: by, requestId })).map(Object.keys)).toEqual(
						items.map(Object.keys),
					);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('gives a stock notification', () => {
		const stock = {
			stockType: 'stock',
			reportType: 'all',
			reportUrl: `${BASE}?a=1`,
			accountId: 'x',
		};
		expect(itemsOf(pack({ stock, requestId: 'r-1' }))).toEqual([stockItem(stock, 'r-1')]);
		expect(itemsOf(pack({ stock }))).toEqual([stockItem(stock, undefined)]);
	});

	it('writes once what the events have in common', () => {
		const list = Array.from({ length: 50 }, (_, index) =>
			product({
				href: `${BASE}0b9b4a5c-7f3e-11ef-0a80-05f30000${1000 + index}`,
				updatedFields: ['name', 'salePrices'],
			}),
		);
		const packed = pack({ events: list, audit: { uid: 'admin@shop' }, requestId: 'r-1' });
		expect(packed.split('salePrices')).toHaveLength(2);
		expect(packed.length).toBeLessThan(50 * 50);
	});

	it('gives each item its own list of fields', () => {
		const list = [product({ updatedFields: ['name'] }), product({ updatedFields: ['name'] })];
		const [first, second] = itemsOf(pack({ events: list, audit: {} }));
		(first.updatedFields as string[]).push('mine');
		expect(second.updatedFields).toEqual(['name']);
	});
});
