/**
 * Booking as a model or a sheet asks for it, in n8n's engine against the sandbox: what is asked for twice is booked once, a
 * time that is taken is told with those that are free, team member and service go by name. A model with the tools of the
 * example is in test/e2e/agent.test.ts.
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
const HAIRCUT = 220_000;
const form = {
	teamMemberId: byId('={{ $json.who ?? 55436 }}'),
	serviceId: byId('={{ $json.what ?? 220000 }}'),
	slot: byId('={{ $json.time ?? "2026-12-01 15:00" }}'),
	clientPhone: '={{ $json.phone ?? "+1 315 555-99-01" }}',
	clientName: 'Kate',
};

/** Each row is an input item; those that fail go on as errors. */
async function run(
	operation: string,
	parameters: object,
	...rows: IDataObject[]
): Promise<RunResult> {
	return await engine.runNode(
		NODE,
		{
			resource: 'appointment',
			operation,
			locationId: byId(ALTEGIO_LOCATIONS.first),
			...parameters,
		},
		{
			credentials: { [CREDENTIAL]: 'tokens' },
			items: rows.map((json) => ({ json })),
			onError: 'continueRegularOutput',
		},
	);
}
const book = async (...rows: IDataObject[]) => await run('book', form, ...rows);
const bookings = () =>
	sandbox.log
		.filter(({ method, path }) => method === 'POST' && /\/records\/\d+$/.test(path))
		.map(({ status }) => status);
/** The whole error of the only item. */
async function refusal(row: IDataObject): Promise<string> {
	const { error } = await engine.runNode(
		NODE,
		{
			...{ resource: 'appointment', operation: 'book' },
			...{ locationId: byId(ALTEGIO_LOCATIONS.first), ...form },
		},
		{ credentials: { [CREDENTIAL]: 'tokens' }, items: [{ json: row }] },
	);
	return `${error?.message} ${error?.description}`;
}

describe('asked for once more', () => {
	test.each<[string, IDataObject]>([
		['letter by letter', {}],
		['with the phone in another spelling', { phone: 13_155_559_901 }],
		['with the time in another form', { time: '01.12.2026 15:00' }],
	])('%s, it is the appointment that is there', async (_what, more) => {
		const [first] = (await book({})).json('Node');
		const [again] = (await book(more)).json('Node');
		expect(again).toEqual(first);
		expect(bookings()).toEqual([201, 409]);
	});

	test('so it is within one run', async () => {
		const [one, other, later] = (await book({}, {}, { time: '2026-12-01 17:00' })).json('Node');
		expect(other).toEqual(one);
		expect(later.id).not.toBe(one.id);
	});

	test.each<[string, IDataObject]>([
		['another client', { phone: '+1 315 555-99-02' }],
		['another service', { what: 220_001 }],
		['a time within it', { time: '2026-12-01 15:30' }],
	])('%s gets no foreign appointment', async (_what, more) => {
		await book({ who: ANNA });
		const [refused] = (await book({ who: ANNA, ...more })).json('Node');
		expect(refused.error).toContain('the time is not free');
		expect(refused.id).toBeUndefined();
	});
});

test('a time that is taken is told with those that are free', async () => {
	await book({}, { time: '2026-12-01 10:00', phone: '+1 315 555-99-03' });
	expect(await refusal({ phone: '+1 315 555-99-02' })).toMatch(
		/the time is not free.*Asked for was 2026-12-01 15:00\. Free on that day with this team member: 11:00, 12:00, 13:00, 14:00, 16:00, 17:00\./s,
	);
	const hours = [11, 12, 13, 14, 16, 17].map((hour) => ({ time: `2026-12-01 ${hour}:00` }));
	await book(...hours);
	expect(await refusal({ phone: '+1 315 555-99-02' })).toContain('No time is free on that day');
});

describe('by name', () => {
	const rows = (data: unknown[]) => ({ body: { success: true, data, meta: [] }, times: 50 });
	const staff = [
		{ id: JOHN, name: 'John Doe', fired: 0 },
		{ id: ANNA, name: 'Anna Smith', fired: 0 },
		{ id: 55_438, name: 'Anna Brown', fired: 0 },
		{ id: 55_439, name: 'John Former', fired: 1 },
		{ id: 55_440, name: 'Алёна Ким', fired: 0 },
	];
	const services = [
		{ id: HAIRCUT, title: 'Haircut' },
		{ id: 220_009, title: 'Haircut for men' },
		{ id: 220_001, title: 'Colouring' },
		{ id: 220_002, title: 'Massage' },
		{ id: 220_003, title: 'Massage' },
	];
	beforeEach(() => {
		sandbox.faults.add({ vendor: 'altegio', path: '/staff/4564$', ...rows(staff) });
		sandbox.faults.add({ vendor: 'altegio', path: '/services/4564$', ...rows(services) });
	});
	const booked = () =>
		sandbox.log
			.filter(({ method }) => method === 'POST')
			.map(({ body }) => [
				(body as IDataObject).staff_id,
				((body as IDataObject).services as IDataObject[])[0].id,
			]);

	test.each<[string, string, number, number]>([
		['John Doe', 'Haircut', JOHN, HAIRCUT],
		[' john\u00a0DOE', 'haircut ', JOHN, HAIRCUT],
		['John', '220000', JOHN, HAIRCUT],
		['Алена', 'Colouring', 55_440, 220_001],
	])('%s, %s', async (who, what, staffId, serviceId) => {
		await book({ who, what });
		expect(booked()).toEqual([[staffId, serviceId]]);
	});

	test.each<[IDataObject, string, string]>([
		[
			{ who: 'Anna' },
			"'Team Member' is 'Anna', which fits 2 team members: Anna Smith (55437), Anna Brown (55438)",
			'Give the whole name, or the ID',
		],
		[
			{ what: 'massage' },
			"'Service' is 'massage', which fits 2 services: Massage (220002), Massage (220003)",
			'or the ID of the one that is meant',
		],
		[
			{ what: 'Nails' },
			"'Service' is 'Nails', which fits none of the services",
			'Haircut (220000)',
		],
		[{ who: 'John Former' }, "'Team Member' is 'John Former', which fits none", 'John Doe (55436)'],
		[{ who: '—' }, "'Team Member' is '—', which fits none", 'There are:'],
	])('%j: the candidates are named, and nothing is booked', async (row, message, hint) => {
		const told = await refusal(row);
		expect(told).toContain(message);
		expect(told).toContain(hint);
		expect(bookings()).toEqual([]);
	});

	test('the lists are asked for once for all items; those that fail leave the others', async () => {
		const result = await book(
			{ who: 'John Doe', time: '2026-12-02 10:00' },
			{ who: 'Anna' },
			{ who: 'John', time: '2026-12-02 12:00' },
		);
		expect(result.json('Node').map(({ error }) => error !== undefined)).toEqual([
			false,
			true,
			false,
		]);
		expect(sandbox.log.filter(({ path }) => path.endsWith('/staff/4564'))).toHaveLength(1);
	});
});

test('Cancel of what is cancelled already says so', async () => {
	sandbox.faults.add({
		vendor: 'altegio',
		path: '/record/4564/7$',
		status: 404,
		body: { success: false, data: null, meta: { message: 'Not found' } },
	});
	const { error } = await engine.runNode(
		NODE,
		{
			...{ resource: 'appointment', operation: 'delete' },
			...{ locationId: byId(ALTEGIO_LOCATIONS.first), recordId: byId(7) },
		},
		{ credentials: { [CREDENTIAL]: 'tokens' } },
	);
	expect(error?.message).toContain('the object was not found');
	expect(error?.description).toContain('It may be cancelled already');
});
