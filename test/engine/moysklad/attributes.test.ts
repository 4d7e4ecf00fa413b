/** Custom attributes: written in every way, compared in every way that MoySklad allows. */
import type { IDataObject } from 'n8n-workflow';

import { attributeOperators, type Attribute } from '../../../nodes/MoySklad/attributes';
import type { FilterOperator } from '../../../nodes/shared/catalogue';
import { idAt, metaOf, plainProducts, PNG } from './samples';
import { ACTION, automatic, byHand, House, inJson, NOBODY, speedUp } from './setup';

jest.setTimeout(60_000);

let house: House;
let slowDown: () => void;
beforeAll(async () => {
	// The budget is kept; its seconds pass quickly.
	slowDown = speedUp(20, 10_000);
	house = await House.open();
});
afterAll(async () => {
	await house.close();
	slowDown();
});

const definitions = () => house.state.attributes.list('contract');
const definition = (type: string) => {
	const found = definitions().find((one) => one.type === type);
	if (!found) throw new Error(`No attribute of the type ${type}`);
	return found;
};
const element = (type: string) =>
	metaOf(house, 'attributemetadata', definition(type).id, '/entity/contract/metadata/attributes');
/** The counterparty goes by its link: an ID alone would be looked for before. */
const base = () => ({
	ownAgent: idAt(house, 'organization'),
	agent: `${house.state.world.base}/entity/counterparty/${idAt(house, 'counterparty')}`,
});
const season = () => house.state.customDictionaries;

interface Sample {
	given: unknown;
	wire: unknown;
}

/** Values by type, as people have them. */
function samplesOf(type: string): Sample[] {
	const reference = (keyword: string, id: string): Sample[] => [
		{ given: id, wire: metaOf(house, keyword, id) },
		{
			given: `https://online.moysklad.ru/api/remap/1.2/entity/${keyword}/${id}`,
			wire: metaOf(house, keyword, id),
		},
		{ given: { id }, wire: metaOf(house, keyword, id) },
		{ given: metaOf(house, keyword, id), wire: metaOf(house, keyword, id) },
	];
	switch (type) {
		case 'string':
		case 'text':
			return [
				{ given: 'Ivanova; "Anna"', wire: 'Ivanova; "Anna"' },
				{ given: 15, wire: '15' },
			];
		case 'link':
			return [{ given: 'https://example.com/?a=1', wire: 'https://example.com/?a=1' }];
		case 'long':
			return [
				{ given: 30, wire: 30 },
				{ given: ' 45 ', wire: 45 },
			];
		case 'double':
			return [
				{ given: 1.25, wire: 1.25 },
				{ given: '2,5', wire: 2.5 },
			];
		case 'boolean':
			return [
				{ given: false, wire: false },
				{ given: 'true', wire: true },
			];
		case 'time':
			return [{ given: '2026-12-31T21:00:00Z', wire: '2027-01-01 00:00:00.000' }];
		case 'product':
			return reference('product', plainProducts(house, 1)[0]);
		case 'customentity': {
			const attribute = definition(type);
			const path = `/entity/customentity/${attribute.dictionary}`;
			const id = house.state.world.id('customelement', 1);
			const wire = metaOf(house, 'customentity', id, path);
			return [
				{ given: id, wire },
				{ given: `${house.state.world.base}${path}/${id}`, wire },
				{ given: 'Winter', wire: { name: 'Winter' } },
			];
		}
		default:
			return reference(type, idAt(house, type));
	}
}

const TYPES = [
	'string',
	'text',
	'link',
	'long',
	'double',
	'boolean',
	'time',
	'customentity',
	'contract',
	'counterparty',
	'project',
	'store',
	'employee',
	'product',
];

/** The element that went out for an attribute. */
const sentFor = (body: unknown, type: string) =>
	((body as IDataObject).attributes as IDataObject[]).find(
		({ meta }) => (meta as IDataObject).href === (element(type).meta as IDataObject).href,
	);

describe.each(TYPES)('%s', (type) => {
	test('by ID and by name, in the mapper, in a list and in an object of JSON', async () => {
		expect(season().find(house.state.world.id('customelement', 0))).toBeDefined();
		for (const { given, wire } of samplesOf(type)) {
			const { id, name } = definition(type);
			const key = `attribute:${id}`;
			const schema = [{ id: key, displayName: `${name} (Whatever)`, type: 'string' }];
			const ways: Array<[object, IDataObject]> = [
				[byHand({ ...base(), [key]: given as string }), {}],
				[automatic(), { ...base(), [key]: given as string }],
				[automatic(undefined, schema), { ...base(), [name]: given as string }],
				[inJson({ ...base(), [key]: given }), {}],
				[inJson({ ...base(), [`attribute:${name}`]: given }), {}],
				[inJson({ ...base(), attributes: [{ id, value: given }] }), {}],
				[inJson({ ...base(), attributes: [{ name, value: given }] }), {}],
				[inJson({ ...base(), attributes: { [name]: given } }), {}],
				[byHand({ ...base(), attributes: JSON.stringify({ [id]: given }) }), {}],
			];
			for (const [index, [way, item]] of ways.entries()) {
				const { requests, json } = await house.good(
					{ resource: 'contract', operation: 'create', ...way, simplify: false },
					{ items: [item] },
				);
				const { body } = requests[requests.length - 1];
				expect([index, sentFor(body, type)]).toEqual([index, { ...element(type), value: wire }]);
				const kept = (json[0].attributes as IDataObject[]).find((one) => one.id === id);
				if (typeof wire !== 'object') expect(kept?.value).toEqual(wire);
			}
		}
	});

	test('null clears what may be empty', async () => {
		const [{ given }] = samplesOf(type);
		const { id } = definition(type);
		const [row] = (
			await house.good({
				resource: 'contract',
				operation: 'create',
				...inJson({ ...base(), [`attribute:${id}`]: given }),
			})
		).json;
		const update = {
			resource: 'contract',
			operation: 'update',
			contractId: { __rl: true, mode: 'id', value: String(row.id) },
			simplify: false,
		};
		for (const [way, options] of [
			[inJson({ [`attribute:${id}`]: null }), {}],
			[inJson({ attributes: [{ id, value: null }] }), {}],
			[byHand({ [`attribute:${id}`]: '' }), { emptyValues: 'clear' }],
		] as const) {
			const { requests, json } = await house.good({ ...update, ...way, options });
			expect(requests[requests.length - 1].body).toEqual({
				attributes: [{ ...element(type), value: null }],
			});
			const left = ((json[0].attributes ?? []) as IDataObject[]).map((one) => one.id);
			expect(left).not.toContain(id);
		}
	});
});

test('a file goes with its content, and comes back untouched', async () => {
	const { id } = definition('file');
	const file = { filename: 'scan.png', content: PNG };
	const { requests, json } = await house.good({
		resource: 'contract',
		operation: 'create',
		...inJson({
			...base(),
			[`attribute:${id}`]: { ...file, content: `data:image/png;base64,${PNG}` },
		}),
		simplify: false,
	});
	expect(sentFor(requests[1].body, 'file')).toEqual({ ...element('file'), file });
	const written = await house.good({
		resource: 'contract',
		operation: 'update',
		contractId: { __rl: true, mode: 'id', value: String(json[0].id) },
		...inJson({ attributes: json[0].attributes, description: 'read and written' }),
		simplify: false,
	});
	expect((written.json[0].attributes as IDataObject[]).map((one) => one.id)).toContain(id);
});

test.each<[string, string, unknown, string]>([
	['a whole number with a fraction', 'long', 1.5, "is '1.5'"],
	['no number', 'double', 'much', "is 'much'"],
	['no checkbox', 'boolean', 'maybe', "is 'maybe'"],
	['no date', 'time', 'soon', "holds 'soon', which is no date"],
	[
		'another type',
		'counterparty',
		`https://api.moysklad.ru/api/remap/1.2/entity/store/${NOBODY}`,
		'is not the link of an object of the type counterparty',
	],
	[
		'a file without content',
		'file',
		{ filename: 'x' },
		"is a file without 'filename' and 'content'",
	],
])('%s is refused for its item, nothing is written', async (_what, type, value, message) => {
	const { id, name } = definition(type);
	const { error, requests } = await house.bad(
		{ resource: 'contract', operation: 'create', ...inJson('={{ $json }}') },
		{ items: [base(), { ...base(), [`attribute:${id}`]: value as string }] },
	);
	expect(error.message).toContain(`'${name}' `);
	expect(error.message).toContain(message);
	expect(error.message).toContain('[item 1]');
	expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('an attribute that the account does not have', async () => {
	const { error } = await house.bad({
		resource: 'contract',
		operation: 'create',
		...inJson({ ...base(), attributes: { Nonsense: 1 } }),
	});
	expect(error.message).toBe("'Custom Attribute' 'Nonsense' does not exist");
	expect(error.description).toContain('Signed by');
});

test('definitions are asked for once, however many items', async () => {
	const { id } = definition('long');
	const items = Array.from({ length: 150 }, (_, index) => ({
		...base(),
		[`attribute:${id}`]: index,
	}));
	const { requests } = await house.good(
		{ resource: 'contract', operation: 'create', ...automatic() },
		{ items },
	);
	expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
});

describe('conditions', () => {
	const list = { resource: 'contract', operation: 'getAll', returnAll: true };
	const conditions = (...row: IDataObject[]) => ({ filters: { attributeConditions: { row } } });
	let rows: IDataObject[];
	beforeAll(async () => {
		rows = (await house.good({ ...list, simplify: false })).json;
	});

	/** What an attribute of a raw row compares as. */
	function found(row: IDataObject, id: string, type: string): string | number | undefined {
		const attributes = (row.attributes ?? []) as IDataObject[];
		const value: unknown = attributes.find((one) => one.id === id)?.value;
		if (value === undefined || value === null || value === '') return undefined;
		if (typeof value === 'object') {
			const { href } = (value as { meta: { href: string } }).meta;
			return href.split('/').pop();
		}
		if (type === 'time') return Date.parse(`${String(value).replace(' ', 'T')}+03:00`);
		return typeof value === 'number' ? value : String(value);
	}

	const compare: Record<
		FilterOperator,
		(value: string | number | undefined, wanted: string | number) => boolean
	> = {
		equals: (value, wanted) => value === wanted,
		notEquals: (value, wanted) => value !== wanted,
		contains: (value, wanted) =>
			String(value ?? '')
				.toLowerCase()
				.includes(String(wanted).toLowerCase()),
		notContains: (value, wanted) => !compare.contains(value, wanted),
		startsWith: (value, wanted) =>
			String(value ?? '')
				.toLowerCase()
				.startsWith(String(wanted).toLowerCase()),
		endsWith: (value, wanted) =>
			String(value ?? '')
				.toLowerCase()
				.endsWith(String(wanted).toLowerCase()),
		greater: (value, wanted) => value !== undefined && value > wanted,
		greaterOrEqual: (value, wanted) => value !== undefined && value >= wanted,
		less: (value, wanted) => value !== undefined && value < wanted,
		lessOrEqual: (value, wanted) => value !== undefined && value <= wanted,
		isEmpty: (value) => value === undefined,
		isNotEmpty: (value) => value !== undefined,
	};

	const cases = TYPES.flatMap((type) =>
		attributeOperators({ type } as Attribute).map((operator): [string, FilterOperator] => [
			type,
			operator,
		]),
	);
	test.each(cases)('%s, %s', async (type, operator) => {
		const { id, name } = definition(type);
		const sample = rows.map((row) => found(row, id, type)).find((value) => value !== undefined);
		expect(sample).toBeDefined();
		const part = { contains: [1, 4], startsWith: [0, 3], endsWith: [-3] }[operator as string];
		const wanted = part ? String(sample).slice(...part) : (sample as string | number);
		const value = type === 'time' ? new Date(Number(wanted)).toISOString() : String(wanted);
		const hasValue = operator !== 'isEmpty' && operator !== 'isNotEmpty';
		for (const attribute of [id, name]) {
			const { json, requests } = await house.good({
				...list,
				...conditions({ attribute, operator, ...(hasValue ? { value } : {}) }),
			});
			const expected = rows.filter((row) => compare[operator](found(row, id, type), wanted));
			expect(json.map((row) => row.id)).toEqual(expected.map((row) => row.id));
			expect(requests).toHaveLength(2);
		}
	});

	test('several values with Is are alternatives; with others they all hold', async () => {
		const { id } = definition('string');
		const values = [...new Set(rows.map((row) => found(row, id, 'string')))].slice(0, 2);
		const { json, requests } = await house.good({
			...list,
			...conditions(
				...values.map((value) => ({ attribute: id, operator: 'equals', value: value as string })),
			),
		});
		const expected = rows.filter((row) => values.includes(found(row, id, 'string')));
		expect(json.map((row) => row.id)).toEqual(expected.map((row) => row.id));
		expect(String(requests[1].query.filter).split(';')).toHaveLength(2);
	});

	test.each<[string, IDataObject, string]>([
		['no attribute', { operator: 'equals', value: 'x' }, "'Attribute Name or ID' is empty"],
		[
			'an unknown one',
			{ attribute: 'Nonsense', operator: 'equals', value: 'x' },
			"'Nonsense' does not exist",
		],
		[
			'no value',
			{ attribute: 'Signed by', operator: 'equals', value: '' },
			"have no value to compare 'Signed by (Line)' with",
		],
		[
			'an operator for texts on a number',
			{ attribute: 'Bonus, %', operator: 'contains', value: '1' },
			'in a way that this attribute does not allow',
		],
		[
			'an order of texts',
			{ attribute: 'Signed by', operator: 'greater', value: 'A' },
			'in a way that this attribute does not allow',
		],
		[
			'a file',
			{ attribute: 'Скан', operator: 'isNotEmpty' },
			'in a way that this attribute does not allow',
		],
		[
			'a number that is none',
			{ attribute: 'Bonus, %', operator: 'equals', value: 'x' },
			"'Bonus, %' is 'x'",
		],
		[
			'a checkbox that is none',
			{ attribute: 'Автопродление', operator: 'equals', value: 'x' },
			"'Автопродление' is 'x'",
		],
	])('%s is refused, and nothing is listed', async (_what, row, message) => {
		const { error, requests } = await house.bad({ ...list, ...conditions(row) });
		expect(error.message).toContain(message);
		expect(requests.filter(({ path }) => path.endsWith('/entity/contract'))).toEqual([]);
	});

	test('the attributes to choose from: those of contracts, or of goods', async () => {
		const options = async (resource: string) =>
			await house.engine.loadOptions(ACTION, 'getAttributes', {
				credentials: { moySkladApi: 'fast' },
				parameters: { resource },
			});
		const contract = await options('contract');
		expect(contract.map(({ value }) => value).sort()).toEqual(
			definitions()
				.map(({ id }) => id)
				.sort(),
		);
		expect(contract.map(({ name }) => name)).toContain('Signed by (Line)');
		expect((await options('bundle')).map(({ value }) => value).sort()).toEqual(
			house.state.attributes
				.list('product')
				.map(({ id }) => id)
				.sort(),
		);
	});
});

describe('an attribute that the account requires', () => {
	beforeAll(() => house.requireAttributes(true));
	afterAll(() => house.requireAttributes(false));

	const LABEL = 'Signed by (Line)';
	const signature = () => definition('string').id;
	const contracts = () => house.state.dictionary('contract').all().length;
	const writes = (requests: Array<{ method: string }>) =>
		requests.filter(({ method }) => method !== 'GET');
	const ways = (operation: string) => ({
		resource: 'contract',
		operation,
		...inJson('={{ $json }}'),
		...(operation === 'upsert' ? { matchOn: 'externalCode' } : {}),
	});
	const named = (name: string) => ({ ...base(), name, externalCode: name });

	describe.each(['create', 'upsert'])('%s', (operation) => {
		test.each<[string, () => IDataObject]>([
			['is missing', () => ({})],
			['is empty', () => ({ [`attribute:${signature()}`]: '' })],
			['is null in a list', () => ({ attributes: [{ name: 'Signed by', value: null }] })],
			['is null by its link', () => ({ attributes: [{ ...element('string'), value: null }] })],
			['stands beside others', () => ({ attributes: { [definition('long').name]: 3 } })],
		])('in JSON it %s: the item is named, nothing is written', async (what, without) => {
			const before = contracts();
			const items = [
				{ ...named(`${operation} ${what} 0`), attributes: { 'Signed by': 'Anna' } },
				{ ...named(`${operation} ${what} 1`), ...without() },
			];
			const { error, requests } = await house.bad(ways(operation), { items });
			expect(error.message).toBe(`'${LABEL}' is empty, but needed to create the object [item 1]`);
			expect(error.description).toContain('{"attributes": {"Signed by": …}}');
			expect(writes(requests)).toEqual([]);
			expect(contracts()).toBe(before);
		});

		test('with the error output the sound item is written', async () => {
			const items = [
				{ ...named(`${operation} half 0`), attributes: { 'Signed by': 'Anna' } },
				named(`${operation} half 1`),
			];
			const { result, requests } = await house.run(ways(operation), {
				items,
				onError: 'continueErrorOutput',
			});
			expect(result.items('MoySklad', 0).map(({ json }) => json.name)).toEqual([items[0].name]);
			expect(result.items('MoySklad', 1)).toHaveLength(1);
			expect(writes(requests)).toHaveLength(1);
		});

		// Nobody is asked for the attributes only to check them: MoySklad refuses the objects, and nothing is half written.
		test('items without any attribute are refused by MoySklad', async () => {
			const before = contracts();
			const { error, requests } = await house.bad(ways(operation), {
				items: [named(`${operation} alone`), named(`${operation} also`)],
			});
			expect(error.message).toMatch(/^MoySklad: .*needed/);
			expect(error.description).toContain('Signed by');
			expect(requests.filter(({ path }) => path.endsWith('/attributes'))).toEqual([]);
			expect(contracts()).toBe(before);
		});
	});

	test('Create or Update asks for it only where it creates', async () => {
		const old = named('there before');
		await house.good(ways('create'), { items: [{ ...old, attributes: { 'Signed by': 'Anna' } }] });
		const again = { ...old, description: 'changed' };
		const fresh = { ...named('new beside it'), attributes: { 'Signed by': 'Boris' } };
		const { json } = await house.good(
			{ ...ways('upsert'), simplify: false },
			{ items: [again, fresh, { ...named('new beside it'), description: 'a change of it' }] },
		);
		expect(json.map(({ description }) => description)).toEqual([
			'changed',
			undefined,
			'a change of it',
		]);
		for (const row of json) {
			expect((row.attributes as IDataObject[]).map(({ id }) => id)).toContain(signature());
		}
	});

	test.each<[string, () => object]>([
		['by its field', () => byHand({ [`attribute:${signature()}`]: '' })],
		['in JSON', () => inJson({ [`attribute:${signature()}`]: null })],
		['in a list', () => inJson({ attributes: [{ name: 'Signed by', value: null }] })],
		['by its link', () => inJson({ attributes: [{ ...element('string'), value: null }] })],
	])('Update that clears it %s is refused before it is sent', async (_what, way) => {
		const { error, requests } = await house.bad({
			resource: 'contract',
			operation: 'update',
			contractId: { __rl: true, mode: 'id', value: idAt(house, 'contract') },
			...way(),
			options: { emptyValues: 'clear' },
		});
		expect(error.message).toBe(`'${LABEL}' is cleared, but the account requires it`);
		expect(writes(requests)).toEqual([]);
	});

	test('goods share the attributes of products', async () => {
		const items = [
			{ name: 'One', attributes: [{ ...element('string'), value: 'x' }] },
			{ name: 'Two' },
		];
		const { error, requests } = await house.bad(
			{ resource: 'product', operation: 'create', ...inJson('={{ $json }}') },
			{ items },
		);
		expect(error.message).toBe(
			"'Толщина, мм (Decimal Number)' is empty, but needed to create the object [item 0]",
		);
		expect(writes(requests)).toEqual([]);
	});

	test('attributes that cannot be read are left to MoySklad', async () => {
		house.sandbox.faults.add({ vendor: 'moysklad', path: '/metadata/attributes$', status: 403 });
		const { error, requests } = await house.bad(ways('create'), {
			items: [
				{ ...named('unread 0'), attributes: [{ ...element('long'), value: 3 }] },
				named('unread 1'),
			],
		});
		expect(error.message).toMatch(/^MoySklad: .*needed/);
		expect(writes(requests)).toHaveLength(1);
	});
});
