/**
 * The works of a shop with MoySklad's documents, prices and stock: what they are measured on, by our node and by n8n's
 * HTTP Request node once per item.
 */
import type { IDataObject } from 'n8n-workflow';

import { bulkChain, floorMs, listChain } from './floor';
import type { SandboxHandle } from './processes';

/** What is needed to run a work on so many items. */
export interface Prepared {
	/** Input of the node; one empty item for a list. */
	items: object[];
	/** Parameters of our node. */
	parameters: object;
	/** The request of the HTTP Request node for one item; none where there is nothing to compare with. */
	request?: IDataObject;
}

export interface ShopWork {
	name: string;
	title: string;
	node: 'moySklad' | 'moySkladDocuments';
	count: number;
	/** Rows of the assortment that the sandbox has. */
	assortmentRows?: number;
	prepare: (sandbox: SandboxHandle, count: number) => Promise<Prepared>;
	floorMs: (count: number) => number;
	/** Requests at most: all of them, or those that write. */
	requests?: number;
	writes?: number;
	/** At least so many times as fast as once per item. */
	timesB?: number;
	/** At most so many times the floor's time. */
	timesFloor?: number;
}

const POSITIONS = 5;
const PAGE = 1000;
/** Rows of a page with whole objects in it (MoySklad docs: Expand). */
const EXPANDED_PAGE = 100;

interface Goods {
	id: string;
	article?: string;
}

const meta = ({ api }: SandboxHandle, type: string, id: string) => ({
	meta: { href: `${api}/entity/${type}/${id}`, type, mediaType: 'application/json' },
});

async function listOf(sandbox: SandboxHandle, path: string, count: number): Promise<Goods[]> {
	const found: Goods[] = [];
	for (let offset = 0; found.length < count; offset += PAGE) {
		const sign = path.includes('?') ? '&' : '?';
		const route = `${path}${sign}limit=${PAGE}&offset=${offset}`;
		const { rows } = (await sandbox.ask('GET', route)) as { rows: Goods[] };
		found.push(...rows);
		if (rows.length < PAGE) break;
	}
	if (found.length < count) throw new Error(`The sandbox has ${found.length} of ${count} ${path}`);
	return found.slice(0, count);
}

/** IDs of products that have variants. */
async function parentsIn(sandbox: SandboxHandle): Promise<Set<string | undefined>> {
	const { meta: list } = (await sandbox.ask('GET', '/entity/variant?limit=1')) as {
		meta: { size: number };
	};
	const variants = (await listOf(sandbox, '/entity/variant', list.size)) as Array<
		Goods & { product: { meta: { href: string } } }
	>;
	return new Set(variants.map(({ product }) => product.meta.href.split('/').pop()));
}

/**
 * Products with an article of their own each; without `all` only those that have no variants, which share the
 * article of their product.
 */
async function products(
	sandbox: SandboxHandle,
	count: number,
	all = false,
): Promise<Array<Required<Goods>>> {
	const parents = all ? new Set() : await parentsIn(sandbox);
	const found: Array<Required<Goods>> = [];
	for (let offset = 0; found.length < count; offset += PAGE) {
		const route = `/entity/product?limit=${PAGE}&offset=${offset}`;
		const { rows } = (await sandbox.ask('GET', route)) as { rows: Goods[] };
		const own = rows
			.filter(({ id }) => !parents.has(id))
			.slice(0, count - found.length)
			.map(({ id }, index) => ({ id, article: `BENCH-${found.length + index}` }));
		const bodies = own.map(({ id, article }) => ({ ...meta(sandbox, 'product', id), article }));
		if (bodies.length > 0) await sandbox.ask('POST', '/entity/product', bodies);
		found.push(...own);
		if (rows.length < PAGE) break;
	}
	if (found.length < count) throw new Error(`The sandbox has ${found.length} of ${count} products`);
	return found;
}

async function firstOf(sandbox: SandboxHandle, type: string): Promise<string> {
	return (await listOf(sandbox, `/entity/${type}`, 1))[0].id;
}

/** Makes orders of two items before the measuring; returns their IDs. */
async function orders(sandbox: SandboxHandle, count: number): Promise<string[]> {
	const goods = await products(sandbox, 100);
	const organization = meta(sandbox, 'organization', await firstOf(sandbox, 'organization'));
	const agent = meta(sandbox, 'counterparty', await firstOf(sandbox, 'counterparty'));
	const ids: string[] = [];
	while (ids.length < count) {
		const bodies = Array.from({ length: Math.min(PAGE, count - ids.length) }, (_, index) => ({
			organization,
			agent,
			positions: [0, 1].map((at) => ({
				assortment: meta(sandbox, 'product', goods[(index + at) % goods.length].id),
				quantity: 1 + at,
				price: 10_000,
			})),
		}));
		const made = await sandbox.ask('POST', '/entity/customerorder', bodies);
		ids.push(...(made as Goods[]).map(({ id }) => id));
	}
	return ids;
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const json = (body: string): IDataObject => ({
	sendBody: true,
	contentType: 'json',
	specifyBody: 'json',
	jsonBody: body,
});

/** In the order in which they are run. */
export const SHOP_WORKS: ShopWork[] = [
	{
		name: 'orders',
		title: 'Create 5,000 orders of 5 items, found by article',
		node: 'moySkladDocuments',
		count: 5000,
		assortmentRows: 2000,
		floorMs: (count) => floorMs([bulkChain(count)]),
		writes: 20,
		timesB: 100,
		prepare: async (sandbox, count) => {
			const goods = await products(sandbox, 500);
			const organization = await firstOf(sandbox, 'organization');
			const agent = await firstOf(sandbox, 'counterparty');
			const items = Array.from({ length: count }, (_, index) => {
				const positions = Array.from({ length: POSITIONS }, (_unused, at) => ({
					article: goods[(index * POSITIONS + at) % goods.length].article,
					quantity: 1 + at,
					price: 10_000 + at,
				}));
				// With references as the API wants them, which nobody has to look up.
				const body = {
					organization: meta(sandbox, 'organization', organization),
					agent: meta(sandbox, 'counterparty', agent),
					positions: positions.map(({ quantity, price }, at) => ({
						assortment: meta(sandbox, 'product', goods[(index * POSITIONS + at) % goods.length].id),
						quantity,
						price,
					})),
				};
				return { organization, agent, positions, body };
			});
			return {
				items,
				parameters: {
					resource: 'customerorder',
					operation: 'create',
					inputMode: 'fields',
					fields: {
						mappingMode: 'defineBelow',
						value: {
							organization: '={{ $json.organization }}',
							agent: '={{ $json.agent }}',
							positions: '={{ $json.positions }}',
						},
						matchingColumns: [],
						schema: [],
					},
				},
				request: {
					method: 'POST',
					url: `${sandbox.api}/entity/customerorder`,
					...json('={{ $json.body }}'),
				},
			};
		},
	},
	{
		name: 'prices',
		title: 'Update the prices of all 20,000 products, found by article',
		node: 'moySklad',
		count: 20_000,
		assortmentRows: 34_000,
		floorMs: (count) => floorMs([bulkChain(count)]),
		requests: 45,
		timesB: 100,
		prepare: async (sandbox, count) => {
			const types = (await sandbox.ask('GET', '/context/companysettings/pricetype')) as Goods[];
			const priceType = {
				meta: {
					href: `${sandbox.api}/context/companysettings/pricetype/${types[0].id}`,
					type: 'pricetype',
					mediaType: 'application/json',
				},
			};
			const goods = await products(sandbox, count, true);
			return {
				items: goods.map(({ id, article }, index) => ({
					id,
					article,
					price: 1000 + index,
					body: { salePrices: [{ value: 1000 + index, priceType }] },
				})),
				parameters: {
					resource: 'price',
					operation: 'update',
					goodsType: 'product',
					findBy: 'article',
					key: '={{ $json.article }}',
					salePrices: {
						row: [{ priceType: byId(types[0].id), value: '={{ $json.price }}' }],
					},
				},
				request: {
					method: 'PUT',
					url: `=${sandbox.api}/entity/product/{{ $json.id }}`,
					...json('={{ $json.body }}'),
				},
			};
		},
	},
	{
		name: 'statuses',
		title: 'Change the status of 5,000 orders',
		node: 'moySkladDocuments',
		count: 5000,
		assortmentRows: 200,
		floorMs: (count) => floorMs([bulkChain(count)]),
		requests: 12,
		timesB: 100,
		prepare: async (sandbox, count) => {
			const { states } = (await sandbox.ask('GET', '/entity/customerorder/metadata')) as {
				states: Array<{ meta: object; name: string }>;
			};
			const ids = await orders(sandbox, count);
			return {
				items: ids.map((id) => ({ id, body: { state: { meta: states[1].meta } } })),
				parameters: {
					resource: 'customerorder',
					operation: 'changeStatus',
					customerorderId: byId('={{ $json.id }}'),
					status: { __rl: true, mode: 'words', value: states[1].name },
				},
				request: {
					method: 'PUT',
					url: `=${sandbox.api}/entity/customerorder/{{ $json.id }}`,
					...json('={{ $json.body }}'),
				},
			};
		},
	},
	{
		name: 'documents',
		title: 'Export 20,000 orders with their items',
		node: 'moySkladDocuments',
		count: 20_000,
		assortmentRows: 200,
		floorMs: (count) => floorMs([listChain(count, EXPANDED_PAGE)]),
		timesFloor: 1.2,
		prepare: async (sandbox, count) => {
			const { meta: list } = (await sandbox.ask('GET', '/entity/customerorder?limit=1')) as {
				meta: { size: number };
			};
			await orders(sandbox, count - list.size);
			return {
				items: [{}],
				parameters: {
					resource: 'customerorder',
					operation: 'getAll',
					returnAll: true,
					output: 'raw',
					options: { expand: ['positions'] },
				},
			};
		},
	},
	{
		name: 'goods',
		title: 'Stock of 1,000 articles',
		node: 'moySklad',
		count: 1000,
		assortmentRows: 4000,
		floorMs: (count) => floorMs([bulkChain(count)]),
		requests: 10,
		prepare: async (sandbox, count) => ({
			items: await products(sandbox, count),
			parameters: {
				resource: 'stockReport',
				operation: 'ofItems',
				findBy: 'article',
				item: '={{ $json.article }}',
			},
			request: {
				method: 'GET',
				url: `=${sandbox.api}/report/stock/all/current?include=zeroLines&filter=assortmentId={{ $json.id }}`,
			},
		}),
	},
];
