import fc from 'fast-check';

import { InputProblem } from '../../nodes/shared/errors/problems';
import { instantOf } from '../../nodes/shared/form/times';

const utc = (text: string) => Date.parse(text);
const read = (value: unknown, zone = 'Europe/Moscow') => instantOf(value, zone, 'Moment');

describe('a date with an offset', () => {
	it.each([
		['2026-11-21T09:30:00Z', '2026-11-21T09:30:00Z'],
		['2026-11-21T09:30:00+03:00', '2026-11-21T06:30:00Z'],
		['2026-11-21T09:30:00+0300', '2026-11-21T06:30:00Z'],
		['2026-11-21T09:30:00.250-05:00', '2026-11-21T14:30:00.250Z'],
		['2026-11-21T09:30+05:30', '2026-11-21T04:00:00Z'],
		['2026-11-21 09:30:00+03:00', '2026-11-21T06:30:00Z'],
	])('%s is that instant in whatever zone the workflow is', (text, instant) => {
		for (const zone of ['Europe/Moscow', 'America/New_York', 'Asia/Kathmandu']) {
			expect(read(text, zone)).toBe(utc(instant));
		}
	});
});

describe('a date without an offset is the wall clock of the workflow', () => {
	it.each([
		['Europe/Moscow', '2026-11-21T09:30:00', '2026-11-21T06:30:00Z'],
		['America/New_York', '2026-11-21T09:30:00', '2026-11-21T14:30:00Z'],
		['America/New_York', '2026-07-01T09:30:00', '2026-07-01T13:30:00Z'],
		['Asia/Kathmandu', '2026-11-21 09:30', '2026-11-21T03:45:00Z'],
		['Pacific/Auckland', '2026-01-01T00:00:00', '2025-12-31T11:00:00Z'],
		['UTC', '2026-11-21', '2026-11-21T00:00:00Z'],
		['Europe/Moscow', '2026-11-21', '2026-11-20T21:00:00Z'],
		['Europe/Moscow', '2026-11-21T09:30:00.123', '2026-11-21T06:30:00.123Z'],
	])('%s: %s', (zone, text, instant) => {
		expect(new Date(read(text, zone)).toISOString()).toBe(new Date(instant).toISOString());
	});

	it.each([
		// New York: clocks go forward on 8 March 2026 at 2:00, back on 1 November 2026 at 2:00.
		['2026-03-08T01:59:00', '2026-03-08T06:59:00Z'],
		['2026-03-08T03:00:00', '2026-03-08T07:00:00Z'],
		['2026-03-08T05:30:00', '2026-03-08T09:30:00Z'],
		['2026-11-01T00:30:00', '2026-11-01T04:30:00Z'],
		['2026-11-01T02:00:00', '2026-11-01T07:00:00Z'],
		['2026-11-01T04:30:00', '2026-11-01T09:30:00Z'],
	])('around a change of clocks in New York: %s', (text, instant) => {
		expect(new Date(read(text, 'America/New_York')).toISOString()).toBe(
			new Date(instant).toISOString(),
		);
	});

	it.each([
		// Berlin: forward on 29 March 2026 at 2:00, back on 25 October 2026 at 3:00.
		['2026-03-29T01:30:00', '2026-03-29T00:30:00Z'],
		['2026-03-29T03:30:00', '2026-03-29T01:30:00Z'],
		['2026-10-25T01:30:00', '2026-10-24T23:30:00Z'],
		['2026-10-25T03:30:00', '2026-10-25T02:30:00Z'],
	])('around a change of clocks in Berlin: %s', (text, instant) => {
		expect(new Date(read(text, 'Europe/Berlin')).toISOString()).toBe(
			new Date(instant).toISOString(),
		);
	});

	it.each([
		[
			'an hour that the clocks leave out',
			'2026-03-08T02:30:00',
			['2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z'],
		],
		[
			'an hour that comes twice',
			'2026-11-01T01:30:00',
			['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
		],
	])('%s becomes one of the two instants that it may mean', (_, text, instants) => {
		expect(instants.map(utc)).toContain(read(text, 'America/New_York'));
	});
});

describe('values from expressions', () => {
	it('a Date, a Luxon DateTime and a number of milliseconds are taken as they are', () => {
		const instant = utc('2026-11-21T06:30:00Z');
		expect(read(new Date(instant))).toBe(instant);
		expect(read({ toMillis: () => instant })).toBe(instant);
		expect(read(instant)).toBe(instant);
	});
});

describe('dates of sheets', () => {
	it.each([
		[46205, '2026-07-02T00:00:00'],
		['46205', '2026-07-02T00:00:00'],
		[46205.5, '2026-07-02T12:00:00'],
		['46205,395833', '2026-07-02T09:30:00'],
		[46205.395833333336, '2026-07-02T09:30:00'],
		[46205.99999999, '2026-07-03T00:00:00'],
		[20000, '1954-10-03T00:00:00'],
		[80000, '2119-01-11T00:00:00'],
		['02.07.2026', '2026-07-02T00:00:00'],
		['2.7.2026', '2026-07-02T00:00:00'],
		[' 02.07.2026 09:30 ', '2026-07-02T09:30:00'],
		['02.07.2026 9:30:15', '2026-07-02T09:30:15'],
		['02.07.2026, 09:30:15', '2026-07-02T09:30:15'],
		['2026-07-02 9:30', '2026-07-02T09:30:00'],
	])("%j is %s of the workflow's clock", (raw, wall) => {
		for (const zone of ['Europe/Moscow', 'America/New_York', 'Asia/Kathmandu', 'UTC']) {
			expect(read(raw, zone)).toBe(read(wall, zone));
		}
	});

	it('come back from what a sheet makes of a date', () => {
		const seconds = { min: utc('1960-01-01') / 1000, max: utc('2100-01-01') / 1000 };
		fc.assert(
			fc.property(fc.integer(seconds), (second) => {
				const serial = 25_569 + second / 86_400;
				expect(read(serial, 'UTC')).toBe(second * 1000);
				expect(read(String(serial).replace('.', ','), 'UTC')).toBe(second * 1000);
			}),
		);
	});
});

describe('Unix time', () => {
	it.each([
		[1782950400, '2026-07-02T00:00:00Z'],
		['1782950400', '2026-07-02T00:00:00Z'],
		[1782950400.25, '2026-07-02T00:00:00.250Z'],
		[1782950400000, '2026-07-02T00:00:00Z'],
		['1782950400000', '2026-07-02T00:00:00Z'],
		[1e9, '2001-09-09T01:46:40Z'],
		[1e11, '1973-03-03T09:46:40Z'],
	])('%j is %s in whatever zone the workflow is', (raw, instant) => {
		for (const zone of ['Europe/Moscow', 'America/New_York']) {
			expect(read(raw, zone)).toBe(utc(instant));
		}
	});

	it('no number between 0 and the first of them becomes a date in 1970', () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 1e11, noNaN: true, maxExcluded: true }), (value) => {
				let year: number | undefined;
				try {
					year = new Date(read(value)).getUTCFullYear();
				} catch (error) {
					expect((error as Error).message).toContain('which is no date');
				}
				expect(year).not.toBe(1970);
			}),
		);
	});
});

describe('what is refused says why', () => {
	it.each([
		['07/02/2026', 'in which day and month can be read either way', '21.11.2026'],
		[2026, 'holds the number 2026', 'milliseconds or seconds since 1970'],
	])('%j', (raw, what, way) => {
		expect(() => read(raw)).toThrow(what);
		expect(() => read(raw)).toThrow(
			expect.objectContaining({ hint: expect.stringContaining(way) }),
		);
	});
});

describe('what is no date', () => {
	it.each([
		'',
		'tomorrow',
		'21.11.26',
		'31.02.2026',
		'1.13.2026',
		'21.11.2026 24:00',
		'07/02/2026',
		'31/02/2026',
		'2026/07/02',
		'true',
		'20260702',
		'12345',
		'2026-13-01',
		'2026-11-32',
		'2026-11-21T25:00:00',
		'2026-11-21T09:30:00 Moscow',
		'2026-02-30',
		'2026-04-31T10:00:00',
		'2026-02-29T10:00:00+03:00',
		'2026-11-21T09:30:00+99:99',
	])("'%s' is refused by the name of its field", (text) => {
		expect(() => read(text)).toThrow(InputProblem);
		expect(() => read(text)).toThrow("'Moment' holds");
	});

	it.each([
		['a Date that is none', new Date(NaN)],
		['a DateTime that is none', { toMillis: (): number => NaN }],
		// $now.diff(…): it would become a day of 1970.
		['a length of time', { toMillis: (): number => 86_400_000, isLuxonDuration: true }],
		['no number', NaN],
		['yes', true],
		['a list', [46205]],
		['a number beyond all calendars', 1e18],
		['nothing', undefined],
		['an object', {}],
	])('%s is refused, too', (_, value) => {
		expect(() => read(value)).toThrow(InputProblem);
	});

	it.each([0, 1, -1, 2026, 19_999, 80_001, 20260702, 999_999_999, -46205, Infinity])(
		'nor is the number %d one',
		(value) => {
			expect(() => read(value)).toThrow(InputProblem);
		},
	);
});
