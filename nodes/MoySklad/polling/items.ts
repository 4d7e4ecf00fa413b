/** Rows of lists and events of the audit as items, in the shape of the webhook trigger's. */
import type { IDataObject } from 'n8n-workflow';

import type { OutputRule } from '../../shared/catalogue';
import { valueAt } from '../../shared/road/paging';
import type { PolledChange } from '../../shared/trigger/polling';
import { moscowTime } from '../filter';
import { idOf } from '../simplify';
import type { Action } from './settings';

/** One change of one object, before it is an item. */
export interface ObjectChange extends PolledChange {
	action: Action;
	type: string;
	id: string;
	href: string;
	uid?: string;
	object?: IDataObject;
}

/** Moscow time with its offset: `2026-11-21T09:30:00.000+03:00`. */
export function isoOfMoscow(moment: number): string {
	return `${moscowTime(moment).replace(' ', 'T')}+03:00`;
}

const SIMPLE = ['id', 'name', 'code', 'externalCode', 'moment', 'sum', 'archived'];
const REFERENCES = ['agent', 'organization', 'state'];

/** A flat object of ten fields, the same for objects of all types: references as IDs, null for what is not there. */
export function simplified(object: IDataObject): IDataObject {
	return Object.fromEntries([
		...SIMPLE.map((name) => [name, object[name] ?? null]),
		...REFERENCES.map((name) => [`${name}Id`, idOf(object[name]) ?? null]),
	]) as IDataObject;
}

/** The ID and the picked fields, dots go into objects; what the object does not have is null. */
function selected(object: IDataObject, names: string[]): IDataObject {
	const fields = names
		.filter((name) => name !== 'id')
		.map((name) => [name, valueAt(object, name) ?? null]);
	return { id: object.id, ...(Object.fromEntries(fields) as IDataObject) };
}

function shownAs(object: IDataObject, output: OutputRule): IDataObject {
	if (output === 'raw') return object;
	return output === 'simplified' ? simplified(object) : selected(object, output);
}

export function itemOf(change: ObjectChange, output: OutputRule): IDataObject {
	const { object } = change;
	return {
		action: change.action,
		entityType: change.type,
		id: change.id,
		href: change.href,
		accountId: object?.accountId ?? null,
		uid: change.uid ?? null,
		moment: isoOfMoscow(change.moment),
		requestId: null,
		gone: object === undefined,
		object: object ? shownAs(object, output) : null,
	};
}
