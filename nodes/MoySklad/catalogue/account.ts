/**
 * What concerns the account as a whole: notifications, the log of all changes, asynchronous tasks, the solution whose
 * token is used. MoySklad docs: Notifications, Audit, Asynchronous exchange, Server solutions.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Choice, Field, Operation, OutputField } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { parsedJson } from '../../shared/form/values';
import { facts } from '../facts';
import { momentOf } from '../filter';
import { rowsList, rowsStyle } from '../lists';
import { ID_LOOKS, isUuid, linkPattern } from '../references';
import { object, objectEntry } from '../writeFields';
import { DATE_FIELDS } from './dictionaryFields';
import { guard } from './dictionaryReads';
import { partLocator, rowId } from './nested';
import { flatRow, outputs, settingsOperations } from './special';

const PAGES = 'https://dev.moysklad.ru/doc/api/remap/1.2/#';
const NOTIFICATIONS = `${PAGES}/notification/notifications#2-lenta-uvedomlenij`;
const AUDIT = `${PAGES}/audit/audit#2-audit`;
const ASYNC = `${PAGES}/async`;
const SOLUTIONS = `${PAGES}/general#3-servernye-resheniya`;

const PATHS = '(?:notification|audit|async)';

/** One of what has an address of its own outside of `/entity`; the same for all, so that their forms fold. */
const entry: Field = {
	name: 'entryId',
	label: 'Entry',
	kind: 'locator',
	to: 'path:id',
	required: true,
	locator: {
		...partLocator('any', 'any', 'searchAccountEntries'),
		url: {
			pattern: linkPattern(`/${PATHS}/`),
			placeholder:
				'e.g. https://api.moysklad.ru/api/remap/1.2/audit/7944ef04-f831-11e5-7a69-971500188b19',
		},
	},
	help: 'Which one is meant',
};

// ------------------------------------------------------------------------------- notifications

const notificationOutput: Record<string, OutputField> = {
	...outputs('id type title description created'),
	read: { type: 'boolean' },
};

const ofNotifications = {
	resource: 'notification',
	docs: NOTIFICATIONS,
	output: notificationOutput,
	simplify: (row: IDataObject): IDataObject => ({
		id: rowId(row) ?? null,
		type: (row.meta as IDataObject | undefined)?.type ?? null,
		title: row.title ?? null,
		description: row.description ?? null,
		created: row.created ?? null,
		read: row.read ?? null,
	}),
};

const OWN = 'Those of the employee whose credential is used.';

const notifications: Operation[] = [
	{
		...ofNotifications,
		operation: 'get',
		name: 'Get',
		action: 'Get notification',
		description: 'Retrieve one notification',
		route: 'GET /notification/{id}',
		answer: { kind: 'object' },
		fields: [entry],
	},
	{
		...ofNotifications,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many notifications',
		description: 'List the notifications, such as goods that run low and tasks that were given',
		route: 'GET /notification',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [],
		notes: OWN,
	},
	{
		resource: 'notification',
		docs: NOTIFICATIONS,
		operation: 'delete',
		name: 'Delete',
		action: 'Delete notification',
		description: 'Delete one notification for good',
		route: 'DELETE /notification/{id}',
		answer: { kind: 'deleted' },
		fields: [entry],
		output: outputs('deleted:boolean id'),
	},
	{
		resource: 'notification',
		docs: NOTIFICATIONS,
		operation: 'markAsRead',
		name: 'Mark as Read',
		action: 'Mark notification as read',
		description: 'Mark one notification as read',
		route: 'PUT /notification/{id}/markasread',
		answer: { kind: 'done' },
		fields: [entry],
		output: outputs('success:boolean id'),
	},
	{
		resource: 'notification',
		docs: NOTIFICATIONS,
		operation: 'markAllAsRead',
		name: 'Mark All as Read',
		action: 'Mark all notifications as read',
		description: 'Mark all notifications of the employee as read',
		route: 'PUT /notification/markasreadall',
		answer: { kind: 'done' },
		fields: [],
		output: outputs('success:boolean'),
	},
	...settingsOperations({
		resource: 'notificationSettings',
		label: 'notification settings',
		path: '/notification/settings',
		docs: NOTIFICATIONS,
		fields: Object.entries(facts['notification.settings'].fields).map(([name, { label }]) =>
			object(name, label, (value) => objectEntry(label, parsedJson(label, value)), {
				looks: '{enabled, channelsEnabled: {email, push, interface}}',
			}),
		),
		output: outputs(
			Object.keys(facts['notification.settings'].fields)
				.map((name) => `${name}:object`)
				.join(' '),
		),
		plain: true,
		notes: `${OWN} Scenarios and online stores cannot be switched off.`,
	}),
];

// ------------------------------------------------------------------------------- account history

/** The audit's own limits: 25 rows without a limit, 100 at most. */
const AUDIT_PAGE = 100;

const contextOutput = outputs('id moment eventType entityType objectCount:number source uid info');
const eventOutput = outputs('moment eventType entityType name uid source diff:object entityId');

/** Kinds of changes (MoySklad docs: Audit, filters). */
const EVENTS: Choice[] = [
	{ name: 'Bulk Operation', value: 'bulkoperation' },
	{ name: 'Creation', value: 'create' },
	{ name: 'Deletion', value: 'delete' },
	{ name: 'From Archive', value: 'restorefromarchive' },
	{ name: 'From Recycle Bin', value: 'restorefromrecyclebin' },
	{ name: 'Letter Sent', value: 'sendemailfromentity' },
	{ name: 'Print', value: 'print' },
	{ name: 'Publication', value: 'openpublication' },
	{ name: 'Publication Withdrawn', value: 'closepublication' },
	{ name: 'Registration', value: 'registration' },
	{ name: 'To Archive', value: 'puttoarchive' },
	{ name: 'To Recycle Bin', value: 'puttorecyclebin' },
	{ name: 'Token Replaced', value: 'replacetoken' },
	{ name: 'Update', value: 'update' },
];

const [dateFrom] = DATE_FIELDS;

const accountHistory: Operation[] = [
	{
		resource: 'accountHistory',
		docs: AUDIT,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many changes of account',
		description: 'List who changed something in the account, when and how',
		route: 'GET /audit',
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => AUDIT_PAGE, parallel: true },
		fields: [
			dateFrom,
			{
				name: 'momentTo',
				label: 'Date To',
				kind: 'time',
				to: 'filter:moment',
				operator: 'lessOrEqual',
				help: 'Only changes until this date and time',
				wire: (value, { timezone }) => momentOf(value, timezone, 'Date To'),
			},
			{
				name: 'eventType',
				label: 'Kind of Change',
				kind: 'choice',
				section: 'filters',
				to: 'filter:eventType',
				default: 'update',
				open: true,
				choices: EVENTS,
			},
			{
				name: 'changedType',
				label: 'Object Type',
				kind: 'text',
				section: 'filters',
				to: 'filter:entityType',
				placeholder: 'e.g. customerorder',
				help: "Keyword of a type; 'Get Filters' lists them",
			},
			{
				name: 'source',
				label: 'Source',
				kind: 'text',
				section: 'filters',
				to: 'filter:source',
				placeholder: 'e.g. jsonapi',
				help: "Where the change came from; 'Get Filters' lists the sources",
			},
			{
				name: 'uid',
				label: 'Login',
				kind: 'text',
				section: 'filters',
				to: 'filter:uid',
				placeholder: 'e.g. admin@company',
				help: 'Only changes by this employee or solution',
			},
		],
		output: contextOutput,
		simplify: flatRow(contextOutput),
		notes: 'Administrators only. 100 rows a request at most.',
	},
	{
		resource: 'accountHistory',
		docs: AUDIT,
		operation: 'getEvents',
		name: 'Get Events',
		action: 'Get events of change',
		description: 'List the objects of one change with their old and new values',
		route: 'GET /audit/{id}/events',
		answer: { kind: 'list', at: 'rows' },
		list: { style: rowsStyle, pageSize: () => AUDIT_PAGE, parallel: true },
		fields: [entry],
		output: eventOutput,
		simplify: flatRow(eventOutput),
		notes: 'Administrators only. 100 rows a request at most.',
	},
	{
		resource: 'accountHistory',
		docs: AUDIT,
		operation: 'getFilters',
		name: 'Get Filters',
		action: 'Get filters of account history',
		description: 'Retrieve the kinds of changes, types and sources that the history knows',
		route: 'GET /audit/metadata/filters',
		answer: { kind: 'object' },
		fields: [],
		// As the example of the docs has them; their table writes `eventType`.
		output: outputs('eventtype:array source:array entitytype:array'),
	},
];

// ------------------------------------------------------------------------------- asynchronous tasks

const taskOutput = outputs('id state request resultUrl deletionDate ownerId errors:object');
const ofTasks = {
	resource: 'asyncTask',
	docs: ASYNC,
	output: taskOutput,
	simplify: flatRow(taskOutput),
};

const asyncTasks: Operation[] = [
	{
		...ofTasks,
		operation: 'get',
		name: 'Get',
		action: 'Get asynchronous task',
		description: 'Retrieve the state of one task',
		route: 'GET /async/{id}',
		answer: { kind: 'object' },
		fields: [entry],
	},
	{
		...ofTasks,
		operation: 'getAll',
		name: 'Get Many',
		action: 'Get many asynchronous tasks',
		description: 'List the asynchronous requests of the last week',
		route: 'GET /async',
		answer: { kind: 'list', at: 'rows' },
		list: rowsList,
		fields: [
			{
				name: 'taskState',
				label: 'State',
				kind: 'choice',
				section: 'filters',
				to: 'filter:state',
				default: 'PROCESSING',
				choices: [
					{ name: 'Cancelled', value: 'CANCEL' },
					{ name: 'Done', value: 'DONE' },
					{ name: 'Failed', value: 'ERROR' },
					{ name: 'Processing', value: 'PROCESSING' },
					{ name: 'Refused', value: 'API_ERROR' },
					{ name: 'Waiting', value: 'PENDING' },
				],
			},
		],
	},
	{
		resource: 'asyncTask',
		docs: ASYNC,
		operation: 'cancel',
		name: 'Cancel',
		action: 'Cancel asynchronous task',
		description: 'Take a task that waits or is at work out of the queue',
		route: 'PUT /async/{id}/cancel',
		answer: { kind: 'done' },
		fields: [entry],
		output: outputs('success:boolean id'),
		notes: 'Four tasks of an account may wait or be at work at a time.',
	},
];

// ------------------------------------------------------------------------------- solutions

const solutionOutput = outputs('id name appUid');
const ofSolutions = {
	resource: 'solution',
	docs: SOLUTIONS,
	output: solutionOutput,
};

const solutions: Operation[] = [
	{
		...ofSolutions,
		operation: 'get',
		name: 'Get',
		action: 'Get solution',
		description: 'Retrieve one solution that is installed in the account',
		route: 'GET /entity/application/{id}',
		answer: { kind: 'object' },
		fields: [
			{
				name: 'solutionId',
				label: 'Solution ID',
				kind: 'text',
				to: 'path:id',
				required: true,
				placeholder: 'e.g. b58a6312-f958-11e9-ac12-000a00000020',
				help: 'As it stands in the objects that the solution made',
			},
		],
		prepare: async (calls) => {
			for (const call of calls) {
				guard(call, () => {
					const id = call.path.id.trim();
					if (!isUuid(id)) {
						throw new InputProblem('Solution ID', `is '${id}'`, ID_LOOKS);
					}
					call.path.id = id;
				});
			}
			await Promise.resolve();
		},
	},
	{
		...ofSolutions,
		operation: 'getCurrent',
		name: 'Get Current',
		action: 'Get current solution',
		description: 'Retrieve the solution whose token is used',
		route: 'GET /context/application',
		answer: { kind: 'object' },
		fields: [],
		notes: 'With the token of a solution only.',
	},
];

export const accountResources: Choice[] = [
	{
		name: 'Account History',
		value: 'accountHistory',
		local: 'Аудит компании',
		description: 'Who changed what in the account, and when',
	},
	{
		name: 'Asynchronous Task',
		value: 'asyncTask',
		local: 'Асинхронная задача',
		description: 'Exports that MoySklad prepares by and by',
	},
	{
		name: 'Notification',
		value: 'notification',
		local: 'Уведомление',
		description: 'What the employee is told in the web app',
	},
	{
		name: 'Notification Settings',
		value: 'notificationSettings',
		local: 'Настройки уведомлений',
		description: 'What the employee is told of, and by which channels',
	},
	{
		name: 'Solution',
		value: 'solution',
		local: 'Решение',
		description: 'Solutions (apps) that are installed in the account',
	},
];

export const account: Operation[] = [
	...notifications,
	...accountHistory,
	...asyncTasks,
	...solutions,
];
