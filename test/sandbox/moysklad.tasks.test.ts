import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

interface Made extends Json {
	id: string;
	meta: { href: string; type: string; mediaType: string };
}

const path = '/entity/task';
let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 20, limits: 'off' });
});
afterEach(() => {
	sandbox.moysklad.crm = true;
	sandbox.moysklad.noteField = 'text';
});
afterAll(async () => await sandbox.close());

const ref = (type: string, index: number): Json => ({ ...sandbox.moysklad.world.ref(type, index) });
const taskId = (index: number): string => sandbox.moysklad.world.id('task', index);
const send = async (
	method: 'POST' | 'PUT' | 'DELETE',
	to: string,
	body?: unknown,
	token?: string,
): Promise<Answer> => await moysklad(sandbox, to, { method, body, token });
const make = async (more: Json = {}, token?: string): Promise<Made> => {
	const body = { description: 'Call', assignee: ref('employee', 0), ...more };
	return (await send('POST', path, body, token)).json<Made>();
};

describe('tasks', () => {
	test('done tasks leave the list, and come when asked for', async () => {
		const size = async (filter: string): Promise<number> =>
			metaOf(await moysklad(sandbox, `${path}?limit=1&filter=${encodeURIComponent(filter)}`)).size;
		expect([await size(''), await size('done=true'), await size('done=true;done=false')]).toEqual([
			30, 10, 40,
		]);
		const made = await make();
		const done = await send('PUT', `${path}/${made.id}`, { done: true });
		expect(done.json()).toMatchObject({
			completed: expect.any(String),
			implementer: ref('employee', 0),
		});
		expect(await size(`id=${made.id}`)).toBe(0);
		expect(await size(`id=${made.id};done=true;done=false`)).toBe(1);
		const open = await send('PUT', `${path}/${made.id}`, { done: false });
		expect(open.json()).not.toHaveProperty('completed');
		expect(await size(`id=${made.id}`)).toBe(1);
	});

	test('an agent or an operation, not both', async () => {
		const { world } = sandbox.moysklad;
		const operation = { meta: world.meta('customerorder', world.id('customerorder', 1)) };
		const agent = ref('counterparty', 1);
		const body = { description: 'x', assignee: ref('employee', 0), agent, operation };
		expect(errorCode(await send('POST', path, body))).toBe(3028);
		const made = await make({ agent });
		expect(errorCode(await send('PUT', `${path}/${made.id}`, { operation }))).toBe(3028);
		const moved = await send('PUT', `${path}/${made.id}`, { operation, agent: null });
		expect(moved.json()).toMatchObject({ operation });
		expect(moved.json()).not.toHaveProperty('agent');
	});

	test('the type is one of the states of tasks', async () => {
		const [state] = sandbox.moysklad.states.list('task');
		const made = await make({ state: { meta: state.meta } });
		const filter = encodeURIComponent(`state.name=${String(state.name)};id=${made.id}`);
		const rows = rowsOf(await moysklad(sandbox, `${path}?filter=${filter}&limit=10&expand=state`));
		expect(rows).toEqual([expect.objectContaining({ state })]);
		const [foreign] = sandbox.moysklad.states.list('contract');
		const body = { state: { meta: foreign.meta } };
		expect(errorCode(await send('PUT', `${path}/${made.id}`, body))).toBe(2013);
	});

	test('without the CRM option they can only be read', async () => {
		sandbox.moysklad.crm = false;
		const body = { description: 'x', assignee: ref('employee', 0) };
		const refused = await send('POST', path, body);
		expect([refused.status, errorCode(refused)]).toEqual([403, 37000]);
		expect(errorCode(await send('PUT', `${path}/${taskId(0)}`, body))).toBe(37000);
		expect(errorCode(await send('DELETE', `${path}/${taskId(0)}`))).toBe(37000);
		expect((await moysklad(sandbox, `${path}/${taskId(0)}`)).status).toBe(200);
		expect(errorCode(await send('POST', `${path}/${taskId(0)}/notes`, { text: 'x' }))).toBe(37000);
	});

	test('an employee sees and changes what is his', async () => {
		const token = MOYSKLAD_TOKENS.nonAdmin;
		const seen = rowsOf<Made>(await moysklad(sandbox, path, { token }));
		expect(seen.length).toBeGreaterThan(5);
		const me = ref('employee', 2);
		expect(seen.every(({ assignee }) => JSON.stringify(assignee) === JSON.stringify(me))).toBe(
			true,
		);
		const [assigned] = seen;
		const to = `${path}/${assigned.id}`;
		expect(errorCode(await send('PUT', to, { description: 'x' }, token))).toBe(37001);
		expect(errorCode(await send('PUT', to, { done: true, description: 'x' }, token))).toBe(37001);
		expect((await send('PUT', to, { done: true }, token)).json()).toMatchObject({ done: true });
		expect(errorCode(await send('DELETE', to, undefined, token))).toBe(37001);
		expect(errorCode(await moysklad(sandbox, `${path}/${taskId(0)}`, { token }))).toBe(1021);
		const own = await make({}, token);
		expect(own.author).toEqual(me);
		const changed = await send('PUT', `${path}/${own.id}`, { description: 'Mine' }, token);
		expect(changed.json()).toMatchObject({ description: 'Mine' });
		expect((await send('DELETE', `${path}/${own.id}`, undefined, token)).status).toBe(200);
	});
});

describe('notes', () => {
	const notes = (index = 0): string => `${path}/${taskId(index)}/notes`;

	test('pages of 25, at most of 100', async () => {
		const first = await moysklad(sandbox, notes());
		expect(metaOf(first)).toMatchObject({ size: 120, limit: 25, offset: 0, type: 'tasknote' });
		expect(rowsOf(first)).toHaveLength(25);
		expect(metaOf(first).nextHref).toContain('limit=25&offset=25');
		const second = await moysklad(sandbox, `${notes()}?limit=100&offset=100`);
		expect(rowsOf(second)).toHaveLength(20);
		expect(metaOf(second)).not.toHaveProperty('nextHref');
		expect(errorCode(await moysklad(sandbox, `${notes()}?limit=101`))).toBe(1084);
	});

	test('by author and time', async () => {
		const by = await moysklad(sandbox, `${notes()}?updatedBy=second@sandbox&limit=100`);
		expect(metaOf(by).size).toBe(60);
		const all = rowsOf<Made>(await moysklad(sandbox, `${notes()}?limit=100`));
		const from = encodeURIComponent(String(all[90].moment).slice(0, 19));
		const to = encodeURIComponent(String(all[92].moment).slice(0, 19));
		const rows = rowsOf<Made>(
			await moysklad(sandbox, `${notes()}?updatedFrom=${from}&updatedTo=${to}`),
		);
		expect(rows.map(({ id }) => id)).toEqual(all.slice(90, 93).map(({ id }) => id));
		expect(errorCode(await moysklad(sandbox, `${notes()}?updatedFrom=yesterday`))).toBe(1084);
	});

	test('POST answers with an array, for one note and for many', async () => {
		const one = await send('POST', notes(3), { text: 'First' });
		expect(one.json()).toEqual([
			expect.objectContaining({
				text: 'First',
				author: ref('employee', 0),
				moment: expect.any(String),
				meta: expect.objectContaining({ type: 'tasknote' }),
			}),
		]);
		const [made] = one.json<Made[]>();
		const mixed = await send('POST', notes(3), [
			{ text: 'Second' },
			{ text: '' },
			{ meta: made.meta, text: 'Changed' },
			{ text: 'x'.repeat(4097) },
		]);
		expect(mixed.json()).toMatchObject([
			{ text: 'Second' },
			{ errors: [{ code: 3000, parameter: 'text' }] },
			{ id: made.id, text: 'Changed' },
			{ errors: [{ code: 3040 }] },
		]);
		const task = (await moysklad(sandbox, `${path}/${taskId(3)}`)).json();
		expect(task.notes).toMatchObject({ meta: { size: 2 } });
		const to = `${notes(3)}/${made.id}`;
		expect((await send('PUT', to, { text: 'Again' })).json()).toMatchObject({ text: 'Again' });
		expect((await moysklad(sandbox, to)).json()).toMatchObject({ id: made.id, text: 'Again' });
		const removed = await send('DELETE', to);
		expect([removed.status, removed.text]).toEqual([200, '']);
		expect(errorCode(await moysklad(sandbox, to))).toBe(1021);
	});

	test("bulk deletion without an answer, and only of the task's own notes", async () => {
		const [mine] = rowsOf<Made>(await moysklad(sandbox, notes(1)));
		const [other] = rowsOf<Made>(await moysklad(sandbox, notes(2)));
		const both = [{ meta: mine.meta }, { meta: other.meta }];
		expect(errorCode(await send('POST', `${notes(1)}/delete`, both))).toBe(2013);
		expect((await moysklad(sandbox, `${notes(1)}/${mine.id}`)).status).toBe(200);
		const answer = await send('POST', `${notes(1)}/delete`, both.slice(0, 1));
		expect([answer.status, answer.text]).toEqual([200, '']);
		expect(errorCode(await moysklad(sandbox, `${notes(1)}/${mine.id}`))).toBe(1021);
	});

	test('expanded with the task: 100 at most', async () => {
		const [task] = rowsOf<Made>(
			await moysklad(sandbox, `${path}?limit=1&expand=notes&filter=id%3D${taskId(0)}`),
		);
		const shown = task.notes as { meta: Json; rows: unknown[] };
		expect(shown.rows).toHaveLength(100);
	});

	test('the text comes under the name that the account is told to use', async () => {
		sandbox.moysklad.noteField = 'description';
		const [made] = (await send('POST', notes(3), { description: 'Read both' })).json<Made[]>();
		expect(made).toMatchObject({ description: 'Read both' });
		expect(made).not.toHaveProperty('text');
		sandbox.moysklad.noteField = 'text';
		expect((await moysklad(sandbox, `${notes(3)}/${made.id}`)).json()).toMatchObject({
			text: 'Read both',
		});
	});

	test('of a task that does not exist', async () => {
		expect(errorCode(await moysklad(sandbox, `${path}/${taskId(9999)}/notes`))).toBe(1021);
		const made = await make();
		await send('POST', `${path}/${made.id}/notes`, { text: 'x' });
		await send('DELETE', `${path}/${made.id}`);
		expect(errorCode(await moysklad(sandbox, `${path}/${made.id}/notes`))).toBe(1021);
	});
});
