/**
 * A salon's day in n8n's engine against the sandbox: clients by phone, bookings in free times, changes in words, and what
 * others complain about in this API. Each complaint of the project's reference (altegio-api.md §6) has a test of its name.
 */
import type { IDataObject } from 'n8n-workflow';

import { phoneOf } from '../../../nodes/Altegio/phone';
import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, ALTEGIO_VISITS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.altegio';
const CREDENTIAL = 'altegioApi';
const LOCATION = ALTEGIO_LOCATIONS.first;
const JOHN = 55_436;
const ANNA = 55_437;
const HAIRCUT = 220_000;
const COLOURING = 220_001;
const MASSAGE = 220_002;
/** A client of the sandbox. */
const KNOWN = { id: 4_240_005, phone: '13155551005' };

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
});

beforeEach(async () => {
	await sandbox?.close();
	// Rates are another test's matter.
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('tokens', { type: CREDENTIAL, data: sandbox.credentials.altegioApi });
});

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

async function run(parameters: object, options: RunNodeOptions = {}): Promise<RunResult> {
	return await engine.runNode(
		NODE,
		{ locationId: byId(LOCATION), ...parameters },
		{ credentials: { [CREDENTIAL]: 'tokens' }, ...options },
	);
}

const mapped = (value: IDataObject, matchingColumns: string[] = []) => ({
	fields: { mappingMode: 'defineBelow', value, matchingColumns },
});
const client = async (operation: string, parameters: object, options: RunNodeOptions = {}) =>
	await run({ resource: 'client', operation, ...parameters }, options);
const upsert = async (value: IDataObject, by = 'phone', options: RunNodeOptions = {}) =>
	await client('upsert', mapped(value, [by]), options);
const appointment = async (operation: string, parameters: object, options: RunNodeOptions = {}) =>
	await run({ resource: 'appointment', operation, ...parameters }, options);
const book = async (parameters: object = {}, options: RunNodeOptions = {}) =>
	await appointment(
		'book',
		{
			teamMemberId: byId(JOHN),
			serviceId: byId(HAIRCUT),
			slot: byId('2026-12-01 11:00/3600'),
			clientPhone: '+1 (315) 555-10-05',
			...parameters,
		},
		options,
	);

const sent = () =>
	sandbox.log.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
const writes = () =>
	sandbox.log.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'));
const bodies = () => writes().map(({ body }) => body as IDataObject);
const ok = (result: RunResult): IDataObject[] => {
	expect([result.error?.message, result.error?.description]).toEqual([undefined, undefined]);
	return result.json('Node');
};

describe('Client: Create or Update', () => {
	const spellings = [
		'+1 315 555-10-05',
		'+13155551005',
		'13155551005',
		'1 (315) 555-10-05',
		'1-315-555-10-05',
		'1.315.555.10.05',
		'0013155551005',
		'tel:+1-315-555-1005',
		' +1\u00a0315\u00a05551005 ',
		'1 315 5551005',
	];
	test.each(spellings)('%s is the client whose phone it is', async (phone) => {
		const [row] = ok(await upsert({ phone, comment: 'Regular' }));
		expect(row.id).toBe(KNOWN.id);
		expect(writes().map(({ method }) => method)).toEqual(['PUT']);
		expect(bodies()[0]).toMatchObject({ phone: KNOWN.phone, comment: 'Regular' });
	});

	test('a number is a phone as well', async () => {
		const [row] = ok(await upsert({ phone: 13_155_551_005, comment: 'x' }));
		expect(row.id).toBe(KNOWN.id);
	});

	test.each([
		['https://api.yclients.com/api/v1', '8 (999) 123-45-67', '79991234567'],
		['https://api.yclients.com/api/v1', '8 495 123 45 67', '74951234567'],
		['https://api.alteg.io/api/v1', '8 999 123 45 67', '79991234567'],
		['https://api.alteg.io/api/v1', '84 91 234 56 78', '84912345678'],
		['https://api.alteg.io/api/v1', '+372 512 3456', '3725123456'],
	])('%s: %s is %s', (baseUrl, given, phone) => {
		expect(phoneOf('Phone', given, baseUrl)).toBe(phone);
	});

	test.each([
		['315 555 10 05', 'has no code of a country'],
		['Kate', 'is no phone'],
		['+1 315', 'has 4 digits'],
		['+7*******12', 'is no phone'],
		['12345678901234567', 'has 17 digits'],
	])('%s is refused: %s', async (phone, says) => {
		const result = await upsert({ phone, name: 'Kate' });
		expect(result.error?.message).toContain(says);
		expect(sent()).toEqual([]);
	});

	test('what is not named stays, also the tags', async () => {
		const before = sandbox.altegio.salon.find(LOCATION, KNOWN.id) as IDataObject;
		Object.assign(before, {
			categories: [{ id: 7, title: 'VIP' }],
			custom_fields: { shoe: 38 },
			card: '415',
			sex_id: 2,
			birth_date: '1990-05-01',
		});
		const kept = structuredClone(before);
		ok(await upsert({ phone: KNOWN.phone, 'custom_field:hat': 'M', surname: 'Ivanova' }));
		const after = sandbox.altegio.salon.find(LOCATION, KNOWN.id) as IDataObject;
		expect(after).toEqual({
			...kept,
			phone: KNOWN.phone,
			surname: 'Ivanova',
			categories: [{ id: 7, title: 'Tag 7' }],
			custom_fields: { shoe: 38, hat: 'M' },
		});
	});

	test('a new client needs a name, and then there is one', async () => {
		const refused = await upsert({ phone: '+1 315 555 99 01' });
		expect(refused.error?.message).toContain("'Name' is empty, but needed to create the object");
		expect(writes()).toEqual([]);
		const [row] = ok(await upsert({ phone: '+1 315 555 99 01', name: 'New' }));
		expect(row).toMatchObject({ name: 'New', phone: '13155559901' });
	});

	test('many items: the same phone twice is one client, new ones share a request', async () => {
		const items = [
			{ phone: '+1 315 555 99 11', name: 'A' },
			{ phone: '1-315-555-99-11', name: 'A', comment: 'again' },
			{ phone: '+1 315 555 99 12', name: 'B' },
			{ phone: '+1 315 555 10 05', name: 'C' },
		];
		const rows = ok(
			await client(
				'upsert',
				mapped(
					{
						phone: '={{ $json.phone }}',
						name: '={{ $json.name }}',
						comment: '={{ $json.comment }}',
					},
					['phone'],
				),
				{ items },
			),
		);
		expect(rows.map(({ id }) => id)).toEqual([rows[0].id, rows[0].id, rows[2].id, KNOWN.id]);
		expect(writes().map(({ method, path }) => `${method} ${path.split('/').pop() ?? ''}`)).toEqual([
			'POST bulk',
			`PUT ${String(rows[0].id)}`,
			`PUT ${KNOWN.id}`,
		]);
		// All clients of the location (three pages) cost no more than a search for each.
		expect(sent().filter((one) => one.endsWith('/search'))).toHaveLength(3);
	});

	test('by e-mail', async () => {
		const [row] = ok(await upsert({ email: ' Client5@Example.com', comment: 'x' }, 'email'));
		expect(row.id).toBe(KNOWN.id);
	});

	test('phones that the user may not see are no reason for second clients', async () => {
		for (const one of sandbox.altegio.salon.of(LOCATION)) one.phone = '+1*******05';
		const items = [1, 2, 3].map((last) => ({ phone: `+1 315 555 10 0${last}` }));
		const result = await upsert({ phone: '={{ $json.phone }}', name: 'Kate' }, 'phone', { items });
		expect(result.error?.message).toContain('may not see phones');
		expect(writes()).toEqual([]);
	});
});

describe('Client: Create Many', () => {
	test('shares a request, and each item has its own answer', async () => {
		const items = [
			{ phone: '+1 315 555 99 21', name: 'A' },
			{ phone: KNOWN.phone, name: 'Taken' },
			{ phone: '+1 315 555 99 22', name: 'B' },
			{ phone: '1 315 555 99 22', name: 'Twice' },
		];
		const result = await client(
			'createMany',
			mapped({ phone: '={{ $json.phone }}', name: '={{ $json.name }}' }),
			{ items, onError: 'continueRegularOutput' },
		);
		const rows = result.json('Node');
		expect(rows[0]).toMatchObject({ name: 'A' });
		expect(rows[1].error).toContain(`'${KNOWN.phone}' was refused by Altegio`);
		expect(rows[2]).toMatchObject({ name: 'B' });
		expect(rows[3].error).toContain('is also that of item 2');
		expect(sent()).toEqual([`POST /clients/${LOCATION}/bulk`]);
	});

	test('finds its clients where the user may not see phones', async () => {
		const created = [11, 12].map((id) => ({ id, phone: '+1*******' }));
		const body = { success: true, data: { created, errors: [] }, meta: [] };
		sandbox.faults.add({ vendor: 'altegio', path: '/bulk$', status: 200, body });
		const items = [{ phone: '+1 315 555 99 31' }, { phone: '+1 315 555 99 32' }];
		const given = mapped({ phone: '={{ $json.phone }}', name: 'A' });
		expect(ok(await client('createMany', given, { items })).map(({ id }) => id)).toEqual([11, 12]);
	});

	test('one that went alone is the one that was made, however Altegio writes its phone', async () => {
		const items = [{ phone: '+1 315 555 99 33' }];
		const given = mapped({ phone: '={{ $json.phone }}', name: 'A' });
		const answer = (data: object) =>
			sandbox.faults.add({
				vendor: 'altegio',
				path: '/bulk$',
				status: 200,
				body: { success: true, data, meta: [] },
			});
		answer({ created: [{ id: 13, phone: 3155559933 }], errors: [] });
		expect(ok(await client('createMany', given, { items }))).toMatchObject([{ id: 13 }]);
		answer({ created: [{ id: 13, phone: 3155559933 }], errors: [{ phone: 1, error: 'No' }] });
		const unclear = await client('createMany', given, { items });
		expect(unclear.error?.message).toContain("is not in Altegio's answer");
	});

	test.each([
		['another name', { phone: '+1*******', name: 'Somebody Else' }],
		['another phone, in full', { phone: 13155559999 }],
	])('takes none with %s for a client', async (_, row) => {
		const created = [
			{ id: 11, phone: '+1*******' },
			{ id: 12, ...row },
		];
		const body = { success: true, data: { created, errors: [] }, meta: [] };
		sandbox.faults.add({ vendor: 'altegio', path: '/bulk$', status: 200, body });
		const items = [{ phone: '+1 315 555 99 31' }, { phone: '+1 315 555 99 32' }];
		const given = mapped({ phone: '={{ $json.phone }}', name: 'A' });
		const onError = 'continueRegularOutput' as const;
		const [first, second] = (await client('createMany', given, { items, onError })).json('Node');
		expect(first).toMatchObject({ id: 11 });
		expect(second.error).toContain("is not in Altegio's answer");
	});
});

test('a busy time is told as such, with both ways out', async () => {
	ok(await book());
	// Of the same client, it would be the appointment that is there.
	const { error } = await book({ clientPhone: '+1 (315) 555-10-06' });
	expect(error?.message).toBe('Altegio: the time is not free');
	expect(error?.description).toContain("switch on the option 'Save If Busy'");
});

describe('Client: Search', () => {
	test('those whose last visit was before a day, and not those who only came before as well', async () => {
		const found = async (parameters: object) =>
			ok(await client('search', { returnAll: true, ...parameters }));
		// The clients of the sandbox came last on 2026-10-10, or never.
		expect(await found({ filters: { no_visit_since: '2026-10-10' } })).toEqual([]);
		const all = await found({});
		const lost = await found({ filters: { no_visit_since: '2026-10-11' } });
		expect(lost.length).toBeGreaterThan(200);
		expect(lost).toEqual(all.filter(({ last_visit_date: last }) => last !== ''));
		const [first] = lost;
		expect(
			await found({
				returnAll: false,
				limit: 1,
				filters: { no_visit_since: '2026-10-11' },
				options: { fields: ['id', 'phone'] },
			}),
		).toEqual([{ id: first.id, phone: first.phone }]);
	});

	const search = async (filters: object) =>
		await client('search', { returnAll: false, limit: 5, filters });
	const filters = () =>
		(sandbox.log.find(({ path }) => path.endsWith('/search'))?.body as IDataObject).filters;

	test.each<[object, unknown]>([
		[
			{ quick_search: '+1 (315) 555-10-05' },
			[{ type: 'quick_search', state: { value: KNOWN.phone } }],
		],
		[{ importance: ['3', '2'] }, [{ type: 'importance', state: { value: [3, 2] } }]],
		[{ sold_amount_from: 100 }, [{ type: 'sold_amount', state: { from: 100 } }]],
		[
			{ birthday_from: '1990-01-01', birthday_to: '1990-12-31' },
			[{ type: 'birthday', state: { from: '1990-01-01', to: '1990-12-31' } }],
		],
		[{ has_mobile_app: false }, [{ type: 'has_mobile_app', state: { value: false } }]],
		[
			{ visit_staff: '55436, 55437', visit_status: ['1'], visit_records_count_from: 2 },
			[
				{
					type: 'record',
					state: {
						staff: { value: [55436, 55437] },
						status: { value: [1] },
						records_count: { from: 2 },
					},
				},
			],
		],
		[
			{ sale_good_ids: '1', sale_abonement_balance_to: 3 },
			[{ type: 'sale', state: { good_ids: { value: [1] }, abonement_balance: { to: 3 } } }],
		],
		[
			{ any_filters: '[{"type":"id","state":{"value":[4240000]}}]' },
			[{ type: 'id', state: { value: [4240000] } }],
		],
	])('%j', async (given, expected) => {
		ok(await search(given));
		expect(filters()).toEqual(expected);
	});

	test.each<[object, string]>([
		[
			{ any_filters: '[{"type":"phone","state":{"value":"1"}}]' },
			"the type 'phone', which Altegio does not know",
		],
		[
			{ any_filters: '[{"phone":"13155551005"}]' },
			'holds a filter without a type: Altegio would find all clients',
		],
		[
			{ any_filters: '[{"type":"id","state":{"ids":[1]}}]' },
			"has 'ids', which Altegio would ignore",
		],
		[
			{ any_filters: '[{"type":"id","state":{}}]' },
			'has an empty state, which would find all clients',
		],
		[{ any_filters: '[{"type":"id","value":[1]}]' }, "has 'value' beside type and state"],
		[{ sold_amount_from: 5, sold_amount_to: 1 }, "'Spent From' is after 'Spent To'"],
	])('an unknown key is an error, never all clients: %j', async (given, says) => {
		const result = await search(given);
		expect(result.error?.message).toContain(says);
		expect(sent()).toEqual([]);
	});
});

describe('Appointment: Book', () => {
	test('in a free time: team member, service, length and client', async () => {
		const [row] = ok(await book({ clientName: 'Kate', options: { comment: 'Window' } }));
		expect(row).toMatchObject({ date: '2026-12-01 11:00:00', durationSeconds: 3600 });
		expect(bodies()).toEqual([
			{
				staff_id: JOHN,
				services: [{ id: HAIRCUT }],
				datetime: '2026-12-01 11:00:00',
				seance_length: 3600,
				client: { phone: KNOWN.phone, name: 'Kate' },
				comment: 'Window',
				send_sms: false,
				save_if_busy: false,
			},
		]);
	});

	test('a busy time is refused, and the other items go on', async () => {
		ok(await book());
		const result = await book(
			{ slot: byId('={{ $json.at }}') },
			{
				items: [{ at: '2026-12-01 11:30' }, { at: '2026-12-01 14:00' }],
				onError: 'continueRegularOutput',
			},
		);
		const rows = result.json('Node');
		expect(rows[0].error).toContain('the time is not free');
		expect(rows[1]).toMatchObject({ date: '2026-12-01 14:00:00' });
		expect(sandbox.altegio.salon.bookings).toHaveLength(2);
	});

	test('a service that the team member does not do is told, with those who do it', async () => {
		const result = await book({ serviceId: byId(COLOURING) });
		expect(result.error?.message).toContain('the appointment was not accepted');
		expect(result.error?.description).toContain(`is none that the team member ${JOHN} does`);
		expect(result.error?.description).toContain('Anna Smith');
		expect(sandbox.altegio.salon.bookings).toEqual([]);
	});

	test('a service that nobody has linked to the team member is booked where Altegio takes it', async () => {
		// The position of the team member may bind no services (altegio-api.md §2.5).
		const made = {
			id: 77,
			staff_id: JOHN,
			date: '2026-12-01 11:00:00',
			services: [],
			attendance: 0,
		};
		sandbox.faults.add({
			vendor: 'altegio',
			path: `/records/${LOCATION}`,
			status: 201,
			body: { success: true, data: [made], meta: [] },
		});
		ok(await book({ serviceId: byId(COLOURING) }));
		expect(bodies()).toEqual([
			expect.objectContaining({ staff_id: JOHN, services: [{ id: COLOURING }] }),
		]);
	});

	test('a time with an offset is that of the location', async () => {
		ok(await book({ slot: { __rl: true, mode: 'words', value: '2026-12-01T19:00:00+02:00' } }));
		expect(bodies()[0].datetime).toBe('2026-12-01 11:00:00');
	});

	test('free times are listed by team member, service and day', async () => {
		ok(await book());
		const { results } = await engine.listSearch(NODE, 'searchFreeTimes', {
			parameters: {
				locationId: byId(LOCATION),
				teamMemberId: byId(JOHN),
				serviceId: byId(HAIRCUT),
				day: '2026-12-01',
			},
			credentials: { [CREDENTIAL]: 'tokens' },
		});
		expect(results[0]).toEqual({ name: '10:00, 60 min', value: '2026-12-01 10:00:00/3600' });
		expect(results.map(({ name }) => name.slice(0, 5))).not.toContain('11:00');
	});
});

describe('Appointments in words', () => {
	const booked = async () => ok(await book())[0].id as number;

	test.each([
		['confirm', 2, 'Confirmed'],
		['markArrived', 1, 'Arrived'],
		['markNoShow', -1, 'No-Show'],
	])('%s writes the status alone', async (operation, attendance, status) => {
		const before = sandbox.altegio.records.find(LOCATION, ALTEGIO_RECORDS.rich) as IDataObject;
		const [row] = ok(await appointment(operation, { recordId: String(ALTEGIO_RECORDS.rich) }));
		expect(row.status).toBe(status);
		expect(bodies()[0]).toMatchObject({
			attendance,
			comment: before.comment,
			datetime: before.date,
			send_sms: false,
		});
	});

	test('Reschedule moves, and keeps everything else', async () => {
		const id = await booked();
		sandbox.clearLog();
		const [row] = ok(
			await appointment('reschedule', { recordId: String(id), slot: byId('2026-12-02 15:00') }),
		);
		expect(row).toMatchObject({ id, date: '2026-12-02 15:00:00' });
		expect(bodies()[0]).toMatchObject({
			datetime: '2026-12-02 15:00:00',
			seance_length: 3600,
			staff_id: JOHN,
			save_if_busy: false,
			client: { phone: '+13155551005' },
		});
	});

	test('Get Many by status reads all and returns those', async () => {
		for (const hour of [10, 11, 12, 13]) ok(await book({ slot: byId(`2026-12-01 ${hour}:00`) }));
		sandbox.altegio.salon.bookings[1].attendance = -1;
		sandbox.altegio.salon.bookings[2].attendance = -1;
		sandbox.altegio.salon.bookings[3].deleted = true;
		const list = async (status: string[], limit = 50) =>
			ok(await appointment('getAll', { limit, filters: { status } })).map((row) => [
				String(row.date).slice(11, 13),
				row.status,
			]);
		expect(await list(['-1'])).toEqual([
			['11', 'No-Show'],
			['12', 'No-Show'],
		]);
		expect(await list(['-1'], 1)).toHaveLength(1);
		expect(await list(['deleted'])).toEqual([['13', 'Cancelled']]);
	});
});

describe('Event: Update', () => {
	/** 1 December 2026, 11:00 in Chicago, where the location is. */
	const MOMENT = 1_796_144_400;
	const event = async (operation: string, value: IDataObject) =>
		await run({ resource: 'event', operation, eventId: '77', ...mapped(value) });
	const reads = (path: string, attributes: IDataObject) =>
		sandbox.faults.add({
			vendor: 'altegio',
			method: 'GET',
			path,
			times: 9,
			status: 200,
			body: { data: { type: 'activity', id: '77', attributes } },
		});
	const attributes = {
		staff_id: JOHN,
		service_id: HAIRCUT,
		timestamp: MOMENT,
		length: 3600,
		capacity: 8,
		comment: 'Bring water',
	};

	test('of YCLIENTS leaves the date as it is, on the clock of the location', async () => {
		reads('/activities/77$', attributes);
		ok(await event('updateYclients', { capacity: 10 }));
		expect(bodies()).toEqual([
			{
				staff_id: JOHN,
				service_id: HAIRCUT,
				date: '2026-12-01 11:00:00',
				length: 3600,
				capacity: 10,
				comment: 'Bring water',
			},
		]);
	});

	test('of YCLIENTS asks nobody for the clock when the date is named', async () => {
		reads('/activities/77$', attributes);
		ok(await event('updateYclients', { date: '2026-12-02 12:00' }));
		expect(bodies()[0]).toMatchObject({ date: '2026-12-02 12:00:00', capacity: 8 });
		expect(sent().filter((one) => /company\/\d+$/.test(one))).toEqual([]);
	});

	test('of Altegio writes the date that it reads without its offset', async () => {
		reads('/events/77$', { ...attributes, date: '2026-12-01T11:00:00-06:00' });
		ok(await event('update', { capacity: 10, resource_instance_ids: [], label_ids: [] }));
		expect(bodies()[0]).toMatchObject({ date: '2026-12-01 11:00:00', capacity: 10 });
	});
});

describe('Complaints of §6, each with the right behaviour', () => {
	test('1: datetime has a wrong offset: the local date counts', async () => {
		ok(await book());
		expect(sandbox.altegio.salon.bookings[0].datetime).toContain('+03:00');
		const [row] = ok(await appointment('getAll', { limit: 1 }));
		expect(row.date).toBe('2026-12-01 11:00:00');
	});

	test('2: a start that is not known is null, not a date', async () => {
		ok(await book());
		Object.assign(sandbox.altegio.salon.bookings[0], { date: null, datetime: null });
		const [row] = ok(await appointment('getAll', { limit: 1 }));
		expect(row.date).toBeNull();
	});

	test('3: the API is the truth: a change reads the appointment again', async () => {
		ok(await appointment('confirm', { recordId: String(ALTEGIO_RECORDS.rich) }));
		const path = `GET /record/${LOCATION}/${ALTEGIO_RECORDS.rich}`;
		expect(sent().filter((one) => one === path).length).toBeGreaterThanOrEqual(2);
	});

	test('4: of a booking page the location is asked for, once; its number is not taken for it', async () => {
		const page = { __rl: true, mode: 'url', value: 'https://n1358410.alteg.io/' };
		const body = { success: true, data: { id: 1_358_410, company_id: LOCATION }, meta: [] };
		sandbox.faults.add({ vendor: 'altegio', path: '/bookform/', status: 200, body, times: 2 });
		const items = [{ q: 'Kate' }, { q: 'Olga' }];
		const result = await client(
			'search',
			{ locationId: page, limit: 1, filters: { quick_search: '={{ $json.q }}' } },
			{ items },
		);
		expect(ok(result)).toHaveLength(2);
		expect(sent()).toEqual([
			'GET /bookform/1358410',
			...items.map(() => `POST /company/${LOCATION}/clients/search`),
		]);
		sandbox.clearLog();
		// With a time, the location's zone is asked for as well.
		const startDate = '2026-12-01T10:00:00+03:00';
		ok(await appointment('getAll', { locationId: page, startDate }));
		expect(sent().slice(0, 3)).toEqual([
			'GET /bookform/1358410',
			`GET /company/${LOCATION}`,
			`GET /records/${LOCATION}`,
		]);
	});

	test('4: a booking page that tells no location is named, and nothing else is sent', async () => {
		const body = { success: true, data: [], meta: [] };
		sandbox.faults.add({ vendor: 'altegio', path: '/bookform/', status: 200, body });
		const locationId = { __rl: true, mode: 'url', value: 'https://n7.yclients.com/company/1' };
		const result = await client('search', { locationId });
		expect(result.error?.message).toContain('booking page n7');
		expect(sent()).toEqual(['GET /bookform/7']);
	});

	test('5: a location of others: access was denied, with the way out', async () => {
		const result = await appointment('getAll', { locationId: byId(ALTEGIO_LOCATIONS.foreign) });
		expect(result.error?.message).toContain('access was denied');
		expect(result.error?.description).toContain('Connect the location');
	});

	test('6: a phone is sent whole, never cut to ten digits', async () => {
		ok(await client('search', { filters: { quick_search: '+7 999 123-45-67' } }));
		const { body } = sandbox.log[0];
		expect(JSON.stringify(body)).toContain('"79991234567"');
	});

	test('7: an e-mail of several clients changes none of them, and names all', async () => {
		const second = sandbox.altegio.salon.find(LOCATION, KNOWN.id + 1) as IDataObject;
		second.email = 'client5@example.com';
		const result = await upsert({ email: 'client5@example.com', comment: 'x' }, 'email');
		expect(result.error?.message).toContain(`${KNOWN.id} (`);
		expect(result.error?.message).toContain(`${KNOWN.id + 1} (`);
		expect(writes()).toEqual([]);
	});

	test('8: tokens that are not accepted say so, and where they come from', async () => {
		engine.setCredential('tokens', {
			type: CREDENTIAL,
			data: { ...sandbox.credentials.altegioApi, userToken: 'old' },
		});
		const result = await client('search', {});
		expect(result.error?.message).toContain('the tokens were not accepted');
		expect(result.error?.description).toContain('user token');
	});

	test('9: a deletion has no body and no JSON content type', async () => {
		ok(await appointment('delete', { recordId: '5' }));
		const [request] = sandbox.log.filter(({ method }) => method === 'DELETE');
		expect(request.body ?? '').toBe('');
		expect(Object.keys(request.headers).map((name) => name.toLowerCase())).not.toContain(
			'content-type',
		);
	});

	test('10: a refusal for want of rights names the location as the place to look', async () => {
		sandbox.faults.add({
			vendor: 'altegio',
			times: 1,
			status: 403,
			body: { success: false, data: null, meta: { message: 'No rights to manage the company' } },
		});
		const result = await client('search', {});
		expect(result.error?.description).toContain('No rights to manage the company');
		const named = () =>
			Object.entries(sandbox.log.at(-1)?.headers ?? {}).find(
				([name]) => name.toLowerCase() === 'x-partner-id',
			)?.[1];
		expect(named()).toBeUndefined();
		// The cure of some: the number of the application in a header.
		const data = { ...sandbox.credentials.altegioApi, partnerId: ' 1743 ' };
		engine.setCredential('tokens', { type: CREDENTIAL, data });
		ok(await client('search', { limit: 1 }));
		expect(named()).toBe('1743');
		engine.setCredential('tokens', { type: CREDENTIAL, data: { ...data, partnerId: 'my app' } });
		expect((await client('search', {})).error?.message).toContain("'Partner ID'");
	});

	test('11: a page of HTML is no answer', async () => {
		sandbox.faults.add({ vendor: 'altegio', times: 10, status: 200, body: '<html>Welcome</html>' });
		const result = await client('search', {});
		expect(result.status).toBe('error');
		sandbox.faults.clear();
	});

	test('12: a duration comes from the slot, the team member, the service, or is asked for', async () => {
		ok(await book({ slot: byId('2026-12-01 10:00/1800') }));
		ok(await book({ teamMemberId: byId(ANNA), slot: byId('2026-12-01 10:00') }));
		ok(
			await book({
				teamMemberId: byId(ANNA),
				serviceId: byId(COLOURING),
				slot: byId('2026-12-01 14:00'),
			}),
		);
		const refused = await book({ serviceId: byId(MASSAGE), slot: byId('2026-12-01 17:00') });
		expect(refused.error?.message).toContain(
			"'Duration (Seconds)' is told neither by the free time",
		);
		ok(
			await book({
				serviceId: byId(MASSAGE),
				slot: byId('2026-12-01 17:00'),
				options: { duration: 2700 },
			}),
		);
		expect(bodies().map(({ seance_length }) => seance_length)).toEqual([1800, 5400, 7200, 2700]);
	});

	test('13: a client who appeared meanwhile is changed instead of refused', async () => {
		let searches = 0;
		sandbox.altegio.salon.onSearch = () => {
			if (++searches === 1)
				sandbox.altegio.salon.create(LOCATION, { name: 'Colleague’s', phone: '13155559931' });
		};
		const [row] = ok(await upsert({ phone: '+1 315 555 99 31', name: 'Mine' }));
		expect(row).toMatchObject({ name: 'Mine' });
		expect(writes().map(({ method }) => method)).toEqual(['POST', 'PUT']);
	});

	test('14: times with one digit for the hour are read', async () => {
		ok(await book({ slot: byId('2026-12-01 9:30/1800'), options: { saveIfBusy: true } }));
		expect(bodies()[0].datetime).toBe('2026-12-01 09:30:00');
	});

	test('15: totals are not believed: a list ends with a short page', async () => {
		ok(await book());
		const rows = ok(await appointment('getAll', { returnAll: true }));
		expect(rows).toHaveLength(1);
		expect(sent().filter((one) => one === `GET /records/${LOCATION}`)).toHaveLength(1);
	});

	test('16: addresses and flags of other applications stay when one is added', async () => {
		ok(
			await run({
				resource: 'webhookSettings',
				operation: 'update',
				...mapped({ record: true }),
				options: { addUrls: 'https://n8n.example.com/webhook/1' },
			}),
		);
		const [body] = bodies();
		expect((body.urls as string[]).length).toBeGreaterThan(1);
		expect(body.urls).toContain('https://n8n.example.com/webhook/1');
	});

	test('17: the same client twice in one run is written once as new', async () => {
		const items = [{}, {}];
		const rows = ok(await upsert({ phone: '+1 315 555 99 41', name: 'Twin' }, 'phone', { items }));
		expect(rows[0].id).toBe(rows[1].id);
		expect(writes().filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	test('18: too many requests: a read waits and comes again', async () => {
		sandbox.faults.add({
			vendor: 'altegio',
			times: 1,
			status: 429,
			body: { success: false, data: null, meta: { message: 'Too many requests' } },
		});
		ok(await client('search', { limit: 1 }));
		expect(sent()).toHaveLength(2);
	});

	test('19: what is not filled in is not sent as null', async () => {
		ok(await client('search', { limit: 1 }));
		expect(JSON.stringify(sandbox.log[0].body)).not.toContain('null');
	});
});

describe('Bad input', () => {
	test('a location without rights fails alone, the others go on', async () => {
		const result = await client(
			'search',
			{ locationId: byId('={{ $json.place }}'), limit: 1 },
			{
				items: [{ place: ALTEGIO_LOCATIONS.foreign }, { place: LOCATION }],
				onError: 'continueRegularOutput',
			},
		);
		const rows = result.json('Node');
		expect(rows[0].error).toContain('access was denied');
		expect(rows[1].id).toBeDefined();
	});

	test('an appointment that goes away before it is replaced is a clear error', async () => {
		let reads = 0;
		sandbox.altegio.records.onRead = (id) => {
			if (++reads === 1) sandbox.altegio.records.touch(id, { company_id: 1 });
		};
		const result = await appointment('confirm', { recordId: String(ALTEGIO_RECORDS.rich) });
		expect(result.error?.message).toContain('the object was not found');
		expect(writes()).toEqual([]);
	});

	test('a body of 10 MB is sent once and not lost', async () => {
		const comment = 'x'.repeat(10 * 1024 * 1024);
		ok(await upsert({ phone: KNOWN.phone, comment }));
		expect(writes()).toHaveLength(1);
		const kept = sandbox.altegio.salon.find(LOCATION, KNOWN.id) as IDataObject;
		expect(String(kept.comment)).toHaveLength(comment.length);
	});

	test('a visit of a location without a licence says so', async () => {
		const result = await run({
			resource: 'visit',
			operation: 'get',
			visitId: String(ALTEGIO_VISITS.licenceExpired),
		});
		expect(result.error?.message).toContain('licence');
	});
});
