/** Tasks. Reference of the project §1.9; MoySklad docs, Task. */
import type { IDataObject } from 'n8n-workflow';

import { InputProblem } from '../../../shared/errors/problems';
import { fileEntry, list, longText, moment, reference, toggle } from '../../writeFields';
import { common, EQUAL, EQUAL_OR_EMPTY, ORDERED_OR_EMPTY, type Dictionary } from '../dictionary';
import { DOCS, sortBy } from './shared';

const AGENTS = ['counterparty', 'organization'];

/** A task belongs to a counterparty or to a document. */
function check(body: IDataObject): void {
	if (!body.agent || !body.operation) return;
	throw new InputProblem(
		'Document',
		"is given together with 'Counterparty'",
		'A task is about one of the two: leave the other out.',
	);
}

export const task: Dictionary = {
	resource: 'task',
	keyword: 'task',
	one: 'task',
	many: 'tasks',
	label: 'Task',
	search: 'searchTasks',
	docs: `${DOCS}-zadacha`,
	fields: [
		longText('description', 'Description', { required: true }),
		reference('assignee', 'Assignee (Employee)', { entity: 'employee' }, { required: true }),
		moment('dueToDate', 'Due Date'),
		toggle('done', 'Is Done'),
		reference('agent', 'Counterparty', { entities: AGENTS }),
		reference('operation', 'Document', {}),
		reference('state', 'Task Type', { entity: 'task/metadata/states' }),
		list('files', 'Files', fileEntry('Files'), {
			looks: 'list of {filename, content}',
			rare: true,
		}),
	],
	filter: [
		common.accountId,
		{
			name: 'agent',
			label: 'Counterparty',
			kind: 'reference',
			entity: AGENTS.join(','),
			operators: EQUAL_OR_EMPTY,
		},
		{
			name: 'assignee',
			label: 'Assignee (Employee)',
			kind: 'reference',
			entity: 'employee',
			operators: EQUAL,
		},
		{
			name: 'author',
			label: 'Author (Employee)',
			kind: 'reference',
			entity: 'employee',
			operators: EQUAL,
		},
		common.created,
		{ ...common.description, first: true },
		{
			name: 'operation',
			label: 'Document',
			kind: 'reference',
			entity: '*',
			operators: EQUAL_OR_EMPTY,
			help: 'By its API link, or its link in the web app',
		},
		{ name: 'dueToDate', label: 'Due Date', kind: 'time', operators: ORDERED_OR_EMPTY },
		common.id,
		{ name: 'done', label: 'Is Done', kind: 'toggle', operators: EQUAL },
		{ name: 'state.name', label: 'Task Type', kind: 'text', operators: EQUAL },
		common.updated,
	],
	sort: sortBy('created', 'description', 'done', 'dueToDate', 'id', 'updated', 'version'),
	expand: [
		{ name: 'Assignee', value: 'assignee' },
		{ name: 'Author', value: 'author' },
		{ name: 'Author Application', value: 'authorApplication' },
		{ name: 'Counterparty', value: 'agent' },
		{ name: 'Document', value: 'operation' },
		{ name: 'Files', value: 'files' },
		{ name: 'Implementer', value: 'implementer' },
		{ name: 'Notes', value: 'notes', description: 'The first 100 of each task' },
		{ name: 'Task Type', value: 'state' },
	],
	references: {
		assignee: 'assigneeId',
		author: 'authorId',
		agent: 'agentId',
		operation: 'operationId',
		state: 'stateId',
	},
	simple: {
		id: 'string',
		description: 'string',
		done: 'boolean',
		dueToDate: 'string',
		created: 'string',
		assigneeId: 'string',
		authorId: 'string',
		agentId: 'string',
		operationId: 'string',
		stateId: 'string',
	},
	savedFilters: true,
	hides: 'done',
	check,
	lookFor: 'tasks with the same text and assignee',
	writeNotes:
		'Needs the CRM option of the tariff. Only the author and administrators change and delete a task; closing one needs a right.',
	notes:
		'Employees see all tasks, or those that they wrote or are assigned to, as their rights say.',
};
