/** What the catalogue can say of writes: objects that are replaced, times of a place, fields that depend on a choice. */
import type { IDataObject, ILoadOptionsFunctions, NodeExecutionHint } from 'n8n-workflow';

import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import type { Field, Mapper, Operation, TimeForm } from '../../nodes/shared/catalogue';
import { formOf } from '../../nodes/shared/form/form';
import { mapFields } from '../../nodes/shared/form/mapper';
import { timeAs } from '../../nodes/shared/form/times';
import { node } from './calls';
import { problem, shopOf, thingOperation, wiresTo, type Sent, type Server } from './shop';
import { runShop, type RunSetup } from './shopRun';

jest.setTimeout(60_000);

const field = (name: string, to: Field['to'], more: Partial<Field> = {}): Field =>
	({ name, label: name, kind: 'text', to, ...more }) as Field;
const run = async (operation: Operation, server: Server, changes: Partial<RunSetup> = {}) =>
	await runShop({ operations: [operation], items: [{}], server, ...changes });
const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);

describe('an object that is replaced', () => {
	const operation: Operation = {
		...thingOperation,
		operation: 'update',
		route: 'PUT /thing/{id}',
		fields: [
			field('id', 'path:id'),
			field('name', 'body:name'),
			field('colour', 'body:more.colour'),
		],
		replaces: {
			read: 'GET /thing/{id}',
			at: 'data',
			keep: ({ name, note, more }) => ({ name, note, more }),
			deep: ['more'],
			version: 'changed',
		},
	};
	/** A thing in the vendor's hands; `reads` happen between two looks. */
	function shop(onRead: (count: number, thing: IDataObject) => void = () => undefined) {
		const thing: IDataObject = {
			id: 'a',
			name: 'n',
			note: 'old',
			more: { size: 1, colour: 'red' },
			changed: 1,
		};
		let reads = 0;
		const server: Server = ({ method, path, body }) => {
			if (!path.endsWith('/a')) return { status: 404, body: problem(1021) };
			if (method === 'PUT') return { body: Object.assign(thing, { note: null, more: null }, body) };
			const answer = { body: { data: structuredClone(thing) } };
			onRead(++reads, thing);
			return answer;
		};
		return { thing, server };
	}

	it('keeps what was not named, in objects as well', async () => {
		const { thing, server } = shop();
		const items = [{ id: 'a', colour: 'blue', name: '' }];
		const { error, sent } = await run(operation, server, { items });
		expect(error).toBeUndefined();
		expect(lines(sent)).toEqual(['GET /thing/a', 'GET /thing/a', 'PUT /thing/a']);
		expect(thing).toMatchObject({ name: 'n', note: 'old', more: { size: 1, colour: 'blue' } });
	});

	it('keeps what somebody else changes after the first look', async () => {
		const { thing, server } = shop((count, one) => {
			if (count <= 2) Object.assign(one, { note: `new ${count}`, changed: count + 1 });
		});
		const { sent } = await run(operation, server, { items: [{ id: 'a', name: 'x', colour: '' }] });
		expect(lines(sent).filter((line) => line.startsWith('GET'))).toHaveLength(4);
		expect(thing).toMatchObject({ name: 'x', note: 'new 2' });
	});

	it('is not read for ever when it never rests', async () => {
		const { server } = shop((count, one) => Object.assign(one, { changed: count + 1 }));
		const { error, sent } = await run(operation, server, {
			items: [{ id: 'a', name: 'x', colour: '' }],
		});
		expect(error).toBeUndefined();
		expect(sent).toHaveLength(5);
	});

	it('without a version is compared as a whole', async () => {
		const { thing, server } = shop((count, one) => {
			if (count === 1) one.note = 'new';
		});
		const whole = { ...operation, replaces: { ...operation.replaces!, version: undefined } };
		await run(whole, server, { items: [{ id: 'a', name: 'x', colour: '' }] });
		expect(thing).toMatchObject({ name: 'x', note: 'new' });
	});

	it('is sent as given when that is wanted', async () => {
		const { server } = shop();
		const { sent } = await run(operation, server, {
			items: [{ id: 'a', name: 'x', colour: '', options: { sendAsGiven: true } }],
		});
		expect(sent.map(({ method, body }) => [method, body])).toEqual([['PUT', { name: 'x' }]]);
	});

	it('that does not exist is found before anything is written', async () => {
		const { server } = shop();
		const items = ['a', 'b'].map((id) => ({ id, name: 'x', colour: '' }));
		const { error, sent } = await run(operation, server, { items });
		expect(error?.message).toContain('not found');
		expect(lines(sent).some((line) => line.startsWith('PUT'))).toBe(false);
		const goes = await run(operation, server, { items, goesOn: true });
		expect(goes.items.map(({ json }) => 'error' in json)).toEqual([false, true]);
	});
});

describe('a time', () => {
	const zones = { timezone: 'Europe/Moscow', zone: 'America/New_York' };

	it.each<[TimeForm, unknown, string]>([
		['instant', '2026-11-21T12:00:00', '2026-11-21T09:00:00.000Z'],
		['instant', '2026-11-21T12:00:00-05:00', '2026-11-21T17:00:00.000Z'],
		['wall', '2026-11-21T12:00:00', '2026-11-21 12:00:00'],
		['wall', '2026-11-21', '2026-11-21 00:00:00'],
		['wall', '2026-11-21T12:00:00+03:00', '2026-11-21 04:00:00'],
		['wall', new Date('2026-07-01T12:00:00Z'), '2026-07-01 08:00:00'],
		['date', '2026-11-21T23:30:00', '2026-11-21'],
		['date', '2026-11-21T02:30:00+03:00', '2026-11-20'],
		['date', '21.11.2026', '2026-11-21'],
	])('as %s: %s is %s', (as, given, expected) => {
		expect(timeAs(as, given, zones, 'When')).toBe(expected);
	});

	it('of a vendor without a zone is the workflow’s', () => {
		const zone = { timezone: 'Europe/Moscow' };
		expect(timeAs('wall', '2026-11-21T00:30:00Z', zone, 'When')).toBe('2026-11-21 03:30:00');
	});

	it('that is none is refused by its name', () => {
		expect(() => timeAs('date', 'soon', zones, 'When')).toThrow("'When'");
	});

	const operation: Operation = {
		...thingOperation,
		fields: [
			field('place', 'path:place'),
			field('at', 'body:at', { kind: 'time', as: 'wall' } as Partial<Field>),
		],
		route: 'POST /place/{place}',
	};
	const server: Server = ({ path }) =>
		path.startsWith('/zone/')
			? { body: { zone: path.endsWith('/west') ? 'America/New_York' : 'Asia/Almaty' } }
			: { body: { id: 'x' } };
	const vendor = {
		...shopOf([operation]),
		zone: {
			place: ({ path }: { path: Record<string, string> }) => path.place,
			ask: async (
				{ path }: { path: Record<string, string> },
				send: (request: { method: 'GET'; path: string }) => Promise<{ body: unknown }>,
			) =>
				((await send({ method: 'GET', path: `/zone/${path.place}` })).body as { zone: string })
					.zone,
		},
	};

	it('is written on the clock of its place, which is asked once, and only when a time is given', async () => {
		const items = [
			{ place: 'west', at: '2026-11-21T12:00:00Z' },
			{ place: 'west', at: '2026-11-21T13:00:00Z' },
			{ place: 'east', at: '2026-11-21T12:00:00Z' },
			{ place: 'north', at: '' },
		];
		const { error, sent } = await run(operation, server, { items, vendor });
		expect(error).toBeUndefined();
		expect(lines(sent).filter((line) => line.startsWith('GET'))).toEqual([
			'GET /zone/west',
			'GET /zone/east',
		]);
		expect(
			sent
				.filter(({ method }) => method === 'POST')
				.map(({ body }) => (body as IDataObject | undefined)?.at),
		).toEqual(['2026-11-21 07:00:00', '2026-11-21 08:00:00', '2026-11-21 17:00:00', undefined]);
	});

	it('that is none is refused before the clock is asked for', async () => {
		const items = [{ place: 'west', at: 'soon' }];
		expect((await run(operation, server, { items, vendor })).sent).toEqual([]);
	});
});

describe('fields that depend on a choice', () => {
	it('are loaded with what the form holds now', async () => {
		const mapper: Mapper = {
			mode: 'update',
			fields: [{ name: 'comment', label: 'Comment', kind: 'text' }],
			dependsOn: ['place'],
			more: {
				prefix: 'custom:',
				load: async (send, _baseUrl, parameter) => {
					const { body } = await send({
						method: 'GET',
						path: `/fields/${String(parameter('place'))}`,
					});
					return (body as { names: string[] }).names.map((name) => ({
						name: `custom:${name}`,
						label: name,
						kind: 'text' as const,
					}));
				},
			},
		};
		const operation: Operation = {
			...thingOperation,
			fields: [{ name: 'fields', label: 'Fields', kind: 'mapper', to: 'control', mapper }],
		};
		const { helpers } = wiresTo(({ path }) => ({
			body: { names: [path.endsWith('/7') ? 'seat' : 'pet'] },
		}));
		for (const [place, name] of [
			['7', 'custom:seat'],
			['8', 'custom:pet'],
		]) {
			const values: IDataObject = { resource: 'thing', operation: 'create', place };
			const context = {
				getNode: () => node,
				getCredentials: async () => await Promise.resolve({}),
				getCurrentNodeParameter: (parameter: string) => values[parameter],
				helpers,
			} as unknown as ILoadOptionsFunctions;
			const { fields } = await mapFields(shopOf([operation])).call(context);
			expect(fields.map(({ id }) => id)).toEqual(['comment', name]);
		}
	});

	/** Fields of an item that the form offers. */
	async function offeredOf(documentType: string, itemList?: string): Promise<string[]> {
		const values: IDataObject = { resource: 'item', operation: 'create', documentType, itemList };
		const context = {
			getNode: () => node,
			getCurrentNodeParameter: (parameter: string) => values[parameter],
		} as unknown as ILoadOptionsFunctions;
		const { fields } = await mapFields(moySkladDocuments).call(context);
		return fields.map(({ id }) => id);
	}

	it('items of a type whose only list has another name are offered with its fields', async () => {
		const wanted = ['assortment', 'planQuantity'];
		expect((await offeredOf('productionstage', 'materials')).sort()).toEqual(wanted);
		expect((await offeredOf('productionstage', 'positions')).sort()).toEqual(wanted);
		// Of a field that it does not show, the editor has nothing, or what was chosen for another type.
		expect((await offeredOf('productionstage')).sort()).toEqual(wanted);
		expect((await offeredOf('productionstage', 'products')).sort()).toEqual(wanted);
	});

	it.each([
		['customerorder', 'positions', ['reserve'], ['reason', 'planQuantity']],
		['purchasereturn', 'positions', ['price'], ['discount', 'reserve']],
		['enter', 'positions', ['reason'], ['reserve', 'discount']],
		['={{ $json.type }}', 'positions', ['reserve', 'reason', 'planQuantity'], []],
	])('items of %s are offered with their own fields', async (documentType, itemList, has, not) => {
		const ids = await offeredOf(documentType, itemList);
		expect(ids).toEqual(expect.arrayContaining(['assortment', 'quantity', ...has]));
		expect(ids.filter((id) => not.includes(id))).toEqual([]);
	});
});

describe('a call that the vendor will switch off', () => {
	const former: Operation = {
		...thingOperation,
		operation: 'get',
		name: 'Get',
		action: 'Get thing',
		deprecated: { since: '2027-01-18', off: '2027-04-12', instead: 'Get Many' },
	};
	const vendor = shopOf([former, { ...thingOperation, operation: 'getAll', name: 'Get Many' }]);
	const said =
		"'Get' is deprecated since 2027-01-18 and switched off on 2027-04-12. Use 'Get Many' in its place.";

	it('is a choice of nodes that have it only, and no default', () => {
		const property = formOf(vendor).find(({ name }) => name === 'operation');
		expect(property?.default).toBe('getAll');
		expect(property?.options).toMatchObject([
			{ value: 'getAll', name: 'Get Many' },
			{
				value: 'get',
				name: 'Get (Deprecated)',
				action: 'Get thing (deprecated)',
				displayOptions: { show: { operation: ['get'] } },
			},
		]);
		expect(property?.options?.[0]).not.toHaveProperty('displayOptions');
	});

	it('has a notice in the form of those nodes', () => {
		const notices = formOf(vendor).filter(({ type }) => type === 'notice');
		expect(notices).toMatchObject([
			{ displayName: said, displayOptions: { show: { operation: ['get'] } } },
		]);
	});

	it('runs, and says so beside the output', async () => {
		const hints: NodeExecutionHint[] = [];
		const { items } = await run(former, () => ({ body: { id: 'a' } }), { vendor, hints });
		expect(items).toHaveLength(1);
		expect(hints.map(({ message }) => message)).toEqual([said]);
	});
});
