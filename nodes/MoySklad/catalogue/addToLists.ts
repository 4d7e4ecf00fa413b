/**
 * Lists of goods that a write replaces whole: barcodes and packages. Where the user wants to add to them, the object
 * is read first and what it has goes along. MoySklad docs, Product; reference of the project: moysklad-documents.md §0.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { readByIds } from '../readMany';
import { hiddenConditionsOf } from '../facts';
import { idOf, pick } from '../simplify';

/** Fields of goods that are replaced whole. */
export const WHOLE_LISTS = ['barcodes', 'packs'];

export const ADD_FIELD: Field = {
	name: 'lists',
	label: 'Barcodes and Packages',
	kind: 'choice',
	section: 'options',
	to: 'control',
	default: 'replace',
	choices: [
		{
			name: 'Add',
			value: 'add',
			description: 'To those that it has, which are read first: a request for up to 120 objects',
		},
		{
			name: 'Replace',
			value: 'replace',
			description: 'Those that are given become the only ones, as MoySklad does it',
		},
	],
	help: 'What becomes of the barcodes and packages that the object has already, when some are given',
};

const isList = (value: unknown): value is IDataObject[] => Array.isArray(value);

/** True for calls whose lists are added to. */
export function adds({ control, body, problem }: Call): boolean {
	return !problem && control.lists === 'add' && WHOLE_LISTS.some((name) => isList(body[name]));
}

/** Puts what the object has before what is given; the same barcode, or package, is there once. */
export function addGiven(call: Call, current: IDataObject): void {
	// What is given is kept: an earlier item may write the same object before this one.
	const given = (call.control.given ?? pick(call.body, WHOLE_LISTS)) as IDataObject;
	call.control.given = given;
	const lists: IDataObject = {};
	for (const name of WHOLE_LISTS) {
		if (!isList(given[name])) continue;
		const present = isList(current[name]) ? current[name] : [];
		lists[name] = name === 'packs' ? joined(present, given[name]) : union(present, given[name]);
	}
	call.body = { ...call.body, ...lists };
}

/** Barcodes are `{kind: value}`. */
function union(present: IDataObject[], given: IDataObject[]): IDataObject[] {
	const known = new Set(present.map((one) => JSON.stringify(one)));
	const fresh = given.filter((one) => {
		const text = JSON.stringify(one);
		return !known.has(text) && known.add(text);
	});
	return [...present, ...fresh];
}

const sizeOf = ({ uom, quantity }: IDataObject) => `${idOf(uom) ?? ''} ${Number(quantity)}`;

/** A package with the ID, or unit and quantity, of one that is there changes that one. */
function joined(present: IDataObject[], given: IDataObject[]): IDataObject[] {
	const all = present.map((one) => ({ ...one }));
	for (const one of given) {
		const at = all.findIndex((other) =>
			one.id === undefined ? sizeOf(other) === sizeOf(one) : other.id === one.id,
		);
		if (at < 0) all.push({ ...one });
		else all[at] = { ...all[at], ...one };
	}
	return all;
}

/**
 * Reads the objects that changes add to, but for those that looking for their key has found (`control.found`). Sets
 * `problem` for one that there is not.
 */
export async function readAndAdd(
	keyword: string,
	calls: Call[],
	work: Work,
	idOfCall: (call: Call) => string | undefined,
): Promise<void> {
	const open: Call[] = [];
	for (const call of calls) {
		if (!adds(call) || idOfCall(call) === undefined) continue;
		if (call.control.found) addGiven(call, call.control.found as IDataObject);
		else open.push(call);
	}
	if (open.length === 0) return;
	const ids = open.map((call) => String(idOfCall(call)));
	const found = await readByIds(keyword, ids, work, hiddenConditionsOf(keyword));
	for (const call of open) {
		const current = found.get(String(idOfCall(call)).toLowerCase());
		if (current) addGiven(call, current);
		else {
			call.problem = new InputProblem(
				'Barcodes and Packages',
				`should be added to an object with the ID '${String(idOfCall(call))}', which there is not`,
				"Check the ID, or set 'Barcodes and Packages' to Replace.",
			);
		}
	}
}
