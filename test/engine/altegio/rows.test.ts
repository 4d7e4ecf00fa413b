/**
 * What Altegio takes as lists and objects, filled in row by row as people do, in n8n's engine against the sandbox. Each
 * case has JSON as its other way. Facts: Altegio docs, the pages of the calls.
 */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.altegio';
const CREDENTIAL = 'altegioApi';
const JOHN = 55_436;
const ANNA = 55_437;

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await createEngine();
	// Rates are another test's matter.
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('tokens', { type: CREDENTIAL, data: sandbox.credentials.altegioApi });
});

beforeEach(() => sandbox.clearLog());

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });
const rows = (...row: IDataObject[]) => ({ row });
const place = { locationId: byId(ALTEGIO_LOCATIONS.first) };

async function run(operation: string, parameters: object): Promise<RunResult> {
	const [resource, name] = operation.split('.');
	return await engine.runNode(
		NODE,
		{ resource, operation: name, ...place, ...parameters },
		{ credentials: { [CREDENTIAL]: 'tokens' } },
	);
}

const writes = () =>
	sandbox.log.filter(({ method }) => method !== 'GET').map(({ body }) => body as IDataObject);

const appointment = {
	teamMemberId: byId(JOHN),
	datetime: '2026-12-01T10:00:00',
	seanceLength: '3600',
};
const booked = {
	staff_id: JOHN,
	datetime: '2026-12-01 10:00:00',
	seance_length: 3600,
	send_sms: false,
	save_if_busy: true,
};
const online = { phone: '13155550175', fullname: 'Kate', email: 'kate@example.com' };
const at = '2026-12-01T11:00:00-06:00';
const operation = {
	typeId: '1',
	storageId: byId(90210),
	createDate: '2026-12-01T10:00:00',
};
const links = { serviceId: byId(220_000), resourceIds: '[]' };

/** Operation, form with rows, options that hold the same as JSON, and the body of both. */
const CASES: Array<[string, string, IDataObject, IDataObject, IDataObject]> = [
	[
		'services and client of an appointment',
		'appointment.create',
		{
			...appointment,
			services: rows({ serviceId: byId(220_000), cost: '1500', discount: '10' }),
			clientPhone: '+1 315 555-01-75',
			clientName: 'Kate',
			additionalFields: { saveIfBusy: true },
		},
		{
			...appointment,
			additionalFields: {
				saveIfBusy: true,
				servicesJson: '[{ "id": 220000, "cost": 1500, "discount": 10 }]',
				clientJson: '{ "phone": "13155550175", "name": "Kate" }',
			},
		},
		{
			...booked,
			services: [{ id: 220_000, cost: 1500, discount: 10 }],
			client: { phone: '13155550175', name: 'Kate' },
		},
	],
	[
		'what a user is told of',
		'notification.update',
		{
			userId: '7',
			notificationTypes: rows({ type: 'record_delete_admin', push: 'true', sms: 'false' }),
		},
		{
			userId: '7',
			additionalFields: {
				notificationTypesJson:
					'[{ "type": "record_delete_admin", "channels": { "push": 1, "sms": 0 } }]',
			},
		},
		{ notification_types: [{ type: 'record_delete_admin', channels: { push: 1, sms: 0 } }] },
	],
	[
		'the client of an event in YCLIENTS',
		'event.addClientYclients',
		{
			eventId: '5',
			clientName: 'Kate',
			clientPhone: '+7 999 123-45-67',
			clientsCount: '2',
			additionalFields: { customFields: rows({ code: 'seat', value: '7' }), comerName: 'Rex' },
		},
		{
			eventId: '5',
			clientsCount: '2',
			additionalFields: {
				client:
					'{ "client": { "name": "Kate", "phone_string": "79991234567", "custom_field_values": [{ "code": "seat", "value": "7" }] } }',
				comer: '{ "name": "Rex" }',
			},
		},
		{
			client: {
				client: {
					name: 'Kate',
					phone_string: '79991234567',
					custom_field_values: [{ code: 'seat', value: '7' }],
				},
			},
			comer: { name: 'Rex' },
			clients_count: 2,
		},
	],
	[
		'times that are booked online',
		'onlineBooking.create',
		{
			...online,
			appointments: rows(
				{ serviceIds: ['220000', '220001'], teamMemberId: byId(ANNA), datetime: at },
				{ serviceIds: ['220000'], datetime: at },
			),
		},
		{
			...online,
			additionalFields: {
				appointmentsJson: JSON.stringify([
					{ id: 1, services: [220_000, 220_001], staff_id: ANNA, datetime: at },
					{ id: 2, services: [220_000], staff_id: 0, datetime: at },
				]),
			},
		},
		{
			...online,
			appointments: [
				{ id: 1, services: [220_000, 220_001], staff_id: ANNA, datetime: at },
				{ id: 2, services: [220_000], staff_id: 0, datetime: at },
			],
		},
	],
	[
		'lines of an inventory operation, with their sums',
		'inventory.createOperation',
		{
			...operation,
			goodsTransactions: rows(
				{ productId: byId(77001), amount: '3', costPerUnit: '19.99', discount: '10' },
				{ productId: byId(77002), amount: '1', costPerUnit: '5000', cost: '4500', code: 'GIFT-1' },
			),
		},
		{
			...operation,
			additionalFields: {
				goodsTransactionsJson: JSON.stringify([
					{ good_id: 77001, amount: 3, cost_per_unit: 19.99, discount: 10, cost: 53.97 },
					{
						good_id: 77002,
						amount: 1,
						cost_per_unit: 5000,
						cost: 4500,
						good_special_number: 'GIFT-1',
					},
				]),
			},
		},
		{
			type_id: 1,
			storage_id: 90210,
			create_date: '2026-12-01 10:00:00',
			goods_transactions: [
				{ good_id: 77001, amount: 3, cost_per_unit: 19.99, discount: 10, cost: 53.97 },
				{
					good_id: 77002,
					amount: 1,
					cost_per_unit: 5000,
					cost: 4500,
					good_special_number: 'GIFT-1',
				},
			],
		},
	],
	[
		'a payment of a sale',
		'sale.addPayment',
		{ documentId: '12', method: 'account', accountId: byId(90), amount: '1500.5' },
		{
			documentId: '12',
			// What the form begins with.
			method: 'account',
			additionalFields: {
				paymentJson: '{ "method": { "slug": "account", "account_id": 90 }, "amount": 1500.5 }',
			},
		},
		{ payment: { method: { slug: 'account', account_id: 90 }, amount: 1500.5 } },
	],
	[
		'who does a service, and its names',
		'service.setLinks',
		{
			...links,
			masterSettings: rows({
				teamMemberId: byId(JOHN),
				technologicalCardId: '7',
				hours: '1',
				minutes: '30',
				priceMin: '900',
				priceMax: '1200',
			}),
			translations: rows({ languageId: '1', translation: 'Haircut' }),
		},
		{
			...links,
			additionalFields: {
				masterSettingsJson: JSON.stringify([
					{
						master_id: JOHN,
						technological_card_id: 7,
						hours: 1,
						minutes: 30,
						price: { min: 900, max: 1200 },
					},
				]),
				translationsJson: '[{ "language_id": 1, "translation": "Haircut" }]',
			},
		},
		{
			service_id: 220_000,
			resource_ids: [],
			master_settings: [
				{
					master_id: JOHN,
					technological_card_id: 7,
					hours: 1,
					minutes: 30,
					price: { min: 900, max: 1200 },
				},
			],
			translations: [{ language_id: 1, translation: 'Haircut' }],
		},
	],
	[
		'a week of a team member, with a break',
		'schedule.set',
		{
			schedulesToSet: rows(
				...[
					['10:00', '14:00'],
					['15:00', '19:00'],
				].map(([begins, ends]) => ({
					teamMemberId: byId(JOHN),
					from: '2026-11-30T00:00:00',
					until: '2026-12-06T00:00:00',
					weekdays: ['1', '3', '5'],
					begins,
					ends,
				})),
			),
			schedulesToDelete: rows({ teamMemberId: byId(ANNA), from: '2026-12-01' }),
		},
		{
			additionalFields: {
				schedulesToSetJson: JSON.stringify([
					{
						staff_id: JOHN,
						dates: ['2026-11-30', '2026-12-02', '2026-12-04'],
						slots: [
							{ from: '10:00', to: '14:00' },
							{ from: '15:00', to: '19:00' },
						],
					},
				]),
				schedulesToDeleteJson: JSON.stringify([{ staff_id: ANNA, dates: ['2026-12-01'] }]),
			},
		},
		{
			schedules_to_set: [
				{
					staff_id: JOHN,
					dates: ['2026-11-30', '2026-12-02', '2026-12-04'],
					slots: [
						{ from: '10:00', to: '14:00' },
						{ from: '15:00', to: '19:00' },
					],
				},
			],
			schedules_to_delete: [{ staff_id: ANNA, dates: ['2026-12-01'] }],
		},
	],
	[
		'the visits that are left of a membership',
		'membership.setBalance',
		{
			chainId: byId(83),
			membershipId: '5',
			servicesBalanceCount: rows({ serviceId: '220000', balance: '4' }),
		},
		{
			chainId: byId(83),
			membershipId: '5',
			additionalFields: { servicesBalanceCountJson: '[{ "service_id": 220000, "balance": 4 }]' },
		},
		{ services_balance_count: [{ service_id: 220_000, balance: 4 }] },
	],
];

test.each(CASES)('%s: rows, and JSON in their place', async (_, name, form, json, body) => {
	for (const parameters of [form, json]) {
		sandbox.clearLog();
		const { error } = await run(name, parameters);
		expect([error?.message, error?.description]).toEqual([undefined, undefined]);
		expect(writes()).toEqual([body]);
	}
});

test.each(CASES)('%s: both at once is one too many', async (_, name, form, json) => {
	const both = { ...(form.additionalFields as object), ...(json.additionalFields as object) };
	const { error } = await run(name, { ...form, additionalFields: both });
	expect(error?.message).toContain('for which it stands');
	expect(writes()).toEqual([]);
});

test('rules of a loyalty program stand beside the other fields', async () => {
	const value = {
		title: 'Regulars',
		type: 'discount_static',
		service_item_type: 'any_allowed',
		good_item_type: 'any_allowed',
		value_unit: 'percent',
		company_ids: '4564',
	};
	const form = { chainId: byId(83), fields: { mappingMode: 'defineBelow', value } };
	const empty = await run('loyaltyProgram.create', form);
	expect(empty.error?.message).toContain("'Rules' is empty");
	const made = await run('loyaltyProgram.create', {
		...form,
		rules: rows({ parameter: '5', value: '10' }),
	});
	expect(made.error).toBeUndefined();
	expect(writes()).toEqual([expect.objectContaining({ rules: [{ parameter: 5, value: 10 }] })]);
	sandbox.clearLog();
	// JSON of the whole has them in itself.
	const json = await run('loyaltyProgram.create', {
		chainId: byId(83),
		inputMode: 'json',
		json: { ...value, company_ids: [4564], rules: [{ parameter: 5, value: 10 }] },
	});
	expect(json.error).toBeUndefined();
	expect(writes()).toEqual([expect.objectContaining({ rules: [{ parameter: 5, value: 10 }] })]);
});

test('a type of gift cards says when it ends in fields of its own', async () => {
	const { error } = await run('giftCardType.create', {
		chainId: byId(83),
		fields: {
			mappingMode: 'defineBelow',
			value: {
				title: 'Spring',
				balance: 5000,
				is_multi: true,
				is_allow_empty_code: false,
				service_ids: '220000',
				salon_ids: '4564',
				expirationTypeId: '2',
				expirationTimeout: 6,
				expirationTimeoutUnitId: '3',
				onlineSaleIsEnabled: false,
			},
		},
	});
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	expect(writes()).toEqual([
		{
			title: 'Spring',
			balance: 5000,
			is_multi: true,
			is_allow_empty_code: false,
			service_ids: [220_000],
			salon_ids: [4564],
			expiration: { type_id: 2, timeout: 6, timeout_unit_id: 3 },
			online_sale: { is_enabled: false },
		},
	]);
});

test('a new client of an event: what nobody told is told as nothing', async () => {
	const { error } = await run('event.addClient', {
		eventId: '9',
		clientName: 'Kate',
		clientPhone: '+1 315 555-01-75',
		clientsCount: '2',
	});
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	expect(writes()).toEqual([
		{
			clients_count: 2,
			client: {
				id: null,
				name: 'Kate',
				phone: '13155550175',
				email: null,
				surname: null,
				patronymic: null,
				gender: null,
				birthday: null,
				custom_field_values: [],
				agreements: { is_newsletter_allowed: false, is_personal_data_processing_allowed: false },
				comment: null,
			},
		},
	]);
});

const seat = [{ code: 'seat', value: '7' }];

test.each<[string, object, object]>([
	[
		'fields and rows',
		{
			customFields: { row: seat },
			dataProcessingAllowed: true,
			comerName: 'Rex',
		},
		{ custom_field_values: seat, newsletter: false, processing: true, comer: { name: 'Rex' } },
	],
	[
		'JSON, as it was saved before there were fields',
		{
			customFieldValues: JSON.stringify(seat),
			agreements: '{"is_newsletter_allowed": true, "is_personal_data_processing_allowed": true}',
			comer: '{"name": "Rex"}',
		},
		{ custom_field_values: seat, newsletter: true, processing: true, comer: { name: 'Rex' } },
	],
	[
		'one agreement as JSON',
		{ agreements: '{"is_newsletter_allowed": true}' },
		{ custom_field_values: [], newsletter: true, processing: false, comer: undefined },
	],
])('a client of an event: %s', async (_, additionalFields, expected) => {
	const { error } = await run('event.addClient', {
		eventId: '9',
		clientName: 'Kate',
		clientPhone: '+1 315 555-01-75',
		clientsCount: '1',
		additionalFields,
	});
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	const [{ client, comer }] = writes() as Array<Record<string, IDataObject>>;
	expect({
		custom_field_values: client.custom_field_values,
		newsletter: (client.agreements as IDataObject).is_newsletter_allowed,
		processing: (client.agreements as IDataObject).is_personal_data_processing_allowed,
		comer,
	}).toEqual(expected);
	expect(Object.keys(client.agreements as IDataObject)).toHaveLength(2);
});

test.each<[string, string, object, string]>([
	[
		'custom fields twice',
		'event.addClient',
		{
			eventId: '9',
			clientName: 'Kate',
			clientsCount: '1',
			additionalFields: { customFields: { row: seat }, customFieldValues: '[]' },
		},
		"'Custom Fields of Client (JSON)' has a value, and so has 'Custom Fields of Client'",
	],
	['no service', 'appointment.create', appointment, "'Services' is empty"],
	[
		'nobody',
		'appointment.create',
		{ ...appointment, services: rows({ serviceId: byId(1) }) },
		"'Client' is empty",
	],
	[
		'an amount that is missing',
		'sale.addPayment',
		{ documentId: '12', method: 'account', accountId: byId(90) },
		"'Amount' is empty, but needed to pay with 'Account",
	],
	[
		'a gift card without its number',
		'sale.addPayment',
		{ documentId: '12', method: 'loyalty_certificate', amount: '5' },
		"'Gift Card ID' is empty",
	],
	['no day', 'schedule.set', {}, "'Days to Set' are empty"],
	...(
		[
			[{ ends: '09:00' }, "'Works Until' (09:00) is not after '10:00'"],
			[{ ends: '25:00' }, "'Works Until' is '25:00'"],
			[{ until: '2026-11-29' }, "'Last Day' (2026-11-29) is before 'First Day'"],
			[{ until: '2028-11-29' }, "'Last Day' makes 731 days from 'First Day' on"],
			[{ weekdays: ['0'] }, "'Weekdays' leave no day"],
		] as Array<[IDataObject, string]>
	).map(([changes, says]): [string, string, object, string] => {
		const row = { teamMemberId: byId(JOHN), from: '2026-11-30', begins: '10', ends: '18:00' };
		return [
			JSON.stringify(changes),
			'schedule.set',
			{ schedulesToSet: rows({ ...row, ...changes }) },
			says,
		];
	}),
])('%s is told before anything is sent', async (_, name, parameters, says) => {
	const { error } = await run(name, parameters);
	expect(error?.message).toContain(says);
	expect(writes()).toEqual([]);
});

test('a service that the team member does not do is refused, and told in words', async () => {
	const { error } = await run('appointment.create', {
		...appointment,
		services: rows({ serviceId: byId(220_000) }, { serviceId: byId(220_001) }),
		clientPhone: '13155551005',
		datetime: '2026-12-03T10:00:00',
	});
	expect(error?.message).toContain('the appointment was not accepted');
	expect(error?.description).toContain(
		`'Colouring' is none that the team member ${JOHN} does. Choose another one, or one of the team members: Anna Smith ${ANNA}.`,
	);
	expect(sandbox.altegio.salon.bookings.filter(({ staff_id: id }) => id === JOHN)).toHaveLength(2);
});

describe('A write that is answered with a list', () => {
	test('of one: its row, with the ID that the next node needs', async () => {
		const result = await run('appointment.create', {
			...appointment,
			services: rows({ serviceId: byId(220_000) }),
			clientPhone: '13155551006',
			clientName: 'Ann',
			datetime: '2026-12-05T10:00:00',
		});
		expect(result.error).toBeUndefined();
		const made = sandbox.altegio.salon.bookings.at(-1) as unknown as IDataObject;
		expect(result.json('Node')).toEqual([
			expect.objectContaining({ id: made.id, services: 'Haircut', date: '2026-12-05 10:00:00' }),
		]);
	});

	const answers = async (data: unknown) => {
		const body = { success: true, data, meta: [] };
		sandbox.faults.add({ vendor: 'altegio', method: 'POST', status: 201, times: 1, body });
		const result = await run('onlineBooking.create', {
			phone: '13155551007',
			fullname: 'Ann',
			email: 'ann@example.com',
			appointments: rows({ teamMemberId: byId(JOHN), datetime: '2026-12-05T12:00:00' }),
		});
		sandbox.faults.clear();
		expect(result.error).toBeUndefined();
		return result.json('Node');
	};

	test('of several: an item each', async () => {
		const told = [
			{ id: 1, record_id: 11, record_hash: 'a1' },
			{ id: 2, record_id: 12, record_hash: 'b2' },
		];
		expect(await answers(told)).toEqual(told);
	});

	test.each([[[]], [null], [true]])('of none (%j): it was written all the same', async (data) => {
		expect(await answers(data)).toEqual([expect.objectContaining({ success: true })]);
	});
});

describe('What simplified rows tell', () => {
	const answered = async (name: string, data: unknown, parameters: object = {}) => {
		const body = { success: true, data, meta: [] };
		sandbox.faults.add({ vendor: 'altegio', status: 200, times: 1, body });
		const dates = { dateFrom: '2026-11-28', dateTo: '2026-11-29' };
		const result = await run(name, { ...dates, returnAll: true, ...parameters });
		sandbox.faults.clear();
		expect(result.error).toBeUndefined();
		return result.json('Node');
	};
	// Midnight in Greenwich (ms), of a location in Moscow and one in Dallas (seconds), and a day as text.
	const points = [
		[1_795_824_000_000, '1500.50'],
		[1_795_899_600, 0],
		[1_796_018_400, 12],
		['2026-12-01', 3],
	];
	const series = [
		{ label: 'Revenue', data: points },
		{ label: 'Nothing', data: [] },
	];

	test.each(['getRevenue', 'getOccupancy', 'getAppointments'])(
		'analytics.%s: a row for each day, with its figure',
		async (operation) => {
			const found = await answered(`analytics.${operation}`, series);
			expect(found).toEqual([
				{ label: 'Revenue', date: '2026-11-28', value: 1500.5 },
				{ label: 'Revenue', date: '2026-11-29', value: 0 },
				{ label: 'Revenue', date: '2026-11-30', value: 12 },
				{ label: 'Revenue', date: '2026-12-01', value: 3 },
				{ label: 'Nothing', date: null, value: null },
			]);
			expect(await answered(`analytics.${operation}`, series, { output: 'raw' })).toEqual(series);
		},
	);

	test('the report of a day tells sums and numbers', async () => {
		const report = {
			stats: { clients: 4, records: 5, targets: 6, targets_paid: 9000, goods: 1 },
			paids: { total: { accounts: 9500, discount: 500 } },
			currency: '$',
		};
		const [row] = await answered('analytics.getDayReport', report, { startDate: '2026-11-28' });
		expect(row).toMatchObject({
			paid: 9500,
			discount: 500,
			clients: 4,
			appointments: 5,
			services: 6,
			servicesPaid: 9000,
			products: 1,
			currency: '$',
		});
	});

	test('working times stand in the row of their day', async () => {
		const slots = [
			{ from: '10:00', to: '14:00' },
			{ from: '15:00', to: '19:00' },
		];
		const day = { staff_id: JOHN, date: '2026-11-30', slots, busy_intervals: [] };
		const [row] = await answered('schedule.getAll', [day], {
			startDate: '2026-11-30',
			endDate: '2026-11-30',
		});
		expect(row).toEqual({
			staff_id: JOHN,
			date: '2026-11-30',
			slots: '10:00–14:00, 15:00–19:00',
			busy: null,
			off_day_type: null,
		});
	});
});

describe('services of a membership type', () => {
	const type = {
		salon_group_id: '5',
		title: 'Ten haircuts',
		cost: '9000',
		is_united_balance: 'false',
		united_balance_services_count: '0',
	};
	const created = async (services: unknown, categories: unknown = '[]') =>
		await run('membershipType.create', {
			chainId: byId(5),
			fields: {
				mappingMode: 'defineBelow',
				value: { ...type, services, service_categories: categories },
			},
		});

	test.each<[unknown, unknown]>([
		['12: 10, 15: 5', { 12: 10, 15: 5 }],
		['{ "12": 10 }', { 12: 10 }],
		[{ 12: 10 }, { 12: 10 }],
		// As the docs type it.
		['12, 15', [12, 15]],
		[
			[12, 15],
			[12, 15],
		],
	])('%j is sent as %j', async (services, expected) => {
		// The sandbox goes by the types of the docs, which are those of lists.
		sandbox.faults.add({
			vendor: 'altegio',
			path: 'abonement_types',
			body: { success: true, data: { id: 1 }, meta: [] },
			times: 1,
		});
		const { error } = await created(services);
		expect([error?.message, error?.description]).toEqual([undefined, undefined]);
		expect(writes()).toMatchObject([{ services: expected, service_categories: [] }]);
	});

	test('what is no number of visits is named, and nothing is sent', async () => {
		const { error } = await created('{ "12": "ten" }');
		expect(`${error?.message} ${error?.description}`).toMatch(/'Services' holds '12: ten'.*12: 10/);
		expect(writes()).toEqual([]);
	});
});

test('an event needs no rooms and no tags: empty lists say that there are none', async () => {
	const value = {
		date: '2026-12-01 10:00:00',
		length: '3600',
		capacity: '5',
		staff_id: String(JOHN),
		service_id: '220000',
		resource_instance_ids: '[]',
		label_ids: [],
	};
	const { error } = await run('event.create', { fields: { mappingMode: 'defineBelow', value } });
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	expect(writes()).toMatchObject([{ resource_instance_ids: [], label_ids: [] }]);
});

describe('what nobody chose is not decided', () => {
	test.each<[string, IDataObject]>([
		['inventory.createOperation', { storageId: byId(90210), createDate: operation.createDate }],
		['inventoryDocument.create', { storageId: byId(90210), createDate: operation.createDate }],
	])('%s is refused until its type is chosen', async (name, form) => {
		const { error } = await run(name, form);
		expect(error?.message).toContain("'Type' is 'Not Chosen Yet'");
		expect(error?.description).toContain('Choose one from the list');
		expect(writes()).toEqual([]);
	});

	test.each([
		[{}, 'Sale', 0],
		[{ type: '0' }, 'Sale', 0],
		[{ type: '1' }, 'Return', 1],
	])('the receipt of a form with %j is one of a %s', async (form, _, type) => {
		await run('fiscal.print', { documentId: '1', ...form });
		expect(writes()).toEqual([{ document_id: 1, type }]);
	});

	test('a line is counted in units for sale, a period in months', async () => {
		const line = { documentId: '1', productId: byId(77001), amount: '1', costPerUnit: '300' };
		await run('productTransaction.create', { ...line, discount: '0', cost: '300' });
		await run('membership.setPeriod', { chainId: byId(5), membershipId: '3', period: '3' });
		expect(writes()).toMatchObject([{ operation_unit_type: 1 }, { period: 3, period_unit_id: 3 }]);
	});

	test('Archive archives', async () => {
		await run('membershipType.archive', { chainId: byId(5), loyaltyMembershipTypeId: '3' });
		expect(writes()).toEqual([{ is_archived: true }]);
	});
});

describe('what is picked from a list', () => {
	test.each<[string, object, string]>([
		['searchUsers', place, `/company/${ALTEGIO_LOCATIONS.first}/users`],
		['searchPositions', place, `/v2/locations/${ALTEGIO_LOCATIONS.first}/positions`],
		['searchBookingForms', place, `/company/${ALTEGIO_LOCATIONS.first}/booking_forms`],
		['searchTags', place, `/v2/locations/${ALTEGIO_LOCATIONS.first}/tags`],
		['searchBillsOfMaterials', place, `/technological_cards/${ALTEGIO_LOCATIONS.first}`],
		['searchMembershipTypes', { chainId: byId(5) }, '/chain/5/loyalty/abonement_types'],
	])('%s', async (search, parameters, path) => {
		const credentials = { [CREDENTIAL]: 'tokens' };
		const { results } = await engine.listSearch(NODE, search, { credentials, parameters });
		expect(sandbox.log.map(({ path: sent }) => sent.replace(/^\/api(\/v1)?/, ''))).toEqual([path]);
		expect(results.length).toBeGreaterThan(0);
		// The docs of one list do not tell whether its rows have names.
		const names = search === 'searchMembershipTypes' ? /^\d+$|^\S.* \(\d+\)$/ : /^\S.* \([\w-]+\)$/;
		for (const { name } of results) expect(name).toMatch(names);

		const nowhere = engine.listSearch(NODE, search, { credentials, parameters: {} });
		await expect(nowhere).rejects.toThrow(/'(Location|Chain)' is not chosen yet/);
	});
});
