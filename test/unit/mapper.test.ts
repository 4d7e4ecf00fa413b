import type { IDataObject, ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import * as fc from 'fast-check';

import type { Call, Mapper, MapperField, Operation } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form';
import { mapFields } from '../../nodes/shared/mapper';
import { readCall } from '../../nodes/shared/parameters';
import { InputProblem } from '../../nodes/shared/problems';
import { Form, type FormContext } from '../../nodes/shared/values';
import { node } from './calls';
import { n8nContext } from './n8nContext';
import { ROOT, shopOf, thingOperation, wiresTo } from './shop';

const fields: MapperField[] = [
	{ name: 'id', label: 'ID', kind: 'text', match: true, matchOnly: true },
	{ name: 'code', label: 'Code', kind: 'text', match: 'default' },
	{ name: 'name', label: 'Name', kind: 'text', required: true, match: true },
	{
		name: 'status',
		label: 'Status',
		kind: 'choice',
		choices: [
			{ name: 'New', value: 'NEW' },
			{ name: 'Old', value: 'OLD' },
		],
	},
	{ name: 'weight', label: 'Weight', kind: 'number' },
	{ name: 'archived', label: 'Archived', kind: 'toggle' },
	{ name: 'rate', label: 'Rate', kind: 'object', rare: true },
	{ name: 'parts', label: 'Parts', kind: 'array' },
	{
		name: 'moment',
		label: 'Moment',
		kind: 'time',
		wire: (value, { timezone }) => `${String(value)} in ${timezone}`,
	},
	{
		name: 'owner',
		label: 'Owner',
		kind: 'object',
		wire: (value, { baseUrl }) => {
			if (value === 'nobody') throw new InputProblem('Owner', "is 'nobody'", 'Give an ID.');
			return { meta: { href: `${baseUrl}/employee/${String(value)}` } };
		},
	},
	{ name: 'tags', label: 'Tags', kind: 'array', wire: (value) => String(value).split(',') },
	{ name: 'skipped', label: 'Skipped', kind: 'text', wire: () => undefined },
];
const ATTRIBUTE = 'attribute:7944ef04-f831-11e5-7a69-971500188b19';
const OTHER = 'attribute:0a6f6ac8-9d1a-11ef-0a80-0d9b002ab8f1';

const mapperOf = (mode: Mapper['mode']): Mapper => ({
	mode,
	fields,
	more: {
		prefix: 'attribute:',
		load: async (send, baseUrl) => {
			const { body } = await send({ method: 'GET', path: '/thing/attributes' });
			expect(baseUrl).toBe(ROOT);
			return (body as IDataObject).rows as unknown as MapperField[];
		},
	},
});

const operationOf = (name: string, mode: Mapper['mode']): Operation => ({
	...thingOperation,
	operation: name,
	fields: [
		{ name: 'fields', label: 'Fields', kind: 'mapper', to: 'control', mapper: mapperOf(mode) },
	],
});
const operations = [
	operationOf('create', 'create'),
	operationOf('update', 'update'),
	operationOf('upsert', 'upsert'),
];
const properties = formOf(shopOf(operations));

/** Reads the form as n8n gives it, for one item. */
function read(
	name: string,
	parameters: IDataObject,
	json: IDataObject[] = [{}],
	itemIndex = 0,
): Call {
	const operation = operations.find((entry) => entry.operation === name) as Operation;
	const all = { resource: 'thing', operation: name, ...parameters };
	return readCall(new Form(n8nContext(properties, all, json)), operation, itemIndex, ROOT);
}

const byHand = (value: unknown, changes: IDataObject = {}): IDataObject => ({
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value, ...changes } as IDataObject,
});
const fromInput = (changes: IDataObject = {}): IDataObject => ({
	inputMode: 'fields',
	fields: { mappingMode: 'autoMapInputData', value: null, ...changes },
});
const byJson = (json: unknown, changes: IDataObject = {}): IDataObject =>
	({ inputMode: 'json', json, ...changes }) as IDataObject;
const label = (id: string, displayName: string) => ({
	id,
	displayName,
	required: false,
	display: true,
	type: 'string',
});

describe('the ways to give fields', () => {
	const body = { name: 'Tea', weight: 2.5, archived: false, parts: [1], rate: { a: 1 } };

	it('by hand, from the input and as JSON end in the same body', () => {
		expect(read('create', byHand(body)).body).toEqual(body);
		expect(read('create', fromInput(), [body]).body).toEqual(body);
		expect(read('create', byJson(body)).body).toEqual(body);
		expect(read('create', byJson(JSON.stringify(body))).body).toEqual(body);
		expect(read('create', byJson('={{ $json }}'), [body]).body).toEqual(body);
		expect(read('create', byHand('={{ $json }}'), [body]).body).toEqual(body);
		expect(read('create', byHand('={{ JSON.stringify($json) }}'), [body]).body).toEqual(body);
	});

	it('each item has its own values', () => {
		const items = [{ n: 'a' }, { n: 'b' }];
		expect(read('create', byHand({ name: '={{ $json.n }}' }), items, 1).body).toEqual({
			name: 'b',
		});
		expect(read('create', fromInput(), [{ name: 'x' }, { name: 'y' }], 1).body).toEqual({
			name: 'y',
		});
		expect(read('create', byJson('={ "name": "{{ $json.n }}" }'), items, 1).body).toEqual({
			name: 'b',
		});
	});

	it('Extra Fields come on top of each of them', () => {
		const options = { moreFields: '{ "shared": true, "weight": "3" }' };
		const more = { name: 'Tea', shared: true, weight: 3 };
		const tea = { name: 'Tea', weight: 1 };
		expect(read('create', { ...byHand(tea), options }).body).toEqual(more);
		expect(read('create', { ...fromInput(), options }, [tea]).body).toEqual(more);
		expect(read('create', { ...byJson(tea), options }).body).toEqual(more);
		expect(read('create', { ...byHand(tea), options: { moreFields: '' } }).body).toEqual(tea);
		expect(
			read('create', { ...byHand({ weight: 1 }), options: { moreFields: '{"name":"Tea"}' } }).body,
		).toEqual(tea);
	});

	it('unknown names pass in JSON only', () => {
		const strange = { name: 'Tea', strange: { deep: [1, null] }, status: 'LATEST' };
		expect(read('create', byJson(strange)).body).toEqual(strange);
		expect(read('create', fromInput(), [strange]).body).toEqual({ name: 'Tea', status: 'LATEST' });
		expect(read('create', byHand(strange)).body).toEqual({ name: 'Tea', status: 'LATEST' });
	});

	it('a value that the form does not list is kept, also by expression', () => {
		const schema = [
			{ ...label('status', 'Status'), type: 'options', options: [{ name: 'New', value: 'NEW' }] },
			label('name', 'Name'),
		];
		const form = byHand({ name: 'Tea', status: '={{ "LATEST" }}' }, { schema });
		expect(read('create', form).body.status).toBe('LATEST');
	});

	it.each([
		['JSON that is a list', byJson('[{"name":"a"}]'), "'JSON' is a list"],
		['empty JSON', byJson(''), "'JSON' is empty"],
		['JSON of an expression without a value', byJson('={{ undefined }}'), "'JSON' is empty"],
		['broken JSON', byJson('{"name":'), "'JSON' is no valid JSON"],
		['JSON that is a number', byJson('3'), "'JSON' is no JSON object"],
		[
			'extra fields as a list',
			{ ...byHand({ name: 'a' }), options: { moreFields: '[1]' } },
			"'Extra Fields' is a list",
		],
		[
			'extra fields as text',
			{ ...byHand({ name: 'a' }), options: { moreFields: 'shared' } },
			"'Extra Fields' is no valid JSON",
		],
		['fields as a list', byHand('={{ [{ name: "a" }] }}'), "'Fields' is a list"],
		['fields as text', byHand('={{ "Tea" }}'), "'Fields' is no valid JSON"],
	])('%s is refused', (_, form, message) => {
		expect(() => read('create', form)).toThrow(InputProblem);
		expect(() => read('create', form)).toThrow(message);
	});

	it('a form that was never touched asks for the required field', () => {
		expect(() => read('create', {})).toThrow("'Name' is empty, but needed");
		expect(read('update', {}).body).toEqual({});
	});
});

describe('wire values', () => {
	it.each([
		['weight', '2.5', 2.5],
		['weight', ' 7 ', 7],
		['weight', '-1e3', -1000],
		['weight', 0, 0],
		['archived', 'true', true],
		['archived', 'FALSE', false],
		['archived', ' True ', true],
		['archived', 1, true],
		['archived', '0', false],
		['archived', false, false],
		['name', 12, '12'],
		['name', true, 'true'],
		['name', ' Tea ', ' Tea '],
		['code', { a: 1 }, '{"a":1}'],
		['rate', '{"a":1}', { a: 1 }],
		['rate', { a: 1 }, { a: 1 }],
		['parts', '[1,2]', [1, 2]],
		['parts', [], []],
		['moment', '2026-11-21', '2026-11-21 in Europe/Moscow'],
		['owner', 'e1', { meta: { href: `${ROOT}/employee/e1` } }],
		['tags', 'a,b', ['a', 'b']],
		['status', 'ANY', 'ANY'],
		['weight', ' 1 250,50 ', 1250.5],
		['archived', 'Да', true],
		['archived', 'off', false],
	])('%s %j is %j', (name, given, wired) => {
		for (const form of [byHand({ [name]: given }), byJson({ [name]: given })]) {
			expect(read('update', form).body).toEqual({ [name]: wired });
		}
		expect(read('update', fromInput(), [{ [name]: given }]).body).toEqual({ [name]: wired });
	});

	it.each(['weight', 'archived', 'name', 'moment', 'status'])(
		'%s of a cell that holds blanks only is like an empty one; in JSON it is said so',
		(name) => {
			const blank = { [name]: ' \n ' };
			for (const form of [byHand(blank), fromInput()]) {
				expect(read('update', form, [blank]).body).toEqual({});
			}
			if (name === 'name') return;
			expect(() => read('update', byJson(blank))).toThrow(InputProblem);
		},
	);

	it.each([
		['weight', 'heavy', "'Weight' is 'heavy'"],
		['weight', true, "'Weight' is 'true'"],
		['weight', [], "'Weight' is '[]'"],
		['weight', [5], "'Weight' is '[5]'"],
		['weight', {}, "'Weight' is '{}'"],
		['weight', 'Infinity', "'Weight' is 'Infinity'"],
		['archived', 'maybe', "'Archived' is 'maybe'"],
		['archived', 2, "'Archived' is '2'"],
		['archived', [], "'Archived' is '[]'"],
		['rate', '[1]', "'Rate' is a list"],
		['rate', 'x', "'Rate' is no valid JSON"],
		['parts', '{"a":1}', "'Parts' is no list"],
		['parts', 'a,b', "'Parts' is no valid JSON"],
		['owner', 'nobody', "'Owner' is 'nobody'"],
	])('%s %j is refused', (name, given, message) => {
		for (const form of [byHand({ [name]: given }), byJson({ [name]: given })]) {
			expect(() => read('update', form)).toThrow(InputProblem);
			expect(() => read('update', form)).toThrow(message);
		}
	});

	it('nothing is sent where the wire function gives nothing', () => {
		expect(read('update', byHand({ skipped: 'x' })).body).toEqual({});
	});

	it('items do not share what they send', () => {
		const context = n8nContext(
			properties,
			{ resource: 'thing', operation: 'create', ...byJson({ name: 'Tea', rate: { a: 1 } }) },
			[{}, {}],
		);
		const form = new Form(context);
		const [one, other] = [0, 1].map((item) => readCall(form, operations[0], item, ROOT));
		one.body.added = 1;
		expect(other.body).toEqual({ name: 'Tea', rate: { a: 1 } });
	});
});

describe('empty values', () => {
	const empties = {
		name: '',
		weight: null,
		owner: '',
		[ATTRIBUTE]: '',
		archived: false,
		code: 'c',
	};

	it('by hand and from the input are left out', () => {
		for (const call of [read('update', byHand(empties)), read('update', fromInput(), [empties])]) {
			expect(call.body).toEqual({ archived: false, code: 'c' });
			expect(call.extra).toEqual({});
		}
		const spoken = { ...byHand(empties), options: { emptyValues: 'ignore' } };
		expect(read('update', spoken).body).toEqual({ archived: false, code: 'c' });
	});

	it('clear the field when that is asked for; a wire function does not see them', () => {
		const options = { emptyValues: 'clear' };
		const cleared = { name: null, weight: null, owner: null, archived: false, code: 'c' };
		for (const call of [
			read('update', { ...byHand(empties), options }),
			read('update', { ...fromInput(), options }, [empties]),
		]) {
			expect(call.body).toEqual(cleared);
			expect(call.extra).toEqual({ [ATTRIBUTE]: null });
		}
	});

	it('that are not there at all clear nothing', () => {
		const options = { emptyValues: 'clear' };
		const form = { ...byHand({ weight: '={{ $json.none }}' }), options };
		expect(read('update', form).body).toEqual({});
		expect(read('update', { ...fromInput(), options }, [{ code: 'c' }]).body).toEqual({
			code: 'c',
		});
	});

	it('in JSON: null clears and empty text is text, whatever the option says', () => {
		for (const emptyValues of ['ignore', 'clear']) {
			const form = byJson({ owner: null, name: '', [ATTRIBUTE]: null, strange: null });
			const call = read('update', { ...form, options: { emptyValues } });
			expect(call.body).toEqual({ owner: null, name: '', strange: null });
			expect(call.extra).toEqual({ [ATTRIBUTE]: null });
		}
	});
});

describe('required fields', () => {
	it.each([
		['not given', { weight: 1 }],
		['empty', { name: '' }],
		['null', { name: null }],
	])('%s: nothing is created', (_, value) => {
		expect(() => read('create', byHand(value))).toThrow("'Name' is empty");
		expect(() => read('create', fromInput(), [value])).toThrow("'Name' is empty");
		const options = { emptyValues: 'clear' };
		expect(() => read('create', { ...byHand(value), options })).toThrow("'Name' is empty");
	});

	it('in JSON as well', () => {
		expect(() => read('create', byJson({ name: null }))).toThrow("'Name' is empty");
		expect(() => read('create', byJson('{}'))).toThrow("'Name' is empty");
	});

	it('are needed for a creation only', () => {
		expect(read('update', byHand({ weight: 1 })).body).toEqual({ weight: 1 });
		expect(read('upsert', byHand({ code: 'c' }, { matchingColumns: ['code'] })).body).toEqual({
			code: 'c',
		});
	});
});

describe('the field to match on', () => {
	const on = (...matchingColumns: string[]) => ({ matchingColumns });

	it('and its value are read in every way of input', () => {
		const values = { code: ' A1 ', name: 'Tea' };
		const match = { field: 'code', value: 'A1' };
		expect(read('upsert', byHand(values, on('code'))).match).toEqual(match);
		expect(read('upsert', fromInput(on('code')), [values]).match).toEqual(match);
		expect(read('upsert', byJson(values, { matchOn: 'code' })).match).toEqual(match);
		// The first choice of the form.
		expect(read('upsert', byJson(values)).match).toEqual(match);
	});

	it('is written as it is looked for: blanks around it would make another object each time', () => {
		for (const call of [
			read('upsert', byHand({ code: ' A1 ' }, on('code'))),
			read('upsert', byJson({ code: 'A1\n' })),
		]) {
			expect(call.body.code).toBe(call.match?.value);
		}
	});

	it('may be a number, which is compared as text', () => {
		expect(read('upsert', byHand({ code: 17 }, on('code')))).toMatchObject({
			match: { field: 'code', value: '17' },
			body: { code: '17' },
		});
	});

	it('may be one that is not written', () => {
		const call = read('upsert', byHand({ id: 'x1', name: 'Tea' }, on('id')));
		expect(call.match).toEqual({ field: 'id', value: 'x1' });
		expect(call.body).toEqual({ name: 'Tea' });
	});

	it('an ID may be empty: the object is new', () => {
		for (const id of ['', null, undefined]) {
			const call = read('upsert', byHand({ id, name: 'Tea' }, on('id')));
			expect(call.match).toEqual({ field: 'id', value: '' });
			expect(call.body).toEqual({ name: 'Tea' });
		}
	});

	it('may be a custom field', () => {
		const call = read('upsert', byHand({ [ATTRIBUTE]: 'red', name: 'Tea' }, on(ATTRIBUTE)));
		expect(call.match).toEqual({ field: ATTRIBUTE, value: 'red' });
		expect(call.extra).toEqual({ [ATTRIBUTE]: 'red' });
		const json = byJson({ [ATTRIBUTE]: 7 }, { matchOn: `={{ "${ATTRIBUTE}" }}` });
		expect(read('upsert', json).match).toEqual({ field: ATTRIBUTE, value: '7' });
	});

	it.each([
		['no field', byHand({ code: 'c' }, on()), "'Match On' is empty"],
		[
			'a field that does not identify',
			byHand({ weight: 1 }, on('weight')),
			"'Match On' is 'weight'",
		],
		['an unknown field', byHand({ code: 'c' }, on('colour')), "'Match On' is 'colour'"],
		['no value', byHand({ name: 'Tea' }, on('code')), "'Code' is empty"],
		['blanks', byHand({ code: '  ' }, on('code')), "'Code' is empty"],
		['null', byJson({ code: null }), "'Code' is empty"],
		[
			'an object',
			byJson({ [ATTRIBUTE]: { meta: {} } }, { matchOn: ATTRIBUTE }),
			`'${ATTRIBUTE}' is`,
		],
	])('%s is refused', (_, form, message) => {
		expect(() => read('upsert', form)).toThrow(InputProblem);
		expect(() => read('upsert', form)).toThrow(message);
	});

	it('is not looked for in other operations', () => {
		expect(read('update', byHand({ code: 'c' }, on('code'))).match).toBeUndefined();
	});
});

describe('custom fields', () => {
	const schema = [
		label('name', 'Name'),
		label(ATTRIBUTE, 'Colour (text)'),
		label(OTHER, 'Weight (kg) (number)'),
	];

	it('go into a place of their own, by ID, in every way of input', () => {
		const values = { name: 'Tea', [ATTRIBUTE]: 'red', [OTHER]: 5 };
		for (const call of [
			read('create', byHand(values)),
			read('create', fromInput(), [values]),
			read('create', byJson(values)),
			read('create', {
				...byHand({ name: 'Tea' }),
				options: { moreFields: JSON.stringify(values) },
			}),
		]) {
			expect(call.body).toEqual({ name: 'Tea' });
			expect(call.extra).toEqual({ [ATTRIBUTE]: 'red', [OTHER]: 5 });
		}
	});

	it('are found in the input by their names, as the form showed them', () => {
		const call = read('create', fromInput({ schema }), [
			{ name: 'Tea', Colour: 'red', 'Weight (kg)': 5, Other: 1 },
		]);
		expect(call.body).toEqual({ name: 'Tea' });
		expect(call.extra).toEqual({ [ATTRIBUTE]: 'red', [OTHER]: 5 });
	});

	it('the ID counts more than the name', () => {
		const item = { name: 'Tea', Colour: 'red', [ATTRIBUTE]: 'blue' };
		expect(read('create', fromInput({ schema }), [item]).extra).toEqual({ [ATTRIBUTE]: 'blue' });
	});

	it('empty ones are left out unless they clear', () => {
		const item = { name: 'Tea', Colour: '', [OTHER]: null };
		expect(read('create', fromInput({ schema }), [item]).extra).toEqual({});
		const clear = { ...fromInput({ schema }), options: { emptyValues: 'clear' } };
		expect(read('create', clear, [item]).extra).toEqual({ [ATTRIBUTE]: null, [OTHER]: null });
	});
});

describe('any JSON', () => {
	it('arrives: known names by their kind, custom ones aside, all others as they are', () => {
		const name = fc
			.string({ minLength: 1, maxLength: 12 })
			.filter((text) => !(text in {}) && !fields.some((field) => field.name === text));
		fc.assert(
			fc.property(
				fc.dictionary(name, fc.jsonValue()),
				fc.dictionary(
					name.map((text) => `attribute:${text}`),
					fc.jsonValue(),
				),
				(others, custom) => {
					const plain = JSON.parse(JSON.stringify({ ...others, ...custom })) as IDataObject;
					const call = read('update', byJson(JSON.stringify(plain)));
					const isCustom = (key: string) => key.startsWith('attribute:');
					const keys = Object.keys(plain);
					expect(Object.keys(call.body).sort()).toEqual(
						keys.filter((key) => !isCustom(key)).sort(),
					);
					for (const key of keys) {
						expect(isCustom(key) ? call.extra[key] : call.body[key]).toEqual(plain[key]);
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe('ten thousand items', () => {
	const items = Array.from({ length: 10_000 }, (_, n) => ({ name: `thing ${n}`, weight: n }));

	/** Reads all items; counts the questions to n8n. */
	function readAll(parameters: IDataObject) {
		const context = n8nContext(
			properties,
			{ resource: 'thing', operation: 'create', ...parameters },
			items,
		);
		let asked = 0;
		const form = new Form({
			getTimezone: () => context.getTimezone(),
			getInputData: () => context.getInputData(),
			getNodeParameter: (...args: Parameters<FormContext['getNodeParameter']>) => {
				asked++;
				return context.getNodeParameter(...args);
			},
		} as unknown as FormContext);
		const calls = items.map((_, item) => readCall(form, operations[0], item, ROOT));
		return { calls, asked };
	}

	it('without expressions take a dozen questions to n8n', () => {
		const { calls, asked } = readAll(fromInput());
		expect(calls[9999].body).toEqual({ name: 'thing 9999', weight: 9999 });
		expect(asked).toBeLessThan(12);
	});

	it('by hand with fixed values too', () => {
		const { calls, asked } = readAll(byHand({ name: 'Tea', weight: '3' }));
		expect(calls[9999].body).toEqual({ name: 'Tea', weight: 3 });
		expect(asked).toBeLessThan(12);
	});
});

describe("n8n's mapFields", () => {
	const load = async (operation: string, rows: unknown = [], resource = 'thing') => {
		const vendor = shopOf(operations);
		const { sent, helpers } = wiresTo(() =>
			rows === 'fail' ? { status: 403, body: {} } : { body: { rows } },
		);
		const context = {
			getNode: () => node,
			getCredentials: async () => ({}),
			getCurrentNodeParameter: (name: string) => (name === 'resource' ? resource : operation),
			helpers,
		} as unknown as ILoadOptionsFunctions;
		const shown: ResourceMapperFields = await mapFields(vendor).call(context);
		return { shown: new Map(shown.fields.map((field) => [field.id, field])), sent };
	};

	it("shows the operation's fields and those of the account", async () => {
		const { shown, sent } = await load('create', [
			{ name: ATTRIBUTE, label: 'Colour (text)', kind: 'text' },
		]);
		expect([...shown.keys()]).toEqual([...fields.slice(1).map(({ name }) => name), ATTRIBUTE]);
		expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /thing/attributes']);
		expect(shown.get('weight')).toEqual({
			id: 'weight',
			displayName: 'Weight',
			required: false,
			defaultMatch: false,
			canBeUsedToMatch: false,
			display: true,
			type: 'number',
		});
		expect(shown.get('status')).toMatchObject({ type: 'options', options: fields[3].choices });
		expect(shown.get('rate')).toMatchObject({ type: 'object', removed: true });
		expect(shown.get(ATTRIBUTE)).toMatchObject({ displayName: 'Colour (text)', type: 'string' });
	});

	it('marks required fields where they are required: n8n would not start an update without them', async () => {
		expect((await load('create')).shown.get('name')?.required).toBe(true);
		expect((await load('update')).shown.get('name')?.required).toBe(false);
		expect((await load('upsert')).shown.get('name')?.required).toBe(false);
	});

	it('offers fields to match on where objects are matched', async () => {
		const matching = async (operation: string) =>
			[...(await load(operation)).shown.values()].filter((field) => field.canBeUsedToMatch);
		expect((await matching('upsert')).map(({ id }) => id)).toEqual(['id', 'code', 'name']);
		expect((await matching('upsert')).filter(({ defaultMatch }) => defaultMatch)).toMatchObject([
			{ id: 'code' },
		]);
		expect(await matching('create')).toEqual([]);
		// An ID that is not written has no place where nothing is matched.
		expect((await load('create')).shown.get('id')).toBeUndefined();
	});

	it('shows nothing for an operation without fields', async () => {
		expect((await load('delete')).shown.size).toBe(0);
		expect((await load('create', [], 'nothing')).shown.size).toBe(0);
	});

	it("tells the vendor's error in our words", async () => {
		await expect(load('create', 'fail')).rejects.toThrow('Shop: access was denied');
	});
});
