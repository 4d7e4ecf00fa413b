/**
 * Names that a write has and MoySklad's docs do not: it may pass over them without a word, so that they are told beside
 * the output. Reference of the project: moysklad.md, errors (1007 is known for updates only).
 */
import type { IDataObject } from 'n8n-workflow';

import type { Work } from '../shared/catalogue';
import { essence } from '../shared/form/columns';
import { isNothing } from '../shared/form/readers';
import { facts, type TypeField } from './facts';

type Table = Record<string, Pick<TypeField, 'label' | 'readOnly'>>;

/** Of whatever MoySklad gives out. */
const ALWAYS = ['accountId', 'attributes', 'id', 'meta', 'shipped', 'syncId'];
/** Names that are shown. */
const MOST = 20;

/** True for what some type's lists take, and for what MoySklad computes. */
const isTaken = new Map<string, boolean>();
for (const { parts = {} } of Object.values(facts)) {
	for (const [name, { readOnly }] of Object.values(parts).flatMap(Object.entries<TypeField>)) {
		isTaken.set(name, isTaken.get(name) === true || !readOnly);
	}
}
/** What MoySklad computes in every list that has it: rows that were read have it, and nobody misses it. */
const computed = new Set([...isTaken.keys()].filter((name) => !isTaken.get(name)));

/** What was found over all objects of a run. */
export class UnknownNames {
	private readonly places = new Map<string, Set<string>>();
	private readonly ofOwner = new Map<string, string>();

	/** Looks at an object that is sent, and knows the fields of `table` and `more`. */
	add(place: string, object: IDataObject, table: Table, more = new Set<string>()): void {
		for (const [name, value] of Object.entries(object)) {
			if (name in table || ALWAYS.includes(name) || more.has(name)) continue;
			if (isNothing(value)) continue;
			const names = this.places.get(place) ?? new Set();
			this.places.set(place, names.add(name));
		}
	}

	/** Looks at the objects of a list inside an object of the type `owner`. */
	addList(place: string, rows: unknown, table: Table, owner: string): void {
		if (!Array.isArray(rows)) return;
		for (const row of rows as unknown[]) {
			if (typeof row !== 'object' || row === null || Array.isArray(row)) continue;
			this.add(place, row as IDataObject, table, computed);
		}
		for (const name of this.places.get(place) ?? []) {
			const field = fieldCalled(owner, name);
			if (field) this.ofOwner.set(name, field);
		}
	}

	tell(work: Pick<Work, 'notice'>): void {
		if (this.places.size === 0) return;
		const found = [...this.places].map(([place, names]) => `${listed(names)} in '${place}'`);
		const elsewhere =
			this.ofOwner.size > 0
				? ` Of these, the whole object has ${listed(this.ofOwner.keys())}, not its rows: fill in ${listed(this.ofOwner.values())} beside them.`
				: '';
		work.notice(
			'unknownNames',
			`MoySklad's docs do not have these names, which it may pass over: ${found.join('; ')}.${elsewhere} Correct those that are to count.`,
		);
	}
}

/** The label of a field of a type that can be written, by its name or label. */
function fieldCalled(keyword: string, called: string): string | undefined {
	const fields = facts[keyword]?.fields ?? {};
	const same = (text: string) => essence(text) === essence(called);
	const name = Object.keys(fields).find(
		(one) =>
			!fields[one].readOnly && !fields[one].listOnly && (same(one) || same(fields[one].label)),
	);
	return name === undefined ? undefined : fields[name].label;
}

function listed(names: Iterable<string>): string {
	const all = [...names];
	const rest = all.length > MOST ? ` and ${all.length - MOST} more` : '';
	const shown = all.slice(0, MOST).map((name) => `'${name}'`);
	return `${shown.join(', ')}${rest}`;
}
