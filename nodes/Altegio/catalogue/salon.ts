/** Locations, team members, services, schedules and online booking. Reference of the project: altegio-api.md §2.4–2.8. */
import type { IDataObject } from 'n8n-workflow';

import type { Call, Operation } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import type { ApiRequest } from '../../shared/road/wire';
import { listOf, numberOf } from '../../shared/form/readers';
import { create, family, isEmptyList, type More, update } from '../dialect';
import { daysToDelete, daysToSet } from './workDays';

const location = family({ value: 'location', one: 'location', many: 'locations' });
const chain = family({ value: 'chain', one: 'chain', many: 'chains' });
const teamMember = family({ value: 'teamMember', one: 'team member', many: 'team members' });
const position = family({ value: 'position', one: 'position', many: 'positions' });
const service = family({ value: 'service', one: 'service', many: 'services' });
const category = family({
	value: 'serviceCategory',
	one: 'service category',
	many: 'service categories',
});
const schedule = family({ value: 'schedule', one: 'schedule', many: 'schedules' });
const calendar = family({ value: 'calendar', one: 'availability', many: 'availabilities' });
const booking = family({ value: 'onlineBooking', one: 'online booking', many: 'online bookings' });
const form = family({ value: 'bookingForm', one: 'booking form', many: 'booking forms' });
const resource = family({ value: 'resource', one: 'room or device', many: 'rooms and devices' });
const settings = family({ value: 'settings', one: 'location', many: 'settings' });

/** `10:00–14:00, 15:00–18:00`; null of a day without any. */
function stretches(value: unknown): string | null {
	const list = (Array.isArray(value) ? value : []) as IDataObject[];
	return list.map(({ from, to }) => `${String(from)}–${String(to)}`).join(', ') || null;
}

const ROOMS = 'Room and Device IDs';

/** Help of JSON lists that may be empty, where the call wants to be told. */
const LIST_OR_NONE = 'JSON list in the form of the API, or <code>[]</code> for none';

/** Sessions that are booked online, row by row. */
const SESSIONS: More['tune'] = {
	appointments: {
		help: 'A row for each team member and time',
		orJson:
			'JSON list such as <code>[{ "id": 1, "services": [220000], "staff_id": 0, "datetime": "2026-11-28T10:30:00+03:00" }]</code>',
		front: ['services', 'staff_id', 'datetime'],
		columns: {
			services: {
				name: 'serviceIds',
				label: 'Services',
				load: { method: 'getServices', dependsOn: ['locationId.value'] },
				help: 'What is done, one after another, by the same team member',
			},
			staff_id: {
				name: 'teamMemberId',
				label: 'Team Member',
				search: 'searchTeamMembers',
				required: false,
				help: 'Anybody who is free without',
			},
			datetime: {
				label: 'Time',
				placeholder: 'e.g. 2026-11-28T10:30:00+03:00',
				help: "As <i>Get Times</i> gives it in 'datetime', with the offset",
			},
			id: {
				name: 'number',
				required: false,
				label: 'Number',
				help: 'Comes back with the answer; that of the row without it',
			},
			custom_fields: { label: 'Custom Fields of Appointment' },
		},
		wire: (value) =>
			(value as IDataObject[]).map((row, index) => ({ id: index + 1, staff_id: 0, ...row })),
	},
};

/** An empty call would change nothing, and say that it did. */
function someDays(_request: ApiRequest, { body }: Call): void {
	if (Object.keys(body).length > 0) return;
	throw new InputProblem(
		'Days to Set',
		"are empty, and so are 'Days to Delete'",
		"Add a row under 'Days to Set' or 'Days to Delete'.",
	);
}

/** Team members of a service beside its other fields. */
const STAFF: More['tune'] = {
	staff: {
		label: 'Team Members',
		rows: true,
		help: 'Who does the service; those who are not here no longer do it',
		columns: {
			id: {
				name: 'teamMemberId',
				label: 'Team Member',
				search: 'searchTeamMembers',
				required: true,
			},
			seance_length: { label: 'Duration (Seconds)' },
		},
	},
};

export const salon: Operation[] = [
	location(
		'location.getMany',
		'getAll',
		'Get Many',
		'List locations, of all or those that the user manages',
		{
			top: ['my'],
			tune: { my: { required: true, default: true } },
		},
	),
	location('location.get', 'get', 'Get', 'Retrieve a location with its time zone and address'),
	location(
		'location.create',
		'create',
		'Create',
		'Add a location',
		create('title', 'country_id', 'city_id', 'address'),
	),
	location(
		'location.update',
		'update',
		'Update',
		'Change some fields of a location; all others stay',
		{
			...update('title', 'address', 'phones', 'site', 'description'),
			merge: 'GET /company/{locationId}',
			notes: 'Phones may stay as they were without an error.',
		},
	),

	chain('chain.getMany', 'getAll', 'Get Many', 'List the chains of the user, with their locations'),
	chain(
		'chain.getClientByPhone',
		'getClient',
		'Get Client',
		'Find a client of a chain by phone, with the IDs in each location',
	),

	teamMember('teamMember.getAllFlat', 'getAll', 'Get Many', 'List the team members of a location'),
	teamMember('teamMember.getMany', 'get', 'Get', 'Retrieve a team member', {
		answer: { kind: 'object', at: 'data' },
	}),
	teamMember(
		'teamMember.getLegacy',
		'getDetails',
		'Get Details',
		'Retrieve a team member with position, user and settings',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	teamMember(
		'v2.teamMember.list',
		'search',
		'Search',
		'Find team members by name, position or state',
	),
	teamMember(
		'teamMember.create',
		'create',
		'Create',
		'Add a team member, with a user who is invited',
		{
			notes: 'A paid team member raises the price of the license.',
		},
	),
	teamMember(
		'teamMember.update',
		'update',
		'Update',
		'Change some fields of a team member; all others stay',
		{
			...update('name', 'specialization', 'information', 'fired', 'hidden'),
			merge: 'GET /company/{locationId}/staff/{teamMemberId}',
		},
	),
	teamMember(
		'teamMember.delete',
		'delete',
		'Delete',
		'Delete a team member for good; set Fired instead to keep the history',
	),

	position('v2.position.list', 'getAll', 'Get Many', 'List the positions of a location'),
	position('v2.position.get', 'get', 'Get', 'Retrieve a position'),
	position(
		'v2.position.create',
		'create',
		'Create',
		'Add a position',
		create('title', 'description'),
	),
	position(
		'v2.position.update',
		'update',
		'Update',
		'Change some fields of a position; all others stay',
		{
			...update('title', 'description'),
			merge: 'GET /v2/locations/{locationId}/positions/{positionId}',
		},
	),
	position('v2.position.delete', 'delete', 'Delete', 'Delete a position'),

	service('service.getAllFlat', 'getAll', 'Get Many', 'List the services of a location', {
		notes: 'A duration may be missing: take that of the team member.',
	}),
	service('service.getMany', 'get', 'Get', 'Retrieve a service with prices and team members', {
		answer: { kind: 'object', at: 'data' },
	}),
	service(
		'v2.service.list',
		'search',
		'Search by ID',
		'List services by their IDs, with title and category',
	),
	service('v2.service.get', 'getTitle', 'Get Title', 'Retrieve the title of a service'),
	service(
		'v2.service.listAttendanceServices',
		'getForVisit',
		'Get Bookable',
		'List what can be added to an appointment',
	),
	service(
		'v2.service.listCompositeAttendanceServices',
		'getOfComposite',
		'Get Parts',
		'List the parts of a service that has some',
	),
	service(
		'v2.service.listAttendanceSuggestions',
		'getSuggestions',
		'Get Suggestions',
		'List services that are often added',
	),
	service('service.create', 'create', 'Create', 'Add a service', {
		...create('title', 'category_id', 'price_min', 'price_max', 'duration'),
		tune: STAFF,
	}),
	service(
		'service.update',
		'update',
		'Update',
		'Change some fields of a service; all others stay',
		{
			...update('title', 'price_min', 'price_max', 'duration'),
			tune: STAFF,
			merge: 'GET /company/{locationId}/services/{serviceId}',
		},
	),
	service(
		'service.updateYclients',
		'updateYclients',
		'Update in YCLIENTS',
		'Change some fields of a service; all others stay',
		{
			...update('title', 'price_min', 'price_max', 'duration'),
			tune: STAFF,
			merge: 'GET /company/{locationId}/services/{serviceId}',
		},
	),
	service('service.delete', 'delete', 'Delete', 'Delete a service'),
	service(
		'service.assignTeamMember',
		'assignTeamMember',
		'Assign Team Member',
		'Let a team member do a service',
	),
	service(
		'service.updateTeamMemberLink',
		'updateTeamMember',
		'Update Team Member',
		'Change how a team member does a service',
	),
	service(
		'service.removeTeamMember',
		'removeTeamMember',
		'Remove Team Member',
		'Let a team member no longer do a service',
	),
	service(
		'service.updateLinks',
		'setLinks',
		'Set Links',
		'Replace all team members, rooms and translations of a service',
		{
			tune: {
				master_settings: {
					label: 'Team Members',
					help: 'A row for each of those who do the service; all others no longer do it',
					orJson: LIST_OR_NONE,
					columns: {
						master_id: {
							name: 'teamMemberId',
							label: 'Team Member',
							search: 'searchTeamMembers',
							required: true,
						},
						technological_card_id: { label: 'Bill of Materials ID' },
						hours: { help: 'Duration: whole hours' },
						minutes: { help: 'Duration: minutes beside the hours' },
						'price.min': { name: 'priceMin', label: 'Lowest Price' },
						'price.max': { name: 'priceMax', label: 'Highest Price' },
					},
				},
				resource_ids: {
					label: ROOMS,
					help: 'IDs separated by commas; all others are taken away. For none: []',
					wire: (value) =>
						isEmptyList(value)
							? []
							: listOf(value)?.map((one) => numberOf(ROOMS, one, { min: 1, whole: true })),
				},
				translations: {
					help: 'A row for each language; all others are taken away',
					orJson: LIST_OR_NONE,
					columns: { language_id: { required: true }, translation: { required: true } },
				},
			},
		},
	),

	category(
		'v2.serviceCategory.list',
		'getAll',
		'Get Many',
		'List the service categories of a location',
	),
	category(
		'serviceCategory.getMany',
		'getOfTeamMember',
		'Get With Services',
		'Retrieve a category, by team member if you like',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	category('serviceCategory.get', 'get', 'Get', 'Retrieve a service category'),
	category(
		'serviceCategory.getManyChain',
		'getOfChain',
		'Get Many of Chain',
		'List the service categories of a chain',
		{
			action: 'Get many service categories of chain',
			at: 'data',
		},
	),
	category(
		'serviceCategory.create',
		'create',
		'Create',
		'Add a service category',
		create('title', 'weight', 'staff'),
	),
	category(
		'serviceCategory.update',
		'update',
		'Update',
		'Change some fields of a service category; all others stay',
		{
			...update('title', 'weight', 'staff'),
			merge: 'GET /service_category/{locationId}/{categoryId}',
		},
	),
	category('serviceCategory.delete', 'delete', 'Delete', 'Delete a service category'),

	schedule(
		'schedule.getMany',
		'getAll',
		'Get Many',
		'List working times by day, with what is taken',
		{
			top: ['start_date', 'end_date'],
			tune: { start_date: { required: true }, end_date: { required: true } },
			output: {
				staff_id: { type: 'number' },
				date: { type: 'string' },
				slots: { type: 'string' },
				busy: { type: 'string' },
				off_day_type: { type: 'number' },
			},
			simplify: (row) => ({
				staff_id: row.staff_id ?? row.team_member_id ?? null,
				date: row.date ?? null,
				slots: stretches(row.slots),
				busy: stretches(row.busy_intervals),
				off_day_type: row.off_day_type ?? null,
			}),
		},
	),
	schedule('schedule.getByTeamMember', 'get', 'Get', 'List the working times of one team member', {
		answer: { kind: 'list', at: 'data' },
		output: {
			date: { type: 'string' },
			is_working: { type: 'number' },
			slots: { type: 'string' },
		},
		simplify: (row) => ({
			date: row.date ?? null,
			is_working: row.is_working ?? null,
			slots: stretches(row.slots),
		}),
	}),
	schedule(
		'schedule.set',
		'set',
		'Set',
		'Set or delete the working times of days; other days stay',
		{
			section: 'additionalFields',
			own: [daysToSet, daysToDelete],
			tune: {
				schedules_to_set: {
					label: 'Days to Set',
					orJson:
						'JSON list such as <code>[{ "staff_id": 1, "dates": ["2026-11-28"], "slots": [{ "from": "10:00", "to": "18:00" }] }]</code>',
				},
				schedules_to_delete: {
					label: 'Days to Delete',
					orJson: 'JSON list such as <code>[{ "staff_id": 1, "dates": ["2026-11-28"] }]</code>',
				},
			},
			shape: someDays,
			answer: { kind: 'done' },
		},
	),

	calendar('calendar.getDates', 'getDates', 'Get Dates', 'List the working days around a date', {
		answer: { kind: 'list', at: 'data' },
		output: { value: { type: 'string' } },
	}),
	calendar(
		'calendar.getSessions',
		'getSessions',
		'Get Sessions',
		'List the sessions of a team member on a day, free or not',
	),

	booking(
		'onlineBooking.getServices',
		'getServices',
		'Get Services',
		'List services that can be booked online',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	booking(
		'onlineBooking.getTeamMembers',
		'getTeamMembers',
		'Get Team Members',
		'List team members that can be booked online',
	),
	booking('onlineBooking.getDates', 'getDates', 'Get Dates', 'List days with free time', {
		answer: { kind: 'object', at: 'data' },
	}),
	booking(
		'onlineBooking.getTimes',
		'getTimes',
		'Get Times',
		'List free times of a day; team member 0 means anybody',
		{
			tune: { team_member_id: {} },
		},
	),
	booking(
		'onlineBooking.getNearestSlots',
		'getNearest',
		'Get Nearest Times',
		'List the nearest free times of a team member',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	booking('onlineBooking.check', 'check', 'Check', 'Check whether appointments can be booked', {
		tune: SESSIONS,
	}),
	booking('onlineBooking.create', 'create', 'Create', 'Book appointments as a client does online', {
		tune: SESSIONS,
		top: ['phone', 'fullname', 'email'],
	}),
	booking('onlineBooking.get', 'get', 'Get', 'Retrieve what was booked online'),
	booking('onlineBooking.reschedule', 'reschedule', 'Reschedule', 'Move what was booked online', {
		top: ['datetime'],
	}),
	booking(
		'onlineBooking.getUserAppointments',
		'getByHash',
		'Get by Hash',
		'Retrieve what was booked, by ID and hash',
		{
			answer: { kind: 'object', at: 'data' },
		},
	),
	booking('onlineBooking.cancel', 'cancel', 'Cancel', 'Cancel what was booked online'),
	booking(
		'onlineBooking.bookEvent',
		'bookEvent',
		'Book Event',
		'Book places of an event as a client does online',
	),
	booking(
		'onlineBooking.sendSmsCode',
		'sendCode',
		'Send SMS Code',
		'Send the code that confirms a phone',
		{ top: ['phone'] },
	),
	booking(
		'onlineBooking.getPrivacyPolicy',
		'getPrivacyPolicy',
		'Get Privacy Policy',
		'Retrieve what clients agree to',
	),

	form('bookingForm.getMany', 'getAll', 'Get Many', 'List the booking forms of a location'),
	form('bookingForm.get', 'get', 'Get', 'Retrieve a booking form'),
	form(
		'bookingForm.getConfig',
		'getConfiguration',
		'Get Configuration',
		'Retrieve a booking form as the widget does, with its location',
	),
	form(
		'bookingForm.getI18n',
		'getTexts',
		'Get Texts',
		'Retrieve the texts of booking forms in a language',
		{
			answer: { kind: 'object', at: 'data' },
			// They are wanted all.
			columns: [],
		},
	),
	form(
		'bookingForm.create',
		'create',
		'Create',
		'Add a booking form',
		create('title', 'description', 'is_default'),
	),
	form(
		'bookingForm.update',
		'update',
		'Update',
		'Change some fields of a booking form; all others stay',
		{
			...update('title', 'description', 'is_default'),
			merge: 'GET /company/{locationId}/booking_forms/{formId}',
		},
	),
	form('bookingForm.delete', 'delete', 'Delete', 'Delete a booking form'),

	resource('resource.getMany', 'getAll', 'Get Many', 'List rooms and devices of a location'),
	resource(
		'v2.resource.listOccupations',
		'getOccupations',
		'Get Occupations',
		'List when rooms and devices are taken',
	),

	settings(
		'settings.getCalendar',
		'getCalendar',
		'Get Calendar',
		'Retrieve the settings of the calendar',
		{ action: 'Get settings of calendar' },
	),
	settings(
		'settings.updateCalendar',
		'updateCalendar',
		'Update Calendar',
		'Change some settings of the calendar; all others stay',
		{
			action: 'Update settings of calendar',
			...update('record_type'),
			merge: 'GET /company/{locationId}/settings/timetable',
		},
	),
	settings(
		'settings.getOnlineBooking',
		'getOnlineBooking',
		'Get Online Booking',
		'Retrieve the settings of online booking',
		{ action: 'Get settings of online booking' },
	),
	settings(
		'settings.updateOnlineBooking',
		'updateOnlineBooking',
		'Update Online Booking',
		'Change some settings of online booking; all others stay',
		{
			action: 'Update settings of online booking',
			...update('confirm_number', 'any_master', 'seance_delay_step'),
			merge: 'GET /company/{locationId}/settings/online',
		},
	),
	settings(
		'settings.getTimeslots',
		'getTimeslots',
		'Get Time Slots',
		'Retrieve the times at which appointments begin',
		{
			action: 'Get settings of time slots',
			answer: { kind: 'object', at: 'data' },
		},
	),
];
