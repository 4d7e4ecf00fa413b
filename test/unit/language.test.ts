/** What the catalogue can say of a call: what it does, where values go, what an answer is, whose error it is. */
import type { IDataObject } from 'n8n-workflow';

import { altegio } from '../../nodes/Altegio/vendor';
import type { ErrorRow, Field, Operation } from '../../nodes/shared/catalogue';
import { findRow } from '../../nodes/shared/errors/errors';
import { outputField } from '../../nodes/shared/files/files';
import { isRead, requestOf } from '../../nodes/shared/run/request';
import { inEnvelope, tidied } from '../../nodes/shared/road/tidy';
import { yandexMarket } from '../../nodes/YandexMarket/vendor';
import { callOf } from './calls';
import { brokenWire, problem, shopOf, thingOperation, type Server } from './shop';
import { runShop, type RunSetup } from './shopRun';

jest.setTimeout(60_000);

const operationOf = (changes: Partial<Operation>): Operation => ({ ...thingOperation, ...changes });
const text = (name: string, to: Field['to']): Field => ({ name, label: name, kind: 'text', to });
const run = async (operation: Operation, server: Server, changes: Partial<RunSetup> = {}) =>
	await runShop({ operations: [operation], items: [{}], server, ...changes });

describe('what an operation does', () => {
	it.each([
		['GET /thing', undefined, true],
		['POST /thing', undefined, false],
		['PUT /thing/{id}', undefined, false],
		['POST /thing/search', 'reads', true],
		['GET /thing/act', 'writes', false],
	] as const)('%s, said to be %s: a read is %s', (route, does, expected) => {
		expect(isRead({ route, does })).toBe(expected);
	});

	const search = operationOf({ route: 'POST /thing/search', does: 'reads' });

	it.each([
		['a POST that reads is sent again', search, 2],
		['a POST that writes is not', operationOf({ route: 'POST /thing/search' }), 1],
		['a GET that writes is not', operationOf({ route: 'GET /thing/act', does: 'writes' }), 1],
	])('%s after a connection that broke', async (_, operation, tries) => {
		let asked = 0;
		const { sent } = await run(operation, () =>
			++asked === 1 ? brokenWire('ECONNRESET') : { body: { id: 'a' } },
		);
		expect(sent).toHaveLength(tries);
	});

	it('reads go side by side, and are nothing that was done before a failure', async () => {
		let atOnce = 0;
		let most = 0;
		const server: Server = async ({ body }) => {
			most = Math.max(most, ++atOnce);
			for (let turn = 0; turn < 20; turn++) await Promise.resolve();
			atOnce--;
			return (body as IDataObject).n === '3'
				? { status: 400, body: problem(3006) }
				: { body: { id: 'a' } };
		};
		const setup = { items: ['1', '2', '3'].map((n) => ({ n })) };
		const fields = [text('n', 'body:n')];
		const { error } = await run({ ...search, fields }, server, setup);
		expect(most).toBe(3);
		expect(error?.description).not.toContain('Already done');
		most = 0;
		const written = await run({ ...search, fields, does: 'writes' }, server, setup);
		expect(most).toBe(1);
		expect(written.error?.description).toContain('Already done before this failure: items 0–1.');
	});

	it("is done again by n8n's Retry On Fail when it reads, and only then", async () => {
		const turn = { retryOnFail: true, executionId: '7', nodeId: 'does' };
		const items = [{ n: '1' }, { n: '2' }];
		const fields = [text('n', 'body:n')];
		for (const [does, second] of [
			['reads', ['1', '2']],
			['writes', ['2']],
		] as const) {
			let broken = true;
			const server: Server = ({ body }) =>
				broken && (body as IDataObject).n === '2'
					? { status: 400, body: problem(3006) }
					: { body: { id: 'a' } };
			const operation = { ...search, operation: does, fields, does };
			await run(operation, server, { ...turn, items, executionId: does });
			broken = false;
			const { sent } = await run(operation, server, { ...turn, items, executionId: does });
			expect(sent.map(({ body }) => (body as IDataObject).n)).toEqual(second);
		}
	});
});

describe('a path in the body', () => {
	it('makes the objects on the way, and keeps what stands there', async () => {
		const operation = operationOf({
			constants: { order: { source: 'n8n' } },
			fields: [
				text('status', 'body:order.status'),
				text('date', 'body:order.delivery.dates.realDeliveryDate'),
				text('note', 'body:note'),
			],
		});
		const items = [{ status: 'DELIVERED', date: '2026-11-21', note: 'x' }, { status: 'PICKUP' }];
		const { sent } = await run(operation, () => ({ body: { id: 'a' } }), { items });
		expect(sent.map(({ body }) => body)).toEqual([
			{
				order: {
					source: 'n8n',
					status: 'DELIVERED',
					delivery: { dates: { realDeliveryDate: '2026-11-21' } },
				},
				note: 'x',
			},
			{ order: { source: 'n8n', status: 'PICKUP' } },
		]);
		expect(operation.constants).toEqual({ order: { source: 'n8n' } });
	});
});

describe('an answer', () => {
	const done = operationOf({
		route: 'POST /thing/{id}/close',
		fields: [text('id', 'path:id')],
		answer: { kind: 'done' },
	});

	it.each([
		['without a body', { status: 204, body: '' }],
		['with an empty body', { status: 200, body: '' }],
		['with a body that says nothing', { status: 200, body: { status: 'OK' } }],
	])('of a call that is done, %s, is a success with the IDs', async (_, reply) => {
		const { items } = await run(done, () => reply, { items: [{ id: '7' }] });
		expect(items).toEqual([{ json: { success: true, id: '7' }, pairedItem: { item: 0 } }]);
	});

	it('of a call that is done may still be an error', async () => {
		const { error } = await run(done, () => ({ status: 404, body: problem(1021) }), {
			items: [{ id: '7' }],
		});
		expect(error?.message).toContain('not found');
	});

	const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
	const file = operationOf({
		route: 'GET /thing/{id}/print',
		fields: [text('id', 'path:id'), outputField],
		answer: { kind: 'file' },
	});

	it.each([
		[
			'name and type of the headers',
			Buffer.from('hello'),
			{ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'filename="a b.csv"' },
			{ filename: 'a b.csv', mimeType: 'text/csv', size: 5 },
		],
		[
			'a type that its first bytes know better',
			PNG,
			{
				'content-type': 'application/octet-stream',
				'content-disposition': "attachment; filename*=UTF-8''%D0%A7%D0%B0%D0%B9.bin",
			},
			{ filename: 'Чай.png', mimeType: 'image/png', size: 10 },
		],
		[
			'a name of its own when none is told',
			PNG,
			{},
			{ filename: 'file.png', mimeType: 'image/png', size: 10 },
		],
	])('that is a file has %s', async (_, body, headers, json) => {
		const { items, sent } = await run(file, () => ({ body, headers }), {
			items: [{ id: '7', binaryPropertyName: 'print' }],
		});
		expect(sent).toHaveLength(1);
		expect(items).toEqual([
			{
				json: { id: '7', ...json },
				binary: { print: { fileName: json.filename, mimeType: json.mimeType, data: body } },
				pairedItem: { item: 0 },
			},
		]);
	});

	it('that is a file is asked for as bytes, from the storage too, and explains a refusal', async () => {
		const call = callOf(file, { path: { id: '7' } });
		expect(requestOf(shopOf(), call)).toMatchObject({ expects: 'bytes', followToStorage: true });
		const { error } = await run(
			file,
			() => ({ status: 404, body: Buffer.from(JSON.stringify(problem(1021))) }),
			{ items: [{ id: '7', binaryPropertyName: 'print' }] },
		);
		expect(error?.message).toContain('not found');
	});
});

describe('an answer that says nothing in its own way', () => {
	it.each([
		[
			{ client: [], rows: [], list: [{ client: [] }] },
			{ client: {}, rows: [], list: [{ client: {} }] },
		],
		[
			{ client: [1], a: 'nan', b: ['nan', 'x'] },
			{ client: [1], a: null, b: [null, 'x'] },
		],
		['nan', null],
		[[], []],
		[null, null],
	])('%j becomes %j', (given, expected) => {
		const before = structuredClone(given);
		expect(tidied(given, { objects: ['client'], nothing: ['nan'] })).toEqual(expected);
		expect(given).toEqual(before);
	});

	it('leaves bytes as they are', () => {
		const bytes = Buffer.from('nan');
		expect(tidied(bytes, { nothing: ['nan'] })).toBe(bytes);
	});

	it('is put right for every vendor that has such ways, before anybody reads it', async () => {
		const operation = operationOf({
			simplify: ({ client }) => ({ client }),
			output: { client: { type: 'object' } },
		});
		const vendor = { ...shopOf([operation]), tidy: { ...altegio.tidy, envelope: undefined } };
		const { items } = await run(operation, () => ({ body: { client: [] } }), { vendor });
		expect(items[0].json).toEqual({ client: {} });
		const request = { method: 'GET', path: '/chain/5/loyalty/programs/7' } as const;
		for (const bare of [{ id: 1 }, [{ id: 1 }]]) {
			expect(inEnvelope(bare, altegio.tidy ?? {}, request)).toEqual({ data: bare });
			// Of a call whose documented answer has the envelope, an answer without it is none.
			const other = { method: 'GET', path: '/visits/7' } as const;
			expect(inEnvelope(bare, altegio.tidy ?? {}, other)).toBe(bare);
		}
		for (const whole of [{ data: [], meta: [] }, { success: true }, 'text', undefined]) {
			expect(inEnvelope(whole, altegio.tidy ?? {}, request)).toBe(whole);
		}
		const answer = { success: true, data: [{ id: 1 }] };
		const memberships = { method: 'GET', path: '/chain/5/loyalty/abonements' } as const;
		for (const asked of [request, memberships]) {
			expect(inEnvelope([answer], altegio.tidy ?? {}, asked)).toBe(answer);
		}
		expect(tidied({ value: 'nan' }, { nothing: ['nan'] })).toEqual({ value: null });
	});
});

describe('words for an error', () => {
	const row = (say: string, rest: Partial<ErrorRow>): ErrorRow => ({ say, hint: '', ...rest });
	const rows = [
		row('all 404', { statuses: [404] }),
		row('order 404', { statuses: [404], of: ['order'] }),
		row('one order 404', { statuses: [404], of: ['order.get'] }),
		row('all LOCKED', { codes: ['LOCKED'] }),
		row('outlet LOCKED', { codes: ['LOCKED'], of: ['outlet', 'region.get'] }),
		row('order text', { textIncludes: 'scope', of: ['order'] }),
	];

	it.each([
		['order.get', 404, {}, 'one order 404'],
		['order.getAll', 404, {}, 'order 404'],
		['outlet.get', 404, {}, 'all 404'],
		[undefined, 404, {}, 'all 404'],
		['outlet.get', 400, { code: 'LOCKED' }, 'outlet LOCKED'],
		['region.get', 400, { code: 'LOCKED' }, 'outlet LOCKED'],
		['region.getAll', 400, { code: 'LOCKED' }, 'all LOCKED'],
		// A code says more than a status, whoever the row belongs to.
		['order.get', 404, { code: 'LOCKED' }, 'all LOCKED'],
		['order.get', 404, { text: 'No SCOPE' }, 'order text'],
		['outlet.get', 404, { text: 'No scope' }, 'all 404'],
	])('of %s with %s %j are "%s"', (of, status, said, expected) => {
		expect(findRow(rows, status, said, of)?.say).toBe(expected);
	});

	it('are those of the operation that runs, for single and for bulk requests', async () => {
		const errors = [
			row('nothing at all', { statuses: [404] }),
			row('no thing', { statuses: [404], of: ['thing.create'] }),
		];
		for (const bulk of [
			undefined,
			{
				kind: 'write' as const,
				route: 'POST /thing' as const,
				element: () => ({}),
				repeatable: () => true,
			},
		]) {
			const operation = operationOf({ bulk });
			const vendor = { ...shopOf([operation]), errors };
			const items = [{}, {}];
			const { error } = await run(operation, () => ({ status: 404 }), { vendor, items });
			expect(error?.message).toContain('no thing');
		}
	});

	it('of Yandex Market speak of outlets only where outlets were asked for', () => {
		const say = (of: string) =>
			findRow(yandexMarket.errors, 400, { code: 'CAMPAIGN_TYPE_NOT_SUPPORTED' }, of)?.hint;
		expect(say('outlet.get')).toContain('Outlets');
		expect(say('order.updateStatus')).not.toContain('utlet');
	});
});
