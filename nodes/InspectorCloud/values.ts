/**
 * Inspector Cloud's ways to write a value, made into one for simplified rows; raw rows stay as they came. Reference
 * of the project: inspector-cloud-api.md, traps 6–10.
 */
import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../shared/record';

/** A value of a simplified row. */
export type Simple = string | number | boolean | null;

/** Texts that mean nothing: empty IDs and competitors, and "nan", left over from imports. */
const NOTHING = new Set<unknown>(['', 'nan', 'NaN', undefined, null]);

/** A text, number or yes/no; null for each way to say nothing, and for what is no plain value. */
export function plain(value: unknown): Simple {
	if (NOTHING.has(value) || typeof value === 'object') return null;
	return value as Simple;
}

/** An instant in UTC (ISO 8601): the vendor mixes +03:00 and Z, and a blank for the T. What is no date stays. */
export function utc(value: unknown): Simple {
	if (typeof value !== 'string') return plain(value);
	const ms = Date.parse(value.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T'));
	return Number.isNaN(ms) ? plain(value) : new Date(ms).toISOString();
}

/** `2026-11-21 10:05` on the clocks of a zone; what is no date stays as it is. */
export function clockTime(value: unknown, timeZone: string): Simple {
	const at = new Date(String(utc(value)));
	if (Number.isNaN(at.getTime())) return plain(value);
	// Swedish writes the year first.
	return at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}

/** `2026-11-21T10:05:00+03:00`: the same moment on the clocks of a zone; what is no date stays as it is. */
export function zoned(value: unknown, timeZone: string): Simple {
	const at = new Date(String(utc(value)));
	if (Number.isNaN(at.getTime())) return plain(value);
	const clock = at.toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
	// `GMT+03:00`, and `GMT` alone in London's winter.
	const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
		.formatToParts(at)
		.find(({ type }) => type === 'timeZoneName')?.value;
	return `${clock}${name?.replace('GMT', '') || '+00:00'}`;
}

/** An ID as a number, whichever way it came; texts that are no number, and longer ones than it can hold, stay. */
export function plainId(value: unknown): Simple {
	const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
	return Number.isSafeInteger(number) && String(number) === value ? number : plain(value);
}

/** A figure that the documentation types as a text, as a number. */
export function figure(value: unknown): Simple {
	const text = typeof value === 'string' ? value.trim() : '';
	return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : plain(value);
}

/** Objects of a list, which may be missing, null or (by the documentation) something else. */
export function objectsIn(value: unknown): IDataObject[] {
	const list = Array.isArray(value) ? (value as unknown[]) : [];
	return list.filter((one): one is IDataObject => typeof one === 'object' && one !== null);
}

export interface Answer {
	/** Texts of the chosen options, or the written text. */
	text: string | null;
	optionIds: string[];
}

/** A question's answer: `{"66942": "Done"}` of a choice, a text, or null. */
export function answerOf(value: unknown): Answer {
	if (isRecord(value)) {
		const chosen = Object.entries(value);
		const texts = chosen.map(([, text]) => plain(text)).filter((text) => text !== null);
		return {
			text: texts.length > 0 ? texts.join(', ') : null,
			optionIds: chosen.map(([key]) => key),
		};
	}
	if (Array.isArray(value)) {
		const texts = value.map(plain).filter((text) => text !== null);
		return { text: texts.length > 0 ? texts.join(', ') : null, optionIds: [] };
	}
	const text = plain(value);
	return { text: text === null ? null : String(text), optionIds: [] };
}

/** The same row with every value plain, of names that end like times in UTC. */
export function simpleRow(row: IDataObject, names: string[]): IDataObject {
	return Object.fromEntries(
		names.map((name) => {
			const value = row[name];
			if (/_(at|date)$/.test(name)) return [name, utc(value)];
			return [name, /^id$|_id$/.test(name) ? plainId(value) : plain(value)];
		}),
	);
}
