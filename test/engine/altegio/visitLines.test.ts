/**
 * Lines of a visit, row by row, in n8n's engine against the sandbox: a row changes its line or adds one, all others stay.
 * Facts: reference of the project, altegio-api.md §2.1.
 */
import type { IDataObject } from 'n8n-workflow';

import { ALTEGIO_VISITS, startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox';
import { createEngine } from '../harness';
import type { Engine, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.altegio';
const RECORD = 30_000_000;

let engine: Engine;
let sandbox: Sandbox;
/** What an update sends when nothing is named. */
let whole: { services: IDataObject[]; goods_transactions: IDataObject[] };

beforeAll(async () => {
	engine = await createEngine();
	sandbox = await startSandbox({ vendors: ['altegio'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('tokens', { type: 'altegioApi', data: sandbox.credentials.altegioApi });
	await update({ fields: fields({ attendance: '1' }) });
	[whole] = writes() as unknown as Array<typeof whole>;
});

beforeEach(() => sandbox.clearLog());

afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const rows = (...row: IDataObject[]) => ({ row });
const fields = (value: IDataObject) => ({ mappingMode: 'defineBelow', value });

async function update(parameters: object): Promise<RunResult> {
	return await engine.runNode(
		NODE,
		{
			resource: 'visit',
			operation: 'update',
			visitId: String(ALTEGIO_VISITS.rich),
			recordId: String(RECORD),
			...parameters,
		},
		{ credentials: { altegioApi: 'tokens' } },
	);
}

const writes = () =>
	sandbox.log.filter(({ method }) => method === 'PUT').map(({ body }) => body as IDataObject);

async function sent(parameters: object): Promise<IDataObject> {
	const run = await update(parameters);
	expect(run.error?.message).toBeUndefined();
	const [body] = writes();
	return body;
}

async function refused(parameters: object): Promise<string> {
	const { error } = await update(parameters);
	expect(writes()).toEqual([]);
	return `${error?.message} ${String(error?.description)}`;
}

test('the visit of the sandbox has two services and two products', () => {
	expect(whole.services.map(({ id }) => id)).toEqual([220_000, 220_001]);
	expect(whole.goods_transactions).toHaveLength(2);
});

test('a row changes its service, and leaves the other and the products', async () => {
	const services = rows({ serviceId: '220001', discount: '10', cost: '3150' });
	expect(await sent({ services })).toEqual({
		...whole,
		services: [whole.services[0], { ...whole.services[1], discount: 10, cost: 3150 }],
	});
});

test('a service that is new comes to the others, with the appointment above', async () => {
	const services = rows({ serviceId: '220007', firstCost: '900', cost: '900' });
	expect(await sent({ services })).toEqual({
		...whole,
		services: [...whole.services, { record_id: RECORD, id: 220_007, first_cost: 900, cost: 900 }],
	});
});

test('a product that is new comes to the others, another one changes', async () => {
	const [first, second] = whole.goods_transactions;
	const goodsTransactions = rows(
		{ lineId: String(second.id), amount: '-2', cost: '900' },
		{ productId: '77002', inventoryId: '90210', amount: '-1', cost: '120' },
	);
	expect(await sent({ goodsTransactions })).toEqual({
		...whole,
		goods_transactions: [
			first,
			{ ...second, id: Number(second.id), amount: -2, cost: 900 },
			{ good_id: 77_002, storage_id: 90_210, amount: -1, cost: 120 },
		],
	});
});

test('payments are added', async () => {
	const newTransactions = rows({ amount: '1500', accountId: '90' });
	expect(await sent({ newTransactions })).toEqual({
		...whole,
		new_transactions: [{ amount: 1500, account_id: 90 }],
	});
});

test('a list as JSON is the whole list, as before', async () => {
	const services = [{ id: 220_000, cost: 1, record_id: RECORD }];
	expect(await sent({ fields: fields({ services }) })).toEqual({ ...whole, services });
	sandbox.clearLog();
	expect(await sent({ fields: fields({ services: [] }) })).toEqual({ ...whole, services: [] });
});

test('with Send As Given, rows are the whole list', async () => {
	const services = rows({ serviceId: '220001', cost: '5' });
	const body = await sent({
		services,
		fields: fields({ attendance: '1', comment: 'x' }),
		options: { sendAsGiven: true },
	});
	expect(body).toEqual({ attendance: 1, comment: 'x', services: [{ id: 220_001, cost: 5 }] });
});

test.each<[string, IDataObject, RegExp]>([
	[
		'a discount without the sum',
		{ services: rows({ serviceId: '220001', discount: '10' }) },
		/'Sum' is empty in the row of the service 220001.*Fill in 'Sum'/s,
	],
	[
		'a service that the visit does not have, without its price',
		{ services: rows({ serviceId: '9000001', cost: '10' }) },
		/'Service ID' is 9000001.*no such service.*Price Before Discount/s,
	],
	[
		'a line that the visit does not have',
		{ goodsTransactions: rows({ lineId: '5', cost: '1' }) },
		/'Line ID' is 5.*no such line.*Leave it empty/s,
	],
	[
		'rows and JSON at once',
		{
			services: rows({ serviceId: '220001', cost: '1' }),
			fields: fields({ services: [] }),
		},
		/Services/,
	],
])('%s is refused, and nothing is sent', async (_, parameters, text) => {
	expect(await refused(parameters)).toMatch(text);
});
