import { ALTEGIO_VISITS } from '../credentials';
import { mix, pick } from '../shared/random';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** Number of the first visit. */
export const FIRST_VISIT = 8_260_000;
const VISITS = 1000;
const LOCATION = 4564;
const STAFF = ['John Doe', 'Anna Smith', 'Мария Иванова'];
const SPECIALIZATIONS = ['Manicure and pedicure', 'Hairdresser', 'Massage'];
const CLIENTS = ['dev1', 'Kate', 'Пётр', 'Olga', 'Sam'];

/** Locations that the user may see. */
export const COMPANIES: readonly Json[] = [
	{
		id: LOCATION,
		title: 'Sandbox salon',
		public_title: 'Sandbox salon',
		short_descr: 'Beauty salon',
		country_id: 1,
		country: 'United States',
		city_id: 1,
		city: 'Dallas',
		address: 'Main street, 1',
		phone: '13155550175',
		timezone: -5,
		timezone_name: 'America/Chicago',
		active: 1,
	},
	{
		id: 4565,
		title: 'Second salon',
		public_title: 'Second salon',
		short_descr: '',
		country_id: 1,
		country: 'United States',
		city_id: 1,
		city: 'Dallas',
		address: 'Side street, 2',
		phone: '13155550176',
		timezone: -5,
		timezone_name: 'America/Chicago',
		active: 1,
	},
];

/** A location that is public but not the user's. */
export const FOREIGN_COMPANY: Json = { ...COMPANIES[0], id: 9001, title: 'Somebody else' };

/** True when the sandbox has the visit. */
export function visitExists(id: number): boolean {
	return id >= FIRST_VISIT && id < FIRST_VISIT + VISITS;
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}

function document(visitId: number, recordId: number, index: number, date: string): Json {
	return {
		id: 8_172_893 + index,
		type_id: 7,
		storage_id: 0,
		user_id: 746_310,
		company_id: LOCATION,
		number: 4163 + index,
		comment: '',
		date_created: date,
		category_id: 0,
		visit_id: visitId,
		record_id: recordId,
		type_title: 'Visit',
	};
}

function record(seed: number, visitId: number, index: number, rich: boolean): Json {
	const sample = visitId === ALTEGIO_VISITS.sample;
	const h = sample ? 0 : mix(seed, 61, visitId * 4 + index);
	const id = sample ? 37_955_315 : 30_000_000 + (visitId - FIRST_VISIT) * 4 + index;
	const staffId = 55_436 + (h % STAFF.length);
	const date = sample
		? '2026-09-21T23:00:00.000-05:00'
		: `2026-${two(1 + (h % 9))}-${two(1 + ((h >>> 8) % 28))}T${two(9 + ((h >>> 16) % 10))}:00:00.000-05:00`;
	const attendance = sample ? 1 : pick([1, 0, 2, -1, 1], h >>> 4);
	return {
		id,
		company_id: LOCATION,
		staff_id: staffId,
		services: rich
			? [
					{
						id: 220_000 + index,
						title: index === 0 ? 'Haircut' : 'Colouring',
						cost: 1500 + index * 2000,
						cost_to_pay: 1500 + index * 2000,
						manual_cost: 1500 + index * 2000,
						cost_per_unit: 1500 + index * 2000,
						discount: 0,
						first_cost: 1500 + index * 2000,
						amount: 1,
					},
				]
			: [],
		events: [],
		goods_transactions: rich
			? [
					{
						id: String(9_000_000 + index),
						title: 'Shampoo',
						amount: -1,
						cost: 450,
						cost_per_unit: 450,
						good_id: 77_001,
						storage_id: 90_210,
					},
				]
			: [],
		staff: {
			id: staffId,
			name: pick(STAFF, h),
			specialization: pick(SPECIALIZATIONS, h),
			// PHP sends an empty object as an empty array.
			position: rich && index === 1 ? [] : { id: 1, title: 'Supervisor' },
			avatar: 'https://app.alteg.io/uploads/masters/sm/b/bb/bb59d4cc17d9b16_20171215174158.png',
			avatar_big:
				'https://app.alteg.io/uploads/masters/origin/c/cf/cfb8c5cee58000b_20171215174158.png',
			rating: 4.89,
			votes_count: h % 50,
		},
		client:
			rich && index === 1
				? []
				: {
						id: 4_240_788 + (h % 5000),
						name: pick(CLIENTS, h),
						phone: sample ? 13_155_550_175 : `+1315555${String(1000 + (h % 9000))}`,
						card: sample ? 415 : String(h % 1000),
						email: sample ? '' : `client${h % 5000}@example.com`,
						success_visits_count: sample ? 58 : h % 60,
						fail_visits_count: sample ? 9 : h % 10,
					},
		date,
		datetime: date,
		create_date: '2026-03-22T17:55:14-05:00',
		comment: rich ? 'Asked for the window seat' : '',
		online: h % 2 === 1,
		visit_attendance: attendance,
		attendance,
		confirmed: 1,
		seance_length: 3600,
		length: 3600,
		sms_before: 1,
		sms_now: 1,
		sms_now_text: '',
		email_now: 1,
		notified: 0,
		master_request: 0,
		api_id: '0',
		from_url: '',
		review_requested: 0,
		visit_id: visitId,
		created_user_id: 999_290,
		deleted: 0,
		paid_full: rich ? 1 : 0,
		prepaid: 0,
		prepaid_confirmed: 0,
		last_change_date: '2026-03-28T17:46:48-05:00',
		custom_color: '',
		custom_font_color: '',
		record_labels: rich ? [{ id: 67_345, title: 'Important' }] : [],
		activity_id: 0,
		custom_fields: rich ? [] : {},
		documents: [document(visitId, id, index, date)],
	};
}

/** A visit: `data` of `GET /visits/<id>`. */
export function altegioVisitBody(seed: number, id: number): Json {
	const rich = id === ALTEGIO_VISITS.rich;
	const records = [record(seed, id, 0, rich)];
	if (rich || (id !== ALTEGIO_VISITS.sample && id % 5 === 0))
		records.push(record(seed, id, 1, rich));
	return {
		attendance: records[0].visit_attendance,
		datetime: records[0].datetime,
		comment: rich ? 'Regular guest' : 0,
		records,
	};
}
