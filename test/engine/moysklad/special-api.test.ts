import type { IDataObject } from 'n8n-workflow';

import { expectNoSecret, expectShown, House, NOBODY, paths } from './setup';

const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

let house: House;

beforeAll(async () => {
	house = await House.open({ assortmentRows: 2300 });
});

afterAll(async () => {
	expect(house.state.storageAuthorizationLeaks).toBe(0);
	await house.close();
});

beforeEach(() => {
	house.sandbox.faults.clear();
	house.state.bulkErrorStatus = 200;
});

const base = () => house.sandbox.urls.moysklad;
const run = (method: string, path: string, more: object = {}) => ({
	resource: 'apiRequest',
	operation: 'send',
	method,
	path,
	...more,
});
const rows = (...pairs: Array<[string, string]>) => ({
	row: pairs.map(([name, value]) => ({ name, value })),
});
const uoms = () => house.state.dictionary('uom').all();

describe('reading', () => {
	test('an object, by path and by link; the query from everywhere', async () => {
		const id = house.state.world.id('task', 0);
		for (const path of [
			`/entity/task/${id}`,
			`entity/task/${id}/`,
			`  ${base()}/entity/task/${id}  `,
		]) {
			const { items, requests } = await house.good(run('GET', path));
			expect(paths(requests)).toEqual([`GET /entity/task/${id}`]);
			expect(items).toEqual([
				{ json: house.state.dictionary('task').find(id), pairedItem: { item: 0 } },
			]);
		}
		const { requests, json } = await house.good(
			run('GET', '/entity/currency?limit=2&order=name', {
				queryParameters: rows(['offset', '1'], ['search', 'a;b & c']),
				options: { queryJson: { expand: 'group', limit: 1 } },
			}),
		);
		expect(requests[0].query).toEqual({
			limit: '1',
			order: 'name',
			offset: '1',
			search: 'a;b & c',
			expand: 'group',
		});
		// Nothing is called so: a list without rows gives no items.
		expect(json).toEqual([]);
	});

	test('a bare array becomes an item for each element', async () => {
		const { json } = await house.good(
			run('GET', '/report/stock/all/current', { queryParameters: rows(['stockType', 'stock']) }),
		);
		expect(json.length).toBeGreaterThan(1);
		expect(json[0]).toHaveProperty('assortmentId');
	});

	test.each(['/report/stock/all/current', 'report/stock/bystore/current'])(
		'%s with Return All: the elements, in one request',
		async (path) => {
			const { json, requests } = await house.good(run('GET', path, { allRows: true }));
			expect(requests).toHaveLength(1);
			expect(requests[0].query).toEqual({});
			expect(json.length).toBeGreaterThan(1);
			expect(json[0]).toHaveProperty('assortmentId');
		},
	);

	test.each([
		['customerorder?limit=3', '/entity/customerorder'],
		['/customerOrder?limit=3', '/entity/customerorder'],
		['/api/remap/1.2/entity/customerorder?limit=3', '/entity/customerorder'],
		['https://api.moysklad.ru/api/remap/1.2/entity/uom?limit=3', '/entity/uom'],
	])('%s is mended, and a list gives an item for each row', async (path, sent) => {
		const { json, requests } = await house.good(run('GET', path));
		expect(paths(requests)).toEqual([`GET ${sent}`]);
		expect(requests[0].query).toEqual({ limit: '3' });
		expect(json).toHaveLength(3);
		expect(new Set(json.map(({ id }) => id)).size).toBe(3);
		const options = { responseFormat: 'whole' };
		const whole = await house.good(run('GET', path, { options }));
		expect(whole.json).toEqual([expect.objectContaining({ rows: json })]);
	});

	test('Return All takes the largest pages, whatever limit the path has', async () => {
		const path = '/entity/assortment?limit=2';
		const { json, requests } = await house.good(run('GET', path, { allRows: true }));
		expect(json.length).toBeGreaterThan(2000);
		expect(requests.map(({ query }) => query.limit)).toEqual(Array(3).fill('1000'));
		const from = await house.good(run('GET', `${path}&offset=2100`, { allRows: true }));
		expect(from.requests.map(({ query }) => query.offset)).toEqual(['2100']);
		expect(from.json.map(({ id }) => id)).toEqual(json.slice(2100).map(({ id }) => id));
	}, 30_000);

	test('Return All: every page once, side by side, in their order', async () => {
		const { json, requests } = await house.good(
			run('GET', '/entity/assortment?expand=group', { allRows: true }),
		);
		const total = json.length;
		expect(requests.map(({ query }) => Number(query.offset)).sort((a, b) => a - b)).toEqual(
			Array.from({ length: Math.ceil(total / 100) }, (_, page) => page * 100),
		);
		const list = await house.good({
			resource: 'assortment',
			operation: 'getAll',
			returnAll: true,
			simplify: false,
		});
		expect(json.map(({ id }) => id)).toEqual(list.json.map(({ id }) => id));
		const [, second, third] = requests;
		expect(third.at).toBeLessThan(second.at + second.durationMs);
	}, 30_000);

	test('Return All: pages as large as the list allows', async () => {
		const limits = async (path: string, more: object = {}) =>
			(await house.good(run('GET', path, { allRows: true, ...more }))).requests.map(
				({ query }) => query.limit,
			);
		expect(await limits('/entity/uom')).toEqual(['1000']);
		expect(await limits('/entity/uom?expand=group')).toEqual(['100']);
		const task = house.state.world.id('task', 0);
		expect(await limits(`/entity/task/${task}/notes`)).toEqual(['100', '100']);
	});

	test('Return All of what is no list is refused by name', async () => {
		const none = await house.bad(
			run('GET', `/entity/uom/${String(uoms()[0].id)}`, { allRows: true }),
		);
		expectShown(none.error, {
			message: "'Return All' is on, and the answer holds no list at 'rows'",
			hint: 'Turn it off to get a single object.',
		});
	});

	test('errors in the words of the API', async () => {
		const { error } = await house.bad(run('GET', `/entity/task/${NOBODY}`));
		expectShown(error, {
			message: 'MoySklad: the object was not found',
			text: `Object of type 'task' with identifier '${NOBODY}' not found`,
			code: 1021,
		});
		const address = await house.bad(run('GET', '/entity/spaceship'));
		expectShown(address.error, {
			message: 'MoySklad: there is no such address or type',
			hint: '/entity/customerorder',
			code: 1005,
		});
	});
});

describe('never to another host', () => {
	test.each([
		'https://evil.example.com/api/remap/1.2/entity/product',
		'//evil.example.com/entity/product',
		'/../../security/token',
		'/entity/%2e%2e/%2e%2e/x',
		'/entity/..%2f..%2fx',
		'@evil.example.com/entity',
		'javascript:alert(1)',
		'/',
	])('%p is refused and nothing is sent', async (path) => {
		const before = house.sandbox.log.length;
		if (path.startsWith('@')) {
			// A name like any other below the API.
			await house.bad(run('GET', path));
			expect(house.sandbox.log.slice(before).map(({ vendor }) => vendor)).toEqual(['moysklad']);
			return;
		}
		const error = await house.refused(run('GET', path));
		expectShown(error, {
			message: `'Path' is '${path}', which is no address of the API`,
			hint: 'Requests never go to another host.',
		});
		expect(house.sandbox.log).toHaveLength(before);
	});

	test('a link with credentials, and one that only begins like the API', async () => {
		const { host } = new URL(base());
		for (const path of [
			`http://user:secret@${host}/api/remap/1.2/entity/uom`,
			`${base()}.evil.example.com/entity/uom`,
			`${base()}x/entity/uom`,
		]) {
			const error = await house.refused(run('GET', path));
			expect(error.message).toContain('which is no address of the API');
		}
	});

	test('a redirect is not followed, or without credentials where that is wanted', async () => {
		const redirectTo = `${house.sandbox.urls.storage}/permanent/${NOBODY}.png`;
		const add = () => house.sandbox.faults.add({ vendor: 'moysklad', redirectTo });
		add();
		const { error } = await house.bad(run('GET', '/entity/uom'));
		expect(error.message).toContain('redirects to another host');
		add();
		const before = house.sandbox.log.length;
		await house.bad(run('GET', '/entity/uom', { options: { followToStorage: true } }));
		const [, hop] = house.sandbox.log.slice(before);
		expect(hop.vendor).toBe('storage');
		expect(hop.headers).not.toHaveProperty('authorization');
	});

	test.each(['Authorization', 'cookie', 'Host', 'Content-Length', 'accept-encoding'])(
		'the header %s is refused',
		async (name) => {
			const error = await house.refused(
				run('GET', '/entity/uom', { options: { headers: rows([name, 'x']) } }),
			);
			expectShown(error, {
				message: `'Headers' set '${name}', which the node sets itself`,
				hint: 'Remove this header',
			});
		},
	);

	test('headers of ours go along; broken and doubled ones do not', async () => {
		const { requests } = await house.good(
			run('GET', '/entity/uom?limit=1', {
				options: {
					headers: rows(
						['X-Lognex-WebHook-DisableByPrefix', 'https://example.com'],
						['X-Lognex-Accept-Region', 'ru'],
					),
				},
			}),
		);
		expect(requests[0].headers).toMatchObject({
			'x-lognex-webhook-disablebyprefix': 'https://example.com',
			'x-lognex-accept-region': 'ru',
		});
		for (const pairs of [
			[['X-A', 'привет']],
			[['X A', '1']],
			[
				['X-A', '1'],
				['x-a', '2'],
			],
			[['X-A', '1\r\nHost: evil']],
		] as Array<Array<[string, string]>>) {
			const error = await house.refused(
				run('GET', '/entity/uom', { options: { headers: rows(...pairs) } }),
			);
			expect(error.message).toMatch(/^'Headers' (hold|set)/);
		}
	});
});

describe('writing', () => {
	test('an object, its change, its end', async () => {
		const made = await house.good(run('POST', '/entity/uom', { body: { name: 'Crate' } }));
		expect(made.requests[0].body).toEqual({ name: 'Crate' });
		const { id } = made.json[0];
		expect(made.json[0]).toMatchObject({ name: 'Crate', meta: { type: 'uom' } });
		const changed = await house.good(
			run('PUT', `/entity/uom/${String(id)}`, { body: '{"name": "Box of 12"}' }),
		);
		expect(changed.json[0]).toMatchObject({ id, name: 'Box of 12' });
		const gone = await house.good(run('DELETE', `/entity/uom/${String(id)}`));
		expect(gone.json).toEqual([{ success: true, status: 200 }]);
		const broken = await house.refused(run('POST', '/entity/uom', { body: '{"name":' }));
		expect(broken.message).toContain("'Body' is no valid JSON");
		const method = await house.refused(run('={{ "PATCH" }}', '/entity/uom'));
		expect(method.message).toBe("'Method' is 'PATCH'");
	});

	test.each([200, 400, 412] as const)(
		'an array of which a part is refused, answered by %i',
		async (status) => {
			house.state.bulkErrorStatus = status;
			const body = [{ name: 'Good 1' }, { description: 'nameless' }, { name: 'Good 2' }];
			const { error, requests } = await house.bad(run('POST', '/entity/uom', { body }));
			expect(requests[0].status).toBe(status);
			expectShown(error, {
				message: 'MoySklad: 1 of 3 elements of the array were refused (1, counted from 0)',
				hint: 'The others were carried out.',
				code: 3000,
			});
			const { answer } = error.context.data as { answer: IDataObject[] };
			expect(answer.map(({ name }) => name)).toEqual(['Good 1', undefined, 'Good 2']);
			const returned = await house.good(
				run('POST', '/entity/uom', { body, options: { elementErrors: 'return' } }),
			);
			expect(returned.json.map(({ name, errors }) => name ?? Array.isArray(errors))).toEqual([
				'Good 1',
				true,
				'Good 2',
			]);
		},
	);

	test('a POST is not sent again when nobody knows what became of it, unless that is safe', async () => {
		const count = () => uoms().length;
		const lose = () =>
			house.sandbox.faults.add({
				vendor: 'moysklad',
				method: 'POST',
				afterWork: true,
				closeConnection: 'before',
			});
		lose();
		const before = count();
		const once = await house.bad(run('POST', '/entity/uom', { body: { name: 'Once' } }));
		expect(once.requests).toHaveLength(1);
		expect(count()).toBe(before + 1);
		expect(once.error.description).toContain('may have carried out the request all the same');
		lose();
		const twice = await house.good(
			run('POST', '/entity/uom', { body: { name: 'Twice' }, options: { safeToRepeat: true } }),
		);
		expect(twice.requests).toHaveLength(2);
		house.sandbox.faults.add({ vendor: 'moysklad', method: 'POST', delayMs: 3000 });
		const late = await house.bad(
			run('POST', '/entity/uom', { body: { name: 'Late' }, options: { timeout: 1 } }),
		);
		expect(late.requests).toHaveLength(1);
		expect(late.error.message).toContain('no answer came within the time allowed');
	}, 20_000);

	test('each item its own request, and an error of one item stays with it', async () => {
		const { items } = await house.run(
			run('PUT', '=/entity/uom/{{ $json.id }}', { body: '={{ { name: $json.name } }}' }),
			{
				items: [
					{ id: house.state.dictionary('uom').all().at(-1)?.id as string, name: 'New name' },
					{ id: NOBODY, name: 'x' },
				],
				onError: 'continueRegularOutput',
			},
		);
		expect(items.map(({ json, pairedItem }) => [json.name ?? json.error, pairedItem])).toEqual([
			['New name', { item: 0 }],
			['MoySklad: the object was not found (code 1021) [item 1]', { item: 1 }],
		]);
	});
});

describe('files', () => {
	const image = () => {
		const id = house.state.rows.id(0);
		const blob = house.state.blobs.put('a.png', PNG, 'image/png');
		house.state.images.set('product', id, [
			{ id: blob, filename: 'a.png', size: PNG.length, updated: '2026-11-21 10:00:00.000' },
		]);
		return blob;
	};

	test('a download from the storage, without credentials', async () => {
		const id = image();
		const { items } = await house.good(
			run('GET', `/download/${id}`, {
				options: { outputField: 'photo', followToStorage: false },
			}),
		);
		expect(items[0].json).toEqual({
			success: true,
			status: 200,
			fileName: 'file.png',
			mimeType: 'image/png',
			size: PNG.length,
		});
		const { data, mimeType } = items[0].binary?.photo ?? { data: '', mimeType: '' };
		expect(Buffer.from(data, 'base64').equals(PNG)).toBe(true);
		expect(mimeType).toBe('image/png');
	});

	test('a printed form: 303 to the storage, read there by GET without credentials', async () => {
		const id = image();
		const before = house.sandbox.log.length;
		house.sandbox.faults.add({
			vendor: 'moysklad',
			status: 303,
			redirectTo: `${house.sandbox.urls.storage}/permanent/${id}.png`,
		});
		const { items } = await house.good(
			run('POST', `/entity/demand/${NOBODY}/export`, {
				body: { extension: 'pdf', template: {} },
			}),
		);
		const [post, get] = house.sandbox.log.slice(before);
		expect([post.method, post.status, get.vendor, get.method, get.body]).toEqual([
			'POST',
			303,
			'storage',
			'GET',
			undefined,
		]);
		expect(get.headers).not.toHaveProperty('authorization');
		expect(Buffer.from(items[0].binary?.data.data ?? '', 'base64').equals(PNG)).toBe(true);
	});

	test('the name of the file and its kind, as MoySklad tells them', async () => {
		house.sandbox.faults.add({
			vendor: 'moysklad',
			body: '%PDF-1.7 …',
			headers: {
				'content-type': 'application/pdf',
				'content-disposition': "attachment; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82.pdf",
			},
		});
		const { items } = await house.good(run('GET', '/entity/uom'));
		expect(items[0].json).toMatchObject({ fileName: 'Счёт.pdf', mimeType: 'application/pdf' });
	});

	test('JSON as a file, and what is no JSON where JSON is wanted', async () => {
		const as = (responseFormat: string) =>
			run('GET', '/entity/uom?limit=1', { options: { responseFormat } });
		const { items } = await house.good(as('file'));
		const text = Buffer.from(items[0].binary?.data.data ?? '', 'base64').toString('utf8');
		expect(JSON.parse(text)).toHaveProperty('rows');
		const page = { vendor: 'moysklad' as const, body: '<html>Log in</html>' };
		const headers = { 'content-type': 'text/html' };
		house.sandbox.faults.add({ ...page, headers });
		const login = await house.bad(as('auto'));
		expect(login.error.message).toContain('the answer is a web page');
		house.sandbox.faults.add({ ...page, body: 'hello', headers: { 'content-type': 'text/plain' } });
		const plain = await house.bad(as('json'));
		expect(plain.error.message).toContain('broken or no JSON');
	});

	test('an asynchronous task by hand: start, look, result', async () => {
		const start = await house.good(run('GET', '/entity/assortment?async=true&filter=type=service'));
		expect(start.json[0]).toMatchObject({ success: true, status: 202 });
		const look = String(start.json[0].contentLocation);
		expect(look).toMatch(/\/async\//);
		let state: unknown;
		for (let tries = 0; tries < 50 && state !== 'DONE'; tries++) {
			const { json } = await house.good(run('GET', look));
			state = json[0].state;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		const { json } = await house.good(run('GET', String(start.json[0].location)));
		const found = json as Array<{ meta: IDataObject }>;
		expect(found.length).toBeGreaterThan(0);
		expect(new Set(found.map(({ meta }) => meta.type))).toEqual(new Set(['service']));
	});

	test('no secret in anything that comes out', async () => {
		const { result } = await house.run(run('GET', '/context/employee'));
		expectNoSecret(result.json('MoySklad'));
	});
});
