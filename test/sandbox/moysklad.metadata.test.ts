import { MOYSKLAD_TOKENS, startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox';
import type { Answer, Json } from './client';
import { errorCode, metaOf, moysklad, rowsOf } from './client';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Attribute extends Json {
	id: string;
	name: string;
	type: string;
	required: boolean;
	meta: { href: string; type: string; mediaType: string };
}
interface State extends Json {
	id: string;
	name: string;
	meta: { href: string; type: string; mediaType: string };
}
interface Entity extends Json {
	id: string;
	name: string;
	attributes?: Array<{ id: string; name: string; type: string; value: unknown }>;
}

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ assortmentRows: 400, limits: 'off' });
});
afterAll(async () => await sandbox.close());

const send = async (method: Method, path: string, body?: unknown): Promise<Answer> =>
	await moysklad(sandbox, path, { method, body });
const attributesOf = async (type: string): Promise<Attribute[]> =>
	rowsOf<Attribute>(await moysklad(sandbox, `/entity/${type}/metadata/attributes`));
const one = async (owner: string, type: string): Promise<Attribute> => {
	const found = (await attributesOf(owner)).find((attribute) => attribute.type === type);
	if (!found) throw new Error(`No attribute of type ${type}`);
	return found;
};
const filtered = async (list: string, filter: string): Promise<Answer> =>
	await moysklad(sandbox, `/entity/${list}?filter=${encodeURIComponent(filter)}`);
const valueIn = (entity: Entity, attribute: Attribute): unknown =>
	entity.attributes?.find(({ id }) => id === attribute.id)?.value;
const component = (): Json => {
	const { world, rows } = sandbox.moysklad;
	return { assortment: { meta: world.meta('product', rows.id(1)) }, quantity: 1 };
};
const ref = (type: string, index: number): Json => ({ ...sandbox.moysklad.world.ref(type, index) });
const bodies: Record<string, () => Json> = {
	bundle: () => ({ name: 'With fields', components: [component()] }),
	product: () => ({ name: 'With fields' }),
	contract: () => ({ ownAgent: ref('organization', 0), agent: ref('counterparty', 0) }),
};
const make = async (type: string, attributes: unknown): Promise<Answer> =>
	await send('POST', `/entity/${type}`, { ...bodies[type](), attributes });
const ownerOf = (type: string): string => (type === 'contract' ? type : 'product');

describe('metadata', () => {
	test('of products: fields by reference, price types', async () => {
		const product = (await moysklad(sandbox, '/entity/product/metadata')).json();
		expect(product).toMatchObject({
			meta: { href: `${sandbox.urls.moysklad}/entity/product/metadata` },
			attributes: {
				meta: {
					href: `${sandbox.urls.moysklad}/entity/product/metadata/attributes`,
					type: 'attributemetadata',
					size: 15,
				},
			},
			createShared: true,
		});
		expect((product.priceTypes as Json[]).map(({ name }) => name)).toEqual([
			'Цена продажи',
			'Wholesale',
		]);
	});

	test.each([
		['contract', 4],
		['task', 3],
		['counterparty', 3],
	])('of %s: states', async (type, count) => {
		const shown = (await moysklad(sandbox, `/entity/${type}/metadata`)).json();
		expect(shown.states).toHaveLength(count);
		expect(shown).toMatchObject({ createShared: false });
		for (const state of shown.states as State[]) {
			expect(state).toMatchObject({
				entityType: type,
				color: expect.any(Number),
				stateType: expect.stringMatching(/^(Regular|Successful|Unsuccessful)$/),
				meta: { type: 'state' },
			});
		}
	});

	test('of tasks have no custom fields', async () => {
		const task = (await moysklad(sandbox, '/entity/task/metadata')).json();
		expect(task).not.toHaveProperty('attributes');
	});

	test.each(['productfolder', 'bundle', 'uom'])('of %s do not exist', async (type) => {
		const answer = await moysklad(sandbox, `/entity/${type}/metadata`);
		expect([answer.status, errorCode(answer)]).toEqual([404, 1003]);
		const deeper = await moysklad(sandbox, `/entity/${type}/metadata/attributes`);
		expect([deeper.status, errorCode(deeper)]).toEqual([404, 1002]);
	});

	test('of variants: their characteristics, as the rows show them', async () => {
		const shown = (await moysklad(sandbox, '/entity/variant/metadata')).json();
		expect(shown.characteristics).toEqual([
			expect.objectContaining({ name: 'Colour', type: 'string', required: false }),
			expect.objectContaining({ name: 'Size', type: 'string', required: false }),
		]);
		const [variant] = (await filtered('assortment', 'type=variant')).json<{ rows: Json[] }>().rows;
		const ids = (list: unknown) => (list as Json[]).map(({ id }) => id);
		expect(ids(variant.characteristics)).toEqual(ids(shown.characteristics));
	});

	test("of the company's settings: the custom dictionaries", async () => {
		const shown = (await moysklad(sandbox, '/context/companysettings/metadata')).json();
		const { id } = sandbox.moysklad.customDictionaries;
		const root = `${sandbox.urls.moysklad}/context/companysettings`;
		expect(shown.meta).toMatchObject({ href: root });
		expect(shown.customEntities).toMatchObject([
			{
				meta: { href: `${root}/metadata/customEntities/${id}`, type: 'customentitymetadata' },
				id,
				name: 'Сезон',
			},
		]);
	});

	test('of all types, or of those that a filter names', async () => {
		const all = (await moysklad(sandbox, '/entity/metadata')).json<Record<string, Json>>();
		expect(Object.keys(all)).toEqual(expect.arrayContaining(['contract', 'product', 'task']));
		expect(all.bundle.meta).toMatchObject({
			href: `${sandbox.urls.moysklad}/entity/product/metadata`,
		});
		expect(all).not.toHaveProperty('productfolder');
		const some = await filtered('metadata', 'type=product;type=task');
		expect(Object.keys(some.json())).toEqual(['product', 'task']);
		expect(errorCode(await filtered('metadata', 'type=nothing'))).toBe(1041);
	});
});

describe.each(['product', 'contract'])('descriptions of custom fields of a %s', (owner) => {
	const path = `/entity/${owner}/metadata/attributes`;

	test('one of every type, in two languages, one is required', async () => {
		const attributes = await attributesOf(owner);
		expect(attributes.map(({ type }) => type).sort()).toEqual([
			'boolean',
			'contract',
			'counterparty',
			'customentity',
			'double',
			'employee',
			'file',
			'link',
			'long',
			'product',
			'project',
			'store',
			'string',
			'text',
			'time',
		]);
		expect(attributes.filter(({ required }) => required)).toHaveLength(1);
		expect(attributes.some(({ name }) => /[а-я]/i.test(name))).toBe(true);
		expect(attributes.some(({ name }) => /^[\w ,%]+$/.test(name))).toBe(true);
		const custom = attributes.find(({ type }) => type === 'customentity');
		expect(custom?.customEntityMeta).toMatchObject({ type: 'customentitymetadata' });
		const answer = await moysklad(sandbox, `${path}/${attributes[0].id}`);
		expect(answer.json()).toEqual(attributes[0]);
	});

	test('are created, changed and deleted', async () => {
		const before = (await attributesOf(owner)).length;
		const made = (
			await send('POST', path, { name: 'Colour', type: 'string', description: 'Any' })
		).json<Attribute>();
		expect(made).toMatchObject({ type: 'string', required: false, show: true, description: 'Any' });
		const put = async (body: unknown): Promise<Answer> =>
			await send('PUT', `${path}/${made.id}`, body);
		expect((await put({ name: 'Tint', required: true })).json()).toMatchObject({
			name: 'Tint',
			required: true,
			description: 'Any',
		});
		expect(errorCode(await put({ type: 'long' }))).toBe(3001);
		expect(errorCode(await put({ name: '' }))).toBe(3000);
		expect((await put({ description: null })).json()).not.toHaveProperty('description');
		const mixed = await send('POST', path, [
			{ meta: made.meta, name: 'Shade' },
			{ name: 'Depth', type: 'double', required: true },
			{ name: 'No type' },
		]);
		expect(mixed.json()).toEqual([
			expect.objectContaining({ id: made.id, name: 'Shade' }),
			expect.objectContaining({ name: 'Depth', required: true }),
			{ errors: [expect.objectContaining({ code: 3000, parameter: 'type' })] },
		]);
		const [, depth] = mixed.json<Attribute[]>();
		const many = await send('POST', `${path}/delete`, [{ meta: depth.meta }]);
		expect([many.status, many.text]).toEqual([200, '']);
		expect((await send('DELETE', `${path}/${made.id}`)).text).toBe('');
		expect(await attributesOf(owner)).toHaveLength(before);
		expect(errorCode(await moysklad(sandbox, `${path}/${made.id}`))).toBe(1021);
	});

	test.each<[Json, number]>([
		[{ type: 'string' }, 3000],
		[{ name: 'x', type: 'colour' }, 3005],
		[{ name: 'x', type: 'boolean', required: true }, 3007],
		[{ name: 'x', type: 'file', required: true }, 3007],
		[{ name: 'x', type: 'string', required: true, show: false }, 3007],
		[{ name: 'x', type: 'customentity' }, 3000],
		[{ name: 'x', type: 'customentity', customEntityMeta: { href: 'x' } }, 2013],
		[{ name: 5, type: 'string' }, 2016],
		[{ name: 'x'.repeat(256), type: 'string' }, 3040],
	])('%j is refused', async (body, code) => {
		expect(errorCode(await send('POST', path, body))).toBe(code);
	});

	test('are the business of administrators', async () => {
		const options = { method: 'POST', token: MOYSKLAD_TOKENS.nonAdmin } as const;
		const body = { name: 'x', type: 'string' };
		const answer = await moysklad(sandbox, path, { ...options, body });
		expect([answer.status, errorCode(answer)]).toEqual([403, 14010]);
	});
});

describe.each(['bundle', 'product', 'contract'])('values of custom fields of a %s', (type) => {
	const owner = ownerOf(type);

	test('every type is written, read and emptied', async () => {
		const { world, rows, customDictionaries } = sandbox.moysklad;
		const season = customDictionaries.elements()[1];
		const values: Record<string, unknown> = {
			string: 'short; "text"',
			text: 'long',
			link: 'https://example.com/?a=1',
			long: 12,
			double: 1.25,
			boolean: false,
			time: '2026-03-01 10:30:45.678',
			customentity: { meta: season.meta },
			contract: ref('contract', 0),
			counterparty: ref('counterparty', 7),
			project: ref('project', 1),
			store: ref('store', 1),
			employee: ref('employee', 1),
			product: { meta: world.meta('product', rows.id(2)) },
		};
		const attributes = await attributesOf(owner);
		const given = attributes.flatMap(({ type: kind, meta }) =>
			kind === 'file' ? [] : [{ meta, value: values[kind] }],
		);
		const made = (await make(type, given)).json<Entity>();
		for (const attribute of attributes.filter(({ type: kind }) => kind !== 'file')) {
			const wanted = attribute.type === 'time' ? '2026-03-01 10:30:00.000' : values[attribute.type];
			expect(valueIn(made, attribute)).toEqual(
				typeof wanted === 'object' ? expect.objectContaining({ name: expect.anything() }) : wanted,
			);
		}
		const path = `/entity/${type}/${made.id}`;
		const read = (await moysklad(sandbox, path)).json<Entity>();
		expect(read.attributes).toEqual(made.attributes);
		const back = await send('PUT', path, { attributes: read.attributes });
		expect(back.json<Entity>().attributes).toEqual(made.attributes);
		const long = await one(owner, 'long');
		const changed = await send('PUT', path, {
			attributes: [
				{ id: long.id, value: 13 },
				{ meta: (await one(owner, 'text')).meta, value: null },
			],
		});
		const after = changed.json<Entity>();
		expect(valueIn(after, long)).toBe(13);
		expect(valueIn(after, await one(owner, 'text'))).toBeUndefined();
		expect(valueIn(after, await one(owner, 'string'))).toBe(values.string);
		expect(after.attributes).toHaveLength((made.attributes?.length ?? 0) - 1);
	});

	test.each([
		['string', 5, 2016],
		['string', 'x'.repeat(256), 3040],
		['text', true, 2016],
		['link', {}, 2016],
		['long', 1.5, 2016],
		['long', '1', 2016],
		['double', '1.5', 2016],
		['boolean', 'true', 2016],
		['time', '01.03.2026', 2016],
		['time', 5, 2016],
		['counterparty', 'Ivanov', 2016],
		['counterparty', {}, 2014],
		['customentity', {}, 14004],
		['customentity', { name: 'No such season' }, 1021],
		['file', 'scan.pdf', 14001],
	])('a %s that is %j is refused', async (kind, value, code) => {
		const { meta } = await one(owner, kind);
		expect(errorCode(await make(type, [{ meta, value }]))).toBe(code);
	});

	test('references must fit the field and exist', async () => {
		const { meta } = await one(owner, 'store');
		expect(errorCode(await make(type, [{ meta, value: ref('employee', 0) }]))).toBe(2021);
		expect(errorCode(await make(type, [{ meta, value: ref('store', 99) }]))).toBe(1021);
		const season = await one(owner, 'customentity');
		const named = await make(type, [{ meta: season.meta, value: { name: 'Осень' } }]);
		expect(valueIn(named.json<Entity>(), season)).toMatchObject({
			name: 'Осень',
			meta: { type: 'customentity' },
		});
	});

	test('a field must exist and belong to the entity', async () => {
		const { meta } = await one(owner, 'string');
		const other = await one(owner === 'product' ? 'contract' : 'product', 'string');
		expect(errorCode(await make(type, [{ meta: other.meta, value: 'x' }]))).toBe(14000);
		const href = meta.href.replace(/[^/]+$/, sandbox.moysklad.world.id('attribute', 9999));
		expect(errorCode(await make(type, [{ meta: { ...meta, href }, value: 'x' }]))).toBe(14003);
		expect(errorCode(await make(type, [{ value: 'x' }]))).toBe(2014);
		expect(errorCode(await make(type, [{ meta }]))).toBe(14009);
		expect(errorCode(await make(type, { meta }))).toBe(2016);
		expect(errorCode(await make(type, [null]))).toBe(3012);
	});

	test('files are kept, and given back by their link', async () => {
		const { meta, id } = await one(owner, 'file');
		const content = Buffer.from('contents of a file').toString('base64');
		const file = { filename: 'manual.txt', content };
		const made = (await make(type, [{ meta, file }])).json<Entity>();
		const shown = made.attributes?.find((attribute) => attribute.id === id) as unknown as {
			value: string;
			download: { href: string };
		};
		expect(shown).toMatchObject({
			value: 'manual.txt',
			download: { mediaType: 'application/octet-stream' },
		});
		const answer = await moysklad(sandbox, shown.download.href.slice(sandbox.urls.moysklad.length));
		expect(answer.status).toBe(302);
		expect(await (await fetch(answer.headers.location)).text()).toBe('contents of a file');
		const path = `/entity/${type}/${made.id}`;
		const back = await send('PUT', path, { attributes: made.attributes });
		expect(back.json<Entity>().attributes).toEqual(made.attributes);
		const gone = await send('PUT', path, { attributes: [{ meta, file: null }] });
		expect(gone.json<Entity>().attributes ?? []).toEqual([]);
		expect(errorCode(await make(type, [{ meta, file: { content } }]))).toBe(14006);
		expect(errorCode(await make(type, [{ meta, file: { filename: 'a' } }]))).toBe(14007);
	});

	test('a required field cannot be emptied, and must be given where the account wants it', async () => {
		const required = (await attributesOf(owner)).find((attribute) => attribute.required);
		const meta = required?.meta;
		expect(errorCode(await make(type, [{ meta, value: null }]))).toBe(3000);
		sandbox.moysklad.requireAttributes = true;
		const without = await make(type, []);
		const given = await make(type, [{ meta, value: required?.type === 'double' ? 1 : 'x' }]);
		sandbox.moysklad.requireAttributes = false;
		expect([errorCode(without), given.status]).toEqual([3000, 200]);
	});
});

describe.each(['bundle', 'contract', 'assortment'])('filter of the list %s by fields', (list) => {
	const owner = ownerOf(list);
	const all = async (): Promise<Entity[]> =>
		rowsOf<Entity>(await moysklad(sandbox, `/entity/${list}`));
	const expectRows = async (
		kind: string,
		condition: (href: string, example: unknown) => string,
		holds: (value: unknown, example: unknown) => boolean,
	): Promise<void> => {
		const attribute = await one(owner, kind);
		const rows = await all();
		const example = rows.map((row) => valueIn(row, attribute)).find((value) => value !== undefined);
		expect(example).toBeDefined();
		const answer = await filtered(list, condition(attribute.meta.href, example));
		const wanted = rows.filter((row) => holds(valueIn(row, attribute), example));
		expect(rowsOf<Entity>(answer).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
		expect(wanted.length).toBeGreaterThan(0);
		expect(wanted.length).toBeLessThan(rows.length);
	};
	const href = (value: unknown): string => (value as { meta: { href: string } }).meta.href;

	test.each<[string, string, (v: unknown, e: unknown) => boolean]>([
		['string', '=', (v, e) => v === e],
		['string', '!=', (v, e) => v !== e],
		['string', '~=', (v, e) => String(v) === e],
		['link', '=~', (v, e) => String(v).endsWith(String(e))],
		['long', '=', (v, e) => v === e],
		['long', '<=', (v, e) => typeof v === 'number' && v <= Number(e)],
		['double', '>=', (v, e) => typeof v === 'number' && v >= Number(e)],
		['boolean', '=', (v, e) => v === e],
		['time', '>=', (v, e) => typeof v === 'string' && v >= String(e)],
	])('%s %s value', async (kind, operator, holds) => {
		await expectRows(kind, (field, example) => `${field}${operator}${String(example)}`, holds);
	});

	test.each(['customentity', 'project'])('%s by href', async (kind) => {
		await expectRows(
			kind,
			(field, example) => `${field}=${href(example)}`,
			(value, example) => value !== undefined && href(value) === href(example),
		);
	});

	test('empty and not empty', async () => {
		await expectRows(
			'double',
			(field) => `${field}=`,
			(value) => value === undefined,
		);
		await expectRows(
			'project',
			(field) => `${field}!=`,
			(value) => value !== undefined,
		);
	});

	test.each([
		['boolean', '>true', 1034],
		['long', '~1', 1034],
		['store', '~x', 1034],
		['file', '=x', 1034],
		['long', '=many', 1014],
		['time', '=soon', 1035],
		['store', '=main', 1014],
	])('%s%s is refused', async (kind, condition, code) => {
		const { meta } = await one(owner, kind);
		expect(errorCode(await filtered(list, meta.href + condition))).toBe(code);
	});

	test('unknown fields are refused', async () => {
		const { meta } = await one(owner, 'long');
		const unknown = meta.href.replace(/[^/]+$/, sandbox.moysklad.world.id('attribute', 9999));
		expect(errorCode(await filtered(list, `${unknown}=1`))).toBe(1034);
	});
});

describe('fields that change', () => {
	test.each(['bundle', 'contract'])('rename and vanish on every %s', async (type) => {
		const owner = ownerOf(type);
		const path = `/entity/${owner}/metadata/attributes`;
		const attribute = await one(owner, 'link');
		const shown = async (): Promise<Entity[]> =>
			rowsOf<Entity>(await moysklad(sandbox, `/entity/${type}`)).filter(
				(row) => valueIn(row, attribute) !== undefined,
			);
		const made = (
			await make(type, [{ meta: attribute.meta, value: 'https://a.example' }])
		).json<Entity>();
		const before = await shown();
		expect(before.length).toBeGreaterThan(1);
		await send('PUT', `${path}/${attribute.id}`, { name: 'Renamed link' });
		for (const row of await shown()) {
			const stored = row.attributes?.find(({ id }) => id === attribute.id);
			expect(stored?.name).toBe('Renamed link');
		}
		await send('DELETE', `${path}/${attribute.id}`);
		expect(await shown()).toEqual([]);
		const own = (await moysklad(sandbox, `/entity/${type}/${made.id}`)).json<Entity>();
		expect(valueIn(own, attribute)).toBeUndefined();
		expect(errorCode(await filtered(type, `${attribute.meta.href}=x`))).toBe(1034);
	});
});

describe('states', () => {
	const states = async (type: string): Promise<State[]> =>
		(await moysklad(sandbox, `/entity/${type}/metadata`)).json<{ states: State[] }>().states;

	test.each(['contract', 'task', 'counterparty'])(
		'of %s are created, changed, deleted',
		async (type) => {
			const path = `/entity/${type}/metadata/states`;
			const before = await states(type);
			const body = { name: 'Signed', color: 255, stateType: 'Successful' };
			const made = (await send('POST', path, body)).json<State>();
			expect(made).toMatchObject({ ...body, entityType: type });
			expect((await moysklad(sandbox, `${path}/${made.id}`)).json()).toEqual(made);
			const mixed = await send('POST', path, [
				{ meta: made.meta, color: 1 },
				{ ...body, name: 'Second' },
				{ name: 'No colour' },
			]);
			expect(mixed.json()).toEqual([
				expect.objectContaining({ id: made.id, color: 1, name: 'Signed' }),
				expect.objectContaining({ name: 'Second' }),
				{ errors: [expect.objectContaining({ code: 3000 })] },
			]);
			const put = async (fields: Json): Promise<Answer> =>
				await send('PUT', `${path}/${made.id}`, fields);
			expect((await put({ name: 'Renamed' })).json()).toMatchObject({ name: 'Renamed', color: 1 });
			expect(errorCode(await put({ stateType: 'Final' }))).toBe(3005);
			expect(errorCode(await put({ color: 'red' }))).toBe(2016);
			expect(errorCode(await put({ name: '' }))).toBe(3000);
			const [, second] = mixed.json<State[]>();
			for (const { id } of [made, second]) {
				expect((await send('DELETE', `${path}/${id}`)).text).toBe('');
			}
			expect(await states(type)).toEqual(before);
			const strange = `/entity/${type === 'task' ? 'contract' : 'task'}/metadata/states`;
			expect(errorCode(await moysklad(sandbox, `${strange}/${before[0].id}`))).toBe(1021);
		},
	);

	test('the type of a state is needed for contracts, not for tasks', async () => {
		const body = { name: 'x', color: 1 };
		expect(errorCode(await send('POST', '/entity/contract/metadata/states', body))).toBe(3000);
		const made = (await send('POST', '/entity/task/metadata/states', body)).json<State>();
		expect(made.stateType).toBe('Regular');
	});

	test.each([
		['POST', '', 1045],
		['PUT', '/id', 1017],
		['DELETE', '/id', 1018],
	] as const)('%s is for administrators', async (method, rest, code) => {
		const [first] = await states('contract');
		const path = `/entity/contract/metadata/states${rest.replace('id', first.id)}`;
		const body = method === 'DELETE' ? undefined : { name: 'x' };
		const answer = await moysklad(sandbox, path, { method, body, token: MOYSKLAD_TOKENS.nonAdmin });
		expect([answer.status, errorCode(answer)]).toEqual([403, code]);
	});

	test('contracts and tasks are filtered by the name of their state', async () => {
		const task = { description: 'Call', assignee: ref('employee', 0) };
		for (const [type, body] of [
			['contract', bodies.contract()],
			['task', task],
		] as const) {
			const state = (await states(type))[1];
			const meta = state.meta;
			const made = (
				await send('POST', `/entity/${type}`, { ...body, state: { meta } })
			).json<Entity>();
			const found = rowsOf<Entity>(await filtered(type, `state.name=${state.name}`));
			expect(found.map(({ id }) => id)).toContain(made.id);
			const expanded = (await moysklad(sandbox, `/entity/${type}/${made.id}?expand=state`)).json();
			expect(expanded.state).toMatchObject({ name: state.name });
			const none = rowsOf<Entity>(await filtered(type, 'state.name=No such state'));
			expect(none).toEqual([]);
			const used = await send('DELETE', `/entity/${type}/metadata/states/${state.id}`);
			expect([used.status, errorCode(used)]).toEqual([409, 1028]);
		}
	});
});

describe('custom dictionaries', () => {
	const path = (): string => `/entity/customentity/${sandbox.moysklad.customDictionaries.id}`;

	test('have elements and metadata', async () => {
		const answer = await moysklad(sandbox, path());
		expect(metaOf(answer)).toMatchObject({ type: 'customentity', size: 5 });
		const [first] = rowsOf<Entity>(answer);
		expect((await moysklad(sandbox, `${path()}/${first.id}`)).json()).toEqual(first);
		const { customEntityMeta } = await one('product', 'customentity');
		const { href } = customEntityMeta as { href: string };
		const metadata = (await moysklad(sandbox, href.slice(sandbox.urls.moysklad.length))).json();
		expect(metadata).toMatchObject({
			name: 'Сезон',
			entityMeta: { href: sandbox.urls.moysklad + path() },
		});
	});

	test('are filtered, searched and sorted', async () => {
		const list = async (query: string): Promise<string[]> =>
			rowsOf<Entity>(await moysklad(sandbox, `${path()}?${query}`)).map(({ name }) => name);
		expect(await list('filter=name%3DWinter')).toEqual(['Winter']);
		expect(await list(`search=${encodeURIComponent('осе')}`)).toEqual(['Осень']);
		expect((await list('order=code,desc&limit=2'))[0]).toBe('Круглый год');
	});

	test('unknown ones', async () => {
		const { world } = sandbox.moysklad;
		const other = world.id('customdictionary', 5);
		expect(errorCode(await moysklad(sandbox, `/entity/customentity/${other}`))).toBe(1021);
		expect(errorCode(await moysklad(sandbox, '/entity/customentity'))).toBe(1001);
		expect(errorCode(await moysklad(sandbox, `${path()}/${other}`))).toBe(1021);
	});
});

describe('saved filters', () => {
	interface Saved extends Json {
		id: string;
		name: string;
		meta: { href: string };
	}
	const savedOf = async (type: string): Promise<Saved[]> =>
		rowsOf<Saved>(await moysklad(sandbox, `/entity/${type}/namedfilter`));
	const applied = async (type: string, href: string, more = ''): Promise<Answer> =>
		await moysklad(sandbox, `/entity/${type}?namedfilter=${encodeURIComponent(href)}${more}`);

	test.each(['bundle', 'contract', 'task', 'product', 'counterparty'])('of %s', async (type) => {
		const saved = await savedOf(type);
		expect(saved.length).toBeGreaterThan(0);
		for (const filter of saved) {
			expect(filter).not.toHaveProperty('filter');
			const path = `/entity/${type}/namedfilter/${filter.id}?expand=owner`;
			const shown = (await moysklad(sandbox, path)).json();
			expect(shown).toMatchObject({ name: filter.name, owner: { uid: 'admin@sandbox' } });
			expect((await applied(type, filter.meta.href)).status).toBe(200);
		}
	});

	test('select rows', async () => {
		const [heavy] = await savedOf('bundle');
		const rows = rowsOf<Entity>(await applied('bundle', heavy.meta.href));
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(({ weight }) => Number(weight) > 5)).toBe(true);
		const [archived] = await savedOf('contract');
		const contracts = rowsOf<Entity>(await applied('contract', archived.meta.href));
		expect(contracts.length).toBeGreaterThan(0);
		expect(contracts.every((contract) => contract.archived === true)).toBe(true);
		const [done] = await savedOf('task');
		const tasks = rowsOf<Entity>(await applied('task', done.meta.href));
		expect(tasks.every((task) => task.done === true)).toBe(true);
	});

	test.each(['&filter=name%3Dx', '&search=x', '&order=name'])('go without %s', async (more) => {
		for (const type of ['bundle', 'contract']) {
			const [filter] = await savedOf(type);
			expect(errorCode(await applied(type, filter.meta.href, more))).toBe(1069);
		}
	});

	test('belong to their list', async () => {
		const [filter] = await savedOf('bundle');
		expect(errorCode(await applied('contract', filter.meta.href))).toBe(63001);
		expect(errorCode(await applied('uom', filter.meta.href))).toBe(63001);
		expect(errorCode(await applied('assortment', filter.meta.href))).toBe(63001);
		expect(errorCode(await applied('bundle', 'Heavy sets'))).toBe(63002);
		const gone = filter.meta.href.replace(/[^/]+$/, sandbox.moysklad.world.id('namedfilter', 99));
		expect(errorCode(await applied('bundle', gone))).toBe(63003);
		const twice = `&namedfilter=${encodeURIComponent(filter.meta.href)}`;
		expect(errorCode(await applied('bundle', filter.meta.href, twice))).toBe(63000);
	});

	test('of a colleague are for administrators; solutions must name an employee', async () => {
		const { world } = sandbox.moysklad;
		const path = `/entity/bundle/namedfilter?owner=${world.ref('employee', 1).meta.href}`;
		expect(rowsOf<Saved>(await moysklad(sandbox, path)).map(({ name }) => name)).toEqual([
			'Sets of a colleague',
		]);
		const token = MOYSKLAD_TOKENS.nonAdmin;
		expect(errorCode(await moysklad(sandbox, path, { token }))).toBe(1016);
		const solution = { token: MOYSKLAD_TOKENS.solution };
		const own = '/entity/bundle/namedfilter';
		expect(errorCode(await moysklad(sandbox, own, solution))).toBe(63005);
		expect(errorCode(await moysklad(sandbox, `${own}?owner=me`))).toBe(63004);
	});
});
