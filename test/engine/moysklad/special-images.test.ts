import type { IDataObject } from 'n8n-workflow';

import { expectShown, House, locator, NOBODY, NODE, paths } from './setup';

/** One pixel each, with bytes of its own behind the end, which no reader of images minds. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);
const JPEG = Buffer.from(
	'/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
	'base64',
);
const png = (mark: string) => Buffer.concat([PNG, Buffer.from(mark)]);

let house: House;
let made = 0;

beforeAll(async () => {
	house = await House.open();
});

afterAll(async () => {
	expect(house.state.storageAuthorizationLeaks).toBe(0);
	await house.close();
});

beforeEach(() => {
	house.state.imageStorage = 'ok';
	house.sandbox.faults.clear();
});

const base = () => house.sandbox.urls.moysklad;

/** A product of its own, without images. */
function owner(): string {
	const row = house.state.rows.create('product', { name: `Owner ${made++}` }, Date.now());
	const id = house.state.rows.id(row);
	house.state.images.set('product', id, []);
	return id;
}

const imagesOf = (id: string, type = 'product') => house.state.images.entities(type, id);
const idsOf = (id: string) => (house.state.images.get('product', id) ?? []).map((one) => one.id);
const run = (operation: string, ownerId: string, more: object = {}) => ({
	resource: 'image',
	operation,
	ownerType: 'product',
	ownerId: locator(ownerId),
	...more,
});
const file = (bytes: Buffer, fileName?: string) => ({
	data: bytes.toString('base64'),
	mimeType: 'application/octet-stream',
	...(fileName === undefined ? {} : { fileName }),
});
const item = (bytes: Buffer, fileName?: string, json: IDataObject = {}) => ({
	json,
	binary: { data: file(bytes, fileName) },
});

/** Puts images there behind the node's back; returns their IDs. */
function plant(id: string, ...files: Array<[string, Buffer]>): string[] {
	const images = files.map(([filename, bytes]) => {
		const type = filename.endsWith('.png') ? 'image/png' : 'image/jpeg';
		const blob = house.state.blobs.put(filename, bytes, type);
		return { id: blob, filename, size: bytes.length, updated: '2026-11-21 10:00:00.000' };
	});
	house.state.images.set('product', id, images);
	return images.map((image) => image.id);
}

/** The bytes of a binary field of an item. */
const bytesOf = (data: { data: string } | undefined) => Buffer.from(data?.data ?? '', 'base64');
const storageLog = () => house.sandbox.log.filter(({ vendor }) => vendor === 'storage');

describe('add', () => {
	test('from binary: the name of the file, and only the new image comes out', async () => {
		const id = owner();
		plant(id, ['front.jpg', JPEG]);
		const { items, requests } = await house.good(run('add', id), {
			items: [item(png('add'), 'C:\\photos\\front.jpg')],
		});
		expect(paths(requests)).toEqual([`POST /entity/product/${id}/images`]);
		expect(requests[0].body).toEqual({
			filename: 'front.jpg',
			content: png('add').toString('base64'),
		});
		const shown = imagesOf(id);
		expect(shown).toHaveLength(2);
		const meta = shown[1].meta as IDataObject;
		expect(items).toEqual([
			{
				json: {
					id: idsOf(id)[1],
					ownerId: id,
					title: 'front',
					filename: 'front.jpg',
					size: png('add').length,
					updated: shown[1].updated,
					downloadHref: meta.downloadHref,
					miniatureHref: `${String(meta.downloadHref)}?miniature=true`,
					permanentHref: null,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(house.state.blobs.get(idsOf(id)[1])?.bytes.equals(png('add'))).toBe(true);
	});

	test('from base64, with a data URL and a name without extension, whole', async () => {
		const id = owner();
		const { json, requests } = await house.good(
			run('add', id, {
				imageSource: 'base64',
				imageContent: `data:image/jpeg;base64,${JPEG.toString('base64')}`,
				options: { fileName: 'Фото 1' },
				simplify: false,
			}),
		);
		expect(requests[0].body).toEqual({
			filename: 'Фото 1.jpg',
			content: JPEG.toString('base64'),
		});
		expect(json).toEqual(imagesOf(id));
		expect(house.state.blobs.get(idsOf(id)[0])?.bytes.equals(JPEG)).toBe(true);
	});

	test('several items: one request each, in their order', async () => {
		const id = owner();
		const { items, requests } = await house.good(run('add', id), {
			items: ['a', 'b', 'c'].map((name) => item(png(name), `${name}.png`)),
		});
		expect(requests).toHaveLength(3);
		expect(items.map(({ json, pairedItem }) => [json.filename, pairedItem])).toEqual([
			['a.png', { item: 0 }],
			['b.png', { item: 1 }],
			['c.png', { item: 2 }],
		]);
	});

	test('to a bundle, a variant and a content card, by ID and by the link that names the type', async () => {
		const row = (type: string) =>
			Array.from({ length: 120 }, (_, index) => index).find(
				(index) => house.state.rows.type(index) === type,
			) ?? 0;
		const owners = [
			['bundle', house.state.rows.id(row('bundle'))],
			['variant', house.state.rows.id(row('variant'))],
			['contentcard', house.state.world.id('contentcard', 0)],
		];
		for (const [type, id] of owners) {
			const { json, requests } = await house.good(
				{
					...run('add', id),
					ownerId: locator(`${base()}/entity/${type}/${id}`, 'url'),
				},
				{ items: [item(png(type), 'x.png')] },
			);
			expect(paths(requests)).toEqual([`POST /entity/${type}/${id}/images`]);
			expect(json[0]).toMatchObject({ ownerId: id, filename: 'x.png' });
		}
		const product = house.state.rows.entity(row('product')).meta as IDataObject;
		const web = await house.good(
			{ ...run('add', NOBODY), ownerId: locator(product.uuidHref, 'url') },
			{ items: [item(png('web'), 'web.png')] },
		);
		expect(web.requests.map(({ method, status }) => [method, status])).toEqual([
			['POST', 308],
			['POST', 200],
		]);
		expect(web.json[0]).toMatchObject({
			ownerId: house.state.rows.id(row('product')),
			filename: 'web.png',
		});
	});

	test('what MoySklad would refuse is refused before anything is sent', async () => {
		const id = owner();
		const refused = async (more: object, items: object[] = [{}]) =>
			await house.refused(run('add', id, more), { items: items as IDataObject[] });
		expectShown(await refused({}, [item(Buffer.from('GIF89a...'), 'x.gif')]), {
			message: "'Input Binary Field (data)' holds a gif file",
			hint: 'JPEG and PNG only',
		});
		expectShown(await refused({}), {
			message: "'Input Binary Field' is 'data', which this item does not have",
			hint: 'The item has no binary data',
		});
		expectShown(await refused({ imageSource: 'base64', imageContent: '={{ "no image!" }}' }), {
			message: "'Image Content' is no base64 text",
			hint: 'in base64',
		});
		expectShown(await refused({ imageSource: 'base64', imageContent: '={{ "" }}' }), {
			message: "'Image Content' is empty",
		});
		const large = Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]);
		expectShown(await refused({}, [item(large, 'x.png')]), {
			message: "'Input Binary Field (data)' holds an image of 10.0 MB",
			hint: 'MoySklad takes 10 MB at most',
		});
	});

	test.each([
		['full' as const, 51003, 'the file storage of the account is full', 1],
		['down' as const, 51007, 'the service is under maintenance', 1],
	])('storage that is %s: %i', async (storage, code, say, count) => {
		house.state.imageStorage = storage;
		const { error, requests } = await house.bad(run('add', owner()), {
			items: [item(PNG, 'x.png')],
		});
		expectShown(error, { message: `MoySklad: ${say}`, code });
		// A write that may have been done is not sent again.
		expect(requests).toHaveLength(count);
	});

	test.each([
		[51001, 'the file has no content', 'base64 text'],
		[51002, 'the content is no image', 'JPEG and PNG'],
		[51004, 'the file is too large', '10 MB at most'],
		[51005, 'the file has no name', 'File Name'],
		[51006, 'the owner has as many images as allowed', 'Replace All'],
	])('MoySklad says %i: %s', async (code, say, hint) => {
		house.sandbox.faults.add({
			vendor: 'moysklad',
			status: 412,
			body: { errors: [{ error: `Refused ${code}`, code }] },
		});
		const { error } = await house.bad(run('add', owner()), { items: [item(PNG, 'x.png')] });
		expectShown(error, { message: `MoySklad: ${say}`, hint, text: `Refused ${code}`, code });
	});

	test('the eleventh image of a product', async () => {
		const id = owner();
		plant(
			id,
			...Array.from({ length: 10 }, (_, index): [string, Buffer] => [
				`${index}.png`,
				png(String(index)),
			]),
		);
		const { error } = await house.bad(run('add', id), { items: [item(PNG, 'x.png')] });
		expectShown(error, {
			message: 'MoySklad: the owner has as many images as allowed',
			code: 51006,
		});
	});
});

describe('get many', () => {
	test('flat, whole, and with permanent links', async () => {
		const id = owner();
		const [first, second] = plant(id, ['a.jpg', JPEG], ['b.png', PNG]);
		const flat = await house.good(run('getAll', id));
		expect(paths(flat.requests)).toEqual([`GET /entity/product/${id}/images`]);
		expect(flat.json).toEqual([
			expect.objectContaining({ id: first, ownerId: id, title: 'a', filename: 'a.jpg' }),
			expect.objectContaining({ id: second, ownerId: id, size: PNG.length }),
		]);
		const raw = await house.good(run('getAll', id, { simplify: false }));
		expect(raw.json).toEqual(imagesOf(id));
		const permanent = await house.good(run('getAll', id, { options: { permanentLink: true } }));
		expect(permanent.requests[0].query).toMatchObject({
			fields: 'downloadPermanentHref',
			limit: '50',
		});
		expect(permanent.json[0].permanentHref).toBe(
			`${house.sandbox.urls.storage}/permanent/${first}.jpg`,
		);
		const all = await house.good(
			run('getAll', id, { returnAll: true, options: { permanentLink: true } }),
		);
		expect(all.requests[0].query).toMatchObject({ limit: '100' });
	});

	test('two equal images have one ID, and both come out', async () => {
		const id = owner();
		plant(id, ['a.png', PNG], ['a.png', PNG]);
		const { json } = await house.good(run('getAll', id, { returnAll: true }));
		expect(json).toHaveLength(2);
		expect(json[0].id).toBe(json[1].id);
	});

	test('an owner that is none', async () => {
		const { error } = await house.bad(run('getAll', NOBODY));
		expectShown(error, { message: 'MoySklad: the object was not found', code: 1021 });
		const type = await house.refused(run('getAll', NOBODY, { ownerType: '={{ "../x" }}' }));
		expect(type.message).toBe("'Owner Type' is '../x'");
	});
});

describe('download', () => {
	test.each([
		[
			400,
			'<?xml version="1.0" encoding="UTF-8"?><Error><Code>InvalidArgument</Code><Message>Unsupported Authorization Type</Message></Error>',
			'InvalidArgument Unsupported Authorization Type',
		],
		[403, 'Link expired', 'Link expired'],
		[503, '<html><title>Slow down</title></html>', 'Slow down'],
	])(
		'the storage answers %i: it is named, and what it says is shown',
		async (status, body, text) => {
			const id = owner();
			const [image] = plant(id, ['front.jpg', JPEG]);
			house.sandbox.faults.add({ vendor: 'storage', status, body, times: 10 });
			const { error } = await house.bad(run('download', id, { imageId: locator(image) }));
			const host = new URL(house.sandbox.urls.storage).host;
			expect(error.message).toBe(
				`MoySklad: the file storage (${host}) did not give the file (HTTP ${status})`,
			);
			expect(error.description).toContain(`<br>\n${host} says: ${text}`);
			expect(error.context.data).toMatchObject({ status, foreign: { host, text } });
		},
	);

	test('by owner and ID: the very bytes, and no credentials for the storage', async () => {
		const id = owner();
		const [jpeg, image] = plant(id, ['a.jpg', JPEG], ['b.png', png('full')]);
		const { items, requests } = await house.good(
			run('download', id, { imageId: locator('={{ $json.id }}'), binaryPropertyName: 'photo' }),
			{ items: [{ id: image.toUpperCase() }, { id: jpeg }] },
		);
		expect(paths(requests).sort()).toEqual(
			[
				`GET /entity/product/${id}/images`,
				`GET /download/${image}`,
				`GET /download/${jpeg}`,
			].sort(),
		);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({
				id: image,
				ownerId: id,
				filename: 'b.png',
				mimeType: 'image/png',
				size: png('full').length,
			}),
			expect.objectContaining({ id: jpeg, filename: 'a.jpg', mimeType: 'image/jpeg' }),
		]);
		const [first, second] = items.map(({ binary }) => binary?.photo);
		expect(bytesOf(first).equals(png('full'))).toBe(true);
		expect(bytesOf(second).equals(JPEG)).toBe(true);
		expect(first).toMatchObject({ fileName: 'b.png', mimeType: 'image/png' });
		expect(second).toMatchObject({ fileName: 'a.jpg', mimeType: 'image/jpeg' });
		for (const { headers } of storageLog()) expect(headers).not.toHaveProperty('authorization');
		expect(house.state.storageAuthorizationLeaks).toBe(0);
	});

	test('the miniature, which is made at the first look', async () => {
		const id = owner();
		const [image] = plant(id, ['a.jpg', JPEG]);
		const { items, requests } = await house.good(
			run('download', id, { imageId: locator(image), imageSize: 'miniature' }),
		);
		expect(requests.at(-1)?.query).toEqual({ miniature: 'true' });
		expect(items[0].json).toMatchObject({ filename: 'a-miniature.png', mimeType: 'image/png' });
		expect(bytesOf(items[0].binary?.data).equals(PNG)).toBe(true);
		expect(storageLog().at(-1)?.path).toBe(`/miniature/${image}.png`);
	});

	test('by the download link, with one request to the API; no other host', async () => {
		const id = owner();
		const [image] = plant(id, ['a.jpg', JPEG]);
		const link = `${base()}/download/${image}?miniature=true`;
		const byLink = (downloadLink: string) => ({
			resource: 'image',
			operation: 'download',
			downloadBy: 'link',
			downloadLink,
		});
		const { items, requests } = await house.good(byLink(link));
		expect(paths(requests)).toEqual([`GET /download/${image}`]);
		expect(items[0].json).toMatchObject({ id: image, mimeType: 'image/jpeg' });
		expect(bytesOf(items[0].binary?.data).equals(JPEG)).toBe(true);
		const foreign = `https://evil.example.com/download/${image}`;
		const again = await house.good(byLink(foreign));
		expect(paths(again.requests)).toEqual([`GET /download/${image}`]);
		const error = await house.refused(byLink('https://storage.example.com/file/x.png'));
		expectShown(error, {
			message: "'Download Link' is 'https://storage.example.com/file/x.png'",
			hint: 'HTTP Request',
		});
	});

	test('a missing image, and a storage that has lost it', async () => {
		const id = owner();
		const [image] = plant(id, ['a.jpg', JPEG]);
		const missing = await house.bad(run('download', id, { imageId: locator(NOBODY) }));
		expectShown(missing.error, { message: 'MoySklad: the object was not found', code: 1021 });
		expect(paths(missing.requests)).toEqual([`GET /entity/product/${id}/images`]);
		house.sandbox.faults.add({ vendor: 'storage', status: 404, body: '<Error/>' });
		const { error } = await house.bad(run('download', id, { imageId: locator(image) }));
		expectShown(error, { message: 'MoySklad: nothing was found at this address' });
	});
});

describe('replace all', () => {
	test('the items of an owner make up its set together, each returns its own', async () => {
		const [one, other] = [owner(), owner()];
		plant(one, ['old.jpg', JPEG]);
		const { items, requests } = await house.good(
			run('replaceAll', one, { ownerId: locator('={{ $json.owner }}') }),
			{
				items: [
					item(png('1'), '1.png', { owner: one }),
					item(png('2'), '2.png', { owner: other }),
					item(png('3'), '3.png', { owner: one }),
				],
			},
		);
		expect(paths(requests)).toEqual([
			`POST /entity/product/${one}/images`,
			`POST /entity/product/${other}/images`,
		]);
		expect(requests[0].body).toEqual([
			{ filename: '1.png', content: png('1').toString('base64') },
			{ filename: '3.png', content: png('3').toString('base64') },
		]);
		expect(imagesOf(one).map(({ filename }) => filename)).toEqual(['1.png', '3.png']);
		expect(items.map(({ json, pairedItem }) => [json.filename, json.ownerId, pairedItem])).toEqual([
			['1.png', one, { item: 0 }],
			['2.png', other, { item: 1 }],
			['3.png', one, { item: 2 }],
		]);
	});

	test('keeps the images that are named, by ID and by link, before the new ones', async () => {
		const id = owner();
		const [first, second, third] = plant(id, ['a.png', png('a')], ['b.png', PNG], ['c.jpg', JPEG]);
		const keepImages = `${third}, ${base()}/entity/product/${id}/images/${first}`;
		const { json, requests } = await house.good(
			run('replaceAll', id, {
				binaryPropertyName: 'data, more',
				options: { keepImages },
			}),
			{
				items: [{ json: {}, binary: { data: file(png('n'), 'n.png'), more: file(JPEG, 'm.jpg') } }],
			},
		);
		const meta = (image: string) => ({
			meta: {
				href: `${base()}/entity/product/${id}/images/${image}`,
				type: 'image',
				mediaType: 'application/json',
			},
		});
		expect(requests[0].body).toEqual([
			meta(third),
			meta(first),
			{ filename: 'n.png', content: png('n').toString('base64') },
			{ filename: 'm.jpg', content: JPEG.toString('base64') },
		]);
		expect(json.map(({ filename }) => filename)).toEqual(['c.jpg', 'a.png', 'n.png', 'm.jpg']);
		expect(idsOf(id).slice(0, 2)).toEqual([third, first]);
		const kept = await house.good(
			run('replaceAll', id, { imageSource: 'none', options: { keepImages: first } }),
		);
		expect(kept.json.map(({ id: image }) => image)).toEqual([first]);
		expect(idsOf(id)).toEqual([first]);
		expect(second).toBeDefined();
	});

	test('one item that cannot be sent keeps the set of its owner as it was', async () => {
		const [one, other] = [owner(), owner()];
		const before = plant(one, ['old.jpg', JPEG]);
		const broken = [
			{ bad: item(Buffer.from('%PDF-1.7'), 'x.pdf', { owner: one }), parameters: {} },
			{
				bad: item(PNG, 'x.png', { owner: one, keep: 'front.jpg' }),
				parameters: { options: { keepImages: '={{ $json.keep }}' } },
			},
		];
		for (const { bad, parameters } of broken) {
			const { items, requests } = await house.run(
				run('replaceAll', one, { ownerId: locator('={{ $json.owner }}'), ...parameters }),
				{
					items: [
						item(png('1'), '1.png', { owner: one }),
						bad,
						item(png('2'), '2.png', { owner: other }),
					],
					onError: 'continueRegularOutput',
				},
			);
			expect(paths(requests)).toEqual([`POST /entity/product/${other}/images`]);
			expect(items[0].json.error).toBe(
				"'Owner' is the same as of item 1, whose image cannot be sent [item 0]",
			);
			expect(items[1].json.error).toMatch(/^'.*\[item 1\]$/);
			expect(items[2].json).toMatchObject({ filename: '2.png', ownerId: other });
			expect(idsOf(one)).toEqual(before);
		}
		const text = { imageSource: 'base64', imageContent: '={{ $json.text }}' };
		const empty = await house.run(run('replaceAll', one, text), {
			items: [{ text: PNG.toString('base64') }, { text: '' }],
			onError: 'continueRegularOutput',
		});
		expect(empty.requests).toEqual([]);
		expect(empty.items.map(({ json }) => json.error)).toEqual([
			"'Owner' is the same as of item 1, whose image cannot be sent [item 0]",
			"'Image Content' is empty [item 1]",
		]);
	});

	test('too many, nothing, and what is not there', async () => {
		const id = owner();
		const before = plant(id, ['old.jpg', JPEG]);
		const many = await house.refused(run('replaceAll', id), {
			items: Array.from({ length: 11 }, (_, index) => item(png(String(index)), `${index}.png`)),
		});
		expectShown(many, {
			message: "'Owner' would get 11 images",
			item: 0,
			hint: 'MoySklad allows 10',
		});
		const nothing = await house.refused(run('replaceAll', id, { imageSource: 'none' }));
		expectShown(nothing, {
			message: "'Image Source' gives no image, and none is to be kept",
			hint: 'To remove all images, use the operation Delete.',
		});
		const { error } = await house.bad(
			run('replaceAll', id, { imageSource: 'none', options: { keepImages: NOBODY } }),
		);
		expectShown(error, { message: 'MoySklad: the object was not found', code: 1021 });
		expect(idsOf(id)).toEqual(before);
	});

	test('a lost answer does no harm: the same set is sent again', async () => {
		const id = owner();
		house.sandbox.faults.add({ vendor: 'moysklad', afterWork: true, closeConnection: 'before' });
		const { json, requests } = await house.good(run('replaceAll', id), {
			items: [item(PNG, 'x.png')],
		});
		expect(requests).toHaveLength(2);
		expect(json).toHaveLength(1);
		expect(idsOf(id)).toHaveLength(1);
	});

	test('a set of more than 20 MB goes in several requests and is whole in the end', async () => {
		const id = owner();
		const large = (mark: string) => Buffer.concat([PNG, Buffer.alloc(9 * 1024 * 1024, mark)]);
		const { json, requests } = await house.good(run('replaceAll', id), {
			items: ['a', 'b', 'c'].map((mark) => item(large(mark), `${mark}.png`)),
		});
		expect(requests.length).toBeGreaterThan(1);
		expect(json.map(({ filename }) => filename)).toEqual(['a.png', 'b.png', 'c.png']);
		expect(imagesOf(id).map(({ filename }) => filename)).toEqual(['a.png', 'b.png', 'c.png']);
	}, 60_000);
});

describe('an item that fails keeps its file', () => {
	const webp = Buffer.concat([Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 '), Buffer.alloc(16, 7)]);
	const inputs = () => [
		item(png('kept'), 'good.png', { sku: 'A' }),
		item(webp, 'bad.webp', { sku: 'B' }),
	];

	test.each(['continueErrorOutput', 'continueRegularOutput'] as const)('%s', async (onError) => {
		const { result, items, requests } = await house.run(run('add', owner()), {
			items: inputs(),
			onError,
		});
		expect(requests).toHaveLength(1);
		const split = onError === 'continueErrorOutput';
		const [failed] = split ? result.items(NODE, 1) : items.slice(1);
		expect(failed.json.error).toContain('[item 1]');
		// n8n adds the input's JSON on the error output; on the regular one an item holds the error alone.
		expect(failed.json.sku).toBe(split ? 'B' : undefined);
		expect(failed.binary?.data).toMatchObject({ fileName: 'bad.webp' });
		expect(bytesOf(failed.binary?.data).equals(webp)).toBe(true);
		expect(failed.pairedItem).toMatchObject({ item: 1 });
	});

	test('a write that the vendor refuses, and one without a file', async () => {
		house.sandbox.faults.add({
			vendor: 'moysklad',
			method: 'POST',
			status: 403,
			body: '<p>No</p>',
		});
		const { result } = await house.run(
			run('add', owner(), { binaryPropertyName: '={{ $json.field }}' }),
			{
				items: [item(PNG, 'a.png', { field: 'data' }), { field: 'data' }],
				onError: 'continueErrorOutput',
			},
		);
		const [refused, without] = result.items(NODE, 1);
		expect(refused.binary?.data).toMatchObject({ fileName: 'a.png' });
		expect(refused.json.message).toMatch(/\n127\.0\.0\.1:\d+ says: No$/);
		expect(without.json.error).toContain("'Input Binary Field'");
		expect(without).not.toHaveProperty('binary');
	});
});

describe('delete', () => {
	test('alone, and together with an answer that says nothing', async () => {
		const id = owner();
		const ids = plant(id, ['a.png', png('a')], ['b.png', png('b')], ['c.png', png('c')]);
		const one = await house.good(run('delete', id, { imageId: locator(ids[1]) }));
		expect(paths(one.requests)).toEqual([`DELETE /entity/product/${id}/images/${ids[1]}`]);
		expect(one.json).toEqual([{ deleted: true, ownerType: 'product', ownerId: id, id: ids[1] }]);
		const { items, requests } = await house.run(
			run('delete', id, { imageId: locator('={{ $json.id }}') }),
			{
				items: [ids[0], NOBODY, ids[2]].map((image) => ({ id: image })),
				onError: 'continueRegularOutput',
			},
		);
		expect(requests[0].path).toMatch(/\/images\/delete$/);
		expect(requests[0].body).toHaveLength(3);
		expect(items.map(({ json }) => json.id ?? json.error)).toEqual([
			ids[0],
			'MoySklad: the object was not found (code 1021) [item 1]',
			ids[2],
		]);
		expect(idsOf(id)).toEqual([]);
	});

	test('several at once need one request', async () => {
		const id = owner();
		const ids = plant(id, ['a.png', png('a')], ['b.png', png('b')]);
		const { json, requests } = await house.good(
			run('delete', id, { imageId: locator('={{ $json.id }}') }),
			{ items: ids.map((image) => ({ id: image })) },
		);
		expect(paths(requests)).toEqual([`POST /entity/product/${id}/images/delete`]);
		expect(json.map(({ id: image }) => image)).toEqual(ids);
		expect(idsOf(id)).toEqual([]);
	});
});

describe('the lists behind the locators', () => {
	test('owners of a type, content cards among them', async () => {
		const products = await house.search('searchImageOwners', {
			parameters: { ownerType: 'variant' },
			filter: 'a',
		});
		expect(products.requests[0].query).toMatchObject({ filter: 'type=variant', search: 'a' });
		const cards = await house.search('searchImageOwners', {
			parameters: { ownerType: 'contentcard' },
		});
		expect(paths(cards.requests)).toEqual(['GET /entity/contentcard']);
		expect(cards.results.map(({ value }) => value)).toContain(
			house.state.world.id('contentcard', 0),
		);
	});

	test('images of the owner', async () => {
		const id = owner();
		const ids = plant(id, ['a.png', png('a')], ['b.png', png('b')]);
		const { results } = await house.search('searchImages', {
			parameters: { ownerType: 'product', ownerId: locator(id) },
		});
		expect(results).toEqual([
			{ name: 'a.png', value: ids[0] },
			{ name: 'b.png', value: ids[1] },
		]);
		await expect(house.search('searchImages', { parameters: {} })).rejects.toThrow(
			"'Owner' is not chosen yet",
		);
	});
});
