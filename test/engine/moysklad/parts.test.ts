/** Parts of dictionaries by their table: added, listed, read, changed, deleted. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { partRules, type PartRule } from '../../../nodes/MoySklad/catalogue/parts';
import { ACTION, House, NOBODY, paths } from './setup';

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
const locator = (value: string) => ({ __rl: true, mode: 'id', value });

function ownerId(type: string): string {
	const { rows } = house.state;
	return type === 'product' ? rows.id(0) : String(house.state.dictionary(type).all()[0].id);
}

/** Each kind of parts with each of its owners and lists. */
const cases = partRules.flatMap((rule) =>
	rule.owners.flatMap((owner) =>
		Object.keys(rule.lists).map((list): [string, string, PartRule] => [owner, list, rule]),
	),
);

/** What is written, as a person gives it, and what must arrive. */
function sample(owner: string, list: string): [IDataObject, IDataObject] {
	const ref = (type: string, id: string): IDataObject => ({
		meta: {
			href: `${house.state.world.base}/entity/${type}/${id}`,
			type,
			mediaType: 'application/json',
		},
	});
	const product = house.state.rows.id(0);
	switch (list) {
		case 'accounts':
			return [
				{ accountNumber: '40702810900000000001', bic: '044525225' },
				{ accountNumber: '40702810900000000001', bic: '044525225' },
			];
		case 'notes':
			return [{ description: 'Called' }, { description: 'Called' }];
		case 'materials':
		case 'parametricmaterials':
		case 'products':
			return [
				{ assortment: product, quantity: 2 },
				{ assortment: ref('product', product), quantity: 2 },
			];
		case 'positions': {
			const id = ownerId('processingstage');
			return [{ processingstage: id }, { processingstage: ref('processingstage', id) }];
		}
		case 'storebalances':
			return [
				{ store: 'Main store', quantity: 5 },
				{ store: ref('store', ownerId('store')), quantity: 5 },
			];
		default:
			return [{ name: `${owner} part` }, { name: `${owner} part` }];
	}
}

/** `meta.type` of rows that can be deleted together, as the docs' examples have it. */
const TYPES: Record<string, string> = {
	accounts: 'account',
	materials: 'processingplanmaterial',
	positions: 'processingprocessposition',
	products: 'processingplanresult',
	slots: 'slot',
	storebalances: 'minimumstock',
	zones: 'zone',
};

describe.each(cases)('%s/%s', (owner, list, rule) => {
	const resource = rule.resource.value;
	const several = Object.keys(rule.lists).length > 1;
	const place = () => ({
		resource,
		...(rule.owners.length > 1
			? { ownerType: owner, ownerId: locator(ownerId(owner)) }
			: { [`${owner}Id`]: locator(ownerId(owner)) }),
		...(several ? { partList: list } : {}),
	});
	const path = () => `/entity/${owner}/${ownerId(owner)}/${list}`;
	const one = (id: unknown) => ({ [`${resource}Id`]: locator(String(id)) });

	if (rule.fixed?.includes(list)) {
		test('nothing can be added', async () => {
			const error = await house.refused({
				...place(),
				operation: 'create',
				...fields({ cost: 5, quantity: 1, assortment: NOBODY }),
			});
			expect(error.message).toContain("'List' is");
		});

		test('the form offers the list where something can be done with its rows', () => {
			const { properties } = house.engine.nodeType(ACTION).description;
			const lists = properties.filter(
				({ name, displayOptions }) =>
					name === 'partList' && displayOptions?.show?.resource?.includes(resource),
			);
			const shown = lists.flatMap(({ options }) =>
				(options as INodePropertyOptions[]).filter(({ value }) => value === list),
			);
			expect(shown.length).toBeGreaterThan(0);
			for (const { displayOptions } of shown) {
				expect(displayOptions?.show).toEqual({ operation: ['get', 'getAll', 'update'] });
			}
		});
		return;
	}

	// The facts have no table of these rows; the routes are those of the other lists.
	if (list === 'parametricmaterials') return;

	test('added, listed, read, changed and deleted', async () => {
		const [given, wire] = sample(owner, list);
		const added = await house.good({ ...place(), operation: 'create', ...fields(given) });
		const [write] = added.requests.filter(({ method }) => method === 'POST');
		expect(paths([write])).toEqual([`POST ${path()}`]);
		expect(write.body).toEqual(rule.arrays ? [wire] : wire);
		const { id } = added.json[0];
		expect(added.json[0].ownerId).toBe(ownerId(owner));

		const listed = await house.good({ ...place(), operation: 'getAll', returnAll: true });
		expect(paths(listed.requests)).toEqual([`GET ${path()}`]);
		const query = ['slots', 'zones'].includes(list) ? {} : { limit: '1000', offset: '0' };
		expect(listed.requests[0].query).toEqual(query);
		expect(listed.json.map((row) => row.id)).toContain(id);
		const got = await house.good({ ...place(), operation: 'get', ...one(id) });
		expect(got.json[0].id).toBe(id);

		const name = ['description', 'name', 'bankName', 'quantity'].find(
			(field) => field in given || field === (list === 'accounts' ? 'bankName' : ''),
		);
		if (name !== undefined) {
			const value = name === 'quantity' ? 3 : 'Changed';
			const changed = await house.good({
				...place(),
				operation: 'update',
				...one(id),
				...fields({ [name]: value }),
			});
			expect(paths(changed.requests)).toEqual([`PUT ${path()}/${String(id)}`]);
			expect(changed.requests[0].body).toEqual({ [name]: value });
			expect(changed.json[0][name]).toBe(value);
		}

		const found = await house.search('searchParts', {
			parameters: { ...place(), operation: 'get' },
		});
		expect(found.results.map(({ value }) => value)).toContain(id);
		expect(found.requests[0].query).toEqual(query.limit ? { ...query, limit: '100' } : {});

		const deletes = { ...place(), operation: 'delete' };
		if (rule.type === undefined) await house.good({ ...deletes, ...one(id) });
		else {
			// Two of one owner share a request; of these, one is gone already.
			const { json, requests } = await house.good(
				{ ...deletes, ...one('={{ $json.id }}') },
				{ items: [{ json: { id } }, { json: { id: NOBODY } }], onError: 'continueRegularOutput' },
			);
			expect(paths(requests)).toEqual([`POST ${path()}/delete`]);
			expect(json[0]).toMatchObject({ deleted: true, id });
			expect(json[1].error).toContain('1021');
			const metas = requests[0].body as Array<{ meta: IDataObject }>;
			expect(metas.map(({ meta }) => meta)).toEqual(
				[id, NOBODY].map((given) => ({
					href: `${house.state.world.base}${path()}/${String(given)}`,
					type: TYPES[list],
					mediaType: 'application/json',
				})),
			);
		}
		const left = await house.good({ ...place(), operation: 'getAll', returnAll: true });
		expect(left.json.map((row) => row.id)).not.toContain(id);
	});
});

test('a bin goes into a zone of the same warehouse by its ID, several share a request', async () => {
	const store = ownerId('store');
	const place = { storeId: locator(store) };
	const zone = await house.good({
		...place,
		resource: 'warehouseZone',
		operation: 'create',
		...fields({ name: 'North' }),
	});
	const id = String(zone.json[0].id);
	const bins = await house.good(
		{
			...place,
			resource: 'storageBin',
			operation: 'create',
			...fields({ name: '={{ $json.n }}', zone: id }),
		},
		{ items: [{ json: { n: 'A-1' } }, { json: { n: 'A-2' } }] },
	);
	const href = `${house.state.world.base}/entity/store/${store}/zones/${id}`;
	const meta = { href, type: 'zone', mediaType: 'application/json' };
	expect(bins.requests.map(({ body }) => body)).toEqual([
		[
			{ name: 'A-1', zone: { meta } },
			{ name: 'A-2', zone: { meta } },
		],
	]);
});

test('more zones than an answer holds: the link to the next page is followed', async () => {
	const store = ownerId('store');
	const of = { resource: 'warehouseZone', storeId: locator(store) };
	const before = await house.good({ ...of, operation: 'getAll', returnAll: true });
	await house.good(
		{ ...of, operation: 'create', ...fields({ name: '={{ $json.n }}' }) },
		{ items: Array.from({ length: 1001 }, (_unused, n) => ({ json: { n: `Many ${n}` } })) },
	);
	const { json, requests } = await house.good({ ...of, operation: 'getAll', returnAll: true });
	expect(new Set(json.map(({ id }) => id)).size).toBe(before.json.length + 1001);
	expect(requests.map(({ query }) => query)).toEqual([{}, { limit: '1000', offset: '1000' }]);
});
