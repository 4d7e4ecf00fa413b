/** Tags, messages, reviews, events, figures, users and the rest. Reference of the project: altegio-api.md §2.9, §2.17–2.27. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Field, Operation, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { timeAs } from '../../shared/form/times';
import { once } from '../../shared/road/once';
import type { ApiRequest } from '../../shared/road/wire';
import { checkEach } from '../../shared/run/checks';
import { create, family, type More, update } from '../dialect';
import { NOTIFICATIONS, WORDS } from '../facts';
import { phoneOf } from '../phone';
import { images } from './image';
import { locationZone } from './location';

const tag = family({ value: 'tag', one: 'tag', many: 'tags' });
const customField = family({ value: 'customField', one: 'custom field', many: 'custom fields' });
const message = family({ value: 'message', one: 'message', many: 'messages' });
const notification = family({ value: 'notification', one: 'notifications', many: 'notifications' });
const review = family({ value: 'review', one: 'review', many: 'reviews' });
const event = family({ value: 'event', one: 'event', many: 'events' });
const eventSchedule = family({
	value: 'eventSchedule',
	one: 'event schedule',
	many: 'event schedules',
});
const recurring = family({
	value: 'recurringAppointment',
	one: 'recurring appointment',
	many: 'recurring appointments',
});
const analytics = family({ value: 'analytics', one: 'analytics', many: 'figures' });
const payroll = family({ value: 'payroll', one: 'payroll', many: 'payrolls' });
const user = family({ value: 'user', one: 'user', many: 'users' });
const license = family({ value: 'license', one: 'license', many: 'licenses' });
const marketplace = family({ value: 'marketplace', one: 'marketplace', many: 'marketplaces' });
const dictionary = family({ value: 'dictionary', one: 'dictionary', many: 'dictionaries' });
const utility = family({ value: 'utility', one: 'phone', many: 'phones' });
const tips = family({ value: 'tips', one: 'tips', many: 'tips' });
const call = family({ value: 'phoneCall', one: 'phone call', many: 'phone calls' });
const medical = family({ value: 'medical', one: 'medical record', many: 'medical records' });

/** Without a filter the message would go to every client. */
function notToAll({ query = {} }: ApiRequest, { operation }: Call): void {
	if (Object.keys(query).length > 0) return;
	throw new InputProblem(
		'Filters',
		`are empty, so that '${operation.name}' would write to every client of the location`,
		"Add 'Name', 'Phone' or 'E-Mail', or use an operation by client IDs.",
	);
}

/** Charts come as one list of figures, by source or status. */
const chart = { answer: { kind: 'list' as const, at: 'data' } };

const MS_PER_HALF_DAY = 12 * 3600 * 1000;

/**
 * The day of a point of a chart. Its moment (Unix seconds or ms) is a midnight, of the location or in Greenwich: the day
 * whose midnight in Greenwich is the nearest is meant either way.
 */
function dayOf(at: unknown): string | null {
	if (typeof at === 'string' && !/^\d+$/.test(at)) return at;
	const moment = Number(at);
	if (!(moment > 0)) return null;
	const ms = moment < 1e11 ? moment * 1000 : moment;
	return new Date(ms + MS_PER_HALF_DAY).toISOString().slice(0, 10);
}

/** A series of points as a row for each day, with the figure that it is asked for. */
function daysIn(series: IDataObject): IDataObject[] {
	const points = (Array.isArray(series.data) ? series.data : []) as unknown[];
	const rows = points
		.filter((point): point is unknown[] => Array.isArray(point))
		.map(([at, value]) => {
			const figure = Number(value);
			return {
				...series,
				date: dayOf(at),
				value: (Number.isNaN(figure) ? value : figure) as IDataObject[string],
			};
		});
	return rows.length > 0 ? rows : [{ ...series, date: null, value: null }];
}

/** Charts by day: raw rows stay series. */
const daily = {
	...chart,
	enrich: async (rows: IDataObject[], { output }: Call) =>
		await Promise.resolve(output === 'raw' ? rows : rows.flatMap(daysIn)),
	output: {
		label: { type: 'string' },
		date: { type: 'string' },
		value: { type: 'number' },
	},
	simplify: ({ label, date, value }: IDataObject): IDataObject => ({
		label: label ?? null,
		date,
		value,
	}),
} satisfies More;
const rows = { answer: { kind: 'list' as const, at: 'data' } };
const one = { answer: { kind: 'object' as const, at: 'data' } };
const done = { answer: { kind: 'done' as const } };

/** Locations of a user, row by row. */
const linksWith = (
	columns: NonNullable<NonNullable<More['tune']>[string]['columns']>,
): More['tune'] => ({
	user_company_links: {
		label: 'Locations',
		help: 'A row for each location',
		orJson: true,
		columns: {
			company_id: {
				label: 'Location',
				search: 'searchLocations',
				required: true,
			},
			...columns,
		},
	},
});

/** Days of a way to repeat events. */
const UNTOLD_DAYS = {
	tune: {
		days: {
			help: 'JSON list; the docs do not tell what a day looks like: take it from one that was made in the web app, by Get Strategies',
		},
	},
} satisfies More;

/** The client of a booking in an event. */
const EVENT_CLIENT: More['tune'] = {
	client: {
		label: 'Client',
		orJson: 'JSON object of the API, with all that it wants to be told of a client',
	},
	'client.id': {
		name: 'clientId',
		label: 'Known Client',
		search: 'searchClients',
		help: 'A client of the location; none for one who is new',
	},
	'client.name': { name: 'clientName', label: 'Client Name' },
	'client.phone': {
		name: 'clientPhone',
		label: 'Client Phone',
		placeholder: 'e.g. +1 315 555-01-75',
		wire: (value, { baseUrl }) => phoneOf('Client Phone', value, baseUrl),
	},
	'client.email': { name: 'clientEmail', label: 'Client E-Mail' },
	'client.gender': { values: WORDS.gender_id },
	'client.comment': { name: 'clientComment', label: 'Comment on Client' },
	comer: { json: true },
};

/** A field of a booking in an event that can be added. */
const addable = (
	name: string,
	label: string,
	to: Field['to'],
	kind: 'toggle' | 'text',
	help: string,
): Field => ({ name, label, kind, to, section: 'additionalFields', help });

/** The same as JSON, under the name that it had before there were fields for it. */
const asJson = (name: string, label: string, to: Field['to'], help: string): Field => ({
	name,
	label: `${label} (JSON)`,
	kind: 'json',
	to,
	section: 'additionalFields',
	stead: true,
	help: `In place of the fields of the form: ${help}`,
});

/** Custom fields of the client of a booking in an event, row by row. */
const customFieldsTo = (to: Field['to']): Field => ({
	name: 'customFields',
	label: 'Custom Fields of Client',
	kind: 'rows',
	to,
	section: 'additionalFields',
	button: 'Add Custom Field',
	rowLabel: 'Custom Field',
	columns: [
		{
			name: 'code',
			label: 'Code',
			kind: 'text',
			to: 'control',
			required: true,
			placeholder: 'e.g. seat',
			help: 'As Custom Field: Get Many tells it',
		},
		{ name: 'value', label: 'Value', kind: 'text', to: 'control', required: true },
	],
	help: 'A row for each field of the location',
});

const COMER_NAME = addable(
	'comerName',
	'Comer Name',
	'body:comer.name',
	'text',
	'Who comes, if not the client',
);
const COMER_JSON = asJson(
	'comer',
	'Comer',
	'body:comer',
	'JSON such as <code>{ "name": "Rex" }</code>',
);

const AGREEMENTS = 'body:client.agreements';
const CUSTOM_VALUES = 'body:client.custom_field_values';

/** What a booking in an event tells in lists and objects, by fields and rows (Altegio docs: book places of an event). */
const EVENT_EXTRAS: Field[] = [
	customFieldsTo(CUSTOM_VALUES),
	addable(
		'newsletterAllowed',
		'Newsletter Allowed',
		`${AGREEMENTS}.is_newsletter_allowed`,
		'toggle',
		'Whether the client agrees to newsletters; without this field, not',
	),
	addable(
		'dataProcessingAllowed',
		'Personal Data Processing Allowed',
		`${AGREEMENTS}.is_personal_data_processing_allowed`,
		'toggle',
		'Whether the client agrees that personal data are processed; without this field, not',
	),
	COMER_NAME,
	asJson(
		'customFieldValues',
		'Custom Fields of Client',
		CUSTOM_VALUES,
		'JSON list such as <code>[{ "code": "seat", "value": "7" }]</code>',
	),
	asJson(
		'agreements',
		'Client Agreements',
		AGREEMENTS,
		'JSON such as <code>{ "is_newsletter_allowed": false, "is_personal_data_processing_allowed": true }</code>',
	),
	COMER_JSON,
];

/** The same in YCLIENTS, where the data of a client stand one object deeper. */
const EVENT_CLIENT_YCLIENTS: More['tune'] = {
	client_id: {
		label: 'Client ID Beside Client',
		help: 'The docs have the ID here, too: only where YCLIENTS asks for it',
	},
	'client.id': {
		name: 'clientOfLocation',
		label: 'Known Client',
		search: 'searchClients',
		help: 'A client of the location; none for one who is new',
	},
	'client.client.name': { name: 'clientName', label: 'Client Name' },
	'client.client.phone_string': {
		name: 'clientPhone',
		label: 'Client Phone',
		placeholder: 'e.g. +7 495 123-45-67',
		wire: (value, { baseUrl }) => phoneOf('Client Phone', value, baseUrl),
	},
	'client.client.email': { name: 'clientEmail', label: 'Client E-Mail' },
	'client.client.surname': { name: 'clientSurname', label: 'Client Surname' },
	'client.client.patronymic': { name: 'clientPatronymic', label: 'Client Middle Name' },
	'client.client.sex': { name: 'clientSex', label: 'Client Gender', values: WORDS.gender_id },
	'client.client.birthday': { name: 'clientBirthday', label: 'Client Birthday' },
	'client.client.agreements': { name: 'clientAgreements', label: 'Client Agreements' },
};

const EVENT_EXTRAS_YCLIENTS: Field[] = [
	customFieldsTo('body:client.client.custom_field_values'),
	COMER_NAME,
	COMER_JSON,
	asJson(
		'client',
		'Client',
		'body:client',
		'JSON such as <code>{ "id": 55001 }</code>, or <code>{ "client": { "name": "Kate", "phone_string": "79991234567" } }</code> for one who is new',
	),
];

/** All members must be there, and may say nothing (Altegio docs: book places of an event; reference §2.9). */
const NOBODY: IDataObject = {
	id: null,
	name: '',
	phone: '',
	email: null,
	surname: null,
	patronymic: null,
	gender: null,
	birthday: null,
	custom_field_values: [],
	agreements: {
		is_newsletter_allowed: false,
		is_personal_data_processing_allowed: false,
	},
	comment: null,
};

function wholeClient({ body }: ApiRequest): void {
	const sent = body as IDataObject;
	const told = sent.client as IDataObject;
	sent.client = {
		...NOBODY,
		...told,
		agreements: { ...(NOBODY.agreements as IDataObject), ...(told.agreements as IDataObject) },
	};
}

/** The visit to a doctor is called an appointment in the path, beside the appointment that it belongs to. */
const doctorVisit = {
	tune: {
		appointment_id: {
			label: 'Doctor Visit ID',
			help: 'The visit to a doctor, as Get Visits tells it; not the ID of the appointment',
		},
	},
} satisfies More;

/** What the pages of the medical part do not tell is given as JSON. */
const patientBody = {
	own: [
		{
			name: 'patientData',
			label: 'Data',
			kind: 'json' as const,
			required: true,
			to: 'control' as const,
			help: 'JSON object of the API',
		},
	],
	shape: (request: ApiRequest, { control }: Call) => {
		request.body = control.patientData as ApiRequest['body'];
	},
};

/** Zone of the location, where the time of an event has to be told on its clock. */
const CLOCK = 'clock';

/** An event of YCLIENTS tells its moment only, and is written with the time on the clock of its location. */
async function askClock(calls: Call[], work: Work): Promise<void> {
	const untouched = calls.filter(
		({ body, control }) => control.sendAsGiven !== true && !('date' in body),
	);
	await checkEach(untouched, async (call) => {
		const ask = async () => await locationZone.ask(call, work.send);
		call.control[CLOCK] = await once(work.send, `clock ${call.path.locationId}`, ask);
	});
}

/** The time of an event in the form in which it is written: on the clock of the location, without an offset. */
function withLocalDate(row: IDataObject, { body, control }: Call): IDataObject {
	if ('date' in body) return row;
	const [, day, time, seconds = ':00'] =
		/^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?/.exec(String(row.date)) ?? [];
	if (day !== undefined) return { ...row, date: `${day} ${time}${seconds}` };
	const zone = control[CLOCK];
	const seconds1970 = Number(row.timestamp);
	if (typeof zone !== 'string' || !(seconds1970 > 0)) return row;
	const moment = new Date(seconds1970 * 1000);
	return {
		...row,
		date: timeAs('wall', moment, { timezone: zone, zone }, 'Date'),
	};
}

export const company: Operation[] = [
	tag('v2.tag.list', 'getAll', 'Get Many', 'List the tags of a location'),
	tag('v2.tag.get', 'get', 'Get', 'Retrieve a tag'),
	tag('v2.tag.create', 'create', 'Create', 'Add a tag', create('title', 'color', 'entity')),
	tag('v2.tag.update', 'update', 'Update', 'Change some fields of a tag; all others stay', {
		...update('title', 'color'),
		merge: {
			read: 'GET /v2/locations/{locationId}/tags/{tagId}',
			rename: { entity: 'entity_type' },
		},
	}),
	tag('v2.tag.delete', 'delete', 'Delete', 'Delete a tag'),
	tag('tag.searchClientTags', 'getClientTags', 'Get Client Tags', 'List the tags of clients', rows),
	tag('tag.createClientTag', 'createClientTag', 'Create Client Tag', 'Add a tag of clients', {
		top: ['title', 'color'],
	}),

	customField('customField.getMany', 'getAll', 'Get Many', 'List the custom fields of a location'),
	customField(
		'v2.customField.list',
		'getDetails',
		'Get Details',
		'List custom fields with their known values',
	),
	customField(
		'customField.create',
		'create',
		'Create',
		'Add a custom field',
		create('title', 'code', 'type'),
	),
	customField('customField.update', 'update', 'Update', 'Replace the settings of a custom field', {
		...update('title', 'code', 'type'),
		...done,
	}),
	customField('customField.delete', 'delete', 'Delete', 'Delete a custom field'),

	message('message.sendSmsByIds', 'sendSms', 'Send SMS', 'Send an SMS to clients by their IDs', {
		action: 'Send SMS to clients',
		top: ['client_ids', 'text'],
		tune: {
			client_ids: { required: true, label: 'Client IDs' },
			text: { required: true },
		},
	}),
	message(
		'message.sendEmailByIds',
		'sendEmail',
		'Send E-Mail',
		'Send an e-mail to clients by their IDs',
		{
			action: 'Send e-mail to clients',
			tune: { client_ids: { label: 'Client IDs' } },
		},
	),
	message(
		'message.sendSmsByFilter',
		'sendSmsByFilter',
		'Send SMS by Filter',
		'Send an SMS to clients by name, phone or e-mail',
		{
			action: 'Send SMS to clients by filter',
			top: ['text'],
			tune: { text: { required: true } },
			section: 'filters',
			shape: notToAll,
		},
	),
	message(
		'message.sendEmailByFilter',
		'sendEmailByFilter',
		'Send E-Mail by Filter',
		'Send an e-mail to clients by name, phone or e-mail',
		{
			action: 'Send e-mail to clients by filter',
			section: 'filters',
			shape: notToAll,
		},
	),

	notification('notification.getTypes', 'getTypes', 'Get Types', 'List what users can be told of'),
	notification('notification.getUserSettings', 'get', 'Get', 'Retrieve what a user is told', {
		...one,
		action: 'Get notifications of user',
	}),
	notification('notification.updateUserSettings', 'update', 'Update', 'Set what a user is told', {
		tune: {
			notification_types: {
				label: 'Notifications',
				help: 'A row for each kind of notification',
				orJson:
					'JSON list such as <code>[{ "type": "record_delete_admin", "channels": { "push": 1, "sms": 0 } }]</code>, as Get Types tells it',
				columns: {
					type: { label: 'Notification', required: true, values: NOTIFICATIONS },
					'channels.push': { label: 'Push' },
					'channels.sms': { label: 'SMS' },
					'channels.email': { label: 'E-Mail' },
				},
			},
		},
		action: 'Update notifications of user',
		top: ['notification_types'],
	}),

	review('review.getMany', 'getAll', 'Get Many', 'List reviews by date, team member or rating'),
	review('review.create', 'create', 'Create', 'Add a review of a team member'),
	review('review.update', 'update', 'Update', 'Change a review'),
	review('review.delete', 'delete', 'Delete', 'Delete a review', {
		top: ['comment_id'],
	}),
	review(
		'review.getFormStatus',
		'getForm',
		'Get Form',
		'Retrieve the form in which a client rates a visit',
	),
	review(
		'review.submitForm',
		'submitForm',
		'Submit Form',
		'Fill in the form in which a client rates a visit',
	),

	event('event.search', 'getAll', 'Get Many', 'List events of a range of dates'),
	event('v2.event.list', 'getUpcoming', 'Get Upcoming', 'List events that are still to come'),
	event('v2.event.get', 'get', 'Get', 'Retrieve an event'),
	event(
		'v2.event.create',
		'create',
		'Create',
		'Add an event',
		create('date', 'length', 'capacity', 'staff_id', 'service_id'),
	),
	event('v2.event.update', 'update', 'Update', 'Change some fields of an event; all others stay', {
		...update('date', 'length', 'capacity', 'comment'),
		merge: {
			read: 'GET /v2/locations/{locationId}/events/{eventId}',
			asked: ['resource_instance_ids', 'label_ids'],
			complete: withLocalDate,
		},
		notes: 'Rooms, devices and tags cannot be read along: name them, or an empty list for none.',
	}),
	event('v2.event.delete', 'delete', 'Delete', 'Delete an event'),
	event(
		'v2.event.createAppointment',
		'addClient',
		'Add Client',
		'Book places of an event for a client',
		{
			tune: EVENT_CLIENT,
			own: EVENT_EXTRAS,
			top: ['client.id', 'client.name', 'client.phone', 'clients_count'],
			shape: wholeClient,
		},
	),
	event(
		'v2.event.updateAppointment',
		'updateAppointment',
		'Update Appointment',
		'Replace what is booked in an event',
		{
			tune: {
				'attendance_service_item.cost_per_unit': { label: 'Price' },
				'attendance_service_item.discount_percent': { label: 'Discount (%)' },
				'attendance_service_item.manual_cost': {
					label: 'Sum',
					help: 'What is to be paid for the service',
				},
				attendance_good_items: {
					label: 'Products',
					help: 'A row for each product; those that are not here are taken away',
					orJson: true,
					front: ['good_id', 'quantity', 'unit_id', 'storage_id', 'staff_id'],
					columns: {
						good_id: {
							name: 'productId',
							label: 'Product',
							search: 'searchProducts',
						},
						storage_id: { label: 'Inventory', search: 'searchInventories' },
						staff_id: {
							name: 'teamMemberId',
							label: 'Team Member',
							search: 'searchTeamMembers',
						},
						id: {
							required: false,
							label: 'Line ID',
							help: 'Of a line that is there already',
						},
						cost_per_unit: { label: 'Price' },
						manual_cost: { label: 'Sum' },
						discount_percent: { label: 'Discount (%)' },
					},
					// Null makes a new line (Altegio docs: update an appointment of an event).
					wire: (value) => (value as IDataObject[]).map((line) => ({ id: null, ...line })),
				},
			},
			top: ['attendance_good_items'],
		},
	),
	event(
		'v2.event.rescheduleAppointment',
		'moveAppointment',
		'Move Appointment',
		'Move a booking to another event',
		{
			top: ['activity_id'],
			tune: {
				activity_id: {
					required: true,
					label: 'New Event ID',
					name: 'newEventId',
				},
			},
			...done,
		},
	),
	event('event.duplicate', 'duplicate', 'Duplicate', 'Repeat an event on other days', {
		tune: {
			dates: {
				help: 'JSON list of days and times; the docs do not tell what they look like. A strategy, or a repeat mode with weekdays and interval, does the same.',
			},
		},
	}),
	event('event.searchDates', 'getDates', 'Get Dates', 'List days with events', {
		...rows,
		output: { value: { type: 'string' } },
	}),
	event(
		'event.getDateRange',
		'getDateRange',
		'Get Date Range',
		'Retrieve the first and last day with events',
		one,
	),
	event(
		'event.getFilters',
		'getFilters',
		'Get Filters',
		'List team members and services of events',
		rows,
	),
	event('event.searchServices', 'getServices', 'Get Services', 'List services for events', rows),
	event(
		'event.getDuplicationStrategies',
		'getStrategies',
		'Get Strategies',
		'List saved ways to repeat events',
		rows,
	),
	event(
		'event.createDuplicationStrategy',
		'createStrategy',
		'Create Strategy',
		'Save a way to repeat events',
		UNTOLD_DAYS,
	),
	event(
		'event.updateDuplicationStrategy',
		'updateStrategy',
		'Update Strategy',
		'Replace a saved way to repeat events',
		UNTOLD_DAYS,
	),
	event(
		'event.createYclientsV2',
		'createYclients',
		'Create in YCLIENTS',
		'Add an event',
		create('date', 'length', 'capacity', 'staff_id', 'service_id'),
	),
	event('event.getYclientsV2', 'getYclients', 'Get in YCLIENTS', 'Retrieve an event', one),
	event(
		'event.updateYclientsV2',
		'updateYclients',
		'Update in YCLIENTS',
		'Change some fields of an event; all others stay',
		{
			...update('date', 'length', 'capacity', 'comment'),
			prepare: askClock,
			merge: {
				read: 'GET /v2/companies/{locationId}/activities/{eventId}',
				complete: withLocalDate,
			},
			notes:
				'YCLIENTS does not tell rooms, devices, tags and the break after an event: name those that it has, or they may be lost.',
		},
	),
	event('event.deleteYclientsV2', 'deleteYclients', 'Delete in YCLIENTS', 'Delete an event'),
	event(
		'event.createRecordYclientsV2',
		'addClientYclients',
		'Add Client in YCLIENTS',
		'Book places of an event for a client',
		{
			tune: EVENT_CLIENT_YCLIENTS,
			own: EVENT_EXTRAS_YCLIENTS,
			top: ['client.id', 'client.client.name', 'client.client.phone_string', 'clients_count'],
		},
	),

	eventSchedule(
		'eventSchedule.search',
		'get',
		'Get',
		'Retrieve how an event or appointment comes again',
		one,
	),
	eventSchedule('eventSchedule.create', 'create', 'Create', 'Let an event come again', {
		tune: {
			days: {
				label: 'Days',
				help: 'A row for each day of the week, seven at most',
				orJson: true,
				columns: {
					day_of_week: { required: true },
					events_master_id: {
						name: 'teamMemberId',
						label: 'Team Member',
						search: 'searchTeamMembers',
						required: true,
					},
					events_time: {
						label: 'Time',
						placeholder: 'e.g. 10:00:00',
						required: true,
					},
					events_duration: { label: 'Duration (Seconds)', required: true },
					events_capacity: {
						label: 'Places',
						help: '1 for an appointment',
						required: true,
					},
					labels_ids: { label: 'Tag IDs' },
					resource_instances_ids: { label: 'Room and Device IDs' },
				},
			},
		},
	}),
	eventSchedule(
		'eventSchedule.update',
		'update',
		'Update',
		'Set the last day of an event that comes again',
		{ top: ['date_end'] },
	),
	eventSchedule(
		'eventSchedule.delete',
		'delete',
		'Delete',
		'Let an event no longer come again, with all its appointments',
	),
	eventSchedule(
		'eventSchedule.createSeries',
		'createSeries',
		'Create Series',
		'Add a day of the week',
		{ tune: { day_of_week: { default: 'mon' } } },
	),
	eventSchedule(
		'eventSchedule.updateSeries',
		'updateSeries',
		'Update Series',
		'Change a day of the week',
	),
	eventSchedule(
		'eventSchedule.deleteSeries',
		'deleteSeries',
		'Delete Series',
		'Take a day of the week away',
	),
	eventSchedule(
		'eventSchedule.getSeriesEvents',
		'getEvents',
		'Get Events',
		'List the events of a day of the week',
		rows,
	),

	recurring(
		'recurringAppointment.create',
		'create',
		'Create',
		'Book a client in events that come again',
	),
	recurring('recurringAppointment.update', 'update', 'Update', 'Change the days of a client'),
	recurring(
		'recurringAppointment.delete',
		'delete',
		'Delete',
		'Take a client out of events that come again',
	),

	analytics(
		'analytics.getOverall',
		'getOverall',
		'Get Overall',
		'Retrieve revenue, occupancy, appointments and clients',
		{ ...one, action: 'Get figures of location' },
	),
	analytics(
		'analytics.getRevenueDaily',
		'getRevenue',
		'Get Revenue',
		'Retrieve the revenue of each day',
		{ ...daily, action: 'Get revenue by day' },
	),
	analytics(
		'analytics.getOccupancyDaily',
		'getOccupancy',
		'Get Occupancy',
		'Retrieve the occupancy of each day',
		{ ...daily, action: 'Get occupancy by day' },
	),
	analytics(
		'analytics.getAppointmentsDaily',
		'getAppointments',
		'Get Appointments',
		'Retrieve the appointments of each day',
		{ ...daily, action: 'Get appointments by day' },
	),
	analytics(
		'analytics.getBySource',
		'getBySource',
		'Get by Source',
		'Retrieve appointments by where they came from',
		{ ...chart, action: 'Get appointments by source' },
	),
	analytics(
		'analytics.getByStatus',
		'getByStatus',
		'Get by Status',
		'Retrieve appointments by status',
		{ ...chart, action: 'Get appointments by status' },
	),
	analytics(
		'analytics.getLoyaltyRevenue',
		'getLoyaltyRevenue',
		'Get Loyalty Revenue',
		'Retrieve the revenue of a loyalty program',
		{ ...one, action: 'Get revenue of loyalty program' },
	),
	analytics(
		'analytics.getLoyaltyTeamMember',
		'getLoyaltyTeam',
		'Get Loyalty Team',
		'Retrieve a loyalty program by team member',
		{ ...rows, action: 'Get team members of loyalty program' },
	),
	analytics(
		'analytics.getLoyaltyVisits',
		'getLoyaltyVisits',
		'Get Loyalty Visits',
		'Retrieve the visits of a loyalty program',
		{ ...one, action: 'Get visits of loyalty program' },
	),
	analytics(
		'analytics.getDayEndReport',
		'getDayReport',
		'Get Day Report',
		'Retrieve the report at the end of a day (Z report)',
		{
			...one,
			action: 'Get report of day',
			top: ['start_date'],
			tune: { start_date: { label: 'Day', help: 'The day of the report' } },
			columns: [
				'paid=paids.total.accounts',
				'discount=paids.total.discount',
				'clients=stats.clients',
				'appointments=stats.records',
				'services=stats.targets',
				'servicesPaid=stats.targets_paid',
				'products=stats.goods',
				'productsPaid=stats.goods_paid',
				'giftCardsPaid=stats.certificates_paid',
				'currency',
			],
		},
	),

	payroll(
		'payroll.getSettlements',
		'getSettlements',
		'Get Settlements',
		'Retrieve what a team member has earned',
		one,
	),
	payroll(
		'payroll.getSettlementsDaily',
		'getDailySettlements',
		'Get Daily Settlements',
		'Retrieve what a team member has earned each day',
		one,
	),
	payroll(
		'payroll.getPeriod',
		'getPeriod',
		'Get Period',
		'Retrieve days, hours, services and sums of a team member',
		one,
	),
	payroll(
		'payroll.getPeriodDaily',
		'getDailyPeriod',
		'Get Daily Period',
		'Retrieve hours, services and sums of each day',
		one,
	),
	payroll(
		'payroll.searchCalculations',
		'getCalculations',
		'Get Calculations',
		'List the payrolls of a team member',
		rows,
	),
	payroll(
		'payroll.getCalculation',
		'getCalculation',
		'Get Calculation',
		'Retrieve one payroll with its lines',
		one,
	),
	payroll(
		'payroll.getSchemesCount',
		'getSchemesCount',
		'Get Number of Schemes',
		'Retrieve how many rules of pay a team member has',
		one,
	),
	payroll(
		'payroll.getOwnSettlements',
		'getOwnSettlements',
		'Get Own Settlements',
		'Retrieve what the user behind the token has earned',
		one,
	),
	payroll(
		'payroll.getOwnPeriod',
		'getOwnPeriod',
		'Get Own Period',
		'Retrieve the days, hours and sums of the user behind the token',
		one,
	),
	payroll(
		'payroll.getOwnSchemes',
		'getOwnSchemes',
		'Get Own Schemes',
		'List the rules of pay of the user behind the token',
		rows,
	),

	user('user.getMany', 'getAll', 'Get Many', 'List those who work with a location'),
	user(
		'user.getOwnPermissions',
		'getOwnPermissions',
		'Get Own Permissions',
		'Retrieve the rights of the user behind the token',
		one,
	),
	user('user.getRoles', 'getRoles', 'Get Roles', 'List the roles of a location', {
		...rows,
		action: 'Get roles of location',
	}),
	user(
		'user.getRolesForUser',
		'getRolesOfUser',
		'Get Roles of User',
		'List the roles that a user can have',
		{ ...rows, action: 'Get roles of user' },
	),
	user(
		'user.getPermissions',
		'getPermissions',
		'Get Permissions',
		'Retrieve the rights of a user',
		one,
	),
	user(
		'user.updatePermissions',
		'updatePermissions',
		'Update Permissions',
		'Change role or rights of a user; all others stay',
		{
			...update('user_role', 'user_permissions'),
			merge: 'GET /company/{locationId}/users/{userId}/permissions',
		},
	),
	user('user.invite', 'invite', 'Invite', 'Invite users to a location', {
		tune: {
			invites: {
				help: 'A row for each person',
				orJson: true,
				columns: {
					name: { required: true },
					search: {
						label: 'Phone or E-Mail',
						required: true,
						help: 'Where the invitation goes',
					},
					position: { label: 'Position' },
					user_role: {
						label: 'Role',
						help: 'Its slug, as <i>Get Roles</i> tells it',
					},
					user_permissions: {
						label: 'Permissions',
						help: 'JSON list such as <code>[{ "slug": "timetable_access", "value": true }]</code>',
					},
					staff_id: {
						name: 'teamMemberId',
						label: 'Team Member',
						search: 'searchTeamMembers',
					},
				},
			},
		},
		...done,
	}),
	user(
		'user.copyToLocations',
		'copyToLocations',
		'Copy to Locations',
		'Give users to other locations',
		{
			tune: linksWith({
				user_permissions: {
					label: 'Permissions',
					help: 'JSON list such as <code>[{ "slug": "timetable_access", "value": true }]</code>',
				},
			}),
			...done,
		},
	),
	user(
		'user.removeFromLocations',
		'removeFromLocations',
		'Remove From Locations',
		'Take users from locations',
		{ tune: linksWith({}), ...done },
	),
	user('user.remove', 'remove', 'Remove', 'Take a user from a location'),

	license('license.get', 'get', 'Get', 'Retrieve until when a location has paid'),

	marketplace(
		'marketplace.getLocations',
		'getLocations',
		'Get Locations',
		'List the locations that have an application',
		{
			...rows,
			tune: { page: {}, count: {} },
		},
	),
	marketplace(
		'marketplace.getTariffs',
		'getTariffs',
		'Get Tariffs',
		'List the prices of an application',
	),
	marketplace(
		'marketplace.getStatus',
		'getStatus',
		'Get Status',
		'Retrieve how an application stands in a location',
	),
	marketplace(
		'marketplace.getPaymentLink',
		'getPaymentLink',
		'Get Payment Link',
		'Make a link by which a location pays',
	),
	marketplace(
		'marketplace.addDiscount',
		'addDiscount',
		'Add Discount',
		'Give locations a discount',
		done,
	),
	marketplace(
		'marketplace.updateChannel',
		'updateChannel',
		'Update Channel',
		'Switch a channel of messages on or off',
		{ ...done, tune: { is_available: { default: true } } },
	),
	marketplace(
		'marketplace.install',
		'install',
		'Confirm Installation',
		'Say that an application is connected',
		done,
	),
	marketplace(
		'marketplace.uninstall',
		'uninstall',
		'Uninstall',
		'Take an application from a location',
		{ ...done, action: 'Uninstall application' },
	),
	marketplace(
		'marketplace.notifyPayment',
		'notifyPayment',
		'Report Payment',
		'Say that a location has paid',
		one,
	),
	marketplace(
		'marketplace.notifyRefund',
		'notifyRefund',
		'Report Refund',
		'Say that a payment was given back',
		done,
	),
	marketplace(
		'marketplace.setSmsSenderNames',
		'setSenderNames',
		'Set Sender Names',
		'Set the names from which SMS can be sent',
		done,
	),

	dictionary('dictionary.getCountries', 'getCountries', 'Get Countries', 'List countries', {
		action: 'Get countries',
	}),
	dictionary('dictionary.getCities', 'getCities', 'Get Cities', 'List cities of a country', {
		action: 'Get cities',
		without: ['company_id'],
	}),
	dictionary(
		'dictionary.getBusinessTypes',
		'getBusinessTypes',
		'Get Business Types',
		'List kinds of business',
		{ action: 'Get kinds of business' },
	),

	utility(
		'utility.validatePhone',
		'validatePhone',
		'Validate Phone',
		'Check whether a phone can exist',
		{ ...one, action: 'Validate phone' },
	),

	...images,

	tips('tips.getSettings', 'getAll', 'Get Many', 'List the settings of tips of a location'),
	tips('tips.enable', 'enable', 'Enable', 'Let a team member get tips', {
		does: 'writes',
		answer: { kind: 'done' },
	}),
	tips('tips.disable', 'disable', 'Disable', 'Let a team member get no more tips', {
		answer: { kind: 'done' },
	}),

	call('voip.getCalls', 'getAll', 'Get Many', 'List calls of a location'),
	call('voip.event', 'report', 'Report', 'Tell of a call, or connect the telephone system', {
		...done,
		top: ['command', 'type'],
	}),

	medical('medical.getPatient', 'getPatient', 'Get Patient', 'Retrieve a patient', one),
	medical('medical.getCards', 'getCards', 'Get Cards', 'List the cards of a patient', rows),
	medical('medical.getCard', 'getCard', 'Get Card', 'Retrieve a card of a patient', one),
	medical('medical.createCard', 'createCard', 'Create Card', 'Add a card to a patient', {
		...one,
		...patientBody,
	}),
	medical('medical.updateCard', 'updateCard', 'Update Card', 'Replace a card of a patient', {
		...one,
		...patientBody,
	}),
	medical(
		'medical.getDoctorVisits',
		'getVisits',
		'Get Visits',
		'List the visits to a doctor of an appointment',
		rows,
	),
	medical('medical.getDoctorVisit', 'getVisit', 'Get Visit', 'Retrieve a visit to a doctor', {
		...one,
		...doctorVisit,
	}),
	medical('medical.createDoctorVisit', 'createVisit', 'Create Visit', 'Add a visit to a doctor', {
		...one,
		...patientBody,
	}),
	medical(
		'medical.updateDoctorVisit',
		'updateVisit',
		'Update Visit',
		'Replace a visit to a doctor',
		{ ...one, ...doctorVisit, ...patientBody },
	),
];
