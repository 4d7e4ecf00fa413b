/** Clocks of locations: what a poll asks for, and when a row has changed. Reference of the project: altegio-api.md §1.7. */
import { zoneFrom } from '../../nodes/Altegio/catalogue/location';
import {
	instantIn,
	POLLED_EVENTS,
	wallSince,
	wallUntil,
} from '../../nodes/Altegio/polling/sources';
import { instantOf } from '../../nodes/shared/form/times';

describe('a zone as Altegio writes it', () => {
	test.each([
		['Europe/Moscow', 'Europe/Moscow'],
		[' America/Chicago ', 'America/Chicago'],
		['+03:00', '+03:00'],
		['-0330', '-03:30'],
		['UTC+3', '+03:00'],
		['10:00', '+10:00'],
		['UTC', 'UTC'],
		['', undefined],
		['25:00', undefined],
		['Moscow time', undefined],
		[3, undefined],
		[undefined, undefined],
	])('%s is %s', (told, zone) => {
		expect(zoneFrom(told)).toBe(zone);
	});

	test('an offset is a zone for dates', () => {
		expect(instantOf('2026-07-01 12:00', '-03:30', 'Date')).toBe(
			Date.parse('2026-07-01T15:30:00Z'),
		);
	});
});

const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;

describe('the time that is asked for', () => {
	const chicago = 'America/Chicago';

	test('is the clock of the location', () => {
		const instant = at('2026-11-28T16:30:00Z');
		expect(wallSince(instant, instant + HOUR, chicago)).toBe('2026-11-28T10:30:00');
		expect(wallUntil(instant, chicago)).toBe('2026-11-28T10:30:00');
	});

	// On 1 November 2026 at 2:00 the clocks of Chicago go back to 1:00 (7:00 UTC).
	test.each([
		['before the hour that comes twice', '2026-11-01T06:50:00Z', '2026-11-01T00:50:00'],
		['in its second turn', '2026-11-01T07:10:00Z', '2026-11-01T01:10:00'],
	])('since a moment %s leaves nothing out', (_, since, wall) => {
		const asked = wallSince(at(since), at(since) + 6 * HOUR, chicago);
		expect(asked).toBe(wall);
	});

	test('until a moment of the second turn takes in the end of the first', () => {
		expect(wallUntil(at('2026-11-01T07:10:00Z'), chicago)).toBe('2026-11-01T02:10:00');
	});
});

describe('the moment of a row', () => {
	test.each([
		['with an offset of the location', '2026-11-28T10:30:00-0600', '2026-11-28T16:30:00Z'],
		['of the other half of the year', '2026-07-28T10:30:00-0500', '2026-07-28T15:30:00Z'],
		['with a wrong offset', '2026-11-28T10:30:00+0300', '2026-11-28T16:30:00Z'],
		['without one', '2026-11-28 10:30:00', '2026-11-28T16:30:00Z'],
	])('%s', (_, text, instant) => {
		expect(instantIn(text, 'America/Chicago')).toBe(at(instant));
	});

	test.each(['', '0000-00-00 00:00:00', 'soon', null, 7])('%s is none', (text) => {
		expect(instantIn(text, 'America/Chicago')).toBeNaN();
	});
});

test('the events that lists can tell of, by name', () => {
	expect(POLLED_EVENTS.map(({ value }) => value)).toEqual([
		'appointmentCancelled',
		'appointmentConfirmed',
		'appointmentCreated',
		'appointmentMoved',
		'appointmentPaid',
		'appointmentUpdated',
		'clientArrived',
		'clientUpdated',
		'consumablesUsed',
		'noShow',
		'payment',
		'productUpdated',
		'productReceipt',
		'productSale',
		'productTransfer',
		'productWriteOff',
	]);
});
