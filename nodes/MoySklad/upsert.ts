/**
 * Create or Update: MoySklad has no such call, so existing objects are looked up by the key first, many keys in
 * one list request. Source: MoySklad docs, Filtering (repeated `=` of one field are alternatives).
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Work } from '../shared/catalogue';
import { InputProblem } from '../shared/errors/problems';
import { isSheetsNothing, keptWhole } from '../shared/form/readers';
import {
	attributeLabel,
	attributesOnce,
	filterText,
	findAttribute,
	isMatchable,
	PREFIX,
	type Attribute,
} from './attributes';
import { checkValue } from './filter';
import { keyOf as namedKey } from './keys';
import { asError, lookUp, plainBlanks, type Key } from './lookup';
import { isUuid, readLink } from './references';
import { pick } from './simplify';

/** What people put into a cell that has no value, beside what sheets do. */
const DASHES = /^[-\u2010-\u2015\u2212_.?\s]+$/;

/** What is looked up, and how. */
export interface LookupRule {
	/** MoySklad's keyword of the type. */
	keyword: string;
	/** Conditions that make a list show what it hides, e.g. `archived=true;archived=false`. */
	hidden?: string;
	/** Whose custom attributes can be matched by. */
	attributes?: string;
	/** Labels of the fields that can be matched by. */
	labels: Record<string, string>;
	/** Fields of the found object that are kept in `control.found`. */
	keep: string[];
}

/** A key, and the calls that mean it. */
interface Wanted extends Key {
	label: string;
	/** How a value differs that is nearly this one; upper and lower case without. */
	differs?: string;
	calls: Call[];
}

/**
 * Looks up the objects that the calls' `match` means: `control.foundId` is its ID, absent when there is none;
 * `control.found` holds the fields to keep. Sets `problem` for a key that cannot be looked up or fits several objects.
 */
export async function findExisting(calls: Call[], work: Work, rule: LookupRule): Promise<void> {
	const wanted = new Map<string, Wanted>();
	for (const call of calls) {
		if (call.problem || !call.match) continue;
		try {
			if (call.match.field === 'id') {
				takeId(call);
				continue;
			}
			const key = await wantedKey(call, work, rule);
			// As it is looked for: 5 and 5.0 are one key, also for those that are not found.
			call.match = { ...call.match, value: key.text };
			const name = `${key.field}=${key.text}`;
			const same = wanted.get(name);
			if (same) same.calls.push(call);
			else wanted.set(name, { ...key, calls: [call] });
		} catch (error) {
			call.problem = asError(error);
		}
	}
	const { keyword, hidden } = rule;
	const list = { path: `/entity/${keyword}`, hidden };
	const found = await lookUp([...wanted.values()], list, work);
	for (const [key, { objects, nearly, problem }] of found) {
		for (const call of key.calls) {
			if (problem) call.problem = problem;
			else settle(call, key, objects, rule);
			// A second object would come of it, where case does not count.
			if (nearly !== undefined) call.problem = nearlyProblem(key, nearly);
		}
	}
}

/** An ID needs no look-up; without one, the object is created. */
function takeId(call: Call): void {
	const value = call.match?.value ?? '';
	if (value === '') return;
	const link = readLink(value);
	const id = link?.path ? link.id : value;
	if (!isUuid(id)) {
		throw new InputProblem(
			'ID',
			`is '${value}'`,
			'An ID looks like 7944ef04-f831-11e5-7a69-971500188b19. Leave it empty to create the object.',
		);
	}
	call.control.foundId = id.trim().toLowerCase();
}

async function wantedKey(call: Call, work: Work, rule: LookupRule): Promise<Omit<Wanted, 'calls'>> {
	const { field, value } = call.match as NonNullable<Call['match']>;
	const key = field.startsWith(PREFIX)
		? await attributeKey(field, value, call, work, rule)
		: fieldKey(field, value, rule);
	if (key.text === '') {
		throw new InputProblem(
			key.label,
			'is empty, so no existing object can be found by it',
			`Give '${key.label}' a value, or match on another field.`,
		);
	}
	keptWhole(key.label, key.text);
	if (DASHES.test(key.text) || isSheetsNothing(key.text)) {
		throw new InputProblem(
			key.label,
			`is '${key.text}', as sheets write for nothing: all rows with it would be one object`,
			`Give '${key.label}' a value, or match on another field.`,
		);
	}
	checkValue('=', key.text, key.label);
	return key;
}

/** Phones and e-mails have many spellings; other texts are what they are. */
function fieldKey(field: string, value: string, rule: LookupRule): Omit<Wanted, 'calls'> {
	const label = rule.labels[field] ?? field;
	if ((field === 'phone' || field === 'email') && value !== '') {
		const fits =
			field === 'phone' ? value.replace(/\D/g, '').length >= 5 : /^[^\s@]+@\S+$/.test(value);
		const key = fits ? namedKey(field, value, true) : undefined;
		if (key) return { ...key, label };
		throw new InputProblem(
			label,
			`is '${value}', by which nobody can be found`,
			field === 'phone'
				? 'Give a number such as +7 999 123-45-67.'
				: 'Give an address such as ivan@example.com.',
		);
	}
	const key = {
		field,
		label,
		asks: [value],
		text: plainBlanks(value),
		valueOf: (row: IDataObject) => trimmedText(row[field]),
	};
	// Russian numbers have 10 or 12 digits. With one less, they may be foreign, or have lost a zero in a sheet.
	if (field !== 'inn' || !/^(\d{9}|\d{11})$/.test(value)) return key;
	return {
		...key,
		asks: [value, `0${value}`],
		looks: (text) => text.replace(/^0/, ''),
		differs: 'by a zero at the beginning, which sheets drop from numbers',
	};
}

async function attributeKey(
	field: string,
	value: string,
	call: Call,
	work: Work,
	rule: LookupRule,
): Promise<Omit<Wanted, 'calls'>> {
	const attributes = rule.attributes
		? await attributesOnce(work.send, call.baseUrl, rule.attributes)
		: [];
	const attribute = findAttribute(attributes, field);
	if (!isMatchable(attribute)) {
		throw new InputProblem(
			'Match On',
			`is '${attributeLabel(attribute)}'`,
			'Objects can be matched by attributes that hold a text or a number.',
		);
	}
	const text = filterText(attribute, value, call);
	return {
		field: attribute.href,
		label: attribute.name,
		asks: [text],
		text,
		valueOf: (row) => trimmedText(attributeValueIn(row, attribute)),
	};
}

function attributeValueIn(row: IDataObject, { id }: Attribute): unknown {
	const attributes = (row.attributes ?? []) as IDataObject[];
	return attributes.find((attribute) => attribute.id === id)?.value;
}

/** MoySklad trims texts, so spaces at the ends do not tell values apart. */
function trimmedText(value: unknown): string | undefined {
	return value === undefined || value === null ? undefined : String(value).trim();
}

function nearlyProblem(
	{ label, text, differs = 'in upper and lower case only' }: Wanted,
	other: string,
): InputProblem {
	return new InputProblem(
		label,
		`is '${text}', and MoySklad has '${other}', which differs ${differs}`,
		`Write '${label}' as it stands in MoySklad, or change it there.`,
	);
}

function settle(
	call: Call,
	{ label, text }: Wanted,
	objects: IDataObject[],
	{ keep }: LookupRule,
): void {
	if (objects.length > 1) {
		const ids = objects.map(({ id }) => String(id));
		call.problem = new InputProblem(
			label,
			`'${text}' belongs to ${ids.length} objects: ${ids.slice(0, 10).join(', ')}`,
			"Make the value unique in MoySklad, or match on 'ID'.",
		);
	} else if (objects.length === 1) {
		call.control.foundId = String(objects[0].id);
		call.control.found = pick(objects[0], keep);
		keepBlanks(call, objects[0]);
	}
}

/** What an object is found by stays as it has it, where other blanks are all that differs. */
function keepBlanks({ body, match }: Call, found: IDataObject): void {
	const field = String(match?.field);
	const [given, present] = [body[field], found[field]];
	if (typeof given !== 'string' || typeof present !== 'string') return;
	if (plainBlanks(given) === plainBlanks(present)) body[field] = present;
}

/** Names the object that a call means: calls with the same name must not be sent together. */
export function matchKey({ match, control }: Call): string | undefined {
	if (control.foundId !== undefined) return `id=${String(control.foundId)}`;
	if (!match || match.value === '') return undefined;
	return `${match.field}=${match.value}`;
}
