/** Notes (comments) of tasks. Reference of the project §1.9; MoySklad docs, Task. */
import type { IDataObject } from 'n8n-workflow';

import type { BulkWrite, Call, Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { momentOf } from '../filter';
import { entityLocator, rowsStyle } from '../lists';
import { UUID } from '../references';
import { idOf } from '../simplify';
import { deletePart, ownerIdOf, partLocator, rowId } from './nested';

const DOCS =
	'https://dev.moysklad.ru/doc/api/remap/1.2/#/dictionaries/task#3-poluchit-kommentarii-zadachi';

/** Notes come 25 a page when nothing is said, and never more than this. */
const PAGE = 100;
/** MoySklad docs, Task: `text` is a String(4096). */
const MAX_TEXT = 4096;

const task: Field = {
	name: 'taskId',
	label: 'Task',
	kind: 'locator',
	to: 'path:taskId',
	required: true,
	locator: entityLocator('task', 'searchTasks'),
};

const note: Field = {
	name: 'taskNoteId',
	label: 'Note',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: partLocator(
		`task/${UUID}/notes`,
		'task/7944ef04-f831-11e5-7a69-971500188b19/notes',
		'searchTaskNotes',
	),
};

const text: Field = {
	name: 'text',
	label: 'Text',
	kind: 'text',
	rows: 3,
	to: 'body:text',
	required: true,
	help: 'At most 4096 characters. {{employee;ID}} mentions an employee.',
	wire: (value) => {
		const written = String(value);
		if (written.length <= MAX_TEXT) return written;
		throw new InputProblem(
			'Text',
			`has ${written.length} characters`,
			`MoySklad allows ${MAX_TEXT}; split the text into several notes.`,
		);
	},
};

const files: Field = {
	name: 'files',
	label: 'Files',
	kind: 'json',
	section: 'options',
	to: 'body:files',
	placeholder: 'e.g. [{ "filename": "plan.pdf", "content": "JVBERi0…" }]',
	help: 'List of files to attach, each with filename and content (base64, at most 10 MB and 10 files at a time)',
};

const output: Record<string, OutputField> = {
	id: { type: 'string' },
	taskId: { type: 'string' },
	text: { type: 'string' },
	moment: { type: 'string' },
	authorId: { type: 'string' },
	authorApplicationId: { type: 'string' },
};

/** The docs call the text `text` in requests and examples, `description` in the table of fields. */
export async function withText(rows: IDataObject[]): Promise<IDataObject[]> {
	return rows.map((row) =>
		row.text === undefined && row.description !== undefined
			? { ...row, text: row.description }
			: row,
	);
}

const shared = {
	resource: 'taskNote',
	docs: DOCS,
	output,
	enrich: withText,
	simplify: (row: IDataObject, call: Call) => ({
		id: rowId(row),
		taskId: ownerIdOf(row, 'task', call.path.taskId),
		text: row.text,
		moment: row.moment,
		authorId: idOf(row.author),
		authorApplicationId: idOf(row.authorApplication),
	}),
};

const create: BulkWrite = {
	kind: 'write',
	route: 'POST /entity/task/{taskId}/notes',
	// The answer is an array even for one note, so one is sent as an array, too.
	always: true,
	element: (call) => call.body,
	repeatable: () => false,
	lookFor: 'notes of the task with the same text',
};

const moscow =
	(label: string): NonNullable<Field['wire']> =>
	(value, { timezone }) =>
		momentOf(value, timezone, label);

export const taskNotes: Operation[] = [
	{
		...shared,
		operation: 'create',
		name: 'Create',
		action: 'Create task note',
		description: 'Add a note to a task',
		route: 'POST /entity/task/{taskId}/notes',
		answer: { kind: 'object', at: '0' },
		fields: [task, text, files],
		bulk: create,
		notes: 'Notes of one task share a request.',
	},
	{
		...shared,
		operation: 'get',
		name: 'Get',
		action: 'Get task note',
		description: 'Retrieve one note of a task',
		route: 'GET /entity/task/{taskId}/notes/{id}',
		answer: { kind: 'object' },
		fields: [task, note],
	},
	{
		...shared,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many task notes',
		description: 'List the notes of a task',
		route: 'GET /entity/task/{taskId}/notes',
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => PAGE, parallel: true },
		fields: [
			task,
			{
				name: 'updatedBy',
				label: 'Updated By',
				kind: 'text',
				section: 'filters',
				to: 'query:updatedBy',
				placeholder: 'e.g. admin@company',
				help: 'Login of the employee who wrote or changed the note',
			},
			{
				name: 'updatedFrom',
				label: 'Updated From',
				kind: 'time',
				section: 'filters',
				to: 'query:updatedFrom',
				help: 'Notes written or changed at this time or later',
				wire: moscow('Updated From'),
			},
			{
				name: 'updatedTo',
				label: 'Updated To',
				kind: 'time',
				section: 'filters',
				to: 'query:updatedTo',
				help: 'Notes written or changed at this time or earlier',
				wire: moscow('Updated To'),
			},
		],
		notes: '100 rows a request at most.',
	},
	{
		...shared,
		operation: 'update',
		name: 'Update',
		action: 'Update task note',
		description: 'Change the text of a note',
		route: 'PUT /entity/task/{taskId}/notes/{id}',
		answer: { kind: 'object' },
		fields: [task, note, text, files],
	},
	deletePart({
		resource: 'taskNote',
		docs: DOCS,
		action: 'Delete task note',
		description: 'Delete a note for good',
		collection: '/entity/task/{taskId}/notes',
		type: 'tasknote',
		fields: [task, note],
		output: {
			deleted: { type: 'boolean' },
			id: { type: 'string' },
			taskId: { type: 'string' },
		},
		notes: 'Notes of one task share a request.',
	}),
];
