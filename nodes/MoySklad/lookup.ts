/**
 * Objects by the values of their fields, many values in one list request. Source: MoySklad docs, Filtering
 * (repeated `=` of one field are alternatives).
 */
import type { IDataObject } from 'n8n-workflow';

import type { Work } from '../shared/catalogue';
import { CallFailed } from '../shared/errors/errors';
import { inParallel } from '../shared/road/parallel';
import { InputProblem } from '../shared/errors/problems';
import { escapeValue } from './filter';
import { rowsList } from './lists';

/** Bytes that the conditions of one look-up may take, percent-encoded: 8 KB hold address and headers. */
const LOOKUP_BYTES = 6000;

/** The list that is looked into. */
export interface LookupList {
	path: string;
	/** Conditions that make it show what it hides, e.g. `archived=true;archived=false`. */
	hidden?: string;
	headers?: Record<string, string>;
}

/** One value that is looked for. */
export interface Key {
	/** Name to compare in the filter: a field, or an attribute's href. */
	field: string;
	/** As the filter is asked for it: spellings of one value. */
	asks: string[];
	/** The value, in the form in which it is compared with `valueOf`. */
	text: string;
	/** The value of a row, as text like `text`; several where a row has several of them. */
	valueOf: (row: IDataObject) => string | string[] | undefined;
	/** What is alike of values that differ in a way that is told; in lower case without. */
	looks?: (text: string) => string;
}

/** What was found for a key. */
export interface Found {
	objects: IDataObject[];
	/** Without any object: a value that differs in upper and lower case only, or as `looks` says. */
	nearly?: string;
	/** Why it cannot be told. */
	problem?: Error;
}

/** Problems belong to their item; whatever else went wrong ends the work. */
export function asError(error: unknown): Error {
	if (error instanceof InputProblem || error instanceof CallFailed) return error;
	throw error;
}

/** A text with ordinary blanks in the place of those that do not break, which pages and sheets put between words. */
export function plainBlanks(text: string): string {
	return text.replace(/[\u00a0\u2007\u202f]/g, ' ');
}

/**
 * Looks up all keys in a list, in as few requests as their lengths allow, side by side. Keys of one field must
 * read rows in the same way.
 */
export async function lookUp<K extends Key>(
	keys: K[],
	list: LookupList,
	work: Work,
): Promise<Map<K, Found>> {
	const found = new Map<K, Found>();
	await inParallel(keyShares(keys), async (share) => await lookUpShare(share, list, work, found));
	return found;
}

/** As many keys of one field as one list request takes. */
function keyShares<K extends Key>(keys: K[]): K[][] {
	const byField = new Map<string, K[][]>();
	const sizes = new Map<K[], number>();
	for (const key of keys) {
		const size = encodeURIComponent(`${keyConditions(key).join(';')};`).length;
		const shares = byField.get(key.field) ?? [];
		byField.set(key.field, shares);
		const last = shares[shares.length - 1];
		const taken = last ? (sizes.get(last) ?? 0) : Infinity;
		if (taken + size <= LOOKUP_BYTES) {
			last.push(key);
			sizes.set(last, taken + size);
		} else {
			const share = [key];
			shares.push(share);
			sizes.set(share, size);
		}
	}
	return [...byField.values()].flat();
}

function keyConditions({ field, asks }: Key): string[] {
	const spellings = new Set([...asks, ...asks.map(plainBlanks)]);
	return [...spellings].map((text) => `${field}=${escapeValue(text)}`);
}

async function lookUpShare<K extends Key>(
	share: K[],
	{ path, hidden, headers }: LookupList,
	work: Work,
	found: Map<K, Found>,
): Promise<void> {
	const conditions = share.flatMap(keyConditions);
	if (hidden) conditions.push(hidden);
	const query = { filter: conditions.join(';') };
	const request = { method: 'GET' as const, path, query, ...(headers ? { headers } : {}) };
	const rows: IDataObject[] = [];
	try {
		for await (const page of work.pages({ request, rule: rowsList, limit: Infinity })) {
			rows.push(...page);
		}
	} catch (error) {
		const problem = asError(error);
		for (const key of share) found.set(key, { objects: [], problem });
		return;
	}
	compare(share, rows, found);
}

/** Finds each key of one field among rows. */
export function compare<K extends Key>(keys: K[], rows: IDataObject[], found: Map<K, Found>): void {
	const byText = new Map<string, Map<string, IDataObject>>();
	for (const row of rows) {
		const value = keys[0]?.valueOf(row);
		for (const held of value === undefined ? [] : [value].flat()) {
			const text = plainBlanks(held);
			const objects = byText.get(text) ?? new Map<string, IDataObject>();
			byText.set(text, objects.set(String(row.id), row));
		}
	}
	const looks = keys.find((key) => key.looks)?.looks;
	const alike = (text: string) => looks?.(text) ?? text.toLowerCase();
	const asked = new Set(keys.map(({ text }) => plainBlanks(text)));
	// MoySklad's docs do not say whether case counts.
	const others = new Map(
		[...byText.keys()]
			.filter((text) => looks || !asked.has(text))
			.map((text) => [alike(text), text]),
	);
	for (const key of keys) {
		const text = plainBlanks(key.text);
		const objects = [...(byText.get(text)?.values() ?? [])];
		const nearly = objects.length > 0 ? undefined : others.get(alike(text));
		found.set(key, { objects, ...(nearly === undefined ? {} : { nearly }) });
	}
}
