/** Appointments (records). Reference of the project: altegio-api.md §1.7, §2.2. */
import type { IDataObject } from 'n8n-workflow';

import type {
	ApiRequest,
	Call,
	Choice,
	Field,
	MapperField,
	Operation,
	SecondLook,
	WireContext,
	Work,
} from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { isNothing } from '../../shared/form/readers';
import { timeAs } from '../../shared/form/times';
import { parsedJson } from '../../shared/form/values';
import { readMarkedJson } from '../../shared/road/exact';
import { once } from '../../shared/road/once';
import { checkEach } from '../../shared/run/checks';
import { nameOf, secondsOf } from '../asWritten';
import { family, withSpokenWords } from '../dialect';
import { isOn } from '../isOn';
import { digitsOf, phoneOf } from '../phone';
import { resolveNames } from './byName';
import { customFields, placeCustomFields } from './customFields';
import { locationPick } from './fields';
import { location } from './location';

const DOCS = 'https://developer.alteg.io/api';

/** Attendance codes (Altegio docs: visit status). */
const ATTENDANCES: Choice[] = [
	{ name: 'Arrived', value: '1' },
	{ name: 'Confirmed', value: '2' },
	{ name: 'No-Show', value: '-1' },
	{ name: 'Waiting', value: '0' },
];

/** An appointment picked from a list: its number stands nowhere in the web app. */
const PICKED = {
	label: 'Appointment',
	search: 'searchAppointments',
	help: 'The list has those from yesterday on: search for a name, a phone, or any day such as 2026-11-28. An ID is that of the appointment, not of its visit.',
};

const appointmentId = {
	...locationPick('recordId', PICKED.label, PICKED.search, '37955315', PICKED.help),
	to: 'path:recordId',
	required: true,
} as Field;

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

/** Word of a cancelled appointment, whatever its attendance was. */
const CANCELLED = 'Cancelled';

function shownStatus({ attendance, deleted }: IDataObject): string | null {
	if (isOn(deleted)) return CANCELLED;
	return ATTENDANCES.find(({ value }) => value === String(attendance))?.name ?? null;
}

const simplify = (record: IDataObject): IDataObject => {
	const client = objectAt(record, 'client');
	return {
		id: record.id,
		visitId: record.visit_id ?? null,
		locationId: record.company_id ?? null,
		date: localTime(record) ?? null,
		durationSeconds: record.seance_length ?? null,
		status: shownStatus(record),
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

/**
 * A row as Altegio has it, in the form of a write: it tells its time twice, of which the second has an offset that is that
 * of no zone, and holds whole objects.
 */
function takenAppointment(row: IDataObject): IDataObject {
	const { date, datetime, client, services, record_labels: labels } = row;
	const clock = (value: unknown) => String(value).slice(0, 19).replace('T', ' ');
	const isTwice = typeof date === 'string' && typeof datetime === 'string';
	// A simplified row has the titles of its services, which say less than they do.
	const isSimple = Object.keys(output).every((name) => name in row);
	if (isSimple && typeof services === 'string' && !/^\s*\[/.test(services)) {
		return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'services'));
	}
	const isRead = (one: unknown) => typeof one === 'object' && one !== null && 'id' in one;
	return {
		...row,
		...(isTwice && clock(datetime) === clock(date) ? { datetime: date } : {}),
		...(isRead(client) ? { client: keptClient(client as IDataObject) } : {}),
		// Only rows have the titles of services.
		...(listAt({ services }, 'services').some(({ title }) => title !== undefined)
			? { services: keptServices(row) }
			: {}),
		...(listAt({ labels }, 'labels').some(isRead)
			? { record_labels: listAt(row, 'record_labels').map(({ id }) => id) }
			: {}),
	} as IDataObject;
}

const FIELDS: MapperField[] = [
	withSpokenWords({
		name: 'attendance',
		label: 'Status',
		also: ['status'],
		kind: 'choice',
		choices: ATTENDANCES,
		wire: Number,
	}),
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
		looks: 'seconds, or 1:30',
		kind: 'text',
		wire: (value) => secondsOf('Duration', value),
	},
	{ name: 'staff_id', label: 'Team Member ID', kind: 'number' },
	{ name: 'services', label: 'Services', looks: '[{"id": 1, "cost": 1500}]', kind: 'array' },
	{
		name: 'client',
		label: 'Client',
		looks: '{"phone", "name", "email"}',
		kind: 'object',
		wire: (value, { baseUrl }) => clientGiven(value, baseUrl),
	},
	{ name: 'comment', label: 'Comment', kind: 'text' },
	{ name: 'api_id', label: 'Own ID', kind: 'text', rare: true },
	{
		name: 'client_agreements',
		label: 'Client Agreements',
		looks: 'what the client agrees to; YCLIENTS',
		kind: 'object',
		rare: true,
	},
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

/** Custom fields of the mapper go to where the API has them; a call that names nothing is not sent. */
async function writeCustomFields(calls: Call[]): Promise<void> {
	for (const call of calls) {
		placeCustomFields(call);
		const { body } = call;
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
function keptAppointment(current: IDataObject, { body, control }: Call): IDataObject {
	const values = Object.fromEntries(
		KEPT.map((name) => [name, current[name]]).filter(
			([name, value]) =>
				value !== undefined && value !== null && !(name === 'activity_id' && value === 0),
		),
	) as IDataObject;
	const place = { ...current, datetime: localTime(current) } as IDataObject;
	const moves = MOVES.some((name) => name in body && body[name] !== place[name]);
	return {
		...values,
		custom_fields: objectAt(current, 'custom_fields'),
		datetime: localTime(current) as string,
		services: keptServices(current),
		client: 'client' in body ? {} : keptClient(objectAt(current, 'client')),
		record_labels: listAt(current, 'record_labels').map(({ id }) => id),
		// It stands in its own place: only one that moves can meet another.
		save_if_busy: control.saveIfBusy === true || !moves,
	};
}

const keptServices = (row: IDataObject): IDataObject[] =>
	listAt(row, 'services').map(({ id, first_cost, discount, cost }) => ({
		id,
		first_cost,
		discount,
		cost,
	}));

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

const byStatus: Field = {
	name: 'status',
	label: 'Status',
	kind: 'choices',
	choices: [{ name: CANCELLED, value: 'deleted' }, ...ATTENDANCES].sort((one, other) =>
		one.name.localeCompare(other.name),
	),
	section: 'filters',
	to: 'control',
	help: 'Appointments with one of these; Altegio cannot filter by them, so that all others are read as well',
};

/** Rows of the wanted states; Altegio has no such filter. */
function ofStatus(
	call: Call,
	request: ApiRequest,
	limit: number,
	work: Work,
): AsyncIterable<IDataObject[]> | undefined {
	const wanted = call.control.status as string[] | undefined;
	const { list } = call.operation;
	if (!wanted || wanted.length === 0 || !list) return undefined;
	const query = wanted.includes('deleted')
		? { ...request.query, with_deleted: true }
		: request.query;
	return (async function* () {
		let left = limit;
		const all = work.pages({ request: { ...request, query }, rule: list, limit: Infinity });
		for await (const rows of all) {
			const fits = rows
				.filter(({ deleted, attendance }) =>
					wanted.includes(isOn(deleted) ? 'deleted' : String(attendance)),
				)
				.slice(0, left);
			left -= fits.length;
			if (fits.length > 0) yield fits;
			if (left <= 0) return;
		}
	})();
}

/** A free time: when it begins on the location's clock, and how long it takes (seconds) where the slot tells it. */
interface Slot {
	datetime: string;
	length?: number;
}

const SLOT = /^\s*(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\/(\d+))?\s*$/;

/** Reads what the list of free times gives, and dates in all other forms. */
function slotOf(value: unknown, context: WireContext): Slot {
	const found = SLOT.exec(typeof value === 'string' ? value : '');
	if (!found) return { datetime: momentOf(value, context) };
	const [, day, hour, minute, second = '00', length] = found;
	// The calendar may have no such day, the clock no such time.
	const datetime = timeAs('wall', `${day} ${hour}:${minute}:${second}`, context, 'Time');
	return { datetime, ...(length ? { length: Number(length) } : {}) };
}

/** A day alone, as text or as a sheet's day number: midnight is not what it means. */
const DAY_ALONE = /^\s*(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|[2-7]\d{4})\s*$/;

/** A day with its time on the location's clock. Throws `InputProblem` for a day alone. */
function momentOf(value: unknown, context: WireContext): string {
	const wall = timeAs('wall', value, context, 'Time');
	if (!DAY_ALONE.test(String(value))) return wall;
	throw new InputProblem(
		'Time',
		`is '${String(value)}', a day without the time of day`,
		`Add when it begins, such as ${wall.slice(0, 10)} 10:30.`,
	);
}

/** A client as JSON, with the phone as Altegio wants it. */
function clientGiven(value: unknown, baseUrl: string): IDataObject | undefined {
	const given = parsedJson('Client', value, readMarkedJson) as IDataObject | undefined;
	if (given === undefined || isNothing(given.phone) || Array.isArray(given)) return given;
	return { ...given, phone: phoneOf('Client: Phone', given.phone, baseUrl) };
}

/** Team member, service and day, on which the list of free times depends. */
export const SLOT_OF = { staff: 'teamMemberId', service: 'serviceId', day: 'day' };

const day: Field = {
	name: SLOT_OF.day,
	label: 'Day',
	kind: 'time',
	as: 'date',
	to: 'control',
	help: 'The day whose free times are listed, on the clock of the location',
};

const slot: Field = {
	name: 'slot',
	label: 'Time',
	kind: 'locator',
	to: 'control',
	required: true,
	help: 'When it begins: a free time of the day, or any date and time on the clock of the location',
	locator: {
		search: 'searchFreeTimes',
		id: {
			pattern: SLOT.source,
			message: 'A time looks like 2026-11-28 10:30',
			placeholder: 'e.g. 2026-11-28 10:30',
		},
		words: { label: 'By Date', placeholder: 'e.g. 2026-11-28T10:30:00+03:00' },
	},
	wire: (value, context) => slotOf(value, context) as unknown,
};

const option = (
	name: string,
	label: string,
	to: Field['to'],
	help: string,
	kind: 'toggle' | 'text' = 'toggle',
): Field => ({ name, label, kind, section: 'options', to, help });

const saveIfBusy = option(
	'saveIfBusy',
	'Save If Busy',
	'control',
	'Whether to save the change although the time is taken or outside working hours',
);
const sendSms = option(
	'sendSms',
	'Send SMS',
	'body:send_sms',
	'Whether to send the client a message about the change',
);
const duration: Field = {
	name: 'duration',
	label: 'Duration (Seconds)',
	kind: 'number',
	default: 3600,
	min: 300,
	whole: true,
	section: 'options',
	to: 'control',
	help: 'How long it takes; without it, as long as the free time, the team member or the service tells',
};

/** A service of a location with the team members who do it. */
async function serviceOf(call: Call, id: unknown, work: Pick<Work, 'send'>): Promise<IDataObject> {
	const path = `/company/${encodeURIComponent(call.path.locationId)}/services/${encodeURIComponent(String(id))}`;
	return await once(work.send, path, async () => {
		const { body } = await work.send({ method: 'GET', path });
		const { data } = body as IDataObject;
		const row: unknown = Array.isArray(data) ? data[0] : data;
		if (typeof row === 'object' && row !== null) return row as IDataObject;
		throw new InputProblem(
			'Service',
			`'${String(id)}' is none of this location`,
			'Pick a service from the list.',
		);
	});
}

/** Seconds, from the free time, then the team member, then the service. Throws `InputProblem` without any. */
function lengthOf(call: Call, service: IDataObject, link: IDataObject | undefined): number {
	const { length } = call.control.slot as unknown as Slot;
	const known = [call.control.duration, length, link?.seance_length, service.duration]
		.map(Number)
		.find((one) => one > 0);
	if (known !== undefined) return known;
	throw new InputProblem(
		'Duration (Seconds)',
		'is told neither by the free time nor by the team member nor by the service',
		"Add the option 'Duration (Seconds)'.",
	);
}

/** What is wrong with a service that the team member does not do; undefined where they do it, or nobody is named. */
function notDone(
	service: IDataObject,
	staffId: number,
): { what: string; hint: string } | undefined {
	const links = listAt(service, 'staff');
	if (links.length === 0 || links.some(({ id }) => Number(id) === staffId)) return undefined;
	const others = links.map(({ id, name }) => [name, id].filter(Boolean).join(' '));
	return {
		what: `'${String(service.title ?? service.id)}' is none that the team member ${staffId} does`,
		hint: `Choose another one, or one of the team members: ${others.join(', ')}.`,
	};
}

/** Free times that an error names. */
const MOST_TIMES = 12;

/**
 * What a refusal may mean: Altegio's own text is in the language of the location. The client may have this appointment
 * already, made by an earlier call of whose answer nobody knows; else what else can be done is said.
 */
async function lookAtRefusal(
	calls: Call[],
	work: Pick<Work, 'send'>,
): Promise<Map<Call, SecondLook>> {
	const looks = new Map<Call, SecondLook>();
	for (const call of calls) {
		const row = call.operation.replaces ? undefined : await bookedBefore(call, work);
		const look: SecondLook | undefined = row
			? { row }
			: ((await serviceNotDone(call, work)) ?? (await freeTimes(call, work)));
		if (look) looks.set(call, look);
	}
	return looks;
}

async function serviceNotDone(
	call: Call,
	work: Pick<Work, 'send'>,
): Promise<SecondLook | undefined> {
	const staffId = Number(call.body.staff_id);
	for (const { id } of listAt(call.body, 'services')) {
		const wrong = notDone(await serviceOf(call, id, work), staffId);
		if (wrong) return { says: `${wrong.what}. ${wrong.hint}` };
	}
	return undefined;
}

const idsOf = (row: IDataObject) =>
	listAt(row, 'services')
		.map(({ id }) => Number(id))
		.sort((one, other) => one - other)
		.join();

/** The same appointment where it is there: of this client, with this team member, at this time, for these services. */
async function bookedBefore(
	{ body, path }: Call,
	{ send }: Pick<Work, 'send'>,
): Promise<IDataObject | undefined> {
	const phone = digitsOf(objectAt(body, 'client').phone);
	const datetime = String(body.datetime);
	if (phone === '' || !/^\d{4}-/.test(datetime)) return undefined;
	const day = datetime.slice(0, 10);
	const answer = await send({
		method: 'GET',
		path: `/records/${encodeURIComponent(path.locationId)}`,
		query: { start_date: day, end_date: day, staff_id: Number(body.staff_id), page: 1, count: 200 },
	});
	const { data } = answer.body as IDataObject;
	return listAt({ data } as IDataObject, 'data').find(
		(row) =>
			!isOn(row.deleted) &&
			String(localTime(row)).replace('T', ' ').slice(0, 16) === datetime.slice(0, 16) &&
			Number(row.staff_id ?? objectAt(row, 'staff').id) === Number(body.staff_id) &&
			digitsOf(objectAt(row, 'client').phone) === phone &&
			idsOf(row) === idsOf(body),
	);
}

/** Which times of the day are free with the team member, in words. */
async function freeTimes(
	{ body, path }: Call,
	{ send }: Pick<Work, 'send'>,
): Promise<SecondLook | undefined> {
	const day = String(body.datetime).slice(0, 10);
	const staffId = Number(body.staff_id);
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !(staffId > 0)) return undefined;
	const services = listAt(body, 'services').map(({ id }) => String(id));
	const answer = await send({
		method: 'GET',
		path: `/book_times/${encodeURIComponent(path.locationId)}/${staffId}/${day}`,
		...(services.length > 0 ? { query: { 'service_ids[]': services } } : {}),
	});
	const { data } = answer.body as IDataObject;
	const times = listAt({ data } as IDataObject, 'data')
		.map(({ time, datetime }) => String(time ?? String(datetime).slice(11, 16)))
		.filter((time) => /^\d{1,2}:\d{2}/.test(time));
	const asked = `${day} ${String(body.datetime).slice(11, 16)}`;
	if (times.length === 0) {
		return { says: `Asked for was ${asked}. No time is free on that day with this team member.` };
	}
	const shown = times.slice(0, MOST_TIMES).join(', ');
	const rest = times.length > MOST_TIMES ? ' and later' : '';
	return {
		says: `Asked for was ${asked}. Free on that day with this team member: ${shown}${rest}.`,
	};
}

/**
 * What the form names becomes the body. A service that is not linked to the team member is Altegio's to refuse: their
 * position may leave all services open (`services_binding_type` 0, reference of the project: altegio-api.md §2.5).
 */
async function fillBooking(call: Call, work: Work): Promise<void> {
	await resolveNames(call, work);
	const staffId = Number(call.control.teamMemberId);
	const serviceId = Number(call.control.serviceId);
	const service = await serviceOf(call, serviceId, work);
	const link = listAt(service, 'staff').find(({ id }) => Number(id) === staffId);
	Object.assign(call.body, {
		staff_id: staffId,
		services: [{ id: serviceId }],
		datetime: (call.control.slot as unknown as Slot).datetime,
		seance_length: lengthOf(call, service, link),
		client: call.body.client ?? {},
	});
}

/** All bookings are looked at before the first is sent. */
const prepareBooking = async (calls: Call[], work: Work) =>
	await checkEach(calls, async (call) => await fillBooking(call, work));

/** The new time of an appointment. */
async function prepareMove(calls: Call[], work: Work): Promise<void> {
	await checkEach(calls, async (call) => await resolveNames(call, work));
	for (const call of calls) {
		const { datetime, length } = call.control.slot as unknown as Slot;
		call.body.datetime = datetime;
		if (call.control.duration !== undefined)
			call.body.seance_length = call.control.duration as number;
		else if (length !== undefined) call.body.seance_length = length;
		if (call.control.teamMemberId !== undefined)
			call.body.staff_id = Number(call.control.teamMemberId);
		call.control.sendAsGiven = false;
	}
}

async function alwaysWhole(calls: Call[]): Promise<void> {
	for (const call of calls) call.control.sendAsGiven = false;
	await Promise.resolve();
}

/** Who comes, in the fields of a booking. */
const clientPhone: Pick<Field, 'name' | 'label' | 'placeholder' | 'help' | 'wire'> = {
	name: 'clientPhone',
	label: 'Client Phone',
	placeholder: 'e.g. +1 315 555-01-75',
	help: 'With the code of the country; a known phone is the client it belongs to',
	wire: (value, { baseUrl }) => phoneOf('Client Phone', value, baseUrl),
};
const clientName: Pick<Field, 'name' | 'label' | 'help' | 'wire'> = {
	name: 'clientName',
	label: 'Client Name',
	help: 'Name of a client who is new',
	wire: (value) => nameOf('Client Name', value),
};

const appointment = family({ value: 'appointment', one: 'appointment', many: 'appointments' });

const update: Operation = {
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
				...customFields('record'),
				taken: takenAppointment,
			},
		},
		saveIfBusy,
		sendSms,
	],
	prepare: writeCustomFields,
	replaces: {
		read: 'GET /record/{locationId}/{recordId}',
		at: 'data',
		keep: keptAppointment,
		deep: ['custom_fields'],
		version: 'last_change_date',
	},
	simplify,
	output,
	notes:
		'Altegio replaces the whole appointment, so it is read first and what you do not name is sent along. Refused when it is paid in full, waits for an online payment, or a receipt was printed.',
};

/** A change of the status alone, in words. */
const toStatus = (
	operation: string,
	name: string,
	action: string,
	description: string,
	attendance: number,
): Operation => ({
	...update,
	operation,
	name,
	action,
	description,
	constants: { send_sms: false, attendance },
	fields: [location, appointmentId, sendSms],
	prepare: alwaysWhole,
});

/** A pick of which an expression may give the name. */
function orName(field: Omit<Field, 'to'>): Field {
	const { locator } = field as Field & { kind: 'locator' };
	return { ...field, to: 'control', locator: { ...locator, orName: true } } as Field;
}

const teamMember = orName(
	locationPick(
		'teamMemberId',
		'Team Member',
		'searchTeamMembers',
		'55436',
		'From the list or by ID; an expression may give the name',
	),
);
const service = orName(
	locationPick(
		'serviceId',
		'Service',
		'searchServices',
		'220000',
		'From the list or by ID; an expression may give the name',
	),
);

const reschedule: Operation = {
	...update,
	operation: 'reschedule',
	name: 'Reschedule',
	action: 'Reschedule appointment',
	description: 'Move an appointment to another time; all else stays',
	fields: [
		location,
		appointmentId,
		{
			...teamMember,
			help: 'Whose free times are listed; the appointment goes to them, and stays where it is without',
		},
		{
			...service,
			help: 'For which free times are listed; the services of the appointment stay',
		},
		day,
		slot,
		duration,
		saveIfBusy,
		sendSms,
	],
	prepare: prepareMove,
	refused: lookAtRefusal,
};

const book: Operation = {
	...update,
	operation: 'book',
	name: 'Book',
	action: 'Book appointment',
	description: 'Book a client for a service in a free time of a team member',
	route: 'POST /records/{locationId}',
	constants: { send_sms: false, save_if_busy: false },
	fields: [
		location,
		{ ...teamMember, required: true },
		{ ...service, required: true },
		day,
		slot,
		{ ...clientPhone, kind: 'text', to: 'body:client.phone', required: true },
		{ ...clientName, kind: 'text', to: 'body:client.name' },
		option('clientEmail', 'Client E-Mail', 'body:client.email', 'E-mail of the client', 'text'),
		option('comment', 'Comment', 'body:comment', 'Note for those who work', 'text'),
		duration,
		option(
			'saveIfBusy',
			'Save If Busy',
			'body:save_if_busy',
			'Whether to book although the time is taken or outside working hours',
		),
		option('sendSms', 'Send SMS', 'body:send_sms', 'Whether to send the client a message'),
	],
	prepare: prepareBooking,
	refused: lookAtRefusal,
	replaces: undefined,
	notes:
		"Times are those of the location's clock. A taken time is refused, with those that are free; a client who has this appointment already gets it, and no second one.",
};

/** The phone of a client in JSON goes as Altegio wants it, too. */
function asBooked(operation: Operation): Operation {
	const fields = operation.fields.map((field): Field => {
		if (field.to !== 'body:client' || field.kind !== 'json') return field;
		return { ...field, wire: (value, { baseUrl }) => clientGiven(value, baseUrl) };
	});
	return { ...operation, fields };
}

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
			own: [byStatus],
			source: ofStatus,
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
	asBooked(
		appointment('appointment.create', 'create', 'Create', 'Book a client with a team member', {
			constants: { send_sms: false, save_if_busy: false },
			simplify,
			output,
			tune: {
				client: {
					orJson:
						'JSON such as <code>{ "phone": "13155550175", "name": "Kate", "surname": "Ray" }</code>, or <code>{}</code> where nobody comes',
				},
				'client.phone': clientPhone,
				'client.name': clientName,
				'client.email': {
					name: 'clientEmail',
					label: 'Client E-Mail',
					help: 'E-mail of a client who is new',
				},
				record_labels: { label: 'Tag IDs' },
				save_if_busy: {
					help: 'Whether to book although the time is taken or outside working hours',
				},
				send_sms: { help: 'Whether to send the client a message' },
				services: {
					help: 'What is done, a row for each service',
					orJson:
						'JSON list such as <code>[{ "id": 220000, "cost": 1500 }]</code>, or <code>[]</code> for none',
					front: ['id', 'cost', 'discount', 'first_cost'],
					columns: {
						id: { name: 'serviceId', label: 'Service', search: 'searchServices' },
						cost: {
							label: 'Price',
							placeholder: 'e.g. 1500',
							help: 'After the discount; that of the service without it',
						},
						discount: { label: 'Discount (%)', placeholder: 'e.g. 10' },
						first_cost: { label: 'Price Before Discount', placeholder: 'e.g. 1650' },
					},
				},
			},
			top: ['client.phone', 'client.name'],
			refused: lookAtRefusal,
			notes: "Times are those of the location's clock.",
		}),
	),
	appointment(
		'appointment.delete',
		'delete',
		'Cancel',
		'Cancel an appointment: Altegio deletes it',
		{
			tune: { record_id: PICKED },
			notes: 'Get Many still finds it with the option With Deleted.',
		},
	),
	appointment('v2.appointment.delete', 'remove', 'Delete', 'Delete an appointment', {
		tune: { appointment_id: PICKED },
	}),
	appointment(
		'v2.appointment.deleteFromTimetable',
		'removeFromVisit',
		'Delete From Visit',
		'Delete an appointment, and tell what is left of the visit',
		{
			action: 'Delete appointment from visit',
			tune: { recordId: { ...PICKED, name: 'appointmentId' } },
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
	update,
	book,
	reschedule,
	toStatus(
		'confirm',
		'Confirm',
		'Confirm appointment',
		'Say that the client has confirmed; all else stays',
		2,
	),
	toStatus(
		'markArrived',
		'Mark as Arrived',
		'Mark appointment as arrived',
		'Say that the client has come; all else stays',
		1,
	),
	toStatus(
		'markNoShow',
		'Mark as No-Show',
		'Mark appointment as no-show',
		'Say that the client did not come; all else stays',
		-1,
	),
];
