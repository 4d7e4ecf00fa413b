import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import { request } from 'undici';
import type { Answer, Json } from './client';
import { call, errorCode, metaOf, moysklad, rowsOf } from './client';

interface Image extends Json {
	meta: { href: string; type: string; mediaType: string; downloadHref: string };
	filename: string;
	size: number;
	miniature: { href: string; downloadHref: string | null };
}

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 60, limits: 'off' });
});
afterAll(async () => await sandbox.close());

/** A PNG or JPEG as far as its first bytes tell, different for every text. */
const png = (text: string, padding = 0): Buffer =>
	Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text), Buffer.alloc(padding)]);
const jpg = (text: string): Buffer =>
	Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from(text)]);
const upload = (filename: string, bytes: Buffer = png(filename)): Json => ({
	filename,
	content: bytes.toString('base64'),
});
const imagesOf = (type: string, row: number): string =>
	`/entity/${type}/${sandbox.moysklad.rows.id(row)}/images`;
const send = async (path: string, body: unknown): Promise<Answer> =>
	await moysklad(sandbox, path, { method: 'POST', body });
const namesOf = (images: Image[]): string[] => images.map(({ filename }) => filename);
const listed = async (path: string): Promise<Image[]> =>
	rowsOf<Image>(await moysklad(sandbox, path));
const pathOf = (href: string): string => href.slice(sandbox.urls.moysklad.length);

/** The bytes behind a link of the API, fetched as a browser would, without credentials on storage. */
async function download(href: string): Promise<{ type: string; bytes: Buffer }> {
	const answer = await moysklad(sandbox, pathOf(href));
	expect(answer.status).toBe(302);
	const { body, headers, statusCode } = await request(answer.headers.location);
	expect(statusCode).toBe(200);
	return { type: String(headers['content-type']), bytes: Buffer.from(await body.arrayBuffer()) };
}

describe.each([
	['product', 1],
	['bundle', 9],
	['variant', 6],
])('images of a %s', (type, row) => {
	test('an object adds one, an array replaces the set, both answer with all', async () => {
		const path = imagesOf(type, row);
		expect((await send(path, upload('one.png'))).json()).toHaveLength(1);
		const two = (await send(path, upload('two.jpg', jpg('two')))).json<Image[]>();
		expect(namesOf(two)).toEqual(['one.png', 'two.jpg']);
		expect(two[1]).toMatchObject({
			title: 'two',
			size: jpg('two').length,
			meta: { type: 'image', href: expect.stringContaining(`${path}/`) },
		});
		const set = await send(path, [{ meta: two[1].meta }, upload('three.png')]);
		expect([set.status, namesOf(set.json<Image[]>())]).toEqual([200, ['two.jpg', 'three.png']]);
		expect(namesOf(await listed(path))).toEqual(['two.jpg', 'three.png']);
		const owner = (await moysklad(sandbox, path.replace('/images', '?expand=images'))).json();
		expect(owner.images).toMatchObject({ meta: { size: 2 }, rows: [{ filename: 'two.jpg' }, {}] });
		expect((await send(path, [])).json()).toEqual([]);
		expect(await listed(path)).toEqual([]);
	});

	test('at most ten', async () => {
		const path = imagesOf(type, row);
		const ten = Array.from({ length: 10 }, (_unused, index) => upload(`${index}.png`));
		expect((await send(path, ten)).json()).toHaveLength(10);
		expect(errorCode(await send(path, upload('11.png')))).toBe(51006);
		expect(errorCode(await send(path, [...ten, upload('11.png')]))).toBe(51006);
		expect(metaOf(await moysklad(sandbox, `${path}?limit=3&offset=9`))).toMatchObject({ size: 10 });
		await send(path, []);
	});
});

describe('uploads', () => {
	const path = (): string => imagesOf('product', 2);

	test.each<[string, Json, number]>([
		['no content', { filename: 'a.png' }, 51001],
		['no name', { content: png('a').toString('base64') }, 51005],
		['an empty name', { ...upload('a.png'), filename: ' ' }, 51005],
		['content that is not base64', { filename: 'a.png', content: '%%%' }, 51002],
		['content that is no image', upload('a.png', Buffer.from('plain text')), 51002],
		['another extension', upload('a.gif'), 51002],
		['content that is no text', { filename: 'a.png', content: 5 }, 51002],
		['more than 10 MB', upload('a.png', png('', 10 * 1024 * 1024)), 51004],
	])('%s', async (_name, body, code) => {
		const answer = await send(path(), body);
		expect(errorCode(answer)).toBe(code);
		if (code === 51004) expect(answer.text).toContain('10');
		expect(await listed(path())).toEqual([]);
	});

	test('a bad element of a set changes nothing', async () => {
		await send(path(), upload('kept.png'));
		expect(errorCode(await send(path(), [upload('x.png'), { filename: 'y.png' }]))).toBe(51001);
		const { world } = sandbox.moysklad;
		const href = `${sandbox.urls.moysklad}${path()}/${world.id('blob', 9999)}`;
		const foreign = [{ meta: { href, type: 'image', mediaType: 'application/json' } }];
		expect(errorCode(await send(path(), foreign))).toBe(1021);
		expect(namesOf(await listed(path()))).toEqual(['kept.png']);
		await send(path(), []);
	});

	test('the storage of the account can be full or away', async () => {
		sandbox.moysklad.imageStorage = 'full';
		expect(errorCode(await send(path(), upload('a.png')))).toBe(51003);
		sandbox.moysklad.imageStorage = 'down';
		const away = await send(path(), upload('a.png'));
		expect([away.status, errorCode(away)]).toEqual([500, 51007]);
		sandbox.moysklad.imageStorage = 'ok';
	});

	test('come along in the body of products and bundles', async () => {
		const { world, rows } = sandbox.moysklad;
		const components = [{ assortment: { meta: world.meta('product', rows.id(1)) }, quantity: 1 }];
		for (const type of ['product', 'bundle']) {
			const body = { name: 'Shown', components, images: [upload('in.png')] };
			const made = (await send(`/entity/${type}`, body)).json<{ id: string; images: Json }>();
			expect(made.images).toMatchObject({ meta: { size: 1 } });
			const own = `/entity/${type}/${made.id}`;
			const [image] = await listed(`${own}/images`);
			const put = async (images: unknown): Promise<Answer> =>
				await moysklad(sandbox, own, { method: 'PUT', body: { images } });
			expect((await put(made.images)).json().images).toMatchObject({ meta: { size: 1 } });
			const both = await put([{ meta: image.meta }, upload('more.png')]);
			expect(both.json().images).toMatchObject({ meta: { size: 2 } });
			expect(errorCode(await put([{ filename: 'a.png' }]))).toBe(51001);
			expect((await put([])).json().images).toMatchObject({ meta: { size: 0 } });
		}
	});

	test('a refused image leaves no half-made bundle behind', async () => {
		const before = sandbox.moysklad.rows.size;
		const answer = await send('/entity/product', { name: 'Half', images: [{ filename: 'a.png' }] });
		expect(errorCode(answer)).toBe(51001);
		expect(sandbox.moysklad.rows.size).toBe(before);
	});
});

describe('deletion', () => {
	test('one, several, and the first of equal ones', async () => {
		const path = imagesOf('product', 3);
		const same = upload('same.png');
		await send(path, [same, upload('other.png'), same, upload('last.png')]);
		const [first, other, again, last] = await listed(path);
		expect(again.meta.href).toBe(first.meta.href);
		const id = first.meta.href.split('/').pop() ?? '';
		const gone = await moysklad(sandbox, `${path}/${id}`, { method: 'DELETE' });
		expect([gone.status, gone.text]).toEqual([200, '']);
		expect(namesOf(await listed(path))).toEqual(['other.png', 'same.png', 'last.png']);
		const many = await send(`${path}/delete`, [{ meta: last.meta }, { meta: other.meta }]);
		expect([many.status, many.text]).toEqual([200, '']);
		expect(namesOf(await listed(path))).toEqual(['same.png']);
		expect(errorCode(await send(`${path}/delete`, [{ meta: last.meta }]))).toBe(1021);
		await moysklad(sandbox, `${path}/${id}`, { method: 'DELETE' });
		expect(errorCode(await moysklad(sandbox, `${path}/${id}`, { method: 'DELETE' }))).toBe(1021);
		expect(errorCode(await moysklad(sandbox, pathOf(first.meta.downloadHref)))).toBe(1021);
	});

	test('generated images can be deleted as well', async () => {
		const path = imagesOf('product', 5);
		const [image] = await listed(path);
		await send(path, []);
		expect(await listed(path)).toEqual([]);
		expect(errorCode(await moysklad(sandbox, pathOf(image.meta.downloadHref)))).toBe(1021);
	});
});

describe('downloads', () => {
	test('give the very bytes that were sent', async () => {
		const path = imagesOf('bundle', 19);
		const [first, second] = [png('first', 3000), jpg('second')];
		const images = (
			await send(path, [upload('first.png', first), upload('second.jpg', second)])
		).json<Image[]>();
		const files = await Promise.all(images.map(({ meta }) => download(meta.downloadHref)));
		expect(files).toEqual([
			{ type: 'image/png', bytes: first },
			{ type: 'image/jpeg', bytes: second },
		]);
	});

	test('a miniature exists once it was asked for', async () => {
		const path = imagesOf('bundle', 29);
		await send(path, upload('big.png', png('big', 2000)));
		const [fresh] = await listed(path);
		expect(fresh.miniature.downloadHref).toBeNull();
		const { bytes, type } = await download(fresh.miniature.href);
		expect([type, bytes.length < 2000]).toEqual(['image/png', true]);
		const [later] = await listed(path);
		expect(later.miniature.downloadHref).toEqual(expect.any(String));
	});

	test('permanent links need no credentials and no date', async () => {
		const path = imagesOf('bundle', 39);
		const bytes = png('forever');
		await send(path, upload('forever.png', bytes));
		const fields = 'fields=downloadPermanentHref';
		const [image] = await listed(`${path}?${fields}`);
		const href = String((image.meta as Json).downloadPermanentHref);
		const { body } = await request(href);
		expect(Buffer.from(await body.arrayBuffer())).toEqual(bytes);
		expect((await call(href, { headers: { authorization: 'Bearer x' } })).status).toBe(400);
		const owner = path.replace('/images', '');
		const expanded = (await moysklad(sandbox, `${owner}?expand=images&${fields}`)).json();
		expect(JSON.stringify(expanded)).toContain(href);
		const list = `/entity/bundle?expand=images&${fields}`;
		expect((await moysklad(sandbox, `${list}&limit=100`)).text).toContain(href);
		expect((await moysklad(sandbox, `${list}&limit=101`)).text).not.toContain('downloadPermanent');
		expect(await listed(path)).not.toContainEqual(
			expect.objectContaining({ meta: expect.objectContaining({ downloadPermanentHref: href }) }),
		);
	});

	test('other values of fields, and the free tariff', async () => {
		const path = imagesOf('bundle', 39);
		expect(errorCode(await moysklad(sandbox, `${path}?fields=stock`))).toBe(3043);
		const two = `${path}?fields=stock,downloadPermanentHref`;
		expect(errorCode(await moysklad(sandbox, two))).toBe(3042);
		sandbox.moysklad.tariff = 'free';
		const free = await moysklad(sandbox, `${path}?fields=downloadPermanentHref`);
		sandbox.moysklad.tariff = 'paid';
		expect([free.status, errorCode(free)]).toEqual([403, 1070]);
	});

	test('need credentials at the API', async () => {
		const [image] = await listed(imagesOf('bundle', 39));
		const path = pathOf(image.meta.downloadHref);
		const wrong = await moysklad(sandbox, path, { token: MOYSKLAD_TOKENS.noApiAccess });
		expect(errorCode(wrong)).toBe(1061);
	});
});

describe('content cards', () => {
	test('have a list, objects and up to fifteen images', async () => {
		const [card] = rowsOf<{ id: string; assortment: Json }>(
			await moysklad(sandbox, '/entity/contentcard?limit=100&expand=assortment'),
		);
		expect(card.assortment).toMatchObject({ id: sandbox.moysklad.rows.id(0) });
		const own = `/entity/contentcard/${card.id}`;
		const set = Array.from({ length: 15 }, (_unused, index) => upload(`${index}.png`));
		expect((await send(`${own}/images`, set)).json()).toHaveLength(15);
		const tooMany = await send(`${own}/images`, upload('16.png'));
		expect(errorCode(tooMany)).toBe(51006);
		expect(tooMany.text).toContain('15');
		const shown = (await moysklad(sandbox, `${own}?expand=images`)).json();
		expect(shown.images).toMatchObject({ meta: { size: 15 } });
		expect((shown.images as { rows: Json[] }).rows).toHaveLength(15);
		const { world } = sandbox.moysklad;
		const nowhere = `/entity/contentcard/${world.id('contentcard', 77)}/images`;
		expect(errorCode(await moysklad(sandbox, nowhere))).toBe(1021);
	});
});
