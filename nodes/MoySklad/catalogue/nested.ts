/**
 * Objects that live inside others and have no collection of their own: notes of a task, components of a bundle,
 * images of goods, cashiers of a retail store, attributes and states of a type.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Locator, Operation, VendorProblem } from '../../shared/catalogue';
import { routePath } from '../../shared/run/request';
import { entityLocator } from '../lists';
import { linkPattern, metaAt, UUID, type Reference } from '../references';
import { idOf } from '../simplify';

/** MoySklad's code of an object that does not exist. */
export const GONE = 1021;

/** What a bulk delete says of an object that does not exist (any more). */
export const isGone = (problem: VendorProblem): boolean => Number(problem.code) === GONE;

/**
 * A locator for a part: from the list, by ID, or by its API link. `collection` is the regular expression of the
 * path between `/entity/` and the part's ID, without groups that capture.
 */
export function partLocator(collection: string, example: string, search: string): Locator {
	const { id } = entityLocator('any', search);
	return {
		search,
		linkAt: 'meta.href',
		id,
		url: {
			pattern: linkPattern(`/entity/${collection}/`),
			placeholder: `e.g. https://api.moysklad.ru/api/remap/1.2/entity/${example}/7944ef04-f831-11e5-7a69-971500188b19`,
		},
	};
}

/**
 * An ID as {@link partLocator} wants it, or a link: where the list gives links, n8n takes the one that was picked
 * over into "By ID".
 */
export const ID_OR_LINK: Locator['id'] = {
	...entityLocator('any', '').id,
	pattern: `^\\s*(?:${UUID}|https?://\\S{1,200}${UUID}\\S*)\\s*$`,
};

/** `{meta}` of the part that a call names in its path, for bulk requests. */
export function partRef(call: Call, collection: string, type: string): Reference {
	return metaAt(call.baseUrl, `${collection}/${call.path.id}`, type);
}

/** Delete of parts: alone by the part's own address, many by one array to the `collection` they lie in. */
export function deletePart({
	collection,
	type,
	...part
}: Pick<Operation, 'resource' | 'docs' | 'action' | 'description' | 'fields' | 'notes' | 'output'> &
	Partial<Pick<Operation, 'operation' | 'name'>> & {
		collection: `/entity/${string}`;
		/** Keyword of the part's `meta`; where lists differ, that of the call's list. */
		type: string | ((call: Call) => string);
	}): Operation {
	return {
		operation: 'delete',
		name: 'Delete',
		...part,
		route: `DELETE ${collection}/{id}`,
		answer: { kind: 'deleted' },
		bulk: {
			kind: 'delete',
			route: `POST ${collection}/delete`,
			element: (call) =>
				partRef(
					call,
					routePath(`POST ${collection}`, call),
					typeof type === 'string' ? type : type(call),
				),
			repeatable: () => true,
			gone: isGone,
			silent: true,
		},
	};
}

/** References that are to come as whole objects. */
export function expandField(choices: Array<{ name: string; value: string }>): Field {
	return {
		name: 'expand',
		label: 'Expand',
		kind: 'choices',
		section: 'options',
		to: 'query:expand',
		choices,
		open: true,
		help: "References to return as whole objects. Works with 'Output' set to Raw or Selected Fields; a list then comes in pages of 100 rows.",
		wire: (value) => (value as string[]).join(','),
	};
}

/** ID of a row: its own, or the end of its link (rows of some lists have no `id`). */
export function rowId(row: IDataObject): string | undefined {
	return typeof row.id === 'string' ? row.id : idOf(row);
}

/** ID of the object that a part lies in, from the part's link; a web-app link in the form has another ID. */
export function ownerIdOf(row: IDataObject, entity: string, given: string): string {
	const href = String((row.meta as IDataObject | undefined)?.href ?? '');
	return new RegExp(`/entity/${entity}/(${UUID})/`).exec(href)?.[1] ?? given;
}

/** Leaves out what is undefined. */
export function filled(row: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
