import type {
	IDataObject,
	ILoadOptionsFunctions,
	NodeExecutionHint,
	ResourceMapperFields,
} from 'n8n-workflow';
import * as fc from 'fast-check';

import type { Call, Mapper, MapperField, Operation } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form/form';
import { mapFields, settleColumns } from '../../nodes/shared/form/mapper';
import { readCall } from '../../nodes/shared/form/parameters';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { exactJson } from '../../nodes/shared/road/exact';
import { runVendor } from '../../nodes/shared/run/run';
import { Form, type FormContext } from '../../nodes/shared/form/values';
import { answerOf, node } from './calls';
import { n8nContext } from './n8nContext';
import { contextOf } from './shopRun';
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
	{ name: 'title', label: 'Title', kind: 'text' },
	{ name: 'tariffBySupplier', label: 'Tariff (by Supplier)', kind: 'text', also: ['tariffId'] },
	{ name: 'account', label: 'Учёт', kind: 'text' },
	{ name: 'width', label: 'Size (Width)', kind: 'number' },
	{ name: 'height', label: 'Size (Height)', kind: 'number' },
	{ name: 'skipped', label: 'Skipped', kind: 'text', wire: () => undefined },
];
const ATTRIBUTE = 'attribute:7944ef04-f831-11e5-7a69-971500188b19';
const OTHER = 'attribute:0a6f6ac8-9d1a-11ef-0a80-0d9b002ab8f1';

const mapperOf = (mode: Mapper['mode']): Mapper => ({
	mode,
	fields,
	readOnly: ['stamp', 'meta'],
	more: {
		prefix: 'attribute:',
		also: 'attributes',
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

/** The account's own fields. */
const ACCOUNT = [
	{ name: ATTRIBUTE, label: 'Colour (text)', kind: 'text' },
	{ name: OTHER, label: 'Weight (kg) (number)', kind: 'number' },
];

/** Reads the form and asks for the account's fields where that is needed. */
async function settle(
	name: string,
	parameters: IDataObject,
	row: IDataObject,
	account: IDataObject[] = ACCOUNT,
) {
	const call = read(name, parameters, [row]);
	let asked = 0;
	await settleColumns(call.operation, [call], async () => {
		asked++;
		return await Promise.resolve(answerOf(200, { rows: account }));
	});
	return { call, asked };
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

describe("required fields of the account's own", () => {
	const schema = [{ ...label(ATTRIBUTE, 'Colour (text)'), required: true }];
	const needed = [{ ...ACCOUNT[0], required: true }, ACCOUNT[1]];
	const missing = "'Colour (text)' is empty, but needed to create the object";

	it.each([
		['by hand', byHand({ name: 'Tea', [ATTRIBUTE]: '' }, { schema })],
		['from the input', fromInput({ schema })],
	])('are named before anything is sent: %s', async (_, form) => {
		const { call, asked } = await settle('create', form, { name: 'Tea' }, needed);
		expect(call.problem?.message).toContain(missing);
		expect(asked).toBe(1);
	});

	it('cost no request where they are given', async () => {
		const form = byHand({ name: 'Tea', [ATTRIBUTE]: 'green' }, { schema });
		const { call, asked } = await settle('create', form, {}, needed);
		expect([call.problem, asked]).toEqual([undefined, 0]);
	});

	it.each([
		['are required no longer', 'create', {}, ACCOUNT],
		['are given in the form of the API', 'create', { attributes: [{ value: 'green' }] }, needed],
	])('do not stand in the way where they %s', async (_, name, more, account) => {
		const options = { moreFields: JSON.stringify(more) };
		const form = { ...byHand({ name: 'Tea' }, { schema }), options };
		const { call, asked } = await settle(name, form, {}, account as IDataObject[]);
		expect([call.problem, asked]).toEqual([undefined, 1]);
	});

	it('are needed for a creation only', async () => {
		const { call, asked } = await settle('update', byHand({ weight: 1 }, { schema }), {}, needed);
		expect([call.problem, asked]).toEqual([undefined, 0]);
	});
});

describe('a simplified row as JSON', () => {
	const row = { id: 'x', name: 'Tea', owner: null, weight: null };
	const simple: Operation = {
		...operations[1],
		operation: 'simple',
		simplify: (one) => one,
		output: Object.fromEntries(Object.keys(row).map((name) => [name, { type: 'string' }])),
	};
	const form = formOf(shopOf([simple]));
	const bodyOf = (json: unknown, options: IDataObject = {}) => {
		const all = { resource: 'thing', operation: 'simple', ...byJson(json), options };
		return readCall(new Form(n8nContext(form, all)), simple, 0, ROOT).body;
	};

	it('does not clear what it has no value for', () => {
		expect(bodyOf(row)).toEqual({ name: 'Tea' });
		expect(bodyOf({ ...row, weight: 2 }, { emptyValues: 'ignore' })).toEqual({
			name: 'Tea',
			weight: 2,
		});
	});

	it('clears what is no column of it, and everything when it shall', () => {
		expect(bodyOf({ ...row, tags: null })).toEqual({ name: 'Tea', tags: null });
		expect(bodyOf(row, { emptyValues: 'clear' })).toEqual({
			name: 'Tea',
			owner: null,
			weight: null,
		});
	});

	it('is one only with all of its columns', () => {
		expect(bodyOf({ name: 'Tea', owner: null })).toEqual({ name: 'Tea', owner: null });
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

	it('are found in the input by their names or IDs, whatever the saved form knew', async () => {
		const item = { name: 'Tea', Colour: 'red', 'Weight (kg)': 5 };
		const byId = { name: 'Tea', [ATTRIBUTE.slice(10)]: 'red', [OTHER.slice(10)]: 5 };
		for (const row of [item, byId]) {
			for (const form of [fromInput({ schema }), fromInput(), fromInput({ schema: 'none' })]) {
				const { call, asked } = await settle('create', form, row);
				expect(call.problem).toBeUndefined();
				expect(call.body).toEqual({ name: 'Tea' });
				expect(call.extra).toEqual({ [ATTRIBUTE]: 'red', [OTHER]: 5 });
				expect(asked).toBe(1);
			}
		}
	});

	it('by name and by ID must say the same', async () => {
		const item = (id: string) => ({ name: 'Tea', Colour: 'red', [ATTRIBUTE]: id });
		const { call } = await settle('create', fromInput({ schema }), item('red'));
		expect(call.extra).toEqual({ [ATTRIBUTE]: 'red' });
		const { call: other } = await settle('create', fromInput({ schema }), item('blue'));
		expect(other.problem?.message).toBe(
			`'Colour (text)' is given twice, with different values: by '${ATTRIBUTE}' and by 'Colour'`,
		);
	});

	it('empty ones are left out unless they clear', async () => {
		const item = { name: 'Tea', Colour: '', [OTHER]: null };
		expect((await settle('create', fromInput({ schema }), item)).call.extra).toEqual({});
		const clear = { ...fromInput({ schema }), options: { emptyValues: 'clear' } };
		expect((await settle('create', clear, item)).call.extra).toEqual({
			[ATTRIBUTE]: null,
			[OTHER]: null,
		});
	});

	it('can be matched on by their names', async () => {
		const form = fromInput({ matchingColumns: [ATTRIBUTE] });
		const { call } = await settle('upsert', form, { name: 'Tea', colour: 'red' });
		expect(call.match).toEqual({ field: ATTRIBUTE, value: 'red' });
	});

	it('are not asked for while every column is that of a field', async () => {
		const item = { name: 'Tea', [ATTRIBUTE]: 'red', stamp: 'x', meta: {} };
		const { call, asked } = await settle('create', fromInput({ schema }), item);
		expect(call.extra).toEqual({ [ATTRIBUTE]: 'red' });
		expect(asked).toBe(0);
	});

	it('that cannot be asked for fail the items that need them, and no others', async () => {
		const refused = async () => await Promise.reject(new Error('No access'));
		const items = [{ name: 'Tea' }, { name: 'Tea', Colour: 'red' }];
		const calls = items.map((_, index) => read('create', fromInput(), items, index));
		await settleColumns(operations[0], calls, refused);
		expect(calls.map(({ problem }) => problem?.message)).toEqual([undefined, 'No access']);
	});
});

describe('columns of the input', () => {
	/** The body, or the error, of an update from the input. */
	const update = async (row: IDataObject) => {
		const { call } = await settle('update', fromInput(), row);
		if (call.problem) throw call.problem;
		return call.body;
	};

	it.each([
		['its API name', 'tariffBySupplier'],
		['its label', 'Tariff (by Supplier)'],
		['its label in other letters', 'TARIFF  (BY SUPPLIER)'],
		['its label without the remark', 'tariff'],
		['another remark', 'Tariff (%)'],
		['underscores', 'tariff_by_supplier'],
		['the name in a simplified row', 'tariffId'],
	])('fill a field by %s', async (_, column) => {
		expect(await update({ [column]: '5' })).toEqual({ tariffBySupplier: '5' });
	});

	it('ё and е are one letter', async () => {
		expect(await update({ Учет: 'x' })).toEqual({ account: 'x' });
		expect(await update({ 'УЧЁТ:': 'x' })).toEqual({ account: 'x' });
	});

	it('the exact name counts more than a label that looks like it', async () => {
		expect(await update({ name: 'a', Title: 'b' })).toEqual({ name: 'a', title: 'b' });
	});

	it.each([
		[
			'two fields',
			{ Size: 2 },
			"'Size' is a column that fits 'Size (Width)' (width) and 'Size (Height)' (height)",
		],
		[
			'one field twice',
			{ name: 'Tea', Name: 'Coffee' },
			"'Name' is given twice, with different values: by 'name' and by 'Name'",
		],
		[
			'a reference twice',
			{ tariffBySupplier: 'a', tariffId: 'b' },
			"'Tariff (by Supplier)' is given twice",
		],
	])('for %s are refused', async (_, row, message) => {
		await expect(update(row)).rejects.toThrow(InputProblem);
		await expect(update(row)).rejects.toThrow(message);
	});

	it('for one field with the same value, or with none, are one', async () => {
		expect(await update({ name: 'Tea', Name: 'Tea' })).toEqual({ name: 'Tea' });
		expect(await update({ name: '', Name: 'Tea' })).toEqual({ name: 'Tea' });
		expect(await update({ weight: 2.5, Weight: '2.5' })).toEqual({ weight: 2.5 });
	});

	it('for a field of the catalogue and one of the account are refused', async () => {
		const account = [{ name: ATTRIBUTE, label: 'Weight (text)', kind: 'text' }];
		const schema = [label(ATTRIBUTE, 'Weight (text)')];
		const { call } = await settle('update', fromInput({ schema }), { Weight: 5 }, account);
		expect(call.problem?.message).toBe(
			`'Weight' is a column that fits 'Weight' (weight) and 'Weight (text)' (${ATTRIBUTE})`,
		);
		expect((call.problem as InputProblem).hint).toContain(`'weight' or '${ATTRIBUTE}'`);
		// What the saved form knew may be no more.
		const { call: later } = await settle('update', fromInput({ schema }), { Weight: 5 }, []);
		expect(later.body).toEqual({ weight: 5 });
		const { call: exact } = await settle('update', fromInput({ schema }), { weight: 5 }, account);
		expect(exact.body).toEqual({ weight: 5 });
	});

	it('that no field takes are named, apart from those that are given out only', async () => {
		const row = { name: 'Tea', strange: 1, stamp: 'now', other: null };
		const { call } = await settle('update', fromInput(), row);
		expect(call.body).toEqual({ name: 'Tea' });
		expect(call.columns).toMatchObject({ unused: ['strange', 'other'], fixed: ['stamp'] });
	});

	it('of which none is known are an error that names them and the fields', async () => {
		const { call } = await settle('update', fromInput(), { Фирма: 'x', Цена: 1 });
		expect(call.problem?.message).toBe("'Fields' have the name of no column of the input");
		const { hint } = call.problem as InputProblem;
		expect(hint).toContain("were not used: 'Фирма', 'Цена'.");
		expect(hint).toContain('Name (name)');
		expect(hint).toContain('Colour (text)');
	});

	it('are named when a required field is missing, or the one to match on', async () => {
		const { call } = await settle('create', fromInput(), { weight: 5, Наименование: 'Чай' });
		expect(call.problem?.message).toContain("'Name' is empty, but needed");
		expect((call.problem as InputProblem).hint).toContain("'Наименование'");
		const form = fromInput({ matchingColumns: ['code'] });
		const { call: matched } = await settle('upsert', form, { name: 'Tea', Шифр: '5' });
		expect(matched.problem?.message).toContain("'Code' is empty");
		expect((matched.problem as InputProblem).hint).toContain("'Шифр'");
	});

	it('are found in an expression that gives all values, too', async () => {
		const row = { Name: 'Tea', WEIGHT: 1 };
		const { call } = await settle('update', byHand('={{ $json }}'), row);
		expect(call.body).toEqual({ name: 'Tea', weight: 1 });
	});

	it('by label need no question where the saved form knows the fields of the account', async () => {
		const schema = [label('name', 'Name'), label(ATTRIBUTE, 'Colour (text)')];
		const { call, asked } = await settle('update', fromInput({ schema }), { NAME: 'Tea' });
		expect(call.body).toEqual({ name: 'Tea' });
		expect(asked).toBe(0);
		// Without its remark a column may be another's.
		expect((await settle('update', fromInput({ schema }), { 'Name (new)': 'Tea' })).asked).toBe(1);
	});

	it('in JSON are names of the API or of simplified rows; labels are none there', () => {
		expect(read('update', byJson({ tariffId: '5', Name: 'Tea' })).body).toEqual({
			tariffBySupplier: '5',
			Name: 'Tea',
		});
		expect(() => read('update', byJson({ tariffId: '5', tariffBySupplier: '6' }))).toThrow(
			'given twice',
		);
	});
});

describe('a run over columns that are not used', () => {
	const row = (changes: IDataObject): IDataObject => ({
		'fields.mappingMode': 'autoMapInputData',
		name: 'Tea',
		...changes,
	});
	const run = async (items: IDataObject[]) => {
		const hints: NodeExecutionHint[] = [];
		const { context, sent } = contextOf({
			operations: [operationOf('create', 'create')],
			items,
			server: ({ method }) => (method === 'GET' ? { body: { rows: [] } } : { body: { id: 'x' } }),
		});
		context.addExecutionHints = (...more) => void hints.push(...more);
		const [output] = await runVendor.call(context, shopOf([operationOf('create', 'create')]));
		return { hints, sent, output };
	};

	it('tells of them once, however many items there are, and of those that are given out only', async () => {
		const items = Array.from({ length: 50 }, (_, n) => row({ strange: n, stamp: 'now' }));
		const { hints, sent, output } = await run([...items, row({ other: 1 })]);
		expect(output).toHaveLength(51);
		expect(sent.filter(({ method }) => method === 'GET')).toHaveLength(1);
		expect(hints).toEqual([
			{
				message: expect.stringContaining(
					"were not used: 'fields.mappingMode', 'strange', 'other'. ",
				),
				type: 'warning',
				location: 'outputPane',
			},
			{
				message: expect.stringContaining("cannot be written: 'stamp'."),
				type: 'info',
				location: 'outputPane',
			},
		]);
		expect(hints[0].message).toContain('Name (name)');
	});

	it('says nothing when all are used', async () => {
		const context = contextOf({
			operations: [operationOf('create', 'create')],
			items: [{ inputMode: 'json', json: { name: 'Tea' } }],
			server: () => ({ body: { id: 'x' } }),
		}).context;
		context.addExecutionHints = () => {
			throw new Error('A hint');
		};
		await runVendor.call(context, shopOf([operationOf('create', 'create')]));
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
						const held = isCustom(key) ? call.extra[key] : call.body[key];
						// Numbers that are too long are marked until they are on the wire.
						expect(JSON.parse(exactJson(held))).toEqual(plain[key]);
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
	const load = async (
		operation: string,
		rows: unknown = [],
		resource = 'thing',
		credential?: 'none' | 'broken',
	) => {
		const vendor = shopOf(operations);
		const { sent, helpers } = wiresTo(() =>
			rows === 'fail' ? { status: 403, body: {} } : { body: { rows } },
		);
		const context = {
			getNode: () =>
				credential === 'broken'
					? { ...node, credentials: { [vendor.credentialType]: { id: '1', name: 'Shop' } } }
					: node,
			getCredentials: async () => {
				if (credential) throw new Error('Node does not have any credentials set');
				return await Promise.resolve({});
			},
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

	it('shows the own fields of a new node, which has no credential yet', async () => {
		const { shown, sent } = await load('create', 'fail', 'thing', 'none');
		expect([...shown.keys()]).toEqual(fields.slice(1).map(({ name }) => name));
		expect(shown.get('rate')).toMatchObject({ removed: true });
		expect(sent).toEqual([]);
	});

	it('tells of a credential that cannot be read', async () => {
		await expect(load('create', [], 'thing', 'broken')).rejects.toThrow('credentials');
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
