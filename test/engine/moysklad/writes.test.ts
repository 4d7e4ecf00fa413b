/** Writing the plain dictionaries, each by its own table: every field, every way of giving it, every operation. */
import type { IDataObject } from 'n8n-workflow';

import { plainDictionaries, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import { idAt, leastObject, metaOf, plainProducts, wholeObject } from './samples';
import { automatic, byHand, House, inJson, NOBODY, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());

const locator = (resource: string, value: string) => ({
	[`${resource}Id`]: { __rl: true, mode: 'id', value },
});
const bodies = (requests: Array<{ body?: unknown }>) => requests.map(({ body }) => body);

describe.each(
	plainDictionaries.map((dictionary): [string, Dictionary] => [dictionary.resource, dictionary]),
)('%s', (resource, dictionary) => {
	const path = `/entity/${dictionary.keyword}`;
	const defaults = dictionary.defaults ?? {};

	async function make(turn: string, more: object = {}): Promise<IDataObject> {
		const { given } = leastObject(house, resource, turn);
		const { json } = await house.good({
			resource,
			operation: 'create',
			...byHand(given),
			simplify: false,
			...more,
		});
		return json[0];
	}

	test('every field is written as MoySklad wants it: by hand, automatically, in JSON', async () => {
		for (const [turn, way] of Object.entries({
			hand: (given: IDataObject) => byHand(given),
			expression: () => byHand('={{ $json }}'),
			automatic: () => automatic(),
			json: (given: IDataObject) => inJson(given),
			text: (given: IDataObject) => inJson(JSON.stringify(given)),
			item: () => inJson('={{ $json }}'),
		})) {
			const { given, wire } = wholeObject(house, resource, turn);
			// A syncId that was seen before would give the object that it made.
			if (wire.syncId !== undefined) {
				given.syncId = wire.syncId = house.state.world.id('test', turn.length * 7);
			}
			const { json, requests } = await house.good(
				{ resource, operation: 'create', ...way(given), simplify: false },
				{ items: [given] },
			);
			const last = requests[requests.length - 1];
			expect([turn, `${last.method} ${last.path.split('1.2')[1]}`]).toEqual([turn, `POST ${path}`]);
			expect(last.body).toEqual({ ...defaults, ...wire });
			expect((json[0].meta as IDataObject).type).toBe(dictionary.keyword);
		}
	});

	test('create gives the object back, flat or as it is', async () => {
		const { given, wire } = leastObject(house, resource, 'flat');
		const { json, items } = await house.good({ resource, operation: 'create', ...byHand(given) });
		expect(items).toHaveLength(1);
		expect(Object.keys(json[0])).toEqual(Object.keys(dictionary.simple));
		for (const [name, value] of Object.entries(json[0])) {
			if (value !== null) expect([name, typeof value]).toEqual([name, dictionary.simple[name]]);
		}
		const whole = await make('as it is');
		expect((whole.meta as IDataObject).href).toBe(
			`${house.state.world.base}${path}/${String(whole.id)}`,
		);
		for (const [name, value] of Object.entries(wire)) {
			if (typeof value === 'number') expect([name, whole[name]]).toEqual([name, value]);
		}
	});

	const required = dictionary.fields.filter((field) => field.required);
	if (required.length > 0) {
		test.each(required.map(({ name, label }) => [name, label]))(
			'create needs %s: nothing is sent without it',
			async (name, label) => {
				const good = leastObject(house, resource, 'needs').given;
				for (const empty of [undefined, null, '']) {
					const error = await house.refused(
						{ resource, operation: 'create', ...byHand('={{ $json }}') },
						{ items: [good, { ...good, [name]: empty as never }] },
					);
					expect(error.message).toBe(
						`'${label}' is empty, but needed to create the object [item 1]`,
					);
					expect(error.description).toContain(`(${name})`);
					expect(error.context.itemIndex).toBe(1);
				}
			},
		);
	}

	test('update writes what is given, by PUT alone and as an array together', async () => {
		const [one, other] = [await make('u1'), await make('u2')];
		const field = dictionary.fields.find(({ name }) => ['description', 'name'].includes(name));
		const name = field?.name ?? '';
		const alone = await house.good({
			resource,
			operation: 'update',
			...locator(resource, String(one.id)),
			...byHand({ [name]: 'changed alone' }),
			simplify: false,
		});
		expect(paths(alone.requests)).toEqual([`PUT ${path}/${String(one.id)}`]);
		expect(bodies(alone.requests)).toEqual([{ [name]: 'changed alone' }]);
		expect(alone.json[0]).toMatchObject({ id: one.id, [name]: 'changed alone' });

		const given = [one, other].map(({ id }, index) => ({ id, [name]: `together ${index}` }));
		const together = await house.good(
			{
				resource,
				operation: 'update',
				...locator(resource, '={{ $json.id }}'),
				...byHand({ [name]: `={{ $json.${name} }}` }),
				simplify: false,
			},
			{ items: given as IDataObject[] },
		);
		expect(together.json.map((row) => [row.id, row[name]])).toEqual(
			given.map((row) => [row.id, row[name as keyof typeof row]]),
		);
		if (dictionary.single) {
			expect(paths(together.requests)).toEqual(given.map(({ id }) => `PUT ${path}/${String(id)}`));
		} else {
			expect(paths(together.requests)).toEqual([`POST ${path}`]);
			expect(bodies(together.requests)).toEqual([
				given.map((row) => ({
					...metaOf(house, dictionary.keyword, String(row.id)),
					[name]: row[name as keyof typeof row],
				})),
			]);
		}
	});

	test('update with nothing to change is refused', async () => {
		const error = await house.refused({
			resource,
			operation: 'update',
			...locator(resource, NOBODY),
			...byHand({ name: '' }),
		});
		expect(error.message).toBe("'Fields' hold nothing to change");
	});

	test('an empty value is left out, or clears the field', async () => {
		const { id } = await make('empty');
		// Text that the type has and that may be empty.
		const field = dictionary.fields.find(
			({ name, required: needed }) =>
				!needed &&
				['description', 'fullName', 'dueToDate', 'postponedBonusesDelayDays'].includes(name),
		);
		const name = field?.name ?? '';
		const update = (values: IDataObject, options: IDataObject) =>
			house.good({
				resource,
				operation: 'update',
				...locator(resource, String(id)),
				...byHand(values),
				options,
			});
		const rest = dictionary.fields.find((one) => ['name', 'description'].includes(one.name))?.name;
		const ignored = await update({ [name]: '', [String(rest)]: 'kept' }, { emptyValues: 'ignore' });
		expect(bodies(ignored.requests)).toEqual([{ [String(rest)]: 'kept' }]);
		if (name !== rest) {
			const cleared = await update({ [name]: '' }, { emptyValues: 'clear' });
			expect(bodies(cleared.requests)).toEqual([{ [name]: null }]);
			const json = await house.good({
				resource,
				operation: 'update',
				...locator(resource, String(id)),
				...inJson({ [name]: null }),
			});
			expect(bodies(json.requests)).toEqual([{ [name]: null }]);
		}
	});

	test('what was read can be written again: a copy, without the marks of the first', async () => {
		const first = await make('copy');
		const fixed = dictionary.resource === 'currency' ? { code: '990', isoCode: 'CPY' } : {};
		const { requests, json } = await house.good(
			{ resource, operation: 'create', ...inJson('={{ $json }}'), simplify: false },
			{ items: [{ ...first, ...fixed, syncId: null }] as IDataObject[] },
		);
		const body = requests[requests.length - 1].body as IDataObject;
		expect(body.id).toBeUndefined();
		expect(body.meta).toBeUndefined();
		expect(body.accountId).toBeUndefined();
		expect(json[0].id).not.toBe(first.id);
	});

	test('delete, one and many', async () => {
		const made = [await make('d1'), await make('d2'), await make('d3')].map(({ id }) => String(id));
		const alone = await house.good({
			resource,
			operation: 'delete',
			...locator(resource, made[0]),
		});
		expect(paths(alone.requests)).toEqual([`DELETE ${path}/${made[0]}`]);
		expect(alone.json).toEqual([{ deleted: true, id: made[0] }]);
		const many = await house.good(
			{ resource, operation: 'delete', ...locator(resource, '={{ $json.id }}') },
			{ items: made.slice(1).map((id) => ({ id })) },
		);
		expect(paths(many.requests)).toEqual([`POST ${path}/delete`]);
		expect(bodies(many.requests)).toEqual([
			made.slice(1).map((id) => metaOf(house, dictionary.keyword, id)),
		]);
		expect(many.json).toEqual(made.slice(1).map((id) => ({ deleted: true, id })));
		const gone = await house.bad({ resource, operation: 'get', ...locator(resource, made[0]) });
		expect(gone.error.message).toContain('(code 1021)');
	});

	test('a refusal of MoySklad names code, text and item', async () => {
		const { given } = leastObject(house, resource, 'refusal');
		const reference = dictionary.fields.find(({ name }) =>
			['agent', 'assignee', 'productFolder', 'owner'].includes(name),
		);
		if (!reference) return;
		const { error, requests } = await house.bad({
			resource,
			operation: 'create',
			// Its link: an ID alone would be looked for before.
			...byHand({
				...given,
				[reference.name]:
					reference.name === 'agent'
						? `${house.state.world.base}/entity/counterparty/${NOBODY}`
						: NOBODY,
			}),
		});
		expect(requests).toHaveLength(1);
		expect(error.message).toMatch(/^MoySklad: .* \(code \d+\)$/);
		expect(error.description).toContain('The vendor says: ');
	});
});

describe('references', () => {
	const organization = () => idAt(house, 'organization');
	const agent = () => idAt(house, 'counterparty', 3);
	const contract = async (fields: IDataObject) => {
		const { requests } = await house.good({
			resource: 'contract',
			operation: 'create',
			...inJson({ ownAgent: organization(), agent: agent(), ...fields }),
		});
		return requests[requests.length - 1].body as IDataObject;
	};

	test('an ID, links of the API, of the old host and of the web app, objects', async () => {
		const id = agent();
		const href = `${house.state.world.base}/entity/counterparty/${id}`;
		const expected = metaOf(house, 'counterparty', id);
		for (const given of [
			id,
			` ${id} `,
			href,
			`${href}?expand=owner`,
			`https://online.moysklad.ru/api/remap/1.2/entity/counterparty/${id}`,
			`https://api.moysklad.ru/api/remap/1.2/entity/counterparty/${id}`,
			`https://online.moysklad.ru/app/#company/edit?id=${id}`,
			{ meta: { href, type: 'counterparty', mediaType: 'application/json' } },
			{ meta: { href: `https://online.moysklad.ru/api/remap/1.2/entity/counterparty/${id}` } },
			{ id, name: 'as it was read with expand' },
			{ __rl: true, mode: 'id', value: id },
		]) {
			expect([given, (await contract({ agent: given as never })).agent]).toEqual([given, expected]);
		}
		const own = organization();
		const company = `https://online.moysklad.ru/app/#mycompany/edit?id=${own}`;
		expect((await contract({ ownAgent: company })).ownAgent).toEqual(
			metaOf(house, 'organization', own),
		);
		expect(
			(await contract({ agent: `${house.state.world.base}/entity/organization/${own}` })).agent,
		).toEqual(metaOf(house, 'organization', own));
	});

	test.each<[string, unknown, string]>([
		[
			'the link of something else',
			`https://api.moysklad.ru/api/remap/1.2/entity/store/${NOBODY}`,
			'is not the link of an object of the type counterparty or organization',
		],
		// Names are looked up.
		['a name that nobody has', 'No Such Ltd', "'Counterparty' is 'No Such Ltd'"],
		['an object without meta', { name: 'x' }, '\'Counterparty\' is \'{"name":"x"}\''],
	])('%s is refused', async (_what, agentGiven, message) => {
		const { error, requests } = await house.bad({
			resource: 'contract',
			operation: 'create',
			...inJson({ ownAgent: organization(), agent: agentGiven }),
		});
		expect(error.message).toContain(message);
		expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	test("the web app's links to goods are asked for once and become the API's", async () => {
		const { rows } = house.state;
		const [product] = plainProducts(house, 1);
		const row = rows.find('product', product) ?? 0;
		const link = `https://online.moysklad.ru/app/#good/edit?id=${rows.uiId(row)}`;
		const { requests } = await house.good(
			{
				resource: 'bundle',
				operation: 'create',
				...inJson({ name: '={{ $json.name }}', components: [{ assortment: link, quantity: 1 }] }),
			},
			{ items: [{ name: 'one' }, { name: 'two' }] },
		);
		const asked = requests.filter(({ method }) => method === 'GET');
		expect(asked.map(({ status }) => status)).toEqual([308, 200]);
		const sent = requests[requests.length - 1].body as IDataObject[];
		expect(sent.map(({ components }) => components)).toEqual(
			[0, 1].map(() => [{ assortment: metaOf(house, 'product', product), quantity: 1 }]),
		);
	});

	test('null clears one', async () => {
		const folder = await house.good({
			resource: 'productFolder',
			operation: 'create',
			...byHand({ name: 'to the top', productFolder: idAt(house, 'productfolder') }),
		});
		const { json, requests } = await house.good({
			resource: 'productFolder',
			operation: 'update',
			...locator('productFolder', String(folder.json[0].id)),
			...inJson({ productFolder: null }),
			simplify: false,
		});
		expect(bodies(requests)).toEqual([{ productFolder: null }]);
		expect(json[0].productFolder).toBeUndefined();
		expect(json[0].pathName).toBe('');
	});

	test('an account by its ID needs its owner', async () => {
		const error = await house.refused({
			resource: 'contract',
			operation: 'update',
			...locator('contract', idAt(house, 'contract')),
			...byHand({ agentAccount: NOBODY }),
		});
		expect(error.message).toContain(
			`'agentAccount' is the ID '${NOBODY}', and 'agent' is not given`,
		);
	});
});

describe('dates', () => {
	test.each<[string, unknown, string | undefined, string]>([
		['an instant', '2026-07-01T00:00:00Z', undefined, '2026-07-01 03:00:00.000'],
		['with an offset', '2026-07-01T00:00:00+05:00', undefined, '2026-06-30 22:00:00.000'],
		[
			"in the workflow's zone",
			'2026-07-01T12:00:00',
			'Asia/Yekaterinburg',
			'2026-07-01 10:00:00.000',
		],
		[
			"MoySklad's own form is Moscow time already",
			'2026-07-01 12:00:00.000',
			'Asia/Yekaterinburg',
			'2026-07-01 12:00:00.000',
		],
		[
			'a DateTime of n8n',
			'={{ DateTime.fromISO("2026-01-31T21:30:00Z") }}',
			undefined,
			'2026-02-01 00:30:00.000',
		],
	])('%s', async (_what, dueToDate, timezone, expected) => {
		const { requests } = await house.good(
			{
				resource: 'task',
				operation: 'create',
				...byHand({
					description: 'when',
					assignee: idAt(house, 'employee'),
					dueToDate: dueToDate as string,
				}),
			},
			timezone ? { timezone } : {},
		);
		expect((requests[0].body as IDataObject).dueToDate).toBe(expected);
	});
});

describe('checks before anything is sent', () => {
	test.each<[string, string, IDataObject, string]>([
		[
			'a text that is too long',
			'unitOfMeasure',
			{ name: 'x'.repeat(256) },
			"'Name' has 256 characters",
		],
		['no number', 'bonusTransaction', { bonusValue: 'many' }, "'Points' is 'many'"],
		['a part of a point', 'bonusTransaction', { bonusValue: 1.5 }, "'Points' is '1.5'"],
		['no yes or no', 'bonusTransaction', { applicable: 'perhaps' }, "'Is Posted' is 'perhaps'"],
		['no date', 'task', { dueToDate: 'soon' }, "'Due Date' holds 'soon', which is no date"],
		['a percentage above 100', 'bonusProgram', { maxPaidRatePercents: 101 }, "is '101'"],
		['a rate of 0', 'currency', { rate: 0 }, "'Rate' is 0"],
		[
			'a task about two things',
			'task',
			{
				agent: `https://api.moysklad.ru/api/remap/1.2/entity/counterparty/${NOBODY}`,
				operation: `https://api.moysklad.ru/api/remap/1.2/entity/demand/${NOBODY}`,
			},
			"'Document' is given together with 'Counterparty'",
		],
		['no components', 'bundle', { components: [] }, "'Components' are 0"],
		[
			'a component twice',
			'bundle',
			{
				components: [
					{ assortment: NOBODY, quantity: 1 },
					{ assortment: NOBODY, quantity: 2 },
				],
			},
			"'Components' name",
		],
		[
			'a component without quantity',
			'bundle',
			{ components: [{ assortment: NOBODY }] },
			"'Components: quantity' is empty",
		],
		['a bad syncId', 'bundle', { syncId: '1' }, "'Sync ID' is '1'"],
	])('%s', async (_what, resource, wrong, message) => {
		const { given } = leastObject(house, resource, 'checks');
		for (const way of [byHand('={{ $json }}'), inJson('={{ $json }}')]) {
			const error = await house.refused(
				{ resource, operation: 'create', ...way },
				{ items: [given, { ...given, ...wrong }] },
			);
			expect(error.message).toContain(message);
			expect(error.message).toContain('[item 1]');
			expect(error.name).toBe('NodeOperationError');
		}
	});

	test.each([
		['no JSON', '{ "name": ', "'JSON' is"],
		['a list', '[{ "name": "a" }]', "'JSON' is a list"],
		['nothing', '', "'JSON' is empty"],
	])('JSON mode: %s', async (_what, json, message) => {
		const error = await house.refused({
			resource: 'unitOfMeasure',
			operation: 'create',
			...inJson(`={{ ${JSON.stringify(json)} }}`),
		});
		expect(error.message).toContain(message);
	});
});

test('extra fields go into the body as they are, known ones as their field wants', async () => {
	const { requests } = await house.good({
		resource: 'unitOfMeasure',
		operation: 'create',
		...byHand({ name: 'extra' }),
		options: {
			moreFields: `{ "shared": "true", "novelty": { "a": [1] }, "owner": "${idAt(house, 'employee')}" }`,
		},
	});
	expect(bodies(requests)).toEqual([
		{
			name: 'extra',
			shared: true,
			novelty: { a: [1] },
			owner: metaOf(house, 'employee', idAt(house, 'employee')),
		},
	]);
});
