/** Every type of documents, from its facts: lists, objects, what is written, items, the recycle bin. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { documents } from '../../../nodes/MoySklad/documents/decisions';
import { listsOf } from '../../../nodes/MoySklad/documents/itemLists';
import { owners } from '../../../nodes/MoySklad/documents/items';
import { MoySkladDocuments } from '../../../nodes/MoySklad/MoySkladDocuments.node';
import type { Dictionary } from '../../../nodes/MoySklad/catalogue/dictionary';
import { facts, hasBin } from '../../../nodes/MoySklad/facts';
import { DOCUMENTS, House, NOBODY, NODE, paths, type RunSetup } from './setup';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
	house = await House.open({}, 10);
});
afterAll(async () => await house.close());

const node: RunSetup = { type: DOCUMENTS };
const fields = (value: IDataObject) => ({
	inputMode: 'fields',
	fields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
});
const byId = (resource: string, id: string) => ({
	[`${resource}Id`]: { __rl: true, mode: 'id', value: id },
});

/** An object that a reference may point to; any ID where the sandbox keeps none of the type. */
function referenced(ref: string[]): { id: string; type: string } {
	const [type] = ref;
	if (type.includes('/')) return { id: NOBODY, type };
	const goods = ['product', 'variant', 'service', 'bundle', 'consignment'].includes(type);
	if (goods) return { id: house.state.rows.id(0), type: house.state.rows.type(0) };
	const found = house.state.dictionaries.get(type)?.all()[0];
	return { id: found ? String(found.id) : NOBODY, type };
}

/** A value for each field that creation needs, as a person gives it and as MoySklad must get it. */
function needed({ keyword, fields: writable }: Dictionary): Array<[string, unknown, unknown]> {
	return writable
		.filter(({ required }) => required)
		.map(({ name, kind, choices }) => {
			const { ref, kind: fact } = facts[keyword].fields[name];
			if (fact === 'ref' && ref) {
				const { id, type } = referenced(ref);
				const href = `${house.state.world.base}/entity/${type}/${id}`;
				return [name, id, { meta: { href, type, mediaType: 'application/json' } }];
			}
			if (fact === 'positions') {
				const id = house.state.rows.id(0);
				const href = `${house.state.world.base}/entity/product/${id}`;
				const assortment = { meta: { href, type: 'product', mediaType: 'application/json' } };
				return [name, [{ assortment: id, quantity: '2' }], [{ assortment, quantity: 2 }]];
			}
			switch (kind) {
				case 'time':
					return [name, '2026-11-20T12:00:00+03:00', '2026-11-20 12:00:00.000'];
				case 'number':
					return [name, 5, 5];
				case 'toggle':
					return [name, true, true];
				case 'array':
					return [name, '[{"name":"Retail"}]', [{ name: 'Retail' }]];
				case 'choice':
					return [name, choices?.[0].value, choices?.[0].value];
				default:
					return [name, 'Text', 'Text'];
			}
		});
}

test('there are all 38 types', () => {
	expect(documents).toHaveLength(38);
	expect(owners).toHaveLength(28);
});

describe.each(documents.map((document): [string, Dictionary] => [document.resource, document]))(
	'%s',
	(resource, document) => {
		const { keyword, does = '', simple } = document;
		const path = `/entity/${keyword}`;
		const idAt = (index: number) => String(house.state.dictionary(keyword).all()[index].id);

		test('Get Many: flat rows, two of all, and what is in the bin when asked', async () => {
			const { json, requests } = await house.good(
				{ resource, operation: 'getAll', limit: 2 },
				node,
			);
			expect(paths(requests)).toEqual([`GET ${path}`]);
			expect(requests[0].query).toEqual({ limit: '2', offset: '0' });
			expect(json).toHaveLength(2);
			for (const row of json) {
				for (const [name, value] of Object.entries(row)) {
					expect([name, value === null ? simple[name] : typeof value]).toEqual([
						name,
						simple[name],
					]);
				}
			}
			if (document.hides !== 'isDeleted') return;
			const bin = await house.good(
				{ resource, operation: 'getAll', limit: 2, filters: { recycleBin: 'true' } },
				node,
			);
			expect(bin.requests[0].query.filter).toBe('isDeleted=true');
			expect(bin.json).toEqual([]);
		});

		const names = Object.entries(document.references ?? {});
		if (names.length > 0)
			test('Get Many: names in place of IDs, looked up together', async () => {
				/** What the sandbox knows an object by. */
				const nameOf = (type: string, id: string) => {
					const held = type === 'state' ? `${keyword}/metadata/states` : type;
					const states = house.state.dictionaries.get(held)?.all();
					return states?.find((state) => state.id === id)?.name ?? null;
				};
				const all = { resource, operation: 'getAll', limit: 100 };
				const raw = await house.good({ ...all, output: 'raw' }, node);
				const types = new Set<string>();
				const expected = raw.json.map((row) =>
					names.map(([field]) => {
						const { meta } = (row[field] ?? {}) as { meta?: { href: string; type: string } };
						if (!meta) return null;
						types.add(meta.type);
						return nameOf(meta.type, meta.href.split('/').pop() as string);
					}),
				);
				const columns = names.map(([, id]) => id.replace(/Id$/, 'Name'));
				const flat = await house.good({ ...all, options: { lookUpNames: true } }, node);
				expect(flat.json.map((row) => columns.map((column) => row[column]))).toEqual(expected);
				// The list, and one request for each type that it refers to.
				expect(flat.requests).toHaveLength(1 + types.size);
				expect(Object.keys(flat.json[0])).toHaveLength(Object.keys(simple).length);
				for (const [, id] of names) expect(Object.keys(flat.json[0])).not.toContain(id);

				const [first] = columns;
				const picked = await house.good(
					{ ...all, output: 'selectedFields', outputFields: [first] },
					node,
				);
				expect(picked.json).toEqual(
					raw.json.map(({ id }, index) => ({ id, [first]: expected[index][0] })),
				);
			});

		if (document.filter.length > 0)
			test('Get Many: every condition is one that MoySklad allows', async () => {
				const condition = document.filter.map(({ name, kind, operators, choices, entity = '' }) => {
					const value = {
						text: ['1'],
						uuid: [NOBODY],
						reference: [referenced(entity.split(',')).id],
						toggle: true,
						time: '2026-11-20T12:00:00+03:00',
						number: 5,
						choice: choices?.[0].value,
					}[kind];
					return { field: name, operator: operators[0], value };
				});
				const { requests } = await house.good(
					{ resource, operation: 'getAll', conditions: { condition } },
					node,
				);
				const sent = String(requests[requests.length - 1].query.filter).split(';');
				expect(sent.map((term) => term.split(/[=<>!~]/)[0]).sort()).toEqual(
					document.filter.map(({ name }) => name).sort(),
				);
			});

		if (document.sort.length > 0)
			test('Get Many: every order is one that MoySklad allows', async () => {
				const by = document.sort.map(({ value }) => ({ field: value, direction: 'desc' }));
				const { requests } = await house.good(
					{ resource, operation: 'getAll', limit: 1, sort: { by } },
					node,
				);
				expect(requests[0].query.order).toBe(
					document.sort.map(({ value }) => `${value},desc`).join(';'),
				);
			});

		if (does.includes('r'))
			test('Get', async () => {
				const id = idAt(1);
				const { json, requests } = await house.good(
					{ resource, operation: 'get', ...byId(resource, id) },
					node,
				);
				expect(paths(requests)).toEqual([`GET ${path}/${id}`]);
				expect(json[0].id).toBe(id);
			});

		if (does.includes('c'))
			test('Create: what is needed and nothing else', async () => {
				const given = needed(document);
				const { json, requests } = await house.good(
					{
						resource,
						operation: 'create',
						...fields(
							Object.fromEntries(given.map(([name, value]) => [name, value])) as IDataObject,
						),
					},
					node,
				);
				const writes = requests.filter(({ method }) => method === 'POST');
				expect(paths(writes)).toEqual([`POST ${path}`]);
				const { syncId, ...body } = writes[0].body as IDataObject;
				expect(typeof syncId).toBe(document.syncId ? 'string' : 'undefined');
				expect(body).toEqual(Object.fromEntries(given.map(([name, , wire]) => [name, wire])));
				expect(house.state.dictionary(keyword).find(String(json[0].id))).toBeDefined();
			});

		if (does.includes('c') && document.fields.some(({ required }) => required))
			test('Create: a required field that is missing is named, nothing is sent', async () => {
				const [first, ...rest] = needed(document);
				const { error, requests } = await house.bad(
					{
						resource,
						operation: 'create',
						...fields(
							Object.fromEntries(rest.map(([name, value]) => [name, value])) as IDataObject,
						),
					},
					node,
				);
				const { label } = document.fields.find(({ name }) => name === first[0]) as {
					label: string;
				};
				expect(error.message).toContain(`'${label}' is empty`);
				expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
			});

		if (does.includes('u'))
			test('Update: only what is given', async () => {
				const id = idAt(0);
				const name = document.fields.find((field) =>
					['description', 'externalCode', 'name', 'plannedEndDate'].includes(field.name),
				)?.name as string;
				const isTime = name === 'plannedEndDate';
				const value = isTime ? '2026-11-20T12:00:00+03:00' : 'Changed';
				const { requests } = await house.good(
					{ resource, operation: 'update', ...byId(resource, id), ...fields({ [name]: value }) },
					node,
				);
				expect(paths(requests)).toEqual([`PUT ${path}/${id}`]);
				expect(requests[0].body).toEqual({ [name]: isTime ? '2026-11-20 12:00:00.000' : value });
			});

		if (does.includes('r') && does.includes('u'))
			test('Update: a flat row of Get, given back, is understood and changes nothing', async () => {
				const id = idAt(1);
				const get = { resource, operation: 'get', ...byId(resource, id) };
				const row = (await house.good(get, node)).json[0];
				const before = structuredClone(house.state.dictionary(keyword).find(id));
				const mapped = { ...fields({}).fields, mappingMode: 'autoMapInputData', value: null };
				const { result } = await house.good(
					{ ...get, operation: 'update', inputMode: 'fields', fields: mapped },
					{ ...node, items: [{ json: row }] },
				);
				const hints = result.runData[NODE]?.at(-1)?.hints ?? [];
				expect(hints.filter(({ type }) => type === 'warning')).toEqual([]);
				const after = house.state.dictionary(keyword).find(id);
				expect({ ...after, updated: '' }).toEqual({ ...before, updated: '' });
			});

		if (hasBin(facts[keyword]) && facts[keyword].fields.deleted)
			test('Move to Recycle Bin: the list shows it no longer', async () => {
				const id = idAt(2);
				const { json, requests } = await house.good(
					{ resource, operation: 'trash', ...byId(resource, id) },
					node,
				);
				expect(paths(requests)).toEqual([`POST ${path}/${id}/trash`]);
				expect(json).toEqual([{ success: true, id }]);
				const list = { resource, operation: 'getAll', returnAll: true };
				const ids = async (filters: IDataObject) =>
					(await house.good({ ...list, filters }, node)).json.map((row) => row.id);
				expect(await ids({})).not.toContain(id);
				expect(await ids({ recycleBin: 'true' })).toContain(id);
			});

		if (does.includes('d'))
			test('Delete: one, and many in one request where MoySklad takes many', async () => {
				const ids = [idAt(3), idAt(2)];
				const { json, requests } = await house.good(
					{ resource, operation: 'delete', ...byId(resource, '={{ $json.id }}') },
					{ ...node, items: ids.map((id) => ({ json: { id } })) },
				);
				expect(paths(requests)).toEqual(
					does.includes('D') ? [`POST ${path}/delete`] : ids.map((id) => `DELETE ${path}/${id}`),
				);
				expect(json.map(({ id }) => id)).toEqual(ids);
				for (const id of ids) expect(house.state.dictionary(keyword).find(id)).toBeUndefined();
			});
	},
);

describe('items', () => {
	const place = (id: string, documentType = 'customerorder') => ({
		resource: 'item',
		documentType,
		documentId: { __rl: true, mode: 'id', value: id },
	});
	const itemId = (id: unknown) => ({ itemId: { __rl: true, mode: 'id', value: id } });

	/** A new order without items. */
	async function newOrder(): Promise<string> {
		const order = documents.find(({ keyword }) => keyword === 'customerorder') as Dictionary;
		const value = Object.fromEntries(needed(order).map(([name, given]) => [name, given]));
		const { json } = await house.good(
			{ resource: 'customerorder', operation: 'create', ...fields(value as IDataObject) },
			node,
		);
		return String(json[0].id);
	}

	/** `meta.type` of the rows as the docs' examples have it, for every list that many rows can be taken out of. */
	const rowTypes: Array<[string, string, string]> = [
		...[
			'commissionreportin',
			'commissionreportout',
			'customerorder',
			'demand',
			'enter',
			'internalorder',
			'inventory',
			'loss',
			'move',
			'payroll',
			'processingorder',
			'purchaseorder',
			'purchasereturn',
			'retireorder',
			'salesreturn',
			'supply',
		].map((keyword): [string, string, string] => [keyword, 'positions', `${keyword}position`]),
		['commissionreportin', 'returntocommissionerpositions', 'commissionreportinreturnedposition'],
		['invoicein', 'positions', 'invoiceposition'],
		['invoiceout', 'positions', 'invoiceposition'],
		['pricelist', 'positions', 'pricelistrow'],
		['processing', 'materials', 'processingpositionmaterial'],
		['processing', 'products', 'processingpositionresult'],
		['productiontask', 'products', 'productiontaskresult'],
		['retaildemand', 'positions', 'demandposition'],
		['retailsalesreturn', 'positions', 'salesreturnposition'],
	];

	test.each(rowTypes)('of %s/%s: many are deleted in one request', async (keyword, list, type) => {
		const { id } = house.state.dictionary(keyword).all()[0];
		const document = String(id);
		const before = house.state.orderPositions.list(document, list).map((row) => row.id);
		const made = [1, 2].map(
			(quantity) => house.state.orderPositions.add(document, { quantity }, keyword, list).id,
		);
		const { json, requests } = await house.good(
			{
				...place(document, keyword),
				itemList: list,
				operation: 'delete',
				...itemId('={{ $json.id }}'),
			},
			{ ...node, items: made.map((row) => ({ json: { id: row as string } })) },
		);
		const path = `/entity/${keyword}/${document}/${list}`;
		expect(paths(requests)).toEqual([`POST ${path}/delete`]);
		expect(requests[0].body).toEqual(
			made.map((row) => ({
				meta: {
					href: `${house.state.world.base}${path}/${String(row)}`,
					type,
					mediaType: 'application/json',
				},
			})),
		);
		expect(json.map((row) => row.id)).toEqual(made);
		const left = house.state.orderPositions.list(document, list).map((row) => row.id);
		expect(left).toEqual(before);
	});

	test.each([
		['productiontask', 'productionrows'],
		['productionstage', 'materials'],
	])('of %s/%s go one by one, as no bulk request is documented', async (keyword, list) => {
		const document = String(house.state.dictionary(keyword).all()[0].id);
		const made = [1, 2].map(() => house.state.orderPositions.add(document, {}, keyword, list).id);
		const { requests } = await house.good(
			{
				...place(document, keyword),
				itemList: list,
				operation: 'delete',
				...itemId('={{ $json.id }}'),
			},
			{ ...node, items: made.map((row) => ({ json: { id: row as string } })) },
		);
		expect(paths(requests)).toEqual(
			made.map((row) => `DELETE /entity/${keyword}/${document}/${list}/${String(row)}`),
		);
	});

	test('are added in one request, listed, changed and taken out', async () => {
		const order = await newOrder();
		const product = house.state.rows.id(0);
		const added = await house.good(
			{
				...place(order),
				operation: 'create',
				...fields({ assortment: product, quantity: '={{ $json.n }}', price: 10.5 }),
				options: { money: 'roubles' },
			},
			{ ...node, items: [{ json: { n: 1 } }, { json: { n: 2 } }] },
		);
		expect(paths(added.requests)).toEqual([`POST /entity/customerorder/${order}/positions`]);
		expect(added.requests[0].body).toMatchObject([
			{ quantity: 1, price: 1050 },
			{ quantity: 2, price: 1050 },
		]);
		expect(added.json.map(({ price, documentId }) => [price, documentId])).toEqual([
			[10.5, order],
			[10.5, order],
		]);
		expect(house.state.dictionary('customerorder').find(order)?.sum).toBe(3150);

		const listed = await house.good({ ...place(order), operation: 'getAll' }, node);
		expect(listed.json.map(({ quantity }) => quantity)).toEqual([1, 2]);
		const [first, second] = listed.json;
		const changed = await house.good(
			{ ...place(order), operation: 'update', ...itemId(first.id), ...fields({ quantity: 4 }) },
			node,
		);
		expect(changed.requests[0].body).toEqual({ quantity: 4 });
		const got = await house.good({ ...place(order), operation: 'get', ...itemId(first.id) }, node);
		expect(got.json[0]).toMatchObject({ id: first.id, quantity: 4, price: 1050 });
		await house.good({ ...place(order), operation: 'delete', ...itemId(second.id) }, node);
		const left = await house.good({ ...place(order), operation: 'getAll' }, node);
		expect(left.json.map(({ id }) => id)).toEqual([first.id]);
	});

	test('a field that the items of the type do not have is refused before a request', async () => {
		const [first, second] = [house.state.rows.id(0), house.state.rows.id(1)];
		const add = { ...place(NOBODY, 'demand'), operation: 'create' };
		const added = await house.bad(
			{ ...add, ...fields({ assortment: first, quantity: 2, reserve: 1 }) },
			node,
		);
		expect(added.error.message).toContain(
			"'Item: Reserve' is given, which items of the type 'Shipment' do not have",
		);
		const replaced = await house.bad(
			{
				...place(NOBODY, 'demand'),
				operation: 'replaceAll',
				newItems: JSON.stringify([
					{ assortment: first, quantity: 1, reserve: null },
					{ assortment: second, quantity: 1, reserve: 1 },
				]),
			},
			node,
		);
		expect(replaced.error.message).toContain("'New Items 2: Reserve' is given");
		expect([...added.requests, ...replaced.requests]).toEqual([]);
	});

	test.each([
		['emissionorder', 'positions', 'delete', 'Marking Code Order'],
		['prepayment', 'positions', 'delete', 'Prepayment'],
		['productionstagecompletion', 'materials', 'get', 'Operation Report'],
		['productionstagecompletion', 'products', 'create', 'Operation Report'],
	])('%s, %s: what the API has no %s for is refused before a request', async (...given) => {
		const [documentType, itemList, operation, one] = given;
		const { error, requests } = await house.bad(
			{
				...place(NOBODY, documentType),
				itemList,
				operation,
				...(operation === 'create'
					? fields({ assortment: house.state.rows.id(0), producedQuantity: 1 })
					: itemId(NOBODY)),
			},
			node,
		);
		expect(error.message).toContain(`'Document Type' is '${one}', and MoySklad has no `);
		expect(requests).toEqual([]);
	});

	test('a list of items tells that the document is not chosen yet', async () => {
		// n8n shows the message alone, without what it says to do.
		const search = house.search('searchItems', {
			type: DOCUMENTS,
			parameters: { ...place(''), operation: 'update' },
		});
		await expect(search).rejects.toThrow("'Document' is not chosen yet");
	});

	test('the only list that a type has needs no choice: that of the operations of a task', async () => {
		const document = String(house.state.dictionary('productionstage').all()[0].id);
		const place0 = place(document, 'productionstage');
		const path = `/entity/productionstage/${document}/materials`;
		const listed = await house.good(
			{ ...place0, itemList: 'positions', operation: 'getAll' },
			node,
		);
		expect(paths(listed.requests)).toEqual([`GET ${path}`]);
		const found = await house.search('searchItems', {
			type: DOCUMENTS,
			parameters: { ...place0, itemList: 'positions', operation: 'update' },
		});
		expect(paths(found.requests)).toEqual([`GET ${path}`]);
		// The form does not ask for the list of this type; of a type that an expression gives, it does.
		const typed = { ...place0, documentType: "={{ 'productionstage' }}" };
		const chosen = await house.bad({ ...typed, itemList: 'products', operation: 'getAll' }, node);
		expect(chosen.error.message).toContain(
			"'Item List' is 'Finished Goods', which a Production Task",
		);
		const several = await house.bad(
			{ ...place(NOBODY, 'processing'), itemList: 'positions', operation: 'getAll' },
			node,
		);
		expect(several.error.description).toContain("Choose 'Finished Goods' or 'Raw Materials'");
		expect([...chosen.requests, ...several.requests]).toEqual([]);
	});

	test('a list that was chosen for another type counts no longer: the form asks for it where there are several', async () => {
		const document = String(house.state.dictionary('customerorder').all()[0].id);
		const { requests } = await house.good(
			{ ...place(document), operation: 'getAll', itemList: 'materials' },
			node,
		);
		expect(paths(requests)).toEqual([`GET /entity/customerorder/${document}/positions`]);
		const form = new MoySkladDocuments().description.properties;
		const asked = form.filter(({ name }) => name === 'itemList');
		const several = owners.filter((keyword) => listsOf(keyword).length > 1);
		const typesOf = ({ displayOptions }: (typeof asked)[number]) =>
			displayOptions?.show?.documentType as string[];
		expect(asked.flatMap(typesOf).sort()).toEqual([...several].sort());
		for (const property of asked) {
			for (const option of property.options as INodePropertyOptions[]) {
				const listed = option.displayOptions?.show?.documentType;
				expect(listed).toEqual(
					several.filter((type) => listsOf(type).includes(String(option.value))),
				);
			}
			// It begins with a list that each of these types has.
			for (const type of typesOf(property)) expect(listsOf(type)).toContain(property.default);
		}
		expect(asked.length).toBeGreaterThan(0);
	});

	test.each([
		['processing', 'products'],
		['productionstagecompletion', 'products'],
		['productiontask', 'products'],
		['commissionreportin', 'positions'],
	])(
		'of a %s are read without choosing a list: those that the form begins with',
		async (type, list) => {
			const document = String(house.state.dictionary(type).all()[0].id);
			const { requests } = await house.good(
				{ ...place(document, type), operation: 'getAll' },
				node,
			);
			expect(paths(requests)).toEqual([`GET /entity/${type}/${document}/${list}`]);
		},
	);

	test('a type of which an operation can do nothing is no choice of its form', () => {
		const form = new MoySkladDocuments().description.properties;
		const types = form.filter(
			({ name, displayOptions }) =>
				name === 'documentType' && displayOptions?.show?.resource?.includes('item'),
		);
		const offered = (operation: string) =>
			types
				.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
				.flatMap(({ options }) => options as INodePropertyOptions[])
				.filter(({ displayOptions: { show } = {} }) => show?.operation?.includes(operation) ?? true)
				.map(({ value }) => value);
		const without = (operation: string) =>
			owners.filter((keyword) => !offered(operation).includes(keyword)).sort();
		expect(without('getAll')).toEqual([]);
		expect(without('get')).toEqual(['productionstage', 'productionstagecompletion']);
		for (const operation of ['create', 'update', 'replaceAll']) {
			expect(without(operation)).toEqual(
				expect.arrayContaining(['prepayment', 'prepaymentreturn']),
			);
		}
		expect(without('delete')).toEqual([
			'emissionorder',
			'prepayment',
			'prepaymentreturn',
			'productionstagecompletion',
		]);
	});

	test('a list that the type does not have is refused before a request', async () => {
		const { error, requests } = await house.bad(
			{ ...place(NOBODY, "={{ 'customerorder' }}"), operation: 'getAll', itemList: 'materials' },
			node,
		);
		expect(error.message).toContain("'Item List' is 'Raw Materials', which a Sales Order");
		expect(error.description).toContain("Choose 'Items'");
		expect(requests).toEqual([]);
	});

	test('the lists behind the locators: documents of the type, items with their goods', async () => {
		const found = await house.search('searchDocuments', {
			type: DOCUMENTS,
			parameters: { resource: 'item', operation: 'getAll', documentType: 'demand' },
		});
		expect(paths(found.requests)).toEqual(['GET /entity/demand']);
		expect(found.results.length).toBeGreaterThan(0);
	});

	test('an order is created with its items; amounts may come in roubles', async () => {
		const product = house.state.rows.id(0);
		const order = documents.find(({ keyword }) => keyword === 'customerorder') as Dictionary;
		const value = Object.fromEntries(needed(order).map(([name, given]) => [name, given]));
		const { json, requests } = await house.good(
			{
				resource: 'customerorder',
				operation: 'create',
				...fields({
					...value,
					positions: JSON.stringify([{ assortment: product, quantity: '2', price: 99.9 }]),
				} as IDataObject),
				options: { money: 'roubles' },
			},
			node,
		);
		const [write] = requests.filter(({ method }) => method === 'POST');
		expect((write.body as IDataObject).positions).toMatchObject([{ quantity: 2, price: 9990 }]);
		expect(json[0].sum).toBe(199.8);
	});
});
