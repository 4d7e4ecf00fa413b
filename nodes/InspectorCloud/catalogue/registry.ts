/** The operations of the catalogues, made from `families.ts`. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, OutputField, Route, Work } from '../../shared/catalogue';
import { once } from '../../shared/road/once';
import { rowsAt } from '../../shared/road/paging';
import { inParallel } from '../../shared/road/parallel';
import { InputProblem } from '../../shared/errors/problems';
import { simpleRow } from '../values';
import { factsOf, familyOf, families, fieldsOf, type Family } from './families';
import { DOCS, resultsList } from './lists';

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
const routeOf = (id: string) => {
	const { method, path } = factsOf(id, '/api/v1.5/');
	return `${method} ${path}` as Route;
};

/** The IDs of the Recognition API are texts by its documentation. */
function locatorField({ one, search }: Family): Field {
	const label = capital(one);
	return {
		name: 'objectId',
		label: label === 'SKU' ? label : titled(one),
		kind: 'locator',
		to: 'path:id',
		required: true,
		locator: {
			search,
			id: {
				pattern: '^\\s*[\\w-]+\\s*$',
				message: 'An ID has letters, digits and hyphens only',
				placeholder: 'e.g. 12',
			},
		},
	};
}

function titled(words: string): string {
	return words
		.split(' ')
		.map((word) => (word === 'of' ? word : capital(word)))
		.join(' ');
}

function outputOf({ simple, facts }: Family): Record<string, OutputField> {
	const { answer = {} } = factsOf(`${facts}.get`, '/api/v1.5/');
	const typeOf = (name: string): OutputField['type'] =>
		/id\b|integer|float/.test(answer[name]) ? 'number' : 'string';
	return Object.fromEntries(simple.map((name) => [name, { type: typeOf(name) }]));
}

/** What people may pick besides: everything that the answer has. */
function rawFieldsOf({ facts, simple }: Family): Operation['rawFields'] {
	const { answer = {} } = factsOf(`${facts}.get`, '/api/v1.5/');
	const names = Object.keys(answer).filter((name) => !simple.includes(name));
	return names.map((name) => ({ name: titled(name.replace(/_/g, ' ')), value: name }));
}

/** All rows of a catalogue, read once in a run. */
async function allOf({ path }: Family, work: Work): Promise<IDataObject[]> {
	return await once(work.send, path, async () => {
		const rows: IDataObject[] = [];
		const request = { method: 'GET' as const, path };
		for await (const page of work.pages({ request, rule: resultsList, limit: Infinity })) {
			rows.push(...page);
		}
		return rows;
	});
}

const same = (one: unknown, other: unknown) =>
	String(one ?? '')
		.trim()
		.toLowerCase() ===
	String(other ?? '')
		.trim()
		.toLowerCase();

/** The names in references become IDs; a name that fits none or several is the call's problem. */
async function resolveNames(family: Family, calls: Call[], work: Work): Promise<void> {
	const labels = new Map(fieldsOf(family, 'update').map(({ name, label }) => [name, label]));
	for (const [field, target] of Object.entries(family.references ?? {})) {
		const label = labels.get(field) ?? field;
		const other = familyOf(target);
		for (const call of calls) {
			const given = call.body[field];
			if (call.problem || typeof given !== 'string') continue;
			const rows = await allOf(other, work);
			const keys = ['id', 'name', ...(target === 'sku' ? ['cid', 'ean13'] : [])];
			const fits = rows.filter((row) => keys.some((key) => same(row[key], given)));
			const mayBeId = family.textIds === true && /^[\w-]+$/.test(given);
			if (fits.length === 1) call.body[field] = fits[0].id;
			else if (fits.length > 0 || !mayBeId) call.problem = unclear(label, given, fits, other);
		}
	}
}

function unclear(
	label: string,
	given: string,
	fits: IDataObject[],
	{ one, many }: Family,
): InputProblem {
	if (fits.length === 0) {
		return new InputProblem(
			label,
			`is '${given}', and Inspector Cloud has no ${one} of this name`,
			`Create the ${one} first, or give its ID.`,
		);
	}
	const ids = fits.slice(0, 10).map(({ id }) => String(id));
	return new InputProblem(
		label,
		`is '${given}', which ${fits.length} ${many} have: ${ids.join(', ')}`,
		'Give the ID of the right one.',
	);
}

function checkFilled(calls: Call[]): void {
	for (const call of calls) {
		if (call.problem || Object.keys(call.body).length > 0) continue;
		call.problem = new InputProblem(
			'Fields',
			'are all empty',
			'Fill in at least one field, or check the expressions that fill them.',
		);
	}
}

const prepareOf = (family: Family) => async (calls: Call[], work: Work) => {
	checkFilled(calls);
	await resolveNames(family, calls, work);
};

/** What an upsert means: the same for all items with the same key, so that a new object is made once. */
interface Target {
	id?: unknown;
}

const targets = new WeakMap<Call, Target>();

async function findTargets(family: Family, calls: Call[], work: Work): Promise<void> {
	checkFilled(calls);
	await resolveNames(family, calls, work);
	const labels = new Map(fieldsOf(family, 'upsert').map(({ name, label }) => [name, label]));
	const byKey = new Map<string, Call[]>();
	for (const call of calls) {
		if (call.problem || !call.match) continue;
		const key = `${call.match.field} ${call.match.value.trim().toLowerCase()}`;
		byKey.set(key, [...(byKey.get(key) ?? []), call]);
	}
	await inParallel([...byKey.values()], async (group) => {
		const { field, value } = group[0].match as NonNullable<Call['match']>;
		const rows =
			field === family.searchable
				? rowsFound(
						(await work.send({ method: 'GET', path: family.path, query: { [field]: value } })).body,
					)
				: await allOf(family, work);
		// An API that does not know the filter gives all rows.
		const fits = rows.filter((row) => same(row[field], value));
		const target: Target = { id: fits[0]?.id };
		for (const call of group) {
			if (fits.length > 1) call.problem = unclear(labels.get(field) ?? field, value, fits, family);
			else targets.set(call, target);
		}
	});
}

/** `GET /sku/?cid=` is documented with one object as its answer, and belongs to a list. */
function rowsFound(body: unknown): IDataObject[] {
	if (Array.isArray(body)) return body as IDataObject[];
	if (typeof body !== 'object' || body === null) return [];
	return 'results' in body
		? rowsAt('results')({ status: 200, headers: {}, body })
		: [body as IDataObject];
}

async function upsert(family: Family, call: Call, work: Work): Promise<IDataObject> {
	const target = targets.get(call) ?? {};
	const isNew = target.id === undefined || target.id === null;
	const path = isNew ? family.path : `${family.path}${encodeURIComponent(String(target.id))}/`;
	const { body } = await work.send({ method: isNew ? 'POST' : 'PATCH', path, body: call.body });
	const row = body as IDataObject;
	if (isNew) target.id = row.id;
	return row;
}

function operationsOf(family: Family): Operation[] {
	const { resource, facts, one, many, notes, simple, match = [] } = family;
	const output = outputOf(family);
	const shared = {
		resource,
		docs: DOCS,
		simplify: (row: IDataObject) => simpleRow(row, simple),
		output,
		rawFields: rawFieldsOf(family),
		...(notes ? { notes } : {}),
	};
	const mapper = (mode: 'create' | 'update' | 'upsert'): Field => ({
		name: 'fields',
		label: 'Fields',
		kind: 'mapper',
		to: 'control',
		mapper: {
			mode,
			fields: fieldsOf(family, mode),
			readOnly: [
				'created_at',
				'updated_at',
				'gps_shop',
				'images',
				'results',
				'moderation',
				'helpdesk',
			],
		},
	});
	const locator = locatorField(family);
	const prepare = prepareOf(family);
	const all: Operation[] = [
		{
			...shared,
			operation: 'create',
			name: 'Create',
			action: `Create ${one}`,
			description: `Add one ${one}`,
			route: routeOf(`${facts}.create`),
			answer: { kind: 'object' },
			fields: [mapper('create')],
			prepare: family.mayBeEmpty
				? async (calls, work) => await resolveNames(family, calls, work)
				: prepare,
		},
	];
	if (match.length > 0) {
		all.push({
			...shared,
			operation: 'upsert',
			name: 'Create or Update',
			action: `Create or update ${one}`,
			description: `Update the ${one} that fits, or create it when there is none`,
			route: routeOf(`${facts}.create`),
			answer: { kind: 'object' },
			fields: [mapper('upsert')],
			prepare: async (calls, work) => await findTargets(family, calls, work),
			perform: async (call, work) => [{ json: await upsert(family, call, work) }],
		});
	}
	if (family.deletes) {
		all.push({
			resource,
			docs: DOCS,
			operation: 'delete',
			name: 'Delete',
			action: `Delete ${one}`,
			description: `Remove one ${one}`,
			route: routeOf(`${facts}.delete`),
			answer: { kind: 'deleted' },
			fields: [locator],
			output: { deleted: { type: 'boolean' }, id: { type: 'string' } },
		});
	}
	all.push(
		{
			...shared,
			operation: 'get',
			name: 'Get',
			action: `Get ${one}`,
			description: `Retrieve one ${one}`,
			route: routeOf(`${facts}.get`),
			answer: { kind: 'object' },
			fields: [locator],
		},
		{
			...shared,
			operation: 'getAll',
			name: 'Get Many',
			action: `Get many ${many}`,
			description: `Retrieve a list of ${many}`,
			route: routeOf(`${facts}.getMany`),
			answer: { kind: 'list' },
			list: resultsList,
			fields: family.searchable
				? [
						{
							name: 'cid',
							label: 'Client ID (CID)',
							kind: 'text',
							section: 'filters',
							to: 'query:cid',
							help: 'The ID in your system',
						},
					]
				: [],
		},
		{
			...shared,
			operation: 'replace',
			name: 'Replace',
			action: `Replace all fields of ${one}`,
			description: `Write all fields of one ${one}: what you leave out is emptied`,
			route: routeOf(`${facts}.replace`),
			answer: { kind: 'object' },
			fields: [locator, mapper('update')],
			prepare,
		},
		{
			...shared,
			operation: 'update',
			name: 'Update',
			action: `Update ${one}`,
			description: `Change some fields of one ${one}; the others stay as they are`,
			route: routeOf(`${facts}.update`),
			answer: { kind: 'object' },
			idempotent: true,
			fields: [locator, mapper('update')],
			prepare,
		},
	);
	return all;
}

export const registries: Operation[] = families.flatMap(operationsOf);
