const MOSCOW_OFFSET_MS = 3 * 3_600_000;

/** The moment on which generated data ends; fixed, so that equal seeds give equal data. */
export const DATA_EPOCH = Date.UTC(2026, 10, 1, 9, 0, 0);

/** Waits without keeping the process alive. `ms` is milliseconds. */
export async function sleep(ms: number): Promise<void> {
	if (ms <= 0) return;
	await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

/** `YYYY-MM-DD HH:mm:ss.SSS` in Moscow time, the form of MoySklad's fields. `ms` is epoch time. */
export function moscowMillis(ms: number): string {
	return new Date(ms + MOSCOW_OFFSET_MS).toISOString().slice(0, 23).replace('T', ' ');
}

/** `YYYY-MM-DD HH:mm:ss` in Moscow time, the form of `auditContext.moment`. */
export function moscowSeconds(ms: number): string {
	return moscowMillis(ms).slice(0, 19);
}

/** A parsed Moscow moment: epoch milliseconds and how long the written unit lasts (ms). */
export interface Moment {
	ms: number;
	precisionMs: number;
}

const MOSCOW = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/;

/**
 * Reads `YYYY-MM-DD HH:mm[:ss[.SSS]]` as Moscow time. Returns `undefined` for any other form, for
 * dates that do not exist, and before 1970-01-01 03:00:00 (MoySklad docs: filter by date).
 */
export function parseMoscow(text: string): Moment | undefined {
	const match = MOSCOW.exec(text);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction] = match;
	const ms =
		Date.UTC(
			Number(year),
			Number(month) - 1,
			Number(day),
			Number(hour),
			Number(minute),
			Number(second ?? 0),
			fraction === undefined ? 0 : Number(fraction.padEnd(3, '0')),
		) - MOSCOW_OFFSET_MS;
	const back = moscowSeconds(ms);
	if (ms < 0 || back.slice(0, 16) !== text.slice(0, 16)) return undefined;
	if (second !== undefined && back.slice(17) !== second) return undefined;
	if (second === undefined) return { ms, precisionMs: 60_000 };
	return { ms, precisionMs: fraction === undefined ? 1000 : 1 };
}
