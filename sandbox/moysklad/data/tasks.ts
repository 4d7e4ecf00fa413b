import { DATA_EPOCH, moscowMillis } from '../../shared/clock';
import { mix } from '../../shared/random';
import type { Caller } from '../auth';
import { MoySkladError } from '../errors';
import { EQUALITY } from '../filter';
import type { Entity, World } from '../world';
import { refId } from '../world';
import type { DictionaryDefinition, WriteContext } from './dictionary';
import { LONG_TEXT, date, flag, readState, text, to, updatedAt, uuid } from './dictionary';
import { stateCount, stateRef } from './states';

/** How many tasks there are; every fourth is done. */
export const TASK_COUNT = 40;
/** Notes of the first task, enough for two pages of the greatest size. */
export const NOTES_OF_FIRST_TASK = 120;

const DAY_MS = 86_400_000;
const SUBJECTS = ['Call back', 'Отправить счёт', 'Check the delivery', 'Подготовить договор'];
const OPERATIONS = [
	'customerorder',
	'demand',
	'invoicein',
	'invoiceout',
	'purchaseorder',
	'salesreturn',
	'supply',
];

/** Notes of a generated task. */
export function generatedNotes(index: number): number {
	return index === 0 ? NOTES_OF_FIRST_TASK : index % 3;
}

function collections(world: World, id: string, notes: number): Entity {
	const href = world.href('task', id);
	return {
		files: world.collection(`${href}/files`, 'files', 0),
		notes: world.collection(`${href}/notes`, 'tasknote', notes),
	};
}

/** Reference to the employee that a caller is; solutions act for the administrator. */
export function employeeOf(world: World, caller: Caller): Entity {
	return world.ref('employee', caller.kind === 'user' ? caller.index : 0);
}

/** Reference to the solution that a caller is, as a field; empty for users. */
export function applicationOf(world: World, caller: Caller): Entity {
	return caller.kind === 'user'
		? {}
		: { authorApplication: world.ref('application', caller.index) };
}

function isCaller(world: World, caller: Caller, reference: unknown): boolean {
	return refId(reference) === refId(employeeOf(world, caller));
}

/**
 * Only the author and administrators may change or delete a task (37001); who it is assigned to may
 * also tick it off, nobody else (37003; MoySklad docs: Task).
 */
function checkAuthor(
	entity: Entity,
	{ world, caller, fields }: WriteContext,
	change: boolean,
): void {
	if (caller.admin || isCaller(world, caller, entity.author)) return;
	const asked = Object.keys(fields).filter((field) => field !== 'meta');
	if (!change || asked.length !== 1 || asked[0] !== 'done') throw new MoySkladError(37001);
	if (!isCaller(world, caller, entity.assignee)) throw new MoySkladError(37003);
}

/** Tasks (MoySklad docs: Task); their notes are kept by `TaskNotes`. */
export const TASK: DictionaryDefinition = {
	keyword: 'task',
	hides: 'done',
	fields: {
		accountId: uuid,
		agent: to('counterparty', 'organization'),
		assignee: to('employee'),
		author: to('employee'),
		created: date,
		description: text,
		done: flag,
		dueToDate: date,
		id: uuid,
		operation: to(...OPERATIONS),
		'state.name': { kind: 'string', operators: EQUALITY },
		updated: date,
	},
	sort: ['id', 'created', 'version', 'updated', 'description', 'dueToDate', 'done'],
	search: [],
	expand: [
		'agent',
		'assignee',
		'author',
		'authorApplication',
		'files',
		'implementer',
		'state',
		'notes',
		'operation',
	],
	size: TASK_COUNT,
	visible: (entity, caller, world) =>
		caller.admin ||
		isCaller(world, caller, entity.author) ||
		isCaller(world, caller, entity.assignee),
	generate: (index, world) => {
		const h = mix(world.seed, 71, index);
		const created = DATA_EPOCH - (h % 200) * DAY_MS;
		const done = index % 4 === 3;
		return {
			updated: updatedAt(world, 71, index),
			author: world.ref('employee', 0),
			created: moscowMillis(created),
			description: `${SUBJECTS[index % SUBJECTS.length]} #${index + 1}`,
			dueToDate: moscowMillis(created + 7 * DAY_MS),
			assignee: world.ref('employee', index % 3),
			done,
			...(done
				? {
						completed: moscowMillis(created + 3 * DAY_MS),
						implementer: world.ref('employee', index % 3),
					}
				: {}),
			...(index % 2 === 0 ? {} : { state: stateRef(world, 'task', h % stateCount('task')) }),
			...(index % 5 === 0 ? {} : { agent: world.ref('counterparty', h % 1000) }),
			...collections(world, world.id('task', index), generatedNotes(index)),
		};
	},
	holds: ['agent'],
	write: {
		fields: {
			description: { ...LONG_TEXT, required: true },
			assignee: { kind: 'reference', types: ['employee'], required: true },
			agent: { kind: 'reference', types: ['counterparty', 'organization'] },
			operation: { kind: 'reference', types: OPERATIONS },
			dueToDate: { kind: 'date' },
			done: { kind: 'boolean', fallback: false },
		},
		allow: (state) => {
			if (!state.crm) throw new MoySkladError(37000);
		},
		defaults: ({ world, caller, stamp }, id) => ({
			author: employeeOf(world, caller),
			...applicationOf(world, caller),
			created: stamp,
			done: false,
			...collections(world, id, 0),
		}),
		mayChange: (before, context) => checkAuthor(before, context, true),
		mayDelete: (entity, context) => checkAuthor(entity, context, false),
		complete: (patch, before, context) => {
			const { world, caller, fields, stamp } = context;
			const after = { ...before, ...patch };
			if (after.agent !== undefined && after.operation !== undefined) {
				throw new MoySkladError(3028, ['agent', 'operation', 'null'], { parameter: 'agent' });
			}
			if (fields.state !== undefined) patch.state = readState('task', context);
			if (patch.done === true && before?.done !== true) {
				patch.completed = stamp;
				patch.implementer = employeeOf(world, caller);
			} else if (patch.done === false && before?.done === true) {
				patch.completed = undefined;
				patch.implementer = undefined;
			}
		},
		deleted: (entity, state) => state.taskNotes.forget(String(entity.id)),
	},
};
