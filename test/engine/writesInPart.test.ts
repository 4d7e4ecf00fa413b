/**
 * Writes that are carried out in part, for the action node of each vendor in n8n's engine: what n8n's Retry On Fail sends
 * once more, what a stopped execution leaves, and what is told of it. What the vendor's side has carried out is counted
 * in the sandbox's log.
 */
import type { IDataObject } from 'n8n-workflow';

import {
	ALTEGIO_LOCATIONS,
	startSandbox,
	YANDEX_CAMPAIGNS,
	type Sandbox,
	type SandboxCredentials,
	type VendorName,
} from '../../sandbox';
import { createEngine, type Engine, type RunNodeOptions } from './harness';

interface Row {
	node: string;
	vendor: VendorName;
	credential: keyof SandboxCredentials;
	/** Creates a thing by the item's `name`, a request each. */
	form: IDataObject;
	/** What the vendor refuses a thing with. */
	refusal: object;
	/** The vendor knows a creation that it is sent twice, by an ID of ours. */
	knowsAgain?: true;
}

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const NAME = '={{ $json.name }}';
const mapped = (value: object) => ({
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
});
const MOYSKLAD = {
	vendor: 'moysklad',
	credential: 'moySkladApi',
	refusal: { errors: [{ error: 'no', code: 3006 }] },
} as const;

const ROWS: Row[] = [
	{
		...MOYSKLAD,
		node: 'moySklad',
		form: {
			resource: 'productFolder',
			operation: 'create',
			...mapped({ name: NAME }),
			options: { batching: false },
		},
	},
	{
		...MOYSKLAD,
		node: 'moySkladDocuments',
		form: {
			resource: 'loss',
			operation: 'create',
			...mapped({ name: NAME, organization: '={{ $json.own }}', store: '={{ $json.store }}' }),
			options: { batching: false },
		},
		knowsAgain: true,
	},
	{
		node: 'yandexMarket',
		vendor: 'yandexMarket',
		credential: 'yandexMarketApi',
		form: {
			resource: 'outlet',
			operation: 'create',
			campaignId: byId(YANDEX_CAMPAIGNS.dbs),
			name: NAME,
			type: 'RETAIL',
			regionId: byId(213),
			phones: '8 (999) 123-45-67',
			scheduleItems: {
				row: [{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '09:00', endTime: '18:00' }],
			},
		},
		refusal: { status: 'ERROR', errors: [{ code: 'BAD_REQUEST', message: 'no' }] },
	},
	{
		node: 'altegio',
		vendor: 'altegio',
		credential: 'altegioApi',
		form: {
			resource: 'client',
			operation: 'create',
			locationId: byId(ALTEGIO_LOCATIONS.first),
			...mapped({ name: NAME, phone: '={{ $json.phone }}' }),
		},
		refusal: { success: false, data: null, meta: { message: 'no' } },
	},
	{
		node: 'inspectorCloud',
		vendor: 'inspectorCloud',
		credential: 'inspectorCloudApi',
		form: { resource: 'brand', operation: 'create', ...mapped({ name: NAME }) },
		refusal: { name: ['no'] },
	},
];

const NAMES = ['First', 'Second', 'Third'];

let engine: Engine;

beforeAll(async () => (engine = await createEngine()));
afterAll(async () => await engine.close());
jest.setTimeout(60_000);

describe.each(ROWS.map((row) => [row.node, row] as const))('%s', (node, row) => {
	const { vendor, credential, form, refusal } = row;
	let sandbox: Sandbox;
	let items: IDataObject[];

	// Each sandbox has a port, thus a budget in the node, of its own.
	beforeEach(async () => {
		sandbox = await startSandbox({ vendors: [vendor], assortmentRows: 3, limits: 'off' });
		engine.setCredential('own', { type: credential, data: { ...sandbox.credentials[credential] } });
		const idOf = (type: string) =>
			vendor === 'moysklad' ? String(sandbox.moysklad.dictionary(type).all()[0].id) : '';
		items = NAMES.map((name, index) => ({
			name,
			own: idOf('organization'),
			store: idOf('store'),
			phone: `+7999000110${index}`,
		}));
	});
	afterEach(async () => await sandbox.close());

	const start = (more: Omit<RunNodeOptions, 'items' | 'credentials'> = {}) =>
		engine.startNode(`n8n-nodes-retail-ops.${node}`, form, {
			items,
			credentials: { [credential]: 'own' },
			...more,
		});
	const posts = () => sandbox.log.filter(({ method }) => method === 'POST');
	const nameOf = (body: unknown) => ([body].flat()[0] as IDataObject).name;
	/** Names of the things that were sent, in their order. */
	const sent = () => posts().map(({ body }) => nameOf(body));
	const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

	test('a refused item stops the node; what was done before is told, and no item after it is sent', async () => {
		sandbox.faults.add({ vendor, method: 'POST', after: 1, status: 400, body: refusal });
		const { status, error } = await start().result;
		expect(status).toBe('error');
		expect(error?.message).toMatch(/\[item 1\]$/);
		expect(error?.description).toContain('Already done before this failure: item 0.');
		expect(sent()).toEqual(['First', 'Second']);
	});

	test('Retry On Fail sends what was refused, and nothing that was written', async () => {
		sandbox.faults.add({ vendor, method: 'POST', after: 1, status: 400, body: refusal });
		const result = await start(RETRY).result;
		expect([result.status, result.error?.message]).toEqual(['success', undefined]);
		expect(sent()).toEqual(['First', 'Second', 'Second', 'Third']);
		expect(result.items('Node').map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
	});

	test('Retry On Fail does not send again what may have been carried out', async () => {
		sandbox.faults.add({
			vendor,
			method: 'POST',
			after: 1,
			closeConnection: 'midBody',
			afterWork: true,
		});
		const { status, error } = await start(RETRY).result;
		if (row.knowsAgain) {
			expect(status).toBe('success');
			expect(sent()).toEqual(['First', 'Second', 'Second', 'Third']);
			return;
		}
		expect(status).toBe('error');
		expect(error?.description).toContain('may have carried out the request all the same');
		expect(sent()).toEqual(['First', 'Second']);
	});

	test('a stopped execution sends nothing more', async () => {
		sandbox.faults.add({ vendor, method: 'POST', after: 1, delayMs: 20_000 });
		const running = start(RETRY);
		while (posts().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
		running.cancel();
		expect((await running.result).status).toBe('canceled');
		sandbox.faults.clear();
		await new Promise((resolve) => setTimeout(resolve, 800));
		expect(sent()).toEqual(['First', 'Second']);
	});
});
