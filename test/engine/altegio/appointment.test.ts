/**
 * Appointments and clients of Altegio in n8n's engine against the sandbox. Facts: Altegio docs, edit an appointment
 * (the whole object is replaced, 422 for what is missing), clients search (a POST that reads, page in the body).
 */
import type { IDataObject } from 'n8n-workflow';

import { altegio } from '../../../nodes/Altegio/vendor';
import type { Mapper, MapperField, Operation } from '../../../nodes/shared/catalogue';
import { operationName } from '../../../nodes/shared/run/request';
import { ALTEGIO_LOCATIONS, ALTEGIO_RECORDS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunNodeOptions, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.altegio';
const CREDENTIAL = 'altegioApi';
const LOCATION = ALTEGIO_LOCATIONS.first;
const RICH = ALTEGIO_RECORDS.rich;

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

const get = async (recordId: unknown, parameters: object = {}) =>
	await run({
		resource: 'appointment',
		operation: 'get',
		recordId: String(recordId),
		...parameters,
	});

const update = async (
	recordId: unknown,
	value: IDataObject,
	parameters: object = {},
	options: RunNodeOptions = {},
) =>
	await run(
		{
			resource: 'appointment',
			operation: 'update',
			recordId: String(recordId),
			fields: { mappingMode: 'defineBelow', value },
			...parameters,
		},
		options,
	);

const sent = () =>
	sandbox.log.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
const written = () =>
	sandbox.log.filter(({ method }) => method === 'PUT').map(({ body }) => body as IDataObject);
const raw = async (id: unknown) => (await get(id, { output: 'raw' })).json('Node')[0];
const record = (id: unknown) => `/record/${LOCATION}/${String(id)}`;
const objectAt = (row: IDataObject, name: string) => row[name] as IDataObject;

describe('Appointment: Get', () => {
	test('returns ten fields with the time of the location', async () => {
		const found = await get(ALTEGIO_RECORDS.sample);
		expect(found.error).toBeUndefined();
		const [row] = found.json('Node');
		expect(row).toMatchObject({
			id: ALTEGIO_RECORDS.sample,
			locationId: LOCATION,
			date: '2026-09-21 23:00:00',
			status: 'Arrived',
			clientName: 'dev1',
			staff: 'John Doe',
		});
		expect(Object.keys(row)).toHaveLength(10);
		expect(sent()).toEqual([`GET ${record(ALTEGIO_RECORDS.sample)}`]);
	});

	test('an empty object is an empty object, also when it came as an array', async () => {
		const row = await raw(ALTEGIO_RECORDS.rich + 1);
		expect(row.client).toEqual({});
		expect(objectAt(row, 'staff').position).toEqual({});
		expect(row.events).toEqual([]);
		const [simple] = (await get(ALTEGIO_RECORDS.rich + 1)).json('Node');
		expect(simple).toMatchObject({ clientName: null, clientPhone: null, services: 'Colouring' });
	});

	test.each([
		[{ options: { include_consumables: true } }, 'include_consumables=1'],
		[{ options: { include_finance_transactions: true } }, 'include_finance_transactions=1'],
	])('asks for more with %j', async (parameters, query) => {
		await get(RICH, parameters);
		expect(sandbox.log[0].url).toContain(query);
	});

	test.each<[unknown, unknown, string]>([
		[LOCATION, ALTEGIO_RECORDS.missing, 'the object was not found'],
		[ALTEGIO_LOCATIONS.second, RICH, 'the object was not found'],
		[ALTEGIO_LOCATIONS.foreign, RICH, 'access was denied'],
		[LOCATION, 'abc', "'Appointment' is 'abc'"],
	])('location %s, appointment %s: %s', async (location, id, message) => {
		const found = await get(id, { locationId: byId(location) });
		expect(found.error?.message).toContain(message);
		expect(found.error?.description).not.toContain('visit');
	});

	test('a location that is not there: what to check, and nothing raw', async () => {
		const { error } = await get(RICH, { locationId: byId(999) });
		expect(error?.message).toContain('the object was not found');
		expect(error?.description).toMatch(
			/^Check the location first: its list has .*\/timetable\/4564/,
		);
		// The API's own answer has no words here.
		expect(error?.description).not.toMatch(/says|success|[{}]/);
	});
});

describe('Appointment: Update', () => {
	test('changes what is named and keeps everything else', async () => {
		sandbox.altegio.records.touch(RICH, {
			comment: 'By the window',
			custom_color: 'ff0000',
			custom_fields: { seat: '7', guests: 2 },
			sms_remain_hours: 3,
			api_id: 'crm-1',
			technical_break_duration: 300,
		});
		const before = await raw(RICH);
		sandbox.clearLog();
		const done = await update(RICH, { attendance: '2' });
		expect(done.error).toBeUndefined();
		expect(done.json('Node')[0]).toMatchObject({
			id: RICH,
			status: 'Confirmed',
			services: 'Haircut',
		});
		expect(sent()).toEqual([`GET ${record(RICH)}`, `GET ${record(RICH)}`, `PUT ${record(RICH)}`]);
		const after = await raw(RICH);
		const rest: IDataObject = { ...before };
		delete rest.last_change_date;
		expect(after).toMatchObject({ ...rest, attendance: 2 });
	});

	test('what a colleague changes meanwhile stays', async () => {
		let reads = 0;
		sandbox.altegio.records.onRead = (id) => {
			if (++reads === 1) sandbox.altegio.records.touch(id, { comment: 'Called back' });
		};
		const done = await update(RICH, { attendance: '1' });
		expect(done.error).toBeUndefined();
		// Changed between two looks: a third one sees that it stays.
		expect(sent().filter((line) => line.startsWith('GET'))).toHaveLength(3);
		expect(await raw(RICH)).toMatchObject({ comment: 'Called back', attendance: 1 });
	});

	test('writes times on the clock of the location, whatever the workflow’s zone', async () => {
		const fields = ['2026-12-01T18:30:00', '2026-12-01T18:30:00+03:00', '2026-12-01'];
		const items = fields.map((at) => ({ at }));
		const done = await update(
			RICH,
			{ datetime: '={{ $json.at }}' },
			{ options: { saveIfBusy: true } },
			{ items },
		);
		expect(done.error).toBeUndefined();
		expect(written().map(({ datetime }) => datetime)).toEqual([
			'2026-12-01 18:30:00',
			'2026-12-01 09:30:00',
			'2026-12-01 00:00:00',
		]);
		expect(sent().filter((line) => line === `GET /company/${LOCATION}`)).toHaveLength(1);
	});

	test('does not ask for the clock when no time is written', async () => {
		await update(RICH, { comment: 'x' });
		expect(sent()).not.toContain(`GET /company/${LOCATION}`);
	});

	test('takes no other place for its own, but a busy one only when told to', async () => {
		await update(RICH, { comment: 'x' });
		expect(written()[0]).toMatchObject({ save_if_busy: true, send_sms: false });
		const night = { datetime: '2026-12-01T03:00:00' };
		const refused = await update(RICH, night);
		expect(refused.error?.message).toContain('the time is not free');
		const forced = await update(RICH, night, { options: { saveIfBusy: true, sendSms: true } });
		expect(forced.error).toBeUndefined();
		expect(written().at(-1)).toMatchObject({ save_if_busy: true, send_sms: true });
	});

	test('custom fields of the location are put together with those that are there', async () => {
		sandbox.altegio.records.touch(RICH, { custom_fields: { seat: '7', guests: 2 } });
		await update(RICH, { 'custom_field:guests': 3 });
		expect(written()[0].custom_fields).toEqual({ seat: '7', guests: 3 });
	});

	test('sends only what is given when told so, if that is enough', async () => {
		const partial = await update(RICH, { comment: 'x' }, { options: { sendAsGiven: true } });
		expect(partial.error?.message).toContain('Altegio takes whole appointments only');
		expect(sent()).toEqual([]);
		const whole = {
			staff_id: 1,
			services: [{ id: 5 }],
			client: { phone: '13155550100', name: 'New' },
			datetime: '2026-12-01T10:00:00',
			seance_length: 3600,
		};
		const done = await update(RICH, whole, { options: { sendAsGiven: true } });
		expect(done.error).toBeUndefined();
		expect(written()).toEqual([{ ...whole, datetime: '2026-12-01 10:00:00', send_sms: false }]);
	});

	test.each<[string, unknown, IDataObject, string]>([
		['nothing to change', RICH, {}, "'Fields' name nothing to change"],
		['an appointment that is paid', ALTEGIO_RECORDS.paid, { comment: 'x' }, 'access was denied'],
		['a date that is none', RICH, { datetime: 'soon' }, "'Date and Time'"],
	])('%s is told', async (_, id, value, message) => {
		const done = await update(id, value);
		expect(done.error?.message).toContain(message);
	});

	test('one that does not exist is found before anything is written', async () => {
		const items = [RICH, ALTEGIO_RECORDS.missing].map((id) => ({ id }));
		const done = await update('={{ $json.id }}', { comment: 'x' }, {}, { items });
		expect(done.error?.message).toContain('[item 1]');
		expect(written()).toEqual([]);
	});

	test('a phone that the user may not see is not written back', async () => {
		sandbox.altegio.records.touch(RICH, { client: { id: 1, name: 'Kate', phone: '+7*******12' } });
		const done = await update(RICH, { comment: 'x' });
		expect(done.error?.message).toContain('may not see');
		expect(written()).toEqual([]);
	});
});

describe('Client: Search', () => {
	const search = async (parameters: object) =>
		await run({ resource: 'client', operation: 'search', ...parameters });
	const bodies = () => sandbox.log.map(({ body }) => body as IDataObject);
	const SEARCH = `POST /company/${LOCATION}/clients/search`;

	test('turns the pages in the body, and asks for all fields', async () => {
		const found = await search({ returnAll: true });
		expect(found.error).toBeUndefined();
		const ids = found.json('Node').map(({ id }) => id);
		expect(new Set(ids).size).toBe(450);
		expect(ids).toHaveLength(450);
		expect(sent()).toEqual([SEARCH, SEARCH, SEARCH]);
		expect(sandbox.log.map(({ url }) => url.includes('?'))).toEqual([false, false, false]);
		expect(bodies().map(({ page, page_size }) => [page, page_size])).toEqual([
			[1, 200],
			[2, 200],
			[3, 200],
		]);
		expect(Object.keys(found.json('Node')[0])).toHaveLength(9);
	});

	test.each<[string, object, IDataObject]>([
		[
			'a phone',
			{ filters: { quick_search: ' 3155551007 ' } },
			{ filters: [{ type: 'quick_search', state: { value: '3155551007' } }], operation: 'AND' },
		],
		[
			'IDs and gender',
			{ filters: { id: '4240001, 4240004', gender: ['1'] } },
			{
				filters: [
					{ type: 'id', state: { value: [4240001, 4240004] } },
					{ type: 'gender', state: { value: [1] } },
				],
				operation: 'AND',
			},
		],
		[
			'an order',
			{ sort: { by: [{ field: 'sold_amount', direction: 'desc' }] } },
			{ order_by: 'sold_amount', order_by_direction: 'DESC' },
		],
		['fewer fields', { options: { fields: ['id', 'phone'] } }, { fields: ['id', 'phone'] }],
	])('finds by %s', async (_, parameters, body) => {
		const found = await search({ limit: 2, ...parameters });
		expect(found.error).toBeUndefined();
		expect(bodies()[0]).toMatchObject(body);
		expect(found.json('Node').length).toBeGreaterThan(0);
	});

	test('is a read: tried again after an outage', async () => {
		sandbox.faults.add({ vendor: 'altegio', status: 503, times: 1 });
		const found = await search({ limit: 1 });
		expect(found.error).toBeUndefined();
		expect(sent()).toEqual([SEARCH, SEARCH]);
	});

	test.each<[object, string]>([
		[{ filters: { id: 'x' } }, "'Client IDs' holds 'x'"],
		[{ sort: { by: [{ field: 'name' }, { field: 'id' }] } }, "'Sort' has more than one field"],
	])('refuses %j', async (parameters, message) => {
		const found = await search(parameters);
		expect(found.error?.message).toContain(message);
		expect(sent()).toEqual([]);
	});
});

/** Updates that replace what cannot be read along, with the fields that they must be given. */
const replaced = altegio.operations.flatMap((operation): Array<[string, Operation, Mapper]> => {
	const found = operation.fields.find(({ kind }) => kind === 'mapper');
	return found?.kind === 'mapper' && found.mapper.whole
		? [[operationName(operation), operation, found.mapper]]
		: [];
});

describe('What is replaced as given', () => {
	const given = ({ kind, choices }: MapperField): IDataObject[string] => {
		if (kind === 'choice') return choices?.[0].value;
		if (kind === 'array') return '[]';
		return { text: 'Sample', number: 1, toggle: true, time: '2026-11-28', object: '{}' }[kind];
	};
	const runWith = async ({ resource, operation, fields }: Operation, value: IDataObject) => {
		const form = fields
			.filter(({ kind, required }) => required && kind !== 'mapper')
			.map((field) => {
				if (field.kind === 'locator') return [field.name, byId(LOCATION)];
				return [field.name, field.kind === 'choice' ? field.choices[0].value : '12'];
			});
		return await run({
			...Object.fromEntries(form),
			resource,
			operation,
			fields: { mappingMode: 'defineBelow', value },
		});
	};

	test('is what the vendor says', () => {
		expect(replaced.map(([name]) => name).sort()).toEqual([
			'customField.update',
			'event.update',
			'giftCardType.update',
			'membershipType.update',
			'productTransaction.update',
		]);
	});

	test.each(replaced)('%s asks for all that the docs require', async (_name, operation, mapper) => {
		const required = mapper.fields.filter((field) => field.required);
		const all = Object.fromEntries(required.map((field) => [field.name, given(field)]));
		for (const { name, label } of required) {
			const others = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
			// Something is given in any case.
			const other = mapper.fields.find((field) => !field.required);
			const more = other ? { [other.name]: given(other) } : {};
			const { error } = await runWith(operation, { ...others, ...more });
			expect(error?.message).toBe(
				`'${label}' is empty, but needed: the object is replaced with what is given`,
			);
			expect(error?.description).toContain(`(${name})`);
		}
		expect(sent()).toEqual([]);

		const { error } = await runWith(operation, all);
		expect(error).toBeUndefined();
		const [body] = written();
		// A list may be empty: that is how there is nothing of it.
		for (const { name, kind, at = name } of required) {
			if (kind === 'array') expect([name, body[name]]).toEqual([name, []]);
			else expect(body).toHaveProperty(at);
		}
	});
});

test('the list of locations shows the user’s own', async () => {
	const credentials = { [CREDENTIAL]: 'tokens' };
	const { results } = await engine.listSearch(NODE, 'searchLocations', { credentials });
	expect(results).toEqual([
		{ name: 'Sandbox salon, Dallas (4564)', value: '4564' },
		{ name: 'Second salon, Dallas (4565)', value: '4565' },
	]);
});

describe('Visit: Get by location and day', () => {
	const DAY = '2026-09-21';
	const form = {
		resource: 'visit',
		operation: 'get',
		findBy: 'day',
		locationId: byId(LOCATION),
		visitDay: `${DAY}T00:00:00`,
	};
	const row = (id: number, time: string, visit: number, client: unknown) => ({
		id,
		visit_id: visit,
		date: `${DAY} ${time}:00`,
		client,
		staff: { id: 55_436, name: 'John Doe' },
	});
	const kate = { id: 5, name: 'Kate', phone: '+13155551000' };
	const data = [
		row(1, '10:00', 8_260_010, kate),
		// A second appointment of the same visit.
		row(2, '11:00', 8_260_010, kate),
		row(3, '12:30', 8_260_011, { id: 6, name: 'Пётр', phone: 13_155_551_001 }),
		row(4, '13:00', 8_260_012, null),
	];
	const search = async (filter?: string, parameters: object = form) => {
		sandbox.faults.add({ vendor: 'altegio', body: { success: true, data, meta: [] } });
		const credentials = { [CREDENTIAL]: 'tokens' };
		const found = await engine.listSearch(NODE, 'searchVisits', {
			credentials,
			parameters,
			filter,
		});
		return found.results.map(({ name, value }) => [name, value]);
	};
	const first = ['10:00, Kate, +13155551000, John Doe (8260010)', '8260010'];
	const second = ['12:30, Пётр, 13155551001, John Doe (8260011)', '8260011'];

	test('lists the visits of the day, each once', async () => {
		expect(await search()).toEqual([first, second, ['13:00, John Doe (8260012)', '8260012']]);
		const [{ url }] = sandbox.log;
		const { pathname, searchParams } = new URL(url, 'http://sandbox');
		expect(pathname).toBe(`/api/v1/records/${LOCATION}`);
		expect(Object.fromEntries(searchParams)).toEqual({
			start_date: DAY,
			end_date: DAY,
			page: '1',
			count: '200',
		});
	});

	test.each([
		['kate', first],
		['51001', second],
	])('finds %s', async (text, expected) => {
		expect(await search(text)).toEqual([expected]);
	});

	test.each([
		['locationId', 'Location'],
		['visitDay', 'Day'],
	])('says that %s comes first', async (name, label) => {
		await expect(search(undefined, { ...form, [name]: '' })).rejects.toThrow(
			`'${label}' is not chosen yet`,
		);
		expect(sent()).toEqual([]);
	});

	test('reads the visit that was picked', async () => {
		const picked = { __rl: true, mode: 'list', value: '8260010' };
		const result = await run({ ...form, dayVisitId: picked });
		expect(result.json('Node')[0].id).toBe(8_260_010);
		expect(sent()).toEqual(['GET /visits/8260010']);
	});

	test('asks for the visit when none was picked', async () => {
		const { error } = await run({ ...form, dayVisitId: { __rl: true, mode: 'list', value: '' } });
		expect(error?.message).toMatch(/Visit/);
		expect(sent()).toEqual([]);
	});
});

describe('an appointment picked from the list', () => {
	const row = (id: number, date: string, client: unknown) => ({
		id,
		date,
		// The offset is that of no zone of the location.
		datetime: `${date.replace(' ', 'T')}+03:00`,
		client,
		staff: { id: 55_436, name: 'John Doe' },
		services: [{ id: 220_000, title: 'Haircut' }],
	});
	const data = [
		row(2, '2026-12-11 12:30:00', { id: 6, name: 'Пётр', phone: 13_155_551_001 }),
		row(1, '2026-12-10 10:00:00', { id: 5, name: 'Kate', phone: '+13155551000' }),
		row(3, '2026-12-12 13:00:00', null),
	];
	const search = async (filter?: string, operation = 'reschedule') => {
		sandbox.faults.add({ vendor: 'altegio', body: { success: true, data, meta: [] } });
		const found = await engine.listSearch(NODE, 'searchAppointments', {
			credentials: { [CREDENTIAL]: 'tokens' },
			parameters: { resource: 'appointment', operation, locationId: byId(LOCATION) },
			filter,
		});
		return found.results.map(({ name, value }) => [name, value]);
	};
	const asked = () => {
		const { pathname, searchParams } = new URL(sandbox.log[0].url, 'http://sandbox');
		return [pathname, Object.fromEntries(searchParams)];
	};
	const kate = ['2026-12-10 10:00, Kate, +13155551000, John Doe, Haircut (1)', '1'];
	const peter = ['2026-12-11 12:30, Пётр, 13155551001, John Doe, Haircut (2)', '2'];
	const nobody = ['2026-12-12 13:00, John Doe, Haircut (3)', '3'];

	test('lists those from yesterday on, the next one first', async () => {
		const yesterday = new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 10);
		expect(await search()).toEqual([kate, peter, nobody]);
		expect(asked()).toEqual([
			`/api/v1/records/${LOCATION}`,
			{ start_date: yesterday, page: '1', count: '200' },
		]);
	});

	test.each([
		['kate', [kate]],
		['51001', [peter]],
		['2026-12-12', [nobody]],
	])('finds %s', async (text, expected) => {
		expect(await search(text)).toEqual(expected);
	});

	test('a day that is searched for is asked for, also one of long ago', async () => {
		expect(await search('2025-01-31')).toEqual([]);
		expect(asked()[1]).toMatchObject({ start_date: '2025-01-31', end_date: '2025-01-31' });
	});

	test.each(['get', 'update', 'reschedule', 'confirm', 'markArrived', 'markNoShow', 'delete'])(
		'%s takes what was picked, and an ID that was typed before there was a list',
		async (operation) => {
			const more = {
				update: { fields: { mappingMode: 'defineBelow', value: { comment: 'x' } } },
				reschedule: { slot: { __rl: true, mode: 'id', value: '2026-12-11 12:00' } },
			}[operation];
			const picked = { __rl: true, mode: 'list', value: String(RICH) };
			for (const recordId of [picked, String(RICH)]) {
				sandbox.log.length = 0;
				await run({ resource: 'appointment', operation, recordId, ...more });
				expect(sent()[0]).toMatch(new RegExp(`^(GET|DELETE) ${record(RICH)}$`));
			}
		},
	);
});
