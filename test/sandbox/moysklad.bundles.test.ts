import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Meta = Record<'href' | 'type' | 'mediaType', string>;
interface Bundle extends Json {
	id: string;
	name: string;
	meta: Meta & { uuidHref: string };
	components: { meta: { size: number }; rows?: Component[] };
}
interface Component extends Json {
	id: string;
	meta: Meta;
	quantity: number;
	assortment: { meta: Meta };
}

const BUNDLES = '/entity/bundle';
let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 300, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const send = async (method: Method, path: string, body?: unknown): Promise<Answer> =>
	await moysklad(sandbox, path, { method, body });
const goods = (type: string, row: number): { meta: Meta } => ({
	meta: sandbox.moysklad.world.meta(type, sandbox.moysklad.rows.id(row)),
});
const part = (row: number, quantity = 1, type = 'product'): Json => ({
	assortment: goods(type, row),
	quantity,
});
const make = async (more: Json = {}): Promise<Bundle> => {
	const body = { name: 'Set', components: [part(1), part(2, 3)], ...more };
	const answer = await send('POST', BUNDLES, body);
	expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
	return answer.json<Bundle>();
};
const refused = async (more: Json): Promise<number> =>
	errorCode(
		await send('POST', BUNDLES, { name: 'Refused', components: [part(1), part(2)], ...more }),
	);
const filtered = async (filter: string): Promise<Bundle[]> =>
	rowsOf<Bundle>(await moysklad(sandbox, `${BUNDLES}?filter=${encodeURIComponent(filter)}`));

describe('list of bundles', () => {
	test('holds bundles only, and their metas name the pages of another id', async () => {
		const rows = rowsOf<Bundle>(await moysklad(sandbox, BUNDLES));
		expect(rows).toHaveLength(30);
		for (const { meta, id } of rows) {
			expect(meta.type).toBe('bundle');
			expect(meta.uuidHref).toMatch(/^https:\/\/online\.moysklad\.ru\/app\/#good\/edit\?id=/);
			expect(meta.uuidHref).not.toContain(id);
		}
	});

	test.each([
		['weight>=4', (row: Bundle) => Number(row.weight) >= 4],
		['name~=Set', (row: Bundle) => row.name.startsWith('Set')],
		['barcode=~7', (row: Bundle) => JSON.stringify(row.barcodes).endsWith('7"}]')],
		['pathName~=Food', (row: Bundle) => String(row.pathName).startsWith('Food')],
		['archived=false', (row: Bundle) => row.archived === false],
	])('filter %s', async (filter, holds) => {
		const rows = await filtered(filter);
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(holds)).toBe(true);
	});

	test('filters that bundles do not have, order and search', async () => {
		const path = `${BUNDLES}?filter=`;
		const folder = sandbox.moysklad.world.ref('productfolder', 0).meta.href;
		expect(errorCode(await moysklad(sandbox, `${path}productFolder%3D${folder}`))).toBe(1034);
		expect(errorCode(await moysklad(sandbox, `${path}weight~1`))).toBe(1034);
		expect(errorCode(await moysklad(sandbox, `${BUNDLES}?order=stock`))).toBe(1063);
		const sorted = rowsOf<Bundle>(await moysklad(sandbox, `${BUNDLES}?order=weight,desc`));
		const weights = sorted.map(({ weight }) => Number(weight));
		expect(weights).toEqual([...weights].sort((a, b) => b - a));
		expect(metaOf(await moysklad(sandbox, `${BUNDLES}?search=nothinglikethis`)).size).toBe(30);
	});

	test('expand', async () => {
		const expand = 'components.assortment,images,productFolder,uom,owner,group';
		const [row] = rowsOf<Bundle>(await moysklad(sandbox, `${BUNDLES}?limit=1&expand=${expand}`));
		expect(row).toMatchObject({
			productFolder: { name: expect.any(String) },
			uom: { name: 'шт' },
			owner: { uid: 'admin@sandbox' },
			group: { name: 'Основной' },
			images: { rows: [] },
		});
		expect(row.components.rows?.map(({ assortment }) => assortment)).toEqual([
			expect.objectContaining({ name: expect.any(String), id: sandbox.moysklad.rows.id(0) }),
			expect.objectContaining({ id: sandbox.moysklad.rows.id(1) }),
		]);
	});
});

describe('writing bundles', () => {
	test('a new bundle is in its own list and in the assortment', async () => {
		const made = await make({ name: 'Brand new set', article: 'BNS-1' });
		expect(made).toMatchObject({
			archived: false,
			discountProhibited: false,
			trackingType: 'NOT_TRACKED',
			components: { meta: { size: 2 } },
			images: { meta: { size: 0 } },
		});
		expect(made.components.rows).toEqual([
			expect.objectContaining({ quantity: 1 }),
			expect.objectContaining({ quantity: 3 }),
		]);
		expect((await filtered('article=BNS-1')).map(({ id }) => id)).toEqual([made.id]);
		const path = `/entity/assortment?filter=${encodeURIComponent('name=Brand new set')}`;
		expect(rowsOf<Bundle>(await moysklad(sandbox, path)).map(({ id }) => id)).toEqual([made.id]);
		const read = (await moysklad(sandbox, `${BUNDLES}/${made.id}`)).json<Bundle>();
		expect(read.components).not.toHaveProperty('rows');
	});

	test.each<[string, Json, number]>([
		['no name', { name: undefined }, 3000],
		['an empty name', { name: '' }, 3000],
		['no components', { components: undefined }, 3000],
		['an empty list of components', { components: [] }, 29000],
		['components of a wrong type', { components: 'two' }, 2016],
		['an unknown payment item', { paymentItemType: 'SERVICE' }, 3005],
		['a name of 256 characters', { name: 'x'.repeat(256) }, 3040],
		['a weight below zero', { weight: -1 }, 3002],
		['a price that is a text', { minPrice: { value: '100' } }, 2016],
		['a price below zero', { salePrices: [{ value: -1 }] }, 3002],
		['a price without a type', { salePrices: [{ value: 1 }] }, 3000],
		['a wrong GTIN', { barcodes: [{ gtin: '12345678' }] }, 3014],
		['a barcode that is too long', { barcodes: [{ code128: '1'.repeat(256) }] }, 3011],
		['a syncId that is none', { syncId: '1' }, 2016],
		['an unknown folder', { productFolder: { meta: {} } }, 2010],
	])('is refused with %s', async (_name, more, code) => {
		expect(await refused(more)).toBe(code);
	});

	test('51 components, the same twice, and what no bundle may consist of', async () => {
		const { rows } = sandbox.moysklad;
		const plain = Array.from({ length: 300 }, (_unused, row) => row).filter(
			(row) =>
				rows.type(row) === 'product' &&
				rows.value(row, 'isSerialTrackable') === false &&
				rows.value(row, 'alcoholic.type') === undefined,
		);
		const many = plain.slice(0, 51).map((row) => part(row));
		expect(await refused({ components: many })).toBe(29000);
		const full = await make({ components: many.slice(0, 50) });
		expect(full.components.meta.size).toBe(50);
		const more = await send('POST', `${BUNDLES}/${full.id}/components`, many[50]);
		expect(errorCode(more)).toBe(29000);
		expect(await refused({ components: [part(1), part(1)] })).toBe(29002);
		expect(await refused({ components: [part(9, 1, 'bundle')] })).toBe(29003);
		const serial = 34;
		expect(rows.entity(serial).isSerialTrackable).toBe(true);
		expect(await refused({ components: [part(serial)] })).toBe(29003);
		expect(await refused({ components: [part(6, 1, 'variant')] })).toBe(29003);
		const product = Array.from({ length: 300 }, (_unused, row) => row).find(
			(row) => rows.value(row, 'alcoholic.type') !== undefined,
		);
		expect(await refused({ components: [part(product ?? -1)] })).toBe(29003);
		const traced = (await send('POST', '/entity/product', { name: 'T', isTraceable: true })).json();
		const meta = traced.meta as Meta;
		expect(await refused({ components: [{ assortment: { meta }, quantity: 1 }] })).toBe(29009);
	});

	test('a quantity must be above zero, goods must exist', async () => {
		expect(await refused({ components: [part(1, 0)] })).toBe(3003);
		expect(await refused({ components: [{ assortment: goods('product', 1) }] })).toBe(3000);
		const { world } = sandbox.moysklad;
		const nowhere = { meta: world.meta('product', world.id('product', 999_999)) };
		expect(await refused({ components: [{ assortment: nowhere, quantity: 1 }] })).toBe(1021);
		const services = await make({ components: [part(8, 2, 'service'), part(16, 1, 'variant')] });
		expect(services.components.meta.size).toBe(2);
	});

	test('prices, with the accounting currency where none is given, merged by price type', async () => {
		const { world } = sandbox.moysklad;
		const types = (await moysklad(sandbox, '/entity/product/metadata')).json<{
			priceTypes: Array<{ meta: Meta; name: string }>;
		}>().priceTypes;
		const made = await make({
			minPrice: { value: 1234.5, currency: world.ref('currency', 1) },
			overhead: { value: 7 },
			salePrices: [
				{ value: 100, priceType: types[0] },
				{ value: 90, priceType: { meta: types[1].meta } },
			],
		});
		const accounting = { meta: { href: world.ref('currency', 0).meta.href } };
		expect(made).toMatchObject({
			minPrice: { value: 1234.5, currency: { meta: { href: world.ref('currency', 1).meta.href } } },
			overhead: { value: 7, currency: accounting },
			salePrices: [
				{ value: 100, currency: accounting, priceType: { name: types[0].name } },
				{ value: 90, priceType: { name: types[1].name } },
			],
		});
		const body = { salePrices: [{ value: 95, priceType: { meta: types[1].meta } }] };
		const changed = (await send('PUT', `${BUNDLES}/${made.id}`, body)).json();
		expect(changed.salePrices).toMatchObject([{ value: 100 }, { value: 95 }]);
	});

	test('a barcode is made when none is sent; a list replaces what there was', async () => {
		const made = await make();
		const ean = (made.barcodes as Array<{ ean13: string }>)[0].ean13;
		expect(ean).toMatch(/^20\d{11}$/);
		expect((await make({ barcodes: [] })).barcodes).toHaveLength(1);
		expect((await make({ barcodes: [{ ean8: '' }] })).barcodes).toEqual([]);
		const own = [{ code128: 'ABC' }, { gtin: '00000000000130' }];
		expect((await make({ barcodes: own })).barcodes).toEqual(own);
		const put = async (barcodes: unknown): Promise<unknown> =>
			(await send('PUT', `${BUNDLES}/${made.id}`, { barcodes })).json().barcodes;
		expect(await put([{ ean13: ean }, { upc: '1' }])).toEqual([{ ean13: ean }, { upc: '1' }]);
		expect(await put([])).toEqual([]);
	});

	test('a folder sets the path, null empties what is optional', async () => {
		const { world } = sandbox.moysklad;
		const made = await make({ productFolder: world.ref('productfolder', 10), article: 'A' });
		expect(made.pathName).toBe('Food/New');
		const path = `${BUNDLES}/${made.id}`;
		const root = (await send('PUT', path, { productFolder: null, article: null })).json();
		expect(root.pathName).toBe('');
		expect(root).not.toHaveProperty('productFolder');
		expect(root).not.toHaveProperty('article');
		expect(errorCode(await send('PUT', path, { name: null }))).toBe(3000);
		expect((await send('PUT', path, { pathName: 'ignored', id: 'x' })).json().pathName).toBe('');
	});

	test('syncId makes creation repeatable, and cannot be changed', async () => {
		const syncId = '5d1f5a6e-0000-4000-8000-00000000000A';
		const first = await make({ syncId, name: 'Once' });
		expect(first.syncId).toBe(syncId.toLowerCase());
		expect((await make({ syncId, name: 'Again' })).name).toBe('Once');
		expect((await filtered(`syncId=${syncId}`)).map(({ id }) => id)).toEqual([first.id]);
		const path = `${BUNDLES}/${first.id}`;
		const other = '5d1f5a6e-0000-4000-8000-00000000000b';
		expect(errorCode(await send('PUT', path, { syncId: other }))).toBe(1047);
		expect((await send('PUT', path, { syncId, name: 'Same' })).status).toBe(200);
		const gone = await send('DELETE', `${BUNDLES}/syncid/${syncId}`);
		expect([gone.status, gone.text]).toEqual([200, '']);
		expect(errorCode(await send('DELETE', `${BUNDLES}/syncid/${syncId}`))).toBe(1021);
		expect(errorCode(await moysklad(sandbox, path))).toBe(1021);
		expect((await make({ syncId, name: 'Anew' })).id).not.toBe(first.id);
	});

	test('arrays create and update element by element', async () => {
		const known = await make();
		sandbox.moysklad.bulkErrorStatus = 400;
		const answer = await send('POST', BUNDLES, [
			{ name: 'Bulk', components: [part(3)] },
			{ meta: known.meta, name: 'Renamed' },
			{ name: 'No components' },
		]);
		sandbox.moysklad.bulkErrorStatus = 200;
		expect(answer.status).toBe(400);
		expect(answer.json()).toEqual([
			expect.objectContaining({ name: 'Bulk' }),
			expect.objectContaining({ id: known.id, name: 'Renamed' }),
			{ errors: [expect.objectContaining({ code: 3000, parameter: 'components' })] },
		]);
		const thousand = Array.from({ length: 1001 }, () => ({ name: 'x' }));
		expect(errorCode(await send('POST', BUNDLES, thousand))).toBe(2007);
	});

	test('deletion, one and many', async () => {
		const [one, two] = [await make(), await make()];
		expect((await send('DELETE', `${BUNDLES}/${one.id}`)).text).toBe('');
		const body = [two, one].map(({ meta }) => ({ meta }));
		const answer = await send('POST', `${BUNDLES}/delete`, body);
		expect(answer.json()).toEqual([
			{ info: `Сущность 'bundle' с UUID: ${two.id} успешно удалена` },
			{ errors: [expect.objectContaining({ code: 1021 })] },
		]);
	});

	test('what documents hold keeps its composition and overhead', async () => {
		const { rows } = sandbox.moysklad;
		const path = `${BUNDLES}/${rows.id(109)}`;
		expect(rows.usedInDocuments(109)).toBe(true);
		expect(errorCode(await send('PUT', path, { overhead: { value: 1 } }))).toBe(29001);
		expect(errorCode(await send('PUT', path, { components: [part(5)] }))).toBe(29001);
		expect(errorCode(await send('POST', `${path}/components`, part(5)))).toBe(29001);
		expect((await send('PUT', path, { name: 'A name may change' })).status).toBe(200);
		const [first] = rowsOf<Component>(await moysklad(sandbox, `${path}/components`));
		expect(errorCode(await send('DELETE', `${path}/components/${first.id}`))).toBe(29001);
	});

	test('the id of the pages leads to the id of the API', async () => {
		const { rows, world } = sandbox.moysklad;
		const id = rows.id(19);
		const { uuidHref } = (await moysklad(sandbox, `${BUNDLES}/${id}`)).json<Bundle>().meta;
		const ui = uuidHref.split('id=')[1];
		for (const rest of ['?expand=components', '/components?limit=1', '/images']) {
			const answer = await moysklad(sandbox, `${BUNDLES}/${ui}${rest}`);
			expect([answer.status, answer.headers.location]).toEqual([
				308,
				`${world.base}${BUNDLES}/${id}${rest}`,
			]);
		}
		expect((await send('PUT', `${BUNDLES}/${ui}`, { name: 'x' })).status).toBe(308);
		expect(errorCode(await moysklad(sandbox, `/entity/product/${ui}`))).toBe(1021);
	});

	test('webhooks hear of bundles and of their components', async () => {
		const published: unknown[] = [];
		const spy = jest
			.spyOn(sandbox.moysklad, 'publish')
			.mockImplementation((events) => (published.push(...events), []));
		const made = await make();
		await send('PUT', `${BUNDLES}/${made.id}`, { name: 'Heard', weight: 2 });
		await send('POST', `${BUNDLES}/${made.id}/components`, part(4));
		await send('DELETE', `${BUNDLES}/${made.id}`);
		spy.mockRestore();
		const event = { type: 'bundle', id: made.id };
		expect(published).toEqual([
			{ ...event, action: 'CREATE' },
			{ ...event, action: 'UPDATE', updatedFields: ['name', 'weight'] },
			{ ...event, action: 'UPDATE', updatedFields: ['components'] },
			{ ...event, action: 'DELETE' },
		]);
	});
});

describe('components', () => {
	const of = (bundle: Bundle, rest = ''): string => `${BUNDLES}/${bundle.id}/components${rest}`;
	const list = async (bundle: Bundle): Promise<Component[]> =>
		rowsOf<Component>(await moysklad(sandbox, of(bundle)));

	test('are listed in pages, with their goods expanded', async () => {
		const made = await make();
		const answer = await moysklad(sandbox, of(made, '?limit=1&expand=assortment'));
		expect(metaOf(answer)).toMatchObject({ size: 2, limit: 1, type: 'bundlecomponent' });
		expect(rowsOf<Component>(answer)).toMatchObject([
			{ quantity: 1, assortment: { id: sandbox.moysklad.rows.id(1), name: expect.any(String) } },
		]);
	});

	test('are added, one or many, read, changed and deleted', async () => {
		const made = await make();
		const added = (await send('POST', of(made), part(3, 2.5))).json<Component>();
		expect(added).toMatchObject({ quantity: 2.5, meta: { type: 'bundlecomponent' } });
		const path = of(made, `/${added.id}`);
		expect((await moysklad(sandbox, path)).json()).toEqual(added);
		const changed = (await send('PUT', path, { quantity: 7 })).json<Component>();
		expect(changed).toMatchObject({ id: added.id, quantity: 7, assortment: added.assortment });
		const mixed = await send('POST', of(made), [
			part(4),
			{ meta: added.meta, quantity: 8 },
			part(4),
		]);
		expect(mixed.json()).toEqual([
			expect.objectContaining({ quantity: 1 }),
			expect.objectContaining({ id: added.id, quantity: 8 }),
			{ errors: [expect.objectContaining({ code: 29002 })] },
		]);
		expect((await list(made)).map(({ quantity }) => quantity)).toEqual([1, 3, 8, 1]);
		expect((await send('DELETE', path)).text).toBe('');
		expect(errorCode(await moysklad(sandbox, path))).toBe(1021);
		const read = (await moysklad(sandbox, `${BUNDLES}/${made.id}`)).json<Bundle>();
		expect(read.components.meta.size).toBe(3);
	});

	test('are deleted together with an empty answer, but never all of them', async () => {
		const made = await make({ components: [part(1), part(2), part(3)] });
		const [one, two, three] = await list(made);
		const body = [one, two].map(({ meta }) => ({ meta }));
		const answer = await send('POST', of(made, '/delete'), body);
		expect([answer.status, answer.text]).toEqual([200, '']);
		expect(await list(made)).toEqual([three]);
		expect(errorCode(await send('DELETE', of(made, `/${three.id}`)))).toBe(29000);
		expect(errorCode(await send('POST', of(made, '/delete'), body))).toBe(1021);
	});

	test('of a body overwrite by id or by goods; what is not listed stays', async () => {
		const made = await make();
		const [one, two] = await list(made);
		const put = async (components: unknown): Promise<number[]> => {
			await send('PUT', `${BUNDLES}/${made.id}`, { components });
			return (await list(made)).map(({ quantity }) => quantity);
		};
		expect(await put([{ id: two.id, quantity: 5 }])).toEqual([1, 5]);
		expect(await put([{ ...part(1), quantity: 9 }, part(4, 2)])).toEqual([9, 5, 2]);
		expect((await list(made)).slice(0, 2).map(({ id }) => id)).toEqual([one.id, two.id]);
		// The meta of the collection comes back when a whole bundle is sent again.
		expect(await put({ meta: { href: 'x', size: 3 } })).toEqual([9, 5, 2]);
	});

	test('generated components are kept when only others are added', async () => {
		const id = sandbox.moysklad.rows.id(9);
		const components = `${BUNDLES}/${id}/components`;
		const before = rowsOf<Component>(await moysklad(sandbox, components));
		await send('POST', components, part(3));
		const after = rowsOf<Component>(await moysklad(sandbox, components));
		expect(after.slice(0, 2)).toEqual(before);
		const path = `/entity/assortment?filter=${encodeURIComponent(`id=${id}`)}`;
		const [row] = rowsOf<Bundle>(await moysklad(sandbox, path));
		expect(row.components.meta.size).toBe(3);
	});
});

describe('deletion of goods of all types', () => {
	const remove = async (metas: unknown[]): Promise<Answer> =>
		await send('POST', '/entity/assortment/delete', metas);

	test('answers element by element', async () => {
		const { world, rows } = sandbox.moysklad;
		const bundle = await make();
		sandbox.moysklad.bulkErrorStatus = 412;
		const answer = await remove([
			goods('service', 28),
			{ meta: bundle.meta },
			goods('variant', 27),
			goods('product', 25),
			goods('consignment', rows.live + 10),
			{ meta: world.meta('product', world.id('product', 999_999)) },
			{},
		]);
		sandbox.moysklad.bulkErrorStatus = 200;
		expect(answer.status).toBe(412);
		const results = answer.json<Array<{ info?: string; errors?: Array<{ code: number }> }>>();
		expect(results.map(({ info, errors }) => errors?.[0].code ?? info)).toEqual([
			`Сущность 'service' с UUID: ${rows.id(28)} успешно удалена`,
			`Сущность 'bundle' с UUID: ${bundle.id} успешно удалена`,
			`Сущность 'variant' с UUID: ${rows.id(27)} успешно удалена`,
			`Сущность 'product' с UUID: ${rows.id(25)} успешно удалена`,
			1060,
			1021,
			2014,
		]);
		expect(errorCode(await moysklad(sandbox, `/entity/service/${rows.id(28)}`))).toBe(1021);
	});

	test('is 200 when everything was deleted', async () => {
		const made = [await make(), await make()];
		const answer = await remove(made.map(({ meta }) => ({ meta })));
		expect([answer.status, answer.json<unknown[]>().length]).toEqual([200, 2]);
	});
});

describe('settings of the assortment', () => {
	const SETTINGS = '/entity/assortment/settings';
	const put = async (body: unknown): Promise<Answer> => await send('PUT', SETTINGS, body);

	test('are changed in part and answered whole', async () => {
		const before = (await moysklad(sandbox, SETTINGS)).json();
		const changed = (await put({ barcodeRules: { weightBarcode: true } })).json();
		expect(changed).toEqual({
			...before,
			barcodeRules: { ...(before.barcodeRules as Json), weightBarcode: true },
		});
		expect((await moysklad(sandbox, SETTINGS)).json()).toEqual(changed);
	});

	test.each([
		[{ barcodeRules: { weightBarcodePrefix: 100 } }, 3016],
		[{ barcodeRules: { weightBarcodePrefix: -1 } }, 3016],
		[{ barcodeRules: { weightBarcodePrefix: '20' } }, 2016],
		[{ barcodeRules: { weightBarcode: 'yes' } }, 2016],
		[{ uniqueCodeRules: true }, 2016],
		[{ createdShared: 1 }, 2016],
	])('%j is refused', async (body, code) => {
		expect(errorCode(await put(body))).toBe(code);
	});

	test('are for administrators', async () => {
		const token = sandbox.credentials.moySkladApi.accessToken;
		expect((await moysklad(sandbox, SETTINGS, { method: 'PUT', body: {}, token })).status).toBe(
			200,
		);
		const { MOYSKLAD_TOKENS } = await import('../../sandbox');
		const other = { method: 'PUT', body: {}, token: MOYSKLAD_TOKENS.nonAdmin } as const;
		expect(errorCode(await moysklad(sandbox, SETTINGS, other))).toBe(1017);
	});

	test('say whether barcodes and codes are made, and whether codes are unique', async () => {
		await put({
			barcodeRules: { fillEAN13Barcode: false },
			uniqueCodeRules: { checkUniqueCode: true, fillUniqueCode: false },
		});
		const made = await make();
		expect(made.barcodes).toEqual([]);
		expect(made).not.toHaveProperty('code');
		const { rows } = sandbox.moysklad;
		expect(await refused({ code: rows.value(1, 'code') })).toBe(3006);
		await put({
			barcodeRules: { fillEAN13Barcode: true },
			uniqueCodeRules: { checkUniqueCode: false, fillUniqueCode: true },
		});
		expect((await make({ code: rows.value(1, 'code') })).code).toBe(rows.value(1, 'code'));
	});
});

describe('reading by id', () => {
	const ids = (rows: number[]): string =>
		rows.map((row) => `id=${sandbox.moysklad.rows.id(row)}`).join(';');

	test('gives each once, in the order of the list, of the type of the list', async () => {
		const wanted = ids([59, 39, 59, 41]);
		expect((await filtered(wanted)).map(({ id }) => id)).toEqual(
			[39, 59].map((row) => sandbox.moysklad.rows.id(row)),
		);
		const path = `/entity/assortment?filter=${encodeURIComponent(wanted)}`;
		expect(rowsOf<Bundle>(await moysklad(sandbox, path))).toHaveLength(3);
	});

	test('archived goods only when they are asked for', async () => {
		const row = sandbox.moysklad.rows.live;
		const list = async (filter: string): Promise<Bundle[]> =>
			rowsOf<Bundle>(
				await moysklad(sandbox, `/entity/product?filter=${encodeURIComponent(filter)}`),
			);
		expect(await list(ids([row]))).toEqual([]);
		expect(await list(`${ids([row])};archived=true;archived=false`)).toHaveLength(1);
	});

	test('all but some', async () => {
		const some = ids([39, 59]).replaceAll('=', '!=');
		const found = (await filtered(some)).map(({ id }) => id);
		expect(found).toHaveLength((await filtered('archived=false')).length - 2);
		expect(found).not.toContain(sandbox.moysklad.rows.id(39));
	});
});
