/** Webhooks, notes, components, metadata and settings: what happens before and after the wire. */
import type { IDataObject } from 'n8n-workflow';

import { settingsBody, deleteItems } from '../../nodes/MoySklad/catalogue/assortmentSettings';
import { assortment } from '../../nodes/MoySklad/catalogue/assortment';
import { colorOf } from '../../nodes/MoySklad/catalogue/metadataStates';
import {
	entityTypesWithMetadata,
	metadataType,
} from '../../nodes/MoySklad/catalogue/metadataTypes';
import { metadata } from '../../nodes/MoySklad/catalogue/metadata';
import { stockWebhooks } from '../../nodes/MoySklad/catalogue/stockWebhook';
import { taskNotes, withText } from '../../nodes/MoySklad/catalogue/taskNote';
import { webhooks } from '../../nodes/MoySklad/catalogue/webhook';
import { moySklad } from '../../nodes/MoySklad/vendor';
import type { BulkWrite, Call, Operation } from '../../nodes/shared/catalogue';
import { present } from '../../nodes/shared/form/output';
import { requestOf } from '../../nodes/shared/run/request';
import { answerOf, callOf, UUID_A, UUID_B } from './calls';
import { fakeWork } from './moysklad-special-work';

const find = (list: Operation[], name: string) =>
	list.find(({ operation }) => operation === name) as Operation;
const bulkOf = (operation: Operation) => operation.bulk as BulkWrite;
const silent = () => fakeWork(() => new Error('No request is needed'));

describe('Create or Update of a webhook', () => {
	const upsert = find(webhooks, 'upsert');
	const hook = (url: string, more: IDataObject = {}) =>
		callOf(upsert, { body: { entityType: 'product', action: 'UPDATE', url, ...more } });
	const rows = [
		{ id: UUID_A, entityType: 'product', action: 'UPDATE', url: 'https://a.example' },
		{ id: UUID_B, entityType: 'product', action: 'DELETE', url: 'https://b.example' },
	];

	it('takes over the one with the same type, event and URL, after one look at the list', async () => {
		const { work, sent } = fakeWork(() => answerOf(200, { meta: { size: 2 }, rows }));
		const calls = [hook('https://a.example', { enabled: false }), hook('https://b.example')];
		await upsert.prepare?.(calls, work);
		expect(sent.map(({ path }) => path)).toEqual(['/entity/webhook']);
		const [found, fresh] = calls.map((call) => bulkOf(upsert).element(call));
		expect(found).toEqual({
			meta: {
				href: `https://api.moysklad.ru/api/remap/1.2/entity/webhook/${UUID_A}`,
				type: 'webhook',
				mediaType: 'application/json',
			},
			entityType: 'product',
			action: 'UPDATE',
			url: 'https://a.example',
			enabled: false,
		});
		expect(fresh).not.toHaveProperty('meta');
		expect(calls.map((call) => bulkOf(upsert).repeatable(call))).toEqual([true, false]);
	});

	it('makes one webhook of two items with the same type, event and URL', () => {
		const [one, other] = [hook('https://a.example'), hook('https://a.example', { enabled: true })];
		const { key, follow } = bulkOf(upsert);
		expect(key?.(one)).toBe(key?.(other));
		expect(key?.(one)).not.toBe(key?.(hook('https://b.example')));
		follow?.(other, { id: UUID_B });
		expect(bulkOf(upsert).element(other)).toHaveProperty('meta');
	});

	it('tells reports of stock webhooks apart', () => {
		const { key } = bulkOf(find(stockWebhooks, 'upsert'));
		const call = (reportType: string) =>
			callOf(find(stockWebhooks, 'upsert'), {
				body: { reportType, stockType: 'stock', url: 'https://a.example' },
			});
		expect(key?.(call('all'))).not.toBe(key?.(call('bystore')));
	});
});

describe('changed fields of a webhook', () => {
	const prepared = async (name: string, body: IDataObject): Promise<Call> => {
		const call = callOf(find(webhooks, name), { body });
		await find(webhooks, name).prepare?.([call], silent().work);
		return call;
	};

	it('are refused for events that do not have them', async () => {
		const { problem } = await prepared('create', { action: 'CREATE', diffType: 'FIELDS' });
		expect(problem?.message).toContain('Changed Fields');
	});

	it('are left out when there are none', async () => {
		const call = await prepared('create', { action: 'CREATE', diffType: 'NONE' });
		expect(call.body).toEqual({ action: 'CREATE' });
		expect(call.problem).toBeUndefined();
	});

	it.each([
		['create', { action: 'UPDATE', diffType: 'FIELDS' }],
		['update', { diffType: 'FIELDS' }],
		['update', { diffType: 'NONE' }],
	])('go with %s of %j', async (name, body) => {
		const call = await prepared(name, { ...body });
		expect(call.body).toEqual(body);
		expect(call.problem).toBeUndefined();
	});

	it('an update of nothing is refused', async () => {
		expect((await prepared('update', {})).problem?.message).toContain('nothing to change');
	});
});

describe('the text of a note', () => {
	it('is read by either of its two names, and the row keeps what it has', async () => {
		expect(await withText([{ text: 'a' }, { description: 'b' }, {}])).toEqual([
			{ text: 'a' },
			{ description: 'b', text: 'b' },
			{},
		]);
	});

	it('is simplified with the IDs that only links tell', () => {
		const { simplify } = find(taskNotes, 'getAll');
		const href = `https://x/entity/task/${UUID_A}/notes/${UUID_B}`;
		const call = callOf(find(taskNotes, 'getAll'), { path: { taskId: 'web-id' } });
		expect(simplify?.({ meta: { href }, text: 'a' }, call)).toEqual({
			id: UUID_B,
			taskId: UUID_A,
			text: 'a',
		});
	});

	it('is asked for 100 notes at a time', () => {
		const { list } = find(taskNotes, 'getAll');
		expect(list?.pageSize({ method: 'GET', path: '/' })).toBe(100);
	});
});

describe('colors of states', () => {
	it.each([
		['#A2C617', 10667543],
		['a2c617', 10667543],
		['162, 198, 23', 10667543],
		['rgb(162,198,23)', 10667543],
		['10667543', 10667543],
		[10667543, 10667543],
		['#fff', 16777215],
		['255', 255],
		['#000255', 597],
		['-65536', -65536],
	])('%s', (given, expected) => {
		expect(colorOf(given)).toBe(expected);
	});

	it.each(['green', '', '256,0,0', '#12345', '1,2'])('%j is refused', (given) => {
		expect(() => colorOf(given)).toThrow("'Color'");
	});
});

describe('types and their metadata', () => {
	it('have no choice whose request would be refused, and every choice under its own keyword', () => {
		for (const part of ['metadata', 'attributes', 'states'] as const) {
			const choices = entityTypesWithMetadata(part);
			expect(choices.length).toBeGreaterThan(20);
			for (const { name, value } of choices) {
				expect(metadataType(value, part)).toBe(value);
				expect(name).toMatch(/^[A-Z]/);
			}
		}
	});

	it.each(['bundle', 'service', 'variant', 'Product'])(
		'%s has the attributes of products',
		(keyword) => expect(metadataType(keyword, 'attributes')).toBe('product'),
	);

	it('product folders say that MoySklad removed theirs', () => {
		for (const part of ['metadata', 'attributes', 'states'] as const) {
			expect(() => metadataType('productfolder', part)).toThrow('has no longer');
		}
	});

	it.each([
		['currency', 'metadata'],
		['task', 'attributes'],
		['product', 'states'],
		['bundle', 'states'],
		['../product', 'metadata'],
		['customentity/1', 'attributes'],
	] as const)('%s has no %s', (keyword, part) => {
		expect(() => metadataType(keyword, part)).toThrow("'Entity Type'");
	});

	it('that we do not know pass', () => {
		expect(metadataType('somethingnew', 'states')).toBe('somethingnew');
	});

	it('states come out of the metadata; a type without any has none', () => {
		const { list } = find(metadata, 'getStates');
		const rowsOf = (body: unknown) => list?.style.rows(answerOf(200, body));
		expect(rowsOf({ meta: {}, states: [{ id: '1' }] })).toEqual([{ id: '1' }]);
		expect(rowsOf({ meta: {} })).toEqual([]);
		expect(() => rowsOf('<html>')).toThrow('no list');
	});

	it.each([
		[{ type: 'file', required: true }, true],
		[{ type: 'boolean', required: true }, true],
		[{ type: 'string', required: true, show: false }, true],
		[{ type: 'string', required: true }, false],
		[{ type: 'boolean', required: false }, false],
	])('an attribute %j', async (body, refused) => {
		const operation = find(metadata, 'createAttribute');
		const call = callOf(operation, { body });
		await operation.prepare?.([call], silent().work);
		expect(call.problem !== undefined).toBe(refused);
	});

	it('a task type is made without a state type', async () => {
		const operation = find(metadata, 'createState');
		const make = (entityType: string) =>
			callOf(operation, { path: { entityType }, body: { name: 'a', stateType: 'Regular' } });
		const calls = [make('task'), make('contract')];
		await operation.prepare?.(calls, silent().work);
		expect(calls.map(({ body }) => body)).toEqual([
			{ name: 'a' },
			{ name: 'a', stateType: 'Regular' },
		]);
	});
});

describe('settings of the assortment', () => {
	it('are written in the groups that the API has, and only those given', () => {
		expect(settingsBody({})).toEqual({});
		expect(
			settingsBody({
				checkUniqueCode: false,
				weightBarcode: true,
				weightBarcodePrefix: 7,
				createdShared: true,
			}),
		).toEqual({
			uniqueCodeRules: { checkUniqueCode: false },
			barcodeRules: { weightBarcode: true, weightBarcodePrefix: 7 },
			createdShared: true,
		});
	});

	it('are read as one flat row', () => {
		const operation = find(assortment, 'getSettings');
		const row = {
			meta: {},
			uniqueCodeRules: { checkUniqueCode: true, fillUniqueCode: false },
			barcodeRules: { fillEAN13Barcode: true, weightBarcode: false, weightBarcodePrefix: 20 },
			createdShared: false,
		};
		const flat = present(row, callOf(operation, { output: 'simplified' }));
		expect(Object.keys(flat)).toEqual(Object.keys(operation.output));
		expect(Object.values(flat)).toEqual([true, false, true, false, 20, false]);
	});
});

describe('deleting of mixed types', () => {
	it('tells type and ID of each item, whatever it was given by', async () => {
		const item = (type: string, id: string) => ({
			item: {
				meta: { href: `https://x/entity/${type}/${id}`, type, mediaType: 'application/json' },
			},
		});
		const calls = [item('service', UUID_A), item('bundle', UUID_B)].map((body) =>
			callOf(deleteItems, { body }),
		);
		await deleteItems.prepare?.(calls, silent().work);
		expect(calls.map(({ path }) => path)).toEqual([
			{ type: 'service', id: UUID_A },
			{ type: 'bundle', id: UUID_B },
		]);
		expect(bulkOf(deleteItems).element(calls[0])).toEqual(item('service', UUID_A).item);
	});
});

describe('the assortment without stock', () => {
	const list = find(assortment, 'getAll');
	const filterOf = (changes: Partial<Call>) => requestOf(moySklad, callOf(list, changes)).query;
	const term = (
		field: string,
		operator: 'contains' | 'startsWith' | 'endsWith',
		...values: string[]
	) => ({
		field,
		operator,
		values,
		of: list.filter?.find(({ name }) => name === field),
	});

	it('compares parts of texts one at a time, or a beginning with an end', () => {
		const none = { control: { stock: 'none' } };
		const both = [term('name', 'startsWith', 'a'), term('name', 'endsWith', 'b')];
		expect(filterOf({ ...none, filter: both })).toMatchObject({ filter: 'name~=a;name=~b' });
		for (const filter of [
			[term('name', 'contains', 'a', 'b')],
			[term('name', 'contains', 'a'), term('name', 'endsWith', 'b')],
			[term('name', 'startsWith', 'a', 'b')],
		]) {
			expect(() => filterOf({ ...none, filter })).toThrow('several parts of texts');
			expect(() => filterOf({ control: { stock: 'rows' }, filter })).not.toThrow();
		}
	});

	it('compares parts of barcodes, which the one with stock does not', () => {
		const filter = [term('barcode', 'contains', '46')];
		expect(filterOf({ control: { stock: 'none' }, filter })).toMatchObject({
			filter: 'barcode~46',
		});
		expect(() => filterOf({ control: { stock: 'rows' }, filter })).toThrow("'Stock'");
	});

	it('sorts by four fields only', () => {
		const sort: Call['sort'] = [['pathname', 'asc']];
		expect(filterOf({ control: { stock: 'none' }, sort })).toMatchObject({ order: 'pathName,asc' });
		expect(() => filterOf({ control: { stock: 'none' }, sort: [['stock', 'asc']] })).toThrow(
			"'Sort'",
		);
	});

	it('is told about subfolders only together with a folder', () => {
		const sub = { field: 'withSubFolders', operator: 'equals' as const, values: ['true'] };
		const folder = { field: 'productFolder', operator: 'equals' as const, values: [UUID_A] };
		const none = { control: { stock: 'none' } };
		expect(filterOf({ ...none, filter: [sub] })).not.toHaveProperty('filter');
		expect(String(filterOf({ ...none, filter: [folder] })?.filter)).toContain(
			'withSubFolders=false',
		);
		expect(String(filterOf({ ...none, filter: [folder, sub] })?.filter)).toMatch(
			/withSubFolders=true$/,
		);
	});

	it('cannot be exported asynchronously with whole references', () => {
		const control = { stock: 'none', asyncExport: true };
		expect(() => filterOf({ control, query: { expand: 'images' } })).toThrow('Asynchronous Export');
	});
});
