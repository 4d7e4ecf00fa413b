/** Create or Update: how objects are found, and what becomes of those that are not. */
import type { IDataObject } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import type { RequestLogEntry } from '../../../sandbox';
import { idAt, leastObject, metaOf } from './samples';
import { automatic, byHand, House, inJson, NOBODY, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());
afterEach(() => house.sandbox.faults.clear());

const withArrays = plainDictionaries.filter(({ single }) => !single);
const lookUps = (requests: RequestLogEntry[]) => requests.filter(({ method }) => method === 'GET');
const writes = (requests: RequestLogEntry[]) =>
	requests.filter(({ method }) => method !== 'GET').map(({ body }) => body as IDataObject[]);
const folders = { resource: 'productFolder', operation: 'upsert' };
const create = async (resource: string, items: IDataObject[]) =>
	(
		await house.good({ resource, operation: 'create', ...inJson('={{ $json }}') }, { items })
	).json.map(({ id }) => String(id));

describe.each(
	withArrays.map((dictionary): [string, Dictionary] => [dictionary.resource, dictionary]),
)('%s', (resource, dictionary) => {
	const path = `/entity/${dictionary.keyword}`;
	const fields = dictionary.fields.filter(({ match }) => match).map(({ name }) => name);
	const description = dictionary.fields.some(({ name }) => name === 'description')
		? 'description'
		: 'fullName';

	test.each(['id', ...fields])('by %s: creates, then changes', async (field) => {
		const value = `key of ${field}`;
		const { given, wire } = leastObject(house, resource, `by ${field}`);
		const first = { ...given, [field]: field === 'id' ? '' : value, [description]: 'new' };
		if (resource === 'currency') Object.assign(first, { isoCode: `K${field}` });
		const made = await house.good(
			{ resource, operation: 'upsert', ...automatic(field), simplify: false },
			{ items: [first] },
		);
		expect(paths(made.requests)).toEqual(
			field === 'id' ? [`POST ${path}`] : [`GET ${path}`, `POST ${path}`],
		);
		const [[sent]] = writes(made.requests);
		expect(sent).toMatchObject({
			...wire,
			...(resource === 'currency' ? { isoCode: `K${field}` } : {}),
			[description]: 'new',
			...(field === 'id' ? {} : { [field]: value }),
		});
		expect(sent.meta).toBeUndefined();
		expect(sent.id).toBeUndefined();
		const { id } = made.json[0];
		const key = field === 'id' ? String(id) : value;

		const changed = await house.good({
			resource,
			operation: 'upsert',
			...byHand({ [field]: key, [description]: 'changed' }, field),
			simplify: false,
		});
		expect(changed.json[0]).toMatchObject({ id, [description]: 'changed' });
		expect(writes(changed.requests)).toEqual([
			[
				{
					...metaOf(house, dictionary.keyword, String(id)),
					...(field === 'id' ? {} : { [field]: value }),
					[description]: 'changed',
				},
			],
		]);
		// The same object as a whole again: what is fixed at creation does not get in the way.
		const again = await house.good(
			{ resource, operation: 'upsert', ...inJson('={{ $json }}', field), simplify: false },
			{ items: [{ ...first, [field]: key }] },
		);
		expect(again.json[0].id).toBe(id);
		expect(writes(again.requests)[0][0].syncId).toBeUndefined();
	});

	if (fields.length > 0) {
		test('what a new object needs is checked, only for new ones', async () => {
			const [field] = fields;
			const required = dictionary.fields.find((one) => one.required && one.name !== field);
			if (!required) return;
			const { given } = leastObject(house, resource, 'needs');
			const [id] = await create(resource, [{ ...given, [field]: 'present' }]);
			const items = [{ [field]: 'present' }, { [field]: 'absent' }];
			const { items: out } = await house.run(
				{ resource, operation: 'upsert', ...inJson('={{ $json }}', field) },
				{ items, onError: 'continueRegularOutput' },
			);
			expect(out[0].json.id).toBe(id);
			expect(out[1].json.error).toContain(
				`'${required.label}' is empty, but needed to create the object`,
			);
			const { error, requests } = await house.bad(
				{ resource, operation: 'upsert', ...inJson('={{ $json }}', field) },
				{ items },
			);
			expect(error.message).toMatch(/\[item 1\]$/);
			expect(writes(requests)).toEqual([]);
		});
	}

	if (dictionary.hides === 'archived') {
		test('archived objects are found', async () => {
			const [field] = fields;
			const { given } = leastObject(house, resource, 'archived');
			const [id] = await create(resource, [{ ...given, [field]: 'in the archive' }]);
			await house.good({
				resource,
				operation: 'update',
				[`${resource}Id`]: { __rl: true, mode: 'id', value: id },
				...inJson({ archived: true }),
			});
			const { json } = await house.good({
				resource,
				operation: 'upsert',
				...inJson({ [field]: 'in the archive', [description]: 'found' }, field),
			});
			expect(json[0].id).toBe(id);
		});
	}
});

test('1,000 keys are looked up in at most 10 requests and written in one', async () => {
	const items = Array.from({ length: 1000 }, (_, index) => ({
		externalCode: `bulk-${index}`,
		name: `Folder ${index}`,
	}));
	const half = items.filter((_, index) => index % 2 === 0);
	const ids = await create('productFolder', half);
	const { json, requests } = await house.good(
		{ ...folders, ...automatic('externalCode') },
		{ items },
	);
	expect(lookUps(requests).length).toBeLessThanOrEqual(10);
	expect(writes(requests).map(({ length }) => length)).toEqual([1000]);
	const [sent] = writes(requests);
	expect(sent.filter(({ meta }) => meta !== undefined)).toHaveLength(500);
	expect(json.filter((_, index) => index % 2 === 0).map(({ id }) => id)).toEqual(ids);
	expect(json.map(({ externalCode }) => externalCode)).toEqual(
		items.map(({ externalCode }) => externalCode),
	);
	const again = await house.good({ ...folders, ...automatic('externalCode') }, { items });
	expect(again.json.map(({ id }) => id)).toEqual(json.map(({ id }) => id));
});

test('two objects with one key: an error that names both, the others are written', async () => {
	const twins = await create('productFolder', [
		{ name: 'twin', code: 'T', externalCode: 'same' },
		{ name: 'twin 2', code: 'T', externalCode: 'same' },
	]);
	const items = [
		{ code: 'T', name: 'no' },
		{ code: 'alone', name: 'yes' },
	];
	const parameters = { ...folders, ...automatic('code') };
	const { items: out, requests } = await house.run(parameters, {
		items,
		onError: 'continueRegularOutput',
	});
	expect(out[0].json.error).toBe(`'Code' 'T' belongs to 2 objects: ${twins.join(', ')} [item 0]`);
	expect(out[1].json.name).toBe('yes');
	expect(writes(requests).map(({ length }) => length)).toEqual([1]);
	const { error, requests: none } = await house.bad(parameters, { items });
	expect(error.message).toContain(twins[0]);
	expect(error.message).toContain(twins[1]);
	expect(writes(none)).toEqual([]);
});

test('one key several times in the input makes one object', async () => {
	const items = [
		{ externalCode: 'dup', name: 'first' },
		{ externalCode: 'other', name: 'other' },
		{ externalCode: 'dup', description: 'second' },
		{ externalCode: ' dup ', name: 'third' },
	];
	const { json, requests } = await house.good(
		{ ...folders, ...automatic('externalCode') },
		{ items },
	);
	expect(lookUps(requests)).toHaveLength(1);
	expect(writes(requests).map((body) => body.map(({ meta }) => meta !== undefined))).toEqual([
		[false, false],
		[true],
		[true],
	]);
	expect(json[2].id).toBe(json[0].id);
	expect(json[3].id).toBe(json[0].id);
	const { name, description } =
		house.state.dictionary('productfolder').find(String(json[0].id)) ?? {};
	expect([name, description]).toEqual(['third', 'second']);
});

describe('keys', () => {
	test.each([
		['a semicolon', 'a;b'],
		['quotes', `"a" 'b'`],
		['Cyrillic and blanks', 'Чай чёрный 100 г'],
		['a plus and a percent', '100%+'],
		['signs inside', 'a=b~c>d<e!f'],
		['a backslash inside', 'a\\b'],
	])('%s', async (_what, code) => {
		const parameters = { ...folders, ...automatic('code') };
		const items = [{ code, name: 'key' }];
		const made = await house.good(parameters, { items });
		const found = await house.good(parameters, { items });
		expect(found.json[0].id).toBe(made.json[0].id);
	});

	test.each([
		['empty', '', "'Code' is empty, so no existing object can be found by it"],
		['unwritable', '~a', "'Code' is compared with '~a'"],
		['unwritable at the end', 'a\\', "'Code' is compared with 'a\\'"],
	])('%s: refused', async (_what, code, message) => {
		const error = await house
			.refused(
				{ ...folders, ...automatic('code') },
				{
					items: [
						{ name: 'fine', code: 'ok' },
						{ name: 'key', code },
					],
				},
			)
			.catch(async () => {
				// A good neighbour is looked up meanwhile; nothing is written all the same.
				const bad = await house.bad(
					{ ...folders, ...automatic('code') },
					{
						items: [
							{ name: 'fine', code: 'ok' },
							{ name: 'key', code },
						],
					},
				);
				expect(writes(bad.requests)).toEqual([]);
				return bad.error;
			});
		expect(error.message).toContain(message);
		expect(error.message).toContain('[item 1]');
	});

	test('an ID that nobody has is an error of its item', async () => {
		const { items } = await house.run(
			{ ...folders, ...automatic('id') },
			{
				items: [
					{ id: NOBODY, name: 'x' },
					{ id: '', name: 'fresh' },
				],
				onError: 'continueRegularOutput',
			},
		);
		expect(items[0].json.error).toContain('(code 1021)');
		expect(items[1].json.name).toBe('fresh');
		const link = `https://api.moysklad.ru/api/remap/1.2/entity/productfolder/${idAt(house, 'productfolder')}`;
		const { requests } = await house.good({
			...folders,
			...byHand({ id: link, code: 'linked' }, 'id'),
		});
		expect(writes(requests)[0][0]).toEqual({
			...metaOf(house, 'productfolder', idAt(house, 'productfolder')),
			code: 'linked',
		});
	});

	test('nothing to match on', async () => {
		const error = await house.refused({ ...folders, ...byHand({ name: 'x' }, 'description') });
		expect(error.message).toBe("'Match On' is 'description'");
		expect(error.description).toContain('External Code');
	});
});

describe('by a custom attribute', () => {
	const attribute = (name: string) =>
		house.state.attributes.list('contract').find((one) => one.name === name)?.id ?? '';
	const base = () => ({
		ownAgent: idAt(house, 'organization'),
		agent: idAt(house, 'counterparty'),
	});

	test.each<[string, unknown, unknown]>([
		['Signed by', 'Anna K.', 'Anna K.'],
		['Отсрочка, дней', 4711, '4711.0'],
		['Bonus, %', '12,5', 12.5],
		['Scan link', 'https://example.com/a;b', 'https://example.com/a;b'],
	])('%s', async (name, value, same) => {
		const key = `attribute:${attribute(name)}`;
		const parameters = { resource: 'contract', operation: 'upsert' };
		const made = await house.good({ ...parameters, ...inJson({ ...base(), [key]: value }, key) });
		const { json, requests } = await house.good({
			...parameters,
			...inJson({ [key]: same, description: 'found' }, key),
		});
		expect(json[0].id).toBe(made.json[0].id);
		expect(requests.map(({ path }) => path.split('1.2')[1])).toEqual([
			'/entity/contract/metadata/attributes',
			'/entity/contract',
			'/entity/contract',
		]);
		// Two ways to write one number are one key.
		const both = await house.good(
			{ ...parameters, ...inJson('={{ $json }}', key) },
			{
				items: [
					{ ...base(), [key]: value },
					{ ...base(), [key]: same },
				] as IDataObject[],
			},
		);
		expect(both.json.map(({ id }) => id)).toEqual([made.json[0].id, made.json[0].id]);
	});

	test('two ways to write one new number make one object', async () => {
		const key = `attribute:${attribute('Отсрочка, дней')}`;
		const { json } = await house.good(
			{ resource: 'contract', operation: 'upsert', ...inJson('={{ $json }}', key) },
			{
				items: [
					{ ...base(), [key]: '815' },
					{ ...base(), [key]: 815.0 },
					{ ...base(), [key]: '815.0' },
				],
			},
		);
		expect(new Set(json.map(({ id }) => id)).size).toBe(1);
	});

	test('a checkbox tells nothing apart', async () => {
		const key = `attribute:${attribute('Автопродление')}`;
		const { error, requests } = await house.bad({
			resource: 'contract',
			operation: 'upsert',
			...inJson({ ...base(), [key]: true }, key),
		});
		expect(error.message).toContain("'Match On' is 'Автопродление (Checkbox)'");
		expect(writes(requests)).toEqual([]);
	});
});

test('a look-up that fails keeps everything from being written', async () => {
	house.sandbox.faults.add({
		vendor: 'moysklad',
		method: 'GET',
		status: 403,
		body: { errors: [{ code: 1016, error: 'No right' }] },
	});
	const { error, requests } = await house.bad({
		...folders,
		...byHand({ code: 'f', name: 'f' }, 'code'),
	});
	expect(error.message).toContain('(code 1016)');
	expect(writes(requests)).toEqual([]);
});
