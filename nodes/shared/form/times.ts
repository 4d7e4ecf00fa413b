/** Dates as users give them → instants. n8n hands over ISO text, with an offset or in the workflow's zone. */
import type { TimeForm, WireContext } from '../catalogue';
import { InputProblem } from '../errors/problems';
import { shown } from './readers';

/** How a date is written, for hints. */
const GIVE_A_DATE =
	"Give a date such as 2026-11-21, 21.11.2026 09:30 or 2026-11-21T09:30:00 (in the workflow's time zone), or with an offset: 2026-11-21T09:30:00+03:00.";

/** Beyond this a Date holds nothing. */
const LAST_MS = 8.64e15;
/** Day 0 of a sheet's serial dates is 30 December 1899; this one is 1 January 1970. */
const SERIAL_1970 = 25_569;

/**
 * The instant (ms since 1970, UTC) that a form value means. Accepts ISO 8601 with or without an offset, a date
 * alone, and the Russian dd.mm.yyyy with or without a time; what has no offset is read in `timezone` (an IANA
 * name, or an offset such as +05:30). Numbers, also as text: ms since 1970 from 1e11 on (March 1973), Unix seconds from 1e9 on (2001), and
 * from 20000 to 80000 (1954–2119) the serial dates of sheets, whose fraction is the time of day in `timezone`.
 * Luxon's DateTime and Date objects from expressions are taken as they are. Throws `InputProblem` that names
 * `parameter`.
 */
export function instantOf(value: unknown, timezone: string, parameter: string): number {
	const instant =
		instantOfObject(value) ??
		(typeof value === 'number'
			? instantOfNumber(value, timezone, parameter)
			: instantOfText(typeof value === 'string' ? value.trim() : '', timezone, parameter));
	if (instant !== undefined && Math.abs(instant) <= LAST_MS) return instant;
	throw new InputProblem(parameter, `holds '${shown(value)}', which is no date`, GIVE_A_DATE);
}

/** A Date or a Luxon DateTime (its `toMillis`) as ms; a Duration has one, too, and is no day. */
function instantOfObject(value: unknown): number | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const ms =
		value instanceof Date
			? value.getTime()
			: 'toMillis' in value && !('isLuxonDuration' in value)
				? Number((value as { toMillis: () => number }).toMillis())
				: NaN;
	return Number.isNaN(ms) ? undefined : ms;
}

function instantOfNumber(value: number, timezone: string, parameter: string): number {
	if (value >= 1e11 && value <= LAST_MS) return value;
	if (value >= 1e9 && value < 1e11) return value * 1000;
	if (value >= 20_000 && value <= 80_000) {
		// Sheets show no less than a second; the fraction of a day is often rounded.
		const wall = Math.round((value - SERIAL_1970) * 86_400) * 1000;
		return wall - zoneOffsetMs(wall, timezone);
	}
	throw new InputProblem(
		parameter,
		`holds the number ${value}, which is no date`,
		`A number is read as a date when it is milliseconds or seconds since 1970, or a sheet's day number (46205 is 2026-07-02). ${GIVE_A_DATE}`,
	);
}

const TIME = String.raw`(\d{1,2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?`;
const ISO = new RegExp(
	String.raw`^(\d{4})-(\d{2})-(\d{2})(?:[T ]${TIME})?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$`,
);
const RUSSIAN = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? ${TIME})?$`);

/** Undefined when the text is no date. */
function instantOfText(text: string, timezone: string, parameter: string): number | undefined {
	if (/^(0?[1-9]|[12]\d|3[01])[.](0[1-9]|1[0-2])[.]?$/.test(text)) {
		throw new InputProblem(parameter, `holds '${text}', which has no year`, GIVE_A_DATE);
	}
	if (/^[+-]?\d+(?:[.,]\d+)?$/.test(text)) {
		return instantOfNumber(Number(text.replace(',', '.')), timezone, parameter);
	}
	if (/^\d{1,4}\/\d{1,2}\/\d{1,4}\b/.test(text)) {
		throw new InputProblem(
			parameter,
			`holds '${shown(text)}', in which day and month can be read either way`,
			GIVE_A_DATE,
		);
	}
	const russian = RUSSIAN.exec(text);
	if (russian) {
		const [, day, month, year, minutes, seconds] = russian;
		return instantOfParts([year, month, day], minutes, seconds, undefined, timezone);
	}
	const iso = ISO.exec(text);
	if (!iso) return undefined;
	const [, year, month, day, minutes, seconds, offset] = iso;
	return instantOfParts([year, month, day], minutes, seconds, offset, timezone);
}

/** Undefined when the calendar has no such day, or the clock no such time. */
function instantOfParts(
	[year, ...days]: string[],
	minutes = '00:00',
	seconds = ':00',
	offset: string | undefined,
	timezone: string,
): number | undefined {
	const date = [year, ...days.map((part) => part.padStart(2, '0'))].join('-');
	const clock = `${date}T${minutes.padStart(5, '0')}${seconds}`;
	const wall = Date.parse(`${clock}Z`);
	// JavaScript reads 30 February as 2 March.
	if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return undefined;
	if (!offset) return wall - zoneOffsetMs(wall, timezone);
	return Date.parse(`${clock}${offset === 'Z' ? 'Z' : withColon(offset)}`);
}

function withColon(offset: string): string {
	return offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** Offset of a zone at a wall-clock time that is given as if it were UTC (ms; Moscow: +10,800,000). */
function zoneOffsetMs(wall: number, timezone: string): number {
	// The first guess may fall on the other side of a change of clocks; the second is right.
	const guess = offsetAt(wall, timezone);
	return offsetAt(wall - guess, timezone);
}

/** A zone that has no name, such as `+05:30`. */
const FIXED = /^([+-])(\d{2}):(\d{2})$/;

/** By zone: making one takes ten times as long as using it, and rows have several dates. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timezone: string): Intl.DateTimeFormat {
	const known = formatters.get(timezone);
	if (known) return known;
	const made = new Intl.DateTimeFormat('en-US', {
		timeZone: timezone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
	formatters.set(timezone, made);
	return made;
}

function offsetAt(instant: number, timezone: string): number {
	// Node 20 does not take an offset for a zone.
	const [, sign, hours, minutes] = FIXED.exec(timezone) ?? [];
	if (sign) return (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
	const parts = formatterOf(timezone).formatToParts(instant);
	const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
	const wall = Date.UTC(
		of('year'),
		of('month') - 1,
		of('day'),
		of('hour'),
		of('minute'),
		of('second'),
	);
	return wall - Math.floor(instant / 1000) * 1000;
}

/** True for a text that names a day or a time of it without an offset. */
function isLocal(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	const text = value.trim();
	const iso = ISO.exec(text);
	return RUSSIAN.test(text) || (iso !== null && iso[6] === undefined);
}

const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)$/;

/** A form value as the vendor writes times. Throws `InputProblem` that names `parameter`. */
export function timeAs(
	as: TimeForm,
	value: unknown,
	context: Pick<WireContext, 'timezone' | 'zone'>,
	parameter: string,
): string {
	if (as === 'instant') {
		return new Date(instantOf(value, context.timezone, parameter)).toISOString();
	}
	// Programs write a day as its midnight in Greenwich: west of it, another day would come of that.
	const [, day] = (as === 'date' && typeof value === 'string' && MIDNIGHT.exec(value.trim())) || [];
	if (day !== undefined) return timeAs(as, day, context, parameter);
	// What has no offset is written on the clock on which it is read: nobody need be asked for the zone.
	const zone = isLocal(value) ? 'UTC' : (context.zone ?? context.timezone);
	const instant = instantOf(value, zone, parameter);
	const wall = new Date(instant + offsetAt(instant, zone)).toISOString();
	return as === 'date' ? wall.slice(0, 10) : wall.slice(0, 19).replace('T', ' ');
}
