import { YANDEX_BUSINESS_ID, YANDEX_CAMPAIGNS, YANDEX_KEYS, YANDEX_OUTLETS } from '../credentials';
import { mix, pick } from '../shared/random';

/** A JSON object of the API. */
type Json = Record<string, unknown>;

/** A shop. */
export interface Campaign {
	id: number;
	domain: string;
	placementType: 'DBS' | 'FBS' | 'FBY';
	apiAvailability: 'AVAILABLE' | 'MANUALLY_DISABLED';
	outlets: number;
}

/** The shops of the sandbox's cabinet. */
export const CAMPAIGNS: readonly Campaign[] = [
	{
		id: YANDEX_CAMPAIGNS.dbs,
		domain: 'sandbox-dbs.example',
		placementType: 'DBS',
		apiAvailability: 'AVAILABLE',
		outlets: 60,
	},
	{
		id: YANDEX_CAMPAIGNS.dbsSmall,
		domain: 'Малый магазин',
		placementType: 'DBS',
		apiAvailability: 'AVAILABLE',
		outlets: 3,
	},
	{
		id: YANDEX_CAMPAIGNS.fbs,
		domain: 'sandbox-fbs.example',
		placementType: 'FBS',
		apiAvailability: 'AVAILABLE',
		outlets: 0,
	},
	{
		id: YANDEX_CAMPAIGNS.fby,
		domain: 'sandbox-fby.example',
		placementType: 'FBY',
		apiAvailability: 'AVAILABLE',
		outlets: 0,
	},
	{
		id: YANDEX_CAMPAIGNS.apiDisabled,
		domain: 'sandbox-off.example',
		placementType: 'DBS',
		apiAvailability: 'MANUALLY_DISABLED',
		outlets: 2,
	},
];

/** A shop as `GET /v2/campaigns` shows it. */
export function campaignBody(campaign: Campaign): Json {
	const { id, domain, placementType, apiAvailability } = campaign;
	return {
		domain,
		id,
		clientId: 5_000_000 + (id % 1000),
		business: { id: YANDEX_BUSINESS_ID, name: 'Sandbox cabinet' },
		placementType,
		apiAvailability,
	};
}

/** Names and scopes of the keys. */
export const KEYS: ReadonlyMap<string, { name: string; scopes: readonly string[] }> = new Map([
	[YANDEX_KEYS.allMethods, { name: 'everything', scopes: ['ALL_METHODS'] }],
	[YANDEX_KEYS.allMethodsReadOnly, { name: 'reader', scopes: ['ALL_METHODS_READ_ONLY'] }],
	[YANDEX_KEYS.settings, { name: 'settings', scopes: ['SETTINGS_MANAGEMENT'] }],
	[YANDEX_KEYS.ordersOnly, { name: 'orders', scopes: ['INVENTORY_AND_ORDER_PROCESSING'] }],
]);

interface Region {
	id: number;
	name: string;
	type: string;
	parent?: number;
}

const REGIONS: readonly Region[] = [
	{ id: 225, name: 'Россия', type: 'COUNTRY' },
	{ id: 3, name: 'Центральный федеральный округ', type: 'COUNTRY_DISTRICT', parent: 225 },
	{ id: 1, name: 'Москва и Московская область', type: 'REPUBLIC', parent: 3 },
	{ id: 213, name: 'Москва', type: 'CITY', parent: 1 },
	{ id: 10716, name: 'Балашиха', type: 'VILLAGE', parent: 1 },
	{ id: 17, name: 'Северо-Западный федеральный округ', type: 'COUNTRY_DISTRICT', parent: 225 },
	{ id: 10174, name: 'Санкт-Петербург и Ленинградская область', type: 'REPUBLIC', parent: 17 },
	{ id: 2, name: 'Санкт-Петербург', type: 'CITY', parent: 10174 },
];
const OUTLET_REGIONS = [213, 2, 10716];

function region(id: number): Region | undefined {
	return REGIONS.find((one) => one.id === id);
}

/** A region with those around it; undefined for one that is not here. */
export function regionBody(id: number): Json | undefined {
	const found = region(id);
	if (!found) return undefined;
	const parent = found.parent === undefined ? undefined : regionBody(found.parent);
	// Parents are given up to the country (specification of RegionDTO).
	return { id: found.id, name: found.name, type: found.type, ...(parent ? { parent } : {}) };
}

/** Regions whose name begins with the text, as the Market finds them. */
export function regionsNamed(text: string): Array<Json | undefined> {
	const wanted = text.trim().toLowerCase();
	return REGIONS.filter(({ name }) => name.toLowerCase().startsWith(wanted)).map(({ id }) =>
		regionBody(id),
	);
}

/** True when a region is the other one or lies inside it. */
export function inRegion(id: number, wanted: number): boolean {
	for (let at = region(id); at; at = at.parent === undefined ? undefined : region(at.parent)) {
		if (at.id === wanted) return true;
	}
	return false;
}

const STREETS = ['Тверская', 'Ленина', 'Садовая', 'Main street', 'Мира'];
const TYPES = ['DEPOT', 'MIXED', 'DEPOT'];

/** Ids of a shop's outlets. */
export function outletIds(campaign: Campaign): number[] {
	const base =
		campaign.id === YANDEX_CAMPAIGNS.dbs
			? YANDEX_OUTLETS.complete
			: 4_100_000 + (campaign.id % 1000) * 100;
	return Array.from({ length: campaign.outlets }, (_unused, index) => base + index);
}

/** Region id of an outlet. */
export function outletRegion(id: number): number {
	return id === YANDEX_OUTLETS.complete ? 213 : pick(OUTLET_REGIONS, id);
}

/** Code that the shop gave to an outlet. */
export function outletCode(id: number): string {
	return `SHOP-${id % 100_000}`;
}

/** An outlet with the fields of FullOutletDTO, deprecated ones included. */
export function outletBody(seed: number, id: number): Json {
	const h = mix(seed, 51, id);
	const regionId = outletRegion(id);
	const sparse = id === YANDEX_OUTLETS.sparse;
	const failed = id === YANDEX_OUTLETS.failed;
	const type = sparse ? 'RETAIL' : pick(TYPES, id);
	const outlet: Json = {
		name: sparse ? 'Торговый зал' : `Пункт выдачи №${id % 1000}`,
		type,
		coords: `${(37.2 + (h % 700) / 1000).toFixed(7)}, ${(55.5 + (h % 400) / 1000).toFixed(7)}`,
		isMain: id === YANDEX_OUTLETS.complete,
		shopOutletCode: outletCode(id),
		visibility: id % 7 === 0 ? 'HIDDEN' : 'VISIBLE',
		address: sparse
			? { regionId, street: pick(STREETS, h), number: String(1 + (h % 90)) }
			: {
					regionId,
					street: pick(STREETS, h),
					number: String(1 + (h % 90)),
					building: '2',
					estate: '1',
					block: 'А',
					additional: 'Вход со двора',
					km: 12,
					city: region(regionId)?.name,
				},
		phones: ['+7 (495) 123-45-67', '+7 (495) 123-45-68#12'].slice(0, sparse ? 1 : 2),
		workingSchedule: {
			workInHoliday: !sparse,
			scheduleItems: [
				{ startDay: 'MONDAY', endDay: 'FRIDAY', startTime: '09:00', endTime: '21:00' },
				{ startDay: 'SATURDAY', endDay: 'SUNDAY', startTime: '10:00', endTime: '18:00' },
			],
		},
		deliveryRules: sparse
			? null
			: [
					{
						minDeliveryDays: 1,
						maxDeliveryDays: 3,
						deliveryServiceId: 99,
						orderBefore: 18,
						priceFreePickup: 2999.9,
					},
					{ deliveryServiceId: 107, orderBefore: 24, unspecifiedDeliveryInterval: true },
				],
		id,
		status: failed ? 'FAILED' : sparse ? 'NONMODERATED' : 'MODERATED',
		region: regionBody(regionId),
	};
	if (sparse) return outlet;
	outlet.storagePeriod = 7;
	outlet.shopOutletId = outletCode(id);
	outlet.workingTime = 'Пн-Пт 09:00-21:00, Сб-Вс 10:00-18:00';
	outlet.moderationReason = failed ? 'Адрес не найден на карте' : '';
	return outlet;
}
