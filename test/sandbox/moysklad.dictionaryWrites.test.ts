import { typesThat } from '../../nodes/MoySklad/facts';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf, startReceiver } from './client';

interface Made extends Json {
	id: string;
	meta: { href: string; type: string; mediaType: string };
}

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 300, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const post = async (keyword: string, body: unknown): Promise<Answer> =>
	await moysklad(sandbox, `/entity/${keyword}`, { method: 'POST', body });
const put = async (keyword: string, id: string, body: unknown): Promise<Answer> =>
	await moysklad(sandbox, `/entity/${keyword}/${id}`, { method: 'PUT', body });
const remove = async (keyword: string, id: string): Promise<Answer> =>
	await moysklad(sandbox, `/entity/${keyword}/${id}`, { method: 'DELETE' });
const get = async (keyword: string, id: string): Promise<Answer> =>
	await moysklad(sandbox, `/entity/${keyword}/${id}`);
const make = async (keyword: string, body: unknown): Promise<Made> => {
	const answer = await post(keyword, body);
	expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
	return answer.json<Made>();
};
const ref = (type: string, index: number): Json => ({ ...sandbox.moysklad.world.ref(type, index) });
const parameter = (answer: Answer): unknown =>
	answer.json<{ errors: Json[] }>().errors[0].parameter;
const parties = (): Json => ({ ownAgent: ref('organization', 0), agent: ref('counterparty', 0) });

/** The least that creates an object of a dictionary. */
const LEAST: Record<string, () => Json> = {
	currency: () => ({ name: 'points', code: '999', isoCode: 'PTS' }),
	productfolder: () => ({ name: 'Folder' }),
	uom: () => ({ name: 'box' }),
	contract: () => parties(),
	task: () => ({ description: 'Call', assignee: ref('employee', 0) }),
	bonustransaction: () => ({
		agent: ref('counterparty', 0),
		bonusProgram: ref('bonusprogram', 0),
		transactionType: 'EARNING',
	}),
	bonusprogram: () => ({
		name: 'Program',
		active: false,
		allProducts: true,
		allAgents: true,
		earnRateRoublesToPoint: 10,
		spendRatePointsToRouble: 1,
		maxPaidRatePercents: 50,
	}),
	counterparty: () => ({ name: 'Agent' }),
	organization: () => ({ name: 'Own company' }),
	store: () => ({ name: 'Depot' }),
	retailstore: () => {
		const { priceType } = sandbox.moysklad.dictionary('retailstore').all()[0];
		return {
			name: 'Kiosk',
			organization: ref('organization', 0),
			store: ref('store', 0),
			priceType,
		};
	},
};
const KEYWORDS = Object.keys(LEAST);

describe('every writable dictionary', () => {
	test.each(KEYWORDS)('%s: created, read, changed, deleted', async (keyword) => {
		const made = await make(keyword, LEAST[keyword]());
		expect(made.meta).toMatchObject({ type: keyword, href: expect.stringContaining(made.id) });
		expect((await get(keyword, made.id)).json()).toEqual(made);
		const field = keyword === 'task' ? 'description' : 'name';
		const { updated, ...kept } = made;
		const body = { [field]: 'Other', id: 'x', accountId: 'y', updated: '2000-01-01 00:00:00' };
		const changed = (await put(keyword, made.id, body)).json();
		expect(changed).toMatchObject({ ...kept, [field]: 'Other' });
		expect(String(changed.updated) >= String(updated)).toBe(true);
		const removed = await remove(keyword, made.id);
		expect([removed.status, removed.text]).toEqual([200, '']);
		expect(errorCode(await get(keyword, made.id))).toBe(1021);
	});

	test.each(KEYWORDS)(
		'%s: nothing that must be given can be left out or emptied',
		async (keyword) => {
			const least = LEAST[keyword]();
			const made = await make(keyword, least);
			for (const field of Object.keys(least)) {
				if (keyword === 'contract' && field === 'name') continue;
				const without = await post(keyword, { ...least, [field]: undefined });
				expect([field, without.status, errorCode(without), parameter(without)]).toEqual([
					field,
					412,
					3000,
					field,
				]);
				const emptied = await put(keyword, made.id, { [field]: null });
				expect([field, errorCode(emptied)]).toEqual([field, 3000]);
			}
		},
	);

	test.each(KEYWORDS)('%s: an array creates, changes and reports in its order', async (keyword) => {
		const field = keyword === 'task' ? 'description' : 'name';
		const least = LEAST[keyword]();
		const made = await make(keyword, least);
		const { world } = sandbox.moysklad;
		sandbox.moysklad.bulkErrorStatus = 400;
		const answer = await post(keyword, [
			{ meta: made.meta, [field]: 'Changed in bulk' },
			{ ...least, [field]: 5 },
			{ ...least, [field]: 'Made in bulk' },
			{ meta: world.meta(keyword, world.id(keyword, 4_000_000)) },
		]);
		sandbox.moysklad.bulkErrorStatus = 200;
		expect(answer.status).toBe(400);
		expect(answer.json()).toMatchObject([
			{ id: made.id, [field]: 'Changed in bulk' },
			{ errors: [{ code: 2016, parameter: field }] },
			{ [field]: 'Made in bulk' },
			{ errors: [{ code: 1021 }] },
		]);
		const [first, , third] = answer.json<Made[]>();
		const deletion = await moysklad(sandbox, `/entity/${keyword}/delete`, {
			method: 'POST',
			body: [{ meta: first.meta }, { meta: third.meta }, { meta: third.meta }],
		});
		expect([deletion.status, deletion.json()]).toMatchObject([
			200,
			[
				{ info: expect.stringContaining(first.id) },
				{ info: expect.stringContaining(third.id) },
				{ errors: [{ code: 1021 }] },
			],
		]);
	});

	const readOnly = typesThat(
		({ does, path }, keyword) => does === 'lr' && path === `/entity/${keyword}`,
	);
	test.each(readOnly)('%s is read-only', async (keyword) => {
		expect((await post(keyword, { name: 'x' })).status).toBe(405);
		const { id } = sandbox.moysklad.dictionary(keyword).all()[0];
		expect(errorCode(await put(keyword, String(id), { name: 'x' }))).toBe(1039);
		expect(errorCode(await remove(keyword, String(id)))).toBe(1039);
	});

	test('changes fire webhooks, with the changed fields', async () => {
		const receiver = await startReceiver((response) => response.writeHead(204).end());
		for (const action of ['CREATE', 'UPDATE', 'DELETE']) {
			await post('webhook', {
				url: `${receiver.url}/${action}`,
				action,
				entityType: 'uom',
				...(action === 'UPDATE' ? { diffType: 'FIELDS' } : {}),
			});
		}
		const { id } = await make('uom', { name: 'pallet' });
		await put('uom', id, { name: 'pallet', description: 'EUR' });
		await remove('uom', id);
		await sandbox.moysklad.deliveriesIdle();
		const events = receiver.requests.map(({ body }) => (body.events as Json[])[0]);
		await receiver.close();
		expect(events).toHaveLength(3);
		expect(events).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ action: 'CREATE' }),
				expect.objectContaining({ action: 'UPDATE', updatedFields: ['description'] }),
				expect.objectContaining({ action: 'DELETE' }),
			]),
		);
	});
});

describe('fields', () => {
	test('lengths, types and enums', async () => {
		expect(errorCode(await post('uom', { name: 'x'.repeat(256) }))).toBe(3040);
		expect((await post('uom', { name: 'x'.repeat(255) })).status).toBe(200);
		const long = await post('uom', { name: 'x', description: 'y'.repeat(4097) });
		expect([errorCode(long), parameter(long)]).toEqual([3040, 'description']);
		expect(errorCode(await post('uom', { name: 'x', shared: 'yes' }))).toBe(2016);
		expect(errorCode(await post('productfolder', { name: 'x', taxSystem: 'NONE' }))).toBe(3005);
		expect(errorCode(await post('counterparty', { name: 'x', tags: 'vip' }))).toBe(2016);
		expect(errorCode(await post('counterparty', { name: 'x', email: 'nobody' }))).toBe(3015);
	});

	test('null empties an optional field, unknown keys are left out', async () => {
		const { id } = await make('uom', { name: 'x', description: 'y', color: 'red' });
		const answer = await put('uom', id, { description: null });
		expect(answer.json()).not.toHaveProperty('description');
		expect(answer.json()).not.toHaveProperty('color');
	});

	test.each(['2026-11-01', '2026-11-01T10:00:00', '2026-11-01 10:00', '2026-02-30 10:00:00', 7])(
		'%s is no date',
		async (moment) => {
			const answer = await post('contract', { ...parties(), moment });
			expect([errorCode(answer), parameter(answer)]).toEqual([2016, 'moment']);
		},
	);

	test('dates are kept with milliseconds, those of documents in whole minutes', async () => {
		const made = await make('contract', { ...parties(), moment: '2026-03-04 05:06:07' });
		expect(made.moment).toBe('2026-03-04 05:06:00.000');
		const task = await make('task', { ...LEAST.task(), dueToDate: '2026-03-04 05:06:07' });
		expect(task.dueToDate).toBe('2026-03-04 05:06:07.000');
	});

	test('references must be whole, of the right type and known', async () => {
		const { world } = sandbox.moysklad;
		const good = world.meta('counterparty', world.id('counterparty', 0));
		const cases: Array<[number, unknown]> = [
			[2016, 'x'],
			[2014, { id: good.href }],
			[2010, { meta: { type: 'counterparty', mediaType: 'application/json' } }],
			[2011, { meta: { href: good.href, mediaType: 'application/json' } }],
			[2018, { meta: { href: good.href, type: 'counterparty' } }],
			[2021, { meta: { ...good, type: 'store' } }],
			[
				2013,
				{ meta: { ...good, href: good.href.replace(/^http:\/\/[^/]*/, 'https://other.test') } },
			],
			[2013, { meta: { ...good, href: `${world.base}/entity/counterparty` } }],
			[2027, { meta: { ...good, type: 'organization' } }],
			[1021, { meta: world.meta('counterparty', world.id('counterparty', 5000)) }],
		];
		for (const [code, agent] of cases) {
			const answer = await post('contract', { ...parties(), agent });
			expect([agent, errorCode(answer), parameter(answer)]).toEqual([agent, code, 'agent']);
		}
		const folder = { meta: { ...(ref('store', 0).meta as Json), type: 'productfolder' } };
		expect(errorCode(await post('productfolder', { name: 'x', productFolder: folder }))).toBe(2024);
	});

	test('what a body references can be expanded at once', async () => {
		const answer = await moysklad(sandbox, '/entity/contract?expand=agent,rate.currency', {
			method: 'POST',
			body: { ...parties(), rate: { currency: ref('currency', 1), value: 90 } },
		});
		expect(answer.json()).toMatchObject({
			agent: { id: expect.any(String), name: expect.any(String) },
			ownAgent: { meta: { type: 'organization' } },
			rate: { value: 90, currency: { isoCode: 'USD' } },
		});
	});

	test('syncId makes creation repeatable and cannot be changed', async () => {
		const syncId = '11111111-2222-3333-4444-555555555555';
		const first = await make('counterparty', { name: 'Once', syncId });
		expect((await make('counterparty', { name: 'Twice', syncId })).id).toBe(first.id);
		const other = { syncId: '11111111-2222-3333-4444-666666666666' };
		expect(errorCode(await put('counterparty', first.id, other))).toBe(1047);
	});
});

test('a counterparty has a state, and can be found by it', async () => {
	const [state] = sandbox.moysklad.states.list('counterparty');
	const { id } = await make('counterparty', { name: 'New one', state: { meta: state.meta } });
	const filter = encodeURIComponent(`state.name=${String(state.name)}`);
	const path = `/entity/counterparty?limit=10&expand=state&filter=${filter}`;
	expect(rowsOf(await moysklad(sandbox, path))).toMatchObject([{ id, state: { id: state.id } }]);
});

test('lists sort by version and author', async () => {
	const { id } = await make('uom', { name: 'often changed' });
	for (const name of ['a', 'b', 'c']) await put('uom', id, { name });
	const rows = rowsOf<Made>(await moysklad(sandbox, '/entity/uom?order=version,desc'));
	expect(rows[0].id).toBe(id);
	expect((await moysklad(sandbox, '/entity/store?order=updatedBy')).status).toBe(200);
});

describe('currency', () => {
	const eur = { system: true, isoCode: 'EUR' };

	test('a custom one has a rate of its own, never zero', async () => {
		const made = await make('currency', { ...LEAST.currency(), rate: 3.5, multiplicity: 10 });
		expect(made).toMatchObject({
			system: false,
			default: false,
			rate: 3.5,
			multiplicity: 10,
			rateUpdateType: 'manual',
		});
		expect(errorCode(await put('currency', made.id, { rate: 0 }))).toBe(3003);
		expect(errorCode(await put('currency', made.id, { multiplicity: 0 }))).toBe(3003);
		const renamed = await put('currency', made.id, { name: 'pts', rate: 4 });
		expect(renamed.json()).toMatchObject({ name: 'pts', rate: 4 });
	});

	test('forms of units are checked', async () => {
		const unit = { gender: 'feminine', s1: 'балла', s2: 'балла', s5: 'баллов' };
		const made = await make('currency', { ...LEAST.currency(), majorUnit: unit });
		expect(made.majorUnit).toEqual(unit);
		const wrong = { ...unit, gender: 'neuter' };
		expect(errorCode(await put('currency', made.id, { majorUnit: wrong }))).toBe(3005);
		expect(errorCode(await put('currency', made.id, { majorUnit: { s1: 'x' } }))).toBe(3000);
	});

	test('a system one comes from the built-in list', async () => {
		expect(errorCode(await post('currency', { system: true, name: 'x' }))).toBe(31002);
		expect(errorCode(await post('currency', { system: true, code: '000' }))).toBe(31001);
		const mixed = { system: true, code: '978', isoCode: 'USD' };
		expect(errorCode(await post('currency', mixed))).toBe(31001);
		const made = await make('currency', { ...eur, margin: 2, name: 'ignored' });
		expect(made).toMatchObject({
			system: true,
			code: '978',
			isoCode: 'EUR',
			fullName: 'Евро',
			rateUpdateType: 'auto',
			margin: 2,
		});
		expect(errorCode(await put('currency', made.id, { name: 'other' }))).toBe(1024);
		expect((await put('currency', made.id, { name: made.name })).status).toBe(200);
		expect(errorCode(await put('currency', made.id, { rate: 1 }))).toBe(31003);
		const manual = await put('currency', made.id, { rateUpdateType: 'manual', rate: 101 });
		expect(manual.json()).toMatchObject({ rateUpdateType: 'manual', rate: 101 });
		expect(errorCode(await put('currency', made.id, { rateUpdateType: 'daily' }))).toBe(3005);
		expect((await remove('currency', made.id)).status).toBe(200);
	});

	test('the accounting currency and those of the account are protected', async () => {
		const [rouble, dollar] = sandbox.moysklad.dictionary('currency').all();
		expect(errorCode(await put('currency', String(rouble.id), { rate: 2 }))).toBe(31003);
		const auto = { rateUpdateType: 'auto' };
		expect(errorCode(await put('currency', String(rouble.id), auto))).toBe(31003);
		expect(errorCode(await remove('currency', String(rouble.id)))).toBe(31000);
		expect(errorCode(await remove('currency', String(dollar.id)))).toBe(1025);
	});

	test('archived ones leave the list', async () => {
		const { id } = await make('currency', { ...LEAST.currency(), archived: true });
		const list = async (filter: string): Promise<unknown[]> =>
			rowsOf(await moysklad(sandbox, `/entity/currency?filter=${encodeURIComponent(filter)}`));
		expect(await list(`id=${id}`)).toHaveLength(0);
		expect(await list(`id=${id};archived=true;archived=false`)).toHaveLength(1);
	});
});

describe('unit of measure', () => {
	test('built-in units cannot be changed or deleted', async () => {
		const { id } = sandbox.moysklad.dictionary('uom').all()[0];
		const changed = await put('uom', String(id), { name: 'x' });
		expect([changed.status, errorCode(changed)]).toEqual([403, 1024]);
		expect(errorCode(await remove('uom', String(id)))).toBe(1025);
	});

	test('a unit that a product uses stays', async () => {
		const unit = await make('uom', { name: 'roll' });
		const product = await make('product', { name: 'Wallpaper', uom: { meta: unit.meta } });
		const refused = await remove('uom', unit.id);
		expect([refused.status, errorCode(refused)]).toEqual([409, 1028]);
		expect(refused.json()).toMatchObject({
			errors: [{ dependencies: [{ meta: { href: product.meta.href } }] }],
		});
		await remove('product', product.id);
		expect((await remove('uom', unit.id)).status).toBe(200);
	});
});

describe('product folder', () => {
	test('the path follows the parent, also when that is renamed or moved', async () => {
		const top = await make('productfolder', { name: 'Top' });
		const inner = await make('productfolder', { name: 'Inner', productFolder: { meta: top.meta } });
		const leaf = await make('productfolder', { name: 'Leaf', productFolder: { meta: inner.meta } });
		expect([top.pathName, inner.pathName, leaf.pathName]).toEqual(['', 'Top', 'Top/Inner']);
		await put('productfolder', top.id, { name: 'Roof' });
		expect((await get('productfolder', leaf.id)).json().pathName).toBe('Roof/Inner');
		await put('productfolder', inner.id, { productFolder: null });
		expect((await get('productfolder', inner.id)).json()).not.toHaveProperty('productFolder');
		expect((await get('productfolder', leaf.id)).json().pathName).toBe('Inner');
		const circle = { productFolder: { meta: leaf.meta } };
		expect(errorCode(await put('productfolder', inner.id, circle))).toBe(3007);
		expect(errorCode(await put('productfolder', leaf.id, circle))).toBe(3007);
	});

	test('names of a path may have 255 characters in sum', async () => {
		const top = await make('productfolder', { name: 'a'.repeat(200) });
		const below = { productFolder: { meta: top.meta } };
		expect(errorCode(await post('productfolder', { name: 'b'.repeat(55), ...below }))).toBe(3051);
		const child = await make('productfolder', { name: 'b'.repeat(54), ...below });
		expect(errorCode(await put('productfolder', top.id, { name: 'a'.repeat(201) }))).toBe(3051);
		expect((await get('productfolder', child.id)).json().pathName).toBe('a'.repeat(200));
	});

	test("VAT is the parent's or its own", async () => {
		const top = await make('productfolder', {
			name: 'Books',
			useParentVat: false,
			vat: 10,
			vatEnabled: true,
		});
		expect(top).toMatchObject({ effectiveVat: 10, effectiveVatEnabled: true });
		const child = await make('productfolder', { name: 'x', productFolder: { meta: top.meta } });
		expect(child).toMatchObject({ useParentVat: true, effectiveVat: 10 });
		const none = await put('productfolder', child.id, {
			useParentVat: false,
			vat: 0,
			vatEnabled: false,
		});
		expect(none.json()).toMatchObject({ effectiveVat: 0, effectiveVatEnabled: false });
	});

	test('a folder with folders or goods inside stays', async () => {
		const top = await make('productfolder', { name: 'Full' });
		const child = await make('productfolder', { name: 'x', productFolder: { meta: top.meta } });
		expect(errorCode(await remove('productfolder', top.id))).toBe(1028);
		await remove('productfolder', child.id);
		const product = await make('product', { name: 'p', productFolder: { meta: top.meta } });
		expect(product.pathName).toBe('Full');
		expect(errorCode(await remove('productfolder', top.id))).toBe(1028);
		await remove('product', product.id);
		expect((await remove('productfolder', top.id)).status).toBe(200);
	});

	test('has no metadata', async () => {
		const answer = await moysklad(sandbox, '/entity/productfolder/metadata');
		expect([answer.status, errorCode(answer)]).toEqual([404, 1003]);
	});
});

describe('contract', () => {
	test('defaults and ranges', async () => {
		const made = await make('contract', parties());
		expect(made).toMatchObject({
			name: expect.stringMatching(/^\d{5}$/),
			contractType: 'Sales',
			rewardType: 'None',
			sum: 0,
			archived: false,
			rate: { currency: { meta: { type: 'currency' } } },
		});
		expect(errorCode(await put('contract', made.id, { rewardPercent: 101 }))).toBe(3008);
		expect(errorCode(await put('contract', made.id, { rewardPercent: -1 }))).toBe(3002);
		expect(errorCode(await put('contract', made.id, { rewardPercent: 1.5 }))).toBe(2016);
		expect(errorCode(await put('contract', made.id, { contractType: 'Lease' }))).toBe(3005);
		const rate = { currency: ref('currency', 1), value: 0 };
		expect(errorCode(await put('contract', made.id, { rate }))).toBe(3003);
		await put('contract', made.id, { rate: { ...rate, value: 80 } });
		const reset = await put('contract', made.id, { rate: null });
		expect(reset.json().rate).toEqual({ currency: ref('currency', 0) });
	});

	test('a state of its metadata, nothing else', async () => {
		const [state] = sandbox.moysklad.states.list('contract');
		const [foreign] = sandbox.moysklad.states.list('task');
		const made = await make('contract', { ...parties(), state: { meta: state.meta } });
		expect(made.state).toMatchObject({ meta: { href: (state.meta as Json).href } });
		const wrong = { state: { meta: foreign.meta } };
		expect(errorCode(await put('contract', made.id, wrong))).toBe(2013);
		const { href } = state.meta as { href: string };
		const unknown = { meta: { ...(state.meta as Json), href: href.replace(/.{36}$/, made.id) } };
		expect(errorCode(await put('contract', made.id, { state: unknown }))).toBe(1021);
		const list = async (filter: string): Promise<string[]> =>
			rowsOf<Made>(
				await moysklad(sandbox, `/entity/contract?filter=${encodeURIComponent(filter)}`),
			).map(({ id }) => id);
		expect(await list(`state=${href}`)).toContain(made.id);
		expect(await list(`state.name=${String(state.name)}`)).toContain(made.id);
		expect(await list(`state!=${href}`)).not.toContain(made.id);
		const cleared = await put('contract', made.id, { state: null });
		expect(cleared.json()).not.toHaveProperty('state');
	});

	test('a new agent wants its account when one is set', async () => {
		const [first] = rowsOf<Made>(await moysklad(sandbox, '/entity/contract?limit=1'));
		const agent = ref('counterparty', 1100);
		const refused = await put('contract', first.id, { agent });
		expect([errorCode(refused), parameter(refused)]).toEqual([3000, 'agentAccount']);
		const foreign = { agent, agentAccount: first.agentAccount };
		expect(errorCode(await put('contract', first.id, foreign))).toBe(2013);
		const moved = await put('contract', first.id, { agent, agentAccount: null });
		expect(moved.json()).toMatchObject({ agent });
		expect(moved.json()).not.toHaveProperty('agentAccount');
	});

	test('an agent or a currency of a contract cannot be deleted', async () => {
		const agent = await make('counterparty', { name: 'Bound' });
		const currency = await make('currency', LEAST.currency());
		const contract = await make('contract', {
			...parties(),
			agent: { meta: agent.meta },
			rate: { currency: { meta: currency.meta }, value: 2 },
		});
		const refused = await remove('counterparty', agent.id);
		expect(refused.json()).toMatchObject({
			errors: [{ code: 1028, dependencies: [{ meta: { href: contract.meta.href } }] }],
		});
		expect(errorCode(await remove('currency', currency.id))).toBe(1028);
		await remove('contract', contract.id);
		expect((await remove('counterparty', agent.id)).status).toBe(200);
		expect((await remove('currency', currency.id)).status).toBe(200);
	});

	test('custom fields', async () => {
		const { attributes } = sandbox.moysklad;
		const field = attributes.list('contract').find(({ type }) => type === 'long');
		const { meta } = attributes.entity(field as NonNullable<typeof field>) as Made;
		const made = await make('contract', { ...parties(), attributes: [{ meta, value: 14 }] });
		expect(made.attributes).toEqual([expect.objectContaining({ value: 14 })]);
		const filter = encodeURIComponent(`${meta.href}=14;id=${made.id}`);
		expect(metaOf(await moysklad(sandbox, `/entity/contract?filter=${filter}`)).size).toBe(1);
		const body = { attributes: [{ meta, value: 'two weeks' }] };
		expect(errorCode(await put('contract', made.id, body))).toBe(2016);
		const cleared = await put('contract', made.id, { attributes: [{ meta, value: null }] });
		expect(cleared.json()).not.toHaveProperty('attributes');
	});
});

describe('stores and retail stores', () => {
	test('a store below another shows the way, and one with stock stays', async () => {
		const made = await make('store', { name: 'Shelf', parent: ref('store', 0) });
		expect(made.pathName).toBe('Main store');
		const { world } = sandbox.moysklad;
		expect(errorCode(await remove('store', world.id('store', 1)))).toBe(1028);
		expect((await remove('store', made.id)).status).toBe(200);
	});

	test('cashiers are the employees of the body', async () => {
		const made = await make('retailstore', {
			...LEAST.retailstore(),
			cashiers: [ref('employee', 0), ref('employee', 2)],
		});
		expect(made.cashiers).toMatchObject({ meta: { size: 2, type: 'cashier' } });
		const path = `/entity/retailstore/${made.id}/cashiers`;
		const before = rowsOf<Made>(await moysklad(sandbox, path));
		expect(before.map(({ employee }) => employee)).toEqual([
			ref('employee', 0),
			ref('employee', 2),
		]);
		const answer = await put('retailstore', made.id, { cashiers: [ref('employee', 2)] });
		expect(answer.json().cashiers).toMatchObject({ meta: { size: 1 } });
		const after = rowsOf<Made>(await moysklad(sandbox, path));
		expect(after.map(({ id }) => id)).toEqual([before[1].id]);
		const wrong = { cashiers: [ref('store', 0)] };
		expect(errorCode(await put('retailstore', made.id, wrong))).toBe(2021);
	});

	test('every retail store has three cashiers, expanded on demand', async () => {
		const stores = rowsOf<Made>(await moysklad(sandbox, '/entity/retailstore?limit=2&order=id'));
		const { world } = sandbox.moysklad;
		const id = world.id('retailstore', 0);
		expect(stores.length).toBe(2);
		const path = `/entity/retailstore/${id}/cashiers`;
		const answer = await moysklad(sandbox, `${path}?limit=2&offset=1&expand=employee,retailStore`);
		expect(metaOf(answer)).toMatchObject({ size: 3, limit: 2, offset: 1, type: 'cashier' });
		const rows = rowsOf<Made>(answer);
		expect(rows).toHaveLength(2);
		expect(rows[0]).toMatchObject({ employee: { uid: 'second@sandbox' }, retailStore: { id } });
		const one = await moysklad(sandbox, `${path}/${rows[1].id}?expand=employee`);
		expect(one.json()).toMatchObject({ id: rows[1].id, employee: { uid: 'cashier@sandbox' } });
		expect(errorCode(await moysklad(sandbox, `${path}/${id}`))).toBe(1021);
		expect(errorCode(await moysklad(sandbox, `${path}/x`))).toBe(1000);
		expect((await moysklad(sandbox, path, { method: 'POST', body: {} })).status).toBe(405);
	});
});
