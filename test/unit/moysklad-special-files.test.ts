/** Images and files on their way in and out. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { images } from '../../nodes/MoySklad/catalogue/image';
import { downloadId, nameOfDownload } from '../../nodes/MoySklad/catalogue/imageDownload';
import { keptIds, requestShares, type Upload } from '../../nodes/MoySklad/catalogue/imageSet';
import { bytesOfBase64, checkImage, imageName, MAX_FILE_BYTES } from '../../nodes/MoySklad/files';
import type { ApiRequest, Call, FileRule, Operation } from '../../nodes/shared/catalogue';
import { fileOutput, fileKind, nameInDisposition } from '../../nodes/shared/files/files';
import { requestOf } from '../../nodes/shared/run/request';
import { answerOf, callOf, UUID_A, UUID_B } from './calls';
import { fakeWork, type Files } from './moysklad-special-work';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const JPG = Buffer.from('ffd8ffe000104a46', 'hex');
const operation = (name: string) => images.find((one) => one.operation === name) as Operation;

describe('base64', () => {
	it('is read whatever bytes it holds, with line breaks and as a data URL', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (raw) => {
				const text = Buffer.from(raw).toString('base64');
				const broken = text.replace(/(.{10})/g, '$1\r\n');
				for (const given of [text, broken, `data:image/png;base64,${text}`]) {
					expect(bytesOfBase64(given, 'Image').equals(Buffer.from(raw))).toBe(true);
				}
			}),
		);
	});

	it.each(['', '   ', 'data:image/png;base64,', 'not base64!', 'abcde'])(
		'is refused when it is none: %j',
		(text) => {
			expect(() => bytesOfBase64(text, 'Image Content')).toThrow("'Image Content'");
		},
	);
});

describe('an image', () => {
	it('is told by its first bytes, not by its name', () => {
		expect(fileKind(PNG)).toMatchObject({ extension: 'png', mimeType: 'image/png' });
		expect(fileKind(JPG)).toMatchObject({ extension: 'jpg', mimeType: 'image/jpeg' });
		expect(fileKind(Buffer.from('RIFF0000WEBPVP8 '))).toMatchObject({ extension: 'webp' });
		expect(fileKind(Buffer.from('RIFF0000WAVEfmt '))).toBeUndefined();
		expect(fileKind(Buffer.alloc(0))).toBeUndefined();
	});

	it.each([
		['a GIF', Buffer.from('GIF89a'), 'a gif file'],
		['a web page', Buffer.from('<html>'), 'no image'],
		['nothing', Buffer.alloc(0), 'is empty'],
		['more than 10 MB', Buffer.concat([PNG, Buffer.alloc(MAX_FILE_BYTES)]), '10.0 MB'],
	])('is refused before it is sent when it is %s', (_, bytes, said) => {
		expect(() => checkImage(bytes, 'Field')).toThrow(said);
	});

	it.each([
		['front.JPG', 'jpg', 'front.JPG'],
		['photo', 'png', 'photo.png'],
		['photo.v2', 'png', 'photo.v2.png'],
		['C:\\pictures\\a.png', 'png', 'a.png'],
		['/pictures/b.jpeg', 'jpg', 'b.jpeg'],
		['', 'jpg', 'image.jpg'],
		[undefined, 'png', 'image.png'],
	])('named %j gets a name with an extension', (given, extension, expected) => {
		expect(imageName(given, extension)).toBe(expected);
	});

	it('has a name of 255 characters at most, which keeps its extension', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 400 }), (given) => {
				const name = imageName(given, 'png');
				expect(name.length).toBeLessThanOrEqual(255);
				expect(name).toMatch(/.\.(png|jpe?g)$/i);
			}),
		);
	});
});

describe('the name of a downloaded file', () => {
	it.each([
		['attachment; filename="a \\"b\\".png"', 'a "b".png'],
		["attachment; filename*=UTF-8''%D0%A7%D0%B0%D0%B9.png", 'Чай.png'],
		['attachment; filename=plain.pdf; size=1', 'plain.pdf'],
		['inline', undefined],
		[undefined, undefined],
	])('stands in the header %j', (header, expected) => {
		expect(nameInDisposition(header)).toBe(expected);
	});

	it.each([
		['front.jpg', 'jpg', false, 'front.jpg'],
		['front.jpeg', 'jpg', true, 'front-miniature.jpeg'],
		['front.jpg', 'png', true, 'front-miniature.png'],
		['noextension', 'png', false, 'noextension.png'],
		[undefined, undefined, false, 'image'],
	])('%j of kind %j', (named, extension, miniature, expected) => {
		expect(nameOfDownload(named, extension, miniature)).toBe(expected);
	});
});

describe('a download link', () => {
	it('counts by its ID alone: the host is always the credential’s', () => {
		expect(downloadId(`https://old.example/api/remap/1.2/download/${UUID_A}?miniature=true`)).toBe(
			UUID_A,
		);
	});

	it.each([
		`https://cdn.moysklad.ru/x/image/${UUID_A}`,
		`https://api.moysklad.ru/download/${UUID_A}/../../etc`,
		'/download/x',
		'',
	])('is refused: %s', (link) => {
		expect(() => downloadId(link)).toThrow('Download Link');
	});
});

describe('images to keep', () => {
	it('are named by IDs and links', () => {
		const link = `https://api.moysklad.ru/api/remap/1.2/entity/product/${UUID_A}/images/${UUID_B}`;
		expect(keptIds(`${UUID_A}, ${link}`)).toEqual([UUID_A, UUID_B]);
		expect(keptIds(' ')).toEqual([]);
		expect(() => keptIds('front.jpg')).toThrow('Keep Images');
	});
});

describe('a set of images', () => {
	it('is sent whole when it fits, else those that stay first and nothing twice', () => {
		const member = fc.oneof(
			fc.record({ meta: fc.record({ href: fc.uuid() }) }),
			fc.record({ filename: fc.string(), content: fc.string({ maxLength: 300 }) }),
		);
		fc.assert(
			fc.property(
				fc.array(member, { maxLength: 15 }),
				fc.integer({ min: 100, max: 2000 }),
				(all, limit) => {
					const shares = requestShares(all as Upload[], limit);
					const flat = shares.flat();
					expect(new Set(flat)).toEqual(new Set(all));
					expect(flat).toHaveLength(all.length);
					if (shares.length === 1) expect(flat).toEqual(all);
					for (const share of shares) {
						if (share.length > 1 && shares.length > 1) {
							expect(JSON.stringify(share).length).toBeLessThanOrEqual(limit + 2);
						}
					}
				},
			),
		);
	});

	const call = (itemIndex: number, owner: string, control: IDataObject = {}): Call =>
		callOf(operation('replaceAll'), {
			itemIndex,
			path: { ownerType: 'product', ownerId: owner },
			control: { imageSource: 'binary', binaryPropertyName: 'data', ...control },
		});

	/** MoySklad's answer to an array: an image for each element. */
	const server = (request: ApiRequest) => {
		const elements = request.body as IDataObject[];
		return answerOf(
			200,
			elements.map((element, index) => ({
				meta: element.meta ?? { href: `${request.path}/new-${index}` },
				filename: element.filename ?? 'kept.png',
			})),
		);
	};

	const run = async (calls: Call[], files: Files, answer = server) => {
		const fake = fakeWork(answer, files);
		const { prepare, perform } = operation('replaceAll');
		await prepare?.(calls, fake.work);
		// Writes go one after the other.
		const results: Array<PromiseSettledResult<unknown>> = [];
		for (const one of calls) {
			results.push(...(await Promise.allSettled([perform?.(one, fake.work)])));
		}
		return { ...fake, results };
	};
	const names = (result: PromiseSettledResult<unknown>) =>
		result.status === 'fulfilled'
			? (result.value as Array<{ json: IDataObject }>).map(({ json }) => json.filename)
			: String(result.reason);

	it('is made of all items with one owner, and each item gets its own images back', async () => {
		const file = (fileName: string) => ({ data: { bytes: PNG, fileName } });
		const { sent, results } = await run(
			[call(0, UUID_A, { keepImages: [UUID_B] }), call(1, UUID_B), call(2, UUID_A)],
			[file('one.png'), file('other.png'), file('two.png')],
		);
		expect(sent.map(({ path }) => path)).toEqual([
			`/entity/product/${UUID_A}/images`,
			`/entity/product/${UUID_B}/images`,
		]);
		expect(sent[0]).toMatchObject({ method: 'POST', idempotent: true });
		expect((sent[0].body as IDataObject[]).map(({ filename }) => filename)).toEqual([
			undefined,
			'one.png',
			'two.png',
		]);
		expect(results.map(names)).toEqual([['kept.png', 'one.png'], ['other.png'], ['two.png']]);
	});

	it('stays as it was when one item of the owner cannot be sent; other owners do not suffer', async () => {
		const { sent, results } = await run(
			[call(0, UUID_A), call(1, UUID_A), call(2, UUID_B)],
			[
				{ data: { bytes: PNG } },
				{ data: { bytes: Buffer.from('hello') } },
				{ data: { bytes: JPG } },
			],
		);
		expect(sent.map(({ path }) => path)).toEqual([`/entity/product/${UUID_B}/images`]);
		expect(names(results[0])).toContain('is the same as of item 1');
		expect(names(results[1])).toContain('no image');
		expect(names(results[2])).toEqual(['image.jpg']);
	});

	it('that would be empty is refused: it would delete all images', async () => {
		const { sent, results } = await run([call(0, UUID_A, { imageSource: 'none' })], []);
		expect(sent).toEqual([]);
		expect(names(results[0])).toContain('gives no image');
	});

	it('of more images than allowed is refused', async () => {
		const calls = Array.from({ length: 11 }, (_, index) => call(index, UUID_A));
		const { sent, results } = await run(
			calls,
			calls.map(() => ({ data: { bytes: PNG } })),
		);
		expect(sent).toEqual([]);
		expect(names(results[0])).toContain('11 images');
	});

	it('of more than one request is sent in several, each with the images so far', async () => {
		const large = Buffer.concat([PNG, Buffer.alloc(9 * 1024 * 1024)]);
		const { sent, results } = await run(
			[0, 1, 2].map((index) => call(index, UUID_A)),
			['a.png', 'b.png', 'c.png'].map((fileName) => ({ data: { bytes: large, fileName } })),
		);
		expect(sent.map(({ body }) => (body as unknown[]).length)).toEqual([1, 2, 3]);
		expect(results.map((result) => result.status)).toEqual(Array(3).fill('fulfilled'));
	});
});

describe('adding an image', () => {
	it('returns the new one: the last of its name in the answer', async () => {
		const rows = [{ filename: 'a.png' }, { filename: 'b.png' }, { filename: 'a.png', size: 2 }];
		const { work, sent } = fakeWork(() => answerOf(200, [...rows, { filename: 'later.png' }]));
		const call = callOf(operation('add'), {
			path: { ownerType: 'bundle', ownerId: UUID_A },
			control: { imageSource: 'base64', imageContent: PNG.toString('base64'), fileName: 'a' },
		});
		expect(await operation('add').perform?.(call, work)).toEqual([{ json: rows[2] }]);
		expect(sent).toEqual([
			{
				method: 'POST',
				path: `/entity/bundle/${UUID_A}/images`,
				body: { filename: 'a.png', content: PNG.toString('base64') },
				timeoutMs: 300_000,
			},
		]);
		expect(sent[0].idempotent).toBeUndefined();
	});
});

describe('downloads', () => {
	it('find the images of one owner with one list, and name those that are missing', async () => {
		const list = {
			meta: {},
			rows: [
				{ meta: { href: `x/images/${UUID_A}`, downloadHref: `https://h/download/${UUID_A}` } },
			],
		};
		const { work, sent } = fakeWork((request) =>
			request.path.startsWith('/download')
				? answerOf(200, PNG, { 'content-type': 'text/plain' })
				: answerOf(200, list),
		);
		const call = (itemIndex: number, id: string) =>
			callOf(operation('download'), {
				itemIndex,
				path: { id },
				control: {
					downloadBy: 'id',
					ownerType: 'product',
					ownerId: UUID_B,
					binaryPropertyName: 'file',
				},
			});
		const calls = [call(0, UUID_A), call(1, UUID_B)];
		await operation('download').prepare?.(calls, work);
		expect(sent).toHaveLength(1);
		expect(calls[0].problem).toBeUndefined();
		expect(calls[1].problem?.message).toContain('not found');
		const answer = await work.send(requestOf(work.vendor, calls[0]));
		const rule = operation('download').answer as FileRule;
		const output = await fileOutput(answer, rule, calls[0], work);
		expect(output.binary?.file).toMatchObject({ mimeType: 'image/png', fileName: 'image.png' });
		expect(output.json).toMatchObject({ id: UUID_A, ownerId: UUID_B, size: PNG.length });
		expect(sent[1]).toMatchObject({ expects: 'bytes', followToStorage: true });
	});
});
