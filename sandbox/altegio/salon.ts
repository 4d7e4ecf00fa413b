/** What a salon's day needs: clients that can be written, services, free times and bookings. */
import { ALTEGIO_LOCATIONS } from '../credentials';
import { RecordProblem, clientsOf, pageOfChanges, stampOf } from './records';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** Services with those who do them (Altegio docs: get a list of services); a duration may be missing. */
export const SALON_SERVICES: readonly Json[] = [
	{
		id: 220_000,
		title: 'Haircut',
		category_id: 1,
		price_min: 1500,
		price_max: 1500,
		duration: null,
		staff: [
			{ id: 55_436, name: 'John Doe', seance_length: 3600 },
			{ id: 55_437, name: 'Anna Smith', seance_length: 5400 },
		],
	},
	{
		id: 220_001,
		title: 'Colouring',
		category_id: 1,
		price_min: 3500,
		price_max: 3500,
		duration: 7200,
		staff: [{ id: 55_437, name: 'Anna Smith', seance_length: 0 }],
	},
	{ id: 220_002, title: 'Massage', category_id: 2, price_min: 900, duration: null, staff: [] },
];

const FIRST_BOOKING = 50_000_000;
const FIRST_CLIENT = 6_000_000;
const OPENS = 10;
const CLOSES = 18;

const two = (value: number) => String(value).padStart(2, '0');
const digits = (phone: unknown) => String(phone ?? '').replace(/\D/g, '');

/** Properties that a PUT empties when it does not name them (Altegio docs: edit a client). */
const EMPTY: Json = {
	surname: '',
	patronymic: '',
	email: '',
	sex_id: 0,
	importance_id: 0,
	discount: 0,
	card: '',
	birth_date: '',
	comment: '',
	spent: 0,
	balance: 0,
	sms_check: 0,
	sms_not: 0,
	categories: [],
	custom_fields: {},
};
const READ_AS: Record<string, string> = { middle_name: 'patronymic', gender_id: 'sex_id' };

export class AltegioSalon {
	private readonly clients = new Map<number, Json[]>();
	/** Appointments that were booked here. */
	readonly bookings: Json[] = [];
	/** Called after a search of clients was answered. */
	onSearch: () => void = () => undefined;

	/** Tells the time of changes (ms since 1970); without it clients have no date of change. */
	clock: (() => number) | undefined;

	constructor(private readonly seed: number) {}

	/** A page of the clients of a location that have changed in a time on its clock. */
	listChanges(location: number, query: (name: string) => string | undefined): Json[] {
		return pageOfChanges(this.of(location), location, query);
	}

	private stamp(): Json {
		return this.clock ? stampOf(this.clock()) : {};
	}

	/** Clients of a location. */
	of(location: number): Json[] {
		let all = this.clients.get(location);
		if (!all) {
			all = clientsOf(this.seed, location).map((client) => ({ ...EMPTY, ...client }));
			this.clients.set(location, all);
		}
		return all;
	}

	find(location: number, id: number): Json | undefined {
		return this.of(location).find((client) => client.id === id);
	}

	/** A new client. A phone belongs to one client of a location. */
	create(location: number, body: Json): Json {
		const missing = ['name', 'phone'].filter((name) => !body[name]);
		if (missing.length > 0) {
			throw new RecordProblem(422, 'Ошибка', { [missing[0]]: ['This field is missing.'] });
		}
		this.checkPhone(location, body.phone);
		const all = this.of(location);
		const id = FIRST_CLIENT + all.length;
		const client = { ...EMPTY, ...named(body), ...this.stamp(), id, visits: 0 };
		all.push(client);
		return client;
	}

	/** Replaces a client: what the body does not name is lost. */
	replace(location: number, client: Json, body: Json): Json {
		if (!body.name || !body.phone) {
			throw new RecordProblem(422, 'Ошибка', { name: ['This field is missing.'] });
		}
		this.checkPhone(location, body.phone, client.id);
		const { labels, ...rest } = body;
		Object.assign(client, EMPTY, named(rest), this.stamp(), {
			categories: ((labels ?? []) as number[]).map((id) => ({ id, title: `Tag ${id}` })),
		});
		return client;
	}

	createMany(location: number, rows: Json[]): Json {
		const created: Json[] = [];
		const errors: Json[] = [];
		for (const row of rows) {
			try {
				const client = this.create(location, row);
				// The docs show the phone as a number here.
				created.push({ ...client, phone: Number(digits(client.phone)) });
			} catch (error) {
				const { message } = error as Error;
				errors.push({ phone: Number(digits(row.phone)), name: row.name, error: message });
			}
		}
		return { created, errors };
	}

	/** Free times of a day; team member 0 means anybody. */
	times(staff: number, day: string): Json[] {
		return Array.from({ length: CLOSES - OPENS }, (_, index) => OPENS + index)
			.filter((hour) => !this.isBusy(staff, `${day} ${two(hour)}:00:00`, 3600))
			.map((hour) => ({
				// Hours below ten have one digit.
				time: `${hour}:00`,
				seance_length: 3600,
				datetime: `${day}T${two(hour)}:00:00-06:00`,
			}));
	}

	/** Books an appointment. Busy times and those outside working hours are refused unless told otherwise. */
	book(location: number, body: Json): Json {
		const required = ['staff_id', 'services', 'client', 'datetime', 'seance_length'];
		const missing = required.find((name) => body[name] === undefined);
		if (missing) {
			throw new RecordProblem(422, 'Validation failed', {
				[`[${missing}]`]: ['This field is missing.'],
			});
		}
		const date = String(body.datetime).slice(0, 19).replace('T', ' ');
		const staff = Number(body.staff_id);
		checkService(staff, body.services as Json[]);
		const hour = Number(date.slice(11, 13));
		const isOutside = hour < OPENS || hour >= CLOSES;
		const isBusy = this.isBusy(staff, date, Number(body.seance_length));
		if (body.save_if_busy !== true && (isBusy || isOutside)) {
			throw new RecordProblem(409, 'Выбранное время уже занято.');
		}
		const given = body.client as Json;
		const known = this.of(location).find(({ phone }) => digits(phone) === digits(given.phone));
		const client = given.phone
			? (known ?? this.create(location, { name: '—', ...given }))
			: (null as unknown);
		const booking: Json = {
			...body,
			id: FIRST_BOOKING + this.bookings.length,
			company_id: location,
			visit_id: 9_000_000 + this.bookings.length,
			attendance: body.attendance ?? 0,
			staff: { id: staff, name: 'John Doe' },
			services: (body.services as Json[]).map((service) => ({
				...SALON_SERVICES.find(({ id }) => id === service.id),
				...service,
				staff: undefined,
			})),
			client,
			date,
			// The offset is that of no zone of the location.
			datetime: `${date.replace(' ', 'T')}+03:00`,
			create_date: '2026-11-27T09:00:00-0600',
			last_change_date: '2026-11-27T09:00:00-0600',
			length: body.seance_length,
			deleted: false,
			paid_full: 0,
			custom_fields: [],
		};
		this.bookings.push(booking);
		return booking;
	}

	/** A page of the appointments booked here. */
	list(location: number, query: (name: string) => string | undefined): Json[] {
		const size = Number(query('count') ?? 50);
		const page = Number(query('page') ?? 1);
		const [from, to] = [query('start_date'), query('end_date')];
		const withDeleted = /^(1|true)$/.test(query('with_deleted') ?? '');
		return this.bookings
			.filter(({ company_id: place }) => place === location)
			.filter(({ deleted }) => withDeleted || deleted !== true)
			.filter(({ date }) => !from || String(date).slice(0, 10) >= from)
			.filter(({ date }) => !to || String(date).slice(0, 10) <= to)
			.slice((page - 1) * size, page * size);
	}

	private isBusy(staff: number, date: string, seconds: number): boolean {
		const at = (text: unknown) => Date.parse(`${String(text).replace(' ', 'T')}Z`);
		const [start, end] = [at(date), at(date) + seconds * 1000];
		return this.bookings.some((other) => {
			if (staff !== 0 && other.staff_id !== staff) return false;
			const begins = at(other.date);
			return start < begins + Number(other.seance_length) * 1000 && begins < end;
		});
	}

	private checkPhone(location: number, phone: unknown, own?: unknown): void {
		const taken = this.of(location).some(
			(client) => client.id !== own && digits(client.phone) === digits(phone),
		);
		if (taken) {
			throw new RecordProblem(422, 'Клиент с таким номером телефона уже существует', {
				phone: ['уже существует'],
			});
		}
	}
}

/**
 * A service of others is refused: the status is that of a validation, which the docs do not tell for this call (online
 * booking: code 436, no team member for the service).
 */
function checkService(staff: number, services: Json[]): void {
	const other = services
		.map(({ id }) => SALON_SERVICES.find((service) => service.id === Number(id)))
		.find((service) => {
			const links = (service?.staff ?? []) as Json[];
			return links.length > 0 && !links.some(({ id }) => id === staff);
		});
	if (!other) return;
	throw new RecordProblem(422, 'Произошла ошибка', {
		services: ['Сотрудник не оказывает выбранную услугу'],
	});
}

function named(body: Json): Json {
	const entries = Object.entries(body).map(([name, value]) => [READ_AS[name] ?? name, value]);
	return Object.fromEntries(entries) as Json;
}

/** Custom fields of clients, by location (Altegio docs: custom fields). */
export function clientFieldsOf(location: number): Json[] {
	if (location !== ALTEGIO_LOCATIONS.first) return [];
	return [
		{
			id: 9,
			salon_id: location,
			custom_field: { id: 9, code: 'shoe', title: 'Shoe Size', type: { code: 'number' } },
		},
	];
}
