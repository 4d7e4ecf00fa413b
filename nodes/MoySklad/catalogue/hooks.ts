/** Webhooks and stock webhooks work alike: one table of operations for both. Reference of the project §1.5. */
import type { IDataObject } from 'n8n-workflow';

import type { BulkWrite, Call, Field, Operation, OutputField, Work } from '../../shared/catalogue';
import { rowsAt } from '../../shared/road/paging';
import { InputProblem } from '../../shared/errors/problems';
import { rowsList } from '../lists';
import { metaRef } from '../references';
import { pick } from '../simplify';
import { GONE, isGone, partLocator } from './nested';

/** MoySklad refuses a longer URL (code 30010). */
export const MAX_URL = 255;

/** Webhooks are few (5 per type and action): one page holds them all. */
const PAGE = 1000;

/** A kind of webhook as data. */
export interface HookKind {
	resource: string;
	/** MoySklad's keyword, as in `/entity/<keyword>`. */
	keyword: string;
	/** In sentences: "webhook", "webhooks". */
	one: string;
	many: string;
	label: string;
	search: string;
	docs: string;
	/** What it does, as the description of Create. */
	purpose: string;
	/** Fields that together no two webhooks share (codes 30003, 30007). */
	identity: string[];
	/** Fields that a new one needs. */
	needed: Field[];
	/** Further fields, for Create and Create or Update. */
	further: Field[];
	/** Fields that Update offers. */
	changes: Field[];
	output: Record<string, OutputField>;
	/** Corrects a body, or says what is the matter with it. `created`: the body is the whole webhook. */
	check?: (body: IDataObject, created: boolean) => InputProblem | undefined;
	/** Of Create. */
	notes: string;
}

/** `enabled`, in the section that the operation has. */
export const enabledField = (section: 'additionalFields' | 'updateFields'): Field => ({
	name: 'enabled',
	label: 'Enabled',
	kind: 'toggle',
	section,
	to: 'body:enabled',
	default: true,
	help: 'Whether MoySklad sends notifications for this webhook',
});

/** The address, checked before it is sent (codes 30005, 30010). */
export function checkUrl(value: unknown): string {
	const url = String(value).trim();
	if (url.length > MAX_URL) {
		throw new InputProblem('URL', `has ${url.length} characters`, `MoySklad allows ${MAX_URL}.`);
	}
	if (!/^https?:\/\/[^\s/]+/i.test(url)) {
		throw new InputProblem(
			'URL',
			`is '${url}'`,
			'Give a public address that starts with https:// or http://.',
		);
	}
	return url;
}

/** All operations of a kind. */
export function hookOperations(kind: HookKind): Operation[] {
	const { resource, keyword, one, many, docs, output } = kind;
	const route = `/entity/${keyword}` as const;
	const shared = {
		resource,
		docs,
		output,
		simplify: (row: IDataObject) => pick(row, Object.keys(output)),
	};
	const locator: Field = {
		name: `${resource}Id`,
		label: kind.label,
		kind: 'locator',
		to: 'path:id',
		required: true,
		// Webhooks have no page of their own in the web app.
		locator: partLocator(keyword, keyword, kind.search),
	};
	const check = (calls: Call[], created: boolean) => {
		for (const call of calls) call.problem ??= kind.check?.(call.body, created);
	};
	const change: BulkWrite = {
		kind: 'write',
		route: `POST ${route}`,
		element: (call) => ({ ...metaRef(call.baseUrl, keyword, call.path.id), ...call.body }),
		repeatable: () => true,
		// Two changes of one webhook take effect in the items' order.
		key: (call) => call.path.id,
	};
	const lookFor = `${many} with the same ${kind.identity.join(', ')}`;
	return [
		{
			...shared,
			operation: 'create',
			name: 'Create',
			action: `Create ${one}`,
			description: kind.purpose,
			route: `POST ${route}`,
			answer: { kind: 'object' },
			fields: [...kind.needed, ...kind.further],
			prepare: async (calls) => check(calls, true),
			bulk: {
				kind: 'write',
				route: `POST ${route}`,
				element: (call) => call.body,
				repeatable: () => false,
				lookFor,
			},
			notes: kind.notes,
		},
		{
			...shared,
			operation: 'upsert',
			name: 'Create or Update',
			action: `Create or update ${one}`,
			description: `Take over the ${one} with the same ${kind.identity.join(', ')} and set its other fields, or create it`,
			route: `POST ${route}`,
			answer: { kind: 'object' },
			fields: [...kind.needed, ...kind.further],
			prepare: async (calls, work) => {
				check(calls, true);
				await adopt(kind, calls, work);
			},
			bulk: {
				kind: 'write',
				route: `POST ${route}`,
				always: true,
				element: (call) => ({
					...(call.control.foundId
						? metaRef(call.baseUrl, keyword, String(call.control.foundId))
						: {}),
					...call.body,
				}),
				repeatable: (call) => call.control.foundId !== undefined,
				key: (call) => identityOf(kind, call.body),
				follow: (call, before) => {
					call.control.foundId = before.id;
				},
				lookFor,
			},
			notes: `Looks at the list of all ${many} first. Fields that are not given stay as they are. ${kind.notes}`,
		},
		{
			...shared,
			operation: 'get',
			name: 'Get',
			action: `Get ${one}`,
			description: `Retrieve one ${one}`,
			route: `GET ${route}/{id}`,
			answer: { kind: 'object' },
			fields: [locator],
			bulk: {
				kind: 'get',
				route: `GET ${route}`,
				id: (call) => call.path.id,
				// The list knows no filter; it is short.
				query: () => ({ limit: PAGE }),
				rows: rowsAt('rows'),
				rowId: (row) => String(row.id),
				most: () => PAGE,
				missingCode: GONE,
			},
			notes: `Several items together read the list of all ${many} once.`,
		},
		{
			...shared,
			operation: 'getAll',
			name: 'Get Many',
			action: `Get many ${many}`,
			description: `List the ${many} of the account`,
			route: `GET ${route}`,
			answer: { kind: 'list', at: 'rows' },
			list: rowsList,
			fields: [],
			notes: 'Only webhooks made through API version 1.2 are listed.',
		},
		{
			...shared,
			operation: 'update',
			name: 'Update',
			action: `Update ${one}`,
			description: `Change a ${one}; fields that are not given stay as they are`,
			route: `PUT ${route}/{id}`,
			answer: { kind: 'object' },
			fields: [locator, ...kind.changes],
			prepare: async (calls) => {
				for (const call of calls) {
					if (Object.keys(call.body).length > 0) continue;
					call.problem ??= new InputProblem(
						'Update Fields',
						'is empty, so there is nothing to change',
						'Add at least one field.',
					);
				}
				check(calls, false);
			},
			bulk: change,
			notes: 'Administrators only.',
		},
		{
			...shared,
			operation: 'enable',
			name: 'Enable',
			action: `Enable ${one}`,
			description: `Switch a ${one} on, also after MoySklad has switched it off`,
			route: `PUT ${route}/{id}`,
			answer: { kind: 'object' },
			constants: { enabled: true },
			fields: [locator],
			bulk: change,
			notes:
				'MoySklad switches a webhook off after a week and more of unsuccessful calls. Administrators only.',
		},
		{
			...shared,
			operation: 'disable',
			name: 'Disable',
			action: `Disable ${one}`,
			description: `Switch a ${one} off without deleting it`,
			route: `PUT ${route}/{id}`,
			answer: { kind: 'object' },
			constants: { enabled: false },
			fields: [locator],
			bulk: change,
			notes: 'Administrators only.',
		},
		{
			resource,
			docs,
			operation: 'delete',
			name: 'Delete',
			action: `Delete ${one}`,
			description: `Delete a ${one} for good`,
			route: `DELETE ${route}/{id}`,
			answer: { kind: 'deleted' },
			fields: [locator],
			bulk: {
				kind: 'delete',
				route: `POST ${route}/delete`,
				element: (call) => metaRef(call.baseUrl, keyword, call.path.id),
				repeatable: () => true,
				gone: isGone,
			},
			output: { deleted: { type: 'boolean' }, id: { type: 'string' } },
			notes: 'Administrators only.',
		},
	];
}

/** What makes a webhook the same as another. */
function identityOf(kind: Pick<HookKind, 'identity'>, row: IDataObject): string {
	return JSON.stringify(kind.identity.map((name) => row[name]));
}

/** Finds the webhooks that exist already, by one look at the list. */
async function adopt(kind: HookKind, calls: Call[], work: Work): Promise<void> {
	const open = calls.filter(({ problem }) => !problem);
	if (open.length === 0) return;
	const known = new Map<string, unknown>();
	const list = work.pages({
		request: { method: 'GET', path: `/entity/${kind.keyword}` },
		rule: rowsList,
		limit: Infinity,
	});
	for await (const rows of list) {
		for (const row of rows) known.set(identityOf(kind, row), row.id);
	}
	for (const call of open) {
		const id = known.get(identityOf(kind, call.body));
		if (typeof id === 'string') call.control.foundId = id;
	}
}
