import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Json } from './client';
import { errorCode, moysklad } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 50, limits: 'off' });
});
afterAll(async () => await sandbox.close());

interface Page {
	meta: Json & { size: number; limit: number; nextHref?: string };
	rows: Json[];
}

async function page(path: string): Promise<Page> {
	const answer = await moysklad(sandbox, path);
	expect(answer.status).toBe(200);
	return answer.json<Page>();
}

const idOf = (row: Json) => String(row.id);
const NOBODY = '00000000-0000-4000-8000-000000000000';

test('a change in the pages is a context with old and new values', async () => {
	const before = sandbox.moysklad.rows;
	const change = sandbox.moysklad.change('product', 'UPDATE', undefined, ['name', 'code']);
	const now = before.entity(before.find('product', change.id) as number);
	const { rows } = await page('/audit?limit=1');
	expect(rows[0]).toMatchObject({
		uid: 'admin@sandbox',
		source: 'app',
		eventType: 'update',
		entityType: 'product',
		objectCount: 1,
		moment: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
	});
	const events = await page(`/audit/${idOf(rows[0])}/events`);
	expect(events.meta).toMatchObject({ size: 1, limit: 25, type: 'auditevent' });
	expect(events.rows).toEqual([
		expect.objectContaining({
			eventType: 'update',
			entityType: 'product',
			name: now.name,
			entity: { meta: expect.objectContaining({ href: change.href }) },
			diff: {
				name: { oldValue: expect.any(String), newValue: now.name },
				code: { oldValue: expect.any(String), newValue: now.code },
			},
		}),
	]);
	const ofEntity = await page(`/entity/product/${change.id}/audit`);
	expect(ofEntity.rows).toEqual(events.rows);
});

test('creations have no diff, deletions have old values alone', async () => {
	sandbox.moysklad.change('product', 'CREATE');
	const { id } = sandbox.moysklad.change('product', 'DELETE');
	const [gone, made] = (await page('/audit?limit=2')).rows;
	expect([gone.eventType, made.eventType]).toEqual(['delete', 'create']);
	expect((await page(`/audit/${idOf(made)}/events`)).rows[0]).not.toHaveProperty('diff');
	const [event] = (await page(`/entity/product/${id}/audit`)).rows;
	expect(event.diff).toEqual({ name: { oldValue: event.name } });
});

test('a change through the API says so, and who made it', async () => {
	const products = await page('/entity/product?limit=1');
	const body = { description: 'told by the audit' };
	const path = `/entity/product/${idOf(products.rows[0])}`;
	await moysklad(sandbox, path, { method: 'PUT', body, token: MOYSKLAD_TOKENS.secondUser });
	const [context] = (await page('/audit?limit=1')).rows;
	expect(context).toMatchObject({ source: 'remap-1.2', uid: 'second@sandbox' });
	const [event] = (await page(`/audit/${idOf(context)}/events`)).rows;
	expect(event.diff).toEqual({ description: { newValue: 'told by the audit' } });
});

test('pages hold 25 rows, 100 at most', async () => {
	for (let count = 0; count < 30; count++) sandbox.moysklad.change('counterparty', 'UPDATE');
	const first = await page('/audit');
	expect([first.rows.length, first.meta.limit]).toEqual([25, 25]);
	expect(first.meta.nextHref).toContain('offset=25');
	expect((await page('/audit?limit=100')).rows.length).toBeGreaterThan(25);
	expect(errorCode(await moysklad(sandbox, '/audit?limit=101'))).toBe(1084);
});

test('contexts can be filtered by type, event and moment', async () => {
	sandbox.moysklad.change('contract', 'UPDATE');
	const filter = (text: string) => `/audit?filter=${encodeURIComponent(text)}`;
	const contracts = await page(filter('entityType=contract;eventType=update'));
	expect(contracts.rows.length).toBeGreaterThan(0);
	expect(new Set(contracts.rows.map(({ entityType }) => entityType))).toEqual(
		new Set(['contract']),
	);
	const moment = String(contracts.rows[0].moment);
	expect((await page(filter(`moment>=${moment}`))).rows.map(idOf)).toContain(
		idOf(contracts.rows[0]),
	);
	expect((await page(filter('moment<=2020-01-01 00:00:00'))).rows).toEqual([]);
	expect(errorCode(await moysklad(sandbox, filter('color=red')))).toBe(1034);
});

test('is for administrators, and knows its own contexts only', async () => {
	const token = MOYSKLAD_TOKENS.nonAdmin;
	expect(errorCode(await moysklad(sandbox, '/audit', { token }))).toBe(38000);
	expect(errorCode(await moysklad(sandbox, `/audit/${NOBODY}/events`))).toBe(1021);
	expect(errorCode(await moysklad(sandbox, '/audit/x/events'))).toBe(1000);
});
