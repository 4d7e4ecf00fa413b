/** Accounts, shops, dictionaries, licences, quality, money. Reference of the project: yandex-market.md §3. */
import type { Operation } from '../../shared/catalogue';
import { idLocator } from './outlet';
import { table } from './dialect';

export const accounts: Operation[] = table('account', [
	[
		'getToken',
		'getAuthTokenInfo',
		'Get Token',
		'Get permissions of API key',
		'See which permissions the API key has',
		{ does: 'reads', at: 'result.apiKey', columns: ['name', 'authScopes'] },
	],
	[
		'getBusinessSettings',
		'getBusinessSettings',
		'Get Settings',
		'Get settings of cabinet',
		'Retrieve currency, subscription and way of pricing of a cabinet',
		{
			columns: [
				'id=info.id',
				'name=info.name',
				'onlyDefaultPrice=settings.onlyDefaultPrice',
				'currency=settings.currency',
				'subscriptionLevel',
				'traits',
			],
		},
	],
	[
		'getOperations',
		'getOperations',
		'Get Operations',
		'Get operations',
		'See how changes stand that go on by themselves',
		{ at: 'result.operations', notes: 'Shops that deliver for others (LaaS) only.' },
	],
]);

export const shops: Operation[] = table('shop', [
	[
		'getAll',
		'getCampaigns',
		'Get Many',
		'Get many shops',
		'List the shops that the key may work with',
		{
			at: 'campaigns',
			columns: [
				'id',
				'domain',
				'placementType',
				'apiAvailability',
				'businessId=business.id:number',
				'businessName=business.name',
			],
		},
	],
	[
		'get',
		'getCampaign',
		'Get',
		'Get shop',
		'Retrieve a shop',
		{
			columns: [
				'id',
				'domain',
				'placementType',
				'apiAvailability',
				'businessId=business.id:number',
				'businessName=business.name',
			],
		},
	],
	[
		'getSettings',
		'getCampaignSettings',
		'Get Settings',
		'Get settings of shop',
		'Retrieve region and schedule of a shop',
		{
			columns: [
				'shopName',
				'countryRegion',
				'regionId=localRegion.id:number',
				'region=localRegion.name',
				'vat=taxation.vat',
			],
		},
	],
]);

const DBS_SHOP = {
	campaignId: { locator: idLocator('searchShops', 'A campaign ID') },
};

export const licences: Operation[] = table('outletLicence', [
	[
		'getAll',
		'getOutletLicenses',
		'Get Many',
		'Get many licences of outlets',
		'List licences by outlet or by ID',
		{
			tune: { ...DBS_SHOP, ids: { label: 'Licence IDs' } },
			notes: 'DBS shops only. Give outlets or licences, not both.',
		},
	],
	[
		'upsert',
		'updateOutletLicenses',
		'Create or Update',
		'Create or update licence of outlet',
		'Create licences, or change those whose ID is given',
		{
			each: {
				at: 'licenses',
				id: 'number',
				// One licence may be that of several outlets.
				within: 'outletId',
				repeatable: false,
				lookFor: 'these licences',
			},
			tune: {
				...DBS_SHOP,
				id: {
					label: 'Licence ID',
					name: 'licenceId',
					help: 'To change a licence; without it, a new one is created',
				},
				licenseType: { default: 'ALCOHOL' },
			},
			notes: 'DBS shops only. Up to 500 items share a request.',
		},
	],
	[
		'delete',
		'deleteOutletLicenses',
		'Delete',
		'Delete licences of outlets',
		'Delete licences by ID. This cannot be undone',
		{ tune: { ...DBS_SHOP, ids: { label: 'Licence IDs' } }, notes: 'DBS shops only.' },
	],
]);

export const points: Operation[] = table('outlet', [
	[
		'getLogisticPoints',
		'getLogisticPoints',
		'Get Logistic Points',
		'Get logistic points',
		'List points of pick-up and return of the Market',
		{
			at: 'result.logisticPoints',
			columns: [
				'logisticPointId',
				'brand',
				'address=address.fullAddress',
				'storagePeriod',
				'features',
			],
			notes: 'Shops that deliver for others (LaaS) only.',
		},
	],
]);

export const regions: Operation[] = table('region', [
	[
		'search',
		'searchRegionsByName',
		'Search',
		'Search regions by name',
		'List regions whose Russian name is given',
		{
			at: 'regions',
			columns: ['id', 'name', 'type', 'parent=parent.name', 'parentId=parent.id:number'],
			tune: { name: { help: 'In Russian, with a capital letter, such as Москва' } },
		},
	],
	[
		'get',
		'searchRegionsById',
		'Get',
		'Get region',
		'Retrieve a region',
		{
			at: 'region',
			columns: ['id', 'name', 'type', 'parent=parent.name', 'parentId=parent.id:number'],
		},
	],
	[
		'getChildren',
		'searchRegionChildren',
		'Get Children',
		'Get regions inside region',
		'List the regions inside a region',
		{ answer: { kind: 'list', at: 'regions.children' }, columns: ['id', 'name', 'type'] },
	],
	[
		'getCountries',
		'getRegionsCodes',
		'Get Countries',
		'Get countries',
		'List countries and their codes',
		{ at: 'countries', columns: ['id=region.id:number', 'name=region.name', 'countryCode'] },
	],
]);

export const deliveryServices: Operation[] = table('deliveryService', [
	[
		'getAll',
		'getDeliveryServices',
		'Get Many',
		'Get many delivery services',
		'List delivery services, for track codes and rules of outlets',
		{ at: 'result.deliveryService' },
	],
]);

export const categories: Operation[] = table('category', [
	[
		'getTree',
		'getCategoriesTree',
		'Get Tree',
		'Get tree of categories',
		'Retrieve all categories of the Market, one inside the other',
		{ columns: ['id', 'name', 'children'] },
	],
	[
		'getMaxQuantum',
		'getCategoriesMaxSaleQuantum',
		'Get Max Quantum',
		'Get limits of lots of categories',
		'List how many units a lot may have at most',
		{ at: 'results' },
	],
]);

export const tariffs: Operation[] = table('tariff', [
	[
		'calculate',
		'calculateTariffs',
		'Calculate',
		'Calculate tariffs',
		'Calculate what the Market takes for products',
		{
			does: 'reads',
			at: 'result.offers',
			columns: [
				'categoryId=offer.categoryId:number',
				'price=offer.price:number',
				'quantity=offer.quantity:number',
				'tariffs',
			],
			tune: {
				offers: {
					label: 'Products',
					columns: {
						price: { name: 'value', label: 'Price' },
						length: { help: 'In centimetres' },
						width: { help: 'In centimetres' },
						height: { help: 'In centimetres' },
						weight: { help: 'In kilograms' },
					},
				},
			},
			notes: 'Give a shop or a way of working, not both.',
		},
	],
]);

export const quality: Operation[] = table('shopQuality', [
	[
		'get',
		'getQualityRatings',
		'Get',
		'Get quality of shops',
		'Retrieve the indexes of quality of shops',
		{ at: 'result.campaignRatings', columns: ['campaignId', 'ratings'] },
	],
	[
		'getDetails',
		'getQualityRatingDetails',
		'Get Details',
		'Get orders that lowered quality',
		'List the orders that lowered the index of quality of a shop',
	],
]);

export const money: Operation[] = table('orderFinance', [
	[
		'getAll',
		'getOrdersStats',
		'Get Many',
		'Get many orders with payments',
		'List orders with their payments, commissions and costs',
		{
			at: 'result.orders',
			columns: [
				'id',
				'creationDate',
				'statusUpdateDate',
				'status',
				'partnerOrderId',
				'paymentType',
				'region=deliveryRegion.name',
				'items',
				'payments',
				'commissions',
			],
			tune: {
				dateFrom: { label: 'Created From' },
				dateTo: { label: 'Created Until' },
				updateFrom: { label: 'Changed From' },
				updateTo: { label: 'Changed Until' },
			},
			notes: 'Up to 40 minutes late. Filter by the day of creation or of change, not by both.',
		},
	],
]);
