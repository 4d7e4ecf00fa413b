import fc from 'fast-check';

import { bodyInKopecks, mapMoney, toKopecks, toRoubles } from '../../nodes/MoySklad/money';
import { syncIdOf } from '../../nodes/MoySklad/syncId';
import { InputProblem } from '../../nodes/shared/errors/problems';

describe('roubles and kopecks', () => {
	it.each([
		[10.5, 1050],
		[0.1 + 0.2, 30],
		[1.005, 100.5],
		[0.0001, 0.01],
		[100.5055, 10050.55],
		[4.35, 435],
		[-7.77, -777],
		[1e-7, 0],
		[0, 0],
	])('%d roubles are %d kopecks', (roubles, kopecks) => {
		expect(toKopecks(roubles)).toBe(kopecks);
	});

	it('every amount in kopecks survives the way there and back', () => {
		const amounts = fc.integer({ min: -1e15, max: 1e15 });
		fc.assert(fc.property(amounts, (kopecks) => toKopecks(toRoubles(kopecks)) === kopecks));
	});

	it('parts of a kopeck survive too', () => {
		const amounts = fc.integer({ min: -1e12, max: 1e12 }).map((hundredths) => hundredths / 100);
		fc.assert(fc.property(amounts, (kopecks) => toKopecks(toRoubles(kopecks)) === kopecks));
	});

	it('converts amounts in objects and lists, and nothing else', () => {
		const goods = {
			name: 'Tea',
			weight: 2,
			minPrice: { value: 100, currency: { meta: { href: 'x' } } },
			salePrices: [{ value: 250, priceType: { name: 'Retail' } }, { value: 199.5 }],
			buyPrice: null,
		};
		const paths = ['salePrices.value', 'minPrice.value', 'buyPrice.value', 'overhead.value'];
		expect(mapMoney(goods, paths, toRoubles)).toEqual({
			...goods,
			minPrice: { value: 1, currency: { meta: { href: 'x' } } },
			salePrices: [{ value: 2.5, priceType: { name: 'Retail' } }, { value: 1.995 }],
		});
		expect(goods.minPrice.value).toBe(100);
	});

	it('refuses parts of a kopeck where MoySklad takes whole ones', () => {
		const write = (sum: number) => bodyInKopecks({ sum }, ['sum'], { sum: 'Sum' });
		expect(write(0.1 + 0.2)).toEqual({ sum: 30 });
		expect(() => write(1.005)).toThrow(InputProblem);
		expect(() => write(1.005)).toThrow("'Sum' is 1.005 roubles");
	});
});

describe('syncId', () => {
	const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

	it('is the same UUID for the same turn and another for another', () => {
		const one = syncIdOf('execution 7 item 0');
		expect(one).toMatch(UUID);
		expect(syncIdOf('execution 7 item 0')).toBe(one);
		expect(syncIdOf('execution 7 item 1')).not.toBe(one);
		expect(one).not.toContain('execution');
	});

	it('is random when the turn is not known', () => {
		expect(syncIdOf(undefined)).not.toBe(syncIdOf(undefined));
	});
});
