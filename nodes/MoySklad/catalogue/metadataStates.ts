/** States (statuses) of types, and types of tasks. Reference of the project §2.8; MoySklad docs, States. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	Operation,
	Output,
	OutputField,
	Work,
} from '../../shared/catalogue';
import { missingFailure } from '../../shared/errors/errors';
import { InputProblem } from '../../shared/errors/problems';
import { statesStyle } from '../lists';
import { ADMIN, refuseEmpty, typeFields } from './metadataFields';
import { GONE, partLocator, partRef, rowId } from './nested';

const STATES =
	'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/states#2-statusy-dokumentov';

const state: Field = {
	name: 'stateId',
	label: 'State',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator('[a-z]+/metadata/states', 'contract/metadata/states', 'searchStates'),
};

const stateOutput: Record<string, OutputField> = {
	id: { type: 'string' },
	name: { type: 'string' },
	stateType: { type: 'string' },
	color: { type: 'number' },
	colorHex: { type: 'string' },
	entityType: { type: 'string' },
};

const ofStates = {
	resource: 'metadata',
	docs: STATES,
	output: stateOutput,
	simplify: (row: IDataObject, call: Call) => ({
		id: rowId(row),
		name: row.name,
		stateType: row.stateType,
		color: row.color,
		colorHex: typeof row.color === 'number' ? hexOf(row.color) : undefined,
		entityType: row.entityType ?? call.path.entityType,
	}),
};

const statesPath = (call: Call) => `/entity/${call.path.entityType}/metadata/states`;

/** Red, green and blue of MoySklad's number (bytes: transparency, red, green, blue). */
function hexOf(color: number): string {
	return `#${(color & 0xffffff).toString(16).padStart(6, '0').toUpperCase()}`;
}

/**
 * `#A2C617`, `162, 198, 23` or MoySklad's own number → the number (10667543). Source: MoySklad docs, States.
 * Throws `InputProblem`.
 */
export function colorOf(value: unknown): number {
	const text = String(value).trim();
	const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
	if (hex && (text.startsWith('#') || /[a-f]/i.test(text))) {
		const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
		return parseInt(full, 16);
	}
	const bytes = /^(?:rgb\()?\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)?$/i.exec(text);
	const parts = bytes?.slice(1).map(Number);
	if (parts?.every((part) => part <= 255)) return parts[0] * 65536 + parts[1] * 256 + parts[2];
	if (/^-?\d{1,10}$/.test(text)) return Number(text);
	throw new InputProblem(
		'Color',
		`is '${text}'`,
		"Give it as #A2C617, as three numbers from 0 to 255 (162, 198, 23), or as MoySklad's own number.",
	);
}

const STATE_TYPES: Choice[] = [
	{ name: 'Final, Negative', value: 'Unsuccessful' },
	{ name: 'Final, Positive', value: 'Successful' },
	{ name: 'Ordinary', value: 'Regular' },
];

/** Types for which the docs know no address of a single state (MoySklad docs, lists of addresses; official specification). */
const LISTED_ONLY = [
	'counterparty',
	'payroll',
	'prepayment',
	'pricelist',
	'productiontask',
	'retireorder',
	'task',
];

/** One state: by its own address, or out of the metadata of its type. */
async function readState({ path: { entityType, id } }: Call, work: Work): Promise<Output[]> {
	const metadata = `/entity/${entityType}/metadata`;
	if (!LISTED_ONLY.includes(entityType)) {
		const { body } = await work.send({ method: 'GET', path: `${metadata}/states/${id}` });
		return [{ json: body as IDataObject }];
	}
	const request = { method: 'GET' as const, path: metadata };
	const found = statesStyle
		.rows(await work.send(request))
		.find((row) => rowId(row)?.toLowerCase() === id.toLowerCase());
	if (!found) throw missingFailure(work.vendor, request, GONE, id);
	return [{ json: found }];
}

export const states: Operation[] = [
	{
		...ofStates,
		operation: 'getStates',
		name: 'Get Many States',
		action: 'Get many states of document or contract',
		description: 'List the states (statuses) of a type; for tasks, their types',
		route: 'GET /entity/{entityType}/metadata',
		answer: { kind: 'list', at: 'states' },
		list: { style: statesStyle, pageSize: () => 1000 },
		fields: typeFields('states'),
		notes: 'One request: the states come with the metadata.',
	},
	{
		...ofStates,
		operation: 'getState',
		name: 'Get State',
		action: 'Get state of document or contract',
		description: 'Retrieve one state of a type; for tasks, a task type',
		route: 'GET /entity/{entityType}/metadata/states/{id}',
		answer: { kind: 'object' },
		fields: [...typeFields('states'), state],
		perform: readState,
		notes:
			'Those of tasks, counterparties and some documents are read with the metadata of their type.',
	},
	{
		...ofStates,
		operation: 'createState',
		name: 'Create State',
		action: 'Create state of document or contract',
		description: 'Add a state to a type; for tasks, a task type',
		route: 'POST /entity/{entityType}/metadata/states',
		answer: { kind: 'object' },
		fields: [
			...typeFields('states'),
			{
				name: 'name',
				label: 'Name',
				kind: 'text',
				to: 'body:name',
				required: true,
				help: 'Name of the state',
			},
			{
				name: 'color',
				label: 'Color',
				kind: 'text',
				to: 'body:color',
				required: true,
				default: '#A2C617',
				help: "Red, green and blue as #A2C617 or 162, 198, 23, or MoySklad's own number",
				wire: colorOf,
			},
			{
				name: 'stateType',
				label: 'State Type',
				kind: 'choice',
				to: 'body:stateType',
				default: 'Regular',
				choices: STATE_TYPES,
				help: 'What the state means for an object; tasks have ordinary ones only',
			},
		],
		prepare: async (calls) => {
			for (const { path, body } of calls) {
				// Types of tasks have a name and a color, nothing else (MoySklad docs, Task).
				if (path.entityType === 'task' && body.stateType === 'Regular') delete body.stateType;
			}
		},
		bulk: {
			kind: 'write',
			route: 'POST /entity/{entityType}/metadata/states',
			element: (call) => call.body,
			repeatable: () => false,
			lookFor: 'states with the same name',
		},
		notes: ADMIN,
	},
	{
		...ofStates,
		operation: 'updateState',
		name: 'Update State',
		action: 'Update state of document or contract',
		description: 'Change a state, or a task type',
		route: 'PUT /entity/{entityType}/metadata/states/{id}',
		answer: { kind: 'object' },
		fields: [
			...typeFields('states'),
			state,
			{
				name: 'color',
				label: 'Color',
				kind: 'text',
				section: 'updateFields',
				to: 'body:color',
				placeholder: 'e.g. #A2C617',
				help: "Red, green and blue as #A2C617 or 162, 198, 23, or MoySklad's own number",
				wire: colorOf,
			},
			{ name: 'name', label: 'Name', kind: 'text', section: 'updateFields', to: 'body:name' },
			{
				name: 'stateType',
				label: 'State Type',
				kind: 'choice',
				section: 'updateFields',
				to: 'body:stateType',
				default: 'Regular',
				choices: STATE_TYPES,
			},
		],
		prepare: refuseEmpty,
		bulk: {
			kind: 'write',
			route: 'POST /entity/{entityType}/metadata/states',
			element: (call) => ({ ...partRef(call, statesPath(call), 'state'), ...call.body }),
			repeatable: () => true,
			key: (call) => call.path.id,
		},
		notes: ADMIN,
	},
	{
		resource: 'metadata',
		docs: STATES,
		operation: 'deleteState',
		name: 'Delete State',
		action: 'Delete state of document or contract',
		description: 'Delete a state, or a task type',
		route: 'DELETE /entity/{entityType}/metadata/states/{id}',
		answer: { kind: 'deleted' },
		fields: [...typeFields('states'), state],
		output: {
			deleted: { type: 'boolean' },
			entityType: { type: 'string' },
			id: { type: 'string' },
		},
		notes: `${ADMIN} One request per state: MoySklad has no bulk call for it.`,
	},
];
