/**
 * Cells of Google Sheets, Excel and CSV files on their way into clients, appointments, services, products and cards of
 * Altegio: phones that a sheet has changed, words in either language, percents, days without a year, times of day,
 * lengths. Exactly what is meant goes out, or the item fails with the field's label and the way out, and others go on.
 */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_LOCATIONS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunResult } from '../harness';

jest.setTimeout(120_000);

const NODE = 'n8n-nodes-retail-ops.altegio';
const CREDENTIAL = 'altegioApi';
const NBSP = '\u00a0';

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

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const mapped = (value: object, matchingColumns: string[] = []) => ({
	fields: { mappingMode: 'defineBelow', value, matchingColumns, schema: [] },
});
const automatic = {
	fields: { mappingMode: 'autoMapInputData', value: null, matchingColumns: [], schema: [] },
};

/** Each row is an input item; those that fail go on as errors. */
async function run(operation: string, parameters: object, rows: object[]): Promise<RunResult> {
	const [resource, name] = operation.split('.');
	return await engine.runNode(
		NODE,
		{ resource, operation: name, locationId: byId(ALTEGIO_LOCATIONS.first), ...parameters },
		{
			credentials: { [CREDENTIAL]: 'tokens' },
			items: rows.map((json) => ({ json: json as IDataObject })),
			onError: 'continueRegularOutput',
		},
	);
}

/** What was asked for beside places and lists: bodies of writes. */
const written = () =>
	sandbox.log
		.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/search'))
		.map(({ body }) => body as IDataObject);
const errorsOf = (result: RunResult) => result.json('Node').map(({ error }) => error);

/** A phone that nobody has yet, for every new client. */
let made = 0;
const newPhone = () => `+1 315 556 ${String(1000 + made++)}`;

describe('phones', () => {
	const upsert = async (...phones: unknown[]) =>
		await run(
			'client.upsert',
			mapped({ name: 'Kate', phone: '={{ $json.phone }}' }, ['phone']),
			phones.map((phone) => ({ phone })),
		);

	test.each<[string, unknown, string]>([
		['a number', 79_991_230_001, '79991230001'],
		['with 8 in front', '8 (999) 123-00-02', '79991230002'],
		['with blanks that do not break', `+7${NBSP}999${NBSP}123${NBSP}00${NBSP}03`, '79991230003'],
		['with decimals, as programs export numbers', '79991230004.0', '79991230004'],
		['with the mark of a text', "'79991230005", '79991230005'],
		['with a word in front', 'тел.: +7 999 123-00-06', '79991230006'],
		['with marks that nobody sees', '\u202a+79991230007\u202c', '79991230007'],
	])('%s', async (_what, phone, digits) => {
		const result = await upsert(phone);
		expect(errorsOf(result)).toEqual([undefined]);
		expect(written()).toEqual([{ name: 'Kate', phone: digits }]);
	});

	test.each<[unknown, string]>([
		['7.9E+10', "is '7.9E+10', as sheets shorten long numbers"],
		['7,9991E+10', 'as sheets shorten long numbers'],
		['79991230011, 79991230012', 'which is more than one phone'],
		['79991230011; +7 999 123 00 12', 'which is more than one phone'],
		['7 999 123 00 11 / 7 999 123 00 12', 'which is more than one phone'],
		['+79991230011\n+79991230012', 'which is more than one phone'],
		['+79991230011 +79991230012', 'which is more than one phone'],
		['+7 999 123-00-11 (her mother)', 'which is no phone'],
		[79_991_230_011.5, 'which is no phone'],
		['9991230011', 'which has no code of a country'],
		['—', 'which is no phone'],
		['', 'is empty'],
		[null, 'is empty'],
	])('%j: the item fails, the next one is written', async (phone, what) => {
		const next = newPhone();
		const result = await upsert(phone, next);
		const [failed, fine] = result.json('Node');
		expect(failed.error).toContain("'Phone'");
		expect(failed.error).toContain(what);
		expect(failed.error).toContain('[item 0]');
		expect(fine.id).toEqual(expect.any(Number));
		expect(written()).toEqual([{ name: 'Kate', phone: next.replace(/\D/g, '') }]);
	});

	test('the same phone in two rows and spellings is one client; the later row counts', async () => {
		const rows = [
			{ name: 'Anna', phone: '+7 999 555-00-01' },
			{ name: 'Boris', phone: 79_995_550_002 },
			{ name: 'Anna Smith', phone: '89995550001' },
		];
		const result = await run(
			'client.upsert',
			mapped({ name: '={{ $json.name }}', phone: '={{ $json.phone }}' }, ['phone']),
			rows,
		);
		const [first, , last] = result.json('Node');
		expect(last).toMatchObject({ id: first.id, name: 'Anna Smith' });
		expect(sandbox.log.map(({ method }) => method).filter((one) => one === 'PUT')).toHaveLength(1);
	});

	/** Calls that find somebody by phone, and where it stands in their request. */
	const finding: Array<[string, object]> = [
		['membership.getByClient', {}],
		['giftCard.getByClient', {}],
		['clientAccount.getByPhone', { chainId: byId(5) }],
		['loyaltyCard.getByPhone', { chainId: byId(5) }],
		['chain.getClient', { chainId: byId(5) }],
	];
	test.each(finding)('%s finds by it whatever its spelling', async (operation, more) => {
		const phone = '={{ $json.phone }}';
		const spellings = ['+7 999 123-00-01', '89991230001', 79_991_230_001];
		await run(
			operation,
			{ phone, ...more },
			spellings.map((one) => ({ phone: one })),
		);
		const asked = sandbox.log.map(({ url }) => decodeURIComponent(url));
		expect(asked.length).toBeGreaterThan(0);
		for (const url of asked) expect(url).toMatch(/\b79991230001\b/);
		sandbox.clearLog();
		const shortened = await run(operation, { phone, ...more }, [
			{ phone: '7.9E+10' },
			{ phone: '9991230001' },
		]);
		expect(errorsOf(shortened)).toEqual([
			expect.stringContaining("'Phone' is '7.9E+10', as sheets shorten long numbers"),
			expect.stringContaining("'Phone' is '9991230001', which has no code of a country"),
		]);
		expect(sandbox.log).toEqual([]);
	});

	test('a card is issued to the whole number', async () => {
		const form = {
			phone: '={{ $json.phone }}',
			loyaltyCardTypeId: '1',
			loyaltyCardNumber: '={{ $json.card }}',
		};
		const result = await run('loyaltyCard.issue', form, [
			{ phone: '8 999 123-00-01', card: ` 0012${NBSP}` },
			{ phone: '7.9E+10', card: '1' },
			{ phone: '79991230001', card: '1.2E+12' },
			{ phone: '79991230001', card: '—' },
		]);
		expect(written()).toEqual([
			{ phone: 79_991_230_001, loyalty_card_type_id: '1', loyalty_card_number: '0012' },
		]);
		expect(errorsOf(result)).toEqual([
			undefined,
			expect.stringContaining("'Phone' is '7.9E+10'"),
			expect.stringContaining("'Loyalty Card Number' is '1.2E+12', as sheets shorten"),
			expect.stringContaining("'Loyalty Card Number' is '—', as sheets write for nothing"),
		]);
	});
});

describe('fields of a client', () => {
	/** Field of the form, cell, what is sent (undefined: nothing), or what the error says. */
	const CELLS: Array<[string, unknown, unknown]> = [
		['birth_date', '01.05.1985', '1985-05-01'],
		['birth_date', 31_168, '1985-05-01'],
		['birth_date', '31168', '1985-05-01'],
		['birth_date', '1985-05-01 00:00:00', '1985-05-01'],
		// A program's day, in a location west of Greenwich.
		['birth_date', '1985-05-01T00:00:00.000Z', '1985-05-01'],
		['birth_date', '', undefined],
		['birth_date', '01.05', /'Birth Date' holds '01\.05', which has no year/],
		['birth_date', '1.5.85', /'Birth Date' holds '1\.5\.85', which is no date/],
		['birth_date', '05/01/1985', /day and month can be read either way/],
		['birth_date', '0000-00-00', /'Birth Date' holds '0000-00-00'/],
		['birth_date', '—', /'Birth Date' holds '—'/],
		...['Male', 'm', 'М', 'муж.', 'мужской', 1].map((word): [string, unknown, unknown] => [
			'gender_id',
			word,
			1,
		]),
		...['female', 'F', 'ж', 'Женский', 'женщина', '2'].map((word): [string, unknown, unknown] => [
			'gender_id',
			word,
			2,
		]),
		['gender_id', 'неизвестно', 0],
		['gender_id', 'cat', /'Gender' is 'cat'/],
		['importance_id', 'Gold', 3],
		['importance_id', ' Золото ', 3],
		['importance_id', 'серебряный', 2],
		['importance_id', 'бронза', 1],
		['importance_id', 'нет', 0],
		['importance_id', 'VIP', /'Importance' is 'VIP'/],
		['discount', '10%', 10],
		['discount', `10,5${NBSP}%`, 10.5],
		['discount', '0', 0],
		['discount', '0.5%', 0.5],
		['discount', 0.1, /'Discount' is 0\.1, as a sheet's cell of percents holds 10 %/],
		['discount', 110, /'Discount' is '110'/],
		['discount', '110%', /'Discount' is '110%'/],
		['discount', -5, /'Discount' is '-5'/],
		['spent', '1 500,00', 1500],
		['spent', `1${NBSP}500.50`, 1500.5],
		['spent', '1500 ₽', /'Spent' is '1500 ₽'/],
		['spent', '1,500.00', /'Spent' is '1,500\.00', in which points and commas/],
		['spent', '1,500', /which may mean 1500 or 1\.5/],
		['email', ` kate@example.com${NBSP}`, 'kate@example.com'],
		['email', '', undefined],
		['email', 'kate@example.com, k@example.com', /'E-Mail' is .* which is no e-mail/],
		['email', '—', /'E-Mail' is '—', as sheets write for nothing/],
		['email', 'нет', /'E-Mail' is 'нет', which is no e-mail/],
		['card', '0012345', '0012345'],
		['card', 12_345, '12345'],
		['card', '4.6E+12', /'Card' is '4\.6E\+12', as sheets shorten long numbers/],
		['sms_check', 'да', 1],
		['sms_check', 'FALSE', 0],
		['surname', ` Smith${NBSP}`, 'Smith'],
		['surname', null, undefined],
	];

	test.each(CELLS)('%s %j', async (field, cell, expected) => {
		const phone = newPhone();
		const result = await run(
			'client.create',
			mapped({ name: 'Kate', phone: '={{ $json.phone }}', [field]: '={{ $json.cell }}' }),
			[
				{ phone, cell },
				{ phone: newPhone(), cell: undefined },
			],
		);
		const [first, ...others] = written();
		if (expected instanceof RegExp) {
			expect(result.json('Node')[0].error).toMatch(expected);
			expect(result.json('Node')[0].error).toContain('[item 0]');
			// The other item has gone on.
			expect([first, ...others]).toHaveLength(1);
		} else {
			expect(errorsOf(result)).toEqual([undefined, undefined]);
			expect(first).toEqual({
				name: 'Kate',
				phone: phone.replace(/\D/g, ''),
				...(expected === undefined ? {} : { [field]: expected }),
			});
		}
	});

	test('names come as they are, in one cell or two, without blanks around them; a dash is nobody', async () => {
		const rows = [
			{ name: ` Anna Smith${NBSP}`, surname: '', phone: newPhone() },
			{ name: 'Anna', surname: 'Smith', phone: newPhone() },
			{ name: '—', surname: '', phone: newPhone() },
			{ name: '', surname: '', phone: '' },
			{},
		];
		const result = await run('client.createMany', automatic, rows);
		expect(written()).toEqual([
			[
				{ name: 'Anna Smith', phone: expect.any(String) as unknown },
				{ name: 'Anna', surname: 'Smith', phone: expect.any(String) as unknown },
			],
		]);
		expect(errorsOf(result).slice(2)).toEqual([
			expect.stringContaining("'Name' is '—', as sheets write for nothing"),
			expect.stringContaining("'Name' is empty"),
			expect.stringContaining("'Name' is empty"),
		]);
	});

	test('a header in the words of the form', async () => {
		const row = {
			Name: 'Kate',
			Phone: newPhone(),
			'E-Mail': 'kate@example.com',
			'Birth Date': '01.05.1985',
			Gender: 'Ж',
			Discount: '10%',
		};
		await run('client.createMany', automatic, [row]);
		expect(written()).toEqual([
			[
				{
					name: 'Kate',
					phone: row.Phone.replace(/\D/g, ''),
					email: 'kate@example.com',
					birth_date: '1985-05-01',
					gender_id: 2,
					discount: 10,
				},
			],
		]);
	});
});

describe('appointments', () => {
	const JOHN = 55_436;
	const book = {
		teamMemberId: byId(JOHN),
		serviceId: byId(220_000),
		slot: byId('={{ $json.time }}'),
		clientPhone: '+1 315 555-01-75',
		clientName: '={{ $json.name ?? "Kate" }}',
	};

	test.each<[unknown, string]>([
		['2026-12-01T15:00', '2026-12-01 15:00:00'],
		['2026-12-02 15:00', '2026-12-02 15:00:00'],
		['03.12.2026 15:00', '2026-12-03 15:00:00'],
		['04.12.2026, 15:00', '2026-12-04 15:00:00'],
		[46_361.625, '2026-12-05 15:00:00'],
		['46362.625', '2026-12-06 15:00:00'],
		// Moved to the clock of the location.
		['2026-12-07T21:00:00Z', '2026-12-07 15:00:00'],
		['2026-12-09T00:00:00+03:00', '2026-12-08 15:00:00'],
	])('%j begins at %s', async (time, datetime) => {
		const result = await run('appointment.book', book, [{ time }]);
		expect(errorsOf(result)).toEqual([undefined]);
		expect(written()).toMatchObject([{ datetime }]);
	});

	test.each<[unknown, RegExp]>([
		['tomorrow', /'Time' holds 'tomorrow', which is no date/],
		['15:00', /'Time' holds '15:00', which is no date/],
		['09.30', /'Time' holds the number 9\.3|'Time' holds '09\.30'/],
		['12/10/2026 3:00 PM', /day and month can be read either way/],
		['09.12.2026', /'Time' is '09\.12\.2026', a day without the time of day/],
		['2026-12-09', /'Time' is '2026-12-09', a day without the time of day/],
		[46_365, /'Time' is '46365', a day without the time of day/],
		['2026-02-30 10:00', /'Time' holds '2026-02-30 10:00:00', which is no date/],
		['2026-13-01 10:00', /which is no date/],
		['2026-12-09 25:00', /which is no date/],
	])('%j is none, and the next row is booked', async (time, message) => {
		const next = `2027-01-${String(10 + (made++ % 20))} 1${made % 8}:00`;
		const result = await run('appointment.book', { ...book }, [{ time }, { time: next }]);
		expect(result.json('Node')[0].error).toMatch(message);
		expect(written()).toHaveLength(1);
		expect(written()[0].datetime).toBe(`${next}:00`);
	});

	const create = async (row: IDataObject) =>
		await run(
			'appointment.create',
			{
				teamMemberId: byId(JOHN),
				datetime: '={{ $json.time }}',
				seanceLength: '={{ $json.length }}',
				services: {
					row: [
						{
							serviceId: byId(220_000),
							cost: '={{ $json.cost }}',
							discount: '={{ $json.discount }}',
						},
					],
				},
				clientPhone: '={{ $json.phone }}',
				additionalFields: { saveIfBusy: true },
			},
			[row],
		);
	const row = {
		time: '2026-12-10 12:00',
		length: 3600,
		cost: '1 500,00',
		discount: '10%',
		phone: '89991230001',
	};

	test('prices, percents and phones of a row', async () => {
		await create(row);
		expect(written()).toMatchObject([
			{
				datetime: '2026-12-10 12:00:00',
				seance_length: 3600,
				services: [{ id: 220_000, cost: 1500, discount: 10 }],
				client: { phone: '79991230001' },
			},
		]);
	});

	test.each<[string, number]>([
		['3600', 3600],
		['1:00', 3600],
		['01:30:00', 5400],
		['1 h', 3600],
		['1 ч 30 мин', 5400],
		[`90${NBSP}min`, 5400],
	])('it takes %j: %s seconds', async (length, seconds) => {
		await create({ ...row, length });
		expect(written()).toMatchObject([{ seance_length: seconds }]);
	});

	test.each<[IDataObject, RegExp]>([
		[{ length: 60 }, /'Duration \(Seconds\)' is 60, and Altegio counts in seconds/],
		[{ length: '—' }, /'Duration \(Seconds\)' is '—'/],
		[{ length: 0.041_666_666 }, /'Duration \(Seconds\)' is '0\.0416/],
		[{ discount: 110 }, /'Discount \(%\)' is '110'/],
		[{ discount: 0.1 }, /'Discount \(%\)' is 0\.1, as a sheet's cell of percents holds 10 %/],
		[{ cost: '1,500.00' }, /'Price' is '1,500\.00', in which points and commas/],
		[{ phone: '7.9E+10' }, /'Client Phone' is '7\.9E\+10'/],
	])('%j: nothing is sent', async (cells, message) => {
		const result = await create({ ...row, ...cells });
		expect(result.json('Node')[0].error).toMatch(message);
		expect(written()).toEqual([]);
	});

	test.each<[unknown, number | RegExp]>([
		['No-Show', -1],
		['Did Not Come', -1],
		['Не пришёл', -1],
		['пришла', 1],
		['Подтверждён', 2],
		['ожидание', 0],
		[-1, -1],
		['gone', /'Status' is 'gone'/],
	])('a status %j in Update', async (status, code) => {
		const booked = await run('appointment.book', { ...book, options: { saveIfBusy: true } }, [
			{ time: '2026-12-11 12:00' },
		]);
		sandbox.clearLog();
		const result = await run(
			'appointment.update',
			{
				recordId: byId(booked.json('Node')[0].id as number),
				...mapped({ attendance: '={{ $json.status }}' }),
			},
			[{ status: status as IDataObject['status'] }],
		);
		if (code instanceof RegExp) {
			expect(result.json('Node')[0].error).toMatch(code);
			expect(written()).toEqual([]);
		} else expect(written()).toMatchObject([{ attendance: code }]);
	});
});

describe('services and products', () => {
	const service = (value: object) => mapped({ title: 'Cut', category_id: 1, ...value });
	const product = (value: object) =>
		mapped({
			...{ title: 'Shampoo', print_title: 'Shampoo', category_id: 1, cost: 1, actual_cost: 1 },
			...{ sale_unit_id: 1, service_unit_id: 1, unit_equals: 1 },
			...{ critical_amount: 0, desired_amount: 0 },
			...value,
		});

	test.each<[string, string, unknown, unknown]>([
		['service.create', 'price_min', '1 500,00', 1500],
		['service.create', 'price_min', '1500 руб.', /'Price Min' is '1500 руб\.'/],
		['service.create', 'duration', '1:00', 3600],
		['service.create', 'duration', '60 мин', 3600],
		['service.create', 'duration', '60', /'Duration \(Seconds\)' is 60/],
		['service.create', 'discount', '15%', 15],
		['service.create', 'discount', 150, /'Discount' is '150'/],
		['product.create', 'barcode', 4_600_000_000_000, '4600000000000'],
		['product.create', 'barcode', `${NBSP}0460000 `, '0460000'],
		['product.create', 'barcode', '4.6E+12', /'Barcode' is '4\.6E\+12', as sheets shorten/],
		['product.create', 'barcode', '—', /'Barcode' is '—', as sheets write for nothing/],
		['product.create', 'barcode', '#N/A', /'Barcode' is '#N\/A', as sheets write for nothing/],
		['product.create', 'article', '0012', '0012'],
		['product.create', 'article', '1.2E+10', /'Article' is '1\.2E\+10', as sheets shorten/],
		['product.create', 'cost', `1${NBSP}500,5`, 1500.5],
	])('%s: %s %j', async (operation, field, cell, expected) => {
		const form = operation.startsWith('service') ? service : product;
		const result = await run(operation, form({ [field]: '={{ $json.cell }}' }), [{ cell }]);
		if (expected instanceof RegExp) {
			expect(result.json('Node')[0].error).toMatch(expected);
			expect(written()).toEqual([]);
		} else {
			expect(errorsOf(result)).toEqual([undefined]);
			expect(written()).toMatchObject([{ [field]: expected }]);
		}
	});
});
