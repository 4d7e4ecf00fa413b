/**
 * What people do with Inspector Cloud, in n8n's engine against the sandbox: visits in rows, photos, recognition,
 * reports, catalogues, tokens. Each of the traps of the vendor's API (inspector-cloud-api.md §6) is a row of the table
 * at the end, or has its test here.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { INSPECTOR_TOKENS, INSPECTOR_VISITS, JPEG, startSandbox } from '../../../sandbox';
import type { RequestLogEntry, Sandbox } from '../../../sandbox';
import { speedUp } from '../clock';
import { createEngine } from '../harness';
import type { Engine, RunResult } from '../harness';

const NODE = 'n8n-nodes-retail-ops.inspectorCloud';
const CREDENTIAL = 'inspectorCloudApi';
const { rich: RICH, sample: SAMPLE } = INSPECTOR_VISITS;

let engine: Engine;
let sandbox: Sandbox;
let slowDown: () => void;

beforeAll(async () => {
	engine = await createEngine();
	slowDown = speedUp(40);
});
beforeEach(async () => {
	await sandbox?.close();
	sandbox = await startSandbox({ vendors: ['inspectorCloud'], assortmentRows: 1, limits: 'off' });
	engine.setCredential('token', { type: CREDENTIAL, data: sandbox.credentials.inspectorCloudApi });
});
afterAll(async () => {
	slowDown();
	await engine.close();
	await sandbox.close();
});

// Dozens of visits are read in some of them.
jest.setTimeout(30_000);

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

async function run(
	what: string,
	form: object = {},
	items: INodeExecutionData[] = [{ json: {} }],
): Promise<RunResult> {
	const [resource, operation] = what.split('.');
	return await engine.runNode(
		NODE,
		{ resource, operation, ...form },
		{ items: items as never, credentials: { [CREDENTIAL]: 'token' } },
	);
}

async function rows(what: string, form: object = {}): Promise<IDataObject[]> {
	const result = await run(what, form);
	expect([result.error?.message, result.error?.description]).toEqual([undefined, undefined]);
	return result.json('Node');
}

async function problem(what: string, form: object = {}, items?: INodeExecutionData[]) {
	const result = await run(what, form, items);
	expect(result.status).toBe('error');
	return { message: result.error?.message ?? '', description: String(result.error?.description) };
}

const requests = (): RequestLogEntry[] =>
	sandbox.log.filter(({ vendor }) => vendor === 'inspectorCloud');
const sent = () => requests().map(({ method, path, status }) => `${method} ${path} ${status}`);

const photo = (bytes: Buffer = JPEG, fileName = 'shelf.jpg'): INodeExecutionData => ({
	json: {},
	binary: { data: { data: bytes.toString('base64'), mimeType: 'image/jpeg', fileName } },
});

async function uploaded(): Promise<number> {
	const result = await run('photo.upload', {}, [photo()]);
	return result.json('Node')[0].id as number;
}

describe('Visit: Split Into', () => {
	const split = (splitInto: string, more: object = {}) => ({
		visitId: byId(RICH),
		splitInto,
		...more,
	});
	const OF_VISIT = [
		'visit_cid',
		'store_id',
		'customer_id',
		'agent',
		'route',
		'closed_at',
		'portal_url',
	];

	test.each([
		[
			'answers',
			1,
			{ question: 'Статус выполнения промо', answer: 'Промо выполняется', option_ids: '66942' },
		],
		['assortment', 2, { sku_id: 155_279, quantity: 4, status: 'PRESENT' }],
		['dqi', 1, { name: 'Горизонтальная перспектива', threshold: 0.3, value: 0.12 }],
		['facings', 1, { sku_id: 155_279, facings: 4 }],
		['kpis', 1, { kpi_id: 12, kpi_cid: 'SOS', target_value: 0.5 }],
		['photos', 1, { sharpness: 87, is_deleted: false }],
		['prices', 1, { sku_id: 155_279, id_competitor: null }],
		['scenes', 1, { photos: 1 }],
	])('%s: rows with visit, store and agent', async (part, atLeast, first) => {
		// The sample has the questionnaire, the other one everything else.
		const id = part === 'answers' ? SAMPLE : RICH;
		const found = await rows('visit.get', split(part, { visitId: byId(id) }));
		expect(found.length).toBeGreaterThanOrEqual(atLeast);
		expect(found[0]).toMatchObject({ visit_id: id, ...first });
		for (const row of found) {
			expect(Object.keys(row)).toEqual(Object.keys(found[0]));
			expect(Object.keys(row)).toEqual(expect.arrayContaining(OF_VISIT));
			expect(Object.values(row).filter((value) => typeof value === 'object' && value)).toEqual([]);
		}
		expect(sent()).toEqual([`GET /api/data/v1.3/visits/${id}/ 200`]);
	});

	test('raw rows are untouched, beside the plain fields of visit and scene', async () => {
		const [visit] = await rows('visit.get', split('visit', { output: 'raw' }));
		const prices = await rows('visit.get', split('prices', { output: 'raw' }));
		expect(prices.map(({ visit: of, ...price }) => [(of as IDataObject).id, price])).toEqual(
			(visit.prices as IDataObject[]).map((price) => [RICH, price]),
		);
		const [answer] = await rows('visit.get', {
			...split('answers', { output: 'raw' }),
			visitId: byId(SAMPLE),
		});
		expect(answer).toMatchObject({ answer: { '66942': 'Промо выполняется' }, scene: { id: 8029 } });
	});

	test('columns can be picked', async () => {
		const picked = { output: 'selectedFields', outputFields: ['sku_cid', 'price', 'agent'] };
		const [row] = await rows('visit.get', split('prices', picked));
		expect(Object.keys(row)).toEqual(['id', 'sku_cid', 'price', 'agent']);
	});
});

describe('Visit: Get Many', () => {
	test('tells what the list tells, of new visits, acknowledged ones, or all', async () => {
		const byWhich = async (which: string) =>
			(await rows('visit.getAll', { which, returnAll: true })).map(({ id }) => id);
		const [fresh, acknowledged, all] = [
			await byWhich('new'),
			await byWhich('acknowledged'),
			await byWhich('all'),
		];
		expect(acknowledged.length).toBeGreaterThan(20);
		expect([...fresh, ...acknowledged]).toEqual(all);
		expect(new Set(all).size).toBe(120);
		expect(requests().map(({ query }) => query.is_new)).not.toContain(undefined);
	});

	test.each(['new', 'all'])('%s: To leaves out what was made then or later', async (which) => {
		const all = await rows('visit.getAll', { which, returnAll: true, output: 'raw' });
		const times = all.map(({ created_at: made }) => Date.parse(String(made))).sort((a, b) => a - b);
		const until = new Date(times[Math.floor(times.length / 2)]).toISOString();
		const before = all.filter(
			({ created_at: made }) => Date.parse(String(made)) < Date.parse(until),
		);
		expect(before.length).toBeGreaterThan(2);
		expect(before.length).toBeLessThan(all.length);
		const some = await rows('visit.getAll', { which, returnAll: true, until });
		expect(some.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
		// As many as are wanted, although others lie between them.
		const two = await rows('visit.getAll', { which, limit: 2, until });
		expect(two.map(({ id }) => id)).toEqual(before.slice(0, 2).map(({ id }) => id));
		// The vendor has no such filter.
		expect(Object.keys(requests().at(-1)?.query ?? {})).not.toContain('datetime_lte');
	});

	test('reads the details several at a time, each once, and filters by them', async () => {
		const found = await rows('visit.getAll', { details: true, limit: 30 });
		expect(found).toHaveLength(30);
		expect(found[0]).toMatchObject({
			id: 324_001,
			store_id: expect.any(Number) as number,
			customer_id: expect.stringMatching(/^STORE-/) as string,
			current_agent_name: expect.any(String) as string,
			// With the offset of the workflow's zone: a date alone does not say when it was.
			date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/) as string,
		});
		expect(new Set(sent()).size).toBe(31);

		const store = found[3].customer_id;
		sandbox.inspectorCloud.change(324_002, { isDeleted: true });
		const filters = { stores: `${String(store)}, ${String(found[5].store_id)}`, onlyClosed: true };
		const some = await rows('visit.getAll', { details: true, limit: 30, filters });
		expect(some.map(({ id }) => id).sort()).toEqual(
			found
				.filter(
					(row) =>
						row.is_closed && (row.customer_id === store || row.store_id === found[5].store_id),
				)
				.map(({ id }) => id)
				.sort(),
		);
		const kept = await rows('visit.getAll', { details: true, limit: 30 });
		expect(kept.map(({ id }) => id)).not.toContain(324_002);
	});

	test('splits many visits into rows', async () => {
		const found = await rows('visit.getAll', { details: true, limit: 5, splitInto: 'prices' });
		expect(new Set(found.map(({ visit_id: id }) => id)).size).toBe(5);
		expect(found).toHaveLength(10);
	});
});

describe('Photos', () => {
	test('a visit is downloaded with names by visit, scene and photo, and no token for the storage', async () => {
		const result = await run('photo.download', { downloadBy: 'visit', visitId: byId(RICH) });
		const items = result.items('Node');
		expect(items.length).toBeGreaterThan(0);
		for (const { json, binary } of items) {
			const { visit_id: visit, scene_id: scene, photo_id: id } = json;
			expect(json.filename).toBe(`${String(visit)}-${String(scene)}-${String(id)}.jpg`);
			expect(binary?.data.mimeType).toBe('image/jpeg');
		}
		const storage = sandbox.log.filter(({ vendor }) => vendor === 'storage');
		expect(storage).toHaveLength(items.length);
		for (const { headers, status } of storage) {
			expect([headers.authorization, status]).toEqual([undefined, 200]);
		}
	});

	test('the corrected version, and some photos only', async () => {
		const [one] = await rows('visit.get', { visitId: byId(RICH), splitInto: 'photos' });
		const form = { downloadBy: 'visit', visitId: byId(RICH), version: 'corrected' };
		const found = await rows('photo.download', { ...form, options: { photos: String(one.id) } });
		expect(found.map(({ photo_id: id }) => id)).toEqual([one.id]);
		expect(sandbox.log.at(-1)?.path).toBe(`/photo/corrected-${String(one.id)}.jpg`);
	});

	test('a row of a split visit is downloaded by its link, and named', async () => {
		const photos = await rows('visit.get', { visitId: byId(RICH), splitInto: 'photos' });
		const form = { downloadBy: 'link', link: '={{ $json.original_url }}' };
		const result = await run('photo.download', form, [{ json: photos[0] }]);
		expect(result.json('Node')[0].filename).toBe(
			`${RICH}-${String(photos[0].scene_id)}-${String(photos[0].id)}.jpg`,
		);
	});

	test('a link that has ended says so', async () => {
		const form = { downloadBy: 'visit', visitId: byId(INSPECTOR_VISITS.expiredPhotos) };
		const { message, description } = await problem('photo.download', form);
		expect(message).toMatch(/file storage .* did not give the file \(HTTP 403\)/);
		expect(description).toMatch(/asks for a new link/);
	});

	test('a JPEG is uploaded as a form, with its bytes as they are', async () => {
		const bytes = Buffer.concat([JPEG, Buffer.from([0, 255, 13, 10, 45, 45])]);
		const result = await run('photo.upload', {}, [photo(bytes), photo(JPEG, 'полка "1".jpg')]);
		expect(result.json('Node').map(({ duplicate }) => duplicate)).toEqual([false, false]);
		const sizes = [...sandbox.inspectorCloud.uploads.values()].map((one) => one.bytes);
		// What follows the file: line break, boundary.
		const rest = sizes[1] - JPEG.length;
		expect(sizes[0]).toBe(bytes.length + rest);
		expect(String(requests()[0].headers['content-type'])).toMatch(
			/^multipart\/form-data; boundary=/,
		);
	});

	test('a PNG goes as a JPEG, which is all that the server takes', async () => {
		const pixel =
			'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
		const png = Buffer.from(pixel, 'base64');
		const result = await run('photo.upload', {}, [photo(png, 'shelf.png'), photo()]);
		expect(result.json('Node').map(({ id }) => typeof id)).toEqual(['number', 'number']);
	});

	test('a photo by its address, and what is known of it', async () => {
		const form = { url: 'https://example.com/shelf.jpg' };
		const [made] = await rows('photo.uploadFromUrl', form);
		expect(await rows('photo.get', { photoId: String(made.id) })).toEqual([
			expect.objectContaining({ id: made.id, duplicate: false }),
		]);
		const [file] = await rows('photo.download', { downloadBy: 'upload', photoId: String(made.id) });
		expect(file).toMatchObject({ photo_id: made.id, filename: `${String(made.id)}.jpg` });
	});

	test.each([
		['a broken PNG', Buffer.from('89504e470d0a1a0a00', 'hex'), /holds a png file/],
		['no picture', Buffer.from('hello'), /holds no photo/],
	])('%s is refused before anything is sent', async (_name, bytes, message) => {
		const failed = await problem('photo.upload', {}, [photo(), photo(bytes)]);
		expect(failed.message).toMatch(message);
		expect(failed.message).toMatch(/\[item 1\]/);
		expect(failed.description).toMatch(/takes JPEG only/);
		expect(sent()).toEqual([]);
	});

	test('a photo of 20 MB, which the server refuses, is told by its item', async () => {
		const bytes = Buffer.concat([JPEG, Buffer.alloc(20 * 1024 * 1024)]);
		const failed = await problem('photo.upload', {}, [photo(), photo(bytes)]);
		expect(failed.message).toMatch(/photo is too large \[item 1\]/);
		expect(sandbox.inspectorCloud.uploads.size).toBeLessThanOrEqual(1);
	});

	test('a photo that is too large is told in words', async () => {
		sandbox.faults.add({ vendor: 'inspectorCloud', status: 413, body: '<html>Too Large</html>' });
		const failed = await problem('photo.upload', {}, [photo()]);
		expect(failed.message).toMatch(/photo is too large/);
		expect(failed.description).toMatch(/Edit Image/);
	});
});

describe('Recognition and reports', () => {
	const TYPES = ['FACING_COUNT', 'REALOGRAM', 'PLANOGRAM_COMPLIANCE'];

	test('photos are recognised, waited for, and come as rows of each report', async () => {
		const images = [await uploaded()];
		const found = await rows('recognition.recogniseAndWait', { images, reportTypes: TYPES });
		expect(found.map(({ report_type: type, status }) => [type, status])).toEqual([
			['FACING_COUNT', 'READY'],
			['FACING_COUNT', 'READY'],
			['REALOGRAM', 'READY'],
			['REALOGRAM', 'READY'],
			['PLANOGRAM_COMPLIANCE', 'READY'],
		]);
		expect(found[0]).toMatchObject({
			sku_id: 155_279,
			count: 4,
			scene: expect.any(String) as string,
		});
		expect(found[2]).toMatchObject({ image: 5_000_001, kind: 'product', x: 100, duplicate: false });
		expect(found[3]).toMatchObject({ kind: 'shelf', x2: 4000 });
		expect(sent().filter((one) => one.startsWith('POST /api/v1.5/recognize/'))).toHaveLength(1);
	});

	test('a report that fails is an error which names the others, or an item', async () => {
		sandbox.inspectorCloud.failing.add('PLANOGRAM_COMPLIANCE');
		const form = { images: [await uploaded()], reportTypes: TYPES };
		const failed = await problem('recognition.recogniseAndWait', form);
		expect(failed.message).toMatch(/report PLANOGRAM_COMPLIANCE \d+ failed/);
		expect(failed.description).toMatch(/FACING_COUNT \d+ \(READY\)/);
		expect(failed.description).toMatch(/scene [0-9a-f]{32}/);
		expect(failed.description).toMatch(/needs a display/);
		// The recognition took place, and its report failed: there is nothing to be unsure of.
		expect(failed.description).not.toMatch(/may have carried out/);
		const found = await rows('recognition.recogniseAndWait', {
			...form,
			options: { failedReports: 'return' },
		});
		expect(found.at(-1)).toMatchObject({
			status: 'ERROR',
			error: expect.stringMatching(/display/) as string,
		});
	});

	test('Retry On Fail starts no second recognition because of a failed report', async () => {
		sandbox.inspectorCloud.failing.add('PLANOGRAM_COMPLIANCE');
		const images = [await uploaded()];
		const what = { resource: 'recognition', operation: 'recogniseAndWait' };
		const { error } = await engine.runNode(
			NODE,
			{ ...what, images, reportTypes: TYPES },
			{
				credentials: { [CREDENTIAL]: 'token' },
				retryOnFail: true,
				maxTries: 3,
				waitBetweenTries: 1,
			},
		);
		expect(error?.message).toMatch(/report PLANOGRAM_COMPLIANCE \d+ failed/);
		expect(sandbox.inspectorCloud.recognitions).toBe(1);
	});

	test('trouble while reports are waited for leaves no doubt about the start', async () => {
		const images = [await uploaded()];
		sandbox.faults.add({
			vendor: 'inspectorCloud',
			method: 'GET',
			path: '/api/v1.5/reports/*',
			status: 403,
			body: { detail: 'No access.' },
			times: 20,
		});
		const failed = await problem('recognition.recogniseAndWait', { images, reportTypes: TYPES });
		expect(failed.message).toMatch(/access was denied/);
		expect(failed.description).toMatch(/The recognition was started \(\d+, scene [0-9a-f]{32}\)/);
		expect(failed.description).not.toMatch(/may have carried out/);
	});

	test('what takes too long is returned with its IDs and status', async () => {
		sandbox.inspectorCloud.slowLooks = 1000;
		const form = { images: [await uploaded()], reportTypes: TYPES, options: { waitMinutes: 1 } };
		const found = await rows('recognition.recogniseAndWait', form);
		expect(found.map(({ report_type: type, status }) => [type, status])).toEqual(
			TYPES.map((type) => [type, 'NOT_READY']),
		);
		expect(found[0].report_id).toEqual(expect.any(Number));
	});

	test('waiting by callback, the execution sleeps with what it has started', async () => {
		const images = [await uploaded()];
		const form = { images, reportTypes: TYPES, options: { waitBy: 'callback' } };
		const result = await run('recognition.recogniseAndWait', form, [{ json: {} }, { json: {} }]);
		expect(result.error?.message).toBeUndefined();
		expect(result.status).toBe('waiting');
		const hooks = requests().flatMap(({ body }) => (body as IDataObject)?.webhook ?? []);
		// n8n's address of this execution, and the node's ID behind it: no call wakes another node.
		expect(hooks).toHaveLength(2);
		for (const hook of hooks) expect(hook).toMatch(/\/webhook-waiting\/[^/]+\/[^/]+$/);
		const left = result.items('Node');
		expect(left.map(({ json }) => [json.report_type, json.status])).toEqual(
			[...TYPES, ...TYPES].map((type) => [type, 'NOT_READY']),
		);
		expect(left.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 0, 1, 1, 1].map((item) => ({ item })),
		);
		expect(sent().filter((one) => one.includes('/reports/'))).toEqual([]);
	});

	test.each([
		[{ additionalFields: { webhookUrl: 'https://a.example/h' } }, /'Webhook URL' is given/],
		[{ options: { waitBy: 'callback', failedReports: 'fail' } }, /'Failed Reports' is 'Fail/],
	])(
		'a callback that %j stands against is refused before anything is sent',
		async (more, message) => {
			const form = { images: '5000001', options: { waitBy: 'callback' }, ...more };
			const failed = await problem('recognition.recogniseAndWait', form);
			expect(failed.message).toMatch(message);
			expect(sent()).toEqual([]);
		},
	);

	test('a type of report that the vendor does not know is told by its words', async () => {
		const images = [await uploaded()];
		const text = '"SHELF_SHAER" is not a valid choice.';
		sandbox.faults.add({
			vendor: 'inspectorCloud',
			status: 400,
			body: { report_types: [text] },
		});
		const failed = await problem('recognition.start', {
			images,
			reportTypes: '={{ ["SHELF_SHAER"] }}',
		});
		expect(`${failed.message} ${failed.description}`).toContain(`report_types: ${text}`);
		expect(sandbox.inspectorCloud.recognitions).toBe(0);
	});

	test('a recognition is only started, and its report read later', async () => {
		const [started] = await rows('recognition.start', {
			images: String(await uploaded()),
			reportTypes: ['SHARE_OF_SPACE'],
			additionalFields: {
				country: 'ru',
				extraFields: '{"country_code":"RU"}',
				webhookUrl: 'https://a.example/h',
			},
		});
		expect(requests().at(-1)?.body).toMatchObject({
			counry_code: 'RU',
			country_code: 'RU',
			webhook: 'https://a.example/h',
		});
		const { SHARE_OF_SPACE: id } = started.reports as Record<string, number>;
		const looks = [
			await rows('report.get', { reportId: String(id) }),
			await rows('report.get', { reportId: String(id) }),
		];
		expect(looks[0]).toEqual([expect.objectContaining({ report_id: id, status: 'NOT_READY' })]);
		expect(looks[1]).toEqual([expect.objectContaining({ share_of_space: 0.75, status: 'READY' })]);
		const [whole] = await rows('report.get', { reportId: String(id), return: 'report' });
		expect(whole.json).toEqual([{ sku_id: 155_279, share_of_count: 0.8, share_of_space: 0.75 }]);
	});

	test('reports are computed anew, and waited for', async () => {
		const [started] = await rows('recognition.start', { images: [await uploaded()] });
		const ids = Object.values(started.reports as IDataObject);
		await rows('recognition.recogniseAndWait', { images: [await uploaded()] });
		expect(await rows('report.recalculate', { reportIds: ids })).toEqual([{ reports: ids }]);
		const found = await rows('report.recalculateAndWait', { reportIds: ids });
		expect(found[0]).toMatchObject({ report_id: ids[0], status: 'READY', count: 4 });
	});
});

describe('Report Ready trigger', () => {
	const TRIGGER = 'Inspector Cloud Report Ready Trigger';
	const workflow = (parameters: object = {}) => ({
		nodes: [
			{
				name: TRIGGER,
				type: 'n8n-nodes-retail-ops.inspectorCloudReportReadyTrigger',
				parameters,
				webhookId: 'f1b5a0de-0000-4000-8000-000000000001',
				credentials: { [CREDENTIAL]: { id: 'token', name: 'token' } },
			},
		],
	});

	test('reads the reports that a call names, however many', async () => {
		sandbox.inspectorCloud.slowLooks = 0;
		const [started] = await rows('recognition.start', {
			images: [await uploaded()],
			reportTypes: ['FACING_COUNT', 'SHARE_OF_SPACE'],
		});
		const ids = Object.values(started.reports as Record<string, number>);
		const listener = await engine.listen(workflow(), TRIGGER);
		const call = async (body: object) =>
			await fetch(listener.url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
		try {
			// What the call itself claims is not believed, and a report of somebody else's is left out.
			const body = Object.fromEntries([...ids, 999_999].map((id) => [id, { json: 'forged' }]));
			expect((await call(body)).status).toBe(200);
			const found = (await listener.nextRun()).json(TRIGGER);
			expect(found.map(({ report_id: id, status }) => [id, status])).toEqual([
				[ids[0], 'READY'],
				[ids[0], 'READY'],
				[ids[1], 'READY'],
			]);
			expect(found[2].share_of_space).toBe(0.75);
			expect((await call({ 'no id': 1 })).status).toBe(400);
			expect(listener.runs).toHaveLength(1);
		} finally {
			await listener.close();
		}
	});
});

describe('Catalogues', () => {
	const fields = (value: object, match?: string) => ({
		inputMode: 'fields',
		fields: {
			mappingMode: 'defineBelow',
			value,
			...(match ? { matchingColumns: [match] } : {}),
		},
	});

	test('Create or Update looks for the client ID, then for the EAN among all', async () => {
		const made = { name: 'Juice', cid: 'J-1', ean13: '4600000000017' };
		const [sku] = await rows('sku.create', fields(made));
		sandbox.clearLog();
		const [again] = await rows('sku.upsert', fields({ cid: 'J-1', name: 'Juice 1 l' }, 'cid'));
		expect(again.id).toBe(sku.id);
		expect(sent()).toEqual([
			'GET /api/v1.5/sku/ 200',
			`PATCH /api/v1.5/sku/${String(sku.id)}/ 200`,
		]);
		expect(requests()[0].query).toEqual({ cid: 'J-1' });
		sandbox.clearLog();
		const [byEan] = await rows('sku.upsert', fields({ ean13: made.ean13, name: 'Juice' }, 'ean13'));
		expect(byEan.id).toBe(sku.id);
		const items = [{ json: {} }, { json: {} }];
		const result = await run('sku.upsert', fields({ cid: 'NEW', name: 'New' }, 'cid'), items);
		const [one, other] = result.json('Node');
		// The second item means what the first has made.
		expect(other.id).toBe(one.id);
	});

	test('names of brands become IDs, and one that is unknown is told before anything is written', async () => {
		const [brand] = await rows('brand.create', fields({ name: 'Добрый' }));
		sandbox.clearLog();
		await rows('sku.create', fields({ name: 'Juice', brand: 'добрый' }));
		expect(requests().at(-1)?.body).toMatchObject({ brand: brand.id });
		sandbox.clearLog();
		const failed = await problem('sku.create', fields({ name: 'Juice', brand: 'Nobody' }));
		expect(failed.message).toMatch(/^'Brand' is 'Nobody', and Inspector Cloud has no brand/);
		expect(sent().filter((one) => one.startsWith('POST'))).toEqual([]);
	});

	test('a planogram and its record are deleted', async () => {
		const [planogram] = await rows('planogram.create', fields({ name: 'Winter' }));
		const record = { planogram: 'winter', sku: '155279', shelf_index: '2' };
		const [place] = await rows('planogramRecord.create', fields(record));
		expect(requests().at(-1)?.body).toMatchObject({ planogram: planogram.id, shelf_index: 2 });
		const objectId = byId(String(place.id));
		expect(await rows('planogramRecord.delete', { objectId })).toEqual([
			{ deleted: true, id: String(place.id) },
		]);
		expect((await problem('planogramRecord.get', { objectId })).message).toMatch(/was not found/);
	});

	test('nothing to write is refused', async () => {
		const failed = await problem('display.update', { objectId: byId('1'), ...fields({}) });
		expect(failed.message).toMatch(/^'Fields' are all empty/);
		expect(sent()).toEqual([]);
	});
});

describe('Rows of sheets', () => {
	const value = (fields: object) => ({ fields: { mappingMode: 'defineBelow', value: fields } });

	test.each([
		['sku.create', value({ name: 'Juice', ean13: '4,6E+12' }), 'EAN-13'],
		['sku.create', value({ name: 'Juice', cid: '4.6E+12' }), 'Client ID (CID)'],
		['visitRegistry.create', value({ shop: '1,1E+10' }), 'Store Code'],
		['visitRegistry.create', value({ agent: '1.1E+10' }), 'Agent ID'],
		['recognition.start', { images: '2.68E+07' }, 'Photo IDs'],
		['report.recalculate', { reportIds: ['1.8E+07'] }, 'Report IDs'],
	])('%s: a shortened number is refused before anything is sent', async (what, form, label) => {
		const failed = await problem(what, form);
		expect(failed.message).toMatch(/^'.+' is '.+', as sheets shorten long numbers$/);
		expect(failed.message).toContain(`'${label}'`);
		expect(sent()).toEqual([]);
	});

	test.each([[[true]], [['']], [[null]], ['NaN'], [[{ name: 'a' }]]])(
		'%j is no photo ID',
		async (images) => {
			const failed = await problem('recognition.start', { images });
			expect(failed.message).toMatch(/^'Photo IDs' (?:holds .+, which is no ID|is empty)$/);
			expect(sent()).toEqual([]);
		},
	);

	test('a photo that is there twice is recognised once', async () => {
		const id = await uploaded();
		await rows('recognition.start', { images: `${id}, ${id}` });
		expect(requests().at(-1)?.body).toMatchObject({ images: [id] });
	});

	test.each([
		[
			'https://a.example/фото полки 1.jpg',
			'https://a.example/%D1%84%D0%BE%D1%82%D0%BE%20%D0%BF%D0%BE%D0%BB%D0%BA%D0%B8%201.jpg',
		],
		[
			' https://a.example/a%20b.jpg?sign=A%2FB+c&x=[1] ',
			'https://a.example/a%20b.jpg?sign=A%2FB+c&x=[1]',
		],
	])('the address %j goes as %s', async (url, goes) => {
		await rows('photo.uploadFromUrl', { url });
		expect(requests().at(-1)?.body).toEqual({ url: goes });
	});
});

describe('A master key', () => {
	const useKey = (other: object = {}) =>
		engine.setCredential('token', {
			type: CREDENTIAL,
			data: {
				host: sandbox.urls.inspectorCloud,
				authentication: 'masterKey',
				masterApiKey: INSPECTOR_TOKENS.masterKey,
				...other,
			},
		});
	const many = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ json: { visit: 324_000 + at } }));
	const getEach = async () => await run('visit.get', { visitId: byId('={{ $json.visit }}') }, many);

	test('makes one token for requests side by side, and keeps it', async () => {
		useKey();
		expect((await getEach()).json('Node')).toHaveLength(8);
		expect((await getEach()).json('Node')).toHaveLength(8);
		expect(sandbox.inspectorCloud.tokensMade).toBe(1);
		const keys = requests().filter(({ path }) => !path.startsWith('/api/auth/'));
		const [token] = sandbox.inspectorCloud.tokens.keys();
		expect(new Set(keys.map(({ headers }) => headers.authorization))).toEqual(
			new Set([`Token ***${token.slice(-4)}`]),
		);
	});

	test('makes the next one when the old one was revoked, and when it ends soon', async () => {
		useKey();
		await getEach();
		sandbox.inspectorCloud.tokens.clear();
		// A token that is refused at once is not replaced again and again.
		const later = Date.now;
		Date.now = () => later() + 120_000;
		expect((await getEach()).json('Node')).toHaveLength(8);
		expect(sandbox.inspectorCloud.tokensMade).toBe(2);
		Date.now = () => later() + 81 * 86_400_000;
		expect((await getEach()).json('Node')).toHaveLength(8);
		Date.now = later;
		expect(sandbox.inspectorCloud.tokensMade).toBe(3);
	});

	test('that is wrong is told in words, without a storm of requests', async () => {
		useKey({ masterApiKey: 'nobodys-key-000000000' });
		const failed = await problem('visit.get', { visitId: byId(RICH) });
		expect(`${failed.message} ${failed.description}`).toMatch(/did not accept the master key/);
		expect(sent().length).toBeLessThanOrEqual(4);
	});

	test('passes the test of the credential without making tokens again and again', async () => {
		const credential = {
			host: sandbox.urls.inspectorCloud,
			authentication: 'masterKey',
			masterApiKey: INSPECTOR_TOKENS.masterKey,
		};
		expect(await engine.testCredential(CREDENTIAL, credential)).toMatchObject({ status: 'OK' });
		expect(sandbox.inspectorCloud.tokensMade).toBe(1);
	});

	test('makes and revokes tokens that people ask for', async () => {
		useKey();
		const [made] = await rows('token.create');
		expect(made.token).toMatch(/^sandboxmade/);
		const revoke = { tokenToRevoke: made.token };
		expect(await rows('token.revoke', revoke)).toEqual([{ SUCCESS: true }]);
		const failed = await problem('token.revoke', revoke);
		expect(failed.message).toMatch(/token was not revoked/);
	});
});

describe('Traps', () => {
	const only = async (fault: object, what: string, form: object = {}) => {
		sandbox.faults.add({ vendor: 'inspectorCloud', ...fault });
		return await rows(what, form);
	};
	const list = (results: IDataObject[], more: object = {}) => ({
		body: { count: results.length, next: null, previous: null, results, ...more },
	});
	const visitWith = async (more: object, form: object = {}) =>
		(await only({ body: { id: RICH, ...more } }, 'visit.get', { visitId: byId(RICH), ...form }))[0];

	/** Number in the reference → what is done, and what must come of it. */
	const traps: Array<[number, string, () => Promise<void>]> = [
		[
			1,
			'every path ends with a slash',
			async () => {
				await rows('visit.acknowledge', {
					visitId: byId(RICH),
					additionalFields: { cid: 'ERP-1' },
				});
				await rows('visit.setKpiValue', { visitId: byId(RICH), kpi: '12', value: '0,85' });
				for (const { path } of requests()) expect(path).toMatch(/\/$/);
				expect(sandbox.inspectorCloud.kpiValues).toEqual([{ visit: RICH, kpi: 12, value: 0.85 }]);
			},
		],
		[
			2,
			'is_new is always said',
			async () => {
				await rows('visit.getAll', { limit: 1 });
				expect(requests()[0].query.is_new).toBe('true');
			},
		],
		[
			3,
			'lists are asked for by query',
			async () => {
				await rows('store.getAll', { limit: 1 });
				expect([requests()[0].body, requests()[0].query]).toEqual([
					undefined,
					{ limit: '1', offset: '0' },
				]);
			},
		],
		[
			4,
			'links to a next page are not followed',
			async () => {
				sandbox.faults.add({
					vendor: 'inspectorCloud',
					...list([{ id: 1 }], { count: 101, next: 'http://example.com/x?offset=7' }),
				});
				await rows('visit.getAll', { returnAll: true });
				expect(
					requests()
						.slice(0, 2)
						.map(({ query }) => query.offset),
				).toEqual(['0', '100']);
			},
		],
		[
			5,
			'a list that moves gives each row once',
			async () => {
				const page = Array.from({ length: 100 }, (_, at) => ({ id: 324_001 + at }));
				sandbox.faults.add({ vendor: 'inspectorCloud', ...list(page, { count: 101, next: 'x' }) });
				sandbox.faults.add({
					vendor: 'inspectorCloud',
					...list([{ id: 324_100 }, { id: 999_001 }]),
				});
				const ids = (await rows('visit.getAll', { returnAll: true })).map(({ id }) => id);
				expect(new Set(ids).size).toBe(ids.length);
				expect(ids).toContain(999_001);
			},
		],
		[
			6,
			'times of both zones come as UTC when simplified',
			async () => {
				const visit = await visitWith({
					closed_at: '2026-11-28 10:00:00.5+03:00',
					updated_at: '2026-11-28T07:00:00.5Z',
				});
				expect([visit.closed_at, visit.updated_at]).toEqual([
					'2026-11-28T07:00:00.500Z',
					'2026-11-28T07:00:00.500Z',
				]);
			},
		],
		[
			7,
			'IDs as texts and numbers are the same',
			async () => {
				const visit = await visitWith({ id: '324010', store_id: '4294967296' });
				expect([visit.id, visit.store_id]).toEqual([324_010, 4_294_967_296]);
			},
		],
		[
			8,
			'answers of each shape become a text',
			async () => {
				const questions = [{ answer: { 1: 'Yes', 2: 'No' } }, { answer: 'free' }, { answer: null }];
				const form = { visitId: byId(RICH), splitInto: 'answers' };
				const body = { id: RICH, scenes: [{ id: 1, question_groups: [{ questions }] }] };
				const found = await only({ body }, 'visit.get', form);
				expect(found.map(({ answer }) => answer)).toEqual(['Yes, No', 'free', null]);
			},
		],
		[
			9,
			'figures as texts are numbers, and lists may be anything',
			async () => {
				const kpi = { id: '5', kpi_id: '12', value: 0.5, target_value: '0.75' };
				const form = { visitId: byId(RICH), splitInto: 'kpis' };
				const found = await only(
					{ body: { id: RICH, scenes: 'none', kpi_values: [kpi] } },
					'visit.get',
					form,
				);
				expect(found[0]).toMatchObject({ id: 5, kpi_id: 12, target_value: 0.75 });
			},
		],
		[
			10,
			'"nan", "" and what is missing are null when simplified, and stay in raw',
			async () => {
				const store = { id: 1, customer_name: 'nan', city: '' };
				const [simple] = await only(list([store]), 'store.getAll');
				expect([simple.customer_name, simple.city, simple.address]).toEqual([null, null, null]);
				const [raw] = await only(list([store]), 'store.getAll', { output: 'raw' });
				expect(raw).toEqual(store);
			},
		],
		[
			11,
			'deleted photos are left out unless wanted',
			async () => {
				const body = {
					id: RICH,
					scenes: [{ id: 1, images: [{ id: 2, is_deleted: true }, { id: 3 }] }],
				};
				const form = { visitId: byId(RICH), splitInto: 'photos' };
				expect(await only({ body }, 'visit.get', form)).toHaveLength(1);
				expect(
					await only({ body }, 'visit.get', { ...form, options: { withDeletedPhotos: true } }),
				).toHaveLength(2);
			},
		],
		[
			12,
			'another host gets no token',
			async () => {
				const received: Array<string | undefined> = [];
				const foreign = createServer((request, response) => {
					received.push(request.headers.authorization);
					response.writeHead(200, { 'content-type': 'image/jpeg' }).end(JPEG);
				});
				await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
				const { port } = foreign.address() as AddressInfo;
				await rows('photo.download', {
					downloadBy: 'link',
					link: `http://127.0.0.1:${port}/a.jpg`,
				});
				await new Promise((done) => foreign.close(done));
				expect(received).toEqual([undefined]);
			},
		],
		[
			13,
			'annotations are not carried along by lists of visits',
			async () => {
				const form = { which: 'new', details: true, limit: 12, output: 'raw' };
				const found = await rows('visit.getAll', form);
				expect(JSON.stringify(found)).not.toContain('price_annotations');
			},
		],
		[
			14,
			'the two kinds of SKU and visit have calls of their own',
			async () => {
				await rows('product.getAll', { limit: 1 });
				await rows('sku.getAll', { limit: 1 });
				await rows('visitRegistry.getAll', { limit: 1 });
				expect(requests().map(({ path }) => path)).toEqual([
					'/api/data/v1.3/sku/',
					'/api/v1.5/sku/',
					'/api/v1.5/visits/',
				]);
			},
		],
		[
			15,
			"a visit's scene is refused where a UUID is wanted",
			async () => {
				const failed = await problem('oosReason.create', { skuGid: '1', scene: '8022' });
				expect(failed.description).toMatch(/scene of a visit \(Data API\)/);
				expect(sent()).toEqual([]);
			},
		],
		[
			16,
			'the country goes under the documented name',
			async () => {
				await rows('recognition.start', {
					images: [await uploaded()],
					additionalFields: { country: 'RU' },
				});
				expect(requests().at(-1)?.body).toMatchObject({ counry_code: 'RU' });
			},
		],
		[
			17,
			'a report that is not ready or failed says so',
			async () => {
				const found = await only(
					{ body: { id: 1, status: 'ERROR', type: 'X', data: null, error: 'no' } },
					'report.get',
					{ reportId: '1' },
				);
				expect(found).toEqual([
					{ report_id: 1, report_type: 'X', status: 'ERROR', visit: null, error: 'no' },
				]);
			},
		],
		[
			18,
			'what is printed as GET is posted',
			async () => {
				const scene = '0f8fad5bd9cb469fa16570867728950e';
				await rows('oosReason.create', { skuGid: '1', scene, reason: 'x' });
				expect(requests().map(({ method }) => method)).toEqual(['POST']);
			},
		],
		[
			19,
			'no token is made while one is given',
			async () => {
				await rows('visit.get', { visitId: byId(RICH) });
				expect(sandbox.inspectorCloud.tokensMade).toBe(0);
			},
		],
		[
			20,
			'a recognition of which nobody knows is not sent again',
			async () => {
				const images = [await uploaded()];
				sandbox.faults.add({
					vendor: 'inspectorCloud',
					method: 'POST',
					status: 504,
					body: {},
					afterWork: true,
				});
				const failed = await problem('recognition.start', { images });
				expect(failed.description).toMatch(/may have carried out/);
				expect(sandbox.inspectorCloud.recognitions).toBe(1);
			},
		],
		[
			21,
			'a photo that was uploaded before is no error',
			async () => {
				const first = await uploaded();
				const result = await run('photo.upload', {}, [photo()]);
				expect(result.json('Node')).toEqual([
					expect.objectContaining({ id: first, duplicate: true }),
				]);
			},
		],
		[
			22,
			'rows that are no real out-of-stock are left out unless wanted',
			async () => {
				const form = { visitId: byId(SAMPLE), splitInto: 'oosReasons' };
				expect((await rows('visit.get', form)).map(({ reason }) => reason)).toEqual([
					'Продукт в блоке',
					'Не пришел продукт',
				]);
				expect(await rows('visit.get', { ...form, options: { allOutOfStock: true } })).toHaveLength(
					3,
				);
				const body = { id: 1, oos_reasons: [{ id: 2, fixed: true, reason: 'x' }] };
				expect(await only({ body }, 'visit.get', form)).toEqual([]);
			},
		],
		[
			23,
			'the scale of a KPI is left alone',
			async () => {
				const form = { visitId: byId(RICH), splitInto: 'kpis' };
				const body = { id: RICH, kpi_values: [{ id: 1, value: 0.42 }] };
				expect((await only({ body }, 'visit.get', form))[0].value).toBe(0.42);
			},
		],
		[
			24,
			'a price keeps target, promo and competitor beside it',
			async () => {
				const [row] = await rows('visit.get', { visitId: byId(SAMPLE), splitInto: 'prices' });
				expect(row).toMatchObject({
					price: 19,
					target_price: null,
					is_promo: true,
					id_competitor: null,
				});
			},
		],
		[
			25,
			'bodies are JSON, lists in them are lists',
			async () => {
				const images = [await uploaded()];
				await rows('recognition.start', { images: JSON.stringify(images) });
				expect(requests().at(-1)?.body).toEqual({ images });
				expect(requests().at(-1)?.headers['content-type']).toBe('application/json');
			},
		],
		[
			26,
			'a web page of a wrong host is told by its status, not by its text',
			async () => {
				const page = `<!doctype html><html><body><h1>Not Found</h1>${'x'.repeat(5000)}</body></html>`;
				sandbox.faults.add({ vendor: 'inspectorCloud', status: 404, body: page });
				const failed = await problem('visit.get', { visitId: byId(RICH) });
				expect(failed.message).toMatch(/is not the API's \(HTTP 404\)/);
				expect(failed.description.length).toBeLessThan(1200);
			},
		],
		[
			27,
			'agents and routes are filtered by the name of that time',
			async () => {
				await rows('visit.getAll', {
					limit: 1,
					filters: { agent: 'Alex', route: '164780', cid: 'X' },
				});
				expect(requests()[0].query).toMatchObject({ agent: 'Alex', route: '164780', cid: 'X' });
			},
		],
	];

	test('each has its row', () => {
		expect(traps.map(([number]) => number)).toEqual(Array.from({ length: 27 }, (_, at) => at + 1));
	});

	test.each(traps)('%i: %s', async (_number, _what, check) => {
		expect.hasAssertions();
		await check();
	});
});
