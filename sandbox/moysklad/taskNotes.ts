import { DATA_EPOCH, moscowMillis } from '../shared/clock';
import { generatedNotes, NOTES_OF_FIRST_TASK, TASK_COUNT } from './data/tasks';
import type { Entity, World } from './world';
import { MEDIA_TYPE } from './world';

/** A note of a task. */
export interface TaskNote {
	id: string;
	taskId: string;
	text: string;
	/** When it was written, epoch milliseconds. */
	moment: number;
	author: Entity;
	/** `uid` of the author. */
	uid: string;
	/** The solution that wrote it, as a reference. */
	authorApplication?: Entity;
}

/**
 * Name of the field that carries a note's text. MoySklad's docs say `text` in requests and examples,
 * `description` in the table of the object.
 */
export type NoteField = 'text' | 'description';

const HOUR_MS = 3_600_000;

/** The notes of tasks. */
export class TaskNotes {
	private readonly byTask = new Map<string, Map<string, TaskNote>>();
	private made = TASK_COUNT * NOTES_OF_FIRST_TASK;

	constructor(private readonly world: World) {}

	private of(taskId: string): Map<string, TaskNote> {
		let notes = this.byTask.get(taskId);
		if (!notes) {
			notes = new Map();
			this.byTask.set(taskId, notes);
			const task = this.world.space('task').index(taskId);
			const count = task !== undefined && task < TASK_COUNT ? generatedNotes(task) : 0;
			for (let number = 0; number < count; number++) {
				const moment = DATA_EPOCH - (count - number) * HOUR_MS;
				const author = this.world.ref('employee', number % 2);
				const uid = number % 2 === 0 ? 'admin@sandbox' : 'second@sandbox';
				const id = this.world.id('tasknote', (task ?? 0) * NOTES_OF_FIRST_TASK + number);
				notes.set(id, { id, taskId, text: `Note ${number + 1}`, moment, author, uid });
			}
		}
		return notes;
	}

	/** The notes of a task, oldest first. */
	list(taskId: string): TaskNote[] {
		return [...this.of(taskId).values()];
	}

	count(taskId: string): number {
		return this.of(taskId).size;
	}

	find(taskId: string, id: string): TaskNote | undefined {
		return this.of(taskId).get(id.toLowerCase());
	}

	add(taskId: string, note: Omit<TaskNote, 'id' | 'taskId'>): TaskNote {
		const added = { ...note, taskId, id: this.world.id('tasknote', this.made++) };
		this.of(taskId).set(added.id, added);
		return added;
	}

	remove(note: TaskNote): void {
		this.of(note.taskId).delete(note.id);
	}

	/** Drops the notes of a deleted task. */
	forget(taskId: string): void {
		this.byTask.delete(taskId);
	}

	/** A note as the API shows it, its text in `field`. */
	entity(note: TaskNote, field: NoteField): Entity {
		const href = `${this.world.href('task', note.taskId)}/notes/${note.id}`;
		return {
			meta: { href, type: 'tasknote', mediaType: MEDIA_TYPE },
			id: note.id,
			accountId: this.world.accountId,
			author: note.author,
			...(note.authorApplication === undefined
				? {}
				: { authorApplication: note.authorApplication }),
			moment: moscowMillis(note.moment),
			[field]: note.text,
		};
	}
}
