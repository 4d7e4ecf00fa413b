/** Lists behind Yandex Market's resource locators. */
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import {
	pages,
	rowsAt,
	tokenStyle,
	wholeStyle,
	type ListRule,
	type PageStyle,
} from '../shared/road/paging';
import type { Road } from '../shared/road/road';
import { locatorId } from '../shared/form/parameters';
import { InputProblem } from '../shared/errors/problems';
import { wholeNumber } from '../shared/road/exact';
import { listSearch, loadChoices } from '../shared/form/search';
import { idLocator } from './catalogue/outlet';
import { cabinetOfShop } from './catalogue/shopCabinet';
import { WAREHOUSES, warehousesRequest } from './catalogue/stockPlace';
import { yandexMarket } from './vendor';

const style = (rows: string) =>
	tokenStyle({ rows, token: 'paging.nextPageToken', parameter: 'pageToken' });

const SHOPS = { method: 'GET', path: '/v2/campaigns' } as const;
/** Shops on a page; a cabinet with more is rare. */
const SHOP_PAGE = 100;

const shopName = ({ domain, placementType, id }: IDataObject): string =>
	`${String(domain)} – ${String(placementType)} (${String(id)})`;

/** Shops whose orders the seller handles or may look at. */
export const choices = {
	loadOrderShops: loadChoices(yandexMarket, async (_, { send }) => {
		const rule: ListRule = { style: style('campaigns'), pageSize: () => SHOP_PAGE };
		const shops: INodePropertyOptions[] = [];
		for await (const rows of pages({ request: SHOPS, rule, send, limit: Infinity })) {
			shops.push(...rows.map((row) => ({ name: shopName(row), value: String(row.id) })));
		}
		return shops;
	}),
};

/** Cabinets by ID; several shops are of one. */
function cabinetEntry({ business }: IDataObject) {
	const { id, name } = (business ?? {}) as IDataObject;
	return id === undefined
		? undefined
		: { name: `${String(name)} (${String(id)})`, value: String(id) };
}

/** `Химки, Московская область, Россия` */
function regionName(row: IDataObject): string {
	const names: string[] = [];
	for (
		let at: IDataObject | undefined = row;
		at?.name && names.length < 4;
		at = at.parent as IDataObject
	) {
		names.push(String(at.name));
	}
	return names.join(', ');
}

/** Types of regions in which an outlet can be (specification of OutletAddressDTO; of RegionType, a town is `VILLAGE`). */
const TOWNS: readonly unknown[] = ['CITY', 'TOWN', 'VILLAGE', 'REPUBLIC_AREA'];

/** A name with a capital letter: the Market finds no other one. Nothing gives the first page of the largest town. */
function regionSearched(filter: string | undefined): string {
	const name = filter?.trim() || 'Москва';
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Regions by the beginning of their names, those that are of use alone. */
const regionsOf = (isWanted: (row: IDataObject) => boolean) =>
	listSearch(yandexMarket, {
		style: style('regions'),
		pageSize: 20,
		request: (_, filter) => ({
			method: 'GET',
			path: '/v2/regions',
			query: { name: regionSearched(filter) },
		}),
		entry: (row) => (isWanted(row) ? { name: regionName(row), value: String(row.id) } : undefined),
	});

/** What the form shows, or the credential's default; undefined for neither. */
function idIn(
	context: ILoadOptionsFunctions,
	name: 'businessId' | 'campaignId',
	{ connection }: Road,
): string | undefined {
	const label = name === 'businessId' ? 'Cabinet' : 'Shop';
	const search = name === 'businessId' ? 'searchCabinets' : 'searchShops';
	const given = context.getCurrentNodeParameter(name);
	const what = name === 'businessId' ? 'A cabinet ID' : 'A campaign ID';
	return locatorId(label, idLocator(search, what), given) ?? connection.defaults?.[name];
}

/** What a list says whose shop or cabinet the form does not tell. */
const notChosen = (label: 'Shop' | 'Cabinet') =>
	new InputProblem(
		label,
		'is not chosen yet',
		`Pick the ${label.toLowerCase()} first: this list depends on it.`,
	);

/** The cabinet that the form shows. Throws `InputProblem`. */
function cabinetOf(context: ILoadOptionsFunctions, road: Road): string {
	const id = idIn(context, 'businessId', road);
	if (!id) throw notChosen('Cabinet');
	return id;
}

/** The same, or that of the shop that the form shows. */
async function cabinetAround(context: ILoadOptionsFunctions, road: Road): Promise<string> {
	if (context.getCurrentNodeParameter('businessId') !== undefined) return cabinetOf(context, road);
	const shop = idIn(context, 'campaignId', road);
	if (shop) return await cabinetOfShop(shop, road.connection.budgetKey, road);
	// The credential's own cabinet will do; where there is none, a form with a shop asks for that.
	const isAsked = context.getCurrentNodeParameter('campaignId') !== undefined;
	if (isAsked && !road.connection.defaults?.businessId) throw notChosen('Shop');
	return cabinetOf(context, road);
}

/** Categories that products can be put into, with those around them: the ends of all branches. */
function leaves({ children, ...one }: IDataObject, above: string[] = []): IDataObject[] {
	const inner = (children ?? []) as IDataObject[];
	if (inner.length === 0) return [{ ...one, above }];
	return inner.flatMap((child) => leaves(child, [...above, String(one.name)]));
}

const CATEGORY_TREE: PageStyle = {
	...wholeStyle({ rows: 'result.children' }),
	rows: (answer) => rowsAt('result.children')(answer).flatMap((row) => leaves(row)),
};

/** The order that the form shows. Throws `InputProblem`. */
function orderOf(context: ILoadOptionsFunctions): string {
	const id = String(context.getCurrentNodeParameter('orderId') ?? '').trim();
	if (/^[1-9]\d*$/.test(id)) return id;
	throw new InputProblem(
		'Order ID',
		id === '' ? 'is empty' : `is '${id}'`,
		'Give the number of the order first: the list has its items.',
	);
}

/** The items of the orders that were found. */
const ORDER_ITEMS: PageStyle = {
	...wholeStyle({ rows: 'orders' }),
	rows: (answer) =>
		rowsAt('orders')(answer).flatMap(({ items }) =>
			Array.isArray(items) ? (items as IDataObject[]) : [],
		),
};

const warehouseEntry = ({ id, name }: IDataObject) => ({
	name: `${String(name)} (${String(id)})`,
	value: String(id),
});

export const searches = {
	searchCabinets: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: SHOP_PAGE,
		request: () => SHOPS,
		entry: cabinetEntry,
		searchHere: true,
	}),
	searchAllShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: SHOP_PAGE,
		request: () => SHOPS,
		entry: (row) => ({ name: shopName(row), value: String(row.id) }),
		searchHere: true,
	}),
	searchRegions: regionsOf(() => true),
	searchTowns: regionsOf(({ type }) => TOWNS.includes(type)),
	searchPromos: listSearch(yandexMarket, {
		style: wholeStyle({ rows: 'result.promos' }),
		pageSize: Infinity,
		request: (context, _, road) => ({
			method: 'POST',
			path: `/v2/businesses/${cabinetOf(context, road)}/promos`,
			body: {},
			idempotent: true,
		}),
		entry: ({ id, name }) => ({ name: `${String(name)} (${String(id)})`, value: String(id) }),
		searchHere: true,
	}),
	searchCategories: listSearch(yandexMarket, {
		style: CATEGORY_TREE,
		pageSize: Infinity,
		request: () => ({ method: 'POST', path: '/v2/categories/tree', body: {}, idempotent: true }),
		// The tree is long, and may be read 100 times an hour.
		keptMs: 60 * 60_000,
		entry: ({ id, name, above }) => ({
			name: [String(name), ...(above as string[]).slice(-1)].join(' – ') + ` (${String(id)})`,
			value: String(id),
		}),
		searchHere: true,
	}),
	searchWarehouses: listSearch(yandexMarket, {
		style: WAREHOUSES.style,
		pageSize: 30,
		request: async (context, _, road) => warehousesRequest(await cabinetAround(context, road)),
		// The newer list is not everywhere; the former one has the same rows.
		instead: ({ details }, request) =>
			details.status === 404
				? { ...request, path: request.path.replace(/^\/v3\//, '/v2/') }
				: undefined,
		entry: warehouseEntry,
		searchHere: true,
	}),
	searchStockWarehouses: listSearch(yandexMarket, {
		style: wholeStyle({ rows: 'result.warehouses' }),
		pageSize: Infinity,
		// The Market's warehouses (FBY, LaaS): own ones are told apart by the shop.
		request: () => ({ method: 'GET', path: '/v2/warehouses' }),
		keptMs: 10 * 60_000,
		entry: warehouseEntry,
		searchHere: true,
	}),
	searchOrderItems: listSearch(yandexMarket, {
		style: ORDER_ITEMS,
		pageSize: Infinity,
		request: async (context, _, road) => ({
			method: 'POST',
			path: `/v1/businesses/${await cabinetAround(context, road)}/orders`,
			body: { orderIds: [wholeNumber(orderOf(context))] },
			of: 'order.getAll',
			idempotent: true,
		}),
		entry: ({ id, offerId, offerName, count }) => ({
			name: `${[offerName, offerId].filter(Boolean).map(String).join(' – ')} × ${String(count)} (${String(id)})`,
			value: String(id),
		}),
		searchHere: true,
	}),
	searchDeliveryServices: listSearch(yandexMarket, {
		style: wholeStyle({ rows: 'result.deliveryService' }),
		pageSize: Infinity,
		request: () => ({ method: 'GET', path: '/v2/delivery/services' }),
		entry: ({ id, name }) => ({ name: `${String(name)} (${String(id)})`, value: String(id) }),
		searchHere: true,
	}),
	searchOrderShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: 50,
		request: () => SHOPS,
		// The Market's own staff handles the orders of the others.
		entry: (row) =>
			row.placementType === 'FBY' ? undefined : { name: shopName(row), value: String(row.id) },
		searchHere: true,
	}),
	searchShops: listSearch(yandexMarket, {
		style: style('campaigns'),
		pageSize: 50,
		request: () => SHOPS,
		// Only these shops have outlets; another one would be refused.
		entry: (row) =>
			row.placementType === 'DBS' ? { name: shopName(row), value: String(row.id) } : undefined,
		searchHere: true,
	}),
	searchOutlets: listSearch(yandexMarket, {
		style: style('outlets'),
		pageSize: 50,
		request: (context, _, road) => {
			const campaignId = idIn(context, 'campaignId', road);
			if (!campaignId) throw notChosen('Shop');
			return { method: 'GET', path: `/v2/campaigns/${campaignId}/outlets`, of: 'outlet' };
		},
		entry: ({ id, name, shopOutletCode }: IDataObject) => ({
			name: `${String(name)}${shopOutletCode ? ` (${String(shopOutletCode)})` : ''}`,
			value: String(id),
		}),
		searchHere: true,
	}),
};
