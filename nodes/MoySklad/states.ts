/** Statuses of the types that have them. Reference of the project: moysklad-documents.md §5.1; MoySklad docs, States. */
import type { IDataObject } from 'n8n-workflow';

import type { SendRequest } from '../shared/catalogue';
import { facts } from './facts';
import { statesStyle } from './lists';
import { isUuid, readLink } from './references';

/** Whether objects of a type have statuses; no for a keyword that is no type. */
export function hasStates(keyword: string): boolean {
	const type = facts[keyword];
	return type?.has.includes('states') && type.fields.state !== undefined;
}

/** The statuses of a type. */
export async function statesOf(send: SendRequest, keyword: string): Promise<IDataObject[]> {
	return statesStyle.rows(await send({ method: 'GET', path: `/entity/${keyword}/metadata` }));
}

/** The status that is meant by its name, ID or link. Case counts only where two names differ in nothing else. */
export function stateIn(states: IDataObject[], given: string): IDataObject | undefined {
	const text = given.trim();
	const id = isUuid(text) ? text : readLink(text)?.id;
	if (id) return states.find((state) => String(state.id) === id.toLowerCase());
	const same = (name: unknown) => String(name).trim().toLowerCase() === text.toLowerCase();
	return states.find(({ name }) => name === text) ?? states.find(({ name }) => same(name));
}

/** The way out where a status is unknown: names of those that there are. */
export function statesHint(states: IDataObject[], otherwise: string): string {
	const names = [...new Set(states.map(({ name }) => `'${String(name)}'`))];
	return names.length > 0 ? `Give one of: ${names.join(', ')}.` : otherwise;
}
