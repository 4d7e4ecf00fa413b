import { moscowMillis, moscowSeconds, parseMoscow } from '../../sandbox/shared/clock';
import { IdSpace, UUID_PATTERN } from '../../sandbox/shared/random';

describe('ids that can be computed back', () => {
	const space = new IdSpace(1, 'product');

	test('are UUIDs, differ, and give their index back', () => {
		const indexes = [0, 1, 2, 99_999, 3_000_000_007, 0xffffffff];
		const ids = indexes.map((index) => space.uuid(index));
		expect(new Set(ids).size).toBe(indexes.length);
		for (const id of ids) expect(id).toMatch(UUID_PATTERN);
		expect(ids.map((id) => space.index(id))).toEqual(indexes);
		expect(space.index(ids[3].toUpperCase())).toBe(99_999);
	});

	test('belong to one kind and one seed', () => {
		const id = space.uuid(5);
		expect(new IdSpace(1, 'variant').index(id)).toBeUndefined();
		expect(new IdSpace(2, 'product').index(id)).toBeUndefined();
		expect(new IdSpace(1, 'product').index(id)).toBe(5);
	});
});

describe('Moscow time', () => {
	test('is three hours ahead of UTC', () => {
		expect(moscowMillis(Date.UTC(2026, 10, 21, 21, 30, 5, 7))).toBe('2026-11-22 00:30:05.007');
		expect(moscowSeconds(0)).toBe('1970-01-01 03:00:00');
	});

	test('is read with minutes, seconds or milliseconds', () => {
		const ms = Date.UTC(2026, 10, 21, 9, 15, 0);
		expect(parseMoscow('2026-11-21 12:15')).toEqual({ ms, precisionMs: 60_000 });
		expect(parseMoscow('2026-11-21 12:15:00')).toEqual({ ms, precisionMs: 1000 });
		expect(parseMoscow('2026-11-21 12:15:00.5')).toEqual({ ms: ms + 500, precisionMs: 1 });
	});

	test.each([
		'2026-11-21',
		'2026-11-21T12:15:00',
		'2026-02-30 12:00:00',
		'2026-11-21 25:00:00',
		'1970-01-01 02:59:59',
	])('refuses %s', (text) => {
		expect(parseMoscow(text)).toBeUndefined();
	});
});
