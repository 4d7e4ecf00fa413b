import { parseMoscow } from '../../shared/clock';
import type { VendorReply, VendorRoute } from '../../shared/server';
import { metaIdIn, readArray } from '../body';
import { applicationOf, employeeOf } from '../data/tasks';
import { MoySkladError } from '../errors';
import { LONG, missing, readValue } from '../fields';
import { parseListQuery } from '../query';
import type { MoySkladExchange } from '../reply';
import { callerOf, empty, listPage } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';
import type { TaskNote } from '../taskNotes';
import type { Entity } from '../world';
import type { Collection } from '../writing';
import { checkId, writingRoutes } from '../writing';

/** Notes per page: without `limit`, and at most (MoySklad docs: Task, comments). */
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

function taskOf(state: MoySkladState, exchange: MoySkladExchange): Entity {
	const { id } = exchange.params;
	checkId(id);
	const tasks = state.dictionary('task');
	const task = tasks.find(id);
	if (!task || tasks.definition.visible?.(task, callerOf(exchange), state.world) === false) {
		throw new MoySkladError(1021, ['task', id]);
	}
	return task;
}

/** The text of a body: `text` by the docs' requests, `description` by their table. */
function textOf(state: MoySkladState, fields: Entity, required: boolean): string | undefined {
	const field =
		fields.text === undefined && fields.description !== undefined ? 'description' : 'text';
	const value = fields[field];
	if (value === undefined && !required) return undefined;
	if (value === undefined || value === null || value === '') throw missing(state.noteField);
	const type = { kind: 'string', max: LONG } as const;
	return String(readValue('tasknote', field, value, type, state.references));
}

function momentOf(exchange: MoySkladExchange, name: string): number | undefined {
	const value = exchange.value(name);
	if (value === undefined) return undefined;
	const moment = parseMoscow(value);
	if (!moment) {
		throw new MoySkladError(1084, [value, name, 'YYYY-MM-DD HH:mm:ss'], { parameter: name });
	}
	return moment.ms;
}

function list(state: MoySkladState, exchange: MoySkladExchange): VendorReply {
	const task = taskOf(state, exchange);
	const parsed = parseListQuery(exchange);
	const asked = exchange.value('limit') === undefined ? DEFAULT_LIMIT : parsed.limit;
	if (asked > MAX_LIMIT) {
		throw new MoySkladError(1084, [String(asked), 'limit', `1…${MAX_LIMIT}`], {
			parameter: 'limit',
		});
	}
	const query = { ...parsed, limit: asked };
	const from = momentOf(exchange, 'updatedFrom') ?? Number.NEGATIVE_INFINITY;
	const to = momentOf(exchange, 'updatedTo') ?? Number.POSITIVE_INFINITY;
	const author = exchange.value('updatedBy');
	const notes = state.taskNotes
		.list(String(task.id))
		.filter(({ moment, uid }) => moment >= from && moment <= to && uid === (author ?? uid));
	const rows = notes
		.slice(query.offset, query.offset + query.limit)
		.map((note) => state.taskNotes.entity(note, state.noteField));
	return listPage(state, exchange, query, { type: 'tasknote', total: notes.length, rows });
}

function noteCollection(state: MoySkladState): Collection<TaskNote> {
	const counted = (task: Entity): void => {
		const href = `${state.world.href('task', String(task.id))}/notes`;
		const notes = state.taskNotes.count(String(task.id));
		state.dictionary('task').change(task, {
			notes: state.world.collection(href, 'tasknote', notes),
		});
	};
	return {
		type: 'tasknote',
		idParameter: 'noteId',
		answersArray: true,
		href: (exchange) => `${state.world.href('task', String(taskOf(state, exchange).id))}/notes`,
		allow: () => {
			if (!state.crm) throw new MoySkladError(37000);
		},
		find: (id, exchange) => {
			const note = state.taskNotes.find(String(taskOf(state, exchange).id), id);
			if (!note) throw new MoySkladError(1021, ['tasknote', id]);
			return note;
		},
		show: (note) => state.taskNotes.entity(note, state.noteField),
		create: (fields, exchange) => {
			const task = taskOf(state, exchange);
			const caller = callerOf(exchange);
			const { authorApplication } = applicationOf(state.world, caller);
			const handle = state.taskNotes.add(String(task.id), {
				text: textOf(state, fields, true) ?? '',
				moment: Date.now(),
				author: employeeOf(state.world, caller),
				uid: caller.uid,
				...(authorApplication === undefined
					? {}
					: { authorApplication: authorApplication as Entity }),
			});
			counted(task);
			return { handle };
		},
		update: (note, fields) => {
			note.text = textOf(state, fields, false) ?? note.text;
			return undefined;
		},
		remove: (note, exchange) => {
			state.taskNotes.remove(note);
			counted(taskOf(state, exchange));
			return undefined;
		},
	};
}

/** `/entity/task/<id>/notes`. Notes are nested objects: no webhooks are fired for them. */
export function taskNoteRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const path = `${base}/entity/task/:id/notes`;
	const collection = noteCollection(state);
	return [
		{ method: 'GET', path, handler: (exchange) => list(state, exchange) },
		{
			method: 'POST',
			path: `${path}/delete`,
			// MoySklad docs: the answer is empty, unlike that of other bulk deletions.
			handler: (exchange) => {
				collection.allow?.(exchange);
				const href = collection.href?.(exchange) ?? '';
				const notes = readArray(exchange).map((element) => {
					const id = metaIdIn(element, 'tasknote', href);
					checkId(id);
					return collection.find(id, exchange);
				});
				for (const note of new Set(notes)) collection.remove?.(note, exchange);
				return empty();
			},
		},
		...writingRoutes(path, state, collection).filter((route) => route.path !== `${path}/delete`),
	];
}
