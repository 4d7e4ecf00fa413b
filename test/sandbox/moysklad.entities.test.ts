import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Json } from './client';
import { call, errorCode, metaOf, moysklad, rowsOf } from './client';

let sandbox: Sandbox;
const products = '/entity/product';

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 300, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const productId = (row: number): string => sandbox.moysklad.world.id('product', row);

describe('dictionaries', () => {
	test.each(['productfolder', 'store', 'currency', 'counterparty', 'uom', 'employee', 'group'])(
		'%s has a list and objects',
		async (keyword) => {
			const answer = await moysklad(sandbox, `/entity/${keyword}?limit=2`);
			const [first] = rowsOf<{ id: string; meta: Json }>(answer);
			expect(answer.json()).toMatchObject({
				context: { employee: { meta: { type: 'employee' } } },
				meta: { type: keyword, limit: 2, offset: 0 },
			});
			const one = await moysklad(sandbox, `/entity/${keyword}/${first.id}`);
			expect(one.json()).toEqual(first);
			expect(first.meta.href).toBe(`${sandbox.urls.moysklad}/entity/${keyword}/${first.id}`);
		},
	);

	test('filter, order and search', async () => {
		const rows = rowsOf(
			await moysklad(
				sandbox,
				'/entity/counterparty?filter=companyType%3Dindividual&order=name,desc',
			),
		);
		expect(rows.length).toBeGreaterThan(50);
		expect(rows.every(({ companyType }) => companyType === 'individual')).toBe(true);
		const names = rows.map(({ name }) => String(name).toLowerCase());
		expect(names).toEqual([...names].sort((a, b) => (a < b ? 1 : -1)));
		const found = rowsOf(await moysklad(sandbox, '/entity/counterparty?search=office17'));
		expect(found.some(({ email }) => email === 'office17@example.com')).toBe(true);
	});

	test('archived objects come only when asked for', async () => {
		const path = '/entity/counterparty?limit=1';
		const hidden = metaOf(await moysklad(sandbox, path)).size;
		const archived = metaOf(await moysklad(sandbox, `${path}&filter=archived%3Dtrue`)).size;
		const both = metaOf(
			await moysklad(sandbox, `${path}&filter=archived%3Dtrue%3Barchived%3Dfalse`),
		).size;
		expect(archived).toBeGreaterThan(0);
		expect(hidden + archived).toBe(both);
	});

	test('expand', async () => {
		const path = '/entity/productfolder?limit=100&expand=productFolder.group';
		const rows = rowsOf(await moysklad(sandbox, path));
		expect(rows[20].productFolder).toMatchObject({ name: 'Посуда', group: { name: 'Основной' } });
	});

	test('unknown fields to filter or sort by', async () => {
		expect(errorCode(await moysklad(sandbox, '/entity/store?filter=weight%3D1'))).toBe(1034);
		expect(errorCode(await moysklad(sandbox, '/entity/store?order=weight'))).toBe(1063);
	});
});

describe('goods', () => {
	test.each([
		['variant', 6],
		['service', 8],
		['bundle', 9],
	])('GET of a %s, and only under its own type', async (type, row) => {
		const id = sandbox.moysklad.rows.id(row);
		const answer = await moysklad(sandbox, `/entity/${type}/${id}`);
		expect(answer.json()).toMatchObject({ id, meta: { type } });
		expect(errorCode(await moysklad(sandbox, `${products}/${id}`))).toBe(1021);
	});

	test('GET expands', async () => {
		const answer = await moysklad(sandbox, `${products}/${productId(0)}?expand=uom,owner`);
		expect(answer.json()).toMatchObject({ uom: { name: 'шт' }, owner: { uid: 'admin@sandbox' } });
	});

	test('the id of the pages is redirected to the id of the API, with the query', async () => {
		const entity = (await moysklad(sandbox, `${products}/${productId(3)}`)).json();
		const { uuidHref } = entity.meta as { uuidHref: string };
		const uiId = uuidHref.split('id=')[1];
		const answer = await moysklad(sandbox, `${products}/${uiId}?expand=uom`);
		expect(answer.status).toBe(308);
		expect(answer.headers.location).toBe(
			`${sandbox.urls.moysklad}${products}/${productId(3)}?expand=uom`,
		);
	});

	test('the product list knows its own filters', async () => {
		const answer = await moysklad(sandbox, `${products}?filter=weight%3E5&order=weight,desc`);
		const weights = rowsOf(answer).map(({ weight }) => Number(weight));
		expect(weights.length).toBeGreaterThan(10);
		expect(weights.at(-1)).toBeGreaterThan(5);
		expect(errorCode(await moysklad(sandbox, `${products}?filter=stockMode%3Dall`))).toBe(1034);
	});
});

describe('writing products', () => {
	const post = async (body: unknown) => await moysklad(sandbox, products, { method: 'POST', body });

	test('POST creates, PUT changes only what is passed, DELETE empties', async () => {
		const made = (await post({ name: 'Fresh', weight: 1.5 })).json<{
			id: string;
			updated: string;
		}>();
		expect(made).toMatchObject({ name: 'Fresh', weight: 1.5, archived: false });
		const path = `${products}/${made.id}`;
		const changed = await moysklad(sandbox, path, { method: 'PUT', body: { article: 'X-1' } });
		expect(changed.json()).toMatchObject({ name: 'Fresh', article: 'X-1', weight: 1.5 });
		const cleared = await moysklad(sandbox, path, { method: 'PUT', body: { article: null } });
		expect(cleared.json()).not.toHaveProperty('article');
		const removed = await moysklad(sandbox, path, { method: 'DELETE' });
		expect([removed.status, removed.text]).toEqual([200, '']);
		expect(errorCode(await moysklad(sandbox, path))).toBe(1021);
	});

	test('a created product is in the assortment, a deleted one is not, an archived one hides', async () => {
		const found = async (name: string): Promise<number> =>
			metaOf(await moysklad(sandbox, `/entity/assortment?filter=name%3D${name}`)).size;
		const { id } = (await post({ name: 'Wanderer' })).json<{ id: string }>();
		expect(await found('Wanderer')).toBe(1);
		const path = `${products}/${id}`;
		await moysklad(sandbox, path, { method: 'PUT', body: { archived: true } });
		expect(await found('Wanderer')).toBe(0);
		await moysklad(sandbox, path, { method: 'PUT', body: { archived: false } });
		expect(await found('Wanderer')).toBe(1);
		await moysklad(sandbox, path, { method: 'DELETE' });
		expect(await found('Wanderer')).toBe(0);
	});

	test('a changed folder changes the path', async () => {
		const { world } = sandbox.moysklad;
		const body = { productFolder: world.ref('productfolder', 10) };
		const answer = await moysklad(sandbox, `${products}/${productId(4)}`, { method: 'PUT', body });
		expect(answer.json()).toMatchObject({ pathName: 'Food/New' });
	});

	test('read-only fields are left alone', async () => {
		const body = { id: productId(9), accountId: 'x', variantsCount: 7, name: 'Renamed' };
		const path = `${products}/${productId(5)}`;
		const answer = await moysklad(sandbox, path, { method: 'PUT', body });
		expect(answer.json()).toMatchObject({ id: productId(5), variantsCount: 0, name: 'Renamed' });
	});

	test('errors of a single object', async () => {
		const noName = await post({ weight: 1 });
		expect([noName.status, errorCode(noName)]).toEqual([412, 3000]);
		expect(errorCode(await post({ name: 5 }))).toBe(2016);
		const array = await moysklad(sandbox, `${products}/${productId(0)}`, {
			method: 'PUT',
			body: [{}],
		});
		expect(errorCode(array)).toBe(2009);
	});

	test('syncId makes creation repeatable and cannot be changed', async () => {
		const syncId = '11111111-2222-3333-4444-555555555555';
		const first = (await post({ name: 'Once', syncId })).json<{ id: string }>();
		const second = (await post({ name: 'Once', syncId })).json<{ id: string }>();
		expect(second.id).toBe(first.id);
		const body = { syncId: '11111111-2222-3333-4444-666666666666' };
		const answer = await moysklad(sandbox, `${products}/${first.id}`, { method: 'PUT', body });
		expect(errorCode(answer)).toBe(1047);
	});

	test.each([200, 400, 412] as const)(
		'arrays mix results and errors in order, status %i as configured',
		async (status) => {
			sandbox.moysklad.bulkErrorStatus = status;
			const meta = sandbox.moysklad.world.meta('product', productId(0));
			const other = { ...meta, href: 'https://elsewhere.test/entity/product/1' };
			const answer = await post([
				{ name: 'Bulk' },
				{ weight: 1 },
				{ meta, name: 'Changed in bulk' },
				{ meta: other },
				{ meta: { ...meta, type: 'store' } },
			]);
			expect(answer.status).toBe(status);
			expect(answer.json()).toMatchObject([
				{ name: 'Bulk' },
				{ errors: [{ code: 3000, parameter: 'name' }] },
				{ id: productId(0), name: 'Changed in bulk' },
				{ errors: [{ code: 2013 }] },
				{ errors: [{ code: 1060 }] },
			]);
			sandbox.moysklad.bulkErrorStatus = 200;
		},
	);

	test('bulk deletion reports per element', async () => {
		const { id } = (await post({ name: 'Doomed' })).json<{ id: string }>();
		const { world } = sandbox.moysklad;
		const metas = [id, id].map((one) => ({ meta: world.meta('product', one) }));
		const answer = await moysklad(sandbox, `${products}/delete`, { method: 'POST', body: metas });
		expect(answer.json()).toEqual([
			{ info: `Сущность 'product' с UUID: ${id} успешно удалена` },
			{ errors: [expect.objectContaining({ code: 1021 })] },
		]);
	});
});

describe('downloads', () => {
	let link: string;
	beforeAll(async () => {
		const answer = await moysklad(sandbox, `${products}/${productId(0)}/images`);
		const [image] = rowsOf<{ meta: { downloadHref: string } }>(answer);
		link = image.meta.downloadHref.slice(sandbox.urls.moysklad.length);
	});

	test('are redirected to the storage host, which wants no credentials', async () => {
		const answer = await moysklad(sandbox, link);
		expect(answer.status).toBe(302);
		const { location } = answer.headers;
		expect(new URL(location).origin).toBe(sandbox.urls.storage);
		const file = await call(location);
		expect([file.status, file.headers['content-type']]).toEqual([200, 'image/png']);
		expect(sandbox.moysklad.storageAuthorizationLeaks).toBe(0);
		const leaked = await call(location, { headers: { authorization: 'Bearer secret-secret' } });
		expect(leaked.status).toBe(400);
		expect(sandbox.moysklad.storageAuthorizationLeaks).toBe(1);
		const [, entry] = sandbox.log.filter(({ vendor }) => vendor === 'storage');
		expect(entry.headers.authorization).toBe('Bearer ***cret');
	});

	test('links live as long as asked for', async () => {
		const header = 'x-lognex-download-expiration-seconds';
		const answer = await moysklad(sandbox, link, { headers: { [header]: '3600' } });
		const expires = Number(new URL(answer.headers.location).searchParams.get('expires'));
		expect(expires).toBeGreaterThan(Date.now() + 3_500_000);
		const wrong = await moysklad(sandbox, link, { headers: { [header]: '86401' } });
		expect(errorCode(wrong)).toBe(3030);
		const old = answer.headers.location.replace(/expires=\d+/, 'expires=1');
		expect((await call(old)).status).toBe(403);
	});

	test('an unknown file', async () => {
		expect(errorCode(await moysklad(sandbox, `/download/${productId(0)}`))).toBe(1021);
	});
});
