/** The polling trigger against the sandbox: what comes, what does not, and what is asked for it. */
import type { IDataObject } from 'n8n-workflow';

import { moysklad } from '../../sandbox/client';
import type { EngineParts } from '../harness/execution';
import { Poller, pollingParts, pollingWorkflow, POLLER } from './poller';
import type { ShownError } from './setup';
import { expectGoodHeaders, expectNoSecret, House, paths } from './setup';

let house: House;
let parts: EngineParts;

jest.setTimeout(30_000);

beforeAll(async () => {
	house = await House.open({ assortmentRows: 60 });
	parts = await pollingParts(house);
});

afterAll(async () => {
	await house.close();
});

let workflows = 0;

beforeEach(() => {
	house.sandbox.faults.clear();
	house.sandbox.clearLog();
	house.engine.deduplication.clear();
});

afterEach(() => {
	// The tests themselves write; the trigger must not.
	for (const request of house.requests) if (request.method === 'GET') expectGoodHeaders(request);
	expectNoSecret(house.requests);
});

interface Form {
	entityTypes?: string[];
	actions?: string[];
	firstRun?: string;
	since?: string;
	options?: IDataObject;
}

/** A poller that lets nothing settle, unless told otherwise. */
function poller(form: Form = {}, credential = 'fast'): Poller {
	const { options, ...more } = form;
	const parameters = {
		entityTypes: ['counterparty'],
		actions: ['CREATE', 'UPDATE'],
		...more,
		options: { settle: 0, ...options },
	};
	return new Poller(parts, pollingWorkflow(parameters, credential, `polling-${++workflows}`));
}

/** A published poller: what happened until now is none of its business. */
async function published(form: Form = {}, credential = 'fast'): Promise<Poller> {
	// MoySklad's clock is known in whole seconds: what the test before has done lies before it.
	await new Promise((resolve) => setTimeout(resolve, 1010 - (Date.now() % 1000)));
	const made = poller(form, credential);
	expect(await made.publish()).toBeNull();
	return made;
}

const brief = (items: IDataObject[]) =>
	items.map(({ action, entityType, id }) => `${action} ${entityType} ${id}`);

async function write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) {
	const answer = await moysklad(house.sandbox, path, { method, ...(body ? { body } : {}) });
	expect(answer.status).toBe(200);
	return method === 'DELETE' ? { id: '' } : answer.json<{ id: string }>();
}

const create = async (type: string, body: object) =>
	(await write('POST', `/entity/${type}`, body)).id;
const update = async (type: string, id: string, body: object) =>
	await write('PUT', `/entity/${type}/${id}`, body);
const remove = async (type: string, id: string) => await write('DELETE', `/entity/${type}/${id}`);
const person = async (name: string) =>
	await create('counterparty', { name, companyType: 'individual' });

/** Sets when an object was changed (and made) behind everybody's back, as a transaction that commits late. */
function backdate(type: string, id: string, updated: number, created?: number): void {
	const stamp = (at: number) =>
		new Date(at + 3 * 3600_000).toISOString().replace('T', ' ').replace('Z', '');
	const dictionary = house.state.dictionary(type);
	const entity = dictionary.find(id);
	if (!entity) throw new Error(`No ${type} ${id}`);
	dictionary.change(entity, {
		updated: stamp(updated),
		...(created === undefined ? {} : { created: stamp(created) }),
	});
}

async function failure(work: Promise<unknown>): Promise<ShownError> {
	const error = (await work.then(
		() => {
			throw new Error('It succeeded');
		},
		(thrown: unknown) => thrown,
	)) as ShownError;
	expectNoSecret(error);
	return error;
}

describe('the first run', () => {
	test('begins now: nothing comes, and one list is asked', async () => {
		const made = await published();
		expect(paths(house.requests)).toEqual(['GET /entity/counterparty', 'GET /entity/counterparty']);
		expect(await made.tick()).toEqual([]);
		const id = await person('After');
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
		expect(await made.tick()).toEqual([]);
	});

	test('begins at a date', async () => {
		const made = poller({ firstRun: 'since', since: '2026-10-01T00:00:00+03:00' });
		const from = Date.parse('2026-10-01T00:00:00+03:00');
		const wanted = house.state
			.dictionary('counterparty')
			.all()
			.filter(({ updated }) => Date.parse(`${String(updated).replace(' ', 'T')}+03:00`) >= from);
		expect(wanted.length).toBeGreaterThan(10);
		const items = await made.tick();
		expect(new Set(items.map(({ id }) => id))).toEqual(new Set(wanted.map(({ id }) => id)));
		expect(items).toHaveLength(wanted.length);
		const moments = items.map(({ moment }) => Date.parse(String(moment)));
		expect(moments).toEqual([...moments].sort((a, b) => a - b));
		expect(await made.tick()).toEqual([]);
	});

	test('takes everything, some pages per poll, each object once', async () => {
		const all = house.state.dictionary('counterparty').all();
		expect(all.length).toBeGreaterThan(1000);
		const made = poller({ firstRun: 'everything', options: { maxPages: 1 } });
		const first = await made.tick();
		expect(first).toHaveLength(1000);
		// What changes before its page is read comes as it is then, and still once.
		const late = all.find(({ id }) => !first.some((item) => item.id === id)) as IDataObject;
		await update('counterparty', String(late.id), { name: 'Changed before it was read' });
		const second = await made.tick();
		const both = [...first, ...second];
		expect(new Set(both.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
		expect(both).toHaveLength(all.length);
		expect(new Set(both.map(({ action }) => action))).toEqual(new Set(['CREATE']));
		expect(await made.tick()).toEqual([]);
	});

	test('takes everything of a list without order, in windows that fit', async () => {
		const all = house.state.dictionary('bonustransaction').all();
		const made = poller({
			entityTypes: ['bonustransaction'],
			firstRun: 'everything',
			options: { maxPages: 1, expand: 'agent' },
		});
		const items: IDataObject[] = [];
		for (let polls = 0; polls < 30 && items.length < all.length; polls++) {
			const some = await made.tick();
			expect(some.length).toBeLessThanOrEqual(100);
			items.push(...some);
		}
		expect(items).toHaveLength(all.length);
		expect(new Set(items.map(({ id }) => id)).size).toBe(all.length);
		const orders = house.requests.filter(({ query }) => 'order' in (query as object));
		expect(orders).toEqual([]);
	});
});

describe('an item', () => {
	test("has the webhook trigger's shape, and the object", async () => {
		const made = await published();
		const id = await person('Shape');
		const [item] = await made.tick();
		expect(item).toEqual({
			action: 'CREATE',
			entityType: 'counterparty',
			id,
			href: `${house.sandbox.urls.moysklad}/entity/counterparty/${id}`,
			accountId: house.state.world.accountId,
			uid: null,
			moment: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00$/),
			requestId: null,
			gone: false,
			object: expect.objectContaining({ id, name: 'Shape' }),
		});
		expect(Math.abs(Date.now() - Date.parse(String(item.moment)))).toBeLessThan(600_000);
	});

	test('can have a simplified object, or an expanded one', async () => {
		const simple = await published({ options: { simplify: true } });
		const expanded = await published({ options: { expand: 'owner' } });
		const id = await person('Simple');
		const [{ object }] = await simple.tick();
		expect(object).toEqual(expect.objectContaining({ id, name: 'Simple', archived: false }));
		const deep = Object.values(object as IDataObject).filter((one) => typeof one === 'object');
		// What a counterparty does not have is null.
		expect(deep).toEqual(deep.map(() => null));
		const [whole] = await expanded.tick();
		expect((whole.object as { owner: IDataObject }).owner.uid).toBeDefined();
	});
});

describe('created and updated', () => {
	test('are told apart by the date of creation', async () => {
		const made = await published();
		const id = await person('Young');
		const old = String(house.state.dictionary('counterparty').all()[3].id);
		await update('counterparty', old, { name: 'Old' });
		expect(new Set(brief(await made.tick()))).toEqual(
			new Set([`CREATE counterparty ${id}`, `UPDATE counterparty ${old}`]),
		);
		await update('counterparty', id, { name: 'Younger' });
		expect(brief(await made.tick())).toEqual([`UPDATE counterparty ${id}`]);
		// Where the object is no news but the event is not wanted, nothing comes.
		const creations = await published({ actions: ['CREATE'] });
		await update('counterparty', id, { name: 'Still young' });
		expect(await creations.tick()).toEqual([]);
	});

	test('between two polls are one event, or two where both are wanted for comparison', async () => {
		const since = new Date(Date.now() - 300_000).toISOString();
		const id = await person('Twice');
		const alone = poller({ firstRun: 'since', since });
		const updates = poller({
			firstRun: 'since',
			since,
			actions: ['UPDATE'],
		});
		const now = Date.now();
		backdate('counterparty', id, now - 90_000, now - 100_000);
		const mine = (items: IDataObject[]) => brief(items.filter((item) => item.id === id));
		expect(mine(await alone.tick())).toEqual([`CREATE counterparty ${id}`]);
		expect(mine(await updates.tick())).toEqual([`UPDATE counterparty ${id}`]);
		const shared = poller({
			firstRun: 'since',
			since,
			options: { withWebhook: true },
		});
		expect(mine(await shared.tick())).toEqual([
			`CREATE counterparty ${id}`,
			`UPDATE counterparty ${id}`,
		]);
	});

	test('are told apart by the audit where objects have no date of creation', async () => {
		const made = await published({ entityTypes: ['product', 'productfolder'] });
		const id = await create('product', { name: 'New product' });
		const folder = String(house.state.dictionary('productfolder').all()[2].id);
		await update('productfolder', folder, { name: 'Renamed folder' });
		const items = await made.tick();
		expect(new Set(brief(items))).toEqual(
			new Set([`CREATE product ${id}`, `UPDATE productfolder ${folder}`]),
		);
		const creation = items.find(({ action }) => action === 'CREATE');
		expect(creation).toMatchObject({
			uid: expect.stringContaining('@'),
			gone: false,
			object: { id, name: 'New product' },
		});
		expect(await made.tick()).toEqual([]);
		// Two seconds after it, a change is one.
		await new Promise((resolve) => setTimeout(resolve, 3100));
		await update('product', id, { name: 'Newer product' });
		expect(brief(await made.tick())).toEqual([`UPDATE product ${id}`]);
	});

	test('are both updates where the credential may not read the audit', async () => {
		const made = await published({ entityTypes: ['productfolder'] }, 'nonAdmin');
		const id = await create('productfolder', { name: 'Nobody tells' });
		expect(brief(await made.tick())).toEqual([`UPDATE productfolder ${id}`]);
		const audits = house.requests.filter(({ path }) => path.endsWith('/audit'));
		expect(audits).toHaveLength(1);
	});
});

describe('deletions', () => {
	test('are read from the audit, each once', async () => {
		const made = await published({ actions: ['DELETE'], entityTypes: ['counterparty', 'task'] });
		const id = await person('Short life');
		await person('Long life');
		expect(await made.tick()).toEqual([]);
		await remove('counterparty', id);
		const [item, ...more] = await made.tick();
		expect(more).toEqual([]);
		expect(item).toMatchObject({
			action: 'DELETE',
			entityType: 'counterparty',
			id,
			href: `${house.sandbox.urls.moysklad}/entity/counterparty/${id}`,
			uid: expect.stringContaining('@'),
			requestId: null,
			gone: true,
			object: null,
		});
		expect(await made.tick()).toEqual([]);
		// The lists themselves are not read for deletions.
		const lists = house.requests.filter(
			({ method, path }) => method === 'GET' && path.endsWith('/entity/task'),
		);
		expect(lists).toEqual([]);
	});

	test('of one bulk request come all, whatever the page of the audit', async () => {
		const made = await published({ actions: ['DELETE'] });
		const people = Array.from({ length: 120 }, (_, index) => ({
			name: `Bulk ${index}`,
			companyType: 'individual',
		}));
		const made120 = (
			await moysklad(house.sandbox, '/entity/counterparty', { method: 'POST', body: people })
		).json<Array<{ id: string; meta: object }>>();
		await moysklad(house.sandbox, '/entity/counterparty/delete', {
			method: 'POST',
			body: made120.map(({ meta }) => ({ meta })),
		});
		const items = await made.tick();
		expect(new Set(items.map(({ id }) => id))).toEqual(new Set(made120.map(({ id }) => id)));
		expect(items).toHaveLength(120);
	});

	test('say at the first poll that they need rights', async () => {
		const made = poller({ actions: ['CREATE', 'DELETE'] }, 'nonAdmin');
		const error = await failure(made.poll());
		expect(error.name).toBe('NodeApiError');
		expect(error.message).toBe(
			'MoySklad: only administrators may read the audit, which alone tells of deletions (code 38000)',
		);
		expect(error.description).toContain("Use an administrator's token, or choose events");
		const creations = poller({ actions: ['CREATE'], entityTypes: ['product'] }, 'nonAdmin');
		expect((await failure(creations.poll())).message).toContain('tells of creations');
	});

	test('that may not be read any more are said once; the rest goes on', async () => {
		const made = await published({ actions: ['CREATE', 'DELETE'] });
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/audit$',
			status: 403,
			body: { errors: [{ code: 38000, error: 'Needs rights' }] },
			times: 10,
		});
		const id = await person('In spite of it');
		expect((await failure(made.poll())).message).toContain('deletions');
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
		expect(await made.tick()).toEqual([]);
	});
});

describe('nothing is lost', () => {
	test('what MoySklad shows late comes all the same, once', async () => {
		const late = poller({ firstRun: 'since', since: new Date(Date.now() - 300_000).toISOString() });
		await late.tick();
		const id = String(house.state.dictionary('counterparty').all()[7].id);
		backdate('counterparty', id, Date.now() - 60_000);
		expect(brief(await late.tick())).toEqual([`UPDATE counterparty ${id}`]);
		expect(await late.tick()).toEqual([]);
	});

	test('a poll that fails leaves the place where it was', async () => {
		const made = await published();
		const id = await person('Behind a fault');
		const before = made.state;
		house.sandbox.faults.add({ vendor: 'moysklad', path: '/entity/counterparty$', status: 400 });
		await failure(made.poll());
		expect(made.state).toEqual(before);
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
	});

	test('what is archived or done comes too', async () => {
		const made = await published({ entityTypes: ['counterparty', 'task'] });
		const id = String(house.state.dictionary('counterparty').all()[11].id);
		await update('counterparty', id, { archived: true });
		const task = String(house.state.dictionary('task').all()[0].id);
		await update('task', task, { done: true, description: 'Done now' });
		expect(new Set(brief(await made.tick()))).toEqual(
			new Set([`UPDATE counterparty ${id}`, `UPDATE task ${task}`]),
		);
		await update('counterparty', id, { archived: false });
	});

	test('a list that does not know the conditions for what it hides is asked without them', async () => {
		const made = await published({ entityTypes: ['contract'] });
		house.sandbox.faults.add({
			vendor: 'moysklad',
			path: '/entity/contract$',
			status: 400,
			body: { errors: [{ code: 1034, error: 'unknown field' }] },
		});
		const contract = String(house.state.dictionary('contract').all()[2].id);
		await update('contract', contract, { description: 'Plain' });
		house.sandbox.clearLog();
		expect(brief(await made.tick())).toEqual([`UPDATE contract ${contract}`]);
		const filters = house.requests
			.filter(({ path }) => path.endsWith('/contract'))
			.map(({ query }) => String((query as IDataObject).filter));
		expect(filters.map((filter) => filter.includes('archived'))).toEqual([true, false]);
	});

	test('many objects of one and the same millisecond pass the pages', async () => {
		const since = new Date(Date.now() - 100_000);
		const made = poller({
			firstRun: 'since',
			since: since.toISOString(),
			options: { maxPages: 1, expand: 'owner' },
		});
		const at = Date.now() - 90_000;
		const some = house.state.dictionary('counterparty').all().slice(100, 450);
		for (const { id } of some) backdate('counterparty', String(id), at, at - 3_600_000);
		const found = new Set<unknown>();
		let times = 0;
		for (let polls = 0; polls < 12; polls++) {
			for (const { id, moment } of await made.tick()) {
				if (Date.parse(String(moment)) !== at) continue;
				found.add(id);
				times += 1;
			}
		}
		expect(times).toBe(350);
		expect(found.size).toBe(350);
	});

	test('young changes wait until they have settled', async () => {
		const made = await published({ options: { settle: 2 } });
		const id = await person('Too young');
		expect(await made.tick()).toEqual([]);
		await new Promise((resolve) => setTimeout(resolve, 3100));
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
	});

	test('types share the pages: a backlog of one does not keep another waiting', async () => {
		const made = await published({ entityTypes: ['counterparty', 'contract'] });
		made.budgetMs = undefined;
		const id = await person('Fair');
		const contract = String(house.state.dictionary('contract').all()[1].id);
		await update('contract', contract, { description: 'Fair' });
		expect(new Set(brief(await made.tick()))).toEqual(
			new Set([`CREATE counterparty ${id}`, `UPDATE contract ${contract}`]),
		);
	});

	test('when n8n dies between static data and execution, the items come again', async () => {
		const made = await published();
		const id = await person('On its way');
		const lost = await made.poll();
		expect(lost).toHaveLength(1);
		made.restart();
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
		// And not a third time, although the process is new again.
		made.restart();
		expect(await made.tick()).toEqual([]);
		expect(await made.tick()).toEqual([]);
	});

	test('when n8n dies after the execution, nothing comes twice, and what is new comes', async () => {
		const made = await published();
		const id = await person('Arrived');
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
		made.restart();
		const later = await person('Meanwhile');
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${later}`]);
		expect(await made.tick()).toEqual([]);
	});
});

describe('users', () => {
	test('only these, or not these', async () => {
		const only = await published({ options: { onlyUsers: 'admin@sandbox' } });
		const not = await published({ options: { notUsers: 'admin@sandbox' } });
		const id = await person('By the administrator');
		const items = await only.tick();
		expect(brief(items)).toEqual([`CREATE counterparty ${id}`]);
		expect(items[0].uid).toBe('admin@sandbox');
		expect(await not.tick()).toEqual([]);
	});

	test('are not known of every type', async () => {
		const made = poller({ entityTypes: ['task'], options: { onlyUsers: 'admin@sandbox' } });
		const error = await failure(made.poll());
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toContain('objects of the type task');
		expect(house.requests).toEqual([]);
	});
});

describe('a run by hand', () => {
	test('shows the newest objects and keeps nothing', async () => {
		const made = await published();
		const id = await person('Newest');
		const before = made.state;
		const result = await made.execute([{ json: {} }], 'manual');
		expect(result.status).toBe('success');
		const items = result.json(POLLER);
		expect(items).toHaveLength(5);
		expect(items[0]).toMatchObject({ action: 'CREATE', id, object: { name: 'Newest' } });
		expect(made.state).toEqual(before);
		expect(house.engine.deduplication.entries('polling-1')).toEqual([]);
		expect(brief(await made.tick())).toEqual([`CREATE counterparty ${id}`]);
	});

	test('shows deletions where nothing else is watched', async () => {
		const id = await person('Gone by hand');
		await remove('counterparty', id);
		const made = poller({ actions: ['DELETE'] });
		const result = await made.execute([{ json: {} }], 'manual');
		expect(result.json(POLLER)[0]).toMatchObject({ action: 'DELETE', id, object: null });
	});

	test('says what is wrong with the credential or the form', async () => {
		const result = await poller({ entityTypes: [] }).execute([{ json: {} }], 'manual');
		expect(result.status).toBe('error');
		const forbidden = await poller({ actions: ['DELETE'] }, 'nonAdmin').execute(
			[{ json: {} }],
			'manual',
		);
		expect(forbidden.error?.message).toContain('only administrators may read the audit');
		expectNoSecret(forbidden);
	});
});

describe('only in these statuses', () => {
	const state = (type: string, index: number) => {
		const { meta, id } = house.state.states.list(type)[index] as { meta: object; id: string };
		return { body: { state: { meta } }, id };
	};

	test('what is in one of them, as the list is asked for it; deletions and other types have their own rule', async () => {
		const [paid, other] = [state('customerorder', 1), state('customerorder', 2)];
		const [one, two] = house.state
			.dictionary('customerorder')
			.all()
			.map(({ id }) => String(id));
		const made = await published({
			entityTypes: ['customerorder', 'counterparty'],
			options: { statuses: [`customerorder/${paid.id}`] },
		});
		await update('customerorder', one, paid.body);
		await update('customerorder', two, other.body);
		const id = await person('Of another type');
		house.sandbox.clearLog();
		const items = (await made.tick()) ?? [];
		expect(brief(items).sort()).toEqual(
			[`CREATE counterparty ${id}`, `UPDATE customerorder ${one}`].sort(),
		);
		const list = house.requests.find(({ path }) => path.endsWith('/customerorder'));
		expect(list?.query.filter).toContain(
			`state=${house.state.world.base}/entity/customerorder/metadata/states/${paid.id}`,
		);
		expect(paths(house.requests)).not.toContain('GET /entity/customerorder/metadata');
	});

	test('one of a type that is not watched is told when it is published: of the others all would come', async () => {
		const statuses = [`customerorder/${state('customerorder', 1).id}`];
		const error = await failure(
			poller({ entityTypes: ['demand'], options: { statuses } }).publish(),
		);
		expect(error.message).toContain(
			"'Only in These Statuses' holds a status of Sales Order, which is not watched",
		);
		expect(error.description).toContain("add the type to 'Entity Types'");
		expect(house.requests).toEqual([]);
	});

	test('by name, also where the list cannot be asked; an unknown name is told when it is published', async () => {
		const unknown = poller({ entityTypes: ['task'], options: { statuses: ['Nobody'] } });
		const error = await failure(unknown.publish());
		expect(error.message).toContain("'Only in These Statuses' holds 'Nobody'");
		expect(error.description).toContain("Give one of: 'Звонок', 'Meeting', 'Письмо'");
		const [one, two] = house.state
			.dictionary('task')
			.all()
			.map(({ id }) => String(id));
		const made = await published({ entityTypes: ['task'], options: { statuses: ['meeting'] } });
		await update('task', one, state('task', 1).body);
		await update('task', two, state('task', 2).body);
		expect(brief((await made.tick()) ?? [])).toEqual([`UPDATE task ${one}`]);
		expect((await made.tick()) ?? []).toEqual([]);
	});
});

test('types whose lists do not tell of changes are refused before anything is asked', async () => {
	const error = await failure(poller({ entityTypes: ['currency'] }).poll());
	expect(error.message).toContain("'currency'");
	expect(house.requests).toEqual([]);
});
