import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { TRICKY_NAMES } from '../../sandbox/moysklad/data/assortment';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

interface Row extends Json {
	id: string;
	name: string;
	code: string;
	meta: { type: string; href: string };
	stock?: number;
	reserve?: number;
	inTransit?: number;
	quantity?: number;
}

let sandbox: Sandbox;
const ROWS = 2500;
const NEW = { 'x-lognex-remap-beta-feature': 'assortmentWithoutStock' };

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: ROWS, limits: 'off' });
});
afterAll(async () => await sandbox.close());

async function list(query: string, headers: Record<string, string> = {}): Promise<Answer> {
	return await moysklad(sandbox, `/entity/assortment${query}`, { headers });
}

async function filtered(filter: string, headers = {}, rest = ''): Promise<Row[]> {
	const answer = await list(`?filter=${encodeURIComponent(filter)}${rest}`, headers);
	expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
	return rowsOf<Row>(answer);
}

async function refused(query: string, headers: Record<string, string> = {}): Promise<number> {
	const answer = await list(query, headers);
	expect(answer.status).toBe(400);
	return errorCode(answer);
}

describe('paging', () => {
	test('the default page has 1000 rows and a nextHref on this host with every parameter', async () => {
		const answer = await list('?filter=archived%3Dfalse&search=');
		expect(rowsOf(answer)).toHaveLength(1000);
		const meta = metaOf(answer);
		expect(meta).toMatchObject({ size: ROWS, limit: 1000, offset: 0 });
		expect(meta.href).toBe(`${sandbox.urls.moysklad}/entity/assortment`);
		expect(meta.previousHref).toBeUndefined();
		const next = new URL(meta.nextHref ?? '');
		expect(meta.nextHref).toMatch(new RegExp(`^${sandbox.urls.moysklad}/entity/assortment\\?`));
		expect(Object.fromEntries(next.searchParams)).toEqual({
			limit: '1000',
			offset: '1000',
			filter: 'archived=false',
			search: '',
		});
	});

	test('following nextHref visits every row once and ends without a link', async () => {
		const seen = new Set<string>();
		let path: string | undefined = '/entity/assortment?limit=600';
		let pages = 0;
		while (path !== undefined) {
			const answer: Answer = await moysklad(sandbox, path);
			for (const { id } of rowsOf<Row>(answer)) seen.add(id);
			path = metaOf(answer).nextHref?.slice(sandbox.urls.moysklad.length);
			pages++;
		}
		expect([pages, seen.size]).toEqual([5, ROWS]);
	});

	test('a page that ends exactly at the end has no link', async () => {
		expect(metaOf(await list('?limit=500&offset=2000')).nextHref).toBeUndefined();
		expect(metaOf(await list('?limit=499&offset=2000')).nextHref).toBeDefined();
	});

	test('previousHref leads back', async () => {
		const { previousHref } = metaOf(await list('?limit=10&offset=15'));
		expect(new URL(previousHref ?? '').searchParams.get('offset')).toBe('5');
	});

	test('beyond the end there is an empty page', async () => {
		const answer = await list('?offset=9999');
		expect([rowsOf(answer).length, metaOf(answer).size]).toEqual([0, ROWS]);
	});

	test.each(['0', '1001', '5000', 'x', '-1', '1.5', ''])('limit=%s is refused', async (limit) => {
		expect(await refused(`?limit=${limit}`)).toBe(1084);
	});

	test('a negative offset is refused', async () => {
		expect(await refused('?offset=-1')).toBe(1084);
	});

	test('equal seeds give equal data, another seed others', async () => {
		const again = await startSandbox({ assortmentRows: 50, limits: 'off' });
		const other = await startSandbox({ assortmentRows: 50, limits: 'off', seed: 2 });
		const names = async (one: Sandbox): Promise<string[]> =>
			rowsOf<Row>(await moysklad(one, '/entity/assortment?limit=20')).map(
				({ id, name }) => id + name,
			);
		const here = await names(sandbox);
		expect(await names(again)).toEqual(here);
		expect(await names(other)).not.toEqual(here);
		await again.close();
		await other.close();
	});
});

describe('legacy rows', () => {
	test('carry stock for goods and none for services and bundles', async () => {
		const rows = rowsOf<Row>(await list('?limit=200'));
		const byType = new Map<string, Row[]>();
		for (const row of rows) byType.set(row.meta.type, [...(byType.get(row.meta.type) ?? []), row]);
		expect([...byType.keys()].sort()).toEqual(['bundle', 'product', 'service', 'variant']);
		for (const row of [...(byType.get('product') ?? []), ...(byType.get('variant') ?? [])]) {
			const { stock = NaN, reserve = NaN, inTransit = NaN, quantity } = row;
			expect(quantity).toBe(stock - reserve + inTransit);
		}
		for (const row of [...(byType.get('service') ?? []), ...(byType.get('bundle') ?? [])]) {
			expect(row).not.toHaveProperty('stock');
			expect(row).not.toHaveProperty('quantity');
		}
	});

	test('a product has the documented fields', async () => {
		const [row] = rowsOf<Row>(await list('?limit=1'));
		expect(row).toMatchObject({
			meta: { type: 'product', href: `${sandbox.urls.moysklad}/entity/product/${row.id}` },
			accountId: expect.any(String),
			owner: { meta: { type: 'employee' } },
			group: { meta: { type: 'group' } },
			shared: true,
			updated: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/),
			code: '000001',
			externalCode: expect.any(String),
			archived: false,
			pathName: expect.any(String),
			productFolder: { meta: { type: 'productfolder' } },
			useParentVat: false,
			uom: { meta: { type: 'uom' } },
			salePrices: [{ value: expect.any(Number), priceType: { name: expect.any(String) } }],
			buyPrice: { value: expect.any(Number), currency: { meta: { type: 'currency' } } },
			barcodes: [{ ean13: expect.stringMatching(/^\d{13}$/) }],
			images: { meta: { type: 'image', size: 1 } },
			variantsCount: 2,
		});
	});

	test('archived rows come only when asked for', async () => {
		expect((await filtered('archived=true')).every(({ archived }) => archived === true)).toBe(true);
		const both = await list(
			`?limit=1&filter=${encodeURIComponent('archived=true;archived=false')}`,
		);
		expect(metaOf(both).size).toBe(ROWS + ROWS / 50);
	});

	test('groupBy chooses the types', async () => {
		const types = async (groupBy: string): Promise<string[]> => {
			const answer = await list(`?groupBy=${groupBy}`);
			const last = await list(`?groupBy=${groupBy}&offset=${metaOf(answer).size - 1}`);
			const rows = [...rowsOf<Row>(answer), ...rowsOf<Row>(last)];
			return [...new Set(rows.map(({ meta }) => meta.type))].sort();
		};
		expect(await types('product')).toEqual(['bundle', 'product', 'service']);
		expect(await types('variant')).toEqual(['bundle', 'product', 'service', 'variant']);
		expect(await types('consignment')).toContain('consignment');
		expect(await refused('?groupBy=nonsense')).toBe(1084);
	});
});

describe('legacy filters', () => {
	test('names with semicolons, quotes and operators', async () => {
		for (const [index, name] of Object.entries(TRICKY_NAMES)) {
			const rows = await filtered(`name=${name.replace(/;/g, '\\;')}`);
			expect(rows.map(({ code }) => Number(code) - 1)).toEqual([Number(index)]);
		}
	});

	test.each([
		['positiveOnly', (stock: number) => stock > 0],
		['negativeOnly', (stock: number) => stock < 0],
		['empty', (stock: number) => stock === 0],
		['nonEmpty', (stock: number) => stock !== 0],
	])('stockMode=%s', async (mode, holds) => {
		const rows = await filtered(`stockMode=${mode}`);
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(({ stock }) => stock !== undefined && holds(stock))).toBe(true);
	});

	test('quantityMode and underMinimum', async () => {
		const negative = await filtered('quantityMode=negativeOnly');
		expect(negative.length).toBeGreaterThan(0);
		expect(negative.every(({ quantity }) => (quantity ?? 0) < 0)).toBe(true);
		const under = await filtered('stockMode=underMinimum');
		expect(under.length).toBeGreaterThan(0);
		expect(under.every((row) => (row.stock ?? 0) < Number(row.minimumBalance))).toBe(true);
	});

	test('stockMode outside filter is not a parameter', async () => {
		expect(metaOf(await list('?stockMode=empty&limit=1')).size).toBe(ROWS);
	});

	test('stockStore limits the stock to stores', async () => {
		const { world, rows } = sandbox.moysklad;
		const store = (index: number): string => world.href('store', world.id('store', index));
		const one = await filtered(`stockStore=${store(1)}`, {}, '&limit=10');
		expect(one[0].stock).toBe(rows.stock.at(0, 1).stock);
		const others = await filtered(`stockStore!=${store(1)}`, {}, '&limit=10');
		const [all] = rowsOf<Row>(await list('?limit=1'));
		expect((one[0].stock ?? 0) + (others[0].stock ?? 0)).toBe(all.stock);
	});

	test('stockMoment goes back in time', async () => {
		const now = await filtered('stockMode=nonEmpty', {}, '&limit=1000');
		const then = await filtered('stockMoment=2026-01-01 00:00:00', {}, '&limit=1000');
		const byId = new Map(then.map((row) => [row.id, row.stock ?? 0]));
		const grown = now.filter(({ id, stock = 0 }) => (byId.get(id) ?? stock) > stock);
		expect(grown.length).toBeGreaterThan(100);
	});

	test('a folder counts without its subfolders', async () => {
		const { world } = sandbox.moysklad;
		const top = world.href('productfolder', world.id('productfolder', 0));
		const only = await filtered(`productFolder=${top}`);
		expect(new Set(only.map(({ pathName }) => pathName)).size).toBeLessThanOrEqual(2);
		expect(only.some(({ pathName }) => pathName === 'Food')).toBe(true);
		const deep = await filtered(`productFolder=${top};withSubFolders=true`);
		expect(deep.length).toBeGreaterThan(only.length);
	});

	test.each([
		['code=000042', (row: Row) => row.code === '000042'],
		['article~=A-1', (row: Row) => row.meta.type === 'variant' || /^A-1/.test(String(row.article))],
		['type=service', (row: Row) => row.meta.type === 'service'],
		['type=kit', (row: Row) => row.meta.type === 'bundle'],
		['type!=product', (row: Row) => row.meta.type !== 'product'],
		['barcode=2000000000077', (row: Row) => JSON.stringify(row.barcodes).includes('2000000000077')],
		['weighed=true', (row: Row) => row.weighed === true],
		['alcoholic.type!=', (row: Row) => row.alcoholic !== undefined],
		['updated>=2026-10-01 00:00:00', (row: Row) => String(row.updated) >= '2026-10-01'],
		[
			'pathname~=Food',
			(row: Row) => row.meta.type === 'variant' || /^Food/.test(String(row.pathName)),
		],
		['supplier=', (row: Row) => row.supplier === undefined],
		['isSerialTrackable=true', (row: Row) => row.isSerialTrackable === true],
	])('%s', async (filter, holds) => {
		const rows = await filtered(filter);
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(holds)).toBe(true);
	});

	test('custom fields by their href', async () => {
		const attributes = rowsOf(await moysklad(sandbox, '/entity/product/metadata/attributes'));
		const { href } = attributes[0].meta as { href: string };
		const rows = await filtered(`${href}=steel`);
		expect(rows.length).toBeGreaterThan(0);
		for (const row of rows) {
			expect(row.attributes).toContainEqual(expect.objectContaining({ value: 'steel' }));
		}
		expect(await refused(`?filter=${encodeURIComponent(`${href}>1`)}`)).toBe(1034);
	});

	test('search by word prefixes and by whole barcodes, as parameter and as filter', async () => {
		const rows = rowsOf<Row>(await list('?search=mug%20sunr'));
		expect(rows.map(({ name }) => name)).toContain(TRICKY_NAMES[1]);
		expect((await filtered('search=mug sunr')).length).toBe(rows.length);
		expect(rowsOf(await list('?search=2000000000077'))).toHaveLength(1);
		expect(rowsOf(await list('?search=200000000007'))).toHaveLength(0);
	});

	test.each([
		['nonsense=1', 1034],
		['stockMode=some', 1041],
		['type=nonsense', 1041],
		['type=consignment', 1034],
		['stockMoment=yesterday', 1035],
		['archived=1', 1014],
		['barcode~12', 1034],
		['withSubFolders=true', 1034],
		['name=a;name~b', 1034],
		[
			'stockStore=https://api.moysklad.ru/api/remap/1.2/entity/store/7944ef04-f831-11e5-7a69-971500188b19',
			1059,
		],
	])('%s gives %i', async (filter, code) => {
		expect(await refused(`?filter=${encodeURIComponent(filter)}`)).toBe(code);
	});
});

describe('order', () => {
	test('sorts by several keys in both directions', async () => {
		const rows = rowsOf<Row>(await list('?order=pathName,desc;code&filter=type%3Dproduct'));
		const keys = rows.map(({ pathName, code }) => [String(pathName).toLowerCase(), code]);
		const sorted = [...keys].sort((a, b) =>
			a[0] === b[0] ? (a[1] < b[1] ? -1 : 1) : a[0] < b[0] ? 1 : -1,
		);
		expect(keys).toEqual(sorted);
	});

	test('sorts by stock on the legacy endpoint only', async () => {
		const rows = rowsOf<Row>(await list('?order=stock,desc&limit=5'));
		const stocks = rows.map(({ stock }) => stock ?? 0);
		expect(stocks).toEqual([...stocks].sort((a, b) => b - a));
		expect(await refused('?order=stock', NEW)).toBe(1063);
	});

	test('errors', async () => {
		expect(await refused('?order=nonsense')).toBe(1063);
		expect(await refused('?order=name,down')).toBe(1042);
		expect(await refused('?order=,asc')).toBe(1096);
	});
});

describe('expand', () => {
	test('replaces references when limit is at most 100', async () => {
		const [row] = rowsOf<Row>(await list('?limit=100&expand=productFolder.owner,supplier,images'));
		expect(row.productFolder).toMatchObject({
			name: expect.any(String),
			owner: { uid: 'admin@sandbox' },
		});
		expect((row.images as { rows: Json[] }).rows).toHaveLength(1);
	});

	test('reaches through the product of a variant', async () => {
		const rows = rowsOf<Row>(await list('?limit=10&expand=product.productFolder'));
		const variant = rows.find(({ meta }) => meta.type === 'variant');
		expect(variant?.product).toMatchObject({ productFolder: { name: expect.any(String) } });
	});

	test('is silently ignored above 100 and by default', async () => {
		for (const query of ['?limit=101&expand=productFolder', '?expand=productFolder']) {
			const answer = await list(query);
			expect(answer.status).toBe(200);
			expect(rowsOf<Row>(answer)[0].productFolder).toEqual({ meta: expect.any(Object) });
		}
	});
});

describe('the new endpoint', () => {
	test('has no stock', async () => {
		const rows = rowsOf<Row>(await list('?limit=100', NEW));
		for (const field of ['stock', 'reserve', 'inTransit', 'quantity']) {
			expect(rows.some((row) => field in row)).toBe(false);
		}
	});

	test.each([
		'stockMode=empty',
		'article=A',
		'pathname=Food',
		'weighed=true',
		'search=a',
		'owner=',
	])('the legacy filter %s is unknown', async (filter) => {
		expect(await refused(`?filter=${encodeURIComponent(filter)}`, NEW)).toBe(1034);
	});

	test('filters of its own', async () => {
		const byPath = await filtered('pathName~=Food', NEW);
		expect(byPath.length).toBeGreaterThan(0);
		expect((await filtered('barcode~00077', NEW)).length).toBeGreaterThan(0);
		expect(await refused('?filter=barcode%21%3D1', NEW)).toBe(1034);
		expect(await refused('?filter=type%3Dkit', NEW)).toBe(1041);
		const batches = await filtered('type=consignment', NEW, '&groupBy=consignment');
		expect(batches).toHaveLength(ROWS / 20);
		expect(await refused(`?filter=${encodeURIComponent('name~a;name~b')}`, NEW)).toBe(1034);
	});

	test('a folder counts with its subfolders unless told otherwise', async () => {
		const { world } = sandbox.moysklad;
		const top = world.href('productfolder', world.id('productfolder', 0));
		const deep = await filtered(`productFolder=${top}`, NEW);
		const only = await filtered(`productFolder=${top};withSubFolders=false`, NEW);
		expect(only.length).toBeGreaterThan(0);
		expect(deep.length).toBeGreaterThan(only.length);
	});

	test('expands product, images and components, one level', async () => {
		const rows = rowsOf<Row>(await list('?limit=20&expand=product,components', NEW));
		const bundle = rows.find(({ meta }) => meta.type === 'bundle');
		expect((bundle?.components as { rows: Json[] }).rows).toHaveLength(2);
		expect(await refused('?limit=20&expand=supplier', NEW)).toBe(1089);
		expect(await refused('?limit=20&expand=product.owner', NEW)).toBe(1089);
	});

	test('sorts by name, code, pathName, article only', async () => {
		for (const field of ['name', 'code', 'pathName', 'article']) {
			expect((await list(`?limit=1&order=${field}`, NEW)).status).toBe(200);
		}
		expect(await refused('?order=id', NEW)).toBe(1063);
	});
});

describe('stock reports', () => {
	const report = async (query: string): Promise<Json[]> =>
		(await moysklad(sandbox, `/report/stock/all/current${query}`)).json<Json[]>();

	test.each(['stock', 'reserve', 'inTransit', 'quantity'] as const)(
		'the short report joins with the rows: %s',
		async (stockType) => {
			const rows = rowsOf<Row>(await list('?limit=60')).filter((row) => stockType in row);
			const ids = rows.map(({ id }) => id).join(',');
			const filter = encodeURIComponent(`assortmentId=${ids}`);
			const lines = await report(`?stockType=${stockType}&filter=${filter}&include=zeroLines`);
			expect(lines).toEqual(
				rows.map((row) => ({ assortmentId: row.id, [stockType]: row[stockType] })),
			);
		},
	);

	test('is a bare array without zero lines, of one type', async () => {
		const lines = await report('');
		expect(Array.isArray(lines)).toBe(true);
		expect(lines.length).toBeGreaterThan(ROWS / 2);
		expect(lines.every((line) => line.stock !== 0)).toBe(true);
		expect((await report('?include=zeroLines')).length).toBeGreaterThan(lines.length);
	});

	test('freeStock and stores', async () => {
		const { world, rows } = sandbox.moysklad;
		const id = world.id('product', 0);
		const total = rows.stock.total(0);
		const free = await report(`?stockType=freeStock&filter=assortmentId%3D${id}`);
		expect(free).toEqual([{ assortmentId: id, freeStock: total.stock - total.reserve }]);
		const store = world.id('store', 1);
		const filter = encodeURIComponent(`assortmentId=${id};storeId=${store}`);
		const [line] = await report(`?filter=${filter}&include=zeroLines`);
		expect(line.stock).toBe(rows.stock.at(0, 1).stock);
	});

	test.each([
		['?stockType=nonsense', 1084],
		['?include=all', 1084],
		['?filter=name%3Da', 1034],
		['?filter=assortmentId%3D1', 1014],
		['?changedSince=today', 1035],
		['?changedSince=2020-01-01%2000:00:00', 1084],
	])('%s gives %i', async (query, code) => {
		expect(errorCode(await moysklad(sandbox, `/report/stock/all/current${query}`))).toBe(code);
	});

	test('the full reports are lists', async () => {
		const all = await moysklad(sandbox, '/report/stock/all?limit=3');
		expect(rowsOf(all)).toHaveLength(3);
		expect(rowsOf(all)[0]).toMatchObject({ stock: expect.any(Number), name: expect.any(String) });
		const byStore = await moysklad(sandbox, '/report/stock/bystore?limit=2');
		expect(rowsOf<{ stockByStore: Json[] }>(byStore)[0].stockByStore).toHaveLength(4);
	});
});

test('the last page of 100,000 rows is there', async () => {
	const big = await startSandbox({ assortmentRows: 100_000, limits: 'off' });
	const answer = await moysklad(big, '/entity/assortment?limit=1000&offset=99500');
	expect([rowsOf(answer).length, metaOf(answer).size]).toEqual([500, 100_000]);
	await big.close();
});
