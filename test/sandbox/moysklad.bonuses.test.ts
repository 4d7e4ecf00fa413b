import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { moscowMillis } from '../../sandbox/shared/clock';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

interface Made extends Json {
	id: string;
	meta: { href: string; type: string; mediaType: string };
}

const path = '/entity/bonustransaction';
const DAY_MS = 86_400_000;
let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 20, limits: 'off' });
});
afterEach(() => {
	sandbox.moysklad.extendedBonusProgram = true;
});
afterAll(async () => await sandbox.close());

const ref = (type: string, index: number): Json => ({ ...sandbox.moysklad.world.ref(type, index) });
const post = async (body: unknown, to = path): Promise<Answer> =>
	await moysklad(sandbox, to, { method: 'POST', body });
const put = async (id: string, body: unknown, to = path): Promise<Answer> =>
	await moysklad(sandbox, `${to}/${id}`, { method: 'PUT', body });
const earning = (more: Json = {}): Json => ({
	agent: ref('counterparty', 3),
	bonusProgram: ref('bonusprogram', 0),
	transactionType: 'EARNING',
	bonusValue: 50,
	...more,
});

describe('bonus transactions', () => {
	test('the list starts with 300 and filters by who, what and by whom', async () => {
		expect(metaOf(await moysklad(sandbox, `${path}?limit=1`)).size).toBe(300);
		const made = (await post(earning({ bonusValue: 7777 }))).json<Made>();
		const agent = sandbox.moysklad.world.href('counterparty', String(refIdOf(made.agent)));
		const filter = encodeURIComponent(`agent=${agent};bonusValue>7000`);
		const rows = rowsOf<Made>(
			await moysklad(sandbox, `${path}?filter=${filter}&limit=100&expand=agent`),
		);
		expect(rows).toEqual([expect.objectContaining({ id: made.id })]);
		expect(rows[0].agent).toHaveProperty('name');
		const by = encodeURIComponent('updatedBy=second@sandbox');
		expect(metaOf(await moysklad(sandbox, `${path}?filter=${by}`)).size).toBe(0);
		expect(errorCode(await moysklad(sandbox, `${path}?order=name`))).toBe(1063);
	});

	test('computed fields, and a type that stays', async () => {
		const made = (
			await post(earning({ categoryType: 'WELCOME', transactionStatus: 'x' }))
		).json<Made>();
		expect(made).toMatchObject({
			categoryType: 'REGULAR',
			transactionStatus: 'COMPLETED',
			applicable: true,
			organization: ref('organization', 0),
		});
		expect((await put(made.id, { transactionType: 'EARNING', bonusValue: 1 })).status).toBe(200);
		expect(errorCode(await put(made.id, { transactionType: 'SPENDING' }))).toBe(3001);
		expect(errorCode(await post(earning({ transactionType: 'GIFT' })))).toBe(3005);
		expect(errorCode(await post(earning({ bonusValue: -1 })))).toBe(3002);
	});

	test('deferred earning', async () => {
		const later = moscowMillis(Date.now() + DAY_MS);
		const made = (await post(earning({ executionDate: later }))).json<Made>();
		expect(made).toMatchObject({ executionDate: later, transactionStatus: 'WAIT_PROCESSING' });
		const moved = { executionDate: moscowMillis(Date.now() + 2 * DAY_MS) };
		expect((await put(made.id, moved)).json()).toMatchObject(moved);
		const spending = earning({ transactionType: 'SPENDING', executionDate: later });
		expect(errorCode(await post(spending))).toBe(62002);
		const [done] = rowsOf<Made>(await moysklad(sandbox, `${path}?limit=1`));
		expect(errorCode(await put(done.id, moved))).toBe(62003);
		sandbox.moysklad.extendedBonusProgram = false;
		expect(errorCode(await post(earning({ executionDate: later })))).toBe(62000);
		expect(errorCode(await put(made.id, { executionDate: later }))).toBe(62001);
		// What was stored may come back unchanged.
		expect((await put(made.id, moved)).status).toBe(200);
	});

	test('among thousands of objects, a thousand are written, found and deleted', async () => {
		const dictionary = sandbox.moysklad.dictionary('bonustransaction');
		const fields = earning({ name: 'made', shared: false });
		for (let made = 0; made < 9000; made++) {
			dictionary.create(() => ({ ...fields }), 'admin@sandbox');
		}
		const before = dictionary.size;
		const body = Array.from({ length: 1000 }, (_unused, index) => ({
			...fields,
			bonusValue: index,
		}));
		const made = (await post(body)).json<Made[]>();
		expect(made.map(({ bonusValue }) => bonusValue)).toEqual(body.map((one) => one.bonusValue));
		expect(metaOf(await moysklad(sandbox, `${path}?limit=1`)).size).toBe(before + 1000);
		const wanted = made.filter((_one, index) => index % 6 === 0).slice(0, 150);
		const filter = encodeURIComponent(wanted.map(({ id }) => `id=${id}`).join(';'));
		const found = rowsOf<Made>(await moysklad(sandbox, `${path}?filter=${filter}`));
		expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
		const metas = made.map(({ meta }) => ({ meta }));
		const deleted = await post(metas, `${path}/delete`);
		expect(deleted.json<Json[]>().every(({ info }) => typeof info === 'string')).toBe(true);
		expect(metaOf(await moysklad(sandbox, `${path}?limit=1`)).size).toBe(before);
	}, 30_000);

	test('conditions on ids keep their meaning beside others', async () => {
		const [first, second, third] = rowsOf<Made>(await moysklad(sandbox, `${path}?limit=3`));
		const list = async (filter: string): Promise<string[]> =>
			rowsOf<Made>(await moysklad(sandbox, `${path}?filter=${encodeURIComponent(filter)}`)).map(
				({ id }) => id,
			);
		expect(await list(`id=${third.id};id=${first.id};id=${third.id.toUpperCase()}`)).toEqual([
			first.id,
			third.id,
		]);
		expect(await list(`id=${first.id};bonusValue=-5`)).toEqual([]);
		const others = await list(`id!=${first.id};id!=${third.id}`);
		expect(others).toHaveLength(1000);
		expect(others[0]).toBe(second.id);
		expect(await list(`id=${sandbox.moysklad.world.id('uom', 0)}`)).toEqual([]);
	});
});

function refIdOf(value: unknown): string | undefined {
	return (value as { meta: { href: string } }).meta.href.split('/').pop();
}

describe('bonus programs', () => {
	const programs = '/entity/bonusprogram';
	const least = {
		name: 'Spring',
		active: false,
		allProducts: true,
		allAgents: false,
		agentTags: ['wholesale'],
		earnRateRoublesToPoint: 10,
		spendRatePointsToRouble: 1,
		maxPaidRatePercents: 100,
	};

	test('all products, always', async () => {
		expect(errorCode(await post({ ...least, allProducts: false }, programs))).toBe(3005);
		const made = (await post(least, programs)).json<Made>();
		expect(made).toMatchObject({ agentTags: ['wholesale'], welcomeBonusesEnabled: false });
		expect(errorCode(await put(made.id, { allProducts: false }, programs))).toBe(3005);
		expect(errorCode(await put(made.id, { maxPaidRatePercents: 101 }, programs))).toBe(3008);
	});

	test('welcome points need a mode and a value', async () => {
		const welcome = { ...least, welcomeBonusesEnabled: true };
		expect(errorCode(await post(welcome, programs))).toBe(3000);
		const half = { ...welcome, welcomeBonusesMode: 'REGISTRATION' };
		expect(errorCode(await post(half, programs))).toBe(3000);
		expect(errorCode(await post({ ...half, welcomeBonusesValue: -1 }, programs))).toBe(3002);
		expect(errorCode(await post({ ...half, welcomeBonusesMode: 'BIRTHDAY' }, programs))).toBe(3005);
		const made = (await post({ ...half, welcomeBonusesValue: 0 }, programs)).json<Made>();
		expect(made).toMatchObject({ welcomeBonusesValue: 0 });
		expect(errorCode(await put(made.id, { welcomeBonusesMode: null }, programs))).toBe(3000);
		const off = { welcomeBonusesEnabled: false, welcomeBonusesMode: null };
		expect((await put(made.id, off, programs)).json()).not.toHaveProperty('welcomeBonusesMode');
	});

	test('the list knows no filter and no order', async () => {
		expect(errorCode(await moysklad(sandbox, `${programs}?filter=name%3Dx`))).toBe(1034);
		expect(errorCode(await moysklad(sandbox, `${programs}?order=name`))).toBe(1063);
	});

	test('without the paid option only one is active', async () => {
		sandbox.moysklad.extendedBonusProgram = false;
		expect(errorCode(await post({ ...least, active: true }, programs))).toBe(3020);
		const made = (await post(least, programs)).json<Made>();
		expect(errorCode(await put(made.id, { active: true }, programs))).toBe(3020);
		const { world } = sandbox.moysklad;
		await put(world.id('bonusprogram', 0), { active: false }, programs);
		expect((await put(made.id, { active: true }, programs)).status).toBe(200);
	});

	test('a program with transactions stays', async () => {
		const id = sandbox.moysklad.world.id('bonusprogram', 0);
		const answer = await moysklad(sandbox, `${programs}/${id}`, { method: 'DELETE' });
		expect(errorCode(answer)).toBe(1028);
		expect(
			answer.json<{ errors: Array<{ dependencies: unknown[] }> }>().errors[0].dependencies,
		).toHaveLength(10);
	});
});
