import type { IDataObject } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../nodes/InspectorCloud/vendor';
import { moySklad } from '../../nodes/MoySklad/vendor';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import type { Call, Field, Locator, Operation, Vendor, Work } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form/form';
import { readCall } from '../../nodes/shared/form/parameters';
import { listOf } from '../../nodes/shared/form/readers';
import { InputProblem } from '../../nodes/shared/errors/problems';
import { routePath, requestOf } from '../../nodes/shared/run/request';
import { n8nContext } from './n8nContext';
import { callOf, operationOf, UUID_A } from './samples';

const ROOT = 'https://api.moysklad.ru/api/remap/1.2';

/** Reads one item's form; `asked` are the item indexes that were looked at. */
function read(operation: Operation, form: IDataObject, itemIndex = 0): Call {
	const context = {
		getNodeParameter: (name: string, index: number) => {
			expect(index).toBe(itemIndex);
			return form[name];
		},
		getTimezone: () => 'America/New_York',
	};
	return readCall(context as never, operation, itemIndex, ROOT);
}

const getAll = operationOf(moySklad, 'assortment', 'getAll');
const webhook = (name: string) => operationOf(moySklad, 'webhook', name);
const request = (operation: Operation, form: IDataObject, vendor: Vendor = moySklad) =>
	requestOf(vendor, read(operation, form));

const made = (fields: Field[], changes: Partial<Operation> = {}): Operation => ({
	...webhook('get'),
	fields,
	simplify: undefined,
	...changes,
});

describe('fields that the credential may fill', () => {
	const shop: Field = {
		name: 'shop',
		label: 'Shop',
		kind: 'text',
		to: 'path:id',
		required: true,
		fallback: 'shop',
	};
	const readWith = (value: string, defaults?: Record<string, string>) => {
		const context = {
			getNodeParameter: (name: string) => (name === 'shop' ? value : undefined),
			getTimezone: () => 'Europe/Moscow',
		};
		return readCall(context as never, made([shop]), 0, ROOT, undefined, defaults).path;
	};

	it('take its value only where the form is empty', () => {
		expect(readWith('', { shop: '21' })).toEqual({ id: '21' });
		expect(readWith('7', { shop: '21' })).toEqual({ id: '7' });
	});

	it('are asked for when neither has one', () => {
		expect(() => readWith('')).toThrow(/'Shop' is empty/);
	});
});

describe('paths', () => {
	const call = (path: Record<string, string>) => callOf(webhook('get'), { path });

	it('have their placeholders filled in, encoded', () => {
		expect(routePath('GET /a/{one}/b/{two}', call({ one: 'x/y', two: 'ю ?' }))).toBe(
			'/a/x%2Fy/b/%D1%8E%20%3F',
		);
		expect(routePath('POST /a', call({}))).toBe('/a');
	});

	it.each([[{}], [{ id: '' }], [{ id: '.' }], [{ id: '..' }]])(
		'%j are refused: they would name something else',
		(path) => {
			expect(() => routePath('DELETE /a/{id}', call(path as Record<string, string>))).toThrow(
				InputProblem,
			);
		},
	);
});

describe('JSON, loaded choices and groups of fields', () => {
	it.each([
		['{"a":1}', { a: 1 }],
		[{ a: 1 }, { a: 1 }],
		['[1]', [1]],
		['', undefined],
		[null, undefined],
	])('JSON %j is %j', (given, value) => {
		const field: Field = { name: 'j', label: 'J', kind: 'json', to: 'body:j' };
		expect(read(made([field]), { j: given }).body.j).toEqual(value);
	});

	it('JSON that cannot be read is refused by the name of the field', () => {
		const field: Field = { name: 'j', label: 'My JSON', kind: 'json', to: 'body:j' };
		expect(() => read(made([field]), { j: '{' })).toThrow("'My JSON' is no valid JSON");
	});

	it.each([
		[false, 'x', 'x'],
		[false, '', undefined],
		[true, ['x', 'y'], ['x', 'y']],
		[true, 'x, y', ['x', 'y']],
		[true, [], undefined],
	])('a loaded choice (several: %s) %j is %j', (multiple, given, value) => {
		const field: Field = {
			name: 'c',
			label: 'C',
			kind: 'loaded',
			load: 'getC',
			multiple,
			to: 'body:c',
		};
		expect(read(made([field]), { c: given }).body.c).toEqual(value);
	});

	const parts: Field = {
		name: 'parts',
		label: 'Parts',
		kind: 'rows',
		button: 'Add Part',
		rowLabel: 'Part',
		to: 'body:parts',
		columns: [
			{ name: 'id', label: 'Part ID', kind: 'text', to: 'control', required: true },
			{
				name: 'size',
				label: 'Size',
				kind: 'number',
				to: 'control',
				min: 1,
				wire: (value) => Number(value) * 10,
			},
		],
	};

	it('groups become a list, each field checked and put on the wire', () => {
		const row = [{ id: 'a', size: '2' }, { id: 'b' }];
		expect(read(made([parts]), { parts: { row } }).body.parts).toEqual([
			{ id: 'a', size: 20 },
			{ id: 'b' },
		]);
	});

	it('groups by an expression may come alone, or as JSON text', () => {
		for (const given of [[{ id: 'a' }], '[{"id":"a"}]', '{"row":{"id":"a"}}']) {
			expect(read(made([parts]), { parts: given } as IDataObject).body.parts).toEqual([
				{ id: 'a' },
			]);
		}
		expect(() => read(made([parts]), { parts: [5] })).toThrow("'Parts' holds '5'");
	});

	it.each([[{}], [{ row: [] }], [undefined]])('no groups (%j) are nothing', (given) => {
		expect(read(made([parts]), { parts: given } as IDataObject).body).toEqual({});
	});

	it.each<[string, unknown, RegExp]>([
		['nobody has added one', {}, /^Click 'Add Part'/],
		['the last one was removed', { row: [] }, /^Click 'Add Part'/],
		['an expression gives none', [], /check the expression/],
	])('groups that are wanted are asked for by their button: %s', (_, given, hint) => {
		const wanted = made([{ ...parts, required: true }]);
		try {
			read(wanted, { parts: given } as IDataObject);
			throw new Error('was taken');
		} catch (error) {
			const { message, hint: says } = error as InputProblem;
			expect(message).toContain("'Parts' is empty");
			expect(says).toMatch(hint);
		}
	});

	it('a bad field of a group is refused by its name', () => {
		const form = (row: IDataObject) => ({ parts: { row: [row] } });
		expect(() => read(made([parts]), form({ size: 1 }))).toThrow("'Part ID' is empty");
		expect(() => read(made([parts]), form({ id: 'a', size: 0 }))).toThrow("'Size' is '0'");
	});
});

describe('calls that must be sent by themselves', () => {
	const bulk: Operation['bulk'] = {
		kind: 'delete',
		route: 'POST /x/delete',
		element: ({ path }) => path,
		repeatable: () => true,
	};
	const locator: Locator = {
		search: 'find',
		id: { pattern: '[0-9]+', message: 'Digits', placeholder: '' },
		url: { pattern: 'https://web/#good/([0-9]+)|https://api/x/([0-9]+)', placeholder: '' },
		alias: '#good/([0-9]+)',
	};
	const field: Field = { name: 'x', label: 'X', kind: 'locator', locator, to: 'path:x' };

	it.each([
		['an ID', '12', false],
		['a link of the API', 'https://api/x/12', false],
		['a link whose ID only a path understands', 'https://web/#good/12', true],
	])('%s: %s', (_, value, alone) => {
		const call = read(made([field], { bulk }), { x: { mode: 'url', value } });
		expect(call).toMatchObject({ path: { x: '12' }, alone });
	});

	it.each([
		[{}, false],
		[{ batching: true }, false],
		[{ batching: false }, true],
		[{ batching: 'False' }, true],
		[{ batching: '1' }, false],
	])('with the options %j: %s', (options, alone) => {
		expect(read(made([field], { bulk }), { x: '12', options }).alone).toBe(alone);
	});
});

describe('Return All and Limit', () => {
	it.each([
		['TRUE', true],
		[1, true],
		['да', true],
		['False', false],
		[0, false],
		['', false],
	])('Return All given as %j is %s', (returnAll, all) => {
		expect(read(getAll, { returnAll, limit: 3 })).toMatchObject({ returnAll: all });
		expect(() => read(getAll, { returnAll: 'all' })).toThrow("'Return All' is 'all'");
	});

	it('Return All has no limit, whatever the limit says', () => {
		expect(read(getAll, { returnAll: true, limit: 3 })).toMatchObject({
			returnAll: true,
			limit: Infinity,
		});
	});

	it.each([
		[undefined, 50],
		[1, 1],
		[5000, 5000],
		['20', 20],
	])('Limit %s is %s', (given, limit) => {
		expect(read(getAll, { returnAll: false, limit: given })).toMatchObject({
			returnAll: false,
			limit,
		});
	});

	it.each([0, -1, 2.5, 'many', NaN, '', Infinity])('Limit %s is refused', (limit) => {
		expect(() => read(getAll, { returnAll: false, limit })).toThrow(InputProblem);
		expect(() => read(getAll, { returnAll: false, limit })).toThrow("'Limit' is");
	});

	it('an operation without a list has no limit', () => {
		expect(read(webhook('get'), { webhookId: UUID_A, limit: 0 }).limit).toBe(Infinity);
	});
});

describe('the output', () => {
	const output = (form: IDataObject) => read(webhook('get'), { webhookId: UUID_A, ...form }).output;

	it.each([
		['nothing', {}, 'simplified'],
		['a choice', { output: 'raw' }, 'raw'],
		["a model's words", { output: 'Selected Fields', outputFields: 'url' }, ['url']],
		['picked fields', { output: 'selectedFields', outputFields: ['url', 'id', 'url'] }, ['url']],
		[
			'names and labels',
			{ output: 'selectedFields', outputFields: 'entity type, a.b' },
			['entityType', 'a.b'],
		],
	])('%s', (_, form, wanted) => {
		expect(output(form)).toEqual(wanted);
	});

	it.each([
		['another word', { output: 'flat' }, "'Output' is 'flat'"],
		['no field', { output: 'selectedFields', outputFields: [] }, "'Fields to Return' is empty"],
		[
			'an empty text',
			{ output: 'selectedFields', outputFields: ' , ' },
			"'Fields to Return' is empty",
		],
	])('%s is refused', (_, form, message) => {
		expect(() => output(form)).toThrow(message);
	});

	it('is raw where there is nothing to simplify', () => {
		expect(read(webhook('delete'), { webhookId: UUID_A, output: 'simplified' }).output).toBe('raw');
	});
});

describe('the output of a workflow of version 0.1.0', () => {
	const operation = webhook('get');
	const resources = moySklad.resources.filter(({ value }) => value === 'webhook');
	const form = formOf({ ...moySklad, resources, operations: [operation] });
	const inN8n = (parameters: IDataObject, json: IDataObject[] = [{}]) => {
		const context = n8nContext(
			form,
			{ resource: 'webhook', operation: 'get', webhookId: UUID_A, ...parameters },
			json,
		);
		return json.map((_, index) => readCall(context, operation, index, ROOT).output);
	};

	it.each([
		['without Simplify', {}, 'simplified'],
		['with Simplify', { simplify: true }, 'simplified'],
		['without it', { simplify: false }, 'raw'],
		[
			'that was set to something else since',
			{ simplify: false, output: 'simplified' },
			'simplified',
		],
		[
			'that picks fields since',
			{ simplify: false, output: 'selectedFields', outputFields: ['url'] },
			['url'],
		],
	])('%s', (_, parameters, wanted) => {
		expect(inN8n(parameters)).toEqual([wanted]);
	});

	it('goes on by an expression in Simplify', () => {
		const items = [{ flat: 'TRUE' }, { flat: 'FALSE' }];
		expect(inN8n({ simplify: '={{ $json.flat }}' }, items)).toEqual(['simplified', 'raw']);
		expect(inN8n({ simplify: '={{ $json.flat }}', output: 'raw' }, items)).toEqual(['raw', 'raw']);
	});
});

describe('required fields', () => {
	it.each([
		['MoySklad webhook', webhook('get'), {}, 'Webhook'],
		[
			'MoySklad webhook, chosen from an empty list',
			webhook('get'),
			{ webhookId: { mode: 'list', value: '' } },
			'Webhook',
		],
		['Yandex shop', operationOf(yandexMarket, 'outlet', 'get'), { outletId: '1' }, 'Shop'],
		[
			'Yandex outlet',
			operationOf(yandexMarket, 'outlet', 'get'),
			{ campaignId: '1', outletId: '' },
			'Outlet',
		],
		['Altegio visit', operationOf(altegio, 'visit', 'get'), { visitId: '  ' }, 'Visit ID'],
		['Inspector visit', operationOf(inspectorCloud, 'visit', 'get'), { visitId: null }, 'Visit'],
		[
			'URL of a webhook',
			webhook('create'),
			{ entityType: 'product', action: 'CREATE', url: '' },
			'URL',
		],
		[
			'another entity type that is not named',
			webhook('create'),
			{ entityType: 'other', action: 'CREATE', url: 'https://a.example', otherEntityType: '' },
			'Other Entity Type',
		],
	])('%s: empty is refused by its label', (_, operation, form, label) => {
		expect(() => read(operation, form)).toThrow(`'${label}' is empty`);
	});
});

describe('IDs', () => {
	const outlet = operationOf(yandexMarket, 'outlet', 'get');
	it('of a list, typed as text or number, or given as a link, get into the path', () => {
		expect(read(outlet, { campaignId: { mode: 'list', value: '77' }, outletId: 88 }).path).toEqual({
			campaignId: '77',
			outletId: '88',
		});
		const portal = { mode: 'url', value: 'https://me.inspector-cloud.com/portal/visit/324096?x=1' };
		expect(read(operationOf(inspectorCloud, 'visit', 'get'), { visitId: portal }).path).toEqual({
			id: '324096',
		});
	});

	it.each(['0', '-1', 'abc', '1/../2', '12 34', '1e3', '../5'])(
		'%s is refused as a number',
		(id) => {
			expect(() => read(outlet, { campaignId: id, outletId: '1' })).toThrow(InputProblem);
			expect(() => read(operationOf(altegio, 'visit', 'get'), { visitId: id })).toThrow(
				InputProblem,
			);
			expect(() => read(operationOf(inspectorCloud, 'visit', 'get'), { visitId: id })).toThrow(
				InputProblem,
			);
		},
	);

	it.each(['abc', `${UUID_A}0`, `${UUID_A}/../x`, UUID_A.replace('-', '')])(
		'%s is refused as a UUID',
		(id) => {
			expect(() => read(webhook('get'), { webhookId: id })).toThrow("'Webhook' is");
		},
	);
});

describe('requests', () => {
	it.each([
		['get', { webhookId: UUID_A }, 'GET', `/entity/webhook/${UUID_A}`, undefined],
		['enable', { webhookId: UUID_A }, 'PUT', `/entity/webhook/${UUID_A}`, { enabled: true }],
		['disable', { webhookId: UUID_A }, 'PUT', `/entity/webhook/${UUID_A}`, { enabled: false }],
		['delete', { webhookId: UUID_A }, 'DELETE', `/entity/webhook/${UUID_A}`, undefined],
		['getAll', { returnAll: true }, 'GET', '/entity/webhook', undefined],
		[
			'create',
			{
				entityType: 'product',
				action: 'UPDATE',
				url: ' https://a.example/x ',
				additionalFields: { diffType: 'FIELDS' },
			},
			'POST',
			'/entity/webhook',
			{ entityType: 'product', action: 'UPDATE', url: 'https://a.example/x', diffType: 'FIELDS' },
		],
		[
			'create',
			{
				entityType: 'other',
				otherEntityType: 'customentity',
				action: 'CREATE',
				url: 'https://a.example',
			},
			'POST',
			'/entity/webhook',
			{ entityType: 'customentity', action: 'CREATE', url: 'https://a.example' },
		],
		[
			'update',
			{ webhookId: UUID_A, updateFields: { enabled: false } },
			'PUT',
			`/entity/webhook/${UUID_A}`,
			{ enabled: false },
		],
	])('webhook %s %j', (name, form, method, path, body) => {
		const sent = request(webhook(name), form);
		expect(sent).toMatchObject({ method, path });
		expect(sent.body).toEqual(body);
	});

	it.each([
		['an update of nothing', 'update', { webhookId: UUID_A, updateFields: {} }, 'Update Fields'],
		[
			'changed fields of a creation',
			'create',
			{
				entityType: 'product',
				action: 'CREATE',
				url: 'https://a.example',
				additionalFields: { diffType: 'FIELDS' },
			},
			'Changed Fields',
		],
	])('%s is refused when the calls are prepared', async (_, name, form, label) => {
		const call = read(webhook(name), form);
		await webhook(name).prepare?.([call], {} as Work);
		expect(call.problem).toBeInstanceOf(InputProblem);
		expect(call.problem?.message).toContain(`'${label}'`);
	});

	it.each([
		[
			'a URL without a scheme',
			'create',
			{ entityType: 'product', action: 'CREATE', url: 'a.example' },
			'URL',
		],
		[
			'a URL of another scheme',
			'create',
			{ entityType: 'product', action: 'CREATE', url: 'ftp://a.example' },
			'URL',
		],
		[
			'a URL of 256 characters',
			'create',
			{ entityType: 'product', action: 'CREATE', url: `https://a.example/${'x'.repeat(238)}` },
			'URL',
		],
	])('%s is refused before it is sent', (_, name, form, label) => {
		expect(() => request(webhook(name), form)).toThrow(InputProblem);
		expect(() => request(webhook(name), form)).toThrow(`'${label}'`);
	});

	it('a URL of 255 characters is fine', () => {
		const url = `https://a.example/${'x'.repeat(237)}`;
		expect(url).toHaveLength(255);
		expect(
			request(webhook('create'), { entityType: 'product', action: 'CREATE', url }).body,
		).toMatchObject({ url });
	});

	it('what is put into a path is encoded', () => {
		const field: Field = { name: 'id', label: 'ID', kind: 'text', to: 'path:id' };
		expect(requestOf(moySklad, read(made([field]), { id: 'a/b?c=d' })).path).toBe(
			'/entity/webhook/a%2Fb%3Fc%3Dd',
		);
	});

	it('a path field that is empty is refused', () => {
		const field: Field = { name: 'id', label: 'ID', kind: 'text', to: 'path:id' };
		expect(() => requestOf(moySklad, read(made([field]), { id: '' }))).toThrow(InputProblem);
	});

	it('constants are not shared between calls', () => {
		const first = read(webhook('enable'), { webhookId: UUID_A });
		first.body.enabled = 'spoilt';
		expect(read(webhook('enable'), { webhookId: UUID_A }).body).toEqual({ enabled: true });
	});
});

describe('kinds of fields', () => {
	const number: Field = {
		name: 'n',
		label: 'Days',
		kind: 'number',
		to: 'query:n',
		min: 1,
		max: 30,
	};
	const one = (field: Field, value: unknown) =>
		read(made([field]), { [field.name]: value as never }).query;

	it.each([
		[1, 1],
		['30', 30],
		[2.5, 2.5],
		[' 2,5 ', 2.5],
	])('number %s', (given, value) => {
		expect(one(number, given)).toEqual({ n: value });
	});

	it.each([0, 31, 'x', NaN, Infinity, true, '1,250'])(
		'number %j is refused with its range',
		(given) => {
			expect(() => one(number, given)).toThrow("'Days' is");
		},
	);

	it('an empty number is not sent', () => {
		expect(one(number, '')).toEqual({});
		expect(one(number, ' ')).toEqual({});
	});

	it.each([
		[true, true],
		['true', true],
		[false, false],
		['false', false],
		['TRUE', true],
		[1, true],
		['да', true],
		['False', false],
		[0, false],
		['нет', false],
	])('toggle %j', (given, value) => {
		expect(one({ name: 't', label: 'T', kind: 'toggle', to: 'query:t' }, given)).toEqual({
			t: value,
		});
	});

	it.each([['maybe'], [2], [{}]])('toggle %j is refused', (given) => {
		const toggle: Field = { name: 't', label: 'Archive', kind: 'toggle', to: 'query:t' };
		expect(() => one(toggle, given)).toThrow("'Archive' is '");
		expect(one(toggle, '')).toEqual({});
	});

	const some = [
		{ name: 'Tea', value: 'a' },
		{ name: 'Coffee', value: 'b' },
	];

	it.each([
		[['a', 'b'], { c: ['a', 'b'] }],
		['a, coffee', { c: ['a', 'b'] }],
		['["B"]', { c: ['b'] }],
		['a', { c: ['a'] }],
		[[], {}],
		[undefined, {}],
	])('choices %j', (given, query) => {
		const choices: Field = { name: 'c', label: 'C', kind: 'choices', to: 'query:c', choices: some };
		expect(one(choices, given)).toEqual(query);
		expect(() => one(choices, 'a, x')).toThrow("'C' is 'x'");
		expect(one({ ...choices, open: true }, 'a, x')).toEqual({ c: ['a', 'x'] });
	});

	it.each([
		['a', 'a'],
		['tea', 'a'],
		[' COFFEE ', 'b'],
	])('choice %j', (given, value) => {
		const choice: Field = {
			name: 'c',
			label: 'C',
			kind: 'choice',
			default: 'a',
			to: 'query:c',
			choices: some,
		};
		expect(one(choice, given)).toEqual({ c: value });
		expect(() => one(choice, 'x')).toThrow("'C' is 'x'");
		expect(one({ ...choice, open: true }, 'x')).toEqual({ c: 'x' });
	});

	it('a list or an object is no text, unless the field takes it', () => {
		const text: Field = { name: 's', label: 'S', kind: 'text', to: 'query:s' };
		expect(() => one(text, ['a', 'b'])).toThrow("'S' is a list");
		expect(() => one(text, { id: 1 })).toThrow("'S' is an object");
		expect(one({ ...text, also: 'list' }, ['a', 5, ''])).toEqual({ s: 'a,5' });
		// Marking codes hold commas.
		const codes: Field = { ...text, also: 'list', wire: (value) => listOf(value, /\n/) };
		expect(one(codes, ['a,1', 'b'])).toEqual({ s: ['a,1', 'b'] });
		expect(one(codes, 'a,1\nb')).toEqual({ s: ['a,1', 'b'] });
		expect(() => one({ ...text, also: 'list' }, [{}])).toThrow("'S' is an object");
		expect(one({ ...text, also: 'any' }, { id: 1 })).toEqual({ s: { id: 1 } });
	});

	it('text keeps its blanks inside, and is not sent when there are only blanks', () => {
		const text: Field = { name: 's', label: 'S', kind: 'text', to: 'query:search' };
		expect(one(text, ' green tea ')).toEqual({ search: ' green tea ' });
		expect(one(text, ' \n ')).toEqual({});
	});

	it('a field that another one hides is not read', () => {
		const hidden: Field = {
			name: 's',
			label: 'S',
			kind: 'text',
			to: 'query:s',
			required: true,
			when: { mode: ['x'] },
		};
		expect(read(made([hidden]), { mode: 'y', s: 'old' }).query).toEqual({});
		expect(read(made([hidden]), { mode: 'x', s: 'new' }).query).toEqual({ s: 'new' });
	});

	it.each([
		['TRUE', true],
		['yes', true],
		['нет', false],
	])('what a toggle shows is read when it is given as %j: %s', (given, isRead) => {
		const toggle: Field = { name: 'on', label: 'On', kind: 'toggle', to: 'control' };
		const shown: Field = { ...toggle, name: 's', when: { on: [true] }, to: 'query:s' };
		const { query } = read(made([toggle, shown]), { on: given, s: 1 });
		expect(query).toEqual(isRead ? { s: true } : {});
	});

	it('a field of a section is not sent when the user has not added it', () => {
		expect(read(getAll, { returnAll: true, filters: {}, options: {} })).toMatchObject({
			filter: [],
			query: {},
		});
		expect(read(getAll, { returnAll: true })).toMatchObject({ filter: [], query: {} });
	});
});

describe('Assortment: Get Many', () => {
	const list = (form: IDataObject) => request(getAll, { returnAll: true, stock: 'rows', ...form });

	it('asks the endpoint with stock by default', () => {
		expect(list({})).toEqual({ method: 'GET', path: '/entity/assortment', query: {} });
	});

	it('writes the filters', () => {
		const filters = {
			archived: 'both',
			stockLevel: 'positiveOnly',
			availableQuantity: 'all',
			warehouse: { mode: 'id', value: UUID_A },
			productFolder: { mode: 'url', value: `${ROOT}/entity/productfolder/${UUID_A}` },
			stockMoment: '2026-07-01T09:30:00',
			type: ['product', 'variant'],
			search: 'tea',
		};
		const { query } = list({ filters });
		expect(query?.search).toBe('tea');
		expect(String(query?.filter).split(';')).toEqual([
			`productFolder=${ROOT}/entity/productfolder/${UUID_A}`,
			'type=product',
			'type=variant',
			'archived=true',
			'archived=false',
			'stockMode=positiveOnly',
			'stockMoment=2026-07-01 16:30:00.000',
			`stockStore=${ROOT}/entity/store/${UUID_A}`,
		]);
	});

	it.each([
		['an object with meta', { meta: { href: `${ROOT}/entity/productfolder/${UUID_A}` } }],
		['an object with an ID', { mode: 'id', value: { id: UUID_A, name: 'Tea' } }],
	])('takes %s for a folder', (_, productFolder) => {
		const { query } = list({ filters: { productFolder } });
		expect(query?.filter).toBe(`productFolder=${ROOT}/entity/productfolder/${UUID_A}`);
	});

	it('writes conditions, order and options', () => {
		const { query } = list({
			conditions: {
				condition: [{ field: 'name', operator: 'startsWith', value: ['Tea', 'Milk'] }],
			},
			sort: { by: [{ field: 'name', direction: 'desc' }, { field: 'code' }] },
			options: { expand: ['images', 'product'], groupBy: 'product', rawFilter: 'minimumBalance>0' },
		});
		expect(query).toEqual({
			expand: 'images,product',
			groupBy: 'product',
			filter: 'name~=Tea;name~=Milk;minimumBalance>0',
			order: 'name,desc;code,asc',
		});
	});

	it.each(['report', 'none'])(
		'with Stock "%s" asks the new endpoint, which names the folder path otherwise',
		(stock) => {
			const sent = list({
				stock,
				conditions: { condition: [{ field: 'pathname', operator: 'contains', value: ['Tea'] }] },
				sort: { by: [{ field: 'pathname', direction: 'asc' }] },
			});
			expect(sent.headers).toEqual({ 'X-Lognex-Remap-Beta-Feature': 'assortmentWithoutStock' });
			expect(sent.query).toMatchObject({ filter: 'pathName~Tea', order: 'pathName,asc' });
		},
	);

	it.each(['report', 'none'])(
		'with Stock "%s" refuses what only the old endpoint knows',
		(stock) => {
			expect(() => list({ stock, filters: { stockLevel: 'positiveOnly' } })).toThrow(
				"'Stock' is not set",
			);
			expect(() => list({ stock, options: { expand: ['supplier'] } })).toThrow(
				"'Expand' names 'supplier'",
			);
			expect(() =>
				list({
					stock,
					conditions: { condition: [{ field: 'article', operator: 'equals', value: ['1'] }] },
				}),
			).toThrow("'Stock' is not set");
		},
	);

	it('names a refused filter as the form does', () => {
		const stockLevel = getAll.fields.find(({ name }) => name === 'stockLevel');
		expect(() => list({ stock: 'none', filters: { stockLevel: 'positiveOnly' } })).toThrow(
			stockLevel?.label,
		);
	});

	it('the folder path has the spelling of the endpoint, but a raw filter stays as the user wrote it', () => {
		const form = {
			conditions: { condition: [{ field: 'pathname', operator: 'contains', value: ['Tea'] }] },
			sort: { by: [{ field: 'pathname', direction: 'desc' }] },
			options: { rawFilter: 'pathname=x' },
		};
		expect(list(form).query).toEqual({ filter: 'pathname~Tea;pathname=x', order: 'pathname,desc' });
		expect(list({ ...form, stock: 'none' }).query).toEqual({
			filter: 'pathName~Tea;pathname=x',
			order: 'pathName,desc',
		});
	});

	it('a value that looks like the folder path stays as it is', () => {
		const condition = [{ field: 'name', operator: 'equals', value: ['a;pathname=b'] }];
		expect(list({ stock: 'none', conditions: { condition } }).query?.filter).toBe(
			'name=a\\;pathname=b',
		);
	});
});

describe('conditions', () => {
	const condition = (row: IDataObject) =>
		read(getAll, { returnAll: true, conditions: { condition: [row] } }).filter;

	it('may have one value or several', () => {
		expect(condition({ field: 'name', operator: 'equals', value: 'a' })[0].values).toEqual(['a']);
		expect(condition({ field: 'name', operator: 'equals', value: ['a', 'b'] })[0].values).toEqual([
			'a',
			'b',
		]);
		// Values go on as they are; the vendor writes them.
		expect(condition({ field: 'weighed', operator: 'equals', value: false })[0].values).toEqual([
			false,
		]);
	});

	it('with an operator that compares with nothing have none', () => {
		expect(
			condition({ field: 'code', operator: 'isEmpty', value: ['left over'] })[0].values,
		).toEqual([]);
	});

	it.each([[[]], [['']], [['', '']], [''], [undefined], [null]])(
		'with %j to compare with are refused',
		(value) => {
			expect(() => condition({ field: 'name', operator: 'equals', value })).toThrow(
				"'Conditions' has no value",
			);
		},
	);

	it('do not ask for empty fields because one of several values is empty', () => {
		expect(condition({ field: 'name', operator: 'equals', value: ['a', ''] })[0].values).toEqual([
			'a',
		]);
	});

	it.each([
		[
			'an operator that the field does not allow',
			{ field: 'weighed', operator: 'contains', value: ['1'] },
		],
		['an operator that nobody knows', { field: 'name', operator: 'like', value: ['1'] }],
	])('with %s are refused instead of sent', (_, row) => {
		expect(() => condition(row)).toThrow(InputProblem);
	});

	it('are none when the form has none', () => {
		expect(read(getAll, { returnAll: true, conditions: {} }).filter).toEqual([]);
	});
});
