/** Dates as users give them → instants. n8n hands over ISO text, with an offset or in the workflow's zone. */
import { InputProblem } from './problems';

/**
 * The instant (ms since 1970, UTC) that a form value means. Accepts ISO 8601 with or without an offset, and a
 * date alone; text without an offset is read in `timezone` (an IANA name). Luxon's DateTime and Date objects
 * from expressions are taken as they are. Throws `InputProblem` that names `parameter`.
 */
export function instantOf(value: unknown, timezone: string, parameter: string): number {
	const instant = instantOfObject(value);
	// Beyond this a Date holds nothing.
	if (instant !== undefined && Math.abs(instant) <= 8.64e15) return instant;
	const text = String(value).trim().replace(' ', 'T');
	const match =
		/^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/.exec(
			text,
		);
	if (match) {
		const [, date, minutes = '00:00', seconds = ':00', offset] = match;
		const wall = Date.parse(`${date}T${minutes}${seconds}Z`);
		// JavaScript reads 30 February as 2 March.
		if (!Number.isNaN(wall) && new Date(wall).toISOString().startsWith(date)) {
			if (!offset) return wall - zoneOffsetMs(wall, timezone);
			return Date.parse(`${date}T${minutes}${seconds}${offset === 'Z' ? 'Z' : withColon(offset)}`);
		}
	}
	throw new InputProblem(
		parameter,
		`holds '${text}', which is no date`,
		"Give a date such as 2026-11-21T09:30:00 (in the workflow's time zone) or 2026-11-21T09:30:00+03:00.",
	);
}

/** A number, a Date or a Luxon DateTime (its `toMillis`) as ms. */
function instantOfObject(value: unknown): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
	if (typeof value === 'object' && value !== null && 'toMillis' in value) {
		const ms = Number((value as { toMillis: () => number }).toMillis());
		return Number.isNaN(ms) ? undefined : ms;
	}
	return undefined;
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

function offsetAt(instant: number, timezone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: timezone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	}).formatToParts(instant);
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
