import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, ALTEGIO_VISITS } from '../credentials';
import { mix, pick } from '../shared/random';
import { FIRST_VISIT, altegioVisitBody, visitExists } from './data';
import type { AltegioHooks } from './hooks';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** Why a body is refused: message and, for 422, the fields. */
export class RecordProblem extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly errors?: Record<string, string[]>,
	) {
		super(message);
	}
}

/** Properties that a PUT must name (Altegio docs: edit an appointment). */
const REQUIRED = ['staff_id', 'services', 'client', 'datetime', 'seance_length'];
/** Properties that become these when a PUT does not name them. */
const EMPTY: Json = {
	comment: '',
	attendance: 0,
	api_id: '',
	custom_color: '',
	sms_remain_hours: 0,
	email_remain_hours: 0,
	technical_break_duration: 0,
	custom_fields: {},
	record_labels: [],
};
const KNOWN = [
	...REQUIRED,
	...Object.keys(EMPTY),
	'save_if_busy',
	'send_sms',
	'activity_id',
	'client_agreements',
	'clients_count',
];
const CATALOGUE_PRICE = 999;

/** Custom fields of appointments, by location (Altegio docs: custom fields). */
export function customFieldsOf(location: number): Json[] {
	const field = (id: number, code: string, title: string, type: string): Json => ({
		id,
		salon_id: location,
		custom_field: {
			id,
			code,
			title,
			show_in_ui: true,
			user_can_edit: true,
			type: { code: type, title: type },
		},
	});
	return location === ALTEGIO_LOCATIONS.first
		? [field(1, 'seat', 'Seat', 'text'), field(2, 'guests', 'Guests', 'number')]
		: [field(3, 'pet', 'Pet', 'text')];
}

/** Appointments of the visits, and what has become of them. */
export class AltegioRecords {
	private readonly changed = new Map<number, Json>();
	private changes = 0;
	/** Called when an appointment was read, after its answer was made. */
	onRead: (id: number) => void = () => undefined;

	/** Tells the time of changes (ms since 1970); without it each change is a second after the last one, on a day in 2026. */
	clock: (() => number) | undefined;
	private added = 0;

	constructor(
		private readonly seed: number,
		private readonly hooks: AltegioHooks,
	) {}

	/** Forgets what was added and changed. */
	clear(): void {
		this.changed.clear();
	}

	/** A colleague or a client books: a new appointment at a time of the location's clock. */
	add(location: number, fields: Json = {}): Json {
		const id = 39_000_000 + ++this.added;
		const date = '2026-12-01 10:00:00';
		const sample = this.original(ALTEGIO_RECORDS.sample) as Json;
		const made = { attendance: 0, paid_full: 0, deleted: false, date, ...fields };
		const record = this.stamped({ ...sample, id, company_id: location, ...made });
		this.keep({ ...record, create_date: record.last_change_date }, 'create');
		return this.changed.get(id) as Json;
	}

	/** Deletes an appointment in the web app: it is gone, and its webhook tells it whole. */
	remove(id: number): void {
		const known = this.changed.get(id) ?? this.original(id);
		if (!known) return;
		this.keep(this.stamped({ ...known, deleted: true }), 'delete');
	}

	private keep(record: Json, status: 'create' | 'update' | 'delete', own = false): void {
		this.changed.set(Number(record.id), record);
		const told = { resource_id: record.id, status, data: record };
		this.hooks.tell(Number(record.company_id), 'record', told, own);
	}

	/** An appointment of the location; undefined when there is none. */
	find(location: number, id: number): Json | undefined {
		const known = this.changed.get(id) ?? this.original(id);
		return known?.company_id === location && known.deleted !== true ? known : undefined;
	}

	/** Keeps an appointment that was booked with the partner token. */
	book(record: Json): void {
		const at = this.clock && {
			...stampOf(this.clock()),
			create_date: stampOf(this.clock()).last_change_date,
		};
		this.keep({ ...record, ...at }, 'create', true);
	}

	/** A page of the appointments of a location that have changed in a time on its clock. */
	listChanges(location: number, query: (name: string) => string | undefined): Json[] {
		return pageOfChanges([...this.changed.values()], location, query);
	}

	/** Changes a property as a colleague would, in the web app. */
	touch(id: number, changes: Json): void {
		const known = this.changed.get(id) ?? this.original(id);
		if (known) this.keep(this.stamped({ ...known, ...changes }), 'update');
	}

	/** Replaces an appointment: what the body does not name is lost. */
	replace(record: Json, body: Json): Json {
		if (record.id === ALTEGIO_RECORDS.paid) {
			throw new RecordProblem(403, 'The appointment is paid in full.');
		}
		const unknown = Object.keys(body).filter((name) => !KNOWN.includes(name));
		if (unknown.length > 0)
			throw new RecordProblem(422, 'Unknown fields', { [unknown[0]]: ['unknown'] });
		const missing = REQUIRED.filter((name) => body[name] === undefined);
		if (missing.length > 0) {
			const errors = Object.fromEntries(
				missing.map((name) => [`[${name}]`, ['This field is missing.']]),
			);
			throw new RecordProblem(422, 'Validation failed', errors);
		}
		const moves = body.datetime !== record.date;
		if (moves && body.save_if_busy !== true && String(body.datetime).slice(11, 13) < '07') {
			throw new RecordProblem(409, 'The time is not a working time.');
		}
		const given = Object.fromEntries(
			Object.entries(body).filter(([name]) => name !== 'save_if_busy' && name !== 'send_sms'),
		);
		const next = {
			...record,
			...EMPTY,
			...given,
			date: String(body.datetime).replace('T', ' '),
			datetime: `${String(body.datetime).replace(' ', 'T')}.000-05:00`,
			client: clientOf(record, body.client as Json),
			services: (body.services as Json[]).map((service) => ({
				title: 'Haircut',
				...(record.services as Json[]).find(({ id }) => id === service.id),
				...service,
				// Without prices those of the catalogue come back.
				cost: service.cost ?? CATALOGUE_PRICE,
				first_cost: service.first_cost ?? CATALOGUE_PRICE,
				discount: service.discount ?? 0,
			})),
			record_labels: ((body.record_labels ?? []) as number[]).map((id) => ({
				id,
				title: 'Important',
			})),
		};
		const kept = this.stamped(next);
		this.keep(kept, 'update', true);
		return kept;
	}

	private stamped(record: Json): Json {
		if (this.clock) return { ...record, ...stampOf(this.clock()) };
		const second = Math.floor(++this.changes / 60) * 100 + (this.changes % 60);
		const time = String(100_000 + second).replace(/(..)(..)(..)/, '$1:$2:$3');
		return { ...record, last_change_date: `2026-11-28T${time}-0600` };
	}

	private original(id: number): Json | undefined {
		const visit =
			id === ALTEGIO_RECORDS.sample
				? ALTEGIO_VISITS.sample
				: FIRST_VISIT + Math.floor((id - 30_000_000) / 4);
		if (!visitExists(visit)) return undefined;
		const records = altegioVisitBody(this.seed, visit).records as Json[];
		const record = records.find((one) => one.id === id);
		// Live appointments tell the time on the location's clock.
		return record && { ...record, date: String(record.date).slice(0, 19).replace('T', ' ') };
	}
}

/** When something has changed, on the clock of the sandbox's locations. `instant`: ms since 1970. */
export function stampOf(instant: number): { last_change_date: string } {
	const wall = new Date(instant).toLocaleString('sv-SE', { timeZone: 'America/Chicago' });
	const hours = Math.round(
		(Math.floor(instant / 1000) * 1000 - Date.parse(`${wall}Z`)) / 3_600_000,
	);
	return { last_change_date: `${wall.replace(' ', 'T')}-0${hours}00` };
}

/** A page of what has changed (Altegio docs: `changed_after`, `changed_before`, `with_deleted`). */
export function pageOfChanges(
	all: Json[],
	location: number,
	query: (name: string) => string | undefined,
): Json[] {
	const [after = '', before = '9'] = [query('changed_after'), query('changed_before')];
	if (![after, before].every((text) => /^(|9|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)$/.test(text))) {
		throw new RecordProblem(400, 'Bad request.');
	}
	const size = Number(query('count') ?? 50);
	const page = Number(query('page') ?? 1);
	const withDeleted = /^(1|true)$/.test(query('with_deleted') ?? '');
	return all
		.filter(({ company_id: place }) => place === undefined || place === location)
		.filter(({ deleted }) => withDeleted || deleted !== true)
		.filter(({ last_change_date: changed }) => {
			const wall = String(changed ?? '').slice(0, 19);
			return wall >= after && wall <= before;
		})
		.slice((page - 1) * size, page * size);
}

/** A known phone is the client it belongs to; another one is a new client. */
function clientOf(record: Json, given: Json): unknown {
	const before = record.client as Json;
	if (Object.keys(given).length === 0) return [];
	const isSame = String(before?.phone) === String(given.phone);
	return isSame ? { ...before, ...given } : { id: 5_000_000, ...given };
}

/** Clients of a location, as the search gives them. */
export function clientsOf(seed: number, location: number): Json[] {
	const count = location === ALTEGIO_LOCATIONS.first ? 450 : 3;
	return Array.from({ length: count }, (_, index) => {
		const h = mix(seed, 81, location * 1000 + index);
		return {
			id: 4_240_000 + index,
			name: `${pick(['Kate', 'Пётр', 'Olga', 'Sam'], h)} ${index}`,
			phone: `+1315555${String(1000 + index)}`,
			email: `client${index}@example.com`,
			discount: h % 20,
			first_visit_date: '2026-01-10 10:00:00',
			last_visit_date: index % 5 === 0 ? '' : '2026-10-10 10:00:00',
			sold_amount: h % 90_000,
			visits_count: h % 40,
			gender: index % 3,
		};
	});
}

/** Names of fields in a search and in the client. */
const CLIENT_FIELDS = [
	'id',
	'name',
	'phone',
	'email',
	'discount',
	'first_visit_date',
	'last_visit_date',
	'sold_amount',
	'visits_count',
];

/** One page of a search (Altegio docs: get a list of clients); unknown properties are ignored. */
export function searchClients(all: Json[], body: Json): { rows: Json[]; total: number } {
	const size = Number(body.page_size ?? 25);
	const page = Number(body.page ?? 1);
	if (!Number.isInteger(size) || size < 1 || size > 200 || !Number.isInteger(page) || page < 1) {
		throw new RecordProblem(400, 'Bad request.');
	}
	const filters = (body.filters ?? []) as Array<{
		type: string;
		state: { value?: unknown; from?: number; to?: number };
	}>;
	const meets = (client: Json) =>
		filters.every(({ type, state: { value, from, to } }) => {
			if (type === 'quick_search') {
				const text = String(value).toLowerCase();
				return [client.name, client.phone, client.email].some((one) =>
					String(one).toLowerCase().includes(text),
				);
			}
			if (type === 'sold_amount') {
				const sum = Number(client.sold_amount);
				return (from ?? 0) <= sum && sum <= (to ?? Infinity);
			}
			if (type === 'importance' && Array.isArray(value))
				return value.includes(client.importance_id);
			// Of what is not kept here, everybody fits.
			if (/^(birthday|record|sale|client|has_mobile_app|has_passteam_card)$/.test(type))
				return true;
			if (!Array.isArray(value)) throw new RecordProblem(400, `Invalid filter ${type}`);
			if (type === 'id' || type === 'gender') return value.includes(client[type]);
			throw new RecordProblem(400, `Invalid filter ${type}`);
		});
	const found = all.filter(meets);
	const by = body.order_by as string | undefined;
	if (by) {
		const sign = body.order_by_direction === 'DESC' ? -1 : 1;
		const text = (row: Json) => String(row[by]).padStart(12, '0');
		found.sort((one, other) => sign * text(one).localeCompare(text(other)));
	}
	const fields = (body.fields ?? ['id']) as string[];
	const unknown = fields.find((name) => !CLIENT_FIELDS.includes(name));
	if (unknown) throw new RecordProblem(400, `Invalid field ${unknown}`);
	const rows = found
		.slice((page - 1) * size, page * size)
		.map((client) => Object.fromEntries(fields.map((name) => [name, client[name]])));
	return { rows, total: found.length };
}
