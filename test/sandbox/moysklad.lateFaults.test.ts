import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { call, errorCode, metaOf, moysklad } from './client';

const path = '/entity/bonustransaction';
let sandbox: Sandbox;
let before = 0;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 20, limits: 'off' });
});
beforeEach(() => {
	before = sandbox.moysklad.dictionary('bonustransaction').size;
	sandbox.clearLog();
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => await sandbox.close());

const post = async (count: number): Promise<Answer> => {
	const { world } = sandbox.moysklad;
	const one = {
		agent: world.ref('counterparty', 0),
		bonusProgram: world.ref('bonusprogram', 0),
		transactionType: 'EARNING',
	};
	return await moysklad(sandbox, path, {
		method: 'POST',
		body: Array.from({ length: count }, () => one),
	});
};
const size = async (): Promise<number> => metaOf(await moysklad(sandbox, `${path}?limit=1`)).size;

describe('work that is done although its answer is lost', () => {
	test('a gateway that gave up', async () => {
		sandbox.faults.add({ vendor: 'moysklad', method: 'POST', status: 504, afterWork: true });
		const answer = await post(30);
		expect(answer.status).toBe(504);
		expect(await size()).toBe(before + 30);
		expect((await post(1)).status).toBe(200);
		expect(sandbox.log.find(({ status }) => status === 504)).toMatchObject({
			note: 'fault after work',
		});
	});

	test("MoySklad's own time limit for mass requests", async () => {
		const body = {
			errors: [{ code: 1088, error: 'Превышено максимальное время ответа на запрос' }],
		};
		sandbox.faults.add({ vendor: 'moysklad', method: 'POST', status: 400, body, afterWork: true });
		const answer = await post(5);
		expect([answer.status, errorCode(answer)]).toEqual([400, 1088]);
		expect(await size()).toBe(before + 5);
	});

	test('a connection that breaks before and within the answer', async () => {
		for (const closeConnection of ['before', 'midBody'] as const) {
			const present = await size();
			sandbox.faults.add({ vendor: 'moysklad', method: 'POST', closeConnection, afterWork: true });
			await expect(post(10)).rejects.toThrow();
			expect(await size()).toBe(present + 10);
		}
		const [cut] = sandbox.log.filter(({ note, status }) => note !== undefined && status === 200);
		expect(cut).toMatchObject({ method: 'POST', note: 'fault after work' });
	});

	test('without afterWork nothing is done', async () => {
		sandbox.faults.add({ vendor: 'moysklad', method: 'POST', status: 504 });
		expect((await post(30)).status).toBe(504);
		expect(await size()).toBe(before);
	});

	test('a delay alone keeps the genuine answer', async () => {
		sandbox.faults.add({ vendor: 'moysklad', method: 'POST', delayMs: 60, afterWork: true });
		const started = performance.now();
		const answer = await post(2);
		expect(performance.now() - started).toBeGreaterThan(55);
		expect(answer.json<Json[]>()).toHaveLength(2);
	});

	test('requests that are not let in do not use the fault up', async () => {
		sandbox.faults.add({ vendor: 'moysklad', status: 504, afterWork: true });
		const unknown = await moysklad(sandbox, path, { token: 'nobody' });
		expect(unknown.status).toBe(401);
		expect(sandbox.faults.list()).toMatchObject([{ times: 1, played: 0 }]);
		expect((await post(1)).status).toBe(504);
		expect(sandbox.faults.list()).toEqual([]);
	});

	test('can be armed through the control listener', async () => {
		const fault = { vendor: 'moysklad', method: 'POST', status: 504, afterWork: true };
		const armed = await call(`${sandbox.urls.control}/faults`, { method: 'POST', body: fault });
		expect(armed.json()).toMatchObject({ afterWork: true });
		expect((await post(3)).status).toBe(504);
		expect(await size()).toBe(before + 3);
	});
});

describe('latency', () => {
	test('counts rows that are written and deleted', async () => {
		sandbox.latency.perRowMs = 3;
		let started = performance.now();
		const made = (await post(40)).json<Json[]>();
		expect(performance.now() - started).toBeGreaterThanOrEqual(115);
		started = performance.now();
		const body = made.map(({ meta }) => ({ meta }));
		await moysklad(sandbox, `${path}/delete`, { method: 'POST', body });
		expect(performance.now() - started).toBeGreaterThanOrEqual(115);
		sandbox.latency.perRowMs = 50;
		const { id } = sandbox.moysklad.dictionary('bonustransaction').all()[0];
		started = performance.now();
		await moysklad(sandbox, `${path}/${String(id)}`, { method: 'DELETE' });
		expect(performance.now() - started).toBeGreaterThanOrEqual(48);
		sandbox.latency.perRowMs = 0;
	});
});

test('the switches of the account can be set through the control listener', async () => {
	const body = { noteField: 'description', crm: false, extendedBonusProgram: false };
	const answer = await call(`${sandbox.urls.control}/moysklad/settings`, { method: 'POST', body });
	expect(answer.json()).toMatchObject(body);
	expect(sandbox.moysklad).toMatchObject(body);
});
