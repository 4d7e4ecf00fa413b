/** Every dictionary that is made from facts: lists, objects, what is written, what is refused. */
import type { IDataObject } from 'n8n-workflow';

import { operationsOf, type Dictionary } from '../../../nodes/MoySklad/catalogue/dictionaries';
import { factDictionaries } from '../../../nodes/MoySklad/catalogue/dictionaries/decisions';
import { facts } from '../../../nodes/MoySklad/facts';
import { House, NOBODY, paths } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(async () => await house.close());

const fields = (value: IDataObject) => ({
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
});
const byId = (resource: string, id: string) => ({
	[`${resource}Id`]: { __rl: true, mode: 'id', value: id },
});

const GOODS = ['product', 'variant', 'service', 'bundle', 'consignment'];

/** The objects of a type, in their order. */
function idsOf(keyword: string): string[] {
	const { rows } = house.state;
	if (!GOODS.includes(keyword)) {
		return house.state
			.dictionary(keyword)
			.all()
			.map(({ id }) => String(id));
	}
	return Array.from({ length: rows.size }, (_unused, row) => row)
		.filter((row) => rows.exists(row) && rows.type(row) === keyword)
		.map((row) => rows.id(row));
}

const exists = (keyword: string, id: string) =>
	GOODS.includes(keyword)
		? house.state.rows.find(keyword, id) !== undefined
		: house.state.dictionary(keyword).find(id) !== undefined;

/** `{meta}` of an object that a reference may point to. */
function referenced(ref: string[]): { id: string; type: string; wire: IDataObject } {
	const [type] = ref;
	const id = type.includes('/') || type === 'customentity' ? NOBODY : (idsOf(type)[0] ?? NOBODY);
	const href = `${house.state.world.base}/entity/${type}/${id}`;
	return { id, type, wire: { meta: { href, type, mediaType: 'application/json' } } };
}

/** Values of required fields that the kind of the field does not tell. */
const GIVEN: Record<string, () => [unknown, unknown]> = {
	characteristics: () => [
		'{"Colour": "red", "Size": "M"}',
		[
			{ name: 'Colour', value: 'red' },
			{ name: 'Size', value: 'M' },
		],
	],
	positions: () => {
		const { id, wire } = referenced(['processingstage']);
		return [[{ processingstage: id }], [{ processingstage: wire }]];
	},
	products: () => {
		const { id, wire } = referenced(['product']);
		return [[{ assortment: id, quantity: '2' }], [{ assortment: wire, quantity: 2 }]];
	},
	priceType: () => {
		const id = house.state.world.id('pricetype', 0);
		const href = `${house.state.world.base}/context/companysettings/pricetype/${id}`;
		return ['Цена продажи', { meta: { href, type: 'pricetype', mediaType: 'application/json' } }];
	},
	salesChannels: () => {
		const { id, wire } = referenced(['saleschannel']);
		return [id, [wire]];
	},
	levels: () => [[{ amount: 100000, discount: 5 }], [{ amount: 100000, discount: 5 }]],
};

/** A value for each field that creation needs, as a person gives it and as MoySklad must get it. */
function needed({ keyword, fields: writable }: Dictionary): Array<[string, unknown, unknown]> {
	return writable
		.filter(({ required }) => required)
		.map(({ name, kind, choices }) => {
			if (name in GIVEN) return [name, ...GIVEN[name]()];
			const { ref, kind: fact } = facts[keyword].fields[name] ?? {};
			if (fact === 'ref' && ref) {
				const { id, wire } = referenced(ref);
				return [name, id, wire];
			}
			switch (kind) {
				case 'number':
					return [name, 5, 5];
				case 'toggle':
					return [name, true, true];
				case 'choice':
					return [name, choices?.[0].value, choices?.[0].value];
				default:
					return [name, 'Text', 'Text'];
			}
		});
}

/** What a batch needs beside its item. */
const more = (keyword: string): IDataObject => (keyword === 'consignment' ? { label: 'B-1' } : {});

test('there are all that have no table by hand', () => {
	expect(factDictionaries.map(({ keyword }) => keyword).sort()).toEqual(
		`accumulationdiscount consignment contentcard counterparty country discount employee expenseitem group
		organization personaldiscount processingplan processingplanfolder processingprocess processingstage product
		project region retailstore role saleplatform saleschannel service specialpricediscount store taxrate thing
		variant`.split(/\s+/),
	);
});

describe.each(
	factDictionaries.map((dictionary): [string, Dictionary] => [dictionary.resource, dictionary]),
)('%s', (resource, dictionary) => {
	const { keyword, does = '', simple } = dictionary;
	const path = `/entity/${keyword}`;
	const has = (operation: string) =>
		operationsOf(dictionary).some((one) => one.operation === operation);

	if (has('getAll')) {
		test('Get Many: flat rows, two of all', async () => {
			const { json, requests } = await house.good({ resource, operation: 'getAll', limit: 2 });
			expect(paths(requests)).toEqual([`GET ${path}`]);
			expect(requests[0].query).toEqual({ limit: '2', offset: '0' });
			expect(json.length).toBeGreaterThan(0);
			for (const row of json) {
				for (const [name, value] of Object.entries(row)) {
					expect([name, value === null ? simple[name] : typeof value]).toEqual([
						name,
						simple[name],
					]);
				}
			}
		});

		if (dictionary.filter.length > 0)
			test('Get Many: every condition is one that MoySklad allows', async () => {
				const condition = dictionary.filter.map(
					({ name, kind, operators, choices, entity = '' }) => {
						const value = {
							text: ['1'],
							uuid: [NOBODY],
							reference: entity === '' ? [] : [referenced(entity.split(',')).id],
							toggle: true,
							time: '2026-11-20T12:00:00+03:00',
							number: 5,
							choice: choices?.[0].value,
						}[kind];
						return { field: name, operator: operators[0], value };
					},
				);
				const { requests } = await house.good({
					resource,
					operation: 'getAll',
					conditions: { condition },
				});
				const sent = String(requests[requests.length - 1].query.filter).split(';');
				expect(sent.map((term) => term.split(/[=<>!~]/)[0]).sort()).toEqual(
					dictionary.filter.map(({ name }) => name).sort(),
				);
			});

		if (dictionary.sort.length > 0)
			test('Get Many: every order is one that MoySklad allows', async () => {
				const by = dictionary.sort.map(({ value }) => ({ field: value, direction: 'desc' }));
				const { requests } = await house.good({
					resource,
					operation: 'getAll',
					limit: 1,
					sort: { by },
				});
				expect(requests[0].query.order).toBe(
					dictionary.sort.map(({ value }) => `${value},desc`).join(';'),
				);
			});
	}

	if (has('get') && has('getAll'))
		test('Get', async () => {
			const [id] = idsOf(keyword);
			const { json, requests } = await house.good({
				resource,
				operation: 'get',
				...byId(resource, id),
			});
			expect(paths(requests)).toEqual([`GET ${path}/${id}`]);
			expect(json[0].id).toBe(id);
		});

	if (has('create')) {
		test('Create: what is needed and nothing else', async () => {
			const given = needed(dictionary);
			const { json, requests } = await house.good({
				resource,
				operation: 'create',
				...fields({
					...(Object.fromEntries(given.map(([name, value]) => [name, value])) as IDataObject),
					...more(keyword),
				}),
			});
			const writes = requests.filter(({ method }) => method === 'POST');
			expect(paths(writes)).toEqual([`POST ${path}`]);
			const { syncId, ...body } = writes[0].body as IDataObject;
			expect(typeof syncId).toBe(dictionary.syncId ? 'string' : 'undefined');
			expect(body).toEqual({
				...Object.fromEntries(given.map(([name, , wire]) => [name, wire])),
				...more(keyword),
			});
			expect(exists(keyword, String(json[0].id))).toBe(true);
		});

		if (dictionary.fields.some(({ required }) => required))
			test('Create: a required field that is missing is named, nothing is sent', async () => {
				const [first, ...rest] = needed(dictionary);
				const { error, requests } = await house.bad({
					resource,
					operation: 'create',
					...fields(Object.fromEntries(rest.map(([name, value]) => [name, value])) as IDataObject),
				});
				const { label } = dictionary.fields.find(({ name }) => name === first[0]) as {
					label: string;
				};
				expect(error.message).toContain(`'${label}' is empty`);
				expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
			});
	}

	if (has('upsert'))
		test('Create or Update: found by its key and changed, made when there is none', async () => {
			const key = dictionary.fields.find(({ match }) => match === 'default')?.name as string;
			const values = Object.fromEntries(needed(dictionary).map(([name, value]) => [name, value]));
			const given = { ...(values as IDataObject), ...more(keyword), [key]: 'UPSERT-1' };
			const parameters = {
				resource,
				operation: 'upsert',
				inputMode: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					value: given,
					matchingColumns: [key],
					schema: [],
				},
				matchOn: key,
			};
			const made = await house.good(parameters);
			const again = await house.good(parameters);
			expect(again.json[0].id).toBe(made.json[0].id);
			const [write] = again.requests.filter(({ method }) => method === 'POST');
			expect((write.body as IDataObject[])[0].meta).toBeDefined();
		});

	if (has('update') && has('getAll'))
		test('Update: only what is given', async () => {
			// What the account began with may be fixed: countries, rates, roles.
			const id = idsOf(keyword).at(-1) as string;
			const name = ['description', 'comment', 'externalCode', 'name'].find((one) =>
				dictionary.fields.some((field) => field.name === one),
			) as string;
			const value = {
				[name]: 'Changed',
				...(keyword === 'employee' ? { lastName: 'Ivanov' } : {}),
			};
			const { requests } = await house.good({
				resource,
				operation: 'update',
				...byId(resource, id),
				...fields(value),
			});
			expect(paths(requests)).toEqual([`PUT ${path}/${id}`]);
			expect(requests[0].body).toEqual(value);
		});

	if (has('delete'))
		test('Delete: many in one request where MoySklad takes many', async () => {
			const values = Object.fromEntries(needed(dictionary).map(([name, value]) => [name, value]));
			const items = [{ json: { n: 1 } }, { json: { n: 2 } }];
			const name = 'name' in values ? { name: '={{ "To delete " + $json.n }}' } : {};
			const characteristics =
				keyword === 'variant' ? { characteristics: '={{ { Colour: "c" + $json.n } }}' } : {};
			const made = await house.good(
				{
					resource,
					operation: 'create',
					...fields({
						...(values as IDataObject),
						...more(keyword),
						...name,
						...characteristics,
					}),
				},
				{ items },
			);
			const ids = made.json.map(({ id }) => String(id));
			const { json, requests } = await house.good(
				{ resource, operation: 'delete', ...byId(resource, '={{ $json.id }}') },
				{ items: ids.map((id) => ({ json: { id } })) },
			);
			expect(paths(requests)).toEqual(
				does.includes('D') ? [`POST ${path}/delete`] : ids.map((id) => `DELETE ${path}/${id}`),
			);
			expect(json.map(({ id }) => id)).toEqual(ids);
			for (const id of ids) expect(exists(keyword, id)).toBe(false);
		});
});

test('discounts of every kind need to be told whether they are for all counterparties', () => {
	const required = factDictionaries
		.filter(({ fields: all }) => all.some(({ name, required: is }) => name === 'allAgents' && is))
		.map(({ keyword }) => keyword);
	expect(required.sort()).toEqual([
		'accumulationdiscount',
		'personaldiscount',
		'specialpricediscount',
	]);
});

test.each(['accumulationdiscount', 'personaldiscount', 'specialpricediscount'])(
	'a new %s is in the list that one to change is picked from, and no other kind',
	async (resource) => {
		const values = { name: `New ${resource}`, active: 'Yes', allAgents: 'Yes', allProducts: 'Yes' };
		const { json } = await house.good({ resource, operation: 'create', ...fields(values) });
		const { results } = await house.search(
			`search${resource[0].toUpperCase()}${resource.slice(1)}`,
			{
				parameters: { resource, operation: 'update' },
			},
		);
		expect(results.map(({ value }) => value)).toContain(json[0].id);
		expect(results.every(({ value }) => exists(resource, String(value)))).toBe(true);
	},
);

test('the list that a discount to change is picked from has none of the kinds that are changed elsewhere', async () => {
	const { results } = await house.search('searchDiscount', {
		parameters: { resource: 'discount', operation: 'update' },
	});
	expect(results.length).toBeGreaterThan(0);
	expect(results.filter(({ value }) => !exists('discount', String(value)))).toEqual([]);
});

test('content cards go one by one: a list of them is documented for deleting only', async () => {
	const dictionary = factDictionaries.find(
		({ keyword }) => keyword === 'contentcard',
	) as Dictionary;
	const values = Object.fromEntries(needed(dictionary).map(([name, value]) => [name, value]));
	const items = [{ json: { n: 1 } }, { json: { n: 2 } }];
	const resource = 'contentcard';
	const made = await house.good(
		{ resource, operation: 'create', ...fields(values as IDataObject) },
		{ items },
	);
	const changed = await house.good(
		{
			resource,
			operation: 'update',
			...byId(resource, '={{ $json.id }}'),
			...fields({ description: 'Changed' }),
		},
		{ items: made.json.map(({ id }) => ({ json: { id } })) },
	);
	const writes = [...made.requests, ...changed.requests].filter(({ method }) => method !== 'GET');
	expect(writes.map(({ body }) => Array.isArray(body))).toEqual([false, false, false, false]);
	const refused = await house.bad({
		resource,
		operation: 'create',
		...fields({ ...(values as IDataObject), salesChannels: '{}' }),
	});
	expect(refused.error.message).toContain("'Sales Channels' is '{}'");
	expect(refused.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('parametric materials of a bill of materials are written as its other materials', async () => {
	const dictionary = factDictionaries.find(
		({ keyword }) => keyword === 'processingplan',
	) as Dictionary;
	const field = dictionary.fields.find(({ name }) => name === 'parametricMaterials');
	const wire = field?.wire?.([{ assortment: NOBODY, quantity: '2' }], {
		baseUrl: 'https://api.moysklad.ru/api/remap/1.2',
		timezone: 'Europe/Moscow',
	} as never);
	const href = `https://api.moysklad.ru/api/remap/1.2/entity/product/${NOBODY}`;
	expect(wire).toMatchObject([{ assortment: { meta: { href } }, quantity: 2 }]);
});

describe('counterparty', () => {
	const upsert = (matchOn: string, value: IDataObject) => ({
		resource: 'counterparty',
		operation: 'upsert',
		inputMode: 'fields',
		fields: { mappingMode: 'defineBelow', value, matchingColumns: [matchOn], schema: [] },
		matchOn,
	});

	test.each([
		['phone', '+7 (921) 555-01-02', '8 921 555 01 02'],
		['email', 'ivan.petrov@example.com', 'Ivan.Petrov@Example.com'],
		['inn', '7707083893', '7707083893'],
		['externalCode', 'crm-1', 'crm-1'],
	])('Create or Update by %s finds who is written otherwise', async (key, first, other) => {
		const made = await house.good(upsert(key, { name: 'Ivan Petrov', [key]: first }));
		const again = await house.good(upsert(key, { name: 'Ivan P.', [key]: other }));
		expect(again.json[0].id).toBe(made.json[0].id);
		expect(again.json[0].name).toBe('Ivan P.');
		await house.good({
			resource: 'counterparty',
			operation: 'delete',
			...byId('counterparty', String(made.json[0].id)),
		});
	});

	test('a phone that cannot be one is refused before a request', async () => {
		const error = await house.refused(upsert('phone', { name: 'Ivan', phone: 'none' }));
		expect(error.message).toContain("'Phone' is 'none'");
	});

	test('contact persons, accounts and groups come with it', async () => {
		const { requests } = await house.good({
			resource: 'counterparty',
			operation: 'create',
			...fields({
				name: 'Firm',
				tags: 'Wholesale, VIP',
				contactpersons: '[{"name": "Anna", "phone": "+79210000000"}]',
				accounts: '[{"accountNumber": "40702810000000000001", "isDefault": true}]',
			}),
		});
		expect(requests[0].body).toMatchObject({
			tags: ['wholesale', 'vip'],
			contactpersons: [{ name: 'Anna', phone: '+79210000000' }],
			accounts: [{ accountNumber: '40702810000000000001', isDefault: true }],
		});
	});
});
