/** Appointments (records). Reference of the project: altegio-api.md §1.7, §2.2. */
import type { IDataObject } from 'n8n-workflow';

import type {
	Call,
	Choice,
	Field,
	MapperField,
	Operation,
	SendRequest,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { family } from '../dialect';
import { idField, location, locationOf } from './location';

const DOCS = 'https://developer.alteg.io/api';
/** Names of custom fields in the mapper. */
const CUSTOM = 'custom_field:';

/** Attendance codes (Altegio docs: visit status). */
export const ATTENDANCES: Choice[] = [
	{ name: 'Arrived', value: '1' },
	{ name: 'Confirmed', value: '2' },
	{ name: 'Did Not Come', value: '-1' },
	{ name: 'Waiting', value: '0' },
];

const appointmentId = idField(
	'recordId',
	'Appointment ID',
	'37955315',
	'The number of the appointment, which is not that of its visit',
);

const extras: Field[] = [
	['include_consumables', 'Include Consumables', 'materials used up'],
	['include_finance_transactions', 'Include Payments', 'payments'],
].map(([name, label, what]) => ({
	name,
	label,
	kind: 'toggle',
	section: 'options',
	to: `query:${name}`,
	help: `Whether to return ${what} as well`,
	wire: (value) => (value === true ? 1 : undefined),
}));

const listAt = (row: IDataObject, name: string): IDataObject[] =>
	(Array.isArray(row[name]) ? row[name] : []) as IDataObject[];
const objectAt = (row: IDataObject, name: string): IDataObject => (row[name] ?? {}) as IDataObject;

/** Time on the location's clock; `datetime` was seen with a wrong offset. */
function localTime({ date, datetime }: IDataObject): unknown {
	return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(String(date)) ? date : (datetime ?? date);
}

const simplify = (record: IDataObject): IDataObject => {
	const client = objectAt(record, 'client');
	return {
		id: record.id,
		visitId: record.visit_id ?? null,
		locationId: record.company_id ?? null,
		date: localTime(record) ?? null,
		durationSeconds: record.seance_length ?? null,
		status: ATTENDANCES.find(({ value }) => value === String(record.attendance))?.name ?? null,
		clientName: client.name ?? null,
		clientPhone: client.phone === undefined || client.phone === null ? null : String(client.phone),
		staff: objectAt(record, 'staff').name ?? null,
		services: listAt(record, 'services')
			.map(({ title }) => String(title))
			.join(', '),
	};
};

const output: Operation['output'] = {
	id: { type: 'number' },
	visitId: { type: 'number' },
	locationId: { type: 'number' },
	date: { type: 'string' },
	durationSeconds: { type: 'number' },
	status: { type: 'string' },
	clientName: { type: 'string' },
	clientPhone: { type: 'string' },
	staff: { type: 'string' },
	services: { type: 'string' },
};

const FIELDS: MapperField[] = [
	{
		name: 'attendance',
		label: 'Status',
		also: ['status'],
		kind: 'choice',
		choices: ATTENDANCES,
		wire: Number,
	},
	{
		name: 'datetime',
		label: 'Date and Time',
		looks: "the location's clock",
		kind: 'time',
		as: 'wall',
	},
	{
		name: 'seance_length',
		label: 'Duration',
		also: ['durationSeconds'],
		looks: 'seconds',
		kind: 'number',
	},
	{ name: 'staff_id', label: 'Team Member ID', kind: 'number' },
	{ name: 'services', label: 'Services', looks: '[{"id": 1, "cost": 1500}]', kind: 'array' },
	{ name: 'client', label: 'Client', looks: '{"phone", "name", "email"}', kind: 'object' },
	{ name: 'comment', label: 'Comment', kind: 'text' },
	{ name: 'api_id', label: 'Own ID', kind: 'text', rare: true },
	{ name: 'clients_count', label: 'Places', looks: 'group events', kind: 'number', rare: true },
	{ name: 'custom_color', label: 'Color', looks: 'ff0000', kind: 'text', rare: true },
	{
		name: 'custom_fields',
		label: 'Custom Fields',
		looks: '{"code": "value"}',
		kind: 'object',
		rare: true,
	},
	{
		name: 'email_remain_hours',
		label: 'E-Mail Reminder',
		looks: 'hours before',
		kind: 'number',
		rare: true,
	},
	{ name: 'record_labels', label: 'Tag IDs', looks: '[1, 2]', kind: 'array', rare: true },
	{
		name: 'sms_remain_hours',
		label: 'SMS Reminder',
		looks: 'hours before',
		kind: 'number',
		rare: true,
	},
	{
		name: 'technical_break_duration',
		label: 'Break After',
		looks: 'seconds',
		kind: 'number',
		rare: true,
	},
];

/** Kinds of custom fields; selections come and go as text. */
const CUSTOM_KINDS: Record<string, MapperField['kind']> = { number: 'number' };

/** The custom fields of the chosen location. */
async function loadCustomFields(
	send: SendRequest,
	_baseUrl: string,
	parameter: (name: string) => unknown,
): Promise<MapperField[]> {
	const chosen = locationOf(parameter);
	if (chosen === undefined) return [];
	const { body } = await send({ method: 'GET', path: `/custom_fields/record/${chosen}` });
	return listAt(body as IDataObject, 'data').map((row) => {
		const field = objectAt(row, 'custom_field');
		return {
			name: `${CUSTOM}${String(field.code)}`,
			label: String(field.title ?? field.code),
			kind: CUSTOM_KINDS[String(objectAt(field, 'type').code)] ?? 'text',
		};
	});
}

/** Custom fields of the mapper go to where the API has them; a call that names nothing is not sent. */
async function writeCustomFields(calls: Call[]): Promise<void> {
	for (const call of calls) {
		const { body, extra } = call;
		const custom = Object.entries(extra).map(([name, value]) => [name.slice(CUSTOM.length), value]);
		if (custom.length > 0) {
			const given = body.custom_fields as IDataObject | undefined;
			body.custom_fields = { ...given, ...Object.fromEntries(custom) };
		}
		if (Object.keys(body).every((name) => name === 'send_sms')) {
			call.problem = new InputProblem(
				'Fields',
				'name nothing to change',
				'Fill in at least one field, or check the expressions that fill them.',
			);
		} else if (call.control.sendAsGiven === true) call.problem = missingField(call);
	}
	await Promise.resolve();
}

/** What Altegio refuses to be without; YCLIENTS takes any part of an appointment. */
function missingField({ baseUrl, body }: Call): InputProblem | undefined {
	if (new URL(baseUrl).hostname.includes('yclients')) return undefined;
	const needed = 'activity_id' in body ? ['client'] : REQUIRED;
	const missing = FIELDS.find(({ name }) => needed.includes(name) && !(name in body));
	return (
		missing &&
		new InputProblem(
			missing.label,
			'is not named, but Altegio takes whole appointments only',
			"Name all of date and time, duration, team member, services and client, or switch off the option 'Send As Given'.",
		)
	);
}
const REQUIRED = ['datetime', 'seance_length', 'staff_id', 'services', 'client'];

/** Properties that a replacement would lose. A group event needs its client only. */
const KEPT = [
	'activity_id',
	'api_id',
	'attendance',
	'clients_count',
	'comment',
	'custom_color',
	'email_remain_hours',
	'seance_length',
	'sms_remain_hours',
	'staff_id',
	'technical_break_duration',
];
const MOVES = ['datetime', 'seance_length', 'staff_id', 'technical_break_duration'];

/** The body that leaves an appointment as it is. */
export function kept(current: IDataObject, { body, control }: Call): IDataObject {
	const values = Object.fromEntries(
		KEPT.map((name) => [name, current[name]]).filter(
			([name, value]) =>
				value !== undefined && value !== null && !(name === 'activity_id' && value === 0),
		),
	) as IDataObject;
	const moves = MOVES.some((name) => name in body);
	return {
		...values,
		custom_fields: objectAt(current, 'custom_fields'),
		datetime: localTime(current) as string,
		services: listAt(current, 'services').map(({ id, first_cost, discount, cost }) => ({
			id,
			first_cost,
			discount,
			cost,
		})),
		client: 'client' in body ? {} : keptClient(objectAt(current, 'client')),
		record_labels: listAt(current, 'record_labels').map(({ id }) => id),
		// It stands in its own place: only one that moves can meet another.
		save_if_busy: control.saveIfBusy === true || !moves,
	};
}

function keptClient({ phone, name, email }: IDataObject): IDataObject {
	if (/\*/.test(String(phone))) {
		throw new InputProblem(
			'Client',
			'has a phone that the user behind the token may not see, so the client cannot be sent along',
			"Give the user the right to see phones, or name 'Client' among the fields.",
		);
	}
	const given = Object.entries({ phone, name, email });
	return Object.fromEntries(
		given
			.filter(([, value]) => value !== undefined && value !== null && value !== '')
			.map(([key, value]) => [key, key === 'phone' ? String(value) : value]),
	) as IDataObject;
}

const appointment = family({ value: 'appointment', one: 'appointment', many: 'appointments' });

export const appointments: Operation[] = [
	appointment(
		'appointment.getMany',
		'getAll',
		'Get Many',
		'List appointments by day, change, team member or client',
		{
			simplify,
			output,
			tune: { with_deleted: { help: 'Whether to return cancelled appointments as well' } },
			notes: "Dates are those of the location's clock.",
		},
	),
	appointment(
		'appointment.getManyByPartner',
		'getOwn',
		'Get Own',
		'List the appointments that your application has made',
		{
			action: 'Get appointments of application',
		},
	),
	appointment(
		'v2.appointment.list',
		'getOfEvent',
		'Get by Client or Event',
		'List appointments of a client or an event',
		{
			action: 'Get appointments by client or event',
		},
	),
	appointment(
		'v2.appointment.listByAttendance',
		'getOfVisit',
		'Get by Visit',
		'List the appointments of a visit',
		{
			action: 'Get appointments by visit',
			tune: { attendance_id: { label: 'Visit ID' } },
		},
	),
	appointment('appointment.create', 'create', 'Create', 'Book a client with a team member', {
		constants: { send_sms: false, save_if_busy: false },
		simplify,
		output,
		tune: {
			client: {
				json: true,
				help: 'JSON such as <code>{ "phone": "13155550175", "name": "Kate" }</code>; a known phone is the client it belongs to',
			},
			save_if_busy: {
				help: 'Whether to book although the time is taken or outside working hours',
			},
			send_sms: { help: 'Whether to send the client a message' },
			services: {
				json: true,
				help: 'JSON list such as <code>[{ "id": 220000, "cost": 1500 }]</code>',
			},
		},
		notes: "Times are those of the location's clock.",
	}),
	appointment(
		'appointment.delete',
		'delete',
		'Cancel',
		'Cancel an appointment: Altegio deletes it',
		{
			notes: 'Get Many still finds it with the option With Deleted.',
		},
	),
	appointment('v2.appointment.delete', 'remove', 'Delete', 'Delete an appointment', {}),
	appointment(
		'v2.appointment.deleteFromTimetable',
		'removeFromVisit',
		'Delete From Visit',
		'Delete an appointment, and tell what is left of the visit',
		{
			action: 'Delete appointment from visit',
			tune: { recordId: { label: 'Appointment ID', name: 'appointmentId' } },
			answer: { kind: 'done' },
		},
	),
	{
		resource: 'appointment',
		operation: 'get',
		name: 'Get',
		action: 'Get appointment',
		description: 'Retrieve one appointment with its client, team member and services',
		route: 'GET /record/{locationId}/{recordId}',
		docs: DOCS,
		answer: { kind: 'object', at: 'data' },
		fields: [location, appointmentId, ...extras],
		simplify,
		output,
		notes: "Dates are those of the location's clock.",
	},
	{
		resource: 'appointment',
		operation: 'update',
		name: 'Update',
		action: 'Update appointment',
		description: 'Change some fields of an appointment; all others stay as they are',
		route: 'PUT /record/{locationId}/{recordId}',
		docs: DOCS,
		answer: { kind: 'object', at: 'data' },
		constants: { send_sms: false },
		fields: [
			location,
			appointmentId,
			{
				name: 'fields',
				label: 'Fields',
				kind: 'mapper',
				to: 'control',
				mapper: {
					mode: 'update',
					fields: FIELDS,
					// Whole rows hold 'date' beside 'datetime', and not always the same.
					readOnly: ['id', 'visitId', 'locationId', 'date', 'clientName', 'clientPhone', 'staff'],
					dependsOn: ['locationId.value'],
					more: { prefix: CUSTOM, load: loadCustomFields },
				},
			},
			{
				name: 'saveIfBusy',
				label: 'Save If Busy',
				kind: 'toggle',
				section: 'options',
				to: 'control',
				help: 'Whether to move the appointment although the time is taken or outside working hours',
			},
			{
				name: 'sendSms',
				label: 'Send SMS',
				kind: 'toggle',
				section: 'options',
				to: 'body:send_sms',
				help: 'Whether to send the client a message about the change',
			},
		],
		prepare: writeCustomFields,
		replaces: {
			read: 'GET /record/{locationId}/{recordId}',
			at: 'data',
			keep: kept,
			deep: ['custom_fields'],
			version: 'last_change_date',
		},
		simplify,
		output,
		notes:
			'Altegio replaces the whole appointment, so it is read first and what you do not name is sent along. Refused when it is paid in full, waits for an online payment, or a receipt was printed.',
	},
];
